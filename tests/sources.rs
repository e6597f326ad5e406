//! What every rule rests on: title, date and grade of its text, pinned.

use avma::assess::{
    AzureStackHubHost, Effect, Guest, Host, Observation, RULES, WindowsServerHost, assess,
    next_fact,
};
use avma::catalog::hosts::{AzureLocalLicense, azure_local};
use avma::{AnyRelease, Evidence, Product, Release, Releases};

/// id, evidence, date and title.
const SOURCES: &str = "
guest-not-windows                  published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
guest-client                       reported   2013-11-13  posts on AVMA of 2012 R2 and 2016 (Ask the Core Team, Altaro, woshub)
guest-foundation                   reported   2013-11-13  posts on AVMA of 2012 R2 and 2016 (Ask the Core Team, Altaro, woshub)
guest-too-old                      reported   2013-11-13  posts on AVMA of 2012 R2 and 2016 (Ask the Core Team, Altaro, woshub)
guest-release-undocumented         inferred   2026-11     no published text speaks of it
guest-nano                         published  2017-09-06  Microsoft: Install Nano Server
guest-key-undocumented             inferred   2026-11     no published text speaks of it
host-not-hyper-v                   published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
host-azure                         published  2024-01-24  Microsoft: Error 0xC004FD01 or 0xC004FD02 when you activate an Azure Windows virtual machine
host-not-datacenter                published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
host-nano                          published  2017-09-06  Microsoft: Install Nano Server
host-edition-undocumented          inferred   2026-12     this crate's tables
host-azure-edition                 inferred   2026-11     no published text speaks of it
host-too-old                       reported   2013-11-13  posts on AVMA of 2012 R2 and 2016 (Ask the Core Team, Altaro, woshub)
host-release-undocumented          inferred   2026-11     no published text speaks of it
guest-newer-than-host              published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
azure-edition-platform             published  2023-11-13  Microsoft: Deploy Windows Server Azure Edition VMs
host-evaluation                    inferred   2026-11     no published text speaks of it
host-nested                        inferred   2026-11     no published text speaks of it
host-pay-as-you-go                 published  2025-06-27  Microsoft: Windows Server Pay-as-you-go
hyper-v-role-missing               published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
host-not-activated                 published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
host-license-undocumented          inferred   2026-11     no published text speaks of it
azure-local-no-license             published  2026-06-29  Microsoft: Activate Windows Server VMs on Azure Local
azure-local-key-too-old            published  2026-06-29  Microsoft: Activate Windows Server VMs on Azure Local
azure-local-key-level              published  2026-06-29  Microsoft: Activate Windows Server VMs on Azure Local
azure-local-guest-undocumented     inferred   2026-11     no published text speaks of it
azure-local-software-assurance     published  2023-08-02  Microsoft: Activate Windows Server VMs on Azure Stack HCI
azure-local-verification           published  2023-11-13  Microsoft: Deploy Windows Server Azure Edition VMs
azure-local-not-synced             inferred   2026-11     no published text speaks of it
azure-stack-hub-guest              reported   2025        third-party readme on Windows Server 2025 in Azure Stack Hub
azure-stack-hub-guest-undocumented inferred   2026-11     no published text speaks of it
azure-stack-hub-marker             published  2019-08-23  Microsoft: Windows Server in Azure Stack Hub Marketplace FAQ
data-exchange-off                  published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
guest-service-stopped              inferred   2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
guest-evaluation                   reported   undated     user reports on AVMA keys in evaluation copies
";

#[test]
fn the_sources_of_the_rules_are_pinned() {
    let sources: Vec<String> = RULES
        .iter()
        .map(|rule| {
            let source = rule.source;
            format!(
                "{} {} {} {}",
                rule.id,
                source.evidence.as_str(),
                source.dated,
                source.title
            )
        })
        .collect();
    let pinned: Vec<String> = SOURCES
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(sources, pinned);
}

#[test]
fn a_no_never_rests_on_silence() {
    for rule in RULES {
        let silence = rule.source.evidence == Evidence::Inferred;
        assert!(!silence || rule.effect != Effect::Forbids, "{}", rule.id);
    }
}

/// Of several cells that say yes the weakest counts, in whatever order they are met.
#[test]
fn a_yes_rests_on_its_weakest_cell() {
    let mut compared = 0;
    for (a, b) in pairs(Release::ALL) {
        for guest in Release::ALL {
            let guest = Guest::new(*guest, Product::Standard).ready();
            let mut host = Host::windows_server(*a, Product::Datacenter);
            let alone = |host: WindowsServerHost| {
                let answer = assess(&host.ready(), &guest, &Observation::default());
                answer.basis().map(|cell| cell.source.evidence)
            };
            let first = alone(host);
            host.release = (*b).into();
            let second = alone(host);
            host.release = Releases::from(*a).union((*b).into());
            let weakest = [first, second]
                .into_iter()
                .flatten()
                .max_by_key(|e| *e as u8);
            assert_eq!(alone(host), weakest, "{a} or {b}");
            compared += usize::from(first != second && weakest.is_some());
        }
    }
    assert!(compared > 0);
}

/// What Azure Local's table says is told with the source of the cell.
#[test]
fn a_finding_of_a_table_names_its_cell() {
    let mut compared = 0;
    for license in AzureLocalLicense::ALL {
        for release in Release::ALL {
            for product in Product::ALL {
                let cell = azure_local(*license, (*release).into(), *product);
                let host = Host::from(Host::azure_local(*license));
                let guest = Guest::new(*release, *product);
                let answer = assess(&host, &guest, &Observation::default());
                for finding in answer.findings() {
                    if finding.rule.id == "azure-local-key-level" {
                        assert_eq!(finding.source, cell.source, "{license} {release} {product}");
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 0);
}

#[test]
fn an_assessment_asks_for_the_same_fact_as_the_function() {
    let guest = Guest::new(Release::Ws2022, Product::Standard);
    let host = Host::from(Host::windows_server(Release::Ws2022, Product::Datacenter));
    let answer = assess(&host, &guest, &Observation::default());
    assert!(answer.next_fact().is_some());
    assert_eq!(answer.next_fact(), next_fact(&host, &guest));
}

fn pairs<T>(all: &[T]) -> impl Iterator<Item = (&T, &T)> {
    all.iter()
        .flat_map(move |a| all.iter().map(move |b| (a, b)))
}

/// What the crate has no row for others may well know, so silence is no source there.
#[test]
fn of_what_the_crate_lacks_it_cites_its_own_tables() {
    let lacks = "this crate's tables, 2026-12 (inferred)";
    let silence = "no published text speaks of it, 2026-11 (inferred)";
    let by_matrix = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
    for host in [
        by_matrix,
        Host::azure_local(AzureLocalLicense::Key2022).ready(),
        AzureStackHubHost::default().ready(),
    ] {
        for (release, expected) in [
            (AnyRelease::Unlisted, lacks),
            (AnyRelease::Preview, silence),
            (Release::V20H2.into(), silence),
        ] {
            let mut guest = Guest::new(Release::Ws2022, Product::Standard).ready();
            guest.release = release.into();
            let answer = assess(&host, &guest, &Observation::default());
            let sources: Vec<String> = answer
                .findings()
                .map(|finding| finding.source.to_string())
                .collect();
            assert!(sources.len() >= 2, "{host:?}, {release}");
            assert!(
                sources.iter().all(|source| source == expected),
                "{sources:?}"
            );
        }
    }

    let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    for (release, expected) in [
        (AnyRelease::Unlisted, lacks),
        (Release::V1909.into(), silence),
    ] {
        let mut host = Host::windows_server(Release::Ws2022, Product::Datacenter);
        host.release = release.into();
        let answer = assess(&host.ready(), &guest, &Observation::default());
        let found = answer
            .findings()
            .find(|finding| finding.rule.id == "host-release-undocumented");
        assert_eq!(found.unwrap().source.to_string(), expected);
    }

    let guest = Guest::new(Release::Ws2022, Product::Unlisted).ready();
    let answer = assess(&by_matrix, &guest, &Observation::default());
    let found = answer
        .findings()
        .find(|finding| finding.rule.id == "guest-key-undocumented");
    assert_eq!(found.unwrap().source.to_string(), lacks);
}
