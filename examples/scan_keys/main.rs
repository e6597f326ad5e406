//! Finds product keys in scripts, templates, answer files, notes and logs, says what each is, and what
//! it should be where the text or the caller tells the system.
//!
//! For whoever keeps such files: before they are used, in a pipeline, or to find keys that should not
//! lie there. Keys in none of the published lists in this crate are shown by their last five symbols only.
//!
//! ```text
//! cargo run --example scan_keys -- deploy/ --release 2022 --edition standard
//! ```

mod arguments;
mod content;
mod found;
#[path = "../input/mod.rs"]
mod input;
mod json;
mod quote;
mod report;
mod sarif;
mod text;

use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;

use arguments::{Asked, Command, Form};
use avma::catalog::mask::Masked;
use content::Content;
use input::{Paths, Progress, unreadable};
use report::Report;

const HELP: &str = "\
Finds product keys in files and says what each is, and what it should be.

usage: scan_keys [OPTIONS] [FILE|FOLDER|-]...

FILE, FOLDER        text in UTF-8, UTF-16 or a code page. Folders are read to the bottom, links are
                    not followed, binary files are skipped and counted. - is standard input.
                    Without any, the samples in examples/data/keys are read.
--release RELEASE   the guest's release for every key: 2022, 2019, 2012-r2, 1809 ...
--edition EDITION   the guest's edition for every key: datacenter, datacenter-azure-edition,
                    standard, essentials
--channel CHANNEL   what every key is for: avma, gvlk
                    What is not given is taken from the caption that is nearest to the key, if any.
--deny WORD[,WORD]  makes an error of a warning: unlisted, a key in none of the published lists in this
                    crate (a MAK, a retail or OEM key, or one of another list)
--all               also the keys that are right, and those that nothing is known about
--json              one JSON object a line: key, input-fault, total
--sarif             one SARIF 2.1.0 document
--progress          says on standard error how far it is, as it does on a terminal
-h, --help          this text

A key in none of the published lists is never shown, but for its last five symbols. It is a warning: nothing
is known against it.

exit: 0 nothing is wrong (an unlisted key is not, unless --deny says so), 1 something is, 2 something could
      not be read (the rest is reported all the same), 64 usage
";

fn main() -> ExitCode {
    let asked = match arguments::read(lexopt::Parser::from_env()) {
        Ok(Command::Help) => {
            return finish(write!(io::stdout(), "{HELP}"), ExitCode::SUCCESS);
        }
        Ok(Command::Scan(asked)) => asked,
        Err(fault) => {
            complain(&format!("{fault}\nSee scan_keys --help."));
            return ExitCode::from(64);
        }
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut report: Box<dyn Report> = match asked.form {
        Form::Text => Box::new(text::Text::new(asked.all)),
        Form::Json => Box::new(json::Json::new(asked.all)),
        Form::Sarif => Box::new(sarif::Sarif::new(asked.all)),
    };
    let mut total = Total::default();
    let written = scan_all(&asked, &mut *report, &mut total, &mut out)
        .and_then(|()| report.finish(&total, &mut out))
        .and_then(|()| out.flush());
    finish(written, ExitCode::from(total.exit_code()))
}

/// What a run came to.
#[derive(Default)]
pub struct Total {
    pub files: usize,
    pub binary: usize,
    pub unreadable: usize,
    pub keys: usize,
    pub right: usize,
    pub wrong: usize,
    pub not_judged: usize,
    pub unlisted: usize,
    /// Of the unlisted ones those that the caller takes for errors.
    pub denied: usize,
}

impl Total {
    pub fn exit_code(&self) -> u8 {
        match self {
            Self {
                unreadable: 1.., ..
            } => 2,
            Self { wrong: 1.., .. } | Self { denied: 1.., .. } => 1,
            _ => 0,
        }
    }
}

/// Reads one file after the other; what cannot be read is reported, and the rest goes on.
fn scan_all(
    asked: &Asked,
    report: &mut dyn Report,
    total: &mut Total,
    out: &mut dyn Write,
) -> io::Result<()> {
    let named: Vec<_> = asked
        .paths
        .iter()
        .filter(|path| path.as_os_str() != "-")
        .cloned()
        .collect();
    let found = Paths::below(&named);
    let wanted = asked.progress || io::stderr().is_terminal();
    let mut progress = Progress::of("scan_keys", wanted);
    for (name, message) in &found.faults {
        total.unreadable += 1;
        report.fault(name, message, out)?;
    }
    let stdin = asked.paths.len() > named.len();
    if stdin {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes);
        scan_one(asked, "<stdin>", read, report, total, out)?;
    }
    let mut size = 0;
    for (done, (path, name)) in found.files.iter().enumerate() {
        let read = fs::read(path);
        size += read.as_ref().map_or(0, Vec::len);
        scan_one(asked, name, read, report, total, out)?;
        progress.step(done + 1, found.files.len(), size);
    }
    Ok(())
}

fn scan_one(
    asked: &Asked,
    name: &str,
    read: io::Result<Vec<u8>>,
    report: &mut dyn Report,
    total: &mut Total,
    out: &mut dyn Write,
) -> io::Result<()> {
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(error) => {
            total.unreadable += 1;
            return report.fault(name, &unreadable(&error), out);
        }
    };
    total.files += 1;
    match Content::of(&bytes) {
        Content::Binary => total.binary += 1,
        Content::Text(text) => {
            for key in found::keys(name, &text, asked.wanted, asked.deny_unlisted) {
                total.add(&key);
                report.key(&key, out)?;
            }
        }
    }
    Ok(())
}

impl Total {
    fn add(&mut self, key: &found::Key<'_>) {
        use avma::scan::Verdict;

        self.keys += 1;
        match key.judgement.verdict() {
            Verdict::Right => self.right += 1,
            Verdict::Wrong => self.wrong += 1,
            Verdict::Unlisted => {
                self.unlisted += 1;
                self.denied += usize::from(key.is_refused());
            }
            _ => self.not_judged += 1,
        }
    }
}

/// Says what is wrong; where nobody listens, the exit code says it.
fn complain(message: &str) {
    let _ = writeln!(io::stderr(), "scan_keys: {}", Masked(message));
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
