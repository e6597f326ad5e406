//! The words, texts and marks of a KQL or PowerShell copy.

use std::fmt;

/// Whose rules of writing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `// comment`, `"text \" with escapes"`.
    Kql,
    /// `# comment`, `'text '' with doubled quotes'`.
    PowerShell,
}

/// A piece of such a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A name or a number.
    Word(String),
    /// What stands in quotes.
    Text(String),
    Mark(char),
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(this) if this == word)
    }

    pub fn is_mark(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => write!(f, "{word:?}"),
            Self::Text(text) => write!(f, "the text {text:?}"),
            Self::Mark(mark) => write!(f, "{mark:?}"),
        }
    }
}

/// What PowerShell takes for a single quote.
pub fn is_single_quote(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}'..='\u{201b}')
}

/// The tokens, or at which line a text or an escape has no end.
pub fn tokens(text: &str, dialect: Dialect) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let is_quote = match dialect {
            Dialect::Kql => c == '"',
            Dialect::PowerShell => is_single_quote(c),
        };
        rest = if is_comment(rest, dialect) {
            rest.find('\n').map_or("", |end| &rest[end..])
        } else if is_quote {
            let line = text[..text.len() - rest.len()].matches('\n').count() + 1;
            let (value, after) = match dialect {
                Dialect::Kql => escaped(after),
                Dialect::PowerShell => doubled(after),
            }
            .ok_or_else(|| format!("line {line}: a quoted text is not closed or not right"))?;
            tokens.push(Token::Text(value));
            after
        } else if is_word(c) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..end].to_owned()));
            &rest[end..]
        } else {
            if !c.is_whitespace() {
                tokens.push(Token::Mark(c));
            }
            after
        };
    }
    Ok(tokens)
}

fn is_comment(rest: &str, dialect: Dialect) -> bool {
    rest.starts_with(match dialect {
        Dialect::Kql => "//",
        Dialect::PowerShell => "#",
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$')
}

/// A text up to its closing quote, and what follows.
fn escaped(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((place, c)) = characters.next() {
        match c {
            '"' => return Some((value, &text[place + 1..])),
            '\n' => return None,
            '\\' => match characters.next()?.1 {
                't' => value.push('\t'),
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                'u' => {
                    let digits = text.get(place + 2..place + 6)?;
                    value.push(char::from_u32(u32::from_str_radix(digits, 16).ok()?)?);
                    characters.nth(3);
                }
                c @ ('"' | '\'' | '\\') => value.push(c),
                _ => return None,
            },
            c => value.push(c),
        }
    }
    None
}

/// A text up to its closing quote, and what follows.
fn doubled(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices().peekable();
    while let Some((place, c)) = characters.next() {
        if is_single_quote(c) {
            // Of two quotes the first is the one that is meant.
            let Some(_) = characters.next_if(|(_, next)| is_single_quote(*next)) else {
                return Some((value, &text[place + c.len_utf8()..]));
            };
        }
        value.push(c);
    }
    None
}
