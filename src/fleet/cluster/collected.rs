//! A cluster out of an inventory: its nodes joined to hosts, its groups to VMs.

use alloc::vec::Vec;

use super::{Cluster, ClusterError, Node, NodeId, Nodes, Owners, Presence, Vm};
use crate::assess::{Guest, Host, Seen};
use crate::identity::{Clue, Identity};
use crate::ids::HostName;
use crate::observe::code::NodeState;
use crate::observe::inventory::{ClusterRecord, Fleet, VmRow};
use crate::observe::wmi::{ClusterGroup, ClusterNode};
use crate::product::{Product, Products};

/// A cluster of an inventory, with what its places stand for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Collected<'a> {
    /// The cluster, judged.
    pub cluster: Cluster,
    /// Its nodes, by [`NodeId::place`].
    pub nodes: Vec<CollectedNode<'a>>,
    /// Its VMs, by their places.
    pub vms: Vec<CollectedVm>,
    /// Whether the list of nodes was collected. Without it the nodes are those that groups name, and
    /// there may be others.
    pub nodes_listed: bool,
}

/// A node of a collected cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CollectedNode<'a> {
    /// Its name, where it has one.
    pub name: Option<&'a str>,
    /// The host of that name, in [`Fleet::hosts`]; `None` where none was collected, or two may be
    /// meant.
    pub host: Option<usize>,
    /// Its line in the list of nodes; `None` for one that only groups name.
    pub listed: Option<&'a ClusterNode>,
}

/// A VM of a collected cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CollectedVm {
    /// The group, in [`ClusterRecord::groups`].
    pub group: usize,
    /// The row, in [`Fleet::vms`]; `None` for a VM that no host was seen with, so that nothing is
    /// known of its guest.
    pub row: Option<usize>,
}

impl<'a> Collected<'a> {
    /// The cluster at a place of [`Fleet::clusters`].
    ///
    /// - Its nodes are those of its list, then those that only groups name as owners, then hosts
    ///   where one of its VMs was seen. A node whose state was not collected counts as up; its line
    ///   ([`CollectedNode::listed`]) shows that.
    /// - Its VMs are its groups, those too whose VM no host was seen with. An empty list of possible
    ///   owners is every node; one that was not collected stays not known.
    /// - A guest is judged as if it were ready ([`Guest::ready`]) and no evaluation copy: what can be
    ///   mended in it moves along with it, and the question here is the node.
    /// - Not at stake is what another channel activated, an evaluation copy, client Windows, what is
    ///   not Windows, and a replica.
    ///
    /// # Errors
    ///
    /// A place that has no cluster; more than 64 nodes.
    pub fn new(fleet: &'a Fleet, cluster: usize) -> Result<Self, ClusterError> {
        Self::with_hosts(fleet, cluster, |host| {
            fleet
                .hosts
                .get(host)
                .map_or(Host::Unknown, |host| host.facts())
        })
    }

    /// The same, where the caller knows more of the hosts than was collected: `facts` gives those of
    /// the host at a place of [`Fleet::hosts`].
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn with_hosts(
        fleet: &'a Fleet,
        cluster: usize,
        facts: impl Fn(usize) -> Host,
    ) -> Result<Self, ClusterError> {
        let Some(record) = fleet.clusters.get(cluster) else {
            let clusters = fleet.clusters.len();
            return Err(ClusterError::NoSuchCluster { cluster, clusters });
        };
        let groups = record.groups.as_deref().unwrap_or_default();
        let mut rows = alloc::vec![None; groups.len()];
        for (place, row) in fleet.vms.iter().enumerate() {
            if let Some(slot) = row
                .group
                .filter(|of| of.0 == cluster)
                .and_then(|of| rows.get_mut(of.1))
            {
                *slot = Some(place);
            }
        }
        let row = |place: &Option<usize>| fleet.vms.get((*place)?);
        let nodes = nodes(fleet, record, rows.iter().filter_map(row));
        let judged: Vec<Node> = nodes.iter().map(|node| node.judged(&facts)).collect();
        let vms: Vec<Vm> = groups
            .iter()
            .zip(&rows)
            .map(|(group, place)| vm(group, row(place), fleet, &nodes))
            .collect();
        let vms_of = rows.into_iter().enumerate();
        Ok(Self {
            cluster: Cluster::new(&judged, &vms)?,
            nodes,
            vms: vms_of
                .map(|(group, row)| CollectedVm { group, row })
                .collect(),
            nodes_listed: record.nodes.is_some(),
        })
    }

    /// The place of a row of [`Fleet::vms`] among the cluster's VMs.
    pub fn vm_of_row(&self, row: usize) -> Option<usize> {
        self.vms.iter().position(|vm| vm.row == Some(row))
    }

    /// The name of a node, where it has one.
    pub fn name(&self, node: NodeId) -> Option<&'a str> {
        self.nodes.get(node.place())?.name
    }
}

/// The only one of `names` that is meant by a name: the equal one, else the one that may be.
fn only<'n>(name: &str, names: &(impl Iterator<Item = Option<&'n str>> + Clone)) -> Option<usize> {
    let one = |means: &dyn Fn(HostName<'n>) -> bool| {
        let mut found = names
            .clone()
            .enumerate()
            .filter(|(_, other)| other.is_some_and(|other| means(HostName(other))))
            .map(|(place, _)| place);
        found.next().map(|first| (first, found.next().is_some()))
    };
    let found = one(&|other| other == HostName(name))
        .or_else(|| one(&|other| other.may_be(HostName(name))));
    found
        .filter(|(_, several)| !several)
        .map(|(place, _)| place)
}

fn nodes<'a>(
    fleet: &'a Fleet,
    record: &'a ClusterRecord,
    rows: impl Iterator<Item = &'a VmRow>,
) -> Vec<CollectedNode<'a>> {
    let host_named = |name| only(name, &fleet.hosts.iter().map(|host| host.name()));
    let listed = record.nodes.iter().flatten().map(|node| CollectedNode {
        name: node.name.as_deref(),
        host: node.name.as_deref().and_then(host_named),
        listed: Some(node),
    });
    let mut nodes: Vec<CollectedNode<'a>> = listed.collect();
    let named = record.groups.iter().flatten().flat_map(|group| {
        let owners = group.possible_owners.iter().flatten();
        owners.chain(&group.owner_node).map(|name| name.as_str())
    });
    let seen = rows.filter_map(|row| fleet.hosts.get(row.host?)?.name());
    for name in named.chain(seen) {
        let may_be = |node: &CollectedNode<'_>| {
            node.name
                .is_some_and(|other| HostName(other).may_be(HostName(name)))
        };
        if !nodes.iter().any(may_be) {
            nodes.push(CollectedNode {
                name: Some(name),
                host: host_named(name),
                listed: None,
            });
        }
    }
    nodes
}

impl CollectedNode<'_> {
    fn judged(&self, facts: &impl Fn(usize) -> Host) -> Node {
        let node = self
            .host
            .map_or(Node::not_collected(), |host| Node::new(facts(host)));
        let build = self.listed.and_then(|node| node.build_number);
        let build = Identity::from_clues(build.map(Clue::Build));
        node.of_release(build.releases()).with_presence(
            match self.listed.and_then(|node| node.state) {
                None | Some(NodeState::UP) => Presence::Up,
                Some(NodeState::PAUSED) => Presence::Paused,
                Some(_) => Presence::Down,
            },
        )
    }
}

fn vm(group: &ClusterGroup, row: Option<&VmRow>, fleet: &Fleet, nodes: &[CollectedNode<'_>]) -> Vm {
    let node = |name: &str| only(name, &nodes.iter().map(|node| node.name)).and_then(NodeId::new);
    let facts = row.map_or(Guest::unknown(), VmRow::facts);
    let host = row.and_then(|row| fleet.hosts.get(row.host?)?.name());
    let current = host.and_then(node);
    let current = current.or_else(|| group.owner_node.as_deref().and_then(node));
    let owners = group.possible_owners.as_ref().map(|owners| {
        let nodes: Option<Nodes> = owners.iter().map(|owner| node(owner)).collect();
        // A name that may be two nodes says nothing.
        nodes.map_or(Owners::NotKnown, Owners::from)
    });
    let foreign = Products::of(&[Product::NotWindows, Product::Client]);
    let by_another = row.is_some_and(|row| matches!(row.observation().seen(), Seen::Other(_)));
    let replica = row.is_some_and(|row| row.vm.as_ref().is_some_and(|vm| vm.is_replica()));
    Vm {
        guest: Guest::new(facts.release, facts.product).ready(),
        owners: owners.unwrap_or(Owners::NotKnown),
        current,
        at_stake: !(by_another
            || replica
            || facts.evaluation.as_bool() == Some(true)
            || facts.product.is_subset(foreign)),
    }
}
