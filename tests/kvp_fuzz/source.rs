//! A fuzzer's bytes as choices, numbers and texts. Where they run out, there are zeroes.

#![allow(
    dead_code,
    reason = "not every target takes every kind of input from its bytes"
)]

/// Characters at which readers and writers part ways: NUL, controls, line ends, markup, the ends of
/// each length in UTF-8 and UTF-16, neighbours of surrogates, what XML lacks.
const ODD: [char; 28] = [
    'a',
    'Z',
    '0',
    '.',
    '\0',
    '\u{1}',
    '\t',
    '\n',
    '\r',
    ' ',
    '"',
    '\\',
    '&',
    '<',
    '>',
    ']',
    ';',
    '=',
    '\u{7F}',
    '\u{80}',
    '\u{7FF}',
    '\u{800}',
    '\u{D7FF}',
    '\u{E000}',
    '\u{FEFF}',
    '\u{FFFE}',
    '\u{1_0000}',
    '\u{10_FFFF}',
];

#[derive(Clone, Debug)]
pub struct Source<'a> {
    rest: &'a [u8],
}

impl<'a> Source<'a> {
    pub fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.rest)
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let taken = self.take(N);
        array[..taken.len()].copy_from_slice(taken);
        array
    }

    fn take(&mut self, most: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(most.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    pub fn byte(&mut self) -> u8 {
        self.array::<1>()[0]
    }

    pub fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    pub fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    pub fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A number below `count`, by one byte where that is enough.
    pub fn below(&mut self, count: usize) -> usize {
        let number = if count <= 256 {
            usize::from(self.byte())
        } else {
            usize::from(self.u16())
        };
        number % count.max(1)
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Not more than `most` bytes as they are.
    pub fn bytes(&mut self, most: usize) -> &'a [u8] {
        let count = self.below(most + 1);
        self.take(count)
    }

    /// A text, at times about as long as a field of `most` units can hold.
    pub fn text(&mut self, most: usize) -> String {
        match self.below(4) {
            0 => String::from_utf8_lossy(self.bytes(most)).into_owned(),
            1 => {
                let filler = self.pick(&ODD);
                let one = if self.flag() {
                    filler.len_utf8()
                } else {
                    filler.len_utf16()
                };
                let count = (most / one + self.below(5)).saturating_sub(2);
                std::iter::repeat_n(filler, count).collect()
            }
            2 => (0..self.below(12)).map(|_| self.pick(&ODD)).collect(),
            _ => {
                let bytes = self.bytes(24);
                bytes.iter().map(|b| char::from(b' ' + b % 95)).collect()
            }
        }
    }

    /// Pieces of a language in any order, among them pieces of no language.
    pub fn mixture(&mut self, pieces: &[&str]) -> String {
        let mut text = String::new();
        while !self.is_empty() && text.len() < 1 << 16 {
            match self.below(pieces.len() + 2) {
                0 => text.push(self.pick(&ODD)),
                1 => text.push(char::from(self.byte())),
                piece => text.push_str(pieces[piece - 2]),
            }
        }
        text
    }

    /// Changes a few bytes, mostly near the begin, where headers are; cuts at times.
    pub fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..self.below(6) {
            let within = if self.flag() {
                bytes.len()
            } else {
                bytes.len().min(64)
            };
            let at = self.below(within);
            let byte = self.byte();
            if let Some(room) = bytes.get_mut(at) {
                *room = byte;
            }
        }
        if self.below(4) == 3 {
            let end = self.below(bytes.len() + 1);
            bytes.truncate(end);
        }
    }
}
