//! Clusters out of inventories: the samples, and what a collection may lack.
#![cfg(all(feature = "serde", feature = "xml", feature = "fleet"))]

use avma::Release;
use avma::assess::Host;
use avma::fleet::cluster::{
    ClusterError, ClusterState, Collected, Node, Nodes, Owners, Presence, Risk, Weakness,
};
use avma::observe::inventory::{Fleet, Inventory};
use avma::observe::value::Value;

use crate::{datacenter, node, nodes};

const CLUSTER: &str = include_str!("../data/samples/cluster.ps51.json");
const HOST: &str = include_str!("../data/samples/host.ps51.json");

fn join(documents: &[&str]) -> Fleet {
    let mut inventory = Inventory::new();
    for document in documents {
        let text = document.trim_start_matches('\u{feff}');
        let value: Value = serde_json::from_str(text).unwrap();
        inventory.add(&value);
    }
    inventory.join()
}

#[test]
fn the_sample() {
    let fleet = join(&[HOST, CLUSTER]);
    let collected = Collected::new(&fleet, 0).unwrap();
    assert!(collected.nodes_listed);
    let names = [0, 1, 2].map(|place| collected.name(node(place)).unwrap());
    assert_eq!(names, ["HV01", "HV02", "HV04"]);
    assert_eq!(collected.name(node(3)), None);
    let hosts: Vec<Option<usize>> = collected.nodes.iter().map(|node| node.host).collect();
    assert_eq!(hosts, [Some(0), None, None]);
    let presence = [0, 1, 2].map(|place| collected.cluster.node(node(place)).unwrap().presence);
    assert_eq!(presence, [Presence::Up, Presence::Paused, Presence::Down]);
    // The list says 17763 for two of them, HV01 says 2022: perhaps within an upgrade, perhaps not.
    assert_eq!(collected.cluster.state(), ClusterState::Undetermined);

    // web01, db25, off01: 2022, 2025, not known.
    let groups: Vec<usize> = collected.vms.iter().map(|vm| vm.group).collect();
    assert_eq!(groups, [0, 1, 2]);
    let row_names: Vec<Option<&str>> = collected
        .vms
        .iter()
        .map(|vm| fleet.vms[vm.row.unwrap()].name())
        .collect();
    assert_eq!(row_names, [Some("web01"), Some("db25"), Some("off01")]);
    let vms = [0, 1, 2].map(|vm| collected.cluster.vm(vm).unwrap());
    assert_eq!(vms[0].owners, Owners::Only(nodes(&[0, 1, 2])));
    assert_eq!(vms[1].owners, Owners::Only(nodes(&[0])));
    assert_eq!(vms[2].owners, Owners::Only(nodes(&[0, 1])));
    let current: Vec<Option<usize>> = vms
        .iter()
        .map(|vm| vm.current.map(|node| node.place()))
        .collect();
    // The host's word comes before the group's owner.
    assert_eq!(current, [Some(0), Some(0), Some(0)]);
    let reach = |vm| collected.cluster.reach(vm).unwrap();
    assert_eq!(reach(0).activated, nodes(&[0]));
    assert_eq!(reach(0).undetermined, nodes(&[1, 2]));
    // Newer than its only node.
    assert_eq!(reach(1).not_activated, nodes(&[0]));
    assert_eq!(collected.vm_of_row(collected.vms[1].row.unwrap()), Some(1));
    assert_eq!(collected.vm_of_row(fleet.vms.len()), None);
    let weak: Vec<(usize, Weakness)> = collected
        .cluster
        .weak_nodes()
        .iter()
        .map(|weak| (weak.node.place(), weak.weakness))
        .collect();
    let (older, unknown) = (Weakness::NotForEveryVm, Weakness::NotCollected);
    assert_eq!(weak, [(0, older), (1, unknown), (2, unknown)]);
}

/// With what `--set` gives and no export has.
#[test]
fn hosts_as_the_caller_knows_them() {
    let fleet = join(&[HOST, CLUSTER]);
    let collected = Collected::with_hosts(&fleet, 0, |host| {
        assert_eq!(host, 0);
        datacenter(Release::Ws2022)
    })
    .unwrap();
    assert_eq!(collected.cluster.reach(0).unwrap().activated, nodes(&[0]));
    let risks: Vec<(usize, Risk)> = collected
        .cluster
        .risks(0)
        .map(|(node, risk)| (node.place(), risk))
        .collect();
    assert_eq!(risks, [(1, Risk::Unknown), (2, Risk::Unknown)]);
}

fn id(number: u32) -> String {
    format!("a1a1a1a1-0000-4000-8000-{number:012}")
}

/// A Datacenter host of 2022 with VMs.
fn host(name: &str, vms: &[u32]) -> String {
    let list: Vec<String> = vms
        .iter()
        .map(|vm| {
            format!(
                r#"{{"VMId":"{}","Name":"vm{vm}","IsClustered":true}}"#,
                id(*vm)
            )
        })
        .collect();
    format!(
        r#"{{"OperatingSystem":{{"CSName":"{name}","Caption":"Microsoft Windows Server 2022 Datacenter","BuildNumber":"20348","OperatingSystemSKU":8}},
            "Feature":{{"Name":"Hyper-V","Installed":true}},"VM":[{}]}}"#,
        list.join(",")
    )
}

fn group(vm: u32, rest: &str) -> String {
    format!(
        r#"{{"Name":"vm{vm}","GroupType":111,"VmId":"{}"{rest}}}"#,
        id(vm)
    )
}

#[test]
fn what_a_collection_lacks() {
    let groups = [
        group(1, r#","OwnerNode":"HV01""#),
        group(2, r#","OwnerNode":"HV02","PossibleOwner":[]"#),
        // Cut off, and a name that may be two nodes: both say nothing.
        group(
            3,
            r#","OwnerNode":"HV01","PossibleOwner":["HV01","@{Name=HV02; Id=2}"]"#,
        ),
        group(4, r#","OwnerNode":"HV01","PossibleOwner":["HV01","HV05"]"#),
        group(5, r#","OwnerNode":"HV03","PossibleOwner":["HV03"]"#),
        group(6, ""),
    ];
    let cluster = format!(
        r#"{{"Cluster":{{"Name":"CLU1"}},"Node":[{{"Name":"HV01","State":0}},{{"Name":"HV02"}},
            {{"Name":"hv05.a.example.test","State":3}},{{"Name":"hv05.b.example.test","State":-1}}],"Group":[{}]}}"#,
        groups.join(",")
    );
    let (first, other) = (host("HV01", &[1, 2, 3, 4]), host("HV09", &[6]));
    let fleet = join(&[&first, &other, &cluster]);
    let collected = Collected::new(&fleet, 0).unwrap();
    let names: Vec<&str> = collected
        .nodes
        .iter()
        .filter_map(|node| node.name)
        .collect();
    // Those of the list, one that only a group names, one where a VM was seen.
    assert_eq!(
        names,
        [
            "HV01",
            "HV02",
            "hv05.a.example.test",
            "hv05.b.example.test",
            "HV03",
            "HV09"
        ]
    );
    let listed: Vec<bool> = collected
        .nodes
        .iter()
        .map(|node| node.listed.is_some())
        .collect();
    assert_eq!(listed, [true, true, true, true, false, false]);
    let presence: Vec<Presence> = (0..6)
        .map(|place| collected.cluster.node(node(place)).unwrap().presence)
        .collect();
    let (up, down) = (Presence::Up, Presence::Down);
    assert_eq!(presence, [up, up, down, down, up, up]);
    let vm = |place| collected.cluster.vm(place).unwrap();
    assert_eq!(vm(0).owners, Owners::NotKnown);
    assert_eq!(vm(1).owners, Owners::All);
    assert_eq!(vm(2).owners, Owners::NotKnown);
    assert_eq!(vm(3).owners, Owners::NotKnown);
    assert_eq!(vm(4).owners, Owners::Only(nodes(&[4])));
    assert_eq!(vm(5).owners, Owners::NotKnown);
    let current: Vec<Option<usize>> = (0..6)
        .map(|place| vm(place).current.map(|node| node.place()))
        .collect();
    // Seen on HV01 whatever its group says; the last but one was seen nowhere.
    assert_eq!(
        current,
        [Some(0), Some(0), Some(0), Some(0), Some(4), Some(5)]
    );
    let rows: Vec<bool> = collected.vms.iter().map(|vm| vm.row.is_some()).collect();
    assert_eq!(rows, [true, true, true, true, false, true]);
    // Nothing is known of its guest, and it is not left out.
    assert_eq!(
        collected.cluster.reach(4).unwrap().undetermined,
        nodes(&[4])
    );
}

#[test]
fn a_name_that_may_be_two_hosts_is_none() {
    let cluster =
        r#"{"Cluster":{"Name":"CLU1"},"Node":[{"Name":"HV01"},{"Name":"HV02"}],"Group":[]}"#;
    let named = |name: &str, domain: &str| {
        host(name, &[]).replacen(
            '{',
            &format!(r#"{{"ComputerSystem":{{"Name":"{name}","Domain":"{domain}"}},"#),
            1,
        )
    };
    let (a, b) = (
        named("HV01", "a.example.test"),
        named("HV01", "b.example.test"),
    );
    let fleet = join(&[&a, &b, &host("hv02", &[]), cluster]);
    assert_eq!(fleet.hosts.len(), 3);
    let collected = Collected::new(&fleet, 0).unwrap();
    let hosts: Vec<Option<usize>> = collected.nodes.iter().map(|node| node.host).collect();
    assert_eq!(hosts, [None, Some(2)]);
    assert_eq!(
        collected.cluster.node(node(0)),
        Some(&Node::not_collected())
    );
}

/// Two clusters whose nodes have the same short names: each host tells its own.
#[test]
fn a_host_of_another_cluster_is_not_the_node() {
    let of = |domain: &str, cluster: &str| {
        let head = format!(
            r#"{{"ComputerSystem":{{"Name":"HV01","Domain":"{domain}"}},"Cluster":{{"Name":"{cluster}"}},"#
        );
        host("HV01", &[]).replacen('{', &head, 1)
    };
    let cluster = r#"{"Cluster":{"Name":"CLU1"},"Node":[{"Name":"HV01"}],"Group":[]}"#;
    let (a, b) = (of("a.example.test", "CLU2"), of("b.example.test", "clu1"));
    let fleet = join(&[&a, &b, cluster]);
    assert_eq!(Collected::new(&fleet, 0).unwrap().nodes[0].host, Some(1));
    let fleet = join(&[&a, cluster]);
    assert_eq!(Collected::new(&fleet, 0).unwrap().nodes[0].host, None);
}

/// A short name is the node of that name, and not one that it may be too.
#[test]
fn an_equal_name_comes_first() {
    let cluster = format!(
        r#"{{"Cluster":{{"Name":"CLU1"}},"Node":[{{"Name":"hv01.b.example.test"}},{{"Name":"HV01"}}],"Group":[{}]}}"#,
        group(1, r#","PossibleOwner":"hv01""#)
    );
    let fleet = join(&[&cluster]);
    let collected = Collected::new(&fleet, 0).unwrap();
    let owners = collected.cluster.vm(0).unwrap().owners;
    assert_eq!(owners, Owners::Only(nodes(&[1])));
}

#[test]
fn nodes_not_listed() {
    let cluster = format!(r#"{{"Group":[{}]}}"#, group(1, r#","OwnerNode":"HV01""#));
    let fleet = join(&[&cluster]);
    let collected = Collected::new(&fleet, 0).unwrap();
    assert!(!collected.nodes_listed);
    // The one that the group names, and whichever others there are.
    assert_eq!(collected.cluster.nodes(), Nodes::first(2));
    let others: Vec<bool> = collected
        .nodes
        .iter()
        .map(|node| node.stands_for_others())
        .collect();
    assert_eq!(others, [false, true]);
    assert_eq!(
        Collected::new(&fleet, 1).unwrap_err(),
        ClusterError::NoSuchCluster {
            cluster: 1,
            clusters: 1
        }
    );
}

/// Guests that have nothing to lose: activated by another channel, evaluation copies, client
/// Windows, replicas.
#[test]
fn what_is_not_at_stake() {
    let description = |channel: &str| {
        format!(
            r#"[{{"ApplicationID":"55c92734-d682-4d71-983e-d6ec3f16059f","LicenseIsAddon":false,"LicenseStatus":1,"PartialProductKey":"VMK7H","Description":"Windows(R) Operating System, {channel} channel"}}]"#
        )
    };
    let guest = |vm: u32, caption: &str, channel: &str| {
        format!(
            r#"{{"OperatingSystem":{{"CSName":"VM{vm}","Caption":"{caption}"}},"Licensing":{}}}"#,
            description(channel)
        )
    };
    let replica = host("HV01", &[1, 2, 3, 4, 5]);
    let replica = replica.replace(r#""Name":"vm5""#, r#""Name":"vm5","ReplicationMode":2"#);
    let documents = [
        replica,
        guest(
            1,
            "Microsoft Windows Server 2022 Standard",
            "VIRTUAL_MACHINE_ACTIVATION",
        ),
        guest(
            2,
            "Microsoft Windows Server 2022 Standard",
            "VOLUME_KMSCLIENT",
        ),
        guest(
            3,
            "Microsoft Windows Server 2022 Standard Evaluation",
            "TIMEBASED_EVAL",
        ),
        // Client Windows with nothing seen of its licence.
        r#"{"OperatingSystem":{"CSName":"VM4","Caption":"Microsoft Windows 11 Pro"},"CurrentVersion":{"EditionID":"Professional"}}"#.to_owned(),
        guest(5, "Microsoft Windows Server 2022 Standard", "VIRTUAL_MACHINE_ACTIVATION"),
        format!(
            r#"{{"Cluster":{{"Name":"CLU1"}},"Node":[{{"Name":"HV01"}}],"Group":[{}]}}"#,
            [1, 2, 3, 4, 5].map(|vm| group(vm, "")).join(",")
        ),
    ];
    let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
    let fleet = join(&documents);
    let ready = |_| -> Host { datacenter(Release::Ws2022) };
    let collected = Collected::with_hosts(&fleet, 0, ready).unwrap();
    let at_stake = [0, 1, 2, 3, 4].map(|vm| collected.cluster.vm(vm).unwrap().at_stake);
    assert_eq!(at_stake, [true, false, false, false, false]);
    assert_eq!(collected.cluster.losses().of_node(node(0)).lost, 1);
}
