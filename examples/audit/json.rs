//! The report for programs: one JSON object a line.

use std::io::{self, Write};

use avma::Fact;
use avma::Product;
use avma::assess::{Can, FactName, Host};
use avma::identity::Identity;
use serde_json::{Map, Value, json};

use crate::judge::{Audit, HostLine, Reason, VmLine, release_slugs};
use crate::verdict::Verdict;

pub fn write(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    for host in &audit.hosts {
        line(out, &host_object(host))?;
    }
    for cluster in &audit.clusters {
        let nodes: Vec<Value> = cluster
            .nodes
            .iter()
            .map(|node| {
                json!({
                    "name": node.name,
                    "state": node.state,
                    "build": node.build,
                    "avma_host": node.avma_host.map(avma_host),
                })
            })
            .collect();
        let findings: Vec<Value> = cluster
            .findings
            .iter()
            .map(|(vm, risk)| {
                let mut object = reason(&risk.reason);
                object.insert("vm".to_owned(), json!(vm));
                object.insert("node".to_owned(), json!(risk.node));
                Value::Object(object)
            })
            .collect();
        line(
            out,
            &json!({"type": "cluster", "name": cluster.name, "nodes": nodes, "findings": findings}),
        )?;
    }
    for vm in &audit.vms {
        line(out, &vm_object(vm, audit))?;
    }
    line(out, &totals(audit))?;
    for fault in &audit.faults {
        line(
            out,
            &json!({
                "type": "input-fault",
                "file": fault.file,
                "place": fault.place,
                "message": fault.message,
            }),
        )?;
    }
    Ok(())
}

fn line(out: &mut impl Write, object: &Value) -> io::Result<()> {
    serde_json::to_writer(&mut *out, object)?;
    out.write_all(b"\n")
}

fn totals(audit: &Audit) -> Value {
    let mut totals = Map::new();
    totals.insert("type".to_owned(), json!("total"));
    for verdict in Verdict::ALL {
        let count = audit.vms.iter().filter(|vm| vm.verdict == *verdict).count();
        totals.insert(verdict.as_str().to_owned(), json!(count));
    }
    totals.insert("vms".to_owned(), json!(audit.vms.len()));
    Value::Object(totals)
}

fn avma_host(can: Can) -> &'static str {
    match can {
        Can::Eligible => "yes",
        Can::NotEligible => "no",
        Can::NotDocumented => "not-documented",
        _ => "undetermined",
    }
}

/// A slug; an array where some candidates remain; null where nothing is known.
fn slugs(all: &[&str], is_unknown: bool) -> Value {
    match all {
        _ if is_unknown => Value::Null,
        [one] => json!(one),
        several => json!(several),
    }
}

fn release(identity: &Identity) -> Value {
    let nowhere = [Product::Client, Product::NotWindows, Product::AzureLocal];
    let nowhere = Fact::one_of(nowhere).unwrap_or_default();
    if identity.products().is_subset(nowhere) {
        return Value::Null;
    }
    slugs(&release_slugs(identity), identity.releases().is_unknown())
}

fn products(identity: &Identity) -> Vec<&'static str> {
    identity.products().iter().map(Product::as_str).collect()
}

/// The edition; null for a product that is none of the four.
fn edition(identity: &Identity) -> Value {
    if identity
        .products()
        .iter()
        .all(|product| product.edition().is_none())
    {
        return Value::Null;
    }
    slugs(&products(identity), identity.products().is_unknown())
}

fn reason(reason: &Reason) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("rule".to_owned(), json!(reason.rule));
    object.insert("certain".to_owned(), json!(reason.certain));
    object.insert(
        "source".to_owned(),
        json!(format!("{}, {}", reason.source.title, reason.source.dated)),
    );
    object.insert(
        "evidence".to_owned(),
        json!(reason.source.evidence.as_str()),
    );
    object
}

fn reasons(findings: &[Reason]) -> Vec<Value> {
    findings
        .iter()
        .map(|finding| Value::Object(reason(finding)))
        .collect()
}

fn family(host: &Host) -> Value {
    let known = host.families().known_element();
    known.map_or(Value::Null, |family| json!(family.as_str()))
}

fn host_object(host: &HostLine) -> Value {
    json!({
        "type": "host",
        "name": host.name,
        "family": family(&host.host),
        "release": release(&host.identity),
        "product": slugs(&products(&host.identity), host.identity.products().is_unknown()),
        "licensed": host.licensed,
        "avma_host": avma_host(host.avma_host),
        "findings": reasons(&host.findings),
        "vms": host.vms,
    })
}

fn vm_object(vm: &VmLine, audit: &Audit) -> Value {
    let missing: Vec<&str> = vm.missing.map_or(Vec::new(), |missing| {
        missing.iter().map(FactName::as_str).collect()
    });
    json!({
        "type": "vm",
        "host": vm.host.and_then(|place| audit.hosts.get(place)).map(|host| &host.name),
        "name": vm.name,
        "id": vm.id,
        "verdict": vm.verdict.as_str(),
        "can": vm.can.as_str(),
        "key": vm.key.as_str(),
        "seen": vm.seen.as_str(),
        "trust": vm.trust.map(|trust| trust.as_str()),
        "release": release(&vm.identity),
        "edition": edition(&vm.identity),
        "evaluation": vm.evaluation,
        "avma_key": vm.avma_key.map(|row| row.key.to_string()),
        "findings": reasons(&vm.findings),
        "missing": missing,
        "next": vm.next,
    })
}
