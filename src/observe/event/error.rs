//! Why an event is not read, or not written.

use super::EventId;

/// Why an event in XML cannot be read. The events before and after it are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("line {line}, byte {at}: {fault}")]
pub struct EventError {
    /// The line of the fault, from 1.
    pub line: usize,
    /// The byte of the text that was handed in, from 0.
    pub at: usize,
    /// What is wrong.
    pub fault: EventFault,
}

/// What is wrong with an event in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum EventFault {
    /// Text where only events are, as in `pas du xml` or in `<Event>…</Event> and more`.
    #[error("text between the events")]
    Text,
    /// XML without any event in it, as in `<Objects/>`.
    #[error("XML that holds no event")]
    NoEvent,
    /// Not well formed, or cut off, as in an event without its `</Event>`.
    #[error("the XML is not well formed or cut off")]
    Malformed,
    /// The element around the events has no end: what followed is missing.
    #[error("the element around the events is not closed, the text may be cut off")]
    NotClosed,
    /// A document type declaration. Windows never writes one; entities could grow without bounds.
    #[error("a document type declaration is refused")]
    Dtd,
    /// What is no character, as `&#xD800;` (half of a surrogate pair), `&#0;` or a bare U+0001.
    #[error("not a character of XML")]
    NotACharacter,
    /// An event larger than any that Windows writes.
    #[error("the event has {got} bytes, at most {max} are read")]
    TooLarge {
        /// The bytes of the event.
        got: usize,
        /// The bytes that are read.
        max: usize,
    },
    /// Elements within elements, deeper than events have them.
    #[error("more than {max} elements within each other")]
    TooDeep {
        /// The depth that is read.
        max: usize,
    },
    /// An element with more attributes than events have.
    #[error("more than {max} attributes")]
    TooManyAttributes {
        /// The attributes that are read.
        max: usize,
    },
    /// An element or attribute without which nobody can tell what the event is.
    #[error("the event has no {0}")]
    Missing(&'static str),
    /// An element that is given twice; which one counts cannot be told.
    #[error("{0} is given twice")]
    Twice(&'static str),
    /// A value that its element or attribute cannot hold, as in `<EventID>many</EventID>`.
    #[error("{0} is not what it should be: {expected}", expected = expected(.0))]
    Value(&'static str),
    /// Something that is no part of such an element, as an element within `Data`.
    #[error("not a part of {0}")]
    Unexpected(&'static str),
}

fn expected(what: &str) -> &'static str {
    match what {
        "SystemTime" => "a time in UTC",
        "Guid" => "a GUID",
        "Keywords" => "a number of 64 bits, in hexadecimal with 0x",
        "EventRecordID" => "a number of 64 bits",
        _ => "a number of 32 bits",
    }
}

/// Why an event is not written as XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum NotWritten {
    /// A character that XML 1.0 cannot carry, not even as a reference, as in `"a\u{1}"`.
    #[error("byte {at} of {what}: XML cannot carry U+{:04X}", u32::from(*.character))]
    Character {
        /// The element or attribute.
        what: &'static str,
        /// Where the character begins.
        at: usize,
        /// The character.
        character: char,
    },
    /// Such a character in a part of the payload.
    #[error("byte {at} of part {part} of the payload: XML cannot carry U+{:04X}", u32::from(*.character))]
    PayloadCharacter {
        /// The part, from 0.
        part: usize,
        /// Where the character begins, in its text or in its name.
        at: usize,
        /// The character.
        character: char,
    },
    /// The payload was not collected; `EventData` would say that there is none.
    #[error("the payload of event {0} was not collected")]
    NotCollected(EventId),
    /// A payload in another form than `EventData`, of which the texts alone are known.
    #[error("the payload of event {0} is not understood")]
    NotUnderstood(EventId),
    /// A time in a local format, or of a year before 1601 or after 9999.
    #[error("the time of event {0} is not one that can be written")]
    Time(EventId),
}
