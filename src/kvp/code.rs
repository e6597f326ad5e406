//! The numbers of the protocol: operations, pools, value types, message types, flags, statuses.
//!
//! Each is an open newtype: any number is one, the constants are those that a source names. Source:
//! Linux `include/uapi/linux/hyperv.h` and `include/linux/hyperv.h`; openvmm `hyperv_ic_protocol`.

use core::fmt;

use crate::hresult::HResult;

macro_rules! codes {
    (
        $(#[$meta:meta])*
        $Name:ident($int:ty);
        $( $(#[$row:meta])* $CONST:ident = $code:literal, $text:literal; )+
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $Name(pub $int);

        impl $Name {
            $( $(#[$row])* pub const $CONST: Self = Self($code); )+

            /// Every number that a source names.
            pub const KNOWN: &'static [Self] = &[$(Self::$CONST),+];

            /// What the number is called, where a source names it.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 { $($code => Some($text),)+ _ => None }
            }
        }

        impl fmt::Display for $Name {
            /// The name, or the number where there is none.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.name() {
                    Some(name) => f.write_str(name),
                    None => self.0.fmt(f),
                }
            }
        }

        impl fmt::Debug for $Name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($Name), "({})"), self)
            }
        }
    };
}

codes! {
    /// What a message asks for; byte 0 of its body.
    Operation(u8);
    /// The value of a key. Linux answers with an empty value, whatever the key holds.
    GET = 0, "GET";
    /// Set a key to a value.
    SET = 1, "SET";
    /// Remove a key.
    DELETE = 2, "DELETE";
    /// The item at an index, from 0 until the guest answers [`status::NO_MORE_ITEMS`].
    ENUMERATE = 3, "ENUMERATE";
    /// The addresses of a network adapter.
    GET_IP_INFO = 4, "GET_IP_INFO";
    /// Configure a network adapter.
    SET_IP_INFO = 5, "SET_IP_INFO";
}

impl Operation {
    /// Whether it is about items: a body of 2580 bytes with a pad, whatever it needs.
    pub const fn is_item(self) -> bool {
        self.0 <= Self::ENUMERATE.0
    }

    /// Whether it is about a network adapter: a body of 7428 bytes.
    pub const fn is_ip(self) -> bool {
        matches!(self, Self::GET_IP_INFO | Self::SET_IP_INFO)
    }
}

codes! {
    /// A set of items; byte 1 of a message's body.
    Pool(u8);
    /// Host user to guest: the host sets and deletes, and sets again after every boot.
    EXTERNAL = 0, "EXTERNAL";
    /// Guest to host, non-intrinsic: the host enumerates.
    GUEST = 1, "GUEST";
    /// The guest describes itself: the host enumerates.
    AUTO = 2, "AUTO";
    /// The host describes itself: the host sets.
    AUTO_EXTERNAL = 3, "AUTO_EXTERNAL";
    /// In the headers, never exchanged.
    AUTO_INTERNAL = 4, "AUTO_INTERNAL";
}

impl Pool {
    /// Whether it travels between host and guest: 0 to 3. Pool 5 ends the Linux daemon.
    pub const fn is_exchanged(self) -> bool {
        self.0 < Self::AUTO_INTERNAL.0
    }
}

codes! {
    /// What a value is: the numbers of the Windows registry, but for one.
    ValueType(u32);
    /// UTF-16LE text with a NUL (`REG_SZ`).
    STRING = 1, "STRING";
    /// Text with references to environment variables (`REG_EXPAND_SZ`); unknown to Unix guests.
    EXPAND_STRING = 2, "EXPAND_STRING";
    /// 4 bytes (`REG_DWORD`).
    U32 = 4, "U32";
    /// 8 bytes as the headers of Unix guests have it (`REG_U64`). To a registry the number is
    /// `REG_FULL_RESOURCE_DESCRIPTOR`.
    UNIX_U64 = 8, "UNIX_U64";
    /// 8 bytes (`REG_QWORD`), as hosts send it; unknown to Unix guests.
    U64 = 11, "U64";
}

codes! {
    /// The integration component that a packet belongs to.
    MessageType(u16);
    /// Version negotiation, of whatever component.
    NEGOTIATE = 0, "negotiate";
    /// Heartbeat.
    HEARTBEAT = 1, "heartbeat";
    /// Key-value pairs.
    KVP = 2, "KVP";
    /// Shutdown.
    SHUTDOWN = 3, "shutdown";
    /// Time synchronisation.
    TIME_SYNC = 4, "time sync";
    /// Volume shadow copies.
    VSS = 5, "VSS";
    /// Remote desktop virtualisation.
    RDV = 6, "RDV";
    /// Guest file copy.
    FILE_COPY = 7, "file copy";
    /// VM session.
    VM_SESSION = 8, "VM session";
}

codes! {
    /// Bits of a packet: [`Flags::ASK`] from the host, [`Flags::ANSWER`] from the guest.
    Flags(u8);
    /// Part of a transaction.
    TRANSACTION = 1, "transaction";
    /// A request.
    REQUEST = 2, "request bit";
    /// A response.
    RESPONSE = 4, "response bit";
    /// What a host sends: transaction and request.
    ASK = 3, "request";
    /// What a guest sends: transaction and response.
    ANSWER = 5, "response";
}

codes! {
    /// Which addresses an IP message is about.
    AddressFamily(u8);
    /// None, or any.
    NONE = 0, "none";
    /// IPv4.
    IPV4 = 1, "IPv4";
    /// IPv6.
    IPV6 = 2, "IPv6";
    /// Both.
    BOTH = 3, "IPv4 and IPv6";
}

codes! {
    /// Where an address comes from (binary IP information).
    Origin(u16);
    /// Not known.
    UNKNOWN = 0, "unknown";
    /// Such as DHCP.
    OTHER = 1, "other";
    /// Configured by hand.
    STATIC = 2, "static";
}

/// The statuses of answers, by the names of `hyperv.h`.
pub mod status {
    use super::HResult;

    macro_rules! statuses {
        ( $( $(#[$row:meta])* $CONST:ident = $code:literal, $symbol:literal; )+ ) => {
            $( $(#[$row])* pub const $CONST: HResult = HResult($code); )+

            /// Every status that the headers name.
            pub const KNOWN: &[HResult] = &[$($CONST),+];

            /// The header's symbol of a status.
            pub const fn symbol(status: HResult) -> Option<&'static str> {
                match status.0 { $($code => Some($symbol),)+ _ => None }
            }
        };
    }

    statuses! {
        /// `HV_S_OK`.
        OK = 0x0000_0000, "HV_S_OK";
        /// `HV_E_FAIL`: the daemon is silent, a text cannot be converted, an adapter is unknown.
        /// Every error of FreeBSD.
        FAIL = 0x8000_4005, "HV_E_FAIL";
        /// `HV_S_CONT`: no more items; a key that does not exist. An error in spite of its S.
        NO_MORE_ITEMS = 0x8007_0103, "HV_S_CONT";
        /// `HV_ERROR_NOT_SUPPORTED`.
        NOT_SUPPORTED = 0x8007_0032, "HV_ERROR_NOT_SUPPORTED";
        /// `HV_INVALIDARG`: an address in SET_IP_INFO is none.
        INVALID_ARGUMENT = 0x8007_0057, "HV_INVALIDARG";
        /// `HV_GUID_NOTFOUND`: the adapter of SET_IP_INFO is unknown.
        GUID_NOT_FOUND = 0x8004_1002, "HV_GUID_NOTFOUND";
        /// `HV_ERROR_ALREADY_EXISTS`; not sent by KVP.
        ALREADY_EXISTS = 0x8007_0050, "HV_ERROR_ALREADY_EXISTS";
        /// `HV_ERROR_DISK_FULL`; not sent by KVP.
        DISK_FULL = 0x8007_0070, "HV_ERROR_DISK_FULL";
        /// `HV_ERROR_MACHINE_LOCKED`; not sent by KVP.
        MACHINE_LOCKED = 0x8007_04F7, "HV_ERROR_MACHINE_LOCKED";
        /// `HV_ERROR_DEVICE_NOT_CONNECTED`; not sent by KVP.
        DEVICE_NOT_CONNECTED = 0x8007_048F, "HV_ERROR_DEVICE_NOT_CONNECTED";
    }
}
