//! The events of AVMA: 12309 in a guest's Application log, 12310 in its host's.
//!
//! An event is read as far as its wrapper tells: which provider and id, when, on which computer.
//! What it says is in its payload, and **no layout of that is public**: neither how many texts there
//! are nor what their order means. The payload is kept whole and opaque; what has a shape of its own
//! in any text, an HRESULT or a GUID, is exposed as a token. A token says that the payload *holds*
//! it and never what it is there for.
//!
//! | from | by |
//! |---|---|
//! | event XML, any number of events in a text | `xml::events` (feature `xml`) |
//! | `Get-WinEvent` as JSON | [`Event::from_value`] |
//! | to event XML | [`Event::to_xml`] |
//! | which events to ask for | [`XPATH`], [`Side::xpath`] |
//!
//! Every text that the readers keep is kept masked: of a product key of no published list in it the last
//! five are kept. `Debug` and [`to_xml`](Event::to_xml) mask too, whoever made the event.
//!
//! Source: Microsoft's article on AVMA (the two ids, the Application log), the manifests of the
//! provider, Microsoft's event schema.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::value::When;
use crate::catalog::mask::Masked;
use crate::hresult::HResult;
use crate::ids::VmId;
use crate::word::words;

mod error;
mod json;
#[cfg(feature = "xml")]
mod pieces;
#[cfg(feature = "xml")]
mod read;
mod token;
mod write;

pub use error::{EventError, EventFault, NotWritten};
pub(in crate::observe) use json::is_event;

/// The reader of event XML.
#[cfg(feature = "xml")]
pub mod xml {
    pub use super::pieces::{MAX_ATTRIBUTES, MAX_DEPTH};
    pub use super::read::{MAX_EVENT, events};
}

/// The provider of both events.
pub const PROVIDER: &str = "Microsoft-Windows-Security-SPP";
/// The provider's GUID.
pub const PROVIDER_GUID: VmId = VmId(0xe23b_33b0_c8c9_472c_a5f9_f2bd_fea0_f156);
/// The name under which the provider writes to the classic log: `EventSourceName`.
pub const LEGACY_SOURCE: &str = "Software Protection Platform Service";

macro_rules! xpath {
    ($ids:literal) => {
        concat!(
            "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and ",
            $ids,
            "]]"
        )
    };
}

/// The XPath that selects the events of both sides from the log Application, for `wevtutil qe`,
/// `Get-WinEvent -FilterXPath` and subscriptions.
pub const XPATH: &str = xpath!("(EventID=12309 or EventID=12310)");

/// The number of an event. Open: the constants are those of AVMA.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId(pub u32);

impl EventId {
    /// 12309: the guest's.
    pub const GUEST: Self = Self(12309);
    /// 12310: the host's.
    pub const HOST: Self = Self(12310);
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

words! {
    /// Who logs an event of AVMA.
    pub enum Side ("side of AVMA") {
        /// The virtual machine: 12309.
        Guest = "guest", "the guest";
        /// Its Hyper-V host: 12310.
        Host = "host", "the host";
    }
}

impl Side {
    /// The id of this side's event.
    pub const fn id(self) -> EventId {
        match self {
            Self::Guest => EventId::GUEST,
            Self::Host => EventId::HOST,
        }
    }

    /// The XPath that selects this side's events.
    ///
    /// ```
    /// use avma::observe::event::Side;
    ///
    /// assert_eq!(
    ///     Side::Host.xpath(),
    ///     "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and EventID=12310]]"
    /// );
    /// ```
    pub const fn xpath(self) -> &'static str {
        match self {
            Self::Guest => xpath!("EventID=12309"),
            Self::Host => xpath!("EventID=12310"),
        }
    }
}

/// One part of a payload, as it stands there.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// `Data`: an insertion string.
    Data {
        /// Its `Name`, which classic events do not have.
        name: Option<String>,
        /// The text.
        text: String,
    },
    /// `Binary`: bytes as hexadecimal digits, as they stand there.
    Binary(String),
}

impl Part {
    /// An insertion string without a name.
    pub fn data(text: impl Into<String>) -> Self {
        Self::Data {
            name: None,
            text: text.into(),
        }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data { name: None, text } => f.debug_tuple("Data").field(&Masked(text)).finish(),
            Self::Data {
                name: Some(name),
                text,
            } => {
                let mut tuple = f.debug_tuple("Data");
                tuple.field(&Masked(name)).field(&Masked(text)).finish()
            }
            Self::Binary(digits) => f.debug_tuple("Binary").field(&Masked(digits)).finish(),
        }
    }
}

/// What an event says beyond its wrapper.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub enum Payload {
    /// It was not collected, or is cut off: an event as JSON without `Properties`.
    #[default]
    NotCollected,
    /// `EventData` in its order; empty where there is none, and where there is nothing in it.
    Parts(Vec<Part>),
    /// Another form than `EventData`, as `UserData`: not understood. The texts in it, joined with
    /// blanks; no token is taken from them.
    NotUnderstood(String),
}

impl Payload {
    /// The insertion strings in their order; none where the payload is not understood.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let parts = match self {
            Self::Parts(parts) => parts.as_slice(),
            Self::NotCollected | Self::NotUnderstood(_) => &[],
        };
        parts.iter().filter_map(|part| match part {
            Part::Data { text, .. } => Some(text.as_str()),
            Part::Binary(_) => None,
        })
    }
}

impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCollected => f.write_str("NotCollected"),
            Self::Parts(parts) => f.debug_list().entries(parts).finish(),
            Self::NotUnderstood(text) => {
                let mut tuple = f.debug_tuple("NotUnderstood");
                tuple.field(&Masked(text)).finish()
            }
        }
    }
}

/// An event of Windows' event log, of any provider.
///
/// `None` is what the event does not have, or what was not collected. The activity ids and the user
/// of an event are not kept.
///
/// ```
/// use avma::HResult;
/// use avma::observe::event::{Event, EventId, Part, Payload, Side};
///
/// let event = Event {
///     id: EventId::HOST,
///     provider: Some("Microsoft-Windows-Security-SPP".to_owned()),
///     payload: Payload::Parts(vec![
///         Part::data("code 0xC004FD02"),
///         Part::data("{A1A1A1A1-0000-4000-8000-000000000001}"),
///     ]),
///     ..Event::default()
/// };
/// assert_eq!(event.side(), Some(Side::Host));
/// assert!(event.names("a1a1a1a1-0000-4000-8000-000000000001".parse()?));
/// assert!(event.hresults().eq([HResult::IA_PARENT_PARTITION_NOT_ACTIVATED]));
/// # Ok::<(), avma::ids::VmIdError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Event {
    /// `EventID`.
    pub id: EventId,
    /// `Provider`, its `Name`.
    pub provider: Option<String>,
    /// `Provider`, its `Guid`.
    pub provider_guid: Option<VmId>,
    /// `Provider`, its `EventSourceName`.
    pub source_name: Option<String>,
    /// `EventID`, its `Qualifiers`: the upper 16 bits of the message's number.
    pub qualifiers: Option<u32>,
    /// `Version`.
    pub version: Option<u32>,
    /// `Level`: 0 log always, 1 critical, 2 error, 3 warning, 4 information.
    pub level: Option<u32>,
    /// `Task`.
    pub task: Option<u32>,
    /// `Opcode`.
    pub opcode: Option<u32>,
    /// `Keywords`: 64 bits, of which the highest are in use.
    pub keywords: Option<u64>,
    /// `TimeCreated`, to the millisecond; `Undecided` in JSON only.
    pub time: When,
    /// `EventRecordID`: the number within the log of the computer that logged it.
    pub record_id: Option<u64>,
    /// `Execution`, its `ProcessID`.
    pub process_id: Option<u32>,
    /// `Execution`, its `ThreadID`.
    pub thread_id: Option<u32>,
    /// `Channel`: the log, as in `Application`.
    pub channel: Option<String>,
    /// `Computer`: who logged it, by its full name in a domain.
    pub computer: Option<String>,
    /// `EventData`, or what stands in its place.
    pub payload: Payload,
    /// `RenderingInfo`, its `Message`: the text in the language of the machine that rendered it.
    pub message: Option<String>,
}

impl Event {
    /// Of which side of AVMA the event is; `None` for any other event.
    ///
    /// By the id and by the provider: its name in any case of letters, its GUID, or the name of its
    /// classic source.
    pub fn side(&self) -> Option<Side> {
        let side = match self.id {
            EventId::GUEST => Side::Guest,
            EventId::HOST => Side::Host,
            _ => return None,
        };
        let is = |name: Option<&String>, wanted: &str| {
            name.is_some_and(|name| name.eq_ignore_ascii_case(wanted))
        };
        let of_spp = is(self.provider.as_ref(), PROVIDER)
            || self.provider_guid == Some(PROVIDER_GUID)
            || is(self.provider.as_ref(), LEGACY_SOURCE)
            || is(self.source_name.as_ref(), LEGACY_SOURCE);
        of_spp.then_some(side)
    }

    /// Whether the id is one of AVMA's and nothing says of which provider the event is.
    pub fn lacks_provider(&self) -> bool {
        matches!(self.id, EventId::GUEST | EventId::HOST)
            && self.provider.is_none()
            && self.provider_guid.is_none()
            && self.source_name.is_none()
    }

    /// Every `0x` with eight hexadecimal digits in the payload's texts, in their order: what looks
    /// like an HRESULT. A longer run of digits is none.
    pub fn hresults(&self) -> impl Iterator<Item = HResult> {
        self.payload.texts().flat_map(token::hresults)
    }

    /// Every GUID in the payload's texts, in their order, in either case, with braces or without.
    pub fn guids(&self) -> impl Iterator<Item = VmId> {
        self.payload.texts().flat_map(token::guids)
    }

    /// Whether the payload holds this VM's id. What for is not known, so of a host's event it says
    /// that the event is about the VM in some way.
    pub fn names(&self, vm: VmId) -> bool {
        self.guids().any(|guid| guid == vm)
    }

    /// Whether the payload holds an HRESULT that means failure.
    pub fn holds_failure(&self) -> bool {
        self.hresults().any(|code| !code.is_success())
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = match &self.time {
            When::Undecided(text) => When::Undecided(Masked(text).to_string()),
            time => time.clone(),
        };
        f.debug_struct("Event")
            .field("id", &self.id)
            .field("provider", &self.provider.as_deref().map(Masked))
            .field("provider_guid", &self.provider_guid)
            .field("source_name", &self.source_name.as_deref().map(Masked))
            .field("qualifiers", &self.qualifiers)
            .field("version", &self.version)
            .field("level", &self.level)
            .field("task", &self.task)
            .field("opcode", &self.opcode)
            .field("keywords", &self.keywords)
            .field("time", &time)
            .field("record_id", &self.record_id)
            .field("process_id", &self.process_id)
            .field("thread_id", &self.thread_id)
            .field("channel", &self.channel.as_deref().map(Masked))
            .field("computer", &self.computer.as_deref().map(Masked))
            .field("payload", &self.payload)
            .field("message", &self.message.as_deref().map(Masked))
            .finish()
    }
}
