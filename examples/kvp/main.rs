//! What a capture of Hyper-V's key-value pairs says, field by field.
//!
//! For people who look at captures: a packet from VMBus, a message of the Linux device, a pool file, an
//! item as WMI hands it out, an export of a Windows guest's registry. Every field comes with its
//! offset; what cannot be read is said with its offset and the bytes around it.
//!
//! ```text
//! cargo run --example kvp --features xml -- decode --form vmbus --request ask.bin answer.bin
//! ```

mod arguments;
mod decoded;
mod device;
mod hex;
#[path = "../output/mod.rs"]
#[expect(dead_code, reason = "other tools print keys and their sources")]
mod output;
mod pool;
mod registry;
mod vmbus;
mod wmi;

use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::ExitCode;

use arguments::{Command, Form, Task};
use decoded::Decoded;
use output::Output;

const HELP: &str = "\
Decodes key-value pairs of Hyper-V's data exchange, field by field.

Usage: kvp decode --form FORM [--request FILE] [--json] [FILE...]

FILE is a capture; `-`, or none, is standard input. FORM is what it holds:
  vmbus      a packet of the VMBus channel: pipe header, IC header, body
  device     a message of 7432 bytes of the Linux device /dev/vmbus/hv_kvp
  pool       a pool file of a Linux guest, /var/lib/hyperv/.kvp_pool_0 ...
  wmi        Msvm_KvpExchangeDataItem as CIM-XML, one or several in a row
  registry   a .reg export of HKLM\\SOFTWARE\\Microsoft\\Virtual Machine

Options:
      --request FILE  the message that FILE answers (vmbus, device): an answer is read by
                      the operation that was asked, which it need not name itself
      --json          one line a file: the fields as an object, with \"error\" where something
                      is refused
  -h, --help          this text

Each field has its offset in bytes, its name and its value. What is refused has its offset
and the bytes around it. It reads files only, and answers nobody.

Exit codes: 0 all was read, 2 something was refused or could not be read, 64 wrong usage.
";

/// The exit code where something was refused.
const REFUSED: u8 = 2;

fn main() -> ExitCode {
    run(lexopt::Parser::from_env()).emit()
}

fn run(parser: lexopt::Parser) -> Output {
    match arguments::read(parser) {
        Ok(Command::Help) => Output::stdout(HELP),
        Ok(Command::Decode(task)) => decode(&task),
        Err(fault) => Output::usage("kvp", &fault),
    }
}

fn decode(task: &Task) -> Output {
    let mut output = Output::stdout("");
    let request = match task.request.as_deref().map(bytes) {
        Some(Err(fault)) => {
            output.stderr = format!("kvp: the request: {fault}\n");
            output.code = REFUSED;
            if task.json {
                let line = Decoded::unread(&format!("the request: {fault}"))
                    .json()
                    .to_string();
                output.stdout = format!("{line}\n").repeat(task.files.len());
            }
            return output;
        }
        Some(Ok(request)) => Some(request),
        None => None,
    };
    for (place, file) in task.files.iter().enumerate() {
        let (read, bytes) = match bytes(file) {
            Ok(bytes) => (one(task.form, &bytes, request.as_deref()), bytes),
            Err(fault) => {
                output.stderr.extend(["kvp: ", &fault, "\n"]);
                (Decoded::unread(&fault), Vec::new())
            }
        };
        if read.is_refused() {
            output.code = REFUSED;
        }
        if task.json {
            output.stdout.extend([&read.json().to_string(), "\n"]);
            continue;
        }
        if task.files.len() > 1 {
            let between = if place > 0 { "\n" } else { "" };
            output
                .stdout
                .extend([between, &file.to_string_lossy(), "\n"]);
        }
        output.stdout += &read.text(&bytes);
    }
    output
}

fn one(form: Form, bytes: &[u8], request: Option<&[u8]>) -> Decoded {
    match form {
        Form::Vmbus => vmbus::decode(bytes, request),
        Form::Device => device::decode(bytes, request),
        Form::Pool => pool::decode(bytes),
        Form::Wmi => wmi::decode(bytes),
        Form::Registry => registry::decode(bytes),
    }
}

/// The bytes of a file, or why there are none.
fn bytes(file: &OsStr) -> Result<Vec<u8>, String> {
    let read = if file == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    read.map_err(|error| format!("{}: {}", file.to_string_lossy(), error.kind()))
}
