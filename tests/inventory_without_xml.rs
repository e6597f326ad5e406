//! An inventory in a program that has no reader of CIM-XML.
#![cfg(all(feature = "serde", feature = "observe", not(feature = "xml")))]

use avma::observe::fault::FaultKind;
use avma::observe::inventory::{Listing, read};
use avma::observe::value::Value;

#[test]
fn items_are_said_not_to_be_read_once_and_all_else_is_read() {
    let document: Value = serde_json::from_str(
        r#"{"VM":[{"Name":"a","VMId":"a1a1a1a1-0000-4000-8000-000000000001","State":2}],
            "Kvp":[{"SystemName":"A1A1A1A1-0000-4000-8000-000000000001","EnabledState":2,
                    "GuestIntrinsicExchangeItems":["<INSTANCE/>","<INSTANCE/>"],"GuestExchangeItems":["<INSTANCE/>"]}]}"#,
    )
    .unwrap();
    let records = read(&document);
    assert_eq!(records.faults.len(), 1);
    assert_eq!(records.faults[0].kind, FaultKind::KvpNotRead);
    let vm = &records.hosts[0].vms.as_ref().unwrap()[0];
    assert_eq!(vm.name(), Some("a"));
    assert_eq!(vm.data_exchange_on(), Some(true));
    assert_eq!(vm.kvp.as_ref().unwrap().intrinsic, Listing::Listed);
    assert_eq!(vm.system(), None);
}

#[test]
fn events_as_xml_are_said_not_to_be_read_once_and_those_as_json_are() {
    let document: Value = serde_json::from_str(
        r#"{"VM":[],"Event":["<Event/>","<Event/>",
            {"Id":12310,"ProviderName":"Microsoft-Windows-Security-SPP","Properties":[{"Value":"x"}]}]}"#,
    )
    .unwrap();
    let records = read(&document);
    assert_eq!(records.faults.len(), 1);
    assert_eq!(records.faults[0].kind, FaultKind::EventsNotRead);
    assert_eq!(records.faults[0].place, "Event[0]");
    assert_eq!(records.hosts[0].events.len(), 1);
    // A document of them alone too.
    let document: Value = serde_json::from_str(r#"["<Event/>","<Event/>"]"#).unwrap();
    let records = read(&document);
    assert_eq!(records.faults.len(), 1);
    assert_eq!(records.faults[0].kind, FaultKind::EventsNotRead);
}
