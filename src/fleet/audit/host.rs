//! A host, judged by itself.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::case::conflicts;
use super::rules::{self, Finding, Reason};
use crate::assess::{Assessment, Can, Host};
use crate::fleet::cluster::best_plain_guest;
use crate::identity::Identity;
use crate::ids::{HostName, lower_case};
use crate::license::HostLicense;
use crate::observe::facts::Virtual;
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
        reasons.extend(own_key(record, &host, &identity));
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

    /// What to do about the key in the host, where that is an AVMA key.
    pub fn own_key_remedy(&self) -> Option<&str> {
        let keys = [&rules::HOST_AVMA_KEY, &rules::HOST_AVMA_GUEST];
        let mut reasons = self.reasons.iter();
        let reason = reasons.find(|reason| keys.iter().any(|key| key.id == reason.rule.id))?;
        Some(&reason.remedy)
    }

    /// What stands in the way of activating any guest, and what is odd about it: the rulebook's
    /// findings, then the audit's own.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        let of_rulebook = self.assessment.findings().map(Finding::from);
        of_rulebook.chain(self.reasons.iter().map(Finding::from))
    }
}

/// An AVMA key in the host's own Windows. It belongs there only where the host is a guest of AVMA.
fn own_key(record: &HostRecord, host: &Host, identity: &Identity) -> Option<Reason> {
    let Host::WindowsServer(facts) = host else {
        return None;
    };
    let key = record.avma_key()?;
    let firmware = record.firmware();
    if record.is_activated_by_avma() {
        let reason = Reason::from(&rules::HOST_AVMA_GUEST);
        return Some(match firmware {
            Err(()) | Ok(Some(Virtual::HyperV)) => reason,
            Ok(_) => Reason {
                text: format!("{}, though its maker and model say otherwise", reason.text).into(),
                ..reason
            },
        });
    }
    // AVMA is not for machines of Azure and of other hypervisors.
    let elsewhere = matches!(firmware, Ok(Some(Virtual::Azure | Virtual::Other)));
    if facts.nested.as_bool() == Some(true) && !elsewhere {
        let text = "an AVMA key is installed in the host, which is itself a virtual machine: \
                    its own host has to activate it";
        let reason = Reason::says(&rules::HOST_AVMA_GUEST, text.into());
        return Some(reason.remedied(
            "activate the host on which this one runs, then start this one again; or install this \
             one's own key",
        ));
    }
    let reason = Reason::from(&rules::HOST_AVMA_KEY);
    if !key.by_channel && facts.license.is(HostLicense::Licensed) {
        return Some(reason.remedied(
            "run slmgr /dlv on the host: with the channel VIRTUAL_MACHINE_ACTIVATION it is itself a \
             guest of AVMA; else install the host's own key",
        ));
    }
    let installed = key.published.map_or(String::new(), |key| {
        format!(" in place of the one that ends in {}", key.key.last_five())
    });
    let by_kms = identity.gvlk().row().map_or(String::new(), |row| {
        format!(" (with KMS it is {})", row.key)
    });
    Some(reason.remedied(format!(
        "install the host's own key{installed}: slmgr /ipk{by_kms}; then activate the host: slmgr /ato"
    )))
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
