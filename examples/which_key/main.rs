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
#[path = "../output/mod.rs"]
mod output;
mod report;
mod suggest;

use std::process::ExitCode;

use answer::Answer;
use clues::{Asked, Command};
use output::Output;

const HELP: &str = "\
Names the published key for a Windows Server guest.

Usage: which_key [OPTIONS] [CAPTION]...

The words of CAPTION are joined: \"Windows Server 2022\" Standard, or
\"Microsoft Windows Server 2022 Datacenter Azure Edition\" as Windows shows it.

What else may be known of the guest (each may come several times, in any order):
      --caption TEXT            Win32_OperatingSystem.Caption, ProductName, KVP's OSName
      --build N                 build number: 20348
      --sku N                   OperatingSystemSKU, KVP's OSEditionId: 7, 0x07,
                                PRODUCT_STANDARD_SERVER
      --edition-id ID           EditionID, or what DISM /Get-CurrentEdition names:
                                ServerStandardCor
      --image-name NAME         image of a WIM file: \"Windows Server 2022 SERVERSTANDARD\"
      --os-version V            10.0.20348, or a DisplayVersion such as 23H2
      --license-family F        SoftwareLicensingProduct.LicenseFamily
      --product-type N          Win32_OperatingSystem.ProductType: 1, 2, 3
      --suite-mask N            Win32_OperatingSystem.SuiteMask
      --installation-type TEXT  Server, Server Core

Options:
      --gvlk                    the KMS client key (GVLK) in place of the AVMA key
      --json                    one JSON object on standard output, for the refusals too
  -h, --help                    this text

Exit codes: 0 a key was printed, 1 there is no key to print, 64 wrong usage.
";

fn main() -> ExitCode {
    run(lexopt::Parser::from_env()).emit()
}

fn run(parser: lexopt::Parser) -> Output {
    match clues::read(parser) {
        Ok(Command::Help) => Output::stdout(HELP),
        Ok(Command::Ask(asked)) => answer(&asked),
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
