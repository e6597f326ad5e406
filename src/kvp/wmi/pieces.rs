//! A text that holds any number of items, cut into its elements.

use super::WmiItemError;

/// The deepest nesting that is read; an item has 3 levels, its qualifiers 4.
pub const MAX_DEPTH: usize = 16;

/// How an item begins.
pub(super) const INSTANCE: &str = "<INSTANCE";

/// A part of the text that is one whole element, with what comes before it.
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    /// Its place in the whole text.
    pub(super) start: usize,
}

/// The next occurrence of a mark, kept until it is passed, so that looking for it again and again
/// stays linear in a text that never has it.
pub(crate) struct Mark {
    text: &'static str,
    next: Option<usize>,
    searched: bool,
}

impl Mark {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self {
            text,
            next: None,
            searched: false,
        }
    }

    pub(crate) fn at_or_after(&mut self, text: &str, from: usize) -> Option<usize> {
        match self.next {
            Some(next) if next >= from => {}
            None if self.searched => {}
            _ => {
                self.searched = true;
                self.next = text
                    .get(from..)
                    .and_then(|rest| rest.find(self.text))
                    .map(|place| from + place);
            }
        }
        self.next
    }
}

/// Cuts the text into its elements without trusting it: a new `<INSTANCE` within one means that the
/// first is broken.
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    instance: Mark,
    dashes: Mark,
    cdata_end: Mark,
    instruction_end: Mark,
    /// A declaration had no end; looking for one again and again would not be linear.
    endless: bool,
}

/// What the tokens of a piece have shown so far.
#[derive(Default)]
struct Seen {
    depth: usize,
    fault: Option<WmiItemError>,
    dtd: Option<usize>,
}

impl Seen {
    /// The first fault of a piece is the one that is told.
    fn note(&mut self, fault: WmiItemError) {
        self.fault.get_or_insert(fault);
    }
}

/// What a token means for the piece that it is in.
enum Token {
    /// The piece goes on at this byte.
    Next(usize),
    /// The piece ends before this byte.
    End(usize),
    /// The piece is broken at this byte; the next one begins with the next `<INSTANCE`.
    Broken(usize),
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            instance: Mark::new(INSTANCE),
            dashes: Mark::new("--"),
            cdata_end: Mark::new("]]>"),
            instruction_end: Mark::new("?>"),
            endless: false,
        }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn starts(&self, at: usize, mark: &str) -> bool {
        self.text
            .as_bytes()
            .get(at..)
            .is_some_and(|rest| rest.starts_with(mark.as_bytes()))
    }

    fn is_instance(&self, at: usize) -> bool {
        self.starts(at, INSTANCE)
            && self
                .byte(at + INSTANCE.len())
                .is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
    }

    fn find_byte(&self, from: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let rest = self.text.as_bytes().get(from..)?;
        rest.iter()
            .position(|byte| wanted(*byte))
            .map(|place| from + place)
    }

    /// Where the next item begins; the end of the text where there is none.
    fn next_instance(&mut self, from: usize) -> usize {
        let mut from = from;
        while let Some(at) = self.instance.at_or_after(self.text, from) {
            if self.is_instance(at) {
                return at;
            }
            from = at + 1;
        }
        self.text.len()
    }

    fn token(&mut self, at: usize, seen: &mut Seen) -> Token {
        if self.byte(at) == Some(b'&') {
            self.reference(at, seen);
            return Token::Next(at + 1);
        }
        let text = self.text;
        let after = |end: Option<usize>, len: usize| {
            end.map_or(Token::Broken(at + 1), |end| Token::Next(end + len))
        };
        // The byte after `<` tells the tokens apart; most are tags.
        match self.byte(at + 1) {
            // Two hyphens within a comment are no comment's: so it was none.
            Some(b'!') if self.starts(at, "<!--") => {
                let end = self.dashes.at_or_after(text, at + 4);
                after(end.filter(|end| self.starts(*end, "-->")), 3)
            }
            Some(b'!') if self.starts(at, "<![CDATA[") => {
                after(self.cdata_end.at_or_after(text, at + 9), 3)
            }
            Some(b'!') => {
                seen.dtd.get_or_insert(at);
                // Before an element a declaration may hold anything. Within a value a lone `<!` must
                // not hide the items behind it, nor must one that does not end.
                let may_be_long = seen.depth == 0 && !self.endless;
                let limit = if may_be_long {
                    text.len()
                } else {
                    self.next_instance(at)
                };
                if let Some(end) = self.declaration_end(at, limit) {
                    Token::Next(end)
                } else {
                    self.endless |= may_be_long;
                    Token::Broken(at + 1)
                }
            }
            Some(b'?') => after(self.instruction_end.at_or_after(text, at + 2), 2),
            Some(b'/') => match self.find_byte(at + 2, |byte| matches!(byte, b'<' | b'>')) {
                Some(end) if self.byte(end) == Some(b'>') => match seen.depth {
                    0 => Token::Broken(end),
                    1 => Token::End(end + 1),
                    _ => {
                        seen.depth -= 1;
                        Token::Next(end + 1)
                    }
                },
                end => Token::Broken(end.unwrap_or(text.len())),
            },
            Some(b'I') if seen.depth > 0 && self.is_instance(at) => Token::Broken(at),
            _ => self.start_tag(at, seen),
        }
    }

    fn start_tag(&self, at: usize, seen: &mut Seen) -> Token {
        let mut place = at + 1;
        loop {
            let stop = |byte| matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\'');
            let Some(found) = self.find_byte(place, stop) else {
                return Token::Broken(self.text.len());
            };
            place = found + 1;
            match self.byte(found) {
                Some(quote @ (b'"' | b'\'')) => match self.after_quoted(place, quote, seen) {
                    Ok(after) => place = after,
                    Err(broken) => return Token::Broken(broken),
                },
                Some(b'&') => self.reference(found, seen),
                Some(b'>') => {
                    let closed = self.byte(found - 1) == Some(b'/');
                    if closed && seen.depth == 0 {
                        return Token::End(place);
                    }
                    if !closed {
                        seen.depth += 1;
                        if seen.depth > MAX_DEPTH {
                            seen.note(WmiItemError::TooDeep { at, max: MAX_DEPTH });
                        }
                    }
                    return Token::Next(place);
                }
                _ => return Token::Broken(found),
            }
        }
    }

    /// The byte after a quoted text that begins here, or where it breaks off.
    fn after_quoted(&self, from: usize, quote: u8, seen: &mut Seen) -> Result<usize, usize> {
        let mut place = from;
        loop {
            let stop = |byte| byte == quote || byte == b'<' || byte == b'&';
            let Some(found) = self.find_byte(place, stop) else {
                return Err(self.text.len());
            };
            place = found + 1;
            match self.byte(found) {
                Some(b'&') => self.reference(found, seen),
                // Not even within quotes.
                Some(b'<') => return Err(found),
                _ => return Ok(place),
            }
        }
    }

    fn reference(&self, at: usize, seen: &mut Seen) {
        if !is_character(self.text, at) {
            seen.note(WmiItemError::NotACharacter { at });
        }
    }

    /// The end of `<!DOCTYPE … [ … ]>`: the first `>` outside of quotes and brackets, before `limit`.
    fn declaration_end(&self, at: usize, limit: usize) -> Option<usize> {
        let mut quote = None;
        let mut brackets = 0_usize;
        for (place, byte) in (at..).zip(self.text.get(at..limit)?.bytes()) {
            match byte {
                b'"' | b'\'' if quote.is_none() => quote = Some(byte),
                _ if quote == Some(byte) => quote = None,
                _ if quote.is_some() => {}
                b'[' => brackets += 1,
                b']' => brackets = brackets.saturating_sub(1),
                b'>' if brackets == 0 => return Some(place + 1),
                _ => {}
            }
        }
        None
    }

    /// `None` where only comments and instructions are left.
    fn piece(&mut self, start: usize) -> Result<Option<Piece<'a>>, WmiItemError> {
        let mut seen = Seen::default();
        let mut place = start;
        let (end, broken) = loop {
            let token = self.find_byte(place, |byte| matches!(byte, b'<' | b'&'));
            let between = self.text.get(place..token.unwrap_or(self.text.len()));
            if seen.depth == 0 && !between.unwrap_or_default().trim().is_empty() {
                seen.note(WmiItemError::NotXml { at: place });
                break (self.next_instance(place), true);
            }
            let Some(token) = token else {
                if seen.depth == 0 && seen.fault.is_none() && seen.dtd.is_none() {
                    self.at = self.text.len();
                    return Ok(None);
                }
                break (self.text.len(), true);
            };
            match self.token(token, &mut seen) {
                Token::Next(next) => place = next,
                Token::End(end) => break (end, false),
                Token::Broken(at) => {
                    let end = self.next_instance(at.max(start + 1));
                    seen.note(WmiItemError::Malformed { at });
                    break (end, true);
                }
            }
        };
        self.at = end;
        if let Some(at) = seen.dtd {
            return Err(WmiItemError::Dtd { at });
        }
        match seen.fault {
            Some(fault) => Err(fault),
            None if broken => Err(WmiItemError::Malformed { at: end }),
            None => self
                .text
                .get(start..end)
                .map(|text| Some(Piece { text, start }))
                .ok_or(WmiItemError::Malformed { at: start }),
        }
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Result<Piece<'a>, WmiItemError>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..)?;
        let blank = rest.len() - rest.trim_start().len();
        if blank == rest.len() {
            return None;
        }
        self.piece(self.at + blank).transpose()
    }
}

/// Whether the character reference at `at` denotes a legal XML 1.0 character.
///
/// The tree builder would put U+FFFD in the place of half a surrogate pair, and a name must never
/// be changed in silence.
pub(crate) fn is_character(text: &str, at: usize) -> bool {
    let Some(number) = text.get(at..).and_then(|rest| rest.strip_prefix("&#")) else {
        return true;
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let mut code = 0_u32;
    let mut any = false;
    for digit in digits.chars().map_while(|digit| digit.to_digit(radix)) {
        any = true;
        code = code.saturating_mul(radix).saturating_add(digit);
    }
    // Without digits it is not well formed, which the parser says better.
    !any || matches!(code, 0x9 | 0xA | 0xD | 0x20..=0xD7FF | 0xE000..=0xFFFD | 0x1_0000..=0x10_FFFF)
}
