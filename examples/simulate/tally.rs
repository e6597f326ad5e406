//! What is counted while it runs.

use avma::HResult;
use avma::activation::guest::{Ignored, Kind, State};
use avma::activation::{Answer, Conclusion};
use avma::time::Instant;

use crate::check::End;
use crate::span;
use crate::wire::Traffic;

/// How often each of a few values came, in the order of their first time.
pub struct Counts<T>(Vec<(T, u64)>);

impl<T: PartialEq> Counts<T> {
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub fn add(&mut self, value: T, more: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == value) {
            Some((_, count)) => *count += more,
            None => self.0.push((value, more)),
        }
    }

    pub fn of(&self, value: &T) -> u64 {
        let found = self.0.iter().find(|(known, _)| known == value);
        found.map_or(0, |(_, count)| *count)
    }

    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// The most frequent first; among equals, the one that came first.
    pub fn sorted(&self) -> Vec<&(T, u64)> {
        let mut sorted: Vec<&(T, u64)> = self.0.iter().collect();
        sorted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        sorted
    }
}

/// Why a running VM is not activated: its state, and after a failure how the last attempt ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Why {
    pub kind: Kind,
    pub last: Option<Conclusion>,
}

impl Why {
    pub fn of(state: &State) -> Self {
        let kind = state.kind();
        // Only there the last attempt is the reason.
        let told = matches!(kind, Kind::Failed | Kind::Unrenewed);
        Self {
            kind,
            last: state.last().filter(|last| told && !last.is_success()),
        }
    }
}

/// Everything of all VMs.
pub struct Tally {
    /// Milliseconds of VMs by what they were.
    pub spent: Counts<Why>,
    pub requests: Traffic,
    pub replies: Traffic,
    /// Events 12309.
    pub conclusions: Counts<Conclusion>,
    /// Events 12310.
    pub answers: Counts<Answer>,
    /// Requests that no text and no fact decides.
    pub undecided: u64,
    /// How requests ended, by the copies that guests took.
    pub ends: Counts<End>,
    /// Requests that guests do not wait for any more.
    pub abandoned: u64,
    /// Inputs to guests that changed nothing: mostly late and doubled replies.
    pub ignored: Counts<Ignored>,
    pub published: u64,
    pub withdrawn: u64,
    /// Requests that arrived at hosts, by the minute.
    pub rate: Rate,
}

impl Tally {
    pub fn new() -> Self {
        Self {
            spent: Counts::new(),
            requests: Traffic::default(),
            replies: Traffic::default(),
            conclusions: Counts::new(),
            answers: Counts::new(),
            undecided: 0,
            ends: Counts::new(),
            abandoned: 0,
            ignored: Counts::new(),
            published: 0,
            withdrawn: 0,
            rate: Rate::default(),
        }
    }

    /// Conclusions by what guests were given: answers they took, waits that were too long, and attempts
    /// where nobody was there to be asked.
    pub fn concluded(&self) -> u64 {
        let ends = self.ends.sorted();
        let by_request = ends.iter().map(|(end, count)| match end {
            End::Concluded(_) => *count,
            End::Throttled => 0,
        });
        let not_hyper_v = End::Concluded(Conclusion::NOT_HYPER_V);
        let nobody = self.conclusions.of(&Conclusion::NOT_HYPER_V) - self.ends.of(&not_hyper_v);
        by_request.sum::<u64>() + nobody
    }

    /// Holds the two sides of everything that was counted against each other.
    ///
    /// # Errors
    ///
    /// The sum that is wrong, as a sentence.
    pub fn check(&self, awaiting: u64, on_the_way: (u64, u64)) -> Result<(), String> {
        let sums = [
            (
                "requests sent, and ended or open",
                self.requests.sent,
                self.ends.total() + self.abandoned + awaiting,
            ),
            (
                "conclusions, and events 12309",
                self.concluded(),
                self.conclusions.total(),
            ),
            (
                "answers sent, and events 12310",
                self.replies.sent,
                self.answers.total(),
            ),
            (
                "requests that arrived, and answered or undecided",
                self.requests.arrived,
                self.answers.total() + self.undecided,
            ),
            (
                "requests on the way, and set",
                self.requests.on_the_way(),
                on_the_way.0,
            ),
            (
                "replies on the way, and set",
                self.replies.on_the_way(),
                on_the_way.1,
            ),
        ];
        match sums.iter().find(|(_, one, other)| one != other) {
            None => Ok(()),
            Some((what, one, other)) => Err(format!("{what}: {one}, and {other}")),
        }
    }
}

/// The most in a minute of the clock.
#[derive(Clone, Copy, Default)]
pub struct Rate {
    minute: u64,
    count: u64,
    pub peak: u64,
    /// The minute of the peak, from the beginning.
    pub at: u64,
}

impl Rate {
    pub fn add(&mut self, now: Instant) {
        let minute = now.0 / span::MINUTE;
        if minute != self.minute {
            self.minute = minute;
            self.count = 0;
        }
        self.count += 1;
        if self.count > self.peak {
            self.peak = self.count;
            self.at = minute;
        }
    }
}

/// What a host was asked and answered.
#[derive(Clone, Copy, Default)]
pub struct HostTally {
    pub requests: u64,
    /// Requests that could not be read: it drops them.
    pub dropped: u64,
    pub granted: u64,
    pub throttled: u64,
    pub refused: u64,
    pub undecided: u64,
    pub rate: Rate,
}

impl HostTally {
    pub fn answered(&mut self, answer: Answer) {
        match answer {
            Answer::Granted => self.granted += 1,
            _ if answer.is_throttled() => self.throttled += 1,
            Answer::Refused(_) => self.refused += 1,
        }
    }

    /// Its events 12310.
    pub const fn events(&self) -> u64 {
        self.granted + self.throttled + self.refused
    }
}

/// An answer's HRESULT.
pub const fn code(answer: Answer) -> Option<HResult> {
    match answer {
        Answer::Granted => None,
        Answer::Refused(code) => code,
    }
}
