//! Texts in fields of a fixed size, ended by a NUL: UTF-16LE on VMBus, UTF-8 at the Linux device and
//! in pool files.
//!
//! [`Text`] is a text to be written or one that was read, whatever its form; [`Narrow`] is a UTF-8
//! field before anything is known of it. Neither copies. What follows the first NUL means nothing
//! and is never read: guests answer in place, daemons leave tails of older texts.
//!
//! Source: Linux `include/uapi/linux/hyperv.h`, `drivers/hv/hv_kvp.c`, `tools/hv/hv_kvp_daemon.c`;
//! openvmm `hyperv_ic_protocol`.

use core::fmt;
use core::hash::{Hash, Hasher};

use super::error::TextError;
use super::secret::may_hold_a_key;

/// A text as items carry it. Two texts are equal if their UTF-16 units are, whatever form each is in.
///
/// `Debug`, which ends up in logs, does not show a text that may hold a product key; `Display` shows
/// every text, with U+FFFD for an unpaired surrogate.
///
/// ```
/// use avma::kvp::text::Text;
///
/// let read = Text::sized(b"O\0S\0\0\0", 6).unwrap();
/// assert_eq!(read, Text::from("OS"));
/// assert_eq!((read.units().count(), read.to_string().as_str()), (2, "OS"));
/// ```
#[derive(Clone, Copy)]
pub struct Text<'a>(Form<'a>);

#[derive(Clone, Copy)]
enum Form<'a> {
    /// Any string.
    Str(&'a str),
    /// UTF-16LE without a NUL; an even number of bytes. Surrogates may be unpaired if a lenient
    /// reader made it.
    Wide(&'a [u8]),
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Form::Str(text))
    }
}

impl Default for Text<'_> {
    fn default() -> Self {
        Self(Form::Str(""))
    }
}

impl<'a> Text<'a> {
    /// A UTF-16LE text whose size is declared: `size` bytes of `field`, its NUL included. Size 0 is
    /// the empty text; where that is not allowed, the caller refuses it.
    ///
    /// # Errors
    ///
    /// Offsets are those of `field`. `size` 7 is odd, 514 is beyond a field of 512; `"OS"` of size 4
    /// has no NUL at its end, of size 8 it has one inside; `0xD800` alone is half a pair.
    #[inline]
    pub fn sized(field: &'a [u8], size: u32) -> Result<Self, TextError> {
        match Self::sound(field, size) {
            Some(text) => Ok(text),
            None => Self::unsound(field, size),
        }
    }

    /// The text of a size of 2 or more, if it has no fault. Apart from the search for the fault, so
    /// that the way of most texts is short.
    #[inline]
    pub(super) fn sound(field: &'a [u8], size: u32) -> Option<Self> {
        let bytes = field.get(..usize::try_from(size).ok()?)?;
        let (text, nul) = bytes.split_last_chunk::<2>()?;
        let sound = text.len() % 2 == 0 && *nul == [0, 0] && is_sound(text);
        sound.then_some(Self(Form::Wide(text)))
    }

    /// The fault of a text that is not [`sound`](Self::sound), or the empty one.
    #[cold]
    fn unsound(field: &'a [u8], size: u32) -> Result<Self, TextError> {
        let got = usize::try_from(size).unwrap_or(usize::MAX);
        let Some(bytes) = field.get(..got) else {
            return Err(TextError::BeyondField {
                size,
                allowed: field.len(),
            });
        };
        if got % 2 != 0 {
            return Err(TextError::OddSize { size });
        }
        let Some((text, nul)) = bytes.split_last_chunk::<2>() else {
            return Ok(Self::default());
        };
        if *nul != [0, 0] {
            return Err(TextError::NoNul { at: got });
        }
        match first_odd_unit(text) {
            None => Ok(Self(Form::Wide(text))),
            Some((at, 0)) => Err(TextError::NulInside { at }),
            Some((at, _)) => Err(TextError::Surrogate { at }),
        }
    }

    /// A UTF-16LE text without a declared size: `field` up to its first NUL, as the IP lists are.
    ///
    /// # Errors
    ///
    /// Offsets are those of `field`. A field that is full to its end has no NUL; `0xD800` alone is
    /// half a pair.
    pub fn terminated(field: &'a [u8]) -> Result<Self, TextError> {
        match Self::lenient(field) {
            (_, false) => Err(TextError::NoNul { at: field.len() }),
            (text, true) => match text.unpaired_surrogate() {
                None => Ok(text),
                Some(at) => Err(TextError::Surrogate { at }),
            },
        }
    }

    /// Whatever UTF-16LE text is in `field`: up to the first NUL or the end (an odd last byte is left
    /// out), unpaired surrogates and all; and whether there was a NUL.
    pub fn lenient(field: &'a [u8]) -> (Self, bool) {
        let nul = first_wide_nul(field);
        let end = nul.unwrap_or(field.len() & !1);
        let text = field.get(..end).unwrap_or_default();
        (Self(Form::Wide(text)), nul.is_some())
    }

    /// The UTF-16 units, without a NUL at the end.
    pub fn units(self) -> Units<'a> {
        Units(match self.0 {
            Form::Str(text) => UnitsOf::Str(text.encode_utf16()),
            Form::Wide(bytes) => UnitsOf::Wide(bytes),
        })
    }

    /// The characters; U+FFFD for each unpaired surrogate.
    pub fn chars(self) -> impl Iterator<Item = char> + Clone + 'a {
        char::decode_utf16(self.units()).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Where the first unpaired surrogate is, in bytes of UTF-16 from the text's begin. Only a
    /// lenient reader makes texts that have one.
    pub fn unpaired_surrogate(self) -> Option<usize> {
        match self.0 {
            Form::Str(_) => None,
            Form::Wide(bytes) => first_odd_unit(bytes).map(|(at, _)| at),
        }
    }

    /// Whether it has no characters.
    pub fn is_empty(self) -> bool {
        match self.0 {
            Form::Str(text) => text.is_empty(),
            Form::Wide(bytes) => bytes.is_empty(),
        }
    }

    /// UTF-16 units without the NUL: the measure of VMBus fields (255 of a key, 1023 of a value).
    pub fn units_len(self) -> usize {
        match self.0 {
            Form::Str(text) if text.is_ascii() => text.len(),
            Form::Str(text) => text.encode_utf16().count(),
            Form::Wide(bytes) => bytes.len() / 2,
        }
    }

    /// Bytes in UTF-8 without the NUL: the measure of Linux fields (511 of a key, 2047 of a value).
    pub fn utf8_len(self) -> usize {
        match self.0 {
            Form::Str(text) => text.len(),
            Form::Wide(_) => self.chars().map(char::len_utf8).sum(),
        }
    }

    /// The string itself, if the text was made of one (and not read from UTF-16).
    pub fn as_str(self) -> Option<&'a str> {
        match self.0 {
            Form::Str(text) => Some(text),
            Form::Wide(_) => None,
        }
    }

    /// Size on VMBus: bytes in UTF-16LE, the NUL included.
    ///
    /// # Errors
    ///
    /// A text that does not fit `allowed` bytes with its NUL, such as 256 letters into 512; a NUL
    /// inside, as in `"a\0b"`, at its place in units of 2 bytes.
    pub fn wide_size(self, allowed: usize) -> Result<usize, TextError> {
        let (units, nul) = match self.0 {
            Form::Wide(bytes) => (bytes.len() / 2, None),
            Form::Str(text) if is_plain_ascii(text.as_bytes()) => (text.len(), None),
            Form::Str(text) => (
                text.encode_utf16().count(),
                text.encode_utf16().position(|unit| unit == 0),
            ),
        };
        let needed = 2 * units + 2;
        if needed > allowed {
            return Err(TextError::TooLong { needed, allowed });
        }
        match nul {
            Some(unit) => Err(TextError::NulInside { at: 2 * unit }),
            None => Ok(needed),
        }
    }

    /// Writes the text in UTF-16LE with its NUL and nothing behind it; gives the size with the NUL.
    ///
    /// # Errors
    ///
    /// As [`wide_size`](Self::wide_size); the field is unchanged then.
    pub fn write_wide(self, field: &mut [u8]) -> Result<usize, TextError> {
        let size = self.wide_size(field.len())?;
        self.write_wide_sized(size, field);
        Ok(size)
    }

    /// Writes the text, whose [`wide_size`](Self::wide_size) in this field is known to be `size`.
    pub(super) fn write_wide_sized(self, size: usize, field: &mut [u8]) {
        let room = field.get_mut(..size).unwrap_or_default();
        let (units, nul) = room
            .split_at_mut_checked(size.saturating_sub(2))
            .unwrap_or_default();
        match self.0 {
            Form::Str(text) if text.len() * 2 == units.len() => widen(text.as_bytes(), units),
            Form::Str(text) => {
                for (unit, code) in units.chunks_exact_mut(2).zip(text.encode_utf16()) {
                    unit.copy_from_slice(&code.to_le_bytes());
                }
            }
            Form::Wide(bytes) => units.copy_from_slice(bytes),
        }
        nul.fill(0);
    }

    /// Writes the text in UTF-8 with its NUL and nothing behind it; gives the size with the NUL.
    ///
    /// # Errors
    ///
    /// A text that does not fit with its NUL, such as 512 letters into 512 bytes; a NUL inside; an
    /// unpaired surrogate, which UTF-8 cannot hold. The field is unchanged then.
    pub fn write_narrow(self, field: &mut [u8]) -> Result<usize, TextError> {
        let needed = self.utf8_len() + 1;
        let allowed = field.len();
        let Some(room) = field.get_mut(..needed) else {
            return Err(TextError::TooLong { needed, allowed });
        };
        if let Some(at) = self.unpaired_surrogate() {
            return Err(TextError::Surrogate { at });
        }
        match self.0 {
            Form::Str(text) => {
                if let Some(at) = first_nul(text.as_bytes()) {
                    return Err(TextError::NulInside { at });
                }
                if let Some((body, nul)) = room.split_at_mut_checked(text.len()) {
                    body.copy_from_slice(text.as_bytes());
                    nul.fill(0);
                }
            }
            Form::Wide(_) => {
                let mut rest = room;
                for c in self.chars().chain(['\0']) {
                    let Some((head, tail)) = rest.split_at_mut_checked(c.len_utf8()) else {
                        break;
                    };
                    c.encode_utf8(head);
                    rest = tail;
                }
            }
        }
        Ok(needed)
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self.0, other.0) {
            (Form::Str(a), Form::Str(b)) => a == b,
            (Form::Wide(a), Form::Wide(b)) => a == b,
            _ => self.units().eq(other.units()),
        }
    }
}

impl Eq for Text<'_> {}

impl PartialEq<str> for Text<'_> {
    fn eq(&self, other: &str) -> bool {
        *self == Text::from(other)
    }
}

impl PartialEq<&str> for Text<'_> {
    fn eq(&self, other: &&str) -> bool {
        *self == Text::from(*other)
    }
}

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for unit in self.units() {
            unit.hash(state);
        }
        // Ends the text, as a NUL does in its field: ("ab", "c") and ("a", "bc") differ.
        0u16.hash(state);
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        match self.0 {
            Form::Str(text) => f.write_str(text),
            Form::Wide(_) => self.chars().try_for_each(|c| f.write_char(c)),
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        if may_hold_a_key(self.chars()) {
            return write!(f, "({} units)", self.units_len());
        }
        f.write_char('"')?;
        self.chars()
            .flat_map(char::escape_debug)
            .try_for_each(|c| f.write_char(c))?;
        f.write_char('"')
    }
}

/// The UTF-16 units of a [`Text`].
#[derive(Clone, Debug)]
pub struct Units<'a>(UnitsOf<'a>);

#[derive(Clone)]
enum UnitsOf<'a> {
    Str(core::str::EncodeUtf16<'a>),
    Wide(&'a [u8]),
}

impl fmt::Debug for UnitsOf<'_> {
    /// How many at most are left; the units themselves may spell a product key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Str(units) => write!(f, "{:?} units left", units.size_hint()),
            Self::Wide(bytes) => write!(f, "{} units left", bytes.len() / 2),
        }
    }
}

impl Iterator for Units<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        match &mut self.0 {
            UnitsOf::Str(units) => units.next(),
            UnitsOf::Wide(bytes) => {
                let (unit, rest) = bytes.split_first_chunk::<2>()?;
                *bytes = rest;
                Some(u16::from_le_bytes(*unit))
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            UnitsOf::Str(units) => units.size_hint(),
            UnitsOf::Wide(bytes) => (bytes.len() / 2, Some(bytes.len() / 2)),
        }
    }
}

/// What a UTF-8 field holds: its bytes up to the first NUL.
///
/// ```
/// use avma::kvp::text::Narrow;
///
/// let field = Narrow::new(b"short\0value, quite long\0");
/// assert_eq!(field.text().unwrap(), "short");
/// assert!(!Narrow::new(b"full").is_terminated());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Narrow<'a> {
    bytes: &'a [u8],
    terminated: bool,
}

impl<'a> Narrow<'a> {
    /// What `field` holds up to its first NUL, or all of it.
    pub fn new(field: &'a [u8]) -> Self {
        let nul = first_nul(field);
        Self {
            bytes: field.get(..nul.unwrap_or(field.len())).unwrap_or_default(),
            terminated: nul.is_some(),
        }
    }

    /// The bytes before the NUL.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// Whether a NUL ends it. A field that is full to its last byte has none.
    pub const fn is_terminated(self) -> bool {
        self.terminated
    }

    /// The string, whether a NUL ends it or the field's end does.
    ///
    /// # Errors
    ///
    /// Bytes that are not UTF-8, as in `b"caf\xE9"` (at 3) or a character cut by the field's end.
    pub fn text(self) -> Result<&'a str, TextError> {
        core::str::from_utf8(self.bytes).map_err(|error| TextError::NotUtf8 {
            at: error.valid_up_to(),
        })
    }

    /// The string, if a NUL ends it.
    ///
    /// # Errors
    ///
    /// A field without a NUL; bytes that are not UTF-8, as [`text`](Self::text).
    pub fn terminated(self) -> Result<&'a str, TextError> {
        if !self.terminated {
            return Err(TextError::NoNul {
                at: self.bytes.len(),
            });
        }
        self.text()
    }
}

impl fmt::Display for Narrow<'_> {
    /// With U+FFFD for what is not UTF-8.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for chunk in self.bytes.utf8_chunks() {
            f.write_str(chunk.valid())?;
            if !chunk.invalid().is_empty() {
                f.write_char(char::REPLACEMENT_CHARACTER)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Narrow<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text() {
            Ok(text) => Text::from(text).fmt(f),
            Err(_) => write!(f, "({} bytes, not UTF-8)", self.bytes.len()),
        }
    }
}

/// Where the first NUL byte is.
pub(crate) fn first_nul(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let chunk = u64::from_le_bytes(*chunk);
        // The lowest bit set marks the first zero byte; borrows only spoil the bits above it.
        let zeroes = chunk.wrapping_sub(ONES) & !chunk & HIGH;
        if zeroes != 0 {
            return Some(bytes.len() - rest.len() + zeroes.trailing_zeros() as usize / 8);
        }
        rest = tail;
    }
    let before = bytes.len() - rest.len();
    rest.iter()
        .position(|byte| *byte == 0)
        .map(|at| before + at)
}

/// Where the first NUL unit begins, in bytes.
fn first_wide_nul(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let chunk = u64::from_le_bytes(*chunk);
        let zeroes = has_zero(chunk);
        if zeroes != 0 {
            return Some(bytes.len() - rest.len() + zeroes.trailing_zeros() as usize / 16 * 2);
        }
        rest = tail;
    }
    let before = bytes.len() - rest.len();
    rest.chunks_exact(2)
        .position(|unit| unit == [0, 0])
        .map(|at| before + 2 * at)
}

/// Whether a text can have all of the units.
fn is_sound(bytes: &[u8]) -> bool {
    first_odd_unit(bytes).is_none()
}

/// The first unit that a text cannot have, NUL or an unpaired surrogate, and where it begins.
#[inline]
fn first_odd_unit(bytes: &[u8]) -> Option<(usize, u16)> {
    let mut rest = bytes;
    // 16 units at once with one branch: ASCII mostly, else any text without surrogates.
    while let Some((block, tail)) = rest.split_first_chunk::<32>() {
        if is_ascii_block(block) || is_plain_block(block) {
            rest = tail;
            continue;
        }
        // A pair may reach beyond the block.
        rest = match odd_unit(rest, tail.len()) {
            Ok(rest) => rest,
            Err((rest, unit)) => return Some((bytes.len() - rest.len(), unit)),
        };
    }
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        if !is_ascii(u64::from_le_bytes(*chunk)) {
            break;
        }
        rest = tail;
    }
    match odd_unit(rest, 0) {
        Ok(_) => None,
        Err((rest, unit)) => Some((bytes.len() - rest.len(), unit)),
    }
}

/// Unit by unit until not more than `left` bytes are left: those, or what begins with the unit that a
/// text cannot have.
fn odd_unit(bytes: &[u8], left: usize) -> Result<&[u8], (&[u8], u16)> {
    let mut rest = bytes;
    while rest.len() > left {
        let Some((first, tail)) = rest.split_first_chunk::<2>() else {
            break;
        };
        let unit = u16::from_le_bytes(*first);
        rest = match unit {
            0 | 0xDC00..=0xDFFF => return Err((rest, unit)),
            0xD800..=0xDBFF => match tail.split_first_chunk::<2>() {
                Some(([_, 0xDC..=0xDF], tail)) => tail,
                _ => return Err((rest, unit)),
            },
            _ => tail,
        };
    }
    Ok(rest)
}

/// One in each unit of four, and the highest bit of each.
const UNITS: u64 = 0x0001_0001_0001_0001;
const HIGH_UNITS: u64 = UNITS << 15;

/// Whether all four units are ASCII and none is NUL: a unit of 0 borrows and sets its high bits.
const fn is_ascii(units: u64) -> bool {
    ascii_fault(units) == 0
}

const fn ascii_fault(units: u64) -> u64 {
    (units.wrapping_sub(UNITS) | units) & (UNITS * 0xFF80)
}

/// The same of 16 units.
fn is_ascii_block(block: &[u8; 32]) -> bool {
    fours(block)
        .into_iter()
        .fold(0, |fault, units| fault | ascii_fault(units))
        == 0
}

/// Whether none of 16 units is a NUL or a surrogate.
fn is_plain_block(block: &[u8; 32]) -> bool {
    fours(block).into_iter().fold(0, |fault, units| {
        // A surrogate's highest five bits are those of 0xD800.
        let surrogate = (units ^ (UNITS * 0xD800)) & (UNITS * 0xF800);
        fault | has_zero(units) | has_zero(surrogate)
    }) == 0
}

/// Not 0 if any of the four units is.
const fn has_zero(units: u64) -> u64 {
    units.wrapping_sub(UNITS) & !units & HIGH_UNITS
}

fn fours(block: &[u8; 32]) -> [u64; 4] {
    use super::layout::part;
    [
        u64::from_le_bytes(*part::<0, 8, _>(block)),
        u64::from_le_bytes(*part::<8, 8, _>(block)),
        u64::from_le_bytes(*part::<16, 8, _>(block)),
        u64::from_le_bytes(*part::<24, 8, _>(block)),
    ]
}

/// Whether all bytes are ASCII and none is NUL.
fn is_plain_ascii(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    let mut rest = bytes;
    while let Some((chunk, tail)) = rest.split_first_chunk::<8>() {
        let chunk = u64::from_le_bytes(*chunk);
        if (chunk.wrapping_sub(ONES) | chunk) & HIGH != 0 {
            return false;
        }
        rest = tail;
    }
    rest.iter().all(|byte| matches!(byte, 1..=0x7F))
}

/// ASCII to UTF-16LE; `units` has two bytes for each of `bytes`.
fn widen(bytes: &[u8], units: &mut [u8]) {
    let (mut fours, mut rooms) = (bytes.chunks_exact(4), units.chunks_exact_mut(8));
    for (room, four) in rooms.by_ref().zip(fours.by_ref()) {
        // A byte in every second place: 00dd00cc00bb00aa of ddccbbaa.
        let four = four
            .first_chunk()
            .map_or(0, |four| u32::from_le_bytes(*four));
        let pairs = (u64::from(four) | u64::from(four) << 16) & 0x0000_FFFF_0000_FFFF;
        let spread = (pairs | pairs << 8) & 0x00FF_00FF_00FF_00FF;
        room.copy_from_slice(&spread.to_le_bytes());
    }
    let rest = rooms.into_remainder().chunks_exact_mut(2);
    for (unit, byte) in rest.zip(fours.remainder()) {
        unit.copy_from_slice(&u16::from(*byte).to_le_bytes());
    }
}
