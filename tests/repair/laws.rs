//! What holds for any damage: the same key, or none; never another.

use avma::catalog::keys::{self, KeyUse};
use avma::product_key::ALPHABET;
use avma::repair::{Repair, repair};
use proptest::prelude::*;

use crate::text_of;

/// A published key as text in another form.
fn formed(key: &KeyUse, form: u8, separator: &str) -> String {
    let text: String = text_of(key);
    let text: String = match form {
        0 => text,
        1 => text.to_lowercase(),
        _ => text
            .chars()
            .map(|c| match c {
                '-' => c,
                _ => char::from_u32(u32::from(c) - 0x21 + 0xFF01).unwrap(),
            })
            .collect(),
    };
    text.replace('-', separator)
}

fn a_key() -> impl Strategy<Value = &'static KeyUse> {
    (0..keys::published().len()).prop_map(|place| &keys::published()[place])
}

fn a_symbol() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => (0..ALPHABET.len()).prop_map(|place| char::from(ALPHABET[place])),
        1 => prop::sample::select(vec!['0', '1', '5', 'A', 'E', 'I', 'L', 'O', 'S', 'U', 'Z', '*', '차']),
    ]
}

/// The key with symbols at these places replaced.
fn changed(key: &KeyUse, changes: &[(usize, char)]) -> String {
    let mut text: Vec<char> = text_of(key).chars().collect();
    for (place, symbol) in changes {
        text[place + place / 5] = *symbol;
    }
    text.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_few_changes_and_any_form_give_the_same_key(
        key in a_key(),
        form in 0..3_u8,
        separator in prop::sample::select(vec!["-", "", " ", "–", " - ", "_", ".", "&ndash;", "\\u2011", "\u{AD}", "-<wbr>", "%2D", "\r\n"]),
        changes in prop::collection::vec((0..25_usize, a_symbol()), 0..=3),
        around in prop::sample::select(vec![("", ""), ("\"", "\""), ("<Key>", "</Key>"), ("| Standard |", "|"), ("slmgr /ipk ", "\n")]),
    ) {
        let mut symbols: Vec<char> = formed(key, form, "-").chars().collect();
        for (place, symbol) in &changes {
            symbols[place + place / 5] = *symbol;
        }
        let text: String = symbols.into_iter().collect();
        let text = format!("{}{}{}", around.0, text.replace('-', separator), around.1);
        let outcome = repair(&text);
        prop_assert_eq!(outcome.named(), Some(key), "{:?}: {:?}", text, outcome);
    }

    #[test]
    fn up_to_eight_changes_never_give_another_key(
        key in a_key(),
        changes in prop::collection::vec((0..25_usize, a_symbol()), 0..=8),
    ) {
        let text = changed(key, &changes);
        let named = repair(&text).named();
        prop_assert!(named.is_none() || named == Some(key), "{}: {:?}", text, repair(&text));
    }

    /// Towards another key too, and whatever the number of changes: only the nearest one is named.
    #[test]
    fn no_key_is_named_where_another_is_as_near(
        key in a_key(),
        other in a_key(),
        towards in prop::collection::btree_set(0..25_usize, 0..=10),
        changes in prop::collection::vec((0..25_usize, a_symbol()), 0..=2),
    ) {
        let target: Vec<char> = text_of(other).chars().collect();
        let mut all: Vec<(usize, char)> = towards.iter().map(|place| (*place, target[place + place / 5])).collect();
        all.extend(changes);
        let text = changed(key, &all);
        if let Some(named) = repair(&text).named() {
            let distance = |key: &KeyUse| text.chars().zip(text_of(key).chars()).filter(|(a, b)| a != b).count();
            let nearest = keys::published().iter().filter(|other| other.key != named.key).map(distance).min();
            prop_assert!(Some(distance(named)) < nearest, "{}: {}", text, named.key);
        }
    }

    #[test]
    fn lost_and_added_symbols_never_give_another_key(
        key in a_key(),
        edits in prop::collection::vec((0..29_usize, prop::option::of(a_symbol())), 0..=6),
    ) {
        let mut text: Vec<char> = text_of(key).chars().collect();
        for (place, symbol) in edits {
            let place = place.min(text.len() - 1);
            match symbol {
                Some(symbol) => text.insert(place, symbol),
                None => { text.remove(place); }
            }
        }
        let text: String = text.into_iter().collect();
        let named = repair(&text).named();
        prop_assert!(named.is_none() || named == Some(key), "{}: {:?}", text, repair(&text));
    }

    #[test]
    fn every_text_has_an_answer_within_it(text in any::<String>()) {
        if let Some(range) = repair(&text).range() {
            prop_assert!(text.get(range).is_some());
        }
    }

    #[test]
    fn every_text_of_key_like_pieces_has_an_answer_within_it(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "W3GNR", "8DDXR", "2TFRP", "H8P33", "DV9BG", "XXXXX", "*****", "-", "–", " ", "<b>", "&#45;", "\\u2013", "차", "é", "%2D", "B", "\n", "\\x", "W3GNR-8DDXR-2TFRP-H8P33-DV9BG",
        ]), 0..40),
    ) {
        let text = pieces.concat();
        let outcome = repair(&text);
        if let Some(range) = outcome.range() {
            prop_assert!(text.get(range).is_some());
        }
        if let Some(key) = outcome.named() {
            prop_assert_eq!(key.key.to_string(), "W3GNR-8DDXR-2TFRP-H8P33-DV9BG");
        }
    }

    #[test]
    fn random_keys_are_unlisted(places in prop::collection::vec(0..25_usize, 25)) {
        let symbols: Vec<char> = places.iter().map(|place| char::from(ALPHABET[*place])).collect();
        let text = symbols.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-");
        let outcome = repair(&text);
        prop_assert_eq!(outcome.named(), None, "{}", text);
        let masked = matches!(outcome, Repair::Unlisted { .. } | Repair::Nothing);
        prop_assert!(masked, "{outcome:?}");
        prop_assert!(!format!("{outcome:?}").contains(&text[..5]), "{outcome:?}");
    }

    #[test]
    fn a_true_first_or_last_group_does_not_make_a_key(
        key in a_key(),
        last in any::<bool>(),
        places in prop::collection::vec(0..25_usize, 20),
    ) {
        let rest: Vec<char> = places.iter().map(|place| char::from(ALPHABET[*place])).collect();
        let rest = rest.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-");
        let whole = text_of(key);
        let text = if last { format!("{rest}-{}", &whole[24..]) } else { format!("{}-{rest}", &whole[..5]) };
        prop_assert_eq!(repair(&text).named(), None, "{}", text);
    }
}
