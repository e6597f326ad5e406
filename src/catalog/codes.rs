//! The codes of activation that this crate knows: what each says, and what to do about it.
//!
//! One row a code, in the order of their numbers. A code that has no row is not in *this crate's*
//! table, which says nothing of whether Microsoft explains it: slerror.h alone has some hundred more.
//!
//! Sources: slerror.h of the Windows SDK for the symbols and for most senses, and Microsoft's page
//! "Resolve Windows activation error codes" for the codes that it explains. The senses are in words of
//! this crate.

use crate::hresult::HResult;
use crate::source::{
    ACTIVATION_CODES, AZURE_TIMEOUT, AZURE_VM, CODE_TABLE, EUL_CONSUMPTION, Evidence, SLERROR,
    Source, UPGRADE, WINERROR,
};

/// What a row says to do, and what that rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Remedy {
    /// What to do, as one sentence.
    pub text: &'static str,
    /// The text that says so; inferred where it only follows from what the code says.
    pub source: Source,
}

/// A code that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Code {
    /// The number.
    pub hresult: HResult,
    /// The SDK's symbol; `None` where its header has none for this number.
    pub symbol: Option<&'static str>,
    /// What it says.
    pub meaning: &'static str,
    /// What to do about it, where that can be said.
    pub remedy: Option<Remedy>,
    /// Whether it is a code of KMS activation.
    pub kms: bool,
    /// The text that explains it.
    pub source: Source,
}

impl Code {
    /// What a code of KMS activation says of the installed key: AVMA asks no KMS host.
    ///
    /// ```
    /// use avma::HResult;
    ///
    /// let note = |code: HResult| code.code().and_then(|row| row.key_note());
    /// assert_eq!(
    ///     note(HResult::VL_BINDING_SERVICE_UNAVAILABLE),
    ///     Some("a KMS client key is in, not an AVMA key")
    /// );
    /// assert_eq!(note(HResult::IA_ID_MISMATCH), None);
    /// ```
    pub const fn key_note(&self) -> Option<&'static str> {
        if self.kms {
            Some("a KMS client key is in, not an AVMA key")
        } else {
            None
        }
    }
}

/// What a row rests on, with the remedy of the same text.
struct Basis {
    source: Source,
    remedy: Option<Remedy>,
    kms: bool,
}

/// A text that gives sense and remedy.
const fn explained(source: Source, text: &'static str) -> Basis {
    Basis {
        source,
        remedy: Some(Remedy { text, source }),
        kms: false,
    }
}

/// Microsoft's page of activation codes.
const fn page(remedy: &'static str) -> Basis {
    explained(ACTIVATION_CODES, remedy)
}

/// The same page, where it speaks of KMS activation.
const fn kms(remedy: &'static str) -> Basis {
    Basis {
        kms: true,
        ..page(remedy)
    }
}

/// The header alone, which gives no remedy.
const fn header() -> Basis {
    Basis {
        source: SLERROR,
        remedy: None,
        kms: false,
    }
}

/// The header, with the remedy that follows from its sense.
const fn follows(text: &'static str) -> Basis {
    Basis {
        remedy: Some(Remedy {
            text,
            source: SLERROR.graded(Evidence::Inferred),
        }),
        ..header()
    }
}

/// The header's sense, with the remedy of Microsoft's page on AVMA keys in Azure.
const fn azure(text: &'static str) -> Basis {
    Basis {
        remedy: Some(Remedy {
            text,
            source: AZURE_VM,
        }),
        ..header()
    }
}

/// What is said in place of a meaning of a code that has no row.
pub const UNLISTED: &str = "not in this crate's table";

macro_rules! codes {
    ($( $CONST:ident = $number:literal, $symbol:literal, $meaning:literal, $basis:expr; )+) => {
        impl HResult {
            $(
                #[doc = concat!($symbol, " (", stringify!($number), "): ", $meaning, ".")]
                pub const $CONST: Self = Self($number);
            )+

            /// Every code that the crate knows, in the order of their numbers.
            pub const KNOWN: &'static [Self] = &[$(Self::$CONST),+];
        }

        /// Every row, in the order of their numbers.
        pub static CODES: &[Code] = &TABLE;

        const TABLE: [Code; HResult::KNOWN.len()] = [$({
            let Basis { source, remedy, kms } = $basis;
            let symbol = if $symbol.is_empty() { None } else { Some($symbol) };
            Code { hresult: HResult::$CONST, symbol, meaning: $meaning, remedy, kms, source }
        }),+];
    };
}

/// What a KMS client needs.
const REACH_KMS: &str = "if KMS is wanted: see that the KMS client finds a KMS host in DNS and reaches its TCP port 1688";
/// Microsoft's activation centers extend the limit of a key, and replace a blocked one.
const ASK_CENTER: &str = "ask Microsoft's activation center; AVMA needs no such key";
/// A key that does not go with the system.
const RIGHT_KEY: &str = "install the key of the installed release and edition";
/// What the service asks for that it lacks.
const ELEVATE: &str = "run the command in a prompt that was opened as administrator";

codes! {
    OK = 0x0000_0000, "S_OK", "done", Basis { source: WINERROR, ..header() };

    // What the service reports beside a licence status; no failure.
    OOB_GRACE_PERIOD = 0x4004_F00C, "SL_I_OOB_GRACE_PERIOD",
        "within the first grace period (informational)", header();
    OOT_GRACE_PERIOD = 0x4004_F00D, "SL_I_OOT_GRACE_PERIOD",
        "within the grace period after a change of hardware (informational)", header();
    VL_INFO_PRODUCT_USER_RIGHT = 0x4004_F040, "SL_E_VL_INFO_PRODUCT_USER_RIGHT",
        "activated; the owner is to check the rights of use (informational)", header();
    NONGENUINE_GRACE_PERIOD = 0x4004_F065, "SL_I_NONGENUINE_GRACE_PERIOD",
        "within the grace period of a copy that is not genuine (informational)", header();
    TIMEBASED_VALIDITY_PERIOD = 0x4004_FC04, "SL_I_TIMEBASED_VALIDITY_PERIOD",
        "within a time-based validity period (informational)", header();
    PERPETUAL_OOB_GRACE_PERIOD = 0x4004_FC05, "SL_I_PERPETUAL_OOB_GRACE_PERIOD",
        "within a grace period that has no end (informational)", header();
    TIMEBASED_EXTENDED_GRACE_PERIOD = 0x4004_FC06, "SL_I_TIMEBASED_EXTENDED_GRACE_PERIOD",
        "within an extended grace period (informational)", header();

    SYSTEM_NOT_GENUINE = 0x8004_FE21, "",
        "this Windows is not genuine: a language pack without a licence, malware, or damaged system files",
        page("install Windows anew");

    // Windows' own codes, as activation shows them.
    ACCESS_DENIED = 0x8007_0005, "", "access denied: the action needs an elevated prompt",
        page(ELEVATE);
    DNS_NAME_INVALID = 0x8007_007B, "", "the KMS client finds no SRV record of a KMS host in DNS",
        kms(REACH_KMS);
    KEY_NOT_ACCEPTED = 0x8007_0490, "",
        "the product key did not work",
        page("check the key, then install it at an elevated prompt: slmgr /ipk KEY");
    ATTEMPT_TIMED_OUT = 0x8007_05B4, "",
        "the attempt timed out: perhaps the network, or a name that DNS does not resolve",
        explained(AZURE_TIMEOUT,
            "in an Azure VM see that azkms.core.windows.net is reached on TCP port 1688, then run slmgr /ato");
    RPC_SERVER_UNAVAILABLE = 0x8007_06BA, "",
        "the RPC server is not available: a firewall before the KMS host, or an SRV record that is out of date",
        kms(REACH_KMS);
    DNS_SERVER_FAILURE = 0x8007_232A, "", "the DNS server failed, or the network did",
        kms("if KMS is wanted: look for faults of the network and of DNS");
    DNS_NAME_NOT_FOUND = 0x8007_232B, "", "DNS has no such name: the KMS client finds no KMS host",
        kms("if KMS is wanted: publish the KMS host in DNS, or name it to the client: slmgr /skms HOST");
    DNS_NO_RECORDS = 0x8007_251D, "", "DNS has no such record: the KMS client finds no KMS host",
        kms(REACH_KMS);
    DNS_NAME_MISSING = 0x8009_2328, "", "DNS has no such name: the KMS client finds no KMS host",
        kms(REACH_KMS);

    // Microsoft's activation server, which MAK and retail keys are sent to.
    SRV_SERVER_PONG = 0xC004_B007, "SL_E_SRV_SERVER_PONG",
        "the computer could not connect to Microsoft's activation server", header();
    SRV_INVALID_PAYLOAD = 0xC004_B008, "SL_E_SRV_INVALID_PAYLOAD",
        "Microsoft's activation server could not activate the product", header();
    SRV_CLIENT_CLOCK_OUT_OF_SYNC = 0xC004_B011, "SL_E_SRV_CLIENT_CLOCK_OUT_OF_SYNC",
        "the computer's clock is wrong", follows("set the clock, then activate again");
    SRV_GENERAL_ERROR = 0xC004_B100, "SL_E_SRV_GENERAL_ERROR",
        "Microsoft's activation server could not activate the computer: the MAK is not supported",
        page("see that the MAK is the one that Microsoft gave; AVMA needs no MAK");
    CHPA_PRODUCT_KEY_OUT_OF_RANGE = 0xC004_C001, "SL_E_CHPA_PRODUCT_KEY_OUT_OF_RANGE",
        "Microsoft's activation server says that the product key (a MAK) is invalid",
        page("type the MAK again, or ask Microsoft's activation center; AVMA needs no MAK");
    CHPA_INVALID_BINDING = 0xC004_C002, "SL_E_CHPA_INVALID_BINDING",
        "Microsoft's activation server has a problem with the product key", header();
    CHPA_PRODUCT_KEY_BLOCKED = 0xC004_C003, "SL_E_CHPA_PRODUCT_KEY_BLOCKED",
        "Microsoft's activation server has blocked the product key (a MAK)", page(ASK_CENTER);
    CHPA_INVALID_PRODUCT_KEY = 0xC004_C004, "SL_E_CHPA_INVALID_PRODUCT_KEY",
        "Microsoft's activation server says that the product key is invalid", header();
    CHPA_UNSUPPORTED_PRODUCT_KEY = 0xC004_C007, "SL_E_CHPA_UNSUPPORTED_PRODUCT_KEY",
        "Microsoft's activation server does not take the product key", header();
    CHPA_MAXIMUM_UNLOCK_EXCEEDED = 0xC004_C008, "SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED",
        "the product key was activated more often than it may be, as a KMS host key can be",
        page(ASK_CENTER);
    CHPA_SYSTEM_ERROR = 0xC004_C00C, "SL_E_CHPA_SYSTEM_ERROR",
        "Microsoft's activation server has a fault", header();
    CHPA_INVALID_ACTCONFIG_ID = 0xC004_C00D, "SL_E_CHPA_INVALID_ACTCONFIG_ID",
        "Microsoft's activation server says that the product key is not valid", header();
    CHPA_NETWORK_ERROR = 0xC004_C012, "SL_E_CHPA_NETWORK_ERROR",
        "Microsoft's activation server has a fault of its network", header();
    CHPA_OEM_SLP_COA0 = 0xC004_C016, "SL_E_CHPA_OEM_SLP_COA0",
        "the product key cannot be used for activation over the Internet", header();
    CHPA_PRODUCT_KEY_BLOCKED_IPLOCATION = 0xC004_C017, "SL_E_CHPA_PRODUCT_KEY_BLOCKED_IPLOCATION",
        "the product key is blocked for this part of the world", header();
    CHPA_DMAK_LIMIT_EXCEEDED = 0xC004_C020, "SL_E_CHPA_DMAK_LIMIT_EXCEEDED",
        "the MAK was activated as often as it may be", page(ASK_CENTER);
    CHPA_DMAK_EXTENSION_LIMIT_EXCEEDED = 0xC004_C021, "SL_E_CHPA_DMAK_EXTENSION_LIMIT_EXCEEDED",
        "the MAK was activated as often as its extended limit allows", page(ASK_CENTER);
    CHPA_NO_RULES_TO_ACTIVATE = 0xC004_C04F, "SL_E_CHPA_NO_RULES_TO_ACTIVATE",
        "Microsoft's activation server has no rule to activate the product key", header();
    CHPA_GENERAL_ERROR = 0xC004_C050, "SL_E_CHPA_GENERAL_ERROR",
        "Microsoft's activation server has a general fault", header();
    CHPA_DYNAMICALLY_BLOCKED_PRODUCT_KEY = 0xC004_C060, "SL_E_CHPA_DYNAMICALLY_BLOCKED_PRODUCT_KEY",
        "Microsoft's activation server has blocked the product key", header();
    CHPA_PRODUCT_KEY_BEING_USED = 0xC004_C770, "SL_E_CHPA_PRODUCT_KEY_BEING_USED",
        "somebody else uses the product key", header();

    // The security processor and its trusted store.
    TS_TAMPERED = 0xC004_D301, "SL_REMAPPING_SP_PUB_TS_TAMPERED",
        "the trusted store was tampered with", header();
    TS_REARMED = 0xC004_D302, "SL_REMAPPING_SP_PUB_TS_REARMED",
        "the trusted store was rearmed", header();
    TS_RECREATED = 0xC004_D303, "SL_REMAPPING_SP_PUB_TS_RECREATED",
        "the trusted store was made anew", header();
    TS_MAX_REARM_REACHED = 0xC004_D307, "SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED",
        "Windows was rearmed as often as it may be",
        explained(SLERROR, "install Windows anew before it is rearmed again");
    TS_INVALID_HW_BINDING = 0xC004_D309, "SL_REMAPPING_SP_PUB_TS_INVALID_HW_BINDING",
        "the hardware has changed more than the security processor tolerates", header();
    TS_FULL = 0xC004_D30E, "SL_REMAPPING_SP_PUB_TS_FULL", "the trusted store is full", header();
    TAMPER_MODULE_AUTHENTICATION = 0xC004_D401, "SL_REMAPPING_SP_PUB_TAMPER_MODULE_AUTHENTICATION",
        "a system file is not the one that the security processor expects", header();
    KM_CACHE_TAMPER = 0xC004_D501, "SL_REMAPPING_SP_PUB_KM_CACHE_TAMPER",
        "the security processor found a fault in the kernel's data", header();

    // The licence store and the key's own numbers.
    TOKEN_STORE_INVALID_STATE = 0xC004_E002, "SL_E_TOKEN_STORE_INVALID_STATE",
        "the licence store contradicts itself", header();
    EVALUATION_FAILED = 0xC004_E003, "SL_E_EVALUATION_FAILED",
        "the service could not evaluate the licence", header();
    NOT_ACTIVATED = 0xC004_E005, "SL_E_NOT_ACTIVATED", "the licence is not activated", header();
    EUL_CONSUMPTION_FAILED = 0xC004_E015, "SL_E_EUL_CONSUMPTION_FAILED",
        "the licence could not be used: the licence store (tokens.dat) is damaged",
        explained(EUL_CONSUMPTION, "build tokens.dat anew, install the key again, then activate");
    PKEY_INVALID_CONFIG = 0xC004_E016, "SL_E_PKEY_INVALID_CONFIG",
        "the product key is invalid (its configuration)", follows(RIGHT_KEY);
    PKEY_INVALID_UNIQUEID = 0xC004_E017, "SL_E_PKEY_INVALID_UNIQUEID",
        "the product key is invalid (its unique id)", header();
    PKEY_INVALID_ALGORITHM = 0xC004_E018, "SL_E_PKEY_INVALID_ALGORITHM",
        "the product key is invalid (its algorithm)", header();
    PKEY_INTERNAL_ERROR = 0xC004_E019, "SL_E_PKEY_INTERNAL_ERROR",
        "the service could not check the product key", header();
    HWID_ERROR = 0xC004_E01B, "SL_E_HWID_ERROR",
        "the service could not collect all that it wants to know of the hardware", header();
    PKEY_INVALID_KEYCHANGE1 = 0xC004_E01C, "SL_E_PKEY_INVALID_KEYCHANGE1",
        "the key of an evaluation copy is not valid any more", header();
    PKEY_INVALID_KEYCHANGE2 = 0xC004_E01D, "SL_E_PKEY_INVALID_KEYCHANGE2",
        "the new product key cannot be used on this installation", follows(RIGHT_KEY);
    PKEY_INVALID_KEYCHANGE3 = 0xC004_E01E, "SL_E_PKEY_INVALID_KEYCHANGE3",
        "the new product key cannot be used on this installation", follows(RIGHT_KEY);
    ACTIVATION_IN_PROGRESS = 0xC004_E028, "SL_E_ACTIVATION_IN_PROGRESS",
        "another attempt to activate is under way",
        explained(SLERROR, "wait until it is over, then try again");

    // The service itself.
    INTERNAL_ERROR = 0xC004_F001, "SL_E_INTERNAL_ERROR", "the licensing service has a fault", header();
    USE_LICENSE_NOT_INSTALLED = 0xC004_F003, "SL_E_USE_LICENSE_NOT_INSTALLED",
        "a licence that is needed is not there", header();
    MISMATCHED_PKEY_RANGE = 0xC004_F004, "SL_E_MISMATCHED_PKEY_RANGE",
        "the product key is outside of the range that the licence allows", header();
    MISMATCHED_PID = 0xC004_F005, "SL_E_MISMATCHED_PID",
        "the product key is not the one of the licence", header();
    GRACE_TIME_EXPIRED = 0xC004_F009, "SL_E_GRACE_TIME_EXPIRED",
        "the grace period is over",
        page("activate Windows, or ask Microsoft's activation center");
    MISMATCHED_SECURITY_PROCESSOR = 0xC004_F00E, "SL_E_MISMATCHED_SECURITY_PROCESSOR",
        "this version of the security processor cannot use the licence", header();
    OUT_OF_TOLERANCE = 0xC004_F00F, "SL_E_OUT_OF_TOLERANCE",
        "the hardware, or its drivers, changed more than the licence tolerates",
        page("activate again: slmgr /ato; with KMS a restart may do, with a MAK also the telephone");
    INVALID_PKEY = 0xC004_F010, "SL_E_INVALID_PKEY", "the product key is invalid", follows(RIGHT_KEY);
    LICENSE_FILE_NOT_INSTALLED = 0xC004_F011, "SL_E_LICENSE_FILE_NOT_INSTALLED",
        "the licence file is not installed", header();
    VALUE_NOT_FOUND = 0xC004_F012, "SL_E_VALUE_NOT_FOUND",
        "the service has no value of that name", header();
    RIGHT_NOT_GRANTED = 0xC004_F013, "SL_E_RIGHT_NOT_GRANTED",
        "the licence gives no permission to run the software", header();
    PKEY_NOT_INSTALLED = 0xC004_F014, "SL_E_PKEY_NOT_INSTALLED", "no product key is installed",
        page("install a key; for AVMA the AVMA key of the guest's release and edition");
    PRODUCT_SKU_NOT_INSTALLED = 0xC004_F015, "SL_E_PRODUCT_SKU_NOT_INSTALLED",
        "the licence of that SKU is not installed", header();
    NOT_SUPPORTED = 0xC004_F016, "SL_E_NOT_SUPPORTED",
        "the service does not support the request", header();
    PUBLISHING_LICENSE_NOT_INSTALLED = 0xC004_F017, "SL_E_PUBLISHING_LICENSE_NOT_INSTALLED",
        "the publishing licence is not installed", header();
    LICENSE_SIGNATURE_VERIFICATION_FAILED = 0xC004_F01D, "SL_E_LICENSE_SIGNATURE_VERIFICATION_FAILED",
        "the licence could not be verified", header();
    INVALID_LICENSE = 0xC004_F01F, "SL_E_INVALID_LICENSE", "the licence is invalid", header();
    VALIDITY_TIME_EXPIRED = 0xC004_F021, "SL_E_VALIDITY_TIME_EXPIRED",
        "the licence's time is over", header();
    LICENSE_AUTHORIZATION_FAILED = 0xC004_F022, "SL_E_LICENSE_AUTHORIZATION_FAILED",
        "the licence was not authorised", header();
    LUA_ACCESSDENIED = 0xC004_F025, "SL_E_LUA_ACCESSDENIED",
        "the action needs the rights of an administrator", follows(ELEVATE);
    TAMPER_DETECTED = 0xC004_F027, "SL_E_TAMPER_DETECTED", "the licence was tampered with", header();
    CIDIID_INVALID_DATA = 0xC004_F02C, "SL_E_CIDIID_INVALID_DATA",
        "what was typed for activation by telephone is not in the right form",
        page("type the confirmation id again; AVMA needs none");
    CIDIID_MISMATCHED = 0xC004_F031, "SL_E_CIDIID_MISMATCHED",
        "the installation id and the confirmation id do not belong together",
        explained(SLERROR, "check the installation id, and get a new confirmation id if need be");
    PRODUCT_KEY_INSTALLATION_NOT_ALLOWED = 0xC004_F033, "SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED",
        "the product key may not be installed here", explained(SLERROR, "look at the event log");
    EUL_NOT_AVAILABLE = 0xC004_F034, "SL_E_EUL_NOT_AVAILABLE",
        "the licence is not there, or it is invalid", header();
    VL_NOT_WINDOWS_SLP = 0xC004_F035, "SL_E_VL_NOT_WINDOWS_SLP",
        "the volume licence key does not activate a computer whose firmware names no qualifying Windows",
        kms("if AVMA is not wanted: use a MAK or a retail key");
    VL_NOT_ENOUGH_COUNT = 0xC004_F038, "SL_E_VL_NOT_ENOUGH_COUNT",
        "the KMS host has not counted enough computers: 5 for Windows Server, 25 for client Windows",
        kms("if KMS is wanted: let more computers ask the KMS host; slmgr /dli there shows the count");
    VL_BINDING_SERVICE_NOT_ENABLED = 0xC004_F039, "SL_E_VL_BINDING_SERVICE_NOT_ENABLED",
        "KMS is not enabled, or it does not answer",
        kms("if KMS is wanted: see that no firewall closes TCP port 1688 between client and KMS host");
    VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED = 0xC004_F041, "SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED",
        "the KMS host is not activated itself", kms("if KMS is wanted: activate the KMS host");
    VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH = 0xC004_F042, "SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH",
        "this KMS host does not activate this product",
        kms("if KMS is wanted: point the client to a KMS host for this release: slmgr /skms HOST");
    CIDIID_INVALID_CHECK_DIGITS = 0xC004_F04D, "SL_E_CIDIID_INVALID_CHECK_DIGITS",
        "the installation id or the confirmation id is invalid", header();
    INVALID_PRODUCT_KEY = 0xC004_F050, "SL_E_INVALID_PRODUCT_KEY", "the product key is invalid",
        page("look for a mistyped symbol or a dash that is no hyphen, and install the key of this release and edition");
    BLOCKED_PRODUCT_KEY = 0xC004_F051, "SL_E_BLOCKED_PRODUCT_KEY", "the product key is blocked",
        page("install another key, then activate again");
    BASE_SKU_NOT_AVAILABLE = 0xC004_F055, "SL_E_BASE_SKU_NOT_AVAILABLE",
        "the base SKU is not there", header();
    VL_MACHINE_NOT_BOUND = 0xC004_F056, "SL_E_VL_MACHINE_NOT_BOUND",
        "KMS could not activate the product", Basis { kms: true, ..header() };
    SLP_MISSING_ACPI_SLIC = 0xC004_F057, "SL_E_SLP_MISSING_ACPI_SLIC",
        "the firmware lacks the maker's licence (its SLIC table)", header();
    SLP_MISSING_SLP_MARKER = 0xC004_F058, "SL_E_SLP_MISSING_SLP_MARKER",
        "the firmware lacks the maker's licence (its marker)", header();
    SLP_BAD_FORMAT = 0xC004_F059, "SL_E_SLP_BAD_FORMAT",
        "the maker's licence in the firmware is invalid", header();
    PKEY_INVALID_UPGRADE = 0xC004_F061, "SL_E_PKEY_INVALID_UPGRADE",
        "the product key is for an upgrade only, not for a new installation", header();
    ISSUANCE_LICENSE_NOT_INSTALLED = 0xC004_F062, "SL_E_ISSUANCE_LICENSE_NOT_INSTALLED",
        "a licence that is needed is not there", header();
    SLP_OEM_CERT_MISSING = 0xC004_F063, "SL_E_SLP_OEM_CERT_MISSING",
        "the computer lacks the maker's licence", header();
    NONGENUINE_GRACE_TIME_EXPIRED = 0xC004_F064, "SL_E_NONGENUINE_GRACE_TIME_EXPIRED",
        "the grace period of a copy that is not genuine is over",
        page("ask Microsoft's activation center");
    NONGENUINE_GRACE = 0xC004_F065, "",
        "within the grace period of a copy that is not genuine",
        page("install a genuine key and activate before the period ends");
    DEPENDENT_PROPERTY_NOT_SET = 0xC004_F066, "SL_E_DEPENDENT_PROPERTY_NOT_SET",
        "a property is set before the one that it depends on", header();
    MISMATCHED_PRODUCT_SKU = 0xC004_F069, "SL_E_MISMATCHED_PRODUCT_SKU",
        "the product SKU is not found", follows(RIGHT_KEY);
    OPERATION_NOT_ALLOWED = 0xC004_F06A, "SL_E_OPERATION_NOT_ALLOWED",
        "the operation is not allowed", header();
    VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED = 0xC004_F06B, "SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED",
        "the service runs in a virtual machine, where it cannot be a KMS host", header();
    VL_INVALID_TIMESTAMP = 0xC004_F06C, "SL_E_VL_INVALID_TIMESTAMP",
        "the clocks of this computer and of the KMS host differ too much",
        kms("if KMS is wanted: set this computer's clock by the time source of the KMS host");
    VL_BINDING_SERVICE_UNAVAILABLE = 0xC004_F074, "SL_E_VL_BINDING_SERVICE_UNAVAILABLE",
        "no KMS host could be reached",
        kms("if KMS is wanted: look at every event 12288 of the attempt in the application log");
    SERVICE_STOPPING = 0xC004_F075, "SL_E_SERVICE_STOPPING",
        "the licensing service is stopping", header();
    SERVICE_RUNNING = 0xC004_F07B, "SL_E_SERVICE_RUNNING",
        "that cannot be done while the licensing service runs", header();
    INVALID_PRODUCT_KEY_TYPE = 0xC004_F07D, "SL_E_INVALID_PRODUCT_KEY_TYPE",
        "the key cannot be used for this type of activation", header();
    CIDIID_MISMATCHED_PKEY = 0xC004_F07E, "SL_E_CIDIID_MISMATCHED_PKEY",
        "installation id and confirmation id do not belong to the product key", header();
    CIDIID_NOT_BOUND = 0xC004_F07F, "SL_E_CIDIID_NOT_BOUND",
        "installation id and confirmation id are not bound to this environment", header();
    LICENSE_NOT_BOUND = 0xC004_F080, "SL_E_LICENSE_NOT_BOUND",
        "the licence is not bound to this environment", header();
    VL_AD_AO_NOT_FOUND = 0xC004_F081, "SL_E_VL_AD_AO_NOT_FOUND",
        "the activation object in Active Directory is not found, or it is invalid", header();
    VL_AD_AO_NAME_TOO_LONG = 0xC004_F082, "SL_E_VL_AD_AO_NAME_TOO_LONG",
        "the name for the activation object in Active Directory is too long", follows("give a shorter name");
    VL_AD_SCHEMA_VERSION_NOT_SUPPORTED = 0xC004_F083, "SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED",
        "the schema of this Active Directory does not know activation by Active Directory", header();
    INCOMPLETE_OR_OLD_DISM_BINARIES = 0xC004_F094, "SL_E_INCOMPLETE_OR_OLD_DISM_BINARIES",
        "the key's edition could not be checked with the DISM that is here", header();
    NOT_GENUINE = 0xC004_F200, "SL_E_NOT_GENUINE", "the present state is not genuine", header();
    EDITION_MISMATCHED = 0xC004_F210, "SL_E_EDITION_MISMATCHED",
        "the licence is for another edition than the computer's", follows(RIGHT_KEY);
    HWID_CHANGED = 0xC004_F211, "SL_E_HWID_CHANGED", "the hardware may have changed", header();
    OEM_KEY_EDITION_MISMATCH = 0xC004_F212, "SL_E_OEM_KEY_EDITION_MISMATCH",
        "the OEM key is for another edition of Windows", follows(RIGHT_KEY);
    NO_PRODUCT_KEY_FOUND = 0xC004_F213, "SL_E_NO_PRODUCT_KEY_FOUND", "no product key is installed",
        follows("install a key; for AVMA the AVMA key of the guest's release and edition");
    DOWNLEVEL_SETUP_KEY = 0xC004_F214, "SL_E_DOWNLEVEL_SETUP_KEY",
        "there is a problem with the product key of an earlier Windows", header();
    BIOS_KEY = 0xC004_F215, "SL_E_BIOS_KEY", "there is a problem with the key in the firmware", header();
    RM_UNKNOWN_ERROR = 0xC004_FC03, "E_RM_UNKNOWN_ERROR",
        "the network failed while Windows was activated", header();
    VALIDITY_PERIOD_EXPIRED = 0xC004_FC07, "SL_E_VALIDITY_PERIOD_EXPIRED",
        "the validity period is over", header();

    // Inherited activation, which is AVMA.
    IA_THROTTLE_LIMIT_EXCEEDED = 0xC004_FD00, "SL_E_IA_THROTTLE_LIMIT_EXCEEDED",
        "too many AVMA requests at this time", explained(SLERROR, "try again later");
    IA_INVALID_VIRTUALIZATION_PLATFORM = 0xC004_FD01, "SL_E_IA_INVALID_VIRTUALIZATION_PLATFORM",
        "the virtual machine does not run on a supported Microsoft Hyper-V platform",
        azure("in an Azure VM, where AVMA is not supported: install the KMS client key and activate by \
               Azure's KMS (slmgr /skms azkms.core.windows.net:1688, slmgr /ato)");
    IA_PARENT_PARTITION_NOT_ACTIVATED = 0xC004_FD02, "SL_E_IA_PARENT_PARTITION_NOT_ACTIVATED",
        "the host's Windows is not activated",
        azure("in an Azure VM, where AVMA is not supported: install the KMS client key and activate by \
               Azure's KMS (slmgr /skms azkms.core.windows.net:1688, slmgr /ato); elsewhere activate the \
               host");
    IA_ID_MISMATCH = 0xC004_FD03, "SL_E_IA_ID_MISMATCH",
        "the host cannot activate this edition of guest Windows", header();
    IA_MACHINE_NOT_BOUND = 0xC004_FD04, "SL_E_IA_MACHINE_NOT_BOUND",
        "Windows is not activated: it is not bound to a host", header();
    TAMPER_RECOVERY_REQUIRES_ACTIVATION = 0xC004_FE00, "SL_E_TAMPER_RECOVERY_REQUIRES_ACTIVATION",
        "Windows has to be activated again after the licence store was repaired",
        follows("activate again: slmgr /ato");

    SETUP_IMAGE_NOT_MAPPED = 0xC190_0215, "",
        "Setup found no image to install for this system (as in a quiet upgrade with an AVMA key)",
        Basis { source: UPGRADE, ..header() };
}

// What the search relies on: every number once, in their order.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let mut index = 1;
    while index < TABLE.len() {
        assert!(
            TABLE[index - 1].hresult.0 < TABLE[index].hresult.0,
            "the codes are not in the order of their numbers, or one is there twice"
        );
        index += 1;
    }
};

impl HResult {
    /// The row of this code; `None` where this crate's table has none.
    ///
    /// ```
    /// use avma::HResult;
    ///
    /// let row = HResult(0xC004_F00F).code().unwrap();
    /// assert_eq!(row.symbol, Some("SL_E_OUT_OF_TOLERANCE"));
    /// assert_eq!(row.source.title, "Microsoft: Resolve Windows activation error codes");
    /// assert_eq!(HResult(0xC004_FD05).code(), None);
    /// ```
    pub const fn code(self) -> Option<&'static Code> {
        let mut rest: &'static [Code] = CODES;
        loop {
            let (low, high) = rest.split_at(rest.len() / 2);
            let Some((middle, above)) = high.split_first() else {
                return None;
            };
            if middle.hresult.0 == self.0 {
                return Some(middle);
            }
            rest = if self.0 < middle.hresult.0 {
                low
            } else {
                above
            };
        }
    }

    /// The SDK's symbol, where the crate knows the code and the header names it.
    pub const fn symbol(self) -> Option<&'static str> {
        match self.code() {
            Some(code) => code.symbol,
            None => None,
        }
    }

    /// What the code says, where the crate knows it.
    pub const fn meaning(self) -> Option<&'static str> {
        match self.code() {
            Some(code) => Some(code.meaning),
            None => None,
        }
    }

    /// The text that explains the code; this crate's table itself for a code that it lacks.
    pub const fn source(self) -> Source {
        match self.code() {
            Some(code) => code.source,
            None => CODE_TABLE,
        }
    }
}
