//! A copy against its own digest, and against this version's table.

use std::fmt;

use crate::copy::{Copy, Stamp};
use crate::output::shown;
use crate::table::{Table, Which};

/// How many differences are named.
const NAMED: usize = 20;

/// What a copy was found to be.
pub struct Checked {
    stamp: Stamp,
    /// The digest and the date of the rows as they are.
    digest: String,
    dated: String,
    which: Which,
    rows: usize,
    /// That of this version's table.
    current: String,
    /// Against this version's table.
    differences: Vec<String>,
}

impl Checked {
    pub fn of(copy: &Copy) -> Result<Self, String> {
        let table = copy.table()?;
        let here = Table::of(table.which);
        Ok(Self {
            stamp: copy.stamp.clone(),
            digest: table.digest(),
            dated: table.dated().to_owned(),
            which: table.which,
            rows: table.rows.len(),
            current: here.digest(),
            differences: differences(&table, &here),
        })
    }

    /// As stamped, and as this version's table.
    pub fn is_right(&self) -> bool {
        self.is_as_stamped() && self.is_date_right() && self.is_current()
    }

    fn is_as_stamped(&self) -> bool {
        let stamped = self.stamp.digest.as_deref();
        stamped.is_some_and(|stamped| stamped.eq_ignore_ascii_case(&self.digest))
    }

    fn is_date_right(&self) -> bool {
        self.stamp
            .dated
            .as_ref()
            .is_none_or(|dated| *dated == self.dated)
    }

    fn is_current(&self) -> bool {
        self.digest == self.current
    }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.which.name();
        write!(f, "table {name}, {} rows", self.rows)?;
        match &self.stamp.version {
            Some(version) => writeln!(f, ", written by version {}", told(version))?,
            None => writeln!(f, ", of a version that it does not tell")?,
        }
        match &self.stamp.digest {
            Some(_) if self.is_as_stamped() => {
                writeln!(
                    f,
                    "  its rows are those that were written: sha256 {}",
                    self.digest
                )?;
            }
            Some(stamped) => {
                writeln!(f, "  its rows were CHANGED after it was written:")?;
                writeln!(f, "    sha256 that it carries  {}", told(stamped))?;
                writeln!(f, "    sha256 of its rows      {}", self.digest)?;
            }
            None => {
                writeln!(
                    f,
                    "  it carries NO DIGEST, so nothing tells whether it was changed"
                )?;
            }
        }
        if let (Some(dated), false) = (&self.stamp.dated, self.is_date_right()) {
            let (dated, rows) = (told(dated), told(&self.dated));
            writeln!(
                f,
                "  it says dated {dated}, the newest source of its rows is of {rows}"
            )?;
        }
        let version = Table::version();
        if self.is_current() {
            return writeln!(f, "  they are the rows of this version, {version}");
        }
        writeln!(f, "  they are NOT the rows of this version, {version}:")?;
        for difference in self.differences.iter().take(NAMED) {
            writeln!(f, "    {difference}")?;
        }
        if let Some(more) = self.differences.len().checked_sub(NAMED + 1) {
            writeln!(f, "    and {} more", more + 1)?;
        }
        writeln!(
            f,
            "  write it again with: export_tables --table {name} -o FILE"
        )
    }
}

/// A word of the copy: quoted where it is not plain.
fn told(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+');
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        shown(word)
    }
}

/// What a person would have to change in the copy, row by row.
fn differences(copy: &Table, here: &Table) -> Vec<String> {
    let which = copy.which;
    let mut differences = Vec::new();
    for (place, row) in copy.rows.iter().enumerate() {
        let name = name_of(row, which);
        let same = |other: &&Vec<String>| name_of(other, which) == name;
        let place = place + 1;
        if copy.rows.iter().take(place - 1).any(|other| same(&other)) {
            differences.push(format!("row {place}, {name}: stands there twice"));
            continue;
        }
        let Some(right) = here.rows.iter().find(same) else {
            differences.push(format!("row {place}, {name}: this version has no such row"));
            continue;
        };
        for ((column, found), right) in which.columns().iter().zip(row).zip(right) {
            if found != right {
                let (column, found, right) = (column.name, shown(found), shown(right));
                differences.push(format!(
                    "row {place}, {name}: {column} is {found}, here {right}"
                ));
            }
        }
    }
    for row in &here.rows {
        let name = name_of(row, which);
        if !copy.rows.iter().any(|other| name_of(other, which) == name) {
            differences.push(format!("{name}: the copy has no such row"));
        }
    }
    if differences.is_empty() && copy.rows != here.rows {
        differences.push("the rows are the same, in another order".to_owned());
    }
    differences
}

/// `2022 standard avma`.
fn name_of(row: &[String], which: Which) -> String {
    let columns = which.columns().iter().zip(row);
    let naming = columns.filter(|(column, _)| which.naming_columns().contains(&column.name));
    let words = naming
        .map(|(_, field)| field)
        .filter(|field| !field.is_empty());
    words.map(|field| told(field)).collect::<Vec<_>>().join(" ")
}
