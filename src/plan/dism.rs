//! A plan as DISM commands.

use core::fmt::{self, Write};

use crate::catalog::keys::KeyRow;
use crate::plan::Plan;
use crate::plan::conversion::TargetEdition;
use crate::plan::script::{self, Dialect, Lines, check_batch};
use crate::plan::steps::{Action, Phase};

/// DISM's exit code for "done, a restart is needed" (`ERROR_SUCCESS_REBOOT_REQUIRED`).
pub(crate) const RESTART_NEEDED: u32 = 3010;

/// The DISM commands of a plan; every other step as a comment for `cmd`.
///
/// DISM is for editions: an AVMA key is installed by `slmgr.vbs` or WMI, not by DISM.
///
/// ```
/// use avma::assess::{Guest, Host, Observation};
/// use avma::plan::{Circumstances, Phase, plan};
/// use avma::{Installation, Product, Release};
///
/// let host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
/// let mut guest = Guest::new(Release::Ws2022, Product::Datacenter).ready();
/// guest.evaluation = true.into();
/// let mut circumstances = Circumstances::default();
/// circumstances.installation = Installation::Full.into();
/// circumstances.domain_controller = false.into();
/// let plan = plan(&host, &guest, &Observation::default(), &circumstances);
///
/// let image = plan.dism().image(r"D:\mount")?.only(Phase::Conversion).to_string();
/// assert!(image.contains("DISM /Image:D:\\mount /Set-Edition:ServerDatacenter\r\n"));
/// assert!(image.contains("DISM /Image:D:\\mount /Set-ProductKey:WX4NM-KYWYW-QJJR4-XV3QB-6VM33\r\n"));
/// # Ok::<(), avma::plan::ImagePathError>(())
/// ```
///
/// Sources: [`CONVERSION`](crate::source::CONVERSION); for offline images
/// [`DISM_EDITIONS`](crate::source::DISM_EDITIONS).
#[derive(Clone, Copy, Debug)]
#[must_use = "a text that is not written does nothing"]
pub struct Dism<'a> {
    plan: &'a Plan,
    only: Option<Phase>,
    image: Image<'a>,
}

/// Which system the commands are for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Image<'a> {
    /// The one that runs.
    Online,
    /// The image that is mounted or applied in a directory.
    Offline(&'a str),
}

/// Why a path cannot stand in a batch: `D:\%TEMP%\mount`, `D:\a"b`, an empty text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImagePathError {
    /// Nothing is given.
    #[error("the path of the image is empty")]
    Empty,
    /// `cmd` would not take the character as part of a path.
    #[error("byte {at} of the image's path: {character:?} cannot stand in a path of a batch")]
    Character {
        /// The first such character.
        character: char,
        /// Its place, in bytes.
        at: usize,
    },
}

impl<'a> Dism<'a> {
    /// The whole plan, to be read.
    pub const fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            only: None,
            image: Image::Online,
        }
    }

    /// One phase, to be run.
    pub const fn only(self, phase: Phase) -> Self {
        Self {
            only: Some(phase),
            ..self
        }
    }

    /// For the offline image in this directory in place of the system that runs: `/Image:` for
    /// `/Online`, the key by `/Set-ProductKey` behind `/Set-Edition`, no restart.
    ///
    /// # Errors
    ///
    /// An empty path; one with a character that `cmd` reads otherwise: `"`, `%`, or a control
    /// character, as in `D:\%TEMP%`.
    pub fn image(self, path: &'a str) -> Result<Self, ImagePathError> {
        let bad = |c: &(usize, char)| matches!(c.1, '"' | '%') || c.1.is_control();
        match path.char_indices().find(bad) {
            _ if path.is_empty() => Err(ImagePathError::Empty),
            Some((at, character)) => Err(ImagePathError::Character { character, at }),
            None => Ok(Self {
                image: Image::Offline(path),
                ..self
            }),
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
    const PROLOGUE: &'static str = "";

    fn commands(&self, out: &mut Lines<'_>, action: Action) -> fmt::Result {
        match action {
            Action::ListTargetEditions | Action::CheckTargetEdition { .. } => {
                write_target_editions(out, self.image)
            }
            Action::ConvertEdition { target, gvlk, .. } => {
                write_conversion(out, self.image, target, gvlk)
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Image<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Online => f.write_str("/Online"),
            Self::Offline(path) if path.contains([' ', '&', '(', ')', '^', ';', ',', '=']) => {
                // A backslash before the quote would take it for a character of the path.
                let more = if path.ends_with('\\') { "\\" } else { "" };
                write!(f, "/Image:\"{path}{more}\"")
            }
            Self::Offline(path) => write!(f, "/Image:{path}"),
        }
    }
}

/// What is installed and what it can become, before anything is changed.
pub(crate) fn write_target_editions(out: &mut Lines<'_>, image: Image<'_>) -> fmt::Result {
    writeln!(out, "DISM {image} /Get-CurrentEdition")?;
    writeln!(out, "DISM {image} /Get-TargetEditions")
}

/// The conversion for `cmd`, each command with its check.
pub(crate) fn write_conversion(
    out: &mut Lines<'_>,
    image: Image<'_>,
    target: TargetEdition,
    gvlk: &KeyRow,
) -> fmt::Result {
    match image {
        Image::Online => writeln!(out, "{}", target.set_edition(gvlk))?,
        Image::Offline(_) => {
            writeln!(out, "DISM {image} /Set-Edition:{}", target.dism_name())?;
            check_batch(out, Some(RESTART_NEEDED))?;
            writeln!(out, "DISM {image} /Set-ProductKey:{}", gvlk.key)?;
        }
    }
    check_batch(out, Some(RESTART_NEEDED))
}
