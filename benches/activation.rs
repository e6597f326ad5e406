//! Steps of the two machines against one look-up in a `HashMap` of strings, in one process.

use std::collections::HashMap;

use avma::activation::guest::{self, Input, Output, Platform};
use avma::activation::{Answer, Reply, Request, host};
use avma::assess::{Guest, Host, can};
use avma::catalog::keys;
use avma::time::Instant;
use avma::{HostId, Product, Release, VmId};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// The naive table: key text to row, as scripts keep it.
#[divan::bench]
fn hash_map_look_up(bencher: Bencher<'_, '_>) {
    let table: HashMap<String, usize> = keys::ROWS
        .iter()
        .enumerate()
        .map(|(place, row)| (row.key.to_string(), place))
        .collect();
    let text = String::from("W3GNR-8DDXR-2TFRP-H8P33-DV9BG");
    bencher.bench_local(|| *black_box(&table).get(black_box(&text)).unwrap());
}

const HOST: HostId = HostId(7);

fn facts() -> Guest {
    Guest::new(Release::Ws2022, Product::Standard).ready()
}

fn off(config: &guest::Config) -> guest::State {
    let state = guest::State::new(VmId(1), facts(), Platform::HyperV(HOST));
    let key = Input::KeyInstalled("78VHK".parse().unwrap());
    state.step(config, Instant(0), key).state
}

fn grant(request: Request) -> Input {
    Input::Reply(Reply {
        vm: request.vm,
        sequence: request.sequence,
        host: HOST,
        answer: Answer::Granted,
    })
}

/// Keeps a machine's state between steps, as a driver does.
struct Driven(Option<guest::State>, guest::Config, u64);

impl Driven {
    fn new() -> Self {
        let config = guest::Config::default();
        Self(Some(off(&config)), config, 0)
    }

    /// A millisecond later; the request, where one goes out.
    fn step(&mut self, input: Input) -> Option<Request> {
        self.2 += 1;
        let step = self.0.take()?.step(&self.1, Instant(self.2), input);
        let request = step.outputs().find_map(|output| match output {
            Output::Request(request) => Some(request),
            _ => None,
        });
        self.0 = Some(step.state);
        request
    }
}

/// Three steps: a start that asks, a grant, a stop.
#[divan::bench]
fn guest_starts_is_granted_stops(bencher: Bencher<'_, '_>) {
    let mut guest = Driven::new();
    bencher.bench_local(|| {
        let request = guest.step(black_box(Input::Start)).unwrap();
        guest.step(black_box(grant(request)));
        guest.step(black_box(Input::Stop))
    });
}

/// One step: a tick before its time.
#[divan::bench]
fn guest_ticks(bencher: Bencher<'_, '_>) {
    let mut guest = Driven::new();
    bencher.bench_local(|| guest.step(black_box(Input::Tick)));
}

/// One step: a key goes in, which is looked up in the catalog.
#[divan::bench]
fn guest_gets_a_key(bencher: Bencher<'_, '_>) {
    let mut guest = Driven::new();
    let keys = ["78VHK", "VMK7H"].map(|key| Input::KeyInstalled(key.parse().unwrap()));
    let mut turn = 0;
    bencher.bench_local(|| {
        turn += 1;
        guest.step(black_box(keys[turn % 2]))
    });
}

/// One step: a request, judged by the rulebook.
fn host_answers(bencher: Bencher<'_, '_>, release: Release) {
    let config = host::Config::default();
    let host = Host::windows_server(release, Product::Datacenter).ready();
    let mut state = Some(host::State::new(HOST, host));
    let input = host::Input::Request(Request {
        vm: VmId(1),
        sequence: 1,
        guest: facts(),
    });
    let mut now = 0;
    bencher.bench_local(|| {
        now += 1;
        let input = *black_box(&input);
        let step = state.take().unwrap().step(&config, Instant(now), input);
        let output = step.outputs().next();
        state = Some(step.state);
        output
    });
}

#[divan::bench]
fn host_grants(bencher: Bencher<'_, '_>) {
    host_answers(bencher, Release::Ws2022);
}

/// With the HRESULT of the rule that forbids.
#[divan::bench]
fn host_refuses(bencher: Bencher<'_, '_>) {
    host_answers(bencher, Release::Ws2019);
}

/// The rulebook's answer alone, for comparison.
#[divan::bench]
fn rulebook_alone(bencher: Bencher<'_, '_>) {
    let host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
    bencher.bench_local(|| can(black_box(&host), black_box(&facts())));
}
