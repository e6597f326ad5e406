//! A product key as a value: 25 symbols, and the last five that WMI shows.
//!
//! Source: the published keys themselves (five groups of five, hyphens between) and the unattend
//! reference, which says 29 characters.

use core::fmt;

/// The 25 symbols of a product key of this generation: 24 of the base alphabet, and `N`.
///
/// Every key of Windows 8, Windows Server 2012 and later holds exactly one `N`; older keys hold none.
pub const ALPHABET: &[u8; 25] = b"BCDFGHJKMPQRTVWXY2346789N";

const SYMBOLS: usize = 25;
const GROUP: usize = 5;
/// The length of a key as text: 25 symbols and 4 hyphens.
pub const TEXT_LEN: usize = 29;

/// Why a text is not a product key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ProductKeyError {
    /// Not 29 bytes, as in `"XXXXX-XXXXX"`.
    #[error("a product key has {TEXT_LEN} characters, this text has {got} bytes")]
    Length {
        /// The bytes that were given.
        got: usize,
    },
    /// No hyphen between two groups, as in `"W3GNR_8DDXR-…"`.
    #[error("a hyphen is missing at byte {index}")]
    Hyphen {
        /// The byte where it should stand, from 0.
        index: usize,
    },
    /// A character that keys do not use, as in `"O3GNR-8DDXR-…"` (0 1 5 A E I L O S U Z never occur).
    #[error("byte {index} is not a symbol of product keys")]
    Symbol {
        /// The byte of the first bad symbol, from 0.
        index: usize,
    },
}

/// A product key: any 25 symbols of the alphabet.
///
/// `Debug` and `Display` mask all but the last five, and there is no `Serialize`, so that a key of
/// no published list cannot slip into a log. [`reveal`](Self::reveal) is the one way to the text.
///
/// ```
/// use avma::ProductKey;
///
/// let key = ProductKey::parse("W3GNR-8DDXR-2TFRP-H8P33-DV9BG")?;
/// assert_eq!(key.to_string(), "*****-*****-*****-*****-DV9BG");
/// assert_eq!(key.reveal().as_str(), "W3GNR-8DDXR-2TFRP-H8P33-DV9BG");
/// # Ok::<(), avma::product_key::ProductKeyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProductKey([u8; SYMBOLS]);

impl ProductKey {
    /// Reads a key that is written as keys are written: 29 characters, letters in either case.
    ///
    /// Damaged texts are for [`repair`](crate::repair).
    ///
    /// # Errors
    ///
    /// Another length (`"W3GNR"`), a missing hyphen, or a character that keys do not use
    /// (`"…-DV9B0"`), with its place.
    #[expect(
        clippy::indexing_slicing,
        reason = "`const fn` has no iterators; both indices stay below the lengths just checked"
    )]
    pub const fn parse(text: &str) -> Result<Self, ProductKeyError> {
        let bytes = text.as_bytes();
        if bytes.len() != TEXT_LEN {
            return Err(ProductKeyError::Length { got: bytes.len() });
        }
        let mut symbols = [0; SYMBOLS];
        let (mut index, mut count) = (0, 0);
        while index < TEXT_LEN {
            if index % (GROUP + 1) == GROUP {
                if bytes[index] != b'-' {
                    return Err(ProductKeyError::Hyphen { index });
                }
            } else {
                let symbol = bytes[index].to_ascii_uppercase();
                if !is_symbol(symbol) {
                    return Err(ProductKeyError::Symbol { index });
                }
                symbols[count] = symbol;
                count += 1;
            }
            index += 1;
        }
        Ok(Self(symbols))
    }

    /// A key from its 25 symbols without hyphens, in upper case.
    ///
    /// # Errors
    ///
    /// The index of the first byte that is no symbol of keys.
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop; `const fn` has no iterators"
    )]
    pub const fn from_symbols(symbols: [u8; SYMBOLS]) -> Result<Self, ProductKeyError> {
        let mut index = 0;
        while index < SYMBOLS {
            if !is_symbol(symbols[index]) {
                return Err(ProductKeyError::Symbol { index });
            }
            index += 1;
        }
        Ok(Self(symbols))
    }

    /// The 25 symbols, without hyphens, in upper case. To be kept like the key itself.
    pub const fn symbols(&self) -> &[u8; SYMBOLS] {
        &self.0
    }

    /// The last group, as WMI's `PartialProductKey` shows it.
    pub const fn last_five(&self) -> LastFive {
        let [.., a, b, c, d, e] = self.0;
        LastFive([a, b, c, d, e])
    }

    /// In how many of the 25 places two keys differ.
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop; `const fn` has no iterators"
    )]
    pub const fn distance(&self, other: &Self) -> u32 {
        let (mut index, mut distance) = (0, 0);
        while index < SYMBOLS {
            distance += (self.0[index] != other.0[index]) as u32;
            index += 1;
        }
        distance
    }

    /// How many `N` the key holds: 1 for every key of Windows 8, Windows Server 2012 and later, 0 for
    /// older ones.
    pub fn count_n(&self) -> usize {
        self.0.iter().filter(|symbol| **symbol == b'N').count()
    }

    /// The whole key as text. Only a key that is published may be shown to others.
    #[expect(
        clippy::indexing_slicing,
        reason = "`const fn` has no iterators; `place` is below 29 and `place - hyphens` below 25"
    )]
    pub const fn reveal(&self) -> KeyText {
        let mut text = [b'-'; TEXT_LEN];
        let mut index = 0;
        while index < SYMBOLS {
            text[index + index / GROUP] = self.0[index];
            index += 1;
        }
        KeyText(text)
    }
}

/// Whether the upper-case letter or digit occurs in product keys.
pub(crate) const fn is_symbol(byte: u8) -> bool {
    // The alphabet is scattered over two ranges; a table look-up would need indexing as well.
    matches!(
        byte,
        b'B' | b'C'
            | b'D'
            | b'F'
            | b'G'
            | b'H'
            | b'J'
            | b'K'
            | b'M'
            | b'N'
            | b'P'
            | b'Q'
            | b'R'
            | b'T'
            | b'V'
            | b'W'
            | b'X'
            | b'Y'
            | b'2'
            | b'3'
            | b'4'
            | b'6'
            | b'7'
            | b'8'
            | b'9'
    )
}

impl core::str::FromStr for ProductKey {
    type Err = ProductKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for ProductKey {
    /// Masked: `*****-*****-*****-*****-DV9BG`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "*****-*****-*****-*****-{}", self.last_five())
    }
}

impl fmt::Debug for ProductKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text of a key, on purpose: what [`ProductKey::reveal`] gives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyText([u8; TEXT_LEN]);

impl KeyText {
    /// `AAAAA-BBBBB-CCCCC-DDDDD-EEEEE`.
    pub fn as_str(&self) -> &str {
        // Keys are ASCII by construction; there is no other content to fall back to.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for KeyText {
    /// Masked, since `Debug` output ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyText(*****)")
    }
}

/// Why a text is not the last group of a product key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum LastFiveError {
    /// Not five bytes, as in `"DV9B"`.
    #[error("the last group of a key has 5 characters, this text has {got} bytes")]
    Length {
        /// The bytes that were given.
        got: usize,
    },
    /// A character that keys do not use, as in `"DV9BO"`.
    #[error("byte {index} is not a symbol of product keys")]
    Symbol {
        /// The byte of the first bad symbol, from 0.
        index: usize,
    },
}

/// The last five symbols of a key: WMI's `PartialProductKey`, slmgr's "Partial Product Key".
///
/// Not secret: Windows shows it to everybody. The last groups of all published keys differ, so it
/// names a published key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LastFive([u8; GROUP]);

impl LastFive {
    /// Reads five symbols, in either case.
    ///
    /// # Errors
    ///
    /// Another length (`""`), or a character that keys do not use (`"DV9BO"`), with its place.
    pub fn parse(text: &str) -> Result<Self, LastFiveError> {
        let Ok(mut symbols) = <[u8; GROUP]>::try_from(text.as_bytes()) else {
            return Err(LastFiveError::Length { got: text.len() });
        };
        symbols.make_ascii_uppercase();
        match symbols.iter().position(|symbol| !is_symbol(*symbol)) {
            Some(index) => Err(LastFiveError::Symbol { index }),
            None => Ok(Self(symbols)),
        }
    }

    /// The five symbols in upper case.
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The symbols as one number, for tables.
    pub(crate) const fn packed(self) -> u64 {
        let [a, b, c, d, e] = self.0;
        u64::from_le_bytes([a, b, c, d, e, 0, 0, 0])
    }
}

impl core::str::FromStr for LastFive {
    type Err = LastFiveError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for LastFive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for LastFive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LastFive({self})")
    }
}

crate::word::to_text!(LastFive);
crate::word::from_text!(LastFive, "the last five symbols of a product key");
