//! Pool files of Linux guests: `/var/lib/hyperv/.kvp_pool_0` … `_4`.
//!
//! A file is records of 512 bytes of key and 2048 bytes of value, both UTF-8 with a NUL at their end,
//! and nothing else: no header, count or checksum. Only the bytes before the first NUL of a field
//! mean anything. Behind it lie tails of longer texts that stood there before, or memory of the
//! daemon; a reader that strips NULs from the ends takes them for text.
//!
//! Keys may be there twice. The daemon takes the first of them, other readers the last; every look-up
//! and edit here says [`Which`]. The daemon reads a file again for every request, so that a file
//! may be replaced at any time; it heeds `fcntl` locks and not those of `flock`.
//!
//! Source: Linux `tools/hv/hv_kvp_daemon.c`, and what it was seen to write.

#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};
use core::fmt;
use core::iter::FusedIterator;

use super::ItemRef;
use super::error::{PoolError, RecordError, TextError};
use super::text::{Narrow, first_nul};

/// Bytes of a key's field, from the record's begin.
pub const KEY_LEN: usize = 512;
/// Bytes of a value's field, behind the key's.
pub const VALUE_LEN: usize = 2048;
/// Bytes of a record.
pub const RECORD_LEN: usize = KEY_LEN + VALUE_LEN;

/// Where Linux keeps the files, by the number of their pool. The daemon makes pool 2 (the guest's
/// description) up when it is asked; that file stays empty.
pub const PATHS: [&str; 5] = [
    "/var/lib/hyperv/.kvp_pool_0",
    "/var/lib/hyperv/.kvp_pool_1",
    "/var/lib/hyperv/.kvp_pool_2",
    "/var/lib/hyperv/.kvp_pool_3",
    "/var/lib/hyperv/.kvp_pool_4",
];

/// Which of several records with one key is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Which {
    /// The first one: what the Linux daemon gets, sets and deletes.
    First,
    /// The last one: what azure-init and eryph's guest services take for the value.
    Last,
    /// All of them.
    All,
}

/// A pool file, as its bytes. Any bytes are one; what cannot be read is told by the record.
///
/// ```
/// use avma::kvp::pool::{PoolFile, Which};
///
/// let empty = PoolFile::new(b"");
/// # #[cfg(feature = "alloc")] {
/// let one = empty.append("role", "web")?.to_vec();
/// let two = PoolFile::new(&one).upsert("role", "database", Which::First)?.to_vec();
///
/// let file = PoolFile::new(&two);
/// let items: Result<Vec<_>, _> = file.records().map(|record| record.item()).collect();
/// assert_eq!(items.unwrap()[0].data, "database");
/// assert_eq!(file.delete("role", Which::All).to_vec(), b"");
/// # }
/// # Ok::<(), avma::kvp::error::PoolError>(())
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PoolFile<'a> {
    whole: &'a [u8],
    partial: &'a [u8],
}

impl<'a> PoolFile<'a> {
    /// The file with these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        let end = bytes.len() - bytes.len() % RECORD_LEN;
        let (whole, partial) = bytes.split_at_checked(end).unwrap_or_default();
        Self { whole, partial }
    }

    /// The number of whole records.
    pub const fn len(self) -> usize {
        self.whole.len() / RECORD_LEN
    }

    /// Whether there is no whole record.
    pub const fn is_empty(self) -> bool {
        self.whole.is_empty()
    }

    /// The bytes at the end that are no whole record: none in a sound file. The daemon ignores them
    /// and drops them when it writes the file; so does every edit here.
    pub const fn partial(self) -> &'a [u8] {
        self.partial
    }

    /// The record of this index, from 0.
    pub fn record(self, index: usize) -> Option<Record<'a>> {
        let at = index.checked_mul(RECORD_LEN)?;
        let bytes = self.whole.get(at..)?.first_chunk()?;
        Some(Record { index, bytes })
    }

    /// The records, in the order of the file. Also from the back.
    pub const fn records(self) -> Records<'a> {
        Records {
            bytes: self.whole,
            index: 0,
        }
    }

    /// The first record with this key: the one that the Linux daemon means.
    ///
    /// Keys are compared as the bytes before the first NUL. Records that cannot be read are passed
    /// over; the value of the one that is found may be unreadable all the same.
    pub fn first(self, key: &str) -> Option<Record<'a>> {
        self.records().find(|record| record.has_key(key))
    }

    /// The last record with this key: the one that was appended latest.
    pub fn last(self, key: &str) -> Option<Record<'a>> {
        self.records().rfind(|record| record.has_key(key))
    }

    /// The file with one more record at its end, whether the key is there or not.
    ///
    /// # Errors
    ///
    /// A key of more than 511 bytes, a value of more than 2047, a NUL within one (`"a\0b"`). An empty
    /// key is written, since the daemon writes it too.
    pub fn append(self, key: &'a str, value: &'a str) -> Result<Edit<'a>, PoolError> {
        Ok(self.edit(Target::None, Some(NewRecord::new(key, value)?)))
    }

    /// The file with this value under this key: in the place of the record that is meant, or as a new
    /// one at the end. [`Which::All`] leaves one record with the key, in the first one's place.
    ///
    /// # Errors
    ///
    /// As [`append`](Self::append).
    pub fn upsert(self, key: &'a str, value: &'a str, which: Which) -> Result<Edit<'a>, PoolError> {
        let record = NewRecord::new(key, value)?;
        Ok(self.edit(self.target(key, which), Some(record)))
    }

    /// The file without the record that is meant. The records behind it move up; where there is
    /// none, nothing changes ([`Edit::hits`] is 0).
    pub fn delete(self, key: &'a str, which: Which) -> Edit<'a> {
        self.edit(self.target(key, which), None)
    }

    /// The file without the record of this index, whatever it holds; `None` where there is no such
    /// record.
    ///
    /// For records whose key no text can name: where a record is not UTF-8, a Linux guest
    /// answers its index with an error, at which a host stops: all behind it is invisible.
    pub fn remove(self, index: usize) -> Option<Edit<'a>> {
        self.record(index)?;
        Some(self.edit(Target::One(index), None))
    }

    fn target(self, key: &'a str, which: Which) -> Target<'a> {
        let one = |record: Option<Record<'_>>| {
            record.map_or(Target::None, |record| Target::One(record.index))
        };
        match which {
            Which::First => one(self.first(key)),
            Which::Last => one(self.last(key)),
            Which::All => Target::Each(key),
        }
    }

    fn edit(self, target: Target<'a>, put: Option<NewRecord<'a>>) -> Edit<'a> {
        let hits = match target {
            Target::None => 0,
            Target::One(_) => 1,
            Target::Each(key) => self.records().filter(|record| record.has_key(key)).count(),
        };
        Edit {
            file: self,
            target,
            hits,
            put,
        }
    }
}

impl fmt::Debug for PoolFile<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolFile")
            .field("records", &self.len())
            .field("partial", &self.partial.len())
            .finish()
    }
}

/// The records of a file, in order. Made by [`PoolFile::records`].
#[derive(Clone)]
pub struct Records<'a> {
    bytes: &'a [u8],
    index: usize,
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (bytes, rest) = self.bytes.split_first_chunk()?;
        let index = self.index;
        self.bytes = rest;
        self.index += 1;
        Some(Record { index, bytes })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let records = self.bytes.len() / RECORD_LEN;
        (records, Some(records))
    }

    fn nth(&mut self, n: usize) -> Option<Record<'a>> {
        let skipped = n.min(self.len());
        self.bytes = self.bytes.get(skipped * RECORD_LEN..).unwrap_or_default();
        self.index += skipped;
        self.next()
    }
}

impl DoubleEndedIterator for Records<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let (rest, bytes) = self.bytes.split_last_chunk()?;
        self.bytes = rest;
        let index = self.index + self.len();
        Some(Record { index, bytes })
    }
}

impl ExactSizeIterator for Records<'_> {}
impl FusedIterator for Records<'_> {}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records")
            .field("index", &self.index)
            .field("left", &self.len())
            .finish()
    }
}

/// One record of a pool file.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Record<'a> {
    index: usize,
    bytes: &'a [u8; RECORD_LEN],
}

impl<'a> Record<'a> {
    /// The record's place in the file, from 0: the index by which a host enumerates it.
    pub const fn index(&self) -> usize {
        self.index
    }

    /// All 2560 bytes, the meaningless ones too.
    pub const fn as_bytes(&self) -> &'a [u8; RECORD_LEN] {
        self.bytes
    }

    fn key_field(&self) -> &'a [u8] {
        self.bytes.get(..KEY_LEN).unwrap_or_default()
    }

    fn value_field(&self) -> &'a [u8] {
        self.bytes.get(KEY_LEN..).unwrap_or_default()
    }

    /// The key: the bytes before the first NUL of its field.
    pub fn key(&self) -> Narrow<'a> {
        Narrow::new(self.key_field())
    }

    /// The value: the bytes before the first NUL of its field.
    pub fn value(&self) -> Narrow<'a> {
        Narrow::new(self.value_field())
    }

    /// The record as an item, read strictly: both fields end with a NUL and are UTF-8.
    ///
    /// # Errors
    ///
    /// A field that is full to its end, as the daemon leaves one when it stores a value of a type
    /// that it does not know; bytes that are not UTF-8, as a text that was cut within a
    /// character. Offsets count from the begin of the file.
    pub fn item(&self) -> Result<ItemRef<'a>, RecordError> {
        self.item_by(Narrow::terminated)
    }

    /// The record as an item, where a field without a NUL is a text of 512 or 2048 bytes: some
    /// writers fill the fields whole.
    ///
    /// # Errors
    ///
    /// Bytes that are not UTF-8.
    pub fn item_lenient(&self) -> Result<ItemRef<'a>, RecordError> {
        self.item_by(Narrow::text)
    }

    fn item_by(
        &self,
        read: fn(Narrow<'a>) -> Result<&'a str, TextError>,
    ) -> Result<ItemRef<'a>, RecordError> {
        let index = self.index;
        let at = index * RECORD_LEN;
        let name = read(self.key()).map_err(|fault| RecordError::Key {
            index,
            fault: fault.moved(at),
        })?;
        let data = read(self.value()).map_err(|fault| RecordError::Value {
            index,
            fault: fault.moved(at + KEY_LEN),
        })?;
        Ok(ItemRef::new(name, data))
    }

    /// What lies behind the key's NUL: means nothing.
    pub fn key_tail(&self) -> &'a [u8] {
        tail(self.key_field())
    }

    /// What lies behind the value's NUL: means nothing.
    pub fn value_tail(&self) -> &'a [u8] {
        tail(self.value_field())
    }

    /// Whether something other than NULs lies behind one of the texts: remains of longer texts, or
    /// memory of the writer.
    pub fn is_stale(&self) -> bool {
        let any = |tail: &[u8]| tail.iter().any(|byte| *byte != 0);
        any(self.key_tail()) || any(self.value_tail())
    }

    fn has_key(&self, key: &str) -> bool {
        // The begin first: most records differ there. A key with a NUL never equals.
        self.bytes.starts_with(key.as_bytes()) && self.key().as_bytes() == key.as_bytes()
    }
}

fn tail(field: &[u8]) -> &[u8] {
    let nul = first_nul(field).unwrap_or(field.len());
    field.get(nul + 1..).unwrap_or_default()
}

impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("index", &self.index)
            .field("key", &self.key())
            .field("value", &self.value())
            .finish()
    }
}

/// The records that an edit takes out.
#[derive(Clone, Copy)]
enum Target<'a> {
    None,
    One(usize),
    Each(&'a str),
}

/// A record to be written; its texts fit.
#[derive(Clone, Copy)]
struct NewRecord<'a> {
    key: &'a str,
    value: &'a str,
}

impl<'a> NewRecord<'a> {
    fn new(key: &'a str, value: &'a str) -> Result<Self, PoolError> {
        fits(key, KEY_LEN).map_err(PoolError::Key)?;
        fits(value, VALUE_LEN).map_err(PoolError::Value)?;
        Ok(Self { key, value })
    }

    /// The record without stale bytes.
    fn write(self, record: &mut [u8]) {
        record.fill(0);
        if let Some((key, value)) = record.split_at_mut_checked(KEY_LEN) {
            copy(self.key, key);
            copy(self.value, value);
        }
    }
}

fn fits(text: &str, allowed: usize) -> Result<(), TextError> {
    let needed = text.len() + 1;
    if needed > allowed {
        return Err(TextError::TooLong { needed, allowed });
    }
    match first_nul(text.as_bytes()) {
        Some(at) => Err(TextError::NulInside { at }),
        None => Ok(()),
    }
}

fn copy(text: &str, field: &mut [u8]) {
    if let Some(room) = field.get_mut(..text.len()) {
        room.copy_from_slice(text.as_bytes());
    }
}

/// A changed file that is not written yet: the old one and what becomes of it.
///
/// Made by the edits of [`PoolFile`]. Records that are not meant keep all their bytes, the stale ones
/// too; a new record has none.
#[derive(Clone, Copy)]
#[must_use = "an edit changes nothing until it is written"]
pub struct Edit<'a> {
    file: PoolFile<'a>,
    target: Target<'a>,
    hits: usize,
    put: Option<NewRecord<'a>>,
}

impl<'a> Edit<'a> {
    /// How many records the edit replaces or takes out.
    pub const fn hits(&self) -> usize {
        self.hits
    }

    /// The bytes of a partial record that the changed file has no more.
    pub const fn dropped(&self) -> &'a [u8] {
        self.file.partial
    }

    /// The size of the changed file, in bytes.
    pub const fn size(&self) -> usize {
        let kept = self.file.whole.len() - self.hits * RECORD_LEN;
        if self.put.is_some() {
            kept + RECORD_LEN
        } else {
            kept
        }
    }

    /// Writes the changed file to the begin of a buffer; gives its size. Bytes of the buffer behind
    /// it are left as they are.
    ///
    /// # Errors
    ///
    /// A buffer that is too small, as one of 2,559 bytes for a record. Nothing is written then.
    pub fn write(&self, into: &mut [u8]) -> Result<usize, PoolError> {
        let needed = self.size();
        let got = into.len();
        let Some(room) = into.get_mut(..needed) else {
            return Err(PoolError::Buffer { needed, got });
        };
        // Where old and new records run beside each other, there are as many slots as records.
        let mut slots = room.chunks_exact_mut(RECORD_LEN);
        let mut put = self.put;
        for record in self.file.records() {
            let hit = match self.target {
                Target::None => false,
                Target::One(index) => record.index == index,
                Target::Each(key) => record.has_key(key),
            };
            if !hit {
                if let Some(slot) = slots.next() {
                    slot.copy_from_slice(record.bytes);
                }
            } else if let Some(new) = put.take() {
                slots.next().into_iter().for_each(|slot| new.write(slot));
            }
        }
        if let Some((new, slot)) = put.zip(slots.next()) {
            new.write(slot);
        }
        Ok(needed)
    }

    /// The changed file.
    #[cfg(feature = "alloc")]
    pub fn to_vec(&self) -> Vec<u8> {
        let mut bytes = vec![0; self.size()];
        // The size is the edit's own: there is room.
        let _ = self.write(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Edit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit")
            .field("file", &self.file)
            .field("hits", &self.hits)
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}
