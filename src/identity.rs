//! Clues to sets: what a system is, by whatever a caller holds.
//!
//! A caption, an edition id, a SKU number, a build: each vocabulary names other things, some name
//! the same thing in ways that differ, and several are ambiguous by themselves. Every [`Clue`] is
//! read by a total function into a [`Reading`] over five independent axes; an [`Identity`]
//! intersects the readings, so the order of the clues cannot matter. What the clues leave open
//! stays open, and what they contradict each other on is reported, not chosen from.
//!
//! Sources: Microsoft's release information pages (builds), the GetProductInfo list (SKU numbers),
//! `Win32_OperatingSystem`, and the texts that systems and installation media show.

mod caption;
mod edition_id;
mod field;
mod reading;
mod sku;
mod version;
mod vocabulary;

use core::fmt;

use crate::catalog::keys::{self, KeyChannel, KeyRow};
use crate::catalog::products::{Edition, Installations, Product, Products};
use crate::catalog::releases::{AnyRelease, Release, Releases};
use crate::fact::{Answer, Fact, Possibility, YesNo};
use crate::word::words;

pub use caption::unknown_words;
pub use field::product_type_from_text;
pub use reading::Reading;
pub use sku::sku_from_text;

/// One thing that is known of a system, in the vocabulary in which it is held.
///
/// ```
/// use avma::{Clue, Edition, Identity, Release};
///
/// let identity = Identity::from_clues([Clue::Build(20348), Clue::Sku(8)]);
/// assert_eq!(identity.release(), Some(Release::Ws2022));
/// assert_eq!(identity.edition(), Some(Edition::Datacenter));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Clue<'a> {
    /// `Win32_OperatingSystem.Caption`, the registry's `ProductName`, KVP's `OSName`, or another
    /// name made for people: `Microsoft Windows Server 2022 Datacenter`.
    Caption(&'a str),
    /// The registry's `EditionID`, or the edition that DISM names: `ServerStandardEval`.
    EditionId(&'a str),
    /// Name or display name of an image in a WIM file: `Windows Server 2022 SERVERSTANDARDCORE`,
    /// `Windows Server 2022 Standard (Desktop Experience)`.
    ImageName(&'a str),
    /// `OperatingSystemSKU`, KVP's `OSEditionId`, GetProductInfo's number; for a text of it see
    /// [`sku_from_text`].
    Sku(u32),
    /// The build number alone: 20348.
    Build(u32),
    /// `Win32_OperatingSystem.Version`, KVP's `OSVersion`, the output of `ver`, a `BuildLabEx`, or
    /// a `DisplayVersion`: `10.0.20348`, `Microsoft Windows NT 10.0.17763.0`, `23H2`.
    ///
    /// Not the registry's `CurrentVersion`: that one stays 6.3 on every later Windows.
    OsVersion(&'a str),
    /// `SoftwareLicensingProduct.LicenseFamily`, or the product name around it:
    /// `ServerStandard`, `Windows(R), ServerStandard edition`.
    LicenseFamily(&'a str),
    /// `Win32_OperatingSystem.ProductType`, also in KVP: 1 client, 2 domain controller, 3 server.
    ProductType(u32),
    /// `Win32_OperatingSystem.SuiteMask`, also in KVP; bit 0x80 is the Datacenter suite.
    SuiteMask(u32),
    /// The registry's `InstallationType`: `Server`, `Server Core`, `Client`.
    InstallationType(&'a str),
}

words! {
    /// The vocabulary of a [`Clue`].
    pub enum ClueKind ("kind of clue") {
        /// [`Clue::Caption`].
        Caption = "caption", "caption";
        /// [`Clue::EditionId`].
        EditionId = "edition-id", "edition id";
        /// [`Clue::ImageName`].
        ImageName = "image-name", "image name";
        /// [`Clue::Sku`].
        Sku = "sku", "SKU number";
        /// [`Clue::Build`].
        Build = "build", "build number";
        /// [`Clue::OsVersion`].
        OsVersion = "os-version", "OS version";
        /// [`Clue::LicenseFamily`].
        LicenseFamily = "license-family", "license family";
        /// [`Clue::ProductType`].
        ProductType = "product-type", "product type";
        /// [`Clue::SuiteMask`].
        SuiteMask = "suite-mask", "suite mask";
        /// [`Clue::InstallationType`].
        InstallationType = "installation-type", "installation type";
    }
}

/// Several kinds of clue; never empty.
pub type ClueKinds = Fact<ClueKind>;

impl Clue<'_> {
    /// The vocabulary.
    pub const fn kind(self) -> ClueKind {
        match self {
            Self::Caption(_) => ClueKind::Caption,
            Self::EditionId(_) => ClueKind::EditionId,
            Self::ImageName(_) => ClueKind::ImageName,
            Self::Sku(_) => ClueKind::Sku,
            Self::Build(_) => ClueKind::Build,
            Self::OsVersion(_) => ClueKind::OsVersion,
            Self::LicenseFamily(_) => ClueKind::LicenseFamily,
            Self::ProductType(_) => ClueKind::ProductType,
            Self::SuiteMask(_) => ClueKind::SuiteMask,
            Self::InstallationType(_) => ClueKind::InstallationType,
        }
    }

    /// What the clue says by itself. Total: a clue that is not understood says nothing, or names an
    /// unlisted release or product.
    ///
    /// ```
    /// use avma::{Clue, Product};
    ///
    /// let reading = Clue::EditionId("ServerTurbineCor").read();
    /// assert!(reading.products.is(Product::DatacenterAzureEdition));
    ///
    /// let reading = Clue::EditionId("ServerEssentials").read();
    /// assert!(reading.says_nothing());
    /// assert!(reading.note().unwrap().contains("ServerSolution"));
    /// ```
    pub fn read(self) -> Reading {
        match self {
            Self::Caption(text) | Self::ImageName(text) => caption::read(text),
            Self::EditionId(text) => edition_id::read(text),
            Self::Sku(number) => sku::read(number),
            Self::Build(number) => version::read_build(number),
            Self::OsVersion(text) => version::read(text),
            Self::LicenseFamily(text) => edition_id::read_family(text),
            Self::ProductType(number) => reading::product_type(number),
            Self::SuiteMask(mask) => reading::suite_mask(mask),
            Self::InstallationType(text) => edition_id::read_installation_type(text),
        }
    }
}

words! {
    /// What a clue can speak about.
    pub enum Axis ("axis") {
        /// The release.
        Release = "release", "release";
        /// The product.
        Product = "product", "product";
        /// Whether it is an evaluation copy.
        Evaluation = "evaluation", "evaluation";
        /// Full or core.
        Installation = "installation", "installation";
        /// Whether it is a domain controller.
        DomainController = "domain-controller", "domain controller role";
    }
}

/// What the clues of one kind said on one axis: the possibilities that all of them allow, and those
/// that any of them allows. Bits are only ever lost in the one and gained in the other, whatever the
/// order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct OfKind {
    all: u32,
    any: u32,
}

impl OfKind {
    /// What the kind says as a whole; `None` where no clue of it spoke on the axis.
    fn says(self) -> Option<u32> {
        match self {
            Self { any: 0, .. } => None,
            Self { all: 0, any } => Some(any),
            Self { all, .. } => Some(all),
        }
    }

    /// Two clues of this one kind contradict each other.
    const fn is_torn(self) -> bool {
        self.all == 0
    }
}

/// What the clues said on one axis, kind by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Said([OfKind; ClueKind::ALL.len()]);

impl Said {
    const NOTHING: Self = Self(
        [OfKind {
            all: u32::MAX,
            any: 0,
        }; ClueKind::ALL.len()],
    );

    fn add<T: Possibility>(&mut self, kind: ClueKind, fact: Fact<T>) {
        if fact.is_unknown() {
            return;
        }
        if let Some(of_kind) = self.0.get_mut(kind as usize) {
            of_kind.all &= fact.bits();
            of_kind.any |= fact.bits();
        }
    }

    /// Each kind that spoke, with what it says and whether it is torn in itself.
    fn spoke(&self) -> impl Iterator<Item = (u32, u32, bool)> {
        let kinds = self.0.iter().enumerate();
        kinds.filter_map(|(kind, said)| Some((1 << kind, said.says()?, said.is_torn())))
    }

    /// The kinds that contradict each other, as bits; none where all can be right.
    ///
    /// A kind contradicts another where nothing fits both. Where every pair has something in common
    /// and yet nothing fits all, every kind that spoke has its part in it.
    fn contradicting(&self) -> u32 {
        let (mut all, mut torn, mut every) = (u32::MAX, 0, 0);
        for (kind, says, is_torn) in self.spoke() {
            all &= says;
            every |= kind;
            torn |= if is_torn { kind } else { 0 };
        }
        if all != 0 && torn == 0 {
            return 0;
        }
        let mut pairs = torn;
        for (one, says, _) in self.spoke() {
            for (_, other, _) in self.spoke() {
                pairs |= if says & other == 0 { one } else { 0 };
            }
        }
        if pairs == 0 { every } else { pairs }
    }

    /// What all kinds allow. Where some contradict each other: every possibility that some of them
    /// allow together, as many as can be right at once. Clues that agree with one side
    /// support it; a vague clue that fits all sides adds no candidates.
    fn fact<T: Possibility>(&self) -> Fact<T> {
        let domain = Fact::<T>::unknown().bits();
        let all = self.spoke().fold(domain, |all, (_, says, _)| all & says);
        if all != 0 {
            return Fact::from_bits(all);
        }
        // For each possibility the kinds that allow it; one of which no other has more counts.
        let by = |element: T| {
            let allows = |says: u32| says >> element.index() & 1 == 1;
            let kinds = self.spoke().filter(|(_, says, _)| allows(*says));
            kinds.fold(0, |by, (kind, ..)| by | kind)
        };
        let bits = T::ALL.iter().fold(0, |bits, element| {
            let own = by(*element);
            let beaten = T::ALL.iter().any(|other| {
                let more = by(*other);
                more != own && more & own == own
            });
            bits | u32::from(!beaten) << element.index()
        });
        // A finite order has maximal elements, so this is never empty.
        Fact::from_bits(bits)
    }

    fn conflict(&self, about: Axis) -> Option<Conflict> {
        let contradicting = self.contradicting();
        (contradicting != 0).then_some(Conflict {
            about,
            clues: ClueKinds::from_bits(contradicting),
        })
    }
}

/// What a system is, as far as its clues tell.
///
/// Two identities are equal when they rest on the same statements; the order of the clues does not
/// matter, nor does a clue that comes twice. Where clues contradict each other the fact is what
/// either side says, and [`conflicts`](Self::conflicts) tells.
///
/// ```
/// use avma::identity::{Axis, ClueKind};
/// use avma::{Clue, Identity, Release};
///
/// // One build, two releases; their Standard editions share one AVMA key all the same.
/// let guest = Identity::from_clues([Clue::Build(17763), Clue::Caption("Windows Server Standard")]);
/// let row = guest.avma_key().row().unwrap();
/// assert_eq!(row.key.to_string(), "TNK62-RXVTB-4P47B-2D623-4GF74");
///
/// let torn = Identity::from_clues([Clue::Caption("Windows Server 2022 Standard"), Clue::Sku(8)]);
/// let conflict = torn.conflicts().next().unwrap();
/// assert_eq!(conflict.about, Axis::Product);
/// assert!(conflict.clues.contains(ClueKind::Sku));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    release: Said,
    product: Said,
    evaluation: Said,
    installation: Said,
    domain_controller: Said,
}

impl Default for Identity {
    /// Nothing is known.
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl<'a> Extend<Clue<'a>> for Identity {
    fn extend<I: IntoIterator<Item = Clue<'a>>>(&mut self, clues: I) {
        clues.into_iter().for_each(|clue| self.add(clue));
    }
}

impl<'a> FromIterator<Clue<'a>> for Identity {
    fn from_iter<I: IntoIterator<Item = Clue<'a>>>(clues: I) -> Self {
        Self::from_clues(clues)
    }
}

impl Identity {
    /// The identity of a system of which nothing is known.
    pub const UNKNOWN: Self = Self {
        release: Said::NOTHING,
        product: Said::NOTHING,
        evaluation: Said::NOTHING,
        installation: Said::NOTHING,
        domain_controller: Said::NOTHING,
    };

    /// From any number of clues, in any order.
    pub fn from_clues<'a>(clues: impl IntoIterator<Item = Clue<'a>>) -> Self {
        let mut identity = Self::UNKNOWN;
        clues.into_iter().for_each(|clue| identity.add(clue));
        identity
    }

    /// With one clue more.
    #[must_use]
    pub fn with(mut self, clue: Clue<'_>) -> Self {
        self.add(clue);
        self
    }

    fn add(&mut self, clue: Clue<'_>) {
        let kind = clue.kind();
        let reading = clue.read();
        self.release.add(kind, reading.releases);
        self.product.add(kind, reading.products);
        self.evaluation.add(kind, reading.evaluation);
        self.installation.add(kind, reading.installation);
        self.domain_controller.add(kind, reading.domain_controller);
    }

    /// What was said of the product. Nano Server has the edition in its name, "Windows Server 2016
    /// Datacenter": where a number or an id says Nano, such a name does not contradict it.
    fn product_said(&self) -> Said {
        const NAMES: [ClueKind; 3] = [
            ClueKind::Caption,
            ClueKind::ImageName,
            ClueKind::LicenseFamily,
        ];
        const EDITIONS: Products = Products::of(&[Product::Datacenter, Product::Standard]);
        let nano = Products::known(Product::Nano).bits();
        let names = NAMES
            .iter()
            .fold(0, |names, kind| names | 1 << *kind as u32);
        let mut said = self.product;
        let says_nano = |(kind, says, _): (u32, u32, bool)| says == nano && kind & names == 0;
        if said.spoke().any(says_nano) {
            for kind in NAMES {
                if let Some(name) = said.0.get_mut(kind as usize) {
                    let says_edition = name.any != 0 && name.any & !EDITIONS.bits() == 0;
                    let nano = if says_edition { nano } else { 0 };
                    *name = OfKind {
                        all: name.all | nano,
                        any: name.any | nano,
                    };
                }
            }
        }
        said
    }

    /// What the release may be. Of a client this is the server release of the same build.
    pub fn releases(&self) -> Releases {
        self.release.fact()
    }

    /// What the product may be.
    pub fn products(&self) -> Products {
        self.product_said().fact()
    }

    /// Whether it is an evaluation copy.
    pub fn evaluation(&self) -> YesNo {
        self.evaluation.fact()
    }

    /// Full or core.
    pub fn installation(&self) -> Installations {
        self.installation.fact()
    }

    /// Whether it is a domain controller: one cannot be converted from an evaluation copy.
    pub fn domain_controller(&self) -> YesNo {
        self.domain_controller.fact()
    }

    /// The release of Windows Server, where it is known and the system may be Windows Server:
    /// `None` for client Windows, for Azure Local and for what is not Windows.
    pub fn release(&self) -> Option<Release> {
        const NO_SERVER_RELEASE: Products =
            Products::of(&[Product::Client, Product::NotWindows, Product::AzureLocal]);
        if self.products().is_subset(NO_SERVER_RELEASE) {
            return None;
        }
        self.releases().release()
    }

    /// The edition, where it is known and one of the four that have AVMA keys.
    pub fn edition(&self) -> Option<Edition> {
        self.products().edition()
    }

    /// Where the clues contradict each other, in the order of [`Axis::ALL`].
    pub fn conflicts(&self) -> impl Iterator<Item = Conflict> + use<> {
        [
            self.release.conflict(Axis::Release),
            self.product_said().conflict(Axis::Product),
            self.evaluation.conflict(Axis::Evaluation),
            self.installation.conflict(Axis::Installation),
            self.domain_controller.conflict(Axis::DomainController),
        ]
        .into_iter()
        .flatten()
    }

    /// The published AVMA key for this system, by release and product alone: whether a host would
    /// activate it is another question.
    pub fn avma_key(&self) -> KeyAnswer {
        self.key(KeyChannel::Avma)
    }

    /// The published KMS client key (GVLK) for this system.
    pub fn gvlk(&self) -> KeyAnswer {
        self.key(KeyChannel::Gvlk)
    }

    /// The published key of one channel.
    pub fn key(&self, channel: KeyChannel) -> KeyAnswer {
        key_of(self.releases(), self.products(), self.evaluation(), channel)
    }

    /// Whether an AVMA key is published for this system, as it is.
    ///
    /// `Some(true)`: for every release and product that it may be, and it is not known to be an
    /// evaluation copy. `Some(false)`: surely not, since it is an evaluation copy or there is no
    /// row for anything that it may be. `None`: not enough is known.
    ///
    /// ```
    /// use avma::{Clue, Identity};
    ///
    /// let documented = |clues: &[Clue<'_>]| {
    ///     Identity::from_clues(clues.iter().copied()).avma_key_documented()
    /// };
    /// assert_eq!(documented(&[Clue::Build(17763), Clue::Sku(8)]), Some(true));
    /// assert_eq!(documented(&[Clue::Build(17763), Clue::Sku(80)]), Some(false));
    /// assert_eq!(documented(&[Clue::Build(19042)]), Some(false)); // 20H2: no row at all
    /// assert_eq!(documented(&[Clue::Sku(8)]), None); // which release?
    /// ```
    pub fn avma_key_documented(&self) -> Option<bool> {
        if self.evaluation().is(Answer::Yes) {
            return Some(false);
        }
        match self.candidates(KeyChannel::Avma) {
            Candidates::OneKey(_) | Candidates::OwnKeys => Some(true),
            Candidates::NoneHasRow => Some(false),
            Candidates::Differ => None,
        }
    }

    fn candidates(&self, channel: KeyChannel) -> Candidates {
        candidates(self.releases(), self.products(), channel)
    }
}

/// The published key of one channel for what a system may be.
pub(crate) fn key_of(
    releases: Releases,
    products: Products,
    evaluation: YesNo,
    channel: KeyChannel,
) -> KeyAnswer {
    let evaluation = evaluation.is(Answer::Yes);
    match candidates(releases, products, channel) {
        Candidates::NoneHasRow => KeyAnswer::NotDocumented,
        Candidates::OneKey(row) if evaluation => KeyAnswer::ConvertFirst(Some(row)),
        Candidates::OneKey(row) => KeyAnswer::Key(row),
        Candidates::Differ | Candidates::OwnKeys if evaluation => KeyAnswer::ConvertFirst(None),
        Candidates::Differ | Candidates::OwnKeys => KeyAnswer::Open,
    }
}

fn candidates(releases: Releases, products: Products, channel: KeyChannel) -> Candidates {
    let mut first = None;
    let (mut without, mut open, mut several) = (false, false, false);
    for release in releases {
        for product in products {
            match published(release, product, channel) {
                Published::Row(row) => {
                    let key = first.get_or_insert(row).key;
                    several |= key != row.key;
                }
                Published::NoRow => without = true,
                Published::NotKnown => open = true,
            }
        }
    }
    match first {
        None if !open => Candidates::NoneHasRow,
        Some(row) if !(open || without) => {
            if several {
                Candidates::OwnKeys
            } else {
                Candidates::OneKey(row)
            }
        }
        _ => Candidates::Differ,
    }
}

/// What the key table says of everything that a system may be.
enum Candidates {
    /// All have a row, and the rows have one key.
    OneKey(&'static KeyRow),
    /// All have a row, with different keys.
    OwnKeys,
    /// None has a row.
    NoneHasRow,
    /// Some have a row and some have none, or some are not in the table's terms at all.
    Differ,
}

enum Published {
    Row(&'static KeyRow),
    NoRow,
    NotKnown,
}

/// One cell of the key table. An unlisted release or product is no statement that a row is
/// missing, unless the other half alone rules every row out; nor is the absence of a row for a system
/// whose keys the table holds by name (client Windows, Windows Server 2008).
fn published(release: AnyRelease, product: Product, channel: KeyChannel) -> Published {
    let any = |found: bool| {
        if found {
            Published::NotKnown
        } else {
            Published::NoRow
        }
    };
    match (release, product) {
        _ if keys::is_told_by_name(release, product, channel) => Published::NotKnown,
        (AnyRelease::Older | AnyRelease::Preview, _) => Published::NoRow,
        (AnyRelease::Unlisted, Product::Unlisted) => Published::NotKnown,
        (AnyRelease::Unlisted, product) => any(keys::releases_with_key(product, channel).is_some()),
        (AnyRelease::Release(release), Product::Unlisted) => any(Product::ALL
            .iter()
            .any(|product| keys::key(release, *product, channel).is_some())),
        (AnyRelease::Release(release), product) => {
            keys::key(release, product, channel).map_or(Published::NoRow, Published::Row)
        }
    }
}

/// What the key table says of a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyAnswer {
    /// Everything that the system may be takes this key. Where it may be several releases this is
    /// the row of one of them.
    Key(&'static KeyRow),
    /// It is an evaluation copy, which refuses the key until it is converted; with the row that
    /// applies then, where that is known already.
    ConvertFirst(Option<&'static KeyRow>),
    /// No row for anything that the system may be. Not a statement that no key works.
    NotDocumented,
    /// Not enough is known: what the system may be does not have one answer.
    Open,
}

impl KeyAnswer {
    /// The row, where the key can be installed as the system is.
    pub const fn row(self) -> Option<&'static KeyRow> {
        match self {
            Self::Key(row) => Some(row),
            Self::ConvertFirst(_) | Self::NotDocumented | Self::Open => None,
        }
    }
}

impl fmt::Display for KeyAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(row) => row.key.fmt(f),
            Self::ConvertFirst(Some(row)) => {
                write!(f, "{} once the evaluation copy is converted", row.key)
            }
            Self::ConvertFirst(None) => f.write_str("the evaluation copy must be converted first"),
            Self::NotDocumented => f.write_str("no key is documented"),
            Self::Open => f.write_str("not enough is known to name one key"),
        }
    }
}

/// The clues leave nothing over on one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Conflict {
    /// What they contradict each other on.
    pub about: Axis,
    /// The kinds of clue that spoke about it; one kind, where two clues of it disagree.
    #[cfg_attr(feature = "serde", serde(serialize_with = "serialize_kinds"))]
    pub clues: ClueKinds,
}

#[cfg(feature = "serde")]
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn serialize_kinds<S: serde::Serializer>(
    kinds: &ClueKinds,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(kinds.iter())
}

impl fmt::Display for Conflict {
    /// `the clues contradict each other on the product: caption, SKU number`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the clues contradict each other on the {}", self.about)?;
        for (place, kind) in self.clues.iter().enumerate() {
            f.write_str(if place == 0 { ": " } else { ", " })?;
            kind.fmt(f)?;
        }
        Ok(())
    }
}
