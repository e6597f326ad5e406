//! The event log: which events are printed as they come, and which wait for the end.

use std::collections::VecDeque;

use avma::activation::{Answer, Conclusion};
use avma::time::Instant;

/// An event, as the machines give it. Windows' own payload is not published and not imitated.
#[derive(Clone, Copy)]
pub struct Event {
    pub at: Instant,
    /// By its place; VM1 is 0.
    pub vm: usize,
    /// The host that answers, or on which the guest runs; `None` beyond Hyper-V.
    pub host: Option<usize>,
    pub what: Logged,
}

#[derive(Clone, Copy)]
pub enum Logged {
    /// 12309, of a guest.
    Concluded(Conclusion),
    /// 12310, of a host.
    Answered(Answer),
}

/// Which events to print.
#[derive(Clone, Copy)]
pub enum Keep {
    All,
    /// So many first and so many last ones.
    Ends(usize),
}

pub struct Log {
    keep: Keep,
    seen: usize,
    last: VecDeque<Event>,
}

impl Log {
    pub const fn new(keep: Keep) -> Self {
        Self {
            keep,
            seen: 0,
            last: VecDeque::new(),
        }
    }

    /// Takes an event; whether it is to be printed now.
    pub fn take(&mut self, event: &Event) -> bool {
        self.seen += 1;
        let most = match self.keep {
            Keep::All => return true,
            Keep::Ends(most) => most,
        };
        if self.seen <= most {
            return true;
        }
        if most > 0 {
            if self.last.len() == most {
                self.last.pop_front();
            }
            self.last.push_back(*event);
        }
        false
    }

    /// The last ones, which are not printed yet.
    pub fn last(&self) -> impl Iterator<Item = &Event> {
        self.last.iter()
    }

    /// How many lie between the first and the last ones.
    pub fn left_out(&self) -> usize {
        match self.keep {
            Keep::All => 0,
            Keep::Ends(most) => self.seen.saturating_sub(most) - self.last.len(),
        }
    }
}
