//! What an HRESULT means, by itself and for a host and a guest.

use avma::HResult;
use avma::assess::{Assessment, Finding, HostFamily, RULES, Rule};
use avma::source::SLERROR;
use serde_json::{Value, json};

const INFERRED: &str =
    "that a rule shows as this code is inferred, except where the code's own text says it";

/// The code, then the rules of which it is a symptom.
pub fn text(code: HResult, assessment: Option<&Assessment>) -> String {
    let mut lines = vec![format!(
        "code: {code}{}",
        code.symbol()
            .map_or(String::new(), |symbol| format!(" {symbol}"))
    )];
    lines.push(match code.meaning() {
        Some(meaning) => format!("  means: {meaning}"),
        None => "  means: not known here; it is none of the activation codes that are documented for AVMA"
            .to_owned(),
    });
    if code
        .symbol()
        .is_some_and(|symbol| symbol.starts_with("SL_"))
    {
        lines.push(format!("  source: {SLERROR}"));
    }
    match assessment {
        None => {
            for rule in rules(code) {
                lines.push(format!("  may be because ({}): {}", rule.id, rule.text));
                lines.push(format!("    on: {}", rule.families()));
                lines.push(format!("    remedy: {}", rule.remedy));
            }
        }
        Some(assessment) => lines.extend(here(code, assessment)),
    }
    lines.push(if rules(code).next().is_some() {
        format!("  note: {INFERRED}")
    } else {
        "  no rule has this code as a symptom".to_owned()
    });
    lines.join("\n") + "\n"
}

fn here(code: HResult, assessment: &Assessment) -> Vec<String> {
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
        .filter(move |rule| rule.symptoms.contains(&code))
}

/// The same as JSON.
pub fn json(code: HResult, assessment: Option<&Assessment>) -> Value {
    let findings: Option<Vec<Finding>> =
        assessment.map(|assessment| assessment.explain(code).collect());
    let fires = |rule: &Rule| {
        let findings = findings.as_ref()?;
        let found = findings.iter().find(|finding| finding.rule.id == rule.id);
        Some(match found {
            Some(finding) if finding.certain => "certain",
            Some(_) => "possible",
            None => "no",
        })
    };
    json!({
        "code": code.to_string(),
        "symbol": code.symbol(),
        "meaning": code.meaning(),
        "symptom_of": rules(code).map(|rule| json!({
            "rule": rule.id,
            "text": rule.text,
            "remedy": rule.remedy,
            "host_families": rule.families().iter().map(HostFamily::as_str).collect::<Vec<_>>(),
            "fires": fires(rule),
        })).collect::<Vec<_>>(),
    })
}
