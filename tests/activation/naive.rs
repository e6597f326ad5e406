//! The guest written a second time, the naive way: flags, and times that are worked out in advance.

use avma::activation::guest::{Config, Ignored, Input, Output, Platform};
use avma::activation::{Answer, Conclusion, Request};
use avma::assess::Guest;
use avma::{HostId, LastFive, VmId};

use crate::ground::AVMA;

pub struct Naive {
    vm: VmId,
    guest: Guest,
    now: u64,
    number: u32,
    on: bool,
    exchange: bool,
    place: Platform,
    key: Option<LastFive>,
    /// By whom, since when, until when.
    granted: Option<(HostId, u64, Option<u64>)>,
    asked: bool,
    /// Until when the reply has to come.
    until: Option<u64>,
    /// Why it does not ask, and when it will.
    idle: Option<(&'static str, Option<u64>)>,
}

fn later(now: u64, delay: Option<avma::time::Delay>) -> Option<u64> {
    now.checked_add(delay?.as_millis())
}

impl Naive {
    pub fn new(vm: VmId, guest: Guest, place: Platform) -> Self {
        Self {
            vm,
            guest,
            now: 0,
            number: 0,
            on: false,
            exchange: true,
            place,
            key: None,
            granted: None,
            asked: false,
            until: None,
            idle: None,
        }
    }

    fn is_avma(key: LastFive) -> bool {
        AVMA.iter().any(|text| key == text.parse().unwrap())
    }

    fn has_avma(&self) -> bool {
        self.key.is_some_and(Self::is_avma)
    }

    /// The state's slug.
    pub fn name(&self) -> &'static str {
        let granted = self.granted.is_some();
        if !self.on {
            return if granted { "off-activated" } else { "off" };
        }
        if self.key.is_none() {
            return "no-key";
        }
        if !self.has_avma() {
            return "other-key";
        }
        if !self.exchange {
            return if granted {
                "blocked-activated"
            } else {
                "blocked"
            };
        }
        if self.asked {
            return if granted { "renewing" } else { "requesting" };
        }
        match self.idle.unwrap().0 {
            "waiting" if granted => "activated",
            _ if granted => "unrenewed",
            why => why,
        }
    }

    pub fn bound_to(&self) -> Option<HostId> {
        self.granted.map(|(host, ..)| host)
    }

    pub fn timeout(&self) -> Option<u64> {
        let ends = self.granted.and_then(|(.., ends)| ends);
        let next = self.until.or(self.idle.and_then(|(_, at)| at));
        [ends, next].into_iter().flatten().min()
    }

    fn idle(&mut self, why: &'static str, config: &Config) {
        self.unask();
        let granted = self.granted.is_some();
        let delay = match why {
            "waiting" if granted => config.renewal,
            "throttled" => config.throttled.or(config.retry),
            _ => config.retry,
        };
        let delay = if delay.is_none() && granted {
            config.renewal
        } else {
            delay
        };
        self.idle = Some((why, later(self.now, delay)));
    }

    fn stop_asking(&mut self) {
        self.unask();
        self.idle = None;
    }

    fn unask(&mut self) {
        self.asked = false;
        self.until = None;
    }

    fn ask(&mut self, config: &Config, out: &mut Vec<Output>) {
        if !(self.on && self.exchange && self.has_avma()) {
            return;
        }
        if self.place == Platform::Elsewhere {
            return self.log(Conclusion::NOT_HYPER_V, config, out);
        }
        self.number = self.number.wrapping_add(1);
        self.idle = None;
        self.asked = true;
        self.until = later(self.now, Some(config.reply_timeout));
        out.push(Output::Request(Request {
            vm: self.vm,
            sequence: self.number,
            guest: self.guest,
        }));
    }

    fn log(&mut self, conclusion: Conclusion, config: &Config, out: &mut Vec<Output>) {
        let good = conclusion == Conclusion::SUCCESS;
        self.idle(if good { "waiting" } else { "failed" }, config);
        out.push(Output::Log(conclusion));
        out.push(Output::Publish);
    }

    pub fn step(&mut self, config: &Config, now: u64, input: Input) -> Vec<Output> {
        self.now = self.now.max(now);
        let mut out = Vec::new();
        let mut due = false;
        if let Some(until) = self.until {
            if until <= self.now {
                due = true;
                self.log(Conclusion::UNRESPONSIVE, config, &mut out);
            }
        } else if let Some((_, Some(at))) = self.idle {
            if at <= self.now {
                due = true;
                self.ask(config, &mut out);
            }
        }
        if let Some((.., Some(ends))) = self.granted {
            if ends <= self.now {
                due = true;
                self.granted = None;
                match self.idle {
                    None => {}
                    // What was to be done is still to be done, but for a renewal.
                    Some(("failed", at)) => self.idle = Some(("expired", config.retry.and(at))),
                    Some(("throttled", at)) => {
                        let delay = config.throttled.or(config.retry);
                        self.idle = Some(("expired", delay.and(at)));
                    }
                    Some(_) => self.idle("expired", config),
                }
                if self.on {
                    out.push(Output::Publish);
                }
            }
        }
        if let Err(reason) = self.take(config, input, &mut out) {
            if !(due && reason == Ignored::NothingDue) {
                out.push(Output::Ignored(reason));
            }
        }
        // One word about the report, the last.
        let is_report = |output: &Output| matches!(output, Output::Publish | Output::Withdraw);
        let report = out.iter().copied().rev().find(is_report);
        out.retain(|output| !is_report(output));
        out.extend(report);
        out
    }

    fn take(
        &mut self,
        config: &Config,
        input: Input,
        out: &mut Vec<Output>,
    ) -> Result<(), Ignored> {
        match input {
            Input::Start if self.on => Err(Ignored::AlreadyRunning),
            Input::Start => {
                self.on = true;
                if self.has_avma() && self.granted.is_none() {
                    out.push(Output::Publish);
                }
                self.ask(config, out);
                Ok(())
            }
            Input::Stop if !self.on => Err(Ignored::NotRunning),
            Input::Stop => {
                self.on = false;
                self.stop_asking();
                Ok(())
            }
            Input::KeyInstalled(key) if Self::is_avma(key) => {
                let open = self.on && self.exchange;
                if self.key == Some(key) && !open {
                    return Err(Ignored::SameKey);
                }
                if self.has_avma() && self.key != Some(key) {
                    self.granted = None;
                    self.stop_asking();
                    out.push(Output::Withdraw);
                }
                self.key = Some(key);
                self.ask(config, out);
                Ok(())
            }
            Input::KeyRemoved if self.key.is_none() => Err(Ignored::NoKey),
            Input::KeyInstalled(_) | Input::KeyRemoved => {
                self.key = match input {
                    Input::KeyInstalled(key) => Some(key),
                    _ => None,
                };
                self.granted = None;
                self.stop_asking();
                out.push(Output::Withdraw);
                Ok(())
            }
            Input::DataExchange(on) if on == self.exchange => Err(Ignored::AlreadySwitched),
            Input::DataExchange(on) => {
                self.exchange = on;
                self.stop_asking();
                if on && self.on && self.has_avma() {
                    let now = self.now;
                    // A renewal counts from the grant.
                    if let Some((_, at, _)) = self.granted {
                        self.now = at;
                    }
                    self.idle("waiting", config);
                    self.now = now;
                }
                Ok(())
            }
            Input::Moved(place) if place == self.place => Err(Ignored::SamePlatform),
            Input::Moved(place) => {
                self.place = place;
                if self.name() != "activated" {
                    self.ask(config, out);
                }
                Ok(())
            }
            Input::Reply(_) | Input::ReplyUnreadable if !self.asked => Err(Ignored::NoRequest),
            Input::Reply(reply) if reply.vm != self.vm => Err(Ignored::OtherVm),
            Input::Reply(reply) if reply.sequence != self.number => Err(Ignored::Stale),
            Input::Reply(reply) => {
                match reply.answer {
                    Answer::Granted => {
                        let ends = later(self.now, config.validity);
                        self.granted = Some((reply.host, self.now, ends));
                        self.log(Conclusion::SUCCESS, config, out);
                    }
                    Answer::Refused(Some(code)) if code.0 == 0xC004_FD00 => {
                        self.idle("throttled", config);
                        out.push(Output::Publish);
                    }
                    Answer::Refused(code) => self.log(Conclusion::refused(code), config, out),
                }
                Ok(())
            }
            Input::ReplyUnreadable => {
                self.log(Conclusion::UNREADABLE, config, out);
                Ok(())
            }
            Input::Tick => Err(Ignored::NothingDue),
        }
    }
}
