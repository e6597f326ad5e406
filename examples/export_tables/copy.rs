//! A copy of a table as it was found, in any form: fields by the names that it gives them.

use crate::table::{Table, Which};
use crate::{json, kql, powershell, separated};

const STAMP_IS: [&str; 3] = [
    "dated is the newest date among the sources of the rows. sha256 is that of the column",
    "names as one line, then a line for each row: TAB between the fields, LF at the end of",
    "each line, UTF-8. export_tables --check FILE makes it again from the rows below.",
];

/// What a copy says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    pub table: Option<String>,
    pub version: Option<String>,
    pub dated: Option<String>,
    pub digest: Option<String>,
}

impl Stamp {
    /// That of a table of this version.
    pub fn of(table: &Table) -> Self {
        Self {
            table: Some(table.which.name().to_owned()),
            version: Some(Table::version().to_owned()),
            dated: Some(table.dated().to_owned()),
            digest: Some(table.digest()),
        }
    }

    /// Each by its name.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let fields = [
            ("table", &self.table),
            ("version", &self.version),
            ("dated", &self.dated),
            ("sha256", &self.digest),
        ];
        fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }

    /// Lines of comment that carry it, and say what it is.
    pub fn comment(&self, mark: &str) -> String {
        let mut lines = vec!["A table of the crate avma, by its example export_tables.".to_owned()];
        let fields = self.fields();
        lines.extend(fields.map(|(name, value)| format!("{name}: {value}")));
        lines.extend(STAMP_IS.map(str::to_owned));
        lines
            .iter()
            .flat_map(|line| [mark, " ", line, "\n"])
            .collect()
    }

    /// From such lines.
    pub fn from_comments(text: &str, mark: &str) -> Self {
        let value = |name: &str| {
            let lines = text
                .lines()
                .filter_map(|line| line.trim().strip_prefix(mark));
            let mut values =
                lines.filter_map(|line| line.trim().strip_prefix(name)?.strip_prefix(':'));
            values.next().map(|value| value.trim().to_owned())
        };
        Self {
            table: value("table"),
            version: value("version"),
            dated: value("dated"),
            digest: value("sha256"),
        }
    }
}

/// A copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    pub stamp: Stamp,
    /// Of each row the fields, with their names.
    pub rows: Vec<Vec<(String, String)>>,
}

/// A field with its name.
pub fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Reads a copy in whichever form it is: each begins in its own way.
pub fn read(text: &str) -> Result<Copy, String> {
    let start = text.trim_start();
    if start.is_empty() {
        Err("it is empty".to_owned())
    } else if start.starts_with('{') {
        json::read(text)
    } else if start.starts_with("//") || start.starts_with("let ") {
        kql::read(text)
    } else if start.starts_with('[') && !start.starts_with("[ordered]") {
        Err("an array is none of the forms that export_tables writes".to_owned())
    } else if start.starts_with(['#', '[', '@', '$']) {
        powershell::read(text)
    } else {
        separated::read(text)
    }
}

impl Copy {
    /// The rows as a table. An unknown name of a table is a fault; without one the columns tell.
    pub fn table(&self) -> Result<Table, String> {
        let which = match &self.stamp.table {
            Some(name) => Which::read(name)?,
            None => self.by_columns()?,
        };
        let mut rows = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            rows.push(ordered(row, which).map_err(|fault| format!("row {}: {fault}", place + 1))?);
        }
        Ok(Table { which, rows })
    }

    fn by_columns(&self) -> Result<Which, String> {
        let first = self.rows.first().ok_or("it has no rows")?;
        let has = |name: &str| first.iter().any(|(this, _)| this == name);
        let mut all = Which::ALL.into_iter();
        let which = all.find(|which| which.naming_columns().iter().all(|name| has(name)));
        which
            .ok_or_else(|| "its columns are those of no table that export_tables writes".to_owned())
    }
}

/// The fields in the order of the table's columns.
fn ordered(row: &[(String, String)], which: Which) -> Result<Vec<String>, String> {
    let columns = which.columns();
    let mut fields = Vec::new();
    for column in columns {
        let mut found = row.iter().filter(|(name, _)| name == column.name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => fields.push(value.clone()),
            (None, _) => return Err(format!("there is no field {:?}", column.name)),
            (Some(_), Some(_)) => return Err(format!("{:?} stands there twice", column.name)),
        }
    }
    let is_known = |name: &str| columns.iter().any(|column| column.name == name);
    match row.iter().find(|(name, _)| !is_known(name)) {
        Some((name, _)) => Err(format!("table {} has no column {name:?}", which.name())),
        None => Ok(fields),
    }
}
