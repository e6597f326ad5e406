//! Every cluster of up to four nodes, over kinds of nodes, kinds of VMs and masks of owners, against
//! the naive reading. Nodes are told apart by the masks alone, so their kinds come in order.

use avma::Release::{V1909, Ws2016, Ws2019, Ws2022};
use avma::assess::{Can, Guest, Host};
use avma::fleet::cluster::{Cluster, Node, Owners, Presence, RollingUpgrade, Vm};
use avma::{HostLicense, Product, Releases};

use crate::naive::{
    Fares, NaiveNode, NaiveVm, apply, every_order, fares, is_of, losses, may_leave, on,
};
use crate::{datacenter, node, not_activated, standard, with_license};

/// The nodes of a plan from 2019 to 2022.
fn kinds_of_a_plan() -> Vec<NaiveNode> {
    let unlicensed = {
        let host = Host::windows_server(Ws2019, Product::Datacenter).ready();
        let Host::WindowsServer(mut host) = host else {
            panic!("{host:?}")
        };
        host.license = Default::default();
        host.into()
    };
    let of = |host, presence| NaiveNode { host, presence };
    vec![
        of(datacenter(Ws2019), Presence::Up),
        of(not_activated(Ws2019), Presence::Up),
        of(unlicensed, Presence::Up),
        of(
            Host::windows_server(Ws2019, Product::Standard).ready(),
            Presence::Up,
        ),
        of(datacenter(Ws2022), Presence::Up),
        of(not_activated(Ws2022), Presence::Up),
        of(datacenter(Ws2019), Presence::Paused),
        of(not_activated(Ws2022), Presence::Paused),
        of(datacenter(Ws2019), Presence::Down),
    ]
}

/// Those, and others that no plan is made for.
fn kinds() -> Vec<NaiveNode> {
    let of = |host| NaiveNode {
        host,
        presence: Presence::Up,
    };
    let mut kinds = kinds_of_a_plan();
    kinds.extend([
        of(datacenter(Ws2016)),
        of(Host::Unknown),
        of(with_license(Ws2022, HostLicense::Grace)),
    ]);
    kinds
}

/// Every non-decreasing tuple of kinds, of `count` nodes.
fn tuples(kinds: &[NaiveNode], count: usize) -> Vec<Vec<NaiveNode>> {
    let mut tuples = vec![(0, vec![])];
    for _ in 0..count {
        let longer = tuples
            .iter()
            .flat_map(|(first, tuple): &(usize, Vec<NaiveNode>)| {
                kinds
                    .iter()
                    .enumerate()
                    .skip(*first)
                    .map(move |(place, kind)| {
                        let mut tuple = tuple.clone();
                        tuple.push(*kind);
                        (place, tuple)
                    })
            });
        tuples = longer.collect();
    }
    tuples.into_iter().map(|(_, tuple)| tuple).collect()
}

fn guests() -> [Guest; 4] {
    let either = Releases::from(Ws2019).union(Ws2022.into());
    [
        standard(Ws2019),
        standard(Ws2022),
        standard(V1909),
        Guest::new(either, Product::Standard).ready(),
    ]
}

/// Both forms of a VM.
type Both = (Vm, NaiveVm);

/// VMs of these guests: owned by every set of nodes, by all, by nobody knows whom.
fn vms(guests: &[Guest], count: usize) -> Vec<Both> {
    let mut all = Vec::new();
    for guest in guests {
        let mut add = |owners: Owners, naive: Vec<Option<bool>>, current: Option<usize>| {
            let mut vm = Vm::new(*guest).owned_by(owners);
            vm.current = current.map(node);
            let naive = NaiveVm {
                guest: *guest,
                owners: naive,
                at_stake: true,
            };
            all.push((vm, naive));
        };
        add(Owners::All, vec![Some(true); count], None);
        for bits in 1..1_u64 << count {
            let owners = avma::fleet::cluster::Nodes::from_bits(bits);
            let naive = (0..count)
                .map(|place| Some(bits >> place & 1 == 1))
                .collect();
            add(owners.into(), naive, None);
        }
        add(Owners::NotKnown, vec![None; count], None);
        for current in 0..count {
            let naive = (0..count).map(|place| (place == current).then_some(true));
            add(Owners::NotKnown, naive.collect(), Some(current));
        }
    }
    all
}

fn cluster<'a>(nodes: &[NaiveNode], vms: impl Iterator<Item = &'a Both>) -> Cluster {
    let nodes: Vec<Node> = nodes
        .iter()
        .map(|node| Node::new(node.host).with_presence(node.presence))
        .collect();
    let vms: Vec<Vm> = vms.map(|vm| vm.0).collect();
    Cluster::new(&nodes, &vms).unwrap()
}

#[test]
fn reach_and_losses() {
    let (mut clusters, mut lost) = (0, 0);
    for count in 0..=4 {
        let both = vms(&guests(), count);
        // Every other VM has nothing to lose, in the second half of the list.
        let mut idle: Vec<Both> = both.iter().step_by(2).cloned().collect();
        for (vm, naive) in &mut idle {
            *vm = vm.not_at_stake();
            naive.at_stake = false;
        }
        let both: Vec<Both> = both.into_iter().chain(idle).collect();
        let naive: Vec<NaiveVm> = both.iter().map(|vm| vm.1.clone()).collect();
        for nodes in tuples(&kinds(), count) {
            clusters += 1;
            let cluster = cluster(&nodes, both.iter());
            for (vm, (reach, naive)) in cluster.reaches().zip(&naive).enumerate() {
                assert_eq!(cluster.reach(vm), Some(reach));
                for place in 0..count {
                    assert_eq!(
                        reach.on(node(place)),
                        on(&nodes, naive, place),
                        "{nodes:?} {naive:?}"
                    );
                }
            }
            let got = cluster.losses();
            for a in 0..count {
                for b in 0..count {
                    let counts = got.of_pair(node(a), node(b));
                    let expected = losses(&nodes, &naive, &[a, b]);
                    assert_eq!((counts.lost, counts.open), expected, "{nodes:?} {a} {b}");
                    let leaving = [node(a), node(b)].into_iter().collect();
                    let named = cluster.lost_without(leaving).count();
                    assert_eq!(named, counts.lost + counts.open);
                    lost += counts.lost;
                }
                assert_eq!(got.of_node(node(a)), got.of_pair(node(a), node(a)));
            }
        }
    }
    // 1 + 12 + 78 + 364 + 1,365 tuples of 12 kinds.
    assert_eq!(clusters, 1_820);
    assert!(lost > 50_000, "{lost}");
}

/// Whether the plan is safe, and as far as any order gets.
fn check(nodes: &[NaiveNode], vms: &[NaiveVm], plan: &RollingUpgrade) -> bool {
    let mut ends = Vec::new();
    every_order(nodes, vms, Ws2022, &mut ends);
    let mut now = nodes.to_vec();
    for step in plan.steps() {
        let place = step.node().place();
        if matches!(step, avma::fleet::cluster::Step::Drain(_)) {
            assert!(may_leave(&now, vms, place), "{nodes:?} {vms:?} {step}");
        }
        let before: Vec<Fares> = vms.iter().map(|vm| fares(&now, vm, &[])).collect();
        apply(&mut now, *step);
        for (vm, before) in vms.iter().zip(before) {
            let kept = before != Fares::Activated || fares(&now, vm, &[]) == Fares::Activated;
            assert!(kept, "{nodes:?} {vm:?} {step}");
        }
    }
    let left: u32 = (0..nodes.len())
        .filter(|place| !is_of(&now[*place], Ws2022))
        .fold(0, |left, place| left | 1 << place);
    // Whatever the order, the same nodes are left.
    assert!(
        ends.iter().all(|end| *end == left),
        "{nodes:?} {vms:?} {ends:?}"
    );
    let mut held = Vec::new();
    for place in (0..nodes.len()).filter(|place| !is_of(&now[*place], Ws2022)) {
        for (vm, naive) in vms.iter().enumerate() {
            let holds = fares(&now, naive, &[]) == Fares::Activated
                && fares(&now, naive, &[place]) != Fares::Activated;
            if holds {
                held.push((place, vm));
            }
        }
    }
    let got: Vec<_> = plan
        .held()
        .iter()
        .map(|held| (held.node.place(), held.vm))
        .collect();
    assert_eq!(got, held, "{nodes:?} {vms:?}");
    let down: u32 = plan
        .down()
        .iter()
        .fold(0, |down, node| down | 1 << node.place());
    for place in 0..nodes.len() {
        let is_left = left >> place & 1 == 1;
        let is_down = down >> place & 1 == 1;
        let is_held = held.iter().any(|(node, _)| *node == place);
        assert_eq!(is_left, is_down || is_held, "{nodes:?} {vms:?}");
    }
    assert_eq!(plan.is_complete(), left == 0);
    let open = |vm: &NaiveVm| fares(nodes, vm, &[]) == Fares::Open;
    let open: Vec<usize> = (0..vms.len()).filter(|vm| open(&vms[*vm])).collect();
    assert_eq!(plan.open(), open);
    let after = plan.after();
    for (vm, naive) in vms.iter().enumerate() {
        for place in 0..nodes.len() {
            let reach = after.reach(vm).unwrap();
            assert_eq!(reach.on(node(place)), on(&now, naive, place));
        }
    }
    left == 0
}

/// A plan for every cluster with one VM of every kind, and for up to three nodes with two.
#[test]
fn plans_get_as_far_as_any_order() {
    let (mut plans, mut complete) = (0, 0);
    let mut plan = |nodes: &[NaiveNode], vms: &[&Both]| {
        let cluster = cluster(nodes, vms.iter().copied());
        let plan = cluster.rolling_upgrade(Ws2019, Ws2022).unwrap();
        let naive: Vec<NaiveVm> = vms.iter().map(|vm| vm.1.clone()).collect();
        plans += 1;
        complete += usize::from(check(nodes, &naive, &plan));
    };
    for count in 0..=4 {
        let every = vms(&guests(), count);
        for nodes in tuples(&kinds_of_a_plan(), count) {
            for vm in &every {
                plan(&nodes, &[vm]);
            }
        }
    }
    for count in 1..=3 {
        let every = vms(&guests()[..2], count);
        for nodes in tuples(&kinds_of_a_plan(), count) {
            for (place, vm) in every.iter().enumerate() {
                for other in &every[..place] {
                    plan(&nodes, &[vm, other]);
                }
            }
        }
    }
    assert!(plans > 80_000, "{plans}");
    assert!(
        complete > plans / 10 && complete < plans * 9 / 10,
        "{complete} of {plans}"
    );
}

/// Four nodes that are there to be upgraded, and two VMs of every kind.
#[test]
fn plans_for_four_nodes_and_two_vms() {
    let kinds: Vec<NaiveNode> = [0, 1, 4, 5, 6].map(|place| kinds_of_a_plan()[place]).into();
    let every: Vec<Both> = vms(&guests()[..2], 4);
    let every: Vec<&Both> = every
        .iter()
        .filter(|vm| vm.0.owners != Owners::NotKnown)
        .collect();
    for nodes in tuples(&kinds, 4) {
        for (place, vm) in every.iter().enumerate() {
            for other in &every[..place] {
                let both = [*vm, *other];
                let cluster = cluster(&nodes, both.into_iter());
                let plan = cluster.rolling_upgrade(Ws2019, Ws2022).unwrap();
                check(&nodes, &both.map(|vm| vm.1.clone()), &plan);
            }
        }
    }
}

/// The naive reading is no echo: it tells these apart.
#[test]
fn the_naive_reading_by_hand() {
    let nodes = [
        NaiveNode {
            host: datacenter(Ws2019),
            presence: Presence::Up,
        },
        NaiveNode {
            host: datacenter(Ws2022),
            presence: Presence::Up,
        },
    ];
    let vm = |release, owners: [bool; 2]| NaiveVm {
        guest: standard(release),
        owners: owners.map(Some).into(),
        at_stake: true,
    };
    let new = vm(Ws2022, [true, true]);
    assert_eq!(on(&nodes, &new, 0), Some(Can::NotEligible));
    assert_eq!(on(&nodes, &new, 1), Some(Can::Eligible));
    assert_eq!(losses(&nodes, std::slice::from_ref(&new), &[1]), (1, 0));
    let mut ends = Vec::new();
    every_order(&nodes, &[vm(Ws2019, [true, false]), new], Ws2022, &mut ends);
    assert_eq!(ends, [0b01]);
}
