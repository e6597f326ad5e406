//! Texts with the keys in them masked, except those that are published.
//!
//! AVMA keys and GVLKs are public and generic. Any *other* key that is met in a text is a secret:
//! its last five characters may be shown, as Windows itself does.

use core::fmt;
use core::ops::Range;

use crate::catalog::keys;
use crate::product_key::{ProductKey, TEXT_LEN};

const SYMBOLS: usize = 25;

/// A text as it may be shown: every key in it that is not published is masked but for its last five.
///
/// A key is found where it stands whole, with or without its hyphens, in either case of letters,
/// and not within a longer word. Damaged keys are for [`repair`](crate::repair).
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
    /// Whether the text holds a key that is not published.
    pub fn is_needed(self) -> bool {
        foreign(self.0, 0).is_some()
    }
}

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = 0;
        while let Some((range, key)) = foreign(self.0, shown) {
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

/// The first key from a place on that is not published.
fn foreign(text: &str, from: usize) -> Option<(Range<usize>, ProductKey)> {
    let mut start = from;
    // Word by word, where a word is what a key with or without hyphens could be.
    while let Some(word) = next_word(text, start) {
        start = word.end;
        let mut place = word.start;
        while place < word.end {
            match key_at(text, place, word.end) {
                Some((range, key)) if keys::identify(&key).is_none() => return Some((range, key)),
                Some((range, _)) => place = range.end,
                None => place = next_group(text, place, word.end),
            }
        }
    }
    None
}

fn next_word(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let mut start = from;
    loop {
        start += bytes.get(start..)?.iter().position(is_word)?;
        let rest = bytes.get(start..)?;
        let len = rest
            .iter()
            .position(|byte| !is_word(byte))
            .unwrap_or(rest.len());
        if len >= SYMBOLS {
            return Some(start..start + len);
        }
        start += len;
    }
}

/// Behind the next hyphen.
fn next_group(text: &str, place: usize, end: usize) -> usize {
    let rest = text.get(place..end).unwrap_or_default();
    rest.find('-').map_or(end, |hyphen| place + hyphen + 1)
}

/// A key that begins at a place and ends with its group.
fn key_at(text: &str, place: usize, end: usize) -> Option<(Range<usize>, ProductKey)> {
    let whole =
        |range: &Range<usize>| range.end == end || text.as_bytes().get(range.end) == Some(&b'-');
    let hyphened = place..place + TEXT_LEN;
    let plain = place..place + SYMBOLS;
    if let Some(key) = text
        .get(hyphened.clone())
        .and_then(|text| ProductKey::parse(text).ok())
    {
        return whole(&hyphened).then_some((hyphened, key));
    }
    let symbols = <[u8; SYMBOLS]>::try_from(text.get(plain.clone())?.as_bytes()).ok()?;
    let key = ProductKey::from_symbols(symbols.map(|symbol| symbol.to_ascii_uppercase())).ok()?;
    whole(&plain).then_some((plain, key))
}
