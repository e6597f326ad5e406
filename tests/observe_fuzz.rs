//! The bodies of the fuzz targets of `observe` (`tests/fuzz`), run shortly and always alike: over the
//! samples, each also cut and with single bytes changed, and over bytes that are pulled out of a
//! generator.
#![cfg(feature = "xml")]

#[path = "kvp_fuzz/drive.rs"]
mod drive;
#[path = "observe_fuzz/events.rs"]
mod events;
#[path = "kvp_fuzz/source.rs"]
mod source;

use std::fs;
use std::path::Path;

/// Files of `tests/data/samples` as text, in UTF-8.
fn samples(names: &[&str]) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    let text = |name: &&str| {
        let bytes = fs::read(folder.join(name)).unwrap();
        let text = avma::observe::text::decode(&bytes).unwrap();
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
