//! The command line: what to write, or what to check.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use lexopt::prelude::*;

use crate::form::Form;
use crate::output::shown;
use crate::table::Which;

/// What a command line asks for.
pub enum Command {
    Help,
    Export(Export),
    Check(OsString),
}

/// A table to write.
pub struct Export {
    pub table: Which,
    pub form: Form,
    /// Standard output where there is none.
    pub file: Option<PathBuf>,
}

/// Reads the command line; what is wrong with it, otherwise.
pub fn read(mut parser: lexopt::Parser) -> Result<Command, String> {
    let (mut table, mut form, mut file, mut check) = (None, None, None, None);
    while let Some(argument) = parser.next().map_err(fault)? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("table") => {
                let word = parser.value().and_then(ValueExt::string).map_err(fault)?;
                once(&mut table, Which::read(&word)?, "--table")?;
            }
            Long("form") => {
                let word = parser.value().and_then(ValueExt::string).map_err(fault)?;
                once(&mut form, Form::read(&word)?, "--form")?;
            }
            Short('o') | Long("output") => {
                once(&mut file, parser.value().map_err(fault)?, "--output")?;
            }
            Long("check") => once(&mut check, parser.value().map_err(fault)?, "--check")?,
            Value(word) => {
                return Err(format!(
                    "{} is no option; --check {0} checks a file",
                    shown(&word.to_string_lossy())
                ));
            }
            other => return Err(fault(other.unexpected())),
        }
    }
    if let Some(check) = check {
        if table.is_some() || form.is_some() || file.is_some() {
            return Err("--check stands alone: the copy says its table and form".to_owned());
        }
        return Ok(Command::Check(check));
    }
    let file = file.map(PathBuf::from);
    let form = match (form, &file) {
        (Some(form), _) => form,
        (None, Some(file)) => by_ending(file)?,
        (None, None) => Form::Json,
    };
    Ok(Command::Export(Export {
        table: table.unwrap_or(Which::Keys),
        form,
        file,
    }))
}

fn by_ending(file: &Path) -> Result<Form, String> {
    let ending = file.extension().and_then(|ending| ending.to_str());
    ending.and_then(Form::of_ending).ok_or_else(|| {
        format!(
            "the ending of {} names no form; give --form too",
            shown(&file.to_string_lossy())
        )
    })
}

/// Of two values neither is meant more than the other.
fn once<T>(place: &mut Option<T>, value: T, option: &str) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{option} is given twice")),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` calls"
)]
fn fault(error: lexopt::Error) -> String {
    error.to_string()
}
