//! Names that a mistyped one may have been meant to be. They are offered, never taken.

use avma::Product;
use avma::identity::ClueKind;

use crate::clues::Held;

const WORDS: [&str; 6] = [
    "Datacenter",
    "Standard",
    "Essentials",
    "Azure",
    "Edition",
    "Evaluation",
];
const EDITION_IDS: [&str; 14] = [
    "ServerDatacenter",
    "ServerDatacenterCor",
    "ServerDatacenterACor",
    "ServerDatacenterEval",
    "ServerDatacenterEvalCor",
    "ServerStandard",
    "ServerStandardCor",
    "ServerStandardACor",
    "ServerStandardEval",
    "ServerStandardEvalCor",
    "ServerSolution",
    "ServerTurbine",
    "ServerTurbineCor",
    "ServerWinFoundation",
];

/// The nearest names to what a clue writes, where it names no product that the tables know.
pub fn suggestions(clue: &Held) -> Vec<&'static str> {
    let products = clue.clue().read().products;
    if products.known_element().is_some() && !products.is(Product::Unlisted) {
        return Vec::new();
    }
    let names: &[&str] = match clue.kind {
        ClueKind::EditionId | ClueKind::LicenseFamily => &EDITION_IDS,
        ClueKind::Caption | ClueKind::ImageName => &WORDS,
        _ => return Vec::new(),
    };
    clue.text()
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| nearest(word, names))
        .collect()
}

/// The nearest name within two letters, where the word is not one already.
fn nearest(word: &str, names: &[&'static str]) -> Option<&'static str> {
    const LONGEST: usize = 40;
    if word.len() > LONGEST {
        return None;
    }
    names
        .iter()
        .map(|name| (distance(word, name), *name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| (1..=2).contains(distance) && name.len() > 3 * distance)
        .map(|(_, name)| name)
}

/// Levenshtein's distance, in any case of letters.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().map(|c| c.to_ascii_lowercase()).collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, a) in one.chars().enumerate() {
        let mut diagonal = place;
        let mut left = place + 1;
        for (b, above) in other.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(a.to_ascii_lowercase() != *b);
            diagonal = *above;
            left = changed.min(left + 1).min(diagonal + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = place + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
