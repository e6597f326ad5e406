//! Hyper-V's key-value pair exchange: names and forms of the items that host and guest tell each
//! other.
//!
//! Nothing here knows about activation. An item is a pair of texts; its name says what it holds
//! ([`names`]), and its source says who wrote it. [`wmi`] is the form in which a host hands items
//! out and takes them, `registry` that of an export of a Windows guest's registry (feature `alloc`).
//! On VMBus they are messages: [`packet`] is the frame and the version negotiation, [`message`] what a
//! host asks and a guest answers, [`host`] enumerates a pool. Within a Linux guest they pass [`device`]
//! and are kept in the files of [`pool`]. [`limits`] says what arrives whole.
//!
//! Source: Microsoft's pages on `Msvm_KvpExchangeDataItem` and on the data exchange service, and
//! the Linux guest daemon.

pub mod code;
pub mod device;
pub mod error;
pub mod host;
mod item;
mod layout;
pub mod limits;
pub mod message;
pub mod names;
pub mod packet;
pub mod pool;
#[cfg(feature = "alloc")]
pub mod registry;
mod secret;
pub mod text;
pub mod wmi;

#[cfg(feature = "alloc")]
pub use item::Item;
pub use item::ItemRef;
