//! One value of an export: `"name"="text"`, `@=dword:…`, `"name"=hex(2):…`, `"name"=-`.

use alloc::string::String;
use alloc::vec::Vec;

use super::cursor::Cursor;
use super::{RegistryFault, Value};

/// What is wrong, and where.
type Fault = (usize, RegistryFault);

/// The most bytes that a `hex` list may have: enough for what any value of an item may hold.
const MAX_HEX: usize = 128 * 1024;

/// Reads name and value; no value is a deletion. Leaves the cursor at the beginning of a line: of the
/// one after the value, or after a fault of the first one that may hold something else.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<(String, Option<Value>), Fault> {
    let start = cursor.place();
    let read = name(cursor).and_then(|name| {
        cursor.skip_blanks();
        if !cursor.take('=') {
            return Err((cursor.place(), RegistryFault::NoEqualsSign));
        }
        cursor.skip_blanks();
        Ok((name, data(cursor)?))
    });
    match read {
        Ok((name, value)) => match end(cursor) {
            Ok(()) => Ok((name, value)),
            Err(fault) => {
                skip(cursor);
                Err(fault)
            }
        },
        Err(fault) => {
            // A text that does not end has run on into lines of others.
            if matches!(fault.1, RegistryFault::NotClosed) {
                cursor.go_to(start);
                cursor.skip_line();
            } else {
                skip(cursor);
            }
            Err(fault)
        }
    }
}

/// Nothing but a comment may follow.
fn end(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    cursor.skip_blanks();
    if !cursor.is_at_line_end() && cursor.ascii() != Some(';') {
        return Err((cursor.place(), RegistryFault::TextAfterValue));
    }
    cursor.skip_line();
    Ok(())
}

/// Goes to the next line, and beyond those that a backslash before them makes a part of this one,
/// unless one is an entry by its first character.
fn skip(cursor: &mut Cursor<'_>) {
    loop {
        let mut last = None;
        while !cursor.is_at_line_end() {
            if !matches!(cursor.ascii(), Some(' ' | '\t')) {
                last = cursor.ascii();
            }
            cursor.advance();
        }
        cursor.skip_line();
        if last != Some('\\') || cursor.is_at_end() || is_entry(*cursor) {
            return;
        }
    }
}

fn is_entry(mut cursor: Cursor<'_>) -> bool {
    cursor.skip_blanks();
    matches!(cursor.ascii(), Some('"' | '@' | '[' | ';'))
}

fn name(cursor: &mut Cursor<'_>) -> Result<String, Fault> {
    if cursor.take('@') {
        return Ok(String::new());
    }
    quoted(cursor)
}

/// `"text"`, with `\\` and `\"`. Line ends of a value are written as they are, so a text may go on in
/// other lines; it does if the next quote that is met is followed by nothing but its line's end. A
/// name is followed by more, so that a missing quote does not make one text of many entries.
fn quoted(cursor: &mut Cursor<'_>) -> Result<String, Fault> {
    let open = cursor.place();
    let mut text = String::new();
    let mut fault = None;
    let mut lines = false;
    cursor.advance();
    loop {
        if cursor.is_at_end() {
            return Err((open, RegistryFault::NotClosed));
        }
        lines |= cursor.is_at_line_end();
        let at = cursor.place();
        // The end of the text has to be found behind a fault too.
        match cursor.character() {
            Ok('"') => break,
            Ok('\\') => match cursor.ascii() {
                Some(escaped @ ('\\' | '"')) => {
                    text.push(escaped);
                    cursor.advance();
                }
                _ => {
                    fault.get_or_insert((at, RegistryFault::Escape));
                }
            },
            Ok(character) => text.push(character),
            Err(found) => {
                fault.get_or_insert(found);
            }
        }
    }
    // Not even a comment: the quote may be the first of a name that begins with a semicolon.
    if lines && !is_line_end_next(*cursor) {
        return Err((open, RegistryFault::NotClosed));
    }
    fault.map_or(Ok(text), Err)
}

fn is_line_end_next(mut cursor: Cursor<'_>) -> bool {
    cursor.skip_blanks();
    cursor.is_at_line_end()
}

fn data(cursor: &mut Cursor<'_>) -> Result<Option<Value>, Fault> {
    let at = cursor.place();
    if cursor.ascii() == Some('"') {
        return quoted(cursor).map(|text| Some(Value::Text(text)));
    }
    if cursor.take('-') {
        return Ok(None);
    }
    if cursor.take_all("dword:") {
        return dword(cursor).map(|number| Some(Value::Dword(number)));
    }
    if !cursor.take_all("hex") {
        return Err((at, RegistryFault::NoValue));
    }
    let kind = if cursor.take('(') {
        let (kind, _) = digits(cursor, 8);
        if !cursor.take(')') {
            return Err((at, RegistryFault::NoValue));
        }
        kind
    } else {
        // REG_BINARY
        Some(3)
    };
    if !cursor.take(':') {
        return Err((at, RegistryFault::NoValue));
    }
    let kind = kind.ok_or((at, RegistryFault::NoValue))?;
    let bytes = hex(cursor)?;
    let wrong_size = |needed| {
        let got = bytes.len();
        (at, RegistryFault::Size { got, needed })
    };
    let value = match kind {
        1 | 2 => {
            let text = stored(&bytes, cursor.wide_hex()).map_err(|fault| (at, fault))?;
            if kind == 1 {
                Value::Text(text)
            } else {
                Value::Expand(text)
            }
        }
        4 => match *bytes.as_slice() {
            [a, b, c, d] => Value::Dword(u32::from_le_bytes([a, b, c, d])),
            _ => return Err(wrong_size(4)),
        },
        11 => match <[u8; 8]>::try_from(bytes.as_slice()) {
            Ok(bytes) => Value::Qword(u64::from_le_bytes(bytes)),
            Err(_) => return Err(wrong_size(8)),
        },
        kind => return Err((at, RegistryFault::Type(kind))),
    };
    Ok(Some(value))
}

/// So many hexadecimal digits at most, and their count; none if there is none.
fn digits(cursor: &mut Cursor<'_>, most: u32) -> (Option<u32>, u32) {
    let (mut number, mut count) = (0, 0);
    while let Some(digit) = cursor.ascii().and_then(|c| c.to_digit(16)) {
        if count == most {
            break;
        }
        number = number << 4 | digit;
        count += 1;
        cursor.advance();
    }
    ((count > 0).then_some(number), count)
}

fn dword(cursor: &mut Cursor<'_>) -> Result<u32, Fault> {
    let at = cursor.place();
    let (number, _) = digits(cursor, 8);
    let more = cursor.ascii().is_some_and(|c| c.is_ascii_hexdigit());
    number.filter(|_| !more).ok_or((at, RegistryFault::Digits))
}

/// `25,00,\` and the lines that go on with it.
fn hex(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let start = cursor.place();
    loop {
        cursor.skip_blanks();
        let at = cursor.place();
        if cursor.take('\\') {
            cursor.skip_blanks();
            if !cursor.is_at_line_end() {
                return Err((at, RegistryFault::Digits));
            }
            let line_end = cursor.place();
            cursor.skip_line();
            if cursor.is_at_end() || is_entry(*cursor) {
                // The other lines are missing; what comes is for itself.
                cursor.go_to(line_end);
                return Err((at, RegistryFault::NotContinued));
            }
            continue;
        }
        if bytes.is_empty() && ends(*cursor) {
            return Ok(bytes);
        }
        let (byte, _) = digits(cursor, 2);
        let byte = byte.and_then(|byte| u8::try_from(byte).ok());
        bytes.push(byte.ok_or((at, RegistryFault::Digits))?);
        if bytes.len() > MAX_HEX {
            return Err((start, RegistryFault::TooLong { max: MAX_HEX }));
        }
        cursor.skip_blanks();
        let comma = cursor.take(',');
        if ends(*cursor) {
            return Ok(bytes);
        }
        if !comma && cursor.ascii() != Some('\\') {
            return Err((cursor.place(), RegistryFault::Digits));
        }
    }
}

/// Whether the list ends here, after a comma too.
fn ends(mut cursor: Cursor<'_>) -> bool {
    cursor.skip_blanks();
    cursor.is_at_line_end() || cursor.ascii() == Some(';')
}

/// A text as the registry stores it, with a NUL at its end or without.
fn stored(bytes: &[u8], wide: bool) -> Result<String, RegistryFault> {
    if !wide {
        let bytes = bytes.strip_suffix(&[0]).unwrap_or(bytes);
        if bytes.contains(&0) {
            return Err(RegistryFault::Nul);
        }
        return match core::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => Ok(text.into()),
            _ => Err(RegistryFault::CodePage),
        };
    }
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(RegistryFault::OddByte);
    }
    let mut units = pairs.filter_map(|pair| match *pair {
        [low, high] => Some(u16::from_le_bytes([low, high])),
        _ => None,
    });
    let count = bytes.len() / 2;
    let mut text = String::with_capacity(count);
    let last = units.clone().next_back().filter(|unit| *unit == 0);
    let wanted = count - usize::from(last.is_some());
    for character in char::decode_utf16(units.by_ref().take(wanted)) {
        match character {
            Ok('\0') => return Err(RegistryFault::Nul),
            Ok(character) => text.push(character),
            Err(_) => return Err(RegistryFault::UnpairedSurrogate),
        }
    }
    Ok(text)
}
