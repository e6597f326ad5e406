//! How long keys and values may be, and long values in numbered parts.
//!
//! Every side has limits of its own, in units of its own, and most of them cut in silence. A
//! [`Profile`] names a way that an item takes; [`check`] says whether the item arrives whole, and if
//! not, how long it is and how long it may be. Nothing here cuts.
//!
//! Source: the wire format (fields of 512 and 2048 bytes); Microsoft's page on
//! `Msvm_KvpExchangeDataItem` (`MAXLEN 1024`) and on host-only items; the conversions of the Linux
//! kernel's `hv_kvp.c`; cloud-init's reporting handler; libhvee.

#[cfg(feature = "alloc")]
use alloc::string::String;
use core::fmt;

use super::ItemRef;
use super::error::{JoinError, LimitError};

/// What a length counts. The NUL at the end of a field is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unit {
    /// UTF-16 code units: 1 for a character of the basic plane, 2 for one above (`😀`).
    Utf16,
    /// Bytes of UTF-8: 1 to 4 a character.
    Utf8,
}

impl Unit {
    /// Every unit.
    pub const ALL: &'static [Self] = &[Self::Utf16, Self::Utf8];

    /// The length of a text in this unit.
    ///
    /// ```
    /// use avma::kvp::limits::Unit;
    ///
    /// assert_eq!((Unit::Utf16.length("ä😀"), Unit::Utf8.length("ä😀")), (3, 6));
    /// ```
    pub fn length(self, text: &str) -> usize {
        match self {
            // A character takes one unit, and one more where its UTF-8 has four bytes. Counted over
            // the bytes, which is a loop without branches.
            Self::Utf16 => text
                .bytes()
                .map(|byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0))
                .sum(),
            Self::Utf8 => text.len(),
        }
    }

    const fn of_char(self, c: char) -> usize {
        match self {
            Self::Utf16 => c.len_utf16(),
            Self::Utf8 => c.len_utf8(),
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Utf16 => "UTF-16 units",
            Self::Utf8 => "UTF-8 bytes",
        })
    }
}

/// One half of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Half {
    /// The name.
    Key,
    /// The data.
    Value,
}

impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Key => "key",
            Self::Value => "value",
        })
    }
}

/// The most that one half of an item may hold. Both counts hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// UTF-16 code units, where the way passes a field of them.
    pub utf16: Option<usize>,
    /// Bytes of UTF-8, where the way passes a field of them.
    pub utf8: Option<usize>,
}

impl Limit {
    const fn utf16(units: usize) -> Self {
        Self {
            utf16: Some(units),
            utf8: None,
        }
    }

    const fn utf8(bytes: usize) -> Self {
        Self {
            utf16: None,
            utf8: Some(bytes),
        }
    }

    const fn both(units: usize, bytes: usize) -> Self {
        Self {
            utf16: Some(units),
            utf8: Some(bytes),
        }
    }

    /// What is allowed in one unit.
    pub const fn allowed(self, unit: Unit) -> Option<usize> {
        match unit {
            Unit::Utf16 => self.utf16,
            Unit::Utf8 => self.utf8,
        }
    }

    /// The first unit of which the text has too many: (unit, needed, allowed).
    fn excess(self, text: &str) -> Option<(Unit, usize, usize)> {
        Unit::ALL.iter().find_map(|&unit| {
            let allowed = self.allowed(unit)?;
            let needed = unit.length(text);
            (needed > allowed).then_some((unit, needed, allowed))
        })
    }

    /// The bytes of the longest beginning of `text` that fits and ends between two characters.
    fn prefix(self, text: &str) -> usize {
        let (mut units, mut bytes) = (0, 0);
        for c in text.chars() {
            units += Unit::Utf16.of_char(c);
            let end = bytes + Unit::Utf8.of_char(c);
            if self.utf16.is_some_and(|allowed| units > allowed)
                || self.utf8.is_some_and(|allowed| end > allowed)
            {
                break;
            }
            bytes = end;
        }
        bytes
    }
}

/// A way that an item takes, by the limits on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// A VMBus message: fields of 512 and 2048 bytes of UTF-16 with a NUL.
    Wire,
    /// WMI's `Msvm_KvpExchangeDataItem`: both texts have `MAXLEN 1024`. A host that passes such a key
    /// on needs [`Wire`](Self::Wire) as well, which allows less.
    Wmi,
    /// `HostOnlyItems`: keys of 512 bytes, values of 16 KB. The page names bytes, not characters;
    /// here they are read as UTF-16 with its NUL, which is the smaller reading.
    HostOnly,
    /// Written in a Linux guest, read on the host: the daemon's record holds 511 and 2047 bytes, and
    /// the kernel passes one unit less of each than a field could hold.
    LinuxToHost,
    /// Written on the host, read in a Linux guest: over the wire into UTF-8 fields of 512 and 2048
    /// bytes with a NUL.
    HostToLinux,
    /// A Linux guest's reports on Azure, as cloud-init makes them: as [`LinuxToHost`](Self::LinuxToHost),
    /// but the host takes 1024 bytes of a value, NUL included.
    Azure,
    /// libhvee and Ignition, which split values at 990 bytes; keys as [`HostToLinux`](Self::HostToLinux).
    Libhvee,
    /// What every other profile allows: keys of 254 and values of 990 bytes of UTF-8.
    SafeEverywhere,
}

impl Profile {
    /// Every profile.
    pub const ALL: &'static [Self] = &[
        Self::Wire,
        Self::Wmi,
        Self::HostOnly,
        Self::LinuxToHost,
        Self::HostToLinux,
        Self::Azure,
        Self::Libhvee,
        Self::SafeEverywhere,
    ];

    /// The most that a key may hold.
    pub const fn key(self) -> Limit {
        match self {
            Self::Wire | Self::HostOnly => Limit::utf16(255),
            Self::Wmi => Limit::utf16(1024),
            Self::LinuxToHost | Self::Azure => Limit::both(254, 511),
            Self::HostToLinux | Self::Libhvee => Limit::both(255, 511),
            Self::SafeEverywhere => Limit::utf8(254),
        }
    }

    /// The most that a value may hold.
    pub const fn value(self) -> Limit {
        match self {
            Self::Wire => Limit::utf16(1023),
            Self::Wmi => Limit::utf16(1024),
            Self::HostOnly => Limit::utf16(16 * 1024 / 2 - 1),
            Self::LinuxToHost => Limit::both(1022, 2047),
            Self::HostToLinux => Limit::both(1023, 2047),
            Self::Azure => Limit::both(1022, 1023),
            Self::Libhvee => Limit::both(1023, 990),
            Self::SafeEverywhere => Limit::utf8(990),
        }
    }

    /// The most items at once, where a number is documented: 128 in one call of WMI, 128 host-only
    /// items of a machine.
    pub const fn items(self) -> Option<usize> {
        match self {
            Self::Wmi | Self::HostOnly | Self::SafeEverywhere => Some(128),
            _ => None,
        }
    }

    /// Whether the item is handed over as CIM-XML.
    const fn is_xml(self) -> bool {
        matches!(
            self,
            Self::Wmi | Self::HostOnly | Self::Libhvee | Self::SafeEverywhere
        )
    }

    /// The profile's stable name, as in `safe-everywhere`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wire => "wire",
            Self::Wmi => "wmi",
            Self::HostOnly => "host-only",
            Self::LinuxToHost => "linux-to-host",
            Self::HostToLinux => "host-to-linux",
            Self::Azure => "azure",
            Self::Libhvee => "libhvee",
            Self::SafeEverywhere => "safe-everywhere",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

// A character has at most as many units as bytes, so that a limit in bytes keeps one in units too.
const _: () = {
    const fn within(safe: Limit, other: Limit) -> bool {
        let Some(bytes) = safe.utf8 else { return false };
        let units_kept = match other.utf16 {
            Some(units) => bytes <= units,
            None => true,
        };
        let bytes_kept = match other.utf8 {
            Some(allowed) => bytes <= allowed,
            None => true,
        };
        units_kept && bytes_kept
    }
    let mut rest = Profile::ALL;
    while let [profile, others @ ..] = rest {
        assert!(within(Profile::SafeEverywhere.key(), profile.key()));
        assert!(within(Profile::SafeEverywhere.value(), profile.value()));
        rest = others;
    }
};

/// Whether an item arrives whole on the way that the profile names.
///
/// ```
/// use avma::kvp::ItemRef;
/// use avma::kvp::error::LimitError;
/// use avma::kvp::limits::{Half, Profile, Unit, check};
///
/// let name = "k".repeat(255);
/// let item = ItemRef::new(&name, "v");
/// assert_eq!(check(item, Profile::HostToLinux), Ok(()));
/// // The Linux kernel hands on one unit less than the field could hold.
/// let wanted = LimitError::TooLong {
///     half: Half::Key,
///     unit: Unit::Utf16,
///     needed: 255,
///     allowed: 254,
/// };
/// assert_eq!(check(item, Profile::LinuxToHost), Err(wanted));
/// ```
///
/// # Errors
///
/// The first of: an empty key (`""`, which WMI cannot name); a NUL within a text (`"a\0b"`, of which
/// every reader takes `a`) or, for CIM-XML, a character that XML does not allow (`"\u{1}"`); a key
/// that is too long; a value that is too long.
pub fn check(item: ItemRef<'_>, profile: Profile) -> Result<(), LimitError> {
    characters(item.name, item.data, profile)?;
    fits(item.name, Half::Key, profile.key())?;
    fits(item.data, Half::Value, profile.value())
}

/// Whether all characters of an item travel, and the key has one.
fn characters(key: &str, value: &str, profile: Profile) -> Result<(), LimitError> {
    if key.is_empty() {
        return Err(LimitError::EmptyKey);
    }
    for (half, text) in [(Half::Key, key), (Half::Value, value)] {
        if let Some(at) = text.find('\0') {
            return Err(LimitError::Nul { half, at });
        }
        if !profile.is_xml() {
            continue;
        }
        if let Some((at, c)) = text.char_indices().find(|&(_, c)| !in_xml(c)) {
            return Err(LimitError::NotXml { half, at, c });
        }
    }
    Ok(())
}

/// Whether XML 1.0 has the character at all; a reference to one that it lacks is no way out.
const fn in_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{1_0000}'..)
}

fn fits(text: &str, half: Half, limit: Limit) -> Result<(), LimitError> {
    match limit.excess(text) {
        None => Ok(()),
        Some((unit, needed, allowed)) => Err(LimitError::TooLong {
            half,
            unit,
            needed,
            allowed,
        }),
    }
}

/// The most parts of one value: 4,096, this crate's own bound. Hosts have a limit on items that nobody
/// documents.
pub const MAX_PARTS: usize = 4096;

/// Splits a long value into numbered items `name.0`, `name.1` …, each as long as the profile allows.
///
/// A value that fits is one part, `name.0`, and so is the empty one: the reader need not know the
/// length beforehand. No part ends within a character. This is what Ignition reads.
///
/// ```
/// use avma::kvp::limits::{Profile, split};
///
/// let value = "ä".repeat(600);
/// let parts = split("ignition.config", &value, Profile::SafeEverywhere)?;
/// let lengths: Vec<_> = parts.map(|part| (part.name().to_string(), part.value.len())).collect();
/// assert_eq!(lengths, [("ignition.config.0".into(), 990), ("ignition.config.1".into(), 210)]);
/// # Ok::<(), avma::kvp::error::LimitError>(())
/// ```
///
/// # Errors
///
/// An empty name, a character that [`check`] refuses, a name that is too long with the highest number
/// behind it (the lengths are those with the number), more than [`MAX_PARTS`] parts.
pub fn split<'a>(name: &'a str, value: &'a str, profile: Profile) -> Result<Parts<'a>, LimitError> {
    characters(name, value, profile)?;
    fits(name, Half::Key, profile.key())?;
    let parts = Parts {
        name,
        rest: Some(value),
        number: 0,
        limit: profile.value(),
    };
    let needed = parts.clone().count();
    if needed > MAX_PARTS {
        let allowed = MAX_PARTS;
        return Err(LimitError::TooManyParts { needed, allowed });
    }
    // The number is ASCII: as many units as bytes.
    let number = 1 + digits(needed.saturating_sub(1));
    for &unit in Unit::ALL {
        let needed = unit.length(name) + number;
        match profile.key().allowed(unit) {
            Some(allowed) if needed > allowed => {
                return Err(LimitError::TooLong {
                    half: Half::Key,
                    unit,
                    needed,
                    allowed,
                });
            }
            _ => {}
        }
    }
    Ok(parts)
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().map_or(1, |log| log as usize + 1)
}

/// The parts of a long value, in order. Made by [`split`].
#[derive(Clone)]
pub struct Parts<'a> {
    name: &'a str,
    rest: Option<&'a str>,
    number: usize,
    limit: Limit,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let rest = self.rest?;
        let (value, after) = rest.split_at_checked(self.limit.prefix(rest))?;
        let part = Part {
            name: self.name,
            number: self.number,
            value,
        };
        self.number += 1;
        // Every profile has room for a character, so that each part is shorter than what was left.
        self.rest = (!after.is_empty() && !value.is_empty()).then_some(after);
        Some(part)
    }
}

impl core::iter::FusedIterator for Parts<'_> {}

impl fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

/// One part of a long value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Part<'a> {
    name: &'a str,
    /// The part's number, from 0.
    pub number: usize,
    /// The part of the value.
    pub value: &'a str,
}

impl<'a> Part<'a> {
    /// The part's key, as in `ignition.config.0`: a text when it is displayed.
    pub const fn name(&self) -> PartName<'a> {
        PartName {
            name: self.name,
            number: self.number,
        }
    }

    /// The part as an item.
    #[cfg(feature = "alloc")]
    pub fn to_item(&self) -> super::Item {
        super::Item {
            name: alloc::format!("{}", self.name()),
            data: self.value.into(),
            source: None,
        }
    }
}

impl fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A part may hold half a product key, which no rule for whole ones would mask.
        f.debug_struct("Part")
            .field("number", &self.number)
            .field("bytes", &self.value.len())
            .finish_non_exhaustive()
    }
}

/// The key of a part. `Display` writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartName<'a> {
    name: &'a str,
    number: usize,
}

impl fmt::Display for PartName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.name, self.number)
    }
}

/// The parts of the value `name` among the items, in the order of their numbers.
///
/// Items of other names are passed over; `name.01` and `name.x` are other names. The iterator is linear
/// where the parts come in order, as hosts and guests hand them out, and looks through all items for
/// each part at worst; `join` is linear always.
///
/// The form has no mark for its end. `parts` is their number where the caller knows it; without it,
/// a value whose *last* parts are missing cannot be told from a whole one.
///
/// ```
/// use avma::kvp::ItemRef;
/// use avma::kvp::error::JoinError;
/// use avma::kvp::limits::pieces;
///
/// let items = [ItemRef::new("c.1", "lo"), ItemRef::new("other", "x"), ItemRef::new("c.0", "hel")];
/// let whole: Vec<_> = pieces("c", &items, None)?.collect();
/// assert_eq!(whole.concat(), "hello");
/// assert_eq!(pieces("c", &items, Some(3)).err(), Some(JoinError::Missing { number: 2 }));
/// # Ok::<(), JoinError>(())
/// ```
///
/// # Errors
///
/// No part at all, a number that is missing (`c.0`, `c.2`) or is there twice, more parts than asked
/// for or than [`MAX_PARTS`].
pub fn pieces<'i, 'a>(
    name: &'i str,
    items: &'i [ItemRef<'a>],
    parts: Option<usize>,
) -> Result<Pieces<'i, 'a>, JoinError> {
    let got = items
        .iter()
        .filter(|item| part_number(name, item.name).is_some())
        .count();
    let all = Pieces {
        name,
        items,
        at: 0,
        number: 0,
        parts: got,
    };
    match parts.unwrap_or(MAX_PARTS) {
        _ if got == 0 => return Err(JoinError::None),
        allowed if got > allowed => return Err(JoinError::TooMany { got, allowed }),
        _ => {}
    }
    let (mut seen, mut twice) = ([false; MAX_PARTS], None);
    for number in items.iter().filter_map(|item| part_number(name, item.name)) {
        match seen.get_mut(number) {
            Some(seen) if *seen => twice = twice.into_iter().chain([number]).min(),
            Some(seen) => *seen = true,
            // Too large to be whole: one below it is missing.
            None => {}
        }
    }
    if let Some(number) = twice {
        return Err(JoinError::Twice { number });
    }
    match seen.iter().position(|seen| !seen) {
        Some(number) if number < got => return Err(JoinError::Missing { number }),
        _ => {}
    }
    match parts {
        Some(parts) if parts > got => Err(JoinError::Missing { number: got }),
        _ => Ok(all),
    }
}

/// The whole value of the parts `name.0`, `name.1` … among the items: see [`pieces`].
///
/// ```
/// use avma::kvp::ItemRef;
/// use avma::kvp::limits::join;
///
/// let items = [ItemRef::new("c.0", "hel"), ItemRef::new("c.1", "lo")];
/// assert_eq!(join("c", &items, None).as_deref(), Ok("hello"));
/// ```
///
/// # Errors
///
/// As [`pieces`]: a value is joined only when it is complete.
#[cfg(feature = "alloc")]
pub fn join(name: &str, items: &[ItemRef<'_>], parts: Option<usize>) -> Result<String, JoinError> {
    let mut texts = alloc::vec![""; pieces(name, items, parts)?.parts];
    for item in items {
        let number = part_number(name, item.name);
        if let Some(text) = number.and_then(|number| texts.get_mut(number)) {
            *text = item.data;
        }
    }
    Ok(texts.concat())
}

/// The number behind `name.`, where `key` is the key of a part. A number too large to be one counts
/// as a part all the same: it makes the value incomplete, where passing it over would hide it.
fn part_number(name: &str, key: &str) -> Option<usize> {
    let number = key.strip_prefix(name)?.strip_prefix('.')?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = digits && (number == "0" || !number.starts_with('0'));
    canonical.then(|| number.parse().unwrap_or(usize::MAX))
}

/// The parts of a joined value, in order. Made by [`pieces`].
#[derive(Clone)]
pub struct Pieces<'i, 'a> {
    name: &'i str,
    items: &'i [ItemRef<'a>],
    /// Where the next part is looked for first: behind the last one.
    at: usize,
    number: usize,
    parts: usize,
}

impl<'a> Pieces<'_, 'a> {
    fn is_part(&self, number: usize, item: &ItemRef<'a>) -> bool {
        part_number(self.name, item.name) == Some(number)
    }
}

impl<'a> Iterator for Pieces<'_, 'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.number >= self.parts {
            return None;
        }
        let (before, from) = self.items.split_at_checked(self.at)?;
        let place = |items: &[ItemRef<'a>]| {
            let mut items = items.iter();
            items.position(|item| self.is_part(self.number, item))
        };
        let at = place(from)
            .map(|at| self.at + at)
            .or_else(|| place(before))?;
        self.number += 1;
        self.at = at + 1;
        self.items.get(at).map(|item| item.data)
    }
}

impl fmt::Debug for Pieces<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pieces")
            .field("number", &self.number)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}
