//! Clues to sets: golden tables first, then the laws.

mod laws;
mod sku;
mod texts;

use avma::catalog::keys::KeyChannel;
use avma::catalog::releases::AnyRelease;
use avma::identity::{Axis, ClueKinds, KeyAnswer};
use avma::{Clue, ClueKind, Edition, Identity, Installation, Product, Products, Release, Releases};

#[track_caller]
fn identity(clues: &[Clue<'_>]) -> Identity {
    Identity::from_clues(clues.iter().copied())
}

fn releases(identity: &Identity) -> Vec<&'static str> {
    identity
        .releases()
        .iter()
        .map(|release| match release {
            AnyRelease::Release(release) => release.as_str(),
            AnyRelease::Older => "older",
            AnyRelease::Preview => "preview",
            AnyRelease::Unlisted => "unlisted",
        })
        .collect()
}

fn products(identity: &Identity) -> Vec<&'static str> {
    identity.products().iter().map(Product::as_str).collect()
}

const ALL_RELEASES: [&str; 18] = [
    "2008-r2", "2012", "2012-r2", "2016", "1709", "1803", "2019", "1809", "1903", "1909", "2004",
    "20h2", "2022", "23h2", "2025", "older", "preview", "unlisted",
];

/// What each vocabulary calls the four editions.
#[test]
fn four_editions_in_every_vocabulary() {
    use Clue::{Caption, EditionId, ImageName, LicenseFamily, Sku};
    use Edition::{Datacenter, DatacenterAzureEdition as Azure, Essentials, Standard};
    let (full, core) = (Some(Installation::Full), Some(Installation::Core));
    for (clue, edition, installation) in [
        (EditionId("ServerDatacenter"), Datacenter, None),
        (EditionId("ServerDatacenterCor"), Datacenter, core),
        (EditionId("ServerDatacenterCore"), Datacenter, core),
        (EditionId("ServerDatacenterWSCor"), Datacenter, core),
        (EditionId("ServerDatacenterACor"), Datacenter, core),
        (EditionId("ServerStandard"), Standard, None),
        (EditionId("ServerStandardCor"), Standard, core),
        (EditionId("ServerStandardCore"), Standard, core),
        (EditionId("ServerStandardWSCor"), Standard, core),
        (EditionId("ServerStandardACor"), Standard, core),
        (EditionId("ServerSolution"), Essentials, None),
        (EditionId("ServerTurbine"), Azure, None),
        (EditionId("ServerTurbineCor"), Azure, core),
        (LicenseFamily("ServerDatacenter"), Datacenter, None),
        (LicenseFamily("ServerStandardCor"), Standard, core),
        (
            LicenseFamily("Windows(R), ServerSolution edition"),
            Essentials,
            None,
        ),
        (
            LicenseFamily("Windows Server(R), ServerTurbine edition"),
            Azure,
            None,
        ),
        (ImageName("SERVERDATACENTER"), Datacenter, full),
        (ImageName("SERVERDATACENTERCORE"), Datacenter, core),
        (ImageName("SERVERDATACENTERACORE"), Datacenter, core),
        (ImageName("SERVERSTANDARD"), Standard, full),
        (ImageName("SERVERSTANDARDCORE"), Standard, core),
        (ImageName("SERVERSTANDARDACORE"), Standard, core),
        (ImageName("SERVERSOLUTION"), Essentials, full),
        (ImageName("SERVERTURBINE"), Azure, full),
        (ImageName("SERVERTURBINECORE"), Azure, core),
        (Sku(8), Datacenter, None),
        (Sku(147), Datacenter, core),
        (Sku(145), Datacenter, core),
        (Sku(12), Datacenter, core),
        (Sku(7), Standard, None),
        (Sku(148), Standard, core),
        (Sku(146), Standard, core),
        (Sku(13), Standard, core),
        (Sku(50), Essentials, None),
        (Sku(407), Azure, None),
        (Sku(408), Azure, core),
        (Sku(409), Azure, core),
        (
            Caption("Microsoft Windows Server 2022 Datacenter"),
            Datacenter,
            None,
        ),
        (Caption("Windows Server 2022 Standard"), Standard, None),
        (Caption("Windows Server 2019 Essentials"), Essentials, None),
        (
            Caption("Windows Server 2022 Datacenter Azure Edition"),
            Azure,
            None,
        ),
        (
            Caption("Windows Server 2022 Datacenter: Azure Edition"),
            Azure,
            None,
        ),
    ] {
        let identity = identity(&[clue]);
        assert_eq!(identity.edition(), Some(edition), "{clue:?}");
        assert_eq!(
            identity.installation().known_element(),
            installation,
            "{clue:?}"
        );
        let denies = !matches!(clue, ImageName(_));
        assert_eq!(
            identity.evaluation().as_bool(),
            denies.then_some(false),
            "{clue:?}"
        );
    }
}

/// Nano Server has the edition in its name, so that a number or an id that says Nano wins.
///
/// Source: "Install Nano Server", 2017-09-06.
#[test]
fn nano_server_is_known_by_its_number() {
    let name = Clue::Caption("Microsoft Windows Server 2016 Datacenter");
    for nano in [
        Clue::Sku(143),
        Clue::Sku(144),
        Clue::EditionId("ServerDatacenterNano"),
        Clue::InstallationType("Nano Server"),
    ] {
        let nano_server = identity(&[name, nano]);
        assert_eq!(products(&nano_server), ["nano"], "{nano:?}");
        assert_eq!(nano_server.conflicts().count(), 0, "{nano:?}");
        assert_eq!(identity(&[nano, name]), nano_server);
    }
    // A name gives way to a number or an id, not to another name.
    let by_name = identity(&[Clue::ImageName("Nano"), Clue::Caption("Datacenter")]);
    assert_eq!(by_name.conflicts().count(), 1);
    // No other number gives way to a name, and no other name to Nano.
    assert_eq!(identity(&[name, Clue::Sku(7)]).conflicts().count(), 1);
    let essentials = Clue::Caption("Windows Server 2016 Essentials");
    let torn = identity(&[essentials, Clue::Sku(143)]);
    assert_eq!(torn.conflicts().count(), 1);
}

/// The kinds of core installation tell the releases apart that share a build.
#[test]
fn releases_by_sku() {
    let rest = |out: &[&str]| -> Vec<&str> {
        ALL_RELEASES
            .into_iter()
            .filter(|release| !out.contains(release))
            .collect()
    };
    let semi_annual = ["1709", "1803", "1809", "1903", "1909", "2004", "20h2"];
    for clue in [
        Clue::Sku(7),
        Clue::Sku(8),
        Clue::Sku(147),
        Clue::Sku(148),
        Clue::EditionId("ServerStandard"),
        Clue::EditionId("ServerDatacenterCor"),
        Clue::LicenseFamily("ServerDatacenterWSCor"),
        Clue::ImageName("SERVERSTANDARD"),
        // Essentials and evaluation copies: other SKUs than the Semi-Annual Channel's.
        Clue::Sku(50),
        Clue::Sku(79),
        Clue::Sku(80),
        Clue::Sku(159),
        Clue::Sku(160),
        Clue::EditionId("ServerSolution"),
        Clue::EditionId("ServerStandardEval"),
        Clue::EditionId("ServerDatacenterEvalCor"),
    ] {
        assert_eq!(releases(&identity(&[clue])), rest(&["1809"]), "{clue:?}");
    }
    for clue in [Clue::Sku(146), Clue::EditionId("ServerStandardACor")] {
        let expected = [&semi_annual[..], &["preview", "unlisted"]].concat();
        assert_eq!(releases(&identity(&[clue])), expected, "{clue:?}");
    }
    for clue in [
        Clue::Sku(145),
        Clue::EditionId("ServerDatacenterACor"),
        Clue::ImageName("SERVERDATACENTERACORE"),
    ] {
        let expected = [&semi_annual[..], &["23h2", "preview", "unlisted"]].concat();
        assert_eq!(releases(&identity(&[clue])), expected, "{clue:?}");
    }
    for clue in [Clue::Sku(12), Clue::Sku(13), Clue::Sku(72), Clue::Sku(407)] {
        assert!(identity(&[clue]).releases().is_unknown(), "{clue:?}");
    }
    let at_17763 = |sku| releases(&identity(&[Clue::Build(17763), Clue::Sku(sku)]));
    assert_eq!(at_17763(8), ["2019"]);
    assert_eq!(at_17763(145), ["1809"]);
    for decided in [50, 79, 80, 147, 148, 159, 160] {
        assert_eq!(at_17763(decided), ["2019"], "{decided}");
    }
    assert_eq!(at_17763(12), ["2019", "1809"]);
}

#[test]
fn builds() {
    for release in Release::ALL {
        assert!(
            identity(&[Clue::Build(release.build())])
                .releases()
                .contains((*release).into())
        );
    }
    for (build, expected) in [
        (1, "older"),
        (7599, "older"),
        (7600, "2008-r2"),
        (7601, "2008-r2"),
        (9200, "2012"),
        (7602, "unlisted"),
        (9199, "unlisted"),
        (9201, "unlisted"),
        (9600, "2012-r2"),
        (14393, "2016"),
        (16299, "1709"),
        (17134, "1803"),
        (17762, "unlisted"),
        (17764, "unlisted"),
        (18362, "1903"),
        (18363, "1909"),
        (19041, "2004"),
        (19042, "20h2"),
        (16237, "preview"),
        (19551, "preview"),
        (20347, "unlisted"),
        (20348, "2022"),
        (25398, "23h2"),
        (26100, "2025"),
        (26101, "unlisted"),
        (u32::MAX, "unlisted"),
    ] {
        let identity = identity(&[Clue::Build(build)]);
        assert_eq!(releases(&identity), [expected], "{build}");
        assert!(identity.products().is_unknown(), "{build}");
    }
    assert_eq!(releases(&identity(&[Clue::Build(17763)])), ["2019", "1809"]);
    assert!(Clue::Build(0).read().says_nothing());
    for build in [
        10240, 10586, 15063, 19043, 19044, 19045, 22000, 22621, 22631,
    ] {
        let identity = identity(&[Clue::Build(build)]);
        assert_eq!(products(&identity), ["client"], "{build}");
        assert_eq!(releases(&identity), ["unlisted"], "{build}");
    }
    for build in [17784, 20349] {
        let identity = identity(&[Clue::Build(build)]);
        assert_eq!(products(&identity), ["azure-local"], "{build}");
        assert_eq!(identity.release(), None);
    }
}

#[test]
fn roles_suites_and_installation_types() {
    assert_eq!(products(&identity(&[Clue::ProductType(1)])), ["client"]);
    for (number, controller) in [(2, true), (3, false)] {
        let identity = identity(&[Clue::ProductType(number)]);
        assert_eq!(identity.domain_controller().as_bool(), Some(controller));
        assert_eq!(identity.products().contains(Product::Client), !controller);
        assert!(!identity.products().contains(Product::NotWindows));
    }
    // Client multi-session (SKU 175) reports 3.
    let multi_session = identity(&[Clue::Sku(175), Clue::ProductType(3)]);
    assert_eq!(
        (products(&multi_session), multi_session.conflicts().count()),
        (vec!["client"], 0)
    );
    assert!(Clue::ProductType(0).read().says_nothing());
    assert!(Clue::ProductType(4).read().says_nothing());

    let with = identity(&[Clue::SuiteMask(400)]).products();
    for product in Product::ALL {
        let never = matches!(
            product,
            Product::Standard
                | Product::Essentials
                | Product::Foundation
                | Product::Client
                | Product::NotWindows
        );
        assert_eq!(with.contains(*product), !never, "{product}");
    }
    let without = identity(&[Clue::SuiteMask(272)]).products();
    assert_eq!(without.len() as usize, Product::ALL.len() - 2);
    assert!(!without.contains(Product::Datacenter));
    assert!(!without.contains(Product::DatacenterAzureEdition));

    for (text, installation, client) in [
        ("Server", Some(Installation::Full), Some(false)),
        ("server core", Some(Installation::Core), Some(false)),
        ("Client", None, Some(true)),
        ("Nano Server", None, Some(false)),
        ("Embedded", None, None),
    ] {
        let identity = identity(&[Clue::InstallationType(text)]);
        assert_eq!(
            identity.installation().known_element(),
            installation,
            "{text}"
        );
        let is_client = match client {
            Some(true) => identity.products().is(Product::Client),
            Some(false) => !identity.products().contains(Product::Client),
            None => identity.products().is_unknown(),
        };
        assert!(is_client, "{text}");
    }
}

#[test]
fn contradictions_are_reported_and_nothing_is_chosen() {
    let clues = [
        Clue::Caption("Windows Server 2022 Standard"),
        Clue::Sku(8),
        Clue::Build(20348),
    ];
    let torn = identity(&clues);
    let conflicts: Vec<_> = torn.conflicts().collect();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].about, Axis::Product);
    assert_eq!(
        Some(conflicts[0].clues),
        ClueKinds::one_of([ClueKind::Caption, ClueKind::Sku])
    );
    assert_eq!(
        conflicts[0].to_string(),
        "the clues contradict each other on the product: caption, SKU number"
    );
    assert_eq!(products(&torn), ["datacenter", "standard"]);
    assert_eq!(torn.edition(), None);
    assert_eq!(torn.release(), Some(Release::Ws2022));
    assert_eq!(torn.avma_key(), KeyAnswer::Open);
    assert_eq!(torn.avma_key_documented(), Some(true)); // whichever it is

    let all = identity(&[
        Clue::Caption("Windows Server 2019 Standard (Server Core)"),
        Clue::Build(20348),
        Clue::EditionId("ServerDatacenterEval"),
        Clue::InstallationType("Server"),
        Clue::ProductType(2),
        Clue::ProductType(3),
    ]);
    let about: Vec<_> = all.conflicts().map(|conflict| conflict.about).collect();
    assert_eq!(about, Axis::ALL);
    assert!(all.evaluation().is_unknown());
    assert_eq!(releases(&all), ["2019", "2022"]);
    let last = all.conflicts().last().unwrap();
    assert!(last.clues.is(ClueKind::ProductType));

    assert_eq!(
        identity(&[Clue::Build(20348), Clue::Sku(7)])
            .conflicts()
            .count(),
        0
    );
}

/// The kinds that a conflict names.
fn blamed(identity: &Identity, about: Axis) -> Vec<&'static str> {
    let conflict = identity
        .conflicts()
        .find(|conflict| conflict.about == about);
    conflict.map_or(Vec::new(), |conflict| {
        conflict.clues.iter().map(ClueKind::as_str).collect()
    })
}

#[test]
fn who_contradicts_nobody_is_not_blamed_and_still_counts() {
    // What every inventory carries beside the two that differ.
    let torn = identity(&[
        Clue::Caption("Windows Server 2022 Standard"),
        Clue::Sku(8),
        Clue::Build(20348),
        Clue::ProductType(3),
    ]);
    assert_eq!(products(&torn), ["datacenter", "standard"]);
    assert_eq!(blamed(&torn, Axis::Product), ["caption", "sku"]);
    assert_eq!(torn.avma_key_documented(), Some(true));

    let torn = identity(&[
        Clue::Caption("Windows Server 2016 Standard"),
        Clue::Sku(7),
        Clue::Build(20348),
        Clue::OsVersion("10.0.20348"),
        Clue::ProductType(3),
    ]);
    assert_eq!(releases(&torn), ["2016", "2022"]);
    assert_eq!(
        blamed(&torn, Axis::Release),
        ["caption", "build", "os-version"]
    );

    // A suite mask sides with one of two, and so is a part of the contradiction.
    let torn = identity(&[
        Clue::Caption("Windows Server 2022 Standard"),
        Clue::Sku(8),
        Clue::SuiteMask(272),
    ]);
    assert_eq!(
        blamed(&torn, Axis::Product),
        ["caption", "sku", "suite-mask"]
    );

    // Two clues of one kind, beside one that fits both.
    let torn = identity(&[Clue::Sku(7), Clue::Sku(8), Clue::ProductType(3)]);
    assert_eq!(products(&torn), ["datacenter", "standard"]);
    assert_eq!(blamed(&torn, Axis::Product), ["sku"]);

    // A majority does not win: both sides stay.
    let torn = identity(&[
        Clue::Caption("Windows Server 2022 Standard"),
        Clue::EditionId("ServerStandard"),
        Clue::LicenseFamily("ServerStandard"),
        Clue::Sku(8),
    ]);
    assert_eq!(products(&torn), ["datacenter", "standard"]);

    // Three of which every two fit together and all three do not: each has its part.
    let torn = identity(&[
        Clue::OsVersion("10.0.17763"),
        Clue::Sku(8),
        Clue::Caption("Windows Server, version 1809"),
    ]);
    assert_eq!(blamed(&torn, Axis::Release), ["caption", "sku"]);
    // What only the others allow stays out.
    let torn = identity(&[
        Clue::Caption("Windows Server 2022 Datacenter"),
        Clue::EditionId("ServerStandard"),
        Clue::Sku(50),
    ]);
    assert_eq!(products(&torn), ["datacenter", "standard", "essentials"]);
}

#[test]
fn keys_of_what_the_candidates_agree_on() {
    let key = |clues: &[Clue<'_>]| identity(clues).avma_key().to_string();
    let documented = |clues: &[Clue<'_>]| identity(clues).avma_key_documented();
    let standard = Clue::Caption("Windows Server Standard");
    assert_eq!(
        key(&[Clue::Build(17763), standard]),
        "TNK62-RXVTB-4P47B-2D623-4GF74"
    );
    assert_eq!(
        key(&[Clue::Build(20348), Clue::Sku(8)]),
        "W3GNR-8DDXR-2TFRP-H8P33-DV9BG"
    );
    assert_eq!(
        key(&[Clue::Build(20348), Clue::Sku(407)]),
        "F7TB6-YKN8Y-FCC6R-KQ484-VMK3J"
    );
    assert_eq!(
        key(&[Clue::Build(20348), Clue::Sku(50)]),
        "no key is documented"
    );
    assert_eq!(
        key(&[Clue::Build(25398), Clue::Sku(8)]),
        "no key is documented"
    );
    assert_eq!(key(&[Clue::Build(19045)]), "no key is documented");
    assert_eq!(
        key(&[Clue::Build(20348)]),
        "not enough is known to name one key"
    );
    assert_eq!(key(&[]), "not enough is known to name one key");
    assert_eq!(
        key(&[Clue::Sku(79)]),
        "the evaluation copy must be converted first"
    );
    assert_eq!(
        key(&[Clue::Sku(79), Clue::Build(14393)]),
        "C3RCX-M6NRP-6CXC9-TW2F2-4RHYD once the evaluation copy is converted"
    );
    assert_eq!(
        key(&[Clue::Sku(79), Clue::Build(9200)]),
        "no key is documented"
    );
    assert_eq!(
        identity(&[Clue::Sku(79), Clue::Build(14393)])
            .avma_key()
            .row(),
        None
    );

    // The GVLKs of 2019 and 1809 differ; the one of 2012 exists.
    assert_eq!(
        identity(&[Clue::Build(17763), standard]).gvlk(),
        KeyAnswer::Open
    );
    let row = identity(&[Clue::Build(9200), Clue::Sku(7)])
        .gvlk()
        .row()
        .unwrap();
    assert_eq!(
        (row.release, row.product),
        (Release::Ws2012, Product::Standard)
    );
    assert_eq!(row.channel, KeyChannel::Gvlk);
    assert_eq!(row.key.to_string(), "XC9B7-NBPP2-83J2H-RHMBY-92BT4");

    // An unlisted release is no statement, unless the product alone is one.
    assert_eq!(documented(&[Clue::Build(17762), Clue::Sku(8)]), None);
    assert_eq!(
        documented(&[Clue::Build(17762), Clue::Sku(33)]),
        Some(false)
    );
    assert_eq!(documented(&[Clue::Build(17762), Clue::Sku(4711)]), None);
    assert_eq!(documented(&[Clue::Build(14393), Clue::Sku(4711)]), None);
    assert_eq!(
        documented(&[Clue::Build(19041), Clue::Sku(4711)]),
        Some(false)
    );
    assert_eq!(documented(&[Clue::Build(16237)]), Some(false));
    assert_eq!(documented(&[Clue::Build(6002), Clue::Sku(8)]), Some(false));
    assert_eq!(
        documented(&[Clue::Build(17763), Clue::Sku(80)]),
        Some(false)
    );
    assert_eq!(documented(&[Clue::Build(17763), Clue::Sku(8)]), Some(true));
}

#[test]
fn a_client_has_no_server_release() {
    for clue in [
        Clue::Caption("Windows 11 Enterprise"),
        Clue::Caption("Microsoft Azure Stack HCI"),
        Clue::Caption("Debian GNU/Linux 12"),
    ] {
        assert_eq!(
            identity(&[clue, Clue::Build(26100)]).release(),
            None,
            "{clue:?}"
        );
    }
    assert_eq!(
        identity(&[Clue::Build(26100)]).release(),
        Some(Release::Ws2025)
    );
    let hyper_v = identity(&[Clue::Caption("Hyper-V Server 2019")]);
    assert_eq!(hyper_v.release(), Some(Release::Ws2019));
}

#[test]
fn words_are_stable() {
    let slugs: Vec<_> = ClueKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(
        slugs,
        [
            "caption",
            "edition-id",
            "image-name",
            "sku",
            "build",
            "os-version",
            "license-family",
            "product-type",
            "suite-mask",
            "installation-type"
        ]
    );
    let axes: Vec<_> = Axis::ALL.iter().map(|axis| axis.as_str()).collect();
    assert_eq!(
        axes,
        [
            "release",
            "product",
            "evaluation",
            "installation",
            "domain-controller"
        ]
    );
    let clues = [
        Clue::Caption(""),
        Clue::EditionId(""),
        Clue::ImageName(""),
        Clue::Sku(0),
        Clue::Build(0),
        Clue::OsVersion(""),
        Clue::LicenseFamily(""),
        Clue::ProductType(0),
        Clue::SuiteMask(0),
        Clue::InstallationType(""),
    ];
    assert!(
        clues
            .iter()
            .map(|clue| clue.kind())
            .eq(ClueKind::ALL.iter().copied())
    );
}

#[test]
fn nothing_is_known_of_nothing() {
    let nothing = Identity::default();
    assert_eq!(nothing, Identity::UNKNOWN);
    assert_eq!(nothing.releases(), Releases::unknown());
    assert_eq!(nothing.products(), Products::unknown());
    assert!(nothing.evaluation().is_unknown());
    assert!(nothing.installation().is_unknown());
    assert!(nothing.domain_controller().is_unknown());
    assert_eq!(nothing.conflicts().count(), 0);
    assert_eq!(nothing.avma_key_documented(), None);
}
