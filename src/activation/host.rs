//! The host: judges requests by the rulebook.

use core::num::NonZeroU32;

use crate::activation::wire::{Answer, Reply, Request};
use crate::assess::{Can, Host, WindowsServerHost, judge};
use crate::hresult::HResult;
use crate::ids::{HostId, VmId};
use crate::license::{HostLicense, HostLicenses};
use crate::time::{Delay, Instant};
use crate::word::words;

/// How many requests a host takes. That hosts throttle is documented by 0xC004FD00; the limit is not
/// public, so by default there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Config {
    /// Unset: every request is judged.
    pub throttle: Option<Throttle>,
}

/// At most so many requests in a span, counted from its first request. The form is the crate's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Throttle {
    /// The requests that are judged; all others are told to come again later.
    pub requests: NonZeroU32,
    /// The span.
    pub per: Delay,
}

/// What happens to a host. Exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// A guest asks.
    Request(Request),
    /// The Windows of a Windows Server host was activated.
    Activated,
    /// The Windows of a Windows Server host is no longer activated.
    Lapsed,
    /// Other facts of the host: upgraded, a role removed, an Azure Local host synced.
    Facts(Host),
}

words! {
    /// Why an input changed nothing.
    pub enum Ignored ("reason to ignore an input") {
        /// A host that is as the input says already.
        Unchanged = "unchanged", "the host is so already";
        /// Activated or lapsed, of a host that does not give AVMA by the licence of its own Windows.
        OtherFamily = "other-family", "the host does not give AVMA by the licence of its Windows";
    }
}

/// An answer that the host gave: one event 12310.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answered {
    /// The VM that asked.
    pub vm: VmId,
    /// What it was told.
    pub answer: Answer,
}

/// A request that the facts do not decide: nothing is sent and nothing is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Undecided {
    /// The VM that asked.
    pub vm: VmId,
    /// The number of its request.
    pub sequence: u32,
    /// Not documented, or undetermined.
    pub can: Can,
}

/// What the host does. Exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    /// Answers the guest.
    Reply(Reply),
    /// Logs event 12310.
    Log(Answered),
    /// Can not answer, since no text or no fact tells the answer. A real host answers something; the
    /// model does not guess what. The waiting guest will time out with Invalid Host. That is an
    /// artefact of the model, so a driver should show `Undecided` beside it.
    Undecided(Undecided),
    /// The input changed nothing.
    Ignored(Ignored),
}

/// The next state and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The state after the input.
    pub state: State,
    /// The first output; a reply has its event beside it.
    output: Option<Output>,
}

impl Step {
    /// The most outputs of a step: a reply and its event.
    pub const MAX_OUTPUTS: usize = 2;

    /// What to do, in order: for a request a reply with its event, or undecided.
    pub fn outputs(&self) -> impl Iterator<Item = Output> + '_ {
        let event = match self.output {
            Some(Output::Reply(reply)) => Some(Output::Log(Answered {
                vm: reply.vm,
                answer: reply.answer,
            })),
            _ => None,
        };
        self.output.into_iter().chain(event)
    }
}

words! {
    /// What kind of state a host is in.
    pub enum Kind ("host state") {
        /// The next request is judged.
        Open = "open", "open";
        /// The next request within the span is told to come again later.
        Throttling = "throttling", "throttling";
    }
}

/// A host. It keeps nothing of any guest: its size, at most 64 bytes, does not grow with them.
///
/// It grants where the rulebook says *eligible* and refuses where it says *not eligible*, with the
/// HRESULT of the rule; where the rulebook says *not documented* or *undetermined* it is
/// [`Undecided`]. Time that goes back is no time that passes.
///
/// ```
/// use avma::activation::host::{Config, Input, Output, State};
/// use avma::activation::{Answer, Request};
/// use avma::assess::{Guest, Host};
/// use avma::time::Instant;
/// use avma::{HResult, HostId, Product, Release, VmId};
///
/// let host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
/// let state = State::new(HostId(7), host);
/// let request = Request {
///     vm: VmId(1),
///     sequence: 1,
///     guest: Guest::new(Release::Ws2022, Product::Standard).ready(),
/// };
/// let step = state.step(&Config::default(), Instant(0), Input::Request(request));
/// let Some(Output::Reply(reply)) = step.outputs().next() else { panic!() };
/// // The guest is newer than the host.
/// assert_eq!(reply.answer, Answer::Refused(Some(HResult::IA_ID_MISMATCH)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    id: HostId,
    host: Host,
    clock: Instant,
    /// When the span began, and how many requests came in it.
    since: Instant,
    requests: u32,
}

impl State {
    /// A host that was asked nothing yet.
    pub const fn new(id: HostId, host: Host) -> Self {
        Self {
            id,
            host,
            clock: Instant(0),
            since: Instant(0),
            requests: 0,
        }
    }

    /// The state after an input.
    #[must_use]
    pub fn step(mut self, config: &Config, now: Instant, input: Input) -> Step {
        self.clock = self.clock.max(now);
        let output = match input {
            Input::Request(request) => Some(self.answer(config, &request)),
            Input::Activated => self.license(HostLicense::Licensed),
            Input::Lapsed => self.license(HostLicense::NotActivated),
            Input::Facts(host) => self.be(host),
        };
        Step {
            state: self,
            output,
        }
    }

    fn answer(&mut self, config: &Config, request: &Request) -> Output {
        let (vm, sequence) = (request.vm, request.sequence);
        let answer = if self.is_throttling(config) {
            Answer::Refused(Some(HResult::IA_THROTTLE_LIMIT_EXCEEDED))
        } else {
            self.count(config);
            match judge(&self.host, &request.guest) {
                (Can::Eligible, _) => Answer::Granted,
                (Can::NotEligible, code) => Answer::Refused(code),
                (can, _) => return Output::Undecided(Undecided { vm, sequence, can }),
            }
        };
        Output::Reply(Reply {
            vm,
            sequence,
            host: self.id,
            answer,
        })
    }

    /// Whether the span is full and not over.
    fn is_throttling(&self, config: &Config) -> bool {
        config.throttle.is_some_and(|throttle| {
            self.requests >= throttle.requests.get() && !self.is_over(throttle)
        })
    }

    fn is_over(&self, throttle: Throttle) -> bool {
        let ends = self.since.after(throttle.per);
        ends.is_some_and(|ends| ends <= self.clock)
    }

    /// Counts a request that is judged; the first one after a span begins the next.
    fn count(&mut self, config: &Config) {
        let Some(throttle) = config.throttle else {
            return;
        };
        if self.requests == 0 || self.is_over(throttle) {
            self.since = self.clock;
            self.requests = 0;
        }
        self.requests = self.requests.saturating_add(1);
    }

    fn license(&mut self, license: HostLicense) -> Option<Output> {
        match self.host {
            Host::WindowsServer(host) => {
                let license = HostLicenses::from(license);
                self.be(WindowsServerHost { license, ..host }.into())
            }
            _ => Some(Output::Ignored(Ignored::OtherFamily)),
        }
    }

    fn be(&mut self, host: Host) -> Option<Output> {
        if self.host == host {
            return Some(Output::Ignored(Ignored::Unchanged));
        }
        self.host = host;
        None
    }

    /// What kind of state this is at a time.
    pub fn kind(&self, config: &Config, now: Instant) -> Kind {
        let at = Self {
            clock: self.clock.max(now),
            ..self.clone()
        };
        if at.is_throttling(config) {
            Kind::Throttling
        } else {
            Kind::Open
        }
    }

    /// The host's number.
    pub const fn id(&self) -> HostId {
        self.id
    }

    /// What is known of the host.
    pub const fn host(&self) -> Host {
        self.host
    }
}
