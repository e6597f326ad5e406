//! Which product key goes into this Windows Server guest?
//!
//! For whoever installs or repairs a virtual machine, and for scripts that do: give whatever is known
//! of the guest (its caption, build, SKU, edition id, image name) and get the published AVMA key alone
//! on standard output, with what was understood and where the key is published on standard error.
//! Where there is no one key the tool says why and exits with 1; it never falls back to a key of a
//! neighbouring release or edition.
//!
//! ```text
//! cargo run --example which_key -- "Windows Server 2022" Standard
//! ```

mod answer;
mod clues;
mod json;
mod list;
#[path = "../names/mod.rs"]
mod names;
#[path = "../output/mod.rs"]
mod output;
mod report;

use std::process::ExitCode;

use answer::Answer;
use clues::{Asked, Command};
use output::Output;

const HELP: &str = "\
Names the published key for a Windows Server guest.

Usage: which_key [OPTIONS] [CAPTION]...

The words of CAPTION are joined: \"Windows Server 2022\" Standard,
\"Microsoft Windows Server 2022 Datacenter Azure Edition\" as Windows shows it, or as
people write it: 2022 std, win2k16 datacenter, 2012R2 DC, 10.0.20348 standard. A word
that is not understood is named and left out.

What else may be known of the guest (each may come several times, in any order):
      --caption TEXT            Win32_OperatingSystem.Caption, ProductName, KVP's OSName
      --build N                 build number: 20348, 20348.1234
      --sku N                   OperatingSystemSKU, KVP's OSEditionId: 7, 0x07,
                                PRODUCT_STANDARD_SERVER
      --edition-id ID           EditionID, or what DISM /Get-CurrentEdition names:
                                ServerStandardCor
      --image-name NAME         image of a WIM file: \"Windows Server 2022 SERVERSTANDARD\"
      --os-version V            10.0.20348, or a DisplayVersion such as 23H2
      --license-family F        SoftwareLicensingProduct.LicenseFamily
      --product-type N          Win32_OperatingSystem.ProductType: 1, 2, 3, or ServerNT
      --suite-mask N            Win32_OperatingSystem.SuiteMask
      --installation-type TEXT  Server, Server Core
      --file PATH               what a tool printed of it: systeminfo, DISM
                                /Get-CurrentEdition, facts of Ansible or properties of
                                Win32_OperatingSystem as JSON; - is standard input

Options:
      --gvlk                    the KMS client key (GVLK) in place of the AVMA key
      --list                    the whole table of AVMA keys, with --gvlk of KMS client
                                keys, and where each is published
      --json                    one JSON object on standard output, for the refusals too
  -h, --help                    this text

Exit codes: 0 a key or the table was printed, 1 there is no key to print, 2 a file could
not be used, 64 wrong usage.
";

fn main() -> ExitCode {
    run(lexopt::Parser::from_env()).emit()
}

fn run(parser: lexopt::Parser) -> Output {
    match clues::read(parser) {
        Ok(Command::Help) => Output::stdout(HELP),
        Ok(Command::Ask(asked)) => answer(&asked),
        Ok(Command::List { channel, json }) if json => Output::json(&list::json(channel), 0),
        Ok(Command::List { channel, .. }) => Output::stdout(list::text(channel)),
        Ok(Command::Fault(file, fault)) => Output {
            stdout: String::new(),
            stderr: format!("which_key: {file}: {fault}\n"),
            code: 2,
        },
        Err(fault) => Output::usage("which_key", &fault),
    }
}

fn answer(asked: &Asked) -> Output {
    let answer = Answer::of(asked);
    let code = u8::from(answer.key().is_none());
    if asked.json {
        return Output::json(&json::object(asked, &answer), code);
    }
    Output {
        stdout: answer
            .key()
            .map(|row| format!("{}\n", row.key))
            .unwrap_or_default(),
        stderr: report::text(asked, &answer),
        code,
    }
}
