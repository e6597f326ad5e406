//! What a caller says of a cluster: its nodes, and its VMs with where they may run.

use super::nodes::{NodeId, Nodes};
use crate::assess::{Guest, Host};
use crate::catalog::releases::Releases;
use crate::word::words;

words! {
    /// Whether a node can take VMs now.
    pub enum Presence ("presence of a node") {
        /// It is up.
        Up = "up", "up";
        /// It is drained and takes no VM until it is resumed; it can be upgraded.
        Paused = "paused", "paused";
        /// It is down, joining or isolated: no VM can go there and nobody can work on it.
        Down = "down", "down";
    }
}

/// A node, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Node {
    /// Its facts as a host; `None` where it was not collected, which is judged as
    /// [`Host::Unknown`].
    pub host: Option<Host>,
    /// Whether it can take VMs now.
    pub presence: Presence,
    /// What its release may be, where its host is not known: the cluster's own list of nodes tells
    /// builds. Read for the [state](super::Cluster::state) alone; a host that is known speaks for
    /// itself.
    pub release: Releases,
}

impl Node {
    /// A node that is up, with these facts.
    pub const fn new(host: Host) -> Self {
        Self {
            host: Some(host),
            presence: Presence::Up,
            release: Releases::unknown(),
        }
    }

    /// A node that is up and of which nothing is known.
    pub const fn not_collected() -> Self {
        Self {
            host: None,
            presence: Presence::Up,
            release: Releases::unknown(),
        }
    }

    /// The same node, up or not.
    #[must_use]
    pub const fn with_presence(self, presence: Presence) -> Self {
        Self { presence, ..self }
    }

    /// The same node, of one of these releases where its host is not known.
    #[must_use]
    pub fn of_release(self, release: impl Into<Releases>) -> Self {
        Self {
            release: release.into(),
            ..self
        }
    }

    pub(super) fn facts(&self) -> Host {
        self.host.unwrap_or(Host::Unknown)
    }
}

impl From<Host> for Node {
    fn from(host: Host) -> Self {
        Self::new(host)
    }
}

/// The nodes on which a VM may run: its possible owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owners {
    /// Every node, those that are added later too.
    All,
    /// These nodes only. A node that is removed from the cluster is no owner any more, so there may
    /// be none left.
    Only(Nodes),
    /// They were not collected: where the VM is now it may be, of every other node it is not known.
    NotKnown,
}

impl From<Nodes> for Owners {
    /// As failover clusters mean it: an empty list is every node.
    fn from(nodes: Nodes) -> Self {
        if nodes.is_empty() {
            Self::All
        } else {
            Self::Only(nodes)
        }
    }
}

/// A VM, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vm {
    /// Its facts as a guest.
    ///
    /// What travels with the VM, such as a Data Exchange that is switched off, holds on every node
    /// alike. To ask about the nodes alone, give [`Guest::ready`].
    pub guest: Guest,
    /// Where it may run.
    pub owners: Owners,
    /// Where it is now.
    pub current: Option<NodeId>,
    /// Whether AVMA is what keeps it activated, or would. Not so for a guest that another channel
    /// activated, or that is no Windows Server: such a VM loses nothing and holds no node back.
    pub at_stake: bool,
}

impl Vm {
    /// A VM that may run on every node; where it is now is not known.
    pub const fn new(guest: Guest) -> Self {
        Self {
            guest,
            owners: Owners::All,
            current: None,
            at_stake: true,
        }
    }

    /// The same VM with these possible owners; an empty set is every node, as failover clusters mean
    /// it.
    #[must_use]
    pub fn owned_by(self, owners: impl Into<Owners>) -> Self {
        Self {
            owners: owners.into(),
            ..self
        }
    }

    /// The same VM, running on a node.
    #[must_use]
    pub const fn on(self, node: NodeId) -> Self {
        Self {
            current: Some(node),
            ..self
        }
    }

    /// The same VM, with nothing to lose: another channel activated it, or AVMA is not meant for it.
    #[must_use]
    pub const fn not_at_stake(self) -> Self {
        Self {
            at_stake: false,
            ..self
        }
    }
}
