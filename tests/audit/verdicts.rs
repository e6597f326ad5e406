use avma::assess::{Guest, Host, InstalledKey};
use avma::fleet::audit::{Case, Verdict};
use avma::observe::code::{OperationalStatus, VmState};
use avma::{HResult, LicenseChannel, LicenseStatus, Product, Release};

/// An eligible pair of which nothing was seen.
fn case() -> Case {
    let mut case = Case::default();
    case.host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
    case.guest = Guest::new(Release::Ws2019, Product::Standard).ready();
    case.guest_was_seen = true;
    case
}

/// Its licence row.
fn licensed(status: LicenseStatus, channel: LicenseChannel, key: &str) -> Case {
    let mut case = case();
    case.observation.status = Some(status);
    case.observation.channel = Some(channel);
    case.observation.key = InstalledKey::LastFive(key.parse().unwrap());
    case
}

#[track_caller]
fn is(verdict: Verdict, change: impl Fn(&mut Case)) {
    let mut case = case();
    change(&mut case);
    assert_eq!(case.verdict(), verdict);
}

const NOT: LicenseStatus = LicenseStatus::Notification;

#[test]
fn out_of_scope_comes_first() {
    is(Verdict::OutOfScope, |case| {
        case.guest.product = Product::Client.into();
    });
    is(Verdict::OutOfScope, |case| {
        case.guest.product = Product::NotWindows.into();
    });
    let mut case = licensed(LicenseStatus::Licensed, LicenseChannel::Avma, "4GF74");
    case.is_replica = true;
    assert_eq!(case.verdict(), Verdict::OutOfScope);
}

#[test]
fn what_was_seen_comes_before_what_can_be() {
    let mut case = licensed(LicenseStatus::Licensed, LicenseChannel::Avma, "4GF74");
    assert_eq!(case.verdict(), Verdict::ActivatedAvma);
    case.host = Host::OtherHypervisor;
    assert_eq!(case.verdict(), Verdict::ActivatedAvma);
    let case = licensed(LicenseStatus::Licensed, LicenseChannel::Mak, "7XK2C");
    assert_eq!(case.verdict(), Verdict::ActivatedOther);
    // An evaluation licence is neither.
    let mut case = licensed(LicenseStatus::Licensed, LicenseChannel::Evaluation, "7XK2C");
    case.guest.evaluation = true.into();
    assert_eq!(case.verdict(), Verdict::FixGuest);
}

#[test]
fn a_vm_that_does_not_run_says_nothing() {
    for state in [VmState::OFF, VmState::SAVED, VmState::PAUSED] {
        is(Verdict::NoData, |case| {
            case.state = Some(state);
            case.guest_was_seen = false;
        });
        is(Verdict::Ready, |case| {
            case.state = Some(state);
        });
    }
}

#[test]
fn who_can_mend_it() {
    is(Verdict::NotEligible, |case| {
        case.guest.release = Release::Ws2025.into();
    });
    is(Verdict::FixHost, |case| {
        case.guest.data_exchange = false.into();
    });
    is(Verdict::FixGuest, |case| {
        case.guest.evaluation = true.into();
    });
    // No text links the service with activation.
    is(Verdict::Ready, |case| {
        case.guest.guest_service = false.into();
    });
    // The host first; and nobody where one rule cannot be mended.
    is(Verdict::FixHost, |case| {
        case.guest.data_exchange = false.into();
        case.guest.evaluation = true.into();
    });
    is(Verdict::NotEligible, |case| {
        case.guest.release = Release::Ws2012.into();
        case.guest.data_exchange = false.into();
    });
}

#[test]
fn what_no_text_tells_and_what_is_not_known() {
    is(Verdict::NotDocumented, |case| {
        case.guest.release = Release::V1909.into();
    });
    is(Verdict::NoData, |case| {
        case.guest.release = Default::default();
    });
    is(Verdict::NoData, |case| {
        case.host = Host::Unknown;
    });
}

#[test]
fn reasons_that_pass_and_those_that_do_not() {
    let with = |reason: Option<HResult>, key: &str| {
        let mut case = licensed(NOT, LicenseChannel::Avma, key);
        case.observation.reason = reason;
        case.verdict()
    };
    assert_eq!(with(None, "4GF74"), Verdict::Pending);
    for passes in [
        HResult::IA_THROTTLE_LIMIT_EXCEEDED,
        HResult::IA_MACHINE_NOT_BOUND,
        HResult::VALIDITY_PERIOD_EXPIRED,
        HResult::GRACE_TIME_EXPIRED,
    ] {
        assert_eq!(with(Some(passes), "4GF74"), Verdict::Pending, "{passes}");
    }
    let host = Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED);
    assert_eq!(with(host, "4GF74"), Verdict::FixHost);
    assert_eq!(with(host, "J464C"), Verdict::FixHost);
    // The right key, and a reason that does not pass.
    assert_eq!(with(Some(HResult::IA_ID_MISMATCH), "4GF74"), Verdict::Ready);
    // GVLK, another release's AVMA key, a private one.
    for key in ["J464C", "78VHK", "7XK2C"] {
        assert_eq!(with(None, key), Verdict::FixGuest, "{key}");
    }
    is(Verdict::FixGuest, |case| {
        case.observation.status = Some(LicenseStatus::Unlicensed);
        case.observation.key = InstalledKey::None;
    });
}

#[test]
fn no_contact_is_waited_for() {
    for status in [
        OperationalStatus::NO_CONTACT,
        OperationalStatus::LOST_COMMUNICATION,
    ] {
        is(Verdict::Pending, |case| {
            case.data_exchange_status = Some(status);
        });
    }
    is(Verdict::Ready, |case| {
        case.data_exchange_status = Some(OperationalStatus::DEGRADED);
    });
}

/// As of slmgr's text in another language: the code is known, the licence status is not.
#[test]
fn a_code_without_a_licence_status_is_heard() {
    let with = |code, key: &str| {
        let mut case = case();
        case.observation.reason = Some(code);
        case.observation.channel = Some(LicenseChannel::Avma);
        case.observation.key = InstalledKey::LastFive(key.parse().unwrap());
        case.verdict()
    };
    let right = "4GF74";
    assert_eq!(
        with(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED, right),
        Verdict::FixHost
    );
    assert_eq!(
        with(HResult::IA_THROTTLE_LIMIT_EXCEEDED, right),
        Verdict::Pending
    );
    assert_eq!(with(HResult(0xC004_F00F), "J464C"), Verdict::FixGuest);
    // No error, no word on the activation.
    assert_eq!(with(HResult(0x4004_F401), right), Verdict::Ready);
    assert_eq!(with(HResult(0x4004_F401), "J464C"), Verdict::Ready);
}
