//! Claims that cannot be true, are out of date, or are of another VM: what only a guest says,
//! against the host that it names, against its own export, and against other sightings of its id.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::host::{HostLine, HostNames};
use super::rules::{self, AuditRule, Reason};
use super::vm::VmLine;
use crate::assess::{
    Assessment, Effect, FactName, Guest, Host, InstalledKey, MendedBy, Observation, Seen, assess,
};
use crate::catalog::keys::{KeyChannel, identify_last_five};
use crate::ids::{HostName, VmId};
use crate::license::LicenseChannel;
use crate::observe::activation::IMPLAUSIBLE_MINUTES;
use crate::observe::code::VmState;
use crate::observe::inventory::{Fleet, HostRecord, VmRecord, VmRow};
use crate::observe::report::{Report, ReportedState, find, stale};
use crate::observe::watch::KeyMove;
use crate::product_key::LastFive;
use crate::time::{Delay, Timestamp};

/// How far apart two hosts may have been collected to count as collected at one time. No text gives
/// how long a VM takes to move; a minute is this crate's own.
pub const AT_ONE_TIME: Delay = Delay::MINUTE;

/// What a row is compared with.
pub(super) struct Others<'f, 'h, 'a> {
    pub(super) fleet: &'f Fleet,
    pub(super) hosts: &'h [HostLine<'a>],
    pub(super) names: &'h HostNames,
}

impl<'a> Others<'_, '_, 'a> {
    /// The flags of a VM, in the order of the rules.
    pub(super) fn flags(&self, line: &VmLine<'_>) -> Vec<Reason> {
        let mut flags = Vec::new();
        let seen = line.seen() == Seen::Avma;
        if seen {
            if let Some(name) = line.row.activation().host {
                let text = |host: &str| {
                    format!("the guest says that {host} activated it, which the rules forbid there")
                };
                let reason = self.forbidden_host(line, &name).map(text);
                flags.extend(reason.map(|text| Reason::says(&rules::CLAIM_FORBIDDEN_HOST, text)));
            }
            let of_no_table = ["host-edition-undocumented", "host-azure-edition"];
            let mut certain = line.assessment.findings().filter(|finding| finding.certain);
            if certain.any(|finding| of_no_table.contains(&finding.rule.id)) {
                flags.push(Reason::from(&rules::CLAIM_UNDOCUMENTED_HOST));
            }
        }
        flags.extend(self.id_twice(line.row));
        self.report(line, &mut flags);
        flags
    }

    /// The host of this name, where its kind activates no such guest, whatever an administrator does.
    fn forbidden_host(&self, line: &VmLine<'_>, name: &str) -> Option<&'a str> {
        let mut found = self.names.may_be(name, self.hosts, |line| line.record);
        let (place, host) = found.next()?;
        if found.next().is_some() || line.row.host == Some(place) {
            return None;
        }
        let guest = Guest::new(line.guest.release, line.guest.product).ready();
        let answer = assess(&host.host, &guest, &Observation::default());
        host.name().filter(|_| forbids_ever(&answer))
    }

    /// The VM's id on two hosts, running on both, and no move explains it.
    fn id_twice(&self, row: &VmRow) -> Option<Reason> {
        let here = row.vm.as_ref().filter(|vm| runs(vm))?;
        let id = here.machine.id?;
        let host = self.fleet.hosts.get(row.host?)?;
        let others = row.elsewhere.iter().filter(|seen| runs(&seen.vm));
        let mut others = others.filter_map(|seen| {
            let other = self
                .fleet
                .hosts
                .get(seen.host.filter(|_| seen.host != row.host)?)?;
            // Within a cluster a VM moves at any time.
            (!one_cluster(host, other)).then_some(other)
        });
        others.find_map(|other| {
            let (at, then) = (host.collected.at()?, other.collected.at()?);
            let apart = at.0.abs_diff(then.0);
            let before = || self.ran_on(host, id, then);
            if apart > AT_ONE_TIME.as_millis() && before().is_none() {
                return None;
            }
            let (a, b) = (name(host), name(other));
            let text = match before().filter(|_| apart > AT_ONE_TIME.as_millis()) {
                Some(before) => format!(
                    "the VM's id ran on {a} at {before}, on {b} at {then}, and on {a} again at {at}: it is a copy, or it went and came back"
                ),
                None => format!(
                    "the VM's id ran on {a} at {at} and on {b} at {then}: one of them is a copy, or it moved between"
                ),
            };
            Some(Reason::says(&rules::VM_ID_TWICE, text))
        })
    }

    /// When an earlier collection of the host, before this time, shows the id running.
    fn ran_on(&self, host: &HostRecord, id: VmId, then: Timestamp) -> Option<Timestamp> {
        let earlier = self.fleet.earlier_hosts.iter().filter(|earlier| {
            let names = (earlier.name(), host.name());
            matches!(names, (Some(a), Some(b)) if HostName(a).may_be(HostName(b)))
        });
        let shows = |earlier: &&HostRecord| {
            let mut vms = earlier.vms.iter().flatten();
            vms.any(|vm| vm.machine.id == Some(id) && runs(vm))
        };
        let mut times = earlier
            .filter(shows)
            .filter_map(|earlier| earlier.collected.at());
        times.find(|at| *at < then)
    }

    /// What the guest's own report, a key-value item of this crate's, claims.
    fn report(&self, line: &VmLine<'_>, flags: &mut Vec<Reason>) {
        let kvp = line.row.vm.as_ref().and_then(|vm| vm.kvp.as_ref());
        let items = kvp.map(|kvp| kvp.claims.as_slice()).unwrap_or_default();
        let report = match find(items) {
            Ok(Some(report)) => report,
            Ok(None) => return,
            Err(error) => {
                let text = format!("the guest's report (a key-value item) is not valid: {error}");
                return flags.push(Reason::says(&rules::REPORT_UNREADABLE, text));
            }
        };
        let mut flag = |rule: &'static AuditRule, text: String| {
            flags.push(Reason::says(rule, text));
        };
        if line.id() != Some(report.vm) {
            flag(
                &rules::REPORT_OF_ANOTHER_VM,
                format!(
                    "the guest's report (a key-value item) is of VM {}",
                    report.vm
                ),
            );
        } else if let Some(why) = self.impossible(line, &report) {
            flag(
                &rules::REPORT_IMPOSSIBLE,
                format!(
                    "the guest's report (a key-value item) says that it is {}, {why}",
                    report.state
                ),
            );
        }
        if let Some(key) = replaced(line.row, &report) {
            let found = stale(KeyMove::FromAvma, items);
            let others = match found.for_a_person.len() {
                0 => String::new(),
                several => format!(
                    "; then look through its other {several}: {}",
                    found.for_a_person.join(", ")
                ),
            };
            let text = format!(
                "the guest's report (a key-value item) is of an AVMA key, and installed is a key of another channel, {key}"
            );
            let remedy = format!("delete the item {}{others}", found.remove.join(", "));
            flags.push(Reason::says(&rules::REPORT_STALE, text).remedied(remedy));
        }
        let text = format!("the guest's report (a key-value item, not secured): {report}");
        flags.push(Reason::says(&rules::GUEST_REPORT, text));
    }

    /// Why the activation that a report claims cannot be.
    fn impossible(&self, line: &VmLine<'_>, report: &Report) -> Option<String> {
        if report.state != ReportedState::Activated {
            return None;
        }
        let minutes = report.minutes_left;
        if let Some(left) = minutes.filter(|left| *left == 0 || *left > IMPLAUSIBLE_MINUTES) {
            return Some(format!("with {left} minutes left"));
        }
        let named = report.host.as_deref();
        if let Some(host) = named.and_then(|host| self.forbidden_host(line, host)) {
            return Some(format!("by {host}, which the rules forbid there"));
        }
        let here = line
            .row
            .host
            .and_then(|place| self.hosts.get(place)?.name());
        let is_here = |name| here.is_some_and(|here| HostName(here).may_be(HostName(name)));
        if named.is_none_or(is_here) {
            let forbids = forbids_ever(&line.assessment);
            return forbids.then(|| "which the rules forbid here".into());
        }
        // On another host, of which nothing is known that forbids it.
        let anywhere = assess(&Host::Unknown, &line.guest, &Observation::default());
        forbids_ever(&anywhere).then(|| "which the rules forbid on every host".into())
    }
}

/// Whether a certain rule forbids it now and did before: not one that an administrator's switch sets,
/// such as a host that is not activated any more.
fn forbids_ever(assessment: &Assessment) -> bool {
    assessment.findings().any(|finding| {
        let switch = finding.rule.mended_by == MendedBy::HostAdministrator
            || finding.rule.reads().contains(FactName::GuestService);
        finding.certain && finding.rule.effect == Effect::Forbids && !switch
    })
}

fn runs(vm: &VmRecord) -> bool {
    vm.machine.state == Some(VmState::RUNNING) && !vm.is_replica()
}

fn name(host: &HostRecord) -> &str {
    host.name().unwrap_or("a host without a name")
}

fn one_cluster(a: &HostRecord, b: &HostRecord) -> bool {
    let name = |host: &HostRecord| {
        host.cluster
            .as_ref()
            .and_then(|cluster| cluster.name.clone())
    };
    matches!((name(a), name(b)), (Some(a), Some(b)) if HostName(&a) == HostName(&b))
}

/// The key that took the place of a report's AVMA key, by an export that is not older.
fn replaced(row: &VmRow, report: &Report) -> Option<LastFive> {
    let guest = row.guest.as_ref()?;
    if guest.collected.at().is_some_and(|at| at < report.at) {
        return None;
    }
    let channel = |key: LastFive| match identify_last_five(key)?.channel {
        KeyChannel::Avma => Some(LicenseChannel::Avma),
        KeyChannel::Gvlk => Some(LicenseChannel::KmsClient),
    };
    let activation = guest.activation();
    let InstalledKey::LastFive(installed) = activation.observation.key else {
        return None;
    };
    let now = channel(installed).or(activation.observation.channel);
    (KeyMove::of(channel(report.key?), now) == KeyMove::FromAvma).then_some(installed)
}
