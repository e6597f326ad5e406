//! The forms of a copy.

use crate::output::shown;
use crate::table::Table;
use crate::{json, kql, powershell, separated};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Csv,
    Kql,
    PowerShell,
    /// The text that the digest is made of; it carries no stamp.
    Canonical,
}

impl Form {
    const NAMES: [(&str, Self); 5] = [
        ("json", Self::Json),
        ("csv", Self::Csv),
        ("kql", Self::Kql),
        ("powershell", Self::PowerShell),
        ("canonical", Self::Canonical),
    ];

    pub fn read(word: &str) -> Result<Self, String> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == word);
        found.map(|(_, form)| *form).ok_or_else(|| {
            format!(
                "{} is no form: json, csv, kql, powershell or canonical",
                shown(word)
            )
        })
    }

    /// By the ending of a file's name, in either case.
    pub fn of_ending(ending: &str) -> Option<Self> {
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "kql" | "csl" => Some(Self::Kql),
            "ps1" => Some(Self::PowerShell),
            _ => None,
        }
    }

    pub fn write(self, table: &Table) -> String {
        match self {
            Self::Json => json::write(table),
            Self::Csv => separated::write(table),
            Self::Kql => kql::write(table),
            Self::PowerShell => powershell::write(table),
            Self::Canonical => table.canonical(),
        }
    }
}
