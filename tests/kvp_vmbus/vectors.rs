//! The packets and their index.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

pub struct Vector {
    pub file: String,
    pub bytes: Vec<u8>,
    pub expect: Json,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kvp")
}

/// Every packet, in the order of the index. The index and the folders have the same files.
pub fn all() -> Vec<Vector> {
    let index = fs::read_to_string(folder().join("vmbus.json")).unwrap();
    let entries: Vec<Json> = serde_json::from_str(&index).unwrap();
    let vectors: Vec<Vector> = entries
        .into_iter()
        .map(|entry| {
            let file = entry["file"].as_str().unwrap().to_owned();
            let bytes = fs::read(folder().join(&file)).unwrap();
            assert_eq!(bytes.len(), entry["bytes"], "{file}");
            let expect = entry["expect"].clone();
            Vector {
                file,
                bytes,
                expect,
            }
        })
        .collect();
    for part in ["vmbus", "hostile"] {
        let files = fs::read_dir(folder().join(part)).unwrap().count();
        let named = vectors.iter().filter(|v| v.file.starts_with(part)).count();
        assert_eq!(files, named, "{part}");
    }
    vectors
}

/// The bytes of one packet.
#[track_caller]
pub fn bytes(file: &str) -> Vec<u8> {
    fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The captured exchanges: name, request, reply.
pub fn exchanges() -> Vec<(String, Vec<u8>, Vec<u8>)> {
    let named = all().into_iter().filter_map(|vector| {
        let name = vector.file.strip_prefix("vmbus/")?;
        let name = name.strip_suffix(".request.bin")?.to_owned();
        let reply = fs::read(folder().join(format!("vmbus/{name}.reply.bin"))).ok()?;
        Some((name, vector.bytes, reply))
    });
    named.collect()
}
