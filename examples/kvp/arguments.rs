//! The command line.

use std::ffi::OsString;
use std::io::{self, IsTerminal};

use lexopt::Arg::{Long, Short, Value};
use lexopt::ValueExt;

/// What a command line asks for.
pub enum Command {
    Help,
    Decode(Task),
}

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Vmbus,
    Device,
    Pool,
    Wmi,
    Registry,
}

const FORMS: [(&str, Form); 5] = [
    ("vmbus", Form::Vmbus),
    ("device", Form::Device),
    ("pool", Form::Pool),
    ("wmi", Form::Wmi),
    ("registry", Form::Registry),
];

/// Files to be decoded.
pub struct Task {
    pub form: Form,
    pub request: Option<OsString>,
    pub json: bool,
    pub files: Vec<OsString>,
}

/// Reads the command line; what is wrong with it, otherwise.
pub fn read(mut parser: lexopt::Parser) -> Result<Command, String> {
    let (mut form, mut request, mut json) = (None, None, false);
    let mut words = Vec::new();
    while let Some(argument) = parser.next().map_err(fault)? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("json") => json = true,
            Long("request") => request = Some(parser.value().map_err(fault)?),
            Long("form") => {
                let word = parser.value().and_then(ValueExt::string).map_err(fault)?;
                let known = FORMS.iter().find(|(name, _)| *name == word);
                let Some((_, known)) = known else {
                    return Err(format!(
                        "there is no form {word:?}: vmbus, device, pool, wmi, registry"
                    ));
                };
                form = Some(*known);
            }
            Value(word) => words.push(word),
            other => return Err(fault(other.unexpected())),
        }
    }
    let mut words = words.into_iter();
    if words.next().is_none_or(|word| word != "decode") {
        return Err("say what to do: decode".to_owned());
    }
    let form = form.ok_or("say what the files hold: --form vmbus|device|pool|wmi|registry")?;
    if request.is_some() && !matches!(form, Form::Vmbus | Form::Device) {
        return Err("only messages of vmbus and device answer a request".to_owned());
    }
    let mut files: Vec<OsString> = words.collect();
    if files.is_empty() {
        if io::stdin().is_terminal() {
            return Err("no file, and nothing on standard input".to_owned());
        }
        files.push("-".into());
    }
    let stdin = files.iter().chain(&request).filter(|file| *file == "-");
    if stdin.count() > 1 {
        return Err("standard input can be read once".to_owned());
    }
    Ok(Command::Decode(Task {
        form,
        request,
        json,
        files,
    }))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` calls"
)]
fn fault(error: lexopt::Error) -> String {
    error.to_string()
}
