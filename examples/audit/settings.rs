//! `--set HOST.NAME=VALUE`: facts about a host that nothing collected gives.

use std::str::FromStr;

use avma::assess::{AzureLocalHost, AzureStackHubHost, Host, HostFamily};
use avma::catalog::hosts::{AzureLocalLicense, AzureLocalLicenses};
use avma::{HostName, Release};

/// One fact about one host.
pub struct Setting {
    /// The host's name, short or full.
    pub host: String,
    fact: Fact,
    /// As it was given, for messages.
    text: String,
}

#[derive(Clone, Copy)]
enum Fact {
    License(AzureLocalLicenses),
    SoftwareAssurance(bool),
    Synced(bool),
    AzureVerification(bool),
    BiosMarker(bool),
    PayAsYouGo(bool),
    Nested(bool),
}

fn yes(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Some(true),
        "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

fn key_release(text: &str) -> Option<AzureLocalLicenses> {
    let release: Release = text.parse().ok()?;
    let license = AzureLocalLicenses::of_key(release);
    (!license.is_unknown()).then_some(license)
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form = || format!("--set takes HOST.NAME=VALUE, not {text:?}");
        let (name, value) = text.split_once('=').ok_or_else(form)?;
        // The host's name may hold dots, the fact's does not.
        let (host, name) = name.rsplit_once('.').ok_or_else(form)?;
        if host.is_empty() {
            return Err(form());
        }
        let yes = || yes(value).ok_or_else(|| format!("--set {text}: yes or no is expected"));
        let fact = match name.to_ascii_lowercase().as_str() {
            "keyrelease" => Fact::License(key_release(value).ok_or_else(|| {
                format!("--set {text}: a release of the host key is expected, 2012 to 2025")
            })?),
            "subscription" if yes()? => Fact::License(AzureLocalLicense::Subscription.into()),
            "subscription" => Fact::License(AzureLocalLicense::None.into()),
            "softwareassurance" => Fact::SoftwareAssurance(yes()?),
            "synced" => Fact::Synced(yes()?),
            "azureverification" => Fact::AzureVerification(yes()?),
            "biosmarker" => Fact::BiosMarker(yes()?),
            "payasyougo" => Fact::PayAsYouGo(yes()?),
            "nested" => Fact::Nested(yes()?),
            _ => {
                return Err(format!(
                    "--set {text}: no such fact; there are KeyRelease, Subscription, \
                     SoftwareAssurance, Synced, AzureVerification, BiosMarker, PayAsYouGo, Nested"
                ));
            }
        };
        Ok(Self {
            host: host.to_owned(),
            fact,
            text: text.to_owned(),
        })
    }
}

impl Setting {
    /// Whether it is about this host.
    pub fn is_about(&self, name: &str) -> bool {
        HostName(&self.host).may_be(HostName(name))
    }

    /// No host of that name was read.
    pub fn unknown_host(&self) -> String {
        format!("--set {}: no host {} was read", self.text, self.host)
    }

    /// Adds the fact to a host.
    pub fn apply(&self, host: &mut Host) -> Result<(), String> {
        let family = match self.fact {
            Fact::License(_)
            | Fact::SoftwareAssurance(_)
            | Fact::Synced(_)
            | Fact::AzureVerification(_) => HostFamily::AzureLocal,
            Fact::BiosMarker(_) => HostFamily::AzureStackHub,
            Fact::PayAsYouGo(_) | Fact::Nested(_) => HostFamily::WindowsServer,
        };
        // What nothing collected tells apart is told by the fact itself: Azure Stack Hub's hosts look
        // like Windows Server, and a build alone may be either.
        let converts = matches!(
            (&*host, family),
            (Host::Unknown, _) | (Host::WindowsServer(_), HostFamily::AzureStackHub)
        );
        if converts {
            *host = family.into();
        }
        match (self.fact, host) {
            (Fact::License(license), Host::AzureLocal(host)) => host.license = license,
            (
                Fact::SoftwareAssurance(yes),
                Host::AzureLocal(AzureLocalHost {
                    software_assurance, ..
                }),
            ) => {
                *software_assurance = yes.into();
            }
            (Fact::Synced(yes), Host::AzureLocal(host)) => host.synced = yes.into(),
            (Fact::AzureVerification(yes), Host::AzureLocal(host)) => {
                host.azure_verification = yes.into();
            }
            (Fact::BiosMarker(yes), Host::AzureStackHub(AzureStackHubHost { bios_marker, .. })) => {
                *bios_marker = yes.into();
            }
            (Fact::PayAsYouGo(yes), Host::WindowsServer(host)) => host.pay_as_you_go = yes.into(),
            (Fact::Nested(yes), Host::WindowsServer(host)) => host.nested = yes.into(),
            (_, host) => {
                let is = host.families();
                return Err(format!(
                    "--set {}: a fact of {family}, but {} is {is}",
                    self.text, self.host
                ));
            }
        }
        Ok(())
    }
}
