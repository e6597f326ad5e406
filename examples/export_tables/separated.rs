//! A table as comma-separated values (RFC 4180).
//!
//! There are no comments in such a file, and a reader would take one for the column names: the stamp
//! stands in columns of its own, so that each row says where it came from.

use crate::copy::{Copy, Stamp, field};
use crate::table::Table;

const VERSION: &str = "table_version";
const DATED: &str = "table_dated";
const DIGEST: &str = "table_sha256";

pub fn write(table: &Table) -> String {
    let columns = table.which.columns().iter().map(|column| column.name);
    let mut text = line(columns.chain([VERSION, DATED, DIGEST]));
    let digest = table.digest();
    let stamp = [Table::version(), table.dated(), digest.as_str()];
    for row in &table.rows {
        text += &line(row.iter().map(String::as_str).chain(stamp));
    }
    text
}

fn line<'a>(fields: impl Iterator<Item = &'a str>) -> String {
    fields.map(quoted).collect::<Vec<_>>().join(",") + "\n"
}

/// In quotes where it needs them, quotes doubled.
fn quoted(field: &str) -> String {
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

pub fn read(text: &str) -> Result<Copy, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().map_err(|error| error.to_string())?.clone();
    let mut stamp: Option<Stamp> = None;
    let mut rows = Vec::new();
    for (place, record) in reader.records().enumerate() {
        let record = record.map_err(|error| error.to_string())?;
        let mut here = Stamp::default();
        let mut row = Vec::new();
        for (name, value) in names.iter().zip(&record) {
            match name {
                VERSION => here.version = Some(value.to_owned()),
                DATED => here.dated = Some(value.to_owned()),
                DIGEST => here.digest = Some(value.to_owned()),
                _ => row.push(field(name, value)),
            }
        }
        if *stamp.get_or_insert_with(|| here.clone()) != here {
            return Err(format!(
                "row {} carries another stamp than row 1: rows of several exports are mixed",
                place + 1
            ));
        }
        rows.push(row);
    }
    Ok(Copy {
        stamp: stamp.unwrap_or_default(),
        rows,
    })
}
