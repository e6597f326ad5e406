//! Items in CIM-XML.

use avma::kvp::Item;
use avma::kvp::wmi::{DataItem, DataItems, MAX_ITEMS, item, item_indices, items};

use crate::source::Source;

/// The ways to make an input; the first byte takes one.
pub const KINDS: usize = 4;

pub fn wmi(data: &[u8]) {
    let mut source = Source::new(data);
    match source.below(KINDS) {
        0 => judge(&String::from_utf8_lossy(source.rest())),
        1 => judge(&source.mixture(&PIECES)),
        2 => judge(&nearly(&mut source)),
        _ => written(&mut source),
    }
}

const PIECES: [&str; 36] = [
    "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\">",
    "</INSTANCE>",
    "<PROPERTY NAME=\"Name\" TYPE=\"string\">",
    "<PROPERTY NAME=\"Data\" TYPE=\"string\">",
    "<PROPERTY NAME=\"Source\" TYPE=\"uint16\">",
    "<PROPERTY NAME=\"Caption\" PROPAGATED=\"true\" TYPE=\"string\"></PROPERTY>",
    "</PROPERTY>",
    "<VALUE>",
    "</VALUE>",
    "<VALUE/>",
    "<INSTANCE",
    "<INSTANCES>",
    "<INSTANCE/>",
    " CLASSNAME='msvm_kvpexchangedataitem'",
    "<q:INSTANCE xmlns:q='u' CLASSNAME='Msvm_KvpExchangeDataItem'>",
    "&amp;",
    "&lt;",
    "&quot;",
    "&unknown;",
    "&#65;",
    "&#x1F600;",
    "&#xD800;",
    "&#0;",
    "&#13;",
    "<!-- a -->",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml version=\"1.0\"?>",
    "<?p",
    "?>",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "<QUALIFIER NAME=\"key\"><VALUE>true</VALUE></QUALIFIER>",
    "</",
    "/>",
];

/// What holds of any text.
fn judge(text: &str) {
    let all: Vec<_> = item_indices(text).collect();
    // Each takes a byte at least.
    assert!(all.len() <= text.len());
    assert!(items(text).eq(all.iter().map(|(_, read)| read.clone())));
    let mut held = 0;
    for (at, read) in &all {
        assert!(text.is_char_boundary(*at), "{at}");
        match read {
            Ok(item) => {
                assert!(text[*at..].starts_with('<') && !item.name.is_empty());
                held += item.name.len() + item.data.len();
                let _ = format!("{item:?}");
            }
            Err(error) => {
                assert_eq!(error.at(), *at);
                assert!(!error.to_string().is_empty());
            }
        }
    }
    // No text grows by being read.
    assert!(held <= text.len());

    match (item(text), all.as_slice()) {
        (Ok(one), [(_, Ok(same))]) => assert_eq!(one, *same),
        (Ok(_), _) => panic!("one item, but not by itself"),
        (Err(error), [(_, Ok(_))]) => panic!("{error}"),
        (Err(error), _) => assert!(error.at() <= text.len()),
    }
    if all.iter().any(|(_, read)| read.is_err()) {
        return;
    }
    // A text of one plain item is read in another way than one that something follows.
    let followed = format!("{text}\n<INSTANCE");
    let again: Vec<_> = item_indices(&followed).collect();
    assert_eq!(again.len(), all.len() + 1);
    assert!(again.starts_with(&all) && again[all.len()].1.is_err());
    for (_, read) in all {
        read_back(&read.unwrap());
    }
}

/// What was read can be written, and is read again.
fn read_back(read: &Item) {
    let written = DataItem::try_from(read).unwrap().to_string();
    assert_eq!(item(&written).as_ref(), Ok(read));
}

/// A written item with a few bytes changed.
fn nearly(source: &mut Source<'_>) -> String {
    let (name, data) = (source.text(20), source.text(20));
    let number = source.flag().then(|| source.u16());
    let Ok(item) = DataItem::new(&name, &data, number) else {
        return String::new();
    };
    let mut bytes = item.to_string().into_bytes();
    for _ in 0..source.below(4) {
        let at = source.below(bytes.len());
        if source.flag() {
            let piece = source.pick(&PIECES);
            bytes.splice(at..at, piece.bytes());
        } else {
            bytes[at] = source.byte();
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// XML 1.0, production 2.
fn carried(c: char) -> bool {
    matches!(u32::from(c), 0x9 | 0xA | 0xD | 0x20..=0xD7FF | 0xE000..=0xFFFD | 0x1_0000..)
}

fn written(source: &mut Source<'_>) {
    let mut wanted = Vec::new();
    for _ in 0..=source.below(4) {
        let read = Item {
            name: source.text(1024),
            data: source.text(1024),
            source: source.flag().then(|| source.u16()),
        };
        let sound = !read.name.is_empty()
            && read.name.chars().all(carried)
            && read.data.chars().all(carried);
        let made = DataItem::try_from(&read);
        assert_eq!(made.is_ok(), sound);
        if sound {
            read_back(&read);
            judge(&made.unwrap().to_string());
            wanted.push(read);
        }
    }
    let made: Result<Vec<_>, _> = wanted.iter().map(DataItem::try_from).collect();
    let made = made.unwrap();
    assert!(made.len() <= MAX_ITEMS);
    if let Ok(call) = DataItems::new(&made) {
        let text = call.to_string();
        let read: Result<Vec<_>, _> = items(&text).collect();
        assert_eq!(read, Ok(wanted));
    }
}
