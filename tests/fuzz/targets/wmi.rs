#![no_main]

#[path = "../../kvp_fuzz/source.rs"]
mod source;
#[path = "../../kvp_fuzz/wmi.rs"]
mod wmi;

libfuzzer_sys::fuzz_target!(|data: &[u8]| wmi::wmi(data));
