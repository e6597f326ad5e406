//! A ledger as serde reads and writes it, for people and tools:
//!
//! `{"version":1,"entries":[{"vm":"a1a1…","month":"2025-11","host":"hv01","sign":"running",
//! "days":[24,25],"first":"2025-11-24T01:00:00.000Z","last":"2025-11-25T01:00:00.000Z"}]}`
//!
//! What is read must be what is written: no other field, spelling or order is taken.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display};

use serde::de::Error;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::cell::{Cell, InMonth, halves};
use super::sign::{Days, Sign};
use super::{Entry, Ledger, bytes};
use crate::ids::VmId;
use crate::time::{Month, Timestamp};

const VERSION: u32 = 1;

/// ISO 8601 to the millisecond.
struct Iso(Timestamp);

impl Display for Iso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.to_string();
        let ms = self.0.0.rem_euclid(1000);
        write!(f, "{}.{ms:03}Z", seconds.trim_end_matches('Z'))
    }
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Entry", 7)?;
        map.serialize_field("vm", &self.vm)?;
        map.serialize_field("month", &self.month.to_string())?;
        map.serialize_field("host", &self.host.map(|host| host.0))?;
        map.serialize_field("sign", &self.sign)?;
        map.serialize_field("days", &self.days)?;
        map.serialize_field("first", &Iso(self.first).to_string())?;
        map.serialize_field("last", &Iso(self.last).to_string())?;
        map.end()
    }
}

struct Entries<'a>(&'a Ledger);

impl Serialize for Entries<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.entries())
    }
}

impl Serialize for Ledger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Ledger", 2)?;
        map.serialize_field("version", &VERSION)?;
        map.serialize_field("entries", &Entries(self))?;
        map.end()
    }
}

#[derive(Deserialize)]
#[serde(rename = "Entry", deny_unknown_fields)]
struct Read {
    vm: Option<String>,
    month: String,
    host: Option<String>,
    sign: String,
    days: Vec<u8>,
    first: String,
    last: String,
}

#[derive(Deserialize)]
#[serde(rename = "Ledger", deny_unknown_fields)]
struct Whole {
    version: u32,
    entries: Vec<Read>,
}

/// A text that is read as it is written.
fn exact<T, E: Error>(
    what: &str,
    text: &str,
    parse: impl FnOnce(&str) -> Option<T>,
    write: impl FnOnce(&T) -> String,
) -> Result<T, E> {
    let value = parse(text).filter(|value| write(value) == text);
    value.ok_or_else(|| E::custom(format_args!("not {what} as a ledger writes it")))
}

impl Read {
    fn cell<E: Error>(&self, names: &[String]) -> Result<Cell, E> {
        let vm = self.vm.as_ref().map(|vm| {
            exact(
                "a VM id",
                vm,
                |text| text.parse::<VmId>().ok(),
                ToString::to_string,
            )
        });
        let vm = vm.transpose()?;
        let month: Month = exact(
            "a month",
            &self.month,
            |text| text.parse().ok(),
            ToString::to_string,
        )?;
        let sign: Sign = exact(
            "a sign",
            &self.sign,
            |text| text.parse().ok(),
            |sign: &Sign| sign.as_str().to_string(),
        )?;
        let time = |text: &str| {
            let parse = |text: &str| {
                let at = text.parse().ok()?;
                InMonth::of(at).ok().map(|in_month| (at, in_month))
            };
            exact("a time", text, parse, |(at, _)| Iso(*at).to_string())
        };
        let ((_, first), (_, last)) = (time(&self.first)?, time(&self.last)?);
        if InMonth::month(first.month) != month || first.month != last.month {
            return Err(E::custom("a time that is not of its month"));
        }
        let mut days = Days::default();
        for day in &self.days {
            // Each day after the one before it.
            if Days::one(*day).0 <= days.0 {
                return Err(E::custom("days that are not in order"));
            }
            days = days.union(Days::one(*day));
        }
        let host = self.host.as_ref().map(|host| names.binary_search(host));
        let host = host.and_then(Result::ok).map_or(0, |place| place + 1);
        Ok(Cell {
            vm: vm.map_or([0; 2], halves),
            host: u32::try_from(host).unwrap_or(u32::MAX),
            what: Cell::what(first.month, vm.is_some(), sign),
            days: days.0,
            first: first.ms,
            last: last.ms,
            hash: 0,
        })
    }
}

impl<'de> Deserialize<'de> for Ledger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let whole = Whole::deserialize(deserializer)?;
        if whole.version != VERSION {
            return Err(D::Error::custom(bytes::DecodeError::Version {
                got: whole.version,
            }));
        }
        let mut names: Vec<String> = whole
            .entries
            .iter()
            .filter_map(|entry| entry.host.clone())
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut cells = Vec::with_capacity(whole.entries.len());
        for entry in &whole.entries {
            cells.push(entry.cell(&names)?);
        }
        bytes::checked(names, cells).map_err(D::Error::custom)
    }
}
