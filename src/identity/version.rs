//! Build numbers and version texts.
//!
//! Source: Microsoft's release information pages for Windows Server, Windows 10, Windows 11 and
//! Azure Stack HCI.

use super::caption::Caption;
use super::reading::{Reading, excluding};
use crate::fact::Fact;
use crate::product::Product;
use crate::release::{AnyRelease, Release, Releases};

/// The first build of Windows Server 2012.
const FIRST_BUILD: u32 = 9200;

/// A build names exactly the releases that have it; there is no rounding to a neighbour.
pub(super) fn read_build(build: u32) -> Reading {
    if let Some(releases) = Releases::one_of(
        Release::ALL
            .iter()
            .filter(|release| release.build() == build)
            .map(|release| AnyRelease::from(*release)),
    ) {
        return Reading::NOTHING.in_releases(releases);
    }
    let unlisted = Reading::NOTHING.in_releases(AnyRelease::Unlisted.into());
    match build {
        0 => Reading::NOTHING,
        1..FIRST_BUILD => Reading::NOTHING.in_releases(AnyRelease::Older.into()),
        // Azure Stack HCI 20H2 and 22H2; 21H2 and 23H2 share theirs with Windows Server.
        17784 | 20349 => Reading {
            products: Product::AzureLocal.into(),
            ..unlisted
        },
        // Windows 10 1507, 1511, 1703, 21H1 to 22H2; Windows 11 21H2 to 23H2.
        10240 | 10586 | 15063 | 19043 | 19044 | 19045 | 22000 | 22621 | 22631 => Reading {
            products: Product::Client.into(),
            ..unlisted
        },
        // Insider builds of Windows Server.
        16237 | 19551 => Reading::NOTHING.in_releases(AnyRelease::Preview.into()),
        _ => unlisted,
    }
}

/// A text with a version in it, a build lab string, or the bare name of a version; whatever words
/// stand around the number are read as a caption's.
pub(super) fn read(text: &str) -> Reading {
    let Some((before, numbers, after)) = dotted(text) else {
        let text = text.trim();
        return release_id(text).unwrap_or_else(|| match text.parse() {
            Ok(build) => read_build(build),
            Err(_) => super::caption::read(text),
        });
    };
    let version = read_numbers(numbers);
    let mut words = Caption::default();
    if !version.says_nothing() {
        words.of_windows();
        words.with_release_ids();
    }
    words.text(before);
    words.text(after);
    version.and(words.finish())
}

/// The first run of digits and dots with a dot inside, and what stands before and after it.
fn dotted(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find(|c: char| c.is_ascii_digit())?;
        let rest = text.get(start..)?;
        let length = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '.'))
            .unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        if run.trim_end_matches('.').contains('.') {
            return Some((text.get(..start)?, run, after));
        }
        from = start + length;
    }
}

fn read_numbers(run: &str) -> Reading {
    let mut numbers = run.split('.').map(str::parse::<u32>);
    let mut next = || numbers.next().and_then(Result::ok);
    match (next(), next(), next()) {
        (Some(major @ 5..=10), Some(minor), Some(build)) => {
            // Linux kernels have versions like 6.2.0 too: the build must be one of this version.
            let fits = match (major, minor) {
                (5, 0..=2) => (2195..6000).contains(&build),
                (6, 0..=1) => (6000..FIRST_BUILD).contains(&build),
                (6, 2) => build == 9200,
                (6, 3) => build == 9600,
                (10, 0) => build >= 10240,
                _ => false,
            };
            if fits {
                manifest_noted(minor, read_build(build))
            } else {
                Reading::NOTHING
            }
        }
        (Some(major @ 5..=10), Some(minor), None) => read_nt(major, minor),
        // A build lab string: `20348.1787.230607-0640.…`.
        (Some(build @ 2195..), _, _) => read_build(build),
        _ => Reading::NOTHING,
    }
}

fn read_nt(major: u32, minor: u32) -> Reading {
    let releases: Releases = match (major, minor) {
        (5, 0..=2) | (6, 0..=1) => AnyRelease::Older.into(),
        (6, 2) => Release::Ws2012.into(),
        (6, 3) => Release::Ws2012R2.into(),
        (10, 0) => excluding(
            Releases::of(&[Release::Ws2012, Release::Ws2012R2])
                .union(Fact::known(AnyRelease::Older)),
        ),
        _ => return Reading::NOTHING,
    };
    manifest_noted(minor, Reading::NOTHING.in_releases(releases))
}

fn manifest_noted(minor: u32, reading: Reading) -> Reading {
    match minor {
        2 | 3 => reading.noted(
            "Windows tells 6.2 to programs without a manifest on later systems too, and the registry's \
             CurrentVersion stays 6.3: be sure that the version comes from neither",
        ),
        _ => reading,
    }
}

/// `ReleaseId` and `DisplayVersion`: clients, servers and Azure Local share these names, so they
/// rarely decide anything alone.
fn release_id(text: &str) -> Option<Reading> {
    use AnyRelease::Unlisted;
    use Release::{
        V20H2, V23H2, V1709, V1803, V1809, V1903, V1909, V2004, Ws2016, Ws2019, Ws2022, Ws2025,
    };
    let is = |name: &str| text.eq_ignore_ascii_case(name);
    let one = |release: Release| Releases::from(release);
    let or_unlisted = |releases: Releases| releases.union(Fact::known(Unlisted));
    let releases = match text {
        "1607" => one(Ws2016),
        "1709" => one(V1709),
        "1803" => one(V1803),
        "1809" => Releases::of(&[Ws2019, V1809]),
        "1903" => one(V1903),
        "1909" => one(V1909),
        "2004" => one(V2004),
        // The last ReleaseId: every later system keeps it.
        "2009" => or_unlisted(Releases::of(&[V20H2, Ws2022, V23H2, Ws2025])),
        "1507" | "1511" | "1703" => Fact::known(Unlisted),
        _ if is("20H2") => or_unlisted(one(V20H2)),
        _ if is("21H2") => or_unlisted(one(Ws2022)),
        _ if is("23H2") => or_unlisted(one(V23H2)),
        _ if is("24H2") => or_unlisted(one(Ws2025)),
        _ if is("21H1") || is("22H2") => Fact::known(Unlisted),
        _ => return None,
    };
    Some(Reading::NOTHING.in_releases(releases))
}
