//! `scan`: the texts of `data/damaged.json` first, then forms by hand, ordinary text, work, and laws.
#![cfg(feature = "serde")]

mod answer_files;
mod claims;
mod damaged;
mod forms;
mod judged;
mod laws;
mod ordinary;
mod surroundings;
mod work;
