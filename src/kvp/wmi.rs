//! The host's form: `Msvm_KvpExchangeDataItem` as embedded CIM-XML, as WMI hands items out and as
//! `AddKvpItems`, `ModifyKvpItems` and `RemoveKvpItems` take them.
//!
//! [`DataItem`] writes an item, without allocation; [`DataItems`] are those of one call. [`method`]
//! names what the methods return and how far their jobs are. `item` and `items` read (feature `xml`):
//! a property is found by its name, never by its place, since `Caption`, `Data`, `Description` come
//! before `Name` in real items and inherited ones may be missing.
//!
//! Source: Microsoft's pages on the class and on the methods, and the samples of several readers in
//! the field.

mod data_item;
pub mod method;
#[cfg(feature = "xml")]
mod pieces;
#[cfg(feature = "xml")]
mod read;

#[cfg(feature = "alloc")]
pub use super::Item;
pub use super::ItemRef;
pub use super::error::{DataItemError, DataItemsError, WmiItemError};
#[cfg(feature = "observe")]
pub(crate) use data_item::not_xml;
pub use data_item::{DataItem, DataItems, MAX_ITEMS};
#[cfg(feature = "xml")]
pub use pieces::MAX_DEPTH;
#[cfg(all(feature = "observe", feature = "xml"))]
pub(crate) use pieces::{Mark, is_character};
#[cfg(all(feature = "observe", feature = "xml"))]
pub(crate) use read::offset;
#[cfg(feature = "xml")]
pub use read::{MAX_ITEM, item, item_indices, items};

/// The class of an item.
pub const CLASS: &str = "Msvm_KvpExchangeDataItem";
