//! The next step for a VM.

use alloc::borrow::Cow;
use core::fmt;

use super::case::{Case, GUEST_FACTS};
use super::rules::Finding;
use super::verdict::Verdict;
use crate::assess::{Assessment, FactName, Host, Key, MendedBy};
use crate::catalog::keys::{self, KeyChannel, KeyRow};
use crate::plan::{Conversion, TargetEdition, conversion};

/// What to do next about a VM. `Display` is the step as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Next {
    /// Nothing.
    Nothing,
    /// Nothing that is AVMA's business.
    NothingForAvma,
    /// The remedy of what leads to the verdict.
    Remedy(Cow<'static, str>),
    /// The same, and then collect: without Data Exchange the VM may be anything, Linux included.
    RemedyThenCollect(Cow<'static, str>),
    /// An evaluation copy on a domain controller, which cannot convert.
    DemoteThenConvert,
    /// Convert an evaluation copy, and then install the AVMA key of what it has become.
    Convert {
        /// What it becomes.
        target: TargetEdition,
        /// The KMS client key of that edition.
        gvlk: &'static KeyRow,
        /// The AVMA key of that edition.
        avma: &'static KeyRow,
    },
    /// Wait, or start it again.
    Wait,
    /// Start it again.
    StartAgain,
    /// The right key is in, and whether it is activated was not collected.
    CollectStatus,
    /// Install the AVMA key, which is known where release and edition are.
    InstallKey(Option<&'static KeyRow>),
    /// Switch Data Exchange on, then collect.
    EnableDataExchange,
    /// Start it, then collect.
    Start,
    /// Nothing is known of the guest.
    Collect,
    /// Collect the guest.
    CollectGuest,
    /// Find out a fact.
    FindOut(FactName),
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing to do",
            Self::NothingForAvma => "nothing to do for AVMA",
            Self::Remedy(remedy) => remedy,
            Self::RemedyThenCollect(remedy) => {
                return write!(
                    f,
                    "{remedy}; then collect the host again: nothing is known of the guest yet"
                );
            }
            Self::DemoteThenConvert => {
                "demote the domain controller first, it cannot convert; then convert the edition, \
                 restart, and install the AVMA key"
            }
            Self::Convert { target, gvlk, avma } => {
                return write!(
                    f,
                    "look whether DISM /Online /Get-TargetEditions lists {}; if it does: {}, restart, then \
                     slmgr /ipk {}; if it does not, install afresh",
                    target.dism_name(),
                    target.set_edition(gvlk),
                    avma.key
                );
            }
            Self::Wait => "wait, or start the VM again; then collect once more",
            Self::StartAgain => "start the VM again",
            Self::CollectStatus => {
                "find out the licence status: collect SoftwareLicensingProduct in the guest, or run \
                 slmgr there in English; if it is not activated, start the VM again"
            }
            Self::InstallKey(Some(row)) => {
                let key = row.key;
                return write!(
                    f,
                    "if it is not activated yet, install the AVMA key: slmgr /ipk {key}"
                );
            }
            Self::InstallKey(None) => "install the AVMA key of its release and edition",
            Self::EnableDataExchange => {
                "enable Data Exchange for the VM, then collect the host again"
            }
            Self::Start => "start the VM, then collect the host again",
            Self::Collect => {
                "nothing is known of the guest: collect it, or its host while the VM runs"
            }
            Self::CollectGuest => "collect the guest",
            Self::FindOut(fact) if GUEST_FACTS.contains(fact) => {
                return write!(
                    f,
                    "find out {fact}: collect the guest, or the host while the VM runs"
                );
            }
            Self::FindOut(fact) if is_told_by_nothing(*fact) => {
                return write!(f, "find out {fact}: nothing that is collected tells it");
            }
            Self::FindOut(fact) => return write!(f, "find out {fact}: collect the host"),
        })
    }
}

/// Facts of a host that no export gives: only a [`Setting`](super::Setting) does.
fn is_told_by_nothing(fact: FactName) -> bool {
    matches!(
        fact,
        FactName::PayAsYouGo
            | FactName::AzureLocalLicense
            | FactName::SoftwareAssurance
            | FactName::Synced
            | FactName::AzureVerification
            | FactName::BiosMarker
    )
}

/// The rules of the rulebook whose remedy is to activate the host.
const ACTIVATE_HOST: [&str; 2] = ["host-not-activated", "host-license-undocumented"];

/// A remedy, owned only where it is made for the case.
fn remedy(remedy: &str, assessment: &Assessment) -> Next {
    let of_rulebook = assessment
        .findings()
        .map(|finding| finding.rule.remedy)
        .find(|known| *known == remedy);
    Next::Remedy(match of_rulebook {
        Some(known) => known.into(),
        None => Cow::Owned(remedy.into()),
    })
}

impl Case {
    /// The step that goes with a verdict; `findings` are all of the case. `own_key` is what to do about
    /// an AVMA key in the host: with that key in it the host cannot be activated.
    pub(super) fn next(
        &self,
        verdict: Verdict,
        assessment: &Assessment,
        findings: &[Finding<'_>],
        avma_key: Option<&'static KeyRow>,
        own_key: Option<&str>,
    ) -> Next {
        // Before the host is activated its own key has to be in.
        let own_key_of = |rule: &str| own_key.filter(|_| ACTIVATE_HOST.contains(&rule));
        let leading = || {
            let certain = findings.iter().find(|finding| finding.certain);
            certain.map_or(Next::Nothing, |finding| match own_key_of(finding.rule) {
                Some(step) => Next::Remedy(Cow::Owned(step.into())),
                None => remedy(finding.remedy, assessment),
            })
        };
        let first_of = |prefix: &str| {
            let mut all = findings.iter();
            let found = all.find(|finding| finding.rule.starts_with(prefix));
            found.map(|finding| remedy(finding.remedy, assessment))
        };
        // The remedy of whoever must act first.
        let mender = |mended_by: MendedBy| {
            assessment
                .findings()
                .find(|finding| finding.certain && finding.rule.mended_by == mended_by)
                .map(|finding| finding.rule)
        };
        match verdict {
            Verdict::OutOfScope | Verdict::ActivatedOther => Next::NothingForAvma,
            Verdict::ActivatedAvma => first_of("claim-").unwrap_or(Next::Nothing),
            Verdict::NoData => self.find_out(assessment),
            // There the KMS client key is the right one, and it is in.
            Verdict::NotEligible if self.host == Host::Azure && assessment.key() == Key::Gvlk => {
                first_of("key-").unwrap_or_else(leading)
            }
            Verdict::NotEligible | Verdict::NotDocumented => leading(),
            Verdict::FixHost => {
                let rule = mender(MendedBy::HostAdministrator);
                let own_key = match rule {
                    Some(rule) => own_key_of(rule.id),
                    None => own_key,
                };
                let step = match (own_key, rule) {
                    (Some(step), _) => Cow::Owned(step.into()),
                    (None, Some(rule)) => rule.remedy.into(),
                    (None, None) => "activate the host, then start the VM again".into(),
                };
                if self.guest_was_seen {
                    Next::Remedy(step)
                } else {
                    Next::RemedyThenCollect(step)
                }
            }
            Verdict::FixGuest if self.is_stuck_evaluation() => Next::DemoteThenConvert,
            Verdict::FixGuest => match mender(MendedBy::GuestAdministrator) {
                Some(rule) => self
                    .converted()
                    .unwrap_or_else(|| Next::Remedy(rule.remedy.into())),
                None => first_of("key-").unwrap_or_else(leading),
            },
            Verdict::Pending => Next::Wait,
            Verdict::Ready if assessment.key() == Key::Right => match self.observation.status {
                Some(_) => Next::StartAgain,
                None => Next::CollectStatus,
            },
            Verdict::Ready => Next::InstallKey(avma_key),
        }
    }

    /// How an evaluation copy is converted, where release, edition and installation tell.
    fn converted(&self) -> Option<Next> {
        if self.guest.evaluation.as_bool() != Some(true) {
            return None;
        }
        let edition = self.guest.product.edition()?;
        let installation = self.identity.installation().known_element()?;
        let Conversion::To(target) = conversion(self.guest.release, edition, installation, None)
        else {
            return None;
        };
        let release = self.guest.release.release()?;
        let key = |channel| keys::key(release, target.edition.into(), channel);
        Some(Next::Convert {
            target,
            gvlk: key(KeyChannel::Gvlk)?,
            avma: key(KeyChannel::Avma)?,
        })
    }

    fn find_out(&self, assessment: &Assessment) -> Next {
        if self.guest.data_exchange.as_bool() == Some(false) {
            return Next::EnableDataExchange;
        }
        if self.is_stopped() {
            return Next::Start;
        }
        if !self.guest_was_seen {
            return Next::Collect;
        }
        assessment
            .next_fact()
            .map_or(Next::CollectGuest, Next::FindOut)
    }
}
