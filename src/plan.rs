//! From facts and an observation to the ordered steps that get a guest activated by AVMA, or keep it
//! so.
//!
//! [`plan`] decides; nothing here carries anything out. The steps are values ([`Step`]); the renderers
//! write them as a [`Slmgr`] batch, a [`PowerShell`] script without VBScript, or [`Dism`] commands, and
//! [`Unattend`] writes the answer file of an image. All of them write comments for what a person must
//! do, and only keys that are published can reach them.
//!
//! A script as a whole is to be read: its phases belong to different machines and moments. To run it,
//! take one [`Phase`] at a time (`only`).
//!
//! ```
//! use avma::assess::{Guest, Host, Observation};
//! use avma::plan::{Action, Circumstances, Goal, Outcome, Phase, plan};
//! use avma::{Installation, Product, Release};
//!
//! let host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
//! let mut guest = Guest::new(Release::Ws2022, Product::Standard).ready();
//! guest.evaluation = true.into();
//! let mut circumstances = Circumstances::default();
//! circumstances.installation = Installation::Core.into();
//! circumstances.domain_controller = false.into();
//!
//! let plan = plan(&host, &guest, &Observation::default(), &circumstances);
//! assert_eq!(plan.outcome(), Outcome::Steps);
//! assert!(matches!(plan.steps()[0].action, Action::CheckTargetEdition { .. }));
//! // A Standard Core evaluation can become Datacenter Core only: it gets Datacenter's keys.
//! let script = plan.powershell().only(Phase::Conversion).to_string();
//! assert!(script.contains("/Set-Edition:ServerDatacenterCor /ProductKey:WX4NM-"));
//! let script = plan.powershell().only(Phase::AfterRestart).to_string();
//! assert!(script.contains("ProductKey = 'W3GNR-8DDXR-2TFRP-H8P33-DV9BG'"));
//! ```
//!
//! Sources: Microsoft's AVMA page, its page on conversions between editions, its page on AVMA keys in
//! Azure, the unattend reference, and user reports on evaluation copies.

mod choose;
mod conversion;
mod dism;
mod note;
mod powershell;
mod script;
mod slmgr;
mod steps;
mod unattend;

use crate::assess::{Assessment, Finding, Guest, Host, Observation};
use crate::catalog::products::Installations;
use crate::catalog::releases::Releases;
use crate::fact::YesNo;
use crate::word::words;

pub use conversion::{Conversion, TargetEdition, TargetEditions, conversion};
pub use dism::{Dism, ImagePathError};
pub use note::Note;
pub use powershell::{PowerShell, Vm};
pub use slmgr::Slmgr;
pub use steps::{Action, Phase, Step, Steps};
pub use unattend::{Unattend, UnattendError, WillShowUi};

words! {
    /// What the plan is for.
    pub enum Goal ("goal") {
        /// The guest shall be activated; a licence of another channel is left alone.
        Activated = "activated", "activated by whatever channel";
        /// The guest shall be activated by AVMA, even if another channel has to go.
        Avma = "avma", "activated by AVMA";
    }
}

/// What the plan reads beside host, guest and observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Circumstances {
    /// Full or core, which names the edition that an evaluation converts to.
    pub installation: Installations,
    /// The target editions that `DISM /Online /Get-TargetEditions` lists in the guest; `None` where it
    /// was not asked yet. An empty list means that only a fresh installation is left.
    pub listed: Option<TargetEditions>,
    /// Whether the guest is a domain controller (`ProductType` 2), which cannot convert.
    pub domain_controller: YesNo,
    /// What the plan is for.
    pub goal: Goal,
}

impl Default for Circumstances {
    /// Nothing is known; another channel's licence is left alone.
    fn default() -> Self {
        Self::new(Goal::Activated)
    }
}

impl Circumstances {
    /// A goal; all else unknown.
    pub const fn new(goal: Goal) -> Self {
        Self {
            installation: Installations::unknown(),
            listed: None,
            domain_controller: YesNo::unknown(),
            goal,
        }
    }
}

words! {
    /// What a plan comes to.
    pub enum Outcome ("outcome") {
        /// The steps lead there.
        Steps = "steps", "carry out the steps";
        /// AVMA has activated the guest; nothing to do.
        AlreadyDone = "already-done", "already activated by AVMA";
        /// Another channel has activated the guest, and it is left alone.
        LeftAlone = "left-alone", "activated by another channel and left alone";
        /// AVMA is not possible here; the steps bring the guest back to the KMS client key.
        OtherChannel = "other-channel", "AVMA is not possible here; go back to KMS";
        /// The host does not activate the guest, and no administrator can mend that.
        NotPossible = "not-possible", "AVMA is not possible here";
        /// The guest is an evaluation on a domain controller, which cannot convert.
        CanNotConvert = "can-not-convert",
            "a domain controller cannot convert from an evaluation";
        /// The guest is an evaluation, and DISM lists no edition that it may become.
        InstallAfresh = "install-afresh", "this evaluation needs a fresh installation";
        /// No text tells whether the host activates the guest; no key is installed on a guess.
        NotDocumented = "not-documented", "no text tells whether AVMA works here";
        /// It depends on facts that are not known; the steps find them out, and do nothing else.
        NotEnoughKnown = "not-enough-known", "not enough is known";
    }
}

/// What to do, and what it rests on.
#[derive(Clone, Debug)]
#[must_use = "a plan carries out nothing"]
pub struct Plan {
    outcome: Outcome,
    steps: Steps,
    mended: Assessment,
    release: Releases,
}

/// Plans how the guest gets activated by AVMA on this host, or stays so.
///
/// The host comes first, then the guest; each step occurs once. What an administrator sets, and is
/// not known to be set, becomes a step that is not [certain](Step::certain). What decides whether AVMA
/// is possible, or which key is right, is never guessed: the plan then says what to find out. Where the
/// candidates for the guest's release agree on one AVMA key, that is the key.
///
/// An evaluation is converted first. It may become another edition, see [`conversion()`]; all keys then
/// are those of that edition.
///
/// The licence row also tells whether the guest is an evaluation: an evaluation holds no AVMA key, and
/// the channel names itself. If that contradicts [`Guest::evaluation`], the fact counts as unknown.
///
/// ```
/// use avma::assess::{Guest, Host, Observation};
/// use avma::plan::{Circumstances, Outcome, plan};
/// use avma::{Product, Release};
///
/// let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
/// let old_host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
/// let plan = plan(&old_host, &guest, &Observation::default(), &Circumstances::default());
/// assert_eq!(plan.outcome(), Outcome::NotPossible);
/// assert!(plan.steps().is_empty());
/// assert_eq!(plan.findings().next().unwrap().rule.id, "guest-newer-than-host");
/// ```
pub fn plan(
    host: &Host,
    guest: &Guest,
    observation: &Observation,
    circumstances: &Circumstances,
) -> Plan {
    choose::Case::new(host, guest, observation, circumstances).plan()
}

impl Plan {
    /// What the plan comes to.
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The steps, in order. Empty where there is nothing to do or nothing to be done.
    pub const fn steps(&self) -> &Steps {
        &self.steps
    }

    /// The rules that fire, or may fire, once the steps are done: why it is not possible or not
    /// documented, and what stays open.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.mended.findings()
    }

    /// As a batch of commands for `cmd`, keys by `slmgr.vbs`.
    pub const fn slmgr(&self) -> Slmgr<'_> {
        Slmgr::new(self)
    }

    /// As PowerShell without VBScript.
    pub const fn powershell(&self) -> PowerShell<'_> {
        PowerShell::new(self)
    }

    /// As DISM commands, for the system that runs or for an offline image; all else as comments.
    pub const fn dism(&self) -> Dism<'_> {
        Dism::new(self)
    }

    /// As an answer file, for an image that is like this guest.
    ///
    /// `None` where the plan installs no AVMA key, or must convert an evaluation first: Setup fails on
    /// a key that the image refuses. `None` also where the release is not known to a single one, since
    /// the key that selects the image differs even if the AVMA key does not.
    pub fn unattend(&self) -> Option<Unattend> {
        self.release.release()?;
        let converts = |step: &Step| matches!(step.action, Action::ConvertEdition { .. });
        if self.steps.iter().any(converts) {
            return None;
        }
        self.steps.iter().find_map(|step| match step.action {
            Action::InstallAvmaKey { row } => Some(Unattend::of(row)),
            _ => None,
        })
    }
}
