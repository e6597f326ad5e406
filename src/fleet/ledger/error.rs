//! What a ledger does not take.

use super::sign::Sign;
use crate::time::Timestamp;

/// Why a sighting is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SightingError {
    /// Windows' "never": file time 0, in any time zone.
    #[error("the time is {at}, which is how Windows says never")]
    Never {
        /// The time.
        at: Timestamp,
    },
    /// Before 1970 or after 9999, as `Timestamp(i64::MAX)`.
    #[error("the time is {} ms from 1970; a ledger keeps the years 1970 to 9999", .at.0)]
    OutOfCalendar {
        /// The time.
        at: Timestamp,
    },
    /// No VM, and the sign is of one: only an event 12310 may name none.
    #[error("no VM; only an event 12310 may name none, not {}", .sign.as_str())]
    NoVm {
        /// The sign.
        sign: Sign,
    },
    /// Neither a VM nor a host.
    #[error("neither a VM nor a host")]
    NoVmAndNoHost,
    /// A host's name without a character. A host that is not known is `None`.
    #[error("the host's name is empty")]
    EmptyHost,
    /// A host's name that is longer than [`MAX_HOST_NAME`](super::MAX_HOST_NAME) in lower case.
    #[error(
        "the host's name has {got} bytes in lower case, at most {} are kept",
        super::MAX_HOST_NAME
    )]
    LongHost {
        /// Its bytes in lower case.
        got: usize,
    },
    /// A row's host is none of the names that came with it.
    #[error("host {got} of {names} names")]
    HostIndex {
        /// The index.
        got: u32,
        /// How many names there are.
        names: usize,
    },
}

/// Why rows of a batch are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// A name of the batch: no row of it was taken.
    #[error("name {index} of the batch: {error}")]
    Name {
        /// Its place among the names, from 0.
        index: usize,
        /// What is wrong.
        error: SightingError,
    },
    /// A row: those before it were taken, so that the batch can be given again once it is mended.
    #[error("row {index} of the batch: {error}")]
    Row {
        /// Its place among the rows, from 0.
        index: usize,
        /// What is wrong.
        error: SightingError,
    },
}
