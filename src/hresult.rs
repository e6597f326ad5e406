//! HRESULTs of activation, in every form in which they are handed in.
//!
//! Source: slerror.h of the Windows SDK (the inherited-activation block), Microsoft's page on
//! 0xC004FD02, and slmgr's own texts.

use core::fmt;

/// An HRESULT. Open: any 32-bit code is one, the constants are those that the crate knows.
///
/// ```
/// use avma::HResult;
///
/// for text in ["0xC004FD02", "c004fd02", "3221552386", "-1073414910"] {
///     assert_eq!(text.parse(), Ok(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED));
/// }
/// assert_eq!(HResult(0xC004_FD02).to_string(), "0xC004FD02");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HResult(pub u32);

macro_rules! hresults {
    ($( $CONST:ident = $code:literal, $symbol:literal, $meaning:literal; )+) => {
        impl HResult {
            $(
                #[doc = concat!($symbol, " (", stringify!($code), "): ", $meaning, ".")]
                pub const $CONST: Self = Self($code);
            )+

            /// Every code that the crate knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$CONST),+];

            /// The SDK's symbol, where the crate knows the code and the header names it.
            pub const fn symbol(self) -> Option<&'static str> {
                match self.0 { $($code if !$symbol.is_empty() => Some($symbol),)+ _ => None }
            }

            /// What the code says, where the crate knows it.
            pub const fn meaning(self) -> Option<&'static str> {
                match self.0 { $($code => Some($meaning),)+ _ => None }
            }
        }
    };
}

hresults! {
    OK = 0x0000_0000, "S_OK", "done";
    IA_THROTTLE_LIMIT_EXCEEDED = 0xC004_FD00, "SL_E_IA_THROTTLE_LIMIT_EXCEEDED",
        "too many AVMA requests at this time; it is tried again later";
    IA_INVALID_VIRTUALIZATION_PLATFORM = 0xC004_FD01, "SL_E_IA_INVALID_VIRTUALIZATION_PLATFORM",
        "the virtual machine does not run on a supported Microsoft Hyper-V platform";
    IA_PARENT_PARTITION_NOT_ACTIVATED = 0xC004_FD02, "SL_E_IA_PARENT_PARTITION_NOT_ACTIVATED",
        "the host's Windows is not activated";
    IA_ID_MISMATCH = 0xC004_FD03, "SL_E_IA_ID_MISMATCH",
        "the host can not activate this edition of guest Windows";
    IA_MACHINE_NOT_BOUND = 0xC004_FD04, "SL_E_IA_MACHINE_NOT_BOUND",
        "Windows is not activated: it is not bound to a host";
    TAMPER_RECOVERY_REQUIRES_ACTIVATION = 0xC004_FE00, "SL_E_TAMPER_RECOVERY_REQUIRES_ACTIVATION",
        "Windows has to be activated again after the licence store was repaired";
    GRACE_TIME_EXPIRED = 0xC004_F009, "", "the grace period is over";
    INVALID_PRODUCT_KEY = 0xC004_F050, "", "the product key is invalid";
    BLOCKED_PRODUCT_KEY = 0xC004_F051, "", "the product key is blocked";
    DEPENDENT_PROPERTY_NOT_SET = 0xC004_F066, "SL_E_DEPENDENT_PROPERTY_NOT_SET",
        "the product SKU is not found (slmgr's text)";
    MISMATCHED_PRODUCT_SKU = 0xC004_F069, "SL_E_MISMATCHED_PRODUCT_SKU",
        "the key belongs to another SKU than the installed one; typical of an evaluation copy";
    VL_BINDING_SERVICE_UNAVAILABLE = 0xC004_F074, "SL_E_VL_BINDING_SERVICE_UNAVAILABLE",
        "no KMS host could be reached: a KMS client key is installed, not an AVMA key";
    INVALID_PRODUCT_KEY_TYPE = 0xC004_F07D, "SL_E_INVALID_PRODUCT_KEY_TYPE",
        "the key can not be used for this type of activation";
    LICENSE_NOT_BOUND = 0xC004_F080, "SL_E_LICENSE_NOT_BOUND",
        "the licence is not bound to this environment";
    NOT_GENUINE = 0xC004_F200, "SL_E_NOT_GENUINE", "Windows is in the notification state";
    EDITION_MISMATCHED = 0xC004_F210, "SL_E_EDITION_MISMATCHED",
        "the licence is for another edition than the computer's";
    HWID_CHANGED = 0xC004_F211, "SL_E_HWID_CHANGED", "the hardware has changed";
    NO_PRODUCT_KEY_FOUND = 0xC004_F213, "SL_E_NO_PRODUCT_KEY_FOUND", "no product key is installed";
    TIMEBASED_VALIDITY_PERIOD = 0x4004_FC04, "SL_I_TIMEBASED_VALIDITY_PERIOD",
        "within a time-based validity period (informational)";
    TIMEBASED_EXTENDED_GRACE_PERIOD = 0x4004_FC06, "SL_I_TIMEBASED_EXTENDED_GRACE_PERIOD",
        "within an extended grace period (informational)";
    VALIDITY_PERIOD_EXPIRED = 0xC004_FC07, "SL_E_VALIDITY_PERIOD_EXPIRED",
        "the validity period is over";
    SETUP_IMAGE_NOT_MAPPED = 0xC190_0215, "",
        "Setup could not match the installed system to an image (quiet in-place upgrade with an AVMA key)";
}

/// Why a text is not an HRESULT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum HResultError {
    /// Neither hexadecimal nor decimal, as in `"FD02h"` or `""`.
    #[error("an HRESULT is 8 hexadecimal digits or a decimal number")]
    NotANumber,
    /// More than 32 bits, as in `"99999999999"`.
    #[error("an HRESULT has 32 bits, this number has more")]
    TooLarge,
}

impl HResult {
    /// From the signed form that WMI and COM clients print: -1073414910 is 0xC004FD02.
    pub const fn from_i32(code: i32) -> Self {
        Self(u32::from_le_bytes(code.to_le_bytes()))
    }

    /// From a number that may be the unsigned or the signed form.
    ///
    /// # Errors
    ///
    /// A number that needs more than 32 bits, such as `1 << 32`.
    pub fn from_number(number: i64) -> Result<Self, HResultError> {
        u32::try_from(number)
            .map(Self)
            .or_else(|_| i32::try_from(number).map(Self::from_i32))
            .map_err(|_| HResultError::TooLarge)
    }

    /// Whether the code means success: bit 31 is clear.
    pub const fn is_success(self) -> bool {
        self.0 >> 31 == 0
    }
}

impl core::str::FromStr for HResult {
    type Err = HResultError;

    /// `0xC004FD02`, `C004FD02` (8 digits), unsigned or signed decimal.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        if let Some(digits) = hex {
            return hexadecimal(digits);
        }
        match text.parse::<i64>() {
            // Eight digits that could be either are decimal: WMI prints numbers so.
            Ok(number) => Self::from_number(number),
            Err(_) if text.len() == 8 => hexadecimal(text),
            Err(_) => Err(decimal_fault(text)),
        }
    }
}

fn hexadecimal(digits: &str) -> Result<HResult, HResultError> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(HResultError::NotANumber);
    }
    u32::from_str_radix(digits, 16)
        .map(HResult)
        .map_err(|_| HResultError::TooLarge)
}

fn decimal_fault(text: &str) -> HResultError {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        HResultError::TooLarge
    } else {
        HResultError::NotANumber
    }
}

impl fmt::Display for HResult {
    /// `0xC004FD02`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:08X}", self.0)
    }
}

impl fmt::Debug for HResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HResult({self})")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for HResult {
    /// As text, `"0xC004FD02"`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
