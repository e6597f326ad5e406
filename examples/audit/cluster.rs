//! Clusters: where a VM that is activated now would lose AVMA, because a node that may own it can
//! not activate it or is not known.

use std::collections::BTreeMap;

use avma::HostName;
use avma::assess::{Can, Seen};
use avma::observe::inventory::{ClusterRecord, Fleet, VmRow};
use avma::observe::wmi::ClusterNode;
use avma::source::AVMA_ARTICLE;

use crate::judge::{HostLine, Reason, would_activate};

/// A cluster as the report shows it.
pub struct ClusterLine {
    pub name: String,
    pub nodes: Vec<NodeLine>,
    /// For each VM at risk its name, the node, and why; without a VM what is wrong with a node.
    pub findings: Vec<(Option<String>, Risk)>,
}

/// A node: its name, state and what is known of it as a host.
pub struct NodeLine {
    pub name: String,
    pub state: Option<String>,
    pub build: Option<u32>,
    pub avma_host: Option<Can>,
}

/// A possible owner on which a VM does not surely stay activated.
pub struct Risk {
    pub node: String,
    pub reason: Reason,
}

fn host_named<'a>(hosts: &'a [HostLine], name: &str) -> Option<&'a HostLine> {
    hosts
        .iter()
        .find(|host| HostName(&host.name).may_be(HostName(name)))
}

/// A VM of a cluster of which no export was handed in.
fn not_collected() -> Risk {
    Risk {
        node: String::new(),
        reason: Reason {
            rule: "possible-owner-unknown",
            certain: false,
            text: "the VM is clustered, and where else it may run was not collected".to_owned(),
            remedy: "collect the cluster, and every node".to_owned(),
            source: AVMA_ARTICLE,
        },
    }
}

/// The possible owners of a clustered VM, beside the node where it is, that endanger it.
pub fn owners_at_risk(row: &VmRow, fleet: &Fleet, hosts: &[HostLine]) -> Vec<Risk> {
    let Some((cluster, group)) = row.group else {
        let clustered = row.vm.as_ref().and_then(|vm| vm.machine.is_clustered);
        return if clustered == Some(true) {
            vec![not_collected()]
        } else {
            Vec::new()
        };
    };
    let Some(cluster) = fleet.clusters.get(cluster) else {
        return Vec::new();
    };
    let guest = row.facts();
    let Some(current) = row.host.and_then(|place| hosts.get(place)) else {
        return Vec::new();
    };
    // What the current node surely does not activate has nothing to lose elsewhere, and neither has
    // a guest that another channel activated or that refuses AVMA keys.
    let lost_already = would_activate(&current.host, &guest) == Can::NotEligible;
    let by_another = matches!(row.observation().seen(), Seen::Other(_));
    if lost_already || by_another || guest.evaluation.as_bool() == Some(true) {
        return Vec::new();
    }
    let groups = cluster.groups.as_deref().unwrap_or_default();
    let owners = groups
        .get(group)
        .and_then(|group| group.possible_owners.clone());
    let nodes = || {
        let nodes = cluster.nodes.iter().flatten();
        nodes.filter_map(|node| node.name.clone()).collect()
    };
    let owners: Vec<String> = owners.unwrap_or_else(nodes);
    let others = owners
        .into_iter()
        .filter(|owner| !HostName(&current.name).may_be(HostName(owner)));
    others
        .filter_map(|node| risk(node, &guest, hosts))
        .collect()
}

fn risk(node: String, guest: &avma::assess::Guest, hosts: &[HostLine]) -> Option<Risk> {
    let say = |rule, text, remedy: &str| {
        Some(Reason {
            rule,
            certain: false,
            text,
            remedy: remedy.to_owned(),
            source: AVMA_ARTICLE,
        })
    };
    let reason = match host_named(hosts, &node).map(|host| would_activate(&host.host, guest)) {
        Some(Can::Eligible) => None,
        Some(Can::NotEligible) => say(
            "possible-owner-loses-avma",
            format!("on its possible owner {node} the VM would not be activated"),
            "take the node from the possible owners, or make it able to activate the guest",
        ),
        Some(Can::NotDocumented) => say(
            "possible-owner-undocumented",
            format!("no text tells whether its possible owner {node} would activate the VM"),
            "take the node from the possible owners, or use a documented host",
        ),
        Some(_) => say(
            "possible-owner-unknown",
            format!("not enough is known of its possible owner {node}"),
            "collect the node again with the whole command",
        ),
        None => say(
            "possible-owner-unknown",
            format!("its possible owner {node} was not collected as a host"),
            "collect the node; in a cluster every node must be activated",
        ),
    };
    reason.map(|reason| Risk { node, reason })
}

/// What is wrong with a node itself: in a cluster every node must be activated.
fn node_at_risk(name: &str, hosts: &[HostLine]) -> Option<Risk> {
    let (rule, text) = match host_named(hosts, name) {
        Some(host) if host.avma_host == Can::Eligible => return None,
        Some(host) if host.licensed == Some(false) => (
            "node-not-activated",
            format!("the node {name} is not activated"),
        ),
        Some(_) => (
            "node-no-avma-host",
            format!("the node {name} is no documented AVMA host"),
        ),
        None => (
            "node-unknown",
            format!("the node {name} was not collected as a host"),
        ),
    };
    Some(Risk {
        node: name.to_owned(),
        reason: Reason {
            rule,
            certain: rule != "node-unknown",
            text,
            remedy: "make every node able to activate guests, and collect every node".to_owned(),
            source: AVMA_ARTICLE,
        },
    })
}

/// One line a cluster.
pub fn lines(
    fleet: &Fleet,
    hosts: &[HostLine],
    mut risks: BTreeMap<usize, Vec<(String, Risk)>>,
) -> Vec<ClusterLine> {
    let line = |(place, cluster): (usize, &ClusterRecord)| {
        let names = cluster
            .nodes
            .iter()
            .flatten()
            .filter_map(|node| node.name.as_deref());
        let of_nodes = names.filter_map(|name| Some((None, node_at_risk(name, hosts)?)));
        let of_vms = risks.remove(&place).unwrap_or_default();
        let of_vms = of_vms.into_iter().map(|(vm, risk)| (Some(vm), risk));
        let findings = of_nodes.chain(of_vms).collect();
        let name = cluster.cluster.name.clone();
        ClusterLine {
            name: name.unwrap_or_else(|| "(unnamed cluster)".to_owned()),
            nodes: cluster
                .nodes
                .iter()
                .flatten()
                .map(|node| NodeLine::new(node, hosts))
                .collect(),
            findings,
        }
    };
    fleet.clusters.iter().enumerate().map(line).collect()
}

impl NodeLine {
    fn new(node: &ClusterNode, hosts: &[HostLine]) -> Self {
        let name = node
            .name
            .clone()
            .unwrap_or_else(|| "(unnamed node)".to_owned());
        Self {
            avma_host: host_named(hosts, &name).map(|host| host.avma_host),
            state: node.state.map(|state| state.to_string()),
            build: node.build_number,
            name,
        }
    }
}
