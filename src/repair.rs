//! Damaged key texts: which published key is meant.
//!
//! Keys are copied through forms, translations, typography and hands. [`repair`] reads a text as the
//! writing of a key, whatever stands between and around the symbols, and names the one published key
//! that it can be, or says that it cannot tell.
//!
//! - **Form costs nothing.** Case, lost or doubled hyphens, blanks, dashes, tags, entities, escapes,
//!   line breaks, full-width or mathematical characters, Cyrillic and Greek look-alikes.
//! - **A few wrong symbols are mended:** two, or four that look like the true ones (`0` for `D`), or one
//!   lost or added and one wrong. More are a suggestion: up to nine wrong symbols while every group is
//!   recognised, up to four edits with lost and added symbols, whole groups in another order or one
//!   group lost.
//! - **Never another key.** Any two published keys differ in at least 17 of 25 places, so within eight
//!   changes there is one key or none; after nine the nearest one counts, and of two that are equally
//!   near neither. What is farther away is left alone.
//! - **Masks are not typed keys.** `XXXXX-XXXXX-XXXXX-XXXXX-YY726` names a key by its last group.
//! - **Other keys stay closed.** A whole key that is in none of the published lists in this crate comes
//!   back as its last five symbols, and nothing is read into it.
//!
//! Work is bounded for each byte of the text, nothing is allocated, and every text has an answer.

mod alignment;
mod glyph;
mod hits;

use core::ops::Range;

use crate::catalog::keys::{self, KeyUse};
use crate::product_key::{LastFive, ProductKey};
use alignment::{MAX_CHANGED, MAX_WINDOW, MIN_WINDOW, Match, is_group};
use glyph::{Gap, Glyph, Glyphs};

pub(crate) use alignment::{GROUP, SYMBOLS};
pub(crate) use glyph::{Sight, sight};

/// What a text says about a key, with the bytes of the text where it says so.
///
/// ```
/// use avma::repair::{repair, Repair};
///
/// // A machine translation: hyphens to blanks, blanks inside a group.
/// let Repair::Repaired { key, edits, range } = repair("|Standard| TNK62 RXVTB-4P47B-2 D 623 4GF74|")
/// else {
///     unreachable!()
/// };
/// assert_eq!(key.key.to_string(), "TNK62-RXVTB-4P47B-2D623-4GF74");
/// assert_eq!((edits, range), (0, 11..42));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repair {
    /// A published key, written as keys are written.
    Intact {
        /// The key.
        key: &'static KeyUse,
        /// Its bytes.
        range: Range<usize>,
    },
    /// A published key whose form is damaged, or so few of whose symbols that it is beyond doubt.
    Repaired {
        /// The key that is meant.
        key: &'static KeyUse,
        /// How many symbols were wrong, lost or added; 0 where only the form was. Other letters that
        /// run into the key count as one.
        edits: u32,
        /// The damaged text.
        range: Range<usize>,
    },
    /// The nearest published key, to be confirmed by a person.
    Suggested {
        /// The key that may be meant.
        key: &'static KeyUse,
        /// How many symbols are wrong, lost or added; 0 where a whole key is part of something longer.
        edits: u32,
        /// The damaged text.
        range: Range<usize>,
    },
    /// A last group, bare or after masked ones, that is a published key's: nothing to repair.
    Suffix {
        /// The key that ends so.
        key: &'static KeyUse,
        /// The text, with its masked groups.
        range: Range<usize>,
    },
    /// A whole key that is in none of the published lists in this crate, and near to no key of them.
    /// Whose it is nobody can tell, so only its last five may be shown.
    Unlisted {
        /// What may be shown of it.
        last_five: LastFive,
        /// Its bytes.
        range: Range<usize>,
    },
    /// No key, or nothing that can be told.
    Nothing,
}

impl Repair {
    /// The key that the text holds for certain: intact or repaired.
    ///
    /// ```
    /// use avma::repair::repair;
    ///
    /// assert!(repair("W3GNR-8DDXR-2TFRP-H8P33-0V98G").key().is_some());
    /// assert!(repair("W3GND-89DFR-2TB2T-78P33-DV9BG").key().is_none()); // seven changes
    /// ```
    pub const fn key(&self) -> Option<&'static KeyUse> {
        match self {
            Self::Intact { key, .. } | Self::Repaired { key, .. } => Some(key),
            Self::Suggested { .. }
            | Self::Suffix { .. }
            | Self::Unlisted { .. }
            | Self::Nothing => None,
        }
    }

    /// The key that the text names in any way: also as a suggestion, or by its last group.
    pub const fn named(&self) -> Option<&'static KeyUse> {
        match self {
            Self::Intact { key, .. }
            | Self::Repaired { key, .. }
            | Self::Suggested { key, .. }
            | Self::Suffix { key, .. } => Some(key),
            Self::Unlisted { .. } | Self::Nothing => None,
        }
    }

    /// The bytes of the text that were read.
    pub fn range(&self) -> Option<Range<usize>> {
        match self {
            Self::Intact { range, .. }
            | Self::Repaired { range, .. }
            | Self::Suggested { range, .. }
            | Self::Suffix { range, .. }
            | Self::Unlisted { range, .. } => Some(range.clone()),
            Self::Nothing => None,
        }
    }

    /// What `repair` answers for first: a key to mend, then a whole one, then less.
    const fn urgency(&self) -> u8 {
        match self {
            Self::Repaired { .. } => 5,
            Self::Suggested { .. } => 4,
            Self::Intact { .. } => 3,
            Self::Suffix { .. } => 2,
            Self::Unlisted { .. } => 1,
            Self::Nothing => 0,
        }
    }
}

/// Which published key a text holds, whole or damaged; the text may be a key or a line around one.
///
/// Of several keys in one text the first that needs mending is meant, or else the first whole one:
///
/// ```
/// use avma::repair::{repair, Repair};
///
/// let row = "| TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J | Y4TGP-NPTV9-HTC2H-7MGQ3-BD4TW |";
/// assert!(matches!(repair(row), Repair::Repaired { edits: 2, .. }));
/// assert!(matches!(repair("slmgr /ipk W3GNR-8DDXR-2TFRP-H8P33-DV9BG"), Repair::Intact { .. }));
/// assert!(matches!(repair("Partial Product Key: DV9BG"), Repair::Suffix { .. }));
/// // A key of no published list, and no key at all:
/// assert!(matches!(repair("VP34G-4NPPG-79JTQ-864T4-R3MQX"), Repair::Unlisted { .. }));
/// assert_eq!(repair("XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"), Repair::Nothing);
/// ```
pub fn repair(text: &str) -> Repair {
    // Nothing but a key, as it mostly is.
    let exact = ProductKey::parse(text).ok();
    if let Some(key) = exact.as_ref().and_then(keys::identify) {
        let range = 0..text.len();
        return Repair::Intact { key, range };
    }
    let mut answer = Repair::Nothing;
    for found in Findings::of(text) {
        if found.urgency() > answer.urgency() {
            answer = found;
        }
    }
    answer
}

/// Room for a window that starts a few symbols late, and the group after it.
const AHEAD: usize = MAX_WINDOW + LATER + GROUP + 1;
/// A better reading of the same key starts at most so many symbols later.
const LATER: usize = 8;

/// Every finding of a text, in order and without overlap.
#[derive(Clone)]
pub(crate) struct Findings<'t> {
    text: &'t str,
    glyphs: Glyphs<'t>,
    ahead: [Glyph; AHEAD],
    filled: usize,
    /// How many symbols of the current word lie behind.
    behind: usize,
    /// Whether keys use all of them.
    behind_of_keys: bool,
    /// Whether the word before this one is a group of five, joined by a hyphen.
    group_before: bool,
    /// Whether a word of 25 symbols is taken for an unlisted key.
    bare_keys: bool,
}

/// A published key at the start of a window.
struct Candidate {
    found: Match,
    /// How many symbols it takes.
    length: usize,
    /// How many symbols later it starts.
    later: usize,
}

impl<'t> Findings<'t> {
    fn of(text: &'t str) -> Self {
        Self::starting(text, 0)
    }

    /// From the byte `at` on, as if the text began there: the end of a character between two words.
    fn starting(text: &'t str, at: usize) -> Self {
        let mut findings = Self {
            text,
            glyphs: Glyphs::starting(text, at),
            ahead: [Glyph::NONE; AHEAD],
            filled: 0,
            behind: 0,
            behind_of_keys: true,
            group_before: false,
            bare_keys: false,
        };
        findings.fill();
        findings
    }

    /// For a scan, which also asks for unlisted keys without hyphens: from a byte on.
    pub(crate) fn scanning(text: &'t str, at: usize) -> Self {
        Self {
            bare_keys: true,
            ..Self::starting(text, at)
        }
    }

    /// The byte of the next symbol that is looked at; the length of the text after the last.
    pub(crate) fn at(&self) -> usize {
        self.ahead()
            .first()
            .map_or(self.text.len(), |glyph| glyph.start)
    }

    /// The next finding that starts before the byte `end`, give or take a few symbols.
    pub(crate) fn next_before(&mut self, end: usize) -> Option<Repair> {
        while self.filled > 0 && self.at() < end {
            if let Some(found) = self.step() {
                return Some(found);
            }
        }
        None
    }

    fn fill(&mut self) {
        let free = self.ahead.iter_mut().skip(self.filled);
        for (place, glyph) in free.zip(&mut self.glyphs) {
            *place = glyph;
            self.filled += 1;
        }
    }

    fn ahead(&self) -> &[Glyph] {
        self.ahead.get(..self.filled).unwrap_or_default()
    }

    /// Leaves `count` symbols behind.
    fn advance(&mut self, count: usize) {
        let count = count.min(self.filled);
        for glyph in self.ahead.iter().take(count) {
            if glyph.starts_word() {
                (self.behind, self.behind_of_keys) = (0, true);
            }
            self.behind += 1;
            self.behind_of_keys &= glyph.is_of_keys();
        }
        self.ahead.copy_within(count.., 0);
        self.filled -= count;
        self.fill();
        if let Some(next) = self.ahead().first().filter(|next| next.starts_word()) {
            let group = self.behind == GROUP && self.behind_of_keys;
            self.group_before = group && next.gap == Gap::Hyphen;
            self.behind = 0;
        }
    }

    /// How far the next symbol is at which a key may start: that of a word, the first of a word's last
    /// five, or any one of a word that holds more than a key.
    fn to_next_start(&self) -> usize {
        match word_length(self.ahead()) {
            left if left > SYMBOLS => 1,
            left if left > GROUP => left - GROUP,
            left => left,
        }
    }

    /// Leaves what starts at the current symbol behind, or goes on to where something may start.
    fn step(&mut self) -> Option<Repair> {
        let Some((found, length)) = self.here() else {
            self.advance(self.to_next_start());
            return None;
        };
        self.advance(length);
        (found != Repair::Nothing).then_some(found)
    }

    /// What starts at the current symbol, and how many symbols it takes.
    fn here(&self) -> Option<(Repair, usize)> {
        let ahead = self.ahead();
        if self.behind == 0 {
            if let Some(candidate) = nearest(ahead, Edge::Word) {
                return Some(self.published(&candidate));
            }
            return if self.bare_keys && word_length(ahead) == SYMBOLS {
                bare_key(ahead)
            } else {
                self.group_of_five(ahead)
            };
        }
        let candidate = may_start_inside(ahead).then(|| nearest(ahead, Edge::Inside))??;
        Some(self.published(&candidate))
    }

    fn published(&self, candidate: &Candidate) -> (Repair, usize) {
        let Candidate {
            found,
            length,
            later,
        } = *candidate;
        let key = found.key;
        let ahead = self.ahead().get(later..).unwrap_or_default();
        let range = range_of(ahead.get(..length).unwrap_or_default());
        // Five groups out of six are no key that somebody wrote.
        let longer = (later == 0 && self.group_before) || group_follows(ahead, length);
        let edits = u32::from(found.edits);
        let whole = || {
            let written = self.text.get(range.clone()).unwrap_or_default();
            ProductKey::parse(written).is_ok_and(|written| written == *key.key.key())
        };
        let repair = if longer || !found.sure {
            Repair::Suggested { key, edits, range }
        } else if edits == 0 && whole() {
            Repair::Intact { key, range }
        } else {
            Repair::Repaired { key, edits, range }
        };
        (repair, later + length)
    }

    /// Whole groups as keys are written: of an unlisted key, masked, or in another order; or one group.
    fn group_of_five(&self, ahead: &[Glyph]) -> Option<(Repair, usize)> {
        if word_length(ahead) != GROUP {
            return None;
        }
        if let Some(window) = self.groups(ahead, SYMBOLS) {
            let range = range_of(window);
            // A shape of no meaning is passed over whole, so that its last group is not taken alone.
            let repair = if let Some(key) = masked(window) {
                Repair::Suffix { key, range }
            } else if let Some((key, edits)) = rearranged(window) {
                Repair::Suggested { key, edits, range }
            } else if let Some(last_five) = unlisted(window) {
                Repair::Unlisted { last_five, range }
            } else {
                Repair::Nothing
            };
            return Some((repair, SYMBOLS));
        }
        let lost = self.groups(ahead, SYMBOLS - GROUP).and_then(|window| {
            let (key, edits) = rearranged(window)?;
            let range = range_of(window);
            Some((Repair::Suggested { key, edits, range }, window.len()))
        });
        lost.or_else(|| self.bare_suffix(ahead))
    }

    /// The next `length` symbols, if they are groups of five with hyphens and neither fewer nor more.
    fn groups<'a>(&self, ahead: &'a [Glyph], length: usize) -> Option<&'a [Glyph]> {
        let window = ahead.get(..length)?;
        let whole = ends_word(ahead, length) && !self.group_before && !group_follows(ahead, length);
        (whole && is_groups(window)).then_some(window)
    }

    /// A last group that stands alone in the text, or as a value at the end of a line: `: YY726`.
    fn bare_suffix(&self, ahead: &[Glyph]) -> Option<(Repair, usize)> {
        let group = ahead.get(..GROUP)?;
        let key = keys::identify_last_five(last_five(group)?)?;
        let range = range_of(group);
        let quotes = ['"', '\'', '`', '“', '”'];
        let blank = |c: char| c == ' ' || c == '\t' || c == '\u{A0}' || quotes.contains(&c);
        let before = self.text.get(..range.start)?.trim_end_matches(blank);
        let after = self.text.get(range.end..)?.trim_start_matches(blank);
        let alone = before.trim().is_empty() && after.trim().is_empty();
        let value =
            before.ends_with([':', '=']) && (after.is_empty() || after.starts_with(['\r', '\n']));
        (alone || value).then_some((Repair::Suffix { key, range }, GROUP))
    }
}

impl Iterator for Findings<'_> {
    type Item = Repair;

    fn next(&mut self) -> Option<Repair> {
        while self.filled > 0 {
            if let Some(found) = self.step() {
                return Some(found);
            }
        }
        None
    }
}

/// A word of 25 symbols of keys.
fn bare_key(ahead: &[Glyph]) -> Option<(Repair, usize)> {
    let window = ahead.get(..SYMBOLS)?;
    let last_five = unlisted(window)?;
    let range = range_of(window);
    Some((Repair::Unlisted { last_five, range }, SYMBOLS))
}

/// Where a window starts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Word,
    Inside,
}

/// Whether a key may start amid a word, as where other letters run into it: its first group ends the
/// word, or the word holds all of it.
fn may_start_inside(ahead: &[Glyph]) -> bool {
    match word_length(ahead) {
        GROUP => ahead.get(GROUP).is_some_and(|next| next.gap == Gap::Hyphen),
        left => left >= SYMBOLS,
    }
}

/// The lightest reading as a published key that starts at the first symbol or, where that one is not
/// perfect, soon after.
fn nearest(ahead: &[Glyph], edge: Edge) -> Option<Candidate> {
    let (found, length) = nearest_here(ahead, edge)?;
    let mut best = Candidate {
        found,
        length,
        later: 0,
    };
    for later in 1..=LATER {
        let rest = ahead.get(later..).unwrap_or_default();
        let edge = match rest.first() {
            Some(first) if first.starts_word() => Edge::Word,
            _ if may_start_inside(rest) => Edge::Inside,
            _ => continue,
        };
        if best.found.weight == 0 {
            break;
        }
        if let Some((found, length)) = nearest_here(rest, edge) {
            if found.weight < best.found.weight {
                best = Candidate {
                    found,
                    length,
                    later,
                };
            }
        }
    }
    Some(best)
}

fn nearest_here(ahead: &[Glyph], edge: Edge) -> Option<(Match, usize)> {
    // Ordinary words are full of letters that keys do not use; more than nine cannot be damage.
    let foreign = ahead
        .iter()
        .take(MIN_WINDOW)
        .filter(|glyph| !glyph.is_of_keys());
    if foreign.count() > usize::from(MAX_CHANGED) {
        return None;
    }
    let mut best: Option<(Match, usize)> = None;
    let mut take = |found: Option<Match>, length| {
        if let Some(found) = found {
            if best.is_none_or(|(best, _)| found.weight < best.weight) {
                best = Some((found, length));
            }
        }
    };
    for length in MIN_WINDOW..=MAX_WINDOW {
        let Some(window) = ahead.get(..length) else {
            break;
        };
        if window.iter().skip(1).any(|glyph| glyph.gap == Gap::Far) {
            break;
        }
        let whole_words = edge == Edge::Word && ends_word(ahead, length);
        if length == SYMBOLS {
            let found = alignment::in_place(window);
            take(
                if whole_words {
                    found
                } else {
                    found.and_then(run_on)
                },
                length,
            );
        }
        if whole_words {
            take(alignment::moved(window), length);
        }
    }
    best
}

/// A key with other letters right before or behind: an edit more, and no suggestions.
fn run_on(found: Match) -> Option<Match> {
    found.sure.then_some(Match {
        weight: found.weight + 1,
        edits: found.edits + 1,
        ..found
    })
}

fn range_of(window: &[Glyph]) -> Range<usize> {
    let start = window.first().map_or(0, |glyph| glyph.start);
    start..window.last().map_or(start, |glyph| glyph.end)
}

/// Whether a word ends after `length` symbols.
fn ends_word(ahead: &[Glyph], length: usize) -> bool {
    ahead.get(length).is_none_or(Glyph::starts_word)
}

/// The symbols up to the end of the first word.
fn word_length(ahead: &[Glyph]) -> usize {
    ahead
        .iter()
        .skip(1)
        .position(Glyph::starts_word)
        .map_or(ahead.len(), |place| place + 1)
}

/// Whether a hyphen and one more group of five follow after `length` symbols.
fn group_follows(ahead: &[Glyph], length: usize) -> bool {
    let rest = ahead.get(length..).unwrap_or_default();
    let hyphen = rest.first().is_some_and(|glyph| glyph.gap == Gap::Hyphen);
    let group = rest.iter().take(GROUP).all(Glyph::is_of_keys);
    hyphen && group && word_length(rest) == GROUP
}

/// Whether hyphens, and nothing else, stand after each five symbols.
fn is_groups(window: &[Glyph]) -> bool {
    window.iter().enumerate().skip(1).all(|(place, glyph)| {
        let wanted = if place % GROUP == 0 {
            Gap::Hyphen
        } else {
            Gap::None
        };
        glyph.gap == wanted
    })
}

/// `XXXXX`, `*****`.
fn is_mask(group: &[Glyph]) -> bool {
    let masks = |symbol| group.iter().all(|glyph| glyph.symbol == symbol);
    masks(b'X') || masks(glyph::UNKNOWN)
}

/// The published key of which a masked text shows the last group, and nothing that contradicts.
fn masked(window: &[Glyph]) -> Option<&'static KeyUse> {
    let groups = || window.chunks(GROUP);
    if !groups().any(is_mask) {
        return None;
    }
    let key = keys::identify_last_five(last_five(groups().next_back()?)?)?;
    let symbols = key.key.key().symbols();
    let agree = groups()
        .zip(symbols.chunks(GROUP))
        .all(|(group, meant)| is_mask(group) || group.iter().map(|glyph| &glyph.symbol).eq(meant));
    agree.then_some(key)
}

/// The published key whose groups these are, though in another order or without one of them, and how
/// many symbols are not in their places.
fn rearranged(window: &[Glyph]) -> Option<(&'static KeyUse, u32)> {
    let key = alignment::with_group(window.get(..GROUP)?).find(|key| {
        let meant = key.key.key().symbols();
        let found = |meant: &&[u8]| window.chunks(GROUP).any(|group| is_group(group, meant));
        meant.chunks(GROUP).filter(found).count() == window.len() / GROUP
    })?;
    let places = window
        .chunks(GROUP)
        .zip(key.key.key().symbols().chunks(GROUP));
    let in_place = places
        .filter(|(group, meant)| is_group(group, meant))
        .count();
    let misplaced = (SYMBOLS / GROUP - in_place) * GROUP;
    Some((key, u32::try_from(misplaced).unwrap_or(u32::MAX)))
}

/// The last five symbols of a whole key; `None` for masks and placeholders.
fn unlisted(window: &[Glyph]) -> Option<LastFive> {
    let repeated = |group: &[Glyph]| {
        group
            .iter()
            .zip(group.iter().skip(1))
            .all(|(a, b)| a.symbol == b.symbol)
    };
    let groups = || window.chunks(GROUP);
    let whole = window.iter().all(Glyph::is_of_keys) && !groups().any(repeated);
    groups().next_back().filter(|_| whole).and_then(last_five)
}

fn last_five(group: &[Glyph]) -> Option<LastFive> {
    let mut symbols = [0; GROUP];
    for (symbol, glyph) in symbols.iter_mut().zip(group) {
        *symbol = glyph.symbol;
    }
    LastFive::parse(core::str::from_utf8(&symbols).ok()?).ok()
}
