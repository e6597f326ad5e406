//! The real machines under a model checker: one VM, two hosts, and a wire that loses, doubles,
//! reorders and damages. Every order of everything that can happen is walked, within a bound on time
//! and on the number of requests.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use avma::activation::guest::{self, Input, Kind, Output, Platform};
use avma::activation::{Answer, Conclusion, Reply, Request, host};
use avma::assess::{Can, Guest, Host, can};
use avma::time::{Delay, Instant};
use avma::{HResult, HostId, LastFive, Notification, Product, Release, VmId};
use stateright::{Checker, Model, Property};

const VM: VmId = VmId(1);
/// Can activate the guest, until its licence lapses; after an upgrade nobody knows its facts.
const GOOD: HostId = HostId(1);
/// Older than the guest.
const OLDER: HostId = HostId(2);

fn ms(ms: u64) -> Delay {
    Delay::from_millis(ms).unwrap()
}

fn key(text: &str) -> LastFive {
    text.parse().unwrap()
}

fn avma_key() -> LastFive {
    key("78VHK")
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Asked {
    to: HostId,
    sequence: u32,
}

/// A reply, in an order that sets can have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Answered {
    from: HostId,
    sequence: u32,
    /// 0 granted, else refused with the code or without one.
    answer: (u8, u32),
}

impl Answered {
    fn new(reply: &Reply) -> Self {
        Self {
            from: reply.host,
            sequence: reply.sequence,
            answer: match reply.answer {
                Answer::Granted => (0, 0),
                Answer::Refused(Some(code)) => (1, code.0),
                Answer::Refused(None) => (2, 0),
            },
        }
    }

    fn reply(&self) -> Reply {
        Reply {
            vm: VM,
            sequence: self.sequence,
            host: self.from,
            answer: match self.answer {
                (0, _) => Answer::Granted,
                (1, code) => Answer::Refused(Some(HResult(code))),
                _ => Answer::Refused(None),
            },
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    now: u64,
    guest: guest::State,
    /// The good host; the other one keeps nothing that matters, so it is made anew each time.
    host: host::State,
    asked: BTreeSet<Asked>,
    answered: BTreeSet<Answered>,
    /// The request to which the guest still awaits a reply, as an onlooker knows it, and when it
    /// went out.
    out: Option<(u32, u64)>,
    /// The key that the published report speaks of.
    report: Option<LastFive>,
    /// The first law that was broken.
    broken: Option<&'static str>,
}

impl World {
    fn awaits(&self, reply: Reply) -> bool {
        self.out
            .is_some_and(|(sequence, _)| sequence == reply.sequence)
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Act {
    /// Something happens to the guest.
    Guest(Input),
    /// A millisecond passes.
    Pass,
    Host(host::Input),
    /// A request arrives; it may arrive again.
    Ask {
        asked: Asked,
        again: bool,
    },
    LoseRequest(Asked),
    Deliver {
        answered: Answered,
        again: bool,
    },
    Damage(Answered),
    LoseReply(Answered),
}

/// What can come of it, each seen or not.
#[derive(Default)]
struct Outcomes(AtomicU64);

impl Outcomes {
    const NAMES: &'static [&'static str] = &[
        "request",
        "publish",
        "withdraw",
        "avma-success",
        "invalid-host",
        "invalid-data",
        "activation-denied",
        "no notification",
        "already-running",
        "not-running",
        "same-key",
        "no-key",
        "already-switched",
        "same-platform",
        "no-request",
        "stale",
        "nothing-due",
        "granted",
        "refused",
        "throttled",
        "undecided",
        "unchanged",
        "other-family",
    ];

    fn see(&self, name: &str) {
        let place = Self::NAMES.iter().position(|known| *known == name);
        let place = place.unwrap_or_else(|| panic!("{name}"));
        self.0.fetch_or(1 << place, Ordering::Relaxed);
    }

    fn unseen(&self) -> Vec<&'static str> {
        let seen = self.0.load(Ordering::Relaxed);
        let names = Self::NAMES.iter().enumerate();
        names
            .filter(|(place, _)| seen >> place & 1 == 0)
            .map(|(_, name)| *name)
            .collect()
    }
}

/// A model: what can happen, and how far it is walked.
struct Wire {
    guest: guest::Config,
    host: host::Config,
    /// Whether the guest runs with its AVMA key at the beginning.
    begun: bool,
    inputs: Vec<Input>,
    host_inputs: Vec<host::Input>,
    max_time: u64,
    max_requests: u32,
    /// In flight at a time, both ways.
    max_messages: usize,
    /// The kinds of states that must be reached.
    kinds: &'static [Kind],
    outcomes: Outcomes,
}

const MOVES: [Input; 3] = [
    Input::Moved(Platform::HyperV(GOOD)),
    Input::Moved(Platform::HyperV(OLDER)),
    Input::Moved(Platform::Elsewhere),
];
const RUNS: [Input; 2] = [Input::Start, Input::Stop];
const LICENCE: [host::Input; 2] = [host::Input::Lapsed, host::Input::Activated];

impl Wire {
    fn new(kinds: &'static [Kind]) -> Self {
        Self {
            guest: guest::Config {
                reply_timeout: ms(1),
                retry: Some(ms(1)),
                throttled: Some(ms(2)),
                renewal: Some(ms(1)),
                validity: Some(ms(2)),
            },
            host: host::Config::default(),
            begun: false,
            inputs: vec![Input::Tick],
            host_inputs: Vec::new(),
            max_time: 0,
            max_requests: 0,
            max_messages: 0,
            kinds,
            outcomes: Outcomes::default(),
        }
    }

    /// So much time, so many requests, so many messages in flight.
    fn within(self, max_time: u64, max_requests: u32, max_messages: usize) -> Self {
        Self {
            max_time,
            max_requests,
            max_messages,
            ..self
        }
    }

    fn begun(self) -> Self {
        Self {
            begun: true,
            ..self
        }
    }

    fn with(mut self, inputs: &[Input]) -> Self {
        self.inputs.extend(inputs);
        self
    }

    fn with_host(mut self, inputs: &[host::Input]) -> Self {
        self.host_inputs.extend(inputs);
        self
    }

    fn throttling(self) -> Self {
        Self {
            host: host::Config {
                throttle: Some(host::Throttle {
                    requests: 1.try_into().unwrap(),
                    per: ms(2),
                }),
            },
            ..self
        }
    }

    /// Walks it; the number of states and what was seen.
    fn check(self) -> (usize, u64) {
        let checker = self.checker().threads(2).spawn_bfs().join();
        checker.assert_properties();
        let seen = checker.model().outcomes.0.load(Ordering::Relaxed);
        (checker.unique_state_count(), seen)
    }

    /// The conclusion that this input must bring, as an onlooker knows it.
    fn conclusion(&self, world: &World, input: Input) -> Option<Conclusion> {
        match input {
            Input::Tick => {
                let (_, sent) = world.out?;
                let late = sent + self.guest.reply_timeout.as_millis() <= world.now;
                late.then_some(Conclusion::UNRESPONSIVE)
            }
            Input::ReplyUnreadable => world.out.map(|_| Conclusion::UNREADABLE),
            Input::Reply(reply) if world.awaits(reply) => match reply.answer {
                Answer::Granted => Some(Conclusion::SUCCESS),
                answer if answer.is_throttled() => None,
                Answer::Refused(code) => Some(Conclusion::refused(code)),
            },
            _ => None,
        }
    }

    fn guest_step(&self, world: &mut World, input: Input) {
        let before = world.guest.clone();
        // What is due comes first, as a step of its own.
        let overdue = before
            .next_timeout(&self.guest)
            .is_some_and(|due| due.0 <= world.now);
        if overdue && input != Input::Tick {
            self.guest_step(world, Input::Tick);
            return self.guest_step(world, input);
        }
        let expected = self.conclusion(world, input);
        let step = before.clone().step(&self.guest, Instant(world.now), input);
        let mut logged = Vec::new();
        for output in step.outputs() {
            match output {
                Output::Request(request) => {
                    self.outcomes.see("request");
                    world.out = Some((request.sequence, world.now));
                    let Platform::HyperV(to) = step.state.platform() else {
                        world.broken = Some("a request to nobody");
                        continue;
                    };
                    world.asked.insert(Asked {
                        to,
                        sequence: request.sequence,
                    });
                }
                Output::Log(conclusion) => {
                    world.out = None;
                    logged.push(conclusion);
                    self.outcomes.see(match conclusion.notification {
                        None => "no notification",
                        Some(notification) => Notification::as_str(notification),
                    });
                }
                Output::Publish => {
                    self.outcomes.see("publish");
                    world.report = step.state.key();
                }
                Output::Withdraw => {
                    self.outcomes.see("withdraw");
                    world.report = None;
                }
                Output::Ignored(reason) => self.outcomes.see(reason.as_str()),
            }
        }
        if let Input::Reply(reply) = input {
            if world.awaits(reply) && reply.answer.is_throttled() {
                world.out = None;
            }
        }
        let gone = matches!(
            input,
            Input::Stop | Input::KeyRemoved | Input::DataExchange(false)
        ) || matches!(input, Input::KeyInstalled(_)) && !step.state.has_avma_key();
        if gone {
            world.out = None;
        }
        // An attempt where there is nobody to ask ends at once.
        let nobody =
            logged == [Conclusion::NOT_HYPER_V] && step.state.platform() == Platform::Elsewhere;
        if !(logged.len() <= 1 && (logged.first().copied() == expected || nobody)) {
            world.broken = Some("one 12309 for each conclusion, and no other");
        }
        if step.state.is_activated() && !before.is_activated() {
            let by_grant = matches!(input, Input::Reply(reply) if reply.answer == Answer::Granted);
            if !by_grant {
                world.broken = Some("activated without a grant");
            }
        }
        world.guest = step.state;
    }

    fn host_step(&self, world: &mut World, of: HostId, input: host::Input) {
        let host = if of == GOOD {
            world.host.clone()
        } else {
            host::State::new(OLDER, older())
        };
        let facts = host.host();
        let step = host.step(&self.host, Instant(world.now), input);
        let (mut replies, mut logs, mut undecided) = (Vec::new(), Vec::new(), 0);
        for output in step.outputs() {
            match output {
                host::Output::Reply(reply) => replies.push(reply),
                host::Output::Log(answered) => logs.push((answered.vm, answered.answer)),
                host::Output::Undecided(_) => {
                    undecided += 1;
                    self.outcomes.see("undecided");
                }
                host::Output::Ignored(reason) => self.outcomes.see(reason.as_str()),
            }
        }
        let answers: Vec<_> = replies
            .iter()
            .map(|reply| (reply.vm, reply.answer))
            .collect();
        if answers != logs {
            world.broken = Some("one 12310 for each answer");
        }
        if let host::Input::Request(request) = input {
            if replies.len() + undecided != 1 {
                world.broken = Some("a request is answered once or left undecided");
            }
            for reply in &replies {
                self.outcomes.see(match reply.answer {
                    Answer::Granted => "granted",
                    answer if answer.is_throttled() => "throttled",
                    Answer::Refused(_) => "refused",
                });
                if reply.answer == Answer::Granted && can(&facts, &request.guest) != Can::Eligible {
                    world.broken = Some("a grant that the rulebook does not allow");
                }
                world.answered.insert(Answered::new(reply));
            }
        }
        if of == GOOD {
            world.host = step.state;
        }
    }
}

fn guest_facts() -> Guest {
    Guest::new(Release::Ws2022, Product::Standard).ready()
}

fn older() -> Host {
    Host::windows_server(Release::Ws2016, Product::Datacenter).ready()
}

fn good() -> Host {
    Host::windows_server(Release::Ws2022, Product::Datacenter).ready()
}

impl Model for Wire {
    type State = World;
    type Action = Act;

    fn init_states(&self) -> Vec<World> {
        let mut guest = guest::State::new(VM, guest_facts(), Platform::HyperV(GOOD));
        if self.begun {
            // Off with its key: the start is the first thing that can happen.
            let key = Input::KeyInstalled(avma_key());
            guest = guest.step(&self.guest, Instant(0), key).state;
        }
        vec![World {
            now: 0,
            guest,
            host: host::State::new(GOOD, good()),
            asked: BTreeSet::new(),
            answered: BTreeSet::new(),
            out: None,
            report: None,
            broken: None,
        }]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Act>) {
        actions.extend(self.inputs.iter().copied().map(Act::Guest));
        if self.begun {
            actions.push(Act::Guest(Input::Start));
        }
        actions.push(Act::Pass);
        actions.extend(self.host_inputs.iter().copied().map(Act::Host));
        for asked in &world.asked {
            for again in [false, true] {
                let asked = asked.clone();
                actions.push(Act::Ask { asked, again });
            }
            actions.push(Act::LoseRequest(asked.clone()));
        }
        for answered in &world.answered {
            for again in [false, true] {
                let answered = answered.clone();
                actions.push(Act::Deliver { answered, again });
            }
            actions.push(Act::Damage(answered.clone()));
            actions.push(Act::LoseReply(answered.clone()));
        }
    }

    fn next_state(&self, world: &World, act: Act) -> Option<World> {
        let mut world = world.clone();
        match act {
            Act::Guest(input) => self.guest_step(&mut world, input),
            Act::Pass => world.now += 1,
            Act::Host(input) => self.host_step(&mut world, GOOD, input),
            Act::Ask { asked, again } => {
                if !again {
                    world.asked.remove(&asked);
                }
                let request = Request {
                    vm: VM,
                    sequence: asked.sequence,
                    guest: guest_facts(),
                };
                self.host_step(&mut world, asked.to, host::Input::Request(request));
            }
            Act::LoseRequest(asked) => {
                world.asked.remove(&asked);
            }
            Act::Deliver { answered, again } => {
                if !again {
                    world.answered.remove(&answered);
                }
                self.guest_step(&mut world, Input::Reply(answered.reply()));
            }
            Act::Damage(answered) => {
                world.answered.remove(&answered);
                self.guest_step(&mut world, Input::ReplyUnreadable);
            }
            Act::LoseReply(answered) => {
                world.answered.remove(&answered);
            }
        }
        Some(world)
    }

    fn within_boundary(&self, world: &World) -> bool {
        world.now <= self.max_time
            && world.guest.sequence() <= self.max_requests
            && world.asked.len() + world.answered.len() <= self.max_messages
    }

    fn properties(&self) -> Vec<Property<Self>> {
        macro_rules! reachable {
            ($($kind:ident),+) => { [$( (Kind::$kind,
                Property::sometimes(Kind::$kind.as_str(), |_, world: &World| {
                    world.guest.kind() == Kind::$kind
                })
            )),+] };
        }
        let mut properties = vec![
            Property::always("no law is broken", |_, world: &World| {
                world.broken.is_none()
            }),
            Property::always(
                "a report speaks of the installed AVMA key",
                |_, world: &World| {
                    world.report.is_none()
                        || world.guest.has_avma_key() && world.report == world.guest.key()
                },
            ),
            Property::always(
                "bound to a host that may activate it",
                |_, world: &World| {
                    !world.guest.is_activated() || world.guest.bound_to() == Some(GOOD)
                },
            ),
        ];
        let reachable = reachable!(
            Off,
            OffActivated,
            NoKey,
            OtherKey,
            Blocked,
            BlockedActivated,
            Waiting,
            Requesting,
            Throttled,
            Failed,
            Expired,
            Activated,
            Renewing,
            Unrenewed
        );
        assert_eq!(reachable.len(), Kind::ALL.len());
        let wanted = reachable
            .into_iter()
            .filter(|(kind, _)| self.kinds.contains(kind));
        properties.extend(wanted.map(|(_, property)| property));
        properties
    }
}

#[test]
fn every_order_of_everything_keeps_the_laws() {
    use Kind::*;
    let keys = [
        Input::KeyInstalled(avma_key()),
        Input::KeyInstalled(key("VMK7H")),
        Input::KeyRemoved,
    ];
    let switch = [Input::DataExchange(false), Input::DataExchange(true)];
    let unknown = [host::Input::Facts(Host::Unknown)];
    let models = [
        // Moves, and a host that lapses.
        Wire::new(&[
            Off, Requesting, Failed, Expired, Activated, Renewing, Unrenewed,
        ])
        .begun()
        .with(&MOVES)
        .with_host(&LICENCE)
        .within(4, 3, 2),
        // Keys, the switch, starts and stops.
        Wire::new(&[
            Off,
            OffActivated,
            NoKey,
            OtherKey,
            Blocked,
            BlockedActivated,
            Waiting,
            Requesting,
            Activated,
            Renewing,
        ])
        .with(&RUNS)
        .with(&keys)
        .with(&switch)
        .within(3, 3, 2),
        // A host that throttles, lapses, and becomes unknown.
        Wire::new(&[Off, Requesting, Throttled, Failed, Activated, Unrenewed])
            .begun()
            .throttling()
            .with(&RUNS)
            .with_host(&LICENCE)
            .with_host(&unknown)
            .within(3, 3, 2),
        // Everything at once, for a shorter time.
        Wire::new(Kind::ALL)
            .throttling()
            .with(&RUNS)
            .with(&keys)
            .with(&switch)
            .with(&MOVES)
            .with_host(&LICENCE)
            .with_host(&unknown)
            .within(2, 2, 1),
    ];
    let (mut states, mut seen) = (Vec::new(), 0);
    for model in models {
        let (count, outcomes) = model.check();
        states.push(count);
        seen |= outcomes;
    }
    assert_eq!(Outcomes(seen.into()).unseen(), Vec::<&str>::new());
    // A number that changes means that the machines now do something else.
    assert_eq!(states, [181_332, 40_862, 218_956, 123_625]);
}
