//! Windows Server with Hyper-V: its facts, its table, its rules, its steps.

use super::facts::family_facts;
use crate::catalog::cell::{Because, Cell, Support, cell, unnamed};
use crate::catalog::products::Product;
use crate::catalog::releases::Release::{self, Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025};
use crate::catalog::releases::{AnyRelease, Releases};
use crate::catalog::rule::{
    Effect, FactName as F, HostFamilies, HostFamily, HostStep, MendedBy, NO, Rule, When, YES,
    family,
};
use crate::fact::{Fact, YesNo};
use crate::hresult::HResult;
use crate::license::{HostLicense, HostLicenses};
use crate::source::{
    AVMA_ARTICLE, AVMA_POSTS, AZURE_EDITION, CRATE_TABLES, Evidence, HOST_2025_REPORTS,
    NANO_SERVER, NO_STATEMENT, PAY_AS_YOU_GO,
};
use crate::word::words;
use Effect::{Forbids, LeavesUndocumented};
use MendedBy::{HostAdministrator, LicenseBuyer};
use Support::{No, NotDocumented, Yes};

words! {
    /// The edition of a Windows Server host, as far as AVMA's texts tell hosts apart.
    pub enum HostEdition ("host edition") {
        /// Windows Server Datacenter.
        Datacenter = "datacenter", "Datacenter";
        /// Datacenter: Azure Edition, of which no text says that it can be a host.
        AzureEdition = "azure-edition", "Datacenter: Azure Edition";
        /// Standard, Essentials, Hyper-V Server, client Windows and every other known product.
        NotDatacenter = "not-datacenter", "not Datacenter";
        /// Nano Server, which does not support AVMA as a host, though its name may say Datacenter.
        Nano = "nano", "Nano Server";
        /// A product that is in no table, or of which no text speaks as a host: ARM64.
        Unlisted = "unlisted", "an unlisted product";
    }
}

/// What the edition of a Windows Server host may be.
pub type HostEditions = Fact<HostEdition>;

impl From<Product> for HostEdition {
    fn from(product: Product) -> Self {
        match product {
            Product::Datacenter => Self::Datacenter,
            Product::DatacenterAzureEdition => Self::AzureEdition,
            Product::Nano => Self::Nano,
            // It comes as Datacenter too, and no text speaks of it as a host.
            Product::Arm64 | Product::Unlisted => Self::Unlisted,
            Product::Standard
            | Product::Essentials
            | Product::Foundation
            | Product::HyperVServer
            | Product::AzureLocal
            | Product::AzureServer
            | Product::MultiPointStandard
            | Product::MultiPointPremium
            | Product::Storage
            | Product::Enterprise
            | Product::Itanium
            | Product::Web
            | Product::Hpc
            | Product::OtherServer
            | Product::Client
            | Product::NotWindows => Self::NotDatacenter,
        }
    }
}

impl From<Fact<Product>> for HostEditions {
    fn from(products: Fact<Product>) -> Self {
        // A fact is not empty, so neither is its image; `unknown` is never reached.
        Self::one_of(products.iter().map(HostEdition::from)).unwrap_or_default()
    }
}

/// A Windows Server host with Hyper-V.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct WindowsServerHost {
    /// Its release.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub release: Releases,
    /// Its edition.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub edition: HostEditions,
    /// Whether it is an evaluation copy.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub evaluation: YesNo,
    /// Its licence.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub license: HostLicenses,
    /// Whether the Hyper-V role is installed.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub hyper_v_role: YesNo,
    /// Whether it is itself a virtual machine (nested virtualization).
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub nested: YesNo,
    /// Whether it is licensed pay-as-you-go, through Azure Arc.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub pay_as_you_go: YesNo,
}

family_facts! {
    WindowsServerHost {
        release: HostRelease,
        edition: HostEdition,
        evaluation: HostEvaluation,
        license: HostLicense,
        hyper_v_role: HyperVRole,
        nested: Nested,
        pay_as_you_go: PayAsYouGo,
    }
}

/// The releases that the matrix names, oldest first: its rows and its columns.
///
/// This is the one place where releases stand in an order. The cells of a release that is not here
/// are "not documented".
pub const NAMED: [Release; 5] = [Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025];

// The cells as short names, so that the matrix reads like the article's.
const YES_: Cell = cell(Yes, AVMA_ARTICLE);
const NO__: Cell = cell(No, AVMA_ARTICLE);
/// 2025 guests on older hosts: the baseline has no such column.
const NO25: Cell = cell(No, HOST_2025_REPORTS);
/// The 2025 host: Microsoft's own table is not confirmed.
const YE25: Cell = cell(Yes, HOST_2025_REPORTS);
/// No source names 2012 R2 on a 2025 host; it follows from "host at least as new as the guest".
const IN25: Cell = cell(Yes, HOST_2025_REPORTS.graded(Evidence::Inferred));

#[rustfmt::skip]
const CELLS: [[Cell; NAMED.len()]; NAMED.len()] = [
    // guest: 2012 R2  2016  2019  2022  2025     host:
    [          YES_,   NO__, NO__, NO__, NO25], // 2012 R2
    [          YES_,   YES_, NO__, NO__, NO25], // 2016
    [          YES_,   YES_, YES_, NO__, NO25], // 2019
    [          YES_,   YES_, YES_, YES_, NO25], // 2022
    [          IN25,   YE25, YE25, YE25, YE25], // 2025
];

/// AVMA came with 2012 R2, and no key is published for what is older.
const TOO_OLD: Cell = cell(No, AVMA_POSTS).because(Because::TooOld);
/// Azure Edition has AVMA keys, and is documented for Azure and Azure Local only.
pub(super) const AZURE_EDITION_GUEST: Cell =
    cell(NotDocumented, AZURE_EDITION).because(Because::Edition);

/// What the matrix says of an activated Windows Server Datacenter host and a guest: Microsoft's AVMA
/// page of 2023-09-19, and a row and a column for 2025 that rest on third parties.
///
/// ```
/// use avma::Product::Standard;
/// use avma::Release::{V1909, Ws2016, Ws2019, Ws2022};
/// use avma::catalog::hosts::{windows_server, Support};
///
/// assert_eq!(windows_server(Ws2022.into(), Ws2016.into(), Standard).support, Support::Yes);
/// assert_eq!(windows_server(Ws2019.into(), Ws2022.into(), Standard).support, Support::No);
/// // 1909 is newer than 2019 by date, but no table names it as a host.
/// let cell = windows_server(V1909.into(), Ws2019.into(), Standard);
/// assert_eq!(cell.support, Support::NotDocumented);
/// ```
pub const fn windows_server(host: AnyRelease, guest: AnyRelease, product: Product) -> Cell {
    if guest.is_before_avma() || host.is_before_avma() {
        return TOO_OLD;
    }
    let Some(row) = host.place_in(&NAMED) else {
        return unnamed(host).because(Because::Host);
    };
    #[expect(clippy::indexing_slicing, reason = "both are places in `NAMED`")]
    let plain = match guest.place_in(&NAMED) {
        Some(column) => CELLS[row][column],
        None => unnamed(guest),
    };
    match (plain.support, product) {
        (No, _) => plain,
        (_, Product::DatacenterAzureEdition) => AZURE_EDITION_GUEST,
        _ => plain,
    }
}

// Down-closed: a host that activates a release activates every older one that the matrix names, and
// a newer host activates at least what an older one does. And every pair of named releases has a yes or
// a no: a release is named as a guest for every host, or for none.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let mut host = 0;
    while host < NAMED.len() {
        let mut guest = 0;
        while guest < NAMED.len() {
            let support = CELLS[host][guest].support;
            assert!(!matches!(support, NotDocumented), "a gap in the matrix");
            if matches!(support, Yes) {
                assert!(guest == 0 || matches!(CELLS[host][guest - 1].support, Yes));
                assert!(host + 1 == NAMED.len() || matches!(CELLS[host + 1][guest].support, Yes));
            }
            guest += 1;
        }
        host += 1;
    }
};

/// The releases that can be licensed pay-as-you-go: 2025 and what comes after it in the table. A later
/// one is asked until its row is taken out.
const PAY_AS_YOU_GO_RELEASES: u32 = Releases::since(Ws2025).bits();

const THIS: HostFamilies = family(HostFamily::WindowsServer);

const ROW: Rule = Rule {
    id: "",
    text: "",
    remedy: "",
    source: NO_STATEMENT,
    effect: LeavesUndocumented,
    mended_by: LicenseBuyer,
    symptoms: &[],
    families: THIS,
    when: When::Always,
    step: None,
    level: Some(F::HostRelease),
};

pub(crate) const RULES: [Rule; 14] = [
    Rule {
        id: "host-not-datacenter",
        text: "the host is not Windows Server Datacenter",
        remedy: "license and install Datacenter on the host, or activate the guest by another channel",
        source: AVMA_ARTICLE,
        effect: Forbids,
        when: When::In(F::HostEdition, 1 << HostEdition::NotDatacenter as u32),
        ..ROW
    },
    Rule {
        id: "host-nano",
        text: "the host is Nano Server, which does not support AVMA as a host",
        remedy: "use a host with Server Core or Desktop Experience, Datacenter",
        source: NANO_SERVER,
        effect: Forbids,
        when: When::In(F::HostEdition, 1 << HostEdition::Nano as u32),
        ..ROW
    },
    Rule {
        id: "host-edition-undocumented",
        text: "the host's edition is in no table",
        remedy: "find out what the host is; AVMA asks for Datacenter",
        source: CRATE_TABLES,
        when: When::In(F::HostEdition, 1 << HostEdition::Unlisted as u32),
        ..ROW
    },
    Rule {
        id: "host-azure-edition",
        text: "the host runs Datacenter: Azure Edition, and no text says that it can be an AVMA host",
        remedy: "use a plain Datacenter host",
        when: When::In(F::HostEdition, 1 << HostEdition::AzureEdition as u32),
        ..ROW
    },
    Rule {
        id: "host-too-old",
        text: "the host is older than AVMA, which came with Windows Server 2012 R2",
        remedy: "upgrade the host to 2012 R2 or later",
        source: AVMA_POSTS,
        effect: Forbids,
        when: When::In(F::HostRelease, Releases::BEFORE_AVMA.bits()),
        ..ROW
    },
    Rule {
        id: "host-release-undocumented",
        text: "no host table names the host's release",
        remedy: "use a host of a release that the host table names",
        when: When::In(
            F::HostRelease,
            Releases::unknown().bits()
                & !(Releases::BEFORE_AVMA.bits() | Releases::of(&NAMED).bits()),
        ),
        ..ROW
    },
    Rule {
        id: "guest-newer-than-host",
        text: "the guest's release is newer than any that the host's release activates",
        remedy: "upgrade the host, or move the guest to a host of its own release or later",
        source: AVMA_ARTICLE,
        effect: Forbids,
        // No text gives the code; the article's "AVMA ID didn't match" and the SDK's text fit.
        symptoms: &[HResult::IA_ID_MISMATCH],
        when: When::Cell(No, Because::Release.bit()),
        ..ROW
    },
    Rule {
        id: "azure-edition-platform",
        text: "the guest is Datacenter: Azure Edition, which is documented for Azure and Azure Local only",
        remedy: "run it on Azure Local, or use plain Datacenter",
        source: AZURE_EDITION,
        // Azure Stack Hub has such cells too.
        families: THIS.union(family(HostFamily::AzureStackHub)),
        when: When::Cell(NotDocumented, Because::Edition.bit()),
        ..ROW
    },
    Rule {
        id: "host-evaluation",
        text: "the host is an evaluation copy, and no text says what its guests get",
        remedy: "convert the host to a licensed Datacenter",
        mended_by: HostAdministrator,
        when: When::In(F::HostEvaluation, YES),
        // Nobody converts a host because it might be an evaluation copy.
        step: Some(HostStep {
            text: "convert the host from an evaluation to a licensed Datacenter",
            only_if_certain: true,
        }),
        ..ROW
    },
    Rule {
        id: "host-nested",
        text: "the host is itself a virtual machine, and no text says what its guests get",
        remedy: "run the guest on the physical host; the direct parent is judged by its own activation",
        mended_by: HostAdministrator,
        symptoms: &[HResult::IA_PARENT_PARTITION_NOT_ACTIVATED],
        when: When::In(F::Nested, YES),
        ..ROW
    },
    Rule {
        id: "host-pay-as-you-go",
        text: "the host is licensed pay-as-you-go through Azure Arc, which gives its VMs no rights: AVMA is not available",
        remedy: "license the host by a Datacenter key, or activate the guest by another channel",
        source: PAY_AS_YOU_GO,
        effect: Forbids,
        when: When::Both(
            (F::HostRelease, PAY_AS_YOU_GO_RELEASES),
            (F::PayAsYouGo, YES),
        ),
        ..ROW
    },
    Rule {
        id: "hyper-v-role-missing",
        text: "the Hyper-V role is not installed on the host",
        remedy: "install the Hyper-V role on the host",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: HostAdministrator,
        when: When::In(F::HyperVRole, NO),
        step: Some(HostStep {
            text: "install the Hyper-V role, which restarts the host",
            only_if_certain: false,
        }),
        ..ROW
    },
    Rule {
        id: "host-not-activated",
        text: "the host's Windows is not activated",
        remedy: "activate the host (volume licence, KMS or OEM); in a cluster every node",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: HostAdministrator,
        symptoms: &[HResult::IA_PARENT_PARTITION_NOT_ACTIVATED],
        when: When::In(F::HostLicense, 1 << HostLicense::NotActivated as u32),
        step: Some(HostStep {
            text: "activate the host by its own channel; in a cluster every node",
            only_if_certain: false,
        }),
        ..ROW
    },
    Rule {
        id: "host-license-undocumented",
        text: "the host is in a grace period or an unlisted licence status, and no text says what its guests get",
        remedy: "activate the host, so that its licence status is 1 (licensed)",
        mended_by: HostAdministrator,
        symptoms: &[HResult::IA_PARENT_PARTITION_NOT_ACTIVATED],
        when: When::In(
            F::HostLicense,
            1 << HostLicense::Grace as u32 | 1 << HostLicense::Unlisted as u32,
        ),
        ..ROW
    },
];

impl WindowsServerHost {
    /// The plain case for whatever is not known: see [`ready`](Self::ready).
    pub(super) fn plain(self) -> Self {
        Self {
            evaluation: self.evaluation.or(false.into()),
            license: self.license.or(HostLicense::Licensed.into()),
            hyper_v_role: self.hyper_v_role.or(true.into()),
            nested: self.nested.or(false.into()),
            pay_as_you_go: self.pay_as_you_go.or(false.into()),
            ..self
        }
    }
}
