//! The machines and what is kept beside each.

use avma::activation::guest::{self, Platform};
use avma::activation::host;
use avma::assess::Host;
use avma::time::Instant;
use avma::{HostId, Product, Release, VmId};

use crate::check::Memory;
use crate::scenario::{self, Node};
use crate::tally::HostTally;

/// A VM with its guest.
pub struct Vm {
    pub system: (Release, Product),
    /// The host on which it begins.
    pub home: usize,
    pub state: guest::State,
    pub memory: Memory,
    pub ever: Ever,
    /// Milliseconds that it ran without being activated.
    pub idle: u64,
    /// Since when it is what it is.
    pub since: Instant,
    /// The next tick that is set.
    pub tick: Option<Instant>,
    /// The highest numbers of messages that arrived: at hosts, at the guest.
    pub arrived: (u32, u32),
}

/// What a VM was at some time.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is true or not")]
pub struct Ever {
    pub activated: bool,
    pub throttled: bool,
    pub failed: bool,
    pub unrenewed: bool,
}

/// A host.
pub struct HostMachine {
    pub node: Node,
    /// What the script made of it; the machine has to agree.
    pub facts: Host,
    pub state: host::State,
    pub tally: HostTally,
}

impl Vm {
    /// A VM that is off and has no key, on the host on which it begins.
    pub fn new(at: usize, system: (Release, Product), home: usize) -> Self {
        let platform = Platform::HyperV(host_id(home));
        Self {
            system,
            home,
            state: guest::State::new(vm_id(at), scenario::guest(system), platform),
            memory: Memory::default(),
            ever: Ever::default(),
            idle: 0,
            since: Instant(0),
            tick: None,
            arrived: (0, 0),
        }
    }
}

impl HostMachine {
    pub fn new(at: usize, node: Node) -> Self {
        Self {
            node,
            facts: node.facts(),
            state: host::State::new(host_id(at), node.facts()),
            tally: HostTally::default(),
        }
    }
}

/// Hosts are numbered from 1, as in their names.
pub fn host_id(place: usize) -> HostId {
    HostId(place as u64 + 1)
}

/// Where a host is in the list; `None` beyond Hyper-V.
pub fn place(platform: Platform) -> Option<usize> {
    match platform {
        Platform::HyperV(id) => usize::try_from(id.0).ok()?.checked_sub(1),
        Platform::Elsewhere => None,
    }
}

/// VMs are numbered from 1, too.
pub fn vm_id(place: usize) -> VmId {
    VmId(0xa1a1_a1a1_0000_4000_8000_0000_0000_0001 + place as u128)
}
