//! The virtual clock: what is to happen, in the order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use avma::time::Instant;

/// What is at the same time comes in the order in which it was set, so that a run can be repeated.
struct Entry<T> {
    at: Instant,
    number: u64,
    what: T,
}

impl<T> Entry<T> {
    const fn order(&self) -> (Instant, u64) {
        (self.at, self.number)
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl<T> Eq for Entry<T> {}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

pub struct Clock<T> {
    now: Instant,
    set: u64,
    queue: BinaryHeap<Reverse<Entry<T>>>,
}

impl<T> Clock<T> {
    pub const fn new() -> Self {
        Self {
            now: Instant(0),
            set: 0,
            queue: BinaryHeap::new(),
        }
    }

    pub const fn now(&self) -> Instant {
        self.now
    }

    /// Sets something for a time; for one that has passed, it is next.
    pub fn set(&mut self, at: Instant, what: T) {
        self.set += 1;
        self.queue.push(Reverse(Entry {
            at: at.max(self.now),
            number: self.set,
            what,
        }));
    }

    /// Sets something for so many milliseconds from now.
    pub fn set_in(&mut self, ms: u64, what: T) {
        self.set(Instant(self.now.0.saturating_add(ms)), what);
    }

    /// Goes to what is next; `None`, and to the end, where nothing is left before it.
    pub fn next(&mut self, end: Instant) -> Option<T> {
        if self.queue.peek().is_none_or(|next| next.0.at >= end) {
            self.now = end;
            return None;
        }
        let Reverse(next) = self.queue.pop()?;
        self.now = next.at;
        Some(next.what)
    }

    /// What is set and has not happened.
    pub fn left(&self) -> impl Iterator<Item = &T> {
        self.queue.iter().map(|entry| &entry.0.what)
    }
}
