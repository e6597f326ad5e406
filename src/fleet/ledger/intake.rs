//! Sightings by the million into a ledger.
//!
//! The whole state does not fit the caches, and a sighting in random order would wait for memory. So
//! sightings wait in partitions by a hash of their keys until there are enough of one partition, and
//! are folded into its cells in one go. The cells of a partition fit the cache of a core.

use alloc::vec::Vec;
use core::{fmt, mem};

use super::cell::{Cell, InMonth, halves};
use super::error::{BatchError, SightingError};
use super::names::Names;
use super::sign::Sign;
use super::table::{self, Table, Waiting};
use super::{Ledger, Sighting};
use crate::ids::VmId;
use crate::time::Timestamp;

/// A sighting of a VM within a batch, whose host is one of the names that come with it. 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The VM.
    pub vm: VmId,
    /// When.
    pub at: Timestamp,
    /// The host, by its place among the names of the batch, from 0; [`NO_HOST`](Self::NO_HOST) where
    /// it is not known.
    pub host: u32,
    /// What was seen, by whom.
    pub sign: Sign,
}

impl Row {
    /// Instead of a host that is not known.
    pub const NO_HOST: u32 = u32::MAX;
}

/// Takes sightings by the million, as they come, and gives a [`Ledger`].
///
/// It is what engines call an accumulator: new, update, encode its state, merge the states.
///
/// ```
/// use avma::VmId;
/// use avma::fleet::ledger::{Intake, Ledger, Row, Sign};
///
/// # let row = |vm, at: &str, host| Row { vm: VmId(vm), at: at.parse().unwrap(), host, sign: Sign::Running };
/// # let rows = [row(7, "2025-11-24T01:00:00Z", 0), row(7, "2025-11-25T01:00:00Z", 1), row(5, "2025-11-25T01:00:00Z", 0)];
/// let hosts = ["HV01", "HV02"];
/// let state = |shard: &[Row]| {
///     let mut intake = Intake::new();
///     for batch in shard.chunks(8192) {
///         intake.batch(&hosts, batch)?;
///     }
///     Ok(intake.finish().encode())
/// };
/// let shards = rows.chunks(2).map(state);
/// let states: Vec<Vec<u8>> = shards.collect::<Result<_, avma::fleet::ledger::BatchError>>()?;
/// let mut whole = Ledger::new();
/// for state in states {
///     whole.merge(&Ledger::decode(&state)?);
/// }
/// assert_eq!(whole.len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Memory
///
/// It grows with cells ([entries](Ledger::entries)) and never with sightings: 100 bytes for each cell,
/// as long as their ids are not chosen to collide, and room for the sightings that wait to be folded,
/// 32 bytes each and [`MAX_WAITING`](Self::MAX_WAITING) at most. See [`allocated`](Self::allocated).
/// While it [finishes](Self::finish), 40 bytes more for each cell.
#[derive(Clone)]
pub struct Intake {
    names: Names,
    /// One for each value of the upper [`bits`](Self::bits) of a hash.
    tables: Vec<Table>,
    bits: u32,
    /// Room for [`room`](Self::room) of each partition, one partition after the other. Empty before
    /// the first sighting.
    waiting: Vec<Waiting>,
    /// How many wait in each partition, fewer than there is room for.
    counts: Vec<usize>,
    /// Cells in all tables.
    used: usize,
    /// The numbers of the last batch's names.
    numbers: Vec<u32>,
}

impl fmt::Debug for Intake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intake")
            .field("hosts", &self.names.len())
            .field("cells", &self.used)
            .field("waiting", &self.counts.iter().sum::<usize>())
            .finish_non_exhaustive()
    }
}

impl Default for Intake {
    fn default() -> Self {
        Self::of(Names::default(), 0)
    }
}

impl From<Ledger> for Intake {
    /// Goes on where a ledger ended.
    fn from(ledger: Ledger) -> Self {
        let mut intake = Self::of(Names::of_sorted(ledger.names), ledger.cells.len());
        for mut cell in ledger.cells {
            cell.hash = table::hash(cell.vm, cell.host, cell.what);
            let partition = intake.partition(cell.hash);
            if let Some(table) = intake.tables.get_mut(partition) {
                table.join(&cell);
            }
        }
        intake.used = intake.tables.iter().map(Table::used).sum();
        intake
    }
}

impl Intake {
    /// How many sightings wait at most to be folded: 4,260,864, in 136 MB. Fewer while there are few
    /// cells.
    pub const MAX_WAITING: usize = Self::ROOM << Self::MAX_BITS;

    /// There are at most so many partitions, as a power of two: sightings are written to so many
    /// places in turn, and the caches and page tables of a core keep no more.
    const MAX_BITS: u32 = 9;

    /// By so many bits they grow.
    const STEP: u32 = 3;

    /// So many wait in a partition: about as many as it has cells, so that each cell is fetched about
    /// once for each of them. They fill an odd number of pages and one cache line more, because
    /// partitions that are a power of two apart would share few places of caches and page tables.
    const ROOM: usize = 65 * 4096 / size_of::<Waiting>() + 2;

    /// So many wait where there is only one partition.
    const SMALL_ROOM: usize = 256;

    /// A partition is to have no more cells than this, which fit the second cache of a core.
    const CELLS: usize = 8192;

    /// Nothing was seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// For so many cells.
    fn of(names: Names, cells: usize) -> Self {
        let mut bits = 0;
        while bits < Self::MAX_BITS && cells > Self::CELLS << bits {
            bits += Self::STEP;
        }
        Self {
            names,
            tables: alloc::vec![Table::default(); 1 << bits],
            bits,
            waiting: Vec::new(),
            counts: Vec::new(),
            used: 0,
            numbers: Vec::new(),
        }
    }

    /// The bytes that it has allocated for cells and sightings that wait; names of hosts come to it.
    pub fn allocated(&self) -> usize {
        let tables: usize = self.tables.iter().map(Table::bytes).sum();
        tables + self.waiting.capacity() * size_of::<Waiting>()
    }

    /// Takes a sighting.
    ///
    /// # Errors
    ///
    /// See [`SightingError`].
    pub fn push(&mut self, sighting: &Sighting<'_>) -> Result<(), SightingError> {
        let Sighting { at, vm, host, sign } = *sighting;
        if vm.is_none() && !sign.may_lack_vm() {
            return Err(SightingError::NoVm { sign });
        }
        if vm.is_none() && host.is_none() {
            return Err(SightingError::NoVmAndNoHost);
        }
        let time = InMonth::of(at)?;
        let host = host.map_or(Ok(0), |host| self.names.number(host.0, 0))?;
        let what = Cell::what(time.month, vm.is_some(), sign);
        self.take(vm.map_or([0; 2], halves), host, what, time.ms);
        Ok(())
    }

    /// Takes a batch of rows with the names of their hosts, as a column with a dictionary has them.
    ///
    /// # Errors
    ///
    /// See [`BatchError`]: a name is refused before any row is taken, a row after those before it
    /// were.
    pub fn batch(&mut self, hosts: &[&str], rows: &[Row]) -> Result<(), BatchError> {
        let mut numbers = mem::take(&mut self.numbers);
        numbers.resize(hosts.len(), 0);
        let mut of_names = numbers.iter_mut().zip(hosts).enumerate();
        let named = of_names.try_for_each(|(index, (number, name))| {
            let found = self.names.number(name, *number);
            *number = found.map_err(|error| BatchError::Name { index, error })?;
            Ok(())
        });
        let taken = named.and_then(|()| self.rows(&numbers, rows));
        self.numbers = numbers;
        taken
    }

    fn rows(&mut self, numbers: &[u32], rows: &[Row]) -> Result<(), BatchError> {
        for (index, row) in rows.iter().enumerate() {
            let error = |error| BatchError::Row { index, error };
            let time = InMonth::of(row.at).map_err(error)?;
            let host = if row.host == Row::NO_HOST {
                0
            } else {
                let place = usize::try_from(row.host).ok();
                let number = place.and_then(|place| numbers.get(place).copied());
                let (got, names) = (row.host, numbers.len());
                number.ok_or(error(SightingError::HostIndex { got, names }))?
            };
            let what = Cell::what(time.month, true, row.sign);
            self.take(halves(row.vm), host, what, time.ms);
        }
        Ok(())
    }

    #[inline]
    fn take(&mut self, vm: [u64; 2], host: u32, what: u32, ms: u32) {
        let hash = table::hash(vm, host, what);
        let one = Waiting {
            vm,
            host,
            what,
            ms,
            hash,
        };
        let (partition, room) = (self.partition(hash), self.room());
        if self.counts.is_empty() {
            self.make_room();
        }
        let Some(count) = self.counts.get_mut(partition) else {
            return;
        };
        if let Some(place) = self.waiting.get_mut(partition * room + *count) {
            *place = one;
            *count += 1;
        }
        if *count == room {
            self.fold(partition);
            if self.bits < Self::MAX_BITS && self.used > Self::CELLS << self.bits {
                self.split();
            }
        }
    }

    const fn room(&self) -> usize {
        if self.bits == 0 {
            Self::SMALL_ROOM
        } else {
            Self::ROOM
        }
    }

    fn partition(&self, hash: u32) -> usize {
        usize::try_from(u64::from(hash) << self.bits >> 32).unwrap_or_default()
    }

    #[cold]
    fn make_room(&mut self) {
        self.counts = alloc::vec![0; self.tables.len()];
        self.waiting = alloc::vec![Waiting::default(); self.tables.len() * self.room()];
    }

    /// Folds what waits in a partition.
    fn fold(&mut self, partition: usize) {
        let start = partition * self.room();
        let parts = (
            self.counts.get_mut(partition).map(mem::take),
            self.tables.get_mut(partition),
        );
        if let (Some(count), Some(table)) = parts {
            let before = table.used();
            table.fold(self.waiting.get(start..start + count).unwrap_or_default());
            self.used += table.used() - before;
        }
    }

    fn fold_all(&mut self) {
        for partition in 0..self.counts.len() {
            self.fold(partition);
        }
        self.counts = Vec::new();
        self.waiting = Vec::new();
    }

    /// Eight times as many partitions, with room to grow in each.
    #[cold]
    fn split(&mut self) {
        self.fold_all();
        self.bits += Self::STEP;
        let tables = mem::take(&mut self.tables);
        for table in tables {
            let room = table.used() >> (Self::STEP - 1);
            let parts = (0..1 << Self::STEP).map(|_| Table::for_cells(room));
            let mut parts: Vec<Table> = parts.collect();
            for cell in table.into_cells() {
                let part = self.partition(cell.hash) & ((1 << Self::STEP) - 1);
                if let Some(part) = parts.get_mut(part) {
                    part.join(&cell);
                }
            }
            self.tables.append(&mut parts);
        }
    }

    /// The ledger of everything that was taken.
    pub fn finish(mut self) -> Ledger {
        self.fold_all();
        let mut used = alloc::vec![false; self.names.len() + 1];
        let mut cells = Vec::with_capacity(self.used);
        for table in self.tables {
            for cell in table.into_cells() {
                let host = usize::try_from(cell.host).ok();
                if let Some(used) = host.and_then(|host| used.get_mut(host)) {
                    *used = true;
                }
                cells.push(cell);
            }
        }
        let (names, ranks) = self.names.ranked(&used);
        for cell in &mut cells {
            *cell = cell.renumbered(&ranks);
        }
        cells.sort_unstable_by(Cell::order);
        Ledger { names, cells }
    }
}
