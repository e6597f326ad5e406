//! The quirks of PowerShell's output that concern inventories, one by one.
#![cfg(all(feature = "serde", feature = "xml", feature = "observe"))]

use std::borrow::Cow;

use avma::encoding::{TextError, decode};
use avma::observe::code::{OperationalStatus, VmState};
use avma::observe::fault::{FaultKind, Misread};
use avma::observe::inventory::{GuestRecord, HostRecord, Listing, Records, read};
use avma::observe::licensing::PartialKey;
use avma::observe::value::{Number, Value, When};
use avma::time::Timestamp;
use avma::{HResult, LicenseChannel, VmId};
use proptest::prelude::*;

const ID: &str = "a1a1a1a1-0000-4000-8000-000000000001";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn records(text: &str) -> Records {
    read(&json(text))
}

#[track_caller]
fn host(text: &str) -> HostRecord {
    let mut records = records(text);
    assert_eq!(records.faults, []);
    assert_eq!(records.hosts.len(), 1);
    records.hosts.remove(0)
}

#[track_caller]
fn guest(text: &str) -> GuestRecord {
    let mut records = records(text);
    assert_eq!(records.faults, []);
    assert_eq!(records.guests.len(), 1);
    records.guests.remove(0)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16_MARK: &[u8] = b"\xff\xfe";

#[test]
fn quirk_1_utf8_with_and_without_a_mark_and_utf16_with_one() {
    let text = "{\r\n  \"Name\": \"Büro 😀\"\r\n}\r\n";
    assert!(matches!(
        decode(text.as_bytes()).unwrap(),
        Cow::Borrowed(got) if got == text
    ));
    assert!(matches!(
        decode(&joined(&[UTF8_MARK, text.as_bytes()])).unwrap(),
        got if got == text
    ));
    assert_eq!(decode(&joined(&[UTF16_MARK, &utf16(text)])).unwrap(), text);
}

#[test]
fn quirk_2_other_encodings_are_refused_with_the_byte_and_the_cure() {
    let refused = |bytes: &[u8], wanted: TextError| {
        let error = decode(bytes).unwrap_err();
        assert_eq!(error, wanted);
        assert!(error.to_string().contains("-Encoding utf8"), "{error}");
        assert!(
            error.to_string().contains(&wanted.at().to_string()),
            "{error}"
        );
    };
    refused(b"\"B\xfcro\"", TextError::NotUtf8 { at: 2 });
    refused(
        &joined(&[UTF8_MARK, b"\"B\xfcro\""]),
        TextError::NotUtf8 { at: 5 },
    );
    refused(&utf16("{}"), TextError::Zero { at: 1 });
    refused(b"\xfe\xff\0{\0}", TextError::NotUtf8 { at: 0 });
    refused(b"\xff\xfe\0\0{\0\0\0", TextError::Zero { at: 2 });
    refused(b"\xff\xfe{\0}", TextError::NotUtf16 { at: 4 });
    // Half of a surrogate pair: alone, at the end, and the wrong way round.
    refused(b"\xff\xfe\x00\xd8a\0", TextError::NotUtf16 { at: 2 });
    refused(b"\xff\xfea\0\x00\xd8", TextError::NotUtf16 { at: 4 });
    refused(b"\xff\xfe\x00\xdc", TextError::NotUtf16 { at: 2 });
}

#[test]
fn quirk_3_several_documents_and_marks_and_encodings_in_one_file() {
    let documents = |bytes: &[u8]| -> Vec<Value> {
        let text = decode(bytes).unwrap();
        serde_json::Deserializer::from_str(&text)
            .into_iter()
            .map(Result::unwrap)
            .collect()
    };
    let (one, two) = ("{\"a\":1}\r\n", "{\"a\":2}\r\n");
    let wanted = [json(one), json(two)];
    for bytes in [
        joined(&[one.as_bytes(), two.as_bytes()]),
        joined(&[UTF8_MARK, one.as_bytes(), UTF8_MARK, two.as_bytes()]),
        joined(&[UTF16_MARK, &utf16(one), UTF16_MARK, &utf16(two)]),
        joined(&[UTF8_MARK, one.as_bytes(), UTF16_MARK, &utf16(two)]),
        joined(&[UTF16_MARK, &utf16(one), UTF8_MARK, two.as_bytes()]),
        // `>>` writes no mark.
        joined(&[one.as_bytes(), &utf16(two)]),
        joined(&[UTF16_MARK, &utf16(one), two.as_bytes()]),
    ] {
        assert_eq!(documents(&bytes), wanted, "{bytes:x?}");
    }
    // One after the other, three times.
    let three = joined(&[one.as_bytes(), &utf16(two), one.as_bytes()]);
    assert_eq!(documents(&three).len(), 3);
    // The character is no mark within a string.
    let inner = "{\"a\":\"x\u{feff}y\"}";
    assert_eq!(decode(inner.as_bytes()).unwrap(), inner);
    let marked = joined(&[UTF16_MARK, &utf16(inner)]);
    assert_eq!(decode(&marked).unwrap(), inner);
}

#[test]
fn quirk_4_an_empty_file_has_no_rows() {
    for bytes in [&b""[..], UTF8_MARK, UTF16_MARK] {
        assert_eq!(decode(bytes).unwrap(), "");
    }
    assert!(FaultKind::NoRows.is_warning());
    for empty in [
        "[]",
        "null",
        "{}",
        r#"{"OperatingSystem":null}"#,
        r#"{"Kvp":[]}"#,
    ] {
        let faults = records(empty).faults;
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].kind, FaultKind::NoRows);
    }
}

#[test]
fn quirk_5_escapes_and_broken_brackets_mean_nothing() {
    let a = guest(
        "{\"Licensing\":  [\n\n              ],\n \"OperatingSystem\":  {\"CSName\":  \"A\\u0026\\u0027B\"}}",
    );
    let b = guest(r#"{"Licensing":[],"OperatingSystem":{"CSName":"A&'B"}}"#);
    assert_eq!(a, b);
}

#[test]
fn quirk_6_a_list_may_be_an_array_an_object_a_text_null_or_absent() {
    let row = format!(r#"{{"Name":"a","VMId":"{ID}"}}"#);
    let vms = |list: &str| {
        let host = host(&format!(r#"{{"Feature":null{list}}}"#));
        host.vms.map(|vms| vms.len())
    };
    assert_eq!(vms(&format!(r#","VM":[{row}]"#)), Some(1));
    assert_eq!(vms(&format!(r#","VM":{row}"#)), Some(1));
    assert_eq!(vms(r#","VM":null"#), Some(0));
    assert_eq!(vms(r#","VM":[]"#), Some(0));
    assert_eq!(vms(r#","VM":{}"#), Some(0));
    assert_eq!(vms(""), None);
    let event = "<Event><System><Provider Name='Microsoft-Windows-Security-SPP'/><EventID>12310</EventID></System></Event>";
    for list in [format!("\"{event}\""), format!("[\"{event}\"]")] {
        let one = host(&format!(r#"{{"VM":[],"Event":{list}}}"#));
        assert_eq!(one.events.len(), 1);
        assert_eq!(one.events[0].id.0, 12310);
    }
}

#[test]
fn quirk_7_wrapped_arrays_are_unwrapped_where_the_keys_are_exactly_these() {
    let row = format!(r#"{{"Name":"a","VMId":"{ID}"}}"#);
    let wrapped = host(&format!(r#"{{"VM":{{"value":[{row},{row}],"Count":2}}}}"#));
    assert_eq!(wrapped.vms.unwrap().len(), 2);
    let document = format!(r#"{{"value":[{{"VM":{row}}}],"Count":1}}"#);
    assert_eq!(records(&document).hosts.len(), 1);
    assert_eq!(
        json(r#"{"value":[1],"Count":1,"x":1}"#).wrapped_list(),
        None
    );
    assert_eq!(json(r#"{"value":1,"Count":1}"#).wrapped_list(), None);
}

#[test]
fn quirk_8_enumerations_are_numbers_names_or_both() {
    let state = |text: &str| VmState::read(&json(text));
    for running in [
        "2",
        "\"2\"",
        "2.0",
        "\"Running\"",
        "\"running\"",
        r#"{"value":2,"Value":"Running"}"#,
        r#"{"Value":"Running","value":2}"#,
        r#"{"value":2}"#,
        r#"{"value":2,"Value":"2"}"#,
        r#"{"Value":"Running"}"#,
    ] {
        assert_eq!(state(running), Ok(Some(VmState::RUNNING)), "{running}");
    }
    assert_eq!(state("null"), Ok(None));
    assert_eq!(state("32999"), Ok(Some(VmState(32999))));
    assert_eq!(VmState(32999).to_string(), "32999");
    assert_eq!(state("\"Frobnicating\""), Err(Misread::UnknownName));
    assert_eq!(VmState::RUNNING.to_string(), "Running");
}

#[test]
fn quirk_9_what_is_cut_off_is_named_with_its_depth() {
    let cut = |text: &str| {
        let faults = records(text).faults;
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults[0].to_string()
    };
    assert_eq!(
        cut(r#"{"VM":["@{Name=a; VMId=b}"]}"#),
        "VM[0]: cut off at depth 1, collect again with -Depth 6"
    );
    assert_eq!(
        cut(r#"{"VM":"System.Object[]"}"#),
        "VM: cut off at depth 0, collect again with -Depth 6"
    );
    assert!(
        cut(r#"{"Licensing":["Microsoft.Management.Infrastructure.CimInstance"]}"#)
            .starts_with("Licensing[0]: cut off at depth 1")
    );
    assert!(
        cut(r#"{"OperatingSystem":"@{CSName=WEB01}"}"#).starts_with("OperatingSystem: cut off")
    );
    assert!(
        cut(&format!(
            r#"{{"VM":[],"Kvp":[{{"SystemName":"{ID}","GuestExchangeItems":"System.String[]"}}]}}"#
        ))
        .contains("cut off")
    );
    // Several items in one string come apart, and statuses too.
    let item = |name: &str| {
        format!(
            "<INSTANCE CLASSNAME='Msvm_KvpExchangeDataItem'><PROPERTY NAME='Name'><VALUE>{name}</VALUE></PROPERTY></INSTANCE>"
        )
    };
    let run = host(&format!(
        r#"{{"VM":[],"Kvp":{{"SystemName":"{ID}","OperationalStatus":"2 12","GuestExchangeItems":"{} {}"}}}}"#,
        item("a"),
        item("b")
    ));
    let kvp = run.vms.unwrap().remove(0).kvp.unwrap();
    assert_eq!(kvp.claims.len(), 2);
    assert_eq!(
        kvp.operational_status,
        [OperationalStatus::OK, OperationalStatus::NO_CONTACT]
    );
}

#[test]
fn quirk_10_cim_noise_is_ignored_and_cim_only_is_refused() {
    let noisy = guest(
        r#"{"CimClass":{},"CimInstanceProperties":["a = 1"],"CimSystemProperties":{"ServerName":"W"},
            "CSName":"WEB01","OperatingSystemSKU":7}"#,
    );
    assert_eq!(noisy.cs_name(), Some("WEB01"));
    let raw = records(
        r#"{"OperatingSystem":{"CimClass":null,"CimInstanceProperties":[{"Name":"CSName"}],"PSComputerName":null},
            "Licensing":[]}"#,
    );
    assert_eq!(raw.faults.len(), 1);
    assert_eq!(raw.faults[0].place, "OperatingSystem");
    assert_eq!(raw.faults[0].kind, FaultKind::RawCim);
    assert!(raw.guests[0].licensing.is_some());
}

#[test]
fn quirk_11_extra_properties_and_case_and_order_mean_nothing() {
    let a = host(&format!(
        r#"{{"vm":{{"STATE":2,"vmid":"{ID}","PSComputerName":"x","RunspaceId":"y","__GENUS":2}},"collected":"2025-11-24T00:00:00Z"}}"#
    ));
    let b = host(&format!(
        r#"{{"Collected":"2025-11-24T00:00:00Z","VM":{{"VMId":"{ID}","State":2}}}}"#
    ));
    assert_eq!(a, b);
    // A text of Get-Content.
    let text = json(r#"{"value":"<Event/>","PSPath":"C:\\x","ReadCount":1}"#);
    assert_eq!(text.text(), Ok(Some(Cow::Borrowed("<Event/>"))));
}

#[test]
fn quirk_12_a_version_is_an_object() {
    let version = |text: &str| json(text).text().map(|t| t.map(Cow::into_owned));
    let wanted = |text: &str| Ok(Some(text.to_owned()));
    assert_eq!(
        version(r#"{"Major":10,"Minor":0,"Build":-1,"Revision":-1,"MajorRevision":-1}"#),
        wanted("10.0")
    );
    assert_eq!(
        version(r#"{"Major":10,"Minor":0,"Build":20348,"Revision":2340}"#),
        wanted("10.0.20348.2340")
    );
    assert_eq!(version(r#"{"Ticks":1}"#), Err(Misread::NotText));
}

#[test]
fn quirk_13_numbers_are_text_and_text_numbers() {
    for (text, wanted) in [
        ("20348", 20348),
        ("\"20348\"", 20348),
        ("\" 20348 \"", 20348),
        ("20348.0", 20348),
        ("-1", -1),
        ("[20348]", 20348),
    ] {
        assert_eq!(json(text).integer(), Ok(Some(wanted)), "{text}");
    }
    assert_eq!(json("1.5").integer(), Err(Misread::NotANumber));
    assert_eq!(json("true").integer(), Err(Misread::NotANumber));
    for yes in ["true", "\"True\"", "\"true\"", "1", "\"1\""] {
        assert_eq!(json(yes).boolean(), Ok(Some(true)), "{yes}");
    }
    for no in ["false", "\"False\"", "0"] {
        assert_eq!(json(no).boolean(), Ok(Some(false)), "{no}");
    }
    assert_eq!(json("\"\"").boolean(), Ok(None));
    assert_eq!(json("\"perhaps\"").boolean(), Err(Misread::NotABoolean));
    assert_eq!(json("7").text(), Ok(Some(Cow::Borrowed("7"))));
    // A row from a CSV.
    let row = guest(
        r#"[{"CSName":"A","OperatingSystemSKU":"7","BuildNumber":"20348","LicenseIsAddon":"False","LicenseStatus":"1"}]"#,
    );
    let licensing = row.licensing.as_ref().unwrap();
    assert_eq!(licensing.rows[0].is_addon, Some(false));
    assert_eq!(licensing.rows[0].status_code, Some(1));
}

#[test]
fn quirk_14_hresults_in_all_forms_and_numbers_beyond_2_to_53() {
    for text in [
        "3221552386",
        "-1073414910",
        "\"3221552386\"",
        "\"0xC004FD02\"",
        "\"c004fd02\"",
        "3221552386.0",
    ] {
        let wanted = HResult::IA_PARENT_PARTITION_NOT_ACTIVATED;
        assert_eq!(json(text).hresult(), Ok(Some(wanted)), "{text}");
    }
    assert_eq!(json("null").hresult(), Ok(None));
    assert!(json("99999999999").hresult().is_err());
    for number in [36_028_797_018_963_968, -9_214_364_837_600_034_816_i128] {
        assert_eq!(
            json(&number.to_string()),
            Value::Number(Number::Integer(number))
        );
    }
}

#[test]
fn quirk_15_dates_in_all_forms() {
    let at = When::At(Timestamp(1_763_946_845_000));
    for text in [
        r#""\/Date(1763946845000)\/""#,
        r#"{"value":"\/Date(1763946845000)\/","DateTime":"lundi"}"#,
        r#"{"value":"\/Date(1763946845000)\/","DisplayHint":2,"DateTime":"lundi"}"#,
        r#""2025-11-24T02:14:05+01:00""#,
        r#""2025-11-24T02:14:05.0000000+01:00""#,
        r#""2025-11-24T01:14:05Z""#,
        r#""2025-11-24T01:14:05""#,
        r#""20251124021405.000000+060""#,
        r#""20251124011405.******+***""#,
    ] {
        assert_eq!(json(text).when(), Ok(at.clone()), "{text}");
    }
    let local = r#""11/24/2025 2:14:05 AM""#;
    assert_eq!(
        json(local).when(),
        Ok(When::Undecided("11/24/2025 2:14:05 AM".into()))
    );
    assert_eq!(json("null").when(), Ok(When::Unknown));
    assert_eq!(json("\"\"").when(), Ok(When::Unknown));
    assert_eq!(json("[1,2]").when(), Err(Misread::NotADate));
}

#[test]
fn quirk_16_never_is_file_time_0_in_any_zone() {
    for text in [
        r#""\/Date(-11644473600000)\/""#,
        r#""16010101000000.000000-000""#,
        r#""1601-01-01T01:00:00+01:00""#,
        r#""1600-12-31T16:00:00-08:00""#,
    ] {
        assert_eq!(json(text).when(), Ok(When::Never), "{text}");
    }
}

#[test]
fn quirk_17_guids_compare_as_guids() {
    let id: VmId = ID.parse().unwrap();
    for text in [ID.to_owned(), ID.to_uppercase(), format!("{{{ID}}}")] {
        assert_eq!(Value::Text(text).guid(), Ok(Some(id)));
    }
    assert!(matches!(json("\"a1a1\"").guid(), Err(Misread::NotAGuid(_))));
    // The VM of a service without VMId, by its Id; another service of the same VM is not taken.
    let service = |guid: &str, enabled| {
        format!(
            r#"{{"Id":"Microsoft:{}\\{guid}","Enabled":{enabled}}}"#,
            ID.to_uppercase()
        )
    };
    let host = host(&format!(
        r#"{{"VM":{{"VMId":"{ID}"}},"IntegrationService":[{},{}]}}"#,
        service("2A34B1C2-FD73-4043-8A5B-DD2159BC743F", true),
        service("9F8233AC-BE49-4C79-8EE3-E7E1985B2077", false)
    ));
    let vms = host.vms.unwrap();
    assert_eq!(vms.len(), 1);
    assert_eq!(vms[0].data_exchange_on(), Some(true));
}

#[test]
fn quirk_18_null_empty_and_absent_are_told_apart() {
    let kvp = |items: &str| {
        let text = format!(r#"[{{"SystemName":"{ID}","EnabledState":2{items}}}]"#);
        records(&text).kvp[0].intrinsic
    };
    assert_eq!(
        kvp(r#","GuestIntrinsicExchangeItems":null"#),
        Listing::NotRunning
    );
    assert_eq!(kvp(r#","GuestIntrinsicExchangeItems":[]"#), Listing::Listed);
    assert_eq!(kvp(""), Listing::NotCollected);

    let key = |key: &str| {
        let guest = guest(&format!(
            r#"{{"OperatingSystem":{{"CSName":"A"}},"Licensing":[{{"LicenseStatus":1{key}}}]}}"#
        ));
        let licensing = guest.licensing.unwrap();
        (
            licensing.without_key,
            licensing.windows_row().map(|row| row.partial_key),
        )
    };
    assert_eq!(key(r#","PartialProductKey":null"#), (1, None));
    assert_eq!(key(r#","PartialProductKey":"""#), (1, None));
    assert_eq!(key(""), (0, Some(PartialKey::NotCollected)));

    let asked = |list: &str| {
        let text = format!(r#"{{"OperatingSystem":{{"CSName":"A"}}{list}}}"#);
        guest(&text).licensing.map(|licensing| licensing.rows.len())
    };
    assert_eq!(asked(r#","Licensing":[]"#), Some(0));
    assert_eq!(asked(""), None);
}

#[test]
fn quirk_19_data_exchange_is_judged_by_its_switch() {
    let vm = |service: &str, kvp: &str| {
        let mut host = host(&format!(
            r#"{{"VM":[],"IntegrationService":[{service}],"Kvp":[{kvp}]}}"#
        ));
        host.vms.as_mut().unwrap().remove(0)
    };
    let service = |enabled: &str| {
        format!(r#"{{"VMId":"{ID}","Enabled":{enabled},"PrimaryOperationalStatus":2}}"#)
    };
    let kvp = |state: u8| {
        format!(r#"{{"SystemName":"{ID}","EnabledState":{state},"OperationalStatus":[12]}}"#)
    };
    assert_eq!(vm(&service("false"), "").data_exchange_on(), Some(false));
    assert_eq!(vm(&service("true"), "").data_exchange_on(), Some(true));
    assert_eq!(vm("", &kvp(3)).data_exchange_on(), Some(false));
    let silent = vm("", &kvp(2));
    assert_eq!(silent.data_exchange_on(), Some(true));
    assert_eq!(
        silent.data_exchange_status(),
        Some(OperationalStatus::NO_CONTACT)
    );
}

#[test]
fn quirk_20_only_what_is_not_localised_is_read() {
    let german = guest(
        r#"{"OperatingSystem":{"CSName":"A"},"Licensing":[{"LicenseStatus":1,"PartialProductKey":"78VHK",
            "Description":"Windows(R)-Betriebssystem, VIRTUAL_MACHINE_ACTIVATION-Kanal"}]}"#,
    );
    let row = german.windows_row().unwrap();
    assert_eq!(row.channel(), Some(LicenseChannel::Avma));
    let service = host(&format!(
        r#"{{"VM":[],"IntegrationService":{{"VMId":"{ID}","Name":"Austausch von Schlüsselwertepaaren",
            "Id":"Microsoft:{ID}\\2A34B1C2-FD73-4043-8A5B-DD2159BC743F","Enabled":true}}}}"#
    ));
    assert_eq!(service.vms.unwrap()[0].data_exchange_on(), Some(true));
}

#[test]
fn quirk_21_states_and_replicas() {
    let host = host(&format!(
        r#"{{"VM":[{{"VMId":"{ID}","State":6,"ReplicationMode":2}}]}}"#
    ));
    let vm = &host.vms.unwrap()[0];
    assert_eq!(vm.machine.state, Some(VmState::SAVED));
    assert!(vm.is_replica());
    // Groups of another type are not virtual machines.
    let records = records(
        r#"{"Cluster":{"Name":"C"},"Group":[{"Name":"Cluster Group","GroupType":1},{"Name":"vm","GroupType":111}]}"#,
    );
    let groups = records.clusters[0].groups.as_ref().unwrap();
    assert_eq!(groups.len(), 1);
}

#[test]
fn quirk_22_windows_is_the_row_of_its_application_that_is_no_add_on() {
    let licensing = |rows: &str| {
        let records = records(&format!(r#"{{"Licensing":[{rows}]}}"#));
        let row = records.guests[0].windows_row().and_then(|row| {
            row.partial_key
                .last_five()
                .map(|last_five| last_five.to_string())
        });
        (row, records.faults)
    };
    let office = r#"{"ApplicationID":"0ff1ce15-a989-479d-af46-f275c6370663","LicenseIsAddon":false,"PartialProductKey":"7XK2C"}"#;
    let windows = r#"{"ApplicationID":"{55C92734-D682-4D71-983E-D6EC3F16059F}","LicenseIsAddon":false,"PartialProductKey":"78VHK"}"#;
    let addon = r#"{"ApplicationID":"55c92734-d682-4d71-983e-d6ec3f16059f","LicenseIsAddon":true,"PartialProductKey":"3V8YD"}"#;
    let vague = r#"{"PartialProductKey":"MTB6V"}"#;
    let none =
        r#"{"ApplicationID":"55c92734-d682-4d71-983e-d6ec3f16059f","PartialProductKey":null}"#;
    for rows in [
        [office, windows, addon, vague, none],
        [none, vague, addon, windows, office],
    ] {
        let (row, faults) = licensing(&rows.join(","));
        assert_eq!((row.as_deref(), faults.len()), (Some("78VHK"), 0));
    }
    let (row, _) = licensing(&[office, addon, none].join(","));
    assert_eq!(row, None);
    // Two rows between which nothing decides: none, whatever their order.
    let other = r#"{"PartialProductKey":"DV9BG"}"#;
    for rows in [[vague, other], [other, vague]] {
        let (row, faults) = licensing(&rows.join(","));
        assert_eq!(row, None);
        assert_eq!(faults[0].kind, FaultKind::SeveralLicenses { rows: 2 });
        assert_eq!(faults[0].place, "Licensing");
    }
    let rows = format!("[{vague},{other}]");
    for (document, place) in [
        (
            format!(r#"{{"OperatingSystem":{{"CSName":"A"}},"SoftwareLicensingProduct":{rows}}}"#),
            "SoftwareLicensingProduct",
        ),
        (format!(r#"{{"VM":[],"Licensing":{rows}}}"#), "Licensing"),
        (
            format!(r#"{{"OperatingSystem":{{"CSName":"A"}},"rows":{rows}}}"#),
            "rows",
        ),
        (rows, ""),
    ] {
        let fault = &records(&document).faults[0];
        assert_eq!(fault.kind, FaultKind::SeveralLicenses { rows: 2 });
        assert_eq!(fault.place, place);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_text_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = decode(&bytes);
        let _ = decode(&joined(&[UTF16_MARK, &bytes]));
    }

    #[test]
    fn any_text_survives_both_encodings(text in "[^\\x00\u{feff}]{0,40}") {
        prop_assert_eq!(&decode(text.as_bytes()).unwrap(), &text);
        let marked = joined(&[UTF16_MARK, &utf16(&text)]);
        prop_assert_eq!(&decode(&marked).unwrap(), &text);
    }
}
