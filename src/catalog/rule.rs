//! The form of a rule, and the facts that rules read.
//!
//! What a family of hosts says of guests is no rule of its own: it stands in the family's cells, and a
//! rule with [`When::Cell`] speaks for the cells of one kind. So nothing is written beside a table that
//! follows from it.

use crate::catalog::cell::Support;
use crate::fact::{Answer, Fact};
use crate::hresult::HResult;
use crate::source::Source;
use crate::word::words;
use FactName as F;

words! {
    /// The families of hosts that AVMA's texts treat apart; each has its own rules.
    pub enum HostFamily ("host family") {
        /// Windows Server with the Hyper-V role (client Windows and Hyper-V Server too: their rule
        /// is the edition).
        WindowsServer = "windows-server", "Windows Server with Hyper-V";
        /// Azure Stack HCI, Azure Local.
        AzureLocal = "azure-local", "Azure Local";
        /// Azure Stack Hub: another product.
        AzureStackHub = "azure-stack-hub", "Azure Stack Hub";
        /// The Azure public cloud.
        Azure = "azure", "Azure";
        /// A hypervisor that is not Hyper-V, or no hypervisor at all.
        OtherHypervisor = "other-hypervisor", "another hypervisor";
    }
}

/// What the family of a host may be.
pub type HostFamilies = Fact<HostFamily>;

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
        AzureLocalLicense = "azure-local-license", "the host key's release, the subscription or the OEM licence";
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

/// A set of facts: those that a rule reads, those that are missing.
pub type FactNames = Fact<FactName>;

/// How many facts there are.
pub(crate) const FACTS: usize = FactName::ALL.len();

impl FactName {
    /// The fact as one bit of a set.
    pub(crate) const fn bit(self) -> u32 {
        1 << self as u32
    }
}

// Values of a yes-or-no fact, as bits over its domain.
pub(crate) const NO: u32 = 1 << Answer::No as u32;
pub(crate) const YES: u32 = 1 << Answer::Yes as u32;

words! {
    /// What a rule does when it fires, worst last.
    pub enum Effect ("effect") {
        /// It may stand in the way: a conclusion that no text draws, so that the answer stays what it
        /// is and the finding is never certain.
        MayMatter = "may-matter", "may stand in the way";
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
#[derive(Clone, Copy)]
pub(crate) enum When {
    /// Always: the family decides.
    Always,
    /// One fact is one of these values (bits over the fact's domain).
    In(FactName, u32),
    /// Both facts are among these values. The first is one that the evaluation loops over.
    Both((FactName, u32), (FactName, u32)),
    /// The family's cell for host and guest says this, for one of these reasons (bits of
    /// [`Because`](crate::catalog::cell::Because)).
    Cell(Support, u32),
    /// The same, and this fact is among these values: a yes that asks for something.
    CellAnd(Support, u32, (FactName, u32)),
    /// No table of the family names the guest's release, no other rule of the family speaks of that,
    /// and AVMA is not too young for it.
    GuestUnnamed,
    /// No AVMA key is published for the guest's release and product, and neither is out of the
    /// question by a rule of its own.
    KeyMissing,
}

/// What the host's administrator does about a rule, as a step of a plan: it takes the fact that the
/// rule reads (the last one, where it reads several) out of the values at which a rule of the family
/// fires. So of several rules that read one fact one has the step.
#[derive(Clone, Copy)]
pub(crate) struct HostStep {
    /// The step as one sentence, in ASCII.
    pub(crate) text: &'static str,
    /// Whether it is taken only where the rule surely fires. The others set what may be set already,
    /// which harms nothing.
    pub(crate) only_if_certain: bool,
}

/// A row of the rulebook.
#[non_exhaustive]
pub struct Rule {
    /// The stable id.
    pub id: &'static str,
    /// What is the case when the rule fires, as one sentence.
    pub text: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
    /// The text that says so. A finding of a cell rests on the cell's own source.
    pub source: Source,
    /// What it does.
    pub effect: Effect,
    /// Who can mend it.
    pub mended_by: MendedBy,
    /// Which HRESULTs a guest shows or is expected to show because of it.
    pub symptoms: &'static [HResult],
    pub(crate) families: HostFamilies,
    pub(crate) when: When,
    pub(crate) step: Option<HostStep>,
    /// The facts by which the family's cells are looked up, beside the guest's.
    pub(crate) level: Option<FactName>,
}

#[cfg(feature = "serde")]
impl serde::Serialize for Rule {
    /// What is public of it.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut rule = serializer.serialize_struct("Rule", 7)?;
        rule.serialize_field("id", self.id)?;
        rule.serialize_field("text", self.text)?;
        rule.serialize_field("remedy", self.remedy)?;
        rule.serialize_field("source", &self.source)?;
        rule.serialize_field("effect", &self.effect)?;
        rule.serialize_field("mended_by", &self.mended_by)?;
        rule.serialize_field("symptoms", self.symptoms)?;
        rule.end()
    }
}

impl core::fmt::Debug for Rule {
    /// By its id: `Rule("host-not-activated")`.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("Rule").field(&self.id).finish()
    }
}

/// Two rules are equal when they are the same row.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Rule {}

impl Rule {
    /// The facts that decide whether the rule fires.
    pub const fn reads(&self) -> FactNames {
        let guest = F::GuestRelease.bit() | F::GuestProduct.bit();
        let level = match self.level {
            Some(level) => level.bit(),
            None => 0,
        };
        FactNames::from_bits(match self.when {
            When::Always => F::HostFamily.bit(),
            When::In(fact, _) => fact.bit(),
            When::Both((one, _), (other, _)) => one.bit() | other.bit(),
            When::Cell(..) => level | guest,
            When::CellAnd(_, _, (fact, _)) => level | guest | fact.bit(),
            When::GuestUnnamed => F::GuestRelease.bit(),
            When::KeyMissing => guest,
        })
    }

    /// The families of hosts that the rule speaks of.
    pub const fn families(&self) -> HostFamilies {
        self.families
    }
}

/// One family.
pub(crate) const fn family(family: HostFamily) -> HostFamilies {
    HostFamilies::from_bits(1 << family as u32)
}
