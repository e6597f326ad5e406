//! Events in an inventory: which are kept, whose they are, and what they are worth.

use avma::assess::{Trust, assess};
use avma::observe::fault::FaultKind;
use avma::observe::inventory::{Fleet, Inventory, VmRow, read as read_document};

use super::*;

fn id(number: u32) -> String {
    format!("a1a1a1a1-0000-4000-8000-{number:012}")
}

/// What is said of an event, all else being alike.
#[derive(Clone, Copy)]
struct Told<'a> {
    id: u32,
    computer: &'a str,
    record: u64,
    second: u32,
    data: &'a [&'a str],
}

impl Default for Told<'_> {
    fn default() -> Self {
        Self {
            id: 12310,
            computer: "HV01.example.test",
            record: 1,
            second: 0,
            data: &[],
        }
    }
}

impl Told<'_> {
    fn event(self) -> Event {
        Event {
            id: EventId(self.id),
            computer: Some(self.computer.to_owned()),
            record_id: Some(self.record),
            time: at(&format!("2025-11-24T00:00:{:02}Z", self.second)),
            ..event_of(self.data)
        }
    }

    fn xml(self) -> String {
        self.event().to_xml().unwrap()
    }

    fn undated(self) -> Event {
        Event {
            time: When::Unknown,
            ..self.event()
        }
    }
}

/// A host of 2022 with one VM, activated by KMS.
fn host(name: &str, vm: &str, event: &str) -> String {
    format!(
        r#"{{"OperatingSystem":{{"CSName":"{name}","Caption":"Microsoft Windows Server 2022 Datacenter","BuildNumber":"20348","OperatingSystemSKU":8}},
            "ComputerSystem":{{"Name":"{name}","Domain":"example.test"}},
            "Feature":{{"Name":"Hyper-V","Installed":true}},
            "Licensing":[{{"Description":"Windows(R) Operating System, VOLUME_KMSCLIENT channel","LicenseIsAddon":false,"LicenseStatus":1,"PartialProductKey":"6VM33"}}],
            "VM":{{"Name":"web01","VMId":"{vm}","State":2}},
            "IntegrationService":{{"VMId":"{vm}","Id":"Microsoft:X\\2A34B1C2-FD73-4043-8A5B-DD2159BC743F","Enabled":true,"PrimaryOperationalStatus":2}},
            "Event":{event}}}"#
    )
}

/// A guest of 2022 that says that AVMA activated it.
fn guest(name: &str, domain: &str, vm: &str) -> String {
    format!(
        r#"{{"OperatingSystem":{{"CSName":"{name}","Caption":"Microsoft Windows Server 2022 Standard","BuildNumber":"20348","OperatingSystemSKU":7}},
            "ComputerSystem":{{"Name":"{name}","Domain":"{domain}"}},
            "Service":{{"Name":"vmickvpexchange","Status":4}},
            "Parameters":{{"VirtualMachineId":"{vm}"}},
            "Licensing":[{{"Description":"Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel","LicenseIsAddon":false,"LicenseStatus":1,"PartialProductKey":"78VHK"}}]}}"#
    )
}

fn join(documents: &[String], found: &[Event]) -> Fleet {
    let mut inventory = Inventory::new();
    for document in documents {
        let value: Value = serde_json::from_str(document).unwrap();
        inventory.add(&value);
    }
    inventory.add_events(found.iter().cloned().map(Ok));
    inventory.join()
}

fn records(fleet: &Fleet, row: &VmRow) -> (Vec<u64>, Vec<u64>) {
    let number = |record: &avma::observe::inventory::EventRecord| record.event.record_id.unwrap();
    (
        fleet.host_events(row).map(number).collect(),
        fleet.guest_events(row).map(number).collect(),
    )
}

/// The trust in the only row of a fleet with these events.
#[track_caller]
fn trust(found: &[Event]) -> Option<Trust> {
    let documents = [host("HV01", VM, "[]"), guest("WEB01", "example.test", VM)];
    let fleet = join(&documents, found);
    trust_of(&fleet)
}

#[track_caller]
fn trust_of(fleet: &Fleet) -> Option<Trust> {
    let [row] = fleet.vms.as_slice() else {
        panic!("{:?}", fleet.vms);
    };
    let host = fleet.hosts[row.host.unwrap()].facts();
    let assessment = assess(&host, &row.facts(), &row.observation());
    fleet.trust(row, &assessment)
}

#[test]
fn events_of_others_are_counted_and_not_kept() {
    let other = Told {
        id: 12288,
        ..Told::default()
    };
    let foreign = Event {
        provider: Some("Other".to_owned()),
        ..Told::default().event()
    };
    let unknown = Event {
        provider: None,
        ..Told::default().event()
    };
    let mut inventory = Inventory::new();
    let all = [Told::default().event(), other.event(), foreign, unknown];
    assert_eq!(inventory.add_events(all.into_iter().map(Ok)), 0);
    let block = serde_json::to_string(&[
        other.xml(),
        Told {
            record: 2,
            ..Told::default()
        }
        .xml(),
    ])
    .unwrap();
    let value: Value = serde_json::from_str(&host("HV01", VM, &block)).unwrap();
    assert_eq!(inventory.add(&value), 1);
    let records = inventory.records();
    assert_eq!((records.events.len(), records.other_events), (1, 2));
    assert_eq!(
        (records.hosts[0].events.len(), records.hosts[0].other_events),
        (1, 1)
    );
    let faults: Vec<_> = records
        .faults
        .iter()
        .map(|fault| (fault.document, fault.kind))
        .collect();
    assert_eq!(faults, [(0, FaultKind::EventWithoutProvider)]);
    let fleet = inventory.join();
    assert_eq!((fleet.events.len(), fleet.other_events), (2, 3));
    assert!(fleet.hosts[0].events.is_empty());
    let documents: Vec<_> = fleet.events.iter().map(|record| record.document).collect();
    assert_eq!(documents, [0, 1]);
}

#[test]
fn documents_of_events_and_their_faults() {
    let mut inventory = Inventory::new();
    let text = format!(
        "{}<Event>{}",
        Told::default().xml(),
        Told {
            record: 2,
            ..Told::default()
        }
        .xml()
    );
    assert_eq!(inventory.add_events(events(&text)), 0);
    assert_eq!(inventory.add_events([]), 1);
    let list = serde_json::to_string(&[text.as_str(), "<EventLog/>", "<Event a"]).unwrap();
    let value: Value = serde_json::from_str(&list).unwrap();
    assert_eq!(inventory.add(&value), 2);
    let records = inventory.records();
    let found: Vec<_> = records
        .events
        .iter()
        .map(|record| (record.document, record.place.as_str()))
        .collect();
    assert_eq!(found, [(0, ""), (0, ""), (2, "[0]"), (2, "[0]")]);
    let faults: Vec<_> = records
        .faults
        .iter()
        .map(|fault| {
            (
                fault.document,
                fault.place.as_str(),
                fault.kind.is_warning(),
            )
        })
        .collect();
    assert_eq!(
        faults,
        [
            (0, "", false),
            (1, "", true),
            (2, "[0]", false),
            (2, "[1]", false),
            (2, "[2]", false)
        ]
    );
    assert_eq!(records.faults[1].kind, FaultKind::NoRows);
    for (fault, wanted) in [(0, EventFault::Malformed), (3, EventFault::NoEvent)] {
        let FaultKind::Event(error) = records.faults[fault].kind else {
            panic!("{:?}", records.faults);
        };
        assert_eq!(error.fault, wanted);
    }
}

#[test]
fn objects_of_get_winevent_stand_in_any_block() {
    let object = format!(
        r#"{{"Id":12309,"ProviderName":"{PROVIDER}","RecordId":5,"MachineName":"WEB01","Properties":[{{"Value":"x"}}]}}"#
    );
    let of_host = read_document(&serde_json::from_str(&host("HV01", VM, &object)).unwrap());
    assert_eq!(of_host.hosts[0].events.len(), 1);
    assert_eq!(of_host.faults, []);
    let with_guest =
        guest("WEB01", "example.test", VM).replacen('{', &format!("{{\"Event\":[{object}],"), 1);
    let of_guest = read_document(&serde_json::from_str(&with_guest).unwrap());
    assert_eq!((of_guest.guests.len(), of_guest.events.len()), (1, 1));
    assert_eq!(of_guest.events[0].place, "Event[0]");
    for text in [
        object.clone(),
        format!("[{object}]"),
        format!(r#"{{"value":[{object}],"Count":1}}"#),
    ] {
        let records = read_document(&serde_json::from_str(&text).unwrap());
        assert_eq!(
            (records.events.len(), records.faults.len()),
            (1, 0),
            "{text}"
        );
    }
    let cut = read_document(&serde_json::from_str(&host("HV01", VM, r#""@{Id=12310}""#)).unwrap());
    assert_eq!(cut.faults.len(), 1);
    assert!(matches!(cut.faults[0].kind, FaultKind::CutOff { .. }));
}

#[test]
fn a_host_s_event_is_of_every_vm_that_it_names() {
    let (one, two) = (id(1), id(2));
    let documents = [host("HV01", &one, "[]"), host("HV02", &two, "[]")];
    let both = format!("{{{one}}} and {}", two.to_uppercase());
    let all = [
        Told {
            record: 1,
            second: 1,
            data: &[&one, &one],
            ..Told::default()
        },
        Told {
            record: 2,
            second: 3,
            data: &[&both],
            ..Told::default()
        },
        // Of a host that was not collected, and of nobody that was.
        Told {
            record: 3,
            second: 2,
            data: &[&one],
            computer: "HV99",
            ..Told::default()
        },
        Told {
            record: 4,
            data: &["00000000-0000-4000-8000-000000000009"],
            ..Told::default()
        },
        Told {
            record: 5,
            ..Told::default()
        },
        // A guest's event names nobody.
        Told {
            id: 12309,
            record: 6,
            data: &[&one],
            computer: "ELSE",
            ..Told::default()
        },
    ];
    let fleet = join(&documents, &all.map(Told::event));
    assert_eq!(fleet.faults, []);
    assert_eq!(records(&fleet, &fleet.vms[0]), (vec![2, 3, 1], vec![]));
    assert_eq!(records(&fleet, &fleet.vms[1]), (vec![2], vec![]));
    let hosts: Vec<_> = fleet.events.iter().map(|record| record.host).collect();
    assert_eq!(hosts, [Some(0), Some(0), None, Some(0), Some(0), None]);
    let records = |side| -> Vec<_> {
        let records = fleet.events_without_vm(side);
        records
            .map(|record| record.event.record_id.unwrap())
            .collect()
    };
    assert_eq!(
        (records(Side::Host), records(Side::Guest)),
        (vec![4, 5], vec![6])
    );
    let of_hosts: Vec<_> = fleet
        .host_records(&fleet.vms[0])
        .map(|r| r.event.record_id)
        .collect();
    assert_eq!(of_hosts, [Some(2), Some(1)]);
}

#[test]
fn a_guest_s_event_is_of_the_only_guest_of_that_name() {
    let documents = |domain: &str| [host("HV01", VM, "[]"), guest("WEB01", domain, VM)];
    let told = Told {
        id: 12309,
        ..Told::default()
    };
    let of = |computer: &str| Told { computer, ..told }.event();
    let joined = |domain: &str, computer: &str| {
        let fleet = join(&documents(domain), &[of(computer)]);
        fleet.vms[0].guest_events.len()
    };
    for computer in ["WEB01", "web01.example.test", "WEB01.EXAMPLE.TEST"] {
        assert_eq!(joined("example.test", computer), 1, "{computer}");
    }
    for computer in ["WEB02", "web01.other.test", "", "web01x"] {
        assert_eq!(joined("example.test", computer), 0, "{computer}");
    }
    // Two of one name in different domains: the full name tells them apart, the short one does not.
    let two = [
        guest("WEB01", "example.test", &id(1)),
        guest("WEB01", "other.test", &id(2)),
    ];
    let short = Told {
        record: 2,
        computer: "WEB01",
        ..told
    };
    let fleet = join(&two, &[of("web01.other.test"), short.event()]);
    let counts: Vec<_> = fleet.vms.iter().map(|row| row.guest_events.len()).collect();
    assert_eq!(fleet.vms.len(), 2);
    assert_eq!(counts.iter().sum::<usize>(), 1);
    assert_eq!(fleet.events_without_vm(Side::Guest).count(), 1);
}

#[test]
fn an_event_that_was_collected_twice_is_one() {
    let told = Told {
        data: &[VM],
        ..Told::default()
    };
    let block = serde_json::to_string(&[told.xml()]).unwrap();
    let shouted = Told {
        computer: "hv01.EXAMPLE.test",
        ..told
    }
    .event();
    let silent = Event {
        payload: Payload::NotCollected,
        ..told.event()
    };
    let user = Event {
        payload: Payload::NotUnderstood(String::new()),
        ..told.event()
    };
    let named = Event {
        source_name: None,
        message: Some("rendered".to_owned()),
        payload: Payload::Parts(vec![Part::Data {
            name: Some("a".to_owned()),
            text: VM.to_owned(),
        }]),
        ..told.event()
    };
    let copies = [silent.clone(), told.event(), shouted, user, named, silent];
    for _ in 0..copies.len() {
        let documents = [host("HV01", VM, &block), host("HV01", VM, &block)];
        let fleet = join(&documents, &copies);
        assert_eq!(fleet.faults, []);
        assert_eq!(fleet.events.len(), 1);
        assert_eq!(records(&fleet, &fleet.vms[0]).0, [1]);
    }
    // Another number, time, computer or kind is another event; so is one without any of these.
    let others = [
        told.event(),
        Told { record: 2, ..told }.event(),
        Told { second: 1, ..told }.event(),
        Told {
            computer: "HV02",
            ..told
        }
        .event(),
        told.undated(),
        told.undated(),
    ];
    assert_eq!(join(&[], &others).events.len(), 6);
}

#[test]
fn copies_that_differ_are_not_used() {
    let (one, two) = (
        Told {
            data: &[VM],
            ..Told::default()
        }
        .event(),
        Told {
            data: &["0xC004FD02", VM],
            ..Told::default()
        }
        .event(),
    );
    let silent = Event {
        payload: Payload::NotCollected,
        ..one.clone()
    };
    for order in [
        vec![one.clone(), two.clone()],
        vec![two.clone(), one.clone(), one.clone()],
        vec![
            silent.clone(),
            one.clone(),
            silent.clone(),
            two.clone(),
            silent,
        ],
        vec![
            one.clone(),
            Told {
                id: 12309,
                data: &[VM],
                ..Told::default()
            }
            .event(),
        ],
    ] {
        let fleet = join(&[host("HV01", VM, "[]")], &order);
        assert!(fleet.events.is_empty(), "{order:?}");
        assert_eq!(fleet.faults[0].kind, FaultKind::EventContradicts);
        assert_eq!(fleet.faults[0].document, 1);
        assert!(fleet.vms[0].host_events.is_empty());
    }
}

#[test]
fn events_of_an_earlier_collection_count() {
    let dated = |day: u32, event: &str| {
        host("HV01", VM, event).replacen(
            '{',
            &format!("{{\"Collected\":\"2025-11-{day:02}T00:00:00Z\","),
            1,
        )
    };
    let block = serde_json::to_string(&[Told {
        data: &[VM],
        ..Told::default()
    }
    .xml()])
    .unwrap();
    let fleet = join(&[dated(2, "[]"), dated(1, &block)], &[]);
    assert_eq!((fleet.hosts.len(), fleet.earlier_hosts.len()), (1, 1));
    assert_eq!(fleet.vms[0].host_events, [0]);
    assert_eq!(fleet.events[0].host, Some(0));
}

#[test]
fn a_record_of_the_host_bears_a_claim_out() {
    let told = Told {
        second: 5,
        data: &["0x00000000", VM],
        ..Told::default()
    };
    let failed = Told {
        data: &["0xC004FD03", VM],
        ..told
    };
    assert_eq!(trust(&[]), Some(Trust::Guest));
    assert_eq!(trust(&[told.event()]), Some(Trust::Host));
    assert_eq!(
        trust(&[Told {
            data: &[VM],
            ..told
        }
        .event()]),
        Some(Trust::Host)
    );
    assert_eq!(trust(&[told.undated()]), Some(Trust::Host));
    // One that names another VM, nobody, or says that something failed.
    assert_eq!(
        trust(&[Told {
            data: &[&id(9)],
            ..told
        }
        .event()]),
        Some(Trust::Guest)
    );
    assert_eq!(
        trust(&[Told {
            data: &["0x00000000"],
            ..told
        }
        .event()]),
        Some(Trust::Guest)
    );
    assert_eq!(trust(&[failed.event()]), Some(Trust::Guest));
    // The latest counts, and one without a time may be the latest.
    let later = Told {
        record: 2,
        second: 9,
        ..failed
    };
    assert_eq!(trust(&[told.event(), later.event()]), Some(Trust::Guest));
    let earlier = Told {
        record: 2,
        second: 1,
        ..failed
    };
    assert_eq!(trust(&[told.event(), earlier.event()]), Some(Trust::Host));
    assert_eq!(
        trust(&[told.event(), earlier.undated()]),
        Some(Trust::Guest)
    );
    // A guest's own event is its own word; so is a host's event on any computer but a host.
    assert_eq!(
        trust(&[Told {
            id: 12309,
            computer: "WEB01",
            ..told
        }
        .event()]),
        Some(Trust::Guest)
    );
    for computer in ["WEB01.example.test", "HV99", "hv01.other.test"] {
        assert_eq!(
            trust(&[Told { computer, ..told }.event()]),
            Some(Trust::Guest),
            "{computer}"
        );
    }
    // Nothing is known of what is not understood.
    let user = Event {
        payload: Payload::NotUnderstood(VM.to_owned()),
        ..told.event()
    };
    assert_eq!(trust(&[user]), Some(Trust::Guest));
}

#[test]
fn no_record_makes_or_saves_a_claim() {
    let told = Told {
        data: &[VM],
        ..Told::default()
    }
    .event();
    // A host that cannot activate the guest: the claim stays one.
    let old = host("HV01", VM, "[]")
        .replace("2022 Datacenter", "2019 Datacenter")
        .replace("20348", "17763");
    let claims = guest("WEB01", "example.test", VM);
    let fleet = join(&[old, claims.clone()], std::slice::from_ref(&told));
    assert_eq!(fleet.vms[0].host_events.len(), 1);
    assert_eq!(trust_of(&fleet), Some(Trust::Claimed));
    // A guest that says nothing, or something else.
    let fleet = join(&[host("HV01", VM, "[]")], std::slice::from_ref(&told));
    assert_eq!(trust_of(&fleet), None);
    let kms = claims
        .replace("VIRTUAL_MACHINE_ACTIVATION", "VOLUME_KMSCLIENT")
        .replace("78VHK", "VMK7H");
    let fleet = join(&[host("HV01", VM, "[]"), kms], std::slice::from_ref(&told));
    assert_eq!(trust_of(&fleet), Some(Trust::Guest));
    let not = claims.replace("\"LicenseStatus\":1", "\"LicenseStatus\":5");
    let fleet = join(&[host("HV01", VM, "[]"), not], &[told]);
    assert_eq!(trust_of(&fleet), Some(Trust::Guest));
}

#[test]
fn the_samples_together() {
    let mut inventory = Inventory::new();
    for file in [
        "host.ps51.json",
        "guest-avma.ps51.json",
        "events.ps51.json",
        "host.ps7.json",
    ] {
        inventory.add(&document(file));
    }
    for file in [
        "event-12310.xml",
        "event-12309.xml",
        "events-wevtutil.xml",
        "event-forwarded.xml",
    ] {
        inventory.add_events(events(&sample(file)));
    }
    let fleet = inventory.join();
    assert_eq!(fleet.faults, []);
    let web01 = fleet
        .vms
        .iter()
        .find(|row| row.name() == Some("web01"))
        .unwrap();
    assert_eq!(
        records(&fleet, web01),
        (vec![40812], vec![1541, 1540, 1533])
    );
    assert_eq!(fleet.events.len(), 5);
    let without: Vec<_> = fleet
        .events_without_vm(Side::Host)
        .map(|record| record.event.record_id)
        .collect();
    assert_eq!(without, [Some(40813)]);
    let assessment = assess(
        &fleet.hosts[0].facts(),
        &web01.facts(),
        &web01.observation(),
    );
    assert_eq!(fleet.trust(web01, &assessment), Some(Trust::Host));
}
