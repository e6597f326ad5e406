//! What a tool prints: composed first, then written at once.

use std::io::{self, Write};
use std::process::ExitCode;

use avma::catalog::keys;
use avma::catalog::mask::Masked;
use avma::{ProductKey, Source};
use serde_json::{Value, json};

/// The exit code for a command line that is not understood (`EX_USAGE`).
pub const USAGE: u8 = 64;

/// Both texts and the exit code of a run.
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub code: u8,
}

impl Output {
    pub fn stdout(text: impl Into<String>) -> Self {
        Self {
            stdout: text.into(),
            stderr: String::new(),
            code: 0,
        }
    }

    /// One JSON object, readable by people too.
    pub fn json(value: &Value, code: u8) -> Self {
        Self {
            code,
            ..Self::stdout(format!("{value:#}\n"))
        }
    }

    /// A command line that is not understood, and how to learn what is.
    pub fn usage(tool: &str, fault: &str) -> Self {
        Self {
            stdout: String::new(),
            stderr: format!("{tool}: {fault}\nSee {tool} --help.\n"),
            code: USAGE,
        }
    }

    /// Writes both texts. A reader that has gone away is no fault of the tool.
    pub fn emit(&self) -> ExitCode {
        let out = io::stdout().write_all(Masked(&self.stdout).to_string().as_bytes());
        let err = io::stderr().write_all(Masked(&self.stderr).to_string().as_bytes());
        match out.and(err) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
            _ => ExitCode::from(self.code),
        }
    }
}

/// A text of the user for a message: quoted, unless it holds a key that is not published.
pub fn shown(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let grouped = words
        .windows(5)
        .filter(|groups| groups.iter().all(|group| group.len() == 5))
        .find_map(|groups| secret(&groups.concat()));
    match grouped.or_else(|| words.iter().find_map(|word| secret(word))) {
        Some(key) => format!("a text with a key that is not published ({key})"),
        None => format!("{text:?}"),
    }
}

/// A word that is a key, with hyphens or without, and not published.
fn secret(word: &str) -> Option<ProductKey> {
    let symbols: Vec<u8> = word
        .bytes()
        .filter(|byte| *byte != b'-')
        .map(|byte| byte.to_ascii_uppercase())
        .collect();
    let key = ProductKey::from_symbols(symbols.try_into().ok()?).ok()?;
    keys::identify(&key).is_none().then_some(key)
}

/// A source as JSON.
pub fn source_json(source: &Source) -> Value {
    json!({
        "title": source.title,
        "dated": source.dated,
        "evidence": source.evidence.as_str(),
    })
}
