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

#[test]
fn an_evaluation_converts_with_the_gvlk_restarts_and_gets_the_avma_key() {
    for (installation, name) in [
        (Installation::Full, "ServerStandard"),
        (Installation::Core, "ServerStandardCor"),
    ] {
        let plan = plan(
            &host(),
            &evaluation(),
            &Observation::default(),
            &circumstances(installation, false),
        );
        let target = TargetEdition::new(Edition::Standard, installation);
        assert_eq!(target.dism_name(), name);
        let convert = Action::ConvertEdition {
            target,
            gvlk: gvlk(Release::Ws2022, Product::Standard),
        };
        expect(
            &plan,
            Outcome::Steps,
            &[
                convert,
                Action::Restart,
                Action::InstallAvmaKey { row: key() },
                Action::ReadLicense,
            ],
        );
        let phases: Vec<Phase> = plan.steps().iter().map(|step| step.phase).collect();
        assert_eq!(
            phases,
            [
                Phase::Guest,
                Phase::Guest,
                Phase::AfterRestart,
                Phase::AfterRestart
            ]
        );
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
        converts.steps()[0].action,
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
    }
}
