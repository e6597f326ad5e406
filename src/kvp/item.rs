//! The item itself.

use alloc::string::String;
use core::fmt;

/// One key-value pair, as `Msvm_KvpExchangeDataItem` shows it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// `Name`: the key, as in `OSVersion`.
    pub name: String,
    /// `Data`: the value; a NULL is the empty text, as all readers take it.
    pub data: String,
    /// `Source`, where it is given: who wrote the item.
    pub source: Option<u16>,
}

/// A text for `Debug`, which ends up in logs: one that may hold a product key is not shown.
struct Shown<'a>(&'a str);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SYMBOLS: usize = 25;
        let words = self
            .0
            .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
        let symbols = |word: &str| word.bytes().filter(u8::is_ascii_alphanumeric).count();
        if words.map(symbols).any(|count| count >= SYMBOLS) {
            write!(f, "({} bytes)", self.0.len())
        } else {
            self.0.fmt(f)
        }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("name", &Shown(&self.name))
            .field("data", &Shown(&self.data))
            .field("source", &self.source)
            .finish()
    }
}

impl Item {
    /// `Source` of an item that the host's user wrote for the guest.
    pub const HOST: u16 = 0;
    /// `Source` of an item that somebody in the guest wrote: a claim, of whoever it was.
    pub const GUEST: u16 = 1;
    /// `Source` of an item by which the guest's integration service describes the system.
    pub const GUEST_INTRINSIC: u16 = 2;
    /// `Source` of an item that the host keeps to itself.
    pub const HOST_ONLY: u16 = 4;
}
