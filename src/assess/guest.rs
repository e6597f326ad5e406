//! What is known of a guest. It has no platform: the host is the platform.

use crate::fact::YesNo;
use crate::product::Products;
use crate::release::Releases;

/// A guest, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Guest {
    /// Its release.
    pub release: Releases,
    /// Its product.
    pub product: Products,
    /// Whether it is an evaluation copy.
    pub evaluation: YesNo,
    /// Whether the Data Exchange integration service is enabled for the VM.
    pub data_exchange: YesNo,
    /// Whether the guest's own service (`vmickvpexchange`) runs.
    pub guest_service: YesNo,
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

    /// The plain case: no evaluation copy, Data Exchange on, the guest's service running. For the
    /// question "could it?"; what was observed is better.
    #[must_use]
    pub fn ready(self) -> Self {
        Self {
            evaluation: false.into(),
            data_exchange: true.into(),
            guest_service: true.into(),
            ..self
        }
    }
}
