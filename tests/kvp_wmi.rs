//! Items in CIM-XML: the vectors of `tests/data/kvp/xml`, and what a careful reader does beyond them.
#![cfg(feature = "xml")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use avma::kvp::error::WmiItemError;
use avma::kvp::wmi::{MAX_ITEM, item, item_indices, items};
use avma::kvp::{Item, names};
use proptest::prelude::*;
use serde_json::Value;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kvp/xml")
}

fn as_json(item: &Item) -> Value {
    serde_json::json!({ "name": item.name, "data": item.data, "source": item.source })
}

#[test]
fn every_vector_decodes_or_is_refused_as_expected() {
    let index = fs::read_to_string(folder().join("expected.json")).unwrap();
    let entries: Vec<Value> = serde_json::from_str(&index).unwrap();
    let mut met = BTreeSet::new();
    for entry in &entries {
        let file = entry["file"].as_str().unwrap();
        met.insert(file.to_owned());
        let text = fs::read_to_string(folder().join(file)).unwrap();
        assert_eq!(text.len(), entry["bytes"], "{file}");
        let read: Vec<_> = items(&text).collect();
        match &entry["expect"] {
            Value::Array(wanted) => {
                let got: Vec<_> = read.iter().map(|i| as_json(i.as_ref().unwrap())).collect();
                assert_eq!(&got, wanted, "{file}");
                assert!(
                    matches!(item(&text), Err(WmiItemError::Several { .. })),
                    "{file}"
                );
            }
            wanted if wanted.get("error").is_some() => {
                let [Err(got)] = read.as_slice() else {
                    panic!("{file}: {read:?}");
                };
                let kind = match got {
                    WmiItemError::OtherClass { .. } => "other class",
                    WmiItemError::Malformed { .. } => "not well formed",
                    WmiItemError::Dtd { .. } => "DTD",
                    WmiItemError::NotACharacter { .. } => "not a character",
                    WmiItemError::NotXml { .. } => "not XML",
                    other => panic!("{file}: {other}"),
                };
                assert_eq!(kind, wanted["error"], "{file}");
                assert_eq!(item(&text), Err(*got), "{file}");
            }
            wanted => {
                let [Ok(got)] = read.as_slice() else {
                    panic!("{file}: {read:?}");
                };
                assert_eq!(&as_json(got), wanted, "{file}");
                assert_eq!(item(&text).as_ref(), Ok(got), "{file}");
            }
        }
    }
    for file in fs::read_dir(folder()).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        assert!(
            file == "README.md" || file == "expected.json" || met.contains(&file),
            "{file}"
        );
    }
}

fn property(name: &str, value: &str) -> String {
    format!("<PROPERTY NAME=\"{name}\" TYPE=\"string\"><VALUE>{value}</VALUE></PROPERTY>")
}

fn instance(properties: &str) -> String {
    format!("<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\">{properties}</INSTANCE>")
}

fn good(name: &str) -> String {
    instance(&property("Name", name))
}

#[track_caller]
fn refused(text: &str, wanted: WmiItemError) {
    assert_eq!(item(text), Err(wanted), "{text}");
}

#[test]
fn names_of_properties_and_class_ignore_case() {
    let text = "<INSTANCE CLASSNAME='MSVM_KVPEXCHANGEDATAITEM'><PROPERTY NAME='NAME'><VALUE>k</VALUE></PROPERTY>\
                <PROPERTY NAME='source'><VALUE> 4 </VALUE></PROPERTY></INSTANCE>";
    let wanted = Item {
        name: "k".into(),
        data: String::new(),
        source: Some(4),
    };
    assert_eq!(item(text), Ok(wanted));
}

#[test]
fn a_declaration_before_the_item_and_comments_are_accepted() {
    let text = format!(
        "<?xml version=\"1.0\"?>\r\n<!-- <INSTANCE> -->{}",
        instance(&(property("Name", "k") + &property("Data", "a<!-- no -->b")))
    );
    assert_eq!(item(&text).unwrap().data, "ab");
}

#[test]
fn a_null_source_is_none_and_a_bad_one_is_refused() {
    let text = |source: &str| instance(&(property("Name", "k") + &property("Source", source)));
    assert_eq!(item(&text("")).unwrap().source, None);
    assert_eq!(item(&text("65535")).unwrap().source, Some(65535));
    let at = instance("").find("</INSTANCE>").unwrap() + property("Name", "k").len();
    for bad in ["65536", "-1", "two", "2 2"] {
        refused(&text(bad), WmiItemError::Source { at });
    }
}

#[test]
fn an_item_without_a_name_is_refused() {
    refused(
        &instance(&property("Data", "v")),
        WmiItemError::NoName { at: 0 },
    );
    refused(
        &instance("<PROPERTY NAME=\"Name\"/>"),
        WmiItemError::NoName { at: 0 },
    );
    refused(&good(""), WmiItemError::NoName { at: 0 });
}

#[test]
fn a_property_given_twice_is_refused() {
    let first = property("Name", "k");
    let text = instance(&format!("{first}{}", property("name", "l")));
    let at = text.find("<PROPERTY NAME=\"name\"").unwrap();
    refused(&text, WmiItemError::Twice { at });
}

#[test]
fn references_to_no_character_are_found_wherever_they_count() {
    for reference in [
        "&#xD800;",
        "&#xDFFF;",
        "&#55296;",
        "&#0;",
        "&#x110000;",
        "&#xFFFE;",
        "&#99999999999;",
    ] {
        let text = good(reference);
        let at = text.find('&').unwrap();
        refused(&text, WmiItemError::NotACharacter { at });
    }
    let text = format!("<INSTANCE CLASSNAME='&#xD800;'{}", "/>");
    refused(&text, WmiItemError::NotACharacter { at: 21 });
    // Within CDATA it is text.
    let text = good("<![CDATA[&#xD800;]]>");
    assert_eq!(item(&text).unwrap().name, "&#xD800;");
}

#[test]
fn offsets_count_from_the_start_of_the_whole_text() {
    let text = format!("{} {}", good("ä"), good("&#xD800;"));
    let read: Vec<_> = items(&text).collect();
    assert!(read[0].is_ok());
    let at = text.find("&#").unwrap();
    assert_eq!(read[1], Err(WmiItemError::NotACharacter { at }));

    let text = format!("{}\n{}", good("ä\n"), good("ä&nbsp;"));
    let at = text.find("&nbsp;").unwrap();
    assert_eq!(
        items(&text).nth(1),
        Some(Err(WmiItemError::Malformed { at }))
    );
}

#[test]
fn items_know_where_they_begin() {
    let text = format!(" {} {}\n{}", good("ä"), good("&#0;"), good("b"));
    let places: Vec<_> = item_indices(&text)
        .map(|(at, read)| (at, read.is_ok()))
        .collect();
    let second = text.find("&#0;").unwrap();
    let third = text.rfind("<INSTANCE").unwrap();
    assert_eq!(places, [(1, true), (second, false), (third, true)]);
    let read: Vec<_> = item_indices(&text).map(|(_, read)| read).collect();
    assert_eq!(read, items(&text).collect::<Vec<_>>());
}

#[test]
fn a_broken_item_does_not_lose_the_others() {
    for broken in [
        "junk",
        "<INSTANCE",
        "<INSTANCE CLASSNAME=\"Msvm_Kvp",
        "<INSTANCE CLASSNAME=\"x\">",
        "<INSTANCE CLASSNAME=\"x\"><PROPERTY",
        "<INSTANCE CLASSNAME=\"x\"><PROPERTY></",
        "<INSTANCE CLASSNAME=\"x\"><!-- ",
        "<INSTANCE CLASSNAME=\"x\"><![CDATA[ ",
        "<INSTANCE CLASSNAME=\"x\"><? ",
        "<INSTANCE></INSTANCE>",
        "<OTHER/>",
        "</INSTANCE>",
        "<INSTANCE>&#0;</INSTANCE>",
    ] {
        let text = format!("{} {broken} {} {}", good("a"), good("b"), good("c"));
        let read: Vec<_> = items(&text)
            .filter_map(Result::ok)
            .map(|item| item.name)
            .collect();
        assert_eq!(read, ["a", "b", "c"], "{broken}");
        assert_eq!(items(&text).count(), 4, "{broken}");
    }
}

#[test]
fn a_document_type_is_refused_with_the_item_that_it_belongs_to() {
    let text = format!(
        "{} <!DOCTYPE x [<!ENTITY e \"{}\">]>{} {}",
        good("a"),
        good("hidden").replace('"', "'"),
        good("b"),
        good("c")
    );
    let read: Vec<_> = items(&text).collect();
    assert_eq!(read.len(), 3);
    let at = text.find("<!DOCTYPE").unwrap();
    assert_eq!(read[1], Err(WmiItemError::Dtd { at }));
    assert_eq!(read[2].as_ref().unwrap().name, "c");
}

#[test]
fn size_and_depth_are_bounded() {
    let text = instance(&(property("Name", "k") + &property("Data", &"x".repeat(MAX_ITEM))));
    let read: Vec<_> = items(&(text.clone() + &good("after"))).collect();
    let wanted = WmiItemError::TooLarge {
        at: 0,
        got: text.len(),
        max: MAX_ITEM,
    };
    assert_eq!(read[0], Err(wanted));
    assert_eq!(read[1].as_ref().unwrap().name, "after");

    let deep = instance(&("<A>".repeat(5000) + &"</A>".repeat(5000)));
    assert!(matches!(item(&deep), Err(WmiItemError::TooDeep { .. })));
}

#[test]
fn a_text_that_never_ends_its_marks_is_read_in_linear_time() {
    // A quadratic reader would need minutes for this.
    let text = "<INSTANCE><!-- ".repeat(200_000);
    assert_eq!(items(&text).count(), 200_000);
    let text = "<INSTANCE><![CDATA[ ".repeat(200_000);
    assert_eq!(items(&text).count(), 200_000);
    let text = "<INSTANCENAME ".repeat(200_000);
    assert!(items(&text).count() <= 200_000);
}

#[test]
fn blank_text_holds_no_items() {
    assert_eq!(items(" \r\n").count(), 0);
    refused("", WmiItemError::NotXml { at: 0 });
}

#[test]
fn the_lists_of_names_have_no_name_twice() {
    let all: Vec<_> = [
        names::LINUX_INTRINSIC,
        names::WINDOWS_INTRINSIC,
        names::OTHER_INTRINSIC,
        names::HOST_DESCRIPTION,
    ]
    .concat();
    let distinct: BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (40, 40));
    assert_eq!(names::LINUX_INTRINSIC.len(), 10);
    assert_eq!(names::WINDOWS_INTRINSIC.len(), 9);
    assert_eq!(names::HOST_DESCRIPTION.len(), 16);
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "(<|>|&|;|#|x|D800|/|!|\\[CDATA\\[|\\]\\]>|<INSTANCE|<!--|-->|<!DOCTYPE|<\\?|\\?>| |\"|'|a|=|\\PC){0,60}") {
        let _ = items(&text).count();
        let _ = item(&text);
    }

    // An item alone is read in another way than one of several.
    #[test]
    fn an_item_alone_is_read_as_beside_others(
        parts in prop::collection::vec(prop::sample::select(vec![
            "<PROPERTY NAME=\"Name\">", "<PROPERTY NAME='Data'>", "</PROPERTY>", "<VALUE>", "</VALUE>",
            "<VALUE/>", "text", "&amp;", "&lt", " a>b ", "]]>", "<A B='>'>", "</A>", "&#65;", "\t",
            "<!-- -->", "<?x?>", "<![CDATA[x]]>", "</INSTANCE>", "\u{1}", "<INSTANCE>", "<A:B/>",
        ]), 0..8),
        end in prop::sample::select(vec!["", " ", "\r\n", "x", "<A/>", "\u{A0}"]),
        good_first in any::<bool>(),
    ) {
        let inner = if good_first { property("Name", "k") } else { String::new() } + &parts.concat();
        let text = instance(&inner) + end;
        let alone: Vec<_> = items(&text).collect();
        let joined = format!("{text}\n{}", good("after"));
        let mut beside: Vec<_> = items(&joined).collect();
        // The text may end in what swallows the item after it.
        if beside.last().is_some_and(|last| last.as_ref().is_ok_and(|item| item.name == "after")) {
            beside.pop();
            // Where a broken item ends depends on what comes after it.
            let ok = |read: Vec<Result<Item, _>>| read.into_iter().map(Result::ok).collect::<Vec<_>>();
            prop_assert_eq!(ok(alone), ok(beside), "{}", text);
        }
    }

    #[test]
    fn joined_items_come_apart_again(values in proptest::collection::vec("[ -~äß😀]{1,20}", 1..8)) {
        let text = values.iter().map(|v| good(&escape(v))).collect::<Vec<_>>().join(" ");
        let read: Vec<_> = items(&text).map(|item| item.unwrap().name).collect();
        prop_assert_eq!(read, values);
    }
}

fn one(name: &str, data: &str) -> String {
    format!(
        "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Data\"><VALUE>{data}</VALUE></PROPERTY><PROPERTY NAME=\"Name\"><VALUE>{name}</VALUE></PROPERTY></INSTANCE>"
    )
}

fn read_names(text: &str) -> Vec<Option<String>> {
    items(text)
        .map(|read| read.ok().map(|item| item.name))
        .collect()
}

/// A value with markup in it hides no item behind it: a lone `<!` with a quote, a document type
/// declaration or a comment without an end.
#[test]
fn broken_markup_in_a_value_hides_no_other_item() {
    let (b, c) = (one("b", "1"), one("c", "2"));
    for data in [
        "don<!'t",
        "a <! b",
        "a<!-- b",
        "a<!-- b -- c",
        "a<![CDATA[ b",
    ] {
        let text = format!("{}{b}{c}", one("x", data));
        let names = [None, Some("b".to_owned()), Some("c".to_owned())];
        assert_eq!(read_names(&text), names, "{data}");
    }
    let text = format!("{}<!DOCTYPE x [{b}{c}", one("a", "0"));
    let found = read_names(&text);
    assert_eq!(found.iter().flatten().count(), 3, "{found:?}");
    assert!(found.contains(&None));
    // A comment that is one, in an item behind a comment that is none.
    let text = format!("{}{b}{}", one("x", "a<!-- b"), one("y", "<!-- k -->v"));
    let names = [None, Some("b".to_owned()), Some("y".to_owned())];
    assert_eq!(read_names(&text), names);
}

#[test]
fn comments_and_instructions_behind_an_item_are_no_item() {
    for rest in ["<!-- end -->", "<?x y?>", " <!-- a --> <?x y?> "] {
        let text = format!("{}{rest}", one("a", "1"));
        assert_eq!(item(&text).unwrap().name, "a", "{rest}");
        assert_eq!(read_names(&text), [Some("a".to_owned())], "{rest}");
    }
    assert!(item("<!-- nothing -->").is_err());
    let text = format!("{}<!-- end", one("a", "1"));
    assert_eq!(read_names(&text), [Some("a".to_owned()), None]);
}

#[test]
fn a_source_has_no_sign() {
    let text = one("a", "1").replace(
        "</INSTANCE>",
        "<PROPERTY NAME=\"Source\"><VALUE>+2</VALUE></PROPERTY></INSTANCE>",
    );
    assert!(matches!(item(&text), Err(WmiItemError::Source { .. })));
}
