//! Registry exports: the vectors of `tests/data/kvp/reg`, every form of a value, and that a fault
//! costs its own entry alone.
#![cfg(feature = "alloc")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use avma::kvp::error::{RegistryError, RegistryFault};
use avma::kvp::registry::{Entry, Key, RegistryItem, Value, entries, items};
use proptest::prelude::*;

const V5: &str = "Windows Registry Editor Version 5.00\r\n\r\n";
const V4: &str = "REGEDIT4\r\n\r\n";

fn wide(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

fn guest(lines: &str) -> String {
    format!("[{}]\r\n{lines}\r\n", Key::Guest)
}

/// The one entry of a line in the key Guest.
#[track_caller]
fn only(line: &str) -> Result<Entry, RegistryError> {
    let mut all = entries(&wide(&(V5.to_owned() + &guest(line)))).collect::<Vec<_>>();
    assert_eq!(all.len(), 1, "{line}: {all:?}");
    all.remove(0)
}

#[track_caller]
fn value(line: &str) -> Value {
    match only(line) {
        Ok(Entry::Item(item)) => item.value,
        other => panic!("{line}: {other:?}"),
    }
}

/// The fault of a line in the key Guest, with the characters of the line before it.
#[track_caller]
fn fault(line: &str) -> (usize, RegistryFault) {
    let error = only(line).unwrap_err();
    let before = V5.len() + guest("").len() - 2;
    assert_eq!(error.line, 4, "{line}");
    ((error.at - 2) / 2 - before, error.fault)
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn names(bytes: &[u8]) -> Vec<String> {
    let items = entries(bytes).filter_map(|entry| match entry {
        Ok(Entry::Item(item)) => Some(item.name),
        _ => None,
    });
    items.collect()
}

fn as_json(items: &[RegistryItem]) -> serde_json::Value {
    let mut keys = serde_json::Map::new();
    for item in items {
        let value = match &item.value {
            Value::Text(text) | Value::Expand(text) => text.as_str().into(),
            Value::Dword(number) => (*number).into(),
            Value::Qword(number) => number.to_string().into(),
        };
        keys.entry(item.key.path())
            .or_insert_with(|| serde_json::json!({}))[&item.name] = value;
    }
    keys.into()
}

#[test]
fn every_vector_reads_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kvp/reg");
    let index = fs::read_to_string(folder.join("expected.json")).unwrap();
    let index: Vec<serde_json::Value> = serde_json::from_str(&index).unwrap();
    let mut met = BTreeSet::new();
    for entry in &index {
        let file = entry["file"].as_str().unwrap();
        met.insert(file.to_owned());
        let bytes = fs::read(folder.join(file)).unwrap();
        assert_eq!(bytes.len(), entry["bytes"], "{file}");
        assert_eq!(as_json(&items(&bytes).unwrap()), entry["expect"], "{file}");
    }
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        let known = ["README.md", "expected.json"].contains(&file.as_str());
        assert!(known || met.contains(&file), "{file}");
    }
}

#[test]
fn every_form_of_a_value_is_read() {
    for (line, wanted) in [
        (r#""a"="""#, text("")),
        (r#""a"="C:\\temp \"x\"""#, text("C:\\temp \"x\"")),
        ("\"a\"=\"ä😀\u{FEFF}\"", text("ä😀\u{FEFF}")),
        (r#"@="default""#, text("default")),
        (r#"  "a" = "blanks" ; and a comment"#, text("blanks")),
        (r#""a"=dword:0000002a"#, Value::Dword(42)),
        (r#""a"=DWORD:FFFFFFFF"#, Value::Dword(u32::MAX)),
        (r#""a"=dword:7"#, Value::Dword(7)),
        (r#""a"=hex(4):01,02,00,00"#, Value::Dword(513)),
        (
            r#""a"=hex(b):ff,ff,ff,ff,ff,ff,ff,7f"#,
            Value::Qword(i64::MAX as u64),
        ),
        (r#""a"=hex(B):1,0,0,0,0,0,0,0 ; one digit"#, Value::Qword(1)),
        (
            r#""a"=hex(2):25,00,41,00,00,00"#,
            Value::Expand("%A".to_owned()),
        ),
        (r#""a"=hex(2):"#, Value::Expand(String::new())),
        (r#""a"=hex(2):00,00"#, Value::Expand(String::new())),
        (r#""a"=hex(2):25,00"#, Value::Expand("%".to_owned())),
        (r#""a"=hex(1):3d,d8,00,de,00,00"#, text("😀")),
        ("\"a\"=hex(1):41,00,\\\r\n  42,00,\\\r\n  00,00", text("AB")),
        ("\"a\"=hex(1):41,00,\\  \r\n\t42,00,", text("AB")),
        ("\"a\"=\"two\r\nlines\n\"", text("two\r\nlines\n")),
    ] {
        assert_eq!(value(line), wanted, "{line}");
    }
}

#[test]
fn a_number_shows_as_the_text_of_an_item() {
    assert_eq!(value(r#""a"=dword:0000002a"#).to_string(), "42");
    let item = RegistryItem {
        key: Key::Auto,
        name: "n".into(),
        value: Value::Qword(u64::MAX),
        line: 1,
        at: 0,
    };
    let shown = item.to_item();
    assert_eq!(shown.data, "18446744073709551615");
    assert_eq!((shown.name.as_str(), shown.source), ("n", Some(2)));
}

#[test]
fn hex_texts_of_regedit4_have_8_bits() {
    let read = |line: &str| items((V4.to_owned() + &guest(line)).as_bytes());
    let found = read("\"a\"=hex(2):25,41,00").unwrap();
    assert_eq!(found[0].value, Value::Expand("%A".to_owned()));
    let error = read("\"a\"=hex(2):25,e4,00").unwrap_err();
    assert_eq!(error.fault, RegistryFault::CodePage);
    // The header says which, not the width of the text.
    let text = V4.to_owned() + &guest("\"a\"=hex(2):25,41,00");
    assert_eq!(items(&wide(&text)).unwrap(), {
        let mut same = found.clone();
        same[0].at = same[0].at * 2 + 2;
        same
    });
}

#[test]
fn faults_have_their_place() {
    use RegistryFault::{
        Digits, Escape, NoEqualsSign, NoValue, NotAnEntry, NotClosed, NotContinued, Nul, OddByte,
        Size, TextAfterValue, Type, UnpairedSurrogate,
    };
    for (line, at, wanted) in [
        ("Status=Ready", 0, NotAnEntry),
        ("\u{1}", 0, NotAnEntry),
        ("\"a", 0, NotClosed),
        ("\"a\"=\"b", 4, NotClosed),
        ("\"a\"", 3, NoEqualsSign),
        ("\"a\" \"b\"", 4, NoEqualsSign),
        ("@dword:1", 1, NoEqualsSign),
        ("\"a\"=", 4, NoValue),
        ("\"a\"=Ready", 4, NoValue),
        ("\"a\"=hex", 4, NoValue),
        ("\"a\"=hex(:00", 4, NoValue),
        ("\"a\"=hex():00", 4, NoValue),
        ("\"a\"=hex(2:00", 4, NoValue),
        ("\"a\"=\"b\" now", 8, TextAfterValue),
        ("\"a\"=\"b\"c\"", 7, TextAfterValue),
        ("\"a\"=-1", 5, TextAfterValue),
        ("\"a\"=dword:1 2", 12, TextAfterValue),
        ("\"a\"=\"C:\\temp\"", 7, Escape),
        ("\"\\n\"=\"x\"", 1, Escape),
        ("\"a\"=dword:", 10, Digits),
        ("\"a\"=dword:123456789", 10, Digits),
        ("\"a\"=dword:g", 10, Digits),
        ("\"a\"=hex(1):41,0g", 15, Digits),
        ("\"a\"=hex(1):g", 11, Digits),
        ("\"a\"=hex(1):41,,00", 14, Digits),
        ("\"a\"=hex(1):141", 13, Digits),
        ("\"a\"=hex(1):41,\\00", 14, Digits),
        ("\"a\"=hex(1):41,\\", 14, NotContinued),
        ("\"a\"=hex:01", 4, Type(3)),
        ("\"a\"=hex(7):00,00", 4, Type(7)),
        ("\"a\"=hex(0):", 4, Type(0)),
        ("\"a\"=hex(ffffffff):", 4, Type(u32::MAX)),
        ("\"a\"=hex(4):01,02", 4, Size { got: 2, needed: 4 }),
        ("\"a\"=hex(b):01,02", 4, Size { got: 2, needed: 8 }),
        ("\"a\"=hex(1):41", 4, OddByte),
        ("\"a\"=hex(1):00,d8,00,00", 4, UnpairedSurrogate),
        ("\"a\"=hex(1):41,00,00,00,42,00", 4, Nul),
        ("\"a\"=hex(1):00,00,00,00", 4, Nul),
        ("\"a\"=\"b\0c\"", 6, Nul),
    ] {
        assert_eq!(fault(line), (at, wanted), "{line:?}");
    }
}

#[test]
fn an_unpaired_surrogate_and_half_a_unit_have_their_place() {
    let mut bytes = wide(&(V5.to_owned() + &guest("\"a\"=\"?\"\r\n\"b\"=\"x\"")));
    let at = bytes.windows(2).position(|pair| pair == b"?\0").unwrap();
    bytes[at..at + 2].copy_from_slice(&0xDC00_u16.to_le_bytes());
    bytes.push(0x41);
    let read: Vec<_> = entries(&bytes).collect();
    let wanted = RegistryError {
        line: 4,
        at,
        fault: RegistryFault::UnpairedSurrogate,
    };
    assert_eq!(read[0], Err(wanted));
    assert_eq!(names(&bytes), ["b"]);
    let wanted = RegistryError {
        line: 6,
        at: bytes.len() - 1,
        fault: RegistryFault::OddByte,
    };
    assert_eq!(read[2], Err(wanted));
    assert_eq!(read.len(), 3);
    // Within a text that never ends, too.
    let bytes = [wide(&(V5.to_owned() + "[x]\r\n\"a")), vec![0x41]].concat();
    assert_eq!(entries(&bytes).count(), 0);
}

#[test]
fn bytes_above_7f_are_refused_where_they_count() {
    let mut bytes = (V4.to_owned()
        + "; caf?\r\n[HKEY_LOCAL_MACHINE\\caf?]\r\n\"caf?\"=\"x\"\r\n"
        + &guest("\"a\"=\"caf?\"\r\n\"b\"=\"x\""))
        .into_bytes();
    let mut at = 0;
    for (place, byte) in bytes.iter_mut().enumerate() {
        if *byte == b'?' {
            *byte = 0xE9;
            at = place;
        }
    }
    let read: Vec<_> = entries(&bytes).collect();
    let wanted = RegistryError {
        line: 7,
        at,
        fault: RegistryFault::CodePage,
    };
    assert_eq!(read[0], Err(wanted));
    assert_eq!(
        wanted.to_string(),
        format!("line 7, byte {at}: a byte above 0x7F in 8-bit text has no known code page")
    );
    assert_eq!(names(&bytes), ["b"]);
    assert_eq!(items(&bytes), Err(wanted));
}

#[test]
fn a_file_without_a_header_is_refused_whole() {
    let v5 = V5.to_owned() + &guest("\"a\"=\"b\"");
    let mut big_endian = vec![0xFE, 0xFF];
    big_endian.extend(v5.encode_utf16().flat_map(u16::to_be_bytes));
    for (bytes, at) in [
        (b"".to_vec(), 0),
        (b"\xFF\xFE".to_vec(), 2),
        (guest("\"a\"=\"b\"").into_bytes(), 0),
        ([b"\xEF\xBB\xBF", v5.as_bytes()].concat(), 0),
        (wide(&v5)[2..].to_vec(), 0),
        (big_endian, 0),
        (b"REGEDIT5\r\n".to_vec(), 0),
        (b"REGEDIT4 x".to_vec(), 9),
        (wide("REGEDIT"), 2),
    ] {
        let read: Vec<_> = entries(&bytes).collect();
        let wanted = RegistryError {
            line: 1,
            at,
            fault: RegistryFault::Header,
        };
        assert_eq!(read, [Err(wanted)], "{bytes:?}");
    }
    // Version 5 in ASCII is what regedit reads too.
    assert_eq!(names(v5.as_bytes()), ["a"]);
    assert_eq!(names(b"REGEDIT4"), [""; 0]);
}

#[test]
fn keys_are_known_in_every_spelling() {
    for (path, wanted) in [
        (Key::Auto.path(), Some(Key::Auto)),
        (Key::External.path(), Some(Key::External)),
        (Key::Guest.path(), Some(Key::Guest)),
        (Key::Parameters.path(), Some(Key::Parameters)),
        (
            "hklm\\software\\MICROSOFT\\virtual machine\\guest\\PARAMETER",
            Some(Key::Parameters),
        ),
        (
            "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Virtual Machine",
            None,
        ),
        (
            "HKEY_CURRENT_USER\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest",
            None,
        ),
        (
            "HKLM\\SOFTWARE\\Microsoft\\Virtual Machine\\Auto\\Parameters",
            None,
        ),
        (
            "HKLM\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest\\Parameters\\x",
            None,
        ),
        ("HKLM\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest\\", None),
        ("", None),
    ] {
        assert_eq!(Key::from_path(path), wanted, "{path}");
        let file = format!("{V4}[{path}]\n\"a\"=\"b\"\n");
        let read: Vec<_> = entries(file.as_bytes()).collect();
        assert_eq!(read.len(), usize::from(wanted.is_some()), "{path}");
    }
    assert_eq!(Key::ALL.iter().collect::<BTreeSet<_>>().len(), 4);
    assert_eq!(Key::Parameters.source(), None);
    assert_eq!(Key::External.source(), Some(0));
}

#[test]
fn deletions_are_told() {
    let root = "HKLM\\SOFTWARE\\Microsoft\\Virtual Machine";
    let file = format!(
        "{V4}[-{root}\\Guest]\n\"a\"=\"nobody's\"\n[-{root}]\n[-HKLM\\SOFTWARE]\n[-HKLM\\SOFTWARE\\x]\n\
         [{root}\\Auto] ; now\n\"a\"=- ; gone\n@=-\n"
    );
    let read: Vec<_> = entries(file.as_bytes()).map(Result::unwrap).collect();
    let keys: Vec<_> = read
        .iter()
        .map(|entry| match entry {
            Entry::KeyDeleted { keys, line, .. } => (keys.to_vec(), *line, None),
            Entry::ValueDeleted {
                key, name, line, ..
            } => (vec![*key], *line, Some(name.as_str())),
            Entry::Item(item) => panic!("{item:?}"),
        })
        .collect();
    assert_eq!(
        keys,
        [
            (vec![Key::Guest, Key::Parameters], 3, None),
            (Key::ALL.to_vec(), 5, None),
            (Key::ALL.to_vec(), 6, None),
            (vec![Key::Auto], 9, Some("a")),
            (vec![Key::Auto], 10, Some("")),
        ]
    );
    assert_eq!(items(file.as_bytes()), Ok(vec![]));
}

#[test]
fn values_after_a_broken_key_belong_to_nobody() {
    let file = format!(
        "{V4}{}[HKEY_LOCAL_MACHINE\\SOFTWARE\n\"b\"=\"x\"\n[a] b\n\"c\"=\"x\"\n{}",
        guest("\"a\"=\"x\""),
        guest("\"d\"=\"x\"")
    );
    assert_eq!(names(file.as_bytes()), ["a", "d"]);
    let faults: Vec<_> = entries(file.as_bytes())
        .filter_map(Result::err)
        .map(|error| (error.line, error.fault))
        .collect();
    assert_eq!(
        faults,
        [
            (5, RegistryFault::KeyNotClosed),
            (7, RegistryFault::KeyNotClosed)
        ]
    );
}

#[test]
fn a_line_within_a_text_is_no_key() {
    // Of another key's value, of one of ours, and of one without an end.
    let auto = format!("[{}]", Key::Auto);
    let forged = format!(
        "{V4}[x]\n\"a\"=\"1\n{auto}\n2\"\n\"b\"=\"x\"\n{}",
        guest(&format!("\"c\"=\"1\n{}\n2\"\n\"d\"=\"x\"", escaped(&auto)))
    );
    let read: Vec<_> = items(forged.as_bytes()).unwrap();
    assert!(read.iter().all(|item| item.key == Key::Guest), "{read:?}");
    assert_eq!(names(forged.as_bytes()), ["c", "d"]);
    let lines: Vec<_> = read.iter().map(|item| item.line).collect();
    assert_eq!(lines, [9, 12]);
}

#[test]
fn a_missing_quote_does_not_take_a_name_for_a_comment() {
    let file = V5.to_owned() + &guest("\"a\"=\"b\n\";c\"=\"x\"");
    assert_eq!(names(file.as_bytes()), [";c"]);
}

/// Lines that cannot be read; the entry after each must be.
const BROKEN: &[&str] = &[
    "junk",
    "\"a",
    "\"a\"",
    "\"a\"=",
    "\"a\"=\"b",
    "\"a\"=\"b\\",
    "\"a\"=\"b\\\"",
    "\"a\"=dword:g",
    "\"a\"=hex(1):41,\\",
    "\"a\"=hex(1):41,\\\r\n  42,\\",
    "\"a\"=hex(1):4g,\\\r\n  42,\\\r\n  00",
    "\"a\"=hex(7):41,\\\r\n  42",
    "\"a\"=hex(1):41,\\\r\nzz,\\\r\n00",
    "=",
    "\u{1}",
    "@",
    "\"a\"=\"b\" c",
];

#[test]
fn a_broken_entry_does_not_lose_the_others() {
    for broken in BROKEN {
        for end in ["\n", "\r\n", "\r"] {
            let lines = format!("\"x\"=\"1\"\n{broken}\n\"y\"=\"2\"\n{broken}\n@=\"3\"");
            let text = V5.to_owned() + &guest(&lines);
            let text = text.replace("\r\n", "\n").replace('\n', end);
            let file = wide(&text);
            assert_eq!(names(&file), ["x", "y", ""], "{broken:?} {end:?}");
            let faults: Vec<_> = entries(&file).filter_map(Result::err).collect();
            assert!(faults.len() >= 2, "{broken:?}");
            // In the line that it begins in, or in the one that does not go on.
            let second = broken.contains("zz,") || broken.ends_with("42,\\");
            assert_eq!(faults[0].line, 5 + usize::from(second), "{broken:?}");
        }
    }
}

#[test]
fn texts_without_end_are_read_in_linear_time() {
    for line in [
        "\"a\n",
        "\"a\"=\"\n",
        "\"\\\"\n",
        "@=\"\\\n",
        "\"a\"=hex(1):00,\\\n",
        "00,\\\n",
        "[\n",
        "[a]b\n",
    ] {
        let file = V4.to_owned() + &guest(&line.repeat(200_000));
        assert!(entries(file.as_bytes()).count() <= 200_001);
    }
}

#[test]
fn a_long_list_is_refused_once() {
    let lines = format!("\"a\"=hex(1):{}00\n\"b\"=\"x\"", "41,00,".repeat(100_000));
    let file = V5.to_owned() + &guest(&lines);
    let read: Vec<_> = entries(file.as_bytes()).collect();
    assert!(matches!(
        read[0],
        Err(RegistryError {
            line: 4,
            fault: RegistryFault::TooLong { .. },
            ..
        })
    ));
    assert_eq!(
        (read.len(), names(file.as_bytes())),
        (2, vec!["b".to_owned()])
    );
}

#[test]
fn a_key_does_not_show_in_logs() {
    let secret = "RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289";
    let lines = format!(
        "\"{secret}\"=\"{secret}\"\n\"{secret}\"=-\n\"{secret}\"=hex(2):{}",
        {
            let bytes: Vec<_> = secret.bytes().map(|b| format!("{b:02x},00")).collect();
            bytes.join(",")
        }
    );
    let file = V5.to_owned() + &guest(&lines);
    let read: Vec<_> = entries(file.as_bytes()).map(Result::unwrap).collect();
    assert_eq!(read.len(), 3);
    assert!(!format!("{read:?}").contains("VWY6D"), "{read:?}");
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Pieces of exports, dense in what the reader tells apart.
fn export() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(format!("[{}]\r\n", Key::Guest)),
        Just("[-HKLM\\SOFTWARE]\n".to_owned()),
        prop::sample::select(vec![
            "\"",
            "\\",
            "\\\\",
            "\"a\"=",
            "@=",
            "\"x\"\r\n",
            "hex(1):",
            "41,00,",
            "\\\r\n",
            "dword:1",
            "hex(b):",
            "-",
            ";",
            "[",
            "]",
            "\r",
            "\n",
            " ",
            "\0",
            "ä",
            "😀",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), header in 0..4) {
        let header = match header {
            0 => Vec::new(),
            1 => V4.as_bytes().to_vec(),
            2 => V5.as_bytes().to_vec(),
            _ => wide(V5),
        };
        let file = [header, bytes].concat();
        prop_assert!(entries(&file).count() <= file.len() + 1);
    }

    #[test]
    fn any_export_is_read_or_refused_within_its_bounds(text in export(), narrow in any::<bool>(), cut in 0..8_usize) {
        let text = V5.to_owned() + &guest(&text);
        let mut file = if narrow { text.into_bytes() } else { wide(&text) };
        file.truncate(file.len() - cut);
        let lines = file.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count() + 1;
        let mut last = 0;
        for entry in entries(&file) {
            let (line, at) = match &entry {
                Ok(Entry::Item(item)) => (item.line, item.at),
                Ok(Entry::ValueDeleted { line, at, .. } | Entry::KeyDeleted { line, at, .. }) => (*line, *at),
                Err(error) => (error.line, error.at),
            };
            prop_assert!(line <= lines && at <= file.len());
            prop_assert!(at >= last || entry.is_err());
            last = at;
        }
    }

    #[test]
    fn what_was_written_reads_back(
        values in prop::collection::vec(("[^\0\r\n]{1,20}", "[^\0]{0,40}", any::<u64>(), any::<bool>()), 0..8),
        breaks in prop::collection::vec(prop::option::of(prop::sample::select(BROKEN)), 8),
    ) {
        let mut lines = String::new();
        for ((name, data, number, is_text), broken) in values.iter().zip(&breaks) {
            if let Some(broken) = broken {
                lines.extend([broken, "\r\n"]);
            }
            lines.extend(["\"", &escaped(name), "\"="]);
            if *is_text {
                lines.extend(["\"", &escaped(data), "\"\r\n"]);
            } else {
                let bytes: Vec<_> = number.to_le_bytes().iter().map(|b| format!("{b:02x}")).collect();
                lines.extend(["hex(b):", &bytes.join(",\\\r\n  "), "\r\n"]);
            }
        }
        let file = wide(&(V5.to_owned() + &guest(&lines)));
        let read: Vec<_> = entries(&file)
            .filter_map(Result::ok)
            .map(|entry| match entry {
                Entry::Item(item) => (item.name, item.value),
                other => panic!("{other:?}"),
            })
            .collect();
        let wanted: Vec<_> = values
            .iter()
            .map(|(name, data, number, is_text)| {
                let value = if *is_text { Value::Text(data.clone()) } else { Value::Qword(*number) };
                (name.clone(), value)
            })
            .collect();
        prop_assert_eq!(read, wanted);
    }
}
