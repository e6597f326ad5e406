//! Days and months, day by day against a count on the fingers.

use avma::time::{Day, Month, Timestamp, TimestampError};

#[test]
fn every_day_from_1970_to_2400() {
    let (mut year, mut month, mut day) = (1970, 1_u8, 1_u8);
    for number in 0..157_000 {
        let today = Day(number);
        assert_eq!(today.month(), Month { year, month }, "{number}");
        assert_eq!(today.of_month(), day, "{number}");
        assert_eq!(today.to_string().parse(), Ok(today));
        let start = today.start().unwrap();
        assert_eq!((start.day(), start.0 % 86_400_000), (today, 0));
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        assert_eq!(today.month().days(), days);
        assert_eq!(today.month().first_day(), Day(number - i64::from(day) + 1));
        day += 1;
        if day > days {
            (day, month) = (1, month + 1);
        }
        if month > 12 {
            (month, year) = (1, year + 1);
        }
    }
    assert_eq!(year, 2399);
}

#[test]
fn days_and_months_as_text() {
    assert_eq!(
        "2024-02".parse(),
        Ok(Month {
            year: 2024,
            month: 2
        })
    );
    assert_eq!(
        "2024-02-29".parse::<Day>().unwrap().to_string(),
        "2024-02-29"
    );
    for text in [
        "",
        "2024",
        "2024-2",
        "2024-02-",
        "24-02",
        "2024-02-01",
        "2024/02",
        " 2024-02",
    ] {
        assert_eq!(text.parse::<Month>(), Err(TimestampError::Form), "{text}");
    }
    for text in [
        "",
        "2024-02",
        "2024-2-01",
        "2024-02-1",
        "2024-02-01T00:00:00Z",
        "24.11.2025",
    ] {
        assert_eq!(text.parse::<Day>(), Err(TimestampError::Form), "{text}");
    }
    for text in ["2024-00", "2024-13"] {
        assert_eq!(text.parse::<Month>(), Err(TimestampError::Range), "{text}");
    }
    for text in ["2023-02-29", "2024-04-31", "2024-01-00", "2024-13-01"] {
        assert_eq!(text.parse::<Day>(), Err(TimestampError::Range), "{text}");
    }
    assert_eq!(Day(i64::MAX).start(), None);
    assert_eq!(Day(1).start(), Some(Timestamp(86_400_000)));
}

/// A time of the system's clock and back, on both sides of 1970; parts of a millisecond go to the past.
#[cfg(feature = "std")]
#[test]
fn times_of_the_standard_library() {
    use std::time::{Duration, SystemTime};
    let at = |timestamp| SystemTime::try_from(Timestamp(timestamp)).unwrap();
    for ms in [0, 1, -1, 1_763_946_845_123, -11_644_473_600_000] {
        assert_eq!(Timestamp::try_from(at(ms)), Ok(Timestamp(ms)));
    }
    let part = Duration::from_nanos(1);
    assert_eq!(Timestamp::try_from(at(5) + part), Ok(Timestamp(5)));
    assert_eq!(Timestamp::try_from(at(5) - part), Ok(Timestamp(4)));
    assert_eq!(Timestamp::try_from(at(0) - part), Ok(Timestamp(-1)));
    assert_eq!(Timestamp::try_from(at(-5) - part), Ok(Timestamp(-6)));
}

#[test]
fn spans_of_the_standard_library() {
    use avma::time::{Delay, Instant, TimeRangeError};
    use core::time::Duration;
    assert_eq!(Duration::from(Delay::MINUTE), Duration::from_secs(60));
    assert_eq!(Delay::try_from(Duration::from_secs(60)), Ok(Delay::MINUTE));
    assert_eq!(Delay::try_from(Duration::ZERO), Err(TimeRangeError));
    assert_eq!(Delay::try_from(Duration::MAX), Err(TimeRangeError));
    assert_eq!(Instant::try_from(Duration::ZERO), Ok(Instant(0)));
    assert_eq!(Instant::try_from(Duration::MAX), Err(TimeRangeError));
    assert_eq!(Duration::from(Instant(2500)), Duration::from_millis(2500));
}
