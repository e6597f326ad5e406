//! The pieces of five symbols that the published keys are made of: 21 in each key, all different.
//!
//! A key with up to four wrong, lost or added symbols still holds one of them, and nothing else does:
//! of 9.8 million such pieces 2,000 are of keys.

use crate::catalog::keys;
use crate::product_key::ALPHABET;

const SYMBOLS: usize = 25;
/// The symbols of a piece.
pub(super) const LENGTH: usize = 5;
/// The bits of one symbol.
const BITS: u32 = 5;
const MASK: u32 = (1 << (BITS * 5)) - 1;

/// Of every key 21; two keys may share one.
const PIECES_AT_MOST: usize = keys::KEYS * (SYMBOLS - LENGTH + 1);
/// An open hash table, at most half full.
const SLOTS: usize = (2 * PIECES_AT_MOST).next_power_of_two();
const EMPTY: u32 = u32::MAX;

/// What a symbol that keys do not use counts as, so that no piece with one is of a key.
pub(super) const FOREIGN: u8 = 25;

const _: () = assert!(FOREIGN as usize == ALPHABET.len() && FOREIGN < 1 << BITS);

/// The last five symbols that were read, as one number.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece(u32);

impl Default for Piece {
    /// Nothing was read.
    fn default() -> Self {
        let foreign = [FOREIGN; LENGTH];
        foreign
            .iter()
            .fold(Self(0), |piece, rank| piece.then(*rank))
    }
}

impl Piece {
    /// With one symbol more, by its place in the alphabet.
    pub(super) const fn then(self, rank: u8) -> Self {
        Self((self.0 << BITS | rank as u32) & MASK)
    }

    /// Whether a published key holds these five symbols.
    #[inline]
    pub(super) fn is_of_a_key(self) -> bool {
        // Few pieces of other texts have their bit set, so this is mostly all.
        let bit = hash(self.0) >> (u32::BITS - BITS_OF_FILTER);
        let word = FILTER.get((bit / u64::BITS) as usize);
        word.is_some_and(|word| word >> (bit % u64::BITS) & 1 == 1) && self.is_in_table()
    }

    fn is_in_table(self) -> bool {
        let mut slot = slot(self.0);
        loop {
            match PIECES.get(slot) {
                Some(found) if *found == self.0 => return true,
                None | Some(&EMPTY) => return false,
                Some(_) => slot = (slot + 1) % SLOTS,
            }
        }
    }
}

/// Fibonacci hashing: the upper bits of the product are well mixed.
const fn hash(piece: u32) -> u32 {
    piece.wrapping_mul(0x9E37_79B9)
}

/// Where the search for a piece begins.
const fn slot(piece: u32) -> usize {
    (hash(piece) >> (u32::BITS - SLOTS.ilog2())) as usize
}

/// A bit is set for each hash of a piece: at most one in 32.
static FILTER: [u64; 1 << (BITS_OF_FILTER - 6)] = filter();

const BITS_OF_FILTER: u32 = (32 * PIECES_AT_MOST).next_power_of_two().ilog2();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time; an index out of bounds does not build"
)]
const fn filter() -> [u64; 1 << (BITS_OF_FILTER - 6)] {
    let mut filter = [0; 1 << (BITS_OF_FILTER - 6)];
    let mut slot = 0;
    while slot < SLOTS {
        if PIECES_TABLE[slot] != EMPTY {
            let bit = hash(PIECES_TABLE[slot]) >> (u32::BITS - BITS_OF_FILTER);
            filter[(bit / u64::BITS) as usize] |= 1 << (bit % u64::BITS);
        }
        slot += 1;
    }
    filter
}

static PIECES: [u32; SLOTS] = PIECES_TABLE;

const PIECES_TABLE: [u32; SLOTS] = pieces();

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated at compile time; an index out of bounds does not build"
)]
const fn pieces() -> [u32; SLOTS] {
    let mut pieces = [EMPTY; SLOTS];
    let mut key = 0;
    while key < keys::KEYS {
        let symbols = keys::USES_TABLE[key].key.key().symbols();
        let mut piece = Piece(0);
        let mut place = 0;
        while place < SYMBOLS {
            let mut rank = 0;
            while ALPHABET[rank] != symbols[place] {
                rank += 1;
            }
            piece = piece.then(rank as u8);
            place += 1;
            if place >= LENGTH {
                let mut slot = slot(piece.0);
                while pieces[slot] != EMPTY && pieces[slot] != piece.0 {
                    slot = (slot + 1) % SLOTS;
                }
                pieces[slot] = piece.0;
            }
        }
        key += 1;
    }
    pieces
}
