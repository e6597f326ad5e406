//! From joined rows to verdicts: what the rulebook says of each VM on its host, what was seen and how
//! far that is to be trusted, and what to do next.
//!
//! The [`Fleet`] says which export belongs to which VM; the audit judges each row by itself
//! ([`Case`]), then looks at its possible owners in a cluster. What it says beside the rulebook is in
//! one table of its own ([`RULES`]), with flags for claims that cannot be true.
//!
//! Trust grades what was *seen* of an activation. What only a guest says is never more than
//! [`Trust::Guest`](crate::assess::Trust::Guest), and a claim alone where the rules forbid it or where
//! it is a key-value item; a host's record has to name the VM for
//! [`Trust::Host`](crate::assess::Trust::Host).
//!
//! ```
//! # #[cfg(feature = "serde")] {
//! use avma::fleet::audit::{Audit, Verdict};
//! use avma::observe::inventory::Inventory;
//!
//! let host = serde_json::from_str(r#"{
//!     "OperatingSystem": { "CSName": "HV01", "BuildNumber": 17763, "OperatingSystemSKU": 8 },
//!     "VM": { "Name": "db22", "VMId": "a1a1a1a1-0000-4000-8000-000000000001", "State": 2 }
//! }"#)?;
//! let guest = serde_json::from_str(r#"{
//!     "OperatingSystem": { "CSName": "DB22", "BuildNumber": 20348, "OperatingSystemSKU": 7 }
//! }"#)?;
//! let mut inventory = Inventory::new();
//! inventory.add(&host);
//! inventory.add(&guest);
//! let fleet = inventory.join();
//! let audit = Audit::new(&fleet);
//!
//! let vm = &audit.vms[0];
//! assert_eq!(vm.verdict, Verdict::NotEligible);
//! let leading = vm.findings().next().unwrap();
//! assert_eq!(leading.rule, "guest-newer-than-host");
//! assert_eq!(vm.next.to_string(), leading.remedy);
//! assert_eq!(audit.totals().of(Verdict::NotEligible), 1);
//! # }
//! # Ok::<(), serde_json::Error>(())
//! ```

use alloc::vec::Vec;

use crate::assess::Host;
use crate::ids::HostName;
use crate::observe::inventory::{Fleet, HostRecord, VmRow};
use flags::Others;
use host::HostNames;
use trust::Listed;

mod case;
mod cluster;
mod events;
mod flags;
mod host;
mod next;
mod rules;
mod setting;
mod trust;
mod verdict;
mod vm;

pub use case::Case;
pub use cluster::{ClusterLine, Risk};
pub use events::EventCounts;
pub use flags::AT_ONE_TIME;
pub use host::HostLine;
pub use next::Next;
pub use rules::{AuditRule, Finding, RULES, Reason, THIS_INVENTORY, rule};
pub use setting::{HostFact, OtherFamily, Setting, SettingError};
pub use verdict::{Totals, Verdict};
pub use vm::VmLine;

/// Everything that is to be said of a fleet.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Audit<'a> {
    /// What it is about.
    pub fleet: &'a Fleet,
    /// One line a host, in the order of [`Fleet::hosts`].
    pub hosts: Vec<HostLine<'a>>,
    /// One line a cluster, in the order of [`Fleet::clusters`].
    pub clusters: Vec<ClusterLine<'a>>,
    /// One line a VM, in the order of [`Fleet::vms`]. A host that was exported as guests are, too, is
    /// no VM.
    pub vms: Vec<VmLine<'a>>,
}

impl<'a> Audit<'a> {
    /// Judges a fleet by what was collected.
    pub fn new(fleet: &'a Fleet) -> Self {
        let hosts = fleet.hosts.iter().map(HostRecord::facts);
        Self::with_hosts(fleet, hosts)
    }

    /// Judges a fleet by hosts of which more is known than what was collected: one for each of
    /// [`Fleet::hosts`], in their order. See [`Setting`].
    pub fn with_hosts(fleet: &'a Fleet, hosts: impl IntoIterator<Item = Host>) -> Self {
        let records = fleet.hosts.iter();
        let mut lines: Vec<HostLine<'a>> = records
            .zip(hosts)
            .map(|(record, host)| HostLine::new(record, host))
            .collect();
        let names = HostNames::of(lines.iter().map(|line| line.record));
        let clusters = fleet.clusters.iter().enumerate();
        let mut clusters: Vec<ClusterLine<'a>> = clusters
            .map(|(place, record)| ClusterLine::new(fleet, place, record, &lines))
            .collect();
        let mut vms = Vec::with_capacity(fleet.vms.len());
        let mut counts = alloc::vec![0; fleet.hosts.len()];
        let listed = Listed::of(fleet);
        let others = Others {
            fleet,
            hosts: &lines,
            names: &names,
        };
        for (place, row) in fleet.vms.iter().enumerate() {
            if is_a_host(row, fleet, &names) {
                continue;
            }
            let host = row.host.and_then(|place| lines.get(place));
            let mut line = VmLine::new(row, fleet, host);
            line.trust = listed.trust(place, &line.assessment, fleet, &lines);
            line.flag(others.flags(&line));
            let cluster = row
                .group
                .and_then(|(cluster, vm)| Some((clusters.get_mut(cluster)?, vm)));
            let at_risk = match &cluster {
                Some((cluster, vm)) => cluster.owners_at_risk(place, *vm),
                None => cluster::not_collected(row).into_iter().collect(),
            };
            let reasons = at_risk.iter().map(|(_, reason)| reason.clone());
            line.reasons.extend(reasons);
            if let Some((cluster, _)) = cluster {
                let risk = |(node, reason)| Risk {
                    vm: Some(vms.len()),
                    node,
                    reason,
                };
                cluster.risks.extend(at_risk.into_iter().map(risk));
            }
            if let Some(count) = row.host.and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
            vms.push(line);
        }
        for (line, count) in lines.iter_mut().zip(counts) {
            line.vms = count;
        }
        Self {
            fleet,
            hosts: lines,
            clusters,
            vms,
        }
    }

    /// The host of a VM, where it was collected.
    pub fn host_of(&self, vm: &VmLine<'_>) -> Option<&HostLine<'a>> {
        self.hosts.get(vm.row.host?)
    }

    /// How many VMs have each verdict.
    pub fn totals(&self) -> Totals {
        self.vms.iter().map(|vm| vm.verdict).collect()
    }
}

/// A host that was exported as guests are, too: no VM of its own.
fn is_a_host(row: &VmRow, fleet: &Fleet, hosts: &HostNames) -> bool {
    let (None, Some(guest)) = (&row.vm, &row.guest) else {
        return false;
    };
    let (Some(name), None) = (guest.name(), guest.vm_id()) else {
        return false;
    };
    let mut named = hosts.may_be(name, &fleet.hosts, |host| host);
    named.any(|(_, host)| {
        let domains = (host.domain(), guest.domain());
        let elsewhere = matches!(domains, (Some(a), Some(b)) if HostName(a) != HostName(b));
        // Another system under the same name is another machine.
        let (host, guest) = (host.identity(), guest.identity());
        !elsewhere
            && host.products().intersect(guest.products()).is_some()
            && host.releases().intersect(guest.releases()).is_some()
    })
}
