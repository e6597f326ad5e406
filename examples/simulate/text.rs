//! The output for people.

use std::io::{self, Write};

use avma::activation::guest::Kind;
use avma::activation::{Answer, Conclusion};
use avma::assess::{Can, Key, rule};
use avma::{HResult, HostLicense};

use crate::arguments::Setup;
use crate::check::End;
use crate::log::{Event, Log, Logged};
use crate::scenario::Node;
use crate::span;
use crate::summary::{self, Group};
use crate::tally::{Counts, Why, code};
use crate::wire::Traffic;
use crate::world::World;

/// How many names a line holds; the rest is counted.
const NAMES: usize = 8;

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// What is assumed, before anything happens.
pub fn head(setup: &Setup, out: &mut impl Write) -> io::Result<()> {
    let scenario = setup.scenario;
    writeln!(out, "{}: {}", scenario.name, scenario.about)?;
    writeln!(
        out,
        "  {}, {}, {}, seed {}",
        count(setup.hosts, "host"),
        count(setup.vms, "VM"),
        span::text(setup.end.0),
        setup.seed
    )?;
    writeln!(
        out,
        "\nAssumptions of this simulation. Microsoft publishes none of these values."
    )?;
    for row in summary::assumptions(setup) {
        writeln!(out, "  {:<16}{:<14}{}", row.name, row.value, row.note)?;
    }
    writeln!(out, "\nScript")?;
    for line in scenario.script {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "\nEvents: 12309 of guests, 12310 of hosts")
}

fn hresult(code: HResult) -> String {
    match code.meaning() {
        Some(meaning) => format!("{code}: {meaning}"),
        None => code.to_string(),
    }
}

fn conclusion(conclusion: Conclusion) -> String {
    let inferred = if conclusion.inferred {
        " (inferred)"
    } else {
        ""
    };
    let notification = match conclusion.notification {
        Some(notification) => format!("{notification}{inferred}"),
        None => "no notification is documented".to_owned(),
    };
    match conclusion.code {
        Some(code) => format!("{notification}, {}", hresult(code)),
        None => notification,
    }
}

fn answer(answer: Answer) -> String {
    match (answer, code(answer)) {
        (Answer::Granted, _) => "granted".to_owned(),
        (_, Some(code)) if answer.is_throttled() => format!("throttled, {}", hresult(code)),
        (_, Some(code)) => format!("refused, {}", hresult(code)),
        (_, None) => "refused, with a code that no text names".to_owned(),
    }
}

pub fn event(event: &Event, out: &mut impl Write) -> io::Result<()> {
    let at = span::moment(event.at);
    let vm = event.vm + 1;
    let host = event.host.map(|at| format!("HV{}", at + 1));
    match (event.what, host) {
        (Logged::Concluded(told), Some(host)) => {
            writeln!(out, "  {at}  12309  VM{vm} on {host}: {}", conclusion(told))
        }
        (Logged::Concluded(told), None) => {
            writeln!(
                out,
                "  {at}  12309  VM{vm} not on Hyper-V: {}",
                conclusion(told)
            )
        }
        (Logged::Answered(told), host) => {
            let host = host.unwrap_or_default();
            writeln!(out, "  {at}  12310  {host} to VM{vm}: {}", answer(told))
        }
    }
}

/// Everything after the last step.
pub fn tail(world: &World<'_>, log: &Log, out: &mut impl Write) -> io::Result<()> {
    match log.left_out() {
        0 => {}
        left_out => writeln!(
            out,
            "  … {} left out (--log all prints them) …",
            count(left_out, "event")
        )?,
    }
    for last in log.last() {
        event(last, out)?;
    }
    vms(world, out)?;
    hosts(world, out)?;
    messages(world, out)?;
    for group in summary::groups(world) {
        why(&group, out)?;
    }
    left(world, out)?;
    writeln!(
        out,
        "\nWhich HRESULT comes with which notification no text says; \"inferred\" marks where it is \
         concluded.\nEvery answer was held against the rulebook; events and answers add up."
    )
}

fn vms(world: &World<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nVMs at the end")?;
    for (kind, number) in summary::kinds(world) {
        writeln!(out, "  {number:>8}  {kind}")?;
    }
    let ever: Vec<String> = summary::ever(world)
        .iter()
        .map(|(what, number)| format!("{number} {what}"))
        .collect();
    writeln!(out, "VMs that were so at some time: {}", ever.join(", "))?;
    let sums = summary::Hours::of(world);
    writeln!(
        out,
        "VM-hours: {} activated, {} off, {} not activated{}",
        hours(sums.activated),
        hours(sums.off),
        hours(sums.not_activated),
        if sums.not_activated > 0 {
            ", of these"
        } else {
            ""
        }
    )?;
    for (why, spent) in sums.why {
        writeln!(out, "  {:>8}  {}", hours(spent), spent_as(why))?;
    }
    Ok(())
}

/// Hours with two decimals.
fn hours(ms: u64) -> String {
    let hundredths = ms * 100 / span::HOUR;
    match hundredths {
        0 if ms > 0 => "<0.01".to_owned(),
        _ => format!("{}.{:02}", hundredths / 100, hundredths % 100),
    }
}

fn spent_as(why: Why) -> String {
    match why.last {
        Some(last) => format!("{}: {}", why.kind, conclusion(last)),
        None => why.kind.to_string(),
    }
}

fn node(node: Node) -> String {
    let evaluation = if node.evaluation { " Evaluation" } else { "" };
    let license = match node.license {
        HostLicense::Licensed => String::new(),
        other => format!(", {other} at the beginning"),
    };
    format!("{} Datacenter{evaluation}{license}", node.release)
}

fn hosts(world: &World<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "\nHosts: requests that arrived, and answers (each one event 12310)"
    )?;
    writeln!(
        out,
        "  {:<6}{:>9}{:>9}{:>9}{:>10}{:>11}{:>12}",
        "", "requests", "granted", "refused", "throttled", "undecided", "most a min"
    )?;
    for (at, host) in world.hosts.iter().enumerate() {
        let tally = &host.tally;
        writeln!(
            out,
            "  {:<6}{:>9}{:>9}{:>9}{:>10}{:>11}{:>12}  {}",
            format!("HV{}", at + 1),
            tally.requests,
            tally.granted,
            tally.refused,
            tally.throttled,
            tally.undecided,
            tally.rate.peak,
            node(host.node)
        )?;
    }
    let rate = &world.tally.rate;
    if rate.peak > 0 {
        let at = span::minute(rate.at * span::MINUTE);
        writeln!(
            out,
            "  All hosts together: at most {} in a minute, at {at}",
            count(usize::try_from(rate.peak).unwrap_or(usize::MAX), "request"),
        )?;
    }
    Ok(())
}

fn traffic(name: &str, traffic: &Traffic, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "  {name:<10}{} sent, {} doubled, {} lost, {} damaged, {} arrived ({} overtaken), {} on the way",
        traffic.sent,
        traffic.doubled,
        traffic.lost,
        traffic.damaged,
        traffic.arrived,
        traffic.overtaken,
        traffic.on_the_way()
    )
}

fn list<T: PartialEq>(counts: &Counts<T>, name: impl Fn(&T) -> String) -> String {
    let words: Vec<String> = counts
        .sorted()
        .iter()
        .map(|(value, count)| format!("{count} {}", name(value)))
        .collect();
    if words.is_empty() {
        "none".to_owned()
    } else {
        words.join("; ")
    }
}

fn messages(world: &World<'_>, out: &mut impl Write) -> io::Result<()> {
    let tally = &world.tally;
    writeln!(out, "\nMessages")?;
    traffic("requests", &tally.requests, out)?;
    traffic("replies", &tally.replies, out)?;
    let ends = list(&tally.ends, |end| match end {
        End::Concluded(told) => conclusion_short(*told),
        End::Throttled => "throttled".to_owned(),
    });
    let abandoned = match tally.abandoned {
        0 => String::new(),
        number => format!("; {number} abandoned by the guest"),
    };
    writeln!(out, "  requests ended: {ends}{abandoned}")?;
    writeln!(
        out,
        "  events: {} of 12309 for {} conclusions, {} of 12310 for {} answers",
        tally.conclusions.total(),
        tally.concluded(),
        tally.answers.total(),
        tally.replies.sent
    )?;
    let ignored = list(&tally.ignored, |reason| format!("because {reason}"));
    writeln!(out, "  inputs to guests that changed nothing: {ignored}")?;
    writeln!(
        out,
        "  the crate's own report: {} written, {} withdrawn",
        tally.published, tally.withdrawn
    )
}

/// The notification and the code alone.
fn conclusion_short(told: Conclusion) -> String {
    match (told.notification, told.code) {
        (Some(notification), Some(code)) => format!("{notification} {code}"),
        (Some(notification), None) => notification.to_string(),
        (None, Some(code)) => code.to_string(),
        (None, None) => "without a word".to_owned(),
    }
}

fn why(group: &Group, out: &mut impl Write) -> io::Result<()> {
    let reason = &group.reason;
    let names: Vec<String> = group
        .vms
        .iter()
        .take(NAMES)
        .map(|vm| format!("VM{}", vm + 1))
        .collect();
    let more = match group.vms.len().saturating_sub(NAMES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let state = if reason.kind == Kind::Unrenewed {
        "Activated, but not renewed".to_owned()
    } else {
        format!("Not activated ({})", reason.kind)
    };
    let number = count(group.vms.len(), "VM");
    writeln!(out, "\n{state}: {number}: {}{more}", names.join(", "))?;
    match reason.last {
        Some(last) => writeln!(out, "  last 12309: {}", conclusion(last))?,
        None if reason.key == Key::Right => {
            writeln!(out, "  no 12309: no attempt has ended")?;
        }
        None => {}
    }
    if reason.key != Key::Right {
        return writeln!(out, "  key: {}; by it AVMA activates nothing", reason.key);
    }
    for id in &reason.rules {
        if let Some(rule) = rule(id) {
            writeln!(out, "  rule {id}: {}", rule.text)?;
            writeln!(out, "    remedy: {}", rule.remedy)?;
        }
    }
    match reason.can {
        Can::Eligible => writeln!(
            out,
            "  no rule stands against it: its host activates such guests"
        ),
        Can::NotDocumented => writeln!(
            out,
            "  no text says what a real host answers then; this one does not answer"
        ),
        _ => Ok(()),
    }
}

fn left(world: &World<'_>, out: &mut impl Write) -> io::Result<()> {
    match summary::not_played(world) {
        0 => Ok(()),
        left => writeln!(
            out,
            "\nNot played: {} of the script, after the end (--days)",
            count(left, "deed")
        ),
    }
}
