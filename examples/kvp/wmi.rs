//! Items as WMI hands them out.

use avma::encoding;
use avma::kvp::wmi::{WmiItemError, item_indices};
use serde_json::{Value, json};

use crate::decoded::Decoded;
use crate::output::shown;

pub fn decode(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded::default();
    let text = match encoding::decode(bytes) {
        Ok(text) => text,
        Err(error) => {
            decoded.refuse(error.at(), "not Unicode", &error.to_string());
            return decoded;
        }
    };
    let mut all: Vec<Value> = Vec::new();
    for (place, (at, read)) in item_indices(&text).enumerate() {
        // Where the file is UTF-16, or has a mark, the places of the text are not its own.
        let at = place_in(bytes, &text, at);
        match read {
            Ok(item) => {
                decoded.line(at, "item", place.to_string());
                decoded.line(at, "Name", shown(&item.name));
                decoded.line(at, "Data", shown(&item.data));
                if let Some(source) = item.source {
                    decoded.line(at, "Source", format!("{source}{}", who(source)));
                }
                all.push(json!({ "name": item.name, "data": item.data, "source": item.source }));
            }
            Err(error) => {
                decoded.refuse_part(at, &error.to_string());
                all.push(json!({ "error": reason(error) }));
            }
        }
    }
    match all.as_slice() {
        [] => decoded.refuse(0, "not XML", "no item at all"),
        [one] => decoded.set_json(one.clone()),
        _ => decoded.set_json(all.into()),
    }
    decoded
}

const fn who(source: u16) -> &'static str {
    match source {
        0 => " (host, for the guest)",
        1 => " (guest)",
        2 => " (guest, intrinsic)",
        4 => " (host alone)",
        _ => "",
    }
}

/// The byte of the file for a byte of its text.
fn place_in(bytes: &[u8], text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    if bytes.starts_with(&[0xFF, 0xFE]) {
        2 + 2 * before.encode_utf16().count()
    } else if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        3 + at
    } else {
        at
    }
}

const fn reason(error: WmiItemError) -> &'static str {
    match error {
        WmiItemError::NotXml { .. } => "not XML",
        WmiItemError::Malformed { .. } => "not well formed",
        WmiItemError::Dtd { .. } => "DTD",
        WmiItemError::NotACharacter { .. } => "not a character",
        WmiItemError::OtherClass { .. } => "other class",
        WmiItemError::NoName { .. } => "no Name",
        WmiItemError::Twice { .. } => "a property is given twice",
        WmiItemError::Source { .. } => "Source is not a number of 16 bits",
        WmiItemError::TooLarge { .. } => "too large",
        WmiItemError::TooDeep { .. } => "too deep",
        WmiItemError::Several { .. } => "several items",
    }
}
