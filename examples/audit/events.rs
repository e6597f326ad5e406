//! What the events 12309 and 12310 add: findings that inform, and how many there are.

use avma::HResult;
use avma::observe::event::{Event, Side};
use avma::observe::inventory::{Fleet, VmRow};
use avma::observe::value::When;

use crate::judge::{Reason, THIS_INVENTORY};

/// The events of the whole fleet, each counted once.
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
    pub fn of(fleet: &Fleet) -> Self {
        let of = |side| {
            let events = fleet.events.iter();
            let all = events.filter(|record| record.event.side() == Some(side));
            let all = all.count();
            (all, all - fleet.events_without_vm(side).count())
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
pub fn reasons(row: &VmRow, fleet: &Fleet) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if let Some(record) = fleet.host_events(row).next() {
        let event = &record.event;
        let collected = match record.host {
            Some(_) => "",
            None => ", which was not collected as a host,",
        };
        reasons.push(Reason::own(
            "host-record",
            format!(
                "event 12310 of {}{collected} of {} names the VM and holds {}",
                event.computer.as_deref().unwrap_or("a host without a name"),
                time(event),
                codes(event.hresults()),
            ),
            "nothing to do: what the record says of the VM is not public",
            THIS_INVENTORY,
        ));
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
        reasons.push(Reason::own(
            "guest-event",
            format!(
                "its event 12309 of {} holds {}{later}",
                time(failed),
                codes(failures)
            ),
            "compare with the guest's own export: what the event says is not public",
            THIS_INVENTORY,
        ));
    }
    reasons
}

fn time(event: &Event) -> String {
    match &event.time {
        When::At(time) => time.to_string(),
        When::Undecided(text) => text.clone(),
        When::Unknown | When::Never => "an unknown time".to_owned(),
    }
}

/// More codes than a line can show; what holds so many is no record of an activation.
const MOST_CODES: usize = 8;

/// Each code once, in the order in which they stand, with its meaning.
fn codes(all: impl Iterator<Item = HResult>) -> String {
    let mut codes: Vec<HResult> = Vec::new();
    let mut more = false;
    for code in all {
        if codes.contains(&code) {
            continue;
        }
        if codes.len() == MOST_CODES {
            more = true;
            break;
        }
        codes.push(code);
    }
    let codes: Vec<String> = codes
        .iter()
        .map(|code| {
            let meaning = code.meaning().unwrap_or("a code that is in no table");
            format!("{code}: {meaning}")
        })
        .collect();
    if codes.is_empty() {
        return "no HRESULT".to_owned();
    }
    let more = if more { "; and more codes" } else { "" };
    codes.join("; ") + more
}
