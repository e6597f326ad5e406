//! Laws of the guest, from any state that a random run reaches. A failure prints the run.

use std::fmt::Write as _;

use avma::activation::guest::{Config, Ignored, Input, Kind, Output, Platform, State};
use avma::activation::{Answer, Reply, host};
use avma::assess::{Can, Host, can};
use avma::time::{Delay, Instant};
use avma::{HResult, HostId, Product, Release};
use proptest::prelude::*;

use crate::actions::{Run, actions, configs, platforms, replies, runs, whens};
use crate::ground::{AVMA, OTHERS, VM, guest, key};

fn outputs(step: &avma::activation::guest::Step) -> Vec<Output> {
    step.outputs().collect()
}

/// Its first outputs, and its word about the report.
fn split(outputs: &[Output]) -> (Vec<Output>, Option<Output>) {
    let is_report = |output: &Output| matches!(output, Output::Publish | Output::Withdraw);
    let rest = outputs.iter().copied().filter(|output| !is_report(output));
    (rest.collect(), outputs.iter().copied().find(is_report))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_same_again_gives_the_same(config in configs(), run in runs()) {
        let (once, twice) = (Run::of(&config, &run), Run::of(&config, &run));
        prop_assert_eq!(&once.log, &twice.log);
        prop_assert_eq!(once.state, twice.state, "{}", once.log);
    }

    #[test]
    fn time_that_goes_back_is_no_time_that_passes(
        config in configs(),
        run in runs(),
        action in actions(),
        back in 0_u64..1000,
    ) {
        let under_way = Run::of(&config, &run);
        let latest = Instant(run_clock(&config, &run));
        let input = action.input(&under_way.state);
        let now = under_way.state.clone().step(&config, latest, input);
        let earlier = Instant(latest.0.saturating_sub(back));
        let then = under_way.state.step(&config, earlier, input);
        prop_assert_eq!(now, then, "{}", under_way.log);
    }

    #[test]
    fn a_tick_at_the_next_timeout_makes_progress(config in configs(), run in runs()) {
        let under_way = Run::of(&config, &run);
        let mut state = under_way.state;
        let mut now = run_clock(&config, &run);
        for _ in 0..50 {
            let Some(due) = state.next_timeout(&config) else { break };
            // What is overdue is due at once.
            now = now.max(due.0);
            let step = state.clone().step(&config, Instant(now), Input::Tick);
            prop_assert!(!outputs(&step).contains(&Output::Ignored(Ignored::NothingDue)));
            prop_assert_ne!(&step.state, &state, "{}", under_way.log);
            let next = step.state.next_timeout(&config);
            prop_assert!(next.is_none_or(|next| next.0 > now), "{}", under_way.log);
            state = step.state;
        }
    }

    #[test]
    fn a_tick_before_changes_nothing(config in configs(), run in runs(), share in 0_u64..100) {
        let under_way = Run::of(&config, &run);
        let now = run_clock(&config, &run);
        let until = under_way.state.next_timeout(&config).map_or(u64::MAX, |due| due.0);
        prop_assume!(now < until);
        let at = Instant(now + (until - 1 - now) / 100 * share);
        let step = under_way.state.clone().step(&config, at, Input::Tick);
        prop_assert_eq!(outputs(&step), [Output::Ignored(Ignored::NothingDue)]);
        prop_assert_eq!(step.state.kind(), under_way.state.kind());
        prop_assert_eq!(step.state.next_timeout(&config), under_way.state.next_timeout(&config));
    }

    #[test]
    fn an_input_is_a_tick_and_then_the_input(
        config in configs(),
        run in runs(),
        when in whens(),
        action in actions(),
    ) {
        let under_way = Run::of(&config, &run);
        let now = Instant(when.at(&under_way.state, &config, run_clock(&config, &run)));
        let input = action.input(&under_way.state);
        let at_once = under_way.state.clone().step(&config, now, input);
        let tick = under_way.state.step(&config, now, Input::Tick);
        let first: Vec<Output> = tick.outputs().collect();
        let then = tick.state.step(&config, now, input);
        prop_assert_eq!(&at_once.state, &then.state, "{}", under_way.log);
        let nothing = Output::Ignored(Ignored::NothingDue);
        let (mut rest, early) = split(&first);
        rest.retain(|output| *output != nothing);
        let (second, late) = split(&outputs(&then));
        let is_quiet = !rest.is_empty() || early.is_some();
        rest.extend(second.into_iter().filter(|output| !(is_quiet && *output == nothing)));
        prop_assert_eq!(split(&outputs(&at_once)), (rest, late.or(early)), "{}", under_way.log);
    }

    #[test]
    fn what_is_ignored_changes_nothing(
        config in configs(),
        run in runs(),
        action in actions(),
    ) {
        let under_way = Run::of(&config, &run);
        let now = Instant(run_clock(&config, &run));
        // What is due apart.
        let state = under_way.state.step(&config, now, Input::Tick).state;
        let step = state.clone().step(&config, now, action.input(&state));
        let ignored = outputs(&step).iter().any(|output| matches!(output, Output::Ignored(_)));
        prop_assert_eq!(ignored, step.outputs().count() == 1 && ignored, "alone");
        if ignored {
            prop_assert_eq!(step.state, state, "{}", under_way.log);
        }
    }

    #[test]
    fn a_doubled_or_late_reply_changes_nothing(
        config in configs(),
        run in runs(),
        action in replies(),
        late in 0_u64..3,
    ) {
        let under_way = Run::of(&config, &run);
        let now = run_clock(&config, &run);
        let input = action.input(&under_way.state);
        let first = under_way.state.step(&config, Instant(now), input);
        let tick = first.state.step(&config, Instant(now + late), Input::Tick).state;
        let again = tick.clone().step(&config, Instant(now + late), input);
        prop_assert_eq!(&again.state, &tick, "{}", under_way.log);
        prop_assert!(matches!(outputs(&again)[..], [Output::Ignored(_)]), "{}", under_way.log);
    }

    #[test]
    fn another_key_withdraws_the_report_from_every_state(
        config in configs(),
        run in runs(),
        other in 0_usize..3,
    ) {
        let under_way = Run::of(&config, &run);
        let now = Instant(run_clock(&config, &run));
        let input = Input::KeyInstalled(key(OTHERS[other]));
        let step = under_way.state.step(&config, now, input);
        let last = outputs(&step).last().copied();
        prop_assert_eq!(last, Some(Output::Withdraw), "{}", under_way.log);
        prop_assert!(!step.state.is_activated());
    }
}

/// The latest time of a run.
fn run_clock(config: &Config, run: &[(crate::actions::When, crate::actions::Action)]) -> u64 {
    let mut under_way = Run::new();
    let mut latest = 0;
    for action in run {
        latest = under_way.go(config, *action).0.max(latest);
    }
    latest
}

const HOST: HostId = HostId(5);

fn host(release: Release, product: Product) -> host::State {
    host::State::new(HOST, Host::windows_server(release, product).ready())
}

/// Lets the guest go on by itself beside a host whose replies take `latency`, until it is activated
/// or `until`. Every request is answered once.
fn go_on(
    mut state: State,
    mut host: host::State,
    config: &Config,
    mut now: u64,
    first: Option<Input>,
    (latency, until): (u64, u64),
) -> (State, Option<u64>, String) {
    let mut replies: Vec<(u64, Reply)> = Vec::new();
    let mut log = String::new();
    let mut input = first.unwrap_or(Input::Tick);
    let mut was_activated = state.is_activated();
    loop {
        let step = state.step(config, Instant(now), input);
        let outputs: Vec<Output> = step.outputs().collect();
        state = step.state;
        let kind = state.kind();
        let _ = writeln!(log, "at {now}: {input:?} -> {kind} {outputs:?}");
        if state.is_activated() && !was_activated {
            return (state, Some(now), log);
        }
        was_activated = state.is_activated();
        for output in outputs {
            if let Output::Request(request) = output {
                let answer = host.step(
                    &host::Config::default(),
                    Instant(now),
                    host::Input::Request(request),
                );
                for output in answer.outputs() {
                    if let host::Output::Reply(reply) = output {
                        replies.push((now + latency, reply));
                    }
                }
                host = answer.state;
            }
        }
        let timeout = state.next_timeout(config).map(|due| due.0.max(now));
        let arrives = replies.first().map(|(at, _)| *at);
        (now, input) = match (timeout, arrives) {
            (_, Some(at)) if timeout.is_none_or(|due| at <= due) => {
                (at, Input::Reply(replies.remove(0).1))
            }
            (Some(due), _) => (due, Input::Tick),
            _ => return (state, None, log),
        };
        if now > until {
            return (state, None, log);
        }
    }
}

/// The right key in, Data Exchange on, on a Hyper-V host, running.
fn made_ready(state: State, config: &Config, now: Instant) -> State {
    let mut state = state;
    for input in [
        Input::DataExchange(true),
        Input::Moved(Platform::HyperV(HOST)),
        Input::Start,
    ] {
        state = state.step(config, now, input).state;
    }
    if !state.has_avma_key() {
        state = state
            .step(config, now, Input::KeyInstalled(key(AVMA[0])))
            .state;
    }
    state
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// A request may be lost: then the reply's time passes, then the retry's.
    #[test]
    fn with_a_retry_a_good_host_activates_within_the_bound(
        config in configs(),
        retry in 1_u64..60,
        run in runs(),
        latency in 0_u64..20,
    ) {
        let config = Config { retry: Delay::from_millis(retry), ..config };
        let under_way = Run::of(&config, &run);
        let now = run_clock(&config, &run);
        let state = made_ready(under_way.state, &config, Instant(now));
        prop_assume!(!state.is_activated());
        let latency = latency.min(config.reply_timeout.as_millis() - 1);
        let throttled = config.throttled.map_or(0, Delay::as_millis);
        let bound = (config.reply_timeout.as_millis() + retry).max(throttled) + latency;
        let host = host(Release::Ws2022, Product::Datacenter);
        let (state, at, log) = go_on(state, host, &config, now, None, (latency, now + bound));
        prop_assert!(at.is_some_and(|at| at <= now + bound), "{}\n{}", under_way.log, log);
        prop_assert_eq!(state.bound_to(), Some(HOST));
    }

    /// Without a retry too: a start, a move or the key makes the attempt.
    #[test]
    fn an_occasion_and_a_good_host_activate_at_once(
        config in configs(),
        run in runs(),
        latency in 0_u64..20,
        occasion in 0_u8..3,
    ) {
        let under_way = Run::of(&config, &run);
        let now = run_clock(&config, &run);
        let mut state = made_ready(under_way.state, &config, Instant(now));
        prop_assume!(!state.is_activated());
        let input = match occasion {
            0 => {
                state = state.step(&config, Instant(now), Input::Stop).state;
                Input::Start
            }
            1 => {
                let away = Input::Moved(Platform::Elsewhere);
                state = state.step(&config, Instant(now), away).state;
                Input::Moved(Platform::HyperV(HOST))
            }
            _ => Input::KeyInstalled(state.key().unwrap()),
        };
        let latency = latency.min(config.reply_timeout.as_millis() - 1);
        let host = host(Release::Ws2022, Product::Datacenter);
        let until = now + latency;
        let (state, at, log) = go_on(state, host, &config, now, Some(input), (latency, until));
        prop_assert_eq!(at, Some(until), "{}\n{}", under_way.log, log);
        prop_assert_eq!(state.kind(), Kind::Activated);
    }

    #[test]
    fn an_ineligible_host_never_activates(
        config in configs(),
        run in runs(),
        release in prop::sample::select(&[Release::Ws2019, Release::Ws2022, Release::Ws2012][..]),
        product in prop::sample::select(&[Product::Standard, Product::Datacenter][..]),
        latency in 0_u64..20,
        platform in platforms(),
    ) {
        let host = host(release, product);
        prop_assume!(can(&host.host(), &guest()) == Can::NotEligible);
        let under_way = Run::of(&config, &run);
        let now = run_clock(&config, &run);
        let state = made_ready(under_way.state, &config, Instant(now));
        // An earlier activation by another host may stand until it ends.
        let (state, at, log) =
            go_on(state, host.clone(), &config, now, Some(Input::Moved(platform)), (latency, now + 500));
        prop_assert_eq!(at, None, "{}\n{}", under_way.log, log);
        prop_assert_ne!(state.bound_to(), Some(HOST));
    }
}

#[test]
fn every_reason_of_a_refusal_but_one_ends_an_attempt() {
    let config = Config::default();
    for code in HResult::KNOWN {
        let state = State::new(VM, guest(), Platform::HyperV(HOST));
        let state = made_ready(state, &config, Instant(0));
        let reply = Reply {
            vm: VM,
            sequence: state.sequence(),
            host: HOST,
            answer: Answer::Refused(Some(*code)),
        };
        let state = state.step(&config, Instant(1), Input::Reply(reply)).state;
        let expected = if code.0 == 0xC004_FD00 {
            Kind::Throttled
        } else {
            Kind::Failed
        };
        assert_eq!(state.kind(), expected, "{code}");
    }
}
