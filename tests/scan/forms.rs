//! Forms by hand: what is found, where, and what it is.

use avma::catalog::keys;
use avma::scan::{Places, What, scan};

/// What is found, as the text and a word for it.
fn found(text: &str) -> Vec<(&str, String)> {
    scan(text)
        .map(|finding| {
            let word = match finding.what {
                What::Published(key) => key.channel.as_str().to_owned(),
                What::Damaged { key, edits } => format!("damaged {edits} {}", key.key.last_five()),
                What::Suggested { key, edits } => {
                    format!("suggested {edits} {}", key.key.last_five())
                }
                What::Suffix(key) => format!("suffix {}", key.key.last_five()),
                What::Unlisted(last) => format!("unlisted {last}"),
                other => panic!("{other:?}"),
            };
            (&text[finding.range], word)
        })
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    let found = found(text);
    let found: Vec<_> = found
        .iter()
        .map(|(text, word)| (*text, word.as_str()))
        .collect();
    assert_eq!(found, expected, "{text}");
}

const KEY: &str = "W3GNR-8DDXR-2TFRP-H8P33-DV9BG";
const UNLISTED: &str = "FMT4H-4RD6P-M48YH-6YDK2-QXPNK";

#[test]
fn keys_in_the_files_that_hold_them() {
    check(&format!("slmgr.vbs /ipk {KEY}\r\n"), &[(KEY, "avma")]);
    check(&format!("<ProductKey>{KEY}</ProductKey>"), &[(KEY, "avma")]);
    check(&format!("product_key = \"{KEY}\""), &[(KEY, "avma")]);
    check(
        &format!("- key: {KEY} # old: {UNLISTED}"),
        &[(KEY, "avma"), (UNLISTED, "unlisted QXPNK")],
    );
    check(
        &format!("|{KEY}|{UNLISTED}|"),
        &[(KEY, "avma"), (UNLISTED, "unlisted QXPNK")],
    );
    check(
        "GVLK WX4NM-KYWYW-QJJR4-XV3QB-6VM33.",
        &[("WX4NM-KYWYW-QJJR4-XV3QB-6VM33", "gvlk")],
    );
    // A generic key of neither of the four editions.
    check(
        "6N379-GGTMK-23C6M-XVVTC-CKFRQ",
        &[("6N379-GGTMK-23C6M-XVVTC-CKFRQ", "gvlk")],
    );
    check(
        "w3gnr-8ddxr-2tfrp-h8p33-dv9bg",
        &[("w3gnr-8ddxr-2tfrp-h8p33-dv9bg", "avma")],
    );
    check(
        "*****-*****-*****-*****-DV9BG",
        &[("*****-*****-*****-*****-DV9BG", "suffix DV9BG")],
    );
}

#[test]
fn damaged_keys() {
    check(
        "key W3GNR8DDXR2TFRPH8P33DV9BG!",
        &[("W3GNR8DDXR2TFRPH8P33DV9BG", "damaged 0 DV9BG")],
    );
    check(
        "key W3GNR-8DDXR-2TFRP-H8P33-0V98G!",
        &[("W3GNR-8DDXR-2TFRP-H8P33-0V98G", "damaged 2 DV9BG")],
    );
    check(
        "key W3GNR–8DDXR–2TFRP–H8P33–DV9BG!",
        &[("W3GNR–8DDXR–2TFRP–H8P33–DV9BG", "damaged 0 DV9BG")],
    );
    check(
        "key W3GND-89DFR-2TB2T-78P33-DV9BG!",
        &[("W3GND-89DFR-2TB2T-78P33-DV9BG", "suggested 7 DV9BG")],
    );
    check(
        "the Key W3GNRT-8DDXRT-2TFRPT-H8P33T-DV9BG",
        &[("W3GNRT-8DDXRT-2TFRPT-H8P33T-DV9BG", "suggested 4 DV9BG")],
    );
    check(
        "serverW3GNR8DDXR2TFRPH8P33DV9BG",
        &[("W3GNR8DDXR2TFRPH8P33DV9BG", "damaged 1 DV9BG")],
    );
}

#[test]
fn unlisted_keys() {
    check(
        "key RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289",
        &[("RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289", "unlisted Q2289")],
    );
    check(
        "key fmt4h-4rd6p-m48yh-6ydk2-qxpnk",
        &[("fmt4h-4rd6p-m48yh-6ydk2-qxpnk", "unlisted QXPNK")],
    );
    check(
        "key FMT4H - 4RD6P – M48YH-6YDK2-QXPNK",
        &[("FMT4H - 4RD6P – M48YH-6YDK2-QXPNK", "unlisted QXPNK")],
    );
    // Without hyphens, as a word of its own.
    for around in ["{}", "key={}", "key: '{}'", "<Key>{}</Key>", "({})."] {
        let text = around.replace("{}", "FMT4H4RD6PM48YH6YDK2QXPNK");
        check(&text, &[("FMT4H4RD6PM48YH6YDK2QXPNK", "unlisted QXPNK")]);
    }
    // Such words need an N.
    check("RHTBYVWY6DQJRJ9JGQ3XQ2289", &[]);
}

#[test]
fn every_published_key_is_found_at_every_place() {
    for key in keys::published() {
        let text = key.key.to_string();
        let (bare, lower) = (text.replace('-', ""), text.to_lowercase());
        for written in [
            &text,
            &bare,
            &lower,
            &text.replace('-', " "),
            &text.replace('-', "—"),
        ] {
            for shift in 0..12 {
                for filler in [" ", "a", "é", "\n", "the quick brown fox "] {
                    let line = format!("{}:{written}: end", filler.repeat(shift));
                    let finding = scan(&line).next();
                    let found = finding
                        .as_ref()
                        .map(|found| (found.key(), &line[found.range.clone()]));
                    assert_eq!(found, Some((Some(key), written.as_str())), "{line}");
                }
            }
        }
    }
}

/// The bounds that the documentation names: four symbols that keys do not use, two lost ones without
/// hyphens.
#[test]
fn every_damage_within_the_bounds_is_found() {
    for key in keys::published() {
        let text = key.key.to_string();
        let symbols: Vec<usize> = (0..29).filter(|place| place % 6 != 5).collect();
        for (index, first) in symbols.iter().enumerate() {
            let mut wrong = text.clone().into_bytes();
            for place in symbols.iter().cycle().skip(index).take(4) {
                wrong[*place] = b'0';
            }
            let written = String::from_utf8(wrong).unwrap();
            let line = format!("{}{written}", " ".repeat(index % 9));
            let shown = format!("{line} of {text}");
            // As far as `repair` knows it.
            if avma::repair::repair(&line).named().is_some() {
                assert_eq!(
                    scan(&line).next().and_then(|found| found.named()),
                    Some(key),
                    "{shown}"
                );
            }
            let bare: String = text
                .char_indices()
                .filter(|(place, c)| {
                    *c != '-' && place != first && *place != symbols[(index + 11) % 25]
                })
                .map(|(_, c)| c)
                .collect();
            let line = format!("{}{bare}", " ".repeat(index % 9));
            if avma::repair::repair(&line).named().is_some() {
                assert_eq!(
                    scan(&line).next().and_then(|found| found.named()),
                    Some(key),
                    "{line} of {text}"
                );
            }
        }
    }
}

#[test]
fn places_are_lines_and_columns() {
    let text = format!("größer\r\nals {KEY}\n\n\t{UNLISTED}");
    let mut places = Places::of(&text);
    let mut of = |byte| {
        let place = places.of_byte(byte);
        (place.line, place.column)
    };
    let starts: Vec<_> = scan(&text).map(|found| of(found.range.start)).collect();
    assert_eq!(starts, [(2, 5), (4, 2)]);
    assert_eq!(of(0), (1, 1));
    assert_eq!(of(4), (1, 4));
    assert_eq!(of(text.len()), (4, 31));
    assert_eq!(of(usize::MAX), (4, 31));
}

#[test]
fn no_unlisted_key_is_shown_by_debug() {
    let text = format!("{UNLISTED} {KEY}");
    let mut found = scan(&text);
    let first = found.next();
    let shown = format!("{found:?} {first:?} {:?}", Places::of(&text));
    assert!(
        !shown.contains("FMT4H") && !shown.contains("6YDK2"),
        "{shown}"
    );
}
