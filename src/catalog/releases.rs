//! The releases of Windows Server, a row each: everything that is a fact about one stands in its row
//! of [`Release`]'s table, and readers, orders and look-ups are computed from the rows.
//!
//! What a host activates is no fact of a release: that stands in the tables of the host families
//! ([`catalog::hosts`](crate::catalog::hosts)), and keys in [`catalog::keys`](crate::catalog::keys).
//!
//! Source: Microsoft's release information pages, and the AVMA and KMS client key pages for the
//! names of the Semi-Annual Channel.

use crate::fact::{Fact, Possibility, Sealed};
use crate::word::{UnknownWord, words};

words! {
    /// The servicing channel of a release.
    pub enum ServicingChannel ("servicing channel") {
        /// Long-Term Servicing Channel: the releases that are named by a year.
        LongTerm = "ltsc", "Long-Term Servicing Channel";
        /// Semi-Annual Channel: 1709 to 20H2, Server Core only.
        SemiAnnual = "sac", "Semi-Annual Channel";
        /// Annual Channel: 23H2.
        Annual = "ac", "Annual Channel";
    }
}

/// What is a fact about a release, beside its slug and its names.
#[derive(Clone, Copy)]
struct Row {
    channel: ServicingChannel,
    /// The build numbers that it reports: one, or one a service pack.
    builds: &'static [u32],
    /// Major and minor version.
    version: (u32, u32),
    /// The year in its name, where it is named by one.
    year: Option<u32>,
    /// Whether "R2" stands behind the year.
    r2: bool,
    /// The name of its version: the registry's `ReleaseId` or `DisplayVersion`, `1809` or `21H2`.
    /// Several releases may have one, and clients have the same names.
    version_name: Option<&'static str>,
    /// VMware calls it the release after the one of this year: `windows2019srvNext`.
    next_after: Option<u32>,
    /// `ClusterFunctionalLevel` of a failover cluster of such nodes.
    functional_level: Option<u32>,
    /// AVMA came later: such a system is never host or guest of it.
    before_avma: bool,
}

/// A long-term release of the 10.0 line. `year`, builds and so on are filled in by each row.
const LONG_TERM: Row = Row {
    channel: ServicingChannel::LongTerm,
    builds: &[],
    version: (10, 0),
    year: None,
    r2: false,
    version_name: None,
    next_after: None,
    functional_level: None,
    before_avma: false,
};

/// A release of the Semi-Annual Channel, named by its version.
const fn semi_annual(version_name: &'static str, builds: &'static [u32]) -> Row {
    Row {
        channel: ServicingChannel::SemiAnnual,
        builds,
        version_name: Some(version_name),
        ..LONG_TERM
    }
}

/// `Variant = slug, name, aliases => row;`: the enum by [`words!`], the rows beside it.
macro_rules! releases {
    ($(#[$meta:meta])* { $( $(#[$doc:meta])* $Variant:ident = $slug:tt, $name:tt $(, $alias:tt)* => $row:expr; )+ }) => {
        words! {
            $(#[$meta])*
            pub enum Release ("release") {
                $( $(#[$doc])* $Variant = $slug, $name $(, $alias)*; )+
            }
        }

        impl Release {
            const ROWS: [Row; Self::ALL.len()] = [$($row),+];
        }
    };
}

releases! {
    /// A release of Windows Server, 2008 R2 to 2025, oldest first.
    ///
    /// There is no order on releases. `host >= guest` would compile into a wrong yes for the
    /// Semi-Annual Channel, which no host table names; ask [`catalog::hosts`](crate::catalog::hosts)
    /// instead:
    ///
    /// ```compile_fail
    /// use avma::Release;
    /// assert!(Release::V1909 >= Release::Ws2019);
    /// ```
    {
        /// Windows Server 2008 R2, builds 7600 and 7601. AVMA does not exist for it.
        Ws2008R2 = "2008-r2", "Windows Server 2008 R2", "2008R2" => Row {
            builds: &[7600, 7601],
            version: (6, 1),
            year: Some(2008),
            r2: true,
            before_avma: true,
            ..LONG_TERM
        };
        /// Windows Server 2012, build 9200. AVMA does not exist for it.
        Ws2012 = "2012", "Windows Server 2012" => Row {
            builds: &[9200],
            version: (6, 2),
            year: Some(2012),
            before_avma: true,
            ..LONG_TERM
        };
        /// Windows Server 2012 R2, build 9600: the first release with AVMA.
        Ws2012R2 = "2012-r2", "Windows Server 2012 R2", "2012R2" => Row {
            builds: &[9600],
            version: (6, 3),
            year: Some(2012),
            r2: true,
            functional_level: Some(8),
            ..LONG_TERM
        };
        /// Windows Server 2016, build 14393.
        Ws2016 = "2016", "Windows Server 2016" => Row {
            builds: &[14393],
            year: Some(2016),
            version_name: Some("1607"),
            functional_level: Some(9),
            ..LONG_TERM
        };
        /// Semi-Annual Channel 1709, build 16299.
        V1709 = "1709", "Windows Server, version 1709" => semi_annual("1709", &[16299]);
        /// Semi-Annual Channel 1803, build 17134.
        V1803 = "1803", "Windows Server, version 1803" => semi_annual("1803", &[17134]);
        /// Windows Server 2019, build 17763 (shared with 1809).
        Ws2019 = "2019", "Windows Server 2019" => Row {
            builds: &[17763],
            year: Some(2019),
            version_name: Some("1809"),
            functional_level: Some(10),
            ..LONG_TERM
        };
        /// Semi-Annual Channel 1809, build 17763 (shared with 2019).
        V1809 = "1809", "Windows Server, version 1809" => semi_annual("1809", &[17763]);
        /// Semi-Annual Channel 1903, build 18362.
        V1903 = "1903", "Windows Server, version 1903" => semi_annual("1903", &[18362]);
        /// Semi-Annual Channel 1909, build 18363.
        V1909 = "1909", "Windows Server, version 1909" => semi_annual("1909", &[18363]);
        /// Semi-Annual Channel 2004, build 19041. "2004" is year and month, not a year.
        V2004 = "2004", "Windows Server, version 2004" => semi_annual("2004", &[19041]);
        /// Semi-Annual Channel 20H2, build 19042: the last one.
        V20H2 = "20h2", "Windows Server, version 20H2" => semi_annual("20H2", &[19042]);
        /// Windows Server 2022, build 20348 (shared with Azure Stack HCI 21H2).
        Ws2022 = "2022", "Windows Server 2022" => Row {
            builds: &[20348],
            year: Some(2022),
            version_name: Some("21H2"),
            next_after: Some(2019),
            functional_level: Some(11),
            ..LONG_TERM
        };
        /// Annual Channel 23H2, build 25398 (shared with Azure Local 23H2).
        V23H2 = "23h2", "Windows Server, version 23H2" => Row {
            channel: ServicingChannel::Annual,
            builds: &[25398],
            version_name: Some("23H2"),
            ..LONG_TERM
        };
        /// Windows Server 2025, build 26100 (shared with Windows 11 24H2).
        Ws2025 = "2025", "Windows Server 2025" => Row {
            builds: &[26100],
            year: Some(2025),
            version_name: Some("24H2"),
            next_after: Some(2022),
            functional_level: Some(12),
            ..LONG_TERM
        };
    }
}

// The order of the rows is that of the builds; readers rely on it for "a release and what came after
// it until the next year".
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let rows = Release::ROWS;
    let mut place = 0;
    while place < rows.len() {
        assert!(!rows[place].builds.is_empty(), "a release without a build");
        assert!(
            rows[place].year.is_some() || rows[place].version_name.is_some(),
            "a release that no caption can name"
        );
        assert!(
            place == 0 || rows[place - 1].builds[0] <= rows[place].builds[0],
            "the rows stand in the order of their builds"
        );
        place += 1;
    }
};

impl Release {
    #[expect(
        clippy::indexing_slicing,
        reason = "a row for every variant, as the type of `ROWS` says"
    )]
    const fn row(self) -> &'static Row {
        const ROWS: &[Row] = &Release::ROWS;
        &ROWS[self as usize]
    }

    /// The build numbers, as in `Win32_OperatingSystem.BuildNumber`: one, or one a service pack.
    ///
    /// ```
    /// use avma::Release;
    ///
    /// assert_eq!(Release::Ws2022.builds(), [20348]);
    /// assert_eq!(Release::Ws2008R2.builds(), [7600, 7601]);
    /// ```
    pub const fn builds(self) -> &'static [u32] {
        self.row().builds
    }

    /// The newest of [`builds`](Self::builds): of nearly every release the only one.
    pub const fn build(self) -> u32 {
        match self.row().builds {
            [.., last] => *last,
            [] => 0,
        }
    }

    /// Major and minor version, as `Win32_OperatingSystem.Version` begins: `(10, 0)` since 2016.
    pub const fn os_version(self) -> (u32, u32) {
        self.row().version
    }

    /// The servicing channel.
    pub const fn servicing_channel(self) -> ServicingChannel {
        self.row().channel
    }

    /// The year in the name, and whether "R2" stands behind it; `None` for a release that is named
    /// by its version.
    pub(crate) const fn year(self) -> Option<(u32, bool)> {
        let row = self.row();
        match row.year {
            Some(year) => Some((year, row.r2)),
            None => None,
        }
    }

    /// The name of the version, as the registry's `ReleaseId` or `DisplayVersion` has it: `1809`,
    /// `21H2`. Releases of two channels may share one, and clients have the same names.
    pub const fn version_name(self) -> Option<&'static str> {
        self.row().version_name
    }

    /// The year after which VMware calls the release "next".
    pub(crate) const fn next_after(self) -> Option<u32> {
        self.row().next_after
    }

    /// `ClusterFunctionalLevel` of a failover cluster whose nodes all have this release and whose
    /// level was updated; `None` where no text gives one.
    pub const fn cluster_functional_level(self) -> Option<u32> {
        self.row().functional_level
    }

    /// Whether AVMA came later than the release, so that such a system is never its host or guest.
    ///
    /// Source: [`AVMA_POSTS`](crate::source::AVMA_POSTS).
    pub const fn is_before_avma(self) -> bool {
        self.row().before_avma
    }
}

/// What the release of a system may be: one of the crate's releases, or none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnyRelease {
    /// A release that the tables know.
    Release(Release),
    /// Older than AVMA and in no row (Windows Server 2008, 2003): never an AVMA host or guest.
    Older,
    /// A preview (Technical Preview, Insider, vNext): no published table speaks of one.
    Preview,
    /// None of the above; nothing may be concluded, least of all from a neighbour.
    Unlisted,
}

impl AnyRelease {
    /// The release, where it is one of the crate's.
    pub const fn release(self) -> Option<Release> {
        match self {
            Self::Release(release) => Some(release),
            Self::Older | Self::Preview | Self::Unlisted => None,
        }
    }

    /// The stable slug: that of the release, or `older`, `preview`, `unlisted`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Release(release) => release.as_str(),
            Self::Older => "older",
            Self::Preview => "preview",
            Self::Unlisted => "unlisted",
        }
    }

    /// Whether AVMA came later; see [`Release::is_before_avma`].
    pub const fn is_before_avma(self) -> bool {
        match self {
            Self::Release(release) => release.is_before_avma(),
            Self::Older => true,
            Self::Preview | Self::Unlisted => false,
        }
    }

    /// The place of the release in a list.
    pub(crate) const fn place_in(self, list: &[Release]) -> Option<usize> {
        let Self::Release(release) = self else {
            return None;
        };
        let mut place = 0;
        #[expect(
            clippy::indexing_slicing,
            reason = "bounded by the loop; `const fn` has no iterators"
        )]
        while place < list.len() {
            if list[place] as u8 == release as u8 {
                return Some(place);
            }
            place += 1;
        }
        None
    }

    /// The place in the domain, for tables that are indexed by it.
    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Release(release) => release as usize,
            Self::Older => Release::ALL.len(),
            Self::Preview => Release::ALL.len() + 1,
            Self::Unlisted => Release::ALL.len() + 2,
        }
    }

    pub(crate) const DOMAIN: [Self; Release::ALL.len() + 3] = {
        const LISTED: usize = Release::ALL.len();
        let mut all = [Self::Unlisted; LISTED + 3];
        let mut place = 0;
        #[expect(
            clippy::indexing_slicing,
            reason = "evaluated at compile time; a place out of bounds does not build"
        )]
        {
            while place < LISTED {
                all[place] = Self::Release(Release::ALL[place]);
                place += 1;
            }
            all[LISTED] = Self::Older;
            all[LISTED + 1] = Self::Preview;
        }
        all
    };
}

impl Sealed for AnyRelease {}
impl Possibility for AnyRelease {
    const ALL: &'static [Self] = &Self::DOMAIN;

    #[expect(
        clippy::cast_possible_truncation,
        reason = "a domain has at most 32 places"
    )]
    fn index(self) -> u32 {
        self.place() as u32
    }
}

impl core::str::FromStr for AnyRelease {
    type Err = UnknownWord;

    /// A slug, or the name of a release, in any case of letters.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let other = [Self::Older, Self::Preview, Self::Unlisted];
        match other
            .into_iter()
            .find(|word| text.eq_ignore_ascii_case(word.as_str()))
        {
            Some(word) => Ok(word),
            None => text.parse().map(Self::Release),
        }
    }
}

impl From<Release> for AnyRelease {
    fn from(release: Release) -> Self {
        Self::Release(release)
    }
}

impl core::fmt::Display for AnyRelease {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Release(release) => release.fmt(f),
            Self::Older => {
                let mut rows = Release::ALL.iter().rev();
                match rows.find(|release| release.is_before_avma()) {
                    Some(newest) => write!(f, "older than {newest}"),
                    None => f.pad("older than AVMA"),
                }
            }
            Self::Preview => f.pad("a preview"),
            Self::Unlisted => f.pad("an unlisted release"),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for AnyRelease {
    /// The slug.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

crate::word::from_text!(AnyRelease, "a word for the release");

/// What the release of a system may be.
pub type Releases = Fact<AnyRelease>;

impl From<Release> for Releases {
    fn from(release: Release) -> Self {
        Self::known(release.into())
    }
}

impl Releases {
    /// Any of these releases.
    pub(crate) const fn of(releases: &[Release]) -> Self {
        let mut bits = 0;
        let mut place = 0;
        #[expect(
            clippy::indexing_slicing,
            reason = "bounded by the loop; `const fn` has no iterators"
        )]
        while place < releases.len() {
            bits |= 1 << releases[place] as u32;
            place += 1;
        }
        Self::from_bits(bits)
    }

    /// AVMA came later than any of these.
    pub(crate) const BEFORE_AVMA: Self = {
        let (mut bits, mut place) = (0, 0);
        #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
        while place < AnyRelease::DOMAIN.len() {
            if AnyRelease::DOMAIN[place].is_before_avma() {
                bits |= 1 << place;
            }
            place += 1;
        }
        Self::from_bits(bits)
    };

    /// A release and every one that stands behind it in the table.
    pub(crate) const fn since(first: Release) -> Self {
        let (mut bits, mut place) = (0, first as usize);
        while place < Release::ALL.len() {
            bits |= 1 << place;
            place += 1;
        }
        Self::from_bits(bits)
    }

    /// The releases of one channel.
    pub(crate) const fn of_channel(channel: ServicingChannel) -> Self {
        let (mut bits, mut place) = (0, 0);
        #[expect(
            clippy::indexing_slicing,
            reason = "bounded by the loop; `const fn` has no iterators"
        )]
        while place < Release::ALL.len() {
            if Release::ALL[place].servicing_channel() as u8 == channel as u8 {
                bits |= 1 << place;
            }
            place += 1;
        }
        Self::from_bits(bits)
    }

    /// The releases for which `holds`, of those in the table.
    pub(crate) fn such_that(holds: impl Fn(Release) -> bool) -> Option<Self> {
        let found = Release::ALL
            .iter()
            .copied()
            .filter(|release| holds(*release));
        Self::one_of(found.map(AnyRelease::Release))
    }

    /// The release, where it is known and one of the crate's.
    pub fn release(self) -> Option<Release> {
        self.known_element().and_then(AnyRelease::release)
    }
}
