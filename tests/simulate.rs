//! The example `simulate`: one seed is one run, a perfect wire activates every VM that can be activated
//! and no other, and what it checks of the machines can fail.
//!
//! As for `tests/examples.rs`, `cargo build --examples` goes before `cargo test --test simulate`.

#[path = "../examples/simulate/check.rs"]
mod check;
#[path = "../examples/simulate/clock.rs"]
mod clock;
#[path = "../examples/simulate/random.rs"]
mod random;
#[path = "../examples/simulate/span.rs"]
mod span;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use avma::activation::guest::{self, Config, Input, Platform, State};
use avma::activation::{Answer, Conclusion, Reply, Request, host};
use avma::assess::{Guest, Host};
use avma::time::{Delay, Instant};
use avma::{HostId, Product, Release, VmId};
use check::{End, Memory};
use serde_json::Value;

const SCENARIOS: [&str; 9] = [
    "day",
    "first-boot",
    "boot-storm",
    "rolling-migration",
    "host-lapse",
    "key-replaced",
    "data-exchange-off",
    "older-host",
    "mixed-cluster",
];

/// Where Cargo puts the example: beside the directory of this executable.
fn example() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let profile = this.parent().and_then(Path::parent).unwrap();
    let name = format!("simulate{}", std::env::consts::EXE_SUFFIX);
    let path = profile.join("examples").join(name);
    assert!(path.exists(), "not built: run `cargo build --examples`");
    path
}

#[track_caller]
fn run(arguments: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(example()).args(arguments).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(
        (status.code(), stderr.as_str()),
        (Some(0), ""),
        "{arguments:?}"
    );
    String::from_utf8(stdout).unwrap()
}

fn objects(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn of_type<'a>(objects: &'a [Value], name: &str) -> Vec<&'a Value> {
    objects
        .iter()
        .filter(|object| object["type"] == name)
        .collect()
}

#[test]
fn the_list_names_every_scenario() {
    let list = run(&["--list"]);
    let names: Vec<&str> = list
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(names, SCENARIOS);
}

#[test]
fn one_seed_is_one_run_and_another_seed_another() {
    for scenario in SCENARIOS {
        let log = |seed| run(&[scenario, "--seed", seed, "--log", "all"]);
        assert_eq!(log("7"), log("7"), "{scenario}");
        let events = |seed| {
            let text = log(seed);
            let (_, events) = text.split_once("\nEvents").unwrap();
            events.to_owned()
        };
        assert_ne!(events("7"), events("8"), "{scenario}");
    }
}

/// How many events are printed changes nothing of the run.
#[test]
fn the_log_changes_nothing() {
    let total = |log| {
        let mut total = objects(&run(&["day", "--json", "--log", log]))
            .pop()
            .unwrap();
        let left_out = total["events_left_out"].take();
        (total, left_out.as_u64().unwrap())
    };
    let (all, none, three) = (total("all"), total("none"), total("3"));
    let events = all.0["events_12309"].as_u64().unwrap() + all.0["events_12310"].as_u64().unwrap();
    assert_eq!((all.1, none.1, three.1), (0, events, events - 6));
    assert_eq!(all.0, none.0);
    assert_eq!(all.0, three.0);
}

/// The matrix of the article, for what the scenarios have; told here anew and not asked of the crate.
fn activates(host: &str, guest: &str) -> bool {
    let guests: &[&str] = match host {
        "2022" => &["2022", "2019", "2016", "2012-r2"],
        "2019" => &["2019", "2016", "2012-r2"],
        other => panic!("{other}"),
    };
    guests.contains(&guest)
}

/// The last five characters of the article's keys, for what the scenarios have.
fn avma_key(release: &str, product: &str) -> &'static str {
    match (release, product) {
        ("2022", "datacenter") => "DV9BG",
        ("2022", "standard") => "78VHK",
        ("2019", "datacenter") => "WMBMW",
        ("2019", "standard") => "4GF74",
        ("2016", "datacenter") => "CWG3J",
        ("2016", "standard") => "4RHYD",
        ("2016", "essentials") => "MHBKQ",
        ("2012-r2", "standard") => "MTB6V",
        other => panic!("{other:?}"),
    }
}

/// Whether a host may grant at a time: a licensed one, no evaluation.
fn may_grant(scenario: &str, host: &Value, ms: u64) -> bool {
    const HOUR: u64 = 3_600_000;
    let licensed = if scenario == "host-lapse" {
        !(12 * HOUR..48 * HOUR).contains(&ms)
    } else {
        host["license"] == "licensed"
    };
    licensed && host["evaluation"] == false
}

#[test]
fn a_perfect_wire_activates_every_eligible_vm_and_no_other() {
    for scenario in SCENARIOS {
        for seed in ["1", "2", "3"] {
            perfect(scenario, seed);
        }
    }
}

fn perfect(scenario: &str, seed: &str) {
    let options = ["--perfect", "--json", "--log", "all", "--seed", seed];
    let objects = objects(&run(&[&[scenario], &options[..]].concat()));
    let vms = of_type(&objects, "vm");
    let by_name = |name: &str, kind: &str| -> Value {
        let found = of_type(&objects, kind)
            .into_iter()
            .find(|one| one["name"] == name);
        found.cloned().unwrap_or_default()
    };
    let mut successes = BTreeMap::<&str, usize>::new();
    for event in of_type(&objects, "event") {
        if event["notification"] != "avma-success" {
            continue;
        }
        let name = event["vm"].as_str().unwrap();
        let vm = by_name(name, "vm");
        let host = by_name(event["host"].as_str().unwrap(), "host");
        let (above, below) = (&host["release"], &vm["release"]);
        assert!(
            activates(above.as_str().unwrap(), below.as_str().unwrap())
                && may_grant(scenario, &host, event["ms"].as_u64().unwrap()),
            "{scenario}, seed {seed}: {event}"
        );
        *successes.entry(name).or_default() += 1;
    }
    let mut eligible = 0;
    for vm in &vms {
        let name = vm["name"].as_str().unwrap();
        let was_activated = successes.contains_key(name);
        assert_eq!(vm["was_activated"], was_activated, "{vm}");
        assert!(was_activated || vm["activated"] == false, "{vm}");
        let (release, product) = (
            vm["release"].as_str().unwrap(),
            vm["product"].as_str().unwrap(),
        );
        let asks = vm["running"] == true
            && vm["data_exchange"] == true
            && vm["key"] == avma_key(release, product);
        let host = vm["host"].as_str().map(|name| by_name(name, "host"));
        let can = host.is_some_and(|host| {
            activates(host["release"].as_str().unwrap(), release)
                && may_grant(scenario, &host, u64::MAX)
        });
        assert_eq!(
            vm["can"] == "eligible",
            can && vm["data_exchange"] == true,
            "{vm}"
        );
        if asks && can {
            eligible += 1;
            assert_eq!(vm["activated"], true, "{scenario}, seed {seed}: {vm}");
            assert_ne!(vm["state"], "unrenewed", "{scenario}, seed {seed}: {vm}");
        }
    }
    let expected = match scenario {
        // Those that were stopped in the evening are chosen by the seed.
        "day" => {
            assert!((120..180).contains(&eligible), "{eligible}");
            eligible
        }
        "mixed-cluster" => 6,
        "data-exchange-off" => 2,
        "key-replaced" => 1,
        _ => vms.len(),
    };
    assert_eq!(eligible, expected, "{scenario}, seed {seed}");
    let total = objects.last().unwrap();
    for direction in ["requests", "replies"] {
        let traffic = &total[direction];
        assert_eq!(traffic["sent"], traffic["arrived"]);
    }
}

#[test]
fn a_dead_wire_activates_nobody() {
    let objects = objects(&run(&["day", "--json", "--loss", "100", "--log", "none"]));
    let total = objects.last().unwrap();
    assert_eq!(total["ever"]["activated"], 0);
    let requests = |count: &str| total["requests"][count].as_u64().unwrap();
    assert_eq!(requests("sent") + requests("doubled"), requests("lost"));
    assert_eq!(total["events_12310"], 0);
    assert!(total["events_12309"].as_u64().unwrap() > 200);
}

/// The invariants hold on wires of every kind; a broken one would end with 70.
#[test]
fn no_invariant_breaks_on_bad_wires() {
    for scenario in SCENARIOS {
        for wire in [
            "--loss 10 --double 50 --damage 10 --delay 0..90000",
            "--loss 50 --double 100 --delay 0..400 --throttle 3/10 --retry 1s --retry-throttled 1s",
            "--double 100 --damage 30 --delay 0..5000 --reply-timeout 2s --validity 3s --renewal 1s",
            "--restarts 2m --retry 1m --renewal 1m --reply-timeout 1m --delay 60000 --validity 1m",
        ] {
            let mut arguments = vec![scenario, "--log", "none", "--days", "1"];
            // A quarter of its VMs is enough, and debug builds are slow.
            arguments.extend(["--vms", "50"].iter().filter(|_| scenario == "day"));
            arguments.extend(wire.split(' '));
            run(&arguments);
        }
    }
}

/// A reader that goes away in the middle, as `head` does, is no fault.
#[test]
fn a_pipe_that_closes_in_the_middle() {
    let mut child = Command::new(example())
        .args(["day", "--log", "all", "--days", "30"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

/// A disk that is full is one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = Command::new(example()).stdout(full).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(74));
    assert!(
        stderr.starts_with("simulate: cannot write the output"),
        "{stderr}"
    );
}

/// The first numbers of SplitMix64 for the seed 1234567, as its published test vector has them: golden
/// files hold as long as these do.
#[test]
fn random_numbers_stay_what_they_are() {
    let mut random = random::Random(1_234_567);
    for number in [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ] {
        assert_eq!(random.number(), number);
    }
    // Neither streams nor seeds repeat each other.
    let first = |seed, stream| random::Random::new(seed, stream).number();
    assert_eq!(first(1, 2), first(1, 2));
    assert_ne!(first(1, 2), first(1, 1));
    assert_ne!(first(1, 2), first(2, 2));
    assert_ne!(first(1, 2), first(2, 1));
    assert_ne!(first(1, 1), first(2, 2));
    assert_eq!(random.below(0), 0);
    assert_eq!(random.below(1), 0);
    let hits = (0..100_000).filter(|_| random.chance(250_000)).count();
    assert!((24_000..26_000).contains(&hits), "{hits}");
    assert!((0..100).all(|_| random.chance(1_000_000) && !random.chance(0)));
}

#[test]
fn the_clock_keeps_the_order_of_time_and_then_of_setting() {
    let mut clock = clock::Clock::new();
    clock.set(Instant(5), "five");
    clock.set(Instant(3), "three");
    clock.set(Instant(5), "five again");
    clock.set(Instant(9), "too late");
    assert_eq!(clock.next(Instant(9)), Some("three"));
    // What is over is next.
    clock.set(Instant(1), "one");
    clock.set_in(2, "five at last");
    assert_eq!(clock.next(Instant(9)), Some("one"));
    assert_eq!(clock.now(), Instant(3));
    for name in ["five", "five again", "five at last"] {
        assert_eq!(clock.next(Instant(9)), Some(name));
    }
    assert_eq!(clock.next(Instant(9)), None);
    assert_eq!(clock.now(), Instant(9));
    assert_eq!(clock.left().collect::<Vec<_>>(), [&"too late"]);
}

#[test]
fn spans_and_shares_are_read_and_written() {
    for (text, ms) in [
        ("500ms", 500),
        ("90s", 90_000),
        ("15m", 900_000),
        ("6h", 21_600_000),
        ("7d", 604_800_000),
    ] {
        assert_eq!(span::read(text), Some(ms));
        assert_eq!(span::text(ms), text);
    }
    assert_eq!(span::delay(None), "none");
    assert_eq!(span::delay(Delay::from_secs(120)), "2m");
    for text in ["", "5", "m", "-1m", "1.5h", "1 h", "99999999999999999d"] {
        assert_eq!(span::read(text), None, "{text}");
    }
    for (text, parts, written) in [
        ("0", 0, "0 %"),
        ("0.2", 2_000, "0.2 %"),
        ("12.5%", 125_000, "12.5 %"),
        ("0.0001", 1, "0.0001 %"),
        ("100", 1_000_000, "100 %"),
    ] {
        assert_eq!(span::read_share(text), Some(parts));
        assert_eq!(span::share(parts), written);
    }
    for text in ["", ".5", "100.1", "1e2", "-1", "0.00001", "5."] {
        assert_eq!(span::read_share(text), None, "{text}");
    }
    assert_eq!(span::moment(Instant(0)), "d1 00:00:00.000");
    assert_eq!(span::moment(Instant(90_061_007)), "d2 01:01:01.007");
    assert_eq!(span::minute(90_061_007), "d2 01:01");
}

const HOST: HostId = HostId(1);
const NOW: Instant = Instant(1000);

/// A guest that asked at 1000, and its request.
fn asking() -> (State, Request, Memory) {
    let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    let state = State::new(VmId(1), guest, Platform::HyperV(HOST));
    let config = Config::default();
    let key = Input::KeyInstalled("78VHK".parse().unwrap());
    let step = state
        .step(&config, NOW, key)
        .state
        .step(&config, NOW, Input::Start);
    let request = step.outputs().find_map(|output| match output {
        guest::Output::Request(request) => Some(request),
        _ => None,
    });
    let memory = Memory {
        asked: Some(NOW),
        granted: Some((step.state.sequence(), HOST)),
        report: None,
    };
    (step.state, request.unwrap(), memory)
}

fn reply(request: &Request, answer: Answer) -> Input {
    Input::Reply(Reply {
        vm: request.vm,
        sequence: request.sequence,
        host: HOST,
        answer,
    })
}

/// Checks a step as if it were the answer to `input`.
fn checked(
    before: &State,
    step: &guest::Step,
    input: &Input,
    memory: &mut Memory,
) -> Result<Option<End>, &'static str> {
    let timeout = Config::default().reply_timeout;
    check::guest_step(before, step, input, Instant(2000), timeout, memory).map(|ends| ends.told)
}

#[test]
fn the_checks_take_what_is_right() {
    let (before, request, mut memory) = asking();
    let config = Config::default();
    assert!(check::is_awaiting(&before));
    let input = reply(&request, Answer::Granted);
    let step = before.clone().step(&config, Instant(2000), input);
    let told = checked(&before, &step, &input, &mut memory);
    assert_eq!(told, Ok(Some(End::Concluded(Conclusion::SUCCESS))));
    assert_eq!(memory.report, step.state.key());

    let (before, _, mut memory) = asking();
    let step = before.clone().step(&config, Instant(2000), Input::Stop);
    let timeout = config.reply_timeout;
    let ends = check::guest_step(
        &before,
        &step,
        &Input::Stop,
        Instant(2000),
        timeout,
        &mut memory,
    );
    let ends = ends.unwrap();
    assert_eq!((ends.told, ends.abandoned), (None, 1));
}

#[test]
fn the_checks_refuse_what_is_wrong() {
    let config = Config::default();
    let (before, request, good) = asking();
    let granted = reply(&request, Answer::Granted);
    let step = before.clone().step(&config, Instant(2000), granted);

    for granted_by in [None, Some((7, HOST)), Some((request.sequence, HostId(2)))] {
        let mut memory = Memory {
            granted: granted_by,
            ..good
        };
        assert_eq!(
            checked(&before, &step, &granted, &mut memory),
            Err("a VM became activated by a grant that no host gave")
        );
    }
    // The step of a grant, for an input that is none.
    let refused = reply(&request, Answer::Refused(None));
    assert_eq!(
        checked(&before, &step, &refused, &mut good.clone()),
        Err("an event 12309 without a conclusion")
    );
    assert_eq!(
        checked(&before, &step, &Input::Tick, &mut good.clone()),
        Err("an event 12309 without a conclusion")
    );
    // The step of a stop, for a grant.
    let stopped = before.clone().step(&config, Instant(2000), Input::Stop);
    assert_eq!(
        checked(&before, &stopped, &granted, &mut good.clone()),
        Err("a conclusion without an event 12309")
    );
    // A report of a key that is no longer in.
    let mut memory = Memory {
        report: Some("DV9BG".parse().unwrap()),
        ..good
    };
    assert_eq!(
        checked(&before, &stopped, &Input::Stop, &mut memory),
        Err("a published report outlives the key of which it speaks")
    );
    // A step that asked, left out of the count.
    let (asked, ..) = asking();
    let again = asked.step(
        &config,
        Instant(2000),
        Input::Moved(Platform::HyperV(HostId(2))),
    );
    let moved = Input::Moved(Platform::HyperV(HostId(2)));
    assert_eq!(
        checked(&again.state, &again, &moved, &mut good.clone()),
        Err("a request has a number of its own")
    );
}

#[test]
fn the_checks_hold_a_host_to_the_rulebook() {
    let (_, request, _) = asking();
    let config = host::Config::default();
    let able = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
    let older = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
    let answer = |facts: Host| {
        host::State::new(HOST, facts).step(&config, NOW, host::Input::Request(request))
    };
    let mut memory = Memory::default();
    assert_eq!(
        check::host_answer(&older, &request, &answer(older), &mut memory),
        Ok(())
    );
    assert_eq!(memory.granted, None);
    assert_eq!(
        check::host_answer(&able, &request, &answer(able), &mut memory),
        Ok(())
    );
    assert_eq!(memory.granted, Some((request.sequence, HOST)));
    assert_eq!(
        check::host_answer(&older, &request, &answer(able), &mut memory),
        Err("a host is not what the script made it")
    );
    let mut other = request;
    other.sequence += 1;
    assert_eq!(
        check::host_answer(&able, &other, &answer(able), &mut memory),
        Err("an answer to a question that nobody asked")
    );
    // A grant to a guest of which the rulebook says no.
    other = request;
    other.guest = Guest::new(Release::Ws2025, Product::Standard).ready();
    assert_eq!(
        check::host_answer(&able, &other, &answer(able), &mut memory),
        Err("a host granted what the rulebook does not")
    );
    // The older host's refusal, of a guest that it activates.
    other.guest = Guest::new(Release::Ws2019, Product::Standard).ready();
    assert_eq!(
        check::host_answer(&older, &other, &answer(older), &mut memory),
        Err("a host refused what the rulebook grants")
    );
    // Neither an answer nor undecided.
    let lapsed = host::State::new(HOST, able).step(&config, NOW, host::Input::Activated);
    assert_eq!(
        check::host_answer(&able, &request, &lapsed, &mut memory),
        Err("a request has one answer with one event 12310, or is undecided")
    );
}
