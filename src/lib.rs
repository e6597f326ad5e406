//! Automatic Virtual Machine Activation (AVMA) as a library.
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs, unreachable_pub)]
#![deny(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::todo,
    clippy::unimplemented
)]

#[cfg(feature = "alloc")]
extern crate alloc;

pub mod assess;
pub mod catalog;
pub mod fact;
pub mod hresult;
pub mod identity;
pub mod ids;
pub mod kvp;
pub mod license;
#[cfg(feature = "alloc")]
pub mod observe;
pub mod plan;
pub mod product;
pub mod product_key;
pub mod release;
pub mod repair;
pub mod source;
pub mod time;
pub mod word;

pub use fact::{Answer, Fact, Possibility, YesNo};
pub use hresult::HResult;
pub use identity::{Clue, ClueKind, Identity};
pub use ids::{HostName, VmId};
pub use license::{HostLicense, HostLicenses, LicenseChannel, LicenseStatus, Notification};
pub use product::{Edition, Installation, Installations, Product, Products};
pub use product_key::{LastFive, ProductKey};
pub use release::{AnyRelease, Release, Releases, ServicingChannel};
pub use repair::Repair;
pub use source::{Evidence, Source};
