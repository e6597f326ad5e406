//! What one system shows of its activation.
//!
//! From its licence rows, however they were collected: WMI's, or the text of
//! [slmgr](super::slmgr). Windows' own row is found among those of add-ons by
//! [`Licensing::windows_row`].

use alloc::string::String;

use super::licensing::{Licensing, LicensingProduct, PartialKey};
use super::value::When;
use crate::assess::{InstalledKey, Observation, Seen};
use crate::ids::HostName;
use crate::license::LicenseStatus;
use crate::time::Timestamp;

/// More minutes left than any activation could have. No text gives the limit; ten years is this
/// crate's own.
pub const IMPLAUSIBLE_MINUTES: u32 = 10 * 366 * 24 * 60;

const MS_PER_MINUTE: i64 = 60 * 1000;

/// One observed activation: the licence of Windows itself, as it was seen once.
///
/// It is the guest's word. What was not collected is `None` or [`When::Unknown`], and so is what the
/// licensing service has nothing to say of.
///
/// Source: `SoftwareLicensingProduct`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activation {
    /// Key, channel, status, reason and minutes, as the rulebook reads them.
    pub observation: Observation,
    /// The host of the last activation by AVMA. It need not be the one on which the VM runs now.
    pub host: Option<String>,
    /// When AVMA activated it last; [`When::Never`] for file time 0.
    pub last_activation: When,
    /// The id of the inherited activation (IAID); how it is computed is not public.
    pub iaid: Option<String>,
    /// The host's digital product id; its form is not public.
    pub host_pid: Option<String>,
}

impl Activation {
    /// What it says of the activation.
    pub fn seen(&self) -> Seen {
        self.observation.seen()
    }

    /// The host of the last activation, as a name that compares as Windows' names do.
    pub fn host_name(&self) -> Option<HostName<'_>> {
        self.host.as_deref().map(HostName)
    }

    /// When the minutes are over that were left at a time; `None` where none are given, or
    /// 0: a licence without an end has 0 minutes too.
    ///
    /// ```
    /// use avma::observe::activation::Activation;
    ///
    /// let mut activation = Activation::default();
    /// activation.observation.minutes_left = Some(90);
    /// let ends = activation.ends("2025-11-24T01:00:00Z".parse()?);
    /// assert_eq!(ends.unwrap().to_string(), "2025-11-24T02:30:00Z");
    /// # Ok::<(), avma::time::TimestampError>(())
    /// ```
    pub fn ends(&self, at: Timestamp) -> Option<Timestamp> {
        let minutes = self.observation.minutes_left.filter(|left| *left > 0)?;
        let ms = i64::from(minutes) * MS_PER_MINUTE;
        at.0.checked_add(ms).map(Timestamp)
    }

    /// Whether more minutes are left than any activation could have: [`IMPLAUSIBLE_MINUTES`].
    pub fn is_implausible(&self) -> bool {
        let minutes = self.observation.minutes_left;
        minutes.is_some_and(|left| left > IMPLAUSIBLE_MINUTES)
    }
}

/// A text that says something.
fn said(text: Option<&String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty()).cloned()
}

impl LicensingProduct {
    /// What the row shows of the activation of what it licenses.
    fn activation(&self) -> Activation {
        let observation = Observation {
            key: match self.partial_key {
                PartialKey::LastFive(last_five) => InstalledKey::LastFive(last_five),
                PartialKey::NoKey => InstalledKey::None,
                PartialKey::NotCollected | PartialKey::NotALastFive { .. } => InstalledKey::Unknown,
            },
            channel: self.channel(),
            status: self.status(),
            reason: self.reason,
            minutes_left: self.grace_minutes,
        };
        Activation {
            observation,
            host: said(self.avma_host.as_ref()),
            last_activation: self.avma_last_activation.clone(),
            iaid: said(self.iaid.as_ref()),
            host_pid: said(self.avma_host_pid.as_ref()),
        }
    }
}

impl Licensing {
    /// What the rows show of the activation of Windows itself. Where no key is installed for it
    /// ([`has_no_key`](Self::has_no_key)) it is unlicensed; where its row cannot be told from
    /// others nothing is known.
    pub fn activation(&self) -> Activation {
        if self.has_no_key() {
            let mut activation = Activation::default();
            // Windows without a key is unlicensed.
            activation.observation.key = InstalledKey::None;
            activation.observation.status = Some(LicenseStatus::Unlicensed);
            return activation;
        }
        self.windows_row()
            .map(LicensingProduct::activation)
            .unwrap_or_default()
    }

    /// The same, as the rulebook reads it.
    pub fn observation(&self) -> Observation {
        self.activation().observation
    }
}
