//! Texts in other languages: what no translation touches is read, all else stays unknown.

use super::*;
use avma::assess::Key;
use avma::{Clue, Identity, Product, Release};

const GERMAN: &str = "\
Softwarelizenzierungsdienst-Version: 10.0.17763.1

Name: Windows(R), ServerDatacenter edition
Beschreibung: Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel
Aktivierungs-ID: 34e1ae55-27f8-4950-8877-7a03be5fb181
Anwendungs-ID: 55c92734-d682-4d71-983e-d6ec3f16059f
Erweiterte PID: 03612-04297-000-000000-03-1031-17763.0000-1862025
Product Key-Kanal: VT:IA
Teil-Product Key: WMBMW
Lizenzstatus: Benachrichtigung
Benachrichtigungsgrund: 0xC004FD02.
Verbleibende Windows Rearm-Anzahl: 1001
";

fn read(german: &str) -> SlmgrText {
    SlmgrText::read(german)
}

/// Line by line: German, French, Spanish and Japanese labels as slmgr has them or as they may be; no
/// label is read.
#[test]
fn what_no_translation_touches_is_read() {
    for (labels, line) in [
        (
            [
                "Softwarelizenzierungsdienst-Version: ",
                "Name: ",
                "Beschreibung: ",
                "Anwendungs-ID: ",
                "Erweiterte PID: ",
                "Teil-Product Key: ",
                "Lizenzstatus: Benachrichtigung",
                "Benachrichtigungsgrund: ",
            ],
            4,
        ),
        (
            [
                "Version du service de licences logicielles : ",
                "Nom : ",
                "Description : ",
                "ID de l'application : ",
                "PID étendu : ",
                "Clé de produit partielle : ",
                "État de la licence : Notification",
                "Raison de la notification : ",
            ],
            3,
        ),
        (
            [
                "Versión del servicio de licencias de software: ",
                "Nombre: ",
                "Descripción: ",
                "Id. de la aplicación: ",
                "PID extendido: ",
                "Clave de producto parcial: ",
                "Estado de la licencia: notificación",
                "Motivo de la notificación: ",
            ],
            4,
        ),
        (
            [
                "ソフトウェア ライセンス サービスのバージョン: ",
                "名前: ",
                "説明: ",
                "アプリケーション ID: ",
                "拡張 PID: ",
                "プロダクト キーの一部： ",
                "ライセンスの状態： 通知",
                "通知の理由： ",
            ],
            4,
        ),
    ] {
        let [
            version,
            name,
            description,
            application,
            pid,
            key,
            status,
            reason,
        ] = labels;
        let text = format!(
            "{version}10.0.17763.1\n\n{name}Windows(R), ServerDatacenter edition\n\
             {description}Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel\n\
             {application}55c92734-d682-4d71-983e-d6ec3f16059f\n\
             {pid}03612-04297-000-000000-03-1031-17763.0000-1862025\n\
             {key}WMBMW\n{status}\n{reason}0xC004FD02.\n"
        );
        let text = read(&text);
        assert_eq!(text.faults, [fault(line, SlmgrFault::OtherLanguage)]);
        assert_eq!(text.service_version.as_deref(), Some("10.0.17763.1"));
        assert_eq!(text.build, Some(17763));
        let wanted = LicensingProduct {
            name: super::text("Windows(R), ServerDatacenter edition"),
            description: super::text(
                "Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel",
            ),
            application_id: Some(WINDOWS),
            license_family: super::text("ServerDatacenter"),
            is_addon: Some(false),
            reason: Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED),
            partial_key: last_five("WMBMW"),
            ..LicensingProduct::default()
        };
        assert_eq!(text.licensing.windows_row(), Some(&wanted), "{name}");
        let seen = text.licensing.observation();
        // The status stands behind a label that is not read.
        assert_eq!((seen.status, seen.minutes_left), (None, None));
        assert_eq!(seen.seen(), Seen::Unknown);
    }
}

#[test]
fn the_fault_says_what_is_not_read_and_what_helps() {
    let said = SlmgrFault::OtherLanguage.to_string();
    for word in [
        "another language",
        "licence status",
        "minutes",
        "run slmgr in English",
        "SoftwareLicensingProduct",
    ] {
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn name_and_build_say_what_the_system_is() {
    let text = read(GERMAN);
    let row = text.licensing.windows_row().unwrap();
    let clues = [
        Clue::Build(text.build.unwrap()),
        Clue::LicenseFamily(row.license_family.as_deref().unwrap()),
    ];
    let identity = Identity::from_clues(clues);
    assert_eq!(identity.release(), Some(Release::Ws2019));
    assert!(identity.products().is(Product::Datacenter));
    let mut inventory = Inventory::new();
    inventory.add_slmgr(Some("srv1"), GERMAN);
    let fleet = inventory.join();
    let row = &fleet.vms[0];
    assert_eq!(row.identity().release(), Some(Release::Ws2019));
    assert_eq!(row.observation().key.answer(&row.facts()), Key::Right);
    // Two releases may run files of one build, two builds name none.
    for (version, pid, build) in [
        ("10.0.17763.2028", "17763.0000", Some(17763)),
        ("6.3.9600.21620", "9600.0000", Some(9600)),
        ("10.0.20348.1", "17763.0000", None),
        ("10.0.18362.1", "18362.0000", None),
        ("10.0.18362.1", "18363.0000", None),
        ("10.0.19041.1", "19041.0000", None),
        ("5.1.17763.1", "17763.0000", Some(17763)),
        ("10.0.17763", "x", None),
        ("10.0.17763.1.1", "+17763.0000", None),
        ("6.4.9841.1", "", None),
    ] {
        let text = GERMAN
            .replace("10.0.17763.1", version)
            .replace("17763.0000", pid);
        assert_eq!(read(&text).build, build, "{version} {pid}");
    }
    // In English too.
    let english = sample("slmgr-dlv.txt");
    assert_eq!(read(&english).build, Some(20348));
    let twice = format!("{english}\n{english}");
    assert_eq!(read(&twice).build, None);
}

/// Each of these has the form of a value without being one.
#[test]
fn what_only_looks_like_a_value_is_not_taken() {
    let with = |line: &str| {
        let text = read(&format!("{GERMAN}{line}\n"));
        assert_eq!(text.faults, [fault(4, SlmgrFault::OtherLanguage)], "{line}");
        text
    };
    let wanted = read(GERMAN);
    for line in [
        // A host whose name is five letters of keys, another key's last five in small letters.
        "Name des Hostcomputers: HYPV2",
        "Name des Hostcomputers: dv9bg",
        // The KMS host's own product id, of another build.
        "Erweiterte PID des KMS-Computers: 03612-00206-000-000000-03-1031-20348.0000-1862025",
        "Fehler: 0xC004F074 Der Softwarelizenzierungsdienst hat gemeldet",
        "Aktivierungs-ID: 0ff1ce15-a989-479d-af46-f275c6370663",
        "BuildVersion: 10.0.20348.1",
        "Ablauf: 4321 Minute(n) (4 Tag(e))",
        "KMS: 0xC004F07",
    ] {
        let text = with(line);
        assert_eq!(text.licensing, wanted.licensing, "{line}");
        assert_eq!(text.build, wanted.build, "{line}");
        assert!(text.not_understood.contains(&13), "{line}");
    }
    // A second key or reason of one licence: neither is used.
    let both = read(&format!("{GERMAN}x: DV9BG\nx: 0xC004FD03.\n"));
    let row = &both.licensing.rows[0];
    assert_eq!(
        (row.partial_key, row.reason),
        (PartialKey::NotCollected, None)
    );
    let twice = both.faults.iter();
    let twice = twice.filter(|fault| fault.kind == SlmgrFault::Twice);
    assert_eq!(twice.count(), 2);
}

/// `slmgr /dlv all` shows hundreds that are not in use, and says so in its own language.
#[test]
fn a_licence_that_may_not_be_in_use_tells_nothing() {
    let unused = "Name: Windows(R), ServerStandardEval edition\n\
                  Beschreibung: Windows(R) Operating System, TIMEBASED_EVAL channel\n\
                  Anwendungs-ID: 55c92734-d682-4d71-983e-d6ec3f16059f\n\
                  Diese Lizenz wird nicht verwendet.\n";
    let text = read(unused);
    assert!(text.licensing.rows.is_empty());
    assert!(!text.licensing.has_no_key());
    assert_eq!(text.licensing.observation(), Observation::default());
    let all = read(&format!("{unused}\n{GERMAN}"));
    let seen = all.licensing.observation();
    assert_eq!(seen.channel, Some(LicenseChannel::Avma));
    assert_eq!(seen.key, read(GERMAN).licensing.observation().key);
    // A key that is published nowhere stays unknown; the product id shows that there is one.
    let private = read(
        &GERMAN
            .replace("WMBMW", "7XK2C")
            .replace("VIRTUAL_MACHINE_ACTIVATION", "VOLUME_MAK"),
    );
    let seen = private.licensing.observation();
    assert_eq!(seen.key, InstalledKey::Unknown);
    assert_eq!(seen.channel, Some(LicenseChannel::Mak));
}

#[test]
fn reasons_in_brackets_of_other_languages() {
    for reason in [
        "0xC004F200 (nicht original).",
        "0xC004F200 (non authentique).",
        "0xC004F200\u{FF08}非正規\u{FF09}\u{3002}",
        "0xC004F200",
    ] {
        let text = read(&GERMAN.replace("0xC004FD02.", reason));
        let row = text.licensing.windows_row().unwrap();
        assert_eq!(row.reason, Some(HResult::NOT_GENUINE), "{reason}");
    }
}

/// In English every line has its label, and a line without one is not read by its form.
#[test]
fn an_english_text_is_read_by_its_labels_alone() {
    let known = sample("slmgr-dlv.txt");
    let with = format!("BuildVersion: 10.0.17763.1\n{known}\nShiny: 0xC004FD02.\nShiny: DV9BG\n");
    let (read, wanted) = (SlmgrText::read(&with), SlmgrText::read(&known));
    assert_eq!(read.licensing, wanted.licensing);
    assert_eq!((read.build, read.faults), (wanted.build, wanted.faults));
}
