#![no_main]

#[path = "../../observe_fuzz/report.rs"]
mod report;
#[path = "../../kvp_fuzz/source.rs"]
mod source;

libfuzzer_sys::fuzz_target!(|data: &[u8]| report::report(data));
