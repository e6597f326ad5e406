//! The keys of a text, with what is said of them.

use avma::catalog::keys::{KeyRow, KeyUse};
use avma::scan::{Fault, Finding, Judgement, Place, Places, Surroundings, Wanted, What, scan};
use avma::{AnyRelease, Release, ServicingChannel};

/// A key in a file.
pub struct Key<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub finding: Finding,
    pub start: Place,
    pub end: Place,
    /// The caption and where it begins, unless the caller knew everything.
    pub caption: Option<(Place, &'a str)>,
    pub wanted: Wanted,
    pub judgement: Judgement,
}

/// Every key of a text.
pub fn keys<'a>(
    file: &'a str,
    text: &'a str,
    known: Wanted,
) -> impl Iterator<Item = Key<'a>> + use<'a> {
    let mut places = Places::of(text);
    scan(text).map(move |finding| {
        let start = places.of_byte(finding.range.start);
        let end = places.of_byte(finding.range.end);
        let around = Surroundings::of(text, &finding);
        let wanted = known.or(around.wanted);
        let caption = around.caption.filter(|_| wanted != known);
        let caption = caption.and_then(|caption| {
            let words = text.get(caption.clone())?;
            let lines = text.get(caption.start..finding.range.start);
            let above = lines.map_or(0, |lines| lines.matches('\n').count());
            let line = start.line.saturating_sub(above);
            Some((Place { line, column: 1 }, words.trim()))
        });
        Key {
            file,
            text,
            start,
            end,
            caption,
            wanted,
            judgement: wanted.judge(&finding),
            finding,
        }
    })
}

impl Key<'_> {
    /// The fault that names the finding: what is wrong with the place comes before the form.
    pub fn leading(&self) -> Option<Fault> {
        let faults = || self.judgement.faults();
        let of_place = faults().find(|fault| fault.is_certain() && *fault != Fault::Damaged);
        of_place.or_else(|| faults().next())
    }

    pub fn is_certain(&self) -> bool {
        self.judgement.faults().any(Fault::is_certain)
    }

    /// What the key is, as a noun.
    pub fn what(&self) -> String {
        match self.finding.what {
            What::Published(key) => format!("the {}", of_use(key)),
            What::Damaged { key, edits: 0 } => {
                format!("in a damaged form the {}", of_use(key))
            }
            What::Damaged { key, edits } => {
                format!("with {} the {}", symbols(edits, "wrong"), of_use(key))
            }
            What::Suggested { key, edits } => format!(
                "perhaps, with {}, the {}",
                symbols(edits, "out of place"),
                of_use(key)
            ),
            What::Suffix(key) => format!("the end of the {}", of_use(key)),
            What::Private(last) => format!("a key that is not published, ending in {last}"),
            _ => "a key".to_owned(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let judgement = &self.judgement;
        let should = judgement.should.map(of_row);
        Some(match (should, self.finding.what) {
            (Some(should), _) if judgement.has(Fault::Evaluation) => {
                format!("convert the evaluation copy first; then {should}")
            }
            (Some(should), What::Suggested { .. }) => {
                format!("if this is meant as a key here, it is {should}")
            }
            (Some(should), _) => format!("write {should}"),
            (None, _) if judgement.has(Fault::NotDocumented) => {
                "no published key is documented for this release and edition".to_owned()
            }
            (None, What::Private(_)) => {
                "a secret does not belong in a text; AVMA and KMS clients take generic keys"
                    .to_owned()
            }
            (None, _) if judgement.faults().next().is_some() => {
                "give --release and --edition to learn the right key".to_owned()
            }
            (None, _) => return None,
        })
    }
}

fn symbols(edits: u32, how: &str) -> String {
    match edits {
        0 => "more around it".to_owned(),
        1 => format!("1 symbol {how}"),
        _ => format!("{edits} symbols {how}"),
    }
}

/// `AVMA key of Windows Server 2016 Standard (and of 1709, 1803)`: the release that is named by a year
/// first.
fn of_use(key: &KeyUse) -> String {
    let releases = || key.releases.iter().filter_map(AnyRelease::release);
    let is_named = |release: &Release| release.servicing_channel() == ServicingChannel::LongTerm;
    let Some(first) = releases().find(is_named).or_else(|| releases().next()) else {
        return format!("{} of {}", key.channel, key.product);
    };
    let others: Vec<_> = releases()
        .filter(|release| *release != first)
        .map(|release| release.as_str())
        .collect();
    let also = if others.is_empty() {
        String::new()
    } else {
        format!(" (and of {})", others.join(", "))
    };
    format!("{} of {first} {}{also}", key.channel, key.product)
}

/// The key first, then what it is.
fn of_row(row: &KeyRow) -> String {
    format!(
        "{}, the {} of {} {}",
        row.key, row.channel, row.release, row.product
    )
}
