//! What an identity says of a host.

use crate::catalog::hosts::azure_local::AzureLocalHost;
use crate::catalog::hosts::sum::Host;
use crate::catalog::hosts::windows_server::WindowsServerHost;
use crate::catalog::products::{Product, Products};
use crate::identity::Identity;

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
