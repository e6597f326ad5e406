//! The frame around every message: VMBus pipe header, integration-component (IC) header, body.
//!
//! | offset | bytes | field |
//! |---|---|---|
//! | 0 | 4 | pipe type, 1 = data |
//! | 4 | 4 | pipe size: the bytes behind this field |
//! | 8 | 2 + 2 | framework version, major and minor |
//! | 12 | 2 | message type |
//! | 14 | 2 + 2 | message version, major and minor |
//! | 18 | 2 | size of the body in bytes (`icmsgsize`) |
//! | 20 | 4 | status, an HRESULT; 0 in requests |
//! | 24 | 1 | transaction id |
//! | 25 | 1 | flags |
//! | 26 | 2 | reserved, 0 |
//! | 28 | | body |
//!
//! A guest answers in place: it keeps the packet that it received, changes status, flags and the
//! fields of the answer, and sends it back. So a reply has the length, the versions and the
//! transaction id of its request, and any bytes of the request that the guest did not overwrite.
//!
//! Source: Linux `include/linux/hyperv.h`, FreeBSD `vmbus_icreg.h`, OpenBSD `hypervicreg.h`, openvmm
//! `hyperv_ic_protocol`; they agree.

mod negotiation;

use core::fmt;

use super::code::{Flags, MessageType};
use super::error::PacketError;
use super::layout::{put, u8_at, u16_at, u32_at};
use crate::hresult::HResult;

pub use negotiation::{LINUX_MAX_VERSIONS, NEGOTIATE_LEN, Offer, Own, Rule, VersionList, choose};

/// Where the fields are, from the packet's begin.
pub mod field {
    /// Pipe type, u32.
    pub const PIPE_TYPE: usize = 0;
    /// Pipe size, u32.
    pub const PIPE_SIZE: usize = 4;
    /// Framework version, two u16.
    pub const FRAMEWORK: usize = 8;
    /// Message type, u16.
    pub const MESSAGE_TYPE: usize = 12;
    /// Message version, two u16.
    pub const VERSION: usize = 14;
    /// Size of the body, u16.
    pub const BODY_SIZE: usize = 18;
    /// Status, u32.
    pub const STATUS: usize = 20;
    /// Transaction id, u8.
    pub const TRANSACTION: usize = 24;
    /// Flags, u8.
    pub const FLAGS: usize = 25;
    /// Reserved, u16.
    pub const RESERVED: usize = 26;
    /// The body.
    pub const BODY: usize = 28;

    const _: () = assert!(PIPE_SIZE + 4 == super::PIPE_HEADER_LEN);
    const _: () = assert!(RESERVED + 2 == BODY && BODY == super::HEADER_LEN);
    const _: () = assert!(FRAMEWORK + 4 == MESSAGE_TYPE && VERSION + 4 == BODY_SIZE);
}

/// Bytes of the pipe header.
pub const PIPE_HEADER_LEN: usize = 8;
/// Bytes of pipe header and IC header together.
pub const HEADER_LEN: usize = 4 /* type */ + 4 /* size */ + 20 /* IC header */;
/// Bytes of the IC header alone.
const IC_HEADER_SIZE: u32 = 20;
const _: () = assert!(IC_HEADER_SIZE as usize == HEADER_LEN - PIPE_HEADER_LEN);
/// The pipe type of data in one piece.
pub const PIPE_DATA: u32 = 1;

/// A version of the framework or of a message.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// The number before the dot.
    pub major: u16,
    /// The number behind the dot.
    pub minor: u16,
}

impl Version {
    /// 1.0: framework and messages of Windows Server 2008.
    pub const V1: Self = Self::new(1, 0);
    /// 3.0: the framework since, and KVP of Windows Server 2008 R2.
    pub const V3: Self = Self::new(3, 0);
    /// 4.0: KVP of Windows Server 2012; IP information as strings.
    pub const V4: Self = Self::new(4, 0);
    /// 5.0: KVP with IP information in binary form.
    pub const V5: Self = Self::new(5, 0);

    /// `major`.`minor`.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    const fn from_bytes([a, b, c, d]: [u8; 4]) -> Self {
        Self::new(u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d]))
    }

    /// On the wire the major number comes first, other than in the constants of C.
    const fn to_bytes(self) -> [u8; 4] {
        let [a, b] = self.major.to_le_bytes();
        let [c, d] = self.minor.to_le_bytes();
        [a, b, c, d]
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Version({self})")
    }
}

/// The two versions of a packet, as negotiated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Versions {
    /// Of the framework.
    pub framework: Version,
    /// Of the component's messages.
    pub message: Version,
}

impl Versions {
    /// What openvmm and the newest hosts end with where the guest is Linux: 3.0 and 4.0.
    pub const LINUX: Self = Self {
        framework: Version::V3,
        message: Version::V4,
    };
}

/// What a sender stamps on a packet besides its message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Envelope {
    /// The negotiated versions; 0.0 in a negotiation.
    pub versions: Versions,
    /// An id that the answer repeats. openvmm always sends 0.
    pub transaction: u8,
}

impl From<Versions> for Envelope {
    fn from(versions: Versions) -> Self {
        Self {
            versions,
            transaction: 0,
        }
    }
}

/// The two headers of a packet, as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Header {
    /// [`PIPE_DATA`].
    pub pipe_type: u32,
    /// Bytes behind the pipe header: 20 and the body.
    pub pipe_size: u32,
    /// The negotiated versions and the transaction id.
    pub envelope: Envelope,
    /// Whose message it is.
    pub message_type: MessageType,
    /// Bytes of the body.
    pub body_size: u16,
    /// 0 in requests.
    pub status: HResult,
    /// [`Flags::ASK`] or [`Flags::ANSWER`].
    pub flags: Flags,
}

impl Header {
    #[inline]
    pub(super) const fn read(bytes: &[u8; HEADER_LEN]) -> Self {
        Self {
            pipe_type: u32_at::<{ field::PIPE_TYPE }, _>(bytes),
            pipe_size: u32_at::<{ field::PIPE_SIZE }, _>(bytes),
            envelope: Envelope {
                versions: Versions {
                    framework: version_at::<{ field::FRAMEWORK }>(bytes),
                    message: version_at::<{ field::VERSION }>(bytes),
                },
                transaction: u8_at::<{ field::TRANSACTION }, _>(bytes),
            },
            message_type: MessageType(u16_at::<{ field::MESSAGE_TYPE }, _>(bytes)),
            body_size: u16_at::<{ field::BODY_SIZE }, _>(bytes),
            status: HResult(u32_at::<{ field::STATUS }, _>(bytes)),
            flags: Flags(u8_at::<{ field::FLAGS }, _>(bytes)),
        }
    }

    /// The headers of a request with a body of `body_size` bytes.
    pub(super) const fn request(
        message_type: MessageType,
        envelope: Envelope,
        body_size: u16,
    ) -> Self {
        Self {
            pipe_type: PIPE_DATA,
            pipe_size: IC_HEADER_SIZE + body_size as u32,
            envelope,
            message_type,
            body_size,
            status: HResult(0),
            flags: Flags::ASK,
        }
    }

    /// Writes all 28 bytes.
    pub(super) fn write<const LEN: usize>(&self, packet: &mut [u8; LEN]) {
        put::<{ field::PIPE_TYPE }, 4, _>(packet, self.pipe_type.to_le_bytes());
        put::<{ field::PIPE_SIZE }, 4, _>(packet, self.pipe_size.to_le_bytes());
        let versions = self.envelope.versions;
        put::<{ field::FRAMEWORK }, 4, _>(packet, versions.framework.to_bytes());
        put::<{ field::MESSAGE_TYPE }, 2, _>(packet, self.message_type.0.to_le_bytes());
        put::<{ field::VERSION }, 4, _>(packet, versions.message.to_bytes());
        put::<{ field::BODY_SIZE }, 2, _>(packet, self.body_size.to_le_bytes());
        put::<{ field::STATUS }, 4, _>(packet, self.status.0.to_le_bytes());
        put::<{ field::TRANSACTION }, 1, _>(packet, [self.envelope.transaction]);
        put::<{ field::FLAGS }, 1, _>(packet, [self.flags.0]);
        put::<{ field::RESERVED }, 2, _>(packet, [0, 0]);
    }
}

const fn version_at<const AT: usize>(bytes: &[u8; HEADER_LEN]) -> Version {
    Version::from_bytes(*super::layout::part::<AT, 4, _>(bytes))
}

/// A packet: its headers and its body.
///
/// ```
/// use avma::kvp::error::PacketError;
/// use avma::kvp::packet::Packet;
///
/// assert_eq!(Packet::decode(&[1; 27]), Err(PacketError::Short { needed: 28, got: 27 }));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The headers.
    pub header: Header,
    /// The body, [`field::BODY`] bytes into the packet; `body_size` bytes where read strictly.
    pub body: &'a [u8],
}

impl fmt::Debug for Packet<'_> {
    /// The headers and the body's length: the body may hold a product key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Packet")
            .field("header", &self.header)
            .field("body_len", &self.body.len())
            .finish()
    }
}

impl<'a> Packet<'a> {
    /// Reads a packet strictly. Bytes behind the two sizes are left alone: rings pad to 8 bytes, and
    /// guests that answer in place keep the request's length.
    ///
    /// # Errors
    ///
    /// Less than 28 bytes; a pipe type other than 1; a pipe size beyond the packet (any packet cut
    /// off) or below 20; a body size beyond the pipe size; flags other than 3 and 5.
    #[inline]
    pub fn decode(bytes: &'a [u8]) -> Result<Self, PacketError> {
        // Of the headers only what is judged here; the whole is read where it is handed out.
        let (header, rest) = split(bytes)?;
        let got = u32_at::<{ field::PIPE_TYPE }, _>(header);
        if got != PIPE_DATA {
            return Err(PacketError::PipeType { got });
        }
        let pipe_size = u32_at::<{ field::PIPE_SIZE }, _>(header);
        let size = usize::try_from(pipe_size).unwrap_or(usize::MAX);
        let needed = size.saturating_add(PIPE_HEADER_LEN);
        if needed > bytes.len() {
            return Err(PacketError::PipeSizeBeyond {
                needed,
                got: bytes.len(),
            });
        }
        let Some(allowed) = needed.checked_sub(HEADER_LEN) else {
            return Err(PacketError::PipeSizeBelow { got: pipe_size });
        };
        let size = usize::from(u16_at::<{ field::BODY_SIZE }, _>(header));
        let (true, Some(body)) = (size <= allowed, rest.get(..size)) else {
            return Err(PacketError::BodySize { got: size, allowed });
        };
        let got = Flags(u8_at::<{ field::FLAGS }, _>(header));
        if !matches!(got, Flags::ASK | Flags::ANSWER) {
            return Err(PacketError::Flags { got });
        }
        Ok(Self {
            header: Header::read(header),
            body,
        })
    }

    /// Reads a packet as Linux does: no pipe type, size or flag is looked at, the body is whatever
    /// follows the headers.
    ///
    /// # Errors
    ///
    /// Less than 28 bytes.
    pub fn lenient(bytes: &'a [u8]) -> Result<Self, PacketError> {
        let (header, body) = split(bytes)?;
        Ok(Self {
            header: Header::read(header),
            body,
        })
    }
}

#[inline]
fn split(bytes: &[u8]) -> Result<(&[u8; HEADER_LEN], &[u8]), PacketError> {
    bytes.split_first_chunk().ok_or(PacketError::Short {
        needed: HEADER_LEN,
        got: bytes.len(),
    })
}

/// Makes an answer of a request, as far as the headers are concerned: status and flags.
pub(super) fn stamp_answer<const LEN: usize>(packet: &mut [u8; LEN], status: HResult) {
    put::<{ field::STATUS }, 4, _>(packet, status.0.to_le_bytes());
    put::<{ field::FLAGS }, 1, _>(packet, [Flags::ANSWER.0]);
}
