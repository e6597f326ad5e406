//! Hosts and their VMs.

use super::*;

#[track_caller]
fn vm<'a>(host: &'a HostRecord, name: &str) -> &'a VmRecord {
    let mut vms = host.vms.as_ref().unwrap().iter();
    vms.find(|vm| vm.name() == Some(name)).unwrap()
}

struct System<'a> {
    fqdn: &'a str,
    os_name: &'a str,
    os_version: &'a str,
    build: Option<u32>,
    sku: Option<u32>,
    product_type: Option<u32>,
    suite_mask: Option<u32>,
    architecture: &'a str,
    windows: bool,
}

#[track_caller]
fn assert_system(vm: &VmRecord, wanted: &System<'_>) {
    let system = vm.system().unwrap();
    assert_eq!(system.host_name(), Some(wanted.fqdn));
    assert_eq!(system.os_name.as_deref(), Some(wanted.os_name));
    assert_eq!(system.os_version.as_deref(), Some(wanted.os_version));
    assert_eq!(system.build(), wanted.build);
    assert_eq!(system.sku(), wanted.sku);
    assert_eq!(system.product_type(), wanted.product_type);
    assert_eq!(system.suite_mask(), wanted.suite_mask);
    assert_eq!(
        system.processor_architecture.as_deref(),
        Some(wanted.architecture)
    );
    assert_eq!(system.is_windows(), wanted.windows);
    assert_eq!(system.others, []);
}

fn windows<'a>(fqdn: &'a str, os_name: &'a str, os_version: &'a str, build: u32) -> System<'a> {
    System {
        fqdn,
        os_name,
        os_version,
        build: Some(build),
        sku: Some(7),
        product_type: Some(3),
        suite_mask: Some(272),
        architecture: "9",
        windows: true,
    }
}

#[test]
fn host_ps51_holds_a_host_of_seven_vms() {
    let host = only_host(sample("host.ps51.json"));
    assert_eq!(host.name(), Some("HV01"));
    assert_eq!(host.computer_name.as_deref(), Some("HV01"));
    assert_eq!(
        host.collected,
        When::At(Timestamp(1_763_946_845_123)),
        "02:14:05.1234567+01:00"
    );
    let os = host.operating_system.as_ref().unwrap();
    assert_eq!(os.cs_name.as_deref(), Some("HV01"));
    assert_eq!(
        os.caption.as_deref(),
        Some("Microsoft Windows Server 2022 Datacenter")
    );
    assert_eq!(os.build_number, Some(20348));
    assert_eq!(os.version.as_deref(), Some("10.0.20348"));
    assert_eq!(
        (os.sku, os.product_type, os.suite_mask),
        (Some(8), Some(3), Some(400))
    );
    let computer = host.computer_system.as_ref().unwrap();
    assert_eq!(computer.name.as_deref(), Some("HV01"));
    assert_eq!(computer.domain.as_deref(), Some("example.test"));
    assert_eq!(computer.manufacturer.as_deref(), Some("Example Hardware"));
    assert_eq!(computer.model.as_deref(), Some("Rack 2S"));
    assert_eq!(computer.hypervisor_present, Some(true));
    let sockets = host.processors.as_ref().unwrap();
    assert_eq!(sockets.len(), 2);
    assert_eq!(sockets[1].device_id.as_deref(), Some("CPU1"));
    assert_eq!(host.cores(), Some(32));
    let enclosure = host.enclosure.as_ref().unwrap();
    assert_eq!(enclosure.asset_tag.as_deref(), Some("RACK-07-U12"));
    assert_eq!(host.hyper_v, Some(true));

    let licensing = host.licensing.as_ref().unwrap();
    assert_eq!((licensing.rows.len(), licensing.without_key), (1, 0));
    let row = licensing.windows_row().unwrap();
    assert_eq!(
        row.name.as_deref(),
        Some("Windows(R), ServerDatacenter edition")
    );
    assert_eq!(row.channel(), Some(LicenseChannel::KmsClient));
    assert_eq!(row.application_id, Some(WINDOWS));
    assert_eq!(row.license_family.as_deref(), Some("ServerDatacenter"));
    assert_eq!(row.is_addon, Some(false));
    assert_eq!(row.status(), Some(LicenseStatus::Licensed));
    assert_eq!(row.reason, Some(HResult(1_074_066_433)));
    assert_eq!(row.grace_minutes, Some(250_560));
    assert_eq!(row.partial_key, last_five("6VM33"));
    assert_eq!(row.product_key_channel.as_deref(), Some("Volume:GVLK"));

    let cluster = host.cluster.as_ref().unwrap();
    assert_eq!(cluster.name.as_deref(), Some("CLU1"));
    assert_eq!(cluster.functional_level, Some(11));
    assert_eq!(host.nodes, None);
    assert_eq!((host.events.len(), host.other_events), (1, 0));
    assert_eq!(host.events[0].record_id, Some(40812));
}

#[test]
fn host_ps51_knows_each_vm() {
    let host = only_host(sample("host.ps51.json"));
    let vms = host.vms.as_ref().unwrap();
    let listed: Vec<_> = vms
        .iter()
        .map(|vm| {
            let machine = &vm.machine;
            assert_eq!(machine.computer_name.as_deref(), Some("HV01"));
            assert_eq!(machine.replication_mode, Some(ReplicationMode::NONE));
            (
                machine.name.as_deref().unwrap(),
                machine.id.unwrap(),
                machine.state.unwrap(),
                machine.generation.unwrap(),
                machine.version.as_deref().unwrap(),
                machine.is_clustered.unwrap(),
            )
        })
        .collect();
    let (on, off) = (VmState::RUNNING, VmState::OFF);
    assert_eq!(
        listed,
        [
            ("web01", vm_id(1), on, 2, "10.0", true),
            ("app12r2", vm_id(2), on, 1, "8.0", true),
            ("db25", vm_id(3), on, 2, "10.0", true),
            ("lin01", vm_id(4), on, 2, "10.0", true),
            ("eval19", vm_id(5), on, 2, "9.0", false),
            ("off01", vm_id(6), off, 2, "10.0", true),
            ("nokvp", vm_id(7), on, 2, "10.0", false),
        ]
    );
}

#[test]
fn host_ps51_knows_the_system_in_each_vm() {
    let host = only_host(sample("host.ps51.json"));
    let web01 = vm(&host, "web01");
    assert_system(
        web01,
        &windows(
            "web01.example.test",
            "Windows Server 2022 Standard",
            "10.0.20348",
            20348,
        ),
    );
    let kvp = web01.kvp.as_ref().unwrap();
    assert_eq!(kvp.claims.len(), 1);
    assert_eq!(kvp.claims[0].name, "ExampleAgentVersion");
    assert_eq!(kvp.claims[0].data, "1.2.3 <beta> & more");
    assert_eq!(kvp.claims[0].source, Some(1));
    assert_eq!(
        (kvp.intrinsic, kvp.guest),
        (Listing::Listed, Listing::Listed)
    );
    assert_eq!(kvp.operational_status, [OperationalStatus::OK]);
    let system = web01.system().unwrap();
    assert_eq!(system.csd_version.as_deref(), Some(""));
    assert_eq!(system.os_platform_id.as_deref(), Some("2"));
    assert_eq!(system.os_major_version.as_deref(), Some("10"));
    assert_eq!(system.os_minor_version.as_deref(), Some("0"));
    assert_eq!(system.service_pack_major.as_deref(), Some("0"));
    assert_eq!(system.service_pack_minor.as_deref(), Some("0"));
    assert_eq!(system.network_address_ipv4.as_deref(), Some("192.0.2.11"));
    assert_eq!(system.network_address_ipv6.as_deref(), Some("2001:db8::11"));
    assert_eq!(system.rdp_address_ipv4.as_deref(), Some(""));
    assert_eq!(
        system.integration_services_version.as_deref(),
        Some("10.0.20348")
    );

    let app = vm(&host, "app12r2");
    assert_system(
        app,
        &windows(
            "app12r2.example.test",
            "Windows Server 2012 R2 Standard",
            "6.3.9600",
            9600,
        ),
    );
    assert_eq!(
        app.data_exchange_status(),
        Some(OperationalStatus::DEGRADED)
    );
    assert_system(
        vm(&host, "db25"),
        &System {
            sku: Some(8),
            suite_mask: Some(400),
            ..windows(
                "db25.example.test",
                "Windows Server 2025 Datacenter",
                "10.0.26100",
                26100,
            )
        },
    );
    assert_system(
        vm(&host, "lin01"),
        &System {
            fqdn: "lin01.example.test",
            os_name: "Example Linux 12",
            os_version: "6.1.0",
            build: None,
            sku: None,
            product_type: None,
            suite_mask: None,
            architecture: "x86_64",
            windows: false,
        },
    );
    assert_system(
        vm(&host, "eval19"),
        &System {
            sku: Some(79),
            product_type: Some(2),
            ..windows(
                "eval19.example.test",
                "Windows Server 2019 Standard Evaluation",
                "10.0.17763",
                17763,
            )
        },
    );
}

#[test]
fn host_ps51_knows_where_data_exchange_is_on() {
    let host = only_host(sample("host.ps51.json"));
    let off01 = vm(&host, "off01");
    assert_eq!(off01.system(), None);
    assert_eq!(off01.kvp.as_ref().unwrap().intrinsic, Listing::NotRunning);
    assert_eq!(off01.kvp.as_ref().unwrap().guest, Listing::NotRunning);
    assert_eq!(off01.data_exchange_on(), Some(true));
    assert_eq!(off01.data_exchange_status(), None);

    let nokvp = vm(&host, "nokvp");
    assert_eq!(nokvp.system(), None);
    assert_eq!(nokvp.data_exchange_on(), Some(false));
    let service = nokvp.data_exchange.as_ref().unwrap();
    assert_eq!(service.status, Some(OperationalStatus::OK));
    assert_eq!(service.status_description.as_deref(), Some("OK"));
    let kvp = nokvp.kvp.as_ref().unwrap();
    assert_eq!(kvp.enabled_state, Some(EnabledState::DISABLED));
    assert_eq!(kvp.operational_status, [OperationalStatus::NO_CONTACT]);

    for vm in host.vms.as_ref().unwrap() {
        assert_eq!(
            vm.data_exchange_on(),
            Some(vm.name() != Some("nokvp")),
            "{vm:?}"
        );
        assert!(!vm.is_replica());
    }
}

#[test]
fn host_ps7_gives_the_same_records_exactly() {
    assert_eq!(sample("host.ps7.json"), sample("host.ps51.json"));
    let bytes = bytes("host.ps7.json");
    assert!(matches!(
        decode(&bytes).unwrap(),
        std::borrow::Cow::Borrowed(_)
    ));
}

#[test]
fn host_ps51_utf16_holds_the_first_two_vms_of_it() {
    let host = only_host(sample("host.ps51.utf16.json"));
    let mut whole = only_host(sample("host.ps51.json"));
    let vms = whole.vms.as_mut().unwrap();
    vms.truncate(2);
    // It holds three of the nineteen items of each.
    for vm in vms {
        let system = &mut vm.kvp.as_mut().unwrap().system;
        *system = GuestSystem {
            fully_qualified_domain_name: system.fully_qualified_domain_name.take(),
            os_name: system.os_name.take(),
            os_version: system.os_version.take(),
            ..GuestSystem::default()
        };
    }
    assert_eq!(host, whole);
}

#[test]
fn host_one_vm_has_its_lists_collapsed() {
    let host = only_host(sample("host-one-vm.ps51.json"));
    assert_eq!(host.name(), Some("HV09"));
    assert_eq!(host.collected, When::At(Timestamp(1_763_947_200_447)));
    let os = host.operating_system.as_ref().unwrap();
    assert_eq!(
        (os.sku, os.build_number, os.suite_mask),
        (Some(7), Some(17763), Some(272))
    );
    assert_eq!(host.cores(), Some(6));
    assert_eq!(
        host.enclosure.as_ref().unwrap().asset_tag.as_deref(),
        Some("")
    );
    assert_eq!(host.hyper_v, Some(true));
    let row = host.licensing.as_ref().unwrap().windows_row().unwrap();
    assert_eq!(row.channel(), Some(LicenseChannel::Mak));
    assert_eq!(row.status(), Some(LicenseStatus::Licensed));
    assert_eq!(row.partial_key, last_five("7XK2C"));
    assert_eq!(host.cluster, None);
    assert!(host.events.is_empty());

    let vms = host.vms.as_ref().unwrap();
    assert_eq!(vms.len(), 1);
    let core16 = vm(&host, "core16");
    assert_eq!(core16.machine.id, Some(vm_id(9)));
    assert_eq!(core16.machine.state, Some(VmState::RUNNING));
    assert_eq!(core16.machine.version.as_deref(), Some("9.0"));
    assert_eq!(core16.machine.is_clustered, Some(false));
    assert_eq!(core16.data_exchange_on(), Some(true));
    assert_eq!(core16.data_exchange_status(), Some(OperationalStatus::OK));
    assert_system(
        core16,
        &windows(
            "core16.example.test",
            "Windows Server 2016 Standard",
            "10.0.14393",
            14393,
        ),
    );
    let kvp = core16.kvp.as_ref().unwrap();
    assert_eq!(kvp.operational_status, [OperationalStatus::OK]);
    assert_eq!(kvp.claims.len(), 1);
    assert_eq!(
        (kvp.claims[0].name.as_str(), kvp.claims[0].data.as_str()),
        ("ExampleOnly", "one item only")
    );
}

#[test]
fn host_depth2_names_what_is_cut_off_and_keeps_the_rest() {
    let records = sample("host-depth2.ps51.json");
    let cut = FaultKind::CutOff { depth: 2 };
    assert_eq!(
        records.faults,
        [fault("Cluster.Node[0]", cut), fault("Cluster.Node[1]", cut)]
    );
    assert_eq!(
        records.faults[0].to_string(),
        "Cluster.Node[0]: cut off at depth 2, collect again with -Depth 6"
    );
    let [host] = records.hosts.as_slice() else {
        panic!("{records:?}");
    };
    assert!(records.clusters.is_empty() && records.guests.is_empty());
    assert_eq!(host.name(), Some("HV01"));
    assert_eq!(host.cluster.as_ref().unwrap().name.as_deref(), Some("CLU1"));
    assert_eq!(host.nodes.as_deref(), Some(&[][..]));
    assert_eq!(host.vms.as_ref().unwrap().len(), 2);
    let web01 = vm(host, "web01");
    let system = web01.system().unwrap();
    assert_eq!(system.host_name(), Some("web01.example.test"));
    assert_eq!(
        system.os_name.as_deref(),
        Some("Windows Server 2022 Standard")
    );
    assert_eq!(system.os_version.as_deref(), Some("10.0.20348"));
    let kvp = web01.kvp.as_ref().unwrap();
    assert_eq!(kvp.operational_status, [OperationalStatus::OK]);
    assert_eq!(kvp.claims[0].data, "1.2.3 <beta> & more");
    let app = vm(host, "app12r2");
    assert_eq!(
        app.system().unwrap().os_version.as_deref(),
        Some("6.3.9600")
    );
    assert_eq!(app.kvp.as_ref().unwrap().guest, Listing::Listed);
    assert_eq!(app.kvp.as_ref().unwrap().claims, []);
    assert_eq!(
        app.data_exchange_status(),
        Some(OperationalStatus::DEGRADED)
    );
    assert_eq!(host.events.len(), 1);
}

#[test]
fn host_ansi_is_refused_with_the_byte_and_the_cure() {
    let error = decode(&bytes("host-ansi.ps51.json")).unwrap_err();
    assert_eq!(error, TextError::NotUtf8 { at: 512 });
    let text = error.to_string();
    assert!(
        text.contains("byte 512") && text.contains("-Encoding utf8"),
        "{text}"
    );
}
