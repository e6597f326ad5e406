//! What changed, and what it means.

use alloc::string::String;
use core::fmt;

use crate::assess::Seen;
use crate::catalog::codes::UNLISTED;
use crate::catalog::mask::Masked;
use crate::hresult::HResult;
use crate::license::{LicenseChannel, LicenseStatus};
use crate::observe::activation::IMPLAUSIBLE_MINUTES;
use crate::observe::value::When;
use crate::product_key::LastFive;
use crate::source::{AVMA_ARTICLE, NO_STATEMENT, Source};
use crate::time::Timestamp;
use crate::word::words;

words! {
    /// What the replacement of a key means for AVMA.
    pub enum KeyMove ("key replacement") {
        /// An AVMA key by another AVMA key.
        OtherAvma = "other-avma", "an AVMA key by another AVMA key";
        /// An AVMA key by one of another channel.
        FromAvma = "from-avma", "an AVMA key by a key of another channel";
        /// A key of another channel by an AVMA key.
        ToAvma = "to-avma", "a key of another channel by an AVMA key";
        /// Neither key is an AVMA key.
        Other = "other", "neither key is an AVMA key";
        /// The channel of one of the keys is not known.
        Unknown = "unknown", "the channel of a key is not known";
    }
}

impl KeyMove {
    /// By the channels of the old and the new key.
    ///
    /// ```
    /// use avma::LicenseChannel;
    /// use avma::observe::watch::KeyMove;
    ///
    /// let (avma, retail) = (Some(LicenseChannel::Avma), Some(LicenseChannel::Retail));
    /// assert_eq!(KeyMove::of(avma, retail), KeyMove::FromAvma);
    /// assert_eq!(KeyMove::of(avma, None), KeyMove::Unknown);
    /// ```
    pub fn of(from: Option<LicenseChannel>, to: Option<LicenseChannel>) -> Self {
        let is_avma = |channel| match channel {
            None | Some(LicenseChannel::Unlisted) => None,
            Some(channel) => Some(channel == LicenseChannel::Avma),
        };
        match (is_avma(from), is_avma(to)) {
            (Some(true), Some(true)) => Self::OtherAvma,
            (Some(true), Some(false)) => Self::FromAvma,
            (Some(false), Some(true)) => Self::ToAvma,
            (Some(false), Some(false)) => Self::Other,
            (None, _) | (_, None) => Self::Unknown,
        }
    }
}

/// What changed between two observations. `Display` says it with its numbers and names, in one
/// sentence; [`meaning`](Self::meaning) says what follows from it, and what does not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Change {
    /// The first observation, or the first one that tells whether the present key is activated.
    First {
        /// What was seen.
        seen: Seen,
    },
    /// Activated by AVMA now, and not before.
    Activated,
    /// Activated by another channel now.
    ActivatedOther {
        /// By which.
        channel: LicenseChannel,
    },
    /// Was activated, and is not any more.
    NoLongerActivated {
        /// The status now.
        status: LicenseStatus,
        /// The error that the licensing service gives, where it gives one.
        reason: Option<HResult>,
    },
    /// Another status, without becoming activated or not activated.
    StatusChanged {
        /// The status before.
        from: LicenseStatus,
        /// The status now.
        to: LicenseStatus,
        /// The reason now.
        reason: Option<HResult>,
    },
    /// Not activated as before, for another reason.
    ReasonChanged {
        /// The reason before.
        from: HResult,
        /// The reason now.
        to: HResult,
    },
    /// A key is installed where there was none.
    KeyInstalled {
        /// Its last five.
        key: LastFive,
        /// Its channel, where it is known.
        channel: Option<LicenseChannel>,
    },
    /// No key is installed any more.
    KeyRemoved {
        /// The last five of the key that was.
        key: LastFive,
        /// Its channel, where it is known.
        channel: Option<LicenseChannel>,
    },
    /// Another key is installed.
    KeyReplaced {
        /// The last five of the old one.
        from: LastFive,
        /// The last five of the new one.
        to: LastFive,
        /// What that means for AVMA.
        how: KeyMove,
    },
    /// The licence is of another channel, while the keys are the same or not known.
    ChannelChanged {
        /// The channel before.
        from: LicenseChannel,
        /// The channel now.
        to: LicenseChannel,
    },
    /// The time of the last activation is another one.
    LastActivationChanged {
        /// The time before.
        from: When,
        /// The time now.
        to: When,
    },
    /// The text of the last activation's time is another one, in a format that is not decided.
    LastActivationTextChanged {
        /// The text before.
        from: When,
        /// The text now.
        to: When,
    },
    /// The last activation came from another host.
    HostChanged {
        /// The host before.
        from: String,
        /// The host now.
        to: String,
    },
    /// More minutes are left than before, by more than
    /// [`TOLERANCE_MINUTES`](super::TOLERANCE_MINUTES) or with another last activation.
    MinutesWentUp {
        /// The minutes before.
        from: u32,
        /// The minutes now.
        to: u32,
    },
    /// More minutes are left than before, by more than
    /// [`TOLERANCE_MINUTES`](super::TOLERANCE_MINUTES), though the time of the last activation is the same.
    MinutesGrewUnexplained {
        /// The minutes before.
        from: u32,
        /// The minutes now.
        to: u32,
    },
    /// The minutes fell as fast as time passed, within [`TOLERANCE_MINUTES`](super::TOLERANCE_MINUTES).
    MinutesCountedDown {
        /// The minutes now.
        left: u32,
        /// When they end.
        ends: Timestamp,
    },
    /// The minutes fell by less than the time that passed.
    MinutesFellSlower {
        /// The minutes before.
        from: u32,
        /// The minutes now.
        to: u32,
        /// The minutes that passed.
        elapsed: i64,
    },
    /// The minutes fell by more than the time that passed.
    MinutesFellFaster {
        /// The minutes before.
        from: u32,
        /// The minutes now.
        to: u32,
        /// The minutes that passed.
        elapsed: i64,
    },
    /// More minutes are left than [`IMPLAUSIBLE_MINUTES`].
    MinutesImplausible {
        /// The minutes now.
        left: u32,
    },
}

impl Change {
    /// The stable slug, as in `host-changed`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::First { .. } => "first",
            Self::Activated => "activated",
            Self::ActivatedOther { .. } => "activated-other",
            Self::NoLongerActivated { .. } => "no-longer-activated",
            Self::StatusChanged { .. } => "status-changed",
            Self::ReasonChanged { .. } => "reason-changed",
            Self::KeyInstalled { .. } => "key-installed",
            Self::KeyRemoved { .. } => "key-removed",
            Self::KeyReplaced { .. } => "key-replaced",
            Self::ChannelChanged { .. } => "channel-changed",
            Self::LastActivationChanged { .. } => "last-activation-changed",
            Self::LastActivationTextChanged { .. } => "last-activation-text-changed",
            Self::HostChanged { .. } => "host-changed",
            Self::MinutesWentUp { .. } => "minutes-went-up",
            Self::MinutesGrewUnexplained { .. } => "minutes-grew-unexplained",
            Self::MinutesCountedDown { .. } => "minutes-counted-down",
            Self::MinutesFellSlower { .. } => "minutes-fell-slower",
            Self::MinutesFellFaster { .. } => "minutes-fell-faster",
            Self::MinutesImplausible { .. } => "minutes-implausible",
        }
    }

    /// How a key was replaced, by the key or by the channel; `None` for any other change.
    pub fn key_move(&self) -> Option<KeyMove> {
        match self {
            Self::KeyReplaced { how, .. } => Some(*how),
            Self::ChannelChanged { from, to } => Some(KeyMove::of(Some(*from), Some(*to))),
            _ => None,
        }
    }

    /// What it means, in one sentence or two.
    pub fn meaning(&self) -> &'static str {
        if let Some(how) = self.key_move() {
            return match how {
                KeyMove::OtherAvma => {
                    "an AVMA key activates guests of its own release and edition only; a report of \
                     this crate under the old key is to be written anew"
                }
                KeyMove::FromAvma => {
                    "AVMA has no part in it any more; the article asks for the KVP data to be \
                     removed: delete this crate's own report, and look through the Guest key by hand"
                }
                KeyMove::ToAvma => "the guest asks its host for activation from now on",
                KeyMove::Other => "not related to AVMA",
                KeyMove::Unknown => {
                    "whether AVMA still has a part in it is not known; find out the channel before \
                     KVP data is removed"
                }
            };
        }
        match self {
            Self::First { .. } => "nothing to compare with yet",
            Self::Activated => {
                "the guest says that a host has activated it; the host's own record (event 12310) would \
                 prove it"
            }
            Self::NoLongerActivated {
                reason: Some(code), ..
            }
            | Self::ReasonChanged { to: code, .. }
            | Self::StatusChanged {
                reason: Some(code), ..
            } => code.meaning().unwrap_or(UNLISTED),
            Self::NoLongerActivated { reason: None, .. }
            | Self::StatusChanged { reason: None, .. } => {
                "the licensing service gives no reason; which status follows an AVMA activation that \
                 ends is not documented"
            }
            Self::KeyInstalled {
                channel: Some(LicenseChannel::Avma),
                ..
            } => "the guest asks its host for activation from now on",
            Self::ActivatedOther { .. }
            | Self::KeyInstalled {
                channel: Some(_), ..
            } => "not related to AVMA",
            Self::KeyInstalled { channel: None, .. } => "the channel of the key is not known",
            Self::KeyRemoved { .. } => "Windows without a key is unlicensed",
            Self::LastActivationChanged { from, to } => match (from, to) {
                (_, When::Never) => {
                    "the guest shows no activation by AVMA any more; no text tells what takes it away"
                }
                (When::At(from), When::At(to)) if to < from => {
                    "an earlier time than before, as an older state of the VM has (a checkpoint, a \
                     backup), or a clock that was set back"
                }
                _ => "a host has activated the guest since; no text gives an interval for it",
            },
            Self::LastActivationTextChanged { .. } => {
                "a host has activated the guest since, or the same time is written in another format \
                 or time zone"
            }
            Self::HostChanged { .. } => {
                "another host activated the guest last: the VM was moved, or the host renamed; it \
                 need not be the host on which the VM runs now"
            }
            Self::MinutesWentUp { .. } => {
                "activated again, as far as can be told; no text gives an interval for it"
            }
            Self::MinutesGrewUnexplained { .. } => {
                "nothing that is documented adds minutes without an activation: look for the host's \
                 own record (event 12310), and at the guest itself"
            }
            Self::MinutesCountedDown { .. } => {
                "not activated again since; which status follows the end is not documented"
            }
            Self::MinutesFellSlower { .. } => {
                "activated again in between, or the minutes did not count while the VM was off or \
                 saved; no text tells which"
            }
            Self::MinutesFellFaster { .. } => {
                "the end moved towards the present; no text tells why, a clock that was changed is \
                 one way"
            }
            Self::MinutesImplausible { .. } => {
                "no activation by AVMA lasts so long; forged activations do: look for the host's own \
                 record (event 12310), and at the guest itself"
            }
            // Said above.
            Self::KeyReplaced { .. } | Self::ChannelChanged { .. } => "",
        }
    }

    /// The text that the meaning rests on.
    pub fn source(&self) -> Source {
        match self {
            Self::NoLongerActivated {
                reason: Some(code), ..
            }
            | Self::ReasonChanged { to: code, .. }
            | Self::StatusChanged {
                reason: Some(code), ..
            } => code.source(),
            Self::Activated
            | Self::KeyInstalled {
                channel: Some(LicenseChannel::Avma),
                ..
            } => AVMA_ARTICLE,
            _ => match self.key_move() {
                Some(KeyMove::FromAvma | KeyMove::OtherAvma | KeyMove::ToAvma) => AVMA_ARTICLE,
                _ => NO_STATEMENT,
            },
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::First { seen } => write!(f, "first seen {}", ShownSeen(*seen)),
            Self::Activated => f.write_str("activated by AVMA"),
            Self::ActivatedOther { channel } => {
                write!(f, "activated by another channel: {channel}")
            }
            Self::NoLongerActivated { status, reason } => {
                write!(f, "no longer activated: {status}{}", Because(*reason))
            }
            Self::StatusChanged { from, to, reason } => {
                write!(f, "the status was {from}, and is {to}{}", Because(*reason))
            }
            Self::ReasonChanged { from, to } => {
                write!(f, "the reason was {from}, and is {to}")
            }
            Self::KeyInstalled { key, channel } => {
                write!(f, "a key is installed: {key}{}", Of(*channel))
            }
            Self::KeyRemoved { key, channel } => {
                write!(f, "the key was removed: {key}{}", Of(*channel))
            }
            Self::KeyReplaced { from, to, how } => {
                write!(f, "the key {from} was replaced by {to}: {how}")
            }
            Self::ChannelChanged { from, to } => {
                write!(f, "the channel was {from}, and is {to}")
            }
            Self::LastActivationChanged { from, to }
            | Self::LastActivationTextChanged { from, to } => write!(
                f,
                "the last activation was {}, and is {}",
                ShownWhen(from),
                ShownWhen(to)
            ),
            Self::HostChanged { from, to } => write!(
                f,
                "the host of the last activation was {}, and is {}",
                Masked(from),
                Masked(to)
            ),
            Self::MinutesWentUp { from, to } => {
                write!(f, "the minutes went up from {from} to {to}")
            }
            Self::MinutesGrewUnexplained { from, to } => write!(
                f,
                "the minutes went up from {from} to {to} without another activation"
            ),
            Self::MinutesCountedDown { left, ends } => write!(
                f,
                "{left} minutes are left, as many fewer as time passed; they end about {ends}"
            ),
            Self::MinutesFellSlower { from, to, elapsed } => write!(
                f,
                "the minutes fell from {from} to {to} in {elapsed} minutes, slower than time"
            ),
            Self::MinutesFellFaster { from, to, elapsed } => write!(
                f,
                "the minutes fell from {from} to {to} in {elapsed} minutes, faster than time"
            ),
            Self::MinutesImplausible { left } => write!(
                f,
                "{left} minutes are left, more than {IMPLAUSIBLE_MINUTES}, which is ten years"
            ),
        }
    }
}

/// What was seen, as a part of a sentence.
struct ShownSeen(Seen);

impl fmt::Display for ShownSeen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Seen::Avma => f.write_str("activated by AVMA"),
            Seen::Other(channel) => write!(f, "activated by another channel: {channel}"),
            Seen::NotActivated { status, reason } => {
                write!(f, "not activated: {status}{}", Because(reason))
            }
            Seen::Evaluation => f.write_str("as an evaluation within its period"),
            Seen::Unknown => f.write_str("without telling whether it is activated"),
        }
    }
}

/// `, 0xC004FD02`, or nothing.
struct Because(Option<HResult>);

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |code| write!(f, ", {code}"))
    }
}

/// ` (AVMA)`, or nothing.
struct Of(Option<LicenseChannel>);

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |channel| write!(f, " ({channel})"))
    }
}

struct ShownWhen<'a>(&'a When);

impl fmt::Display for ShownWhen<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            When::Unknown => f.write_str("not known"),
            When::Never => f.write_str("never"),
            When::At(time) => time.fmt(f),
            When::Undecided(text) => Masked(text).fmt(f),
        }
    }
}
