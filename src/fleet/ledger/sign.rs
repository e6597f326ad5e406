//! What a sighting says of a VM, and how far that can be trusted.

use core::fmt;

use crate::assess::Trust;
use crate::time::Day;
use crate::word::words;

words! {
    /// What was seen, by whom. Every sign has its trust: [`trust`](Self::trust).
    ///
    /// Of an event 12310 or 12309 no layout is public. What its payload holds is a sign that there was
    /// one, and never that an activation succeeded.
    pub enum Sign ("sign") {
        /// The host's list of VMs has it, in a state in which it is started.
        Running = "running", "running on the host";
        /// The host's list of VMs has it, off or saved.
        Stopped = "stopped", "off or saved on the host";
        /// The host knows it; whether it runs was not collected, or is a state that no text names.
        Listed = "listed", "on the host, state not known";
        /// The host's event 12310 names it; without a VM: the host logged one that names none.
        HostEvent = "host-event", "event 12310 of the host";
        /// The same, and the payload holds an HRESULT that means failure.
        HostFailure = "host-failure", "event 12310 of the host that holds a failure";
        /// The guest's own event 12309.
        GuestEvent = "guest-event", "event 12309 of the guest";
        /// The same, and the payload holds an HRESULT that means failure.
        GuestFailure = "guest-failure", "event 12309 of the guest that holds a failure";
        /// The guest's export: licensed by AVMA.
        Avma = "avma", "activated by AVMA, by the guest's export";
        /// The guest's export: licensed by another channel.
        Other = "other", "activated by another channel, by the guest's export";
        /// The guest's export: not activated, or an evaluation copy.
        NotActivated = "not-activated", "not activated, by the guest's export";
        /// The guest's export: a Windows Server product.
        Server = "server", "Windows Server, by the guest's export";
        /// The guest's export: another system.
        OtherSystem = "other-system", "not Windows Server, by the guest's export";
        /// The guest's export, which tells neither of both.
        Exported = "exported", "export of the guest, system not told";
        /// An event 12310 that names the VM, on a computer that is no host which was collected. A
        /// guest knows its own id and could have written it.
        ClaimedEvent = "claimed-event", "event 12310 of an unknown computer";
        /// A key-value item reports an activation by AVMA, or a guest's export does and the rules
        /// forbid it.
        ClaimedAvma = "claimed-avma", "activated by AVMA, by a claim";
        /// A key-value item reports that it is not activated.
        ClaimedNotActivated = "claimed-not-activated", "not activated, by a claim";
        /// The intrinsic key-value items: a Windows Server product.
        ClaimedServer = "claimed-server", "Windows Server, by key-value items";
        /// The intrinsic key-value items: another system.
        ClaimedOtherSystem = "claimed-other-system", "not Windows Server, by key-value items";
        /// Intrinsic key-value items, which tell neither of both.
        Items = "items", "key-value items, system not told";
    }
}

impl Sign {
    /// How far it can be trusted.
    pub const fn trust(self) -> Trust {
        match self {
            Self::Running | Self::Stopped | Self::Listed | Self::HostEvent | Self::HostFailure => {
                Trust::Host
            }
            Self::GuestEvent
            | Self::GuestFailure
            | Self::Avma
            | Self::Other
            | Self::NotActivated
            | Self::Server
            | Self::OtherSystem
            | Self::Exported => Trust::Guest,
            Self::ClaimedEvent
            | Self::ClaimedAvma
            | Self::ClaimedNotActivated
            | Self::ClaimedServer
            | Self::ClaimedOtherSystem
            | Self::Items => Trust::Claimed,
        }
    }

    /// Whether a sighting may name no VM: those of events 12310, which need not hold its id.
    pub const fn may_lack_vm(self) -> bool {
        matches!(
            self,
            Self::HostEvent | Self::HostFailure | Self::ClaimedEvent
        )
    }

    /// Whether the VM was started: its host lists it so, or shows key-value items of it, which are
    /// there only while it runs.
    pub const fn is_of_a_started_vm(self) -> bool {
        matches!(
            self,
            Self::Running | Self::ClaimedServer | Self::ClaimedOtherSystem | Self::Items
        )
    }

    /// The number in keys and bytes. It never changes: new signs come last.
    pub(super) const fn code(self) -> u8 {
        self as u8
    }

    pub(super) fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// Days of one month: bit 0 is the first day, bit 30 the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Days(pub u32);

impl Days {
    /// One day of a month, by its number from 1; none for any number that is no day's.
    pub const fn one(day: u8) -> Self {
        match day {
            1..=31 => Self(1 << (day - 1)),
            _ => Self(0),
        }
    }

    /// Whether the day of this number is among them.
    pub const fn contains(self, day: u8) -> bool {
        self.0 & Self::one(day).0 != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many there are.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Those of either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of both.
    #[must_use]
    pub const fn intersect(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that `other` has not.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Their numbers within the month, from 1, in order.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (1..=31).filter(move |day| self.contains(*day))
    }

    /// The days themselves, of the month that begins with this one.
    pub(super) fn from(self, first: Day) -> impl Iterator<Item = Day> {
        self.iter()
            .map(move |day| Day(first.0 + i64::from(day) - 1))
    }
}

impl fmt::Display for Days {
    /// Runs with a hyphen: `1-3, 7`; `none` for none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        let mut separator = "";
        let mut days = self.iter().peekable();
        while let Some(first) = days.next() {
            let mut last = first;
            while let Some(next) = days.next_if(|next| *next == last + 1) {
                last = next;
            }
            write!(f, "{separator}{first}")?;
            if last > first {
                write!(f, "-{last}")?;
            }
            separator = ", ";
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Days {
    /// As a list of numbers from 1.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
