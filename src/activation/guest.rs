//! The guest: when it asks for activation, and what it makes of the answer.

use crate::activation::conclusion::Conclusion;
use crate::activation::wire::{Answer, Reply, Request};
use crate::assess::{Guest, InstalledKey, Key};
use crate::catalog::keys::KeyChannel;
use crate::ids::{HostId, VmId};
use crate::product_key::LastFive;
use crate::time::{Delay, Instant};
use crate::word::words;

mod kind;
mod observed;
#[cfg(feature = "observe")]
mod report;

pub use kind::Kind;
pub use observed::{Found, FoundError};

/// How long a guest waits. No text gives any of these times; all are the caller's, and the default of
/// the first is the crate's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Config {
    /// How long a reply may take before the host counts as unresponsive. By default one minute.
    pub reply_timeout: Delay,
    /// How long after an attempt that failed, or after the activation ended, the next one is made;
    /// an end does not put off the one that a failed attempt has set. Unset: only a start, a move or a
    /// key makes the next one.
    pub retry: Option<Delay>,
    /// The same after the host answered 0xC004FD00. Unset: as [`retry`](Self::retry).
    pub throttled: Option<Delay>,
    /// How long after a success an activated guest asks again. Unset: only at its next start.
    pub renewal: Option<Delay>,
    /// How long an activation lasts. Unset: the model has no end for it. Windows has one
    /// (`GracePeriodRemaining` is not 0 while licensed); its length is not public.
    pub validity: Option<Delay>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            reply_timeout: Delay::MINUTE,
            retry: None,
            throttled: None,
            renewal: None,
            validity: None,
        }
    }
}

/// What the VM runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Platform {
    /// A Hyper-V host.
    HyperV(HostId),
    /// Anything else, where there is nobody to ask.
    Elsewhere,
}

/// What happens to a guest. Exhaustive on purpose: a driver that knows them all knows the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// The VM starts.
    Start,
    /// The VM stops, or is saved.
    Stop,
    /// A product key was installed: by slmgr, DISM, an unattend file, also while the VM is off.
    KeyInstalled(LastFive),
    /// The product key was removed.
    KeyRemoved,
    /// Data Exchange was enabled or disabled for the VM.
    DataExchange(bool),
    /// The VM was moved, running or not.
    Moved(Platform),
    /// A reply arrived.
    Reply(Reply),
    /// Something arrived that cannot be read as a reply. It cannot be matched to a request, so it ends
    /// the pending attempt.
    ReplyUnreadable,
    /// Time has passed.
    Tick,
}

words! {
    /// Why an input changed nothing.
    pub enum Ignored ("reason to ignore an input") {
        /// A start of a VM that runs.
        AlreadyRunning = "already-running", "the VM runs already";
        /// A stop of a VM that is off.
        NotRunning = "not-running", "the VM does not run";
        /// The same AVMA key again, where nothing can be asked.
        SameKey = "same-key", "this key is installed already";
        /// A key removed where there is none.
        NoKey = "no-key", "no key is installed";
        /// Data Exchange as it is.
        AlreadySwitched = "already-switched", "Data Exchange is so already";
        /// A move to where the VM is.
        SamePlatform = "same-platform", "the VM is there already";
        /// A reply where none is awaited: doubled, late, or nobody asked.
        NoRequest = "no-request", "no reply is awaited";
        /// A reply to an earlier request.
        Stale = "stale", "the reply is to an earlier request";
        /// A reply to another VM.
        OtherVm = "other-vm", "the reply is to another VM";
        /// A tick before the next timeout.
        NothingDue = "nothing-due", "nothing is due yet";
    }
}

/// What the guest does. Exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    /// Sends a request to the host that it runs on.
    Request(Request),
    /// Logs event 12309.
    Log(Conclusion),
    /// Writes the crate's own report anew, as the state now is: `State::report` makes it (feature
    /// `alloc`).
    Publish,
    /// Removes the crate's own report: the key that it spoke of was replaced or removed. The article
    /// asks that KVP data be removed then. Where that was done to a VM that is off, whoever changed
    /// the key removes the report in the same way, or the guest does at its next start.
    Withdraw,
    /// The input changed nothing.
    Ignored(Ignored),
}

/// The next state and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The state after the input.
    pub state: State,
    /// What a timer that was due put out: a request or an event.
    due: Option<Draft>,
    /// What the input put out: the same, or that it was ignored.
    input: Option<Draft>,
    /// What becomes of the report: the last word of both.
    report: Option<Report>,
}

/// An output without what the state knows: a step is moved often, so it is kept small.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Draft {
    /// By its number.
    Request(u32),
    Log(Conclusion),
    Ignored(Ignored),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Report {
    Publish,
    Withdraw,
}

impl Step {
    /// The most outputs of a step: one of a timer, one of the input, one about the report.
    pub const MAX_OUTPUTS: usize = 3;

    /// What to do, in order.
    pub fn outputs(&self) -> impl Iterator<Item = Output> + '_ {
        let drafts = [self.due, self.input].into_iter().flatten();
        let report = self.report.map(|report| match report {
            Report::Publish => Output::Publish,
            Report::Withdraw => Output::Withdraw,
        });
        drafts
            .map(|draft| match draft {
                Draft::Request(sequence) => Output::Request(self.state.request(sequence)),
                Draft::Log(conclusion) => Output::Log(conclusion),
                Draft::Ignored(reason) => Output::Ignored(reason),
            })
            .chain(report)
    }
}

/// The key that is installed, as far as AVMA is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Installed {
    None,
    Avma(LastFive),
    Other(LastFive),
}

impl Installed {
    fn of(key: InstalledKey, last_five: LastFive, guest: &Guest) -> Self {
        let is_avma = key
            .published()
            .is_some_and(|found| found.channel == KeyChannel::Avma);
        // With partial facts of the guest the key may be right; then the host judges.
        if is_avma && matches!(key.answer(guest), Key::Right | Key::Unknown) {
            Self::Avma(last_five)
        } else {
            Self::Other(last_five)
        }
    }
}

/// An activation that was granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Binding {
    /// Not known where the guest was observed without its host.
    host: Option<HostId>,
    at: Instant,
    ends: Option<Instant>,
}

/// Why no request is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Wait {
    /// For the renewal, or for an occasion.
    Ready,
    Failed,
    Throttled,
    Expired,
    /// The activation ended while the guest waited for this: it still waits for that.
    FailedThenExpired,
    ThrottledThenExpired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Attempt {
    /// The guest cannot ask: it is off, has no AVMA key, or Data Exchange is off.
    None,
    Requested {
        at: Instant,
    },
    Waiting {
        since: Instant,
        why: Wait,
    },
}

/// A guest.
///
/// At most 144 bytes, and a step 192; neither allocates. It is not `Copy`: a step takes it and gives the next one, so that an old one is not used by
/// mistake.
///
/// ```
/// use avma::activation::guest::{Config, Input, Kind, Output, Platform, State};
/// use avma::activation::{Answer, Reply};
/// use avma::assess::Guest;
/// use avma::time::Instant;
/// use avma::{HostId, Product, Release, VmId};
///
/// let config = Config::default();
/// let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
/// let state = State::new(VmId(1), guest, Platform::HyperV(HostId(7)));
///
/// // The key goes in before the first start, as an unattend file does it.
/// let step = state.step(&config, Instant(0), Input::KeyInstalled("78VHK".parse()?));
/// let step = step.state.step(&config, Instant(0), Input::Start);
/// let Some(Output::Request(request)) = step.outputs().next() else {
///     panic!("activation at start-up")
/// };
/// let reply = Reply {
///     vm: request.vm,
///     sequence: request.sequence,
///     host: HostId(7),
///     answer: Answer::Granted,
/// };
/// let step = step.state.step(&config, Instant(250), Input::Reply(reply));
/// assert_eq!(step.state.kind(), Kind::Activated);
/// assert_eq!(step.state.bound_to(), Some(HostId(7)));
/// # Ok::<(), avma::product_key::LastFiveError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    vm: VmId,
    guest: Guest,
    /// The latest time that was seen: time that goes back is no time that passes.
    clock: Instant,
    sequence: u32,
    running: bool,
    data_exchange: bool,
    platform: Platform,
    key: Installed,
    binding: Option<Binding>,
    attempt: Attempt,
    last: Option<Conclusion>,
}

impl State {
    /// A VM that is off and has no key yet, with Data Exchange enabled, as new VMs have it.
    pub const fn new(vm: VmId, guest: Guest, platform: Platform) -> Self {
        Self {
            vm,
            guest,
            clock: Instant(0),
            sequence: 0,
            running: false,
            data_exchange: true,
            platform,
            key: Installed::None,
            binding: None,
            attempt: Attempt::None,
            last: None,
        }
    }

    /// The state after an input.
    ///
    /// First what is due at `now` happens, then the input: an input at a time gives the same as a tick
    /// at that time and then the input. Delays count from `now`, not from when they were due.
    #[must_use]
    pub fn step(mut self, config: &Config, now: Instant, input: Input) -> Step {
        self.clock = self.clock.max(now);
        let mut report = None;
        let (fired, due) = self.fire(config, &mut report);
        let input = match self.apply(config, input, &mut report) {
            Ok(draft) => draft,
            // A tick did what was due.
            Err(Ignored::NothingDue) if fired => None,
            Err(reason) => Some(Draft::Ignored(reason)),
        };
        Step {
            state: self,
            due,
            input,
            report,
        }
    }

    /// When the guest next does something by itself; `None` if nothing but an input can move it.
    ///
    /// A tick at this time always changes the state. It may lie in the past, as after a long time
    /// with Data Exchange off: then it is due at once.
    pub fn next_timeout(&self, config: &Config) -> Option<Instant> {
        let ends = self.binding.and_then(|binding| binding.ends);
        match (self.attempt_due(config), ends) {
            (Some(due), Some(ends)) => Some(due.min(ends)),
            (due, ends) => due.or(ends),
        }
    }

    fn attempt_due(&self, config: &Config) -> Option<Instant> {
        match self.attempt {
            Attempt::None => None,
            Attempt::Requested { at } => at.after(config.reply_timeout),
            Attempt::Waiting { since, why } => {
                let delay = match (why, self.is_activated()) {
                    (Wait::Ready, true) => config.renewal,
                    (Wait::Throttled | Wait::ThrottledThenExpired, _) => {
                        config.throttled.or(config.retry)
                    }
                    _ => config.retry,
                };
                // Without a retry an activated guest still renews.
                let renewal = config.renewal.filter(|_| self.is_activated());
                since.after(delay.or(renewal)?)
            }
        }
    }

    /// Does what is due: whether anything was, and what goes out.
    fn fire(&mut self, config: &Config, report: &mut Option<Report>) -> (bool, Option<Draft>) {
        let is_due = |due: Option<Instant>| due.is_some_and(|due| due <= self.clock);
        let attempt = is_due(self.attempt_due(config));
        let end = is_due(self.binding.and_then(|binding| binding.ends));
        let draft = match self.attempt {
            _ if !attempt => None,
            Attempt::Requested { .. } => Some(self.conclude(Conclusion::UNRESPONSIVE, report)),
            _ => self.ask(report),
        };
        if end {
            self.binding = None;
            match &mut self.attempt {
                Attempt::None | Attempt::Requested { .. } => {}
                Attempt::Waiting { why, .. } if *why == Wait::Failed => {
                    *why = Wait::FailedThenExpired;
                }
                Attempt::Waiting { why, .. } if *why == Wait::Throttled => {
                    *why = Wait::ThrottledThenExpired;
                }
                Attempt::Waiting { .. } => self.wait(Wait::Expired),
            }
            // A guest that is off can write nothing; it reports after its next start.
            if self.running {
                *report = Some(Report::Publish);
            }
        }
        (attempt || end, draft)
    }

    fn apply(
        &mut self,
        config: &Config,
        input: Input,
        report: &mut Option<Report>,
    ) -> Result<Option<Draft>, Ignored> {
        match input {
            Input::Start => {
                if self.running {
                    return Err(Ignored::AlreadyRunning);
                }
                self.running = true;
                // What was written before the stop may say that it is activated.
                if self.has_avma_key() && !self.is_activated() {
                    *report = Some(Report::Publish);
                }
                Ok(self.ask(report))
            }
            Input::Stop => {
                if !self.running {
                    return Err(Ignored::NotRunning);
                }
                self.running = false;
                self.attempt = Attempt::None;
                Ok(None)
            }
            Input::KeyInstalled(key) => self.install(key, report),
            Input::KeyRemoved => {
                if self.key == Installed::None {
                    return Err(Ignored::NoKey);
                }
                self.withdraw(Installed::None, report);
                Ok(None)
            }
            Input::DataExchange(on) => self.switch(on),
            Input::Moved(platform) => self.move_to(platform, report),
            Input::Reply(reply) => self.receive(config, reply, report),
            Input::ReplyUnreadable => match self.attempt {
                Attempt::Requested { .. } => {
                    Ok(Some(self.conclude(Conclusion::UNREADABLE, report)))
                }
                _ => Err(Ignored::NoRequest),
            },
            Input::Tick => Err(Ignored::NothingDue),
        }
    }

    fn install(
        &mut self,
        last_five: LastFive,
        report: &mut Option<Report>,
    ) -> Result<Option<Draft>, Ignored> {
        let key = Installed::of(InstalledKey::LastFive(last_five), last_five, &self.guest);
        match (self.key, key) {
            (_, Installed::None | Installed::Other(_)) => self.withdraw(key, report),
            (old, _) if old == key => {
                if !self.can_ask() {
                    return Err(Ignored::SameKey);
                }
            }
            (Installed::Avma(_), _) => self.withdraw(key, report),
            (Installed::None | Installed::Other(_), _) => self.key = key,
        }
        Ok(self.ask(report))
    }

    /// Puts another key, or none, in the place of the old one, and ends what was by the old one.
    fn withdraw(&mut self, key: Installed, report: &mut Option<Report>) {
        self.key = key;
        self.binding = None;
        self.attempt = Attempt::None;
        self.last = None;
        *report = Some(Report::Withdraw);
    }

    fn switch(&mut self, on: bool) -> Result<Option<Draft>, Ignored> {
        if self.data_exchange == on {
            return Err(Ignored::AlreadySwitched);
        }
        self.data_exchange = on;
        if !self.can_ask() {
            self.attempt = Attempt::None;
        } else if let Some(binding) = self.binding {
            // The renewal counts from the activation, whatever happened in between.
            self.attempt = Attempt::Waiting {
                since: binding.at,
                why: Wait::Ready,
            };
        } else {
            self.wait(Wait::Ready);
        }
        Ok(None)
    }

    fn move_to(
        &mut self,
        platform: Platform,
        report: &mut Option<Report>,
    ) -> Result<Option<Draft>, Ignored> {
        if self.platform == platform {
            return Err(Ignored::SamePlatform);
        }
        self.platform = platform;
        // An activated guest stays so when it moves; whoever wants an activation asks the new host.
        if self.kind() == Kind::Activated {
            return Ok(None);
        }
        Ok(self.ask(report))
    }

    fn receive(
        &mut self,
        config: &Config,
        reply: Reply,
        report: &mut Option<Report>,
    ) -> Result<Option<Draft>, Ignored> {
        let Attempt::Requested { .. } = self.attempt else {
            return Err(Ignored::NoRequest);
        };
        if reply.vm != self.vm {
            return Err(Ignored::OtherVm);
        }
        if reply.sequence != self.sequence {
            return Err(Ignored::Stale);
        }
        let conclusion = match reply.answer {
            Answer::Granted => {
                self.binding = Some(Binding {
                    host: Some(reply.host),
                    at: self.clock,
                    ends: config.validity.and_then(|delay| self.clock.after(delay)),
                });
                Conclusion::SUCCESS
            }
            answer if answer.is_throttled() => {
                self.wait(Wait::Throttled);
                *report = Some(Report::Publish);
                return Ok(None);
            }
            Answer::Refused(code) => Conclusion::refused(code),
        };
        Ok(Some(self.conclude(conclusion, report)))
    }

    const fn can_ask(&self) -> bool {
        self.running && self.data_exchange && matches!(self.key, Installed::Avma(_))
    }

    /// Makes an attempt, where the guest can.
    fn ask(&mut self, report: &mut Option<Report>) -> Option<Draft> {
        if !self.can_ask() {
            return None;
        }
        if self.platform == Platform::Elsewhere {
            return Some(self.conclude(Conclusion::NOT_HYPER_V, report));
        }
        self.sequence = self.sequence.wrapping_add(1);
        self.attempt = Attempt::Requested { at: self.clock };
        Some(Draft::Request(self.sequence))
    }

    /// A guest asks only with Data Exchange enabled.
    fn request(&self, sequence: u32) -> Request {
        Request {
            vm: self.vm,
            sequence,
            guest: Guest {
                data_exchange: true.into(),
                ..self.guest
            },
        }
    }

    fn conclude(&mut self, conclusion: Conclusion, report: &mut Option<Report>) -> Draft {
        self.last = Some(conclusion);
        self.wait(if conclusion.is_success() {
            Wait::Ready
        } else {
            Wait::Failed
        });
        *report = Some(Report::Publish);
        Draft::Log(conclusion)
    }

    fn wait(&mut self, why: Wait) {
        self.attempt = Attempt::Waiting {
            since: self.clock,
            why,
        };
    }

    /// What kind of state this is.
    pub const fn kind(&self) -> Kind {
        let activated = self.is_activated();
        match (self.running, self.key, self.attempt) {
            (false, ..) if activated => Kind::OffActivated,
            (false, ..) => Kind::Off,
            (true, Installed::None, _) => Kind::NoKey,
            (true, Installed::Other(_), _) => Kind::OtherKey,
            (true, Installed::Avma(_), attempt) => match attempt {
                Attempt::None if activated => Kind::BlockedActivated,
                Attempt::None => Kind::Blocked,
                Attempt::Requested { .. } if activated => Kind::Renewing,
                Attempt::Requested { .. } => Kind::Requesting,
                Attempt::Waiting { why, .. } => match why {
                    Wait::Ready if activated => Kind::Activated,
                    _ if activated => Kind::Unrenewed,
                    Wait::Ready => Kind::Waiting,
                    Wait::Failed => Kind::Failed,
                    Wait::Throttled => Kind::Throttled,
                    Wait::Expired | Wait::FailedThenExpired | Wait::ThrottledThenExpired => {
                        Kind::Expired
                    }
                },
            },
        }
    }

    /// The VM.
    pub const fn vm(&self) -> VmId {
        self.vm
    }

    /// What the guest is.
    pub const fn guest(&self) -> Guest {
        self.guest
    }

    /// The installed key's last five characters.
    pub const fn key(&self) -> Option<LastFive> {
        match self.key {
            Installed::None => None,
            Installed::Avma(key) | Installed::Other(key) => Some(key),
        }
    }

    /// Whether the installed key is an AVMA key that may be right for the guest.
    pub const fn has_avma_key(&self) -> bool {
        matches!(self.key, Installed::Avma(_))
    }

    /// Whether the VM runs.
    pub const fn is_running(&self) -> bool {
        self.running
    }

    /// Whether Data Exchange is enabled for the VM.
    pub const fn data_exchange(&self) -> bool {
        self.data_exchange
    }

    /// What the VM runs on.
    pub const fn platform(&self) -> Platform {
        self.platform
    }

    /// Whether there is an activation that has not ended.
    pub const fn is_activated(&self) -> bool {
        self.binding.is_some()
    }

    /// The host that activated the guest; `None` without an activation, or where the guest was
    /// observed and its host is not known.
    pub fn bound_to(&self) -> Option<HostId> {
        self.binding?.host
    }

    /// When the activation was granted, or first observed.
    pub fn activated_at(&self) -> Option<Instant> {
        self.binding.map(|binding| binding.at)
    }

    /// When the activation ends; `None` without one, or where no end is known.
    pub fn ends(&self) -> Option<Instant> {
        self.binding?.ends
    }

    /// How the last attempt by the installed key ended; `None` where none has ended yet. A throttled
    /// one has not.
    pub const fn last(&self) -> Option<Conclusion> {
        self.last
    }

    /// The number of the last request.
    pub const fn sequence(&self) -> u32 {
        self.sequence
    }
}
