//! The audit's own rules: what follows from an inventory beside the rulebook of
//! [`assess`](crate::assess::RULES).
//!
//! They decide no verdict by themselves. Some say in words what a verdict rests on, some inform, and
//! the ones whose id begins with `claim-`, `report-` or `vm-id-` are flags: something that was
//! claimed is forged, impossible, out of date, or of another VM.

use alloc::borrow::Cow;
use alloc::string::String;

use crate::assess;
use crate::source::{AVMA_ARTICLE, Evidence, SLERROR, Source};

/// What follows from the collected data themselves.
pub const THIS_INVENTORY: Source = Source {
    title: "the collected data",
    dated: "this inventory",
    evidence: Evidence::Inferred,
};

/// A rule of the audit's own.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditRule {
    /// The stable id.
    pub id: &'static str,
    /// What is the case, as one sentence. A [`Reason`] may say it with its numbers and names.
    pub text: &'static str,
    /// What to do about it. A [`Reason`] may say it with its numbers and names.
    pub remedy: &'static str,
    /// The text that it rests on.
    pub source: Source,
    /// Whether it is the case wherever it is found; else it may be.
    pub certain: bool,
}

macro_rules! rules {
    ($( $(#[$doc:meta])* $NAME:ident = $id:literal, $text:literal, $remedy:expr, $source:expr, $certain:literal; )+) => {
        $(
            $(#[$doc])*
            pub(super) static $NAME: AuditRule = AuditRule {
                id: $id,
                text: $text,
                remedy: $remedy,
                source: $source,
                certain: $certain,
            };
        )+

        /// Every one, in the order in which a VM's reasons stand.
        pub static RULES: &[&AuditRule] = &[$(&$NAME),+];
    };
}

const LOOK_AT_BOTH: &str = "look for the host's own record (event 12310), and at the guest itself";
pub(super) const FIND_KEY: &str = "find out release and edition, then install their AVMA key";

rules! {
    CLAIM_WITH_ANOTHER_KEY = "claim-with-another-key",
        "the guest says that AVMA activated it, and another key than its AVMA key is installed",
        "look at the guest itself: AVMA activates by the AVMA key of its release and edition",
        AVMA_ARTICLE, true;
    CLAIM_IMPLAUSIBLE = "claim-implausible",
        "the guest says that AVMA activated it, with minutes left that cannot be",
        LOOK_AT_BOTH, THIS_INVENTORY, true;
    CLAIM_FORBIDDEN = "claim-forbidden",
        "the guest says that AVMA activated it, which the rules forbid here",
        LOOK_AT_BOTH, AVMA_ARTICLE, true;
    REPLICA_COPY = "replica-copy",
        "a replica copy: it is never started and is no second installation",
        "nothing to do", THIS_INVENTORY, true;
    KEY_NONE = "key-none", "no product key is installed", FIND_KEY, AVMA_ARTICLE, true;
    KEY_GVLK = "key-gvlk", "the installed key is a KMS client key (GVLK)", FIND_KEY, AVMA_ARTICLE, true;
    KEY_OTHER_AVMA = "key-other-avma",
        "the installed key is an AVMA key of another release or edition", FIND_KEY, AVMA_ARTICLE, true;
    KEY_OTHER_GENERIC = "key-other-generic",
        "the installed key is another generic key", FIND_KEY, AVMA_ARTICLE, true;
    KEY_UNLISTED = "key-unlisted",
        "the installed key is in none of the published lists in this crate", FIND_KEY, AVMA_ARTICLE,
        true;
    GUEST_REPORTS = "guest-reports",
        "the guest reports an error", "see the rules of which it is a symptom", SLERROR, true;
    DATA_EXCHANGE_SILENT = "data-exchange-silent",
        "Data Exchange is on, but the guest does not answer, or has only just started",
        "wait a few minutes; then look at the service vmickvpexchange in the guest",
        THIS_INVENTORY, true;
    PRESUMED = "presumed",
        "the verdict presumes the usual value of a fact that was not collected",
        "collect the host again with the whole command, or give the fact: --set HOST.NAME=VALUE",
        THIS_INVENTORY, false;
    CLUES_IN_CONFLICT = "clues-in-conflict",
        "what was collected contradicts itself on what the system is",
        "compare name, edition and build on the machine itself", THIS_INVENTORY, true;
    LICENSE_CONTRADICTS_SYSTEM = "license-contradicts-system",
        "licence and system disagree on whether this is an evaluation copy",
        "run slmgr /dlv on the machine itself; the system's own word counts here",
        THIS_INVENTORY, true;
    HOST_RECORD = "host-record",
        "a record of a host (event 12310) names the VM",
        "nothing to do: what the record says of the VM is not public", THIS_INVENTORY, true;
    GUEST_EVENT = "guest-event",
        "the guest logged a failure (event 12309)",
        "compare with the guest's own export: what the event says is not public",
        THIS_INVENTORY, true;
    CLAIM_FORBIDDEN_HOST = "claim-forbidden-host",
        "the guest says that a host activated it where the rules forbid that",
        LOOK_AT_BOTH, AVMA_ARTICLE, true;
    CLAIM_UNDOCUMENTED_HOST = "claim-undocumented-host",
        "the guest says that AVMA activated it, and its host is neither Datacenter nor Azure Local",
        LOOK_AT_BOTH, AVMA_ARTICLE, true;
    VM_ID_TWICE = "vm-id-twice",
        "the VM's id ran on two hosts: one of them is a copy, or it moved between",
        "look whether the VM runs on both; a copy gets an id of its own by an import that copies",
        THIS_INVENTORY, true;
    REPORT_UNREADABLE = "report-unreadable",
        "the guest's report (a key-value item) is not valid",
        "delete the item, and have it written anew", THIS_INVENTORY, true;
    REPORT_OF_ANOTHER_VM = "report-of-another-vm",
        "the guest's report (a key-value item) is of another VM",
        "it came with a copy, or it is forged: delete the item, and have it written anew",
        THIS_INVENTORY, true;
    REPORT_IMPOSSIBLE = "report-impossible",
        "the guest's report (a key-value item) claims an activation that cannot be",
        LOOK_AT_BOTH, THIS_INVENTORY, true;
    REPORT_STALE = "report-stale",
        "the guest's report (a key-value item) is of a key that is not installed any more",
        "delete the item", AVMA_ARTICLE, true;
    GUEST_REPORT = "guest-report",
        "the guest's report (a key-value item, not secured)",
        "nothing to do: anybody in the guest could have written it", THIS_INVENTORY, true;
    OWNER_LOSES_AVMA = "possible-owner-loses-avma",
        "on one of its possible owners the VM would not be activated",
        "take the node from the possible owners, or make it able to activate the guest",
        AVMA_ARTICLE, false;
    OWNER_UNDOCUMENTED = "possible-owner-undocumented",
        "no text tells whether one of its possible owners would activate the VM",
        "take the node from the possible owners, or use a documented host", AVMA_ARTICLE, false;
    OWNER_UNKNOWN = "possible-owner-unknown",
        "the VM is clustered, and where else it may run was not collected",
        "collect the cluster, and every node", AVMA_ARTICLE, false;
    NODE_NOT_ACTIVATED = "node-not-activated",
        "a node of the cluster is not activated", EVERY_NODE, AVMA_ARTICLE, true;
    NODE_NO_AVMA_HOST = "node-no-avma-host",
        "a node of the cluster is no documented AVMA host", EVERY_NODE, AVMA_ARTICLE, true;
    NODE_UNDETERMINED = "node-undetermined",
        "not enough is known of a node of the cluster to tell whether it activates guests",
        "collect the node again with the whole command", AVMA_ARTICLE, false;
    NODE_NOT_FOR_EVERY_VM = "node-not-for-every-vm",
        "a node of the cluster does not surely activate every VM that may run on it",
        "take the node from the possible owners of those VMs, or make it able to activate them",
        AVMA_ARTICLE, false;
    NODE_UNKNOWN = "node-unknown",
        "a node of the cluster was not collected as a host", EVERY_NODE, AVMA_ARTICLE, false;
    HOST_AVMA_KEY = "host-avma-key",
        "an AVMA key is installed in the host: it belongs in the guests; install the host's own key",
        "install the host's own key, then activate the host", AVMA_ARTICLE, true;
    HOST_AVMA_GUEST = "host-avma-guest",
        "the host is itself activated by AVMA, so it is a virtual machine on another host",
        "nothing to do for its own activation; no text says what the guests of such a host get",
        AVMA_ARTICLE.graded(Evidence::Inferred), true;
}

const EVERY_NODE: &str = "make every node able to activate guests, and collect every node";

/// The rule of this id; `None` where there is none.
///
/// ```
/// use avma::fleet::audit::rule;
///
/// let flag = rule("claim-forbidden").unwrap();
/// assert!(flag.certain);
/// assert_eq!(rule("guest-newer-than-host"), None); // one of the rulebook's
/// ```
pub fn rule(id: &str) -> Option<&'static AuditRule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// A rule of the audit's own that fired, in words that fit the case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reason {
    /// The rule.
    pub rule: &'static AuditRule,
    /// What is the case. It may hold names out of the inventory, in which keys of no published list
    /// are masked already, but nothing else is made safe for a terminal.
    pub text: Cow<'static, str>,
    /// What to do about it.
    pub remedy: Cow<'static, str>,
    /// What it rests on here.
    pub source: Source,
}

impl From<&'static AuditRule> for Reason {
    fn from(rule: &'static AuditRule) -> Self {
        Self {
            rule,
            text: rule.text.into(),
            remedy: rule.remedy.into(),
            source: rule.source,
        }
    }
}

impl Reason {
    pub(super) fn says(rule: &'static AuditRule, text: String) -> Self {
        Self {
            text: text.into(),
            ..Self::from(rule)
        }
    }

    pub(super) fn remedied(self, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self {
            remedy: remedy.into(),
            ..self
        }
    }

    pub(super) fn resting_on(self, source: Source) -> Self {
        Self { source, ..self }
    }
}

/// A finding, of the rulebook or of the audit's own rules, as a report shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding<'a> {
    /// The stable id of the rule.
    pub rule: &'static str,
    /// Whether it is so whatever the unknown facts are.
    pub certain: bool,
    /// What is the case.
    pub text: &'a str,
    /// What to do about it.
    pub remedy: &'a str,
    /// What it rests on here.
    pub source: Source,
}

impl From<assess::Finding> for Finding<'_> {
    fn from(finding: assess::Finding) -> Self {
        Self {
            rule: finding.rule.id,
            certain: finding.certain,
            text: finding.rule.text,
            remedy: finding.rule.remedy,
            source: finding.source,
        }
    }
}

impl<'a> From<&'a Reason> for Finding<'a> {
    fn from(reason: &'a Reason) -> Self {
        Self {
            rule: reason.rule.id,
            certain: reason.rule.certain,
            text: &reason.text,
            remedy: &reason.remedy,
            source: reason.source,
        }
    }
}
