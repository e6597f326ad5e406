//! The report for programs: one JSON object a line.

use std::io::{self, Write};

use avma::Fact;
use avma::Product;
use avma::assess::{Can, FactName, Host};
use avma::fleet::audit::{Audit, ClusterLine, Finding, HostLine, Verdict, VmLine};
use avma::fleet::cluster::{Collected, Lost, NodeId};
use avma::identity::Identity;
use serde_json::{Map, Value, json};

use crate::cluster::{is_node, rolling, step_text, together, vm_of};
use crate::report::{Report, next, release_slugs};

pub fn write(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let audit = &report.audit;
    for host in &audit.hosts {
        line(out, &host_object(host))?;
    }
    for cluster in &audit.clusters {
        line(out, &cluster_object(cluster, audit))?;
    }
    for vm in &audit.vms {
        line(out, &vm_object(vm, audit))?;
    }
    line(out, &totals(audit))?;
    for month in &report.months {
        let mut object = Map::new();
        object.insert("type".to_owned(), json!("month"));
        if let Value::Object(month) = serde_json::to_value(month)? {
            object.extend(month);
        }
        line(out, &Value::Object(object))?;
    }
    line(out, &history(report))?;
    for fault in &report.faults {
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

/// A node by its name.
fn node_name(judged: &Collected<'_>, node: NodeId) -> Value {
    json!(judged.name(node))
}

/// Of each node that is up, and of each pair of them that keeps more than both alone, how many VMs
/// lose AVMA when they leave.
fn losses(judged: &Collected<'_>) -> Vec<Value> {
    let losses = judged.cluster.losses();
    let object = |nodes: Vec<Value>, lost: Lost| json!({"nodes": nodes, "lost": lost.lost, "open": lost.open});
    let nodes = losses.nodes().filter(|(node, _)| is_node(judged, *node));
    let nodes = nodes.map(|(node, lost)| object(vec![node_name(judged, node)], lost));
    let pairs = together(judged, &losses).map(|(a, b, lost)| {
        let nodes = vec![node_name(judged, a), node_name(judged, b)];
        object(nodes, lost)
    });
    nodes.chain(pairs).collect()
}

/// What is left of a rolling upgrade; null where the cluster is in none.
fn upgrade(judged: &Collected<'_>, cluster: &ClusterLine<'_>, audit: &Audit<'_>) -> Value {
    let Some(plan) = rolling(judged) else {
        return Value::Null;
    };
    let steps: Vec<String> = plan
        .steps()
        .iter()
        .map(|step| step_text(judged, *step))
        .collect();
    let held = plan.held().iter().map(|held| {
        let name = vm_of(cluster, held.vm, audit).map(name);
        json!({"node": node_name(judged, held.node), "vm": name})
    });
    let down = plan.down().iter().map(|node| node_name(judged, node));
    let open = plan.open().iter();
    let open = open.map(|vm| json!(vm_of(cluster, *vm, audit).map(name)));
    json!({
        "complete": plan.is_complete(),
        "steps": steps,
        "held": held.collect::<Vec<_>>(),
        "down": down.collect::<Vec<_>>(),
        "open": open.collect::<Vec<_>>(),
    })
}

fn cluster_object(cluster: &ClusterLine<'_>, audit: &Audit<'_>) -> Value {
    let listed = cluster.record.nodes.iter().flatten().count();
    let judged = cluster.judged.as_ref().ok();
    let nodes = judged
        .into_iter()
        .flat_map(|judged| judged.nodes.iter().enumerate());
    let nodes = nodes.filter(|(_, node)| !node.stands_for_others());
    let nodes = nodes.map(|(place, node)| {
        let avma = NodeId::new(place).and_then(|node| cluster.avma_host(node));
        json!({
            "name": node.name.unwrap_or("(unnamed node)"),
            "state": node.listed.and_then(|node| node.state).map(|state| state.to_string()),
            "build": node.listed.and_then(|node| node.build_number),
            "avma_host": avma.map(avma_host),
        })
    });
    let findings = cluster.risks.iter().map(|risk| {
        let vm = risk.vm.and_then(|place| audit.vms.get(place));
        let mut object = finding(risk.finding());
        object.insert("vm".to_owned(), json!(vm.map(name)));
        object.insert("node".to_owned(), json!(risk.node));
        Value::Object(object)
    });
    json!({
        "type": "cluster",
        "name": cluster.name().unwrap_or("(unnamed cluster)"),
        "state": judged.map(|judged| judged.cluster.state().as_str()),
        "fault": cluster.judged.as_ref().err().map(|error| format!("{listed} nodes: {error}")),
        "nodes": nodes.collect::<Vec<_>>(),
        "nodes_listed": judged.map(|judged| judged.nodes_listed),
        "losses": judged.map_or(Vec::new(), losses),
        "upgrade": judged.map_or(Value::Null, |judged| upgrade(judged, cluster, audit)),
        "findings": findings.collect::<Vec<_>>(),
    })
}

/// What gave no sighting, and the days that were asked for.
fn history(report: &Report<'_>) -> Value {
    let days = report.history.days();
    let left_out = report.history.left_out().into_iter();
    let left_out: Map<String, Value> = left_out
        .map(|(reason, (_, count))| (reason.to_owned(), json!(count)))
        .collect();
    json!({
        "type": "history",
        "since": days.since.map(|day| day.to_string()),
        "until": days.until.map(|day| day.to_string()),
        "months": report.months.len(),
        "left_out": left_out,
    })
}

fn totals(audit: &Audit<'_>) -> Value {
    let totals = audit.totals();
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("total"));
    for verdict in Verdict::ALL {
        object.insert(verdict.as_str().to_owned(), json!(totals.of(*verdict)));
    }
    object.insert("vms".to_owned(), json!(totals.vms()));
    Value::Object(object)
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

fn finding(finding: Finding<'_>) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("rule".to_owned(), json!(finding.rule));
    object.insert("certain".to_owned(), json!(finding.certain));
    object.insert(
        "source".to_owned(),
        json!(format!(
            "{}, {}",
            finding.source.title, finding.source.dated
        )),
    );
    object.insert(
        "evidence".to_owned(),
        json!(finding.source.evidence.as_str()),
    );
    object
}

fn findings<'a>(all: impl Iterator<Item = Finding<'a>>) -> Vec<Value> {
    all.map(|one| Value::Object(finding(one))).collect()
}

fn name<'a>(vm: &VmLine<'a>) -> &'a str {
    vm.name().unwrap_or("(unnamed)")
}

fn family(host: &Host) -> Value {
    let known = host.families().known_element();
    known.map_or(Value::Null, |family| json!(family.as_str()))
}

fn host_object(host: &HostLine<'_>) -> Value {
    json!({
        "type": "host",
        "name": host.name().unwrap_or("(unnamed host)"),
        "family": family(&host.host),
        "release": release(&host.identity),
        "product": slugs(&products(&host.identity), host.identity.products().is_unknown()),
        "licensed": host.licensed,
        "avma_host": avma_host(host.avma_host),
        "findings": findings(host.findings()),
        "vms": host.vms,
    })
}

fn vm_object(vm: &VmLine<'_>, audit: &Audit<'_>) -> Value {
    let identity = vm.identity();
    let missing: Vec<&str> = vm.missing().map_or(Vec::new(), |missing| {
        missing.iter().map(FactName::as_str).collect()
    });
    let presumed = vm.presumed();
    let presuming: Vec<&str> = presumed
        .presumptions()
        .map(|row| row.fact.as_str())
        .collect();
    json!({
        "type": "vm",
        "host": audit.host_of(vm).map(|host| host.name().unwrap_or("(unnamed host)")),
        "name": name(vm),
        "id": vm.id().map(|id| id.to_string()),
        "verdict": vm.verdict.as_str(),
        "can": vm.can().as_str(),
        "presuming": presuming,
        "can_presumed": presumed.can().as_str(),
        "key": vm.key().as_str(),
        "seen": vm.seen().as_str(),
        "trust": vm.trust.map(|trust| trust.as_str()),
        "release": release(&identity),
        "edition": edition(&identity),
        "evaluation": vm.evaluation,
        "avma_key": vm.avma_key.map(|row| row.key.to_string()),
        "findings": findings(vm.findings()),
        "missing": missing,
        "next": next(&vm.next),
    })
}
