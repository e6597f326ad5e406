//! Prints the states of a guest as a Graphviz diagram, drawn from the table of transitions.
//!
//! For whoever reads or documents the machine. `src/activation/guest.svg` is this text as a picture.

mod dot;
mod table;

use std::io::{self, Write};
use std::process::ExitCode;

use lexopt::prelude::*;

const TABLE: &str = include_str!("../../src/activation/transitions.md");

const HELP: &str = "\
The states of a guest under AVMA as Graphviz text, drawn from src/activation/transitions.md.

usage: diagram [--digest]

--digest   the digest of the text alone, as src/activation/guest.svg carries it

Draw the picture again after a change of the table:
  cargo run --example diagram > guest.dot
  (dot -Tsvg guest.dot; echo \"<!-- $(cargo run --example diagram -- --digest) -->\") > src/activation/guest.svg

exit: 0, 64 usage, 74 the text could not be written
";

fn main() -> ExitCode {
    let mut digest = false;
    let mut parser = lexopt::Parser::from_env();
    loop {
        match parser.next() {
            Ok(None) => break,
            Ok(Some(Short('h') | Long("help"))) => return print(HELP),
            Ok(Some(Long("digest"))) => digest = true,
            Ok(Some(other)) => return usage(&other.unexpected()),
            Err(error) => return usage(&error),
        }
    }
    let text = dot::guest(TABLE);
    if digest {
        print(&format!("{}\n", dot::digest(&text)))
    } else {
        print(&text)
    }
}

fn usage(error: &lexopt::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "diagram: {error}\ntry: diagram --help");
    ExitCode::from(64)
}

/// A reader that closes the pipe early has what it wanted; any other fault is one.
fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr(), "diagram: cannot write: {error}");
            ExitCode::from(74)
        }
        _ => ExitCode::SUCCESS,
    }
}
