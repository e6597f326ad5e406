//! Can this Hyper-V host activate this Windows Server guest, and if not, why?
//!
//! For administrators and their support: with a host and a guest, each as far as it is known, it gives
//! the answer with every reason, its remedy and the text that it rests on, and the fact to find out
//! next. With an error code it says what the code means for that pair. Without arguments it prints the
//! tables of hosts and guests, with the source of every cell.
//!
//! ```text
//! cargo run --example can_activate -- "Windows Server 2022 Datacenter" "Windows Server 2019 Standard" --ready
//! ```

mod arguments;
mod code;
mod facts;
mod json;
mod key;
mod matrix;
#[path = "../names/mod.rs"]
mod names;
#[path = "../output/mod.rs"]
mod output;
mod report;

use std::process::ExitCode;

use arguments::{Asked, Command, Subject};
use avma::assess::assess;
use output::Output;

const HELP: &str = "\
Tells whether a Hyper-V host activates a Windows Server guest (AVMA), and why not.

Usage: can_activate [OPTIONS] [HOST GUEST]
       can_activate --code CODE
       can_activate                  the tables of hosts and guests

HOST and GUEST are captions: \"Windows Server 2022 Datacenter\", or as people write them:
\"2022 dc\", \"win2k16 std\". HOST may also be a host family. What is not given is not
known; the answer then says what is missing. The first line is the answer, the second
what to do next: the key to install.

Options:
      --host CAPTION             the host
      --guest CAPTION            the guest
      --host-family FAMILY       windows-server, azure-local, azure-stack-hub, azure,
                                 other-hypervisor
      --host-license VALUE       what licenses the host: licensed, not-activated, grace, or
                                 on Azure Local key-2019, key-2022, key-2025, subscription,
                                 oem, none
      --ready                    the plain case for both: licensed, Hyper-V installed, not
                                 nested, Data Exchange on; Azure Local in sync. What a
                                 caption calls an evaluation copy stays one
      --set NAME=VALUE           one fact, after all of the above; several values with a
                                 comma between are \"one of these\". Names are those of
                                 \"missing\" in an answer, values yes, no, a slug, unknown
      --key KEY                  the guest's key, whole or its last five, or none:
                                 what it is for this guest. Never printed whole
      --code CODE                an HRESULT of the guest: 0xC004FD02, -1073414910; may be
                                 given more than once
      --json                     one JSON object
      --fail-unless ANSWER       exit with 1 unless this is the answer: eligible,
                                 not-eligible, not-documented, undetermined
  -h, --help                     this text

Exit codes: 0 an answer was given, whatever it is; 1 it is not that of --fail-unless;
64 wrong usage.
";

fn main() -> ExitCode {
    run(lexopt::Parser::from_env()).emit()
}

fn run(parser: lexopt::Parser) -> Output {
    match arguments::read(parser) {
        Ok(Command::Help) => Output::stdout(HELP),
        Ok(Command::Ask(asked)) => answer(&asked),
        Err(fault) => Output::usage("can_activate", &fault),
    }
}

fn answer(asked: &Asked) -> Output {
    let (text, object, can) = match &asked.subject {
        Subject::Tables => (matrix::text(), matrix::json(), None),
        Subject::Codes(codes) => {
            let texts: Vec<String> = codes.iter().map(|code| code::text(*code, None)).collect();
            (texts.join("\n"), json::codes(codes), None)
        }
        Subject::Pair(pair) => {
            let observation = pair.observation();
            let assessment = assess(&pair.facts.host, &pair.facts.guest, &observation);
            (
                report::text(pair, &assessment),
                json::pair(pair, &assessment),
                Some(assessment.can()),
            )
        }
    };
    let failed = asked.fail_unless.is_some() && asked.fail_unless != can;
    if asked.json {
        return Output::json(&object, failed.into());
    }
    Output {
        code: failed.into(),
        ..Output::stdout(text)
    }
}
