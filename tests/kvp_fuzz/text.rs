//! Laws of texts in fields, against readers that go unit by unit.

#![allow(dead_code, reason = "not every target has texts of either form")]

use std::hash::{DefaultHasher, Hash, Hasher};

use avma::kvp::text::{Narrow, Text};

use crate::source::Source;

fn hash(text: Text<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Whether `text` fits a field of so many bytes of UTF-16 with its NUL.
pub fn fits_wide(text: &str, bytes: usize) -> bool {
    !text.contains('\0') && 2 * text.encode_utf16().count() + 2 <= bytes
}

/// Whether `text` fits a field of so many bytes of UTF-8 with its NUL.
pub fn fits_narrow(text: &str, bytes: usize) -> bool {
    !text.contains('\0') && text.len() < bytes
}

pub fn texts(source: &mut Source<'_>) {
    let size = u32::try_from(source.below(600)).unwrap();
    let room = source.below(700);
    if source.flag() {
        written(Text::from(source.text(255).as_str()), room);
    }
    // Halves of surrogate pairs are too rare among any bytes.
    let mut field = source.rest().to_vec();
    for pair in field.chunks_exact_mut(2) {
        if pair[0] & 0xF0 == 0xA0 {
            pair[1] = 0xD8 | pair[1] & 7;
        }
    }
    let units: Vec<u16> = field
        .chunks_exact(2)
        .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
        .collect();
    let nul = units.iter().position(|unit| *unit == 0);
    let held = &units[..nul.unwrap_or(units.len())];

    let (lenient, terminated) = Text::lenient(&field);
    assert_eq!(terminated, nul.is_some());
    assert!(lenient.units().eq(held.iter().copied()));
    assert_eq!(lenient.units_len(), held.len());
    assert_eq!(lenient.is_empty(), held.is_empty());
    let sound = String::from_utf16(held).ok();
    assert_eq!(lenient.unpaired_surrogate().is_none(), sound.is_some());
    if let Some(at) = lenient.unpaired_surrogate() {
        assert!(String::from_utf16(&held[..at / 2]).is_ok());
        assert!((0xD800..0xE000).contains(&held[at / 2]));
    }
    assert_eq!(lenient.to_string(), String::from_utf16_lossy(held));
    let _ = format!("{lenient:?}");
    match Text::terminated(&field) {
        Ok(text) => assert!(terminated && sound.is_some() && text == lenient),
        Err(fault) => assert!(!terminated || sound.is_none(), "{fault}"),
    }
    match Text::sized(&field, size) {
        Ok(text) if size == 0 => assert!(text.is_empty()),
        Ok(text) => {
            assert_eq!(2 * text.units_len() + 2, size as usize);
            assert_eq!(Ok(text), Text::terminated(&field));
        }
        Err(fault) => assert!(
            nul.map(|nul| 2 * nul + 2) != Some(size as usize) || sound.is_none(),
            "{fault}"
        ),
    }
    if let Some(sound) = &sound {
        let same = Text::from(sound.as_str());
        assert_eq!(same, lenient);
        assert_eq!(hash(same), hash(lenient));
        written(same, room);
    }
    written(lenient, room);
    narrow(&field);
}

fn written(text: Text<'_>, room: usize) {
    let string = text.to_string();
    assert_eq!(text.utf8_len(), string.len());
    let nul = text.units().any(|unit| unit == 0);
    let paired = text.unpaired_surrogate().is_none();

    let mut field = vec![0xA5; room];
    match text.write_wide(&mut field) {
        Ok(size) => {
            assert!(!nul && size == 2 * text.units_len() + 2);
            assert_eq!(Text::lenient(&field), (text, true));
            let read = Text::sized(&field, u32::try_from(size).unwrap());
            assert_eq!(read.ok(), paired.then_some(text));
            assert!(field[size..].iter().all(|byte| *byte == 0xA5));
        }
        Err(fault) => {
            assert!(nul || 2 * text.units_len() + 2 > room, "{fault}");
            assert!(field.iter().all(|byte| *byte == 0xA5));
        }
    }
    let mut field = vec![0xA5; room];
    match text.write_narrow(&mut field) {
        Ok(size) => {
            assert!(!nul && paired && size == string.len() + 1);
            assert_eq!(Narrow::new(&field).terminated(), Ok(string.as_str()));
            assert!(field[size..].iter().all(|byte| *byte == 0xA5));
        }
        Err(fault) => {
            assert!(nul || !paired || string.len() >= room, "{fault}");
            assert!(field.iter().all(|byte| *byte == 0xA5));
        }
    }
}

fn narrow(field: &[u8]) {
    let nul = field.iter().position(|byte| *byte == 0);
    let held = &field[..nul.unwrap_or(field.len())];
    let read = Narrow::new(field);
    assert_eq!(read.as_bytes(), held);
    assert_eq!(read.is_terminated(), nul.is_some());
    assert_eq!(read.text().ok(), std::str::from_utf8(held).ok());
    assert_eq!(read.terminated().ok(), nul.and(read.text().ok()));
    assert_eq!(read.to_string(), String::from_utf8_lossy(held));
    let _ = format!("{read:?}");
}
