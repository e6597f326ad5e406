//! Build numbers and version texts.
//!
//! Source: Microsoft's release information pages for Windows Server, Windows 10, Windows 11 and
//! Azure Stack HCI.

use super::caption::Caption;
use super::reading::{Reading, excluding};
use crate::catalog::products::Product;
use crate::catalog::releases::{AnyRelease, Release, Releases};
use crate::fact::Fact;

/// The first build of the oldest release of the table.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const FIRST_BUILD: u32 = Release::ALL[0].builds()[0];

/// A build names exactly the releases that have it; there is no rounding to a neighbour.
pub(super) fn read_build(build: u32) -> Reading {
    if let Some(releases) = Releases::such_that(|release| release.builds().contains(&build)) {
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
                (6, 0) => (6000..FIRST_BUILD).contains(&build),
                (10, 0) => build >= 10240,
                // A version that is over: its builds are those of the table.
                version => Release::ALL.iter().any(|release| {
                    release.os_version() == version && release.builds().contains(&build)
                }),
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
    let older = Fact::known(AnyRelease::Older);
    let of_version = Releases::such_that(|release| release.os_version() == (major, minor));
    let releases: Releases = match ((major, minor), of_version) {
        ((5, 0..=2) | (6, 0), _) => older,
        // The version that goes on: everything but what has another one.
        ((10, 0), _) => {
            let others = Releases::such_that(|release| release.os_version() != (10, 0));
            excluding(others.map_or(older, |others| others.union(older)))
        }
        (_, Some(releases)) => releases,
        (_, None) => return Reading::NOTHING,
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
    /// The last `ReleaseId`, which every later system keeps beside its `DisplayVersion`.
    const LAST_RELEASE_ID: &str = "2009";
    let unlisted = Fact::known(AnyRelease::Unlisted);
    let named = |release: Release| {
        release
            .version_name()
            .filter(|_| release.os_version() == (10, 0))
    };
    let found = if text == LAST_RELEASE_ID {
        Releases::such_that(|release| named(release).is_some_and(is_display_version))
    } else {
        Releases::such_that(|release| {
            named(release).is_some_and(|name| name.eq_ignore_ascii_case(text))
        })
    };
    let releases = match found {
        // Clients and Azure Local go by such names as well.
        Some(releases) if text == LAST_RELEASE_ID || is_display_version(text) => {
            releases.union(unlisted)
        }
        Some(releases) => releases,
        // Names that only others have.
        None if ["1507", "1511", "1703"].contains(&text) || is_display_version(text) => unlisted,
        None => return None,
    };
    Some(Reading::NOTHING.in_releases(releases))
}

/// `20H2`: the form of a `DisplayVersion`, which came after the four digits of `ReleaseId`.
fn is_display_version(text: &str) -> bool {
    matches!(
        text.as_bytes(),
        [b'2'..=b'9', b'0'..=b'9', b'h' | b'H', b'1' | b'2']
    )
}
