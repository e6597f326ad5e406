//! The numbers of Windows' enumerations, open: an unknown number stays visible.
//!
//! In JSON they are numbers; names after `-EnumsAsStrings` or `"$($_.State)"`; both in an object
//! after remoting. Source: Microsoft's pages on the cmdlets' enumerations and on the CIM classes.

use core::fmt;

use super::fault::Misread;
use super::value::Value;

macro_rules! codes {
    (
        $(#[$meta:meta])*
        pub struct $Code:ident;
        $( $(#[$row:meta])* $CONST:ident = $number:literal, $name:literal; )+
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $Code(pub i64);

        impl $Code {
            $( $(#[$row])* pub const $CONST: Self = Self($number); )+

            const NAMES: &'static [(&'static str, i64)] = &[$(($name, $number)),+];

            /// PowerShell's name, where the crate knows the number.
            pub fn name(self) -> Option<&'static str> {
                Self::NAMES
                    .iter()
                    .find(|(_, number)| *number == self.0)
                    .map(|(name, _)| *name)
            }

            /// From any form in which PowerShell writes it; `None` for `null` and `""`.
            ///
            /// # Errors
            ///
            /// A name that is in no table, as in `"Frobnicating"`; a list, an object.
            pub fn read(value: &Value) -> Result<Option<Self>, Misread> {
                read(value, Self::NAMES).map(|number| number.map(Self))
            }
        }

        impl fmt::Display for $Code {
            /// The name, or the number where no name is known.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.name() {
                    Some(name) => f.pad(name),
                    None => self.0.fmt(f),
                }
            }
        }
    };
}

fn read(value: &Value, names: &[(&str, i64)]) -> Result<Option<i64>, Misread> {
    match value.scalar() {
        number @ Value::Number(_) => number
            .integer()?
            .map(|number| i64::try_from(number).map_err(|_| Misread::OutOfRange))
            .transpose(),
        Value::Text(text) => match text.trim() {
            "" => Ok(None),
            text => text
                .parse()
                .ok()
                .or_else(|| {
                    names
                        .iter()
                        .find(|(name, _)| name.eq_ignore_ascii_case(text))
                        .map(|(_, number)| *number)
                })
                .map(Some)
                .ok_or(Misread::UnknownName),
        },
        other if other.is_nothing() => Ok(None),
        _ => Err(Misread::UnknownName),
    }
}

codes! {
    /// `State` of `Get-VM`.
    pub struct VmState;
    /// 2.
    RUNNING = 2, "Running";
    /// 3.
    OFF = 3, "Off";
    /// 4, on its way to off.
    STOPPING = 4, "Stopping";
    /// 6.
    SAVED = 6, "Saved";
    /// 9.
    PAUSED = 9, "Paused";
    /// 10, on its way to running.
    STARTING = 10, "Starting";
    /// 11.
    RESET = 11, "Reset";
    /// 32773, on its way to saved.
    SAVING = 32773, "Saving";
    /// 32776, on its way to paused.
    PAUSING = 32776, "Pausing";
    /// 32777, on its way from paused to running.
    RESUMING = 32777, "Resuming";
}

codes! {
    /// `ReplicationMode` of `Get-VM`.
    pub struct ReplicationMode;
    /// 0: not replicated.
    NONE = 0, "None";
    /// 1: the VM that is replicated.
    PRIMARY = 1, "Primary";
    /// 2: a copy that is never started; not a second installation.
    REPLICA = 2, "Replica";
    /// 3: a copy that a replica was tested with.
    TEST_REPLICA = 3, "TestReplica";
    /// 4: a copy of a copy.
    EXTENDED_REPLICA = 4, "ExtendedReplica";
}

impl ReplicationMode {
    /// Whether the VM is the copy and not the original.
    pub fn is_copy(self) -> bool {
        matches!(self, Self::REPLICA | Self::EXTENDED_REPLICA)
    }
}

codes! {
    /// `PrimaryOperationalStatus` of an integration service, `OperationalStatus` of
    /// `Msvm_KvpExchangeComponent`.
    pub struct OperationalStatus;
    /// 2; a disabled service says so too.
    OK = 2, "Ok";
    /// 3: works, with another version than the host's.
    DEGRADED = 3, "Degraded";
    /// 7.
    ERROR = 7, "Error";
    /// 12: the guest's service does not answer, or the VM has only just started.
    NO_CONTACT = 12, "NoContact";
    /// 13: the guest's service has stopped to answer.
    LOST_COMMUNICATION = 13, "LostCommunication";
}

codes! {
    /// `EnabledState` of a CIM component.
    pub struct EnabledState;
    /// 2: on.
    ENABLED = 2, "Enabled";
    /// 3: off.
    DISABLED = 3, "Disabled";
}

codes! {
    /// `Status` of a Windows service.
    pub struct ServiceStatus;
    /// 1.
    STOPPED = 1, "Stopped";
    /// 2.
    START_PENDING = 2, "StartPending";
    /// 3.
    STOP_PENDING = 3, "StopPending";
    /// 4.
    RUNNING = 4, "Running";
    /// 5.
    CONTINUE_PENDING = 5, "ContinuePending";
    /// 6.
    PAUSE_PENDING = 6, "PausePending";
    /// 7.
    PAUSED = 7, "Paused";
}

codes! {
    /// `State` of `Get-ClusterNode`.
    pub struct NodeState;
    /// -1.
    UNKNOWN = -1, "Unknown";
    /// 0.
    UP = 0, "Up";
    /// 1.
    DOWN = 1, "Down";
    /// 2.
    PAUSED = 2, "Paused";
    /// 3.
    JOINING = 3, "Joining";
}

codes! {
    /// `State` of `Get-ClusterGroup`.
    pub struct GroupState;
    /// -1.
    UNKNOWN = -1, "Unknown";
    /// 0.
    ONLINE = 0, "Online";
    /// 1.
    OFFLINE = 1, "Offline";
    /// 2.
    FAILED = 2, "Failed";
    /// 3.
    PARTIAL_ONLINE = 3, "PartialOnline";
    /// 4.
    PENDING = 4, "Pending";
}

codes! {
    /// `GroupType` of `Get-ClusterGroup`.
    pub struct GroupType;
    /// 111.
    VIRTUAL_MACHINE = 111, "VirtualMachine";
}
