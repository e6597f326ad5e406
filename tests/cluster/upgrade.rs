//! Rolling upgrades by hand.

use avma::Release::{V23H2, V1909, Ws2012, Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025};
use avma::assess::{Guest, Host};
use avma::fleet::cluster::{Cluster, ClusterState, Node, Owners, Presence, Step, UpgradeError, Vm};
use avma::{HostLicense, Product, Release, Releases};

use crate::{cluster, datacenter, node, nodes, not_activated, steps, vm, with_license};

#[test]
fn two_nodes_one_after_the_other() {
    let before = cluster(&[datacenter(Ws2016); 2], &[vm(Ws2016), vm(Ws2012R2)]);
    let plan = before.rolling_upgrade(Ws2016, Ws2019).unwrap();
    assert_eq!(
        steps(&plan),
        [
            "drain node 0",
            "upgrade node 0 to Windows Server 2019",
            "activate node 0 with a key of its release",
            "resume node 0",
            "drain node 1",
            "upgrade node 1 to Windows Server 2019",
            "activate node 1 with a key of its release",
            "resume node 1",
        ]
    );
    assert!(plan.is_complete());
    assert_eq!(
        (plan.held(), plan.open(), plan.down()),
        (&[][..], &[][..], nodes(&[]))
    );
    assert_eq!(plan.after().state(), ClusterState::Uniform);
    assert_eq!(before.changes(plan.after()).count(), 0);
    assert_eq!(
        plan.steps()[1],
        Step::Upgrade {
            node: node(0),
            to: Ws2019
        }
    );
    assert!(plan.steps()[..4].iter().all(|step| step.node() == node(0)));
}

/// The node of the new release comes first for the VM that only it keeps; a VM with one possible owner
/// holds that one for ever.
#[test]
fn stuck_with_its_proof() {
    let hosts = [datacenter(Ws2019), datacenter(Ws2019), datacenter(Ws2019)];
    let vms = [
        vm(Ws2019).owned_by(nodes(&[0])),
        vm(Ws2019),
        vm(Ws2016).owned_by(nodes(&[0])),
        // What stays activated nowhere, and what has nothing to lose, holds nothing.
        vm(Ws2022).owned_by(nodes(&[1])),
        vm(Ws2019).owned_by(nodes(&[1])).not_at_stake(),
    ];
    let plan = cluster(&hosts, &vms)
        .rolling_upgrade(Ws2019, Ws2022)
        .unwrap();
    assert!(!plan.is_complete());
    let held: Vec<(usize, usize)> = plan
        .held()
        .iter()
        .map(|held| (held.node.place(), held.vm))
        .collect();
    assert_eq!(held, [(0, 0), (0, 2)]);
    assert_eq!(plan.steps().len(), 8);
    assert_eq!(plan.steps()[0], Step::Drain(node(1)));
    assert_eq!(plan.after().state(), ClusterState::Rolling);
}

/// Nodes 1 and 2 are the only ones for VM 0; node 0 alone keeps VM 1 until node 2 is of 2022.
#[test]
fn the_order_matters() {
    let mut vms = vec![vm(Ws2019).owned_by(nodes(&[0, 1]))];
    let hosts = [
        not_activated(Ws2019),
        datacenter(Ws2019),
        datacenter(Ws2019),
    ];
    // Node 1 can leave only when node 0 has come back activated.
    let plan = cluster(&hosts, &vms)
        .rolling_upgrade(Ws2019, Ws2022)
        .unwrap();
    let order = |plan: &avma::fleet::cluster::RollingUpgrade| -> Vec<usize> {
        let drains = plan.steps().iter().filter_map(|step| match step {
            Step::Drain(node) => Some(node.place()),
            _ => None,
        });
        drains.collect()
    };
    assert_eq!(order(&plan), [0, 2, 1]);
    assert!(plan.is_complete());
    // A VM that was activated nowhere counts as soon as a node keeps it.
    vms.push(vm(Ws2022).owned_by(nodes(&[0, 1])));
    let plan = cluster(&hosts, &vms)
        .rolling_upgrade(Ws2019, Ws2022)
        .unwrap();
    assert_eq!(order(&plan), [0, 2, 1]);
    assert_eq!(plan.after().reach(1).unwrap().activated, nodes(&[0, 1]));
}

#[test]
fn in_the_middle_of_an_upgrade() {
    let nodes_of = [
        Node::new(datacenter(Ws2019)),
        // Upgraded, still paused, no key in.
        Node::new(not_activated(Ws2022)).with_presence(Presence::Paused),
        // Resumed too early.
        Node::new(not_activated(Ws2022)),
        // Drained, not upgraded.
        Node::new(datacenter(Ws2019)).with_presence(Presence::Paused),
        // Done.
        Node::new(datacenter(Ws2022)),
        // Its licence is not known, so it is to be activated.
        Node::new({
            let mut host = Host::windows_server(Ws2022, Product::Datacenter);
            host.nested = false.into();
            host.into()
        }),
    ];
    let vms = [
        vm(Ws2019).owned_by(nodes(&[0, 1])),
        vm(Ws2019).owned_by(nodes(&[0, 3])),
    ];
    let plan = Cluster::new(&nodes_of, &vms).unwrap();
    let plan = plan.rolling_upgrade(Ws2019, Ws2022).unwrap();
    assert_eq!(
        steps(&plan),
        [
            "activate node 1 with a key of its release",
            "resume node 1",
            "activate node 2 with a key of its release",
            "activate node 5 with a key of its release",
            "upgrade node 3 to Windows Server 2022",
            "activate node 3 with a key of its release",
            "resume node 3",
            "drain node 0",
            "upgrade node 0 to Windows Server 2022",
            "activate node 0 with a key of its release",
            "resume node 0",
        ]
    );
    assert!(plan.is_complete());
    assert_eq!(plan.after().nodes_up(), plan.after().nodes());
}

/// A node that is down is no refuge and is in no step, whichever release it has.
#[test]
fn nodes_that_are_down() {
    let down = |host| Node::new(host).with_presence(Presence::Down);
    let nodes_of = [
        Node::new(datacenter(Ws2019)),
        down(datacenter(Ws2019)),
        down(not_activated(Ws2022)),
    ];
    let plan = |nodes_of: &[Node]| {
        let cluster = Cluster::new(nodes_of, &[vm(Ws2019)]).unwrap();
        cluster.rolling_upgrade(Ws2019, Ws2022).unwrap()
    };
    let stuck = plan(&nodes_of);
    assert!(stuck.steps().is_empty() && !stuck.is_complete());
    assert_eq!(stuck.down(), nodes(&[1]));
    assert_eq!((stuck.held()[0].node, stuck.held()[0].vm), (node(0), 0));
    // Only what is of the old release is missing.
    let alone = plan(&nodes_of[1..]);
    assert!(alone.steps().is_empty() && !alone.is_complete());
    assert_eq!((alone.down(), alone.held()), (nodes(&[0]), &[][..]));
    assert!(plan(&nodes_of[2..]).is_complete());
}

/// An open answer is no refuge, and no promise is made to a VM that has only open ones.
#[test]
fn what_is_open_keeps_no_vm() {
    let grace = with_license(Ws2019, HostLicense::Grace);
    let hosts = [datacenter(Ws2019), grace];
    let vms = [
        vm(Ws2019),
        vm(V1909),
        Vm::new(Guest::unknown()),
        vm(Ws2019).owned_by(nodes(&[1])),
        // Whether it may go to the other node is not known.
        vm(Ws2019).owned_by(Owners::NotKnown).on(node(0)),
    ];
    let plan = cluster(&hosts, &vms)
        .rolling_upgrade(Ws2019, Ws2022)
        .unwrap();
    assert_eq!(plan.open(), [1, 2, 3]);
    // The node in its grace period leaves first and comes back activated: now VM 0 has a refuge.
    assert_eq!(plan.steps()[0], Step::Drain(node(1)));
    assert_eq!(plan.steps().len(), 4);
    let held: Vec<(usize, usize)> = plan
        .held()
        .iter()
        .map(|held| (held.node.place(), held.vm))
        .collect();
    assert_eq!(held, [(0, 4)]);
}

#[test]
fn steps_one_by_one() {
    let before = cluster(&[datacenter(Ws2022); 2], &[vm(Ws2022), vm(Ws2025)]);
    let mut now = before.clone();
    let plan = before.rolling_upgrade(Ws2022, Ws2025).unwrap();
    let mut seen = Vec::new();
    for step in plan.steps() {
        now = now.after(*step).unwrap();
        let kept = now.reaches().map(|reach| {
            let kept = reach.within(now.nodes_up()).activated;
            kept.to_string()
        });
        seen.push(kept.collect::<Vec<_>>().join("; "));
    }
    assert_eq!(
        seen,
        [
            "1; none",
            "1; none",
            "1; none",
            "0, 1; 0", //
            "0; 0",
            "0; 0",
            "0; 0",
            "0, 1; 0, 1",
        ]
    );
    assert_eq!(now.changes(plan.after()).count(), 0);
    assert!(now.after(Step::Drain(node(5))).is_err());
}

#[test]
fn what_is_refused() {
    let plain = cluster(&[datacenter(Ws2019); 2], &[]);
    let refused = |from, to| plain.rolling_upgrade(from, to).unwrap_err();
    for (from, to, release) in [
        (V1909, Ws2022, V1909),
        (Ws2022, V23H2, V23H2),
        (V1909, V23H2, V1909),
    ] {
        assert_eq!(refused(from, to), UpgradeError::NotLongTerm { release });
    }
    for (from, to) in [
        (Ws2016, Ws2022),
        (Ws2022, Ws2019),
        (Ws2019, Ws2019),
        // No rolling upgrade existed for 2012.
        (Ws2012, Ws2012R2),
        (Ws2012R2, Ws2025),
    ] {
        assert_eq!(refused(from, to), UpgradeError::NotAdjacent { from, to });
    }
    assert_eq!(
        refused(V1909, Ws2022).to_string(),
        "Windows Server, version 1909 is of no long-term servicing channel; a rolling upgrade goes from one such release to the next"
    );
    assert_eq!(
        refused(Ws2016, Ws2022).to_string(),
        "a rolling upgrade goes from one long-term release to the next, not from Windows Server 2016 to Windows Server 2022"
    );
    // Three releases.
    let third = cluster(
        &[datacenter(Ws2019), datacenter(Ws2022), datacenter(Ws2016)],
        &[],
    );
    assert_eq!(third.state(), ClusterState::NotDocumented);
    let error = third.rolling_upgrade(Ws2019, Ws2022).unwrap_err();
    assert_eq!(
        error,
        UpgradeError::OtherRelease {
            node: node(2),
            release: Ws2016
        }
    );
    assert_eq!(
        error.to_string(),
        "node 2 is Windows Server 2016, neither the old nor the new release"
    );
    let with = |node: Node| {
        let cluster = Cluster::new(&[Node::new(datacenter(Ws2019)), node], &[]).unwrap();
        cluster.rolling_upgrade(Ws2019, Ws2022).unwrap_err()
    };
    let unknown = Host::windows_server(Releases::unknown(), Product::Datacenter);
    assert_eq!(
        with(Node::new(unknown.into())).to_string(),
        "the release of node 1 is not known"
    );
    let not_windows = UpgradeError::NotWindowsServer { node: node(1) };
    assert_eq!(with(Node::not_collected()), not_windows);
    let local = Host::from(avma::assess::HostFamily::AzureLocal);
    assert_eq!(with(Node::new(local)), not_windows);
    assert_eq!(
        not_windows.to_string(),
        "node 1 is not known to be a Windows Server host"
    );
}

#[test]
fn every_documented_pair() {
    for pair in avma::catalog::hosts::NAMED.windows(2) {
        let (from, to): (Release, Release) = (pair[0], pair[1]);
        let cluster = cluster(&[datacenter(from); 3], &[vm(from), vm(Ws2012R2)]);
        let plan = cluster.rolling_upgrade(from, to).unwrap();
        assert!(plan.is_complete());
        assert_eq!(plan.steps().len(), 12);
    }
}
