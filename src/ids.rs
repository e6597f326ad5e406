//! The identities of machines: VM ids, and hosts by number and by name as Windows compares them.

use core::fmt;

/// The id of a virtual machine: a GUID, compared as a number and never as text.
///
/// ```
/// use avma::VmId;
///
/// let lower: VmId = "a1a1a1a1-0000-4000-8000-000000000001".parse()?;
/// let braces: VmId = "{A1A1A1A1-0000-4000-8000-000000000001}".parse()?;
/// assert_eq!(lower, braces);
/// assert_eq!(braces.to_string(), "a1a1a1a1-0000-4000-8000-000000000001");
/// # Ok::<(), avma::ids::VmIdError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VmId(pub u128);

impl From<u128> for VmId {
    fn from(number: u128) -> Self {
        Self(number)
    }
}

impl From<VmId> for u128 {
    fn from(id: VmId) -> Self {
        id.0
    }
}

/// Why a text is not a GUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum VmIdError {
    /// Not 36 characters (38 with braces), as in `"a1a1"`.
    #[error("a GUID has 36 characters, this text has {got} bytes")]
    Length {
        /// The bytes that were given, without a pair of braces.
        got: usize,
    },
    /// A character that is neither a digit nor a hyphen at its place.
    #[error("byte {index} is not what a GUID has there")]
    Character {
        /// The byte, from 0, without a pair of braces.
        index: usize,
    },
}

impl core::str::FromStr for VmId {
    type Err = VmIdError;

    /// With or without braces, in either case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text
            .strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'))
            .unwrap_or(text);
        if text.len() != 36 {
            return Err(VmIdError::Length { got: text.len() });
        }
        let mut id = 0;
        for (index, byte) in text.bytes().enumerate() {
            if matches!(index, 8 | 13 | 18 | 23) {
                if byte != b'-' {
                    return Err(VmIdError::Character { index });
                }
                continue;
            }
            let digit = char::from(byte)
                .to_digit(16)
                .ok_or(VmIdError::Character { index })?;
            id = id << 4 | u128::from(digit);
        }
        Ok(Self(id))
    }
}

impl fmt::Display for VmId {
    /// Lower case with hyphens, as `Get-VM` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            id >> 96,
            id >> 80 & 0xffff,
            id >> 64 & 0xffff,
            id >> 48 & 0xffff,
            id & 0xffff_ffff_ffff
        )
    }
}

impl fmt::Debug for VmId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VmId({self})")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for VmId {
    /// As text, in lower case with hyphens.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A host by the number that the caller gives it: state machines hold no texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostId(pub u64);

impl From<u64> for HostId {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl From<HostId> for u64 {
    fn from(id: HostId) -> Self {
        id.0
    }
}

impl fmt::Display for HostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The name of a computer, short (`HV01`) or fully qualified (`hv01.example.test`).
///
/// Equality ignores the case of letters, of those beyond ASCII too: Windows' names may hold them.
#[derive(Clone, Copy, Debug)]
pub struct HostName<'a>(pub &'a str);

impl<'a> HostName<'a> {
    /// The first label: `hv01` of `hv01.example.test`.
    #[must_use]
    pub fn first_label(self) -> Self {
        Self(self.0.split('.').next().unwrap_or(self.0))
    }

    /// Whether two names may mean one computer: the same name, or the same first label where one of
    /// them is short.
    pub fn may_be(self, other: HostName<'_>) -> bool {
        self == other
            || ((!self.0.contains('.') || !other.0.contains('.'))
                && !self.0.is_empty()
                && self.first_label() == other.first_label())
    }

    /// The name as it was given.
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

impl PartialEq<HostName<'_>> for HostName<'_> {
    fn eq(&self, other: &HostName<'_>) -> bool {
        lower_case(self.0).eq(lower_case(other.0))
    }
}

impl Eq for HostName<'_> {}

/// A name in lower case, letter by letter: no letter depends on its neighbours, so that a part of a
/// name compares as within the whole.
pub(crate) fn lower_case(name: &str) -> impl Iterator<Item = char> + Clone + '_ {
    name.chars().flat_map(char::to_lowercase)
}

impl fmt::Display for HostName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

crate::word::from_text!(VmId, "a GUID with hyphens");
