//! The forms in which event XML comes, and what is wrong where.

use super::*;

/// What becomes of a text: the record ids of what is read, and the faults with their bytes.
fn outcome(text: &str) -> Vec<Result<u64, (usize, EventFault)>> {
    events(text)
        .map(|event| match event {
            Ok(event) => Ok(event.record_id.unwrap_or_default()),
            Err(error) => Err((error.at, error.fault)),
        })
        .collect()
}

fn numbered(number: u64) -> String {
    event_with(&format!("<EventRecordID>{number}</EventRecordID>"), "")
}

#[track_caller]
fn refused(text: &str, at: &str, fault: EventFault) {
    let place = text.find(at).expect("the text that the fault is at");
    assert_eq!(outcome(text), [Err((place, fault))], "{text}");
}

#[test]
fn quirk_24_any_number_of_events_in_any_wrapping() {
    let (a, b) = (numbered(1), numbered(2));
    let both = [Ok(1), Ok(2)];
    for text in [
        format!("{a}{b}"),
        format!("\u{feff}{a}\r\n{b}\r\n"),
        format!("<Events>{a}{b}</Events>"),
        format!("<Events>\n  {a}\n  {b}\n</Events>\n"),
        format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<Events>{a}{b}</Events>"
        ),
        format!("<?xml version='1.0'?>{a}<?xml version='1.0'?>{b}"),
        format!("<Events>{a}</Events><?xml version='1.0'?><Events>{b}</Events>"),
        format!("<root><Events a='1'>{a}</Events><none/><Events/>{b}</root>"),
        format!("<!-- <Event> -->{a}<!-- {b} -->{b}<!---->"),
        format!("<?pi <Event>?>{a}{b}"),
    ] {
        assert_eq!(outcome(&text), both, "{text}");
    }
    for blank in [
        "",
        " \r\n\t",
        "\u{feff}",
        "<Events/>",
        "<Events></Events>",
        "<?xml version='1.0'?>",
    ] {
        assert_eq!(outcome(blank), [], "{blank}");
    }
}

#[test]
fn prefixes_and_lost_namespaces() {
    let prefixed = "<e:Event xmlns:e='u'><e:System><e:EventID>12310</e:EventID><e:EventRecordID>7</e:EventRecordID>\
                    </e:System><e:EventData><e:Data>x</e:Data></e:EventData></e:Event>";
    assert_eq!(outcome(prefixed), [Ok(7)]);
    assert!(one(prefixed).payload.texts().eq(["x"]));
    // Declared where the events are collected.
    let inner = prefixed.replace(" xmlns:e='u'", "");
    let around = format!("<q xmlns='w'><e:Events xmlns:e='u'>{inner}{inner}</e:Events></q>");
    assert_eq!(outcome(&around), [Ok(7), Ok(7)]);
    // A fault there is still told by its place.
    let broken = around.replacen("<e:Data>x", "<e:Data>&x;", 1);
    let at = broken.find("&x;").unwrap();
    assert_eq!(outcome(&broken), [Err((at, EventFault::Malformed)), Ok(7)]);
    // Declared nowhere.
    assert_eq!(
        outcome(&format!("{inner}{prefixed}")),
        [Err((1, EventFault::Malformed)), Ok(7)]
    );
    let lost = "<Event><System><EventID>1</EventID></System></Event>";
    assert_eq!(one(lost).id, EventId(1));
}

#[test]
fn names_that_only_begin_like_an_event() {
    let (a, b) = (numbered(1), numbered(2));
    let text =
        format!("<Events>{a}<EventData/><EventID>3</EventID><Events2/><xEvent/>{b}</Events>");
    // Text within another element is not part of a collection.
    let at = text.find("3</EventID>").unwrap();
    assert_eq!(outcome(&text), [Ok(1), Err((at, EventFault::Text)), Ok(2)]);
}

#[test]
fn no_event_in_a_comment_or_cdata() {
    let (a, b) = (numbered(1), numbered(2));
    let held = event_with(
        "",
        &format!("<EventData><Data><![CDATA[{a}]]></Data></EventData>"),
    );
    assert!(one(&held).payload.texts().eq([a.as_str()]));
    assert_eq!(outcome(&format!("<!-- {a} -->{b}")), [Ok(2)]);
    let commented = event_with("", &format!("<!-- {a} --><EventData/>"));
    assert_eq!(read(&format!("{commented}{b}")).len(), 2);
    // In the rest of a broken event neither.
    let text = format!("<Event><System></Event><!-- {a} --><x><![CDATA[{a}]]></x>{b}");
    let at = text.find("</Event>").unwrap();
    assert_eq!(outcome(&text), [Err((at, EventFault::Malformed)), Ok(2)]);
    // A comment with two hyphens is none of XML's, but its end is plain to see.
    let text = format!("<!-- a -- {a} -->{b}");
    assert_eq!(outcome(&text), [Err((0, EventFault::Malformed)), Ok(2)]);
    let text = format!("<!-- {a} --->{b}");
    assert_eq!(outcome(&text), [Err((0, EventFault::Malformed)), Ok(2)]);
}

#[test]
fn a_broken_event_loses_no_other() {
    let (a, b) = (numbered(1), numbered(2));
    let whole = numbered(3);
    let malformed = |at: usize| Err((at, EventFault::Malformed));
    // Cut off anywhere.
    for end in 1..whole.len() {
        let cut = &whole[..end];
        let around = outcome(&format!("{a}\n{cut}\n{b}"));
        assert_eq!(
            (around[0], *around.last().unwrap()),
            (Ok(1), Ok(2)),
            "{cut}"
        );
        // What is left of `<EventRecordID` looks like another event.
        let more = cut.len() > 6 && cut.ends_with("<Event");
        assert_eq!(around.len(), 3 + usize::from(more), "{cut}: {around:?}");
        let (at, _) = around[1].unwrap_err();
        assert!((a.len()..=a.len() + cut.len() + 3).contains(&at), "{cut}");
    }
    for broken in [
        "<Event>",
        "<Event",
        "<Event/",
        "<Event a='",
        "<Event a='<'></Event>",
        "<Event><System>",
        "<Event></System></Event>",
        "<Event><a></b></Event>",
        "<Event><!-- ",
        "<Event><![CDATA[ ",
        "<Event><? ",
        "<Event>< /Event>",
        "<Event>&nbsp;</Event>",
        "<Event>&</Event>",
        "<Event a=1></Event>",
        "<Event a='1' a='2'></Event>",
        "<Event>]]></Event>",
    ] {
        let text = format!("{a}{broken}{b}");
        let got = outcome(&text);
        assert_eq!(got.len(), 3, "{broken}: {got:?}");
        assert_eq!((got[0], got[2]), (Ok(1), Ok(2)), "{broken}");
        assert!(
            matches!(got[1], Err((_, EventFault::Malformed))),
            "{broken}: {got:?}"
        );
        let text = format!("<Events>{a}{broken}{b}</Events>");
        assert_eq!(outcome(&text).len(), 3, "{broken}");
    }
    // An event within an event: the outer one was never closed.
    let nested = format!("<Event><UserData>{a}</UserData></Event>{b}");
    let rest = nested.find("</UserData>").unwrap();
    assert_eq!(
        outcome(&nested),
        [malformed(17), Ok(1), malformed(rest), Ok(2)]
    );
    // The file ends within the collection.
    let text = format!("<Events>{a}");
    assert_eq!(
        outcome(&text),
        [Ok(1), Err((text.len(), EventFault::NotClosed))]
    );
    let text = format!("<Events>{a}</Other>{b}");
    let at = text.find("</Other").unwrap();
    assert_eq!(outcome(&text)[..2], [Ok(1), malformed(at)]);
}

#[test]
fn what_is_between_events_is_said_once() {
    let (a, b) = (numbered(1), numbered(2));
    let text = format!("junk {a}\nmore\nand more\n{b} <bad> & <bad");
    let place = |what: &str| text.find(what).unwrap();
    assert_eq!(
        outcome(&text),
        [
            Err((0, EventFault::Text)),
            Ok(1),
            Err((place("more"), EventFault::Text)),
            Ok(2),
            Err((place("& "), EventFault::Text)),
            Err((text.len(), EventFault::Malformed)),
        ]
    );
    refused("pas du xml", "pas", EventFault::Text);
    refused("<Objects><a/></Objects>", "<Objects", EventFault::NoEvent);
    refused("<Objects/>", "<Objects", EventFault::NoEvent);
    refused("<!DOCTYPE html><html></html>", "<!DOCTYPE", EventFault::Dtd);
}

/// Files that were put together each bring their mark, and the first need not end its last line.
#[test]
fn a_byte_order_mark_between_events_is_no_text() {
    let (one, two) = (numbered(1), numbered(2));
    for between in [
        "\u{FEFF}",
        "\r\n\u{FEFF}",
        "\u{FEFF}<?xml version='1.0'?>\n",
    ] {
        let text = format!("\u{FEFF}{one}{between}{two}\u{FEFF}");
        assert_eq!(outcome(&text), [Ok(1), Ok(2)], "{between:?}");
        let text = format!("<Events>{one}</Events>{between}<Events>{two}</Events>");
        assert_eq!(outcome(&text), [Ok(1), Ok(2)], "{between:?}");
    }
    // A mark does not hide what is text.
    let text = format!("{one}\u{FEFF} more");
    let at = text.find("more").unwrap();
    assert_eq!(outcome(&text), [Ok(1), Err((at, EventFault::Text))]);
}

#[test]
fn lines_and_bytes() {
    let text = format!(
        "{}\r\n\r\n<Event>\n<System>\n<EventID>many</EventID></System></Event>\r\n{}\n<Event>",
        numbered(1),
        event_with("\u{e4}\u{1F600}\n<Level>x</Level>", "")
    );
    let errors: Vec<EventError> = events(&text).filter_map(Result::err).collect();
    let place = |what: &str| text.find(what).unwrap();
    assert_eq!(
        errors,
        [
            EventError {
                line: 5,
                at: place("<EventID>many"),
                fault: EventFault::Value("EventID"),
            },
            EventError {
                line: 7,
                at: place("<Level>x"),
                fault: EventFault::Value("Level"),
            },
            EventError {
                line: 8,
                at: text.len(),
                fault: EventFault::Malformed,
            },
        ]
    );
    assert_eq!(
        errors[0].to_string(),
        format!(
            "line 5, byte {}: EventID is not what it should be: a number of 32 bits",
            place("<EventID>many")
        )
    );
}

#[test]
fn values_of_the_wrapper() {
    for (system, what) in [
        ("<Version>+1</Version>", "Version"),
        ("<Level>-1</Level>", "Level"),
        ("<Task>4294967296</Task>", "Task"),
        ("<Opcode>0x1</Opcode>", "Opcode"),
        ("<Keywords>80000000000000</Keywords>", "Keywords"),
        ("<Keywords>0x10000000000000000</Keywords>", "Keywords"),
        ("<Keywords>0x+1</Keywords>", "Keywords"),
        (
            "<EventRecordID>18446744073709551616</EventRecordID>",
            "EventRecordID",
        ),
        ("<Execution ProcessID='a'/>", "ProcessID"),
        ("<Execution ThreadID='1.5'/>", "ThreadID"),
        ("<TimeCreated SystemTime='24.11.2025'/>", "SystemTime"),
        (
            "<TimeCreated SystemTime='2025-13-24T00:00:00Z'/>",
            "SystemTime",
        ),
        (
            "<TimeCreated SystemTime='20251124021405.123456+060'/>",
            "SystemTime",
        ),
        ("<TimeCreated SystemTime='/Date(0)/'/>", "SystemTime"),
    ] {
        refused(&event_with(system, ""), system, EventFault::Value(what));
    }
    let guid = event_with("", "").replace("<Provider ", "<Provider Guid='{a}' ");
    refused(&guid, "<Provider", EventFault::Value("Guid"));
    let qualifiers = event_with("", "").replace("<EventID>", "<EventID Qualifiers='x'>");
    refused(&qualifiers, "<EventID", EventFault::Value("Qualifiers"));
    for (system, what) in [
        ("<Level>1</Level><Level>1</Level>", "Level"),
        (
            "<Computer>a</Computer><x/><Computer>b</Computer>",
            "Computer",
        ),
    ] {
        let text = event_with(system, "");
        let second = text.rfind(&format!("<{what}>")).unwrap();
        assert_eq!(outcome(&text), [Err((second, EventFault::Twice(what)))]);
    }
    let text = event_with("<Computer>a<b/></Computer>", "");
    refused(&text, "<b/>", EventFault::Unexpected("Computer"));

    let empty = one(&event_with(
        "<Level/><Keywords></Keywords><EventRecordID> </EventRecordID><TimeCreated/><Execution/>\
         <Channel/><Computer></Computer><Security/>",
        "",
    ));
    let wanted = Event {
        channel: Some(String::new()),
        computer: Some(String::new()),
        ..event_of(&[])
    };
    assert_eq!(empty, wanted);
    let full = one(&event_with(
        "<Keywords>0xffffffffffffffff</Keywords><EventRecordID> 18446744073709551615 </EventRecordID>\
         <TimeCreated SystemTime='1601-01-01T00:00:00.0000000Z'/><Computer>a<!-- b -->c &amp; &#x41;</Computer>",
        "",
    ));
    assert_eq!(full.keywords, Some(u64::MAX));
    assert_eq!(full.record_id, Some(u64::MAX));
    assert_eq!(full.time, When::Never);
    assert_eq!(full.computer.as_deref(), Some("ac & A"));
}

#[test]
fn what_an_event_can_not_be_without() {
    refused("<Event/>", "<Event", EventFault::Missing("System"));
    refused("<Event></Event>", "<Event", EventFault::Missing("System"));
    refused(
        "<Event><System/></Event>",
        "<System",
        EventFault::Missing("EventID"),
    );
    refused(
        "<Event><System><EventID></EventID></System></Event>",
        "<EventID",
        EventFault::Missing("EventID"),
    );
}

#[test]
fn forms_of_the_payload() {
    let payload = |rest: &str| one(&event_with("", rest)).payload;
    for none in [
        "",
        "<EventData/>",
        "<EventData></EventData>",
        "<EventData>\r\n  </EventData>",
    ] {
        assert_eq!(payload(none), Payload::Parts(Vec::new()), "{none}");
    }
    let named = payload(
        "<EventData Name='x'>\n<Data Name='a'> 1 </Data><Binary>0A</Binary><Data Name=\"\">2</Data><!-- c --><Data/></EventData>",
    );
    let data = |name: &str, text: &str| Part::Data {
        name: Some(name.to_owned()),
        text: text.to_owned(),
    };
    assert_eq!(
        named,
        Payload::Parts(vec![
            data("a", " 1 "),
            Part::Binary("0A".to_owned()),
            data("", "2"),
            Part::data(""),
        ])
    );
    let user = payload(&format!(
        "<UserData><x:Own xmlns:x='u' a='b'><A>0xC004FD02</A>\n <B>{VM}<!-- c --></B></x:Own></UserData>"
    ));
    assert_eq!(user, Payload::NotUnderstood(format!("0xC004FD02 {VM}")));
    let failed = payload(
        "<EventData><Data>1</Data></EventData><ProcessingErrorData><ErrorCode>15005</ErrorCode></ProcessingErrorData>",
    );
    assert_eq!(failed, Payload::NotUnderstood("1 15005".to_owned()));
    // Elements that others add say nothing of the payload.
    let added = payload("<Bookmark>x</Bookmark><EventData><Data>1</Data></EventData>");
    assert_eq!(added, Payload::Parts(vec![Part::data("1")]));

    for (rest, at, fault) in [
        (
            "<EventData>text<Data/></EventData>",
            "text",
            EventFault::Unexpected("EventData"),
        ),
        (
            "<EventData><ComplexData/></EventData>",
            "<Complex",
            EventFault::Unexpected("EventData"),
        ),
        (
            "<EventData><Data><a/></Data></EventData>",
            "<a/>",
            EventFault::Unexpected("Data"),
        ),
        (
            "<EventData><Binary><a/></Binary></EventData>",
            "<a/>",
            EventFault::Unexpected("Binary"),
        ),
        (
            "<EventData/><EventData></EventData>",
            "<EventData></",
            EventFault::Twice("EventData"),
        ),
    ] {
        refused(&event_with("", rest), at, fault);
    }
}

#[test]
fn rendering_may_say_nothing() {
    let message = |rest: &str| one(&event_with("", rest)).message;
    assert_eq!(
        message("<RenderingInfo Culture='de-DE'><Level>x</Level></RenderingInfo>"),
        None
    );
    assert_eq!(
        message("<RenderingInfo><Message></Message></RenderingInfo>").as_deref(),
        Some("")
    );
    refused(
        &event_with("", "<RenderingInfo/><RenderingInfo></RenderingInfo>"),
        "<RenderingInfo></",
        EventFault::Twice("RenderingInfo"),
    );
}

#[test]
fn no_character_is_made_up() {
    let data = |text: &str| event_with("", &format!("<EventData><Data>{text}</Data></EventData>"));
    for reference in ["&#xD800;", "&#0;", "&#x110000;", "&#xFFFE;", "&#x1;"] {
        refused(&data(reference), reference, EventFault::NotACharacter);
        let attribute = data("").replace("<Data>", &format!("<Data Name='{reference}'>"));
        refused(&attribute, reference, EventFault::NotACharacter);
    }
    for bare in ["\u{1}", "\u{0}", "\u{FFFE}"] {
        let text = data(&format!("a{bare}"));
        assert!(
            matches!(outcome(&text)[..], [Err((_, EventFault::NotACharacter))]),
            "{bare:?}: {:?}",
            outcome(&text)
        );
    }
    // The replacement character itself is one.
    assert!(
        one(&data("\u{FFFD}&#xFFFD;"))
            .payload
            .texts()
            .eq(["\u{FFFD}\u{FFFD}"])
    );
}

#[test]
fn declarations_are_refused_and_hide_nothing() {
    let (a, b) = (numbered(1), numbered(2));
    let dtd = |at: usize| Err((at, EventFault::Dtd));
    let text = format!("<!DOCTYPE x [<!ENTITY e \"{a}\">]>{b}");
    assert_eq!(outcome(&text), [dtd(0), Ok(2)]);
    let text = format!("{a}<!DOCTYPE x>{b}");
    assert_eq!(outcome(&text), [Ok(1), dtd(a.len()), Ok(2)]);
    for open in [
        "<!",
        "<!DOCTYPE",
        "<!DOCTYPE x [",
        "<!DOCTYPE \"",
        "<![",
        "<!'",
    ] {
        assert_eq!(outcome(&format!("{open} {a}")), [dtd(0), Ok(1)], "{open}");
        let text = format!("<Event><Data>{open}{a}{b}");
        assert_eq!(outcome(&text), [dtd(13), Ok(1), Ok(2)], "{open}");
        let text = format!("<Events>{open}{a}{b}</Events>");
        assert_eq!(outcome(&text), [dtd(8), Ok(1), Ok(2)], "{open}");
    }
}
