//! What holds for every plan, over arbitrary facts and observations.

use avma::assess::{
    Can, Effect, Guest, Host, HostFamily, InstalledKey, MendedBy, Observation, Verdict, assess,
    can, verdicts,
};
use avma::catalog::keys::{self, KeyChannel};
use avma::plan::{
    Action, Circumstances, Conversion, Goal, Outcome, Plan, TargetEdition, TargetEditions,
    conversion, plan,
};
use avma::{
    Edition, Fact, HResult, Installation, LicenseChannel, LicenseStatus, Possibility, Product,
    Release,
};
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
    let goal = proptest::sample::select(Goal::ALL);
    let listed = proptest::option::of(proptest::collection::vec(
        proptest::sample::select(targets()),
        0..4,
    ));
    (fact(), fact(), goal, listed).prop_map(|(installation, domain_controller, goal, listed)| {
        let mut circumstances = Circumstances::new(goal);
        circumstances.installation = installation;
        circumstances.domain_controller = domain_controller;
        circumstances.listed = listed.map(TargetEditions::from_iter);
        circumstances
    })
}

fn targets() -> Vec<TargetEdition> {
    let editions = Edition::ALL.iter();
    let of = |edition: &Edition| {
        let edition = *edition;
        let installations = Installation::ALL.iter();
        installations.map(move |installation| TargetEdition::new(edition, *installation))
    };
    editions.flat_map(of).collect()
}

/// Evaluations, of which the arbitrary guests hold few that come to a conversion.
fn any_evaluation() -> impl Strategy<Value = Guest> {
    let release = proptest::sample::select(Release::ALL);
    let product = proptest::sample::select(vec![
        Product::Standard,
        Product::Datacenter,
        Product::DatacenterAzureEdition,
        Product::Essentials,
    ]);
    (release, product).prop_map(|(release, product)| {
        let mut guest = Guest::new(release, product).ready();
        guest.evaluation = true.into();
        guest
    })
}

/// What a text for `cmd` or PowerShell may hold of conversions, whatever the plan.
fn check_text(text: &str, plan: &Plan, guest: &Guest, circumstances: &Circumstances) {
    let mut listed_before = false;
    for line in text.lines() {
        listed_before |= line.starts_with("DISM /Online /Get-TargetEditions");
        let Some(place) = line.find("/Set-Edition:") else {
            continue;
        };
        assert!(line.starts_with("DISM /Online /Set-Edition:"), "{line}");
        assert!(line.ends_with(" /AcceptEula /NoRestart"), "{line}");
        assert!(listed_before, "the list comes first: {text}");
        let words: Vec<&str> = line[place..].split([' ', ':']).collect();
        let (name, key) = (words[1], words[3]);
        let target = TargetEdition::from_dism_name(name).unwrap();
        // The key is the target's GVLK, and so is the AVMA key that follows.
        let release = guest.release.known_element().unwrap().release().unwrap();
        let of = |channel| keys::key(release, target.edition.into(), channel).unwrap();
        assert_eq!(of(KeyChannel::Gvlk).key.to_string(), key);
        assert!(text.contains(&of(KeyChannel::Avma).key.to_string()));
        // Full stays full, core stays core.
        assert!(circumstances.installation.contains(target.installation));
        let from = guest.product.edition().unwrap();
        match (from, target.edition) {
            (_, Edition::Datacenter) => {}
            (Edition::Standard, Edition::Standard) => {
                // Standard Core is no target since 2016, and before only if DISM itself lists it.
                let listed = circumstances
                    .listed
                    .is_some_and(|list| list.contains(target));
                let may = target.installation == Installation::Full
                    || release == Release::Ws2012R2 && listed;
                assert!(may, "{release}: {line}");
            }
            other => panic!("{other:?}: {line}"),
        }
    }
    let converts = |action| matches!(action, Action::ConvertEdition { .. });
    assert_eq!(
        text.contains("/Set-Edition:"),
        plan.steps().iter().any(|step| converts(step.action))
    );
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

        // A key is the published one of every candidate; after a conversion, of its target.
        let target = steps.iter().find_map(|step| match step.action {
            Action::ConvertEdition { target, .. } => Some(target),
            _ => None,
        });
        let of_target = |target: TargetEdition| Fact::known(Product::from(target.edition));
        let products = target.map_or(guest.product, of_target);
        for step in steps {
            let (row, channel) = match step.action {
                Action::InstallAvmaKey { row } => (row, KeyChannel::Avma),
                Action::ConvertEdition { gvlk, .. } => (gvlk, KeyChannel::Gvlk),
                Action::ReplaceByGvlk { row } => (row, KeyChannel::Gvlk),
                _ => continue,
            };
            for release in guest.release {
                for product in products {
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
            let check = place(&|action| matches!(action, Action::CheckTargetEdition { .. }));
            let convert = place(&|action| matches!(action, Action::ConvertEdition { .. }));
            let restart = place(&|action| action == Action::Restart);
            let install = place(&|action| matches!(action, Action::InstallAvmaKey { .. }));
            prop_assert!(check < convert && convert < restart && restart < install);
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
        // Only an evaluation for which DISM's list is at hand is installed afresh.
        let afresh = plan.outcome() == Outcome::InstallAfresh;
        prop_assert_eq!(afresh, holds(&|action| action == Action::InstallAfresh));
        if afresh {
            prop_assert_eq!(steps.len(), 1);
            prop_assert!(circumstances.listed.is_some());
        }
    }

    #[test]
    fn conversions_in_texts(
        guest in any_evaluation(),
        observation in any_observation(),
        circumstances in any_circumstances(),
        host in proptest::sample::select(vec![Release::Ws2022, Release::Ws2025]),
    ) {
        let host = Host::windows_server(host, Product::Datacenter).ready();
        let plan = plan(&host, &guest, &observation, &circumstances);
        check_text(&plan.slmgr().to_string(), &plan, &guest, &circumstances);
        check_text(&plan.powershell().to_string(), &plan, &guest, &circumstances);
        for line in plan.dism().to_string().lines() {
            if line.contains("/Set-Edition:") {
                prop_assert!(plan.slmgr().to_string().contains(line));
            }
        }
    }

    /// Whatever DISM lists, the rule takes nothing else, and takes it as soon as it may.
    #[test]
    fn a_list_is_kept_to(
        release in proptest::sample::select(Release::ALL),
        edition in proptest::sample::select(Edition::ALL),
        installation in proptest::sample::select(Installation::ALL),
        names in proptest::collection::vec(proptest::sample::select(targets()), 0..4),
    ) {
        let listed: TargetEditions = names.iter().copied().collect();
        match conversion(release, edition, installation, Some(listed)) {
            Conversion::To(target) => {
                prop_assert!(listed.contains(target));
                prop_assert_eq!(target.installation, installation);
            }
            Conversion::InstallAfresh => {
                let datacenter = TargetEdition::new(Edition::Datacenter, installation);
                prop_assert!(!listed.contains(datacenter));
            }
            Conversion::NotDocumented => {}
            other => prop_assert!(false, "a list leaves nothing open: {other:?}"),
        }
    }
}
