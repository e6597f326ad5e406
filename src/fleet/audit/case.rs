//! One VM on its host, as facts: the verdict and the audit's own reasons.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use super::rules::{self, Reason};
use super::verdict::Verdict;
use crate::assess::{
    Assessment, Can, Effect, FactName, Guest, Host, Key, MendedBy, Observation, RULES, Seen, assess,
};
use crate::catalog::codes::{Code, UNLISTED};
use crate::catalog::keys::KeyRow;
use crate::catalog::products::{Product, Products};
use crate::hresult::HResult;
use crate::identity::{Axis, Identity};
use crate::observe::activation::IMPLAUSIBLE_MINUTES;
use crate::observe::code::{OperationalStatus, VmState};
use crate::observe::inventory::VmRow;
use crate::source::AZURE_VM;

/// What the guest itself, or its key-value items, would tell; all else is its host's to say.
pub(super) const GUEST_FACTS: [FactName; 4] = [
    FactName::GuestRelease,
    FactName::GuestProduct,
    FactName::GuestEvaluation,
    FactName::GuestService,
];

/// Reasons that pass by themselves: throttled, not bound yet, expired.
const WAITS: [HResult; 4] = [
    HResult::IA_THROTTLE_LIMIT_EXCEEDED,
    HResult::IA_MACHINE_NOT_BOUND,
    HResult::VALIDITY_PERIOD_EXPIRED,
    HResult::GRACE_TIME_EXPIRED,
];

/// What a verdict is drawn from.
///
/// ```
/// use avma::assess::{Guest, Host};
/// use avma::fleet::audit::{Case, Verdict};
/// use avma::{Product, Release};
///
/// let mut case = Case::default();
/// assert_eq!(case.verdict(), Verdict::NoData);
/// case.host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
/// case.guest = Guest::new(Release::Ws2022, Product::Standard).ready();
/// assert_eq!(case.verdict(), Verdict::NotEligible);
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
#[expect(
    clippy::struct_excessive_bools,
    reason = "facts that do not depend on one another"
)]
pub struct Case {
    /// The host.
    pub host: Host,
    /// The guest.
    pub guest: Guest,
    /// What was seen of its licence.
    pub observation: Observation,
    /// What the guest is, with the conflicts of its clues.
    pub identity: Identity,
    /// Whether licence and system disagree on whether it is an evaluation copy.
    pub license_contradicts: bool,
    /// The VM's state.
    pub state: Option<VmState>,
    /// Whether it is a replica copy.
    pub is_replica: bool,
    /// The status of Data Exchange, where that is on.
    pub data_exchange_status: Option<OperationalStatus>,
    /// Whether anything was seen of the guest's system.
    pub guest_was_seen: bool,
    /// Whether an event 12310 names the VM.
    pub has_host_event: bool,
}

impl Default for Case {
    /// Nothing is known.
    fn default() -> Self {
        Self {
            host: Host::Unknown,
            guest: Guest::unknown(),
            observation: Observation::default(),
            identity: Identity::UNKNOWN,
            license_contradicts: false,
            state: None,
            is_replica: false,
            data_exchange_status: None,
            guest_was_seen: false,
            has_host_event: false,
        }
    }
}

impl Case {
    /// A joined row. The host is what the caller knows of the row's host; of a row without one it is
    /// what the guest shows of it.
    pub fn of(row: &VmRow, host: Option<&Host>) -> Self {
        let vm = row.vm.as_ref();
        let platform = || {
            let guest = row.guest.as_ref();
            guest.map_or(Host::Unknown, |guest| guest.platform())
        };
        Self {
            host: host.copied().unwrap_or_else(platform),
            guest: row.facts(),
            observation: row.observation(),
            identity: row.identity(),
            license_contradicts: row.license_contradicts_identity(),
            state: vm.and_then(|vm| vm.machine.state),
            is_replica: vm.is_some_and(|vm| vm.is_replica()),
            data_exchange_status: vm
                .filter(|vm| vm.data_exchange_on() == Some(true))
                .and_then(|vm| vm.data_exchange_status()),
            guest_was_seen: row.guest_was_seen(),
            has_host_event: !row.host_events.is_empty(),
        }
    }

    /// The rulebook's answers.
    pub fn assess(&self) -> Assessment {
        assess(&self.host, &self.guest, &self.observation)
    }

    /// Not Windows, client Windows, or a replica copy.
    pub fn is_out_of_scope(&self) -> bool {
        let foreign = [Product::NotWindows, Product::Client];
        let foreign = Products::one_of(foreign).unwrap_or_default();
        self.is_replica || self.guest.product.is_subset(foreign)
    }

    /// Off, saved or paused: the guest cannot have said anything since.
    pub(super) fn is_stopped(&self) -> bool {
        matches!(
            self.state,
            Some(VmState::OFF | VmState::SAVED | VmState::PAUSED)
        )
    }

    /// An evaluation copy on a domain controller, which cannot convert.
    pub(super) fn is_stuck_evaluation(&self) -> bool {
        let controller = self.identity.domain_controller().as_bool() == Some(true);
        controller && self.guest.evaluation.as_bool() == Some(true)
    }

    /// The error that the guest gives. Of slmgr's text in another language the code is known and the
    /// licence status is not; slmgr writes a reason for a licence in notification only.
    fn reason(&self, assessment: &Assessment) -> Option<HResult> {
        let observed = &self.observation;
        let code = observed.reason.filter(|code| !code.is_success());
        let of_unknown_status = code.filter(|_| observed.status.is_none());
        assessment.seen().reason().or(of_unknown_status)
    }

    fn no_contact(&self) -> bool {
        matches!(
            self.data_exchange_status,
            Some(OperationalStatus::NO_CONTACT | OperationalStatus::LOST_COMMUNICATION)
        )
    }

    /// What is to be said of the VM: the first line that fits of
    ///
    /// | verdict | when |
    /// |---|---|
    /// | out of scope | not Windows, client Windows, or a replica copy |
    /// | activated by AVMA, by another channel | as it was seen |
    /// | no data | off, saved or paused, and nothing known of the guest |
    /// | not eligible | a certain rule forbids that neither administrator can mend |
    /// | fix the host, the guest | all certain rules that forbid can be mended: who must act first |
    /// | not documented | no text tells |
    /// | no data | undetermined for want of facts about the guest, presumptions applied |
    /// | fix the host | the guest reports that the host is not activated |
    /// | pending | the right key and a reason that passes, or none; or no contact yet |
    /// | fix the guest | another key, or none, and not activated |
    /// | ready | eligible |
    /// | no data | all else |
    pub fn verdict(&self) -> Verdict {
        self.verdict_by(&self.assess())
    }

    pub(super) fn verdict_by(&self, assessment: &Assessment) -> Verdict {
        let (can, key, seen) = (presumed(assessment), assessment.key(), assessment.seen());
        let reason = self.reason(assessment);
        // A guest that gives an error is not activated, though its licence status be unknown.
        let not_activated =
            matches!(seen, Seen::NotActivated { .. } | Seen::Evaluation) || reason.is_some();
        if self.is_out_of_scope() {
            return Verdict::OutOfScope;
        }
        match seen {
            Seen::Avma => return Verdict::ActivatedAvma,
            Seen::Other(_) => return Verdict::ActivatedOther,
            _ => {}
        }
        if self.is_stopped() && !self.guest_was_seen {
            return Verdict::NoData;
        }
        if can == Can::NotEligible {
            if let Some(verdict) = forbidden(assessment) {
                return verdict;
            }
        }
        if can == Can::NotDocumented {
            return Verdict::NotDocumented;
        }
        if can == Can::Undetermined && misses_guest_facts(assessment) {
            return Verdict::NoData;
        }
        if reason == Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED) {
            return Verdict::FixHost;
        }
        let waits = reason.is_none_or(|code| WAITS.contains(&code));
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

    /// The AVMA key by release and product alone, whatever the host says; none for an evaluation copy
    /// until it is converted, and none in Azure.
    pub fn avma_key(&self) -> Option<&'static KeyRow> {
        let evaluation = self.guest.evaluation.as_bool() == Some(true);
        if evaluation || self.host == Host::Azure {
            return None;
        }
        self.identity.avma_key().row()
    }

    /// The audit's own reasons that these facts give, in the order of its rules.
    pub(super) fn reasons(
        &self,
        assessment: &Assessment,
        avma_key: Option<&'static KeyRow>,
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        self.doubtful_claims(assessment, &mut reasons);
        if self.is_replica {
            reasons.push(Reason::from(&rules::REPLICA_COPY));
        }
        let advice = key_advice(assessment, avma_key);
        reasons.extend(self.wrong_key(assessment, advice.clone()));
        let code = self.reason(assessment);
        reasons.extend(code.map(|code| reported(code, assessment, advice)));
        if self.no_contact() {
            reasons.push(Reason::from(&rules::DATA_EXCHANGE_SILENT));
        }
        if !self.is_out_of_scope() {
            reasons.extend(presumptions(assessment));
        }
        conflicts(&self.identity, self.license_contradicts, &mut reasons);
        reasons
    }

    /// A key that AVMA does not go by, in a guest that is not activated.
    fn wrong_key(&self, assessment: &Assessment, advice: Cow<'static, str>) -> Option<Reason> {
        if !matches!(assessment.seen(), Seen::NotActivated { .. } | Seen::Unknown) {
            return None;
        }
        let rule = match assessment.key() {
            Key::Right | Key::Unknown => return None,
            // AVMA does not work there, so this is the key to have.
            Key::Gvlk if self.host == Host::Azure => {
                let reason = Reason::from(&rules::KEY_GVLK).resting_on(AZURE_VM);
                return Some(reason.remedied(AZURE_KMS));
            }
            Key::None => &rules::KEY_NONE,
            Key::Gvlk => &rules::KEY_GVLK,
            Key::OtherAvma => &rules::KEY_OTHER_AVMA,
            Key::OtherGeneric => &rules::KEY_OTHER_GENERIC,
            Key::Unlisted => &rules::KEY_UNLISTED,
        };
        Some(Reason::from(rule).remedied(advice))
    }

    /// Why a guest's word that AVMA activated it is not to be trusted.
    fn doubtful_claims(&self, assessment: &Assessment, reasons: &mut Vec<Reason>) {
        if assessment.seen() != Seen::Avma {
            return;
        }
        let look = |reason: Reason| {
            if self.has_host_event {
                reason.remedied(
                    "look at the host's own record (event 12310), and at the guest itself",
                )
            } else {
                reason
            }
        };
        let key = assessment.key();
        if !matches!(key, Key::Right | Key::Unknown) {
            let text = format!("the guest says that AVMA activated it, and installed is {key}");
            reasons.push(Reason::says(&rules::CLAIM_WITH_ANOTHER_KEY, text));
        }
        let minutes = self.observation.minutes_left;
        if let Some(left) = minutes.filter(|left| *left == 0 || *left > IMPLAUSIBLE_MINUTES) {
            let text = format!("the guest says that AVMA activated it, with {left} minutes left");
            reasons.push(look(Reason::says(&rules::CLAIM_IMPLAUSIBLE, text)));
        }
        if assessment.can() == Can::NotEligible {
            reasons.push(look(Reason::from(&rules::CLAIM_FORBIDDEN)));
        }
    }
}

/// The answer that the verdict goes by: the exact one, or the one under the presumptions where they
/// settle it.
fn presumed(assessment: &Assessment) -> Can {
    match assessment.can() {
        Can::Undetermined => assessment.presumed().can(),
        settled => settled,
    }
}

/// What to do about a KMS client key in Azure.
const AZURE_KMS: &str = "leave it in: in Azure the KMS client key is the right one; if it does not activate, \
     slmgr /skms azkms.core.windows.net:1688, then slmgr /ato";

/// What the verdict presumes, as open findings.
fn presumptions(assessment: &Assessment) -> impl Iterator<Item = Reason> {
    let seen = matches!(assessment.seen(), Seen::Avma | Seen::Other(_));
    let rests = !seen && assessment.can() == Can::Undetermined;
    let presumed = assessment.presumed();
    presumed
        .presumptions()
        .filter(move |_| rests && presumed.can() != Can::Undetermined)
        .map(move |row| {
            let can = presumed.can();
            let text = format!("{can}, if {}; presumed, since {}", row.text, row.reason);
            Reason::says(&rules::PRESUMED, text)
        })
}

fn misses_guest_facts(assessment: &Assessment) -> bool {
    let missing = assessment.missing();
    missing.is_some_and(|missing| GUEST_FACTS.iter().any(|fact| missing.contains(*fact)))
}

/// By the certain rules that forbid; `None` where they forbid in different cases only.
fn forbidden(assessment: &Assessment) -> Option<Verdict> {
    let mut forbidding = assessment
        .findings()
        .filter(|finding| finding.certain && finding.rule.effect == Effect::Forbids);
    forbidding.next()?;
    Some(match assessment.mended_by() {
        Some(MendedBy::HostAdministrator) => Verdict::FixHost,
        Some(MendedBy::GuestAdministrator) => Verdict::FixGuest,
        _ => Verdict::NotEligible,
    })
}

/// What to do about a key that AVMA does not go by: the AVMA key, unless a rule forbids AVMA that
/// neither administrator can mend, or no AVMA key is for the guest.
fn key_advice(assessment: &Assessment, avma_key: Option<&'static KeyRow>) -> Cow<'static, str> {
    if forbidden(assessment) == Some(Verdict::NotEligible) {
        return "install no AVMA key: AVMA cannot activate this guest here".into();
    }
    let without_key = assessment
        .findings()
        .find(|finding| finding.certain && NO_AVMA_KEY.contains(&finding.rule.id));
    match (without_key, avma_key) {
        (Some(finding), _) => finding.rule.remedy.into(),
        (None, Some(row)) => format!("install the AVMA key: slmgr /ipk {}", row.key).into(),
        (None, None) => rules::FIND_KEY.into(),
    }
}

/// The rules of the rulebook that say that no AVMA key is for the guest.
const NO_AVMA_KEY: [&str; 2] = ["guest-nano", "guest-key-undocumented"];

/// The error that the guest gives.
fn reported(code: HResult, assessment: &Assessment, advice: Cow<'static, str>) -> Reason {
    let row = code.code();
    let meaning = row.map_or(UNLISTED, |row| row.meaning);
    let mut text = format!("the guest reports {code}: {meaning}");
    // What a code of KMS activation says of the key, unless the key that was seen says otherwise.
    let note = row.and_then(Code::key_note);
    let key_may_be_gvlk = matches!(
        assessment.key(),
        Key::Unknown | Key::Gvlk | Key::OtherGeneric
    );
    if let Some(note) = note {
        let note = if key_may_be_gvlk { note } else { NOT_THIS_KEY };
        text = format!("{text}; {note}");
    }
    let reason = Reason::says(&rules::GUEST_REPORTS, text).resting_on(code.source());
    if assessment.explain(code).next().is_some() {
        return reason;
    }
    let is_symptom = RULES.iter().any(|rule| rule.symptoms.contains(&code));
    let wants_avma_key = note.is_some() && key_may_be_gvlk && assessment.can() != Can::NotEligible;
    match row.and_then(|row| row.remedy) {
        _ if wants_avma_key => reason.remedied(advice),
        Some(remedy) if !is_symptom => reason.remedied(remedy.text),
        _ => reason.remedied("no rule here explains it; collect host and guest again at one time"),
    }
}

/// A code of KMS activation beside a key that does not go with KMS.
const NOT_THIS_KEY: &str = "this is a code of KMS activation, and the installed key is no KMS client key: the code may be \
     older than the key";

/// What the clues contradict each other on: shown, never chosen from.
pub(super) fn conflicts(identity: &Identity, of_license: bool, reasons: &mut Vec<Reason>) {
    let mut shown = false;
    for conflict in identity.conflicts() {
        shown |= conflict.about == Axis::Evaluation;
        reasons.push(Reason::says(
            &rules::CLUES_IN_CONFLICT,
            format!("{conflict}"),
        ));
    }
    if of_license && !shown {
        reasons.push(Reason::from(&rules::LICENSE_CONTRADICTS_SYSTEM));
    }
}
