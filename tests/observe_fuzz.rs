//! The bodies of the fuzz targets of `observe` (`tests/fuzz`), run shortly and always alike: over the
//! samples, each also cut and with single bytes changed, and over bytes that are pulled out of a
//! generator.
#![cfg(all(feature = "observe", feature = "xml"))]

#[path = "kvp_fuzz/drive.rs"]
mod drive;
#[path = "observe_fuzz/events.rs"]
mod events;
#[path = "observe_fuzz/report.rs"]
mod report;
#[path = "observe_fuzz/slmgr.rs"]
mod slmgr;
#[path = "kvp_fuzz/source.rs"]
mod source;

use std::fs;
use std::path::Path;

/// Files of `tests/data/samples` as text, in UTF-8.
fn samples(names: &[&str]) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    let text = |name: &&str| {
        let bytes = fs::read(folder.join(name)).unwrap();
        let text = avma::encoding::decode(&bytes).unwrap();
        text.into_owned().into_bytes()
    };
    names.iter().map(text).collect()
}

#[test]
fn events_laws() {
    let files = samples(&[
        "event-12309.xml",
        "event-12310.xml",
        "event-forwarded.xml",
        "events-wevtutil.xml",
    ]);
    drive::damaged(events::events, &files, 1500);
    drive::made(events::events, events::KINDS, 3000);
}

#[test]
fn slmgr_laws() {
    let samples = [
        &include_bytes!("data/samples/slmgr-dlv.txt")[..],
        include_bytes!("data/samples/slmgr-dlv-two-blocks.txt"),
        include_bytes!("data/slmgr/web01.slmgr.txt"),
        include_bytes!("data/slmgr/app12r2.dli.txt"),
    ];
    let samples = samples.map(|bytes| {
        avma::encoding::decode(bytes)
            .unwrap()
            .into_owned()
            .into_bytes()
    });
    drive::damaged(slmgr::slmgr, &samples, 400);
    drive::made(slmgr::slmgr, slmgr::KINDS, 3000);
}

#[test]
fn report_laws() {
    let value = "avma crate, not Windows: vm=a1a1a1a1-0000-4000-8000-000000000001 state=activated \
                 key=78VHK host=HV01 at=2025-11-24T01:14:05.000Z minutes=4321 code=- crc=74ED01FC";
    let whole = format!("avma-crate.activation-report.1\0{value}");
    drive::damaged(report::report, &[value.into(), whole.into_bytes()], 2000);
    drive::made(report::report, report::KINDS, 3000);
}
