//! The published tables: releases, products, keys, codes, devices, and which host activates which guest.

pub(crate) mod cell;
pub mod codes;
pub mod devices;
pub mod hosts;
pub mod keys;
pub mod mask;
pub mod products;
pub mod releases;
pub(crate) mod rule;
pub(crate) mod rulebook;
