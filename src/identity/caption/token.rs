//! The pieces of a text: runs of letters and of digits, without case and width.

/// Longer than any word that the reader knows, and than any image flag.
const TOKEN: usize = 48;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Letter,
    Digit,
    Separator,
}

/// The class of every ASCII character: most names hold nothing else.
static ASCII: [Class; 128] = {
    let mut classes = [Class::Separator; 128];
    let mut byte = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop, evaluated at compile time"
    )]
    while byte < 128_u8 {
        if byte.is_ascii_alphabetic() {
            classes[byte as usize] = Class::Letter;
        } else if byte.is_ascii_digit() {
            classes[byte as usize] = Class::Digit;
        }
        byte += 1;
    }
    classes
};

/// Letters without their case and width, as far as names of Windows need it.
#[inline]
pub(super) fn fold(c: char) -> (char, Class) {
    if let Some(class) = ASCII.get(c as usize) {
        return (c.to_ascii_lowercase(), *class);
    }
    match c {
        '\u{FF01}'..='\u{FF5E}' => fold(char::from_u32(c as u32 - 0xFEE0).unwrap_or(' ')),
        _ if c.is_alphabetic() => (c, Class::Letter),
        _ => (c, Class::Separator),
    }
}

/// A run of letters or of digits, folded; what does not fit is no name that the reader knows.
pub(super) struct Token {
    bytes: [u8; TOKEN],
    length: usize,
    pub(super) class: Class,
    /// No separator before it.
    pub(super) joined: bool,
}

impl Token {
    pub(super) const EMPTY: Self = Self {
        bytes: [0; TOKEN],
        length: 0,
        class: Class::Separator,
        joined: false,
    };

    /// The next run begins.
    pub(super) fn begin(&mut self, class: Class) {
        self.joined = self.class != Class::Separator;
        self.class = class;
        self.length = 0;
    }

    pub(super) fn push(&mut self, c: char) {
        let mut utf8 = [0; 4];
        if c.is_ascii() {
            self.push_byte(c as u8);
        } else {
            for byte in c.encode_utf8(&mut utf8).bytes() {
                self.push_byte(byte);
            }
        }
    }

    fn push_byte(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = byte;
        }
        self.length += 1;
    }

    /// `None` where it was too long.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        self.bytes.get(..self.length)
    }
}
