//! A table as a PowerShell script whose value is an ordered hashtable.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::copy::{Copy, Stamp, field};
use crate::table::Table;
use crate::token::{Dialect, Token, tokens};

pub fn write(table: &Table) -> String {
    let columns = table.which.columns();
    let stamp = Stamp::of(table);
    let (file, first) = (format!("avma-{}.ps1", table.which.name()), columns[0].name);
    let mut text = stamp.comment("#");
    let _ = writeln!(
        text,
        "# $avma = & ./{file}; $avma.rows | Where-Object {{ $_.{first} -eq '...' }}"
    );
    text += "[ordered]@{\n";
    for (name, value) in stamp.fields() {
        let _ = writeln!(text, "    {name} = {}", quoted(value));
    }
    text += "    rows = @(\n";
    for row in &table.rows {
        let fields = columns.iter().zip(row).map(|(column, field)| {
            let value = if column.is_number {
                field.clone()
            } else {
                quoted(field)
            };
            format!("{} = {value}", column.name)
        });
        let fields = fields.collect::<Vec<_>>().join("; ");
        let _ = writeln!(text, "        [ordered]@{{ {fields} }}");
    }
    text + "    )\n}\n"
}

/// A string in single quotes, in which nothing is expanded. PowerShell takes the typographic quotes for
/// the plain one, so that they are doubled too.
pub fn quoted(field: &str) -> String {
    let mut text = "'".to_owned();
    for c in field.chars() {
        text.push(c);
        if crate::token::is_single_quote(c) {
            text.push(c);
        }
    }
    text + "'"
}

/// A copy whose hashtables are as [`write()`] writes them, whatever its white space.
pub fn read(text: &str) -> Result<Copy, String> {
    let tokens = tokens(text, Dialect::PowerShell)?;
    let mut open: Vec<Vec<(String, String)>> = Vec::new();
    let (mut rows, mut stamp) = (Vec::new(), None);
    for (place, token) in tokens.iter().enumerate() {
        if token.is_mark('{') {
            open.push(Vec::new());
        } else if is_code(
            place.checked_sub(1).and_then(|place| tokens.get(place)),
            token,
        ) {
            return Err(format!(
                "{token} is more than names and values: it is not run here"
            ));
        } else if token.is_mark('}') {
            let closed = open.pop().ok_or("a brace is closed that was not opened")?;
            if open.is_empty() {
                stamp = Some(closed);
            } else {
                rows.push(closed);
            }
        } else if token.is_mark('=') {
            let name = place.checked_sub(1).and_then(|place| tokens.get(place));
            let (Some(Token::Word(name)), Some(fields)) = (name, open.last_mut()) else {
                return Err("a value stands without its name, or outside of a hashtable".to_owned());
            };
            if let Some(Token::Text(value) | Token::Word(value)) = tokens.get(place + 1) {
                fields.push(field(name, value));
            } else if name != "rows" {
                return Err(format!("{name} has no value"));
            }
        }
    }
    let (true, Some(stamp)) = (open.is_empty(), stamp) else {
        return Err("there is no hashtable, or it is cut off".to_owned());
    };
    let stamp: BTreeMap<_, _> = stamp.into_iter().collect();
    let of = |name: &str| stamp.get(name).cloned();
    Ok(Copy {
        stamp: Stamp {
            table: of("table"),
            version: of("version"),
            dated: of("dated"),
            digest: of("sha256"),
        },
        rows,
    })
}

/// What makes another value of a text or a number: an operator, a method, a further text.
fn is_code(before: Option<&Token>, token: &Token) -> bool {
    match token {
        Token::Text(_) => !before.is_some_and(|before| before.is_mark('=')),
        Token::Mark(mark) => !"[]@{}()=;".contains(*mark),
        Token::Word(_) => false,
    }
}
