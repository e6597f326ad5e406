//! The text of slmgr: the samples, what other programs and other languages print, what is not read.
#![cfg(feature = "observe")]

use std::fs;
use std::path::Path;

use avma::assess::{InstalledKey, Observation, Seen};
use avma::encoding::decode;
use avma::hresult::HResultError;
use avma::ids::VmIdError;
use avma::observe::inventory::Inventory;
use avma::observe::licensing::{LicensingProduct, PartialKey, WINDOWS};
use avma::observe::slmgr::{LineFault, SlmgrFault, SlmgrText, is_slmgr};
use avma::observe::value::When;
use avma::{HResult, LastFive, LicenseChannel, LicenseStatus};

#[cfg(feature = "serde")]
mod joined;
mod languages;
mod laws;

/// Well-formed, published nowhere.
const PLANTED: &str = "FMT4H-4RD6P-M48YH-6YDK2-QXPNK";

fn sample(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    let bytes = fs::read(folder.join(file)).unwrap();
    decode(&bytes).unwrap().into_owned()
}

fn last_five(text: &str) -> PartialKey {
    PartialKey::LastFive(LastFive::parse(text).unwrap())
}

#[expect(clippy::unnecessary_wraps, reason = "as the fields of a row are")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn undecided(date: &str) -> When {
    When::Undecided(date.to_owned())
}

fn fault(line: usize, kind: SlmgrFault) -> LineFault {
    LineFault { line, kind }
}

/// A licence of Windows with these lines behind its name.
fn windows(lines: &str) -> SlmgrText {
    let head = "Name: Windows(R), ServerStandard edition\nDescription: Windows(R) Operating System, \
                VIRTUAL_MACHINE_ACTIVATION channel\n";
    SlmgrText::read(&format!("{head}{lines}"))
}

/// The same, whole.
fn licensed(lines: &str) -> SlmgrText {
    windows(&format!(
        "Partial Product Key: 78VHK\nLicense Status: Licensed\n{lines}"
    ))
}

#[track_caller]
fn row(text: &SlmgrText) -> &LicensingProduct {
    assert_eq!(text.licensing.rows.len(), 1, "{text:?}");
    &text.licensing.rows[0]
}

#[test]
fn dlv_of_an_activated_guest() {
    let text_of = SlmgrText::read(&sample("slmgr-dlv.txt"));
    assert_eq!(text_of.faults, []);
    assert_eq!(text_of.not_understood, Vec::<usize>::new());
    assert_eq!(text_of.service_version, text("10.0.20348.2340"));
    let licensing = &text_of.licensing;
    assert_eq!((licensing.without_key, licensing.refused), (0, 0));
    let wanted = LicensingProduct {
        name: text("Windows(R), ServerStandard edition"),
        description: text("Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel"),
        application_id: Some(WINDOWS),
        license_family: text("ServerStandard"),
        is_addon: Some(false),
        status_code: Some(1),
        reason: None,
        grace_minutes: Some(4321),
        partial_key: last_five("78VHK"),
        product_key_channel: text("EXAMPLE-NOT-KNOWN"),
        evaluation_end: When::Unknown,
        iaid: text("EXAMPLE-IAID-0001"),
        avma_host: text("HV01"),
        avma_last_activation: undecided("11/24/2025 1:58:11 AM"),
        avma_host_pid: text("EXAMPLE-PID2-0001"),
    };
    assert_eq!(row(&text_of), &wanted);
    assert_eq!(licensing.windows_row(), Some(&wanted));
    let seen = licensing.observation();
    assert_eq!(seen.seen(), Seen::Avma);
    assert_eq!(seen.channel, Some(LicenseChannel::Avma));
}

#[test]
fn dlv_with_an_add_on_before_a_guest_in_notification() {
    let text_of = SlmgrText::read(&sample("slmgr-dlv-two-blocks.txt"));
    assert_eq!(text_of.faults, []);
    assert_eq!(text_of.not_understood, Vec::<usize>::new());
    assert_eq!(text_of.service_version, text("6.3.9600.21620"));
    let licensing = &text_of.licensing;
    assert_eq!((licensing.without_key, licensing.refused), (0, 0));
    let addon = LicensingProduct {
        name: text("EXAMPLE security update add-on for ServerStandard"),
        description: text("Windows(R) Operating System, VOLUME_MAK channel"),
        application_id: Some(WINDOWS),
        // Its name does not say so.
        is_addon: None,
        status_code: Some(1),
        partial_key: last_five("7XK2C"),
        product_key_channel: text("Volume:MAK"),
        ..LicensingProduct::default()
    };
    let avma = LicensingProduct {
        name: text("Windows(R), ServerStandard edition"),
        description: text("Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel"),
        application_id: Some(WINDOWS),
        license_family: text("ServerStandard"),
        is_addon: Some(false),
        status_code: Some(5),
        reason: Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED),
        partial_key: last_five("MTB6V"),
        product_key_channel: text("EXAMPLE-NOT-KNOWN"),
        ..LicensingProduct::default()
    };
    assert_eq!(licensing.rows, [addon, avma.clone()]);
    assert_eq!(licensing.windows_row(), Some(&avma));
    let wanted = Seen::NotActivated {
        status: LicenseStatus::Notification,
        reason: Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED),
    };
    assert_eq!(licensing.observation().seen(), wanted);
}

#[test]
fn line_ends_case_and_blanks_do_not_matter() {
    let sample = sample("slmgr-dlv.txt");
    let wanted = SlmgrText::read(&sample);
    for other in [
        sample.replace("\r\n", "\n"),
        sample.replace("\r\n", "\n").replace('\n', "\r\n"),
        sample.replace("\r\n", "\n").replace('\n', "\r\r\n"),
        sample.replace("\r\n", "\n").replace('\n', "  \n\t"),
        sample.replace(": ", " :  "),
        sample.trim_end().to_owned(),
        format!("\u{FEFF}{sample}"),
    ] {
        assert_eq!(SlmgrText::read(&other), wanted);
    }
    let lower = sample.lines().map(|line| match line.split_once(':') {
        Some((label, value)) => format!("{}:{value}", label.to_lowercase()),
        None => line.to_owned(),
    });
    let lower = lower.collect::<Vec<_>>().join("\n");
    assert_eq!(SlmgrText::read(&lower), wanted);
}

/// IAID within the licence, the product id before the time, the time in UTC.
#[test]
fn another_program_prints_another_order() {
    let text_of = SlmgrText::read(
        "Name: Windows(R), ServerStandard edition\n\
         Description: Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel\n\
         Activation ID: 00000000-1111-2222-3333-444444444444\n\
         Guest IAID: EXAMPLE-IAID-0001\n\
         License Status: Licensed\n\
         Automatic VM activation expiration: 4321 minutes (4 days)\n\
         Partial Product Key: 78VHK\n\
         Evaluation End Date: 2026-03-09 08:00 UTC\n\
         \n\
         Most recent activation information:\n\
         Automatic VM Activation client information\n\
         Host machine name: HV01\n\
         Host Digital PID2: EXAMPLE-PID2-0001\n\
         Activation time: 2025-11-24 00:58:11 UTC\n",
    );
    assert_eq!(text_of.faults, []);
    let row = row(&text_of);
    assert_eq!(
        row.avma_last_activation,
        When::At("2025-11-24T00:58:11Z".parse().unwrap())
    );
    assert_eq!(
        row.evaluation_end,
        When::At("2026-03-09T08:00:00Z".parse().unwrap())
    );
    assert_eq!(row.iaid, text("EXAMPLE-IAID-0001"));
    assert_eq!(row.avma_host_pid, text("EXAMPLE-PID2-0001"));
    assert_eq!(row.grace_minutes, Some(4321));
    // /dli prints no application id; the name is enough where nothing contradicts.
    assert_eq!(row.application_id, None);
    assert_eq!(text_of.licensing.windows_row(), Some(row));
}

#[test]
fn dates_without_a_zone_stay_undecided() {
    for (date, wanted) in [
        ("11/24/2025 1:58:11 AM", undecided("11/24/2025 1:58:11 AM")),
        ("24.11.2025 02:20:00", undecided("24.11.2025 02:20:00")),
        // Local time of a guest whose zone nobody knows.
        ("2025-11-24 02:20:00", undecided("2025-11-24 02:20:00")),
        (
            "2025-11-24 02:20:00 AM UTC",
            undecided("2025-11-24 02:20:00 AM UTC"),
        ),
        (
            "2025-11-24T02:20:00Z",
            When::At("2025-11-24T02:20:00Z".parse().unwrap()),
        ),
        ("1601-01-01 00:00:00 UTC", When::Never),
        ("Not Available", When::Unknown),
        ("not available", When::Unknown),
        ("", When::Unknown),
    ] {
        let text_of = licensed(&format!("Activation time: {date}"));
        assert_eq!(row(&text_of).avma_last_activation, wanted, "{date}");
        assert_eq!(text_of.faults, []);
    }
}

#[test]
fn license_statuses_by_their_english_texts() {
    for (status, wanted) in [
        ("Unlicensed", Some(0)),
        ("Licensed", Some(1)),
        ("Initial grace period", Some(2)),
        (
            "Additional grace period (KMS license expired or hardware out of tolerance)",
            Some(3),
        ),
        ("Non-genuine grace period.", Some(4)),
        ("Notification", Some(5)),
        ("Extended grace period", Some(6)),
        ("LICENSED", Some(1)),
        ("Unknown", None),
        ("Lizenziert", None),
        ("1", None),
        ("", None),
        // Slugs of this crate are none of slmgr's texts.
        ("oob-grace", None),
    ] {
        let text_of = windows(&format!(
            "Partial Product Key: 78VHK\nLicense Status: {status}"
        ));
        let faults = match wanted {
            Some(_) => vec![],
            None => vec![fault(4, SlmgrFault::UnknownStatus)],
        };
        assert_eq!(text_of.faults, faults, "{status}");
        assert_eq!(row(&text_of).status_code, wanted, "{status}");
    }
}

#[test]
fn minutes_and_days_have_to_agree() {
    let disagree = |minutes, days| Err(SlmgrFault::DaysDisagree { minutes, days });
    for (value, wanted) in [
        ("4321 minute(s) (4 day(s))", Ok(4321)),
        ("4320 minute(s) (3 day(s))", Ok(4320)),
        ("1 minute(s) (1 day(s))", Ok(1)),
        ("0 minute(s) (0 day(s))", Ok(0)),
        ("4294967295 minute(s) (2982617 day(s))", Ok(u32::MAX)),
        ("4321 minutes (4 days)", Ok(4321)),
        ("4321 minute(s)", Ok(4321)),
        ("4321 minute(s) (3 day(s))", disagree(4321, 3)),
        ("4320 minute(s) (4 day(s))", disagree(4320, 4)),
        ("0 minute(s) (1 day(s))", disagree(0, 1)),
        ("4321", Err(SlmgrFault::NotMinutes)),
        ("4 day(s)", Err(SlmgrFault::NotMinutes)),
        ("4321 Minute(n) (4 Tag(e))", Err(SlmgrFault::NotMinutes)),
        ("4321 minute(s) (4", Err(SlmgrFault::NotMinutes)),
        (
            "4321 minute(s) (4 day(s)) more",
            Err(SlmgrFault::NotMinutes),
        ),
        ("4,321 minute(s) (4 day(s))", Err(SlmgrFault::NotMinutes)),
        // VBScript's numbers have a sign: so more than 2^31 minutes are shown, as a forgery has.
        ("-4321 minute(s)", Err(SlmgrFault::NotMinutes)),
        ("-4321 minute(s) (4 day(s))", Err(SlmgrFault::NotMinutes)),
        ("4321 minute(s) (-4 day(s))", Err(SlmgrFault::NotMinutes)),
        (
            "\u{2212}4321 minute(s) (4 day(s))",
            Err(SlmgrFault::NotMinutes),
        ),
        ("0.4321 minute(s)", Err(SlmgrFault::NotMinutes)),
        (".4321 minute(s)", Err(SlmgrFault::NotMinutes)),
        (
            "4294967296 minute(s) (2982617 day(s))",
            Err(SlmgrFault::NotMinutes),
        ),
        ("", Err(SlmgrFault::NotMinutes)),
    ] {
        for label in [
            "Automatic VM activation expiration",
            "Timebased activation expiration",
            "Volume activation expiration",
            "Time remaining",
        ] {
            let text_of = licensed(&format!("{label}: {value}"));
            assert_eq!(row(&text_of).grace_minutes, wanted.ok(), "{value}");
            let faults: Vec<_> = wanted
                .err()
                .map(|kind| fault(5, kind))
                .into_iter()
                .collect();
            assert_eq!(text_of.faults, faults, "{value}");
        }
    }
}

#[test]
fn notification_reasons() {
    for (value, wanted) in [
        ("0xC004FD02.", Ok(HResult(0xC004_FD02))),
        ("0xC004F200 (non-genuine).", Ok(HResult::NOT_GENUINE)),
        (
            "0xC004F009 (grace time expired).",
            Ok(HResult::GRACE_TIME_EXPIRED),
        ),
        ("0xc004fd02", Ok(HResult(0xC004_FD02))),
        ("0x5.", Ok(HResult(5))),
        ("3221552386.", Err(HResultError::NotANumber)),
        ("0xFD02h", Err(HResultError::NotANumber)),
        ("0xC004FD0200", Err(HResultError::TooLarge)),
        ("", Err(HResultError::NotANumber)),
    ] {
        let text_of = windows(&format!(
            "Partial Product Key: 78VHK\nLicense Status: Notification\nNotification Reason: {value}"
        ));
        assert_eq!(row(&text_of).reason, wanted.ok(), "{value}");
        let faults: Vec<_> = wanted
            .err()
            .map(|error| fault(5, SlmgrFault::NotAReason(error)))
            .into_iter()
            .collect();
        assert_eq!(text_of.faults, faults, "{value}");
    }
}

#[test]
fn a_whole_key_is_not_kept_and_elsewhere_masked() {
    let text_of = windows(&format!(
        "Partial Product Key: {PLANTED}\nLicense Status: Licensed\nHost machine name: {PLANTED}\n\
         Activation time: {PLANTED}\nGuest IAID: {PLANTED}\nHost Digital PID2: {PLANTED}\n\
         Product Key Channel: {PLANTED}\nSoftware licensing service version: {PLANTED}\n{PLANTED}: x\n"
    ));
    let row = row(&text_of);
    assert_eq!(row.partial_key, PartialKey::NotALastFive { bytes: 29 });
    assert_eq!(
        text_of.faults,
        [fault(3, SlmgrFault::NotALastFive { bytes: 29 })]
    );
    assert_eq!(row.avma_host, text("*****-*****-*****-*****-QXPNK"));
    let shown = format!("{text_of:?} {}", text_of.faults[0]);
    assert!(!shown.contains("FMT4H"), "{shown}");
    let mut inventory = Inventory::new();
    inventory.add_slmgr(
        Some(PLANTED),
        &format!("License Status: Licensed\n{PLANTED}"),
    );
    assert!(!format!("{inventory:?}").contains("FMT4H"));
}

#[test]
fn not_available_is_none() {
    let text_of = licensed(
        "Guest IAID: Not Available\nHost machine name: not available\nHost Digital PID2: NOT AVAILABLE\n\
         Activation time: Not Available\n",
    );
    let row = row(&text_of);
    assert_eq!((&row.iaid, &row.avma_host), (&None, &None));
    assert_eq!(row.avma_host_pid, None);
    assert_eq!(row.avma_last_activation, When::Unknown);
}

/// Which licences are shown depends on what slmgr was asked for.
#[test]
fn a_licence_that_is_not_in_use_has_no_key_and_says_nothing_of_windows() {
    let text_of = windows("This license is not in use.\nLicense Status: Unlicensed\n");
    assert!(text_of.licensing.rows.is_empty());
    assert_eq!(text_of.licensing.without_key, 1);
    assert!(!text_of.is_empty());
    // Windows may hold the key of another licence, which slmgr was not asked for.
    assert!(!text_of.licensing.has_no_key());
    assert_eq!(text_of.licensing.observation(), Observation::default());
    assert_eq!(text_of.faults, [fault(1, SlmgrFault::NoWindows)]);
    // All licences, of which one is in use.
    let all = SlmgrText::read(
        "Name: Windows(R), ServerStandard edition\nDescription: x VIRTUAL_MACHINE_ACTIVATION channel\n\
         This license is not in use.\nLicense Status: Unlicensed\n\n\
         Name: Windows(R), ServerStandard edition\nDescription: x VOLUME_KMSCLIENT channel\n\
         Partial Product Key: VMK7H\nLicense Status: Licensed\n",
    );
    assert_eq!(all.faults, []);
    assert_eq!(all.licensing.without_key, 1);
    let seen = all.licensing.observation();
    assert_eq!(seen.seen(), Seen::Other(LicenseChannel::KmsClient));
}

#[test]
fn an_add_on_alone_is_not_windows() {
    for name in [
        "EXAMPLE security update add-on for ServerStandard",
        "Windows(R), Server Standard ESU edition",
        "Windows(R),  edition",
        "Windows(R) ServerStandard edition",
        "Office 16, Office16ProPlusVL_KMS_Client edition",
    ] {
        let text_of = SlmgrText::read(&format!(
            "Name: {name}\nDescription: Windows(R) Operating System, VOLUME_MAK channel\n\
             Application ID: 55c92734-d682-4d71-983e-d6ec3f16059f\n\
             Partial Product Key: 7XK2C\nLicense Status: Licensed\n"
        ));
        assert_eq!(row(&text_of).is_addon, None, "{name}");
        assert_eq!(text_of.licensing.observation(), Observation::default());
        assert_eq!(text_of.faults, [fault(1, SlmgrFault::NoWindows)]);
    }
}

#[test]
fn windows_cut_off_before_its_key_does_not_give_way_to_an_add_on() {
    let text_of = SlmgrText::read(
        "Name: Add-on\nDescription: x VOLUME_MAK channel\nPartial Product Key: 7XK2C\n\
         License Status: Licensed\n\nName: Windows(R), ServerStandard edition\n\
         Description: x VIRTUAL_MACHINE_ACTIVATION channel\n",
    );
    assert_eq!(text_of.faults, [fault(6, SlmgrFault::Incomplete)]);
    assert_eq!(text_of.licensing.observation(), Observation::default());
}

#[test]
fn several_windows_and_several_outputs() {
    let block = |key: &str| {
        format!(
            "Software licensing service version: 10.0.1\nName: Windows(R), ServerStandard edition\n\
             Description: x VIRTUAL_MACHINE_ACTIVATION channel\nPartial Product Key: {key}\n\
             License Status: Licensed\n"
        )
    };
    let text_of = SlmgrText::read(&format!("{}{}", block("78VHK"), block("DV9BG")));
    assert_eq!(
        text_of.faults,
        [
            fault(2, SlmgrFault::SeveralLicenses { licenses: 2 }),
            fault(6, SlmgrFault::SeveralOutputs),
        ]
    );
    assert_eq!(text_of.licensing.observation(), Observation::default());
    // Twice the same is the same.
    let text_of = SlmgrText::read(&format!("{}{}", block("78VHK"), block("78VHK")));
    assert_eq!(text_of.faults, [fault(6, SlmgrFault::SeveralOutputs)]);
    assert_eq!(text_of.licensing.observation().seen(), Seen::Avma);
}

#[test]
fn a_line_twice_with_another_value_is_not_used() {
    let text_of =
        licensed("Time remaining: 5 minute(s) (1 day(s))\nTime remaining: 6 minute(s) (1 day(s))");
    assert_eq!(row(&text_of).grace_minutes, None);
    assert_eq!(text_of.faults, [fault(6, SlmgrFault::Twice)]);
    let text_of =
        licensed("License Status: Notification\nHost machine name: A\nHost machine name: A");
    assert_eq!(row(&text_of).status_code, None);
    assert_eq!(row(&text_of).avma_host, text("A"));
    assert_eq!(text_of.faults, [fault(5, SlmgrFault::Twice)]);
    let text_of = licensed("This license is not in use.");
    assert_eq!(row(&text_of).partial_key, PartialKey::NotCollected);
    assert_eq!(text_of.faults, [fault(5, SlmgrFault::Twice)]);
}

#[test]
fn another_language_is_named() {
    let license = "Name: Windows(R), ServerStandard edition\n\
                   Beschreibung: Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel\n";
    for (german, line) in [
        (
            format!("Softwarelizenzierungsdienst-Version: 10.0.20348.2340\n\n{license}"),
            4,
        ),
        (
            "\u{8AAC}\u{660E}\u{FF1A}Windows(R) Operating System, VOLUME_KMSCLIENT channel\n"
                .to_owned(),
            1,
        ),
    ] {
        let text_of = SlmgrText::read(&german);
        assert_eq!(text_of.faults, [fault(line, SlmgrFault::OtherLanguage)]);
        assert!(text_of.faults[0].to_string().contains("Get-CimInstance"));
        assert_eq!(text_of.licensing.observation(), Observation::default());
        assert!(text_of.is_empty());
        assert!(is_slmgr(&german));
        let mut inventory = Inventory::new();
        inventory.add_slmgr(Some("WEB01"), &german);
        assert!(inventory.records().guests.is_empty());
        assert_eq!(inventory.records().faults[0].place, format!("line {line}"));
    }
    // With a key in use the licence tells something, but not its status.
    let german = format!("{license}Teil-Product Key: 78VHK\nLizenzstatus: Lizenziert\n");
    let text_of = SlmgrText::read(&german);
    assert_eq!(text_of.faults, [fault(2, SlmgrFault::OtherLanguage)]);
    assert!(!text_of.is_empty());
    let seen = text_of.licensing.observation();
    assert_eq!(seen.channel, Some(LicenseChannel::Avma));
    assert_eq!((seen.status, seen.seen()), (None, Seen::Unknown));
    // Where the label happens to be the same, that of the name or of the status is not.
    let french = "Nom : Windows(R), ServerStandard edition\n\
                  Description : Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel\n\
                  Cl\u{E9} de produit partielle : 78VHK\n\
                  \u{C9}tat de la licence : avec licence\n";
    let text_of = SlmgrText::read(french);
    assert_eq!(text_of.faults, [fault(1, SlmgrFault::OtherLanguage)]);
    assert_eq!(text_of.licensing.observation(), seen);
    // Two of them are two licences, though nothing known begins the second.
    let twice = SlmgrText::read(&format!(
        "{french}\n{}",
        french.replace("VIRTUAL_MACHINE_ACTIVATION", "RETAIL")
    ));
    let channels: Vec<_> = twice
        .licensing
        .rows
        .iter()
        .map(LicensingProduct::channel)
        .collect();
    assert_eq!(
        channels,
        [Some(LicenseChannel::Avma), Some(LicenseChannel::Retail)]
    );
}

#[test]
fn errors_of_slmgr_itself() {
    for (error, kind, is_one) in [
        (
            "Error: product not found.",
            SlmgrFault::ProductNotFound,
            true,
        ),
        (
            "Error: product not found",
            SlmgrFault::ProductNotFound,
            true,
        ),
        (
            "Error: 0xC004F014 On a computer running Microsoft Windows non-core edition, run 'slui.exe 0x2a 0xC004F014'",
            SlmgrFault::Failed(HResult(0xC004_F014)),
            true,
        ),
        // Any program may print such a line.
        (
            "Error: 0x80070005 Access denied: the requested action requires elevated privileges",
            SlmgrFault::Failed(HResult(0x8007_0005)),
            false,
        ),
        (
            "Error: The data is invalid",
            SlmgrFault::FailedWithoutCode,
            false,
        ),
    ] {
        let text_of = SlmgrText::read(&format!("\n{error}\n"));
        assert_eq!(text_of.faults, [fault(2, kind)]);
        // Nothing is known, not that there is no key.
        assert!(!text_of.licensing.has_no_key());
        assert_eq!(text_of.licensing.observation().key, InstalledKey::Unknown);
        assert_eq!(is_slmgr(error), is_one, "{error}");
    }
    let failed = fault(2, SlmgrFault::Failed(HResult::NO_PRODUCT_KEY_FOUND));
    assert_eq!(
        failed.to_string(),
        "line 2: slmgr failed with 0xC004F213 (no product key is installed)"
    );
}

#[test]
fn nothing_in_a_text_is_not_no_key() {
    for nothing in [
        "",
        "\r\n",
        "Software licensing service version: 10.0.20348.2340\n",
        "Windows Server 2022\nno such thing: here\n",
    ] {
        let text_of = SlmgrText::read(nothing);
        assert_eq!(text_of.faults, [fault(1, SlmgrFault::NoLicense)]);
        assert!(text_of.is_empty() && !text_of.licensing.has_no_key());
        assert_eq!(text_of.licensing.observation(), Observation::default());
    }
}

#[test]
fn unknown_lines_are_passed_over_and_counted() {
    let known = sample("slmgr-dlv.txt");
    let (mut with, mut numbers) = (Vec::new(), Vec::new());
    for line in known.lines() {
        for unknown in [
            "Shiny: new line",
            "a sentence",
            "Requests with License Status Shiny: 1",
        ] {
            with.push(unknown);
            numbers.push(with.len());
        }
        with.push(line);
    }
    let with = with.join("\r\n");
    let (read, wanted) = (SlmgrText::read(&with), SlmgrText::read(&known));
    assert_eq!(read.licensing, wanted.licensing);
    assert_eq!(read.faults, []);
    assert_eq!(read.not_understood, numbers);
}

#[test]
fn a_kms_client_and_a_kms_host_have_lines_of_their_own() {
    let text_of = SlmgrText::read(
        "Name: Windows(R), ServerStandard edition\n\
         Description: Windows(R) Operating System, VOLUME_KMSCLIENT channel\n\
         Partial Product Key: VMK7H\n\
         License Status: Licensed\n\
         Volume activation expiration: 253564 minute(s) (177 day(s))\n\
         Configured Activation Type: All\n\
         \n\
         Most recent activation information:\n\
         Key Management Service client information\n    \
         Client Machine ID (CMID): 00000000-0000-0000-0000-000000000000\n    \
         KMS machine name from DNS: kms.example.test:1688\n    \
         KMS machine IP address: not available\n    \
         Activation interval: 120 minutes\n    \
         Renewal interval: 10080 minutes\n    \
         KMS host caching is enabled\n\
         Key Management Service is enabled on this machine\n    \
         Requests with License Status Licensed: 5\n",
    );
    assert_eq!(text_of.faults, []);
    assert_eq!(text_of.not_understood, Vec::<usize>::new());
    assert_eq!(row(&text_of).grace_minutes, Some(253_564));
    assert_eq!(row(&text_of).status_code, Some(1));
}

#[test]
fn an_application_id_that_is_none() {
    let text_of = licensed("Application ID: 55c92734");
    let error = VmIdError::Length { got: 8 };
    assert_eq!(text_of.faults, [fault(5, SlmgrFault::NotAGuid(error))]);
    assert_eq!(row(&text_of).application_id, None);
}
