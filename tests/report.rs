//! The crate's own report: its bytes, what is refused, and that damage never makes another report.
#![cfg(feature = "observe")]

use avma::assess::{InstalledKey, Trust};
use avma::kvp::ItemRef;
use avma::kvp::limits::{Profile, check};
use avma::observe::activation::Activation;
use avma::observe::report::{
    DecodeError, EncodeError, FindError, NAME, PREFIX, Report, ReportField, ReportedState, find,
    stale,
};
use avma::observe::watch::KeyMove;
use avma::plan::Action;
use avma::time::Timestamp;
use avma::{HResult, LastFive, LicenseChannel, LicenseStatus, ProductKey, VmId};
use proptest::prelude::*;

const VM: &str = "a1a1a1a1-0000-4000-8000-000000000001";
/// Well-formed, published nowhere.
const PLANTED: &str = "FMT4H-4RD6P-M48YH-6YDK2-QXPNK";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn report(
    vm: &str,
    state: ReportedState,
    key: &str,
    host: &str,
    at: &str,
    minutes: Option<u32>,
    code: Option<u32>,
) -> Report {
    let mut report = Report::new(vm.parse().unwrap(), state, time(at));
    report.key = (!key.is_empty()).then(|| key.parse().unwrap());
    report.host = (!host.is_empty()).then(|| host.to_owned());
    report.minutes_left = minutes;
    report.code = code.map(HResult);
    report
}

/// Reports with their values, written by hand; the checksums are those of another program.
fn golden() -> Vec<(Report, &'static str)> {
    use ReportedState::{Activated, Expired, NotActivated, Pending};
    let (none, all) = (
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    );
    vec![
        (
            report(
                VM,
                Activated,
                "78VHK",
                "HV01",
                "2025-11-24T01:14:05Z",
                Some(4321),
                None,
            ),
            "avma crate, not Windows: vm=a1a1a1a1-0000-4000-8000-000000000001 state=activated key=78VHK host=HV01 at=2025-11-24T01:14:05.000Z minutes=4321 code=- crc=74ED01FC",
        ),
        (
            report(VM, Pending, "", "", "1970-01-01T00:00:00.001Z", None, None),
            "avma crate, not Windows: vm=a1a1a1a1-0000-4000-8000-000000000001 state=pending key=- host=- at=1970-01-01T00:00:00.001Z minutes=- code=- crc=826564CF",
        ),
        (
            report(
                all,
                NotActivated,
                "MTB6V",
                "büro-1.example.test",
                "2025-11-24T01:14:05.123Z",
                Some(0),
                Some(0xC004_FD02),
            ),
            "avma crate, not Windows: vm=ffffffff-ffff-ffff-ffff-ffffffffffff state=not-activated key=MTB6V host=b%C3%BCro-1.example.test at=2025-11-24T01:14:05.123Z minutes=0 code=0xC004FD02 crc=9CEB9076",
        ),
        (
            report(
                none,
                Expired,
                "DV9BG",
                "-",
                "9999-12-31T23:59:59.999Z",
                Some(u32::MAX),
                Some(0xC004_FC07),
            ),
            "avma crate, not Windows: vm=00000000-0000-0000-0000-000000000000 state=expired key=DV9BG host=%2D at=9999-12-31T23:59:59.999Z minutes=4294967295 code=0xC004FC07 crc=C741A4C8",
        ),
        (
            report(
                none,
                Expired,
                "DV9BG",
                "a %\0\u{7F}😀_-",
                "1601-01-03T00:00:00Z",
                Some(1),
                Some(0),
            ),
            "avma crate, not Windows: vm=00000000-0000-0000-0000-000000000000 state=expired key=DV9BG host=a%20%25%00%7F%F0%9F%98%80_- at=1601-01-03T00:00:00.000Z minutes=1 code=0x00000000 crc=60FCC936",
        ),
    ]
}

#[test]
fn golden_values() {
    assert_eq!(NAME, "avma-crate.activation-report.1");
    assert!(NAME.starts_with(PREFIX));
    assert_eq!(Report::TRUST, Trust::Claimed);
    for (report, value) in golden() {
        let item = report.to_item().unwrap();
        assert_eq!((item.name.as_str(), item.data.as_str()), (NAME, value));
        assert_eq!(item.source, None);
        let named = ItemRef::new(NAME, value);
        assert_eq!(Report::decode(named), Ok(report.clone()));
        assert_eq!(
            Report::decode(named.with_source(ItemRef::GUEST)),
            Ok(report)
        );
        assert!(value.is_ascii());
        check(named, Profile::SafeEverywhere).unwrap();
    }
    assert_eq!(
        golden()[2].0.to_string(),
        "VM ffffffff-ffff-ffff-ffff-ffffffffffff: not activated at 2025-11-24T01:14:05Z, \
         key MTB6V, host büro-1.example.test, 0 minutes left, 0xC004FD02"
    );
}

#[test]
fn slugs_are_pinned() {
    let slugs: Vec<_> = ReportedState::ALL
        .iter()
        .map(|state| state.as_str())
        .collect();
    assert_eq!(slugs.join(" "), "activated pending not-activated expired");
    let slugs: Vec<_> = ReportField::ALL
        .iter()
        .map(|field| field.as_str())
        .collect();
    assert_eq!(slugs.join(" "), "vm state key host at minutes code");
}

/// Every one and two bits of name and value, exhaustively.
#[test]
fn two_flipped_bits_never_make_another_report() {
    for (_, value) in golden() {
        let mut bytes = [NAME.as_bytes(), value.as_bytes()].concat();
        let bits = bytes.len() * 8;
        let mut refused = 0;
        for first in 0..bits {
            bytes[first / 8] ^= 1 << (first % 8);
            assert!(is_refused(&bytes), "bit {first} of {value}");
            for second in first + 1..bits {
                bytes[second / 8] ^= 1 << (second % 8);
                assert!(is_refused(&bytes), "bits {first} and {second} of {value}");
                bytes[second / 8] ^= 1 << (second % 8);
                refused += 1;
            }
            bytes[first / 8] ^= 1 << (first % 8);
        }
        assert_eq!(refused, bits * (bits - 1) / 2);
        assert!(!is_refused(&bytes));
    }
}

/// Whether nothing is read of a damaged item, the name in its first bytes: an error, another item, or
/// no text at all.
fn is_refused(bytes: &[u8]) -> bool {
    let (name, value) = bytes.split_at(NAME.len().min(bytes.len()));
    match (std::str::from_utf8(name), std::str::from_utf8(value)) {
        (Ok(name), Ok(value)) => !matches!(find([ItemRef::new(name, value)]), Ok(Some(_))),
        _ => true,
    }
}

/// The value of a report with another text in place of its fields, under a checksum that fits.
fn forged(fields: &str) -> String {
    let mut crc = u32::MAX;
    for byte in [NAME.as_bytes(), &[0], fields.as_bytes()].concat() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
        }
    }
    format!("{fields} crc={:08X}", !crc)
}

#[track_caller]
fn decoded(value: &str) -> Result<Report, DecodeError> {
    Report::decode(ItemRef::new(NAME, value))
}

#[test]
fn only_what_is_written_is_read() {
    let value = golden()[0].1;
    let fields = value.split_once(" crc=").unwrap().0;
    assert_eq!(forged(fields), value);
    let at = |what: &str| fields.find(what).unwrap() - 1;
    let field = |field, at| DecodeError::Field { field, at };
    let other = |at| DecodeError::NotCanonical { at };
    for (from, to, error) in [
        ("vm=a1a1", "vm=A1A1", other(at("vm=") + 4)),
        ("vm=a1a1", "vm={a1a1", field(ReportField::Vm, at("vm="))),
        ("vm=", "VM=", field(ReportField::Vm, at("vm="))),
        (
            " state=activated",
            "",
            field(ReportField::State, at("state=")),
        ),
        ("=activated", "=Activated", other(at("state=") + 7)),
        // The name that people know is none of the form.
        (
            "=activated",
            "=expired.",
            field(ReportField::State, at("state=")),
        ),
        ("key=78VHK", "key=78vhk", other(at("key=") + 7)),
        ("key=78VHK", "key=", field(ReportField::Key, at("key="))),
        (
            "key=78VHK",
            "key=78VH0",
            field(ReportField::Key, at("key=")),
        ),
        (
            "key=78VHK host=HV01",
            "host=HV01 key=78VHK",
            field(ReportField::Key, at("key=")),
        ),
        ("host=HV01", "host=", other(0)),
        ("host=HV01", "host=%48V01", other(at("host=") + 6)),
        ("host=HV01", "host=HV01%c3%BC", other(at("host=") + 11)),
        (
            "host=HV01",
            "host=HV01%C3",
            field(ReportField::Host, at("host=")),
        ),
        (
            "host=HV01",
            "host=HV01%",
            field(ReportField::Host, at("host=")),
        ),
        ("host=HV01", "host=HV01%+C", other(at("host=") + 11)),
        ("host=HV01", "host=HV\u{FC}1", other(at("host=") + 8)),
        (".000Z", "Z", other(at("at=") + 23)),
        (".000Z", ".0000001Z", other(at("at=") + 27)),
        (".000Z", ".000+00:00", other(at("at=") + 27)),
        (
            "at=2025",
            "at=1601-01-01T00:00:00.000Z",
            field(ReportField::At, at("at=")),
        ),
        ("2025-11-24", "1601-01-01", other(0)),
        ("minutes=4321", "minutes=04321", other(at("minutes=") + 9)),
        ("minutes=4321", "minutes=+4321", other(at("minutes=") + 9)),
        (
            "minutes=4321",
            "minutes=4294967296",
            field(ReportField::Minutes, at("minutes=")),
        ),
        ("code=-", "code=0xC004fd02", other(at("code=") + 12)),
        ("code=-", "code=-1073414910", other(at("code=") + 6)),
        ("code=-", "code=FD02", field(ReportField::Code, at("code="))),
        ("code=-", "code=- ", other(at("code=") + 7)),
        ("code=-", "code=- more=1", other(at("code=") + 7)),
        ("avma crate, not Windows:", "", other(0)),
        ("avma crate, not Windows:", "Windows:", other(0)),
    ] {
        assert!(fields.contains(from), "{from}");
        let forged = forged(&fields.replace(from, to));
        assert_eq!(decoded(&forged), Err(error), "{to}");
    }
}

#[test]
fn the_checksum_is_the_last_thing_in_the_value() {
    let value = golden()[0].1;
    let fields = value.split_once(" crc=").unwrap().0;
    let other = |at| DecodeError::NotCanonical { at };
    let lower = value.replace("crc=74ED01FC", "crc=74ed01fc");
    assert_eq!(decoded(&lower), Err(other(value.len() - 6)));
    let wrong = value.replace("crc=74ED01FC", "crc=74ED01FD");
    let error = DecodeError::Checksum {
        stored: 0x74ED_01FD,
        computed: 0x74ED_01FC,
    };
    assert_eq!(decoded(&wrong), Err(error));
    assert_eq!(
        error.to_string(),
        "damaged: the checksum is 74ED01FD, that of the item is 74ED01FC"
    );
    for cut in [
        String::new(),
        "é".repeat(7),
        value[..value.len() - 1].to_owned(),
        format!("{value} "),
        value.replace(" crc=", " CRC="),
        fields.to_owned(),
    ] {
        assert_eq!(decoded(&cut), Err(DecodeError::NoChecksum), "{cut}");
    }
    assert!(matches!(
        decoded(&format!("x{value}")),
        Err(DecodeError::Checksum { .. })
    ));
}

#[test]
fn names_versions_and_pools() {
    let value = golden()[0].1;
    let of = |name: &str| Report::decode(ItemRef::new(name, value)).map(|_| ());
    for name in [
        "",
        "Status",
        "avma-crate.activation-report.",
        "avma-crate.activation-report.01",
        "avma-crate.activation-report.+1",
        "avma-crate.activation-report.x",
        "avma-crate.activation-report.4294967296",
        "Avma-crate.activation-report.1",
        " avma-crate.activation-report.1",
        "avma-crate.activation-report.1.0",
    ] {
        assert_eq!(of(name), Err(DecodeError::NotAReport), "{name}");
    }
    for version in [0, 2, 10, u32::MAX] {
        let name = format!("avma-crate.activation-report.{version}");
        assert_eq!(of(&name), Err(DecodeError::Version { version }));
    }
    for got in [ItemRef::HOST, ItemRef::GUEST_INTRINSIC, ItemRef::HOST_ONLY] {
        let item = ItemRef::new(NAME, value).with_source(got);
        assert_eq!(Report::decode(item), Err(DecodeError::Source { got }));
    }
}

#[test]
fn what_is_found() {
    let golden = golden();
    let (report, value) = (&golden[0].0, golden[0].1);
    let (one, other) = (ItemRef::new(NAME, value), ItemRef::new(NAME, golden[1].1));
    let status = ItemRef::new("Status", "Ready");
    assert_eq!(find([status; 0]), Ok(None));
    assert_eq!(find([status]), Ok(None));
    assert_eq!(find([status, one]), Ok(Some(report.clone())));
    // Names are not unique in a pool; the same twice is one.
    assert_eq!(find([one, status, one]), Ok(Some(report.clone())));
    let differ = FindError::Differ {
        first: 0,
        second: 2,
    };
    assert_eq!(find([one, one.with_source(1), other]), Err(differ));
    assert_eq!(differ.to_string(), "items 0 and 2 are reports that differ");
    let error = DecodeError::NoChecksum;
    let broken = FindError::Item { index: 1, error };
    assert_eq!(find([one, ItemRef::new(NAME, "x")]), Err(broken));
    assert_eq!(
        broken.to_string(),
        "item 1: the value does not end in a checksum: cut off or damaged"
    );
    let newer = ItemRef::new("avma-crate.activation-report.2", value);
    let error = DecodeError::Version { version: 2 };
    assert_eq!(find([newer, one]), Err(FindError::Item { index: 0, error }));
    assert_eq!(error.to_string(), "a report of version 2, 1 is read");
}

#[test]
fn what_can_not_be_reported() {
    let mut report = golden()[0].0.clone();
    report.host = Some(String::new());
    assert_eq!(report.to_item(), Err(EncodeError::EmptyHost));
    for planted in [
        PLANTED.to_owned(),
        format!("x {PLANTED} y"),
        PLANTED.replace('-', " "),
    ] {
        report.host = Some(planted);
        assert_eq!(report.to_item(), Err(EncodeError::HostHoldsKey));
        assert!(!report.to_string().contains("FMT4H"));
    }
    report.host = None;
    for (at, fits) in [
        ("1601-01-03T00:00:00Z", true),
        ("9999-12-31T23:59:59.999Z", true),
        ("1601-01-02T23:59:59.999Z", false),
    ] {
        report.at = time(at);
        assert_eq!(report.to_item().is_ok(), fits, "{at}");
    }
    for at in [
        Timestamp(i64::MIN),
        Timestamp(i64::MAX),
        Timestamp(time("9999-12-31T23:59:59.999Z").0 + 1),
    ] {
        report.at = at;
        assert_eq!(report.to_item(), Err(EncodeError::Time { at }));
    }
}

#[test]
fn the_longest_host_names() {
    let mut longest = golden()[3].0.clone();
    longest.state = ReportedState::NotActivated;
    // Any name of DNS, in whatever letters.
    for letter in ["a", "é", "中", "😀"] {
        longest.host = Some(letter.repeat(255 / letter.len()));
        let item = longest.to_item().unwrap();
        check(item.as_item_ref(), Profile::SafeEverywhere).unwrap();
        assert_eq!(Report::decode(item.as_item_ref()), Ok(longest.clone()));
    }
    longest.host = Some("-".to_owned());
    let without = longest.to_item().unwrap().data.len() - "%2D".len();
    let allowed = 990 - without;
    for (host, needed) in [
        ("a".repeat(allowed), allowed),
        ("a".repeat(allowed + 1), allowed + 1),
        ("é".repeat(allowed / 6), allowed / 6 * 6),
        ("é".repeat(allowed / 6 + 1), (allowed / 6 + 1) * 6),
        ("a".repeat(5000), 5000),
    ] {
        longest.host = Some(host);
        match longest.to_item() {
            Ok(item) => {
                assert!(needed <= allowed);
                assert_eq!(item.data.len(), without + needed);
            }
            Err(error) => {
                assert!(needed > allowed);
                assert_eq!(error, EncodeError::HostTooLong { needed, allowed });
            }
        }
    }
}

fn activation(channel: LicenseChannel, status: LicenseStatus, reason: Option<u32>) -> Activation {
    let mut activation = Activation::default();
    activation.observation.key = InstalledKey::LastFive("78VHK".parse().unwrap());
    activation.observation.channel = Some(channel);
    activation.observation.status = Some(status);
    activation.observation.reason = reason.map(HResult);
    activation.observation.minutes_left = Some(7);
    activation.host = Some("HV01".to_owned());
    activation
}

#[test]
fn what_is_reported_of_an_activation() {
    use LicenseChannel::{Avma, Evaluation, Retail, Unlisted};
    use LicenseStatus::{Licensed, Notification, OobGrace};
    let vm: VmId = VM.parse().unwrap();
    let at = time("2025-11-24T01:14:05Z");
    let of = |channel, status, reason| {
        let activation = activation(channel, status, reason);
        Report::observed(vm, at, &activation)
    };
    for (status, reason, state, code) in [
        // The reason of a licensed row is only some number.
        (Licensed, Some(0x4004_F401), ReportedState::Activated, None),
        (
            Notification,
            Some(0xC004_FD02),
            ReportedState::NotActivated,
            Some(0xC004_FD02),
        ),
        (Notification, None, ReportedState::NotActivated, None),
        (
            OobGrace,
            Some(0x4004_FC06),
            ReportedState::NotActivated,
            None,
        ),
        (
            Notification,
            Some(0xC004_FC07),
            ReportedState::Expired,
            Some(0xC004_FC07),
        ),
    ] {
        let wanted = report(
            VM,
            state,
            "78VHK",
            "HV01",
            "2025-11-24T01:14:05Z",
            Some(7),
            code,
        );
        assert_eq!(of(Avma, status, reason), Some(wanted));
    }
    for channel in [Retail, Evaluation, Unlisted] {
        assert_eq!(of(channel, Licensed, None), None);
    }
    assert_eq!(Report::observed(vm, at, &Activation::default()), None);
    let mut whole = activation(Avma, Licensed, None);
    whole.observation.key = InstalledKey::Whole(ProductKey::parse(PLANTED).unwrap());
    let report = Report::observed(vm, at, &whole).unwrap();
    assert_eq!(report.key, LastFive::parse("QXPNK").ok());
    assert!(!format!("{report:?}").contains("FMT4H"));
}

#[test]
fn what_is_stale() {
    let planted = format!("key {PLANTED}");
    let items = [
        ItemRef::new("Status", "Ready"),
        ItemRef::new(NAME, "damaged or not"),
        ItemRef::new("avma-crate.activation-report.2", "").with_source(ItemRef::GUEST),
        // Names that only look like this crate's.
        ItemRef::new("avma-crate.other", ""),
        ItemRef::new("avma-crate.activation-report.x", ""),
        ItemRef::new(&planted, ""),
        ItemRef::new("Status", "twice"),
        ItemRef::new(NAME, "twice"),
        // Of other pools.
        ItemRef::new("OSName", "").with_source(ItemRef::GUEST_INTRINSIC),
        ItemRef::new("FromHost", "").with_source(ItemRef::HOST),
        ItemRef::new(NAME, "").with_source(ItemRef::HOST),
    ];
    let found = stale(KeyMove::FromAvma, items);
    assert_eq!(found.remove, [NAME, "avma-crate.activation-report.2"]);
    let others = [
        "Status",
        "avma-crate.other",
        "avma-crate.activation-report.x",
        "key *****-*****-*****-*****-QXPNK",
    ];
    assert_eq!(found.for_a_person, others);
    assert_eq!(found.action(), Some(Action::ListKvpItems));
    let unknown = stale(KeyMove::Unknown, items);
    assert!(unknown.remove.is_empty());
    assert_eq!(unknown.for_a_person.len(), others.len() + 2);
    for how in [KeyMove::OtherAvma, KeyMove::ToAvma, KeyMove::Other] {
        let nothing = stale(how, items);
        assert!(nothing.is_empty() && nothing.action().is_none());
    }
    let own = stale(KeyMove::FromAvma, [items[1]]);
    assert!(!own.is_empty() && own.action().is_none());
    let _: avma::observe::report::Stale<'_> = stale(KeyMove::FromAvma, &[items[0].to_item()]);
}

fn hosts() -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop_oneof![
        "[A-Za-z0-9.-]{1,63}",
        "\\PC{1,40}",
        prop::collection::vec(any::<char>(), 1..30).prop_map(String::from_iter),
    ])
}

fn reports() -> impl Strategy<Value = Report> {
    let keys = prop::option::of("[BCDFGHJKMPQRTVWXY2346789N]{5}");
    let states = prop::sample::select(ReportedState::ALL);
    let times = -11_644_300_800_000..253_402_300_800_000_i64;
    let numbers = (any::<Option<u32>>(), any::<Option<u32>>());
    (any::<u128>(), states, keys, hosts(), times, numbers).prop_map(
        |(vm, state, key, host, at, (minutes, code))| {
            let mut report = Report::new(VmId(vm), state, Timestamp(at));
            report.key = key.map(|key| key.parse().unwrap());
            report.host = host;
            report.minutes_left = minutes;
            report.code = code.map(HResult);
            report
        },
    )
}

proptest! {
    #[test]
    fn a_report_comes_back(report in reports()) {
        let item = report.to_item().unwrap();
        prop_assert!(item.data.is_ascii());
        prop_assert_eq!(check(item.as_item_ref(), Profile::SafeEverywhere), Ok(()));
        prop_assert_eq!(find([&item]), Ok(Some(report)));
    }

    #[test]
    fn two_reports_have_two_values(a in reports(), b in reports()) {
        prop_assert_eq!(a == b, a.to_item() == b.to_item());
    }

    /// Any bytes in place of some, any of them lost, the begin of one report with the end of another.
    #[test]
    fn wider_damage_never_makes_another_report(
        report in reports(),
        other in reports(),
        place in any::<prop::sample::Index>(),
        end in any::<prop::sample::Index>(),
        bytes in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let item = report.to_item().unwrap();
        let whole = [item.name.as_bytes(), item.data.as_bytes()].concat();
        let at = place.index(whole.len());
        let rest = at + end.index(whole.len() - at);
        let replaced = [&whole[..at], &bytes, &whole[rest..]].concat();
        let lost = [&whole[..at], &whole[rest..]].concat();
        let other = other.to_item().unwrap();
        let second = [other.name.as_bytes(), other.data.as_bytes()].concat();
        let spliced = [&whole[..at], &second[at.min(second.len())..]].concat();
        for damaged in [replaced, lost, spliced] {
            let is_whole = damaged == whole || damaged == second;
            prop_assert!(is_whole || is_refused(&damaged));
        }
    }

    #[test]
    fn any_item_is_read_or_refused(name in any::<String>(), value in any::<String>()) {
        let _ = find([ItemRef::new(&name, &value)]);
        let _ = find([ItemRef::new(NAME, &value)]);
        prop_assert!(decoded(&value).is_err());
    }

    /// Under a checksum that fits, too.
    #[test]
    fn a_forged_value_is_read_only_if_it_is_canonical(fields in "avma crate, not Windows:( [a-z]{2,7}=[-A-Za-z0-9%:.]{0,30}){0,8}") {
        let value = forged(&fields);
        if let Ok(report) = decoded(&value) {
            prop_assert_eq!(report.to_item().unwrap().data, value);
        }
    }
}
