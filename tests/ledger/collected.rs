//! From collected files to sightings.

use avma::encoding;
use avma::fleet::ledger::collected::{Collected, Reason, joined, sightings};
use avma::fleet::ledger::month::Processors;
use avma::fleet::ledger::{Ledger, MAX_HOST_NAME};
use avma::observe::inventory::Inventory;
use avma::observe::value::Value;

use super::lines;

fn sample(name: &str) -> Value {
    let path = format!("{}/tests/data/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&encoding::decode(&std::fs::read(path).unwrap()).unwrap()).unwrap()
}

/// Ledger and what was left out, of documents.
fn of(documents: &[Value]) -> (Ledger, Vec<String>) {
    let mut inventory = Inventory::new();
    for document in documents {
        inventory.add(document);
    }
    let mut ledger = Ledger::new();
    let mut left_out = Vec::new();
    let mut take = |collected: Collected<'_>| {
        ledger.update(collected.sightings()).unwrap();
        left_out.extend(collected.left_out.iter().map(ToString::to_string));
    };
    take(sightings(&inventory));
    take(joined(&inventory.join()));
    (ledger, left_out)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The lines without ids' leading parts: the last digit names the VM.
fn short(ledger: &Ledger) -> Vec<String> {
    let id = |text: String| match text.split_once(' ') {
        Some((id, rest)) if id.len() > 10 => {
            let id: u128 = id.parse().unwrap();
            format!("{} {rest}", id & 0xffff)
        }
        _ => text,
    };
    lines(ledger).into_iter().map(id).collect()
}

#[test]
fn a_host_with_its_vms() {
    for name in ["host.ps7.json", "host.ps51.json"] {
        let (ledger, left_out) = of(&[sample(name)]);
        let at = "2025-11-24T01:14:05Z..2025-11-24T01:14:05Z";
        let event = "2025-11-24T00:58:11Z..2025-11-24T00:58:11Z";
        assert_eq!(
            short(&ledger),
            [
                format!("1 2025-11 hv01 running 24 {at}"),
                // The event's computer is HV01.example.test, and stands under the host's own name.
                format!("1 2025-11 hv01 host-event 24 {event}"),
                format!("1 2025-11 hv01 claimed-server 24 {at}"),
                format!("2 2025-11 hv01 running 24 {at}"),
                format!("2 2025-11 hv01 claimed-server 24 {at}"),
                format!("3 2025-11 hv01 running 24 {at}"),
                format!("3 2025-11 hv01 claimed-server 24 {at}"),
                format!("4 2025-11 hv01 running 24 {at}"),
                format!("4 2025-11 hv01 claimed-other-system 24 {at}"),
                format!("5 2025-11 hv01 running 24 {at}"),
                format!("5 2025-11 hv01 claimed-server 24 {at}"),
                format!("6 2025-11 hv01 stopped 24 {at}"),
                format!("7 2025-11 hv01 running 24 {at}"),
            ],
            "{name}"
        );
        assert!(left_out.is_empty());
    }
}

#[test]
fn a_month_of_the_sample() {
    let mut inventory = Inventory::new();
    inventory.add(&sample("host.ps7.json"));
    let mut ledger = Ledger::new();
    ledger.update(sightings(&inventory).sightings()).unwrap();
    let hosts = &inventory.records().hosts;
    let processors: Vec<_> = hosts.iter().filter_map(Processors::of).collect();
    let report = ledger.month("2025-11".parse().unwrap(), &processors, None);
    assert_eq!(
        report.hosts[0].to_string(),
        "hv01: ran Windows Server guests (days 24); Datacenter: 32 cores due (2 processors, 32 cores); \
         started 6 VMs: 4 Windows Server, 1 other, 1 not known; at most 6 on one day (2025-11-24); \
         not seen started 1 VM: 1 not known"
    );
}

/// A host's document with VM 1.
fn host(more: &str) -> Value {
    json(&format!(
        r#"{{"Collected":"2025-11-24T10:00:00Z","OperatingSystem":{{"CSName":"HV01"}},
            "VM":[{{"VMId":"a1a1a1a1-0000-4000-8000-000000000001","State":2}}]{more}}}"#
    ))
}

#[test]
fn every_collection_counts_at_its_own_time() {
    let earlier = json(
        r#"{"Collected":"2025-11-20T10:00:00Z","OperatingSystem":{"CSName":"HV01"},
            "VM":[{"VMId":"a1a1a1a1-0000-4000-8000-000000000001","State":3}]}"#,
    );
    // Later, and without VMs: says nothing of them.
    let later = json(
        r#"{"Collected":"2025-11-28T10:00:00Z","OperatingSystem":{"CSName":"HV01"},
            "Feature":{"Name":"Hyper-V","Installed":true}}"#,
    );
    let (ledger, left_out) = of(&[host(""), later, earlier]);
    assert_eq!(
        short(&ledger),
        [
            "1 2025-11 hv01 running 24 2025-11-24T10:00:00Z..2025-11-24T10:00:00Z",
            "1 2025-11 hv01 stopped 20 2025-11-20T10:00:00Z..2025-11-20T10:00:00Z",
        ]
    );
    assert!(left_out.is_empty());
}

#[test]
fn states_of_a_vm() {
    let sign = |state: &str| {
        let document = json(&format!(
            r#"{{"Collected":"2025-11-24T10:00:00Z","PSComputerName":"HV01",
                "VM":[{{"VMId":"a1a1a1a1-0000-4000-8000-000000000001"{state}}}]}}"#
        ));
        let (ledger, _) = of(&[document]);
        ledger
            .entries()
            .map(|entry| entry.sign.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    for (state, expected) in [
        (2, "running"),
        (3, "stopped"),
        (4, "running"),
        (6, "stopped"),
        (9, "running"),
        (10, "running"),
        (11, "running"),
        (32773, "running"),
        (32776, "running"),
        (32777, "running"),
        (1, "listed"),
        (99, "listed"),
    ] {
        assert_eq!(sign(&format!(r#","State":{state}"#)), expected, "{state}");
    }
    assert_eq!(sign(""), "listed");
    // A replica copy is not a second installation.
    assert_eq!(sign(r#","State":3,"ReplicationMode":2"#), "");
    assert_eq!(sign(r#","State":2,"ReplicationMode":1"#), "running");
}

#[test]
fn events_are_of_a_vm_only_where_they_name_one() {
    let event = |id: u32, computer: &str, data: &str| {
        format!(
            r#"{{"ProviderName":"Microsoft-Windows-Security-SPP","Id":{id},"TimeCreated":"2025-11-23T09:00:00Z",
                "MachineName":"{computer}","RecordId":{},"Properties":[{{"Value":"{data}"}}]}}"#,
            data.len()
        )
    };
    let known = "A1A1A1A1-0000-4000-8000-000000000001";
    let other = "A1A1A1A1-0000-4000-8000-000000000009";
    let of_event = |event: String| {
        let (ledger, left_out) = of(&[host(""), json(&format!("[{event}]"))]);
        let lines = short(&ledger);
        let line = lines
            .iter()
            .filter(|line| line.contains("event") || line.contains("failure"));
        let line: Vec<_> = line
            .map(|line| line.split(" 23 ").next().unwrap().to_owned())
            .collect();
        (line.join(", "), left_out)
    };
    let none = Vec::<String>::new;
    assert_eq!(
        of_event(event(12310, "HV01.example.test", known)),
        ("1 2025-11 hv01 host-event".to_owned(), none())
    );
    assert_eq!(
        of_event(event(12310, "HV01", &format!("0xC004FD02 {known}"))),
        ("1 2025-11 hv01 host-failure".to_owned(), none())
    );
    // A GUID that is no VM's makes none.
    assert_eq!(
        of_event(event(12310, "HV01", other)),
        ("- 2025-11 hv01 host-event".to_owned(), none())
    );
    assert_eq!(
        of_event(event(12310, "HV01", "nothing")),
        ("- 2025-11 hv01 host-event".to_owned(), none())
    );
    // By a computer that was not collected: a claim.
    assert_eq!(
        of_event(event(12310, "HV07", known)),
        ("1 2025-11 hv07 claimed-event".to_owned(), none())
    );
    let (line, left_out) = of_event(event(12309, "NOBODY", "nothing"));
    assert_eq!(line, "");
    assert_eq!(left_out, ["[0]: the VM is not known"]);
}

/// A guest of 2022 that says AVMA activated it, as in VM 1.
fn guest(more: &str) -> Value {
    json(&format!(
        r#"{{"OperatingSystem":{{"CSName":"WEB01","Caption":"Microsoft Windows Server 2022 Standard","BuildNumber":"20348","OperatingSystemSKU":7}},
            "Parameters":{{"VirtualMachineId":"A1A1A1A1-0000-4000-8000-000000000001"}},
            "Licensing":[{{"Description":"Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel","LicenseIsAddon":false,"LicenseStatus":1,"PartialProductKey":"78VHK"
            {more}}}]}}"#
    ))
}

#[test]
fn what_a_guest_says_stands_under_no_host() {
    let dated = |mut guest: Value| {
        if let Value::Object(properties) = &mut guest {
            properties.push((
                "Collected".into(),
                Value::Text("2025-11-24T11:00:00Z".into()),
            ));
        }
        guest
    };
    let (ledger, left_out) = of(&[host(""), dated(guest(""))]);
    assert_eq!(
        short(&ledger),
        [
            "1 2025-11 - avma 24 2025-11-24T11:00:00Z..2025-11-24T11:00:00Z",
            "1 2025-11 - server 24 2025-11-24T11:00:00Z..2025-11-24T11:00:00Z",
            "1 2025-11 hv01 running 24 2025-11-24T10:00:00Z..2025-11-24T10:00:00Z",
        ]
    );
    assert!(left_out.is_empty());
    // Where the rules forbid it on its host, it is a claim.
    let standard = json(
        r#"{"Collected":"2025-11-24T10:00:00Z","OperatingSystem":{"CSName":"HV01",
            "Caption":"Microsoft Windows Server 2022 Standard","BuildNumber":"20348","OperatingSystemSKU":7},
            "VM":[{"VMId":"a1a1a1a1-0000-4000-8000-000000000001","State":2}]}"#,
    );
    let (ledger, _) = of(&[standard, dated(guest(""))]);
    assert!(
        short(&ledger)[1].starts_with("1 2025-11 - claimed-avma 24"),
        "{ledger:?}"
    );
    // Without a date it says when AVMA activated it last, where it does.
    let activated = r#","AutomaticVMActivationLastActivationTime":"\/Date(1763945891000)\/""#;
    let (ledger, left_out) = of(&[host(""), guest(activated)]);
    assert_eq!(
        short(&ledger)[0],
        "1 2025-11 - avma 24 2025-11-24T00:58:11Z..2025-11-24T00:58:11Z"
    );
    assert_eq!(left_out, ["the time is not known"]);
    let never = r#","AutomaticVMActivationLastActivationTime":"\/Date(-11644473600000)\/""#;
    let (ledger, left_out) = of(&[host(""), dated(guest(never))]);
    assert_eq!(ledger.len(), 3);
    assert!(left_out.is_empty());
}

#[test]
fn the_guests_report_is_a_claim() {
    use avma::observe::report::{Report, ReportedState};
    let id = "a1a1a1a1-0000-4000-8000-000000000001";
    let with = |vm: &str, state| {
        let at = "2025-11-23T08:00:00Z".parse().unwrap();
        let item = Report::new(vm.parse().unwrap(), state, at)
            .to_item()
            .unwrap();
        let kvp = format!(
            r#","Kvp":[{{"SystemName":"{id}","EnabledState":2,"GuestIntrinsicExchangeItems":[],"GuestExchangeItems":[
            "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>{}</VALUE></PROPERTY><PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>{}</VALUE></PROPERTY><PROPERTY NAME=\"Source\" TYPE=\"uint16\"><VALUE>1</VALUE></PROPERTY></INSTANCE>"]}}]"#,
            item.data, item.name
        );
        let (ledger, left_out) = of(&[host(&kvp)]);
        let lines = short(&ledger);
        assert_eq!(lines.last().unwrap().split(' ').nth(3), Some("running"));
        (lines[..lines.len() - 1].join(", "), left_out.join(", "))
    };
    let at = "23 2025-11-23T08:00:00Z..2025-11-23T08:00:00Z";
    assert_eq!(
        with(id, ReportedState::Activated),
        (format!("1 2025-11 - claimed-avma {at}"), String::new())
    );
    for state in [ReportedState::NotActivated, ReportedState::Expired] {
        let line = format!("1 2025-11 - claimed-not-activated {at}");
        assert_eq!(with(id, state), (line, String::new()));
    }
    assert_eq!(
        with(id, ReportedState::Pending),
        (String::new(), String::new())
    );
    assert_eq!(
        with(
            "a1a1a1a1-0000-4000-8000-000000000002",
            ReportedState::Activated
        ),
        (String::new(), Reason::BadReport.to_string())
    );
}

#[test]
fn what_gives_no_sighting_is_told() {
    let left_out = |document: &str| {
        let (ledger, left_out) = of(&[json(document)]);
        assert!(ledger.is_empty(), "{ledger:?}");
        left_out
    };
    let vms = r#""VM":[{"VMId":"a1a1a1a1-0000-4000-8000-000000000001","State":2}]"#;
    let undated = format!(r#"{{"PSComputerName":"HV01",{vms}}}"#);
    assert_eq!(left_out(&undated), ["the time is not known"]);
    let local = format!(r#"{{"Collected":"11/24/2025","PSComputerName":"HV01",{vms}}}"#);
    assert_eq!(left_out(&local), ["the time is not known"]);
    let never =
        format!(r#"{{"Collected":"1601-01-01T01:00:00+01:00","PSComputerName":"HV01",{vms}}}"#);
    let bad = "the time is never or beyond the years 1970 to 9999";
    assert_eq!(left_out(&never), [bad]);
    let old = format!(r#"{{"Collected":"1969-12-31T23:00:00Z","PSComputerName":"HV01",{vms}}}"#);
    assert_eq!(left_out(&old), [bad]);
    let nameless = format!(r#"{{"Collected":"2025-11-24T10:00:00Z",{vms}}}"#);
    assert_eq!(left_out(&nameless), ["the host is not named"]);
    let name = "x".repeat(MAX_HOST_NAME + 1);
    let long = format!(r#"{{"Collected":"2025-11-24T10:00:00Z","PSComputerName":"{name}",{vms}}}"#);
    assert_eq!(left_out(&long), ["the host is not named"]);
    let no_id = r#"{"Collected":"2025-11-24T10:00:00Z","PSComputerName":"HV01","VM":[{"Name":"a","State":2}]}"#;
    assert_eq!(left_out(no_id), ["the VM is not known"]);
    let kvp = r#"{"Kvp":[{"SystemName":"a1a1a1a1-0000-4000-8000-000000000001","EnabledState":2}]}"#;
    assert_eq!(left_out(kvp), ["Kvp: the time is not known"]);
    // A host without VMs lacks nothing.
    assert!(left_out(r#"{"PSComputerName":"HV01","VM":[]}"#).is_empty());
}
