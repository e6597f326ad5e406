//! Sightings in random order into cells (VM, host, month): the ledger's intake beside a fold into a
//! `BTreeMap` and into a `HashMap`, and what making up the events costs alone.
//!
//! By default small. In full, with 10^8 events into 4 million cells:
//!
//! ```text
//! AVMA_LEDGER_EVENTS=100000000 AVMA_LEDGER_CELLS=4000000 AVMA_LEDGER_CPU=1 DIVAN_SAMPLE_COUNT=1 \
//!     cargo bench --bench ledger
//! ```

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use avma::VmId;
use avma::fleet::ledger::{Intake, Row, Sign};
use avma::time::{Month, Timestamp};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

static EVENTS: LazyLock<u64> = LazyLock::new(|| from_environment("AVMA_LEDGER_EVENTS", 100_000));
static CELLS: LazyLock<u64> = LazyLock::new(|| from_environment("AVMA_LEDGER_CELLS", 4_000));

const HOSTS: u64 = 1000;
const BATCH: usize = 8192;
const DAY: i64 = 24 * 60 * 60 * 1000;
/// 2025-11-01.
const FIRST: i64 = 20_393;
/// November and December.
const DAYS: [u64; 2] = [30, 31];

/// A cheap mixer (splitmix64).
fn mix(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

/// `number * below / 2^32`, of the upper half of a random number.
fn below(random: u64, below: u64) -> u64 {
    ((random >> 32) * below) >> 32
}

/// The event of this number. Of four cells of one VM two are on one host and two on another, in two
/// months each.
fn event(number: u64, cells: u64) -> Row {
    let random = mix(number);
    let cell = below(random, cells);
    let (vm, host, month) = (cell >> 2, cell >> 1 & 1, cell & 1);
    let id = mix(vm);
    let day = below(mix(random), DAYS[usize::try_from(month).unwrap()]);
    let day = i64::try_from(day + 30 * month).unwrap();
    let ms = i64::try_from(random & 0x3ff_ffff).unwrap();
    Row {
        vm: VmId(u128::from(id) << 64 | u128::from(id.wrapping_mul(0xd6e8_feb8_6659_fd93))),
        at: Timestamp((FIRST + day) * DAY + ms),
        host: u32::try_from((id + host) % HOSTS).unwrap(),
        sign: Sign::Running,
    }
}

/// All events, batch by batch.
fn batches(mut each: impl FnMut(&[Row])) {
    let (events, cells) = (*EVENTS, *CELLS);
    let mut rows = Vec::with_capacity(BATCH);
    let mut next = 0;
    while next < events {
        rows.clear();
        let end = events.min(next + BATCH as u64);
        rows.extend((next..end).map(|number| event(number, cells)));
        next = end;
        each(&rows);
    }
}

/// The time that this thread has been on a processor, where Linux tells it: other work on the machine
/// does not count.
fn on_processor() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// Runs one side; with `AVMA_LEDGER_CPU` it says how long it was on a processor.
fn timed<T>(bencher: Bencher<'_, '_>, name: &str, work: impl Fn() -> T + Sync) {
    let tell = std::env::var_os("AVMA_LEDGER_CPU").is_some();
    bencher.counter(ItemsCount::new(*EVENTS)).bench(|| {
        let start = on_processor();
        let result = work();
        if let (true, Some(start), Some(end)) = (tell, start, on_processor()) {
            eprintln!("{name}: {:.2} s on the processor", end - start);
        }
        result
    });
}

/// What both maps fold into: the same as the ledger keeps.
struct Seen {
    days: u32,
    first: Timestamp,
    last: Timestamp,
}

/// VM, host, month, sign.
type Key = (VmId, u32, Month, u8);

/// Month and day of the month by a table, so that the maps are not held up by the calendar.
static CALENDAR: LazyLock<Vec<(Month, u32)>> = LazyLock::new(|| {
    let days = (0..i64::try_from(DAYS.iter().sum::<u64>()).unwrap()).map(|day| {
        let day = avma::time::Day(FIRST + day);
        (day.month(), u32::from(day.of_month()) - 1)
    });
    days.collect()
});

/// The key of a row, and its day as a bit.
fn key(row: &Row) -> (Key, u32) {
    let day = usize::try_from(row.at.0 / DAY - FIRST).unwrap();
    let (month, day) = CALENDAR[day];
    ((row.vm, row.host, month, row.sign as u8), 1 << day)
}

fn join(seen: &mut Seen, day: u32, at: Timestamp) {
    seen.days |= day;
    seen.first = seen.first.min(at);
    seen.last = seen.last.max(at);
}

fn fresh(days: u32, at: Timestamp) -> Seen {
    Seen {
        days,
        first: at,
        last: at,
    }
}

/// What the other figures hold of making up the events.
#[divan::bench]
fn events_alone(bencher: Bencher<'_, '_>) {
    timed(bencher, "events_alone", || {
        batches(|rows| {
            black_box(rows);
        });
    });
}

/// To the finished ledger.
#[divan::bench]
fn intake(bencher: Bencher<'_, '_>) {
    let names: Vec<String> = (0..HOSTS).map(|host| format!("hv{host:04}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    timed(bencher, "intake", || {
        let mut intake = Intake::new();
        batches(|rows| intake.batch(&names, rows).unwrap());
        let ledger = intake.finish();
        assert!(ledger.len() as u64 <= *CELLS);
        ledger.len()
    });
}

#[divan::bench]
fn hash_map(bencher: Bencher<'_, '_>) {
    timed(bencher, "hash_map", || {
        let mut map = HashMap::<Key, Seen>::new();
        batches(|rows| {
            for row in rows {
                let (key, day) = key(row);
                map.entry(key)
                    .and_modify(|seen| join(seen, day, row.at))
                    .or_insert_with(|| fresh(day, row.at));
            }
        });
        map.len()
    });
}

#[divan::bench]
fn btree_map(bencher: Bencher<'_, '_>) {
    timed(bencher, "btree_map", || {
        let mut map = BTreeMap::<Key, Seen>::new();
        batches(|rows| {
            for row in rows {
                let (key, day) = key(row);
                map.entry(key)
                    .and_modify(|seen| join(seen, day, row.at))
                    .or_insert_with(|| fresh(day, row.at));
            }
        });
        map.len()
    });
}
