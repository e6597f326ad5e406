//! The work of a scan is linear, counted and not timed.

use avma::scan::{Surroundings, scan};

/// Texts that give every stage as much to do as they can.
fn hostile() -> Vec<String> {
    let key = "W3GNR-8DDXR-2TFRP-H8P33-DV9BG";
    [
        "B",
        "N",
        "B ",
        "-",
        "*",
        "W3GNR",
        "W3GNR-",
        "W3GNR 8DDXR ",
        "BCDFG-HJKMP-",
        "BCDFG-HJKMP-QRTVW-XY234-67894-N",
        "é",
        "主",
        "𝟒",
        "&ndash;",
        "\\u2013",
        "<b>",
        "W3GNR8DDXR2TFRPH8P33DV9B",
        "W 3 G N R - 8 D D X R",
        "XXXXX-XXXXX-XXXXX-XXXXX-",
        "W3GNR-8DDXR-2TFRP-H8P33-",
        "FMT4H-4RD6P-M48YH-6YDK2-QXPNK",
        "FMT4H-4RD6P-M48YH-6YDK2-QXPNK ",
        "FMT4H4RD6PM48YH6YDK2QXPNK ",
        key,
        "W3GNR-8DDXR-2TFRP-H8P33-DV9BG ",
        "W3GNR-8DDXR-2TFRP-H8P33-DV9BG\n",
        "Windows Server 2022 Standard\nW3GNR 8DDXR-2TFRP-H8P33-DV9BG\n",
        "VCH67DV9BG78VHK88J4F",
    ]
    .map(|piece| piece.repeat(40_000 / piece.len()))
    .into()
}

#[test]
fn no_byte_is_read_more_than_twice() {
    for text in hostile() {
        let mut found = scan(&text);
        let count = found.by_ref().count();
        let work = found.work();
        let limit = 2 * text.len() + 200;
        let shown = &text[..text.char_indices().nth(20).unwrap().0];
        assert!(
            work.followed <= limit,
            "{shown}: {work:?} of {}",
            text.len()
        );
        assert!(work.read <= limit, "{shown}: {work:?} of {}", text.len());
        assert!(count <= text.len() / 25, "{shown}");
    }
}

/// Twice the text is twice the work, to within what the ends of a text cost.
#[test]
fn work_grows_with_the_text() {
    for text in hostile() {
        let once = work_of(&text);
        let twice = work_of(&text.repeat(2));
        assert!(twice <= 2 * once + 1_000, "{once} {twice}");
    }
}

fn work_of(text: &str) -> usize {
    let mut found = scan(text);
    found.by_ref().for_each(drop);
    found.work().followed + found.work().read
}

/// Ordinary text is hardly looked at.
#[test]
fn most_of_ordinary_text_is_passed_over() {
    let text = include_str!("../../src/identity/caption.rs");
    let mut found = scan(text);
    assert_eq!(found.by_ref().count(), 0);
    assert!(
        found.work().followed * 10 < text.len(),
        "{:?}",
        found.work()
    );
    assert_eq!(found.work().read, 0);
}

/// What stands around a key is read within bounds, however long the line or the text.
#[test]
fn surroundings_of_one_long_line() {
    for piece in [
        "|",
        "\n",
        "x",
        "Standard ",
        "2022|",
        "Windows Server 2022:\n",
    ] {
        let side = piece.repeat(20_000);
        let text = format!("{side}W3GNR-8DDXR-2TFRP-H8P33-DV9BG{side}");
        let finding = scan(&text).find(|found| found.key().is_some());
        // The letters before it run into the key.
        let Some(finding) = finding else {
            panic!("{piece}")
        };
        let _ = Surroundings::of(&text, &finding);
    }
}
