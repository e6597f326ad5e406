//! A generated inventory of 25,000 VMs on 25 hosts, from JSON text to answers, and its parts.
//!
//! Every VM carries the 19 intrinsic key-value items of a Windows guest, as CIM-XML within JSON, the
//! form in which PowerShell exports them.

use std::fmt::Write;

use avma::assess::{Can, Host, assess};
use avma::observe::inventory::{Fleet, Inventory};
use avma::observe::value::Value;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

const HOSTS: usize = 25;
const VMS: usize = 1000;

fn main() {
    divan::main();
}

fn items(vm: usize, out: &mut String) {
    let (name, build, sku) = match vm % 4 {
        0 => ("Windows Server 2016 Standard", "14393", "7"),
        1 => ("Windows Server 2019 Datacenter", "17763", "8"),
        2 => ("Windows Server 2022 Standard", "20348", "7"),
        _ => ("Windows Server 2025 Standard", "26100", "7"),
    };
    let fqdn = format!("vm{vm}.example.test");
    let version = format!("10.0.{build}");
    let items = [
        ("FullyQualifiedDomainName", fqdn.as_str()),
        ("OSName", name),
        ("OSVersion", &version),
        ("CSDVersion", ""),
        ("OSMajorVersion", "10"),
        ("OSMinorVersion", "0"),
        ("OSBuildNumber", build),
        ("OSPlatformId", "2"),
        ("ServicePackMajor", "0"),
        ("ServicePackMinor", "0"),
        ("SuiteMask", if sku == "8" { "400" } else { "272" }),
        ("ProductType", "3"),
        ("OSEditionId", sku),
        ("ProcessorArchitecture", "9"),
        ("IntegrationServicesVersion", &version),
        ("NetworkAddressIPv4", "192.0.2.11"),
        ("NetworkAddressIPv6", "2001:db8::11"),
        ("RDPAddressIPv4", ""),
        ("RDPAddressIPv6", ""),
    ];
    for (place, (name, data)) in items.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        let empty = |name| {
            format!(r#"<PROPERTY NAME=\"{name}\" PROPAGATED=\"true\" TYPE=\"string\"></PROPERTY>"#)
        };
        write!(
            out,
            concat!(
                r#"{}"<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\">{}"#,
                r#"<PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>{}</VALUE></PROPERTY>{}{}{}"#,
                r#"<PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>{}</VALUE></PROPERTY>"#,
                r#"<PROPERTY NAME=\"Source\" TYPE=\"uint16\"><VALUE>2</VALUE></PROPERTY></INSTANCE>""#
            ),
            comma,
            empty("Caption"),
            data,
            empty("Description"),
            empty("ElementName"),
            empty("InstanceID"),
            name,
        )
        .unwrap();
    }
}

/// The export of one host with its VMs.
fn host(number: usize) -> String {
    let id = |vm: usize| format!("b2b2b2b2-0000-4000-8000-{:012x}", number * VMS + vm);
    let mut out = format!(
        r#"{{"Collected":"2025-11-24T02:14:05+01:00","OperatingSystem":{{"CSName":"HV{number}",
        "Caption":"Microsoft Windows Server 2022 Datacenter","BuildNumber":"20348","Version":"10.0.20348",
        "OperatingSystemSKU":8,"ProductType":3,"SuiteMask":400}},
        "ComputerSystem":{{"Name":"HV{number}","Manufacturer":"Example Hardware","Model":"Rack 2S"}},
        "Feature":{{"Name":"Hyper-V","Installed":true}},
        "Licensing":[{{"Description":"Windows(R) Operating System, VOLUME_MAK channel",
        "ApplicationID":"55c92734-d682-4d71-983e-d6ec3f16059f","LicenseIsAddon":false,
        "LicenseStatus":1,"PartialProductKey":"7XK2C"}}],"VM":["#
    );
    for vm in 0..VMS {
        let comma = if vm == 0 { "" } else { "," };
        write!(
            out,
            r#"{comma}{{"Name":"vm{vm}","VMId":"{}","State":2,"ReplicationMode":0}}"#,
            id(vm)
        )
        .unwrap();
    }
    out.push_str("],\"IntegrationService\":[");
    for vm in 0..VMS {
        let comma = if vm == 0 { "" } else { "," };
        write!(
            out,
            concat!(
                r#"{}{{"VMId":"{}","Id":"Microsoft:X\\2A34B1C2-FD73-4043-8A5B-DD2159BC743F","#,
                r#""Enabled":true,"PrimaryOperationalStatus":2}}"#
            ),
            comma,
            id(vm)
        )
        .unwrap();
    }
    out.push_str("],\"Kvp\":[");
    for vm in 0..VMS {
        let comma = if vm == 0 { "" } else { "," };
        write!(
            out,
            r#"{comma}{{"SystemName":"{}","EnabledState":2,"OperationalStatus":[2],"GuestIntrinsicExchangeItems":["#,
            id(vm).to_uppercase()
        )
        .unwrap();
        items(vm, &mut out);
        out.push_str("],\"GuestExchangeItems\":[]}");
    }
    out.push_str("]}");
    out
}

/// How many VMs can be activated.
fn judge(fleet: &Fleet) -> usize {
    let hosts: Vec<Host> = fleet.hosts.iter().map(|host| host.facts()).collect();
    fleet
        .vms
        .iter()
        .filter(|row| {
            let host = row.host.and_then(|place| hosts.get(place));
            let assessment = assess(
                host.unwrap_or(&Host::Unknown),
                &row.facts(),
                &row.observation(),
            );
            black_box(assessment.findings().count());
            assessment.can() == Can::Eligible
        })
        .count()
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn json_to_answers_25_000_vms(bencher: Bencher<'_, '_>) {
    let documents: Vec<String> = (0..HOSTS).map(host).collect();
    let bytes: usize = documents.iter().map(String::len).sum();
    bencher
        .counter(BytesCount::new(bytes))
        .counter(ItemsCount::new(HOSTS * VMS))
        .bench_local(|| {
            let mut inventory = Inventory::new();
            for document in &documents {
                let value: Value = serde_json::from_str(document).unwrap();
                inventory.add(&value);
            }
            let fleet = inventory.join();
            assert!(fleet.faults.is_empty());
            let eligible = judge(&fleet);
            // Guests of 2025 are newer than the host.
            assert_eq!(eligible, HOSTS * VMS * 3 / 4);
        });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn the_json_parser_alone_1_000_vms(bencher: Bencher<'_, '_>) {
    let document = host(0);
    bencher
        .counter(BytesCount::of_str(&document))
        .counter(ItemsCount::new(VMS))
        .bench_local(|| serde_json::from_str::<Value>(&document).unwrap());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn answers_alone_25_000_vms(bencher: Bencher<'_, '_>) {
    let mut inventory = Inventory::new();
    for number in 0..HOSTS {
        let value: Value = serde_json::from_str(&host(number)).unwrap();
        inventory.add(&value);
    }
    let fleet = inventory.join();
    bencher
        .counter(ItemsCount::new(HOSTS * VMS))
        .bench_local(|| judge(&fleet));
}
