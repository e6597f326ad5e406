//! What guest and host tell each other, as values.
//!
//! Microsoft's messages are private and travel on a channel of their own; nothing here has a form in
//! bytes. A message that arrives damaged is an input of its own,
//! [`ReplyUnreadable`](super::guest::Input::ReplyUnreadable).

use crate::assess::Guest;
use crate::hresult::HResult;
use crate::ids::{HostId, VmId};

/// A guest asks the host that it runs on for its activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// The VM.
    pub vm: VmId,
    /// The number of the request, counted by the guest: what tells a late reply from the awaited one.
    /// The crate's own.
    pub sequence: u32,
    /// What the guest is. The host judges by this.
    pub guest: Guest,
}

/// A host's answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reply {
    /// The VM that asked.
    pub vm: VmId,
    /// The number of its request.
    pub sequence: u32,
    /// The host that answers; a grant binds the VM to it.
    pub host: HostId,
    /// What it says.
    pub answer: Answer,
}

/// What a host answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// The VM is activated.
    Granted,
    /// It is not, with the HRESULT where one is documented or expected for the reason.
    Refused(Option<HResult>),
}

impl Answer {
    /// Whether the host only asks to try again later (0xC004FD00): nothing is decided.
    pub fn is_throttled(self) -> bool {
        self == Self::Refused(Some(HResult::IA_THROTTLE_LIMIT_EXCEEDED))
    }
}
