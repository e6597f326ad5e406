//! Text without keys: nothing is found in it.

use std::fmt::Write;

use avma::scan::{Scan, scan};

/// Source, notes and data of this crate that hold no key.
const ORDINARY: [&str; 8] = [
    include_str!("../../src/catalog/releases.rs"),
    include_str!("../../src/repair/glyph.rs"),
    include_str!("../../src/kvp/text.rs"),
    include_str!("../../src/observe/event/pieces.rs"),
    include_str!("../../src/identity/vocabulary.rs"),
    include_str!("../../src/activation/guest.svg"),
    include_str!("../../Cargo.lock"),
    include_str!("../../LICENSE-APACHE"),
];

#[test]
fn nothing_in_source_and_prose() {
    for text in ORDINARY {
        assert_eq!(scan(text).next(), None);
    }
}

/// Marsaglia's generator.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, count: usize) -> usize {
        (self.next() >> 33) as usize % count
    }

    fn of(&mut self, alphabet: &[u8], length: usize) -> String {
        let pick = |_| char::from(alphabet[self.below(alphabet.len())]);
        (0..length).map(pick).collect()
    }
}

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const BASE36: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LOWER_HEX: &[u8] = b"0123456789abcdef";
const UPPER_HEX: &[u8] = b"0123456789ABCDEF";

/// A million bytes of lines of one kind of data.
fn check(name: &str, line: impl Fn(&mut Random) -> String) {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut text = String::new();
    while text.len() < 1_000_000 {
        text.push_str(&line(&mut random));
        text.push('\n');
    }
    let found: Vec<_> = scan(&text)
        .map(|found| text[found.range].to_owned())
        .collect();
    assert!(found.is_empty(), "{name}: {found:?}");
}

#[test]
fn nothing_in_encoded_data() {
    check("base64", |r| r.of(BASE64, 76));
    check("base64 without line ends", |r| r.of(BASE64, 9_000));
    check("hexadecimal digests", |r| {
        format!(
            "sha256:{}  {}.tar.gz",
            r.of(LOWER_HEX, 64),
            r.of(LOWER_HEX, 7)
        )
    });
    check("upper-case digests", |r| r.of(UPPER_HEX, 40));
    check("UUIDs", |r| {
        let mut part = |length| r.of(LOWER_HEX, length);
        format!(
            "{}-{}-{}-{}-{}",
            part(8),
            part(4),
            part(4),
            part(4),
            part(12)
        )
    });
    check("Cargo.lock", |r| {
        format!(
            "[[package]]\nname = \"{}\"\nversion = \"1.{}.{}\"\nchecksum = \"{}\"\n",
            r.of(b"abcdefghijklmnopqrstuvwxyz_-", 9),
            r.below(300),
            r.below(30),
            r.of(LOWER_HEX, 64)
        )
    });
    check("identifiers", |r| {
        let words = [
            "get", "Host", "vm", "KEY", "type", "x2", "RX", "TX", "crypt", "ptr", "fn", "cfg",
            "DWORD", "HRESULT", "wcsncpy", "MBCS", "GPT", "RGB888",
        ];
        let mut line = String::new();
        for _ in 0..12 {
            let _ = write!(
                line,
                "{}{}",
                words[r.below(words.len())],
                ["", "_", " ", "-", "::", "."][r.below(6)]
            );
        }
        line
    });
}

#[test]
fn nothing_in_what_looks_like_a_key() {
    check("words of five consonants and digits", |r| {
        format!("{} ", r.of(b"BCDFGHJKMPQRTVWXY2346789", 5))
    });
    // One of 25 in a row is key-shaped once in 26,000 times, and then nothing tells it from a key.
    check("base36 of 24 and 26", |r| {
        format!("{} {}", r.of(BASE36, 24), r.of(BASE36, 26))
    });
    check("base58", |r| r.of(BASE58, 34));
    check("base32 secrets", |r| r.of(BASE32, 32));
    check("five groups of base36", |r| {
        let mut group = || r.of(b"0123456789AEILOSUZBCD", 5);
        format!(
            "{}-{}-{}-{}-{}",
            group(),
            group(),
            group(),
            group(),
            group()
        )
    });
    check("six groups", |r| {
        let mut group = || r.of(b"BCDFGHJKMPQRTVWXY2346789N", 5);
        format!(
            "{}-{}-{}-{}-{}-{}",
            group(),
            group(),
            group(),
            group(),
            group(),
            group()
        )
    });
    check("numbers", |r| {
        format!(
            "{}, 0x{}, {}.{}",
            r.below(1 << 30),
            r.of(UPPER_HEX, 8),
            r.below(999),
            r.below(1 << 20)
        )
    });
    check("one letter", |r| {
        char::from(b"BKX29*-"[r.below(7)]).to_string().repeat(120)
    });
    check("words of CJK and Cyrillic", |r| {
        let words = [
            "主机",
            "激活",
            "虚拟机",
            "ключ",
            "хост",
            "система",
            "키",
            "ホスト",
            "サーバー",
        ];
        (0..20)
            .map(|_| words[r.below(words.len())].to_owned() + " ")
            .collect()
    });
}

#[test]
fn placeholders_are_no_keys() {
    for text in [
        "XXXXX-XXXXX-XXXXX-XXXXX-XXXXX",
        "BBBBB-CCCCC-DDDDD-FFFFF-GGGGG",
        "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE",
        "BCR9J-XXXXX-XXXXX-XXXXX-3VQ8B",
        "#####-#####-#####-#####-#####",
        "12345-67890-12345-67890-12345",
        // Two N, and no digit.
        "N4KQ3-BDQPV-6XMGY-JN7JY-4W72W",
        "BCDFG-HJKMP-QRTVW-XYBCD-FGHJK",
        "<ProductKey>@ProductKey@</ProductKey>",
        // The alphabet of keys, in programs that read or make them.
        "const SYMBOLS: &[u8; 25] = b\"BCDFGHJKMPQRTVWXY2346789N\";",
        "BCDFG-HJKMN-PQRTV-WXY23-46789",
        "BB22B-22BB2-B2B2B-2BB2B-BB2B2",
        // In an identifier, in a path, in lower case.
        "ID_RHTBYVWY6DQJRJ9JGQ3XNQ228",
        "/RHTBYVWY6DQJRJ9JGQ3XNQ228/",
        "rhtbyvwy6dqjrj9jgq3xnq228",
        "RHTBYVWY6DQJRJ9JGQ3XNQ228=",
    ] {
        assert_eq!(scan(text).next(), None, "{text}");
    }
    let _: Scan<'_> = scan("");
}
