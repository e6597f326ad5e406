//! Which host activates which guest: one table a host family, a source to every cell.
//!
//! * Windows Server: the matrix of Microsoft's AVMA page of 2023-09-19, and a row and a column for
//!   2025 that rest on third parties.
//! * Azure Stack HCI, Azure Local: Microsoft's `vm-activate` page, where the *key's* release decides
//!   and not the host's build.
//! * Azure Stack Hub: its Windows Server FAQ of 2019.
//!
//! "Not documented" is a value of its own. A release that no table names gets it; there is no
//! neighbour's answer. The Semi-Annual Channel releases are such: they have keys, but no row or
//! column of any host table.

use crate::catalog::products::Product;
use crate::catalog::releases::Release::{self, Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025};
use crate::catalog::releases::{AnyRelease, Releases};
use crate::fact::Fact;
use crate::source::{
    AVMA_ARTICLE, AVMA_POSTS, AZURE_LOCAL, AZURE_LOCAL_2023, AZURE_STACK_HUB, AZURE_STACK_HUB_2025,
    Evidence, HOST_2025_REPORTS, NO_STATEMENT, Source,
};
use crate::word::words;
use Support::{No, NotDocumented, Yes};

words! {
    /// What a host table says of a guest.
    pub enum Support ("support") {
        /// The host activates such a guest.
        Yes = "yes", "yes";
        /// The host does not activate such a guest.
        No = "no", "no";
        /// No text says either.
        NotDocumented = "not-documented", "not documented";
    }
}

/// One cell of a host table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Cell {
    /// What it says.
    pub support: Support,
    /// The text that says it.
    pub source: Source,
}

const fn cell(support: Support, source: Source) -> Cell {
    Cell { support, source }
}

const UNNAMED: Cell = cell(NotDocumented, NO_STATEMENT);

/// The releases that the host tables name, oldest first: rows and columns of the matrix.
///
/// This is the one place where releases stand in an order.
pub const NAMED: [Release; 5] = [Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025];

// The cells as short names, so that the matrix reads like the article's.
const YES_: Cell = cell(Yes, AVMA_ARTICLE);
const NO__: Cell = cell(No, AVMA_ARTICLE);
/// 2025 guests on older hosts: the baseline has no such column.
const NO25: Cell = cell(No, HOST_2025_REPORTS);
/// The 2025 host: Microsoft's own table is not confirmed.
const YE25: Cell = cell(Yes, HOST_2025_REPORTS);
/// No source names 2012 R2 on a 2025 host; it follows from "host at least as new as the guest".
const IN25: Cell = cell(Yes, HOST_2025_REPORTS.graded(Evidence::Inferred));

#[rustfmt::skip]
const WINDOWS_SERVER: [[Cell; NAMED.len()]; NAMED.len()] = [
    // guest: 2012 R2  2016  2019  2022  2025     host:
    [          YES_,   NO__, NO__, NO__, NO25], // 2012 R2
    [          YES_,   YES_, NO__, NO__, NO25], // 2016
    [          YES_,   YES_, YES_, NO__, NO25], // 2019
    [          YES_,   YES_, YES_, YES_, NO25], // 2022
    [          IN25,   YE25, YE25, YE25, YE25], // 2025
];

/// Older than every row of the matrix: AVMA came with 2012 R2, and 2012 has no AVMA key.
const TOO_OLD: Cell = cell(No, AVMA_POSTS);

/// What the matrix says of an activated Windows Server Datacenter host and a guest.
///
/// ```
/// use avma::catalog::hosts::{windows_server, Support};
/// use avma::Release::{V1909, Ws2016, Ws2019, Ws2022};
///
/// assert_eq!(windows_server(Ws2022.into(), Ws2016.into()).support, Support::Yes);
/// assert_eq!(windows_server(Ws2019.into(), Ws2022.into()).support, Support::No);
/// // 1909 is newer than 2019 by date, but no table names it as a host.
/// assert_eq!(windows_server(V1909.into(), Ws2019.into()).support, Support::NotDocumented);
/// ```
pub const fn windows_server(host: AnyRelease, guest: AnyRelease) -> Cell {
    if is_too_old(host) || is_too_old(guest) {
        return TOO_OLD;
    }
    #[expect(clippy::indexing_slicing, reason = "`named` is a place in `NAMED`")]
    match (named(host), named(guest)) {
        (Some(host), Some(guest)) => WINDOWS_SERVER[host][guest],
        _ => UNNAMED,
    }
}

/// Whether a release is older than AVMA: 2012, or 2008 R2 and older.
pub const fn is_too_old(release: AnyRelease) -> bool {
    matches!(
        release,
        AnyRelease::Older | AnyRelease::Release(Release::Ws2012)
    )
}

/// Any of [`NAMED`].
pub(crate) const NAMED_RELEASES: Releases = Releases::of(&NAMED);

/// Whether the host tables name a release: whether it is one of [`NAMED`].
pub const fn is_named(release: AnyRelease) -> bool {
    named(release).is_some()
}

/// The place of a release in [`NAMED`].
const fn named(release: AnyRelease) -> Option<usize> {
    let AnyRelease::Release(release) = release else {
        return None;
    };
    let mut place = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop; `const fn` has no iterators"
    )]
    while place < NAMED.len() {
        if NAMED[place] as u8 == release as u8 {
            return Some(place);
        }
        place += 1;
    }
    None
}

words! {
    /// By what an Azure Stack HCI or Azure Local host gives AVMA to its guests.
    pub enum AzureLocalLicense ("Azure Local licence") {
        /// Nothing: neither a host key nor the subscription.
        None = "none", "neither a host key nor the subscription";
        /// A Windows Server Datacenter key of 2016 or older, which can not set AVMA up.
        KeyTooOld = "key-2016", "a Windows Server Datacenter key of 2016 or older";
        /// A Windows Server 2019 Datacenter key.
        Key2019 = "key-2019", "a Windows Server 2019 Datacenter key";
        /// A Windows Server 2022 Datacenter key.
        Key2022 = "key-2022", "a Windows Server 2022 Datacenter key";
        /// A Windows Server 2025 Datacenter key.
        Key2025 = "key-2025", "a Windows Server 2025 Datacenter key";
        /// The Windows Server subscription.
        Subscription = "subscription", "the Windows Server subscription";
    }
}

/// What the licence of an Azure Local host may be.
pub type AzureLocalLicenses = Fact<AzureLocalLicense>;

impl AzureLocalLicenses {
    /// By the release of the Windows Server Datacenter key that is set on the host.
    pub fn of_key(release: Release) -> Self {
        match release {
            Ws2019 => AzureLocalLicense::Key2019.into(),
            Ws2022 => AzureLocalLicense::Key2022.into(),
            Ws2025 => AzureLocalLicense::Key2025.into(),
            Release::Ws2012 | Ws2012R2 | Ws2016 => AzureLocalLicense::KeyTooOld.into(),
            // No text names a key of another release on such a host.
            _ => Self::unknown(),
        }
    }
}

/// Named by the texts of 2021 to 2023, gone since 2025: still said, not revoked.
const Y23_: Cell = cell(Yes, AZURE_LOCAL_2023);
const Y25_: Cell = cell(Yes, AZURE_LOCAL);
const N25_: Cell = cell(No, AZURE_LOCAL);

#[rustfmt::skip]
const AZURE_LOCAL_HOSTS: [[Cell; NAMED.len()]; 4] = [
    // guest: 2012 R2  2016  2019  2022  2025     by:
    [          Y23_,   Y25_, Y25_, N25_, N25_],    // key of 2019
    [          Y23_,   Y25_, Y25_, Y25_, N25_],    // key of 2022
    [          UNNAMED,Y25_, Y25_, Y25_, Y25_],    // key of 2025
    [          Y23_,   Y25_, Y25_, Y25_, Y25_],    // subscription
];

/// What the `vm-activate` page says of an Azure Local host and a guest.
///
/// For Azure Edition of 2022 a host key also needs Software Assurance, which is a rule of its own.
pub const fn azure_local(license: AzureLocalLicense, guest: AnyRelease, product: Product) -> Cell {
    let row = match license {
        AzureLocalLicense::None | AzureLocalLicense::KeyTooOld => return cell(No, AZURE_LOCAL),
        AzureLocalLicense::Key2019 => 0,
        AzureLocalLicense::Key2022 => 1,
        AzureLocalLicense::Key2025 => 2,
        AzureLocalLicense::Subscription => 3,
    };
    if is_too_old(guest) {
        // The 2022 and 2023 pages say "2012/R2"; there is no AVMA key for 2012.
        return TOO_OLD;
    }
    if let (Product::DatacenterAzureEdition, AnyRelease::Release(Ws2022)) = (product, guest) {
        // Contradicts the 2022 row for keys of 2019; with Software Assurance both are published.
        return match license {
            AzureLocalLicense::Key2025 => UNNAMED,
            _ => Y23_,
        };
    }
    // No text names an Azure Edition of another release there, and the plain rows do not govern it:
    // for 2022 they say otherwise.
    if matches!(product, Product::DatacenterAzureEdition) {
        return UNNAMED;
    }
    // The pages also promise "future releases" to the subscription; what is not listed here need not
    // be one, and no key is known for it.
    let Some(column) = named(guest) else {
        return UNNAMED;
    };
    #[expect(
        clippy::indexing_slicing,
        reason = "`row` is below 4, `column` a place in `NAMED`"
    )]
    AZURE_LOCAL_HOSTS[row][column]
}

/// What is said of guests on an Azure Stack Hub host (with the OEM's marker in its BIOS).
pub const fn azure_stack_hub(guest: AnyRelease) -> Cell {
    match guest {
        AnyRelease::Release(Ws2012R2 | Ws2016) => cell(Yes, AZURE_STACK_HUB),
        AnyRelease::Release(Ws2025) => cell(No, AZURE_STACK_HUB_2025),
        _ if is_too_old(guest) => TOO_OLD,
        _ => UNNAMED,
    }
}

// Down-closed: a host that activates a release activates every older one that the matrix names, and
// a newer host activates at least what an older one does.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let mut host = 0;
    while host < NAMED.len() {
        let mut guest = 1;
        while guest < NAMED.len() {
            if matches!(WINDOWS_SERVER[host][guest].support, Yes) {
                assert!(matches!(WINDOWS_SERVER[host][guest - 1].support, Yes));
                assert!(
                    host + 1 == NAMED.len()
                        || matches!(WINDOWS_SERVER[host + 1][guest].support, Yes)
                );
            }
            guest += 1;
        }
        host += 1;
    }
};
