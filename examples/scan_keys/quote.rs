//! The line that a key stands in, as it may be shown.

use avma::catalog::mask::Masked;
use avma::scan::{What, scan};

use crate::found::Key;

/// How much of a long line is shown on either side of the key.
const SIDE: usize = 60;

pub struct Quote {
    pub line: String,
    /// The characters before the key, and those of the key on this line.
    pub before: usize,
    pub length: usize,
}

impl Quote {
    pub fn of(key: &Key<'_>) -> Self {
        let (text, range) = (key.text, &key.finding.range);
        let before = text.get(..range.start).unwrap_or_default();
        let before = before.rsplit('\n').next().unwrap_or_default();
        let behind = text.get(range.end..).unwrap_or_default();
        let written = text.get(range.clone()).unwrap_or_default();
        // A key may run over a line's end.
        let (written, behind) = match written.split_once(['\r', '\n']) {
            Some((first, _)) => (first, ""),
            None => (written, behind.lines().next().unwrap_or_default()),
        };
        let head = shown(&tail(before));
        let key = match key.finding.what {
            What::Unlisted(_) => masked(written),
            _ => plain(written),
        };
        let line = format!("{head}{key}{}", shown(&start(behind)));
        Self {
            line: line.trim_end().to_owned(),
            before: head.chars().count(),
            length: key.chars().count(),
        }
    }
}

/// The end of what stands before the key, cut between words where a key cannot be cut in two.
fn tail(before: &str) -> String {
    let count = before.chars().count();
    if count <= SIDE {
        return before.to_owned();
    }
    let cut: String = before.chars().skip(count - SIDE).collect();
    let whole = cut.find(' ').map_or("", |at| &cut[at..]);
    let whole = without_start(before, whole);
    format!("…{whole}")
}

fn start(behind: &str) -> String {
    if behind.chars().count() <= SIDE {
        return behind.to_owned();
    }
    let cut: String = behind.chars().take(SIDE).collect();
    let whole = cut.rfind(' ').map_or("", |at| &cut[..at]);
    let end = whole.len();
    // A key that the cut goes through is left out.
    let last = scan(behind)
        .take_while(|found| found.range.start < end)
        .last();
    match last {
        Some(found) if found.range.end > end => format!("{}…", &behind[..found.range.start]),
        _ => format!("{whole}…"),
    }
}

/// The same for the beginning of the line.
fn without_start<'a>(before: &'a str, whole: &'a str) -> &'a str {
    let cut = before.len() - whole.len();
    let through = scan(before).find(|found| found.range.start < cut && cut < found.range.end);
    through.map_or(whole, |found| &before[found.range.end..])
}

/// Text around a key, in which other keys may stand.
fn shown(text: &str) -> String {
    let mut safe = String::new();
    let mut at = 0;
    for found in scan(text) {
        if let What::Unlisted(_) = found.what {
            safe += &text[at..found.range.start];
            safe += &masked(&text[found.range.clone()]);
            at = found.range.end;
        }
    }
    safe += &text[at..];
    plain(&Masked(&safe).to_string())
}

/// As many characters, of which the last five symbols are left.
fn masked(written: &str) -> String {
    let letters = written.chars().filter(|c| c.is_alphanumeric()).count();
    let mut place = 0;
    let mask = written.chars().map(|c| {
        if !c.is_alphanumeric() {
            return c;
        }
        place += 1;
        if place + 5 > letters { c } else { '*' }
    });
    mask.collect()
}

/// One column a character, as far as a terminal goes.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
