#![no_main]

#[path = "../../scan_fuzz/scan.rs"]
mod scan;
#[path = "../../kvp_fuzz/source.rs"]
mod source;

libfuzzer_sys::fuzz_target!(|data: &[u8]| scan::any_text(data));
