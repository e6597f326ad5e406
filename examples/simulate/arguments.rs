//! The command line: a scenario, and what is changed of it.

use std::ffi::OsString;
use std::num::NonZeroU32;

use avma::activation::host::Throttle;
use avma::time::{Delay, Instant};
use lexopt::ValueExt;
use lexopt::prelude::*;

use crate::log::Keep;
use crate::scenario::{Scenario, Times};
use crate::scenarios::{DEFAULT, SCENARIOS};
use crate::span;
use crate::wire::Quality;

pub enum Command {
    Help,
    List,
    Run(Box<Options>),
}

/// A run: what the scenario says and what the options change of it.
pub struct Options {
    pub setup: Setup,
    pub json: bool,
    pub log: Keep,
}

/// Everything that a run follows from.
pub struct Setup {
    pub scenario: &'static Scenario,
    pub seed: u64,
    pub hosts: usize,
    pub vms: usize,
    /// When it ends.
    pub end: Instant,
    pub times: Times,
    pub quality: Quality,
    /// How often every VM restarts beside the script, in milliseconds.
    pub restarts: Option<u64>,
}

/// The options as they come; what is not given is the scenario's.
#[derive(Default)]
struct Given {
    scenario: Option<String>,
    vms: Option<u64>,
    hosts: Option<u64>,
    days: Option<u64>,
    seed: u64,
    json: bool,
    log: Option<Keep>,
    restarts: Option<u64>,
    times: Vec<Change>,
    perfect: bool,
    wire: Vec<(&'static str, u32)>,
    delay: Option<(u64, u64)>,
}

/// A time or a limit instead of the scenario's.
enum Change {
    Delay(&'static str, Option<Delay>),
    Throttle(Option<Throttle>),
}

/// Larger numbers are mistakes: a run would not end today.
const MOST: u64 = 1_000_000;

/// The options that take a value.
const VALUED: [&str; 16] = [
    "vms",
    "hosts",
    "days",
    "restarts",
    "seed",
    "log",
    "loss",
    "double",
    "damage",
    "delay",
    "reply-timeout",
    "retry",
    "retry-throttled",
    "renewal",
    "validity",
    "throttle",
];

pub fn read(mut parser: lexopt::Parser) -> Result<Command, String> {
    let mut given = Given {
        seed: 1,
        ..Given::default()
    };
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long("list") => return Ok(Command::List),
            Long("json") => given.json = true,
            Long("perfect") => given.perfect = true,
            Long(name) => {
                let Some(name) = VALUED.iter().find(|known| **known == name) else {
                    return Err(format!("there is no option --{name}"));
                };
                let value = text(parser.value().map_err(|error| error.to_string())?)?;
                given
                    .set(name, &value)
                    .map_err(|fault| format!("--{name} {value:?}: {fault}"))?;
            }
            Value(name) => {
                let name = text(name)?;
                if let Some(first) = given.scenario.replace(name) {
                    return Err(format!(
                        "one scenario at a time: {first:?} is given already"
                    ));
                }
            }
            other @ Short(_) => return Err(other.unexpected().to_string()),
        }
    }
    given
        .options()
        .map(|options| Command::Run(Box::new(options)))
}

fn text(value: OsString) -> Result<String, String> {
    value.string().map_err(|error| error.to_string())
}

fn number(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(number) if (1..=MOST).contains(&number) => Ok(number),
        _ => Err(format!("a number from 1 to {MOST} is expected")),
    }
}

/// A span of time, in milliseconds and not 0.
fn milliseconds(text: &str) -> Result<u64, String> {
    // A thousand years, so that no sum of times overflows.
    span::read(text)
        .filter(|ms| (1..=365_000 * span::DAY).contains(ms))
        .ok_or("a time is expected, as 500ms, 90s, 15m, 6h or 7d".to_owned())
}

fn delay(text: &str) -> Result<Option<Delay>, String> {
    if text == "none" {
        return Ok(None);
    }
    milliseconds(text)
        .map(Delay::from_millis)
        .map_err(|fault| fault + ", or none")
}

fn throttle(text: &str) -> Result<Option<Throttle>, String> {
    if text == "none" {
        return Ok(None);
    }
    let parts = text.split_once('/');
    let throttle = parts.and_then(|(requests, seconds)| {
        Some(Throttle {
            requests: requests.parse::<NonZeroU32>().ok()?,
            per: Delay::from_millis(milliseconds(&format!("{seconds}s")).ok()?)?,
        })
    });
    let fault = "requests and seconds are expected, as 30/60, or none";
    throttle.map(Some).ok_or_else(|| fault.to_owned())
}

/// `20..400` in milliseconds, or one number for both.
fn range(text: &str) -> Option<(u64, u64)> {
    let (shortest, longest) = text.split_once("..").unwrap_or((text, text));
    let read = |text: &str| {
        let ms = text.parse().ok().or_else(|| span::read(text));
        ms.filter(|ms| *ms <= span::DAY)
    };
    let range = (read(shortest)?, read(longest)?);
    (range.0 <= range.1).then_some(range)
}

fn restarts(text: &str) -> Result<Option<u64>, String> {
    match text {
        "none" => Ok(None),
        "daily" => Ok(Some(span::DAY)),
        "weekly" => Ok(Some(7 * span::DAY)),
        // A restart takes a minute.
        other => match milliseconds(other) {
            Ok(ms) if ms >= 2 * span::MINUTE => Ok(Some(ms)),
            _ => Err("none, daily, weekly or a time of at least 2m is expected".to_owned()),
        },
    }
}

fn keep(text: &str) -> Result<Keep, String> {
    match text {
        "all" => Ok(Keep::All),
        "none" => Ok(Keep::Ends(0)),
        number => number
            .parse()
            .map(Keep::Ends)
            .map_err(|_| "all, none or a number is expected".to_owned()),
    }
}

impl Given {
    fn set(&mut self, name: &'static str, value: &str) -> Result<(), String> {
        match name {
            "vms" => self.vms = Some(number(value)?),
            "hosts" => self.hosts = Some(number(value)?),
            "days" => self.days = Some(number(value)?),
            "seed" => {
                let fault = |_| "a whole number of 64 bits is expected".to_owned();
                self.seed = value.parse().map_err(fault)?;
            }
            "log" => self.log = Some(keep(value)?),
            "restarts" => self.restarts = restarts(value)?,
            "throttle" => self.times.push(Change::Throttle(throttle(value)?)),
            "delay" => {
                let fault = "milliseconds are expected, as 20..400 or 50";
                self.delay = Some(range(value).ok_or(fault)?);
            }
            "reply-timeout" if value == "none" => {
                return Err("a guest that waits for ever asks never again".to_owned());
            }
            "loss" | "double" | "damage" => {
                let fault = "per cent are expected, 0 to 100, as 0.2";
                let share = span::read_share(value).ok_or(fault)?;
                self.wire.push((name, share));
            }
            _ => self.times.push(Change::Delay(name, delay(value)?)),
        }
        Ok(())
    }

    fn options(self) -> Result<Options, String> {
        let name = self.scenario.as_deref().unwrap_or(DEFAULT);
        let Some(scenario) = SCENARIOS.iter().find(|scenario| scenario.name == name) else {
            return Err(format!("no scenario {name:?}; --list names them"));
        };
        let count = |given: Option<u64>, scenario: usize| {
            given.map_or(scenario, |count| usize::try_from(count).unwrap_or(scenario))
        };
        let (hosts, vms) = (
            count(self.hosts, scenario.hosts),
            count(self.vms, scenario.vms),
        );
        let least = scenario.least();
        if hosts < least.0 || vms < least.1 {
            return Err(format!(
                "the script of {name} needs {} hosts and {} VMs at least (--hosts, --vms)",
                least.0, least.1
            ));
        }
        let setup = Setup {
            scenario,
            seed: self.seed,
            hosts,
            vms,
            end: Instant(
                self.days
                    .map_or(scenario.hours * span::HOUR, |days| days * span::DAY),
            ),
            times: self.changed(scenario.times),
            quality: self.quality(scenario.wire),
            restarts: self.restarts,
        };
        Ok(Options {
            setup,
            json: self.json,
            log: self.log.unwrap_or(Keep::Ends(10)),
        })
    }

    fn changed(&self, mut times: Times) -> Times {
        for change in &self.times {
            match *change {
                Change::Throttle(throttle) => times.host.throttle = throttle,
                Change::Delay("reply-timeout", Some(delay)) => times.guest.reply_timeout = delay,
                Change::Delay("retry", delay) => times.guest.retry = delay,
                Change::Delay("retry-throttled", delay) => times.guest.throttled = delay,
                Change::Delay("renewal", delay) => times.guest.renewal = delay,
                Change::Delay(_, delay) => times.guest.validity = delay,
            }
        }
        times
    }

    fn quality(&self, scenario: Quality) -> Quality {
        let mut quality = if self.perfect {
            Quality::PERFECT
        } else {
            scenario
        };
        for (name, share) in &self.wire {
            match *name {
                "loss" => quality.loss = *share,
                "double" => quality.double = *share,
                _ => quality.damage = *share,
            }
        }
        quality.delay = self.delay.unwrap_or(quality.delay);
        quality
    }
}
