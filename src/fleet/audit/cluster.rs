//! Clusters: where a VM that is activated now would lose AVMA, because a node that may own it can
//! not activate it or is not known.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::host::{HostLine, HostNames};
use super::rules::{self, Finding, Reason};
use super::vm::VmLine;
use crate::assess::{Can, Guest, Host, Seen, can};
use crate::ids::HostName;
use crate::observe::inventory::{ClusterRecord, Fleet, VmRow};
use crate::observe::wmi::ClusterNode;

/// A cluster as the report shows it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClusterLine<'a> {
    /// What was collected of it.
    pub record: &'a ClusterRecord,
    /// Its nodes, as far as they were collected.
    pub nodes: Vec<NodeLine<'a>>,
    /// What is wrong with a node, then which VM is at risk on which.
    pub risks: Vec<Risk>,
}

impl<'a> ClusterLine<'a> {
    /// The cluster's name.
    pub fn name(&self) -> Option<&'a str> {
        self.record.cluster.name.as_deref()
    }
}

/// A node: what the cluster says of it, and what is known of it as a host.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NodeLine<'a> {
    /// What the cluster says of it.
    pub node: &'a ClusterNode,
    /// Whether it can activate any guest at all; `None` where it was not collected as a host.
    pub avma_host: Option<Can>,
}

/// A node that is not fit, or on which a VM does not surely stay activated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Risk {
    /// The VM, in [`Audit::vms`](super::Audit::vms); `None` where it is about the node itself.
    pub vm: Option<usize>,
    /// The node's name; empty where the nodes are not known.
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

/// Whether a host would activate a guest that is ready itself.
fn would_activate(host: &Host, guest: &Guest) -> Can {
    can(host, &Guest::new(guest.release, guest.product).ready())
}

/// The hosts of an audit, to be found by name.
pub(super) struct Hosts<'h, 'a> {
    pub(super) lines: &'h [HostLine<'a>],
    pub(super) names: &'h HostNames,
}

impl<'h, 'a> Hosts<'h, 'a> {
    fn named(&self, name: &str) -> Option<&'h HostLine<'a>> {
        let mut found = self.names.may_be(name, self.lines, |line| line.record);
        found.next().map(|(_, line)| line)
    }

    /// The possible owners of a clustered VM, beside the node where it is, that endanger it.
    pub(super) fn owners_at_risk(&self, line: &VmLine<'_>, fleet: &Fleet) -> Vec<(String, Reason)> {
        let row = line.row;
        let Some((cluster, group)) = row.group else {
            return not_collected(row).into_iter().collect();
        };
        let (Some(cluster), Some(current)) = (
            fleet.clusters.get(cluster),
            row.host.and_then(|place| self.lines.get(place)),
        ) else {
            return Vec::new();
        };
        let guest = &line.guest;
        // What the current node surely does not activate has nothing to lose elsewhere, and neither
        // has a guest that another channel activated or that refuses AVMA keys.
        let lost_already = would_activate(&current.host, guest) == Can::NotEligible;
        let by_another = matches!(line.seen(), Seen::Other(_));
        if lost_already || by_another || guest.evaluation.as_bool() == Some(true) {
            return Vec::new();
        }
        let groups = cluster.groups.as_deref().unwrap_or_default();
        let owners = groups.get(group);
        let owners = owners.and_then(|group| group.possible_owners.as_deref());
        let current = current.name().unwrap_or_default();
        let risk = |owner: &str| {
            if HostName(current).may_be(HostName(owner)) {
                return None;
            }
            Some((owner.into(), self.owner(owner, guest)?))
        };
        match owners {
            Some(owners) => owners.iter().filter_map(|owner| risk(owner)).collect(),
            None => names(cluster).filter_map(risk).collect(),
        }
    }

    fn owner(&self, node: &str, guest: &Guest) -> Option<Reason> {
        let Some(host) = self.named(node) else {
            let text = format!("its possible owner {node} was not collected as a host");
            let remedy = "collect the node; in a cluster every node must be activated";
            return Some(Reason::says(&rules::OWNER_UNKNOWN, text).remedied(remedy));
        };
        let (rule, text) = match would_activate(&host.host, guest) {
            Can::Eligible => return None,
            Can::NotEligible => (
                &rules::OWNER_LOSES_AVMA,
                format!("on its possible owner {node} the VM would not be activated"),
            ),
            Can::NotDocumented => (
                &rules::OWNER_UNDOCUMENTED,
                format!("no text tells whether its possible owner {node} would activate the VM"),
            ),
            Can::Undetermined => {
                let text = format!("not enough is known of its possible owner {node}");
                let remedy = "collect the node again with the whole command";
                return Some(Reason::says(&rules::OWNER_UNKNOWN, text).remedied(remedy));
            }
        };
        Some(Reason::says(rule, text))
    }

    /// What is wrong with a node itself: in a cluster every node must be activated.
    fn node(&self, name: &str) -> Option<Risk> {
        let (rule, text) = match self.named(name) {
            Some(host) if host.avma_host == Can::Eligible => return None,
            Some(host) if host.licensed == Some(false) => (
                &rules::NODE_NOT_ACTIVATED,
                format!("the node {name} is not activated"),
            ),
            Some(_) => (
                &rules::NODE_NO_AVMA_HOST,
                format!("the node {name} is no documented AVMA host"),
            ),
            None => (
                &rules::NODE_UNKNOWN,
                format!("the node {name} was not collected as a host"),
            ),
        };
        Some(Risk {
            vm: None,
            node: name.into(),
            reason: Reason::says(rule, text),
        })
    }

    /// One line a cluster; the risks of its VMs are added as they are judged.
    pub(super) fn line<'c>(&self, record: &'c ClusterRecord) -> ClusterLine<'c> {
        let node = |node: &'c ClusterNode| NodeLine {
            node,
            avma_host: node
                .name
                .as_deref()
                .and_then(|name| self.named(name))
                .map(|host| host.avma_host),
        };
        ClusterLine {
            record,
            nodes: record.nodes.iter().flatten().map(node).collect(),
            risks: names(record).filter_map(|name| self.node(name)).collect(),
        }
    }
}

fn names(cluster: &ClusterRecord) -> impl Iterator<Item = &str> {
    let nodes = cluster.nodes.iter().flatten();
    nodes.filter_map(|node| node.name.as_deref())
}

/// A VM of a cluster of which no export was handed in.
fn not_collected(row: &VmRow) -> Option<(String, Reason)> {
    let clustered = row.vm.as_ref()?.machine.is_clustered == Some(true);
    clustered.then(|| (String::new(), Reason::from(&rules::OWNER_UNKNOWN)))
}
