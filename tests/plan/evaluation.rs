//! Guests that are evaluation copies.

use crate::*;

pub(crate) fn evaluation() -> Guest {
    let mut guest = guest();
    guest.evaluation = true.into();
    guest
}

pub(crate) fn circumstances(installation: Installation, domain_controller: bool) -> Circumstances {
    let mut circumstances = Circumstances::default();
    circumstances.installation = installation.into();
    circumstances.domain_controller = domain_controller.into();
    circumstances
}

const STANDARD: Edition = Edition::Standard;
const DATACENTER: Edition = Edition::Datacenter;
const FULL: Installation = Installation::Full;
const CORE: Installation = Installation::Core;
const LONG_TERM: [Release; 4] = [
    Release::Ws2016,
    Release::Ws2019,
    Release::Ws2022,
    Release::Ws2025,
];

/// The three steps of a conversion, with the key of the target.
fn convert(release: Release, from: Edition, target: TargetEdition) -> [Action; 3] {
    let gvlk = gvlk(release, target.edition.into());
    [
        Action::CheckTargetEdition { from, target },
        Action::ConvertEdition { from, target, gvlk },
        Action::Restart,
    ]
}

pub(crate) fn convert_2022(from: Edition, target: TargetEdition) -> [Action; 3] {
    convert(Release::Ws2022, from, target)
}

/// The whole way of an evaluation for which all else is set.
fn way(release: Release, from: Edition, target: TargetEdition) -> Vec<Action> {
    let row = avma_key(release, target.edition.into());
    let mut actions = convert(release, from, target).to_vec();
    actions.extend([Action::InstallAvmaKey { row }, Action::ReadLicense]);
    actions
}

fn listed(names: &[&str]) -> TargetEditions {
    let target = |name: &&str| TargetEdition::from_dism_name(name).unwrap();
    names.iter().map(target).collect()
}

/// The plan for an evaluation on an activated 2025 host.
fn plan_for(release: Release, from: Edition, circumstances: &Circumstances) -> Plan {
    let host = Host::windows_server(Release::Ws2025, Product::Datacenter).ready();
    let mut guest = Guest::new(release, Product::from(from)).ready();
    guest.evaluation = true.into();
    plan(&host, &guest, &Observation::default(), circumstances)
}

fn plan_2022(from: Edition, installation: Installation, names: &[&str]) -> Plan {
    let mut circumstances = circumstances(installation, false);
    circumstances.listed = Some(listed(names));
    plan_for(Release::Ws2022, from, &circumstances)
}

#[test]
fn an_evaluation_converts_with_the_gvlk_restarts_and_gets_the_avma_key() {
    let plan = plan(
        &host(),
        &evaluation(),
        &Observation::default(),
        &circumstances(FULL, false),
    );
    let target = TargetEdition::new(STANDARD, FULL);
    assert_eq!(target.dism_name(), "ServerStandard");
    let [check, convert, restart] = convert_2022(STANDARD, target);
    expect(
        &plan,
        Outcome::Steps,
        &[
            check,
            convert,
            restart,
            Action::InstallAvmaKey { row: key() },
            Action::ReadLicense,
        ],
    );
    assert_eq!(
        check.source().title,
        "Microsoft: Upgrade and conversion options for Windows Server"
    );
    assert_eq!(check.rule().unwrap().id, "guest-evaluation");
    let phases: Vec<Phase> = plan.steps().iter().map(|step| step.phase).collect();
    assert_eq!(
        phases,
        [
            Phase::Guest,
            Phase::Conversion,
            Phase::Conversion,
            Phase::AfterRestart,
            Phase::AfterRestart
        ]
    );
}

#[test]
fn full_stays_full_and_keeps_its_edition() {
    for release in LONG_TERM {
        for (from, name) in [
            (STANDARD, "ServerStandard"),
            (DATACENTER, "ServerDatacenter"),
        ] {
            let target = TargetEdition::from_dism_name(name).unwrap();
            assert_eq!((target.edition, target.installation), (from, FULL));
            let plan = plan_for(release, from, &circumstances(FULL, false));
            expect(&plan, Outcome::Steps, &way(release, from, target));
        }
    }
}

#[test]
fn standard_core_becomes_datacenter_core_and_takes_its_keys() {
    let target = TargetEdition::from_dism_name("ServerDatacenterCor").unwrap();
    for release in LONG_TERM {
        let plan = plan_for(release, STANDARD, &circumstances(CORE, false));
        expect(&plan, Outcome::Steps, &way(release, STANDARD, target));
        // The conversion says what it changes, and by which text.
        let notes: Vec<_> = plan
            .steps()
            .iter()
            .flat_map(|step| step.action.notes())
            .collect();
        let changes = notes
            .iter()
            .find(|note| note.text.contains("becomes Datacenter"));
        assert_eq!(changes.unwrap().source, avma::source::CONVERSION);
    }
    let plan = plan_for(Release::Ws2022, STANDARD, &circumstances(CORE, false));
    let text = plan.slmgr().to_string();
    assert!(text.contains("/ProductKey:WX4NM-KYWYW-QJJR4-XV3QB-6VM33 "));
    assert!(text.contains("/ipk W3GNR-8DDXR-2TFRP-H8P33-DV9BG\r\n"));
    assert_eq!(plan.findings().count(), 0);
}

#[test]
fn datacenter_core_stays_datacenter_core() {
    let target = TargetEdition::new(DATACENTER, CORE);
    for release in LONG_TERM {
        let plan = plan_for(release, DATACENTER, &circumstances(CORE, false));
        expect(&plan, Outcome::Steps, &way(release, DATACENTER, target));
        let text = plan.dism().to_string();
        assert!(!text.contains("becomes Datacenter"));
        assert!(text.contains("this crate holds no report of what DISM lists for Datacenter Core"));
    }
}

/// No text names the target of Standard Core of 2012 R2, so DISM's list decides.
#[test]
fn standard_core_of_2012_r2_is_decided_by_the_list() {
    let release = Release::Ws2012R2;
    // 2022 is the newest host that a published text names for it.
    let mut guest = Guest::new(release, Product::Standard).ready();
    guest.evaluation = true.into();
    let plan_with = |names: Option<&[&str]>| {
        let mut circumstances = circumstances(CORE, false);
        circumstances.listed = names.map(listed);
        plan(&host(), &guest, &Observation::default(), &circumstances)
    };
    expect(
        &plan_with(None),
        Outcome::NotEnoughKnown,
        &[Action::ListTargetEditions],
    );
    let (standard, datacenter) = ("ServerStandardCor", "ServerDatacenterCor");
    for (names, name) in [
        (vec![standard, datacenter], standard),
        (vec![standard], standard),
        (vec![datacenter], datacenter),
    ] {
        let target = TargetEdition::from_dism_name(name).unwrap();
        expect(
            &plan_with(Some(&names)),
            Outcome::Steps,
            &way(release, STANDARD, target),
        );
    }
    expect(
        &plan_with(Some(&[])),
        Outcome::InstallAfresh,
        &[Action::InstallAfresh],
    );
    // Datacenter has one target in every release, and full is as in later ones.
    for (from, installation) in [(DATACENTER, CORE), (DATACENTER, FULL), (STANDARD, FULL)] {
        let target = TargetEdition::new(from, installation);
        assert_eq!(
            conversion(release, from, installation, None),
            Conversion::To(target)
        );
    }
}

/// As on Core media of 2016, of which that is reported.
#[test]
fn where_dism_lists_nothing_only_a_fresh_installation_is_left() {
    let mut nothing = ANY;
    nothing.listed = Some(TargetEditions::NONE);
    // Nothing else need be known.
    for domain_controller in [YesNo::unknown(), false.into(), true.into()] {
        for installation in [Fact::unknown(), FULL.into(), CORE.into()] {
            let mut circumstances = nothing;
            circumstances.domain_controller = domain_controller;
            circumstances.installation = installation;
            for from in [STANDARD, DATACENTER] {
                let plan = plan_for(Release::Ws2016, from, &circumstances);
                expect(&plan, Outcome::InstallAfresh, &[Action::InstallAfresh]);
                assert_eq!(plan.unattend(), None);
            }
        }
    }
    assert_eq!(Action::InstallAfresh.source(), avma::source::CONVERSION);
    // A guest that is no evaluation, or one that AVMA does not activate, is not installed afresh.
    expect(
        &plan(&host(), &guest(), &Observation::default(), &{
            let mut avma = AVMA;
            avma.listed = nothing.listed;
            avma
        }),
        Outcome::Steps,
        &install(),
    );
    expect(
        &plan(
            &Host::OtherHypervisor,
            &evaluation(),
            &Observation::default(),
            &nothing,
        ),
        Outcome::NotPossible,
        &[],
    );
}

#[test]
fn a_list_without_the_first_choice() {
    let to = |name| {
        way(
            Release::Ws2022,
            STANDARD,
            TargetEdition::from_dism_name(name).unwrap(),
        )
    };
    // Standard may become Datacenter, with Datacenter's keys.
    expect(
        &plan_2022(STANDARD, FULL, &["ServerDatacenter"]),
        Outcome::Steps,
        &to("ServerDatacenter"),
    );
    expect(
        &plan_2022(STANDARD, CORE, &["ServerDatacenterCor", "ServerTurbineCor"]),
        Outcome::Steps,
        &to("ServerDatacenterCor"),
    );
    let afresh: [(_, _, &[&str]); 5] = [
        // Not to the other installation.
        (
            STANDARD,
            FULL,
            &["ServerStandardCor", "ServerDatacenterCor"],
        ),
        (STANDARD, CORE, &["ServerStandard", "ServerDatacenter"]),
        // Never to Standard Core, nor down from Datacenter, nor to Azure Edition.
        (STANDARD, CORE, &["ServerStandardCor"]),
        (DATACENTER, FULL, &["ServerStandard"]),
        (DATACENTER, CORE, &["ServerTurbineCor"]),
    ];
    for (from, installation, names) in afresh {
        expect(
            &plan_2022(from, installation, names),
            Outcome::InstallAfresh,
            &[Action::InstallAfresh],
        );
    }
}

#[test]
fn the_list_tells_full_from_core() {
    let mut no_controller = ANY;
    no_controller.domain_controller = false.into();
    let with = |names: &[&str]| {
        let mut circumstances = no_controller;
        circumstances.listed = Some(listed(names));
        plan_for(Release::Ws2022, STANDARD, &circumstances)
    };
    for (names, target) in [
        (
            ["ServerDatacenterCor"].as_slice(),
            TargetEdition::new(DATACENTER, CORE),
        ),
        (
            &["ServerStandard", "ServerDatacenter"],
            TargetEdition::new(STANDARD, FULL),
        ),
    ] {
        let way = way(Release::Ws2022, STANDARD, target);
        expect(&with(names), Outcome::Steps, &way);
    }
    expect(
        &with(&["ServerStandard", "ServerDatacenterCor"]),
        Outcome::NotEnoughKnown,
        &[Action::ListTargetEditions],
    );
}

/// The rule itself, without a plan around it.
#[test]
fn conversions_by_release() {
    let open = Conversion::Open;
    let core = |releases: Fact<avma::AnyRelease>| conversion(releases, STANDARD, CORE, None);
    assert_eq!(core(Release::Ws2012.into()), open);
    assert_eq!(core(Release::Ws2012R2.into()), open);
    let both = Fact::one_of([Release::Ws2019.into(), Release::Ws2022.into()]).unwrap();
    let datacenter = Conversion::To(TargetEdition::new(DATACENTER, CORE));
    assert_eq!(core(both), datacenter);
    // Releases that differ, and releases that no table knows.
    assert_eq!(core(both.union(Release::Ws2012R2.into())), open);
    assert_eq!(core(Fact::unknown()), open);
    assert_eq!(core(avma::AnyRelease::Unlisted.into()), open);
    for release in [Release::V1809, Release::V20H2, Release::V23H2] {
        for from in Edition::ALL {
            assert_eq!(
                conversion(release, *from, CORE, None),
                Conversion::NotDocumented
            );
        }
    }
    for from in [Edition::Essentials, Edition::DatacenterAzureEdition] {
        for list in [None, Some(TargetEditions::NONE)] {
            assert_eq!(
                conversion(Release::Ws2022, from, FULL, list),
                Conversion::NotDocumented
            );
        }
    }
}

#[test]
fn lists_of_targets() {
    let names = ["ServerStandardCor", "ServerDatacenterCor"];
    let both = listed(&names);
    assert_eq!(
        format!("{both:?}"),
        r#"{"ServerDatacenterCor", "ServerStandardCor"}"#
    );
    assert!(!both.contains(TargetEdition::new(STANDARD, FULL)));
    assert!(!both.is_empty() && TargetEditions::NONE.is_empty());
    assert_eq!(both.iter().collect::<TargetEditions>(), both);
    for edition in Edition::ALL {
        for installation in Installation::ALL {
            let target = TargetEdition::new(*edition, *installation);
            let read = TargetEdition::from_dism_name(target.dism_name()).unwrap();
            assert_eq!(read.dism_name(), target.dism_name());
            let alone: TargetEditions = [target].into_iter().collect();
            assert_eq!(alone.iter().collect::<Vec<_>>(), [target]);
        }
    }
    let lower = TargetEdition::from_dism_name("serverdatacentercor");
    assert_eq!(lower, Some(TargetEdition::new(DATACENTER, CORE)));
    for name in ["ServerStandardEvalCor", "ServerStandardEval", "Server", ""] {
        assert_eq!(TargetEdition::from_dism_name(name), None, "{name}");
    }
}

#[test]
fn the_licence_row_tells_an_evaluation_too() {
    let mut guest = guest();
    guest.evaluation = YesNo::unknown();
    let mut observation = Observation::default();
    observation.channel = Some(LicenseChannel::Evaluation);
    observation.status = Some(LicenseStatus::Licensed);
    let full = circumstances(Installation::Full, false);
    let converts = plan(&host(), &guest, &observation, &full);
    assert!(matches!(
        converts.steps()[1].action,
        Action::ConvertEdition { .. }
    ));
    // A guest that says it is none contradicts its licence: find out.
    guest.evaluation = false.into();
    expect(
        &plan(&host(), &guest, &observation, &full),
        Outcome::NotEnoughKnown,
        &[Action::FindOut {
            first: FactName::GuestEvaluation,
            missing: FactName::GuestEvaluation.into(),
        }],
    );
    // A GVLK alone says nothing of it, but no evaluation holds an AVMA key.
    guest.evaluation = YesNo::unknown();
    let mut holding = Observation::default();
    let mut with_key = |last_five: &str| {
        holding.key = InstalledKey::LastFive(last_five.parse().unwrap());
        plan(&host(), &guest, &holding, &AVMA).outcome()
    };
    assert_eq!(with_key("VMK7H"), Outcome::NotEnoughKnown);
    assert_eq!(with_key("78VHK"), Outcome::Steps);
    expect(
        &plan(
            &host(),
            &guest,
            &refused(HResult::IA_MACHINE_NOT_BOUND),
            &ANY,
        ),
        Outcome::Steps,
        &install(),
    );
}

#[test]
fn a_domain_controller_can_not_convert() {
    let plan_for = |circumstances| {
        plan(
            &host(),
            &evaluation(),
            &Observation::default(),
            &circumstances,
        )
    };
    expect(
        &plan_for(circumstances(Installation::Full, true)),
        Outcome::CanNotConvert,
        &[Action::DemoteDomainController],
    );
    expect(
        &plan_for(ANY),
        Outcome::NotEnoughKnown,
        &[Action::CheckDomainController, Action::ListTargetEditions],
    );
    let mut no_controller = ANY;
    no_controller.domain_controller = false.into();
    expect(
        &plan_for(no_controller),
        Outcome::NotEnoughKnown,
        &[Action::ListTargetEditions],
    );
    // A domain controller that is no evaluation has nothing to convert.
    let mut no_evaluation = AVMA;
    no_evaluation.domain_controller = true.into();
    expect(
        &plan(&host(), &guest(), &Observation::default(), &no_evaluation),
        Outcome::Steps,
        &install(),
    );
}

#[test]
fn no_text_names_a_conversion_to_essentials_or_azure_edition() {
    let mut no_controller = ANY;
    no_controller.domain_controller = false.into();
    no_controller.installation = Installation::Full.into();
    let local = Host::azure_local(AzureLocalLicense::Subscription).ready();
    for (host, release, product) in [
        (host(), Release::Ws2019, Product::Essentials),
        (local, Release::Ws2022, Product::DatacenterAzureEdition),
    ] {
        let mut guest = Guest::new(release, product).ready();
        guest.evaluation = true.into();
        let plan = plan(&host, &guest, &Observation::default(), &no_controller);
        assert_eq!(plan.outcome(), Outcome::NotDocumented, "{product}");
        let actions: Vec<Action> = plan.steps().iter().map(|step| step.action).collect();
        assert_eq!(actions, [Action::ListTargetEditions], "{product}");
        // Nor does a list make one.
        let mut asked = no_controller;
        asked.listed = Some(listed(&["ServerSolution", "ServerTurbine"]));
        let plan = avma::plan::plan(&host, &guest, &Observation::default(), &asked);
        expect(&plan, Outcome::NotDocumented, &[]);
    }
}
