//! Where in a text a key cannot be.
//!
//! Ordinary words and numbers are full of letters and digits that keys do not use, two in five, and a
//! key has none, or a few where it is damaged. So the bytes are weighed in blocks of eight: a key of 23
//! bytes or more covers two blocks side by side, whatever its place, and these weigh more than most
//! of ordinary text. Where they do, the bytes around them are weighed one by one.

use super::weight::{Weight, of_byte};

/// The bytes of a block.
const BLOCK: usize = 8;
/// The bytes of a window: two blocks.
pub(super) const WINDOW: usize = 2 * BLOCK;
/// The shortest key that is never passed over: 25 symbols of which two are lost, without hyphens.
const SHORTEST: usize = WINDOW + BLOCK - 1;
/// The least weight of a window inside a key: 13 symbols and 3 hyphens with up to 4 symbols outside
/// the key alphabet, or 8 symbols with blanks between and up to one outside it.
const IN_WINDOW: Weight = Weight::new(5);
/// The same of [`SHORTEST`] bytes: 12 symbols with blanks between, up to one outside the alphabet.
const IN_SHORTEST: Weight = Weight::new(9);

/// The windows of a text that may lie within a key, in order.
#[derive(Clone)]
pub(super) struct Sieve<'t> {
    bytes: &'t [u8],
    /// Where the next block begins.
    at: usize,
    /// The weight of the block before it.
    before: Weight,
    /// Windows that begin before this byte are near one that may be in a key.
    near: usize,
}

impl<'t> Sieve<'t> {
    pub(super) const fn of(bytes: &'t [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            before: Weight::BEFORE_TEXT,
            near: 0,
        }
    }

    /// Passes over the bytes before `at`.
    pub(super) fn skip_to(&mut self, at: usize) {
        let block = at / BLOCK * BLOCK;
        if block > self.at {
            self.at = block;
            self.before = Weight::BEFORE_TEXT;
        }
    }

    /// Where the next window begins.
    pub(super) fn next(&mut self) -> Option<usize> {
        loop {
            let (start, weight) = self.next_of_blocks()?;
            // What is near such a window is followed anyway, which costs less than to weigh it.
            if start < self.near {
                return Some(start);
            }
            if may_be_in_key(self.bytes, start, weight) {
                self.near = start + WINDOW;
                return Some(start);
            }
        }
    }

    /// By the weights of two blocks alone.
    fn next_of_blocks(&mut self) -> Option<(usize, Weight)> {
        let rest = self.bytes.get(self.at..)?;
        let mut before = self.before;
        for (place, block) in rest.chunks_exact(BLOCK).enumerate() {
            let weight = Weight::of(block);
            let window = before.plus(weight);
            before = weight;
            if window.at_least(IN_WINDOW) {
                self.at += (place + 1) * BLOCK;
                self.before = before;
                return Some((self.at.saturating_sub(WINDOW), window));
            }
        }
        self.at = self.bytes.len();
        None
    }
}

/// The bytes beside a window that belong to the shortest key.
const BESIDE: usize = SHORTEST - WINDOW;

/// Whether [`SHORTEST`] bytes that hold the window are such as a key has.
fn may_be_in_key(bytes: &[u8], window: usize, weight: Weight) -> bool {
    let end = window + WINDOW;
    let left = bytes.get(window.saturating_sub(BESIDE)..window);
    let left = left.unwrap_or_default().iter().rev();
    let right = bytes.get(end..(end + BESIDE).min(bytes.len()));
    let right = right.unwrap_or_default().iter();
    // `sums[n]`: what the nearest n bytes weigh; there is nothing beyond the text.
    let (on_left, on_right) = (sums(left), sums(right));
    let pairs = on_left.iter().zip(on_right.iter().rev());
    let beside = pairs.map(|(left, right)| left.plus(*right)).max();
    let weight = weight.plus(beside.unwrap_or(Weight::BEFORE_TEXT));
    weight.at_least(IN_SHORTEST) && has_digit_or_capital(bytes, window)
}

fn sums<'a>(bytes: impl Iterator<Item = &'a u8>) -> [Weight; BESIDE + 1] {
    let mut sums = [Weight::BEFORE_TEXT; BESIDE + 1];
    let mut sum = Weight::new(0);
    let [first, others @ ..] = &mut sums;
    *first = sum;
    for (place, byte) in others.iter_mut().zip(bytes) {
        sum = sum.plus(of_byte(*byte));
        *place = sum;
    }
    sums
}

/// Every 23 bytes of a published key hold a digit, and mostly capitals; or it is written in other
/// characters.
fn has_digit_or_capital(bytes: &[u8], window: usize) -> bool {
    let around = bytes.get(window.saturating_sub(BESIDE)..(window + SHORTEST).min(bytes.len()));
    around
        .unwrap_or_default()
        .iter()
        .any(|byte| !byte.is_ascii() || byte.is_ascii_digit() || byte.is_ascii_uppercase())
}
