//! Where one VM stays activated, where not, and where that is open.

use super::nodes::{NodeId, Nodes};
use crate::assess::Can;
use crate::word::words;

/// The possible owners of a VM, each in exactly one of four sets. "Not documented" and "undetermined"
/// are never folded into a yes or a no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Reach {
    /// On these it stays activated.
    pub activated: Nodes,
    /// On these it does not.
    pub not_activated: Nodes,
    /// Of these no text tells.
    pub not_documented: Nodes,
    /// Of these it depends on facts that are not known, be it of the node or of the guest; or they
    /// would activate it and it is not known whether it may run there.
    pub undetermined: Nodes,
}

words! {
    /// What a set of nodes does for a VM.
    pub enum Outlook ("outlook") {
        /// On one of them at least it stays activated.
        Activated = "activated", "activated on a node at least";
        /// On none of them surely, on some it may.
        Open = "open", "activated on no node surely";
        /// On none of them.
        Lost = "lost", "activated on no node";
    }
}

impl Reach {
    /// All nodes on which the VM may run, or might.
    pub const fn owners(self) -> Nodes {
        self.activated.union(self.not_activated).union(self.open())
    }

    /// The nodes that are neither yes nor no.
    pub const fn open(self) -> Nodes {
        self.not_documented.union(self.undetermined)
    }

    /// The same over these nodes alone.
    #[must_use]
    pub const fn within(self, nodes: Nodes) -> Self {
        Self {
            activated: self.activated.intersect(nodes),
            not_activated: self.not_activated.intersect(nodes),
            not_documented: self.not_documented.intersect(nodes),
            undetermined: self.undetermined.intersect(nodes),
        }
    }

    /// The answer for one node; `None` where it is no possible owner.
    pub const fn on(self, node: NodeId) -> Option<Can> {
        if self.activated.contains(node) {
            Some(Can::Eligible)
        } else if self.not_activated.contains(node) {
            Some(Can::NotEligible)
        } else if self.not_documented.contains(node) {
            Some(Can::NotDocumented)
        } else if self.undetermined.contains(node) {
            Some(Can::Undetermined)
        } else {
            None
        }
    }

    /// What all of its nodes together do for the VM.
    pub const fn outlook(self) -> Outlook {
        if !self.activated.is_empty() {
            Outlook::Activated
        } else if !self.open().is_empty() {
            Outlook::Open
        } else {
            Outlook::Lost
        }
    }
}
