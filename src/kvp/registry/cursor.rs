//! A place in the bytes of an export, which are 8-bit or UTF-16LE text.

use alloc::string::String;

use super::RegistryFault;

const UTF16_MARK: &[u8] = &[0xFF, 0xFE];
const VERSION_5: &str = "Windows Registry Editor Version 5.00";
const VERSION_4: &str = "REGEDIT4";

/// A place between units of the text. A unit is a byte or two; the places are bytes of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether the text is UTF-16LE.
    wide: bool,
    /// Whether the header is that of version 5, whose `hex` texts are UTF-16LE.
    wide_hex: bool,
}

/// What is wrong with a text, and where.
type Fault = (usize, RegistryFault);

impl<'a> Cursor<'a> {
    /// After the header. Otherwise where the file stops to look like an export.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, Fault> {
        let wide = bytes.starts_with(UTF16_MARK);
        let at = if wide { UTF16_MARK.len() } else { 0 };
        let mut cursor = Self {
            bytes,
            at,
            wide,
            wide_hex: false,
        };
        cursor.wide_hex = cursor.take_all(VERSION_5);
        if !cursor.wide_hex && !cursor.take_all(VERSION_4) {
            return Err((at, RegistryFault::Header));
        }
        cursor.skip_blanks();
        if !cursor.is_at_line_end() {
            return Err((cursor.at, RegistryFault::Header));
        }
        cursor.skip_line();
        Ok(cursor)
    }

    /// A place where nothing more is read.
    pub(super) const fn at_end(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: bytes.len(),
            wide: false,
            wide_hex: false,
        }
    }

    /// The number of the line after the header, which ends before it or with the file.
    pub(super) fn line_after_header(&self) -> usize {
        1 + self.lines_between(0, self.at)
    }

    pub(super) const fn place(&self) -> usize {
        self.at
    }

    pub(super) const fn wide_hex(&self) -> bool {
        self.wide_hex
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    const fn step(&self) -> usize {
        if self.wide { 2 } else { 1 }
    }

    fn unit(&self, at: usize) -> Option<u16> {
        let rest = self.bytes.get(at..)?;
        match *rest {
            [low, high, ..] if self.wide => Some(u16::from_le_bytes([low, high])),
            [byte, ..] if !self.wide => Some(byte.into()),
            _ => None,
        }
    }

    /// The next unit; none at the end, or at a last byte of UTF-16 that has no other half.
    pub(super) fn peek(&self) -> Option<u16> {
        self.unit(self.at)
    }

    fn is_next(&self, wanted: char) -> bool {
        self.peek()
            .is_some_and(|unit| u32::from(unit) == u32::from(wanted))
    }

    pub(super) fn advance(&mut self) {
        self.at = self.bytes.len().min(self.at + self.step());
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let is_next = self.is_next(wanted);
        if is_next {
            self.advance();
        }
        is_next
    }

    /// Takes all of the text, or nothing; letters in any case.
    pub(super) fn take_all(&mut self, wanted: &str) -> bool {
        let start = self.at;
        for wanted in wanted.chars() {
            let is_next = self
                .ascii()
                .is_some_and(|c| c.eq_ignore_ascii_case(&wanted));
            if !is_next {
                self.at = start;
                return false;
            }
            self.advance();
        }
        true
    }

    /// The next unit, if it is ASCII.
    pub(super) fn ascii(&self) -> Option<char> {
        self.peek()
            .and_then(|unit| char::from_u32(unit.into()))
            .filter(char::is_ascii)
    }

    pub(super) fn skip_blanks(&mut self) {
        while matches!(self.ascii(), Some(' ' | '\t')) {
            self.advance();
        }
    }

    /// Whether the line or the text ends here.
    pub(super) fn is_at_line_end(&self) -> bool {
        matches!(self.ascii(), Some('\r' | '\n')) || self.is_at_end()
    }

    /// Goes to the beginning of the next line.
    pub(super) fn skip_line(&mut self) {
        while !self.is_at_line_end() {
            self.advance();
        }
        // CR LF is one line end, as either alone is.
        self.take('\r');
        self.take('\n');
    }

    /// Goes back to a place where the cursor has been.
    pub(super) fn go_to(&mut self, place: usize) {
        self.at = place;
    }

    /// The first such character that nothing but a comment follows in its line; the cursor does not
    /// move.
    pub(super) fn last_in_line(&self, wanted: char) -> Option<usize> {
        let mut ahead = *self;
        let mut last = None;
        while !ahead.is_at_line_end() {
            let at = ahead.at;
            match ahead.ascii() {
                Some(';') if last.is_some() => return last,
                Some(' ' | '\t') => {}
                Some(character) if character == wanted => last = Some(at),
                _ => last = None,
            }
            ahead.advance();
        }
        last
    }

    pub(super) fn lines_since(&self, start: usize) -> usize {
        self.lines_between(start, self.at)
    }

    /// The line ends between two places. CR LF is one; the place may be between the two.
    pub(super) fn lines_between(&self, start: usize, end: usize) -> usize {
        let mut ahead = Self { at: start, ..*self };
        let mut lines = 0;
        while ahead.at < end {
            let ended = ahead.is_at_line_end();
            if !ended {
                ahead.advance();
                continue;
            }
            ahead.skip_line();
            if ahead.at <= end {
                lines += 1;
            }
        }
        lines
    }

    /// The text between two places.
    pub(super) fn text(&self, start: usize, end: usize) -> Result<String, Fault> {
        let mut text = String::new();
        let mut ahead = Self { at: start, ..*self };
        while ahead.at < end {
            text.push(ahead.character()?);
        }
        Ok(text)
    }

    /// Takes a whole character: a byte of ASCII, a unit of UTF-16 or a pair.
    pub(super) fn character(&mut self) -> Result<char, Fault> {
        let at = self.at;
        let unit = self.peek();
        self.advance();
        let Some(unit) = unit else {
            return Err((at, RegistryFault::OddByte));
        };
        if unit == 0 {
            return Err((at, RegistryFault::Nul));
        }
        if !self.wide {
            return char::from_u32(unit.into())
                .filter(char::is_ascii)
                .ok_or((at, RegistryFault::CodePage));
        }
        if let Some(character) = char::from_u32(unit.into()) {
            return Ok(character);
        }
        let pair = [unit, self.peek().unwrap_or_default()];
        match char::decode_utf16(pair).next() {
            Some(Ok(character)) => {
                self.advance();
                Ok(character)
            }
            _ => Err((at, RegistryFault::UnpairedSurrogate)),
        }
    }
}
