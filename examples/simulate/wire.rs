//! The wire between guests and hosts: it loses, delays, doubles and damages messages. That they
//! overtake each other follows from the delays.

use crate::random::Random;

/// How bad the wire is. Parts are of a million copies.
#[derive(Clone, Copy)]
pub struct Quality {
    /// Copies that never arrive.
    pub loss: u32,
    /// Messages that are sent twice.
    pub double: u32,
    /// Copies that arrive and cannot be read.
    pub damage: u32,
    /// The shortest and the longest time on the way, in milliseconds.
    pub delay: (u64, u64),
}

impl Quality {
    /// Messages take their time and arrive: for scenarios that show something else.
    pub const CALM: Self = Self {
        loss: 0,
        double: 0,
        damage: 0,
        delay: (20, 400),
    };
    /// Bad enough to show.
    pub const ORDINARY: Self = Self {
        loss: 10_000,
        double: 10_000,
        damage: 5_000,
        delay: (20, 400),
    };
    /// Nothing goes wrong.
    pub const PERFECT: Self = Self {
        loss: 0,
        double: 0,
        damage: 0,
        delay: (50, 50),
    };
}

/// A copy of a message on its way.
#[derive(Clone, Copy)]
pub struct Arrival {
    /// How long it takes, in milliseconds.
    pub after: u64,
    /// Whether it cannot be read.
    pub damaged: bool,
}

/// What became of the messages of one direction.
#[derive(Clone, Copy, Default)]
pub struct Traffic {
    /// Messages that were handed to the wire.
    pub sent: u64,
    /// Second copies.
    pub doubled: u64,
    /// Copies that were lost.
    pub lost: u64,
    /// Copies that arrived damaged.
    pub damaged: u64,
    /// Copies that arrived whole.
    pub arrived: u64,
    /// Of those, the ones that a later message had overtaken.
    pub overtaken: u64,
}

impl Traffic {
    /// Copies that are still on their way.
    pub const fn on_the_way(&self) -> u64 {
        (self.sent + self.doubled) - (self.lost + self.damaged + self.arrived)
    }
}

pub struct Wire {
    quality: Quality,
    random: Random,
}

impl Wire {
    pub const fn new(quality: Quality, random: Random) -> Self {
        Self { quality, random }
    }

    /// Sends a message: the copies of it that arrive.
    pub fn send(&mut self, traffic: &mut Traffic) -> impl Iterator<Item = Arrival> + use<> {
        traffic.sent += 1;
        let doubled = self.random.chance(self.quality.double);
        traffic.doubled += u64::from(doubled);
        let first = self.copy(traffic);
        let second = if doubled { self.copy(traffic) } else { None };
        [first, second].into_iter().flatten()
    }

    fn copy(&mut self, traffic: &mut Traffic) -> Option<Arrival> {
        if self.random.chance(self.quality.loss) {
            traffic.lost += 1;
            return None;
        }
        let (shortest, longest) = self.quality.delay;
        let after = shortest + self.random.below(longest.saturating_sub(shortest) + 1);
        let damaged = self.random.chance(self.quality.damage);
        Some(Arrival { after, damaged })
    }
}
