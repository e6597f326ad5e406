//! A machine that begins where a real guest stands.

use avma::activation::Conclusion;
use avma::activation::guest::{Config, Found, FoundError, Input, Kind, Output, Platform, State};
use avma::assess::{InstalledKey, Observation};
use avma::time::Instant;
use avma::{HResult, LicenseChannel, LicenseStatus};

use crate::ground::{AVMA, HOST, ON_HOST, OTHERS, VM, delay, guest, key};

fn found(observation: Observation) -> Found {
    Found {
        vm: VM,
        guest: guest(),
        platform: ON_HOST,
        data_exchange: true,
        host: Some(HOST),
        observation,
    }
}

fn observation(last_five: &str, status: LicenseStatus, reason: Option<u32>) -> Observation {
    let mut observation = Observation::default();
    observation.key = InstalledKey::LastFive(key(last_five));
    observation.channel = Some(LicenseChannel::Avma);
    observation.status = Some(status);
    observation.reason = reason.map(HResult);
    observation.minutes_left = Some(10);
    observation
}

#[test]
fn each_observation_gives_its_state() {
    use LicenseStatus::{Licensed, Notification, Unlicensed};
    let refused = |code| Some(Conclusion::refused(Some(HResult(code))));
    let rows = [
        (Licensed, None, Kind::Activated, Some(Conclusion::SUCCESS)),
        // A licensed guest may show an informational code.
        (
            Licensed,
            Some(0x4004_FC04),
            Kind::Activated,
            Some(Conclusion::SUCCESS),
        ),
        (Unlicensed, None, Kind::Waiting, None),
        (Notification, Some(0xC004_FD00), Kind::Throttled, None),
        (Notification, Some(0xC004_FC07), Kind::Expired, None),
        (
            Notification,
            Some(0xC004_FD02),
            Kind::Failed,
            refused(0xC004_FD02),
        ),
        (
            Notification,
            Some(0xC004_FD03),
            Kind::Failed,
            refused(0xC004_FD03),
        ),
        (Notification, Some(0x4004_FC04), Kind::Waiting, None),
    ];
    for (status, reason, kind, last) in rows {
        let seen = observation(AVMA[0], status, reason);
        let state = State::observed(&found(seen), Instant(77)).unwrap();
        assert_eq!(
            (state.kind(), state.last()),
            (kind, last),
            "{status} {reason:?}"
        );
        let is_activated = kind == Kind::Activated;
        assert_eq!(state.bound_to(), is_activated.then_some(HOST));
        assert_eq!(state.activated_at(), is_activated.then_some(Instant(77)));
        assert_eq!(state.ends(), is_activated.then_some(Instant(77 + 600_000)));
        assert_eq!(
            (state.vm(), state.guest(), state.platform()),
            (VM, guest(), ON_HOST)
        );
        assert!(state.is_running() && state.data_exchange());
        // Without Data Exchange the same guest asks nothing.
        let off = Found {
            data_exchange: false,
            ..found(seen)
        };
        let off = State::observed(&off, Instant(77)).unwrap();
        let expected = if is_activated {
            Kind::BlockedActivated
        } else {
            Kind::Blocked
        };
        assert_eq!(off.kind(), expected);
        assert_eq!(off.ends(), state.ends());
    }
}

#[test]
fn no_end_is_known_without_minutes() {
    for minutes in [None, Some(0)] {
        let mut seen = observation(AVMA[0], LicenseStatus::Licensed, None);
        seen.minutes_left = minutes;
        let state = State::observed(&found(seen), Instant(5)).unwrap();
        assert_eq!((state.kind(), state.ends()), (Kind::Activated, None));
    }
}

#[test]
fn other_keys_and_none_need_no_status() {
    for (installed, kind) in [
        (InstalledKey::None, Kind::NoKey),
        (InstalledKey::LastFive(key(OTHERS[0])), Kind::OtherKey),
        (InstalledKey::LastFive(key(OTHERS[1])), Kind::OtherKey),
        (InstalledKey::LastFive(key(OTHERS[2])), Kind::OtherKey),
    ] {
        let mut seen = Observation::default();
        seen.key = installed;
        let state = State::observed(&found(seen), Instant(0)).unwrap();
        assert_eq!((state.kind(), state.is_activated()), (kind, false));
    }
}

#[test]
fn a_private_key_that_ends_like_an_avma_key_is_another_key() {
    let mut seen = observation(AVMA[0], LicenseStatus::Unlicensed, None);
    seen.channel = None;
    seen.key = InstalledKey::Whole("YDFWN-MJ9JR-3DYRK-FXXRW-78VHK".parse().unwrap());
    let state = State::observed(&found(seen), Instant(0)).unwrap();
    assert_eq!(state.kind(), Kind::Waiting);
    seen.key = InstalledKey::Whole("YDFWN-MJ9JR-3DYRK-FXXRX-78VHK".parse().unwrap());
    let state = State::observed(&found(seen), Instant(0)).unwrap();
    assert_eq!(
        (state.kind(), state.key()),
        (Kind::OtherKey, Some(key(AVMA[0])))
    );
}

#[test]
fn what_is_not_known_begins_no_machine() {
    let at = |seen| State::observed(&found(seen), Instant(0));
    assert_eq!(at(Observation::default()), Err(FoundError::KeyUnknown));
    let mut seen = observation(AVMA[0], LicenseStatus::Licensed, None);
    seen.status = None;
    assert_eq!(at(seen), Err(FoundError::StatusUnknown));
    let mut seen = observation(AVMA[0], LicenseStatus::Licensed, None);
    seen.channel = Some(LicenseChannel::Unlisted);
    assert_eq!(at(seen), Err(FoundError::StatusUnknown));
    for channel in [LicenseChannel::KmsClient, LicenseChannel::Evaluation] {
        for status in [LicenseStatus::Licensed, LicenseStatus::Notification] {
            let mut seen = observation(AVMA[0], status, None);
            seen.channel = Some(channel);
            assert_eq!(at(seen), Err(FoundError::Contradiction { channel }));
        }
    }
    // Without a channel's word the key tells it.
    let mut seen = observation(AVMA[0], LicenseStatus::Licensed, None);
    seen.channel = None;
    assert_eq!(at(seen).unwrap().kind(), Kind::Activated);
}

/// A key that this version does not know may be one of a newer release, and AVMA's licence says that it
/// is: "another key" would be a guess.
#[test]
fn an_avma_licence_under_a_key_that_is_none_begins_no_machine() {
    for status in [LicenseStatus::Licensed, LicenseStatus::Notification] {
        for other in OTHERS {
            let seen = observation(other, status, None);
            let state = State::observed(&found(seen), Instant(0));
            assert_eq!(state, Err(FoundError::KeyUnlisted), "{other}");
        }
        let mut seen = observation(AVMA[0], status, None);
        seen.key = InstalledKey::None;
        let state = State::observed(&found(seen), Instant(0));
        assert_eq!(state, Err(FoundError::KeyUnlisted));
    }
}

#[test]
fn a_machine_that_was_begun_so_goes_on_as_any_other() {
    let config = Config {
        retry: delay(1000),
        ..Config::default()
    };
    let seen = observation(AVMA[0], LicenseStatus::Notification, Some(0xC004_FD02));
    let state = State::observed(&found(seen), Instant(50)).unwrap();
    assert_eq!(state.next_timeout(&config), Some(Instant(1050)));
    let step = state.step(&config, Instant(1050), Input::Tick);
    assert!(matches!(step.outputs().next(), Some(Output::Request(_))));
    // A number that no real guest ever had in flight.
    assert_eq!(step.state.sequence(), 1);
    let step = step
        .state
        .step(&config, Instant(1051), Input::Moved(Platform::Elsewhere));
    assert_eq!(step.state.kind(), Kind::Failed);
}
