//! Items written as CIM-XML: the public shape to the byte, what is refused, and that reading what was
//! written gives the item again.

use std::fmt::{self, Write};

use avma::kvp::ItemRef;
use avma::kvp::error::{DataItemError, DataItemsError};
use avma::kvp::wmi::method::{JobState, ReturnCode};
use avma::kvp::wmi::{DataItem, DataItems, MAX_ITEMS};

#[track_caller]
fn written(name: &str, data: &str, source: Option<u16>) -> String {
    DataItem::new(name, data, source).unwrap().to_string()
}

#[test]
fn items_have_the_bytes_of_the_samples() {
    macro_rules! vector {
        ($file:literal) => {
            include_str!(concat!("data/kvp/xml/", $file))
        };
    }
    for (name, data, source, wanted) in [
        (
            "OSVersion",
            "10.0.20348",
            2,
            vector!("intrinsic-osversion.xml"),
        ),
        ("Status", "Ready", 1, vector!("guest-item.xml")),
        ("from-host", "one", 0, vector!("host-item.xml")),
        ("secret", "x", 4, vector!("hostonly-item.xml")),
        ("CSDVersion", "", 2, vector!("empty-value.xml")),
    ] {
        assert_eq!(written(name, data, Some(source)), wanted);
    }
}

#[test]
fn markup_and_carriage_returns_are_references() {
    let text = written("a&b", "<x> \"q\" 's' ]]> \t\r\n ä😀", None);
    assert!(text.contains("<VALUE>a&amp;b</VALUE>"));
    assert!(
        text.contains("<VALUE>&lt;x&gt; \"q\" 's' ]]&gt; \t&#13;\n ä😀</VALUE>"),
        "{text}"
    );
    assert!(text.ends_with("<PROPERTY NAME=\"Source\" TYPE=\"uint16\"></PROPERTY></INSTANCE>"));
    let neighbours = written("&<>\r&", "&&", Some(0));
    assert!(neighbours.contains("<VALUE>&amp;&lt;&gt;&#13;&amp;</VALUE>"));
    assert!(neighbours.contains("<VALUE>&amp;&amp;</VALUE>"));
}

#[test]
fn what_xml_can_not_carry_is_refused_with_its_place() {
    for code in 0..=0x1_FFFF_u32 {
        let Some(character) = char::from_u32(code) else {
            continue;
        };
        // XML 1.0, production 2.
        let carried =
            matches!(code, 0x9 | 0xA | 0xD | 0x20..=0xD7FF | 0xE000..=0xFFFD | 0x1_0000..);
        let text = format!("ä{character}");
        let at = 2;
        let name = DataItem::new(&text, "", None).map(|_| ());
        let data = DataItem::new("k", &text, None).map(|_| ());
        if carried {
            assert_eq!((name, data), (Ok(()), Ok(())), "U+{code:04X}");
        } else {
            assert_eq!(name, Err(DataItemError::Name { at, character }));
            assert_eq!(data, Err(DataItemError::Data { at, character }));
        }
    }
    assert_eq!(DataItem::new("", "v", None), Err(DataItemError::NoName));
    assert_eq!(DataItem::key("").unwrap_err(), DataItemError::NoName);
    let refused = DataItem::new("k", "a\u{1}", None).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "byte 1 of the data: XML cannot carry U+0001"
    );
    let refused = DataItem::new("\u{FFFE}", "", None).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "byte 0 of the name: XML cannot carry U+FFFE"
    );
}

/// Takes so many bytes and no more; shows that a fault of the writer comes through.
struct Narrow(usize);

impl Write for Narrow {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.checked_sub(text.len()).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[test]
fn a_writer_that_is_full_says_so() {
    let item = DataItem::new("k", "a&b", Some(0)).unwrap();
    let len = item.to_string().len();
    assert!(write!(Narrow(len), "{item}").is_ok());
    for room in 0..len {
        assert!(write!(Narrow(room), "{item}").is_err(), "{room}");
    }
}

#[test]
fn a_call_has_at_most_128_items() {
    let item = DataItem::key("k").unwrap();
    let items = [item; 300];
    assert_eq!(DataItems::new(&[]), Err(DataItemsError::None));
    assert_eq!(DataItems::new(&items[..MAX_ITEMS]).unwrap().len(), 128);
    let refused = DataItems::new(&items[..129]).unwrap_err();
    assert_eq!(refused, DataItemsError::TooMany { got: 129, max: 128 });
    assert_eq!(refused.to_string(), "129 items, at most 128 in one call");
    let calls: Vec<_> = DataItems::calls(&items).map(|call| call.len()).collect();
    assert_eq!(calls, [128, 128, 44]);
    assert_eq!(DataItems::calls(&[]).len(), 0);
    let two = DataItems::new(&items[..2]).unwrap();
    assert_eq!(two.to_string(), format!("{item}\n{item}"));
    assert!(two.iter().all(|each| *each == item));
}

#[test]
fn an_item_does_not_show_a_key_in_logs() {
    let secret = "RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289";
    let item = DataItem::new("k", secret, Some(4)).unwrap();
    let shown = format!("{item:?}");
    assert!(
        shown.contains("\"k\"") && !shown.contains("VWY6D"),
        "{shown}"
    );
    assert_eq!(item.item(), ItemRef::new("k", secret).with_source(4));
    assert_eq!(DataItem::try_from(item.item()), Ok(item));
    assert_eq!(DataItem::key("k").unwrap().item().source, Some(0));
}

#[test]
fn return_codes_and_job_states_have_the_documented_numbers() {
    let codes: Vec<_> = ReturnCode::KNOWN.iter().map(|code| code.0).collect();
    let wanted: Vec<u32> = [0, 4096].into_iter().chain(32768..=32779).collect();
    assert_eq!(codes, wanted);
    let states: Vec<_> = JobState::KNOWN.iter().map(|state| state.0).collect();
    assert_eq!(states, (2..=11).collect::<Vec<u16>>());

    assert_eq!(ReturnCode::INVALID_PARAMETER.0, 32773);
    assert_eq!(ReturnCode::IN_USE.0, 32774);
    assert_eq!(ReturnCode(32779).name(), Some("not found"));
    assert_eq!(JobState::COMPLETED.0, 7);
    assert_eq!(JobState(10).name(), Some("exception"));

    let done: Vec<_> = ReturnCode::KNOWN
        .iter()
        .filter(|code| code.is_done())
        .collect();
    assert_eq!(done, [&ReturnCode::COMPLETED]);
    let over: Vec<u16> = (0..=u16::MAX)
        .filter(|state| JobState(*state).is_over())
        .collect();
    assert_eq!(over, [7, 8, 9, 10]);
}

#[test]
fn unknown_codes_survive() {
    for code in [1, 4095, 32780, u32::MAX] {
        let code = ReturnCode(code);
        assert_eq!((code.name(), code.meaning()), (None, None));
        assert_eq!(code.to_string(), code.0.to_string());
    }
    assert_eq!(JobState(12).to_string(), "12");
    assert_eq!(ReturnCode(4096).to_string(), "4096 (job started)");
    assert!(ReturnCode::KNOWN.iter().all(|c| c.meaning().is_some()));
    assert!(JobState::KNOWN.iter().all(|c| c.meaning().is_some()));
}

#[cfg(feature = "xml")]
mod reading {
    use avma::kvp::Item;
    use avma::kvp::wmi::{DataItem, DataItems, MAX_ITEM, item, items};
    use proptest::prelude::*;

    /// Texts of all that XML can carry, dense in what an XML reader changes.
    fn text() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            Just('\r'),
            Just('\n'),
            Just('\t'),
            Just(' '),
            Just('&'),
            Just('<'),
            Just('>'),
            Just(']'),
            Just('\u{85}'),
            Just('\u{2028}'),
            Just('\u{FEFF}'),
            Just('\u{10FFFF}'),
            any::<char>().prop_filter("not XML", |c| {
                !matches!(u32::from(*c), 0..=0x8 | 0xB | 0xC | 0xE..=0x1F | 0xFFFE | 0xFFFF)
            }),
        ];
        prop::collection::vec(character, 0..40).prop_map(String::from_iter)
    }

    fn owned() -> impl Strategy<Value = Item> {
        let name = text().prop_filter("empty", |name| !name.is_empty());
        (name, text(), any::<Option<u16>>()).prop_map(|(name, data, source)| Item {
            name,
            data,
            source,
        })
    }

    #[test]
    fn the_longest_value_of_a_host_only_item_reads_back() {
        let data = "&".repeat(16 * 1024);
        let text = DataItem::new(&data[..512], &data, Some(4))
            .unwrap()
            .to_string();
        assert!(text.len() < MAX_ITEM);
        assert_eq!(item(&text).unwrap().data, data);
    }

    proptest! {
        #[test]
        fn reading_what_was_written_gives_the_items_again(wanted in prop::collection::vec(owned(), 1..6)) {
            let all: Vec<_> = wanted.iter().map(|item| DataItem::try_from(item).unwrap()).collect();
            let text = DataItems::new(&all).unwrap().to_string();
            let read: Vec<_> = items(&text).collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(&read, &wanted);
            // Written again, it is the same text.
            let again: Vec<_> = read.iter().map(|item| DataItem::try_from(item).unwrap()).collect();
            prop_assert_eq!(DataItems::new(&again).unwrap().to_string(), text);
        }

        #[test]
        fn any_text_is_written_or_refused(name in any::<String>(), data in any::<String>(), source in any::<Option<u16>>()) {
            if let Ok(written) = DataItem::new(&name, &data, source) {
                prop_assert_eq!(item(&written.to_string()), Ok(Item { name, data, source }));
            }
        }
    }
}
