//! The names under which tools show what is a clue, and the words of a product type.
//!
//! Sources: the properties of `Win32_OperatingSystem` and the values of the registry key
//! `Windows NT\CurrentVersion` by their own names, what `systeminfo`, `DISM` and
//! `Get-ComputerInfo` print, and the facts that Ansible gathers.

use super::ClueKind;

/// The names of each kind; case and blanks do not count.
const FIELDS: &[(ClueKind, &[&str])] = &[
    (
        ClueKind::Caption,
        &[
            "Caption",
            "ProductName",
            "OSName",
            "WindowsProductName",
            "ansible_distribution",
        ],
    ),
    (
        ClueKind::OsVersion,
        &[
            "Version",
            "OSVersion",
            "DisplayVersion",
            "ReleaseId",
            "BuildLabEx",
            "ImageVersion",
            "ansible_distribution_version",
        ],
    ),
    (
        ClueKind::Build,
        &[
            "BuildNumber",
            "CurrentBuild",
            "CurrentBuildNumber",
            "OsBuildNumber",
        ],
    ),
    (
        ClueKind::Sku,
        &["OperatingSystemSKU", "OsOperatingSystemSKU", "OSEditionId"],
    ),
    (
        ClueKind::EditionId,
        &["EditionID", "WindowsEditionId", "CurrentEdition", "Edition"],
    ),
    (ClueKind::ImageName, &["ImageName"]),
    (ClueKind::LicenseFamily, &["LicenseFamily"]),
    (
        ClueKind::ProductType,
        &["ProductType", "OsProductType", "ansible_os_product_type"],
    ),
    (ClueKind::SuiteMask, &["SuiteMask"]),
    (
        ClueKind::InstallationType,
        &[
            "InstallationType",
            "WindowsInstallationType",
            "Installation",
            "ansible_os_installation_type",
        ],
    ),
];

impl ClueKind {
    /// The vocabulary of a field by the name that a tool gives it: a property of WMI, a value of the
    /// registry, a line of `systeminfo` or DISM, a fact of Ansible. `None` for any other name.
    ///
    /// DISM prints its own `Version` before that of the image; the first of the two is no clue.
    ///
    /// ```
    /// use avma::ClueKind;
    ///
    /// assert_eq!(ClueKind::of_field("OS Name"), Some(ClueKind::Caption));
    /// assert_eq!(ClueKind::of_field("Current Edition"), Some(ClueKind::EditionId));
    /// assert_eq!(ClueKind::of_field("ansible_distribution"), Some(ClueKind::Caption));
    /// assert_eq!(ClueKind::of_field("Host Name"), None);
    /// ```
    pub fn of_field(name: &str) -> Option<Self> {
        let letters = |text: &str| {
            let letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
            letters.map(|byte| byte.to_ascii_lowercase()).eq(name
                .bytes()
                .filter(|byte| !byte.is_ascii_whitespace())
                .map(|byte| byte.to_ascii_lowercase()))
        };
        let mut rows = FIELDS.iter();
        rows.find_map(|(kind, names)| names.iter().any(|name| letters(name)).then_some(*kind))
    }
}

/// The words of a product type, by its number: the registry's `ProductType`, which DISM shows too,
/// and those of `Get-ComputerInfo` and Ansible.
const PRODUCT_TYPES: [(u32, &[&str]); 3] = [
    (1, &["WinNT", "WorkStation"]),
    (2, &["LanmanNT", "DomainController", "domain_controller"]),
    (3, &["ServerNT", "Server"]),
];

/// A product type from its text: a number, the registry's word, or that of `Get-ComputerInfo` or
/// Ansible. `None` for anything else.
///
/// ```
/// use avma::identity::product_type_from_text;
///
/// assert_eq!(product_type_from_text("3"), Some(3));
/// assert_eq!(product_type_from_text("LanmanNT"), Some(2));
/// assert_eq!(product_type_from_text("workstation"), Some(1));
/// assert_eq!(product_type_from_text("mainframe"), None);
/// ```
pub fn product_type_from_text(text: &str) -> Option<u32> {
    let text = text.trim();
    let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    let mut rows = PRODUCT_TYPES.iter();
    rows.find_map(|(number, words)| is(words).then_some(*number))
        .or_else(|| text.parse().ok())
}
