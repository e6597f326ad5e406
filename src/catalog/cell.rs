//! A cell of a host table. A cell is a rule: what it says of a guest, why, and by which text.

use crate::catalog::releases::AnyRelease;
use crate::source::{CRATE_TABLES, NO_STATEMENT, Source};
use crate::word::words;

words! {
    /// What a host table says of a guest.
    pub enum Support ("support") {
        /// The host activates such a guest.
        Yes = "yes", "yes";
        /// The host does not activate such a guest.
        No = "no", "no";
        /// No text says either.
        NotDocumented = "not-documented", "not documented";
    }
}

words! {
    /// What decides a cell.
    pub enum Because ("reason of a cell") {
        /// The guest's release.
        Release = "release", "the guest's release";
        /// The guest's edition.
        Edition = "edition", "the guest's edition";
        /// A yes that asks for Software Assurance on the host's keys.
        SoftwareAssurance = "software-assurance", "Software Assurance";
        /// AVMA came later than host or guest, whatever the host is.
        TooOld = "too-old", "older than AVMA";
        /// The table has no row for such a host.
        Host = "host", "the host";
    }
}

/// One cell of a host table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Cell {
    /// What it says.
    pub support: Support,
    /// What decides it.
    pub because: Because,
    /// The text that says it.
    pub source: Source,
}

/// A cell that the guest's release decides.
pub(crate) const fn cell(support: Support, source: Source) -> Cell {
    Cell {
        support,
        because: Because::Release,
        source,
    }
}

/// The cell of a release that a table does not name. Of a release that the crate has no row for it is
/// not known whether a text speaks.
pub(crate) const fn unnamed(release: AnyRelease) -> Cell {
    let source = match release {
        AnyRelease::Unlisted => CRATE_TABLES,
        _ => NO_STATEMENT,
    };
    cell(Support::NotDocumented, source)
}

impl Because {
    /// The reason as one bit of a set.
    pub(crate) const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl Cell {
    /// The same for another reason.
    pub(crate) const fn because(self, because: Because) -> Self {
        Self { because, ..self }
    }
}
