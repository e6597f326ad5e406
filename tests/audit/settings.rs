use avma::assess::{Host, HostFamily};
use avma::fleet::audit::{HostFact, Setting, SettingError};
use avma::{Product, Release};

#[track_caller]
fn fails(text: &str, error: SettingError) {
    assert_eq!(text.parse::<Setting>(), Err(error), "{text}");
}

#[test]
fn what_is_no_setting_says_why() {
    for text in [
        "",
        "HV01",
        "HV01.Synced",
        "Synced=yes",
        ".Synced=yes",
        "HV01=yes",
    ] {
        fails(text, SettingError::Form);
    }
    for text in ["HV01.Synced=", "HV01.Subscription=maybe", "HV01.Nested=2"] {
        fails(text, SettingError::NoYesOrNo);
    }
    for text in [
        "AL01.KeyRelease=2026",
        "AL01.KeyRelease=",
        "AL01.KeyRelease=1809",
    ] {
        fails(text, SettingError::NoKeyRelease);
    }
    fails("HV01.Colour=blue", SettingError::NoSuchFact);
}

#[test]
fn a_setting_is_about_a_host_by_either_name() {
    let setting: Setting = "hv25.example.test.PAYASYOUGO=1".parse().unwrap();
    assert_eq!(
        (setting.host.as_str(), setting.fact),
        ("hv25.example.test", HostFact::PayAsYouGo(true))
    );
    assert!(setting.is_about("HV25") && setting.is_about("HV25.EXAMPLE.TEST"));
    assert!(!setting.is_about("HV25.other.test") && !setting.is_about("HV2"));
}

#[test]
fn a_fact_of_another_family_changes_nothing() {
    let before = Host::from(Host::windows_server(Release::Ws2022, Product::Datacenter));
    let mut host = before;
    let error = HostFact::Synced(true).apply(&mut host).unwrap_err();
    assert_eq!(error.of, HostFamily::AzureLocal);
    assert!(error.is.is(HostFamily::WindowsServer));
    assert_eq!(
        error.to_string(),
        format!("a fact of {}, but the host is {}", error.of, error.is)
    );
    assert_eq!(host, before);
}
