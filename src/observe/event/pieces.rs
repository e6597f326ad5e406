//! A text that holds any number of events, cut into its `Event` elements.
//!
//! The text is not trusted: a new `<Event` within an event means that the first one is broken, and
//! whatever breaks an event, the next one begins with the next `<Event`. One in a comment or in CDATA
//! is none. Every byte is looked at a bounded number of times.

use alloc::vec::Vec;

use super::{EventError, EventFault};
use crate::kvp::wmi::{Mark, is_character};

/// The deepest nesting that is read, within an event and around events; an event of AVMA has 4
/// levels.
pub const MAX_DEPTH: usize = 32;
/// The attributes of one element that are read; those of events have 4 at most.
pub const MAX_ATTRIBUTES: usize = 64;
/// How many bytes a prefix before `:Event` may have.
const MAX_PREFIX: usize = 64;
/// The byte order mark.
const MARK: char = '\u{FEFF}';
const COMMENT: &str = "<!--";
const CDATA: &str = "<![CDATA[";
const DOCTYPE: &str = "<!DOCTYPE";

/// One whole element.
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    /// Its place in the whole text.
    pub(super) start: usize,
}

/// A fault and the byte of the whole text where it is.
pub(super) type At<T> = (usize, T);

/// A start tag.
struct Tag<'a> {
    /// With its prefix.
    name: &'a str,
    /// The byte after it.
    end: usize,
    /// Whether it is its own end, `<a/>`.
    is_empty: bool,
    /// The first reference in it to what is no character.
    not_a_character: Option<usize>,
}

/// An element around the events.
pub(super) struct Wrapper<'a> {
    name: &'a str,
    /// The whole start tag.
    pub(super) tag: &'a str,
}

impl Wrapper<'_> {
    /// With its prefix.
    pub(super) const fn name(&self) -> &str {
        self.name
    }
}

/// What is not a tag.
enum Other {
    Comment,
    Cdata,
    Instruction,
    Declaration,
}

pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    comment_end: Mark,
    cdata_end: Mark,
    instruction_end: Mark,
    /// The elements that are open around the events.
    pub(super) wrappers: Vec<Wrapper<'a>>,
    /// What follows is the rest of something broken, of which has been told.
    of_broken: bool,
    /// A declaration had no end; looking for one again and again would not be linear.
    endless: bool,
    /// An event was met, or a fault.
    any: bool,
    /// The first element that is neither an event nor around events by its name.
    foreign: Option<usize>,
    /// How far lines have been counted, and the line there, from 1.
    counted: (usize, usize),
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            comment_end: Mark::new("-->"),
            cdata_end: Mark::new("]]>"),
            instruction_end: Mark::new("?>"),
            wrappers: Vec::new(),
            of_broken: false,
            endless: false,
            any: false,
            foreign: None,
            counted: (0, 1),
        }
    }

    /// The fault with its line. Faults come in the order of the text, so each line is counted once.
    pub(super) fn error(&mut self, (at, fault): At<EventFault>) -> EventError {
        self.any = true;
        let (from, line) = if at < self.counted.0 {
            (0, 1)
        } else {
            self.counted
        };
        let bytes = self.text.as_bytes().get(from..at).unwrap_or_default();
        let line = line + bytes.iter().filter(|byte| **byte == b'\n').count();
        self.counted = (at, line);
        EventError { line, at, fault }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn starts(&self, at: usize, mark: &str) -> bool {
        let rest = self.text.as_bytes().get(at..);
        rest.is_some_and(|rest| rest.starts_with(mark.as_bytes()))
    }

    fn find_byte(&self, from: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let rest = self.text.as_bytes().get(from..)?;
        let place = rest.iter().position(|byte| wanted(*byte))?;
        Some(from + place)
    }

    /// Whether an event begins at this `<`: `<Event`, with a prefix or without.
    fn is_event(&self, at: usize) -> bool {
        let rest = self.text.as_bytes().get(at + 1..).unwrap_or_default();
        // A declaration or an instruction, whatever its name.
        if matches!(rest.first(), Some(b'!' | b'?')) {
            return false;
        }
        let window = rest.get(..MAX_PREFIX).unwrap_or(rest);
        let colon = window
            .iter()
            .position(|byte| byte.is_ascii_whitespace() || b"<>/:=\"'".contains(byte))
            .filter(|place| window.get(*place) == Some(&b':'));
        let local = rest.get(colon.map_or(0, |colon| colon + 1)..);
        let after = local.and_then(|local| local.strip_prefix(b"Event"));
        // At the end of the text it may as well be `<EventData`.
        let next = after.and_then(<[u8]>::first);
        next.is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
    }

    /// What begins at this `<` other than a tag, and the byte after it where it ends.
    fn other(&mut self, at: usize) -> Option<(Other, Option<usize>)> {
        let text = self.text;
        let after = |end: Option<usize>, len: usize| end.map(|end| end + len);
        Some(match self.byte(at + 1)? {
            b'?' => (
                Other::Instruction,
                after(self.instruction_end.at_or_after(text, at + 2), 2),
            ),
            b'!' if self.starts(at, COMMENT) => (
                Other::Comment,
                after(self.comment_end.at_or_after(text, at + COMMENT.len()), 3),
            ),
            b'!' if self.starts(at, CDATA) => (
                Other::Cdata,
                after(self.cdata_end.at_or_after(text, at + CDATA.len()), 3),
            ),
            b'!' => (Other::Declaration, None),
            _ => return None,
        })
    }

    /// Whether a comment has two hyphens within, which XML does not allow.
    fn has_hyphens(&self, at: usize, end: usize) -> bool {
        let within = self.text.get(at + COMMENT.len()..end.saturating_sub(3));
        within.is_some_and(|within| within.contains("--") || within.ends_with('-'))
    }

    /// The end of `<!DOCTYPE … [ … ]>`: after the first `>` outside of quotes and brackets. Within them
    /// a declaration before anything else may hold whatever it likes; elsewhere it must not hide an
    /// event, and `Err` is where it gives up.
    fn declaration_end(&self, at: usize, may_hold_events: bool) -> Result<usize, usize> {
        let mut quote = None;
        let mut brackets = 0_usize;
        let bytes = self.text.as_bytes().get(at..).unwrap_or_default();
        for (place, byte) in (at..).zip(bytes.iter().copied()) {
            match byte {
                b'<' if !(may_hold_events && (quote.is_some() || brackets > 0))
                    && self.is_event(place) =>
                {
                    return Err(place);
                }
                b'"' | b'\'' if quote.is_none() => quote = Some(byte),
                _ if quote == Some(byte) => quote = None,
                _ if quote.is_some() => {}
                b'[' => brackets += 1,
                b']' => brackets = brackets.saturating_sub(1),
                b'>' if brackets == 0 => return Ok(place + 1),
                _ => {}
            }
        }
        Err(self.text.len())
    }

    /// The start tag at this `<`.
    fn start_tag(&self, at: usize) -> Result<Tag<'a>, At<EventFault>> {
        let malformed = |at| (at, EventFault::Malformed);
        let is_end = |byte: u8| byte.is_ascii_whitespace() || b"<>/=\"'&".contains(&byte);
        let name_end = self.find_byte(at + 1, is_end);
        let name_end = name_end.unwrap_or(self.text.len());
        let name = self.text.get(at + 1..name_end).unwrap_or_default();
        if name.is_empty() {
            return Err(malformed(at));
        }
        let (mut place, mut attributes, mut not_a_character) = (name_end, 0, None);
        let mut quote: Option<u8> = None;
        loop {
            let stop = |byte| match quote {
                Some(quote) => byte == quote || matches!(byte, b'<' | b'&'),
                None => matches!(byte, b'<' | b'>' | b'&' | b'"' | b'\''),
            };
            let found = self.find_byte(place, stop);
            let found = found.ok_or(malformed(self.text.len()))?;
            place = found + 1;
            match self.byte(found) {
                // Not even within quotes.
                Some(b'<') => return Err(malformed(found)),
                Some(b'&') => {
                    if !is_character(self.text, found) {
                        not_a_character.get_or_insert(found);
                    }
                }
                Some(b'>') => {
                    return Ok(Tag {
                        name,
                        end: place,
                        is_empty: self.byte(found - 1) == Some(b'/'),
                        not_a_character,
                    });
                }
                _ if quote.is_some() => quote = None,
                opened => {
                    quote = opened;
                    attributes += 1;
                    if attributes > MAX_ATTRIBUTES {
                        let max = MAX_ATTRIBUTES;
                        return Err((at, EventFault::TooManyAttributes { max }));
                    }
                }
            }
        }
    }

    /// The name in the end tag at this `</`, and the byte after it.
    fn end_tag(&self, at: usize) -> Result<(&'a str, usize), At<EventFault>> {
        let found = self.find_byte(at + 2, |byte| matches!(byte, b'<' | b'>'));
        match found {
            Some(end) if self.byte(end) == Some(b'>') => {
                let name = self.text.get(at + 2..end).unwrap_or_default();
                Ok((name.trim_end(), end + 1))
            }
            end => Err((end.unwrap_or(self.text.len()), EventFault::Malformed)),
        }
    }

    /// Goes to the next event; `None` at the end of the text. Markup around events is passed; what
    /// does not belong there is a fault, and one fault is told once.
    fn find_event(&mut self) -> Result<Option<usize>, At<EventFault>> {
        loop {
            let next = self.find_byte(self.at, |byte| byte == b'<');
            let end = next.unwrap_or(self.text.len());
            let between = self.text.get(self.at..end).unwrap_or_default();
            // Files that were put together each bring their byte order mark.
            let is_blank = |c: char| c.is_whitespace() || c == MARK;
            let blank = between.len() - between.trim_start_matches(is_blank).len();
            let text_at = self.at + blank;
            self.at = end;
            if blank < between.len() && !self.of_broken {
                return Err((text_at, EventFault::Text));
            }
            let Some(at) = next else { return Ok(None) };
            if self.is_event(at) {
                self.any = true;
                self.of_broken = false;
                return Ok(Some(at));
            }
            if let Err(fault) = self.pass(at) {
                if !core::mem::replace(&mut self.of_broken, true) {
                    return Err(fault);
                }
            }
        }
    }

    /// Passes the markup at this `<`, which begins no event.
    fn pass(&mut self, at: usize) -> Result<(), At<EventFault>> {
        let malformed = (at, EventFault::Malformed);
        match self.other(at) {
            Some((Other::Declaration, _)) => {
                let is_first = self.starts(at, DOCTYPE)
                    && self.wrappers.is_empty()
                    && !self.of_broken
                    && !self.endless;
                self.at = match self.declaration_end(at, is_first) {
                    Ok(end) => end,
                    Err(stop) if stop < self.text.len() || !is_first => stop,
                    Err(_) => {
                        self.endless = true;
                        at + DOCTYPE.len()
                    }
                };
                return Err((at, EventFault::Dtd));
            }
            Some((other, Some(end))) => {
                self.at = end;
                return match other {
                    Other::Comment if self.has_hyphens(at, end) => Err(malformed),
                    Other::Cdata => Err((at, EventFault::Text)),
                    _ => Ok(()),
                };
            }
            Some((_, None)) => {
                self.at = at + 2;
                return Err(malformed);
            }
            None => {}
        }
        if self.byte(at + 1) == Some(b'/') {
            let (name, end) = self.end_tag(at).inspect_err(|(stop, _)| self.at = *stop)?;
            self.at = end;
            let own = self.wrappers.last().is_some_and(|open| open.name == name);
            if own {
                self.wrappers.pop();
                return Ok(());
            }
            // In the rest of a broken event any end tag may come; nobody is told then.
            return Err(malformed);
        }
        let tag = self.start_tag(at).inspect_err(|(stop, _)| {
            self.at = (*stop).max(at + 1);
        })?;
        self.at = tag.end;
        let is_events = tag.name.rsplit(':').next() == Some("Events");
        if !is_events {
            self.foreign.get_or_insert(at);
        }
        // So may any start tag, but for the one that begins another file.
        if tag.is_empty || self.of_broken && !is_events {
            return Ok(());
        }
        if self.wrappers.len() == MAX_DEPTH {
            return Err((at, EventFault::TooDeep { max: MAX_DEPTH }));
        }
        self.wrappers.push(Wrapper {
            name: tag.name,
            tag: self.text.get(at..tag.end).unwrap_or_default(),
        });
        Ok(())
    }

    /// Takes the event that begins here. `self.at` is then after it, or where what is left of it
    /// begins.
    fn take(&mut self, start: usize) -> Result<Piece<'a>, At<EventFault>> {
        let mut open: Vec<&str> = Vec::new();
        // The first fault of an event is the one that is told.
        let mut first: Option<At<EventFault>> = None;
        let mut place = start;
        let broken = loop {
            let token = self.find_byte(place, |byte| matches!(byte, b'<' | b'&'));
            let Some(at) = token else {
                self.at = self.text.len();
                break (self.text.len(), EventFault::Malformed);
            };
            if self.byte(at) == Some(b'&') {
                if !is_character(self.text, at) {
                    first.get_or_insert((at, EventFault::NotACharacter));
                }
                place = at + 1;
                continue;
            }
            match self.other(at) {
                Some((Other::Declaration, _)) => {
                    self.at = at;
                    break (at, EventFault::Dtd);
                }
                Some((other, Some(end))) => {
                    if matches!(other, Other::Comment) && self.has_hyphens(at, end) {
                        first.get_or_insert((at, EventFault::Malformed));
                    }
                    place = end;
                    continue;
                }
                Some((_, None)) => {
                    self.at = at + 2;
                    break (at, EventFault::Malformed);
                }
                None => {}
            }
            if self.byte(at + 1) == Some(b'/') {
                match self.end_tag(at) {
                    Ok((name, end)) if open.last() == Some(&name) => {
                        open.pop();
                        place = end;
                    }
                    // Perhaps the end of what is around the event.
                    Ok(_) => {
                        self.at = at;
                        break (at, EventFault::Malformed);
                    }
                    Err(fault) => {
                        self.at = fault.0;
                        break fault;
                    }
                }
            } else {
                if at > start && self.is_event(at) {
                    self.at = at;
                    break (at, EventFault::Malformed);
                }
                match self.start_tag(at) {
                    Ok(tag) => {
                        if let Some(at) = tag.not_a_character {
                            first.get_or_insert((at, EventFault::NotACharacter));
                        }
                        if !tag.is_empty {
                            open.push(tag.name);
                        }
                        place = tag.end;
                    }
                    Err(fault) => {
                        self.at = fault.0.max(at + 1);
                        break fault;
                    }
                }
                if open.len() > MAX_DEPTH {
                    self.at = place;
                    break (at, EventFault::TooDeep { max: MAX_DEPTH });
                }
            }
            if open.is_empty() {
                self.at = place;
                let text = self.text.get(start..place).unwrap_or_default();
                return first.map_or(Ok(Piece { text, start }), Err);
            }
        };
        self.of_broken = true;
        Err(first.unwrap_or(broken))
    }

    /// What is wrong at the end of the text.
    fn at_end(&mut self) -> Option<At<EventFault>> {
        let open = !core::mem::take(&mut self.wrappers).is_empty();
        if open && !core::mem::replace(&mut self.of_broken, true) {
            return Some((self.text.len(), EventFault::NotClosed));
        }
        let foreign = self.foreign.take().filter(|_| !self.any)?;
        Some((foreign, EventFault::NoEvent))
    }

    /// The next event, or what is wrong there.
    pub(super) fn step(&mut self) -> Option<Result<Piece<'a>, At<EventFault>>> {
        match self.find_event() {
            Ok(Some(start)) => Some(self.take(start)),
            Ok(None) => self.at_end().map(Err),
            Err(fault) => Some(Err(fault)),
        }
    }
}
