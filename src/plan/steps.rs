//! The steps of a plan as values, and the list that holds them without allocation.

use core::fmt;

use crate::assess::{FactName, FactNames, MendedBy, Rule, rule};
use crate::catalog::keys::KeyRow;
use crate::catalog::products::Edition;
use crate::hresult::HResult;
use crate::plan::conversion::TargetEdition;
use crate::plan::note::{self, Note};
use crate::source::{
    AVMA_ARTICLE, AZURE_VM, CONVERSION, DATA_EXCHANGE, EVALUATION_REPORTS, NO_STATEMENT, Source,
};
use crate::word::words;

words! {
    /// Where and when a step is carried out. The steps of one phase can run in one go.
    pub enum Phase ("phase") {
        /// On the host, before anything in the guest.
        Host = "host", "on the host";
        /// In the guest.
        Guest = "guest", "in the guest";
        /// In the guest, the conversion of an evaluation: only if DISM's list, which the phase before
        /// shows, holds the target.
        Conversion = "conversion", "in the guest, only if DISM lists the target edition";
        /// In the guest, after the restart that ends the phase before.
        AfterRestart = "after-restart", "in the guest, after the restart";
    }
}

/// What is to be done. `Display` says it as one sentence, in ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// What the host's administrator does about a rule of the host's family: activate the host,
    /// install the Hyper-V role, let it sync with Azure …
    MendHost {
        /// The rule, which has the step.
        rule: &'static Rule,
    },
    /// The guest blames the host although no fact does: look at the host again.
    CheckHost {
        /// What the guest shows.
        code: HResult,
    },
    /// Enable the Data Exchange integration service for the VM.
    EnableDataExchange,
    /// Start the guest's own Data Exchange service, `vmickvpexchange`.
    StartGuestService,
    /// See whether DISM lists the edition that the evaluation is to become. If it does not, go no
    /// further: only a fresh installation is left.
    CheckTargetEdition {
        /// The edition of the evaluation.
        from: Edition,
        /// The edition to look for.
        target: TargetEdition,
    },
    /// Convert an evaluation to a licensed edition. Always with the GVLK of the target: an AVMA key is
    /// refused by some copies of DISM and Setup.
    ConvertEdition {
        /// The edition of the evaluation; a guest that becomes another one takes that one's keys.
        from: Edition,
        /// The edition to convert to.
        target: TargetEdition,
        /// The KMS client key of that edition.
        gvlk: &'static KeyRow,
    },
    /// Restart the guest.
    Restart,
    /// The host is throttled: wait before the guest asks again. No text gives the time.
    Wait {
        /// What the guest shows.
        code: HResult,
    },
    /// Install the AVMA key in the guest, which also makes it ask for activation.
    InstallAvmaKey {
        /// The published key.
        row: &'static KeyRow,
    },
    /// In Azure: go back to the KMS client key and Azure's KMS.
    ReplaceByGvlk {
        /// The published key.
        row: &'static KeyRow,
    },
    /// After an AVMA key was replaced: list the items under the `Guest` key of the VM's registry, for
    /// a person to remove what is stale.
    ///
    /// The article asks for the removal and names no item, so nothing is deleted by a command, and
    /// the keys `Parameters`, `Auto` and `External` are never touched.
    ListKvpItems,
    /// Find out facts, then plan again.
    FindOut {
        /// The one that settles most.
        first: FactName,
        /// All that are open and matter, the first one included.
        missing: FactNames,
    },
    /// DISM lists no edition that the evaluation may become: install the licensed edition afresh.
    InstallAfresh,
    /// Find out whether the guest is a domain controller, which cannot convert.
    CheckDomainController,
    /// Find out which editions DISM offers, which tells a core installation from a full one.
    ListTargetEditions,
    /// Move the domain controller's duties elsewhere and demote it, so that it can convert.
    DemoteDomainController,
    /// Read the guest's licence row: to see where it stands, or whether the steps did it.
    ReadLicense,
}

impl Action {
    /// Who carries it out: the administrator of the host or of the guest.
    pub fn by(self) -> MendedBy {
        match self {
            Self::FindOut { first, .. } => match first {
                FactName::GuestRelease
                | FactName::GuestProduct
                | FactName::GuestEvaluation
                | FactName::GuestService => MendedBy::GuestAdministrator,
                _ => MendedBy::HostAdministrator,
            },
            _ if self.is_on_host() => MendedBy::HostAdministrator,
            _ => MendedBy::GuestAdministrator,
        }
    }

    /// The rule of the rulebook that asks for it, if one does.
    pub fn rule(self) -> Option<&'static Rule> {
        rule(match self {
            Self::MendHost { rule } => return Some(rule),
            Self::EnableDataExchange => "data-exchange-off",
            Self::StartGuestService => "guest-service-stopped",
            Self::CheckTargetEdition { .. }
            | Self::ConvertEdition { .. }
            | Self::Restart
            | Self::InstallAfresh => "guest-evaluation",
            Self::ReplaceByGvlk { .. } => "host-azure",
            _ => return None,
        })
    }

    /// The text that the step rests on.
    pub fn source(self) -> Source {
        match self {
            Self::InstallAvmaKey { row } => row.source,
            Self::ConvertEdition { .. } => EVALUATION_REPORTS,
            Self::ReplaceByGvlk { .. } => AZURE_VM,
            Self::ListKvpItems | Self::ReadLicense => AVMA_ARTICLE,
            Self::Wait { code } | Self::CheckHost { code } => code.source(),
            Self::CheckDomainController
            | Self::ListTargetEditions
            | Self::CheckTargetEdition { .. }
            | Self::InstallAfresh
            | Self::DemoteDomainController
            | Self::Restart => CONVERSION,
            Self::StartGuestService => DATA_EXCHANGE,
            _ => self.rule().map_or(NO_STATEMENT, |rule| rule.source),
        }
    }

    /// What else to know about it, each with its source.
    pub fn notes(self) -> impl Iterator<Item = Note> {
        let notes = match self {
            Self::CheckTargetEdition { from, target } => note::of_target_list(from, target),
            Self::ConvertEdition { from, target, .. } => note::of_conversion(from, target),
            Self::InstallAvmaKey { row } => note::of_avma_key(row),
            Self::ReplaceByGvlk { row } => note::of_gvlk(row),
            _ => note::NONE,
        };
        notes.into_iter().flatten()
    }

    fn is_on_host(self) -> bool {
        matches!(
            self,
            Self::MendHost { .. } | Self::CheckHost { .. } | Self::EnableDataExchange
        )
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            // A rule without a step makes no action.
            Self::MendHost { rule } => rule.step.map_or(rule.remedy, |step| step.text),
            Self::EnableDataExchange => "enable the Data Exchange integration service for the VM",
            Self::StartGuestService => "start the service vmickvpexchange",
            Self::Restart => "restart the guest, which ends the conversion",
            Self::ListKvpItems => {
                "look through the KVP items under the Guest key and remove by hand those that belong \
                 to the AVMA key; no item is publicly named; leave Parameters, Auto and External alone"
            }
            Self::CheckDomainController => {
                "find out whether the guest is a domain controller: ProductType of \
                 Win32_OperatingSystem is 2; then plan again"
            }
            Self::ListTargetEditions => {
                "list the target editions that DISM offers, and see whether the installation is core: \
                 DISM's names end in Cor then; then plan again"
            }
            Self::DemoteDomainController => {
                "move the duties of this domain controller to a licensed one and demote it; then \
                 plan again"
            }
            Self::InstallAfresh => {
                "install the licensed edition afresh: DISM lists no edition that this evaluation may \
                 become; a domain controller hands its duties to another one before; then plan again"
            }
            Self::ReadLicense => {
                "read the licence: LicenseStatus is 1 and Description names \
                 VIRTUAL_MACHINE_ACTIVATION once AVMA has activated the guest"
            }
            Self::CheckHost { code } => {
                return write!(
                    f,
                    "look at the host again, since the guest shows {code}{}",
                    Meaning(*code)
                );
            }
            Self::Wait { code } => {
                return write!(
                    f,
                    "wait, since the guest shows {code}{}; no text says how long",
                    Meaning(*code)
                );
            }
            Self::CheckTargetEdition { target, .. } => {
                return write!(
                    f,
                    "see whether DISM lists {} as a target edition; go on only if it does, \
                     otherwise install the licensed edition afresh",
                    target.dism_name()
                );
            }
            Self::ConvertEdition { target, gvlk, .. } => {
                return write!(
                    f,
                    "convert the evaluation to {} with the KMS client key {}; no AVMA key yet",
                    target.dism_name(),
                    gvlk.key
                );
            }
            Self::InstallAvmaKey { row } => {
                return write!(
                    f,
                    "install the AVMA key {} ({} {})",
                    row.key, row.release, row.product
                );
            }
            Self::ReplaceByGvlk { row } => {
                return write!(
                    f,
                    "install the KMS client key {} ({} {}) and activate by Azure's KMS",
                    row.key, row.release, row.product
                );
            }
            Self::FindOut { first, missing } => {
                write!(f, "find out {first}")?;
                for fact in missing.iter().filter(|fact| fact != first) {
                    write!(f, "; {fact}")?;
                }
                return f.write_str("; then plan again");
            }
        })
    }
}

/// `: what the code says`, or nothing.
struct Meaning(HResult);

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .meaning()
            .map_or(Ok(()), |meaning| write!(f, " ({meaning})"))
    }
}

/// An action in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "a step does nothing until somebody carries it out"]
pub struct Step {
    /// What is to be done.
    pub action: Action,
    /// Whether it is known to be needed. Where it is not, it is harmless: it sets what may be set
    /// already.
    pub certain: bool,
    /// Where and when.
    pub phase: Phase,
}

/// The longest list: every mend of a host family, and the whole way of an evaluation.
const MAX: usize = 12;

/// The steps of a plan, in order; a list without allocation that reads as a slice.
#[derive(Clone, Copy)]
pub struct Steps {
    steps: [Step; MAX],
    len: usize,
}

/// An action that may be needed, and whether that is certain.
pub(crate) type Candidate = Option<(Action, bool)>;

impl Steps {
    pub(crate) const NONE: Self = Self {
        steps: [Step {
            action: Action::ReadLicense,
            certain: false,
            phase: Phase::Guest,
        }; MAX],
        len: 0,
    };

    /// The candidates that are needed, in the order that is given. As many places as candidates, so
    /// none is lost.
    pub(crate) fn of<const N: usize>(candidates: [Candidate; N]) -> Self {
        const { assert!(N <= MAX, "more candidates than places") };
        let mut list = Self::NONE;
        let mut in_guest = Phase::Guest;
        for (place, (action, certain)) in list.steps.iter_mut().zip(candidates.iter().flatten()) {
            *place = Step {
                action: *action,
                certain: *certain,
                phase: match action {
                    Action::ConvertEdition { .. } | Action::Restart => Phase::Conversion,
                    _ if action.by() == MendedBy::HostAdministrator => Phase::Host,
                    _ => in_guest,
                },
            };
            if *action == Action::Restart {
                in_guest = Phase::AfterRestart;
            }
            list.len += 1;
        }
        list
    }
}

impl core::ops::Deref for Steps {
    type Target = [Step];

    fn deref(&self) -> &[Step] {
        self.steps.get(..self.len).unwrap_or_default()
    }
}

impl<'a> IntoIterator for &'a Steps {
    type Item = &'a Step;
    type IntoIter = core::slice::Iter<'a, Step>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl PartialEq for Steps {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Steps {}

impl fmt::Debug for Steps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
