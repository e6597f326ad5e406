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
    /// What stands before the first command of a script; perhaps nothing.
    const PROLOGUE: &'static str;

    /// Writes the commands of an action, a line each, with a check of the exit code behind each that
    /// changes something; nothing where a person has to act.
    fn commands(&self, out: &mut Lines<'_>, action: Action) -> fmt::Result;
}

/// A text whose lines end in CR and LF, as `cmd` asks for.
pub(crate) struct Lines<'a>(&'a mut dyn Write);

impl Write for Lines<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for (place, line) in text.split('\n').enumerate() {
            if place > 0 {
                self.0.write_str("\r\n")?;
            }
            self.0.write_str(line)?;
        }
        Ok(())
    }
}

/// Ends a batch where the command before it failed, with the exit code of that command. Some commands
/// have a second exit code that is no failure.
pub(crate) fn check_batch(out: &mut Lines<'_>, also_fine: Option<u32>) -> fmt::Result {
    write!(out, "if %errorlevel% neq 0 ")?;
    if let Some(code) = also_fine {
        write!(out, "if %errorlevel% neq {code} ")?;
    }
    writeln!(out, "exit /b %errorlevel%")
}

/// Writes a plan, whole or one phase of it.
pub(crate) fn write<D: Dialect>(
    out: &mut fmt::Formatter<'_>,
    dialect: &D,
    plan: &Plan,
    only: Option<Phase>,
) -> fmt::Result {
    let out = &mut Lines(out);
    let comment = D::COMMENT;
    writeln!(out, "{comment} {}", plan.outcome)?;
    write_findings::<D>(out, plan)?;
    if plan.steps.iter().next().is_some() {
        out.write_str(D::PROLOGUE)?;
    }
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
                ", if not done already"
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
fn write_findings<D: Dialect>(out: &mut Lines<'_>, plan: &Plan) -> fmt::Result {
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
