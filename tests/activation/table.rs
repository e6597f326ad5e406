//! The table of `src/activation/transitions.md` against the real machines: every kind of state, with
//! every variant of what else decides, with every input, before, at and after every deadline.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use avma::activation::guest::{Config, Input, Kind, Output, Platform, State, Step};
use avma::activation::{Answer, Conclusion, Reply};
use avma::time::Instant;
use avma::{HResult, Notification, VmId};

use crate::ground::{AVMA, HOST, ON_HOST, OTHER_HOST, OTHERS, TABLE, VM, delay, guest, key};
use crate::markdown::{self, Row};

/// What else decides, read off a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Variant {
    kind: &'static str,
    key: &'static str,
    data_exchange: &'static str,
    platform: &'static str,
}

impl Variant {
    fn of(state: &State) -> Self {
        Self {
            kind: state.kind().as_str(),
            key: match (state.key(), state.has_avma_key()) {
                (None, _) => "no key",
                (Some(_), true) => "avma key",
                (Some(_), false) => "other key",
            },
            data_exchange: if state.data_exchange() {
                "data exchange on"
            } else {
                "data exchange off"
            },
            platform: match state.platform() {
                Platform::HyperV(_) => "hyper-v",
                Platform::Elsewhere => "elsewhere",
            },
        }
    }

    fn meets(self, when: &str) -> bool {
        [self.key, self.data_exchange, self.platform].contains(&when)
    }
}

/// Every input by its name in the table, with the value that it has in a state.
fn inputs(state: &State) -> Vec<(&'static str, Input)> {
    let reply = |vm, sequence, answer| {
        Input::Reply(Reply {
            vm,
            sequence,
            host: OTHER_HOST,
            answer,
        })
    };
    let (vm, sequence) = (state.vm(), state.sequence());
    let mut inputs = vec![
        ("start", Input::Start),
        ("stop", Input::Stop),
        ("key-removed", Input::KeyRemoved),
        ("data-exchange-on", Input::DataExchange(true)),
        ("data-exchange-off", Input::DataExchange(false)),
        (
            "moved-to-host",
            Input::Moved(Platform::HyperV(
                if state.platform() == Platform::HyperV(OTHER_HOST) {
                    HOST
                } else {
                    OTHER_HOST
                },
            )),
        ),
        ("moved-nowhere", Input::Moved(state.platform())),
        ("reply-granted", reply(vm, sequence, Answer::Granted)),
        (
            "reply-throttled",
            reply(
                vm,
                sequence,
                Answer::Refused(Some(HResult::IA_THROTTLE_LIMIT_EXCEEDED)),
            ),
        ),
        (
            "reply-stale",
            reply(vm, sequence.wrapping_sub(1), Answer::Granted),
        ),
        (
            "reply-other-vm",
            reply(VmId(vm.0 + 1), sequence, Answer::Granted),
        ),
        ("reply-unreadable", Input::ReplyUnreadable),
        ("tick", Input::Tick),
    ];
    if state.platform() != Platform::Elsewhere {
        inputs.push(("moved-elsewhere", Input::Moved(Platform::Elsewhere)));
    }
    for code in refusals() {
        inputs.push(("reply-refused", reply(vm, sequence, Answer::Refused(code))));
    }
    for text in AVMA {
        let installed = state.has_avma_key() && state.key() == Some(key(text));
        let name = if installed { "key-same" } else { "key-avma" };
        inputs.push((name, Input::KeyInstalled(key(text))));
    }
    for text in OTHERS {
        inputs.push(("key-other", Input::KeyInstalled(key(text))));
    }
    inputs
}

fn refusals() -> [Option<HResult>; 5] {
    [
        None,
        Some(HResult::IA_INVALID_VIRTUALIZATION_PLATFORM),
        Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED),
        Some(HResult::IA_ID_MISMATCH),
        Some(HResult::MISMATCHED_PRODUCT_SKU),
    ]
}

/// Every variant of every kind that can be reached, with one state of it.
fn reachable(config: &Config) -> BTreeMap<Variant, State> {
    let mut found = BTreeMap::new();
    let mut open = vec![(State::new(VM, guest(), ON_HOST), 1000)];
    while let Some((state, now)) = open.pop() {
        let overdue = state.next_timeout(config).is_some_and(|due| due.0 <= now);
        if overdue || found.contains_key(&Variant::of(&state)) {
            continue;
        }
        found.insert(Variant::of(&state), state.clone());
        for (_, input) in inputs(&state) {
            let next = state.clone().step(config, Instant(now + 1), input).state;
            open.push((next, now + 1));
        }
        if let Some(due) = state.next_timeout(config) {
            let next = state.step(config, due, Input::Tick).state;
            open.push((next, due.0));
        }
    }
    found
}

/// Whether the row stands for every state that no other row of its input names.
fn is_others(row: &Row) -> bool {
    row.states == ["others"]
}

/// The rows by input; every state cell is spelled right.
struct Rows(HashMap<String, Vec<Row>>);

impl Rows {
    fn new(heading: &str) -> Self {
        let mut rows = HashMap::<String, Vec<Row>>::new();
        for row in markdown::rows(TABLE, heading) {
            let known = |word: &String| Kind::ALL.iter().any(|kind| kind.as_str() == word);
            assert!(is_others(&row) || row.states.iter().all(known), "{row:?}");
            assert!(row.next == "=" || known(&row.next), "{row:?}");
            rows.entry(row.input.clone()).or_default().push(row);
        }
        Self(rows)
    }

    /// The one row for a state; `None` where none names it.
    fn find(&self, input: &str, at: Variant) -> Option<&Row> {
        let rows = self.0.get(input).into_iter().flatten();
        let named = |row: &&Row| row.states.iter().any(|state| state == at.kind);
        let is_named = rows.clone().any(|row| named(&row));
        let fits: Vec<&Row> = rows
            .filter(|row| if is_named { named(row) } else { is_others(row) })
            .filter(|row| row.when.iter().all(|when| at.meets(when)))
            .collect();
        assert!(fits.len() <= 1, "{input} in {at:?}: {fits:?}");
        fits.first().copied()
    }
}

/// What the table says that a step gives.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    kind: String,
    outputs: Vec<String>,
}

impl Expected {
    fn apply(&mut self, row: &Row) {
        if row.next != "=" {
            self.kind.clone_from(&row.next);
        }
        self.outputs.extend(row.outputs.iter().cloned());
    }
}

/// Whether an output is what the table's word says.
fn is_meant(word: &str, output: &Output, next: &State, input: &Input) -> bool {
    let conclusion = |name: &str| match (name, input) {
        ("success", _) => Conclusion::SUCCESS,
        ("unresponsive", _) => Conclusion::UNRESPONSIVE,
        ("unreadable", _) => Conclusion::UNREADABLE,
        ("not-hyper-v", _) => Conclusion::NOT_HYPER_V,
        (
            "refused",
            Input::Reply(Reply {
                answer: Answer::Refused(code),
                ..
            }),
        ) => Conclusion::refused(*code),
        _ => panic!("{name}"),
    };
    match output {
        Output::Request(request) => {
            assert_eq!(request.vm, VM);
            assert_eq!(request.guest, guest());
            assert!(request.sequence <= next.sequence());
            word == "request"
        }
        Output::Log(found) => word
            .strip_prefix("log ")
            .is_some_and(|name| *found == conclusion(name)),
        Output::Publish => word == "publish",
        Output::Withdraw => word == "withdraw",
        Output::Ignored(reason) => word.strip_prefix("ignored: ") == Some(reason.as_str()),
    }
}

/// Rows put their report each; of a step the last word about it counts, and comes last. A tick that
/// did what was due is not ignored.
fn settle(outputs: Vec<String>, fired: bool) -> Vec<String> {
    let is_report = |word: &String| word == "publish" || word == "withdraw";
    let report = outputs.iter().rev().find(|word| is_report(word)).cloned();
    let mut rest: Vec<String> = outputs
        .into_iter()
        .filter(|word| !(is_report(word) || fired && word == "ignored: nothing-due"))
        .collect();
    rest.extend(report);
    rest
}

fn only_attempts() -> Config {
    Config {
        reply_timeout: delay(10_000).unwrap(),
        retry: delay(20_000),
        throttled: delay(30_000),
        renewal: delay(40_000),
        validity: None,
    }
}

fn only_validity() -> Config {
    Config {
        reply_timeout: delay(1 << 40).unwrap(),
        validity: delay(50_000),
        ..Config::default()
    }
}

fn everything() -> Config {
    Config {
        validity: delay(45_000),
        ..only_attempts()
    }
}

/// The word for what a state waits for, its end apart.
fn attempt(state: &State) -> Option<&'static str> {
    match state.kind() {
        Kind::Requesting | Kind::Renewing => Some("reply-due"),
        Kind::Waiting
        | Kind::Throttled
        | Kind::Failed
        | Kind::Expired
        | Kind::Activated
        | Kind::Unrenewed => Some("attempt-due"),
        _ => None,
    }
}

/// The times to try a state at, each with what is due then.
fn times(state: &State, config: &Config) -> Vec<(Instant, Vec<&'static str>)> {
    let now = 1 << 50;
    let everything = |state: &State| {
        let mut due = Vec::new();
        due.extend(attempt(state).filter(|_| config.retry.is_some()));
        due.extend(state.ends().map(|_| "validity-over"));
        due
    };
    let Some(timeout) = state.next_timeout(config) else {
        return vec![(Instant(now), Vec::new())];
    };
    let first = if Some(timeout) == state.ends() {
        vec!["validity-over"]
    } else {
        vec![attempt(state).expect("a timeout of an attempt")]
    };
    let mut times = vec![
        (Instant(0), Vec::new()),
        (Instant(timeout.0 - 1), Vec::new()),
        (timeout, first.clone()),
        (Instant(timeout.0 + 1), first),
    ];
    if config.retry.is_some() {
        times.push((Instant(now), everything(state)));
    }
    times
}

struct Checked {
    pairs: BTreeSet<(String, String)>,
    rows: BTreeSet<String>,
    steps: usize,
}

/// Holds a step against the rows of what is due and of the input.
fn check(
    state: &State,
    config: &Config,
    (now, due): (Instant, &[&'static str]),
    (name, input): (&str, Input),
    (inputs, time): (&Rows, &Rows),
    checked: &mut Checked,
) {
    let step = state.clone().step(config, now, input);
    let mut at = Variant::of(state);
    let mut expected = Expected {
        kind: at.kind.to_owned(),
        outputs: Vec::new(),
    };
    for due in due {
        let row = time
            .find(due, at)
            .unwrap_or_else(|| panic!("no row for {due} in {at:?}"));
        expected.apply(row);
        checked.rows.insert(format!("{row:?}"));
        at.kind = Kind::ALL
            .iter()
            .find(|kind| kind.as_str() == expected.kind)
            .unwrap()
            .as_str();
    }
    let row = inputs
        .find(name, at)
        .unwrap_or_else(|| panic!("no row for {name} in {at:?}"));
    expected.apply(row);
    checked.rows.insert(format!("{row:?}"));
    checked.pairs.insert((at.kind.to_owned(), name.to_owned()));
    checked.steps += 1;
    let outputs = settle(expected.outputs, !due.is_empty());
    let found: Vec<Output> = step.outputs().collect();
    let as_meant = found.len() == outputs.len()
        && std::iter::zip(&outputs, &found)
            .all(|(word, output)| is_meant(word, output, &step.state, &input));
    assert!(
        as_meant && step.state.kind().as_str() == expected.kind,
        "{name} at {now:?} with {due:?} due, in {state:?}: {} {outputs:?}, but {} {found:?}",
        expected.kind,
        step.state.kind().as_str(),
    );
    beside(state, &step, input);
}

/// What an input says of the rest of the state.
fn beside(state: &State, step: &Step, input: Input) {
    let next = &step.state;
    assert_eq!(next.vm(), state.vm());
    assert_eq!(next.guest(), state.guest());
    let key = match input {
        Input::KeyInstalled(key) => Some(key),
        Input::KeyRemoved => None,
        _ => state.key(),
    };
    assert_eq!(next.key(), key);
    let data_exchange = match input {
        Input::DataExchange(on) => on,
        _ => state.data_exchange(),
    };
    assert_eq!(next.data_exchange(), data_exchange);
    let platform = match input {
        Input::Moved(platform) => platform,
        _ => state.platform(),
    };
    assert_eq!(next.platform(), platform);
    let running = match input {
        Input::Start => true,
        Input::Stop => false,
        _ => state.is_running(),
    };
    assert_eq!(next.is_running(), running);
    assert_eq!(
        next.is_activated(),
        matches!(
            next.kind(),
            Kind::OffActivated
                | Kind::BlockedActivated
                | Kind::Activated
                | Kind::Renewing
                | Kind::Unrenewed
        )
    );
    let granted = step
        .outputs()
        .any(|output| output == Output::Log(Conclusion::SUCCESS));
    if granted {
        assert_eq!(next.bound_to(), Some(OTHER_HOST));
        assert!(next.activated_at() >= state.activated_at());
    } else if next.is_activated() {
        assert_eq!(next.bound_to(), state.bound_to());
        assert_eq!(next.activated_at(), state.activated_at());
        assert_eq!(next.ends(), state.ends());
    }
    // Each request has the next number.
    let requests = step.outputs().filter_map(|output| match output {
        Output::Request(request) => Some(request.sequence),
        _ => None,
    });
    let numbers: Vec<u32> = requests.collect();
    let expected: Vec<u32> = (state.sequence() + 1..=next.sequence()).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn every_state_with_every_input_at_every_time() {
    let inputs_rows = Rows::new("Guest: inputs");
    let time_rows = Rows::new("Guest: what is due");
    let mut checked = Checked {
        pairs: BTreeSet::new(),
        rows: BTreeSet::new(),
        steps: 0,
    };
    for config in [
        only_attempts(),
        only_validity(),
        everything(),
        Config::default(),
    ] {
        for state in reachable(&config).values() {
            for (now, due) in times(state, &config) {
                // Inputs are made for the state as it is when they arrive.
                let then = state.clone().step(&config, now, Input::Tick).state;
                for (name, input) in inputs(&then) {
                    check(
                        state,
                        &config,
                        (now, &due),
                        (name, input),
                        (&inputs_rows, &time_rows),
                        &mut checked,
                    );
                }
            }
        }
    }
    // Every kind with every input, and no row that says nothing.
    let names: BTreeSet<&String> = inputs_rows.0.keys().collect();
    assert_eq!(names.len(), 18);
    assert_eq!(
        checked.pairs.len(),
        names.len() * Kind::ALL.len() - NEVER.len()
    );
    for (kind, input) in NEVER {
        assert!(
            !checked
                .pairs
                .contains(&((*kind).to_owned(), (*input).to_owned()))
        );
    }
    let rows = inputs_rows.0.values().chain(time_rows.0.values()).flatten();
    for row in rows {
        assert!(
            checked.rows.contains(&format!("{row:?}")),
            "never used: {row:?}"
        );
    }
    assert!(checked.steps > 5000, "{}", checked.steps);
}

/// Pairs that cannot be: without a key, or with another one, no AVMA key is the same again.
const NEVER: &[(&str, &str)] = &[("no-key", "key-same"), ("other-key", "key-same")];

#[test]
fn how_many_variants_there_are() {
    // Off: three keys, two switches, two platforms. Off and activated: two and two. Without an AVMA
    // key: two kinds, two and two. Blocked: two kinds, two platforms. The rest: eight kinds on
    // Hyper-V; elsewhere all but the two that wait for a reply, and throttled ones, which fail when
    // they move.
    let count = reachable(&everything()).len();
    assert_eq!(count, 12 + 4 + 8 + 4 + 8 + 5);
}

/// The words of the conclusions' table.
#[test]
fn conclusions_are_those_of_the_table() {
    let mut seen = 0;
    for cells in markdown::cells(TABLE, "Guest: conclusions") {
        let [conclusion, notification, inferred, code] = cells.try_into().unwrap();
        let code: Option<HResult> = match code.as_str() {
            "-" => None,
            "any other" => Some(HResult::MISMATCHED_PRODUCT_SKU),
            code => Some(code.parse().unwrap()),
        };
        let found = match conclusion.as_str() {
            "success" => Conclusion::SUCCESS,
            "unresponsive" => Conclusion::UNRESPONSIVE,
            "unreadable" => Conclusion::UNREADABLE,
            "not-hyper-v" => Conclusion::NOT_HYPER_V,
            "refused" => Conclusion::refused(code),
            other => panic!("{other}"),
        };
        let notification =
            (notification != "-").then(|| notification.parse::<Notification>().unwrap());
        assert_eq!(
            found,
            Conclusion {
                notification,
                inferred: inferred == "yes",
                code
            },
            "{conclusion}"
        );
        assert_eq!(found.is_success(), conclusion == "success");
        seen += 1;
    }
    assert_eq!(seen, 9);
    // Every other code that the crate knows has no notification either.
    for code in HResult::KNOWN {
        let named = [0xC004_FD01, 0xC004_FD03].contains(&code.0);
        assert_eq!(
            Conclusion::refused(Some(*code)).notification.is_some(),
            named
        );
    }
}

#[test]
fn a_renewal_that_came_due_without_data_exchange_is_due_at_once() {
    let config = only_attempts();
    let state = reachable(&config)
        .into_values()
        .find(|state| state.kind() == Kind::Activated && state.platform() != Platform::Elsewhere)
        .unwrap();
    let due = state.next_timeout(&config).unwrap();
    let state = state
        .step(&config, Instant(due.0 - 9), Input::DataExchange(false))
        .state;
    assert_eq!(
        (state.kind(), state.next_timeout(&config)),
        (Kind::BlockedActivated, None)
    );
    let state = state
        .step(&config, Instant(due.0 + 9), Input::DataExchange(true))
        .state;
    assert_eq!(
        (state.kind(), state.next_timeout(&config)),
        (Kind::Activated, Some(due))
    );
    let step = state.step(&config, due, Input::Tick);
    assert_eq!(step.state.kind(), Kind::Renewing);
}

#[test]
fn another_key_forgets_how_the_last_one_ended() {
    let config = only_attempts();
    let failed = reachable(&config)
        .into_values()
        .find(|state| state.kind() == Kind::Failed && state.platform() != Platform::Elsewhere)
        .unwrap();
    assert!(failed.last().is_some());
    for text in OTHERS {
        let input = Input::KeyInstalled(key(text));
        let state = failed.clone().step(&config, Instant(0), input).state;
        assert_eq!(state.last(), None, "{text}");
    }
}

#[test]
fn a_request_says_that_data_exchange_is_on() {
    // Not known of the guest, but known of the switch.
    let mut facts = guest();
    facts.data_exchange = Default::default();
    let config = only_attempts();
    let state = State::new(VM, facts, ON_HOST);
    let state = state
        .step(&config, Instant(0), Input::KeyInstalled(key(AVMA[0])))
        .state;
    let step = state.step(&config, Instant(0), Input::Start);
    let Some(Output::Request(request)) = step.outputs().next() else {
        panic!()
    };
    assert_eq!(request.guest, guest());
    assert_eq!(step.state.guest(), facts);
}
