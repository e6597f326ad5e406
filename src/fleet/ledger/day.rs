//! One VM on one day.

use alloc::vec::Vec;
use core::fmt;

use super::Ledger;
use super::cell::{Cell, InMonth};
use super::sign::{Days, Sign};
use crate::assess::Trust;
use crate::catalog::mask::Masked;
use crate::ids::{HostName, VmId};
use crate::time::Day;

/// Where a VM was seen on a day.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct OnHost<'a> {
    /// The host, in lower case.
    pub host: HostName<'a>,
    /// Whether it was started there: `Some(false)` where it was seen off or saved only, `None` where
    /// neither was told.
    pub started: Option<bool>,
    /// By the best of the signs.
    pub trust: Trust,
}

impl fmt::Debug for OnHost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnHost")
            .field("host", &Masked(self.host.0))
            .field("started", &self.started)
            .field("trust", &self.trust)
            .finish()
    }
}

/// What was seen of a VM on one day, in UTC.
///
/// On a day it can be seen on several hosts, and both activated and not: all of it is told, and what
/// is `None` was not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VmDay<'a> {
    /// The day.
    pub day: Day,
    /// The hosts, in order. Empty where only the guest was heard, which does not know its host.
    pub hosts: Vec<OnHost<'a>>,
    /// Seen activated by AVMA. [`Trust::Host`] where the guest's export says so and on the same day
    /// a host's event 12310 names the VM and none that names it holds a failure.
    pub avma: Option<Trust>,
    /// Seen activated by another channel.
    pub other: Option<Trust>,
    /// Seen not activated.
    pub not_activated: Option<Trust>,
}

/// The days of one VM in one month by sign, over all hosts.
pub(super) struct BySign([Days; Sign::ALL.len()]);

impl BySign {
    pub(super) fn of<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        let mut days = [Days::default(); Sign::ALL.len()];
        for cell in cells {
            if let Some(days) = days.get_mut(usize::from(cell.sign_code())) {
                *days = days.union(Days(cell.days));
            }
        }
        Self(days)
    }

    pub(super) fn days(&self, sign: Sign) -> Days {
        let days = self.0.get(usize::from(sign.code()));
        days.copied().unwrap_or_default()
    }

    pub(super) fn any(&self) -> Days {
        self.0
            .iter()
            .fold(Days::default(), |any, days| any.union(*days))
    }

    /// The days on which the guest's word that AVMA activated it is borne out by its host.
    pub(super) fn borne_out(&self) -> Days {
        let sound = self
            .days(Sign::HostEvent)
            .without(self.days(Sign::HostFailure));
        self.days(Sign::Avma).intersect(sound)
    }
}

impl Ledger {
    /// The days on which a VM was seen, in order.
    ///
    /// ```
    /// use avma::assess::Trust;
    /// use avma::fleet::ledger::{Ledger, Sighting, Sign};
    /// use avma::{HostName, VmId};
    ///
    /// let vm = VmId(0xa1);
    /// let seen = |host: Option<&'static str>, sign| Sighting {
    ///     at: "2025-11-24T01:00:00Z".parse().unwrap(),
    ///     vm: Some(vm),
    ///     host: host.map(HostName),
    ///     sign,
    /// };
    /// let mut ledger = Ledger::new();
    /// ledger.update([seen(Some("HV01"), Sign::Running), seen(None, Sign::Avma)])?;
    /// let days = ledger.days(vm);
    /// assert_eq!(days[0].hosts[0].started, Some(true));
    /// assert_eq!(days[0].avma, Some(Trust::Guest));
    /// assert_eq!(days[0].not_activated, None);
    ///
    /// ledger.update([seen(Some("HV01"), Sign::HostEvent)])?;
    /// assert_eq!(ledger.days(vm)[0].avma, Some(Trust::Host));
    /// # Ok::<(), avma::fleet::ledger::SightingError>(())
    /// ```
    pub fn days(&self, vm: VmId) -> Vec<VmDay<'_>> {
        let mut all = Vec::new();
        for cells in self.cells_of(vm).chunk_by(|a, b| a.month() == b.month()) {
            let Some(month) = cells.first().map(Cell::month) else {
                continue;
            };
            let first = InMonth::month(month).first_day();
            let by_sign = BySign::of(cells);
            let borne_out = by_sign.borne_out();
            for (number, day) in by_sign.any().iter().zip(by_sign.any().from(first)) {
                let trust =
                    |sign: Sign| by_sign.days(sign).contains(number).then_some(sign.trust());
                let avma = trust(Sign::Avma).or(trust(Sign::ClaimedAvma));
                all.push(VmDay {
                    day,
                    hosts: self.hosts_on(cells, number),
                    avma: if borne_out.contains(number) {
                        Some(Trust::Host)
                    } else {
                        avma
                    },
                    other: trust(Sign::Other),
                    not_activated: trust(Sign::NotActivated).or(trust(Sign::ClaimedNotActivated)),
                });
            }
        }
        all
    }

    fn hosts_on(&self, cells: &[Cell], day: u8) -> Vec<OnHost<'_>> {
        let by_host = cells.chunk_by(|a, b| a.host == b.host);
        let on_host = by_host.filter_map(|cells| {
            let host = HostName(self.name(cells.first()?.host)?);
            let by_sign = BySign::of(cells);
            let seen = |sign: &&Sign| by_sign.days(**sign).contains(day);
            let signs = || Sign::ALL.iter().filter(seen);
            Some(OnHost {
                host,
                started: if signs().any(|sign| sign.is_of_a_started_vm()) {
                    Some(true)
                } else {
                    signs().any(|sign| *sign == Sign::Stopped).then_some(false)
                },
                trust: signs()
                    .map(|sign| sign.trust())
                    .min_by_key(|trust| *trust as u8)?,
            })
        });
        on_host.collect()
    }
}
