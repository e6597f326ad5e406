//! What one clue says, axis by axis.

use crate::catalog::products::{Installation, Installations, Product, Products};
use crate::catalog::releases::{Releases, ServicingChannel};
use crate::fact::{Answer, Fact, Possibility, YesNo};

/// What one clue says by itself. On an axis of which it says nothing the fact is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Reading {
    /// What the release may be.
    pub releases: Releases,
    /// What the product may be.
    pub products: Products,
    /// Whether it is an evaluation copy.
    pub evaluation: YesNo,
    /// Full or core.
    pub installation: Installations,
    /// Whether it is a domain controller.
    pub domain_controller: YesNo,
    pub(super) note: Option<&'static str>,
}

/// The releases of the Semi-Annual Channel.
pub(super) const SEMI_ANNUAL: Releases = Releases::of_channel(ServicingChannel::SemiAnnual);

const NO_SERVER: Products = Products::of(&[Product::Client, Product::NotWindows]);

impl Reading {
    pub(super) const NOTHING: Self = Self {
        releases: Fact::unknown(),
        products: Fact::unknown(),
        evaluation: Fact::unknown(),
        installation: Fact::unknown(),
        domain_controller: Fact::unknown(),
        note: None,
    };

    /// What is worth telling about the clue itself, as a sentence without its full stop: that the
    /// id exists in tools only, that the number belongs to older systems.
    pub const fn note(&self) -> Option<&'static str> {
        self.note
    }

    /// Whether the clue says nothing on any axis.
    pub const fn says_nothing(&self) -> bool {
        self.releases.is_unknown()
            && self.products.is_unknown()
            && self.evaluation.is_unknown()
            && self.installation.is_unknown()
            && self.domain_controller.is_unknown()
    }

    /// An edition that is named whole, so that it would say "Eval" if it were an evaluation copy.
    pub(super) fn of(product: Product) -> Self {
        Self::of_any(product.into())
    }

    /// One of several such editions.
    pub(super) fn of_any(products: Products) -> Self {
        Self {
            products,
            evaluation: Answer::No.into(),
            ..Self::NOTHING
        }
    }

    pub(super) fn unlisted() -> Self {
        Self {
            products: Product::Unlisted.into(),
            ..Self::NOTHING
        }
    }

    /// Windows Server, whichever.
    pub(super) fn server() -> Self {
        Self {
            products: excluding(NO_SERVER),
            ..Self::NOTHING
        }
    }

    pub(super) fn evaluation(mut self) -> Self {
        self.evaluation = Answer::Yes.into();
        self
    }

    pub(super) fn core(mut self) -> Self {
        self.installation = Installation::Core.into();
        self
    }

    pub(super) const fn noted(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }

    pub(super) const fn in_releases(mut self, releases: Releases) -> Self {
        self.releases = releases;
        self
    }

    /// Two readings of one text: what both allow, on an axis where they differ nothing.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            releases: both(self.releases, other.releases),
            products: both(self.products, other.products),
            evaluation: both(self.evaluation, other.evaluation),
            installation: both(self.installation, other.installation),
            domain_controller: both(self.domain_controller, other.domain_controller),
            note: self.note.or(other.note),
        }
    }
}

pub(super) fn both<T: Possibility>(one: Fact<T>, other: Fact<T>) -> Fact<T> {
    one.intersect(other).unwrap_or_default()
}

/// Anything but these; the callers name a few of many.
pub(super) fn excluding<T: Possibility>(these: Fact<T>) -> Fact<T> {
    Fact::unknown().without(these).unwrap_or_default()
}

/// `ProductType`: 1 client, 2 domain controller, 3 server. Only Windows has one.
pub(super) fn product_type(number: u32) -> Reading {
    match number {
        1 => Reading {
            products: Product::Client.into(),
            ..Reading::NOTHING
        },
        2 => Reading {
            domain_controller: true.into(),
            ..Reading::server()
        },
        // Multi-session client Windows reports 3 as well (Microsoft's multi-session FAQ).
        3 => Reading {
            domain_controller: false.into(),
            products: excluding(Product::NotWindows.into()),
            ..Reading::NOTHING
        },
        _ => Reading::NOTHING,
    }
}

/// Bit 0x80 of `SuiteMask` is the Datacenter suite. Read loosely: host systems that are built on
/// Datacenter may carry it or not.
pub(super) fn suite_mask(mask: u32) -> Reading {
    const DATACENTER: u32 = 0x80;
    const NEVER_WITH: Products = Products::of(&[
        Product::Standard,
        Product::Essentials,
        Product::Foundation,
        Product::Client,
        Product::NotWindows,
    ]);
    const NEVER_WITHOUT: Products =
        Products::of(&[Product::Datacenter, Product::DatacenterAzureEdition]);
    Reading {
        products: excluding(if mask & DATACENTER == 0 {
            NEVER_WITHOUT
        } else {
            NEVER_WITH
        }),
        ..Reading::NOTHING
    }
}
