//! The crate's own report of where a guest's machine stands.

use super::{Kind, State};
use crate::hresult::HResult;
use crate::observe::report::{Report, ReportedState};
use crate::time::{Delay, Timestamp};

impl State {
    /// The report to write when the machine puts out [`Output::Publish`](super::Output::Publish):
    /// where the activation stands after that step. `None` without an AVMA key: there is nothing to
    /// report then.
    ///
    /// The machine knows times by its own count and hosts by their numbers, so `at` is the time of the
    /// step in UTC, and `host` the name of the host that [`bound_to`](Self::bound_to) gives; it is
    /// reported while there is an activation. The minutes that are left are counted from the time of
    /// the last input and rounded up; where no end is known there are none.
    ///
    /// | reported | when |
    /// |---|---|
    /// | activated | there is an activation that has not ended, whatever became of its renewal |
    /// | pending, with 0xC004FD00 | throttled |
    /// | pending | no attempt by this key has ended |
    /// | expired | the activation has ended, and no attempt has ended since |
    /// | not activated, with the HRESULT where there is one | otherwise: the last attempt failed |
    ///
    /// ```
    /// use avma::activation::guest::{Config, Input, Output, Platform, State};
    /// use avma::activation::{Answer, Reply};
    /// use avma::assess::Guest;
    /// use avma::time::{Delay, Instant};
    /// use avma::{HostId, Product, Release, VmId};
    ///
    /// let mut config = Config::default();
    /// config.validity = Some(Delay::DAY);
    /// let vm: VmId = "a1a1a1a1-0000-4000-8000-000000000001".parse()?;
    /// let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    /// let state = State::new(vm, guest, Platform::HyperV(HostId(7)));
    /// let step = state.step(&config, Instant(0), Input::KeyInstalled("78VHK".parse()?));
    /// let step = step.state.step(&config, Instant(0), Input::Start);
    /// let sequence = step.state.sequence();
    /// let reply = Reply { vm, sequence, host: HostId(7), answer: Answer::Granted };
    /// let step = step.state.step(&config, Instant(250), Input::Reply(reply));
    ///
    /// // The driver carries the outputs out.
    /// assert!(step.outputs().any(|output| output == Output::Publish));
    /// let at = "2025-11-24T01:14:05Z".parse()?;
    /// let report = step.state.report(at, Some("HV01")).ok_or("nothing to report")?;
    /// assert_eq!(
    ///     report.to_item()?.data,
    ///     "avma crate, not Windows: vm=a1a1a1a1-0000-4000-8000-000000000001 state=activated key=78VHK \
    ///      host=HV01 at=2025-11-24T01:14:05.000Z minutes=1440 code=- crc=58D6CFD3"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn report(&self, at: Timestamp, host: Option<&str>) -> Option<Report> {
        if !self.has_avma_key() {
            return None;
        }
        let (state, code) = self.reported();
        let mut report = Report::new(self.vm(), state, at);
        report.key = self.key();
        report.code = code;
        report.minutes_left = self.minutes_left();
        report.host = host.filter(|_| self.is_activated()).map(Into::into);
        Some(report)
    }

    fn reported(&self) -> (ReportedState, Option<HResult>) {
        match (self.kind(), self.last()) {
            _ if self.is_activated() => (ReportedState::Activated, None),
            (Kind::Throttled, _) => {
                let code = HResult::IA_THROTTLE_LIMIT_EXCEEDED;
                (ReportedState::Pending, Some(code))
            }
            (Kind::Expired, _) => (ReportedState::Expired, None),
            (_, None) => (ReportedState::Pending, None),
            // The last attempt was granted, and what it gave is gone.
            (_, Some(last)) if last.is_success() => (ReportedState::Expired, None),
            (_, Some(last)) => (ReportedState::NotActivated, last.code),
        }
    }

    /// Rounded up: 0 minutes would say that no end is known. `u32::MAX` for more.
    fn minutes_left(&self) -> Option<u32> {
        let left = self.ends()?.0.saturating_sub(self.clock.0);
        let minutes = left.div_ceil(Delay::MINUTE.as_millis());
        Some(u32::try_from(minutes).unwrap_or(u32::MAX))
    }
}
