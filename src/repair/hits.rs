//! Sets of keys, one bit a key: which keys have a symbol in a place, and how often each is hit.
//!
//! For any number of keys: `WORDS` words of 64 bits hold a set, see [`words_for`].

/// The symbols of a key, and the alphabet that they are of.
const SYMBOLS: usize = 25;
const ALPHABET: usize = 25;

/// How many words a set of so many keys takes.
pub(super) const fn words_for(keys: usize) -> usize {
    keys.div_ceil(u64::BITS as usize)
}

/// A set of keys, by their places in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Keys<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Keys<WORDS> {
    pub(super) const NONE: Self = Self([0; WORDS]);
    pub(super) const ALL: Self = Self([u64::MAX; WORDS]);

    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// What is in both.
    #[inline]
    pub(super) fn and(mut self, other: Self) -> Self {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word &= other;
        }
        self
    }

    /// What is in either.
    #[inline]
    pub(super) fn or(mut self, other: Self) -> Self {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
        self
    }

    /// The places, in ascending order.
    #[inline]
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        let starts = (0..).step_by(u64::BITS as usize);
        self.0
            .into_iter()
            .zip(starts)
            .flat_map(|(mut word, start)| {
                core::iter::from_fn(move || {
                    let bit = word.trailing_zeros();
                    word &= word.wrapping_sub(1);
                    (bit < u64::BITS).then_some(start + bit as usize)
                })
            })
    }
}

/// For every symbol and every place in a key, the keys that have it there. The row past the alphabet is
/// that of what keys do not use.
pub(super) struct Hits<const WORDS: usize>([[Keys<WORDS>; SYMBOLS]; ALPHABET + 1]);

impl<const WORDS: usize> Hits<WORDS> {
    /// Of keys whose symbols are given by their places in the alphabet.
    #[expect(
        clippy::indexing_slicing,
        reason = "evaluated at compile time; an index out of bounds does not build"
    )]
    pub(super) const fn of<const KEYS: usize>(ranks: &[[u8; SYMBOLS]; KEYS]) -> Self {
        assert!(words_for(KEYS) <= WORDS, "one bit a key");
        let mut hits = [[Keys::NONE; SYMBOLS]; ALPHABET + 1];
        let mut key = 0;
        while key < KEYS {
            let mut place = 0;
            while place < SYMBOLS {
                let rank = ranks[key][place] as usize;
                assert!(rank < ALPHABET, "a symbol of no key");
                hits[rank][place].0[key / u64::BITS as usize] |= 1 << (key % u64::BITS as usize);
                place += 1;
            }
            key += 1;
        }
        Self(hits)
    }

    /// The keys that have the symbol of this rank in this place.
    #[inline]
    pub(super) fn at(&self, rank: u8, place: usize) -> Keys<WORDS> {
        self.0
            .get(usize::from(rank))
            .and_then(|places| places.get(place))
            .copied()
            .unwrap_or(Keys::NONE)
    }
}

/// How often every key was hit, as five planes of bits: bit `n` of plane `p` is bit `p` of the count of
/// key `n`.
pub(super) struct Counts<const WORDS: usize>([Keys<WORDS>; 5]);

impl<const WORDS: usize> Counts<WORDS> {
    pub(super) const ZERO: Self = Self([Keys::NONE; 5]);

    /// Counts on, up to 31.
    #[inline]
    pub(super) fn add(&mut self, mut hits: Keys<WORDS>) {
        for plane in &mut self.0 {
            for (plane, hits) in plane.0.iter_mut().zip(&mut hits.0) {
                let carry = *plane & *hits;
                *plane ^= *hits;
                *hits = carry;
            }
        }
    }

    /// The keys with 16 hits or more.
    #[inline]
    pub(super) fn at_least_16(&self) -> Keys<WORDS> {
        let [.., p4] = self.0;
        p4
    }

    /// The keys with 21 hits or more.
    #[inline]
    pub(super) fn at_least_21(&self) -> Keys<WORDS> {
        let [p0, p1, p2, p3, p4] = self.0;
        p4.and(p3.or(p2.and(p1.or(p0))))
    }
}
