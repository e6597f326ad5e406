//! Pool files.

use avma::kvp::pool::{KEY_LEN, PoolFile, RECORD_LEN};
use avma::kvp::text::Narrow;
use serde_json::{Value, json};

use crate::decoded::Decoded;
use crate::output::shown;

pub fn decode(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded::default();
    let file = PoolFile::new(bytes);
    let mut records = Vec::new();
    for record in file.records() {
        let at = record.index() * RECORD_LEN;
        let (key, value) = (record.key(), record.value());
        let fields = [("key", key, at), ("value", value, at + KEY_LEN)];
        decoded.line(at, "record", record.index().to_string());
        for (name, field, at) in fields {
            match field.text() {
                Ok(text) => decoded.line(at, name, shown(text)),
                Err(_) => decoded.line(at, name, "not UTF-8"),
            }
        }
        if record.is_stale() {
            decoded.note("other bytes behind a NUL, which mean nothing");
        }
        for (name, field, at) in fields {
            if let Err(fault) = field.terminated() {
                let at = match fault {
                    // The last byte of the field, where a NUL should be.
                    avma::kvp::error::TextError::NoNul { at: end } => at + end - 1,
                    avma::kvp::error::TextError::NotUtf8 { at: bad } => at + bad,
                    _ => at,
                };
                let what = if field.is_terminated() {
                    "is not UTF-8"
                } else {
                    "ends without a NUL"
                };
                decoded.refuse_part(at, &format!("the {name} {what}"));
            }
        }
        records.push(record_json(key, value));
    }
    decoded.insert("records", records);
    let rest = file.partial().len();
    if rest > 0 {
        decoded.number(bytes.len() - rest, "trailing_bytes", rest as u64);
    }
    decoded
}

fn record_json(key: Narrow<'_>, value: Narrow<'_>) -> Value {
    // Of a field without an end nobody knows what belongs to its text.
    let is_broken = |field: Narrow<'_>| field.is_terminated() && field.text().is_err();
    if is_broken(key) || is_broken(value) {
        return json!({
            "error": "not UTF-8",
            "key_hex": hex(key.as_bytes()),
            "value_hex": hex(value.as_bytes()),
        });
    }
    json!([half(key), half(value)])
}

fn half(field: Narrow<'_>) -> Value {
    match field.terminated() {
        Ok(text) => json!({ "text": text }),
        Err(_) => json!({ "error": "no NUL" }),
    }
}

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.concat()
}
