//! The host's table, and what it never does.

use std::num::NonZeroU32;

use avma::activation::host::{
    Answered, Config, Ignored, Input, Kind, Output, State, Step, Throttle, Undecided,
};
use avma::activation::{Answer, Reply, Request};
use avma::assess::{Can, Guest, Host, HostFamily, can};
use avma::catalog::hosts::AzureLocalLicense;
use avma::time::Instant;
use avma::{HResult, HostLicense, Product, Release, Releases};

use crate::ground::{HOST, TABLE, VM, delay};
use crate::markdown;

fn throttled(requests: u32, per: u64) -> Config {
    Config {
        throttle: Some(Throttle {
            requests: NonZeroU32::new(requests).unwrap(),
            per: delay(per).unwrap(),
        }),
    }
}

fn good() -> Host {
    Host::windows_server(Release::Ws2022, Product::Datacenter).ready()
}

fn request(guest: Guest) -> Request {
    Request {
        vm: VM,
        sequence: 7,
        guest,
    }
}

/// A guest of which the rulebook says this on a good host of 2022.
fn guest(word: &str) -> Guest {
    let guest = match word {
        "eligible" => Guest::new(Release::Ws2019, Product::Standard).ready(),
        "not-eligible" => Guest::new(Release::Ws2025, Product::Standard).ready(),
        "not-documented" => Guest::new(Release::V2004, Product::Standard).ready(),
        "undetermined" => Guest::new(Release::Ws2019, Product::Standard),
        other => panic!("{other}"),
    };
    assert_eq!(can(&good(), &guest).as_str(), word);
    guest
}

fn reply(answer: Answer) -> Output {
    Output::Reply(Reply {
        vm: VM,
        sequence: 7,
        host: HOST,
        answer,
    })
}

fn log(answer: Answer) -> Output {
    Output::Log(Answered { vm: VM, answer })
}

const THROTTLE: Answer = Answer::Refused(Some(HResult::IA_THROTTLE_LIMIT_EXCEEDED));
const DENIED: Answer = Answer::Refused(Some(HResult::IA_ID_MISMATCH));

fn outputs(step: &Step) -> Vec<Output> {
    step.outputs().collect()
}

/// A host that is open, and one that throttles at time 5 until 105.
fn hosts(host: Host) -> [(&'static str, Config, State); 2] {
    let config = throttled(1, 100);
    let open = State::new(HOST, host);
    let first = Input::Request(request(guest("eligible")));
    let full = open.clone().step(&config, Instant(5), first).state;
    assert_eq!(full.kind(&config, Instant(6)), Kind::Throttling);
    [
        ("open", Config::default(), open),
        ("throttling", config, full),
    ]
}

fn hosts_as(when: &str) -> [(&'static str, Config, State); 2] {
    let lapsed = |license: HostLicense| {
        let Host::WindowsServer(host) = good() else {
            unreachable!()
        };
        let mut host = host;
        host.license = license.into();
        hosts(host.into())
    };
    match when {
        "windows server, licensed" => hosts(good()),
        "windows server, not licensed" => lapsed(HostLicense::NotActivated),
        "another family" => hosts(Host::azure_local(AzureLocalLicense::Key2022).ready()),
        other => panic!("{other}"),
    }
}

#[test]
fn every_row_of_the_table() {
    let mut rows = 0;
    for cells in markdown::cells(TABLE, "Host") {
        let [input, states, when, next, expected] = cells.try_into().unwrap();
        assert_eq!(next, "=");
        for state in states.split(", ") {
            rows += 1;
            let pick = |hosts: [(&'static str, Config, State); 2]| {
                hosts.into_iter().find(|(name, ..)| *name == state).unwrap()
            };
            let (config, host, input) = match input.as_str() {
                "request" => {
                    let (_, config, host) = pick(hosts(good()));
                    let word = if when.is_empty() { "eligible" } else { &when };
                    (config, host, Input::Request(request(guest(word))))
                }
                "activated" | "lapsed" => {
                    let (_, config, host) = pick(hosts_as(&when));
                    let input = if input == "activated" {
                        Input::Activated
                    } else {
                        Input::Lapsed
                    };
                    (config, host, input)
                }
                "facts" => {
                    let (_, config, host) = pick(hosts(good()));
                    let facts = if when == "the same facts" {
                        good()
                    } else {
                        HostFamily::Azure.into()
                    };
                    (config, host, Input::Facts(facts))
                }
                other => panic!("{other}"),
            };
            let before = host.kind(&config, Instant(6));
            assert_eq!(before.as_str(), state);
            let step = host.clone().step(&config, Instant(6), input);
            let undecided = |can| match input {
                Input::Request(Request { vm, sequence, .. }) => {
                    vec![Output::Undecided(Undecided { vm, sequence, can })]
                }
                _ => unreachable!(),
            };
            let meant = match expected.as_str() {
                "-" => vec![],
                "reply granted, log granted" => {
                    vec![reply(Answer::Granted), log(Answer::Granted)]
                }
                "reply refused, log refused" => vec![reply(DENIED), log(DENIED)],
                "reply throttled, log throttled" => vec![reply(THROTTLE), log(THROTTLE)],
                "undecided" => undecided(when.parse::<Can>().unwrap()),
                "ignored: unchanged" => vec![Output::Ignored(Ignored::Unchanged)],
                "ignored: other-family" => vec![Output::Ignored(Ignored::OtherFamily)],
                other => panic!("{other}"),
            };
            assert_eq!(outputs(&step), meant, "{input:?} when {when}, {state}");
            assert_eq!(step.state.kind(&config, Instant(6)), before);
            let changed = expected == "-";
            assert_eq!(step.state.host() != host.host(), changed);
        }
    }
    assert_eq!(rows, 5 + 2 * 8);
}

#[test]
fn a_span_is_counted_from_its_first_request() {
    let config = throttled(2, 100);
    let ask = |state: State, at: u64| {
        let step = state.step(
            &config,
            Instant(at),
            Input::Request(request(guest("eligible"))),
        );
        let Some(Output::Reply(reply)) = step.outputs().next() else {
            panic!()
        };
        (step.state, reply.answer)
    };
    let state = State::new(HOST, good());
    let mut state = state;
    // At, before and after the end of the span that began at 1000; then a span from 1100.
    for (at, expected) in [
        (1000, Answer::Granted),
        (1050, Answer::Granted),
        (1050, THROTTLE),
        (1099, THROTTLE),
        (1100, Answer::Granted),
        (1199, Answer::Granted),
        (1199, THROTTLE),
        // Time that goes back is no time that passes.
        (3, THROTTLE),
        (1201, Answer::Granted),
    ] {
        let answer;
        (state, answer) = ask(state, at);
        assert_eq!(answer, expected, "at {at}");
    }
    // Throttled requests are not counted: each span has two.
    assert_eq!(state.kind(&config, Instant(1202)), Kind::Open);
    assert_eq!(state.kind(&Config::default(), Instant(1202)), Kind::Open);
}

#[test]
fn the_first_span_begins_with_the_first_request() {
    let (_, config, state) = hosts(good())[1].clone();
    // It began at 5, not at 0.
    assert_eq!(state.kind(&config, Instant(104)), Kind::Throttling);
    assert_eq!(state.kind(&config, Instant(105)), Kind::Open);
}

#[test]
fn a_host_that_lapses_refuses_and_grants_again() {
    let config = Config::default();
    let ask = |state: &State| {
        let input = Input::Request(request(guest("eligible")));
        outputs(&state.clone().step(&config, Instant(9), input))
    };
    let state = State::new(HOST, good());
    assert_eq!(ask(&state), [reply(Answer::Granted), log(Answer::Granted)]);
    let state = state.step(&config, Instant(1), Input::Lapsed).state;
    let not_activated = Answer::Refused(Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED));
    assert_eq!(ask(&state), [reply(not_activated), log(not_activated)]);
    let state = state.step(&config, Instant(2), Input::Activated).state;
    assert_eq!(ask(&state), [reply(Answer::Granted), log(Answer::Granted)]);
    assert_eq!((state.id(), state.host()), (HOST, good()));
}

#[test]
fn a_refusal_has_the_code_of_the_rule_that_certainly_forbids() {
    let answer = |host: Host, guest: Guest| {
        let input = Input::Request(request(guest));
        let step = State::new(HOST, host).step(&Config::default(), Instant(0), input);
        match step.outputs().next() {
            Some(Output::Reply(reply)) => reply.answer,
            other => panic!("{other:?}"),
        }
    };
    let refused = |code| Answer::Refused(Some(code));
    let fine = guest("eligible");
    assert_eq!(
        answer(HostFamily::OtherHypervisor.into(), fine),
        refused(HResult::IA_INVALID_VIRTUALIZATION_PLATFORM)
    );
    assert_eq!(
        answer(HostFamily::Azure.into(), fine),
        refused(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED)
    );
    // No code is documented or expected for a host that is not Datacenter.
    let standard = Host::windows_server(Release::Ws2022, Product::Standard).ready();
    assert_eq!(answer(standard, fine), Answer::Refused(None));
    // A guest too new on a host that is not activated: the first rule of the table.
    let Host::WindowsServer(mut host) = good() else {
        unreachable!()
    };
    host.license = HostLicense::NotActivated.into();
    assert_eq!(answer(host.into(), guest("not-eligible")), DENIED);
    // Too old or too new, and it is not known which: neither rule is certain, so neither's code.
    let unclear = Guest::new(
        Releases::one_of([Release::Ws2012.into(), Release::Ws2025.into()]).unwrap(),
        Product::Standard,
    );
    assert_eq!(answer(good(), unclear.ready()), Answer::Refused(None));
}

#[test]
fn it_keeps_nothing_of_its_guests() {
    let config = throttled(1_000_000, 10);
    let mut state = State::new(HOST, good());
    for vm in 0..1000 {
        let request = Request {
            vm: avma::VmId(vm),
            ..request(guest("eligible"))
        };
        state = state
            .step(&config, Instant(1), Input::Request(request))
            .state;
    }
    assert!(!std::mem::needs_drop::<State>());
    assert!(size_of::<State>() <= 96, "{}", size_of::<State>());
}
