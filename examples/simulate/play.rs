//! How a line of the script becomes deeds of VMs and hosts.

use avma::activation::guest::{Input, Platform};
use avma::activation::host;
use avma::assess::Host;
use avma::catalog::keys::{self, KeyChannel};
use avma::{HostLicense, HostLicenses};

use crate::machine::{host_id, place};
use crate::scenario::{Deed, HostDeed, Vms, What};
use crate::span;
use crate::world::{Next, RESTART, Stop, World};

impl World<'_> {
    /// The time of a line has come.
    pub fn play(&mut self, line: usize) {
        let line = &self.setup.scenario.script[line];
        match line.what {
            What::Vms(vms, deed) => {
                for vm in 0..self.vms.len() {
                    let meant = match vms {
                        Vms::Every => true,
                        Vms::Share(percent) => self.random.below(100) < u64::from(percent),
                        Vms::One(number) => vm + 1 == number,
                    };
                    if meant {
                        self.set_within(line.within, Next::Vm(vm, deed));
                    }
                }
            }
            What::Host(number, deed) => {
                self.clock
                    .set_in(0, Next::Host(number - 1, deed, line.within));
            }
            What::Roll(minutes) => {
                let turn = minutes * span::MINUTE;
                let mut begins = 0;
                for host in 0..self.hosts.len() {
                    let next = |deed| Next::Host(host, deed, line.within);
                    self.clock.set_in(begins, next(HostDeed::Drain));
                    self.clock.set_in(begins + turn / 2, next(HostDeed::Return));
                    begins += turn;
                }
            }
        }
    }

    /// At once, or at a moment of so many minutes.
    fn set_within(&mut self, minutes: u64, next: Next) {
        let after = match minutes {
            0 => 0,
            minutes => self.random.below(minutes * span::MINUTE),
        };
        self.clock.set_in(after, next);
    }

    /// The moves of VMs by which a host is drained, or gets its VMs back.
    fn moves(&mut self, host: usize, deed: HostDeed, within: u64) {
        let mut turn = 0;
        let others = self.hosts.len() - 1;
        for vm in 0..self.vms.len() {
            let at = place(self.vms[vm].state.platform());
            let next = match deed {
                HostDeed::Drain if at == Some(host) => {
                    let other = (host + 1 + turn % others) % self.hosts.len();
                    turn += 1;
                    Deed::MoveTo(other + 1)
                }
                HostDeed::Return if self.vms[vm].home == host && at != Some(host) => Deed::MoveHome,
                _ => continue,
            };
            self.set_within(within, Next::Vm(vm, next));
        }
    }

    /// What a line means for one VM.
    pub fn deed(&mut self, vm: usize, deed: Deed) -> Result<(), Stop> {
        let (release, product) = self.vms[vm].system;
        let key = |channel| {
            let row = keys::key(release, product, channel);
            let none = || Stop::Fault(format!("no {channel} for {release} {product}"));
            row.map(|row| Input::KeyInstalled(row.key.last_five()))
                .ok_or_else(none)
        };
        let host = |place| Input::Moved(Platform::HyperV(host_id(place)));
        let input = match deed {
            Deed::Start => Input::Start,
            Deed::Stop => Input::Stop,
            Deed::Restart => {
                self.clock.set_in(RESTART, Next::Started(vm));
                // One that is off starts.
                if !self.vms[vm].state.is_running() {
                    return Ok(());
                }
                Input::Stop
            }
            Deed::AvmaKey => key(KeyChannel::Avma)?,
            Deed::KmsKey => key(KeyChannel::Gvlk)?,
            Deed::DataExchange(on) => Input::DataExchange(on),
            Deed::MoveTo(number) => host(number - 1),
            Deed::MoveOn => {
                let others = self.hosts.len() as u64 - 1;
                let step = usize::try_from(self.random.below(others)).unwrap_or_default() + 1;
                let from = place(self.vms[vm].state.platform()).unwrap_or_default();
                host((from + step) % self.hosts.len())
            }
            Deed::MoveHome => host(self.vms[vm].home),
            Deed::MoveElsewhere => Input::Moved(Platform::Elsewhere),
        };
        self.input(vm, input)
    }

    /// What a line means for a host.
    pub fn host_deed(&mut self, at: usize, deed: HostDeed, within: u64) -> Result<(), Stop> {
        let now = self.clock.now();
        let (license, input) = match deed {
            HostDeed::Lapse => (HostLicense::NotActivated, host::Input::Lapsed),
            HostDeed::Activate => (HostLicense::Licensed, host::Input::Activated),
            HostDeed::Drain | HostDeed::Return => {
                self.moves(at, deed, within);
                return Ok(());
            }
        };
        let machine = &mut self.hosts[at];
        if let Host::WindowsServer(facts) = &mut machine.facts {
            facts.license = HostLicenses::from(license);
        }
        let step = machine
            .state
            .clone()
            .step(&self.setup.times.host, now, input);
        machine.state = step.state;
        if machine.state.host() == machine.facts {
            Ok(())
        } else {
            Err(self.fault(
                &format!("HV{}", at + 1),
                "a host is not what the script made it",
            ))
        }
    }
}
