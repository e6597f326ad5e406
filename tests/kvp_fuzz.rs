//! The bodies of the fuzz targets (`tests/fuzz`), run shortly and always alike: over the files of
//! `tests/data/kvp`, each also cut and with single bytes changed, and over bytes that are pulled out
//! of a generator.

#[path = "kvp_fuzz/device.rs"]
mod device;
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

/// Marsaglia's generator of 64 bits; the seed is fixed, so that a failure comes again.
struct Xorshift(u64);

impl Xorshift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[4]
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() >> 32) as usize % count.max(1)
    }
}

/// Shows the input of a broken law.
struct Shown<'a>(&'a [u8]);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let end = self.0.len().min(256);
            eprintln!("{} bytes: {:02x?}", self.0.len(), &self.0[..end]);
        }
    }
}

fn run(body: fn(&[u8]), input: &[u8]) {
    let _shown = Shown(input);
    body(input);
}

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

/// Each file as it is, cut and changed; the byte before it takes the way that reads it as it is.
fn damaged(body: fn(&[u8]), files: &[Vec<u8>], times: usize) {
    let mut random = Xorshift(0x2545_F491_4F6C_DD1D);
    for file in files {
        let mut input = vec![0];
        input.extend(file);
        run(body, &input);
        for end in [1, 2, input.len() / 2, input.len() - 1] {
            run(body, &input[..end.min(input.len())]);
        }
        for _ in 0..times {
            let end = 1 + random.below(input.len());
            run(body, &input[..end]);
            // Near the begin as often as anywhere: headers, sizes, the first text.
            let within = match random.below(2) {
                0 => input.len(),
                _ => input.len().min(64),
            };
            let at = 1 + random.below(within - 1);
            let Some(byte) = input.get_mut(at) else {
                continue;
            };
            let before = *byte;
            *byte = match random.below(3) {
                0 => before ^ 1 << random.below(8),
                1 => [0, 1, 0x7F, 0x80, 0xFF][random.below(5)],
                _ => random.byte(),
            };
            run(body, &input);
            input[at] = before;
        }
    }
}

/// Every way to make an input, of bytes that are mostly small: they are choices.
fn made(body: fn(&[u8]), kinds: usize, times: usize) {
    let mut random = Xorshift(0x9E37_79B9_7F4A_7C15);
    for round in 0..times {
        for kind in 1..kinds {
            let mut input = vec![u8::try_from(kind).unwrap()];
            let mask = [0x07, 0x1F, 0xFF][round % 3];
            let most = [40, 400, 2000][random.below(3)];
            let count = random.below(most);
            input.extend((0..count).map(|_| random.byte() & mask));
            run(body, &input);
        }
    }
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
