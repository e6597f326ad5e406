//! The answer about a host and a guest as text.

use avma::assess::{Assessment, Can, Effect, FactName, Finding};
use avma::{Product, Products};

use crate::arguments::Pair;
use crate::code::{self, Here};

/// The answer and the key to install first; then why, what is missing, what was asked of key and
/// codes, and the facts. Of a guest that AVMA is not made for there is no more to say than that.
pub fn text(pair: &Pair, assessment: &Assessment) -> String {
    let mut lines = vec![format!("answer: {}", answer(assessment))];
    lines.extend(install(pair, assessment).map(|text| format!("next: {text}")));
    lines.extend(basis(assessment));
    let other_system = is_other_system(pair);
    if other_system {
        for finding in assessment.findings().filter(is_of_other_system) {
            lines.push(String::new());
            lines.extend(finding_lines(&finding));
        }
    } else {
        lines.extend(findings(assessment));
        lines.extend(missing(assessment));
    }
    if let Some(key) = pair.key {
        lines.push(String::new());
        lines.push(crate::key::text(key, &pair.facts.guest));
    }
    let guest = &pair.facts.guest;
    for hresult in &pair.codes {
        let here = Here { assessment, guest };
        lines.push(String::new());
        lines.push(code::text(*hresult, Some(here)).trim_end().to_owned());
    }
    if !other_system {
        lines.push(String::new());
        lines.extend(facts(pair));
    }
    if !pair.warnings.is_empty() {
        lines.push(String::new());
        let warnings = pair.warnings.iter();
        lines.extend(warnings.map(|warning| format!("warning: {warning}")));
    }
    lines.join("\n") + "\n"
}

/// Whether the guest is client Windows or no Windows at all.
fn is_other_system(pair: &Pair) -> bool {
    let other = Products::one_of([Product::Client, Product::NotWindows]);
    other.is_some_and(|other| pair.facts.guest.product.is_subset(other))
}

/// Whether a finding says that the guest is another system.
fn is_of_other_system(finding: &Finding) -> bool {
    finding.certain && ["guest-client", "guest-not-windows"].contains(&finding.rule.id)
}

/// Which AVMA key the guest takes, as far as the answer allows; none where nothing is known of it.
pub fn install(pair: &Pair, assessment: &Assessment) -> Option<String> {
    let guest = &pair.facts.guest;
    if (guest.release.is_unknown() && guest.product.is_unknown()) || is_other_system(pair) {
        return None;
    }
    let text = code::install(Some(Here { assessment, guest }));
    Some(match (assessment.can(), code::avma_key(guest)) {
        (Can::Undetermined, Ok(_)) => {
            format!("{text} (if the answer turns out to be eligible)")
        }
        (Can::NotDocumented, Ok(row)) => format!(
            "the AVMA key of this guest is {}; whether it helps on this host is not documented",
            row.key
        ),
        _ => text,
    })
}

fn facts(pair: &Pair) -> Vec<String> {
    let of = |guest: bool| {
        FactName::ALL
            .iter()
            .filter(|name| is_of_guest(**name) == guest)
            .filter_map(|name| {
                let values = pair.facts.shown(*name)?;
                Some(format!("  {}={}", name.as_str(), abridged(&values)))
            })
            .collect::<Vec<_>>()
    };
    let mut lines = vec![format!("host: {}", pair.facts.host.families())];
    lines.extend(of(false));
    lines.push("guest:".to_owned());
    lines.extend(of(true));
    lines
}

/// Whether a fact is one of the guest.
pub fn is_of_guest(name: FactName) -> bool {
    matches!(
        name,
        FactName::GuestRelease
            | FactName::GuestProduct
            | FactName::GuestEvaluation
            | FactName::DataExchange
            | FactName::GuestService
    )
}

/// Values with commas between, as `--set` takes them; many are counted.
fn abridged(values: &[&str]) -> String {
    if values.len() > 4 {
        format!("one of {} values", values.len())
    } else {
        values.join(",")
    }
}

fn answer(assessment: &Assessment) -> String {
    match assessment.can() {
        Can::Eligible => "eligible: the host activates the guest".to_owned(),
        Can::NotEligible => "not eligible: the host does not activate the guest".to_owned(),
        Can::NotDocumented => "not documented: no text that this crate knows tells".to_owned(),
        _ => {
            let verdicts: Vec<String> = assessment
                .verdicts()
                .iter()
                .map(|v| v.to_string())
                .collect();
            format!(
                "undetermined: {}, by what is missing",
                verdicts.join(" or ")
            )
        }
    }
}

/// What a yes rests on, where yes is the answer or may become it.
fn basis(assessment: &Assessment) -> Option<String> {
    let source = assessment.basis()?.source;
    match assessment.can() {
        Can::Eligible => Some(format!("rests on: {source}")),
        Can::Undetermined => Some(format!("a yes would rest on: {source}")),
        _ => None,
    }
}

/// Every finding; by their ids alone those that cannot change a settled answer.
fn findings(assessment: &Assessment) -> Vec<String> {
    let settled = assessment.can() != Can::Undetermined;
    let mut lines = Vec::new();
    let mut without_effect = Vec::new();
    for finding in assessment.findings() {
        if settled && !finding.certain {
            without_effect.push(finding.rule.id);
        } else {
            lines.push(String::new());
            lines.extend(finding_lines(&finding));
        }
    }
    if !without_effect.is_empty() {
        lines.push(String::new());
        lines.push("open, whatever they are the answer stays (--json has them whole):".to_owned());
        lines.extend(without_effect.iter().map(|id| format!("  {id}")));
    }
    lines
}

fn finding_lines(finding: &Finding) -> Vec<String> {
    let rule = finding.rule;
    let certain = if finding.certain { "certain" } else { "open" };
    let effect = match rule.effect {
        Effect::Forbids => "forbids",
        _ => "leaves undocumented",
    };
    vec![
        format!("{certain}: {} ({effect})", rule.id),
        format!(
            "  {}{}",
            if finding.certain { "" } else { "if " },
            rule.text
        ),
        format!("  remedy: {}", rule.remedy),
        format!("  by: {}", rule.mended_by),
        format!("  source: {}", finding.source),
    ]
}

fn missing(assessment: &Assessment) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(facts) = assessment.missing() {
        lines.push(String::new());
        lines.push("missing:".to_owned());
        lines.extend(
            facts
                .iter()
                .map(|name| format!("  {}: {name}", name.as_str())),
        );
    }
    if let Some(name) = assessment.next_fact() {
        lines.push(format!(
            "find out next: {name} (--set {}=VALUE)",
            name.as_str()
        ));
    }
    lines
}
