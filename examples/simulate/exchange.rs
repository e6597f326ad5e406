//! Requests and replies: out on the wire, and what becomes of those that arrive.

use avma::activation::guest::Input;
use avma::activation::{Reply, Request, host};

use crate::check;
use crate::log::{Event, Logged};
use crate::machine::place;
use crate::world::{Next, Stop, World};

impl World<'_> {
    /// Sends a request to the host on which the VM is now.
    pub fn ask(&mut self, vm: usize, request: Request) {
        let Some(host) = place(self.vms[vm].state.platform()) else {
            return;
        };
        for arrival in self.wire.send(&mut self.tally.requests) {
            let request = (!arrival.damaged).then_some(request);
            self.clock
                .set_in(arrival.after, Next::Request { vm, host, request });
        }
    }

    /// A copy of a request arrives. A damaged one is none, so the host drops it.
    pub fn request(&mut self, vm: usize, at: usize, request: Option<Request>) -> Result<(), Stop> {
        let now = self.clock.now();
        let host = &mut self.hosts[at];
        let Some(request) = request else {
            self.tally.requests.damaged += 1;
            host.tally.dropped += 1;
            return Ok(());
        };
        self.tally.requests.arrived += 1;
        self.tally.rate.add(now);
        host.tally.requests += 1;
        host.tally.rate.add(now);
        let highest = &mut self.vms[vm].arrived.0;
        self.tally.requests.overtaken += u64::from(request.sequence < *highest);
        *highest = request.sequence.max(*highest);

        let input = host::Input::Request(request);
        let step = host.state.clone().step(&self.setup.times.host, now, input);
        let memory = &mut self.vms[vm].memory;
        let checked = check::host_answer(&host.facts, &request, &step, memory);
        let outputs: Vec<host::Output> = step.outputs().collect();
        host.state = step.state;
        checked.map_err(|broken| self.fault(&format!("HV{} at {request:?}", at + 1), broken))?;
        for output in outputs {
            match output {
                host::Output::Reply(reply) => {
                    for arrival in self.wire.send(&mut self.tally.replies) {
                        let reply = (!arrival.damaged).then_some(reply);
                        self.clock.set_in(arrival.after, Next::Reply { vm, reply });
                    }
                }
                host::Output::Log(answered) => {
                    self.tally.answers.add(answered.answer, 1);
                    self.hosts[at].tally.answered(answered.answer);
                    self.events.push(Event {
                        at: now,
                        vm,
                        host: Some(at),
                        what: Logged::Answered(answered.answer),
                    });
                }
                host::Output::Undecided(_) => {
                    self.tally.undecided += 1;
                    self.hosts[at].tally.undecided += 1;
                }
                host::Output::Ignored(_) => {}
            }
        }
        Ok(())
    }

    /// A copy of a reply arrives. A damaged one is an input of its own.
    pub fn reply(&mut self, vm: usize, reply: Option<Reply>) -> Result<(), Stop> {
        let traffic = &mut self.tally.replies;
        let Some(reply) = reply else {
            traffic.damaged += 1;
            return self.input(vm, Input::ReplyUnreadable);
        };
        traffic.arrived += 1;
        let highest = &mut self.vms[vm].arrived.1;
        traffic.overtaken += u64::from(reply.sequence < *highest);
        *highest = reply.sequence.max(*highest);
        self.input(vm, Input::Reply(reply))
    }
}
