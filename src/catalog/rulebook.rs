//! The rulebook: one table, a row a rule. Everything that `assess` concludes is computed from it.
//!
//! A rule that *forbids* says that the host does not activate the guest; one that leaves it
//! *undocumented* says that no text tells. Where no such rule fires, the host activates the guest. So
//! the law for complete facts is: not eligible if any rule forbids, else not documented if any rule
//! says so, else eligible.
//!
//! The rules about the guest alone stand here; those about a host, and about a guest on it, stand in
//! the files of the host families.

use crate::catalog::hosts::{FAMILIES, family};
use crate::catalog::products::Product;
use crate::catalog::releases::Releases;
use crate::catalog::rule::{Effect, FactName as F, HostFamilies, MendedBy, NO, Rule, When, YES};
use crate::hresult::HResult;
use crate::source::{
    AVMA_ARTICLE, AVMA_POSTS, EVALUATION_REPORTS, Evidence, NANO_SERVER, NO_STATEMENT,
};
use Effect::{Forbids, LeavesUndocumented, MayMatter};
use MendedBy::{GuestAdministrator, HostAdministrator, LicenseBuyer, Nobody};

const ROW: Rule = Rule {
    id: "",
    text: "",
    remedy: "",
    source: NO_STATEMENT,
    effect: LeavesUndocumented,
    mended_by: LicenseBuyer,
    symptoms: &[],
    families: HostFamilies::unknown(),
    when: When::Always,
    step: None,
    level: None,
};

const fn product(product: Product) -> When {
    When::In(F::GuestProduct, 1 << product as u32)
}

/// What the guest is.
const GUEST: [Rule; 7] = [
    Rule {
        id: "guest-not-windows",
        text: "the guest is not Windows",
        remedy: "nothing to do: AVMA activates Windows Server only",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: Nobody,
        when: product(Product::NotWindows),
        ..ROW
    },
    Rule {
        id: "guest-client",
        text: "the guest is client Windows, which AVMA never activates",
        remedy: "use the client's own activation: a subscription, KMS or MAK",
        source: AVMA_POSTS,
        effect: Forbids,
        mended_by: Nobody,
        when: product(Product::Client),
        ..ROW
    },
    Rule {
        id: "guest-foundation",
        text: "the guest is Windows Server Foundation, which AVMA does not cover",
        remedy: "move the guest to Standard or Datacenter",
        source: AVMA_POSTS,
        effect: Forbids,
        when: product(Product::Foundation),
        ..ROW
    },
    Rule {
        id: "guest-too-old",
        text: "the guest is older than AVMA, which does not exist for it; no key is published",
        remedy: "upgrade the guest to a release that the host table names, or activate it by KMS, MAK or retail key",
        source: AVMA_POSTS,
        effect: Forbids,
        when: When::In(F::GuestRelease, Releases::BEFORE_AVMA.bits()),
        ..ROW
    },
    Rule {
        id: "guest-release-undocumented",
        text: "no host table names the guest's release",
        remedy: "ask Microsoft, or move the guest to a release that the host table names",
        when: When::GuestUnnamed,
        ..ROW
    },
    Rule {
        id: "guest-nano",
        text: "the guest is Nano Server, which needs no product key as a guest",
        remedy: "nothing to do: install no key",
        source: NANO_SERVER,
        mended_by: Nobody,
        when: product(Product::Nano),
        ..ROW
    },
    Rule {
        id: "guest-key-undocumented",
        text: "the published lists in this crate hold no AVMA key for the guest's release and edition",
        remedy: "do not try a neighbour's key; activate the guest by KMS, MAK or retail key",
        when: When::KeyMissing,
        ..ROW
    },
];

/// What can be switched in or for the guest.
const SWITCHES: [Rule; 3] = [
    Rule {
        id: "data-exchange-off",
        text: "the Data Exchange integration service is off for the VM",
        remedy: "enable it on the host: Enable-VMIntegrationService (the service whose Id ends in 2A34B1C2-FD73-4043-8A5B-DD2159BC743F)",
        source: AVMA_ARTICLE,
        effect: Forbids,
        mended_by: HostAdministrator,
        when: When::In(F::DataExchange, NO),
        ..ROW
    },
    Rule {
        id: "guest-service-stopped",
        text: "the guest's Data Exchange service (vmickvpexchange) does not run; the article asks for the switch in the VM's settings only, and no text links the service with activation",
        remedy: "start the service vmickvpexchange in the guest",
        source: AVMA_ARTICLE.graded(Evidence::Inferred),
        effect: MayMatter,
        mended_by: GuestAdministrator,
        when: When::In(F::GuestService, NO),
        ..ROW
    },
    Rule {
        id: "guest-evaluation",
        text: "the guest is an evaluation copy, which refuses AVMA keys",
        remedy: "convert it with DISM to an edition that /Get-TargetEditions lists (Standard Core becomes Datacenter Core only), with that edition's KMS client key; restart; install that edition's AVMA key; where none is listed, install afresh",
        source: EVALUATION_REPORTS,
        effect: Forbids,
        mended_by: GuestAdministrator,
        symptoms: &[
            HResult::MISMATCHED_PRODUCT_SKU,
            HResult::INVALID_PRODUCT_KEY,
        ],
        when: When::In(F::GuestEvaluation, YES),
        ..ROW
    },
];

const LENGTH: usize = {
    let (mut length, mut place) = (GUEST.len() + SWITCHES.len(), 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < FAMILIES.len() {
        length += family(FAMILIES[place]).rules.len();
        place += 1;
    }
    length
};

/// The table. The order is the order in which findings are shown: what the guest is, what the host is,
/// what can be switched.
pub static RULES: &[&Rule] = &TABLE;

pub(crate) const TABLE: [&Rule; LENGTH] = {
    let mut table = [&GUEST[0]; LENGTH];
    let mut length = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    {
        let mut place = 0;
        while place < GUEST.len() {
            table[length] = &GUEST[place];
            length += 1;
            place += 1;
        }
        let mut at = 0;
        while at < FAMILIES.len() {
            let rules = family(FAMILIES[at]).rules;
            let mut place = 0;
            while place < rules.len() {
                table[length] = &rules[place];
                length += 1;
                place += 1;
            }
            at += 1;
        }
        let mut place = 0;
        while place < SWITCHES.len() {
            table[length] = &SWITCHES[place];
            length += 1;
            place += 1;
        }
    }
    assert!(length == LENGTH, "every rule has its row");
    table
};

/// The rule with an id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}
