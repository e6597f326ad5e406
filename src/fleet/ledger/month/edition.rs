//! Hosts by their edition, and the sums of each edition: Datacenter is licensed by cores for any number
//! of guests, Standard a licence a guest, so that no sum holds both.

use super::{HostMonth, MonthReport};
use crate::catalog::products::{Product, Products};
use crate::source::{SPUR_QUOTES, Source};
use crate::word::words;

/// What the count of cores rests on: at least
/// [`MIN_CORES_PER_PROCESSOR`](super::MIN_CORES_PER_PROCESSOR), any number of guests for Datacenter, and
/// one for each licence of Standard.
pub const COUNTED_BY: Source = SPUR_QUOTES;

words! {
    /// The edition of a host, as far as licences of hosters tell hosts apart.
    pub enum HostKind ("kind of host") {
        /// Datacenter: all its cores, for any number of guests.
        Datacenter = "datacenter", "Datacenter";
        /// Standard: one guest for each licence. How many licences that are is not judged here.
        Standard = "standard", "Standard";
        /// Another system, as Hyper-V Server or Azure Local: not judged here.
        Other = "other", "another edition";
        /// Not known, or several are possible.
        Unknown = "unknown", "an edition that is not known";
    }
}

impl From<Products> for HostKind {
    fn from(products: Products) -> Self {
        // What comes as Datacenter or Standard, and what may.
        let open = [
            Product::Datacenter,
            Product::Standard,
            Product::Nano,
            Product::Arm64,
            Product::Unlisted,
        ];
        if products.is(Product::Datacenter) {
            Self::Datacenter
        } else if products.is(Product::Standard) {
            Self::Standard
        } else if open.iter().any(|product| products.contains(*product)) {
            Self::Unknown
        } else {
            Self::Other
        }
    }
}

/// The cores of several hosts together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CoresDue {
    /// How many hosts.
    pub hosts: u32,
    /// The cores that count of those whose cores are known.
    pub cores: u64,
    /// The hosts among them whose cores are not known: the sum lacks theirs.
    pub hosts_without_cores: u32,
}

/// Several hosts whose licences are not counted by cores alone, and so not judged here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Guests {
    /// How many hosts.
    pub hosts: u32,
    /// The guests with Windows Server that were seen started on each, together: one that moved counts on
    /// each of its hosts.
    pub guests: u64,
}

impl HostMonth<'_> {
    /// The cores that are due for the host if it ran a Windows Server guest; `None` where they are not
    /// known, and for any host that is not surely Datacenter.
    pub fn cores_due(&self) -> Option<u32> {
        let cores = self.cores.ok().map(|cores| cores.due);
        cores.filter(|_| self.kind() == HostKind::Datacenter)
    }

    /// The edition, as far as licences tell hosts apart.
    pub fn kind(&self) -> HostKind {
        self.product.into()
    }
}

impl MonthReport<'_> {
    /// The cores due of the Datacenter hosts that were seen to run a Windows Server guest.
    pub fn cores_due(&self) -> CoresDue {
        self.cores(HostKind::Datacenter, Some(true))
    }

    /// Those of the Datacenter hosts of which it is not known whether they ran one.
    pub fn cores_open(&self) -> CoresDue {
        self.cores(HostKind::Datacenter, None)
    }

    /// The hosts of an edition that were seen to run a Windows Server guest (`Some(true)`), of which every
    /// VM is of another system (`Some(false)`), or of which neither is known, with the cores that count.
    /// Of other hosts than Datacenter these cores are not what is due.
    pub fn cores(&self, kind: HostKind, ran: Option<bool>) -> CoresDue {
        let mut sum = CoresDue::default();
        for host in self.of(kind, ran) {
            sum.hosts += 1;
            match host.cores {
                Ok(cores) => sum.cores += u64::from(cores.due),
                Err(_) => sum.hosts_without_cores += 1,
            }
        }
        sum
    }

    /// The same hosts with their guests.
    pub fn guests(&self, kind: HostKind, ran: Option<bool>) -> Guests {
        let mut sum = Guests::default();
        for host in self.of(kind, ran) {
            sum.hosts += 1;
            sum.guests += u64::from(host.started.server);
        }
        sum
    }

    fn of(&self, kind: HostKind, ran: Option<bool>) -> impl Iterator<Item = &HostMonth<'_>> {
        let hosts = self.hosts.iter();
        hosts.filter(move |host| host.kind() == kind && host.ran_server() == ran)
    }
}
