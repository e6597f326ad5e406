//! What is known of a guest. It has no platform: the host is the platform.

use crate::catalog::hosts::facts_by_name;
use crate::catalog::products::Products;
use crate::catalog::releases::Releases;
use crate::fact::YesNo;
use crate::identity::Identity;

/// A guest, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct Guest {
    /// Its release.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub release: Releases,
    /// Its product.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub product: Products,
    /// Whether it is an evaluation copy.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub evaluation: YesNo,
    /// Whether the Data Exchange integration service is enabled for the VM.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub data_exchange: YesNo,
    /// Whether the guest's own service (`vmickvpexchange`) runs.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub guest_service: YesNo,
}

facts_by_name! {
    Guest {
        release: GuestRelease,
        product: GuestProduct,
        evaluation: GuestEvaluation,
        data_exchange: DataExchange,
        guest_service: GuestService,
    }
}

impl Guest {
    /// A guest of which nothing is known.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// A guest of this release and product; all else unknown.
    pub fn new(release: impl Into<Releases>, product: impl Into<Products>) -> Self {
        Self {
            release: release.into(),
            product: product.into(),
            ..Self::default()
        }
    }

    /// The plain case for whatever is not known: no evaluation copy, Data Exchange on, the guest's
    /// service running. For the question "could it?"; what is known stays.
    #[must_use]
    pub fn ready(self) -> Self {
        Self {
            evaluation: self.evaluation.or(false.into()),
            data_exchange: self.data_exchange.or(true.into()),
            guest_service: self.guest_service.or(true.into()),
            ..self
        }
    }
}

impl From<&Identity> for Guest {
    /// The guest by what it is; its switches are not known by that.
    fn from(identity: &Identity) -> Self {
        Self {
            release: identity.releases(),
            product: identity.products(),
            evaluation: identity.evaluation(),
            ..Self::default()
        }
    }
}
