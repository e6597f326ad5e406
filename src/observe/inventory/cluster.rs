//! A cluster: its level, its nodes, and the VMs that it keeps.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::HostRecord;
use crate::ids::HostName;
use crate::observe::code::GroupType;
use crate::observe::fault::{Fault, Place};
use crate::observe::value::{Value, When};
use crate::observe::wmi::{self, Cluster, ClusterGroup, ClusterNode};

/// What was collected of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterRecord {
    /// The number of the document.
    pub document: usize,
    /// Where in the document; empty for the document itself.
    pub place: String,
    /// `Collected`.
    pub collected: When,
    /// `Cluster`: name and functional level.
    pub cluster: Cluster,
    /// `Node`; `None` where the nodes were not collected.
    pub nodes: Option<Vec<ClusterNode>>,
    /// `Group`, those of virtual machines; `None` where they were not collected.
    pub groups: Option<Vec<ClusterGroup>>,
}

impl ClusterRecord {
    /// Whether the object is one. Within a host's document `Cluster` alone is only its name.
    pub(super) fn recognises(value: &Value, is_other: bool) -> bool {
        let list = |name| {
            value.get(name).is_some_and(|list| {
                matches!(list, Value::List(_))
                    || matches!(list, Value::Object(_)) && !list.is_nothing()
            })
        };
        list("Group") || !is_other && (list("Node") || list("Cluster"))
    }

    /// Whether the host may be one of the nodes; of nodes that were not collected any host may be.
    pub(super) fn may_have_node(&self, host: &HostRecord) -> bool {
        let mut nodes = self.nodes.iter().flatten().peekable();
        let known = nodes.peek().is_some();
        !known
            || nodes.any(|node| {
                let node = node.name.as_deref().map(HostName);
                let host = host.name().map(HostName);
                matches!((node, host), (Some(node), Some(host)) if node.may_be(host))
            })
    }

    pub(super) fn read(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
        let mut record = Self {
            place: place.to_string(),
            collected: wmi::when(object, "Collected", place, faults),
            nodes: nodes(object, place, faults),
            ..Self::default()
        };
        if let Some(cluster) = object.get("Cluster") {
            let place = place.property("Cluster");
            wmi::objects(cluster, place, faults, |cluster, place, faults| {
                record.cluster = Cluster::read(cluster, place, faults);
                record.nodes = record
                    .nodes
                    .take()
                    .or_else(|| nodes(cluster, place, faults));
            });
        }
        if let Some(list) = object.get("Group") {
            let mut groups = Vec::new();
            wmi::objects(
                list,
                place.property("Group"),
                faults,
                |group, place, faults| {
                    let group = ClusterGroup::read(group, place, faults);
                    // A collection that did not keep the type has filtered by it.
                    if group
                        .group_type
                        .is_none_or(|kind| kind == GroupType::VIRTUAL_MACHINE)
                    {
                        groups.push(group);
                    }
                },
            );
            record.groups = Some(groups);
        }
        record
    }
}

pub(super) fn nodes(
    object: &Value,
    place: Place<'_>,
    faults: &mut Vec<Fault>,
) -> Option<Vec<ClusterNode>> {
    let list = object.get("Node")?;
    let mut nodes = Vec::new();
    wmi::objects(
        list,
        place.property("Node"),
        faults,
        |node, place, faults| {
            nodes.push(ClusterNode::read(node, place, faults));
        },
    );
    Some(nodes)
}
