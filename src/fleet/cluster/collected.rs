//! A cluster out of an inventory: its nodes joined to hosts, its groups to VMs.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::{Cluster, ClusterError, MAX_NODES, Node, NodeId, Nodes, Owners, Presence, Vm};
use crate::assess::{Guest, Host, Seen};
use crate::catalog::products::{Product, Products};
use crate::identity::{Clue, Identity};
use crate::ids::HostName;
use crate::observe::code::NodeState;
use crate::observe::inventory::{ClusterRecord, Fleet, HostRecord, VmRow};
use crate::observe::wmi::{ClusterGroup, ClusterNode};

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
    /// Whether the list of nodes was collected, with a node at least. Without it the nodes are those
    /// that groups and hosts name, and one that [stands for others](CollectedNode::stands_for_others).
    pub nodes_listed: bool,
}

/// A node of a collected cluster, or what stands for nodes that are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CollectedNode<'a> {
    /// Its name, where it has one.
    pub name: Option<&'a str>,
    /// The host of that name, in [`Fleet::hosts`]; `None` where none was collected, or two may be
    /// meant. A host that tells another cluster is not meant.
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
    ///   where one of its VMs was seen. If the list was not collected, every host that names this
    ///   cluster is a node, and, where there is room, one placeholder stands for unknown nodes, so that
    ///   no answer that they could change is certain. A node whose state was not collected counts
    ///   as up; its line ([`CollectedNode::listed`]) shows that.
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
        // Thousands of groups name the same few nodes, each of them by the same few names.
        let mut places = BTreeMap::new();
        let mut place_of = |name: &'a str| {
            *places.entry(name).or_insert_with(|| {
                only(name, &nodes.iter().map(|node| node.name)).and_then(NodeId::new)
            })
        };
        let vms: Vec<Vm> = groups
            .iter()
            .zip(&rows)
            .map(|(group, place)| vm(group, row(place), fleet, &mut place_of))
            .collect();
        let vms_of = rows.into_iter().enumerate();
        Ok(Self {
            cluster: Cluster::new(&judged, &vms)?,
            nodes,
            vms: vms_of
                .map(|(group, row)| CollectedVm { group, row })
                .collect(),
            nodes_listed: is_listed(record),
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

/// Whether the list of nodes was collected: a cluster has one node at least.
fn is_listed(record: &ClusterRecord) -> bool {
    record.nodes.as_ref().is_some_and(|nodes| !nodes.is_empty())
}

/// Whether a host tells this cluster as its own; `None` where either has no name.
fn is_of(host: &HostRecord, record: &ClusterRecord) -> Option<bool> {
    let own = host.cluster.as_ref()?.name.as_deref()?;
    let name = record.cluster.name.as_deref()?;
    Some(HostName(own).may_be(HostName(name)))
}

fn nodes<'a>(
    fleet: &'a Fleet,
    record: &'a ClusterRecord,
    rows: impl Iterator<Item = &'a VmRow>,
) -> Vec<CollectedNode<'a>> {
    let host_named = |name| {
        let named = |wanted: &'static [Option<bool>]| {
            let hosts = fleet.hosts.iter();
            only(
                name,
                &hosts.map(|host| {
                    host.name()
                        .filter(|_| wanted.contains(&is_of(host, record)))
                }),
            )
        };
        named(&[Some(true)]).or_else(|| named(&[Some(true), None]))
    };
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
    let is_listed = is_listed(record);
    let hosts = fleet.hosts.iter();
    let own = hosts.filter(|host| !is_listed && is_of(host, record) == Some(true));
    let own = own.filter_map(HostRecord::name);
    let mut met = BTreeSet::new();
    for name in named.chain(seen).chain(own) {
        if !met.insert(name) {
            continue;
        }
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
    if !is_listed && nodes.len() < MAX_NODES {
        nodes.push(CollectedNode {
            name: None,
            host: None,
            listed: None,
        });
    }
    nodes
}

impl CollectedNode<'_> {
    /// Whether it is no node that is known, but stands for all others of a cluster whose list of nodes
    /// was not collected.
    pub const fn stands_for_others(&self) -> bool {
        self.name.is_none() && self.listed.is_none()
    }

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

fn vm<'a>(
    group: &'a ClusterGroup,
    row: Option<&VmRow>,
    fleet: &'a Fleet,
    node: &mut impl FnMut(&'a str) -> Option<NodeId>,
) -> Vm {
    let facts = row.map_or(Guest::unknown(), VmRow::facts);
    let host = row.and_then(|row| fleet.hosts.get(row.host?)?.name());
    let current = host.and_then(&mut *node);
    let current = current.or_else(|| group.owner_node.as_deref().and_then(&mut *node));
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
