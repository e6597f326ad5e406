//! The ledger: golden tables by hand first, then the laws against a naive one, then the bytes.

#![cfg(feature = "fleet")]

mod bytes;
#[cfg(all(feature = "serde", feature = "xml"))]
mod collected;
mod editions;
mod laws;
mod month;

use avma::assess::Trust;
use avma::fleet::ledger::{
    Days, Intake, Ledger, MAX_HOST_NAME, OnHost, Row, Sighting, SightingError, Sign,
};
use avma::time::Timestamp;
use avma::{HostName, VmId};

#[track_caller]
fn seen<'a>(at: &str, vm: u128, host: &'a str, sign: Sign) -> Sighting<'a> {
    Sighting {
        at: at.parse().unwrap(),
        vm: (vm != 0).then_some(VmId(vm)),
        host: (!host.is_empty()).then_some(HostName(host)),
        sign,
    }
}

#[track_caller]
fn ledger(sightings: &[Sighting<'_>]) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.update(sightings.iter().copied()).unwrap();
    ledger
}

/// One line for each entry.
fn lines(ledger: &Ledger) -> Vec<String> {
    let line = |entry: avma::fleet::ledger::Entry<'_>| {
        format!(
            "{} {} {} {} {} {}..{}",
            entry.vm.map_or("-".into(), |vm| vm.0.to_string()),
            entry.month,
            entry.host.map_or("-", |host| host.0),
            entry.sign.as_str(),
            entry.days,
            entry.first,
            entry.last,
        )
    };
    ledger.entries().map(line).collect()
}

#[test]
fn signs_and_their_trust_are_pinned() {
    let signs: Vec<_> = Sign::ALL
        .iter()
        .map(|sign| format!("{} {}", sign.as_str(), sign.trust().as_str()))
        .collect();
    assert_eq!(
        signs.join(", "),
        "running host, stopped host, listed host, host-event host, host-failure host, \
         guest-event guest, guest-failure guest, avma guest, other guest, not-activated guest, \
         server guest, other-system guest, exported guest, claimed-event claimed, \
         claimed-avma claimed, claimed-not-activated claimed, claimed-server claimed, \
         claimed-other-system claimed, items claimed"
    );
}

#[test]
fn who_was_where_on_which_day() {
    let sightings = [
        seen("2025-11-24T01:00:00Z", 7, "HV02", Sign::Running),
        seen("2025-11-30T23:59:59.999Z", 7, "hv02", Sign::Running),
        seen("2025-12-01T00:00:00Z", 7, "Hv02", Sign::Running),
        seen("2025-11-25T12:00:00Z", 7, "HV01", Sign::Running),
        seen("2025-11-25T12:00:00Z", 7, "", Sign::Avma),
        seen("2025-11-25T12:00:00Z", 0, "HV01", Sign::HostEvent),
        seen("2025-11-24T01:00:00Z", 5, "HV01", Sign::Stopped),
        // Late, and doubled.
        seen("2025-11-01T00:00:00Z", 7, "HV02", Sign::Running),
        seen("2025-11-01T00:00:00Z", 7, "HV02", Sign::Running),
    ];
    let ledger = ledger(&sightings);
    assert_eq!(
        lines(&ledger),
        [
            "- 2025-11 hv01 host-event 25 2025-11-25T12:00:00Z..2025-11-25T12:00:00Z",
            "5 2025-11 hv01 stopped 24 2025-11-24T01:00:00Z..2025-11-24T01:00:00Z",
            "7 2025-11 - avma 25 2025-11-25T12:00:00Z..2025-11-25T12:00:00Z",
            "7 2025-11 hv01 running 25 2025-11-25T12:00:00Z..2025-11-25T12:00:00Z",
            "7 2025-11 hv02 running 1, 24, 30 2025-11-01T00:00:00Z..2025-11-30T23:59:59Z",
            "7 2025-12 hv02 running 1 2025-12-01T00:00:00Z..2025-12-01T00:00:00Z",
        ]
    );
    assert_eq!(ledger.of(VmId(7)).count(), 4);
    assert_eq!(ledger.of(VmId(6)).count(), 0);
    assert_eq!(ledger.vms().collect::<Vec<_>>(), [VmId(5), VmId(7)]);
    let hosts: Vec<_> = ledger.hosts().map(|host| host.0).collect();
    assert_eq!(hosts, ["hv01", "hv02"]);
    let months: Vec<_> = ledger.months().iter().map(ToString::to_string).collect();
    assert_eq!(months, ["2025-11", "2025-12"]);
    let last = ledger.of(VmId(7)).nth(2).unwrap().last;
    assert_eq!(last, "2025-11-30T23:59:59.999Z".parse().unwrap());
    assert_eq!(
        ledger.span(VmId(7), Trust::Host),
        Some((
            "2025-11-01T00:00:00Z".parse().unwrap(),
            "2025-12-01T00:00:00Z".parse().unwrap()
        ))
    );
    assert_eq!(ledger.span(VmId(7), Trust::Claimed), None);
}

#[test]
fn the_days_of_a_vm() {
    let on = |host: &'static str, sign| seen("2025-11-24T09:00:00Z", 7, host, sign);
    let one = |sightings: &[Sighting<'_>]| {
        let ledger = ledger(sightings);
        let days = ledger.days(VmId(7));
        assert_eq!(days.len(), 1);
        assert_eq!(days[0].day.to_string(), "2025-11-24");
        let hosts: Vec<_> = days[0]
            .hosts
            .iter()
            .map(
                |OnHost {
                     host,
                     started,
                     trust,
                     ..
                 }| { format!("{} {started:?} {}", host.0, trust.as_str()) },
            )
            .collect();
        let day = &days[0];
        (hosts.join(", "), day.avma, day.other, day.not_activated)
    };
    let running = on("HV01", Sign::Running);
    let of = |hosts: &str| hosts.to_owned();
    assert_eq!(
        one(&[
            running,
            on("HV02", Sign::Stopped),
            on("HV03", Sign::HostEvent)
        ]),
        (
            of("hv01 Some(true) host, hv02 Some(false) host, hv03 None host"),
            None,
            None,
            None
        )
    );
    // Key-value items are there only while the VM runs; that they were shown is their trust.
    assert_eq!(one(&[on("HV01", Sign::Items)]).0, "hv01 Some(true) claimed");
    assert_eq!(
        one(&[on("HV01", Sign::ClaimedEvent)]).0,
        "hv01 None claimed"
    );
    // The guest's word, and what bears it out on the same day.
    let guest = on("", Sign::Avma);
    assert_eq!(one(&[guest]), (of(""), Some(Trust::Guest), None, None));
    assert_eq!(one(&[on("", Sign::ClaimedAvma)]).1, Some(Trust::Claimed));
    assert_eq!(
        one(&[guest, on("", Sign::ClaimedAvma)]).1,
        Some(Trust::Guest)
    );
    assert_eq!(
        one(&[guest, on("HV01", Sign::HostEvent)]).1,
        Some(Trust::Host)
    );
    assert_eq!(
        one(&[
            guest,
            on("HV01", Sign::HostEvent),
            on("HV01", Sign::HostFailure)
        ])
        .1,
        Some(Trust::Guest)
    );
    // A host's event makes no activation, and bears out no mere claim.
    assert_eq!(one(&[on("HV01", Sign::HostEvent)]).1, None);
    assert_eq!(
        one(&[on("HV01", Sign::HostEvent), on("", Sign::ClaimedAvma)]).1,
        Some(Trust::Claimed)
    );
    // An event of a computer that nobody collected could be the guest's own.
    assert_eq!(
        one(&[guest, on("HV01", Sign::ClaimedEvent)]).1,
        Some(Trust::Guest)
    );
    // Both on one day, by different sources.
    assert_eq!(
        one(&[on("", Sign::Other), on("", Sign::ClaimedNotActivated)]),
        (of(""), None, Some(Trust::Guest), Some(Trust::Claimed))
    );
    // Another day bears nothing out.
    let mut two = ledger(&[guest]);
    two.update([seen("2025-11-25T09:00:00Z", 7, "HV01", Sign::HostEvent)])
        .unwrap();
    let days = two.days(VmId(7));
    assert_eq!((days[0].avma, days[1].avma), (Some(Trust::Guest), None));
}

#[test]
fn what_a_ledger_does_not_take() {
    let good = seen("2025-11-24T09:00:00Z", 7, "HV01", Sign::Running);
    let refused = |sighting: Sighting<'_>| {
        let mut ledger = Ledger::new();
        let error = ledger.update([good, sighting, good]).unwrap_err();
        assert_eq!(lines(&ledger).len(), 1, "the ones before it are taken");
        error
    };
    let at = |ms| Sighting {
        at: Timestamp(ms),
        ..good
    };
    let file_time_zero = Timestamp(-11_644_473_600_000);
    assert_eq!(
        refused(Sighting {
            at: file_time_zero,
            ..good
        }),
        SightingError::Never { at: file_time_zero }
    );
    assert_eq!(
        refused(at(i64::MIN)).to_string(),
        SightingError::Never {
            at: Timestamp(i64::MIN)
        }
        .to_string()
    );
    for ms in [-1, 253_402_300_800_000, i64::MAX] {
        let error = SightingError::OutOfCalendar { at: Timestamp(ms) };
        assert_eq!(refused(at(ms)), error, "{ms}");
        assert!(error.to_string().contains(&ms.to_string()));
    }
    for ms in [0, 253_402_300_799_999] {
        let ledger = ledger(&[at(ms)]);
        let entry = ledger.entries().next().unwrap();
        assert_eq!((entry.first, entry.last), (Timestamp(ms), Timestamp(ms)));
    }
    assert_eq!(
        refused(Sighting { vm: None, ..good }),
        SightingError::NoVm {
            sign: Sign::Running
        }
    );
    let event = Sighting {
        vm: None,
        host: None,
        sign: Sign::HostEvent,
        ..good
    };
    assert_eq!(refused(event), SightingError::NoVmAndNoHost);
    let host = |name| Sighting {
        host: Some(HostName(name)),
        ..good
    };
    assert_eq!(refused(host("")), SightingError::EmptyHost);
    let longest = "x".repeat(MAX_HOST_NAME);
    assert_eq!(lines(&ledger(&[host(&longest)])).len(), 1);
    assert_eq!(
        refused(host(&format!("{longest}x"))),
        SightingError::LongHost {
            got: MAX_HOST_NAME + 1
        }
    );
}

#[test]
fn names_are_compared_as_windows_does_and_never_guessed() {
    let on = |host| seen("2025-11-24T09:00:00Z", 7, host, Sign::Running);
    let ledger = ledger(&[on("BÜRO"), on("büro"), on("hv01"), on("HV01.example.test")]);
    let hosts: Vec<_> = ledger.hosts().map(|host| host.0).collect();
    assert_eq!(hosts, ["büro", "hv01", "hv01.example.test"]);
}

#[test]
fn a_nil_id_is_a_vm_and_no_vm_is_none() {
    let at = "2025-11-24T09:00:00Z".parse().unwrap();
    let event = |vm| Sighting {
        at,
        vm,
        host: Some(HostName("HV01")),
        sign: Sign::HostEvent,
    };
    let ledger = ledger(&[event(None), event(Some(VmId(0)))]);
    let vms: Vec<_> = ledger.entries().map(|entry| entry.vm).collect();
    assert_eq!(vms, [None, Some(VmId(0))]);
    assert_eq!(Ledger::decode(&ledger.encode()), Ok(ledger));
}

#[test]
fn a_batch_is_its_rows() {
    let at = |text: &str| text.parse().unwrap();
    let row = |vm, time, host, sign| Row {
        vm: VmId(vm),
        at: at(time),
        host,
        sign,
    };
    let rows = [
        row(7, "2025-11-24T09:00:00Z", 1, Sign::Running),
        row(7, "2025-11-25T09:00:00Z", 0, Sign::Running),
        row(5, "2025-11-25T09:00:00Z", Row::NO_HOST, Sign::Avma),
    ];
    let mut intake = Intake::new();
    intake.batch(&["HV02", "hv01"], &rows).unwrap();
    assert_eq!(
        intake.finish(),
        ledger(&[
            seen("2025-11-24T09:00:00Z", 7, "hv01", Sign::Running),
            seen("2025-11-25T09:00:00Z", 7, "hv02", Sign::Running),
            seen("2025-11-25T09:00:00Z", 5, "", Sign::Avma),
        ])
    );
    // A name that no row uses leaves no trace.
    let mut intake = Intake::new();
    intake.batch(&["HV02", "hv01"], &rows[1..]).unwrap();
    assert_eq!(intake.finish().hosts().count(), 1);

    let mut intake = Intake::new();
    let error = intake.batch(&["HV02", ""], &rows).unwrap_err();
    assert_eq!(
        error.to_string(),
        "name 1 of the batch: the host's name is empty"
    );
    assert!(intake.clone().finish().is_empty());
    let error = intake
        .batch(&["HV02"], &rows[1..])
        .map(|()| intake.clone().finish().len());
    assert_eq!(error, Ok(2));
    let error = intake.batch(&["HV02"], &[rows[1], rows[0]]).unwrap_err();
    assert_eq!(error.to_string(), "row 1 of the batch: host 1 of 1 names");
    assert_eq!(size_of::<Row>(), 32);
}

#[test]
fn days_as_text() {
    assert_eq!(Days(0).to_string(), "none");
    assert_eq!(Days(0b1).to_string(), "1");
    assert_eq!(Days(0b1011_0111).to_string(), "1-3, 5-6, 8");
    assert_eq!(Days(0x7fff_ffff).to_string(), "1-31");
    assert_eq!(Days::one(31), Days(1 << 30));
    assert_eq!((Days::one(0), Days::one(32)), (Days(0), Days(0)));
}

#[test]
fn debug_shows_no_private_key() {
    // A name can be any text that somebody wrote.
    let key = "FMT4H-4RD6P-M48YH-6YDK2-QXPNK";
    let sighting = seen("2025-11-24T09:00:00Z", 7, key, Sign::Running);
    let ledger = ledger(&[sighting]);
    let mut intake = Intake::new();
    intake.push(&sighting).unwrap();
    let report = ledger.month("2025-11".parse().unwrap(), &[], None);
    let texts = [
        format!("{sighting:?}"),
        format!("{ledger:?}"),
        format!("{:?}", ledger.days(VmId(7))),
        format!("{intake:?}"),
        format!("{report:?}"),
        report.to_string(),
    ];
    for text in texts {
        assert!(!text.to_uppercase().contains("FMT4H"), "{text}");
    }
}

#[test]
fn reasons_are_pinned() {
    use avma::fleet::ledger::month::CoresUnknown;
    let unknown: Vec<_> = CoresUnknown::ALL.iter().map(|why| why.as_str()).collect();
    assert_eq!(
        unknown.join(" "),
        "not-collected no-cores incomplete ambiguous too-many"
    );
    let left_out = avma::fleet::ledger::collected::Reason::ALL;
    let left_out: Vec<_> = left_out.iter().map(|why| why.as_str()).collect();
    assert_eq!(
        left_out.join(" "),
        "no-time bad-time no-host no-vm bad-report"
    );
}
