//! What the renderers of scripts share: the order, the headings, and a comment for every step.

use core::fmt::{self, Write};

use crate::assess::Effect;
use crate::plan::steps::{Action, Phase};
use crate::plan::{Outcome, Plan};

/// The Data Exchange service by its id; names are localised.
pub(crate) const DATA_EXCHANGE_ID: &str = "2A34B1C2-FD73-4043-8A5B-DD2159BC743F";

/// A language of commands.
pub(crate) trait Dialect {
    /// What makes the rest of a line a comment.
    const COMMENT: &'static str;

    /// Writes the commands of an action, a line each; nothing where a person has to act.
    fn commands(&self, out: &mut fmt::Formatter<'_>, action: Action) -> fmt::Result;
}

/// Writes a plan, whole or one phase of it.
pub(crate) fn write<D: Dialect>(
    out: &mut fmt::Formatter<'_>,
    dialect: &D,
    plan: &Plan,
    only: Option<Phase>,
) -> fmt::Result {
    let comment = D::COMMENT;
    writeln!(out, "{comment} {}", plan.outcome)?;
    write_findings::<D>(out, plan)?;
    for phase in Phase::ALL.iter().copied() {
        if only.is_some_and(|only| only != phase) {
            continue;
        }
        let mut heading = true;
        for (place, step) in plan.steps.iter().enumerate() {
            if step.phase != phase {
                continue;
            }
            if core::mem::take(&mut heading) {
                writeln!(out, "\n{comment} == {phase} ==")?;
            }
            let doubt = if step.certain {
                ""
            } else {
                ", unless it is so already"
            };
            writeln!(
                out,
                "{comment} {}. {}: {}{doubt}",
                place + 1,
                step.action.by(),
                step.action
            )?;
            for note in step.action.notes() {
                writeln!(out, "{comment}    note: {note}")?;
            }
            dialect.commands(out, step.action)?;
        }
    }
    Ok(())
}

/// Why it is not possible or not documented; what no text tells although a key is installed.
fn write_findings<D: Dialect>(out: &mut fmt::Formatter<'_>, plan: &Plan) -> fmt::Result {
    let comment = D::COMMENT;
    let installs = plan
        .steps
        .iter()
        .any(|step| matches!(step.action, Action::InstallAvmaKey { .. }));
    for finding in plan.findings() {
        let rule = finding.rule;
        let decides = finding.certain
            && match plan.outcome {
                Outcome::NotPossible | Outcome::OtherChannel => rule.effect == Effect::Forbids,
                Outcome::NotDocumented => true,
                _ => false,
            };
        if decides {
            writeln!(out, "{comment} {} ({})", rule.text, rule.id)?;
            writeln!(out, "{comment} remedy: {}", rule.remedy)?;
        } else if installs {
            writeln!(
                out,
                "{comment} not known: perhaps {} ({})",
                rule.text, rule.id
            )?;
        }
    }
    Ok(())
}

/// Writes `text` so that no character of it can end a single-quoted string of PowerShell.
///
/// PowerShell takes four typographic quotes (U+2018 to U+201B) for single quotes, and Windows
/// PowerShell reads a script without a byte order mark in the code page of the machine, where bytes of
/// other letters may turn into such quotes. So the quote is doubled, and everything that is not
/// printable ASCII is written as a number, by UTF-16 unit: line breaks too.
pub(crate) struct Quoted<'a>(pub(crate) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = |c: &char| matches!(c, ' '..='~');
        let composed = !self.0.chars().all(|c| plain(&c));
        out.write_str(if composed { "('" } else { "'" })?;
        let mut inside = true;
        for c in self.0.chars() {
            if plain(&c) {
                if !inside {
                    out.write_str(" + '")?;
                    inside = true;
                }
                if c == '\'' {
                    out.write_char(c)?;
                }
                out.write_char(c)?;
                continue;
            }
            if inside {
                out.write_char('\'')?;
                inside = false;
            }
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, " + [char]0x{unit:04X}")?;
            }
        }
        if inside {
            out.write_char('\'')?;
        }
        out.write_str(if composed { ")" } else { "" })
    }
}
