//! A month as a hoster needs it: which hosts ran Windows Server guests, their cores, VMs by day,
//! peaks and moves.
//!
//! It states what was seen. It judges no contract and names no price. A host counts here by what ran
//! on it and not by how many, because Datacenter is licensed by hosts; the number of VMs is shown
//! beside it.
//!
//! Datacenter is licensed by cores for any number of guests, Standard by the guest: so hosts stand apart
//! by their edition ([`HostKind`]), cores are due of Datacenter hosts only, and what Standard hosts need
//! is not judged.
//!
//! Source: how third parties quote the Services Provider Use Rights ([`COUNTED_BY`]): every physical core
//! of a host, at least [`MIN_CORES_PER_PROCESSOR`] for each processor. They quote no minimum for a
//! server; the 16 cores of other programmes are none. It is an argument, and by default there is none.

use alloc::vec::Vec;
use core::fmt;

use super::Ledger;
use super::cell::{Cell, InMonth};
use super::day::BySign;
use super::sign::{Days, Sign};
use crate::assess::Trust;
use crate::catalog::mask::Masked;
use crate::catalog::products::Products;
use crate::ids::{HostName, VmId};
use crate::observe::inventory::HostRecord;
use crate::time::{Day, Month};
use crate::word::words;

mod edition;
mod moves;
#[cfg(feature = "serde")]
mod serial;
mod text;

pub use edition::{COUNTED_BY, CoresDue, Guests, HostKind};

/// The least cores that count for a processor.
pub const MIN_CORES_PER_PROCESSOR: u32 = 8;

/// What licences count of a host, as it was collected: its edition and its processors.
#[derive(Clone, PartialEq, Eq)]
pub struct Processors<'a> {
    /// The host.
    pub host: HostName<'a>,
    /// What its system may be.
    pub product: Products,
    /// The physical cores of each processor, `None` where they were not collected; `None` as a whole where
    /// no processors were.
    pub cores: Option<Vec<Option<u32>>>,
}

impl fmt::Debug for Processors<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Processors")
            .field("host", &Masked(self.host.0))
            .field("product", &self.product)
            .field("cores", &self.cores)
            .finish()
    }
}

impl<'a> Processors<'a> {
    /// Those of a host that was collected; `None` where it has no name.
    pub fn of(host: &'a HostRecord) -> Option<Self> {
        let cores = host.processors.as_ref().map(|processors| {
            let cores = processors.iter().map(|processor| processor.cores);
            cores.collect()
        });
        Some(Self {
            host: HostName(host.name()?),
            product: host.identity().products(),
            cores,
        })
    }
}

words! {
    /// Why the cores that are due for a host are not known.
    pub enum CoresUnknown ("reason why cores are not known") {
        /// No processors were collected of a host of this name.
        NotCollected = "not-collected", "processors not collected";
        /// There is no processor in the list, or one has no core.
        NoCores = "no-cores", "no processors or cores listed";
        /// Of a processor the cores were not collected.
        Incomplete = "incomplete", "cores of a processor not collected";
        /// Several collected hosts may be meant, or one was collected several times, and they
        /// differ.
        Ambiguous = "ambiguous", "several hosts of that name that differ";
        /// More than 32 bits hold.
        TooMany = "too-many", "more cores than can be counted";
    }
}

/// The physical cores of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cores {
    /// How many processors.
    pub processors: u32,
    /// How many physical cores they have together.
    pub physical: u32,
    /// How many count: at least [`MIN_CORES_PER_PROCESSOR`] for each processor, and at least the
    /// minimum for a server where one was given. They are due of a Datacenter host.
    pub due: u32,
}

impl Cores {
    fn of(cores: &[Option<u32>], minimum: Option<u32>) -> Result<Self, CoresUnknown> {
        if cores.is_empty() {
            return Err(CoresUnknown::NoCores);
        }
        let (mut processors, mut physical, mut due) = (0_u32, 0_u32, 0_u32);
        for cores in cores {
            let cores = cores.ok_or(CoresUnknown::Incomplete)?;
            if cores == 0 {
                return Err(CoresUnknown::NoCores);
            }
            let sums = processors.checked_add(1).zip(physical.checked_add(cores));
            let sums = sums.zip(due.checked_add(cores.max(MIN_CORES_PER_PROCESSOR)));
            ((processors, physical), due) = sums.ok_or(CoresUnknown::TooMany)?;
        }
        Ok(Self {
            processors,
            physical,
            due: due.max(minimum.unwrap_or_default()),
        })
    }
}

/// A number of VMs by the system of their guests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Vms {
    /// Windows Server, by their own exports or key-value items in this month.
    pub server: u32,
    /// Another system, by the same.
    pub other: u32,
    /// Nothing told in this month what they are.
    pub unknown: u32,
}

impl Vms {
    /// All of them.
    pub const fn all(self) -> u32 {
        self.server + self.other + self.unknown
    }

    fn add(&mut self, system: System) {
        match system {
            System::Server => self.server += 1,
            System::Other => self.other += 1,
            System::Unknown => self.unknown += 1,
        }
    }
}

/// The most VMs on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peak {
    /// The first day with so many.
    pub day: Day,
    /// How many.
    pub vms: Vms,
}

/// The VMs that were seen started, day by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Daily {
    first: Day,
    days: Vec<Vms>,
}

impl Daily {
    fn new(month: Month) -> Self {
        Self {
            first: month.first_day(),
            days: alloc::vec![Vms::default(); usize::from(month.days())],
        }
    }

    fn add(&mut self, days: Days, system: System) {
        for (day, vms) in (1..).zip(&mut self.days) {
            if days.contains(day) {
                vms.add(system);
            }
        }
    }

    /// Every day of the month in order, those too on which none was seen.
    pub fn iter(&self) -> impl Iterator<Item = (Day, Vms)> + '_ {
        let days = (self.first.0..).map(Day);
        days.zip(self.days.iter().copied())
    }

    /// The day with the most VMs, whatever their systems, the first where several have as many;
    /// `None` where none was seen started.
    pub fn peak(&self) -> Option<Peak> {
        let mut peak: Option<Peak> = None;
        for (day, vms) in self.iter() {
            if vms.all() > peak.map_or(0, |peak| peak.vms.all()) {
                peak = Some(Peak { day, vms });
            }
        }
        peak
    }

    /// The same, by guests with Windows Server alone.
    pub fn server_peak(&self) -> Option<Peak> {
        let mut peak: Option<Peak> = None;
        for (day, vms) in self.iter() {
            if vms.server > peak.map_or(0, |peak| peak.vms.server) {
                peak = Some(Peak { day, vms });
            }
        }
        peak
    }
}

/// A host in a month.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostMonth<'a> {
    /// The host, in lower case.
    pub host: HostName<'a>,
    /// Other names in this report that may mean the same host, in order: it may be counted twice.
    pub may_be: Vec<HostName<'a>>,
    /// What its system may be, by every collected host that may be meant.
    pub product: Products,
    /// Its cores, or why they are not known.
    pub cores: Result<Cores, CoresUnknown>,
    /// The VMs that were seen started on it.
    pub started: Vms,
    /// VMs that were seen on it and not seen started: off, or their state was not told.
    pub not_started: Vms,
    /// The days on which any VM was seen started.
    pub days: Days,
    /// The days on which a guest with Windows Server was seen started.
    pub server_days: Days,
    /// The VMs that were seen started, day by day.
    pub daily: Daily,
    /// The days on which it logged an event 12310 that names no VM which is known.
    pub event_days: Days,
    /// By the best of the signs of this host.
    pub trust: Trust,
}

impl HostMonth<'_> {
    /// Whether it was seen to run a Windows Server guest: `Some(false)` where every VM that was seen
    /// on it is known to be of another system, `None` where it is not known of one.
    ///
    /// A VM that was not seen started may have been, between two sightings: such a guest with Windows
    /// Server leaves it open.
    pub fn ran_server(&self) -> Option<bool> {
        let open = self.started.unknown + self.not_started.server + self.not_started.unknown;
        match (self.started.server, open) {
            (0, 0) => Some(false),
            (0, _) => None,
            _ => Some(true),
        }
    }
}

impl fmt::Debug for HostMonth<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostMonth")
            .field("host", &Masked(self.host.0))
            .field("may_be", &self.may_be.len())
            .field("product", &self.product)
            .field("cores", &self.cores)
            .field("started", &self.started)
            .field("not_started", &self.not_started)
            .field("days", &format_args!("{}", self.days))
            .field("server_days", &format_args!("{}", self.server_days))
            .field("event_days", &format_args!("{}", self.event_days))
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}

/// A VM that was seen on several hosts.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Moved<'a> {
    /// The VM.
    pub vm: VmId,
    /// The hosts, in order of the first time at which it was seen on each in this month.
    pub hosts: Vec<HostName<'a>>,
    /// The least number of moves that the days allow. Within a day their order is not kept, so there
    /// may have been more.
    pub at_least: u32,
}

impl fmt::Debug for Moved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts: Vec<_> = self.hosts.iter().map(|host| Masked(host.0)).collect();
        f.debug_struct("Moved")
            .field("vm", &self.vm)
            .field("hosts", &hosts)
            .field("at_least", &self.at_least)
            .finish()
    }
}

/// How VMs stood when their activation was seen last in a month. Each VM counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Activations {
    /// Activated by AVMA by the guest's export, and borne out by its host on a day of this month: see
    /// [`VmDay::avma`](super::VmDay::avma).
    pub avma_host: u32,
    /// Activated by AVMA, by the guest's export.
    pub avma_guest: u32,
    /// Activated by AVMA, by a claim.
    pub avma_claimed: u32,
    /// Activated by another channel.
    pub other: u32,
    /// Not activated, by the guest's export.
    pub not_activated_guest: u32,
    /// Not activated, by a claim.
    pub not_activated_claimed: u32,
    /// Nothing was seen of it.
    pub not_seen: u32,
}

/// What was seen in a month: made by [`Ledger::month`], shown by its `Display`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MonthReport<'a> {
    /// The month, in UTC.
    pub month: Month,
    /// The least cores that count for a server, where one was given.
    pub minimum_per_server: Option<u32>,
    /// The hosts on which anything was seen, by name.
    pub hosts: Vec<HostMonth<'a>>,
    /// All VMs that were seen started, each once, also those whose host is not known.
    pub started: Vms,
    /// All VMs that were seen and not seen started.
    pub not_started: Vms,
    /// The VMs that were seen started, day by day, each once a day whatever the host.
    pub daily: Daily,
    /// How all these VMs stood when their activation was seen last.
    pub activations: Activations,
    /// The VMs that were seen on several hosts, by id.
    pub moved: Vec<Moved<'a>>,
}

/// What the guest of a VM is in a month.
#[derive(Clone, Copy)]
enum System {
    Server,
    Other,
    Unknown,
}

impl System {
    /// The guest's export comes before key-value items; of both systems said by one source within
    /// the month Windows Server counts, since it ran at some time.
    fn of(by_sign: &BySign) -> Self {
        let said = |sign| !by_sign.days(sign).is_empty();
        if said(Sign::Server) {
            Self::Server
        } else if said(Sign::OtherSystem) {
            Self::Other
        } else if said(Sign::ClaimedServer) {
            Self::Server
        } else if said(Sign::ClaimedOtherSystem) {
            Self::Other
        } else {
            Self::Unknown
        }
    }
}

fn started(by_sign: &BySign) -> Days {
    let signs = Sign::ALL.iter().filter(|sign| sign.is_of_a_started_vm());
    signs.fold(Days::default(), |days, sign| {
        days.union(by_sign.days(*sign))
    })
}

impl Ledger {
    /// The report of a month.
    ///
    /// Editions and cores are looked up by a host's name; where none is the same, by those names that may mean it.
    /// `minimum_per_server` is the least number of cores that count for a server.
    ///
    /// ```
    /// use avma::fleet::ledger::month::Processors;
    /// use avma::fleet::ledger::{Ledger, Sighting, Sign};
    /// use avma::{HostName, Product, VmId};
    ///
    /// let mut ledger = Ledger::new();
    /// ledger.update([Sign::Running, Sign::ClaimedServer].map(|sign| Sighting {
    ///     at: "2025-11-24T01:00:00Z".parse().unwrap(),
    ///     vm: Some(VmId(0xa1)),
    ///     host: Some(HostName("HV01")),
    ///     sign,
    /// }))?;
    /// let processors = [Processors {
    ///     host: HostName("HV01"),
    ///     product: Product::Datacenter.into(),
    ///     cores: Some(vec![Some(6), Some(16)]),
    /// }];
    /// let report = ledger.month("2025-11".parse()?, &processors, None);
    /// assert_eq!(report.hosts[0].ran_server(), Some(true));
    /// assert_eq!(report.hosts[0].cores.map(|cores| cores.due), Ok(24));
    /// assert_eq!(report.cores_due().cores, 24);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn month(
        &self,
        month: Month,
        processors: &[Processors<'_>],
        minimum_per_server: Option<u32>,
    ) -> MonthReport<'_> {
        let mut report = MonthReport {
            month,
            minimum_per_server,
            hosts: Vec::new(),
            started: Vms::default(),
            not_started: Vms::default(),
            daily: Daily::new(month),
            activations: Activations::default(),
            moved: Vec::new(),
        };
        // By the number of the host's name, from 1.
        let mut hosts: Vec<Option<HostMonth<'_>>> = alloc::vec![None; self.names.len() + 1];
        for cells in self
            .cells
            .chunk_by(|a, b| a.vm() == b.vm() && a.month() == b.month())
        {
            let Some(first) = cells.first() else { continue };
            if InMonth::month(first.month()) != month {
                continue;
            }
            let by_sign = BySign::of(cells);
            let system = System::of(&by_sign);
            for cells in cells.chunk_by(|a, b| a.host == b.host) {
                let number = cells.first().map(|cell| cell.host).unwrap_or_default();
                let Some(name) = self.name(number) else {
                    continue;
                };
                let slot = usize::try_from(number)
                    .ok()
                    .and_then(|number| hosts.get_mut(number));
                let Some(slot) = slot else { continue };
                let host = slot.get_or_insert_with(|| HostMonth {
                    host: HostName(name),
                    may_be: Vec::new(),
                    product: Products::unknown(),
                    cores: Err(CoresUnknown::NotCollected),
                    started: Vms::default(),
                    not_started: Vms::default(),
                    days: Days::default(),
                    server_days: Days::default(),
                    daily: Daily::new(month),
                    event_days: Days::default(),
                    trust: Trust::Claimed,
                });
                host.take(first.vm().is_some(), &BySign::of(cells), system);
            }
            let Some(vm) = first.vm() else { continue };
            let days = started(&by_sign);
            if days.is_empty() {
                report.not_started.add(system);
            } else {
                report.started.add(system);
                report.daily.add(days, system);
            }
            report.activations.take(cells, &by_sign);
            report.moved.extend(self.moved(vm, cells));
        }
        report.hosts = hosts.into_iter().flatten().collect();
        let names: Vec<_> = report.hosts.iter().map(|host| host.host).collect();
        for host in &mut report.hosts {
            host.product = product_of(host.host, processors);
            host.cores = cores_of(host.host, processors, minimum_per_server);
        }
        for (host, other) in may_be(&names) {
            if let Some(host) = report.hosts.get_mut(host) {
                host.may_be.push(other);
            }
        }
        report
    }
}

impl HostMonth<'_> {
    fn take(&mut self, has_vm: bool, by_sign: &BySign, system: System) {
        let signs = Sign::ALL
            .iter()
            .filter(|sign| !by_sign.days(**sign).is_empty());
        let best = signs
            .map(|sign| sign.trust())
            .min_by_key(|trust| *trust as u8);
        if best.is_some_and(|best| (best as u8) < self.trust as u8) {
            self.trust = best.unwrap_or(self.trust);
        }
        if !has_vm {
            self.event_days = self.event_days.union(by_sign.any());
            return;
        }
        let days = started(by_sign);
        if days.is_empty() {
            self.not_started.add(system);
            return;
        }
        self.started.add(system);
        self.daily.add(days, system);
        self.days = self.days.union(days);
        if matches!(system, System::Server) {
            self.server_days = self.server_days.union(days);
        }
    }
}

impl Activations {
    fn take(&mut self, cells: &[Cell], by_sign: &BySign) {
        let last = |signs: &[Sign]| {
            let of_signs = cells.iter().filter_map(|cell| {
                let sign = Sign::of_code(cell.sign_code())?;
                signs.contains(&sign).then_some((cell.last, sign))
            });
            // At the very same time the more careful answer.
            of_signs
                .max_by_key(|(at, sign)| (*at, sign.code()))
                .map(|(_, sign)| sign)
        };
        let by_guest = last(&[Sign::Avma, Sign::Other, Sign::NotActivated]);
        let by_claim = || last(&[Sign::ClaimedAvma, Sign::ClaimedNotActivated]);
        let count = match by_guest.or_else(by_claim) {
            Some(Sign::Avma) if !by_sign.borne_out().is_empty() => &mut self.avma_host,
            Some(Sign::Avma) => &mut self.avma_guest,
            Some(Sign::ClaimedAvma) => &mut self.avma_claimed,
            Some(Sign::Other) => &mut self.other,
            Some(Sign::NotActivated) => &mut self.not_activated_guest,
            Some(Sign::ClaimedNotActivated) => &mut self.not_activated_claimed,
            _ => &mut self.not_seen,
        };
        *count += 1;
    }
}

/// What every collected host may be that this name may mean.
fn product_of(host: HostName<'_>, processors: &[Processors<'_>]) -> Products {
    let all_of = |is: &dyn Fn(HostName<'_>) -> bool| {
        let named = processors.iter().filter(|one| is(one.host));
        named.map(|one| one.product).reduce(Products::union)
    };
    all_of(&|name| name == host)
        .or_else(|| all_of(&|name| name.may_be(host)))
        .unwrap_or_default()
}

fn cores_of(
    host: HostName<'_>,
    processors: &[Processors<'_>],
    minimum: Option<u32>,
) -> Result<Cores, CoresUnknown> {
    let all_of = |is: &dyn Fn(HostName<'_>) -> bool| {
        let mut found = None;
        let named = processors.iter().filter(|one| is(one.host));
        for cores in named.filter_map(|one| one.cores.as_ref()) {
            let cores = Cores::of(cores, minimum);
            match found {
                None => found = Some(cores),
                Some(first) if first == cores => {}
                Some(_) => return Some(Err(CoresUnknown::Ambiguous)),
            }
        }
        found
    };
    all_of(&|name| name == host)
        .or_else(|| all_of(&|name| name.may_be(host)))
        .unwrap_or(Err(CoresUnknown::NotCollected))
}

/// For each of the names, by its place, the others that may mean the same host.
fn may_be<'a>(names: &[HostName<'a>]) -> Vec<(usize, HostName<'a>)> {
    let mut by_label: Vec<(&str, usize)> = names
        .iter()
        .enumerate()
        .map(|(place, name)| (name.first_label().as_str(), place))
        .collect();
    by_label.sort_unstable();
    let mut pairs = Vec::new();
    for same in by_label.chunk_by(|(a, _), (b, _)| a == b) {
        for (_, place) in same {
            for (_, other) in same.iter().filter(|(_, other)| other != place) {
                let pair = names.get(*place).zip(names.get(*other));
                let pair = pair.filter(|(name, other)| name.may_be(**other));
                pairs.extend(pair.map(|(_, other)| (*place, *other)));
            }
        }
    }
    pairs
}
