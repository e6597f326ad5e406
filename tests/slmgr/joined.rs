//! The text of slmgr beside other documents.

use super::*;
use avma::observe::inventory::{Fleet, JoinedBy};
use avma::observe::value::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

const HOST: &str = r#"{"OperatingSystem":{"CSName":"HV01"},
    "VM":{"Name":"web01","VMId":"a1a1a1a1-0000-4000-8000-000000000001","State":2}}"#;
const WITHOUT: &str = r#"{"OperatingSystem":{"CSName":"WEB01","OperatingSystemSKU":7}}"#;
const WITH: &str = r#"{"OperatingSystem":{"CSName":"WEB01","OperatingSystemSKU":7},
    "Licensing":{"LicenseStatus":5,"PartialProductKey":"78VHK"}}"#;

/// Every order of the documents gives the same fleet, documents' numbers aside.
fn joined(documents: &[&str], name: Option<&str>) -> Fleet {
    let text = sample("slmgr-dlv.txt");
    let mut first = None;
    for place in 0..=documents.len() {
        let mut inventory = Inventory::new();
        for (index, document) in documents.iter().enumerate() {
            if index == place {
                inventory.add_slmgr(name, &text);
            }
            inventory.add(&json(document));
        }
        if place == documents.len() {
            inventory.add_slmgr(name, &text);
        }
        let fleet = inventory.join();
        let known = |fleet: &Fleet| -> Vec<_> {
            let rows = fleet.vms.iter();
            rows.map(|row| {
                let count = row.earlier_guests.len();
                (
                    row.host,
                    row.joined_by,
                    row.observation(),
                    row.facts(),
                    count,
                )
            })
            .collect()
        };
        let first = first.get_or_insert_with(|| known(&fleet));
        assert_eq!(*first, known(&fleet), "{place}");
        if place == documents.len() {
            return fleet;
        }
    }
    unreachable!()
}

#[test]
fn a_named_text_is_the_licence_of_its_vm() {
    for (documents, count) in [
        (&[HOST][..], 0),
        (&[HOST, WITHOUT], 0),
        (&[HOST, WITH], 1),
        (&[WITHOUT], 0),
        (&[WITH], 1),
    ] {
        let fleet = joined(documents, Some("WEB01"));
        assert_eq!(fleet.vms.len(), 1, "{documents:?}");
        let row = &fleet.vms[0];
        assert_eq!(row.earlier_guests.len(), count);
        let by = documents.contains(&HOST).then_some(JoinedBy::VmName);
        assert_eq!(row.joined_by, by);
        // What WMI says comes first.
        let status = if count == 0 {
            LicenseStatus::Licensed
        } else {
            LicenseStatus::Notification
        };
        assert_eq!(row.observation().status, Some(status), "{documents:?}");
        // The name of the licence, or the export's own SKU.
        let named = count == 0 || documents.iter().any(|document| document.contains("SKU"));
        let product = row.identity().products().known_element();
        assert_eq!(product, named.then_some(avma::Product::Standard));
        // The build in the text counts where there is no export.
        let exported = documents.iter().any(|document| document.contains("SKU"));
        let release = row.identity().release();
        assert_eq!(release.is_some(), !exported, "{documents:?}");
    }
}

/// The VM has another name on its host; the export knows the VM's id.
#[test]
fn a_text_goes_where_the_export_of_its_computer_went() {
    let export = r#"{"OperatingSystem":{"CSName":"APP"},
        "Parameters":{"VirtualMachineId":"a1a1a1a1-0000-4000-8000-000000000001"}}"#;
    let fleet = joined(&[HOST, export], Some("app"));
    assert_eq!(fleet.vms.len(), 1);
    assert_eq!(fleet.vms[0].joined_by, Some(JoinedBy::Id));
    assert_eq!(fleet.vms[0].observation().seen(), Seen::Avma);
}

/// Two VMs whose guests have one name, as a copy and its original: whose text it is cannot be told.
#[test]
fn a_text_of_a_name_that_two_guests_have_stands_alone() {
    let host = r#"{"OperatingSystem":{"CSName":"HV01"},"VM":[
        {"Name":"x","VMId":"a1a1a1a1-0000-4000-8000-000000000001","State":2},
        {"Name":"y","VMId":"a1a1a1a1-0000-4000-8000-000000000002","State":2}]}"#;
    let guest = |id: u8| {
        format!(
            r#"{{"OperatingSystem":{{"CSName":"APP"}},
            "Parameters":{{"VirtualMachineId":"a1a1a1a1-0000-4000-8000-00000000000{id}"}}}}"#
        )
    };
    let fleet = joined(&[host, &guest(1), &guest(2)], Some("app"));
    assert_eq!(fleet.vms.len(), 3);
    let seen: Vec<_> = fleet
        .vms
        .iter()
        .map(|row| row.observation().seen())
        .collect();
    assert_eq!(seen, [Seen::Unknown, Seen::Unknown, Seen::Avma]);
}

#[test]
fn an_unnamed_text_stands_alone() {
    let fleet = joined(&[HOST, WITHOUT], None);
    assert_eq!(fleet.vms.len(), 2);
    assert_eq!(fleet.vms[1].name(), None);
    assert_eq!(fleet.vms[1].observation().seen(), Seen::Avma);
    assert_eq!(fleet.vms[0].observation(), Observation::default());
}
