#![no_main]

#[path = "../../kvp_fuzz/pool.rs"]
mod pool;
#[path = "../../kvp_fuzz/source.rs"]
mod source;
#[path = "../../kvp_fuzz/text.rs"]
mod text;

libfuzzer_sys::fuzz_target!(|data: &[u8]| pool::pool(data));
