//! What a cluster, a what-if or an upgrade refuses.

use super::nodes::{MAX_NODES, NodeId};
use crate::catalog::releases::Release;

/// Why nodes and VMs are no cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// More nodes than a failover cluster has, as in 65.
    #[error("a cluster has at most {MAX_NODES} nodes, this one has {got}")]
    TooManyNodes {
        /// How many there are.
        got: usize,
    },
    /// A VM whose possible owners or current node name a place that has no node.
    #[error("VM {vm} names node {node}, but there are only {nodes} nodes")]
    NoSuchNode {
        /// The VM's place in the list.
        vm: usize,
        /// The place that has no node.
        node: NodeId,
        /// How many nodes there are.
        nodes: usize,
    },
    /// A cluster that the inventory does not have, as in the second of one.
    #[error("there is no cluster {cluster}, the inventory has {clusters}")]
    NoSuchCluster {
        /// The place that has none.
        cluster: usize,
        /// How many clusters there are.
        clusters: usize,
    },
}

/// Why a what-if cannot be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum WhatIfError {
    /// The cluster has no such node, or not any more.
    #[error("the cluster has no node {node}")]
    NoSuchNode {
        /// The place.
        node: NodeId,
    },
    /// To upgrade or activate a node that is not known to be a Windows Server host. Azure Local has
    /// ways of its own, and what is not known cannot be changed.
    #[error("node {node} is not known to be a Windows Server host")]
    NotWindowsServer {
        /// The node.
        node: NodeId,
    },
    /// To add a node to a cluster that is full.
    #[error("the cluster has {MAX_NODES} nodes and takes no other")]
    Full,
}

/// Why there is no plan for a rolling upgrade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum UpgradeError {
    /// A release of another channel, as in 1909 or 23H2.
    #[error(
        "{release} is of no long-term servicing channel; a rolling upgrade goes from one such release to the next"
    )]
    NotLongTerm {
        /// The release.
        release: Release,
    },
    /// Not from one release to the next: from 2016 to 2022, from 2022 to 2019. From 2012 none is
    /// documented.
    #[error(
        "a rolling upgrade goes from one long-term release to the next, not from {from} to {to}"
    )]
    NotAdjacent {
        /// From.
        from: Release,
        /// To.
        to: Release,
    },
    /// A node of neither release: a third one is no documented cluster state.
    #[error("node {node} is {release}, neither the old nor the new release")]
    OtherRelease {
        /// The node.
        node: NodeId,
        /// Its release.
        release: Release,
    },
    /// A node whose release is not known, or is none of those that the tables know.
    #[error("the release of node {node} is not known")]
    ReleaseNotKnown {
        /// The node.
        node: NodeId,
    },
    /// A node that is not known to be a Windows Server host: not collected, or Azure Local.
    #[error("node {node} is not known to be a Windows Server host")]
    NotWindowsServer {
        /// The node.
        node: NodeId,
    },
}
