//! From records to rows: which export belongs to which VM, and which collection counts.
#![cfg(all(feature = "serde", feature = "xml", feature = "observe"))]

use avma::VmId;
use avma::observe::fault::FaultKind;
use avma::observe::inventory::{Fleet, Inventory, JoinedBy, VmRow};
use avma::observe::value::Value;

fn join(documents: &[String]) -> Fleet {
    let mut inventory = Inventory::new();
    for document in documents {
        let value: Value = serde_json::from_str(document).unwrap();
        inventory.add(&value);
    }
    inventory.join()
}

fn id(number: u32) -> String {
    format!("a1a1a1a1-0000-4000-8000-{number:012}")
}

fn vm_id(number: u32) -> VmId {
    id(number).parse().unwrap()
}

/// A host with VMs: number, name, KVP domain name (none where it is empty), replication mode.
fn host(name: &str, day: u32, vms: &[(u32, &str, &str, u32)]) -> String {
    let list: Vec<_> = vms
        .iter()
        .map(|(number, name, _, mode)| {
            format!(
                r#"{{"VMId":"{}","Name":"{name}","ReplicationMode":{mode}}}"#,
                id(*number)
            )
        })
        .collect();
    let kvp: Vec<_> = vms
        .iter()
        .filter(|(_, _, domain, _)| !domain.is_empty())
        .map(|(number, _, domain, _)| {
            format!(
                "{{\"SystemName\":\"{}\",\"GuestIntrinsicExchangeItems\":\"<INSTANCE CLASSNAME='Msvm_KvpExchangeDataItem'>\
                 <PROPERTY NAME='Name'><VALUE>FullyQualifiedDomainName</VALUE></PROPERTY>\
                 <PROPERTY NAME='Data'><VALUE>{domain}</VALUE></PROPERTY></INSTANCE>\"}}",
                id(*number)
            )
        })
        .collect();
    let collected = match day {
        0 => "null".to_owned(),
        day => format!("\"2025-11-{day:02}T00:00:00Z\""),
    };
    format!(
        r#"{{"Collected":{collected},"OperatingSystem":{{"CSName":"{name}"}},"VM":[{}],"Kvp":[{}]}}"#,
        list.join(","),
        kvp.join(",")
    )
}

fn guest(name: &str) -> String {
    format!(r#"{{"OperatingSystem":{{"CSName":"{name}"}},"Licensing":[]}}"#)
}

fn guest_of(number: u32, name: &str) -> String {
    format!(
        r#"{{"OperatingSystem":{{"CSName":"{name}"}},"Parameters":{{"VirtualMachineId":"{}"}}}}"#,
        id(number).to_uppercase()
    )
}

#[track_caller]
fn row(fleet: &Fleet, number: u32) -> &VmRow {
    let mut rows = fleet
        .vms
        .iter()
        .filter(|row| row.id() == Some(vm_id(number)));
    let row = rows.next().unwrap();
    assert!(rows.next().is_none());
    row
}

#[track_caller]
fn host_name(fleet: &Fleet, number: u32) -> Option<&str> {
    fleet.hosts[row(fleet, number).host?].name()
}

fn guest_name(row: &VmRow) -> Option<&str> {
    row.guest.as_ref()?.cs_name()
}

#[test]
fn a_guest_belongs_to_its_vm_by_id_whatever_the_names() {
    let fleet = join(&[
        guest_of(1, "B"),
        host(
            "HV01",
            1,
            &[(1, "a", "a.example.test", 0), (2, "b", "b.example.test", 0)],
        ),
    ]);
    assert_eq!(fleet.faults, []);
    assert_eq!(row(&fleet, 1).joined_by, Some(JoinedBy::Id));
    assert_eq!(guest_name(row(&fleet, 1)), Some("B"));
    assert_eq!(row(&fleet, 2).guest, None);
}

#[test]
fn a_guest_with_an_id_that_no_host_has_is_not_joined_by_name() {
    let fleet = join(&[
        guest_of(9, "A"),
        host("HV01", 1, &[(1, "a", "a.example.test", 0)]),
    ]);
    assert_eq!(fleet.vms.len(), 2);
    assert_eq!(row(&fleet, 1).guest, None);
    let alone = row(&fleet, 9);
    assert_eq!(
        (alone.host, alone.joined_by, &alone.vm),
        (None, None, &None)
    );
    assert_eq!(alone.name(), Some("A"));
}

#[test]
fn the_domain_name_comes_before_the_name_of_the_vm() {
    let fleet = join(&[
        host(
            "HV01",
            1,
            &[
                (1, "web", "db.example.test", 0),
                (2, "db", "web.example.test", 0),
            ],
        ),
        guest("WEB"),
    ]);
    assert_eq!(row(&fleet, 2).joined_by, Some(JoinedBy::DomainName));
    assert_eq!(guest_name(row(&fleet, 2)), Some("WEB"));
    assert_eq!(row(&fleet, 1).guest, None);
}

#[test]
fn the_machine_that_was_asked_or_the_own_name_is_the_name_of_the_vm() {
    let vms = [(1, "Web 1", "", 0), (2, "db", "", 0)];
    let asked = r#"{"CSName":"WIN-X","OperatingSystemSKU":7,"PSComputerName":"web 1"}"#.to_owned();
    let fleet = join(&[host("HV01", 1, &vms), asked, guest("DB")]);
    assert_eq!(row(&fleet, 1).joined_by, Some(JoinedBy::VmName));
    assert_eq!(guest_name(row(&fleet, 1)), Some("WIN-X"));
    assert_eq!(guest_name(row(&fleet, 2)), Some("DB"));
    assert_eq!(fleet.faults, []);
}

#[test]
fn two_candidates_are_not_joined_and_are_reported() {
    let fleet = join(&[
        host(
            "HV01",
            1,
            &[(1, "a", "web.one.test", 0), (2, "b", "web.two.test", 0)],
        ),
        guest("WEB"),
    ]);
    assert_eq!(fleet.vms.len(), 3);
    assert_eq!(guest_name(&fleet.vms[2]), Some("WEB"));
    assert_eq!(fleet.vms[2].host, None);
    assert_eq!(fleet.faults.len(), 1);
    assert_eq!(
        fleet.faults[0].kind,
        FaultKind::SeveralVms { candidates: 2 }
    );
    assert_eq!(fleet.faults[0].document, 1);

    // By the names of the VMs too: one by each of two names.
    let asked = r#"{"CSName":"A","OperatingSystemSKU":7,"PSComputerName":"b"}"#.to_owned();
    let fleet = join(&[host("HV01", 1, &[(1, "a", "", 0), (2, "b", "", 0)]), asked]);
    assert_eq!(
        fleet.faults[0].kind,
        FaultKind::SeveralVms { candidates: 2 }
    );
}

#[test]
fn a_vm_takes_the_export_of_one_computer_only() {
    let fleet = join(&[
        host("HV01", 1, &[(1, "old", "web.example.test", 0)]),
        guest("OLD"),
        guest("WEB"),
    ]);
    assert_eq!(guest_name(row(&fleet, 1)), Some("WEB"));
    assert_eq!(fleet.vms.len(), 2);
    assert_eq!(fleet.faults.len(), 1);
    assert_eq!(
        (fleet.faults[0].document, fleet.faults[0].kind),
        (1, FaultKind::VmTaken)
    );
}

#[test]
fn the_same_guest_twice_is_one_row_and_the_later_one_counts() {
    let dated = |day: u32, sku: u32| {
        format!(
            r#"{{"Collected":"2025-11-{day:02}T00:00:00Z","OperatingSystem":{{"CSName":"WEB","OperatingSystemSKU":{sku}}}}}"#
        )
    };
    for documents in [[dated(1, 79), dated(2, 7)], [dated(2, 7), dated(1, 79)]] {
        let alone = join(&documents);
        assert_eq!(alone.vms.len(), 1);
        let on_host = join(&[&documents[..], &[host("HV01", 1, &[(1, "web", "", 0)])]].concat());
        for fleet in [alone, on_host] {
            let row = &fleet.vms[0];
            let system = row.guest.as_ref().unwrap().operating_system.as_ref();
            assert_eq!(system.unwrap().sku, Some(7));
            assert_eq!(row.earlier_guests.len(), 1);
            assert_eq!(fleet.faults, []);
        }
    }
}

#[test]
fn quirk_23_the_same_vm_twice_is_on_the_host_that_was_collected_later() {
    let (one, two) = (
        host("HV01", 1, &[(1, "a", "", 0)]),
        host("HV02", 2, &[(1, "a", "", 0)]),
    );
    for documents in [[one.clone(), two.clone()], [two.clone(), one.clone()]] {
        let fleet = join(&documents);
        assert_eq!(fleet.vms.len(), 1);
        assert_eq!(host_name(&fleet, 1), Some("HV02"));
        let elsewhere = &row(&fleet, 1).elsewhere;
        assert_eq!(elsewhere.len(), 1);
        assert_eq!(fleet.hosts[elsewhere[0].host.unwrap()].name(), Some("HV01"));
    }
}

#[test]
fn quirk_23_a_replica_beside_its_primary_gives_no_row() {
    let (primary, copy) = (
        host("HV01", 1, &[(1, "a", "", 1)]),
        host("HV02", 2, &[(1, "a", "", 2)]),
    );
    for documents in [[primary.clone(), copy.clone()], [copy.clone(), primary]] {
        let fleet = join(&documents);
        assert_eq!(fleet.vms.len(), 1);
        assert_eq!(host_name(&fleet, 1), Some("HV01"));
    }
    let alone = join(&[copy]);
    assert!(alone.vms[0].vm.as_ref().unwrap().is_replica());
}

#[test]
fn quirk_23_the_same_host_twice_counts_once_and_the_earlier_is_evidence() {
    let (old, new) = (
        host("HV01", 1, &[(1, "a", "", 0), (2, "b", "", 0)]),
        host("hv01", 2, &[(1, "a", "", 0)]),
    );
    for documents in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
        let fleet = join(&documents);
        assert_eq!((fleet.hosts.len(), fleet.earlier_hosts.len()), (1, 1));
        assert_eq!(fleet.hosts[0].name(), Some("hv01"));
        assert_eq!(fleet.earlier_hosts[0].vms.as_ref().unwrap().len(), 2);
        assert_eq!(fleet.vms.len(), 1);
    }
    // A dated one counts before an undated one, and the later document between two undated ones.
    let undated = host("HV01", 0, &[(3, "c", "", 0)]);
    assert_eq!(join(&[old.clone(), undated.clone()]).vms.len(), 2);
    let fleet = join(&[host("HV01", 0, &[(4, "d", "", 0)]), undated]);
    assert_eq!(fleet.vms[0].id(), Some(vm_id(3)));
    // A later document that has no VM list takes no VM away.
    let bare = r#"{"Collected":"2025-11-30T00:00:00Z","OperatingSystem":{"CSName":"HV01"},"Feature":{"Name":"Hyper-V","Installed":true}}"#;
    let fleet = join(&[old, bare.to_owned()]);
    assert_eq!((fleet.hosts.len(), fleet.vms.len()), (1, 2));
    assert_eq!(fleet.hosts[0].hyper_v, Some(true));
}

#[test]
fn hosts_of_one_name_in_two_domains_are_two() {
    let host = |domain: &str| {
        format!(r#"{{"ComputerSystem":{{"Name":"HV01","Domain":"{domain}"}},"VM":[]}}"#)
    };
    let fleet = join(&[host("one.test"), host("two.test"), host("ONE.test")]);
    assert_eq!((fleet.hosts.len(), fleet.earlier_hosts.len()), (2, 1));
}

#[test]
fn key_value_items_without_a_host_find_their_vm() {
    let kvp = |number: u32| {
        format!(
            r#"[{{"SystemName":"{}","EnabledState":3,"GuestIntrinsicExchangeItems":null}}]"#,
            id(number)
        )
    };
    let fleet = join(&[kvp(1), kvp(2), host("HV01", 1, &[(1, "a", "", 0)])]);
    assert_eq!(fleet.vms.len(), 2);
    let joined = row(&fleet, 1);
    assert_eq!(joined.host, Some(0));
    assert_eq!(joined.vm.as_ref().unwrap().data_exchange_on(), Some(false));
    assert_eq!(row(&fleet, 2).host, None);
}

#[test]
fn lists_without_a_host_around_them_are_put_together_by_the_names_in_them() {
    let vms = format!(
        r#"[{{"VMId":"{}","Name":"a","State":2,"ComputerName":"HV01","PrimaryOperationalStatus":2}},{{"VMId":"{}","Name":"b","State":2,"ComputerName":"HV02"}}]"#,
        id(1),
        id(2)
    );
    let services = format!(
        r#"[{{"VMId":"{}","VMName":"b","Name":"Key-Value Pair Exchange","Enabled":false}},
            {{"VMId":"{}","VMName":"b","Name":"Heartbeat","Enabled":true}}]"#,
        id(2),
        id(2)
    );
    let fleet = join(&[vms, services]);
    assert_eq!(fleet.faults, []);
    assert_eq!(host_name(&fleet, 1), Some("HV01"));
    assert_eq!(host_name(&fleet, 2), Some("HV02"));
    let vm = row(&fleet, 2).vm.as_ref().unwrap();
    assert_eq!(vm.data_exchange_on(), Some(false));
}

#[test]
fn rows_of_several_systems_in_one_list_come_apart_by_the_machine_that_was_asked() {
    let fleet = join(&[r#"[
        {"CSName":"A","OperatingSystemSKU":7,"PSComputerName":"a"},
        {"LicenseStatus":1,"PartialProductKey":"78VHK","PSComputerName":"B"},
        {"CSName":"B","OperatingSystemSKU":8,"PSComputerName":"b"},
        {"LicenseStatus":5,"PartialProductKey":"DV9BG","PSComputerName":"A"}]"#
        .to_owned()]);
    assert_eq!(fleet.faults, []);
    let status = |row: &VmRow| {
        row.guest
            .as_ref()
            .unwrap()
            .windows_row()
            .unwrap()
            .status_code
    };
    let rows: Vec<_> = fleet
        .vms
        .iter()
        .map(|row| (row.name(), status(row)))
        .collect();
    assert_eq!(rows, [(Some("A"), Some(5)), (Some("B"), Some(1))]);

    let mixed = join(&[r#"[
        {"CSName":"A","OperatingSystemSKU":7},
        {"CSName":"B","OperatingSystemSKU":8},
        {"LicenseStatus":5,"PartialProductKey":"DV9BG"}]"#
        .to_owned()]);
    assert_eq!(mixed.vms.len(), 3);
    assert_eq!(mixed.faults[0].kind, FaultKind::MixedSystems { systems: 2 });
}

#[test]
fn faults_carry_the_number_of_their_document() {
    let mut inventory = Inventory::new();
    let good: Value = serde_json::from_str(r#"{"VM":[]}"#).unwrap();
    let bad: Value = serde_json::from_str(r#"{"VM":[7]}"#).unwrap();
    assert_eq!(inventory.add(&good), 0);
    assert_eq!(
        inventory.refuse(FaultKind::NotJson { line: 3, column: 7 }),
        1
    );
    assert_eq!(inventory.add(&bad), 2);
    let documents: Vec<_> = inventory
        .join()
        .faults
        .iter()
        .map(|fault| fault.document)
        .collect();
    assert_eq!(documents, [1, 2]);
}

#[test]
fn joining_many_vms_takes_linear_time() {
    let many: Vec<_> = (0..20_000)
        .map(|number| {
            (
                number,
                format!("vm{number}"),
                format!("vm{number}.example.test"),
            )
        })
        .collect();
    let vms: Vec<_> = many
        .iter()
        .map(|(number, name, domain)| (*number, name.as_str(), domain.as_str(), 0))
        .collect();
    let mut documents = vec![host("HV01", 1, &vms), host("HV02", 2, &vms)];
    documents.extend((0..2_000).map(|number| guest(&format!("VM{number}"))));
    let fleet = join(&documents);
    assert_eq!(fleet.vms.len(), 20_000);
    assert_eq!(fleet.faults, []);
    let joined = fleet.vms.iter().filter(|row| row.guest.is_some()).count();
    assert_eq!(joined, 2_000);
}

/// An export with a domain, a date (none for 0) and more blocks.
fn member(name: &str, domain: &str, day: u32, more: &str) -> String {
    let collected = match day {
        0 => "null".to_owned(),
        day => format!("\"2025-11-{day:02}T00:00:00Z\""),
    };
    format!(
        r#"{{"Collected":{collected},"OperatingSystem":{{"CSName":"{name}"}},
            "ComputerSystem":{{"Name":"{name}","Domain":"{domain}"{more}}}}}"#
    )
}

#[test]
fn a_guest_on_another_platform_is_not_joined_by_name() {
    let vms = [(1, "web", "web.example.test", 0)];
    let azure = r#"{"OperatingSystem":{"CSName":"WEB"},"Licensing":[],
        "Enclosure":{"SMBIOSAssetTag":"7783-7084-3265-9085-8269-3286-77"}}"#;
    let vmware = r#"{"OperatingSystem":{"CSName":"WEB"},"Licensing":[],
        "ComputerSystem":{"Manufacturer":"VMware, Inc.","Model":"VMware7,1"}}"#;
    let physical = r#"{"OperatingSystem":{"CSName":"WEB"},"Licensing":[],
        "ComputerSystem":{"Manufacturer":"Example Hardware","Model":"Rack 2S"}}"#;
    for elsewhere in [azure, vmware, physical] {
        let by_domain = join(&[host("HV01", 1, &vms), elsewhere.to_owned()]);
        let by_name = join(&[host("HV01", 1, &[(1, "web", "", 0)]), elsewhere.to_owned()]);
        for fleet in [by_domain, by_name] {
            assert_eq!((fleet.vms.len(), fleet.faults.len()), (2, 0), "{elsewhere}");
            assert_eq!(row(&fleet, 1).guest, None);
            assert_eq!(
                (fleet.vms[1].host, guest_name(&fleet.vms[1])),
                (None, Some("WEB"))
            );
        }
        // The VM's id is the VM's, whatever the firmware says.
        let with_id = elsewhere.replacen('{', &format!(r#"{{"VirtualMachineId":"{}","#, id(1)), 1);
        let fleet = join(&[host("HV01", 1, &vms), with_id]);
        assert_eq!(row(&fleet, 1).joined_by, Some(JoinedBy::Id));
    }
    // Beside a guest of Hyper-V of the same name it is another machine too.
    let here = r#"{"OperatingSystem":{"CSName":"WEB"},"Licensing":[],
        "ComputerSystem":{"Manufacturer":"Microsoft Corporation","Model":"Virtual Machine"}}"#;
    assert_eq!(join(&[here.to_owned(), azure.to_owned()]).vms.len(), 2);
    assert_eq!(join(&[here.to_owned(), guest("WEB")]).vms.len(), 1);
}

#[test]
fn guests_of_one_name_in_two_domains_are_two() {
    let (one, two) = (
        member("WEB", "one.test", 1, ""),
        member("WEB", "two.test", 2, ""),
    );
    let fleet = join(&[one.clone(), two.clone(), member("web", "ONE.test", 3, "")]);
    assert_eq!(fleet.vms.len(), 2);
    assert_eq!(fleet.faults, []);
    // The VM takes the one whose full name it shows, by whatever the other would fit.
    for documents in [[one.clone(), two.clone()], [two.clone(), one.clone()]] {
        for vm_name in ["web", "a"] {
            let vms = host("HV01", 1, &[(1, vm_name, "web.one.test", 0)]);
            let fleet = join(&[&documents[..], &[vms]].concat());
            assert_eq!((fleet.vms.len(), fleet.faults.len()), (2, 0));
            let taken = row(&fleet, 1).guest.as_ref().unwrap();
            assert_eq!(taken.domain(), Some("one.test"));
            assert_eq!(row(&fleet, 1).earlier_guests, []);
        }
    }
    // Where the VM shows no full name, the two are of two computers all the same.
    let fleet = join(&[host("HV01", 1, &[(1, "web", "", 0)]), one.clone(), two]);
    assert_eq!(fleet.vms.len(), 2);
    assert_eq!(fleet.faults[0].kind, FaultKind::VmTaken);
    // A short name shows no domain.
    let fleet = join(&[host("HV01", 1, &[(1, "a", "web", 0)]), one]);
    assert_eq!(row(&fleet, 1).joined_by, Some(JoinedBy::DomainName));
}

#[test]
fn the_full_name_decides_between_vms_of_one_name() {
    let vms = [(1, "a", "web.one.test", 0), (2, "b", "web.two.test", 0)];
    let fleet = join(&[host("HV01", 1, &vms), member("WEB", "Two.Test", 1, "")]);
    assert_eq!(fleet.faults, []);
    assert_eq!(row(&fleet, 2).joined_by, Some(JoinedBy::DomainName));
}

#[test]
fn names_that_are_not_ascii_compare_without_case() {
    let vms = [(1, "Büro01", "", 0), (2, "a", "straße.example.test", 0)];
    let fleet = join(&[
        host("HÄUSER", 1, &vms),
        host("häuser", 2, &vms),
        guest("BÜRO01"),
        guest("STRAßE"),
    ]);
    assert_eq!(fleet.faults, []);
    assert_eq!((fleet.hosts.len(), fleet.vms.len()), (1, 2));
    assert_eq!(row(&fleet, 1).joined_by, Some(JoinedBy::VmName));
    assert_eq!(row(&fleet, 2).joined_by, Some(JoinedBy::DomainName));
    assert_eq!(join(&[guest("BÜRO01"), guest("büro01")]).vms.len(), 1);
    // Within one document too: services by the VM's name, rows by the machine that was asked.
    let fleet = join(&[format!(
        r#"{{"VM":{{"VMId":"{}","Name":"BÜRO"}},"IntegrationService":{{"VMName":"büro","Enabled":false}}}}"#,
        id(1)
    )]);
    let vm = row(&fleet, 1).vm.as_ref().unwrap();
    assert_eq!(vm.data_exchange_on(), Some(false));
    let fleet = join(&[r#"[{"CSName":"BÜRO","PSComputerName":"BÜRO"},
        {"LicenseStatus":1,"PartialProductKey":"78VHK","PSComputerName":"büro"}]"#
        .to_owned()]);
    assert_eq!(fleet.vms.len(), 1);
}

#[test]
fn a_later_sighting_without_items_keeps_what_an_earlier_one_knew_of_the_guest() {
    let running = host("HV01", 1, &[(1, "a", "web.example.test", 0)]);
    let running = running.replace(
        "<VALUE>FullyQualifiedDomainName</VALUE></PROPERTY><PROPERTY NAME='Data'><VALUE>web.example.test<",
        "<VALUE>OSEditionId</VALUE></PROPERTY><PROPERTY NAME='Data'><VALUE>7<",
    );
    let named = host("HV01", 2, &[(1, "a", "web.example.test", 0)]);
    let off = host("HV02", 3, &[(1, "a", "", 0)]);
    let bare = host("HV01", 3, &[(1, "a", "", 0)]);
    for documents in [
        [running.clone(), off.clone()],
        [off.clone(), running.clone()],
    ] {
        let fleet = join(&documents);
        assert_eq!(host_name(&fleet, 1), Some("HV02"));
        let row = row(&fleet, 1);
        assert!(row.guest_was_seen());
        assert_eq!(row.identity().edition(), Some(avma::Edition::Standard));
        // What runs now, and what is switched on, an earlier sighting does not tell.
        assert!(row.facts().guest_service.is_unknown());
        assert!(row.facts().data_exchange.is_unknown());
    }
    // The latest one that knows something, and by its name a guest is found.
    let fleet = join(&[named.clone(), off.clone(), guest("WEB")]);
    assert_eq!(row(&fleet, 1).joined_by, Some(JoinedBy::DomainName));
    let older = host("HV03", 1, &[(1, "a", "old.example.test", 0)]);
    for documents in [
        [named.clone(), older.clone(), off.clone()],
        [off.clone(), older.clone(), named.clone()],
        [older, off, named.clone()],
    ] {
        let fleet = join(&documents);
        let system = row(&fleet, 1).system().unwrap();
        assert_eq!(system.host_name(), Some("web.example.test"));
    }
    // An earlier collection of the same host knows as much; it gives no row of its own.
    let gone = host(
        "HV01",
        1,
        &[(1, "a", "web.example.test", 0), (2, "b", "", 0)],
    );
    for documents in [[gone.clone(), bare.clone()], [bare, gone]] {
        let fleet = join(&documents);
        assert_eq!((fleet.vms.len(), fleet.earlier_hosts.len()), (1, 1));
        assert!(row(&fleet, 1).guest_was_seen());
    }
}

#[test]
fn what_an_earlier_sighting_knew_does_not_contradict_the_export() {
    let item = "<INSTANCE CLASSNAME='Msvm_KvpExchangeDataItem'><PROPERTY NAME='Name'><VALUE>OSBuildNumber</VALUE></PROPERTY>                <PROPERTY NAME='Data'><VALUE>17763</VALUE></PROPERTY></INSTANCE>";
    let before = format!(
        r#"{{"Collected":"2025-11-01T00:00:00Z","OperatingSystem":{{"CSName":"HV01"}},"VM":{{"VMId":"{0}"}},
            "Kvp":{{"SystemName":"{0}","GuestIntrinsicExchangeItems":["{item}"]}}}}"#,
        id(1)
    );
    let upgraded = format!(
        r#"{{"OperatingSystem":{{"CSName":"WEB","BuildNumber":20348}},"VirtualMachineId":"{}"}}"#,
        id(1)
    );
    let off = host("HV02", 2, &[(1, "a", "", 0)]);
    let fleet = join(&[before, off, upgraded]);
    let identity = row(&fleet, 1).identity();
    assert_eq!(identity.conflicts().count(), 0);
    assert_eq!(identity.release(), Some(avma::Release::Ws2022));
}

/// A cluster with nodes (not collected where there are none) and one group without a VM's id.
fn cluster(nodes: &[&str], group: &str) -> String {
    let nodes: Vec<_> = nodes
        .iter()
        .map(|name| format!(r#"{{"Name":"{name}"}}"#))
        .collect();
    let nodes = if nodes.is_empty() {
        String::new()
    } else {
        format!(r#""Node":[{}],"#, nodes.join(","))
    };
    format!(
        r#"{{"Cluster":{{"Name":"CLU1"}},{nodes}"Group":[{{"Name":"Cluster Group","GroupType":1}},
            {{"Name":"{group}","GroupType":111,"VmId":null}}]}}"#
    )
}

#[test]
fn a_group_without_an_id_is_of_the_one_clustered_vm_of_its_name() {
    let clustered = |host_name: &str, number: u32, name: &str, clustered: &str| {
        host(host_name, 1, &[(number, name, "", 0)]).replace(
            "\"Replication",
            &format!("\"IsClustered\":{clustered},\"Replication"),
        )
    };
    let here = clustered("HV01", 1, "web", "true");
    for nodes in [&["hv01", "HV02"][..], &[]] {
        let fleet = join(&[cluster(nodes, "WEB"), here.clone()]);
        assert_eq!(fleet.faults, []);
        assert_eq!(row(&fleet, 1).group, Some((0, 0)));
    }
    let not_joined = |documents: &[String], candidates: usize| {
        let fleet = join(documents);
        assert!(fleet.vms.iter().all(|row| row.group.is_none()));
        let [fault] = fleet.faults.as_slice() else {
            panic!("{:?}", fleet.faults);
        };
        assert_eq!(fault.kind, FaultKind::GroupWithoutVm { candidates });
        assert_eq!((fault.document, fault.place.as_str()), (0, "Group[1]"));
    };
    let other = clustered("HV02", 2, "Web", "true");
    not_joined(&[cluster(&[], "web"), here.clone(), other.clone()], 2);
    not_joined(&[cluster(&["HV03"], "web"), here.clone()], 0);
    not_joined(&[cluster(&["HV01"], "db"), here.clone()], 0);
    not_joined(
        &[
            cluster(&["HV01"], "web"),
            clustered("HV01", 1, "web", "false"),
        ],
        0,
    );
    // The VM of a host that is no node is none of the cluster's.
    let fleet = join(&[cluster(&["HV01"], "web"), here, other]);
    assert_eq!(row(&fleet, 1).group, Some((0, 0)));
    assert_eq!(fleet.faults, []);
}
