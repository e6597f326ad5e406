//! Why a report cannot be written, read, or found.

use super::ReportField;
use crate::time::Timestamp;

/// Why a report cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// `Some("")`; a host that is not known is `None`.
    #[error("the host's name is empty")]
    EmptyHost,
    /// A name that holds a product key of no published list.
    #[error("the host's name holds a product key that is in none of the published lists")]
    HostHoldsKey,
    /// A name longer than what is left for it; nothing is cut.
    #[error("the host's name takes {needed} bytes in the report, {allowed} are allowed")]
    HostTooLong {
        /// The bytes of the name as the report writes it: 3 for each that is not plain.
        needed: usize,
        /// The bytes that are left for it.
        allowed: usize,
    },
    /// A time before 1601-01-03, which is Windows' never, or after the year 9999.
    #[error("{at} is no time that can be reported")]
    Time {
        /// The time.
        at: Timestamp,
    },
}

/// Why an item is no report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// An item of another name, as `Status`.
    #[error("the item's name is not that of a report")]
    NotAReport,
    /// A report of another version, as `….2`, which another version of this crate reads.
    #[error("a report of version {version}, 1 is read")]
    Version {
        /// The version in the name.
        version: u32,
    },
    /// An item that the host wrote, or that describes the system: no report of the guest.
    #[error("the item's Source is {got}, a report has 1: it belongs into the guest's own pool")]
    Source {
        /// The item's `Source`.
        got: u16,
    },
    /// The value does not end in a checksum, as one that was cut off.
    #[error("the value does not end in a checksum: cut off or damaged")]
    NoChecksum,
    /// The value is not the one that the checksum is of.
    #[error("damaged: the checksum is {stored:08X}, that of the item is {computed:08X}")]
    Checksum {
        /// The checksum in the value.
        stored: u32,
        /// The checksum of name and value.
        computed: u32,
    },
    /// A field that is not there or cannot be read, under a checksum that fits.
    #[error("the {field} at byte {at} of the value cannot be read")]
    Field {
        /// The field.
        field: ReportField,
        /// Where it should begin, in bytes of the value.
        at: usize,
    },
    /// A value that can be read and is not written so, under a checksum that fits.
    #[error("byte {at} of the value is not what a report has there")]
    NotCanonical {
        /// The first byte that would be written in another way.
        at: usize,
    },
}

/// Why no report is found although there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum FindError {
    /// A report that cannot be read.
    #[error("item {index}: {error}")]
    Item {
        /// The item's place, from 0.
        index: usize,
        /// What is wrong.
        error: DecodeError,
    },
    /// Two reports that differ.
    #[error("items {first} and {second} are reports that differ")]
    Differ {
        /// The place of the first one, from 0.
        first: usize,
        /// The place of the first one that differs from it.
        second: usize,
    },
}
