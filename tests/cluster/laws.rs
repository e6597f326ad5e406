//! Laws: why greedy is enough, and large clusters against the naive reading.

use avma::assess::{Guest, Host, HostEdition};
use avma::catalog::hosts::NAMED;
use avma::fleet::cluster::{Cluster, Node, Nodes, Presence, Step, Vm};
use avma::{AnyRelease, HostLicense, Possibility, Product, Release};
use proptest::prelude::*;

use crate::naive::{NaiveNode, NaiveVm, losses};
use crate::{datacenter, node, not_activated, standard};

/// A node that is upgraded and activated activates at least what it did: every host of complete facts,
/// every guest that is ready, every documented upgrade.
#[test]
fn an_upgraded_and_activated_node_activates_no_less() {
    let mut guests = Vec::new();
    for release in AnyRelease::ALL {
        for product in Product::ALL {
            let mut guest = Guest::unknown();
            guest.release = (*release).into();
            guest.product = (*product).into();
            guests.push(Vm::new(guest.ready()));
        }
    }
    // Partial facts too: any two releases.
    for (place, one) in AnyRelease::ALL.iter().enumerate() {
        for other in &AnyRelease::ALL[..place] {
            let mut guest = standard(Release::Ws2019);
            guest.release = avma::Releases::known(*one).union((*other).into());
            guests.push(Vm::new(guest));
        }
    }
    let (mut kept, mut gained) = (0, 0);
    for pair in NAMED.windows(2) {
        for edition in HostEdition::ALL {
            for license in HostLicense::ALL {
                for bits in 0..16_u32 {
                    let mut host = Host::windows_server(pair[0], Product::Datacenter);
                    host.edition = (*edition).into();
                    host.license = (*license).into();
                    host.hyper_v_role = (bits & 1 == 0).into();
                    host.evaluation = (bits & 2 != 0).into();
                    host.nested = (bits & 4 != 0).into();
                    host.pay_as_you_go = (bits & 8 != 0).into();
                    let before = Cluster::new(&[Node::new(host.into())], &guests).unwrap();
                    let after = before.upgraded(node(0), pair[1]).unwrap();
                    let after = after.activated(node(0)).unwrap();
                    for (before, after) in before.reaches().zip(after.reaches()) {
                        assert!(before.activated.is_subset(after.activated));
                        kept += before.activated.len();
                        gained += after.activated.len() - before.activated.len();
                    }
                }
            }
        }
    }
    assert!(kept > 20 && gained > 20, "{kept} {gained}");
}

fn any_host() -> impl Strategy<Value = Host> {
    let releases = [Release::Ws2019, Release::Ws2022];
    (0..2_usize, 0..3_usize).prop_map(move |(release, kind)| match kind {
        0 => datacenter(releases[release]),
        1 => not_activated(releases[release]),
        _ => Host::windows_server(releases[release], Product::Datacenter).into(),
    })
}

fn any_vm() -> impl Strategy<Value = (Guest, u64, bool)> {
    let guests = [Release::Ws2019, Release::Ws2022, Release::V1909].map(standard);
    // Few owners, or losses are rare.
    let owners = prop_oneof![
        any::<u64>(),
        (0..64_u32, 0..64_u32).prop_map(|(a, b)| 1 << a | 1 << b)
    ];
    (
        prop::sample::select(guests.to_vec()),
        owners,
        prop::bool::weighted(0.9),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// 64 nodes: every pair of nodes as the naive reading has it.
    #[test]
    fn losses_of_large_clusters(
        hosts in prop::collection::vec((any_host(), 0..8_u8), 64),
        vms in prop::collection::vec(any_vm(), 0..40),
    ) {
        let presence = |kind: u8| match kind {
            0 => Presence::Paused,
            1 => Presence::Down,
            _ => Presence::Up,
        };
        let naive: Vec<NaiveNode> = hosts
            .iter()
            .map(|(host, kind)| NaiveNode { host: *host, presence: presence(*kind) })
            .collect();
        let nodes: Vec<Node> = naive
            .iter()
            .map(|node| Node::new(node.host).with_presence(node.presence))
            .collect();
        let mut list = Vec::new();
        let mut naive_vms = Vec::new();
        for (guest, owners, at_stake) in vms {
            let mut vm = Vm::new(guest).owned_by(Nodes::from_bits(owners));
            vm.at_stake = at_stake;
            list.push(vm);
            naive_vms.push(NaiveVm {
                guest,
                owners: (0..64).map(|place| Some(owners == 0 || owners >> place & 1 == 1)).collect(),
                at_stake,
            });
        }
        let cluster = Cluster::new(&nodes, &list).unwrap();
        let got = cluster.losses();
        for (a, b, lost) in got.pairs() {
            let expected = losses(&naive, &naive_vms, &[a.place(), b.place()]);
            prop_assert_eq!((lost.lost, lost.open), expected);
        }
        for (a, lost) in got.nodes() {
            prop_assert_eq!((lost.lost, lost.open), losses(&naive, &naive_vms, &[a.place()]));
        }
    }

}

proptest! {
    /// Steps one by one lead where the plan says, and no VM falls out on the way.
    #[test]
    fn plans_are_safe_and_as_they_say(
        hosts in prop::collection::vec(any_host(), 1..65),
        vms in prop::collection::vec(any_vm(), 0..40),
    ) {
        let nodes: Vec<Node> = hosts.iter().copied().map(Node::new).collect();
        let all = Nodes::first(nodes.len());
        let vms: Vec<Vm> = vms
            .into_iter()
            .map(|(guest, owners, _)| Vm::new(guest).owned_by(Nodes::from_bits(owners).intersect(all)))
            .collect();
        let cluster = Cluster::new(&nodes, &vms).unwrap();
        let plan = cluster.rolling_upgrade(Release::Ws2019, Release::Ws2022).unwrap();
        let kept = |cluster: &Cluster| -> Vec<Nodes> {
            cluster.reaches().map(|reach| reach.within(cluster.nodes_up()).activated).collect()
        };
        let mut now = cluster.clone();
        for step in plan.steps() {
            let next = now.after(*step).unwrap();
            for (before, after) in kept(&now).into_iter().zip(kept(&next)) {
                prop_assert!(before.is_empty() || !after.is_empty(), "{step}");
            }
            if let Step::Resume(node) = step {
                let Some(Host::WindowsServer(host)) = next.node(*node).unwrap().host else {
                    panic!("{step}")
                };
                prop_assert!(host.license.is(HostLicense::Licensed), "{step}");
            }
            now = next;
        }
        prop_assert_eq!(now.changes(plan.after()).count(), 0);
        prop_assert_eq!(now.nodes_up(), plan.after().nodes_up());
        // A what-if of a what-if assesses nothing twice.
        let distinct: std::collections::HashSet<Guest> = vms.iter().map(|vm| vm.guest).collect();
        prop_assert!(now.assessed() <= 8 * distinct.len());
        // A plan made after it has nothing more to do.
        let again = plan.after().rolling_upgrade(Release::Ws2019, Release::Ws2022).unwrap();
        prop_assert_eq!(again.steps().len(), 0);
        prop_assert_eq!(again.held(), plan.held());
    }
}
