//! The sample inventories, field by field.
#![cfg(all(feature = "serde", feature = "xml", feature = "observe"))]

mod guests;
mod hosts;

use std::fs;
use std::path::Path;

use avma::encoding::{TextError, decode};
use avma::observe::code::{
    EnabledState, GroupState, NodeState, OperationalStatus, ReplicationMode, ServiceStatus, VmState,
};
use avma::observe::fault::{Fault, FaultKind};
use avma::observe::inventory::{
    Fleet, GuestRecord, HostRecord, Inventory, JoinedBy, Listing, Records, VmRecord, read,
};
use avma::observe::kvp::GuestSystem;
use avma::observe::licensing::{LicensingProduct, PartialKey, WINDOWS};
use avma::observe::value::{Value, When};
use avma::observe::wmi::ClusterNode;
use avma::time::Timestamp;
use avma::{HResult, LastFive, LicenseChannel, LicenseStatus, VmId};

fn bytes(file: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    fs::read(folder.join(file)).unwrap()
}

fn document(file: &str) -> Value {
    json(&decode(&bytes(file)).unwrap())
}

fn sample(file: &str) -> Records {
    read(&document(file))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[track_caller]
fn only_host(records: Records) -> HostRecord {
    assert_eq!(records.faults, []);
    assert!(records.guests.is_empty() && records.clusters.is_empty() && records.kvp.is_empty());
    let [host] = <[HostRecord; 1]>::try_from(records.hosts).unwrap();
    host
}

#[track_caller]
fn only_guest(records: Records) -> GuestRecord {
    assert_eq!(records.faults, []);
    assert!(records.hosts.is_empty() && records.clusters.is_empty() && records.kvp.is_empty());
    let [guest] = <[GuestRecord; 1]>::try_from(records.guests).unwrap();
    guest
}

fn vm_id(last: u128) -> VmId {
    VmId(0xa1a1_a1a1_0000_4000_8000_0000_0000_0000 + last)
}

fn last_five(text: &str) -> PartialKey {
    PartialKey::LastFive(LastFive::parse(text).unwrap())
}

fn time(text: &str) -> When {
    When::At(text.parse().unwrap())
}

fn fault(place: &str, kind: FaultKind) -> Fault {
    Fault {
        document: 0,
        place: place.to_owned(),
        kind,
    }
}

#[test]
fn all_samples_together_make_one_fleet() {
    let mut inventory = Inventory::new();
    for file in [
        "guest-two-rows.ps51.json",
        "guest-eval.ps7.json",
        "guest-azure.ps7.json",
        "guest-remoted.ps51.json",
        "cluster.ps51.json",
        "guest-avma.ps51.json",
        "host.ps51.json",
        "host-one-vm.ps51.json",
        "kvp.ps7.json",
    ] {
        inventory.add(&document(file));
    }
    let Fleet {
        hosts,
        earlier_hosts,
        vms,
        clusters,
        events,
        other_events,
        faults,
    } = inventory.join();
    assert_eq!(faults, []);
    assert_eq!((events.len(), other_events), (1, 0));
    assert!(earlier_hosts.is_empty());
    assert_eq!(hosts.len(), 2);
    assert_eq!(clusters.len(), 1);
    let rows: Vec<_> = vms
        .iter()
        .map(|row| (row.name().unwrap(), row.host, row.joined_by, row.group))
        .collect();
    let by = Some(JoinedBy::DomainName);
    assert_eq!(
        rows,
        [
            ("web01", Some(0), by, Some((0, 0))),
            ("app12r2", Some(0), by, None),
            ("db25", Some(0), None, Some((0, 1))),
            ("lin01", Some(0), None, None),
            ("eval19", Some(0), by, None),
            ("off01", Some(0), None, Some((0, 2))),
            ("nokvp", Some(0), None, None),
            ("core16", Some(1), None, None),
            ("WEB02", None, None, None),
            ("MOVED01", None, None, None),
        ]
    );
}
