//! What was observed of a guest's key and licence, and what it says.

use crate::assess::guest::Guest;
use crate::catalog::keys::{self, KeyChannel, KeyUse};
use crate::catalog::products::Products;
use crate::hresult::HResult;
use crate::license::{LicenseChannel, LicenseStatus};
use crate::product_key::{LastFive, ProductKey};
use crate::word::words;

words! {
    /// How far a claim about a guest's activation can be trusted, best first.
    pub enum Trust ("trust") {
        /// A record of the host names this VM.
        Host = "host", "a record of the host";
        /// The guest's own export says so.
        Guest = "guest", "the guest's own export";
        /// Anybody in the guest could have written it (KVP), or the rules forbid what it says.
        Claimed = "claimed", "a claim";
    }
}

/// What is known of the installed product key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum InstalledKey {
    /// Nobody asked.
    #[default]
    Unknown,
    /// No key is installed.
    None,
    /// A key that ends in these five symbols: all that Windows shows of an installed key.
    LastFive(LastFive),
    /// A whole key, as an unattend file or an image builder has it. One of no published list that
    /// ends like a published key is told apart.
    Whole(ProductKey),
}

/// What was observed of a guest's licence: `SoftwareLicensingProduct`'s Windows row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct Observation {
    /// The installed key.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "InstalledKey::is_unknown")
    )]
    pub key: InstalledKey,
    /// The channel, by the token in `Description`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub channel: Option<LicenseChannel>,
    /// `LicenseStatus`, where it is one of 0 to 6.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub status: Option<LicenseStatus>,
    /// `LicenseStatusReason`.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub reason: Option<HResult>,
    /// `GracePeriodRemaining`, in minutes. Not 0 also while licensed by AVMA.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub minutes_left: Option<u32>,
}

words! {
    /// What the installed key is for this guest.
    pub enum Key ("key answer") {
        /// The AVMA key of its release and product.
        Right = "right", "the right AVMA key";
        /// No key is installed.
        None = "none", "no key";
        /// A KMS client key.
        Gvlk = "gvlk", "a KMS client key (GVLK)";
        /// An AVMA key of another release or product.
        OtherAvma = "other-avma", "an AVMA key of another release or edition";
        /// A published generic key of a product without AVMA keys.
        OtherGeneric = "other-generic", "another generic key";
        /// A key of no published list in this crate: MAK, retail, OEM, or one of a list that the crate
        /// lacks.
        Unlisted = "unlisted", "a key in none of the published lists in this crate";
        /// Not known, or not to be told from what is known of the guest.
        Unknown = "unknown", "unknown";
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for InstalledKey {
    /// `none`, or the last five symbols; nothing where nobody asked. A whole key is never written.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown => serializer.serialize_none(),
            Self::None => serializer.serialize_str("none"),
            Self::LastFive(last_five) => last_five.serialize(serializer),
            Self::Whole(key) => key.last_five().serialize(serializer),
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for InstalledKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = InstalledKey;

            fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str("none, the last five symbols of a product key, or nothing")
            }

            fn visit_unit<E: serde::de::Error>(self) -> Result<InstalledKey, E> {
                Ok(InstalledKey::Unknown)
            }

            fn visit_none<E: serde::de::Error>(self) -> Result<InstalledKey, E> {
                Ok(InstalledKey::Unknown)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<InstalledKey, E> {
                if text.eq_ignore_ascii_case("none") {
                    return Ok(InstalledKey::None);
                }
                let last_five = text.parse().map(InstalledKey::LastFive);
                last_five
                    .map_err(|_| E::invalid_value(serde::de::Unexpected::Other("a text"), &self))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

impl InstalledKey {
    /// Whether nobody asked.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The published key that ends so, if there is one.
    pub fn published(self) -> Option<&'static KeyUse> {
        match self {
            Self::LastFive(last_five) => keys::identify_last_five(last_five),
            Self::Whole(key) => keys::identify(&key),
            Self::Unknown | Self::None => None,
        }
    }

    /// What the key is for a guest.
    ///
    /// ```
    /// use avma::assess::{Guest, InstalledKey, Key};
    /// use avma::{Product, Release};
    ///
    /// let guest = Guest::new(Release::Ws2022, Product::Standard);
    /// let key = InstalledKey::LastFive("VMK7H".parse()?);
    /// assert_eq!(key.answer(&guest), Key::Gvlk);
    /// let key = InstalledKey::LastFive("78VHK".parse()?);
    /// assert_eq!(key.answer(&guest), Key::Right);
    /// // The right key for some candidates only: not to be told.
    /// assert_eq!(key.answer(&Guest::unknown()), Key::Unknown);
    /// # Ok::<(), avma::product_key::LastFiveError>(())
    /// ```
    pub fn answer(self, guest: &Guest) -> Key {
        match self {
            Self::Unknown => return Key::Unknown,
            Self::None => return Key::None,
            Self::LastFive(_) | Self::Whole(_) => {}
        }
        let Some(found) = self.published() else {
            return Key::Unlisted;
        };
        match found.channel {
            _ if found.product.edition().is_none() => Key::OtherGeneric,
            KeyChannel::Gvlk => Key::Gvlk,
            KeyChannel::Avma => {
                let product = Products::known(found.product);
                let fits =
                    guest.release.is_subset(found.releases) && guest.product.is_subset(product);
                let may_fit = guest.release.intersect(found.releases).is_some()
                    && guest.product.intersect(product).is_some();
                match (fits, may_fit) {
                    (true, _) => Key::Right,
                    (false, true) => Key::Unknown,
                    (false, false) => Key::OtherAvma,
                }
            }
        }
    }
}

/// What was seen of the guest's activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Seen {
    /// Licensed by AVMA.
    Avma,
    /// Licensed by another channel, which is not related to AVMA.
    Other(LicenseChannel),
    /// Not activated.
    NotActivated {
        /// The licence status.
        status: LicenseStatus,
        /// `LicenseStatusReason`, where it is an error.
        reason: Option<HResult>,
    },
    /// An evaluation copy within its period: neither activated nor refused.
    Evaluation,
    /// Nothing was seen, or not enough.
    Unknown,
}

impl Seen {
    /// The stable slug: `avma`, `other`, `not-activated`, `unknown`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Avma => "avma",
            Self::Other(_) => "other",
            Self::NotActivated { .. } | Self::Evaluation => "not-activated",
            Self::Unknown => "unknown",
        }
    }

    /// The HRESULT that the guest gives as reason.
    pub const fn reason(self) -> Option<HResult> {
        match self {
            Self::NotActivated { reason, .. } => reason,
            _ => None,
        }
    }
}

impl Observation {
    /// What the licence row says of the activation.
    ///
    /// Judged from numbers and the channel token, never from a text such as "activated", which AVMA's
    /// success message does not hold.
    pub fn seen(&self) -> Seen {
        let Some(status) = self.status else {
            return Seen::Unknown;
        };
        if status != LicenseStatus::Licensed {
            return Seen::NotActivated {
                status,
                reason: self.reason.filter(|reason| !reason.is_success()),
            };
        }
        match (self.channel, self.key.published()) {
            (Some(LicenseChannel::Avma), _) => Seen::Avma,
            (Some(LicenseChannel::Evaluation), _) => Seen::Evaluation,
            // Without the channel's token a published key still tells its channel.
            (None, Some(found)) => match found.channel {
                KeyChannel::Avma => Seen::Avma,
                KeyChannel::Gvlk => Seen::Other(LicenseChannel::KmsClient),
            },
            (Some(LicenseChannel::Unlisted), _) | (None, None) => Seen::Unknown,
            (Some(channel), _) => Seen::Other(channel),
        }
    }
}
