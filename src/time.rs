//! Points in time: UTC for history, monotonic milliseconds for state machines. Never a clock.
//!
//! Source for the forms that are read: what PowerShell's `ConvertTo-Json` and `Get-WmiObject` print.

mod convert;

use core::fmt;
use core::num::NonZeroU64;

pub use convert::TimeRangeError;

const MS_PER_SECOND: i64 = 1000;
const MS_PER_MINUTE: i64 = 60 * MS_PER_SECOND;
const MS_PER_DAY: i64 = 24 * 60 * MS_PER_MINUTE;

/// A monotonic time in milliseconds, counted from wherever the caller likes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(pub u64);

impl Instant {
    /// The time after a delay; `None` beyond the end of the count, which is never.
    pub const fn after(self, delay: Delay) -> Option<Self> {
        match self.0.checked_add(delay.as_millis()) {
            Some(ms) => Some(Self(ms)),
            None => None,
        }
    }
}

/// A span of at least one millisecond: a timer that is set by it never fires at once.
///
/// ```
/// use avma::time::{Delay, Instant};
///
/// let delay = Delay::from_secs(30).ok_or("no delay")?;
/// assert_eq!(Instant(5).after(delay), Some(Instant(30_005)));
/// assert_eq!(Delay::from_millis(0), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Delay(NonZeroU64);

impl Delay {
    /// One minute.
    pub const MINUTE: Self = Self(NonZeroU64::MIN.saturating_add(59_999));
    /// One hour.
    pub const HOUR: Self = Self(NonZeroU64::MIN.saturating_add(3_599_999));
    /// One day.
    pub const DAY: Self = Self(NonZeroU64::MIN.saturating_add(86_399_999));

    /// `None` for 0.
    pub const fn from_millis(ms: u64) -> Option<Self> {
        match NonZeroU64::new(ms) {
            Some(ms) => Some(Self(ms)),
            None => None,
        }
    }

    /// `None` for 0, and for more milliseconds than 64 bits hold.
    pub const fn from_secs(seconds: u64) -> Option<Self> {
        match seconds.checked_mul(1000) {
            Some(ms) => Self::from_millis(ms),
            None => None,
        }
    }

    /// The milliseconds, at least 1.
    pub const fn as_millis(self) -> u64 {
        self.0.get()
    }
}

/// A UTC time in milliseconds since 1970-01-01.
///
/// ```
/// use avma::time::Timestamp;
///
/// let iso: Timestamp = "2025-11-24T02:14:05.1234567+01:00".parse()?;
/// let dmtf: Timestamp = "20251124021405.123456+060".parse()?;
/// let json: Timestamp = "/Date(1763946845123)/".parse()?;
/// assert_eq!(iso, dmtf);
/// assert_eq!(iso, json);
/// assert_eq!(iso.to_string(), "2025-11-24T01:14:05Z");
/// # Ok::<(), avma::time::TimestampError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

/// Why a text is not a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TimestampError {
    /// None of the forms that PowerShell and WMI print, as in `"24.11.2025 02:14"`, which cannot be
    /// told from month, day, year.
    #[error(
        "neither ISO 8601, a DMTF date nor /Date(ms)/; dates in a local format cannot be decided"
    )]
    Form,
    /// A field that no date has, as in `"2025-13-01T00:00:00Z"`.
    #[error("no such date or time of day")]
    Range,
}

impl Timestamp {
    /// 1601-01-03: every time before it is how Windows says "never" (file time 0, in any zone).
    const NEVER_BEFORE: i64 = days_from_civil(1601, 1, 3) * MS_PER_DAY;

    /// Whether this is Windows' "never": file time 0 in any time zone.
    pub const fn is_never(self) -> bool {
        self.0 < Self::NEVER_BEFORE
    }

    /// The day, in UTC.
    pub const fn day(self) -> Day {
        Day(self.0.div_euclid(MS_PER_DAY))
    }
}

/// A day in UTC, counted from 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub i64);

impl Day {
    /// The month that holds this day.
    pub const fn month(self) -> Month {
        let (year, month, _) = civil_from_days(self.0);
        Month { year, month }
    }

    /// The day within its month, 1 to 31.
    pub const fn of_month(self) -> u8 {
        civil_from_days(self.0).2
    }

    /// The first millisecond of the day; `None` where 64 bits do not hold it.
    pub const fn start(self) -> Option<Timestamp> {
        match self.0.checked_mul(MS_PER_DAY) {
            Some(ms) => Some(Timestamp(ms)),
            None => None,
        }
    }
}

impl core::str::FromStr for Day {
    type Err = TimestampError;

    /// `2025-11-24`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut fields = Fields(text.as_bytes());
        let year = fields.number(4)?;
        fields.expect(b'-')?;
        let month = fields.number(2)?;
        fields.expect(b'-')?;
        let day = fields.number(2)?;
        fields.end()?;
        assemble([year, month, day], [0; 3], 0, 0).map(Timestamp::day)
    }
}

/// A calendar month in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    /// The year.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
}

impl Month {
    /// The first day.
    pub const fn first_day(self) -> Day {
        Day(days_from_civil(self.year, self.month as i64, 1))
    }

    /// How many days it has, 28 to 31.
    pub const fn days(self) -> u8 {
        days_in_month(self.year, self.month as i64)
    }
}

impl core::str::FromStr for Month {
    type Err = TimestampError;

    /// `2025-11`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut fields = Fields(text.as_bytes());
        let year = fields.number(4)?;
        fields.expect(b'-')?;
        let month = fields.number(2)?;
        fields.end()?;
        assemble([year, month, 1], [0; 3], 0, 0).map(|first| first.day().month())
    }
}

impl fmt::Display for Month {
    /// `2025-11`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl fmt::Display for Day {
    /// `2025-11-24`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Day({self})")
    }
}

impl fmt::Display for Timestamp {
    /// `2025-11-24T01:14:05Z`, to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.rem_euclid(MS_PER_DAY) / MS_PER_SECOND;
        write!(
            f,
            "{}T{:02}:{:02}:{:02}Z",
            self.day(),
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Timestamp {
    /// As ISO 8601 text, to the second.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
///
/// The year is taken to begin in March, so that the leap day is its last one.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "month and day come out of remainders: 1 to 12 and 1 to 31"
)]
const fn civil_from_days(days: i64) -> (i64, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + (month <= 2) as i64;
    (year, month as u8, day as u8)
}

const fn days_in_month(year: i64, month: i64) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl core::str::FromStr for Timestamp {
    type Err = TimestampError;

    /// ISO 8601 with `Z`, an offset or neither (then UTC is taken), with 0 to 9 fraction digits;
    /// `/Date(ms)/`, with or without backslashes; DMTF `yyyymmddHHMMSS.ffffff±mmm`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if let Some(ms) = json_date(text) {
            return ms.parse().map(Self).map_err(|_| TimestampError::Form);
        }
        let mut fields = Fields(text.as_bytes());
        if text.as_bytes().get(4) == Some(&b'-') {
            fields.iso()
        } else {
            fields.dmtf()
        }
    }
}

/// The digits of `/Date(1763946845123)/` or `\/Date(…)\/`.
fn json_date(text: &str) -> Option<&str> {
    let text = text.strip_prefix('\\').unwrap_or(text);
    let text = text.strip_prefix("/Date(")?;
    text.strip_suffix(")/")
        .or_else(|| text.strip_suffix(")\\/"))
}

/// What is left of a date to read.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn number(&mut self, digits: usize) -> Result<i64, TimestampError> {
        let (head, rest) = self
            .0
            .split_at_checked(digits)
            .ok_or(TimestampError::Form)?;
        self.0 = rest;
        head.iter().try_fold(0, |number, byte| match byte {
            b'0'..=b'9' => Ok(number * 10 + i64::from(byte - b'0')),
            _ => Err(TimestampError::Form),
        })
    }

    fn take(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), TimestampError> {
        self.take(byte).then_some(()).ok_or(TimestampError::Form)
    }

    /// Digits after the point, as milliseconds; finer ones are cut.
    fn fraction(&mut self) -> Result<i64, TimestampError> {
        let (mut ms, mut scale) = (0, 100);
        let digits = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 || digits > 9 {
            return Err(TimestampError::Form);
        }
        for _ in 0..digits {
            ms += self.number(1)? * scale;
            scale /= 10;
        }
        Ok(ms)
    }

    fn iso(&mut self) -> Result<Timestamp, TimestampError> {
        let year = self.number(4)?;
        self.expect(b'-')?;
        let month = self.number(2)?;
        self.expect(b'-')?;
        let day = self.number(2)?;
        if !self.take(b'T') {
            self.expect(b' ')?;
        }
        let hour = self.number(2)?;
        self.expect(b':')?;
        let minute = self.number(2)?;
        self.expect(b':')?;
        let second = self.number(2)?;
        let ms = if self.take(b'.') { self.fraction()? } else { 0 };
        let sign = if self.take(b'+') {
            1
        } else if self.take(b'-') {
            -1
        } else {
            0
        };
        let mut offset = 0;
        if sign != 0 {
            offset = self.number(2)? * 60;
            self.take(b':');
            offset = sign * (offset + self.number(2)?);
        } else {
            self.take(b'Z');
        }
        self.end()?;
        assemble([year, month, day], [hour, minute, second], ms, offset)
    }

    fn dmtf(&mut self) -> Result<Timestamp, TimestampError> {
        let (year, month, day) = (self.number(4)?, self.number(2)?, self.number(2)?);
        let (hour, minute, second) = (self.number(2)?, self.number(2)?, self.number(2)?);
        self.expect(b'.')?;
        // WMI writes asterisks for what it does not know.
        let ms = if self.0.starts_with(b"******") {
            self.0 = self.0.get(6..).unwrap_or_default();
            0
        } else {
            self.fraction()?
        };
        let sign = if self.take(b'-') {
            -1
        } else {
            self.expect(b'+')?;
            1
        };
        let offset = if self.0 == b"***" {
            self.0 = &[];
            0
        } else {
            sign * self.number(3)?
        };
        self.end()?;
        assemble([year, month, day], [hour, minute, second], ms, offset)
    }

    fn end(&self) -> Result<(), TimestampError> {
        self.0.is_empty().then_some(()).ok_or(TimestampError::Form)
    }
}

fn assemble(
    [year, month, day]: [i64; 3],
    [hour, minute, second]: [i64; 3],
    ms: i64,
    offset_minutes: i64,
) -> Result<Timestamp, TimestampError> {
    let date =
        (1..=12).contains(&month) && (1..=i64::from(days_in_month(year, month))).contains(&day);
    // A leap second counts as the second after it.
    if !date || hour > 23 || minute > 59 || second > 60 || offset_minutes.abs() > 24 * 60 {
        return Err(TimestampError::Range);
    }
    let minutes = hour * 60 + minute - offset_minutes;
    Ok(Timestamp(
        days_from_civil(year, month, day) * MS_PER_DAY
            + minutes * MS_PER_MINUTE
            + second * MS_PER_SECOND
            + ms,
    ))
}

crate::word::from_text!(Timestamp, "a time in ISO 8601");
