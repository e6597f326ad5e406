//! What a guest answers, as the host reads it.

use super::super::code::{Flags, Operation, Pool, status};
use super::super::error::MessageError;
use super::super::layout::{u8_at, u16_at, u32_at};
use super::super::packet::{Header, Packet};
use super::super::text::Text;
use super::{
    BODY_LEN, IpInfo, Pair, Tolerated, block, delete_key, field, ip, lenient_delete_key, needed,
    open, value, whole,
};
use crate::hresult::HResult;

/// A guest's answer, read by the operation that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// The packet's headers. Flags and transaction id are the caller's to compare: only who knows
    /// what was sent can refuse an answer that is well formed by itself.
    pub header: Header,
    /// What the lenient reader looked over; [`Tolerated::NOTHING`] from the strict one.
    pub tolerated: Tolerated,
    /// The operation that the reply itself names: OpenBSD writes 0 or a part of the status there.
    pub operation: Operation,
    /// The pool that the reply itself names, with the same reserve.
    pub pool: Pool,
    /// The status: the header's, or if that is 0 and the pad is not, the one that OpenBSD writes over
    /// operation, pool and pad.
    pub status: HResult,
    /// What was answered.
    pub answer: Answer<'a>,
}

/// The fields of an answer. A pair is there if and only if the status is 0; the sizes and bytes of a
/// failed answer may be garbage and are not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// The key as asked and its value. Linux gives an empty text for every key that exists.
    Get(Option<Pair<'a>>),
    /// The echo of what was set.
    Set(Option<Pair<'a>>),
    /// The echo of the key that was deleted or, where it is still well formed, was not.
    Delete {
        /// The key.
        key: Option<Text<'a>>,
    },
    /// An item.
    Enumerate {
        /// The echo of the index.
        index: u32,
        /// The item.
        pair: Option<Pair<'a>>,
    },
    /// The addresses; of a failed answer what is still well formed, mostly the echo.
    GetIpInfo(Option<IpInfo<'a>>),
    /// The request's addresses echoed back; `None` if the operation failed and the echo is malformed.
    SetIpInfo(Option<IpInfo<'a>>),
}

/// What is known of a reply before its answer is read.
struct Opening {
    operation: Operation,
    pool: Pool,
    status: HResult,
}

impl Opening {
    #[inline]
    fn read(packet: &Packet<'_>, asked: Operation) -> Result<Self, MessageError> {
        let opening = open(packet)?;
        let version = packet.header.envelope.versions.message;
        let padded = asked.is_item() || ip::is_binary(version);
        let mut status = packet.header.status;
        if status == status::OK && padded && u16_at::<{ field::PAD }, _>(opening) != 0 {
            status = HResult(u32_at::<0, _>(opening));
        }
        Ok(Self {
            operation: Operation(u8_at::<{ field::OPERATION }, _>(opening)),
            pool: Pool(u8_at::<{ field::POOL }, _>(opening)),
            status,
        })
    }

    #[inline]
    fn reply(self, header: Header, tolerated: Tolerated, answer: Answer<'_>) -> Reply<'_> {
        Reply {
            header,
            tolerated,
            operation: self.operation,
            pool: self.pool,
            status: self.status,
            answer,
        }
    }
}

impl<'a> Reply<'a> {
    /// Whether the status is 0. HV_S_CONT, the end of an enumeration, is not.
    pub fn is_ok(&self) -> bool {
        self.status == status::OK
    }

    /// Reads the answer to a request of operation `asked`.
    ///
    /// # Errors
    ///
    /// What [`Packet::decode`] refuses; other message types; an `asked` of 6 and above; a body too
    /// short for it; in an answer of status 0 the faults of key, value and addresses as in
    /// [`Request::decode`](super::Request::decode). The reply's own operation and pool are not
    /// judged.
    pub fn decode(bytes: &'a [u8], asked: Operation) -> Result<Self, MessageError> {
        let packet = Packet::decode(bytes)?;
        if asked == Operation::ENUMERATE {
            return Self::enumerated(packet);
        }
        let opening = Opening::read(&packet, asked)?;
        let ok = opening.status == status::OK;
        let body = packet.body;
        let answer = match asked {
            Operation::GET => Answer::Get(pair::<{ field::VALUE_BLOCK }>(body, ok)?),
            Operation::SET => Answer::Set(pair::<{ field::VALUE_BLOCK }>(body, ok)?),
            Operation::DELETE => Answer::Delete {
                key: echo(delete_key(body), ok)?,
            },
            Operation::GET_IP_INFO | Operation::SET_IP_INFO => {
                let version = packet.header.envelope.versions.message;
                ip_answer(asked, echo(IpInfo::read(body, version), ok)?)
            }
            got => return Err(MessageError::Operation { got }),
        };
        Ok(opening.reply(packet.header, Tolerated::NOTHING, answer))
    }

    /// Reads the answer that hosts read most; by itself, so that it is not built in pieces.
    #[inline]
    fn enumerated(packet: Packet<'a>) -> Result<Self, MessageError> {
        let opening = Opening::read(&packet, Operation::ENUMERATE)?;
        let body = whole::<BODY_LEN>(packet.body)?;
        let pair = pair::<{ field::ENUMERATE_BLOCK }>(body, opening.status == status::OK)?;
        let index = u32_at::<{ field::INDEX }, _>(body);
        let answer = Answer::Enumerate { index, pair };
        Ok(opening.reply(packet.header, Tolerated::NOTHING, answer))
    }

    /// Reads the answer to a request of operation `asked`, whatever the guest made of it: frame,
    /// sizes, value types and texts as [`Request::lenient`](super::Request::lenient) takes them.
    ///
    /// # Errors
    ///
    /// Less than 28 bytes; other message types; an `asked` of 6 and above; a packet that ends before
    /// the fields of the answer.
    pub fn lenient(bytes: &'a [u8], asked: Operation) -> Result<Self, MessageError> {
        if let Ok(reply) = Self::decode(bytes, asked) {
            return Ok(reply);
        }
        let packet = Packet::lenient(bytes)?;
        let header = packet.header;
        let opening = Opening::read(&packet, asked)?;
        let ok = opening.status == status::OK;
        let (body, needed) = (packet.body, needed(asked, &header)?);
        let expected = match header.flags {
            Flags::ASK => Flags::ASK,
            _ => Flags::ANSWER,
        };
        let mut tolerated = Tolerated::of_frame(bytes, &header, expected);
        if usize::from(header.body_size) < needed {
            tolerated |= Tolerated::BODY_SIZE;
        }
        let mut note = |more| tolerated |= more;
        let answer = match asked {
            Operation::GET => {
                Answer::Get(lenient_pair::<{ field::VALUE_BLOCK }>(body, ok, &mut note)?)
            }
            Operation::SET => {
                Answer::Set(lenient_pair::<{ field::VALUE_BLOCK }>(body, ok, &mut note)?)
            }
            Operation::DELETE => {
                let strict = delete_key(body);
                let (key, more) = lenient_delete_key(body)?;
                if ok {
                    note(more);
                }
                Answer::Delete {
                    key: if ok { Some(key) } else { strict.ok() },
                }
            }
            Operation::ENUMERATE => Answer::Enumerate {
                index: whole::<BODY_LEN>(body).map(u32_at::<{ field::INDEX }, _>)?,
                pair: lenient_pair::<{ field::ENUMERATE_BLOCK }>(body, ok, &mut note)?,
            },
            _ => {
                let version = header.envelope.versions.message;
                let strict = IpInfo::read(body, version);
                let (info, more) = IpInfo::lenient(body, version)?;
                if ok {
                    note(more);
                }
                ip_answer(asked, if ok { Some(info) } else { strict.ok() })
            }
        };
        Ok(opening.reply(header, tolerated, answer))
    }
}

/// The pair of an answer of status 0. The body is to be whole in either case.
#[inline]
fn pair<const AT: usize>(body: &[u8], ok: bool) -> Result<Option<Pair<'_>>, MessageError> {
    let block: &[u8; value::LEN] = block::<AT>(body)?;
    if !ok {
        return Ok(None);
    }
    Pair::read(block, super::HEADER_LEN + AT).map(Some)
}

fn lenient_pair<'a, const AT: usize>(
    body: &'a [u8],
    ok: bool,
    note: &mut impl FnMut(Tolerated),
) -> Result<Option<Pair<'a>>, MessageError> {
    let block = block::<AT>(body)?;
    Ok(ok.then(|| {
        let (pair, more) = Pair::lenient(block);
        note(more);
        pair
    }))
}

/// What a failed answer still holds, if it is well formed; of a good one the fault counts. A body
/// too short is a fault of either.
fn echo<T>(read: Result<T, MessageError>, ok: bool) -> Result<Option<T>, MessageError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(fault) if ok || matches!(fault, MessageError::Body { .. }) => Err(fault),
        Err(_) => Ok(None),
    }
}

fn ip_answer(asked: Operation, info: Option<IpInfo<'_>>) -> Answer<'_> {
    match asked {
        Operation::GET_IP_INFO => Answer::GetIpInfo(info),
        _ => Answer::SetIpInfo(info),
    }
}
