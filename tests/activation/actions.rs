//! Random actions, and the log of what they did.

use std::fmt::Write as _;

use avma::activation::guest::{Config, Input, Platform, State, Step};
use avma::activation::{Answer, Reply};
use avma::time::Instant;
use avma::{HResult, VmId};
use proptest::prelude::*;

use crate::ground::{AVMA, HOST, ON_HOST, OTHER_HOST, OTHERS, VM, delay, guest, key};

/// What to do; a reply is made for the state in which it arrives.
#[derive(Clone, Copy, Debug)]
pub enum Action {
    Plain(Input),
    /// A reply to the request so many before the last one.
    Reply {
        before: u32,
        vm: VmId,
        answer: Answer,
    },
}

impl Action {
    pub fn input(self, state: &State) -> Input {
        match self {
            Self::Plain(input) => input,
            Self::Reply { before, vm, answer } => Input::Reply(Reply {
                vm,
                sequence: state.sequence().wrapping_sub(before),
                host: OTHER_HOST,
                answer,
            }),
        }
    }
}

/// When, seen from the last action.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// So much later; earlier where negative.
    After(i64),
    /// So much after the next timeout.
    Timeout(i64),
}

impl When {
    pub fn at(self, state: &State, config: &Config, now: u64) -> u64 {
        match self {
            Self::After(ms) => now.saturating_add_signed(ms),
            Self::Timeout(ms) => match state.next_timeout(config) {
                Some(due) => due.0.saturating_add_signed(ms),
                None => now,
            },
        }
    }
}

pub fn answers() -> impl Strategy<Value = Answer> {
    prop_oneof![
        3 => Just(Answer::Granted),
        1 => Just(Answer::Refused(None)),
        1 => Just(Answer::Refused(Some(HResult::IA_THROTTLE_LIMIT_EXCEEDED))),
        1 => Just(Answer::Refused(Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED))),
        1 => any::<u32>().prop_map(|code| Answer::Refused(Some(HResult(code)))),
    ]
}

pub fn platforms() -> impl Strategy<Value = Platform> {
    prop_oneof![
        2 => Just(ON_HOST),
        2 => Just(Platform::HyperV(OTHER_HOST)),
        1 => Just(Platform::Elsewhere),
    ]
}

fn keys() -> impl Strategy<Value = Input> {
    let texts = [AVMA[0], AVMA[0], AVMA[1], OTHERS[0], OTHERS[1], OTHERS[2]];
    prop::sample::select(texts.to_vec()).prop_map(|text| Input::KeyInstalled(key(text)))
}

pub fn replies() -> impl Strategy<Value = Action> {
    (0_u32..10, 0_u8..20, answers()).prop_map(|(before, vm, answer)| Action::Reply {
        before: before.saturating_sub(8),
        vm: if vm == 0 { VmId(9) } else { VM },
        answer,
    })
}

pub fn actions() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => Just(Action::Plain(Input::Start)),
        1 => Just(Action::Plain(Input::Stop)),
        3 => keys().prop_map(Action::Plain),
        1 => Just(Action::Plain(Input::KeyRemoved)),
        2 => any::<bool>().prop_map(|on| Action::Plain(Input::DataExchange(on))),
        2 => platforms().prop_map(|platform| Action::Plain(Input::Moved(platform))),
        1 => Just(Action::Plain(Input::ReplyUnreadable)),
        4 => Just(Action::Plain(Input::Tick)),
        6 => replies(),
    ]
}

pub fn whens() -> impl Strategy<Value = When> {
    prop_oneof![
        4 => (0_i64..5).prop_map(When::After),
        2 => (-40_i64..400).prop_map(When::After),
        2 => (-1_i64..2).prop_map(When::Timeout),
        1 => (0_i64..200).prop_map(When::Timeout),
    ]
}

pub fn runs() -> impl Strategy<Value = Vec<(When, Action)>> {
    prop::collection::vec((whens(), actions()), 0..40)
}

pub fn configs() -> impl Strategy<Value = Config> {
    let wait = || prop::option::of((1_u64..60).prop_map(|ms| delay(ms).unwrap()));
    let reply = (1_u64..20).prop_map(|ms| delay(ms).unwrap());
    (reply, wait(), wait(), wait(), wait()).prop_map(
        |(reply_timeout, retry, throttled, renewal, validity)| Config {
            reply_timeout,
            retry,
            throttled,
            renewal,
            validity,
        },
    )
}

/// A machine under way, with everything that was done to it.
pub struct Run {
    pub state: State,
    pub now: u64,
    pub log: String,
}

impl Run {
    pub fn new() -> Self {
        Self {
            state: State::new(VM, guest(), Platform::HyperV(HOST)),
            now: 0,
            log: String::new(),
        }
    }

    /// Carries an action out.
    pub fn go(&mut self, config: &Config, (when, action): (When, Action)) -> (u64, Input, Step) {
        self.now = when.at(&self.state, config, self.now);
        let input = action.input(&self.state);
        let step = self.state.clone().step(config, Instant(self.now), input);
        let outputs: Vec<_> = step.outputs().collect();
        let _ = writeln!(
            self.log,
            "at {}: {input:?} in {} -> {} {outputs:?}",
            self.now,
            self.state.kind(),
            step.state.kind()
        );
        self.state = step.state.clone();
        (self.now, input, step)
    }

    /// The state after a whole run.
    pub fn of(config: &Config, run: &[(When, Action)]) -> Self {
        let mut under_way = Self::new();
        for action in run {
            under_way.go(config, *action);
        }
        under_way
    }
}
