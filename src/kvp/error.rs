//! Why an item cannot be read or written.

mod registry;
mod wmi;

use core::fmt;

use super::code::{Flags, MessageType, Operation, Pool, ValueType};
use super::packet::Version;
use crate::hresult::HResult;

use super::limits::{Half, Unit};

pub use registry::{RegistryError, RegistryFault};
pub use wmi::{DataItemError, DataItemsError, WmiItemError};

/// Why an item does not arrive whole: see [`limits::check`](super::limits::check).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum LimitError {
    /// A key of no characters: it can be stored, but WMI has no name for it.
    #[error("the key is empty")]
    EmptyKey,
    /// A NUL within a text, as in `"a\0b"`: readers take what is before it.
    #[error("the {half} has a NUL at byte {at}")]
    Nul {
        /// The text that has it.
        half: Half,
        /// Where it is, in bytes of UTF-8.
        at: usize,
    },
    /// A character that XML 1.0 does not have, such as U+0001, on a way that is CIM-XML.
    #[error("the {half} has {c:?} at byte {at}, which XML does not have")]
    NotXml {
        /// The text that has it.
        half: Half,
        /// Where it is, in bytes of UTF-8.
        at: usize,
        /// The character.
        c: char,
    },
    /// A text that is too long, as a key of 255 letters from a Linux guest.
    #[error("the {half} has {needed} {unit}, {allowed} are allowed")]
    TooLong {
        /// The text that is too long.
        half: Half,
        /// What is counted.
        unit: Unit,
        /// The length of the text.
        needed: usize,
        /// The length that is allowed.
        allowed: usize,
    },
    /// A value that would be split into more parts than are joined again, as one of 5 MB.
    #[error("the value has {needed} parts, {allowed} are allowed")]
    TooManyParts {
        /// The parts of the value.
        needed: usize,
        /// The parts that are allowed.
        allowed: usize,
    },
}

/// Why numbered parts are not joined: see [`limits::pieces`](super::limits::pieces).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum JoinError {
    /// No item is a part of this value.
    #[error("no part of the value is there")]
    None,
    /// A part is missing, as `name.1` where there are `name.0` and `name.2`.
    #[error("part {number} is missing")]
    Missing {
        /// The first number that is missing.
        number: usize,
    },
    /// A number is there twice; which part counts cannot be told.
    #[error("part {number} is there twice")]
    Twice {
        /// The lowest number that is there twice.
        number: usize,
    },
    /// More parts than the value has, or than are joined.
    #[error("the value has {got} parts, {allowed} are allowed")]
    TooMany {
        /// The parts that are there.
        got: usize,
        /// The parts that are allowed.
        allowed: usize,
    },
}

/// Why a record of a pool file is no item.
///
/// Offsets within `fault` count from the begin of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum RecordError {
    /// A key without a NUL, or one that is not UTF-8.
    #[error("record {index}, key: {fault}")]
    Key {
        /// The record's index, from 0.
        index: usize,
        /// What is wrong with it.
        fault: TextError,
    },
    /// A value without a NUL, or one that is not UTF-8.
    #[error("record {index}, value: {fault}")]
    Value {
        /// The record's index, from 0.
        index: usize,
        /// What is wrong with it.
        fault: TextError,
    },
}

/// Why a pool file cannot be edited so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PoolError {
    /// A key of more than 511 bytes, or with a NUL inside.
    #[error("key: {0}")]
    Key(TextError),
    /// A value of more than 2047 bytes, or with a NUL inside.
    #[error("value: {0}")]
    Value(TextError),
    /// A buffer that is too small for the file.
    #[error("the file needs {needed} bytes, the buffer has {got}")]
    Buffer {
        /// The bytes of the changed file.
        needed: usize,
        /// The bytes of the buffer.
        got: usize,
    },
}

/// Why bytes are no message of the Linux character device, or cannot become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DeviceError {
    /// Another number of bytes than a message has, as a message that is cut off.
    #[error("a message has {needed} bytes, these are {got}")]
    Length {
        /// The bytes of a message: 7432.
        needed: usize,
        /// The bytes that were given.
        got: usize,
    },
    /// An operation that the message cannot have, as 6.
    #[error("byte {at}: operation {got} is not one of these messages")]
    Operation {
        /// Where it is.
        at: usize,
        /// Its number.
        got: u8,
    },
    /// A pool that is not exchanged: 4 and above.
    #[error("byte {at}: pool {got} is not exchanged")]
    Pool {
        /// Where it is.
        at: usize,
        /// Its number.
        got: u8,
    },
    /// A text that cannot be read or written.
    #[error("{field}, a field at byte {at}: {fault}")]
    Text {
        /// Which text.
        field: TextField,
        /// Where its field begins.
        at: usize,
        /// What is wrong with it. Offsets count from the message's begin where it is read, from the
        /// text's own where it is written.
        fault: TextError,
    },
    /// An operation that no daemon answers, as 100.
    #[error("operation {got} has no answer")]
    NoAnswer {
        /// Its number.
        got: u8,
    },
    /// A failure whose status is 0, which says done.
    #[error("a failure has another status than 0")]
    NotAFailure,
}

/// Why a text cannot be read from a field, or written into one.
///
/// Offsets count from where the text's field begins, or from where the message begins when a message
/// reports them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TextError {
    /// A declared size beyond the field, such as 514 bytes of key where there are 512.
    #[error("the text has {size} bytes, its field {allowed}")]
    BeyondField {
        /// The size that is declared, in bytes.
        size: u32,
        /// The bytes of the field.
        allowed: usize,
    },
    /// A size that is no whole number of UTF-16 units, such as 7.
    #[error("the text has {size} bytes, an odd number of them")]
    OddSize {
        /// The size that is declared, in bytes.
        size: u32,
    },
    /// Size 0 where the NUL at least is counted.
    #[error("the text has 0 bytes, not even a NUL")]
    Nothing,
    /// No NUL at the end of the size that is declared, or in the whole field.
    #[error("byte {at}: the text ends without a NUL")]
    NoNul {
        /// Where the text, or its field, ends.
        at: usize,
    },
    /// A NUL before the end, as in `"a\0b"`.
    #[error("byte {at}: a NUL within the text")]
    NulInside {
        /// Where the NUL is.
        at: usize,
    },
    /// Half of a surrogate pair.
    #[error("byte {at}: an unpaired surrogate")]
    Surrogate {
        /// Where it is.
        at: usize,
    },
    /// Bytes that are not UTF-8, as in `b"caf\xE9"`.
    #[error("byte {at}: not UTF-8")]
    NotUtf8 {
        /// Where they begin.
        at: usize,
    },
    /// A text that does not fit its field. Nothing is cut silently.
    #[error("the text needs {needed} bytes with its NUL, the field has {allowed}")]
    TooLong {
        /// The bytes that the text needs, its NUL included.
        needed: usize,
        /// The bytes of the field.
        allowed: usize,
    },
}

impl TextError {
    /// The same fault, counted from `by` bytes further to the front.
    #[must_use]
    pub const fn moved(self, by: usize) -> Self {
        match self {
            Self::NoNul { at } => Self::NoNul { at: at + by },
            Self::NulInside { at } => Self::NulInside { at: at + by },
            Self::Surrogate { at } => Self::Surrogate { at: at + by },
            Self::NotUtf8 { at } => Self::NotUtf8 { at: at + by },
            other => other,
        }
    }
}

/// Why bytes are not a packet. Offsets of the fields: [`packet::field`](super::packet::field).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PacketError {
    /// Less than the two headers.
    #[error("the packet needs {needed} bytes at least, it has {got}")]
    Short {
        /// The bytes of the headers.
        needed: usize,
        /// The bytes that there are.
        got: usize,
    },
    /// A pipe type (byte 0) other than 1, such as a transfer in several pieces.
    #[error("byte 0: the pipe type is {got}, not 1")]
    PipeType {
        /// The type.
        got: u32,
    },
    /// A pipe size (byte 4) beyond the packet: the packet is cut off, or the size is wrong.
    #[error("byte 4: by its pipe size the packet needs {needed} bytes, it has {got}")]
    PipeSizeBeyond {
        /// The bytes that the whole packet needs by it.
        needed: usize,
        /// The bytes that there are.
        got: usize,
    },
    /// A pipe size (byte 4) that does not cover the header of 20 bytes behind it.
    #[error("byte 4: the pipe size is {got}, at least 20 are needed")]
    PipeSizeBelow {
        /// The size.
        got: u32,
    },
    /// A body size (byte 18) beyond the pipe size.
    #[error("byte 18: the body has {got} bytes, the packet {allowed} for it")]
    BodySize {
        /// The body's size in bytes.
        got: usize,
        /// The bytes behind the headers.
        allowed: usize,
    },
    /// Flags (byte 25) other than 3, a request, and 5, an answer.
    #[error("byte 25: the flags are {:#04x}, neither those of a request nor of an answer", got.0)]
    Flags {
        /// The flags.
        got: Flags,
    },
}

/// Why a version negotiation cannot be read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NegotiationError {
    /// It is no packet.
    #[error(transparent)]
    Packet(#[from] PacketError),
    /// A packet of another kind, such as a heartbeat.
    #[error("byte 12: a message of type {}, not a negotiation", got.0)]
    MessageType {
        /// The type.
        got: MessageType,
    },
    /// Version counts (bytes 28 and 30) beyond the body.
    #[error("byte 28: by its version counts the body needs {needed} bytes, it has {got}")]
    Counts {
        /// The bytes that the body needs by them.
        needed: usize,
        /// The bytes of the body.
        got: usize,
    },
    /// More versions than a packet can hold.
    #[error("{got} versions do not fit a packet")]
    TooMany {
        /// How many.
        got: usize,
    },
    /// A buffer too small to encode into, or a packet too small to answer in.
    #[error("the buffer needs {needed} bytes, it has {got}")]
    Buffer {
        /// The bytes that are needed.
        needed: usize,
        /// The bytes that there are.
        got: usize,
    },
    /// A request where an answer is asked for.
    #[error("byte 25: a request, not an answer")]
    NotAnAnswer,
    /// An answer of another status than 0.
    #[error("byte 20: the guest answers {status}")]
    Failed {
        /// The status.
        status: HResult,
    },
    /// An answer that neither agrees (1 and 1) nor declines (0 and 0).
    #[error(
        "byte 28: the answer has {frameworks} frameworks and {messages} message versions, not one of each"
    )]
    NotOneEach {
        /// Framework versions in it.
        frameworks: usize,
        /// Message versions in it.
        messages: usize,
    },
}

/// A text of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextField {
    /// An item's key.
    Key,
    /// An item's value.
    Value,
    /// A network adapter's id.
    AdapterId,
    /// Addresses.
    Addresses,
    /// Subnet masks.
    Subnets,
    /// Gateways.
    Gateways,
    /// DNS servers.
    Dns,
    /// The kernel's version, at the Linux device.
    Version,
}

impl fmt::Display for TextField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "key",
            Self::Value => "value",
            Self::AdapterId => "adapter id",
            Self::Addresses => "addresses",
            Self::Subnets => "subnets",
            Self::Gateways => "gateways",
            Self::Dns => "dns",
            Self::Version => "version",
        })
    }
}

/// A list of binary IP information.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IpList {
    /// IPv4 addresses, at most 64.
    Ipv4Addresses,
    /// IPv6 addresses, at most 64.
    Ipv6Addresses,
    /// IPv4 gateways, at most 5.
    Ipv4Gateways,
    /// IPv6 gateways, at most 5.
    Ipv6Gateways,
    /// IPv4 DNS servers, at most 64.
    Ipv4Dns,
    /// IPv6 DNS servers, at most 64.
    Ipv6Dns,
}

impl fmt::Display for IpList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ipv4Addresses => "IPv4 addresses",
            Self::Ipv6Addresses => "IPv6 addresses",
            Self::Ipv4Gateways => "IPv4 gateways",
            Self::Ipv6Gateways => "IPv6 gateways",
            Self::Ipv4Dns => "IPv4 DNS servers",
            Self::Ipv6Dns => "IPv6 DNS servers",
        })
    }
}

/// Why bytes are not a KVP message. Offsets count from the packet's begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum MessageError {
    /// It is no packet.
    #[error(transparent)]
    Packet(#[from] PacketError),
    /// A packet of another kind, such as a heartbeat.
    #[error("byte 12: a message of type {}, not KVP", got.0)]
    MessageType {
        /// The type.
        got: MessageType,
    },
    /// An answer where a request is asked for.
    #[error("byte 25: an answer, not a request")]
    NotARequest,
    /// A body too short for its operation, such as 2575 bytes for SET.
    #[error("byte 28: the body needs {needed} bytes, it has {got}")]
    Body {
        /// The bytes that the operation needs.
        needed: usize,
        /// The bytes of the body.
        got: usize,
    },
    /// An operation that no source names, so that its layout is unknown, such as 100.
    #[error("byte 28: operation {} is unknown", got.0)]
    Operation {
        /// The operation.
        got: Operation,
    },
    /// A pool that is never exchanged, such as 4, or that does not exist.
    #[error("byte 29: pool {} is not exchanged", got.0)]
    Pool {
        /// The pool.
        got: Pool,
    },
    /// A text that cannot be read.
    #[error("{field}: {fault}")]
    Text {
        /// Which one.
        field: TextField,
        /// What is wrong with it.
        fault: TextError,
    },
    /// A value type that is not of the protocol, such as 3 (binary) or 0.
    #[error("byte {at}: value type {} is unknown", got.0)]
    ValueType {
        /// Where the type is.
        at: usize,
        /// The type.
        got: ValueType,
    },
    /// A number whose size is not that of its type, such as 8 of a u32.
    #[error("byte {at}: the number has {got} bytes, its type {needed}")]
    NumberSize {
        /// Where the size is.
        at: usize,
        /// The bytes of the type.
        needed: u32,
        /// The size that is declared.
        got: u32,
    },
    /// More entries than a list can hold, such as 65 addresses.
    #[error("byte {at}: {got} {list}, there is room for {allowed}")]
    Count {
        /// Where the count is.
        at: usize,
        /// Which list.
        list: IpList,
        /// The count.
        got: u32,
        /// The entries that the list can hold.
        allowed: usize,
    },
}

impl MessageError {
    /// The bytes that the whole packet needs as far as can be told, if the fault is that it ends
    /// before. 28 where the size of the whole is not known yet.
    pub const fn needed(&self) -> Option<usize> {
        match self {
            Self::Packet(
                PacketError::Short { needed, .. } | PacketError::PipeSizeBeyond { needed, .. },
            ) => Some(*needed),
            _ => None,
        }
    }
}

/// Why a message cannot be written. The buffer is unchanged then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum WriteError {
    /// A text that does not fit, or has a NUL inside. Offsets count from the text's begin, in bytes
    /// of UTF-16.
    #[error("{field}: {fault}")]
    Text {
        /// Which one.
        field: TextField,
        /// What is wrong with it.
        fault: TextError,
    },
    /// A packet too short for what its operation answers, such as 44 bytes of an ENUMERATE.
    #[error("the packet needs {needed} bytes, it has {got}")]
    Short {
        /// The bytes that are needed.
        needed: usize,
        /// The bytes that there are.
        got: usize,
    },
    /// A packet of another kind, such as a negotiation.
    #[error("byte 12: a message of type {}, not KVP", got.0)]
    MessageType {
        /// The type.
        got: MessageType,
    },
    /// An outcome that does not answer the operation, such as a value to ENUMERATE, or a failure of
    /// status 0.
    #[error("operation {} is not answered by this", asked.0)]
    Outcome {
        /// The operation of the request.
        asked: Operation,
    },
    /// Strings where the message version has the binary form (5.0 and up), or the other way round.
    #[error("messages of version {version} have the other form of IP information")]
    IpForm {
        /// The message version.
        version: Version,
    },
    /// A list that is full: 64 addresses, 5 gateways or 64 DNS servers of a family.
    #[error("no room for more than {allowed} {list}")]
    Full {
        /// Which list.
        list: IpList,
        /// The entries that the list can hold.
        allowed: usize,
    },
}
