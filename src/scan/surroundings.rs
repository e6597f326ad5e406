//! What a text says around a key: its caption, and what the key is for.
//!
//! A wrong caption makes a right key look wrong, so little is believed: the key's own line, its row and
//! column in a table of bars, lines right above, and headings above those that hold nothing but names.
//! Where two of them disagree, or the line below would make it right as well, nothing is known.
//!
//! An answer file of Windows Setup says more: its elements tell which key is taken there, and the name of
//! its image of which system.

use core::ops::Range;

use super::answer_file::AnswerFile;
use super::{Finding, Wanted, scan};
use crate::catalog::keys::{KeyChannel, KeyUse};
use crate::catalog::products::{Product, Products};
use crate::catalog::releases::Releases;
use crate::fact::{Fact, Possibility};
use crate::identity::Clue;

/// The bytes of a line that are looked at, on either side of the key.
const SIDE: usize = 240;
/// How many lines above a key may be its caption whatever else they say.
const NEAR: usize = 3;
/// How far above it a heading may be: so many lines, and so many bytes.
const FAR_LINES: usize = 40;
const FAR: usize = 4096;

/// What the text around a finding says of the place.
///
/// ```
/// use avma::scan::{Surroundings, scan};
/// use avma::Release;
///
/// let text = "## Windows Server 2022\n\n| Edition | AVMA key |\n|---|---|\n\
///     | Standard | VDYBN-27WPP-V4HQT-9VMD4-VMK7H |\n";
/// let finding = scan(text).next().unwrap();
/// let around = Surroundings::of(text, &finding);
/// assert_eq!(around.wanted.releases.release(), Some(Release::Ws2022));
/// // A GVLK in a column of AVMA keys.
/// let should = around.wanted.judge(&finding).should.unwrap();
/// assert_eq!(should.key.to_string(), "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Surroundings {
    /// What is known of the place.
    pub wanted: Wanted,
    /// The bytes of the nearest text that says so; `None` where nothing does.
    pub caption: Option<Range<usize>>,
}

impl Surroundings {
    /// Reads a few lines around a finding of [`scan`] in the same text; how many is bounded.
    pub fn of(text: &str, finding: &Finding) -> Self {
        let Range { start, end } = finding.range;
        let from = floor(text, start.saturating_sub(FAR + SIDE));
        let to = floor(text, end.saturating_add(2 * SIDE));
        let window = text.get(from..to).unwrap_or_default();
        let key = start.saturating_sub(from)..end.saturating_sub(from);
        let mut around = Self {
            wanted: Wanted::UNKNOWN,
            caption: None,
        };
        if let Some(file) = AnswerFile::around(text, &finding.range) {
            if !around.hear_file(text, &file) {
                // Of several images the line may name the wrong one.
                return around;
            }
        }
        let of_file = around.caption.take();
        around.read(window, &key, finding.named());
        let near = around.caption.take();
        let near = near.map(|caption| caption.start + from..caption.end + from);
        around.caption = of_file.or(near);
        around
    }

    fn read(&mut self, text: &str, key: &Range<usize>, named: Option<&KeyUse>) {
        let line = Line::around(text, key);
        if let Some(named) = named {
            self.hear_name(text, line.start..line.end, named);
        }
        let table = Table::around(text, &line, key);
        match &table {
            Some(table) => {
                self.hear(text, table.row_name.clone());
                self.hear(text, table.header.clone());
            }
            None => self.hear_line(text, &line, key),
        }
        let own = self.wanted;
        let top = table.map_or(line.start, |table| table.top);
        let indent = indent(text.get(line.start..).unwrap_or_default());
        self.hear_above(text, top, indent, named);
        if let Some(named) = named {
            self.doubt(text, line.end, own, named);
        }
    }

    /// What the answer file around the key says: of the system where it installs one image only. Whether
    /// it installs no other.
    fn hear_file(&mut self, text: &str, file: &AnswerFile) -> bool {
        let read = |image: &Range<usize>| {
            let name = text.get(image.clone()).unwrap_or_default();
            let reading = Clue::ImageName(name).read();
            Wanted {
                releases: narrow(reading.releases),
                products: named_products(reading.products),
                evaluation: reading.evaluation,
                channel: None,
            }
        };
        let mut agree = true;
        if let Some(first) = file.images().next() {
            let said = read(&first);
            agree = file.images().all(|other| read(&other) == said);
            if agree {
                self.take(said, first);
            }
        }
        let said = Wanted {
            channel: file.channel,
            ..Wanted::UNKNOWN
        };
        self.take(said, file.element.clone());
        agree
    }

    /// What a piece of text says on axes that nothing nearer spoke about.
    fn hear(&mut self, text: &str, range: Range<usize>) {
        let said = heard(text.get(range.clone()).unwrap_or_default());
        self.take(said, range);
    }

    fn take(&mut self, said: Wanted, range: Range<usize>) {
        let before = self.wanted;
        self.wanted = before.or(said);
        if self.caption.is_none() && self.wanted != before {
            self.caption = Some(range);
        }
    }

    /// The key's own line: what stands before it, or else behind.
    fn hear_line(&mut self, text: &str, line: &Line, key: &Range<usize>) {
        let before = last_part(text, line.start..key.start);
        let behind = first_part(text, key.end..line.end);
        let of = |range: &Range<usize>| heard(text.get(range.clone()).unwrap_or_default());
        let (first, second) = (of(&before), of(&behind));
        if is_contrary(first.releases, second.releases)
            || is_contrary(first.products, second.products)
        {
            // What the key is for may still be told.
            let channel = first.channel.or(second.channel);
            let said = Wanted {
                channel,
                ..Wanted::UNKNOWN
            };
            return self.take(said, before);
        }
        self.take(first, before);
        if first.releases.is_unknown() && first.products.is_unknown() {
            self.take(second, behind);
        }
    }

    /// A line that holds a name of the key, for a key that is told by its name: the line is its caption.
    fn hear_name(&mut self, text: &str, line: Range<usize>, key: &KeyUse) {
        let written = text.get(line.clone()).unwrap_or_default();
        if is_named_in(key, written) {
            let said = Wanted {
                releases: key.releases,
                products: key.product.into(),
                ..Wanted::UNKNOWN
            };
            self.take(said, line);
        }
    }

    /// The lines above.
    fn hear_above(&mut self, text: &str, top: usize, indent: usize, named: Option<&KeyUse>) {
        let above = text.get(..top).unwrap_or_default();
        let mut end = above.len();
        for (place, line) in above.rsplit('\n').enumerate() {
            let start = end - line.len();
            let range = start..end;
            end = start.saturating_sub(1);
            if place > FAR_LINES || self.is_complete() {
                return;
            }
            let heading = is_heading(line) && (place == 1 || governs(line, indent));
            if !(heading || place <= NEAR && line.len() <= SIDE) || holds_key(line) {
                // Too far away, or the caption of another key.
                continue;
            }
            if let Some(named) = named.filter(|named| is_named_in(named, line)) {
                self.hear_name(text, range, named);
                continue;
            }
            let mut said = heard(line);
            if !heading {
                // Any other sentence counts where it names one system whole.
                said.channel = None;
                if said.releases.len() > 1 || said.products.len() > 1 {
                    continue;
                }
            }
            self.take(said, range);
        }
    }

    fn is_complete(&self) -> bool {
        let wanted = &self.wanted;
        !wanted.releases.is_unknown() && !wanted.products.is_unknown() && wanted.channel.is_some()
    }

    /// Where captions stand below their keys: what makes a key wrong is not known where the line below
    /// would make it right. What the key's own line said stays.
    fn doubt(&mut self, text: &str, end: usize, own: Wanted, key: &KeyUse) {
        let below = text.get(end..).unwrap_or_default();
        let line = below.lines().find(|line| !line.trim().is_empty());
        let Some(line) = line.filter(|line| line.len() <= SIDE && !holds_key(line)) else {
            return;
        };
        let said = heard(line);
        let wanted = &mut self.wanted;
        if own.releases.is_unknown()
            && is_contrary(wanted.releases, key.releases)
            && !is_contrary(said.releases, key.releases)
            && !said.releases.is_unknown()
        {
            wanted.releases = Fact::unknown();
        }
        if own.products.is_unknown()
            && !wanted.products.contains(key.product)
            && said.products.is(key.product)
        {
            wanted.products = Fact::unknown();
        }
    }
}

/// Whether a text holds a name that the list gives the key.
fn is_named_in(key: &KeyUse, text: &str) -> bool {
    let mut names = key.listed_names();
    names.any(|name| places_of(text, name).next().is_some())
}

fn holds_key(line: &str) -> bool {
    scan(line).next().is_some()
}

fn is_contrary<T: Possibility>(one: Fact<T>, other: Fact<T>) -> bool {
    one.intersect(other).is_none()
}

/// What a piece of text says of a system and of a channel.
fn heard(piece: &str) -> Wanted {
    let channel = channel(piece);
    if ["host", "hosts"].iter().any(|word| has_word(piece, word)) {
        // The system may be the host, whose key is another.
        return Wanted {
            channel,
            ..Wanted::UNKNOWN
        };
    }
    let mut reading = Clue::Caption(piece).read();
    if reading.says_nothing() {
        // A name between quotes, bars and other marks: the last one.
        let marks = [
            '"', '\'', '`', '|', '=', ',', ';', '(', ')', '{', '}', '[', ']', '<', '>',
        ];
        let mut names = piece.rsplit(marks).map(|name| Clue::Caption(name).read());
        if let Some(named) = names.find(|named| !named.says_nothing()) {
            reading = named;
        }
    }
    let releases = if holds_date(piece) {
        // The year may be that of the date.
        Releases::unknown()
    } else {
        reading.releases
    };
    Wanted {
        releases: narrow(releases),
        products: named_products(reading.products),
        evaluation: reading.evaluation,
        channel,
    }
}

/// An image flag leaves many releases open, which says nothing here.
fn narrow(releases: Releases) -> Releases {
    if releases.len() > 8 {
        Releases::unknown()
    } else {
        releases
    }
}

/// "Windows Server" alone names no product.
fn named_products(products: Products) -> Products {
    if products.contains(Product::Datacenter) && products.contains(Product::Standard) {
        Products::unknown()
    } else {
        products
    }
}

/// Which of the two channels a piece of text names; `None` where it names both.
fn channel(piece: &str) -> Option<KeyChannel> {
    let avma = holds(piece, "avma") || holds(piece, "automatic virtual machine activation");
    let gvlk = holds(piece, "gvlk")
        || has_word(piece, "kms")
        || ["kmskey", "kmsclient", "kms client"]
            .iter()
            .any(|name| holds(piece, name));
    match (avma, gvlk) {
        (true, false) => Some(KeyChannel::Avma),
        (false, true) => Some(KeyChannel::Gvlk),
        _ => None,
    }
}

/// Whether a text holds another, in lower case, in any case of letters.
fn holds(text: &str, wanted: &str) -> bool {
    places_of(text, wanted).next().is_some()
}

/// The same as a word of its own.
fn has_word(text: &str, wanted: &str) -> bool {
    let bytes = text.as_bytes();
    let letter = |place: Option<usize>| {
        let byte = place.and_then(|place| bytes.get(place));
        byte.is_some_and(u8::is_ascii_alphanumeric)
    };
    // `kms.example.test` names a computer.
    let dot = |place: usize| bytes.get(place) == Some(&b'.') && letter(Some(place + 1));
    places_of(text, wanted).any(|place| {
        let end = place + wanted.len();
        !letter(place.checked_sub(1)) && !letter(Some(end)) && !dot(end)
    })
}

pub(super) fn places_of<'a>(text: &'a str, wanted: &'a str) -> impl Iterator<Item = usize> + 'a {
    let windows = text.as_bytes().windows(wanted.len()).enumerate();
    windows
        .filter(|(_, found)| found.eq_ignore_ascii_case(wanted.as_bytes()))
        .map(|(place, _)| place)
}

/// A year with a number beside it, as in `2022-05-03`, `2022/5` and `3.5.2022`.
fn holds_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |place: Option<usize>| {
        let byte = place.and_then(|place| bytes.get(place));
        byte.is_some_and(u8::is_ascii_digit)
    };
    let mark = |place: Option<usize>| {
        let byte = place.and_then(|place| bytes.get(place));
        byte.is_some_and(|byte| matches!(byte, b'-' | b'/' | b'.'))
    };
    (0..bytes.len()).any(|start| {
        let is_year = (start..start + 4).all(|place| digit(Some(place)))
            && !digit(start.checked_sub(1))
            && !digit(Some(start + 4));
        is_year
            && (mark(Some(start + 4)) && digit(Some(start + 5))
                || mark(start.checked_sub(1)) && digit(start.checked_sub(2)))
    })
}

/// Whether the head of a block is that of a line with such an indentation, as in YAML and source text.
fn governs(head: &str, indentation: usize) -> bool {
    if head.trim_end().ends_with([':', '{']) {
        indent(head) < indentation
    } else {
        indent(head) <= indentation
    }
}

/// The blanks that a line begins with.
fn indent(line: &str) -> usize {
    line.bytes()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

/// A line of names only, as headings and the heads of blocks are.
fn is_heading(line: &str) -> bool {
    const NAMES: [&str; 28] = [
        "windows",
        "server",
        "microsoft",
        "version",
        "datacenter",
        "standard",
        "essentials",
        "azure",
        "edition",
        "editions",
        "r",
        "avma",
        "kms",
        "gvlk",
        "key",
        "keys",
        "client",
        "setup",
        "product",
        "automatic",
        "virtual",
        "machine",
        "vm",
        "activation",
        "for",
        "guest",
        "guests",
        "evaluation",
    ];
    let mut words = line
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .peekable();
    // The end of a statement.
    if line.trim_end().ends_with([';', ',', '.']) {
        return false;
    }
    // `2022:` names a release, `2022` may be any number.
    let named = words.peek().is_some() || line.trim_end().ends_with([':', '{']);
    named && words.all(|word| is_made_of(word.as_bytes(), &NAMES))
}

/// Whether a word is one of these, or several of them written together, as in `avmaKeys`.
fn is_made_of(word: &[u8], names: &[&str]) -> bool {
    let mut rest = word;
    while !rest.is_empty() {
        let begins = |name: &&&str| {
            let start = rest.get(..name.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        };
        // The longest: "keys" before "key".
        let Some(name) = names.iter().filter(begins).max_by_key(|name| name.len()) else {
            return false;
        };
        rest = rest.get(name.len()..).unwrap_or_default();
    }
    true
}

/// The bytes of a line.
struct Line {
    start: usize,
    end: usize,
}

impl Line {
    /// Around a key, cut where it is long.
    fn around(text: &str, key: &Range<usize>) -> Self {
        let first = floor(text, key.start.saturating_sub(SIDE));
        let last = floor(text, key.end + SIDE);
        let before = text.get(first..key.start).unwrap_or_default();
        let behind = text.get(key.end..last).unwrap_or_default();
        Self {
            start: before.rfind('\n').map_or(first, |at| first + at + 1),
            end: behind.find('\n').map_or(last, |at| key.end + at),
        }
    }
}

/// The end of a character at `at` or before.
pub(super) fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// What stands behind the last other key before this one.
fn last_part(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let behind = scan(part).last().map_or(0, |finding| finding.range.end);
    range.start + behind..range.end
}

/// What stands before the next other key.
fn first_part(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let next = scan(part).next();
    // What stands before another key is its caption.
    let end = next.map_or(range.end, |_| range.start);
    range.start..end
}

/// A row of a table whose columns bars part, as Markdown has them.
struct Table {
    /// The first cell of the row.
    row_name: Range<usize>,
    /// The cell of the first row above the key.
    header: Range<usize>,
    /// Where the table begins.
    top: usize,
}

impl Table {
    fn around(text: &str, line: &Line, key: &Range<usize>) -> Option<Self> {
        let before = text.get(line.start..key.start)?;
        let column = before.matches('|').count();
        let behind = text.get(key.end..line.end)?;
        if column == 0 || column + behind.matches('|').count() < 2 {
            return None;
        }
        let first = usize::from(before.trim_start().starts_with('|'));
        let row_name = if column == first {
            // The key itself stands there.
            line.start..line.start
        } else {
            cell(text, line.start..line.end, first)
        };
        // The first row: the line end before the table belongs to none.
        let above = text.get(..line.start)?;
        let above = above.strip_suffix('\n').unwrap_or(above);
        let mut top = line.start;
        let mut end = above.len();
        for row in above.rsplit('\n').take(FAR_LINES) {
            if !row.contains('|') {
                break;
            }
            top = end - row.len();
            end = top.saturating_sub(1);
        }
        let header = if top == line.start {
            top..top
        } else {
            let end = text
                .get(top..)?
                .find('\n')
                .map_or(text.len(), |at| top + at);
            cell(text, top..end, column)
        };
        Some(Self {
            row_name,
            header,
            top,
        })
    }
}

/// The cell behind so many bars of a row.
fn cell(text: &str, row: Range<usize>, column: usize) -> Range<usize> {
    let line = text.get(row.clone()).unwrap_or_default();
    let start = match column.checked_sub(1) {
        None => 0,
        Some(bar) => match line.match_indices('|').nth(bar) {
            Some((at, _)) => at + 1,
            None => line.len(),
        },
    };
    let rest = line.get(start..).unwrap_or_default();
    let length = rest.find('|').unwrap_or(rest.len());
    row.start + start..row.start + start + length
}
