//! What both forms of the report say of a cluster beside its findings.

use avma::assess::Host;
use avma::fleet::audit::{Audit, ClusterLine, VmLine};
use avma::fleet::cluster::{ClusterState, Collected, Losses, Lost, NodeId, RollingUpgrade, Step};

/// Whether a place is a node, and not what stands for those that were not collected.
pub fn is_node(judged: &Collected<'_>, node: NodeId) -> bool {
    let node = judged.nodes.get(node.place());
    node.is_some_and(|node| !node.stands_for_others())
}

/// The pairs of nodes that keep VMs, or may keep them, which neither of them alone takes along.
pub fn together<'l>(
    judged: &'l Collected<'_>,
    losses: &'l Losses,
) -> impl Iterator<Item = (NodeId, NodeId, Lost)> + 'l {
    let pairs = losses.pairs().filter(|(a, b, lost)| {
        let (a, b) = (losses.of_node(*a), losses.of_node(*b));
        let all = |lost: &Lost| lost.lost + lost.open;
        lost.lost > a.lost + b.lost || all(lost) > all(&a) + all(&b)
    });
    pairs.filter(|(a, b, _)| is_node(judged, *a) && is_node(judged, *b))
}

/// The rest of a rolling upgrade, where the cluster is within one.
pub fn rolling(judged: &Collected<'_>) -> Option<RollingUpgrade> {
    if judged.cluster.state() != ClusterState::Rolling {
        return None;
    }
    let nodes = (0..judged.nodes.len()).filter_map(NodeId::new);
    let releases = nodes.filter_map(|node| {
        let node = judged.cluster.node(node)?;
        let release = match node.host {
            Some(Host::WindowsServer(host)) => host.release,
            _ => node.release,
        };
        release.known_element()?.release()
    });
    let mut releases: Vec<_> = releases.collect();
    releases.sort_by_key(|release| release.build());
    let (from, to) = (*releases.first()?, *releases.last()?);
    judged.cluster.rolling_upgrade(from, to).ok()
}

/// A step with the node's name.
pub fn step_text(judged: &Collected<'_>, step: Step) -> String {
    let name = judged.name(step.node()).unwrap_or("(unnamed node)");
    match step {
        Step::Drain(_) => format!("drain {name}"),
        Step::Upgrade { to, .. } => format!("upgrade {name} to {to}"),
        Step::Activate(_) => format!("activate {name} with a key of its release"),
        Step::Resume(_) => format!("resume {name}"),
        other => other.to_string(),
    }
}

/// The line of a VM of a cluster.
pub fn vm_of<'v, 'a>(
    cluster: &ClusterLine<'_>,
    vm: usize,
    audit: &'v Audit<'a>,
) -> Option<&'v VmLine<'a>> {
    let row = cluster.judged.as_ref().ok()?.vms.get(vm)?.row?;
    let row = std::ptr::from_ref(audit.fleet.vms.get(row)?);
    // The lines are in the order of the rows, which stand one behind the other.
    let of = |line: &VmLine<'_>| std::ptr::from_ref(line.row);
    let line = audit.vms.binary_search_by_key(&row, of).ok()?;
    audit.vms.get(line)
}
