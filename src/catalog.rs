//! The published tables: releases, products, keys, devices, and which host activates which guest.

pub mod devices;
pub mod hosts;
pub mod keys;
pub mod mask;
pub mod products;
pub mod releases;
