//! The report as a SARIF 2.1.0 document, which code hosts and editors read.

use std::fmt::Write as _;
use std::io::{self, Write};

use avma::catalog::mask::Masked;
use avma::scan::{Fault, Verdict, What};
use serde_json::{Value, json};

use crate::Total;
use crate::found::Key;
use crate::report::Report;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The rule of keys that nothing is wrong with, which `--all` shows.
const PRESENT: &str = "key";

pub struct Sarif {
    all: bool,
    results: Vec<Value>,
    notifications: Vec<Value>,
}

impl Sarif {
    pub fn new(all: bool) -> Self {
        Self {
            all,
            results: Vec::new(),
            notifications: Vec::new(),
        }
    }
}

impl Report for Sarif {
    fn key(&mut self, key: &Key<'_>, _: &mut dyn Write) -> io::Result<()> {
        if key.is_reported() || self.all {
            self.results.push(result(key));
        }
        Ok(())
    }

    fn fault(&mut self, file: &str, message: &str, _: &mut dyn Write) -> io::Result<()> {
        self.notifications.push(json!({
            "level": "error",
            "message": { "text": message },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(file) } } }],
        }));
        Ok(())
    }

    fn finish(&mut self, total: &Total, out: &mut dyn Write) -> io::Result<()> {
        let document = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "scan_keys",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules(),
                } },
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": total.unreadable == 0,
                    "exitCode": total.exit_code(),
                    "toolExecutionNotifications": self.notifications,
                }],
                "results": self.results,
            }],
        });
        writeln!(out, "{document:#}")
    }
}

fn rules() -> Vec<Value> {
    let faults = Fault::ALL.iter().map(|fault| {
        let level = if fault.is_certain() {
            "error"
        } else {
            "warning"
        };
        rule(fault.as_str(), &fault.to_string(), level)
    });
    let present = rule(PRESENT, "a product key", "note");
    faults.chain([present]).collect()
}

fn rule(id: &str, text: &str, level: &str) -> Value {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let sentence = format!("{first}{}.", letters.as_str());
    json!({
        "id": id,
        "shortDescription": { "text": sentence },
        "defaultConfiguration": { "level": level },
    })
}

fn result(key: &Key<'_>) -> Value {
    let leading = key.leading();
    let index = leading.map_or(Fault::ALL.len(), |fault| fault as usize);
    let region = json!({
        "startLine": key.start.line,
        "startColumn": key.start.column,
        "endLine": key.end.line,
        "endColumn": key.end.column,
    });
    let artifact = json!({ "uri": uri(key.file) });
    let mut result = json!({
        "ruleId": leading.map_or(PRESENT, Fault::as_str),
        "ruleIndex": index,
        "level": key.level(),
        "message": { "text": message(key) },
        "locations": [{ "physicalLocation": { "artifactLocation": artifact, "region": region } }],
    });
    if let Some(fix) = fix(key, &artifact, &region) {
        result["fixes"] = json!([fix]);
    }
    result
}

fn message(key: &Key<'_>) -> String {
    let faults: Vec<_> = key
        .judgement
        .faults()
        .map(|fault| fault.to_string())
        .collect();
    let mut text = format!("This is {}.", key.what());
    if key.judgement.verdict() == Verdict::Wrong {
        let _ = write!(text, " Wrong: {}.", faults.join("; "));
    }
    if let Some(help) = key.help() {
        let _ = write!(text, " Help: {help}.");
    }
    Masked(&text).to_string()
}

/// The other key in its place, where nothing else is to be done and nobody has to decide.
fn fix(key: &Key<'_>, artifact: &Value, region: &Value) -> Option<Value> {
    let instead = key.instead()?;
    let open = [Fault::PerhapsDamaged, Fault::Evaluation, Fault::Unlisted];
    if open.iter().any(|fault| key.judgement.has(*fault))
        || matches!(key.finding.what, What::Suffix(_))
    {
        return None;
    }
    Some(json!({
        "description": { "text": format!("Write {instead}.") },
        "artifactChanges": [{
            "artifactLocation": artifact,
            "replacements": [{
                "deletedRegion": region,
                "insertedContent": { "text": instead.to_string() },
            }],
        }],
    }))
}

/// A path as a relative reference, or `file://` where it is absolute.
fn uri(file: &str) -> String {
    let file = Masked(file).to_string();
    let mut uri = String::from(if file.starts_with('/') { "file://" } else { "" });
    for byte in file.trim_matches(['<', '>']).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}
