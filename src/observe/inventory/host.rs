//! A host and its virtual machines.

use alloc::collections::BTreeMap;
use alloc::collections::btree_map::Entry;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::cluster;
use super::events::Found;
use crate::ids::{VmId, lower_case};
use crate::kvp::Item;
use crate::observe::code::{EnabledState, OperationalStatus, ReplicationMode};
use crate::observe::event::Event;
use crate::observe::fault::{Fault, FaultKind, Place};
use crate::observe::kvp::GuestSystem;
use crate::observe::licensing::Licensing;
use crate::observe::value::{Value, When};
use crate::observe::wmi::{
    self, Cluster, ClusterNode, ComputerSystem, Enclosure, Feature, IntegrationService,
    OperatingSystem, Processor, VirtualMachine, field,
};

/// The GUID of the Data Exchange integration service; its name is localised.
pub const DATA_EXCHANGE: VmId = VmId(0x2a34_b1c2_fd73_4043_8a5b_dd21_59bc_743f);

/// What was collected on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostRecord {
    /// The number of the document.
    pub document: usize,
    /// Where in the document; empty for the document itself.
    pub place: String,
    /// `Collected`.
    pub collected: When,
    /// The host's name as it stands beside the blocks: `PSComputerName`, or `ComputerName` of the
    /// VMs. See [`name`](Self::name).
    pub computer_name: Option<String>,
    /// `OperatingSystem` or `Win32_OperatingSystem`.
    pub operating_system: Option<OperatingSystem>,
    /// `ComputerSystem` or `Win32_ComputerSystem`.
    pub computer_system: Option<ComputerSystem>,
    /// `Processor` or `Win32_Processor`, one a socket; `None` where they were not collected.
    pub processors: Option<Vec<Processor>>,
    /// `Enclosure` or `Win32_SystemEnclosure`.
    pub enclosure: Option<Enclosure>,
    /// `Feature`: whether the Hyper-V role is installed; `None` where it was not collected.
    pub hyper_v: Option<bool>,
    /// `Licensing` or `SoftwareLicensingProduct`; `None` where it was not collected, an empty one
    /// where no key is installed.
    pub licensing: Option<Licensing>,
    /// `Cluster`: name and functional level; `None` on a host without one.
    pub cluster: Option<Cluster>,
    /// `Node`, of the cluster or of the document; `None` where they were not collected.
    pub nodes: Option<Vec<ClusterNode>>,
    /// `VM`, with what the other lists say of each; `None` where VMs were not collected.
    pub vms: Option<Vec<VmRecord>>,
    /// `Event`: the events of AVMA, from XML (feature `xml`) or from objects of `Get-WinEvent`. Once
    /// joined they are in [`Fleet::events`](super::Fleet::events).
    pub events: Vec<Event>,
    /// How many events were not of AVMA.
    pub other_events: usize,
}

impl HostRecord {
    pub(super) fn recognises(value: &Value) -> bool {
        value.has("VM") || value.has("Feature")
    }

    /// The host's name.
    pub fn name(&self) -> Option<&str> {
        let system = self.operating_system.as_ref();
        let computer = self.computer_system.as_ref();
        system
            .and_then(|system| system.cs_name.as_deref())
            .or_else(|| computer.and_then(|computer| computer.name.as_deref()))
            .or(self.computer_name.as_deref())
            .filter(|name| !name.is_empty())
    }

    /// The domain, or the workgroup, of `Win32_ComputerSystem`.
    pub fn domain(&self) -> Option<&str> {
        let domain = self.computer_system.as_ref()?.domain.as_deref();
        domain.filter(|domain| !domain.is_empty())
    }

    /// The cores of all sockets together, where they were collected.
    pub fn cores(&self) -> Option<u32> {
        let mut sockets = self.processors.as_ref()?.iter();
        sockets
            .try_fold(0_u32, |sum, socket| sum.checked_add(socket.cores?))
            .filter(|cores| *cores > 0)
    }

    /// VMs whose list stands by itself, without a host around it.
    pub(super) fn of_machines(machines: Vec<VirtualMachine>) -> Self {
        let vms: Vec<_> = machines.into_iter().map(VmRecord::from).collect();
        Self {
            computer_name: named_by(&vms),
            vms: Some(vms),
            ..Self::default()
        }
    }

    pub(super) fn read(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
        let mut host = Self {
            place: place.to_string(),
            collected: wmi::when(object, "Collected", place, faults),
            operating_system: one(
                object,
                &["OperatingSystem", "Win32_OperatingSystem"],
                place,
                faults,
                OperatingSystem::read,
            ),
            computer_system: one(
                object,
                &["ComputerSystem", "Win32_ComputerSystem"],
                place,
                faults,
                ComputerSystem::read,
            ),
            processors: all(
                object,
                &["Processor", "Win32_Processor"],
                place,
                faults,
                Processor::read,
            ),
            enclosure: one(
                object,
                &["Enclosure", "Win32_SystemEnclosure"],
                place,
                faults,
                Enclosure::read,
            ),
            licensing: block(object, &["Licensing", "SoftwareLicensingProduct"])
                .map(|(name, list)| Licensing::read(list, place.property(name), faults)),
            nodes: cluster::nodes(object, place, faults),
            ..Self::default()
        };
        let found = Found::block(object, place, faults);
        host.other_events = found.others;
        host.events = found.events.into_iter().map(|(_, event)| event).collect();
        host.hyper_v = all(object, &["Feature"], place, faults, Feature::read)
            .unwrap_or_default()
            .iter()
            .find(|feature| {
                let name = feature.name.as_deref();
                name.is_none_or(|name| name.eq_ignore_ascii_case("Hyper-V"))
            })
            .and_then(|feature| feature.installed);
        if let Some(value) = object.get("Cluster") {
            let place = place.property("Cluster");
            wmi::objects(value, place, faults, |value, place, faults| {
                host.cluster = Some(Cluster::read(value, place, faults));
                host.nodes = host
                    .nodes
                    .take()
                    .or_else(|| cluster::nodes(value, place, faults));
            });
        }
        let machines = all(object, &["VM"], place, faults, VirtualMachine::read);
        let services = all(
            object,
            &["IntegrationService"],
            place,
            faults,
            IntegrationService::read,
        );
        let exchanges = all(object, &["Kvp"], place, faults, KvpExchange::read);
        let asked = machines.is_some() || services.is_some() || exchanges.is_some();
        host.vms = asked.then(|| {
            let mut vms = Machines::new(machines.unwrap_or_default());
            for service in services.unwrap_or_default() {
                vms.service(service);
            }
            for exchange in exchanges.unwrap_or_default() {
                vms.exchange(exchange);
            }
            vms.list
        });
        host.computer_name = field(object, "PSComputerName", place, faults)
            .filter(|name: &String| !name.is_empty())
            .or_else(|| named_by(host.vms.as_deref().unwrap_or_default()));
        host
    }
}

/// The host by the VMs that it lists.
fn named_by(vms: &[VmRecord]) -> Option<String> {
    let mut names = vms.iter().filter_map(|vm| vm.machine.computer_name.clone());
    names.find(|name| !name.is_empty())
}

/// The block under the first of these names that holds anything, else under the first that is there.
fn block<'v>(object: &'v Value, names: &[&'static str]) -> Option<(&'static str, &'v Value)> {
    let blocks = || {
        names
            .iter()
            .filter_map(|name| Some((*name, object.get(name)?)))
    };
    let mut full = blocks().filter(|(_, block)| !block.is_nothing());
    full.next().or_else(|| blocks().next())
}

/// The first object of a list that should have one.
fn one<T>(
    object: &Value,
    names: &[&'static str],
    place: Place<'_>,
    faults: &mut Vec<Fault>,
    read: impl Fn(&Value, Place<'_>, &mut Vec<Fault>) -> T,
) -> Option<T> {
    let mut first = None;
    let (name, list) = block(object, names)?;
    let place = place.property(name);
    wmi::objects(list, place, faults, |row, place, faults| {
        if first.is_none() {
            first = Some(read(row, place, faults));
        }
    });
    first
}

/// All objects of a list; `None` where the property is missing.
fn all<T>(
    object: &Value,
    names: &[&'static str],
    place: Place<'_>,
    faults: &mut Vec<Fault>,
    read: impl Fn(&Value, Place<'_>, &mut Vec<Fault>) -> T,
) -> Option<Vec<T>> {
    let mut rows = Vec::new();
    let (name, list) = block(object, names)?;
    let place = place.property(name);
    wmi::objects(list, place, faults, |row, place, faults| {
        rows.push(read(row, place, faults));
    });
    Some(rows)
}

/// Puts the three lists of a host together by VM id.
struct Machines {
    list: Vec<VmRecord>,
    by_id: BTreeMap<VmId, usize>,
    /// By name in lower case, for rows without an id; `None` where two VMs share the name.
    by_name: BTreeMap<String, Option<usize>>,
}

impl Machines {
    fn new(machines: Vec<VirtualMachine>) -> Self {
        let mut all = Self {
            list: Vec::with_capacity(machines.len()),
            by_id: BTreeMap::new(),
            by_name: BTreeMap::new(),
        };
        for machine in machines {
            if let Some(name) = &machine.name {
                let place = all.list.len();
                all.by_name
                    .entry(lower_case(name).collect())
                    .and_modify(|other| *other = None)
                    .or_insert(Some(place));
            }
            all.push(VmRecord::from(machine));
        }
        all
    }

    fn push(&mut self, vm: VmRecord) {
        if let Some(id) = vm.machine.id {
            self.by_id.entry(id).or_insert(self.list.len());
        }
        self.list.push(vm);
    }

    /// The VM of this id; a VM that only this row knows of is one all the same.
    fn of_id(&mut self, id: VmId) -> Option<&mut VmRecord> {
        let place = match self.by_id.entry(id) {
            Entry::Occupied(place) => *place.get(),
            Entry::Vacant(place) => {
                self.list.push(VmRecord::of_id(id));
                *place.insert(self.list.len().saturating_sub(1))
            }
        };
        self.list.get_mut(place)
    }

    fn service(&mut self, service: IntegrationService) {
        if !is_data_exchange(&service) {
            return;
        }
        let vm = match service_vm(&service) {
            Some(id) => self.of_id(id),
            None => service
                .vm_name
                .as_ref()
                .and_then(|name| {
                    let name: String = lower_case(name).collect();
                    self.by_name.get(&name).copied()?
                })
                .and_then(|place| self.list.get_mut(place)),
        };
        if let Some(vm) = vm {
            vm.data_exchange = Some(service);
        }
    }

    fn exchange(&mut self, exchange: KvpExchange) {
        if let Some(vm) = exchange.vm_id.and_then(|id| self.of_id(id)) {
            vm.kvp = Some(exchange);
        }
    }
}

/// Whether the row is of the Data Exchange service, by its GUID; without one by its English name.
pub(super) fn is_data_exchange(service: &IntegrationService) -> bool {
    match service.id.as_deref().and_then(|id| id.rsplit_once('\\')) {
        Some((_, guid)) => guid.parse() == Ok(DATA_EXCHANGE),
        None => service
            .name
            .as_deref()
            .is_none_or(|name| name.eq_ignore_ascii_case("Key-Value Pair Exchange")),
    }
}

/// The VM of a service: its own property, or the first GUID of `Microsoft:<VM GUID>\<service GUID>`.
pub(super) fn service_vm(service: &IntegrationService) -> Option<VmId> {
    service.vm_id.or_else(|| {
        let (vm, _) = service.id.as_deref()?.rsplit_once('\\')?;
        let (_, guid) = vm.rsplit_once(':')?;
        guid.parse().ok()
    })
}

/// A virtual machine, as its host shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VmRecord {
    /// `Get-VM`; only the id where no more is known.
    pub machine: VirtualMachine,
    /// The Data Exchange service of `Get-VMIntegrationService`.
    pub data_exchange: Option<IntegrationService>,
    /// `Msvm_KvpExchangeComponent`.
    pub kvp: Option<KvpExchange>,
}

impl From<VirtualMachine> for VmRecord {
    fn from(machine: VirtualMachine) -> Self {
        Self {
            machine,
            ..Self::default()
        }
    }
}

impl VmRecord {
    pub(super) fn of_id(id: VmId) -> Self {
        Self::from(VirtualMachine {
            id: Some(id),
            ..VirtualMachine::default()
        })
    }

    /// The VM's name on its host.
    pub fn name(&self) -> Option<&str> {
        let service = self.data_exchange.as_ref();
        self.machine
            .name
            .as_deref()
            .or_else(|| service.and_then(|service| service.vm_name.as_deref()))
    }

    /// Whether Data Exchange is on: `Enabled`, or else `EnabledState` 2, or else by intrinsic items,
    /// which came through it. Never by a status text, which says OK for a disabled service too.
    pub fn data_exchange_on(&self) -> Option<bool> {
        let service = self.data_exchange.as_ref();
        let state = || self.kvp.as_ref()?.enabled_state;
        let by_state = || match state()? {
            EnabledState::ENABLED => Some(true),
            EnabledState::DISABLED => Some(false),
            _ => None,
        };
        service
            .and_then(|service| service.enabled)
            .or_else(by_state)
            .or_else(|| self.system().map(|_| true))
    }

    /// The status of Data Exchange; `None` while the VM does not run. Means nothing where it is off.
    pub fn data_exchange_status(&self) -> Option<OperationalStatus> {
        let service = self.data_exchange.as_ref();
        service
            .and_then(|service| service.status)
            .or_else(|| self.kvp.as_ref()?.operational_status.first().copied())
    }

    /// Whether this is a replica copy, which is not a second installation.
    pub fn is_replica(&self) -> bool {
        self.machine
            .replication_mode
            .is_some_and(ReplicationMode::is_copy)
    }

    /// What the guest says of its system; `None` where it says nothing.
    pub fn system(&self) -> Option<&GuestSystem> {
        let system = &self.kvp.as_ref()?.system;
        (!system.is_empty()).then_some(system)
    }
}

/// What became of an array of key-value items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Listing {
    /// The property was not collected.
    #[default]
    NotCollected,
    /// `null`: the VM does not run.
    NotRunning,
    /// An array, which may be empty: running and silent.
    Listed,
}

/// `Msvm_KvpExchangeComponent`: the key-value items of one VM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KvpExchange {
    /// `SystemName`: the VM's id.
    pub vm_id: Option<VmId>,
    /// `EnabledState`: 2 is on.
    pub enabled_state: Option<EnabledState>,
    /// `OperationalStatus`, the primary one first; empty for `null`.
    pub operational_status: Vec<OperationalStatus>,
    /// What became of `GuestIntrinsicExchangeItems`.
    pub intrinsic: Listing,
    /// The intrinsic items: how the guest describes its system.
    pub system: GuestSystem,
    /// What became of `GuestExchangeItems`.
    pub guest: Listing,
    /// Items that somebody in the guest wrote. Also those that are of that source within the
    /// intrinsic list. Their names prove nothing.
    pub claims: Vec<Item>,
}

impl KvpExchange {
    /// Reads the object's properties; unknown ones are ignored.
    pub fn read(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
        let mut exchange = Self {
            vm_id: field(object, "SystemName", place, faults),
            enabled_state: field(object, "EnabledState", place, faults),
            operational_status: statuses(object, place, faults),
            ..Self::default()
        };
        exchange.intrinsic = items(
            object,
            "GuestIntrinsicExchangeItems",
            place,
            faults,
            |item, place, faults| {
                if !matches!(item.source, None | Some(Item::GUEST_INTRINSIC)) {
                    exchange.claims.push(item);
                } else if exchange.system.take(item).is_err() {
                    faults.push(place.fault(FaultKind::KvpTwice));
                }
            },
        );
        exchange.guest = items(object, "GuestExchangeItems", place, faults, |item, _, _| {
            exchange.claims.push(item);
        });
        exchange
    }
}

/// `OperationalStatus`: an array, or its numbers joined with blanks at the nesting depth.
fn statuses(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Vec<OperationalStatus> {
    const NAME: &str = "OperationalStatus";
    let mut statuses = Vec::new();
    let mut push = |value: &Value| match OperationalStatus::read(value) {
        Ok(status) => statuses.extend(status),
        Err(misread) => faults.push(place.property(NAME).fault(misread)),
    };
    for value in object.get(NAME).into_iter().flat_map(Value::elements) {
        match value {
            Value::Text(text) => text
                .split_whitespace()
                .for_each(|part| push(&Value::Text(part.to_string()))),
            _ => push(value),
        }
    }
    statuses
}

fn items(
    object: &Value,
    name: &str,
    place: Place<'_>,
    faults: &mut Vec<Fault>,
    mut each: impl FnMut(Item, Place<'_>, &mut Vec<Fault>),
) -> Listing {
    let Some(list) = object.get(name) else {
        return Listing::NotCollected;
    };
    if list.is_nothing() {
        return Listing::NotRunning;
    }
    let place = place.property(name);
    for (index, element) in list.elements().enumerate() {
        let element_place = place.index(index);
        let place = if list.is_bare() { place } else { element_place };
        match element.text() {
            Ok(Some(text)) if !element.is_cut_off() => decode(&text, place, faults, &mut each),
            Ok(None) => {}
            Ok(Some(_)) => {
                let depth = place.depth().saturating_sub(1);
                faults.push(place.fault(FaultKind::CutOff { depth }));
            }
            Err(misread) => faults.push(place.fault(misread)),
        }
    }
    Listing::Listed
}

#[cfg(feature = "xml")]
fn decode(
    text: &str,
    place: Place<'_>,
    faults: &mut Vec<Fault>,
    each: &mut impl FnMut(Item, Place<'_>, &mut Vec<Fault>),
) {
    for item in crate::kvp::wmi::items(text) {
        match item {
            Ok(item) => each(masked(item), place, faults),
            Err(error) => faults.push(place.fault(error)),
        }
    }
}

/// An item as it is kept: anybody in the guest can store a text there, a key of no published list too.
#[cfg(feature = "xml")]
fn masked(item: Item) -> Item {
    Item {
        name: wmi::masked(item.name.into()),
        data: wmi::masked(item.data.into()),
        ..item
    }
}

/// Without the reader there is nothing to give out. It is said once for each run of items, since it
/// is one cause.
#[cfg(not(feature = "xml"))]
fn decode(
    _: &str,
    place: Place<'_>,
    faults: &mut Vec<Fault>,
    _: &mut impl FnMut(Item, Place<'_>, &mut Vec<Fault>),
) {
    if faults
        .last()
        .is_none_or(|fault| fault.kind != FaultKind::KvpNotRead)
    {
        faults.push(place.fault(FaultKind::KvpNotRead));
    }
}
