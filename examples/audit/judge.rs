//! From joined rows to verdicts: what the rulebook says of each VM on its host, what was seen, and
//! what to do next.

use std::collections::BTreeMap;
use std::str::FromStr;

use avma::assess::{
    Assessment, Can, Effect, FactName, FactNames, Guest, Host, Key, MendedBy, Seen, Trust, assess,
    can,
};
use avma::catalog::keys::KeyRow;
use avma::identity::Identity;
use avma::observe::code::{OperationalStatus, VmState};
use avma::observe::inventory::{Fleet, HostRecord, VmRow};
use avma::observe::wmi::ComputerSystem;
use avma::source::{AVMA_ARTICLE, NO_STATEMENT, SLERROR};
use avma::{
    AnyRelease, Evidence, HResult, HostLicense, HostName, Product, Products, Release, Source,
};

use crate::cluster::{self, ClusterLine};
use crate::read::{Input, InputFault};
use crate::settings::Setting;

macro_rules! verdicts {
    ($( $(#[$doc:meta])* $Verdict:ident = $slug:literal; )+) => {
        /// What is to be said of a VM; the order is that of the report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Verdict { $( $(#[$doc])* $Verdict, )+ }

        impl Verdict {
            pub const ALL: &'static [Self] = &[$(Self::$Verdict),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Verdict => $slug),+ }
            }
        }
    };
}

verdicts! {
    /// Not Windows, client Windows, or a replica copy.
    OutOfScope = "out-of-scope";
    /// Seen activated by AVMA.
    ActivatedAvma = "activated-avma";
    /// Seen activated by another channel.
    ActivatedOther = "activated-other";
    /// Not enough is known of the guest.
    NoData = "no-data";
    /// A rule forbids it that no administrator can mend.
    NotEligible = "not-eligible";
    /// The host's administrator must act first.
    FixHost = "fix-host";
    /// The guest's administrator must act.
    FixGuest = "fix-guest";
    /// No text tells.
    NotDocumented = "not-documented";
    /// It should come by itself.
    Pending = "pending";
    /// Nothing stands in the way.
    Ready = "ready";
}

impl FromStr for Verdict {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|verdict| verdict.as_str() == text);
        found.copied().ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|verdict| verdict.as_str()).collect();
            format!("no verdict {text:?}; there are {}", all.join(", "))
        })
    }
}

/// A reason: a rule of the rulebook, or one of the audit's own.
#[derive(Clone)]
pub struct Reason {
    pub rule: &'static str,
    pub certain: bool,
    pub text: String,
    pub remedy: String,
    pub source: Source,
}

/// A host, judged by itself.
pub struct HostLine {
    pub name: String,
    pub host: Host,
    pub identity: Identity,
    /// Whether it can activate any guest at all.
    pub avma_host: Can,
    pub licensed: Option<bool>,
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
        let mut line = judge_vm(row, &hosts);
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
    let domain = |system: &Option<ComputerSystem>| {
        let domain = system.as_ref().and_then(|system| system.domain.as_deref());
        domain.map(str::to_lowercase)
    };
    let is = |host: &HostRecord| {
        let named = host
            .name()
            .is_some_and(|host| HostName(host).may_be(HostName(name)));
        let domains = (
            domain(&host.computer_system),
            domain(&guest.computer_system),
        );
        let elsewhere = matches!(domains, (Some(host), Some(guest)) if host != guest);
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
        self.findings.extend(conflicts(&self.identity));
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
fn conflicts(identity: &Identity) -> impl Iterator<Item = Reason> {
    identity.conflicts().map(|conflict| Reason {
        rule: "clues-in-conflict",
        certain: true,
        text: conflict.to_string(),
        remedy: "compare name, edition and build on the machine itself".to_owned(),
        source: THIS_INVENTORY,
    })
}

/// What follows from the collected data themselves.
pub const THIS_INVENTORY: Source = Source {
    title: "the collected data",
    dated: "this inventory",
    evidence: Evidence::Inferred,
};

fn judge_vm(row: &VmRow, hosts: &[HostLine]) -> VmLine {
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
    };
    let verdict = case.verdict();
    let avma_key = case.avma_key(&identity);
    let mut findings: Vec<Reason> = reasons(&assessment).collect();
    findings.extend(case.own_reasons(avma_key));
    findings.extend(conflicts(&identity));
    let next = case.next(verdict, &findings, avma_key);
    VmLine {
        host: row.host,
        name: row.name().unwrap_or("(unnamed)").to_owned(),
        id: row.id().map(|id| id.to_string()),
        verdict,
        can: assessment.can(),
        key: assessment.key(),
        seen,
        trust: assessment.trust(),
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

/// What a verdict is drawn from.
struct Case<'a> {
    row: &'a VmRow,
    host: &'a Host,
    guest: &'a Guest,
    assessment: &'a Assessment,
}

/// What the guest itself, or its key-value items, would tell; all else is its host's to say.
const GUEST_FACTS: [FactName; 4] = [
    FactName::GuestRelease,
    FactName::GuestProduct,
    FactName::GuestEvaluation,
    FactName::GuestService,
];

/// Facts that no export gives, with the name that `--set` has for them.
const SETTABLE: [(FactName, &str); 6] = [
    (FactName::PayAsYouGo, "PayAsYouGo=yes|no"),
    (
        FactName::AzureLocalLicense,
        "KeyRelease=RELEASE or Subscription=yes|no",
    ),
    (FactName::SoftwareAssurance, "SoftwareAssurance=yes|no"),
    (FactName::Synced, "Synced=yes|no"),
    (FactName::AzureVerification, "AzureVerification=yes|no"),
    (FactName::BiosMarker, "BiosMarker=yes|no"),
];

/// More minutes left than any activation could have. No text gives the limit; ten years is this
/// program's own.
const IMPLAUSIBLE_MINUTES: u32 = 10 * 366 * 24 * 60;

impl Case<'_> {
    fn is_replica(&self) -> bool {
        self.row.vm.as_ref().is_some_and(|vm| vm.is_replica())
    }

    fn is_out_of_scope(&self) -> bool {
        let foreign = [Product::NotWindows, Product::Client];
        let foreign = Products::one_of(foreign).unwrap_or_default();
        self.is_replica() || self.guest.product.is_subset(foreign)
    }

    fn state(&self) -> Option<VmState> {
        self.row.vm.as_ref()?.machine.state
    }

    /// An evaluation copy on a domain controller, which can not convert.
    fn is_stuck_evaluation(&self) -> bool {
        let controller = self.row.identity().domain_controller().as_bool() == Some(true);
        controller && self.guest.evaluation.as_bool() == Some(true)
    }

    fn status(&self) -> Option<OperationalStatus> {
        let vm = self.row.vm.as_ref()?;
        vm.data_exchange_status()
            .filter(|_| vm.data_exchange_on() == Some(true))
    }

    fn no_contact(&self) -> bool {
        matches!(
            self.status(),
            Some(OperationalStatus::NO_CONTACT | OperationalStatus::LOST_COMMUNICATION)
        )
    }

    fn misses_guest_facts(&self) -> bool {
        let missing = self.assessment.missing();
        missing.is_some_and(|missing| GUEST_FACTS.iter().any(|fact| missing.contains(*fact)))
    }

    /// The first line that fits.
    fn verdict(&self) -> Verdict {
        let (can, key, seen) = (
            self.assessment.can(),
            self.assessment.key(),
            self.assessment.seen(),
        );
        let stopped = matches!(
            self.state(),
            Some(VmState::OFF | VmState::SAVED | VmState::PAUSED)
        );
        let not_activated = matches!(seen, Seen::NotActivated { .. } | Seen::Evaluation);
        if self.is_out_of_scope() {
            return Verdict::OutOfScope;
        }
        match seen {
            Seen::Avma => return Verdict::ActivatedAvma,
            Seen::Other(_) => return Verdict::ActivatedOther,
            _ => {}
        }
        if stopped && !self.row.guest_was_seen() {
            return Verdict::NoData;
        }
        if can == Can::NotEligible {
            if let Some(verdict) = self.forbidden() {
                return verdict;
            }
        }
        if can == Can::NotDocumented {
            return Verdict::NotDocumented;
        }
        if can == Can::Undetermined && self.misses_guest_facts() {
            return Verdict::NoData;
        }
        let reason = seen.reason();
        if reason == Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED) {
            return Verdict::FixHost;
        }
        let waits = match reason {
            None => true,
            Some(code) => WAITS.contains(&code),
        };
        if key == Key::Right && not_activated && waits || self.no_contact() {
            return Verdict::Pending;
        }
        let wrong_key = !matches!(key, Key::Right | Key::Unknown);
        if wrong_key && not_activated {
            return Verdict::FixGuest;
        }
        if can == Can::Eligible {
            return Verdict::Ready;
        }
        Verdict::NoData
    }

    /// By the certain rules that forbid; `None` where they forbid in different cases only.
    fn forbidden(&self) -> Option<Verdict> {
        let mut forbidding = self
            .assessment
            .findings()
            .filter(|finding| finding.certain && finding.rule.effect == Effect::Forbids);
        forbidding.next()?;
        Some(match self.assessment.mended_by() {
            Some(MendedBy::HostAdministrator) => Verdict::FixHost,
            Some(MendedBy::GuestAdministrator) => Verdict::FixGuest,
            _ => Verdict::NotEligible,
        })
    }

    /// The AVMA key by release and product alone; none for an evaluation until it is converted, and
    /// none in Azure.
    fn avma_key(&self, identity: &Identity) -> Option<&'static KeyRow> {
        let evaluation = self.guest.evaluation.as_bool() == Some(true);
        if evaluation || *self.host == Host::Azure {
            return None;
        }
        identity.avma_key().row()
    }

    /// The audit's own reasons, beside the rulebook's.
    fn own_reasons(&self, avma_key: Option<&'static KeyRow>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let mut say = |rule, certain, text: String, remedy: &str, source| {
            reasons.push(Reason {
                rule,
                certain,
                text,
                remedy: remedy.to_owned(),
                source,
            });
        };
        let (key, seen) = (self.assessment.key(), self.assessment.seen());
        if self.is_replica() {
            say(
                "replica-copy",
                true,
                "a replica copy: it is never started and is no second installation".to_owned(),
                "nothing to do",
                THIS_INVENTORY,
            );
        }
        if seen == Seen::Avma && !matches!(key, Key::Right | Key::Unknown) {
            say(
                "claim-with-another-key",
                true,
                format!("the guest says that AVMA activated it, and installed is {key}"),
                "look at the guest itself: AVMA activates by the AVMA key of its release and edition",
                AVMA_ARTICLE,
            );
        }
        let minutes = self.row.observation().minutes_left;
        let implausible = minutes.filter(|left| *left == 0 || *left > IMPLAUSIBLE_MINUTES);
        if let (Seen::Avma, Some(left)) = (seen, implausible) {
            say(
                "claim-implausible",
                true,
                format!("the guest says that AVMA activated it, with {left} minutes left"),
                "look for the host's own record (event 12310), and at the guest itself",
                THIS_INVENTORY,
            );
        }
        if seen == Seen::Avma && self.assessment.can() == Can::NotEligible {
            say(
                "claim-forbidden",
                true,
                "the guest says that AVMA activated it, which the rules forbid here".to_owned(),
                "look for the host's own record (event 12310), and at the guest itself",
                AVMA_ARTICLE,
            );
        }
        let to_activate = matches!(seen, Seen::NotActivated { .. } | Seen::Unknown);
        let wrong = match key {
            Key::Right | Key::Unknown => None,
            Key::None => Some("key-none"),
            Key::Gvlk => Some("key-gvlk"),
            Key::OtherAvma => Some("key-other-avma"),
            Key::OtherGeneric => Some("key-other-generic"),
            _ => Some("key-private"),
        };
        if let (Some(rule), true) = (wrong, to_activate) {
            let remedy = match avma_key {
                Some(row) => format!("install the AVMA key: slmgr /ipk {}", row.key),
                None => "find out release and edition, then install their AVMA key".to_owned(),
            };
            say(
                rule,
                true,
                format!("installed is {key}"),
                &remedy,
                AVMA_ARTICLE,
            );
        }
        if let Some(code) = seen.reason() {
            let meaning = code.meaning().unwrap_or("a code that is in no table");
            let explained = self.assessment.explain(code).next().is_some();
            let remedy = if explained {
                "see the rules of which it is a symptom"
            } else {
                "no rule here explains it; collect host and guest again at one time"
            };
            let source = if code.meaning().is_some() {
                SLERROR
            } else {
                NO_STATEMENT
            };
            say(
                "guest-reports",
                true,
                format!("the guest reports {code}: {meaning}"),
                remedy,
                source,
            );
        }
        if self.no_contact() {
            say(
                "data-exchange-silent",
                true,
                "Data Exchange is on, but the guest does not answer, or has only just started"
                    .to_owned(),
                "wait a few minutes; then look at the service vmickvpexchange in the guest",
                THIS_INVENTORY,
            );
        }
        reasons
    }

    /// The next step, as a person reads it.
    fn next(
        &self,
        verdict: Verdict,
        findings: &[Reason],
        avma_key: Option<&'static KeyRow>,
    ) -> String {
        let leading = || {
            let certain = findings.iter().find(|finding| finding.certain);
            certain.map_or_else(
                || "nothing to do".to_owned(),
                |finding| finding.remedy.clone(),
            )
        };
        // The remedy of whoever must act first.
        let mender = |mended_by: MendedBy| {
            self.assessment
                .findings()
                .find(|finding| finding.certain && finding.rule.mended_by == mended_by)
                .map(|finding| finding.rule.remedy.to_owned())
        };
        match verdict {
            Verdict::OutOfScope | Verdict::ActivatedOther => "nothing to do for AVMA".to_owned(),
            Verdict::ActivatedAvma => match findings.iter().find(|f| f.rule.starts_with("claim-")) {
                Some(finding) => finding.remedy.clone(),
                None => "nothing to do".to_owned(),
            },
            Verdict::NoData => self.find_out(),
            Verdict::NotEligible | Verdict::NotDocumented => leading(),
            Verdict::FixHost => {
                let mut step = mender(MendedBy::HostAdministrator)
                    .unwrap_or_else(|| "activate the host, then start the VM again".to_owned());
                if !self.row.guest_was_seen() {
                    // Without Data Exchange it may be anything, Linux included.
                    step.push_str(
                        "; then collect the host again: nothing is known of the guest yet",
                    );
                }
                step
            }
            Verdict::FixGuest if self.is_stuck_evaluation() => {
                "demote the domain controller first, it can not convert; then convert the edition, restart, and install the AVMA key".to_owned()
            }
            Verdict::FixGuest => mender(MendedBy::GuestAdministrator)
                .or_else(|| {
                    let key = findings.iter().find(|f| f.rule.starts_with("key-"));
                    key.map(|finding| finding.remedy.clone())
                })
                .unwrap_or_else(leading),
            Verdict::Pending => "wait, or start the VM again; then collect once more".to_owned(),
            Verdict::Ready => match (self.assessment.key(), avma_key) {
                (Key::Right, _) => "start the VM again".to_owned(),
                (_, Some(row)) => {
                    format!(
                        "if it is not activated yet, install the AVMA key: slmgr /ipk {}",
                        row.key
                    )
                }
                _ => "install the AVMA key of its release and edition".to_owned(),
            },
        }
    }

    fn find_out(&self) -> String {
        if self.guest.data_exchange.as_bool() == Some(false) {
            return "enable Data Exchange for the VM, then collect the host again".to_owned();
        }
        if matches!(
            self.state(),
            Some(VmState::OFF | VmState::SAVED | VmState::PAUSED)
        ) {
            return "start the VM, then collect the host again".to_owned();
        }
        if !self.row.guest_was_seen() {
            return "nothing is known of the guest: collect it, or its host while the VM runs"
                .to_owned();
        }
        let Some(fact) = self.assessment.next_fact() else {
            return "collect the guest".to_owned();
        };
        let settable = SETTABLE.iter().find(|(settable, _)| *settable == fact);
        match settable {
            Some((_, set)) => format!("find out {fact}, and give it by --set HOST.{set}"),
            None if GUEST_FACTS.contains(&fact) => {
                format!("find out {fact}: collect the guest, or the host while the VM runs")
            }
            None => format!("find out {fact}: collect the host"),
        }
    }
}

/// Reasons that pass by themselves: throttled, not bound yet, expired.
const WAITS: [HResult; 4] = [
    HResult::IA_THROTTLE_LIMIT_EXCEEDED,
    HResult::IA_MACHINE_NOT_BOUND,
    HResult::VALIDITY_PERIOD_EXPIRED,
    HResult::GRACE_TIME_EXPIRED,
];

/// Whether a host would activate a guest that is ready itself.
pub fn would_activate(host: &Host, guest: &Guest) -> Can {
    let ready = Guest::new(guest.release, guest.product).ready();
    can(host, &ready)
}

/// The release as words for a report: slugs of the candidates.
pub fn release_slugs(identity: &Identity) -> Vec<&'static str> {
    identity.releases().iter().map(AnyRelease::as_str).collect()
}
