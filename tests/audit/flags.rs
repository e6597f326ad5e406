use avma::assess::Trust;
use avma::fleet::audit::{Audit, VmLine};
use avma::kvp::Item;
use avma::observe::report::{NAME, Report, ReportedState};
use avma::time::Timestamp;

use super::*;

const FLAGS: [&str; 3] = ["claim-", "report-", "vm-id-"];

/// The flags of the only VM, and the trust in it.
#[track_caller]
fn flags(documents: &[Json]) -> (Vec<&'static str>, Option<Trust>) {
    let fleet = fleet(documents);
    assert!(fleet.faults.is_empty(), "{:?}", fleet.faults);
    let audit = Audit::new(&fleet);
    let [vm] = audit.vms.as_slice() else {
        panic!("{} VMs", audit.vms.len());
    };
    (ids(vm), vm.trust)
}

fn ids(vm: &VmLine<'_>) -> Vec<&'static str> {
    let ids = vm.findings().map(|finding| finding.rule);
    ids.filter(|id| FLAGS.iter().any(|flag| id.starts_with(flag)))
        .collect()
}

fn text(documents: &[Json], rule: &str) -> (String, String) {
    let fleet = fleet(documents);
    let audit = Audit::new(&fleet);
    let mut findings = audit.vms[0].findings();
    let found = findings.find(|finding| finding.rule == rule).unwrap();
    (found.text.to_owned(), found.remedy.to_owned())
}

fn with(mut document: Json, changes: &[(&str, Json)]) -> Json {
    for (path, value) in changes {
        *document.pointer_mut(path).unwrap() = value.clone();
    }
    document
}

fn record(computer: &str, vm: &str) -> Json {
    json!([format!(
        "<Event><System><Provider Name='Microsoft-Windows-Security-SPP'/><EventID>12310</EventID>\
         <TimeCreated SystemTime='2025-11-24T00:00:00Z'/><EventRecordID>1</EventRecordID>\
         <Computer>{computer}</Computer></System><EventData><Data>{vm}</Data></EventData></Event>"
    )])
}

#[test]
fn an_honest_guest_has_no_flag() {
    let documents = [host("HV01", 20348, 8, VM), guest(VM)];
    assert_eq!(flags(&documents), (vec![], Some(Trust::Guest)));
    let mut logged = host("HV01", 20348, 8, VM);
    logged["Event"] = record("HV01", VM);
    assert_eq!(flags(&[logged, guest(VM)]), (vec![], Some(Trust::Host)));
}

#[test]
fn a_record_that_a_guest_hands_in_is_its_own_word() {
    let mut forged = guest(VM);
    forged["Event"] = record("HV01", VM);
    let documents = [host("HV01", 20348, 8, VM), forged];
    assert_eq!(flags(&documents), (vec![], Some(Trust::Guest)));
    // Also in another document of its file.
    let mut inventory = Inventory::new();
    let mut add =
        |document: &Json| inventory.add(&serde_json::from_value(document.clone()).unwrap());
    add(&host("HV01", 20348, 8, VM));
    let first = add(&guest(VM));
    add(&record("HV01", VM));
    let apart = inventory.clone().join();
    assert_eq!(Audit::new(&apart).vms[0].trust, Some(Trust::Host));
    inventory.end_of_file(first);
    let fleet = inventory.join();
    assert_eq!(Audit::new(&fleet).vms[0].trust, Some(Trust::Guest));
}

#[test]
fn what_a_guest_hands_in_takes_nothing_from_a_hosts_record() {
    let mut logged = host("HV01", 20348, 8, VM);
    logged["Event"] = record("HV01", VM);
    let mut forged = guest(VM);
    forged["Event"] = record("HV01", OTHER);
    for documents in [[logged.clone(), forged.clone()], [forged, logged]] {
        let fleet = fleet(&documents);
        assert_eq!(fleet.faults.len(), 1, "{:?}", fleet.faults);
        assert_eq!(Audit::new(&fleet).vms[0].trust, Some(Trust::Host));
    }
}

/// A record of a VM that no collected host lists bears nothing out, whatever items there are of it.
#[test]
fn a_vm_that_no_host_lists_has_no_record() {
    let mut documents = [host("HV01", 20348, 8, OTHER), guest(VM)];
    documents[0]["Event"] = record("HV01", VM);
    documents[1]["Kvp"] = json!([{ "SystemName": VM, "EnabledState": 2 }]);
    let fleet = fleet(&documents);
    let audit = Audit::new(&fleet);
    let exported = audit.vms.iter().find(|vm| vm.row.guest.is_some()).unwrap();
    assert_eq!(exported.trust, Some(Trust::Guest));
}

/// The name of the VM on its host is not the computer's, so that only an item joins the two.
#[test]
fn a_join_by_an_item_makes_no_trust_in_a_record() {
    let item = "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>web01.example.test</VALUE></PROPERTY><PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>FullyQualifiedDomainName</VALUE></PROPERTY><PROPERTY NAME=\"Source\" TYPE=\"uint16\"><VALUE>2</VALUE></PROPERTY></INSTANCE>";
    let mut logged = host("HV01", 20348, 8, VM);
    logged["Event"] = record("HV01", VM);
    logged["Kvp"] =
        json!([{ "SystemName": VM, "EnabledState": 2, "GuestIntrinsicExchangeItems": [item] }]);
    let mut unnamed = guest(VM);
    unnamed.as_object_mut().unwrap().remove("Parameters");
    let same = [logged.clone(), unnamed.clone()];
    assert_eq!(flags(&same), (vec![], Some(Trust::Host)));
    logged["VM"]["Name"] = json!("the shop");
    assert_eq!(flags(&[logged, unnamed]), (vec![], Some(Trust::Guest)));
}

#[test]
fn minutes_that_can_not_be() {
    let implausible = avma::observe::activation::IMPLAUSIBLE_MINUTES;
    for (minutes, flagged) in [
        (0, true),
        (1, false),
        (implausible, false),
        (implausible + 1, true),
    ] {
        let guest = with(
            guest(VM),
            &[("/Licensing/0/GracePeriodRemaining", json!(minutes))],
        );
        let documents = [host("HV01", 20348, 8, VM), guest];
        let expected: &[&str] = if flagged { &["claim-implausible"] } else { &[] };
        assert_eq!(flags(&documents).0, expected, "{minutes}");
    }
}

#[test]
fn a_host_that_activates_no_such_guest() {
    // 2016 is older than the guest; Standard activates nobody; SKU 48 is no server.
    for (build, sku) in [(14393, 8), (20348, 7)] {
        let documents = [host("HV01", build, sku, VM), guest(VM)];
        assert_eq!(
            flags(&documents),
            (vec!["claim-forbidden"], Some(Trust::Claimed))
        );
    }
    // Azure Edition is neither Datacenter nor Azure Local, and no text forbids it.
    let documents = [host("HV01", 20348, 407, VM), guest(VM)];
    assert_eq!(
        flags(&documents),
        (vec!["claim-undocumented-host"], Some(Trust::Guest))
    );
}

#[test]
fn the_host_that_a_guest_names() {
    let mut named = guest(VM);
    named["Licensing"][0]["AutomaticVMActivationHostMachineName"] = json!("HV02");
    let hosts = |build, sku| {
        let mut other = host("HV02", build, sku, OTHER);
        other.as_object_mut().unwrap().remove("VM");
        [host("HV01", 20348, 8, VM), other, named.clone()]
    };
    assert_eq!(flags(&hosts(20348, 8)), (vec![], Some(Trust::Guest)));
    assert_eq!(
        flags(&hosts(14393, 8)),
        (vec!["claim-forbidden-host"], Some(Trust::Claimed))
    );
    let (text, _) = text(&hosts(14393, 8), "claim-forbidden-host");
    assert_eq!(
        text,
        "the guest says that HV02 activated it, which the rules forbid there"
    );
    // That it is not activated now says nothing of the day of the activation.
    let mut lapsed = hosts(20348, 8);
    lapsed[1]["Licensing"] = json!([]);
    assert_eq!(flags(&lapsed).0, [""; 0]);
    // Two hosts of one name in two domains: not known which.
    let mut two = hosts(14393, 8).to_vec();
    let mut twin = two[1].clone();
    two[1]["ComputerSystem"] = json!({ "Domain": "a.test" });
    twin["ComputerSystem"] = json!({ "Domain": "b.test" });
    two.push(twin);
    assert_eq!(flags(&two).0, [""; 0]);
}

fn at(mut document: Json, time: &str) -> Json {
    document["Collected"] = json!(format!("2025-11-{time}Z"));
    document
}

#[test]
fn one_id_on_two_hosts() {
    let on = |name: &str, time: &str| at(host(name, 20348, 8, VM), time);
    let twice = (vec!["vm-id-twice"], None);
    let moved = (vec![], None);
    assert_eq!(
        flags(&[on("HV01", "24T01:00:00"), on("HV02", "24T01:00:59")]),
        twice
    );
    assert_eq!(
        flags(&[on("HV01", "24T01:00:00"), on("HV02", "24T01:02:00")]),
        moved
    );
    assert_eq!(
        flags(&[host("HV01", 20348, 8, VM), on("HV02", "24T01:00:00")]),
        moved
    );
    // It ran here, then there, and here again.
    let back = [
        on("HV01", "22T01:00:00"),
        on("HV02", "23T01:00:00"),
        on("HV01", "24T01:00:00"),
    ];
    assert_eq!(flags(&back), twice);
    let (text, _) = text(&back, "vm-id-twice");
    assert!(
        text.starts_with("the VM's id ran on HV01 at 2025-11-22T01:00:00Z, on HV02 at"),
        "{text}"
    );
    // Nodes of one cluster, a replica, and a VM that is off are no copies.
    let clustered = |mut document: Json| {
        document["Cluster"] = json!({ "Name": "CLU1" });
        document
    };
    assert_eq!(flags(&back.clone().map(clustered)), moved);
    for (path, value) in [("ReplicationMode", 2), ("State", 3)] {
        let mut other = on("HV02", "24T01:00:30");
        other["VM"][path] = json!(value);
        assert_eq!(flags(&[on("HV01", "24T01:00:00"), other]), moved, "{path}");
    }
}

#[test]
fn a_record_of_an_id_that_is_there_twice_is_of_either() {
    let mut logged = at(host("HV01", 20348, 8, VM), "24T01:00:00");
    logged["Event"] = record("HV01", VM);
    let documents = [
        logged,
        at(host("HV02", 20348, 8, VM), "24T01:00:00"),
        guest(VM),
    ];
    assert_eq!(flags(&documents), (vec!["vm-id-twice"], Some(Trust::Guest)));
}

fn reported(vm: &str, change: impl Fn(&mut Report)) -> Item {
    let time = Timestamp(1_763_900_000_000);
    let mut report = Report::new(vm.parse().unwrap(), ReportedState::Activated, time);
    report.key = Some("78VHK".parse().unwrap());
    report.minutes_left = Some(4321);
    change(&mut report);
    report.to_item().unwrap()
}

/// A host whose VM shows these items of its own pool.
fn showing(items: &[Item]) -> Json {
    let instances = items.iter().map(|item| {
        format!(
            "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>{}</VALUE></PROPERTY><PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>{}</VALUE></PROPERTY><PROPERTY NAME=\"Source\" TYPE=\"uint16\"><VALUE>1</VALUE></PROPERTY></INSTANCE>",
            item.data, item.name
        )
    });
    let mut host = host("HV01", 20348, 8, VM);
    let instances: Vec<String> = instances.collect();
    host["Kvp"] = json!([{ "SystemName": VM, "EnabledState": 2, "GuestExchangeItems": instances }]);
    host
}

#[test]
fn a_report_is_shown_and_proves_nothing() {
    let item = reported(VM, |_| ());
    let documents = [showing(&[item])];
    let fleet = fleet(&documents);
    let audit = Audit::new(&fleet);
    let vm = &audit.vms[0];
    assert_eq!((vm.seen().as_str(), vm.trust), ("unknown", None));
    let ids: Vec<&str> = vm.findings().map(|finding| finding.rule).collect();
    assert!(ids.contains(&"guest-report"), "{ids:?}");
    assert_eq!(super::flags::ids(vm), [""; 0]);
}

#[test]
fn reports_that_can_not_be() {
    let of = |change: fn(&mut Report)| flags(&[showing(&[reported(VM, change)])]).0;
    assert_eq!(
        of(|report| report.minutes_left = Some(0)),
        ["report-impossible"]
    );
    assert_eq!(
        of(|report| report.minutes_left = Some(u32::MAX)),
        ["report-impossible"]
    );
    assert_eq!(of(|report| report.minutes_left = None), [""; 0]);
    assert_eq!(
        of(|report| report.state = ReportedState::NotActivated),
        [""; 0]
    );
    let copied = flags(&[showing(&[reported(OTHER, |_| ())])]).0;
    assert_eq!(copied, ["report-of-another-vm"]);
    let mut damaged = reported(VM, |_| ());
    damaged.data = damaged.data.replace("4321", "4322");
    assert_eq!(flags(&[showing(&[damaged])]).0, ["report-unreadable"]);
    let two = [
        reported(VM, |_| ()),
        reported(VM, |report| report.minutes_left = Some(1)),
    ];
    assert_eq!(flags(&[showing(&two)]).0, ["report-unreadable"]);
    // By a host that activates nobody.
    let mut documents = [
        showing(&[reported(VM, |report| report.host = Some("HV02".into()))]),
        host("HV02", 20348, 7, OTHER),
    ];
    documents[1].as_object_mut().unwrap().remove("VM");
    assert_eq!(flags(&documents).0, ["report-impossible"]);
}

/// What forbids it here and now says nothing of another host, or of the day of the report.
#[test]
fn a_report_of_another_host_or_day_is_not_impossible() {
    let shown = |host: Option<&'static str>, build: u32, licensed: bool| {
        let report = reported(VM, |report| report.host = host.map(str::to_owned));
        let mut document = showing(&[report]);
        document["OperatingSystem"]["BuildNumber"] = json!(build);
        if !licensed {
            document["Licensing"] = json!([]);
        }
        let guest = with(guest(VM), &[("/Licensing", json!([]))]);
        flags(&[document, guest]).0
    };
    // 2016 never activated a guest of 2022; HV02, of which nothing is known, may have.
    assert_eq!(shown(None, 14393, true), ["report-impossible"]);
    assert_eq!(shown(Some("HV01"), 14393, true), ["report-impossible"]);
    assert_eq!(shown(Some("HV02"), 14393, true), [""; 0]);
    // The host lapsed; the day before it had not.
    assert_eq!(shown(None, 20348, false), [""; 0]);
}

#[test]
fn a_report_of_a_key_that_was_replaced() {
    let note = Item {
        name: "Status".into(),
        data: "Ready".into(),
        source: None,
    };
    let showing = showing(&[reported(VM, |_| ()), note]);
    let replaced = |key: &str, channel: &str, time: &str| {
        let description = format!("Windows(R) Operating System, {channel} channel");
        let guest = with(
            guest(VM),
            &[
                ("/Licensing/0/PartialProductKey", json!(key)),
                ("/Licensing/0/Description", json!(description)),
            ],
        );
        [
            showing.clone(),
            if time.is_empty() {
                guest
            } else {
                at(guest, time)
            },
        ]
    };
    let (kms, mak) = ("VOLUME_KMSCLIENT", "VOLUME_MAK");
    for (key, channel, time) in [
        ("VMK7H", kms, "24T00:00:00"),
        ("7XK2C", mak, "24T00:00:00"),
        ("VMK7H", kms, ""),
    ] {
        let documents = replaced(key, channel, time);
        assert_eq!(flags(&documents).0, ["report-stale"], "{key}");
        let (_, remedy) = text(&documents, "report-stale");
        assert_eq!(
            remedy,
            format!("delete the item {NAME}; then look through its other 1: Status")
        );
    }
    // The report is the later one; another AVMA key is no replacement.
    assert_eq!(flags(&replaced("VMK7H", kms, "20T00:00:00")).0, [""; 0]);
    assert_eq!(flags(&[showing.clone(), guest(VM)]).0, [""; 0]);
}

/// In the history too.
#[test]
fn a_record_that_a_guest_hands_in_is_a_claim_of_the_ledger() {
    use avma::fleet::ledger::Sign;
    use avma::fleet::ledger::collected::joined;

    let signs = |documents: &[Json]| -> Vec<Sign> {
        let fleet = fleet(documents);
        let collected = joined(&fleet);
        collected
            .sightings()
            .map(|sighting| sighting.sign)
            .collect()
    };
    let mut logged = host("HV01", 20348, 8, VM);
    let mut forged = guest(VM);
    forged["Event"] = record("HV01", VM);
    assert_eq!(signs(&[logged.clone(), forged]), [Sign::ClaimedEvent]);
    logged["Event"] = record("HV01", VM);
    assert_eq!(signs(&[logged, guest(VM)]), [Sign::HostEvent]);
}
