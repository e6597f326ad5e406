//! What the audit says of the error that a guest gives.

use avma::fleet::audit::Audit;
use serde_json::{Value as Json, json};

use super::{VM, fleet, guest, host};

/// Text, remedy and source of `guest-reports`, for a guest of 2022 Standard that is not activated.
fn reported(code: u32, key: &str, change: impl FnOnce(&mut Json)) -> [String; 3] {
    let mut guest = guest(VM);
    let license = &mut guest["Licensing"][0];
    license["Description"] = json!("Windows(R) Operating System, VOLUME_KMSCLIENT channel");
    license["LicenseStatus"] = json!(5);
    license["LicenseStatusReason"] = json!(code);
    license["PartialProductKey"] = json!(key);
    change(&mut guest);
    let fleet = fleet(&[host("HV01", 20348, 8, VM), guest]);
    let audit = Audit::new(&fleet);
    let mut found = audit
        .vms
        .iter()
        .flat_map(|vm| vm.findings())
        .filter(|finding| finding.rule == "guest-reports");
    let finding = found.next().expect("the guest reports an error");
    assert!(found.next().is_none());
    for text in [finding.text, finding.remedy, finding.source.title] {
        assert!(!text.contains("no published text"), "{text}");
    }
    [
        finding.text.to_owned(),
        finding.remedy.to_owned(),
        finding.source.to_string(),
    ]
}

const PAGE: &str =
    "Microsoft: Resolve Windows activation error codes, 2023-08-24 (published by Microsoft)";
const INSTALL: &str = "install the AVMA key: slmgr /ipk YDFWN-MJ9JR-3DYRK-FXXRW-78VHK";

#[test]
fn a_code_that_the_crate_lacks_is_called_so() {
    for code in [0xDEAD_BEEF, 0xC004_FD05] {
        assert_eq!(
            reported(code, "VMK7H", |_| ()),
            [
                format!("the guest reports 0x{code:08X}: not in this crate's table"),
                "no rule here explains it; collect host and guest again at one time".to_owned(),
                "this crate's table of codes, 2026-12 (inferred)".to_owned(),
            ]
        );
    }
}

#[test]
fn a_code_of_kms_activation_tells_the_key_and_the_one_to_install() {
    let text = "the guest reports 0xC004F074: no KMS host could be reached; a KMS client key is in, \
                not an AVMA key";
    assert_eq!(
        reported(0xC004_F074, "VMK7H", |_| ()),
        [text, INSTALL, PAGE]
    );
    // Which key to install is not known without the release.
    let unknown = |guest: &mut Json| {
        guest["OperatingSystem"] = json!({ "CSName": "WEB01", "OperatingSystemSKU": 7 });
    };
    assert_eq!(
        reported(0xC004_F074, "VMK7H", unknown)[1],
        "find out release and edition, then install their AVMA key"
    );
    // The AVMA key is in, so the code is not of it.
    let [text, remedy, _] = reported(0xC004_F074, "78VHK", |_| ());
    assert!(
        text.ends_with(
            "the installed key is no KMS client key: the code may be older than the key"
        ),
        "{text}"
    );
    assert_ne!(remedy, INSTALL);
}

#[test]
fn other_codes_come_with_their_own_remedy() {
    assert_eq!(
        reported(0xC004_F00F, "VMK7H", |_| ()),
        [
            "the guest reports 0xC004F00F: the hardware, or its drivers, changed more than the licence \
             tolerates",
            "activate again: slmgr /ato; with KMS a restart may do, with a MAK also the telephone",
            PAGE,
        ]
    );
    // A symptom of rules, none of which fires on this host.
    let [_, remedy, source] = reported(0xC004_FD03, "78VHK", |_| ());
    assert!(remedy.starts_with("no rule here explains it"), "{remedy}");
    assert!(source.starts_with("Windows SDK: slerror.h"), "{source}");
}

#[test]
fn in_azure_and_on_other_hypervisors_no_avma_key_is_advised() {
    for computer in [
        json!({ "Manufacturer": "VMware, Inc.", "Model": "VMware7,1" }),
        json!({ "Manufacturer": "QEMU", "Model": "Standard PC" }),
    ] {
        let alone = |guest: &mut Json| {
            guest["Parameters"] = Json::Null;
            guest["ComputerSystem"] = computer.clone();
        };
        let [text, remedy, _] = reported(0xC004_F074, "VMK7H", alone);
        assert!(
            text.ends_with("a KMS client key is in, not an AVMA key"),
            "{text}"
        );
        assert!(remedy.starts_with("if KMS is wanted: "), "{remedy}");
    }
}
