//! What an intake holds: it grows with cells, within what its documentation says, and not with
//! sightings.
#![cfg(feature = "fleet")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use avma::VmId;
use avma::fleet::ledger::{Intake, Row, Sign};
use avma::time::Timestamp;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call goes on to the system's allocator unchanged; counting touches no memory of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(now, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const WAITING: usize = 32;
const CELL: usize = 100;
/// What else there is: lists of tables and counts, this test's rows.
const REST: usize = 1 << 20;

/// Rows of so many VMs, each once.
fn rows(vms: u64, round: u64) -> impl Iterator<Item = Row> {
    (0..vms).map(move |number| {
        let vm = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Row {
            vm: VmId(u128::from(vm)),
            at: Timestamp(1_763_942_400_000 + i64::try_from(round).unwrap()),
            host: 0,
            sign: Sign::Running,
        }
    })
}

fn take(intake: &mut Intake, vms: u64, round: u64) {
    let mut rows = rows(vms, round).peekable();
    let mut batch = Vec::with_capacity(8192);
    while rows.peek().is_some() {
        batch.clear();
        batch.extend(rows.by_ref().take(8192));
        intake.batch(&["HV01"], &batch).unwrap();
    }
}

#[test]
fn memory_grows_with_cells_and_not_with_sightings() {
    let before = NOW.load(Ordering::Relaxed);
    let held = || NOW.load(Ordering::Relaxed) - before;
    let mut intake = Intake::new();
    assert_eq!(intake.allocated(), 0);

    // A few cells, and many sightings of them.
    for round in 0..100 {
        take(&mut intake, 1000, round);
    }
    let few = intake.allocated();
    assert!(few <= 1000 * CELL + 256 * WAITING, "{few}");
    assert!(held() <= few + REST);

    // A million cells, in the largest number of partitions.
    let cells = 1_000_003_u64;
    MOST.store(NOW.load(Ordering::Relaxed), Ordering::Relaxed);
    for round in 0..5 {
        take(&mut intake, cells, round);
    }
    let bound = usize::try_from(cells).unwrap() * CELL + Intake::MAX_WAITING * WAITING;
    let many = intake.allocated();
    let most = MOST.load(Ordering::Relaxed) - before;
    assert!(many > Intake::MAX_WAITING * WAITING, "{many}");
    assert!(most <= bound + REST, "{most} of {bound}");

    // Again and again: nothing more.
    MOST.store(NOW.load(Ordering::Relaxed), Ordering::Relaxed);
    for round in 5..15 {
        take(&mut intake, cells, round);
    }
    assert_eq!(intake.allocated(), many);
    let more = MOST.load(Ordering::Relaxed) - before;
    assert!(more <= most, "{more} after {most}");

    // Finishing adds a list of all cells, while the tables go.
    MOST.store(NOW.load(Ordering::Relaxed), Ordering::Relaxed);
    let ledger = intake.finish();
    assert_eq!(ledger.len() as u64, cells);
    let most = MOST.load(Ordering::Relaxed) - before;
    assert!(most <= bound + ledger.len() * 40 + REST, "{most}");
    assert!(held() <= ledger.len() * 40 + REST);
    // Nothing that waited was lost: each has its first time and its last.
    let first = Timestamp(1_763_942_400_000);
    assert!(ledger.entries().all(|entry| entry.first == first));
    let of_round = |round: i64| {
        let last = Timestamp(first.0 + round);
        ledger.entries().filter(|entry| entry.last == last).count() as u64
    };
    assert_eq!((of_round(99), of_round(14)), (1000, cells - 1000));
}
