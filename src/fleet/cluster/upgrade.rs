//! The rolling upgrade of a cluster from one long-term release to the next, node by node, such that
//! no VM falls out of activation.

use alloc::vec::Vec;
use core::fmt;

use super::error::{UpgradeError, WhatIfError};
use super::what_if::{activated, upgraded};
use super::{Cluster, Node, NodeId, Nodes, Outlook, Presence};
use crate::assess::{Host, WindowsServerHost};
use crate::catalog::hosts::NAMED;
use crate::catalog::releases::{Release, ServicingChannel};
use crate::license::HostLicense;

/// A step of a rolling upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// Move the VMs to other nodes and pause the node.
    Drain(NodeId),
    /// Install the new release on the node, which is paused. It is not activated then.
    Upgrade {
        /// The node.
        node: NodeId,
        /// The new release.
        to: Release,
    },
    /// Put a key of its release in and activate it: before a VM comes.
    Activate(NodeId),
    /// Let VMs come to the node again.
    Resume(NodeId),
}

impl Step {
    /// The node that the step is about.
    pub const fn node(self) -> NodeId {
        match self {
            Self::Drain(node)
            | Self::Upgrade { node, .. }
            | Self::Activate(node)
            | Self::Resume(node) => node,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drain(node) => write!(f, "drain node {node}"),
            Self::Upgrade { node, to } => write!(f, "upgrade node {node} to {to}"),
            Self::Activate(node) => write!(f, "activate node {node} with a key of its release"),
            Self::Resume(node) => write!(f, "resume node {node}"),
        }
    }
}

/// Why a node cannot leave: a VM that no other node that is up keeps activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Held {
    /// The node that cannot leave.
    pub node: NodeId,
    /// The VM's place in the list.
    pub vm: usize,
}

/// A plan of [`Cluster::rolling_upgrade`].
#[derive(Clone, Debug)]
pub struct RollingUpgrade {
    steps: Vec<Step>,
    held: Vec<Held>,
    down: Nodes,
    open: Vec<usize>,
    after: Cluster,
}

impl RollingUpgrade {
    /// The steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether all nodes are of the new release at the end.
    pub fn is_complete(&self) -> bool {
        self.held.is_empty() && self.down.is_empty()
    }

    /// The proof where the plan is stuck: for every node of the old release that is left all VMs that
    /// no other node that is up keeps activated, after all steps. No other order gets further.
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// Nodes of the old release that are down and so in no step. Bring them up first.
    pub const fn down(&self) -> Nodes {
        self.down
    }

    /// VMs of which the plan promises nothing, since before it they are surely activated on no node
    /// that is up, but may be on some: not documented, or not determined.
    pub fn open(&self) -> &[usize] {
        &self.open
    }

    /// The cluster after all steps.
    pub const fn after(&self) -> &Cluster {
        &self.after
    }
}

/// Whether a rolling upgrade from one release to another is documented: long-term releases from 2012
/// R2 on, one at a time.
fn check(from: Release, to: Release) -> Result<(), UpgradeError> {
    for release in [from, to] {
        if release.servicing_channel() != ServicingChannel::LongTerm {
            return Err(UpgradeError::NotLongTerm { release });
        }
    }
    let mut pairs = NAMED.iter().zip(NAMED.iter().skip(1));
    if pairs.any(|pair| pair == (&from, &to)) {
        Ok(())
    } else {
        Err(UpgradeError::NotAdjacent { from, to })
    }
}

fn is_licensed(host: &WindowsServerHost) -> bool {
    host.license.is(HostLicense::Licensed)
}

impl Cluster {
    /// The rolling upgrade from one long-term release to the next, one node at a time; see
    /// [`CLUSTER_UPGRADE`](crate::source::CLUSTER_UPGRADE).
    ///
    /// A node may leave while every VM that stays activated on some node that is up keeps another such
    /// node; open answers do not count as one. It returns upgraded, and activated by a step of its own
    /// before it is resumed. Nodes of the new release that are not activated, or paused, come first: so
    /// a plan made in the middle of an upgrade ends it. Nodes that are down take no part; see
    /// [`RollingUpgrade::down`].
    ///
    /// The plan takes whichever node may leave, which is enough. A node that is upgraded and activated
    /// activates at least the guests that it did before: the cells of the table are down-closed (a
    /// const assertion in `catalog::hosts` says so), and no other fact changes for the worse. So the
    /// set of nodes that can run a VM never shrinks: a node that may leave now may still leave later,
    /// and a VM that becomes safe is safe on an upgraded node, which stays. If another order got
    /// further, the first node that remains here could leave here too. So the nodes that remain are the
    /// same in any order, and [`RollingUpgrade::held`] proves why.
    ///
    /// Only activation is planned: neither room on the other nodes, nor VMs that may run nowhere else,
    /// nor the update of the functional level at the end.
    ///
    /// ```
    /// use avma::Release;
    /// use avma::fleet::cluster::{Cluster, UpgradeError};
    ///
    /// let cluster = Cluster::new(&[], &[])?;
    /// let error = cluster.rolling_upgrade(Release::Ws2016, Release::Ws2022).unwrap_err();
    /// assert_eq!(
    ///     error,
    ///     UpgradeError::NotAdjacent { from: Release::Ws2016, to: Release::Ws2022 },
    /// );
    /// # Ok::<(), avma::fleet::cluster::ClusterError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Releases that are not long-term ones (1909) or not adjacent (2016 to 2022); a node of neither
    /// release (a cluster of three releases is no documented state), of no known release, or that is
    /// not known to be a Windows Server host.
    pub fn rolling_upgrade(
        &self,
        from: Release,
        to: Release,
    ) -> Result<RollingUpgrade, UpgradeError> {
        check(from, to)?;
        let mut old = Nodes::NONE;
        for node in self.present.iter() {
            let Some(host) = self.windows_server(node) else {
                return Err(UpgradeError::NotWindowsServer { node });
            };
            match host.release.release() {
                Some(release) if release == from => old.set(node, true),
                Some(release) if release == to => {}
                Some(release) => return Err(UpgradeError::OtherRelease { node, release }),
                None => return Err(UpgradeError::ReleaseNotKnown { node }),
            }
        }
        let down = |node: &NodeId| {
            let node = self.node(*node);
            node.is_some_and(|node| node.presence == Presence::Down)
        };
        let down: Nodes = self.present.iter().filter(down).collect();
        let mut plan = RollingUpgrade {
            steps: Vec::new(),
            held: Vec::new(),
            down: old.intersect(down),
            open: self
                .at_stake()
                .filter(|(_, reach)| reach.outlook() == Outlook::Open)
                .map(|(vm, _)| vm)
                .collect(),
            after: self.clone(),
        };
        for node in self.present.without(old).without(down).iter() {
            plan.finish(node);
        }
        let mut left = old.without(down);
        while !left.is_empty() {
            // What may leave now may leave after the others too, so one look serves all of them.
            let free = left.without(plan.after.sole_keepers());
            if free.is_empty() {
                break;
            }
            for node in free.iter() {
                plan.upgrade(node, to);
            }
            left = left.without(free);
        }
        plan.hold(left);
        Ok(plan)
    }

    fn windows_server(&self, node: NodeId) -> Option<WindowsServerHost> {
        match self.node(node)?.host {
            Some(Host::WindowsServer(host)) => Some(host),
            _ => None,
        }
    }

    /// The nodes that cannot leave: those that alone keep a VM activated.
    fn sole_keepers(&self) -> Nodes {
        self.at_stake().fold(Nodes::NONE, |all, (_, reach)| {
            reach
                .activated
                .only()
                .map_or(all, |node| all.union(node.into()))
        })
    }

    /// The cluster after a step, whether it is safe or not.
    ///
    /// # Errors
    ///
    /// A node that the cluster does not have; to upgrade or activate one that is not known to be a
    /// Windows Server host.
    pub fn after(&self, step: Step) -> Result<Self, WhatIfError> {
        match step {
            Step::Drain(node) => self.paused(node),
            Step::Upgrade { node, to } => self.upgraded(node, to),
            Step::Activate(node) => self.activated(node),
            Step::Resume(node) => self.resumed(node),
        }
    }
}

impl RollingUpgrade {
    fn upgrade(&mut self, node: NodeId, to: Release) {
        let Some(host) = self.after.windows_server(node) else {
            return;
        };
        if self.after.up.contains(node) {
            self.steps.push(Step::Drain(node));
        }
        self.steps.extend([
            Step::Upgrade { node, to },
            Step::Activate(node),
            Step::Resume(node),
        ]);
        // In one go: while the node is paused no VM is there, so nothing is asked of it.
        self.put(node, activated(upgraded(host, to)));
    }

    /// What is missing at a node of the new release.
    fn finish(&mut self, node: NodeId) {
        let Some(host) = self.after.windows_server(node) else {
            return;
        };
        let steps = self.steps.len();
        if !is_licensed(&host) {
            self.steps.push(Step::Activate(node));
        }
        if !self.after.up.contains(node) {
            self.steps.push(Step::Resume(node));
        }
        if self.steps.len() > steps {
            self.put(node, activated(host));
        }
    }

    fn put(&mut self, node: NodeId, host: WindowsServerHost) {
        let host = Node::new(host.into());
        self.after.put(node, host, &mut |_, _, _| {});
    }

    fn hold(&mut self, left: Nodes) {
        for (vm, reach) in self.after.at_stake() {
            if let Some(node) = reach.activated.only().filter(|node| left.contains(*node)) {
                self.held.push(Held { node, vm });
            }
        }
        self.held.sort_unstable_by_key(|held| (held.node, held.vm));
    }
}
