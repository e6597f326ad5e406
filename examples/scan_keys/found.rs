//! The keys of a text, with what is said of them.

use avma::catalog::keys::PublishedKey;
use avma::catalog::keys::{KeyRow, KeyUse};
use avma::scan::{
    Fault, Finding, Judgement, Place, Places, Surroundings, Verdict, Wanted, What, scan,
};
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
    /// Whether the caller takes it for an error that a key is in no published list.
    deny_unlisted: bool,
}

/// Every key of a text.
pub fn keys<'a>(
    file: &'a str,
    text: &'a str,
    known: Wanted,
    deny_unlisted: bool,
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
            let lines = |from, to| {
                text.get(from..to)
                    .map(|between| between.matches('\n').count())
            };
            let above = lines(caption.start, finding.range.start);
            let below = lines(finding.range.end, caption.start);
            let line = (start.line + below.unwrap_or(0)).saturating_sub(above.unwrap_or(0));
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
            deny_unlisted,
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

    /// Whether it makes the run fail.
    pub fn is_refused(&self) -> bool {
        match self.judgement.verdict() {
            Verdict::Wrong => true,
            Verdict::Unlisted => self.deny_unlisted,
            _ => false,
        }
    }

    /// Whether it is reported without being asked for.
    pub fn is_reported(&self) -> bool {
        self.judgement.faults().next().is_some()
    }

    /// `error`, `warning` or `note`.
    pub fn level(&self) -> &'static str {
        let certain = || self.judgement.faults().any(Fault::is_certain);
        match self.judgement.verdict() {
            Verdict::Wrong if certain() => "error",
            Verdict::Unlisted if self.deny_unlisted => "error",
            Verdict::Wrong | Verdict::Unlisted => "warning",
            _ => "note",
        }
    }

    /// The key to write instead, where one is known: the one that belongs here, or the repaired one.
    pub fn instead(&self) -> Option<PublishedKey> {
        let row = self.judgement.should.map(|row| row.key);
        row.or_else(|| self.repaired().map(|key| key.key))
    }

    /// The key that a damaged text means, where no more is wrong with it.
    fn repaired(&self) -> Option<&'static KeyUse> {
        let damaged = [Fault::Damaged, Fault::PerhapsDamaged];
        let only_form = self
            .judgement
            .faults()
            .all(|fault| damaged.contains(&fault));
        match self.finding.what {
            What::Damaged { key, .. } | What::Suggested { key, .. } if only_form => Some(key),
            _ => None,
        }
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
            What::Unlisted(last) => {
                format!("a key in none of the published lists in this crate, ending in {last}")
            }
            _ => "a key".to_owned(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        let judgement = &self.judgement;
        let should = judgement.should.map(of_row);
        let should = should.or_else(|| {
            let key = self.repaired()?;
            Some(format!("{}, the {}", key.key, of_use(key)))
        });
        Some(match (should, self.finding.what) {
            (Some(should), _) if judgement.has(Fault::Evaluation) => {
                format!("convert the evaluation copy first; then {should}")
            }
            (Some(should), What::Suggested { .. }) => {
                format!("if this is meant as a key here, it is {should}")
            }
            (Some(should), What::Unlisted(_)) => format!("the published key here is {should}"),
            (Some(should), _) => format!("write {should}"),
            (None, _) if judgement.has(Fault::NotDocumented) => {
                "no published key is documented for this release and edition".to_owned()
            }
            (None, What::Unlisted(_)) => "AVMA and KMS clients take generic keys; see whether \
                this one may stand in a text"
                .to_owned(),
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
/// first. A key of systems that the crate does not model has its name.
fn of_use(key: &KeyUse) -> String {
    if !key.is_modelled() {
        return format!("{} of {}", key.channel, key.name());
    }
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
