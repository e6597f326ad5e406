//! What stands in a text, seen as the writing of a key: symbols, and the gaps between them.
//!
//! A symbol is a letter or digit of any script's look: full-width, mathematical, circled, Cyrillic and
//! Greek look-alikes, Arabic-Indic digits. Everything else is a gap. Whether a symbol is one of keys at
//! all, and whether the gaps are those of a key, is judged later.

use crate::product_key::ALPHABET;

/// What stands between two symbols; a longer gap takes the strongest of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing: both are of one word.
    None,
    /// Nothing that is seen: a soft hyphen, a tag, the seam between two scripts.
    Seam,
    /// White space.
    Blank,
    /// A hyphen or dash, with white space or without.
    Hyphen,
    /// Any other mark.
    Mark,
    /// So much that the two do not belong together.
    Far,
}

/// More marks than this between two symbols separate them. Between groups of a key the longest gap
/// that is met is a continued line with its indentation.
const FAR: usize = 24;

/// What a letter of another script, or a masking `*`, counts as: no symbol of keys looks like it.
pub(super) const UNKNOWN: u8 = b'*';

/// One symbol of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// `A`-`Z`, `0`-`9` or [`UNKNOWN`].
    pub(super) symbol: u8,
    /// The place in [`ALPHABET`], or its length for what is no symbol of keys.
    pub(super) rank: u8,
    /// What stands before it.
    pub(super) gap: Gap,
    /// The first byte.
    pub(super) start: usize,
    /// The byte after the last.
    pub(super) end: usize,
}

impl Glyph {
    /// Fills the unused end of a buffer.
    pub(super) const NONE: Self = Self {
        symbol: UNKNOWN,
        rank: FOREIGN,
        gap: Gap::Far,
        start: 0,
        end: 0,
    };

    /// Whether keys use this symbol.
    pub(super) const fn is_of_keys(&self) -> bool {
        self.rank < FOREIGN
    }

    /// Whether a word starts here.
    pub(super) fn starts_word(&self) -> bool {
        self.gap != Gap::None
    }
}

#[expect(clippy::cast_possible_truncation, reason = "25 symbols")]
const FOREIGN: u8 = ALPHABET.len() as u8;

/// `RANKS[byte]`: the place in the alphabet.
static RANKS: [u8; 256] = {
    let mut ranks = [FOREIGN; 256];
    let mut place = 0;
    #[expect(
        clippy::indexing_slicing,
        reason = "evaluated at compile time; an index out of bounds does not build"
    )]
    while place < FOREIGN {
        ranks[ALPHABET[place as usize] as usize] = place;
        place += 1;
    }
    ranks
};

/// The symbols of a text, in order.
#[derive(Clone, Debug)]
pub(super) struct Glyphs<'t> {
    text: &'t str,
    /// Where the next one is looked for: a character boundary.
    at: usize,
    /// The kind of the last one, since a change of kind ends a word.
    last: Option<bool>,
}

/// What a piece of text is to a key.
enum Piece {
    Symbol(u8),
    /// Letters of another script: in machine translations a word stands for one symbol.
    Alien,
    Masked,
    Gap(Gap),
}

impl<'t> Glyphs<'t> {
    pub(super) const fn starting(text: &'t str, at: usize) -> Self {
        Self {
            text,
            at,
            last: None,
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The end of the run of foreign letters that starts at `start`.
    fn skip_aliens(&mut self) {
        while let Some((Piece::Alien, length)) = piece(self.rest()) {
            self.at += length;
        }
    }
}

impl Iterator for Glyphs<'_> {
    type Item = Glyph;

    fn next(&mut self) -> Option<Glyph> {
        let mut gap = Gap::None;
        let mut marks = 0;
        loop {
            let start = self.at;
            let (piece, length) = piece(self.rest())?;
            self.at += length;
            let (symbol, plain) = match piece {
                Piece::Gap(wider) => {
                    marks += 1;
                    gap = if marks > FAR {
                        Gap::Far
                    } else {
                        gap.max(wider)
                    };
                    continue;
                }
                Piece::Symbol(symbol) => (symbol, true),
                Piece::Masked => (UNKNOWN, false),
                Piece::Alien => {
                    self.skip_aliens();
                    (UNKNOWN, false)
                }
            };
            // The text before the first symbol is a gap like any other.
            let seam = match self.last.replace(plain) {
                None => Gap::Seam,
                Some(last) if last != plain => Gap::Seam,
                Some(_) => Gap::None,
            };
            return Some(Glyph {
                symbol,
                rank: RANKS.get(usize::from(symbol)).copied().unwrap_or(FOREIGN),
                gap: gap.max(seam),
                start,
                end: self.at,
            });
        }
    }
}

/// What one piece of text is in the writing of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// A letter or digit, as `A`-`Z` or `0`-`9`.
    Symbol(u8),
    /// A hyphen or dash of any script.
    Hyphen,
    /// Any other gap.
    Gap,
    /// Letters of another script, or a character that masks.
    Unknown,
}

/// What a text begins with, and the bytes that it takes.
pub(crate) fn sight(rest: &str) -> Option<(Sight, usize)> {
    let (piece, length) = piece(rest)?;
    let sight = match piece {
        Piece::Symbol(symbol) => Sight::Symbol(symbol),
        Piece::Gap(Gap::Hyphen) => Sight::Hyphen,
        Piece::Gap(_) => Sight::Gap,
        Piece::Alien | Piece::Masked => Sight::Unknown,
    };
    Some((sight, length))
}

/// The first piece of a text, and its length in bytes.
fn piece(rest: &str) -> Option<(Piece, usize)> {
    match *rest.as_bytes().first()? {
        symbol if symbol.is_ascii_alphanumeric() => {
            return Some((Piece::Symbol(symbol.to_ascii_uppercase()), 1));
        }
        b'-' => return Some((Piece::Gap(Gap::Hyphen), 1)),
        b' ' => return Some((Piece::Gap(Gap::Blank), 1)),
        _ => {}
    }
    let first = rest.chars().next()?;
    if let Some(symbol) = fold(first) {
        return Some((Piece::Symbol(symbol), first.len_utf8()));
    }
    let written = match first {
        '&' => entity(rest),
        '<' => tag(rest),
        '\\' => escape(rest),
        '%' => percent(rest),
        _ => None,
    };
    Some(match written {
        Some((gap, length)) => (Piece::Gap(gap), length),
        None => (of_char(first), first.len_utf8()),
    })
}

fn of_char(c: char) -> Piece {
    match c {
        '*' | '#' | '?' | '•' | '●' | '∙' | '·' | '■' | '█' | '∗' | '＊' | '\u{FFFD}' => {
            Piece::Masked
        }
        _ => match gap(c) {
            Some(gap) => Piece::Gap(gap),
            None if c.is_alphanumeric() => Piece::Alien,
            None => Piece::Gap(Gap::Mark),
        },
    }
}

/// Dashes of every script, white space, and what is not seen; `None` for other characters.
fn gap(c: char) -> Option<Gap> {
    Some(match c {
        '-' | '‐'..='―' | '⁃' | '−' | '⸺' | '⸻' | '⎯' | '─' | '━' | '➖' | '˗' | '֊' | '־' | '᐀'
        | 'ー' | '〜' | '〰' | 'ｰ' | '﹘' | '﹣' | '－' => Gap::Hyphen,
        '\u{AD}' | '\u{34F}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        // Combining accents, which stand upon the symbol before.
        | '\u{300}'..='\u{34E}' | '\u{350}'..='\u{36F}' | '\u{20D0}'..='\u{20FF}' => Gap::Seam,
        _ if c.is_whitespace() => Gap::Blank,
        _ => return None,
    })
}

/// A character that is written as an escape counts only where it means a separator: `\x23MJW` may be
/// an escaped `#`, but in a key it is a mark and five symbols.
fn written(code: Option<u32>) -> Option<Gap> {
    gap(char::from_u32(code?)?)
}

/// `&ndash;`, `&#8209;`, `&#x2D;`.
fn entity(rest: &str) -> Option<(Gap, usize)> {
    let end = rest.bytes().take(12).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let gap = match name {
        "ndash" | "mdash" | "minus" | "hyphen" | "dash" | "horbar" => Gap::Hyphen,
        "nbsp" | "ensp" | "emsp" | "thinsp" | "Tab" | "NewLine" => Gap::Blank,
        "amp" | "quot" | "apos" | "lt" | "gt" => Gap::Mark,
        "shy" | "zwj" | "zwnj" | "lrm" | "rlm" => Gap::Seam,
        _ => {
            let number = name.strip_prefix('#')?;
            written(match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            })
            // A numbered quotation mark and the like.
            .unwrap_or(Gap::Mark)
        }
    };
    Some((gap, end + 1))
}

/// `<b>`, `</code>`, `<br />`: a short tag without attributes. One with attributes may hold the key.
fn tag(rest: &str) -> Option<(Gap, usize)> {
    let end = rest.bytes().take(16).position(|byte| byte == b'>')?;
    let name = rest.get(1..end)?;
    let name = name.strip_prefix('/').unwrap_or(name);
    let name = name.strip_suffix('/').unwrap_or(name).trim_end();
    let is_name =
        !name.is_empty() && name.len() <= 10 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_name.then_some((Gap::Seam, end + 1))
}

/// `\u2013`, `\xA0`, `\n`, `\-`.
fn escape(rest: &str) -> Option<(Gap, usize)> {
    let hex = |range: core::ops::Range<usize>| u32::from_str_radix(rest.get(range)?, 16).ok();
    match rest.as_bytes().get(1)? {
        b'u' => Some((written(hex(2..6))?, 6)),
        b'x' => Some((written(hex(2..4))?, 4)),
        b'n' | b'r' | b't' => Some((Gap::Blank, 2)),
        b'-' => Some((Gap::Hyphen, 2)),
        _ => None,
    }
}

/// `%20`, `%2D`, as in a URL.
fn percent(rest: &str) -> Option<(Gap, usize)> {
    match rest.get(1..3)? {
        "20" | "09" | "0A" | "0D" | "0a" | "0d" => Some((Gap::Blank, 3)),
        "2D" | "2d" => Some((Gap::Hyphen, 3)),
        _ => None,
    }
}

/// The ASCII letter (upper case) or digit that another character shows.
fn fold(c: char) -> Option<u8> {
    let code = u32::from(c);
    let counted = |first: char, base: u8, period: u32| {
        let place = (code - u32::from(first)) % period;
        u8::try_from(place).ok().map(|place| base + place % 26)
    };
    match c {
        '０'..='９' => counted('０', b'0', 10),
        'Ａ'..='Ｚ' => counted('Ａ', b'A', 26),
        'ａ'..='ｚ' => counted('ａ', b'A', 26),
        // Upper and lower case in turn, thirteen styles.
        '\u{1D400}'..='\u{1D6A3}' => counted('\u{1D400}', b'A', 52),
        '\u{1D7CE}'..='\u{1D7FF}' => counted('\u{1D7CE}', b'0', 10),
        '\u{1FBF0}'..='\u{1FBF9}' => counted('\u{1FBF0}', b'0', 10),
        'Ⓐ'..='Ⓩ' => counted('Ⓐ', b'A', 26),
        'ⓐ'..='ⓩ' => counted('ⓐ', b'A', 26),
        '①'..='⑨' => counted('①', b'1', 9),
        '🄐'..='🄩' => counted('🄐', b'A', 26),
        '🄰'..='🅉' => counted('🄰', b'A', 26),
        '🅐'..='🅩' => counted('🅐', b'A', 26),
        '🅰'..='🆉' => counted('🅰', b'A', 26),
        // Decimal digits: Arabic-Indic, its eastern form, Devanagari, Bengali, Thai; sub- and superscript.
        '٠'..='٩' => counted('٠', b'0', 10),
        '۰'..='۹' => counted('۰', b'0', 10),
        '०'..='९' => counted('०', b'0', 10),
        '০'..='৯' => counted('০', b'0', 10),
        '๐'..='๙' => counted('๐', b'0', 10),
        '₀'..='₉' => counted('₀', b'0', 10),
        '⁴'..='⁹' => counted('⁴', b'4', 10),
        _ => look(c),
    }
}

/// Letters and digits that look like an ASCII one in upper case.
fn look(c: char) -> Option<u8> {
    Some(match c {
        'А' | 'а' | 'Α' | 'α' => b'A',
        'В' | 'в' | 'Β' | 'ℬ' => b'B',
        'С' | 'с' | 'Ϲ' | 'ϲ' | 'Ⅽ' | 'ⅽ' | 'ℂ' | 'ℭ' => b'C',
        'ԁ' | 'Ⅾ' | 'ⅾ' => b'D',
        'Е' | 'е' | 'Ε' | 'ε' | 'ℰ' | 'ℯ' => b'E',
        'Ϝ' | 'ℱ' => b'F',
        'Ԍ' | 'ԍ' | 'ℊ' => b'G',
        'Н' | 'н' | 'Η' | 'Һ' | 'һ' | 'ℋ' | 'ℌ' | 'ℍ' => b'H',
        'І' | 'і' | 'Ι' | 'ι' | 'Ӏ' | 'ӏ' | 'Ⅰ' | 'ⅰ' | 'ℐ' | 'ℑ' => b'I',
        'Ј' | 'ј' | 'Ϳ' | 'ϳ' => b'J',
        'К' | 'к' | 'Κ' | 'κ' | '\u{212A}' => b'K',
        'Ⅼ' | 'ⅼ' | 'ℒ' | 'ℓ' => b'L',
        'М' | 'м' | 'Μ' | 'Ⅿ' | 'ⅿ' | 'ℳ' => b'M',
        'Ν' | 'ℕ' => b'N',
        'О' | 'о' | 'Ο' | 'ο' | 'ℴ' => b'O',
        'Р' | 'р' | 'Ρ' | 'ρ' | 'ℙ' => b'P',
        'Ԛ' | 'ԛ' | 'ℚ' => b'Q',
        'ℛ' | 'ℜ' | 'ℝ' => b'R',
        'Ѕ' | 'ѕ' => b'S',
        'Т' | 'т' | 'Τ' | 'τ' => b'T',
        'Ѵ' | 'ѵ' | 'ν' | 'Ⅴ' | 'ⅴ' => b'V',
        'Ԝ' | 'ԝ' | 'ω' => b'W',
        'Х' | 'х' | 'Χ' | 'χ' | 'Ⅹ' | 'ⅹ' => b'X',
        'У' | 'у' | 'Ү' | 'ү' | 'Υ' | 'υ' => b'Y',
        'Ζ' | 'ζ' | 'ℤ' | 'ℨ' => b'Z',
        '²' => b'2',
        '³' | 'З' | 'з' => b'3',
        _ => return None,
    })
}
