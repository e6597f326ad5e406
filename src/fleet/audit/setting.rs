//! Facts about a host that nothing collected gives.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::str::FromStr;

use crate::assess::{Host, HostFamilies, HostFamily};
use crate::catalog::hosts::{AzureLocalLicense, AzureLocalLicenses};
use crate::catalog::releases::{Release, Releases};
use crate::ids::HostName;

/// One fact about a host that no export gives, so that a person has to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostFact {
    /// By what an Azure Local host gives AVMA: the release of its key, the subscription, or the OEM
    /// licence.
    License(AzureLocalLicenses),
    /// Whether an Azure Local host's keys have Software Assurance.
    SoftwareAssurance(bool),
    /// Whether an Azure Local host synced with Azure within 30 days.
    Synced(bool),
    /// Whether Azure verification for VMs is enabled on Azure Local.
    AzureVerification(bool),
    /// Whether an Azure Stack Hub host has the OEM's BIOS marker.
    BiosMarker(bool),
    /// Whether a Windows Server host is licensed pay-as-you-go.
    PayAsYouGo(bool),
    /// Whether a Windows Server host is itself a virtual machine.
    Nested(bool),
}

/// A fact about one host, as a person gives it: `HV25.PayAsYouGo=yes`.
///
/// ```
/// use avma::assess::Host;
/// use avma::fleet::audit::Setting;
///
/// let setting: Setting = "al01.example.test.KeyRelease=2022".parse()?;
/// assert!(setting.is_about("AL01"));
/// let mut host = Host::Unknown;
/// setting.fact.apply(&mut host)?;
/// assert!(matches!(host, Host::AzureLocal(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The host's name, short or full.
    pub host: String,
    /// The fact.
    pub fact: HostFact,
}

/// A text that is no [`Setting`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// `HV01`, `.Synced=yes`: not of the form `HOST.NAME=VALUE`.
    #[error("not of the form HOST.NAME=VALUE")]
    Form,
    /// `HV01.Synced=perhaps`.
    #[error("yes or no is expected")]
    NoYesOrNo,
    /// `AL01.KeyRelease=2026`.
    #[error("a release of the host key is expected: {}", key_releases())]
    NoKeyRelease,
    /// `HV01.Colour=blue`.
    #[error(
        "no such fact; there are KeyRelease, Subscription, OemLicense, SoftwareAssurance, Synced, AzureVerification, BiosMarker, PayAsYouGo, Nested"
    )]
    NoSuchFact,
}

/// A fact of another family of hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fact of {of}, but the host is {is}")]
#[non_exhaustive]
pub struct OtherFamily {
    /// The family that has the fact.
    pub of: HostFamily,
    /// What the host may be.
    pub is: HostFamilies,
}

fn yes(text: &str) -> Result<bool, SettingError> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        _ => Err(SettingError::NoYesOrNo),
    }
}

fn without_oem() -> AzureLocalLicenses {
    let oem = AzureLocalLicense::Oem.into();
    AzureLocalLicenses::unknown()
        .without(oem)
        .unwrap_or_default()
}

/// The releases of which a host key is named.
fn key_releases() -> Releases {
    let has_key = |release| !AzureLocalLicenses::of_key(release).is_unknown();
    Releases::such_that(has_key).unwrap_or_default()
}

fn key_release(text: &str) -> Result<AzureLocalLicenses, SettingError> {
    let release: Release = text.parse().map_err(|_| SettingError::NoKeyRelease)?;
    let license = AzureLocalLicenses::of_key(release);
    if license.is_unknown() {
        return Err(SettingError::NoKeyRelease);
    }
    Ok(license)
}

impl FromStr for Setting {
    type Err = SettingError;

    /// `HOST.NAME=VALUE`; the host's name may hold dots. The names, in any case of letters, are
    /// `KeyRelease` with a release as value, and `Subscription`, `OemLicense`, `SoftwareAssurance`, `Synced`,
    /// `AzureVerification`, `BiosMarker`, `PayAsYouGo` and `Nested` with `yes` or `no`.
    fn from_str(text: &str) -> Result<Self, SettingError> {
        let (name, value) = text.split_once('=').ok_or(SettingError::Form)?;
        let (host, name) = name.rsplit_once('.').ok_or(SettingError::Form)?;
        if host.is_empty() {
            return Err(SettingError::Form);
        }
        let fact = match name.to_ascii_lowercase().as_str() {
            "keyrelease" => HostFact::License(key_release(value)?),
            "subscription" if yes(value)? => {
                HostFact::License(AzureLocalLicense::Subscription.into())
            }
            "subscription" => HostFact::License(AzureLocalLicense::None.into()),
            "oemlicense" if yes(value)? => HostFact::License(AzureLocalLicense::Oem.into()),
            // Without it a host may have a key or the subscription.
            "oemlicense" => HostFact::License(without_oem()),
            "softwareassurance" => HostFact::SoftwareAssurance(yes(value)?),
            "synced" => HostFact::Synced(yes(value)?),
            "azureverification" => HostFact::AzureVerification(yes(value)?),
            "biosmarker" => HostFact::BiosMarker(yes(value)?),
            "payasyougo" => HostFact::PayAsYouGo(yes(value)?),
            "nested" => HostFact::Nested(yes(value)?),
            _ => return Err(SettingError::NoSuchFact),
        };
        Ok(Self {
            host: host.to_owned(),
            fact,
        })
    }
}

impl Setting {
    /// Whether it is about this host.
    pub fn is_about(&self, name: &str) -> bool {
        HostName(&self.host).may_be(HostName(name))
    }
}

impl HostFact {
    const fn family(self) -> HostFamily {
        match self {
            Self::License(_)
            | Self::SoftwareAssurance(_)
            | Self::Synced(_)
            | Self::AzureVerification(_) => HostFamily::AzureLocal,
            Self::BiosMarker(_) => HostFamily::AzureStackHub,
            Self::PayAsYouGo(_) | Self::Nested(_) => HostFamily::WindowsServer,
        }
    }

    /// Adds the fact to a host.
    ///
    /// What nothing collected tells apart is told by the fact itself: Azure Stack Hub's hosts look
    /// like Windows Server, and a build alone may be either.
    ///
    /// # Errors
    ///
    /// `Synced` of a Windows Server host: a fact of another family of hosts.
    pub fn apply(self, host: &mut Host) -> Result<(), OtherFamily> {
        let of = self.family();
        let converts = matches!(
            (&*host, of),
            (Host::Unknown, _) | (Host::WindowsServer(_), HostFamily::AzureStackHub)
        );
        if converts {
            *host = of.into();
        }
        match (self, host) {
            (Self::License(license), Host::AzureLocal(host)) => host.license = license,
            (Self::SoftwareAssurance(yes), Host::AzureLocal(host)) => {
                host.software_assurance = yes.into();
            }
            (Self::Synced(yes), Host::AzureLocal(host)) => host.synced = yes.into(),
            (Self::AzureVerification(yes), Host::AzureLocal(host)) => {
                host.azure_verification = yes.into();
            }
            (Self::BiosMarker(yes), Host::AzureStackHub(host)) => host.bios_marker = yes.into(),
            (Self::PayAsYouGo(yes), Host::WindowsServer(host)) => host.pay_as_you_go = yes.into(),
            (Self::Nested(yes), Host::WindowsServer(host)) => host.nested = yes.into(),
            (_, host) => {
                let is = host.families();
                return Err(OtherFamily { of, is });
            }
        }
        Ok(())
    }
}
