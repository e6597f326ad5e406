//! What must hold of every step, whatever happens. Counted here from the inputs, and held against
//! what the machines put out; a difference is a fault of a machine or of this program.

use avma::activation::guest::{self, Kind, Output, Platform, State};
use avma::activation::{Answer, Conclusion, Reply, host};
use avma::assess::{Can, Host, can};
use avma::time::{Delay, Instant};
use avma::{HostId, LastFive};

/// What is remembered of a VM for the checks.
#[derive(Clone, Copy, Default)]
pub struct Memory {
    /// When its last request went out.
    pub asked: Option<Instant>,
    /// The latest request that a host granted, and the host.
    pub granted: Option<(u32, HostId)>,
    /// The key of which the published report speaks.
    pub report: Option<LastFive>,
}

/// How a request ended in a step, where one did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// With a conclusion, by an answer or for want of one.
    Concluded(Conclusion),
    Throttled,
}

pub fn is_awaiting(state: &State) -> bool {
    matches!(state.kind(), Kind::Requesting | Kind::Renewing)
}

/// How requests ended in a step.
#[derive(Clone, Copy)]
pub struct Ends {
    /// The one that was answered, or waited too long.
    pub told: Option<End>,
    /// Those that nobody waits for any more: the VM stopped, moved, or asked anew.
    pub abandoned: u64,
}

/// Holds a guest's step against what it was given; how its requests ended.
///
/// # Errors
///
/// The invariant that is broken, as a sentence.
pub fn guest_step(
    before: &State,
    step: &guest::Step,
    input: &guest::Input,
    now: Instant,
    reply_timeout: Delay,
    memory: &mut Memory,
) -> Result<Ends, &'static str> {
    let after = &step.state;
    let count = |wanted: fn(&Output) -> bool| -> u64 {
        step.outputs()
            .map(|output| u64::from(wanted(&output)))
            .sum()
    };
    let ignored = count(|output| matches!(output, Output::Ignored(_))) > 0;
    let answer = match input {
        _ if ignored => None,
        guest::Input::Reply(reply) => Some(Some(*reply)),
        guest::Input::ReplyUnreadable => Some(None),
        _ => None,
    };
    let due = memory.asked.and_then(|asked| asked.after(reply_timeout));
    let timed_out = is_awaiting(before) && due.is_some_and(|due| due <= now);
    let told = if timed_out {
        Some(End::Concluded(Conclusion::UNRESPONSIVE))
    } else {
        answer.map(end)
    };
    logs(before, step, told)?;
    activation(before, after, answer.flatten(), memory)?;
    report(before, step, told.is_some(), memory)?;

    let requests = count(|output| matches!(output, Output::Request(_)));
    if requests != u64::from(after.sequence().wrapping_sub(before.sequence())) {
        return Err("a request has a number of its own");
    }
    if requests > 0 {
        memory.asked = Some(now);
    }
    // Every request that was out or went out has ended, or is the one that is out.
    let out = u64::from(is_awaiting(before)) + requests;
    let ended = u64::from(is_awaiting(after)) + u64::from(told.is_some());
    match out.checked_sub(ended) {
        Some(abandoned) => Ok(Ends { told, abandoned }),
        None => Err("an answer was taken that no request awaits"),
    }
}

fn end(reply: Option<Reply>) -> End {
    match reply.map(|reply| reply.answer) {
        None => End::Concluded(Conclusion::UNREADABLE),
        Some(Answer::Granted) => End::Concluded(Conclusion::SUCCESS),
        Some(answer) if answer.is_throttled() => End::Throttled,
        Some(Answer::Refused(code)) => End::Concluded(Conclusion::refused(code)),
    }
}

/// One 12309 for each conclusion: of a request that ended, or that nobody was there to be asked.
fn logs(before: &State, step: &guest::Step, end: Option<End>) -> Result<(), &'static str> {
    let mut expected = match end {
        Some(End::Concluded(conclusion)) => Some(conclusion),
        _ => None,
    };
    for output in step.outputs() {
        let Output::Log(conclusion) = output else {
            continue;
        };
        if expected == Some(conclusion) {
            expected = None;
        } else if conclusion != Conclusion::NOT_HYPER_V {
            return Err("an event 12309 without a conclusion");
        } else if ![before, &step.state]
            .map(State::platform)
            .contains(&Platform::Elsewhere)
        {
            return Err("a guest on Hyper-V concluded that it is not");
        }
    }
    match expected {
        Some(_) => Err("a conclusion without an event 12309"),
        None => Ok(()),
    }
}

/// A VM becomes activated by a grant only, and that grant was given.
fn activation(
    before: &State,
    after: &State,
    reply: Option<Reply>,
    memory: &Memory,
) -> Result<(), &'static str> {
    let granted = reply.filter(|reply| reply.answer == Answer::Granted);
    let began = after.is_activated()
        && (!before.is_activated() || before.activated_at() != after.activated_at());
    match granted {
        None if began => Err("a VM became activated without a grant"),
        Some(reply) if memory.granted != Some((reply.sequence, reply.host)) => {
            Err("a VM became activated by a grant that no host gave")
        }
        Some(reply) if after.bound_to() != Some(reply.host) => {
            Err("a VM is bound to another host than the one that granted")
        }
        _ => Ok(()),
    }
}

/// The report speaks of the key that is in, or there is none; what a request ended with is told.
fn report(
    before: &State,
    step: &guest::Step,
    ended: bool,
    memory: &mut Memory,
) -> Result<(), &'static str> {
    let state = &step.state;
    let published = step.outputs().any(|output| output == Output::Publish);
    if ended && !published && before.key() == state.key() {
        return Err("a request ended and no report tells how");
    }
    for output in step.outputs() {
        match output {
            Output::Publish => memory.report = state.key(),
            Output::Withdraw => memory.report = None,
            _ => {}
        }
    }
    if memory.report.is_some() && (memory.report != state.key() || !state.has_avma_key()) {
        return Err("a published report outlives the key of which it speaks");
    }
    Ok(())
}

/// Holds a host's answer against the rulebook and the facts that the script gave the host.
///
/// # Errors
///
/// The invariant that is broken, as a sentence.
pub fn host_answer(
    facts: &Host,
    request: &avma::activation::Request,
    step: &host::Step,
    memory: &mut Memory,
) -> Result<(), &'static str> {
    if step.state.host() != *facts {
        return Err("a host is not what the script made it");
    }
    let outputs: Vec<host::Output> = step.outputs().collect();
    let can = can(facts, &request.guest);
    match outputs[..] {
        [host::Output::Reply(reply), host::Output::Log(logged)] => {
            if logged.answer != reply.answer || logged.vm != reply.vm {
                return Err("an event 12310 says something else than the answer");
            }
            if (reply.vm, reply.sequence) != (request.vm, request.sequence) {
                return Err("an answer to a question that nobody asked");
            }
            if reply.answer == Answer::Granted {
                if can != Can::Eligible {
                    return Err("a host granted what the rulebook does not");
                }
                // A copy of an earlier request may come late.
                if memory
                    .granted
                    .is_none_or(|(number, _)| number <= reply.sequence)
                {
                    memory.granted = Some((reply.sequence, reply.host));
                }
            } else if can == Can::Eligible && !reply.answer.is_throttled() {
                return Err("a host refused what the rulebook grants");
            }
            Ok(())
        }
        [host::Output::Undecided(_)] if matches!(can, Can::NotDocumented | Can::Undetermined) => {
            Ok(())
        }
        _ => Err("a request has one answer with one event 12310, or is undecided"),
    }
}
