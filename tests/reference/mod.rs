//! The rulebook a second time, the naive way: complete facts in, the rules that fire out, as plain
//! conditions written from the facts. Nothing here reads the crate's tables.

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
    Nothing,
    Undocumented,
    Forbids,
}

/// How old a long-term release is; `None` for what no host table names.
fn rank(release: AnyRelease) -> Option<u32> {
    match release {
        AnyRelease::Release(Release::Ws2012R2) => Some(2012),
        AnyRelease::Release(Release::Ws2016) => Some(2016),
        AnyRelease::Release(Release::Ws2019) => Some(2019),
        AnyRelease::Release(Release::Ws2022) => Some(2022),
        AnyRelease::Release(Release::Ws2025) => Some(2025),
        _ => None,
    }
}

fn too_old(release: AnyRelease) -> bool {
    release == AnyRelease::Older || release == AnyRelease::Release(Release::Ws2012)
}

fn has_avma_key(release: AnyRelease, product: Product) -> bool {
    use Release as R;
    let AnyRelease::Release(release) = release else {
        return false;
    };
    match product {
        Product::Datacenter | Product::Standard => {
            !matches!(release, R::Ws2012 | R::V2004 | R::V20H2 | R::V23H2)
        }
        Product::Essentials => matches!(release, R::Ws2012R2 | R::Ws2016 | R::Ws2019),
        Product::DatacenterAzureEdition => matches!(release, R::Ws2022 | R::Ws2025),
        _ => false,
    }
}

impl Case {
    /// Calls `fire` for every rule that fires.
    #[inline]
    pub fn fired(&self, mut fire: impl FnMut(&'static str, Does)) {
        use Does::{Forbids, Undocumented};
        let (release, product) = (self.guest_release, self.guest_product);
        let azure_edition = product == Product::DatacenterAzureEdition;
        match product {
            Product::NotWindows => fire("guest-not-windows", Forbids),
            Product::Client => fire("guest-client", Forbids),
            Product::Foundation => fire("guest-foundation", Forbids),
            _ if !too_old(release) && !has_avma_key(release, product) => {
                fire("guest-key-undocumented", Undocumented);
            }
            _ => {}
        }
        if too_old(release) {
            fire("guest-too-old", Forbids);
        } else if rank(release).is_none() {
            fire("guest-release-undocumented", Undocumented);
        }
        if self.guest_evaluation {
            fire("guest-evaluation", Forbids);
        }
        if !self.data_exchange {
            fire("data-exchange-off", Forbids);
        }
        if !self.guest_service {
            fire("guest-service-stopped", Forbids);
        }
        match self.family {
            HostFamily::WindowsServer => {
                match self.host_edition {
                    HostEdition::Datacenter => {}
                    HostEdition::AzureEdition => fire("host-azure-edition", Undocumented),
                    HostEdition::Unlisted => fire("host-edition-undocumented", Undocumented),
                    _ => fire("host-not-datacenter", Forbids),
                }
                match (rank(self.host_release), rank(release)) {
                    (Some(host), Some(guest)) if guest > host => {
                        fire("guest-newer-than-host", Forbids);
                    }
                    (Some(_), _) => {}
                    (None, _) if too_old(self.host_release) => fire("host-too-old", Forbids),
                    (None, _) => fire("host-release-undocumented", Undocumented),
                }
                if azure_edition {
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
                if self.pay_as_you_go {
                    fire("host-pay-as-you-go", Undocumented);
                }
            }
            HostFamily::AzureLocal => {
                let level = match self.azure_local {
                    AzureLocalLicense::None => {
                        fire("azure-local-no-license", Forbids);
                        None
                    }
                    AzureLocalLicense::KeyTooOld => {
                        fire("azure-local-key-too-old", Forbids);
                        None
                    }
                    AzureLocalLicense::Key2019 => Some(2019),
                    AzureLocalLicense::Key2022 => Some(2022),
                    AzureLocalLicense::Key2025 => Some(2025),
                    _ => Some(u32::MAX),
                };
                if let (Some(level), Some(guest)) = (level, rank(release)) {
                    // Azure Edition is named for 2022 only, with keys of 2019 and 2022 and with the
                    // subscription, whatever the plain 2022 row says.
                    if azure_edition {
                        if guest != 2022 || level == 2025 {
                            fire("azure-local-guest-undocumented", Undocumented);
                        }
                    } else if guest > level {
                        fire("azure-local-key-level", Forbids);
                    } else if level == 2025 && guest == 2012 {
                        fire("azure-local-guest-undocumented", Undocumented);
                    }
                }
                let named = matches!(level, Some(2019 | 2022)) && rank(release) == Some(2022);
                if azure_edition && named && !self.software_assurance {
                    fire("azure-local-software-assurance", Forbids);
                }
                if azure_edition && !self.azure_verification {
                    fire("azure-local-verification", Forbids);
                }
                if !self.synced {
                    fire("azure-local-not-synced", Undocumented);
                }
            }
            HostFamily::AzureStackHub => {
                match rank(release) {
                    Some(2025) => fire("azure-stack-hub-guest", Forbids),
                    Some(2019 | 2022) => fire("azure-stack-hub-guest-undocumented", Undocumented),
                    _ => {}
                }
                if azure_edition {
                    fire("azure-edition-platform", Undocumented);
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
            Does::Nothing => Verdict::Eligible,
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
        for family in self.families.iter() {
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
