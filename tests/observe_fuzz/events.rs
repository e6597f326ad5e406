//! Events in XML and as JSON.

use avma::VmId;
use avma::catalog::mask::Masked;
use avma::observe::event::{Event, EventError, EventId, Part, Payload, xml};
use avma::observe::fault::Place;
use avma::observe::inventory::{Inventory, read};
use avma::observe::value::{Number, Value, When};
use avma::time::Timestamp;

use crate::source::Source;

/// The ways to make an input; the first byte takes one.
pub const KINDS: usize = 5;

pub fn events(data: &[u8]) {
    let mut source = Source::new(data);
    match source.below(KINDS) {
        0 => judge(&String::from_utf8_lossy(source.rest())),
        1 => judge(&source.mixture(&PIECES)),
        2 => judge(&nearly(&mut source)),
        3 => written(&mut source),
        _ => tree(&mut source),
    }
}

const PIECES: [&str; 44] = [
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>",
    "<Event>",
    "</Event>",
    "<Events>",
    "</Events>",
    "<System>",
    "</System>",
    "<Provider Name='Microsoft-Windows-Security-SPP' Guid='{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}'/>",
    "<EventID Qualifiers='16384'>12310</EventID>",
    "<EventID>",
    "</EventID>",
    "<Keywords>0x80000000000000</Keywords>",
    "<TimeCreated SystemTime='2025-11-24T00:58:11.4471230Z'/>",
    "<EventRecordID>1</EventRecordID>",
    "<Computer>HV01</Computer>",
    "<EventData>",
    "</EventData>",
    "<Data>",
    "<Data Name='a'>",
    "</Data>",
    "<Binary>0100</Binary>",
    "<UserData>",
    "</UserData>",
    "<RenderingInfo><Message>a</Message></RenderingInfo>",
    "0xC004FD02",
    "a1a1a1a1-0000-4000-8000-000000000001",
    "<Event",
    "<e:Event xmlns:e='u'>",
    "<e:Event>",
    "</e:Event>",
    "<x xmlns:e='u'>",
    "</x>",
    "&amp;",
    "&unknown;",
    "&#xD800;",
    "&#13;",
    "<!-- a -->",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0'?>",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "'",
];

/// What holds of any text.
fn judge(text: &str) {
    let all: Vec<Result<Event, EventError>> = xml::events(text).collect();
    // Each takes a byte at least, but for the end that something around the events lacks.
    assert!(all.len() <= text.len() + 1);
    let (mut held, mut last, mut lines) = (0, 0, 1);
    for event in &all {
        match event {
            Ok(event) => {
                held += event.payload.texts().map(str::len).sum::<usize>();
                tokens(event);
                read_back(event);
                let _ = format!("{event:?}");
            }
            Err(error) => {
                assert!(
                    error.at >= last && text.is_char_boundary(error.at),
                    "{error}"
                );
                lines += text[last..error.at].matches('\n').count();
                assert_eq!(error.line, lines);
                assert!(!error.to_string().is_empty());
                last = error.at;
            }
        }
    }
    // No text grows by being read, but for masks, which are as long as what they hide.
    assert!(held <= text.len());
    let mut inventory = Inventory::new();
    inventory.add_events(all.iter().cloned());
    inventory.add_events(all.iter().cloned());
    let faults = all.iter().filter(|event| event.is_err()).count();
    assert!(inventory.records().faults.len() >= 2 * faults);
    let fleet = inventory.join();
    assert!(fleet.events.len() <= 2 * all.len() && fleet.vms.is_empty());
    // A whole event is found, whatever stands before it.
    let whole = "<Event><System><EventID>4294967295</EventID></System></Event>";
    let with = format!("{text}]]>-->?>\"'>{whole}");
    let found = xml::events(&with).filter(|event| {
        event
            .as_ref()
            .is_ok_and(|event| event.id == EventId(u32::MAX))
    });
    assert!(found.count() >= 1);
}

/// A token stands in the payload as it is told.
fn tokens(event: &Event) {
    let mut texts: String = event.payload.texts().flat_map(|text| [text, " "]).collect();
    texts.make_ascii_lowercase();
    for code in event.hresults() {
        assert!(texts.contains(&format!("0x{:08x}", code.0)));
    }
    for guid in event.guids() {
        assert!(texts.contains(&guid.to_string()) && event.names(guid));
    }
}

/// Every text of an event.
fn texts(event: &Event) -> Vec<&String> {
    let mut texts: Vec<&String> = [
        &event.provider,
        &event.source_name,
        &event.channel,
        &event.computer,
        &event.message,
    ]
    .into_iter()
    .flatten()
    .collect();
    if let Payload::Parts(parts) = &event.payload {
        for part in parts {
            match part {
                Part::Data { name, text } => {
                    texts.extend(name);
                    texts.push(text);
                }
                Part::Binary(digits) => texts.push(digits),
            }
        }
    }
    texts
}

/// What was read can be written, and is read again; product keys are masked.
fn read_back(event: &Event) {
    if texts(event).iter().any(|text| Masked(text).is_needed()) {
        return;
    }
    let Ok(text) = event.to_xml() else {
        assert!(!matches!(event.payload, Payload::Parts(_)));
        return;
    };
    let again: Vec<_> = xml::events(&text).collect();
    assert_eq!(again, [Ok(event.clone())]);
}

fn event(source: &mut Source<'_>) -> Event {
    fn some<'a, T>(source: &mut Source<'a>, of: impl FnOnce(&mut Source<'a>) -> T) -> Option<T> {
        source.flag().then(|| of(source))
    }
    fn text(source: &mut Source<'_>) -> String {
        source.text(20)
    }
    let mut parts = Vec::new();
    for _ in 0..source.below(4) {
        parts.push(match source.below(3) {
            0 => Part::Binary(source.text(20)),
            _ => Part::Data {
                name: some(source, text),
                text: source.text(40),
            },
        });
    }
    Event {
        id: EventId(source.u32()),
        provider: some(source, text),
        provider_guid: some(source, |source| {
            VmId(u128::from(source.u64()) << 64 | u128::from(source.u64()))
        }),
        source_name: some(source, text),
        qualifiers: some(source, Source::u32),
        version: some(source, Source::u32),
        level: some(source, Source::u32),
        task: some(source, Source::u32),
        opcode: some(source, Source::u32),
        keywords: some(source, Source::u64),
        time: match source.below(4) {
            0 => When::Unknown,
            1 => When::Never,
            2 => When::At(Timestamp(i64::from(source.u32()) * 1000 + 7)),
            _ => When::Undecided(source.text(10)),
        },
        record_id: some(source, Source::u64),
        process_id: some(source, Source::u32),
        thread_id: some(source, Source::u32),
        channel: some(source, text),
        computer: some(source, text),
        payload: match source.below(8) {
            0 => Payload::NotCollected,
            1 => Payload::NotUnderstood(source.text(20)),
            _ => Payload::Parts(parts),
        },
        message: some(source, text),
    }
}

/// A written event with a few bytes changed.
fn nearly(source: &mut Source<'_>) -> String {
    let mut text = String::new();
    for _ in 0..=source.below(3) {
        text += &event(source).to_xml().unwrap_or_default();
    }
    let mut bytes = text.into_bytes();
    for _ in 0..source.below(4) {
        let at = source.below(bytes.len());
        if source.flag() {
            let piece = source.pick(&PIECES);
            bytes.splice(at..at, piece.bytes());
        } else if let Some(byte) = bytes.get_mut(at) {
            *byte = source.byte();
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// XML 1.0, production 2.
fn carried(text: &str) -> bool {
    text.chars().all(
        |c| matches!(u32::from(c), 0x9 | 0xA | 0xD | 0x20..=0xD7FF | 0xE000..=0xFFFD | 0x1_0000..),
    )
}

fn written(source: &mut Source<'_>) {
    let event = event(source);
    let texts = texts(&event);
    let sound = texts.iter().all(|text| carried(text))
        && matches!(event.payload, Payload::Parts(_))
        && !matches!(event.time, When::Undecided(_));
    let written = event.to_xml();
    assert_eq!(written.is_ok(), sound);
    if let Ok(text) = written {
        assert_eq!(text.lines().count(), 1);
        read_back(&event);
        judge(&text);
    }
}

const NAMES: [&str; 16] = [
    "Id",
    "ProviderName",
    "ProviderId",
    "Keywords",
    "TimeCreated",
    "RecordId",
    "LogName",
    "MachineName",
    "Properties",
    "Value",
    "value",
    "Count",
    "Message",
    "Event",
    "VM",
    "Level",
];

fn value(source: &mut Source<'_>, depth: usize) -> Value {
    let kinds = if depth < 5 { 8 } else { 6 };
    match source.below(kinds) {
        0 => Value::Null,
        1 => Value::Bool(source.flag()),
        2 => Value::Number(Number::Integer(
            i128::from(source.u64()) - i128::from(i64::MAX),
        )),
        3 => Value::Number(Number::Float(f64::from_bits(source.u64()))),
        4 => Value::Text(source.pick(&PIECES).to_owned()),
        5 => Value::Text(source.text(30)),
        6 => {
            let count = source.below(4);
            Value::List((0..count).map(|_| value(source, depth + 1)).collect())
        }
        _ => {
            let count = source.below(6);
            let property = |_| {
                let name = source.pick(&NAMES).to_owned();
                (name, value(source, depth + 1))
            };
            Value::Object((0..count).map(property).collect())
        }
    }
}

/// A tree of any kind as an event, and as a document.
fn tree(source: &mut Source<'_>) {
    let tree = value(source, 0);
    let mut faults = Vec::new();
    match Event::from_value(&tree, Place::DOCUMENT, &mut faults) {
        Some(event) => tokens(&event),
        None => assert_eq!(faults.len(), 1),
    }
    let _ = read(&tree);
    let mut inventory = Inventory::new();
    inventory.add(&tree);
    let _ = format!("{:?}", inventory.join());
}
