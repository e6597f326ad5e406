//! Who ran where and when, and what was seen of the activation: a history that merges.
//!
//! A [`Sighting`] says that at a time a sign was seen of a VM, on a host where that is known. A
//! [`Ledger`] keeps for each VM, host, month and [`Sign`] the days and the first and last time. So it
//! grows with VMs, hosts and months and never with sightings, and three laws hold by construction:
//! what is kept is joined by *or*, *first* and *last*.
//!
//! - Sightings may come in any order, doubled or late; the ledger is the same.
//! - Ledgers of parts [merge](Ledger::merge) to the ledger of the whole, in any order and grouping.
//! - Merging a ledger twice changes nothing.
//!
//! ```
//! use avma::fleet::ledger::{Ledger, Sighting, Sign};
//! use avma::{HostName, VmId};
//!
//! let seen = |at: &str, host: &'static str, sign| Sighting {
//!     at: at.parse().unwrap(),
//!     vm: Some(VmId(0xa1)),
//!     host: Some(HostName(host)),
//!     sign,
//! };
//! let mut monday = Ledger::new();
//! monday.update([seen("2025-11-24T01:00:00Z", "HV01", Sign::Running)])?;
//! let mut tuesday = Ledger::new();
//! tuesday.update([seen("2025-11-25T01:00:00Z", "hv01", Sign::Running)])?;
//!
//! let mut history = Ledger::decode(&tuesday.encode())?;
//! history.merge(&monday);
//! let entry = history.of(VmId(0xa1)).next().unwrap();
//! assert_eq!(entry.host, Some(HostName("HV01")));
//! assert_eq!(entry.days.to_string(), "24-25");
//! assert_eq!(entry.first.to_string(), "2025-11-24T01:00:00Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it does not know
//!
//! - Between two sightings nothing is inferred: a day without a sighting is a day on which nothing was
//!   seen.
//! - Days and months are those of UTC.
//! - Hosts are kept under the names that were said, in lower case. A short and a full name may be one
//!   host ([`HostName::may_be`]); that cannot be decided from names alone, so they stay two, and the
//!   [month's report](Ledger::month) says so.
//! - A guest does not say on which host it runs. What it says stands under no host.
//!
//! | from | by |
//! |---|---|
//! | single sightings | [`Ledger::update`] |
//! | batches, as engines hand them | [`Intake`] |
//! | an inventory | [`collected`] |
//! | to bytes and back | [`Ledger::encode`], [`Ledger::decode`]; serde with the feature `serde` |
//! | what is known | [`Ledger::entries`], [`Ledger::of`], [`Ledger::days`] |
//! | of a month, as hosters need it | [`Ledger::month`] |

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::fmt;

use crate::assess::Trust;
use crate::catalog::mask::Masked;
use crate::ids::{HostName, VmId};
use crate::time::{Month, Timestamp};
use cell::{Cell, InMonth};

mod bytes;
mod cell;
pub mod collected;
mod day;
mod error;
mod intake;
pub mod month;
mod names;
#[cfg(feature = "serde")]
mod serial;
mod sign;
mod table;

pub use bytes::DecodeError;
pub use day::{OnHost, VmDay};
pub use error::{BatchError, SightingError};
pub use intake::{Intake, Row};
pub use names::MAX_HOST_NAME;
pub use sign::{Days, Sign};

/// Something that was seen once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sighting<'a> {
    /// When; of an event the time at which it was logged.
    pub at: Timestamp,
    /// The VM. `None` for an event 12310 whose payload holds no VM's id: see
    /// [`Sign::may_lack_vm`].
    pub vm: Option<VmId>,
    /// The host, by the name that was said; `None` where it is not known.
    pub host: Option<HostName<'a>>,
    /// What was seen, by whom.
    pub sign: Sign,
}

impl fmt::Debug for Sighting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sighting")
            .field("at", &self.at)
            .field("vm", &self.vm)
            .field("host", &self.host.map(|host| Masked(host.0)))
            .field("sign", &self.sign)
            .finish()
    }
}

/// What a ledger knows of one VM on one host in one month by one sign.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The VM; `None` for events of a host that name none.
    pub vm: Option<VmId>,
    /// The month, in UTC.
    pub month: Month,
    /// The host, in lower case; `None` where it is not known.
    pub host: Option<HostName<'a>>,
    /// What was seen, by whom.
    pub sign: Sign,
    /// On which days, in UTC.
    pub days: Days,
    /// The first time in this month, to the millisecond.
    pub first: Timestamp,
    /// The last time in this month.
    pub last: Timestamp,
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("vm", &self.vm)
            .field("month", &format_args!("{}", self.month))
            .field("host", &self.host.map(|host| Masked(host.0)))
            .field("sign", &self.sign)
            .field("days", &format_args!("{}", self.days))
            .field("first", &self.first)
            .field("last", &self.last)
            .finish()
    }
}

/// The history: see the [module](self).
///
/// Two ledgers are equal where the same was seen, in whatever order.
///
/// # Size
///
/// 40 bytes for each VM, host, month and sign that was seen, of which there are at most 19 for each
/// VM, host and month, and each host's name once.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// In order, each once, every one used; a cell's number is the place from 1.
    names: Vec<String>,
    /// In the order of [`Cell::order`], each key once.
    cells: Vec<Cell>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries()).finish()
    }
}

impl Ledger {
    /// Nothing was seen yet.
    pub const fn new() -> Self {
        Self {
            names: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Takes sightings. It goes through the whole ledger once, so give many at a time; to take them
    /// as they come, use an [`Intake`].
    ///
    /// # Errors
    ///
    /// See [`SightingError`]. The sightings before the one that is refused were taken.
    pub fn update<'a>(
        &mut self,
        sightings: impl IntoIterator<Item = Sighting<'a>>,
    ) -> Result<(), SightingError> {
        let mut intake = Intake::from(core::mem::take(self));
        let mut sightings = sightings.into_iter();
        let taken = sightings.try_for_each(|sighting| intake.push(&sighting));
        *self = intake.finish();
        taken
    }

    /// Adds what another ledger knows.
    ///
    /// Commutative, associative and idempotent: the ledger of all sightings of both.
    pub fn merge(&mut self, other: &Self) {
        let (names, [mine, theirs]) = names::union(&self.names, &other.names);
        let mut a = self
            .cells
            .iter()
            .map(|cell| cell.renumbered(&mine))
            .peekable();
        let mut b = other
            .cells
            .iter()
            .map(|cell| cell.renumbered(&theirs))
            .peekable();
        let mut cells = Vec::with_capacity(self.cells.len().max(other.cells.len()));
        loop {
            let next = match (a.peek(), b.peek()) {
                (None, None) => break,
                (Some(_), None) => a.next(),
                (None, Some(_)) => b.next(),
                (Some(one), Some(other)) => match one.order(other) {
                    Ordering::Less => a.next(),
                    Ordering::Greater => b.next(),
                    Ordering::Equal => a.next().zip(b.next()).map(|(mut one, other)| {
                        one.merge(&other);
                        one
                    }),
                },
            };
            cells.extend(next);
        }
        self.names = names;
        self.cells = cells;
    }

    /// Whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// How many [`entries`](Self::entries) there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// The hosts' names, in order, in lower case.
    pub fn hosts(&self) -> impl Iterator<Item = HostName<'_>> {
        self.names.iter().map(|name| HostName(name))
    }

    /// Everything, in the order of VM (none first), month, host (unknown first) and sign.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.cells.iter().filter_map(|cell| self.entry(cell))
    }

    /// What is known of one VM, in the same order.
    pub fn of(&self, vm: VmId) -> impl Iterator<Item = Entry<'_>> {
        self.cells_of(vm).iter().filter_map(|cell| self.entry(cell))
    }

    /// The VMs, each once, in order.
    pub fn vms(&self) -> impl Iterator<Item = VmId> {
        let groups = self.cells.chunk_by(|a, b| a.vm() == b.vm());
        groups.filter_map(|group| group.first()?.vm())
    }

    /// The months in which anything was seen, in order.
    pub fn months(&self) -> Vec<Month> {
        let mut months: Vec<u32> = self.cells.iter().map(Cell::month).collect();
        months.sort_unstable();
        months.dedup();
        months.into_iter().map(InMonth::month).collect()
    }

    /// The first and the last time at which a VM was seen by signs of one trust.
    pub fn span(&self, vm: VmId, trust: Trust) -> Option<(Timestamp, Timestamp)> {
        let of_trust = self.of(vm).filter(|entry| entry.sign.trust() == trust);
        of_trust.fold(None, |span: Option<(Timestamp, Timestamp)>, entry| {
            let (first, last) = span.unwrap_or((entry.first, entry.last));
            Some((first.min(entry.first), last.max(entry.last)))
        })
    }

    fn cells_of(&self, vm: VmId) -> &[Cell] {
        let start = self.cells.partition_point(|cell| cell.vm() < Some(vm));
        let rest = self.cells.get(start..).unwrap_or_default();
        let end = rest.partition_point(|cell| cell.vm() == Some(vm));
        rest.get(..end).unwrap_or_default()
    }

    fn name(&self, host: u32) -> Option<&str> {
        let place = usize::try_from(host.checked_sub(1)?).ok()?;
        self.names.get(place).map(String::as_str)
    }

    /// Always there: no cell is kept with a sign that is none.
    fn entry(&self, cell: &Cell) -> Option<Entry<'_>> {
        Some(Entry {
            vm: cell.vm(),
            month: InMonth::month(cell.month()),
            host: self.name(cell.host).map(HostName),
            sign: Sign::of_code(cell.sign_code())?,
            days: Days(cell.days),
            first: InMonth::at(cell.month(), cell.first),
            last: InMonth::at(cell.month(), cell.last),
        })
    }
}
