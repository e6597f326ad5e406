//! The verdict on complete facts, and the answer on partial ones.

use crate::assess::table::{Effects, FORBIDDEN, NONE, UNDOCUMENTED};
use crate::fact::Fact;
use crate::word::words;

words! {
    /// The verdict on complete facts.
    pub enum Verdict ("verdict") {
        /// The host activates the guest.
        Eligible = "eligible", "eligible";
        /// No text tells.
        NotDocumented = "not-documented", "not documented";
        /// The host does not activate the guest.
        NotEligible = "not-eligible", "not eligible";
    }
}

/// What the verdict may be.
pub type Verdicts = Fact<Verdict>;

words! {
    /// Can this host activate this guest?
    pub enum Can ("answer") {
        /// Yes.
        Eligible = "eligible", "eligible";
        /// No.
        NotEligible = "not-eligible", "not eligible";
        /// No text tells.
        NotDocumented = "not-documented", "not documented";
        /// It depends on facts that are not known.
        Undetermined = "undetermined", "undetermined";
    }
}

impl From<Verdicts> for Can {
    fn from(verdicts: Verdicts) -> Self {
        match verdicts.known_element() {
            Some(Verdict::Eligible) => Self::Eligible,
            Some(Verdict::NotEligible) => Self::NotEligible,
            Some(Verdict::NotDocumented) => Self::NotDocumented,
            None => Self::Undetermined,
        }
    }
}

/// The verdicts that effects come to.
pub(crate) fn verdicts_of(effects: Effects) -> Verdicts {
    let bit = |effect, verdict: Verdict| u32::from(effects & effect != 0) << verdict as u32;
    Verdicts::from_bits(
        bit(NONE, Verdict::Eligible)
            | bit(UNDOCUMENTED, Verdict::NotDocumented)
            | bit(FORBIDDEN, Verdict::NotEligible),
    )
}
