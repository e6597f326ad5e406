//! The report for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use avma::Product;
use avma::assess::Can;
use avma::fleet::audit::{Audit, ClusterLine, EventCounts, Finding, HostLine, Verdict, VmLine};
use avma::fleet::cluster::{Lost, NodeId};
use avma::fleet::ledger::month::{COUNTED_BY, MIN_CORES_PER_PROCESSOR};
use avma::identity::Identity;
use avma::observe::value::When;

use crate::cluster::{rolling, step_text, together, vm_of};
use crate::report::{Report, next, release_slugs};

pub fn write(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let audit = &report.audit;
    hosts(audit, out)?;
    clusters(audit, out)?;
    for verdict in Verdict::ALL {
        vms(audit, *verdict, out)?;
    }
    totals(audit, out)?;
    months(report, out)?;
    rests_on(report, out)?;
    not_known(report, out)?;
    skipped(report, out)
}

fn avma_host(can: Can) -> &'static str {
    match can {
        Can::Eligible => "can activate guests by AVMA",
        Can::NotEligible => "cannot activate guests by AVMA",
        Can::NotDocumented => "not documented as an AVMA host",
        _ => "undetermined as an AVMA host",
    }
}

/// What a system is, in words: its candidates where several remain.
fn system(identity: &Identity) -> String {
    let foreign = [
        Product::NotWindows,
        Product::Client,
        Product::AzureLocal,
        Product::HyperVServer,
    ];
    let product = identity.products();
    if let Some(known) = product
        .known_element()
        .filter(|known| foreign.contains(known))
    {
        return known.to_string();
    }
    let mut text = if identity.releases().is_unknown() {
        "Windows Server of unknown release".to_owned()
    } else if let Some(release) = identity.release() {
        release.to_string()
    } else {
        format!("release {}", release_slugs(identity).join(" or "))
    };
    if product.is_unknown() && identity.releases().is_unknown() {
        return "unknown system".to_owned();
    }
    match product.len() {
        1 if product.is(Product::Unlisted) => write!(text, ", edition in no table"),
        1..=4 => write!(text, " {product}"),
        _ => write!(text, ", edition unknown"),
    }
    .ok();
    text
}

fn finding(finding: Finding<'_>, out: &mut impl Write) -> io::Result<()> {
    let open = if finding.certain { "" } else { "perhaps: " };
    writeln!(
        out,
        "      {open}{} [{}]",
        clean(finding.text),
        finding.rule
    )?;
    writeln!(out, "        {}", finding.source)
}

fn host_name<'a>(host: &HostLine<'a>) -> &'a str {
    host.name().unwrap_or("(unnamed host)")
}

fn vm_name<'a>(vm: &VmLine<'a>) -> &'a str {
    vm.name().unwrap_or("(unnamed)")
}

fn hosts(audit: &Audit<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "Hosts ({})", audit.hosts.len())?;
    for host in &audit.hosts {
        let license = match host.licensed {
            Some(true) => ", licensed",
            Some(false) => ", not activated",
            None => "",
        };
        writeln!(
            out,
            "  {}: {}{license}; {}; {}",
            clean(host_name(host)),
            system(&host.identity),
            avma_host(host.avma_host),
            count(host.vms, "VM"),
        )?;
        for one in host_findings(host) {
            finding(one, out)?;
        }
        if let Some(remedy) = host.own_key_remedy() {
            writeln!(out, "    next: {}", clean(remedy))?;
        }
    }
    Ok(())
}

/// What is certain; of a host that cannot be judged also what is open.
fn host_findings<'h>(host: &'h HostLine<'_>) -> impl Iterator<Item = Finding<'h>> {
    let open = host.avma_host == Can::Undetermined;
    host.findings()
        .filter(move |finding| finding.certain || open)
}

fn clusters(audit: &Audit<'_>, out: &mut impl Write) -> io::Result<()> {
    if audit.clusters.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nClusters ({})", audit.clusters.len())?;
    for line in &audit.clusters {
        cluster(line, audit, out)?;
    }
    Ok(())
}

fn cluster(line: &ClusterLine<'_>, audit: &Audit<'_>, out: &mut impl Write) -> io::Result<()> {
    let name = clean(line.name().unwrap_or("(unnamed cluster)"));
    let judged = match &line.judged {
        Ok(judged) => judged,
        Err(error) => return writeln!(out, "  {name}: not judged: {error}"),
    };
    let known = judged.nodes.iter();
    let known = known.filter(|node| !node.stands_for_others()).count();
    let least = if judged.nodes_listed { "" } else { "at least " };
    let nodes = format!("{least}{}", count(known, "node"));
    let state = judged.cluster.state();
    writeln!(out, "  {name}: {nodes}; releases: {state}")?;
    let losses = judged.cluster.losses();
    for (place, node) in judged.nodes.iter().enumerate() {
        let state = node.listed.and_then(|node| node.state);
        let state = state.map_or("state unknown".to_owned(), |state| state.to_string());
        let build = node.listed.and_then(|node| node.build_number);
        let build = build.map_or(String::new(), |build| format!(", build {build}"));
        let node_id = NodeId::new(place);
        if node.stands_for_others() {
            continue;
        }
        let host = node_id.and_then(|node| line.avma_host(node));
        let host = host.map_or("not collected as a host", avma_host);
        let lost = node_id.map(|node| losses.of_node(node)).unwrap_or_default();
        let name = clean(node.name.unwrap_or("(unnamed node)"));
        writeln!(out, "    {name} ({state}{build}): {host}{}", leaving(lost))?;
    }
    for (a, b, lost) in together(judged, &losses) {
        let name = |node| clean(judged.name(node).unwrap_or("(unnamed node)"));
        writeln!(
            out,
            "    {} and {} as a pair{}",
            name(a),
            name(b),
            leaving(lost)
        )?;
    }
    for risk in &line.risks {
        let vm = risk.vm.and_then(|place| audit.vms.get(place));
        let vm = vm.map_or(String::new(), |vm| format!("{}: ", clean(vm_name(vm))));
        let finding = risk.finding();
        writeln!(out, "    {vm}{} [{}]", clean(finding.text), finding.rule)?;
    }
    let Some(plan) = rolling(judged) else {
        return Ok(());
    };
    writeln!(out, "    the rest of the rolling upgrade, in order:")?;
    for step in plan.steps() {
        writeln!(out, "      {}", clean(&step_text(judged, *step)))?;
    }
    for held in plan.held() {
        let node = clean(judged.name(held.node).unwrap_or("(unnamed node)"));
        let vm = vm_of(line, held.vm, audit);
        let vm = vm.map_or("a VM that was not collected".to_owned(), |vm| {
            clean(vm_name(vm))
        });
        writeln!(
            out,
            "      {node} cannot leave: no other node keeps {vm} activated"
        )?;
    }
    for node in plan.down().iter() {
        let node = clean(judged.name(node).unwrap_or("(unnamed node)"));
        writeln!(out, "      {node} is down: bring it up first")?;
    }
    if !plan.open().is_empty() {
        writeln!(
            out,
            "      it promises nothing for {} that no node that is up surely keeps activated",
            count(plan.open().len(), "VM")
        )?;
    }
    Ok(())
}

/// What is lost when nodes leave.
fn leaving(lost: Lost) -> String {
    let lost = match (lost.lost, lost.open) {
        (0, 0) => return String::new(),
        (0, open) => format!("perhaps {open}"),
        (lost, 0) => lost.to_string(),
        (lost, open) => format!("{lost}, perhaps {open} more"),
    };
    format!("; VMs that lose AVMA when it leaves: {lost}")
}

/// What was seen month by month.
fn months(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let span = report.history.span();
    writeln!(out, "\nMonths ({}){span}", report.months.len())?;
    for month in &report.months {
        for line in month.to_string().lines() {
            writeln!(out, "  {}", clean(line))?;
        }
    }
    for (reason, count) in report.history.left_out().values() {
        writeln!(out, "  Left out {count}: {reason}.")?;
    }
    Ok(())
}

fn vms(audit: &Audit<'_>, verdict: Verdict, out: &mut impl Write) -> io::Result<()> {
    let of_verdict: Vec<&VmLine<'_>> = audit
        .vms
        .iter()
        .filter(|vm| vm.verdict == verdict)
        .collect();
    if of_verdict.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{} ({})", verdict.as_str(), of_verdict.len())?;
    for vm in of_verdict {
        let host = audit.host_of(vm);
        let host = host.map_or_else(
            || "no host collected".to_owned(),
            |host| clean(host_name(host)),
        );
        let mut facts = format!(
            "can: {}; key: {}; seen: {}",
            vm.can().as_str(),
            vm.key().as_str(),
            vm.seen().as_str()
        );
        if let Some(trust) = vm.trust {
            write!(facts, " by {trust}").ok();
        }
        writeln!(
            out,
            "  {} on {host}: {}",
            clean(vm_name(vm)),
            system(&vm.identity())
        )?;
        writeln!(out, "    {facts}")?;
        if let Some(row) = vm.avma_key {
            writeln!(out, "    its AVMA key: {}", row.key)?;
        }
        for one in leading(vm) {
            finding(one, out)?;
        }
        // A yes, and a key, that are not Microsoft's own text say so.
        for source in vm.weak_yes() {
            writeln!(out, "      rests on: {source}")?;
        }
        if let Some(missing) = vm.missing() {
            let missing: Vec<String> = missing.iter().map(|fact| fact.to_string()).collect();
            writeln!(out, "    not known: {}", missing.join("; "))?;
        }
        writeln!(out, "    next: {}", next(&vm.next))?;
    }
    Ok(())
}

/// Every certain finding, and possible owners at risk; what is out of scope needs one reason.
fn leading<'v>(vm: &'v VmLine<'_>) -> impl Iterator<Item = Finding<'v>> {
    let replica = vm.findings().any(|finding| finding.rule == "replica-copy");
    let most = match vm.verdict {
        Verdict::OutOfScope => 1,
        _ => usize::MAX,
    };
    vm.findings()
        .filter(move |finding| !replica || finding.rule == "replica-copy")
        .filter(|finding| finding.certain || finding.rule.starts_with("possible-owner-"))
        .take(most)
}

fn totals(audit: &Audit<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nTotals")?;
    let totals = audit.totals();
    for verdict in Verdict::ALL {
        let count = totals.of(*verdict);
        if count > 0 {
            writeln!(out, "  {:<16}{count:>6}", verdict.as_str())?;
        }
    }
    writeln!(out, "  {:<16}{:>6}", "vms", totals.vms())
}

/// When something was collected: from the earliest to the latest, and how many do not say.
fn times<'a>(
    what: &str,
    collected: impl Iterator<Item = &'a When>,
    out: &mut impl Write,
) -> io::Result<()> {
    let all: Vec<Option<String>> = collected
        .map(|collected| Some(collected.at()?.to_string()))
        .collect();
    let mut known: Vec<&str> = all.iter().flatten().map(String::as_str).collect();
    known.sort_unstable();
    let undated = match all.len() - known.len() {
        0 => String::new(),
        undated => format!("; {undated} without a time"),
    };
    match (known.first(), known.last()) {
        (Some(first), Some(last)) if first == last => {
            writeln!(out, "  {what} collected at {first}{undated}.")
        }
        (Some(first), Some(last)) => {
            writeln!(out, "  {what} collected from {first} to {last}{undated}.")
        }
        _ if all.is_empty() => Ok(()),
        _ => writeln!(out, "  {what} collected without a time."),
    }
}

fn rests_on(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let audit = &report.audit;
    writeln!(out, "\nWhat this rests on")?;
    writeln!(out, "  {} read.", count(report.files, "file"))?;
    let hosts = audit.hosts.iter().map(|host| &host.record.collected);
    times("Hosts were", hosts, out)?;
    let guests = audit.vms.iter().filter_map(|vm| vm.row.guest.as_ref());
    times(
        "Guests' exports were",
        guests.map(|guest| &guest.collected),
        out,
    )?;
    let earlier_hosts = audit.fleet.earlier_hosts.len();
    if earlier_hosts > 0 {
        let earlier = count(earlier_hosts, "earlier collection");
        writeln!(out, "  {earlier} of the same hosts; the later one counts.")?;
    }
    writeln!(
        out,
        "  Key-value items (KVP) are not secured: anybody in a guest can change them. A guest's own\n  \
         export is its word."
    )?;
    events(&report.events, out)?;
    if !report.months.is_empty() {
        writeln!(
            out,
            "  Cores due are of Datacenter hosts, at least {MIN_CORES_PER_PROCESSOR} a processor; Standard is one guest per licence:\n  \
             {COUNTED_BY}."
        )?;
    }
    let mut weak: BTreeMap<String, usize> = BTreeMap::new();
    for source in audit.vms.iter().flat_map(VmLine::weak_sources) {
        *weak.entry(source.to_string()).or_default() += 1;
    }
    if audit.vms.is_empty() {
        return Ok(());
    }
    if weak.is_empty() {
        return writeln!(out, "  Every answer rests on Microsoft's own texts.");
    }
    writeln!(
        out,
        "  Not Microsoft's own text, with the number of answers that rest on it:"
    )?;
    for (source, answers) in weak {
        writeln!(out, "    {answers:>6}  {source}")?;
    }
    Ok(())
}

fn events(events: &EventCounts, out: &mut impl Write) -> io::Result<()> {
    if events.of_hosts == 0 {
        writeln!(
            out,
            "  No record of a host (event 12310) was collected that would bear that word out."
        )?;
    } else {
        writeln!(
            out,
            "  {} (event 12310) read, {} a VM that was collected. The layout is not\n  \
             public: a record that names a VM can bear its guest's word out and proves no more.",
            plural(events.of_hosts, "record of a host", "records of hosts"),
            plural(events.naming_a_vm, "names", "name"),
        )?;
    }
    if events.of_guests > 0 {
        writeln!(
            out,
            "  {} (12309) read, {} to a guest that was collected.",
            plural(events.of_guests, "event of a guest", "events of guests"),
            plural(events.joined_to_a_guest, "belongs", "belong"),
        )?;
    }
    if events.others > 0 {
        writeln!(
            out,
            "  {} of other kinds, not read any further.",
            count(events.others, "event")
        )?;
    }
    Ok(())
}

/// A number with the word for one or for several.
fn plural(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

fn not_known(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let audit = &report.audit;
    let no_host = audit.vms.iter().filter(|vm| vm.row.host.is_none()).count();
    let in_scope = |vm: &&VmLine<'_>| vm.verdict != Verdict::OutOfScope;
    let no_export = audit
        .vms
        .iter()
        .filter(in_scope)
        .filter(|vm| vm.row.guest.is_none())
        .count();
    let undetermined = audit
        .vms
        .iter()
        .filter(|vm| vm.can() == Can::Undetermined)
        .count();
    let hosts = audit
        .hosts
        .iter()
        .filter(|host| host.avma_host == Can::Undetermined)
        .count();
    writeln!(out, "\nWhat is not known")?;
    writeln!(
        out,
        "  {} without an answer to \"can it be activated\".",
        count(undetermined, "VM")
    )?;
    writeln!(
        out,
        "  {} without a guest's export: which key is in and whether it is activated only the guest knows.",
        count(no_export, "VM")
    )?;
    writeln!(
        out,
        "  {} whose host was not collected.",
        count(no_host, "VM")
    )?;
    writeln!(
        out,
        "  {} that cannot be judged from what was collected.",
        count(hosts, "host")
    )?;
    let nameless = report.events.of_hosts - report.events.naming_a_vm;
    if nameless > 0 {
        writeln!(
            out,
            "  {} (event 12310) that {} no VM that was collected.",
            plural(nameless, "record of a host", "records of hosts"),
            if nameless == 1 { "names" } else { "name" },
        )?;
    }
    let exports = [
        (
            no_export,
            "the guests' own export (SoftwareLicensingProduct, in each guest)",
        ),
        (no_host, "the host's export of the hosts that are missing"),
    ];
    if let Some((gain, export)) = exports.into_iter().max_by_key(|(gain, _)| *gain) {
        if gain > 0 {
            writeln!(
                out,
                "  Most useful export still missing: {export}, for {}.",
                count(gain, "VM")
            )?;
        }
    }
    Ok(())
}

fn skipped(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    if report.faults.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nInputs skipped, and how to collect them again")?;
    for fault in &report.faults {
        let place = match fault.place.as_str() {
            "" => String::new(),
            place => format!(", {}", clean(place)),
        };
        let warning = if fault.warning { " (a warning)" } else { "" };
        writeln!(
            out,
            "  {}{place}: {}{warning}",
            clean(&fault.file),
            clean(&fault.message)
        )?;
    }
    Ok(())
}

/// A name or a message of the input: no line of the report is begun or hidden by one.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            clean.extend(c.escape_unicode());
        } else {
            clean.push(c);
        }
    }
    clean
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
