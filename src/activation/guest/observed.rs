//! A guest machine that begins where a real guest stands.

use super::{Binding, Installed, Platform, State, Wait};
use crate::activation::conclusion::Conclusion;
use crate::assess::{Guest, InstalledKey, Observation, Seen};
use crate::hresult::HResult;
use crate::ids::{HostId, VmId};
use crate::license::LicenseChannel;
use crate::time::{Delay, Instant};

/// A running guest as it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The VM.
    pub vm: VmId,
    /// What the guest is.
    pub guest: Guest,
    /// What it runs on.
    pub platform: Platform,
    /// Whether Data Exchange is enabled for the VM.
    pub data_exchange: bool,
    /// The host of its last activation, by the caller's number; `None` where it is not known.
    pub host: Option<HostId>,
    /// Its licence row.
    pub observation: Observation,
}

/// Why no machine can be begun from what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FoundError {
    /// The installed key is not known, as where `PartialProductKey` was not collected.
    #[error("the installed key is not known: collect PartialProductKey")]
    KeyUnknown,
    /// With an AVMA key the licence has to be known, as where `LicenseStatus` was not collected, or
    /// where Windows is licensed by a channel that is in no table.
    #[error("whether AVMA licensed the guest is not known: collect LicenseStatus and Description")]
    StatusUnknown,
    /// A licence of AVMA's channel, and a key that is no AVMA key of this guest as far as the tables
    /// tell, as one of a release that is newer than this crate.
    #[error("the licence is AVMA's, and the key is not known as an AVMA key of this guest")]
    KeyUnlisted,
    /// An AVMA key under a licence of another channel.
    #[error("the key is an AVMA key and the licence's channel is {channel}")]
    Contradiction {
        /// The channel that the licence names.
        channel: LicenseChannel,
    },
}

/// `GracePeriodRemaining` in milliseconds; 0 tells of no end.
const fn remaining(minutes: Option<u32>) -> Option<Delay> {
    match minutes {
        Some(minutes) => Delay::from_millis(minutes as u64 * Delay::MINUTE.as_millis()),
        None => None,
    }
}

impl State {
    /// The machine of a running guest, as it stands at `now`.
    ///
    /// An activation counts as granted at `now`, and ends when `GracePeriodRemaining` says; where that
    /// is 0 or was not collected, no end is known.
    ///
    /// ```
    /// use avma::activation::guest::{Found, Kind, Platform, State};
    /// use avma::assess::{Guest, InstalledKey, Observation};
    /// use avma::time::Instant;
    /// use avma::{HostId, LicenseChannel, LicenseStatus, Product, Release, VmId};
    ///
    /// let mut observation = Observation::default();
    /// observation.key = InstalledKey::LastFive("78VHK".parse()?);
    /// observation.channel = Some(LicenseChannel::Avma);
    /// observation.status = Some(LicenseStatus::Licensed);
    /// observation.minutes_left = Some(4321);
    /// let found = Found {
    ///     vm: VmId(1),
    ///     guest: Guest::new(Release::Ws2022, Product::Standard),
    ///     platform: Platform::HyperV(HostId(7)),
    ///     data_exchange: true,
    ///     host: Some(HostId(7)),
    ///     observation,
    /// };
    /// let state = State::observed(&found, Instant(0))?;
    /// assert_eq!(state.kind(), Kind::Activated);
    /// assert_eq!(state.ends(), Some(Instant(4321 * 60_000)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A key that is not known; with an AVMA key also a status that is not known, and a licence of
    /// another channel, such as AVMA's key ending `78VHK` under `VOLUME_KMSCLIENT`; any other key under
    /// `VIRTUAL_MACHINE_ACTIVATION`.
    pub fn observed(found: &Found, now: Instant) -> Result<Self, FoundError> {
        let key = found.observation.key;
        let key = match key {
            InstalledKey::Unknown => return Err(FoundError::KeyUnknown),
            InstalledKey::None => Installed::None,
            InstalledKey::LastFive(last_five) => Installed::of(key, last_five, &found.guest),
            InstalledKey::Whole(whole) => Installed::of(key, whole.last_five(), &found.guest),
        };
        let mut state = Self {
            clock: now,
            running: true,
            data_exchange: found.data_exchange,
            key,
            ..Self::new(found.vm, found.guest, found.platform)
        };
        if state.has_avma_key() {
            state.stand(found)?;
        } else if found.observation.channel == Some(LicenseChannel::Avma) {
            return Err(FoundError::KeyUnlisted);
        }
        Ok(state)
    }

    fn stand(&mut self, found: &Found) -> Result<(), FoundError> {
        let observation = &found.observation;
        if let Some(channel) = observation.channel {
            if !matches!(channel, LicenseChannel::Avma | LicenseChannel::Unlisted) {
                return Err(FoundError::Contradiction { channel });
            }
        }
        let mut wait = Wait::Ready;
        match observation.seen() {
            Seen::Avma => {
                self.last = Some(Conclusion::SUCCESS);
                self.binding = Some(Binding {
                    host: found.host,
                    at: self.clock,
                    ends: remaining(observation.minutes_left)
                        .and_then(|delay| self.clock.after(delay)),
                });
            }
            Seen::NotActivated { reason, .. } => match reason {
                None => {}
                Some(HResult::IA_THROTTLE_LIMIT_EXCEEDED) => wait = Wait::Throttled,
                Some(HResult::VALIDITY_PERIOD_EXPIRED) => wait = Wait::Expired,
                Some(code) => {
                    wait = Wait::Failed;
                    self.last = Some(Conclusion::refused(Some(code)));
                }
            },
            // Licensed, and neither channel nor key say by AVMA.
            Seen::Other(_) | Seen::Evaluation | Seen::Unknown => {
                return Err(FoundError::StatusUnknown);
            }
        }
        if self.can_ask() {
            self.wait(wait);
        }
        Ok(())
    }
}
