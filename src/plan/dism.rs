//! A plan as DISM commands.

use core::fmt;

use crate::plan::Plan;
use crate::plan::script::{self, Dialect};
use crate::plan::steps::{Action, Phase};

/// The DISM commands of a plan; every other step as a comment for `cmd`.
///
/// DISM is for editions: an AVMA key is installed by `slmgr.vbs` or WMI, not by DISM.
///
/// Source: Microsoft's page on conversions between editions.
#[derive(Clone, Copy, Debug)]
pub struct Dism<'a> {
    plan: &'a Plan,
    only: Option<Phase>,
}

impl<'a> Dism<'a> {
    /// The whole plan, to be read.
    pub const fn new(plan: &'a Plan) -> Self {
        Self { plan, only: None }
    }

    /// One phase, to be run.
    #[must_use]
    pub const fn only(self, phase: Phase) -> Self {
        Self {
            only: Some(phase),
            ..self
        }
    }
}

impl fmt::Display for Dism<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        script::write(f, self, self.plan, self.only)
    }
}

impl Dialect for Dism<'_> {
    const COMMENT: &'static str = "rem";

    fn commands(&self, out: &mut fmt::Formatter<'_>, action: Action) -> fmt::Result {
        match action {
            Action::ListTargetEditions | Action::CheckTargetEdition { .. } => {
                write_target_editions(out)
            }
            Action::ConvertEdition { target, gvlk, .. } => {
                writeln!(out, "{}", target.set_edition(gvlk))
            }
            _ => Ok(()),
        }
    }
}

/// What is installed and what it can become, before anything is changed.
pub(crate) fn write_target_editions(out: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(out, "DISM /Online /Get-CurrentEdition")?;
    writeln!(out, "DISM /Online /Get-TargetEditions")
}
