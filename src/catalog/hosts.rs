//! Which host activates which guest: a file a host family, with its facts, its cells, its rules and the
//! steps of its administrator.
//!
//! * Windows Server: the matrix of Microsoft's AVMA page of 2023-09-19, and a row and a column for
//!   2025 that rest on third parties.
//! * Azure Stack HCI, Azure Local: Microsoft's pages, where the *key's* release decides and not the
//!   host's build.
//! * Azure Stack Hub: its Windows Server FAQ of 2019.
//! * Azure, and hypervisors that are not Hyper-V: never, so they have no table.
//!
//! "Not documented" is a value of its own. A release that a table does not name gets it; there is no
//! neighbour's answer. The Semi-Annual Channel releases are such: they have keys, but no row or
//! column of any host table.

mod azure;
pub(crate) mod azure_local;
pub(crate) mod azure_stack_hub;
mod facts;
mod other_hypervisor;
pub(crate) mod sum;
pub(crate) mod windows_server;

pub use crate::catalog::cell::{Because, Cell, Support};
pub use azure_local::{AzureLocalLicense, AzureLocalLicenses, azure_local};
pub use azure_stack_hub::azure_stack_hub;
pub(crate) use facts::facts_by_name;
pub use windows_server::{NAMED, windows_server};

use crate::catalog::products::{Product, Products};
use crate::catalog::releases::{AnyRelease, Releases};
use crate::catalog::rule::{FactName, HostFamily, Rule};

/// What one family brings to the rulebook.
pub(crate) struct Family {
    pub(crate) rules: &'static [Rule],
    /// The fact that picks the row of its table, beside the guest.
    pub(crate) level: Option<FactName>,
    /// The releases that its table names.
    pub(crate) named: u32,
    /// The facts that it has.
    pub(crate) facts: u32,
}

/// Each family, in the order in which their rules are shown.
pub(crate) const FAMILIES: [HostFamily; HostFamily::ALL.len()] = [
    HostFamily::OtherHypervisor,
    HostFamily::Azure,
    HostFamily::WindowsServer,
    HostFamily::AzureLocal,
    HostFamily::AzureStackHub,
];

pub(crate) const fn family(family: HostFamily) -> Family {
    const NO_TABLE: Family = Family {
        rules: &[],
        level: None,
        named: 0,
        facts: 0,
    };
    match family {
        HostFamily::WindowsServer => Family {
            rules: &windows_server::RULES,
            level: Some(FactName::HostRelease),
            named: Releases::of(&NAMED).bits(),
            facts: windows_server::WindowsServerHost::FACTS,
        },
        HostFamily::AzureLocal => Family {
            rules: &azure_local::RULES,
            level: Some(FactName::AzureLocalLicense),
            named: Releases::of(&azure_local::GUESTS).bits(),
            facts: azure_local::AzureLocalHost::FACTS,
        },
        HostFamily::AzureStackHub => Family {
            rules: &azure_stack_hub::RULES,
            level: None,
            named: azure_stack_hub::NAMED,
            facts: azure_stack_hub::AzureStackHubHost::FACTS,
        },
        HostFamily::Azure => Family {
            rules: &azure::RULES,
            ..NO_TABLE
        },
        HostFamily::OtherHypervisor => Family {
            rules: &other_hypervisor::RULES,
            ..NO_TABLE
        },
    }
}

/// The cell of a family's table; `None` for a family without one, and for a level out of its fact's
/// domain.
pub(crate) const fn cell(
    family: HostFamily,
    level: usize,
    guest: AnyRelease,
    product: Product,
) -> Option<Cell> {
    #[expect(clippy::indexing_slicing, reason = "the level is compared before")]
    match family {
        HostFamily::WindowsServer if level < AnyRelease::DOMAIN.len() => {
            Some(windows_server(AnyRelease::DOMAIN[level], guest, product))
        }
        HostFamily::AzureLocal if level < AzureLocalLicense::ALL.len() => {
            Some(azure_local(AzureLocalLicense::ALL[level], guest, product))
        }
        HostFamily::AzureStackHub if level == 0 => Some(azure_stack_hub(guest, product)),
        _ => None,
    }
}

/// The weakest evidence that any cell of a family has which says so for one of these reasons (bits), by
/// its place among the grades.
#[expect(clippy::indexing_slicing, reason = "both are places in their domains")]
pub(crate) fn weakest_evidence(family: HostFamily, support: Support, because: u32) -> u8 {
    static TABLE: [[[u8; Because::ALL.len()]; Support::ALL.len()]; HostFamily::ALL.len()] = {
        let mut table = [[[0; Because::ALL.len()]; Support::ALL.len()]; HostFamily::ALL.len()];
        let (mut at, mut level, mut release, mut product) = (0, 0, 0, 0);
        while at < HostFamily::ALL.len() {
            while level < AnyRelease::DOMAIN.len() {
                while release < AnyRelease::DOMAIN.len() {
                    while product < APART.len() {
                        let guest = AnyRelease::DOMAIN[release];
                        if let Some(cell) = cell(HostFamily::ALL[at], level, guest, APART[product])
                        {
                            let worst =
                                &mut table[at][cell.support as usize][cell.because as usize];
                            if cell.source.evidence as u8 > *worst {
                                *worst = cell.source.evidence as u8;
                            }
                        }
                        product += 1;
                    }
                    release += 1;
                    product = 0;
                }
                level += 1;
                release = 0;
            }
            at += 1;
            level = 0;
        }
        table
    };
    let mut worst = 0;
    for (place, grade) in TABLE[family as usize][support as usize].iter().enumerate() {
        if because >> place & 1 == 1 && *grade > worst {
            worst = *grade;
        }
    }
    worst
}

/// The releases that any table names.
pub(crate) const NAMED_BY_ANY: Releases = {
    let (mut bits, mut place) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < HostFamily::ALL.len() {
        bits |= family(HostFamily::ALL[place]).named;
        place += 1;
    }
    Releases::from_bits(bits)
};

/// Whether a table of any host family names a release.
pub const fn is_named(release: AnyRelease) -> bool {
    NAMED_BY_ANY.bits() >> release.place() & 1 == 1
}

/// The products that a table tells apart: one stands for all that it treats alike.
const APART: [Product; 3] = [
    Product::Standard,
    Product::Datacenter,
    Product::DatacenterAzureEdition,
];

/// Of possible products one for each kind that a table tells apart.
pub(crate) fn distinct(products: Products) -> impl Iterator<Item = Product> {
    let [other, alone @ ..] = APART;
    let of_itself = alone
        .into_iter()
        .filter(move |product| products.contains(*product));
    let rest = products.without(Products::of(&[
        Product::Datacenter,
        Product::DatacenterAzureEdition,
    ]));
    rest.map(|_| other).into_iter().chain(of_itself)
}

// What stands for all others is like each of them.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let (mut at, mut product) = (0, 0);
    while at < HostFamily::ALL.len() {
        while product < Product::ALL.len() {
            let of = Product::ALL[product];
            let apart = matches!(of, Product::Datacenter | Product::DatacenterAzureEdition);
            let (mut level, mut release) = (0, 0);
            while level < AnyRelease::DOMAIN.len() {
                while release < AnyRelease::DOMAIN.len() {
                    let guest = AnyRelease::DOMAIN[release];
                    let family = HostFamily::ALL[at];
                    if let (false, Some(one), Some(other)) = (
                        apart,
                        cell(family, level, guest, of),
                        cell(family, level, guest, APART[0]),
                    ) {
                        assert!(one.support as u8 == other.support as u8);
                        assert!(one.because as u8 == other.because as u8);
                    }
                    release += 1;
                }
                level += 1;
                release = 0;
            }
            product += 1;
        }
        at += 1;
        product = 0;
    }
};
