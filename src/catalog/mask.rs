//! Texts with the keys in them masked, except those that are published.
//!
//! AVMA keys and GVLKs are public and generic. Any *other* key that is met in a text may be somebody's
//! own: only its last five characters are shown, as Windows itself does.

use core::fmt;
use core::ops::Range;

use crate::catalog::keys;
use crate::product_key::{self, ProductKey};

const GROUPS: usize = 5;
const GROUP: usize = 5;
const SYMBOLS: usize = GROUPS * GROUP;
/// How many characters may stand between two groups: `AAAAA - BBBBB`.
const SEPARATORS: usize = 3;

/// A text as it may be shown: every key in it that is in none of the
/// published lists in this crate is masked but for its last five.
///
/// A key is found by its five groups, in either case of letters, with one to three characters of any
/// other kind between them (hyphens, blanks, dashes, line ends), also where other letters run into
/// it; without anything between the groups only as a word of its own, since 25 such letters in a row
/// are common in digests and encoded data. Damaged keys are for [`repair`](crate::repair).
///
/// ```
/// use avma::catalog::mask::Masked;
///
/// let text = "slmgr /ipk W3GNR-8DDXR-2TFRP-H8P33-DV9BG";
/// assert_eq!(Masked(text).to_string(), text);
/// let text = "slmgr /ipk fmt4h-4rd6p-m48yh-6ydk2-qxpnk";
/// assert_eq!(Masked(text).to_string(), "slmgr /ipk *****-*****-*****-*****-QXPNK");
/// ```
#[derive(Clone, Copy)]
pub struct Masked<'a>(pub &'a str);

impl Masked<'_> {
    /// Whether the text holds a key that is in none of the published lists.
    pub fn is_needed(self) -> bool {
        unlisted(self.0, 0).is_some()
    }
}

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = 0;
        while let Some((range, key)) = unlisted(self.0, shown) {
            f.write_str(self.0.get(shown..range.start).unwrap_or_default())?;
            // `Display` of a key is masked.
            key.fmt(f)?;
            shown = range.end;
        }
        f.write_str(self.0.get(shown..).unwrap_or_default())
    }
}

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// The first key from a place on that is in none of the published lists.
fn unlisted(text: &str, from: usize) -> Option<(Range<usize>, ProductKey)> {
    let bytes = text.as_bytes();
    let mut start = from;
    // Five symbols in a row begin a key; most texts have none.
    while let Some(found) = next_run(bytes, start) {
        let run = run_length(bytes, found);
        let key = (found..=found + run - GROUP).find_map(|place| key_at(text, place));
        start = match key {
            Some((range, key)) if keys::identify(&key).is_none() => return Some((range, key)),
            // A published key is shown whole; its groups begin no other one.
            Some((range, _)) => range.end,
            None => found + run,
        };
    }
    None
}

/// In either case, as texts write keys.
fn is_symbol(byte: u8) -> bool {
    product_key::is_symbol(byte.to_ascii_uppercase())
}

/// The next run of at least five symbols.
fn next_run(bytes: &[u8], from: usize) -> Option<usize> {
    let mut start = from;
    loop {
        start += bytes
            .get(start..)?
            .iter()
            .position(|byte| is_symbol(*byte))?;
        let run = run_length(bytes, start);
        if run >= GROUP {
            return Some(start);
        }
        start += run;
    }
}

fn run_length(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    rest.iter()
        .position(|byte| !is_symbol(*byte))
        .unwrap_or(rest.len())
}

/// A key that begins at a place.
fn key_at(text: &str, start: usize) -> Option<(Range<usize>, ProductKey)> {
    let bytes = text.as_bytes();
    let mut symbols = [0; SYMBOLS];
    let (mut place, mut separated) = (start, true);
    for (group, symbols) in symbols.chunks_exact_mut(GROUP).enumerate() {
        if group > 0 {
            let between = separators(text.get(place..)?);
            separated &= between > 0;
            place += between;
        }
        let found = bytes.get(place..place + GROUP)?;
        if !found.iter().all(|byte| is_symbol(*byte)) {
            return None;
        }
        symbols.copy_from_slice(found);
        symbols.make_ascii_uppercase();
        place += GROUP;
    }
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let before = start.checked_sub(1).and_then(|before| bytes.get(before));
    if !separated && (is_letter(before) || is_letter(bytes.get(place))) {
        return None;
    }
    Some((start..place, ProductKey::from_symbols(symbols).ok()?))
}

/// The bytes of up to three characters that are neither letters nor digits.
fn separators(text: &str) -> usize {
    let mut characters = text.char_indices();
    for _ in 0..=SEPARATORS {
        match characters.next() {
            Some((_, c)) if !c.is_alphanumeric() => {}
            Some((place, _)) => return place,
            None => return text.len(),
        }
    }
    // A longer gap parts two texts.
    0
}
