//! Plays a day, or a month, of a Hyper-V cluster: VMs boot, restart, move and change their keys, hosts
//! lapse and throttle, messages are lost, and the guest and host machines of [`avma::activation`] say
//! what becomes of every activation.
//!
//! For people who want to see what AVMA does before they do it, and for those who drive the machines
//! themselves: `world.rs` is a driver of them. Nothing here speaks to a real host.
//!
//! ```text
//! cargo run --example simulate -- host-lapse
//! ```

mod arguments;
mod check;
mod clock;
mod exchange;
mod json;
mod log;
mod machine;
mod play;
mod random;
mod scenario;
mod scenarios;
mod span;
mod summary;
mod tally;
mod text;
mod wire;
mod world;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant as WallClock};

use arguments::{Command, Options};
use avma::catalog::mask::Masked;
use avma::time::Instant;
use log::{Keep, Log};
use scenarios::{DEFAULT, SCENARIOS};
use world::{Stop, World};

const HELP: &str = "\
Plays activation by AVMA in a simulated Hyper-V cluster, and says what became of every VM.

usage: simulate [OPTIONS] [SCENARIO]     without SCENARIO: day
       simulate --list                   the scenarios

      --vms N, --hosts N     how many; the scenario's kinds in turn
      --days N               how long; the script is played once, from the beginning
      --restarts EVERY       every VM restarts, or starts if it is off: none, daily, weekly or a
                             time
      --seed N               another seed is another run; the same one is the same run (1)
      --log all|none|N       events to print: the first N and the last N (10)
      --json                 one JSON object a line: assumption, event, vm, host, total
  -h, --help                 this text

The wire between guests and hosts:
      --loss P --double P --damage P    per cent of the messages (1, 1, 0.5; with few VMs 0)
      --delay MS..MS                    shortest and longest time on the way (20..400); messages
                                        overtake each other where it is unequal
      --perfect                         nothing goes wrong on the wire: 0, 0, 0, 50

Times and limits. Microsoft publishes no value for any of them: these are the simulation's own
assumptions, and every run prints those that it used. A time is 500ms, 90s, 15m, 6h, 7d or none.
      --reply-timeout TIME      how long a guest waits for an answer (1m)
      --retry TIME              from a failed attempt to the next (15m, in some scenarios 4h)
      --retry-throttled TIME    from \"too many requests\" to the next attempt (2m)
      --renewal TIME            from an activation to the next request (8h)
      --validity TIME           how long an activation lasts (1d)
      --throttle N/SECONDS      requests that a host judges in a span (30/60; boot-storm 10/60)

exit: 0 it ran to its end, 64 usage, 70 an invariant is broken (a fault of this program or of the
      machines), 74 the output cannot be written

It simulates: it contacts no machine and activates nothing.
";

/// Before this a run has no need to say how far it is.
const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    match arguments::read(lexopt::Parser::from_env()) {
        Ok(Command::Help) => finish(write!(io::stdout(), "{HELP}").map_err(Stop::Write)),
        Ok(Command::List) => finish(list(&mut io::stdout()).map_err(Stop::Write)),
        Ok(Command::Run(options)) => {
            let mut out = BufWriter::new(io::stdout().lock());
            let played = play(&options, &mut out);
            // What came before a fault helps to find it.
            let flushed = out.flush().map_err(Stop::Write);
            finish(played.and(flushed))
        }
        Err(error) => {
            complain(&format!("{error}\ntry: simulate --help"));
            ExitCode::from(64)
        }
    }
}

/// A reader that closes the pipe early has what it wanted; any other fault is one.
fn finish(played: Result<(), Stop>) -> ExitCode {
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(Stop::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Stop::Write(error)) => {
            complain(&format!("cannot write the output: {error}"));
            ExitCode::from(74)
        }
        Err(Stop::Fault(fault)) => {
            complain(&format!(
                "an invariant is broken: {fault}\nThis is a fault of the simulation or of the \
                 machines; please report it with the command line."
            ));
            ExitCode::from(70)
        }
    }
}

/// Says what is wrong; where nobody listens, the exit code says it.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "simulate: {}", Masked(message));
}

fn list(out: &mut impl Write) -> io::Result<()> {
    for scenario in SCENARIOS {
        let default = if scenario.name == DEFAULT {
            " (default)"
        } else {
            ""
        };
        writeln!(out, "{:<18}{}{default}", scenario.name, scenario.about)?;
    }
    Ok(())
}

fn play(options: &Options, out: &mut impl Write) -> Result<(), Stop> {
    let mut log = Log::new(options.log);
    let mut world = World::new(&options.setup);
    if options.json {
        json::head(&options.setup, out)?;
    } else {
        text::head(&options.setup, out)?;
    }
    let mut progress = Progress::new(options);
    let mut take = |event: &log::Event| match log.take(event) {
        false => Ok(()),
        true if options.json => json::event(event, out),
        true => text::event(event, out),
    };
    let ran = world.run(&mut take, &mut |now| progress.say(now));
    progress.clear();
    ran?;
    if options.json {
        json::tail(&world, &log, out)?;
    } else {
        text::tail(&world, &log, out)?;
    }
    Ok(())
}

/// How far a long run is, for a person who waits for it.
struct Progress {
    /// When it last said something; `None` where nobody would read it.
    last: Option<WallClock>,
    end: Instant,
    said: bool,
}

impl Progress {
    fn new(options: &Options) -> Self {
        // Between events on one screen it would be noise.
        let mixed = matches!(options.log, Keep::All) && io::stdout().is_terminal();
        let read = io::stderr().is_terminal() && !mixed;
        Self {
            last: read.then(WallClock::now),
            end: options.setup.end,
            said: false,
        }
    }

    fn say(&mut self, now: Instant) {
        let Some(last) = self.last.filter(|last| last.elapsed() >= PATIENCE) else {
            return;
        };
        self.last = Some(last + last.elapsed());
        self.said = true;
        let percent = now.0.saturating_mul(100) / self.end.0.max(1);
        let _ = write!(io::stderr(), "\r{percent:>3} %");
    }

    fn clear(&self) {
        if self.said {
            let _ = write!(io::stderr(), "\r     \r");
        }
    }
}
