//! The world: machines of guests and hosts, the wire between them, and the clock that drives them.

use std::io;

use avma::activation::guest::{Input, Kind, Output};
use avma::activation::{Conclusion, Reply, Request};
use avma::time::Instant;

use crate::arguments::Setup;
use crate::check;
use crate::clock::Clock;
use crate::log::{Event, Logged};
use crate::machine::{HostMachine, Vm, place};
use crate::random::Random;
use crate::scenario::{Deed, HostDeed};
use crate::span;
use crate::tally::{Tally, Why};
use crate::wire::Wire;

/// How long a restart takes. The simulation's own, as every time.
pub const RESTART: u64 = span::MINUTE;

/// Why a run ended before its end.
pub enum Stop {
    Write(io::Error),
    /// An invariant is broken: which, and where.
    Fault(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// What the clock holds.
#[derive(Clone, Copy)]
pub enum Next {
    /// The time of a line of the script, by its place.
    Line(usize),
    Host(usize, HostDeed, u64),
    Vm(usize, Deed),
    /// A restart that is not the script's.
    Restart(usize),
    Started(usize),
    Tick(usize),
    Request {
        vm: usize,
        host: usize,
        request: Option<Request>,
    },
    Reply {
        vm: usize,
        reply: Option<Reply>,
    },
}

pub struct World<'a> {
    pub setup: &'a Setup,
    pub clock: Clock<Next>,
    pub random: Random,
    pub wire: Wire,
    pub vms: Vec<Vm>,
    pub hosts: Vec<HostMachine>,
    pub tally: Tally,
    /// What was logged in this step of the clock.
    pub events: Vec<Event>,
    steps: u64,
}

impl<'a> World<'a> {
    pub fn new(setup: &'a Setup) -> Self {
        let nodes = setup.scenario.nodes.iter().cycle().take(setup.hosts);
        let hosts: Vec<HostMachine> = nodes
            .enumerate()
            .map(|(at, node)| HostMachine::new(at, *node))
            .collect();
        let homes: Vec<usize> = (0..hosts.len()).filter(|at| hosts[*at].node.home).collect();
        let systems = setup.scenario.guests.iter().cycle();
        let vms = std::iter::zip(systems, homes.iter().cycle())
            .take(setup.vms)
            .enumerate()
            .map(|(at, (system, home))| Vm::new(at, *system, *home))
            .collect();
        let mut world = Self {
            setup,
            clock: Clock::new(),
            random: Random::new(setup.seed, 1),
            wire: Wire::new(setup.quality, Random::new(setup.seed, 2)),
            vms,
            hosts,
            tally: Tally::new(),
            events: Vec::new(),
            steps: 0,
        };
        world.begin();
        world
    }

    fn begin(&mut self) {
        for (line, script) in self.setup.scenario.script.iter().enumerate() {
            self.clock
                .set(Instant(script.at * span::MINUTE), Next::Line(line));
        }
        if let Some(every) = self.setup.restarts {
            for vm in 0..self.vms.len() {
                let first = self.random.below(every);
                self.clock.set(Instant(first), Next::Restart(vm));
            }
        }
    }

    /// Runs to the end. `log` takes the events as they come, `progress` the time now and then.
    pub fn run(
        &mut self,
        log: &mut dyn FnMut(&Event) -> io::Result<()>,
        progress: &mut dyn FnMut(Instant),
    ) -> Result<(), Stop> {
        while let Some(next) = self.clock.next(self.setup.end) {
            self.steps += 1;
            if self.steps % 65_536 == 0 {
                progress(self.clock.now());
            }
            let happened = self.happen(next);
            for event in self.events.drain(..) {
                log(&event)?;
            }
            happened?;
        }
        for vm in 0..self.vms.len() {
            self.spend(vm);
        }
        self.check_sums()
    }

    fn happen(&mut self, next: Next) -> Result<(), Stop> {
        match next {
            Next::Line(line) => self.play(line),
            Next::Host(host, deed, within) => self.host_deed(host, deed, within)?,
            Next::Vm(vm, deed) => self.deed(vm, deed)?,
            Next::Restart(vm) => {
                self.deed(vm, Deed::Restart)?;
                self.clock
                    .set_in(self.setup.restarts.unwrap_or(span::DAY), Next::Restart(vm));
            }
            Next::Started(vm) => self.input(vm, Input::Start)?,
            Next::Tick(vm) => self.tick(vm)?,
            Next::Request { vm, host, request } => self.request(vm, host, request)?,
            Next::Reply { vm, reply } => self.reply(vm, reply)?,
        }
        Ok(())
    }

    /// Carries out what a guest's machine says to an input.
    pub fn input(&mut self, at: usize, input: Input) -> Result<(), Stop> {
        let now = self.clock.now();
        let config = &self.setup.times.guest;
        self.spend(at);
        let vm = &mut self.vms[at];
        let step = vm.state.clone().step(config, now, input);
        let timeout = config.reply_timeout;
        let checked = check::guest_step(&vm.state, &step, &input, now, timeout, &mut vm.memory);
        let outputs: Vec<Output> = step.outputs().collect();
        let before = std::mem::replace(&mut vm.state, step.state);
        let ends = checked.map_err(|broken| {
            let what = format!("VM{}, {} at {input:?}", at + 1, before.kind());
            self.fault(&what, broken)
        })?;
        if let Some(end) = ends.told {
            self.tally.ends.add(end, 1);
        }
        self.tally.abandoned += ends.abandoned;
        for output in outputs {
            match output {
                Output::Request(request) => self.ask(at, request),
                Output::Log(conclusion) => {
                    self.tally.conclusions.add(conclusion, 1);
                    self.vms[at].ever.failed |= !conclusion.is_success();
                    // A reply that did not come in time is of the host before a move.
                    let on = place(before.platform());
                    self.events.push(Event {
                        at: now,
                        vm: at,
                        host: on.filter(|_| conclusion != Conclusion::NOT_HYPER_V),
                        what: Logged::Concluded(conclusion),
                    });
                }
                Output::Publish => self.tally.published += 1,
                Output::Withdraw => self.tally.withdrawn += 1,
                Output::Ignored(reason) => self.tally.ignored.add(reason, 1),
            }
        }
        let vm = &mut self.vms[at];
        vm.ever.activated |= vm.state.is_activated();
        vm.ever.throttled |= ends.told == Some(check::End::Throttled);
        vm.ever.unrenewed |= vm.state.kind() == Kind::Unrenewed;
        self.set_tick(at);
        Ok(())
    }

    /// Sets a tick for when the guest next does something by itself, where none is set before.
    fn set_tick(&mut self, at: usize) {
        let vm = &mut self.vms[at];
        let due = vm.state.next_timeout(&self.setup.times.guest);
        let Some(due) = due.filter(|due| vm.tick.is_none_or(|tick| *due < tick)) else {
            return;
        };
        vm.tick = Some(due);
        self.clock.set(due, Next::Tick(at));
    }

    fn tick(&mut self, at: usize) -> Result<(), Stop> {
        let now = self.clock.now();
        let vm = &mut self.vms[at];
        if vm.tick.is_some_and(|tick| tick <= now) {
            vm.tick = None;
        }
        let due = vm.state.next_timeout(&self.setup.times.guest);
        if due.is_some_and(|due| due <= now) {
            self.input(at, Input::Tick)?;
            let state = &self.vms[at].state;
            let again = state.next_timeout(&self.setup.times.guest);
            if again.is_some_and(|again| again <= now) {
                let what = format!("VM{}, {}", at + 1, state.kind());
                return Err(self.fault(&what, "what was due is due still after its tick"));
            }
            return Ok(());
        }
        // It was set for something that came otherwise.
        self.set_tick(at);
        Ok(())
    }

    /// Counts the time since the last step to what the VM was.
    fn spend(&mut self, at: usize) {
        let now = self.clock.now();
        let vm = &mut self.vms[at];
        let spent = now.0 - vm.since.0;
        vm.since = now;
        if spent > 0 {
            self.tally.spent.add(Why::of(&vm.state), spent);
            if vm.state.is_running() && !vm.state.is_activated() {
                vm.idle += spent;
            }
        }
    }

    fn check_sums(&self) -> Result<(), Stop> {
        let awaiting = self.vms.iter().filter(|vm| check::is_awaiting(&vm.state));
        let (mut requests, mut replies) = (0, 0);
        for next in self.clock.left() {
            requests += u64::from(matches!(next, Next::Request { .. }));
            replies += u64::from(matches!(next, Next::Reply { .. }));
        }
        self.tally
            .check(awaiting.count() as u64, (requests, replies))
            .map_err(|sum| self.fault("the sums", &sum))
    }

    /// A broken invariant, with its time.
    pub fn fault(&self, what: &str, broken: &str) -> Stop {
        let now = span::moment(self.clock.now());
        Stop::Fault(format!("{now}, {what}: {broken}"))
    }
}
