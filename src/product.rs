//! What a system *is*: the licensed editions and the products beside them.
//!
//! Whether it is an evaluation and whether it is a core installation are facts of their own,
//! because the vocabularies tell them apart from the product: a caption names product and
//! evaluation, an image flag names product and installation.
//!
//! Source: Microsoft's AVMA page of 2023-09-19 for the four editions, GetProductInfo's SKU list for
//! the rest.

use crate::fact::Fact;
use crate::word::words;

words! {
    /// One of the four editions that have AVMA keys.
    pub enum Edition ("edition") {
        /// Datacenter.
        Datacenter = "datacenter", "Datacenter";
        /// Datacenter: Azure Edition (`ServerTurbine`, SKU 407 to 409). Not `ServerAzureCor`.
        DatacenterAzureEdition = "datacenter-azure-edition", "Datacenter: Azure Edition",
            "Datacenter Azure Edition", "DatacenterAzureEdition", "Azure Edition";
        /// Standard.
        Standard = "standard", "Standard";
        /// Essentials (`ServerSolution`, SKU 50).
        Essentials = "essentials", "Essentials";
    }
}

words! {
    /// What a SKU number, edition id or caption names.
    pub enum Product ("product") {
        /// Windows Server Datacenter: a guest, and the one Windows Server host of AVMA.
        Datacenter = "datacenter", "Datacenter";
        /// Windows Server Datacenter: Azure Edition.
        DatacenterAzureEdition = "datacenter-azure-edition", "Datacenter: Azure Edition",
            "Datacenter Azure Edition", "DatacenterAzureEdition", "Azure Edition";
        /// Windows Server Standard.
        Standard = "standard", "Standard";
        /// Windows Server Essentials.
        Essentials = "essentials", "Essentials";
        /// Windows Server Foundation (`ServerWinFoundation`, SKU 33): not covered by AVMA.
        Foundation = "foundation", "Foundation";
        /// Microsoft Hyper-V Server (SKU 42): a host system without AVMA.
        HyperVServer = "hyper-v-server", "Hyper-V Server";
        /// Azure Stack HCI, Azure Local (SKU 406): a host family of its own.
        AzureLocal = "azure-local", "Azure Local";
        /// Azure's own host and guest systems (SKU 163, 168, 199; `ServerAzureCor`): not Azure Edition.
        AzureServer = "azure-server", "Azure's own server edition";
        /// Nano Server (SKU 143, 144).
        Nano = "nano", "Nano Server";
        /// Windows Server for ARM64 (SKU 120).
        Arm64 = "arm64", "Windows Server for ARM64";
        /// MultiPoint Server (SKU 76, 77).
        MultiPoint = "multipoint", "MultiPoint Server";
        /// Storage Server and the cloud storage SKU.
        Storage = "storage", "Storage Server";
        /// A known server product that is none of the above (Web, Enterprise, HPC, Small Business …).
        OtherServer = "other-server", "another server product";
        /// Client Windows, multi-session included: never an AVMA guest.
        Client = "client", "client Windows";
        /// Linux, BSD or anything else that is not Windows.
        NotWindows = "not-windows", "not Windows";
        /// A name or number that is in no table; nothing may be concluded.
        Unlisted = "unlisted", "an unlisted product";
    }
}

impl Product {
    /// The edition, where this is one of the four that have AVMA keys.
    pub const fn edition(self) -> Option<Edition> {
        match self {
            Self::Datacenter => Some(Edition::Datacenter),
            Self::DatacenterAzureEdition => Some(Edition::DatacenterAzureEdition),
            Self::Standard => Some(Edition::Standard),
            Self::Essentials => Some(Edition::Essentials),
            _ => None,
        }
    }
}

impl From<Edition> for Product {
    fn from(edition: Edition) -> Self {
        match edition {
            Edition::Datacenter => Self::Datacenter,
            Edition::DatacenterAzureEdition => Self::DatacenterAzureEdition,
            Edition::Standard => Self::Standard,
            Edition::Essentials => Self::Essentials,
        }
    }
}

words! {
    /// Full (with desktop) or core.
    pub enum Installation ("installation") {
        /// Server with Desktop Experience, or "Server with a GUI".
        Full = "full", "Server with Desktop Experience";
        /// Server Core.
        Core = "core", "Server Core";
    }
}

/// What the product of a system may be.
pub type Products = Fact<Product>;

impl From<Edition> for Products {
    fn from(edition: Edition) -> Self {
        Self::known(edition.into())
    }
}

impl Products {
    /// Any of these products.
    pub(crate) const fn of(products: &[Product]) -> Self {
        let mut bits = 0;
        let mut place = 0;
        #[expect(
            clippy::indexing_slicing,
            reason = "bounded by the loop; `const fn` has no iterators"
        )]
        while place < products.len() {
            bits |= 1 << products[place] as u32;
            place += 1;
        }
        Self::from_bits(bits)
    }

    /// The edition, where it is known and one of the four that have AVMA keys.
    pub fn edition(self) -> Option<Edition> {
        self.known_element().and_then(Product::edition)
    }
}

/// What the installation of a system may be.
pub type Installations = Fact<Installation>;
