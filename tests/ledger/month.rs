//! The month's report, by hand.

use avma::fleet::ledger::month::{CoresUnknown, MonthReport, Processors};
use avma::fleet::ledger::{Ledger, Sign};
use avma::{HostName, Product, VmId};

use super::{ledger, seen};
use Sign::{ClaimedServer, HostEvent, Items, OtherSystem, Running, Server, Stopped};

fn processors<'a>(host: &'a str, cores: &[u32]) -> Processors<'a> {
    Processors {
        host: HostName(host),
        product: Product::Datacenter.into(),
        cores: Some(
            cores
                .iter()
                .map(|cores| (*cores > 0).then_some(*cores))
                .collect(),
        ),
    }
}

#[track_caller]
fn november<'a>(ledger: &'a Ledger, processors: &[Processors<'_>]) -> MonthReport<'a> {
    ledger.month("2025-11".parse().unwrap(), processors, None)
}

/// Three hosts. VM 1 is Windows Server and moves from HV01 to HV02; VM 2 is Linux; VM 3 is not known;
/// VM 4 is Windows Server, off, on HV03; VM 5 ran in October.
fn fleet() -> Ledger {
    ledger(&[
        seen("2025-11-03T01:00:00Z", 1, "HV01", Sign::Running),
        seen("2025-11-03T01:00:00Z", 1, "HV01", Sign::ClaimedServer),
        seen("2025-11-04T01:00:00Z", 1, "HV02", Sign::Running),
        seen("2025-11-03T01:00:00Z", 1, "", Sign::Avma),
        seen("2025-11-03T02:00:00Z", 1, "HV01", Sign::HostEvent),
        seen("2025-11-03T01:00:00Z", 2, "HV01", Sign::Running),
        seen("2025-11-04T01:00:00Z", 2, "HV01", Sign::Running),
        seen("2025-11-04T01:00:00Z", 2, "HV01", Sign::ClaimedOtherSystem),
        seen("2025-11-04T01:00:00Z", 3, "HV01", Sign::Running),
        seen("2025-11-04T01:00:00Z", 4, "HV03", Sign::Stopped),
        seen("2025-11-04T01:00:00Z", 4, "", Sign::Server),
        seen("2025-11-04T01:00:00Z", 4, "", Sign::NotActivated),
        seen("2025-10-31T23:00:00Z", 5, "HV04", Sign::Running),
        seen("2025-11-09T01:00:00Z", 0, "HV03", Sign::HostEvent),
    ])
}

#[test]
fn a_month_as_text() {
    let ledger = fleet();
    let hosts = [
        processors("HV01", &[16, 16]),
        processors("hv02", &[4, 12]),
        processors("HV03", &[8, 0]),
    ];
    assert_eq!(
        november(&ledger, &hosts).to_string(),
        "\
2025-11 (UTC), by what was seen
Datacenter hosts that ran Windows Server guests: 2 hosts, 52 cores due
Datacenter hosts that may have run Windows Server guests: 1 host, 0 cores due, and those of 1 host \
whose cores are not known, if they did
minimum per server: none given
  hv01: ran Windows Server guests (days 3); Datacenter: 32 cores due (2 processors, 32 cores); started 3 VMs: \
1 Windows Server, 1 other, 1 not known; at most 2 on one day (2025-11-03)
  hv02: ran Windows Server guests (days 4); Datacenter: 20 cores due (2 processors, 16 cores); started 1 VM: \
1 Windows Server; at most 1 on one day (2025-11-04)
  hv03: not known whether it ran Windows Server guests; Datacenter: cores due not known (cores of a \
processor not collected); not seen started 1 VM: 1 Windows Server; events 12310 without a VM (days 9)
started: 3 VMs: 1 Windows Server, 1 other, 1 not known
not seen started: 1 VM: 1 Windows Server
most on one day: 3 VMs: 1 Windows Server, 1 other, 1 not known (2025-11-04)
activation, as it was seen last: 1 AVMA (borne out by the host), 1 not activated (by the guest), \
2 not seen
seen on several hosts: 1 VM
  00000000-0000-0000-0000-000000000001: at least 1 move: hv01, hv02"
    );
    // A month in which nothing was seen.
    assert_eq!(
        ledger
            .month("2024-02".parse().unwrap(), &hosts, Some(16))
            .to_string(),
        "\
2024-02 (UTC), by what was seen
Datacenter hosts that ran Windows Server guests: 0 hosts
minimum per server: 16 cores
started: 0 VMs
activation, as it was seen last: no VM
seen on several hosts: 0 VMs"
    );
}

#[test]
fn a_report_never_judges() {
    let ledger = fleet();
    let text = november(&ledger, &[]).to_string().to_lowercase();
    for word in ["complian", "price", "cost", "licensed", "$", "must"] {
        assert!(!text.contains(word), "{word}");
    }
}

#[test]
fn cores_due() {
    let ledger = ledger(&[
        seen("2025-11-03T01:00:00Z", 1, "hv01", Sign::Running),
        seen("2025-11-03T01:00:00Z", 1, "hv01", Sign::Server),
    ]);
    let due = |hosts: &[Processors<'_>], minimum| {
        let report = ledger.month("2025-11".parse().unwrap(), hosts, minimum);
        report.hosts[0]
            .cores
            .map(|cores| (cores.processors, cores.physical, cores.due))
    };
    // At least 8 a processor; more as they are; a minimum for the server only where it is given.
    assert_eq!(due(&[processors("HV01", &[6])], None), Ok((1, 6, 8)));
    assert_eq!(due(&[processors("HV01", &[6])], Some(16)), Ok((1, 6, 16)));
    assert_eq!(
        due(&[processors("HV01", &[6, 10])], Some(16)),
        Ok((2, 16, 18))
    );
    assert_eq!(due(&[processors("HV01", &[64])], Some(16)), Ok((1, 64, 64)));
    // Unknown is not 0, and no minimum makes a number of it.
    let unknown = CoresUnknown::NotCollected;
    assert_eq!(due(&[], Some(16)), Err(unknown));
    assert_eq!(due(&[processors("HV02", &[8])], Some(16)), Err(unknown));
    assert_eq!(
        due(&[processors("HV01", &[8, 0])], Some(16)),
        Err(CoresUnknown::Incomplete)
    );
    assert_eq!(
        due(&[processors("HV01", &[])], Some(16)),
        Err(CoresUnknown::NoCores)
    );
    let mut none = processors("HV01", &[]);
    none.cores = Some(vec![Some(0)]);
    assert_eq!(due(&[none], None), Err(CoresUnknown::NoCores));
    let mut many = processors("HV01", &[]);
    many.cores = Some(vec![Some(u32::MAX), Some(1)]);
    assert_eq!(due(&[many], None), Err(CoresUnknown::TooMany));
    // By another name that may be the same host; the same name comes first.
    let (here, there) = (
        processors("hv01.here.test", &[8]),
        processors("hv01.there.test", &[12]),
    );
    assert_eq!(due(std::slice::from_ref(&here), None), Ok((1, 8, 8)));
    assert_eq!(due(&[here.clone(), here.clone()], None), Ok((1, 8, 8)));
    assert_eq!(
        due(&[here.clone(), there.clone()], None),
        Err(CoresUnknown::Ambiguous)
    );
    assert_eq!(
        due(&[here, there, processors("HV01", &[16])], None),
        Ok((1, 16, 16))
    );
}

#[test]
fn whether_a_host_ran_windows_server() {
    let on = |vm, sign| seen("2025-11-03T01:00:00Z", vm, "hv01", sign);
    let ran = |signs: &[(u128, Sign)]| {
        let sightings: Vec<_> = signs.iter().map(|(vm, sign)| on(*vm, *sign)).collect();
        let ledger = ledger(&sightings);
        november(&ledger, &[]).hosts[0].ran_server()
    };
    assert_eq!(ran(&[(1, Running), (1, Server)]), Some(true));
    assert_eq!(ran(&[(1, ClaimedServer)]), Some(true));
    assert_eq!(ran(&[(1, Running), (1, OtherSystem)]), Some(false));
    assert_eq!(ran(&[(1, Running)]), None);
    assert_eq!(ran(&[(1, Running), (1, Items)]), None);
    assert_eq!(ran(&[(1, Stopped), (1, Server)]), None);
    assert_eq!(ran(&[(1, Stopped), (1, OtherSystem)]), Some(false));
    assert_eq!(ran(&[(1, HostEvent), (1, Server)]), None);
    assert_eq!(ran(&[(1, Running), (1, OtherSystem), (2, Running)]), None);
    // The export of the guest comes before items that anybody in it can write.
    assert_eq!(
        ran(&[(1, Running), (1, OtherSystem), (1, ClaimedServer)]),
        Some(false)
    );
    assert_eq!(
        ran(&[(1, Running), (1, Server), (1, OtherSystem)]),
        Some(true)
    );
    // Only events without a VM: nothing ran that was seen.
    assert_eq!(ran(&[(0, HostEvent)]), Some(false));
}

#[test]
fn names_that_may_be_one_host() {
    let on = |host| seen("2025-11-03T01:00:00Z", 1, host, Sign::Running);
    let ledger = ledger(&[
        on("hv01"),
        on("hv01.a.test"),
        on("hv01.b.test"),
        on("hv01-old"),
        on("hv010"),
    ]);
    let report = november(&ledger, &[]);
    let may_be: Vec<_> = report
        .hosts
        .iter()
        .map(|host| {
            let others: Vec<_> = host.may_be.iter().map(|other| other.0).collect();
            format!("{}: {}", host.host.0, others.join(" "))
        })
        .collect();
    assert_eq!(
        may_be,
        [
            "hv01: hv01.a.test hv01.b.test",
            "hv01-old: ",
            "hv01.a.test: hv01",
            "hv01.b.test: hv01",
            "hv010: ",
        ]
    );
    let line = report.hosts[0].to_string();
    assert!(
        line.ends_with("; may be the same host as hv01.a.test, hv01.b.test"),
        "{line}"
    );
}

#[test]
fn moves() {
    let moved = |days: &[(&'static str, &str)]| {
        let sightings: Vec<_> = days
            .iter()
            .map(|(day, hosts)| {
                (
                    *day,
                    hosts
                        .chars()
                        .map(|host| match host {
                            'A' => "a",
                            'B' => "b",
                            _ => "c",
                        })
                        .collect::<Vec<_>>(),
                )
            })
            .flat_map(|(day, hosts)| {
                let at = format!("2025-11-{day}T01:00:00Z");
                hosts
                    .into_iter()
                    .map(move |host| seen(&at, 1, host, Sign::Listed))
            })
            .collect();
        let ledger = ledger(&sightings);
        let report = november(&ledger, &[]);
        report.moved.first().map(|moved| {
            assert_eq!(moved.vm, VmId(1));
            (
                moved.at_least,
                moved.hosts.iter().map(|host| host.0).collect::<String>(),
            )
        })
    };
    let of = |moves, hosts: &str| Some((moves, hosts.to_owned()));
    assert_eq!(moved(&[("01", "A"), ("02", "A")]), None);
    assert_eq!(moved(&[("01", "B"), ("02", "A")]), of(1, "ba"));
    assert_eq!(moved(&[("01", "A"), ("02", "B"), ("09", "A")]), of(2, "ab"));
    // A day on both: the move of that day.
    assert_eq!(
        moved(&[("01", "A"), ("02", "AB"), ("03", "B")]),
        of(1, "ab")
    );
    assert_eq!(
        moved(&[("01", "A"), ("02", "AB"), ("03", "A")]),
        of(2, "ab")
    );
    assert_eq!(moved(&[("01", "AB"), ("02", "AB")]), of(2, "ab"));
    assert_eq!(moved(&[("01", "AB"), ("02", "C")]), of(2, "abc"));
    assert_eq!(
        moved(&[("01", "ABC"), ("02", "ABC"), ("03", "A")]),
        of(4, "abc")
    );
    // What a guest or anybody else says moves nothing.
    let claims = ledger(&[
        seen("2025-11-03T01:00:00Z", 1, "hv01", Sign::Running),
        seen("2025-11-04T01:00:00Z", 1, "hv02", Sign::ClaimedEvent),
    ]);
    assert!(november(&claims, &[]).moved.is_empty());
}

/// The least number of moves by trying every way through every day.
fn least_moves(days: &[usize]) -> u32 {
    // The cheapest way to be on each host at the end of a day; before the first day anywhere.
    let mut cost = [Some(0_u32); 3];
    for hosts in days.iter().filter(|hosts| **hosts != 0) {
        // By host and by the hosts that were visited today.
        let mut ways = [[None::<u32>; 8]; 3];
        for host in (0..3).filter(|host| hosts >> host & 1 == 1) {
            for (from, cost) in cost.iter().enumerate() {
                let moved = cost.map(|cost| cost + u32::from(from != host));
                ways[host][1 << host] = [ways[host][1 << host], moved].into_iter().flatten().min();
            }
        }
        for _ in 0..9 {
            let before = ways;
            for (from, to) in (0..9).map(|pair| (pair / 3, pair % 3)) {
                for visited in (0..8).filter(|_| from != to && hosts >> to & 1 == 1) {
                    let moved = before[from][visited].map(|cost| cost + 1);
                    let way = &mut ways[to][visited | 1 << to];
                    *way = [*way, moved].into_iter().flatten().min();
                }
            }
        }
        cost = [0, 1, 2].map(|host: usize| ways[host][*hosts]);
    }
    cost.into_iter().flatten().min().unwrap()
}

#[test]
fn moves_of_all_four_days_on_three_hosts() {
    let names = ["a", "b", "c"];
    for number in 0..4096_usize {
        let days = [0, 3, 6, 9].map(|shift| number >> shift & 7);
        let sightings: Vec<_> = days
            .iter()
            .enumerate()
            .flat_map(|(day, hosts)| {
                let at = format!("2025-11-{:02}T01:00:00Z", day + 1);
                let hosts = (0..3).filter(move |host| hosts >> host & 1 == 1);
                hosts.map(move |host| seen(&at, 1, names[host], Sign::Running))
            })
            .collect();
        let ledger = ledger(&sightings);
        let report = november(&ledger, &[]);
        let moves = report.moved.first().map_or(0, |moved| moved.at_least);
        assert_eq!(moves, least_moves(&days), "{days:?}");
    }
}

#[cfg(feature = "serde")]
#[test]
fn a_month_as_json() {
    let ledger = fleet();
    let mut without = processors("HV02", &[]);
    without.cores = None;
    let report = november(&ledger, &[processors("HV01", &[16, 16]), without]);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["month"], "2025-11");
    assert_eq!(json["cores_due"]["cores"], 32);
    assert_eq!(json["cores_due"]["hosts_without_cores"], 1);
    assert_eq!(
        json["hosts"][0].to_string(),
        "{\"host\":\"hv01\",\"may_be\":[],\"ran_server\":true,\"processors\":2,\"cores\":32,\
         \"cores_due\":32,\"cores_unknown\":null,\"edition\":\"datacenter\",\"cores_counted\":32,\"started\":{\"server\":1,\"other\":1,\"unknown\":1},\
         \"not_started\":{\"server\":0,\"other\":0,\"unknown\":0},\"days\":[3,4],\"server_days\":[3],\
         \"event_days\":[],\"peak\":{\"day\":\"2025-11-03\",\"vms\":{\"server\":1,\"other\":1,\
         \"unknown\":0}},\"daily\":[{\"day\":\"2025-11-03\",\"vms\":{\"server\":1,\"other\":1,\
         \"unknown\":0}},{\"day\":\"2025-11-04\",\"vms\":{\"server\":0,\"other\":1,\"unknown\":1}}],\
         \"trust\":\"host\"}"
    );
    assert_eq!(json["hosts"][1]["cores_unknown"], "not-collected");
    assert_eq!(json["hosts"][1]["cores_due"], serde_json::Value::Null);
    assert_eq!(
        json["moved"].to_string(),
        "[{\"vm\":\"00000000-0000-0000-0000-000000000001\",\"hosts\":[\"hv01\",\"hv02\"],\
         \"at_least\":1}]"
    );
}
