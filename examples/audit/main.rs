//! Reads what PowerShell exported from Hyper-V hosts, their guests and clusters, and the events 12309
//! and 12310 of their logs, and says for every VM whether AVMA can activate it, whether it is activated, and if not, why not and what to do.
//!
//! For administrators of a fleet, and for whoever reports on licences from the host alone. Without
//! arguments it runs on a sample fleet.

mod cluster;
mod history;
#[path = "../input/mod.rs"]
mod input;
mod json;
mod read;
mod report;
mod slmgr;
mod text;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use avma::catalog::mask::Masked;
use avma::fleet::audit::{Audit, EventCounts, Verdict};
use history::Days;
use lexopt::prelude::*;
use read::{Input, Joined};
use report::{Given, Report};

const HELP: &str = "\
Who can be activated by AVMA, who is, and if not, why not and what to do.

usage: audit [--json] [--set HOST.NAME=VALUE]… [--fail-on VERDICT,…] [--since DATE] [--until DATE]
             [FILE|FOLDER]…

FILE, FOLDER   what PowerShell exported from hosts, guests and clusters as JSON (README says how);
               events 12309 and 12310 as XML (wevtutil, Event Viewer, a collector) or as JSON
               (Get-WinEvent); the text of slmgr.vbs /dlv, in a file named after its computer, as
               in web01.slmgr.txt (of another language than English what no translation touches).
               Folders are read to the bottom, links are not followed.
               Without any, the sample fleet in examples/data/fleet is read.
--json         one JSON object a line, its `type` one of: host, cluster, vm, total, month (what was
               seen in a calendar month), history (what gave no sighting), input-fault
--set          a fact that nothing collected gives, for one host:
                 KeyRelease=2016|2019|2022|2025  Subscription=yes|no  OemLicense=yes|no
                 SoftwareAssurance=yes|no
                 Synced=yes|no  AzureVerification=yes|no   (these six make it Azure Local)
                 BiosMarker=yes|no                         (makes it Azure Stack Hub)
                 PayAsYouGo=yes|no  Nested=yes|no
--fail-on      exit with 1 if any VM has one of these verdicts:
                 out-of-scope activated-avma activated-other no-data not-eligible fix-host
                 fix-guest not-documented pending ready

--since        the first day that counts for the months, as in 2025-11-01 (UTC)
--until        the last one. Both leave verdicts, clusters and totals alone.

Events decide no verdict, for their layout is not public. Where a guest says that AVMA activated it
and the rules allow that, a record of a host (12310) that names the VM and holds no failure makes the
trust in it 'host'.

exit: 0 the report is complete, 1 by --fail-on, 2 something could not be read (the report is printed
      all the same), 64 usage, 70 a fault of this program

It reads exported files only: it contacts no machine and activates nothing.
";

/// Facts of the sample fleet that no export gives.
const SAMPLE_SETTINGS: &[&str] = &[
    "AL01.KeyRelease=2022",
    "AL01.SoftwareAssurance=no",
    "AL01.AzureVerification=no",
    "AL01.Synced=yes",
    "AL02.KeyRelease=2025",
    "AL02.Synced=no",
    "AL02.AzureVerification=yes",
    "AL03.KeyRelease=2016",
    "AL04.Subscription=no",
    "HUB01.BiosMarker=no",
    "HUB02.BiosMarker=yes",
    "HV25.PayAsYouGo=yes",
];

struct Options {
    json: bool,
    given: Vec<Given>,
    fail_on: Vec<Verdict>,
    days: Days,
    paths: Vec<PathBuf>,
}

fn main() -> ExitCode {
    let options = match options() {
        Ok(Some(options)) => options,
        Ok(None) => {
            return finish(write!(io::stdout(), "{HELP}"), ExitCode::SUCCESS);
        }
        Err(error) => {
            complain(&format!("{error}\ntry: audit --help"));
            return ExitCode::from(64);
        }
    };
    let input = Input::read(&options.paths, io::stderr().is_terminal());
    let Joined {
        fleet,
        history,
        faults,
        files,
    } = match input.join(options.days) {
        Ok(joined) => joined,
        Err(error) => {
            complain(&error.to_string());
            return ExitCode::from(70);
        }
    };
    let hosts = match report::hosts(&fleet, &options.given) {
        Ok(hosts) => hosts,
        Err(error) => {
            complain(&error);
            return ExitCode::from(64);
        }
    };
    let report = Report {
        audit: Audit::with_hosts(&fleet, hosts),
        faults,
        files,
        events: EventCounts::of(&fleet),
        months: history.months(&fleet),
        history: &history,
    };
    let mut out = LineMasked::new(io::BufWriter::new(io::stdout().lock()));
    let written = if options.json {
        json::write(&report, &mut out)
    } else {
        text::write(&report, &mut out)
    };
    let code = if report.faults.iter().any(|fault| !fault.warning) {
        ExitCode::from(2)
    } else if report
        .audit
        .vms
        .iter()
        .any(|vm| options.fail_on.contains(&vm.verdict))
    {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    };
    finish(written.and_then(|()| out.flush()), code)
}

/// Says what is wrong; where nobody listens, the exit code says it.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "audit: {}", Masked(message));
}

/// Whatever a report repeats of its input, a name of a file or of a VM, may hold a product key that
/// nobody should see: every line goes out masked.
struct LineMasked<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> LineMasked<W> {
    const fn new(out: W) -> Self {
        Self {
            out,
            line: Vec::new(),
        }
    }

    fn put(&mut self) -> io::Result<()> {
        let line = String::from_utf8_lossy(&self.line);
        write!(self.out, "{}", Masked(&line))?;
        self.line.clear();
        Ok(())
    }
}

impl<W: Write> Write for LineMasked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = bytes
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(bytes.len(), |end| end + 1);
        let (line, _) = bytes.split_at(len);
        self.line.extend_from_slice(line);
        if self.line.ends_with(b"\n") {
            self.put()?;
        }
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.put()?;
        self.out.flush()
    }
}

/// A reader that closes the pipe early has what it wanted; any other fault is one.
fn finish(written: io::Result<()>, code: ExitCode) -> ExitCode {
    match written {
        Ok(()) => code,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => code,
        Err(error) => {
            complain(&format!("cannot write the report: {error}"));
            ExitCode::from(74)
        }
    }
}

fn options() -> Result<Option<Options>, String> {
    let mut options = Options {
        json: false,
        given: Vec::new(),
        fail_on: Vec::new(),
        days: Days::default(),
        paths: Vec::new(),
    };
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("json") => options.json = true,
            Long("set") => options.given.push(Given::new(&value(&mut parser)?)?),
            Long("fail-on") => {
                for word in value(&mut parser)?.split(',') {
                    options.fail_on.push(verdict(word)?);
                }
            }
            Long("since") => {
                options.days.since = Some(history::day("--since", &value(&mut parser)?)?);
            }
            Long("until") => {
                options.days.until = Some(history::day("--until", &value(&mut parser)?)?);
            }
            Value(path) => options.paths.push(path.into()),
            other => {
                let error = other.unexpected();
                return Err(error.to_string());
            }
        }
    }
    options.days = options.days.check()?;
    if options.paths.is_empty() {
        options.paths.push(sample_fleet());
        for setting in SAMPLE_SETTINGS {
            options.given.push(Given::new(setting)?);
        }
    }
    Ok(Some(options))
}

fn verdict(word: &str) -> Result<Verdict, String> {
    word.parse().map_err(|_| {
        let all: Vec<&str> = Verdict::ALL
            .iter()
            .map(|verdict| verdict.as_str())
            .collect();
        format!("no verdict {word:?}; there are {}", all.join(", "))
    })
}

fn value(parser: &mut lexopt::Parser) -> Result<String, String> {
    let value = parser.value().map_err(|error| error.to_string())?;
    value.string().map_err(|error| error.to_string())
}

/// Where the sample fleet lies: beside the sources from which this program was built.
fn sample_fleet() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "examples", "data", "fleet"]
        .iter()
        .collect()
}
