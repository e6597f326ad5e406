//! By hand, from the article's matrix and its sentence that every node must be activated.

use avma::Release::{V1909, Ws2012, Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025};
use avma::assess::{Can, Guest, Host};
use avma::catalog::hosts::AzureLocalLicense;
use avma::fleet::cluster::{
    Cluster, ClusterError, ClusterState, Lost, Node, NodeId, Nodes, Outlook, Owners, Presence,
    Reach, Risk, Vm, Weakness, WhatIfError,
};
use avma::{HostLicense, Product, Products, Releases};

use crate::{cluster, datacenter, node, nodes, not_activated, standard, vm, with_license};

/// Where a VM stays activated, not activated, not documented, undetermined.
fn reach(cluster: &Cluster, vm: usize) -> [String; 4] {
    let reach = cluster.reach(vm).unwrap();
    [
        reach.activated,
        reach.not_activated,
        reach.not_documented,
        reach.undetermined,
    ]
    .map(|nodes| nodes.to_string())
}

#[test]
fn the_article_s_matrix() {
    let releases = [Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025];
    let cluster = cluster(&releases.map(datacenter), &releases.map(vm));
    let expected = [
        ["0, 1, 2, 3, 4", "none"],
        ["1, 2, 3, 4", "0"],
        ["2, 3, 4", "0, 1"],
        ["3, 4", "0, 1, 2"],
        ["4", "0, 1, 2, 3"],
    ];
    for (vm, [yes, no]) in expected.into_iter().enumerate() {
        assert_eq!(reach(&cluster, vm), [yes, no, "none", "none"], "{vm}");
    }
}

#[test]
fn what_is_open_is_neither_yes_nor_no() {
    let hosts = [
        datacenter(Ws2022),
        datacenter(Ws2019),
        // A host that is only known to be Windows Server, and one of which nothing is known.
        Host::windows_server(Ws2022, Product::Datacenter).into(),
        Host::Unknown,
        // No text speaks of a grace period.
        with_license(Ws2022, HostLicense::Grace),
    ];
    let either = Releases::from(Ws2019).union(Ws2022.into());
    let vms = [
        vm(Ws2022),
        // The Semi-Annual Channel is in no host table.
        vm(V1909),
        // Azure Edition is documented for Azure Local only; what 2019 refuses, it refuses.
        Vm::new(Guest::new(Ws2022, Product::DatacenterAzureEdition).ready()),
        // 2019 or 2022: both are activated on 2022, one of them on 2019.
        Vm::new(Guest::new(either, Product::Standard).ready()),
        // Too old for any host, client Windows, a Linux.
        vm(Ws2012),
        Vm::new(Guest::new(Releases::unknown(), Product::Client).ready()),
        Vm::new(Guest::new(Releases::unknown(), Product::NotWindows).ready()),
        Vm::new(Guest::unknown()),
    ];
    let cluster = cluster(&hosts, &vms);
    let none = "none";
    let expected = [
        ["0", "1", "4", "2, 3"],
        [none, none, "0, 1, 4", "2, 3"],
        [none, "1", "0, 4", "2, 3"],
        ["0", none, "4", "1, 2, 3"],
        [none, "0, 1, 2, 3, 4", none, none],
        [none, "0, 1, 2, 3, 4", none, none],
        [none, "0, 1, 2, 3, 4", none, none],
        [none, none, none, "0, 1, 2, 3, 4"],
    ];
    for (vm, expected) in expected.into_iter().enumerate() {
        assert_eq!(reach(&cluster, vm), expected, "{vm}");
    }
    let first = cluster.reach(0).unwrap();
    let answers = [0, 1, 2, 3, 4].map(|place| first.on(node(place)));
    assert_eq!(
        answers,
        [
            Some(Can::Eligible),
            Some(Can::NotEligible),
            Some(Can::Undetermined),
            Some(Can::Undetermined),
            Some(Can::NotDocumented),
        ]
    );
    assert_eq!(first.on(node(5)), None);
    assert_eq!(first.open(), nodes(&[2, 3, 4]));
    assert_eq!(first.owners(), Nodes::first(5));
}

#[test]
fn possible_owners() {
    let hosts = [Ws2022, Ws2019, Ws2022].map(datacenter);
    let vms = [
        vm(Ws2022).owned_by(nodes(&[0, 1])),
        // An empty list is every node.
        vm(Ws2022).owned_by(Nodes::NONE),
        // Not collected: where it is it may be, of the others it is not known.
        vm(Ws2022).owned_by(Owners::NotKnown).on(node(2)),
        vm(Ws2022).owned_by(Owners::NotKnown),
    ];
    let cluster = cluster(&hosts, &vms);
    assert_eq!(reach(&cluster, 0), ["0", "1", "none", "none"]);
    assert_eq!(reach(&cluster, 1), ["0, 2", "1", "none", "none"]);
    assert_eq!(reach(&cluster, 2), ["2", "1", "none", "0"]);
    assert_eq!(reach(&cluster, 3), ["none", "1", "none", "0, 2"]);
    assert_eq!(cluster.reach(4), None);
    // On a node the answer stands, whoever may own the VM.
    assert_eq!(cluster.answer(0, node(2)), Some(Can::Eligible));
    assert_eq!(cluster.answer(0, node(3)), None);
    assert_eq!(cluster.answer(4, node(0)), None);
    assert_eq!(cluster.vm(0), Some(vms[0]));
    assert_eq!(cluster.vm_count(), 4);
    assert_eq!(cluster.node(node(1)).unwrap().host, Some(hosts[1]));
    assert_eq!(cluster.nodes(), Nodes::first(3));
}

/// Its rule, whether it is certain, the VMs concerned.
type Why = (&'static str, bool, usize);

/// Node, weakness, and why.
fn weak(cluster: &Cluster) -> Vec<(usize, Weakness, Vec<Why>)> {
    let reasons = |node: &avma::fleet::cluster::WeakNode| {
        let reasons = node.reasons.iter().map(|reason| {
            let finding = &reason.finding;
            (finding.rule.id, finding.certain, reason.vms)
        });
        reasons.collect()
    };
    let nodes = cluster.weak_nodes();
    nodes
        .iter()
        .map(|node| (node.node.place(), node.weakness, reasons(node)))
        .collect()
}

#[test]
fn weak_nodes_and_why() {
    let nodes = [
        Node::new(datacenter(Ws2022)),
        Node::new(not_activated(Ws2022)),
        Node::new(Host::windows_server(Ws2022, Product::Standard).ready()),
        Node::not_collected(),
        Node::new(datacenter(Ws2019)),
        // Its licence was not collected.
        Node::new({
            let mut host = Host::windows_server(Ws2022, Product::Datacenter);
            host.hyper_v_role = true.into();
            host.nested = false.into();
            host.evaluation = false.into();
            host.pay_as_you_go = false.into();
            host.into()
        }),
        Node::new(with_license(Ws2022, HostLicense::Grace)),
    ];
    let linux = Guest::new(Releases::unknown(), Product::NotWindows).ready();
    let vms = [
        vm(Ws2019),
        vm(Ws2022),
        vm(Ws2022),
        // They weaken no node: one cannot go there, one has nothing to lose, one is no Windows.
        vm(Ws2022).owned_by(crate::nodes(&[0])),
        vm(Ws2022).not_at_stake(),
        Vm::new(linux),
        // Nothing is known of it.
        Vm::new(Guest::unknown()),
    ];
    let cluster = Cluster::new(&nodes, &vms).unwrap();
    // A node on which a VM only may run is weak for it too.
    let hosts = [datacenter(Ws2022), datacenter(Ws2019)];
    let may = vm(Ws2022).owned_by(Owners::NotKnown).on(node(0));
    assert_eq!(
        weak(&crate::cluster(&hosts, &[may])),
        [(
            1,
            Weakness::NotForEveryVm,
            vec![("guest-newer-than-host", true, 1)]
        )]
    );
    let expected = [
        (
            1,
            Weakness::NotActivated,
            vec![("host-not-activated", true, 4)],
        ),
        (
            2,
            Weakness::NoAvmaHost,
            vec![("host-not-datacenter", true, 4)],
        ),
        (3, Weakness::NotCollected, vec![]),
        (
            4,
            Weakness::NotForEveryVm,
            vec![("guest-newer-than-host", true, 2)],
        ),
        (
            5,
            Weakness::Undetermined,
            vec![
                ("host-not-activated", false, 4),
                ("host-license-undocumented", false, 4),
            ],
        ),
        (
            6,
            Weakness::NoAvmaHost,
            vec![("host-license-undocumented", true, 4)],
        ),
    ];
    assert_eq!(weak(&cluster), expected);
    // A node without VMs is weak by itself.
    let empty = Cluster::new(&nodes[..2], &[]).unwrap();
    assert_eq!(
        weak(&empty),
        [(
            1,
            Weakness::NotActivated,
            vec![("host-not-activated", true, 0)]
        )]
    );
    let hosts = [0, 1, 2, 3, 4, 5, 6].map(|place| cluster.avma_host(node(place)).unwrap());
    assert_eq!(
        hosts,
        [
            Can::Eligible,
            Can::NotEligible,
            Can::NotEligible,
            Can::Undetermined,
            Can::Eligible,
            Can::Undetermined,
            Can::NotDocumented,
        ]
    );
    assert_eq!(cluster.avma_host(node(7)), None);
    // Everything about a pair.
    let assessment = cluster.assessment(node(4), 1).unwrap();
    assert_eq!(assessment.can(), Can::NotEligible);
    assert_eq!(
        assessment.findings().next().unwrap().rule.id,
        "guest-newer-than-host"
    );
    assert!(cluster.assessment(node(7), 1).is_none());
    assert!(cluster.assessment(node(0), 7).is_none());
}

#[test]
fn a_key_of_azure_local_is_a_node_s_too() {
    let key = |license| Host::azure_local(license).ready();
    let mut unsynced = Host::azure_local(AzureLocalLicense::Key2025);
    unsynced.synced = false.into();
    let mut unverified = Host::azure_local(AzureLocalLicense::Subscription);
    unverified.azure_verification = false.into();
    let azure_edition = Guest::new(Ws2022, Product::DatacenterAzureEdition).ready();
    let cluster = cluster(
        &[
            key(AzureLocalLicense::Key2019),
            // Its key names no 2012 R2, and yet it is a host.
            key(AzureLocalLicense::Key2025),
            unsynced.ready(),
            unverified.ready(),
        ],
        &[vm(Ws2022), Vm::new(azure_edition).owned_by(nodes(&[3]))],
    );
    assert_eq!(
        weak(&cluster),
        [
            (
                0,
                Weakness::NotForEveryVm,
                vec![("azure-local-key-level", true, 1)]
            ),
            (
                2,
                Weakness::NoAvmaHost,
                vec![("azure-local-not-synced", true, 1)]
            ),
            (
                3,
                Weakness::NotForEveryVm,
                vec![("azure-local-verification", true, 1)]
            ),
        ]
    );
}

#[test]
fn possible_owners_at_risk() {
    let nodes_of = [
        Node::new(datacenter(Ws2022)),
        Node::new(datacenter(Ws2019)),
        Node::not_collected(),
        Node::new(with_license(Ws2022, HostLicense::Grace)),
        Node::new(datacenter(Ws2022)),
    ];
    let vms = [
        vm(Ws2022).on(node(0)),
        vm(Ws2022).on(node(1)),
        vm(Ws2022).on(node(0)).not_at_stake(),
        vm(Ws2022).on(node(0)).owned_by(nodes(&[0, 4])),
        // Where it is is not known: every possible owner counts.
        vm(Ws2022).owned_by(nodes(&[0, 1])),
        // It is not known whether it may go to node 4, nor is it to node 1 that would lose it.
        vm(Ws2022).on(node(0)).owned_by(Owners::NotKnown),
    ];
    let cluster = Cluster::new(&nodes_of, &vms).unwrap();
    let risks = |vm| -> Vec<(usize, Risk)> {
        let risks = cluster.risks(vm);
        risks.map(|(node, risk)| (node.place(), risk)).collect()
    };
    let (loses, undocumented, unknown) = (Risk::Loses, Risk::NotDocumented, Risk::Unknown);
    assert_eq!(risks(0), [(1, loses), (2, unknown), (3, undocumented)]);
    // Lost already: nothing to lose elsewhere.
    assert_eq!(risks(1), []);
    assert_eq!(risks(2), []);
    assert_eq!(risks(3), []);
    assert_eq!(risks(4), [(1, loses)]);
    assert_eq!(
        risks(5),
        [(1, loses), (2, unknown), (3, undocumented), (4, unknown)]
    );
    assert_eq!(risks(6), []);
}

fn lost(lost: usize, open: usize) -> Lost {
    let mut expected = Lost::default();
    expected.lost = lost;
    expected.open = open;
    expected
}

#[test]
fn lost_when_nodes_leave() {
    let hosts = [
        datacenter(Ws2022),
        datacenter(Ws2022),
        datacenter(Ws2019),
        with_license(Ws2022, HostLicense::Grace),
    ];
    let vms = [
        vm(Ws2019).owned_by(nodes(&[0, 1, 2])), // 0: any of three
        vm(Ws2022).owned_by(nodes(&[0, 1, 2])), // 1: two of them
        vm(Ws2022).owned_by(nodes(&[1])),       // 2: one
        vm(Ws2022).owned_by(nodes(&[0, 3])),    // 3: one, and one that is not documented
        vm(Ws2022).owned_by(nodes(&[2, 3])),    // 4: none surely
        vm(Ws2022).owned_by(nodes(&[2])),       // 5: none at all
        vm(Ws2022).owned_by(nodes(&[1])).not_at_stake(),
    ];
    let cluster = cluster(&hosts, &vms);
    let losses = cluster.losses();
    let of_nodes: Vec<Lost> = losses.nodes().map(|(_, lost)| lost).collect();
    assert_eq!(of_nodes, [lost(0, 1), lost(1, 0), lost(0, 0), lost(0, 1)]);
    let of_pairs: Vec<_> = losses
        .pairs()
        .map(|(a, b, lost)| (a.place(), b.place(), lost))
        .collect();
    assert_eq!(
        of_pairs,
        [
            (0, 1, lost(2, 1)),
            (0, 2, lost(0, 1)),
            (0, 3, lost(1, 1)),
            (1, 2, lost(1, 0)),
            (1, 3, lost(1, 1)),
            (2, 3, lost(0, 1)),
        ]
    );
    assert_eq!(losses.of_pair(node(3), node(0)), lost(1, 1));
    assert_eq!(losses.of_pair(node(1), node(1)), lost(1, 0));
    assert_eq!(losses.of_node(node(9)), lost(0, 0));
    let named = |leaving| -> Vec<(usize, Outlook)> {
        let lost = cluster.lost_without(leaving);
        lost.map(|(vm, _, after)| (vm, after)).collect()
    };
    assert_eq!(
        named(nodes(&[0, 1])),
        [(1, Outlook::Lost), (2, Outlook::Lost), (3, Outlook::Open)]
    );
    assert_eq!(
        named(nodes(&[0, 3])),
        [(3, Outlook::Lost), (4, Outlook::Lost)]
    );
    assert_eq!(named(Nodes::NONE), []);
}

#[test]
fn a_node_that_is_not_up_keeps_nothing() {
    let up = Node::new(datacenter(Ws2022));
    for presence in [Presence::Paused, Presence::Down] {
        let cluster = Cluster::new(&[up, up.with_presence(presence)], &[vm(Ws2022)]).unwrap();
        // It would stay activated there.
        assert_eq!(cluster.reach(0).unwrap().activated, nodes(&[0, 1]));
        assert_eq!(cluster.nodes_up(), nodes(&[0]));
        let losses = cluster.losses();
        assert_eq!(losses.of_node(node(0)), lost(1, 0));
        assert_eq!(losses.of_node(node(1)), lost(0, 0));
        assert_eq!((losses.nodes().count(), losses.pairs().count()), (1, 0));
        let resumed = cluster.resumed(node(1)).unwrap();
        assert_eq!(resumed.losses().of_node(node(0)), lost(0, 0));
        assert_eq!(resumed.losses().of_pair(node(0), node(1)), lost(1, 0));
    }
}

#[test]
fn what_if() {
    let before = cluster(
        &[datacenter(Ws2019), datacenter(Ws2022)],
        &[
            vm(Ws2019),
            vm(Ws2022),
            vm(Ws2022).owned_by(nodes(&[1])).on(node(1)),
        ],
    );
    let changes = |after: &Cluster| -> Vec<(usize, Nodes, Nodes)> {
        let changes = before.changes(after);
        changes
            .map(|change| (change.vm, change.lost(), change.gained()))
            .collect()
    };
    let (none, first, second) = (Nodes::NONE, nodes(&[0]), nodes(&[1]));

    // Upgraded it is not activated; with a key it keeps what it kept, and the newer guest too.
    let upgraded = before.upgraded(node(0), Ws2022).unwrap();
    assert_eq!(changes(&upgraded), [(0, first, none)]);
    let activated = upgraded.activated(node(0)).unwrap();
    assert_eq!(changes(&activated), [(1, none, first)]);
    assert_eq!(before.changes(&before).count(), 0);

    let (added, third) = before.added(datacenter(Ws2025)).unwrap();
    assert_eq!(third, node(2));
    // A list of owners does not grow; "all" does.
    assert_eq!(
        changes(&added),
        [(0, none, nodes(&[2])), (1, none, nodes(&[2]))]
    );

    let removed = before.removed(node(1)).unwrap();
    assert_eq!(
        changes(&removed),
        [(0, second, none), (1, second, none), (2, second, none)]
    );
    assert_eq!(removed.nodes(), first);
    assert_eq!(removed.node(node(1)), None);
    let last = removed.vm(2).unwrap();
    assert_eq!((last.owners, last.current), (Owners::Only(none), None));
    // Without owners, which is not the same as an empty list: it runs nowhere.
    assert_eq!(removed.reach(2), Some(Reach::default()));
    assert_eq!(removed.reach(2).unwrap().outlook(), Outlook::Lost);
    // Where a VM is it is not any more, whatever its owners are.
    let anywhere = cluster(&[datacenter(Ws2022); 2], &[vm(Ws2022).on(node(1))]);
    let left = anywhere.removed(node(1)).unwrap();
    assert_eq!(left.vm(0).unwrap(), vm(Ws2022));
    assert_eq!(anywhere.vm(0).unwrap().current, Some(node(1)));
    // The place stays free, so that no mask changes its meaning.
    let (added, third) = removed.added(datacenter(Ws2022)).unwrap();
    assert_eq!(third, node(2));
    assert_eq!(added.reach(2), Some(Reach::default()));
    assert_eq!(added.nodes(), nodes(&[0, 2]));

    let collected = Cluster::new(&[Node::not_collected()], &[vm(Ws2022)]).unwrap();
    let collected = collected.with_node(node(0), datacenter(Ws2022)).unwrap();
    assert_eq!(collected.reach(0).unwrap().activated, first);
    let paused = collected.paused(node(0)).unwrap();
    assert_eq!((paused.nodes_up(), paused.nodes()), (none, first));
    assert_eq!(paused.state(), ClusterState::Uniform);
}

#[test]
fn what_can_not_be_asked() {
    let one = Cluster::new(&[Node::not_collected()], &[]).unwrap();
    let (no_node, unknown) = (node(7), node(0));
    let no_such = WhatIfError::NoSuchNode { node: no_node };
    assert_eq!(one.upgraded(no_node, Ws2022).unwrap_err(), no_such);
    assert_eq!(one.activated(no_node).unwrap_err(), no_such);
    assert_eq!(one.removed(no_node).unwrap_err(), no_such);
    assert_eq!(one.paused(no_node).unwrap_err(), no_such);
    assert_eq!(one.resumed(no_node).unwrap_err(), no_such);
    assert_eq!(
        one.with_node(no_node, Host::Unknown)
            .unwrap_err()
            .to_string(),
        "the cluster has no node 7"
    );
    let not_windows = WhatIfError::NotWindowsServer { node: unknown };
    assert_eq!(one.upgraded(unknown, Ws2022).unwrap_err(), not_windows);
    assert_eq!(
        one.activated(unknown).unwrap_err().to_string(),
        "node 0 is not known to be a Windows Server host"
    );
    let removed = one.removed(unknown).unwrap();
    assert_eq!(
        removed.paused(unknown).unwrap_err(),
        WhatIfError::NoSuchNode { node: unknown }
    );
}

#[test]
fn at_most_64_nodes() {
    let nodes_of = vec![Node::new(datacenter(Ws2022)); 65];
    let error = Cluster::new(&nodes_of, &[]).unwrap_err();
    assert_eq!(error, ClusterError::TooManyNodes { got: 65 });
    assert_eq!(
        error.to_string(),
        "a cluster has at most 64 nodes, this one has 65"
    );
    let vms = [vm(Ws2022), vm(Ws2022).owned_by(nodes(&[63]))];
    let full = Cluster::new(&nodes_of[1..], &vms).unwrap();
    assert_eq!(full.reach(0).unwrap().activated, Nodes::ALL);
    assert_eq!(full.reach(1).unwrap().activated, nodes(&[63]));
    assert_eq!(full.losses().of_node(node(63)), lost(1, 0));
    assert_eq!(full.losses().pairs().count(), 2_016);
    let error = full.added(datacenter(Ws2022)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the cluster has 64 nodes and takes no other"
    );
    // Only where all places were taken a free one is taken again, and no owner comes with it.
    let gap = full.removed(node(63)).unwrap().removed(node(5)).unwrap();
    let (again, place) = gap.added(datacenter(Ws2022)).unwrap();
    assert_eq!(place, node(5));
    let (again, place) = again.added(datacenter(Ws2022)).unwrap();
    assert_eq!(place, node(63));
    assert_eq!(again.reach(0).unwrap().activated, Nodes::ALL);
    assert_eq!(again.reach(1), Some(Reach::default()));
}

#[test]
fn a_vm_names_nodes_that_exist() {
    let one = [Node::new(datacenter(Ws2022))];
    let error = |vm| Cluster::new(&one, &[self::vm(Ws2022), vm]).unwrap_err();
    let owner = error(vm(Ws2022).owned_by(nodes(&[0, 2, 3])));
    assert_eq!(
        owner,
        ClusterError::NoSuchNode {
            vm: 1,
            node: node(2),
            nodes: 1
        }
    );
    assert_eq!(
        owner.to_string(),
        "VM 1 names node 2, but there are only 1 nodes"
    );
    let current = error(vm(Ws2022).on(node(1)));
    assert_eq!(
        current,
        ClusterError::NoSuchNode {
            vm: 1,
            node: node(1),
            nodes: 1
        }
    );
}

#[test]
fn sets_of_nodes() {
    let set = nodes(&[0, 5, 63]);
    assert_eq!(set.bits(), 1 | 1 << 5 | 1 << 63);
    assert_eq!(Nodes::from_bits(set.bits()), set);
    assert_eq!((set.len(), set.is_empty()), (3, false));
    assert_eq!(set.to_string(), "0, 5, 63");
    assert_eq!(
        format!("{set:?} {:?}", Nodes::NONE),
        "Nodes(0, 5, 63) Nodes(none)"
    );
    assert!(set.contains(node(63)) && !set.contains(node(62)));
    assert_eq!(set.intersect(nodes(&[5, 6])), nodes(&[5]));
    assert_eq!(set.without(nodes(&[5, 6])), nodes(&[0, 63]));
    assert_eq!(set.union(nodes(&[6])), nodes(&[0, 5, 6, 63]));
    assert!(nodes(&[5]).is_subset(set) && !nodes(&[5, 6]).is_subset(set));
    assert_eq!(
        (nodes(&[5]).only(), set.only(), Nodes::NONE.only()),
        (Some(node(5)), None, None)
    );
    assert_eq!(
        set.iter().map(NodeId::place).collect::<Vec<_>>(),
        [0, 5, 63]
    );
    assert_eq!(Nodes::ALL.iter().count(), 64);
    assert_eq!(
        (Nodes::first(0), Nodes::first(64), Nodes::first(65)),
        (Nodes::NONE, Nodes::ALL, Nodes::ALL)
    );
    assert_eq!(Nodes::first(2), nodes(&[0, 1]));
    assert_eq!((NodeId::new(63).is_some(), NodeId::new(64)), (true, None));
}

#[test]
fn slugs_are_pinned() {
    fn slugs<T: Copy>(all: &[T], as_str: fn(T) -> &'static str) -> String {
        all.iter()
            .copied()
            .map(as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }
    assert_eq!(slugs(Presence::ALL, Presence::as_str), "up paused down");
    assert_eq!(slugs(Outlook::ALL, Outlook::as_str), "activated open lost");
    assert_eq!(
        slugs(ClusterState::ALL, ClusterState::as_str),
        "uniform rolling not-documented undetermined"
    );
    assert_eq!(
        slugs(Weakness::ALL, Weakness::as_str),
        "node-unknown node-not-activated node-no-avma-host node-undetermined node-not-for-every-vm"
    );
    assert_eq!(
        slugs(Risk::ALL, Risk::as_str),
        "possible-owner-loses-avma possible-owner-undocumented possible-owner-unknown"
    );
}

/// Each distinct pair of host facts and guest facts is assessed once.
#[test]
fn each_pair_is_assessed_once() {
    let hosts = [Ws2016, Ws2019, Ws2022, Ws2025].map(datacenter);
    let mut nodes_of: Vec<Node> = (0..62).map(|place| Node::new(hosts[place % 4])).collect();
    // What is not read by a rule makes no other host.
    nodes_of.push(Node::new(hosts[0]).with_presence(Presence::Down));
    nodes_of.push(Node::not_collected());
    let guests = [Ws2016, Ws2019, Ws2022].map(standard);
    let unknown = Guest::new(Releases::unknown(), Products::unknown());
    let kinds: Vec<Guest> = guests.into_iter().chain([unknown]).collect();
    let vms: Vec<Vm> = (0..8_000_u64)
        .map(|place| {
            let owners = Nodes::from_bits(place.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            Vm::new(kinds[usize::try_from(place % 4).unwrap()]).owned_by(owners)
        })
        .collect();
    let mut seen = std::collections::HashMap::new();
    let cluster = Cluster::observed(&nodes_of, &vms, |host, guest, can| {
        assert_eq!(can, avma::assess::can(host, guest));
        *seen.entry((*host, *guest)).or_insert(0) += 1;
    });
    let cluster = cluster.unwrap();
    assert_eq!(seen.len(), 5 * 4);
    assert!(seen.values().all(|times| *times == 1));
    assert_eq!(cluster.assessed(), 20);
    // A what-if assesses a host that is new, and nothing twice.
    let upgraded = cluster.upgraded(node(0), Ws2019).unwrap();
    assert_eq!(upgraded.assessed(), 24);
    assert_eq!(upgraded.upgraded(node(4), Ws2019).unwrap().assessed(), 24);
    // The activated one is known from node 1.
    assert_eq!(upgraded.activated(node(0)).unwrap().assessed(), 24);
    assert_eq!(cluster.removed(node(1)).unwrap().assessed(), 20);
    assert_eq!(cluster.paused(node(1)).unwrap().assessed(), 20);
    assert_eq!(cluster.added(hosts[3]).unwrap_err(), WhatIfError::Full);
}
