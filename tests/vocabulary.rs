//! The names that files and tools use, each read by itself, against `data/vocabulary.json`.

use avma::identity::sku_from_text;
use avma::{Clue, Edition, Identity, Installation, Release};
use serde::Deserialize;

#[derive(Deserialize)]
struct Entry {
    id: String,
    text: String,
    kind: String,
    expect: Expect,
    #[serde(default)]
    disputed: bool,
    #[serde(default)]
    dispute: String,
}

#[derive(Deserialize)]
struct Expect {
    release: Option<String>,
    edition: Option<String>,
    evaluation: Option<bool>,
    core: Option<bool>,
    eligible_for_avma_key: Option<bool>,
    reason: String,
}

/// What is compared, as the vectors have it: `None` is "several candidates or not applicable".
#[derive(Debug, PartialEq)]
struct Answer {
    release: Option<Release>,
    edition: Option<Edition>,
    evaluation: Option<bool>,
    core: Option<bool>,
    documented: Option<bool>,
}

fn entries() -> Vec<Entry> {
    serde_json::from_str(include_str!("data/vocabulary.json")).unwrap()
}

fn clue(entry: &Entry) -> Option<Clue<'_>> {
    let text = entry.text.as_str();
    Some(match entry.kind.as_str() {
        "caption" | "other" => Clue::Caption(text),
        "wim_name" => Clue::ImageName(text),
        "edition_id" => Clue::EditionId(text),
        "license_family" => Clue::LicenseFamily(text),
        "os_version" => Clue::OsVersion(text),
        "build" => Clue::Build(text.parse().unwrap()),
        "sku" => Clue::Sku(sku_from_text(text)?),
        kind => panic!("{}: unknown kind {kind}", entry.id),
    })
}

fn expected(expect: &Expect) -> Answer {
    let edition = expect.edition.as_deref();
    Answer {
        release: expect.release.as_ref().map(|name| name.parse().unwrap()),
        edition: edition.map(|name| name.parse().unwrap()),
        evaluation: expect.evaluation,
        core: expect.core,
        documented: expect.eligible_for_avma_key,
    }
}

fn found(entry: &Entry) -> Answer {
    let identity = Identity::from_clues(clue(entry));
    assert_eq!(
        identity.conflicts().count(),
        0,
        "one clue cannot contradict itself: {}",
        entry.text
    );
    Answer {
        release: identity.release(),
        edition: identity.edition(),
        evaluation: identity.evaluation().as_bool(),
        core: identity
            .installation()
            .known_element()
            .map(|installation| installation == Installation::Core),
        documented: identity.avma_key_documented(),
    }
}

#[test]
fn every_name_is_read_as_expected() {
    let entries = entries();
    assert_eq!(entries.len(), 299);
    let mut wrong = Vec::new();
    for entry in &entries {
        let (expected, found) = (expected(&entry.expect), found(entry));
        if expected == found {
            continue;
        }
        let report = format!(
            "{} {} {:?}\n  expected {expected:?} ({})\n  found    {found:?}",
            entry.id, entry.kind, entry.text, entry.expect.reason
        );
        if entry.disputed {
            println!("disputed ({}): {report}", entry.dispute);
        } else {
            wrong.push(report);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A text that is disputed may be read otherwise, but what it is read as is pinned.
#[test]
fn disputed_names_that_are_read_otherwise() {
    let entries = entries();
    let otherwise: Vec<&str> = entries
        .iter()
        .filter(|entry| expected(&entry.expect) != found(entry))
        .map(|entry| entry.text.as_str())
        .collect();
    assert_eq!(otherwise, OTHERWISE);
}

#[rustfmt::skip]
const OTHERWISE: &[&str] = &[
    // One build or ReleaseId, two releases.
    "17763", "10.0.17763", "Microsoft Windows NT 10.0.17763.0", "Windows-2019Server-10.0.17763-SP0",
    "1809",
    // Windows 11 and Azure Local have a 23H2 as well.
    "23H2",
    // The key is published for the same release and edition; the licence terms are not judged.
    "Windows Server IoT 2019 Standard",
    "KServer2012R2DC",
    // The form rounds down: releases of the Semi-Annual Channel after 2019 have it too.
    "2019Server",
    // Machine translations that no Windows shows.
    "標準", "标准", "データセンター", "Grundlagen", "Conceptos básicos", "Elementi essenziali",
    "Essenciais", "基本資訊",
];
