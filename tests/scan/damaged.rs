//! The texts of `data/damaged.json`, each where keys stand: within a longer text.

use avma::repair::repair;
use avma::scan::{Finding, What, scan};
use serde::Deserialize;

#[derive(Deserialize)]
struct Entry {
    text: String,
    damage: Vec<String>,
    expect: String,
    also_acceptable: Option<String>,
    true_key: Option<String>,
    #[serde(default)]
    disputed: bool,
}

fn entries() -> Vec<Entry> {
    serde_json::from_str(include_str!("../data/damaged.json")).unwrap()
}

impl Entry {
    /// Five symbols alone are a word of a text like any other: they are left to `repair`.
    fn is_bare_group(&self) -> bool {
        self.damage.iter().any(|damage| damage == "last group only")
    }

    fn is_met(&self, found: &[Finding]) -> bool {
        let expected = [Some(&self.expect), self.also_acceptable.as_ref()];
        let half = self.true_key.is_none() && self.also_acceptable.as_deref() == Some("suggest");
        expected
            .into_iter()
            .flatten()
            .any(|expect| self.is(expect, found))
            || half
                && found
                    .iter()
                    .all(|finding| matches!(finding.what, What::Suggested { .. }))
    }

    /// Of several keys in one text one is the damaged one.
    fn is(&self, expect: &str, found: &[Finding]) -> bool {
        let of = |finding: &Finding| finding.named().map(|key| key.key.to_string());
        let named: Vec<_> = found.iter().filter_map(of).collect();
        let true_key = self.true_key.as_ref();
        let holds = |is: fn(&What) -> bool| {
            found
                .iter()
                .any(|finding| is(&finding.what) && of(finding).as_ref() == true_key)
        };
        match expect {
            "repair" => holds(|what| matches!(what, What::Damaged { .. } | What::Published(_))),
            "intact" => holds(|what| matches!(what, What::Published(_))),
            "suggest" => holds(|what| matches!(what, What::Suggested { .. })),
            "identify by suffix" => holds(|what| matches!(what, What::Suffix(_))),
            "optional" => named.iter().all(|named| Some(named) == true_key),
            "refuse" | "unknown" => named.is_empty(),
            other => panic!("unknown expectation {other}"),
        }
    }
}

/// Texts around the damaged one. What comes right before it is no letter and no hyphen.
const AROUND: [(&str, &str); 6] = [
    ("", ""),
    (
        "The host activates each guest that runs on it: ",
        " is what it takes.",
    ),
    ("# Notes\n\n- first\n", "\n- last\n"),
    (
        "if ($release -eq 'latest') { & cscript slmgr.vbs /ipk '",
        "' }\r\n",
    ),
    ("Schlüssel für den größten Gast: „", "“ (nicht ändern)"),
    (
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n",
        "\n0x1F",
    ),
];

#[test]
fn every_damaged_text_comes_out_as_expected_within_a_text() {
    let mut wrong = Vec::new();
    for entry in entries().iter().filter(|entry| !entry.is_bare_group()) {
        for (before, after) in AROUND {
            // Every place that the key can have to the scanner's blocks.
            for shift in 0..8 {
                let text = format!("{}{before}{}{after}", " ".repeat(shift), entry.text);
                let found: Vec<_> = scan(&text).collect();
                if !entry.is_met(&found) && !entry.disputed {
                    wrong.push(format!(
                        "{shift} {text:?}: {} expected, {found:?}, repair says {:?}",
                        entry.expect,
                        repair(&text)
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn a_finding_is_what_repair_says_of_the_text_alone() {
    for entry in entries().iter().filter(|entry| !entry.is_bare_group()) {
        let alone = repair(&entry.text);
        let found: Vec<_> = scan(&entry.text).collect();
        if let Some(key) = alone.named() {
            assert!(
                found.iter().any(|finding| finding.named() == Some(key)
                    && Some(finding.range.clone()) == alone.range()),
                "{:?}: {alone:?}, {found:?}",
                entry.text
            );
        }
    }
}
