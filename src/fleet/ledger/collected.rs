//! The sightings of an inventory.
//!
//! In two steps, because joining takes the inventory apart: [`sightings`] reads what each host shows,
//! every collection at its own time; [`joined`] reads what is known of whom only after the join: events
//! and guests' exports. A ledger needs both.
//!
//! ```
//! # #[cfg(feature = "serde")] {
//! use avma::fleet::ledger::{Ledger, Sign, collected};
//! use avma::observe::inventory::Inventory;
//!
//! let mut inventory = Inventory::new();
//! inventory.add(&serde_json::from_str(
//!     r#"{"Collected":"2025-11-24T02:14:05+01:00","OperatingSystem":{"CSName":"HV01"},
//!         "VM":[{"VMId":"a1a1a1a1-0000-4000-8000-000000000001","State":2}]}"#,
//! )?);
//! let mut ledger = Ledger::new();
//! let host_side = collected::sightings(&inventory);
//! ledger.update(host_side.sightings())?;
//! let fleet = inventory.join();
//! ledger.update(collected::joined(&fleet).sightings())?;
//! let entry = ledger.entries().next().unwrap();
//! assert_eq!(entry.sign, Sign::Running);
//! assert_eq!(entry.first.to_string(), "2025-11-24T01:14:05Z");
//! # }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::cell::InMonth;
use super::sign::Sign;
use super::{Sighting, names};
use crate::assess::{Seen, Trust, assess};
use crate::catalog::products::{Product, Products};
use crate::identity::Identity;
use crate::ids::{HostName, VmId};
use crate::observe::code::VmState;
use crate::observe::event::{Event, Side};
use crate::observe::inventory::{
    EventRecord, Fleet, GuestRecord, HostRecord, Inventory, VmRecord, VmRow,
};
use crate::observe::report::{self, ReportedState};
use crate::observe::value::When;
use crate::time::Timestamp;
use crate::word::words;

words! {
    /// Why something that was collected gives no sighting.
    pub enum Reason ("reason why nothing was sighted") {
        /// It has no time, or one in a local format.
        NoTime = "no-time", "the time is not known";
        /// Its time is Windows' "never", or beyond the years 1970 to 9999.
        BadTime = "bad-time", "the time is never or beyond the years 1970 to 9999";
        /// It does not name its host, or by no name that can be kept.
        NoHost = "no-host", "the host is not named";
        /// The VM has no id, or it is not known whose guest it is.
        NoVm = "no-vm", "the VM is not known";
        /// The report among the key-value items cannot be read, or is of another VM.
        BadReport = "bad-report", "the report among the key-value items is damaged or of another VM";
    }
}

/// Something that was collected and gives no sighting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// The number of the document; `None` for key-value items without a host around them, which
    /// keep none.
    pub document: Option<usize>,
    /// Where in the document; empty for the document itself.
    pub place: String,
    /// Why.
    pub reason: Reason,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        self.reason.fmt(f)
    }
}

/// What an inventory gives to a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Collected<'a> {
    all: Vec<Sighting<'a>>,
    /// What gives no sighting, each thing once, so that nothing is lost unseen.
    pub left_out: Vec<LeftOut>,
}

impl<'a> Collected<'a> {
    /// The sightings. A ledger takes every one of them.
    pub fn sightings(&self) -> impl Iterator<Item = Sighting<'a>> {
        self.all.iter().copied()
    }

    fn leave_out(&mut self, document: impl Into<Option<usize>>, place: &str, reason: Reason) {
        self.left_out.push(LeftOut {
            document: document.into(),
            place: place.into(),
            reason,
        });
    }

    fn see(&mut self, at: Timestamp, vm: Option<VmId>, host: Option<HostName<'a>>, sign: Sign) {
        self.all.push(Sighting { at, vm, host, sign });
    }
}

/// A time that a ledger takes.
fn dated(when: &When) -> Result<Timestamp, Reason> {
    match when {
        When::At(at) => match InMonth::of(*at) {
            Ok(_) => Ok(*at),
            Err(_) => Err(Reason::BadTime),
        },
        When::Never => Err(Reason::BadTime),
        When::Unknown | When::Undecided(_) => Err(Reason::NoTime),
    }
}

/// A host's name that a ledger takes.
fn named(name: Option<&str>) -> Result<HostName<'_>, Reason> {
    let name = name.ok_or(Reason::NoHost)?;
    match names::folded(name) {
        Ok(_) => Ok(HostName(name)),
        Err(_) => Err(Reason::NoHost),
    }
}

/// The products that are Windows Server.
fn is_windows_server(products: Products) -> Option<bool> {
    let mut products = products.iter().map(Product::is_windows_server);
    let first = products.next()??;
    products
        .all(|product| product == Some(first))
        .then_some(first)
}

fn system_sign(identity: &Identity, [server, other, unknown]: [Sign; 3]) -> Sign {
    match is_windows_server(identity.products()) {
        Some(true) => server,
        Some(false) => other,
        None => unknown,
    }
}

/// What a host's list says of the state. A paused VM holds its memory, so it was started; of a number
/// that no text names nothing is known.
fn state_sign(state: Option<VmState>) -> Sign {
    match state {
        Some(
            VmState::RUNNING
            | VmState::STARTING
            | VmState::STOPPING
            | VmState::RESET
            | VmState::PAUSED
            | VmState::PAUSING
            | VmState::RESUMING
            | VmState::SAVING,
        ) => Sign::Running,
        Some(VmState::OFF | VmState::SAVED) => Sign::Stopped,
        _ => Sign::Listed,
    }
}

/// What hosts list, with the key-value items that they show.
///
/// A replica copy is not a second installation and gives no sighting.
pub fn sightings(inventory: &Inventory) -> Collected<'_> {
    let mut collected = Collected::default();
    let records = inventory.records();
    for host in &records.hosts {
        collected.take_host(host);
    }
    for exchange in &records.kvp {
        let reason = exchange.vm_id.map_or(Reason::NoVm, |_| Reason::NoTime);
        collected.leave_out(None, "Kvp", reason);
    }
    collected
}

/// What is known only after the join: events of hosts and guests, and guests' exports by the VM to
/// which they were joined.
///
/// An export is seen when it was collected, and an activation by AVMA also at the time of the last one
/// that it names. An export that says AVMA activated the guest, where the rules surely forbid that on its host, is a
/// claim.
///
/// An event 12310 is a host's own sign where the computer that logged it is a host which was
/// collected, and then stands under the name by which that host is known; any other is a claim. It
/// is of a VM only where its payload holds that VM's id, else of the host alone.
pub fn joined(fleet: &Fleet) -> Collected<'_> {
    let mut collected = Collected::default();
    let is_known = known_vms(fleet);
    for record in &fleet.events {
        if record.event.side() == Some(Side::Host) {
            collected.take_host_event(fleet, record, &is_known);
        }
    }
    let mut heard = alloc::vec![false; fleet.events.len()];
    for row in &fleet.vms {
        let Some(vm) = row.id() else {
            if let Some(guest) = &row.guest {
                collected.leave_out(guest.document, &guest.place, Reason::NoVm);
            }
            continue;
        };
        for guest in row.guest.iter().chain(&row.earlier_guests) {
            collected.take_guest(fleet, row, guest, vm);
        }
        for place in &row.guest_events {
            if let Some(record) = fleet.events.get(*place) {
                collected.take_guest_event(record, vm);
                if let Some(heard) = heard.get_mut(*place) {
                    *heard = true;
                }
            }
        }
    }
    for (record, heard) in fleet.events.iter().zip(heard) {
        if record.event.side() == Some(Side::Guest) && !heard {
            collected.leave_out(record.document, &record.place, Reason::NoVm);
        }
    }
    collected
}

/// The ids of all VMs of the fleet, in order.
fn known_vms(fleet: &Fleet) -> Vec<VmId> {
    let mut known: Vec<VmId> = fleet.vms.iter().filter_map(|row| row.id()).collect();
    known.sort_unstable();
    known
}

impl<'a> Collected<'a> {
    fn take_host(&mut self, host: &'a HostRecord) {
        let (at, name) = match (dated(&host.collected), named(host.name())) {
            (Ok(at), Ok(name)) => (at, name),
            (Err(reason), _) | (_, Err(reason)) => {
                if host.vms.as_ref().is_some_and(|vms| !vms.is_empty()) {
                    self.leave_out(host.document, &host.place, reason);
                }
                return;
            }
        };
        for vm in host.vms.iter().flatten().filter(|vm| !vm.is_replica()) {
            match vm.machine.id {
                Some(id) => self.take_vm(at, name, id, vm, host),
                None => self.leave_out(host.document, &host.place, Reason::NoVm),
            }
        }
    }

    fn take_vm(
        &mut self,
        at: Timestamp,
        name: HostName<'a>,
        id: VmId,
        vm: &'a VmRecord,
        host: &'a HostRecord,
    ) {
        self.see(at, Some(id), Some(name), state_sign(vm.machine.state));
        if let Some(system) = vm.system() {
            let signs = [Sign::ClaimedServer, Sign::ClaimedOtherSystem, Sign::Items];
            let sign = system_sign(&system.identity(), signs);
            self.see(at, Some(id), Some(name), sign);
        }
        let claims = vm.kvp.iter().flat_map(|kvp| &kvp.claims);
        let reported = match report::find(claims) {
            Ok(None) => return,
            // A copy of a VM carries the report of the one that it was copied from.
            Ok(Some(reported)) if reported.vm == id => reported,
            _ => return self.leave_out(host.document, &host.place, Reason::BadReport),
        };
        let sign = match reported.state {
            ReportedState::Activated => Sign::ClaimedAvma,
            // Nobody answered yet: that says nothing of an earlier activation.
            ReportedState::Pending => return,
            _ => Sign::ClaimedNotActivated,
        };
        match dated(&When::At(reported.at)) {
            // The guest's word, so under no host.
            Ok(at) => self.see(at, Some(id), None, sign),
            Err(reason) => self.leave_out(host.document, &host.place, reason),
        }
    }

    fn take_guest(&mut self, fleet: &Fleet, row: &VmRow, guest: &GuestRecord, vm: VmId) {
        let activation = guest.activation();
        let sign = match activation.seen() {
            Seen::Avma => {
                let host = row.host.and_then(|place| fleet.hosts.get(place));
                let host = host.map_or_else(|| guest.platform(), HostRecord::facts);
                match assess(&host, &row.facts(), &activation.observation).trust() {
                    Some(Trust::Claimed) => Some(Sign::ClaimedAvma),
                    _ => Some(Sign::Avma),
                }
            }
            Seen::Other(_) => Some(Sign::Other),
            Seen::NotActivated { .. } | Seen::Evaluation => Some(Sign::NotActivated),
            Seen::Unknown => None,
        };
        // It also says when AVMA activated it last, and on which host, which it cannot know for sure.
        let by_avma = sign.filter(|sign| matches!(sign, Sign::Avma | Sign::ClaimedAvma));
        let activated = by_avma.zip(dated(&activation.last_activation).ok());
        if let Some((sign, at)) = activated {
            self.see(at, Some(vm), None, sign);
        }
        match dated(&guest.collected) {
            Ok(at) => {
                let signs = [Sign::Server, Sign::OtherSystem, Sign::Exported];
                self.see(at, Some(vm), None, system_sign(&guest.identity(), signs));
                if let Some(sign) = sign {
                    self.see(at, Some(vm), None, sign);
                }
            }
            Err(reason) => self.leave_out(guest.document, &guest.place, reason),
        }
    }

    fn take_host_event(&mut self, fleet: &'a Fleet, record: &'a EventRecord, known: &[VmId]) {
        let event = &record.event;
        // What a guest hands in is its own word.
        let host = record.host.filter(|_| !record.by_guest);
        let host = host.and_then(|place| fleet.hosts.get(place)?.name());
        let name = named(host.or(event.computer.as_deref()));
        let (at, name) = match (dated(&event.time), name) {
            (Ok(at), Ok(name)) => (at, name),
            (Err(reason), _) | (_, Err(reason)) => {
                return self.leave_out(record.document, &record.place, reason);
            }
        };
        let sign = match host {
            None => Sign::ClaimedEvent,
            Some(_) if event.holds_failure() => Sign::HostFailure,
            Some(_) => Sign::HostEvent,
        };
        let before = self.all.len();
        for vm in event.guids().filter(|vm| known.binary_search(vm).is_ok()) {
            self.see(at, Some(vm), Some(name), sign);
        }
        if self.all.len() == before {
            self.see(at, None, Some(name), sign);
        }
    }

    fn take_guest_event(&mut self, record: &EventRecord, vm: VmId) {
        let event: &Event = &record.event;
        match dated(&event.time) {
            Ok(at) => {
                let sign = if event.holds_failure() {
                    Sign::GuestFailure
                } else {
                    Sign::GuestEvent
                };
                self.see(at, Some(vm), None, sign);
            }
            Err(reason) => self.leave_out(record.document, &record.place, reason),
        }
    }
}
