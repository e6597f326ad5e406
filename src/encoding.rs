//! The bytes that PowerShell writes, as text.
//!
//! `Out-File -Encoding utf8` writes UTF-8 (with a byte order mark in 5.1, without in 7); `>` in 5.1
//! writes UTF-16LE with one. `Set-Content` in 5.1 and `>` in cmd write the code page of the machine,
//! which is refused: a host's name is an identity, and a replacement character is not part of it.

use alloc::borrow::Cow;
use alloc::string::String;

const CURE: &str = "collect again with Out-File -Encoding utf8 into a file of its own";

/// Why bytes are not a text that PowerShell writes as Unicode.
///
/// `at` is the byte of the file, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TextError {
    /// Neither UTF-8 nor a mark of UTF-16LE, as in a file of a code page: `b"B\xfcro"`.
    #[error("not UTF-8 at byte {at}, perhaps a code page: {CURE}")]
    NotUtf8 {
        /// The first byte that is not UTF-8.
        at: usize,
    },
    /// A byte 0, as in UTF-16 without a byte order mark, which `>>` leaves behind text of another
    /// encoding.
    #[error("byte {at} is 0, perhaps UTF-16 without a byte order mark: {CURE}")]
    Zero {
        /// The first byte 0.
        at: usize,
    },
    /// Half of a surrogate pair within UTF-16, or a last byte without its other half.
    #[error("not UTF-16 at byte {at}: {CURE}")]
    NotUtf16 {
        /// The byte where the unit begins.
        at: usize,
    },
}

impl TextError {
    /// The byte of the file, from 0.
    pub const fn at(self) -> usize {
        match self {
            Self::NotUtf8 { at } | Self::Zero { at } | Self::NotUtf16 { at } => at,
        }
    }
}

const UTF8_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];
const UTF16_MARK: &[u8] = &[0xFF, 0xFE];
/// In UTF-16 these would be letters at which no line of JSON begins.
const UTF8_BEGINS: &[&[u8]] = &[UTF8_MARK, b"{\r", b"{\n", b"{\"", b"[\r", b"[\n"];
const MARK: char = '\u{FEFF}';

/// The text of a file: UTF-8 with or without a byte order mark, or UTF-16LE with one.
///
/// `>>` may have put several documents into one file; a byte order mark at the beginning of a line
/// is skipped, and the encoding may change there. A file of 0 bytes, or of a mark only, is an empty
/// text: an empty pipeline writes nothing.
///
/// ```
/// use avma::encoding::{TextError, decode};
///
/// assert_eq!(decode(b"\xef\xbb\xbf{}")?, "{}");
/// assert_eq!(decode(b"\xff\xfe{\0}\0")?, "{}");
/// assert_eq!(decode(b"\xff\xfe")?, "");
/// let error = decode(b"\"B\xfcro\"").unwrap_err();
/// assert_eq!(error, TextError::NotUtf8 { at: 2 });
/// assert!(error.to_string().contains("-Encoding utf8"));
/// # Ok::<(), TextError>(())
/// ```
///
/// # Errors
///
/// Any other encoding, with the first byte that shows it: a code page (`b"B\xfcro"`), UTF-16 without
/// a mark (`b"{\0}\0"`), UTF-16BE.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TextError> {
    let mut text = Cow::Borrowed("");
    let mut at = 0;
    let mut encoding = Encoding::Utf8;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(UTF16_MARK) {
            at += UTF16_MARK.len();
            encoding = Encoding::Utf16;
        }
        let rest = bytes.get(at..).unwrap_or_default();
        at += match encoding {
            Encoding::Utf8 => {
                let part = utf8(rest, at)?;
                append(&mut text, Cow::Borrowed(part));
                part.len()
            }
            Encoding::Utf16 => {
                let (part, taken) = utf16(rest, at)?;
                append(&mut text, Cow::Owned(part));
                taken
            }
        };
        // A part ends where the other encoding begins.
        encoding = match encoding {
            Encoding::Utf8 => Encoding::Utf16,
            Encoding::Utf16 => Encoding::Utf8,
        };
    }
    Ok(without_marks(text))
}

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16,
}

fn append<'a>(text: &mut Cow<'a, str>, part: Cow<'a, str>) {
    if text.is_empty() {
        *text = part;
    } else {
        text.to_mut().push_str(&part);
    }
}

/// Takes UTF-8 to the end of the bytes, or to where UTF-16LE begins: with its mark, whose bytes UTF-8
/// never has, or, since `>>` writes none, with the first unit of a JSON document at the beginning of
/// a line.
fn utf8(bytes: &[u8], at: usize) -> Result<&str, TextError> {
    let (text, fault) = match core::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let valid = error.valid_up_to();
            let (head, tail) = bytes.split_at_checked(valid).unwrap_or_default();
            let marked = valid > 0 && tail.starts_with(UTF16_MARK);
            let text = core::str::from_utf8(head).unwrap_or_default();
            (text, (!marked).then_some(at + valid))
        }
    };
    // No JSON and no XML holds one.
    let Some(zero) = text.bytes().position(|byte| byte == 0) else {
        return match fault {
            None => Ok(text),
            Some(at) => Err(TextError::NotUtf8 { at }),
        };
    };
    let before = zero.checked_sub(1).and_then(|end| text.get(..end));
    match before {
        Some(before) if before.ends_with('\n') && text.get(zero - 1..).is_some_and(begins) => {
            Ok(before)
        }
        _ => Err(TextError::Zero { at: at + zero }),
    }
}

/// Whether a JSON document begins here.
fn begins(text: &str) -> bool {
    text.starts_with(['{', '['])
}

/// Takes UTF-16LE to the end of the bytes, or to where UTF-8 begins at the beginning of a line: with
/// its mark, or with the first bytes of a JSON document as `ConvertTo-Json` writes it.
fn utf16(bytes: &[u8], at: usize) -> Result<(String, usize), TextError> {
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut taken = 0;
    let mut high = None;
    while let Some(rest) = bytes.get(taken..).filter(|rest| !rest.is_empty()) {
        let line = high.is_none() && text.ends_with('\n');
        if line && UTF8_BEGINS.iter().any(|begin| rest.starts_with(begin)) {
            break;
        }
        let &[low_byte, high_byte, ..] = rest else {
            return Err(TextError::NotUtf16 { at: at + taken });
        };
        let unit = u16::from_le_bytes([low_byte, high_byte]);
        match (high.take(), unit) {
            (None, 0) => return Err(TextError::Zero { at: at + taken }),
            (None, 0xD800..=0xDBFF) => high = Some(unit),
            (None, _) => match char::from_u32(unit.into()) {
                Some(character) => text.push(character),
                None => return Err(TextError::NotUtf16 { at: at + taken }),
            },
            (Some(first), _) => match char::decode_utf16([first, unit]).next() {
                Some(Ok(character)) => text.push(character),
                _ => {
                    return Err(TextError::NotUtf16 {
                        at: at + taken.saturating_sub(2),
                    });
                }
            },
        }
        taken += 2;
    }
    if high.is_some() {
        return Err(TextError::NotUtf16 {
            at: at + taken.saturating_sub(2),
        });
    }
    Ok((text, taken))
}

/// Skips marks at the beginning of the text and of a line. Elsewhere the character may be part of a
/// string (JSON strings hold no line ends), so it stays.
fn without_marks(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches(MARK)),
        owned @ Cow::Owned(_) => owned,
    };
    if !text.contains(MARK) {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        let begins = clean.is_empty() || clean.ends_with(['\n', '\r']);
        if character != MARK || !begins {
            clean.push(character);
        }
    }
    Cow::Owned(clean)
}
