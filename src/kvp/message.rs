//! KVP messages, versions 3.0 to 5.0: what a host asks and what a guest answers.
//!
//! A host encodes an [`ItemRequest`] or an [`IpRequest`] and decodes a [`Reply`] *by the operation
//! that it asked*: OpenBSD writes a status over the reply's own. A guest decodes a [`Request`] and
//! [`answer`]s in the same packet.
//!
//! ```
//! use avma::kvp::code::{Operation, Pool};
//! use avma::kvp::message::{Answer, ItemRequest, LEN, Outcome, Pair, Reply, answer};
//! use avma::kvp::packet::Versions;
//!
//! // The host asks,
//! let ask = ItemRequest::Enumerate { pool: Pool::AUTO, index: 5 };
//! let mut packet = [0xAA; LEN];
//! ask.encode(Versions::LINUX.into(), &mut packet)?;
//! // the guest answers in place,
//! answer(&mut packet, &Outcome::Pair(Pair::new("OSName", "Debian GNU/Linux")))?;
//! // the host reads.
//! let reply = Reply::decode(&packet, Operation::ENUMERATE).unwrap();
//! let Answer::Enumerate { index: 5, pair: Some(pair) } = reply.answer else { panic!() };
//! assert_eq!(pair.value.text().unwrap(), "Debian GNU/Linux");
//! # Ok::<(), avma::kvp::error::WriteError>(())
//! ```
//!
//! The body begins with the operation, the pool, and for operations 0 to 3 a pad of 2 bytes. It has
//! 2580 bytes for those, whatever they need, and 7428 for IP information.
//!
//! | operation | offset | bytes | field |
//! |---|---|---|---|
//! | GET, SET | 4 | 2572 | [value block](value) |
//! | DELETE | 4 | 4 | key size |
//! | | 8 | 512 | key |
//! | ENUMERATE | 4 | 4 | index |
//! | | 8 | 2572 | value block |
//!
//! Source: Linux `include/uapi/linux/hyperv.h` and `drivers/hv/hv_kvp.c`, OpenBSD `hypervic.c`,
//! openvmm `hyperv_ic_protocol`.

pub mod ip;
mod reply;
mod tolerated;
pub mod value;

use super::code::{Flags, MessageType, Operation, Pool, status};
use super::error::{MessageError, WriteError};
use super::layout::{field_mut, part, put, u8_at, u16_at, u32_at};
use super::packet::{self, Envelope, HEADER_LEN, Header, Packet, stamp_answer};
use super::text::Text;
use crate::hresult::HResult;

pub use ip::{IpInfo, IpRequest};
pub use reply::{Answer, Reply};
pub use tolerated::Tolerated;
pub use value::{Pair, Value};

/// Where the fields are, from the body's begin.
pub mod field {
    /// Operation, u8.
    pub const OPERATION: usize = 0;
    /// Pool, u8.
    pub const POOL: usize = 1;
    /// Pad, u16 (operations 0 to 3, and binary IP information).
    pub const PAD: usize = 2;
    /// GET and SET: the value block.
    pub const VALUE_BLOCK: usize = 4;
    /// DELETE: key size, u32.
    pub const DELETE_KEY_SIZE: usize = 4;
    /// DELETE: key.
    pub const DELETE_KEY: usize = 8;
    /// ENUMERATE: index, u32.
    pub const INDEX: usize = 4;
    /// ENUMERATE: the value block.
    pub const ENUMERATE_BLOCK: usize = 8;

    const _: () = assert!(PAD + 2 == VALUE_BLOCK && INDEX + 4 == ENUMERATE_BLOCK);
    const _: () = assert!(ENUMERATE_BLOCK + super::value::LEN == super::BODY_LEN);
    const _: () = assert!(super::LEN == 2608);
}

/// Bytes of the body of operations 0 to 3.
pub const BODY_LEN: usize = 4 /* header */ + 4 /* index */ + value::LEN;
/// The same as the header tells it.
const BODY_SIZE: u16 = 2580;
const _: () = assert!(BODY_SIZE as usize == BODY_LEN);
/// Bytes of a packet of operations 0 to 3.
pub const LEN: usize = HEADER_LEN + BODY_LEN;

/// Bytes of the body that carry meaning, by operation.
const VALUE_NEEDED: usize = field::VALUE_BLOCK + value::LEN;
const DELETE_NEEDED: usize = field::DELETE_KEY + value::KEY_LEN;

/// A message that was read, with its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received<T> {
    /// The packet's headers.
    pub header: Header,
    /// What a lenient reader looked over; [`Tolerated::NOTHING`] from a strict one.
    pub tolerated: Tolerated,
    /// The message.
    pub message: T,
}

/// What a host asks about items: operations 0 to 3, in packets of [`LEN`] bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemRequest<'a> {
    /// The value of a key.
    Get {
        /// Where.
        pool: Pool,
        /// The key.
        key: Text<'a>,
    },
    /// Set a key to a value.
    Set {
        /// Where.
        pool: Pool,
        /// Key and value.
        pair: Pair<'a>,
    },
    /// Remove a key.
    Delete {
        /// Where.
        pool: Pool,
        /// The key.
        key: Text<'a>,
    },
    /// The item at an index, from 0. Index 0x80000000 crashes the Linux daemon, and above it
    /// it reads beside its table.
    Enumerate {
        /// Where.
        pool: Pool,
        /// Which one.
        index: u32,
    },
}

impl ItemRequest<'_> {
    /// What is asked.
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Get { .. } => Operation::GET,
            Self::Set { .. } => Operation::SET,
            Self::Delete { .. } => Operation::DELETE,
            Self::Enumerate { .. } => Operation::ENUMERATE,
        }
    }

    /// The pool.
    pub const fn pool(&self) -> Pool {
        match self {
            Self::Get { pool, .. }
            | Self::Set { pool, .. }
            | Self::Delete { pool, .. }
            | Self::Enumerate { pool, .. } => *pool,
        }
    }

    /// Writes the whole packet; every byte, zeroes where nothing is.
    ///
    /// # Errors
    ///
    /// A key or value that does not fit its field (256 and 1024 letters) or has a NUL inside.
    pub fn encode(&self, envelope: Envelope, packet: &mut [u8; LEN]) -> Result<(), WriteError> {
        const BLOCK: usize = packet::field::BODY + field::VALUE_BLOCK;
        const DELETE_KEY_SIZE: usize = packet::field::BODY + field::DELETE_KEY_SIZE;
        const DELETE_KEY: usize = packet::field::BODY + field::DELETE_KEY;
        const INDEX: usize = packet::field::BODY + field::INDEX;

        // All that can fail comes first, so that a failure changes nothing.
        let sizes = match self {
            Self::Get { key, .. } | Self::Delete { key, .. } => (value::key_size(*key)?, 0),
            Self::Set { pair, .. } => pair.sizes()?,
            Self::Enumerate { .. } => (0, 0),
        };
        packet.fill(0);
        Header::request(MessageType::KVP, envelope, BODY_SIZE).write(packet);
        put::<{ packet::field::BODY }, 2, _>(packet, [self.operation().0, self.pool().0]);
        match self {
            Self::Get { key, .. } => {
                put::<{ BLOCK + value::field::KEY_SIZE }, 4, _>(packet, value::number(sizes.0));
                let room =
                    field_mut::<{ BLOCK + value::field::KEY }, { value::KEY_LEN }, _>(packet);
                key.write_wide_sized(sizes.0, room);
            }
            Self::Set { pair, .. } => {
                if let Some(block) = block_mut(packet, BLOCK) {
                    pair.write(sizes, block);
                }
            }
            Self::Delete { key, .. } => {
                put::<DELETE_KEY_SIZE, 4, _>(packet, value::number(sizes.0));
                let room = field_mut::<DELETE_KEY, { value::KEY_LEN }, _>(packet);
                key.write_wide_sized(sizes.0, room);
            }
            Self::Enumerate { index, .. } => put::<INDEX, 4, _>(packet, index.to_le_bytes()),
        }
        Ok(())
    }
}

/// The value block at `at`.
fn block_mut(packet: &mut [u8], at: usize) -> Option<&mut [u8; value::LEN]> {
    packet.get_mut(at..)?.first_chunk_mut()
}

/// What a host asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// About items.
    Item(ItemRequest<'a>),
    /// About a network adapter.
    Ip(IpRequest<'a>),
}

impl<'a> Request<'a> {
    /// What is asked: what the reply is to be decoded by.
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Item(request) => request.operation(),
            Self::Ip(request) => request.operation(),
        }
    }

    /// The pool.
    pub const fn pool(&self) -> Pool {
        match self {
            Self::Item(request) => request.pool(),
            Self::Ip(request) => request.pool(),
        }
    }

    /// Reads a request strictly. Of a GET only the key counts, of an ENUMERATE only the index. The
    /// pad means nothing in a request.
    ///
    /// # Errors
    ///
    /// What [`Packet::decode`] refuses; other message types; an answer; operation 6 and above; pool
    /// 4 and above; a body too short for its operation (2575 bytes for SET); a key size of 0; odd
    /// sizes, sizes beyond the field, a missing or inner NUL, unpaired surrogates; value types other
    /// than 1, 2, 4, 8, 11; a u32 of other than 4 bytes, a u64 of other than 8; IP counts beyond
    /// their lists.
    pub fn decode(bytes: &'a [u8]) -> Result<Received<Self>, MessageError> {
        let packet = Packet::decode(bytes)?;
        let header = packet.header;
        let opening = open(&packet)?;
        if header.flags != Flags::ASK {
            return Err(MessageError::NotARequest);
        }
        let operation = Operation(u8_at::<{ field::OPERATION }, _>(opening));
        let pool = Pool(u8_at::<{ field::POOL }, _>(opening));
        if !operation.is_item() && !operation.is_ip() {
            return Err(MessageError::Operation { got: operation });
        }
        if !pool.is_exchanged() {
            return Err(MessageError::Pool { got: pool });
        }
        let body = packet.body;
        let message = match operation {
            Operation::GET => {
                let block = block::<{ field::VALUE_BLOCK }>(body)?;
                let key = value::read_key(
                    part::<{ value::field::KEY }, { value::KEY_LEN }, _>(block),
                    u32_at::<{ value::field::KEY_SIZE }, _>(block),
                    HEADER_LEN + field::VALUE_BLOCK + value::field::KEY,
                )?;
                Self::Item(ItemRequest::Get { pool, key })
            }
            Operation::SET => {
                let block = block::<{ field::VALUE_BLOCK }>(body)?;
                let pair = Pair::read(block, HEADER_LEN + field::VALUE_BLOCK)?;
                Self::Item(ItemRequest::Set { pool, pair })
            }
            Operation::DELETE => Self::Item(ItemRequest::Delete {
                pool,
                key: delete_key(body)?,
            }),
            Operation::ENUMERATE => Self::Item(ItemRequest::Enumerate {
                pool,
                index: whole::<BODY_LEN>(body).map(u32_at::<{ field::INDEX }, _>)?,
            }),
            _ => {
                let info = IpInfo::read(body, header.envelope.versions.message)?;
                Self::Ip(IpRequest::new(operation, pool, info))
            }
        };
        Ok(Received {
            header,
            tolerated: Tolerated::NOTHING,
            message,
        })
    }

    /// Reads a request as real guests do: no pipe type, size or flags are looked at, any pool is
    /// taken; a text ends at its first NUL whatever its size says, and may have unpaired surrogates;
    /// other value types and wrong number sizes are taken. What was looked over is reported.
    ///
    /// # Errors
    ///
    /// Less than 28 bytes; other message types; operation 6 and above, whose layout nobody knows; a
    /// packet that ends before the fields of its operation.
    pub fn lenient(bytes: &'a [u8]) -> Result<Received<Self>, MessageError> {
        if let Ok(received) = Self::decode(bytes) {
            return Ok(received);
        }
        let packet = Packet::lenient(bytes)?;
        let header = packet.header;
        let opening = open(&packet)?;
        let operation = Operation(u8_at::<{ field::OPERATION }, _>(opening));
        let pool = Pool(u8_at::<{ field::POOL }, _>(opening));
        let mut tolerated = Tolerated::of_frame(bytes, &header, Flags::ASK);
        if !pool.is_exchanged() {
            tolerated |= Tolerated::POOL;
        }
        let (body, needed) = (packet.body, needed(operation, &header)?);
        if usize::from(header.body_size) < needed {
            tolerated |= Tolerated::BODY_SIZE;
        }
        let (message, more) = match operation {
            Operation::GET => {
                let block = block::<{ field::VALUE_BLOCK }>(body)?;
                let (key, more) = value::lenient_key(
                    part::<{ value::field::KEY }, { value::KEY_LEN }, _>(block),
                    u32_at::<{ value::field::KEY_SIZE }, _>(block),
                );
                (Self::Item(ItemRequest::Get { pool, key }), more)
            }
            Operation::SET => {
                let (pair, more) = Pair::lenient(block::<{ field::VALUE_BLOCK }>(body)?);
                (Self::Item(ItemRequest::Set { pool, pair }), more)
            }
            Operation::DELETE => {
                let (key, more) = lenient_delete_key(body)?;
                (Self::Item(ItemRequest::Delete { pool, key }), more)
            }
            Operation::ENUMERATE => {
                let index = whole::<BODY_LEN>(body).map(u32_at::<{ field::INDEX }, _>)?;
                let request = ItemRequest::Enumerate { pool, index };
                (Self::Item(request), Tolerated::NOTHING)
            }
            _ => {
                let (info, more) = IpInfo::lenient(body, header.envelope.versions.message)?;
                (Self::Ip(IpRequest::new(operation, pool, info)), more)
            }
        };
        Ok(Received {
            header,
            tolerated: tolerated | more,
            message,
        })
    }
}

/// The first four bytes of a KVP message's body.
#[inline]
fn open<'a>(packet: &Packet<'a>) -> Result<&'a [u8; 4], MessageError> {
    let got = packet.header.message_type;
    if got != MessageType::KVP {
        return Err(MessageError::MessageType { got });
    }
    whole(packet.body)
}

/// The bytes that an operation's body needs.
fn needed(operation: Operation, header: &Header) -> Result<usize, MessageError> {
    Ok(match operation {
        Operation::GET | Operation::SET => VALUE_NEEDED,
        Operation::DELETE => DELETE_NEEDED,
        Operation::ENUMERATE => BODY_LEN,
        Operation::GET_IP_INFO | Operation::SET_IP_INFO => {
            ip::needed(header.envelope.versions.message)
        }
        got => return Err(MessageError::Operation { got }),
    })
}

/// The first `N` bytes of a body.
#[inline]
fn whole<const N: usize>(body: &[u8]) -> Result<&[u8; N], MessageError> {
    body.first_chunk().ok_or(MessageError::Body {
        needed: N,
        got: body.len(),
    })
}

/// The value block `AT` bytes into a body.
#[inline]
fn block<const AT: usize>(body: &[u8]) -> Result<&[u8; value::LEN], MessageError> {
    let block = body.get(AT..).and_then(|rest| rest.first_chunk());
    block.ok_or(MessageError::Body {
        needed: AT + value::LEN,
        got: body.len(),
    })
}

fn delete_key(body: &[u8]) -> Result<Text<'_>, MessageError> {
    let body = whole::<DELETE_NEEDED>(body)?;
    value::read_key(
        part::<{ field::DELETE_KEY }, { value::KEY_LEN }, _>(body),
        u32_at::<{ field::DELETE_KEY_SIZE }, _>(body),
        HEADER_LEN + field::DELETE_KEY,
    )
}

fn lenient_delete_key(body: &[u8]) -> Result<(Text<'_>, Tolerated), MessageError> {
    let body = whole::<DELETE_NEEDED>(body)?;
    Ok(value::lenient_key(
        part::<{ field::DELETE_KEY }, { value::KEY_LEN }, _>(body),
        u32_at::<{ field::DELETE_KEY_SIZE }, _>(body),
    ))
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// SET, DELETE, SET_IP_INFO: done.
    Done,
    /// Any operation: not done. [`status::NO_MORE_ITEMS`] ends an enumeration and tells that a key
    /// does not exist.
    Failed(HResult),
    /// GET: the value.
    Value(Value<'a>),
    /// ENUMERATE: the item.
    Pair(Pair<'a>),
    /// GET_IP_INFO: the addresses, in the form of the message version.
    Ip(IpInfo<'a>),
}

/// Makes the answer of a request, in its packet: status, flags, and the fields of the answer, as far
/// as they have meaning (a text to its NUL). Nothing else is touched; the echo of the request stays.
///
/// # Errors
///
/// Another message type than KVP; an outcome that does not answer the request's operation; a text that
/// does not fit; a packet too short for the answer. The packet is unchanged then.
pub fn answer(packet: &mut [u8], outcome: &Outcome<'_>) -> Result<(), WriteError> {
    const OPERATION: usize = packet::field::BODY + field::OPERATION;
    let got = packet.len();
    let Some(head) = packet.first_chunk::<{ OPERATION + 1 }>() else {
        return Err(WriteError::Short {
            needed: OPERATION + 1,
            got,
        });
    };
    let message_type = MessageType(u16_at::<{ packet::field::MESSAGE_TYPE }, _>(head));
    if message_type != MessageType::KVP {
        return Err(WriteError::MessageType { got: message_type });
    }
    let asked = Operation(u8_at::<OPERATION, _>(head));
    let short = |needed| WriteError::Short { needed, got };
    let mut status = status::OK;
    match (asked, outcome) {
        (Operation::SET | Operation::DELETE | Operation::SET_IP_INFO, Outcome::Done) => {}
        (_, Outcome::Failed(failed)) if *failed != status::OK => status = *failed,
        (Operation::GET, Outcome::Value(value)) => {
            let size = value::value_size(value)?;
            let block = block_mut(packet, HEADER_LEN + field::VALUE_BLOCK);
            let block = block.ok_or_else(|| short(HEADER_LEN + VALUE_NEEDED))?;
            value::write_value(value, size, block);
        }
        (Operation::ENUMERATE, Outcome::Pair(pair)) => {
            let sizes = pair.sizes()?;
            let block = block_mut(packet, HEADER_LEN + field::ENUMERATE_BLOCK);
            let block = block.ok_or_else(|| short(LEN))?;
            pair.write(sizes, block);
        }
        (Operation::GET_IP_INFO, Outcome::Ip(info)) => {
            // The version is that of the packet, which a guest does not change.
            let header = packet.first_chunk().map(Header::read);
            let header = header.ok_or_else(|| short(HEADER_LEN))?;
            let version = header.envelope.versions.message;
            let body = packet.get_mut(HEADER_LEN..).unwrap_or_default();
            info.write(version, body)?;
        }
        _ => return Err(WriteError::Outcome { asked }),
    }
    if let Some(head) = packet.first_chunk_mut::<HEADER_LEN>() {
        stamp_answer(head, status);
    }
    Ok(())
}
