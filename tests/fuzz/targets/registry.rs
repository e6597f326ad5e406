#![no_main]

#[path = "../../kvp_fuzz/limits.rs"]
mod limits;
#[path = "../../kvp_fuzz/registry.rs"]
mod registry;
#[path = "../../kvp_fuzz/source.rs"]
mod source;

libfuzzer_sys::fuzz_target!(|data: &[u8]| registry::registry(data));
