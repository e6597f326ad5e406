//! What a scenario is: hosts, guests, and a script of who does what at what time.

use std::fmt;

use avma::activation::{guest, host};
use avma::assess::{Guest, Host};
use avma::{HostLicense, Product, Release};

use crate::span;
use crate::wire::Quality;

/// A scenario. A new one is a row in `scenarios.rs`.
pub struct Scenario {
    pub name: &'static str,
    /// One line for `--list`.
    pub about: &'static str,
    /// The hosts in turn: with three nodes here and `--hosts 4`, the fourth is as the first.
    pub nodes: &'static [Node],
    pub hosts: usize,
    /// The guests in turn.
    pub guests: &'static [(Release, Product)],
    pub vms: usize,
    /// How long it runs without `--days`, in hours.
    pub hours: u64,
    pub times: Times,
    pub wire: Quality,
    pub script: &'static [Line],
}

/// The times that no text gives: what the machines' `Config`s hold.
#[derive(Clone, Copy)]
pub struct Times {
    pub guest: guest::Config,
    pub host: host::Config,
}

/// A host.
#[derive(Clone, Copy)]
pub struct Node {
    pub release: Release,
    pub license: HostLicense,
    pub evaluation: bool,
    /// Whether VMs begin here.
    pub home: bool,
}

impl Node {
    /// An activated Datacenter host.
    pub const fn new(release: Release) -> Self {
        Self {
            release,
            license: HostLicense::Licensed,
            evaluation: false,
            home: true,
        }
    }

    pub const fn not_activated(self) -> Self {
        Self {
            license: HostLicense::NotActivated,
            ..self
        }
    }

    pub const fn evaluation(self) -> Self {
        Self {
            evaluation: true,
            ..self
        }
    }

    /// A host on which no VM begins.
    pub const fn empty(self) -> Self {
        Self {
            home: false,
            ..self
        }
    }

    /// As the rulebook wants it.
    pub fn facts(self) -> Host {
        let mut host = Host::windows_server(self.release, Product::Datacenter);
        host.license = self.license.into();
        host.evaluation = self.evaluation.into();
        host.ready()
    }
}

/// A guest as the rulebook wants it.
pub fn guest((release, product): (Release, Product)) -> Guest {
    Guest::new(release, product).ready()
}

/// A line of a script.
#[derive(Clone, Copy)]
pub struct Line {
    /// In minutes from the beginning, which is a midnight.
    pub at: u64,
    /// Over how many minutes it is spread, each VM at a moment that the seed gives; 0 for at once.
    pub within: u64,
    pub what: What,
}

#[derive(Clone, Copy)]
pub enum What {
    /// Something that VMs do.
    Vms(Vms, Deed),
    /// Something that a host does, by its number in its name: 1 is HV1.
    Host(usize, HostDeed),
    /// Host by host in turn, so many minutes each: drained, and after half that time back.
    Roll(u64),
}

/// Which VMs.
#[derive(Clone, Copy)]
pub enum Vms {
    Every,
    /// So many per cent of them, chosen by the seed.
    Share(u32),
    /// One, by its number in its name.
    One(usize),
}

/// What a VM does, or has done to it.
#[derive(Clone, Copy)]
pub enum Deed {
    Start,
    Stop,
    Restart,
    /// The published AVMA key of its release and edition goes in.
    AvmaKey,
    /// The published KMS client key goes in.
    KmsKey,
    DataExchange(bool),
    /// Moves to a host, by its number.
    MoveTo(usize),
    /// Moves to another host of the cluster, chosen by the seed.
    MoveOn,
    /// Moves to where it began.
    MoveHome,
    /// Moves to a platform that is not Hyper-V.
    MoveElsewhere,
}

#[derive(Clone, Copy)]
pub enum HostDeed {
    /// Its Windows is no longer activated.
    Lapse,
    /// Its Windows is activated.
    Activate,
    /// Its VMs move to the other hosts in turn.
    Drain,
    /// The VMs that began here move back.
    Return,
}

impl Line {
    /// VMs do something at an hour and a minute; hours go beyond 24.
    pub const fn vms(hour: u64, minute: u64, vms: Vms, deed: Deed) -> Self {
        Self::new(hour, minute, What::Vms(vms, deed))
    }

    /// A host does something.
    pub const fn host(hour: u64, minute: u64, host: usize, deed: HostDeed) -> Self {
        Self::new(hour, minute, What::Host(host, deed))
    }

    pub const fn new(hour: u64, minute: u64, what: What) -> Self {
        Self {
            at: hour * 60 + minute,
            within: 0,
            what,
        }
    }

    pub const fn within(self, minutes: u64) -> Self {
        Self {
            within: minutes,
            ..self
        }
    }

    /// The highest numbers of a host and of a VM that the line names.
    const fn names(&self) -> (usize, usize) {
        match self.what {
            What::Vms(Vms::One(vm), Deed::MoveTo(host)) => (host, vm),
            What::Vms(Vms::One(vm), Deed::MoveOn) => (2, vm),
            What::Vms(Vms::One(vm), _) => (1, vm),
            // Somewhere else there has to be.
            What::Host(1, HostDeed::Drain) | What::Roll(_) | What::Vms(_, Deed::MoveOn) => (2, 1),
            What::Host(host, _) | What::Vms(_, Deed::MoveTo(host)) => (host, 1),
            What::Vms(..) => (1, 1),
        }
    }
}

impl Scenario {
    /// The fewest hosts and VMs with which every line of the script means something.
    pub fn least(&self) -> (usize, usize) {
        let names = self.script.iter().map(Line::names);
        names.fold((1, 1), |least, names| {
            (least.0.max(names.0), least.1.max(names.1))
        })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  ", span::minute(self.at * span::MINUTE))?;
        match self.what {
            What::Vms(vms, deed) => {
                match vms {
                    Vms::Every => f.write_str("every VM")?,
                    Vms::Share(percent) => write!(f, "each of {percent} % of the VMs")?,
                    Vms::One(number) => write!(f, "VM{number}")?,
                }
                write!(f, " {deed}")?;
            }
            What::Host(number, deed) => write!(f, "HV{number} {deed}")?,
            What::Roll(minutes) => write!(
                f,
                "host by host, {minutes} min each: is drained, and half of that later its VMs return"
            )?,
        }
        match self.within {
            0 => Ok(()),
            minutes => write!(f, ", within {minutes} min"),
        }
    }
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("starts"),
            Self::Stop => f.write_str("stops"),
            Self::Restart => f.write_str("restarts"),
            Self::AvmaKey => f.write_str("gets its AVMA key"),
            Self::KmsKey => f.write_str("gets its KMS client key"),
            Self::DataExchange(true) => f.write_str("has Data Exchange switched on"),
            Self::DataExchange(false) => f.write_str("has Data Exchange switched off"),
            Self::MoveTo(number) => write!(f, "moves to HV{number}"),
            Self::MoveOn => f.write_str("moves to another host"),
            Self::MoveHome => f.write_str("moves back"),
            Self::MoveElsewhere => f.write_str("moves to a platform that is not Hyper-V"),
        }
    }
}

impl fmt::Display for HostDeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Lapse => "is no longer activated",
            Self::Activate => "is activated",
            Self::Drain => "is drained: its VMs move to the others",
            Self::Return => "gets its VMs back",
        })
    }
}
