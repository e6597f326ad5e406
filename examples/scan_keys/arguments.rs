//! The command line.

use std::path::PathBuf;
use std::str::FromStr;

use avma::catalog::keys::KeyChannel;
use avma::catalog::mask::Masked;
use avma::scan::Wanted;
use avma::{Edition, Release};
use lexopt::prelude::*;

pub enum Command {
    Help,
    Scan(Asked),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Text,
    Json,
    Sarif,
}

pub struct Asked {
    pub paths: Vec<PathBuf>,
    pub form: Form,
    pub all: bool,
    pub progress: bool,
    /// What the caller knows of the guest of every key.
    pub wanted: Wanted,
    /// Whether a key of no published list is an error.
    pub deny_unlisted: bool,
}

/// The warnings that can be denied.
const DENIABLE: &str = "unlisted";

pub fn read(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut asked = Asked {
        paths: Vec::new(),
        form: Form::Text,
        all: false,
        progress: false,
        wanted: Wanted::UNKNOWN,
        deny_unlisted: false,
    };
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("all") => asked.all = true,
            Long("progress") => asked.progress = true,
            Long(form @ ("json" | "sarif")) => {
                let form = if form == "json" {
                    Form::Json
                } else {
                    Form::Sarif
                };
                if asked.form != Form::Text && asked.form != form {
                    return Err("--json and --sarif are two reports: take one".to_owned());
                }
                asked.form = form;
            }
            Long("release") => asked.wanted.releases = word::<Release>(&mut parser)?.into(),
            Long("edition") => asked.wanted.products = word::<Edition>(&mut parser)?.into(),
            Long("channel") => asked.wanted.channel = Some(word::<KeyChannel>(&mut parser)?),
            Long("deny") => {
                let words = string(&mut parser)?;
                if let Some(other) = words.split(',').find(|word| *word != DENIABLE) {
                    let other = Masked(other).to_string();
                    return Err(format!(
                        "--deny {other:?}: no such warning, expected {DENIABLE}"
                    ));
                }
                asked.deny_unlisted = true;
            }
            Value(path) => asked.paths.push(path.into()),
            other => return Err(Masked(&other.unexpected().to_string()).to_string()),
        }
    }
    if asked.paths.is_empty() {
        asked.paths.push(samples());
    }
    Ok(Command::Scan(asked))
}

fn word<T: FromStr>(parser: &mut lexopt::Parser) -> Result<T, String>
where
    T::Err: std::fmt::Display,
{
    let value = string(parser)?;
    value
        .parse()
        .map_err(|error| format!("{:?}: {error}", Masked(&value).to_string()))
}

fn string(parser: &mut lexopt::Parser) -> Result<String, String> {
    let value = parser.value().and_then(ValueExt::string);
    value.map_err(|error| Masked(&error.to_string()).to_string())
}

/// Where the samples lie: beside the sources from which this program was built.
fn samples() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "examples", "data", "keys"]
        .iter()
        .collect()
}
