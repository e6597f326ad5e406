//! The events of AVMA: what is read from the samples, tokens, faults with their places, the writer.
#![cfg(all(feature = "serde", feature = "xml", feature = "observe"))]

#[path = "events/hostile.rs"]
mod hostile;
#[path = "events/joined.rs"]
mod joined;
#[path = "events/json.rs"]
mod json;
#[path = "events/laws.rs"]
mod laws;
#[path = "events/written.rs"]
mod written;
#[path = "events/xml.rs"]
mod xml;

use std::fs;
use std::path::Path;

use avma::encoding::decode;
use avma::observe::event::{
    Event, EventError, EventFault, EventId, LEGACY_SOURCE, PROVIDER, PROVIDER_GUID, Part, Payload,
    Side, XPATH, xml::events,
};
use avma::observe::value::{Value, When};
use avma::time::Timestamp;
use avma::{HResult, VmId};

const VM: &str = "a1a1a1a1-0000-4000-8000-000000000001";

fn sample(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples");
    let bytes = fs::read(folder.join(file)).unwrap();
    decode(&bytes).unwrap().into_owned()
}

fn document(file: &str) -> Value {
    serde_json::from_str(&sample(file)).unwrap()
}

fn vm() -> VmId {
    VM.parse().unwrap()
}

fn at(time: &str) -> When {
    When::At(time.parse().unwrap())
}

#[track_caller]
fn read(text: &str) -> Vec<Event> {
    events(text).collect::<Result<_, _>>().unwrap()
}

#[track_caller]
fn one(text: &str) -> Event {
    let [event] = <[Event; 1]>::try_from(read(text)).unwrap();
    event
}

/// An event with what is within `System` behind its id, and behind `System`.
fn event_with(system: &str, rest: &str) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>\
         <Provider Name='{PROVIDER}'/><EventID>12310</EventID>{system}</System>{rest}</Event>"
    )
}

fn event_of(data: &[&str]) -> Event {
    Event {
        id: EventId::HOST,
        provider: Some(PROVIDER.to_owned()),
        payload: Payload::Parts(data.iter().map(|text| Part::data(*text)).collect()),
        ..Event::default()
    }
}

/// What the samples' events have in common, as their wrapper says it.
fn of_samples(id: EventId, time: &str, record_id: u64, process_id: u32, computer: &str) -> Event {
    Event {
        id,
        provider: Some("Microsoft-Windows-Security-SPP".to_owned()),
        provider_guid: Some(VmId(0xE23B_33B0_C8C9_472C_A5F9_F2BD_FEA0_F156)),
        source_name: Some("Software Protection Platform Service".to_owned()),
        qualifiers: Some(0x4000),
        version: Some(0),
        level: Some(0),
        task: Some(0),
        opcode: Some(0),
        keywords: Some(36_028_797_018_963_968),
        time: at(time),
        record_id: Some(record_id),
        process_id: Some(process_id),
        thread_id: Some(0),
        channel: Some("Application".to_owned()),
        computer: Some(computer.to_owned()),
        payload: Payload::Parts(Vec::new()),
        message: None,
    }
}

fn host_sample() -> Event {
    Event {
        payload: Payload::Parts(vec![
            Part::data("0x00000000"),
            Part::data("EXAMPLE payload, order and meaning not known"),
            Part::data("A1A1A1A1-0000-4000-8000-000000000001"),
        ]),
        ..of_samples(
            EventId::HOST,
            "2025-11-24T00:58:11.447Z",
            40812,
            7300,
            "HV01.example.test",
        )
    }
}

fn guest_sample() -> Event {
    Event {
        payload: Payload::Parts(vec![Part::data(
            "EXAMPLE payload, order and meaning not known, 0x00000000, 1, 2",
        )]),
        ..of_samples(
            EventId::GUEST,
            "2025-11-24T00:58:11.903Z",
            1533,
            1184,
            "WEB01.example.test",
        )
    }
}

#[test]
fn the_host_s_event() {
    let event = one(&sample("event-12310.xml"));
    assert_eq!(event, host_sample());
    assert_eq!(event.side(), Some(Side::Host));
    assert!(event.hresults().eq([HResult::OK]));
    assert!(event.guids().eq([vm()]));
    assert!(event.names(vm()) && !event.names(VmId(1)) && !event.holds_failure());
}

#[test]
fn the_guest_s_event() {
    let event = one(&sample("event-12309.xml"));
    assert_eq!(event, guest_sample());
    assert_eq!(event.side(), Some(Side::Guest));
    assert!(event.hresults().eq([HResult::OK]));
    assert_eq!(event.guids().next(), None);
}

#[test]
fn three_events_without_a_root() {
    let all = read(&sample("events-wevtutil.xml"));
    let second = Event {
        time: at("2025-11-24T01:03:40Z"),
        record_id: Some(1540),
        payload: Payload::Parts(vec![
            Part::data("0xC004FD02"),
            Part::data(""),
            Part::data("a <b> & c"),
            Part::Binary("0100".to_owned()),
        ]),
        ..guest_sample()
    };
    let third = Event {
        time: at("2025-11-24T01:05:00.100Z"),
        record_id: Some(1541),
        payload: Payload::Parts(Vec::new()),
        ..guest_sample()
    };
    assert_eq!(all, [guest_sample(), second, third]);
    assert!(
        all[1]
            .hresults()
            .eq([HResult::IA_PARENT_PARTITION_NOT_ACTIVATED])
    );
    assert!(all[1].holds_failure() && !all[0].holds_failure());
    assert!(all[1].payload.texts().eq(["0xC004FD02", "", "a <b> & c"]));
}

#[test]
fn a_forwarded_event_with_its_message() {
    let text = sample("event-forwarded.xml");
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-16\"?>"));
    let message = "EXAMPLE rendered text, in the language of the source";
    let wanted = Event {
        message: Some(message.to_owned()),
        ..host_sample()
    };
    assert_eq!(one(&text), wanted);
}

#[test]
fn an_event_is_of_avma_by_provider_and_id() {
    let with = |id, provider: &str, guid, source: &str| {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let event = Event {
            id: EventId(id),
            provider: text(provider),
            provider_guid: guid,
            source_name: text(source),
            ..Event::default()
        };
        (event.side(), event.lacks_provider())
    };
    let (guest, host, none) = (Some(Side::Guest), Some(Side::Host), None);
    for (id, side) in [(12309, guest), (12310, host)] {
        for provider in [PROVIDER, "microsoft-windows-security-spp", LEGACY_SOURCE] {
            assert_eq!(with(id, provider, None, ""), (side, false), "{provider}");
        }
        assert_eq!(with(id, "", Some(PROVIDER_GUID), ""), (side, false));
        assert_eq!(with(id, "", None, LEGACY_SOURCE), (side, false));
        assert_eq!(with(id, "Other", None, LEGACY_SOURCE), (side, false));
        assert_eq!(with(id, "Other", Some(VmId(1)), "Other"), (none, false));
        assert_eq!(with(id, "", None, ""), (none, true));
    }
    for id in [0, 12308, 12311, 12290, 16394] {
        assert_eq!(with(id, PROVIDER, Some(PROVIDER_GUID), ""), (none, false));
        assert_eq!(with(id, "", None, ""), (none, false));
    }
    for side in Side::ALL {
        assert_eq!(with(side.id().0, PROVIDER, None, "").0, Some(*side));
    }
}

#[test]
fn hresults_are_0x_with_eight_digits() {
    let tokens = |text: &str| {
        let event = event_of(&[text]);
        event.hresults().map(|code| code.0).collect::<Vec<_>>()
    };
    let one = [0xC004_FD02];
    for text in [
        "0xC004FD02",
        "0Xc004fd02",
        "code=0xC004FD02,",
        "hr0xC004FD02",
        "(0xC004FD02)",
        "0x0xC004FD02",
        "\u{e4}0xC004FD02\u{e4}",
        "0xC004FD02 0xC004FD0",
        "0xC004FD02L",
    ] {
        assert_eq!(tokens(text), one, "{text}");
    }
    for text in [
        "",
        "0x",
        "C004FD02",
        "0xC004FD0",
        "0xC004FD020",
        "0xFFFFFFFFC004FD02",
        "00xC004FD02",
        "0x+004FD02",
        "0xC004FD0\u{e4}",
        "-1073414910",
    ] {
        assert_eq!(tokens(text), [] as [u32; 0], "{text}");
    }
    assert_eq!(
        tokens("0x00000000, 0xC004FD00 and 0x4004FC04"),
        [0, 0xC004_FD00, 0x4004_FC04]
    );
    // Informational codes are no failures.
    assert!(!event_of(&["0x4004FC04"]).holds_failure());
    assert!(event_of(&["0x00000000", "0x80070005"]).holds_failure());
}

#[test]
fn guids_are_words_of_their_own() {
    let upper = VM.to_uppercase();
    for text in [
        VM.to_owned(),
        upper.clone(),
        format!("{{{VM}}}"),
        format!("vm={upper};"),
        format!("Microsoft:{upper}\\x"),
        format!("\u{201c}{VM}\u{201d}"),
    ] {
        let event = event_of(&["before", &text]);
        assert!(event.guids().eq([vm()]), "{text}");
        assert!(event.names(vm()));
    }
    for text in [
        format!("{VM}0"),
        format!("a{VM}"),
        format!("12345678-{VM}"),
        format!("{VM}-{VM}"),
        format!("{VM}_1"),
        format!("\u{e4}{VM}"),
        VM.replace('-', ""),
        VM.replacen('a', "g", 1),
        VM[..35].to_owned(),
    ] {
        assert_eq!(event_of(&[&text]).guids().next(), None, "{text}");
    }
    // In the order in which they stand, in any number.
    let other = "b1a1a1a1-0000-4000-8000-000000000001";
    let event = event_of(&[&format!("{other} {VM}"), other]);
    let other = other.parse().unwrap();
    assert!(event.guids().eq([other, vm(), other]));
}

#[test]
fn tokens_come_from_insertion_strings_alone() {
    let text = format!("0xC004FD02 {VM}");
    let event = Event {
        payload: Payload::Parts(vec![
            Part::Binary(text.clone()),
            Part::Data {
                name: Some(text.clone()),
                text: String::new(),
            },
        ]),
        message: Some(text.clone()),
        computer: Some(text.clone()),
        ..Event::default()
    };
    assert_eq!(event.hresults().next(), None);
    assert_eq!(event.guids().next(), None);
    for payload in [Payload::NotUnderstood(text), Payload::NotCollected] {
        let event = Event {
            payload,
            ..Event::default()
        };
        assert_eq!(event.payload.texts().next(), None);
        assert_eq!(event.guids().next(), None);
    }
}

#[test]
fn what_to_ask_for() {
    assert_eq!(
        XPATH,
        "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=12309 or EventID=12310)]]"
    );
    assert_eq!(
        Side::Guest.xpath(),
        "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and EventID=12309]]"
    );
    for side in Side::ALL {
        assert!(side.xpath().contains(&side.id().to_string()));
        assert!(side.xpath().contains(PROVIDER));
    }
}
