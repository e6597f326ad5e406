#![no_main]

#[path = "../../observe_fuzz/slmgr.rs"]
mod slmgr;
#[path = "../../kvp_fuzz/source.rs"]
mod source;

libfuzzer_sys::fuzz_target!(|data: &[u8]| slmgr::slmgr(data));
