//! What a reader of inventories does beyond the quirks: it keeps going, says where, and keeps no key.
#![cfg(all(feature = "serde", feature = "xml", feature = "observe"))]

use avma::observe::fault::FaultKind;
use avma::observe::inventory::{HostRecord, Records, read};
use avma::observe::licensing::PartialKey;
use avma::observe::value::{Number, Value};
use proptest::prelude::*;

const ID: &str = "a1a1a1a1-0000-4000-8000-000000000001";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn records(text: &str) -> Records {
    read(&json(text))
}

#[track_caller]
fn host(text: &str) -> HostRecord {
    let mut records = records(text);
    assert_eq!(records.faults, []);
    assert_eq!(records.hosts.len(), 1);
    records.hosts.remove(0)
}

#[test]
fn a_whole_product_key_is_never_kept() {
    let key = "BBBBB-CCCCC-DDDDD-FFFFF-GGGGN";
    let records = records(&format!(
        r#"{{"Licensing":[{{"LicenseIsAddon":false,"PartialProductKey":"{key}"}}]}}"#
    ));
    let kept = records.guests[0].windows_row().unwrap().partial_key;
    assert_eq!(kept, PartialKey::NotALastFive { bytes: 29 });
    assert_eq!(
        records.faults[0].kind,
        FaultKind::NotALastFive { bytes: 29 }
    );
    assert!(!format!("{records:?}{}", records.faults[0]).contains("BBBBB"));
}

#[test]
fn items_that_somebody_wrote_do_not_describe_the_system() {
    let item = |name: &str, data: &str, source: &str| {
        format!(
            "<INSTANCE CLASSNAME='Msvm_KvpExchangeDataItem'><PROPERTY NAME='Name'><VALUE>{name}</VALUE></PROPERTY>\
                 <PROPERTY NAME='Data'><VALUE>{data}</VALUE></PROPERTY>{source}</INSTANCE>"
        )
    };
    let source =
        |source: u16| format!("<PROPERTY NAME='Source'><VALUE>{source}</VALUE></PROPERTY>");
    let text = format!(
        r#"[{{"SystemName":"{ID}","GuestIntrinsicExchangeItems":["{}","{}","{}","{}","<INSTANCE"],"GuestExchangeItems":["{}"]}}]"#,
        item("OSName", "claimed", &source(1)),
        item("OSVersion", "10.0.20348", ""),
        item("OSEditionId", "7", &source(2)),
        item("OSEditionId", "8", &source(2)),
        item("OSBuildNumber", "1", &source(2)),
    );
    let records = records(&text);
    let kvp = &records.kvp[0];
    assert_eq!(kvp.system.os_name, None);
    assert_eq!(kvp.system.os_version.as_deref(), Some("10.0.20348"));
    assert_eq!((kvp.system.sku(), kvp.system.build()), (None, None));
    assert_eq!(kvp.system.others.len(), 2);
    assert_eq!(kvp.claims.len(), 2);
    let places: Vec<_> = records.faults.iter().map(|f| f.place.as_str()).collect();
    assert_eq!(
        places,
        [
            "[0].GuestIntrinsicExchangeItems[3]",
            "[0].GuestIntrinsicExchangeItems[4]"
        ]
    );
    assert_eq!(records.faults[0].kind, FaultKind::KvpTwice);
    assert!(matches!(records.faults[1].kind, FaultKind::KvpItem(_)));
}

#[test]
fn a_name_that_could_not_be_looked_up_is_no_name() {
    let system = |fqdn: &str| avma::observe::kvp::GuestSystem {
        fully_qualified_domain_name: Some(fqdn.to_owned()),
        ..Default::default()
    };
    assert_eq!(system("a.example.test").host_name(), Some("a.example.test"));
    assert_eq!(system("").host_name(), None);
    assert_eq!(
        system("getaddrinfo failed: 0xfffffffe Name or service not known").host_name(),
        None
    );
}

#[test]
fn a_fault_never_loses_the_rest() {
    let records = records(&format!(
        r#"{{"VM":[7,{{"VMId":"nonsense","Name":"a","State":"Frobnicating"}},{{"VMId":"{ID}","Name":"b","State":2}}],
            "OperatingSystem":{{"CSName":["x","y"],"OperatingSystemSKU":8}},"Collected":[true,false]}}"#
    ));
    let faults: Vec<_> = records.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "Collected: not a date",
            "OperatingSystem.CSName: not a text",
            "VM[0]: not an object with properties",
            "VM[1].VMId: not a GUID: a GUID has 36 characters, this text has 8 bytes",
            "VM[1].State: neither a number nor a known name of this enumeration",
        ]
    );
    let host = &records.hosts[0];
    assert_eq!(host.operating_system.as_ref().unwrap().sku, Some(8));
    let names: Vec<_> = host.vms.iter().flatten().map(|vm| vm.name()).collect();
    assert_eq!(names, [Some("a"), Some("b")]);
}

#[test]
fn what_is_no_known_block_is_said_so() {
    let unknown = FaultKind::UnknownBlock;
    for text in ["7", "\"text\"", r#"{"a":{"b":[1]}}"#, "[1,2]"] {
        let faults = records(text).faults;
        assert_eq!((faults.len(), faults[0].kind), (1, unknown), "{text}");
    }
    let mixed = records(r#"[{"VM":[]},{"a":1},{"CSName":"A"}]"#);
    assert_eq!((mixed.hosts.len(), mixed.guests.len()), (1, 1));
    assert_eq!(mixed.faults.len(), 1);
    assert_eq!(mixed.faults[0].place, "[1]");
    let named = records(r#"{"HV01":{"VM":[]},"note":"x","HV02":{"VM":[]}}"#);
    assert_eq!((named.hosts.len(), named.faults.len()), (2, 0));
    assert_eq!(named.hosts[1].place, "HV02");
}

#[test]
fn hyper_v_not_installed_is_still_a_host() {
    let without = host(r#"{"Feature":{"Name":"Hyper-V","Installed":false}}"#);
    assert_eq!((without.hyper_v, without.vms), (Some(false), None));
    let several = host(
        r#"{"Feature":[{"Name":"DHCP","Installed":true},{"Name":"Hyper-V","Installed":false}]}"#,
    );
    assert_eq!(several.hyper_v, Some(false));
    assert_eq!(host(r#"{"Feature":null}"#).hyper_v, None);
}

#[test]
fn cores_are_the_sum_of_all_sockets_or_not_known() {
    let cores = |sockets: &str| host(&format!(r#"{{"VM":[],"Processor":{sockets}}}"#)).cores();
    assert_eq!(
        cores(r#"[{"NumberOfCores":16},{"NumberOfCores":"16"}]"#),
        Some(32)
    );
    assert_eq!(cores(r#"[{"NumberOfCores":16},{"DeviceID":"CPU1"}]"#), None);
    assert_eq!(cores("[]"), None);
    assert_eq!(
        cores(r#"[{"NumberOfCores":4294967295},{"NumberOfCores":1}]"#),
        None
    );
}

#[test]
fn a_tree_is_bounded_in_depth() {
    use serde::Deserialize;
    use serde::de::IntoDeserializer;
    // serde_json has a bound of its own; a format without one meets the tree's.
    #[derive(Clone)]
    struct Endless;
    impl<'de> serde::Deserializer<'de> for Endless {
        type Error = serde::de::value::Error;
        fn deserialize_any<V: serde::de::Visitor<'de>>(
            self,
            v: V,
        ) -> Result<V::Value, Self::Error> {
            v.visit_seq(serde::de::value::SeqDeserializer::new(std::iter::once(
                self,
            )))
        }
        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }
    impl IntoDeserializer<'_, serde::de::value::Error> for Endless {
        type Deserializer = Self;
        fn into_deserializer(self) -> Self {
            self
        }
    }
    assert!(Value::deserialize(Endless).is_err());
}

/// Trees with the property names that are known, so that they reach the readers.
fn tree() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "VM",
        "Feature",
        "Kvp",
        "Cluster",
        "Node",
        "Group",
        "OperatingSystem",
        "Licensing",
        "VMId",
        "State",
        "Name",
        "CSName",
        "SystemName",
        "GuestIntrinsicExchangeItems",
        "EnabledState",
        "IntegrationService",
        "Id",
        "Enabled",
        "value",
        "Value",
        "Count",
        "PartialProductKey",
        "LicenseStatus",
        "PSComputerName",
        "CimInstanceProperties",
        "Major",
        "Minor",
        "Collected",
        "PossibleOwner",
        "VirtualMachineId",
        "Event",
        "ProviderName",
        "other",
    ]);
    let text = prop::sample::select(vec![
        "",
        ID,
        "WEB01",
        "HV01",
        "2",
        "@{a=1}",
        "System.Object[]",
        "<INSTANCE",
        "<Event/>",
        "2025-11-24T00:00:00Z",
        "BBBBB-CCCCC",
        "Running",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|n| Value::Number(Number::Integer(n.into()))),
        any::<f64>().prop_map(|n| Value::Number(Number::Float(n))),
        text.prop_map(|text| Value::Text(text.to_owned())),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::vec((name.clone().prop_map(str::to_owned), inner), 0..6)
                .prop_map(Value::Object),
        ]
    })
}

proptest! {
    #[test]
    fn any_tree_is_read_or_refused(documents in prop::collection::vec(tree(), 0..4)) {
        let mut inventory = avma::observe::inventory::Inventory::new();
        for document in &documents {
            let records = read(document);
            // Nothing is dropped in silence.
            prop_assert_ne!(&records, &Records::default());
            inventory.add(document);
        }
        let fleet = inventory.join();
        for row in &fleet.vms {
            prop_assert!(row.vm.is_some() || row.guest.is_some());
            prop_assert!(row.host.is_none_or(|host| host < fleet.hosts.len()));
        }
    }
}
