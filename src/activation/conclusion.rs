//! How an attempt at activation ended, as a guest logs it with event 12309.

use crate::hresult::HResult;
use crate::license::Notification;

/// The end of an attempt: one event 12309.
///
/// The four notifications are Microsoft's, and so are the HRESULTs. Which HRESULT comes with which
/// notification no text says; where this is concluded from what both mean, it is
/// [`inferred`](Self::inferred). For 0xC004FD02 nothing can be concluded, so it has no notification.
///
/// ```
/// use avma::activation::Conclusion;
/// use avma::{HResult, Notification};
///
/// let denied = Conclusion::refused(Some(HResult::IA_ID_MISMATCH));
/// assert_eq!(denied.notification, Some(Notification::ActivationDenied));
/// assert!(denied.inferred);
/// let host = Conclusion::refused(Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED));
/// assert_eq!(host.notification, None);
/// ```
///
/// Source: Microsoft's AVMA article of 2023-09-19 for the notifications, slerror.h for the HRESULTs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Conclusion {
    /// The notification, where one is documented or can be concluded.
    pub notification: Option<Notification>,
    /// Whether the notification is concluded and not documented for this end.
    pub inferred: bool,
    /// The HRESULT, where there is one.
    pub code: Option<HResult>,
}

impl Conclusion {
    /// The VM was activated.
    pub const SUCCESS: Self = Self::documented(Notification::AvmaSuccess);
    /// The host did not answer in time.
    pub const UNRESPONSIVE: Self = Self::documented(Notification::InvalidHost);
    /// The reply could not be read.
    pub const UNREADABLE: Self = Self::documented(Notification::InvalidData);
    /// The VM does not run on Hyper-V; no host is asked.
    pub const NOT_HYPER_V: Self = Self::refused(Some(HResult::IA_INVALID_VIRTUALIZATION_PLATFORM));

    const fn documented(notification: Notification) -> Self {
        Self {
            notification: Some(notification),
            inferred: false,
            code: None,
        }
    }

    /// The host refused. Without an HRESULT that is what "Activation Denied" says: the host couldn't
    /// activate the guest.
    pub const fn refused(code: Option<HResult>) -> Self {
        let notification = match code {
            None | Some(HResult::IA_ID_MISMATCH) => Some(Notification::ActivationDenied),
            Some(HResult::IA_INVALID_VIRTUALIZATION_PLATFORM) => Some(Notification::InvalidHost),
            Some(_) => None,
        };
        Self {
            notification,
            inferred: notification.is_some(),
            code,
        }
    }

    /// Whether the VM was activated.
    pub fn is_success(self) -> bool {
        self.notification == Some(Notification::AvmaSuccess)
    }
}
