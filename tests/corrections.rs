//! What Microsoft's texts say and the crate once got wrong: a named test for each fact, with its source.

use avma::assess::{
    Assessment, Can, FactName, Guest, Host, HostFamily, Observation, WindowsServerHost, assess,
};
use avma::catalog::hosts::AzureLocalLicense;
use avma::{Clue, Evidence, Identity, Product, Release, YesNo};

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

/// The answer and the ids of the findings, all certain.
#[track_caller]
fn check(host: impl Into<Host>, guest: &Guest, can: Can, rules: &[&str]) {
    let assessment = said(host, guest);
    assert_eq!(assessment.can(), can, "{assessment:?}");
    let found: Vec<_> = assessment
        .findings()
        .map(|finding| finding.rule.id)
        .collect();
    assert_eq!(found, rules);
    assert!(assessment.findings().all(|finding| finding.certain));
}

/// Pay-as-you-go exists for 2025 only, and gives the VMs no rights.
#[test]
fn pay_as_you_go_forbids_and_is_asked_of_2025_hosts_only() {
    let mut host = plain_host();
    host.release = Release::Ws2025.into();
    host.pay_as_you_go = true.into();
    check(
        host,
        &plain_guest(),
        Can::NotEligible,
        &["host-pay-as-you-go"],
    );
    let finding = said(host, &plain_guest()).findings().next().unwrap();
    assert_eq!(finding.source.dated, "2025-06-27");
    assert_eq!(finding.source.evidence, Evidence::Published);
    host.pay_as_you_go = YesNo::unknown();
    let open = said(host, &plain_guest());
    assert_eq!(open.can(), Can::Undetermined);
    assert_eq!(open.next_fact(), Some(FactName::PayAsYouGo));
    for release in [
        Release::Ws2012R2,
        Release::Ws2016,
        Release::Ws2019,
        Release::Ws2022,
    ] {
        host.release = release.into();
        let guest = Guest::new(Release::Ws2012R2, Product::Standard).ready();
        check(host, &guest, Can::Eligible, &[]);
    }
}

/// No text links the service with activation: at most it may matter.
#[test]
fn a_stopped_service_is_an_open_finding_and_changes_no_answer() {
    let mut guest = plain_guest();
    guest.guest_service = false.into();
    let stopped = said(plain_host(), &guest);
    assert_eq!(stopped.can(), Can::Eligible);
    let finding = stopped.findings().next().unwrap();
    assert_eq!(finding.rule.id, "guest-service-stopped");
    assert!(!finding.certain);
    assert_eq!(finding.source.evidence, Evidence::Inferred);
    assert_eq!(stopped.mended_by(), None);
    guest.guest_service = YesNo::unknown();
    check(plain_host(), &guest, Can::Eligible, &[]);
}

/// "Datacenter" stands in the name of one of its SKUs.
#[test]
fn nano_is_no_host_and_needs_no_key_as_a_guest() {
    let identity = Identity::from_clues([Clue::Sku(143), Clue::Build(14393)]);
    let host = Host::from(&identity);
    let guest = Guest::new(Release::Ws2016, Product::Standard).ready();
    let answer = said(host, &guest);
    assert_eq!(answer.can(), Can::NotEligible);
    let finding = answer.findings().next().unwrap();
    assert_eq!(
        (finding.rule.id, finding.source.dated),
        ("host-nano", "2017-09-06")
    );
    let nano = Guest::from(&identity).ready();
    check(plain_host(), &nano, Can::NotDocumented, &["guest-nano"]);
}

/// Every presumption: the exact answer is open, the presumed one is not, and what is known stays.
#[test]
fn a_presumption_stands_beside_the_exact_answer_and_hides_nothing() {
    let presumed = |host: Host, guest: &Guest| {
        let answer = said(host, guest).presumed();
        let facts: Vec<&str> = answer.presumptions().map(|row| row.fact.as_str()).collect();
        (answer.can(), facts)
    };
    let mut host = plain_host();
    assert_eq!(
        presumed(host.into(), &plain_guest()),
        (Can::Eligible, vec![])
    );
    host.nested = YesNo::unknown();
    assert_eq!(said(host, &plain_guest()).can(), Can::Undetermined);
    assert_eq!(
        presumed(host.into(), &plain_guest()),
        (Can::Eligible, vec!["nested"])
    );
    host.release = Release::Ws2025.into();
    host.pay_as_you_go = YesNo::unknown();
    assert_eq!(
        presumed(host.into(), &plain_guest()),
        (Can::Eligible, vec!["nested", "pay-as-you-go"])
    );
    // What was collected is not presumed away.
    host.nested = true.into();
    assert_eq!(
        presumed(host.into(), &plain_guest()),
        (Can::NotDocumented, vec!["pay-as-you-go"])
    );
    // What is certain without it needs no presumption.
    let mut off = plain_guest();
    off.data_exchange = false.into();
    host.nested = YesNo::unknown();
    assert_eq!(presumed(host.into(), &off), (Can::NotEligible, vec![]));
    // What decides about many hosts is not presumed.
    host.license = avma::HostLicenses::unknown();
    let (can, _) = presumed(host.into(), &plain_guest());
    assert_eq!(can, Can::Undetermined);
    let mut local = Host::azure_local(AzureLocalLicense::Subscription);
    local.azure_verification = true.into();
    assert_eq!(
        presumed(local.into(), &plain_guest()),
        (Can::Eligible, vec!["synced"])
    );
    let hub = Host::from(HostFamily::AzureStackHub);
    let guest = Guest::new(Release::Ws2016, Product::Standard).ready();
    assert_eq!(presumed(hub, &guest), (Can::Eligible, vec!["bios-marker"]));
    assert_eq!(presumed(Host::Unknown, &guest).0, Can::Undetermined);
}
