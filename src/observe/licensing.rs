//! Licence rows: `SoftwareLicensingProduct`, of a host or of a guest.

use alloc::string::String;
use alloc::vec::Vec;

use super::fault::{Fault, FaultKind, Place};
use super::value::{Value, When};
use super::wmi::{field, objects, when};
use crate::hresult::HResult;
use crate::ids::VmId;
use crate::license::{LicenseChannel, LicenseStatus};
use crate::product_key::LastFive;

/// `ApplicationID` of Windows itself; Office has another.
pub const WINDOWS: VmId = VmId(0x55c9_2734_d682_4d71_983e_d6ec_3f16_059f);

/// `PartialProductKey`, with the ways in which there is none told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PartialKey {
    /// The property was not collected.
    #[default]
    NotCollected,
    /// `null` or `""`: no key is installed for this row.
    NoKey,
    /// The last five characters.
    LastFive(LastFive),
    /// A text that is not the last five characters of a key. It may be a whole one, so it is not
    /// kept.
    NotALastFive {
        /// Its length.
        bytes: usize,
    },
}

impl PartialKey {
    fn read(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
        const NAME: &str = "PartialProductKey";
        let Some(value) = object.get(NAME) else {
            return Self::NotCollected;
        };
        match value.text() {
            Ok(text) => {
                let text = text.as_deref().unwrap_or_default().trim();
                if text.is_empty() {
                    return Self::NoKey;
                }
                if let Ok(last_five) = LastFive::parse(text) {
                    return Self::LastFive(last_five);
                }
                let bytes = text.len();
                faults.push(
                    place
                        .property(NAME)
                        .fault(FaultKind::NotALastFive { bytes }),
                );
                Self::NotALastFive { bytes }
            }
            Err(misread) => {
                faults.push(place.property(NAME).fault(misread));
                Self::NotCollected
            }
        }
    }

    /// The last five, where they are known.
    pub const fn last_five(self) -> Option<LastFive> {
        match self {
            Self::LastFive(last_five) => Some(last_five),
            _ => None,
        }
    }
}

/// A row of `SoftwareLicensingProduct`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LicensingProduct {
    /// `Name`, as in `Windows(R), ServerDatacenter edition`.
    pub name: Option<String>,
    /// `Description`; holds the channel's token, see [`channel`](Self::channel).
    pub description: Option<String>,
    /// `ApplicationID`; [`WINDOWS`] for Windows.
    pub application_id: Option<VmId>,
    /// `LicenseFamily`, as in `ServerDatacenter`.
    pub license_family: Option<String>,
    /// `LicenseIsAddon`: true for security updates and the like, which are not Windows itself.
    pub is_addon: Option<bool>,
    /// `LicenseStatus`, 0 to 6; see [`status`](Self::status).
    pub status_code: Option<u32>,
    /// `LicenseStatusReason`.
    pub reason: Option<HResult>,
    /// `GracePeriodRemaining` in minutes; not 0 for a licensed AVMA client too.
    pub grace_minutes: Option<u32>,
    /// `PartialProductKey`.
    pub partial_key: PartialKey,
    /// `ProductKeyChannel`, as in `Volume:GVLK`.
    pub product_key_channel: Option<String>,
    /// `EvaluationEndDate`.
    pub evaluation_end: When,
    /// `IAID`: the id of an inherited activation; its form is not public.
    pub iaid: Option<String>,
    /// `AutomaticVMActivationHostMachineName`: the host of the last activation; `""` without one.
    pub avma_host: Option<String>,
    /// `AutomaticVMActivationLastActivationTime`.
    pub avma_last_activation: When,
    /// `AutomaticVMActivationHostDigitalPid2`; its form is not public.
    pub avma_host_pid: Option<String>,
}

impl LicensingProduct {
    /// Reads the object's properties; unknown ones are ignored.
    pub fn read(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
        Self {
            name: field(object, "Name", place, faults),
            description: field(object, "Description", place, faults),
            application_id: field(object, "ApplicationID", place, faults),
            license_family: field(object, "LicenseFamily", place, faults),
            is_addon: field(object, "LicenseIsAddon", place, faults),
            status_code: field(object, "LicenseStatus", place, faults),
            reason: field(object, "LicenseStatusReason", place, faults),
            grace_minutes: field(object, "GracePeriodRemaining", place, faults),
            partial_key: PartialKey::read(object, place, faults),
            product_key_channel: field(object, "ProductKeyChannel", place, faults),
            evaluation_end: when(object, "EvaluationEndDate", place, faults),
            iaid: field(object, "IAID", place, faults),
            avma_host: field(
                object,
                "AutomaticVMActivationHostMachineName",
                place,
                faults,
            ),
            avma_last_activation: when(
                object,
                "AutomaticVMActivationLastActivationTime",
                place,
                faults,
            ),
            avma_host_pid: field(
                object,
                "AutomaticVMActivationHostDigitalPid2",
                place,
                faults,
            ),
        }
    }

    /// Whether the object is such a row, by properties that no other class has.
    pub(crate) fn recognises(object: &Value) -> bool {
        [
            "LicenseStatus",
            "PartialProductKey",
            "LicenseIsAddon",
            "LicenseFamily",
        ]
        .iter()
        .any(|name| object.has(name))
    }

    /// The channel, by the token in `Description`; `None` for a description without one.
    pub fn channel(&self) -> Option<LicenseChannel> {
        LicenseChannel::from_description(self.description.as_deref()?)
    }

    /// The status; `None` where it was not collected or is beyond 6.
    pub fn status(&self) -> Option<LicenseStatus> {
        LicenseStatus::from_code(self.status_code?)
    }

    /// Whether this may be the row of Windows itself: Windows' application or none given, and not
    /// said to be an add-on.
    pub fn is_windows(&self) -> bool {
        self.application_id.is_none_or(|id| id == WINDOWS) && self.is_addon != Some(true)
    }
}

/// The licence rows of one system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Licensing {
    /// The rows with a key, and rows whose `PartialProductKey` was not collected.
    pub rows: Vec<LicensingProduct>,
    /// How many rows hold no key; there are hundreds without a filter.
    pub without_key: usize,
    /// How many elements could not be read as rows: cut off, or without their values. Each may have
    /// been any row, that of Windows itself too.
    pub refused: usize,
}

impl Licensing {
    /// Reads a list of rows; an empty one means that no key is installed.
    pub fn read(list: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
        let mut licensing = Self::default();
        licensing.take(list, place, faults);
        licensing.check(place, faults);
        licensing
    }

    pub(crate) fn take(&mut self, list: &Value, place: Place<'_>, faults: &mut Vec<Fault>) {
        let refused = objects(list, place, faults, |row, place, faults| {
            self.push(LicensingProduct::read(row, place, faults));
        });
        self.refused += refused;
    }

    pub(crate) fn push(&mut self, row: LicensingProduct) {
        if row.partial_key == PartialKey::NoKey {
            self.without_key += 1;
        } else {
            self.rows.push(row);
        }
    }

    pub(crate) fn check(&self, place: Place<'_>, faults: &mut Vec<Fault>) {
        let rows = self.best().count();
        if rows > 0 && self.only_best().is_none() {
            faults.push(place.fault(FaultKind::SeveralLicenses { rows }));
        }
    }

    /// The row of Windows itself; `None` where no key is installed, or where several rows fit and
    /// differ.
    ///
    /// A row that is known to be no add-on comes before one whose `LicenseIsAddon` was not collected.
    /// Beside rows that were [`refused`](Self::refused) it counts only if it is known to be Windows'.
    pub fn windows_row(&self) -> Option<&LicensingProduct> {
        self.only_best().filter(|row| {
            let is_sure = row.application_id.is_some() && row.is_addon.is_some();
            is_sure || self.refused == 0
        })
    }

    /// Whether it is certain that no key is installed for Windows itself: no row with a key at all,
    /// or add-ons of Windows only.
    ///
    /// False where an element could not be read, since that may be the one with the key, and where
    /// the rows with a key are of other applications only, since then nobody may have asked for
    /// Windows'.
    pub fn has_no_key(&self) -> bool {
        let of_windows = |row: &LicensingProduct| row.application_id.is_none_or(|id| id == WINDOWS);
        self.refused == 0
            && !self.rows.iter().any(LicensingProduct::is_windows)
            && (self.rows.is_empty() || self.rows.iter().any(of_windows))
    }

    fn only_best(&self) -> Option<&LicensingProduct> {
        let mut rows = self.best();
        let first = rows.next()?;
        rows.all(|row| row == first).then_some(first)
    }

    fn best(&self) -> impl Iterator<Item = &LicensingProduct> {
        let rank = |row: &LicensingProduct| {
            (
                row.partial_key != PartialKey::NotCollected,
                row.is_addon.is_some(),
                row.application_id.is_some(),
            )
        };
        let windows = self.rows.iter().filter(|row| row.is_windows());
        let best = windows.clone().map(rank).max();
        windows.filter(move |row| Some(rank(row)) == best)
    }
}
