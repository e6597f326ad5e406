//! A scan of text, against the `regex` crate with patterns for the same task, in one process.
//!
//! `cargo bench --bench scan`; compare the bytes a second of neighbouring rows.

use std::fmt::Write;

use avma::catalog::keys;
use avma::scan::{Surroundings, scan};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use regex::Regex;

fn main() {
    divan::main();
}

/// Keys as they are written, and no others.
const EXACT: &str =
    r"(?i-u)\b[BCDFGHJKMNPQRTVWXY2346789]{5}(?:-[BCDFGHJKMNPQRTVWXY2346789]{5}){4}\b";
/// Lost hyphens, blanks, dashes and other marks between the groups.
const ANY_SEPARATOR: &str = r"(?i-u)\b[BCDFGHJKMNPQRTVWXY2346789]{5}(?:[\x00-/:-@\[-`{-\x7F]{0,3}[BCDFGHJKMNPQRTVWXY2346789]{5}){4}\b";
/// Look-alikes too: any letters and digits. What it finds is to be looked at by other means.
const ANY_SYMBOL: &str = r"(?i-u)\b[A-Z0-9]{5}(?:[\x00-/:-@\[-`{-\x7F]{0,3}[A-Z0-9]{5}){4}\b";

/// Source text of this crate.
fn source() -> String {
    let files = [
        include_str!("../src/identity/caption.rs"),
        include_str!("../src/kvp/text.rs"),
        include_str!("../src/observe/inventory/fleet.rs"),
        include_str!("../src/activation/guest.rs"),
        include_str!("../src/plan/choose.rs"),
        include_str!("../tests/kvp_device.rs"),
        include_str!("../Cargo.lock"),
    ];
    files.concat().repeat(8)
}

/// Lines of hexadecimal digits and UUIDs.
fn digests() -> String {
    let mut text = String::new();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for line in 0..10_000 {
        let (a, b) = (next(), next());
        let _ = writeln!(
            text,
            "{a:016x}{b:016x}  lib/{line}.so {:08x}-{:04x}-{:04x}",
            b >> 32,
            a >> 48,
            b & 0xFFFF
        );
    }
    text
}

/// A table of the published keys, some damaged.
fn table() -> String {
    let mut text = String::new();
    for row in keys::ROWS.iter().cycle().take(2_000) {
        let key = row.key.to_string();
        let key = if text.len() % 3 == 0 {
            key.replace('-', " ")
        } else {
            key
        };
        let _ = writeln!(text, "| {} {} | {key} |", row.release, row.product);
    }
    text
}

fn run(bencher: Bencher<'_, '_>, text: &str, count: impl Fn(&str) -> usize) {
    bencher
        .counter(BytesCount::of_str(text))
        .bench_local(|| count(black_box(text)));
}

fn run_regex(bencher: Bencher<'_, '_>, text: &str, pattern: &str) {
    let pattern = Regex::new(pattern).expect("a pattern");
    run(bencher, text, |text| pattern.find_iter(text).count());
}

macro_rules! group {
    ($name:ident, $text:path) => {
        #[divan::bench_group]
        mod $name {
            use super::{ANY_SEPARATOR, ANY_SYMBOL, Bencher, EXACT, run, run_regex, scan};

            #[divan::bench]
            fn this_crate(bencher: Bencher<'_, '_>) {
                run(bencher, &$text(), |text| scan(text).count());
            }

            #[divan::bench]
            fn regex_exact(bencher: Bencher<'_, '_>) {
                run_regex(bencher, &$text(), EXACT);
            }

            #[divan::bench]
            fn regex_any_separator(bencher: Bencher<'_, '_>) {
                run_regex(bencher, &$text(), ANY_SEPARATOR);
            }

            #[divan::bench]
            fn regex_any_symbol(bencher: Bencher<'_, '_>) {
                run_regex(bencher, &$text(), ANY_SYMBOL);
            }
        }
    };
}

group!(source_text, super::source);
group!(digests_and_uuids, super::digests);
group!(table_of_keys, super::table);

/// With what each key should be.
#[divan::bench]
fn table_judged(bencher: Bencher<'_, '_>) {
    run(bencher, &table(), |text| {
        let judged = scan(text).map(|found| Surroundings::of(text, &found).wanted.judge(&found));
        judged
            .filter(|judgement| judgement.should.is_some())
            .count()
    });
}
