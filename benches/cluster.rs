//! A cluster of 64 nodes and 8,000 VMs, judged and planned, against one pass of 512,000 look-ups in a
//! `HashMap` of pairs (node, VM), in one process.

use std::collections::HashMap;

use avma::assess::{Can, Guest, Host, can};
use avma::fleet::cluster::{Cluster, Node, NodeId, Nodes, Vm};
use avma::{HostLicense, Product, Release, Releases};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const NODES: usize = 64;
const VMS: usize = 8_000;

/// Half of them upgraded, one not activated, in the middle of a rolling upgrade from 2019 to 2022.
fn nodes() -> Vec<Node> {
    let host = |place: usize| {
        let release = [Release::Ws2019, Release::Ws2022][place % 2];
        let mut host = Host::windows_server(release, Product::Datacenter);
        if place == 1 {
            host.license = HostLicense::NotActivated.into();
        }
        Node::new(host.ready())
    };
    (0..NODES).map(host).collect()
}

/// VMs of a dozen kinds in no order; most may run anywhere, the others on nodes of their own.
fn vms() -> Vec<Vm> {
    let releases = [
        Release::Ws2012R2,
        Release::Ws2016,
        Release::Ws2019,
        Release::Ws2022,
    ];
    let mut state: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut pick = move |count: u64| usize::try_from(random() % count).unwrap();
    (0..VMS)
        .map(|_| {
            let release = match pick(12) {
                11 => Releases::unknown(),
                place => releases[place % 4].into(),
            };
            let product = [Product::Standard, Product::Datacenter, Product::NotWindows][pick(3)];
            let owners = if pick(4) == 0 {
                (0..5).filter_map(|_| NodeId::new(pick(64))).collect()
            } else {
                Nodes::NONE
            };
            Vm::new(Guest::new(release, product).ready()).owned_by(owners)
        })
        .collect()
}

/// The answer for each pair, as a script would keep it.
#[divan::bench]
fn hash_map_512_000_look_ups(bencher: Bencher<'_, '_>) {
    let (nodes, vms) = (nodes(), vms());
    let mut table: HashMap<(usize, usize), bool> = HashMap::new();
    for (node, of) in nodes.iter().enumerate() {
        for (vm, guest) in vms.iter().map(|vm| &vm.guest).enumerate() {
            let answer = can(&of.host.unwrap(), guest);
            table.insert((node, vm), answer == Can::Eligible);
        }
    }
    bencher.bench_local(|| {
        let table = black_box(&table);
        let pairs = (0..NODES).flat_map(|node| (0..VMS).map(move |vm| (node, vm)));
        pairs.filter(|pair| table[pair]).count()
    });
}

#[divan::bench]
fn judge_and_plan(bencher: Bencher<'_, '_>) {
    let (nodes, vms) = (nodes(), vms());
    bencher.bench_local(|| {
        let cluster = Cluster::new(black_box(&nodes), black_box(&vms)).unwrap();
        let plan = cluster
            .rolling_upgrade(Release::Ws2019, Release::Ws2022)
            .unwrap();
        plan.steps().len()
    });
}

#[divan::bench]
fn judge(bencher: Bencher<'_, '_>) {
    let (nodes, vms) = (nodes(), vms());
    bencher.bench_local(|| Cluster::new(black_box(&nodes), black_box(&vms)).unwrap());
}

#[divan::bench]
fn plan(bencher: Bencher<'_, '_>) {
    let cluster = Cluster::new(&nodes(), &vms()).unwrap();
    let whole = cluster.rolling_upgrade(Release::Ws2019, Release::Ws2022);
    let whole = whole.unwrap();
    // One node to activate and 32 to upgrade: no plan that gives up at once.
    assert_eq!(whole.steps().len(), 1 + 4 * 32);
    bencher.bench_local(|| {
        let cluster = black_box(&cluster);
        let plan = cluster.rolling_upgrade(Release::Ws2019, Release::Ws2022);
        plan.unwrap().steps().len()
    });
}

/// Every node and each of the 2,016 pairs.
#[divan::bench]
fn losses_of_all_pairs(bencher: Bencher<'_, '_>) {
    let cluster = Cluster::new(&nodes(), &vms()).unwrap();
    bencher.bench_local(|| {
        let losses = black_box(&cluster).losses();
        losses.pairs().map(|(_, _, lost)| lost.lost).max()
    });
}

#[divan::bench]
fn weak_nodes(bencher: Bencher<'_, '_>) {
    let cluster = Cluster::new(&nodes(), &vms()).unwrap();
    bencher.bench_local(|| black_box(&cluster).weak_nodes().len());
}

#[divan::bench]
fn what_if_upgraded(bencher: Bencher<'_, '_>) {
    let cluster = Cluster::new(&nodes(), &vms()).unwrap();
    let node = NodeId::new(0).unwrap();
    bencher.bench_local(|| black_box(&cluster).upgraded(node, Release::Ws2022).unwrap());
}
