//! What `AddKvpItems`, `ModifyKvpItems` and `RemoveKvpItems` of
//! `Msvm_VirtualSystemManagementService` return, and the states of the jobs that they start.
//!
//! A call is done with [`ReturnCode::COMPLETED`]. With [`ReturnCode::JOB_STARTED`] it goes on as a
//! job: that is done when its state is [`JobState::COMPLETED`]; its `ErrorCode` is a
//! [`ReturnCode`] again.
//!
//! Source: Microsoft's pages on the three methods and on `CIM_ConcreteJob`; 32779 from the
//! libhvee library alone.

use core::fmt;

/// What a method returns. Open: any number of 32 bits is one, the constants are those that are known.
///
/// ```
/// use avma::kvp::wmi::method::ReturnCode;
///
/// assert_eq!(ReturnCode(32773), ReturnCode::INVALID_PARAMETER);
/// assert_eq!(ReturnCode(32773).to_string(), "32773 (invalid parameter)");
/// assert_eq!(ReturnCode(7).to_string(), "7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReturnCode(pub u32);

/// `JobState` of a job. Open: any number of 16 bits is one, the constants are those that are known.
///
/// ```
/// use avma::kvp::wmi::method::JobState;
///
/// assert!(!JobState::RUNNING.is_over());
/// assert!(JobState::EXCEPTION.is_over());
/// assert_eq!(JobState(7).to_string(), "7 (completed)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobState(pub u16);

macro_rules! codes {
    ($Type:ident: $( $CONST:ident = $code:literal, $name:literal, $meaning:literal; )+) => {
        impl $Type {
            $(
                #[doc = concat!($code, ", ", $name, ": ", $meaning, ".")]
                pub const $CONST: Self = Self($code);
            )+

            /// Every code that is known, in the order of the numbers.
            pub const KNOWN: &'static [Self] = &[$(Self::$CONST),+];

            /// The words for it, where it is known.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 { $($code => Some($name),)+ _ => None }
            }

            /// What it says to the caller, where it is known.
            pub const fn meaning(self) -> Option<&'static str> {
                match self.0 { $($code => Some($meaning),)+ _ => None }
            }
        }

        impl fmt::Display for $Type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self.name() {
                    Some(name) => write!(f, "{} ({name})", self.0),
                    None => self.0.fmt(f),
                }
            }
        }
    };
}

codes! { ReturnCode:
    COMPLETED = 0, "completed", "the items are added, changed or removed";
    JOB_STARTED = 4096, "job started", "the call goes on as a job; look at its state";
    FAILED = 32768, "failed", "it failed, without a reason";
    ACCESS_DENIED = 32769, "access denied", "the caller may not do that";
    NOT_SUPPORTED = 32770, "not supported", "the virtual machine cannot do it";
    STATUS_UNKNOWN = 32771, "status unknown", "the virtual machine's status is unknown";
    TIMEOUT = 32772, "timeout", "it took too long";
    INVALID_PARAMETER = 32773, "invalid parameter",
        "a parameter is refused; of AddKvpItems in practice also a key that exists";
    IN_USE = 32774, "in use", "the virtual machine is in use";
    INVALID_STATE = 32775, "invalid state", "not in the state in which the virtual machine is";
    INCORRECT_DATA_TYPE = 32776, "incorrect data type", "a property is of another type";
    NOT_AVAILABLE = 32777, "not available", "the virtual machine is not available";
    OUT_OF_MEMORY = 32778, "out of memory", "the host is out of memory";
    NOT_FOUND = 32779, "not found", "named by libhvee alone; Microsoft's pages end at 32778";
}

codes! { JobState:
    NEW = 2, "new", "not started yet";
    STARTING = 3, "starting", "about to run";
    RUNNING = 4, "running", "at work";
    SUSPENDED = 5, "suspended", "stopped, can go on";
    SHUTTING_DOWN = 6, "shutting down", "about to end";
    COMPLETED = 7, "completed", "done, and well";
    TERMINATED = 8, "terminated", "ended by request";
    KILLED = 9, "killed", "ended by force";
    EXCEPTION = 10, "exception", "failed; ErrorCode says why";
    SERVICE = 11, "service", "goes on until it is stopped";
}

impl ReturnCode {
    /// Whether the work is done, and well. A job that has started is not done yet.
    pub const fn is_done(self) -> bool {
        self.0 == Self::COMPLETED.0
    }
}

impl JobState {
    /// Whether the job has come to its end, well or not.
    pub const fn is_over(self) -> bool {
        matches!(self.0, 7..=10)
    }
}
