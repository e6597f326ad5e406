//! The months of what was collected: the ledger, within the days that were asked for.

use std::collections::BTreeMap;

use avma::fleet::ledger::collected::{Collected, LeftOut, joined, sightings};
use avma::fleet::ledger::month::{MonthReport, Processors};
use avma::fleet::ledger::{Ledger, SightingError};
use avma::observe::inventory::{Fleet, Inventory};
use avma::time::{Day, Timestamp};

/// The days that count, both ends included.
#[derive(Clone, Copy, Default)]
pub struct Days {
    pub since: Option<Day>,
    pub until: Option<Day>,
}

/// Reads a date of an option.
pub fn day(option: &str, text: &str) -> Result<Day, String> {
    let wrong = || format!("{option} takes a date as 2025-11-24, not {text:?}");
    let midnight: Timestamp = format!("{text}T00:00:00Z").parse().map_err(|_| wrong())?;
    let day = midnight.day();
    // Another form of the same day is not what was meant.
    if day.to_string() == text {
        Ok(day)
    } else {
        Err(wrong())
    }
}

impl Days {
    /// Refuses an end before the beginning.
    pub fn check(self) -> Result<Self, String> {
        match (self.since, self.until) {
            (Some(since), Some(until)) if until < since => {
                Err(format!("--until {until} is before --since {since}"))
            }
            _ => Ok(self),
        }
    }

    fn hold(self, at: Timestamp) -> bool {
        let day = at.day();
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// The history of the files that were read.
#[derive(Default)]
pub struct History {
    days: Days,
    ledger: Ledger,
    left_out: Vec<LeftOut>,
}

impl History {
    /// Takes what hosts list, before the join.
    pub fn new(inventory: &Inventory, days: Days) -> Result<Self, SightingError> {
        let mut history = Self {
            days,
            ..Self::default()
        };
        history.take(sightings(inventory))?;
        Ok(history)
    }

    /// Takes what is known of whom after the join only.
    pub fn join(&mut self, fleet: &Fleet) -> Result<(), SightingError> {
        self.take(joined(fleet))
    }

    fn take(&mut self, collected: Collected<'_>) -> Result<(), SightingError> {
        let days = self.days;
        let wanted = collected
            .sightings()
            .filter(|sighting| days.hold(sighting.at));
        self.ledger.update(wanted)?;
        self.left_out.extend(collected.left_out);
        Ok(())
    }

    /// A report a month, the earliest first.
    pub fn months<'a>(&'a self, fleet: &'a Fleet) -> Vec<MonthReport<'a>> {
        let hosts = fleet.hosts.iter();
        let processors: Vec<Processors<'_>> = hosts.filter_map(Processors::of).collect();
        let months = self.ledger.months().into_iter();
        months
            .map(|month| self.ledger.month(month, &processors, None))
            .collect()
    }

    /// How much gave no sighting, by the reason.
    pub fn left_out(&self) -> BTreeMap<&'static str, (String, usize)> {
        let mut counts = BTreeMap::new();
        for left_out in &self.left_out {
            let reason = left_out.reason;
            let count = counts.entry(reason.as_str());
            count.or_insert_with(|| (reason.to_string(), 0)).1 += 1;
        }
        counts
    }

    /// The days that were asked for, in words; nothing where all count.
    pub fn span(&self) -> String {
        let end = |word: &str, day: Option<Day>| day.map(|day| format!(" {word} {day}"));
        let ends = [end("from", self.days.since), end("to", self.days.until)];
        ends.into_iter().flatten().collect()
    }

    /// The ends of the days that were asked for.
    pub fn days(&self) -> Days {
        self.days
    }
}
