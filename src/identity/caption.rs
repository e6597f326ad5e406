//! Names made for people: captions, product names, image names.
//!
//! Such texts are localised, typed by hand, stored in capitals, stripped of blanks, filled with
//! trademark signs. They are read as a bag of words, with the few places where order matters
//! ("2012" before "R2", "Hyper-V" before "Server") kept as the state of the reader. What is not
//! understood says nothing; a text that names two things says nothing of either.

use super::edition_id::image_flag;
use super::reading::{Reading, SEMI_ANNUAL};
use super::vocabulary::{
    Meaning, Word as W, Words, is_compound, leading_word, meaning_of, word_of,
};
use crate::catalog::products::{Installation, Installations, Product, Products};
use crate::catalog::releases::{AnyRelease, Release, Releases, ServicingChannel};
use crate::fact::{Answer, Fact};

/// What a text names on one axis: nothing yet, one thing, or several.
#[derive(Clone, Copy, Default)]
enum Named<T> {
    #[default]
    Nothing,
    One(Fact<T>),
    Several,
}

impl<T> Named<T> {
    fn also(&mut self, fact: Fact<T>) {
        *self = match *self {
            Self::Nothing => Self::One(fact),
            Self::One(before) if before == fact => Self::One(fact),
            Self::One(_) | Self::Several => Self::Several,
        };
    }
}

/// The last token, where it can be the beginning of a name.
#[derive(Clone, Copy, Default)]
enum Last {
    #[default]
    Other,
    /// `R`, as in R2.
    R,
    /// A number, and with `H` behind it.
    Number(u32),
    NumberH(u32),
}

/// The form of a year, which is not certain until the next one or the end.
#[derive(Clone, Copy)]
enum Form {
    Plain,
    R2,
    /// A slash behind it.
    Slash,
    /// "2012/R2": two releases.
    OneOfTwo,
    /// "2019Server", the form of Python's `platform`, which rounds down.
    Rounded,
    /// VMware's "srvnext": the release after that year's.
    Next,
}

impl Form {
    fn releases(self, year: u32) -> Releases {
        let unlisted = AnyRelease::Unlisted.into();
        let plain = |r2| Releases::such_that(|release| release.year() == Some((year, r2)));
        let found = match self {
            Self::R2 => plain(true),
            Self::Next => Releases::such_that(|release| release.next_after() == Some(year)),
            Self::Rounded => plain(false).map(until_next_year),
            Self::Plain | Self::Slash | Self::OneOfTwo => plain(false),
        };
        // 2011, of the Small Business Server, lies between two rows.
        let is_older = || {
            Release::ALL.iter().any(|release| {
                let of_row = release.year();
                release.is_before_avma() && of_row.is_some_and(|row| (year, self.is_r2()) < row)
            })
        };
        match found {
            Some(releases) => releases,
            None if is_older() => AnyRelease::Older.into(),
            // There is no other year, R2, or number of that form.
            None => unlisted,
        }
    }

    const fn is_r2(self) -> bool {
        matches!(self, Self::R2)
    }
}

/// A release that is named by its year, and what came after it until the next year's.
fn until_next_year(from: Releases) -> Releases {
    let mut rows = Release::ALL.iter().copied();
    let first = rows.find(|release| from.contains((*release).into()));
    let rest = rows.take_while(|release| release.year().is_none());
    Releases::one_of(first.into_iter().chain(rest).map(AnyRelease::Release)).unwrap_or(from)
}

/// The releases that share their build with one of these.
fn of_same_build(releases: Releases) -> Releases {
    let same = |release: Release| {
        let builds = release.builds();
        releases
            .iter()
            .any(|of| of.release().is_some_and(|of| of.builds() == builds))
    };
    Releases::such_that(same).map_or(releases, |found| found.union(releases))
}

/// Products whose own editions are named like products: "Storage Server Standard".
const FAMILIES: [Products; 5] = [
    Products::of(&[Product::Storage]),
    Products::of(&[Product::MultiPointStandard, Product::MultiPointPremium]),
    Products::of(&[Product::Nano]),
    Products::of(&[Product::Itanium]),
    Products::of(&[Product::Hpc]),
];

/// Longer than any word that the reader knows, and than any image flag.
const TOKEN: usize = 48;

/// The reader of one text, or of several pieces of one.
#[derive(Default)]
pub(super) struct Caption {
    words: Words,
    /// What the words of products' rows name.
    products: Option<Products>,
    last: Last,
    /// The last word and the one before, numbers and trademark letters left out.
    previous: [Option<W>; 2],
    year: Option<(u32, Form)>,
    /// A version is what the registry calls `ReleaseId`: 1809 is that of 2019 as well.
    release_ids: bool,
    years: Named<AnyRelease>,
    versions: Named<AnyRelease>,
    flag: Option<Reading>,
}

pub(super) fn read(text: &str) -> Reading {
    let mut caption = Caption::default();
    caption.text(text);
    caption.finish()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Separator,
}

/// The class of every ASCII character: most names hold nothing else.
static ASCII: [Class; 128] = {
    let mut classes = [Class::Separator; 128];
    let mut byte = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "bounded by the loop, evaluated at compile time"
    )]
    while byte < 128_u8 {
        if byte.is_ascii_alphabetic() {
            classes[byte as usize] = Class::Letter;
        } else if byte.is_ascii_digit() {
            classes[byte as usize] = Class::Digit;
        }
        byte += 1;
    }
    classes
};

/// Letters without their case and width, as far as names of Windows need it.
#[inline]
fn fold(c: char) -> (char, Class) {
    if let Some(class) = ASCII.get(c as usize) {
        return (c.to_ascii_lowercase(), *class);
    }
    match c {
        '\u{FF01}'..='\u{FF5E}' => fold(char::from_u32(c as u32 - 0xFEE0).unwrap_or(' ')),
        _ if c.is_alphabetic() => (c, Class::Letter),
        _ => (c, Class::Separator),
    }
}

/// A run of letters or of digits, folded; what does not fit is no name that the reader knows.
struct Token {
    bytes: [u8; TOKEN],
    length: usize,
    class: Class,
    /// No separator before it.
    joined: bool,
}

impl Token {
    fn push(&mut self, c: char) {
        let mut utf8 = [0; 4];
        if c.is_ascii() {
            self.push_byte(c as u8);
        } else {
            c.encode_utf8(&mut utf8)
                .bytes()
                .for_each(|byte| self.push_byte(byte));
        }
    }

    fn push_byte(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = byte;
        }
        self.length += 1;
    }

    /// `None` where it was too long.
    fn bytes(&self) -> Option<&[u8]> {
        self.bytes.get(..self.length)
    }
}

impl Caption {
    /// The text is known to speak of Windows, though it may not say so.
    pub(super) fn of_windows(&mut self) {
        self.words.insert(W::Windows);
    }

    /// Versions without a year are release ids, as beside a build.
    pub(super) fn with_release_ids(&mut self) {
        self.release_ids = true;
    }

    /// Reads a piece; what is between two pieces separates words.
    pub(super) fn text(&mut self, text: &str) {
        let mut token = Token {
            bytes: [0; TOKEN],
            length: 0,
            class: Class::Separator,
            joined: false,
        };
        for c in text.chars() {
            let (c, class) = fold(c);
            if class != token.class {
                self.token(&token);
                token.joined = token.class != Class::Separator;
                token.class = class;
                token.length = 0;
            }
            if class == Class::Separator {
                if c.is_whitespace() {
                    self.words.insert(W::Blank);
                }
                if c == '+' && self.year.is_some() {
                    self.words.insert(W::OrLater);
                }
                if c == '/' {
                    self.year_goes_on(|form| match form {
                        Form::Plain | Form::Rounded => Form::Slash,
                        _ => form,
                    });
                }
            } else {
                token.push(c);
            }
        }
        self.token(&token);
    }

    fn token(&mut self, token: &Token) {
        match (token.class, token.bytes()) {
            (Class::Separator, _) => {}
            (Class::Letter, Some(letters)) => self.letters(letters, token.joined),
            (Class::Digit, Some(digits)) => self.digits(digits, token.joined),
            (Class::Letter | Class::Digit, None) => self.unknown_word(),
        }
    }

    fn letters(&mut self, letters: &[u8], joined: bool) {
        match (letters, self.last) {
            (b"r", _) => {
                self.last = Last::R;
                return;
            }
            (b"h", Last::Number(number)) if joined => {
                self.last = Last::NumberH(number);
                return;
            }
            _ => {}
        }
        self.last = Last::Other;
        if let Some(meaning) = meaning_of(letters) {
            self.meaning(meaning, joined);
        } else if letters == b"ws" {
            self.word(W::Windows, joined);
            self.word(W::Server, false);
        } else if let Some(flag) = core::str::from_utf8(letters).ok().and_then(image_flag) {
            self.flag = Some(match self.flag {
                None => flag,
                Some(before) => before.and(flag),
            });
        } else if let Some(word) = letters.strip_suffix(b"r").and_then(word_of) {
            // "2012ServerR2"
            self.word(word, joined);
            self.last = Last::R;
        } else if is_compound(letters) {
            self.compound(letters, joined);
        } else {
            self.unknown_word();
        }
    }

    fn compound(&mut self, letters: &[u8], joined: bool) {
        let (mut rest, mut joined) = (letters, joined);
        while let Some((meaning, after)) = leading_word(rest) {
            self.meaning(meaning, joined);
            (rest, joined) = (after, false);
        }
    }

    fn meaning(&mut self, meaning: Meaning, joined: bool) {
        match meaning {
            Meaning::Word(word) => self.word(word, joined),
            Meaning::Products(products) => {
                // "Azure Datacenter": before it, the word belongs to the name.
                if self.previous[0] == Some(W::Azure) && products.is(Product::Datacenter) {
                    self.words.insert(W::Edition);
                }
                self.products = Some(
                    self.products
                        .map_or(products, |named| named.union(products)),
                );
                self.word(W::Product, joined);
            }
        }
    }

    fn unknown_word(&mut self) {
        self.last = Last::Other;
        self.words.insert(W::Unknown);
        self.previous = [None, self.previous[0]];
    }

    fn word(&mut self, word: W, joined: bool) {
        if word == W::Noise {
            return;
        }
        let [before, before_that] = self.previous;
        match (before_that, before, word) {
            (Some(W::Hyper), Some(W::V), W::Server) => self.words.insert(W::HyperVServer),
            (_, Some(W::Azure), W::Local) | (Some(W::Azure), Some(W::Stack), W::Hci) => {
                self.words.insert(W::AzureLocal);
            }
            (_, None, W::Server) if self.words.has(W::Unknown) => self.words.insert(W::SomeServer),
            (_, Some(W::Red), W::Hat) => self.words.insert(W::NotWindows),
            (_, Some(W::Windows), W::ClientName) => self.words.insert(W::Client),
            _ => {}
        }
        match word {
            W::Server if joined => self.year_goes_on(|form| match form {
                Form::Plain => Form::Rounded,
                _ => form,
            }),
            W::Next => self.year_goes_on(|_| Form::Next),
            _ => {}
        }
        self.words.insert(word);
        self.previous = [Some(word), before];
    }

    fn digits(&mut self, digits: &[u8], joined: bool) {
        let number = digits
            .iter()
            .try_fold(0_u32, |number, digit| {
                number.checked_mul(10)?.checked_add(u32::from(digit - b'0'))
            })
            .unwrap_or(u32::MAX);
        match (self.last, number) {
            (Last::R, 2) if digits.len() == 1 => {
                self.year_goes_on(|form| match form {
                    Form::Slash | Form::OneOfTwo => Form::OneOfTwo,
                    _ => Form::R2,
                });
            }
            (Last::NumberH(year), half) if joined => self.half_year(year, half),
            _ if digits.len() == 4 => self.four_digits(digits, number),
            (_, 7 | 8 | 10 | 11 | 95 | 98) if self.previous[0] == Some(W::Windows) => {
                self.words.insert(W::Client);
            }
            _ => {}
        }
        self.last = Last::Number(number);
    }

    /// "20H2". In the name of a server 21H2 and 24H2 are 2022 and 2025.
    fn half_year(&mut self, year: u32, half: u32) {
        let names = |name: &str| match name.as_bytes() {
            [ten, one, b'H', of_two] => {
                [*ten, *one].map(|digit| u32::from(digit - b'0')) == [year / 10, year % 10]
                    && u32::from(of_two - b'0') == half
            }
            _ => false,
        };
        self.version_name(names);
    }

    /// The releases whose version has such a name: that of a channel, rather than the long-term one
    /// that shares it.
    fn version_name(&mut self, names: impl Fn(&str) -> bool) {
        let named = |release: Release| release.version_name().is_some_and(&names);
        let of_channel = |release: Release| {
            named(release) && release.servicing_channel() != ServicingChannel::LongTerm
        };
        let found = Releases::such_that(of_channel).or_else(|| Releases::such_that(named));
        self.versions
            .also(found.unwrap_or(AnyRelease::Unlisted.into()));
    }

    fn four_digits(&mut self, digits: &[u8], number: u32) {
        let names = |name: &str| name.as_bytes() == digits;
        let listed = Release::ALL
            .iter()
            .any(|release| release.version_name().is_some_and(names));
        if listed {
            self.version_name(names);
        } else if (2000..=2099).contains(&number) {
            self.end_year();
            self.year = Some((number, Form::Plain));
        } else if matches!(self.previous[0], Some(W::Version | W::V)) {
            self.versions.also(AnyRelease::Unlisted.into());
        }
    }

    fn end_year(&mut self) {
        match self.year.take() {
            None => {}
            Some((_, Form::OneOfTwo)) => self.years = Named::Several,
            Some((year, form)) => self.years.also(form.releases(year)),
        }
    }

    fn year_goes_on(&mut self, form: impl FnOnce(Form) -> Form) {
        if let Some((_, before)) = &mut self.year {
            *before = form(*before);
        }
    }

    pub(super) fn finish(mut self) -> Reading {
        self.end_year();
        let words = self.words;
        let windows = words.any(Words::of(&[W::Windows, W::HyperVServer, W::AzureLocal]));
        if !windows && !words.has(W::Server) && self.flag.is_none() && words.has(W::Unknown) {
            // A name of something: of another system, or of nothing that is known here.
            return self.not_windows();
        }
        if !windows && words.any(Words::of(&[W::NotWindows, W::OtherProduct, W::SomeServer])) {
            return self.not_windows();
        }
        if words.has(W::Client) {
            return if words.has(W::Server) || self.flag.is_some() {
                Reading::NOTHING
            } else {
                self.client()
            };
        }
        let named = self.product();
        let reading = Reading {
            releases: self.releases(),
            products: named.unwrap_or_else(|| {
                if words.has(W::Windows) && words.has(W::Server) {
                    Reading::server().products
                } else {
                    Fact::unknown()
                }
            }),
            evaluation: self.evaluation(named.is_some()),
            installation: self.installation(),
            ..Reading::NOTHING
        };
        let reading = match self.flag {
            Some(flag) => Reading {
                // The flag of a Semi-Annual image beats the year, which names its code base.
                releases: reading.releases,
                ..reading.and(flag)
            },
            None => reading,
        };
        if words.has(W::IoT) {
            reading.noted("Windows Server IoT is the same system under other licence terms")
        } else {
            reading
        }
    }

    fn not_windows(&self) -> Reading {
        if self.words.has(W::NotWindows) {
            Reading {
                products: Product::NotWindows.into(),
                ..Reading::NOTHING
            }
        } else if self.words.has(W::OtherProduct) {
            Reading::unlisted()
        } else {
            Reading::NOTHING
        }
    }

    fn client(&self) -> Reading {
        const EDITIONS: Words = Words::of(&[W::Enterprise, W::ClientEdition, W::Home]);
        Reading {
            products: Product::Client.into(),
            evaluation: if self.words.has(W::Evaluation) {
                Answer::Yes.into()
            } else if self.words.any(EDITIONS) {
                Answer::No.into()
            } else {
                Fact::unknown()
            },
            ..Reading::NOTHING
        }
    }

    /// The product that the words name; `None` where they name none or several.
    fn product(&self) -> Option<Products> {
        let words = self.words;
        if words.has(W::AzureLocal) {
            return Some(Product::AzureLocal.into());
        }
        if words.has(W::HyperVServer) {
            return Some(Product::HyperVServer.into());
        }
        let of_rows = |product| self.products.is_some_and(|named| named.contains(product));
        let small_business = words.has(W::Small) && words.has(W::Business);
        // "Standard", "Enterprise" and "Workgroup" are editions of theirs.
        for family in FAMILIES {
            if self.products.is_some_and(|named| family.is_subset(named)) {
                return Some(
                    match (
                        family.contains(Product::MultiPointStandard),
                        words.has(W::Premium),
                    ) {
                        (true, true) => Product::MultiPointPremium.into(),
                        (true, false) if of_rows(Product::Standard) => {
                            Product::MultiPointStandard.into()
                        }
                        _ => family,
                    },
                );
            }
        }
        if small_business {
            return Some(Product::OtherServer.into());
        }
        let mut named = Named::Nothing;
        self.products
            .iter()
            .flat_map(|products| products.iter())
            .for_each(|product| named.also(Fact::known(product)));
        if words.has(W::Enterprise) {
            named.also(Product::Enterprise.into());
        }
        if words.has(W::Server) && words.has(W::Home) {
            named.also(Product::OtherServer.into());
        }
        let named = match named {
            Named::Nothing => None,
            Named::One(products) => Some(products),
            Named::Several => return None,
        };
        if !words.has(W::Azure) {
            return named;
        }
        // "Azure Edition" qualifies Datacenter, and no other edition. "Azure" alone may also tell
        // where the machine runs.
        Some(match named {
            Some(products) if products.is(Product::Datacenter) => {
                if words.has(W::Edition) {
                    Product::DatacenterAzureEdition.into()
                } else {
                    products.union(Product::DatacenterAzureEdition.into())
                }
            }
            Some(_) => Product::Unlisted.into(),
            None if words.has(W::Edition) => Product::DatacenterAzureEdition.into(),
            None if words.has(W::Core) => Product::AzureServer.into(),
            None => Products::of(&[Product::DatacenterAzureEdition, Product::AzureServer]),
        })
    }

    fn releases(&self) -> Releases {
        // Its versions and years are Azure Local's own.
        if self.words.has(W::AzureLocal) {
            return Fact::unknown();
        }
        if self.words.has(W::Preview) {
            return AnyRelease::Preview.into();
        }
        // The name that a hypervisor gives to a release and all that came after it.
        if self.words.has(W::OrLater) {
            return Fact::unknown();
        }
        let channel = self.words.has(W::Annual);
        let flag = self.flag.map(|flag| flag.releases);
        let semi_annual_flag =
            flag.filter(|releases| !releases.is_unknown() && !releases.contains(AnyRelease::Older));
        let named = match (self.years, self.versions) {
            // A year beside a version of a channel is the label of the code base.
            (Named::One(_), Named::One(version)) if channel || semi_annual_flag.is_some() => {
                Some(version)
            }
            (Named::One(_), Named::Nothing) if semi_annual_flag.is_some() => None,
            // 1809 is also the version of 2019.
            (Named::One(year), Named::One(version)) => {
                (year.is_subset(of_same_build(version))).then_some(year)
            }
            (Named::Nothing, Named::One(version)) if self.release_ids && !channel => {
                Some(of_same_build(version))
            }
            (Named::One(one), Named::Nothing) | (Named::Nothing, Named::One(one)) => Some(one),
            (Named::Nothing, Named::Nothing) if channel && self.words.has(W::Semi) => {
                Some(SEMI_ANNUAL)
            }
            _ => None,
        };
        match (named, flag) {
            (None, None) => Fact::unknown(),
            (Some(named), None) => named,
            (None, Some(flag)) => flag,
            (Some(named), Some(flag)) => named.intersect(flag).unwrap_or(named),
        }
    }

    fn evaluation(&self, named: bool) -> crate::fact::YesNo {
        let words = self.words;
        if words.has(W::Evaluation) {
            return Answer::Yes.into();
        }
        // Neither has ever had an evaluation copy of another name.
        if words.any(Words::of(&[W::AzureLocal, W::HyperVServer])) {
            return Answer::No.into();
        }
        // A whole name would say "Evaluation", and a name with a word that is not understood may say
        // it in another language. Keys of tables, names of previews and image flags are no whole names.
        let whole = words.has(W::Blank) && words.any(Words::of(&[W::Windows, W::Server]));
        let understood = !words.any(Words::of(&[W::Preview, W::Unknown]));
        if named && whole && self.flag.is_none() && understood {
            return Answer::No.into();
        }
        Fact::unknown()
    }

    fn installation(&self) -> Installations {
        let words = self.words;
        let core = words.any(Words::of(&[W::Core, W::AzureLocal, W::HyperVServer]));
        let both = |one, other| words.has(one) && words.has(other);
        let full = words.any(Words::of(&[W::Gui, W::DesktopExperience]))
            || both(W::Desktop, W::Experience)
            || both(W::Experiencia, W::Escritorio)
            || both(W::DesktopJa, W::ExperienceJa);
        match (core, full) {
            (true, false) => Installation::Core.into(),
            (false, true) => Installation::Full.into(),
            _ => Fact::unknown(),
        }
    }
}
