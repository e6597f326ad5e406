//! The rulebook: one table, a row a rule. Everything that `assess` concludes is computed from it.
//!
//! A rule that *forbids* says that the host does not activate the guest; one that leaves it
//! *undocumented* says that no text tells. Where no rule fires, the host activates the guest. So the
//! law for complete facts is: not eligible if any rule forbids, else not documented if any rule says
//! so, else eligible.

use crate::assess::host::{HostEdition, HostFamilies, HostFamily};
use crate::catalog::hosts::{AzureLocalLicense, Support};
use crate::fact::Answer;
use crate::hresult::HResult;
use crate::license::HostLicense;
use crate::product::{Product, Products};
use crate::release::{AnyRelease, Release, Releases};
use crate::source::{
    AVMA_ARTICLE, AVMA_POSTS, AZURE_EDITION, AZURE_LOCAL, AZURE_LOCAL_2023, AZURE_STACK_HUB,
    AZURE_STACK_HUB_2025, AZURE_VM, DATA_EXCHANGE, EVALUATION_REPORTS, NO_STATEMENT, Source,
};
use crate::word::words;
use FactName as F;

words! {
    /// The facts that rules read.
    pub enum FactName ("fact") {
        /// The guest's release.
        GuestRelease = "guest-release", "the guest's release";
        /// The guest's product.
        GuestProduct = "guest-product", "the guest's edition";
        /// Whether the guest is an evaluation copy.
        GuestEvaluation = "guest-evaluation", "whether the guest is an evaluation copy";
        /// Whether Data Exchange is enabled for the VM.
        DataExchange = "data-exchange", "whether Data Exchange is enabled for the VM";
        /// Whether the guest's own Data Exchange service runs.
        GuestService = "guest-service", "whether the guest's service vmickvpexchange runs";
        /// The family of the host.
        HostFamily = "host-family", "what kind of host it is";
        /// The release of a Windows Server host.
        HostRelease = "host-release", "the host's release";
        /// The edition of a Windows Server host.
        HostEdition = "host-edition", "the host's edition";
        /// Whether a Windows Server host is an evaluation copy.
        HostEvaluation = "host-evaluation", "whether the host is an evaluation copy";
        /// The licence of a Windows Server host.
        HostLicense = "host-license", "whether the host is activated";
        /// Whether a Windows Server host has the Hyper-V role.
        HyperVRole = "hyper-v-role", "whether the Hyper-V role is installed on the host";
        /// Whether a Windows Server host is itself a virtual machine.
        Nested = "nested", "whether the host is itself a virtual machine";
        /// Whether a Windows Server host is licensed pay-as-you-go.
        PayAsYouGo = "pay-as-you-go", "whether the host is licensed pay-as-you-go";
        /// By what an Azure Local host gives AVMA.
        AzureLocalLicense = "azure-local-license", "the host key's release or the subscription";
        /// Whether an Azure Local host's keys have Software Assurance.
        SoftwareAssurance = "software-assurance", "whether the host keys have Software Assurance";
        /// Whether an Azure Local host synced with Azure within 30 days.
        Synced = "synced", "whether the host synced with Azure within 30 days";
        /// Whether Azure verification for VMs is enabled.
        AzureVerification = "azure-verification", "whether Azure verification for VMs is enabled";
        /// Whether an Azure Stack Hub host has the OEM's BIOS marker.
        BiosMarker = "bios-marker", "whether the OEM's marker is in the host's BIOS";
    }
}

words! {
    /// What a rule does when it fires.
    pub enum Effect ("effect") {
        /// No text tells what happens.
        LeavesUndocumented = "undocumented", "leaves it undocumented";
        /// The host does not activate the guest.
        Forbids = "forbids", "forbids";
    }
}

words! {
    /// Who can mend what a rule says.
    pub enum MendedBy ("mender") {
        /// Nobody: it is in the nature of the systems.
        Nobody = "nobody", "nobody";
        /// Whoever buys licences.
        LicenseBuyer = "license-buyer", "the licence buyer";
        /// The administrator of the host.
        HostAdministrator = "host-administrator", "the host administrator";
        /// The administrator of the guest.
        GuestAdministrator = "guest-administrator", "the guest administrator";
    }
}

/// When a rule fires, over complete facts (within its host families).
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    /// Always: the family decides.
    Always,
    /// One fact is one of these values (bits over the fact's domain).
    In(FactName, u32),
    /// All of several facts are among these values.
    All(&'static [(FactName, u32)]),
    /// No AVMA key is published for the guest's release and product, and neither is out of the
    /// question by a rule of its own.
    KeyMissing,
    /// The matrix of Windows Server hosts says no to two releases that it names.
    MatrixNo,
    /// The Azure Local table says this of a host key or the subscription, a guest's release that it
    /// names, and the guest's product.
    AzureLocalCell(Support),
}

/// A row of the rulebook.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The stable id.
    pub id: &'static str,
    /// What is the case when the rule fires, as one sentence.
    pub text: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// The text that says so.
    pub source: Source,
    /// What it does.
    pub effect: Effect,
    /// Who can mend it.
    pub mended_by: MendedBy,
    /// Which HRESULTs a guest shows or is expected to show because of it.
    pub symptoms: &'static [HResult],
    pub(crate) families: HostFamilies,
    pub(crate) when: When,
}

impl Rule {
    /// The facts that decide whether the rule fires.
    pub const fn reads(&self) -> FactNames {
        let bits = match self.when {
            When::Always => bit(F::HostFamily),
            When::In(fact, _) => bit(fact),
            When::All(facts) => {
                let (mut bits, mut place) = (0, 0);
                #[expect(clippy::indexing_slicing, reason = "bounded by the loop")]
                while place < facts.len() {
                    bits |= bit(facts[place].0);
                    place += 1;
                }
                bits
            }
            When::KeyMissing => bit(F::GuestRelease) | bit(F::GuestProduct),
            When::MatrixNo => bit(F::HostRelease) | bit(F::GuestRelease),
            When::AzureLocalCell(_) => {
                bit(F::AzureLocalLicense) | bit(F::GuestRelease) | bit(F::GuestProduct)
            }
        };
        FactNames::from_bits(bits)
    }

    /// The families of hosts that the rule speaks of.
    pub const fn families(&self) -> HostFamilies {
        self.families
    }
}

const fn bit(fact: FactName) -> u32 {
    1 << fact as u32
}

/// A set of facts: those that a rule reads, those that are missing.
pub type FactNames = crate::fact::Fact<FactName>;

// Values as bits over their fact's domain.
const NO: u32 = 1 << Answer::No as u32;
const YES: u32 = 1 << Answer::Yes as u32;
/// 2012 and older.
const TOO_OLD: u32 = 1 << Release::Ws2012 as u32 | 1 << AnyRelease::Older.place();
/// Releases that no host table names.
const UNNAMED: u32 = Releases::of(&[
    Release::V1709,
    Release::V1803,
    Release::V1809,
    Release::V1903,
    Release::V1909,
    Release::V2004,
    Release::V20H2,
    Release::V23H2,
])
.bits()
    | 1 << AnyRelease::Preview.place()
    | 1 << AnyRelease::Unlisted.place();
const AZURE_EDITION_GUEST: u32 = Products::of(&[Product::DatacenterAzureEdition]).bits();
/// The host keys for which a text names Azure Edition of 2022.
const AZURE_EDITION_KEYS: u32 =
    1 << AzureLocalLicense::Key2019 as u32 | 1 << AzureLocalLicense::Key2022 as u32;

const EVERY_FAMILY: HostFamilies = HostFamilies::unknown();
const WINDOWS_SERVER: HostFamilies = family(HostFamily::WindowsServer);
const AZURE_LOCAL_HOST: HostFamilies = family(HostFamily::AzureLocal);
const STACK_HUB: HostFamilies = family(HostFamily::AzureStackHub);
/// Where Azure Edition is not documented to run.
const NOT_FOR_AZURE_EDITION: HostFamilies = WINDOWS_SERVER.union(STACK_HUB);

const fn family(family: HostFamily) -> HostFamilies {
    HostFamilies::from_bits(1 << family as u32)
}

use Effect::{Forbids, LeavesUndocumented};
use MendedBy::{GuestAdministrator, HostAdministrator, LicenseBuyer, Nobody};

/// The table. The order is the order in which findings are shown: what nobody can mend first.
pub static RULES: &[Rule] = &TABLE;

pub(crate) const TABLE: [Rule; 34] = [
    Rule {
        id: "guest-not-windows",
        text: "the guest is not Windows",
        remedy: "nothing to do: AVMA activates Windows Server only",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: Nobody,
        symptoms: &[],
        families: EVERY_FAMILY,
        when: When::In(F::GuestProduct, 1 << Product::NotWindows as u32),
    },
    Rule {
        id: "guest-client",
        text: "the guest is client Windows, which AVMA never activates",
        remedy: "use the client's own activation: a subscription, KMS or MAK",
        source: AVMA_POSTS,
        effect: Forbids,
        mended_by: Nobody,
        symptoms: &[],
        families: EVERY_FAMILY,
        when: When::In(F::GuestProduct, 1 << Product::Client as u32),
    },
    Rule {
        id: "guest-foundation",
        text: "the guest is Windows Server Foundation, which AVMA does not cover",
        remedy: "move the guest to Standard or Datacenter",
        source: AVMA_POSTS,
        effect: Forbids,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: EVERY_FAMILY,
        when: When::In(F::GuestProduct, 1 << Product::Foundation as u32),
    },
    Rule {
        id: "guest-too-old",
        text: "the guest is older than Windows Server 2012 R2; AVMA does not exist for it and no key is published",
        remedy: "upgrade the guest to 2012 R2 or later, or activate it by KMS, MAK or retail key",
        source: AVMA_POSTS,
        effect: Forbids,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: EVERY_FAMILY,
        when: When::In(F::GuestRelease, TOO_OLD),
    },
    Rule {
        id: "guest-release-undocumented",
        text: "no host table names the guest's release",
        remedy: "ask Microsoft, or move the guest to 2012 R2, 2016, 2019, 2022 or 2025",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: EVERY_FAMILY,
        when: When::In(F::GuestRelease, UNNAMED),
    },
    Rule {
        id: "guest-key-undocumented",
        text: "no AVMA key is published for the guest's release and edition",
        remedy: "do not try a neighbour's key; activate the guest by KMS, MAK or retail key",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: EVERY_FAMILY,
        when: When::KeyMissing,
    },
    Rule {
        id: "host-not-hyper-v",
        text: "the host is not Microsoft Hyper-V; AVMA does not work with other virtualization technologies",
        remedy: "run the guest on Hyper-V, or activate it by KMS, MAK or retail key",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: Nobody,
        symptoms: &[HResult::IA_INVALID_VIRTUALIZATION_PLATFORM],
        families: family(HostFamily::OtherHypervisor),
        when: When::Always,
    },
    Rule {
        id: "host-azure",
        text: "the guest runs in Azure, where AVMA is not supported",
        remedy: "install the KMS client key (GVLK) with slmgr /ipk, then slmgr /ckms, slmgr /skms azkms.core.windows.net:1688 and slmgr /ato",
        source: AZURE_VM,
        effect: Forbids,
        mended_by: Nobody,
        symptoms: &[
            HResult::IA_PARENT_PARTITION_NOT_ACTIVATED,
            HResult::IA_INVALID_VIRTUALIZATION_PLATFORM,
        ],
        families: family(HostFamily::Azure),
        when: When::Always,
    },
    Rule {
        id: "host-not-datacenter",
        text: "the host is not Windows Server Datacenter",
        remedy: "license and install Datacenter on the host, or activate the guest by another channel",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: WINDOWS_SERVER,
        when: When::In(F::HostEdition, 1 << HostEdition::NotDatacenter as u32),
    },
    Rule {
        id: "host-edition-undocumented",
        text: "the host's edition is in no table",
        remedy: "find out what the host is; AVMA asks for Datacenter",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: WINDOWS_SERVER,
        when: When::In(F::HostEdition, 1 << HostEdition::Unlisted as u32),
    },
    Rule {
        id: "host-azure-edition",
        text: "the host runs Datacenter: Azure Edition, of which no text says that it can be an AVMA host",
        remedy: "use a plain Datacenter host",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: WINDOWS_SERVER,
        when: When::In(F::HostEdition, 1 << HostEdition::AzureEdition as u32),
    },
    Rule {
        id: "host-too-old",
        text: "the host is older than Windows Server 2012 R2 and knows no AVMA",
        remedy: "upgrade the host to 2012 R2 or later",
        source: AVMA_POSTS,
        effect: Forbids,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: WINDOWS_SERVER,
        when: When::In(F::HostRelease, TOO_OLD),
    },
    Rule {
        id: "host-release-undocumented",
        text: "no host table names the host's release",
        remedy: "use a host of 2012 R2, 2016, 2019, 2022 or 2025",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: WINDOWS_SERVER,
        when: When::In(F::HostRelease, UNNAMED),
    },
    Rule {
        id: "guest-newer-than-host",
        text: "the guest's release is newer than any that the host's release activates",
        remedy: "upgrade the host, or move the guest to a host of its own release or later",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: LicenseBuyer,
        // No text gives the code; the article's "AVMA ID didn't match" and the SDK's text fit.
        symptoms: &[HResult::IA_ID_MISMATCH],
        families: WINDOWS_SERVER,
        when: When::MatrixNo,
    },
    Rule {
        id: "azure-edition-platform",
        text: "the guest is Datacenter: Azure Edition, which is documented for Azure and Azure Local only",
        remedy: "run it on Azure Local, or use plain Datacenter",
        source: AZURE_EDITION,
        effect: LeavesUndocumented,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: NOT_FOR_AZURE_EDITION,
        when: When::In(F::GuestProduct, AZURE_EDITION_GUEST),
    },
    Rule {
        id: "host-evaluation",
        text: "the host is an evaluation copy, of which no text says what its guests get",
        remedy: "convert the host to a licensed Datacenter",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: HostAdministrator,
        symptoms: &[],
        families: WINDOWS_SERVER,
        when: When::In(F::HostEvaluation, YES),
    },
    Rule {
        id: "host-nested",
        text: "the host is itself a virtual machine, of which no text says what its guests get",
        remedy: "run the guest on the physical host; the direct parent is judged by its own activation",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: HostAdministrator,
        symptoms: &[HResult::IA_PARENT_PARTITION_NOT_ACTIVATED],
        families: WINDOWS_SERVER,
        when: When::In(F::Nested, YES),
    },
    Rule {
        id: "host-pay-as-you-go",
        text: "the host is licensed pay-as-you-go through Azure Arc, of which no text says what its guests get",
        remedy: "license the host by a Datacenter key",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: WINDOWS_SERVER,
        when: When::In(F::PayAsYouGo, YES),
    },
    Rule {
        id: "hyper-v-role-missing",
        text: "the Hyper-V role is not installed on the host",
        remedy: "install the Hyper-V role on the host",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: HostAdministrator,
        symptoms: &[],
        families: WINDOWS_SERVER,
        when: When::In(F::HyperVRole, NO),
    },
    Rule {
        id: "host-not-activated",
        text: "the host's Windows is not activated",
        remedy: "activate the host (volume licence, KMS or OEM); in a cluster every node",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: HostAdministrator,
        symptoms: &[HResult::IA_PARENT_PARTITION_NOT_ACTIVATED],
        families: WINDOWS_SERVER,
        when: When::In(F::HostLicense, 1 << HostLicense::NotActivated as u32),
    },
    Rule {
        id: "host-license-undocumented",
        text: "the host is in a grace period or an unlisted licence status, of which no text says what its guests get",
        remedy: "activate the host, so that its licence status is 1 (licensed)",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: HostAdministrator,
        symptoms: &[HResult::IA_PARENT_PARTITION_NOT_ACTIVATED],
        families: WINDOWS_SERVER,
        when: When::In(
            F::HostLicense,
            1 << HostLicense::Grace as u32 | 1 << HostLicense::Unlisted as u32,
        ),
    },
    Rule {
        id: "azure-local-no-license",
        text: "the Azure Local host has neither a Windows Server Datacenter key nor the subscription",
        remedy: "set a host key with Set-VMAutomaticActivation, or enable the Windows Server subscription",
        source: AZURE_LOCAL,
        effect: Forbids,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: AZURE_LOCAL_HOST,
        when: When::In(F::AzureLocalLicense, 1 << AzureLocalLicense::None as u32),
    },
    Rule {
        id: "azure-local-key-too-old",
        text: "the Azure Local host's key is of 2016 or older and can not set AVMA up",
        remedy: "use a Windows Server Datacenter key of 2019 or later; a 2019 key covers 2016 guests",
        source: AZURE_LOCAL,
        effect: Forbids,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: AZURE_LOCAL_HOST,
        when: When::In(
            F::AzureLocalLicense,
            1 << AzureLocalLicense::KeyTooOld as u32,
        ),
    },
    Rule {
        id: "azure-local-key-level",
        text: "the guest's release is newer than the Azure Local host's key",
        remedy: "set a host key of the guest's release or later on every node, or use the subscription",
        source: AZURE_LOCAL,
        effect: Forbids,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: AZURE_LOCAL_HOST,
        when: When::AzureLocalCell(Support::No),
    },
    Rule {
        id: "azure-local-guest-undocumented",
        text: "no text names such a guest for the Azure Local host's key or subscription",
        remedy: "ask Microsoft, or use a key of the release that names the guest",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: AZURE_LOCAL_HOST,
        when: When::AzureLocalCell(Support::NotDocumented),
    },
    Rule {
        id: "azure-local-software-assurance",
        text: "an Azure Edition guest of 2022 by host key needs a key with Software Assurance",
        remedy: "add Software Assurance to the host keys, or use the subscription",
        source: AZURE_LOCAL_2023,
        effect: Forbids,
        mended_by: LicenseBuyer,
        symptoms: &[],
        families: AZURE_LOCAL_HOST,
        when: When::All(&[
            (F::AzureLocalLicense, AZURE_EDITION_KEYS),
            (F::GuestProduct, AZURE_EDITION_GUEST),
            (F::GuestRelease, 1 << Release::Ws2022 as u32),
            (F::SoftwareAssurance, NO),
        ]),
    },
    Rule {
        id: "azure-local-verification",
        text: "an Azure Edition guest needs Azure verification for VMs, which is not enabled on the cluster",
        remedy: "enable Azure verification for VMs on the cluster",
        source: AZURE_EDITION,
        effect: Forbids,
        mended_by: HostAdministrator,
        symptoms: &[],
        families: AZURE_LOCAL_HOST,
        when: When::All(&[
            (F::GuestProduct, AZURE_EDITION_GUEST),
            (F::AzureVerification, NO),
        ]),
    },
    Rule {
        id: "azure-local-not-synced",
        text: "the Azure Local host did not sync with Azure for 30 days, which its AVMA licences need; no text says what its guests get then",
        remedy: "let the host sync with Azure at least every 30 days",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: HostAdministrator,
        symptoms: &[],
        families: AZURE_LOCAL_HOST,
        when: When::In(F::Synced, NO),
    },
    Rule {
        id: "azure-stack-hub-guest",
        text: "AVMA is not supported for Windows Server 2025 in Azure Stack Hub",
        remedy: "activate the guest by KMS",
        source: AZURE_STACK_HUB_2025,
        effect: Forbids,
        mended_by: Nobody,
        symptoms: &[],
        families: STACK_HUB,
        when: When::In(F::GuestRelease, 1 << Release::Ws2025 as u32),
    },
    Rule {
        id: "azure-stack-hub-guest-undocumented",
        text: "no text says whether Azure Stack Hub activates guests of 2019 or 2022",
        remedy: "ask the operator of the Azure Stack Hub",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        mended_by: HostAdministrator,
        symptoms: &[],
        families: STACK_HUB,
        when: When::In(
            F::GuestRelease,
            1 << Release::Ws2019 as u32 | 1 << Release::Ws2022 as u32,
        ),
    },
    Rule {
        id: "azure-stack-hub-marker",
        text: "the OEM's marker is not set in the Azure Stack Hub host's BIOS",
        remedy: "have the OEM set the marker on every host",
        source: AZURE_STACK_HUB,
        effect: Forbids,
        mended_by: HostAdministrator,
        symptoms: &[],
        families: STACK_HUB,
        when: When::In(F::BiosMarker, NO),
    },
    Rule {
        id: "data-exchange-off",
        text: "the Data Exchange integration service is off for the VM",
        remedy: "enable it on the host: Enable-VMIntegrationService (the service whose Id ends in 2A34B1C2-FD73-4043-8A5B-DD2159BC743F)",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: HostAdministrator,
        symptoms: &[],
        families: EVERY_FAMILY,
        when: When::In(F::DataExchange, NO),
    },
    Rule {
        id: "guest-service-stopped",
        text: "the guest's Data Exchange service (vmickvpexchange) does not run",
        remedy: "start the service vmickvpexchange in the guest",
        source: DATA_EXCHANGE,
        effect: Forbids,
        mended_by: GuestAdministrator,
        symptoms: &[],
        families: EVERY_FAMILY,
        when: When::In(F::GuestService, NO),
    },
    Rule {
        id: "guest-evaluation",
        text: "the guest is an evaluation copy, which refuses AVMA keys",
        remedy: "convert it with DISM and the edition's KMS client key, restart, then install the AVMA key",
        source: EVALUATION_REPORTS,
        effect: Forbids,
        mended_by: GuestAdministrator,
        symptoms: &[
            HResult::MISMATCHED_PRODUCT_SKU,
            HResult::INVALID_PRODUCT_KEY,
        ],
        families: EVERY_FAMILY,
        when: When::In(F::GuestEvaluation, YES),
    },
];

/// The rule with an id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}
