//! Azure Stack HCI, Azure Local: its facts, its table, its rules, its steps.
//!
//! The *key's* release decides, not the host's build. Sources: Microsoft's page on activating Windows
//! Server VMs there, its pages on Azure Edition and on the OEM licence.

use super::facts::family_facts;
use crate::catalog::cell::{Because, Cell, Support, cell, unnamed};
use crate::catalog::products::Product;
use crate::catalog::releases::AnyRelease;
use crate::catalog::releases::Release::{
    self, Ws2008R2, Ws2012, Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025,
};
use crate::catalog::rule::{
    Effect, FactName as F, HostFamilies, HostFamily, HostStep, MendedBy, NO, Rule, When, family,
};
use crate::fact::{Fact, YesNo};
use crate::source::{
    AVMA_POSTS, AZURE_EDITION, AZURE_EDITION_2024, AZURE_LOCAL, AZURE_LOCAL_2023, AZURE_LOCAL_OEM,
    Evidence, NO_STATEMENT,
};
use crate::word::words;
use AzureLocalLicense as L;
use Effect::{Forbids, LeavesUndocumented};
use MendedBy::{HostAdministrator, LicenseBuyer};
use Support::{No, NotDocumented, Yes};

words! {
    /// By what an Azure Stack HCI or Azure Local host gives AVMA to its guests.
    pub enum AzureLocalLicense ("Azure Local licence") {
        /// Nothing: no host key, no subscription, no OEM licence.
        None = "none", "no host key, no subscription, no OEM licence";
        /// A Windows Server Datacenter key of 2016 or older, which cannot set AVMA up.
        KeyTooOld = "key-2016", "a Windows Server Datacenter key of 2016 or older";
        /// A Windows Server 2019 Datacenter key.
        Key2019 = "key-2019", "a Windows Server 2019 Datacenter key";
        /// A Windows Server 2022 Datacenter key.
        Key2022 = "key-2022", "a Windows Server 2022 Datacenter key";
        /// A Windows Server 2025 Datacenter key.
        Key2025 = "key-2025", "a Windows Server 2025 Datacenter key";
        /// The Windows Server subscription.
        Subscription = "subscription", "the Windows Server subscription";
        /// The Azure Local OEM licence, which came with the hardware and needs no host key.
        Oem = "oem", "the Azure Local OEM licence";
    }
}

/// What the licence of an Azure Local host may be.
pub type AzureLocalLicenses = Fact<AzureLocalLicense>;

impl AzureLocalLicenses {
    /// By the release of the Windows Server Datacenter key that is set on the host.
    pub fn of_key(release: Release) -> Self {
        match release {
            Ws2019 => L::Key2019.into(),
            Ws2022 => L::Key2022.into(),
            Ws2025 => L::Key2025.into(),
            Ws2008R2 | Ws2012 | Ws2012R2 | Ws2016 => L::KeyTooOld.into(),
            // No text names a key of another release on such a host.
            _ => Self::unknown(),
        }
    }
}

/// An Azure Stack HCI or Azure Local host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct AzureLocalHost {
    /// By what it gives AVMA to its guests.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub license: AzureLocalLicenses,
    /// Whether the host keys have Software Assurance.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub software_assurance: YesNo,
    /// Whether the host synced with Azure within the last 30 days.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub synced: YesNo,
    /// Whether "Azure verification for VMs" is enabled on the cluster.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub azure_verification: YesNo,
}

family_facts! {
    AzureLocalHost {
        license: AzureLocalLicense,
        software_assurance: SoftwareAssurance,
        synced: Synced,
        azure_verification: AzureVerification,
    }
}

/// The guests' releases that the pages name: the columns of both tables. The cells of another release
/// are "not documented".
pub(crate) const GUESTS: [Release; 5] = [Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025];

/// Named by the texts of 2021 to 2023, gone since 2025: still said, not revoked.
const Y23_: Cell = cell(Yes, AZURE_LOCAL_2023);
const Y26_: Cell = cell(Yes, AZURE_LOCAL);
const N26_: Cell = cell(No, AZURE_LOCAL);
/// The OEM licence's page names the guests as "2025 or earlier".
const OEM_: Cell = cell(Yes, AZURE_LOCAL_OEM);
/// "Or earlier" names no release that is older than the licence's first page by so much.
const OEMI: Cell = cell(Yes, AZURE_LOCAL_OEM.graded(Evidence::Inferred));
const NONE: Cell = cell(NotDocumented, NO_STATEMENT);

#[rustfmt::skip]
const PLAIN: [[Cell; GUESTS.len()]; 5] = [
    // guest: 2012 R2  2016  2019  2022  2025     by:
    [          Y23_,   Y26_, Y26_, N26_, N26_],    // key of 2019
    [          Y23_,   Y26_, Y26_, Y26_, N26_],    // key of 2022
    [          NONE,   Y26_, Y26_, Y26_, Y26_],    // key of 2025
    [          Y23_,   Y26_, Y26_, Y26_, Y26_],    // subscription
    [          OEMI,   OEM_, OEM_, OEM_, OEM_],    // OEM licence: Datacenter guests
];

/// With Software Assurance, by the texts of 2022 and 2023.
const SA23: Cell = Y23_.because(Because::SoftwareAssurance);
/// The text of 2024 names the key of 2025 and no release of the guest.
const SA24: Cell =
    cell(Yes, AZURE_EDITION_2024.graded(Evidence::Inferred)).because(Because::SoftwareAssurance);

/// Datacenter: Azure Edition. The plain rows do not govern it: for 2022 they say otherwise.
#[rustfmt::skip]
const AZURE_EDITION_GUESTS: [[Cell; GUESTS.len()]; 5] = [
    // guest: 2012 R2  2016  2019  2022  2025     by:
    [          NONE,   NONE, NONE, SA23, NONE],    // key of 2019
    [          NONE,   NONE, NONE, SA23, NONE],    // key of 2022
    [          NONE,   NONE, NONE, SA24, SA24],    // key of 2025
    [          NONE,   NONE, NONE, Y26_, Y26_],    // subscription: "Azure Edition included"
    [          NONE,   NONE, NONE, NONE, NONE],    // OEM licence
];

/// What Microsoft's pages say of an Azure Local host and a guest.
///
/// For an Azure Edition guest a host key also needs Software Assurance
/// ([`Because::SoftwareAssurance`]), and every Azure Edition guest needs Azure verification for VMs: both
/// are rules of their own. The OEM licence's pages name Datacenter guests only.
///
/// ```
/// use avma::Product::{DatacenterAzureEdition, Standard};
/// use avma::Release::Ws2022;
/// use avma::catalog::hosts::{AzureLocalLicense, Because, Support, azure_local};
///
/// let by_key_2019 = |product| azure_local(AzureLocalLicense::Key2019, Ws2022.into(), product);
/// assert_eq!(by_key_2019(Standard).support, Support::No);
/// assert_eq!(by_key_2019(DatacenterAzureEdition).because, Because::SoftwareAssurance);
/// ```
pub const fn azure_local(license: AzureLocalLicense, guest: AnyRelease, product: Product) -> Cell {
    let row = match license {
        L::None | L::KeyTooOld => return cell(No, AZURE_LOCAL).because(Because::Host),
        L::Key2019 => 0,
        L::Key2022 => 1,
        L::Key2025 => 2,
        L::Subscription => 3,
        L::Oem => 4,
    };
    if guest.is_before_avma() {
        // The 2022 and 2023 pages say "2012/R2"; there is no AVMA key for 2012.
        return cell(No, AVMA_POSTS).because(Because::TooOld);
    }
    // The pages also promise later releases to the subscription; what is not listed here need not be
    // one, and no key is known for it.
    let Some(column) = guest.place_in(&GUESTS) else {
        return unnamed(guest);
    };
    let table = match (product, license) {
        (Product::DatacenterAzureEdition, _) => &AZURE_EDITION_GUESTS,
        (Product::Datacenter, _) => &PLAIN,
        (_, L::Oem) => return NONE,
        _ => &PLAIN,
    };
    #[expect(
        clippy::indexing_slicing,
        reason = "`row` is below 5, `column` a place in `GUESTS`"
    )]
    table[row][column]
}

/// What Azure verification for VMs needs in an Azure Edition guest of one release.
pub(crate) const VERIFICATION_NEEDS: (Release, &str) = (
    Ws2022,
    "Azure verification for VMs needs KB5036909 (2024-04-09) or later in a guest of 2022",
);

const AZURE_EDITION_GUEST: u32 = 1 << Product::DatacenterAzureEdition as u32;

const THIS: HostFamilies = family(HostFamily::AzureLocal);

const ROW: Rule = Rule {
    id: "",
    text: "",
    remedy: "",
    source: AZURE_LOCAL,
    effect: Forbids,
    mended_by: LicenseBuyer,
    symptoms: &[],
    families: THIS,
    when: When::Always,
    step: None,
    level: Some(F::AzureLocalLicense),
};

pub(crate) const RULES: [Rule; 7] = [
    Rule {
        id: "azure-local-no-license",
        text: "the Azure Local host has no Windows Server Datacenter key, no subscription and no OEM licence",
        remedy: "set a host key with Set-VMAutomaticActivation, or enable the Windows Server subscription",
        when: When::In(F::AzureLocalLicense, 1 << L::None as u32),
        ..ROW
    },
    Rule {
        id: "azure-local-key-too-old",
        text: "the Azure Local host's key is of 2016 or older and cannot set AVMA up",
        remedy: "use a Windows Server Datacenter key of 2019 or later; a 2019 key covers 2016 guests",
        when: When::In(F::AzureLocalLicense, 1 << L::KeyTooOld as u32),
        ..ROW
    },
    Rule {
        id: "azure-local-key-level",
        text: "the guest's release is newer than the Azure Local host's key",
        remedy: "set a host key of the guest's release or later on every node, or use the subscription",
        when: When::Cell(No, Because::Release.bit()),
        ..ROW
    },
    Rule {
        id: "azure-local-guest-undocumented",
        text: "no text names such a guest for the Azure Local host's key, subscription or OEM licence",
        remedy: "ask Microsoft, or use a key or subscription whose text names the guest",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        when: When::Cell(
            NotDocumented,
            Because::Release.bit() | Because::Edition.bit(),
        ),
        ..ROW
    },
    Rule {
        id: "azure-local-software-assurance",
        text: "an Azure Edition guest by host key needs a key with Software Assurance",
        remedy: "add Software Assurance to the host keys, or use the subscription",
        source: AZURE_LOCAL_2023,
        when: When::CellAnd(
            Yes,
            Because::SoftwareAssurance.bit(),
            (F::SoftwareAssurance, NO),
        ),
        ..ROW
    },
    Rule {
        id: "azure-local-verification",
        text: "an Azure Edition guest needs Azure verification for VMs, which is not enabled on the cluster",
        remedy: "enable Azure verification for VMs on the cluster",
        source: AZURE_EDITION,
        mended_by: HostAdministrator,
        when: When::Both(
            (F::GuestProduct, AZURE_EDITION_GUEST),
            (F::AzureVerification, NO),
        ),
        step: Some(HostStep {
            text: "enable Azure verification for VMs on the cluster",
            only_if_certain: false,
        }),
        ..ROW
    },
    Rule {
        id: "azure-local-not-synced",
        text: "the Azure Local host did not sync with Azure for 30 days, which its AVMA licences need; no text says what its guests get then",
        remedy: "let the host sync with Azure at least every 30 days",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: HostAdministrator,
        when: When::In(F::Synced, NO),
        step: Some(HostStep {
            text: "let the host sync with Azure",
            only_if_certain: false,
        }),
        ..ROW
    },
];

impl AzureLocalHost {
    /// The plain case for whatever is not known: see [`ready`](Self::ready).
    pub(super) fn plain(self) -> Self {
        Self {
            synced: self.synced.or(true.into()),
            azure_verification: self.azure_verification.or(true.into()),
            ..self
        }
    }
}
