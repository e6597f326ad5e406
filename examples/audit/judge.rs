//! From joined rows to verdicts: what the rulebook says of each VM on its host, what was seen, and
//! what to do next.

use std::collections::BTreeMap;

use avma::assess::{Assessment, Can, FactNames, Guest, Host, Key, Seen, Trust, assess, can};
use avma::catalog::keys::KeyRow;
use avma::identity::{Axis, Identity};
use avma::observe::inventory::{Fleet, HostRecord, VmRow};
use avma::{AnyRelease, Evidence, HostLicense, HostName, Product, Release, Source};

use crate::case::Case;
use crate::cluster::{self, ClusterLine};
use crate::events::{self, EventCounts};
use crate::read::{Input, InputFault};
use crate::settings::Setting;
use crate::verdict::Verdict;

/// A reason: a rule of the rulebook, or one of the audit's own.
#[derive(Clone)]
pub struct Reason {
    pub rule: &'static str,
    pub certain: bool,
    pub text: String,
    pub remedy: String,
    pub source: Source,
}

impl Reason {
    /// One of the audit's own, which are certain.
    pub fn own(rule: &'static str, text: String, remedy: &str, source: Source) -> Self {
        Self {
            rule,
            certain: true,
            text,
            remedy: remedy.to_owned(),
            source,
        }
    }
}

/// A host, judged by itself.
pub struct HostLine {
    pub name: String,
    pub host: Host,
    pub identity: Identity,
    /// Whether it can activate any guest at all.
    pub avma_host: Can,
    pub licensed: Option<bool>,
    pub license_contradicts_identity: bool,
    pub findings: Vec<Reason>,
    pub vms: usize,
    pub collected: Option<String>,
}

/// A VM, judged on its host.
pub struct VmLine {
    pub host: Option<usize>,
    pub name: String,
    pub id: Option<String>,
    pub verdict: Verdict,
    pub can: Can,
    pub key: Key,
    pub seen: Seen,
    pub trust: Option<Trust>,
    pub identity: Identity,
    pub evaluation: Option<bool>,
    pub avma_key: Option<&'static KeyRow>,
    pub findings: Vec<Reason>,
    pub missing: Option<FactNames>,
    pub next: String,
    /// What the answers rest on that is not Microsoft's own text.
    pub weak: Vec<Source>,
    /// Those of a yes and of the key alone.
    pub weak_yes: Vec<Source>,
    pub has_export: bool,
    /// When the guest's export was collected.
    pub collected: Option<String>,
}

/// The whole report.
pub struct Audit {
    pub hosts: Vec<HostLine>,
    pub clusters: Vec<ClusterLine>,
    pub vms: Vec<VmLine>,
    pub faults: Vec<InputFault>,
    pub files: usize,
    /// How many hosts were collected more than once; the later collection counts.
    pub earlier_hosts: usize,
    pub events: EventCounts,
}

/// Joins, judges, and counts.
pub fn audit(input: Input, settings: &[Setting]) -> Result<Audit, String> {
    let (fleet, faults, files) = input.join();
    let mut hosts: Vec<HostLine> = fleet.hosts.iter().map(HostLine::new).collect();
    for setting in settings {
        let mut found = false;
        for line in hosts.iter_mut().filter(|line| setting.is_about(&line.name)) {
            setting.apply(&mut line.host)?;
            found = true;
        }
        if !found {
            return Err(setting.unknown_host());
        }
    }
    for line in &mut hosts {
        line.judge();
    }
    let mut vms = Vec::new();
    let mut owners = BTreeMap::new();
    for row in &fleet.vms {
        if is_a_host(row, &fleet) {
            continue;
        }
        let mut line = judge_vm(row, &fleet, &hosts);
        let at_risk = cluster::owners_at_risk(row, &fleet, &hosts);
        line.findings
            .extend(at_risk.iter().map(|risk| risk.reason.clone()));
        if let Some((cluster, _)) = row.group {
            let named = at_risk.into_iter().map(|risk| (line.name.clone(), risk));
            owners.entry(cluster).or_insert_with(Vec::new).extend(named);
        }
        if let Some(host) = line.host.and_then(|place| hosts.get_mut(place)) {
            host.vms += 1;
        }
        vms.push(line);
    }
    let clusters = cluster::lines(&fleet, &hosts, owners);
    Ok(Audit {
        hosts,
        clusters,
        vms,
        faults,
        files,
        earlier_hosts: fleet.earlier_hosts.len(),
        events: EventCounts::of(&fleet),
    })
}

/// A host that was exported as guests are, too: no VM of its own.
fn is_a_host(row: &VmRow, fleet: &Fleet) -> bool {
    let (None, Some(guest)) = (&row.vm, &row.guest) else {
        return false;
    };
    let (Some(name), None) = (guest.name(), guest.vm_id()) else {
        return false;
    };
    let is = |host: &HostRecord| {
        let named = host
            .name()
            .is_some_and(|host| HostName(host).may_be(HostName(name)));
        let domains = (host.domain(), guest.domain());
        let elsewhere = matches!(domains, (Some(a), Some(b)) if HostName(a) != HostName(b));
        // Another system under the same name is another machine.
        let (host, guest) = (host.identity(), guest.identity());
        named
            && !elsewhere
            && host.products().intersect(guest.products()).is_some()
            && host.releases().intersect(guest.releases()).is_some()
    };
    fleet.hosts.iter().any(is)
}

/// A guest that raises no question of its own, to judge the host alone. The oldest release is
/// activated by every host that activates any; Azure Local's key of 2025 names 2016 as its oldest.
fn any_guest(release: Release) -> Guest {
    Guest::new(release, Product::Standard).ready()
}

impl HostLine {
    fn new(record: &HostRecord) -> Self {
        Self {
            name: record.name().unwrap_or("(unnamed host)").to_owned(),
            host: record.facts(),
            identity: record.identity(),
            avma_host: Can::Undetermined,
            licensed: match (record.facts(), record.license().known_element()) {
                // Other families are licensed by other means.
                (Host::WindowsServer(_), Some(HostLicense::Licensed)) => Some(true),
                (Host::WindowsServer(_), Some(HostLicense::NotActivated)) => Some(false),
                _ => None,
            },
            license_contradicts_identity: record.license_contradicts_identity(),
            findings: Vec::new(),
            vms: 0,
            collected: record.collected.at().map(|time| time.to_string()),
        }
    }

    fn judge(&mut self) {
        let answers = [Release::Ws2012R2, Release::Ws2016].map(any_guest);
        let answers = answers.map(|guest| assess(&self.host, &guest, &Default::default()));
        let best = [
            Can::Eligible,
            Can::Undetermined,
            Can::NotDocumented,
            Can::NotEligible,
        ]
        .into_iter()
        .find_map(|can| answers.iter().find(|answer| answer.can() == can));
        if let Some(best) = best {
            self.avma_host = best.can();
            self.findings = reasons(best).collect();
        }
        let license = self.license_contradicts_identity;
        self.findings.extend(conflicts(&self.identity, license));
    }
}

fn reasons(assessment: &Assessment) -> impl Iterator<Item = Reason> {
    assessment.findings().map(|finding| Reason {
        rule: finding.rule.id,
        certain: finding.certain,
        text: finding.rule.text.to_owned(),
        remedy: finding.rule.remedy.to_owned(),
        source: finding.source,
    })
}

/// What the clues contradict each other on: shown, never chosen from.
fn conflicts(identity: &Identity, of_license: bool) -> impl Iterator<Item = Reason> {
    let remedy = "compare name, edition and build on the machine itself";
    let conflicts = identity.conflicts().map(move |conflict| {
        let text = conflict.to_string();
        Reason::own("clues-in-conflict", text, remedy, THIS_INVENTORY)
    });
    let shown = identity
        .conflicts()
        .any(|conflict| conflict.about == Axis::Evaluation);
    let license = (of_license && !shown).then(|| {
        Reason::own(
            "license-contradicts-system",
            "licence and system disagree on whether this is an evaluation copy".to_owned(),
            "run slmgr /dlv on the machine itself; the system's own word counts here",
            THIS_INVENTORY,
        )
    });
    conflicts.chain(license)
}

/// What follows from the collected data themselves.
pub const THIS_INVENTORY: Source = Source {
    title: "the collected data",
    dated: "this inventory",
    evidence: Evidence::Inferred,
};

fn judge_vm(row: &VmRow, fleet: &Fleet, hosts: &[HostLine]) -> VmLine {
    let host = match row.host.and_then(|place| hosts.get(place)) {
        Some(line) => line.host,
        None => row
            .guest
            .as_ref()
            .map_or(Host::Unknown, |guest| guest.platform()),
    };
    let identity = row.identity();
    let guest = row.facts();
    let observation = row.observation();
    let assessment = assess(&host, &guest, &observation);
    let seen = assessment.seen();
    let case = Case {
        row,
        host: &host,
        guest: &guest,
        assessment: &assessment,
        has_host_event: !row.host_events.is_empty(),
    };
    let verdict = case.verdict();
    let avma_key = case.avma_key(&identity);
    let mut findings: Vec<Reason> = reasons(&assessment).collect();
    findings.extend(case.own_reasons(avma_key));
    findings.extend(conflicts(&identity, row.license_contradicts_identity()));
    let next = case.next(verdict, &findings, avma_key);
    // After all that is judged: no verdict and no step rests on an event.
    findings.extend(events::reasons(row, fleet));
    VmLine {
        host: row.host,
        name: row.name().unwrap_or("(unnamed)").to_owned(),
        id: row.id().map(|id| id.to_string()),
        verdict,
        can: assessment.can(),
        key: assessment.key(),
        seen,
        trust: fleet.trust(row, &assessment),
        identity,
        evaluation: guest
            .evaluation
            .as_bool()
            .filter(|_| !case.is_out_of_scope()),
        avma_key,
        weak: weak_sources(&assessment, &findings, avma_key),
        findings,
        missing: assessment.missing(),
        next,
        weak_yes: weak_yes(&assessment, avma_key).collect(),
        has_export: row.guest.is_some(),
        collected: row
            .guest
            .as_ref()
            .and_then(|guest| guest.collected.at())
            .map(|time| time.to_string()),
    }
}

/// Texts below Microsoft's own that an answer rests on.
fn weak_sources(
    assessment: &Assessment,
    findings: &[Reason],
    avma_key: Option<&'static KeyRow>,
) -> Vec<Source> {
    let certain = findings.iter().filter(|finding| finding.certain);
    certain
        .map(|finding| finding.source)
        .filter(|source| source.evidence != Evidence::Published && *source != THIS_INVENTORY)
        .chain(weak_yes(assessment, avma_key))
        .collect()
}

/// What a yes and the key rest on, where that is not Microsoft's own text.
fn weak_yes(
    assessment: &Assessment,
    avma_key: Option<&'static KeyRow>,
) -> impl Iterator<Item = Source> {
    let eligible = assessment.can() == Can::Eligible;
    let yes = assessment
        .basis()
        .filter(|_| eligible)
        .map(|cell| cell.source);
    let key = avma_key.map(|row| row.source);
    let sources = yes.into_iter().chain(key);
    sources.filter(|source| source.evidence != Evidence::Published)
}

/// Whether a host would activate a guest that is ready itself.
pub fn would_activate(host: &Host, guest: &Guest) -> Can {
    let ready = Guest::new(guest.release, guest.product).ready();
    can(host, &ready)
}

/// The release as words for a report: slugs of the candidates.
pub fn release_slugs(identity: &Identity) -> Vec<&'static str> {
    identity.releases().iter().map(AnyRelease::as_str).collect()
}
