//! A naive reading of a cluster: lists, loops, and `assess::can` at every turn.

use avma::assess::{Can, Guest, Host, can};
use avma::fleet::cluster::{Presence, Step};
use avma::{HostLicense, Release};

/// A VM: its guest, its possible owners as yes, maybe or no for each node, whether it has something to
/// lose.
#[derive(Clone, Debug)]
pub struct NaiveVm {
    pub guest: Guest,
    pub owners: Vec<Option<bool>>,
    pub at_stake: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NaiveNode {
    pub host: Host,
    pub presence: Presence,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fares {
    Activated,
    Open,
    Lost,
}

/// The answer for a VM on a node; `None` where it may not run there.
pub fn on(nodes: &[NaiveNode], vm: &NaiveVm, node: usize) -> Option<Can> {
    let answer = can(&nodes[node].host, &vm.guest);
    match vm.owners[node] {
        Some(false) => None,
        // Yes, if it may run there.
        None if answer == Can::Eligible => Some(Can::Undetermined),
        _ => Some(answer),
    }
}

/// How a VM fares on the nodes that are up, without those that leave.
pub fn fares(nodes: &[NaiveNode], vm: &NaiveVm, leaving: &[usize]) -> Fares {
    let mut fares = Fares::Lost;
    for (place, node) in nodes.iter().enumerate() {
        if node.presence != Presence::Up || leaving.contains(&place) {
            continue;
        }
        match on(nodes, vm, place) {
            Some(Can::Eligible) => return Fares::Activated,
            Some(Can::NotDocumented | Can::Undetermined) => fares = Fares::Open,
            _ => {}
        }
    }
    fares
}

/// How many VMs are lost, and how many fare worse in a way that is open.
pub fn losses(nodes: &[NaiveNode], vms: &[NaiveVm], leaving: &[usize]) -> (usize, usize) {
    let (mut lost, mut open) = (0, 0);
    for vm in vms.iter().filter(|vm| vm.at_stake) {
        match (fares(nodes, vm, &[]), fares(nodes, vm, leaving)) {
            (Fares::Activated, Fares::Lost) => lost += 1,
            (Fares::Activated, Fares::Open) | (Fares::Open, Fares::Lost) => open += 1,
            _ => {}
        }
    }
    (lost, open)
}

/// Whether a node may leave: what is activated somewhere stays activated without it.
pub fn may_leave(nodes: &[NaiveNode], vms: &[NaiveVm], node: usize) -> bool {
    vms.iter().filter(|vm| vm.at_stake).all(|vm| {
        fares(nodes, vm, &[]) != Fares::Activated || fares(nodes, vm, &[node]) == Fares::Activated
    })
}

pub fn apply(nodes: &mut [NaiveNode], step: Step) {
    let node = &mut nodes[step.node().place()];
    let change = |host: &mut Host, release: Option<Release>, license: HostLicense| {
        let Host::WindowsServer(host) = host else {
            panic!("no Windows Server")
        };
        host.release = release.map_or(host.release, Into::into);
        host.license = license.into();
    };
    match step {
        Step::Drain(_) => node.presence = Presence::Paused,
        Step::Upgrade { to, .. } => {
            assert_eq!(node.presence, Presence::Paused, "upgraded under its VMs");
            change(&mut node.host, Some(to), HostLicense::NotActivated);
        }
        Step::Activate(_) => change(&mut node.host, None, HostLicense::Licensed),
        Step::Resume(_) => node.presence = Presence::Up,
        _ => panic!("{step:?}"),
    }
}

pub fn is_of(node: &NaiveNode, release: Release) -> bool {
    matches!(&node.host, Host::WindowsServer(host) if host.release.release() == Some(release))
}

fn is_licensed(node: &NaiveNode) -> bool {
    matches!(&node.host, Host::WindowsServer(host) if host.license.is(HostLicense::Licensed))
}

/// The nodes of the old release that are left, by bits, at the end of every order that cannot go on.
///
/// Every order of: finish a node of the new release, upgrade a node of the old one that may leave.
pub fn every_order(nodes: &[NaiveNode], vms: &[NaiveVm], to: Release, ends: &mut Vec<u32>) {
    let mut moves = 0;
    for place in 0..nodes.len() {
        let node = avma::fleet::cluster::NodeId::new(place).unwrap();
        let mut next = nodes.to_vec();
        let is_new = is_of(&nodes[place], to);
        let done = is_new && is_licensed(&nodes[place]) && nodes[place].presence == Presence::Up;
        if nodes[place].presence == Presence::Down || done {
            continue;
        }
        if !is_new && !may_leave(nodes, vms, place) {
            continue;
        }
        if !is_new {
            next[place].presence = Presence::Paused;
            apply(&mut next, Step::Upgrade { node, to });
        }
        apply(&mut next, Step::Activate(node));
        apply(&mut next, Step::Resume(node));
        moves += 1;
        every_order(&next, vms, to, ends);
    }
    if moves == 0 {
        let left = nodes.iter().enumerate();
        let left = left.filter(|(_, node)| !is_of(node, to));
        ends.push(left.fold(0, |left, (place, _)| left | 1 << place));
    }
}
