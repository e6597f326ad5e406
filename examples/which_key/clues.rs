//! The command line: what is known of the guest, and what is asked.

use avma::catalog::keys::KeyChannel;
use avma::identity::{ClueKind, sku_from_text};
use avma::{Clue, Identity};
use lexopt::Arg::{Long, Short, Value};
use lexopt::ValueExt;

use crate::output::shown;

/// What a command line asks for.
pub enum Command {
    Help,
    Ask(Asked),
}

/// A question.
pub struct Asked {
    pub clues: Vec<Held>,
    pub channel: KeyChannel,
    pub json: bool,
}

impl Asked {
    pub fn identity(&self) -> Identity {
        self.clues.iter().map(Held::clue).collect()
    }
}

/// A clue that holds its text.
pub struct Held {
    pub kind: ClueKind,
    text: String,
    number: u32,
}

impl Held {
    fn new(kind: ClueKind, text: String) -> Result<Self, String> {
        let number = match kind {
            ClueKind::Sku => sku_from_text(&text),
            ClueKind::Build | ClueKind::ProductType | ClueKind::SuiteMask => {
                text.trim().parse().ok()
            }
            _ => Some(0),
        };
        match number {
            Some(number) => Ok(Self { kind, text, number }),
            None => Err(format!(
                "{} is no {kind}{}",
                shown(&text),
                match kind {
                    ClueKind::Sku =>
                        ": give a number such as 8 or 0x08, or a name such as PRODUCT_DATACENTER_SERVER",
                    ClueKind::Build =>
                        ": give a number such as 20348; for 10.0.20348 use --os-version",
                    _ => ": give a number",
                }
            )),
        }
    }

    pub fn clue(&self) -> Clue<'_> {
        let text = self.text.as_str();
        match self.kind {
            ClueKind::EditionId => Clue::EditionId(text),
            ClueKind::ImageName => Clue::ImageName(text),
            ClueKind::Sku => Clue::Sku(self.number),
            ClueKind::Build => Clue::Build(self.number),
            ClueKind::OsVersion => Clue::OsVersion(text),
            ClueKind::LicenseFamily => Clue::LicenseFamily(text),
            ClueKind::ProductType => Clue::ProductType(self.number),
            ClueKind::SuiteMask => Clue::SuiteMask(self.number),
            ClueKind::InstallationType => Clue::InstallationType(text),
            _ => Clue::Caption(text),
        }
    }

    /// The text as given. Messages take `Display`, which masks a key of no published list.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Display for Held {
    /// `caption "Windows Server 2022"`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, shown(&self.text))
    }
}

/// Reads the command line; what is wrong with it, otherwise.
pub fn read(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut words: Vec<String> = Vec::new();
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
            Value(word) => words.push(word.string().map_err(fault)?),
            Long(name) => {
                let kind = ClueKind::ALL.iter().find(|kind| kind.as_str() == name);
                let Some(&kind) = kind else {
                    return Err(format!("unknown option --{name}"));
                };
                let text = parser.value().and_then(ValueExt::string).map_err(fault)?;
                asked.clues.push(Held::new(kind, text)?);
            }
            Short(letter) => return Err(format!("unknown option -{letter}")),
        }
    }
    if !words.is_empty() {
        let caption = Held::new(ClueKind::Caption, words.join(" "))?;
        asked.clues.insert(0, caption);
    }
    if asked.clues.is_empty() {
        return Err(
            "nothing is known of the guest; give its caption, or its build and SKU".to_owned(),
        );
    }
    Ok(Command::Ask(asked))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` calls"
)]
fn fault(error: lexopt::Error) -> String {
    error.to_string()
}
