//! What the audit says to do about a key that AVMA does not go by.

use avma::fleet::audit::Audit;
use avma::observe::facts::AZURE_ASSET_TAG;
use serde_json::{Value as Json, json};

use super::{VM, fleet, guest, host};

/// Rule, remedy and date of the source of what is said of the key, for a guest of 2022 Standard that is
/// not activated and holds `key`. `sku` is the host's.
fn advised(key: &str, sku: u32, change: impl FnOnce(&mut Json)) -> [String; 3] {
    let mut guest = guest(VM);
    let license = &mut guest["Licensing"][0];
    license["Description"] = json!("Windows(R) Operating System, VOLUME_KMSCLIENT channel");
    license["LicenseStatus"] = json!(5);
    license["PartialProductKey"] = json!(key);
    change(&mut guest);
    let fleet = fleet(&[host("HV01", 20348, sku, VM), guest]);
    let audit = Audit::new(&fleet);
    let mut found = audit
        .vms
        .iter()
        .flat_map(|vm| vm.findings())
        .filter(|finding| finding.rule.starts_with("key-"));
    let finding = found.next().expect("something is said of the key");
    assert!(found.next().is_none());
    [finding.rule, finding.remedy, finding.source.dated].map(str::to_owned)
}

const DATACENTER: u32 = 8;
const STANDARD: u32 = 7;
const NOT_HERE: &str = "install no AVMA key: AVMA cannot activate this guest here";

/// The guest was collected without its host, and shows what it runs on.
fn alone(platform: Json) -> impl FnOnce(&mut Json) {
    move |guest| {
        guest["Parameters"] = Json::Null;
        for (name, value) in platform.as_object().unwrap() {
            guest[name] = value.clone();
        }
    }
}

fn azure() -> Json {
    json!({
        "ComputerSystem": { "Manufacturer": "Microsoft Corporation", "Model": "Virtual Machine" },
        "Enclosure": { "SMBIOSAssetTag": AZURE_ASSET_TAG },
    })
}

#[test]
fn where_avma_works_the_avma_key_is_advised() {
    let install = "install the AVMA key: slmgr /ipk YDFWN-MJ9JR-3DYRK-FXXRW-78VHK";
    assert_eq!(
        advised("VMK7H", DATACENTER, |_| ()),
        ["key-gvlk", install, "2023-09-19"]
    );
}

#[test]
fn in_azure_a_kms_client_key_is_the_right_one() {
    let [rule, remedy, dated] = advised("VMK7H", DATACENTER, alone(azure()));
    assert_eq!((&*rule, &*dated), ("key-gvlk", "2024-01-24"));
    assert!(remedy.starts_with("leave it in: "), "{remedy}");
    assert!(remedy.contains("azkms.core.windows.net:1688"), "{remedy}");
    // Of another key the rule about Azure says what to install.
    let [rule, remedy, _] = advised("7XK2C", DATACENTER, alone(azure()));
    assert_eq!((&*rule, &*remedy), ("key-unlisted", NOT_HERE));
}

#[test]
fn the_next_step_in_azure_does_not_install_the_key_that_is_in() {
    let step = |key: &str| {
        let mut guest = guest(VM);
        alone(azure())(&mut guest);
        guest["Licensing"][0] = json!({ "LicenseIsAddon": false, "LicenseStatus": 5,
            "Description": "Windows(R) Operating System, VOLUME_KMSCLIENT channel", "PartialProductKey": key });
        let fleet = fleet(&[guest]);
        let audit = Audit::new(&fleet);
        assert_eq!(audit.vms.len(), 1);
        audit.vms[0].next.to_string()
    };
    assert!(step("VMK7H").starts_with("leave it in: "));
    let other = step("7XK2C");
    assert!(
        other.starts_with("install the KMS client key (GVLK)"),
        "{other}"
    );
}

#[test]
fn where_neither_administrator_can_mend_it_no_avma_key_is_advised() {
    let vmware =
        json!({ "ComputerSystem": { "Manufacturer": "VMware, Inc.", "Model": "VMware7,1" } });
    for [rule, remedy, _] in [
        advised("VMK7H", DATACENTER, alone(vmware)),
        advised("VMK7H", STANDARD, |_| ()),
        // Newer than the host.
        advised("VMK7H", DATACENTER, |guest| {
            guest["OperatingSystem"]["BuildNumber"] = json!(26100);
        }),
    ] {
        assert_eq!((&*rule, &*remedy), ("key-gvlk", NOT_HERE));
    }
}

#[test]
fn where_no_avma_key_is_for_the_guest_none_is_advised() {
    let system = |build: u32, sku: u32| {
        move |guest: &mut Json| {
            guest["OperatingSystem"] =
                json!({ "CSName": "WEB01", "BuildNumber": build, "OperatingSystemSKU": sku });
        }
    };
    let [_, remedy, _] = advised("VMK7H", DATACENTER, system(19042, 7));
    assert_eq!(
        remedy,
        "do not try a neighbour's key; activate the guest by KMS, MAK or retail key"
    );
    // Nano Server.
    let [_, remedy, _] = advised("VMK7H", DATACENTER, system(14393, 144));
    assert_eq!(remedy, "nothing to do: install no key");
}
