//! What tools print of a system: lines `Name: value` of systeminfo, DISM and PowerShell, or JSON with
//! such names, as Ansible and `ConvertTo-Json` write it.

use avma::Clue;
use avma::identity::ClueKind;
use serde_json::Value;

use super::{Held, is_version};

/// The clues of a text; `None` where no field of it is one.
pub fn read(text: &str) -> Option<Vec<Held>> {
    let mut clues = Vec::new();
    match serde_json::from_str(text.trim_start_matches('\u{FEFF}')) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => of_json(&value, &mut clues),
        _ => of_lines(text, &mut clues),
    }
    (!clues.is_empty()).then_some(clues)
}

fn of_json(value: &Value, clues: &mut Vec<Held>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| of_json(item, clues)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) => clues.extend(field(name, text)),
                    Value::Number(number) => clues.extend(field(name, &number.to_string())),
                    _ => of_json(value, clues),
                }
            }
        }
        _ => {}
    }
}

fn of_lines(text: &str, clues: &mut Vec<Held>) {
    /// The line before DISM's own version.
    const DISM: &str = "Deployment Image Servicing and Management tool";
    let mut before = "";
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let own_version = before == DISM;
        before = line;
        let Some((name, value)) = line.split_once([':', '=']) else {
            continue;
        };
        let (name, value) = (name.trim(), value.trim().trim_matches('"'));
        if own_version || name.is_empty() || value.is_empty() {
            continue;
        }
        clues.extend(field(name, value).or_else(|| translated(value)));
    }
}

/// The clue of a field; none where its name is no clue's or its value says nothing.
fn field(name: &str, value: &str) -> Option<Held> {
    let held = Held::new(ClueKind::of_field(name)?, value).ok()?;
    (!held.clue().read().says_nothing()).then_some(held)
}

/// Names of fields are translated, values are not: a name of Windows begins with Microsoft's, and
/// systeminfo's version ends in its build, `10.0.17763 N/A Build 17763`.
fn translated(value: &str) -> Option<Held> {
    let mut words = value.split_whitespace();
    let (first, last) = (words.next()?, words.next_back()?);
    let kind = if value.starts_with("Microsoft Windows ") || value.starts_with("Windows Server ") {
        ClueKind::Caption
    } else if is_version(first) && first.split('.').nth(2) == Some(last) {
        ClueKind::OsVersion
    } else {
        return None;
    };
    let known = match kind {
        ClueKind::Caption => Clue::Caption(value),
        _ => Clue::OsVersion(first),
    };
    if known.read().says_nothing() {
        return None;
    }
    Held::new(
        kind,
        if kind == ClueKind::Caption {
            value
        } else {
            first
        },
    )
    .ok()
}
