//! The writer.

use avma::observe::event::NotWritten;

use super::*;

#[test]
fn the_samples_are_written_as_they_are_but_for_parts_of_a_millisecond() {
    for file in ["event-12310.xml", "event-12309.xml"] {
        let text = sample(file);
        let text = text.trim_end();
        let to_ms = text
            .replace("11.4471230Z", "11.4470000Z")
            .replace("11.9032210Z", "11.9030000Z");
        assert_ne!(to_ms, text);
        assert_eq!(one(text).to_xml().unwrap(), to_ms);
    }
    let text = sample("events-wevtutil.xml");
    let written: Vec<String> = read(&text)
        .iter()
        .map(|event| event.to_xml().unwrap())
        .collect();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(written[1..], lines[1..]);
    let forwarded = one(&sample("event-forwarded.xml")).to_xml().unwrap();
    assert!(forwarded.ends_with(
        "</EventData><RenderingInfo><Message>EXAMPLE rendered text, in the language of the source</Message></RenderingInfo></Event>"
    ));
}

#[test]
fn what_an_event_does_not_have_is_left_out() {
    let event = Event {
        id: EventId(7),
        payload: Payload::Parts(Vec::new()),
        ..Event::default()
    };
    assert_eq!(
        event.to_xml().unwrap(),
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider/>\
         <EventID>7</EventID><Correlation/><Security/></System><EventData></EventData></Event>"
    );
}

#[test]
fn markup_is_escaped_and_an_event_is_one_line() {
    let odd = " a<b>&'\"\t\r\n]]>\u{e4}\u{1F600} ";
    let event = Event {
        provider: Some(odd.to_owned()),
        source_name: Some(odd.to_owned()),
        channel: Some(odd.to_owned()),
        computer: Some(odd.to_owned()),
        message: Some(odd.to_owned()),
        payload: Payload::Parts(vec![
            Part::Data {
                name: Some(odd.to_owned()),
                text: odd.to_owned(),
            },
            Part::Binary(odd.to_owned()),
        ]),
        ..event_of(&[])
    };
    let text = event.to_xml().unwrap();
    assert_eq!(text.lines().count(), 1);
    assert!(text.contains(
        "<Computer> a&lt;b&gt;&amp;&apos;\"&#9;&#13;&#10;]]&gt;\u{e4}\u{1F600} </Computer>"
    ));
    assert_eq!(one(&text), event);
}

#[test]
fn what_can_not_be_written() {
    let character = '\u{1}';
    for (what, event) in [
        (
            "Name",
            Event {
                provider: Some("a\u{1}".to_owned()),
                ..event_of(&[])
            },
        ),
        (
            "EventSourceName",
            Event {
                source_name: Some("a\u{1}".to_owned()),
                ..event_of(&[])
            },
        ),
        (
            "Channel",
            Event {
                channel: Some("a\u{1}".to_owned()),
                ..event_of(&[])
            },
        ),
        (
            "Computer",
            Event {
                computer: Some("a\u{1}".to_owned()),
                ..event_of(&[])
            },
        ),
        (
            "Message",
            Event {
                message: Some("a\u{1}".to_owned()),
                ..event_of(&[])
            },
        ),
    ] {
        let error = NotWritten::Character {
            what,
            at: 1,
            character,
        };
        assert_eq!(event.to_xml(), Err(error));
        assert_eq!(
            error.to_string(),
            format!("byte 1 of {what}: XML cannot carry U+0001")
        );
    }
    let error = NotWritten::PayloadCharacter {
        part: 1,
        at: 2,
        character: '\u{FFFE}',
    };
    assert_eq!(event_of(&["a", "\u{e4}\u{FFFE}"]).to_xml(), Err(error));
    assert_eq!(
        error.to_string(),
        "byte 2 of part 1 of the payload: XML cannot carry U+FFFE"
    );

    let id = EventId::HOST;
    let with = |payload| Event {
        payload,
        ..event_of(&[])
    };
    assert_eq!(
        with(Payload::NotCollected).to_xml(),
        Err(NotWritten::NotCollected(id))
    );
    let user = Payload::NotUnderstood(String::new());
    assert_eq!(with(user).to_xml(), Err(NotWritten::NotUnderstood(id)));
    let timed = |time| Event {
        time,
        ..event_of(&[])
    };
    for time in [
        When::Undecided("11/24/2025".to_owned()),
        When::At(Timestamp(i64::MIN)),
        When::At(Timestamp(i64::MAX)),
        at("1601-01-02T00:00:00Z"),
        When::At(Timestamp(253_402_300_800_000)),
    ] {
        assert_eq!(timed(time).to_xml(), Err(NotWritten::Time(id)));
    }
    for time in [
        When::Unknown,
        When::Never,
        at("1601-01-03T00:00:00Z"),
        at("1969-12-31T23:59:59.999Z"),
        When::At(Timestamp(253_402_300_799_999)),
    ] {
        let event = timed(time);
        assert_eq!(one(&event.to_xml().unwrap()), event);
    }
}
