//! A host, judged by itself.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::case::conflicts;
use super::rules::{Finding, Reason};
use crate::assess::{Assessment, Can, Host};
use crate::fleet::cluster::best_plain_guest;
use crate::identity::Identity;
use crate::ids::{HostName, lower_case};
use crate::license::HostLicense;
use crate::observe::inventory::HostRecord;

/// A host as the report shows it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HostLine<'a> {
    /// What was collected of it.
    pub record: &'a HostRecord,
    /// The host as the rulebook reads it.
    pub host: Host,
    /// What it is, with the conflicts of its clues.
    pub identity: Identity,
    /// Whether it can activate any guest at all.
    pub avma_host: Can,
    /// Whether its licence is in order; `None` where that is not known, and for families of hosts that
    /// are licensed by other means.
    pub licensed: Option<bool>,
    /// How many VMs it has.
    pub vms: usize,
    assessment: Assessment,
    reasons: Vec<Reason>,
}

impl<'a> HostLine<'a> {
    /// Judges a host by guests that raise no question of their own.
    pub(super) fn new(record: &'a HostRecord, host: Host) -> Self {
        let identity = record.identity();
        let assessment = best_plain_guest(&host);
        let mut reasons = Vec::new();
        conflicts(
            &identity,
            record.license_contradicts_identity(),
            &mut reasons,
        );
        Self {
            record,
            host,
            identity,
            avma_host: assessment.can(),
            licensed: match (record.facts(), record.license().known_element()) {
                (Host::WindowsServer(_), Some(HostLicense::Licensed)) => Some(true),
                (Host::WindowsServer(_), Some(HostLicense::NotActivated)) => Some(false),
                _ => None,
            },
            vms: 0,
            assessment,
            reasons,
        }
    }

    /// The host's name.
    pub fn name(&self) -> Option<&'a str> {
        self.record.name()
    }

    /// What stands in the way of activating any guest, and what is odd about it: the rulebook's
    /// findings, then the audit's own.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        let of_rulebook = self.assessment.findings().map(Finding::from);
        of_rulebook.chain(self.reasons.iter().map(Finding::from))
    }
}

/// Hosts by the first label of their names, which two names of one computer have in common.
pub(super) struct HostNames(BTreeMap<String, Vec<usize>>);

fn label(name: &str) -> String {
    lower_case(HostName(name).first_label().as_str()).collect()
}

impl HostNames {
    pub(super) fn of<'h>(hosts: impl Iterator<Item = &'h HostRecord>) -> Self {
        let mut by_label = BTreeMap::<String, Vec<usize>>::new();
        for (place, host) in hosts.enumerate() {
            if let Some(name) = host.name() {
                by_label.entry(label(name)).or_default().push(place);
            }
        }
        Self(by_label)
    }

    /// The hosts of which this may be the name, in their order.
    pub(super) fn may_be<'n, 'h, T>(
        &'n self,
        name: &'n str,
        hosts: &'h [T],
        record: impl Fn(&T) -> &HostRecord + 'n,
    ) -> impl Iterator<Item = (usize, &'h T)> {
        let places = self.0.get(&label(name)).into_iter().flatten();
        let hosts = places.filter_map(move |place| Some((*place, hosts.get(*place)?)));
        hosts.filter(move |(_, host)| {
            let known = record(host).name();
            known.is_some_and(|known| HostName(known).may_be(HostName(name)))
        })
    }
}
