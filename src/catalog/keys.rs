//! The published keys: AVMA keys, and the KMS client setup keys (GVLK) beside them.
//!
//! One literal table, a row per release, product and channel; every look-up of the crate is built
//! from it at compile time. A row that is absent is "not documented": there is never a fallback to a
//! neighbour's key.
//!
//! Sources: Microsoft's AVMA page of 2023-09-19 (2012 R2 to 2022) and agreeing copies of its 2025
//! section; Microsoft's KMS client key page of 2023-09-05, third-party lists for the rest.

use core::fmt;

use crate::catalog::products::Product::{
    AzureServer, Datacenter, DatacenterAzureEdition, Essentials, Standard,
};
use crate::catalog::products::{Product, Products};
use crate::catalog::releases::Release::{
    self, V20H2, V23H2, V1709, V1803, V1809, V1903, V1909, V2004, Ws2012, Ws2012R2, Ws2016, Ws2019,
    Ws2022, Ws2025,
};
use crate::catalog::releases::{AnyRelease, Releases};
use crate::product_key::{KeyText, LastFive, ProductKey};
use crate::source::{AVMA_ARTICLE, AVMA_ARTICLE_2025, KMS_KEYS, KMS_KEYS_THIRD_PARTY, Source};
use crate::word::words;
use KeyChannel::{Avma, Gvlk};

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

const fn row(
    release: Release,
    product: Product,
    channel: KeyChannel,
    text: &str,
    source: Source,
) -> KeyRow {
    match ProductKey::parse(text) {
        Ok(key) => KeyRow {
            release,
            product,
            channel,
            key: PublishedKey(key),
            source,
        },
        #[expect(
            clippy::panic,
            reason = "evaluated at compile time: a bad literal does not build"
        )]
        Err(_) => panic!("a key in the table is not a product key"),
    }
}

/// Every row, newest release first; AVMA keys before GVLKs.
pub static ROWS: &[KeyRow] = &TABLE;

#[rustfmt::skip]
const TABLE: [KeyRow; 60] = [
    row(Ws2025, Datacenter, Avma, "YQB4H-NKHHJ-Q6K4R-4VMY6-VCH67", AVMA_ARTICLE_2025),
    row(Ws2025, DatacenterAzureEdition, Avma, "6NMQ9-T38WF-6MFGM-QYGYM-88J4F", AVMA_ARTICLE_2025),
    row(Ws2025, Standard, Avma, "WWVGQ-PNHV9-B89P4-8GGM9-9HPQ4", AVMA_ARTICLE_2025),
    row(Ws2022, Datacenter, Avma, "W3GNR-8DDXR-2TFRP-H8P33-DV9BG", AVMA_ARTICLE),
    row(Ws2022, DatacenterAzureEdition, Avma, "F7TB6-YKN8Y-FCC6R-KQ484-VMK3J", AVMA_ARTICLE),
    row(Ws2022, Standard, Avma, "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK", AVMA_ARTICLE),
    row(Ws2019, Datacenter, Avma, "H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW", AVMA_ARTICLE),
    row(Ws2019, Standard, Avma, "TNK62-RXVTB-4P47B-2D623-4GF74", AVMA_ARTICLE),
    row(Ws2019, Essentials, Avma, "2CTP7-NHT64-BP62M-FV6GG-HFV28", AVMA_ARTICLE),
    row(V1909, Datacenter, Avma, "H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW", AVMA_ARTICLE),
    row(V1909, Standard, Avma, "TNK62-RXVTB-4P47B-2D623-4GF74", AVMA_ARTICLE),
    row(V1903, Datacenter, Avma, "H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW", AVMA_ARTICLE),
    row(V1903, Standard, Avma, "TNK62-RXVTB-4P47B-2D623-4GF74", AVMA_ARTICLE),
    row(V1809, Datacenter, Avma, "H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW", AVMA_ARTICLE),
    row(V1809, Standard, Avma, "TNK62-RXVTB-4P47B-2D623-4GF74", AVMA_ARTICLE),
    row(V1803, Datacenter, Avma, "TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J", AVMA_ARTICLE),
    row(V1803, Standard, Avma, "C3RCX-M6NRP-6CXC9-TW2F2-4RHYD", AVMA_ARTICLE),
    row(V1709, Datacenter, Avma, "TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J", AVMA_ARTICLE),
    row(V1709, Standard, Avma, "C3RCX-M6NRP-6CXC9-TW2F2-4RHYD", AVMA_ARTICLE),
    row(Ws2016, Datacenter, Avma, "TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J", AVMA_ARTICLE),
    row(Ws2016, Standard, Avma, "C3RCX-M6NRP-6CXC9-TW2F2-4RHYD", AVMA_ARTICLE),
    row(Ws2016, Essentials, Avma, "B4YNW-62DX9-W8V6M-82649-MHBKQ", AVMA_ARTICLE),
    row(Ws2012R2, Datacenter, Avma, "Y4TGP-NPTV9-HTC2H-7MGQ3-DV4TW", AVMA_ARTICLE),
    row(Ws2012R2, Standard, Avma, "DBGBW-NPF86-BJVTX-K3WKJ-MTB6V", AVMA_ARTICLE),
    row(Ws2012R2, Essentials, Avma, "K2XGM-NMBT3-2R6Q8-WF2FK-P36R2", AVMA_ARTICLE),
    row(Ws2025, Datacenter, Gvlk, "D764K-2NDRG-47T6Q-P8T8W-YP6DF", KMS_KEYS_THIRD_PARTY),
    row(Ws2025, DatacenterAzureEdition, Gvlk, "XGN3F-F394H-FD2MY-PP6FD-8MCRC", KMS_KEYS_THIRD_PARTY),
    row(Ws2025, Standard, Gvlk, "TVRH6-WHNXV-R9WG3-9XRFY-MY832", KMS_KEYS_THIRD_PARTY),
    row(Ws2022, Datacenter, Gvlk, "WX4NM-KYWYW-QJJR4-XV3QB-6VM33", KMS_KEYS),
    row(Ws2022, DatacenterAzureEdition, Gvlk, "NTBV8-9K7Q8-V27C6-M2BTV-KHMXV", KMS_KEYS),
    row(Ws2022, Standard, Gvlk, "VDYBN-27WPP-V4HQT-9VMD4-VMK7H", KMS_KEYS),
    row(V23H2, Datacenter, Gvlk, "WX4NM-KYWYW-QJJR4-XV3QB-6VM33", KMS_KEYS_THIRD_PARTY),
    row(V20H2, Datacenter, Gvlk, "6NMRW-2C8FM-D24W7-TQWMY-CWH2D", KMS_KEYS),
    row(V20H2, Standard, Gvlk, "N2KJX-J94YW-TQVFB-DG9YT-724CC", KMS_KEYS),
    row(V2004, Datacenter, Gvlk, "6NMRW-2C8FM-D24W7-TQWMY-CWH2D", KMS_KEYS),
    row(V2004, Standard, Gvlk, "N2KJX-J94YW-TQVFB-DG9YT-724CC", KMS_KEYS),
    row(V1909, Datacenter, Gvlk, "6NMRW-2C8FM-D24W7-TQWMY-CWH2D", KMS_KEYS),
    row(V1909, Standard, Gvlk, "N2KJX-J94YW-TQVFB-DG9YT-724CC", KMS_KEYS),
    row(V1903, Datacenter, Gvlk, "6NMRW-2C8FM-D24W7-TQWMY-CWH2D", KMS_KEYS),
    row(V1903, Standard, Gvlk, "N2KJX-J94YW-TQVFB-DG9YT-724CC", KMS_KEYS),
    row(V1809, Datacenter, Gvlk, "6NMRW-2C8FM-D24W7-TQWMY-CWH2D", KMS_KEYS),
    row(V1809, Standard, Gvlk, "N2KJX-J94YW-TQVFB-DG9YT-724CC", KMS_KEYS),
    row(Ws2019, Datacenter, Gvlk, "WMDGN-G9PQG-XVVXX-R3X43-63DFG", KMS_KEYS),
    row(Ws2019, Standard, Gvlk, "N69G4-B89J2-4G8F4-WWYCC-J464C", KMS_KEYS),
    row(Ws2019, Essentials, Gvlk, "WVDHN-86M7X-466P6-VHXV7-YY726", KMS_KEYS),
    row(V1803, Datacenter, Gvlk, "2HXDN-KRXHB-GPYC7-YCKFJ-7FVDG", KMS_KEYS),
    row(V1803, Standard, Gvlk, "PTXN8-JFHJM-4WC78-MPCBR-9W4KR", KMS_KEYS),
    row(V1709, Datacenter, Gvlk, "6Y6KB-N82V8-D8CQV-23MJW-BWTG6", KMS_KEYS),
    row(V1709, Standard, Gvlk, "DPCNP-XQFKJ-BJF7R-FRC8D-GF6G4", KMS_KEYS),
    row(Ws2016, Datacenter, Gvlk, "CB7KF-BWN84-R7R2Y-793K2-8XDDG", KMS_KEYS),
    row(Ws2016, Standard, Gvlk, "WC2BQ-8NRM3-FDDYY-2BFGV-KHKQY", KMS_KEYS),
    row(Ws2016, Essentials, Gvlk, "JCKRF-N37P4-C2D82-9YXRT-4M63B", KMS_KEYS),
    row(Ws2012R2, Datacenter, Gvlk, "W3GGN-FT8W3-Y4M27-J84CP-Q3VJ9", KMS_KEYS),
    row(Ws2012R2, Standard, Gvlk, "D2N9P-3P6X9-2R39C-7RTCD-MDVJX", KMS_KEYS),
    row(Ws2012R2, Essentials, Gvlk, "KNC87-3J2TX-XB4WP-VCPJV-M4FWM", KMS_KEYS),
    row(Ws2012, Datacenter, Gvlk, "48HP8-DN98B-MYWDG-T2DCC-8W83P", KMS_KEYS),
    row(Ws2012, Standard, Gvlk, "XC9B7-NBPP2-83J2H-RHMBY-92BT4", KMS_KEYS),
    row(Ws2012, Essentials, Gvlk, "HTDQM-NBMMG-KGYDT-2DTKT-J2MPV", KMS_KEYS),
    row(Ws2025, AzureServer, Gvlk, "FCNV3-279Q9-BQB46-FTKXX-9HPRH", KMS_KEYS_THIRD_PARTY),
    row(Ws2022, AzureServer, Gvlk, "6N379-GGTMK-23C6M-XVVTC-CKFRQ", KMS_KEYS_THIRD_PARTY),
];

/// The rows of one channel.
pub fn rows(channel: KeyChannel) -> impl Iterator<Item = &'static KeyRow> {
    ROWS.iter().filter(move |row| row.channel == channel)
}

/// `PLACES[channel][product][release]` is the row's place in the table plus one, or 0.
static PLACES: [[[u8; Release::ALL.len()]; Product::ALL.len()]; 2] = places();

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated at compile time: a place out of bounds does not build, 60 rows fit a byte"
)]
const fn places() -> [[[u8; Release::ALL.len()]; Product::ALL.len()]; 2] {
    let mut places = [[[0; Release::ALL.len()]; Product::ALL.len()]; 2];
    let mut index = 0;
    while index < TABLE.len() {
        let row = &TABLE[index];
        let place = &mut places[row.channel as usize][row.product as usize][row.release as usize];
        assert!(*place == 0, "two rows for one release, product and channel");
        *place = index as u8 + 1;
        index += 1;
    }
    places
}

// What identification and repair rely on.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let mut a = 0;
    while a < TABLE.len() {
        let key = TABLE[a].key.key();
        let (mut index, mut n) = (0, 0);
        while index < key.symbols().len() {
            n += (key.symbols()[index] == b'N') as usize;
            index += 1;
        }
        assert!(n == 1, "a key of this generation holds exactly one N");
        let mut b = a + 1;
        while b < TABLE.len() {
            let distance = key.distance(TABLE[b].key.key());
            assert!(
                distance == 0 || distance >= 20,
                "two keys differ in fewer than 20 places"
            );
            assert!(
                (distance == 0) == (key.last_five().packed() == TABLE[b].key.last_five().packed()),
                "the last five symbols do not name the key"
            );
            b += 1;
        }
        a += 1;
    }
};

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
    while index < TABLE.len() {
        let row = &TABLE[index];
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
/// One key may serve several releases, never several products or channels (checked at compile time).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct KeyUse {
    /// The key.
    pub key: PublishedKey,
    /// What it is for.
    pub channel: KeyChannel,
    /// The product that it belongs to.
    pub product: Product,
    /// The releases that it serves, as a fact about a system on which it is installed.
    pub releases: Releases,
}

impl KeyUse {
    /// The rows of the table with this key, each with its source.
    pub fn rows(self) -> impl Iterator<Item = &'static KeyRow> {
        ROWS.iter().filter(move |row| row.key == self.key)
    }

    /// The first row with this key.
    const fn of(first: &KeyRow) -> Self {
        let mut bits = 0;
        let mut index = 0;
        #[expect(
            clippy::indexing_slicing,
            reason = "bounded by the loop; `const fn` has no iterators"
        )]
        while index < TABLE.len() {
            let row = &TABLE[index];
            if row.key.0.distance(&first.key.0) == 0 {
                assert!(
                    row.product as u8 == first.product as u8
                        && row.channel as u8 == first.channel as u8,
                    "one key for two products or channels"
                );
                bits |= 1 << row.release as u32;
            }
            index += 1;
        }
        Self {
            key: first.key,
            channel: first.channel,
            product: first.product,
            releases: Releases::from_bits(bits),
        }
    }
}

/// How many different keys are published: 15 AVMA keys and 26 GVLKs.
const KEYS: usize = 41;

static USES: [KeyUse; KEYS] = USES_TABLE;
/// The last five symbols of each use, apart, so that a look-up reads little memory.
static LAST_FIVES: [u64; KEYS] = last_fives();

const USES_TABLE: [KeyUse; KEYS] = uses();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated at compile time; one key too many or too few does not build"
)]
const fn uses() -> [KeyUse; KEYS] {
    let mut uses = [KeyUse::of(&TABLE[0]); KEYS];
    let (mut index, mut count) = (0, 0);
    while index < TABLE.len() {
        let (mut earlier, mut seen) = (0, false);
        while earlier < index {
            seen = seen || TABLE[earlier].key.0.distance(&TABLE[index].key.0) == 0;
            earlier += 1;
        }
        if !seen {
            uses[count] = KeyUse::of(&TABLE[index]);
            count += 1;
        }
        index += 1;
    }
    assert!(
        count == KEYS,
        "the number of different keys is not what `KEYS` says"
    );
    uses
}

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn last_fives() -> [u64; KEYS] {
    let mut packed = [0; KEYS];
    let mut index = 0;
    while index < KEYS {
        packed[index] = USES_TABLE[index].key.last_five().packed();
        index += 1;
    }
    packed
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
/// The last groups of all published keys differ, but a key that is *not* published may end alike: the
/// answer is as good as five symbols can be.
pub fn identify_last_five(last_five: LastFive) -> Option<&'static KeyUse> {
    let packed = last_five.packed();
    let place = LAST_FIVES.iter().position(|other| *other == packed)?;
    USES.get(place)
}

/// Why the key of the other channel can not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ExchangeError {
    /// The key is not published, so nothing is known about it.
    #[error("the key is not a published one")]
    NotPublished,
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
    let found = identify(key).ok_or(ExchangeError::NotPublished)?;
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
