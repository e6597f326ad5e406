//! Edition ids: the registry's `EditionID`, DISM's names, license families, image flags.
//!
//! An id is a base and suffixes: `Server` + `Datacenter` + `Eval` + `Cor`. Tools write `Core` where
//! Windows writes `Cor`, and `WSCor` for the same class. The bases stand in the rows of [`Product`].

use super::reading::{Reading, SEMI_ANNUAL, excluding};
use crate::catalog::products::{IdForm, Installation, Product, Products};
use crate::catalog::releases::{AnyRelease, Release, Releases, ServicingChannel};
use crate::fact::Fact;

const TOOLS_ONLY: &str = "no Windows reports this id, it exists in tools only";
const TOOLS_ONLY_ESSENTIALS: &str =
    "no Windows reports this id, it exists in tools only; Essentials is ServerSolution";
const TOOLS_ONLY_AZURE: &str =
    "no Windows reports this id, it exists in tools only; Azure Edition is ServerTurbine";

/// Every release but those of the Semi-Annual Channel that share their build with a long-term one
/// (1809 and 2019): their SKUs and ids tell them apart.
pub(super) fn long_term() -> Releases {
    let shares = |release: Release| {
        release.servicing_channel() == ServicingChannel::SemiAnnual
            && Release::ALL.iter().any(|other| {
                other.servicing_channel() == ServicingChannel::LongTerm
                    && other.builds() == release.builds()
            })
    };
    Releases::such_that(shares).map_or(Releases::unknown(), excluding)
}

/// The releases whose systems are of the Semi-Annual kind (`…ACor`). Insider builds carry these ids
/// too; the SKU of the Annual Channel, which has Datacenter only, is not published.
pub(super) fn semi_annual(products: Products) -> Releases {
    let releases = SEMI_ANNUAL
        .union(Fact::known(AnyRelease::Preview))
        .union(Fact::known(AnyRelease::Unlisted));
    if products.is(Product::Datacenter) {
        releases.union(Releases::of_channel(ServicingChannel::Annual))
    } else {
        releases
    }
}

/// The rest of `text` behind `prefix`, in any case of letters.
fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn contains(text: &str, part: &str) -> bool {
    text.as_bytes()
        .windows(part.len())
        .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// Reads `EditionID`.
pub(super) fn read(text: &str) -> Reading {
    let text = text.trim();
    if text.is_empty() {
        return Reading::NOTHING;
    }
    if let Some(reading) = known(text) {
        return reading;
    }
    if let Some(rest) = strip(text, "Server") {
        if contains(rest, "Essentials") {
            return Reading::NOTHING.noted(TOOLS_ONLY_ESSENTIALS);
        }
        if contains(rest, "AzureEdition") {
            return Reading::NOTHING.noted(TOOLS_ONLY_AZURE);
        }
        // A real id with more behind it, a year or a second suffix.
        let stem = text.trim_end_matches(|c: char| c.is_ascii_digit());
        if strip(rest, "Azure").is_some() || (stem.len() < text.len() && known(stem).is_some()) {
            return Reading::NOTHING.noted(TOOLS_ONLY);
        }
    }
    Reading::unlisted()
}

/// Reads `LicenseFamily`, bare or in the licence's product name.
pub(super) fn read_family(text: &str) -> Reading {
    const AROUND: [&str; 5] = ["Windows", "Server", "Microsoft", "R", "edition"];
    let mut words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .filter(|word| !AROUND.iter().any(|noise| word.eq_ignore_ascii_case(noise)));
    match (words.next(), words.next()) {
        (Some(id), None) => read(id),
        _ => Reading::NOTHING,
    }
}

/// Reads the registry's `InstallationType`.
pub(super) fn read_installation_type(text: &str) -> Reading {
    let text = text.trim();
    let is = |name: &str| text.eq_ignore_ascii_case(name);
    if is("Server") {
        Reading {
            installation: Installation::Full.into(),
            ..Reading::server()
        }
    } else if is("Server Core") {
        Reading::server().core()
    } else if is("Nano Server") {
        Reading {
            products: Product::Nano.into(),
            ..Reading::NOTHING
        }
    } else if is("Client") {
        Reading {
            products: Product::Client.into(),
            ..Reading::NOTHING
        }
    } else {
        Reading::NOTHING
    }
}

/// An id that Windows reports, `None` for any other.
fn known(id: &str) -> Option<Reading> {
    let mut ids = Product::ALL
        .iter()
        .flat_map(|product| product.ids().iter().map(move |id| (*product, *id)));
    ids.find_map(|(product, (base, form))| {
        let suffix = strip(id, base)?;
        let reading = Reading::of(product);
        match form {
            IdForm::Licensed => licensed(product, suffix),
            IdForm::Suffixed => suffixes(reading, strip(suffix, "EM").unwrap_or(suffix)),
            IdForm::Whole => suffix.is_empty().then_some(reading),
            IdForm::WholeCore => suffix.is_empty().then(|| reading.core()),
            IdForm::ClientBase => client(suffix),
        }
    })
}

/// An image flag such as `SERVERSTANDARDCORE`. Flags name the installation, which ids do not, and
/// are the same on evaluation media, so that they do not deny an evaluation.
pub(super) fn image_flag(flag: &str) -> Option<Reading> {
    strip(flag, "Server")?;
    let id = known(flag)?;
    Some(Reading {
        installation: if id.products.is(Product::Nano) {
            Fact::unknown()
        } else if id.installation.is_unknown() {
            Installation::Full.into()
        } else {
            id.installation
        },
        evaluation: if id.evaluation.as_bool() == Some(true) {
            id.evaluation
        } else {
            Fact::unknown()
        },
        ..id
    })
}

/// The four licensed editions and what only they have: the kinds of core.
fn licensed(product: Product, suffix: &str) -> Option<Reading> {
    let is = |name: &str| suffix.eq_ignore_ascii_case(name);
    let reading = Reading::of(product);
    let two_editions = matches!(product, Product::Datacenter | Product::Standard);
    if two_editions && (is("ACor") || is("ACore")) {
        return Some(reading.core().in_releases(semi_annual(product.into())));
    }
    if two_editions {
        let suffix = strip(suffix, "WS").unwrap_or(suffix);
        return suffixes(reading.in_releases(long_term()), suffix);
    }
    // The Semi-Annual Channel has no Essentials.
    let reading = match product {
        Product::Essentials => reading.in_releases(long_term()),
        _ => reading,
    };
    suffixes(reading, suffix)
}

/// `Eval`, then `Cor` or `Core`, then `V` for a copy without Hyper-V; nothing else may be left.
fn suffixes(mut reading: Reading, mut rest: &str) -> Option<Reading> {
    if let Some(after) = strip(rest, "Eval") {
        rest = after;
        reading = reading.evaluation();
    }
    if let Some(after) = strip(rest, "Core").or_else(|| strip(rest, "Cor")) {
        rest = after;
        reading = reading.core();
    }
    (rest.is_empty() || rest.eq_ignore_ascii_case("V")).then_some(reading)
}

/// Client ids: a base and any of the suffixes that clients have.
fn client(mut rest: &str) -> Option<Reading> {
    const SUFFIXES: [&str; 13] = [
        "Eval",
        "Workstation",
        "Workstations",
        "Education",
        "SingleLanguage",
        "CountrySpecific",
        "Subscription",
        "WMC",
        "N",
        "S",
        "E",
        "G",
        "K",
    ];
    let mut reading = Reading::of(Product::Client);
    while !rest.is_empty() {
        let (suffix, after) = SUFFIXES
            .iter()
            .find_map(|suffix| Some((*suffix, strip(rest, suffix)?)))?;
        if suffix == "Eval" {
            reading = reading.evaluation();
        }
        rest = after;
    }
    Some(reading)
}
