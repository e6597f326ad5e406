//! The releases of Windows Server that AVMA's texts speak of, and their build numbers.
//!
//! Source: Microsoft's release information pages, and the AVMA and KMS client key pages for the
//! names of the Semi-Annual Channel.

use crate::fact::{Fact, Possibility, Sealed};
use crate::word::{UnknownWord, words};

words! {
    /// A release of Windows Server, 2012 to 2025.
    ///
    /// There is no order on releases. `host >= guest` would compile into a wrong yes for the
    /// Semi-Annual Channel, which no host table names; ask [`catalog::hosts`](crate::catalog::hosts)
    /// instead:
    ///
    /// ```compile_fail
    /// use avma::Release;
    /// assert!(Release::V1909 >= Release::Ws2019);
    /// ```
    pub enum Release ("release") {
        /// Windows Server 2012, build 9200. AVMA does not exist for it.
        Ws2012 = "2012", "Windows Server 2012";
        /// Windows Server 2012 R2, build 9600: the first release with AVMA.
        Ws2012R2 = "2012-r2", "Windows Server 2012 R2", "2012R2";
        /// Windows Server 2016, build 14393.
        Ws2016 = "2016", "Windows Server 2016";
        /// Semi-Annual Channel 1709, build 16299.
        V1709 = "1709", "Windows Server, version 1709";
        /// Semi-Annual Channel 1803, build 17134.
        V1803 = "1803", "Windows Server, version 1803";
        /// Windows Server 2019, build 17763 (shared with 1809).
        Ws2019 = "2019", "Windows Server 2019";
        /// Semi-Annual Channel 1809, build 17763 (shared with 2019).
        V1809 = "1809", "Windows Server, version 1809";
        /// Semi-Annual Channel 1903, build 18362.
        V1903 = "1903", "Windows Server, version 1903";
        /// Semi-Annual Channel 1909, build 18363.
        V1909 = "1909", "Windows Server, version 1909";
        /// Semi-Annual Channel 2004, build 19041. "2004" is year and month, not a year.
        V2004 = "2004", "Windows Server, version 2004";
        /// Semi-Annual Channel 20H2, build 19042: the last one.
        V20H2 = "20h2", "Windows Server, version 20H2";
        /// Windows Server 2022, build 20348 (shared with Azure Stack HCI 21H2).
        Ws2022 = "2022", "Windows Server 2022";
        /// Annual Channel 23H2, build 25398 (shared with Azure Local 23H2).
        V23H2 = "23h2", "Windows Server, version 23H2";
        /// Windows Server 2025, build 26100 (shared with Windows 11 24H2).
        Ws2025 = "2025", "Windows Server 2025";
    }
}

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

impl Release {
    /// The build number, as in `Win32_OperatingSystem.BuildNumber`.
    pub const fn build(self) -> u32 {
        match self {
            Self::Ws2012 => 9200,
            Self::Ws2012R2 => 9600,
            Self::Ws2016 => 14393,
            Self::V1709 => 16299,
            Self::V1803 => 17134,
            Self::Ws2019 | Self::V1809 => 17763,
            Self::V1903 => 18362,
            Self::V1909 => 18363,
            Self::V2004 => 19041,
            Self::V20H2 => 19042,
            Self::Ws2022 => 20348,
            Self::V23H2 => 25398,
            Self::Ws2025 => 26100,
        }
    }

    /// The servicing channel.
    pub const fn servicing_channel(self) -> ServicingChannel {
        match self {
            Self::Ws2012
            | Self::Ws2012R2
            | Self::Ws2016
            | Self::Ws2019
            | Self::Ws2022
            | Self::Ws2025 => ServicingChannel::LongTerm,
            Self::V1709
            | Self::V1803
            | Self::V1809
            | Self::V1903
            | Self::V1909
            | Self::V2004
            | Self::V20H2 => ServicingChannel::SemiAnnual,
            Self::V23H2 => ServicingChannel::Annual,
        }
    }
}

/// What the release of a system may be: one of the crate's releases, or none of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnyRelease {
    /// A release that the tables know.
    Release(Release),
    /// Windows Server 2008 R2 or older: never an AVMA host or guest.
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

    /// The place in the domain, for tables that are indexed by it.
    pub(crate) const fn place(self) -> usize {
        match self {
            Self::Release(release) => release as usize,
            Self::Older => Release::ALL.len(),
            Self::Preview => Release::ALL.len() + 1,
            Self::Unlisted => Release::ALL.len() + 2,
        }
    }

    const DOMAIN: [Self; Release::ALL.len() + 3] = {
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
            Self::Older => f.pad("older than Windows Server 2012"),
            Self::Preview => f.pad("a preview"),
            Self::Unlisted => f.pad("an unlisted release"),
        }
    }
}

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

    /// The release, where it is known and one of the crate's.
    pub fn release(self) -> Option<Release> {
        self.known_element().and_then(AnyRelease::release)
    }
}
