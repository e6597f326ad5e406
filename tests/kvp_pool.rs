//! Pool files of Linux guests: the vectors of `tests/data/kvp/pool`, then the laws of reading and editing.
#![cfg(feature = "alloc")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use avma::kvp::error::{PoolError, RecordError, TextError};
use avma::kvp::pool::{KEY_LEN, PoolFile, RECORD_LEN, Record, VALUE_LEN, Which};
use proptest::prelude::*;
use serde_json::{Value, json};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kvp")
}

fn read(file: &str) -> Vec<u8> {
    fs::read(data().join("pool").join(file)).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A record in the shape of the index.
fn as_json(record: &Record<'_>) -> Value {
    let field = |read: Result<&str, TextError>| match read {
        Ok(text) => json!({ "text": text }),
        Err(TextError::NoNul { .. }) => json!({ "error": "no NUL" }),
        Err(other) => panic!("{other}"),
    };
    let (key, value) = (record.key(), record.value());
    let foreign = |read| matches!(read, Err(TextError::NotUtf8 { .. }));
    if foreign(key.terminated()) || foreign(value.terminated()) {
        let (key, value) = (hex(key.as_bytes()), hex(value.as_bytes()));
        return json!({ "error": "not UTF-8", "key_hex": key, "value_hex": value });
    }
    json!([field(key.terminated()), field(value.terminated())])
}

#[test]
fn every_vector_reads_as_expected() {
    let index = fs::read_to_string(data().join("pool.json")).unwrap();
    let entries: Vec<Value> = serde_json::from_str(&index).unwrap();
    let mut met = BTreeSet::new();
    for entry in &entries {
        let name = entry["file"].as_str().unwrap();
        met.insert(name.to_owned());
        let bytes = read(name);
        assert_eq!(bytes.len(), entry["bytes"], "{name}");
        let file = PoolFile::new(&bytes);
        let mut got = json!({ "records": file.records().map(|r| as_json(&r)).collect::<Vec<_>>() });
        if !file.partial().is_empty() {
            got["trailing_bytes"] = file.partial().len().into();
        }
        assert_eq!(got, entry["expect"], "{name}");
    }
    for file in fs::read_dir(data().join("pool")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(met.contains(&name), "{name}");
    }
}

#[test]
fn offsets_of_faults_count_from_the_begin_of_the_file() {
    let odd = read("odd.pool");
    let file = PoolFile::new(&odd);
    let fault = TextError::NotUtf8 { at: RECORD_LEN + 9 };
    let wanted = RecordError::Key { index: 1, fault };
    assert_eq!(file.record(1).unwrap().item(), Err(wanted));
    assert_eq!(file.record(1).unwrap().item_lenient(), Err(wanted));

    let full = file.record(2).unwrap();
    let at = 2 * RECORD_LEN + KEY_LEN;
    let fault = TextError::NoNul { at };
    assert_eq!(full.item(), Err(RecordError::Key { index: 2, fault }));
    let item = full.item_lenient().unwrap();
    assert_eq!((item.name.len(), item.data.len()), (KEY_LEN, VALUE_LEN));
    assert!(!full.is_stale());

    let guest = read("daemon-pool1-perturbed.pool");
    let record = PoolFile::new(&guest).record(3).unwrap();
    let at = 4 * RECORD_LEN;
    let fault = TextError::NoNul { at };
    assert_eq!(record.item(), Err(RecordError::Value { index: 3, fault }));
    let at = 3 * RECORD_LEN + KEY_LEN;
    let fault = TextError::NotUtf8 { at };
    let wanted = RecordError::Value { index: 3, fault };
    assert_eq!(record.item_lenient(), Err(wanted));
}

#[test]
fn stale_tails_are_told_and_never_text() {
    let bytes = read("daemon-after-delete.pool");
    let record = PoolFile::new(&bytes).record(0).unwrap();
    assert!(record.is_stale());
    assert!(record.key_tail().starts_with(b"ng-key-number-one\0"));
    assert!(record.value_tail().starts_with(b"alue, quite long\0"));
    assert_eq!(record.key_tail().len(), KEY_LEN - 2);
    let item = record.item().unwrap();
    assert_eq!((item.name, item.data), ("b", "second"));

    let file = PoolFile::new(&bytes);
    assert_eq!(file.first("b"), Some(record));
    assert_eq!(file.first("b\0ng-key-number-one"), None);
    // A record that is not meant keeps its bytes; one that is replaced has no tails any more.
    let kept = file.append("c", "").unwrap().to_vec();
    assert_eq!(kept[..RECORD_LEN], bytes[..]);
    let new = file.upsert("b", "2", Which::First).unwrap().to_vec();
    assert!(!PoolFile::new(&new).record(0).unwrap().is_stale());
}

#[test]
fn duplicates_are_the_first_or_the_last_as_asked() {
    let odd = read("odd.pool");
    let file = PoolFile::new(&odd);
    let index = |record: Option<Record<'_>>| record.map(|record| record.index());
    assert_eq!(
        (index(file.first("ok")), index(file.last("ok"))),
        (Some(0), Some(6))
    );
    assert_eq!(index(file.first("")), Some(5));
    assert_eq!(index(file.first("nope")), None);
    assert_eq!(file.first(&"k".repeat(513)), None);

    for (which, hits, left) in [
        (Which::First, 1, vec![5]),
        (Which::Last, 1, vec![0]),
        (Which::All, 2, vec![]),
    ] {
        let edit = file.delete("ok", which);
        assert_eq!((edit.hits(), edit.dropped().len()), (hits, 14));
        let bytes = edit.to_vec();
        assert_eq!(bytes.len(), (8 - hits) * RECORD_LEN);
        let after = PoolFile::new(&bytes);
        let found: Vec<_> = after
            .records()
            .filter(|r| r.key().as_bytes() == b"ok")
            .map(|r| r.index())
            .collect();
        assert_eq!(found, left, "{which:?}");
    }
    let bytes = file.upsert("ok", "new", Which::All).unwrap().to_vec();
    let after = PoolFile::new(&bytes);
    assert_eq!(
        (index(after.first("ok")), index(after.last("ok"))),
        (Some(0), Some(0))
    );
    assert_eq!(after.len(), 7);
}

#[test]
fn a_record_that_no_text_names_is_removed_by_its_index() {
    let odd = read("odd.pool");
    let file = PoolFile::new(&odd);
    let bytes = file.remove(1).unwrap().to_vec();
    assert_eq!(bytes[..RECORD_LEN], odd[..RECORD_LEN]);
    assert_eq!(bytes[RECORD_LEN..], odd[2 * RECORD_LEN..8 * RECORD_LEN]);
    assert!(file.remove(8).is_none());
    assert!(file.remove(usize::MAX).is_none());
}

#[test]
fn what_does_not_fit_is_refused_with_its_size() {
    let file = PoolFile::default();
    let long = |needed, allowed| TextError::TooLong { needed, allowed };
    let refused = |key: &str, value: &str| file.append(key, value).unwrap_err();
    assert_eq!(
        refused(&"k".repeat(512), ""),
        PoolError::Key(long(513, 512))
    );
    assert_eq!(
        refused("k", &"ä".repeat(1024)),
        PoolError::Value(long(2049, 2048))
    );
    assert_eq!(
        refused("a\0b", ""),
        PoolError::Key(TextError::NulInside { at: 1 })
    );
    assert_eq!(
        refused("a", "ä\0"),
        PoolError::Value(TextError::NulInside { at: 2 })
    );
    let upsert = file
        .upsert("k", &"v".repeat(2048), Which::Last)
        .unwrap_err();
    assert_eq!(upsert, PoolError::Value(long(2049, 2048)));

    let (key, value) = ("k".repeat(511), "v".repeat(2047));
    let edit = file.append(&key, &value).unwrap();
    let mut small = [0xAA; RECORD_LEN - 1];
    let wanted = PoolError::Buffer {
        needed: RECORD_LEN,
        got: RECORD_LEN - 1,
    };
    assert_eq!(edit.write(&mut small), Err(wanted));
    assert!(small.iter().all(|byte| *byte == 0xAA));
    let mut large = [0xAA; RECORD_LEN + 1];
    assert_eq!(edit.write(&mut large), Ok(RECORD_LEN));
    assert_eq!(large[RECORD_LEN], 0xAA);
    let item = PoolFile::new(&large).record(0).unwrap().item().unwrap();
    assert_eq!((item.name, item.data), (key.as_str(), value.as_str()));
}

#[test]
fn a_new_record_is_written_whole() {
    let mut buffer = [0xAA; RECORD_LEN];
    PoolFile::default()
        .append("name", "data")
        .unwrap()
        .write(&mut buffer)
        .unwrap();
    let mut wanted = [0; RECORD_LEN];
    wanted[..4].copy_from_slice(b"name");
    wanted[512..516].copy_from_slice(b"data");
    assert_eq!(buffer, wanted);
}

#[test]
fn records_come_from_both_ends_and_by_number() {
    let odd = read("odd.pool");
    let file = PoolFile::new(&odd);
    assert_eq!(
        (file.len(), file.is_empty(), file.records().len()),
        (8, false, 8)
    );
    let mut records = file.records();
    let index = |record: Option<Record<'_>>| record.map(|record| record.index());
    assert_eq!(index(records.next()), Some(0));
    assert_eq!(index(records.next_back()), Some(7));
    assert_eq!(index(records.nth(2)), Some(3));
    assert_eq!(records.len(), 3);
    assert_eq!(index(records.next_back()), Some(6));
    assert_eq!(index(records.nth(5)), None);
    assert_eq!(index(records.next()), None);
    assert_eq!(index(records.next_back()), None);
    for record in file.records() {
        assert_eq!(file.record(record.index()), Some(record));
    }
}

#[test]
fn debug_shows_no_product_key() {
    let key = "RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289";
    let bytes = PoolFile::default().append("key", key).unwrap().to_vec();
    let file = PoolFile::new(&bytes);
    let record = file.record(0).unwrap();
    let edit = file.append("key", key).unwrap();
    let shown = format!(
        "{file:?} {record:?} {:?} {:?} {edit:?}",
        file.records(),
        record.item()
    );
    assert!(!shown.contains("RHTBY"), "{shown}");
    assert!(shown.contains("\"key\""), "{shown}");
}

/// A file in the shape of real ones: short texts, some full fields, bytes behind the NULs.
fn shaped() -> impl Strategy<Value = Vec<u8>> {
    let field = |len: usize| {
        let text = prop_oneof![
            4 => "[a-c]{0,2}".prop_map(String::into_bytes),
            1 => proptest::collection::vec(any::<u8>(), 0..12),
            1 => Just(vec![b'f'; len]),
        ];
        (text, any::<u8>(), any::<bool>()).prop_map(move |(mut text, fill, nul)| {
            if nul && text.len() < len {
                text.push(0);
            }
            text.resize(len, fill);
            text
        })
    };
    let record = (field(KEY_LEN), field(VALUE_LEN)).prop_map(|(key, value)| [key, value].concat());
    let partial = proptest::collection::vec(any::<u8>(), 0..20);
    (proptest::collection::vec(record, 0..6), partial)
        .prop_map(|(records, partial)| records.concat().into_iter().chain(partial).collect())
}

fn which() -> impl Strategy<Value = Which> {
    prop_oneof![Just(Which::First), Just(Which::Last), Just(Which::All)]
}

/// The model: records as pairs of fields, each cut at its first NUL where keys are compared.
fn model(bytes: &[u8]) -> Vec<Vec<u8>> {
    bytes.chunks_exact(RECORD_LEN).map(<[u8]>::to_vec).collect()
}

fn model_key(record: &[u8]) -> Vec<u8> {
    let field = &record[..KEY_LEN];
    field
        .iter()
        .copied()
        .take_while(|byte| *byte != 0)
        .collect()
}

fn model_record(key: &str, value: &str) -> Vec<u8> {
    let mut record = key.as_bytes().to_vec();
    record.resize(KEY_LEN, 0);
    record.extend_from_slice(value.as_bytes());
    record.resize(RECORD_LEN, 0);
    record
}

fn model_hits(records: &[Vec<u8>], key: &str, which: Which) -> Vec<usize> {
    let all: Vec<_> = (0..records.len())
        .filter(|&i| model_key(&records[i]) == key.as_bytes())
        .collect();
    match which {
        Which::First => all.first().copied().into_iter().collect(),
        Which::Last => all.last().copied().into_iter().collect(),
        _ => all,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_bytes_are_a_file(bytes in prop_oneof![shaped(), proptest::collection::vec(any::<u8>(), 0..6000)]) {
        let file = PoolFile::new(&bytes);
        prop_assert_eq!(file.len() * RECORD_LEN + file.partial().len(), bytes.len());
        for (record, wanted) in file.records().zip(model(&bytes)) {
            let key = model_key(&wanted);
            let field = &wanted[KEY_LEN..];
            let value: Vec<u8> = field.iter().copied().take_while(|byte| *byte != 0).collect();
            prop_assert_eq!(record.key().as_bytes(), key.as_slice());
            prop_assert_eq!(record.value().as_bytes(), value.as_slice());
            let full = key.len() == KEY_LEN || value.len() == VALUE_LEN;
            let text = std::str::from_utf8(&key).ok().zip(std::str::from_utf8(&value).ok());
            let lenient = record.item_lenient().ok();
            prop_assert_eq!(lenient.map(|item| (item.name, item.data)), text);
            // Strict is a subset of lenient, and what it adds is the NULs.
            prop_assert_eq!(record.item().ok(), lenient.filter(|_| !full));
            // View and owned agree.
            if let Some(item) = lenient {
                let owned = item.to_item();
                prop_assert_eq!(owned.as_item_ref(), item);
            }
            let tails = wanted[..KEY_LEN].iter().skip(key.len() + 1)
                .chain(field.iter().skip(value.len() + 1));
            prop_assert_eq!(record.is_stale(), tails.clone().any(|byte| *byte != 0));
            prop_assert_eq!(record.key_tail().len() + record.value_tail().len(), tails.count());
        }
    }

    #[test]
    fn edits_do_what_a_list_does(bytes in shaped(), key in "[a-c]{0,2}", value in "[ä-ö]{0,9}", which in which()) {
        let file = PoolFile::new(&bytes);
        let new = model_record(&key, &value);

        let mut wanted = model(&bytes);
        wanted.push(new.clone());
        prop_assert_eq!(file.append(&key, &value).unwrap().to_vec(), wanted.concat());

        let mut wanted = model(&bytes);
        let hits = model_hits(&wanted, &key, which);
        match hits.split_first() {
            None => wanted.push(new),
            Some((first, others)) => {
                wanted[*first] = new;
                others.iter().rev().for_each(|&i| { wanted.remove(i); });
            }
        }
        let edit = file.upsert(&key, &value, which).unwrap();
        prop_assert_eq!(edit.hits(), hits.len());
        prop_assert_eq!(edit.to_vec(), wanted.concat());

        let mut wanted = model(&bytes);
        hits.iter().rev().for_each(|&i| { wanted.remove(i); });
        let edit = file.delete(&key, which);
        prop_assert_eq!(edit.to_vec(), wanted.concat());
        prop_assert_eq!(edit.dropped(), &bytes[bytes.len() / RECORD_LEN * RECORD_LEN..]);

        let all = model_hits(&model(&bytes), &key, Which::All);
        prop_assert_eq!(file.first(&key).map(|r| r.index()), all.first().copied());
        prop_assert_eq!(file.last(&key).map(|r| r.index()), all.last().copied());
    }

    #[test]
    fn what_is_written_is_read(key in "\\PC{0,60}", value in "\\PC{0,200}", which in which()) {
        prop_assume!(key.len() < KEY_LEN && value.len() < VALUE_LEN);
        let once = PoolFile::default().upsert(&key, &value, which).unwrap().to_vec();
        let file = PoolFile::new(&once);
        let item = file.record(0).unwrap().item().unwrap();
        prop_assert_eq!((item.name, item.data), (key.as_str(), value.as_str()));
        // Once more changes nothing.
        prop_assert_eq!(file.upsert(&key, &value, which).unwrap().to_vec(), once.clone());
    }
}
