//! What is lost when nodes leave: any node, any pair of nodes, any set.

use alloc::vec::Vec;

use super::nodes::{MAX_NODES, NodeId, Nodes};
use super::{Cluster, Outlook, Reach};

/// How many VMs lose when nodes leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Lost {
    /// VMs that stay activated on a node that is up, and on none after.
    pub lost: usize,
    /// VMs that fare worse, where it is open how much: activated on a node before and on none surely
    /// after, or activated on none surely before and on none after.
    pub open: usize,
}

impl Lost {
    const fn plus(self, other: Self) -> Self {
        Self {
            lost: self.lost + other.lost,
            open: self.open + other.open,
        }
    }
}

/// How many VMs lose for every node and every pair of nodes that leave.
///
/// One pass over the VMs: a VM loses by a pair exactly where its nodes are one of the two, or both, so
/// that each VM counts in one place of a table and a pair is the sum of three.
#[derive(Clone, Debug)]
pub struct Losses {
    up: Nodes,
    single: Vec<Lost>,
    /// A square of 64 by 64; the lower place is the row.
    pair: Vec<Lost>,
}

/// A VM as what has to leave: for it to lose surely, and to lose anything.
///
/// Surely lost is a VM that was activated and whose last activating or open node leaves. What loses
/// anything is worse off by a step at least: its last activating node leaves, or where it had none,
/// its last open one.
fn stakes(reach: Reach) -> (Option<Nodes>, Option<Nodes>) {
    let (yes, open) = (reach.activated, reach.open());
    match reach.outlook() {
        Outlook::Activated => (Some(yes.union(open)), Some(yes)),
        Outlook::Open => (None, Some(open)),
        Outlook::Lost => (None, None),
    }
}

impl Losses {
    fn of(reaches: impl Iterator<Item = Reach>, up: Nodes) -> Self {
        let mut losses = Self {
            up,
            single: alloc::vec![Lost::default(); MAX_NODES],
            pair: alloc::vec![Lost::default(); MAX_NODES * MAX_NODES],
        };
        for reach in reaches {
            let (surely, any) = stakes(reach);
            if let Some(cell) = any.and_then(|nodes| losses.cell(nodes)) {
                cell.open += 1;
            }
            // Who loses surely was counted above too, for as many nodes or fewer: `settled` takes it off.
            if let Some(cell) = surely.and_then(|nodes| losses.cell(nodes)) {
                cell.lost += 1;
            }
        }
        losses
    }

    /// The place where a VM counts whose nodes are one or two; others are not lost by a pair.
    fn cell(&mut self, nodes: Nodes) -> Option<&mut Lost> {
        let mut nodes_of = nodes.iter();
        match (nodes.len(), nodes_of.next(), nodes_of.next()) {
            (1, Some(node), _) => self.single.get_mut(node.place()),
            (2, Some(a), Some(b)) => self.pair.get_mut(place(a, b)),
            _ => None,
        }
    }

    fn get(&self, node: NodeId) -> Lost {
        self.single.get(node.place()).copied().unwrap_or_default()
    }

    /// What is lost when the node leaves. Nothing for one that is not up: what it would keep is lost
    /// already.
    pub fn of_node(&self, node: NodeId) -> Lost {
        settled(self.get(node))
    }

    /// What is lost when both leave.
    pub fn of_pair(&self, a: NodeId, b: NodeId) -> Lost {
        if a == b {
            return self.of_node(a);
        }
        let both = self.pair.get(place(a, b)).copied().unwrap_or_default();
        settled(self.get(a).plus(self.get(b)).plus(both))
    }

    /// All nodes that are up, with what is lost when each leaves.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, Lost)> {
        self.up.iter().map(|node| (node, self.of_node(node)))
    }

    /// All pairs of nodes that are up, with what is lost when both leave: up to 2,016.
    pub fn pairs(&self) -> impl Iterator<Item = (NodeId, NodeId, Lost)> {
        let pairs = self
            .up
            .iter()
            .flat_map(|a| self.up.iter().map(move |b| (a, b)));
        pairs
            .filter(|(a, b)| a < b)
            .map(|(a, b)| (a, b, self.of_pair(a, b)))
    }
}

const fn place(a: NodeId, b: NodeId) -> usize {
    let (a, b) = (a.place(), b.place());
    if a < b {
        a * MAX_NODES + b
    } else {
        b * MAX_NODES + a
    }
}

/// Converts counts of (certain or possible) losses into (certain, possible only): every certain loss
/// was also counted as possible.
const fn settled(counted: Lost) -> Lost {
    Lost {
        lost: counted.lost,
        open: counted.open.saturating_sub(counted.lost),
    }
}

impl Cluster {
    /// How many VMs lose for any node or pair of nodes that leave the nodes that are up now.
    pub fn losses(&self) -> Losses {
        Losses::of(self.at_stake().map(|(_, reach)| reach), self.up)
    }

    /// The VMs that lose when these nodes leave the nodes that are up now, each with what the others
    /// do for it: [`Outlook::Lost`] or [`Outlook::Open`].
    ///
    /// A VM that was activated on no node surely, and is on none after, is here with
    /// [`Outlook::Lost`] although it may have had nothing to lose; [`Losses`] counts it as open.
    pub fn lost_without(&self, nodes: Nodes) -> impl Iterator<Item = (usize, Reach, Outlook)> {
        let left = self.up.without(nodes);
        self.at_stake().filter_map(move |(vm, reach)| {
            let after = reach.within(left).outlook();
            (after != reach.outlook()).then_some((vm, reach, after))
        })
    }
}
