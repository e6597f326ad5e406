//! Product keys in any text: scripts, templates, answer files, notes, logs.
//!
//! [`scan`] finds every key that stands in a text, exact or damaged as [`repair`](mod@crate::repair)
//! knows damage, and says what it is. What it *should* be is another question: [`Wanted`] holds what is
//! known of the place, from the caller or from the nearest caption ([`Surroundings`]), and
//! [`Wanted::judge`] compares. Where nothing is known nothing is judged.
//!
//! - **Published keys** are a closed set, so a damaged one is found by what is left of it: a piece of
//!   five symbols in a row, or the shape of five groups. At most four of its symbols are such as keys do
//!   not use, it is written in capitals or one of its digits is left, and without hyphens at most two of
//!   its symbols are lost. A last group alone, as in `Partial Product Key: DV9BG`, is left to
//!   [`repair`](mod@crate::repair) and to the reader of slmgr's text.
//! - **Unlisted keys**, in none of the published lists in this crate, are five groups of five joined by
//!   hyphens, or one word of 25 capitals and digits: symbols of keys only, two digits or more, one `N` or
//!   (keys older than Windows 8) none. They come as their last five, and [`What`] holds no more of them.
//! - **Everything else is passed over**: digests, base64, UUIDs, identifiers, placeholders.
//!
//! Most of a text is looked at in blocks, one look-up a byte; the work is linear for every text, and
//! nothing is allocated.

mod answer_file;
mod judgement;
mod piece;
mod place;
mod sieve;
mod surroundings;
mod trace;
mod weight;

use core::fmt;
use core::ops::Range;

use crate::catalog::keys::{self, KeyUse};
use crate::product_key::{ALPHABET, LastFive, ProductKey, TEXT_LEN};
use crate::repair::{Findings, GROUP, Repair, SYMBOLS, Sight, sight};
use sieve::{Sieve, WINDOW};
use trace::Trace;

pub use judgement::{Fault, Judgement, Verdict, Wanted};
pub use place::{Place, Places};
pub use surroundings::Surroundings;

/// What a key in a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// A published key, written as keys are written.
    Published(&'static KeyUse),
    /// A published key whose form is damaged, or so few of whose symbols that it is beyond doubt.
    Damaged {
        /// The key that is meant.
        key: &'static KeyUse,
        /// How many symbols are wrong, lost or added; 0 where only the form is.
        edits: u32,
    },
    /// The nearest published key, to be confirmed by a person.
    Suggested {
        /// The key that may be meant.
        key: &'static KeyUse,
        /// How many symbols are wrong, lost, added or out of place.
        edits: u32,
    },
    /// The last group of a published key behind masked ones: `*****-*****-*****-*****-DV9BG`.
    Suffix(&'static KeyUse),
    /// A key that is in none of the published lists in this crate; this much of it may be shown.
    Unlisted(LastFive),
}

/// A key in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What it is.
    pub what: What,
    /// Its bytes.
    pub range: Range<usize>,
}

impl Finding {
    /// The published key that stands there for certain: whole, damaged beyond no doubt, or masked.
    pub const fn key(&self) -> Option<&'static KeyUse> {
        match self.what {
            What::Published(key) | What::Damaged { key, .. } | What::Suffix(key) => Some(key),
            What::Suggested { .. } | What::Unlisted(_) => None,
        }
    }

    /// The published key that the text names in any way, also as a suggestion.
    pub const fn named(&self) -> Option<&'static KeyUse> {
        match self.what {
            What::Published(key)
            | What::Damaged { key, .. }
            | What::Suggested { key, .. }
            | What::Suffix(key) => Some(key),
            What::Unlisted(_) => None,
        }
    }
}

/// Every key in a text, in order and without overlap.
///
/// ```
/// use avma::scan::{What, scan};
///
/// let text = "$key = 'W3GNR–8DDXR–2TFRP–H8P33–DV9BG' # was FMT4H-4RD6P-M48YH-6YDK2-QXPNK";
/// let mut found = scan(text);
/// let first = found.next().unwrap();
/// assert!(matches!(first.what, What::Damaged { edits: 0, .. })); // en dashes
/// let second = found.next().unwrap();
/// assert!(matches!(second.what, What::Unlisted(last) if last.as_str() == "QXPNK"));
/// assert_eq!(&text[second.range.clone()], "FMT4H-4RD6P-M48YH-6YDK2-QXPNK");
/// assert_eq!(found.next(), None);
/// ```
pub fn scan(text: &str) -> Scan<'_> {
    Scan {
        text,
        sieve: Sieve::of(text.as_bytes()),
        trace: Trace::starting(text, 0),
        followed_to: 0,
        findings: None,
        read_to: 0,
        done: 0,
        work: Work::default(),
    }
}

/// The iterator that [`scan`] gives.
#[derive(Clone)]
#[must_use = "an iterator does nothing until it is consumed"]
pub struct Scan<'t> {
    text: &'t str,
    sieve: Sieve<'t>,
    trace: Trace<'t>,
    /// Up to where the marks of a key are followed.
    followed_to: usize,
    findings: Option<Findings<'t>>,
    /// Up to where the writing of a key is read.
    read_to: usize,
    /// Where the last finding ends, or where reading ended.
    done: usize,
    work: Work,
}

/// What a scan had to do so far: for a text of *n* bytes each number stays below 2 × *n*.
///
/// ```
/// use avma::scan::scan;
///
/// let text = "Ordinary words are full of letters that keys do not use. ".repeat(100);
/// let mut found = scan(&text);
/// assert_eq!(found.by_ref().count(), 0);
/// assert_eq!((found.work().followed, found.work().read), (0, 0));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Work {
    /// The bytes that were followed symbol by symbol.
    pub followed: usize,
    /// The bytes that were read as the writing of a key.
    pub read: usize,
}

/// How many bytes are traced before a suspicious window, and from its beginning: enough to reach both
/// ends of any key that contains it.
const BEFORE: usize = WINDOW;
const BEHIND: usize = 2 * WINDOW;

/// A key begins at most so many bytes before its first mark: 25 symbols, and gaps as wide as a
/// continued line with its indentation.
const REACH: usize = 160;

impl Scan<'_> {
    /// What was done so far.
    pub const fn work(&self) -> Work {
        self.work
    }

    /// The next mark of a key.
    fn next_mark(&mut self) -> Option<usize> {
        loop {
            let from = self.trace.at();
            let mark = self.trace.next_mark(self.followed_to);
            self.work.followed += self.trace.at() - from;
            if mark.is_some() {
                return mark;
            }
            let window = self.sieve.next()?;
            let start = window.saturating_sub(BEFORE);
            if start > self.trace.at() {
                let start = boundary(self.text, start);
                self.trace = Trace::starting(self.text, start);
            }
            self.followed_to = window + BEHIND;
        }
    }

    /// Reads on, at `mark` at least.
    fn read(&mut self, mark: usize) {
        let start = mark.saturating_sub(REACH);
        if self
            .findings
            .as_ref()
            .is_none_or(|it| it.at() < start.max(self.done))
        {
            let start = start_of_word(self.text, start.max(self.done), mark);
            self.findings = Some(Findings::scanning(self.text, start));
        }
        self.read_to = mark + 1;
    }

    /// Leaves the text before `at` behind.
    fn pass(&mut self, at: usize) {
        self.done = at;
        if at > self.trace.at() {
            self.trace = Trace::starting(self.text, at);
            self.sieve.skip_to(at);
        }
    }

    /// A whole published key, of which the mark is the end of the first piece: as most keys are written.
    fn whole(&self, mark: usize) -> Option<Finding> {
        let start = (mark + 1).checked_sub(GROUP)?;
        let range = start..start + TEXT_LEN;
        let key = ProductKey::parse(self.text.get(range.clone())?).ok()?;
        let key = keys::identify(&key)?;
        // Groups and letters that run into it are read one by one.
        let ends = |byte: Option<&u8>| {
            byte.is_none_or(|byte| {
                byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b'-'
            })
        };
        let before = self.text.get(self.done..start)?.trim_end_matches(' ');
        let behind = self.text.get(range.end..)?.trim_start_matches(' ');
        let alone = self.done <= start
            && ends(self.text.as_bytes().get(start.wrapping_sub(1)))
            && ends(self.text.as_bytes().get(range.end))
            && !before.ends_with(|c: char| c == '-' || !c.is_ascii())
            && !behind.starts_with(|c: char| c == '-' || !c.is_ascii());
        alone.then_some(Finding {
            what: What::Published(key),
            range,
        })
    }
}

impl fmt::Debug for Scan<'_> {
    /// Without the text, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scan")
            .field("work", &self.work)
            .finish_non_exhaustive()
    }
}

impl Iterator for Scan<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        loop {
            if let Some(findings) = &mut self.findings {
                let from = findings.at();
                let found = findings.next_before(self.read_to);
                let at = findings.at();
                self.work.read += at.saturating_sub(from);
                if at > self.done {
                    self.pass(at);
                }
                if let Some(found) = found {
                    match finding(self.text, found) {
                        None => continue,
                        finding => return finding,
                    }
                }
            }
            let mark = self.next_mark()?;
            if let Some(whole) = self.whole(mark) {
                self.pass(whole.range.end);
                return Some(whole);
            }
            self.read(mark);
        }
    }
}

/// The first end of a character at `at` or behind.
fn boundary(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

/// The first beginning of a word at `start` or behind, but before `end`; else `start`.
fn start_of_word(text: &str, start: usize, end: usize) -> usize {
    let start = boundary(text, start);
    if start == 0 {
        return start;
    }
    let bytes = text.as_bytes().get(start..end).unwrap_or_default();
    let gap = bytes.iter().position(|byte| !byte.is_ascii_alphanumeric());
    // Within a run of letters that is longer than any key with a word before it.
    gap.map_or(start, |gap| boundary(text, start + gap))
}

/// A finding, unless it is an unlisted key that no product key looks like.
fn finding(text: &str, found: Repair) -> Option<Finding> {
    let (what, range) = match found {
        Repair::Intact { key, range } => (What::Published(key), range),
        Repair::Repaired { key, edits, range } => (What::Damaged { key, edits }, range),
        Repair::Suggested { key, edits, range } => (What::Suggested { key, edits }, range),
        Repair::Suffix { key, range } => (What::Suffix(key), range),
        Repair::Unlisted { last_five, range } => {
            if !is_like_a_key(text, &range) {
                return None;
            }
            (What::Unlisted(last_five), range)
        }
        Repair::Nothing => return None,
    };
    Some(Finding { what, range })
}

/// Whether an unlisted key is such as product keys are.
fn is_like_a_key(text: &str, range: &Range<usize>) -> bool {
    let written = text.get(range.clone()).unwrap_or_default();
    let mut symbols = [0; SYMBOLS];
    let mut places = symbols.iter_mut();
    let mut rest = written;
    while let Some((sight, length)) = sight(rest) {
        rest = rest.get(length..).unwrap_or_default();
        if let Sight::Symbol(symbol) = sight {
            if let Some(place) = places.next() {
                *place = symbol;
            }
        }
    }
    let Ok(key) = ProductKey::from_symbols(symbols) else {
        return false;
    };
    let digits = symbols.iter().filter(|symbol| symbol.is_ascii_digit());
    let digits = digits.count();
    // The alphabet itself has 25 different symbols, a placeholder few; a key has 15 or 16.
    let different = ALPHABET.iter().filter(|symbol| symbols.contains(symbol));
    let different = different.count();
    // One random key in 400 has fewer digits.
    if digits < 2 || SYMBOLS - digits < 2 || key.count_n() > 1 || !(9..=22).contains(&different) {
        return false;
    }
    let bare = written.len() == SYMBOLS;
    !bare || key.count_n() == 1 && is_word_of_its_own(text, range)
}

/// Whether 25 symbols in a row are no part of an identifier, of a path, or of encoded data.
fn is_word_of_its_own(text: &str, range: &Range<usize>) -> bool {
    let written = text.get(range.clone()).unwrap_or_default();
    let before = text
        .get(..range.start)
        .and_then(|before| before.chars().next_back());
    let after = text.get(range.end..).and_then(|after| after.chars().next());
    let joins = |c: char| {
        matches!(
            c,
            '_' | '-' | '+' | '/' | '\\' | '.' | '@' | '#' | '$' | '%'
        )
    };
    !written.bytes().any(|byte| byte.is_ascii_lowercase())
        && !before.is_some_and(joins)
        && !after.is_some_and(|c| joins(c) && c != '.' || c == '=')
}
