//! Cells by their keys, in one flat hash table.

use alloc::vec::Vec;
use core::{hint, mem};

use super::cell::{Cell, InMonth};
use super::sign::Days;

/// A sighting as it waits to be folded. 32 bytes, two to a cache line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Waiting {
    pub(super) vm: [u64; 2],
    pub(super) host: u32,
    pub(super) what: u32,
    /// Since its month began.
    pub(super) ms: u32,
    pub(super) hash: u32,
}

const _: () = assert!(size_of::<Waiting>() == 32 && size_of::<Cell>() == 40);

/// A hash of a key. Any ids will do, numbered ones too: both halves are multiplied into 128 bits whose
/// halves are joined. It is no defence against ids that were chosen to collide.
pub(super) fn hash(vm: [u64; 2], host: u32, what: u32) -> u32 {
    let [upper, lower] = vm;
    let rest = u64::from(host) << 32 | u64::from(what);
    let id = mix(upper ^ 0x9e37_79b9_7f4a_7c15, lower ^ 0xd1b5_4a32_d192_ed03);
    (mix(id ^ rest, 0xaef1_7502_108e_f2d9) >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of 128 bits")]
fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product >> 64) as u64 ^ product as u64
}

/// Open addressing with linear probing. A cell without days is an empty place.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    cells: Vec<Cell>,
    used: usize,
}

impl Table {
    /// The places of a table that is not empty.
    const LEAST: usize = 16;

    /// So many cells of each five places may be used.
    const FULL: usize = 4;

    pub(super) const fn used(&self) -> usize {
        self.used
    }

    /// The bytes of all places.
    pub(super) fn bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>()
    }

    /// Joins sightings with the cells of their keys.
    pub(super) fn fold(&mut self, waiting: &[Waiting]) {
        // In order they come out of memory faster than one by one.
        let touched = self.cells.iter().fold(0, |all, cell| all ^ cell.hash);
        hint::black_box(touched);
        for one in waiting {
            self.join(&Cell {
                vm: one.vm,
                host: one.host,
                what: one.what,
                days: Days::one(InMonth::day(one.ms)).0,
                first: one.ms,
                last: one.ms,
                hash: one.hash,
            });
        }
    }

    /// Joins a cell with the one of its key.
    #[inline]
    pub(super) fn join(&mut self, cell: &Cell) {
        if (self.used + 1) * 5 > self.cells.len() * Self::FULL {
            self.grow();
        }
        let mut at = place(cell.hash, self.cells.len());
        loop {
            let Some(known) = self.cells.get_mut(at) else {
                // Behind the last place comes the first. There are some, and one of them is empty.
                at = 0;
                continue;
            };
            if known.days == 0 {
                *known = *cell;
                self.used += 1;
                return;
            }
            if known.hash == cell.hash
                && known.vm == cell.vm
                && known.host == cell.host
                && known.what == cell.what
            {
                known.merge(cell);
                return;
            }
            at += 1;
        }
    }

    /// With room for so many cells.
    pub(super) fn for_cells(cells: usize) -> Self {
        let places = (cells + cells / Self::FULL + 1).max(Self::LEAST);
        Self {
            cells: alloc::vec![Cell::EMPTY; places],
            used: 0,
        }
    }

    /// Twice as many places.
    #[cold]
    fn grow(&mut self) {
        let places = (self.cells.len() * 2).max(Self::LEAST);
        let cells = mem::replace(&mut self.cells, alloc::vec![Cell::EMPTY; places]);
        self.used = 0;
        for cell in cells.iter().filter(|cell| cell.days != 0) {
            self.join(cell);
        }
    }

    pub(super) fn into_cells(self) -> impl Iterator<Item = Cell> {
        self.cells.into_iter().filter(|cell| cell.days != 0)
    }
}

/// The place of a hash among so many, by its lower 22 bits: the upper ones told the partition.
fn place(hash: u32, places: usize) -> usize {
    let fraction = u64::from(hash << 10);
    usize::try_from((fraction * places as u64) >> 32).unwrap_or_default()
}
