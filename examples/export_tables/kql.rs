//! A table as a KQL `datatable` (Log Analytics, Sentinel, Data Explorer), bound to a name.

use std::fmt::Write as _;

use crate::copy::{Copy, Stamp, field};
use crate::table::Table;
use crate::token::{Dialect, Token, tokens};

pub fn write(table: &Table) -> String {
    let name = format!("avma_{}", table.which.name());
    let columns = table.which.columns();
    let types = columns.iter().map(|column| {
        let kind = if column.is_number { "int" } else { "string" };
        format!("{}: {kind}", column.name)
    });
    let mut text = Stamp::of(table).comment("//");
    text += "// Put your query in the place of the last line.\n";
    let types = types.collect::<Vec<_>>().join(", ");
    let _ = writeln!(text, "let {name} = datatable ({types}) [");
    for row in &table.rows {
        let fields = columns.iter().zip(row).map(|(column, field)| {
            if column.is_number {
                field.clone()
            } else {
                quoted(field)
            }
        });
        let fields = fields.collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "    {fields},");
    }
    // The comma after the last row is not allowed everywhere.
    text.truncate(text.len() - ",\n".len());
    text + &format!("\n];\n{name}\n")
}

/// A string literal: backslashes and quotes escaped, control characters by number.
pub fn quoted(field: &str) -> String {
    let mut text = "\"".to_owned();
    for c in field.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(text, "\\u{:04x}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text + "\""
}

/// A copy whose datatable is as [`write()`] writes it, whatever its white space.
pub fn read(text: &str) -> Result<Copy, String> {
    let tokens = tokens(text, Dialect::Kql)?;
    let is_datatable = |token: &Token| token.is_word("datatable");
    let start = tokens.iter().position(is_datatable);
    let mut rest = tokens
        .iter()
        .skip(start.ok_or("there is no datatable")? + 1);
    if !rest.next().is_some_and(|token| token.is_mark('(')) {
        return Err("no columns follow the word datatable".to_owned());
    }
    let mut names = Vec::new();
    let mut is_name = true;
    for token in rest.by_ref().take_while(|token| !token.is_mark(')')) {
        match token {
            Token::Word(name) if is_name => {
                names.push(name.clone());
                is_name = false;
            }
            token => is_name |= token.is_mark(','),
        }
    }
    if names.is_empty() || !rest.next().is_some_and(|token| token.is_mark('[')) {
        return Err("no rows follow the columns of the datatable".to_owned());
    }
    let (mut values, mut is_closed) = (Vec::new(), false);
    for token in rest {
        match token {
            Token::Text(value) | Token::Word(value) => values.push(value),
            Token::Mark(',') => {}
            Token::Mark(']') => {
                is_closed = true;
                break;
            }
            Token::Mark(_) => return Err(format!("{token} among the values of the datatable")),
        }
    }
    if !is_closed || values.len() % names.len() != 0 {
        return Err(format!(
            "the datatable is cut off or a value is missing: {} values for {} columns",
            values.len(),
            names.len()
        ));
    }
    let row = |values: &[&String]| {
        let fields = names.iter().zip(values);
        fields.map(|(name, value)| field(name, value)).collect()
    };
    Ok(Copy {
        stamp: Stamp::from_comments(text, "//"),
        rows: values.chunks_exact(names.len()).map(row).collect(),
    })
}
