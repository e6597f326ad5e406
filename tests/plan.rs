//! Which steps a plan holds: by hand from the published texts.

use avma::assess::{
    FactName, FactNames, Guest, Host, HostEditions, HostFamily, InstalledKey, MendedBy, Observation,
};
use avma::catalog::hosts::AzureLocalLicense;
use avma::catalog::keys::{self, KeyChannel, KeyRow};
use avma::plan::{
    Action, Circumstances, Conversion, Goal, Outcome, Phase, Plan, TargetEdition, TargetEditions,
    conversion, plan,
};
use avma::{
    Edition, Fact, HResult, HostLicense, Installation, LicenseChannel, LicenseStatus, Product,
    Release, YesNo,
};

#[path = "plan/evaluation.rs"]
mod evaluation;

use evaluation::{circumstances, convert_2022, evaluation};

/// The step of a host's administrator about a rule.
fn mend(rule: &str) -> Action {
    let rule = avma::assess::rule(rule).expect("a rule of the rulebook");
    Action::MendHost { rule }
}

fn avma_key(release: Release, product: Product) -> &'static KeyRow {
    keys::key(release, product, KeyChannel::Avma).unwrap()
}

fn gvlk(release: Release, product: Product) -> &'static KeyRow {
    keys::key(release, product, KeyChannel::Gvlk).unwrap()
}

/// The golden guest: 2022 Standard on an activated 2022 Datacenter host.
fn host() -> Host {
    Host::windows_server(Release::Ws2022, Product::Datacenter).ready()
}

fn guest() -> Guest {
    Guest::new(Release::Ws2022, Product::Standard).ready()
}

fn key() -> &'static KeyRow {
    let row = avma_key(Release::Ws2022, Product::Standard);
    assert_eq!(row.key.to_string(), "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK");
    row
}

fn observed(
    last_five: &str,
    channel: LicenseChannel,
    status: LicenseStatus,
    reason: Option<HResult>,
) -> Observation {
    let mut observation = Observation::default();
    observation.key = InstalledKey::LastFive(last_five.parse().unwrap());
    observation.channel = Some(channel);
    observation.status = Some(status);
    observation.reason = reason;
    observation
}

fn refused(code: HResult) -> Observation {
    observed(
        "78VHK",
        LicenseChannel::Avma,
        LicenseStatus::Notification,
        Some(code),
    )
}

const AVMA: Circumstances = Circumstances::new(Goal::Avma);
const ANY: Circumstances = Circumstances::new(Goal::Activated);

#[track_caller]
fn expect(plan: &Plan, outcome: Outcome, actions: &[Action]) {
    let got: Vec<Action> = plan.steps().iter().map(|step| step.action).collect();
    assert_eq!((plan.outcome(), got.as_slice()), (outcome, actions));
}

/// The way of a guest for which all is set.
fn install() -> [Action; 2] {
    [Action::InstallAvmaKey { row: key() }, Action::ReadLicense]
}

#[test]
fn a_guest_for_which_all_is_set_needs_the_key() {
    let plan = plan(&host(), &guest(), &Observation::default(), &AVMA);
    expect(&plan, Outcome::Steps, &install());
    assert!(plan.steps().iter().all(|step| step.certain));
    assert_eq!(plan.steps()[0].action.source(), key().source);
}

#[test]
fn nothing_is_overwritten_unseen() {
    let unseen = plan(&host(), &guest(), &Observation::default(), &ANY);
    expect(&unseen, Outcome::NotEnoughKnown, &[Action::ReadLicense]);
    let mut no_key = Observation::default();
    no_key.key = InstalledKey::None;
    expect(
        &plan(&host(), &guest(), &no_key, &ANY),
        Outcome::Steps,
        &install(),
    );
}

#[test]
fn another_channels_licence_is_left_alone_unless_avma_is_wanted() {
    for (last_five, channel) in [
        ("VMK7H", LicenseChannel::KmsClient),
        ("3VQ8B", LicenseChannel::Mak),
        ("3VQ8B", LicenseChannel::Retail),
        ("3VQ8B", LicenseChannel::Oem),
    ] {
        let licensed = observed(last_five, channel, LicenseStatus::Licensed, None);
        expect(
            &plan(&host(), &guest(), &licensed, &ANY),
            Outcome::LeftAlone,
            &[],
        );
        // Also where AVMA would not be possible.
        expect(
            &plan(&Host::OtherHypervisor, &guest(), &licensed, &ANY),
            Outcome::LeftAlone,
            &[],
        );
        expect(
            &plan(&host(), &guest(), &licensed, &AVMA),
            Outcome::Steps,
            &install(),
        );
    }
}

#[test]
fn a_kms_client_key_without_a_kms_host_is_replaced() {
    let unreachable = observed(
        "VMK7H",
        LicenseChannel::KmsClient,
        LicenseStatus::Notification,
        Some(HResult::VL_BINDING_SERVICE_UNAVAILABLE),
    );
    expect(
        &plan(&host(), &guest(), &unreachable, &ANY),
        Outcome::Steps,
        &install(),
    );
}

#[test]
fn activated_by_avma_is_done_even_if_little_else_is_known() {
    let activated = observed("78VHK", LicenseChannel::Avma, LicenseStatus::Licensed, None);
    for host in [host(), Host::Unknown] {
        let plan = plan(&host, &guest(), &activated, &ANY);
        expect(&plan, Outcome::AlreadyDone, &[]);
    }
    let mut by_channel = activated;
    by_channel.key = InstalledKey::Unknown;
    expect(
        &plan(&host(), &guest(), &by_channel, &ANY),
        Outcome::AlreadyDone,
        &[],
    );
    // An Azure Edition guest would need the verification; this may be a plain Datacenter.
    let mut local = Host::azure_local(AzureLocalLicense::Subscription);
    local.synced = true.into();
    local.azure_verification = false.into();
    let datacenter = [Product::Datacenter, Product::DatacenterAzureEdition];
    let perhaps = Guest::new(Release::Ws2022, Fact::one_of(datacenter).unwrap()).ready();
    expect(
        &plan(&local.into(), &perhaps, &by_channel, &ANY),
        Outcome::AlreadyDone,
        &[],
    );
    // What is certainly wrong endangers it.
    let mut endangered = guest();
    endangered.data_exchange = false.into();
    expect(
        &plan(&host(), &endangered, &activated, &ANY),
        Outcome::Steps,
        &[Action::EnableDataExchange],
    );
    // What no host could have granted is not believed.
    expect(
        &plan(&Host::OtherHypervisor, &guest(), &activated, &ANY),
        Outcome::NotPossible,
        &[],
    );
    // The AVMA key of the release before an in-place upgrade.
    let upgraded = observed("4GF74", LicenseChannel::Avma, LicenseStatus::Licensed, None);
    expect(
        &plan(&host(), &guest(), &upgraded, &ANY),
        Outcome::Steps,
        &install(),
    );
}

#[test]
fn the_host_comes_first_and_each_step_once() {
    let mut windows = Host::windows_server(Release::Ws2022, Product::Datacenter);
    windows.evaluation = true.into();
    windows.license = HostLicense::NotActivated.into();
    windows.hyper_v_role = false.into();
    windows.nested = false.into();
    windows.pay_as_you_go = false.into();
    let mut guest = evaluation();
    guest.data_exchange = false.into();
    guest.guest_service = false.into();
    let plan = plan(
        &windows.into(),
        &guest,
        &Observation::default(),
        &circumstances(Installation::Full, false),
    );
    let target = TargetEdition::new(Edition::Standard, Installation::Full);
    let [check, convert, restart] = convert_2022(Edition::Standard, target);
    expect(
        &plan,
        Outcome::Steps,
        &[
            mend("host-evaluation"),
            mend("hyper-v-role-missing"),
            mend("host-not-activated"),
            Action::EnableDataExchange,
            Action::StartGuestService,
            check,
            convert,
            restart,
            Action::InstallAvmaKey { row: key() },
            Action::ReadLicense,
        ],
    );
    assert!(plan.steps().iter().all(|step| step.certain));
    let host_steps = plan
        .steps()
        .iter()
        .filter(|step| step.phase == Phase::Host)
        .count();
    assert_eq!(host_steps, 4);
    assert_eq!(plan.steps()[0].action.by(), MendedBy::HostAdministrator);
    assert_eq!(plan.steps()[4].action.by(), MendedBy::GuestAdministrator);
    assert_eq!(
        plan.steps()[2].action.rule().unwrap().id,
        "host-not-activated"
    );
    // All is mended then.
    assert_eq!(plan.findings().count(), 0);
}

#[test]
fn what_may_be_set_becomes_a_step_that_is_not_certain() {
    let mut windows = Host::windows_server(Release::Ws2022, Product::Datacenter);
    windows.evaluation = false.into();
    windows.nested = false.into();
    windows.pay_as_you_go = false.into();
    let mut guest = guest();
    guest.data_exchange = YesNo::unknown();
    guest.guest_service = YesNo::unknown();
    let plan_on = |windows: avma::assess::WindowsServerHost| {
        plan(&windows.into(), &guest, &Observation::default(), &AVMA)
    };
    let open = plan_on(windows);
    expect(
        &open,
        Outcome::Steps,
        &[
            mend("hyper-v-role-missing"),
            mend("host-not-activated"),
            Action::EnableDataExchange,
            Action::StartGuestService,
            Action::InstallAvmaKey { row: key() },
            Action::ReadLicense,
        ],
    );
    let certain: Vec<bool> = open.steps().iter().map(|step| step.certain).collect();
    assert_eq!(certain, [false, false, false, false, true, true]);
    // Nobody converts a host because it might be an evaluation; the doubt is kept.
    let mut doubtful = windows;
    doubtful.evaluation = YesNo::unknown();
    assert_eq!(plan_on(doubtful).steps(), open.steps());
    let doubts: Vec<&str> = plan_on(doubtful)
        .findings()
        .map(|finding| finding.rule.id)
        .collect();
    assert_eq!(doubts, ["host-evaluation"]);
    // A grace period is not a licence.
    windows.license = HostLicense::Grace.into();
    assert!(plan_on(windows).steps()[1].certain);
}

#[test]
fn other_families_have_their_own_conditions() {
    let mut local = Host::azure_local(AzureLocalLicense::Key2022);
    local.synced = false.into();
    expect(
        &plan(&local.into(), &guest(), &Observation::default(), &AVMA),
        Outcome::Steps,
        &[mend("azure-local-not-synced"), install()[0], install()[1]],
    );
    local.software_assurance = true.into();
    let azure_edition = Guest::new(Release::Ws2022, Product::DatacenterAzureEdition).ready();
    let row = avma_key(Release::Ws2022, Product::DatacenterAzureEdition);
    let on_local = plan(
        &local.into(),
        &azure_edition,
        &Observation::default(),
        &AVMA,
    );
    expect(
        &on_local,
        Outcome::Steps,
        &[
            mend("azure-local-verification"),
            mend("azure-local-not-synced"),
            Action::InstallAvmaKey { row },
            Action::ReadLicense,
        ],
    );
    assert!(!on_local.steps()[0].certain);

    let hub = Host::from(HostFamily::AzureStackHub);
    let guest = Guest::new(Release::Ws2016, Product::Standard).ready();
    expect(
        &plan(&hub, &guest, &Observation::default(), &AVMA),
        Outcome::Steps,
        &[
            mend("azure-stack-hub-marker"),
            Action::InstallAvmaKey {
                row: avma_key(Release::Ws2016, Product::Standard),
            },
            Action::ReadLicense,
        ],
    );
}

#[test]
fn what_nobody_mends_is_refused_with_its_reason() {
    let first = |plan: &Plan| plan.findings().next().unwrap().rule.id;
    let standard_host = Host::windows_server(Release::Ws2022, Product::Standard).ready();
    let client = Guest::new(Release::Ws2022, Product::Client).ready();
    let newer = Guest::new(Release::Ws2025, Product::Standard).ready();
    for (host, guest, rule) in [
        (standard_host, guest(), "host-not-datacenter"),
        (host(), client, "guest-client"),
        (host(), newer, "guest-newer-than-host"),
        (Host::OtherHypervisor, guest(), "host-not-hyper-v"),
        (Host::Azure, guest(), "host-azure"),
        (Host::Unknown, client, "guest-client"),
    ] {
        let plan = plan(&host, &guest, &Observation::default(), &AVMA);
        expect(&plan, Outcome::NotPossible, &[]);
        assert_eq!(first(&plan), rule);
    }
}

#[test]
fn what_no_text_tells_gets_no_key() {
    let mut nested = Host::windows_server(Release::Ws2022, Product::Datacenter);
    nested.nested = true.into();
    let Host::WindowsServer(ready) = nested.ready() else {
        unreachable!()
    };
    let mut nested = ready;
    nested.nested = true.into();
    let sac = Guest::new(Release::V1909, Product::Standard).ready();
    let essentials = Guest::new(Release::Ws2022, Product::Essentials).ready();
    let azure_edition = Guest::new(Release::Ws2022, Product::DatacenterAzureEdition).ready();
    for (host, guest) in [
        (nested.into(), guest()),
        (host(), sac),
        (host(), essentials),
        (host(), azure_edition),
    ] {
        let plan = plan(&host, &guest, &Observation::default(), &AVMA);
        expect(&plan, Outcome::NotDocumented, &[]);
        assert!(plan.findings().next().unwrap().certain);
    }
}

#[test]
fn an_undecided_guest_gets_the_one_key_that_all_candidates_share() {
    // Build 17763: 2019 or 1809, one AVMA key.
    let both = Fact::one_of([Release::Ws2019.into(), Release::V1809.into()]).unwrap();
    let mut guest = Guest::new(both, Product::Standard).ready();
    let shared = plan(&host(), &guest, &Observation::default(), &AVMA);
    let row = avma_key(Release::Ws2019, Product::Standard);
    expect(
        &shared,
        Outcome::Steps,
        &[Action::InstallAvmaKey { row }, Action::ReadLicense],
    );
    // What stays open is said.
    assert!(
        shared
            .findings()
            .any(|finding| finding.rule.id == "guest-release-undocumented" && !finding.certain)
    );
    // The two have different GVLKs, so an evaluation must be decided first.
    guest.evaluation = true.into();
    expect(
        &plan(
            &host(),
            &guest,
            &Observation::default(),
            &circumstances(Installation::Full, false),
        ),
        Outcome::NotEnoughKnown,
        &[Action::FindOut {
            first: FactName::GuestRelease,
            missing: FactName::GuestRelease.into(),
        }],
    );
}

#[test]
fn no_key_is_guessed() {
    let either = Fact::one_of([Product::Standard, Product::Datacenter]).unwrap();
    let of_2022 = Guest::new(Release::Ws2022, either).ready();
    let product: FactNames = FactName::GuestProduct.into();
    expect(
        &plan(&host(), &of_2022, &Observation::default(), &AVMA),
        Outcome::NotEnoughKnown,
        &[Action::FindOut {
            first: FactName::GuestProduct,
            missing: product,
        }],
    );
    let two = Fact::one_of([Release::Ws2022.into(), Release::Ws2019.into()]).unwrap();
    let standard = Guest::new(two, Product::Standard).ready();
    expect(
        &plan(&host(), &standard, &Observation::default(), &AVMA),
        Outcome::NotEnoughKnown,
        &[Action::FindOut {
            first: FactName::GuestRelease,
            missing: FactName::GuestRelease.into(),
        }],
    );
    // No key is published for Essentials.
    let perhaps_none = Fact::one_of([Product::Standard, Product::Essentials]).unwrap();
    let of_2022 = Guest::new(Release::Ws2022, perhaps_none).ready();
    expect(
        &plan(&host(), &of_2022, &Observation::default(), &AVMA),
        Outcome::NotEnoughKnown,
        &[Action::FindOut {
            first: FactName::GuestProduct,
            missing: product,
        }],
    );
    // 2019 or 1809, Standard or Datacenter: the product alone settles the key.
    let build_17763 = Fact::one_of([Release::Ws2019.into(), Release::V1809.into()]).unwrap();
    let open = Guest::new(build_17763, either).ready();
    expect(
        &plan(&host(), &open, &Observation::default(), &AVMA),
        Outcome::NotEnoughKnown,
        &[Action::FindOut {
            first: FactName::GuestProduct,
            missing: product.union(FactName::GuestRelease.into()),
        }],
    );
}

#[test]
fn unknown_hosts_are_found_out() {
    let mut windows = Host::windows_server(Release::Ws2022, Product::Datacenter);
    windows.edition = HostEditions::unknown();
    let plan_on = |host: Host| plan(&host, &guest(), &Observation::default(), &AVMA);
    let edition = plan_on(windows.ready());
    expect(
        &edition,
        Outcome::NotEnoughKnown,
        &[Action::FindOut {
            first: FactName::HostEdition,
            missing: FactName::HostEdition.into(),
        }],
    );
    assert_eq!(edition.steps()[0].phase, Phase::Host);
    let unknown = plan_on(Host::Unknown);
    // What an administrator sets is not asked for, nor what only some kinds of host have.
    expect(
        &unknown,
        Outcome::NotEnoughKnown,
        &[Action::FindOut {
            first: FactName::HostFamily,
            missing: FactName::HostFamily.into(),
        }],
    );
    let nothing = plan(
        &Host::Unknown,
        &Guest::unknown(),
        &Observation::default(),
        &ANY,
    );
    let Action::FindOut { missing, .. } = nothing.steps()[0].action else {
        panic!("{nothing:?}")
    };
    let names: Vec<&str> = missing.iter().map(FactName::as_str).collect();
    assert_eq!(
        names,
        [
            "guest-release",
            "guest-product",
            "guest-evaluation",
            "host-family"
        ]
    );
}

#[test]
fn a_refused_guest_with_the_right_key() {
    let [install, read] = install();
    let check = |code| Action::CheckHost { code };
    let wait = |code| Action::Wait { code };
    let cases = [
        (HResult(0xC004_FD00), Some(wait(HResult(0xC004_FD00)))),
        (HResult(0xC004_FD01), Some(check(HResult(0xC004_FD01)))),
        (HResult(0xC004_FD02), Some(check(HResult(0xC004_FD02)))),
        (HResult(0xC004_FD03), Some(check(HResult(0xC004_FD03)))),
        (HResult(0xC004_FD04), None),
    ];
    for (code, first) in cases {
        let plan = plan(&host(), &guest(), &refused(code), &ANY);
        let actions: Vec<Action> = first.into_iter().chain([install, read]).collect();
        expect(&plan, Outcome::Steps, &actions);
    }
    // A host that is known not to be activated explains it.
    let Host::WindowsServer(mut windows) = host() else {
        unreachable!()
    };
    windows.license = HostLicense::NotActivated.into();
    expect(
        &plan(
            &windows.into(),
            &guest(),
            &refused(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED),
            &ANY,
        ),
        Outcome::Steps,
        &[mend("host-not-activated"), install, read],
    );
    // Under another release's key the code says nothing about the host.
    let mut other = refused(HResult::IA_ID_MISMATCH);
    other.key = InstalledKey::LastFive("4GF74".parse().unwrap());
    expect(
        &plan(&host(), &guest(), &other, &ANY),
        Outcome::Steps,
        &[install, read],
    );
}

#[test]
fn azure_goes_back_to_the_kms_client_key() {
    let refused = refused(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED);
    expect(
        &plan(&Host::Azure, &guest(), &refused, &ANY),
        Outcome::OtherChannel,
        &[
            Action::ReplaceByGvlk {
                row: gvlk(Release::Ws2022, Product::Standard),
            },
            Action::ListKvpItems,
        ],
    );
    let mut by_channel = refused;
    by_channel.key = InstalledKey::Unknown;
    assert_eq!(
        plan(&Host::Azure, &guest(), &by_channel, &ANY).outcome(),
        Outcome::OtherChannel
    );
    // Which GVLK is not guessed, and without an AVMA key there is nothing to replace.
    let unknown = Guest::unknown();
    let find_out = plan(&Host::Azure, &unknown, &refused, &ANY);
    assert!(matches!(find_out.steps()[0].action, Action::FindOut { .. }));
    let kms = observed(
        "VMK7H",
        LicenseChannel::KmsClient,
        LicenseStatus::Notification,
        None,
    );
    expect(
        &plan(&Host::Azure, &guest(), &kms, &ANY),
        Outcome::NotPossible,
        &[],
    );
    // No GVLK is published for 2022 Essentials.
    let essentials = Guest::new(Release::Ws2022, Product::Essentials).ready();
    expect(
        &plan(&Host::Azure, &essentials, &refused, &ANY),
        Outcome::NotPossible,
        &[],
    );
}
