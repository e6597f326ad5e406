//! What a system *is*: the licensed editions and the products beside them, a row each.
//!
//! Everything that is a fact about a product stands in its row: its names, the words by which
//! captions name it, its SKU numbers, its edition ids (image flags are the same ids in capitals). The
//! readers of [`identity`](crate::identity) are computed from the rows.
//!
//! Whether a system is an evaluation and whether it is a core installation are facts of their own,
//! because the vocabularies tell them apart from the product: a caption names product and
//! evaluation, an image flag names product and installation.
//!
//! Sources: Microsoft's AVMA page of 2023-09-19 for the four editions; Microsoft's GetProductInfo page
//! and the constants of the Windows SDK's `winnt.h` for the SKU numbers, 406 to 409 from copies of
//! newer headers.

use crate::fact::Fact;
use crate::word::words;
use IdForm::{ClientBase, Licensed, Suffixed, Whole, WholeCore};
use SkuForm::{
    Core, Evaluation, EvaluationCore, LongTerm, LongTermCore, Of, OldCore, SemiAnnual,
    WithoutHyperV, WithoutHyperVCore,
};

/// What a SKU number says beside the product.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SkuForm {
    /// Full or core, which the number does not tell.
    Of,
    /// Core.
    Core,
    /// Evaluation copy, full or core.
    Evaluation,
    /// Evaluation copy, core.
    EvaluationCore,
    /// Datacenter and Standard, of any release but 1809.
    LongTerm,
    /// The same, core.
    LongTermCore,
    /// Of the Semi-Annual Channel.
    SemiAnnual,
    /// The core numbers that common tables have.
    OldCore,
    /// Copies without Hyper-V of 2008.
    WithoutHyperV,
    /// The same, core.
    WithoutHyperVCore,
}

/// How an edition id goes on behind its base.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdForm {
    /// `Eval`, `Cor`, `ACor` and the like: the licensed editions.
    Licensed,
    /// `Eval`, `Cor`, `V`, `EM`.
    Suffixed,
    /// Not at all.
    Whole,
    /// Not at all; the id is that of a core installation.
    WholeCore,
    /// The suffixes of clients.
    ClientBase,
}

/// A SKU number, its constant without `PRODUCT_`, and what it says beside the product. A number that
/// stands in two rows means either product.
pub(crate) type Sku = (u32, &'static str, SkuForm);

/// What is a fact about a product, beside its slug and its names.
#[derive(Clone, Copy)]
struct Row {
    /// Words in names made for people.
    words: &'static [&'static str],
    /// Edition ids, by base.
    ids: &'static [(&'static str, IdForm)],
    /// SKU numbers, in their order.
    skus: &'static [Sku],
    /// Whether it counts as Windows Server; `None` where no text says.
    windows_server: Option<bool>,
}

/// A product that no word, id or number of its own names.
const ROW: Row = Row {
    words: &[],
    ids: &[],
    skus: &[],
    windows_server: Some(true),
};

/// `Variant = slug, name, aliases => row;`: the enums by [`words!`], the rows beside them.
macro_rules! products {
    (
        $(#[$edition_meta:meta])*
        editions { $( $(#[$edition_doc:meta])* $Edition:ident = $edition_slug:tt, $edition_name:tt $(, $edition_alias:tt)* => $edition_row:expr; )+ }
        $(#[$meta:meta])*
        others { $( $(#[$doc:meta])* $Other:ident = $slug:tt, $name:tt $(, $alias:tt)* => $row:expr; )+ }
    ) => {
        words! {
            $(#[$edition_meta])*
            pub enum Edition ("edition") {
                $( $(#[$edition_doc])* $Edition = $edition_slug, $edition_name $(, $edition_alias)*; )+
            }
        }

        words! {
            $(#[$meta])*
            pub enum Product ("product") {
                $( $(#[$edition_doc])* $Edition = $edition_slug, $edition_name $(, $edition_alias)*; )+
                $( $(#[$doc])* $Other = $slug, $name $(, $alias)*; )+
            }
        }

        impl Product {
            const ROWS: [Row; Self::ALL.len()] = [$($edition_row,)+ $($row),+];

            /// The edition, where this is one of the four that have AVMA keys.
            pub const fn edition(self) -> Option<Edition> {
                match self {
                    $( Self::$Edition => Some(Edition::$Edition), )+
                    $( Self::$Other => None, )+
                }
            }
        }

        impl From<Edition> for Product {
            fn from(edition: Edition) -> Self {
                match edition {
                    $( Edition::$Edition => Self::$Edition, )+
                }
            }
        }
    };
}

products! {
    /// One of the four editions that have AVMA keys.
    editions {
        /// Windows Server Datacenter: a guest, and the one Windows Server host of AVMA.
        Datacenter = "datacenter", "Datacenter" => Row {
            words: &["datacenter", "datacentre", "dc", "数据中心版"],
            ids: &[("ServerDatacenter", Licensed)],
            skus: &[
                (8, "DATACENTER_SERVER", LongTerm),
                (12, "DATACENTER_SERVER_CORE", OldCore),
                (37, "DATACENTER_SERVER_V", WithoutHyperV),
                (39, "DATACENTER_SERVER_CORE_V", WithoutHyperVCore),
                (80, "DATACENTER_EVALUATION_SERVER", Evaluation),
                (145, "DATACENTER_A_SERVER_CORE", SemiAnnual),
                (147, "DATACENTER_WS_SERVER_CORE", LongTermCore),
                (159, "DATACENTER_EVALUATION_SERVER_CORE", EvaluationCore),
            ],
            ..ROW
        };
        /// Windows Server Datacenter: Azure Edition (`ServerTurbine`, SKU 407 to 409). Not `ServerAzureCor`.
        DatacenterAzureEdition = "datacenter-azure-edition", "Datacenter: Azure Edition",
            "Datacenter Azure Edition", "DatacenterAzureEdition", "Azure Edition" => Row {
            ids: &[("ServerTurbine", Licensed)],
            skus: &[
                (407, "DATACENTER_SERVER_AZURE_EDITION", Of),
                (408, "DATACENTER_SERVER_CORE_AZURE_EDITION", Core),
                (409, "DATACENTER_WS_SERVER_CORE_AZURE_EDITION", Core),
            ],
            ..ROW
        };
        /// Windows Server Standard.
        Standard = "standard", "Standard" => Row {
            words: &["standard", "std", "标准版"],
            ids: &[("ServerStandard", Licensed)],
            skus: &[
                (7, "STANDARD_SERVER", LongTerm),
                (13, "STANDARD_SERVER_CORE", OldCore),
                (36, "STANDARD_SERVER_V", WithoutHyperV),
                (40, "STANDARD_SERVER_CORE_V", WithoutHyperVCore),
                (79, "STANDARD_EVALUATION_SERVER", Evaluation),
                (146, "STANDARD_A_SERVER_CORE", SemiAnnual),
                (148, "STANDARD_WS_SERVER_CORE", LongTermCore),
                (160, "STANDARD_EVALUATION_SERVER_CORE", EvaluationCore),
            ],
            ..ROW
        };
        /// Windows Server Essentials (`ServerSolution`, SKU 50).
        Essentials = "essentials", "Essentials" => Row {
            words: &["essentials"],
            ids: &[("ServerSolution", Licensed)],
            skus: &[
                (50, "SB_SOLUTION_SERVER", Of),
            ],
            ..ROW
        };
    }

    /// What a SKU number, edition id or caption names.
    others {
        /// Windows Server Foundation (`ServerWinFoundation`, SKU 33): not covered by AVMA.
        Foundation = "foundation", "Foundation" => Row {
            words: &["foundation"],
            ids: &[("ServerWinFoundation", Whole), ("ServerFoundation", Whole)],
            skus: &[
                (33, "SERVER_FOUNDATION", Of),
            ],
            ..ROW
        };
        /// Microsoft Hyper-V Server (SKU 42): a host system without AVMA.
        HyperVServer = "hyper-v-server", "Hyper-V Server" => Row {
            windows_server: Some(false),
            ids: &[("ServerHyperCore", WholeCore), ("ServerHyperCoreV", WholeCore)],
            skus: &[
                (42, "HYPERV", Of),
            ],
            ..ROW
        };
        /// Azure Stack HCI, Azure Local (SKU 406): a host family of its own.
        AzureLocal = "azure-local", "Azure Local" => Row {
            windows_server: Some(false),
            ids: &[("ServerAzureStackHCICor", WholeCore), ("ServerAzureStackHCICore", WholeCore)],
            skus: &[
                (406, "AZURESTACKHCI_SERVER_CORE", Core),
            ],
            ..ROW
        };
        /// Azure's own host and guest systems (SKU 163, 168, 199; `ServerAzureCor`): not Azure Edition.
        AzureServer = "azure-server", "Azure's own server edition" => Row {
            windows_server: None,
            ids: &[
                ("ServerAzureCor", WholeCore),
                ("ServerAzureCore", WholeCore),
                ("ServerAzure", Whole),
                ("ServerAzureNano", Whole),
                ("ServerCloudHostInfrastructure", Whole),
                ("CloudHost", Whole),
            ],
            skus: &[
                (124, "CLOUD_HOST_INFRASTRUCTURE_SERVER", Of),
                (163, "AZURE_SERVER", Of),
                (168, "AZURE_SERVER_CORE", Core),
                (169, "AZURE_NANO_SERVER", Of),
                (199, "AZURE_SERVER_CLOUDHOST", Of),
            ],
            ..ROW
        };
        /// Nano Server (SKU 143, 144), Datacenter or Standard.
        Nano = "nano", "Nano Server" => Row {
            words: &["nano"],
            ids: &[("ServerDatacenterNano", Whole), ("ServerStandardNano", Whole)],
            skus: &[
                (109, "NANO_SERVER", Of),
                (143, "DATACENTER_NANO_SERVER", Of),
                (144, "STANDARD_NANO_SERVER", Of),
            ],
            ..ROW
        };
        /// Windows Server for ARM64 (SKU 120).
        Arm64 = "arm64", "Windows Server for ARM64" => Row {
            ids: &[("ServerARM64", Suffixed)],
            skus: &[
                (120, "ARM64_SERVER", Of),
            ],
            ..ROW
        };
        /// MultiPoint Server Standard (SKU 76).
        MultiPointStandard = "multipoint-standard", "MultiPoint Server Standard" => Row {
            words: &["multipoint"],
            ids: &[("ServerMultiPointStandard", Suffixed)],
            skus: &[
                (56, "SOLUTION_EMBEDDEDSERVER", Of),
                (76, "MULTIPOINT_STANDARD_SERVER", Of),
            ],
            ..ROW
        };
        /// MultiPoint Server Premium (SKU 77).
        MultiPointPremium = "multipoint-premium", "MultiPoint Server Premium" => Row {
            words: &["multipoint"],
            ids: &[("ServerMultiPointPremium", Suffixed)],
            skus: &[
                (56, "SOLUTION_EMBEDDEDSERVER", Of),
                (77, "MULTIPOINT_PREMIUM_SERVER", Of),
            ],
            ..ROW
        };
        /// Storage Server and the cloud storage SKU.
        Storage = "storage", "Storage Server" => Row {
            words: &["storage"],
            ids: &[
                ("ServerStorageStandard", Suffixed),
                ("ServerStorageWorkgroup", Suffixed),
                ("ServerStorageExpress", Suffixed),
                ("ServerStorageEnterprise", Suffixed),
                ("ServerCloudStorage", Suffixed),
            ],
            skus: &[
                (20, "STORAGE_EXPRESS_SERVER", Of),
                (21, "STORAGE_STANDARD_SERVER", Of),
                (22, "STORAGE_WORKGROUP_SERVER", Of),
                (23, "STORAGE_ENTERPRISE_SERVER", Of),
                (43, "STORAGE_EXPRESS_SERVER_CORE", Core),
                (44, "STORAGE_STANDARD_SERVER_CORE", Core),
                (45, "STORAGE_WORKGROUP_SERVER_CORE", Core),
                (46, "STORAGE_ENTERPRISE_SERVER_CORE", Core),
                (95, "STORAGE_WORKGROUP_EVALUATION_SERVER", Evaluation),
                (96, "STORAGE_STANDARD_EVALUATION_SERVER", Evaluation),
                (110, "CLOUD_STORAGE_SERVER", Of),
            ],
            ..ROW
        };
        /// Windows Server Enterprise: 2008 R2 and older.
        Enterprise = "enterprise", "Enterprise" => Row {
            ids: &[("ServerEnterprise", Suffixed)],
            skus: &[
                (10, "ENTERPRISE_SERVER", Of),
                (14, "ENTERPRISE_SERVER_CORE", Core),
                (38, "ENTERPRISE_SERVER_V", Of),
                (41, "ENTERPRISE_SERVER_CORE_V", Core),
            ],
            ..ROW
        };
        /// Windows Server for Itanium-based systems: 2008 R2 and older.
        Itanium = "itanium", "Windows Server for Itanium-based Systems" => Row {
            words: &["itanium"],
            ids: &[("ServerEnterpriseIA64", Whole)],
            skus: &[
                (15, "ENTERPRISE_SERVER_IA64", Of),
            ],
            ..ROW
        };
        /// Windows Web Server: 2008 R2 and older.
        Web = "web", "Web Server" => Row {
            words: &["web"],
            ids: &[("ServerWeb", Suffixed)],
            skus: &[
                (17, "WEB_SERVER", Of),
                (29, "WEB_SERVER_CORE", Core),
            ],
            ..ROW
        };
        /// Windows HPC Server, Compute Cluster: 2008 R2 and older.
        Hpc = "hpc", "HPC Server" => Row {
            words: &["hpc", "cluster"],
            ids: &[("ServerHPC", Suffixed), ("ServerComputeCluster", Suffixed)],
            skus: &[
                (18, "CLUSTER_SERVER", Of),
                (64, "CLUSTER_SERVER_V", Of),
            ],
            ..ROW
        };
        /// A known server product that is none of the others (Small Business, Home Server …).
        OtherServer = "other-server", "another server product" => Row {
            ids: &[
                ("ServerSBSStandard", Suffixed),
                ("ServerSBSPremium", Suffixed),
                ("ServerForSBSolutions", Suffixed),
                ("ServerSolutionsPremium", Suffixed),
                ("ServerHomeStandard", Suffixed),
                ("ServerHomePremium", Suffixed),
                ("ServerMediumBusinessManagement", Suffixed),
                ("ServerMediumBusinessMessaging", Suffixed),
                ("ServerMediumBusinessSecurity", Suffixed),
                ("ServerEmbeddedSolution", Suffixed),
            ],
            skus: &[
                (9, "SMALLBUSINESS_SERVER", Of),
                (19, "HOME_SERVER", Of),
                (24, "SERVER_FOR_SMALLBUSINESS", Of),
                (25, "SMALLBUSINESS_SERVER_PREMIUM", Of),
                (30, "MEDIUMBUSINESS_SERVER_MANAGEMENT", Of),
                (31, "MEDIUMBUSINESS_SERVER_SECURITY", Of),
                (32, "MEDIUMBUSINESS_SERVER_MESSAGING", Of),
                (34, "HOME_PREMIUM_SERVER", Of),
                (35, "SERVER_FOR_SMALLBUSINESS_V", Of),
                (51, "SERVER_FOR_SB_SOLUTIONS", Of),
                (52, "STANDARD_SERVER_SOLUTIONS", Of),
                (53, "STANDARD_SERVER_SOLUTIONS_CORE", Core),
                (54, "SB_SOLUTION_SERVER_EM", Of),
                (55, "SERVER_FOR_SB_SOLUTIONS_EM", Of),
                (57, "SOLUTION_EMBEDDEDSERVER_CORE", Core),
                (59, "ESSENTIALBUSINESS_SERVER_MGMT", Of),
                (60, "ESSENTIALBUSINESS_SERVER_ADDL", Of),
                (61, "ESSENTIALBUSINESS_SERVER_MGMTSVC", Of),
                (62, "ESSENTIALBUSINESS_SERVER_ADDLSVC", Of),
                (63, "SMALLBUSINESS_SERVER_PREMIUM_CORE", Core),
            ],
            ..ROW
        };
        /// Client Windows, multi-session included: never an AVMA guest.
        Client = "client", "client Windows" => Row {
            windows_server: Some(false),
            ids: &[
                ("ServerRdsh", Whole),
                ("Professional", ClientBase),
                ("Enterprise", ClientBase),
                ("Education", ClientBase),
                ("Core", ClientBase),
                ("IoTEnterprise", ClientBase),
                ("IoTUAP", ClientBase),
                ("CloudEdition", ClientBase),
                ("Cloud", ClientBase),
                ("Ultimate", ClientBase),
                ("HomeBasic", ClientBase),
                ("HomePremium", ClientBase),
                ("Starter", ClientBase),
                ("Business", ClientBase),
                ("PPIPro", ClientBase),
            ],
            skus: &[
                (1, "ULTIMATE", Of),
                (2, "HOME_BASIC", Of),
                (3, "HOME_PREMIUM", Of),
                (4, "ENTERPRISE", Of),
                (5, "HOME_BASIC_N", Of),
                (6, "BUSINESS", Of),
                (11, "STARTER", Of),
                (16, "BUSINESS_N", Of),
                (26, "HOME_PREMIUM_N", Of),
                (27, "ENTERPRISE_N", Of),
                (28, "ULTIMATE_N", Of),
                (47, "STARTER_N", Of),
                (48, "PROFESSIONAL", Of),
                (49, "PROFESSIONAL_N", Of),
                (65, "EMBEDDED", Of),
                (66, "STARTER_E", Of),
                (67, "HOME_BASIC_E", Of),
                (68, "HOME_PREMIUM_E", Of),
                (69, "PROFESSIONAL_E", Of),
                (70, "ENTERPRISE_E", Of),
                (71, "ULTIMATE_E", Of),
                (72, "ENTERPRISE_EVALUATION", Evaluation),
                (84, "ENTERPRISE_N_EVALUATION", Evaluation),
                (85, "EMBEDDED_AUTOMOTIVE", Of),
                (86, "EMBEDDED_INDUSTRY_A", Of),
                (87, "THINPC", Of),
                (88, "EMBEDDED_A", Of),
                (89, "EMBEDDED_INDUSTRY", Of),
                (90, "EMBEDDED_E", Of),
                (91, "EMBEDDED_INDUSTRY_E", Of),
                (92, "EMBEDDED_INDUSTRY_A_E", Of),
                (97, "CORE_ARM", Of),
                (98, "CORE_N", Of),
                (99, "CORE_COUNTRYSPECIFIC", Of),
                (100, "CORE_SINGLELANGUAGE", Of),
                (101, "CORE", Of),
                (103, "PROFESSIONAL_WMC", Of),
                (104, "MOBILE_CORE", Of),
                (105, "EMBEDDED_INDUSTRY_EVAL", Evaluation),
                (106, "EMBEDDED_INDUSTRY_E_EVAL", Evaluation),
                (107, "EMBEDDED_EVAL", Evaluation),
                (108, "EMBEDDED_E_EVAL", Evaluation),
                (111, "CORE_CONNECTED", Of),
                (112, "PROFESSIONAL_STUDENT", Of),
                (113, "CORE_CONNECTED_N", Of),
                (114, "PROFESSIONAL_STUDENT_N", Of),
                (115, "CORE_CONNECTED_SINGLELANGUAGE", Of),
                (116, "CORE_CONNECTED_COUNTRYSPECIFIC", Of),
                (117, "CONNECTED_CAR", Of),
                (118, "INDUSTRY_HANDHELD", Of),
                (119, "PPI_PRO", Of),
                (121, "EDUCATION", Of),
                (122, "EDUCATION_N", Of),
                (123, "IOTUAP", Of),
                (125, "ENTERPRISE_S", Of),
                (126, "ENTERPRISE_S_N", Of),
                (127, "PROFESSIONAL_S", Of),
                (128, "PROFESSIONAL_S_N", Of),
                (129, "ENTERPRISE_S_EVALUATION", Evaluation),
                (130, "ENTERPRISE_S_N_EVALUATION", Evaluation),
                (131, "IOTUAPCOMMERCIAL", Of),
                (133, "MOBILE_ENTERPRISE", Of),
                (135, "HOLOGRAPHIC", Of),
                (136, "HOLOGRAPHIC_BUSINESS", Of),
                (138, "PRO_SINGLE_LANGUAGE", Of),
                (139, "PRO_CHINA", Of),
                (140, "ENTERPRISE_SUBSCRIPTION", Of),
                (141, "ENTERPRISE_SUBSCRIPTION_N", Of),
                (161, "PRO_WORKSTATION", Of),
                (162, "PRO_WORKSTATION_N", Of),
                (164, "PRO_FOR_EDUCATION", Of),
                (165, "PRO_FOR_EDUCATION_N", Of),
                (171, "ENTERPRISEG", Of),
                (172, "ENTERPRISEGN", Of),
                (175, "SERVERRDSH", Of),
                (178, "CLOUD", Of),
                (179, "CLOUDN", Of),
                (183, "CLOUDE", Of),
                (186, "CLOUDEN", Of),
                (188, "IOTENTERPRISE", Of),
                (191, "IOTENTERPRISES", Of),
                (202, "CLOUDEDITIONN", Of),
                (203, "CLOUDEDITION", Of),
                (206, "IOTENTERPRISEK", Of),
            ],
            ..ROW
        };
        /// Linux, BSD or anything else that is not Windows.
        NotWindows = "not-windows", "not Windows" => Row {
            windows_server: Some(false),
            ..ROW
        };
        /// A name or number that is in no table; nothing may be concluded.
        Unlisted = "unlisted", "an unlisted product" => Row {
            windows_server: None,
            ..ROW
        };
    }
}

impl Product {
    #[expect(
        clippy::indexing_slicing,
        reason = "a row for every variant, as the type of `ROWS` says"
    )]
    const fn row(self) -> &'static Row {
        const ROWS: &[Row] = &Product::ROWS;
        &ROWS[self as usize]
    }

    /// Whether it counts as Windows Server: hosts' and client systems do not. `None` where no text
    /// says.
    pub const fn is_windows_server(self) -> Option<bool> {
        self.row().windows_server
    }

    /// The edition ids by their bases, each with how it goes on.
    pub(crate) const fn ids(self) -> &'static [(&'static str, IdForm)] {
        self.row().ids
    }

    /// The edition ids by their bases, as the registry's `EditionID` begins; suffixes such as `Cor`
    /// and `Eval` may follow.
    ///
    /// ```
    /// use avma::Product;
    ///
    /// let ids: Vec<_> = Product::Datacenter.edition_ids().collect();
    /// assert_eq!(ids, ["ServerDatacenter"]);
    /// ```
    pub fn edition_ids(self) -> impl Iterator<Item = &'static str> {
        self.ids().iter().map(|(base, _)| *base)
    }

    /// The SKU numbers.
    pub(crate) const fn skus(self) -> &'static [Sku] {
        self.row().skus
    }

    /// The words in captions.
    pub(crate) const fn words(self) -> &'static [&'static str] {
        self.row().words
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
