//! What public files call the key of a release and an edition (`data/claims.json`), judged.

use avma::catalog::keys::KeyChannel;
use avma::scan::{Surroundings, Verdict, Wanted, What, scan};
use avma::{Edition, Release};
use serde::Deserialize;

#[derive(Deserialize)]
struct Claim {
    id: String,
    claimed_release: Option<String>,
    claimed_edition: Option<String>,
    claimed_channel: String,
    text: String,
    truth: Truth,
    right: bool,
    right_key: Option<String>,
    #[serde(default)]
    disputed: bool,
}

#[derive(Deserialize)]
struct Truth {
    class: String,
}

/// The claims that name release, edition and channel, with what they want and how a file says so.
fn claims() -> impl Iterator<Item = (Claim, Wanted, String)> {
    let claims: Vec<Claim> = serde_json::from_str(include_str!("../data/claims.json")).unwrap();
    claims
        .into_iter()
        .filter(|claim| !claim.disputed)
        .filter_map(|claim| {
            let release: Release = claim.claimed_release.as_deref()?.parse().ok()?;
            let edition: Edition = claim.claimed_edition.as_deref()?.parse().ok()?;
            let channel = match claim.claimed_channel.as_str() {
                "AVMA" => KeyChannel::Avma,
                "GVLK" => KeyChannel::Gvlk,
                _ => return None,
            };
            let wanted = Wanted {
                releases: release.into(),
                products: edition.into(),
                channel: Some(channel),
                ..Wanted::UNKNOWN
            };
            let text = format!(
                "{release} {edition} | {} key: {}\n",
                claim.claimed_channel, claim.text
            );
            Some((claim, wanted, text))
        })
}

#[test]
fn a_claim_is_right_or_wrong_as_it_is_known_to_be() {
    let (mut right, mut wrong) = (0, 0);
    for (claim, wanted, text) in claims() {
        let finding = scan(&text).next();
        let shown = format!("{} {text:?}: {finding:?}", claim.id);
        let Some(finding) = finding else {
            assert_eq!(claim.truth.class, "masked", "{shown}");
            continue;
        };
        if let What::Unlisted(_) = finding.what {
            // A key of tables that this crate has not.
            assert!(
                ["generic_other", "damaged"].contains(&&*claim.truth.class),
                "{shown}"
            );
            continue;
        }
        let judgement = wanted.judge(&finding);
        let faults: Vec<_> = judgement.faults().collect();
        let shown = format!("{shown} {faults:?}");
        // Azure's own edition is none of the four.
        if claim.truth.class == "generic_other" {
            continue;
        }
        let expected = if claim.right {
            Verdict::Right
        } else {
            Verdict::Wrong
        };
        assert_eq!(judgement.verdict(), expected, "{shown}");
        if claim.right {
            right += 1;
        } else {
            wrong += 1;
            let should = judgement.should.map(|row| row.key.to_string());
            assert_eq!(should, claim.right_key, "{shown}");
        }
    }
    assert!(right > 220 && wrong > 50, "{right} right, {wrong} wrong");
}

#[test]
fn the_words_of_a_file_say_the_same_or_less() {
    let (mut same, mut all) = (0, 0);
    for (claim, wanted, text) in claims() {
        for finding in scan(&text) {
            let around = Surroundings::of(&text, &finding).wanted;
            let (known, told) = (wanted.judge(&finding), around.judge(&finding));
            all += 1;
            same += usize::from(known.verdict() == told.verdict() && known.should == told.should);
            // Nothing that is right is called wrong.
            if known.verdict() == Verdict::Right {
                assert_ne!(
                    told.verdict(),
                    Verdict::Wrong,
                    "{} {text:?} {around:?}",
                    claim.id
                );
            }
        }
    }
    assert!(same * 100 >= all * 95, "{same} of {all}");
}
