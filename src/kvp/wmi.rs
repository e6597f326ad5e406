//! Items as WMI hands them out: `Msvm_KvpExchangeDataItem` as embedded CIM-XML.
//!
//! A property is found by its name, never by its place: `Caption`, `Data`, `Description` come before
//! `Name` in real items, and inherited ones may be missing. Source: Microsoft's page on the class and
//! the samples of several readers in the field.

use alloc::string::String;

use roxmltree::{Document, Node, ParsingOptions};

pub use super::Item;
pub use super::error::WmiItemError;

/// The largest item that is read, in bytes. Name and data have at most 1024 characters each.
pub const MAX_ITEM: usize = 64 * 1024;
/// The deepest nesting that is read; an item has 3 levels, its qualifiers 4.
pub const MAX_DEPTH: usize = 16;

const CLASS: &str = "Msvm_KvpExchangeDataItem";
const INSTANCE: &str = "<INSTANCE";
/// Enough for any item of real shape; keeps a hostile one from becoming a large tree.
const MAX_NODES: u32 = 4096;

/// Reads a text that holds exactly one item.
///
/// ```
/// let text = r#"<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem">
///   <PROPERTY NAME="Data" TYPE="string"><VALUE>R&amp;D</VALUE></PROPERTY>
///   <PROPERTY NAME="Name" TYPE="string"><VALUE>Team</VALUE></PROPERTY>
/// </INSTANCE>"#;
/// let item = avma::kvp::wmi::item(text)?;
/// assert_eq!((item.name.as_str(), item.data.as_str(), item.source), ("Team", "R&D", None));
/// # Ok::<(), avma::kvp::error::WmiItemError>(())
/// ```
///
/// # Errors
///
/// A text that is no XML (`pas du xml`), another class, an item that is cut off, one with a document
/// type declaration, or two items.
pub fn item(text: &str) -> Result<Item, WmiItemError> {
    let mut pieces = Pieces::new(text);
    let first = pieces
        .next()
        .ok_or(WmiItemError::NotXml { at: 0 })?
        .and_then(|piece| piece.read())?;
    match pieces.next() {
        None => Ok(first),
        Some(Ok(piece)) => Err(WmiItemError::Several { at: piece.start }),
        Some(Err(error)) => Err(error),
    }
}

/// Reads a text that holds any number of items, one after the other.
///
/// PowerShell joins an array of items with blanks where its nesting depth is used up. An item that
/// can not be read is an error of its own; the items after it are read all the same. A blank text
/// holds no items.
///
/// ```
/// let one = r#"<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Name"><VALUE>a</VALUE></PROPERTY></INSTANCE>"#;
/// let text = format!("{one} <INSTANCE CLASS {one}");
/// let read: Vec<bool> = avma::kvp::wmi::items(&text).map(|item| item.is_ok()).collect();
/// assert_eq!(read, [true, false, true]);
/// ```
pub fn items(text: &str) -> impl Iterator<Item = Result<Item, WmiItemError>> {
    Pieces::new(text).map(|piece| piece.and_then(|piece| piece.read()))
}

/// A part of the text that is one whole element, with what comes before it.
struct Piece<'a> {
    text: &'a str,
    /// Its place in the whole text.
    start: usize,
}

impl Piece<'_> {
    fn read(&self) -> Result<Item, WmiItemError> {
        if self.text.len() > MAX_ITEM {
            return Err(WmiItemError::TooLarge {
                at: self.start,
                got: self.text.len(),
                max: MAX_ITEM,
            });
        }
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MAX_NODES,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(self.text, options)
            .map_err(|error| self.not_well_formed(&error))?;
        self.instance(document.root_element())
    }

    fn instance(&self, root: Node<'_, '_>) -> Result<Item, WmiItemError> {
        let is_item = root.tag_name().name() == "INSTANCE"
            && root
                .attribute("CLASSNAME")
                .is_some_and(|class| class.eq_ignore_ascii_case(CLASS));
        if !is_item {
            return Err(WmiItemError::OtherClass { at: self.at(root) });
        }
        let (mut name, mut data, mut source) = (None, None, None);
        for property in elements(root, "PROPERTY") {
            let slot = match property.attribute("NAME") {
                Some(text) if text.eq_ignore_ascii_case("Name") => &mut name,
                Some(text) if text.eq_ignore_ascii_case("Data") => &mut data,
                Some(text) if text.eq_ignore_ascii_case("Source") => &mut source,
                _ => continue,
            };
            if slot.is_some() {
                return Err(WmiItemError::Twice {
                    at: self.at(property),
                });
            }
            *slot = Some((self.value(property)?, self.at(property)));
        }
        let name = name
            .and_then(|(value, _)| value)
            .filter(|name| !name.is_empty())
            .ok_or(WmiItemError::NoName { at: self.at(root) })?;
        let data = data.and_then(|(value, _)| value).unwrap_or_default();
        let source = match source {
            Some((Some(text), at)) if !text.trim().is_empty() => Some(
                text.trim()
                    .parse()
                    .map_err(|_| WmiItemError::Source { at })?,
            ),
            _ => None,
        };
        Ok(Item { name, data, source })
    }

    /// The text of the property's own VALUE; `None` is WMI's NULL. Qualifiers have a VALUE too, but
    /// one level below.
    fn value(&self, property: Node<'_, '_>) -> Result<Option<String>, WmiItemError> {
        let mut values = elements(property, "VALUE");
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if let Some(second) = values.next() {
            return Err(WmiItemError::Twice {
                at: self.at(second),
            });
        }
        let mut text = String::new();
        for part in value.children() {
            if part.is_element() {
                return Err(WmiItemError::Malformed { at: self.at(part) });
            }
            // A comment cuts the text in two; it is not part of the value.
            if part.is_text() {
                text.push_str(part.text().unwrap_or_default());
            }
        }
        Ok(Some(text))
    }

    fn at(&self, node: Node<'_, '_>) -> usize {
        self.start + node.range().start
    }

    fn not_well_formed(&self, error: &roxmltree::Error) -> WmiItemError {
        let at = self.start + offset(self.text, error.pos());
        match error {
            roxmltree::Error::DtdDetected => WmiItemError::Dtd { at: self.start },
            roxmltree::Error::NonXmlChar(..) => WmiItemError::NotACharacter { at },
            _ => WmiItemError::Malformed { at },
        }
    }
}

fn elements<'a, 'input>(
    parent: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    parent
        .children()
        .filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The byte offset of a row and column, which count from 1 and in characters.
fn offset(text: &str, position: roxmltree::TextPos) -> usize {
    let row = usize::try_from(position.row).unwrap_or(1);
    let column = usize::try_from(position.col).unwrap_or(1);
    let mut lines = text.split_inclusive('\n');
    let above: usize = lines
        .by_ref()
        .take(row.saturating_sub(1))
        .map(str::len)
        .sum();
    let line = lines.next().unwrap_or_default();
    let within: usize = line
        .chars()
        .take(column.saturating_sub(1))
        .map(char::len_utf8)
        .sum();
    above + within
}

/// The next occurrence of a mark, kept until it is passed, so that looking for it again and again
/// stays linear in a text that never has it.
struct Mark {
    text: &'static str,
    next: Option<usize>,
    searched: bool,
}

impl Mark {
    const fn new(text: &'static str) -> Self {
        Self {
            text,
            next: None,
            searched: false,
        }
    }

    fn at_or_after(&mut self, text: &str, from: usize) -> Option<usize> {
        match self.next {
            Some(next) if next >= from => {}
            None if self.searched => {}
            _ => {
                self.searched = true;
                self.next = text
                    .get(from..)
                    .and_then(|rest| rest.find(self.text))
                    .map(|place| from + place);
            }
        }
        self.next
    }
}

/// Cuts the text into its elements without trusting it: a new `<INSTANCE` within one means that the
/// first is broken.
struct Pieces<'a> {
    text: &'a str,
    at: usize,
    instance: Mark,
    comment_end: Mark,
    cdata_end: Mark,
    instruction_end: Mark,
}

/// What the tokens of a piece have shown so far.
#[derive(Default)]
struct Seen {
    depth: usize,
    fault: Option<WmiItemError>,
    dtd: Option<usize>,
}

impl Seen {
    /// The first fault of a piece is the one that is told.
    fn note(&mut self, fault: WmiItemError) {
        self.fault.get_or_insert(fault);
    }
}

/// What a token means for the piece that it is in.
enum Token {
    /// The piece goes on at this byte.
    Next(usize),
    /// The piece ends before this byte.
    End(usize),
    /// The piece is broken at this byte; the next one begins with the next `<INSTANCE`.
    Broken(usize),
}

impl<'a> Pieces<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            instance: Mark::new(INSTANCE),
            comment_end: Mark::new("-->"),
            cdata_end: Mark::new("]]>"),
            instruction_end: Mark::new("?>"),
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn starts(&self, at: usize, mark: &str) -> bool {
        self.text
            .as_bytes()
            .get(at..)
            .is_some_and(|rest| rest.starts_with(mark.as_bytes()))
    }

    fn is_instance(&self, at: usize) -> bool {
        self.starts(at, INSTANCE)
            && self
                .byte(at + INSTANCE.len())
                .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
    }

    fn find_byte(&self, from: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let rest = self.text.as_bytes().get(from..)?;
        rest.iter()
            .position(|byte| wanted(*byte))
            .map(|place| from + place)
    }

    /// Where the next item begins; the end of the text where there is none.
    fn next_instance(&mut self, from: usize) -> usize {
        let mut from = from;
        while let Some(at) = self.instance.at_or_after(self.text, from) {
            if self.is_instance(at) {
                return at;
            }
            from = at + 1;
        }
        self.text.len()
    }

    fn token(&mut self, at: usize, seen: &mut Seen) -> Token {
        if self.byte(at) == Some(b'&') {
            if !is_character(self.text, at) {
                seen.note(WmiItemError::NotACharacter { at });
            }
            return Token::Next(at + 1);
        }
        let text = self.text;
        let after = |end: Option<usize>, len: usize| {
            end.map_or(Token::Broken(at + 1), |end| Token::Next(end + len))
        };
        if self.starts(at, "<!--") {
            return after(self.comment_end.at_or_after(text, at + 4), 3);
        }
        if self.starts(at, "<![CDATA[") {
            return after(self.cdata_end.at_or_after(text, at + 9), 3);
        }
        if self.starts(at, "<?") {
            return after(self.instruction_end.at_or_after(text, at + 2), 2);
        }
        if self.starts(at, "<!") {
            seen.dtd.get_or_insert(at);
            // Where the declaration does not end, nothing after it can be trusted.
            return match self.declaration_end(at) {
                Some(end) => Token::Next(end),
                None => Token::End(text.len()),
            };
        }
        if self.starts(at, "</") {
            return match self.find_byte(at + 2, |byte| matches!(byte, b'<' | b'>')) {
                Some(end) if self.byte(end) == Some(b'>') => match seen.depth {
                    0 => Token::Broken(end),
                    1 => Token::End(end + 1),
                    _ => {
                        seen.depth -= 1;
                        Token::Next(end + 1)
                    }
                },
                end => Token::Broken(end.unwrap_or(text.len())),
            };
        }
        if seen.depth > 0 && self.is_instance(at) {
            return Token::Broken(at);
        }
        self.start_tag(at, seen)
    }

    fn start_tag(&self, at: usize, seen: &mut Seen) -> Token {
        let mut place = at + 1;
        let mut quote = None;
        while let Some(byte) = self.byte(place) {
            match byte {
                // Not even within quotes.
                b'<' => return Token::Broken(place),
                b'&' if !is_character(self.text, place) => {
                    seen.note(WmiItemError::NotACharacter { at: place });
                }
                b'"' | b'\'' if quote.is_none() => quote = Some(byte),
                _ if quote == Some(byte) => quote = None,
                b'>' if quote.is_none() => {
                    let closed = self.byte(place - 1) == Some(b'/');
                    if closed && seen.depth == 0 {
                        return Token::End(place + 1);
                    }
                    if !closed {
                        seen.depth += 1;
                        if seen.depth > MAX_DEPTH {
                            seen.note(WmiItemError::TooDeep { at, max: MAX_DEPTH });
                        }
                    }
                    return Token::Next(place + 1);
                }
                _ => {}
            }
            place += 1;
        }
        Token::Broken(place)
    }

    /// The end of `<!DOCTYPE … [ … ]>`: the first `>` outside of quotes and brackets.
    fn declaration_end(&self, at: usize) -> Option<usize> {
        let mut quote = None;
        let mut brackets = 0_usize;
        for (place, byte) in self.text.bytes().enumerate().skip(at) {
            match byte {
                b'"' | b'\'' if quote.is_none() => quote = Some(byte),
                _ if quote == Some(byte) => quote = None,
                _ if quote.is_some() => {}
                b'[' => brackets += 1,
                b']' => brackets = brackets.saturating_sub(1),
                b'>' if brackets == 0 => return Some(place + 1),
                _ => {}
            }
        }
        None
    }

    fn piece(&mut self, start: usize) -> Result<Piece<'a>, WmiItemError> {
        let mut seen = Seen::default();
        let mut place = start;
        let (end, broken) = loop {
            let token = self.find_byte(place, |byte| matches!(byte, b'<' | b'&'));
            let between = self.text.get(place..token.unwrap_or(self.text.len()));
            if seen.depth == 0 && !between.unwrap_or_default().trim().is_empty() {
                seen.note(WmiItemError::NotXml { at: place });
                break (self.next_instance(place), true);
            }
            let Some(token) = token else {
                break (self.text.len(), true);
            };
            match self.token(token, &mut seen) {
                Token::Next(next) => place = next,
                Token::End(end) => break (end, false),
                Token::Broken(at) => {
                    let end = self.next_instance(at.max(start + 1));
                    seen.note(WmiItemError::Malformed { at });
                    break (end, true);
                }
            }
        };
        self.at = end;
        if let Some(at) = seen.dtd {
            return Err(WmiItemError::Dtd { at });
        }
        match seen.fault {
            Some(fault) => Err(fault),
            None if broken => Err(WmiItemError::Malformed { at: end }),
            None => self
                .text
                .get(start..end)
                .map(|text| Piece { text, start })
                .ok_or(WmiItemError::Malformed { at: start }),
        }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, WmiItemError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        let blank = rest.len() - rest.trim_start().len();
        if blank == rest.len() {
            return None;
        }
        Some(self.piece(self.at + blank))
    }
}

/// Whether the reference at `at` is none to a number that XML has no character for.
///
/// The tree builder would put U+FFFD in the place of half a surrogate pair, and a name must never
/// be changed in silence.
fn is_character(text: &str, at: usize) -> bool {
    let Some(number) = text.get(at..).and_then(|rest| rest.strip_prefix("&#")) else {
        return true;
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let mut code = 0_u32;
    let mut any = false;
    for digit in digits.chars().map_while(|digit| digit.to_digit(radix)) {
        any = true;
        code = code.saturating_mul(radix).saturating_add(digit);
    }
    // Without digits it is not well formed, which the parser says better.
    !any || matches!(code, 0x9 | 0xA | 0xD | 0x20..=0xD7FF | 0xE000..=0xFFFD | 0x1_0000..=0x10_FFFF)
}
