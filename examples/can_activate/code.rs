//! What an HRESULT means, by itself and for a host and a guest.

use avma::HResult;
use avma::assess::{Assessment, Can, Finding, Guest, HostFamily, Key, RULES, Rule};
use avma::catalog::codes::{Code, Remedy, UNLISTED};
use avma::catalog::keys::{KeyChannel, KeyRow, key};
use avma::source::AZURE_VM;
use serde_json::{Value, json};

use crate::output::source_json;

const INFERRED: &str =
    "that a rule shows as this code is inferred, except where the code's own text says it";

/// The pair for which a code is explained.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    pub assessment: &'a Assessment,
    pub guest: &'a Guest,
}

/// The code, then the rules of which it is a symptom.
pub fn text(code: HResult, here: Option<Here<'_>>) -> String {
    let mut lines = vec![format!(
        "code: {code}{}",
        code.symbol()
            .map_or(String::new(), |symbol| format!(" {symbol}"))
    )];
    lines.extend(said(code, here));
    match here {
        None => {
            for rule in rules(code) {
                lines.push(format!("  may be because ({}): {}", rule.id, rule.text));
                lines.push(format!("    on: {}", rule.families()));
                lines.push(format!("    remedy: {}", rule.remedy));
            }
        }
        Some(here) => lines.extend(fires(code, here.assessment)),
    }
    lines.push(if rules(code).next().is_some() {
        format!("  note: {INFERRED}")
    } else {
        "  no rule has this code as a symptom".to_owned()
    });
    lines.join("\n") + "\n"
}

/// What the table says of the code.
fn said(code: HResult, here: Option<Here<'_>>) -> Vec<String> {
    let Some(row) = code.code() else {
        return vec![
            format!("  means: {UNLISTED}"),
            format!("  source: {}", code.source()),
            format!("  look it up: slui.exe 0x2a {code} shows Windows' own text"),
        ];
    };
    let mut lines = vec![
        format!("  means: {}", row.meaning),
        format!("  source: {}", row.source),
    ];
    if let Some(note) = row.key_note() {
        let note = doubt(here).unwrap_or(note);
        lines.push(format!("  key: {note}"));
        lines.push(format!("  for AVMA: {}", install(here)));
    }
    if let Some(remedy) = remedy(row, here) {
        lines.push(format!("  remedy: {}", remedy.text));
        if remedy.source != row.source {
            lines.push(format!("    source: {}", remedy.source));
        }
    }
    lines
}

/// What the row says to do; what it says of Azure only where the host may be Azure.
fn remedy(row: &Code, here: Option<Here<'_>>) -> Option<Remedy> {
    let may_be_azure = |here: Here<'_>| {
        let mut findings = here.assessment.explain(row.hresult);
        findings.any(|finding| finding.rule.source == AZURE_VM)
    };
    row.remedy
        .filter(|remedy| remedy.source != AZURE_VM || here.is_none_or(may_be_azure))
}

/// Why a code of KMS activation does not tell the installed key here.
fn doubt(here: Option<Here<'_>>) -> Option<&'static str> {
    match here?.assessment.key() {
        Key::Unknown | Key::Gvlk | Key::OtherGeneric => None,
        _ => Some(
            "this is a code of KMS activation, and the key that was given is no KMS client key: \
             the code may be older than the key",
        ),
    }
}

/// Which key a guest with a KMS client key needs for AVMA.
pub fn install(here: Option<Here<'_>>) -> String {
    const BY_NAME: &str =
        "install the AVMA key of the guest's release and edition (which_key names it)";
    let Some(Here { assessment, guest }) = here else {
        return BY_NAME.to_owned();
    };
    if assessment.key() == Key::Right {
        return "the AVMA key is in: run slmgr /ato, and look at the code that it gives".to_owned();
    }
    let forbidden = assessment.can() == Can::NotEligible;
    if forbidden && assessment.mended_by().is_none() {
        return "the host does not activate this guest, so no AVMA key helps".to_owned();
    }
    let install = if guest.release.is_unknown() && guest.product.is_unknown() {
        BY_NAME.to_owned()
    } else {
        match avma_key(guest) {
            Ok(row) => format!("install the AVMA key: slmgr /ipk {}", row.key),
            Err(Nameless::Open) => BY_NAME.to_owned(),
            Err(Nameless::NoRow) => {
                return "this crate's table has no AVMA key for this guest".to_owned();
            }
        }
    };
    match (forbidden, guest.evaluation.as_bool()) {
        (_, Some(true)) => format!("convert the evaluation copy first, then {install}"),
        (true, _) => format!("mend first what forbids it, then {install}"),
        (false, _) => install,
    }
}

/// Why there is no one AVMA key for a guest.
pub enum Nameless {
    /// What it may be has different keys, or some of it none.
    Open,
    /// Nothing that it may be has a key.
    NoRow,
}

/// The AVMA key of everything that the guest may be.
pub fn avma_key(guest: &Guest) -> Result<&'static KeyRow, Nameless> {
    let products = guest.product;
    let rows: Vec<Option<&'static KeyRow>> = guest
        .release
        .iter()
        .flat_map(|release| {
            products
                .iter()
                .map(move |product| key(release.release()?, product, KeyChannel::Avma))
        })
        .collect();
    let Some(first) = rows.iter().find_map(|row| *row) else {
        return Err(Nameless::NoRow);
    };
    let same = |row: Option<&KeyRow>| row.is_some_and(|row| row.key == first.key);
    if rows.iter().copied().all(same) {
        Ok(first)
    } else {
        Err(Nameless::Open)
    }
}

fn fires(code: HResult, assessment: &Assessment) -> Vec<String> {
    let findings: Vec<Finding> = assessment.explain(code).collect();
    let mut lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            let how = if finding.certain {
                "here for certain"
            } else {
                "possible here"
            };
            format!("  {how} ({}): {}", finding.rule.id, finding.rule.text)
        })
        .collect();
    lines.extend(
        rules(code)
            .filter(|rule| !findings.iter().any(|finding| finding.rule.id == rule.id))
            .map(|rule| format!("  not here ({}): {}", rule.id, rule.text)),
    );
    if findings.is_empty() && rules(code).next().is_some() {
        lines.push("  by these facts the code is not expected here: check them".to_owned());
    }
    lines
}

fn rules(code: HResult) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .copied()
        .filter(move |rule| rule.symptoms.contains(&code))
}

/// The same as JSON. What is null of the code itself is not in the crate's table.
pub fn json(code: HResult, here: Option<Here<'_>>) -> Value {
    let findings: Option<Vec<Finding>> = here.map(|here| here.assessment.explain(code).collect());
    let fires = |rule: &Rule| {
        let findings = findings.as_ref()?;
        let found = findings.iter().find(|finding| finding.rule.id == rule.id);
        Some(match found {
            Some(finding) if finding.certain => "certain",
            Some(_) => "possible",
            None => "no",
        })
    };
    let row = code.code();
    let remedy = row.and_then(|row| remedy(row, here));
    let note = row.and_then(Code::key_note);
    json!({
        "code": code.to_string(),
        "symbol": code.symbol(),
        "meaning": code.meaning(),
        "source": source_json(&code.source()),
        "kms": row.map(|row| row.kms),
        "key_note": note.map(|note| doubt(here).unwrap_or(note)),
        "for_avma": note.map(|_| install(here)),
        "remedy": remedy.map(|remedy| remedy.text),
        "remedy_source": remedy.map(|remedy| source_json(&remedy.source)),
        "symptom_of": rules(code).map(|rule| json!({
            "rule": rule.id,
            "text": rule.text,
            "remedy": rule.remedy,
            "host_families": rule.families().iter().map(HostFamily::as_str).collect::<Vec<_>>(),
            "fires": fires(rule),
        })).collect::<Vec<_>>(),
    })
}
