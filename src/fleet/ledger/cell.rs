//! A cell: what one sign said of one VM on one host in one month.

use core::cmp::Ordering;

use super::error::SightingError;
use super::sign::Sign;
use crate::ids::VmId;
use crate::time::{Month, Timestamp};

const MS_PER_DAY: u32 = 24 * 60 * 60 * 1000;
/// The first millisecond after the year 9999.
const END: i64 = 253_402_300_800_000;

/// A time as cells keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct InMonth {
    /// Months since 1970-01.
    pub(super) month: u32,
    /// Milliseconds since the month began: less than 31 days, which 32 bits hold.
    pub(super) ms: u32,
}

impl InMonth {
    pub(super) fn of(at: Timestamp) -> Result<Self, SightingError> {
        if at.is_never() {
            return Err(SightingError::Never { at });
        }
        if !(0..END).contains(&at.0) {
            return Err(SightingError::OutOfCalendar { at });
        }
        let (month, day) = (at.day().month(), at.day().of_month());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "of the years 1970 to 9999"
        )]
        let months = ((month.year - 1970) * 12 + i64::from(month.month) - 1) as u32;
        let ms = at.0.rem_euclid(i64::from(MS_PER_DAY));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "less than a day"
        )]
        let ms = (u32::from(day) - 1) * MS_PER_DAY + ms as u32;
        Ok(Self { month: months, ms })
    }

    /// The day within the month, from 1.
    pub(super) const fn day(ms: u32) -> u8 {
        (ms / MS_PER_DAY) as u8 + 1
    }

    pub(super) fn month(number: u32) -> Month {
        Month {
            year: 1970 + i64::from(number / 12),
            month: (number % 12) as u8 + 1,
        }
    }

    pub(super) fn at(number: u32, ms: u32) -> Timestamp {
        let first = Self::month(number).first_day();
        Timestamp(first.0 * i64::from(MS_PER_DAY) + i64::from(ms))
    }
}

/// Months that a ledger keeps: 1970-01 to 9999-12.
pub(super) const MONTHS: u32 = (9999 - 1969) * 12;

/// A key and what was seen under it. 40 bytes.
///
/// Merging joins days and takes the first and the last time: commutative, associative and
/// idempotent, field by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    /// The id's upper and lower half; 0 where there is none.
    pub(super) vm: [u64; 2],
    /// 0 where the host is not known; else the number of its name, from 1.
    pub(super) host: u32,
    /// Month, whether there is a VM, and sign: [`Cell::what`].
    pub(super) what: u32,
    pub(super) days: u32,
    /// Milliseconds since the month began.
    pub(super) first: u32,
    pub(super) last: u32,
    /// Of the key while it is in a table, else 0.
    pub(super) hash: u32,
}

impl Cell {
    /// No cell: it has no day.
    pub(super) const EMPTY: Self = Self {
        vm: [0; 2],
        host: 0,
        what: 0,
        days: 0,
        first: 0,
        last: 0,
        hash: 0,
    };

    const HAS_VM: u32 = 1 << 7;

    /// Month, VM or none, sign in one number.
    pub(super) fn what(month: u32, has_vm: bool, sign: Sign) -> u32 {
        month << 8 | if has_vm { Self::HAS_VM } else { 0 } | u32::from(sign.code())
    }

    pub(super) fn vm(&self) -> Option<VmId> {
        let [upper, lower] = self.vm;
        (self.what & Self::HAS_VM != 0).then_some(VmId(u128::from(upper) << 64 | u128::from(lower)))
    }

    pub(super) const fn month(&self) -> u32 {
        self.what >> 8
    }

    pub(super) const fn sign_code(&self) -> u8 {
        (self.what & (Self::HAS_VM - 1)) as u8
    }

    /// By VM (none first), month, host (unknown first), sign.
    fn key(&self) -> (bool, [u64; 2], u32, u32, u8) {
        let has_vm = self.what & Self::HAS_VM != 0;
        (has_vm, self.vm, self.month(), self.host, self.sign_code())
    }

    pub(super) fn order(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }

    /// With the host's number by another list of names; index 0 of it stands for no name.
    pub(super) fn renumbered(&self, numbers: &[u32]) -> Self {
        let number = usize::try_from(self.host)
            .ok()
            .and_then(|host| numbers.get(host));
        Self {
            host: number.copied().unwrap_or_default(),
            hash: 0,
            ..*self
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.days |= other.days;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of 128 bits")]
pub(super) const fn halves(vm: VmId) -> [u64; 2] {
    [(vm.0 >> 64) as u64, vm.0 as u64]
}
