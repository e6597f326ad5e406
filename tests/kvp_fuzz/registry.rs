//! Exports of a registry.

use std::fmt::Write;

use avma::kvp::registry::{Entry, Key, RegistryItem, Value, entries, items};

use crate::limits::limits;
use crate::source::Source;

/// The ways to make an input; the first byte takes one.
pub const KINDS: usize = 4;

pub fn registry(data: &[u8]) {
    let mut source = Source::new(data);
    match source.below(KINDS) {
        0 => judge(source.rest()),
        1 => {
            let wide = source.flag();
            let header = source.pick(&[VERSION_5, VERSION_5, "REGEDIT4\r\n", ""]);
            let guest = source.pick(&[GUEST, GUEST, ""]);
            let text = format!("{header}{guest}{}", source.mixture(&PIECES));
            judge(&file(&text, wide));
        }
        2 => written(&mut source),
        _ => limits(&mut source),
    }
}

const VERSION_5: &str = "Windows Registry Editor Version 5.00\r\n\r\n";
const GUEST: &str = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest]\r\n";

const PIECES: [&str; 31] = [
    GUEST,
    "[HKLM\\Software\\Microsoft\\Virtual Machine\\Guest\\Parameters]",
    "[-HKLM\\Software\\Microsoft\\Virtual Machine]",
    "[HKEY_CURRENT_USER\\a]]",
    "[",
    "]",
    "\r\n",
    "\n",
    "\r",
    " ",
    "\t",
    "\"name\"=",
    "@=",
    "\"",
    "\\",
    "\\\\",
    "\\\"",
    "\"text\"",
    "-",
    "=",
    "dword:",
    "0000000a",
    "hex:",
    "hex(1):",
    "hex(2):25,00,41,00,00,00",
    "hex(b):01,02,03,04,05,06,07,08",
    "hex(7):",
    "41,00,",
    "00,d8,",
    ",\\\r\n  ",
    "; note",
];

/// The bytes of a text, as UTF-16LE with a mark or in 8 bits.
fn file(text: &str, wide: bool) -> Vec<u8> {
    if wide {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    } else {
        text.as_bytes().to_vec()
    }
}

/// The lines that end before a byte, and one; CR LF ends one.
fn line_of(bytes: &[u8], at: usize) -> usize {
    let step = if bytes.starts_with(&[0xFF, 0xFE]) {
        2
    } else {
        1
    };
    let unit = |at: usize| match (bytes.get(at), bytes.get(at + 1)) {
        (Some(low), Some(0)) if step == 2 => Some(*low),
        (Some(byte), _) if step == 1 => Some(*byte),
        _ => None,
    };
    let ends = (0..at).step_by(step).filter(|&place| match unit(place) {
        Some(b'\n') => true,
        Some(b'\r') => unit(place + step) != Some(b'\n'),
        _ => false,
    });
    1 + ends.count()
}

/// What holds of any bytes.
fn judge(bytes: &[u8]) {
    let all: Vec<_> = entries(bytes).collect();
    let (mut held, mut before) = (0, 0);
    for entry in &all {
        let (line, at) = match entry {
            Ok(Entry::Item(item)) => {
                held += item.name.len();
                if let Value::Text(text) | Value::Expand(text) = &item.value {
                    held += text.len();
                    assert!(!text.contains('\0'));
                }
                assert!(!item.name.contains('\0'));
                assert_eq!(item.to_item().data, item.value.to_string());
                (item.line, item.at)
            }
            Ok(Entry::ValueDeleted { name, line, at, .. }) => {
                held += name.len();
                (*line, *at)
            }
            Ok(Entry::KeyDeleted { keys, line, at }) => {
                assert!(!keys.is_empty());
                (*line, *at)
            }
            Err(error) => {
                assert!(!error.to_string().is_empty());
                (error.line, error.at)
            }
        };
        let _ = format!("{entry:?}");
        assert!(at <= bytes.len());
        assert_eq!(line, line_of(bytes, at), "byte {at}");
        assert!(at >= before, "entries come in the order of the file");
        before = at;
    }
    // An entry takes a line at least; a unit of two bytes is three of UTF-8 at most.
    assert!(all.len() <= line_of(bytes, bytes.len()));
    assert!(2 * held <= 3 * bytes.len());

    let first_fault = all.iter().find_map(|entry| entry.as_ref().err());
    match (items(bytes), first_fault) {
        (Err(error), Some(first)) => assert_eq!(error, *first),
        (Ok(read), None) => {
            let wanted = all.iter().filter_map(|entry| match entry {
                Ok(Entry::Item(item)) => Some(item),
                _ => None,
            });
            assert!(read.iter().eq(wanted));
        }
        (read, first) => panic!("{read:?}, {first:?}"),
    }
}

fn value(source: &mut Source<'_>) -> Value {
    let text = source.text(100).replace('\0', "");
    match source.below(4) {
        0 => Value::Text(text),
        1 => Value::Expand(text),
        2 => Value::Dword(source.u32()),
        _ => Value::Qword(source.u64()),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A list of bytes, broken into lines as regedit does.
fn hex(kind: &str, bytes: &[u8]) -> String {
    let mut text = format!("hex({kind}):");
    for (place, byte) in bytes.iter().enumerate() {
        if place > 0 {
            text.push(',');
            if place % 24 == 0 {
                text.push_str("\\\r\n  ");
            }
        }
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// What an export writer would write is read to the last character.
fn written(source: &mut Source<'_>) {
    let mut text = String::from(VERSION_5);
    let mut wanted = Vec::new();
    for _ in 0..source.below(6) {
        let key = source.pick(Key::ALL);
        let _ = write!(text, "[{key}]\r\n");
        for _ in 0..source.below(3) {
            // A name is not told from a missing quote where it goes on in the next line.
            let name = source.text(30).replace(['\0', '\r', '\n'], "");
            let value = value(source);
            let data = match &value {
                Value::Text(text) => quoted(text),
                Value::Expand(text) => {
                    let units = text.encode_utf16().chain([0]);
                    hex("2", &units.flat_map(u16::to_le_bytes).collect::<Vec<_>>())
                }
                Value::Dword(number) => format!("dword:{number:08x}"),
                Value::Qword(number) => hex("b", &number.to_le_bytes()),
            };
            let before = if name.is_empty() {
                "@".into()
            } else {
                quoted(&name)
            };
            let _ = write!(text, "{before}={data}\r\n");
            wanted.push((key, name, value));
        }
        text.push_str("\r\n");
    }
    let wide = !text.is_ascii() || source.flag();
    let mut bytes = file(&text, wide);
    let read = items(&bytes).unwrap();
    let read = read.into_iter().map(|item| {
        let RegistryItem {
            key, name, value, ..
        } = item;
        (key, name, value)
    });
    assert!(read.eq(wanted));
    judge(&bytes);
    source.damage(&mut bytes);
    judge(&bytes);
}
