//! What is said of a VM in one word, and how many VMs each word is said of.

use crate::word::words;

words! {
    /// What is to be said of a VM; the order is that of a report.
    ///
    /// The first line of the audit's table that fits: see [`Case::verdict`](super::Case::verdict).
    #[derive(PartialOrd, Ord)]
    pub enum Verdict ("verdict") {
        /// Not Windows, client Windows, or a replica copy.
        OutOfScope = "out-of-scope", "out of scope";
        /// Seen activated by AVMA; how far that is to be trusted is said beside it.
        ActivatedAvma = "activated-avma", "activated by AVMA";
        /// Seen activated by another channel.
        ActivatedOther = "activated-other", "activated by another channel";
        /// Not enough is known.
        NoData = "no-data", "not enough is known";
        /// A rule forbids it that neither administrator can mend.
        NotEligible = "not-eligible", "not eligible";
        /// The host's administrator must act first.
        FixHost = "fix-host", "the host is to be mended";
        /// The guest's administrator must act.
        FixGuest = "fix-guest", "the guest is to be mended";
        /// No text tells.
        NotDocumented = "not-documented", "not documented";
        /// It should come by itself.
        Pending = "pending", "pending";
        /// Nothing stands in the way.
        Ready = "ready", "ready";
    }
}

/// How many VMs have each verdict.
///
/// ```
/// use avma::fleet::audit::{Totals, Verdict};
///
/// let totals: Totals = [Verdict::Ready, Verdict::NoData, Verdict::Ready].into_iter().collect();
/// assert_eq!((totals.of(Verdict::Ready), totals.vms()), (2, 3));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals([usize; Verdict::ALL.len()]);

impl Totals {
    /// The VMs of one verdict.
    pub fn of(&self, verdict: Verdict) -> usize {
        self.0.get(verdict as usize).copied().unwrap_or_default()
    }

    /// All VMs.
    pub fn vms(&self) -> usize {
        self.0.iter().sum()
    }
}

impl FromIterator<Verdict> for Totals {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        let mut totals = Self::default();
        for verdict in verdicts {
            if let Some(count) = totals.0.get_mut(verdict as usize) {
                *count += 1;
            }
        }
        totals
    }
}
