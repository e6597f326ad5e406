//! Events as `Get-WinEvent | ConvertTo-Json` writes them.

use avma::observe::fault::{Fault, FaultKind, Misread, Place};
use avma::observe::inventory::read as read_document;

use super::*;

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn from(text: &str) -> (Option<Event>, Vec<Fault>) {
    let mut faults = Vec::new();
    let event = Event::from_value(&value(text), Place::DOCUMENT, &mut faults);
    (event, faults)
}

/// An event with more properties.
#[track_caller]
fn with(properties: &str) -> Event {
    let (event, faults) = from(&format!("{{\"Id\":12310,{properties}}}"));
    assert_eq!(faults, [], "{properties}");
    event.unwrap()
}

#[test]
fn the_sample() {
    let records = read_document(&document("events.ps51.json"));
    assert_eq!(records.faults, []);
    let events: Vec<_> = records
        .events
        .into_iter()
        .map(|record| record.event)
        .collect();
    // JSON names no classic source; all else is what the XML says.
    let first = Event {
        source_name: None,
        ..host_sample()
    };
    let second = Event {
        time: at("2025-11-24T00:58:12Z"),
        record_id: Some(40813),
        payload: Payload::Parts(vec![Part::data(
            "EXAMPLE payload, order and meaning not known",
        )]),
        ..first.clone()
    };
    assert_eq!(events, [first, second]);
    assert!(events.iter().all(|event| event.side() == Some(Side::Host)));
    assert!(events[0].names(vm()) && !events[1].names(vm()));
}

#[test]
fn the_event_block_of_the_host_samples() {
    for file in ["host.ps51.json", "host.ps7.json", "host-depth2.ps51.json"] {
        let records = read_document(&document(file));
        assert_eq!(records.hosts[0].events, [host_sample()], "{file}");
        assert_eq!(records.hosts[0].other_events, 0);
        assert!(records.events.is_empty());
    }
    let records = read_document(&document("host-one-vm.ps51.json"));
    assert!(records.hosts[0].events.is_empty());
}

#[test]
fn keywords_are_64_bits_with_a_sign() {
    for (json, keywords) in [
        ("36028797018963968", 0x0080_0000_0000_0000),
        ("-9218868437227405312", 0x8010_0000_0000_0000),
        ("-1", u64::MAX),
        ("\"-1\"", u64::MAX),
        ("18446744073709551615", u64::MAX),
        ("0", 0),
    ] {
        assert_eq!(
            with(&format!("\"Keywords\":{json}")).keywords,
            Some(keywords),
            "{json}"
        );
    }
    assert_eq!(with("\"Keywords\":null").keywords, None);
    let (event, faults) = from(r#"{"Id":1,"Keywords":"-9223372036854775809"}"#);
    assert_eq!(event.unwrap().keywords, None);
    assert_eq!(faults[0].kind, FaultKind::Misread(Misread::OutOfRange));
    assert_eq!(faults[0].place, "Keywords");
}

#[test]
fn dates_and_enumerations_of_both_shells() {
    let wanted = at("2025-11-24T00:58:11.447Z");
    for date in [
        r#""\/Date(1763945891447)\/""#,
        r#"{"value":"\/Date(1763945891447)\/","DisplayHint":2,"DateTime":"(in the language of the host)"}"#,
        r#""2025-11-24T01:58:11.447123+01:00""#,
        r#""2025-11-24T00:58:11.447123Z""#,
        r#""20251124015811.447123+060""#,
    ] {
        assert_eq!(
            with(&format!("\"TimeCreated\":{date}")).time,
            wanted,
            "{date}"
        );
    }
    assert_eq!(with(r#""TimeCreated":null"#).time, When::Unknown);
    assert_eq!(
        with(r#""TimeCreated":"11/24/2025 1:58:11 AM""#).time,
        When::Undecided("11/24/2025 1:58:11 AM".to_owned())
    );
    let event = with(
        r#""level":{"value":4,"Value":"Information"},"RecordId":"40812","PROCESSID":7300.0,"Task":null,
           "ProviderId":"{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}","MachineName":{"value":"HV01","PSPath":"x"}"#,
    );
    assert_eq!(event.level, Some(4));
    assert_eq!(
        (event.record_id, event.process_id, event.task),
        (Some(40812), Some(7300), None)
    );
    assert_eq!(event.provider_guid, Some(PROVIDER_GUID));
    assert_eq!(event.computer.as_deref(), Some("HV01"));
}

#[test]
fn properties_are_the_payload() {
    let payload = |list: &str| with(&format!("\"Properties\":{list}")).payload;
    let parts =
        |texts: &[&str]| Payload::Parts(texts.iter().map(|text| Part::data(*text)).collect());
    for (list, texts) in [
        (r#"[{"Value":"a"},{"Value":"b"}]"#, &["a", "b"][..]),
        (r#"{"Value":"a"}"#, &["a"]),
        (
            r#"{"value":[{"Value":"a"},{"Value":""}],"Count":2}"#,
            &["a", ""],
        ),
        (
            r#"[{"Value":null},{"Value":7},{"Value":true}]"#,
            &["", "7", "True"],
        ),
        (r#"[{"value":"a"}]"#, &["a"]),
        ("[]", &[]),
        ("{}", &[]),
    ] {
        assert_eq!(payload(list), parts(texts), "{list}");
    }
    // The bytes of `Binary`.
    assert_eq!(
        payload(r#"[{"Value":"a"},{"Value":[1,0,255]}]"#),
        Payload::Parts(vec![Part::data("a"), Part::Binary("0100FF".to_owned())])
    );
    assert_eq!(payload("null"), Payload::NotCollected);
    assert_eq!(with("\"Level\":0").payload, Payload::NotCollected);
}

#[test]
fn a_payload_that_is_cut_off_is_not_taken_for_whole() {
    let list = |properties: &str| {
        let text = format!(
            r#"[{{"Id":12310,"ProviderName":"{PROVIDER}","RecordId":1,"Properties":{properties}}}]"#
        );
        let mut records = read_document(&value(&text));
        assert_eq!(records.events.len(), 1);
        let event = records.events.remove(0).event;
        assert_eq!(event.payload, Payload::NotCollected, "{properties}");
        assert_eq!(records.faults.len(), 1);
        records.faults.remove(0)
    };
    let kind = FaultKind::CutOff { depth: 2 };
    let name = "System.Diagnostics.Eventing.Reader.EventProperty";
    for properties in [
        format!(r#"["{name}","{name}"]"#),
        r#"["@{Value=0x00000000}"]"#.to_owned(),
        r#"[{"Value":"a"},"0x00000000"]"#.to_owned(),
    ] {
        let fault = list(&properties);
        assert_eq!(fault.kind, kind, "{properties}");
        assert!(fault.place.starts_with("[0].Properties["));
    }
    let fault = list(&format!("\"{name} {name}\""));
    assert_eq!(
        (fault.place.as_str(), fault.kind),
        ("[0].Properties", FaultKind::CutOff { depth: 1 })
    );
    for (properties, place, misread) in [
        ("[7]", "[0].Properties[0]", Misread::NotAnObject),
        ("[{\"Text\":1}]", "[0].Properties[0]", Misread::NotAnObject),
        (
            "[{\"Value\":{\"a\":1}}]",
            "[0].Properties[0].Value",
            Misread::NotText,
        ),
        (
            "[{\"Value\":[1,256]}]",
            "[0].Properties[0].Value",
            Misread::OutOfRange,
        ),
        (
            "[{\"Value\":[1,\"x\"]}]",
            "[0].Properties[0].Value",
            Misread::NotANumber,
        ),
    ] {
        let fault = list(properties);
        assert_eq!(fault.place, place);
        assert_eq!(fault.kind, FaultKind::Misread(misread), "{properties}");
    }
}

#[test]
fn an_event_without_its_number_is_a_fault() {
    for text in [r#"{"ProviderName":"x","LogName":"y"}"#, r#"{"Id":null}"#] {
        let (event, faults) = from(text);
        assert_eq!(event, None);
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].kind, FaultKind::EventWithoutId);
    }
    let (event, faults) = from(r#"{"Id":"many"}"#);
    assert_eq!(event, None);
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].kind, FaultKind::Misread(Misread::NotANumber));
}
