//! What is known of a host: a sum by family, each family with the facts that its rules read.

use crate::catalog::hosts::{AzureLocalLicense, AzureLocalLicenses};
use crate::catalog::products::{Product, Products};
use crate::catalog::releases::Releases;
use crate::fact::{Fact, YesNo};
use crate::identity::Identity;
use crate::license::{HostLicense, HostLicenses};
use crate::word::words;

words! {
    /// The families of hosts that AVMA's texts treat apart; each has its own rules.
    pub enum HostFamily ("host family") {
        /// Windows Server with the Hyper-V role (client Windows and Hyper-V Server too: their rule
        /// is the edition).
        WindowsServer = "windows-server", "Windows Server with Hyper-V";
        /// Azure Stack HCI, Azure Local.
        AzureLocal = "azure-local", "Azure Local";
        /// Azure Stack Hub: another product.
        AzureStackHub = "azure-stack-hub", "Azure Stack Hub";
        /// The Azure public cloud.
        Azure = "azure", "Azure";
        /// A hypervisor that is not Hyper-V, or no hypervisor at all.
        OtherHypervisor = "other-hypervisor", "another hypervisor";
    }
}

/// What the family of a host may be.
pub type HostFamilies = Fact<HostFamily>;

words! {
    /// The edition of a Windows Server host, as far as AVMA's texts tell hosts apart.
    pub enum HostEdition ("host edition") {
        /// Windows Server Datacenter.
        Datacenter = "datacenter", "Datacenter";
        /// Datacenter: Azure Edition, of which no text says that it can be a host.
        AzureEdition = "azure-edition", "Datacenter: Azure Edition";
        /// Standard, Essentials, Hyper-V Server, client Windows and every other known product.
        NotDatacenter = "not-datacenter", "not Datacenter";
        /// A product that is in no table, or of which no text speaks as a host: Nano, ARM64.
        Unlisted = "unlisted", "an unlisted product";
    }
}

impl From<Product> for HostEdition {
    fn from(product: Product) -> Self {
        match product {
            Product::Datacenter => Self::Datacenter,
            Product::DatacenterAzureEdition => Self::AzureEdition,
            // Nano and ARM64 come as Datacenter too, and no text speaks of them as hosts.
            Product::Nano | Product::Arm64 | Product::Unlisted => Self::Unlisted,
            _ => Self::NotDatacenter,
        }
    }
}

/// What the edition of a Windows Server host may be.
pub type HostEditions = Fact<HostEdition>;

impl From<Products> for HostEditions {
    fn from(products: Products) -> Self {
        // A fact is not empty, so neither is its image; `unknown` is never reached.
        Self::one_of(products.iter().map(HostEdition::from)).unwrap_or_default()
    }
}

/// A host, as far as it is known.
///
/// ```
/// use avma::assess::{can, Can, Guest, Host};
/// use avma::{Product, Release};
///
/// let host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
/// let guest = Guest::new(Release::Ws2019, Product::Standard).ready();
/// assert_eq!(can(&host, &guest), Can::Eligible);
/// assert_eq!(can(&Host::Unknown, &guest), Can::Undetermined);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Host {
    /// Windows Server with Hyper-V.
    WindowsServer(WindowsServerHost),
    /// Azure Stack HCI, Azure Local.
    AzureLocal(AzureLocalHost),
    /// Azure Stack Hub.
    AzureStackHub(AzureStackHubHost),
    /// The Azure public cloud.
    Azure,
    /// Not Hyper-V.
    OtherHypervisor,
    /// Nothing is known, not even the family.
    Unknown,
}

/// A Windows Server host with Hyper-V.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct WindowsServerHost {
    /// Its release.
    pub release: Releases,
    /// Its edition.
    pub edition: HostEditions,
    /// Whether it is an evaluation copy.
    pub evaluation: YesNo,
    /// Its licence.
    pub license: HostLicenses,
    /// Whether the Hyper-V role is installed.
    pub hyper_v_role: YesNo,
    /// Whether it is itself a virtual machine (nested virtualization).
    pub nested: YesNo,
    /// Whether it is licensed pay-as-you-go (2025, through Azure Arc).
    pub pay_as_you_go: YesNo,
}

/// An Azure Stack HCI or Azure Local host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct AzureLocalHost {
    /// By what it gives AVMA to its guests.
    pub license: AzureLocalLicenses,
    /// Whether the host keys have Software Assurance.
    pub software_assurance: YesNo,
    /// Whether the host synced with Azure within the last 30 days.
    pub synced: YesNo,
    /// Whether "Azure verification for VMs" is enabled on the cluster.
    pub azure_verification: YesNo,
}

/// An Azure Stack Hub host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct AzureStackHubHost {
    /// Whether the OEM set the marker in its BIOS.
    pub bios_marker: YesNo,
}

impl Host {
    /// A Windows Server host of this release and product; all else unknown.
    pub fn windows_server(
        release: impl Into<Releases>,
        product: impl Into<Products>,
    ) -> WindowsServerHost {
        WindowsServerHost {
            release: release.into(),
            edition: product.into().into(),
            ..WindowsServerHost::default()
        }
    }

    /// An Azure Local host with this licence; all else unknown.
    pub fn azure_local(license: AzureLocalLicense) -> AzureLocalHost {
        AzureLocalHost {
            license: license.into(),
            ..AzureLocalHost::default()
        }
    }

    /// What the family may be.
    pub fn families(&self) -> HostFamilies {
        match self {
            Self::WindowsServer(_) => HostFamily::WindowsServer.into(),
            Self::AzureLocal(_) => HostFamily::AzureLocal.into(),
            Self::AzureStackHub(_) => HostFamily::AzureStackHub.into(),
            Self::Azure => HostFamily::Azure.into(),
            Self::OtherHypervisor => HostFamily::OtherHypervisor.into(),
            Self::Unknown => HostFamilies::unknown(),
        }
    }
}

impl From<HostFamily> for Host {
    /// A host of the family of which nothing else is known.
    fn from(family: HostFamily) -> Self {
        match family {
            HostFamily::WindowsServer => Self::WindowsServer(WindowsServerHost::default()),
            HostFamily::AzureLocal => Self::AzureLocal(AzureLocalHost::default()),
            HostFamily::AzureStackHub => Self::AzureStackHub(AzureStackHubHost::default()),
            HostFamily::Azure => Self::Azure,
            HostFamily::OtherHypervisor => Self::OtherHypervisor,
        }
    }
}

impl WindowsServerHost {
    /// The plain case for whatever is not known: licensed, the Hyper-V role installed, no evaluation,
    /// not pay-as-you-go, not itself a virtual machine. For the question "could it?"; what is known
    /// stays.
    pub fn ready(self) -> Host {
        Host::WindowsServer(Self {
            evaluation: self.evaluation.or(false.into()),
            license: self.license.or(HostLicense::Licensed.into()),
            hyper_v_role: self.hyper_v_role.or(true.into()),
            nested: self.nested.or(false.into()),
            pay_as_you_go: self.pay_as_you_go.or(false.into()),
            ..self
        })
    }
}

impl AzureLocalHost {
    /// The plain case for whatever is not known: synced with Azure, Azure verification enabled.
    /// Software Assurance stays as it is: no administrator can switch it on.
    pub fn ready(self) -> Host {
        Host::AzureLocal(Self {
            synced: self.synced.or(true.into()),
            azure_verification: self.azure_verification.or(true.into()),
            ..self
        })
    }
}

impl AzureStackHubHost {
    /// The plain case for whatever is not known: the OEM's marker is set.
    pub fn ready(self) -> Host {
        Host::AzureStackHub(Self {
            bios_marker: self.bios_marker.or(true.into()),
        })
    }
}

impl From<&Identity> for Host {
    /// The host by what it is: of the Azure Local family where it is surely that product, of Azure
    /// where it surely runs Azure's own edition, of Windows Server where it is surely neither.
    ///
    /// Azure Stack Hub's hosts look like Windows Server; only the caller knows them.
    fn from(identity: &Identity) -> Self {
        const APART: Products = Products::of(&[Product::AzureLocal, Product::AzureServer]);
        let products = identity.products();
        if products.is(Product::AzureLocal) {
            AzureLocalHost::default().into()
        } else if products.is(Product::AzureServer) {
            Self::Azure
        } else if products.is(Product::NotWindows) {
            Self::OtherHypervisor
        } else if products.intersect(APART).is_some() {
            Self::Unknown
        } else {
            Self::WindowsServer(WindowsServerHost {
                release: identity.releases(),
                edition: products.into(),
                evaluation: identity.evaluation(),
                ..WindowsServerHost::default()
            })
        }
    }
}

impl From<WindowsServerHost> for Host {
    fn from(host: WindowsServerHost) -> Self {
        Self::WindowsServer(host)
    }
}

impl From<AzureLocalHost> for Host {
    fn from(host: AzureLocalHost) -> Self {
        Self::AzureLocal(host)
    }
}

impl From<AzureStackHubHost> for Host {
    fn from(host: AzureStackHubHost) -> Self {
        Self::AzureStackHub(host)
    }
}
