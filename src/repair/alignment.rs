//! How far a run of symbols is from each published key.
//!
//! All keys are compared at once, one bit a key ([`hits`](super::hits)). Only the keys that the counts
//! leave are aligned one by one.

use super::glyph::{Gap, Glyph};
use super::hits::{Counts, Hits, Keys, words_for};
use crate::catalog::keys::{self, KEYS, KeyUse, USES_TABLE};
use crate::product_key::ALPHABET;

/// The symbols of a key.
pub(crate) const SYMBOLS: usize = 25;
/// The symbols of a group.
pub(crate) const GROUP: usize = 5;

/// The most changed symbols after which a key is still named. Any two published keys differ in 17
/// places or more, as the table of keys asserts, so up to 8 changes have one nearest key. After 9 there
/// may be two that are equally near: then neither is named.
pub(super) const MAX_CHANGED: u8 = 9;
/// The most edits where symbols are lost or added. Any two keys are 17 edits apart or more.
pub(super) const MAX_EDITS: u8 = 4;
/// The longest window that is looked at.
pub(super) const MAX_WINDOW: usize = SYMBOLS + MAX_EDITS as usize;
/// The shortest window.
pub(super) const MIN_WINDOW: usize = SYMBOLS - MAX_EDITS as usize;

/// What a plain change weighs; a look-alike weighs half.
const PLAIN: u8 = 2;
/// The most weight that is repaired: two plain changes, or four look-alikes. No more than that, since
/// a repair is applied unasked; the real damage that is met stays within it.
const REPAIR_WEIGHT: u8 = 2 * PLAIN;
/// So many of the five symbols of a group must be in place for it to count as recognised. A key of
/// which whole groups are gone is not damaged but another one: half of one key before half of
/// another, or a made-up rest after a true first group.
const KEPT_IN_GROUP: usize = 2;

/// Whether a word of the text, of which `kept` symbols are those of the key or look like them, is a
/// part of the key: the same share as of a group. Parts on both sides of "and" are not glued.
///
/// A word of one symbol may be a wrong one: where blanks stand between all symbols, or where a
/// translated word stands for one symbol.
const fn belongs(kept: usize, length: usize) -> bool {
    kept * GROUP >= length * KEPT_IN_GROUP || length == 1
}

const _: () = assert!(SYMBOLS == ALPHABET.len(), "`HITS` is indexed by both");
const _: () = assert!(
    SYMBOLS - MAX_CHANGED as usize == 16 && MIN_WINDOW == 21,
    "`Counts` reads these two numbers off its planes"
);

const WORDS: usize = words_for(KEYS);

/// The keys by their places in [`keys::published`].
static HITS: Hits<WORDS> = Hits::of(&ranks());

/// The symbols of every key by their places in the alphabet.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated at compile time; an index out of bounds does not build"
)]
const fn ranks() -> [[u8; SYMBOLS]; KEYS] {
    let mut ranks = [[0; SYMBOLS]; KEYS];
    let mut key = 0;
    while key < KEYS {
        let symbols = USES_TABLE[key].key.key().symbols();
        let mut place = 0;
        while place < SYMBOLS {
            let mut rank = 0;
            while ALPHABET[rank] != symbols[place] {
                rank += 1;
            }
            ranks[key][place] = rank as u8;
            place += 1;
        }
        key += 1;
    }
    ranks
}

/// A published key that a window of the text is near to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match {
    pub(super) key: &'static KeyUse,
    /// How bad the damage is; the order of matches.
    pub(super) weight: u8,
    /// How many symbols were changed, lost or added.
    pub(super) edits: u8,
    /// Whether the damage is small enough to mend.
    pub(super) sure: bool,
}

fn hits_of(glyph: &Glyph, place: usize) -> Keys<WORDS> {
    HITS.at(glyph.rank, place)
}

fn keys_of(found: Keys<WORDS>) -> impl Iterator<Item = &'static KeyUse> {
    let published = keys::published();
    found.places().filter_map(|place| published.get(place))
}

/// The keys that have this group, whichever of their five it is.
pub(super) fn with_group(group: &[Glyph]) -> impl Iterator<Item = &'static KeyUse> {
    let starts = (0..SYMBOLS).step_by(GROUP);
    keys_of(starts.fold(Keys::NONE, |found, start| {
        found.or(with_group_at(group, start))
    }))
}

/// The keys that have these symbols from a place on.
fn with_group_at(group: &[Glyph], start: usize) -> Keys<WORDS> {
    let places = group.iter().zip(start..);
    places.fold(Keys::ALL, |found, (glyph, place)| {
        found.and(hits_of(glyph, place))
    })
}

/// The nearest key to a window of exactly 25 symbols, each in its place.
pub(super) fn in_place(window: &[Glyph]) -> Option<Match> {
    if window.len() != SYMBOLS {
        return None;
    }
    let mut counts = Counts::ZERO;
    for (place, glyph) in window.iter().enumerate() {
        counts.add(hits_of(glyph, place));
    }
    let (key, edits) = nearest_of(keys_of(counts.at_least_16()), window)?;
    if is_mixed(window, key) {
        return None;
    }
    let symbols = key.key.key().symbols();
    let pairs = || window.iter().zip(symbols);
    let weight = pairs()
        .map(|(glyph, meant)| weight(glyph.symbol, *meant))
        .sum();
    let sure = weight <= REPAIR_WEIGHT;
    let recognised = window
        .chunks(GROUP)
        .zip(symbols.chunks(GROUP))
        .all(|(group, meant)| {
            let kept = group.iter().zip(meant);
            kept.filter(|(glyph, meant)| glyph.symbol == **meant)
                .count()
                >= KEPT_IN_GROUP
        });
    (recognised && all_words_belong(window, symbols)).then_some(Match {
        key,
        weight,
        edits,
        sure,
    })
}

/// The key that differs from the window in the fewest places, with their number; none where two are
/// equally near.
fn nearest_of(
    mut found: impl Iterator<Item = &'static KeyUse>,
    window: &[Glyph],
) -> Option<(&'static KeyUse, u8)> {
    let changes = |key: &'static KeyUse| -> u8 {
        let pairs = window.iter().zip(key.key.key().symbols());
        pairs
            .map(|(glyph, meant)| u8::from(glyph.symbol != *meant))
            .sum()
    };
    let first = found.next()?;
    let (mut nearest, mut least, mut tied) = (first, changes(first), false);
    for key in found {
        let changes = changes(key);
        if changes <= least {
            tied = changes == least;
            (nearest, least) = (key, changes);
        }
    }
    (!tied).then_some((nearest, least))
}

/// Whether a group is that of another published key, and not of this one: a table in which two keys were
/// mixed has such. A single changed symbol is damage all the same (`4M63B`, `4M68B`).
fn is_mixed(window: &[Glyph], key: &KeyUse) -> bool {
    let starts = (0..).step_by(GROUP);
    let symbols = key.key.key().symbols();
    let groups = window.chunks(GROUP).zip(symbols.chunks(GROUP)).zip(starts);
    groups
        .filter(|((group, meant), _)| {
            let pairs = group.iter().zip(*meant);
            pairs
                .filter(|(glyph, meant)| glyph.symbol != **meant)
                .count()
                > 1
        })
        .any(|((group, _), start)| !with_group_at(group, start).is_empty())
}

/// Whether these are the symbols of a key's group.
pub(super) fn is_group(group: &[Glyph], meant: &[u8]) -> bool {
    group.iter().map(|glyph| &glyph.symbol).eq(meant)
}

/// Whether every word of the text is a part of the key.
fn all_words_belong(window: &[Glyph], symbols: &[u8; SYMBOLS]) -> bool {
    let mut symbols = symbols.iter();
    let mut words = window.chunk_by(|_, next| next.gap <= Gap::Seam);
    words.all(|word| {
        let pairs = word.iter().zip(symbols.by_ref());
        let kept = pairs.filter(|(glyph, meant)| weight(glyph.symbol, **meant) < PLAIN);
        belongs(kept.count(), word.len())
    })
}

/// The nearest key to a window of 21 to 29 symbols of which some are lost or added.
///
/// With 25 symbols nothing is: that one is lost and another added is less likely than another key.
pub(super) fn moved(window: &[Glyph]) -> Option<Match> {
    let reach = usize::from(MAX_EDITS);
    if window.len() == SYMBOLS || !(MIN_WINDOW..=MAX_WINDOW).contains(&window.len()) {
        return None;
    }
    // With 4 edits, 21 symbols are left, each at most 4 places from its own.
    let mut counts = Counts::ZERO;
    for place in 0..SYMBOLS {
        let near = window
            .get(place.saturating_sub(reach)..(place + reach + 1).min(window.len()))
            .unwrap_or_default();
        counts.add(
            near.iter()
                .fold(Keys::NONE, |hits, glyph| hits.or(hits_of(glyph, place))),
        );
    }
    keys_of(counts.at_least_21())
        .filter_map(|key| {
            let path = align(window, key.key.key().symbols())?;
            Some(Match {
                key,
                weight: path.weight,
                edits: path.edits,
                sure: path.moves <= 1 && path.weight <= REPAIR_WEIGHT,
            })
        })
        .min_by_key(|found| found.weight)
}

/// A way to read a part of the window as a part of the key.
#[derive(Clone, Copy)]
struct Path {
    weight: u8,
    edits: u8,
    /// Symbols lost or added.
    moves: u8,
    /// How many symbols of the current word so far are those of the key, or look like them.
    kept: u8,
}

impl Path {
    const START: Self = Self {
        weight: 0,
        edits: 0,
        moves: 0,
        kept: 0,
    };
    const NEVER: Self = Self {
        weight: u8::MAX,
        edits: u8::MAX,
        moves: u8::MAX,
        kept: 0,
    };

    /// A symbol of the text for one of the key.
    fn step(self, weight: u8) -> Self {
        Self {
            weight: self.weight.saturating_add(weight),
            edits: self.edits.saturating_add(u8::from(weight > 0)),
            kept: self.kept + u8::from(weight < PLAIN),
            ..self
        }
    }

    /// A symbol lost, or one added.
    fn shift(self) -> Self {
        Self {
            weight: self.weight.saturating_add(PLAIN),
            edits: self.edits.saturating_add(1),
            moves: self.moves.saturating_add(1),
            ..self
        }
    }

    fn or(self, other: Self) -> Self {
        if other.weight < self.weight {
            other
        } else {
            self
        }
    }
}

/// The lightest path over the whole window and the whole key, if it is one of 4 edits or fewer.
///
/// Every word of the text must be a part of the key.
fn align(window: &[Glyph], meant: &[u8; SYMBOLS]) -> Option<Path> {
    let mut row = [Path::START; SYMBOLS + 1];
    let mut lost = Path::START;
    for cell in row.iter_mut().skip(1) {
        lost = lost.shift();
        *cell = lost;
    }
    for word in window.chunk_by(|_, next| next.gap <= Gap::Seam) {
        for glyph in word {
            read(&mut row, glyph.symbol, meant);
        }
        for cell in &mut row {
            let whole = Path { kept: 0, ..*cell };
            *cell = if belongs(usize::from(cell.kept), word.len()) {
                whole
            } else {
                Path::NEVER
            };
        }
    }
    let [.., path] = row;
    (path.edits <= MAX_EDITS).then_some(path)
}

/// One more symbol of the text: `row` holds the lightest path to each place of the key.
fn read(row: &mut [Path; SYMBOLS + 1], typed: u8, meant: &[u8; SYMBOLS]) {
    let [corner, cells @ ..] = row;
    let mut diagonal = *corner;
    *corner = corner.shift();
    let mut left = *corner;
    for (cell, meant) in cells.iter_mut().zip(meant) {
        let above = *cell;
        *cell = diagonal
            .step(weight(typed, *meant))
            .or(above.shift())
            .or(left.shift());
        diagonal = above;
        left = *cell;
    }
}

/// What it weighs that `typed` stands where `meant` should.
fn weight(typed: u8, meant: u8) -> u8 {
    if typed == meant {
        0
    } else if looks_like(typed).contains(&meant) {
        PLAIN / 2
    } else {
        PLAIN
    }
}

/// The symbols of keys for which a typed one is easily mistaken.
fn looks_like(typed: u8) -> &'static [u8] {
    match typed {
        // These never occur in keys.
        b'0' | b'O' => b"DQCG8",
        b'1' | b'I' | b'L' => b"7TJ",
        b'5' | b'S' => b"863",
        b'A' => b"4R",
        b'E' => b"3FB",
        b'U' => b"VWY",
        b'Z' => b"27",
        // These do.
        b'2' | b'J' => b"7",
        b'3' => b"8B",
        b'4' => b"9",
        b'6' => b"G8B",
        b'7' => b"T2J",
        b'8' => b"B36",
        b'9' => b"G4",
        b'B' => b"8R6",
        b'C' => b"GQ",
        b'D' => b"QB",
        b'F' => b"P",
        b'G' => b"6C9",
        b'H' => b"NMK",
        b'K' => b"XH",
        b'M' => b"NWH",
        b'N' => b"MHW",
        b'P' => b"RF",
        b'Q' => b"GD",
        b'R' => b"PB",
        b'T' => b"7Y",
        b'V' => b"YW",
        b'W' => b"VM",
        b'X' => b"KY",
        b'Y' => b"VXT",
        _ => b"",
    }
}
