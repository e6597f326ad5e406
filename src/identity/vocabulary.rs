//! The words that names of systems are made of.

use crate::catalog::products::{Product, Products};
use Word as W;

/// What the reader knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Windows,
    Server,
    Azure,
    Edition,
    Stack,
    Hci,
    Local,
    Hyper,
    V,
    Core,
    Gui,
    DesktopExperience,
    Evaluation,
    /// "or later": the release before it is not the one.
    OrLater,
    Preview,
    Next,
    Semi,
    Annual,
    IoT,
    Small,
    Business,
    /// Enterprise, which servers and clients have.
    Enterprise,
    /// The second edition of MultiPoint Server.
    Premium,
    /// A word of a product's row.
    Product,
    /// Pro, Education and the like.
    ClientEdition,
    /// Home, which is a client's edition or the Home Server.
    Home,
    /// XP, Vista: a name of a client behind "Windows".
    ClientName,
    NotWindows,
    /// SQL Server, Exchange Server: other products that are named with a year and "Standard".
    OtherProduct,
    /// Halves of names of two words.
    Desktop,
    Experience,
    Escritorio,
    Experiencia,
    DesktopJa,
    ExperienceJa,
    Red,
    Hat,
    Data,
    Version,
    Noise,
    // What the reader notes beside the words.
    /// A word that is not known.
    Unknown,
    /// Such a word stands before every release.
    UnknownFirst,
    Blank,
    /// "Hyper-V Server", not just Hyper-V.
    HyperVServer,
    /// "Azure Stack HCI" or "Azure Local".
    AzureLocal,
    /// A word that is not known stands before "Server".
    SomeServer,
    /// "Windows 10" and the like.
    Client,
}

pub(super) fn word_of(text: &[u8]) -> Option<Word> {
    Some(match text {
        b"windows" | b"win" | b"w" => W::Windows,
        b"server" => W::Server,
        b"azure" => W::Azure,
        b"edition" => W::Edition,
        b"stack" => W::Stack,
        b"hci" => W::Hci,
        b"local" => W::Local,
        b"hyper" => W::Hyper,
        b"v" => W::V,
        b"core" => W::Core,
        b"gui" => W::Gui,
        b"evaluation" | b"eval" => W::Evaluation,
        b"later" | b"newer" | b"above" | b"higher" | b"up" | b"onwards" => W::OrLater,
        b"preview" | b"vnext" | b"insider" => W::Preview,
        b"srvnext" => W::Next,
        b"premium" => W::Premium,
        b"semi" => W::Semi,
        b"annual" => W::Annual,
        b"iot" => W::IoT,
        b"small" => W::Small,
        b"business" => W::Business,
        b"enterprise" => W::Enterprise,
        b"pro" | b"professional" | b"education" | b"ultimate" | b"ltsb" | b"ltsc" => {
            W::ClientEdition
        }
        b"home" => W::Home,
        b"xp" | b"vista" => W::ClientName,
        b"linux" | b"ubuntu" | b"debian" | b"centos" | b"rhel" | b"fedora" | b"suse" | b"sles"
        | b"opensuse" | b"rocky" | b"alma" | b"almalinux" | b"freebsd" | b"openbsd" | b"netbsd"
        | b"dragonfly" | b"gentoo" | b"alpine" | b"photon" | b"flatcar" | b"coreos" | b"nixos"
        | b"slackware" | b"mageia" | b"kali" | b"unix" | b"solaris" | b"illumos" | b"macos"
        | b"android" | b"esxi" => W::NotWindows,
        b"sql" | b"exchange" | b"sharepoint" | b"biztalk" | b"visual" | b"office" => {
            W::OtherProduct
        }
        b"desktop" => W::Desktop,
        b"desktopdarstellung" => W::DesktopExperience,
        b"experiencia" => W::Experiencia,
        b"escritorio" => W::Escritorio,
        b"experience" => W::Experience,
        b"data" => W::Data,
        b"red" => W::Red,
        b"hat" => W::Hat,
        b"version" => W::Version,
        b"microsoft" | b"for" | b"with" | b"without" | b"a" | b"de" | b"based" | b"systems"
        | b"tm" | b"br" | b"installation" | b"channel" | b"workgroup" | b"and" | b"hotpatch"
        | b"or" | b"bit"
        // What the names of images in Azure's Marketplace say beside release and edition.
        | b"g" | b"gs" | b"gensecond" | b"smalldisk" | b"containers" => W::Noise,
        _ => return word_beyond_ascii(text),
    })
}

/// The names that Windows itself shows.
fn word_beyond_ascii(text: &[u8]) -> Option<Word> {
    if text.is_ascii() {
        return None;
    }
    Some(match core::str::from_utf8(text).ok()? {
        "桌面体验" => W::DesktopExperience,
        "デスクトップ" => W::DesktopJa,
        "エクスペリエンス" => W::ExperienceJa,
        "評価版" => W::Evaluation,
        "Майкрософт" | "майкрософт" => W::Noise,
        _ => return None,
    })
}

/// A set of words.
#[derive(Clone, Copy, Default)]
pub(super) struct Words(u64);

impl Words {
    pub(super) const fn of(words: &[Word]) -> Self {
        let mut bits = 0;
        let mut place = 0;
        #[expect(
            clippy::indexing_slicing,
            reason = "bounded by the loop; `const fn` has no iterators"
        )]
        while place < words.len() {
            bits |= 1 << words[place] as u64;
            place += 1;
        }
        Self(bits)
    }

    pub(super) fn has(self, word: Word) -> bool {
        self.0 & 1 << word as u64 != 0
    }

    pub(super) const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    pub(super) fn remove(&mut self, word: Word) {
        self.0 &= !(1 << word as u64);
    }

    pub(super) fn insert(&mut self, word: Word) {
        self.0 |= 1 << word as u64;
    }
}

/// What a run of letters means.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    Word(Word),
    /// One of these products, by a word of their rows.
    Products(Products),
}

pub(super) fn meaning_of(letters: &[u8]) -> Option<Meaning> {
    let products = || {
        let names = |product: &Product| {
            product
                .words()
                .iter()
                .any(|word| word.as_bytes() == letters)
        };
        Products::one_of(Product::ALL.iter().copied().filter(names))
    };
    match word_of(letters) {
        Some(word) => Some(Meaning::Word(word)),
        None => products().map(Meaning::Products),
    }
}

/// The meaning of what `letters` begin with, of the words that are found written together, and the
/// rest.
pub(super) fn leading_word(letters: &[u8]) -> Option<(Meaning, &[u8])> {
    const JOINED: [(&[u8], Word); 10] = [
        (b"windows", W::Windows),
        (b"server", W::Server),
        (b"microsoft", W::Noise),
        (b"azure", W::Azure),
        (b"edition", W::Edition),
        (b"evaluation", W::Evaluation),
        ("評価版".as_bytes(), W::Evaluation),
        (b"hyper", W::Hyper),
        (b"v", W::V),
        (b"core", W::Core),
    ];
    let mut words = JOINED.iter();
    let word =
        words.find_map(|(text, word)| Some((Meaning::Word(*word), letters.strip_prefix(*text)?)));
    word.or_else(|| {
        let mut words = Product::ALL.iter().flat_map(|product| product.words());
        let text = words.find(|word| letters.starts_with(word.as_bytes()))?;
        let (word, rest) = letters.split_at_checked(text.len())?;
        Some((meaning_of(word)?, rest))
    })
}

/// Whether `letters` are such words and nothing else: "WindowsServer".
pub(super) fn is_compound(letters: &[u8]) -> bool {
    let mut rest = letters;
    while let Some((_, after)) = leading_word(rest) {
        rest = after;
    }
    rest.is_empty()
}
