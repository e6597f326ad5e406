//! A host, as far as it is known: a sum by family.

use super::azure_local::{AzureLocalHost, AzureLocalLicense};
use super::azure_stack_hub::AzureStackHubHost;
use super::windows_server::WindowsServerHost;
use crate::catalog::products::Products;
use crate::catalog::releases::Releases;
use crate::catalog::rule::{FactName, HostFamilies, HostFamily};

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
///
/// With `serde` it is an object with its `family`, or `unknown` there:
/// `{"family":"windows-server","release":"2022","edition":"datacenter"}`. To read one takes `alloc`
/// too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(tag = "family", rename_all = "kebab-case")
)]
#[cfg_attr(all(feature = "serde", feature = "alloc"), derive(serde::Deserialize))]
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

    /// The possibilities of each fact that its family has, as bits.
    pub(crate) fn each(&self, see: impl FnMut(FactName, u32)) {
        match self {
            Self::WindowsServer(host) => host.each(see),
            Self::AzureLocal(host) => host.each(see),
            Self::AzureStackHub(host) => host.each(see),
            Self::Azure | Self::OtherHypervisor | Self::Unknown => {}
        }
    }

    /// Replaces the possibilities of a fact that its family has; `bits` must not be empty.
    pub(crate) fn set(&mut self, fact: FactName, bits: u32) {
        match self {
            Self::WindowsServer(host) => host.set(fact, bits),
            Self::AzureLocal(host) => host.set(fact, bits),
            Self::AzureStackHub(host) => host.set(fact, bits),
            Self::Azure | Self::OtherHypervisor | Self::Unknown => {}
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

impl WindowsServerHost {
    /// The plain case for whatever is not known: licensed, the Hyper-V role installed, no evaluation,
    /// not pay-as-you-go, not itself a virtual machine. For the question "could it?"; what is known
    /// stays.
    pub fn ready(self) -> Host {
        self.plain().into()
    }
}

impl AzureLocalHost {
    /// The plain case for whatever is not known: synced with Azure, Azure verification enabled.
    /// Software Assurance stays as it is: no administrator can switch it on.
    pub fn ready(self) -> Host {
        self.plain().into()
    }
}

impl AzureStackHubHost {
    /// The plain case for whatever is not known: the OEM's marker is set.
    pub fn ready(self) -> Host {
        self.plain().into()
    }
}
