//! A host that enumerates a pool: a machine that does no I/O.
//!
//! [`Enumeration::ask`] writes a request and gives the machine that waits for its reply;
//! [`Waiting::reply`] takes what arrived and gives a [`Step`]: an item and the machine that asks for
//! the next, or the end. Each can be used once, so nothing is asked twice and no reply is read
//! without a request. It ends for whatever a guest sends: items, and packets that are no reply, are
//! counted against limits.
//!
//! ```
//! use avma::kvp::code::{Pool, status};
//! use avma::kvp::host::{Enumeration, Step};
//! use avma::kvp::message::{LEN, Outcome, Pair, answer};
//! use avma::kvp::packet::Versions;
//!
//! let mut packet = [0; LEN];
//! let mut names = Vec::new();
//! let mut machine = Enumeration::new(Pool::AUTO, Versions::LINUX.into());
//! loop {
//!     let waiting = machine.ask(&mut packet);
//!     // Elsewhere: the guest.
//!     let outcome = match waiting.index() {
//!         0 => Outcome::Pair(Pair::new("OSName", "Debian GNU/Linux")),
//!         _ => Outcome::Failed(status::NO_MORE_ITEMS),
//!     };
//!     answer(&mut packet, &outcome).unwrap();
//!     match waiting.reply(&packet) {
//!         Step::Item { pair, next: Some(next), .. } => {
//!             names.push(pair.key.to_string());
//!             machine = next;
//!         }
//!         _ => break,
//!     }
//! }
//! assert_eq!(names, ["OSName"]);
//! ```
//!
//! Source: openvmm `hyperv_ic/src/kvp.rs`; a channel has one open transaction at most.

use super::code::{Flags, MessageType, Operation, Pool, status};
use super::error::MessageError;
use super::message::{Answer, ItemRequest, LEN, Pair, Reply, Tolerated};
use super::packet::{Envelope, Packet};
use crate::hresult::HResult;

/// The limits of an enumeration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Indices that are asked for at most, failed ones included.
    pub items: u32,
    /// Packets that are not the reply, and are dropped, at most; in the whole enumeration.
    pub strays: u32,
}

impl Default for Limits {
    /// 65,536 items, far above what guests hold (Linux needs 238 ms for 1,024), and 256 strays.
    fn default() -> Self {
        Self {
            items: 1 << 16,
            strays: 256,
        }
    }
}

/// An enumeration that is about to ask for an index.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Enumeration {
    pool: Pool,
    envelope: Envelope,
    index: u32,
    limits: Limits,
}

/// An enumeration whose request is out.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Waiting(Enumeration);

/// What a reply came to.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub enum Step<'a> {
    /// An item.
    Item {
        /// Its index.
        index: u32,
        /// Key and value.
        pair: Pair<'a>,
        /// What the lenient reader looked over.
        tolerated: Tolerated,
        /// Asks for the next index; `None` if the limit is reached.
        next: Option<Enumeration>,
    },
    /// HV_S_CONT: there are no more items.
    End {
        /// How many indices were asked for before this one.
        count: u32,
    },
    /// Another status. openvmm ends here, but one record that is not UTF-8 makes Linux fail its own
    /// index only; `skip` asks for the one behind it.
    Failed {
        /// The index.
        index: u32,
        /// The status.
        status: HResult,
        /// Asks for the next index; `None` if the limit is reached.
        skip: Option<Enumeration>,
    },
    /// The reply cannot be read.
    Broken {
        /// The index.
        index: u32,
        /// Why.
        fault: MessageError,
        /// Asks for the next index; `None` if the limit is reached.
        skip: Option<Enumeration>,
    },
    /// A packet that is not the reply, such as a heartbeat or the late answer to another index.
    Stray {
        /// Why not.
        reason: Stray,
        /// Waits on; `None` if the limit is reached.
        waiting: Option<Waiting>,
    },
}

/// Why a packet is not the reply that is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stray {
    /// Another message type than KVP.
    MessageType(MessageType),
    /// Another transaction id than the request's.
    Transaction(u8),
    /// A request.
    Flags(Flags),
    /// The answer to another index.
    Index(u32),
}

impl Enumeration {
    /// Enumerates a pool from index 0, within the default [`Limits`].
    pub fn new(pool: Pool, envelope: Envelope) -> Self {
        Self::within(Limits::default(), pool, envelope)
    }

    /// Enumerates a pool from index 0. Limits of 0 items still ask for one.
    pub const fn within(limits: Limits, pool: Pool, envelope: Envelope) -> Self {
        Self {
            pool,
            envelope,
            index: 0,
            limits,
        }
    }

    /// The index that is asked for next.
    pub const fn index(&self) -> u32 {
        self.index
    }

    /// Writes the request; every byte of it.
    pub fn ask(self, packet: &mut [u8; LEN]) -> Waiting {
        let request = ItemRequest::Enumerate {
            pool: self.pool,
            index: self.index,
        };
        // It has no texts, so nothing can be too long.
        let _ = request.encode(self.envelope, packet);
        Waiting(self)
    }

    /// Behind this index.
    fn next(self) -> Option<Self> {
        let index = self.index.checked_add(1)?;
        (index < self.limits.items).then_some(Self { index, ..self })
    }
}

impl Waiting {
    /// The index that was asked for.
    pub const fn index(&self) -> u32 {
        self.0.index
    }

    /// Takes a packet that arrived, read strictly.
    pub fn reply(self, bytes: &[u8]) -> Step<'_> {
        self.read(bytes, Reply::decode(bytes, Operation::ENUMERATE))
    }

    /// Takes a packet that arrived, read as [`Reply::lenient`] does.
    pub fn reply_lenient(self, bytes: &[u8]) -> Step<'_> {
        self.read(bytes, Reply::lenient(bytes, Operation::ENUMERATE))
    }

    fn read<'a>(self, bytes: &[u8], reply: Result<Reply<'a>, MessageError>) -> Step<'a> {
        // Whose packet it is can be told of one that cannot be read, too.
        if let Ok(packet) = Packet::lenient(bytes) {
            let header = packet.header;
            if header.message_type != MessageType::KVP {
                return self.stray(Stray::MessageType(header.message_type));
            }
            if header.envelope.transaction != self.0.envelope.transaction {
                return self.stray(Stray::Transaction(header.envelope.transaction));
            }
            if header.flags == Flags::ASK {
                return self.stray(Stray::Flags(header.flags));
            }
        }
        let index = self.0.index;
        match reply {
            Ok(Reply {
                answer: Answer::Enumerate { index: other, .. },
                ..
            }) if other != index => self.stray(Stray::Index(other)),
            Ok(Reply {
                answer:
                    Answer::Enumerate {
                        pair: Some(pair), ..
                    },
                tolerated,
                ..
            }) => Step::Item {
                index,
                pair,
                tolerated,
                next: self.0.next(),
            },
            Ok(reply) if reply.status == status::NO_MORE_ITEMS => Step::End { count: index },
            Ok(reply) => Step::Failed {
                index,
                status: reply.status,
                skip: self.0.next(),
            },
            Err(fault) => Step::Broken {
                index,
                fault,
                skip: self.0.next(),
            },
        }
    }

    fn stray<'a>(self, reason: Stray) -> Step<'a> {
        let Self(mut enumeration) = self;
        let left = enumeration.limits.strays.checked_sub(1);
        Step::Stray {
            reason,
            waiting: left.map(|strays| {
                enumeration.limits.strays = strays;
                Self(enumeration)
            }),
        }
    }
}
