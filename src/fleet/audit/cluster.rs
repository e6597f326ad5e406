//! Clusters: where a VM that is activated now would lose AVMA, because a node that may own it cannot
//! activate it or is not known. Judged by [`cluster`](crate::fleet::cluster), in the audit's words.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::host::HostLine;
use super::rules::{self, AuditRule, Finding, Reason};
use crate::assess::{Can, Host};
use crate::fleet::cluster::{
    ClusterError, Collected, CollectedNode, NodeId, Risk as OwnerRisk, WeakNode, Weakness,
};
use crate::observe::inventory::{ClusterRecord, Fleet, VmRow};

/// A cluster as the report shows it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClusterLine<'a> {
    /// What was collected of it.
    pub record: &'a ClusterRecord,
    /// The cluster, judged node by node, for whatever else is to be asked of it; or why it cannot be,
    /// as with more than 64 nodes.
    pub judged: Result<Collected<'a>, ClusterError>,
    /// What is wrong with a node, then which VM is at risk on which.
    pub risks: Vec<Risk>,
}

/// A node that is not fit, or on which a VM does not surely stay activated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Risk {
    /// The VM, in [`Audit::vms`](super::Audit::vms); `None` where it is about the node itself.
    pub vm: Option<usize>,
    /// The node's name; empty where it is not known.
    pub node: String,
    /// Why.
    pub reason: Reason,
}

impl Risk {
    /// Why, as a report shows it.
    pub fn finding(&self) -> Finding<'_> {
        Finding::from(&self.reason)
    }
}

const UNNAMED: &str = "(unnamed node)";

impl<'a> ClusterLine<'a> {
    /// Judges a cluster; the risks of its VMs are added as they are judged.
    pub(super) fn new(
        fleet: &'a Fleet,
        place: usize,
        record: &'a ClusterRecord,
        hosts: &[HostLine<'a>],
    ) -> Self {
        let facts = |host: usize| hosts.get(host).map_or(Host::Unknown, |line| line.host);
        let judged = Collected::with_hosts(fleet, place, facts);
        let risks = judged.iter().flat_map(|judged| {
            let weak = judged.cluster.weak_nodes();
            weak.into_iter().map(|weak| node_risk(judged, &weak))
        });
        Self {
            record,
            risks: risks.collect(),
            judged,
        }
    }

    /// The cluster's name.
    pub fn name(&self) -> Option<&'a str> {
        self.record.cluster.name.as_deref()
    }

    /// Whether a node can activate any guest at all; `None` where it was not collected as a host.
    pub fn avma_host(&self, node: NodeId) -> Option<Can> {
        let judged = self.judged.as_ref().ok()?;
        judged.nodes.get(node.place())?.host?;
        judged.cluster.avma_host(node)
    }

    /// The possible owners of the VM of a group, beside the node where it is, that endanger it.
    pub(super) fn owners_at_risk(&self, row: usize, vm: usize) -> Vec<(String, Reason)> {
        let judged = match &self.judged {
            Ok(judged) => judged,
            Err(error) => {
                let text = format!("its cluster cannot be judged: {error}");
                return alloc::vec![(String::new(), Reason::says(&rules::OWNER_UNKNOWN, text))];
            }
        };
        // Its VMs are its groups, in their order.
        if judged.vms.get(vm).and_then(|vm| vm.row) != Some(row) {
            return Vec::new();
        }
        let risks = judged.cluster.risks(vm);
        risks
            .map(|(node, risk)| owner_risk(judged, vm, node, risk))
            .collect()
    }
}

const LIST_NODES: &str = "collect the cluster again, with its nodes, and every node";

fn stands_for_others(judged: &Collected<'_>, node: NodeId) -> bool {
    let node = judged.nodes.get(node.place());
    node.is_some_and(CollectedNode::stands_for_others)
}

/// What is wrong with a node itself: in a cluster every node must be activated, and fit every VM.
fn node_risk(judged: &Collected<'_>, weak: &WeakNode) -> Risk {
    if stands_for_others(judged, weak.node) {
        let text = "the cluster's list of nodes was not collected: there may be others than those that are known";
        return Risk {
            vm: None,
            node: String::new(),
            reason: Reason::says(&rules::NODE_UNKNOWN, text.into()).remedied(LIST_NODES),
        };
    }
    let name = judged.name(weak.node).unwrap_or(UNNAMED);
    let (rule, text): (&AuditRule, _) = match weak.weakness {
        Weakness::NotCollected => (
            &rules::NODE_UNKNOWN,
            format!("the node {name} was not collected as a host"),
        ),
        Weakness::NotActivated => (
            &rules::NODE_NOT_ACTIVATED,
            format!("the node {name} is not activated"),
        ),
        Weakness::NoAvmaHost => (
            &rules::NODE_NO_AVMA_HOST,
            format!("the node {name} is no documented AVMA host"),
        ),
        Weakness::Undetermined => (
            &rules::NODE_UNDETERMINED,
            format!("not enough is known of the node {name} to tell whether it activates guests"),
        ),
        Weakness::NotForEveryVm => {
            let why = weak.reasons.first();
            let why = why.map_or(String::new(), |why| format!(": {}", why.finding.rule.text));
            (
                &rules::NODE_NOT_FOR_EVERY_VM,
                format!(
                    "the node {name} does not surely activate every VM that may run on it{why}"
                ),
            )
        }
    };
    Risk {
        vm: None,
        node: name.into(),
        reason: Reason::says(rule, text),
    }
}

fn owner_risk(
    judged: &Collected<'_>,
    vm: usize,
    node: NodeId,
    risk: OwnerRisk,
) -> (String, Reason) {
    if stands_for_others(judged, node) {
        let text = "the cluster's list of nodes was not collected, so where else the VM may run is not known";
        let reason = Reason::says(&rules::OWNER_UNKNOWN, text.into());
        return (String::new(), reason.remedied(LIST_NODES));
    }
    let name = judged.name(node).unwrap_or(UNNAMED);
    let host = judged.nodes.get(node.place()).and_then(|node| node.host);
    let may_run = judged.cluster.answer(vm, node) == Some(Can::Eligible);
    let reason = match risk {
        OwnerRisk::Loses => Reason::says(
            &rules::OWNER_LOSES_AVMA,
            format!("on its possible owner {name} the VM would not be activated"),
        ),
        OwnerRisk::NotDocumented => Reason::says(
            &rules::OWNER_UNDOCUMENTED,
            format!("no text tells whether its possible owner {name} would activate the VM"),
        ),
        OwnerRisk::Unknown if host.is_none() => Reason::says(
            &rules::OWNER_UNKNOWN,
            format!("its possible owner {name} was not collected as a host"),
        )
        .remedied("collect the node; in a cluster every node must be activated"),
        OwnerRisk::Unknown if may_run => Reason::says(
            &rules::OWNER_UNKNOWN,
            format!("its possible owners were not collected, so whether it may run on {name} is not known"),
        )
        .remedied("collect the cluster again, with the possible owners of its groups"),
        OwnerRisk::Unknown => Reason::says(
            &rules::OWNER_UNKNOWN,
            format!("not enough is known of its possible owner {name}, or of the guest"),
        )
        .remedied("collect the node again with the whole command, and the guest"),
    };
    (name.into(), reason)
}

/// A VM of a cluster of which no export was handed in.
pub(super) fn not_collected(row: &VmRow) -> Option<(String, Reason)> {
    let clustered = row.vm.as_ref()?.machine.is_clustered == Some(true);
    (clustered && row.group.is_none()).then(|| (String::new(), Reason::from(&rules::OWNER_UNKNOWN)))
}
