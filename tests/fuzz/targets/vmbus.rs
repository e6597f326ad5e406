#![no_main]

#[path = "../../kvp_fuzz/source.rs"]
mod source;
#[path = "../../kvp_fuzz/text.rs"]
mod text;
#[path = "../../kvp_fuzz/vmbus.rs"]
mod vmbus;

libfuzzer_sys::fuzz_target!(|data: &[u8]| vmbus::vmbus(data));
