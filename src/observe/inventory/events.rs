//! Events of AVMA among what was collected: whose they are, and which VM they name.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::{Fleet, HostRecord, VmRow};
use crate::assess::{Assessment, Seen, Trust};
use crate::ids::{HostName, VmId, lower_case};
use crate::observe::event::{Event, Payload, Side};
use crate::observe::fault::{Fault, FaultKind, Place};
use crate::observe::kvp::GuestSystem;
use crate::observe::value::Value;
use crate::time::Timestamp;

/// An event of AVMA and where it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventRecord {
    /// The number of the document.
    pub document: usize,
    /// Where in a JSON document; of events in a host's record the place of that record. Empty for
    /// events in XML.
    pub place: String,
    /// The host that logged it, in [`Fleet::hosts`]: the only one of which the event's `Computer` may
    /// be the name. `None` before the records are joined.
    pub host: Option<usize>,
    /// Whether it came in one document with a guest's export, and not in a host's record. It is the
    /// guest's own word then, whatever computer it names: a guest knows its id and its host's name.
    pub by_guest: bool,
    /// The event.
    pub event: Event,
}

/// Events as they are found: those of AVMA are kept, any others counted.
#[derive(Default)]
pub(super) struct Found {
    pub(super) events: Vec<(String, Event)>,
    pub(super) others: usize,
}

impl Found {
    /// Sorts an event in. One with an id of AVMA whose provider was not collected may be either, so
    /// it is a fault.
    pub(super) fn take(&mut self, event: Event, place: Place<'_>, faults: &mut Vec<Fault>) {
        if event.side().is_some() {
            self.events.push((place.to_string(), event));
        } else if event.lacks_provider() {
            faults.push(place.fault(FaultKind::EventWithoutProvider));
        } else {
            self.others += 1;
        }
    }

    /// The block `Event` of a document.
    pub(super) fn block(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
        const NAME: &str = "Event";
        let mut found = Self::default();
        let Some(list) = object.get(NAME) else {
            return found;
        };
        let place = place.property(NAME);
        for (index, event) in list.elements().enumerate() {
            let element_place = place.index(index);
            let place = if list.is_bare() { place } else { element_place };
            found.read(event, place, faults);
        }
        found
    }

    /// An element of a list of events: an object of `Get-WinEvent`, or a text of event XML.
    pub(super) fn read(&mut self, value: &Value, place: Place<'_>, faults: &mut Vec<Fault>) {
        match value.text() {
            Ok(_) if value.is_cut_off() => {
                let depth = place.depth().saturating_sub(1);
                faults.push(place.fault(FaultKind::CutOff { depth }));
            }
            Ok(Some(text)) => self.xml(&text, place, faults),
            Ok(None) => {}
            Err(_) if matches!(value, Value::Object(_)) => {
                if let Some(event) = Event::from_value(value, place, faults) {
                    self.take(event, place, faults);
                }
            }
            Err(misread) => faults.push(place.fault(misread)),
        }
    }

    #[cfg(feature = "xml")]
    pub(super) fn xml(&mut self, text: &str, place: Place<'_>, faults: &mut Vec<Fault>) {
        for event in crate::observe::event::xml::events(text) {
            match event {
                Ok(event) => self.take(event, place, faults),
                Err(error) => faults.push(place.fault(error)),
            }
        }
    }

    /// Without the reader there is nothing to give out. It is said once for each run of events, since
    /// it is one cause.
    #[cfg(not(feature = "xml"))]
    #[expect(clippy::unused_self, reason = "the signature of the reader")]
    pub(super) fn xml(&mut self, _: &str, place: Place<'_>, faults: &mut Vec<Fault>) {
        if faults
            .last()
            .is_none_or(|fault| fault.kind != FaultKind::EventsNotRead)
        {
            faults.push(place.fault(FaultKind::EventsNotRead));
        }
    }

    pub(super) fn records(self) -> impl Iterator<Item = EventRecord> {
        self.events.into_iter().map(|(place, event)| EventRecord {
            place,
            event,
            ..EventRecord::default()
        })
    }
}

/// What makes two records one event: the computer in lower case, the number in its log, the time.
type Key = (String, u64, Timestamp);

fn key(event: &Event) -> Option<Key> {
    let computer = event.computer.as_deref()?;
    let computer: String = lower_case(computer).collect();
    Some((computer, event.record_id?, event.time.at()?))
}

/// Whether two records of one event can be copies of it. JSON has neither the names nor the classic
/// bytes for sure, so the texts decide.
fn may_be_copies(a: &Event, b: &Event) -> bool {
    a.side() == b.side() && a.payload.texts().eq(b.payload.texts())
}

/// Each event once. Of copies the first with a payload stays; where payloads differ, none of them
/// does, which is a fault.
fn once(events: Vec<EventRecord>, faults: &mut Vec<Fault>) -> Vec<EventRecord> {
    let mut kept: Vec<Option<EventRecord>> = Vec::with_capacity(events.len());
    let mut by_key = BTreeMap::<Key, usize>::new();
    for record in events {
        let Some(key) = key(&record.event) else {
            kept.push(Some(record));
            continue;
        };
        let Some(place) = by_key.get(&key) else {
            by_key.insert(key, kept.len());
            kept.push(Some(record));
            continue;
        };
        let Some(slot) = kept.get_mut(*place) else {
            continue;
        };
        let is_read = |event: &Event| matches!(event.payload, Payload::Parts(_));
        let (read, side) = (is_read(&record.event), record.event.side());
        match slot {
            // A copy without a payload adds nothing.
            None if !read => {}
            Some(first) if first.event.side() == side && !read => {}
            Some(first) if first.event.side() == side && !is_read(&first.event) => *first = record,
            Some(first) if may_be_copies(&first.event, &record.event) => {}
            // Of three that differ the third one meets nothing; it is not used either. What a guest
            // hands in takes nothing from what others did: theirs come first.
            contradicted => {
                let is_guests = |first: &EventRecord| record.by_guest && !first.by_guest;
                if !contradicted.as_ref().is_some_and(is_guests) {
                    *contradicted = None;
                }
                faults.push(Fault {
                    document: record.document,
                    place: record.place,
                    kind: FaultKind::EventContradicts,
                });
            }
        }
    }
    kept.into_iter().flatten().collect()
}

/// A place, one of its names, and the domain where that is known beside the name.
type Name<'a> = (usize, &'a str, Option<&'a str>);

/// What may have a computer's name, by the first label in lower case.
#[derive(Default)]
struct Named<'a> {
    by_label: BTreeMap<String, Vec<Name<'a>>>,
    /// Names that were looked up: a thousand events have one name.
    known: BTreeMap<String, Option<usize>>,
}

impl<'a> Named<'a> {
    fn add(&mut self, place: usize, name: &'a str, domain: Option<&'a str>) {
        let label = lower_case(HostName(name).first_label().as_str()).collect();
        let all = self.by_label.entry(label).or_default();
        all.push((place, name, domain));
    }

    /// The only one of which this may be the name.
    fn only(&mut self, computer: &str) -> Option<usize> {
        let computer: String = lower_case(computer).collect();
        if let Some(known) = self.known.get(&computer) {
            return *known;
        }
        let label = HostName(&computer).first_label().as_str();
        let full = computer.split_once('.').map(|(_, domain)| domain);
        let fits = |name: &str, domain: Option<&str>| {
            let elsewhere =
                matches!((full, domain), (Some(a), Some(b)) if HostName(a) != HostName(b));
            HostName(name).may_be(HostName(&computer)) && !elsewhere
        };
        let mut places = self.by_label.get(label).into_iter().flatten();
        let mut only = None;
        let mut several = false;
        for (place, _, _) in places
            .by_ref()
            .filter(|(_, name, domain)| fits(name, *domain))
        {
            several |= only.is_some_and(|other| other != *place);
            only = Some(*place);
        }
        let found = only.filter(|_| !several);
        self.known.insert(computer, found);
        found
    }
}

impl Fleet {
    pub(super) fn take_events(&mut self, events: Vec<EventRecord>) {
        self.events = once(events, &mut self.faults);
        let mut hosts = Named::default();
        for (place, host) in self.hosts.iter().enumerate() {
            if let Some(name) = host.name() {
                hosts.add(place, name, host.domain());
            }
        }
        let mut guests = Named::default();
        let mut by_id = BTreeMap::<VmId, Vec<usize>>::new();
        for (place, row) in self.vms.iter().enumerate() {
            if let Some(id) = row.id() {
                by_id.entry(id).or_default().push(place);
            }
            let guest = row.guest.as_ref();
            let by_export = guest.and_then(|guest| Some((guest.cs_name()?, guest.domain())));
            let by_kvp = row.system().and_then(GuestSystem::host_name);
            let names = by_export.into_iter().chain(by_kvp.map(|name| (name, None)));
            for (name, domain) in names {
                guests.add(place, name, domain);
            }
        }
        let mut rows = Vec::new();
        for (place, record) in self.events.iter_mut().enumerate() {
            let event = &record.event;
            let computer = event.computer.as_deref();
            match event.side() {
                Some(Side::Host) => {
                    record.host = computer.and_then(|computer| hosts.only(computer));
                    let mut named: Vec<VmId> = event.guids().collect();
                    named.sort_unstable();
                    named.dedup();
                    let named = named.iter().filter_map(|id| by_id.get(id)).flatten();
                    rows.extend(named.map(|row| (Side::Host, *row, place)));
                }
                Some(Side::Guest) => {
                    let row = computer.and_then(|computer| guests.only(computer));
                    rows.extend(row.map(|row| (Side::Guest, row, place)));
                }
                None => {}
            }
        }
        for (side, row, place) in rows {
            if let Some(row) = self.vms.get_mut(row) {
                match side {
                    Side::Host => row.host_events.push(place),
                    Side::Guest => row.guest_events.push(place),
                }
            }
        }
        let events = &self.events;
        // The latest first; without a time last.
        let latest = |place: &usize| {
            let event = events.get(*place).map(|record| &record.event);
            let event = event.map(|event| (event.time.at(), event.record_id));
            (Reverse(event), *place)
        };
        for row in &mut self.vms {
            row.host_events.sort_by_key(latest);
            row.guest_events.sort_by_key(latest);
        }
    }

    fn of_places<'a>(&'a self, places: &'a [usize]) -> impl Iterator<Item = &'a EventRecord> {
        places.iter().filter_map(|place| self.events.get(*place))
    }

    /// The events 12310 that name the row's VM, the latest first, whichever computer logged them.
    pub fn host_events<'a>(&'a self, row: &'a VmRow) -> impl Iterator<Item = &'a EventRecord> {
        self.of_places(&row.host_events)
    }

    /// The events 12309 of the row's guest, the latest first.
    pub fn guest_events<'a>(&'a self, row: &'a VmRow) -> impl Iterator<Item = &'a EventRecord> {
        self.of_places(&row.guest_events)
    }

    /// Events of one side that could not be joined: host events that name no collected VM; guest events
    /// whose `Computer` matches no guest, or several.
    pub fn events_without_vm(&self, side: Side) -> impl Iterator<Item = &EventRecord> {
        let mut taken = alloc::vec![false; self.events.len()];
        for row in &self.vms {
            for place in row.host_events.iter().chain(&row.guest_events) {
                if let Some(taken) = taken.get_mut(*place) {
                    *taken = true;
                }
            }
        }
        let events = self.events.iter().zip(taken);
        events
            .filter(move |(record, taken)| !taken && record.event.side() == Some(side))
            .map(|(record, _)| record)
    }

    /// The records of hosts on this VM: of the [`host_events`](Self::host_events) those that a host
    /// logged which was collected, and that were not handed in by a guest
    /// ([`by_guest`](EventRecord::by_guest)). A guest knows its own id, so an event on any other
    /// computer could be the guest's own word.
    pub fn host_records<'a>(&'a self, row: &'a VmRow) -> impl Iterator<Item = &'a EventRecord> {
        self.host_events(row)
            .filter(|record| record.host.is_some() && !record.by_guest)
    }

    /// How far what was seen of the row's guest can be trusted: as
    /// [`Assessment::trust`], and by [`Trust::Host`] where the guest's word that AVMA activated it
    /// is allowed by the rules and a record of a host names the VM.
    ///
    /// The latest such record counts, and it must hold no HRESULT that means failure; nor must any
    /// without a time. What a record says of the VM is not known, so it proves no activation: it
    /// bears a claim out and never makes one. The VM must be one that a collected host lists: key-value
    /// items alone, which a guest's export may hold, make none.
    ///
    /// Whose export it is is taken as joined. Where that was by a key-value item
    /// ([`DomainName`](super::JoinedBy::DomainName)), a guest that forges the item can take another's
    /// export; the audit (`fleet::audit`) does not rest on that.
    pub fn trust(&self, row: &VmRow, assessment: &Assessment) -> Option<Trust> {
        let trust = assessment.trust()?;
        let listed = row.vm.as_ref().filter(|_| row.host.is_some());
        let known_to_host = listed.is_some_and(|vm| vm.machine.id.is_some());
        if trust != Trust::Guest || assessment.seen() != Seen::Avma || !known_to_host {
            return Some(trust);
        }
        let mut records = self.host_records(row).map(|record| &record.event);
        let is_sound = |event: &Event| !event.holds_failure();
        let borne_out = records.next().is_some_and(is_sound)
            && records
                .filter(|event| event.time.at().is_none())
                .all(is_sound);
        Some(if borne_out { Trust::Host } else { trust })
    }
}

/// The events of hosts' records, each with its document; the records keep none.
pub(super) fn of_hosts(hosts: &mut [HostRecord]) -> Vec<EventRecord> {
    let mut all = Vec::new();
    for host in hosts {
        let (document, place) = (host.document, &host.place);
        all.extend(host.events.drain(..).map(|event| EventRecord {
            document,
            place: place.clone(),
            host: None,
            by_guest: false,
            event,
        }));
    }
    all
}
