//! Failover clusters: on which nodes each VM stays activated, which nodes are weak and why, what is
//! lost when nodes leave, and in which order a cluster can be upgraded.
//!
//! In a failover cluster every node must be activated (Microsoft's AVMA article of 2023-09-19), and a
//! VM may move to any of its possible owners. So the question of a cluster is `assess`'s question for
//! every VM and every node. [`Cluster::new`] answers it for each distinct pair of host facts and guest
//! facts once and keeps 64 bits a kind of guest; all else is arithmetic on these bits.
//!
//! ```
//! use avma::assess::{Guest, Host};
//! use avma::fleet::cluster::{Cluster, Node, NodeId, Vm};
//! use avma::{Product, Release};
//!
//! let host = |release| Host::windows_server(release, Product::Datacenter).ready();
//! let nodes = [Release::Ws2022, Release::Ws2019, Release::Ws2019].map(|release| Node::new(host(release)));
//! let guest = |release| Vm::new(Guest::new(release, Product::Standard).ready());
//! let vms = [guest(Release::Ws2019), guest(Release::Ws2022)];
//!
//! let cluster = Cluster::new(&nodes, &vms)?;
//! // The VM of 2022 stays activated on the one node of 2022; when that leaves it is lost.
//! assert_eq!(cluster.reach(1).unwrap().activated.to_string(), "0");
//! let first = NodeId::new(0).unwrap();
//! assert_eq!(cluster.losses().of_node(first).lost, 1);
//!
//! // Upgraded and activated, the other nodes keep it too.
//! let plan = cluster.rolling_upgrade(Release::Ws2019, Release::Ws2022)?;
//! assert!(plan.is_complete());
//! assert_eq!(plan.after().losses().of_node(first).lost, 0);
//! let steps: Vec<String> = plan.steps().iter().map(|step| step.to_string()).collect();
//! assert_eq!(steps[..4], [
//!     "drain node 1",
//!     "upgrade node 1 to Windows Server 2022",
//!     "activate node 1 with a key of its release",
//!     "resume node 1",
//! ]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Only activation is modelled. Capacity (memory, processors, storage) is not, nor what else keeps a
//! VM from a node (networks, affinity, the processor's features, its configuration version): a node
//! on which a VM stays activated may still have no room for it. How long an old activation lasts on a
//! node that does not renew it is not documented, so a VM that cannot stay activated is called lost,
//! whenever that may show.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::assess::{Can, Guest, Host, verdicts};

mod change;
mod collected;
mod error;
mod loss;
mod member;
mod nodes;
mod reach;
mod state;
mod upgrade;
mod weakness;
mod what_if;

pub use change::Change;
pub use collected::{Collected, CollectedNode, CollectedVm};
pub use error::{ClusterError, UpgradeError, WhatIfError};
pub use loss::{Losses, Lost};
pub use member::{Node, Owners, Presence, Vm};
pub use nodes::{MAX_NODES, NodeId, Nodes};
pub use reach::{Outlook, Reach};
pub use state::ClusterState;
pub use upgrade::{Held, RollingUpgrade, Step};
pub(in crate::fleet) use weakness::best_plain_guest;
pub use weakness::{Reason, Risk, WeakNode, Weakness};

/// A cluster whose every pair of VM and node is judged.
///
/// Nodes and VMs are known by their places in the lists that it was built from; their names stay with
/// the caller. What-ifs give another cluster and share the VMs with this one.
#[derive(Clone, Debug)]
pub struct Cluster {
    members: Vec<Option<Member>>,
    present: Nodes,
    up: Nodes,
    /// A row for each distinct host, in the order in which they were first met.
    rows: Vec<Arc<Row>>,
    guests: Arc<[Guest]>,
    /// For each of `guests` the answers of all nodes.
    answers: Vec<Answers>,
    vms: Arc<[Placed]>,
    assessed: usize,
}

/// A node and the row of its host.
#[derive(Clone, Copy, Debug)]
struct Member {
    node: Node,
    row: usize,
}

/// A distinct host with its answer for each distinct guest.
#[derive(Debug)]
struct Row {
    host: Host,
    can: Vec<Can>,
}

/// The nodes by their answer for a guest; the others do not activate it.
#[derive(Clone, Copy, Debug, Default)]
struct Answers {
    eligible: Nodes,
    not_documented: Nodes,
    undetermined: Nodes,
}

impl Answers {
    fn set(&mut self, node: NodeId, can: Option<Can>) {
        self.eligible.set(node, can == Some(Can::Eligible));
        self.not_documented
            .set(node, can == Some(Can::NotDocumented));
        self.undetermined.set(node, can == Some(Can::Undetermined));
    }
}

/// A VM with the place of its guest among the distinct ones.
#[derive(Clone, Copy, Debug)]
struct Placed {
    class: usize,
    owners: Owners,
    current: Option<NodeId>,
    at_stake: bool,
}

impl Placed {
    /// Where it surely may run, and where it may or may not.
    fn owners(&self) -> (Nodes, Nodes) {
        match self.owners {
            Owners::All => (Nodes::ALL, Nodes::NONE),
            Owners::Only(nodes) => (nodes, Nodes::NONE),
            Owners::NotKnown => {
                let current = self.current.map_or(Nodes::NONE, Nodes::from);
                (current, Nodes::ALL.without(current))
            }
        }
    }
}

/// What the rules read of a guest, as a key. A field that is added to it has to be added here.
fn key(guest: &Guest) -> [u32; 5] {
    let Guest {
        release,
        product,
        evaluation,
        data_exchange,
        guest_service,
    } = guest;
    [
        release.bits(),
        product.bits(),
        evaluation.bits(),
        data_exchange.bits(),
        guest_service.bits(),
    ]
}

impl Cluster {
    /// Judges every VM on every node; node `n` and VM `n` are those at place `n` of the lists.
    ///
    /// # Errors
    ///
    /// More than 64 nodes; a VM whose possible owners or current node name a place beyond the nodes.
    pub fn new(nodes: &[Node], vms: &[Vm]) -> Result<Self, ClusterError> {
        Self::observed(nodes, vms, |_, _, _| {})
    }

    /// The same; `assessed` is told of every assessment, for whoever counts or logs them. It is one
    /// for each distinct pair of host facts and guest facts, however many nodes and VMs have them.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn observed(
        nodes: &[Node],
        vms: &[Vm],
        mut assessed: impl FnMut(&Host, &Guest, Can),
    ) -> Result<Self, ClusterError> {
        if nodes.len() > MAX_NODES {
            return Err(ClusterError::TooManyNodes { got: nodes.len() });
        }
        let all = Nodes::first(nodes.len());
        for (vm, of) in vms.iter().enumerate() {
            let named = match of.owners {
                Owners::Only(owners) => owners,
                Owners::All | Owners::NotKnown => Nodes::NONE,
            };
            let named = named.union(of.current.map_or(Nodes::NONE, Nodes::from));
            if let Some(node) = named.without(all).iter().next() {
                return Err(ClusterError::NoSuchNode {
                    vm,
                    node,
                    nodes: nodes.len(),
                });
            }
        }
        let (guests, vms) = intern(vms);
        let mut cluster = Self {
            members: Vec::with_capacity(nodes.len()),
            present: Nodes::NONE,
            up: Nodes::NONE,
            rows: Vec::new(),
            answers: alloc::vec![Answers::default(); guests.len()],
            guests,
            vms,
            assessed: 0,
        };
        for (place, node) in nodes.iter().enumerate() {
            if let Some(id) = NodeId::new(place) {
                cluster.put(id, *node, &mut assessed);
            }
        }
        Ok(cluster)
    }

    /// Puts a node at a place, in the stead of the one that is there.
    fn put(&mut self, id: NodeId, node: Node, assessed: &mut impl FnMut(&Host, &Guest, Can)) {
        let row = self.row(node.facts(), assessed);
        if self.members.len() <= id.place() {
            self.members.resize(id.place() + 1, None);
        }
        let before = self
            .members
            .get_mut(id.place())
            .and_then(|member| member.replace(Member { node, row }));
        self.present.set(id, true);
        self.up.set(id, node.presence == Presence::Up);
        if before.is_none_or(|before| before.row != row) {
            let can = self.rows.get(row).map(Arc::clone);
            let can = can.iter().flat_map(|row| row.can.iter().copied());
            for (answers, can) in self.answers.iter_mut().zip(can) {
                answers.set(id, Some(can));
            }
        }
    }

    /// The row of a host; a host that is new is assessed against every distinct guest.
    fn row(&mut self, host: Host, assessed: &mut impl FnMut(&Host, &Guest, Can)) -> usize {
        if let Some(place) = self.rows.iter().position(|row| row.host == host) {
            return place;
        }
        let can = self.guests.iter().map(|guest| {
            let can = verdicts(&host, guest).into();
            assessed(&host, guest, can);
            can
        });
        let can: Vec<Can> = can.collect();
        self.assessed += can.len();
        self.rows.push(Arc::new(Row { host, can }));
        self.rows.len() - 1
    }

    /// The nodes of the cluster.
    pub const fn nodes(&self) -> Nodes {
        self.present
    }

    /// The nodes that are up.
    pub const fn nodes_up(&self) -> Nodes {
        self.up
    }

    /// A node; `None` for a place that has none.
    pub fn node(&self, node: NodeId) -> Option<&Node> {
        self.member(node).map(|member| &member.node)
    }

    fn member(&self, node: NodeId) -> Option<&Member> {
        self.members.get(node.place())?.as_ref()
    }

    /// How many VMs there are.
    pub fn vm_count(&self) -> usize {
        self.vms.len()
    }

    /// A VM as it was given; `None` for a place beyond the list. Possible owners that left the cluster
    /// are not among its owners any more.
    pub fn vm(&self, vm: usize) -> Option<Vm> {
        let placed = self.vms.get(vm)?;
        Some(Vm {
            guest: *self.guests.get(placed.class)?,
            owners: placed.owners,
            current: placed.current,
            at_stake: placed.at_stake,
        })
    }

    /// How many pairs of host facts and guest facts were assessed, those of the clusters that this
    /// one was derived from included. Each distinct pair is assessed once; nodes and VMs that have the
    /// same facts share it.
    pub const fn assessed(&self) -> usize {
        self.assessed
    }

    /// Where a VM stays activated; `None` for a place beyond the list.
    ///
    /// Over all nodes, whether they are up or not: see [`Reach::within`].
    pub fn reach(&self, vm: usize) -> Option<Reach> {
        self.vms.get(vm).map(|vm| self.reach_of(vm))
    }

    /// The same for every VM, in the order of the list.
    pub fn reaches(&self) -> impl Iterator<Item = Reach> {
        self.vms.iter().map(|vm| self.reach_of(vm))
    }

    fn reach_of(&self, vm: &Placed) -> Reach {
        let answers = self.answers.get(vm.class).copied().unwrap_or_default();
        let (sure, open) = vm.owners();
        let (sure, open) = (sure.intersect(self.present), open.intersect(self.present));
        let all = sure.union(open);
        let activated = answers.eligible.intersect(sure);
        let not_documented = answers.not_documented.intersect(all);
        let undetermined = answers
            .undetermined
            .intersect(all)
            .union(answers.eligible.intersect(open));
        Reach {
            activated,
            not_activated: all
                .without(activated)
                .without(not_documented)
                .without(undetermined),
            not_documented,
            undetermined,
        }
    }

    /// What the nodes that are up do for each VM that has something to lose.
    fn at_stake(&self) -> impl Iterator<Item = (usize, Reach)> {
        let vms = self.vms.iter().enumerate().filter(|(_, vm)| vm.at_stake);
        vms.map(|(place, vm)| (place, self.reach_of(vm).within(self.up)))
    }
}

/// The distinct guests, and each VM with the place of its own.
fn intern(vms: &[Vm]) -> (Arc<[Guest]>, Arc<[Placed]>) {
    let mut guests = Vec::new();
    let mut classes = BTreeMap::new();
    // Neighbours in a list are often alike.
    let mut last: Option<(Guest, usize)> = None;
    let interned = vms.iter().map(|vm| {
        let class = match last {
            Some((guest, class)) if guest == vm.guest => class,
            _ => *classes.entry(key(&vm.guest)).or_insert_with(|| {
                guests.push(vm.guest);
                guests.len() - 1
            }),
        };
        last = Some((vm.guest, class));
        Placed {
            class,
            owners: vm.owners,
            current: vm.current,
            at_stake: vm.at_stake,
        }
    });
    let interned: Vec<Placed> = interned.collect();
    (guests.into(), interned.into())
}
