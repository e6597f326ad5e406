//! Between the times of this crate and those of the standard library.

use core::time::Duration;

use super::{Delay, Instant};

/// Why a time or a span of the standard library has no counterpart here: a span below a millisecond
/// as a [`Delay`], `Duration::MAX` as an [`Instant`], a time some 300 million years away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("outside what 64 bits of milliseconds hold, or below the least span of one")]
pub struct TimeRangeError;

impl From<Delay> for Duration {
    fn from(delay: Delay) -> Self {
        Self::from_millis(delay.as_millis())
    }
}

impl TryFrom<Duration> for Delay {
    type Error = TimeRangeError;

    /// Whole milliseconds; what is beyond the last whole one is cut.
    ///
    /// ```
    /// use avma::time::Delay;
    /// use core::time::Duration;
    ///
    /// let delay = Delay::try_from(Duration::from_secs(30))?;
    /// assert_eq!(Duration::from(delay), Duration::from_secs(30));
    /// assert!(Delay::try_from(Duration::from_micros(999)).is_err());
    /// # Ok::<(), avma::time::TimeRangeError>(())
    /// ```
    fn try_from(span: Duration) -> Result<Self, Self::Error> {
        let ms = u64::try_from(span.as_millis()).map_err(|_| TimeRangeError)?;
        Self::from_millis(ms).ok_or(TimeRangeError)
    }
}

impl From<Instant> for Duration {
    /// Since the beginning of the caller's count.
    fn from(instant: Instant) -> Self {
        Self::from_millis(instant.0)
    }
}

impl TryFrom<Duration> for Instant {
    type Error = TimeRangeError;

    /// By the time since the beginning of the caller's count, as `std::time::Instant::elapsed` gives
    /// it; whole milliseconds.
    ///
    /// ```
    /// use avma::time::Instant;
    /// use core::time::Duration;
    ///
    /// assert_eq!(Instant::try_from(Duration::from_secs(2))?, Instant(2000));
    /// # Ok::<(), avma::time::TimeRangeError>(())
    /// ```
    fn try_from(since: Duration) -> Result<Self, Self::Error> {
        let ms = u64::try_from(since.as_millis()).map_err(|_| TimeRangeError)?;
        Ok(Self(ms))
    }
}

#[cfg(feature = "std")]
mod system {
    use std::time::SystemTime;

    use super::{Duration, TimeRangeError};
    use crate::time::Timestamp;

    impl TryFrom<SystemTime> for Timestamp {
        type Error = TimeRangeError;

        /// Whole milliseconds, cut towards the past.
        ///
        /// ```
        /// use avma::time::Timestamp;
        /// use std::time::{Duration, SystemTime};
        ///
        /// let at = SystemTime::UNIX_EPOCH + Duration::from_millis(1_763_946_845_123);
        /// assert_eq!(Timestamp::try_from(at)?, Timestamp(1_763_946_845_123));
        /// assert_eq!(SystemTime::try_from(Timestamp(1_763_946_845_123))?, at);
        /// # Ok::<(), avma::time::TimeRangeError>(())
        /// ```
        fn try_from(time: SystemTime) -> Result<Self, Self::Error> {
            let ms = match time.duration_since(SystemTime::UNIX_EPOCH) {
                Ok(since) => i64::try_from(since.as_millis()).ok(),
                Err(before) => {
                    let before = before.duration().as_nanos().div_ceil(1_000_000);
                    i64::try_from(before).ok().map(|ms| -ms)
                }
            };
            ms.map(Self).ok_or(TimeRangeError)
        }
    }

    impl TryFrom<Timestamp> for SystemTime {
        type Error = TimeRangeError;

        /// Fails where the platform's clock cannot tell the time.
        fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
            let span = Duration::from_millis(time.0.unsigned_abs());
            let found = if time.0 < 0 {
                Self::UNIX_EPOCH.checked_sub(span)
            } else {
                Self::UNIX_EPOCH.checked_add(span)
            };
            found.ok_or(TimeRangeError)
        }
    }
}
