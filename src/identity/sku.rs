//! SKU numbers.
//!
//! Source: Microsoft's GetProductInfo page and the constants of the Windows SDK's `winnt.h`; 406 to
//! 409 from copies of newer headers.

use super::edition_id::{long_term, semi_annual};
use super::reading::Reading;
use crate::product::Product;

/// How a SKU is read.
#[derive(Clone, Copy)]
enum Sku {
    /// Full or core, which the number does not tell.
    Of(Product),
    Core(Product),
    /// Evaluation copy, full or core.
    Evaluation(Product),
    EvaluationCore(Product),
    /// Datacenter and Standard, of any release but 1809.
    LongTerm(Product),
    LongTermCore(Product),
    SemiAnnual(Product),
    /// The core numbers that common tables have.
    OldCore(Product),
    /// Copies without Hyper-V of 2008.
    WithoutHyperV(Product),
    WithoutHyperVCore(Product),
}

use Product::{
    Arm64, AzureLocal, AzureServer, Client, Datacenter, DatacenterAzureEdition, Essentials,
    Foundation, HyperVServer, MultiPoint, Nano, OtherServer, Standard, Storage,
};
use Sku::{
    Core, Evaluation, EvaluationCore, LongTerm, LongTermCore, Of, OldCore, SemiAnnual,
    WithoutHyperV, WithoutHyperVCore,
};

/// Number, constant without its `PRODUCT_`, and how it is read; in the order of the numbers.
#[rustfmt::skip]
const SKUS: [(u32, &str, Sku); 130] = [
    (1, "ULTIMATE", Of(Client)),
    (2, "HOME_BASIC", Of(Client)),
    (3, "HOME_PREMIUM", Of(Client)),
    (4, "ENTERPRISE", Of(Client)),
    (5, "HOME_BASIC_N", Of(Client)),
    (6, "BUSINESS", Of(Client)),
    (7, "STANDARD_SERVER", LongTerm(Standard)),
    (8, "DATACENTER_SERVER", LongTerm(Datacenter)),
    (9, "SMALLBUSINESS_SERVER", Of(OtherServer)),
    (10, "ENTERPRISE_SERVER", Of(OtherServer)),
    (11, "STARTER", Of(Client)),
    (12, "DATACENTER_SERVER_CORE", OldCore(Datacenter)),
    (13, "STANDARD_SERVER_CORE", OldCore(Standard)),
    (14, "ENTERPRISE_SERVER_CORE", Core(OtherServer)),
    (15, "ENTERPRISE_SERVER_IA64", Of(OtherServer)),
    (16, "BUSINESS_N", Of(Client)),
    (17, "WEB_SERVER", Of(OtherServer)),
    (18, "CLUSTER_SERVER", Of(OtherServer)),
    (19, "HOME_SERVER", Of(OtherServer)),
    (20, "STORAGE_EXPRESS_SERVER", Of(Storage)),
    (21, "STORAGE_STANDARD_SERVER", Of(Storage)),
    (22, "STORAGE_WORKGROUP_SERVER", Of(Storage)),
    (23, "STORAGE_ENTERPRISE_SERVER", Of(Storage)),
    (24, "SERVER_FOR_SMALLBUSINESS", Of(OtherServer)),
    (25, "SMALLBUSINESS_SERVER_PREMIUM", Of(OtherServer)),
    (26, "HOME_PREMIUM_N", Of(Client)),
    (27, "ENTERPRISE_N", Of(Client)),
    (28, "ULTIMATE_N", Of(Client)),
    (29, "WEB_SERVER_CORE", Core(OtherServer)),
    (30, "MEDIUMBUSINESS_SERVER_MANAGEMENT", Of(OtherServer)),
    (31, "MEDIUMBUSINESS_SERVER_SECURITY", Of(OtherServer)),
    (32, "MEDIUMBUSINESS_SERVER_MESSAGING", Of(OtherServer)),
    (33, "SERVER_FOUNDATION", Of(Foundation)),
    (34, "HOME_PREMIUM_SERVER", Of(OtherServer)),
    (35, "SERVER_FOR_SMALLBUSINESS_V", Of(OtherServer)),
    (36, "STANDARD_SERVER_V", WithoutHyperV(Standard)),
    (37, "DATACENTER_SERVER_V", WithoutHyperV(Datacenter)),
    (38, "ENTERPRISE_SERVER_V", Of(OtherServer)),
    (39, "DATACENTER_SERVER_CORE_V", WithoutHyperVCore(Datacenter)),
    (40, "STANDARD_SERVER_CORE_V", WithoutHyperVCore(Standard)),
    (41, "ENTERPRISE_SERVER_CORE_V", Core(OtherServer)),
    (42, "HYPERV", Of(HyperVServer)),
    (43, "STORAGE_EXPRESS_SERVER_CORE", Core(Storage)),
    (44, "STORAGE_STANDARD_SERVER_CORE", Core(Storage)),
    (45, "STORAGE_WORKGROUP_SERVER_CORE", Core(Storage)),
    (46, "STORAGE_ENTERPRISE_SERVER_CORE", Core(Storage)),
    (47, "STARTER_N", Of(Client)),
    (48, "PROFESSIONAL", Of(Client)),
    (49, "PROFESSIONAL_N", Of(Client)),
    (50, "SB_SOLUTION_SERVER", Of(Essentials)),
    (51, "SERVER_FOR_SB_SOLUTIONS", Of(OtherServer)),
    (52, "STANDARD_SERVER_SOLUTIONS", Of(OtherServer)),
    (53, "STANDARD_SERVER_SOLUTIONS_CORE", Core(OtherServer)),
    (54, "SB_SOLUTION_SERVER_EM", Of(OtherServer)),
    (55, "SERVER_FOR_SB_SOLUTIONS_EM", Of(OtherServer)),
    (56, "SOLUTION_EMBEDDEDSERVER", Of(OtherServer)),
    (57, "SOLUTION_EMBEDDEDSERVER_CORE", Core(OtherServer)),
    (59, "ESSENTIALBUSINESS_SERVER_MGMT", Of(OtherServer)),
    (60, "ESSENTIALBUSINESS_SERVER_ADDL", Of(OtherServer)),
    (61, "ESSENTIALBUSINESS_SERVER_MGMTSVC", Of(OtherServer)),
    (62, "ESSENTIALBUSINESS_SERVER_ADDLSVC", Of(OtherServer)),
    (63, "SMALLBUSINESS_SERVER_PREMIUM_CORE", Core(OtherServer)),
    (64, "CLUSTER_SERVER_V", Of(OtherServer)),
    (65, "EMBEDDED", Of(Client)),
    (66, "STARTER_E", Of(Client)),
    (67, "HOME_BASIC_E", Of(Client)),
    (68, "HOME_PREMIUM_E", Of(Client)),
    (69, "PROFESSIONAL_E", Of(Client)),
    (70, "ENTERPRISE_E", Of(Client)),
    (71, "ULTIMATE_E", Of(Client)),
    (72, "ENTERPRISE_EVALUATION", Evaluation(Client)),
    (76, "MULTIPOINT_STANDARD_SERVER", Of(MultiPoint)),
    (77, "MULTIPOINT_PREMIUM_SERVER", Of(MultiPoint)),
    (79, "STANDARD_EVALUATION_SERVER", Evaluation(Standard)),
    (80, "DATACENTER_EVALUATION_SERVER", Evaluation(Datacenter)),
    (84, "ENTERPRISE_N_EVALUATION", Evaluation(Client)),
    (85, "EMBEDDED_AUTOMOTIVE", Of(Client)),
    (86, "EMBEDDED_INDUSTRY_A", Of(Client)),
    (87, "THINPC", Of(Client)),
    (88, "EMBEDDED_A", Of(Client)),
    (89, "EMBEDDED_INDUSTRY", Of(Client)),
    (90, "EMBEDDED_E", Of(Client)),
    (91, "EMBEDDED_INDUSTRY_E", Of(Client)),
    (92, "EMBEDDED_INDUSTRY_A_E", Of(Client)),
    (95, "STORAGE_WORKGROUP_EVALUATION_SERVER", Evaluation(Storage)),
    (96, "STORAGE_STANDARD_EVALUATION_SERVER", Evaluation(Storage)),
    (97, "CORE_ARM", Of(Client)),
    (98, "CORE_N", Of(Client)),
    (99, "CORE_COUNTRYSPECIFIC", Of(Client)),
    (100, "CORE_SINGLELANGUAGE", Of(Client)),
    (101, "CORE", Of(Client)),
    (103, "PROFESSIONAL_WMC", Of(Client)),
    (110, "CLOUD_STORAGE_SERVER", Of(Storage)),
    (119, "PPI_PRO", Of(Client)),
    (120, "ARM64_SERVER", Of(Arm64)),
    (121, "EDUCATION", Of(Client)),
    (122, "EDUCATION_N", Of(Client)),
    (123, "IOTUAP", Of(Client)),
    (125, "ENTERPRISE_S", Of(Client)),
    (126, "ENTERPRISE_S_N", Of(Client)),
    (129, "ENTERPRISE_S_EVALUATION", Evaluation(Client)),
    (130, "ENTERPRISE_S_N_EVALUATION", Evaluation(Client)),
    (131, "IOTUAPCOMMERCIAL", Of(Client)),
    (143, "DATACENTER_NANO_SERVER", Of(Nano)),
    (144, "STANDARD_NANO_SERVER", Of(Nano)),
    (145, "DATACENTER_A_SERVER_CORE", SemiAnnual(Datacenter)),
    (146, "STANDARD_A_SERVER_CORE", SemiAnnual(Standard)),
    (147, "DATACENTER_WS_SERVER_CORE", LongTermCore(Datacenter)),
    (148, "STANDARD_WS_SERVER_CORE", LongTermCore(Standard)),
    (159, "DATACENTER_EVALUATION_SERVER_CORE", EvaluationCore(Datacenter)),
    (160, "STANDARD_EVALUATION_SERVER_CORE", EvaluationCore(Standard)),
    (161, "PRO_WORKSTATION", Of(Client)),
    (162, "PRO_WORKSTATION_N", Of(Client)),
    (163, "AZURE_SERVER", Of(AzureServer)),
    (164, "PRO_FOR_EDUCATION", Of(Client)),
    (165, "PRO_FOR_EDUCATION_N", Of(Client)),
    (168, "AZURE_SERVER_CORE", Core(AzureServer)),
    (169, "AZURE_NANO_SERVER", Of(AzureServer)),
    (175, "SERVERRDSH", Of(Client)),
    (178, "CLOUD", Of(Client)),
    (179, "CLOUDN", Of(Client)),
    (188, "IOTENTERPRISE", Of(Client)),
    (191, "IOTENTERPRISES", Of(Client)),
    (199, "AZURE_SERVER_CLOUDHOST", Of(AzureServer)),
    (202, "CLOUDEDITIONN", Of(Client)),
    (203, "CLOUDEDITION", Of(Client)),
    (406, "AZURESTACKHCI_SERVER_CORE", Core(AzureLocal)),
    (407, "DATACENTER_SERVER_AZURE_EDITION", Of(DatacenterAzureEdition)),
    (408, "DATACENTER_SERVER_CORE_AZURE_EDITION", Core(DatacenterAzureEdition)),
    (409, "DATACENTER_WS_SERVER_CORE_AZURE_EDITION", Core(DatacenterAzureEdition)),
];

// The search relies on the order.
#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time; a place out of bounds does not build"
)]
const _: () = {
    let mut place = 1;
    while place < SKUS.len() {
        assert!(SKUS[place - 1].0 < SKUS[place].0);
        place += 1;
    }
};

/// What a SKU number says: 0 is "undefined" and says nothing, a number that is in no list stays an
/// unlisted product.
pub(super) fn read(number: u32) -> Reading {
    const CORE_NUMBERS: &str = "Windows Server 2012 and later report 7 or 8 for a core installation too; 12 and 13 come \
         from older systems or from tools";
    const WITHOUT_HYPER_V: &str =
        "a number of Windows Server 2008 without Hyper-V, which no later system is known to report";
    if number == 0 {
        return Reading::NOTHING;
    }
    let found = SKUS
        .binary_search_by_key(&number, |(number, ..)| *number)
        .ok()
        .and_then(|place| SKUS.get(place));
    let Some(&(_, _, sku)) = found else {
        return Reading::unlisted();
    };
    match sku {
        // The Semi-Annual Channel has no Essentials and reports other SKUs, so these are not 1809.
        Of(Essentials) => Reading::of(Essentials).in_releases(long_term()),
        Evaluation(product @ (Datacenter | Standard)) => {
            Reading::of(product).evaluation().in_releases(long_term())
        }
        EvaluationCore(product @ (Datacenter | Standard)) => Reading::of(product)
            .evaluation()
            .core()
            .in_releases(long_term()),
        Of(product) => Reading::of(product),
        Core(product) => Reading::of(product).core(),
        Evaluation(product) => Reading::of(product).evaluation(),
        EvaluationCore(product) => Reading::of(product).evaluation().core(),
        LongTerm(product) => Reading::of(product).in_releases(long_term()),
        LongTermCore(product) => Reading::of(product).core().in_releases(long_term()),
        SemiAnnual(product) => Reading::of(product)
            .core()
            .in_releases(semi_annual(product)),
        OldCore(product) => Reading::of(product).core().noted(CORE_NUMBERS),
        WithoutHyperV(product) => Reading::of(product).noted(WITHOUT_HYPER_V),
        WithoutHyperVCore(product) => Reading::of(product).core().noted(WITHOUT_HYPER_V),
    }
}

/// A SKU number from its text: decimal, hexadecimal with `0x`, or the constant's name. `None` for
/// anything else: `-1`, `8.0`, an unknown constant.
///
/// ```
/// use avma::identity::sku_from_text;
///
/// assert_eq!(sku_from_text("80"), Some(80));
/// assert_eq!(sku_from_text("0x50"), Some(80)); // and not 50
/// assert_eq!(sku_from_text("PRODUCT_DATACENTER_SERVER"), Some(8));
/// assert_eq!(sku_from_text("-1"), None);
/// ```
pub fn sku_from_text(text: &str) -> Option<u32> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return digits
            .bytes()
            .all(|digit| digit.is_ascii_hexdigit())
            .then(|| u32::from_str_radix(digits, 16).ok())?;
    }
    if text.bytes().all(|digit| digit.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (head, name) = text.split_at_checked("PRODUCT_".len())?;
    if !head.eq_ignore_ascii_case("PRODUCT_") {
        return None;
    }
    SKUS.iter()
        .find(|(_, constant, _)| constant.eq_ignore_ascii_case(name))
        .map(|(number, ..)| *number)
}
