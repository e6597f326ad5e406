//! The marks of a key in a text, symbol by symbol: a piece of a published key, or the shape of a key.

use super::piece::{FOREIGN, Piece};
use crate::product_key::ALPHABET;
use crate::repair::{GROUP, SYMBOLS, Sight, sight};

/// The groups of a key.
const GROUPS: usize = SYMBOLS / GROUP;

/// A reader that keeps what it needs to know of the text behind it.
#[derive(Clone)]
pub(super) struct Trace<'t> {
    text: &'t str,
    /// The next byte, the beginning of a character.
    at: usize,
    state: State,
}

/// What is known of the text behind.
#[derive(Clone, Copy, Default)]
struct State {
    piece: Piece,
    /// How many symbols the current word has, and how many of them keys use.
    word: usize,
    word_of_keys: usize,
    /// How many groups of five precede it, joined by hyphens.
    groups: usize,
    /// Whether a hyphen stands in the gap that was just read.
    hyphen: bool,
    /// Whether anything stands in it.
    gap: bool,
}

/// What a byte is: the place of a symbol in the alphabet, [`FOREIGN`], or one of these.
const HYPHEN: u8 = 26;
const GAP: u8 = 27;
const BEYOND_ASCII: u8 = 28;

static CLASSES: [u8; 256] = {
    let mut classes = [BEYOND_ASCII; 256];
    let mut byte = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop, evaluated at compile time"
    )]
    while byte < 128_u8 {
        classes[byte as usize] = match byte {
            b'-' => HYPHEN,
            _ if byte.is_ascii_alphanumeric() => rank(byte.to_ascii_uppercase()),
            _ => GAP,
        };
        byte += 1;
    }
    classes
};

/// The place of an upper-case letter or a digit in the alphabet of keys.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "bounded by the loop, 25 places"
)]
const fn rank(symbol: u8) -> u8 {
    let mut rank = 0;
    while rank < ALPHABET.len() {
        if ALPHABET[rank] == symbol {
            return rank as u8;
        }
        rank += 1;
    }
    FOREIGN
}

impl<'t> Trace<'t> {
    pub(super) fn starting(text: &'t str, at: usize) -> Self {
        Self {
            text,
            at,
            state: State::default(),
        }
    }

    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Reads up to the byte `end`, or to the first mark of a key: its last byte.
    pub(super) fn next_mark(&mut self, end: usize) -> Option<usize> {
        while self.at < end {
            if let Some(mark) = self.next_in_ascii(end) {
                return Some(mark);
            }
            let start = self.at;
            if start >= end {
                break;
            }
            let Some((sight, length)) = sight(self.text.get(start..).unwrap_or_default()) else {
                // The end of the text ends a word.
                return self.gap(false).then_some(start);
            };
            self.at += length;
            let ends = match sight {
                Sight::Symbol(symbol) => self.symbol(rank(symbol)),
                Sight::Hyphen => self.gap(true),
                Sight::Gap | Sight::Unknown => self.gap(false),
            };
            if ends {
                return Some(start);
            }
        }
        None
    }

    /// The same, but only up to the next character beyond ASCII.
    fn next_in_ascii(&mut self, end: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let bytes = bytes.get(self.at..end.min(bytes.len())).unwrap_or_default();
        // A copy, so that it is kept in registers.
        let mut state = self.state;
        let mut mark = None;
        let mut read = 0;
        for byte in bytes {
            let class = CLASSES.get(usize::from(*byte)).copied().unwrap_or(GAP);
            let ends = match class {
                ..=FOREIGN => state.symbol(class),
                BEYOND_ASCII => break,
                _ => state.gap(class == HYPHEN),
            };
            read += 1;
            if ends {
                mark = Some(self.at + read - 1);
                break;
            }
        }
        self.state = state;
        self.at += read;
        mark
    }

    fn symbol(&mut self, rank: u8) -> bool {
        self.state.symbol(rank)
    }

    fn gap(&mut self, hyphen: bool) -> bool {
        self.state.gap(hyphen)
    }
}

impl State {
    /// One symbol more; whether it ends a piece of a published key.
    #[inline]
    fn symbol(&mut self, rank: u8) -> bool {
        if self.gap {
            let joined = self.hyphen && self.word == GROUP;
            self.groups = if joined { self.groups + 1 } else { 0 };
            (self.word, self.word_of_keys) = (0, 0);
            (self.gap, self.hyphen) = (false, false);
        }
        self.word += 1;
        self.word_of_keys += usize::from(rank != FOREIGN);
        self.piece = self.piece.then(rank);
        self.piece.is_of_a_key()
    }

    /// A gap; whether it ends what has the shape of a key.
    #[inline]
    fn gap(&mut self, hyphen: bool) -> bool {
        let ends = !self.gap && self.ends_key();
        self.gap = true;
        self.hyphen |= hyphen;
        ends
    }

    /// Whether the current word is the last of five groups, or 25 symbols of keys by itself.
    fn ends_key(&self) -> bool {
        !self.gap
            && (self.word == GROUP && self.groups + 1 >= GROUPS
                || self.word == SYMBOLS && self.word_of_keys == SYMBOLS)
    }
}
