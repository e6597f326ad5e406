//! What an evaluation copy can become.

use core::fmt;

use crate::catalog::keys::{KeyRow, PublishedKey};
use crate::catalog::products::{Edition, Installation};
use crate::catalog::releases::{AnyRelease, Release, Releases, ServicingChannel};

/// The edition that DISM converts to, by the name that `/Set-Edition` takes.
///
/// Evaluations of the Semi-Annual Channel do not occur here: no host table names those releases.
///
/// Source: [`CONVERSION`](crate::source::CONVERSION) for the command, GetProductInfo's SKU list for the
/// names.
///
/// ```
/// use avma::plan::TargetEdition;
/// use avma::{Edition, Installation};
///
/// let target = TargetEdition::new(Edition::Datacenter, Installation::Core);
/// assert_eq!(target.dism_name(), "ServerDatacenterCor");
/// assert_eq!(TargetEdition::from_dism_name("ServerDatacenterCor"), Some(target));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TargetEdition {
    /// The licensed edition.
    pub edition: Edition,
    /// Full or core: a conversion does not change it.
    pub installation: Installation,
}

impl TargetEdition {
    /// The licensed edition of an installation.
    pub const fn new(edition: Edition, installation: Installation) -> Self {
        Self {
            edition,
            installation,
        }
    }

    /// The name that DISM uses. Essentials exists as a full installation only.
    pub const fn dism_name(self) -> &'static str {
        match (self.edition, self.installation) {
            (Edition::Datacenter, Installation::Full) => "ServerDatacenter",
            (Edition::Datacenter, Installation::Core) => "ServerDatacenterCor",
            (Edition::DatacenterAzureEdition, Installation::Full) => "ServerTurbine",
            (Edition::DatacenterAzureEdition, Installation::Core) => "ServerTurbineCor",
            (Edition::Standard, Installation::Full) => "ServerStandard",
            (Edition::Standard, Installation::Core) => "ServerStandardCor",
            (Edition::Essentials, _) => "ServerSolution",
        }
    }

    /// From a name that `/Get-TargetEditions` lists, in any case of letters; `None` for any other
    /// name, those of evaluations included.
    pub fn from_dism_name(name: &str) -> Option<Self> {
        Self::all().find(|target| target.dism_name().eq_ignore_ascii_case(name))
    }

    /// The command that converts an evaluation to this edition with the edition's KMS client key.
    ///
    /// Without `/NoRestart` DISM asks whether to restart, and a script waits there
    /// ([`SET_EDITION_ASKS`](crate::source::SET_EDITION_ASKS)). `cmd` and PowerShell read the line
    /// alike.
    pub fn set_edition(self, gvlk: &KeyRow) -> impl fmt::Display + use<> {
        SetEdition(self, gvlk.key)
    }

    fn all() -> impl Iterator<Item = Self> {
        let of = |edition: &Edition| {
            let edition = *edition;
            let each = Installation::ALL.iter();
            each.map(move |installation| Self::new(edition, *installation))
        };
        Edition::ALL.iter().flat_map(of)
    }

    const fn bit(self) -> u8 {
        1 << (2 * self.edition as u8 + self.installation as u8)
    }
}

struct SetEdition(TargetEdition, PublishedKey);

impl fmt::Display for SetEdition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(target, key) = self;
        write!(
            f,
            "DISM /Online /Set-Edition:{} /ProductKey:{key} /AcceptEula /NoRestart",
            target.dism_name()
        )
    }
}

/// The target editions that DISM lists for an installation; perhaps none.
///
/// ```
/// use avma::plan::{TargetEdition, TargetEditions};
///
/// // The last words of the lines "Target Edition : …".
/// let names = ["ServerStandard", "ServerDatacenter"];
/// let listed: TargetEditions = names.into_iter().filter_map(TargetEdition::from_dism_name).collect();
/// assert!(listed.contains(TargetEdition::from_dism_name("ServerStandard").unwrap()));
/// assert_ne!(listed, TargetEditions::NONE);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TargetEditions(u8);

impl TargetEditions {
    /// DISM lists nothing: "The current edition cannot be upgraded to any target editions."
    pub const NONE: Self = Self(0);

    /// Whether DISM lists it.
    pub const fn contains(self, target: TargetEdition) -> bool {
        self.0 & target.bit() != 0
    }

    /// Whether DISM lists nothing.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, by edition.
    pub fn iter(self) -> impl Iterator<Item = TargetEdition> {
        TargetEdition::all().filter(move |target| self.contains(*target))
    }

    /// Full or core, where all that is listed agrees: a conversion does not change it.
    pub(crate) fn installation(self) -> Option<Installation> {
        let mut each = self.iter().map(|target| target.installation);
        let first = each.next()?;
        each.all(|other| other == first).then_some(first)
    }
}

impl FromIterator<TargetEdition> for TargetEditions {
    fn from_iter<I: IntoIterator<Item = TargetEdition>>(targets: I) -> Self {
        let bits = targets.into_iter().map(TargetEdition::bit);
        Self(bits.fold(0, |all, bit| all | bit))
    }
}

impl fmt::Debug for TargetEditions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.iter().map(TargetEdition::dism_name);
        f.debug_set().entries(names).finish()
    }
}

/// What an evaluation copy can become: see [`conversion`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Conversion {
    /// This edition, with the KMS client key of *this* edition. It may be another edition than the
    /// evaluation's.
    To(TargetEdition),
    /// DISM lists no edition that it may become: only a fresh installation is left.
    InstallAfresh,
    /// No text names the target, or the releases that it may be do not agree on one. Find out the
    /// release and what DISM lists.
    Open,
    /// No text names a conversion of such an evaluation by DISM: of Essentials, of Azure Edition, or of
    /// a release outside the Long-Term Servicing Channel.
    NotDocumented,
}

/// What an evaluation of this release, edition and installation can become, by Microsoft's rule and by
/// the list of DISM.
///
/// A full installation stays full, and core stays core. Datacenter becomes Datacenter only. Standard
/// stays Standard or becomes Datacenter; but since 2016 Standard Core becomes Datacenter Core only. For
/// Standard Core of 2012 and 2012 R2 no text names the target, so DISM's list decides.
///
/// `listed` is what `DISM /Online /Get-TargetEditions` lists in this guest; `None` where it was not
/// asked yet. The answer then is what to look for in the list, and not what DISM will list: on some
/// Core media of 2016 it lists nothing.
///
/// ```
/// use avma::plan::{Conversion, TargetEdition, TargetEditions, conversion};
/// use avma::{Edition, Installation, Release};
///
/// let core = |listed| conversion(Release::Ws2022, Edition::Standard, Installation::Core, listed);
/// let datacenter_core = TargetEdition::new(Edition::Datacenter, Installation::Core);
/// assert_eq!(core(None), Conversion::To(datacenter_core));
/// assert_eq!(core(Some(TargetEditions::NONE)), Conversion::InstallAfresh);
/// ```
///
/// Source: [`CONVERSION`](crate::source::CONVERSION), and for what DISM lists
/// [`CORE_EVALUATION_REPORTS`](crate::source::CORE_EVALUATION_REPORTS).
pub fn conversion(
    releases: impl Into<Releases>,
    edition: Edition,
    installation: Installation,
    listed: Option<TargetEditions>,
) -> Conversion {
    let of = |release: AnyRelease| match release.release() {
        Some(release) => of_release(release, edition, installation, listed),
        None => Conversion::Open,
    };
    let mut each = releases.into().iter().map(of);
    let first = each.next().unwrap_or(Conversion::Open);
    if each.all(|other| other == first) {
        first
    } else {
        Conversion::Open
    }
}

fn of_release(
    release: Release,
    edition: Edition,
    installation: Installation,
    listed: Option<TargetEditions>,
) -> Conversion {
    // Evaluations are editions of the Long-Term Servicing Channel.
    if release.servicing_channel() != ServicingChannel::LongTerm {
        return Conversion::NotDocumented;
    }
    // The reports are of 2016 and later, all of which are of version 10.0.
    let since_2016 = release.os_version() >= (10, 0);
    let (standard, datacenter) = (Edition::Standard, Edition::Datacenter);
    // What it may become, the first choice first; and whether a text names that choice.
    let (targets, named): (&[Edition], bool) = match (edition, installation) {
        (Edition::Standard, Installation::Core) if since_2016 => (&[datacenter], true),
        (Edition::Standard, Installation::Core) => (&[standard, datacenter], false),
        (Edition::Standard, Installation::Full) => (&[standard, datacenter], true),
        (Edition::Datacenter, _) => (&[datacenter], true),
        // Azure Edition is reached by upgrade only; Essentials gets its own key, without DISM.
        (Edition::DatacenterAzureEdition | Edition::Essentials, _) => {
            return Conversion::NotDocumented;
        }
    };
    let mut targets = targets
        .iter()
        .map(|edition| TargetEdition::new(*edition, installation));
    match listed {
        None if !named => Conversion::Open,
        None => targets.next().map_or(Conversion::Open, Conversion::To),
        Some(listed) => targets
            .find(|target| listed.contains(*target))
            .map_or(Conversion::InstallAfresh, Conversion::To),
    }
}
