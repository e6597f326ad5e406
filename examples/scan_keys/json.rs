//! The report as JSON, an object a line.

use std::io::{self, Write};

use avma::catalog::mask::Masked;
use avma::scan::What;
use avma::{Fact, Possibility};
use serde_json::{Value, json};

use crate::Total;
use crate::found::Key;
use crate::report::Report;

pub struct Json {
    all: bool,
}

impl Json {
    pub fn new(all: bool) -> Self {
        Self { all }
    }
}

impl Report for Json {
    fn key(&mut self, key: &Key<'_>, out: &mut dyn Write) -> io::Result<()> {
        let judgement = &key.judgement;
        if !key.is_reported() && !self.all {
            return Ok(());
        }
        let (what, edits) = match key.finding.what {
            What::Published(_) => ("published", None),
            What::Damaged { edits, .. } => ("damaged", Some(edits)),
            What::Suggested { edits, .. } => ("suggested", Some(edits)),
            What::Suffix(_) => ("suffix", None),
            What::Unlisted(_) => ("unlisted", None),
            _ => ("other", None),
        };
        let last_five = match key.finding.what {
            What::Unlisted(last_five) => Some(last_five),
            _ => None,
        };
        let named = key.finding.named();
        let object = json!({
            "type": "key",
            "file": Masked(key.file).to_string(),
            "line": key.start.line,
            "column": key.start.column,
            "end_line": key.end.line,
            "end_column": key.end.column,
            "what": what,
            "edits": edits,
            "key": named.map(|key| key.key.to_string()),
            "name": named.map(|key| key.name().to_string()),
            "last_five": last_five.map(|last| last.to_string()),
            "channel": named.map(|key| key.channel.as_str()),
            "product": named.map(|key| key.product.as_str()),
            "releases": named.map(|key| fact(key.releases, |release| release.as_str())),
            "wanted": {
                "releases": fact(key.wanted.releases, |release| release.as_str()),
                "products": fact(key.wanted.products, |product| product.as_str()),
                "evaluation": key.wanted.evaluation.as_bool(),
                "channel": key.wanted.channel.map(|channel| channel.as_str()),
                "caption": key.caption.map(|(place, caption)| json!({
                    "line": place.line,
                    "text": Masked(caption).to_string(),
                })),
            },
            "level": key.level(),
            "verdict": judgement.verdict().as_str(),
            "faults": judgement.faults().map(|fault| fault.as_str()).collect::<Vec<_>>(),
            "should": judgement.should.map(|row| json!({
                "key": row.key.to_string(),
                "channel": row.channel.as_str(),
                "release": row.release.as_str(),
                "product": row.product.as_str(),
                "evidence": row.source.evidence.as_str(),
            })),
        });
        writeln!(out, "{object}")
    }

    fn fault(&mut self, file: &str, message: &str, out: &mut dyn Write) -> io::Result<()> {
        let file = Masked(file).to_string();
        writeln!(
            out,
            "{}",
            json!({ "type": "input-fault", "file": file, "message": message })
        )
    }

    fn finish(&mut self, total: &Total, out: &mut dyn Write) -> io::Result<()> {
        let object = json!({
            "type": "total",
            "files": total.files,
            "binary": total.binary,
            "unreadable": total.unreadable,
            "keys": total.keys,
            "right": total.right,
            "wrong": total.wrong,
            "not_judged": total.not_judged,
            "unlisted": total.unlisted,
        });
        writeln!(out, "{object}")
    }
}

/// What a fact may be, or null where nothing is known.
fn fact<T: Possibility>(fact: Fact<T>, slug: impl Fn(T) -> &'static str) -> Value {
    if fact.is_unknown() {
        Value::Null
    } else {
        fact.iter().map(slug).collect()
    }
}
