//! Activation as two pure state machines: a [`guest`] that asks and a [`host`] that answers.
//!
//! A machine takes a state, the time and an input, and gives the next state and what to do:
//! `state.step(&config, now, input)` is a step with the next `state` and its `outputs()`. It does no
//! I/O, has no clock and allocates nothing; the driver carries the outputs out, brings the replies
//! back as inputs, and sends a tick when [`next_timeout`](guest::State::next_timeout) comes. Every
//! input is taken in every state: one that makes no sense then changes nothing and says why
//! (`Ignored`).
//!
//! # What is documented, and what is the crate's own
//!
//! Documented: a guest with an AVMA key activates when it starts and when the key is installed; an
//! activated one stays so when it moves among activated hosts; the four notifications; the HRESULTs;
//! that hosts throttle; events 12309 and 12310; that KVP data is to be removed when the key is
//! replaced. Not documented, and so the caller's to set: every length of time in
//! [`guest::Config`] and the limit in [`host::Config`]. The crate's own: the names of the states, the
//! number of a request, that a guest which is not activated asks anew when it moves, that Data Exchange
//! alone is no occasion to ask, that an activation outlasts a renewal that failed (no text gives the
//! moment at which it is lost; it is lost when it ends). Which HRESULT goes with which notification is
//! inferred, see [`Conclusion`].
//!
//! Microsoft's messages are private: requests and replies here are values without a form in bytes.
//!
#![doc = include_str!("activation/transitions.md")]

pub mod guest;
pub mod host;

mod conclusion;
mod wire;

pub use conclusion::Conclusion;
pub use wire::{Answer, Reply, Request};
