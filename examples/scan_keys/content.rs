//! The bytes of a file as text, if they are one.

use std::borrow::Cow;

use avma::encoding::{self, TextError};

pub enum Content<'a> {
    Text(Cow<'a, str>),
    Binary,
}

impl<'a> Content<'a> {
    /// UTF-8, UTF-16 with a mark or without, or a code page, of which the ASCII characters count: keys
    /// hold no others.
    pub fn of(bytes: &'a [u8]) -> Self {
        if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
            return Self::Text(utf16(rest, u16::from_be_bytes).into());
        }
        match encoding::decode(bytes) {
            Ok(text) => Self::Text(text),
            Err(_) if bytes.starts_with(&[0xFF, 0xFE]) => {
                Self::Text(utf16(bytes.get(2..).unwrap_or_default(), u16::from_le_bytes).into())
            }
            Err(_) if !bytes.contains(&0) => Self::Text(String::from_utf8_lossy(bytes)),
            Err(TextError::Zero { .. }) if is_utf16(bytes, 1) => {
                Self::Text(utf16(bytes, u16::from_le_bytes).into())
            }
            Err(TextError::Zero { .. }) if is_utf16(bytes, 0) => {
                Self::Text(utf16(bytes, u16::from_be_bytes).into())
            }
            Err(_) => Self::Binary,
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    String::from_utf16_lossy(&units.collect::<Vec<_>>())
}

/// Whether most units have a zero as their byte `zero`, and none as the other one: Latin text.
fn is_utf16(bytes: &[u8], zero: usize) -> bool {
    let units = || bytes.chunks_exact(2).take(512);
    let of = |byte: usize| units().filter(|unit| unit[byte] == 0).count();
    let count = units().count();
    count > 0 && of(zero) * 10 >= count * 9 && of(1 - zero) == 0
}
