//! Spans of time and shares, as people write them: `90s`, `15m`, `7d`; `0.2`.

use avma::time::{Delay, Instant};

pub const SECOND: u64 = 1000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;

const UNITS: [(&str, u64); 5] = [
    ("ms", 1),
    ("d", DAY),
    ("h", HOUR),
    ("m", MINUTE),
    ("s", SECOND),
];

/// The milliseconds of `500ms`, `90s`, `15m`, `6h`, `7d`.
pub fn read(text: &str) -> Option<u64> {
    let (unit, factor) = UNITS.iter().find(|(unit, _)| text.ends_with(unit))?;
    let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
    number.checked_mul(*factor)
}

/// In the largest unit that needs no fraction.
pub fn text(ms: u64) -> String {
    let mut units = UNITS;
    units.sort_unstable_by_key(|(_, factor)| std::cmp::Reverse(*factor));
    let fits = units.iter().find(|(_, factor)| ms % factor == 0 && ms > 0);
    fits.map_or("0ms".to_owned(), |(unit, factor)| {
        format!("{}{unit}", ms / factor)
    })
}

/// A span that may be unset: `none`.
pub fn delay(delay: Option<Delay>) -> String {
    delay.map_or("none".to_owned(), |delay| text(delay.as_millis()))
}

/// Per cent with up to four decimals, as parts of a million: `0.2` is 2000.
pub fn read_share(text: &str) -> Option<u32> {
    let text = text.strip_suffix('%').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 4 {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let parts: u32 = format!("{fraction:0<4}").parse().ok()?;
    let parts = whole.checked_mul(10_000)?.checked_add(parts)?;
    (parts <= 1_000_000).then_some(parts)
}

/// `0.2 %`.
pub fn share(parts: u32) -> String {
    let (whole, fraction) = (parts / 10_000, parts % 10_000);
    let text = format!("{whole}.{fraction:04}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} %")
}

/// A time of the simulation: `d1 08:00:01.250`; the first day is 1.
pub fn moment(at: Instant) -> String {
    let ms = at.0;
    format!("{}:{:02}.{:03}", minute(ms), ms / SECOND % 60, ms % SECOND)
}

/// The same to the minute: `d1 08:00`.
pub fn minute(ms: u64) -> String {
    let day = ms / DAY + 1;
    format!("d{day} {:02}:{:02}", ms / HOUR % 24, ms / MINUTE % 60)
}
