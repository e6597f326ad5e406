//! Pool files against a list of their records.

use avma::kvp::pool::{Edit, KEY_LEN, PoolFile, RECORD_LEN, Record, VALUE_LEN, Which};

use crate::source::Source;
use crate::text::fits_narrow;

/// The ways to make an input; the first byte takes one.
pub const KINDS: usize = 2;

pub fn pool(data: &[u8]) {
    let mut source = Source::new(data);
    if source.below(KINDS) == 0 {
        let bytes = source.rest();
        judge(bytes);
        sequence(&mut Source::new(bytes), bytes.to_vec(), 2);
    } else {
        let file = made(&mut source);
        judge(&file);
        sequence(&mut source, file, 12);
    }
}

type Bytes = [u8; RECORD_LEN];

/// The bytes before the first NUL.
fn held(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// The whole records of a file.
fn model(bytes: &[u8]) -> Vec<Bytes> {
    bytes
        .chunks_exact(RECORD_LEN)
        .map(|record| record.try_into().unwrap())
        .collect()
}

fn judge(bytes: &[u8]) {
    let (file, model) = (PoolFile::new(bytes), model(bytes));
    assert_eq!(
        (file.len(), file.is_empty()),
        (model.len(), model.is_empty())
    );
    assert_eq!(file.partial(), &bytes[model.len() * RECORD_LEN..]);
    let _ = format!("{file:?}");
    let forward: Vec<_> = file.records().collect();
    let mut backward: Vec<_> = file.records().rev().collect();
    backward.reverse();
    assert_eq!(forward, backward);
    assert_eq!(forward.len(), model.len());
    assert_eq!(file.record(model.len()), None);
    assert_eq!(file.record(usize::MAX), None);
    // From both ends at once.
    let (mut records, mut met) = (file.records(), 0);
    while let Some(record) = records.next() {
        assert_eq!(record.index(), met);
        met += 1;
        if let Some(last) = records.next_back() {
            assert_eq!(last.index(), model.len() - met);
        }
        assert_eq!(records.len(), model.len().saturating_sub(2 * met));
    }
    for (index, (record, bytes)) in forward.iter().zip(&model).enumerate() {
        assert_eq!(file.record(index), Some(*record));
        assert_eq!(file.records().nth(index), Some(*record));
        assert_eq!((record.index(), record.as_bytes()), (index, bytes));
        judge_record(record, bytes);
    }
}

fn judge_record(record: &Record<'_>, bytes: &Bytes) {
    let (key, value) = bytes.split_at(KEY_LEN);
    assert_eq!(record.key().as_bytes(), held(key));
    assert_eq!(record.value().as_bytes(), held(value));
    let behind = |field: &[u8]| {
        field
            .get(held(field).len() + 1..)
            .unwrap_or_default()
            .to_vec()
    };
    assert_eq!(record.key_tail(), behind(key));
    assert_eq!(record.value_tail(), behind(value));
    let stale = behind(key).iter().chain(&behind(value)).any(|b| *b != 0);
    assert_eq!(record.is_stale(), stale);
    let _ = format!("{record:?}");

    let texts = std::str::from_utf8(held(key))
        .ok()
        .zip(std::str::from_utf8(held(value)).ok());
    let lenient = record.item_lenient().ok();
    assert_eq!(lenient.map(|item| (item.name, item.data)), texts);
    let terminated = key.contains(&0) && value.contains(&0);
    match record.item() {
        Ok(item) => assert!(terminated && lenient == Some(item)),
        Err(fault) => assert!(!terminated || texts.is_none(), "{fault}"),
    }
}

/// A file of a few short texts, with remains of others behind them.
fn made(source: &mut Source<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..source.below(6) {
        let mut record = [0; RECORD_LEN];
        let (mut key, mut value) = (key(source).into_bytes(), source.bytes(40).to_vec());
        if source.below(8) == 0 {
            key = vec![source.byte(); KEY_LEN];
            value = vec![source.byte(); VALUE_LEN];
        }
        let key = &key[..key.len().min(KEY_LEN)];
        record[..key.len()].copy_from_slice(key);
        record[KEY_LEN..KEY_LEN + value.len()].copy_from_slice(&value);
        if source.flag() {
            record[KEY_LEN - 1 - source.below(500)] = source.byte();
            record[RECORD_LEN - 1 - source.below(2000)] = source.byte();
        }
        bytes.extend(record);
    }
    bytes.extend(source.bytes(5));
    bytes
}

/// Few keys, so that they are there twice.
fn key(source: &mut Source<'_>) -> String {
    match source.below(8) {
        0 => source.text(511),
        1 => String::new(),
        short => ["a", "b", "ab", "ä", "k\0", "a"][short - 2].into(),
    }
}

fn new_record(key: &str, value: &str) -> Bytes {
    let mut record = [0; RECORD_LEN];
    record[..key.len()].copy_from_slice(key.as_bytes());
    record[KEY_LEN..KEY_LEN + value.len()].copy_from_slice(value.as_bytes());
    record
}

/// The indices that an edit by key means.
fn meant(model: &[Bytes], key: &str, which: Which) -> Vec<usize> {
    let all = |(_, record): &(usize, &Bytes)| held(&record[..KEY_LEN]) == key.as_bytes();
    let all: Vec<_> = model
        .iter()
        .enumerate()
        .filter(all)
        .map(|(at, _)| at)
        .collect();
    match which {
        Which::First => all.first().copied().into_iter().collect(),
        Which::Last => all.last().copied().into_iter().collect(),
        _ => all,
    }
}

/// Some edits one after the other, each of the file that the last one left.
fn sequence(source: &mut Source<'_>, mut file: Vec<u8>, steps: usize) {
    for _ in 0..steps {
        if source.is_empty() {
            return;
        }
        let mut model = model(&file);
        let (key, value) = (key(source), source.text(2047));
        let which = source.pick(&[Which::First, Which::Last, Which::All]);
        let old = PoolFile::new(&file);
        let hits = meant(&model, &key, which);
        let first = meant(&model, &key, Which::First).first().copied();
        let last = meant(&model, &key, Which::Last).first().copied();
        assert_eq!(old.first(&key).map(|record| record.index()), first);
        assert_eq!(old.last(&key).map(|record| record.index()), last);
        let fits = fits_narrow(&key, KEY_LEN) && fits_narrow(&value, VALUE_LEN);
        let (edit, wanted) = match source.below(4) {
            0 => {
                let edit = old.append(&key, &value);
                assert_eq!(edit.is_ok(), fits);
                let Ok(edit) = edit else { continue };
                model.push(new_record(&key, &value));
                (edit, 0)
            }
            1 => {
                let edit = old.upsert(&key, &value, which);
                assert_eq!(edit.is_ok(), fits);
                let Ok(edit) = edit else { continue };
                let place = hits.first().copied().unwrap_or(model.len());
                remove(&mut model, &hits);
                model.insert(place, new_record(&key, &value));
                (edit, hits.len())
            }
            2 => {
                remove(&mut model, &hits);
                (old.delete(&key, which), hits.len())
            }
            _ => {
                let index = source.below(model.len() + 2);
                let edit = old.remove(index);
                assert_eq!(edit.is_some(), index < model.len());
                let Some(edit) = edit else { continue };
                model.remove(index);
                (edit, 1)
            }
        };
        assert_eq!(edit.hits(), wanted);
        assert_eq!(edit.dropped(), old.partial());
        file = written(&edit, &model.concat());
        judge(&file);
    }
}

fn remove(model: &mut Vec<Bytes>, hits: &[usize]) {
    for hit in hits.iter().rev() {
        model.remove(*hit);
    }
}

/// The changed file, which is to be `wanted`.
fn written(edit: &Edit<'_>, wanted: &[u8]) -> Vec<u8> {
    assert_eq!(edit.size(), wanted.len());
    let mut buffer = vec![0xA5; wanted.len() + 7];
    assert_eq!(edit.write(&mut buffer), Ok(wanted.len()));
    assert!(
        buffer[..wanted.len()] == *wanted,
        "other bytes than the model's"
    );
    assert_eq!(buffer[wanted.len()..], [0xA5; 7]);
    if let Some(short) = wanted.len().checked_sub(1) {
        let mut buffer = vec![0xA5; short];
        assert!(edit.write(&mut buffer).is_err());
        assert!(buffer.iter().all(|byte| *byte == 0xA5));
    }
    buffer.truncate(wanted.len());
    buffer
}
