//! A table as one JSON object, a line to each row.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::copy::{Copy, Stamp, field};
use crate::table::Table;

const DIGEST: &str = "SHA-256 of the column names as one line, then a line for each row: TAB between \
     the fields, LF at the end of each line, UTF-8";
const DATED: &str = "the newest date among the sources of the rows";

pub fn write(table: &Table) -> String {
    let columns: Vec<&str> = table.which.columns().iter().map(|c| c.name).collect();
    let head = [
        ("table", json!(table.which.name())),
        ("version", json!(Table::version())),
        ("dated", json!(table.dated())),
        ("dated_is", json!(DATED)),
        ("sha256", json!(table.digest())),
        ("sha256_is", json!(DIGEST)),
        ("columns", json!(columns)),
    ];
    let mut text = "{\n".to_owned();
    for (name, value) in head {
        let _ = writeln!(text, "  \"{name}\": {value},");
    }
    text += "  \"rows\": [\n";
    let rows = table.rows.iter().map(|row| {
        let fields = table
            .which
            .columns()
            .iter()
            .zip(row)
            .map(|(column, field)| {
                let number = field.parse::<u64>().ok().filter(|_| column.is_number);
                let value = number.map_or_else(|| json!(field), |number| json!(number));
                (column.name.to_owned(), value)
            });
        format!("    {}", Value::from(fields.collect::<Map<_, _>>()))
    });
    text + &rows.collect::<Vec<_>>().join(",\n") + "\n  ]\n}\n"
}

pub fn read(text: &str) -> Result<Copy, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let stamp = |name: &str| Some(value.get(name)?.as_str()?.to_owned());
    let rows = value.get("rows").and_then(Value::as_array);
    let rows = rows.ok_or("there is no array \"rows\"")?;
    let mut read = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let row = row.as_object();
        let row = row.ok_or_else(|| format!("row {}: no object", place + 1))?;
        let fields = row.iter().map(|(name, value)| match value {
            Value::String(text) => Ok(field(name, text)),
            Value::Number(number) => Ok(field(name, &number.to_string())),
            _ => Err(format!(
                "row {}: {name:?} is neither text nor a number",
                place + 1
            )),
        });
        read.push(fields.collect::<Result<_, _>>()?);
    }
    Ok(Copy {
        stamp: Stamp {
            table: stamp("table"),
            version: stamp("version"),
            dated: stamp("dated"),
            digest: stamp("sha256"),
        },
        rows: read,
    })
}
