//! What the events 12309 and 12310 add: reasons that inform, and how many events there are.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::rules::{self, Reason};
use crate::catalog::codes::UNLISTED;
use crate::hresult::HResult;
use crate::observe::event::{Event, Side};
use crate::observe::inventory::{Fleet, VmRow};
use crate::observe::value::When;

/// The events of the whole fleet, each counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventCounts {
    /// 12310.
    pub of_hosts: usize,
    /// Those of them that name a VM that was collected.
    pub naming_a_vm: usize,
    /// 12309.
    pub of_guests: usize,
    /// Those of them whose computer is one guest that was collected.
    pub joined_to_a_guest: usize,
    /// Of any other kind.
    pub others: usize,
}

impl EventCounts {
    /// Those of a fleet.
    pub fn of(fleet: &Fleet) -> Self {
        let of = |side| {
            let events = fleet.events.iter();
            let all = events.filter(|record| record.event.side() == Some(side));
            let all = all.count();
            (
                all,
                all.saturating_sub(fleet.events_without_vm(side).count()),
            )
        };
        let (of_hosts, naming_a_vm) = of(Side::Host);
        let (of_guests, joined_to_a_guest) = of(Side::Guest);
        Self {
            of_hosts,
            naming_a_vm,
            of_guests,
            joined_to_a_guest,
            others: fleet.other_events,
        }
    }
}

/// The latest record of a host on the VM, and the latest failure that its guest logged.
pub(super) fn reasons(row: &VmRow, fleet: &Fleet, reasons: &mut Vec<Reason>) {
    if let Some(record) = fleet.host_events(row).next() {
        let event = &record.event;
        let collected = match record.host {
            Some(_) => "",
            None => ", which was not collected as a host,",
        };
        let text = format!(
            "event 12310 of {}{collected} of {} names the VM and holds {}",
            event.computer.as_deref().unwrap_or("a host without a name"),
            time(event),
            codes(event.hresults()),
        );
        reasons.push(Reason::says(&rules::HOST_RECORD, text));
    }
    let mut events = fleet.guest_events(row).map(|record| &record.event);
    let latest = events.next();
    let failed = latest
        .into_iter()
        .chain(events)
        .find(|event| event.holds_failure());
    if let Some(failed) = failed {
        let failures = failed.hresults().filter(|code| !code.is_success());
        let later = match latest {
            Some(latest) if !latest.holds_failure() => {
                format!("; its latest one, of {}, holds no failure", time(latest))
            }
            _ => String::new(),
        };
        let text = format!(
            "its event 12309 of {} holds {}{later}",
            time(failed),
            codes(failures)
        );
        reasons.push(Reason::says(&rules::GUEST_EVENT, text));
    }
}

fn time(event: &Event) -> Cow<'_, str> {
    match &event.time {
        When::At(time) => time.to_string().into(),
        When::Undecided(text) => text.as_str().into(),
        When::Unknown | When::Never => "an unknown time".into(),
    }
}

/// More codes than a line can show; what holds so many is no record of an activation.
const MOST_CODES: usize = 8;

/// Each code once, in the order in which they stand, with its meaning.
fn codes(all: impl Iterator<Item = HResult>) -> String {
    let mut codes: Vec<HResult> = Vec::new();
    let mut more = "";
    for code in all {
        if codes.contains(&code) {
            continue;
        }
        if codes.len() == MOST_CODES {
            more = "; and more codes";
            break;
        }
        codes.push(code);
    }
    if codes.is_empty() {
        return "no HRESULT".into();
    }
    let codes: Vec<String> = codes
        .iter()
        .map(|code| {
            let meaning = code.meaning().unwrap_or(UNLISTED);
            format!("{code}: {meaning}")
        })
        .collect();
    codes.join("; ") + more
}
