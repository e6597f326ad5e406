//! The serialised forms of what goes into `assess` and of what comes out.
#![cfg(all(feature = "serde", feature = "alloc"))]

use avma::assess::{Guest, Host, HostFamily, InstalledKey, Observation, WindowsServerHost, assess};
use avma::catalog::hosts::AzureLocalLicense;
use avma::time::Timestamp;
use avma::{
    Answer, AnyRelease, Fact, HResult, HostLicense, LicenseChannel, LicenseStatus, Possibility,
    Product, ProductKey, Products, Release, Releases, VmId, YesNo,
};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

/// A form, and back.
#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a case reads better with its value in place"
)]
fn both<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: T, form: Value) {
    assert_eq!(to_value(&value).unwrap(), form);
    assert_eq!(from_value::<T>(form).unwrap(), value);
}

#[track_caller]
fn refused<T: DeserializeOwned + std::fmt::Debug>(form: Value, fault: &str) {
    let error = from_value::<T>(form).unwrap_err().to_string();
    assert!(error.contains(fault), "{error}");
}

#[test]
fn a_fact_is_nothing_a_word_or_a_list() {
    both(Releases::unknown(), Value::Null);
    both(Releases::known(AnyRelease::Older), json!("older"));
    both(
        Products::known(Product::Standard).union(Product::Nano.into()),
        json!(["standard", "nano"]),
    );
    both(YesNo::from(true), json!("yes"));
    both(Answer::No, json!("no"));
    // JSON's own words for yes and no, and names in any case of letters.
    assert_eq!(from_value::<YesNo>(json!(true)).unwrap(), true.into());
    let product: Products = from_value(json!("Datacenter")).unwrap();
    assert!(product.is(Product::Datacenter));

    refused::<Products>(json!([]), "at least one word");
    refused::<Products>(json!("standart"), "expected one of datacenter, ");
    refused::<YesNo>(json!("perhaps"), "expected `no` or `yes`");
    refused::<Releases>(json!(2022), "a word, a list of words, or nothing");
    refused::<Releases>(json!(["2022", "2021"]), "expected one of 2008-r2, 2012");
}

#[test]
fn hosts_and_guests_leave_out_what_is_not_known() {
    both(Guest::unknown(), json!({}));
    both(
        Guest::new(Release::Ws2022, Product::Standard).ready(),
        json!({"release": "2022", "product": "standard", "evaluation": "no", "data_exchange": "yes",
               "guest_service": "yes"}),
    );
    let mut host = Host::windows_server(Release::Ws2019, Product::Datacenter);
    host.license = HostLicense::Licensed.into();
    host.hyper_v_role = true.into();
    both(
        Host::from(host),
        json!({"family": "windows-server", "release": "2019", "edition": "datacenter",
               "license": "licensed", "hyper_v_role": "yes"}),
    );
    both(
        Host::azure_local(AzureLocalLicense::Subscription).ready(),
        json!({"family": "azure-local", "license": "subscription", "synced": "yes",
               "azure_verification": "yes"}),
    );
    both(Host::Unknown, json!({"family": "unknown"}));
    // The tag of a host is the slug of its family.
    for family in HostFamily::ALL {
        let form = to_value(Host::from(*family)).unwrap();
        assert_eq!(form, json!({"family": family.as_str()}));
        assert_eq!(from_value::<Host>(form).unwrap(), Host::from(*family));
    }
    refused::<Guest>(json!({"relase": "2022"}), "unknown field `relase`");
    refused::<Host>(
        json!({"family": "windows-server", "edition": "home"}),
        "expected one of",
    );
    refused::<Host>(json!({"family": "vmware"}), "windows-server");
    let _: WindowsServerHost = from_value(json!({"release": ["2019", "1809"]})).unwrap();
}

#[test]
fn an_observation_holds_no_whole_key() {
    both(Observation::default(), json!({}));
    let mut observation = Observation::default();
    observation.key = InstalledKey::LastFive("VMK7H".parse().unwrap());
    observation.channel = Some(LicenseChannel::KmsClient);
    observation.status = Some(LicenseStatus::Notification);
    observation.reason = Some(HResult(0xC004_F074));
    observation.minutes_left = Some(0);
    both(
        observation,
        json!({"key": "VMK7H", "channel": "kms-client", "status": "notification",
               "reason": "0xC004F074", "minutes_left": 0}),
    );
    both(InstalledKey::None, json!("none"));
    both(InstalledKey::Unknown, Value::Null);
    let key: ProductKey = "RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289".parse().unwrap();
    assert_eq!(to_value(InstalledKey::Whole(key)).unwrap(), json!("Q2289"));
    // Nor does an error repeat one.
    let error = from_value::<InstalledKey>(json!("RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289"));
    let error = error.unwrap_err().to_string();
    assert!(error.contains("the last five symbols"), "{error}");
    for group in ["RHTBY", "VWY6D", "QJRJ9", "JGQ3X"] {
        assert!(!error.contains(group), "{error}");
    }
}

#[test]
fn ids_codes_and_times_are_texts() {
    let id: VmId = "a1a1a1a1-0000-4000-8000-000000000001".parse().unwrap();
    both(id, json!("a1a1a1a1-0000-4000-8000-000000000001"));
    both(HResult(0xC004_FD02), json!("0xC004FD02"));
    both(Timestamp(1_763_946_845_000), json!("2025-11-24T01:14:05Z"));
    refused::<VmId>(json!("a1"), "a GUID has 36 characters");
    refused::<HResult>(json!("0xC004FD0G"), "");
    refused::<Timestamp>(json!("24.11.2025"), "neither ISO 8601");
}

#[test]
fn an_assessment_as_json() {
    let host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
    let mut guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    guest.evaluation = YesNo::unknown();
    let form = to_value(assess(&host, &guest, &Observation::default())).unwrap();
    let names: Vec<_> = form.as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        names,
        [
            "can",
            "key",
            "seen",
            "basis",
            "findings",
            "missing",
            "next_fact"
        ]
    );
    assert_eq!(
        (&form["can"], &form["next_fact"]),
        (&json!("not-eligible"), &Value::Null)
    );
    let finding = &form["findings"][0];
    assert_eq!(finding["rule"]["id"], "guest-newer-than-host");
    assert_eq!(finding["rule"]["mended_by"], "license-buyer");
    assert_eq!(finding["certain"], true);
    assert_eq!(finding["source"]["dated"], "2023-09-19");
    let open = assess(&host, &Guest::unknown(), &Observation::default());
    let form = to_value(open).unwrap();
    assert_eq!(form["can"], "undetermined");
    assert!(
        form["missing"]
            .as_array()
            .unwrap()
            .contains(&json!("guest-release"))
    );
}

fn any_fact<T: Possibility + std::fmt::Debug>() -> impl Strategy<Value = Fact<T>> {
    proptest::sample::subsequence(T::ALL.to_vec(), 1..=T::ALL.len())
        .prop_map(|elements| Fact::one_of(elements).unwrap())
}

proptest! {
    /// Whatever is known of a guest and of a host comes back from its form.
    #[test]
    fn every_fact_comes_back(
        release in any_fact::<AnyRelease>(),
        product in any_fact::<Product>(),
        evaluation in any_fact::<Answer>(),
        license in any_fact::<HostLicense>(),
    ) {
        let mut guest = Guest::new(release, product);
        guest.evaluation = evaluation;
        prop_assert_eq!(from_value::<Guest>(to_value(guest).unwrap()).unwrap(), guest);
        let mut host = Host::windows_server(release, product);
        host.license = license;
        let host = Host::from(host);
        prop_assert_eq!(from_value::<Host>(to_value(host).unwrap()).unwrap(), host);
    }
}
