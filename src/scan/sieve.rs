//! Where in a text a key can not be.
//!
//! Ordinary words and numbers are full of letters and digits that keys do not use, two in five, and a
//! key has none, or a few where it is damaged. So the bytes are weighed in blocks of four: a key of 23
//! bytes or more covers five blocks side by side, whatever its place, and these weigh more than those
//! of ordinary text.

use super::weight::{Weight, of_byte};

/// The bytes of a block.
const BLOCK: usize = 4;
/// The bytes of a window: five blocks.
pub(super) const WINDOW: usize = 5 * BLOCK;
/// The shortest key that is never passed over: 25 symbols of which two are lost, without hyphens.
const SHORTEST: usize = WINDOW + BLOCK - 1;
/// What a window within a key weighs: 16 symbols and 4 hyphens, of which 4 are none of keys; or 10
/// symbols with blanks between, of which one is none.
const IN_WINDOW: Weight = Weight::new(8);
/// The same of [`SHORTEST`] bytes: 12 symbols with blanks between, of which one is none.
const IN_SHORTEST: Weight = Weight::new(9);

/// The windows of a text that may lie within a key, in order.
#[derive(Clone)]
pub(super) struct Sieve<'t> {
    bytes: &'t [u8],
    /// Where the next block begins.
    at: usize,
    /// The weights of the blocks before it.
    before: [Weight; 4],
}

const NOTHING_BEFORE: [Weight; 4] = [Weight::BEFORE_TEXT; 4];

impl<'t> Sieve<'t> {
    pub(super) const fn of(bytes: &'t [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            before: NOTHING_BEFORE,
        }
    }

    /// Passes over the bytes before `at`.
    pub(super) fn skip_to(&mut self, at: usize) {
        let block = at / BLOCK * BLOCK;
        if block > self.at {
            self.at = block;
            self.before = NOTHING_BEFORE;
        }
    }

    /// Where the next window begins.
    pub(super) fn next(&mut self) -> Option<usize> {
        loop {
            let start = self.next_of_blocks()?;
            if may_be_in_key(self.bytes, start) {
                return Some(start);
            }
        }
    }

    /// By the weights of blocks alone.
    fn next_of_blocks(&mut self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let [mut a, mut b, mut c, mut d] = self.before;
        for (place, block) in rest.chunks_exact(BLOCK).enumerate() {
            let e = Weight::of(block);
            let window = a.plus(b).plus(c.plus(d)).plus(e);
            (a, b, c, d) = (b, c, d, e);
            if window.at_least(IN_WINDOW) {
                self.at += (place + 1) * BLOCK;
                self.before = [a, b, c, d];
                return Some(self.at.saturating_sub(WINDOW));
            }
        }
        self.at = self.bytes.len();
        None
    }
}

/// Whether [`SHORTEST`] bytes that hold the window are such as a key has.
fn may_be_in_key(bytes: &[u8], window: usize) -> bool {
    let first = window.saturating_sub(SHORTEST - WINDOW);
    let last = (window + SHORTEST).min(bytes.len());
    let around = bytes.get(first..last).unwrap_or_default();
    let Some(head) = around.get(..SHORTEST) else {
        return false;
    };
    let mut weight = Weight::of(head);
    let mut leaving = around.iter();
    let mut coming = around.iter().skip(SHORTEST);
    loop {
        if weight.at_least(IN_SHORTEST) {
            return true;
        }
        match (leaving.next(), coming.next()) {
            (Some(left), Some(new)) => weight = weight.plus(of_byte(*new)).minus(of_byte(*left)),
            _ => return false,
        }
    }
}
