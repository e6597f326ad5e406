//! Moves of VMs between hosts.

use alloc::vec::Vec;

use super::Moved;
use crate::assess::Trust;
use crate::fleet::ledger::Ledger;
use crate::fleet::ledger::cell::Cell;
use crate::fleet::ledger::sign::{Days, Sign};
use crate::ids::{HostName, VmId};

/// A host and when a VM was seen there by the host's own signs.
struct Stay {
    host: u32,
    days: Days,
    first: u32,
}

impl Ledger {
    /// Whether a VM was seen on several hosts, by the hosts' own signs, in the month of these cells.
    pub(super) fn moved(&self, vm: VmId, cells: &[Cell]) -> Option<Moved<'_>> {
        let mut stays = Vec::new();
        for cells in cells.chunk_by(|a, b| a.host == b.host) {
            let is_hosts_own = |cell: &&Cell| {
                let sign = Sign::of_code(cell.sign_code());
                cell.host != 0 && sign.is_some_and(|sign| sign.trust() == Trust::Host)
            };
            let mut stay: Option<Stay> = None;
            for cell in cells.iter().filter(is_hosts_own) {
                let stay = stay.get_or_insert(Stay {
                    host: cell.host,
                    days: Days::default(),
                    first: cell.first,
                });
                stay.days = stay.days.union(Days(cell.days));
                stay.first = stay.first.min(cell.first);
            }
            stays.extend(stay);
        }
        if stays.len() < 2 {
            return None;
        }
        let at_least = moves(&stays);
        stays.sort_by_key(|stay| (stay.first, stay.host));
        Some(Moved {
            vm,
            hosts: stays
                .iter()
                .filter_map(|stay| self.name(stay.host).map(HostName))
                .collect(),
            at_least,
        })
    }
}

/// The least number of moves.
///
/// On a day on which it was seen on `n` hosts it moved `n - 1` times, and once more where it cannot
/// have been on one of them the day before. It may end the day on any of them but, with several, on
/// the one where it began. A worse way to end a day costs one move and saves one at most, so the best
/// ways of each day are enough.
fn moves(stays: &[Stay]) -> u32 {
    let mut moves = 0;
    // Where it may be at the end of the last day; before the first day anywhere.
    let mut ends: Vec<bool> = alloc::vec![true; stays.len()];
    for day in 1..=31 {
        let here: Vec<bool> = stays.iter().map(|stay| stay.days.contains(day)).collect();
        let count: u32 = here.iter().map(|here| u32::from(*here)).sum();
        if count == 0 {
            continue;
        }
        let both = here.iter().zip(&ends).map(|(here, end)| *here && *end);
        let starts: Vec<bool> = both.collect();
        let ways = starts.iter().filter(|start| **start).count();
        moves += count - 1 + u32::from(ways == 0);
        // From two starts every end is open; the only start cannot be the end where there are others.
        ends = if count > 1 && ways == 1 {
            here.iter()
                .zip(&starts)
                .map(|(here, start)| *here && !start)
                .collect()
        } else {
            here
        };
    }
    moves
}
