//! The item itself.

use alloc::string::String;

/// One key-value pair, as `Msvm_KvpExchangeDataItem` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// `Name`: the key, as in `OSVersion`.
    pub name: String,
    /// `Data`: the value; a NULL is the empty text, as all readers take it.
    pub data: String,
    /// `Source`, where it is given: who wrote the item.
    pub source: Option<u16>,
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
