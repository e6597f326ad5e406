//! The addresses of a network adapter: GET_IP_INFO and SET_IP_INFO, in packets of [`LEN`] bytes.
//!
//! Up to message version 4 as strings, without a pad behind operation and pool:
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 2 | 256 | adapter id |
//! | 258 | 1 | address family |
//! | 259 | 1 | DHCP enabled |
//! | 260 | 2048 | addresses, joined with `;` |
//! | 2308 | 2048 | subnets |
//! | 4356 | 1024 | gateways |
//! | 5380 | 2048 | DNS servers |
//!
//! From version 5 on in [binary](IpBinary). Source: Linux `include/uapi/linux/hyperv.h`, openvmm
//! `hyperv_ic_protocol`; only openvmm speaks the binary form.

mod binary;

use super::super::code::{AddressFamily, MessageType, Operation, Pool};
use super::super::error::{MessageError, TextError, TextField, WriteError};
use super::super::layout::{field_mut, part, put, u8_at};
use super::super::packet::{self, Envelope, HEADER_LEN, Header, Version};
use super::super::text::Text;
use super::{Tolerated, value, whole};

pub use binary::{IpBinary, IpBlock, Ipv4, Ipv6};

/// Where the fields of the string form are, from the body's begin.
pub mod field {
    /// Adapter id.
    pub const ADAPTER_ID: usize = 2;
    /// Address family, u8.
    pub const FAMILY: usize = 258;
    /// DHCP enabled, u8.
    pub const DHCP: usize = 259;
    /// Addresses.
    pub const ADDRESSES: usize = 260;
    /// Subnets.
    pub const SUBNETS: usize = 2308;
    /// Gateways.
    pub const GATEWAYS: usize = 4356;
    /// DNS servers.
    pub const DNS: usize = 5380;
    /// The block of the binary form, behind a pad.
    pub const BINARY: usize = 4;

    const _: () = assert!(ADAPTER_ID + super::ADAPTER_LEN == FAMILY && DHCP + 1 == ADDRESSES);
    const _: () = assert!(ADDRESSES + super::LIST_LEN == SUBNETS);
    const _: () = assert!(SUBNETS + super::LIST_LEN == GATEWAYS);
    const _: () = assert!(GATEWAYS + super::GATEWAYS_LEN == DNS);
    const _: () = assert!(DNS + super::LIST_LEN == super::BODY_LEN);
    const _: () = assert!(super::LEN == 7456);
}

/// Bytes of an adapter id's field.
pub const ADAPTER_LEN: usize = 256;
/// Bytes of the fields of addresses, subnets and DNS servers.
pub const LIST_LEN: usize = 2048;
/// Bytes of the gateways' field.
pub const GATEWAYS_LEN: usize = 1024;
/// Bytes of the body, in either form.
pub const BODY_LEN: usize = BODY_SIZE as usize;
/// The same as the header tells it.
const BODY_SIZE: u16 = 7428;
/// Bytes of the packet.
pub const LEN: usize = HEADER_LEN + BODY_LEN;

/// Bytes of the body up to the end of the binary block.
const BINARY_NEEDED: usize = field::BINARY + binary::LEN;

/// Whether messages of this version have IP information in binary form.
pub(super) fn is_binary(version: Version) -> bool {
    version >= Version::V5
}

/// The bytes of the body that carry meaning.
pub(super) fn needed(version: Version) -> usize {
    if is_binary(version) {
        BINARY_NEEDED
    } else {
        BODY_LEN
    }
}

/// The addresses of an adapter, in one of the two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IpInfo<'a> {
    /// Message versions up to 4.
    Text(IpText<'a>),
    /// Message versions from 5 on.
    Binary(IpBinary<'a>),
}

/// The string form. Linux joins addresses and subnets without, gateways and DNS servers with a `;`
/// at the end, and writes IPv6 subnets as `/64`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IpText<'a> {
    /// A MAC address in GET, as in `00:15:5D:01:02:03`; a GUID in braces in SET.
    pub adapter_id: Text<'a>,
    /// Which addresses.
    pub family: AddressFamily,
    /// Not 0 if the adapter uses DHCP.
    pub dhcp: u8,
    /// Addresses.
    pub addresses: Text<'a>,
    /// Subnets, one an address.
    pub subnets: Text<'a>,
    /// Gateways.
    pub gateways: Text<'a>,
    /// DNS servers.
    pub dns: Text<'a>,
}

impl<'a> IpText<'a> {
    /// What GET_IP_INFO asks with: the adapter, the rest empty.
    pub fn of_adapter(adapter_id: impl Into<Text<'a>>) -> Self {
        Self {
            adapter_id: adapter_id.into(),
            family: AddressFamily::NONE,
            dhcp: 0,
            addresses: Text::default(),
            subnets: Text::default(),
            gateways: Text::default(),
            dns: Text::default(),
        }
    }

    fn read(body: &'a [u8; BODY_LEN]) -> Result<Self, MessageError> {
        Self::read_by(body, |field, bytes, at| {
            Text::terminated(bytes).map_err(|fault| MessageError::Text {
                field,
                fault: fault.moved(HEADER_LEN + at),
            })
        })
    }

    /// Reads the fields, each text in its way.
    fn read_by<E>(
        body: &'a [u8; BODY_LEN],
        mut text: impl FnMut(TextField, &'a [u8], usize) -> Result<Text<'a>, E>,
    ) -> Result<Self, E> {
        use field::{ADAPTER_ID, ADDRESSES, DNS, GATEWAYS, SUBNETS};
        Ok(Self {
            adapter_id: text(
                TextField::AdapterId,
                part::<ADAPTER_ID, ADAPTER_LEN, _>(body),
                ADAPTER_ID,
            )?,
            family: AddressFamily(u8_at::<{ field::FAMILY }, _>(body)),
            dhcp: u8_at::<{ field::DHCP }, _>(body),
            addresses: text(
                TextField::Addresses,
                part::<ADDRESSES, LIST_LEN, _>(body),
                ADDRESSES,
            )?,
            subnets: text(
                TextField::Subnets,
                part::<SUBNETS, LIST_LEN, _>(body),
                SUBNETS,
            )?,
            gateways: text(
                TextField::Gateways,
                part::<GATEWAYS, GATEWAYS_LEN, _>(body),
                GATEWAYS,
            )?,
            dns: text(TextField::Dns, part::<DNS, LIST_LEN, _>(body), DNS)?,
        })
    }

    /// The sizes of the five texts, if all can be written.
    fn sizes(&self) -> Result<[usize; 5], WriteError> {
        let size = |field, text: Text<'_>, allowed| {
            text.wide_size(allowed)
                .map_err(|fault| WriteError::Text { field, fault })
        };
        Ok([
            size(TextField::AdapterId, self.adapter_id, ADAPTER_LEN)?,
            size(TextField::Addresses, self.addresses, LIST_LEN)?,
            size(TextField::Subnets, self.subnets, LIST_LEN)?,
            size(TextField::Gateways, self.gateways, GATEWAYS_LEN)?,
            size(TextField::Dns, self.dns, LIST_LEN)?,
        ])
    }

    fn write(&self, sizes: [usize; 5], body: &mut [u8; BODY_LEN]) {
        use field::{ADAPTER_ID, ADDRESSES, DNS, GATEWAYS, SUBNETS};
        let [adapter_id, addresses, subnets, gateways, dns] = sizes;
        let id = field_mut::<ADAPTER_ID, ADAPTER_LEN, _>(body);
        self.adapter_id.write_wide_sized(adapter_id, id);
        put::<{ field::FAMILY }, 2, _>(body, [self.family.0, self.dhcp]);
        let room = field_mut::<ADDRESSES, LIST_LEN, _>(body);
        self.addresses.write_wide_sized(addresses, room);
        let room = field_mut::<SUBNETS, LIST_LEN, _>(body);
        self.subnets.write_wide_sized(subnets, room);
        let room = field_mut::<GATEWAYS, GATEWAYS_LEN, _>(body);
        self.gateways.write_wide_sized(gateways, room);
        let room = field_mut::<DNS, LIST_LEN, _>(body);
        self.dns.write_wide_sized(dns, room);
    }
}

impl<'a> IpInfo<'a> {
    pub(super) fn read(body: &'a [u8], version: Version) -> Result<Self, MessageError> {
        if is_binary(version) {
            let block =
                part::<{ field::BINARY }, { binary::LEN }, _>(whole::<BINARY_NEEDED>(body)?);
            IpBinary::read(block, HEADER_LEN + field::BINARY).map(Self::Binary)
        } else {
            IpText::read(whole(body)?).map(Self::Text)
        }
    }

    pub(super) fn lenient(
        body: &'a [u8],
        version: Version,
    ) -> Result<(Self, Tolerated), MessageError> {
        if is_binary(version) {
            let block =
                part::<{ field::BINARY }, { binary::LEN }, _>(whole::<BINARY_NEEDED>(body)?);
            let (info, tolerated) = IpBinary::lenient(block);
            return Ok((Self::Binary(info), tolerated));
        }
        let mut tolerated = Tolerated::NOTHING;
        let info = IpText::read_by(whole(body)?, |_, bytes, _| {
            let (text, more) = value::lenient_field(bytes);
            tolerated |= more;
            Ok::<_, MessageError>(text)
        })?;
        Ok((Self::Text(info), tolerated))
    }

    /// Writes the fields that have meaning into a body, and touches nothing else.
    pub(super) fn write(&self, version: Version, body: &mut [u8]) -> Result<(), WriteError> {
        let short = WriteError::Short {
            needed: HEADER_LEN + needed(version),
            got: HEADER_LEN + body.len(),
        };
        match self {
            Self::Text(info) if !is_binary(version) => {
                let sizes = info.sizes()?;
                info.write(sizes, body.first_chunk_mut().ok_or(short)?);
            }
            Self::Binary(info) if is_binary(version) => {
                let id_size = info.id_size()?;
                let block = body
                    .get_mut(field::BINARY..)
                    .and_then(|rest| rest.first_chunk_mut());
                info.write(id_size, block.ok_or(short)?);
            }
            _ => return Err(WriteError::IpForm { version }),
        }
        Ok(())
    }
}

/// What a host asks about a network adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IpRequest<'a> {
    /// The addresses of an adapter. Only the adapter's id means anything; the rest is empty.
    Get {
        /// 0 in what hosts send.
        pool: Pool,
        /// Which adapter.
        info: IpInfo<'a>,
    },
    /// Configure an adapter.
    Set {
        /// 0 in what hosts send.
        pool: Pool,
        /// Which adapter, and how.
        info: IpInfo<'a>,
    },
}

impl<'a> IpRequest<'a> {
    pub(super) fn new(operation: Operation, pool: Pool, info: IpInfo<'a>) -> Self {
        if operation == Operation::GET_IP_INFO {
            Self::Get { pool, info }
        } else {
            Self::Set { pool, info }
        }
    }

    /// What is asked.
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Get { .. } => Operation::GET_IP_INFO,
            Self::Set { .. } => Operation::SET_IP_INFO,
        }
    }

    /// The pool.
    pub const fn pool(&self) -> Pool {
        match self {
            Self::Get { pool, .. } | Self::Set { pool, .. } => *pool,
        }
    }

    /// The adapter and its addresses.
    pub const fn info(&self) -> &IpInfo<'a> {
        match self {
            Self::Get { info, .. } | Self::Set { info, .. } => info,
        }
    }

    /// Writes the whole packet; every byte, zeroes where nothing is.
    ///
    /// # Errors
    ///
    /// A text that does not fit its field (128 letters of adapter id) or has a NUL inside; the form
    /// that the envelope's message version does not have.
    pub fn encode(&self, envelope: Envelope, packet: &mut [u8; LEN]) -> Result<(), WriteError> {
        let version = envelope.versions.message;
        match self.info() {
            IpInfo::Text(info) if !is_binary(version) => info.sizes().map(|_| ())?,
            IpInfo::Binary(info) if is_binary(version) => info.id_size().map(|_| ())?,
            _ => return Err(WriteError::IpForm { version }),
        }
        packet.fill(0);
        Header::request(MessageType::KVP, envelope, BODY_SIZE).write(packet);
        put::<{ packet::field::BODY }, 2, _>(packet, [self.operation().0, self.pool().0]);
        let body = field_mut::<{ packet::field::BODY }, BODY_LEN, _>(packet);
        self.info().write(version, body)
    }
}

/// A text fault of an adapter id.
fn adapter_fault(fault: TextError) -> WriteError {
    WriteError::Text {
        field: TextField::AdapterId,
        fault,
    }
}
