//! Messages of the Linux character device `/dev/vmbus/hv_kvp`, between the kernel and
//! `hv_kvp_daemon`.
//!
//! Each is 7432 bytes, both ways, whatever it needs; texts are UTF-8 with a NUL. The kernel writes
//! [`ToDaemon`]; the daemon answers in place. Its answer begins with a status where the operation
//! and the pool were, so that an [`Answer`] is decoded by the operation that was asked. First of all,
//! the daemon writes its [`Registration`], to which the kernel says [`Registered`].
//!
//! Decoding never looks at bytes that mean nothing: what is behind a text's NUL, the pad, the
//! sizes in an answer (the daemon does not set them). Encoding writes all 7432 bytes.
//!
//! The kernel converts what the host sent and does so in silence: it cuts keys at 511 and values at
//! 2047 bytes, drops unpaired surrogates, and gives a value of a type that it does not know no size at
//! all. It waits 30 seconds for an answer.
//!
//! Source: Linux `include/uapi/linux/hyperv.h`, `drivers/hv/hv_kvp.c`, `tools/hv/hv_kvp_daemon.c`, and
//! messages captured between the two.

use super::code::{AddressFamily, Operation, Pool};
use super::error::{DeviceError, TextError, TextField};
use super::layout::{field_mut, part, put, u8_at, u32_at};
use super::message::ip::IpText;
use super::text::{Narrow, Text};
use crate::hresult::HResult;

/// The device.
pub const PATH: &str = "/dev/vmbus/hv_kvp";

/// Bytes of a message: `sizeof(struct hv_kvp_msg)`. Not 7430: the union in it is aligned to 4.
pub const MESSAGE_LEN: usize = 4 + 7428;

/// Where the fields of a message are, and how many bytes the texts have.
///
/// The body begins at byte 4 for every operation, IP information too: its fields are 2 bytes further
/// behind than on VMBus.
pub mod field {
    /// `u32`, from the daemon: the status.
    pub const STATUS: usize = 0;
    /// `u8`, to the daemon.
    pub const OPERATION: usize = 0;
    /// `u8`, to the daemon.
    pub const POOL: usize = 1;

    /// Bytes of a key, its NUL included.
    pub const KEY_LEN: usize = 512;
    /// Bytes of a value, its NUL included.
    pub const VALUE_LEN: usize = 2048;

    /// Registered: the kernel's version, a text.
    pub const VERSION: usize = 4;
    /// Bytes of the version.
    pub const VERSION_LEN: usize = 512;

    /// GET, SET: `u32`, always 0 to the daemon.
    pub const VALUE_TYPE: usize = 4;
    /// GET, SET: `u32`.
    pub const KEY_SIZE: usize = 8;
    /// GET, SET: `u32`.
    pub const VALUE_SIZE: usize = 12;
    /// GET, SET: the key.
    pub const KEY: usize = 16;
    /// GET, SET: the value.
    pub const VALUE: usize = KEY + KEY_LEN;

    /// DELETE: `u32`.
    pub const DELETE_KEY_SIZE: usize = 4;
    /// DELETE: the key.
    pub const DELETE_KEY: usize = 8;

    /// ENUMERATE: `u32`.
    pub const INDEX: usize = 4;
    /// ENUMERATE: `u32`, not set by the daemon.
    pub const ENUMERATE_VALUE_TYPE: usize = 8;
    /// ENUMERATE: `u32`, not set by the daemon.
    pub const ENUMERATE_KEY_SIZE: usize = 12;
    /// ENUMERATE: `u32`, not set by the daemon.
    pub const ENUMERATE_VALUE_SIZE: usize = 16;
    /// ENUMERATE: the key.
    pub const ENUMERATE_KEY: usize = 20;
    /// ENUMERATE: the value.
    pub const ENUMERATE_VALUE: usize = ENUMERATE_KEY + KEY_LEN;

    /// IP information: the adapter.
    pub const ADAPTER_ID: usize = 4;
    /// Bytes of the adapter's text.
    pub const ADAPTER_ID_LEN: usize = 256;
    /// IP information: `u8`.
    pub const ADDRESS_FAMILY: usize = ADAPTER_ID + ADAPTER_ID_LEN;
    /// IP information: `u8`.
    pub const DHCP: usize = ADDRESS_FAMILY + 1;
    /// IP information: the addresses.
    pub const ADDRESSES: usize = DHCP + 1;
    /// Bytes of the addresses' text.
    pub const ADDRESSES_LEN: usize = 2048;
    /// IP information: the subnets.
    pub const SUBNETS: usize = ADDRESSES + ADDRESSES_LEN;
    /// Bytes of the subnets' text.
    pub const SUBNETS_LEN: usize = 2048;
    /// IP information: the gateways.
    pub const GATEWAYS: usize = SUBNETS + SUBNETS_LEN;
    /// Bytes of the gateways' text.
    pub const GATEWAYS_LEN: usize = 1024;
    /// IP information: the DNS servers.
    pub const DNS: usize = GATEWAYS + GATEWAYS_LEN;
    /// Bytes of the DNS servers' text.
    pub const DNS_LEN: usize = 2048;

    // The last field ends 2 bytes before the message: the union's padding.
    const _: () = assert!(DNS + DNS_LEN + 2 == super::MESSAGE_LEN);
}

use field::{
    ADAPTER_ID, ADAPTER_ID_LEN, ADDRESS_FAMILY, ADDRESSES, ADDRESSES_LEN, DELETE_KEY,
    DELETE_KEY_SIZE, DHCP, DNS, DNS_LEN, ENUMERATE_KEY, ENUMERATE_VALUE, GATEWAYS, GATEWAYS_LEN,
    INDEX, KEY, KEY_LEN, KEY_SIZE, OPERATION, POOL, STATUS, SUBNETS, SUBNETS_LEN, VALUE, VALUE_LEN,
    VALUE_SIZE, VERSION, VERSION_LEN,
};

type Message = [u8; MESSAGE_LEN];

fn whole(bytes: &[u8]) -> Result<&Message, DeviceError> {
    let got = bytes.len();
    let needed = MESSAGE_LEN;
    bytes
        .try_into()
        .map_err(|_| DeviceError::Length { needed, got })
}

/// The text up to the first NUL of its field.
fn text<const AT: usize, const N: usize>(
    message: &Message,
    field: TextField,
) -> Result<Text<'_>, DeviceError> {
    match Narrow::new(part::<AT, N, MESSAGE_LEN>(message)).terminated() {
        Ok(text) => Ok(Text::from(text)),
        Err(fault) => Err(read_fault::<AT>(field, fault)),
    }
}

/// The text of which the kernel wrote the size.
fn sized<const AT: usize, const N: usize>(
    message: &Message,
    size: u32,
    field: TextField,
) -> Result<Text<'_>, DeviceError> {
    let held = Narrow::new(part::<AT, N, MESSAGE_LEN>(message));
    let end = held.as_bytes().len();
    let fault = match usize::try_from(size).unwrap_or(usize::MAX) {
        0 => TextError::Nothing,
        got if got > N => TextError::BeyondField { size, allowed: N },
        got if end < got - 1 => TextError::NulInside { at: end },
        got if end >= got => TextError::NoNul { at: got },
        _ => match held.terminated() {
            Ok(text) => return Ok(Text::from(text)),
            Err(fault) => fault,
        },
    };
    Err(read_fault::<AT>(field, fault))
}

const fn read_fault<const AT: usize>(field: TextField, fault: TextError) -> DeviceError {
    let (at, fault) = (AT, fault.moved(AT));
    DeviceError::Text { field, at, fault }
}

/// Writes a text with its NUL; gives its size, the NUL included.
fn write<const AT: usize, const N: usize>(
    message: &mut Message,
    text: Text<'_>,
    field: TextField,
) -> Result<u32, DeviceError> {
    match text.write_narrow(field_mut::<AT, N, MESSAGE_LEN>(message)) {
        // At most the field's 2048 bytes.
        Ok(size) => Ok(u32::try_from(size).unwrap_or_default()),
        // The fault is in the caller's text, not in the message.
        Err(fault) => Err(DeviceError::Text {
            field,
            at: AT,
            fault,
        }),
    }
}

/// Hands over what is written into zeroes, if it can be.
fn build(
    message: &mut Message,
    write: impl FnOnce(&mut Message) -> Result<(), DeviceError>,
) -> Result<(), DeviceError> {
    let mut built = [0; MESSAGE_LEN];
    write(&mut built)?;
    *message = built;
    Ok(())
}

fn write_u32<const AT: usize>(message: &mut Message, number: u32) {
    put::<AT, 4, MESSAGE_LEN>(message, number.to_le_bytes());
}

/// The first message that the daemon writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Registration {
    /// Operation 4, of the oldest daemons: the same number as [`Operation::GET_IP_INFO`]. They know no
    /// statuses.
    Register,
    /// Operation 100, of all others.
    Register1,
}

impl Registration {
    /// The number of the operation.
    pub const fn operation(self) -> Operation {
        match self {
            Self::Register => Operation(4),
            Self::Register1 => Operation(100),
        }
    }

    /// Reads a daemon's registration. All behind byte 0 is left uninitialised by the daemon.
    ///
    /// # Errors
    ///
    /// Another number of bytes than 7432 (`[100]`); an operation other than 4 and 100.
    pub fn decode(bytes: &[u8]) -> Result<Self, DeviceError> {
        match u8_at::<OPERATION, MESSAGE_LEN>(whole(bytes)?) {
            4 => Ok(Self::Register),
            100 => Ok(Self::Register1),
            got => Err(DeviceError::Operation { at: OPERATION, got }),
        }
    }

    /// Writes all bytes of the message.
    pub fn encode(self, message: &mut [u8; MESSAGE_LEN]) {
        message.fill(0);
        put::<OPERATION, 1, MESSAGE_LEN>(message, [self.operation().0]);
    }
}

/// The kernel's word to a registration. The daemon does not answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Registered<'a> {
    /// The registration, whose operation the kernel repeats.
    pub registration: Registration,
    /// The kernel's version of the service, `3.1`: what Linux tells hosts as
    /// `IntegrationServicesVersion`.
    pub version: Text<'a>,
}

impl<'a> Registered<'a> {
    /// Reads the word to this registration.
    ///
    /// # Errors
    ///
    /// Another number of bytes than 7432; an operation other than the registration's; a version that
    /// is no text.
    pub fn decode(bytes: &'a [u8], registration: Registration) -> Result<Self, DeviceError> {
        let message = whole(bytes)?;
        let got = u8_at::<OPERATION, MESSAGE_LEN>(message);
        if got != registration.operation().0 {
            return Err(DeviceError::Operation { at: OPERATION, got });
        }
        let version = text::<VERSION, VERSION_LEN>(message, TextField::Version)?;
        Ok(Self {
            registration,
            version,
        })
    }

    /// Writes all bytes of the message.
    ///
    /// # Errors
    ///
    /// A version of more than 511 bytes, or with a NUL inside. The buffer is unchanged then.
    pub fn encode(self, message: &mut [u8; MESSAGE_LEN]) -> Result<(), DeviceError> {
        build(message, |message| self.write(message))
    }

    fn write(self, message: &mut Message) -> Result<(), DeviceError> {
        put::<OPERATION, 1, MESSAGE_LEN>(message, [self.registration.operation().0]);
        write::<VERSION, VERSION_LEN>(message, self.version, TextField::Version)?;
        Ok(())
    }
}

/// Reads the fields of IP information that lie in a message, whoever wrote it.
///
/// [`ToDaemon`] and [`Answer`] read those that mean something. Of an answer to SET_IP_INFO nothing
/// but the status does: the daemon takes the lists apart in place, and what lies there is the first
/// entry of each.
///
/// # Errors
///
/// Another number of bytes than 7432; a text that is full to its field's end, or not UTF-8.
pub fn ip_text(bytes: &[u8]) -> Result<IpText<'_>, DeviceError> {
    read_ip(whole(bytes)?)
}

fn read_ip(message: &Message) -> Result<IpText<'_>, DeviceError> {
    Ok(IpText {
        adapter_id: text::<ADAPTER_ID, ADAPTER_ID_LEN>(message, TextField::AdapterId)?,
        family: AddressFamily(u8_at::<ADDRESS_FAMILY, MESSAGE_LEN>(message)),
        dhcp: u8_at::<DHCP, MESSAGE_LEN>(message),
        addresses: text::<ADDRESSES, ADDRESSES_LEN>(message, TextField::Addresses)?,
        subnets: text::<SUBNETS, SUBNETS_LEN>(message, TextField::Subnets)?,
        gateways: text::<GATEWAYS, GATEWAYS_LEN>(message, TextField::Gateways)?,
        dns: text::<DNS, DNS_LEN>(message, TextField::Dns)?,
    })
}

fn write_ip(ip: &IpText<'_>, message: &mut Message) -> Result<(), DeviceError> {
    write::<ADAPTER_ID, ADAPTER_ID_LEN>(message, ip.adapter_id, TextField::AdapterId)?;
    put::<ADDRESS_FAMILY, 1, MESSAGE_LEN>(message, [ip.family.0]);
    put::<DHCP, 1, MESSAGE_LEN>(message, [ip.dhcp]);
    write::<ADDRESSES, ADDRESSES_LEN>(message, ip.addresses, TextField::Addresses)?;
    write::<SUBNETS, SUBNETS_LEN>(message, ip.subnets, TextField::Subnets)?;
    write::<GATEWAYS, GATEWAYS_LEN>(message, ip.gateways, TextField::Gateways)?;
    write::<DNS, DNS_LEN>(message, ip.dns, TextField::Dns)?;
    Ok(())
}

/// What the kernel writes to the daemon.
///
/// ```
/// use avma::kvp::code::Pool;
/// use avma::kvp::device::{MESSAGE_LEN, ToDaemon};
///
/// let set = ToDaemon::Set {
///     pool: Pool::EXTERNAL,
///     key: "role".into(),
///     value: Some("web".into()),
/// };
/// let mut message = [0xAA; MESSAGE_LEN];
/// set.encode(&mut message)?;
/// assert_eq!(message[..20], *b"\x01\0\0\0\0\0\0\0\x05\0\0\0\x04\0\0\0role");
/// assert_eq!(ToDaemon::decode(&message), Ok(set));
/// # Ok::<(), avma::kvp::error::DeviceError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ToDaemon<'a> {
    /// The word to a registration by operation 100. Operation 4 reads as GET_IP_INFO: only who knows
    /// that it answers a registration can tell, and asks [`Registered::decode`].
    Registered(Registered<'a>),
    /// The value of a key.
    Get {
        /// The pool.
        pool: Pool,
        /// The key.
        key: Text<'a>,
    },
    /// Set a key to a value.
    Set {
        /// The pool.
        pool: Pool,
        /// The key.
        key: Text<'a>,
        /// The value. `None` (size 0) where the kernel did not know the type of the host's value, as
        /// 2 or 11; the daemon then stores whatever its memory holds. Numbers come as decimal texts.
        value: Option<Text<'a>>,
    },
    /// Remove a key.
    Delete {
        /// The pool.
        pool: Pool,
        /// The key.
        key: Text<'a>,
    },
    /// The item at an index.
    Enumerate {
        /// The pool.
        pool: Pool,
        /// The index, from 0. The daemon does not check it: 0x80000000 ends it, and 0xFFFFFFFF reads
        /// before its table.
        index: u32,
    },
    /// The addresses of an adapter.
    GetIpInfo {
        /// The pool: 0, without meaning.
        pool: Pool,
        /// The MAC address of the adapter, as in `00:15:5D:01:02:03`.
        adapter_id: Text<'a>,
        /// Which addresses.
        family: AddressFamily,
    },
    /// Configure an adapter.
    SetIpInfo {
        /// The pool: 0, without meaning.
        pool: Pool,
        /// What is to be configured.
        ip: IpText<'a>,
    },
}

impl<'a> ToDaemon<'a> {
    /// The operation, by whose number the answer is decoded.
    pub const fn operation(&self) -> Operation {
        match self {
            Self::Registered(registered) => registered.registration.operation(),
            Self::Get { .. } => Operation::GET,
            Self::Set { .. } => Operation::SET,
            Self::Delete { .. } => Operation::DELETE,
            Self::Enumerate { .. } => Operation::ENUMERATE,
            Self::GetIpInfo { .. } => Operation::GET_IP_INFO,
            Self::SetIpInfo { .. } => Operation::SET_IP_INFO,
        }
    }

    /// Reads a message of the kernel, strictly.
    ///
    /// # Errors
    ///
    /// Another number of bytes than 7432; an operation of 6 to 99 or above 100; a pool of 4 or above,
    /// of which 5 ends the daemon; a key of size 0 or 513, a size that does not end with the first NUL
    /// of its text, bytes that are not UTF-8.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DeviceError> {
        let message = whole(bytes)?;
        let operation = Operation(u8_at::<OPERATION, MESSAGE_LEN>(message));
        let pool = || match Pool(u8_at::<POOL, MESSAGE_LEN>(message)) {
            pool if pool.is_exchanged() => Ok(pool),
            Pool(got) => Err(DeviceError::Pool { at: POOL, got }),
        };
        let key = || {
            let size = u32_at::<KEY_SIZE, MESSAGE_LEN>(message);
            sized::<KEY, KEY_LEN>(message, size, TextField::Key)
        };
        match operation {
            Operation::GET => Ok(Self::Get {
                pool: pool()?,
                key: key()?,
            }),
            Operation::SET => Ok(Self::Set {
                pool: pool()?,
                key: key()?,
                value: match u32_at::<VALUE_SIZE, MESSAGE_LEN>(message) {
                    0 => None,
                    size => Some(sized::<VALUE, VALUE_LEN>(message, size, TextField::Value)?),
                },
            }),
            Operation::DELETE => {
                let size = u32_at::<DELETE_KEY_SIZE, MESSAGE_LEN>(message);
                Ok(Self::Delete {
                    pool: pool()?,
                    key: sized::<DELETE_KEY, KEY_LEN>(message, size, TextField::Key)?,
                })
            }
            Operation::ENUMERATE => Ok(Self::Enumerate {
                pool: pool()?,
                index: u32_at::<INDEX, MESSAGE_LEN>(message),
            }),
            Operation::GET_IP_INFO => Ok(Self::GetIpInfo {
                pool: pool()?,
                adapter_id: text::<ADAPTER_ID, ADAPTER_ID_LEN>(message, TextField::AdapterId)?,
                family: AddressFamily(u8_at::<ADDRESS_FAMILY, MESSAGE_LEN>(message)),
            }),
            Operation::SET_IP_INFO => Ok(Self::SetIpInfo {
                pool: pool()?,
                ip: read_ip(message)?,
            }),
            _ if operation == Registration::Register1.operation() => {
                Registered::decode(bytes, Registration::Register1).map(Self::Registered)
            }
            Operation(got) => Err(DeviceError::Operation { at: OPERATION, got }),
        }
    }

    /// Writes all bytes of the message, as the kernel does: what means nothing is 0.
    ///
    /// # Errors
    ///
    /// A key of more than 511 bytes of UTF-8, a value of more than 2047, an adapter of more than 255;
    /// a NUL within a text, an unpaired surrogate; a pool of 4 or above. The buffer is unchanged then.
    pub fn encode(&self, message: &mut [u8; MESSAGE_LEN]) -> Result<(), DeviceError> {
        build(message, |message| self.write(message))
    }

    fn write(&self, message: &mut Message) -> Result<(), DeviceError> {
        let pool = match *self {
            Self::Registered(registered) => return registered.write(message),
            Self::Get { pool, key } => {
                let size = write::<KEY, KEY_LEN>(message, key, TextField::Key)?;
                write_u32::<KEY_SIZE>(message, size);
                pool
            }
            Self::Set { pool, key, value } => {
                let size = write::<KEY, KEY_LEN>(message, key, TextField::Key)?;
                write_u32::<KEY_SIZE>(message, size);
                if let Some(value) = value {
                    let size = write::<VALUE, VALUE_LEN>(message, value, TextField::Value)?;
                    write_u32::<VALUE_SIZE>(message, size);
                }
                pool
            }
            Self::Delete { pool, key } => {
                let size = write::<DELETE_KEY, KEY_LEN>(message, key, TextField::Key)?;
                write_u32::<DELETE_KEY_SIZE>(message, size);
                pool
            }
            Self::Enumerate { pool, index } => {
                write_u32::<INDEX>(message, index);
                pool
            }
            Self::GetIpInfo {
                pool,
                adapter_id,
                family,
            } => {
                let field = TextField::AdapterId;
                write::<ADAPTER_ID, ADAPTER_ID_LEN>(message, adapter_id, field)?;
                put::<ADDRESS_FAMILY, 1, MESSAGE_LEN>(message, [family.0]);
                pool
            }
            Self::SetIpInfo { pool, ip } => {
                write_ip(&ip, message)?;
                pool
            }
        };
        if !pool.is_exchanged() {
            let got = pool.0;
            return Err(DeviceError::Pool { at: POOL, got });
        }
        put::<OPERATION, 1, MESSAGE_LEN>(message, [self.operation().0]);
        put::<POOL, 1, MESSAGE_LEN>(message, [pool.0]);
        Ok(())
    }
}

/// What the daemon writes back.
///
/// ```
/// use avma::kvp::code::{Operation, status};
/// use avma::kvp::device::{Answer, MESSAGE_LEN};
///
/// let mut message = [0; MESSAGE_LEN];
/// Answer::Failed(status::NO_MORE_ITEMS).encode(&mut message)?;
/// // Read as a request it would be an ENUMERATE of pool 1.
/// assert_eq!(message[..4], [3, 1, 7, 0x80]);
/// let answer = Answer::decode(&message, Operation::ENUMERATE)?;
/// assert_eq!(answer.status(), status::NO_MORE_ITEMS);
/// # Ok::<(), avma::kvp::error::DeviceError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Answer<'a> {
    /// Any status but 0. What else lies in the message means nothing.
    Failed(HResult),
    /// SET, DELETE or SET_IP_INFO is done.
    Done,
    /// GET: the value. Empty from the real daemon, whatever the key holds.
    Value(Text<'a>),
    /// ENUMERATE: the item.
    Item {
        /// The index that was asked for.
        index: u32,
        /// The key.
        key: Text<'a>,
        /// The value.
        value: Text<'a>,
    },
    /// GET_IP_INFO: the adapter.
    Ip(IpText<'a>),
}

impl<'a> Answer<'a> {
    /// Reads the answer to a message of this operation.
    ///
    /// # Errors
    ///
    /// Another number of bytes than 7432; an operation that has no answer (6 and above, a
    /// registration); a text that is full to its field's end, or not UTF-8.
    pub fn decode(bytes: &'a [u8], asked: Operation) -> Result<Self, DeviceError> {
        let message = whole(bytes)?;
        let status = HResult(u32_at::<STATUS, MESSAGE_LEN>(message));
        let done = status == HResult::OK;
        match asked {
            Operation(got) if got > Operation::SET_IP_INFO.0 => Err(DeviceError::NoAnswer { got }),
            _ if !done => Ok(Self::Failed(status)),
            Operation::GET => text::<VALUE, VALUE_LEN>(message, TextField::Value).map(Self::Value),
            Operation::ENUMERATE => Ok(Self::Item {
                index: u32_at::<INDEX, MESSAGE_LEN>(message),
                key: text::<ENUMERATE_KEY, KEY_LEN>(message, TextField::Key)?,
                value: text::<ENUMERATE_VALUE, VALUE_LEN>(message, TextField::Value)?,
            }),
            Operation::GET_IP_INFO => read_ip(message).map(Self::Ip),
            _ => Ok(Self::Done),
        }
    }

    /// The status: 0 unless it failed.
    pub const fn status(&self) -> HResult {
        match self {
            Self::Failed(status) => *status,
            _ => HResult::OK,
        }
    }

    /// Writes all bytes of the message; sizes are 0, as the daemon leaves them. A real daemon edits the
    /// request in place, so that its answers hold more of what was asked.
    ///
    /// # Errors
    ///
    /// A text that does not fit its field, with a NUL inside, or with an unpaired surrogate; a failure
    /// with status 0. The buffer is unchanged then.
    pub fn encode(&self, message: &mut [u8; MESSAGE_LEN]) -> Result<(), DeviceError> {
        build(message, |message| self.write(message))
    }

    fn write(&self, message: &mut Message) -> Result<(), DeviceError> {
        match *self {
            Self::Failed(HResult::OK) => return Err(DeviceError::NotAFailure),
            Self::Failed(status) => write_u32::<STATUS>(message, status.0),
            Self::Done => {}
            Self::Value(value) => {
                write::<VALUE, VALUE_LEN>(message, value, TextField::Value)?;
            }
            Self::Item { index, key, value } => {
                write_u32::<INDEX>(message, index);
                write::<ENUMERATE_KEY, KEY_LEN>(message, key, TextField::Key)?;
                write::<ENUMERATE_VALUE, VALUE_LEN>(message, value, TextField::Value)?;
            }
            Self::Ip(ip) => write_ip(&ip, message)?,
        }
        Ok(())
    }
}
