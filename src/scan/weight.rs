//! How much a run of bytes looks like a key: symbols that keys use against those that they do not.

/// Every byte that may be of a key counts one up, every letter or digit that is not, one down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight(i32);

impl Weight {
    /// Nothing can begin before the text.
    pub(super) const BEFORE_TEXT: Self = Self(-0x100);

    pub(super) const fn new(weight: i32) -> Self {
        Self(weight)
    }

    #[inline]
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(bytes.iter().map(|byte| of_byte(*byte).0).sum())
    }

    pub(super) const fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    pub(super) const fn at_least(self, other: Self) -> bool {
        self.0 >= other.0
    }
}

/// What one byte weighs.
#[inline]
#[expect(
    clippy::indexing_slicing,
    reason = "256 places, one for each value of a byte"
)]
pub(super) fn of_byte(byte: u8) -> Weight {
    Weight(WEIGHTS[byte as usize])
}

static WEIGHTS: [i32; 256] = {
    let mut weights = [1; 256];
    let mut byte = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop, evaluated at compile time"
    )]
    while byte < 128_u8 {
        weights[byte as usize] = weight(byte);
        byte += 1;
    }
    weights
};

/// Of a byte of ASCII; the others may be of look-alikes of other scripts.
const fn weight(byte: u8) -> i32 {
    match byte {
        // What masks, and the beginning of an escape, `\u2013`, which holds symbols that keys do not
        // use.
        b'*' | b'\\' => 1,
        _ if crate::product_key::is_symbol(byte.to_ascii_uppercase()) => 1,
        _ if byte.is_ascii_alphanumeric() => -1,
        _ => 0,
    }
}
