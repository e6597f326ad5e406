//! Names made for people: captions, product names, image names.
//!
//! Such texts are localised, typed by hand, stored in capitals, stripped of blanks, filled with
//! trademark signs. They are read as a bag of words, with the few places where order matters
//! ("2012" before "R2", "Hyper-V" before "Server") kept as the state of the reader. What is not
//! understood says nothing; a text that names two things says nothing of either.

use super::edition_id::image_flag;
use super::reading::{Reading, SEMI_ANNUAL};
use super::vocabulary::{Word as W, Words, is_compound, leading_word, word_of};
use crate::fact::{Answer, Fact};
use crate::product::{Installation, Installations, Product, Products};
use crate::release::{AnyRelease, Release, Releases};

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
        use Release::{
            V20H2, V23H2, V1709, V1803, V1809, V1903, V1909, V2004, Ws2012, Ws2012R2, Ws2016,
            Ws2019, Ws2022, Ws2025,
        };
        let plain = match (year, self) {
            (..=2011, _) => return AnyRelease::Older.into(),
            (2012, Self::R2) => Ws2012R2,
            (2012, _) => Ws2012,
            (2019, Self::Next) => Ws2022,
            (2022, Self::Next) => Ws2025,
            // There is no other R2, and no other number of that form.
            (_, Self::R2 | Self::Next) => return AnyRelease::Unlisted.into(),
            (2016, Self::Rounded) => return Releases::of(&[Ws2016, V1709, V1803]),
            (2019, Self::Rounded) => {
                return Releases::of(&[Ws2019, V1809, V1903, V1909, V2004, V20H2]);
            }
            (2022, Self::Rounded) => return Releases::of(&[Ws2022, V23H2]),
            (2016, _) => Ws2016,
            (2019, _) => Ws2019,
            (2022, _) => Ws2022,
            (2025, _) => Ws2025,
            _ => return AnyRelease::Unlisted.into(),
        };
        plain.into()
    }
}

/// The releases that share their build with one of these.
fn of_same_build(releases: Releases) -> Releases {
    let same = |release: &Release| {
        let build = release.build();
        releases
            .iter()
            .any(|of| of.release().is_some_and(|of| of.build() == build))
    };
    let found = Release::ALL.iter().filter(|release| same(release));
    Releases::one_of(found.map(|release| AnyRelease::Release(*release)))
        .map_or(releases, |found| found.union(releases))
}

/// Longer than any word that the reader knows, and than any image flag.
const TOKEN: usize = 48;

/// The reader of one text, or of several pieces of one.
#[derive(Default)]
pub(super) struct Caption {
    words: Words,
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
        if let Some(word) = word_of(letters) {
            self.word(word, joined);
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
        while let Some((word, after)) = leading_word(rest) {
            self.word(word, joined);
            (rest, joined) = (after, false);
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
            // "Azure Datacenter": before it, the word belongs to the name.
            (_, Some(W::Azure), W::Datacenter) => self.words.insert(W::Edition),
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
            _ if digits.len() == 4 => self.four_digits(number),
            (_, 7 | 8 | 10 | 11 | 95 | 98) if self.previous[0] == Some(W::Windows) => {
                self.words.insert(W::Client);
            }
            _ => {}
        }
        self.last = Last::Number(number);
    }

    /// "20H2". In the name of a server 21H2 and 24H2 are 2022 and 2025.
    fn half_year(&mut self, year: u32, half: u32) {
        self.versions.also(match (year, half) {
            (20, 2) => Release::V20H2.into(),
            (21, 2) => Release::Ws2022.into(),
            (23, 2) => Release::V23H2.into(),
            (24, 2) => Release::Ws2025.into(),
            _ => AnyRelease::Unlisted.into(),
        });
    }

    fn four_digits(&mut self, number: u32) {
        let version = match number {
            1607 => Release::Ws2016,
            1709 => Release::V1709,
            1803 => Release::V1803,
            1809 => Release::V1809,
            1903 => Release::V1903,
            1909 => Release::V1909,
            2004 => Release::V2004,
            2000..=2099 => {
                self.end_year();
                self.year = Some((number, Form::Plain));
                return;
            }
            _ => {
                if matches!(self.previous[0], Some(W::Version | W::V)) {
                    self.versions.also(AnyRelease::Unlisted.into());
                }
                return;
            }
        };
        self.versions.also(version.into());
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
        let other = words.any(Words::of(&[W::OtherServer, W::Enterprise]))
            || words.has(W::Server) && words.has(W::Home)
            || words.has(W::Small) && words.has(W::Business);
        for (named, product) in [
            // "Standard" and "Workgroup" are editions of theirs.
            (words.has(W::Storage), Product::Storage),
            (words.has(W::MultiPoint), Product::MultiPoint),
            (words.has(W::Nano), Product::Nano),
            (
                words.has(W::Small) && words.has(W::Business),
                Product::OtherServer,
            ),
        ] {
            if named {
                return Some(product.into());
            }
        }
        let mut named = Named::Nothing;
        for (is, product) in [
            (words.has(W::Datacenter), Product::Datacenter),
            (words.has(W::Standard), Product::Standard),
            (words.has(W::Essentials), Product::Essentials),
            (words.has(W::Foundation), Product::Foundation),
            (other, Product::OtherServer),
        ] {
            if is {
                named.also(Fact::known(product));
            }
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
