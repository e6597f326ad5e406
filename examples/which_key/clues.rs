//! The command line: what is known of the guest, and what is asked.

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use avma::Identity;
use avma::catalog::keys::KeyChannel;
use avma::encoding::decode;
use avma::identity::ClueKind;
use lexopt::Arg::{Long, Short, Value};
use lexopt::ValueExt;

use crate::names::{self, Held};
use crate::output::shown;

/// What a command line asks for.
pub enum Command {
    Help,
    /// The table of one channel.
    List {
        channel: KeyChannel,
        json: bool,
    },
    Ask(Asked),
    /// A file that cannot be used, as it is shown, and why.
    Fault(String, String),
}

/// A question.
pub struct Asked {
    pub clues: Vec<Held>,
    pub channel: KeyChannel,
    pub json: bool,
}

impl Asked {
    pub fn identity(&self) -> Identity {
        names::identity(&self.clues)
    }
}

/// Reads the command line; what is wrong with it, otherwise.
pub fn read(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut words: Vec<String> = Vec::new();
    let mut files: Vec<PathBuf> = Vec::new();
    let mut list = false;
    let mut asked = Asked {
        clues: Vec::new(),
        channel: KeyChannel::Avma,
        json: false,
    };
    while let Some(argument) = parser.next().map_err(fault)? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("json") => asked.json = true,
            Long("gvlk") => asked.channel = KeyChannel::Gvlk,
            Long("list") => list = true,
            Long("file") => files.push(parser.value().map_err(fault)?.into()),
            Value(word) => words.push(word.string().map_err(fault)?),
            Long(name) => {
                let kind = ClueKind::ALL.iter().find(|kind| kind.as_str() == name);
                let Some(&kind) = kind else {
                    return Err(format!("unknown option --{name}"));
                };
                let text = parser.value().and_then(ValueExt::string).map_err(fault)?;
                asked.clues.push(Held::new(kind, &text)?);
            }
            Short(letter) => return Err(format!("unknown option -{letter}")),
        }
    }
    let nothing_asked = words.is_empty() && asked.clues.is_empty() && files.is_empty();
    if list {
        let Asked { channel, json, .. } = asked;
        return if nothing_asked {
            Ok(Command::List { channel, json })
        } else {
            Err("--list prints the whole table; ask for a guest without it".to_owned())
        };
    }
    if nothing_asked {
        return Err(
            "nothing is known of the guest; give its caption, or its build and SKU".to_owned(),
        );
    }
    if !words.is_empty() {
        asked.clues.splice(0..0, names::read(&words.join(" ")));
    }
    for file in files {
        match of_file(&file) {
            Ok(clues) => asked.clues.extend(clues),
            Err(fault) => return Ok(Command::Fault(shown(&file.to_string_lossy()), fault)),
        }
    }
    Ok(Command::Ask(asked))
}

/// The clues of a file, or of standard input for `-`; why it has none, otherwise.
fn of_file(file: &PathBuf) -> Result<Vec<Held>, String> {
    let mut bytes = Vec::new();
    let read = if file.as_os_str() == "-" {
        io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        fs::read(file).map(|content| bytes = content)
    };
    read.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "not found: look at the path".to_owned(),
        _ => format!("cannot be read: {error}"),
    })?;
    // The names of fields are ASCII, so that a text of another code page can be read all the same.
    let text = decode(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes));
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    match names::read_fields(&text) {
        Some(clues) => Ok(clues),
        None if lines == 1 => Ok(names::read(text.trim())),
        None => Err(format!(
            "{lines} lines, and none is a field that names a system: give what systeminfo or \
             DISM /Get-CurrentEdition prints, facts of Ansible or properties of Win32_OperatingSystem \
             as JSON, or one line with the name"
        )),
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` calls"
)]
fn fault(error: lexopt::Error) -> String {
    error.to_string()
}
