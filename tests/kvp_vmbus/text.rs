//! Texts in their fields.

use avma::kvp::error::TextError;
use avma::kvp::text::{Narrow, Text};

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A field of 64 bytes with this in front.
fn field(bytes: &[u8]) -> [u8; 64] {
    let mut field = [0xEE; 64];
    field[..bytes.len()].copy_from_slice(bytes);
    field
}

#[test]
fn sizes_decide() {
    let os = field(b"O\0S\0\0\0\0\0");
    assert_eq!(Text::sized(&os, 6).unwrap(), "OS");
    assert_eq!(Text::sized(&os, 2), Err(TextError::NoNul { at: 2 }));
    assert_eq!(Text::sized(&os, 4), Err(TextError::NoNul { at: 4 }));
    assert_eq!(Text::sized(&os, 8), Err(TextError::NulInside { at: 4 }));
    assert_eq!(Text::sized(&os, 5), Err(TextError::OddSize { size: 5 }));
    assert_eq!(
        Text::sized(&os, 66),
        Err(TextError::BeyondField {
            size: 66,
            allowed: 64
        })
    );
    assert!(Text::sized(&os, 0).unwrap().is_empty());
    assert!(Text::sized(&[0, 0], 2).unwrap().is_empty());
    assert_eq!(Text::terminated(&os).unwrap(), "OS");
    assert_eq!(Text::terminated(b"O\0S\0"), Err(TextError::NoNul { at: 4 }));
    assert_eq!(Text::lenient(b"O\0S\0!"), (Text::from("OS"), false));
    assert_eq!(Text::lenient(&os), (Text::from("OS"), true));
}

/// Every place in a text of every length: the fast paths of 16 and 4 units meet their seams.
#[test]
fn nuls_and_surrogates_are_found_everywhere() {
    for units in 1..80_usize {
        for letter in ["a", "你"] {
            let plain = wide(&format!("{}\0", letter.repeat(units)));
            let size = u32::try_from(plain.len()).unwrap();
            let text = Text::sized(&plain, size).unwrap();
            assert_eq!(text.units_len(), units);
            assert_eq!(text, letter.repeat(units).as_str());
            for place in 0..units {
                let at = 2 * place;
                for (odd, fault) in [
                    (0, TextError::NulInside { at }),
                    (0xD800, TextError::Surrogate { at }),
                    (0xDBFF, TextError::Surrogate { at }),
                    (0xDC00, TextError::Surrogate { at }),
                    (0xDFFF, TextError::Surrogate { at }),
                ] {
                    let mut broken = plain.clone();
                    broken[at..at + 2].copy_from_slice(&u16::to_le_bytes(odd));
                    assert_eq!(Text::sized(&broken, size), Err(fault), "{units} {odd:x}");
                    let (lenient, terminated) = Text::lenient(&broken);
                    assert!(terminated);
                    let wanted = if odd == 0 { place } else { units };
                    assert_eq!(lenient.units_len(), wanted);
                }
                if place + 1 < units {
                    let mut paired = plain.clone();
                    paired[at..at + 4].copy_from_slice(&wide("😀"));
                    let text = Text::sized(&paired, size).unwrap();
                    assert_eq!(text.chars().count(), units - 1);
                    assert_eq!(text.unpaired_surrogate(), None);
                }
            }
        }
    }
}

/// Every unit by itself, against the standard library.
#[test]
fn every_unit_is_judged_as_the_standard_library_does() {
    for unit in 1..=u16::MAX {
        let text = [u16::from(b'a'), unit, u16::from(b'b')];
        let bytes: Vec<u8> = text
            .iter()
            .chain(&[0])
            .flat_map(|u| u.to_le_bytes())
            .collect();
        let read = Text::sized(&bytes, 8).map(|text| text.to_string());
        assert_eq!(read.ok(), String::from_utf16(&text).ok(), "{unit:x}");
        let lenient = Text::lenient(&bytes).0.to_string();
        assert_eq!(lenient, String::from_utf16_lossy(&text), "{unit:x}");
    }
}

#[test]
fn both_forms_are_one_text() {
    for text in ["", "OS", "grüße", "你好 😀", "\u{FEFF}x\u{FFFF}"] {
        let bytes = wide(&format!("{text}\0"));
        let read = Text::sized(&bytes, u32::try_from(bytes.len()).unwrap()).unwrap();
        let made = Text::from(text);
        assert_eq!(read, made);
        assert_eq!(read.to_string(), text);
        assert_eq!(read.units_len(), made.units_len());
        assert_eq!(read.utf8_len(), text.len());
        assert_eq!(made.utf8_len(), text.len());
        assert_eq!(format!("{read:?}"), format!("{text:?}"));
        for text in [read, made] {
            let mut room = [0xEE; 64];
            let size = text.write_wide(&mut room).unwrap();
            assert_eq!(room[..size], bytes);
            assert_eq!(room[size], 0xEE);
            let mut room = [0xEE; 64];
            let size = text.write_narrow(&mut room).unwrap();
            assert_eq!(room[size], 0xEE);
            assert_eq!(Narrow::new(&room).terminated().map(Text::from), Ok(made));
        }
        let hash = |text: Text<'_>| {
            use std::hash::{DefaultHasher, Hash, Hasher};
            let mut state = DefaultHasher::new();
            text.hash(&mut state);
            state.finish()
        };
        assert_eq!(hash(read), hash(made));
    }
    assert_ne!(Text::from("a"), Text::from("b"));
    assert_eq!(Text::from("a").as_str(), Some("a"));
}

#[test]
fn writing_refuses_what_does_not_fit() {
    let mut room = [0xEE; 8];
    for (text, fault) in [
        (
            "abcd",
            TextError::TooLong {
                needed: 10,
                allowed: 8,
            },
        ),
        (
            "你好😀",
            TextError::TooLong {
                needed: 10,
                allowed: 8,
            },
        ),
        ("a\0", TextError::NulInside { at: 2 }),
        ("你\0", TextError::NulInside { at: 2 }),
    ] {
        assert_eq!(Text::from(text).write_wide(&mut room), Err(fault), "{text}");
    }
    for (text, fault) in [
        (
            "abcdefgh",
            TextError::TooLong {
                needed: 9,
                allowed: 8,
            },
        ),
        (
            "你好世",
            TextError::TooLong {
                needed: 10,
                allowed: 8,
            },
        ),
        ("你\0", TextError::NulInside { at: 3 }),
    ] {
        assert_eq!(
            Text::from(text).write_narrow(&mut room),
            Err(fault),
            "{text}"
        );
    }
    let lone = Text::lenient(b"a\0\x00\xD8\0\0").0;
    assert_eq!(
        lone.write_narrow(&mut room),
        Err(TextError::Surrogate { at: 2 })
    );
    assert_eq!(room, [0xEE; 8]);
    assert_eq!(lone.write_wide(&mut room), Ok(6));
    assert_eq!(room, [b'a', 0, 0, 0xD8, 0, 0, 0xEE, 0xEE]);
}

#[test]
fn narrow_fields() {
    let tail = Narrow::new(b"short\0value, quite long\0");
    assert_eq!(
        (tail.as_bytes(), tail.terminated()),
        (&b"short"[..], Ok("short"))
    );
    let full = Narrow::new(b"full");
    assert_eq!(full.text(), Ok("full"));
    assert_eq!(full.terminated(), Err(TextError::NoNul { at: 4 }));
    let latin = Narrow::new(b"caf\xE9\0");
    assert_eq!(latin.text(), Err(TextError::NotUtf8 { at: 3 }));
    assert_eq!(latin.to_string(), "caf\u{FFFD}");
    for length in 0..70 {
        let mut bytes = vec![b'x'; length];
        assert!(!Narrow::new(&bytes).is_terminated());
        for place in 0..length {
            bytes[place] = 0;
            // Bytes with the high bit, and 1 behind a NUL, must not mislead the search.
            bytes[place + 1..].fill(1);
            bytes[..place].fill(0x80);
            assert_eq!(Narrow::new(&bytes).as_bytes().len(), place, "{length}");
        }
    }
}

#[test]
fn a_text_that_may_hold_a_key_is_not_in_debug() {
    let key = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE";
    let bytes = wide(&format!("{key}\0"));
    let read = Text::terminated(&bytes).unwrap();
    for shown in [format!("{:?}", Text::from(key)), format!("{read:?}")] {
        assert_eq!(shown, "(29 units)");
    }
    assert_eq!(read.to_string(), key);
    assert_eq!(
        format!("{:?}", Text::from("2001:db8::10 host-name-1")),
        "\"2001:db8::10 host-name-1\""
    );
    assert_eq!(format!("{:?}", Narrow::new(key.as_bytes())), "(29 units)");
}
