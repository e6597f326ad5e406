//! A plan as commands for `cmd`.

use core::fmt::{self, Write};

use crate::plan::dism::Image;
use crate::plan::script::{self, Dialect, Lines, check_batch};
use crate::plan::steps::{Action, Phase};
use crate::plan::{Plan, dism};

/// A plan as a batch for `cmd`: keys by `slmgr.vbs`, conversions by DISM.
///
/// `cscript` runs `slmgr.vbs`, since the default script host shows windows and gives no exit code. The
/// batch holds no text of the caller, its lines end in CR and LF, and it ends with the exit code of the
/// first command that fails. What only PowerShell can do stays a comment.
///
/// ```
/// use avma::assess::{Guest, Host, Observation};
/// use avma::plan::{Circumstances, Goal, Phase, plan};
/// use avma::{Product, Release};
///
/// let host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
/// let guest = Guest::new(Release::Ws2016, Product::Standard).ready();
/// let avma = Circumstances::new(Goal::Avma);
/// let plan = plan(&host, &guest, &Observation::default(), &avma);
/// assert!(plan.slmgr().to_string().contains(
///     r"cscript //nologo %windir%\system32\slmgr.vbs /ipk C3RCX-M6NRP-6CXC9-TW2F2-4RHYD"
/// ));
/// ```
///
/// Source: the text of `slmgr.vbs`, and Microsoft's page on AVMA keys in Azure for the way back to KMS.
#[derive(Clone, Copy, Debug)]
#[must_use = "a text that is not written does nothing"]
pub struct Slmgr<'a> {
    plan: &'a Plan,
    only: Option<Phase>,
}

impl<'a> Slmgr<'a> {
    /// The whole plan, to be read.
    pub const fn new(plan: &'a Plan) -> Self {
        Self { plan, only: None }
    }

    /// One phase, to be run.
    pub const fn only(self, phase: Phase) -> Self {
        Self {
            only: Some(phase),
            ..self
        }
    }
}

impl fmt::Display for Slmgr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        script::write(f, self, self.plan, self.only)
    }
}

const SLMGR: &str = r"cscript //nologo %windir%\system32\slmgr.vbs";

impl Dialect for Slmgr<'_> {
    const COMMENT: &'static str = "rem";
    const PROLOGUE: &'static str = "";

    fn commands(&self, out: &mut Lines<'_>, action: Action) -> fmt::Result {
        match action {
            Action::StartGuestService => {
                writeln!(out, "net start vmickvpexchange")?;
                check_batch(out, Some(ALREADY_STARTED))
            }
            Action::ListTargetEditions | Action::CheckTargetEdition { .. } => {
                dism::write_target_editions(out, Image::Online)
            }
            Action::ConvertEdition { target, gvlk, .. } => {
                dism::write_conversion(out, Image::Online, target, gvlk)
            }
            Action::Restart => {
                writeln!(out, "shutdown /r /t 0")?;
                check_batch(out, None)
            }
            Action::InstallAvmaKey { row } => slmgr(out, format_args!("/ipk {}", row.key)),
            Action::ReplaceByGvlk { row } => {
                slmgr(out, format_args!("/ipk {}", row.key))?;
                slmgr(out, format_args!("/ckms"))?;
                slmgr(out, format_args!("/skms azkms.core.windows.net:1688"))?;
                slmgr(out, format_args!("/ato"))
            }
            Action::ListKvpItems => writeln!(
                out,
                r#"reg query "HKLM\SOFTWARE\Microsoft\Virtual Machine\Guest""#
            ),
            Action::ReadLicense => writeln!(out, "{SLMGR} /dlv"),
            _ => Ok(()),
        }
    }
}

/// The exit code of `net start` for a service that runs already.
const ALREADY_STARTED: u32 = 2;

fn slmgr(out: &mut Lines<'_>, arguments: fmt::Arguments<'_>) -> fmt::Result {
    writeln!(out, "{SLMGR} {arguments}")?;
    check_batch(out, None)
}
