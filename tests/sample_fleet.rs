//! The sample fleet of the audit shows everything that an audit can say.
#![cfg(all(feature = "serde", feature = "xml", feature = "fleet"))]

use std::collections::BTreeSet;

use avma::assess::{Effect, RULES};
use serde_json::Value;

/// What `audit --json` prints for the sample fleet; compared with the program's output by the
/// golden test of the examples.
const GOLDEN: &str = include_str!("data/examples/audit/sample-fleet-json.txt");

fn lines() -> Vec<Value> {
    GOLDEN
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect()
}

fn of_type(kind: &str) -> Vec<Value> {
    lines()
        .into_iter()
        .filter(|line| line["type"] == kind)
        .collect()
}

#[test]
fn hosts_a_cluster_and_many_vms() {
    assert!(of_type("host").len() >= 3);
    assert_eq!(of_type("cluster").len(), 1);
    assert!(of_type("vm").len() >= 25);
}

/// The finding of this rule on a VM, if it has one.
fn has(vm: &Value, rule: &str) -> bool {
    let findings = vm["findings"].as_array().unwrap();
    findings.iter().any(|finding| finding["rule"] == rule)
}

fn vm(name: &str) -> Value {
    let mut named = of_type("vm").into_iter().filter(|vm| vm["name"] == name);
    let vm = named.next().unwrap();
    assert!(named.next().is_none());
    vm
}

#[test]
fn events_inform_and_one_is_broken() {
    let web01 = vm("web01");
    assert_eq!(
        (&web01["seen"], &web01["trust"]),
        (&"avma".into(), &"host".into())
    );
    assert!(has(&web01, "host-record") && !has(&web01, "guest-event"));
    // What the rules forbid stays a claim, whatever is recorded.
    let core16 = vm("core16");
    assert_eq!(core16["trust"], "claimed");
    assert!(has(&core16, "host-record"));
    let app12r2 = vm("app12r2");
    assert_eq!(app12r2["trust"], "guest");
    assert!(has(&app12r2, "guest-event") && !has(&app12r2, "host-record"));
    let with_records = of_type("vm")
        .iter()
        .filter(|vm| has(vm, "host-record"))
        .count();
    assert_eq!(with_records, 2);
    let faults = of_type("input-fault");
    assert_eq!(faults.len(), 1);
    assert!(
        faults[0]["file"]
            .as_str()
            .unwrap()
            .ends_with("events/HV01.xml")
    );
    assert!(
        faults[0]["message"]
            .as_str()
            .unwrap()
            .starts_with("event: line 6, byte ")
    );
    let text = include_str!("data/examples/audit/sample-fleet.txt");
    assert!(text.contains("2 records of hosts (event 12310) that name no VM that was collected."));
}

#[test]
fn every_rule_is_certain_somewhere() {
    let (mut certain, mut open) = (BTreeSet::new(), BTreeSet::new());
    for line in lines() {
        for finding in line["findings"].as_array().into_iter().flatten() {
            let found = if finding["certain"] == true {
                &mut certain
            } else {
                &mut open
            };
            found.insert(finding["rule"].as_str().unwrap().to_owned());
        }
    }
    let missing: Vec<&str> = RULES
        .iter()
        .filter(|rule| match rule.effect {
            // Of such a rule nobody can be certain that it is the reason.
            Effect::MayMatter => certain.contains(rule.id) || !open.contains(rule.id),
            _ => !certain.contains(rule.id),
        })
        .map(|rule| rule.id)
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn every_verdict_is_there_and_the_totals_add_up() {
    let totals = of_type("total");
    assert_eq!(totals.len(), 1);
    let verdicts = [
        "out-of-scope",
        "activated-avma",
        "activated-other",
        "no-data",
        "not-eligible",
        "fix-host",
        "fix-guest",
        "not-documented",
        "pending",
        "ready",
    ];
    let vms = of_type("vm");
    let mut sum = 0;
    for verdict in verdicts {
        let count = vms.iter().filter(|vm| vm["verdict"] == verdict).count();
        assert!(count > 0, "no VM is {verdict}");
        assert_eq!(totals[0][verdict], count, "{verdict}");
        sum += count;
    }
    assert_eq!(totals[0]["vms"], sum);
    assert_eq!(vms.len(), sum);
    let on_hosts: u64 = of_type("host")
        .iter()
        .map(|host| host["vms"].as_u64().unwrap())
        .sum();
    let without_host = vms.iter().filter(|vm| vm["host"].is_null()).count();
    assert_eq!(on_hosts, (sum - without_host) as u64);
}

#[test]
fn every_object_has_the_fields_of_the_contract() {
    let fields = |kind: &str| -> &[&str] {
        match kind {
            "host" => &[
                "type",
                "name",
                "family",
                "release",
                "product",
                "licensed",
                "avma_host",
                "findings",
                "vms",
            ],
            "cluster" => &[
                "type",
                "name",
                "state",
                "fault",
                "nodes",
                "nodes_listed",
                "losses",
                "upgrade",
                "findings",
            ],
            "month" => &[
                "type",
                "month",
                "minimum_per_server",
                "cores_due",
                "cores_open",
                "by_edition",
                "counted_by",
                "hosts",
                "started",
                "not_started",
                "peak",
                "daily",
                "activations",
                "moved",
            ],
            "history" => &["type", "since", "until", "months", "left_out"],
            "vm" => &[
                "type",
                "host",
                "name",
                "id",
                "verdict",
                "can",
                "presuming",
                "can_presumed",
                "key",
                "seen",
                "trust",
                "release",
                "edition",
                "evaluation",
                "avma_key",
                "findings",
                "missing",
                "next",
            ],
            "total" => &[
                "type",
                "out-of-scope",
                "activated-avma",
                "activated-other",
                "no-data",
                "not-eligible",
                "fix-host",
                "fix-guest",
                "not-documented",
                "pending",
                "ready",
                "vms",
            ],
            "input-fault" => &["type", "file", "place", "message"],
            other => panic!("{other}"),
        }
    };
    for line in lines() {
        let object = line.as_object().unwrap();
        let names: Vec<&str> = object.keys().map(String::as_str).collect();
        assert_eq!(names, fields(line["type"].as_str().unwrap()));
        for finding in line["findings"].as_array().into_iter().flatten() {
            for name in ["rule", "certain", "source", "evidence"] {
                assert!(!finding[name].is_null(), "{finding}");
            }
        }
    }
}
