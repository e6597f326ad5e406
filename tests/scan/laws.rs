//! Laws, at random.

use avma::catalog::keys;
use avma::repair::repair;
use avma::scan::{Surroundings, What, scan};
use proptest::prelude::*;

/// Pieces of texts that hold keys.
fn piece() -> impl Strategy<Value = String> {
    let key =
        (0..keys::published().len()).prop_map(|index| keys::published()[index].key.to_string());
    let damaged =
        (key.clone(), 0_usize..29, "[A-Z0-9 –-]{0,2}").prop_map(|(mut key, place, by)| {
            key.replace_range(place..=place, &by);
            key
        });
    prop_oneof![
        3 => key,
        3 => damaged,
        1 => Just("FMT4H-4RD6P-M48YH-6YDK2-QXPNK".to_owned()),
        2 => "[A-Z0-9]{0,8}",
        2 => "[ -~]{0,40}",
        1 => "\\PC{0,12}",
        1 => Just("\n".to_owned()),
        1 => Just("Windows Server 2022 Standard".to_owned()),
        1 => Just(" | ".to_owned()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn findings_lie_in_the_text_in_order_and_say_what_repair_says(text in text()) {
        let mut end = 0;
        for finding in scan(&text) {
            prop_assert!(end <= finding.range.start && finding.range.end <= text.len());
            prop_assert!(!finding.range.is_empty());
            end = finding.range.end;
            let written = &text[finding.range.clone()];
            // Published keys are never taken for one another, nor unlisted ones for them.
            match finding.what {
                What::Published(key) => prop_assert_eq!(written.to_uppercase(), key.key.to_string()),
                What::Unlisted(_) => prop_assert!(repair(written).named().is_none()),
                _ => prop_assert_eq!(repair(written).named().map(|key| key.key), finding.named().map(|key| key.key)),
            }
            let around = Surroundings::of(&text, &finding);
            if let Some(caption) = around.caption {
                prop_assert!(text.get(caption).is_some());
            }
            let _ = around.wanted.judge(&finding);
        }
    }

    #[test]
    fn a_key_is_found_in_any_text(before in "\\PC{0,200}", after in "\\PC{0,200}", index in 0..95_usize) {
        let key = &keys::published()[index];
        let text = format!("{before}\n\"{}\"\n{after}", key.key);
        prop_assert!(scan(&text).any(|finding| finding.what == What::Published(key)));
    }

    #[test]
    fn what_repair_mends_unasked_is_found_in_any_text(
        index in 0..95_usize,
        places in prop::collection::vec((0..29_usize, "[A-Z0-9 –-]{0,2}"), 1..4),
        before in "[ -~]{0,60}",
    ) {
        let key = &keys::published()[index];
        let mut damaged = key.key.to_string();
        for (place, by) in places {
            let mut starts = damaged.char_indices().map(|(at, _)| at);
            if let Some(at) = starts.nth(place) {
                let length = damaged[at..].chars().next().map_or(0, char::len_utf8);
                damaged.replace_range(at..at + length, &by);
            }
        }
        let text = format!("{before}\n\t\"{damaged}\"\n");
        if repair(&damaged).key() == Some(key) && repair(&text).key() == Some(key) {
            prop_assert!(scan(&text).any(|finding| finding.key() == Some(key)), "{}", text);
        }
    }
}
