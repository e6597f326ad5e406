//! The law of partial facts: what `verdicts` says is exactly the set of verdicts of all complete
//! cases. Exhaustive over every combination of known and unknown facts, by proptest over other sets.

mod reference;

use avma::assess::{
    AzureLocalHost, AzureStackHubHost, FactName, Guest, Host, HostEdition, HostFamily, Verdict,
    WindowsServerHost, assess, next_fact, verdicts,
};
use avma::catalog::hosts::AzureLocalLicense;
use avma::{Answer, AnyRelease, Fact, HostLicense, Possibility, Product, YesNo};
use proptest::prelude::*;
use reference::{Case, Does, PLAIN, Sets, fact};

/// Every value of a domain, then "unknown".
fn known_or_unknown<T: Possibility>() -> Vec<Fact<T>> {
    T::ALL
        .iter()
        .map(|element| Fact::known(*element))
        .chain([Fact::unknown()])
        .collect()
}

/// A table over axes of known-or-unknown facts: the last place of an axis is "unknown".
struct Folded {
    verdicts: Vec<u8>,
    /// The number of values of each axis, without "unknown".
    sizes: Vec<usize>,
}

impl Folded {
    fn stride(&self, axis: usize) -> usize {
        self.sizes[axis + 1..].iter().map(|size| size + 1).product()
    }

    /// Fills the complete places by `verdict`, then folds by OR along each axis.
    fn new(sizes: &[usize], mut verdict: impl FnMut(&[usize]) -> u8) -> Self {
        let len = sizes.iter().map(|size| size + 1).product();
        let mut table = Self {
            verdicts: vec![0; len],
            sizes: sizes.to_vec(),
        };
        let mut places = vec![0; sizes.len()];
        'all: loop {
            let index: usize = (0..sizes.len())
                .map(|axis| places[axis] * table.stride(axis))
                .sum();
            table.verdicts[index] = verdict(&places);
            for axis in (0..sizes.len()).rev() {
                places[axis] += 1;
                if places[axis] < sizes[axis] {
                    continue 'all;
                }
                places[axis] = 0;
            }
            break;
        }
        for (axis, size) in sizes.iter().enumerate() {
            let stride = table.stride(axis);
            let block = stride * (size + 1);
            for start in (0..len).step_by(block) {
                for inner in 0..stride {
                    let folded = (0..*size)
                        .map(|value| table.verdicts[start + value * stride + inner])
                        .fold(0, |all, one| all | one);
                    table.verdicts[start + size * stride + inner] = folded;
                }
            }
        }
        table
    }
}

fn bit(verdict: Verdict) -> u8 {
    1 << verdict.index()
}

fn set(host: &Host, guest: &Guest) -> u8 {
    verdicts(host, guest)
        .iter()
        .fold(0, |bits, verdict| bits | bit(verdict))
}

/// The 27 combinations of the guest's three yes-or-no facts, known or unknown.
fn guest_switches() -> Vec<[YesNo; 3]> {
    let all = known_or_unknown::<Answer>();
    let mut switches = Vec::new();
    for evaluation in &all {
        for exchange in &all {
            for service in &all {
                switches.push([*evaluation, *exchange, *service]);
            }
        }
    }
    switches
}

/// The complete cases that the three facts leave open.
fn open_switches(switches: [YesNo; 3]) -> Vec<[bool; 3]> {
    let bools = |fact: YesNo| fact.iter().map(|a| a == Answer::Yes).collect::<Vec<_>>();
    let mut open = Vec::new();
    for evaluation in bools(switches[0]) {
        for exchange in bools(switches[1]) {
            for service in bools(switches[2]) {
                open.push([evaluation, exchange, service]);
            }
        }
    }
    open
}

fn guest_of(release: Fact<AnyRelease>, product: Fact<Product>, switches: [YesNo; 3]) -> Guest {
    let mut guest = Guest::new(release, product);
    [guest.evaluation, guest.data_exchange, guest.guest_service] = switches;
    guest
}

/// One slice of the exhaustive comparison: fixed guest switches, everything else known or unknown.
fn compare(
    switches: [YesNo; 3],
    host_sizes: &[usize],
    case: &(dyn Fn(&[usize]) -> Case + Sync),
    host: &(dyn Fn(&[usize]) -> Host + Sync),
) -> u64 {
    let (releases, products) = (
        known_or_unknown::<AnyRelease>(),
        known_or_unknown::<Product>(),
    );
    let mut sizes = vec![releases.len() - 1, products.len() - 1];
    sizes.extend_from_slice(host_sizes);
    let open = open_switches(switches);
    let table = Folded::new(&sizes, |places| {
        let mut case = case(&places[2..]);
        case.guest_release = AnyRelease::ALL[places[0]];
        case.guest_product = Product::ALL[places[1]];
        open.iter()
            .fold(0, |bits, [evaluation, exchange, service]| {
                case.guest_evaluation = *evaluation;
                case.data_exchange = *exchange;
                case.guest_service = *service;
                bits | bit(case.verdict())
            })
    });
    let mut guests = Vec::new();
    for release in &releases {
        for product in &products {
            guests.push(guest_of(*release, *product, switches));
        }
    }
    let of_host = table.stride(1);
    let mut places = vec![0; host_sizes.len()];
    for of in 0..of_host {
        let mut rest = of;
        for axis in (0..host_sizes.len()).rev() {
            places[axis] = rest % (host_sizes[axis] + 1);
            rest /= host_sizes[axis] + 1;
        }
        let host = host(&places);
        for (place, guest) in guests.iter().enumerate() {
            let expected = table.verdicts[place * of_host + of];
            assert_eq!(set(&host, guest), expected, "{host:?} {guest:?}");
        }
    }
    (of_host * guests.len()) as u64
}

/// Runs every slice, on as many threads as there are cores, and counts the comparisons.
fn compare_all(
    host_sizes: &[usize],
    case: impl Fn(&[usize]) -> Case + Sync,
    host: impl Fn(&[usize]) -> Host + Sync,
) -> u64 {
    let slices = guest_switches();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let total = std::sync::atomic::AtomicU64::new(0);
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(4));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let slice = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(switches) = slices.get(slice) else {
                        break;
                    };
                    let count = compare(*switches, host_sizes, &case, &host);
                    total.fetch_add(count, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
    });
    total.into_inner()
}

const fn yes(place: usize) -> bool {
    place == 1
}

#[test]
fn windows_server_hosts_every_combination_of_known_and_unknown() {
    let releases = known_or_unknown::<AnyRelease>();
    let editions = known_or_unknown::<HostEdition>();
    let licenses = known_or_unknown::<HostLicense>();
    let answers = known_or_unknown::<Answer>();
    let sizes = [
        releases.len() - 1,
        editions.len() - 1,
        licenses.len() - 1,
        2,
        2,
        2,
        2,
    ];
    let count = compare_all(
        &sizes,
        |places| Case {
            family: HostFamily::WindowsServer,
            host_release: AnyRelease::ALL[places[0]],
            host_edition: HostEdition::ALL[places[1]],
            host_license: HostLicense::ALL[places[2]],
            host_evaluation: yes(places[3]),
            hyper_v_role: yes(places[4]),
            nested: yes(places[5]),
            pay_as_you_go: yes(places[6]),
            ..PLAIN
        },
        |places| {
            let mut host = WindowsServerHost::default();
            host.release = releases[places[0]];
            host.edition = editions[places[1]];
            host.license = licenses[places[2]];
            host.evaluation = answers[places[3]];
            host.hyper_v_role = answers[places[4]];
            host.nested = answers[places[5]];
            host.pay_as_you_go = answers[places[6]];
            host.into()
        },
    );
    // 19 x 22 guests, 27 guest switches, 19 x 6 x 5 x 81 hosts.
    assert_eq!(count, 19 * 22 * 27 * 19 * 6 * 5 * 81);
}

#[test]
fn azure_local_hosts_every_combination_of_known_and_unknown() {
    let licenses = known_or_unknown::<AzureLocalLicense>();
    let answers = known_or_unknown::<Answer>();
    let count = compare_all(
        &[licenses.len() - 1, 2, 2, 2],
        |places| Case {
            family: HostFamily::AzureLocal,
            azure_local: AzureLocalLicense::ALL[places[0]],
            software_assurance: yes(places[1]),
            synced: yes(places[2]),
            azure_verification: yes(places[3]),
            ..PLAIN
        },
        |places| {
            let mut host = AzureLocalHost::default();
            host.license = licenses[places[0]];
            host.software_assurance = answers[places[1]];
            host.synced = answers[places[2]];
            host.azure_verification = answers[places[3]];
            host.into()
        },
    );
    assert_eq!(count, 19 * 22 * 27 * 8 * 27);
}

#[test]
fn other_hosts_every_combination_of_known_and_unknown() {
    let answers = known_or_unknown::<Answer>();
    let hub = compare_all(
        &[2],
        |places| Case {
            family: HostFamily::AzureStackHub,
            bios_marker: yes(places[0]),
            ..PLAIN
        },
        |places| {
            let mut host = AzureStackHubHost::default();
            host.bios_marker = answers[places[0]];
            host.into()
        },
    );
    assert_eq!(hub, 19 * 22 * 27 * 3);
    for (family, host) in [
        (HostFamily::Azure, Host::Azure),
        (HostFamily::OtherHypervisor, Host::OtherHypervisor),
    ] {
        let count = compare_all(&[], |_| Case { family, ..PLAIN }, |_| host);
        assert_eq!(count, 19 * 22 * 27);
    }
}

#[test]
fn an_unknown_host_is_any_host_of_any_family() {
    let families: Vec<Host> = HostFamily::ALL
        .iter()
        .map(|family| (*family).into())
        .collect();
    for release in known_or_unknown::<AnyRelease>() {
        for product in known_or_unknown::<Product>() {
            for switches in guest_switches() {
                let guest = guest_of(release, product, switches);
                let any = families
                    .iter()
                    .fold(0, |bits, host| bits | set(host, &guest));
                assert_eq!(set(&Host::Unknown, &guest), any, "{guest:?}");
            }
        }
    }
}

fn some<T: Possibility + std::fmt::Debug>() -> impl Strategy<Value = Fact<T>> {
    let domain = u32::MAX >> (32 - T::ALL.len());
    // Mostly small sets, so that the cases can be enumerated.
    prop_oneof![
        (0..T::ALL.len()).prop_map(|place| 1 << place),
        (0..T::ALL.len(), 0..T::ALL.len()).prop_map(|(a, b)| 1 << a | 1 << b),
        (1..=domain),
    ]
    .prop_map(fact)
}

prop_compose! {
    fn guests()(
        release in some::<AnyRelease>(),
        product in some::<Product>(),
        switches in [some::<Answer>(), some::<Answer>(), some::<Answer>()],
    ) -> Guest {
        guest_of(release, product, switches)
    }
}

prop_compose! {
    fn sets()(
        guest in guests(),
        family in prop_oneof![(0..HostFamily::ALL.len()).prop_map(Some), Just(None)],
        release in some::<AnyRelease>(),
        edition in some::<HostEdition>(),
        license in some::<HostLicense>(),
        [evaluation, role, nested, payg] in [some::<Answer>(), some::<Answer>(), some::<Answer>(), some::<Answer>()],
        by in some::<AzureLocalLicense>(),
        [assurance, synced, verification, marker] in [some::<Answer>(), some::<Answer>(), some::<Answer>(), some::<Answer>()],
    ) -> Sets {
        let mut windows_server = WindowsServerHost::default();
        windows_server.release = release;
        windows_server.edition = edition;
        windows_server.license = license;
        windows_server.evaluation = evaluation;
        windows_server.hyper_v_role = role;
        windows_server.nested = nested;
        windows_server.pay_as_you_go = payg;
        let mut azure_local = AzureLocalHost::default();
        azure_local.license = by;
        azure_local.software_assurance = assurance;
        azure_local.synced = synced;
        azure_local.azure_verification = verification;
        let mut stack_hub = AzureStackHubHost::default();
        stack_hub.bios_marker = marker;
        match family {
            Some(place) => Sets {
                families: HostFamily::ALL[place].into(), guest, windows_server, azure_local, stack_hub,
            },
            // An unknown family has no facts of its own.
            None => Sets {
                families: Fact::unknown(),
                guest,
                windows_server: WindowsServerHost::default(),
                azure_local: AzureLocalHost::default(),
                stack_hub: AzureStackHubHost::default(),
            },
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn verdicts_and_findings_are_those_of_the_complete_cases(sets in sets()) {
        // An unknown family over wide guests has millions of cases; the fold above covers those.
        prop_assume!(sets.families.len() == 1 || sets.guest.release.len() * sets.guest.product.len() <= 4);
        let (mut verdicts, mut cases) = (0, 0_u32);
        let mut fired: std::collections::BTreeMap<&str, (u32, Does)> = std::collections::BTreeMap::new();
        sets.for_each_case(|case| {
            cases += 1;
            verdicts |= bit(case.verdict());
            case.fired(|rule, does| fired.entry(rule).or_insert((0, does)).0 += 1);
        });
        let assessment = assess(&sets.host(), &sets.guest, &Default::default());
        let said = assessment.verdicts().iter().fold(0, |bits, verdict| bits | bit(verdict));
        prop_assert_eq!(said, verdicts);
        let findings: std::collections::BTreeMap<&str, bool> =
            assessment.findings().map(|finding| (finding.rule.id, finding.certain)).collect();
        let expected: std::collections::BTreeMap<&str, bool> =
            fired
                .into_iter()
                // What only may matter is told where it is so, and is never certain.
                .filter(|(_, (count, does))| *does != Does::MayMatter || *count == cases)
                .map(|(rule, (count, does))| (rule, does != Does::MayMatter && count == cases))
                .collect();
        prop_assert_eq!(findings, expected);
    }

    #[test]
    fn alternatives_unite_on_each_axis(sets in sets(), axis in 0..5_usize, release in some::<AnyRelease>(), product in some::<Product>(), answer in some::<Answer>()) {
        let host = sets.host();
        let (a, mut b, mut both) = (sets.guest, sets.guest, sets.guest);
        match axis {
            0 => { b.release = release; both.release = a.release.union(release); }
            1 => { b.product = product; both.product = a.product.union(product); }
            2 => { b.evaluation = answer; both.evaluation = a.evaluation.union(answer); }
            3 => { b.data_exchange = answer; both.data_exchange = a.data_exchange.union(answer); }
            _ => { b.guest_service = answer; both.guest_service = a.guest_service.union(answer); }
        }
        prop_assert_eq!(set(&host, &both), set(&host, &a) | set(&host, &b));
    }

    #[test]
    fn alternatives_of_the_host_unite_on_each_axis(sets in sets(), other in sets(), axis in 0..12_usize) {
        let guest = sets.guest;
        let mut ws = sets.windows_server;
        let mut al = sets.azure_local;
        let mut hub = sets.stack_hub;
        let (mut ws_both, mut al_both, mut hub_both) = (ws, al, hub);
        macro_rules! axis {
            ($one:ident, $both:ident, $from:expr, $field:ident) => {{
                let first = Host::from($one);
                let united = $one.$field.union($from.$field);
                $one.$field = $from.$field;
                $both.$field = united;
                (first, Host::from($one), Host::from($both))
            }};
        }
        let (a, b, both) = match axis {
            0 => axis!(ws, ws_both, other.windows_server, release),
            1 => axis!(ws, ws_both, other.windows_server, edition),
            2 => axis!(ws, ws_both, other.windows_server, evaluation),
            3 => axis!(ws, ws_both, other.windows_server, license),
            4 => axis!(ws, ws_both, other.windows_server, hyper_v_role),
            5 => axis!(ws, ws_both, other.windows_server, nested),
            6 => axis!(ws, ws_both, other.windows_server, pay_as_you_go),
            7 => axis!(al, al_both, other.azure_local, license),
            8 => axis!(al, al_both, other.azure_local, software_assurance),
            9 => axis!(al, al_both, other.azure_local, synced),
            10 => axis!(al, al_both, other.azure_local, azure_verification),
            _ => axis!(hub, hub_both, other.stack_hub, bios_marker),
        };
        prop_assert_eq!(set(&both, &guest), set(&a, &guest) | set(&b, &guest));
    }

    #[test]
    fn the_next_fact_is_missing_and_exists_exactly_while_undetermined(sets in sets()) {
        let host = sets.host();
        let assessment = assess(&host, &sets.guest, &Default::default());
        let undetermined = assessment.verdicts().len() > 1;
        let next = next_fact(&host, &sets.guest);
        prop_assert_eq!(next.is_some(), undetermined);
        prop_assert_eq!(assessment.missing().is_some(), undetermined);
        if let (Some(next), Some(missing)) = (next, assessment.missing()) {
            prop_assert!(missing.contains(next));
        }
    }

    #[test]
    fn answering_the_missing_facts_settles_the_answer(case_of in sets(), pick in any::<u64>()) {
        // Answer whatever is asked next, by an arbitrary pick, until nothing is asked.
        let mut host = case_of.host();
        let mut guest = case_of.guest;
        let mut pick = pick;
        for _ in 0..=FactName::ALL.len() {
            let Some(next) = next_fact(&host, &guest) else { break };
            answer(&mut host, &mut guest, next, &mut pick);
        }
        prop_assert_eq!(next_fact(&host, &guest), None);
        prop_assert_eq!(verdicts(&host, &guest).len(), 1);
    }
}

fn choose<T: Possibility>(fact: &mut Fact<T>, pick: &mut u64) {
    let values: Vec<T> = fact.iter().collect();
    *pick = pick
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *fact = Fact::known(values[usize::try_from(*pick >> 33).unwrap() % values.len()]);
}

fn answer(host: &mut Host, guest: &mut Guest, next: FactName, pick: &mut u64) {
    match (next, host) {
        (FactName::GuestRelease, _) => choose(&mut guest.release, pick),
        (FactName::GuestProduct, _) => choose(&mut guest.product, pick),
        (FactName::GuestEvaluation, _) => choose(&mut guest.evaluation, pick),
        (FactName::DataExchange, _) => choose(&mut guest.data_exchange, pick),
        (FactName::GuestService, _) => choose(&mut guest.guest_service, pick),
        (FactName::HostFamily, host) => {
            let mut families = host.families();
            choose(&mut families, pick);
            *host = families.known_element().expect("one was chosen").into();
        }
        (FactName::HostRelease, Host::WindowsServer(host)) => choose(&mut host.release, pick),
        (FactName::HostEdition, Host::WindowsServer(host)) => choose(&mut host.edition, pick),
        (FactName::HostEvaluation, Host::WindowsServer(host)) => choose(&mut host.evaluation, pick),
        (FactName::HostLicense, Host::WindowsServer(host)) => choose(&mut host.license, pick),
        (FactName::HyperVRole, Host::WindowsServer(host)) => choose(&mut host.hyper_v_role, pick),
        (FactName::Nested, Host::WindowsServer(host)) => choose(&mut host.nested, pick),
        (FactName::PayAsYouGo, Host::WindowsServer(host)) => choose(&mut host.pay_as_you_go, pick),
        (FactName::AzureLocalLicense, Host::AzureLocal(host)) => choose(&mut host.license, pick),
        (FactName::SoftwareAssurance, Host::AzureLocal(host)) => {
            choose(&mut host.software_assurance, pick);
        }
        (FactName::Synced, Host::AzureLocal(host)) => choose(&mut host.synced, pick),
        (FactName::AzureVerification, Host::AzureLocal(host)) => {
            choose(&mut host.azure_verification, pick);
        }
        (FactName::BiosMarker, Host::AzureStackHub(host)) => choose(&mut host.bios_marker, pick),
        (fact, host) => panic!("{fact} was asked of {host:?}"),
    }
}
