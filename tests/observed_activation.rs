//! What one system shows of its activation, from WMI's rows and from slmgr's text.
#![cfg(all(feature = "observe", feature = "serde"))]

use std::fs;
use std::path::Path;

use avma::assess::{InstalledKey, Observation, Seen};
use avma::encoding::decode;
use avma::observe::activation::{Activation, IMPLAUSIBLE_MINUTES};
use avma::observe::inventory::{GuestRecord, read};
use avma::observe::licensing::{Licensing, LicensingProduct, PartialKey, WINDOWS};
use avma::observe::slmgr::SlmgrText;
use avma::observe::value::{Value, When};
use avma::time::Timestamp;
use avma::{HResult, HostName, LicenseChannel, LicenseStatus};

fn bytes(file: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    fs::read(folder.join(file)).unwrap()
}

fn guest(file: &str) -> GuestRecord {
    let text = decode(&bytes(file)).unwrap().into_owned();
    let document: Value = serde_json::from_str(&text).unwrap();
    read(&document).guests.remove(0)
}

fn slmgr(file: &str) -> Activation {
    let text = decode(&bytes(file)).unwrap().into_owned();
    SlmgrText::read(&text).licensing.activation()
}

fn observation(
    key: &str,
    channel: LicenseChannel,
    status: LicenseStatus,
    reason: Option<u32>,
    minutes: Option<u32>,
) -> Observation {
    let mut observation = Observation::default();
    observation.key = InstalledKey::LastFive(key.parse().unwrap());
    observation.channel = Some(channel);
    observation.status = Some(status);
    observation.reason = reason.map(HResult);
    observation.minutes_left = minutes;
    observation
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

#[test]
fn samples() {
    use LicenseChannel::{Avma, Evaluation, KmsClient};
    use LicenseStatus::{Licensed, Notification};
    let failed = Some(0xC004_FD02);
    let never = When::Never;
    let at = When::At("2025-11-24T00:58:11Z".parse().unwrap());
    for (file, key, channel, status, reason, minutes, host, time, iaid, pid) in [
        (
            "guest-avma.ps51.json",
            "78VHK",
            Avma,
            Licensed,
            Some(1_074_066_433),
            Some(4321),
            "HV01",
            &at,
            "EXAMPLE-IAID-0001",
            "EXAMPLE-PID2-0001",
        ),
        // The add-on's row is licensed by a MAK.
        (
            "guest-two-rows.ps51.json",
            "MTB6V",
            Avma,
            Notification,
            failed,
            Some(0),
            "",
            &never,
            "",
            "",
        ),
        (
            "guest-azure.ps7.json",
            "DV9BG",
            Avma,
            Notification,
            failed,
            Some(0),
            "",
            &never,
            "",
            "",
        ),
        (
            "guest-remoted.ps51.json",
            "VMK7H",
            KmsClient,
            Licensed,
            None,
            Some(251_003),
            "",
            &When::Unknown,
            "",
            "",
        ),
    ] {
        let guest = guest(file);
        let seen = guest.activation();
        let wanted = Activation {
            observation: observation(key, channel, status, reason, minutes),
            host: text(host),
            last_activation: time.clone(),
            iaid: text(iaid),
            host_pid: text(pid),
        };
        assert_eq!(seen, wanted, "{file}");
        assert_eq!(guest.observation(), seen.observation);
        assert_eq!(guest.licensing.unwrap().activation(), seen);
    }
    let eval = guest("guest-eval.ps7.json").activation();
    assert_eq!(eval.observation.channel, Some(Evaluation));
    assert_eq!(eval.seen(), Seen::Evaluation);
    assert_eq!(eval.last_activation, When::Never);
}

#[test]
fn slmgr_tells_what_wmi_tells() {
    let avma = slmgr("slmgr-dlv.txt");
    let mut wmi = guest("guest-avma.ps51.json").activation();
    // slmgr gives a reason with a notification only, and its dates are not decided.
    wmi.observation.reason = None;
    wmi.last_activation = When::Undecided("11/24/2025 1:58:11 AM".to_owned());
    assert_eq!(avma, wmi);
    assert_eq!(avma.host_name(), Some(HostName("hv01")));

    let notification = slmgr("slmgr-dlv-two-blocks.txt");
    let mut wmi = guest("guest-two-rows.ps51.json").activation();
    wmi.observation.minutes_left = None;
    wmi.last_activation = When::Unknown;
    assert_eq!(notification, wmi);
}

#[test]
fn no_key_no_row_and_several_rows() {
    let none = Licensing::default().activation();
    assert_eq!(none.observation.key, InstalledKey::None);
    assert_eq!(none.observation.status, Some(LicenseStatus::Unlicensed));
    assert_eq!((none.host, none.last_activation), (None, When::Unknown));
    let refused = Licensing {
        refused: 1,
        ..Licensing::default()
    };
    assert_eq!(refused.activation(), Activation::default());
    let row = |minutes| LicensingProduct {
        application_id: Some(WINDOWS),
        is_addon: Some(false),
        status_code: Some(1),
        grace_minutes: Some(minutes),
        partial_key: PartialKey::NotALastFive { bytes: 29 },
        ..LicensingProduct::default()
    };
    let mut licensing = Licensing {
        rows: vec![row(1)],
        ..Licensing::default()
    };
    let seen = licensing.activation().observation;
    assert_eq!(seen.key, InstalledKey::Unknown);
    assert_eq!(seen.minutes_left, Some(1));
    // Two that differ: none of them.
    licensing.rows.push(row(2));
    assert_eq!(licensing.activation(), Activation::default());
    // A status beyond 6 is none.
    licensing.rows = vec![LicensingProduct {
        status_code: Some(7),
        ..row(1)
    }];
    assert_eq!(licensing.activation().observation.status, None);
    assert_eq!(GuestRecord::default().activation(), Activation::default());
}

#[test]
fn empty_texts_are_none() {
    for empty in ["", " "] {
        let row = LicensingProduct {
            iaid: Some(empty.to_owned()),
            avma_host: Some(empty.to_owned()),
            avma_host_pid: Some(empty.to_owned()),
            ..LicensingProduct::default()
        };
        let licensing = Licensing {
            rows: vec![row],
            ..Licensing::default()
        };
        assert_eq!(licensing.activation(), Activation::default());
    }
}

#[test]
fn when_the_minutes_end() {
    let mut activation = Activation::default();
    let at = Timestamp(1000);
    assert_eq!(activation.ends(at), None);
    for (minutes, ends, implausible) in [
        (0, None, false),
        (1, Some(61_000), false),
        (IMPLAUSIBLE_MINUTES, Some(316_224_001_000), false),
        (IMPLAUSIBLE_MINUTES + 1, Some(316_224_061_000), true),
        (u32::MAX, Some(257_698_037_701_000), true),
    ] {
        activation.observation.minutes_left = Some(minutes);
        assert_eq!(activation.ends(at), ends.map(Timestamp));
        assert_eq!(activation.is_implausible(), implausible);
    }
    assert_eq!(activation.ends(Timestamp(i64::MAX)), None);
}
