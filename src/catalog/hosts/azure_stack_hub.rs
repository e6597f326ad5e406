//! Azure Stack Hub: its facts, its table, its rules, its steps.

use super::facts::family_facts;
use super::windows_server::AZURE_EDITION_GUEST;
use crate::catalog::cell::{Because, Cell, Support, cell, unnamed};
use crate::catalog::products::Product;
use crate::catalog::releases::AnyRelease;
use crate::catalog::releases::Release::{self, Ws2012R2, Ws2016, Ws2025};
use crate::catalog::rule::{
    Effect, FactName as F, HostFamily, HostStep, MendedBy, NO, Rule, When, family,
};
use crate::fact::YesNo;
use crate::source::{AVMA_POSTS, AZURE_STACK_HUB, AZURE_STACK_HUB_2025, NO_STATEMENT};
use Effect::{Forbids, LeavesUndocumented};
use MendedBy::{HostAdministrator, Nobody};
use Support::{No, NotDocumented, Yes};

/// An Azure Stack Hub host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct AzureStackHubHost {
    /// Whether the OEM set the marker in its BIOS.
    #[cfg_attr(
        feature = "serde",
        serde(skip_serializing_if = "crate::fact::is_unknown")
    )]
    pub bios_marker: YesNo,
}

family_facts! {
    AzureStackHubHost {
        bios_marker: BiosMarker,
    }
}

/// The guests' releases that a text names, and what it says. The cells of another release are "not
/// documented".
const CELLS: [(Release, Cell); 3] = [
    (Ws2012R2, cell(Yes, AZURE_STACK_HUB)),
    (Ws2016, cell(Yes, AZURE_STACK_HUB)),
    (Ws2025, cell(No, AZURE_STACK_HUB_2025)),
];

/// The same releases as a set.
pub(super) const NAMED: u32 = {
    let (mut bits, mut place) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < CELLS.len() {
        bits |= 1 << CELLS[place].0 as u32;
        place += 1;
    }
    bits
};

/// What is said of guests on an Azure Stack Hub host (with the OEM's marker in its BIOS): its Windows
/// Server FAQ of 2019, and a third party's readme of 2025.
///
/// ```
/// use avma::Product::Standard;
/// use avma::Release::{Ws2016, Ws2022};
/// use avma::catalog::hosts::{Support, azure_stack_hub};
///
/// assert_eq!(azure_stack_hub(Ws2016.into(), Standard).support, Support::Yes);
/// assert_eq!(azure_stack_hub(Ws2022.into(), Standard).support, Support::NotDocumented);
/// ```
pub const fn azure_stack_hub(guest: AnyRelease, product: Product) -> Cell {
    if guest.is_before_avma() {
        return cell(No, AVMA_POSTS).because(Because::TooOld);
    }
    let mut found = unnamed(guest);
    let mut place = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop; `const fn` has no iterators"
    )]
    while place < CELLS.len() {
        let (release, cell) = CELLS[place];
        if guest.place_in(&[release]).is_some() {
            found = cell;
        }
        place += 1;
    }
    match (found.support, product) {
        (No, _) => found,
        (_, Product::DatacenterAzureEdition) => AZURE_EDITION_GUEST,
        _ => found,
    }
}

const ROW: Rule = Rule {
    id: "",
    text: "",
    remedy: "",
    source: AZURE_STACK_HUB,
    effect: Forbids,
    mended_by: HostAdministrator,
    symptoms: &[],
    families: family(HostFamily::AzureStackHub),
    when: When::Always,
    step: None,
    level: None,
};

pub(crate) const RULES: [Rule; 3] = [
    Rule {
        id: "azure-stack-hub-guest",
        text: "AVMA is not supported for the guest's release in Azure Stack Hub",
        remedy: "activate the guest by KMS",
        source: AZURE_STACK_HUB_2025,
        mended_by: Nobody,
        when: When::Cell(No, Because::Release.bit()),
        ..ROW
    },
    Rule {
        id: "azure-stack-hub-guest-undocumented",
        text: "no text says whether Azure Stack Hub activates guests of this release",
        remedy: "ask the operator of the Azure Stack Hub",
        source: NO_STATEMENT,
        effect: LeavesUndocumented,
        when: When::Cell(NotDocumented, Because::Release.bit()),
        ..ROW
    },
    Rule {
        id: "azure-stack-hub-marker",
        text: "the OEM's marker is not set in the Azure Stack Hub host's BIOS",
        remedy: "have the OEM set the marker on every host",
        when: When::In(F::BiosMarker, NO),
        step: Some(HostStep {
            text: "have the OEM set the marker in the BIOS of every host",
            only_if_certain: false,
        }),
        ..ROW
    },
];

impl AzureStackHubHost {
    /// The plain case for whatever is not known: see [`ready`](Self::ready).
    pub(super) fn plain(self) -> Self {
        Self {
            bios_marker: self.bios_marker.or(true.into()),
        }
    }
}
