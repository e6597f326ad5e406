//! What a tool prints: composed first, then written at once.

use std::io::{self, Write};
use std::process::ExitCode;

use avma::Source;
use avma::catalog::mask::Masked;
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

/// A text of the user for a message: quoted, control characters escaped, keys of no published list masked.
pub fn shown(text: &str) -> String {
    format!("{:?}", Masked(text).to_string())
}

/// A source as JSON.
pub fn source_json(source: &Source) -> Value {
    json!({
        "title": source.title,
        "dated": source.dated,
        "evidence": source.evidence.as_str(),
    })
}
