//! What holds for every plan, over arbitrary facts and observations.

use avma::assess::{
    Can, Effect, Guest, Host, HostFamily, InstalledKey, MendedBy, Observation, Verdict, assess,
    can, verdicts,
};
use avma::catalog::keys::{self, KeyChannel};
use avma::plan::{Action, Circumstances, Goal, Outcome, plan};
use avma::{Fact, HResult, LicenseChannel, LicenseStatus, Possibility, Product, Release};
use proptest::prelude::*;

fn fact<T: Possibility + core::fmt::Debug>() -> impl Strategy<Value = Fact<T>> {
    let len = T::ALL.len();
    let some = proptest::collection::vec(0..len, 1..4)
        .prop_map(|places| Fact::one_of(places.into_iter().map(|place| T::ALL[place])).unwrap());
    prop_oneof![
        2 => (0..len).prop_map(|place| Fact::known(T::ALL[place])),
        1 => some,
        1 => Just(Fact::unknown()),
    ]
}

fn any_host() -> impl Strategy<Value = Host> {
    let windows = (fact(), fact(), fact(), fact(), fact(), fact(), fact()).prop_map(
        |(release, edition, evaluation, license, role, nested, payg)| {
            let mut host = avma::assess::WindowsServerHost::default();
            host.release = release;
            host.edition = edition;
            host.evaluation = evaluation;
            host.license = license;
            host.hyper_v_role = role;
            host.nested = nested;
            host.pay_as_you_go = payg;
            Host::from(host)
        },
    );
    let local = (fact(), fact(), fact(), fact()).prop_map(|(license, sa, synced, verified)| {
        let mut host = avma::assess::AzureLocalHost::default();
        host.license = license;
        host.software_assurance = sa;
        host.synced = synced;
        host.azure_verification = verified;
        Host::from(host)
    });
    prop_oneof![
        6 => windows,
        3 => local,
        1 => Just(Host::from(HostFamily::AzureStackHub)),
        1 => Just(Host::Azure),
        1 => Just(Host::OtherHypervisor),
        1 => Just(Host::Unknown),
        4 => Just(Host::windows_server(Release::Ws2022, Product::Datacenter).ready()),
    ]
}

fn any_guest() -> impl Strategy<Value = Guest> {
    (fact(), fact(), fact(), fact(), fact()).prop_map(
        |(release, product, evaluation, exchange, service)| {
            let mut guest = Guest::new(release, product);
            guest.evaluation = evaluation;
            guest.data_exchange = exchange;
            guest.guest_service = service;
            guest
        },
    )
}

fn any_observation() -> impl Strategy<Value = Observation> {
    let key = prop_oneof![
        Just(InstalledKey::Unknown),
        Just(InstalledKey::None),
        (0..keys::published().len())
            .prop_map(|place| InstalledKey::LastFive(keys::published()[place].key.last_five())),
        Just(InstalledKey::LastFive("3VQ8B".parse().unwrap())),
    ];
    let channel = proptest::option::of(proptest::sample::select(LicenseChannel::ALL));
    let status = proptest::option::of(proptest::sample::select(LicenseStatus::ALL));
    let reason = proptest::option::of(proptest::sample::select(HResult::KNOWN));
    (key, channel, status, reason).prop_map(|(key, channel, status, reason)| {
        let mut observation = Observation::default();
        observation.key = key;
        observation.channel = channel;
        observation.status = status;
        observation.reason = reason;
        observation
    })
}

fn any_circumstances() -> impl Strategy<Value = Circumstances> {
    (fact(), fact(), proptest::sample::select(Goal::ALL)).prop_map(
        |(installation, domain_controller, goal)| {
            let mut circumstances = Circumstances::new(goal);
            circumstances.installation = installation;
            circumstances.domain_controller = domain_controller;
            circumstances
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn laws(
        host in any_host(),
        guest in any_guest(),
        observation in any_observation(),
        circumstances in any_circumstances(),
    ) {
        let plan = plan(&host, &guest, &observation, &circumstances);
        let steps = plan.steps();
        let holds = |f: &dyn Fn(Action) -> bool| steps.iter().any(|step| f(step.action));
        let converts = holds(&|action| matches!(action, Action::ConvertEdition { .. }));
        let installs = holds(&|action| matches!(action, Action::InstallAvmaKey { .. }));

        // A key is the published one of every candidate.
        for step in steps {
            let (row, channel) = match step.action {
                Action::InstallAvmaKey { row } => (row, KeyChannel::Avma),
                Action::ConvertEdition { gvlk, .. } => (gvlk, KeyChannel::Gvlk),
                Action::ReplaceByGvlk { row } => (row, KeyChannel::Gvlk),
                _ => continue,
            };
            for release in guest.release.iter() {
                for product in guest.product.iter() {
                    let of = keys::key(release.release().unwrap(), product, channel);
                    prop_assert_eq!(of.unwrap().key, row.key);
                }
            }
        }
        // Only an evaluation converts, never a domain controller, and the key comes after the restart.
        if converts {
            prop_assert!(!guest.evaluation.is(false.into()));
            prop_assert!(
                guest.evaluation.is(true.into())
                    || observation.channel == Some(LicenseChannel::Evaluation)
            );
            prop_assert!(circumstances.domain_controller.is(false.into()));
            prop_assert!(installs);
            let place = |wanted: &dyn Fn(Action) -> bool| {
                steps.iter().position(|step| wanted(step.action)).unwrap()
            };
            let convert = place(&|action| matches!(action, Action::ConvertEdition { .. }));
            let restart = place(&|action| action == Action::Restart);
            let install = place(&|action| matches!(action, Action::InstallAvmaKey { .. }));
            prop_assert!(convert < restart && restart < install);
        } else if installs {
            prop_assert!(!guest.evaluation.is(true.into()));
        }
        // Phases and thereby machines are in order, and each step occurs once.
        prop_assert!(steps.is_sorted_by_key(|step| step.phase as u8));
        for (place, step) in steps.iter().enumerate() {
            prop_assert!(steps.iter().skip(place + 1).all(|other| other.action != step.action));
        }
        // What no administrator can mend gets no AVMA step.
        let verdict = can(&host, &guest);
        let beyond_mending = assess(&host, &guest, &observation)
            .findings()
            .any(|finding| {
                finding.certain
                    && finding.rule.effect == Effect::Forbids
                    && matches!(finding.rule.mended_by, MendedBy::Nobody | MendedBy::LicenseBuyer)
            });
        if verdict == Can::NotEligible && beyond_mending {
            prop_assert!(!installs && !converts);
            match plan.outcome() {
                Outcome::NotPossible | Outcome::LeftAlone => prop_assert!(steps.is_empty()),
                Outcome::OtherChannel | Outcome::NotEnoughKnown => {
                    prop_assert!(matches!(host, Host::Azure));
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
        // A key goes in only where no unknown fact may turn the answer into no, other than by what
        // the steps set.
        if installs {
            prop_assert!(!verdicts(&host, &guest).is(Verdict::NotDocumented)
                || holds(&|action| action.by() == MendedBy::HostAdministrator));
            let forbids = |rule: &avma::assess::Rule| rule.effect == Effect::Forbids;
            prop_assert!(!plan.findings().any(|finding| forbids(finding.rule)));
        }
        // An outcome has the steps that its name promises.
        let empty = matches!(
            plan.outcome(),
            Outcome::AlreadyDone
                | Outcome::LeftAlone
                | Outcome::NotPossible
                | Outcome::NotDocumented
        );
        // Where no text names the conversion, DISM itself is asked for its targets.
        let ask_dism = matches!(&steps[..], [step] if step.action == Action::ListTargetEditions);
        let asks = plan.outcome() == Outcome::NotDocumented && ask_dism;
        prop_assert_eq!(empty, steps.is_empty() || asks);
        for step in steps {
            if let Action::FindOut { first, missing } = step.action {
                prop_assert!(missing.contains(first));
            }
            prop_assert!(step.action.to_string().is_ascii());
        }
    }
}
