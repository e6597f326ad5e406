//! The bodies of the fuzz targets (`tests/fuzz`), run shortly and always alike: over the files of
//! `tests/data/kvp`, each also cut and with single bytes changed, and over bytes that are pulled out
//! of a generator.

#[path = "kvp_fuzz/device.rs"]
mod device;
#[path = "kvp_fuzz/drive.rs"]
mod drive;
#[path = "kvp_fuzz/limits.rs"]
mod limits;
#[path = "kvp_fuzz/pool.rs"]
mod pool;
#[cfg(feature = "alloc")]
#[path = "kvp_fuzz/registry.rs"]
mod registry;
#[path = "kvp_fuzz/source.rs"]
mod source;
#[path = "kvp_fuzz/text.rs"]
mod text;
#[path = "kvp_fuzz/vmbus.rs"]
mod vmbus;
#[cfg(feature = "xml")]
#[path = "kvp_fuzz/wmi.rs"]
mod wmi;

use std::fs;
use std::path::Path;

use drive::{damaged, made};

/// The files of a folder of `tests/data/kvp`, in the order of their names.
fn vectors(folder: &str, extension: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/kvp")
        .join(folder);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == extension))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn vmbus_laws() {
    let files = [vectors("vmbus", "bin"), vectors("hostile", "bin")].concat();
    damaged(vmbus::vmbus, &files, 12);
    made(vmbus::vmbus, vmbus::KINDS, 400);
}

#[test]
fn device_laws() {
    damaged(device::device, &vectors("chardev", "bin"), 30);
    made(device::device, device::KINDS, 400);
}

#[test]
fn pool_laws() {
    damaged(pool::pool, &vectors("pool", "pool"), 30);
    made(pool::pool, pool::KINDS, 1500);
}

#[cfg(feature = "xml")]
#[test]
fn wmi_laws() {
    damaged(wmi::wmi, &vectors("xml", "xml"), 200);
    made(wmi::wmi, wmi::KINDS, 600);
}

#[cfg(feature = "alloc")]
#[test]
fn registry_laws() {
    damaged(registry::registry, &vectors("reg", "reg"), 300);
    made(registry::registry, registry::KINDS, 600);
}

#[test]
fn limits_laws() {
    made(
        |input| limits::limits(&mut source::Source::new(&input[1..])),
        2,
        1500,
    );
}
