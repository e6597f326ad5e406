//! `repair` against the texts of `data/damaged.json` first, then exhaustively, then (in `laws`) at random.

use std::fmt::Write;

use avma::ProductKey;
use avma::catalog::keys::{self, KeyUse};
use avma::product_key::ALPHABET;
use avma::repair::{Repair, repair};
use serde::Deserialize;

#[path = "../../src/repair/hits.rs"]
mod hits;
mod laws;
mod many;

#[derive(Deserialize)]
struct Entry {
    id: String,
    text: String,
    expect: String,
    also_acceptable: Option<String>,
    true_key: Option<String>,
    #[serde(default)]
    disputed: bool,
}

fn entries() -> Vec<Entry> {
    serde_json::from_str(include_str!("../data/damaged.json")).unwrap()
}

fn text_of(key: &KeyUse) -> String {
    key.key.to_string()
}

/// What the outcome is called in the data.
fn as_expected(outcome: &Repair, expect: &str, true_key: Option<&str>) -> bool {
    let named = outcome.named().map(text_of);
    let is_true = named.as_deref() == true_key;
    match expect {
        "repair" => is_true && outcome.key().is_some(),
        "intact" => is_true && matches!(outcome, Repair::Intact { .. }),
        "suggest" => is_true && matches!(outcome, Repair::Suggested { .. }),
        "identify by suffix" => is_true && matches!(outcome, Repair::Suffix { .. }),
        "optional" => is_true || named.is_none(),
        "refuse" | "unknown" => named.is_none(),
        other => panic!("unknown expectation {other}"),
    }
}

#[test]
fn every_damaged_text_comes_out_as_expected() {
    let mut wrong = Vec::new();
    for entry in entries() {
        let outcome = repair(&entry.text);
        let true_key = entry.true_key.as_deref();
        let expected = [Some(&entry.expect), entry.also_acceptable.as_ref()];
        // A half of one key and half of another may be taken for a suggestion of the longer half.
        let as_half = entry.also_acceptable.as_deref() == Some("suggest")
            && true_key.is_none()
            && matches!(outcome, Repair::Suggested { .. });
        let met = expected
            .into_iter()
            .flatten()
            .any(|expect| as_expected(&outcome, expect, true_key));
        if met || as_half {
            continue;
        }
        let report = format!(
            "{} {:?}: {} expected, {outcome:?}",
            entry.id, entry.text, entry.expect
        );
        if entry.disputed {
            println!("disputed: {report}");
        } else {
            wrong.push(report);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How many of the entries come out as the first choice of the data, kind by kind.
#[test]
fn most_damaged_texts_come_out_as_the_first_choice() {
    let entries = entries();
    let second: Vec<_> = entries
        .iter()
        .filter(|entry| {
            !as_expected(
                &repair(&entry.text),
                &entry.expect,
                entry.true_key.as_deref(),
            )
        })
        .map(|entry| format!("{:?} -> {:?}", entry.text, repair(&entry.text)))
        .collect();
    for entry in &second {
        println!("second choice: {entry}");
    }
    assert!(second.len() <= 4, "{} of {}", second.len(), entries.len());
}

#[test]
fn a_published_key_never_becomes_another() {
    for entry in entries() {
        let outcome = repair(&entry.text);
        if let (Some(named), Some(true_key)) = (outcome.named(), &entry.true_key) {
            assert_eq!(&text_of(named), true_key, "{:?}", entry.text);
        }
    }
}

#[test]
fn the_range_holds_the_damaged_text() {
    for entry in entries() {
        if let Some(range) = repair(&entry.text).range() {
            let found = &entry.text[range];
            assert!(
                !found.starts_with(char::is_whitespace) && !found.ends_with(char::is_whitespace)
            );
            assert_eq!(
                repair(found).named(),
                repair(&entry.text).named(),
                "{found:?}"
            );
        }
    }
    let line = "set KEY=„w3gnr–8ddxr–2tfrp–h8p33–dv9bg“";
    let range = repair(line).range().unwrap();
    assert_eq!(&line[range], "w3gnr–8ddxr–2tfrp–h8p33–dv9bg");
}

/// `x` agrees with both keys where they agree, and in as many of the other places with each as is said.
fn between(a: &KeyUse, b: &KeyUse, with_a: usize, with_b: usize) -> String {
    let (mut of_a, mut of_b) = (with_a, with_b);
    let pairs = text_of(a)
        .into_bytes()
        .into_iter()
        .zip(text_of(b).into_bytes());
    let symbols = pairs.map(|(a, b)| {
        if a == b {
            return char::from(a);
        }
        // From one to the other in turn, so that some of every group is left.
        let take_a = of_a > 0 && (of_a >= of_b || of_b == 0);
        let symbol = if take_a {
            of_a -= 1;
            a
        } else if of_b > 0 {
            of_b -= 1;
            b
        } else {
            b'A'
        };
        char::from(symbol)
    });
    symbols.collect()
}

/// The two nearest keys are 17 places apart: with 8 changes one is nearer, with 9 on both sides none.
#[test]
fn of_two_keys_that_are_equally_near_neither_is_named() {
    let known = |text: &str| keys::identify(&ProductKey::parse(text).unwrap()).unwrap();
    let a = known("JCKRF-N37P4-C2D82-9YXRT-4M63B");
    let b = known("YYVX9-NTFWV-6MDM3-9PT4T-4M68B");
    assert_eq!(a.key.key().distance(b.key.key()), 17);
    for (with_a, with_b, named) in [(9, 8, Some(a)), (8, 9, Some(b)), (8, 8, None)] {
        let text = between(a, b, with_a, with_b);
        let changes = |key: &KeyUse| {
            let pairs = text.bytes().zip(text_of(key).into_bytes());
            pairs.filter(|(x, y)| x != y).count()
        };
        assert_eq!(
            (changes(a), changes(b)),
            (17 - with_a, 17 - with_b),
            "{text}"
        );
        let found = repair(&text).named();
        assert!(found.is_none() || found == named, "{text}: {found:?}");
        if with_a == with_b {
            assert_eq!(found, None, "{text}");
        }
    }
    // Every group of one key recognised, eight changes to it, nine to the other: the nearer one.
    let text = nearer(a, b, 8);
    assert_eq!(repair(&text).named(), Some(a), "{text}");
    let text = nearer(b, a, 8);
    assert_eq!(repair(&text).named(), Some(b), "{text}");
    // Nine to each: none, although each of them alone would be named.
    let text = nearer(a, b, 9);
    assert_eq!(repair(&text).named(), None, "{text}");
}

/// A key with so many of its symbols changed, two a group, to those of another where that is possible.
fn nearer(key: &KeyUse, other: &KeyUse, count: usize) -> String {
    let mut text = text_of(key).into_bytes();
    let other = text_of(other).into_bytes();
    let mut left = count;
    for group in 0..5 {
        let places = (group * 6..group * 6 + 5).filter(|place| text[*place] != other[*place]);
        let places: Vec<usize> = places.take(3.min(left)).collect();
        left -= places.len();
        for place in places {
            text[place] = other[place];
        }
    }
    assert_eq!(left, 0);
    String::from_utf8(text).unwrap()
}

#[test]
fn every_published_key_is_intact_and_in_lower_case_too() {
    for key in keys::published() {
        let text = text_of(key);
        assert_eq!(repair(&text), Repair::Intact { key, range: 0..29 });
        assert_eq!(
            repair(&text.to_lowercase()),
            Repair::Intact { key, range: 0..29 }
        );
        assert_eq!(
            repair(&text.replace('-', "")),
            Repair::Repaired {
                key,
                edits: 0,
                range: 0..25
            }
        );
    }
}

#[test]
fn every_change_of_one_character_is_mended_or_refused_at_its_place() {
    use avma::product_key::ProductKeyError::{Hyphen, Symbol};
    for key in keys::published() {
        let text = text_of(key);
        for place in 0..text.len() {
            for byte in 0..=127_u8 {
                let mut changed = text.clone().into_bytes();
                if changed[place] == byte {
                    continue;
                }
                changed[place] = byte;
                let changed = String::from_utf8(changed).unwrap();
                let outcome = repair(&changed);
                let mended = outcome.key() == Some(key);
                match ProductKey::parse(&changed) {
                    // Another case of the same letter, or a symbol that keys use.
                    Ok(parsed) => {
                        assert!(mended, "{changed:?}: {outcome:?}");
                        assert!(parsed == *key.key.key() || keys::identify(&parsed).is_none());
                    }
                    Err(Hyphen { index } | Symbol { index }) => {
                        assert_eq!(index, place);
                        let named = outcome.named();
                        assert!(named == Some(key), "{changed:?}: {outcome:?}");
                    }
                    Err(error) => panic!("{changed:?}: {error}"),
                }
            }
        }
    }
}

#[test]
fn every_lost_added_or_exchanged_symbol_is_mended() {
    for key in keys::published() {
        let text = text_of(key);
        for place in (0..text.len()).filter(|place| place % 6 != 5) {
            let mut lost = text.clone();
            lost.remove(place);
            assert_eq!(repair(&lost).key(), Some(key), "{lost}");
            for symbol in ALPHABET {
                let mut added = text.clone();
                added.insert(place, char::from(*symbol));
                assert_eq!(repair(&added).key(), Some(key), "{added}");
            }
            if place % 6 < 4 {
                let mut exchanged = text.clone().into_bytes();
                exchanged.swap(place, place + 1);
                let exchanged = String::from_utf8(exchanged).unwrap();
                assert_eq!(repair(&exchanged).key(), Some(key), "{exchanged}");
            }
        }
    }
}

#[test]
fn halves_of_two_keys_are_neither() {
    for a in keys::published() {
        for b in keys::published() {
            for groups in 1..5 {
                if a == b {
                    continue;
                }
                let cut = groups * 6;
                let text = format!("{}{}", &text_of(a)[..cut], &text_of(b)[cut..]);
                let named = repair(&text).named();
                // 2016 Essentials and Windows 11 Enterprise G: 4M63B and 4M68B.
                let changed = text.bytes().zip(text_of(a).into_bytes());
                if changed.filter(|(x, y)| x != y).count() == 1 {
                    assert_eq!((named, groups), (Some(a), 4), "{text}");
                    continue;
                }
                assert_eq!(named, None, "{text}");
            }
        }
    }
}

#[test]
fn masks_are_no_typed_keys() {
    let suffix = |text: &str| match repair(text) {
        Repair::Suffix { key, .. } => Some(text_of(key)),
        other => {
            assert_eq!(other.named(), None, "{text}: {other:?}");
            None
        }
    };
    let dv9bg = Some("W3GNR-8DDXR-2TFRP-H8P33-DV9BG".to_owned());
    for text in [
        "DV9BG",
        " dv9bg\n",
        "\"DV9BG\"",
        "*****-*****-*****-*****-DV9BG",
        "xxxxx-xxxxx-xxxxx-xxxxx-dv9bg",
        "•••••-•••••-•••••-•••••-DV9BG",
        "Partial Product Key: DV9BG",
        "PartialProductKey : DV9BG\r\nLicense Status: Licensed",
        "W3GNR-XXXXX-XXXXX-XXXXX-DV9BG",
    ] {
        assert_eq!(suffix(text), dv9bg, "{text}");
    }
    for text in [
        "W3GNR",
        "W3GNR-XXXXX-XXXXX-XXXXX-XXXXX",
        "BCR9J-XXXXX-XXXXX-XXXXX-DV9BG",
        "*****-*****-*****-*****-*****",
        "the part DV9BG of a line",
        "7M67G-PC374-GR742-YH8V4-DV9BG",
        "XXXXX-DV9BG",
    ] {
        assert_eq!(suffix(text), None, "{text}");
    }
}

#[test]
fn a_key_inside_more_groups_is_a_suggestion() {
    let key = "W3GNR-8DDXR-2TFRP-H8P33-DV9BG";
    for text in [format!("4GF74-{key}"), format!("{key}-4GF74")] {
        assert!(
            matches!(repair(&text), Repair::Suggested { edits: 0, .. }),
            "{text}"
        );
    }
    for text in [
        format!("server-{key}.iso"),
        format!("Azure-{key}"),
        format!("{key}-2022"),
        format!("{key} {key}"),
    ] {
        assert!(matches!(repair(&text), Repair::Intact { .. }), "{text}");
    }
}

#[test]
fn of_several_keys_the_first_that_needs_mending_is_meant() {
    let named = |text: &str| repair(text).named().map(text_of);
    let whole = "TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J";
    let (first, second) = (
        "W3GNR 8DDXR 2TFRP H8P33 DV9BG",
        "WX4NM KYWYW QJJR4 XV3QB 6VM33",
    );
    assert_eq!(
        named(&format!("{whole}, {first}, {second}")),
        Some(first.replace(' ', "-"))
    );
    assert_eq!(
        named(&format!("{second}; {whole}; {first}")),
        Some(second.replace(' ', "-"))
    );
    let unlisted = "RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289";
    assert_eq!(
        named(&format!("{unlisted} or {whole}")).as_deref(),
        Some(whole)
    );
}

#[test]
fn a_key_is_found_where_words_run_into_it() {
    let key = "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK";
    for text in [
        format!("ProductKey{key}"),
        format!("Key{key}"),
        format!("X{key}"),
        format!("{key}X"),
        format!("{key}and"),
        "ServerStandardYDFWNMJ9JR3DYRKFXXRW78VHK".to_owned(),
    ] {
        let outcome = repair(&text);
        let named = outcome.key().map(text_of);
        assert_eq!(named.as_deref(), Some(key), "{text}: {outcome:?}");
        assert!(
            matches!(outcome, Repair::Repaired { edits: 1, .. }),
            "{text}: {outcome:?}"
        );
    }
    // The end of a script's letters is the end of a word.
    let outcome = repair(&format!("密钥是{key}的"));
    assert!(matches!(outcome, Repair::Intact { range, .. } if range == (9..38)));
}

#[test]
fn parts_on_both_sides_of_a_word_are_not_glued() {
    for text in [
        "TNK62-RXVTB-4P47B and 2D623-4GF74",
        "TNK62-RXVTB-4P47B or 2D623-4GF74",
        "TNK62-RXVTB-4P47B, then 2D623-4GF74",
        "TNK62-RXVTB-4P47B or 623-4GF74",
    ] {
        assert_eq!(repair(text), Repair::Nothing, "{text}");
    }
    let far = format!("TNK62-RXVTB-4P47B{}2D623-4GF74", " ".repeat(100));
    assert_eq!(repair(&far), Repair::Nothing);
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ORDINARY: &str = include_str!("../../src/catalog/releases.rs");

#[test]
fn nothing_is_found_in_ordinary_text() {
    let mut digests = String::new();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for line in 0..400 {
        let (a, b) = (next(), next());
        writeln!(
            digests,
            "sha256:{a:016x}{b:016x}{a:016X}{b:016X}  file-{line}.tar.gz"
        )
        .unwrap();
        writeln!(
            digests,
            "{{{:08x}-{:04x}-{:04x}-{:04x}-{:012x}}} 10.{}.{}.{} 2026-05-{:02}T12:{:02}:00Z",
            a >> 32,
            a >> 16 & 0xFFFF,
            a & 0xFFFF,
            b >> 48,
            b & 0xFFFF_FFFF_FFFF,
            a & 255,
            b & 255,
            a >> 8 & 255,
            a % 28 + 1,
            b % 60
        )
        .unwrap();
        for _ in 0..64 {
            digests.push(char::from(BASE64[(next() % 64) as usize]));
        }
        digests.push('\n');
    }
    let words = "The host activates each guest that runs on it, by the host's own licence; a guest needs \
        no network. KB5008210 of 2021-12-14, build 17763.1518, SKU 0x50: see C:\\Windows\\System32\\spp. \
        Call me at 555-2368, or read ISBN 978-3-16-148410-0; IBAN DE89 3704 0044 0532 0130 00. VIN \
        1HGCM82633A004352; card 4111-1111-1111-1111; MAC 00-15-5D-0A-1B-2C; fe80::215:5dff:fe0a:1b2c. \
        let mut buffer = [0xFF; 32]; for byte in &mut buffer { *byte ^= 0b1010_1010; } \
        Le système hôte, Größe, Änderung, Привет мир, 日本語の文章です, 한국어 문장입니다. ";
    for text in [ORDINARY, &digests, &words.repeat(20)] {
        assert_eq!(repair(text), Repair::Nothing);
    }
}

#[test]
fn an_unlisted_key_is_never_shown() {
    let unlisted = "RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289";
    for text in [
        unlisted.to_owned(),
        format!("slmgr /ipk {}", unlisted.to_lowercase()),
    ] {
        let outcome = repair(&text);
        assert!(matches!(outcome, Repair::Unlisted { .. }), "{outcome:?}");
        assert_eq!(outcome.named(), None);
        let shown = format!("{outcome:?} {outcome:#?}").to_uppercase();
        assert!(shown.contains("Q2289"));
        for group in unlisted.split('-').take(4) {
            assert!(!shown.contains(group), "{shown}");
        }
    }
}

#[test]
fn extreme_texts_have_an_answer() {
    for text in [
        "B".repeat(10_000),
        "-".repeat(5_000),
        "<".repeat(10_000),
        "&".repeat(10_000),
        "W 3 G N R ".repeat(2_000),
        "W3GNR-".repeat(2_000),
        "*".repeat(10_000),
        String::new(),
        (0..0x300).filter_map(char::from_u32).collect(),
    ] {
        assert_eq!(repair(&text).key(), None);
    }
    let key = "W3GNR-8DDXR-2TFRP-H8P33-DV9BG";
    let deep = format!("{}{key}{}", "-".repeat(5_000), "B".repeat(5_000));
    assert!(repair(&deep).named().is_some());
    let utf16: String = key.chars().flat_map(|c| [c, '\0']).collect();
    assert!(matches!(repair(&utf16), Repair::Repaired { edits: 0, .. }));
}

/// Every symbol of the alphabet in another script's look, by the first code point of its letters and
/// of its digits.
#[test]
fn every_symbol_is_read_in_every_style() {
    let styles = [
        ("full-width", 0xFF21, 0xFF10),
        ("full-width, lower case", 0xFF41, 0xFF10),
        ("bold", 0x1D400, 0x1D7CE),
        ("bold, lower case", 0x1D41A, 0x1D7CE),
        ("sans-serif", 0x1D5A0, 0x1D7E2),
        ("sans-serif bold", 0x1D5D4, 0x1D7EC),
        ("monospace", 0x1D670, 0x1D7F6),
        ("monospace, lower case", 0x1D68A, 0x1D7F6),
        ("circled", 0x24B6, 0x2460 - 1),
        ("circled, lower case", 0x24D0, 0x2460 - 1),
        ("parenthesised", 0x1F110, 0x2080),
        ("squared", 0x1F130, 0x1FBF0),
        ("negative circled", 0x1F150, 0x0660),
        ("negative squared", 0x1F170, 0x06F0),
        ("Devanagari digits", 0x41, 0x0966),
        ("Bengali digits", 0x41, 0x09E6),
        ("Thai digits", 0x41, 0x0E50),
    ];
    for (style, letters, digits) in styles {
        for key in keys::published() {
            let text: String = text_of(key)
                .bytes()
                .map(|byte| match byte {
                    b'-' => '-',
                    b'0'..=b'9' => char::from_u32(digits + u32::from(byte - b'0')).unwrap(),
                    _ => char::from_u32(letters + u32::from(byte - b'A')).unwrap(),
                })
                .collect();
            let outcome = repair(&text);
            let whole = 0..text.len();
            assert_eq!(
                outcome,
                Repair::Repaired {
                    key,
                    edits: 0,
                    range: whole
                },
                "{style}: {text}"
            );
        }
    }
}

#[test]
fn every_look_alike_of_another_alphabet_is_read() {
    let text = "W3GNR-8DDXR-2TFRP-H8P33-DV9BG";
    for (letter, look_alikes) in [
        ('W', "Ԝԝω"),
        ('3', "Зз³"),
        ('G', "Ԍԍℊ"),
        ('N', "Νℕ"),
        ('R', "ℛℜℝ"),
        ('D', "ԁⅮⅾ"),
        ('X', "Хх ΧχⅩⅹ"),
        ('2', "²₂"),
        ('T', "ТтΤτ"),
        ('F', "Ϝℱ"),
        ('P', "РрΡρℙ"),
        ('H', "НнΗҺһℋℌℍ"),
        ('8', "⁸₈"),
        ('V', "ѴѵνⅤⅴ"),
        ('9', "⁹₉"),
        ('B', "ВвΒℬ"),
    ] {
        for look_alike in look_alikes.chars().filter(|c| *c != ' ') {
            let text = text.replace(letter, &look_alike.to_string());
            let outcome = repair(&text);
            assert!(
                matches!(outcome, Repair::Repaired { edits: 0, .. }),
                "{text}: {outcome:?}"
            );
        }
    }
    for (key, letter, look_alikes) in [
        ("2CTP7-NHT64-BP62M-FV6GG-HFV28", 'C', "СсϹϲⅭⅽℂℭ"),
        ("2CTP7-NHT64-BP62M-FV6GG-HFV28", 'M', "МмΜⅯⅿℳ"),
        ("K2XGM-NMBT3-2R6Q8-WF2FK-P36R2", 'K', "КкΚκ\u{212A}"),
        ("K2XGM-NMBT3-2R6Q8-WF2FK-P36R2", 'Q', "Ԛԛℚ"),
        ("TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J", 'J', "ЈјͿϳ"),
        ("TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J", 'Y', "УуҮүΥυ"),
    ] {
        for look_alike in look_alikes.chars() {
            let text = key.replace(letter, &look_alike.to_string());
            let outcome = repair(&text);
            assert!(
                matches!(outcome, Repair::Repaired { edits: 0, .. }),
                "{text}: {outcome:?}"
            );
        }
    }
}

#[test]
fn every_separator_is_passed_over() {
    for separator in [
        "‐", "‑", "‒", "–", "—", "―", "−", "⁃", "─", "➖", "ー", "－", "﹣", " ", "\u{A0}",
        "\u{3000}", "\t", "\n", "\r\n", "_", ".", "/", ":", "~", "|", ",", ";", "=", "+", "\u{AD}",
        "\u{200B}", "\u{FEFF}", "--", " - ", "\0", "&ndash;", "&#45;", "&#x2D;", "&#8209;",
        "&nbsp;", "&shy;", "&amp;", "\\u2013", "\\u00A0", "\\xAD", "\\n", "\\-", "%2D", "%20",
        "<wbr>", "</b><b>", "<br />", "`\n", "\" \"", "','", "🔑",
    ] {
        for text in [
            "W3GNR-8DDXR-2TFRP-H8P33-DV9BG",
            "x3gnr-8ddxr-2tfrp-h8p33-dv9bg",
        ] {
            let text = text.replace('-', separator);
            let outcome = repair(&text);
            let edits = u32::from(text.starts_with('x'));
            assert!(
                matches!(outcome, Repair::Repaired { edits: e, .. } if e == edits),
                "{text:?}: {outcome:?}"
            );
            assert_eq!(outcome.range(), Some(0..text.len()));
        }
    }
}

/// The limits between repaired, suggested and refused, one by one.
#[test]
fn the_limits_are_where_they_are_said_to_be() {
    let outcome_of = |text: &str| match repair(text) {
        Repair::Intact { .. } => ("intact", 0),
        Repair::Repaired { edits, .. } => ("repaired", edits),
        Repair::Suggested { edits, .. } => ("suggested", edits),
        Repair::Unlisted { .. } => ("unlisted", 0),
        Repair::Nothing => ("nothing", 0),
        other => panic!("{other:?}"),
    };
    for (text, outcome) in [
        ("W3GNR-8DDXR-2TFRP-H8P33-DV9BG", ("intact", 0)),
        // Plain changes.
        ("C3GNR-8DDXR-2TFRP-H8P33-DV9BG", ("repaired", 1)),
        ("C3GNR-4DDXR-2TFRP-H8P33-DV9BG", ("repaired", 2)),
        ("C3GNR-4DDXR-4TFRP-H8P33-DV9BG", ("suggested", 3)),
        ("C4CNR-4FFXR-4CFRP-H8P33-DV9BG", ("suggested", 8)),
        ("C4CNR-4FFXR-4CCRP-H8P33-DV9BG", ("suggested", 9)),
        ("AAANR-AAAXR-AAARP-H8P33-DV9BG", ("suggested", 9)),
        ("C4CNR-4FFXR-4CCRP-C8P33-DV9BG", ("unlisted", 0)),
        // Look-alikes: 0 for D, 8 and B, 6 for G.
        ("W3GNR-800XR-2TFRP-H8P33-0V9BG", ("repaired", 3)),
        ("W36NR-800XR-2TFRP-H8P33-0V9BG", ("repaired", 4)),
        ("W36NR-800XR-2TFRP-H8P33-0V98G", ("suggested", 5)),
        ("W36NR-80DXR-2TFRP-H8P33-CV9BG", ("repaired", 3)),
        // A group of which one symbol is left.
        ("W3GNR-8DDXR-2TFRP-H8P33-DTTTT", ("unlisted", 0)),
        // Lost and added symbols.
        ("W3GNR-8DDXR-2TFRP-H8P33-DV9B", ("repaired", 1)),
        ("C3GNR-8DDXR-2TFRP-H8P33-DV9B", ("repaired", 2)),
        ("W3GNR-8DDXR-2TFRP-H8P33-DV9", ("suggested", 2)),
        ("C3GNR-CDDXR-2TFRP-H8P33-DV9B", ("suggested", 3)),
        ("W3GNR-8DDXR-2TFRP-H8P33-DV", ("suggested", 3)),
        ("W3GNR-8DDXR-2TFRP-H8P33-D", ("suggested", 4)),
        ("W3GNR-8DDXR-2TFRP-H8P33", ("suggested", 5)),
        ("W3GNR-8DDXR-2TFRP-H8P3", ("nothing", 0)),
        ("W3GNR-8DDXR-2TFRP", ("nothing", 0)),
        ("W3GNRT-8DDXR-2TFRP-H8P33-DV9BG", ("repaired", 1)),
        ("W3GNRT-8DDXRT-2TFRPT-H8P33T-DV9BG", ("suggested", 4)),
        ("W3GNRT-8DDXRT-2TFRPT-H8P33T-DV9BGT", ("nothing", 0)),
        // Groups in another order.
        ("8DDXR-W3GNR-2TFRP-H8P33-DV9BG", ("suggested", 10)),
        ("8DDXR-W3GNR-2TFRP-H8P33-W3GNR", ("unlisted", 0)),
        // A group of another key is no damage, however near.
        ("6NMQ9-2C8FM-D24W7-TQWMY-CWH2D", ("unlisted", 0)),
        // Words of a few symbols: two look-alikes in one, a lost symbol in the next.
        ("TNK62-RXVTB-4P47B-Z0 62-4GF74", ("repaired", 3)),
        // Letters that run into a key of which too much is wrong.
        ("ProductKeyC3GNR-4DDXR-2TFRP-H8P33-DV9BG", ("repaired", 3)),
        ("ProductKeyC3GNR-4DDXR-4TFRP-H8P33-DV9BG", ("nothing", 0)),
        ("RHTBY - VWY6D - QJRJ9 - JGQ3X - Q2289", ("unlisted", 0)),
        // A placeholder.
        ("BBBBB-CCCCC-DDDDD-FFFFF-GGGGG", ("nothing", 0)),
    ] {
        assert_eq!(outcome_of(text), outcome, "{text}");
    }
}
