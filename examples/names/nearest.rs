//! Names that a mistyped one may have been meant to be. They are offered, never taken.

use avma::identity::{ClueKind, unknown_words};
use avma::{Clue, Product};

/// The words of names that no product's name holds.
const WORDS: [&str; 4] = ["Windows", "Server", "Edition", "Evaluation"];

/// The known word, or the edition id, within two letters of a word that is none.
pub fn nearest(word: &str, kind: ClueKind) -> Option<String> {
    const LONGEST: usize = 40;
    if word.len() > LONGEST {
        return None;
    }
    let names = match kind {
        ClueKind::EditionId => ids(),
        _ => words(),
    };
    let names = names.into_iter().map(|name| (distance(word, &name), name));
    names
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| (1..=2).contains(distance) && name.len() > 3 * distance)
        .map(|(_, name)| name)
}

/// The words of the products' names that the reader of captions knows.
fn words() -> Vec<String> {
    let products = Product::ALL.iter().map(ToString::to_string);
    let mut words: Vec<String> = WORDS.map(str::to_owned).to_vec();
    for product in products {
        let known = |word: &&str| word.len() > 4 && unknown_words(word).next().is_none();
        let product = product.split(|c: char| !c.is_alphabetic()).filter(known);
        words.extend(product.map(str::to_owned));
    }
    words
}

/// The edition ids of Windows Server that the reader knows.
fn ids() -> Vec<String> {
    let suffixes = ["", "Cor", "ACor", "Eval", "EvalCor"];
    let ids = Product::ALL
        .iter()
        .flat_map(|product| product.edition_ids());
    let ids = ids.flat_map(|id| suffixes.map(|suffix| format!("{id}{suffix}")));
    ids.filter(|id| {
        let products = Clue::EditionId(id).read().products;
        !products.is(Product::Unlisted) && !products.is(Product::Client)
    })
    .collect()
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
