//! When a guest next does something by itself: each wait by its own setting.

use avma::HResult;
use avma::activation::guest::{Config, Input, Kind, State};
use avma::activation::{Answer, Reply};
use avma::time::{Delay, Instant};

use crate::ground::{AVMA, ON_HOST, OTHER_HOST, VM, delay, guest, key};

const REPLY: u64 = 10;
const RETRY: u64 = 200;
const THROTTLED: u64 = 3000;
const RENEWAL: u64 = 40_000;
const VALIDITY: u64 = 500_000;

fn config() -> Config {
    Config {
        reply_timeout: delay(REPLY).unwrap(),
        retry: delay(RETRY),
        throttled: delay(THROTTLED),
        renewal: delay(RENEWAL),
        validity: delay(VALIDITY),
    }
}

fn go(state: State, config: &Config, at: u64, input: Input) -> State {
    state.step(config, Instant(at), input).state
}

fn reply(state: &State, answer: Answer) -> Input {
    Input::Reply(Reply {
        vm: VM,
        sequence: state.sequence(),
        host: OTHER_HOST,
        answer,
    })
}

const THROTTLE: Answer = Answer::Refused(Some(HResult::IA_THROTTLE_LIMIT_EXCEEDED));

fn requesting(config: &Config) -> State {
    let state = State::new(VM, guest(), ON_HOST);
    let state = go(state, config, 0, Input::KeyInstalled(key(AVMA[0])));
    assert_eq!(state.next_timeout(config), None);
    go(state, config, 1_000_000, Input::Start)
}

/// A state of each kind that waits, each 5 ms after the start, renewals after 7.
fn states(config: &Config) -> Vec<(State, u64)> {
    const AT: u64 = 1_000_005;
    const RENEWED: u64 = 1_000_007;
    let requesting = requesting(config);
    let answer = |answer| {
        let input = reply(&requesting, answer);
        go(requesting.clone(), config, AT, input)
    };
    let activated = answer(Answer::Granted);
    let renewing = go(
        activated.clone(),
        config,
        RENEWED,
        Input::KeyInstalled(key(AVMA[0])),
    );
    let unrenewed = |answer| {
        let input = reply(&renewing, answer);
        go(renewing.clone(), config, RENEWED, input)
    };
    let blocked = go(requesting.clone(), config, AT, Input::DataExchange(false));
    let waiting = go(blocked, config, AT, Input::DataExchange(true));
    let mut states = vec![
        (waiting, AT),
        (answer(Answer::Refused(None)), AT),
        (answer(THROTTLE), AT),
        (activated, AT),
        (unrenewed(Answer::Refused(None)), RENEWED),
        (unrenewed(THROTTLE), RENEWED),
        (renewing, RENEWED),
        (requesting.clone(), 1_000_000),
    ];
    if let Some(validity) = config.validity {
        let activated = answer(Answer::Granted);
        let at = AT + validity.as_millis();
        states.push((go(activated, config, at, Input::Tick), at));
    }
    states
}

#[test]
fn every_wait_has_its_own_setting() {
    let config = config();
    let delays: Vec<(Kind, u64)> = states(&config)
        .iter()
        .map(|(state, at)| (state.kind(), state.next_timeout(&config).unwrap().0 - at))
        .collect();
    assert_eq!(
        delays,
        [
            (Kind::Waiting, RETRY),
            (Kind::Failed, RETRY),
            (Kind::Throttled, THROTTLED),
            (Kind::Activated, RENEWAL),
            (Kind::Unrenewed, RETRY),
            (Kind::Unrenewed, THROTTLED),
            (Kind::Renewing, REPLY),
            (Kind::Requesting, REPLY),
            // The renewal came first, so its request is out when the validity is over.
            (Kind::Requesting, REPLY),
        ]
    );
}

#[test]
fn what_is_not_set_is_as_the_next_best() {
    let none = Config {
        reply_timeout: delay(REPLY).unwrap(),
        ..Config::default()
    };
    let waits = |config: &Config| -> Vec<Option<u64>> {
        states(config)
            .iter()
            .take(6)
            .map(|(state, at)| state.next_timeout(config).map(|due| due.0 - at))
            .collect()
    };
    assert_eq!(waits(&none), [None; 6]);
    let retry = Config {
        retry: delay(RETRY),
        ..none
    };
    let r = Some(RETRY);
    assert_eq!(waits(&retry), [r, r, r, None, r, r]);
    let throttled = Config {
        throttled: delay(THROTTLED),
        ..none
    };
    let t = Some(THROTTLED);
    assert_eq!(waits(&throttled), [None, None, t, None, None, t]);
    // Without a retry an activated guest still renews.
    let renewal = Config {
        renewal: delay(RENEWAL),
        ..none
    };
    let n = Some(RENEWAL);
    assert_eq!(waits(&renewal), [None, None, None, n, n, n]);
}

#[test]
fn an_end_comes_before_a_later_wait() {
    let config = Config {
        validity: delay(30),
        ..config()
    };
    let state = requesting(&config);
    let granted = reply(&state, Answer::Granted);
    let state = go(state, &config, 1_000_005, granted);
    assert_eq!(state.ends(), Some(Instant(1_000_035)));
    assert_eq!(state.next_timeout(&config), state.ends());
    // Off it ends too.
    let off = go(state.clone(), &config, 1_000_006, Input::Stop);
    assert_eq!(off.next_timeout(&config), off.ends());
    let state = go(state, &config, 1_000_035, Input::Tick);
    assert_eq!(state.kind(), Kind::Expired);
    assert_eq!(
        state.next_timeout(&config),
        Some(Instant(1_000_035 + RETRY))
    );
}

/// The end of an activation is no reason to ask later than was due without it, nor never.
#[test]
fn an_end_does_not_put_off_the_attempt_that_a_failure_or_throttling_set() {
    let due = |config: Config, answer| {
        let state = requesting(&config);
        let granted = reply(&state, Answer::Granted);
        let state = go(state, &config, 1_000_005, granted);
        let again = Input::KeyInstalled(key(AVMA[0]));
        let state = go(state, &config, 1_000_300, again);
        let answer = reply(&state, answer);
        let state = go(state, &config, 1_000_304, answer);
        assert_eq!(state.kind(), Kind::Unrenewed);
        let state = go(state, &config, 1_000_305, Input::Tick);
        assert_eq!(state.kind(), Kind::Expired);
        state.next_timeout(&config).map(|due| due.0 - 1_000_304)
    };
    let config = Config {
        validity: delay(300),
        ..config()
    };
    let no_retry = Config {
        retry: None,
        ..config
    };
    let no_throttled = Config {
        throttled: None,
        ..config
    };
    assert_eq!(due(config, Answer::Refused(None)), Some(RETRY));
    assert_eq!(due(config, THROTTLE), Some(THROTTLED));
    // Pending, and the host said to come again.
    assert_eq!(due(no_retry, THROTTLE), Some(THROTTLED));
    assert_eq!(due(no_throttled, THROTTLE), Some(RETRY));
    // A guest that is not activated renews nothing, and nothing else was set.
    assert_eq!(due(no_retry, Answer::Refused(None)), None);
}

#[test]
fn beyond_the_end_of_time_nothing_is_due() {
    let config = config();
    let state = State::new(VM, guest(), ON_HOST);
    let state = go(state, &config, 0, Input::KeyInstalled(key(AVMA[0])));
    let state = go(state, &config, u64::MAX - REPLY, Input::Start);
    assert_eq!(state.next_timeout(&config), Some(Instant(u64::MAX)));
    let state = go(state, &config, u64::MAX, Input::Tick);
    assert_eq!(state.kind(), Kind::Failed);
    assert_eq!(state.next_timeout(&config), None);
    assert_eq!(go(state.clone(), &config, u64::MAX, Input::Tick), state);
}

#[test]
fn delays_have_no_zero_and_no_overflow() {
    assert_eq!(Delay::from_millis(0), None);
    assert_eq!(Delay::from_secs(0), None);
    assert_eq!(Delay::from_secs(u64::MAX), None);
    assert_eq!(Delay::from_secs(60), Some(Delay::MINUTE));
    assert_eq!(Delay::from_secs(3600), Some(Delay::HOUR));
    assert_eq!(Delay::from_secs(86_400), Some(Delay::DAY));
    assert_eq!(Config::default().reply_timeout, Delay::MINUTE);
    assert_eq!(Instant(7).after(Delay::MINUTE), Some(Instant(60_007)));
    assert_eq!(Instant(u64::MAX).after(Delay::MINUTE), None);
}
