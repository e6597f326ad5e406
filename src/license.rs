//! The words of Windows' licensing service: status, channel, and the four notifications of AVMA.
//!
//! Source: WMI's `SoftwareLicensingProduct` (LicenseStatus 0 to 6), the channel token in its
//! `Description`, and Microsoft's AVMA page of 2023-09-19 for the notifications.

use crate::fact::Fact;
use crate::word::words;

words! {
    /// `SoftwareLicensingProduct.LicenseStatus`.
    ///
    /// The native enum `SLLICENSINGSTATUS` is another one, with four states.
    pub enum LicenseStatus ("license status") {
        /// 0.
        Unlicensed = "unlicensed", "Unlicensed";
        /// 1.
        Licensed = "licensed", "Licensed";
        /// 2, out-of-box grace.
        OobGrace = "oob-grace", "Initial grace period";
        /// 3, out-of-tolerance grace.
        OotGrace = "oot-grace", "Additional grace period";
        /// 4.
        NonGenuineGrace = "non-genuine-grace", "Non-genuine grace period";
        /// 5.
        Notification = "notification", "Notification";
        /// 6.
        ExtendedGrace = "extended-grace", "Extended grace period";
    }
}

impl LicenseStatus {
    /// From WMI's number; `None` for a number beyond 6, which no text explains.
    pub fn from_code(code: u32) -> Option<Self> {
        Self::ALL.get(usize::try_from(code).ok()?).copied()
    }

    /// WMI's number, 0 to 6.
    pub const fn code(self) -> u32 {
        self as u32
    }
}

words! {
    /// What a host's licence may be, as far as AVMA's texts tell hosts apart.
    pub enum HostLicense ("host licence") {
        /// LicenseStatus 1.
        Licensed = "licensed", "licensed";
        /// LicenseStatus 0 or 5: not activated.
        NotActivated = "not-activated", "not activated";
        /// LicenseStatus 2, 3, 4 or 6: a grace period, of which no text says what guests get.
        Grace = "grace", "in a grace period";
        /// A status that no text explains.
        Unlisted = "unlisted", "an unlisted licence status";
    }
}

/// A licence status beyond 6, which no text explains: 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{0} is no licence status: they are 0 to 6")]
pub struct UnknownLicenseStatus(pub u32);

impl TryFrom<u32> for LicenseStatus {
    type Error = UnknownLicenseStatus;

    /// From WMI's number; see [`from_code`](Self::from_code).
    ///
    /// ```
    /// use avma::LicenseStatus;
    ///
    /// assert_eq!(LicenseStatus::try_from(1), Ok(LicenseStatus::Licensed));
    /// let error = LicenseStatus::try_from(7).unwrap_err();
    /// assert_eq!(error.to_string(), "7 is no licence status: they are 0 to 6");
    /// ```
    fn try_from(code: u32) -> Result<Self, Self::Error> {
        Self::from_code(code).ok_or(UnknownLicenseStatus(code))
    }
}

impl From<LicenseStatus> for u32 {
    fn from(status: LicenseStatus) -> Self {
        status.code()
    }
}

impl From<LicenseStatus> for HostLicense {
    fn from(status: LicenseStatus) -> Self {
        match status {
            LicenseStatus::Licensed => Self::Licensed,
            LicenseStatus::Unlicensed | LicenseStatus::Notification => Self::NotActivated,
            LicenseStatus::OobGrace
            | LicenseStatus::OotGrace
            | LicenseStatus::NonGenuineGrace
            | LicenseStatus::ExtendedGrace => Self::Grace,
        }
    }
}

/// What the licence of a host may be.
pub type HostLicenses = Fact<HostLicense>;

words! {
    /// The channel of a licence, by the token in `SoftwareLicensingProduct.Description`.
    pub enum LicenseChannel ("license channel") {
        /// `VIRTUAL_MACHINE_ACTIVATION`: AVMA.
        Avma = "avma", "AVMA";
        /// `VOLUME_KMSCLIENT`: a KMS client key (GVLK).
        KmsClient = "kms-client", "KMS client";
        /// `VOLUME_MAK`: a multiple activation key.
        Mak = "mak", "MAK";
        /// `VOLUME_KMS_…`: the machine is itself a KMS host.
        KmsHost = "kms-host", "KMS host";
        /// `RETAIL`.
        Retail = "retail", "retail";
        /// `OEM_…`.
        Oem = "oem", "OEM";
        /// `TIMEBASED_EVAL`: an evaluation copy.
        Evaluation = "evaluation", "evaluation";
        /// A token that is in no table.
        Unlisted = "unlisted", "an unlisted channel";
    }
}

impl LicenseChannel {
    /// From `Description`, such as `Windows(R) Operating System, VOLUME_KMSCLIENT channel`.
    ///
    /// The token is not localised, the words around it may be. `None` for a text without one.
    ///
    /// ```
    /// use avma::LicenseChannel;
    ///
    /// let text = "Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel";
    /// assert_eq!(LicenseChannel::from_description(text), Some(LicenseChannel::Avma));
    /// assert_eq!(LicenseChannel::from_description(""), None);
    /// ```
    pub fn from_description(description: &str) -> Option<Self> {
        let mut unlisted = None;
        for token in description.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
            let channel = match token {
                "VIRTUAL_MACHINE_ACTIVATION" => Self::Avma,
                "VOLUME_KMSCLIENT" => Self::KmsClient,
                "VOLUME_MAK" => Self::Mak,
                "RETAIL" => Self::Retail,
                "TIMEBASED_EVAL" => Self::Evaluation,
                _ if token.starts_with("VOLUME_KMS_") => Self::KmsHost,
                _ if token.starts_with("OEM_") => Self::Oem,
                // Any other word in capitals with an underscore has the shape of a channel.
                _ if token.contains('_')
                    && !token.bytes().any(|byte| byte.is_ascii_lowercase()) =>
                {
                    unlisted = Some(Self::Unlisted);
                    continue;
                }
                _ => continue,
            };
            return Some(channel);
        }
        unlisted
    }
}

words! {
    /// The notifications that a guest logs with event 12309.
    pub enum Notification ("notification") {
        /// The VM was activated.
        AvmaSuccess = "avma-success", "AVMA Success";
        /// The virtualization host is unresponsive.
        InvalidHost = "invalid-host", "Invalid Host";
        /// Communication failed: corruption, encryption or data mismatch.
        InvalidData = "invalid-data", "Invalid Data";
        /// The host could not activate the guest: the AVMA ID did not match.
        ActivationDenied = "activation-denied", "Activation Denied";
    }
}
