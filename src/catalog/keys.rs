//! The published keys: AVMA keys, and the KMS client setup keys (GVLK) beside them.
//!
//! One literal table, a row a key; every look-up of the crate is built from it at compile time. A
//! release and product without a row is "not documented": there is never a fallback to a neighbour's
//! key.
//!
//! The KMS client keys of client Windows and of Windows Server 2008, which the crate does not model,
//! are here too, so that they are known for what they are. They have a [name](KeyUse::name) and no
//! [`KeyRow`].
//!
//! Sources: Microsoft's AVMA page of 2023-09-19 (2012 R2 to 2022) and agreeing copies of its 2025
//! section; Microsoft's KMS client key page of 2024-10-01, third-party lists for Azure's own edition and
//! for 23H2.

mod table;

use core::fmt;

use crate::catalog::products::{Product, Products};
use crate::catalog::releases::{AnyRelease, Release, Releases, ServicingChannel};
use crate::product_key::{KeyText, LastFive, ProductKey};
use crate::source::Source;
use crate::word::words;
use KeyChannel::{Avma, Gvlk};
use table::TABLE;

words! {
    /// What a published key is for.
    pub enum KeyChannel ("key channel") {
        /// An AVMA key: activates through the Hyper-V host.
        Avma = "avma", "AVMA key";
        /// A KMS client setup key (generic volume licence key).
        Gvlk = "gvlk", "KMS client key (GVLK)";
    }
}

/// A key that is published and generic: it may be shown whole.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublishedKey(ProductKey);

impl PublishedKey {
    /// The key as a value.
    pub const fn key(&self) -> &ProductKey {
        &self.0
    }

    /// The last five symbols.
    pub const fn last_five(&self) -> LastFive {
        self.0.last_five()
    }

    /// The whole text.
    pub const fn text(&self) -> KeyText {
        self.0.reveal()
    }
}

impl fmt::Display for PublishedKey {
    /// Whole: `W3GNR-8DDXR-2TFRP-H8P33-DV9BG`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl fmt::Debug for PublishedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublishedKey({self})")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for PublishedKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text().as_str())
    }
}

/// One row of the table: this key is published for this release and product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct KeyRow {
    /// The *guest's* release.
    pub release: Release,
    /// The guest's product.
    pub product: Product,
    /// What the key is for.
    pub channel: KeyChannel,
    /// The key.
    pub key: PublishedKey,
    /// The text that publishes it.
    pub source: Source,
}

/// Every row, newest release first; AVMA keys before GVLKs.
pub static ROWS: &[KeyRow] = &ROWS_TABLE;

/// A row for each release that a key serves.
const ROW_COUNT: usize = {
    let (mut count, mut place) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        count += TABLE[place].count();
        place += 1;
    }
    count
};

const ROWS_TABLE: [KeyRow; ROW_COUNT] = rows_table();

#[expect(
    clippy::indexing_slicing,
    clippy::panic,
    reason = "evaluated at compile time; a row too many or too few does not build"
)]
const fn rows_table() -> [KeyRow; ROW_COUNT] {
    let mut rows: [Option<KeyRow>; ROW_COUNT] = [None; ROW_COUNT];
    let (mut count, mut channel) = (0, 0);
    while channel < KeyChannel::ALL.len() {
        let mut release = Release::ALL.len();
        while release > 0 {
            release -= 1;
            let mut place = 0;
            while place < TABLE.len() {
                let row = &TABLE[place];
                let source = row.source_for(Release::ALL[release]);
                if let (true, Some(source)) = (row.channel as usize == channel, source) {
                    rows[count] = Some(KeyRow {
                        release: Release::ALL[release],
                        product: row.product,
                        channel: row.channel,
                        key: row.key,
                        source,
                    });
                    count += 1;
                }
                place += 1;
            }
        }
        channel += 1;
    }
    let Some(first) = rows[0] else {
        panic!("the table is empty")
    };
    let mut table = [first; ROW_COUNT];
    let mut place = 0;
    while place < ROW_COUNT {
        match rows[place] {
            Some(row) => table[place] = row,
            None => panic!("a release stands twice in a row"),
        }
        place += 1;
    }
    table
}

/// The rows of one channel.
pub fn rows(channel: KeyChannel) -> impl Iterator<Item = &'static KeyRow> {
    ROWS.iter().filter(move |row| row.channel == channel)
}

/// `PLACES[channel][product][release]` is the row's place in the table plus one, or 0.
static PLACES: [[[u8; Release::ALL.len()]; Product::ALL.len()]; 2] = places();

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated at compile time: a place out of bounds does not build, as does a row too many"
)]
const fn places() -> [[[u8; Release::ALL.len()]; Product::ALL.len()]; 2] {
    assert!(ROW_COUNT < u8::MAX as usize, "a place fits a byte");
    let mut places = [[[0; Release::ALL.len()]; Product::ALL.len()]; 2];
    let mut index = 0;
    while index < ROW_COUNT {
        let row = &ROWS_TABLE[index];
        let place = &mut places[row.channel as usize][row.product as usize][row.release as usize];
        assert!(*place == 0, "two rows for one release, product and channel");
        *place = index as u8 + 1;
        index += 1;
    }
    places
}

/// The key that is published for a release and product, if there is one.
///
/// ```
/// use avma::catalog::keys::{self, KeyChannel};
/// use avma::{Product, Release};
///
/// let row = keys::key(Release::Ws2022, Product::Standard, KeyChannel::Avma).unwrap();
/// assert_eq!(row.key.to_string(), "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK");
/// // No row: not documented, and no neighbour answers for it.
/// assert_eq!(keys::key(Release::V20H2, Product::Standard, KeyChannel::Avma), None);
/// ```
pub fn key(release: Release, product: Product, channel: KeyChannel) -> Option<&'static KeyRow> {
    let place = *PLACES
        .get(channel as usize)?
        .get(product as usize)?
        .get(release as usize)?;
    ROWS.get(usize::from(place.checked_sub(1)?))
}

/// Whether a row exists, for tables that are built at compile time.
pub(crate) const fn has_row(release: AnyRelease, product: Product, channel: KeyChannel) -> bool {
    let mut index = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop; `const fn` has no iterators"
    )]
    while index < ROW_COUNT {
        let row = &ROWS_TABLE[index];
        if row.channel as u8 == channel as u8
            && row.product as u8 == product as u8
            && matches!(release, AnyRelease::Release(r) if r as u8 == row.release as u8)
        {
            return true;
        }
        index += 1;
    }
    false
}

/// The releases for which a product has a row.
pub fn releases_with_key(product: Product, channel: KeyChannel) -> Option<Releases> {
    Releases::one_of(
        rows(channel)
            .filter(|row| row.product == product)
            .map(|row| AnyRelease::Release(row.release)),
    )
}

/// What a published key is: its channel, its product, and every release that it serves.
///
/// One key may serve several releases, never several products or channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyUse {
    /// The key.
    pub key: PublishedKey,
    /// What it is for.
    pub channel: KeyChannel,
    /// The product that it belongs to.
    pub product: Product,
    /// The releases that it serves, as a fact about a system on which it is installed: unknown for a
    /// key of client Windows, older than the tables for one of Windows Server 2008.
    pub releases: Releases,
    source: Source,
    name: Option<&'static str>,
}

impl KeyUse {
    /// The rows of the table with this key, each with its source. A key of a system that the crate does
    /// not model has none.
    pub fn rows(self) -> impl Iterator<Item = &'static KeyRow> {
        ROWS.iter().filter(move |row| row.key == self.key)
    }

    /// Whether the crate models the systems of this key, so that it has [rows](Self::rows): not those of
    /// client Windows and of Windows Server 2008.
    pub fn is_modelled(self) -> bool {
        !self.releases.is_unknown() && !self.releases.is(AnyRelease::Older)
    }

    /// The text that publishes the key. That of a single release may be another: see its row.
    pub const fn source(self) -> Source {
        self.source
    }

    /// The systems of the key by their names, `; ` between two.
    ///
    /// ```
    /// use avma::ProductKey;
    /// use avma::catalog::keys::identify;
    ///
    /// let name = |text| {
    ///     let key = ProductKey::parse(text)?;
    ///     Ok::<_, avma::product_key::ProductKeyError>(identify(&key).unwrap().name().to_string())
    /// };
    /// assert_eq!(name("W3GNR-8DDXR-2TFRP-H8P33-DV9BG")?, "Windows Server 2022 Datacenter");
    /// assert_eq!(name("W269N-WFGWX-YVC9B-4J6C9-T83GX")?, "Windows 11 Pro; Windows 10 Pro");
    /// # Ok::<(), avma::product_key::ProductKeyError>(())
    /// ```
    pub const fn name(self) -> impl fmt::Display {
        KeyName(self)
    }

    /// The names that the list gives the systems of a key, where they are not made of release and
    /// product.
    pub(crate) fn listed_names(self) -> impl Iterator<Item = &'static str> {
        self.name.into_iter().flat_map(|names| names.split("; "))
    }

    /// The releases that it serves, of those that the crate models: those with a year first.
    fn modelled(self) -> impl Iterator<Item = Release> {
        let by_year = |year: bool| {
            self.rows()
                .map(|row| row.release)
                .filter(move |release| is_named_by_year(*release) == year)
        };
        by_year(true).chain(by_year(false))
    }
}

fn is_named_by_year(release: Release) -> bool {
    release.servicing_channel() == ServicingChannel::LongTerm
}

/// The name of a key's systems.
struct KeyName(KeyUse);

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.0;
        if let Some(name) = key.name {
            return f.write_str(name);
        }
        for (place, release) in key.modelled().enumerate() {
            let between = if place == 0 { "" } else { "; " };
            write!(f, "{between}{release} {}", key.product)?;
        }
        Ok(())
    }
}

/// How many keys are published: 15 AVMA keys and 80 GVLKs.
pub(crate) const KEYS: usize = TABLE.len();

static USES: [KeyUse; KEYS] = USES_TABLE;

/// Every key once, for tables that are built at compile time.
pub(crate) const USES_TABLE: [KeyUse; KEYS] = {
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    let mut uses = [TABLE[0].to_use(); KEYS];
    let mut place = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < KEYS {
        uses[place] = TABLE[place].to_use();
        place += 1;
    }
    uses
};

/// `LAST_FIVES[slot]` is the place of a key in [`USES`] plus one, or 0: an open hash table by the last
/// five symbols, at most a quarter full.
static LAST_FIVES: [u16; SLOTS] = last_fives();

const SLOTS: usize = (4 * KEYS).next_power_of_two();

/// Where the search for the last five symbols begins.
#[expect(
    clippy::cast_possible_truncation,
    reason = "as many bits are left as a slot has"
)]
const fn slot(packed: u64) -> usize {
    // Fibonacci hashing: the upper bits of the product are well mixed.
    (packed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - SLOTS.ilog2())) as usize
}

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated at compile time; a slot out of bounds does not build, as does a key too many"
)]
const fn last_fives() -> [u16; SLOTS] {
    assert!(KEYS < u16::MAX as usize, "a place fits");
    let mut slots = [0; SLOTS];
    let mut place = 0;
    while place < KEYS {
        let mut slot = slot(TABLE[place].key.last_five().packed());
        while slots[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        slots[slot] = place as u16 + 1;
        place += 1;
    }
    slots
}

/// Every published key once, with what it is for.
pub fn published() -> &'static [KeyUse] {
    &USES
}

/// What a key is, if it is published; exact to the last symbol.
pub fn identify(key: &ProductKey) -> Option<&'static KeyUse> {
    identify_last_five(key.last_five()).filter(|found| found.key.key() == key)
}

/// Which published key ends in these five symbols, as in WMI's `PartialProductKey`.
///
/// The last groups of all published keys differ, but a key of no published list may end alike: the
/// answer is as good as five symbols can be.
pub fn identify_last_five(last_five: LastFive) -> Option<&'static KeyUse> {
    let mut slot = slot(last_five.packed());
    loop {
        let place = LAST_FIVES.get(slot)?.checked_sub(1)?;
        let found = USES.get(usize::from(place))?;
        if found.key.last_five() == last_five {
            return Some(found);
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// Whether the table holds the keys of such a system by name only, so that release and product name
/// none: KMS client keys of client Windows, and of releases older than the tables.
pub(crate) const fn is_told_by_name(
    release: AnyRelease,
    product: Product,
    channel: KeyChannel,
) -> bool {
    let older = matches!(release, AnyRelease::Older) && !matches!(product, Product::NotWindows);
    matches!(channel, Gvlk) && (older || matches!(product, Product::Client))
}

/// The published keys of systems that the crate does not model, of those that these may be. They are
/// told apart by their [names](KeyUse::name) alone.
pub fn by_name(
    releases: Releases,
    products: Products,
    channel: KeyChannel,
) -> impl Iterator<Item = &'static KeyUse> {
    USES.iter().filter(move |found| {
        !found.is_modelled()
            && found.channel == channel
            && products.contains(found.product)
            && releases.intersect(found.releases).is_some()
    })
}

/// Why the key of the other channel cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ExchangeError {
    /// The key is in none of the published lists in this crate, so nothing is known about it.
    #[error("the key is in none of the published lists in this crate")]
    Unlisted,
    /// The key belongs to another system: `Y4TGP-…` of 2012 R2 Datacenter on 2022, or on Standard.
    #[error("the key belongs to {product} of {releases}, which the system is not")]
    OtherSystem {
        /// The product of the key.
        product: Product,
        /// The releases that the key serves.
        releases: Releases,
    },
    /// The system may be one that the key belongs to, and may be another: a key of 2019 on what is
    /// 2019 or 2022.
    #[error("the key belongs to {product} of {releases}, and the system may be another")]
    PerhapsOtherSystem {
        /// The product of the key.
        product: Product,
        /// The releases that the key serves.
        releases: Releases,
    },
    /// Several releases are possible and their keys differ: build 17763 may be 2019 or 1809.
    #[error("the possible releases have different keys; the build or the SKU decides")]
    Ambiguous {
        /// The releases that are still possible.
        releases: Releases,
    },
    /// For a possible release no key of the other channel is published, as for 2012 or 20H2.
    #[error("no {wanted} is published for {product} of a possible release")]
    NoRow {
        /// The product of the key.
        product: Product,
        /// The channel that was asked for.
        wanted: KeyChannel,
        /// The possible releases without a row.
        releases: Releases,
    },
}

/// The key of the other channel for the same system: AVMA key for GVLK, GVLK for AVMA key.
///
/// `releases` and `products` are what is known of the system; where nothing is known the key itself
/// tells, since it is taken to be the system's own.
///
/// ```
/// use avma::catalog::keys::{exchange, ExchangeError};
/// use avma::{Product, ProductKey, Products, Release, Releases};
///
/// let gvlk = ProductKey::parse("WX4NM-KYWYW-QJJR4-XV3QB-6VM33")?;
/// // The GVLK alone serves 2022 and 23H2, and 23H2 has no AVMA key.
/// let alone = exchange(&gvlk, Releases::unknown(), Products::unknown());
/// assert!(matches!(alone, Err(ExchangeError::NoRow { .. })));
/// let row = exchange(&gvlk, Release::Ws2022.into(), Product::Datacenter.into()).unwrap();
/// assert_eq!(row.key.to_string(), "W3GNR-8DDXR-2TFRP-H8P33-DV9BG");
/// # Ok::<(), avma::product_key::ProductKeyError>(())
/// ```
///
/// # Errors
///
/// See [`ExchangeError`]: an answer that would not be one key is refused.
pub fn exchange(
    key: &ProductKey,
    releases: Releases,
    products: Products,
) -> Result<&'static KeyRow, ExchangeError> {
    let found = identify(key).ok_or(ExchangeError::Unlisted)?;
    let product = found.product;
    let wanted = match found.channel {
        Avma => Gvlk,
        Gvlk => Avma,
    };
    let releases = releases.or(found.releases);
    let of_key = Products::from(product);
    let products = products.or(of_key);
    if releases.intersect(found.releases).is_none() || !products.contains(product) {
        let releases = found.releases;
        return Err(ExchangeError::OtherSystem { product, releases });
    }
    if !releases.is_subset(found.releases) || products != of_key {
        let releases = found.releases;
        return Err(ExchangeError::PerhapsOtherSystem { product, releases });
    }
    let row_of = |release: AnyRelease| key_of(release, product, wanted);
    if let Some(without) = Releases::one_of(releases.iter().filter(|r| row_of(*r).is_none())) {
        return Err(ExchangeError::NoRow {
            product,
            wanted,
            releases: without,
        });
    }
    let mut rows = releases.iter().filter_map(row_of);
    match rows.next() {
        Some(first) if rows.all(|row| row.key == first.key) => Ok(first),
        _ => Err(ExchangeError::Ambiguous { releases }),
    }
}

fn key_of(release: AnyRelease, product: Product, channel: KeyChannel) -> Option<&'static KeyRow> {
    key(release.release()?, product, channel)
}
