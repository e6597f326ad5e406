//! Version negotiation: the first exchange on a channel (message type 0).
//!
//! Body: number of framework versions (u16), number of message versions (u16), reserved (u32), then
//! the versions, frameworks first, 4 bytes each. The answer has one of each, or none of either.

use core::fmt;

use super::super::code::{Flags, MessageType};
use super::super::error::NegotiationError;
use super::super::layout::{put, u16_at, u32_at};
use super::{
    Envelope, HEADER_LEN, Header, PIPE_HEADER_LEN, Packet, Version, Versions, field, stamp_answer,
};
use crate::hresult::HResult;

/// Where the fields are, from the packet's begin.
mod place {
    use super::field::BODY;

    pub(super) const FRAMEWORKS: usize = BODY;
    pub(super) const MESSAGES: usize = BODY + 2;
    pub(super) const RESERVED: usize = BODY + 4;
    pub(super) const VERSIONS: usize = BODY + 8;

    const _: () = assert!(VERSIONS + 2 * super::VERSION_LEN == super::NEGOTIATE_LEN);
}

/// Bytes of a version.
const VERSION_LEN: usize = 4;
/// Bytes before the versions, from the body's begin.
const COUNTS_LEN: usize = 2 /* frameworks */ + 2 /* messages */ + 4 /* reserved */;
/// Bytes of a body with one version of each.
const ANSWER_BODY_LEN: u16 = 16;
const _: () = assert!(ANSWER_BODY_LEN as usize == COUNTS_LEN + 2 * VERSION_LEN);

/// Bytes of the smallest negotiation that can be agreed to: one version of each.
pub const NEGOTIATE_LEN: usize = HEADER_LEN + COUNTS_LEN + 2 * VERSION_LEN;

/// Linux answers "none" to more versions of a kind than this.
pub const LINUX_MAX_VERSIONS: usize = 100;

/// How a guest chooses among the versions that are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Linux: the first of the own versions, best first, that is equal to one offered.
    Exact,
    /// FreeBSD and OpenBSD: the highest one offered that is not above the own highest, whether it is
    /// an own one or not.
    HighestNotAbove,
}

/// The version that a guest takes of those `offered`, if any. `own` lists what it knows, best first.
///
/// ```
/// use avma::kvp::packet::{Rule, Version, choose};
///
/// let (offered, own) = ([Version::V3, Version::V5], [Version::V4, Version::V3]);
/// assert_eq!(choose(offered, &own, Rule::Exact), Some(Version::V3));
/// assert_eq!(choose([Version::V5], &own, Rule::HighestNotAbove), None);
/// ```
pub fn choose<I>(offered: I, own: &[Version], rule: Rule) -> Option<Version>
where
    I: IntoIterator<Item = Version>,
    I::IntoIter: Clone,
{
    let offered = offered.into_iter();
    match rule {
        Rule::Exact => own
            .iter()
            .copied()
            .find(|own| offered.clone().any(|version| version == *own)),
        Rule::HighestNotAbove => {
            let highest = own.iter().max()?;
            offered.filter(|version| version <= highest).max()
        }
    }
}

/// What a guest knows, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own<'a> {
    /// Framework versions.
    pub frameworks: &'a [Version],
    /// Message versions.
    pub messages: &'a [Version],
}

impl Own<'static> {
    /// What Linux knows for KVP.
    pub const LINUX: Self = Self {
        frameworks: &[Version::V3, Version::V1],
        messages: &[Version::V4, Version::V3, Version::V1],
    };
}

/// Versions as they lie in a packet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VersionList<'a>(&'a [u8]);

impl<'a> VersionList<'a> {
    /// How many there are.
    pub const fn len(self) -> usize {
        self.0.len() / VERSION_LEN
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The versions, in order.
    pub fn iter(self) -> impl Iterator<Item = Version> + Clone + 'a {
        self.0
            .chunks_exact(VERSION_LEN)
            .map(|version| match version {
                [a, b, c, d] => Version::from_bytes([*a, *b, *c, *d]),
                _ => Version::default(),
            })
    }
}

impl fmt::Debug for VersionList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The versions of a negotiation, as offered or as answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    /// Framework versions.
    pub frameworks: VersionList<'a>,
    /// Message versions.
    pub messages: VersionList<'a>,
}

impl<'a> Offer<'a> {
    /// Reads the lists of a negotiation, which either side sent.
    ///
    /// # Errors
    ///
    /// A packet that [`Packet::decode`] refuses; another message type; a body of less than 8 bytes,
    /// or than the counts say, as in 2 frameworks and 1 message version in 16 bytes.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, NegotiationError> {
        Self::of(&Packet::decode(bytes)?)
    }

    /// The lists of a packet that was read already, strictly or not.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode).
    pub fn of(packet: &Packet<'a>) -> Result<Self, NegotiationError> {
        let got = packet.header.message_type;
        if got != MessageType::NEGOTIATE {
            return Err(NegotiationError::MessageType { got });
        }
        let got = packet.body.len();
        let Some((counts, versions)) = packet.body.split_first_chunk::<COUNTS_LEN>() else {
            return Err(NegotiationError::Counts {
                needed: COUNTS_LEN,
                got,
            });
        };
        let frameworks = VERSION_LEN * usize::from(u16_at::<0, _>(counts));
        let messages = VERSION_LEN * usize::from(u16_at::<2, _>(counts));
        let lists = versions
            .split_at_checked(frameworks)
            .and_then(|(first, rest)| Some((first, rest.get(..messages)?)));
        match lists {
            Some((frameworks, messages)) => Ok(Self {
                frameworks: VersionList(frameworks),
                messages: VersionList(messages),
            }),
            None => Err(NegotiationError::Counts {
                needed: COUNTS_LEN + frameworks + messages,
                got,
            }),
        }
    }

    /// What a guest answers: a version of each kind, or none at all if either has no match. By
    /// [`Rule::Exact`] also none to more than [`LINUX_MAX_VERSIONS`] of a kind.
    pub fn choose(&self, own: Own<'_>, rule: Rule) -> Option<Versions> {
        let most = self.frameworks.len().max(self.messages.len());
        if rule == Rule::Exact && most > LINUX_MAX_VERSIONS {
            return None;
        }
        Some(Versions {
            framework: choose(self.frameworks.iter(), own.frameworks, rule)?,
            message: choose(self.messages.iter(), own.messages, rule)?,
        })
    }

    /// Writes the request of a host that offers these versions; gives the packet's bytes. What lies
    /// behind them in `buffer` is left alone.
    ///
    /// # Errors
    ///
    /// A buffer too small for the versions; more of them than a packet's 16-bit size can tell.
    pub fn encode<'b>(
        frameworks: &[Version],
        messages: &[Version],
        transaction: u8,
        buffer: &'b mut [u8],
    ) -> Result<&'b mut [u8], NegotiationError> {
        let versions = frameworks.len() + messages.len();
        let body = versions
            .checked_mul(VERSION_LEN)
            .and_then(|bytes| bytes.checked_add(COUNTS_LEN))
            .and_then(|bytes| u16::try_from(bytes).ok());
        let (Some(body), Ok(framework_count), Ok(message_count)) = (
            body,
            u16::try_from(frameworks.len()),
            u16::try_from(messages.len()),
        ) else {
            return Err(NegotiationError::TooMany { got: versions });
        };
        let needed = HEADER_LEN + usize::from(body);
        let got = buffer.len();
        let Some(packet) = buffer.get_mut(..needed) else {
            return Err(NegotiationError::Buffer { needed, got });
        };
        if let Some((head, rest)) = packet.split_first_chunk_mut::<{ place::VERSIONS }>() {
            let envelope = Envelope {
                versions: Versions::default(),
                transaction,
            };
            Header::request(MessageType::NEGOTIATE, envelope, body).write(head);
            put::<{ place::FRAMEWORKS }, 2, _>(head, framework_count.to_le_bytes());
            put::<{ place::MESSAGES }, 2, _>(head, message_count.to_le_bytes());
            put::<{ place::RESERVED }, 4, _>(head, [0; 4]);
            let all = frameworks.iter().chain(messages);
            for (room, version) in rest.chunks_exact_mut(VERSION_LEN).zip(all) {
                room.copy_from_slice(&version.to_bytes());
            }
        }
        Ok(packet)
    }

    /// Makes the answer of a request, in place: status 0, flags, counts, versions, body size. The
    /// other versions that were offered stay behind it, as with real guests. For `None` the counts
    /// are 0 and no version is written (Linux leaves rubbish there).
    ///
    /// # Errors
    ///
    /// A packet of another message type; one of less than 44 bytes, or of 36 where no version is to be
    /// written; no host sends one.
    pub fn answer(packet: &mut [u8], chosen: Option<Versions>) -> Result<(), NegotiationError> {
        let got = packet.len();
        let short = |needed| NegotiationError::Buffer { needed, got };
        let Some((head, rest)) = packet.split_first_chunk_mut::<{ place::VERSIONS }>() else {
            return Err(short(place::VERSIONS));
        };
        let message_type = MessageType(u16_at::<{ field::MESSAGE_TYPE }, _>(head));
        if message_type != MessageType::NEGOTIATE {
            return Err(NegotiationError::MessageType { got: message_type });
        }
        if let Some(versions) = chosen {
            let Some((room, _)) = rest.split_first_chunk_mut::<{ 2 * VERSION_LEN }>() else {
                return Err(short(NEGOTIATE_LEN));
            };
            put::<0, 4, _>(room, versions.framework.to_bytes());
            put::<VERSION_LEN, 4, _>(room, versions.message.to_bytes());
        }
        // 16 even without versions, as guests do, but never beyond the packet: neither beyond the bytes
        // at hand nor, where a ring has padded them, beyond those that the pipe size tells.
        let told = usize::try_from(u32_at::<{ field::PIPE_SIZE }, _>(head)).unwrap_or(usize::MAX);
        let whole = told.saturating_add(PIPE_HEADER_LEN);
        let end = if (place::VERSIONS..got).contains(&whole) && chosen.is_none() {
            whole
        } else {
            got
        };
        let body = u16::try_from(end - HEADER_LEN)
            .map_or(ANSWER_BODY_LEN, |body| body.min(ANSWER_BODY_LEN));
        let count = u16::from(chosen.is_some()).to_le_bytes();
        stamp_answer(head, HResult(0));
        put::<{ field::BODY_SIZE }, 2, _>(head, body.to_le_bytes());
        put::<{ place::FRAMEWORKS }, 2, _>(head, count);
        put::<{ place::MESSAGES }, 2, _>(head, count);
        Ok(())
    }

    /// Reads a guest's answer: the versions it chose, or `None` if it knows none of those offered.
    ///
    /// # Errors
    ///
    /// As [`decode`](Self::decode); a request instead of an answer; a status other than 0; counts
    /// other than 1 and 1, or 0 and 0 (openvmm fails on those too).
    pub fn decode_answer(bytes: &[u8]) -> Result<Option<Versions>, NegotiationError> {
        let packet = Packet::decode(bytes)?;
        let offer = Offer::of(&packet)?;
        if packet.header.flags != Flags::ANSWER {
            return Err(NegotiationError::NotAnAnswer);
        }
        if packet.header.status != HResult(0) {
            return Err(NegotiationError::Failed {
                status: packet.header.status,
            });
        }
        match (offer.frameworks.len(), offer.messages.len()) {
            (0, 0) => Ok(None),
            (1, 1) => Ok(offer
                .frameworks
                .iter()
                .zip(offer.messages.iter())
                .map(|(framework, message)| Versions { framework, message })
                .next()),
            (frameworks, messages) => Err(NegotiationError::NotOneEach {
                frameworks,
                messages,
            }),
        }
    }
}
