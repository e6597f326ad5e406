//! A ledger as bytes: checked, versioned, and one form for each ledger.
//!
//! All numbers are little-endian.
//!
//! | bytes | what |
//! |---|---|
//! | 8 | `AVMALEDG` |
//! | 4 | version, now 1 |
//! | 4 | how many names of hosts |
//! | 8 | how many cells |
//! | 2 + n, each name | length, name in lower case as UTF-8; names ascend |
//! | 40, each cell | VM (16, as a number; 0 for none), month since 1970-01 (4), host (4, from 1; 0 for none), sign (1), whether there is a VM (1), 2 bytes 0, days (4), first and last millisecond of the month (4 + 4); cells ascend |
//! | 8 | CRC-64/XZ of everything before it |

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::Ledger;
use super::cell::{Cell, InMonth, MONTHS, halves};
use super::names::folded;
use super::sign::Sign;
use crate::ids::VmId;

const MAGIC: &[u8; 8] = b"AVMALEDG";
const VERSION: u32 = 1;
const HEADER: usize = 8 /* magic */ + 4 /* version */ + 4 /* names */ + 8 /* cells */;
const CELL: usize = 16 /* VM */ + 4 /* month */ + 4 /* host */ + 1 /* sign */ + 1 /* VM or none */ + 2 /* zero */
    + 4 /* days */ + 4 /* first */ + 4 /* last */;
const CHECKSUM: usize = 8;

const _: () = assert!(CELL == 40 && HEADER == 24);

const CRC: crc::Crc<u64, crc::Table<16>> = crc::Crc::<u64, crc::Table<16>>::new(&crc::CRC_64_XZ);

/// Why bytes are not a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// They do not begin as a ledger does.
    #[error("the bytes do not begin with AVMALEDG")]
    Magic,
    /// A form that is not known.
    #[error("version {got}, known is {VERSION}")]
    Version {
        /// The version.
        got: u32,
    },
    /// They end before the ledger does.
    #[error("{got} bytes, at least {needed} are needed")]
    Truncated {
        /// How many there are.
        got: usize,
        /// How many are needed, as far as that is known.
        needed: u128,
    },
    /// They do not end where the ledger does.
    #[error("{got} bytes, the ledger ends after {needed}")]
    TooLong {
        /// How many there are.
        got: usize,
        /// How many the ledger has.
        needed: usize,
    },
    /// Damage: the checksum is another one.
    #[error("checksum {stored:016x}, computed {computed:016x}")]
    Checksum {
        /// What stands there.
        stored: u64,
        /// What the bytes before it give.
        computed: u64,
    },
    /// A name that is no text, not in lower case, too long, empty, not after the one before it, or of
    /// no cell.
    #[error("name {index} is not as a ledger keeps it")]
    Name {
        /// Its place, from 0.
        index: usize,
    },
    /// A cell that cannot be: no such sign, month, host or day, or it is not after the one before
    /// it.
    #[error("cell {index} is not as a ledger keeps it")]
    Cell {
        /// Its place, from 0.
        index: usize,
    },
}

impl Cell {
    /// Whether a cell can come out of sightings, with so many names.
    fn is_sound(&self, names: usize) -> bool {
        let Some(sign) = Sign::of_code(self.sign_code()) else {
            return false;
        };
        let month = self.month();
        if month >= MONTHS || usize::try_from(self.host).is_ok_and(|host| host > names) {
            return false;
        }
        let whose = match self.vm() {
            Some(_) => true,
            None => self.vm == [0; 2] && self.host != 0 && sign.may_lack_vm(),
        };
        let days = u32::from(InMonth::month(month).days());
        let (first, last) = (InMonth::day(self.first), InMonth::day(self.last));
        whose
            && self.days != 0
            && self.days >> days == 0
            && self.first <= self.last
            && u32::from(first) == self.days.trailing_zeros() + 1
            && u32::from(last) == 32 - self.days.leading_zeros()
    }
}

/// Names and cells as a ledger, if they are one as sightings give it.
pub(super) fn checked(names: Vec<String>, cells: Vec<Cell>) -> Result<Ledger, DecodeError> {
    let mut used = alloc::vec![false; names.len() + 1];
    let mut before: Option<&Cell> = None;
    for (index, cell) in cells.iter().enumerate() {
        let follows = before.is_none_or(|before| before.order(cell) == Ordering::Less);
        if !follows || !cell.is_sound(names.len()) {
            return Err(DecodeError::Cell { index });
        }
        let host = usize::try_from(cell.host).ok();
        if let Some(used) = host.and_then(|host| used.get_mut(host)) {
            *used = true;
        }
        before = Some(cell);
    }
    let mut before = None;
    for (index, (name, used)) in names.iter().zip(used.iter().skip(1)).enumerate() {
        let kept = folded(name).is_ok_and(|folded| folded == *name);
        if !kept || !used || before.is_some_and(|before| before >= name) {
            return Err(DecodeError::Name { index });
        }
        before = Some(name);
    }
    Ok(Ledger { names, cells })
}

/// What is left of bytes to read. Its length was checked.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn name(&mut self) -> Option<Result<String, ()>> {
        let len = self.array().map(u16::from_le_bytes)?;
        let name = self.take(usize::from(len))?;
        Some(core::str::from_utf8(name).map(String::from).map_err(|_| ()))
    }

    /// A cell, or an error where its numbers have no place in one.
    fn cell(&mut self) -> Option<Result<Cell, ()>> {
        let vm = VmId(u128::from_le_bytes(self.array()?));
        let (month, host) = (self.u32()?, self.u32()?);
        let [sign, has_vm, zero @ ..] = self.array::<4>()?;
        let (days, first, last) = (self.u32()?, self.u32()?, self.u32()?);
        let sign = Sign::of_code(sign).filter(|_| has_vm <= 1 && zero == [0; 2] && month < MONTHS);
        Some(sign.ok_or(()).map(|sign| Cell {
            vm: halves(vm),
            host,
            what: Cell::what(month, has_vm == 1, sign),
            days,
            first,
            last,
            hash: 0,
        }))
    }
}

impl Ledger {
    /// The bytes. Equal ledgers have equal bytes.
    pub fn encode(&self) -> Vec<u8> {
        let names: usize = self.names.iter().map(|name| 2 + name.len()).sum();
        let size = HEADER + names + self.cells.len() * CELL + CHECKSUM;
        let mut bytes = Vec::with_capacity(size);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        // Numbers of names have 32 bits in cells too, and a name at most 1,024 bytes.
        bytes.extend(
            u32::try_from(self.names.len())
                .unwrap_or(u32::MAX)
                .to_le_bytes(),
        );
        bytes.extend((self.cells.len() as u64).to_le_bytes());
        for name in &self.names {
            bytes.extend(u16::try_from(name.len()).unwrap_or(u16::MAX).to_le_bytes());
            bytes.extend(name.as_bytes());
        }
        for cell in &self.cells {
            bytes.extend(cell.vm().map_or(0, |vm| vm.0).to_le_bytes());
            bytes.extend(cell.month().to_le_bytes());
            bytes.extend(cell.host.to_le_bytes());
            bytes.extend([cell.sign_code(), u8::from(cell.vm().is_some()), 0, 0]);
            bytes.extend(cell.days.to_le_bytes());
            bytes.extend(cell.first.to_le_bytes());
            bytes.extend(cell.last.to_le_bytes());
        }
        bytes.extend(CRC.checksum(&bytes).to_le_bytes());
        bytes
    }

    /// The ledger of these bytes.
    ///
    /// ```
    /// use avma::fleet::ledger::{DecodeError, Ledger};
    ///
    /// let mut bytes = Ledger::new().encode();
    /// assert_eq!(Ledger::decode(&bytes), Ok(Ledger::new()));
    /// bytes[16] ^= 1;
    /// assert!(matches!(Ledger::decode(&bytes), Err(DecodeError::Truncated { .. })));
    /// ```
    ///
    /// # Errors
    ///
    /// See [`DecodeError`]. Bytes that [`encode`](Self::encode) does not write are refused, whole and
    /// with a right checksum too. No more is allocated than such bytes would need.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let got = bytes.len();
        if !MAGIC.starts_with(bytes.get(..MAGIC.len()).unwrap_or(bytes)) {
            return Err(DecodeError::Magic);
        }
        let truncated = |needed: u128| DecodeError::Truncated { got, needed };
        let smallest = (HEADER + CHECKSUM) as u128;
        let mut reader = Reader(bytes);
        let header = (|| {
            Some((
                reader.take(MAGIC.len())?,
                reader.u32()?,
                reader.u32()?,
                reader.u64()?,
            ))
        })();
        let (_, version, names, cells) = header.ok_or(truncated(smallest))?;
        if version != VERSION {
            return Err(DecodeError::Version { got: version });
        }
        // Every name has two bytes at least.
        let least = smallest + u128::from(names) * 2 + u128::from(cells) * CELL as u128;
        if (got as u128) < least {
            return Err(truncated(least));
        }
        let mut all_names = Vec::new();
        let mut bad_name = None;
        for index in 0..names {
            match reader.name() {
                Some(Ok(name)) => all_names.push(name),
                Some(Err(())) => bad_name = bad_name.or(usize::try_from(index).ok()),
                None => return Err(truncated(least + 1)),
            }
        }
        let rest = u128::from(cells) * CELL as u128 + CHECKSUM as u128;
        let needed = (got - reader.0.len()) as u128 + rest;
        if (got as u128) < needed {
            return Err(truncated(needed));
        }
        let end = usize::try_from(needed).unwrap_or(got);
        if got > end {
            return Err(DecodeError::TooLong { got, needed: end });
        }
        let (text, stored) = bytes.split_last_chunk().ok_or(truncated(smallest))?;
        let (stored, computed) = (u64::from_le_bytes(*stored), CRC.checksum(text));
        if stored != computed {
            return Err(DecodeError::Checksum { stored, computed });
        }
        if let Some(index) = bad_name {
            return Err(DecodeError::Name { index });
        }
        let mut all_cells = Vec::with_capacity(usize::try_from(cells).unwrap_or_default());
        for _ in 0..cells {
            let index = all_cells.len();
            let cell = reader.cell().ok_or(truncated(needed))?;
            all_cells.push(cell.map_err(|()| DecodeError::Cell { index })?);
        }
        checked(all_names, all_cells)
    }
}
