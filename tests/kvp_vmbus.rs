//! The VMBus form of KVP against the packets of `tests/data/kvp/vmbus` and `hostile`, and its laws.

#[path = "kvp_vmbus/encoding.rs"]
mod encoding;
#[path = "kvp_vmbus/golden.rs"]
mod golden;
#[path = "kvp_vmbus/host.rs"]
mod host;
#[path = "kvp_vmbus/laws.rs"]
mod laws;
#[path = "kvp_vmbus/text.rs"]
mod text;
#[path = "kvp_vmbus/vectors.rs"]
mod vectors;
