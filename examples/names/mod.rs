//! Names of systems as people type and paste them: split into clues, with what was not understood.

mod fields;
mod nearest;

use std::fmt;

use avma::catalog::mask::Masked;
use avma::catalog::releases::Release;
use avma::identity::{ClueKind, product_type_from_text, sku_from_text, unknown_words};
use avma::{Clue, HResult, Identity, Product};

use crate::output::shown;
use nearest::nearest;

/// A clue that holds its text.
pub struct Held {
    pub kind: ClueKind,
    text: String,
    number: u32,
}

impl Held {
    /// A clue of one kind; what is wrong with its text, otherwise.
    pub fn new(kind: ClueKind, text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (kind, number) = match kind {
            // 20348.1234 is build and update, 10.0.20348 a whole version.
            ClueKind::Build if is_version(text) => (ClueKind::OsVersion, Some(0)),
            ClueKind::Build => (kind, build(text)),
            ClueKind::Sku => (kind, sku_from_text(text)),
            ClueKind::ProductType => (kind, product_type_from_text(text)),
            ClueKind::SuiteMask => (kind, text.parse().ok()),
            _ => (kind, Some(0)),
        };
        let text = text.to_owned();
        match number {
            Some(number) => Ok(Self { kind, text, number }),
            None => Err(format!("{} is no {kind}: {}", shown(&text), wanted(kind))),
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
    #[allow(dead_code, reason = "for the tool that finds keys by name")]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn is_name(&self) -> bool {
        matches!(self.kind, ClueKind::Caption | ClueKind::ImageName)
    }

    /// The words of a name that are not understood, each with the known word that is nearest; none
    /// where the name is that of another system.
    fn unknown(&self) -> Vec<(String, Option<String>)> {
        let other = [Product::NotWindows, Product::Client, Product::Unlisted];
        let products = self.clue().read().products;
        if !self.is_name() || products.iter().all(|product| other.contains(&product)) {
            return Vec::new();
        }
        let masked = Masked(&self.text).to_string();
        unknown_words(&masked)
            .map(|word| (word.to_owned(), nearest(word, ClueKind::Caption)))
            .collect()
    }

    /// The word that made the rest of a name count for nothing.
    pub fn in_front(&self) -> Option<String> {
        let unknown = self.unknown();
        let words = self.text.split_whitespace().count();
        let (word, _) = unknown.first()?;
        // A text with somebody's own key in it is no name.
        let is_name = !Masked(&self.text).is_needed() && unknown.len() < words;
        is_name.then(|| word.clone())
    }

    /// The words of which the clue holds a misspelt one.
    pub fn suggestions(&self) -> Vec<String> {
        match self.kind {
            ClueKind::EditionId | ClueKind::LicenseFamily => {
                let words = self.text.split(|c: char| !c.is_alphanumeric());
                let products = self.clue().read().products;
                let unlisted = products.is_unknown() || products.is(Product::Unlisted);
                let words = words.filter(|_| unlisted);
                words
                    .filter_map(|word| nearest(word, ClueKind::EditionId))
                    .collect()
            }
            _ => {
                let unknown = self.unknown().into_iter();
                unknown.filter_map(|(_, nearest)| nearest).collect()
            }
        }
    }

    /// What has to be known of the clue itself.
    pub fn warnings(&self) -> Vec<String> {
        let reading = self.clue().read();
        let mut warnings = Vec::new();
        if let Some(note) = reading.note() {
            warnings.push(format!("{self}: {note}"));
        } else if reading.says_nothing() {
            warnings.push(format!(
                "{self} is not understood and was left out{}",
                self.in_front().map_or(String::new(), |word| format!(
                    ": {} in front of the rest may name another product",
                    shown(&word)
                ))
            ));
        } else {
            for (word, nearest) in self.unknown() {
                let meant = nearest.map_or(String::new(), |name| format!(" (perhaps {name})"));
                warnings.push(format!(
                    "{self}: the word {} is not understood and was left out{meant}",
                    shown(&word)
                ));
            }
        }
        if self.is_name() && is_azure_image(&self.text) {
            // Both codes have one sense in Azure, and one remedy.
            let remedy = HResult(0xC004_FD02).code().and_then(|row| row.remedy);
            warnings.push(format!(
                "{self} has the form of an image in Azure's Marketplace. In Azure AVMA does not work \
                 (0xC004FD01, 0xC004FD02){}",
                remedy.map_or(String::new(), |remedy| {
                    format!(": {} ({})", remedy.text, remedy.source)
                })
            ));
        }
        warnings
    }
}

impl fmt::Display for Held {
    /// `caption "Windows Server 2022"`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, shown(&self.text))
    }
}

fn wanted(kind: ClueKind) -> &'static str {
    match kind {
        ClueKind::Sku => {
            "give a number such as 8 or 0x08, or a name such as PRODUCT_DATACENTER_SERVER"
        }
        ClueKind::Build => "give a number such as 20348, with the update 20348.1234, or 10.0.20348",
        ClueKind::ProductType => "give 1 (client), 2 (domain controller) or 3 (server)",
        _ => "give a number",
    }
}

/// What is known of a system by a text that somebody typed or pasted: its name, with a version or
/// a build among the words, or what a tool printed of it.
pub fn read(text: &str) -> Vec<Held> {
    fields::read(text).unwrap_or_else(|| typed(text))
}

/// What a tool printed; `None` where no field of the text is known.
#[allow(dead_code, reason = "for the tool that reads files")]
pub fn read_fields(text: &str) -> Option<Vec<Held>> {
    fields::read(text)
}

/// Everything that the clues say.
pub fn identity(clues: &[Held]) -> Identity {
    clues.iter().map(Held::clue).collect()
}

fn typed(text: &str) -> Vec<Held> {
    let mut clues = Vec::new();
    let mut name: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let number = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let kind = if is_version(number) {
            Some(ClueKind::OsVersion)
        } else if build(number).is_some_and(is_build) {
            Some(ClueKind::Build)
        } else if number.len() > "PRODUCT_".len() && sku_from_text(number).is_some() {
            Some(ClueKind::Sku)
        } else {
            None
        };
        match kind.and_then(|kind| Held::new(kind, number).ok()) {
            Some(clue) => {
                // "OS Build 17763.5329"
                for before in ["build", "os"] {
                    let bare = |word: &str| word.trim_matches('(').eq_ignore_ascii_case(before);
                    if name.last().is_some_and(|word| bare(word)) {
                        name.pop();
                    }
                }
                clues.push(clue);
            }
            None => name.push(word),
        }
    }
    if !name.is_empty() {
        let name = name.join(" ");
        // The publisher, offer, SKU and version of an image: its SKU is the name.
        let parts: Vec<&str> = name.split(':').collect();
        let name = match parts.as_slice() {
            [_, _, sku, _] if is_azure_image(sku) => (*sku).to_owned(),
            _ => misspelt_last(&name),
        };
        let caption = Held::new(ClueKind::Caption, &name);
        clues.splice(0..0, caption);
    }
    clues
}

/// The words with misspelt ones behind the rest. A strange word in front of a release is the name of
/// another product; one that only lacks a letter is not.
fn misspelt_last(name: &str) -> String {
    let unknown: Vec<&str> = unknown_words(name).collect();
    let misspelt =
        |word: &&str| unknown.contains(word) && nearest(word, ClueKind::Caption).is_some();
    let (last, first): (Vec<&str>, Vec<&str>) = name.split(' ').partition(misspelt);
    [first, last].concat().join(" ")
}

/// A whole version: 10.0.20348, 6.3.9600.0.
fn is_version(text: &str) -> bool {
    let numbers: Result<Vec<u32>, _> = text.split('.').map(str::parse).collect();
    matches!(numbers.as_deref(), Ok([6 | 10, _, _, ..]))
}

/// The number of a build, which the number of an update may follow.
fn build(text: &str) -> Option<u32> {
    let (build, update) = text.split_once('.').unwrap_or((text, "0"));
    update.parse::<u32>().ok()?;
    build.parse().ok()
}

/// Whether a bare number among other words is a build rather than a year or the name of a version.
fn is_build(number: u32) -> bool {
    let mut releases = Release::ALL.iter();
    (10_000..100_000).contains(&number)
        || releases.any(|release| release.builds().contains(&number))
}

/// Whether a name has the form of an image's SKU in Azure's Marketplace: `2022-datacenter-g2`.
fn is_azure_image(name: &str) -> bool {
    let mut pieces = name.split('-');
    let year = pieces.next().unwrap_or_default();
    let rest: Vec<&str> = pieces.collect();
    let edition = match rest.as_slice() {
        [r2, edition, ..] if r2.eq_ignore_ascii_case("r2") => edition,
        [edition, ..] => edition,
        [] => return false,
    };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let editions = ["datacenter", "nano"];
    is_year
        && !name.contains(char::is_whitespace)
        && editions
            .iter()
            .any(|name| name.eq_ignore_ascii_case(edition))
}
