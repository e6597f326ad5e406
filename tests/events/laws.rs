//! What holds of any event and of any text.

use avma::catalog::mask::Masked;
use proptest::prelude::*;

use super::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        "[\\PC\t\r\n<>&'\"]{0,8}",
        Just(VM.to_owned()),
        Just("0xC004FD02".to_owned()),
    ]
    .prop_filter("keys are masked", |text| !Masked(text).is_needed())
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        (prop::option::of(text()), text()).prop_map(|(name, text)| Part::Data { name, text }),
        text().prop_map(Part::Binary),
    ]
}

fn time() -> impl Strategy<Value = When> {
    prop_oneof![
        Just(When::Unknown),
        Just(When::Never),
        (-11_644_300_800_000..253_402_300_800_000_i64).prop_map(|ms| When::At(Timestamp(ms))),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let number = || prop::option::of(any::<u32>());
    let word = || prop::option::of(text());
    let numbers = (
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
        number(),
    );
    let texts = (word(), word(), word(), word(), word());
    let long = (
        prop::option::of(any::<u64>()),
        prop::option::of(any::<u64>()),
    );
    let guid = prop::option::of(any::<u128>().prop_map(VmId));
    let payload = prop::collection::vec(part(), 0..5);
    (any::<u32>(), numbers, texts, long, guid, time(), payload).prop_map(
        |(id, numbers, texts, (keywords, record_id), provider_guid, time, parts)| Event {
            id: EventId(id),
            provider: texts.0,
            provider_guid,
            source_name: texts.1,
            qualifiers: numbers.0,
            version: numbers.1,
            level: numbers.2,
            task: numbers.3,
            opcode: numbers.4,
            keywords,
            time,
            record_id,
            process_id: numbers.5,
            thread_id: numbers.6,
            channel: texts.2,
            computer: texts.3,
            payload: Payload::Parts(parts),
            message: texts.4,
        },
    )
}

proptest! {
    #[test]
    fn what_was_written_is_read_again(all in prop::collection::vec(event(), 0..4)) {
        let mut text = String::new();
        for event in &all {
            // The strategy makes characters that XML lacks.
            let Ok(written) = event.to_xml() else {
                return Err(TestCaseError::reject("not carried"));
            };
            prop_assert_eq!(written.lines().count(), 1);
            text += &written;
            text += "\n";
        }
        prop_assert_eq!(read(&text), all.clone());
        prop_assert_eq!(read(&format!("<Events>{text}</Events>")), all);
    }

    #[test]
    fn a_cut_text_has_the_same_events_first(all in prop::collection::vec(event(), 1..4), cut in any::<prop::sample::Index>()) {
        let written: Result<Vec<String>, _> = all.iter().map(Event::to_xml).collect();
        let Ok(written) = written else {
            return Err(TestCaseError::reject("not carried"));
        };
        let text = written.concat();
        let mut end = cut.index(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let whole = written
            .iter()
            .scan(0, |sum, one| {
                *sum += one.len();
                Some(*sum)
            })
            .filter(|sum| *sum <= end)
            .count();
        let got: Vec<_> = events(&text[..end]).collect();
        let ends_whole = written[..whole].iter().map(String::len).sum::<usize>() == end;
        prop_assert_eq!(got.len(), whole + usize::from(!ends_whole));
        for (got, wanted) in got.iter().zip(&all[..whole]) {
            prop_assert_eq!(got.as_ref(), Ok(wanted));
        }
        if let Some(Err(error)) = got.get(whole) {
            prop_assert!(error.at <= end);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(<Event>|</Event>|<System>|</System>|<EventID>1</EventID>|<Events>|</Events>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<!|<\\?|\\?>|<e:Event|a='|'|>|&#xD800;|&amp;|x| |\n){0,40}") {
        let mut last = 0;
        for event in events(&text) {
            if let Err(error) = event {
                prop_assert!(error.at >= last && error.at <= text.len());
                prop_assert!(text.is_char_boundary(error.at));
                let lines = text[..error.at].matches('\n').count();
                prop_assert_eq!(error.line, lines + 1);
                last = error.at;
            }
        }
        // Whatever was before it, a whole event is found.
        let with = format!("{text}]]>-->?>\"'>{}", event_with("", ""));
        let found = events(&with).filter(|event| event.as_ref().is_ok_and(|event| event.id == EventId::HOST));
        prop_assert_eq!(found.count(), 1);
    }
}
