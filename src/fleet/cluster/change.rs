//! Before and after: what a what-if changes for the VMs.

use super::{Cluster, Nodes, Reach};

/// A VM for which two clusters answer differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The VM's place in the list.
    pub vm: usize,
    /// Where it stays activated before.
    pub before: Reach,
    /// Where it stays activated after.
    pub after: Reach,
}

impl Change {
    /// The nodes that kept it activated and do not surely any more.
    pub const fn lost(&self) -> Nodes {
        self.before.activated.without(self.after.activated)
    }

    /// The nodes that surely keep it activated and did not before.
    pub const fn gained(&self) -> Nodes {
        self.after.activated.without(self.before.activated)
    }
}

impl Cluster {
    /// The VMs for which `after` answers differently, in the order of the list. Meant for a what-if of
    /// this cluster, whose VMs are the same; VM is compared with VM and node with node by place.
    ///
    /// ```
    /// use avma::assess::{Guest, Host};
    /// use avma::fleet::cluster::{Cluster, Node, NodeId, Vm};
    /// use avma::{Product, Release};
    ///
    /// let host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
    /// let vm = Vm::new(Guest::new(Release::Ws2022, Product::Standard).ready());
    /// let cluster = Cluster::new(&[Node::new(host), Node::new(host)], &[vm])?;
    ///
    /// // Until it is activated by a key of 2025, the upgraded node activates nothing.
    /// let node = NodeId::new(1).unwrap();
    /// let upgraded = cluster.upgraded(node, Release::Ws2025)?;
    /// let change = cluster.changes(&upgraded).next().unwrap();
    /// assert_eq!(change.lost(), node.into());
    /// let activated = upgraded.activated(node)?;
    /// assert_eq!(cluster.changes(&activated).count(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn changes(&self, after: &Self) -> impl Iterator<Item = Change> {
        let pairs = self.reaches().zip(after.reaches()).enumerate();
        pairs.filter_map(|(vm, (before, after))| {
            (before != after).then_some(Change { vm, before, after })
        })
    }
}
