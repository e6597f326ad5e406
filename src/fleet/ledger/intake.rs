//! Sightings by the million into a ledger.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::cell::{Cell, InMonth};
use super::error::{BatchError, SightingError};
use super::names::Names;
use super::sign::Sign;
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
/// It is what engines call an accumulator: update, state (the ledger's bytes), merge.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    names: Names,
    cells: BTreeMap<([u64; 2], u32, u32), Cell>,
}

impl From<Ledger> for Intake {
    /// Goes on where a ledger ended.
    fn from(ledger: Ledger) -> Self {
        let mut intake = Self {
            names: Names::of_sorted(ledger.names),
            cells: BTreeMap::new(),
        };
        for cell in ledger.cells {
            intake.take(cell);
        }
        intake
    }
}

impl Intake {
    /// Nothing was seen yet.
    pub fn new() -> Self {
        Self::default()
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
        let host = host.map_or(Ok(0), |host| self.names.number(host.0))?;
        self.take(Cell::seen(vm, host, time, sign));
        Ok(())
    }

    /// Takes a batch of rows with the names of their hosts, as a column with a dictionary has them.
    ///
    /// # Errors
    ///
    /// See [`BatchError`]: a name is refused before any row is taken, a row after those before it
    /// were.
    pub fn batch(&mut self, hosts: &[&str], rows: &[Row]) -> Result<(), BatchError> {
        let mut numbers = Vec::with_capacity(hosts.len());
        for (index, name) in hosts.iter().enumerate() {
            let number = self.names.number(name);
            numbers.push(number.map_err(|error| BatchError::Name { index, error })?);
        }
        for (index, row) in rows.iter().enumerate() {
            let error = |error| BatchError::Row { index, error };
            let time = InMonth::of(row.at).map_err(error)?;
            let host = if row.host == Row::NO_HOST {
                0
            } else {
                let place = usize::try_from(row.host).ok();
                let number = place.and_then(|place| numbers.get(place).copied());
                let names = numbers.len();
                let got = row.host;
                number.ok_or(error(SightingError::HostIndex { got, names }))?
            };
            self.take(Cell::seen(Some(row.vm), host, time, row.sign));
        }
        Ok(())
    }

    /// The ledger of everything that was taken.
    pub fn finish(self) -> Ledger {
        let mut cells: Vec<Cell> = self.cells.into_values().collect();
        let mut used = alloc::vec![false; self.names.len() + 1];
        for cell in &cells {
            if let Some(used) = usize::try_from(cell.host)
                .ok()
                .and_then(|host| used.get_mut(host))
            {
                *used = true;
            }
        }
        let (names, ranks) = self.names.ranked(&used);
        for cell in &mut cells {
            *cell = cell.renumbered(&ranks);
        }
        cells.sort_unstable_by(Cell::order);
        Ledger { names, cells }
    }

    fn take(&mut self, cell: Cell) {
        self.cells
            .entry((cell.vm, cell.host, cell.what))
            .and_modify(|known| known.merge(&cell))
            .or_insert(cell);
    }
}
