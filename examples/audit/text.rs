//! The report for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use avma::Product;
use avma::assess::Can;
use avma::identity::Identity;

use crate::events::EventCounts;
use crate::judge::{Audit, HostLine, Reason, VmLine, release_slugs};
use crate::verdict::Verdict;

pub fn write(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    hosts(audit, out)?;
    clusters(audit, out)?;
    for verdict in Verdict::ALL {
        vms(audit, *verdict, out)?;
    }
    totals(audit, out)?;
    rests_on(audit, out)?;
    not_known(audit, out)?;
    skipped(audit, out)
}

fn avma_host(can: Can) -> &'static str {
    match can {
        Can::Eligible => "can activate guests by AVMA",
        Can::NotEligible => "can not activate guests by AVMA",
        Can::NotDocumented => "as an AVMA host not documented",
        _ => "as an AVMA host not determined",
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

fn finding(reason: &Reason, out: &mut impl Write) -> io::Result<()> {
    let open = if reason.certain { "" } else { "perhaps: " };
    writeln!(out, "      {open}{} [{}]", clean(&reason.text), reason.rule)?;
    writeln!(out, "        {}", reason.source)
}

fn hosts(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
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
            clean(&host.name),
            system(&host.identity),
            avma_host(host.avma_host),
            count(host.vms, "VM"),
        )?;
        for reason in host_findings(host) {
            finding(reason, out)?;
        }
    }
    Ok(())
}

/// What is certain; of a host that can not be judged also what is open.
fn host_findings(host: &HostLine) -> impl Iterator<Item = &Reason> {
    let open = host.avma_host == Can::Undetermined;
    host.findings
        .iter()
        .filter(move |reason| reason.certain || open)
}

fn clusters(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    if audit.clusters.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nClusters ({})", audit.clusters.len())?;
    for cluster in &audit.clusters {
        writeln!(
            out,
            "  {}: {}",
            clean(&cluster.name),
            count(cluster.nodes.len(), "node")
        )?;
        for node in &cluster.nodes {
            let state = node.state.as_deref().unwrap_or("state unknown");
            let build = node
                .build
                .map_or(String::new(), |build| format!(", build {build}"));
            let host = node.avma_host.map_or("not collected as a host", avma_host);
            writeln!(out, "    {} ({state}{build}): {host}", clean(&node.name))?;
        }
        for (vm, risk) in &cluster.findings {
            let vm = vm
                .as_ref()
                .map_or(String::new(), |vm| format!("{}: ", clean(vm)));
            let text = clean(&risk.reason.text);
            writeln!(out, "    {vm}{text} [{}]", risk.reason.rule)?;
        }
    }
    Ok(())
}

fn vms(audit: &Audit, verdict: Verdict, out: &mut impl Write) -> io::Result<()> {
    let of_verdict: Vec<&VmLine> = audit
        .vms
        .iter()
        .filter(|vm| vm.verdict == verdict)
        .collect();
    if of_verdict.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{} ({})", verdict.as_str(), of_verdict.len())?;
    for vm in of_verdict {
        let host = vm.host.and_then(|place| audit.hosts.get(place));
        let host = host.map_or_else(|| "no host collected".to_owned(), |host| clean(&host.name));
        let mut facts = format!(
            "can: {}; key: {}; seen: {}",
            vm.can.as_str(),
            vm.key.as_str(),
            vm.seen.as_str()
        );
        if let Some(trust) = vm.trust {
            write!(facts, " by {trust}").ok();
        }
        writeln!(
            out,
            "  {} on {host}: {}",
            clean(&vm.name),
            system(&vm.identity)
        )?;
        writeln!(out, "    {facts}")?;
        if let Some(row) = vm.avma_key {
            writeln!(out, "    its AVMA key: {}", row.key)?;
        }
        for reason in leading(vm) {
            finding(reason, out)?;
        }
        // A yes, and a key, that are not Microsoft's own text say so.
        for source in &vm.weak_yes {
            writeln!(out, "      rests on: {source}")?;
        }
        if let Some(missing) = vm.missing {
            let missing: Vec<String> = missing.iter().map(|fact| fact.to_string()).collect();
            writeln!(out, "    not known: {}", missing.join("; "))?;
        }
        writeln!(out, "    next: {}", vm.next)?;
    }
    Ok(())
}

/// Every certain finding, and possible owners at risk; what is out of scope needs one reason.
fn leading(vm: &VmLine) -> impl Iterator<Item = &Reason> {
    let replica = vm
        .findings
        .iter()
        .any(|reason| reason.rule == "replica-copy");
    let most = match vm.verdict {
        Verdict::OutOfScope => 1,
        _ => usize::MAX,
    };
    vm.findings
        .iter()
        .filter(move |reason| !replica || reason.rule == "replica-copy")
        .filter(|reason| reason.certain || reason.rule.starts_with("possible-owner-"))
        .take(most)
}

fn totals(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nTotals")?;
    for verdict in Verdict::ALL {
        let count = audit.vms.iter().filter(|vm| vm.verdict == *verdict).count();
        if count > 0 {
            writeln!(out, "  {:<16}{count:>6}", verdict.as_str())?;
        }
    }
    writeln!(out, "  {:<16}{:>6}", "vms", audit.vms.len())
}

/// When something was collected: from the earliest to the latest, and how many do not say.
fn times<'a>(
    what: &str,
    collected: impl Iterator<Item = Option<&'a str>>,
    out: &mut impl Write,
) -> io::Result<()> {
    let all: Vec<Option<&str>> = collected.collect();
    let mut known: Vec<&str> = all.iter().copied().flatten().collect();
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

fn rests_on(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nWhat this rests on")?;
    writeln!(out, "  {} read.", count(audit.files, "file"))?;
    let hosts = audit.hosts.iter().map(|host| host.collected.as_deref());
    times("Hosts were", hosts, out)?;
    let guests = audit.vms.iter().filter(|vm| vm.has_export);
    times(
        "Guests' exports were",
        guests.map(|vm| vm.collected.as_deref()),
        out,
    )?;
    if audit.earlier_hosts > 0 {
        let earlier = count(audit.earlier_hosts, "earlier collection");
        writeln!(out, "  {earlier} of the same hosts; the later one counts.")?;
    }
    writeln!(
        out,
        "  Key-value items (KVP) are not secured: anybody in a guest can change them. A guest's own\n  \
         export is its word."
    )?;
    events(&audit.events, out)?;
    let mut weak: BTreeMap<String, usize> = BTreeMap::new();
    for source in audit.vms.iter().flat_map(|vm| &vm.weak) {
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

fn not_known(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    let no_host = audit.vms.iter().filter(|vm| vm.host.is_none()).count();
    let in_scope = |vm: &&VmLine| vm.verdict != Verdict::OutOfScope;
    let no_export = audit
        .vms
        .iter()
        .filter(in_scope)
        .filter(|vm| !vm.has_export)
        .count();
    let undetermined = audit
        .vms
        .iter()
        .filter(|vm| vm.can == Can::Undetermined)
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
        "  {} that can not be judged from what was collected.",
        count(hosts, "host")
    )?;
    let nameless = audit.events.of_hosts - audit.events.naming_a_vm;
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
                "  The export that would tell most: {export}, for {}.",
                count(gain, "VM")
            )?;
        }
    }
    Ok(())
}

fn skipped(audit: &Audit, out: &mut impl Write) -> io::Result<()> {
    if audit.faults.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nInputs skipped, and how to collect them again")?;
    for fault in &audit.faults {
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
