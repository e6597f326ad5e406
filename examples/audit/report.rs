//! What both forms of the report are written from: the audit, and what was read for it.

use avma::AnyRelease;
use avma::assess::{FactName, Host};
use avma::fleet::audit::{Audit, EventCounts, Next, Setting, SettingError};
use avma::fleet::ledger::month::MonthReport;
use avma::identity::Identity;
use avma::observe::inventory::{Fleet, HostRecord};

use crate::history::History;
use crate::read::InputFault;

/// The whole report.
pub struct Report<'a> {
    pub audit: Audit<'a>,
    pub faults: Vec<InputFault>,
    pub files: usize,
    pub events: EventCounts,
    pub months: Vec<MonthReport<'a>>,
    pub history: &'a History,
}

/// A fact of `--set` as it was given, for messages.
pub struct Given {
    setting: Setting,
    text: String,
}

impl Given {
    /// Reads a value of `--set`.
    pub fn new(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(setting) => Ok(Self {
                setting,
                text: text.to_owned(),
            }),
            Err(SettingError::Form) => Err(format!("--set takes HOST.NAME=VALUE, not {text:?}")),
            Err(error) => Err(format!("--set {text}: {error}")),
        }
    }
}

/// The hosts of a fleet with the facts that were given beside it.
pub fn hosts(fleet: &Fleet, given: &[Given]) -> Result<Vec<Host>, String> {
    let mut hosts: Vec<Host> = fleet.hosts.iter().map(HostRecord::facts).collect();
    let known: Vec<Option<String>> = fleet.hosts.iter().map(full_name).collect();
    for Given { setting, text } in given {
        let named = hosts.iter_mut().zip(&known);
        let mut named = named.filter_map(|(host, name)| Some((host, name.as_ref()?)));
        let Some((host, name)) = named.by_ref().find(|(_, name)| setting.is_about(name)) else {
            return Err(format!("--set {text}: no host {} was read", setting.host));
        };
        if let Some((_, other)) = named.find(|(_, name)| setting.is_about(name)) {
            return Err(format!(
                "--set {text}: {} may be {name} or {other}; give the full name",
                setting.host
            ));
        }
        setting.fact.apply(host).map_err(|error| {
            let (of, is) = (error.of, error.is);
            format!("--set {text}: a fact of {of}, but {} is {is}", setting.host)
        })?;
    }
    Ok(hosts)
}

/// The name of a host, with its domain where that was collected.
fn full_name(host: &HostRecord) -> Option<String> {
    let name = host.name()?;
    Some(match host.domain() {
        Some(domain) if !name.contains('.') => format!("{name}.{domain}"),
        _ => name.to_owned(),
    })
}

/// Facts that no export gives, with the name that `--set` has for them.
const SETTABLE: [(FactName, &str); 6] = [
    (FactName::PayAsYouGo, "PayAsYouGo=yes|no"),
    (
        FactName::AzureLocalLicense,
        "KeyRelease=RELEASE, Subscription=yes|no or OemLicense=yes|no",
    ),
    (FactName::SoftwareAssurance, "SoftwareAssurance=yes|no"),
    (FactName::Synced, "Synced=yes|no"),
    (FactName::AzureVerification, "AzureVerification=yes|no"),
    (FactName::BiosMarker, "BiosMarker=yes|no"),
];

/// The next step, with the option that helps.
pub fn next(next: &Next) -> String {
    let settable = match next {
        Next::FindOut(fact) => SETTABLE.iter().find(|(settable, _)| settable == fact),
        _ => None,
    };
    match settable {
        Some((fact, set)) => format!("find out {fact}, and give it by --set HOST.{set}"),
        None => next.to_string(),
    }
}

/// The release as words for a report: slugs of the candidates.
pub fn release_slugs(identity: &Identity) -> Vec<&'static str> {
    identity.releases().iter().map(AnyRelease::as_str).collect()
}
