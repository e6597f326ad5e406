#![no_main]

#[path = "../../observe_fuzz/events.rs"]
mod events;
#[path = "../../kvp_fuzz/source.rs"]
mod source;

libfuzzer_sys::fuzz_target!(|data: &[u8]| events::events(data));
