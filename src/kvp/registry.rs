//! The registry's form: the text of a `.reg` export, where a Windows guest keeps its items in four
//! keys under `HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Virtual Machine`.
//!
//! ```
//! use avma::kvp::registry::{Entry, Key, entries};
//!
//! let export = b"REGEDIT4\r\n\r\n\
//!     [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest]\r\n\
//!     \"Status\"=\"Ready\"\r\n\"broken\r\n\"Path\"=\"C:\\\\temp\"\r\n";
//! let read: Vec<_> = entries(export).collect();
//! let Ok(Entry::Item(item)) = &read[0] else { panic!() };
//! assert_eq!((item.key, item.name.as_str()), (Key::Guest, "Status"));
//! assert_eq!(item.value.to_string(), "Ready");
//! let error = read[1].as_ref().unwrap_err();
//! assert_eq!((error.line, read.len()), (5, 3));
//! ```
//!
//! Both forms are read: `Windows Registry Editor Version 5.00`, which `reg export` and regedit write
//! as UTF-16LE with a byte order mark, and the older `REGEDIT4` in 8 bits. Of 8-bit text only ASCII
//! is read: a byte above 0x7F means another character on each machine, and the file does not say
//! which.
//!
//! Other keys are passed over. A fault has its line and byte and costs the entry that it is in;
//! everything after it is read. After a line that is a broken key, the values up to the next key
//! belong to nobody.
//!
//! Source: Microsoft's description of `.reg` files (Knowledge Base 310516) and of the data exchange
//! service's keys. No public export holds these keys.

mod cursor;
mod value;

use alloc::string::String;
use core::fmt;

use super::Item;
pub use super::error::{RegistryError, RegistryFault};
use super::item::Shown;
use cursor::Cursor;

/// A key that holds items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// `Auto`: by which the guest describes itself. Pool 2.
    Auto,
    /// `External`: from the host's user to the guest. Pool 0.
    External,
    /// `Guest`: from the guest to the host. Pool 1.
    Guest,
    /// `Guest\Parameters`: by which the host describes itself to the guest. Pool 3. Microsoft's page
    /// calls it `Guest\Parameter`, which is read too.
    Parameters,
}

/// What the keys have in common, in the registry's case-blind spelling.
const ABOVE: [&str; 4] = [
    "HKEY_LOCAL_MACHINE",
    "SOFTWARE",
    "Microsoft",
    "Virtual Machine",
];

impl Key {
    /// All four.
    pub const ALL: &'static [Self] = &[Self::Auto, Self::External, Self::Guest, Self::Parameters];

    /// The whole path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Auto => "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Virtual Machine\\Auto",
            Self::External => "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Virtual Machine\\External",
            Self::Guest => "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest",
            Self::Parameters => {
                "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest\\Parameters"
            }
        }
    }

    /// `Source` of the key's items as WMI shows them; it does not show those of
    /// [`Parameters`](Self::Parameters).
    pub const fn source(self) -> Option<u16> {
        match self {
            Self::Auto => Some(Item::GUEST_INTRINSIC),
            Self::External => Some(Item::HOST),
            Self::Guest => Some(Item::GUEST),
            Self::Parameters => None,
        }
    }

    /// The key of this path, in any case of letters; `HKLM` is short for its first part.
    ///
    /// ```
    /// use avma::kvp::registry::Key;
    ///
    /// let path = "HKLM\\Software\\Microsoft\\Virtual Machine\\Guest\\Parameter";
    /// assert_eq!(Key::from_path(path), Some(Key::Parameters));
    /// assert_eq!(Key::from_path("HKLM\\SOFTWARE\\Microsoft\\Virtual Machine"), None);
    /// ```
    pub fn from_path(path: &str) -> Option<Self> {
        let mut parts = path.split('\\');
        for wanted in ABOVE {
            if !is_part(parts.next()?, wanted) {
                return None;
            }
        }
        let (name, below) = (parts.next()?, parts.next());
        if parts.next().is_some() {
            return None;
        }
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        match below {
            None if is("Auto") => Some(Self::Auto),
            None if is("External") => Some(Self::External),
            None if is("Guest") => Some(Self::Guest),
            Some(below) if is("Guest") => ["Parameters", "Parameter"]
                .iter()
                .any(|name| below.eq_ignore_ascii_case(name))
                .then_some(Self::Parameters),
            _ => None,
        }
    }

    /// The keys that go with this one: itself and what is below, or all for a key above them.
    fn within(path: &str) -> &'static [Self] {
        match Self::from_path(path) {
            Some(Self::Auto) => &[Self::Auto],
            Some(Self::External) => &[Self::External],
            Some(Self::Guest) => &[Self::Guest, Self::Parameters],
            Some(Self::Parameters) => &[Self::Parameters],
            None => {
                let mut above = ABOVE.iter();
                let is_above = path
                    .split('\\')
                    .all(|part| above.next().is_some_and(|wanted| is_part(part, wanted)));
                if is_above { Self::ALL } else { &[] }
            }
        }
    }
}

fn is_part(part: &str, wanted: &str) -> bool {
    part.eq_ignore_ascii_case(wanted)
        || (wanted == "HKEY_LOCAL_MACHINE" && part.eq_ignore_ascii_case("HKLM"))
}

impl fmt::Display for Key {
    /// The whole path.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.path())
    }
}

/// What a value of the registry holds.
///
/// Items are documented to be `REG_SZ`; that other types travel is not. `Display` gives the value as
/// the text of an item: numbers in decimal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// `REG_SZ`: `"text"` or `hex(1):`.
    Text(String),
    /// `REG_EXPAND_SZ`: `hex(2):`, as it is, variables not expanded.
    Expand(String),
    /// `REG_DWORD`: `dword:` or `hex(4):`.
    Dword(u32),
    /// `REG_QWORD`: `hex(b):`.
    Qword(u64),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Expand(text) => f.pad(text),
            Self::Dword(number) => number.fmt(f),
            Self::Qword(number) => number.fmt(f),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.debug_tuple("Text").field(&Shown(text)).finish(),
            Self::Expand(text) => f.debug_tuple("Expand").field(&Shown(text)).finish(),
            Self::Dword(number) => f.debug_tuple("Dword").field(number).finish(),
            Self::Qword(number) => f.debug_tuple("Qword").field(number).finish(),
        }
    }
}

/// An item where the registry keeps it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RegistryItem {
    /// The key that it is in.
    pub key: Key,
    /// The name; empty for the key's default value, `@`.
    pub name: String,
    /// The value.
    pub value: Value,
    /// The line that it begins in, from 1.
    pub line: usize,
    /// The byte that it begins at, from 0.
    pub at: usize,
}

impl RegistryItem {
    /// The item as WMI would show it, numbers as decimal text.
    pub fn to_item(&self) -> Item {
        use alloc::string::ToString as _;

        Item {
            name: self.name.clone(),
            data: self.value.to_string(),
            source: self.key.source(),
        }
    }
}

impl fmt::Debug for RegistryItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryItem")
            .field("key", &self.key)
            .field("name", &Shown(&self.name))
            .field("value", &self.value)
            .field("line", &self.line)
            .field("at", &self.at)
            .finish()
    }
}

/// What a line of an export says of the four keys.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Entry {
    /// An item. Where a name comes twice in a key, the later one is what an import leaves.
    Item(RegistryItem),
    /// `"name"=-`: an import deletes the value.
    ValueDeleted {
        /// The key that it is in.
        key: Key,
        /// The name; empty for the default value.
        name: String,
        /// The line, from 1.
        line: usize,
        /// The byte that it begins at, from 0.
        at: usize,
    },
    /// `[-key]`: an import deletes a key with everything below it.
    KeyDeleted {
        /// Which of the four go: `[-…\Guest]` takes `Parameters` with it, `[-…\Virtual Machine]` all.
        keys: &'static [Key],
        /// The line, from 1.
        line: usize,
        /// The byte that it begins at, from 0.
        at: usize,
    },
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(item) => item.fmt(f),
            Self::ValueDeleted {
                key,
                name,
                line,
                at,
            } => f
                .debug_struct("ValueDeleted")
                .field("key", key)
                .field("name", &Shown(name))
                .field("line", line)
                .field("at", at)
                .finish(),
            Self::KeyDeleted { keys, line, at } => f
                .debug_struct("KeyDeleted")
                .field("keys", keys)
                .field("line", line)
                .field("at", at)
                .finish(),
        }
    }
}

/// Reads an export, entry by entry.
///
/// Errors are those of single entries, except for a file that is no export at all (no header, as in
/// `b""` or `b"Hello"`; text with a UTF-8 or a UTF-16BE mark), which is one error and nothing else.
pub fn entries(bytes: &[u8]) -> Entries<'_> {
    let (cursor, fault) = match Cursor::new(bytes) {
        Ok(cursor) => (cursor, None),
        Err((at, fault)) => (
            Cursor::at_end(bytes),
            Some(RegistryError { line: 1, at, fault }),
        ),
    };
    Entries {
        line: cursor.line_after_header(),
        cursor,
        fault,
        key: None,
    }
}

/// The items alone, or the first fault: for exports that have to be whole.
///
/// # Errors
///
/// The first fault of [`entries`]; deletions are passed over.
pub fn items(bytes: &[u8]) -> Result<alloc::vec::Vec<RegistryItem>, RegistryError> {
    entries(bytes)
        .filter_map(|entry| match entry {
            Ok(Entry::Item(item)) => Some(Ok(item)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
        .collect()
}

/// See [`entries`].
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    cursor: Cursor<'a>,
    /// The line that the cursor is in, from 1.
    line: usize,
    /// What is wrong with the file as a whole.
    fault: Option<RegistryError>,
    /// The key that values belong to.
    key: Option<Key>,
}

/// What a line holds: an entry, nothing that counts, or a fault and its place.
type Line = Result<Option<Entry>, (usize, RegistryFault)>;

impl Iterator for Entries<'_> {
    type Item = Result<Entry, RegistryError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(fault) = self.fault.take() {
            return Some(Err(fault));
        }
        while !self.cursor.is_at_end() {
            let (start, line) = (self.cursor.place(), self.line);
            let read = self.line_at(line);
            // Where the next line begins; a fault's own line is counted from this one's start.
            self.line = line + self.cursor.lines_since(start);
            match read {
                Ok(None) => {}
                Ok(Some(entry)) => return Some(Ok(entry)),
                Err((at, fault)) => {
                    let line = line + self.cursor.lines_between(start, at);
                    return Some(Err(RegistryError { line, at, fault }));
                }
            }
        }
        None
    }
}

impl Entries<'_> {
    /// Reads the line that begins here, and those that go on with it; leaves the cursor at the
    /// beginning of another.
    fn line_at(&mut self, line: usize) -> Line {
        let cursor = &mut self.cursor;
        cursor.skip_blanks();
        let place = cursor.place();
        let Some(unit) = cursor.peek() else {
            // The last byte of UTF-16 has no other half.
            cursor.skip_line();
            return Err((place, RegistryFault::OddByte));
        };
        match char::from_u32(unit.into()) {
            Some('\r' | '\n' | ';') => {
                cursor.skip_line();
                Ok(None)
            }
            Some('[') => {
                self.key = None;
                let read = self.key_line(line);
                self.cursor.skip_line();
                read
            }
            Some('"' | '@') => self.value_line(place, line),
            _ => {
                cursor.skip_line();
                Err((place, RegistryFault::NotAnEntry))
            }
        }
    }

    /// `[path]`, `[-path]`. The cursor stays in the line.
    fn key_line(&mut self, line: usize) -> Line {
        let at = self.cursor.place();
        self.cursor.advance();
        let deleted = self.cursor.take('-');
        let inside = self.cursor.place();
        // A name may hold brackets: the one that ends it is the last of the line.
        let Some(close) = self.cursor.last_in_line(']') else {
            return Err((at, RegistryFault::KeyNotClosed));
        };
        // A path that is no text cannot be that of an item; nor can one above 0x7F.
        let Ok(path) = self.cursor.text(inside, close) else {
            return Ok(None);
        };
        if deleted {
            let keys = Key::within(&path);
            return Ok((!keys.is_empty()).then_some(Entry::KeyDeleted { keys, line, at }));
        }
        self.key = Key::from_path(&path);
        Ok(None)
    }

    /// `"name"=…`, `@=…`. Leaves the cursor at the beginning of a line, after a fault too.
    fn value_line(&mut self, at: usize, line: usize) -> Line {
        let read = value::read(&mut self.cursor);
        // Values of other keys are read like ours, since a line within one of their texts may look
        // like a key; whether they are sound is nobody's business here.
        let Some(key) = self.key else {
            return Ok(None);
        };
        let (name, value) = read?;
        Ok(Some(match value {
            Some(value) => Entry::Item(RegistryItem {
                key,
                name,
                value,
                line,
                at,
            }),
            None => Entry::ValueDeleted {
                key,
                name,
                line,
                at,
            },
        }))
    }
}
