//! The byte form and the serde form: fixed by hand, and every damage refused.

use avma::fleet::ledger::{DecodeError, Ledger, Sign};

use super::{ledger, seen};

fn two_hosts() -> Ledger {
    ledger(&[
        seen("2025-11-24T01:00:00.123Z", 0xa1, "HV02", Sign::Running),
        seen("2025-11-26T01:00:00Z", 0xa1, "hv02", Sign::Running),
        seen("2025-12-01T00:00:00Z", 0, "büro", Sign::HostEvent),
        seen("2025-12-01T00:00:00Z", 0xa1, "", Sign::Avma),
    ])
}

fn crc(bytes: &mut [u8]) {
    let crc = crc::Crc::<u64>::new(&crc::CRC_64_XZ);
    let (text, sum) = bytes.split_at_mut(bytes.len() - 8);
    sum.copy_from_slice(&crc.checksum(text).to_le_bytes());
}

/// The bytes with some of them changed and a right checksum.
#[track_caller]
fn forged(ledger: &Ledger, change: impl FnOnce(&mut Vec<u8>)) -> Result<Ledger, DecodeError> {
    let mut bytes = ledger.encode();
    change(&mut bytes);
    crc(&mut bytes);
    Ledger::decode(&bytes)
}

#[test]
fn the_bytes_of_a_ledger() {
    let ledger = ledger(&[
        seen("1970-02-03T00:00:00.001Z", 0xa1, "HV01", Sign::Listed),
        seen("1970-02-05T00:00:00Z", 0xa1, "HV01", Sign::Listed),
    ]);
    let mut expected = Vec::new();
    expected.extend(b"AVMALEDG");
    expected.extend([1, 0, 0, 0]);
    expected.extend([1, 0, 0, 0]);
    expected.extend([1, 0, 0, 0, 0, 0, 0, 0]);
    expected.extend([4, 0]);
    expected.extend(b"hv01");
    expected.extend([0xa1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expected.extend([1, 0, 0, 0]);
    expected.extend([1, 0, 0, 0]);
    expected.extend([2, 1, 0, 0]);
    expected.extend([0b10100, 0, 0, 0]);
    expected.extend(172_800_001_u32.to_le_bytes());
    expected.extend(345_600_000_u32.to_le_bytes());
    expected.extend([0; 8]);
    crc(&mut expected);
    assert_eq!(ledger.encode(), expected);
    assert_eq!(Ledger::new().encode().len(), 32);
}

#[test]
fn every_truncation_and_every_flipped_bit_is_refused() {
    let large: Vec<_> = (1..40)
        .map(|vm| seen("2025-11-24T01:00:00Z", vm << 90 | vm, "HV02", Sign::Running))
        .collect();
    for ledger in [Ledger::new(), two_hosts(), ledger(&large)] {
        let bytes = ledger.encode();
        assert_eq!(Ledger::decode(&bytes).as_ref(), Ok(&ledger));
        for end in 0..bytes.len() {
            let error = Ledger::decode(&bytes[..end]).unwrap_err();
            assert!(
                matches!(error, DecodeError::Truncated { got, needed }
                if got == end && needed > end as u128),
                "{end}: {error}"
            );
        }
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            assert!(Ledger::decode(&damaged).is_err(), "bit {bit}");
        }
        for byte in [0, 0xff] {
            let mut longer = bytes.clone();
            longer.push(byte);
            let (got, needed) = (longer.len(), bytes.len());
            assert_eq!(
                Ledger::decode(&longer),
                Err(DecodeError::TooLong { got, needed })
            );
        }
    }
}

#[test]
fn what_is_no_ledger() {
    let truncated = |got, needed| Err(DecodeError::Truncated { got, needed });
    assert_eq!(Ledger::decode(b""), truncated(0, 32));
    assert_eq!(Ledger::decode(b"AVMA"), truncated(4, 32));
    assert_eq!(Ledger::decode(b"AVMb"), Err(DecodeError::Magic));
    assert_eq!(
        Ledger::decode(b"{\"version\":1}, and so on"),
        Err(DecodeError::Magic)
    );
    let ledger = two_hosts();
    assert_eq!(
        forged(&ledger, |bytes| bytes[8] = 2),
        Err(DecodeError::Version { got: 2 })
    );
    // A head that promises more than there can be: nothing is allocated for it.
    let len = ledger.encode().len();
    let promised = u128::from(u64::MAX) * 40 + 32 + 4;
    assert_eq!(
        forged(&ledger, |bytes| bytes[16..24].fill(0xff)),
        truncated(len, promised)
    );
}

/// Right checksums do not help what no sightings give.
#[test]
fn what_no_sightings_give() {
    let ledger = two_hosts();
    // Header 24; names "büro" (5 bytes) and "hv02"; then three cells of 40 bytes.
    let names = 24;
    let cell = names + 2 + 5 + 2 + 4;
    let bytes = ledger.encode();
    assert_eq!(bytes.len(), cell + 3 * 40 + 8);
    let name = |index| Err(DecodeError::Name { index });
    let at = |place: usize, value: u8| forged(&ledger, |bytes| bytes[place] = value);
    assert_eq!(at(names + 3, b'x'), name(0), "no UTF-8 follows");
    assert_eq!(at(names + 2, b'B'), name(0), "not in lower case");
    assert_eq!(at(names + 9, b'a'), name(1), "not after the one before it");
    assert_eq!(at(names + 9, b'H'), name(1), "not in lower case");
    // The first cell is the event without a VM, on host 1.
    let wrong = |index| Err(DecodeError::Cell { index });
    let set = |place: usize, bytes: &[u8]| {
        forged(&ledger, |all| {
            all[cell + place..][..bytes.len()].copy_from_slice(bytes);
        })
    };
    let december = 671_u32.to_le_bytes();
    assert_eq!(&bytes[cell + 16..][..4], december);
    assert_eq!(set(0, &[1]), wrong(0), "an id of no VM");
    assert_eq!(
        set(16, &[0xff, 0xff, 0xff, 0xff]),
        wrong(0),
        "a month beyond the calendar"
    );
    assert_eq!(set(20, &[3]), wrong(0), "a host that is not there");
    assert_eq!(set(20, &[0]), wrong(0), "neither VM nor host");
    assert_eq!(set(20, &[2]), name(0), "a name of no cell");
    assert_eq!(set(24, &[19]), wrong(0), "no such sign");
    assert_eq!(set(24, &[0]), wrong(0), "running, but no VM");
    assert_eq!(set(25, &[2]), wrong(0), "neither a VM nor none");
    assert_eq!(set(26, &[1]), wrong(0), "not zero");
    assert_eq!(set(27, &[1]), wrong(0), "not zero");
    assert_eq!(set(28, &[0]), wrong(0), "no day");
    assert_eq!(set(28, &[2]), wrong(0), "a day without a time");
    assert_eq!(set(31, &[0x80]), wrong(0), "day 32");
    assert_eq!(set(32, &[1]), wrong(0), "first after last");
    // Days of a month that has 30.
    let november = 670_u32.to_le_bytes();
    assert_eq!(&bytes[cell + 40 + 16..][..4], november);
    assert_eq!(set(40 + 28 + 3, &[0x41]), wrong(1), "31 November");
    // The same key twice, and cells out of order.
    let swapped = forged(&ledger, |bytes| {
        let (one, other) = bytes[cell..].split_at_mut(40);
        one.swap_with_slice(&mut other[..40]);
    });
    assert_eq!(swapped, wrong(1));
    let doubled = forged(&ledger, |bytes| {
        bytes.copy_within(cell..cell + 40, cell + 40);
    });
    assert_eq!(doubled, wrong(1));
}

#[test]
fn equal_ledgers_have_equal_bytes_whatever_came_first() {
    let sightings = [
        seen("2025-11-24T01:00:00Z", 3, "zz", Sign::Running),
        seen("2025-11-24T01:00:00Z", 2, "AA", Sign::Running),
        seen("2025-11-24T01:00:00Z", 1, "mm", Sign::Running),
    ];
    let forward = ledger(&sightings);
    let mut backward = Ledger::new();
    for one in sightings.iter().rev() {
        backward.update([*one]).unwrap();
    }
    assert_eq!(forward, backward);
    assert_eq!(forward.encode(), backward.encode());
}

#[cfg(feature = "serde")]
mod json {
    use super::*;

    const TEXT: &str = "{\"version\":1,\"entries\":[\
        {\"vm\":null,\"month\":\"2025-12\",\"host\":\"büro\",\"sign\":\"host-event\",\"days\":[1],\
        \"first\":\"2025-12-01T00:00:00.000Z\",\"last\":\"2025-12-01T00:00:00.000Z\"},\
        {\"vm\":\"00000000-0000-0000-0000-0000000000a1\",\"month\":\"2025-11\",\"host\":\"hv02\",\
        \"sign\":\"running\",\"days\":[24,26],\"first\":\"2025-11-24T01:00:00.123Z\",\
        \"last\":\"2025-11-26T01:00:00.000Z\"},\
        {\"vm\":\"00000000-0000-0000-0000-0000000000a1\",\"month\":\"2025-12\",\"host\":null,\
        \"sign\":\"avma\",\"days\":[1],\"first\":\"2025-12-01T00:00:00.000Z\",\
        \"last\":\"2025-12-01T00:00:00.000Z\"}]}";

    #[test]
    fn a_ledger_as_json() {
        assert_eq!(serde_json::to_string(&two_hosts()).unwrap(), TEXT);
        assert_eq!(serde_json::from_str::<Ledger>(TEXT).unwrap(), two_hosts());
    }

    #[test]
    fn nothing_else_is_read() {
        for (from, to) in [
            ("\"version\":1", "\"version\":2"),
            ("\"version\":1,", ""),
            ("\"version\":1", "\"version\":1,\"more\":0"),
            ("\"days\":[1],", "\"days\":[1],\"more\":0,"),
            ("0000a1", "0000A1"),
            ("\"00000000-0000-0000-0000-0000000000a1\"", "null"),
            ("\"vm\":null", "\"vm\":7"),
            ("2025-11\"", "2025-13\""),
            ("2025-11\"", "2025-10\""),
            ("\"hv02\"", "\"HV02\""),
            ("\"hv02\"", "\"\""),
            ("\"büro\"", "null"),
            ("\"running\"", "\"Running\""),
            ("\"running\"", "\"flying\""),
            ("[24,26]", "[26,24]"),
            ("[24,26]", "[24,24,26]"),
            ("[24,26]", "[24,25,26,27]"),
            ("[24,26]", "[24,26,31]"),
            ("[24,26]", "[0,24,26]"),
            ("[24,26]", "[]"),
            ("01:00:00.123Z", "01:00:00Z"),
            ("01:00:00.123Z", "02:00:00.123+01:00"),
            ("2025-11-24T01:00:00.123Z", "2025-10-24T01:00:00.123Z"),
            ("2025-11-24T01:00:00.123Z", "1601-01-01T00:00:00.000Z"),
        ] {
            let text = TEXT.replacen(from, to, 1);
            assert_ne!(text, TEXT, "{from}");
            assert!(
                serde_json::from_str::<Ledger>(&text).is_err(),
                "{from} to {to}"
            );
        }
        let mut value: serde_json::Value = serde_json::from_str(TEXT).unwrap();
        value["entries"].as_array_mut().unwrap().swap(0, 1);
        let error = serde_json::from_value::<Ledger>(value).unwrap_err();
        assert_eq!(error.to_string(), "cell 1 is not as a ledger keeps it");
    }
}
