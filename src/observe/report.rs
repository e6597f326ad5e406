//! The crate's own activation report: one key-value item by which a guest tells its host where its
//! activation stands.
//!
//! **It is this crate's item and not Windows'.** No key-value item that carries AVMA data is publicly
//! named, so this one has a name of its own ([`NAME`]) and says whose it is. It belongs into the
//! guest's own pool: [`Pool::GUEST`](crate::kvp::code::Pool::GUEST), on Windows the registry key
//! `HKLM\SOFTWARE\Microsoft\Virtual Machine\Guest`, which the host enumerates as
//! `GuestExchangeItems`. The pool `External` is what the host writes into the guest, so a report
//! there is ignored.
//!
//! Key-value items are not secured: any administrator of the guest can write one. A report is a claim
//! ([`Report::TRUST`]), and its checksum finds damage, not forgery.
//!
//! One item holds all of it, so that no host reads half of a report. It fits
//! [`Profile::SafeEverywhere`] always, and is ASCII:
//!
//! ```
//! use avma::observe::report::{NAME, Report, ReportedState, find};
//!
//! let vm = "a1a1a1a1-0000-4000-8000-000000000001".parse()?;
//! let mut report = Report::new(vm, ReportedState::Activated, "2025-11-24T01:14:05Z".parse()?);
//! report.key = Some("78VHK".parse()?);
//! report.host = Some("HV01".into());
//! report.minutes_left = Some(4321);
//! let item = report.to_item()?;
//! assert_eq!(item.name, NAME);
//! assert_eq!(
//!     item.data,
//!     "avma crate, not Windows: vm=a1a1a1a1-0000-4000-8000-000000000001 state=activated key=78VHK \
//!      host=HV01 at=2025-11-24T01:14:05.000Z minutes=4321 code=- crc=74ED01FC"
//! );
//! assert_eq!(find(&[item])?, Some(report));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Form
//!
//! The name ends in the version of the form, now 1. The value holds the fields in this order, each
//! behind one blank; `-` stands for what is not known. Of the host's name letters and digits of
//! ASCII, `.`, `-` and `_` are as they are, every other byte of its UTF-8 is `%` and two hexadecimal
//! digits; a name that is `-` is `%2D`. The checksum is CRC-32 (ISO HDLC) over the name, a byte 0,
//! and the value before ` crc=`. A reader takes exactly what this writer writes.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Write};
use core::str::FromStr;

use super::activation::Activation;
use crate::assess::{InstalledKey, Seen, Trust};
use crate::catalog::mask::Masked;
use crate::hresult::HResult;
use crate::ids::VmId;
use crate::kvp::limits::Profile;
use crate::kvp::{Item, ItemRef};
use crate::product_key::LastFive;
use crate::time::Timestamp;
use crate::word::words;

mod error;
mod stale;

pub use error::{DecodeError, EncodeError, FindError};
pub use stale::{Stale, stale};

/// What the names of all items begin with that are this crate's own.
pub const PREFIX: &str = "avma-crate.";

/// The name of a report, whose last number is the version of its form.
pub const NAME: &str = "avma-crate.activation-report.1";

/// A report's name without its version.
const STEM: &str = "avma-crate.activation-report.";

/// How a value begins: whose it is.
const INTRODUCTION: &str = "avma crate, not Windows:";

/// Before the checksum, which is the last thing in the value.
const CHECKSUM: &str = " crc=";
const CHECKSUM_DIGITS: usize = 8;

/// Instead of what is not known.
const NONE: &str = "-";

const CRC: crc::Crc<u32> = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// The last millisecond of the year 9999, behind which a time has another form.
const LAST: Timestamp = Timestamp(253_402_300_799_999);

words! {
    /// Where the activation stands, as the guest reports it.
    pub enum ReportedState ("reported state") {
        /// Licensed by AVMA.
        Activated = "activated", "activated by AVMA";
        /// The AVMA key is installed and no host has answered yet.
        Pending = "pending", "waiting for its host";
        /// Not activated; [`Report::code`] may say why.
        NotActivated = "not-activated", "not activated";
        /// Was activated, and the minutes are over.
        Expired = "expired", "expired";
    }
}

words! {
    /// A field of a report, by its name in the value.
    pub enum ReportField ("report field") {
        /// [`Report::vm`].
        Vm = "vm", "VM id";
        /// [`Report::state`].
        State = "state", "reported state";
        /// [`Report::key`].
        Key = "key", "last five of the key";
        /// [`Report::host`].
        Host = "host", "host's name";
        /// [`Report::at`].
        At = "at", "time of the report";
        /// [`Report::minutes_left`].
        Minutes = "minutes", "minutes left";
        /// [`Report::code`].
        Code = "code", "HRESULT";
    }
}

/// What a guest reports of its activation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Report {
    /// The VM, by the id that its host wrote into the guest. A copy of a VM carries the report of the
    /// one that it was copied from.
    pub vm: VmId,
    /// Where the activation stands.
    pub state: ReportedState,
    /// The last five of the installed key; `None` without one.
    pub key: Option<LastFive>,
    /// The host of the last activation.
    pub host: Option<String>,
    /// When the guest looked. Times from 1601-01-03 to 9999-12-31 can be reported, to the
    /// millisecond.
    pub at: Timestamp,
    /// The reason for a state that is not activated.
    pub code: Option<HResult>,
    /// How many minutes are left.
    pub minutes_left: Option<u32>,
}

impl Report {
    /// How far a report can be trusted: anybody in the guest could have written it.
    pub const TRUST: Trust = Trust::Claimed;

    /// A report; what is optional is not known.
    pub const fn new(vm: VmId, state: ReportedState, at: Timestamp) -> Self {
        Self {
            vm,
            state,
            key: None,
            host: None,
            at,
            code: None,
            minutes_left: None,
        }
    }

    /// The report of an activation as it was observed. `None` where nothing was seen of it, and for a
    /// licence that is not related to AVMA: there is nothing to report then.
    ///
    /// [`Pending`](ReportedState::Pending) is not to be seen in a licence row; whoever waits for the
    /// host knows it.
    pub fn observed(vm: VmId, at: Timestamp, activation: &Activation) -> Option<Self> {
        let (state, code) = match activation.seen() {
            Seen::Avma => (ReportedState::Activated, None),
            Seen::NotActivated { reason, .. }
                if reason == Some(HResult::VALIDITY_PERIOD_EXPIRED) =>
            {
                (ReportedState::Expired, reason)
            }
            Seen::NotActivated { reason, .. } => (ReportedState::NotActivated, reason),
            Seen::Other(_) | Seen::Evaluation | Seen::Unknown => return None,
        };
        let observation = &activation.observation;
        Some(Self {
            key: match observation.key {
                InstalledKey::LastFive(last_five) => Some(last_five),
                InstalledKey::Whole(key) => Some(key.last_five()),
                InstalledKey::Unknown | InstalledKey::None => None,
            },
            host: activation.host.clone(),
            code,
            minutes_left: observation.minutes_left,
            ..Self::new(vm, state, at)
        })
    }

    /// The report as an item of the guest's own pool. It does not say who wrote it: that is for
    /// whoever enumerates the pool.
    ///
    /// # Errors
    ///
    /// An empty host name; one that contains a product key of no published list; one that is too long
    /// to fit (255 bytes, the longest name of DNS, always fit).
    /// A time that is never (`Timestamp(i64::MIN)`) or after the year 9999.
    pub fn to_item(&self) -> Result<Item, EncodeError> {
        if self.at.is_never() || self.at > LAST {
            return Err(EncodeError::Time { at: self.at });
        }
        let host = match self.host.as_deref() {
            None => NONE.to_string(),
            Some("") => return Err(EncodeError::EmptyHost),
            Some(host) if Masked(host).is_needed() => return Err(EncodeError::HostHoldsKey),
            Some(host) => escaped(host),
        };
        let key = Field(self.key);
        let (minutes, code) = (Field(self.minutes_left), Field(self.code));
        let (vm, state, at) = (self.vm, self.state.as_str(), Milliseconds(self.at));
        let mut data = format!(
            "{INTRODUCTION} vm={vm} state={state} key={key} host={host} at={at} minutes={minutes} code={code}"
        );
        let crc = checksum(NAME, &data);
        // A text takes everything.
        let _ = write!(data, "{CHECKSUM}{crc:08X}");
        let allowed = Profile::SafeEverywhere.value().utf8.unwrap_or_default();
        if let Some(excess) = data.len().checked_sub(allowed + 1) {
            let needed = host.len();
            let allowed = needed.saturating_sub(excess + 1);
            return Err(EncodeError::HostTooLong { needed, allowed });
        }
        Ok(ItemRef::new(NAME, &data).to_item())
    }

    /// Reads an item as a report: exactly what [`to_item`](Self::to_item) writes, and nothing else.
    ///
    /// # Errors
    ///
    /// An item of another name, of another version (`….2`), or of which its `Source` says that
    /// somebody else than the guest wrote it; a value that is damaged, with what does not fit.
    pub fn decode(item: ItemRef<'_>) -> Result<Self, DecodeError> {
        match version(item.name) {
            None => return Err(DecodeError::NotAReport),
            Some(1) => {}
            Some(version) => return Err(DecodeError::Version { version }),
        }
        if let Some(got) = item.source.filter(|source| *source != ItemRef::GUEST) {
            return Err(DecodeError::Source { got });
        }
        let end = item
            .data
            .len()
            .saturating_sub(CHECKSUM.len() + CHECKSUM_DIGITS);
        let (text, checked) = item.data.split_at_checked(end).unwrap_or_default();
        let digits = checked.strip_prefix(CHECKSUM);
        let stored = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let stored = stored.ok_or(DecodeError::NoChecksum)?;
        let computed = checksum(item.name, text);
        if stored != computed {
            return Err(DecodeError::Checksum { stored, computed });
        }
        let report = Reader::new(text)?.report()?;
        // Digits in another case, a number with zeroes before it, an escape that is not needed.
        let written = report
            .to_item()
            .map_err(|_| DecodeError::NotCanonical { at: 0 })?;
        match first_difference(&written.data, item.data) {
            None => Ok(report),
            Some(at) => Err(DecodeError::NotCanonical { at }),
        }
    }
}

impl fmt::Display for Report {
    /// As in `VM a1a1…: activated by AVMA at 2025-11-24T01:14:05Z, key 78VHK, host HV01, 4321 minutes
    /// left`; the host's name without keys of no published list.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VM {}: {} at {}", self.vm, self.state, self.at)?;
        if let Some(key) = self.key {
            write!(f, ", key {key}")?;
        }
        if let Some(host) = &self.host {
            write!(f, ", host {}", Masked(host))?;
        }
        if let Some(minutes) = self.minutes_left {
            write!(f, ", {minutes} minutes left")?;
        }
        self.code.map_or(Ok(()), |code| write!(f, ", {code}"))
    }
}

/// The report among the items of a guest's own pool.
///
/// Twice the same is one: names are not unique in a pool.
///
/// ```
/// use avma::kvp::ItemRef;
/// use avma::observe::report::{DecodeError, FindError, find};
///
/// assert_eq!(find([ItemRef::new("Status", "Ready")]), Ok(None));
/// let newer = [ItemRef::new("avma-crate.activation-report.2", "")];
/// let error = DecodeError::Version { version: 2 };
/// assert_eq!(find(newer), Err(FindError::Item { index: 0, error }));
/// ```
///
/// # Errors
///
/// A report that cannot be read, with its place among the items and what is wrong; two that differ,
/// of which nobody can tell the right one.
pub fn find<'a, T: Into<ItemRef<'a>>>(
    items: impl IntoIterator<Item = T>,
) -> Result<Option<Report>, FindError> {
    let mut found: Option<(usize, Report)> = None;
    for (index, item) in items.into_iter().enumerate() {
        let report = match Report::decode(item.into()) {
            Ok(report) => report,
            Err(DecodeError::NotAReport) => continue,
            Err(error) => return Err(FindError::Item { index, error }),
        };
        match &found {
            None => found = Some((index, report)),
            Some((_, first)) if *first == report => {}
            Some((first, _)) => {
                let (first, second) = (*first, index);
                return Err(FindError::Differ { first, second });
            }
        }
    }
    Ok(found.map(|(_, report)| report))
}

/// The version of a report's name; `None` for any other name.
fn version(name: &str) -> Option<u32> {
    let number = name.strip_prefix(STEM)?;
    let version: u32 = number.parse().ok()?;
    (version.to_string() == number).then_some(version)
}

fn checksum(name: &str, text: &str) -> u32 {
    let mut digest = CRC.digest();
    digest.update(name.as_bytes());
    digest.update(&[0]);
    digest.update(text.as_bytes());
    digest.finalize()
}

fn first_difference(a: &str, b: &str) -> Option<usize> {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    (a != b).then_some(same)
}

/// A value that may be missing.
struct Field<T>(Option<T>);

impl<T: fmt::Display> fmt::Display for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(value) => value.fmt(f),
            None => f.write_str(NONE),
        }
    }
}

/// A time to the millisecond: `2025-11-24T01:14:05.000Z`.
struct Milliseconds(Timestamp);

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.to_string();
        let seconds = seconds.trim_end_matches('Z');
        write!(f, "{seconds}.{:03}Z", self.0.0.rem_euclid(1000))
    }
}

fn escaped(host: &str) -> String {
    let mut text = String::with_capacity(host.len());
    for byte in host.bytes() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        if plain && host != NONE {
            text.push(byte.into());
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The name behind an escaped text.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('%') {
        bytes.extend(head.bytes());
        let (digits, after) = tail.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).ok()
}

/// Reads the fields of a value, one after the other.
struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Result<Self, DecodeError> {
        let rest = text.strip_prefix(INTRODUCTION);
        let rest = rest.ok_or(DecodeError::NotCanonical { at: 0 })?;
        Ok(Self { text, rest })
    }

    /// The text of the next field, which has to be this one, with the error for one that says nothing.
    fn text(&mut self, field: ReportField) -> Result<(&'a str, DecodeError), DecodeError> {
        let at = self.text.len() - self.rest.len();
        let error = DecodeError::Field { field, at };
        let rest = self.rest.strip_prefix(' ').ok_or(error)?;
        let rest = rest.strip_prefix(field.as_str()).ok_or(error)?;
        let rest = rest.strip_prefix('=').ok_or(error)?;
        let end = rest.find(' ').unwrap_or(rest.len());
        let (text, rest) = rest.split_at_checked(end).ok_or(error)?;
        self.rest = rest;
        Ok((text, error))
    }

    fn field<T: FromStr>(&mut self, field: ReportField) -> Result<T, DecodeError> {
        let (text, error) = self.text(field)?;
        text.parse().map_err(|_| error)
    }

    /// A field that may be not known.
    fn optional<T>(
        &mut self,
        field: ReportField,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, DecodeError> {
        let (text, error) = self.text(field)?;
        if text == NONE {
            return Ok(None);
        }
        read(text).map(Some).ok_or(error)
    }

    fn report(mut self) -> Result<Report, DecodeError> {
        let report = Report {
            vm: self.field(ReportField::Vm)?,
            state: self.field(ReportField::State)?,
            key: self.optional(ReportField::Key, |text| text.parse().ok())?,
            host: self.optional(ReportField::Host, unescaped)?,
            at: self.field(ReportField::At)?,
            minutes_left: self.optional(ReportField::Minutes, |text| text.parse().ok())?,
            code: self.optional(ReportField::Code, |text| text.parse().ok())?,
        };
        if self.rest.is_empty() {
            return Ok(report);
        }
        let at = self.text.len() - self.rest.len();
        Err(DecodeError::NotCanonical { at })
    }
}
