//! What SKU numbers say, and the texts in which they are written.

use super::{identity, products};
use avma::identity::sku_from_text;
use avma::{Clue, Installation};

/// Numbers that name something else than one of the four editions.
#[test]
#[expect(clippy::too_many_lines, reason = "a table of numbers")]
fn sku_numbers() {
    let core = Some(Installation::Core);
    for (number, name, product, evaluation, installation) in [
        (10, "ENTERPRISE_SERVER", "enterprise", false, None),
        (14, "ENTERPRISE_SERVER_CORE", "enterprise", false, core),
        (15, "ENTERPRISE_SERVER_IA64", "itanium", false, None),
        (17, "WEB_SERVER", "web", false, None),
        (18, "CLUSTER_SERVER", "hpc", false, None),
        (20, "STORAGE_EXPRESS_SERVER", "storage", false, None),
        (23, "STORAGE_ENTERPRISE_SERVER", "storage", false, None),
        (33, "SERVER_FOUNDATION", "foundation", false, None),
        (36, "STANDARD_SERVER_V", "standard", false, None),
        (40, "STANDARD_SERVER_CORE_V", "standard", false, core),
        (42, "HYPERV", "hyper-v-server", false, None),
        (48, "PROFESSIONAL", "client", false, None),
        (52, "STANDARD_SERVER_SOLUTIONS", "other-server", false, None),
        (72, "ENTERPRISE_EVALUATION", "client", true, None),
        (
            76,
            "MULTIPOINT_STANDARD_SERVER",
            "multipoint-standard",
            false,
            None,
        ),
        (
            77,
            "MULTIPOINT_PREMIUM_SERVER",
            "multipoint-premium",
            false,
            None,
        ),
        (79, "STANDARD_EVALUATION_SERVER", "standard", true, None),
        (80, "DATACENTER_EVALUATION_SERVER", "datacenter", true, None),
        (
            95,
            "STORAGE_WORKGROUP_EVALUATION_SERVER",
            "storage",
            true,
            None,
        ),
        (110, "CLOUD_STORAGE_SERVER", "storage", false, None),
        (111, "CORE_CONNECTED", "client", false, None),
        (116, "CORE_CONNECTED_COUNTRYSPECIFIC", "client", false, None),
        (120, "ARM64_SERVER", "arm64", false, None),
        (140, "ENTERPRISE_SUBSCRIPTION", "client", false, None),
        (143, "DATACENTER_NANO_SERVER", "nano", false, None),
        (144, "STANDARD_NANO_SERVER", "nano", false, None),
        (
            159,
            "DATACENTER_EVALUATION_SERVER_CORE",
            "datacenter",
            true,
            core,
        ),
        (
            160,
            "STANDARD_EVALUATION_SERVER_CORE",
            "standard",
            true,
            core,
        ),
        (163, "AZURE_SERVER", "azure-server", false, None),
        (168, "AZURE_SERVER_CORE", "azure-server", false, core),
        (171, "ENTERPRISEG", "client", false, None),
        (175, "SERVERRDSH", "client", false, None),
        (199, "AZURE_SERVER_CLOUDHOST", "azure-server", false, None),
        (206, "IOTENTERPRISEK", "client", false, None),
        (406, "AZURESTACKHCI_SERVER_CORE", "azure-local", false, core),
        (
            409,
            "DATACENTER_WS_SERVER_CORE_AZURE_EDITION",
            "datacenter-azure-edition",
            false,
            core,
        ),
    ] {
        assert_eq!(sku_from_text(&format!("PRODUCT_{name}")), Some(number));
        assert_eq!(sku_from_text(&format!("{number:#x}")), Some(number));
        let identity = identity(&[Clue::Sku(number)]);
        assert_eq!(products(&identity), [product], "{number}");
        assert_eq!(
            identity.evaluation().as_bool(),
            Some(evaluation),
            "{number}"
        );
        assert_eq!(
            identity.installation().known_element(),
            installation,
            "{number}"
        );
    }
    // Windows MultiPoint Server, which of its two editions it does not tell.
    assert_eq!(
        products(&identity(&[Clue::Sku(56)])),
        ["multipoint-standard", "multipoint-premium"]
    );
    assert!(Clue::Sku(0).read().says_nothing());
    let unlicensed = Clue::Sku(0xABCD_ABCD).read();
    assert!(unlicensed.says_nothing());
    assert!(unlicensed.note().unwrap().contains("PRODUCT_UNLICENSED"));
    assert_eq!(sku_from_text("PRODUCT_UNLICENSED"), Some(0xABCD_ABCD));
    assert_eq!(products(&identity(&[Clue::Sku(4711)])), ["unlisted"]);
    assert_eq!(products(&identity(&[Clue::Sku(u32::MAX)])), ["unlisted"]);
}

#[test]
fn sku_texts() {
    for (text, number) in [
        ("8", Some(8)),
        (" 80 ", Some(80)),
        ("0x50", Some(80)),
        ("0X00000198", Some(408)),
        ("product_standard_server", Some(7)),
        ("PRODUCT_NOTHING", None),
        ("STANDARD_SERVER", None),
        ("-1", None),
        ("0x", None),
        ("0x+5", None),
        ("+8", None),
        ("4294967296", None),
        ("", None),
    ] {
        assert_eq!(sku_from_text(text), number, "{text:?}");
    }
}
