//! Lines and columns.

use core::fmt;

/// Where a byte of a text stands, as editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1. A tab is one character.
    pub column: usize,
}

/// Places in one text, for bytes in ascending order: the text is read once.
///
/// ```
/// use avma::scan::Places;
///
/// let mut places = Places::of("größer\nals");
/// let place = places.of_byte(10);
/// assert_eq!((place.line, place.column), (2, 2));
/// ```
#[derive(Clone)]
pub struct Places<'t> {
    text: &'t str,
    /// The byte up to which was counted.
    at: usize,
    place: Place,
}

impl fmt::Debug for Places<'_> {
    /// Without the text, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Places")
            .field("at", &self.at)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl<'t> Places<'t> {
    /// Of a text whose lines end in `\n`, with `\r` before it or without.
    pub const fn of(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            place: Place { line: 1, column: 1 },
        }
    }

    /// The place of a byte. One before the last that was asked for makes it begin anew; one behind
    /// the text counts as its end.
    pub fn of_byte(&mut self, byte: usize) -> Place {
        if byte < self.at {
            *self = Self::of(self.text);
        }
        let byte = byte.min(self.text.len());
        let passed = self.text.as_bytes().get(self.at..byte);
        for byte in passed.unwrap_or_default() {
            match byte {
                b'\n' => {
                    self.place.line += 1;
                    self.place.column = 1;
                }
                // It goes on with a character.
                0x80..=0xBF => {}
                _ => self.place.column += 1,
            }
        }
        self.at = byte;
        self.place
    }
}
