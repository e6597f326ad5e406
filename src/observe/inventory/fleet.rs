//! Records of many documents, joined to one row for each VM.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::events::{self, EventRecord};
use super::host::service_vm;
use super::{ClusterRecord, GuestRecord, HostRecord, Records, VmRecord};
use crate::ids::{HostName, VmId, lower_case};
use crate::observe::facts::Virtual;
use crate::observe::fault::{Fault, FaultKind};
use crate::observe::kvp::GuestSystem;
use crate::time::Timestamp;

/// By what a guest export was found to belong to its VM, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JoinedBy {
    /// `VirtualMachineId` of the guest's registry.
    Id,
    /// The computer's name and the first label of the VM's KVP `FullyQualifiedDomainName`.
    DomainName,
    /// The computer's name, or that of the machine that was asked, and the VM's name on its host.
    VmName,
}

/// A VM seen once more, where another sighting names its host.
#[derive(Clone, Debug, PartialEq)]
pub struct Sighting {
    /// The host, in [`Fleet::hosts`]; `None` for key-value items without a host around them.
    pub host: Option<usize>,
    /// What was seen there.
    pub vm: VmRecord,
}

/// One VM, or one system that belongs to no VM that was collected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VmRow {
    /// The host, in [`Fleet::hosts`].
    pub host: Option<usize>,
    /// The VM as its host shows it, key-value items included.
    pub vm: Option<VmRecord>,
    /// The export of its guest.
    pub guest: Option<GuestRecord>,
    /// By what the export was joined.
    pub joined_by: Option<JoinedBy>,
    /// The cluster and the group within it, in [`Fleet::clusters`] and its
    /// [`groups`](ClusterRecord::groups).
    pub group: Option<(usize, usize)>,
    /// Other sightings of the same VM, the latest first: on the node that it left, or as a replica
    /// copy. Also in an earlier collection of a host, where that one knows the guest's system and the
    /// sighting that shows the VM does not.
    pub elsewhere: Vec<Sighting>,
    /// Earlier exports of the same guest.
    pub earlier_guests: Vec<GuestRecord>,
    /// Hosts' events (12310) that name this VM, the latest first, in [`Fleet::events`].
    pub host_events: Vec<usize>,
    /// The guest's own events (12309), the latest first, in [`Fleet::events`].
    pub guest_events: Vec<usize>,
}

impl VmRow {
    /// The VM's id, by its host or by its guest.
    pub fn id(&self) -> Option<VmId> {
        let machine = self.vm.as_ref().and_then(|vm| vm.machine.id);
        machine.or_else(|| self.guest.as_ref()?.vm_id())
    }

    /// The guest's description of itself: from the current sighting, or, where that has none (the VM is
    /// off there), from the latest sighting that has one.
    pub fn system(&self) -> Option<&GuestSystem> {
        let now = self.vm.as_ref().and_then(VmRecord::system);
        now.or_else(|| self.elsewhere.iter().find_map(|seen| seen.vm.system()))
    }

    /// Whether the row's VM shows by its full name that it is of another domain than the export.
    fn is_of_another_domain(&self, guest: &GuestRecord) -> bool {
        let name = self.system().and_then(GuestSystem::host_name);
        let own = name.and_then(|name| name.split_once('.'));
        matches!((own, guest.domain()), (Some((_, own)), Some(domain)) if HostName(own) != HostName(domain))
    }

    /// The VM's name on its host; without a host the guest's name.
    pub fn name(&self) -> Option<&str> {
        let vm = self.vm.as_ref().and_then(VmRecord::name);
        vm.or_else(|| self.guest.as_ref()?.name())
    }
}

/// All hosts, VMs and clusters of an inventory, joined.
///
/// - The same host collected twice: the later [`collected`](HostRecord::collected) counts (a dated
///   one before an undated one, then the later document), the other is in
///   [`earlier_hosts`](Self::earlier_hosts).
/// - The same VM id twice: one row. The original comes before a replica copy, then the host that was
///   collected later; the others are in [`elsewhere`](VmRow::elsewhere). It names the host and the
///   state; what is known of the guest's system may come from the others ([`VmRow::system`]).
/// - A cluster's group belongs to the VM of its id. One without an id belongs to the clustered VM of
///   its name on one of the cluster's nodes; where none or several fit, that is a fault.
/// - A guest export belongs to a VM by [`JoinedBy`], the strongest first. Where two VMs fit it is not
///   joined, which is a fault, and it is a row of its own. So is one that belongs to no VM. By a name
///   no export is joined whose firmware is not that of a VM of Hyper-V, or whose domain is not that
///   of the VM's full name.
/// - A host's event (12310) belongs to every VM whose GUID its payload holds. A guest's event (12309)
///   belongs to the only guest of which its `Computer` may be the name; the domain must not be
///   another. An event that was collected twice (by computer, number and time) counts once; where the
///   copies differ in their payload none does, which is a fault.
/// - The same guest exported twice: the later one counts as with hosts. The text of slmgr comes after
///   any other export, and fills in the licence where that one has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fleet {
    /// The hosts. Their VMs are in [`vms`](Self::vms); [`HostRecord::vms`] still tells by `Some` that
    /// they were collected.
    pub hosts: Vec<HostRecord>,
    /// Earlier collections of the same hosts, as evidence.
    pub earlier_hosts: Vec<HostRecord>,
    /// One row for each VM, and for each guest export that belongs to none.
    pub vms: Vec<VmRow>,
    /// The clusters.
    pub clusters: Vec<ClusterRecord>,
    /// All events of AVMA, each once, those of hosts' records included.
    pub events: Vec<EventRecord>,
    /// How many events were not of AVMA. They are not kept.
    pub other_events: usize,
    /// What could not be read, and what could not be joined.
    pub faults: Vec<Fault>,
}

/// What decides which of two collections is the later one.
type Age = (Option<Timestamp>, usize);

impl Fleet {
    pub(super) fn join(mut records: Records) -> Self {
        let mut fleet = Self {
            faults: records.faults,
            other_events: records.other_events,
            ..Self::default()
        };
        // Of earlier collections too: a log does not become untrue.
        let mut events = events::of_hosts(&mut records.hosts);
        events.append(&mut records.events);
        events.sort_by_key(|record| (record.by_guest, record.document));
        for host in &records.hosts {
            fleet.other_events += host.other_events;
        }
        fleet.take_hosts(records.hosts);
        fleet.take_clusters(records.clusters);
        let mut rows = Rows::default();
        for (place, host) in fleet.hosts.iter_mut().enumerate() {
            let age = (host.collected.at(), host.document);
            for vm in host.vms.iter_mut().flat_map(core::mem::take) {
                rows.sighting(Some(place), age, vm);
            }
        }
        for exchange in records.kvp {
            if let Some(id) = exchange.vm_id {
                let mut vm = VmRecord::of_id(id);
                vm.kvp = Some(exchange);
                rows.part(id, vm);
            }
        }
        for service in records.services {
            if let Some(id) = service_vm(&service) {
                let mut vm = VmRecord::of_id(id);
                vm.data_exchange = Some(service);
                rows.part(id, vm);
            }
        }
        rows.take_earlier(&fleet.earlier_hosts, &fleet.hosts);
        rows.settle();
        rows.take_groups(&fleet.clusters, &fleet.hosts, &mut fleet.faults);
        rows.take_guests(records.guests, &mut fleet.faults);
        fleet.vms = rows.list;
        fleet.take_events(events);
        fleet
    }

    fn take_hosts(&mut self, mut hosts: Vec<HostRecord>) {
        hosts.sort_by_key(|host| (host.collected.at(), host.document));
        let mut by_name = BTreeMap::<String, Vec<usize>>::new();
        for mut host in hosts {
            let same = host
                .name()
                .map(label)
                .map(|label| by_name.entry(label).or_default());
            let earlier = same.as_deref().and_then(|same| {
                let hosts = &self.hosts;
                let is_same = |place: &usize| {
                    hosts
                        .get(*place)
                        .is_some_and(|earlier| same_host(earlier, &host))
                };
                same.iter().copied().find(is_same)
            });
            if let Some(earlier) = earlier.and_then(|place| self.hosts.get_mut(place)) {
                // A later document without a VM list takes no VM away.
                if host.vms.is_none() {
                    host.vms = earlier.vms.take();
                }
                self.earlier_hosts.push(core::mem::replace(earlier, host));
            } else {
                if let Some(same) = same {
                    same.push(self.hosts.len());
                }
                self.hosts.push(host);
            }
        }
        // In the order in which they were given, so that a date moves nothing in a report.
        self.hosts.sort_by_key(|host| host.document);
    }

    fn take_clusters(&mut self, mut clusters: Vec<ClusterRecord>) {
        clusters.sort_by_key(|cluster| (cluster.collected.at(), cluster.document));
        for cluster in clusters {
            let name = cluster.cluster.name.as_deref();
            let earlier = self.clusters.iter_mut().find(|earlier| {
                let earlier = earlier.cluster.name.as_deref();
                matches!((earlier, name), (Some(a), Some(b)) if HostName(a) == HostName(b))
            });
            match earlier {
                Some(earlier) => *earlier = cluster,
                None => self.clusters.push(cluster),
            }
        }
        self.clusters.sort_by_key(|cluster| cluster.document);
    }
}

/// A name in lower case, as a key.
fn key(name: &str) -> String {
    lower_case(name).collect()
}

/// The first label of a name in lower case, as a key.
fn label(name: &str) -> String {
    key(HostName(name).first_label().as_str())
}

/// Two domains that are both known and are not one.
fn domains_differ(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if HostName(a) != HostName(b))
}

/// Two records of one host: the same name, and not of different domains.
fn same_host(a: &HostRecord, b: &HostRecord) -> bool {
    !domains_differ(a.domain(), b.domain())
        && matches!((a.name(), b.name()), (Some(a), Some(b)) if HostName(a).may_be(HostName(b)))
}

#[derive(Default)]
struct Rows {
    list: Vec<VmRow>,
    /// The age of the host by which each row is shown.
    ages: Vec<Age>,
    by_id: BTreeMap<VmId, usize>,
    /// The other sightings of each row, with their ages; [`settle`](Self::settle) puts them there.
    others: BTreeMap<usize, Vec<(Age, Sighting)>>,
}

impl Rows {
    fn push(&mut self, row: VmRow, age: Age) -> usize {
        self.list.push(row);
        self.ages.push(age);
        self.list.len().saturating_sub(1)
    }

    fn of_id(&mut self, id: VmId) -> Option<&mut VmRow> {
        self.list.get_mut(*self.by_id.get(&id)?)
    }

    /// A VM on a host: a new row, or a second sighting of one.
    fn sighting(&mut self, host: Option<usize>, age: Age, vm: VmRecord) {
        let id = vm.machine.id;
        let known = id.and_then(|id| self.by_id.get(&id).copied());
        let known = known.and_then(|place| {
            let row = self.list.get_mut(place)?;
            Some((place, row, self.ages.get_mut(place)?))
        });
        let Some((place, row, row_age)) = known else {
            let row = VmRow {
                host,
                vm: Some(vm),
                ..VmRow::default()
            };
            let place = self.push(row, age);
            if let Some(id) = id {
                self.by_id.insert(id, place);
            }
            return;
        };
        let shown = row.vm.as_ref().is_some_and(VmRecord::is_replica);
        let is_newer = (!vm.is_replica(), age) > (!shown, *row_age);
        let (mut other, mut other_age) = (Sighting { host, vm }, age);
        if is_newer {
            core::mem::swap(&mut other_age, row_age);
            core::mem::swap(&mut other.host, &mut row.host);
            core::mem::swap(&mut other.vm, row.vm.get_or_insert_default());
        }
        let others = self.others.entry(place).or_default();
        others.push((other_age, other));
    }

    /// What earlier collections of the hosts know of the systems of VMs that show nothing of them
    /// now. A VM that is gone since is none.
    fn take_earlier(&mut self, earlier: &[HostRecord], hosts: &[HostRecord]) {
        if earlier.is_empty() {
            return;
        }
        let mut by_name = BTreeMap::<String, Vec<usize>>::new();
        for (place, host) in hosts.iter().enumerate() {
            let Some(name) = host.name() else { continue };
            by_name.entry(label(name)).or_default().push(place);
        }
        for host in earlier {
            let is_same = |place: &&usize| hosts.get(**place).is_some_and(|h| same_host(h, host));
            let named = host.name().and_then(|name| by_name.get(&label(name)));
            let place = named.and_then(|places| places.iter().find(is_same).copied());
            let age = (host.collected.at(), host.document);
            for vm in host.vms.iter().flatten() {
                let Some(row) = vm.machine.id.and_then(|id| self.by_id.get(&id)) else {
                    continue;
                };
                let now = self
                    .list
                    .get(*row)
                    .and_then(|row| row.vm.as_ref()?.system());
                if vm.system().is_some() && now.is_none() {
                    let seen = Sighting {
                        host: place,
                        vm: vm.clone(),
                    };
                    self.others.entry(*row).or_default().push((age, seen));
                }
            }
        }
    }

    /// Gives each row its other sightings, the latest first.
    fn settle(&mut self) {
        for (place, mut others) in core::mem::take(&mut self.others) {
            others.sort_by(|(a, _), (b, _)| b.cmp(a));
            if let Some(row) = self.list.get_mut(place) {
                row.elsewhere = others.into_iter().map(|(_, seen)| seen).collect();
            }
        }
    }

    fn take_groups(
        &mut self,
        clusters: &[ClusterRecord],
        hosts: &[HostRecord],
        faults: &mut Vec<Fault>,
    ) {
        let mut without_id = Vec::new();
        for (place, cluster) in clusters.iter().enumerate() {
            for (group, of) in cluster.groups.iter().flatten().enumerate() {
                let Some(id) = of.vm_id else {
                    without_id.push((cluster, of, (place, group)));
                    continue;
                };
                if let Some(row) = self.of_id(id) {
                    row.group = Some((place, group));
                }
            }
        }
        if without_id.is_empty() {
            return;
        }
        let clustered = Names::of(&self.list).vm;
        for (cluster, group, place) in without_id {
            let named = group
                .name
                .as_deref()
                .and_then(|name| clustered.get(&key(name)));
            let fits = named.into_iter().flatten().copied().filter(|row| {
                self.list.get(*row).is_some_and(|row| {
                    let machine = row.vm.as_ref().map(|vm| &vm.machine);
                    let host = row.host.and_then(|host| hosts.get(host));
                    row.group.is_none()
                        && machine.is_some_and(|machine| machine.is_clustered != Some(false))
                        && host.is_some_and(|host| cluster.may_have_node(host))
                })
            });
            let candidates = match Belongs::of(fits, JoinedBy::VmName) {
                Belongs::To(row, _) => {
                    if let Some(row) = self.list.get_mut(row) {
                        row.group = Some(place);
                    }
                    continue;
                }
                Belongs::ToAnyOf(candidates) => candidates,
                Belongs::ToNone => 0,
            };
            faults.push(Fault {
                document: cluster.document,
                place: group.place.clone(),
                kind: FaultKind::GroupWithoutVm { candidates },
            });
        }
    }

    /// A part of a VM that was collected without its host; fills what the row does not have.
    fn part(&mut self, id: VmId, part: VmRecord) {
        let place = self.by_id.get(&id).copied();
        let Some((place, row)) = place.and_then(|place| Some((place, self.list.get_mut(place)?)))
        else {
            self.sighting(None, (None, 0), part);
            return;
        };
        let vm = row.vm.get_or_insert_with(|| VmRecord::of_id(id));
        let mut rest = VmRecord::of_id(id);
        match (&vm.kvp, part.kvp) {
            (None, kvp) => vm.kvp = kvp,
            (Some(_), kvp) => rest.kvp = kvp,
        }
        match (&vm.data_exchange, part.data_exchange) {
            (None, service) => vm.data_exchange = service,
            (Some(_), service) => rest.data_exchange = service,
        }
        if rest.kvp.is_some() || rest.data_exchange.is_some() {
            let seen = Sighting {
                host: None,
                vm: rest,
            };
            let others = self.others.entry(place).or_default();
            others.push(((None, 0), seen));
        }
    }

    fn take_guests(&mut self, guests: Vec<GuestRecord>, faults: &mut Vec<Fault>) {
        let names = Names::of(&self.list);
        let mut found: Vec<(Belongs, GuestRecord)> = guests
            .into_iter()
            .map(|guest| (self.belongs(&guest, &names), guest))
            .collect();
        // The strongest claim to a VM first, the latest of equal ones first.
        found.sort_by(|(a, left), (b, right)| {
            let strength = |belongs: &Belongs| match belongs {
                Belongs::To(_, by) => Some(*by),
                Belongs::ToAnyOf(_) | Belongs::ToNone => None,
            };
            let age = |guest: &GuestRecord| (guest.collected.at(), guest.document);
            strength(a)
                .is_none()
                .cmp(&strength(b).is_none())
                .then(strength(a).cmp(&strength(b)))
                .then(age(right).cmp(&age(left)))
        });
        let mut alone = Vec::new();
        for (belongs, guest) in found {
            let fault = match belongs {
                Belongs::To(place, by) => {
                    let row = self.list.get_mut(place);
                    if let Some(row) = row.filter(|row| row.accepts(&guest)) {
                        row.take(guest, Some(by));
                        continue;
                    }
                    Some(FaultKind::VmTaken)
                }
                Belongs::ToAnyOf(candidates) => Some(FaultKind::SeveralVms { candidates }),
                Belongs::ToNone => None,
            };
            alone.push((guest, fault));
        }
        self.take_alone(alone, faults);
    }

    /// Guests that belong to no VM; the latest of each comes first.
    fn take_alone(
        &mut self,
        guests: Vec<(GuestRecord, Option<FaultKind>)>,
        faults: &mut Vec<Fault>,
    ) {
        let mut by_name = BTreeMap::<String, Vec<usize>>::new();
        for (guest, fault) in guests {
            if let Some(row) = self.of_slmgr(&guest) {
                row.take(guest, None);
                continue;
            }
            faults.extend(fault.map(|kind| Fault {
                document: guest.document,
                place: guest.place.clone(),
                kind,
            }));
            let same = guest
                .name()
                .map(label)
                .map(|label| by_name.entry(label).or_default());
            let row = same.as_deref().and_then(|same| {
                same.iter().copied().find(|place| {
                    let later = self.list.get(*place).and_then(|row| row.guest.as_ref());
                    later.is_some_and(|later| same_guest(later, &guest))
                })
            });
            if let Some(row) = row.and_then(|place| self.list.get_mut(place)) {
                row.take(guest, None);
                continue;
            }
            if let Some(same) = same {
                same.push(self.list.len());
            }
            self.list.push(VmRow {
                guest: Some(guest),
                ..VmRow::default()
            });
        }
    }

    /// The one VM whose guest's export is of the computer that a text of slmgr is of: it may be known
    /// by another name on its host.
    fn of_slmgr(&mut self, guest: &GuestRecord) -> Option<&mut VmRow> {
        guest.name().filter(|_| guest.is_slmgr)?;
        let mut rows = self.list.iter_mut().filter(|row| {
            let taken = row.guest.as_ref().filter(|_| row.vm.is_some());
            taken.is_some_and(|taken| same_guest(taken, guest))
        });
        let first = rows.next();
        first.filter(|_| rows.next().is_none())
    }

    fn belongs(&self, guest: &GuestRecord, names: &Names) -> Belongs {
        let id = guest.vm_id();
        if let Some(place) = id.and_then(|id| self.by_id.get(&id)) {
            return Belongs::To(*place, JoinedBy::Id);
        }
        // A machine that is not a VM of Hyper-V is never joined by name.
        if !matches!(guest.firmware(), Err(()) | Ok(Some(Virtual::HyperV))) {
            return Belongs::ToNone;
        }
        // Another id is another VM, whatever its name; one whose id is not known may be this one. So
        // it is with domains.
        let may_be = |place: &usize| {
            self.list.get(*place).is_some_and(|row| {
                let vm = row.vm.as_ref();
                (id.is_none() || vm.is_some_and(|vm| vm.machine.id.is_none()))
                    && !row.is_of_another_domain(guest)
            })
        };
        let own = guest.cs_name().map(label);
        if let Some(own) = &own {
            let domain = names
                .domain
                .get(own)
                .into_iter()
                .flatten()
                .filter(|p| may_be(p));
            match Belongs::of(domain.copied(), JoinedBy::DomainName) {
                Belongs::ToNone => {}
                belongs => return belongs,
            }
        }
        let asked = guest.computer_name.as_deref().map(key);
        let own = guest.cs_name().map(key);
        let mut places: Vec<usize> = [asked, own]
            .iter()
            .flatten()
            .filter_map(|name| names.vm.get(name))
            .flatten()
            .copied()
            .filter(|place| may_be(place))
            .collect();
        places.sort_unstable();
        places.dedup();
        Belongs::of(places.into_iter(), JoinedBy::VmName)
    }
}

/// Two exports of one guest: the same name, and not of different VMs, domains or platforms.
fn same_guest(a: &GuestRecord, b: &GuestRecord) -> bool {
    let ids_differ = matches!((a.vm_id(), b.vm_id()), (Some(a), Some(b)) if a != b);
    let platforms_differ = matches!((a.firmware(), b.firmware()), (Ok(a), Ok(b)) if a != b);
    !ids_differ
        && !platforms_differ
        && !domains_differ(a.domain(), b.domain())
        && matches!((a.name(), b.name()), (Some(a), Some(b)) if HostName(a).may_be(HostName(b)))
}

impl VmRow {
    /// Whether an export can be of this VM's guest: there is none yet, or it is of the same computer.
    fn accepts(&self, guest: &GuestRecord) -> bool {
        self.guest.as_ref().is_none_or(|taken| {
            let same_id = taken.vm_id().is_some() && taken.vm_id() == guest.vm_id();
            let unnamed = taken.cs_name().is_none() || guest.cs_name().is_none();
            same_id || unnamed || same_guest(taken, guest)
        })
    }

    /// Takes an export. They come strongest and latest first, so the first one stays; but the text of
    /// slmgr makes way for one that says more.
    fn take(&mut self, mut guest: GuestRecord, by: Option<JoinedBy>) {
        let Some(taken) = &mut self.guest else {
            self.guest = Some(guest);
            self.joined_by = by;
            return;
        };
        if taken.is_slmgr && !guest.is_slmgr {
            core::mem::swap(taken, &mut guest);
            self.joined_by = by;
        }
        if taken.licensing.is_none() && guest.is_slmgr {
            taken.licensing = guest.licensing.take();
        } else {
            self.earlier_guests.push(guest);
        }
    }
}

enum Belongs {
    To(usize, JoinedBy),
    ToAnyOf(usize),
    ToNone,
}

impl Belongs {
    fn of(candidates: impl Iterator<Item = usize>, by: JoinedBy) -> Self {
        let mut count = 0;
        let mut first = 0;
        for place in candidates {
            if count == 0 {
                first = place;
            }
            count += 1;
        }
        match count {
            0 => Self::ToNone,
            1 => Self::To(first, by),
            _ => Self::ToAnyOf(count),
        }
    }
}

/// The rows by the names under which a guest export may know them, in lower case.
#[derive(Default)]
struct Names {
    /// By the first label of the KVP domain name.
    domain: BTreeMap<String, Vec<usize>>,
    /// By the VM's name on its host.
    vm: BTreeMap<String, Vec<usize>>,
}

impl Names {
    fn of(rows: &[VmRow]) -> Self {
        let mut names = Self::default();
        for (place, row) in rows.iter().enumerate() {
            let Some(vm) = &row.vm else { continue };
            if let Some(name) = row.system().and_then(GuestSystem::host_name) {
                names.domain.entry(label(name)).or_default().push(place);
            }
            if let Some(name) = vm.name() {
                names.vm.entry(key(name)).or_default().push(place);
            }
        }
        names
    }
}
