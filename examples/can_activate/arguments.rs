//! The command line: a host, a guest, and what is asked about them.

use avma::assess::{Can, FactName, Guest, Host, HostFamily, InstalledKey, Observation};
use avma::{HResult, Identity};
use lexopt::Arg::{Long, Short, Value};
use lexopt::ValueExt;

use crate::facts::Facts;
use crate::key;
use crate::names;
use crate::output::shown;

/// What a command line asks for.
pub enum Command {
    Help,
    Ask(Asked),
}

/// A question and the form of its answer.
pub struct Asked {
    pub subject: Subject,
    pub json: bool,
    pub fail_unless: Option<Can>,
}

/// What is asked about.
pub enum Subject {
    /// The tables of hosts and guests.
    Tables,
    /// Codes alone, one or more.
    Codes(Vec<HResult>),
    /// A host and a guest.
    Pair(Pair),
}

/// A host and a guest, with what the guest shows.
pub struct Pair {
    pub facts: Facts,
    pub key: Option<InstalledKey>,
    pub codes: Vec<HResult>,
    /// What has to be known of the names as they were written.
    pub warnings: Vec<String>,
}

impl Pair {
    pub fn observation(&self) -> Observation {
        let mut observation = Observation::default();
        observation.key = self.key.unwrap_or_default();
        observation.reason = self.codes.first().copied();
        observation
    }
}

/// The arguments as they come, in any order.
#[derive(Default)]
struct Given {
    captions: Vec<String>,
    host: Option<String>,
    guest: Option<String>,
    family: Option<HostFamily>,
    license: Option<String>,
    ready: bool,
    sets: Vec<(FactName, String)>,
    key: Option<InstalledKey>,
    codes: Vec<HResult>,
}

/// Reads the command line; what is wrong with it, otherwise.
pub fn read(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut given = Given::default();
    let (mut json, mut fail_unless) = (false, None);
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("json") => json = true,
            Long("ready") => given.ready = true,
            Long("host") => given.host = Some(value(&mut parser)?),
            Long("guest") => given.guest = Some(value(&mut parser)?),
            Long("host-license") => given.license = Some(value(&mut parser)?),
            Long("host-family") => given.family = Some(word(&value(&mut parser)?)?),
            Long("fail-unless") => fail_unless = Some(word(&value(&mut parser)?)?),
            Long("set") => given.sets.push(setting(&value(&mut parser)?)?),
            Long("key") => given.key = Some(key::read(&value(&mut parser)?)?),
            Long("code") => given.codes.push(code(&value(&mut parser)?)?),
            Value(caption) => given
                .captions
                .push(caption.string().map_err(|error| error.to_string())?),
            Long(name) => return Err(format!("unknown option --{name}")),
            Short(letter) => return Err(format!("unknown option -{letter}")),
        }
    }
    let subject = given.subject()?;
    if fail_unless.is_some() && !matches!(subject, Subject::Pair(_)) {
        return Err("--fail-unless needs a host and a guest".to_owned());
    }
    Ok(Command::Ask(Asked {
        subject,
        json,
        fail_unless,
    }))
}

fn value(parser: &mut lexopt::Parser) -> Result<String, String> {
    parser
        .value()
        .and_then(ValueExt::string)
        .map_err(|error| error.to_string())
}

fn word<T: std::str::FromStr>(text: &str) -> Result<T, String>
where
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error| format!("{}: {error}", shown(text)))
}

fn code(text: &str) -> Result<HResult, String> {
    word(text)
}

fn setting(text: &str) -> Result<(FactName, String), String> {
    let Some((name, value)) = text.split_once('=') else {
        return Err(format!("--set takes NAME=VALUE, not {}", shown(text)));
    };
    Ok((word(name.trim())?, value.trim().to_owned()))
}

impl Given {
    fn subject(mut self) -> Result<Subject, String> {
        match (self.captions.len(), &self.host, &self.guest) {
            (0, ..) => {}
            (2, None, None) => {
                self.guest = self.captions.pop();
                self.host = self.captions.pop();
            }
            _ => {
                return Err(
                    "give two captions, HOST and GUEST (in quotes), or --host and --guest"
                        .to_owned(),
                );
            }
        }
        let of_a_pair = self.host.is_some()
            || self.guest.is_some()
            || self.family.is_some()
            || self.license.is_some()
            || self.ready
            || !self.sets.is_empty();
        if of_a_pair {
            return self.pair().map(Subject::Pair);
        }
        match (self.key, self.codes) {
            (Some(_), _) => Err("--key needs a guest: give --guest".to_owned()),
            (None, codes) if codes.is_empty() => Ok(Subject::Tables),
            (None, codes) => Ok(Subject::Codes(codes)),
        }
    }

    fn pair(self) -> Result<Pair, String> {
        let mut facts = Facts::unknown();
        let mut warnings = Vec::new();
        if let Some(caption) = &self.host {
            facts.host = host(caption, &mut warnings)?;
        }
        if let Some(family) = self.family {
            facts.set(FactName::HostFamily, family.as_str())?;
        }
        if let Some(caption) = &self.guest {
            facts.guest = Guest::from(&identity(caption, "guest", &mut warnings)?);
        }
        let early = |name: &FactName| *name == FactName::HostFamily;
        for (name, value) in self.sets.iter().filter(|(name, _)| early(name)) {
            facts.set(*name, value)?;
        }
        if self.ready {
            facts.make_ready();
        }
        if let Some(license) = &self.license {
            let name = match facts.host {
                Host::AzureLocal(_) => FactName::AzureLocalLicense,
                _ => FactName::HostLicense,
            };
            facts.set(name, license)?;
        }
        for (name, value) in self.sets.iter().filter(|(name, _)| !early(name)) {
            facts.set(*name, value)?;
        }
        Ok(Pair {
            facts,
            key: self.key,
            codes: self.codes,
            warnings,
        })
    }
}

fn identity(caption: &str, what: &str, warnings: &mut Vec<String>) -> Result<Identity, String> {
    let clues = names::read(caption);
    if clues.iter().all(|held| held.clue().read().says_nothing()) {
        let meant: Vec<String> = clues.iter().flat_map(names::Held::suggestions).collect();
        let in_front = clues.iter().find_map(names::Held::in_front);
        let meant = match (meant.is_empty(), in_front) {
            (false, _) => format!("did you mean {}?", meant.join(" ")),
            (true, Some(word)) => format!(
                "{} in front of the rest may name another product: leave it out, or begin with \
                 Windows Server",
                shown(&word)
            ),
            (true, None) => "write it like \"Windows Server 2022 Datacenter\"".to_owned(),
        };
        return Err(format!(
            "the {what}'s caption {} is not understood; {meant}",
            shown(caption)
        ));
    }
    let of_clues = clues.iter().flat_map(names::Held::warnings);
    warnings.extend(of_clues.map(|warning| format!("the {what}'s {warning}")));
    let identity = names::identity(&clues);
    let conflicts = identity.conflicts().map(|conflict| conflict.to_string());
    warnings.extend(conflicts.map(|conflict| format!("of the {what} {conflict}")));
    Ok(identity)
}

fn host(caption: &str, warnings: &mut Vec<String>) -> Result<Host, String> {
    if let Ok(family) = caption.trim().parse::<HostFamily>() {
        return Ok(family.into());
    }
    let identity = identity(caption, "host", warnings)?;
    Ok(match Host::from(&identity) {
        // A caption without an edition; Azure Local has a name of its own.
        Host::Unknown => {
            let mut host = Host::windows_server(identity.releases(), identity.products());
            host.evaluation = identity.evaluation();
            host.into()
        }
        host => host,
    })
}
