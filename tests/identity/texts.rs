//! What single texts say.

use super::{ALL_RELEASES, identity, products, releases};
use avma::{Clue, Product};

#[test]
fn version_texts() {
    for (text, expected) in [
        ("10.0.20348", &["2022"][..]),
        ("10.0.20348.2159", &["2022"]),
        ("6.3", &["2012-r2"]),
        ("6.2", &["2012"]),
        ("6.1", &["2008-r2"]),
        ("5.2.3790", &["older"]),
        ("6.1.7601", &["2008-r2"]),
        ("10.0", &ALL_RELEASES[3..15]),
        ("20348.1.amd64fre.fe_release.210507-1500", &["2022"]),
        ("20348", &["2022"]),
        ("21H2", &["2022", "unlisted"]),
        ("23h2", &["23h2", "unlisted"]),
        ("24H2", &["2025", "unlisted"]),
        ("20H2", &["20h2", "unlisted"]),
        ("22H2", &["unlisted"]),
        ("2009", &["20h2", "2022", "23h2", "2025", "unlisted"]),
        ("2004", &["2004"]),
        ("1809", &["2019", "1809"]),
        // Beside a build a version is the release id, which 2019 shares.
        ("Version 1809 (OS Build 17763.5329)", &["2019", "1809"]),
        ("10.0.17763 Version 1809", &["2019", "1809"]),
        ("10.0.17763 Windows Server 2019 Standard", &["2019"]),
        ("1507", &["unlisted"]),
    ] {
        let found = releases(&identity(&[Clue::OsVersion(text)]));
        if text == "10.0" {
            let expected = [expected, &["preview", "unlisted"]].concat();
            assert_eq!(found, expected);
        } else {
            assert_eq!(found, expected, "{text}");
        }
    }
    // Versions of other systems, Linux kernels among them.
    for text in [
        "",
        "5.15",
        "5.4.0-42",
        "6.1.0-13-amd64",
        "6.2.0-39-generic",
        "6.3.1",
        "22.04",
        "8.1",
        "7.9.2009",
        "5.15.90.1-microsoft-standard-WSL2",
        "1.2.3",
        "10.15.7",
        "4294967296.1",
        "...",
        "0.0.0",
        "5.4.2500",
        "10.15.20348",
        "6.1.55",
        "6.2.9600",
        "6.3.9200",
        "10.0.9600",
        "11.0.20348",
        "6.4",
        "5.3",
    ] {
        assert!(Clue::OsVersion(text).read().says_nothing(), "{text}");
    }
    let linux = identity(&[Clue::OsVersion("Linux 6.2.0-39-generic")]);
    assert_eq!(products(&linux), ["not-windows"]);
    let media = identity(&[Clue::OsVersion(
        "20348.1787.230607-0640.fe_release_SERVER_EVAL_x64FRE_en-us",
    )]);
    assert_eq!(media.evaluation().as_bool(), Some(true));
    assert!(
        Clue::OsVersion("6.2.9200")
            .read()
            .note()
            .unwrap()
            .contains("manifest")
    );
    assert_eq!(Clue::OsVersion("10.0.20348").read().note(), None);
    assert!(Clue::OsVersion("6.3").read().note().is_some());
}

/// Caption, releases and products; an empty list is "not known".
const CAPTIONS: &[(&str, &[&str], &[&str])] = &[
    ("Example Linux 12", &[], &["not-windows"]),
    ("Ubuntu 22.04.3 LTS", &[], &["not-windows"]),
    ("Ubuntu Server 2016 Standard", &[], &["not-windows"]),
    ("Red Hat Enterprise Virtualization 4", &[], &["not-windows"]),
    ("FreeBSD", &[], &["not-windows"]),
    ("Microsoft Azure Linux 3.0", &[], &["not-windows"]),
    ("Microsoft SQL Server 2022 Standard", &[], &["unlisted"]),
    (
        "Microsoft Exchange Server 2019 Standard",
        &[],
        &["unlisted"],
    ),
    ("Contoso Server 2022 Standard", &[], &[]),
    ("Contoso 2022 Datacenter", &[], &[]),
    ("", &[], &[]),
    ("Windows 10 Server 2016 Standard", &[], &[]),
    ("Windows(R) 7 Professional", &[], &["client"]),
    ("Windows Vista", &[], &["client"]),
    (
        "Windows Server(R) 2012 R2 Standard",
        &["2012-r2"],
        &["standard"],
    ),
    (
        "Windows Server™ 2012 R2 Foundation",
        &["2012-r2"],
        &["foundation"],
    ),
    (
        "Windows Server 2016 R2 Standard",
        &["unlisted"],
        &["standard"],
    ),
    ("Windows Server 2028 Standard", &["unlisted"], &["standard"]),
    (
        "Windows Server 2003 Standard Edition",
        &["older"],
        &["standard"],
    ),
    (
        "Windows Small Business Server 2011 Essentials",
        &["older"],
        &["other-server"],
    ),
    (
        "Windows Server 2012 R2 and 2016 Standard",
        &[],
        &["standard"],
    ),
    (
        "Windows Server 2016, version 1607 Standard",
        &["2016"],
        &["standard"],
    ),
    (
        // 1809 is 2019's own version; the channel's captions carry no year.
        "Windows Server 2019, version 1809 Datacenter",
        &["2019"],
        &["datacenter"],
    ),
    (
        "Windows Server 2019 (1809) Standard",
        &["2019"],
        &["standard"],
    ),
    // A hypervisor's name for a release and all that came after it.
    (
        "Microsoft Windows Server 2016 or later (64-bit) Standard",
        &[],
        &["standard"],
    ),
    (
        "Windows Server 2012 R2 or newer Standard",
        &[],
        &["standard"],
    ),
    ("Windows Server 2016+ Datacenter", &[], &["datacenter"]),
    // Where it runs, or which edition: not to be told.
    (
        "Windows Server 2022 Datacenter (Azure)",
        &["2022"],
        &["datacenter", "datacenter-azure-edition"],
    ),
    (
        "Windows Server 2022, version 21H2 Datacenter",
        &["2022"],
        &["datacenter"],
    ),
    (
        "Windows Server 2025 24H2 Datacenter",
        &["2025"],
        &["datacenter"],
    ),
    (
        "Windows Server, version 1511 Datacenter",
        &["unlisted"],
        &["datacenter"],
    ),
    (
        "Windows Server 20H9 Datacenter",
        &["unlisted"],
        &["datacenter"],
    ),
    (
        "Windows Server 2016 Datacenter (Desktop Experience) Insider",
        &["preview"],
        &["datacenter"],
    ),
    ("Azure Local, version 23H2", &[], &["azure-local"]),
    ("Azure Stack HCI 2022", &[], &["azure-local"]),
    (
        "Windows Server 2022 Essentials: Azure Edition",
        &["2022"],
        &["unlisted"],
    ),
    (
        "Windows Server 2022 Azure",
        &["2022"],
        &["datacenter-azure-edition", "azure-server"],
    ),
    (
        "Windows Server 2022 Azure Edition",
        &["2022"],
        &["datacenter-azure-edition"],
    ),
    (
        "WindowsServerStandardEvaluation 2019",
        &["2019"],
        &["standard"],
    ),
    (
        "Windows Server 2012 SERVERENTERPRISE",
        &["2012"],
        &["enterprise"],
    ),
    (
        "Windows Server 2012 R2 Standard SERVERDATACENTER",
        &["2012-r2"],
        &[],
    ),
    (
        "2016Server Datacenter",
        &["2016", "1709", "1803"],
        &["datacenter"],
    ),
    ("2022Server", &["2022", "23h2"], &[]),
    ("post2022Server", &[], &[]),
    ("2012Server", &["2012"], &[]),
    ("windows2022srvnext", &["2025"], &[]),
    ("windows2016srvnext", &["unlisted"], &[]),
    (
        "Windows Server 2022 Standard 99999999999999999999",
        &["2022"],
        &["standard"],
    ),
    ("V Server 2016 Standard", &["2016"], &["standard"]),
    (
        "Windows Server 2012 R 2 Standard",
        &["2012-r2"],
        &["standard"],
    ),
    ("Windows Server(R) 02 Standard", &[], &["standard"]),
    ("Windows Server 10 Standard", &[], &["standard"]),
    (
        "Windows Server Datacenter (Annual Channel)",
        &[],
        &["datacenter"],
    ),
    (
        "Windows Server Datacenter (Semi-Annual Channel)",
        &["1709", "1803", "1809", "1903", "1909", "2004", "20h2"],
        &["datacenter"],
    ),
    (
        "2019Server SERVERSTANDARD",
        &["2019", "1903", "1909", "2004", "20h2"],
        &["standard"],
    ),
    (
        "Windows Server, version 1709 SERVERSTANDARDACORE",
        &["1709"],
        &["standard"],
    ),
    ("any 2016 SERVERSTANDARD", &["2016"], &["standard"]),
    ("2016 SERVERSTANDARD SERVERDATACENTER", &["2016"], &[]),
    (
        "Windows Server 2022 Standard on a small disk",
        &["2022"],
        &["standard"],
    ),
    ("Windows Home Server 2011", &["older"], &["other-server"]),
    ("Windows Web Server 2008", &["older"], &["web"]),
    ("Server 2016 Standard / Essentials", &["2016"], &[]),
    ("Windows Server 2012 R2/2016 Standard", &[], &["standard"]),
    ("any Azure Stack HCI", &[], &["azure-local"]),
    ("Azure any Local 2022", &[], &[]),
    ("Windows Home", &[], &[]),
    ("Windows 10 SERVERSTANDARD", &[], &[]),
    ("2012Server/R2", &[], &[]),
    ("Windows Server 20 H2 Datacenter", &[], &["datacenter"]),
    ("Windows Server 20H 2 Datacenter", &[], &["datacenter"]),
    (
        "Windows Server 2012 R 02 Standard",
        &["2012"],
        &["standard"],
    ),
];

/// Short forms that people type, and the names of images in Azure's Marketplace.
const SHORT_FORMS: &[(&str, &[&str], &[&str])] = &[
    ("2022 std", &["2022"], &["standard"]),
    ("win2k16 datacenter", &["2016"], &["datacenter"]),
    ("w2k12r2 std", &["2012-r2"], &["standard"]),
    ("W2K8 R2 Std", &["2008-r2"], &["standard"]),
    ("2k3", &["older"], &[]),
    ("2012R2 DC", &["2012-r2"], &["datacenter"]),
    ("ws2019 dc core", &["2019"], &["datacenter"]),
    ("srv 2019 std", &["2019"], &["standard"]),
    ("Win Svr 2025 Std", &["2025"], &["standard"]),
    ("2022 Data Center", &["2022"], &["datacenter"]),
    ("Windows Server 2022 Datacentre", &["2022"], &["datacenter"]),
    // A word that is not known costs that word only, behind a release.
    ("2022 standard whatever", &["2022"], &["standard"]),
    ("whatever 2022 standard", &[], &[]),
    ("standard whatever 2022", &[], &[]),
    ("2k 16 std", &[], &["standard"]),
    ("3k16 std", &[], &[]),
    ("2022-datacenter", &["2022"], &["datacenter"]),
    ("2022-datacenter-g2", &["2022"], &["datacenter"]),
    ("2022-datacenter-core", &["2022"], &["datacenter"]),
    (
        "2022-datacenter-core-smalldisk-g2",
        &["2022"],
        &["datacenter"],
    ),
    ("2019-datacenter-gensecond", &["2019"], &["datacenter"]),
    (
        "2019-Datacenter-with-Containers",
        &["2019"],
        &["datacenter"],
    ),
    (
        "2012-r2-datacenter-smalldisk",
        &["2012-r2"],
        &["datacenter"],
    ),
    (
        "2022-datacenter-azure-edition",
        &["2022"],
        &["datacenter-azure-edition"],
    ),
    (
        "2022-datacenter-azure-edition-core-smalldisk",
        &["2022"],
        &["datacenter-azure-edition"],
    ),
    (
        "2025-datacenter-azure-edition-hotpatch-gs",
        &["2025"],
        &["datacenter-azure-edition"],
    ),
    ("Windows IoT Enterprise LTSC 2024", &[], &["client"]),
    ("Windows 10 Enterprise LTSC 2021", &[], &["client"]),
];

#[test]
fn captions() {
    for (text, expected_releases, expected_products) in CAPTIONS.iter().chain(SHORT_FORMS) {
        let identity = identity(&[Clue::Caption(text)]);
        if expected_releases.is_empty() {
            assert!(
                identity.releases().is_unknown(),
                "{text}: {:?}",
                identity.releases()
            );
        } else {
            assert_eq!(releases(&identity), *expected_releases, "{text}");
        }
        if expected_products.is_empty() {
            assert!(
                identity.products().is_unknown(),
                "{text}: {:?}",
                identity.products()
            );
        } else {
            assert_eq!(products(&identity), *expected_products, "{text}");
        }
    }
    // Without an edition it is a server all the same.
    let server = identity(&[Clue::Caption("Windows Server 2025")]).products();
    assert!(!server.contains(Product::Client) && !server.contains(Product::NotWindows));
    assert_eq!(server.len() as usize, Product::ALL.len() - 2);
}

#[test]
fn ids_that_are_none_or_other() {
    for (id, product) in [
        ("ServerWinFoundation", "foundation"),
        ("ServerHyperCore", "hyper-v-server"),
        ("ServerAzureCor", "azure-server"),
        ("ServerAzure", "azure-server"),
        ("CloudHost", "azure-server"),
        ("ServerAzureStackHCICor", "azure-local"),
        ("ServerCloudStorage", "storage"),
        ("ServerStorageWorkgroupEvalCore", "storage"),
        ("ServerMultiPointPremium", "multipoint-premium"),
        ("ServerARM64", "arm64"),
        ("ServerStandardNano", "nano"),
        ("ServerEnterpriseIA64", "itanium"),
        ("ServerStandardV", "standard"),
        ("ServerRdsh", "client"),
        ("ProfessionalWorkstationN", "client"),
        ("CoreSingleLanguage", "client"),
        ("EnterpriseSNEval", "client"),
        ("  serversolution ", "essentials"),
        ("ServerStandardx", "unlisted"),
        ("ServerSolutionNano", "unlisted"),
        ("ServerTurbineACor", "unlisted"),
        ("CoreX", "unlisted"),
        ("Server", "unlisted"),
        ("Datacenter", "unlisted"),
    ] {
        assert_eq!(
            products(&identity(&[Clue::EditionId(id)])),
            [product],
            "{id}"
        );
    }
    for (id, note) in [
        ("ServerEssentials", "ServerSolution"),
        ("ServerEssentialsEval", "ServerSolution"),
        ("ServerAzureEditionDatacenter", "ServerTurbine"),
        ("ServerDatacenterAzureEdition", "ServerTurbine"),
        ("ServerAzureEval", "tools only"),
        ("ServerAzureCorCore", "tools only"),
        ("ServerDatacenter2025", "tools only"),
    ] {
        let reading = Clue::EditionId(id).read();
        assert!(reading.says_nothing(), "{id}");
        assert!(reading.note().unwrap().contains(note), "{id}");
    }
    for id in ["ServerFoo2025", "Server2025", "2025"] {
        let reading = Clue::EditionId(id).read();
        assert_eq!(reading.note(), None, "{id}");
        assert!(reading.products.is(Product::Unlisted), "{id}");
    }
    assert!(Clue::EditionId(" ").read().says_nothing());
    for family in [
        "",
        "Windows(R) Operating System, VOLUME_KMSCLIENT channel",
        "two words",
    ] {
        assert!(
            Clue::LicenseFamily(family).read().says_nothing(),
            "{family}"
        );
    }
    assert!(Clue::Sku(12).read().note().unwrap().contains("7 or 8"));
    assert!(
        Clue::Sku(37)
            .read()
            .note()
            .unwrap()
            .contains("without Hyper-V")
    );
    assert_eq!(Clue::Sku(8).read().note(), None);
}

/// Families of systems that are not Windows, editions of servers and of clients.
#[test]
#[expect(clippy::too_many_lines, reason = "tables of words")]
fn words_of_captions() {
    for family in [
        "Linux",
        "Ubuntu",
        "Debian",
        "CentOS",
        "RHEL",
        "Red Hat",
        "Fedora",
        "SUSE",
        "SLES",
        "openSUSE",
        "Rocky",
        "Alma",
        "AlmaLinux",
        "FreeBSD",
        "OpenBSD",
        "NetBSD",
        "DragonFly",
        "Gentoo",
        "Alpine",
        "Photon",
        "Flatcar",
        "CoreOS",
        "NixOS",
        "Slackware",
        "Mageia",
        "Kali",
        "UNIX",
        "Solaris",
        "illumos",
        "macOS",
        "Android",
        "ESXi",
    ] {
        let text = format!("{family} 12");
        assert_eq!(
            products(&identity(&[Clue::Caption(&text)])),
            ["not-windows"],
            "{text}"
        );
        // Windows names no other system's product, only a neighbour.
        let text = format!("Windows Server 2022 Standard for {family}");
        assert_eq!(
            products(&identity(&[Clue::Caption(&text)])),
            ["standard"],
            "{text}"
        );
    }
    for (edition, product) in [
        ("Enterprise", "enterprise"),
        ("Web", "web"),
        ("HPC", "hpc"),
        ("Itanium", "itanium"),
        ("Cluster", "hpc"),
        ("Home", "other-server"),
    ] {
        let text = format!("Windows Server 2008 {edition}");
        assert_eq!(
            products(&identity(&[Clue::Caption(&text)])),
            [product],
            "{text}"
        );
    }
    for edition in [
        "Pro",
        "Professional",
        "Education",
        "Ultimate",
        "Enterprise",
        "Home",
    ] {
        for client in [
            "Windows 7",
            "Windows 8",
            "Windows 8.1",
            "Windows 10",
            "Windows 11",
            "Windows XP",
            "Windows Vista",
        ] {
            let text = format!("{client} {edition}");
            let identity = identity(&[Clue::Caption(&text)]);
            assert_eq!(products(&identity), ["client"], "{text}");
            assert_eq!(identity.evaluation().as_bool(), Some(false), "{text}");
            assert!(identity.installation().is_unknown(), "{text}");
        }
    }
    for product in [
        "SQL",
        "Exchange",
        "SharePoint",
        "BizTalk",
        "Office",
        "Visual",
    ] {
        let text = format!("{product} Server 2019 Standard");
        let identity = identity(&[Clue::Caption(&text)]);
        assert_eq!(products(&identity), ["unlisted"], "{text}");
        assert!(identity.releases().is_unknown(), "{text}");
    }
    assert!(
        identity(&[Clue::Caption("Windows 10")])
            .evaluation()
            .is_unknown()
    );
}

/// What texts say on evaluation and installation.
#[test]
fn evaluation_and_installation() {
    for (text, evaluation, installation) in [
        ("Windows Server 2022 Standard", Some(false), None),
        ("Windows Server 2022 Standard Eval", Some(true), None),
        ("Windows Server 2022", None, None),
        ("Windows Server 2022 Evaluation", Some(true), None),
        ("Windows Server 2022 Standard Preview", None, None),
        // A word that is not understood may say it in another language.
        (
            "Microsoft Windows Server 2012 R2 Standard 評価版",
            Some(true),
            None,
        ),
        ("Windows Server 2022 Standard評価版", Some(true), None),
        ("Windows Server 2022 Standard 评估版", None, None),
        (
            "Évaluation de Microsoft Windows Server 2016 Standard",
            None,
            None,
        ),
        ("Evaluación de Windows Server 2019 Standard", None, None),
        (
            "Windows Server 2019 Standard (ознакомительная версия)",
            None,
            None,
        ),
        ("Windows Server 2019 Standard – Testversion", None, None),
        ("Windows Server 2022 Standard trial", None, None),
        ("2022-datacenter", None, None),
        ("Standard", None, None),
        (
            "Windows Server 2012 R2 Standard SERVERSTANDARD",
            None,
            Some("full"),
        ),
        ("SERVERSTANDARDEVALCORE", Some(true), Some("core")),
        ("SERVERSTANDARDEVAL", Some(true), Some("full")),
        ("SERVERDATACENTERNANO", None, None),
        (
            "Windows Server 2016 Standard Core",
            Some(false),
            Some("core"),
        ),
        (
            "Windows Server 2016 Standard (Desktop Experience)",
            Some(false),
            Some("full"),
        ),
        ("Windows Server 2016 Standard Desktop", Some(false), None),
        ("Windows Server 2016 Standard Experience", Some(false), None),
        (
            "Windows Server 2016 Standard (Experiencia)",
            Some(false),
            None,
        ),
        (
            "Windows Server 2016 Standard de escritorio",
            Some(false),
            None,
        ),
        (
            "Windows Server 2016 Standard (Server with a GUI)",
            Some(false),
            Some("full"),
        ),
        (
            "Windows Server 2016 Standard (Core, GUI)",
            Some(false),
            None,
        ),
        (
            "Windows Server 2016 Standard (Core) SERVERSTANDARD",
            None,
            None,
        ),
        ("Hyper-V Server", Some(false), Some("core")),
    ] {
        let identity = identity(&[Clue::ImageName(text)]);
        assert_eq!(identity.evaluation().as_bool(), evaluation, "{text}");
        let found = identity.installation().known_element();
        assert_eq!(
            found.map(avma::Installation::as_str),
            installation,
            "{text}"
        );
    }
}
