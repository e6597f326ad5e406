//! Datacenter and Standard hosts in a month: never one sum.

use avma::Product::{self, Datacenter, DatacenterAzureEdition, HyperVServer, Standard};
use avma::catalog::products::Products;
use avma::fleet::ledger::month::{COUNTED_BY, CoresDue, HostKind, MonthReport, Processors};
use avma::fleet::ledger::{Ledger, Sign};
use avma::{Evidence, HostName};

use super::{ledger, seen};

/// Four hosts that ran guests with Windows Server, one of each edition.
fn fleet() -> Ledger {
    let on = |vm, host| {
        [Sign::Running, Sign::ClaimedServer]
            .map(|sign| seen("2025-12-01T04:00:00Z", vm, host, sign))
    };
    let all = [
        on(1, "dc"),
        on(2, "dc"),
        on(3, "std"),
        on(4, "std"),
        on(5, "std"),
        on(6, "hv"),
        on(7, "what"),
    ];
    let mut sightings = all.concat();
    // Whether these ran any is not known.
    sightings.push(seen("2025-12-01T04:00:00Z", 8, "dc-off", Sign::Running));
    sightings.push(seen("2025-12-01T04:00:00Z", 9, "std-off", Sign::Running));
    sightings.push(seen("2025-12-01T04:00:00Z", 10, "dc-linux", Sign::Running));
    sightings.push(seen(
        "2025-12-01T04:00:00Z",
        10,
        "dc-linux",
        Sign::OtherSystem,
    ));
    ledger(&sightings)
}

fn host(name: &str, product: impl Into<Products>) -> Processors<'_> {
    Processors {
        host: HostName(name),
        product: product.into(),
        cores: Some(vec![Some(6), Some(6)]),
    }
}

fn hosts() -> [Processors<'static>; 7] {
    [
        host("dc", Datacenter),
        host("std", Standard),
        host("hv", HyperVServer),
        host("what", Products::one_of([Datacenter, Standard]).unwrap()),
        host("dc-off", Datacenter),
        host("std-off", Standard),
        host("dc-linux", Datacenter),
    ]
}

fn december(ledger: &Ledger, minimum: Option<u32>) -> MonthReport<'_> {
    ledger.month("2025-12".parse().unwrap(), &hosts(), minimum)
}

#[test]
fn each_edition_has_a_line_of_its_own() {
    let ledger = fleet();
    let text = december(&ledger, None).to_string();
    let lines: Vec<&str> = text.lines().take(14).collect();
    assert_eq!(
        lines,
        [
            "2025-12 (UTC), by what was seen",
            "Datacenter hosts that ran Windows Server guests: 1 host, 16 cores due",
            "Standard hosts that ran Windows Server guests: 1 host, 3 guests seen started; one guest per \
             licence, not judged here",
            "hosts of another edition that ran Windows Server guests: 1 host, 1 guest seen started; not \
             judged here",
            "hosts of an edition that is not known that ran Windows Server guests: 1 host, 16 cores due, \
             if they are Datacenter",
            "Datacenter hosts that may have run Windows Server guests: 1 host, 16 cores due, if they did",
            "Standard hosts that may have run Windows Server guests: 1 host, 0 guests seen started; one \
             guest per licence, not judged here",
            "minimum per server: none given",
            "  dc: ran Windows Server guests (days 1); Datacenter: 16 cores due (2 processors, 12 cores); \
             started 2 VMs: 2 Windows Server; at most 2 on one day (2025-12-01)",
            "  dc-linux: ran no Windows Server guest that was seen; Datacenter (2 processors, 12 cores); \
             started 1 VM: 1 other; at most 1 on one day (2025-12-01)",
            "  dc-off: not known whether it ran Windows Server guests; Datacenter: 16 cores due (2 \
             processors, 12 cores); started 1 VM: 1 not known; at most 1 on one day (2025-12-01)",
            "  hv: ran Windows Server guests (days 1); another edition, not judged here (2 processors, 12 \
             cores); started 1 VM: 1 Windows Server; at most 1 on one day (2025-12-01)",
            "  std: ran Windows Server guests (days 1); Standard: one guest per licence, not judged here (2 \
             processors, 12 cores); started 3 VMs: 3 Windows Server; at most 3 on one day (2025-12-01)",
            "  std-off: not known whether it ran Windows Server guests; Standard: one guest per licence, \
             not judged here (2 processors, 12 cores); started 1 VM: 1 not known; at most 1 on one day \
             (2025-12-01)",
        ]
    );
    let rest: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("  what"))
        .collect();
    assert_eq!(
        rest,
        [
            "  what: ran Windows Server guests (days 1); edition not known; if it is Datacenter: 16 cores \
             due (2 processors, 12 cores); started 1 VM: 1 Windows Server; at most 1 on one day \
             (2025-12-01)"
        ]
    );
}

/// The minimum of 16 cores a server is no rule of these terms: two processors of 4 cores count 16 by 8 a
/// processor, one counts 8.
#[test]
fn there_is_no_minimum_for_a_server_unless_it_is_asked_for() {
    let ledger = fleet();
    let due = |minimum| {
        let mut one = host("dc", Datacenter);
        one.cores = Some(vec![Some(4)]);
        let report = ledger.month("2025-12".parse().unwrap(), &[one], minimum);
        report.cores_due().cores
    };
    assert_eq!(due(None), 8);
    assert_eq!(due(Some(16)), 16);
    let source = COUNTED_BY;
    assert_eq!(source.evidence, Evidence::Reported);
    assert!(source.title.contains("altariscloud.com") && source.title.contains("samexpert.com"));
}

#[test]
fn sums_equal_their_parts() {
    let ledger = fleet();
    for minimum in [None, Some(16), Some(64)] {
        let report = december(&ledger, minimum);
        let mut hosts = 0;
        for ran in [Some(true), Some(false), None] {
            for kind in HostKind::ALL {
                let of = |host: &&_| {
                    let host: &avma::fleet::ledger::month::HostMonth<'_> = host;
                    host.kind() == *kind && host.ran_server() == ran
                };
                let parts: Vec<_> = report.hosts.iter().filter(of).collect();
                let cores = parts
                    .iter()
                    .map(|host| host.cores.unwrap().due)
                    .sum::<u32>();
                let guests = parts.iter().map(|host| host.started.server).sum::<u32>();
                let sum = report.cores(*kind, ran);
                assert_eq!(sum.hosts as usize, parts.len());
                assert_eq!(sum.cores, u64::from(cores), "{kind} {ran:?}");
                assert_eq!(report.guests(*kind, ran).hosts, sum.hosts);
                assert_eq!(report.guests(*kind, ran).guests, u64::from(guests));
                hosts += parts.len();
            }
        }
        assert_eq!(hosts, report.hosts.len());
        // What is due is of Datacenter hosts alone.
        let due = report
            .hosts
            .iter()
            .filter(|host| host.ran_server() == Some(true));
        let due: u32 = due
            .filter_map(avma::fleet::ledger::month::HostMonth::cores_due)
            .sum();
        assert_eq!(report.cores_due().cores, u64::from(due));
        assert_eq!(report.cores_due().hosts, 1);
    }
}

#[test]
fn the_kinds_of_hosts() {
    let kind =
        |products: &[Product]| HostKind::from(Products::one_of(products.iter().copied()).unwrap());
    assert_eq!(kind(&[Datacenter]), HostKind::Datacenter);
    assert_eq!(kind(&[Standard]), HostKind::Standard);
    assert_eq!(kind(&[HyperVServer]), HostKind::Other);
    assert_eq!(kind(&[DatacenterAzureEdition]), HostKind::Other);
    assert_eq!(
        kind(&[HyperVServer, DatacenterAzureEdition]),
        HostKind::Other
    );
    assert_eq!(kind(&[Datacenter, Standard]), HostKind::Unknown);
    assert_eq!(kind(&[Datacenter, HyperVServer]), HostKind::Unknown);
    assert_eq!(HostKind::from(Products::unknown()), HostKind::Unknown);
    // A product that is in no table may be any, and these come as Datacenter and as Standard.
    for product in [Product::Unlisted, Product::Nano, Product::Arm64] {
        assert_eq!(kind(&[product]), HostKind::Unknown);
    }
}

/// The same name comes first, then those that may mean it; what differs is not chosen from.
#[test]
fn the_edition_of_a_name() {
    let ledger = fleet();
    let kind = |hosts: &[Processors<'_>]| {
        let report = ledger.month("2025-12".parse().unwrap(), hosts, None);
        let dc = report.hosts.iter().find(|host| host.host.0 == "dc");
        dc.unwrap().kind()
    };
    assert_eq!(kind(&[]), HostKind::Unknown);
    assert_eq!(kind(&[host("DC", Standard)]), HostKind::Standard);
    let (here, there) = (host("dc.a.test", Datacenter), host("dc.b.test", Standard));
    assert_eq!(kind(std::slice::from_ref(&here)), HostKind::Datacenter);
    assert_eq!(kind(&[here.clone(), there.clone()]), HostKind::Unknown);
    assert_eq!(
        kind(&[here, there, host("dc", Standard)]),
        HostKind::Standard
    );
    let twice = [host("dc", Datacenter), host("dc", Standard)];
    assert_eq!(kind(&twice), HostKind::Unknown);
    // Without processors the edition is known all the same.
    let mut bare = host("dc", Datacenter);
    bare.cores = None;
    let report = ledger.month("2025-12".parse().unwrap(), &[bare], None);
    let sum: CoresDue = report.cores_due();
    assert_eq!((sum.hosts, sum.cores, sum.hosts_without_cores), (1, 0, 1));
}

#[cfg(feature = "serde")]
#[test]
fn editions_as_json() {
    let ledger = fleet();
    let json = serde_json::to_value(december(&ledger, None)).unwrap();
    assert_eq!(
        json["cores_due"].to_string(),
        "{\"hosts\":1,\"cores\":16,\"hosts_without_cores\":0}"
    );
    assert_eq!(
        json["by_edition"].to_string(),
        "{\"datacenter\":{\"ran\":{\"hosts\":1,\"cores\":16,\"hosts_without_cores\":0},\
         \"open\":{\"hosts\":1,\"cores\":16,\"hosts_without_cores\":0}},\
         \"standard\":{\"ran\":{\"hosts\":1,\"guests\":3},\"open\":{\"hosts\":1,\"guests\":0}},\
         \"other\":{\"ran\":{\"hosts\":1,\"guests\":1},\"open\":{\"hosts\":0,\"guests\":0}},\
         \"unknown\":{\"ran\":{\"hosts\":1,\"cores\":16,\"hosts_without_cores\":0},\
         \"open\":{\"hosts\":0,\"cores\":0,\"hosts_without_cores\":0}}}"
    );
    assert_eq!(json["counted_by"]["evidence"], "reported");
    let of = |name: &str| {
        let hosts = json["hosts"].as_array().unwrap();
        let host = hosts.iter().find(|host| host["host"] == name).unwrap();
        ["edition", "cores_due", "cores_counted"].map(|field| host[field].to_string())
    };
    assert_eq!(of("dc"), ["\"datacenter\"", "16", "16"]);
    assert_eq!(of("std"), ["\"standard\"", "null", "16"]);
    assert_eq!(of("hv"), ["\"other\"", "null", "16"]);
    assert_eq!(of("what"), ["\"unknown\"", "null", "16"]);
}
