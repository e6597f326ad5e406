//! The published tables: which keys exist, and which host activates which guest.

pub mod hosts;
pub mod keys;
pub mod mask;
