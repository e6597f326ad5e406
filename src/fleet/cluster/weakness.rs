//! Weak nodes and why, and the possible owners that endanger a VM.

use alloc::vec::Vec;

use super::{Cluster, NodeId, Nodes, Reach};
use crate::assess::{
    Assessment, Can, Effect, FactName, FactNames, Finding, Guest, Host, Observation, assess,
};
use crate::catalog::hosts::NAMED;
use crate::catalog::products::Product;
use crate::catalog::releases::Release;
use crate::license::HostLicense;
use crate::word::words;

words! {
    /// What is wrong with a node: in a cluster every node must be activated and fit every VM.
    pub enum Weakness ("weakness of a node") {
        /// It was not collected, so nothing is known of it.
        NotCollected = "node-unknown", "not collected as a host";
        /// Its Windows is not activated.
        NotActivated = "node-not-activated", "not activated";
        /// By what is known it activates no guest: not Datacenter, not Hyper-V, too old; or no text
        /// tells whether it does.
        NoAvmaHost = "node-no-avma-host", "no documented AVMA host";
        /// Whether it activates any guest depends on facts that are not known.
        Undetermined = "node-undetermined", "not known enough to tell whether it activates guests";
        /// It activates guests, but not surely every VM that may run on it: older than a guest, say.
        NotForEveryVm = "node-not-for-every-vm", "not surely an activating host of every VM that may run on it";
    }
}

/// A rule of the rulebook that fires, or may fire, because of what a node is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Reason {
    /// The rule, with its text, remedy and source.
    pub finding: Finding,
    /// How many VMs with something to lose may run on the node and are concerned; 0 where the rule
    /// concerns the node by itself and there is no such VM.
    pub vms: usize,
}

/// A node that does not surely activate every VM that may run on it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WeakNode {
    /// The node.
    pub node: NodeId,
    /// What is wrong with it.
    pub weakness: Weakness,
    /// Why, certain ones first; nothing for a node that was not collected.
    pub reasons: Vec<Reason>,
}

words! {
    /// Why a possible owner endangers a VM.
    pub enum Risk ("risk of a possible owner") {
        /// It would not be activated there.
        Loses = "possible-owner-loses-avma", "the VM would not be activated there";
        /// No text tells.
        NotDocumented = "possible-owner-undocumented", "no text tells whether the VM would be activated there";
        /// Not enough is known: the node was not collected, or not with all that is needed, or it is
        /// not known whether the VM may run there.
        Unknown = "possible-owner-unknown", "not known whether the VM would be activated there";
    }
}

/// The facts that are a host's. A rule that reads one of them is about the node.
const HOST_FACTS: [FactName; 13] = [
    FactName::HostFamily,
    FactName::HostRelease,
    FactName::HostEdition,
    FactName::HostEvaluation,
    FactName::HostLicense,
    FactName::HyperVRole,
    FactName::Nested,
    FactName::PayAsYouGo,
    FactName::AzureLocalLicense,
    FactName::SoftwareAssurance,
    FactName::Synced,
    FactName::AzureVerification,
    FactName::BiosMarker,
];

/// The findings that are the node's, where nothing of the guest alone forbids.
///
/// A certain one is the node's where its rule reads a fact of the host, an open one where such a fact
/// is not known: what is not known of a guest alone is not the node's.
fn of_the_node(assessment: &Assessment) -> impl Iterator<Item = Finding> {
    let host = FactNames::one_of(HOST_FACTS);
    let open = assessment
        .missing()
        .and_then(|missing| missing.intersect(host?));
    let reads = |finding: &Finding, facts: Option<FactNames>| {
        facts.is_some_and(|facts| finding.rule.reads().intersect(facts).is_some())
    };
    let of_guest = assessment.findings().any(|finding| {
        finding.certain && finding.rule.effect == Effect::Forbids && !reads(&finding, host)
    });
    assessment.findings().filter(move |finding| {
        let facts = if finding.certain { host } else { open };
        !of_guest && reads(finding, facts)
    })
}

/// Assesses the host with the easiest possible guest, so that only findings about the host remain;
/// among equals the guest that raises fewer findings, then the older one.
pub(in crate::fleet) fn best_plain_guest(host: &Host) -> Assessment {
    let rank = |answer: &Assessment| {
        let can = match answer.can() {
            Can::Eligible => 0,
            Can::Undetermined => 1,
            Can::NotDocumented => 2,
            Can::NotEligible => 3,
        };
        (can, answer.findings().count())
    };
    let of = |release: Release| {
        let guest = Guest::new(release, Product::Datacenter).ready();
        assess(host, &guest, &Observation::default())
    };
    let [first, rest @ ..] = NAMED;
    let mut best = of(first);
    for release in rest {
        // Nothing is better than a yes without a question.
        if rank(&best) == (0, 0) {
            break;
        }
        let other = of(release);
        if rank(&other) < rank(&best) {
            best = other;
        }
    }
    best
}

impl Cluster {
    /// Whether a node activates any guest at all, by itself; `None` for a place that has none.
    pub fn avma_host(&self, node: NodeId) -> Option<Can> {
        Some(best_plain_guest(&self.node(node)?.facts()).can())
    }

    /// Everything that `assess` says of a VM on a node: the rules, what is missing, what to find out
    /// next. `None` for a place that has no node, or no VM. Assessed anew, since only the answer is
    /// kept of each pair.
    pub fn assessment(&self, node: NodeId, vm: usize) -> Option<Assessment> {
        let (host, guest) = (self.node(node)?.facts(), self.vm(vm)?.guest);
        Some(assess(&host, &guest, &Observation::default()))
    }

    /// The nodes that do not surely activate every VM that may run on them, and why, by place.
    ///
    /// What is wrong with a guest alone (a Linux, an evaluation copy), or not known of it, weakens no
    /// node; [`reach`](Self::reach) shows it.
    pub fn weak_nodes(&self) -> Vec<WeakNode> {
        let weak = |node| {
            let (weakness, reasons) = self.weakness(node)?;
            Some(WeakNode {
                node,
                weakness,
                reasons,
            })
        };
        self.present.iter().filter_map(weak).collect()
    }

    fn weakness(&self, node: NodeId) -> Option<(Weakness, Vec<Reason>)> {
        let Some(host) = self.node(node)?.host else {
            return Some((Weakness::NotCollected, Vec::new()));
        };
        let own = best_plain_guest(&host);
        let mut reasons = Reasons::default();
        reasons.add(&own, 0);
        for (guest, vms) in self.unsure_guests(node) {
            reasons.add(&assess(&host, &guest, &Observation::default()), vms);
        }
        let not_activated =
            matches!(host, Host::WindowsServer(host) if host.license.is(HostLicense::NotActivated));
        let weakness = match own.can() {
            Can::Eligible if reasons.0.is_empty() => return None,
            Can::Eligible => Weakness::NotForEveryVm,
            Can::Undetermined => Weakness::Undetermined,
            _ if not_activated => Weakness::NotActivated,
            _ => Weakness::NoAvmaHost,
        };
        reasons.0.sort_by_key(|reason| !reason.finding.certain);
        Some((weakness, reasons.0))
    }

    /// The distinct guests that may run on a node and are not surely activated there, each with the
    /// number of VMs that have something to lose.
    fn unsure_guests(&self, node: NodeId) -> impl Iterator<Item = (Guest, usize)> {
        let mut counts = alloc::vec![0_usize; self.guests.len()];
        let is_sure = move |answers: &super::Answers| answers.eligible.contains(node);
        if !self.answers.iter().all(is_sure) {
            for vm in self.vms.iter().filter(|vm| vm.at_stake) {
                let (sure, open) = vm.owners();
                if let Some(count) = counts.get_mut(vm.class) {
                    *count += usize::from(sure.union(open).contains(node));
                }
            }
        }
        let guests = self.guests.iter().copied().zip(counts);
        let guests = guests.zip(self.answers.iter());
        guests.filter_map(move |((guest, count), answers)| {
            (count > 0 && !is_sure(answers)).then_some((guest, count))
        })
    }

    /// The possible owners, but for the node where it is, on which a VM does not surely stay
    /// activated. Nothing for a VM that has nothing to lose: not [at stake](super::Vm::at_stake), or
    /// surely not activated where it is.
    pub fn risks(&self, vm: usize) -> impl Iterator<Item = (NodeId, Risk)> {
        let placed = self.vms.get(vm).filter(|placed| placed.at_stake);
        let reach = placed.map_or(Reach::default(), |placed| self.reach_of(placed));
        let current = placed.and_then(|placed| placed.current);
        let lost = current.is_some_and(|node| self.answer(vm, node) == Some(Can::NotEligible));
        let others = reach
            .owners()
            .without(current.map_or(Nodes::NONE, Nodes::from));
        let others = if lost { Nodes::NONE } else { others };
        others.iter().filter_map(move |node| {
            let risk = match reach.on(node)? {
                Can::Eligible => return None,
                Can::NotEligible => Risk::Loses,
                Can::NotDocumented => Risk::NotDocumented,
                Can::Undetermined => Risk::Unknown,
            };
            Some((node, risk))
        })
    }

    /// The answer for a VM on a node, whether it is a possible owner or not. `None` for a place that
    /// has no node, or no VM.
    pub fn answer(&self, vm: usize, node: NodeId) -> Option<Can> {
        let row = self.rows.get(self.member(node)?.row)?;
        row.can.get(self.vms.get(vm)?.class).copied()
    }
}

/// Reasons, each rule once.
#[derive(Default)]
struct Reasons(Vec<Reason>);

impl Reasons {
    fn add(&mut self, assessment: &Assessment, vms: usize) {
        for finding in of_the_node(assessment) {
            let same = self.0.iter_mut().find(|reason| {
                let old = &reason.finding;
                old.rule.id == finding.rule.id
                    && old.certain == finding.certain
                    && old.source == finding.source
            });
            match same {
                Some(same) => same.vms += vms,
                None => self.0.push(Reason { finding, vms }),
            }
        }
    }
}
