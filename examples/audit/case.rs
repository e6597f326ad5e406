//! One VM on its host: the verdict, the audit's own reasons, the next step.

use avma::assess::{Assessment, Can, Effect, FactName, Guest, Host, Key, MendedBy, Seen};
use avma::catalog::keys::KeyRow;
use avma::identity::Identity;
use avma::observe::activation::IMPLAUSIBLE_MINUTES;
use avma::observe::code::{OperationalStatus, VmState};
use avma::observe::inventory::VmRow;
use avma::source::{AVMA_ARTICLE, NO_STATEMENT, SLERROR};
use avma::{HResult, Product, Products};

use crate::judge::{Reason, THIS_INVENTORY};
use crate::verdict::Verdict;

/// What a verdict is drawn from.
pub struct Case<'a> {
    pub row: &'a VmRow,
    pub host: &'a Host,
    pub guest: &'a Guest,
    pub assessment: &'a Assessment,
    /// Whether an event 12310 names the VM.
    pub has_host_event: bool,
}

/// What the guest itself, or its key-value items, would tell; all else is its host's to say.
const GUEST_FACTS: [FactName; 4] = [
    FactName::GuestRelease,
    FactName::GuestProduct,
    FactName::GuestEvaluation,
    FactName::GuestService,
];

/// Facts that no export gives, with the name that `--set` has for them.
const SETTABLE: [(FactName, &str); 6] = [
    (FactName::PayAsYouGo, "PayAsYouGo=yes|no"),
    (
        FactName::AzureLocalLicense,
        "KeyRelease=RELEASE or Subscription=yes|no",
    ),
    (FactName::SoftwareAssurance, "SoftwareAssurance=yes|no"),
    (FactName::Synced, "Synced=yes|no"),
    (FactName::AzureVerification, "AzureVerification=yes|no"),
    (FactName::BiosMarker, "BiosMarker=yes|no"),
];

impl Case<'_> {
    fn is_replica(&self) -> bool {
        self.row.vm.as_ref().is_some_and(|vm| vm.is_replica())
    }

    pub fn is_out_of_scope(&self) -> bool {
        let foreign = [Product::NotWindows, Product::Client];
        let foreign = Products::one_of(foreign).unwrap_or_default();
        self.is_replica() || self.guest.product.is_subset(foreign)
    }

    fn state(&self) -> Option<VmState> {
        self.row.vm.as_ref()?.machine.state
    }

    /// An evaluation copy on a domain controller, which can not convert.
    fn is_stuck_evaluation(&self) -> bool {
        let controller = self.row.identity().domain_controller().as_bool() == Some(true);
        controller && self.guest.evaluation.as_bool() == Some(true)
    }

    fn status(&self) -> Option<OperationalStatus> {
        let vm = self.row.vm.as_ref()?;
        vm.data_exchange_status()
            .filter(|_| vm.data_exchange_on() == Some(true))
    }

    fn no_contact(&self) -> bool {
        matches!(
            self.status(),
            Some(OperationalStatus::NO_CONTACT | OperationalStatus::LOST_COMMUNICATION)
        )
    }

    fn misses_guest_facts(&self) -> bool {
        let missing = self.assessment.missing();
        missing.is_some_and(|missing| GUEST_FACTS.iter().any(|fact| missing.contains(*fact)))
    }

    /// The first line that fits.
    pub fn verdict(&self) -> Verdict {
        let (can, key, seen) = (
            self.assessment.can(),
            self.assessment.key(),
            self.assessment.seen(),
        );
        let stopped = matches!(
            self.state(),
            Some(VmState::OFF | VmState::SAVED | VmState::PAUSED)
        );
        let not_activated = matches!(seen, Seen::NotActivated { .. } | Seen::Evaluation);
        if self.is_out_of_scope() {
            return Verdict::OutOfScope;
        }
        match seen {
            Seen::Avma => return Verdict::ActivatedAvma,
            Seen::Other(_) => return Verdict::ActivatedOther,
            _ => {}
        }
        if stopped && !self.row.guest_was_seen() {
            return Verdict::NoData;
        }
        if can == Can::NotEligible {
            if let Some(verdict) = self.forbidden() {
                return verdict;
            }
        }
        if can == Can::NotDocumented {
            return Verdict::NotDocumented;
        }
        if can == Can::Undetermined && self.misses_guest_facts() {
            return Verdict::NoData;
        }
        let reason = seen.reason();
        if reason == Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED) {
            return Verdict::FixHost;
        }
        let waits = match reason {
            None => true,
            Some(code) => WAITS.contains(&code),
        };
        if key == Key::Right && not_activated && waits || self.no_contact() {
            return Verdict::Pending;
        }
        let wrong_key = !matches!(key, Key::Right | Key::Unknown);
        if wrong_key && not_activated {
            return Verdict::FixGuest;
        }
        if can == Can::Eligible {
            return Verdict::Ready;
        }
        Verdict::NoData
    }

    /// By the certain rules that forbid; `None` where they forbid in different cases only.
    fn forbidden(&self) -> Option<Verdict> {
        let mut forbidding = self
            .assessment
            .findings()
            .filter(|finding| finding.certain && finding.rule.effect == Effect::Forbids);
        forbidding.next()?;
        Some(match self.assessment.mended_by() {
            Some(MendedBy::HostAdministrator) => Verdict::FixHost,
            Some(MendedBy::GuestAdministrator) => Verdict::FixGuest,
            _ => Verdict::NotEligible,
        })
    }

    /// The AVMA key by release and product alone; none for an evaluation until it is converted, and
    /// none in Azure.
    pub fn avma_key(&self, identity: &Identity) -> Option<&'static KeyRow> {
        let evaluation = self.guest.evaluation.as_bool() == Some(true);
        if evaluation || *self.host == Host::Azure {
            return None;
        }
        identity.avma_key().row()
    }

    /// The audit's own reasons, beside the rulebook's.
    pub fn own_reasons(&self, avma_key: Option<&'static KeyRow>) -> Vec<Reason> {
        let mut reasons = self.doubtful_claims();
        let (key, seen) = (self.assessment.key(), self.assessment.seen());
        if self.is_replica() {
            reasons.push(Reason::own(
                "replica-copy",
                "a replica copy: it is never started and is no second installation".to_owned(),
                "nothing to do",
                THIS_INVENTORY,
            ));
        }
        let to_activate = matches!(seen, Seen::NotActivated { .. } | Seen::Unknown);
        let wrong = match key {
            Key::Right | Key::Unknown => None,
            Key::None => Some("key-none"),
            Key::Gvlk => Some("key-gvlk"),
            Key::OtherAvma => Some("key-other-avma"),
            Key::OtherGeneric => Some("key-other-generic"),
            _ => Some("key-private"),
        };
        if let (Some(rule), true) = (wrong, to_activate) {
            let remedy = match avma_key {
                Some(row) => format!("install the AVMA key: slmgr /ipk {}", row.key),
                None => "find out release and edition, then install their AVMA key".to_owned(),
            };
            reasons.push(Reason::own(
                rule,
                format!("installed is {key}"),
                &remedy,
                AVMA_ARTICLE,
            ));
        }
        if let Some(code) = seen.reason() {
            let meaning = code.meaning().unwrap_or("a code that is in no table");
            let explained = self.assessment.explain(code).next().is_some();
            let remedy = if explained {
                "see the rules of which it is a symptom"
            } else {
                "no rule here explains it; collect host and guest again at one time"
            };
            let source = if code.meaning().is_some() {
                SLERROR
            } else {
                NO_STATEMENT
            };
            reasons.push(Reason::own(
                "guest-reports",
                format!("the guest reports {code}: {meaning}"),
                remedy,
                source,
            ));
        }
        if self.no_contact() {
            reasons.push(Reason::own(
                "data-exchange-silent",
                "Data Exchange is on, but the guest does not answer, or has only just started"
                    .to_owned(),
                "wait a few minutes; then look at the service vmickvpexchange in the guest",
                THIS_INVENTORY,
            ));
        }
        reasons
    }

    /// Why a guest's word that AVMA activated it is not to be trusted.
    fn doubtful_claims(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let (key, seen) = (self.assessment.key(), self.assessment.seen());
        let look = if self.has_host_event {
            "look at the host's own record (event 12310), and at the guest itself"
        } else {
            "look for the host's own record (event 12310), and at the guest itself"
        };
        if seen == Seen::Avma && !matches!(key, Key::Right | Key::Unknown) {
            reasons.push(Reason::own(
                "claim-with-another-key",
                format!("the guest says that AVMA activated it, and installed is {key}"),
                "look at the guest itself: AVMA activates by the AVMA key of its release and edition",
                AVMA_ARTICLE,
            ));
        }
        let minutes = self.row.observation().minutes_left;
        let implausible = minutes.filter(|left| *left == 0 || *left > IMPLAUSIBLE_MINUTES);
        if let (Seen::Avma, Some(left)) = (seen, implausible) {
            reasons.push(Reason::own(
                "claim-implausible",
                format!("the guest says that AVMA activated it, with {left} minutes left"),
                look,
                THIS_INVENTORY,
            ));
        }
        if seen == Seen::Avma && self.assessment.can() == Can::NotEligible {
            reasons.push(Reason::own(
                "claim-forbidden",
                "the guest says that AVMA activated it, which the rules forbid here".to_owned(),
                look,
                AVMA_ARTICLE,
            ));
        }
        reasons
    }

    /// The next step, as a person reads it.
    pub fn next(
        &self,
        verdict: Verdict,
        findings: &[Reason],
        avma_key: Option<&'static KeyRow>,
    ) -> String {
        let leading = || {
            let certain = findings.iter().find(|finding| finding.certain);
            certain.map_or_else(
                || "nothing to do".to_owned(),
                |finding| finding.remedy.clone(),
            )
        };
        // The remedy of whoever must act first.
        let mender = |mended_by: MendedBy| {
            self.assessment
                .findings()
                .find(|finding| finding.certain && finding.rule.mended_by == mended_by)
                .map(|finding| finding.rule.remedy.to_owned())
        };
        match verdict {
            Verdict::OutOfScope | Verdict::ActivatedOther => "nothing to do for AVMA".to_owned(),
            Verdict::ActivatedAvma => match findings.iter().find(|f| f.rule.starts_with("claim-")) {
                Some(finding) => finding.remedy.clone(),
                None => "nothing to do".to_owned(),
            },
            Verdict::NoData => self.find_out(),
            Verdict::NotEligible | Verdict::NotDocumented => leading(),
            Verdict::FixHost => {
                let mut step = mender(MendedBy::HostAdministrator)
                    .unwrap_or_else(|| "activate the host, then start the VM again".to_owned());
                if !self.row.guest_was_seen() {
                    // Without Data Exchange it may be anything, Linux included.
                    step.push_str(
                        "; then collect the host again: nothing is known of the guest yet",
                    );
                }
                step
            }
            Verdict::FixGuest if self.is_stuck_evaluation() => {
                "demote the domain controller first, it can not convert; then convert the edition, restart, and install the AVMA key".to_owned()
            }
            Verdict::FixGuest => mender(MendedBy::GuestAdministrator)
                .or_else(|| {
                    let key = findings.iter().find(|f| f.rule.starts_with("key-"));
                    key.map(|finding| finding.remedy.clone())
                })
                .unwrap_or_else(leading),
            Verdict::Pending => "wait, or start the VM again; then collect once more".to_owned(),
            Verdict::Ready => match (self.assessment.key(), avma_key) {
                (Key::Right, _) => "start the VM again".to_owned(),
                (_, Some(row)) => {
                    format!(
                        "if it is not activated yet, install the AVMA key: slmgr /ipk {}",
                        row.key
                    )
                }
                _ => "install the AVMA key of its release and edition".to_owned(),
            },
        }
    }

    fn find_out(&self) -> String {
        if self.guest.data_exchange.as_bool() == Some(false) {
            return "enable Data Exchange for the VM, then collect the host again".to_owned();
        }
        if matches!(
            self.state(),
            Some(VmState::OFF | VmState::SAVED | VmState::PAUSED)
        ) {
            return "start the VM, then collect the host again".to_owned();
        }
        if !self.row.guest_was_seen() {
            return "nothing is known of the guest: collect it, or its host while the VM runs"
                .to_owned();
        }
        let Some(fact) = self.assessment.next_fact() else {
            return "collect the guest".to_owned();
        };
        let settable = SETTABLE.iter().find(|(settable, _)| *settable == fact);
        match settable {
            Some((_, set)) => format!("find out {fact}, and give it by --set HOST.{set}"),
            None if GUEST_FACTS.contains(&fact) => {
                format!("find out {fact}: collect the guest, or the host while the VM runs")
            }
            None => format!("find out {fact}: collect the host"),
        }
    }
}

/// Reasons that pass by themselves: throttled, not bound yet, expired.
const WAITS: [HResult; 4] = [
    HResult::IA_THROTTLE_LIMIT_EXCEEDED,
    HResult::IA_MACHINE_NOT_BOUND,
    HResult::VALIDITY_PERIOD_EXPIRED,
    HResult::GRACE_TIME_EXPIRED,
];
