//! An AVMA key in the host itself.

use avma::assess::{FactName, Host, WindowsServerHost};
use avma::fleet::audit::{Audit, Verdict};
use avma::observe::inventory::Fleet;

use super::*;

/// Windows Server 2019 Datacenter on a machine of this maker and model, with one licence row and one
/// VM of 2019 Datacenter that runs.
fn fleet_of(machine: (&str, &str), row: &Json) -> Fleet {
    let item = |name: &str, data: &str| {
        format!(
            "<INSTANCE CLASSNAME='Msvm_KvpExchangeDataItem'><PROPERTY NAME='Name'><VALUE>{name}</VALUE>\
             </PROPERTY><PROPERTY NAME='Data'><VALUE>{data}</VALUE></PROPERTY></INSTANCE>"
        )
    };
    let mut row = row.clone();
    row["LicenseIsAddon"] = json!(false);
    row["ApplicationID"] = json!("55c92734-d682-4d71-983e-d6ec3f16059f");
    super::fleet(&[json!({
        "OperatingSystem": { "CSName": "HV01", "BuildNumber": 17763, "OperatingSystemSKU": 8,
            "Caption": "Microsoft Windows Server 2019 Datacenter" },
        "ComputerSystem": { "Manufacturer": machine.0, "Model": machine.1 },
        "Feature": { "Name": "Hyper-V", "Installed": true },
        "Licensing": [row],
        "VM": { "Name": "srv1", "VMId": VM, "State": 2 },
        "IntegrationService": { "VMId": VM, "Enabled": true,
            "Id": format!("Microsoft:{VM}\\2A34B1C2-FD73-4043-8A5B-DD2159BC743F") },
        "Kvp": { "SystemName": VM, "GuestIntrinsicExchangeItems": [
            item("OSName", "Windows Server 2019 Datacenter"), item("OSBuildNumber", "17763"),
            item("OSEditionId", "8"), item("ProductType", "3")] },
    })])
}

const PHYSICAL: (&str, &str) = ("Dell Inc.", "PowerEdge");
const HYPER_V: (&str, &str) = ("Microsoft Corporation", "Virtual Machine");
const AVMA: &str = "Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel";

/// Its own findings on the key with their texts, what is said of the VM, and the facts of the host.
fn judged(
    machine: (&str, &str),
    row: &Json,
) -> (
    Vec<(&'static str, String)>,
    Verdict,
    String,
    WindowsServerHost,
) {
    let fleet = fleet_of(machine, row);
    assert!(fleet.faults.is_empty(), "{:?}", fleet.faults);
    let audit = Audit::new(&fleet);
    let [host] = audit.hosts.as_slice() else {
        panic!("{} hosts", audit.hosts.len());
    };
    let own = host
        .findings()
        .filter(|finding| finding.rule.starts_with("host-avma-"))
        .map(|finding| {
            assert!(finding.certain);
            (finding.rule, finding.text.to_owned())
        })
        .collect();
    let Host::WindowsServer(facts) = host.host else {
        panic!("{:?}", host.host);
    };
    let vm = &audit.vms[0];
    (own, vm.verdict, vm.next.to_string(), facts)
}

fn rules(own: &[(&'static str, String)]) -> Vec<&'static str> {
    own.iter().map(|(rule, _)| *rule).collect()
}

#[test]
fn an_avma_key_in_a_host_belongs_in_the_guests() {
    let row = json!({ "Description": AVMA, "LicenseStatus": 5,
        "LicenseStatusReason": 3_221_552_385_u32, "PartialProductKey": "WMBMW" });
    let (own, verdict, next, facts) = judged(PHYSICAL, &row);
    assert_eq!(
        own,
        [(
            "host-avma-key",
            "an AVMA key is installed in the host: it belongs in the guests; install the host's \
             own key"
                .to_owned()
        )]
    );
    assert_eq!(verdict, Verdict::FixHost);
    assert_eq!(
        next,
        "install the host's own key in place of the one that ends in WMBMW: slmgr /ipk (with KMS it \
         is WMDGN-G9PQG-XVVXX-R3X43-63DFG); then activate the host: slmgr /ato"
    );
    assert_eq!(facts.nested.as_bool(), Some(false));
    assert_eq!(facts.pay_as_you_go.as_bool(), Some(false));
}

/// By the last five alone where no channel was collected, by the channel alone where no key was.
#[test]
fn it_is_recognised_by_the_last_five_or_the_channel() {
    for status in [0, 2, 5] {
        for row in [
            json!({ "LicenseStatus": status, "PartialProductKey": "WMBMW" }),
            json!({ "LicenseStatus": status, "PartialProductKey": "78VHK" }),
            json!({ "LicenseStatus": status, "Description": AVMA }),
            json!({ "LicenseStatus": status, "Description": AVMA, "PartialProductKey": "7XK2C" }),
        ] {
            let (own, _, next, facts) = judged(PHYSICAL, &row);
            assert_eq!(rules(&own), ["host-avma-key"], "{row}");
            assert!(
                next.starts_with("install the host's own key"),
                "{row} {next}"
            );
            assert_eq!(facts.pay_as_you_go.as_bool(), Some(false), "{row}");
        }
    }
    for row in [
        // The channel says that a private key ends as a published one does.
        json!({ "LicenseStatus": 5, "PartialProductKey": "WMBMW",
            "Description": "Windows(R) Operating System, VOLUME_MAK channel" }),
        json!({ "LicenseStatus": 5, "PartialProductKey": "63DFG",
            "Description": "Windows(R) Operating System, VOLUME_KMSCLIENT channel" }),
        json!({ "LicenseStatus": 5, "PartialProductKey": "63DFG" }),
        json!({ "LicenseStatus": 5, "PartialProductKey": "7XK2C" }),
    ] {
        let (own, verdict, next, _) = judged(PHYSICAL, &row);
        assert_eq!(rules(&own), [""; 0], "{row}");
        assert_eq!(verdict, Verdict::FixHost);
        assert!(next.starts_with("activate the host"), "{row} {next}");
    }
}

#[test]
fn a_host_that_avma_activated_is_itself_a_guest() {
    let row = json!({ "Description": AVMA, "LicenseStatus": 1, "PartialProductKey": "WMBMW" });
    for (machine, more) in [
        (HYPER_V, ""),
        (("", ""), ""),
        (PHYSICAL, ", though its maker and model say otherwise"),
        (
            ("VMware, Inc.", "VMware7,1"),
            ", though its maker and model say otherwise",
        ),
    ] {
        let (own, _, _, facts) = judged(machine, &row);
        let text = format!(
            "the host is itself activated by AVMA, so it is a virtual machine on another host{more}"
        );
        assert_eq!(own, [("host-avma-guest", text)], "{machine:?}");
        assert_eq!(facts.nested.as_bool(), Some(true), "{machine:?}");
        assert_eq!(facts.pay_as_you_go.as_bool(), Some(false));
        assert!(facts.license.is(avma::HostLicense::Licensed));
    }
}

/// Five symbols do not make a machine virtual.
#[test]
fn a_licensed_host_with_the_last_five_alone_is_asked_for_its_channel() {
    let row = json!({ "LicenseStatus": 1, "PartialProductKey": "WMBMW" });
    let (own, _, _, facts) = judged(PHYSICAL, &row);
    assert_eq!(rules(&own), ["host-avma-key"]);
    assert_eq!(facts.nested.as_bool(), Some(false));
    let (_, _, _, facts) = judged(("", ""), &row);
    assert_eq!(facts.nested.as_bool(), None);
    let fleet = fleet_of(PHYSICAL, &row);
    let audit = Audit::new(&fleet);
    let remedy = audit.hosts[0].own_key_remedy().unwrap();
    assert!(remedy.starts_with("run slmgr /dlv on the host"), "{remedy}");
}

#[test]
fn a_nested_host_that_is_not_activated_waits_for_its_own_host() {
    let row = json!({ "Description": AVMA, "LicenseStatus": 5, "PartialProductKey": "WMBMW",
        "LicenseStatusReason": 0xC004_FD02_u32 });
    let (own, verdict, next, facts) = judged(HYPER_V, &row);
    assert_eq!(rules(&own), ["host-avma-guest"]);
    assert_eq!(facts.nested.as_bool(), Some(true));
    assert_eq!(verdict, Verdict::FixHost);
    assert_eq!(
        next,
        "run the guest on the physical host; the direct parent is judged by its own activation"
    );
    let fleet = fleet_of(HYPER_V, &row);
    let remedy = Audit::new(&fleet).hosts[0]
        .own_key_remedy()
        .unwrap()
        .to_owned();
    assert!(remedy.starts_with("activate the host on which this one runs"));
    // AVMA does not work there at all.
    let (own, ..) = judged(("VMware, Inc.", "VMware7,1"), &row);
    assert_eq!(rules(&own), ["host-avma-key"]);
}

/// Nobody is asked whether such a host is licensed pay-as-you-go.
#[test]
fn an_avma_key_is_no_sign_of_pay_as_you_go() {
    for status in [0, 1, 2, 5, 6] {
        let row =
            json!({ "Description": AVMA, "LicenseStatus": status, "PartialProductKey": "WMBMW" });
        let fleet = fleet_of(PHYSICAL, &row);
        let audit = Audit::new(&fleet);
        let host = &audit.hosts[0];
        assert!(
            host.findings()
                .all(|finding| finding.rule != "host-pay-as-you-go")
        );
        let missing = audit.vms[0].missing();
        assert!(missing.is_none_or(|missing| !missing.contains(FactName::PayAsYouGo)));
        assert!(host.own_key_remedy().is_some());
    }
}
