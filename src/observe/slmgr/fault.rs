//! What is wrong with a line of slmgr's text.

use crate::hresult::{HResult, HResultError};
use crate::ids::VmIdError;

const CURE: &str = "collect SoftwareLicensingProduct by Get-CimInstance instead";

/// Why a line of slmgr's text is not read, or what is missing. The line's text is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SlmgrFault {
    /// No line of a licence, as in `""` or the banner alone.
    #[error("no licence in this text of slmgr: run cscript slmgr.vbs /dlv again")]
    NoLicense,
    /// The name of Windows' licence or a channel's token stands behind a label that is not English, as
    /// in `Beschreibung: …`. What no translation touches is read; the licence status and the minutes are
    /// not.
    #[error(
        "slmgr wrote another language than English, so licence status and minutes are not read: run \
         slmgr in English, or collect SoftwareLicensingProduct by Get-CimInstance"
    )]
    OtherLanguage,
    /// A licence without a `License Status` or without a line on its key: cut off, or in another
    /// language.
    #[error("a licence without its status or its key, cut off or in another language: {CURE}")]
    Incomplete,
    /// As in `License Status: Unknown`, or a translated one.
    #[error("a licence status that is none of slmgr's English texts: {CURE}")]
    UnknownStatus,
    /// As in `Time remaining: 4 days`.
    #[error("not a number of minutes as slmgr writes it: {CURE}")]
    NotMinutes,
    /// Minutes and days of one line that do not belong together; the days are the minutes divided by
    /// 1440, rounded up. Neither is used.
    #[error("{minutes} minutes are not {days} days, neither is used: {CURE}")]
    DaysDisagree {
        /// The minutes of the line.
        minutes: u32,
        /// The days of the line.
        days: u32,
    },
    /// A `Notification Reason` that is no code, as in `0xFD02FD02FD`.
    #[error("not a notification reason: {0}")]
    NotAReason(HResultError),
    /// An `Application ID` that is no GUID.
    #[error("not an application id: {0}")]
    NotAGuid(VmIdError),
    /// A partial product key that is not the last five characters of one.
    #[error("not the last five characters of a product key, but {bytes} bytes; not kept")]
    NotALastFive {
        /// The length of the text.
        bytes: usize,
    },
    /// A line that one licence has twice, with different values. Neither is used.
    #[error("the same line twice in one licence with different values, neither is used")]
    Twice,
    /// A second `Software licensing service version`: outputs of several runs, perhaps of several
    /// computers.
    #[error("a second output of slmgr in one text: write each into a file of its own")]
    SeveralOutputs,
    /// Several licences that could be Windows' own; none is used.
    #[error("{licenses} licences could be Windows' own, none is used: {CURE}")]
    SeveralLicenses {
        /// How many.
        licenses: usize,
    },
    /// No licence of the text is surely Windows' own and in use, so nothing is known of its key:
    /// which licences slmgr shows depends on how it was asked.
    #[error(
        "Windows' own licence is not in this text: run slmgr.vbs /dlv without an activation id"
    )]
    NoWindows,
    /// As in `Error: product not found.`: no licence that was asked for.
    #[error("slmgr found no product: no key is installed, or it was asked for another licence")]
    ProductNotFound,
    /// As in `Error: 0xC004F014 …`.
    #[error("slmgr failed with {}", Code(*.0))]
    Failed(HResult),
    /// An error without a code.
    #[error("slmgr failed: {CURE}")]
    FailedWithoutCode,
}

/// A code, with what it says where that is known.
struct Code(HResult);

impl core::fmt::Display for Code {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(f)?;
        let Some(row) = self.0.code() else {
            return Ok(());
        };
        match row.key_note() {
            Some(note) => write!(f, " ({}; {note})", row.meaning),
            None => write!(f, " ({})", row.meaning),
        }
    }
}

/// What is wrong, and in which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct LineFault {
    /// The line, from 1; where a licence as a whole is meant, its first.
    pub line: usize,
    /// What is wrong, and what helps.
    pub kind: SlmgrFault,
}
