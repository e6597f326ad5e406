//! Answer files of Windows Setup: which key belongs in an element `ProductKey`, and of which system.
//!
//! Setup itself reads the key of `UserData` in the pass windowsPE: a KMS client key, since it refuses
//! AVMA keys there. The key of Microsoft-Windows-Shell-Setup, of the pass specialize, is that of the
//! running system: either channel's.
//!
//! Source: Microsoft's Unattended Windows Setup Reference; that Setup refuses AVMA keys is reported.

use core::ops::Range;

use super::surroundings::{floor, places_of};
use crate::catalog::keys::KeyChannel;

/// How many bytes are looked at on either side of a key.
const REACH: usize = 16 * 1024;
/// How many images a file may name.
const IMAGES: usize = 8;

/// What an answer file says of a key in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AnswerFile {
    /// What the key is for, where only one channel's is taken.
    pub(super) channel: Option<KeyChannel>,
    /// The bytes of the element that says so.
    pub(super) element: Range<usize>,
    /// The bytes of the names of the images that the file installs.
    images: [Option<Range<usize>>; IMAGES],
}

impl AnswerFile {
    /// Around a key that is the value of an element `ProductKey`, or of a `Key` in one.
    pub(super) fn around(text: &str, key: &Range<usize>) -> Option<Self> {
        let from = floor(text, key.start.saturating_sub(REACH));
        let before = text.get(from..key.start)?;
        let mut ancestors = Ancestors::of(before);
        let mut parent = ancestors.next()?;
        let value = before.get(parent.end..)?;
        if parent.is("Key") && value.trim().is_empty() {
            parent = ancestors.next()?;
        } else if !value.trim().is_empty() {
            return None;
        }
        if !parent.is("ProductKey") {
            return None;
        }
        let mut deciding = None;
        for element in ancestors {
            if element.is("settings") {
                // The pass is what counts.
                deciding = element.says("windowsPE").then_some(element);
                break;
            }
            let of_setup = element.is("UserData")
                || element.is("component") && element.says("\"Microsoft-Windows-Setup\"");
            if of_setup && deciding.is_none() {
                deciding = Some(element);
            }
        }
        let element = deciding.as_ref().unwrap_or(&parent);
        Some(Self {
            channel: deciding.as_ref().map(|_| KeyChannel::Gvlk),
            element: from + element.start..from + element.end,
            images: images(text, key),
        })
    }

    /// The names of the images, as ranges of the text.
    pub(super) fn images(&self) -> impl Iterator<Item = Range<usize>> {
        self.images.iter().flatten().cloned()
    }
}

/// The start tag of an element.
struct Element<'t> {
    /// From behind `<` to before `>`.
    tag: &'t str,
    /// The bytes from `<` to behind `>`.
    start: usize,
    end: usize,
}

impl Element<'_> {
    fn is(&self, name: &str) -> bool {
        let end = self.tag.find(|c: char| c.is_whitespace() || c == '/');
        let found = self.tag.get(..end.unwrap_or(self.tag.len()));
        found.is_some_and(|found| found.eq_ignore_ascii_case(name))
    }

    /// Whether the attributes hold this text.
    fn says(&self, text: &str) -> bool {
        places_of(self.tag, text).next().is_some()
    }
}

/// The elements that are open at the end of a text, the innermost first.
struct Ancestors<'t> {
    text: &'t str,
    /// Up to where the text is not yet read.
    end: usize,
}

impl<'t> Ancestors<'t> {
    fn of(text: &'t str) -> Self {
        let end = text.len();
        Self { text, end }
    }

    /// The last tag before the end, comments left out.
    fn last_tag(&mut self) -> Option<Element<'t>> {
        loop {
            let rest = self.text.get(..self.end)?;
            let start = rest.rfind('<')?;
            let written = rest.get(start..)?;
            if written.contains("-->") {
                self.end = rest.rfind("<!--")?;
                continue;
            }
            self.end = start;
            let Some(length) = written.find('>') else {
                continue;
            };
            return Some(Element {
                tag: written.get(1..length)?,
                start,
                end: start + length + 1,
            });
        }
    }
}

impl<'t> Iterator for Ancestors<'t> {
    type Item = Element<'t>;

    fn next(&mut self) -> Option<Element<'t>> {
        let mut closed = 0_usize;
        loop {
            let element = self.last_tag()?;
            if element.tag.starts_with(['!', '?']) || element.tag.ends_with('/') {
                continue;
            }
            if element.tag.starts_with('/') {
                closed += 1;
            } else if closed > 0 {
                closed -= 1;
            } else {
                return Some(element);
            }
        }
    }
}

/// The values of the metadata `/IMAGE/NAME` in the file around a key.
fn images(text: &str, key: &Range<usize>) -> [Option<Range<usize>>; IMAGES] {
    let mut images = [const { None }; IMAGES];
    let from = floor(text, key.start.saturating_sub(REACH));
    let to = floor(text, key.end.saturating_add(REACH));
    let before = text.get(from..key.start).unwrap_or_default();
    let behind = text.get(key.end..to).unwrap_or_default();
    // Another answer file may stand in the same text.
    let start = places_of(before, "<unattend").last().unwrap_or(0) + from;
    let end = places_of(behind, "</unattend").next();
    let end = end.map_or(to, |end| key.end + end);
    let file = text.get(start..end).unwrap_or_default();
    let found = places_of(file, "/IMAGE/NAME").filter_map(|place| {
        let metadata = file.get(..place)?.rfind("<MetaData")?;
        let rest = file.get(metadata..)?;
        let rest = rest.get(..places_of(rest, "</MetaData").next()?)?;
        let value = places_of(rest, "<Value>").next()? + "<Value>".len();
        let length = rest.get(value..)?.find('<')?;
        let value = start + metadata + value;
        Some(value..value + length)
    });
    for (place, image) in images.iter_mut().zip(found) {
        *place = Some(image);
    }
    images
}
