//! The two machines of `activation`: golden tables first, then laws.

mod actions;
mod deadlines;
mod ground;
mod host;
mod laws;
mod lockstep;
#[path = "../../examples/diagram/table.rs"]
mod markdown;
mod naive;
mod observed;
#[cfg(feature = "observe")]
mod report;
mod table;
