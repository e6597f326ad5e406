//! The rulebook a second time, the naive way: complete facts in, the rules that fire out, as plain
//! conditions and as tables that are transcribed from the sources. Nothing here reads the crate's
//! tables, and no table here is "the rest" of another: what a source does not name has no cell.

// Every test binary that includes this module uses a part of it.
#![allow(dead_code)]
#![allow(
    clippy::struct_excessive_bools,
    clippy::too_many_lines,
    reason = "the facts as they are, one plain list of conditions"
)]

use avma::assess::{
    AzureLocalHost, AzureStackHubHost, Guest, Host, HostEdition, HostFamily, Verdict,
    WindowsServerHost,
};
use avma::catalog::hosts::AzureLocalLicense;
use avma::{AnyRelease, Fact, HostLicense, Possibility, Product, Release};

/// Complete facts about a host and a guest. Facts of other families than the host's mean nothing.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    pub family: HostFamily,
    pub guest_release: AnyRelease,
    pub guest_product: Product,
    pub guest_evaluation: bool,
    pub data_exchange: bool,
    pub guest_service: bool,
    pub host_release: AnyRelease,
    pub host_edition: HostEdition,
    pub host_evaluation: bool,
    pub host_license: HostLicense,
    pub hyper_v_role: bool,
    pub nested: bool,
    pub pay_as_you_go: bool,
    pub azure_local: AzureLocalLicense,
    pub software_assurance: bool,
    pub synced: bool,
    pub azure_verification: bool,
    pub bios_marker: bool,
}

pub const PLAIN: Case = Case {
    family: HostFamily::WindowsServer,
    guest_release: AnyRelease::Release(Release::Ws2022),
    guest_product: Product::Standard,
    guest_evaluation: false,
    data_exchange: true,
    guest_service: true,
    host_release: AnyRelease::Release(Release::Ws2022),
    host_edition: HostEdition::Datacenter,
    host_evaluation: false,
    host_license: HostLicense::Licensed,
    hyper_v_role: true,
    nested: false,
    pay_as_you_go: false,
    azure_local: AzureLocalLicense::Subscription,
    software_assurance: true,
    synced: true,
    azure_verification: true,
    bios_marker: true,
};

/// Severity: what a fired rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Does {
    /// Nothing fired, or what only may matter.
    Nothing,
    MayMatter,
    Undocumented,
    Forbids,
}

use Release::{
    V1709, V1803, V1809, V1903, V1909, Ws2008R2, Ws2012, Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025,
};

/// A cell of a source's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Yes,
    /// Yes, with Software Assurance on the host's key.
    WithAssurance,
    No,
    /// The table has the row and the column, and the cell is empty or contradicted.
    Nothing,
}
use Says::{No as N, Nothing as O, WithAssurance as S, Yes as Y};

/// The columns of the tables below.
const GUESTS: [Release; 5] = [Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025];

/// The article of 2023-09-19, "System requirements"; the row and the column of 2025 from third parties.
#[rustfmt::skip]
const WINDOWS_SERVER: [(Release, [Says; 5]); 5] = [
    (Ws2025,   [Y, Y, Y, Y, Y]),
    (Ws2022,   [Y, Y, Y, Y, N]),
    (Ws2019,   [Y, Y, Y, N, N]),
    (Ws2016,   [Y, Y, N, N, N]),
    (Ws2012R2, [Y, N, N, N, N]),
];

/// Azure Local's page on activating VMs, 2021 to 2026, merged; the OEM licence's page for Datacenter
/// guests.
#[rustfmt::skip]
const AZURE_LOCAL: [(AzureLocalLicense, [Says; 5]); 5] = [
    (AzureLocalLicense::Key2019,      [Y, Y, Y, N, N]),
    (AzureLocalLicense::Key2022,      [Y, Y, Y, Y, N]),
    (AzureLocalLicense::Key2025,      [O, Y, Y, Y, Y]),
    (AzureLocalLicense::Subscription, [Y, Y, Y, Y, Y]),
    (AzureLocalLicense::Oem,          [Y, Y, Y, Y, Y]),
];

/// The same pages on Azure Edition, and the page on deploying it.
#[rustfmt::skip]
const AZURE_LOCAL_AZURE_EDITION: [(AzureLocalLicense, [Says; 5]); 5] = [
    (AzureLocalLicense::Key2019,      [O, O, O, S, O]),
    (AzureLocalLicense::Key2022,      [O, O, O, S, O]),
    (AzureLocalLicense::Key2025,      [O, O, O, S, S]),
    (AzureLocalLicense::Subscription, [O, O, O, Y, Y]),
    (AzureLocalLicense::Oem,          [O, O, O, O, O]),
];

/// Azure Stack Hub's FAQ of 2019, and a third party on 2025.
const AZURE_STACK_HUB: [(Release, Says); 3] = [(Ws2012R2, Y), (Ws2016, Y), (Ws2025, N)];

/// The AVMA keys of the article and of the copies of its 2025 section.
const KEYS: [(Release, &[Product]); 11] = {
    use Product::{Datacenter as D, DatacenterAzureEdition as A, Essentials as E, Standard as S};
    [
        (Ws2025, &[D, A, S]),
        (Ws2022, &[D, A, S]),
        (Ws2019, &[D, S, E]),
        (V1909, &[D, S]),
        (V1903, &[D, S]),
        (V1809, &[D, S]),
        (Ws2016, &[D, S, E]),
        (V1803, &[D, S]),
        (V1709, &[D, S]),
        (Ws2012R2, &[D, S, E]),
        (Ws2012, &[]),
    ]
};

/// Pay-as-you-go exists for 2025 only.
const PAY_AS_YOU_GO: [Release; 1] = [Ws2025];

fn known(release: AnyRelease) -> Option<Release> {
    match release {
        AnyRelease::Release(release) => Some(release),
        _ => None,
    }
}

fn column(guest: AnyRelease) -> Option<usize> {
    let guest = known(guest)?;
    GUESTS.iter().position(|release| *release == guest)
}

/// A cell of a table; `None` for a row or a column that it does not have.
fn look_up<Row: Copy + PartialEq>(
    table: &[(Row, [Says; 5])],
    row: Row,
    guest: AnyRelease,
) -> Option<Says> {
    let (_, cells) = table.iter().find(|(of, _)| *of == row)?;
    Some(cells[column(guest)?])
}

pub fn windows_server(host: AnyRelease, guest: AnyRelease) -> Option<Says> {
    look_up(&WINDOWS_SERVER, known(host)?, guest)
}

pub fn azure_local(
    license: AzureLocalLicense,
    guest: AnyRelease,
    product: Product,
) -> Option<Says> {
    if product == Product::DatacenterAzureEdition {
        return look_up(&AZURE_LOCAL_AZURE_EDITION, license, guest);
    }
    if license == AzureLocalLicense::Oem && product != Product::Datacenter {
        return None;
    }
    look_up(&AZURE_LOCAL, license, guest)
}

pub fn azure_stack_hub(guest: AnyRelease) -> Option<Says> {
    let guest = known(guest)?;
    AZURE_STACK_HUB
        .iter()
        .find(|(release, _)| *release == guest)
        .map(|(_, says)| *says)
}

/// AVMA came with 2012 R2.
pub fn too_old(release: AnyRelease) -> bool {
    let older = [
        AnyRelease::Older,
        AnyRelease::Release(Ws2008R2),
        AnyRelease::Release(Ws2012),
    ];
    older.contains(&release)
}

fn has_avma_key(release: AnyRelease, product: Product) -> bool {
    known(release).is_some_and(|release| {
        KEYS.iter()
            .any(|(of, products)| *of == release && products.contains(&product))
    })
}

impl Case {
    /// Calls `fire` for every rule that fires.
    #[inline]
    pub fn fired(&self, mut fire: impl FnMut(&'static str, Does)) {
        use Does::{Forbids, MayMatter, Undocumented};
        let (release, product) = (self.guest_release, self.guest_product);
        let azure_edition = product == Product::DatacenterAzureEdition;
        match product {
            Product::NotWindows => fire("guest-not-windows", Forbids),
            Product::Client => fire("guest-client", Forbids),
            Product::Foundation => fire("guest-foundation", Forbids),
            Product::Nano => fire("guest-nano", Undocumented),
            _ if !too_old(release) && !has_avma_key(release, product) => {
                fire("guest-key-undocumented", Undocumented);
            }
            _ => {}
        }
        if too_old(release) {
            fire("guest-too-old", Forbids);
        } else if column(release).is_none() {
            fire("guest-release-undocumented", Undocumented);
        }
        if self.guest_evaluation {
            fire("guest-evaluation", Forbids);
        }
        if !self.data_exchange {
            fire("data-exchange-off", Forbids);
        }
        if !self.guest_service {
            fire("guest-service-stopped", MayMatter);
        }
        match self.family {
            HostFamily::WindowsServer => {
                match self.host_edition {
                    HostEdition::Datacenter => {}
                    HostEdition::AzureEdition => fire("host-azure-edition", Undocumented),
                    HostEdition::Nano => fire("host-nano", Forbids),
                    HostEdition::Unlisted => fire("host-edition-undocumented", Undocumented),
                    _ => fire("host-not-datacenter", Forbids),
                }
                let named = WINDOWS_SERVER
                    .iter()
                    .any(|(row, _)| known(self.host_release) == Some(*row));
                if too_old(self.host_release) {
                    fire("host-too-old", Forbids);
                } else if !named {
                    fire("host-release-undocumented", Undocumented);
                } else if windows_server(self.host_release, release) == Some(N) {
                    fire("guest-newer-than-host", Forbids);
                } else if azure_edition && !too_old(release) {
                    fire("azure-edition-platform", Undocumented);
                }
                if self.host_evaluation {
                    fire("host-evaluation", Undocumented);
                }
                match self.host_license {
                    HostLicense::Licensed => {}
                    HostLicense::NotActivated => fire("host-not-activated", Forbids),
                    _ => fire("host-license-undocumented", Undocumented),
                }
                if !self.hyper_v_role {
                    fire("hyper-v-role-missing", Forbids);
                }
                if self.nested {
                    fire("host-nested", Undocumented);
                }
                let may_be_paid_so = known(self.host_release)
                    .is_some_and(|release| PAY_AS_YOU_GO.contains(&release));
                if self.pay_as_you_go && may_be_paid_so {
                    fire("host-pay-as-you-go", Forbids);
                }
            }
            HostFamily::AzureLocal => {
                match self.azure_local {
                    AzureLocalLicense::None => fire("azure-local-no-license", Forbids),
                    AzureLocalLicense::KeyTooOld => fire("azure-local-key-too-old", Forbids),
                    // What no table names at all is said of the guest alone.
                    _ if too_old(release) || column(release).is_none() => {}
                    license => match azure_local(license, release, product) {
                        Some(Y) => {}
                        Some(S) if self.software_assurance => {}
                        Some(S) => fire("azure-local-software-assurance", Forbids),
                        Some(N) => fire("azure-local-key-level", Forbids),
                        Some(O) | None => fire("azure-local-guest-undocumented", Undocumented),
                    },
                }
                if azure_edition && !self.azure_verification {
                    fire("azure-local-verification", Forbids);
                }
                if !self.synced {
                    fire("azure-local-not-synced", Undocumented);
                }
            }
            HostFamily::AzureStackHub => {
                match azure_stack_hub(release) {
                    _ if too_old(release) => {}
                    Some(N) => fire("azure-stack-hub-guest", Forbids),
                    _ if azure_edition => fire("azure-edition-platform", Undocumented),
                    None if column(release).is_some() => {
                        fire("azure-stack-hub-guest-undocumented", Undocumented);
                    }
                    _ => {}
                }
                if !self.bios_marker {
                    fire("azure-stack-hub-marker", Forbids);
                }
            }
            HostFamily::Azure => fire("host-azure", Forbids),
            _ => fire("host-not-hyper-v", Forbids),
        }
    }

    /// The law for complete facts.
    #[inline]
    pub fn verdict(&self) -> Verdict {
        let mut worst = Does::Nothing;
        self.fired(|_, does| worst = worst.max(does));
        match worst {
            Does::Nothing | Does::MayMatter => Verdict::Eligible,
            Does::Undocumented => Verdict::NotDocumented,
            Does::Forbids => Verdict::NotEligible,
        }
    }
}

/// Facts of which each is a set, over every family's facts; what a [`Case`] is one element of.
#[derive(Clone, Copy, Debug)]
pub struct Sets {
    pub families: Fact<HostFamily>,
    pub guest: Guest,
    pub windows_server: WindowsServerHost,
    pub azure_local: AzureLocalHost,
    pub stack_hub: AzureStackHubHost,
}

impl Sets {
    /// The crate's host: a known family with its facts, or unknown.
    pub fn host(&self) -> Host {
        match self.families.known_element() {
            Some(HostFamily::WindowsServer) => self.windows_server.into(),
            Some(HostFamily::AzureLocal) => self.azure_local.into(),
            Some(HostFamily::AzureStackHub) => self.stack_hub.into(),
            Some(HostFamily::Azure) => Host::Azure,
            Some(_) => Host::OtherHypervisor,
            None => Host::Unknown,
        }
    }

    /// Every complete case, for facts that do not leave too many.
    pub fn for_each_case(&self, mut see: impl FnMut(&Case)) {
        fn bools(fact: avma::YesNo) -> Vec<bool> {
            fact.iter()
                .map(|answer| answer == avma::Answer::Yes)
                .collect()
        }
        let Sets {
            guest,
            windows_server: ws,
            azure_local: al,
            stack_hub: hub,
            ..
        } = self;
        let mut cases = vec![PLAIN];
        macro_rules! axis {
            ($field:ident, $values:expr) => {
                cases = cases
                    .iter()
                    .flat_map(|case| {
                        $values.into_iter().map(move |value| Case {
                            $field: value,
                            ..*case
                        })
                    })
                    .collect();
            };
        }
        axis!(guest_release, guest.release.iter().collect::<Vec<_>>());
        axis!(guest_product, guest.product.iter().collect::<Vec<_>>());
        axis!(guest_evaluation, bools(guest.evaluation));
        axis!(data_exchange, bools(guest.data_exchange));
        axis!(guest_service, bools(guest.guest_service));
        let guests = cases;
        for family in self.families {
            let mut cases: Vec<Case> = guests.iter().map(|case| Case { family, ..*case }).collect();
            macro_rules! axis {
                ($field:ident, $values:expr) => {
                    cases = cases
                        .iter()
                        .flat_map(|case| {
                            $values.into_iter().map(move |value| Case {
                                $field: value,
                                ..*case
                            })
                        })
                        .collect();
                };
            }
            match family {
                HostFamily::WindowsServer => {
                    axis!(host_release, ws.release.iter().collect::<Vec<_>>());
                    axis!(host_edition, ws.edition.iter().collect::<Vec<_>>());
                    axis!(host_evaluation, bools(ws.evaluation));
                    axis!(host_license, ws.license.iter().collect::<Vec<_>>());
                    axis!(hyper_v_role, bools(ws.hyper_v_role));
                    axis!(nested, bools(ws.nested));
                    axis!(pay_as_you_go, bools(ws.pay_as_you_go));
                }
                HostFamily::AzureLocal => {
                    axis!(azure_local, al.license.iter().collect::<Vec<_>>());
                    axis!(software_assurance, bools(al.software_assurance));
                    axis!(synced, bools(al.synced));
                    axis!(azure_verification, bools(al.azure_verification));
                }
                HostFamily::AzureStackHub => {
                    axis!(bios_marker, bools(hub.bios_marker));
                }
                _ => {}
            }
            cases.iter().for_each(&mut see);
        }
    }
}

/// The fact with exactly the elements whose places are set in `bits`.
pub fn fact<T: Possibility>(bits: u32) -> Fact<T> {
    let all = T::ALL.iter().enumerate();
    Fact::one_of(
        all.filter(|(place, _)| bits >> place & 1 == 1)
            .map(|(_, element)| *element),
    )
    .expect("at least one bit of the domain")
}
