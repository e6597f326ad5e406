//! Exports of a Windows guest's registry.

use avma::kvp::registry::{Entry, Value, entries};
use serde_json::json;

use crate::decoded::Decoded;
use crate::output::shown;

pub fn decode(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded::default();
    let mut keys = serde_json::Map::new();
    let mut last = None;
    for entry in entries(bytes) {
        match entry {
            Ok(Entry::Item(item)) => {
                if last.replace(item.key) != Some(item.key) {
                    decoded.note(item.key.path());
                }
                let (kind, value) = match &item.value {
                    Value::Text(text) => ("", json!(text)),
                    Value::Expand(text) => (" (expand string)", json!(text)),
                    Value::Dword(number) => (" (dword)", json!(number)),
                    Value::Qword(number) => (" (qword)", json!(number.to_string())),
                };
                let value_shown = match &item.value {
                    Value::Text(text) | Value::Expand(text) => shown(text),
                    number => number.to_string(),
                };
                decoded.line(item.at, &name(&item.name), format!("{value_shown}{kind}"));
                keys.entry(item.key.path()).or_insert_with(|| json!({}))[&item.name] = value;
            }
            Ok(Entry::ValueDeleted {
                key, name: of, at, ..
            }) => {
                if last.replace(key) != Some(key) {
                    decoded.note(key.path());
                }
                if let Some(values) = keys.get_mut(key.path()).and_then(|of| of.as_object_mut()) {
                    values.remove(&of);
                }
                decoded.line(at, &name(&of), "is deleted");
            }
            Ok(Entry::KeyDeleted { keys: gone, at, .. }) => {
                for key in gone {
                    keys.remove(key.path());
                    decoded.line(at, "[-]", format!("{key} is deleted"));
                }
            }
            Err(error) => {
                let text = format!("line {}: {}", error.line, error.fault);
                decoded.refuse(error.at, &error.fault.to_string(), &text);
            }
        }
    }
    for (key, values) in keys {
        decoded.insert(&key, values);
    }
    decoded
}

/// The name, without quotes where nothing in it needs them.
fn name(name: &str) -> String {
    if name.is_empty() {
        return "@".to_owned();
    }
    let quoted = shown(name);
    let plain = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    match plain {
        Some(plain) if plain == name => plain.to_owned(),
        _ => quoted,
    }
}
