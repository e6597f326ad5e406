//! Hyper-V's key-value pair exchange: names and forms of the items that host and guest tell each
//! other.
//!
//! Nothing here knows about activation. An item is a pair of texts; its name says what it holds
//! ([`names`]), and its source says who wrote it. The form in which WMI
//! hands items out and takes them is [`wmi`]'s.
//!
//! Source: Microsoft's pages on `Msvm_KvpExchangeDataItem` and on the data exchange service, and
//! the Linux guest daemon.

pub mod error;
#[cfg(feature = "alloc")]
mod item;
pub mod names;
pub mod wmi;

#[cfg(feature = "alloc")]
pub use item::Item;
