//! What public files call the key of a release and an edition, against the crate's tables.

use avma::catalog::keys::{self, KeyChannel, KeyUse};
use avma::repair::{Repair, repair};
use avma::{Edition, ProductKey, Release, Releases};
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
    right_after_repair: bool,
    #[serde(default)]
    disputed: bool,
}

#[derive(Deserialize)]
struct Truth {
    class: String,
    #[serde(default)]
    releases: Vec<String>,
    edition: Option<String>,
    canonical_key: Option<String>,
}

fn claims() -> Vec<Claim> {
    serde_json::from_str(include_str!("data/claims.json")).unwrap()
}

fn channel(name: &str) -> Option<KeyChannel> {
    match name {
        "AVMA" | "avma" => Some(KeyChannel::Avma),
        "GVLK" | "gvlk" => Some(KeyChannel::Gvlk),
        "setup" | "other" => None,
        unknown => panic!("unknown channel {unknown}"),
    }
}

fn exactly(text: &str) -> Option<&'static KeyUse> {
    keys::identify(&ProductKey::parse(text).ok()?)
}

/// Checks every claim; what differs in a disputed one is printed.
fn check(differs: impl Fn(&Claim) -> Option<String>) {
    let mut wrong = Vec::new();
    for claim in claims() {
        let Some(difference) = differs(&claim) else {
            continue;
        };
        let report = format!("{} {:?}: {difference}", claim.id, claim.text);
        if claim.disputed {
            println!("disputed: {report}");
        } else {
            wrong.push(report);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_key_is_identified_as_what_it_is() {
    check(|claim| {
        let truth = &claim.truth;
        let found = exactly(&claim.text);
        let as_expected = match truth.class.as_str() {
            "avma" | "gvlk" => found.is_some_and(|found| {
                let releases = truth.releases.iter().map(|name| {
                    let release: Release = name.parse().unwrap();
                    release.into()
                });
                let edition: Edition = truth.edition.as_deref().unwrap().parse().unwrap();
                Some(found.key.to_string()) == truth.canonical_key
                    && Some(found.channel) == channel(&truth.class)
                    && found.product == edition.into()
                    && Some(found.releases) == Releases::one_of(releases)
            }),
            // Of the four editions of a release with AVMA never.
            "generic_other" => {
                found.is_none_or(|found| !found.is_modelled() || found.product.edition().is_none())
            }
            "damaged" | "masked" => found.is_none(),
            unknown => panic!("unknown class {unknown}"),
        };
        (!as_expected).then(|| format!("{} expected, {found:?}", truth.class))
    });
}

#[test]
fn every_damaged_key_is_repaired_to_what_it_was() {
    check(|claim| {
        let outcome = repair(&claim.text);
        let canonical = claim.truth.canonical_key.as_deref();
        let published = canonical.and_then(exactly);
        let as_expected = match claim.truth.class.as_str() {
            "avma" | "gvlk" => {
                matches!(outcome, Repair::Intact { key, .. } if Some(key) == published)
            }
            // A damaged key of no table stays unknown.
            "damaged" => outcome.key() == published && outcome.named() == published,
            "masked" => outcome == Repair::Nothing,
            _ => match published {
                Some(key) => outcome.key() == Some(key),
                None => matches!(outcome, Repair::Unlisted { .. }),
            },
        };
        (!as_expected).then(|| format!("{} expected, {outcome:?}", claim.truth.class))
    });
}

/// What the table gives for the claim's release, edition and channel; `None` where the claim does not
/// name all three.
#[expect(
    clippy::option_option,
    reason = "nothing to ask, or no key: both are answers"
)]
fn asked(claim: &Claim) -> Option<Option<String>> {
    let channel = channel(&claim.claimed_channel)?;
    let edition: Edition = claim.claimed_edition.as_deref()?.parse().unwrap();
    let answer = match claim.claimed_release.as_deref()? {
        // Older than every release of the table.
        older @ "2008" => {
            assert!(older.parse::<Release>().is_err());
            None
        }
        name => keys::key(name.parse().unwrap(), edition.into(), channel),
    };
    Some(answer.map(|row| row.key.to_string()))
}

#[test]
fn the_table_gives_the_right_key_for_what_is_claimed() {
    let mut compared = 0;
    for claim in claims() {
        compared += usize::from(asked(&claim).is_some());
    }
    assert!(
        compared > 290,
        "{compared} of {} claims name all three",
        claims().len()
    );
    check(|claim| {
        // Keys of other tables (2008, previews) are right elsewhere, and absent here.
        if claim.truth.class == "generic_other" && claim.right {
            return asked(claim)?.map(|key| format!("a key for it: {key}"));
        }
        let answer = asked(claim)?;
        (answer != claim.right_key).then(|| format!("{:?} expected, {answer:?}", claim.right_key))
    });
}

#[test]
fn a_claim_is_right_exactly_where_the_table_agrees() {
    check(|claim| {
        if claim.truth.class == "generic_other" && claim.right {
            return None;
        }
        let answer = asked(claim)?;
        let right = answer.as_deref() == Some(&claim.text);
        let repaired = repair(&claim.text).key().map(|key| key.key.to_string());
        let right_after = right || repaired.is_some() && repaired == answer;
        let expected = (claim.right, claim.right || claim.right_after_repair);
        ((right, right_after) != expected)
            .then(|| format!("{expected:?} expected, {:?}", (right, right_after)))
    });
}

/// A claim without an edition, or without a release, is not answered with a default: several keys are
/// possible.
#[test]
fn a_claim_that_names_too_little_has_several_candidates() {
    for claim in claims() {
        let (Some(channel), None) = (channel(&claim.claimed_channel), asked(&claim)) else {
            continue;
        };
        let Some(release) = claim
            .claimed_release
            .as_deref()
            .and_then(|name| name.parse::<Release>().ok())
        else {
            continue;
        };
        let candidates = keys::rows(channel).filter(|row| row.release == release);
        assert!(candidates.count() > 1, "{}", claim.id);
    }
}
