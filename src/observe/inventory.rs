//! Documents in, joined rows out.
//!
//! A document is known by the properties that it has and not by its wrapper: what has `VM` or
//! `Feature` is a host, what has an operating system or licence rows without those is a guest, what
//! has nodes or groups is a cluster. Lists of rows without any wrapper are put together by the
//! computer that they name. What is not known, and what cannot be read, is a [`Fault`] and never
//! loses the rest.
//!
//! ```
//! # #[cfg(feature = "serde")] {
//! use avma::observe::inventory::Inventory;
//! use avma::observe::value::Value;
//!
//! let host: Value = serde_json::from_str(r#"{
//!     "OperatingSystem": { "CSName": "HV01", "OperatingSystemSKU": 8 },
//!     "VM": { "Name": "web01", "VMId": "a1a1a1a1-0000-4000-8000-000000000001", "State": 2 }
//! }"#)?;
//! let guest: Value = serde_json::from_str(r#"{
//!     "OperatingSystem": { "CSName": "WEB01" },
//!     "Licensing": []
//! }"#)?;
//!
//! let mut inventory = Inventory::new();
//! inventory.add(&host);
//! inventory.add(&guest);
//! let fleet = inventory.join();
//!
//! assert_eq!(fleet.vms.len(), 1);
//! assert_eq!(fleet.vms[0].host, Some(0));
//! assert!(fleet.vms[0].guest.is_some());
//! # }
//! # Ok::<(), serde_json::Error>(())
//! ```

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::event::{self, Event, EventError};
use super::fault::{Fault, FaultKind, Place};
use super::value::Value;
use super::wmi::{self, IntegrationService, VirtualMachine};
use crate::ids::lower_case;
use events::Found;

mod cluster;
mod events;
mod fleet;
mod guest;
mod host;
mod slmgr;

pub use cluster::ClusterRecord;
pub use events::EventRecord;
pub use fleet::{Fleet, JoinedBy, Sighting, VmRow};
pub use guest::GuestRecord;
pub use host::{DATA_EXCHANGE, HostRecord, KvpExchange, Listing, VmRecord};

/// What one or more documents hold, in the order in which it was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Records {
    /// Hosts with their VMs.
    pub hosts: Vec<HostRecord>,
    /// Exports of guests, and of hosts that were collected as guests are.
    pub guests: Vec<GuestRecord>,
    /// Clusters.
    pub clusters: Vec<ClusterRecord>,
    /// `Msvm_KvpExchangeComponent` without a host around it.
    pub kvp: Vec<KvpExchange>,
    /// Data Exchange services without a host around them.
    pub services: Vec<IntegrationService>,
    /// Events of AVMA without a host around them.
    pub events: Vec<EventRecord>,
    /// How many events without a host around them were not of AVMA.
    pub other_events: usize,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// Reads one document.
pub fn read(document: &Value) -> Records {
    let mut records = Records::default();
    if !records.block(document, Place::DOCUMENT, WRAPPERS) {
        let kind = if document.is_cut_off() {
            FaultKind::CutOff { depth: 0 }
        } else if matches!(document, Value::List(list) if list.is_empty()) || document.is_nothing()
        {
            FaultKind::NoRows
        } else {
            FaultKind::UnknownBlock
        };
        records.faults.push(Place::DOCUMENT.fault(kind));
    } else if records == Records::default() {
        // A known block without a row in it, as in `{"Kvp":[]}`.
        let nothing = Place::DOCUMENT.fault(FaultKind::NoRows);
        records.faults.push(nothing);
    }
    records
}

/// How many objects and lists may be around a block that is not known by its wrapper.
const WRAPPERS: usize = 4;

impl Records {
    /// Reads a block; false where it is no known one.
    fn block(&mut self, value: &Value, place: Place<'_>, wrappers: usize) -> bool {
        match value {
            Value::List(list) => self.list(list, Spot::List(place), wrappers),
            Value::Object(properties) => match value.wrapped_list() {
                Some(list) => self.list(list, Spot::List(place), wrappers),
                None => self.object(value, properties, place, wrappers),
            },
            Value::Text(text) if text.trim_start().starts_with("<Event") => {
                self.event(value, place);
                true
            }
            _ => false,
        }
    }

    /// An event that stands by itself, without a host around it.
    fn event(&mut self, value: &Value, place: Place<'_>) {
        let mut found = Found::default();
        found.read(value, place, &mut self.faults);
        self.take_events(found, false);
    }

    /// The events that were collected beside items, or with a guest.
    fn events_of(&mut self, object: &Value, place: Place<'_>, by_guest: bool) {
        let found = Found::block(object, place, &mut self.faults);
        self.take_events(found, by_guest);
    }

    fn take_events(&mut self, found: Found, by_guest: bool) {
        self.other_events += found.others;
        let records = found.records();
        self.events
            .extend(records.map(|record| EventRecord { by_guest, ..record }));
    }

    fn object(
        &mut self,
        value: &Value,
        properties: &[(String, Value)],
        place: Place<'_>,
        wrappers: usize,
    ) -> bool {
        if event::is_event(value) {
            self.event(value, place);
            return true;
        }
        if wmi::only_in_cim_properties(value) {
            self.faults.push(place.fault(FaultKind::RawCim));
            return true;
        }
        let mut known = false;
        if HostRecord::recognises(value) {
            let host = HostRecord::read(value, place, &mut self.faults);
            self.hosts.push(host);
            known = true;
        } else if GuestRecord::recognises(value) {
            let faults = self.faults.len();
            let guest = GuestRecord::read(value, place, &mut self.faults);
            if !guest.is_empty() {
                self.guests.push(guest);
            } else if self.faults.len() == faults {
                self.faults.push(place.fault(FaultKind::NoRows));
            }
            self.kvp_of(value, place);
            self.events_of(value, place, true);
            known = true;
        } else if value.has("Kvp") {
            self.kvp_of(value, place);
            self.events_of(value, place, false);
            known = true;
        }
        if ClusterRecord::recognises(value, known) {
            let cluster = ClusterRecord::read(value, place, &mut self.faults);
            self.clusters.push(cluster);
            known = true;
        }
        if known {
            return true;
        }
        if Row::of(value).is_some() {
            return self.list(core::slice::from_ref(value), Spot::Bare(place), wrappers);
        }
        let Some(wrappers) = wrappers.checked_sub(1) else {
            return false;
        };
        for (name, inner) in properties {
            known |= self.block(inner, place.property(name), wrappers);
        }
        known
    }

    fn kvp_of(&mut self, value: &Value, place: Place<'_>) {
        if let Some(list) = value.get("Kvp") {
            let kvp = &mut self.kvp;
            wmi::objects(
                list,
                place.property("Kvp"),
                &mut self.faults,
                |row, place, faults| {
                    kvp.push(KvpExchange::read(row, place, faults));
                },
            );
        }
    }

    fn list(&mut self, list: &[Value], spot: Spot<'_>, wrappers: usize) -> bool {
        let Some(wrappers) = wrappers.checked_sub(1) else {
            return false;
        };
        let mut known = false;
        let mut unknown = Vec::new();
        let mut refused = 0;
        let mut systems = guest::Systems::new(spot);
        let mut machines = BTreeMap::<String, Vec<VirtualMachine>>::new();
        for (index, value) in list.iter().enumerate() {
            let place = spot.of(index);
            refused += usize::from(wmi::only_in_cim_properties(value) || value.is_cut_off());
            match Row::of(value) {
                Some(Row::Kvp) => {
                    let row = KvpExchange::read(value, place, &mut self.faults);
                    self.kvp.push(row);
                }
                Some(Row::Service) => {
                    let row = IntegrationService::read(value, place, &mut self.faults);
                    if host::is_data_exchange(&row) {
                        self.services.push(row);
                    }
                }
                Some(Row::Machine) => {
                    let row = VirtualMachine::read(value, place, &mut self.faults);
                    let host = row.computer_name.as_deref().unwrap_or_default();
                    machines
                        .entry(lower_case(host).collect())
                        .or_default()
                        .push(row);
                }
                Some(Row::System) => systems.push(value, index),
                None if self.block(value, place, wrappers) => {}
                None => {
                    unknown.push(index);
                    continue;
                }
            }
            known = true;
        }
        // What cannot be read may be a licence row of any of these systems.
        self.guests.extend(
            systems
                .finish(&mut self.faults)
                .into_iter()
                .map(|mut guest| {
                    if let Some(licensing) = &mut guest.licensing {
                        licensing.refused += refused;
                    }
                    guest
                }),
        );
        self.hosts
            .extend(machines.into_values().map(HostRecord::of_machines));
        // Within a list that has known rows, one that is not known has to be named by itself.
        if known {
            for index in unknown {
                let place = spot.of(index);
                let kind = match list.get(index) {
                    Some(value) if value.is_cut_off() => FaultKind::CutOff {
                        depth: place.depth().saturating_sub(1),
                    },
                    Some(value) if value.is_nothing() => continue,
                    _ => FaultKind::UnknownBlock,
                };
                self.faults.push(place.fault(kind));
            }
        }
        known
    }

    fn set_document(&mut self, document: usize) {
        let with_guest = !self.guests.is_empty();
        for host in &mut self.hosts {
            host.document = document;
        }
        for guest in &mut self.guests {
            guest.document = document;
        }
        for cluster in &mut self.clusters {
            cluster.document = document;
        }
        for event in &mut self.events {
            event.document = document;
            event.by_guest |= with_guest;
        }
        for fault in &mut self.faults {
            fault.document = document;
        }
    }

    fn extend(&mut self, other: Self) {
        self.hosts.extend(other.hosts);
        self.guests.extend(other.guests);
        self.clusters.extend(other.clusters);
        self.kvp.extend(other.kvp);
        self.services.extend(other.services);
        self.events.extend(other.events);
        self.other_events += other.other_events;
        self.faults.extend(other.faults);
    }
}

/// Where the rows of a list stand: at their index, or at the place itself where one row came without
/// its list.
#[derive(Clone, Copy)]
enum Spot<'a> {
    List(Place<'a>),
    Bare(Place<'a>),
}

impl Spot<'_> {
    fn of(&self, index: usize) -> Place<'_> {
        match self {
            Self::List(place) => place.index(index),
            Self::Bare(place) => *place,
        }
    }

    fn whole(&self) -> Place<'_> {
        match self {
            Self::List(place) | Self::Bare(place) => *place,
        }
    }
}

/// A row that stands by itself, without a block around it.
enum Row {
    Kvp,
    Service,
    Machine,
    /// Of a system: operating system, licence, or both in one flat object.
    System,
}

impl Row {
    fn of(value: &Value) -> Option<Self> {
        let any = |names: &[&str]| names.iter().any(|name| value.has(name));
        if !matches!(value, Value::Object(_))
            || wmi::only_in_cim_properties(value)
            || HostRecord::recognises(value)
            || value.has("ProviderName")
        {
            None
        } else if value.has("SystemName")
            && any(&[
                "GuestIntrinsicExchangeItems",
                "GuestExchangeItems",
                "EnabledState",
            ])
        {
            Some(Self::Kvp)
        // Before services: a whole object of Get-VM has a PrimaryOperationalStatus too.
        } else if value.has("VMId") && value.has("State") && !any(&["GroupType", "OwnerNode"]) {
            Some(Self::Machine)
        } else if any(&["VMId", "VMName"]) && any(&["PrimaryOperationalStatus", "Enabled"]) {
            Some(Self::Service)
        } else if !GuestRecord::recognises(value) && guest::is_row(value) {
            Some(Self::System)
        } else {
            None
        }
    }
}

/// All documents of a collection.
///
/// Documents are numbered in the order in which they are given, from 0; records and faults carry the
/// number, so that the caller can name the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    documents: usize,
    records: Records,
}

impl Inventory {
    /// Without any document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a document and returns its number.
    pub fn add(&mut self, document: &Value) -> usize {
        self.push(read(document))
    }

    fn push(&mut self, mut records: Records) -> usize {
        let number = self.documents;
        records.set_document(number);
        self.records.extend(records);
        self.documents += 1;
        number
    }

    /// Says that the documents from this number on came in one file: events beside a guest's export
    /// are the guest's own word then ([`EventRecord::by_guest`]).
    pub fn end_of_file(&mut self, first: usize) {
        let is_in = |document: usize| document >= first;
        let mut guests = self.records.guests.iter().rev().map(|guest| guest.document);
        if guests.next().is_some_and(is_in) {
            let events = self.records.events.iter_mut().rev();
            for event in events.take_while(|event| is_in(event.document)) {
                event.by_guest = true;
            }
        }
    }

    /// Takes the events of a text of event XML as one document, and returns its number.
    ///
    /// ```
    /// # #[cfg(feature = "xml")] {
    /// use avma::observe::event::xml;
    /// use avma::observe::inventory::Inventory;
    ///
    /// let text = "<Events><Event><System><Provider Name='Microsoft-Windows-Security-SPP'/>\
    ///             <EventID>12310</EventID></System></Event><Event/></Events>";
    /// let mut inventory = Inventory::new();
    /// inventory.add_events(xml::events(text));
    /// assert_eq!(inventory.records().events.len(), 1);
    /// let fault = &inventory.records().faults[0];
    /// assert_eq!(fault.to_string(), "event: line 1, byte 113: the event has no System");
    /// # }
    /// ```
    pub fn add_events(
        &mut self,
        events: impl IntoIterator<Item = Result<Event, EventError>>,
    ) -> usize {
        let mut records = Records::default();
        let mut found = Found::default();
        for event in events {
            match event {
                Ok(event) => found.take(event, Place::DOCUMENT, &mut records.faults),
                Err(error) => records.faults.push(Place::DOCUMENT.fault(error)),
            }
        }
        records.take_events(found, false);
        if records == Records::default() {
            records
                .faults
                .push(Place::DOCUMENT.fault(FaultKind::NoRows));
        }
        self.push(records)
    }

    /// Notes a document that cannot even be deserialised, and returns its number: bytes that are no
    /// text, text that is no JSON, an empty file.
    ///
    /// ```
    /// use avma::observe::fault::FaultKind;
    /// use avma::observe::inventory::Inventory;
    ///
    /// let mut inventory = Inventory::new();
    /// let error = avma::encoding::decode(b"\"B\xfcro\"").unwrap_err();
    /// inventory.refuse(error);
    /// inventory.refuse(FaultKind::NoRows);
    /// assert_eq!(inventory.records().faults.len(), 2);
    /// ```
    pub fn refuse(&mut self, kind: impl Into<FaultKind>) -> usize {
        let number = self.documents;
        self.documents += 1;
        self.records.faults.push(Fault {
            document: number,
            place: String::new(),
            kind: kind.into(),
        });
        number
    }

    /// What the documents hold, not joined yet.
    pub const fn records(&self) -> &Records {
        &self.records
    }

    /// Joins the records: one row for each VM. See [`Fleet`] for the rules.
    pub fn join(self) -> Fleet {
        Fleet::join(self.records)
    }
}
