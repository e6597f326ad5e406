//! The answer about a host and a guest as one JSON object.

use avma::HResult;
use avma::assess::{Assessment, FactName, Finding, HostFamily, MendedBy, Verdict};
use serde_json::{Map, Value, json};

use crate::arguments::Pair;
use crate::code::{self, Here};
use crate::output::source_json;
use crate::report::is_of_guest;

/// The object; `key` and `code` are null where they were not given. `code` is the first of `codes`.
pub fn pair(pair: &Pair, assessment: &Assessment) -> Value {
    let family = pair.facts.host.families().known_element();
    let guest = &pair.facts.guest;
    let here = Here { assessment, guest };
    let codes: Vec<Value> = pair
        .codes
        .iter()
        .map(|code| code::json(*code, Some(here)))
        .collect();
    json!({
        "answer": assessment.can().as_str(),
        "possible": assessment.verdicts().iter().map(Verdict::as_str).collect::<Vec<_>>(),
        "avma_key": code::avma_key(guest).ok().map(|row| row.key.to_string()),
        "install": crate::report::install(pair, assessment),
        "basis": assessment.basis().map(|cell| source_json(&cell.source)),
        "host_family": family.map(HostFamily::as_str),
        "host": facts(pair, false),
        "guest": facts(pair, true),
        "findings": assessment.findings().map(|f| finding(&f)).collect::<Vec<_>>(),
        "mended_by": assessment.mended_by().map(MendedBy::as_str),
        "missing": assessment.missing().map_or_else(Vec::new, |facts| {
            facts.iter().map(FactName::as_str).collect()
        }),
        "next_fact": assessment.next_fact().map(FactName::as_str),
        "key": pair.key.map(|key| crate::key::json(key, &pair.facts.guest)),
        "code": codes.first(),
        "codes": codes,
        "warnings": pair.warnings,
    })
}

/// Codes alone: the object of the one, or an object with all.
pub fn codes(codes: &[HResult]) -> Value {
    match codes {
        [one] => code::json(*one, None),
        _ => json!({
            "codes": codes.iter().map(|code| code::json(*code, None)).collect::<Vec<_>>(),
        }),
    }
}

/// Each fact as the list of its values, null where nothing is known.
fn facts(pair: &Pair, of_guest: bool) -> Value {
    let mut facts = Map::new();
    for name in FactName::ALL {
        if is_of_guest(*name) != of_guest {
            continue;
        }
        if let Some(values) = pair.facts.shown(*name) {
            let value = if values == ["unknown"] {
                Value::Null
            } else {
                values.into()
            };
            facts.insert(name.as_str().to_owned(), value);
        }
    }
    facts.into()
}

fn finding(finding: &Finding) -> Value {
    let rule = finding.rule;
    json!({
        "rule": rule.id,
        "certain": finding.certain,
        "effect": rule.effect.as_str(),
        "text": rule.text,
        "remedy": rule.remedy,
        "mended_by": rule.mended_by.as_str(),
        "symptoms": rule.symptoms.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "source": source_json(&finding.source),
    })
}
