//! The names of hosts, each once, in lower case.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::SightingError;
use crate::ids::lower_case;

/// The longest name of a host that is kept, in bytes of its lower case. Names of DNS have at most 255
/// bytes; a letter beyond ASCII has up to four.
pub const MAX_HOST_NAME: usize = 1024;

/// A name as it is kept and compared: in lower case, as [`HostName`](crate::HostName) compares.
pub(super) fn folded(name: &str) -> Result<String, SightingError> {
    let name: String = lower_case(name).collect();
    match name.len() {
        0 => Err(SightingError::EmptyHost),
        got if got > MAX_HOST_NAME => Err(SightingError::LongHost { got }),
        _ => Ok(name),
    }
}

/// Names with numbers from 1 in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    by_name: BTreeMap<String, u32>,
    /// As they came first; the number is the place from 1.
    as_said: Vec<String>,
}

impl Names {
    pub(super) fn of_sorted(names: Vec<String>) -> Self {
        Self {
            as_said: names.clone(),
            by_name: names.into_iter().zip(1..).collect(),
        }
    }

    /// The number of a name. `guess` may be any number: batches have the same names again and again.
    pub(super) fn number(&mut self, said: &str, guess: u32) -> Result<u32, SightingError> {
        let place = usize::try_from(guess)
            .ok()
            .and_then(|guess| guess.checked_sub(1));
        if place
            .and_then(|place| self.as_said.get(place))
            .is_some_and(|name| name == said)
        {
            return Ok(guess);
        }
        if let Some(number) = self.by_name.get(said) {
            return Ok(*number);
        }
        let name = folded(said)?;
        let next = u32::try_from(self.by_name.len() + 1).unwrap_or(u32::MAX);
        let number = *self.by_name.entry(name).or_insert(next);
        if number == next {
            self.as_said.push(said.to_owned());
        }
        Ok(number)
    }

    pub(super) fn len(&self) -> usize {
        self.by_name.len()
    }

    /// The names in order, those only that are used, and for each number that was given out the
    /// number in this order. Index 0 of both stands for no name.
    pub(super) fn ranked(self, used: &[bool]) -> (Vec<String>, Vec<u32>) {
        let mut names = Vec::new();
        let mut ranks = alloc::vec![0; self.by_name.len() + 1];
        for (name, number) in self.by_name {
            let Ok(number) = usize::try_from(number) else {
                continue;
            };
            if used.get(number).copied().unwrap_or_default() {
                names.push(name);
                if let Some(rank) = ranks.get_mut(number) {
                    *rank = u32::try_from(names.len()).unwrap_or(u32::MAX);
                }
            }
        }
        (names, ranks)
    }
}

/// Two sorted lists of names as one, and for each of them the new numbers of its names. Index 0
/// stands for no name.
pub(super) fn union(a: &[String], b: &[String]) -> (Vec<String>, [Vec<u32>; 2]) {
    let mut names: Vec<String> = Vec::with_capacity(a.len().max(b.len()));
    let mut numbers = [alloc::vec![0], alloc::vec![0]];
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    let [of_a, of_b] = &mut numbers;
    while let Some(name) = match (a.peek(), b.peek()) {
        (Some(a), Some(b)) => Some((*a).min(*b)),
        (one, other) => one.or(other).copied(),
    } {
        names.push(name.to_owned());
        let number = u32::try_from(names.len()).unwrap_or(u32::MAX);
        if a.next_if(|next| *next == name).is_some() {
            of_a.push(number);
        }
        if b.next_if(|next| *next == name).is_some() {
            of_b.push(number);
        }
    }
    (names, numbers)
}
