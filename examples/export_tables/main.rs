//! The crate's tables in the words of other tools: JSON, CSV, a KQL `datatable`, a PowerShell hashtable.
//!
//! For people whose tools do not speak Rust and who would copy the keys by hand: what is written here
//! says of every row which text it rests on, and of the whole which version of the crate it came from.
//! Later `--check` tells whether such a copy is still what it says it is, and still what the crate
//! says.
//!
//! ```text
//! cargo run --example export_tables -- -o avma-keys.csv
//! cargo run --example export_tables -- --check avma-keys.csv
//! ```

mod arguments;
mod check;
mod copy;
mod form;
mod json;
mod kql;
#[path = "../output/mod.rs"]
#[expect(dead_code, reason = "other tools print keys and their sources")]
mod output;
mod powershell;
mod separated;
mod table;
mod token;

use std::ffi::OsStr;
use std::io::{self, Read};
use std::process::ExitCode;

use arguments::{Command, Export};
use avma::encoding;
use check::Checked;
use output::{Output, shown};
use table::Table;

const HELP: &str = "\
Writes the crate's tables for tools that do not speak Rust, and checks such copies.

Usage: export_tables [--table TABLE] [--form FORM] [-o FILE]
       export_tables --check FILE

      --table keys   every published key: release, build, product, channel, key (default)
      --table hosts  which host activates which guest, as the host tables say it
      --form json    one object: stamp, columns, rows
      --form csv     the stamp stands in three columns of every row: CSV has no comments
      --form kql     let avma_keys = datatable (...) [...], for Log Analytics and Data Explorer
      --form powershell
                     a script whose value is a hashtable: $avma = & ./avma-keys.ps1
      --form canonical
                     the text that the digest is made of
  -o, --output FILE  to a file; without --form its ending says which one (.json, .csv, .kql,
                     .ps1), else JSON is written
      --check FILE   reads a copy in any of the four forms (`-`: standard input)
  -h, --help         this text

Every row names its source, the date of that, and its evidence: published (Microsoft's text),
republished (agreeing copies of it), reported (third parties only), inferred. Every copy
carries a stamp:
  version  of the crate that wrote it
  dated    the newest date among the sources of its rows; no clock is read
  sha256   of the canonical form: a line of column names, then a line for each row, TAB
           between the fields, LF at the end of each line. It is the same in all forms:
             export_tables --table keys --form canonical | sha256sum

Table hosts: family is whose table speaks. For windows-server, host is the release of an
activated Datacenter with Hyper-V; for azure-local it is what gives AVMA there (key-2022:
a Windows Server 2022 Datacenter key); for azure-stack-hub it is empty. Azure Edition guests
have rows of their own for azure-local, and none elsewhere: no other table speaks of them.
Other conditions (the guest's edition and key, Data Exchange) are rules and in no table:
see the example can_activate. support is yes, no or not-documented. A release without a row
in table keys has no documented key; a neighbour's key is not it.

--check compares the rows with the digest that the copy carries, and with this version's table,
and says which rows differ.

Exit codes: 0 written, or the copy is as stamped and as this version's table; 1 the copy
differs; 2 it cannot be read; 64 wrong usage; 74 the file cannot be written.
";

/// The exit code where a copy differs.
const DIFFERS: u8 = 1;
/// The exit code where a copy cannot be read.
const UNREAD: u8 = 2;
/// The exit code where a file cannot be written (`EX_IOERR`).
const UNWRITTEN: u8 = 74;

fn main() -> ExitCode {
    run(lexopt::Parser::from_env()).emit()
}

fn run(parser: lexopt::Parser) -> Output {
    match arguments::read(parser) {
        Ok(Command::Help) => Output::stdout(HELP),
        Ok(Command::Export(export)) => write(&export),
        Ok(Command::Check(file)) => check(&file),
        Err(fault) => Output::usage("export_tables", &fault),
    }
}

fn write(export: &Export) -> Output {
    let text = export.form.write(&Table::of(export.table));
    let Some(file) = &export.file else {
        return Output::stdout(text);
    };
    let mut output = Output::stdout("");
    if let Err(error) = std::fs::write(file, text) {
        let name = shown(&file.to_string_lossy());
        output.stderr = format!("export_tables: cannot write {name}: {error}\n");
        output.code = UNWRITTEN;
    }
    output
}

fn check(file: &OsStr) -> Output {
    let name = match file.to_string_lossy() {
        name if name == "-" => "standard input".to_owned(),
        name => shown(&name),
    };
    let read = bytes(file)
        .map_err(|error| error.to_string())
        .and_then(|bytes| {
            encoding::decode(&bytes)
                .map(std::borrow::Cow::into_owned)
                .map_err(|error| error.to_string())
        })
        .and_then(|text| copy::read(&text));
    match read.and_then(|copy| Checked::of(&copy)) {
        Err(fault) => Output {
            stderr: format!("export_tables: {name} cannot be read: {fault}\n"),
            code: UNREAD,
            ..Output::stdout("")
        },
        Ok(checked) => Output {
            code: if checked.is_right() { 0 } else { DIFFERS },
            ..Output::stdout(format!("{name}: {checked}"))
        },
    }
}

fn bytes(file: &OsStr) -> io::Result<Vec<u8>> {
    if file == "-" {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file)
}
