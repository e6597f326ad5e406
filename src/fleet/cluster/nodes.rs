//! The nodes of a cluster by their places, and sets of them in 64 bits.

use core::fmt;

/// How many nodes a cluster may have: those of a failover cluster of Windows Server.
pub const MAX_NODES: usize = 64;

/// A node by its place in the cluster, 0 to 63.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u8);

impl NodeId {
    /// The node at a place; `None` for 64 and beyond.
    pub const fn new(place: usize) -> Option<Self> {
        #[expect(clippy::cast_possible_truncation, reason = "below 64")]
        if place < MAX_NODES {
            Some(Self(place as u8))
        } else {
            None
        }
    }

    /// The place, 0 to 63: for the caller's own list of names.
    pub const fn place(self) -> usize {
        self.0 as usize
    }

    const fn bit(self) -> u64 {
        // Below 64 by `new`.
        1 << (self.0 & 63)
    }
}

impl fmt::Display for NodeId {
    /// The place alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A set of nodes: bit `n` is the node at place `n`.
///
/// ```
/// use avma::fleet::cluster::{NodeId, Nodes};
///
/// let nodes: Nodes = [0, 5].into_iter().filter_map(NodeId::new).collect();
/// assert_eq!(nodes.bits(), 0b10_0001);
/// assert_eq!(nodes.to_string(), "0, 5");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Nodes(u64);

impl Nodes {
    /// No node.
    pub const NONE: Self = Self(0);
    /// All 64 places.
    pub const ALL: Self = Self(u64::MAX);

    /// From bits.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// As bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// The first `count` places; all 64 where there are more.
    pub const fn first(count: usize) -> Self {
        if count >= MAX_NODES {
            Self::ALL
        } else {
            Self((1 << count) - 1)
        }
    }

    /// Whether the node is in the set.
    pub const fn contains(self, node: NodeId) -> bool {
        self.0 & node.bit() != 0
    }

    /// How many nodes there are.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether there is no node.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether every node is one of `other`.
    pub const fn is_subset(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The nodes of either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The nodes of both.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// These nodes but those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The only node of the set, where there is exactly one.
    pub const fn only(self) -> Option<NodeId> {
        if self.0.count_ones() == 1 {
            NodeId::new(self.0.trailing_zeros() as usize)
        } else {
            None
        }
    }

    pub(super) const fn set(&mut self, node: NodeId, is_in: bool) {
        if is_in {
            self.0 |= node.bit();
        } else {
            self.0 &= !node.bit();
        }
    }

    /// The nodes, by place.
    pub fn iter(self) -> impl Iterator<Item = NodeId> {
        let mut bits = self.0;
        core::iter::from_fn(move || {
            let node = NodeId::new(bits.trailing_zeros() as usize)?;
            bits &= bits.wrapping_sub(1);
            Some(node)
        })
    }
}

impl From<NodeId> for Nodes {
    fn from(node: NodeId) -> Self {
        Self(node.bit())
    }
}

impl FromIterator<NodeId> for Nodes {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> Self {
        nodes
            .into_iter()
            .fold(Self::NONE, |all, node| all.union(node.into()))
    }
}

impl fmt::Display for Nodes {
    /// The places with commas between, or `none`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (place, node) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            node.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Nodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nodes({self})")
    }
}
