//! The report for people, in the form of a compiler's diagnostics.

use std::io::{self, Write};

use avma::catalog::mask::Masked;
use avma::scan::Verdict;

use crate::Total;
use crate::found::Key;
use crate::quote::Quote;
use crate::report::Report;

pub struct Text {
    all: bool,
}

impl Text {
    pub fn new(all: bool) -> Self {
        Self { all }
    }
}

impl Report for Text {
    fn key(&mut self, key: &Key<'_>, out: &mut dyn Write) -> io::Result<()> {
        if !key.is_reported() && !self.all {
            return Ok(());
        }
        let level = key.level();
        let faults: Vec<_> = key
            .judgement
            .faults()
            .map(|fault| fault.to_string())
            .collect();
        let headline = match key.judgement.verdict() {
            Verdict::Wrong | Verdict::Unlisted => faults.join("; "),
            Verdict::Right => "the right key".to_owned(),
            _ => "a key, of whose place nothing is known".to_owned(),
        };
        let id = key
            .leading()
            .map_or(String::new(), |fault| format!("[{}]", fault.as_str()));
        let quote = Quote::of(key);
        let line = key.start.line.to_string();
        let edge = " ".repeat(line.len());
        writeln!(out, "{level}{id}: {headline}")?;
        writeln!(
            out,
            "{edge}--> {}:{line}:{}",
            Masked(key.file),
            key.start.column
        )?;
        writeln!(out, "{edge} |")?;
        writeln!(out, "{line} | {}", quote.line)?;
        writeln!(
            out,
            "{edge} | {}{} {}",
            " ".repeat(quote.before),
            "^".repeat(quote.length.max(1)),
            key.what()
        )?;
        if let Some((place, caption)) = key
            .caption
            .filter(|(place, _)| place.line != key.start.line)
        {
            let caption = Masked(caption).to_string();
            writeln!(out, "{edge} = note: line {} says: {caption}", place.line)?;
        }
        if let Some(help) = key.help() {
            writeln!(out, "{edge} = help: {help}")?;
        }
        writeln!(out)
    }

    fn fault(&mut self, file: &str, message: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "error: {message}\n --> {}\n", Masked(file))
    }

    fn finish(&mut self, total: &Total, out: &mut dyn Write) -> io::Result<()> {
        let Total {
            files,
            binary,
            unreadable,
            keys,
            right,
            wrong,
            not_judged,
            unlisted,
            denied: _,
        } = total;
        write!(
            out,
            "{} in {}: {wrong} wrong, {right} right, {not_judged} not judged",
            count(*keys, "key"),
            count(*files, "file")
        )?;
        if *unlisted > 0 {
            write!(out, ", {unlisted} in no published list")?;
        }
        writeln!(out)?;
        if *binary > 0 {
            writeln!(out, "skipped: {}", count(*binary, "binary file"))?;
        }
        if *unreadable > 0 {
            writeln!(out, "not read: {}", count(*unreadable, "file or folder"))?;
        }
        Ok(())
    }
}

fn count(number: usize, noun: &str) -> String {
    match (number, noun.split_once(' ')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(("file", rest))) => format!("{number} files {rest}s"),
        _ => format!("{number} {noun}s"),
    }
}
