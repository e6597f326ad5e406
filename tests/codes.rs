//! The table of codes against the sources, row by row, and what is said of a code.

use std::collections::{BTreeMap, BTreeSet};

use avma::catalog::codes::{CODES, Code};
use avma::{Evidence, HResult};

/// Number and symbol of every row, read off slerror.h a second time; `-` where it has none.
const SYMBOLS: &str = "
00000000 S_OK
4004F00C SL_I_OOB_GRACE_PERIOD
4004F00D SL_I_OOT_GRACE_PERIOD
4004F040 SL_E_VL_INFO_PRODUCT_USER_RIGHT
4004F065 SL_I_NONGENUINE_GRACE_PERIOD
4004FC04 SL_I_TIMEBASED_VALIDITY_PERIOD
4004FC05 SL_I_PERPETUAL_OOB_GRACE_PERIOD
4004FC06 SL_I_TIMEBASED_EXTENDED_GRACE_PERIOD
8004FE21 -
80070005 -
8007007B -
80070490 -
800705B4 -
800706BA -
8007232A -
8007232B -
8007251D -
80092328 -
C004B007 SL_E_SRV_SERVER_PONG
C004B008 SL_E_SRV_INVALID_PAYLOAD
C004B011 SL_E_SRV_CLIENT_CLOCK_OUT_OF_SYNC
C004B100 SL_E_SRV_GENERAL_ERROR
C004C001 SL_E_CHPA_PRODUCT_KEY_OUT_OF_RANGE
C004C002 SL_E_CHPA_INVALID_BINDING
C004C003 SL_E_CHPA_PRODUCT_KEY_BLOCKED
C004C004 SL_E_CHPA_INVALID_PRODUCT_KEY
C004C007 SL_E_CHPA_UNSUPPORTED_PRODUCT_KEY
C004C008 SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED
C004C00C SL_E_CHPA_SYSTEM_ERROR
C004C00D SL_E_CHPA_INVALID_ACTCONFIG_ID
C004C012 SL_E_CHPA_NETWORK_ERROR
C004C016 SL_E_CHPA_OEM_SLP_COA0
C004C017 SL_E_CHPA_PRODUCT_KEY_BLOCKED_IPLOCATION
C004C020 SL_E_CHPA_DMAK_LIMIT_EXCEEDED
C004C021 SL_E_CHPA_DMAK_EXTENSION_LIMIT_EXCEEDED
C004C04F SL_E_CHPA_NO_RULES_TO_ACTIVATE
C004C050 SL_E_CHPA_GENERAL_ERROR
C004C060 SL_E_CHPA_DYNAMICALLY_BLOCKED_PRODUCT_KEY
C004C770 SL_E_CHPA_PRODUCT_KEY_BEING_USED
C004D301 SL_REMAPPING_SP_PUB_TS_TAMPERED
C004D302 SL_REMAPPING_SP_PUB_TS_REARMED
C004D303 SL_REMAPPING_SP_PUB_TS_RECREATED
C004D307 SL_REMAPPING_SP_PUB_TS_MAX_REARM_REACHED
C004D309 SL_REMAPPING_SP_PUB_TS_INVALID_HW_BINDING
C004D30E SL_REMAPPING_SP_PUB_TS_FULL
C004D401 SL_REMAPPING_SP_PUB_TAMPER_MODULE_AUTHENTICATION
C004D501 SL_REMAPPING_SP_PUB_KM_CACHE_TAMPER
C004E002 SL_E_TOKEN_STORE_INVALID_STATE
C004E003 SL_E_EVALUATION_FAILED
C004E005 SL_E_NOT_ACTIVATED
C004E015 SL_E_EUL_CONSUMPTION_FAILED
C004E016 SL_E_PKEY_INVALID_CONFIG
C004E017 SL_E_PKEY_INVALID_UNIQUEID
C004E018 SL_E_PKEY_INVALID_ALGORITHM
C004E019 SL_E_PKEY_INTERNAL_ERROR
C004E01B SL_E_HWID_ERROR
C004E01C SL_E_PKEY_INVALID_KEYCHANGE1
C004E01D SL_E_PKEY_INVALID_KEYCHANGE2
C004E01E SL_E_PKEY_INVALID_KEYCHANGE3
C004E028 SL_E_ACTIVATION_IN_PROGRESS
C004F001 SL_E_INTERNAL_ERROR
C004F003 SL_E_USE_LICENSE_NOT_INSTALLED
C004F004 SL_E_MISMATCHED_PKEY_RANGE
C004F005 SL_E_MISMATCHED_PID
C004F009 SL_E_GRACE_TIME_EXPIRED
C004F00E SL_E_MISMATCHED_SECURITY_PROCESSOR
C004F00F SL_E_OUT_OF_TOLERANCE
C004F010 SL_E_INVALID_PKEY
C004F011 SL_E_LICENSE_FILE_NOT_INSTALLED
C004F012 SL_E_VALUE_NOT_FOUND
C004F013 SL_E_RIGHT_NOT_GRANTED
C004F014 SL_E_PKEY_NOT_INSTALLED
C004F015 SL_E_PRODUCT_SKU_NOT_INSTALLED
C004F016 SL_E_NOT_SUPPORTED
C004F017 SL_E_PUBLISHING_LICENSE_NOT_INSTALLED
C004F01D SL_E_LICENSE_SIGNATURE_VERIFICATION_FAILED
C004F01F SL_E_INVALID_LICENSE
C004F021 SL_E_VALIDITY_TIME_EXPIRED
C004F022 SL_E_LICENSE_AUTHORIZATION_FAILED
C004F025 SL_E_LUA_ACCESSDENIED
C004F027 SL_E_TAMPER_DETECTED
C004F02C SL_E_CIDIID_INVALID_DATA
C004F031 SL_E_CIDIID_MISMATCHED
C004F033 SL_E_PRODUCT_KEY_INSTALLATION_NOT_ALLOWED
C004F034 SL_E_EUL_NOT_AVAILABLE
C004F035 SL_E_VL_NOT_WINDOWS_SLP
C004F038 SL_E_VL_NOT_ENOUGH_COUNT
C004F039 SL_E_VL_BINDING_SERVICE_NOT_ENABLED
C004F041 SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED
C004F042 SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH
C004F04D SL_E_CIDIID_INVALID_CHECK_DIGITS
C004F050 SL_E_INVALID_PRODUCT_KEY
C004F051 SL_E_BLOCKED_PRODUCT_KEY
C004F055 SL_E_BASE_SKU_NOT_AVAILABLE
C004F056 SL_E_VL_MACHINE_NOT_BOUND
C004F057 SL_E_SLP_MISSING_ACPI_SLIC
C004F058 SL_E_SLP_MISSING_SLP_MARKER
C004F059 SL_E_SLP_BAD_FORMAT
C004F061 SL_E_PKEY_INVALID_UPGRADE
C004F062 SL_E_ISSUANCE_LICENSE_NOT_INSTALLED
C004F063 SL_E_SLP_OEM_CERT_MISSING
C004F064 SL_E_NONGENUINE_GRACE_TIME_EXPIRED
C004F065 -
C004F066 SL_E_DEPENDENT_PROPERTY_NOT_SET
C004F069 SL_E_MISMATCHED_PRODUCT_SKU
C004F06A SL_E_OPERATION_NOT_ALLOWED
C004F06B SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED
C004F06C SL_E_VL_INVALID_TIMESTAMP
C004F074 SL_E_VL_BINDING_SERVICE_UNAVAILABLE
C004F075 SL_E_SERVICE_STOPPING
C004F07B SL_E_SERVICE_RUNNING
C004F07D SL_E_INVALID_PRODUCT_KEY_TYPE
C004F07E SL_E_CIDIID_MISMATCHED_PKEY
C004F07F SL_E_CIDIID_NOT_BOUND
C004F080 SL_E_LICENSE_NOT_BOUND
C004F081 SL_E_VL_AD_AO_NOT_FOUND
C004F082 SL_E_VL_AD_AO_NAME_TOO_LONG
C004F083 SL_E_VL_AD_SCHEMA_VERSION_NOT_SUPPORTED
C004F094 SL_E_INCOMPLETE_OR_OLD_DISM_BINARIES
C004F200 SL_E_NOT_GENUINE
C004F210 SL_E_EDITION_MISMATCHED
C004F211 SL_E_HWID_CHANGED
C004F212 SL_E_OEM_KEY_EDITION_MISMATCH
C004F213 SL_E_NO_PRODUCT_KEY_FOUND
C004F214 SL_E_DOWNLEVEL_SETUP_KEY
C004F215 SL_E_BIOS_KEY
C004FC03 E_RM_UNKNOWN_ERROR
C004FC07 SL_E_VALIDITY_PERIOD_EXPIRED
C004FD00 SL_E_IA_THROTTLE_LIMIT_EXCEEDED
C004FD01 SL_E_IA_INVALID_VIRTUALIZATION_PLATFORM
C004FD02 SL_E_IA_PARENT_PARTITION_NOT_ACTIVATED
C004FD03 SL_E_IA_ID_MISMATCH
C004FD04 SL_E_IA_MACHINE_NOT_BOUND
C004FE00 SL_E_TAMPER_RECOVERY_REQUIRES_ACTIVATION
C1900215 -
";

/// Every code of Microsoft's page "Resolve Windows activation error codes", and whether its column
/// "activation type" names KMS alone, client or host, other than for a KMS host's own key (C004C008).
const PAGE: &str = "
8004FE21 -    80070005 -    8007007B kms  80070490 -    800706BA kms  8007232A kms  8007232B kms
8007251D kms  80092328 kms  C004B100 -    C004C001 -    C004C003 -    C004C008 -    C004C020 -
C004C021 -    C004F009 -    C004F00F -    C004F014 -    C004F02C -    C004F035 kms  C004F038 kms
C004F039 kms  C004F041 kms  C004F042 kms  C004F050 -    C004F051 -    C004F064 -    C004F065 -
C004F06C kms  C004F074 kms
";

const NOTE: &str = "a KMS client key is in, not an AVMA key";

fn hex(text: &str) -> HResult {
    HResult(u32::from_str_radix(text, 16).unwrap())
}

fn row(number: u32) -> &'static Code {
    HResult(number).code().unwrap()
}

#[test]
fn every_number_has_the_symbol_of_the_header() {
    let table: Vec<String> = CODES
        .iter()
        .map(|row| format!("{:08X} {}", row.hresult.0, row.symbol.unwrap_or("-")))
        .collect();
    let golden: Vec<&str> = SYMBOLS.trim().lines().collect();
    assert_eq!(table, golden);
}

#[test]
fn consts_known_codes_and_rows_are_one_table() {
    let rows: Vec<HResult> = CODES.iter().map(|row| row.hresult).collect();
    assert_eq!(rows, HResult::KNOWN);
    assert!(rows.is_sorted() && rows.iter().collect::<BTreeSet<_>>().len() == rows.len());
    for row in CODES {
        // The search finds each of them, and nothing beside them that is not there too.
        assert_eq!(row.hresult.code(), Some(row));
        assert_eq!(row.hresult.symbol(), row.symbol);
        assert_eq!(row.hresult.meaning(), Some(row.meaning));
        assert_eq!(row.hresult.source(), row.source);
        for near in [row.hresult.0.wrapping_sub(1), row.hresult.0.wrapping_add(1)] {
            let is_there = rows.contains(&HResult(near));
            assert_eq!(HResult(near).code().is_some(), is_there, "{near:X}");
        }
    }
    // Each const has its number: a few of every block.
    for (code, number) in [
        (HResult::OK, 0),
        (HResult::RPC_SERVER_UNAVAILABLE, 0x8007_06BA),
        (HResult::CHPA_DMAK_LIMIT_EXCEEDED, 0xC004_C020),
        (HResult::TS_MAX_REARM_REACHED, 0xC004_D307),
        (HResult::EUL_CONSUMPTION_FAILED, 0xC004_E015),
        (HResult::OUT_OF_TOLERANCE, 0xC004_F00F),
        (HResult::IA_MACHINE_NOT_BOUND, 0xC004_FD04),
        (HResult::SETUP_IMAGE_NOT_MAPPED, 0xC190_0215),
    ] {
        assert_eq!(code, HResult(number));
    }
}

#[test]
fn senses_are_one_clause_with_a_source() {
    for row in CODES {
        let texts = [Some(row.meaning), row.remedy.map(|remedy| remedy.text)];
        for text in texts.into_iter().flatten() {
            assert!(!text.is_empty() && text.len() <= 200, "{}", row.hresult);
            assert!(!text.ends_with('.') && !text.contains("  "), "{text}");
            assert!(!text.contains("can not"), "{text}");
        }
        assert!(!row.source.title.is_empty());
        assert_eq!(row.source.evidence, Evidence::Published, "{}", row.hresult);
        let is_informational = row.hresult.is_success() && row.hresult != HResult::OK;
        assert_eq!(
            row.meaning.ends_with("(informational)"),
            is_informational,
            "{}",
            row.hresult
        );
    }
}

#[test]
fn the_page_explains_its_codes() {
    let mut words = PAGE.split_whitespace();
    let mut page = BTreeMap::new();
    while let (Some(code), Some(kms)) = (words.next(), words.next()) {
        assert_eq!(page.insert(hex(code), kms == "kms"), None, "{code}");
    }
    assert_eq!(page.len(), 30);
    let title = "Microsoft: Resolve Windows activation error codes";
    for row in CODES {
        let of_page = row.source.title == title;
        assert_eq!(of_page, page.contains_key(&row.hresult), "{}", row.hresult);
        if of_page {
            assert_eq!(row.source.dated, "2023-08-24");
            let remedy = row.remedy.expect("the page says what to do");
            assert_eq!(remedy.source, row.source);
        }
        // The header alone says it of one more: SL_E_VL_MACHINE_NOT_BOUND.
        let kms = page.get(&row.hresult).copied() == Some(true) || row.hresult.0 == 0xC004_F056;
        assert_eq!(row.kms, kms, "{}", row.hresult);
        assert_eq!(row.key_note(), kms.then_some(NOTE), "{}", row.hresult);
    }
}

#[test]
fn what_administrators_met_is_known() {
    let text = include_str!("data/codes/administrators.txt");
    let codes: Vec<HResult> = text
        .split_whitespace()
        .map(|code| code.parse().unwrap())
        .collect();
    assert_eq!(codes.len(), 34);
    let unknown: Vec<&HResult> = codes
        .iter()
        .filter(|code| code.meaning().is_none())
        .collect();
    assert_eq!(unknown, Vec::<&HResult>::new());
    let kms = codes.iter().filter(|code| row(code.0).kms);
    let kms: Vec<String> = kms.map(ToString::to_string).collect();
    assert_eq!(
        kms.join(" "),
        "0x8007007B 0x800706BA 0x8007232A 0x8007232B 0x8007251D 0x80092328 0xC004F035 0xC004F038 \
         0xC004F039 0xC004F041 0xC004F042 0xC004F06C 0xC004F074 0xC004F056"
    );
}

#[test]
fn the_senses_that_are_easily_confused() {
    for (number, meaning) in [
        (
            0xC004_F00F,
            "the hardware, or its drivers, changed more than the licence tolerates",
        ),
        (0xC004_F050, "the product key is invalid"),
        (0xC004_F051, "the product key is blocked"),
        (
            0xC004_F066,
            "a property is set before the one that it depends on",
        ),
        (0xC004_F069, "the product SKU is not found"),
        (0xC004_F074, "no KMS host could be reached"),
        (0xC004_F200, "the present state is not genuine"),
        (
            0xC004_FD01,
            "the virtual machine does not run on a supported Microsoft Hyper-V platform",
        ),
        (0xC004_FD02, "the host's Windows is not activated"),
        (
            0xC004_FD03,
            "the host cannot activate this edition of guest Windows",
        ),
    ] {
        assert_eq!(row(number).meaning, meaning, "{number:X}");
    }
}

#[test]
fn in_azure_the_remedy_is_azures_kms() {
    for number in [0xC004_FD01, 0xC004_FD02] {
        let remedy = row(number).remedy.unwrap();
        for part in ["Azure VM", "KMS client key", "azkms.core.windows.net:1688"] {
            assert!(remedy.text.contains(part), "{number:X}: {}", remedy.text);
        }
        assert_eq!(
            remedy.source.to_string(),
            "Microsoft: Error 0xC004FD01 or 0xC004FD02 when you activate an Azure Windows virtual \
             machine, 2024-01-24 (published by Microsoft)"
        );
        assert_eq!(row(number).source.title, "Windows SDK: slerror.h");
    }
}

#[test]
fn a_code_that_the_crate_lacks_is_its_own_lack() {
    for number in [0xDEAD_BEEF, 0xC004_FD05, 0xC004_F0FF, 1, u32::MAX] {
        let code = HResult(number);
        assert_eq!(
            (code.code(), code.symbol(), code.meaning()),
            (None, None, None)
        );
        assert_eq!(
            code.source().to_string(),
            "this crate's table of codes, 2026-12 (inferred)"
        );
    }
    assert_eq!(avma::catalog::codes::UNLISTED, "not in this crate's table");
}

/// The tool's answers, which `tests/examples.rs` holds to what it prints.
#[test]
fn the_tool_calls_no_lack_of_the_crate_a_lack_of_texts() {
    let alone = include_str!("data/examples/can_activate/code-unknown.txt");
    let for_pair = include_str!("data/examples/can_activate/code-unknown-for-pair.txt");
    let json = include_str!("data/examples/can_activate/json-codes.txt");
    let page = include_str!("data/examples/can_activate/codes-of-administrators.txt");
    for text in [alone, for_pair, json, page] {
        assert!(!text.contains("no published text"), "{text}");
    }
    for text in [alone, for_pair] {
        assert!(
            text.contains("\n  means: not in this crate's table\n"),
            "{text}"
        );
    }
    // Every code of the administrators has a meaning, and those of KMS the sentence.
    assert_eq!(page.matches("\n  means: ").count(), 34);
    assert!(!page.contains("not in this crate's table"));
    assert_eq!(page.matches(NOTE).count(), 14);
}
