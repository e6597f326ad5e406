//! HRESULTs of activation, in every form in which they are handed in.
//!
//! What each of them says is in [`catalog::codes`](crate::catalog::codes), with its source.

use core::fmt;

/// An HRESULT. Open: any 32-bit code is one, the constants are the rows of
/// [`catalog::codes`](crate::catalog::codes).
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

impl From<u32> for HResult {
    fn from(code: u32) -> Self {
        Self(code)
    }
}

impl From<HResult> for u32 {
    fn from(code: HResult) -> Self {
        code.0
    }
}

impl TryFrom<i64> for HResult {
    type Error = HResultError;

    /// See [`from_number`](Self::from_number).
    fn try_from(number: i64) -> Result<Self, Self::Error> {
        Self::from_number(number)
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

crate::word::from_text!(HResult, "an HRESULT such as 0xC004FD02");
