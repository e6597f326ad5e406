//! The facts of a pair by name: set from text, shown as text.

use avma::assess::{FactName as F, Guest, Host, HostEdition, HostFamily};
use avma::catalog::hosts::AzureLocalLicense;
use avma::{Answer, AnyRelease, Fact, HostLicense, Possibility, Product};

use crate::output::shown;

/// What is known of the host and of the guest.
#[derive(Clone, Copy)]
pub struct Facts {
    pub host: Host,
    pub guest: Guest,
}

impl Facts {
    pub fn unknown() -> Self {
        Self {
            host: Host::Unknown,
            guest: Guest::unknown(),
        }
    }

    /// The plain case of whatever is not known yet.
    pub fn make_ready(&mut self) {
        self.guest = self.guest.ready();
        self.host = match self.host {
            Host::WindowsServer(host) => host.ready(),
            Host::AzureLocal(host) => host.ready(),
            Host::AzureStackHub(host) => host.ready(),
            other => other,
        };
    }

    /// Sets a fact to what `value` says: a word, several with a comma between, `unknown`.
    pub fn set(&mut self, name: F, value: &str) -> Result<(), String> {
        if name == F::HostFamily {
            let family: HostFamily = value.parse().map_err(|error| format!("{error}"))?;
            return if self.host == Host::Unknown {
                self.host = family.into();
                Ok(())
            } else if self.host.families().is(family) {
                Ok(())
            } else {
                Err(format!(
                    "the host is {} already, not {family}",
                    self.host.families()
                ))
            };
        }
        let families = self.host.families();
        let Some(slot) = self.slot(name) else {
            return Err(if families.is_unknown() {
                format!(
                    "{} needs to know the kind of host: give --host-family first",
                    name.as_str()
                )
            } else {
                format!(
                    "{} is no fact of the host, which is {families}",
                    name.as_str()
                )
            });
        };
        slot.read(value)
            .map_err(|fault| format!("{}={}: {fault}", name.as_str(), shown(value)))
    }

    /// The fact as text, `None` where it is none of this kind of host.
    pub fn shown(mut self, name: F) -> Option<Vec<&'static str>> {
        self.slot(name).map(|slot| slot.slugs())
    }

    fn slot(&mut self, name: F) -> Option<&mut dyn Slot> {
        let guest = &mut self.guest;
        Some(match (name, &mut self.host) {
            (F::GuestRelease, _) => &mut guest.release,
            (F::GuestProduct, _) => &mut guest.product,
            (F::GuestEvaluation, _) => &mut guest.evaluation,
            (F::DataExchange, _) => &mut guest.data_exchange,
            (F::GuestService, _) => &mut guest.guest_service,
            (F::HostRelease, Host::WindowsServer(host)) => &mut host.release,
            (F::HostEdition, Host::WindowsServer(host)) => &mut host.edition,
            (F::HostEvaluation, Host::WindowsServer(host)) => &mut host.evaluation,
            (F::HostLicense, Host::WindowsServer(host)) => &mut host.license,
            (F::HyperVRole, Host::WindowsServer(host)) => &mut host.hyper_v_role,
            (F::Nested, Host::WindowsServer(host)) => &mut host.nested,
            (F::PayAsYouGo, Host::WindowsServer(host)) => &mut host.pay_as_you_go,
            (F::AzureLocalLicense, Host::AzureLocal(host)) => &mut host.license,
            (F::SoftwareAssurance, Host::AzureLocal(host)) => &mut host.software_assurance,
            (F::Synced, Host::AzureLocal(host)) => &mut host.synced,
            (F::AzureVerification, Host::AzureLocal(host)) => &mut host.azure_verification,
            (F::BiosMarker, Host::AzureStackHub(host)) => &mut host.bios_marker,
            _ => return None,
        })
    }
}

/// The values that a fact takes, for a message.
trait Slot {
    fn read(&mut self, text: &str) -> Result<(), String>;
    fn slugs(&self) -> Vec<&'static str>;
}

impl<T: Word> Slot for Fact<T> {
    fn read(&mut self, text: &str) -> Result<(), String> {
        if text.eq_ignore_ascii_case("unknown") {
            *self = Self::unknown();
            return Ok(());
        }
        let mut words = Vec::new();
        for word in text.split(',') {
            words.push(T::read(word.trim()).ok_or_else(|| {
                let known: Vec<_> = T::ALL.iter().map(|word| word.slug()).collect();
                format!("expected unknown or one of {}", known.join(", "))
            })?);
        }
        *self = Self::one_of(words).unwrap_or_default();
        Ok(())
    }

    fn slugs(&self) -> Vec<&'static str> {
        if self.is_unknown() {
            vec!["unknown"]
        } else {
            self.iter().map(Word::slug).collect()
        }
    }
}

/// A word of a fact's domain.
trait Word: Possibility {
    fn slug(self) -> &'static str;
    fn read(text: &str) -> Option<Self>;
}

macro_rules! words {
    ($($Word:ty),+) => {$(
        impl Word for $Word {
            fn slug(self) -> &'static str {
                self.as_str()
            }

            fn read(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        }
    )+};
}
words!(
    AnyRelease,
    Product,
    HostEdition,
    HostLicense,
    AzureLocalLicense
);

impl Word for Answer {
    fn slug(self) -> &'static str {
        self.as_str()
    }

    fn read(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|answer| text.eq_ignore_ascii_case(answer.slug()))
    }
}
