//! The writer of items.

use core::fmt::{self, Write};

use super::CLASS;
#[cfg(feature = "alloc")]
use super::Item;
use super::{DataItemError, DataItemsError, ItemRef};

/// One item to be handed to a host, as the element of `DataItems` in `AddKvpItems`,
/// `ModifyKvpItems` and `RemoveKvpItems`.
///
/// It is written by `Display`: one line, the properties in the order and with the attributes of the
/// items that hosts hand out. Reading what was written gives the item again, to the last blank and
/// line end. What XML 1.0 has no way to write is refused by [`new`](Self::new), so that nothing is
/// dropped on the way.
///
/// The lengths that a host takes are not held against it: they depend on where the item goes
/// ([`limits`](crate::kvp::limits)). `Debug` does not show a text that may hold a product key.
///
/// ```
/// use avma::kvp::wmi::DataItem;
///
/// let item = DataItem::new("Team", "R&D", Some(0))?;
/// let text = item.to_string();
/// assert!(text.starts_with("<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Caption\" "));
/// assert!(text.contains("<PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>R&amp;D</VALUE></PROPERTY>"));
/// # Ok::<(), avma::kvp::error::DataItemError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DataItem<'a>(ItemRef<'a>);

impl<'a> DataItem<'a> {
    /// An item of this key and value. `Source` is 0 for an item that the guest gets, 4 for one that
    /// the host keeps to itself; `None` leaves it NULL.
    ///
    /// # Errors
    ///
    /// An empty name, which no reader takes; a character that XML 1.0 has none for, as U+0001 or
    /// U+FFFE, with its place: `DataItem::new("k", "a\u{1}", None)`.
    pub fn new(name: &'a str, data: &'a str, source: Option<u16>) -> Result<Self, DataItemError> {
        if name.is_empty() {
            return Err(DataItemError::NoName);
        }
        if let Some((at, character)) = not_xml(name) {
            return Err(DataItemError::Name { at, character });
        }
        if let Some((at, character)) = not_xml(data) {
            return Err(DataItemError::Data { at, character });
        }
        Ok(Self(ItemRef { name, data, source }))
    }

    /// An item of this key alone, for `RemoveKvpItems`, which looks at nothing else.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub fn key(name: &'a str) -> Result<Self, DataItemError> {
        Self::new(name, "", Some(0))
    }

    /// The item as it was given.
    pub const fn item(&self) -> ItemRef<'a> {
        self.0
    }
}

impl<'a> TryFrom<ItemRef<'a>> for DataItem<'a> {
    type Error = DataItemError;

    fn try_from(item: ItemRef<'a>) -> Result<Self, Self::Error> {
        Self::new(item.name, item.data, item.source)
    }
}

#[cfg(feature = "alloc")]
impl<'a> TryFrom<&'a Item> for DataItem<'a> {
    type Error = DataItemError;

    fn try_from(item: &'a Item) -> Result<Self, Self::Error> {
        Self::new(&item.name, &item.data, item.source)
    }
}

impl fmt::Debug for DataItem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DataItem").field(&self.0).finish()
    }
}

impl fmt::Display for DataItem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<INSTANCE CLASSNAME=\"{CLASS}\">")?;
        inherited(f, "Caption")?;
        text(f, "Data", self.0.data)?;
        inherited(f, "Description")?;
        inherited(f, "ElementName")?;
        text(f, "Name", self.0.name)?;
        f.write_str("<PROPERTY NAME=\"Source\" TYPE=\"uint16\">")?;
        if let Some(source) = self.0.source {
            write!(f, "<VALUE>{source}</VALUE>")?;
        }
        f.write_str("</PROPERTY></INSTANCE>")
    }
}

/// A property of a base class; real items leave it NULL.
fn inherited(f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    f.write_str("<PROPERTY NAME=\"")?;
    f.write_str(name)?;
    f.write_str("\" PROPAGATED=\"true\" TYPE=\"string\"></PROPERTY>")
}

fn text(f: &mut fmt::Formatter<'_>, name: &str, value: &str) -> fmt::Result {
    f.write_str("<PROPERTY NAME=\"")?;
    f.write_str(name)?;
    f.write_str("\" TYPE=\"string\"><VALUE>")?;
    escaped(f, value)?;
    f.write_str("</VALUE></PROPERTY>")
}

/// The text with what is markup as a reference. `>` is one in `]]>` only, but hosts escape it too;
/// a parser would turn a bare CR into a LF.
fn escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    loop {
        let Some((plain, found)) = rest
            .bytes()
            .position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'\r'))
            .and_then(|at| rest.split_at_checked(at))
        else {
            return f.write_str(rest);
        };
        f.write_str(plain)?;
        let mut after = found.chars();
        f.write_str(match after.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            _ => "&#13;",
        })?;
        rest = after.as_str();
    }
}

/// The first character that XML 1.0 cannot carry, not even as a reference, and its byte.
pub(crate) fn not_xml(text: &str) -> Option<(usize, char)> {
    // U+FFFE and U+FFFF begin with 0xEF. Most texts have no such byte, and need no second look.
    let suspect = |byte: u8| byte < b' ' || byte == 0xEF;
    if !text.bytes().fold(false, |any, byte| any | suspect(byte)) {
        return None;
    }
    text.char_indices().find(|(_, character)| {
        matches!(
            character,
            '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}'
        )
    })
}

/// The most items of one call of `AddKvpItems`, `ModifyKvpItems` or `RemoveKvpItems`.
pub const MAX_ITEMS: usize = 128;

/// The items of one call, at most [`MAX_ITEMS`].
///
/// Each element of the array is a text of its own: [`iter`](Self::iter) gives them. `Display` writes
/// them one after the other, a line each, as `items` reads them back. Whether a call that fails has
/// applied a part of its array is not documented.
///
/// ```
/// use avma::kvp::wmi::{DataItem, DataItems};
///
/// let all: Vec<_> = (0..300).map(|n| format!("Key{n}")).collect();
/// let all: Vec<_> = all.iter().map(|name| DataItem::key(name)).collect::<Result<_, _>>()?;
/// let calls: Vec<_> = DataItems::calls(&all).map(|call| call.len()).collect();
/// assert_eq!(calls, [128, 128, 44]);
/// # Ok::<(), avma::kvp::error::DataItemError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataItems<'a> {
    items: &'a [DataItem<'a>],
}

impl<'a> DataItems<'a> {
    /// The items of one call.
    ///
    /// # Errors
    ///
    /// No items, or more than [`MAX_ITEMS`].
    pub const fn new(items: &'a [DataItem<'a>]) -> Result<Self, DataItemsError> {
        match items.len() {
            0 => Err(DataItemsError::None),
            1..=MAX_ITEMS => Ok(Self { items }),
            got => Err(DataItemsError::TooMany {
                got,
                max: MAX_ITEMS,
            }),
        }
    }

    /// Any number of items, as so many calls as they need.
    pub fn calls(items: &'a [DataItem<'a>]) -> impl ExactSizeIterator<Item = Self> {
        items.chunks(MAX_ITEMS).map(|items| Self { items })
    }

    /// The items in their order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'a DataItem<'a>> {
        self.items.iter()
    }

    /// The items, as many as are written.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a call without items is not made"
    )]
    pub const fn len(&self) -> usize {
        self.items.len()
    }
}

impl fmt::Display for DataItems<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, item) in self.items.iter().enumerate() {
            if place > 0 {
                f.write_char('\n')?;
            }
            item.fmt(f)?;
        }
        Ok(())
    }
}
