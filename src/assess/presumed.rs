//! What may be presumed: the usual values of facts that are rarely otherwise.
//!
//! The exact answer stays what it is. Beside it stands the answer with these facts at their usual
//! values, and what was presumed. Only what is not known is presumed: a presumption never hides what
//! was collected.

use crate::assess::evaluate::Facts;
use crate::assess::table::domain;
use crate::assess::verdict::{Can, verdicts_of};
use crate::catalog::rule::{FactName, FactNames, NO, YES};

/// A fact that is rarely otherwise than usual.
#[derive(Debug)]
#[non_exhaustive]
pub struct Presumption {
    /// The fact.
    pub fact: FactName,
    /// What is presumed, as one sentence.
    pub text: &'static str,
    /// Why it may be.
    pub reason: &'static str,
    usual: u32,
}

const fn row(fact: FactName, usual: u32, text: &'static str, reason: &'static str) -> Presumption {
    assert!(usual & domain(fact) == usual, "a value outside the domain");
    Presumption {
        fact,
        text,
        reason,
        usual,
    }
}

/// Every presumption. What decides about the most hosts or guests is no row here: release, edition,
/// licence, the Hyper-V role, evaluation copies, Data Exchange.
pub static PRESUMPTIONS: &[Presumption] = &[
    row(
        FactName::Nested,
        NO,
        "the host is not itself a virtual machine",
        "Hyper-V hosts in production run on hardware; nested ones are labs and Azure",
    ),
    row(
        FactName::PayAsYouGo,
        NO,
        "the host is not licensed pay-as-you-go",
        "it exists for the newest releases only and must be enabled in Azure Arc host by host",
    ),
    row(
        FactName::Synced,
        YES,
        "the host synced with Azure within 30 days",
        "Azure Local syncs by itself every 12 hours; a host that cannot is out of policy and shows it",
    ),
    row(
        FactName::BiosMarker,
        YES,
        "the OEM's marker is in the host's BIOS",
        "Azure Stack Hub is sold as an integrated system, and the OEM must set it on every host",
    ),
];

/// An answer that rests on presumptions.
#[derive(Clone, Copy, Debug)]
#[must_use = "an answer does nothing by itself"]
pub struct Presumed {
    can: Can,
    facts: Option<FactNames>,
}

impl Presumed {
    /// `missing`: the facts that are not known and could change the answer.
    pub(super) fn of(mut facts: Facts, missing: Option<FactNames>) -> Self {
        let mut presumed: Option<FactNames> = None;
        for row in PRESUMPTIONS {
            if missing.is_some_and(|missing| missing.contains(row.fact))
                && facts.get(row.fact) & row.usual != 0
            {
                facts.set(row.fact, facts.get(row.fact) & row.usual);
                let fact = FactNames::known(row.fact);
                presumed = Some(presumed.map_or(fact, |others| others.union(fact)));
            }
        }
        Self {
            can: verdicts_of(facts.effects()).into(),
            facts: presumed,
        }
    }

    /// The answer, if what was presumed is so. The exact answer where nothing was.
    pub fn can(&self) -> Can {
        self.can
    }

    /// What was presumed: facts that are not known and could change the answer.
    pub fn presumptions(&self) -> impl Iterator<Item = &'static Presumption> + use<> {
        let facts = self.facts;
        PRESUMPTIONS
            .iter()
            .filter(move |row| facts.is_some_and(|facts| facts.contains(row.fact)))
    }
}
