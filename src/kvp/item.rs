//! The item itself, borrowed and owned.

#[cfg(feature = "alloc")]
use alloc::string::String;
use core::fmt;

use super::secret::may_hold_a_key;

/// One key-value pair, borrowed from wherever it was found.
///
/// `Debug` does not show a text that may hold a product key.
///
/// ```
/// use avma::kvp::ItemRef;
///
/// let item = ItemRef::new("OSVersion", "10.0.20348");
/// assert_eq!((item.name, item.data, item.source), ("OSVersion", "10.0.20348", None));
/// # #[cfg(feature = "alloc")]
/// assert_eq!(item.to_item().as_item_ref(), item);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ItemRef<'a> {
    /// The key, as in `OSVersion`.
    pub name: &'a str,
    /// The value.
    pub data: &'a str,
    /// `Source`, where it is given: who wrote the item.
    pub source: Option<u16>,
}

impl<'a> ItemRef<'a> {
    /// `Source` of an item that the host's user wrote for the guest.
    pub const HOST: u16 = 0;
    /// `Source` of an item that somebody in the guest wrote: a claim, of whoever it was.
    pub const GUEST: u16 = 1;
    /// `Source` of an item by which the guest's integration service describes the system.
    pub const GUEST_INTRINSIC: u16 = 2;
    /// `Source` of an item that the host keeps to itself.
    pub const HOST_ONLY: u16 = 4;

    /// An item that does not say who wrote it.
    pub const fn new(name: &'a str, data: &'a str) -> Self {
        Self {
            name,
            data,
            source: None,
        }
    }

    /// The same item with its `Source`.
    #[must_use]
    pub const fn with_source(self, source: u16) -> Self {
        Self {
            source: Some(source),
            ..self
        }
    }

    /// The item as a value of its own.
    #[cfg(feature = "alloc")]
    pub fn to_item(self) -> Item {
        Item {
            name: self.name.into(),
            data: self.data.into(),
            source: self.source,
        }
    }
}

/// One key-value pair, as `Msvm_KvpExchangeDataItem` shows it.
///
/// `Debug` does not show a text that may hold a product key.
#[cfg(feature = "alloc")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// `Name`: the key, as in `OSVersion`.
    pub name: String,
    /// `Data`: the value; a NULL is the empty text, as all readers take it.
    pub data: String,
    /// `Source`, where it is given: who wrote the item.
    pub source: Option<u16>,
}

#[cfg(feature = "alloc")]
impl Item {
    /// `Source` of an item that the host's user wrote for the guest.
    pub const HOST: u16 = ItemRef::HOST;
    /// `Source` of an item that somebody in the guest wrote: a claim, of whoever it was.
    pub const GUEST: u16 = ItemRef::GUEST;
    /// `Source` of an item by which the guest's integration service describes the system.
    pub const GUEST_INTRINSIC: u16 = ItemRef::GUEST_INTRINSIC;
    /// `Source` of an item that the host keeps to itself.
    pub const HOST_ONLY: u16 = ItemRef::HOST_ONLY;

    /// The item, borrowed.
    pub fn as_item_ref(&self) -> ItemRef<'_> {
        ItemRef {
            name: &self.name,
            data: &self.data,
            source: self.source,
        }
    }
}

#[cfg(feature = "alloc")]
impl<'a> From<&'a Item> for ItemRef<'a> {
    fn from(item: &'a Item) -> Self {
        item.as_item_ref()
    }
}

#[cfg(feature = "alloc")]
impl From<ItemRef<'_>> for Item {
    fn from(item: ItemRef<'_>) -> Self {
        item.to_item()
    }
}

/// A text for `Debug`, which ends up in logs: one that may hold a product key is not shown.
pub(super) struct Shown<'a>(pub(super) &'a str);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if may_hold_a_key(self.0.chars()) {
            write!(f, "({} bytes)", self.0.len())
        } else {
            self.0.fmt(f)
        }
    }
}

impl fmt::Debug for ItemRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(*self, "ItemRef", f)
    }
}

#[cfg(feature = "alloc")]
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(self.as_item_ref(), "Item", f)
    }
}

fn debug(item: ItemRef<'_>, kind: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct(kind)
        .field("name", &Shown(item.name))
        .field("data", &Shown(item.data))
        .field("source", &item.source)
        .finish()
}
