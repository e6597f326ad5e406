//! Any text, and pieces of texts that hold keys, whole and damaged.

use avma::catalog::keys;
use avma::repair::repair;
use avma::scan::{Places, Surroundings, Verdict, What, scan};

use crate::source::Source;

/// The ways to make an input; the first byte takes one.
pub const KINDS: usize = 3;

/// Well-formed, published nowhere.
const PLANTED: &str = "FMT4H-4RD6P-M48YH-6YDK2-QXPNK";

const PIECES: &[&str] = &[
    "\n",
    " ",
    "-",
    "|",
    " | ",
    "–",
    "W3GNR-8DDXR-2TFRP-H8P33-DV9BG",
    "w3gnr8ddxr2tfrph8p33dv9bg",
    "WX4NM KYWYW QJJR4 XV3QB 6VM33",
    "N69G4-B89J2-4G8F4-WWYCCJ464C",
    "TNK62 RXVTB-4P47B-2 차원 623 4GF74",
    "Ｈ３ＲＮＧ-８Ｃ３２Ｑ-Ｑ８ＦＲＸ-６ＴＤＸＶ-ＷＭＢＭＷ",
    "CB7KF\\u2013BWN84\\u2013R7R2Y\\u2013793K2\\u20138XDDG",
    "*****-*****-*****-*****-DV9BG",
    "XXXXX-XXXXX-XXXXX-",
    "W 3 G N R - 8 D D X R - ",
    "W3GNR-",
    "DV9BG",
    "8DDXR",
    "BCDFG",
    "FMT4H4RD6PM48YH6YDK2QXPNK",
    PLANTED,
    "ordinary words of a text ",
    "Windows Server 2022 Standard",
    "Windows Server 2019 Datacenter Evaluation: ",
    "## Windows Server, version 1809\n",
    "AVMA",
    "KMS",
    "host",
    "2022-05-03",
    "standard:\n  ",
    "&ndash;",
    "<b>",
    "\r\n",
];

pub fn any_text(data: &[u8]) {
    let mut source = Source::new(data);
    let text = match source.below(KINDS) {
        0 => String::from_utf8_lossy(source.rest()).into_owned(),
        1 => source.mixture(PIECES),
        _ => damaged(&mut source),
    };
    let mut found = scan(&text);
    let (mut end, mut places) = (0, Places::of(&text));
    for finding in found.by_ref() {
        let range = finding.range.clone();
        assert!(end <= range.start && range.start < range.end);
        end = range.end;
        let written = text.get(range.clone()).expect("whole characters");
        match finding.what {
            What::Published(key) => assert_eq!(written.to_uppercase(), key.key.to_string()),
            // An unlisted key is near to no published one.
            What::Unlisted(_) => assert!(repair(written).named().is_none()),
            _ => assert!(finding.named().is_some()),
        }
        let start = places.of_byte(range.start);
        let lines = text.get(..range.start).expect("a character").matches('\n');
        assert_eq!(start.line, lines.count() + 1);
        let around = Surroundings::of(&text, &finding);
        if let Some(caption) = &around.caption {
            assert!(text.get(caption.clone()).is_some());
        }
        let judgement = around.wanted.judge(&finding);
        let faults = judgement.faults().count();
        let reported = matches!(judgement.verdict(), Verdict::Wrong | Verdict::Unlisted);
        assert_eq!(reported, faults > 0);
        // Only what is wrong has another key in its place.
        assert!(judgement.should.is_none() || faults > 0);
        // Where other groups run into it, another group may be the last of what looks like a key.
        let shown = format!("{finding:?} {around:?} {judgement:?}");
        assert!(
            PLANTED
                .split('-')
                .filter(|group| shown.contains(group))
                .count()
                <= 1
        );
    }
    let work = found.work();
    assert!(work.followed <= 2 * text.len() + 200, "{work:?}");
    assert!(work.read <= 2 * text.len() + 200, "{work:?}");
}

/// A published key of which one character was changed stands in a text: it is found, as itself.
fn damaged(source: &mut Source<'_>) -> String {
    let published = keys::published();
    let key = &published[source.below(published.len())];
    let mut written = key.key.to_string();
    let at = source.below(written.len());
    let by = char::from(b'0' + source.byte() % 43);
    written.replace_range(at..=at, &by.to_string());
    // Text that no key can run over.
    let pieces = ["ordinary words of a text\n", "(", "é ", "\t"];
    let before: String = (0..source.below(6)).map(|_| source.pick(&pieces)).collect();
    let text = format!("{before}\"{written}\"\n");
    let found = scan(&text).find(|finding| finding.named() == Some(key));
    assert!(found.is_some(), "{text:?}");
    text
}
