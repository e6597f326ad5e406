#![no_main]

#[path = "../../kvp_fuzz/device.rs"]
mod device;
#[path = "../../kvp_fuzz/source.rs"]
mod source;
#[path = "../../kvp_fuzz/text.rs"]
mod text;

libfuzzer_sys::fuzz_target!(|data: &[u8]| device::device(data));
