//! Guests, licence rows, key-value items, a cluster, events.

use super::*;

#[track_caller]
fn assert_guest(guest: &GuestRecord, name: &str, sku: u32, build: u32, product_type: u32) {
    let os = guest.operating_system.as_ref().unwrap();
    assert_eq!(guest.cs_name(), Some(name));
    assert_eq!(
        (os.sku, os.build_number, os.product_type),
        (Some(sku), Some(build), Some(product_type))
    );
}

#[test]
fn guest_avma_is_activated() {
    let guest = only_guest(sample("guest-avma.ps51.json"));
    assert_guest(&guest, "WEB01", 7, 20348, 3);
    let current = guest.current_version.as_ref().unwrap();
    assert_eq!(current.edition_id.as_deref(), Some("ServerStandard"));
    assert_eq!(current.installation_type.as_deref(), Some("Server"));
    assert_eq!(
        current.product_name.as_deref(),
        Some("Windows Server 2022 Standard")
    );
    assert_eq!(current.display_version.as_deref(), Some("21H2"));
    assert_eq!(
        (current.current_build, current.ubr),
        (Some(20348), Some(2340))
    );
    assert_eq!(
        guest.enclosure.as_ref().unwrap().asset_tag.as_deref(),
        Some("")
    );
    assert_eq!(guest.service, Some(ServiceStatus::RUNNING));
    assert_eq!(
        (guest.collected.clone(), guest.vm_id()),
        (When::Unknown, None)
    );
    assert_eq!(
        guest.windows_row(),
        Some(&LicensingProduct {
            name: Some("Windows(R), ServerStandard edition".to_owned()),
            description: Some(
                "Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel".to_owned()
            ),
            application_id: Some(WINDOWS),
            license_family: Some("ServerStandard".to_owned()),
            is_addon: Some(false),
            status_code: Some(1),
            reason: Some(HResult(1_074_066_433)),
            grace_minutes: Some(4321),
            partial_key: last_five("78VHK"),
            product_key_channel: Some("EXAMPLE-NOT-KNOWN".to_owned()),
            evaluation_end: When::Never,
            iaid: Some("EXAMPLE-IAID-0001".to_owned()),
            avma_host: Some("HV01".to_owned()),
            avma_last_activation: time("2025-11-24T00:58:11Z"),
            avma_host_pid: Some("EXAMPLE-PID2-0001".to_owned()),
        })
    );
    let row = guest.windows_row().unwrap();
    assert_eq!(row.channel(), Some(LicenseChannel::Avma));
}

#[test]
fn guest_two_rows_tells_windows_from_its_add_on() {
    let guest = only_guest(sample("guest-two-rows.ps51.json"));
    assert_guest(&guest, "APP12R2", 7, 9600, 3);
    let current = guest.current_version.as_ref().unwrap();
    assert_eq!(current.installation_type.as_deref(), Some("Server Core"));
    assert_eq!(current.display_version, None);
    let rows = &guest.licensing.as_ref().unwrap().rows;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].channel(), Some(LicenseChannel::Mak));
    assert_eq!(rows[0].is_addon, Some(true));
    assert_eq!(rows[0].partial_key, last_five("7XK2C"));
    let row = guest.windows_row().unwrap();
    assert_eq!(row.channel(), Some(LicenseChannel::Avma));
    assert_eq!(row.status(), Some(LicenseStatus::Notification));
    assert_eq!(row.reason, Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED));
    assert_eq!(row.partial_key, last_five("MTB6V"));
    assert_eq!(row.avma_last_activation, When::Never);
    assert_eq!(row.avma_host.as_deref(), Some(""));
    assert_eq!(row.grace_minutes, Some(0));
}

#[test]
fn guest_eval_ends_and_was_never_activated() {
    let guest = only_guest(sample("guest-eval.ps7.json"));
    assert_guest(&guest, "EVAL19", 79, 17763, 2);
    let row = guest.windows_row().unwrap();
    assert_eq!(row.channel(), Some(LicenseChannel::Evaluation));
    assert_eq!(row.status(), Some(LicenseStatus::Licensed));
    assert_eq!(row.evaluation_end, time("2026-03-09T08:00:00Z"));
    assert_eq!(row.avma_last_activation, When::Never);
    assert_eq!(row.license_family.as_deref(), Some("ServerStandardEval"));
    assert_eq!(row.partial_key, last_five("3V8YD"));
}

#[test]
fn guest_azure_has_the_asset_tag() {
    let guest = only_guest(sample("guest-azure.ps7.json"));
    assert_guest(&guest, "MOVED01", 8, 20348, 3);
    let enclosure = guest.enclosure.as_ref().unwrap();
    assert_eq!(
        enclosure.asset_tag.as_deref(),
        Some("7783-7084-3265-9085-8269-3286-77")
    );
    let row = guest.windows_row().unwrap();
    assert_eq!(row.channel(), Some(LicenseChannel::Avma));
    assert_eq!(row.reason, Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED));
    assert_eq!(row.partial_key, last_five("DV9BG"));
    assert_eq!(row.avma_last_activation, When::Never);
}

#[test]
fn guest_remoted_is_one_flat_object() {
    let guest = only_guest(sample("guest-remoted.ps51.json"));
    assert_guest(&guest, "WEB02", 7, 20348, 3);
    assert_eq!(guest.computer_name.as_deref(), Some("web02"));
    assert_eq!(guest.service, Some(ServiceStatus::RUNNING));
    let row = guest.windows_row().unwrap();
    assert_eq!(row.channel(), Some(LicenseChannel::KmsClient));
    assert_eq!(row.status(), Some(LicenseStatus::Licensed));
    assert_eq!(row.grace_minutes, Some(251_003));
    assert_eq!(row.partial_key, last_five("VMK7H"));
    assert_eq!((row.application_id, row.is_addon), (None, None));
}

#[test]
fn guest_wmi_is_two_classes_of_one_machine() {
    let guest = only_guest(sample("guest-wmi.ps51.json"));
    assert_guest(&guest, "WEB01", 7, 20348, 3);
    assert_eq!(guest.computer_name.as_deref(), Some("WEB01"));
    let row = guest.windows_row().unwrap();
    assert_eq!(row.channel(), Some(LicenseChannel::Avma));
    assert_eq!(row.status(), Some(LicenseStatus::Licensed));
    assert_eq!(row.partial_key, last_five("78VHK"));
    assert_eq!(row.avma_host.as_deref(), Some("HV01"));
    assert_eq!(row.avma_last_activation, time("2025-11-24T00:58:11Z"));
    assert_eq!(row.evaluation_end, When::Never);
    assert_eq!(row.grace_minutes, Some(4321));
    assert_eq!(row.reason, None);
}

#[test]
fn licensing_raw_cim_has_one_row_to_read_and_one_to_refuse() {
    let records = sample("licensing-raw-cim.ps51.json");
    assert_eq!(records.faults, [fault("[1]", FaultKind::RawCim)]);
    assert!(records.faults[0].to_string().contains("add Select-Object"));
    let [guest] = records.guests.as_slice() else {
        panic!("{records:?}");
    };
    assert_eq!(guest.computer_name.as_deref(), Some("WEB01"));
    assert_eq!(guest.operating_system, None);
    let row = guest.windows_row().unwrap();
    assert_eq!(row.channel(), Some(LicenseChannel::Avma));
    assert_eq!(row.status(), Some(LicenseStatus::Licensed));
    assert_eq!(row.partial_key, last_five("78VHK"));
    assert_eq!(row.grace_minutes, Some(4321));
    assert_eq!(row.is_addon, Some(false));
}

#[test]
fn kvp_holds_four_components() {
    let records = sample("kvp.ps51.json");
    assert_eq!(records, sample("kvp.ps7.json"));
    assert_eq!(records.faults, []);
    let [web, linux, off, disabled] = records.kvp.as_slice() else {
        panic!("{records:?}");
    };
    assert_eq!(web.vm_id, Some(vm_id(1)));
    assert_eq!(web.system.host_name(), Some("web01.example.test"));
    assert_eq!(web.system.sku(), Some(7));
    assert_eq!(web.claims.len(), 1);
    assert_eq!(linux.vm_id, Some(vm_id(4)));
    assert!(!linux.system.is_windows());
    assert_eq!(linux.guest, Listing::Listed);
    assert_eq!(off.vm_id, Some(vm_id(6)));
    assert_eq!(
        (off.intrinsic, off.guest),
        (Listing::NotRunning, Listing::NotRunning)
    );
    assert!(off.system.is_empty() && off.operational_status.is_empty());
    assert_eq!(off.enabled_state, Some(EnabledState::ENABLED));
    assert_eq!(disabled.vm_id, Some(vm_id(7)));
    assert_eq!(disabled.enabled_state, Some(EnabledState::DISABLED));
    assert_eq!(disabled.operational_status, [OperationalStatus::NO_CONTACT]);
}

#[test]
fn cluster_has_nodes_and_groups() {
    let records = sample("cluster.ps51.json");
    assert_eq!(records.faults, []);
    assert!(records.hosts.is_empty() && records.guests.is_empty());
    let [cluster] = records.clusters.as_slice() else {
        panic!("{records:?}");
    };
    assert_eq!(cluster.cluster.name.as_deref(), Some("CLU1"));
    assert_eq!(cluster.cluster.functional_level, Some(10));
    let node = |name, state, build| ClusterNode {
        name: Some(str::to_owned(name)),
        state: Some(state),
        build_number: Some(build),
    };
    assert_eq!(
        cluster.nodes.as_deref(),
        Some(
            &[
                node("HV01", NodeState::UP, 20348),
                node("HV02", NodeState::PAUSED, 17763),
                node("HV04", NodeState::DOWN, 17763),
            ][..]
        )
    );
    let groups: Vec<_> = cluster
        .groups
        .as_ref()
        .unwrap()
        .iter()
        .map(|group| {
            (
                group.name.as_deref().unwrap(),
                group.vm_id.unwrap(),
                group.state.unwrap(),
                group.owner_node.as_deref().unwrap(),
                group.possible_owners.as_ref().unwrap().join(" "),
            )
        })
        .collect();
    let (on, off) = (GroupState::ONLINE, GroupState::OFFLINE);
    assert_eq!(
        groups,
        [
            ("web01", vm_id(1), on, "HV01", "HV01 HV02 HV04".to_owned()),
            ("db25", vm_id(3), on, "HV01", "HV01".to_owned()),
            ("off01", vm_id(6), off, "HV02", "HV01 HV02".to_owned()),
        ]
    );
}

#[test]
fn events_are_kept_with_their_places() {
    let records = sample("events.ps51.json");
    assert_eq!(records.faults, []);
    let found: Vec<_> = records
        .events
        .iter()
        .map(|record| (record.place.as_str(), record.event.record_id.unwrap()))
        .collect();
    assert_eq!(found, [("[0]", 40812), ("[1]", 40813)]);
    assert_eq!(
        Records {
            events: Vec::new(),
            ..records
        },
        Records::default()
    );
    let Value::List(events) = document("events.ps51.json") else {
        panic!();
    };
    assert_eq!(
        events[0].get("keywords").unwrap().integer(),
        Ok(Some(36_028_797_018_963_968))
    );
}
