//! The published tables: which keys exist, which host activates which guest, and what the codes say.

pub mod codes;
pub mod hosts;
pub mod keys;
pub mod mask;
