//! From records to facts: what was collected of a host and of a guest, as the rulebook reads it.
#![cfg(all(feature = "serde", feature = "xml", feature = "observe"))]

use avma::assess::{Guest, Host, InstalledKey, Observation, WindowsServerHost};
use avma::identity::Axis;
use avma::observe::facts::{AZURE_ASSET_TAG, Virtual};
use avma::observe::inventory::{Fleet, GuestRecord, HostRecord, Inventory, Records, VmRow, read};
use avma::observe::value::Value;
use avma::{HostLicense, HostLicenses, LicenseStatus, Product, YesNo};

const ID: &str = "a1a1a1a1-0000-4000-8000-000000000001";
const WINDOWS: &str = "55c92734-d682-4d71-983e-d6ec3f16059f";

/// What becomes of a row that cannot be read: cut off, not even a row, or without its values.
const REFUSED: [&str; 4] = [
    r#"["@{Name=Windows; LicenseStatus=1}"]"#,
    r#""System.Object[]""#,
    "5",
    r#"[{"CimClass":null,"CimInstanceProperties":["LicenseStatus = 1"],"CimSystemProperties":null}]"#,
];

fn records(text: &str) -> Records {
    read(&serde_json::from_str(text).unwrap())
}

#[track_caller]
fn host(blocks: &str) -> HostRecord {
    let mut records = records(&format!(r#"{{"VM":[],{blocks}}}"#));
    assert_eq!(records.hosts.len(), 1);
    records.hosts.remove(0)
}

#[track_caller]
fn guest(blocks: &str) -> GuestRecord {
    let text = format!(r#"{{"OperatingSystem":{{"CSName":"WEB"}},{blocks}}}"#);
    let mut records = records(&text);
    assert_eq!(records.guests.len(), 1);
    records.guests.remove(0)
}

#[track_caller]
fn windows_server(host: &HostRecord) -> WindowsServerHost {
    match host.facts() {
        Host::WindowsServer(host) => host,
        other => panic!("{other:?}"),
    }
}

fn fleet(documents: &[&str]) -> Fleet {
    let mut inventory = Inventory::new();
    for document in documents {
        let value: Value = serde_json::from_str(document).unwrap();
        inventory.add(&value);
    }
    inventory.join()
}

fn item(name: &str, data: &str) -> String {
    format!(
        "\"<INSTANCE CLASSNAME='Msvm_KvpExchangeDataItem'><PROPERTY NAME='Name'><VALUE>{name}</VALUE></PROPERTY>\
         <PROPERTY NAME='Data'><VALUE>{data}</VALUE></PROPERTY></INSTANCE>\""
    )
}

/// One VM on a host, and the export of its guest.
#[track_caller]
fn vm(items: &[(&str, &str)], exchange: &str, guest: &str) -> VmRow {
    let items: Vec<_> = items.iter().map(|(name, data)| item(name, data)).collect();
    let host = format!(
        r#"{{"VM":{{"VMId":"{ID}","Name":"web"}},"Kvp":{{"SystemName":"{ID}","GuestIntrinsicExchangeItems":[{}]{exchange}}}}}"#,
        items.join(",")
    );
    let guest =
        format!(r#"{{"OperatingSystem":{{"CSName":"WEB"}},"VirtualMachineId":"{ID}"{guest}}}"#);
    let mut fleet = fleet(&[&host, &guest]);
    assert_eq!((fleet.vms.len(), fleet.faults.len()), (1, 0));
    fleet.vms.remove(0)
}

fn facts(items: &[(&str, &str)], exchange: &str, guest: &str) -> Guest {
    vm(items, exchange, guest).facts()
}

fn licensing(family: &str, channel: &str) -> String {
    format!(
        r#""Licensing":[{{"ApplicationID":"{WINDOWS}","LicenseIsAddon":false,"LicenseFamily":"{family}",
            "Description":"Windows(R) Operating System, {channel} channel","LicenseStatus":1,"PartialProductKey":"7XK2C"}}]"#
    )
}

#[test]
fn an_empty_list_of_licences_means_no_key() {
    for empty in ["[]", "null", "\"\"", r#"[{"PartialProductKey":null}]"#] {
        let blocks = format!(r#""Licensing":{empty}"#);
        let not_activated = HostLicenses::known(HostLicense::NotActivated);
        assert_eq!(host(&blocks).license(), not_activated, "{empty}");
        let seen = guest(&blocks).observation();
        assert_eq!(seen.key, InstalledKey::None, "{empty}");
        assert_eq!(seen.status, Some(LicenseStatus::Unlicensed), "{empty}");
    }
}

#[test]
fn refused_licence_rows_leave_everything_about_the_licence_unknown() {
    for refused in REFUSED {
        let blocks = format!(r#""Licensing":{refused}"#);
        let host = host(&blocks);
        assert_eq!(host.license(), HostLicenses::unknown(), "{refused}");
        assert_eq!(host.licensing.unwrap().refused, 1, "{refused}");
        let guest = guest(&blocks);
        assert_eq!(guest.observation(), Observation::default(), "{refused}");
        assert_eq!(guest.licensing.unwrap().refused, 1, "{refused}");
    }
    // Rows without a key, and add-ons, beside a refused one: it may be the one with the key.
    for row in [
        r#"{"PartialProductKey":null}"#,
        r#"{"PartialProductKey":"3V8YD","LicenseIsAddon":true,"LicenseStatus":1}"#,
    ] {
        let blocks = format!(r#""Licensing":[{row},"@{{Name=Windows}}"]"#);
        assert_eq!(host(&blocks).license(), HostLicenses::unknown(), "{row}");
        let seen = guest(&blocks).observation();
        assert_eq!(seen, Observation::default(), "{row}");
    }
    // The same without a block around the rows.
    let list = format!(
        r#"[{{"PartialProductKey":null}},{}]"#,
        &REFUSED[3][1..REFUSED[3].len() - 1]
    );
    let alone = &records(&list).guests[0];
    assert_eq!(alone.observation(), Observation::default());
    let named = format!(r#"{{"OperatingSystem":{{"CSName":"A"}},"rows":{list}}}"#);
    let named = records(&named);
    assert_eq!(named.guests[0].observation(), Observation::default());
    assert_eq!(named.faults[0].place, "rows[1]");
}

#[test]
fn a_row_that_is_surely_windows_counts_beside_refused_ones() {
    let row = |sure: &str| {
        let blocks = format!(
            r#""Licensing":["@{{Name=Windows}}",{{"LicenseStatus":1,"PartialProductKey":"7XK2C"{sure}}}]"#
        );
        host(&blocks).license()
    };
    let sure = format!(r#","ApplicationID":"{WINDOWS}","LicenseIsAddon":false"#);
    assert_eq!(row(&sure), HostLicenses::known(HostLicense::Licensed));
    // An add-on's row may look the same where nothing tells them apart.
    assert_eq!(row(""), HostLicenses::unknown());
}

#[test]
fn add_ons_with_a_key_are_no_key_of_windows() {
    let addon = |of: &str| {
        format!(
            r#"{{"LicenseIsAddon":true,"LicenseStatus":1,"PartialProductKey":"3V8YD","ApplicationID":"{of}"}}"#
        )
    };
    let blocks = format!(r#""Licensing":[{0},{0}]"#, addon(WINDOWS));
    assert_eq!(
        host(&blocks).license(),
        HostLicenses::known(HostLicense::NotActivated)
    );
    let seen = guest(&blocks).observation();
    assert_eq!(seen.key, InstalledKey::None);
    assert_eq!(seen.status, Some(LicenseStatus::Unlicensed));
    // Of another application alone: nobody asked for Windows' rows.
    let office = addon("0ff1ce15-a989-479d-af46-f275c6370663");
    let blocks = format!(r#""Licensing":[{office}]"#);
    assert_eq!(host(&blocks).license(), HostLicenses::unknown());
    assert_eq!(guest(&blocks).observation(), Observation::default());
}

#[test]
fn a_known_identity_tells_an_evaluation_before_the_licence_channel() {
    let evaluation = [("OSEditionId", "79"), ("OSBuildNumber", "20348")];
    let retail = [("OSEditionId", "7"), ("OSBuildNumber", "20348")];
    let avma = format!(",{}", licensing("", "VIRTUAL_MACHINE_ACTIVATION"));
    let eval = format!(",{}", licensing("", "TIMEBASED_EVAL"));
    let (yes, no) = (YesNo::from(true), YesNo::from(false));
    assert_eq!(facts(&evaluation, "", &avma).evaluation, yes);
    assert_eq!(facts(&retail, "", &eval).evaluation, no);
    // The channel tells where the identity is silent.
    assert_eq!(facts(&[], "", &avma).evaluation, no);
    assert_eq!(facts(&[], "", &eval).evaluation, yes);
    assert!(facts(&[], "", "").evaluation.is_unknown());
    // An identity that contradicts itself is not silent.
    let sku = r#","OperatingSystem":{"CSName":"WEB","OperatingSystemSKU":7}"#;
    assert!(
        facts(&evaluation, "", &format!("{sku}{avma}"))
            .evaluation
            .is_unknown()
    );
    let host = |sku: u32, channel: &str| {
        let system =
            format!(r#""OperatingSystem":{{"OperatingSystemSKU":{sku},"BuildNumber":20348}}"#);
        host(&format!("{system},{}", licensing("", channel)))
    };
    assert_eq!(windows_server(&host(80, "VOLUME_MAK")).evaluation, yes);
    assert_eq!(windows_server(&host(8, "TIMEBASED_EVAL")).evaluation, no);
}

#[test]
fn a_licence_that_contradicts_the_identity_shows_it() {
    let evaluation = [("OSEditionId", "79"), ("OSBuildNumber", "20348")];
    let retail = [("OSEditionId", "7"), ("OSBuildNumber", "20348")];
    let of = |items: &[(&str, &str)], family: &str, channel: &str| {
        let row = vm(items, "", &format!(",{}", licensing(family, channel)));
        (
            row.license_contradicts_identity(),
            row.facts().evaluation.as_bool(),
        )
    };
    let avma = "VIRTUAL_MACHINE_ACTIVATION";
    let eval = "TIMEBASED_EVAL";
    assert_eq!(of(&evaluation, "", avma), (true, Some(true)));
    // The family is the licence's word too.
    assert_eq!(of(&evaluation, "ServerStandard", avma), (true, Some(true)));
    assert_eq!(of(&retail, "ServerStandardEval", ""), (true, Some(false)));
    assert_eq!(of(&[], "ServerStandardEval", avma), (true, Some(true)));
    for (items, family, channel, wanted) in [
        (&evaluation[..], "ServerStandardEval", eval, Some(true)),
        (&retail[..], "ServerStandard", avma, Some(false)),
        (&[], "", eval, Some(true)),
        (&retail[..], "", "SOMETHING_NEW", Some(false)),
    ] {
        let found = of(items, family, channel);
        assert_eq!(found, (false, wanted), "{family} {channel}");
    }
    let of_host = |sku: u32, channel: &str| {
        let system =
            format!(r#""OperatingSystem":{{"OperatingSystemSKU":{sku},"BuildNumber":20348}}"#);
        host(&format!("{system},{}", licensing("", channel))).license_contradicts_identity()
    };
    assert!(of_host(80, "VOLUME_MAK") && of_host(8, eval));
    assert!(!of_host(8, "VOLUME_MAK") && !of_host(80, eval));
}

#[test]
fn the_domain_is_that_of_the_computer_system() {
    let system = r#""ComputerSystem":{"Domain":"example.test"}"#;
    assert_eq!(host(system).domain(), Some("example.test"));
    assert_eq!(guest(system).domain(), Some("example.test"));
    let none = r#""ComputerSystem":{"Domain":""}"#;
    assert_eq!((host(none).domain(), guest(none).domain()), (None, None));
    assert_eq!(host(r#""Licensing":[]"#).domain(), None);
}

#[test]
fn an_explicit_status_of_the_guest_service_comes_before_the_items() {
    let items = [("OSEditionId", "7")];
    let service = |status: u32| format!(r#","KvpServiceStatus":{status}"#);
    let of = |guest: &str| facts(&items, "", guest).guest_service;
    assert_eq!(of(&service(1)), YesNo::from(false));
    assert_eq!(of(&service(4)), YesNo::from(true));
    assert_eq!(of(""), YesNo::from(true));
    assert!(facts(&[], "", "").guest_service.is_unknown());
}

#[test]
fn intrinsic_items_prove_that_data_exchange_is_on() {
    let items = [("OSEditionId", "7")];
    let of = |items: &[(&str, &str)], exchange: &str| facts(items, exchange, "").data_exchange;
    assert_eq!(of(&items, ""), YesNo::from(true));
    assert_eq!(of(&items, r#","EnabledState":5"#), YesNo::from(true));
    assert_eq!(of(&items, r#","EnabledState":3"#), YesNo::from(false));
    assert!(of(&[], "").is_unknown());
}

#[test]
fn a_virtual_machine_is_known_by_maker_and_model_together() {
    let firmware = |maker: &str, model: &str| {
        let system = format!(r#""ComputerSystem":{{"Manufacturer":"{maker}","Model":"{model}"}}"#);
        let nested = windows_server(&host(&format!(
            r#""OperatingSystem":{{"OperatingSystemSKU":8,"BuildNumber":20348}},{system}"#
        )))
        .nested;
        (guest(&system).virtual_machine(), nested)
    };
    let (yes, no) = (YesNo::from(true), YesNo::from(false));
    for (maker, model) in [
        ("VMware, Inc.", "VMware Virtual Platform"),
        ("VMware, Inc.", "VMware7,1"),
        ("innotek GmbH", "VirtualBox"),
        ("Oracle Corporation", "VirtualBox"),
        ("QEMU", "Standard PC (Q35 + ICH9, 2009)"),
        ("Example Cloud", "Standard PC (i440FX + PIIX, 1996)"),
        ("QEMU", "KVM Virtual Machine"),
        ("Red Hat", "KVM"),
        ("Red Hat", "RHEV Hypervisor"),
        ("oVirt", "oVirt Node"),
        ("oVirt", "RHEL"),
        ("Xen", "HVM domU"),
        (
            "Parallels Software International Inc.",
            "Parallels Virtual Platform",
        ),
        ("Nutanix", "AHV"),
        ("Google", "Google Compute Engine"),
        ("Amazon EC2", "m5.large"),
        ("OpenStack Foundation", "OpenStack Nova"),
        ("Bochs", "Bochs"),
        ("FreeBSD", "BHYVE"),
        ("vmware, inc.", "VMWARE VIRTUAL PLATFORM"),
        ("", "VMware Virtual Platform"),
    ] {
        let found = firmware(maker, model);
        assert_eq!(found, (Some(Virtual::Other), yes), "{maker} {model}");
    }
    for (maker, model) in [
        ("Nutanix", "NX-3060-G7"),
        ("Amazon EC2", "m5.metal"),
        ("Amazon EC2", "m7i.metal-24xl"),
        ("Google", "Example Rack"),
        ("FUJITSU", "PRIMEFLEX for VMware vSAN"),
        ("Xenon Example", "Rack 2S"),
        ("Example Hardware", "Rack 2S"),
    ] {
        assert_eq!(firmware(maker, model), (None, no), "{maker} {model}");
    }
    assert_eq!(
        firmware("Microsoft Corporation", "Virtual Machine"),
        (Some(Virtual::HyperV), yes)
    );
    // What one of the two leaves open stays open.
    for (maker, model) in [
        ("Nutanix", ""),
        ("Amazon EC2", ""),
        ("", "Rack 2S"),
        ("", ""),
    ] {
        let open = (None, YesNo::unknown());
        assert_eq!(firmware(maker, model), open, "{maker} {model}");
    }
    let azure = guest(&format!(
        r#""SMBIOSAssetTag":"{AZURE_ASSET_TAG}","Model":"Virtual Machine""#
    ));
    assert_eq!(azure.virtual_machine(), Some(Virtual::Azure));
}

#[test]
fn a_host_is_read_by_the_names_of_the_classes_too() {
    let blocks = r#""OperatingSystem":{"CSName":"HV01","OperatingSystemSKU":8,"BuildNumber":20348},
        "ComputerSystem":{"Manufacturer":"Microsoft Corporation","Model":"Virtual Machine"},
        "Processor":[{"NumberOfCores":16}],"Enclosure":{"SMBIOSAssetTag":"RACK"},
        "Licensing":[{"LicenseStatus":1,"PartialProductKey":"7XK2C"}]"#;
    let wanted = host(blocks);
    assert_eq!(wanted.cores(), Some(16));
    let classes = [
        ("OperatingSystem", "Win32_OperatingSystem"),
        ("ComputerSystem", "Win32_ComputerSystem"),
        ("Processor", "Win32_Processor"),
        ("Enclosure", "Win32_SystemEnclosure"),
        ("Licensing", "SoftwareLicensingProduct"),
    ];
    let named = classes
        .iter()
        .fold(blocks.to_owned(), |text, (block, class)| {
            text.replace(&format!("\"{block}\""), &format!("\"{class}\""))
        });
    assert_eq!(host(&named), wanted);
    assert_eq!(host(&named.to_lowercase()).cores(), Some(16));
    let cut = records(r#"{"VM":[],"Win32_OperatingSystem":"@{CSName=HV01}"}"#);
    assert_eq!(cut.faults[0].place, "Win32_OperatingSystem");
    let cut = records(
        r#"{"OperatingSystem":{"CSName":"A"},"Win32_SystemEnclosure":"@{SMBIOSAssetTag=1}"}"#,
    );
    assert_eq!(cut.faults[0].place, "Win32_SystemEnclosure");
}

#[test]
fn a_guest_that_contradicts_its_host_on_the_product_shows_it_and_is_not_lost() {
    let items = [("OSEditionId", "8"), ("OSBuildNumber", "20348")];
    let guest = r#","OperatingSystem":{"CSName":"WEB","OperatingSystemSKU":7,"BuildNumber":20348}"#;
    let row = vm(&items, "", guest);
    assert!(row.guest.is_some() && row.vm.is_some());
    let identity = row.identity();
    let conflicts: Vec<_> = identity
        .conflicts()
        .map(|conflict| conflict.about)
        .collect();
    assert_eq!(conflicts, [Axis::Product]);
    let product = row.facts().product;
    assert!(product.contains(Product::Standard) && product.contains(Product::Datacenter));
    assert_eq!(product.len(), 2);
}
