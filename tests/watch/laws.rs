//! Laws of a watch over any history.

use avma::assess::{InstalledKey, Seen};
use avma::observe::activation::Activation;
use avma::observe::value::When;
use avma::observe::watch::{Change, Watch, WatchError};
use avma::time::Timestamp;
use avma::{HResult, LicenseChannel, LicenseStatus};
use proptest::prelude::*;

use super::{MINUTE, at, key};

fn activations() -> impl Strategy<Value = Activation> {
    let keys = prop::sample::select(vec![
        InstalledKey::Unknown,
        InstalledKey::None,
        InstalledKey::LastFive(key("78VHK")),
        InstalledKey::LastFive(key("DV9BG")),
        InstalledKey::LastFive(key("VMK7H")),
        InstalledKey::LastFive(key("7XK2C")),
    ]);
    let channels = prop::option::of(prop::sample::select(LicenseChannel::ALL));
    let statuses = prop::option::of(prop::sample::select(LicenseStatus::ALL));
    let reasons = prop::option::of(prop::sample::select(HResult::KNOWN));
    let minutes = prop::option::of(prop_oneof![0..5u32, 4000..6000u32, any::<u32>()]);
    let hosts = prop::option::of(prop::sample::select(vec!["HV01", "hv01", "HV02"]));
    let times = prop_oneof![
        Just(When::Unknown),
        Just(When::Never),
        (0..3i64).prop_map(|day| When::At(at(day * 1440))),
        (0..3).prop_map(|day| When::Undecided(format!("{day}.11.2025"))),
    ];
    let observed = (keys, channels, statuses, reasons, minutes);
    (observed, hosts, times).prop_map(
        |((key, channel, status, reason, minutes), host, last_activation)| {
            let mut activation = Activation::default();
            activation.observation.key = key;
            activation.observation.channel = channel;
            activation.observation.status = status;
            activation.observation.reason = reason;
            activation.observation.minutes_left = minutes;
            activation.host = host.map(str::to_owned);
            activation.last_activation = last_activation;
            activation
        },
    )
}

/// Steps in minutes, and what is observed then.
fn history() -> impl Strategy<Value = Vec<(i64, Activation)>> {
    prop::collection::vec((1..3000i64, activations()), 1..12)
}

fn run(history: &[(i64, Activation)]) -> (Watch, Vec<Vec<Change>>) {
    let (mut watch, mut now) = (Watch::new(), 0);
    let mut all = Vec::new();
    for (step, activation) in history {
        now += step;
        all.push(watch.observe(at(now), activation).unwrap());
    }
    (watch, all)
}

fn has(changes: &[Change], slug: &str) -> bool {
    changes.iter().any(|change| change.as_str() == slug)
}

proptest! {
    #[test]
    fn the_same_inputs_give_the_same_changes(history in history()) {
        prop_assert_eq!(run(&history), run(&history));
    }

    /// Each observation twice, and old ones again, change nothing.
    #[test]
    fn duplicates_yield_nothing(history in history()) {
        let (mut watch, mut now) = (Watch::new(), 0);
        let mut all = Vec::new();
        for (step, activation) in &history {
            let before = now;
            now += step;
            all.push(watch.observe(at(now), activation).unwrap());
            prop_assert_eq!(watch.observe(at(now), activation), Ok(vec![]));
            let late = watch.observe(at(before), activation);
            prop_assert_eq!(late, Err(WatchError::Older { at: at(before), last: at(now) }));
        }
        prop_assert_eq!((watch, all), run(&history));
    }

    /// The same again at a later time is no change either.
    #[test]
    fn the_same_again_is_no_change(history in history(), step in 1..10_000i64) {
        let (mut watch, _) = run(&history);
        let (last, activation) = watch.last().unwrap();
        let (later, activation) = (Timestamp(last.0 + step * MINUTE), activation.clone());
        prop_assert_eq!(watch.observe(later, &activation), Ok(vec![]));
    }

    #[test]
    fn changes_agree_with_what_is_known(history in history()) {
        let (mut watch, mut now) = (Watch::new(), 0);
        for (step, given) in &history {
            let before = watch.known().cloned();
            now += step;
            let changes = watch.observe(at(now), given).unwrap();
            let known = watch.known().unwrap();
            let after = known.seen();
            // What is told now is known; nothing else is made up.
            prop_assert!(given.observation.status.is_none()
                || given.observation.status == known.observation.status);
            prop_assert_eq!(known.observation.minutes_left, given.observation.minutes_left);
            let Some(before) = before else {
                prop_assert_eq!(&changes[0], &Change::First { seen: after });
                continue;
            };
            let from = before.seen();
            prop_assert_eq!(
                has(&changes, "activated"),
                after == Seen::Avma && !matches!(from, Seen::Avma | Seen::Unknown)
            );
            prop_assert_eq!(
                has(&changes, "no-longer-activated"),
                matches!(from, Seen::Avma | Seen::Other(_)) && matches!(after, Seen::NotActivated { .. })
            );
            prop_assert_eq!(
                has(&changes, "first"),
                from == Seen::Unknown && after != Seen::Unknown
            );
            let replaced = has(&changes, "key-replaced") || has(&changes, "channel-changed");
            let keys = changes.iter().filter(|change| change.as_str().starts_with("key-")).count();
            prop_assert!(keys <= 1);
            // Of another licence nothing is compared but the state.
            if replaced {
                prop_assert!(!has(&changes, "host-changed"));
                let compared = changes.iter().any(|change| {
                    let slug = change.as_str();
                    slug.starts_with("minutes-") && slug != "minutes-implausible"
                });
                prop_assert!(!compared);
            }
            if has(&changes, "minutes-grew-unexplained") {
                prop_assert!(!has(&changes, "last-activation-changed"));
                prop_assert_ne!(&given.last_activation, &When::Unknown);
            }
            for change in &changes {
                prop_assert!(!change.meaning().is_empty());
                prop_assert!(!change.to_string().is_empty());
            }
        }
    }
}
