//! The crate's own report: any item, reports there and back, damaged and forged ones.

use avma::kvp::ItemRef;
use avma::kvp::limits::{Profile, check};
use avma::observe::report::{EncodeError, NAME, Report, ReportedState, find};
use avma::time::Timestamp;
use avma::{HResult, VmId};

use crate::source::Source;

/// The ways to make an input; the first byte takes one.
pub const KINDS: usize = 4;

const PIECES: &[&str] = &[
    "avma crate, not Windows:",
    " vm=a1a1a1a1-0000-4000-8000-000000000001",
    " state=activated",
    " key=78VHK",
    " key=-",
    " host=HV01",
    " host=%C3%BC",
    " host=-",
    " at=2025-11-24T01:14:05.000Z",
    " minutes=4321",
    " minutes=-",
    " code=0xC004FD02",
    " code=-",
    "%2D",
    " ",
];

pub fn report(data: &[u8]) {
    let mut source = Source::new(data);
    match source.below(KINDS) {
        0 => {
            let text = String::from_utf8_lossy(source.rest());
            judge(NAME, &text);
            if let Some((name, value)) = text.split_once('\0') {
                judge(name, value);
            }
        }
        1 => {
            let report = made(&mut source);
            there_and_back(&report);
        }
        2 => damaged(&mut source),
        _ => {
            // Under a checksum that fits.
            let fields = source.mixture(PIECES);
            let value = format!("{fields} crc={:08X}", checksum(&fields));
            judge(NAME, &value);
        }
    }
}

/// CRC-32 (ISO HDLC), bit by bit.
fn checksum(fields: &str) -> u32 {
    let mut crc = u32::MAX;
    for byte in [NAME.as_bytes(), &[0], fields.as_bytes()].concat() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
        }
    }
    !crc
}

/// What is read is what is written.
fn judge(name: &str, value: &str) {
    let item = ItemRef::new(name, value);
    match find([item]) {
        Ok(Some(report)) => {
            let written = report.to_item().unwrap();
            assert_eq!(
                (written.name.as_str(), written.data.as_str()),
                (name, value)
            );
        }
        Ok(None) => assert_ne!(name, NAME),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn made(source: &mut Source<'_>) -> Report {
    let state = source.pick(ReportedState::ALL);
    let vm = VmId(u128::from(source.u64()) << 64 | u128::from(source.u64()));
    let at = i64::from_le_bytes(source.u64().to_le_bytes());
    // Mostly a time that can be written.
    let at = if source.below(8) == 0 { at } else { at >> 17 };
    let mut report = Report::new(vm, state, Timestamp(at));
    if source.flag() {
        let keys = ["78VHK", "DV9BG", "MTB6V"];
        report.key = Some(source.pick(&keys).parse().unwrap());
    }
    if source.flag() {
        report.host = Some(source.text(830));
    }
    report.minutes_left = source.flag().then(|| source.u32());
    report.code = source.flag().then(|| HResult(source.u32()));
    report
}

fn there_and_back(report: &Report) {
    let host = report.host.as_deref();
    match report.to_item() {
        Ok(item) => {
            assert!(item.data.is_ascii());
            check(item.as_item_ref(), Profile::SafeEverywhere).unwrap();
            assert_eq!(find([&item]), Ok(Some(report.clone())));
            let (fields, crc) = item.data.rsplit_once(" crc=").unwrap();
            assert_eq!(crc, format!("{:08X}", checksum(fields)));
        }
        Err(EncodeError::EmptyHost) => assert_eq!(host, Some("")),
        Err(EncodeError::HostTooLong { needed, allowed }) => {
            assert!(needed > allowed);
            // The longest name of DNS fits in whatever letters.
            assert!(host.unwrap().len() > 255);
        }
        Err(EncodeError::Time { at }) => assert_eq!(at, report.at),
        Err(_) => assert!(host.is_some()),
    }
}

/// A report with other bytes in it is none, or the same one.
fn damaged(source: &mut Source<'_>) {
    let report = made(source);
    let Ok(item) = report.to_item() else { return };
    let mut bytes = item.data.clone().into_bytes();
    source.damage(&mut bytes);
    let value = String::from_utf8_lossy(&bytes);
    if value != item.data {
        let found = find([ItemRef::new(NAME, &value)]);
        assert!(!matches!(found, Ok(Some(_))), "another report");
    }
}
