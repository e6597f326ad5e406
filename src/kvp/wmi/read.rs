//! The reader of items: what one element says, from a tree of it.

use alloc::string::String;

use roxmltree::{Document, Node, ParsingOptions};

use super::pieces::{INSTANCE, MAX_DEPTH, Piece, Pieces, is_character};
use super::{CLASS, Item, WmiItemError};

/// The largest item that is read, in bytes. Name and data of an item that a guest sees have at most
/// 1024 characters each, the value of one that the host keeps to itself 16 KB, and an escape makes 5
/// bytes of one.
pub const MAX_ITEM: usize = 128 * 1024;
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
    if let Some((_, item)) = lone(text) {
        return Ok(item);
    }
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
/// cannot be read is an error of its own; the items after it are read all the same. A blank text
/// holds no items.
///
/// ```
/// let one = r#"<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Name"><VALUE>a</VALUE></PROPERTY></INSTANCE>"#;
/// let text = format!("{one} <INSTANCE CLASS {one}");
/// let read: Vec<bool> = avma::kvp::wmi::items(&text).map(|item| item.is_ok()).collect();
/// assert_eq!(read, [true, false, true]);
/// ```
pub fn items(text: &str) -> impl Iterator<Item = Result<Item, WmiItemError>> {
    item_indices(text).map(|(_, read)| read)
}

/// As [`items`], each with the byte of the text that its element begins at; an item that cannot be
/// read with the byte of the fault.
pub fn item_indices(text: &str) -> impl Iterator<Item = (usize, Result<Item, WmiItemError>)> {
    let lone = lone(text).map(|(start, item)| (start, Ok(item)));
    let rest = if lone.is_some() { "" } else { text };
    let pieces = Pieces::new(rest).map(|piece| {
        let read = piece.and_then(|piece| Ok((piece.start, piece.read()?)));
        match read {
            Ok((start, item)) => (start, Ok(item)),
            Err(error) => (error.at(), Err(error)),
        }
    });
    lone.into_iter().chain(pieces)
}

/// The item of a text that is one element of the plain kind, and where it begins.
///
/// This is by far the most frequent text, and needs no cutting: without declarations, comments and
/// CDATA, without a second `<INSTANCE`, the tree alone tells all that the tokens would. Whatever is not
/// read here is read, or refused with its place, piece by piece.
fn lone(text: &str) -> Option<(usize, Item)> {
    let element = text.trim_ascii_start();
    let rest = element.strip_prefix(INSTANCE)?;
    let is_plain = element.len() <= MAX_ITEM
        && !["<!", "<?", INSTANCE]
            .iter()
            .any(|mark| rest.contains(mark))
        && element
            .match_indices('&')
            .all(|(at, _)| is_character(element, at));
    if !is_plain {
        return None;
    }
    let start = text.len() - element.len();
    let piece = Piece {
        text: element,
        start,
    };
    let document = piece.parse().ok()?;
    let root = document.root_element();
    if is_deeper(root, MAX_DEPTH) {
        return None;
    }
    piece.instance(root).ok().map(|item| (start, item))
}

/// Whether an element has more than so many elements within each other, itself counted.
fn is_deeper(element: Node<'_, '_>, depth: usize) -> bool {
    let Some(below) = depth.checked_sub(1) else {
        return true;
    };
    let mut elements = element.children().filter(Node::is_element);
    elements.any(|child| is_deeper(child, below))
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
        let document = self.parse().map_err(|error| self.not_well_formed(&error))?;
        self.instance(document.root_element())
    }

    fn parse(&self) -> Result<Document<'_>, roxmltree::Error> {
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MAX_NODES,
            ..ParsingOptions::default()
        };
        Document::parse_with_options(self.text, options)
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
            Some((Some(text), at)) if !text.trim().is_empty() => {
                // `parse` would take a sign, which a uint16 has not.
                let digits = Some(text.trim()).filter(|text| !text.starts_with('+'));
                let number = digits.and_then(|digits| digits.parse().ok());
                Some(number.ok_or(WmiItemError::Source { at })?)
            }
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
pub(crate) fn offset(text: &str, position: roxmltree::TextPos) -> usize {
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
