//! A generated inventory of 25,000 VMs on 25 hosts, from JSON text to answers, and its parts.
//!
//! Every VM carries the 19 intrinsic key-value items of a Windows guest, as CIM-XML within JSON, the
//! form in which PowerShell exports them.
//!
//! `AVMA_FLEET=FOLDER cargo bench --bench inventory --all-features` measures nothing: it writes a fleet
//! of 1,000 hosts with 25 VMs each as files, for the example `audit` to read. Beside the hosts' exports
//! there is one of each guest, and half of the hosts hold a record of each of their VMs.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use avma::assess::{Can, Host, assess};
use avma::fleet::audit::Audit;
use avma::observe::inventory::{Fleet, Inventory};
use avma::observe::value::Value;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

const HOSTS: usize = 25;
const VMS: usize = 1000;

fn main() {
    match std::env::var_os("AVMA_FLEET") {
        Some(folder) => write_fleet(Path::new(&folder)),
        None => divan::main(),
    }
}

fn write_fleet(folder: &Path) {
    const HOSTS: usize = 1000;
    const VMS: usize = 25;
    fs::create_dir_all(folder.join("guests")).unwrap();
    for number in 0..HOSTS {
        let host = host(number, VMS);
        fs::write(folder.join(format!("HV{number}.json")), host).unwrap();
        for vm in 0..VMS {
            let guest = guest(number * VMS + vm);
            let name = format!("guests/vm{}.json", number * VMS + vm);
            fs::write(folder.join(name), guest).unwrap();
        }
    }
}

fn id(vm: usize) -> String {
    format!("b2b2b2b2-0000-4000-8000-{vm:012x}")
}

/// The export of one guest: three of four are activated by AVMA.
fn guest(vm: usize) -> String {
    let (build, sku, key) = match vm % 4 {
        0 => (14393, 7, "4RHYD"),
        1 => (17763, 8, "WMBMW"),
        2 => (20348, 7, "78VHK"),
        _ => (26100, 7, "9HPQ4"),
    };
    let status = if vm % 4 == 3 { 5 } else { 1 };
    format!(
        r#"{{"Collected":"2025-11-24T02:20:00+01:00","OperatingSystem":{{"CSName":"VM{vm}","BuildNumber":"{build}",
        "Version":"10.0.{build}","OperatingSystemSKU":{sku},"ProductType":3}},
        "CurrentVersion":{{"CurrentBuild":"{build}","InstallationType":"Server"}},
        "ComputerSystem":{{"Name":"VM{vm}","Domain":"example.test","Manufacturer":"Microsoft Corporation","Model":"Virtual Machine"}},
        "Service":{{"Name":"vmickvpexchange","Status":4}},
        "Parameters":{{"VirtualMachineId":"{}","VirtualMachineName":"vm{vm}"}},
        "Licensing":[{{"Name":"Windows(R)","Description":"Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel",
        "ApplicationID":"55c92734-d682-4d71-983e-d6ec3f16059f","LicenseIsAddon":false,"LicenseStatus":{status},
        "LicenseStatusReason":0,"GracePeriodRemaining":4321,"PartialProductKey":"{key}",
        "AutomaticVMActivationHostMachineName":"HV{}","AutomaticVMActivationLastActivationTime":"2025-11-23T02:20:00+01:00"}}]}}"#,
        id(vm).to_uppercase(),
        vm / 25,
    )
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
fn host(number: usize, vms: usize) -> String {
    let numbers = || number * vms..(number + 1) * vms;
    let comma = |vm: usize| if vm == number * vms { "" } else { "," };
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
    for vm in numbers() {
        write!(
            out,
            r#"{}{{"Name":"vm{vm}","VMId":"{}","State":2,"ReplicationMode":0}}"#,
            comma(vm),
            id(vm)
        )
        .unwrap();
    }
    out.push_str("],\"IntegrationService\":[");
    for vm in numbers() {
        let comma = comma(vm);
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
    for vm in numbers() {
        let comma = comma(vm);
        write!(
            out,
            r#"{comma}{{"SystemName":"{}","EnabledState":2,"OperationalStatus":[2],"GuestIntrinsicExchangeItems":["#,
            id(vm).to_uppercase()
        )
        .unwrap();
        items(vm, &mut out);
        out.push_str("],\"GuestExchangeItems\":[]}");
    }
    out.push_str("],\"Event\":[");
    for vm in numbers().filter(|_| number % 2 == 1) {
        write!(
            out,
            concat!(
                r#"{}"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"#,
                r#"<Provider Name='Microsoft-Windows-Security-SPP'/><EventID>12310</EventID>"#,
                r#"<TimeCreated SystemTime='2025-11-23T01:20:00Z'/><EventRecordID>{}</EventRecordID>"#,
                r#"<Channel>Application</Channel><Computer>HV{}.example.test</Computer></System>"#,
                r#"<EventData><Data>{}</Data></EventData></Event>""#
            ),
            comma(vm),
            vm,
            number,
            id(vm),
        )
        .unwrap();
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
    let documents: Vec<String> = (0..HOSTS).map(|number| host(number, VMS)).collect();
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
    let document = host(0, VMS);
    bencher
        .counter(BytesCount::of_str(&document))
        .counter(ItemsCount::new(VMS))
        .bench_local(|| serde_json::from_str::<Value>(&document).unwrap());
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn answers_alone_25_000_vms(bencher: Bencher<'_, '_>) {
    let mut inventory = Inventory::new();
    for number in 0..HOSTS {
        let value: Value = serde_json::from_str(&host(number, VMS)).unwrap();
        inventory.add(&value);
    }
    let fleet = inventory.join();
    bencher
        .counter(ItemsCount::new(HOSTS * VMS))
        .bench_local(|| judge(&fleet));
}

/// The whole audit of the joined fleet: verdicts, flags, trust, next steps.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn audit_alone_25_000_vms(bencher: Bencher<'_, '_>) {
    let mut inventory = Inventory::new();
    for number in 0..HOSTS {
        let value: Value = serde_json::from_str(&host(number, VMS)).unwrap();
        inventory.add(&value);
    }
    let fleet = inventory.join();
    bencher
        .counter(ItemsCount::new(HOSTS * VMS))
        .bench_local(|| Audit::new(&fleet).totals().vms());
}
