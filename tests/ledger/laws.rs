//! Any split, order, doubling and merge tree gives what a naive full sort gives.

use std::collections::BTreeMap;

use avma::fleet::ledger::{Days, Entry, Intake, Ledger, Row, Sighting, Sign};
use avma::time::Timestamp;
use avma::{HostName, VmId};
use proptest::prelude::*;
use proptest::sample::Index;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A sighting that owns its host's name.
#[derive(Clone, Debug)]
struct Owned {
    at: Timestamp,
    vm: Option<VmId>,
    host: Option<String>,
    sign: Sign,
}

impl Owned {
    fn sighting(&self) -> Sighting<'_> {
        Sighting {
            at: self.at,
            vm: self.vm,
            host: self.host.as_deref().map(HostName),
            sign: self.sign,
        }
    }
}

/// One of what a ledger keeps, made another way: sightings sorted by key and time, then grouped.
type Naive = Vec<(
    Option<VmId>,
    String,
    Option<String>,
    &'static str,
    Vec<u8>,
    Timestamp,
    Timestamp,
)>;

/// Year, month and day by counting days from 1970 on.
fn date(day: i64) -> (i64, i64, u8) {
    let (mut year, mut left) = (1970, day);
    let leap = |year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    while left >= 365 + i64::from(leap(year)) {
        left -= 365 + i64::from(leap(year));
        year += 1;
    }
    let mut month = 1;
    loop {
        let days = match month {
            2 => 28 + i64::from(leap(year)),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if left < days {
            return (year, month, u8::try_from(left).unwrap() + 1);
        }
        left -= days;
        month += 1;
    }
}

fn naive(sightings: &[Owned]) -> Naive {
    let mut keyed: Vec<_> = sightings
        .iter()
        .map(|one| {
            let (year, month, day) = date(one.at.0.div_euclid(DAY));
            let host = one.host.as_ref().map(|host| host.to_lowercase());
            let month = format!("{year:04}-{month:02}");
            let sign = Sign::ALL.iter().position(|sign| *sign == one.sign).unwrap();
            ((one.vm, month, host, sign), one.at, day)
        })
        .collect();
    keyed.sort();
    let mut kept = Vec::new();
    for group in keyed.chunk_by(|(a, ..), (b, ..)| a == b) {
        let ((vm, month, host, sign), first, _) = group[0].clone();
        let mut days: Vec<u8> = group.iter().map(|(_, _, day)| *day).collect();
        days.dedup();
        let (_, last, _) = group[group.len() - 1];
        let sign = Sign::ALL[sign].as_str();
        kept.push((vm, month, host, sign, days, first, last));
    }
    kept
}

fn kept(ledger: &Ledger) -> Naive {
    let kept = |entry: Entry<'_>| {
        (
            entry.vm,
            entry.month.to_string(),
            entry.host.map(|host| host.0.to_owned()),
            entry.sign.as_str(),
            entry.days.iter().collect(),
            entry.first,
            entry.last,
        )
    };
    ledger.entries().map(kept).collect()
}

fn of(sightings: &[Owned]) -> Ledger {
    let mut ledger = Ledger::new();
    ledger
        .update(sightings.iter().map(Owned::sighting))
        .unwrap();
    ledger
}

fn times() -> impl Strategy<Value = Timestamp> {
    // Mostly near the ends of a few months, so that keys meet; also anywhere.
    let near = (0..4_i64, -2..=2_i64, 0..DAY).prop_map(|(month, day, ms)| {
        let first = [20_393, 20_423, 19_782, 10_987][usize::try_from(month).unwrap()];
        Timestamp((first + day) * DAY + ms)
    });
    let anywhere = (0..253_402_300_800_000_i64).prop_map(Timestamp);
    prop_oneof![8 => near, 1 => anywhere]
}

fn sighting() -> impl Strategy<Value = Owned> {
    const HOSTS: &[&str] = &["HV01", "hv01", "hv01.example.test", "Hv02", "BÜRO", "büro"];
    let host = prop::option::weighted(0.8, prop::sample::select(HOSTS));
    let vm = prop_oneof![
        8 => (0..4_u128).prop_map(VmId),
        1 => any::<u128>().prop_map(VmId),
        1 => (0..4_u128).prop_map(|upper| VmId(upper << 64)),
    ];
    (
        times(),
        vm,
        any::<bool>(),
        host,
        prop::sample::select(Sign::ALL),
    )
        .prop_map(|(at, vm, none, host, sign)| Owned {
            at,
            vm: (!(none && host.is_some() && sign.may_lack_vm())).then_some(vm),
            host: host.map(ToOwned::to_owned),
            sign,
        })
}

fn sightings() -> impl Strategy<Value = Vec<Owned>> {
    prop::collection::vec(sighting(), 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_ledger_is_the_naive_sort(sightings in sightings()) {
        prop_assert_eq!(kept(&of(&sightings)), naive(&sightings));
    }

    #[test]
    fn order_and_doubling_do_not_matter(
        sightings in sightings(),
        again in prop::collection::vec(any::<Index>(), 0..60),
        keys in prop::collection::vec(any::<u32>(), 180),
    ) {
        let mut all = sightings.clone();
        if !sightings.is_empty() {
            all.extend(again.iter().map(|index| index.get(&sightings).clone()));
        }
        let mut shuffled: Vec<_> = all.into_iter().zip(keys).collect();
        shuffled.sort_by_key(|(_, key)| *key);
        let shuffled: Vec<Owned> = shuffled.into_iter().map(|(one, _)| one).collect();
        prop_assert_eq!(of(&shuffled), of(&sightings));
    }

    #[test]
    fn any_merge_tree_is_the_whole(
        sightings in sightings(),
        parts in prop::collection::vec(0..6_usize, 120),
        merges in prop::collection::vec((any::<Index>(), any::<Index>()), 5),
    ) {
        let mut ledgers = vec![Ledger::new(); 6];
        for (one, part) in sightings.iter().zip(parts) {
            ledgers[part].update([one.sighting()]).unwrap();
        }
        // Commutative, associative: any two, in either order, until one is left.
        for (a, b) in merges {
            let one = ledgers.swap_remove(a.index(ledgers.len()));
            let place = b.index(ledgers.len());
            // Idempotent: once more changes nothing.
            ledgers[place].merge(&one);
            let once = ledgers[place].clone();
            ledgers[place].merge(&one);
            ledgers[place].merge(&once);
            prop_assert_eq!(&ledgers[place], &once);
        }
        let whole = of(&sightings);
        prop_assert_eq!(&ledgers[0], &whole);
        prop_assert_eq!(ledgers[0].encode(), whole.encode());
    }

    #[test]
    fn a_batch_is_its_rows(sightings in sightings(), size in 1..50_usize) {
        let with_vm: Vec<_> = sightings.into_iter().filter(|one| one.vm.is_some()).collect();
        let mut intake = Intake::new();
        for batch in with_vm.chunks(size) {
            let mut hosts: Vec<&str> = batch.iter().filter_map(|one| one.host.as_deref()).collect();
            hosts.sort_unstable();
            hosts.dedup();
            let place = |host: &String| hosts.iter().position(|name| name == host).unwrap();
            let rows: Vec<_> = batch.iter().map(|one| Row {
                vm: one.vm.unwrap(),
                at: one.at,
                host: one.host.as_ref().map_or(Row::NO_HOST, |host| place(host).try_into().unwrap()),
                sign: one.sign,
            }).collect();
            intake.batch(&hosts, &rows).unwrap();
        }
        prop_assert_eq!(intake.finish(), of(&with_vm));
    }

    #[test]
    fn bytes_come_back(sightings in sightings()) {
        let ledger = of(&sightings);
        let bytes = ledger.encode();
        let decoded = Ledger::decode(&bytes);
        prop_assert_eq!(decoded.as_ref(), Ok(&ledger));
        // What was read goes on.
        let mut intake = Intake::from(Ledger::decode(&bytes).unwrap());
        for one in &sightings {
            intake.push(&one.sighting()).unwrap();
        }
        prop_assert_eq!(intake.finish(), ledger);
    }

    #[test]
    fn queries_agree_with_the_entries(sightings in sightings()) {
        let ledger = of(&sightings);
        let entries: Vec<_> = ledger.entries().collect();
        prop_assert_eq!(entries.len(), ledger.len());
        let mut by_vm = BTreeMap::<Option<VmId>, Vec<Entry<'_>>>::new();
        for entry in &entries {
            by_vm.entry(entry.vm).or_default().push(*entry);
        }
        prop_assert!(ledger.vms().eq(by_vm.keys().flatten().copied()));
        for (vm, entries) in by_vm {
            let Some(vm) = vm else { continue };
            prop_assert_eq!(&ledger.of(vm).collect::<Vec<_>>(), &entries);
            let days: u32 = ledger.days(vm).iter().map(|_| 1).sum();
            let mut by_month = BTreeMap::<String, Days>::new();
            for entry in entries {
                let all = by_month.entry(entry.month.to_string()).or_default();
                *all = all.union(entry.days);
            }
            prop_assert_eq!(days, by_month.values().map(|days| days.len()).sum::<u32>());
        }
    }

    #[test]
    fn a_report_counts_each_vm_once(sightings in sightings()) {
        let ledger = of(&sightings);
        for month in ledger.months() {
            let report = ledger.month(month, &[], None);
            let entries = || ledger.entries().filter(|entry| entry.month == month);
            let mut vms: Vec<_> = entries().filter_map(|entry| entry.vm).collect();
            vms.dedup();
            let counted = report.started.all() + report.not_started.all();
            prop_assert_eq!(counted as usize, vms.len());
            let seen = report.activations;
            let seen = seen.avma_host + seen.avma_guest + seen.avma_claimed + seen.other
                + seen.not_activated_guest + seen.not_activated_claimed + seen.not_seen;
            prop_assert_eq!(seen as usize, vms.len());
            let mut hosts: Vec<_> = entries().filter_map(|entry| entry.host).map(|h| h.0).collect();
            hosts.sort_unstable();
            hosts.dedup();
            let reported: Vec<_> = report.hosts.iter().map(|host| host.host.0).collect();
            prop_assert_eq!(reported, hosts);
            for host in &report.hosts {
                let most = host.daily.peak().map_or(0, |peak| peak.vms.all());
                prop_assert!(most <= host.started.all());
                prop_assert_eq!(host.server_days.without(host.days), Days(0));
                prop_assert_eq!(host.ran_server() == Some(true), !host.server_days.is_empty());
            }
        }
    }
}

/// Enough to make the intake grow through all its sizes, in batches, against a map.
#[test]
fn a_million_rows_through_every_size() {
    let mut state = 1_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let names: Vec<String> = (0..50).map(|host| format!("Host{host}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut map = BTreeMap::<(u128, u32, bool), (u32, Timestamp, Timestamp)>::new();
    let mut intake = Intake::new();
    let mut rows = Vec::new();
    for _ in 0..1_000_000 {
        // Ids in a row, as a tool that numbers VMs makes them; the upper half is the same.
        let number = random();
        let vm = 0xa1a1_u128 << 112 | u128::from(number % 200_000);
        let (host, november) = (
            u32::try_from(number >> 40 & 3).unwrap(),
            number >> 50 & 1 == 0,
        );
        let day = i64::try_from(number >> 32 & 7).unwrap();
        let first = if november { 20_393 } else { 20_423 };
        let at = Timestamp((first + day) * DAY + i64::try_from(random() % 86_400_000).unwrap());
        rows.push(Row {
            vm: VmId(vm),
            at,
            host,
            sign: Sign::Running,
        });
        let seen = map.entry((vm, host, november)).or_insert((0, at, at));
        *seen = (seen.0 | 1 << day, seen.1.min(at), seen.2.max(at));
        if rows.len() == 1000 {
            intake.batch(&names, &rows).unwrap();
            rows.clear();
        }
    }
    let cells = map.len();
    let ledger = intake.clone().finish();
    assert_eq!(ledger.len(), cells);
    for entry in ledger.entries() {
        let host = entry.host.unwrap().0[4..].parse().unwrap();
        let key = (entry.vm.unwrap().0, host, entry.month.month == 11);
        assert_eq!(
            map.remove(&key),
            Some((entry.days.0, entry.first, entry.last))
        );
    }
    assert!(map.is_empty());
    assert!(cells > 500_000);
    assert_eq!(Ledger::decode(&ledger.encode()).as_ref(), Ok(&ledger));
    // Going on from a large ledger is going on.
    let mut again = Intake::from(ledger.clone());
    again.batch(&names, &[]).unwrap();
    assert_eq!(again.finish(), ledger);
}
