//! What a step rests on beside its own source: texts for the reader of a plan.

use core::fmt;

use crate::catalog::hosts::azure_local::VERIFICATION_NEEDS;
use crate::catalog::keys::KeyRow;
use crate::catalog::products::{Edition, Installation, Product};
use crate::plan::conversion::TargetEdition;

use crate::source::{
    AZURE_EDITION_UPGRADE, AZURE_VERIFICATION, CONVERSION, CORE_EVALUATION_REPORTS,
    SET_EDITION_ASKS, Source,
};

/// What to know about a step, and the text that says so. `Display` gives both on one line, in ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// What to know.
    pub text: &'static str,
    /// The text that says so.
    pub source: Source,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}]", self.text, self.source)
    }
}

/// At most two notes.
pub(crate) type Notes = [Option<Note>; 2];

pub(crate) const NONE: Notes = [None; 2];

/// What is known of DISM's list in a guest of this kind.
pub(crate) fn of_target_list(from: Edition, target: TargetEdition) -> Notes {
    let known = match (from, target.installation) {
        (_, Installation::Full) => return NONE,
        (Edition::Standard, Installation::Core) => Note {
            text: "DISM is reported to list ServerDatacenterCor alone for Standard Core, and nothing \
                   at all on some media",
            source: CORE_EVALUATION_REPORTS,
        },
        (_, Installation::Core) => Note {
            text: "Datacenter may become Datacenter only; this crate holds no report of what DISM \
                   lists for Datacenter Core",
            source: CONVERSION,
        },
    };
    [Some(known), None]
}

/// What the conversion changes, and why its command does not ask.
pub(crate) fn of_conversion(from: Edition, target: TargetEdition) -> Notes {
    let changes = Note {
        text: "the guest becomes Datacenter; only a fresh installation keeps it Standard",
        source: CONVERSION,
    };
    let quiet = Note {
        text: "without /NoRestart DISM asks whether to restart, and a script waits there",
        source: SET_EDITION_ASKS,
    };
    [(from != target.edition).then_some(changes), Some(quiet)]
}

/// What a guest with this AVMA key needs.
pub(crate) fn of_avma_key(row: &KeyRow) -> Notes {
    let (release, text) = VERIFICATION_NEEDS;
    let verified = Note {
        text,
        source: AZURE_VERIFICATION,
    };
    let of_that_release = row.product == Product::DatacenterAzureEdition && row.release == release;
    [azure_edition(row), of_that_release.then_some(verified)]
}

/// What a guest with this KMS client key needs. Azure itself needs no verification.
pub(crate) fn of_gvlk(row: &KeyRow) -> Notes {
    [azure_edition(row), None]
}

fn azure_edition(row: &KeyRow) -> Option<Note> {
    (row.product == Product::DatacenterAzureEdition).then_some(Note {
        text: "Azure Edition runs in virtual machines of generation 2 with Secure Boot only",
        source: AZURE_EDITION_UPGRADE,
    })
}
