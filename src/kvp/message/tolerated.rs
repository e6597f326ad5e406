//! What a lenient reader looks over.

use core::fmt;
use core::ops::{BitOr, BitOrAssign};

use super::super::code::Flags;
use super::super::packet::{HEADER_LEN, Header, PIPE_DATA, PIPE_HEADER_LEN};

/// A set of faults that a lenient reader looked over. A strict reader refuses each of them.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Tolerated(u16);

impl Tolerated {
    /// Nothing: the strict reader takes it too.
    pub const NOTHING: Self = Self(0);
    /// A pipe type other than 1, or a pipe size beyond the packet or too small.
    pub const PIPE: Self = Self(1);
    /// A body size beyond the packet, or less than the operation needs.
    pub const BODY_SIZE: Self = Self(1 << 1);
    /// Flags other than those of a request or an answer, whichever was to be read.
    pub const FLAGS: Self = Self(1 << 2);
    /// A pool that is not exchanged.
    pub const POOL: Self = Self(1 << 3);
    /// A size that is not that of the text, or beyond its field.
    pub const TEXT_SIZE: Self = Self(1 << 4);
    /// A text that fills its field without a NUL.
    pub const NO_NUL: Self = Self(1 << 5);
    /// An unpaired surrogate.
    pub const SURROGATE: Self = Self(1 << 6);
    /// A value type that is not of the protocol.
    pub const VALUE_TYPE: Self = Self(1 << 7);
    /// A number of a size that is not its type's.
    pub const NUMBER_SIZE: Self = Self(1 << 8);
    /// An IP count beyond its list.
    pub const COUNT: Self = Self(1 << 9);

    const NAMES: [(Self, &'static str); 10] = [
        (Self::PIPE, "PIPE"),
        (Self::BODY_SIZE, "BODY_SIZE"),
        (Self::FLAGS, "FLAGS"),
        (Self::POOL, "POOL"),
        (Self::TEXT_SIZE, "TEXT_SIZE"),
        (Self::NO_NUL, "NO_NUL"),
        (Self::SURROGATE, "SURROGATE"),
        (Self::VALUE_TYPE, "VALUE_TYPE"),
        (Self::NUMBER_SIZE, "NUMBER_SIZE"),
        (Self::COUNT, "COUNT"),
    ];

    /// Whether nothing was looked over.
    pub const fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// Whether all of `other` is in it.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The faults of a frame that is to have these flags.
    pub(super) fn of_frame(bytes: &[u8], header: &Header, flags: Flags) -> Self {
        let mut found = Self::NOTHING;
        if header.flags != flags {
            found |= Self::FLAGS;
        }
        let needed = usize::try_from(header.pipe_size)
            .unwrap_or(usize::MAX)
            .saturating_add(PIPE_HEADER_LEN);
        if header.pipe_type != PIPE_DATA || needed < HEADER_LEN || needed > bytes.len() {
            found |= Self::PIPE;
        }
        let end = HEADER_LEN + usize::from(header.body_size);
        if end > needed.min(bytes.len()) {
            found |= Self::BODY_SIZE;
        }
        found
    }
}

impl BitOr for Tolerated {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Tolerated {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for Tolerated {
    /// `PIPE | FLAGS`, or `NOTHING`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for (fault, name) in Self::NAMES {
            if self.contains(fault) {
                f.write_str(if first { "" } else { " | " })?;
                f.write_str(name)?;
                first = false;
            }
        }
        if first {
            f.write_str("NOTHING")
        } else {
            Ok(())
        }
    }
}
