//! The crate's own report of where a machine stands.

use avma::activation::guest::{Config, Input, Kind, Output, State};
use avma::activation::{Answer, Reply};
use avma::observe::report::{Report, ReportedState};
use avma::time::{Instant, Timestamp};
use avma::{HResult, VmId};

use proptest::prelude::*;

use crate::actions::{Run, configs, runs};
use crate::ground::{AVMA, HOST, ON_HOST, OTHERS, VM, delay, guest, key};

const AT: Timestamp = Timestamp(1_763_946_845_000);
/// A minute and a millisecond.
const VALIDITY: u64 = 60_001;

fn config() -> Config {
    Config {
        reply_timeout: delay(10).unwrap(),
        retry: delay(5000),
        validity: delay(VALIDITY),
        ..Config::default()
    }
}

/// Inputs, each at its time, then the kind of state and its report.
type Row<'a> = (&'a [(u64, Input)], Kind, Report);

/// The machine after inputs, each at its time.
fn after(inputs: &[(u64, Input)]) -> State {
    let mut state = State::new(VM, guest(), ON_HOST);
    for (at, input) in inputs {
        state = state.step(&config(), Instant(*at), *input).state;
    }
    state
}

const fn reply(sequence: u32, answer: Answer) -> Input {
    Input::Reply(Reply {
        vm: VM,
        sequence,
        host: HOST,
        answer,
    })
}

fn report(state: ReportedState, code: Option<u32>, minutes_left: Option<u32>) -> Report {
    let mut report = Report::new(VmId(0xA1), state, AT);
    report.key = Some(key("78VHK"));
    report.code = code.map(HResult);
    report.minutes_left = minutes_left;
    report.host = (state == ReportedState::Activated).then(|| "HV01".into());
    report
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn each_state_has_its_report() {
    use ReportedState::{Activated, Expired, NotActivated, Pending};
    let refused = |code| Answer::Refused(Some(HResult(code)));
    let on = [(0, Input::KeyInstalled(key(AVMA[0]))), (0, Input::Start)];
    let granted = (1, reply(1, Answer::Granted));
    let again = (2, Input::KeyInstalled(key(AVMA[0])));
    let ended = 1 + VALIDITY;
    let switch = |at, on| (at, Input::DataExchange(on));
    let rows: &[Row<'_>] = &[
        (&[], Kind::Requesting, report(Pending, None, None)),
        (
            &[(1, reply(1, refused(0xC004_FD00)))],
            Kind::Throttled,
            report(Pending, Some(0xC004_FD00), None),
        ),
        (
            &[(1, reply(1, refused(0xC004_FD02)))],
            Kind::Failed,
            report(NotActivated, Some(0xC004_FD02), None),
        ),
        // The host did not answer: there is no code.
        (
            &[(10, Input::Tick)],
            Kind::Failed,
            report(NotActivated, None, None),
        ),
        // What the last attempt said still stands while the next one is made.
        (
            &[(1, reply(1, refused(0xC004_FD02))), (5001, Input::Tick)],
            Kind::Requesting,
            report(NotActivated, Some(0xC004_FD02), None),
        ),
        (
            &[switch(1, false)],
            Kind::Blocked,
            report(Pending, None, None),
        ),
        (
            &[switch(1, false), switch(2, true)],
            Kind::Waiting,
            report(Pending, None, None),
        ),
        // A minute and a millisecond are left, then a minute, then less.
        (
            &[granted],
            Kind::Activated,
            report(Activated, None, Some(2)),
        ),
        (
            &[granted, again],
            Kind::Renewing,
            report(Activated, None, Some(1)),
        ),
        (
            &[granted, again, (ended - 1, reply(2, refused(0xC004_FD02)))],
            Kind::Unrenewed,
            report(Activated, None, Some(1)),
        ),
        (
            &[granted, switch(2, false)],
            Kind::BlockedActivated,
            report(Activated, None, Some(1)),
        ),
        (
            &[granted, (ended, Input::Tick)],
            Kind::Expired,
            report(Expired, None, None),
        ),
        (
            &[
                granted,
                again,
                (3, reply(2, refused(0xC004_FD02))),
                (ended, Input::Tick),
            ],
            Kind::Requesting,
            report(NotActivated, Some(0xC004_FD02), None),
        ),
        (
            &[granted, switch(2, false), (ended, Input::Tick)],
            Kind::Blocked,
            report(Expired, None, None),
        ),
        (
            &[granted, (ended - 1, again.1), (ended, Input::Tick)],
            Kind::Requesting,
            report(Expired, None, None),
        ),
        // Off while it ended: told after the next start.
        (
            &[
                granted,
                (2, Input::Stop),
                (ended, Input::Tick),
                (ended, Input::Start),
            ],
            Kind::Requesting,
            report(Expired, None, None),
        ),
    ];
    for (inputs, kind, expected) in rows {
        let state = after(&[&on[..], inputs].concat());
        assert_eq!(state.kind(), *kind, "{inputs:?}");
        let made = state.report(AT, Some("HV01"));
        assert_eq!(made.as_ref(), Some(expected), "{kind} {inputs:?}");
        // It can be written, and is read as what it is.
        let item = expected.to_item().unwrap();
        assert_eq!(Report::decode((&item).into()).as_ref(), Ok(expected));
    }
}

#[test]
fn nothing_to_report_without_an_avma_key() {
    let on = (0, Input::Start);
    let install = |text: &str| (0, Input::KeyInstalled(key(text)));
    assert_eq!(after(&[on]).report(AT, None), None);
    for other in OTHERS {
        assert_eq!(after(&[on, install(other)]).report(AT, None), None);
    }
}

#[test]
fn an_end_far_away_fits() {
    let config = Config {
        validity: delay(u64::MAX - 5),
        ..config()
    };
    let mut state = after(&[(0, Input::KeyInstalled(key(AVMA[0]))), (0, Input::Start)]);
    let step = state.step(&config, Instant(1), reply(1, Answer::Granted));
    assert!(step.outputs().any(|output| output == Output::Publish));
    state = step.state;
    let report = state.report(AT, None).unwrap();
    assert_eq!((report.minutes_left, report.host), (Some(u32::MAX), None));
}

/// What ended while the VM was off was told by nobody: the next start tells it, also where nothing can
/// be asked then.
#[test]
fn an_end_while_off_is_told_at_the_next_start() {
    for on in [false, true] {
        let state = after(&[
            (0, Input::KeyInstalled(key(AVMA[0]))),
            (0, Input::Start),
            (1, reply(1, Answer::Granted)),
            (2, Input::Stop),
            (3, Input::DataExchange(on)),
        ]);
        let step = state.step(&config(), Instant(1 + VALIDITY), Input::Start);
        assert!(step.outputs().any(|output| output == Output::Publish));
        let report = step.state.report(AT, None).unwrap();
        assert_eq!(report.state, ReportedState::Expired);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// A driver that writes when it is told to never leaves a report that says "activated" of a guest
    /// that is not, nor the other way round.
    #[test]
    fn what_was_published_last_is_true(config in configs(), run in runs()) {
        let mut under_way = Run::new();
        let mut published: Option<ReportedState> = None;
        for action in run {
            let (_, _, step) = under_way.go(&config, action);
            let state = &step.state;
            if step.outputs().any(|output| output == Output::Withdraw) {
                published = None;
            }
            if step.outputs().any(|output| output == Output::Publish) {
                published = state.report(AT, None).map(|report| report.state);
                prop_assert!(published.is_some(), "{}", under_way.log);
            }
            if let Some(published) = published.filter(|_| state.is_running()) {
                let activated = published == ReportedState::Activated;
                prop_assert_eq!(activated, state.is_activated(), "{}", under_way.log);
            }
        }
    }
}
