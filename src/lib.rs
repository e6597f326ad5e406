//! Microsoft's Automatic Virtual Machine Activation (AVMA): how an activated Windows Server Datacenter
//! host running Hyper-V activates its Windows Server guests.
//!
//! It models what is documented. It does not activate anything, talk to a host, read a registry, or
//! make or crack keys, and it imitates no private protocol. Facts go in, answers come out, each with
//! the text that it rests on.
//!
//! ```
//! use avma::assess::{Can, Guest, Host, Observation, assess};
//! use avma::{Clue, Identity};
//!
//! // What is known, in whatever words: here from an inventory of the host.
//! let host = Identity::from_clues([Clue::Caption("Microsoft Windows Server 2019 Datacenter")]);
//! let guest = Identity::from_clues([Clue::Build(20348), Clue::Sku(7)]);
//!
//! let answer = assess(&Host::from(&host), &Guest::from(&guest), &Observation::default());
//! assert_eq!(answer.can(), Can::NotEligible);
//! let why = answer.findings().next().unwrap();
//! assert_eq!(why.rule.id, "guest-newer-than-host");
//! assert_eq!(why.source.dated, "2023-09-19");
//! ```
//!
//! # Where to look
//!
//! | module | job |
//! |---|---|
//! | [`product_key`], [`source`], [`hresult`], [`license`], [`ids`], [`time`] | the words everyone uses |
//! | [`fact`] | what something *may* be: a fact is a set |
//! | [`catalog`] | the published tables: releases, products, keys, hosts, devices |
//! | [`identity`] | captions, SKU numbers, builds … to releases and products |
//! | [`repair`](mod@repair) | damaged text to the one published key that is meant |
//! | [`scan`](mod@scan) | keys in any text, what they are and what they should be |
//! | [`assess`] | can the host activate the guest, is its key right, what was seen |
//! | [`plan`] | what to do, in order, as text for slmgr, PowerShell, DISM, unattend |
//! | [`kvp`] | Hyper-V's key-value pairs: VMBus, Linux device, pool files, WMI, registry |
//! | `encoding` | the bytes that PowerShell writes, as text (feature `alloc`) |
//! | `observe` | what administrators export, events and slmgr's text too, to facts (feature `observe`; JSON by `serde`, XML by `xml`) |
//! | [`activation`] | guest and host as pure state machines |
//! | `fleet` | many VMs: history, clusters, trust (feature `fleet`) |
//!
//! # Features
//!
//! `std` (default), `alloc`, `serde`, `xml`, `observe`, `fleet`. Without `std` the crate is `no_std`.
//!
//! # Where the facts come from
//!
//! From Microsoft's article of 2023-09-19 and the other texts in [`source`]. Every row, cell and rule
//! carries its [`Source`] with the [`Evidence`] for it; what no text tells is "not documented" and is
//! never answered by a neighbour.

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
#[cfg(feature = "std")]
extern crate std;

pub mod activation;
pub mod assess;
pub mod catalog;
#[cfg(feature = "alloc")]
pub mod encoding;
pub mod fact;
#[cfg(feature = "fleet")]
pub mod fleet;
pub mod hresult;
pub mod identity;
pub mod ids;
pub mod kvp;
pub mod license;
#[cfg(feature = "observe")]
pub mod observe;
pub mod plan;
pub mod product_key;
pub mod repair;
pub mod scan;
pub mod source;
pub mod time;
pub mod word;

pub use catalog::products::{Edition, Installation, Installations, Product, Products};
pub use catalog::releases::{AnyRelease, Release, Releases, ServicingChannel};
pub use fact::{Answer, Fact, Possibility, YesNo};
pub use hresult::HResult;
pub use identity::{Clue, ClueKind, Identity};
pub use ids::{HostId, HostName, VmId};
pub use license::{HostLicense, HostLicenses, LicenseChannel, LicenseStatus, Notification};
pub use product_key::{LastFive, ProductKey};
pub use repair::Repair;
pub use source::{Evidence, Source};

/// README's code compiles and runs with the tests.
#[cfg(all(doctest, feature = "serde", feature = "xml", feature = "fleet"))]
#[doc = include_str!("../README.md")]
struct Readme;
