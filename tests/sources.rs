//! What every rule rests on: title, date and grade of its text, pinned.

use avma::Evidence;
use avma::assess::{Effect, RULES};

/// id, evidence, date and title.
const SOURCES: &str = "
guest-not-windows                  published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
guest-client                       reported   2013-11-13  posts on AVMA of 2012 R2 and 2016 (Ask the Core Team, Altaro, woshub)
guest-foundation                   reported   2013-11-13  posts on AVMA of 2012 R2 and 2016 (Ask the Core Team, Altaro, woshub)
guest-too-old                      reported   2013-11-13  posts on AVMA of 2012 R2 and 2016 (Ask the Core Team, Altaro, woshub)
guest-release-undocumented         inferred   2026-11     no published text speaks of it
guest-key-undocumented             inferred   2026-11     no published text speaks of it
host-not-hyper-v                   published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
host-azure                         published  2023-12-15  Microsoft: Error 0xC004FD02 when you activate an Azure Windows virtual machine
host-not-datacenter                published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
host-edition-undocumented          inferred   2026-11     no published text speaks of it
host-azure-edition                 inferred   2026-11     no published text speaks of it
host-too-old                       reported   2013-11-13  posts on AVMA of 2012 R2 and 2016 (Ask the Core Team, Altaro, woshub)
host-release-undocumented          inferred   2026-11     no published text speaks of it
guest-newer-than-host              published  2023-09-19  Microsoft: Automatic Virtual Machine Activation in Windows Server
azure-edition-platform             published  2023-11-13  Microsoft: Deploy Windows Server Azure Edition VMs
host-evaluation                    inferred   2026-11     no published text speaks of it
host-nested                        inferred   2026-11     no published text speaks of it
host-pay-as-you-go                 inferred   2026-11     no published text speaks of it
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
guest-service-stopped              published  2025-10-27  Microsoft: Hyper-V integration services, Data Exchange
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
        assert!(
            !silence || rule.effect == Effect::LeavesUndocumented,
            "{}",
            rule.id
        );
    }
}
