//! The rulebook: ids and rows pinned, every rule fired by one change to the plain case, who mends
//! what, what a code means here.

mod reference;

use avma::assess::{
    Assessment, Can, FactName, Guest, Host, HostEdition, HostFamily, MendedBy, Observation, RULES,
    WindowsServerHost, assess, next_fact, rule,
};
use avma::catalog::hosts::AzureLocalLicense;
use avma::{AnyRelease, Clue, Evidence, HResult, HostLicense, Identity, Product, Release, YesNo};

/// id, effect, who mends it, the facts it reads, the families it speaks of, its symptoms.
const PINNED: &str = "
guest-not-windows                  forbids      nobody              guest-product                  *                -
guest-client                       forbids      nobody              guest-product                  *                -
guest-foundation                   forbids      license-buyer       guest-product                  *                -
guest-too-old                      forbids      license-buyer       guest-release                  *                -
guest-release-undocumented         undocumented license-buyer       guest-release                  *                -
guest-nano                         undocumented nobody              guest-product                  *                -
guest-key-undocumented             undocumented license-buyer       guest-release,guest-product    *                -
host-not-hyper-v                   forbids      nobody              host-family                    other-hypervisor 0xC004FD01
host-azure                         forbids      nobody              host-family                    azure            0xC004FD02,0xC004FD01
host-not-datacenter                forbids      license-buyer       host-edition                   windows-server   -
host-nano                          forbids      license-buyer       host-edition                   windows-server   -
host-edition-undocumented          undocumented license-buyer       host-edition                   windows-server   -
host-azure-edition                 undocumented license-buyer       host-edition                   windows-server   -
host-too-old                       forbids      license-buyer       host-release                   windows-server   -
host-release-undocumented          undocumented license-buyer       host-release                   windows-server   -
guest-newer-than-host              forbids      license-buyer       guest-release,guest-product,host-release windows-server   0xC004FD03
azure-edition-platform             undocumented license-buyer       guest-release,guest-product,host-release windows-server,azure-stack-hub -
host-evaluation                    undocumented host-administrator  host-evaluation                windows-server   -
host-nested                        undocumented host-administrator  nested                         windows-server   0xC004FD02
host-pay-as-you-go                 forbids      license-buyer       host-release,pay-as-you-go             windows-server   -
hyper-v-role-missing               forbids      host-administrator  hyper-v-role                   windows-server   -
host-not-activated                 forbids      host-administrator  host-license                   windows-server   0xC004FD02
host-license-undocumented          undocumented host-administrator  host-license                   windows-server   0xC004FD02
azure-local-no-license             forbids      license-buyer       azure-local-license            azure-local      -
azure-local-key-too-old            forbids      license-buyer       azure-local-license            azure-local      -
azure-local-key-level              forbids      license-buyer       guest-release,guest-product,azure-local-license azure-local -
azure-local-guest-undocumented     undocumented license-buyer       guest-release,guest-product,azure-local-license azure-local -
azure-local-software-assurance     forbids      license-buyer       guest-release,guest-product,azure-local-license,software-assurance azure-local -
azure-local-verification           forbids      host-administrator  guest-product,azure-verification azure-local -
azure-local-not-synced             undocumented host-administrator  synced                         azure-local      -
azure-stack-hub-guest              forbids      nobody              guest-release,guest-product             azure-stack-hub  -
azure-stack-hub-guest-undocumented undocumented host-administrator  guest-release,guest-product             azure-stack-hub  -
azure-stack-hub-marker             forbids      host-administrator  bios-marker                    azure-stack-hub  -
data-exchange-off                  forbids      host-administrator  data-exchange                  *                -
guest-service-stopped              may-matter     guest-administrator guest-service                  *                -
guest-evaluation                   forbids      guest-administrator guest-evaluation               *                0xC004F069,0xC004F050
";

fn join(words: impl Iterator<Item = String>) -> String {
    let text = words.collect::<Vec<_>>().join(",");
    if text.is_empty() {
        "-".to_owned()
    } else {
        text
    }
}

#[test]
fn the_rows_are_pinned() {
    let rows: Vec<String> = RULES
        .iter()
        .map(|rule| {
            let families = rule.families();
            let families = if families.is_unknown() {
                "*".to_owned()
            } else {
                join(families.iter().map(|family| family.as_str().to_owned()))
            };
            [
                rule.id.to_owned(),
                rule.effect.as_str().to_owned(),
                rule.mended_by.as_str().to_owned(),
                join(rule.reads().iter().map(|fact| fact.as_str().to_owned())),
                families,
                join(rule.symptoms.iter().map(ToString::to_string)),
            ]
            .join(" ")
        })
        .collect();
    let pinned: Vec<String> = PINNED
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(rows, pinned);
    for row in RULES {
        assert_eq!(rule(row.id).map(|found| found.id), Some(row.id));
        assert!(!row.text.is_empty() && !row.remedy.is_empty());
    }
    assert!(rule("no-such-rule").is_none());
}

fn plain_guest() -> Guest {
    Guest::new(Release::Ws2022, Product::Standard).ready()
}

fn plain_host() -> WindowsServerHost {
    let Host::WindowsServer(host) =
        Host::windows_server(Release::Ws2022, Product::Datacenter).ready()
    else {
        unreachable!("a Windows Server host")
    };
    host
}

fn said(host: impl Into<Host>, guest: &Guest) -> Assessment {
    assess(&host.into(), guest, &Observation::default())
}

/// The answer and the ids of the certain findings.
#[track_caller]
fn check(host: impl Into<Host>, guest: &Guest, can: Can, rules: &[&str]) {
    let assessment = said(host, guest);
    assert_eq!(assessment.can(), can, "{assessment:?}");
    let found: Vec<&str> = assessment
        .findings()
        .map(|finding| finding.rule.id)
        .collect();
    assert_eq!(found, rules);
    assert!(assessment.findings().all(|finding| finding.certain));
}

#[test]
fn the_plain_case_is_eligible_and_names_what_it_rests_on() {
    check(plain_host(), &plain_guest(), Can::Eligible, &[]);
    let cell = said(plain_host(), &plain_guest()).basis().unwrap();
    assert_eq!(cell.source.evidence, Evidence::Published);
    let mut host = plain_host();
    host.release = Release::Ws2025.into();
    let cell = said(host, &plain_guest()).basis().unwrap();
    assert_eq!(cell.source.evidence, Evidence::Reported);
    let mut guest = plain_guest();
    guest.release = Release::Ws2012R2.into();
    assert_eq!(
        said(host, &guest).basis().unwrap().source.evidence,
        Evidence::Inferred
    );
    // Several cells: the weakest.
    guest.release = guest.release.union(Release::Ws2022.into());
    assert_eq!(
        said(host, &guest).basis().unwrap().source.evidence,
        Evidence::Inferred
    );
    assert!(said(Host::Azure, &guest).basis().is_none());
    // No yes, no basis: the cell says yes, but the edition forbids.
    let mut host = plain_host();
    host.edition = HostEdition::NotDatacenter.into();
    assert!(said(host, &plain_guest()).basis().is_none());
}

type Change<T> = fn(&mut T);

#[test]
fn every_rule_of_the_guest_fires_on_its_own() {
    use Can::{NotDocumented, NotEligible};
    let with = |change: fn(&mut Guest)| {
        let mut guest = plain_guest();
        change(&mut guest);
        guest
    };
    let cases: [(Change<Guest>, Can, &[&str]); 11] = [
        (
            |g| g.product = Product::NotWindows.into(),
            NotEligible,
            &["guest-not-windows"],
        ),
        (
            |g| g.product = Product::Client.into(),
            NotEligible,
            &["guest-client"],
        ),
        (
            |g| g.product = Product::Foundation.into(),
            NotEligible,
            &["guest-foundation"],
        ),
        (
            |g| g.release = Release::Ws2012.into(),
            NotEligible,
            &["guest-too-old"],
        ),
        (
            |g| g.release = AnyRelease::Older.into(),
            NotEligible,
            &["guest-too-old"],
        ),
        (
            |g| g.release = Release::V1909.into(),
            NotDocumented,
            &["guest-release-undocumented"],
        ),
        (
            |g| g.release = Release::V20H2.into(),
            NotDocumented,
            &["guest-release-undocumented", "guest-key-undocumented"],
        ),
        (
            |g| g.product = Product::Essentials.into(),
            NotDocumented,
            &["guest-key-undocumented"],
        ),
        (
            |g| g.evaluation = true.into(),
            NotEligible,
            &["guest-evaluation"],
        ),
        (
            |g| g.data_exchange = false.into(),
            NotEligible,
            &["data-exchange-off"],
        ),
        (
            |g| g.product = Product::Nano.into(),
            NotDocumented,
            &["guest-nano"],
        ),
    ];
    for (change, can, rules) in cases {
        check(plain_host(), &with(change), can, rules);
    }
    let azure_edition = with(|g| g.product = Product::DatacenterAzureEdition.into());
    check(
        plain_host(),
        &azure_edition,
        NotDocumented,
        &["azure-edition-platform"],
    );
}

#[test]
fn every_rule_of_a_windows_server_host_fires_on_its_own() {
    use Can::{NotDocumented, NotEligible};
    let cases: [(Change<WindowsServerHost>, Can, &str); 15] = [
        (
            |h| h.edition = HostEdition::NotDatacenter.into(),
            NotEligible,
            "host-not-datacenter",
        ),
        (
            |h| h.edition = HostEdition::Unlisted.into(),
            NotDocumented,
            "host-edition-undocumented",
        ),
        (
            |h| h.edition = HostEdition::AzureEdition.into(),
            NotDocumented,
            "host-azure-edition",
        ),
        (
            |h| h.release = Release::Ws2012.into(),
            NotEligible,
            "host-too-old",
        ),
        (
            |h| h.release = AnyRelease::Older.into(),
            NotEligible,
            "host-too-old",
        ),
        (
            |h| h.release = Release::V23H2.into(),
            NotDocumented,
            "host-release-undocumented",
        ),
        (
            |h| h.release = AnyRelease::Unlisted.into(),
            NotDocumented,
            "host-release-undocumented",
        ),
        (
            |h| h.release = Release::Ws2019.into(),
            NotEligible,
            "guest-newer-than-host",
        ),
        (
            |h| h.evaluation = true.into(),
            NotDocumented,
            "host-evaluation",
        ),
        (|h| h.nested = true.into(), NotDocumented, "host-nested"),
        (
            |h| h.edition = HostEdition::Nano.into(),
            NotEligible,
            "host-nano",
        ),
        (
            |h| h.hyper_v_role = false.into(),
            NotEligible,
            "hyper-v-role-missing",
        ),
        (
            |h| h.license = HostLicense::NotActivated.into(),
            NotEligible,
            "host-not-activated",
        ),
        (
            |h| h.license = HostLicense::Grace.into(),
            NotDocumented,
            "host-license-undocumented",
        ),
        (
            |h| h.license = HostLicense::Unlisted.into(),
            NotDocumented,
            "host-license-undocumented",
        ),
    ];
    for (change, can, rule) in cases {
        let mut host = plain_host();
        change(&mut host);
        check(host, &plain_guest(), can, &[rule]);
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a case a rule")]
fn every_rule_of_the_other_families_fires_on_its_own() {
    use AzureLocalLicense as L;
    use Can::{Eligible, NotDocumented, NotEligible};
    check(Host::Azure, &plain_guest(), NotEligible, &["host-azure"]);
    check(
        Host::OtherHypervisor,
        &plain_guest(),
        NotEligible,
        &["host-not-hyper-v"],
    );
    let guest = |release, product| Guest::new(release, product).ready();
    let (standard, azure_edition) = (Product::Standard, Product::DatacenterAzureEdition);
    let local = |license| Host::azure_local(license).ready();
    check(local(L::Key2022), &plain_guest(), Eligible, &[]);
    check(
        local(L::None),
        &plain_guest(),
        NotEligible,
        &["azure-local-no-license"],
    );
    check(
        local(L::KeyTooOld),
        &plain_guest(),
        NotEligible,
        &["azure-local-key-too-old"],
    );
    check(
        local(L::Key2019),
        &plain_guest(),
        NotEligible,
        &["azure-local-key-level"],
    );
    let old = guest(Release::Ws2012R2, standard);
    check(
        local(L::Key2025),
        &old,
        NotDocumented,
        &["azure-local-guest-undocumented"],
    );
    check(local(L::Subscription), &old, Eligible, &[]);
    let azure = guest(Release::Ws2022, azure_edition);
    check(local(L::Subscription), &azure, Eligible, &[]);
    let with = |assurance: bool, verification: bool, synced: bool| {
        let mut host = Host::azure_local(L::Key2019);
        host.software_assurance = assurance.into();
        host.azure_verification = verification.into();
        host.synced = synced.into();
        host
    };
    check(with(true, true, true), &azure, Eligible, &[]);
    check(
        with(false, true, true),
        &azure,
        NotEligible,
        &["azure-local-software-assurance"],
    );
    check(
        with(true, false, true),
        &azure,
        NotEligible,
        &["azure-local-verification"],
    );
    check(
        with(true, true, false),
        &azure,
        NotDocumented,
        &["azure-local-not-synced"],
    );
    // The subscription takes all versions, Azure Edition included; a key of 2025 with Software
    // Assurance does by a text that names no release. No text names that of 2025 for older keys.
    let newer = guest(Release::Ws2025, azure_edition);
    let unnamed = ["azure-local-guest-undocumented"];
    check(with(false, true, true), &newer, NotDocumented, &unnamed);
    check(local(L::Subscription), &newer, Eligible, &[]);
    let mut key = Host::azure_local(L::Key2025);
    key.software_assurance = true.into();
    for guest in [&azure, &newer] {
        let answer = said(key.ready(), guest);
        assert_eq!(answer.can(), Eligible);
        assert_eq!(answer.basis().unwrap().source.evidence, Evidence::Inferred);
    }
    key.software_assurance = false.into();
    check(
        key.ready(),
        &newer,
        NotEligible,
        &["azure-local-software-assurance"],
    );
    // The OEM licence: Datacenter guests, without any key on the host.
    check(
        local(L::Oem),
        &guest(Release::Ws2025, Product::Datacenter),
        Eligible,
        &[],
    );
    check(local(L::Oem), &plain_guest(), NotDocumented, &unnamed);
    let hub = |marker: bool| {
        let Host::AzureStackHub(mut host) = Host::from(HostFamily::AzureStackHub) else {
            unreachable!("an Azure Stack Hub host")
        };
        host.bios_marker = marker.into();
        host
    };
    check(hub(true), &guest(Release::Ws2016, standard), Eligible, &[]);
    check(
        hub(false),
        &guest(Release::Ws2016, standard),
        NotEligible,
        &["azure-stack-hub-marker"],
    );
    check(
        hub(true),
        &guest(Release::Ws2025, standard),
        NotEligible,
        &["azure-stack-hub-guest"],
    );
    check(
        hub(true),
        &guest(Release::Ws2019, standard),
        NotDocumented,
        &["azure-stack-hub-guest-undocumented"],
    );
}

#[test]
fn certain_before_open_and_each_with_the_source_of_its_cell() {
    let host = Host::windows_server(Release::Ws2022, Product::Datacenter);
    let guest = Guest::new(Release::Ws2025, Product::Standard);
    let assessment = said(host, &guest);
    assert_eq!(assessment.can(), Can::NotEligible);
    let findings: Vec<_> = assessment.findings().collect();
    assert_eq!(findings[0].rule.id, "guest-newer-than-host");
    assert!(findings[0].certain);
    // The baseline has no 2025 column: this "no" rests on third parties.
    assert_eq!(findings[0].source.evidence, Evidence::Reported);
    assert_eq!(findings[0].rule.source.evidence, Evidence::Published);
    assert!(findings[1..].iter().all(|finding| !finding.certain));
    let open: Vec<&str> = findings[1..]
        .iter()
        .map(|finding| finding.rule.id)
        .collect();
    assert_eq!(
        open,
        [
            "host-evaluation",
            "host-nested",
            "hyper-v-role-missing",
            "host-not-activated",
            "host-license-undocumented",
            "data-exchange-off",
            "guest-evaluation",
        ]
    );
}

#[test]
fn ready_fills_what_is_not_known_and_nothing_else() {
    let mut guest = Guest::unknown();
    guest.evaluation = true.into();
    guest.data_exchange = false.into();
    let ready = guest.ready();
    assert_eq!(
        (ready.evaluation, ready.data_exchange),
        (true.into(), false.into())
    );
    assert_eq!(ready.guest_service, true.into());
    let mut host = WindowsServerHost::default();
    host.license = HostLicense::Grace.into();
    host.nested = true.into();
    let Host::WindowsServer(ready) = host.ready() else {
        unreachable!("a Windows Server host")
    };
    assert_eq!(
        (ready.license, ready.nested),
        (HostLicense::Grace.into(), true.into())
    );
    assert_eq!(
        (ready.evaluation, ready.pay_as_you_go),
        (false.into(), false.into())
    );
    assert_eq!(ready.hyper_v_role, true.into());
    let mut local = Host::azure_local(AzureLocalLicense::Key2019);
    local.synced = false.into();
    let Host::AzureLocal(ready) = local.ready() else {
        unreachable!("an Azure Local host")
    };
    assert_eq!(
        (ready.synced, ready.azure_verification),
        (false.into(), true.into())
    );
    assert_eq!(ready.software_assurance, YesNo::unknown());
    let Host::AzureStackHub(hub) = Host::from(HostFamily::AzureStackHub) else {
        unreachable!("an Azure Stack Hub host")
    };
    check(
        hub.ready(),
        &Guest::new(Release::Ws2016, Product::Standard).ready(),
        Can::Eligible,
        &[],
    );
}

#[test]
fn hosts_and_guests_by_what_they_are() {
    let host = |clues: &[Clue<'_>]| Host::from(&Identity::from_clues(clues.iter().copied()));
    let caption = |text| host(&[Clue::Caption(text)]);
    assert_eq!(
        caption("Microsoft Azure Stack HCI").families(),
        HostFamily::AzureLocal.into()
    );
    assert_eq!(caption("Ubuntu 22.04"), Host::OtherHypervisor);
    assert_eq!(host(&[Clue::Sku(168)]), Host::Azure);
    assert_eq!(host(&[Clue::Build(20348)]), Host::Unknown);
    let Host::WindowsServer(of) = caption("Windows Server 2022 Datacenter Evaluation") else {
        unreachable!("a Windows Server host")
    };
    assert_eq!(
        (of.release, of.edition),
        (Release::Ws2022.into(), HostEdition::Datacenter.into())
    );
    assert_eq!(
        (of.evaluation, of.license.is_unknown()),
        (true.into(), true)
    );
    // Client Windows with Hyper-V is a host of the family, and not Datacenter.
    let Host::WindowsServer(client) = caption("Windows 11 Pro") else {
        unreachable!("a Windows Server host")
    };
    assert_eq!(client.edition, HostEdition::NotDatacenter.into());
    let identity = Identity::from_clues([Clue::Caption("Windows Server 2019 Standard Evaluation")]);
    let guest = Guest::from(&identity);
    let expected = (
        Release::Ws2019.into(),
        Product::Standard.into(),
        true.into(),
    );
    assert_eq!((guest.release, guest.product, guest.evaluation), expected);
    assert_eq!(guest.data_exchange, YesNo::unknown());
}

#[test]
fn who_can_mend_it() {
    let mut guest = plain_guest();
    assert_eq!(said(plain_host(), &guest).mended_by(), None);
    guest.evaluation = true.into();
    assert_eq!(
        said(plain_host(), &guest).mended_by(),
        Some(MendedBy::GuestAdministrator)
    );
    guest.data_exchange = false.into();
    assert_eq!(
        said(plain_host(), &guest).mended_by(),
        Some(MendedBy::HostAdministrator)
    );
    guest.product = Product::Client.into();
    assert_eq!(said(plain_host(), &guest).mended_by(), None);
    let mut host = plain_host();
    host.edition = HostEdition::NotDatacenter.into();
    assert_eq!(said(host, &plain_guest()).mended_by(), None);
    // What is only undocumented does not forbid.
    host = plain_host();
    host.nested = true.into();
    assert_eq!(said(host, &plain_guest()).mended_by(), None);
}

#[test]
fn what_a_code_means_here() {
    let explain = |host: Host, guest: &Guest, code: HResult| -> Vec<(String, bool)> {
        said(host, guest)
            .explain(code)
            .map(|finding| (finding.rule.id.to_owned(), finding.certain))
            .collect()
    };
    let fd02 = HResult::IA_PARENT_PARTITION_NOT_ACTIVATED;
    let host = Host::from(Host::windows_server(Release::Ws2022, Product::Datacenter));
    assert_eq!(
        explain(host, &plain_guest(), fd02),
        [
            ("host-nested".to_owned(), false),
            ("host-not-activated".to_owned(), false),
            ("host-license-undocumented".to_owned(), false),
        ]
    );
    assert_eq!(
        explain(Host::Azure, &plain_guest(), fd02),
        [("host-azure".to_owned(), true)]
    );
    let fd01 = HResult::IA_INVALID_VIRTUALIZATION_PLATFORM;
    assert_eq!(
        explain(Host::Azure, &plain_guest(), fd01),
        [("host-azure".to_owned(), true)]
    );
    assert_eq!(explain(plain_host().into(), &plain_guest(), fd02), []);
    assert_eq!(
        explain(
            Host::OtherHypervisor,
            &plain_guest(),
            HResult::IA_INVALID_VIRTUALIZATION_PLATFORM
        ),
        [("host-not-hyper-v".to_owned(), true)]
    );
}

#[test]
fn the_next_fact_is_the_one_that_settles_most() {
    let (host, guest) = (Host::from(plain_host()), plain_guest());
    assert_eq!(next_fact(&host, &guest), None);
    let facts = |facts: &[FactName]| facts.iter().map(|fact| fact.as_str()).collect::<Vec<_>>();
    let missing = |host: &Host, guest: &Guest| -> Vec<&'static str> {
        let assessment = assess(host, guest, &Observation::default());
        assessment
            .missing()
            .map_or(Vec::new(), |m| m.iter().map(FactName::as_str).collect())
    };
    assert_eq!(missing(&host, &guest), Vec::<&str>::new());
    // Of two yes-or-no facts each settles one value of two: the first in the order of facts.
    let mut open = guest;
    open.evaluation = YesNo::unknown();
    open.data_exchange = YesNo::unknown();
    open.guest_service = YesNo::unknown();
    assert_eq!(
        missing(&host, &open),
        facts(&[FactName::GuestEvaluation, FactName::DataExchange])
    );
    assert_eq!(next_fact(&host, &open), Some(FactName::GuestEvaluation));
    // A release settles two of its three values, Data Exchange one of two.
    let mut open = guest;
    open.release = avma::Releases::one_of(
        [Release::Ws2012, Release::Ws2019, Release::Ws2025].map(AnyRelease::Release),
    )
    .unwrap();
    open.data_exchange = YesNo::unknown();
    assert_eq!(next_fact(&host, &open), Some(FactName::GuestRelease));
    // Of seventeen releases three settle it on a host of 2022.
    open.release = avma::Releases::unknown();
    assert_eq!(next_fact(&host, &open), Some(FactName::DataExchange));
    // Without any fact about the host its family comes first: two of five settle it.
    let unknown = next_fact(&Host::Unknown, &guest);
    assert_eq!(unknown, Some(FactName::HostFamily));
    // What to ask about a host depends on its family.
    let mut open = guest;
    open.data_exchange = YesNo::unknown();
    let expected = facts(&[FactName::DataExchange, FactName::HostFamily]);
    assert_eq!(missing(&Host::Unknown, &open), expected);
    let every = facts(&[
        FactName::GuestRelease,
        FactName::GuestProduct,
        FactName::GuestEvaluation,
        FactName::DataExchange,
        FactName::HostFamily,
    ]);
    assert_eq!(missing(&Host::Unknown, &Guest::unknown()), every);
    // A fact that can change nothing is not asked for: Software Assurance of a Standard guest.
    let local = Host::from(Host::azure_local(AzureLocalLicense::Key2022));
    assert_eq!(missing(&local, &guest), facts(&[FactName::Synced]));
}
