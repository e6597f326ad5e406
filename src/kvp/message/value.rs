//! The value block of GET, SET and ENUMERATE: a key and a value, 2572 bytes.
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 0 | 4 | value type |
//! | 4 | 4 | key size in bytes, its NUL included |
//! | 8 | 4 | value size in bytes, the NUL of a text included |
//! | 12 | 512 | key, UTF-16LE |
//! | 524 | 2048 | value: UTF-16LE, or a number of 4 or 8 bytes |

use core::fmt;

use super::super::code::ValueType;
use super::super::error::{MessageError, TextError, TextField, WriteError};
use super::super::layout::{field_mut, part, put, u32_at};
use super::super::text::Text;
use super::Tolerated;

/// Where the fields are, from the block's begin.
pub mod field {
    /// Value type, u32.
    pub const VALUE_TYPE: usize = 0;
    /// Key size, u32.
    pub const KEY_SIZE: usize = 4;
    /// Value size, u32.
    pub const VALUE_SIZE: usize = 8;
    /// The key.
    pub const KEY: usize = 12;
    /// The value.
    pub const VALUE: usize = 524;

    const _: () = assert!(KEY + super::KEY_LEN == VALUE && VALUE + super::VALUE_LEN == super::LEN);
}

/// Bytes of a key's field: 255 units and a NUL.
pub const KEY_LEN: usize = 512;
/// Bytes of a value's field: 1023 units and a NUL.
pub const VALUE_LEN: usize = 2048;
/// Bytes of the block.
pub const LEN: usize = 4 /* type */ + 4 /* key size */ + 4 /* value size */ + KEY_LEN + VALUE_LEN;

/// A value. Microsoft supports texts only; the others are in the protocol.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value<'a> {
    /// A text (type 1).
    Text(Text<'a>),
    /// A text with references to environment variables (type 2). Linux loses it.
    Expand(Text<'a>),
    /// A number (type 4). Linux stores it as decimal text.
    U32(u32),
    /// A number by the registry's type (11), as hosts send it. Linux loses it.
    U64(u64),
    /// A number by the type of Unix guests (8).
    UnixU64(u64),
    /// Another type, which only the lenient reader takes, such as 3 (binary). Up to 2048 bytes.
    Other {
        /// The type.
        value_type: ValueType,
        /// The bytes of the size that is declared, as far as the field goes.
        bytes: &'a [u8],
    },
}

impl<'a> Value<'a> {
    /// The type as it is written.
    pub const fn value_type(&self) -> ValueType {
        match self {
            Self::Text(_) => ValueType::STRING,
            Self::Expand(_) => ValueType::EXPAND_STRING,
            Self::U32(_) => ValueType::U32,
            Self::U64(_) => ValueType::U64,
            Self::UnixU64(_) => ValueType::UNIX_U64,
            Self::Other { value_type, .. } => *value_type,
        }
    }

    /// The text of a value that is one.
    pub const fn text(&self) -> Option<Text<'a>> {
        match self {
            Self::Text(text) | Self::Expand(text) => Some(*text),
            _ => None,
        }
    }

    /// The number of a value that is one, of whatever size and type.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::U32(number) => Some(u64::from(*number)),
            Self::U64(number) | Self::UnixU64(number) => Some(*number),
            _ => None,
        }
    }

    /// Bytes that it takes in its field.
    fn size(&self) -> Result<usize, TextError> {
        match self {
            Self::Text(text) | Self::Expand(text) => text.wide_size(VALUE_LEN),
            Self::U32(_) => Ok(4),
            Self::U64(_) | Self::UnixU64(_) => Ok(8),
            Self::Other { bytes, .. } if bytes.len() > VALUE_LEN => Err(TextError::TooLong {
                needed: bytes.len(),
                allowed: VALUE_LEN,
            }),
            Self::Other { bytes, .. } => Ok(bytes.len()),
        }
    }

    fn write(&self, size: usize, field: &mut [u8]) {
        let copy = |field: &mut [u8], bytes: &[u8]| {
            if let Some(room) = field.get_mut(..bytes.len()) {
                room.copy_from_slice(bytes);
            }
        };
        match self {
            Self::Text(text) | Self::Expand(text) => text.write_wide_sized(size, field),
            Self::U32(number) => copy(field, &number.to_le_bytes()),
            Self::U64(number) | Self::UnixU64(number) => copy(field, &number.to_le_bytes()),
            Self::Other { bytes, .. } => copy(field, bytes),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<Text<'a>> for Value<'a> {
    fn from(text: Text<'a>) -> Self {
        Self::Text(text)
    }
}

impl fmt::Debug for Value<'_> {
    /// Texts as [`Text`] shows them, bytes by their number only: they may hold a product key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({text:?})"),
            Self::Expand(text) => write!(f, "Expand({text:?})"),
            Self::U32(number) => write!(f, "U32({number})"),
            Self::U64(number) => write!(f, "U64({number})"),
            Self::UnixU64(number) => write!(f, "UnixU64({number})"),
            Self::Other { value_type, bytes } => {
                write!(f, "Other({value_type:?}, {} bytes)", bytes.len())
            }
        }
    }
}

/// A key and its value, as messages carry them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair<'a> {
    /// The key; may be empty.
    pub key: Text<'a>,
    /// The value.
    pub value: Value<'a>,
}

impl<'a> Pair<'a> {
    /// A key and a text.
    pub fn new(key: impl Into<Text<'a>>, value: impl Into<Value<'a>>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
        }
    }

    /// Reads a block that begins `at` bytes into the packet.
    #[inline]
    pub(super) fn read(block: &'a [u8; LEN], at: usize) -> Result<Self, MessageError> {
        match Self::sound(block) {
            Some(pair) => Ok(pair),
            None => Self::read_any(block, at),
        }
    }

    /// Key and text of a block without a fault, which nearly all are; apart from the others, so that
    /// their way is short.
    #[inline]
    fn sound(block: &'a [u8; LEN]) -> Option<Self> {
        if u32_at::<{ field::VALUE_TYPE }, _>(block) != ValueType::STRING.0 {
            return None;
        }
        let key = part::<{ field::KEY }, KEY_LEN, _>(block);
        let key = Text::sound(key, u32_at::<{ field::KEY_SIZE }, _>(block))?;
        let value = part::<{ field::VALUE }, VALUE_LEN, _>(block);
        let value = Text::sound(value, u32_at::<{ field::VALUE_SIZE }, _>(block))?;
        Some(Self {
            key,
            value: Value::Text(value),
        })
    }

    #[cold]
    fn read_any(block: &'a [u8; LEN], at: usize) -> Result<Self, MessageError> {
        let key = read_key(
            part::<{ field::KEY }, KEY_LEN, _>(block),
            u32_at::<{ field::KEY_SIZE }, _>(block),
            at + field::KEY,
        )?;
        let size = u32_at::<{ field::VALUE_SIZE }, _>(block);
        let bytes = part::<{ field::VALUE }, VALUE_LEN, _>(block);
        let text = || {
            Text::sized(bytes, size).map_err(|fault| MessageError::Text {
                field: TextField::Value,
                fault: fault.moved(at + field::VALUE),
            })
        };
        let number = |needed| {
            if size == needed {
                return Ok(());
            }
            Err(MessageError::NumberSize {
                at: at + field::VALUE_SIZE,
                needed,
                got: size,
            })
        };
        let value = match ValueType(u32_at::<{ field::VALUE_TYPE }, _>(block)) {
            ValueType::STRING => Value::Text(text()?),
            ValueType::EXPAND_STRING => Value::Expand(text()?),
            ValueType::U32 => {
                number(4)?;
                Value::U32(u32_at::<{ field::VALUE }, _>(block))
            }
            ValueType::U64 => {
                number(8)?;
                Value::U64(u64_of(bytes))
            }
            ValueType::UNIX_U64 => {
                number(8)?;
                Value::UnixU64(u64_of(bytes))
            }
            got => {
                return Err(MessageError::ValueType {
                    at: at + field::VALUE_TYPE,
                    got,
                });
            }
        };
        Ok(Self { key, value })
    }

    /// Reads whatever there is.
    pub(super) fn lenient(block: &'a [u8; LEN]) -> (Self, Tolerated) {
        let (key, mut tolerated) = lenient_key(
            part::<{ field::KEY }, KEY_LEN, _>(block),
            u32_at::<{ field::KEY_SIZE }, _>(block),
        );
        let size = u32_at::<{ field::VALUE_SIZE }, _>(block);
        let bytes = part::<{ field::VALUE }, VALUE_LEN, _>(block);
        let mut number = |needed| {
            if size != needed {
                tolerated |= Tolerated::NUMBER_SIZE;
            }
        };
        let value = match ValueType(u32_at::<{ field::VALUE_TYPE }, _>(block)) {
            ValueType::U32 => {
                number(4);
                Value::U32(u32_at::<{ field::VALUE }, _>(block))
            }
            ValueType::U64 => {
                number(8);
                Value::U64(u64_of(bytes))
            }
            ValueType::UNIX_U64 => {
                number(8);
                Value::UnixU64(u64_of(bytes))
            }
            value_type @ (ValueType::STRING | ValueType::EXPAND_STRING) => {
                let (text, more) = lenient_text(bytes, size);
                tolerated |= more;
                if value_type == ValueType::STRING {
                    Value::Text(text)
                } else {
                    Value::Expand(text)
                }
            }
            value_type => {
                tolerated |= Tolerated::VALUE_TYPE;
                let declared = usize::try_from(size)
                    .ok()
                    .and_then(|size| bytes.get(..size));
                if declared.is_none() {
                    tolerated |= Tolerated::TEXT_SIZE;
                }
                Value::Other {
                    value_type,
                    bytes: declared.unwrap_or(bytes),
                }
            }
        };
        (Self { key, value }, tolerated)
    }

    /// The sizes of key and value, if both can be written.
    pub(super) fn sizes(&self) -> Result<(usize, usize), WriteError> {
        let key = key_size(self.key)?;
        Ok((key, value_size(&self.value)?))
    }

    /// Writes key and value, of these [`sizes`](Self::sizes), and nothing behind them.
    pub(super) fn write(&self, (key, value): (usize, usize), block: &mut [u8; LEN]) {
        put::<{ field::KEY_SIZE }, 4, _>(block, number(key));
        self.key
            .write_wide_sized(key, field_mut::<{ field::KEY }, KEY_LEN, _>(block));
        write_value(&self.value, value, block);
    }
}

/// Writes a value of this size, with its type and size, as the answer to GET does.
pub(super) fn write_value(value: &Value<'_>, size: usize, block: &mut [u8; LEN]) {
    put::<{ field::VALUE_TYPE }, 4, _>(block, value.value_type().0.to_le_bytes());
    put::<{ field::VALUE_SIZE }, 4, _>(block, number(size));
    value.write(size, field_mut::<{ field::VALUE }, VALUE_LEN, _>(block));
}

/// A size as the field has it; none is above 2048.
pub(super) fn number(size: usize) -> [u8; 4] {
    u32::try_from(size).unwrap_or(u32::MAX).to_le_bytes()
}

/// Bytes of a key in its field.
pub(super) fn key_size(key: Text<'_>) -> Result<usize, WriteError> {
    key.wide_size(KEY_LEN).map_err(|fault| WriteError::Text {
        field: TextField::Key,
        fault,
    })
}

/// Bytes of a value in its field.
pub(super) fn value_size(value: &Value<'_>) -> Result<usize, WriteError> {
    value.size().map_err(|fault| WriteError::Text {
        field: TextField::Value,
        fault,
    })
}

/// A key of a declared size, whose field begins `at` bytes into the packet.
pub(super) fn read_key(
    bytes: &[u8; KEY_LEN],
    size: u32,
    at: usize,
) -> Result<Text<'_>, MessageError> {
    let key = if size == 0 {
        Err(TextError::Nothing)
    } else {
        Text::sized(bytes, size)
    };
    key.map_err(|fault| MessageError::Text {
        field: TextField::Key,
        fault: fault.moved(at),
    })
}

pub(super) fn lenient_key(bytes: &[u8; KEY_LEN], size: u32) -> (Text<'_>, Tolerated) {
    match size {
        0 => unsized_text(bytes, size),
        _ => lenient_text(bytes, size),
    }
}

fn lenient_text(bytes: &[u8], size: u32) -> (Text<'_>, Tolerated) {
    match Text::sized(bytes, size) {
        Ok(text) => (text, Tolerated::NOTHING),
        Err(_) => unsized_text(bytes, size),
    }
}

/// The text up to its first NUL, whatever its size is said to be; Linux reads it so.
fn unsized_text(bytes: &[u8], size: u32) -> (Text<'_>, Tolerated) {
    let (text, mut tolerated) = lenient_field(bytes);
    if usize::try_from(size) != Ok(2 * text.units_len() + 2) {
        tolerated |= Tolerated::TEXT_SIZE;
    }
    (text, tolerated)
}

/// The text of a field up to its first NUL, or all of it.
pub(super) fn lenient_field(bytes: &[u8]) -> (Text<'_>, Tolerated) {
    let (text, terminated) = Text::lenient(bytes);
    let mut tolerated = Tolerated::NOTHING;
    if !terminated {
        tolerated |= Tolerated::NO_NUL;
    }
    if text.unpaired_surrogate().is_some() {
        tolerated |= Tolerated::SURROGATE;
    }
    (text, tolerated)
}

fn u64_of(bytes: &[u8; VALUE_LEN]) -> u64 {
    u64::from_le_bytes(*part::<0, 8, _>(bytes))
}
