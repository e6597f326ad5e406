//! The activation of one VM over time: what changed between two observations, and what that means.
//!
//! Nothing is inferred that no text allows. There is no published renewal interval, so a watch never
//! says that a renewal is due or late: it says that minutes went up, that the time of the last
//! activation changed, or that the minutes fell as fast as time. What an observation does not tell
//! has not changed.
//!
//! ```
//! use avma::observe::activation::Activation;
//! use avma::observe::watch::{Change, Watch};
//! use avma::{LicenseChannel, LicenseStatus};
//!
//! let mut activation = Activation::default();
//! activation.observation.channel = Some(LicenseChannel::Avma);
//! activation.observation.status = Some(LicenseStatus::Licensed);
//! activation.observation.minutes_left = Some(4321);
//! let mut watch = Watch::new();
//! watch.observe("2025-11-24T01:00:00Z".parse()?, &activation)?;
//!
//! activation.observation.minutes_left = Some(4261);
//! let changes = watch.observe("2025-11-24T02:00:00Z".parse()?, &activation)?;
//! assert_eq!(
//!     changes[0].to_string(),
//!     "4261 minutes are left, as many fewer as time passed; they end about 2025-11-27T01:01:00Z"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use alloc::vec::Vec;

use super::activation::{Activation, IMPLAUSIBLE_MINUTES};
use super::value::When;
use crate::assess::{InstalledKey, Observation, Seen};
use crate::catalog::keys::KeyChannel;
use crate::ids::HostName;
use crate::license::{LicenseChannel, LicenseStatus};
use crate::product_key::LastFive;
use crate::time::Timestamp;

mod change;

pub use change::{Change, KeyMove};

/// By how many minutes an end may differ and still be the same one: minutes are rounded, and the
/// clock that dates an observation is not the one that counts them. This crate's own.
pub const TOLERANCE_MINUTES: u32 = 5;

const MS_PER_MINUTE: i64 = 60 * 1000;
const TOLERANCE: i64 = TOLERANCE_MINUTES as i64 * MS_PER_MINUTE;

/// Why an observation is not taken. The watch is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum WatchError {
    /// Out of order, as one of yesterday after one of today.
    #[error("an observation of {at} after one of {last}")]
    Older {
        /// The time of the observation.
        at: Timestamp,
        /// The time of the last one that was taken.
        last: Timestamp,
    },
    /// Another observation of the very time of the last one; which of them is right cannot be told.
    #[error("two observations of {at} that differ")]
    Differs {
        /// The time of both.
        at: Timestamp,
    },
}

/// Watches one VM: takes observations in the order of their times, and says what changed.
///
/// The same observations give the same changes. One VM, one watch: it does not look at whose
/// observation it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    last: Option<Last>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Last {
    at: Timestamp,
    /// As it was given.
    given: Activation,
    /// Everything that is known of the present licence, from earlier observations too.
    known: Activation,
    minutes: Option<Minutes>,
}

/// The last minutes that were seen, of the present licence in its present status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Minutes {
    at: Timestamp,
    left: u32,
    /// When they end; as it was first seen while they end within the tolerance, so that small
    /// differences do not add up unseen.
    ends: Timestamp,
}

impl Watch {
    /// Nothing was observed yet.
    pub const fn new() -> Self {
        Self { last: None }
    }

    /// The last observation that was taken, and its time.
    pub fn last(&self) -> Option<(Timestamp, &Activation)> {
        self.last.as_ref().map(|last| (last.at, &last.given))
    }

    /// Everything that is known of the present licence: the last observation, and what earlier ones
    /// of the same key said where it is silent.
    pub fn known(&self) -> Option<&Activation> {
        self.last.as_ref().map(|last| &last.known)
    }

    /// Takes an observation, and says what changed since the last one. The same again, then or later,
    /// is no change.
    ///
    /// # Errors
    ///
    /// An observation that is older than the last one, or another one of the same time. It changes
    /// nothing.
    pub fn observe(
        &mut self,
        at: Timestamp,
        activation: &Activation,
    ) -> Result<Vec<Change>, WatchError> {
        let Some(last) = &self.last else {
            let mut changes = Vec::from([Change::First {
                seen: activation.seen(),
            }]);
            let minutes = minutes(None, at, activation, None, &mut changes);
            self.last = Some(Last {
                at,
                given: activation.clone(),
                known: activation.clone(),
                minutes,
            });
            return Ok(changes);
        };
        if at < last.at {
            let last = last.at;
            return Err(WatchError::Older { at, last });
        }
        if at == last.at {
            let same = *activation == last.given;
            return same.then(Vec::new).ok_or(WatchError::Differs { at });
        }
        let (next, changes) = last.next(at, activation);
        self.last = Some(next);
        Ok(changes)
    }
}

impl Last {
    fn next(&self, at: Timestamp, given: &Activation) -> (Self, Vec<Change>) {
        let mut changes = Vec::new();
        let key = key_change(&self.known.observation, &given.observation);
        // Another key is another licence: what was known of the old one says nothing of it.
        let known = match &key {
            Some(_) => given.clone(),
            None => merged(&self.known, given),
        };
        let is_same_licence = key.is_none();
        changes.extend(key);
        state_change(&self.known, &known, &mut changes);
        let mut same_activation = None;
        if is_same_licence {
            let (before, now) = (&self.known.last_activation, &given.last_activation);
            let change = time_change(before, now);
            same_activation = match &change {
                Some(_) => Some(false),
                None => is_same_time(before, now).then_some(true),
            };
            changes.extend(change);
            changes.extend(host_change(&self.known, given));
        }
        let before = self.minutes.filter(|_| {
            is_same_licence && self.known.observation.status == known.observation.status
        });
        let minutes = minutes(before, at, given, same_activation, &mut changes);
        let next = Self {
            at,
            given: given.clone(),
            known,
            minutes,
        };
        (next, changes)
    }
}

/// What was known, and what is told now in its place.
fn merged(before: &Activation, now: &Activation) -> Activation {
    let (old, new) = (&before.observation, &now.observation);
    let status = new.status.or(old.status);
    let observation = Observation {
        key: match new.key {
            InstalledKey::Unknown => old.key,
            key => key,
        },
        channel: new.channel.or(old.channel),
        status,
        // A reason is one of its status.
        reason: new.reason.or(old.reason.filter(|_| status == old.status)),
        minutes_left: new.minutes_left,
    };
    Activation {
        observation,
        host: now.host.clone().or_else(|| before.host.clone()),
        last_activation: match &now.last_activation {
            When::Unknown => before.last_activation.clone(),
            told => told.clone(),
        },
        iaid: now.iaid.clone().or_else(|| before.iaid.clone()),
        host_pid: now.host_pid.clone().or_else(|| before.host_pid.clone()),
    }
}

/// The last five of an installed key; `Err` where it is not known whether one is installed.
fn last_five(key: InstalledKey) -> Result<Option<LastFive>, ()> {
    match key {
        InstalledKey::Unknown => Err(()),
        InstalledKey::None => Ok(None),
        InstalledKey::LastFive(last_five) => Ok(Some(last_five)),
        InstalledKey::Whole(key) => Ok(Some(key.last_five())),
    }
}

/// The channel of the installed key, by its token, or else by the key where that is published.
fn channel(observation: &Observation) -> Option<LicenseChannel> {
    let published = || {
        let found = observation.key.published()?;
        Some(match found.channel {
            KeyChannel::Avma => LicenseChannel::Avma,
            KeyChannel::Gvlk => LicenseChannel::KmsClient,
        })
    };
    let token = observation.channel;
    token
        .or_else(published)
        .filter(|channel| *channel != LicenseChannel::Unlisted)
}

fn key_change(before: &Observation, now: &Observation) -> Option<Change> {
    let channels = (channel(before), channel(now));
    match (last_five(before.key), last_five(now.key)) {
        (Ok(None), Ok(Some(key))) => Some(Change::KeyInstalled {
            key,
            channel: channels.1,
        }),
        (Ok(Some(key)), Ok(None)) => Some(Change::KeyRemoved {
            key,
            channel: channels.0,
        }),
        (Ok(Some(from)), Ok(Some(to))) if from != to => Some(Change::KeyReplaced {
            from,
            to,
            how: KeyMove::of(channels.0, channels.1),
        }),
        _ => match (before.channel, now.channel) {
            (Some(from), Some(to)) if from != to => Some(Change::ChannelChanged { from, to }),
            _ => None,
        },
    }
}

fn state_change(before: &Activation, known: &Activation, changes: &mut Vec<Change>) {
    let (from, to) = (before.seen(), known.seen());
    match (from, to) {
        (_, Seen::Unknown) => {}
        (Seen::Unknown, seen) => changes.push(Change::First { seen }),
        (Seen::Avma | Seen::Other(_), Seen::NotActivated { status, reason }) => {
            changes.push(Change::NoLongerActivated { status, reason });
        }
        (Seen::NotActivated { .. } | Seen::Evaluation | Seen::Other(_), Seen::Avma) => {
            changes.push(Change::Activated);
        }
        (_, Seen::Other(channel)) if from != to => {
            changes.push(Change::ActivatedOther { channel });
        }
        _ => {
            let (old, new) = (&before.observation, &known.observation);
            match (old.status, new.status) {
                (Some(from), Some(to)) if from != to => {
                    let reason = to_reason(new);
                    changes.push(Change::StatusChanged { from, to, reason });
                }
                _ => match (to_reason(old), to_reason(new)) {
                    (Some(from), Some(to)) if from != to => {
                        changes.push(Change::ReasonChanged { from, to });
                    }
                    _ => {}
                },
            }
        }
    }
}

/// The reason for not being licensed. That of a licensed system is no reason of anything.
fn to_reason(observation: &Observation) -> Option<crate::hresult::HResult> {
    let licensed = observation.status == Some(LicenseStatus::Licensed);
    observation.reason.filter(|_| !licensed)
}

/// Whether both tell a time, and the same one. Some programs print no part of a second.
fn is_same_time(before: &When, now: &When) -> bool {
    match (before, now) {
        (When::At(a), When::At(b)) => a.0.div_euclid(1000) == b.0.div_euclid(1000),
        (When::Never, When::Never) => true,
        (When::Undecided(a), When::Undecided(b)) => a == b,
        _ => false,
    }
}

fn time_change(before: &When, now: &When) -> Option<Change> {
    if is_same_time(before, now) {
        return None;
    }
    let (from, to) = (before.clone(), now.clone());
    match (before, now) {
        (When::Undecided(_), When::Undecided(_)) => {
            Some(Change::LastActivationTextChanged { from, to })
        }
        // A text and a time can be one and the same.
        (When::Unknown, _)
        | (_, When::Unknown)
        | (When::At(_), When::Undecided(_))
        | (When::Undecided(_), When::At(_)) => None,
        _ => Some(Change::LastActivationChanged { from, to }),
    }
}

fn host_change(before: &Activation, now: &Activation) -> Option<Change> {
    let (from, to) = (before.host.as_ref()?, now.host.as_ref()?);
    let (from, to) = (from.clone(), to.clone());
    (!HostName(&from).may_be(HostName(&to))).then_some(Change::HostChanged { from, to })
}

/// Compares the minutes with those that were seen before, and gives those to compare with next.
/// `same_activation` is whether the time of the last activation is the same, where that is told.
fn minutes(
    before: Option<Minutes>,
    at: Timestamp,
    activation: &Activation,
    same_activation: Option<bool>,
    changes: &mut Vec<Change>,
) -> Option<Minutes> {
    let Some(left) = activation.observation.minutes_left else {
        return before;
    };
    let ends = Timestamp(at.0.saturating_add(i64::from(left) * MS_PER_MINUTE));
    let mut next = Minutes { at, left, ends };
    if let Some(before) = before {
        let from = before.left;
        let elapsed = at.0.saturating_sub(before.at.0) / MS_PER_MINUTE;
        let later = ends.0.saturating_sub(before.ends.0);
        // Where none is left they may have ended long ago.
        let as_time = later.abs() <= TOLERANCE || left == 0 && later > 0;
        // Of none to some no clock is the reason.
        let as_clocks_differ = as_time && from > 0 && same_activation != Some(false);
        if left > from && as_clocks_differ {
            next.ends = before.ends;
        } else if left > from && same_activation == Some(true) {
            changes.push(Change::MinutesGrewUnexplained { from, to: left });
        } else if left > from {
            changes.push(Change::MinutesWentUp { from, to: left });
        } else if as_time {
            next.ends = before.ends;
            if left < from {
                let ends = if left == 0 { before.ends } else { ends };
                changes.push(Change::MinutesCountedDown { left, ends });
            }
        } else if left == from {
            // The same again, whatever time passed.
        } else if later > 0 {
            changes.push(Change::MinutesFellSlower {
                from,
                to: left,
                elapsed,
            });
        } else {
            changes.push(Change::MinutesFellFaster {
                from,
                to: left,
                elapsed,
            });
        }
    }
    let was = before.is_some_and(|before| before.left > IMPLAUSIBLE_MINUTES);
    if left > IMPLAUSIBLE_MINUTES && !was {
        changes.push(Change::MinutesImplausible { left });
    }
    Some(next)
}
