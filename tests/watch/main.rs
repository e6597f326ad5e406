//! The activation of one VM over time: each change by two observations, then laws over many.
#![cfg(feature = "observe")]

use avma::assess::InstalledKey;
use avma::observe::activation::{Activation, IMPLAUSIBLE_MINUTES};
use avma::observe::value::When;
use avma::observe::watch::{Change, KeyMove, TOLERANCE_MINUTES, Watch, WatchError};
use avma::time::Timestamp;
use avma::{Evidence, HResult, LastFive, LicenseChannel, LicenseStatus, ProductKey};

mod laws;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// 2025-11-24T01:00:00Z.
const START: i64 = 1_763_946_000_000;

fn at(minutes: i64) -> Timestamp {
    Timestamp(START + minutes * MINUTE)
}

fn key(text: &str) -> LastFive {
    text.parse().unwrap()
}

/// Licensed by AVMA, with 4321 minutes left, by HV01.
fn avma() -> Activation {
    let mut activation = Activation::default();
    activation.observation.key = InstalledKey::LastFive(key("78VHK"));
    activation.observation.channel = Some(LicenseChannel::Avma);
    activation.observation.status = Some(LicenseStatus::Licensed);
    activation.observation.minutes_left = Some(4321);
    activation.host = Some("HV01".to_owned());
    activation.last_activation = When::At(at(-10));
    activation
}

fn with(change: impl FnOnce(&mut Activation)) -> Activation {
    let mut activation = avma();
    change(&mut activation);
    activation
}

fn refused(activation: &mut Activation) {
    let observation = &mut activation.observation;
    observation.status = Some(LicenseStatus::Notification);
    observation.reason = Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED);
    observation.minutes_left = Some(0);
}

/// What a second observation brings, so many minutes after the first.
#[track_caller]
fn after(elapsed: i64, first: &Activation, second: &Activation) -> Vec<Change> {
    let mut watch = Watch::new();
    watch.observe(at(0), first).unwrap();
    watch.observe(at(elapsed), second).unwrap()
}

#[track_caller]
fn changes(first: &Activation, second: &Activation) -> Vec<Change> {
    after(1, first, second)
}

#[track_caller]
fn reads(changes: &[Change], wanted: &[(&str, &str)]) {
    let read: Vec<_> = changes
        .iter()
        .map(|change| (change.as_str(), change.to_string()))
        .collect();
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(slug, text)| (*slug, (*text).to_owned()))
        .collect();
    assert_eq!(read, wanted);
    assert!(changes.iter().all(|change| !change.meaning().is_empty()));
}

#[test]
fn the_first_observation() {
    let mut unknown = Activation::default();
    let mut watch = Watch::new();
    assert_eq!(watch.last(), None);
    let first = watch.observe(at(0), &unknown).unwrap();
    reads(
        &first,
        &[(
            "first",
            "first seen without telling whether it is activated",
        )],
    );
    assert_eq!(watch.last(), Some((at(0), &unknown)));
    // The first one that tells.
    unknown.observation.status = Some(LicenseStatus::Notification);
    unknown.observation.reason = Some(HResult(0xC004_FD03));
    let told = watch.observe(at(1), &unknown).unwrap();
    reads(
        &told,
        &[(
            "first",
            "first seen not activated: Notification, 0xC004FD03",
        )],
    );
    let mut watch = Watch::new();
    let first = watch.observe(at(0), &avma()).unwrap();
    reads(&first, &[("first", "first seen activated by AVMA")]);
    assert_eq!(first[0].source().evidence, Evidence::Inferred);
}

#[test]
fn activated_and_no_longer_activated() {
    let not = with(refused);
    let lost = changes(&avma(), &not);
    reads(
        &lost,
        &[(
            "no-longer-activated",
            "no longer activated: Notification, 0xC004FD02",
        )],
    );
    assert_eq!(lost[0].meaning(), "the host's Windows is not activated");
    assert_eq!(lost[0].source().title, "Windows SDK: slerror.h");
    let back = with(|seen| seen.last_activation = When::At(at(1)));
    let found = changes(&not, &back);
    reads(
        &found,
        &[
            ("activated", "activated by AVMA"),
            (
                "last-activation-changed",
                "the last activation was 2025-11-24T00:50:00Z, and is 2025-11-24T01:01:00Z",
            ),
        ],
    );
    // A code that the crate lacks, and none.
    let odd = with(|seen| {
        refused(seen);
        seen.observation.reason = Some(HResult(0xC004_0001));
    });
    let unlisted = &changes(&avma(), &odd)[0];
    assert_eq!(unlisted.meaning(), "not in this crate's table");
    assert_eq!(unlisted.source().title, "this crate's table of codes");
    let silent = with(|seen| {
        refused(seen);
        seen.observation.reason = None;
    });
    let lost = changes(&avma(), &silent);
    reads(
        &lost,
        &[("no-longer-activated", "no longer activated: Notification")],
    );
    // The reason of a licensed system is no reason of anything.
    let noise = with(|seen| seen.observation.reason = Some(HResult(0x4004_F401)));
    assert_eq!(changes(&avma(), &noise), []);
    assert_eq!(
        changes(
            &noise,
            &with(|seen| seen.observation.reason = Some(HResult(1)))
        ),
        []
    );
}

#[test]
fn status_and_reason() {
    let not = with(refused);
    let other = with(|seen| {
        refused(seen);
        seen.observation.reason = Some(HResult::IA_ID_MISMATCH);
    });
    let found = changes(&not, &other);
    reads(
        &found,
        &[(
            "reason-changed",
            "the reason was 0xC004FD02, and is 0xC004FD03",
        )],
    );
    assert_eq!(
        found[0].meaning(),
        "the host cannot activate this edition of guest Windows"
    );
    let grace = with(|seen| {
        refused(seen);
        seen.observation.status = Some(LicenseStatus::OobGrace);
        seen.observation.reason = None;
    });
    let found = changes(&not, &grace);
    reads(
        &found,
        &[(
            "status-changed",
            "the status was Notification, and is Initial grace period",
        )],
    );
    // A reason that was not collected has not changed; the same one later on neither.
    let silent = with(|seen| {
        refused(seen);
        seen.observation.reason = None;
    });
    let mut watch = Watch::new();
    watch.observe(at(0), &not).unwrap();
    assert_eq!(watch.observe(at(1), &silent), Ok(vec![]));
    assert_eq!(watch.observe(at(2), &not), Ok(vec![]));
    assert_eq!(
        watch.observe(at(3), &other).unwrap(),
        [Change::ReasonChanged {
            from: HResult::IA_PARENT_PARTITION_NOT_ACTIVATED,
            to: HResult::IA_ID_MISMATCH,
        }]
    );
}

/// The one before the silence counts.
#[test]
fn a_reason_is_remembered_while_its_status_stays() {
    let of = |reason: Option<u32>| {
        with(|seen| {
            refused(seen);
            seen.observation.reason = reason.map(HResult);
        })
    };
    let mut watch = Watch::new();
    watch.observe(at(0), &of(Some(0xC004_FD02))).unwrap();
    assert_eq!(watch.observe(at(1), &of(None)), Ok(vec![]));
    let found = watch.observe(at(2), &of(Some(0xC004_FD03))).unwrap();
    reads(
        &found,
        &[(
            "reason-changed",
            "the reason was 0xC004FD02, and is 0xC004FD03",
        )],
    );
}

/// Another channel's key with that channel, licensed.
fn by(last_five: &str, channel: Option<LicenseChannel>) -> Activation {
    let mut activation = Activation::default();
    activation.observation.key = InstalledKey::LastFive(key(last_five));
    activation.observation.channel = channel;
    activation.observation.status = Some(LicenseStatus::Licensed);
    activation
}

#[test]
fn keys() {
    let retail = Some(LicenseChannel::Retail);
    let kms = Some(LicenseChannel::KmsClient);
    for (first, second, how, text, published) in [
        (
            avma(),
            by("7XK2C", retail),
            KeyMove::FromAvma,
            "the key 78VHK was replaced by 7XK2C: an AVMA key by a key of another channel",
            true,
        ),
        // A published key tells its channel.
        (
            avma(),
            by("VMK7H", None),
            KeyMove::FromAvma,
            "the key 78VHK was replaced by VMK7H: an AVMA key by a key of another channel",
            true,
        ),
        (
            avma(),
            by("DV9BG", Some(LicenseChannel::Avma)),
            KeyMove::OtherAvma,
            "the key 78VHK was replaced by DV9BG: an AVMA key by another AVMA key",
            true,
        ),
        (
            by("VMK7H", kms),
            avma(),
            KeyMove::ToAvma,
            "the key VMK7H was replaced by 78VHK: a key of another channel by an AVMA key",
            true,
        ),
        (
            by("VMK7H", kms),
            by("7XK2C", retail),
            KeyMove::Other,
            "the key VMK7H was replaced by 7XK2C: neither key is an AVMA key",
            false,
        ),
        // Not published and without a token: it may be anything.
        (
            avma(),
            by("7XK2C", None),
            KeyMove::Unknown,
            "the key 78VHK was replaced by 7XK2C: the channel of a key is not known",
            false,
        ),
        (
            avma(),
            by("7XK2C", Some(LicenseChannel::Unlisted)),
            KeyMove::Unknown,
            "the key 78VHK was replaced by 7XK2C: the channel of a key is not known",
            false,
        ),
    ] {
        let found = changes(&first, &second);
        assert_eq!(found[0].as_str(), "key-replaced");
        assert_eq!(found[0].to_string(), text);
        assert_eq!(found[0].key_move(), Some(how), "{text}");
        let removal = found[0]
            .meaning()
            .contains("asks for the KVP data to be removed");
        assert_eq!(removal, how == KeyMove::FromAvma, "{text}");
        let is = found[0].source().evidence == Evidence::Published;
        assert_eq!(is, published, "{text}");
    }
    // What the new licence is activated by comes behind it.
    let found = changes(&avma(), &by("7XK2C", retail));
    assert_eq!(
        found[1..],
        [Change::ActivatedOther {
            channel: LicenseChannel::Retail
        }]
    );
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].to_string(), "activated by another channel: retail");

    let mut none = Activation::default();
    none.observation.key = InstalledKey::None;
    none.observation.status = Some(LicenseStatus::Unlicensed);
    reads(
        &changes(&avma(), &none),
        &[
            ("key-removed", "the key was removed: 78VHK (AVMA)"),
            ("no-longer-activated", "no longer activated: Unlicensed"),
        ],
    );
    reads(
        &changes(&none, &avma()),
        &[
            ("key-installed", "a key is installed: 78VHK (AVMA)"),
            ("activated", "activated by AVMA"),
        ],
    );
    reads(
        &changes(&none, &by("7XK2C", None))[..1],
        &[("key-installed", "a key is installed: 7XK2C")],
    );
    // A token that is in no table is no channel that is known.
    let unlisted = changes(&none, &by("7XK2C", Some(LicenseChannel::Unlisted)));
    assert_eq!(unlisted[0].to_string(), "a key is installed: 7XK2C");
    assert_eq!(unlisted[0].meaning(), "the channel of the key is not known");
    // One key, once whole and once by its last five.
    let whole = ProductKey::parse("YDFWN-MJ9JR-3DYRK-FXXRW-78VHK").unwrap();
    let whole = with(|seen| seen.observation.key = InstalledKey::Whole(whole));
    assert_eq!(changes(&avma(), &whole), []);
}

#[test]
fn a_channel_without_another_key() {
    let mak = with(|seen| seen.observation.channel = Some(LicenseChannel::Mak));
    let found = changes(&avma(), &mak);
    reads(
        &found,
        &[
            ("channel-changed", "the channel was AVMA, and is MAK"),
            ("activated-other", "activated by another channel: MAK"),
        ],
    );
    assert_eq!(found[0].key_move(), Some(KeyMove::FromAvma));
    assert_eq!(found[1].key_move(), None);
}

#[test]
fn what_was_known_of_another_key_says_nothing_of_this_one() {
    let mut watch = Watch::new();
    watch.observe(at(0), &avma()).unwrap();
    let mut silent = Activation::default();
    silent.observation.key = InstalledKey::LastFive(key("7XK2C"));
    assert_eq!(watch.observe(at(1), &silent).unwrap().len(), 1);
    assert_eq!(watch.known(), Some(&silent));
    // The private key's licence fails: it was never seen activated.
    silent.observation.status = Some(LicenseStatus::Notification);
    let found = watch.observe(at(2), &silent).unwrap();
    reads(
        &found,
        &[("first", "first seen not activated: Notification")],
    );
}

#[test]
fn what_is_not_told_has_not_changed() {
    let mut watch = Watch::new();
    watch.observe(at(0), &avma()).unwrap();
    assert_eq!(watch.observe(at(5), &Activation::default()), Ok(vec![]));
    assert_eq!(watch.last(), Some((at(5), &Activation::default())));
    let known = with(|seen| seen.observation.minutes_left = None);
    assert_eq!(watch.known(), Some(&known));
    // The minutes count on from where they were seen last.
    let later = with(|seen| seen.observation.minutes_left = Some(4311));
    reads(
        &watch.observe(at(10), &later).unwrap(),
        &[(
            "minutes-counted-down",
            "4311 minutes are left, as many fewer as time passed; they end about 2025-11-27T01:01:00Z",
        )],
    );
    let lost = with(refused);
    assert_eq!(
        watch.observe(at(11), &lost).unwrap()[0].as_str(),
        "no-longer-activated"
    );
}

#[test]
fn the_last_activation() {
    let of = |time: When| with(|seen| seen.last_activation = time);
    let text = |text: &str| When::Undecided(text.to_owned());
    let time = |ms| When::At(Timestamp(START + ms));
    for (first, second, slug) in [
        (time(0), time(0), None),
        // Some programs print whole seconds.
        (time(123), time(0), None),
        (time(999), time(1000), Some("last-activation-changed")),
        (time(0), time(DAY), Some("last-activation-changed")),
        (time(DAY), time(0), Some("last-activation-changed")),
        (When::Never, time(0), Some("last-activation-changed")),
        (time(0), When::Never, Some("last-activation-changed")),
        (
            When::Never,
            text("24.11.2025"),
            Some("last-activation-changed"),
        ),
        (When::Never, When::Never, None),
        (text("24.11.2025"), text("24.11.2025"), None),
        (
            text("24.11.2025"),
            text("11/24/2025"),
            Some("last-activation-text-changed"),
        ),
        // The one may be the other.
        (time(0), text("24.11.2025"), None),
        (text("24.11.2025"), time(0), None),
        (When::Unknown, time(0), None),
        (time(0), When::Unknown, None),
    ] {
        let found = after(0, &of(first.clone()), &of(first.clone()));
        assert_eq!(found, []);
        let found = changes(&of(first.clone()), &of(second.clone()));
        let slugs: Vec<_> = found.iter().map(Change::as_str).collect();
        assert_eq!(
            slugs,
            slug.into_iter().collect::<Vec<_>>(),
            "{first:?} {second:?}"
        );
    }
    let forward = changes(&of(time(0)), &of(time(DAY)));
    assert!(
        forward[0]
            .meaning()
            .contains("has activated the guest since")
    );
    let back = changes(&of(time(DAY)), &of(time(0)));
    assert!(back[0].meaning().starts_with("an earlier time than before"));
    let gone = changes(&of(time(0)), &of(When::Never));
    assert!(
        gone[0]
            .meaning()
            .starts_with("the guest shows no activation")
    );
    assert_eq!(
        gone[0].to_string(),
        "the last activation was 2025-11-24T01:00:00Z, and is never"
    );
}

#[test]
fn the_host() {
    let of = |name: &str| with(|seen| seen.host = Some(name.to_owned()).filter(|n| !n.is_empty()));
    reads(
        &changes(&of("HV01"), &of("HV02")),
        &[(
            "host-changed",
            "the host of the last activation was HV01, and is HV02",
        )],
    );
    for (first, second) in [
        ("HV01", "hv01"),
        ("HV01", "hv01.example.test"),
        ("HV01", ""),
        ("", "HV01"),
    ] {
        assert_eq!(changes(&of(first), &of(second)), [], "{first} {second}");
    }
    // One that was not told in between is remembered.
    let mut watch = Watch::new();
    watch.observe(at(0), &of("HV01")).unwrap();
    watch.observe(at(1), &of("")).unwrap();
    assert_eq!(watch.observe(at(2), &of("HV02")).unwrap().len(), 1);
    let secret = "FMT4H-4RD6P-M48YH-6YDK2-QXPNK";
    let shown = changes(&of("HV01"), &of(secret))[0].to_string();
    assert!(shown.ends_with("*****-*****-*****-*****-QXPNK"), "{shown}");
}

#[test]
fn minutes() {
    const TEN_YEARS: u32 = IMPLAUSIBLE_MINUTES;
    assert_eq!((TEN_YEARS, TOLERANCE_MINUTES), (5_270_400, 5));
    let left = |minutes| with(|seen| seen.observation.minutes_left = Some(minutes));
    for (from, to, elapsed, wanted) in [
        // The same again.
        (4321, 4321, 1, None),
        (4321, 4321, 1440, None),
        (0, 0, 1440, None),
        // As fast as time, within 5 minutes.
        (4321, 2881, 1440, Some("minutes-counted-down")),
        (4321, 2886, 1440, Some("minutes-counted-down")),
        (4321, 2876, 1440, Some("minutes-counted-down")),
        (4321, 2887, 1440, Some("minutes-fell-slower")),
        (4321, 2875, 1440, Some("minutes-fell-faster")),
        (4321, 4320, 1440, Some("minutes-fell-slower")),
        // None is left, then or since long.
        (1440, 0, 1440, Some("minutes-counted-down")),
        (1440, 0, 100_000, Some("minutes-counted-down")),
        (1440, 0, 1434, Some("minutes-fell-faster")),
        // A clock that was set right by a minute or two is no forgery.
        (4321, 4322, 1, None),
        (4321, 4325, 1, None),
        (4321, 4326, 1, Some("minutes-grew-unexplained")),
        // None was left, and now there is one.
        (0, 1, 1, Some("minutes-grew-unexplained")),
        (TEN_YEARS + 1, TEN_YEARS, 1, Some("minutes-counted-down")),
        (
            TEN_YEARS + 2,
            TEN_YEARS + 1,
            1,
            Some("minutes-counted-down"),
        ),
    ] {
        let found = after(elapsed, &left(from), &left(to));
        let slugs: Vec<_> = found.iter().map(Change::as_str).collect();
        assert_eq!(
            slugs,
            wanted.into_iter().collect::<Vec<_>>(),
            "{from} {to} {elapsed}"
        );
    }
    reads(
        &after(1440, &left(4321), &left(4000)),
        &[(
            "minutes-fell-slower",
            "the minutes fell from 4321 to 4000 in 1440 minutes, slower than time",
        )],
    );
    reads(
        &after(10, &left(4321), &left(4000)),
        &[(
            "minutes-fell-faster",
            "the minutes fell from 4321 to 4000 in 10 minutes, faster than time",
        )],
    );
    reads(
        &after(10, &left(4321), &left(5_270_401)),
        &[
            (
                "minutes-grew-unexplained",
                "the minutes went up from 4321 to 5270401 without another activation",
            ),
            (
                "minutes-implausible",
                "5270401 minutes are left, more than 5270400, which is ten years",
            ),
        ],
    );
    // At once, and once only.
    let mut watch = Watch::new();
    let first = watch.observe(at(0), &left(u32::MAX)).unwrap();
    assert_eq!(first[1..], [Change::MinutesImplausible { left: u32::MAX }]);
    let next = watch.observe(at(1), &left(u32::MAX - 1)).unwrap();
    assert_eq!(next.len(), 1);
    // The end is the old one where none is left.
    let ended = after(100_000, &left(1440), &left(0));
    assert_eq!(
        ended,
        [Change::MinutesCountedDown {
            left: 0,
            ends: at(1440)
        }]
    );
}

#[test]
fn minutes_that_went_up_with_another_activation() {
    let renewed = with(|seen| {
        seen.observation.minutes_left = Some(10_080);
        seen.last_activation = When::At(at(1));
    });
    reads(
        &changes(&avma(), &renewed),
        &[
            (
                "last-activation-changed",
                "the last activation was 2025-11-24T00:50:00Z, and is 2025-11-24T01:01:00Z",
            ),
            ("minutes-went-up", "the minutes went up from 4321 to 10080"),
        ],
    );
    // By less than what clocks differ: the time tells it.
    let soon = with(|seen| {
        seen.observation.minutes_left = Some(4322);
        seen.last_activation = When::At(at(1));
    });
    let slugs: Vec<_> = changes(&avma(), &soon).iter().map(Change::as_str).collect();
    assert_eq!(slugs, ["last-activation-changed", "minutes-went-up"]);
    let silent = with(|seen| {
        seen.observation.minutes_left = Some(4322);
        seen.last_activation = When::Unknown;
    });
    assert_eq!(changes(&avma(), &silent), []);
    // Where the time is not told nothing is unexplained.
    let silent = with(|seen| {
        seen.observation.minutes_left = Some(10_080);
        seen.last_activation = When::Unknown;
    });
    reads(
        &changes(&avma(), &silent),
        &[("minutes-went-up", "the minutes went up from 4321 to 10080")],
    );
}

#[test]
fn small_differences_do_not_add_up_unseen() {
    let mut watch = Watch::new();
    let left = |minutes| with(|seen| seen.observation.minutes_left = Some(minutes));
    let observe = |watch: &mut Watch, elapsed, minutes| {
        let found = watch.observe(at(elapsed), &left(minutes)).unwrap();
        found.iter().map(Change::as_str).collect::<Vec<_>>()
    };
    observe(&mut watch, 0, 4321);
    // Three minutes too many a day; the second time it is six.
    assert_eq!(observe(&mut watch, 1440, 2884), ["minutes-counted-down"]);
    assert_eq!(observe(&mut watch, 2880, 1447), ["minutes-fell-slower"]);
    // From there on that is the end.
    assert_eq!(observe(&mut watch, 2890, 1437), ["minutes-counted-down"]);
    // Minutes that creep up by less than the tolerance each time.
    assert_eq!(observe(&mut watch, 2891, 1439), [""; 0]);
    assert_eq!(
        observe(&mut watch, 2892, 1441),
        ["minutes-grew-unexplained"]
    );
}

#[test]
fn minutes_of_another_status_or_key_are_others() {
    let grace = with(|seen| {
        refused(seen);
        seen.observation.status = Some(LicenseStatus::OotGrace);
        seen.observation.reason = None;
        seen.observation.minutes_left = Some(43_200);
    });
    let found = changes(&avma(), &grace);
    assert_eq!(found.len(), 1, "{found:?}");
    let mut kms = by("VMK7H", Some(LicenseChannel::KmsClient));
    kms.observation.minutes_left = Some(259_200);
    let slugs: Vec<_> = changes(&avma(), &kms).iter().map(Change::as_str).collect();
    assert_eq!(slugs, ["key-replaced", "activated-other"]);
}

#[test]
fn out_of_order_changes_nothing() {
    let mut watch = Watch::new();
    watch.observe(at(0), &avma()).unwrap();
    watch.observe(at(10), &with(refused)).unwrap();
    let before = watch.clone();
    let older = WatchError::Older {
        at: at(9),
        last: at(10),
    };
    assert_eq!(watch.observe(at(9), &avma()), Err(older));
    assert_eq!(
        older.to_string(),
        "an observation of 2025-11-24T01:09:00Z after one of 2025-11-24T01:10:00Z"
    );
    assert_eq!(
        watch.observe(at(10), &avma()),
        Err(WatchError::Differs { at: at(10) })
    );
    assert_eq!(watch, before);
    // The last one once more is no change, not an error.
    assert_eq!(watch.observe(at(10), &with(refused)), Ok(vec![]));
    assert_eq!(watch, before);
}

#[test]
fn the_ends_of_time() {
    let huge = with(|seen| seen.observation.minutes_left = Some(u32::MAX));
    let mut watch = Watch::new();
    watch.observe(Timestamp(i64::MIN), &huge).unwrap();
    watch.observe(Timestamp(0), &avma()).unwrap();
    let found = watch.observe(Timestamp(i64::MAX), &huge).unwrap();
    assert_eq!(found[0].as_str(), "minutes-grew-unexplained");
}

#[test]
fn slugs_of_key_moves_are_pinned() {
    let slugs: Vec<_> = KeyMove::ALL.iter().map(|how| how.as_str()).collect();
    assert_eq!(
        slugs.join(" "),
        "other-avma from-avma to-avma other unknown"
    );
}
