//! Names made for people: captions, product names, image names.
//!
//! Such texts are localised, typed by hand, stored in capitals, stripped of blanks, filled with
//! trademark signs. They are read as a bag of words, with the few places where order matters
//! ("2012" before "R2", "Hyper-V" before "Server") kept as the state of the reader. What is not
//! understood says nothing; a text that names two things says nothing of either.

mod meaning;
mod token;
mod year;

use super::edition_id::image_flag;
use super::reading::Reading;
use super::vocabulary::{
    Meaning, Word as W, Words, is_compound, leading_word, meaning_of, word_of,
};
use crate::catalog::products::{Product, Products};
use crate::catalog::releases::{AnyRelease, Release, Releases, ServicingChannel};
use crate::fact::Fact;
use token::{Class, Token, fold};
use year::Form;

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
    /// `2k`, as in 2k16.
    TwoK,
}

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

/// The words of a caption that the reader does not know, in their order: perhaps mistyped, or in a
/// language that it has no words of.
///
/// ```
/// use avma::identity::unknown_words;
///
/// let words: Vec<_> = unknown_words("Windows Server 2022 Standrad (Core)").collect();
/// assert_eq!(words, ["Standrad"]);
/// ```
pub fn unknown_words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| fold(c).1 == Class::Separator);
    // One reader for all: "Center" is known behind "Data" only.
    let mut caption = Caption::default();
    words.filter(move |word| {
        caption.words.remove(W::Unknown);
        caption.text(word);
        caption.words.has(W::Unknown)
    })
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
        let mut token = Token::EMPTY;
        for c in text.chars() {
            let (c, class) = fold(c);
            if class != token.class {
                self.token(&token);
                token.begin(class);
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
            (b"k", Last::Number(2)) if joined => {
                self.last = Last::TwoK;
                return;
            }
            // "Data Center"
            (b"center" | b"centre", _) if self.previous[0] == Some(W::Data) => {
                self.last = Last::Other;
                self.meaning(Meaning::Products(Product::Datacenter.into()), joined);
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
        } else if letters == b"srv" || letters == b"svr" {
            // Joined to a year it is VMware's, which says nothing of the years after it.
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
        let no_release = self.year.is_none()
            && matches!(self.years, Named::Nothing)
            && matches!(self.versions, Named::Nothing);
        if no_release {
            self.words.insert(W::UnknownFirst);
        }
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
            (Last::TwoK, 0..=99) if joined => self.year(2000 + number),
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
        let is_named = |name: &str| match name.as_bytes() {
            [ten, one, b'H', of_two] => {
                [*ten, *one].map(|digit| u32::from(digit - b'0')) == [year / 10, year % 10]
                    && u32::from(of_two - b'0') == half
            }
            _ => false,
        };
        self.version_name(is_named);
    }

    /// The releases whose version has such a name: that of a channel, rather than the long-term one
    /// that shares it.
    fn version_name(&mut self, names: impl Fn(&str) -> bool) {
        let has_it = |release: Release| release.version_name().is_some_and(&names);
        let of_channel = |release: Release| {
            has_it(release) && release.servicing_channel() != ServicingChannel::LongTerm
        };
        let found = Releases::such_that(of_channel).or_else(|| Releases::such_that(has_it));
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
            self.year(number);
        } else if matches!(self.previous[0], Some(W::Version | W::V)) {
            self.versions.also(AnyRelease::Unlisted.into());
        }
    }

    fn year(&mut self, year: u32) {
        self.end_year();
        self.year = Some((year, Form::Plain));
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
}
