//! A VM, judged on its host.

use alloc::vec::Vec;

use super::case::Case;
use super::events;
use super::host::HostLine;
use super::next::Next;
use super::rules::{Finding, Reason, THIS_INVENTORY};
use super::verdict::Verdict;
use crate::assess::{Assessment, Can, FactNames, Guest, Key, Presumed, Seen, Trust};
use crate::catalog::keys::KeyRow;
use crate::identity::Identity;
use crate::ids::VmId;
use crate::observe::inventory::{Fleet, VmRow};
use crate::source::{Evidence, Source};

/// A VM as the report shows it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct VmLine<'a> {
    /// What was collected of it.
    pub row: &'a VmRow,
    /// What is to be said of it.
    pub verdict: Verdict,
    /// How far what was seen of its activation can be trusted; `None` where nothing was seen.
    pub trust: Option<Trust>,
    /// Whether it is an evaluation copy; `None` where that is not known, or out of scope.
    pub evaluation: Option<bool>,
    /// Its AVMA key by release and product alone.
    pub avma_key: Option<&'static KeyRow>,
    /// What to do next.
    pub next: Next,
    pub(super) guest: Guest,
    pub(super) assessment: Assessment,
    pub(super) reasons: Vec<Reason>,
}

impl<'a> VmLine<'a> {
    /// Judges a row; `trust` is filled in by whoever knows the other rows.
    pub(super) fn new(row: &'a VmRow, fleet: &'a Fleet, host: Option<&HostLine<'_>>) -> Self {
        let case = Case::of(row, host.map(|line| &line.host));
        let assessment = case.assess();
        let verdict = case.verdict_by(&assessment);
        let avma_key = case.avma_key();
        let mut reasons = case.reasons(&assessment, avma_key);
        let own = reasons.iter().map(Finding::from);
        let of_rulebook = assessment.findings().map(Finding::from);
        let findings: Vec<Finding<'_>> = of_rulebook.chain(own).collect();
        let own_key = host.and_then(HostLine::own_key_remedy);
        let next = case.next(verdict, &assessment, &findings, avma_key, own_key);
        // After all that is judged: no verdict and no step rests on an event.
        events::reasons(row, fleet, &mut reasons);
        Self {
            row,
            verdict,
            trust: None,
            evaluation: case
                .guest
                .evaluation
                .as_bool()
                .filter(|_| !case.is_out_of_scope()),
            avma_key,
            next,
            guest: case.guest,
            assessment,
            reasons,
        }
    }

    /// Takes the flags that need other rows and hosts. A flagged claim is a claim, and a record of an
    /// id that is there twice may be of the other one.
    pub(super) fn flag(&mut self, flags: Vec<Reason>) {
        for flag in &flags {
            self.trust = match (flag.rule.id, self.trust) {
                ("claim-forbidden-host", Some(_)) => Some(Trust::Claimed),
                ("vm-id-twice", Some(Trust::Host)) => Some(Trust::Guest),
                (_, trust) => trust,
            };
        }
        let claim = flags.iter().find(|flag| flag.rule.id.starts_with("claim-"));
        if let (Next::Nothing, Some(claim)) = (&self.next, claim) {
            self.next = Next::Remedy(claim.remedy.clone());
        }
        self.reasons.extend(flags);
    }

    /// The VM's name on its host; without a host the guest's name.
    pub fn name(&self) -> Option<&'a str> {
        self.row.name()
    }

    /// The VM's id.
    pub fn id(&self) -> Option<VmId> {
        self.row.id()
    }

    /// What it is, with the conflicts of its clues. Read out of the row anew, since it is larger than
    /// all the rest of a line.
    pub fn identity(&self) -> Identity {
        self.row.identity()
    }

    /// Can the host activate the guest?
    pub fn can(&self) -> Can {
        self.assessment.can()
    }

    /// The same presuming the usual value of facts that are rarely otherwise; the verdict goes by it.
    pub fn presumed(&self) -> Presumed {
        self.assessment.presumed()
    }

    /// What the installed key is for the guest.
    pub fn key(&self) -> Key {
        self.assessment.key()
    }

    /// What was seen of the activation.
    pub fn seen(&self) -> Seen {
        self.assessment.seen()
    }

    /// The facts that are not known and could change whether it can be activated.
    pub fn missing(&self) -> Option<FactNames> {
        self.assessment.missing()
    }

    /// Every reason: the rulebook's findings, then the audit's own. The first certain one leads.
    pub fn findings(&self) -> impl Iterator<Item = Finding<'_>> {
        let of_rulebook = self.assessment.findings().map(Finding::from);
        of_rulebook.chain(self.reasons.iter().map(Finding::from))
    }

    /// What the answers rest on that is not Microsoft's own text: of certain findings, of a yes, and
    /// of the key.
    pub fn weak_sources(&self) -> impl Iterator<Item = Source> {
        self.findings()
            .filter(|finding| finding.certain)
            .map(|finding| finding.source)
            .filter(|source| is_weak(source) && *source != THIS_INVENTORY)
            .chain(self.weak_yes())
    }

    /// Those of a yes and of the key alone.
    pub fn weak_yes(&self) -> impl Iterator<Item = Source> {
        let eligible = self.presumed().can() == Can::Eligible;
        let basis = self.assessment.basis().filter(|_| eligible);
        let yes = basis.map(|cell| cell.source);
        let key = self.avma_key.map(|row| row.source);
        yes.into_iter().chain(key).filter(is_weak)
    }
}

fn is_weak(source: &Source) -> bool {
    source.evidence != Evidence::Published
}
