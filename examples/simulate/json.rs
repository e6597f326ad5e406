//! The output for programs: one object a line.

use std::io::{self, Write};

use avma::HResult;
use avma::activation::guest::Kind;
use avma::activation::{Answer, Conclusion};
use serde_json::{Map, Value, json};

use crate::arguments::Setup;
use crate::check::End;
use crate::log::{Event, Log, Logged};
use crate::machine::{HostMachine, Vm, place, vm_id};
use crate::span;
use crate::summary::{self, Reason};
use crate::tally::code;
use crate::wire::Traffic;
use crate::world::World;

fn put(out: &mut impl Write, object: &Value) -> io::Result<()> {
    writeln!(out, "{object}")
}

fn vm_name(at: usize) -> String {
    format!("VM{}", at + 1)
}

fn host_name(at: Option<usize>) -> Value {
    at.map_or(Value::Null, |at| json!(format!("HV{}", at + 1)))
}

/// What is assumed, before anything happens.
pub fn head(setup: &Setup, out: &mut impl Write) -> io::Result<()> {
    let assumption = |name: &str, value: String, note: &str| json!({ "type": "assumption", "name": name, "value": value, "note": note });
    let about = setup.scenario.about;
    let sizes = [
        ("scenario", setup.scenario.name.to_owned(), about),
        (
            "seed",
            setup.seed.to_string(),
            "of everything that is by chance",
        ),
        ("hosts", setup.hosts.to_string(), "in the cluster"),
        ("vms", setup.vms.to_string(), "on them"),
        ("length", span::text(setup.end.0), "of the run"),
    ];
    for (name, value, note) in sizes {
        put(out, &assumption(name, value, note))?;
    }
    for row in summary::assumptions(setup) {
        put(out, &assumption(&row.name, row.value, row.note))?;
    }
    for line in setup.scenario.script {
        put(
            out,
            &assumption("script", line.to_string(), "a line of the scenario"),
        )?;
    }
    Ok(())
}

fn hresult(code: Option<HResult>) -> Value {
    code.map_or(Value::Null, |code| json!(code.to_string()))
}

fn symbol(code: Option<HResult>) -> Value {
    json!(code.and_then(HResult::symbol))
}

fn meaning(code: Option<HResult>) -> Value {
    json!(code.and_then(HResult::meaning))
}

fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Granted => "granted",
        _ if answer.is_throttled() => "throttled",
        Answer::Refused(_) => "refused",
    }
}

fn conclusion(told: Conclusion) -> Map<String, Value> {
    let mut object = Map::new();
    let notification = told.notification.map(|word| word.as_str());
    object.insert("notification".to_owned(), json!(notification));
    object.insert("inferred".to_owned(), json!(told.inferred));
    object.insert("code".to_owned(), hresult(told.code));
    object.insert("symbol".to_owned(), symbol(told.code));
    object.insert("meaning".to_owned(), meaning(told.code));
    object
}

pub fn event(event: &Event, out: &mut impl Write) -> io::Result<()> {
    let id = match event.what {
        Logged::Concluded(_) => 12309,
        Logged::Answered(_) => 12310,
    };
    let mut object = json!({
        "type": "event",
        "ms": event.at.0,
        "time": span::moment(event.at),
        "id": id,
        "vm": vm_name(event.vm),
        "host": host_name(event.host),
    });
    let typed = match event.what {
        Logged::Concluded(told) => conclusion(told),
        Logged::Answered(told) => {
            let mut typed = Map::new();
            typed.insert("answer".to_owned(), json!(answer(told)));
            typed.insert("code".to_owned(), hresult(code(told)));
            typed.insert("symbol".to_owned(), symbol(code(told)));
            typed.insert("meaning".to_owned(), meaning(code(told)));
            typed
        }
    };
    if let Value::Object(object) = &mut object {
        object.extend(typed);
    }
    put(out, &object)
}

/// Everything after the last step.
pub fn tail(world: &World<'_>, log: &Log, out: &mut impl Write) -> io::Result<()> {
    for last in log.last() {
        event(last, out)?;
    }
    for (at, one) in world.vms.iter().enumerate() {
        put(out, &vm(at, one, world))?;
    }
    for (at, one) in world.hosts.iter().enumerate() {
        put(out, &host(at, one))?;
    }
    put(out, &total(world, log))
}

fn vm(at: usize, vm: &Vm, world: &World<'_>) -> Value {
    let state = &vm.state;
    let reason = Reason::of(vm, world);
    json!({
        "type": "vm",
        "name": vm_name(at),
        "id": vm_id(at).to_string(),
        "release": vm.system.0.as_str(),
        "product": vm.system.1.as_str(),
        "host": host_name(place(state.platform())),
        "state": reason.kind.as_str(),
        "activated": state.is_activated(),
        "activated_by": state.bound_to().map(|host| format!("HV{host}")),
        "activated_ms": state.activated_at().map(|at| at.0),
        "ends_ms": state.ends().map(|at| at.0),
        "running": state.is_running(),
        "data_exchange": state.data_exchange(),
        "key": state.key().map(|key| key.as_str().to_owned()),
        "key_answer": reason.key.as_str(),
        "can": reason.can.as_str(),
        "rules": reason.rules,
        "last": state.last().map(conclusion),
        "was_activated": vm.ever.activated,
        "was_throttled": vm.ever.throttled,
        "was_failed": vm.ever.failed,
        "was_unrenewed": vm.ever.unrenewed,
        "not_activated_ms": vm.idle,
    })
}

fn host(at: usize, host: &HostMachine) -> Value {
    let tally = &host.tally;
    let license = match host.facts {
        avma::assess::Host::WindowsServer(facts) => facts.license.known_element(),
        _ => None,
    };
    json!({
        "type": "host",
        "name": host_name(Some(at)),
        "release": host.node.release.as_str(),
        "license": license.map(|license| license.as_str()),
        "evaluation": host.node.evaluation,
        "requests": tally.requests,
        "damaged": tally.dropped,
        "granted": tally.granted,
        "refused": tally.refused,
        "throttled": tally.throttled,
        "undecided": tally.undecided,
        "events_12310": tally.events(),
        "peak_a_minute": tally.rate.peak,
    })
}

fn traffic(traffic: &Traffic) -> Value {
    json!({
        "sent": traffic.sent,
        "doubled": traffic.doubled,
        "lost": traffic.lost,
        "damaged": traffic.damaged,
        "arrived": traffic.arrived,
        "overtaken": traffic.overtaken,
        "on_the_way": traffic.on_the_way(),
    })
}

fn total(world: &World<'_>, log: &Log) -> Value {
    let tally = &world.tally;
    let kinds = summary::kinds(world).into_iter();
    let kinds: Map<String, Value> = kinds
        .map(|(kind, count)| (kind.as_str().to_owned(), json!(count)))
        .collect();
    let ever = summary::ever(world).into_iter();
    let ever: Map<String, Value> = ever
        .map(|(what, count)| (what.to_owned(), json!(count)))
        .collect();
    let spent: Vec<Value> = tally
        .spent
        .sorted()
        .into_iter()
        .map(|(why, ms)| {
            let kind: Kind = why.kind;
            let last = why.last.map(conclusion);
            json!({ "state": kind.as_str(), "last": last, "ms": ms })
        })
        .collect();
    let ends: Vec<Value> = tally
        .ends
        .sorted()
        .into_iter()
        .map(|(end, count)| match end {
            End::Concluded(told) => {
                json!({ "end": "concluded", "conclusion": conclusion(*told), "count": count })
            }
            End::Throttled => json!({ "end": "throttled", "count": count }),
        })
        .collect();
    let ignored: Map<String, Value> = tally
        .ignored
        .sorted()
        .into_iter()
        .map(|(reason, count)| (reason.as_str().to_owned(), json!(count)))
        .collect();
    json!({
        "type": "total",
        "vms": world.vms.len(),
        "hosts": world.hosts.len(),
        "states": kinds,
        "ever": ever,
        "vm_ms": spent,
        "events_12309": tally.conclusions.total(),
        "events_12310": tally.answers.total(),
        "events_left_out": log.left_out(),
        "requests": traffic(&tally.requests),
        "replies": traffic(&tally.replies),
        "ends": ends,
        "abandoned": tally.abandoned,
        "undecided": tally.undecided,
        "ignored": ignored,
        "reports_written": tally.published,
        "reports_withdrawn": tally.withdrawn,
        "peak_a_minute": tally.rate.peak,
        "not_played": summary::not_played(world),
    })
}
