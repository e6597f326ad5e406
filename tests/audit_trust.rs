//! Forgery: whatever a guest writes into its key-value items, and whatever events it hands in with
//! its export, what was seen of it is never trusted more than without.
#![cfg(all(feature = "serde", feature = "xml", feature = "fleet"))]

use std::collections::BTreeMap;

use avma::assess::Trust;
use avma::fleet::audit::Audit;
use avma::kvp::Item;
use avma::observe::inventory::{Fleet, Inventory};
use avma::observe::report::{Report, ReportedState};
use avma::time::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

/// The ids of three VMs, and one that no host lists.
fn id(number: usize) -> String {
    format!("a1a1a1a1-0000-4000-8000-{number:012}")
}

/// Builds and SKUs of the hosts: one that activates most, an old one, one that activates nobody.
const HOSTS: [(u32, u32); 3] = [(20348, 8), (14393, 8), (20348, 7)];
const NAMES: [&str; 4] = ["web01", "db01", "app01", "x01"];

/// What is there without any forgery.
#[derive(Clone, Debug)]
struct World {
    /// Of each VM its host, its name, and whether the host holds a record of it.
    vms: Vec<(usize, usize, bool)>,
    exports: Vec<Export>,
}

#[derive(Clone, Debug)]
struct Export {
    name: usize,
    /// The VM's id, where the export has it.
    id: Option<usize>,
    domain: Option<&'static str>,
    build: Option<u32>,
    sku: u32,
}

/// What a guest adds.
#[derive(Clone, Debug, Default)]
struct Forgery {
    /// For each VM its items: pool, name, value.
    items: Vec<Vec<(bool, String, String)>>,
    /// For each export its events: id, computer, payload.
    events: Vec<Vec<(u32, &'static str, String)>>,
    /// For each export a raw exchange of any VM.
    exchange: Vec<Option<usize>>,
    /// Whether the events come in a document of their own within the export's file.
    apart: bool,
}

fn world() -> impl Strategy<Value = World> {
    let vms = vec((0..3_usize, 0..2_usize, any::<bool>()), 3);
    let build = select(vec![
        None,
        Some(14393),
        Some(17763),
        Some(20348),
        Some(26100),
    ]);
    let export = (
        prop::option::of(0..4_usize),
        select(vec![None, Some("example.test"), Some("other.test")]),
        build,
        select(vec![7, 8, 79]),
    );
    let exports = vec(export, 2).prop_map(|exports| {
        // Each of another name, so that each keeps a row of its own.
        let exports = exports.into_iter().enumerate();
        exports
            .map(|(name, (id, domain, build, sku))| Export {
                name,
                id,
                domain,
                build,
                sku,
            })
            .collect()
    });
    (vms, exports).prop_map(|(vms, exports)| World { vms, exports })
}

fn report() -> impl Strategy<Value = (String, String)> {
    let states = select(ReportedState::ALL);
    (0..4_usize, states, any::<Option<u32>>()).prop_map(|(vm, state, minutes)| {
        let mut report = Report::new(id(vm).parse().unwrap(), state, Timestamp(1_764_000_000_000));
        report.host = Some("HV0".into());
        report.key = Some("78VHK".parse().unwrap());
        report.minutes_left = minutes;
        let item = report.to_item().unwrap();
        (item.name, item.data)
    })
}

fn item() -> impl Strategy<Value = (bool, String, String)> {
    let fqdn = select(vec![
        "web01.example.test",
        "db01.example.test",
        "WEB01.other.test",
        "web01",
        "db01",
        "HV0",
    ]);
    let text = |text: &str| text.to_owned();
    let known = prop_oneof![
        4 => fqdn.prop_map(move |name| (text("FullyQualifiedDomainName"), text(name))),
        2 => select(vec!["14393", "17763", "20348", "26100", "9600"])
            .prop_map(move |build| (text("OSBuildNumber"), text(build))),
        2 => select(vec!["7", "8", "79", "407", "48"])
            .prop_map(move |sku| (text("OSEditionId"), text(sku))),
        1 => select(vec!["Windows Server 2022 Standard", "Windows Server 2016 Datacenter", "Linux"])
            .prop_map(move |name| (text("OSName"), text(name))),
        1 => select(vec!["1", "2", "3"]).prop_map(move |kind| (text("ProductType"), text(kind))),
        2 => report(),
        1 => ("[A-Za-z]{0,12}", "[ -~]{0,20}"),
    ];
    (any::<bool>(), known).prop_map(|(intrinsic, (name, data))| (intrinsic, name, data))
}

fn forgery() -> impl Strategy<Value = Forgery> {
    let computer = select(vec!["HV0", "HV1.example.test", "HV2", "web01", "NOBODY"]);
    let payload = (0..4_usize).prop_map(id);
    let payload = prop_oneof![3 => payload, 1 => Just("0xC004FD02".to_owned())];
    let event = (select(vec![12309_u32, 12310]), computer, payload);
    (
        vec(vec(item(), 0..5), 3),
        vec(vec(event, 0..3), 2),
        vec(prop::option::of(0..4_usize), 2),
        any::<bool>(),
    )
        .prop_map(|(items, events, exchange, apart)| Forgery {
            items,
            events,
            exchange,
            apart,
        })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn instance((intrinsic, name, data): &(bool, String, String)) -> Json {
    let source = if *intrinsic {
        Item::GUEST_INTRINSIC
    } else {
        Item::GUEST
    };
    let (name, data) = (escaped(name), escaped(data));
    json!(format!(
        r#"<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Data" TYPE="string"><VALUE>{data}</VALUE></PROPERTY><PROPERTY NAME="Name" TYPE="string"><VALUE>{name}</VALUE></PROPERTY><PROPERTY NAME="Source" TYPE="uint16"><VALUE>{source}</VALUE></PROPERTY></INSTANCE>"#
    ))
}

fn exchange(vm: usize, items: &[(bool, String, String)]) -> Json {
    let of = |intrinsic| -> Vec<Json> {
        let items = items.iter().filter(|item| item.0 == intrinsic);
        items.map(instance).collect()
    };
    json!({
        "SystemName": id(vm), "EnabledState": 2, "OperationalStatus": [2],
        "GuestIntrinsicExchangeItems": of(true), "GuestExchangeItems": of(false),
    })
}

fn event(id: u32, computer: &str, record: usize, payload: &str) -> Json {
    json!(format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='Microsoft-Windows-Security-SPP'/><EventID>{id}</EventID>\
         <TimeCreated SystemTime='2025-11-24T00:00:{record:02}Z'/>\
         <EventRecordID>{record}</EventRecordID><Channel>Application</Channel>\
         <Computer>{computer}</Computer></System><EventData><Data>{payload}</Data></EventData></Event>"
    ))
}

fn fleet(world: &World, forgery: &Forgery) -> Fleet {
    let mut inventory = Inventory::new();
    let add = |inventory: &mut Inventory, document: Json| {
        inventory.add(&serde_json::from_value(document).unwrap())
    };
    for (host, (build, sku)) in HOSTS.iter().enumerate() {
        let vms = || {
            let vms = world.vms.iter().enumerate();
            vms.filter(move |(_, vm)| vm.0 == host)
        };
        let (mut machines, mut exchanges, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for (vm, (_, name, recorded)) in vms() {
            machines.push(json!({ "Name": NAMES[*name], "VMId": id(vm), "State": 2 }));
            let items = forgery.items.get(vm);
            exchanges.push(exchange(vm, items.map_or(&[], Vec::as_slice)));
            if *recorded {
                records.push(event(12310, &format!("HV{host}"), vm, &id(vm)));
            }
        }
        let document = json!({
            "OperatingSystem": { "CSName": format!("HV{host}"), "BuildNumber": build, "OperatingSystemSKU": sku },
            "Feature": { "Name": "Hyper-V", "Installed": true },
            "Licensing": [{ "Description": "Windows(R) Operating System, VOLUME_MAK channel",
                "LicenseIsAddon": false, "LicenseStatus": 1, "PartialProductKey": "7XK2C" }],
            "VM": machines, "Kvp": exchanges, "Event": records,
        });
        add(&mut inventory, document);
    }
    for (place, export) in world.exports.iter().enumerate() {
        let name = NAMES[export.name];
        let mut document = json!({
            "OperatingSystem": { "CSName": name.to_uppercase(), "OperatingSystemSKU": export.sku },
            "ComputerSystem": { "Name": name.to_uppercase() },
            "Licensing": [{ "Description": "Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel",
                "LicenseIsAddon": false, "LicenseStatus": 1, "PartialProductKey": "78VHK" }],
        });
        if let Some(build) = export.build {
            document["OperatingSystem"]["BuildNumber"] = json!(build);
        }
        if let Some(domain) = export.domain {
            document["ComputerSystem"]["Domain"] = json!(domain);
        }
        if let Some(vm) = export.id {
            document["Parameters"] = json!({ "VirtualMachineId": id(vm) });
        }
        let forged: Vec<Json> = forgery
            .events
            .get(place)
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(record, (id, computer, payload))| event(*id, computer, 50 + record, payload))
            .collect();
        if !forgery.apart {
            document["Event"] = json!(forged);
        }
        if let Some(Some(vm)) = forgery.exchange.get(place) {
            document["Kvp"] = json!([exchange(*vm, &forgery.items[0])]);
        }
        let first = add(&mut inventory, document);
        if forgery.apart {
            add(&mut inventory, json!(forged));
        } else {
            // So that a document has the same number in both.
            add(&mut inventory, json!([]));
        }
        inventory.end_of_file(first);
    }
    inventory.join()
}

/// The trust in what each export shows, by the number of its document.
fn trusts(fleet: &Fleet) -> BTreeMap<usize, Trust> {
    let audit = Audit::new(fleet);
    let of =
        |vm: &avma::fleet::audit::VmLine<'_>| Some((vm.row.guest.as_ref()?.document, vm.trust?));
    audit.vms.iter().filter_map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn no_forgery_raises_a_trust(world in world(), forgery in forgery()) {
        let without = trusts(&fleet(&world, &Forgery::default()));
        let with = trusts(&fleet(&world, &forgery));
        for (document, trust) in with {
            // Of two exports of one VM one has the row; the other is as good as a guest's word.
            let before = without.get(&document).copied().unwrap_or(Trust::Guest);
            prop_assert!(
                trust as u8 >= before as u8,
                "document {}: {} before, {} after", document, before, trust
            );
        }
    }
}
