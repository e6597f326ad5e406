//! Inputs that are made to take long, or to nest deep.

use std::time::{Duration, Instant};

use avma::observe::event::xml::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_EVENT};

use super::*;

/// Reads a text of about 2 MB to the end; what is quadratic takes minutes.
fn in_time(piece: &str) -> usize {
    let text = piece.repeat(2_000_000 / piece.len());
    let begin = Instant::now();
    let count = events(&text).count();
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(20), "{piece:?} took {took:?}");
    // An event after all of it is found.
    count
}

#[test]
fn time_is_linear() {
    let faults = "<Event><System></Event>\n".repeat(10);
    for piece in [
        "<",
        "<Event",
        "<Event>",
        "<e:Event>",
        "<Event><System>",
        "<Event/>",
        "</Event>",
        "<Events>",
        "</Events>",
        "<Event><!--",
        "<!--",
        "<!-- --",
        "<!---->",
        "<Event><![CDATA[",
        "<![CDATA[",
        "<?",
        "<!",
        "<!a>",
        "<!DOCTYPE [",
        "<!\"",
        "<Event><!",
        "<a b='",
        "<a b=\"<",
        "<a ",
        "a='1' ",
        "&",
        "&#xD800;",
        "&#99999999999999999999",
        "\n",
        "text\n<a/>",
        ":",
        "<a:",
        "<Event a='",
        faults.as_str(),
        "<Event><System><EventID>1</EventID></System></Event>",
        "<Event><System><EventID>12310</EventID></System><UserData><a/></UserData></Event>\r\n",
    ] {
        in_time(piece);
    }
    // Something at the front that only an end far away would settle.
    for (front, piece) in [
        ("<!DOCTYPE a [", "<!ENTITY b \"c\">"),
        ("<Event a='", "b='c' "),
        ("<Event ", "b='c' "),
        ("<Event><a>", "<a b='c'/>"),
        ("<Event>", "<a>"),
        ("<x xmlns:e='u'>", "<e:Event/>"),
        (
            "<x xmlns:e='u'>",
            "<e:Event><e:System></e:System></e:Event>",
        ),
    ] {
        let text = format!("{front}{}", piece.repeat(1_000_000 / piece.len()));
        let begin = Instant::now();
        let _ = events(&text).count();
        assert!(begin.elapsed() < Duration::from_secs(20), "{front}{piece}");
    }
}

#[test]
fn an_event_is_bounded() {
    let fault = |text: &str| {
        let all: Vec<_> = events(text).collect();
        assert_eq!(all.len(), 1, "{all:?}");
        all[0].clone().unwrap_err()
    };
    let data = |bytes: usize| {
        let text = "a".repeat(bytes);
        event_with("", &format!("<EventData><Data>{text}</Data></EventData>"))
    };
    let around = data(0).len();
    assert_eq!(one(&data(MAX_EVENT - around)).payload.texts().count(), 1);
    let error = fault(&data(MAX_EVENT + 1 - around));
    let (got, max) = (MAX_EVENT + 1, MAX_EVENT);
    assert_eq!(error.fault, EventFault::TooLarge { got, max });
    assert_eq!(error.at, 0);

    // The event itself and `UserData` are two of them.
    let nested = |depth: usize| {
        let inner = format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        event_with("", &format!("<UserData>{inner}</UserData>"))
    };
    assert_eq!(read(&nested(MAX_DEPTH - 2)).len(), 1);
    let max = MAX_DEPTH;
    assert_eq!(
        fault(&nested(MAX_DEPTH - 1)).fault,
        EventFault::TooDeep { max }
    );
    let around = |depth: usize| {
        format!(
            "{}{}{}",
            "<a>".repeat(depth),
            event_with("", ""),
            "</a>".repeat(depth)
        )
    };
    assert_eq!(read(&around(MAX_DEPTH)).len(), 1);
    let all: Vec<_> = events(&around(MAX_DEPTH + 1)).collect();
    assert_eq!(
        all[0].clone().unwrap_err().fault,
        EventFault::TooDeep { max }
    );
    assert!(all.iter().any(Result::is_ok));

    let attributes = |count: usize| {
        let all: Vec<String> = (0..count).map(|n| format!(" a{n}='x'")).collect();
        let all = all.concat();
        event_with("", &format!("<Other{all}/>"))
    };
    assert_eq!(read(&attributes(MAX_ATTRIBUTES)).len(), 1);
    let max = MAX_ATTRIBUTES;
    assert_eq!(
        fault(&attributes(MAX_ATTRIBUTES + 1)).fault,
        EventFault::TooManyAttributes { max }
    );
}

#[test]
fn many_parts_and_tokens() {
    let text = "0xC004FD02 a1a1a1a1-0000-4000-8000-000000000001 ".repeat(10_000);
    let event = event_of(&[&text]);
    assert_eq!(event.hresults().count(), 10_000);
    assert_eq!(event.guids().count(), 10_000);
    let zeroes = event_of(&[&"0x".repeat(1_000_000), &"0".repeat(1_000_000)]);
    assert_eq!(zeroes.hresults().count(), 0);
    assert_eq!(event_of(&[&"-".repeat(2_000_000)]).guids().count(), 0);
}

#[test]
fn a_declaration_that_is_named_like_an_event_is_read_once() {
    for begin in [
        "<!a:Event >",
        "<!DOCTYPE:Event ",
        "<?a:Event >",
        "<!a:Event/>",
    ] {
        let text = format!("<Event>{begin}");
        let read: Vec<_> = events(&text).take(10).collect();
        assert!(read.len() < 10, "{text}: {read:?}");
        let whole = "<Event><System><EventID>12310</EventID></System></Event>";
        let with = format!("{begin}<a>{whole}");
        let read: Vec<_> = events(&with).take(10).collect();
        assert!(read.len() < 10, "{with}: {read:?}");
    }
}
