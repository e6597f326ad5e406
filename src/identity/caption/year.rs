//! The form in which a year stands, and the releases that it names.

use crate::catalog::releases::{AnyRelease, Release, Releases};

/// The form of a year, which is not certain until the next one or the end.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Plain,
    R2,
    /// A slash behind it.
    Slash,
    /// "2012/R2": two releases.
    OneOfTwo,
    /// "2019Server", the form of Python's `platform`, which rounds down.
    Rounded,
    /// VMware's "srvnext": the release after that year's.
    Next,
}

impl Form {
    pub(super) fn releases(self, year: u32) -> Releases {
        let unlisted = AnyRelease::Unlisted.into();
        let plain = |r2| Releases::such_that(|release| release.year() == Some((year, r2)));
        let found = match self {
            Self::R2 => plain(true),
            Self::Next => Releases::such_that(|release| release.next_after() == Some(year)),
            Self::Rounded => plain(false).map(until_next_year),
            Self::Plain | Self::Slash | Self::OneOfTwo => plain(false),
        };
        // 2011, of the Small Business Server, lies between two rows.
        let is_older = || {
            Release::ALL.iter().any(|release| {
                let of_row = release.year();
                release.is_before_avma() && of_row.is_some_and(|row| (year, self.is_r2()) < row)
            })
        };
        match found {
            Some(releases) => releases,
            None if is_older() => AnyRelease::Older.into(),
            // There is no other year, R2, or number of that form.
            None => unlisted,
        }
    }

    const fn is_r2(self) -> bool {
        matches!(self, Self::R2)
    }
}

/// A release that is named by its year, and what came after it until the next year's.
fn until_next_year(from: Releases) -> Releases {
    let mut rows = Release::ALL.iter().copied();
    let first = rows.find(|release| from.contains((*release).into()));
    let rest = rows.take_while(|release| release.year().is_none());
    Releases::one_of(first.into_iter().chain(rest).map(AnyRelease::Release)).unwrap_or(from)
}
