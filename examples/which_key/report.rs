//! The answer as text for people, and as JSON.

use crate::answer::{Answer, Candidate, Outcome, deciding, may_be_evaluation, nearest};
use crate::clues::Asked;
use crate::names::Held;
use avma::assess::rule;
use avma::catalog::keys::{self, KeyChannel, KeyRow, KeyUse};
use avma::plan::{self, Conversion};
use avma::source::{CONVERSION, CORE_EVALUATION_REPORTS, EVALUATION_REPORTS, SET_EDITION_ASKS};
use avma::{AnyRelease, Edition, Identity, Installation, Product, Products, Releases, Source};

/// Everything that is told beside the key.
pub fn text(asked: &Asked, answer: &Answer) -> String {
    let mut lines = vec![format!("understood: {}", understood(&answer.identity))];
    match &answer.outcome {
        Outcome::Key(rows) => {
            lines.extend(published(asked.channel, rows));
            lines.extend(installation(asked.channel, &answer.identity));
        }
        _ => lines.push(format!("no key: {}", why(asked, answer))),
    }
    match &answer.outcome {
        Outcome::ConvertFirst(row) => {
            lines.extend(conversion(asked.channel, &answer.identity, *row));
        }
        Outcome::Never(id) => {
            if let Some(rule) = rule(id) {
                lines.push(format!("remedy: {}", rule.remedy));
                lines.push(source_line(&rule.source));
            }
        }
        Outcome::NotDocumented => lines.extend(nearest_lines(asked, &answer.identity)),
        Outcome::Contradiction(_) => lines.extend(clue_lines(asked)),
        Outcome::Unlisted | Outcome::NothingUnderstood | Outcome::Key(_) => {}
        Outcome::NotModelled(keys) => lines.extend(named_lines(keys)),
        Outcome::Open(candidates) => {
            lines.extend(candidate_lines(candidates));
            lines.extend(
                ask(asked, &answer.identity)
                    .into_iter()
                    .map(|(_, text)| format!("ask: {text}")),
            );
        }
    }
    lines.extend(
        warnings(asked, answer)
            .into_iter()
            .map(|warning| format!("warning: {warning}")),
    );
    lines.extend(
        all_suggestions(asked)
            .into_iter()
            .map(|name| format!("did you mean: {name}")),
    );
    lines.join("\n") + "\n"
}

/// What the clues amount to: `Windows Server 2022, Standard`.
fn understood(identity: &Identity) -> String {
    let (releases, products) = (identity.releases(), identity.products());
    if releases.is_unknown() && products.is_unknown() {
        return "nothing".to_owned();
    }
    if no_server(products) {
        return products.to_string();
    }
    let mut text = if releases.is_unknown() {
        "Windows Server of unknown release".to_owned()
    } else {
        releases.to_string()
    };
    text += ", ";
    text += &if products.len() > 3 {
        "unknown edition".to_owned()
    } else {
        products.to_string()
    };
    if identity.evaluation().as_bool() == Some(true) {
        text += ", evaluation copy";
    }
    text
}

fn no_server(products: Products) -> bool {
    products
        .iter()
        .all(|product| matches!(product, Product::Client | Product::NotWindows))
}

fn published(channel: KeyChannel, rows: &[&KeyRow]) -> Vec<String> {
    let names: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row.release, row.product))
        .collect();
    let mut lines = vec![format!("{channel} of {}", names.join(" and of "))];
    lines.extend(sources(rows).into_iter().map(|source| source_line(&source)));
    lines
}

/// Where an AVMA key is installed: Setup refuses it, and takes the KMS client key.
fn installation(channel: KeyChannel, identity: &Identity) -> Option<String> {
    if channel != KeyChannel::Avma {
        return None;
    }
    let gvlk = identity.gvlk().row().map_or_else(
        || "of its exact release (which_key --gvlk)".to_owned(),
        |row| row.key.to_string(),
    );
    Some(format!(
        "install with slmgr /ipk in the guest; Setup and upgrade take the KMS client key {gvlk}"
    ))
}

/// The keys that are told by their names, with the texts that publish them.
fn named_lines(keys: &[&KeyUse]) -> Vec<String> {
    if keys.is_empty() {
        return vec![
            "ask: no name of the list holds these words; give one such as \"Windows 10 Pro\""
                .to_owned(),
        ];
    }
    let candidate = |key: &&KeyUse| format!("candidate: {} {}", key.key, key.name());
    let mut lines: Vec<String> = keys.iter().map(candidate).collect();
    let mut sources: Vec<Source> = keys.iter().map(|key| key.source()).collect();
    sources.dedup();
    lines.extend(sources.iter().map(source_line));
    lines
}

pub fn sources(rows: &[&KeyRow]) -> Vec<Source> {
    let mut sources: Vec<Source> = rows.iter().map(|row| row.source).collect();
    sources.dedup();
    sources
}

fn source_line(source: &Source) -> String {
    format!(
        "source: {}, {}\nevidence: {}",
        source.title, source.dated, source.evidence
    )
}

/// Why there is no key, in one sentence.
pub fn why(asked: &Asked, answer: &Answer) -> String {
    let channel = asked.channel;
    let what = understood(&answer.identity);
    match &answer.outcome {
        Outcome::Key(_) => String::new(),
        Outcome::Contradiction(conflicts) => {
            let texts: Vec<String> = conflicts.iter().map(ToString::to_string).collect();
            texts.join("; ")
        }
        Outcome::ConvertFirst(_) => format!(
            "an evaluation copy does not take the {channel} of the licensed edition; convert it first"
        ),
        Outcome::Never(id) => rule(id).map_or("", |rule| rule.text).to_owned(),
        Outcome::NotDocumented if channel == KeyChannel::Gvlk => format!(
            "the table of this crate, which follows Microsoft's list, holds no {channel} for {what}"
        ),
        Outcome::NotModelled(_) => "this crate does not model client Windows, nor Windows Server 2008 \
            and older; it knows their published keys by name only"
            .to_owned(),
        Outcome::NotDocumented => format!(
            "no {channel} is published for {what}; whether another one works there is not documented"
        ),
        Outcome::Unlisted => "the release or the edition is in no table, so nothing can be told of its key".to_owned(),
        Outcome::NothingUnderstood => "no clue is understood; give a caption such as \"Windows Server 2022 Standard\", or --build and --sku".to_owned(),
        Outcome::Open(_) => format!("what it may be does not have one {channel}"),
    }
}

/// How an evaluation copy becomes a licensed edition: by the rule of `plan::conversion`.
fn conversion(channel: KeyChannel, identity: &Identity, row: Option<&KeyRow>) -> Vec<String> {
    let (Some(_), Some(edition)) = (row, identity.products().edition()) else {
        return vec![
            "then: find out release and edition (--build, --sku) and ask again".to_owned(),
        ];
    };
    let releases = identity.releases();
    let mut ways: Vec<_> = identity
        .installation()
        .iter()
        .map(|installation| {
            (
                installation,
                plan::conversion(releases, edition, installation, None),
            )
        })
        .collect();
    ways.dedup_by_key(|(_, way)| *way);
    let one = ways.len() == 1;
    // "convert", and where both are possible, for which installation.
    let label = |word: &str, installation: Installation| {
        if one {
            return word.to_owned();
        }
        let core = installation == Installation::Core;
        let of = if core {
            "Server Core"
        } else {
            "with Desktop Experience"
        };
        format!("{word} ({of})")
    };
    let names_target = ways.iter().any(|(_, way)| matches!(way, Conversion::To(_)));
    let mut lines = Vec::new();
    let mut sources = vec![CONVERSION];
    let mut keys = Vec::new();
    if names_target {
        lines.push(
            "convert: first DISM /Online /Get-TargetEditions; go on only if it lists the edition named here, \
             otherwise install the licensed edition afresh"
                .to_owned(),
        );
        sources.push(SET_EDITION_ASKS);
        if !one {
            lines.push(
                "convert: DISM /Online /Get-CurrentEdition names Server Core by a name that ends in Cor"
                    .to_owned(),
            );
        }
    }
    for (installation, way) in ways {
        let convert = label("convert", installation);
        let found = match way {
            Conversion::To(target) => {
                key_of(releases, target.edition.into(), KeyChannel::Gvlk).map(|gvlk| (target, gvlk))
            }
            _ => None,
        };
        let Some((target, gvlk)) = found else {
            lines.push(format!("{convert}: {}", undecided(releases, edition)));
            continue;
        };
        let command = target.set_edition(gvlk);
        lines.push(format!("{convert}: {command}, then restart"));
        if target.edition != edition {
            lines.push(format!(
                "{convert}: it becomes {}; only a fresh installation keeps it {edition}",
                target.edition
            ));
        }
        if installation == Installation::Core && edition == Edition::Standard {
            sources.push(CORE_EVALUATION_REPORTS);
        }
        if channel == KeyChannel::Avma {
            if let Some(row) = key_of(releases, target.edition.into(), channel) {
                let after = label("after that", installation);
                keys.push((format!("{after}: slmgr /ipk {}", row.key), row.source));
            }
        }
    }
    lines.push("convert: a domain controller cannot be converted".to_owned());
    lines.extend(sources.iter().map(source_line));
    lines.extend(keys.iter().map(|(line, _)| line.clone()));
    keys.dedup_by_key(|(_, source)| *source);
    lines.extend(keys.iter().map(|(_, source)| source_line(source)));
    if channel == KeyChannel::Avma {
        lines.push(format!(
            "that evaluation copies refuse AVMA keys: {EVALUATION_REPORTS}"
        ));
    }
    lines
}

/// Why no edition is named.
fn undecided(releases: Releases, edition: Edition) -> &'static str {
    if releases.len() > 1 {
        "what it can become depends on its release: find it out (--edition-id, --sku) and ask again"
    } else if edition == Edition::Essentials {
        "by slmgr /ipk with a retail, volume licence or OEM key, as Microsoft says of Essentials; \
         no text names a conversion by DISM"
    } else {
        "no text names the edition that it can become; what DISM /Online /Get-TargetEditions lists \
         decides, and with it the key"
    }
}

/// The row of the key that all releases share.
fn key_of(releases: Releases, product: Product, channel: KeyChannel) -> Option<&'static KeyRow> {
    let row = |release: AnyRelease| keys::key(release.release()?, product, channel);
    let mut rows = releases.iter().map(row);
    let first = rows.next()??;
    rows.all(|row| row.is_some_and(|row| row.key == first.key))
        .then_some(first)
}

/// Where rows exist beside the one that is missing: by name, never by key.
fn nearest_lines(asked: &Asked, identity: &Identity) -> Vec<String> {
    let channel = asked.channel;
    let (releases, products) = nearest(identity, channel);
    let mut lines = Vec::new();
    if let (Some(releases), Some(product)) = (releases, identity.products().known_element()) {
        lines.push(format!(
            "nearest: {channel} of {product}: published for {}",
            listed(releases.iter())
        ));
    }
    if let (Some(products), Some(release)) = (products, identity.releases().known_element()) {
        lines.push(format!(
            "nearest: {channel} for {release}: published for {}",
            listed(products.iter())
        ));
    }
    if !lines.is_empty() {
        lines.push("warning: a key of another release or edition is not documented to work here, and DISM is reported to refuse another release's".to_owned());
    }
    if channel == KeyChannel::Avma {
        if let Some(rule) = rule("guest-key-undocumented") {
            lines.push(format!("remedy: {}", rule.remedy));
            lines.push(source_line(&rule.source));
        }
    }
    lines
}

fn listed<T: ToString>(items: impl Iterator<Item = T>) -> String {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    items.join("; ")
}

/// Each clue and what it says by itself.
fn clue_lines(asked: &Asked) -> Vec<String> {
    asked
        .clues
        .iter()
        .map(|held| {
            let reading = held.clue().read();
            let mut says = Vec::new();
            if !reading.releases.is_unknown() {
                says.push(some(reading.releases, 4, "one of several releases"));
            }
            if !reading.products.is_unknown() {
                says.push(some(reading.products, 3, "one of several editions"));
            }
            match reading.evaluation.as_bool() {
                Some(true) => says.push("an evaluation copy".to_owned()),
                Some(false) => says.push("no evaluation copy".to_owned()),
                None => {}
            }
            let says = if says.is_empty() {
                "nothing".to_owned()
            } else {
                says.join(", ")
            };
            format!("clue: {held} says: {says}")
        })
        .collect()
}

fn some<T: avma::Possibility + std::fmt::Display>(
    fact: avma::Fact<T>,
    most: u32,
    many: &str,
) -> String {
    if fact.len() > most {
        many.to_owned()
    } else {
        fact.to_string()
    }
}

fn candidate_lines(candidates: &[Candidate]) -> Vec<String> {
    let mut lines: Vec<String> = candidates
        .iter()
        .filter_map(|candidate| {
            Some(format!(
                "candidate: {} {} for {}",
                candidate.row?.key,
                candidate.product,
                listed(candidate.releases.iter())
            ))
        })
        .collect();
    let without: Vec<&Candidate> = candidates.iter().filter(|c| c.row.is_none()).collect();
    match without.as_slice() {
        [] => {}
        [one] => lines.push(format!(
            "candidate: no key published: {} for {}",
            one.product,
            listed(one.releases.iter())
        )),
        _ => lines.push("candidate: no key published: anything else that it may be".to_owned()),
    }
    lines
}

/// Which further clue decides: the option, and the words around it.
pub fn ask(asked: &Asked, identity: &Identity) -> Vec<(&'static str, &'static str)> {
    let deciding = deciding(identity, asked.channel);
    let mut ask = Vec::new();
    if deciding.release && deciding.one_build {
        ask.push((
            "sku",
            "the SKU number or edition id decides, between releases of one build too: --sku, --edition-id \
             (145, 146 and ServerDatacenterACor, ServerStandardACor are the Semi-Annual Channel's)",
        ));
    } else if deciding.release {
        ask.push((
            "build",
            "the build number decides the release: --build (winver, Win32_OperatingSystem.BuildNumber)",
        ));
    }
    if deciding.product && !(deciding.release && deciding.one_build) {
        ask.push((
            "edition-id",
            "the edition decides: --edition-id or --sku (DISM /online /Get-CurrentEdition, \
             Win32_OperatingSystem.OperatingSystemSKU)",
        ));
    }
    ask
}

/// What has to be known beside the answer.
pub fn warnings(asked: &Asked, answer: &Answer) -> Vec<String> {
    let mut warnings = Vec::new();
    for held in &asked.clues {
        warnings.extend(held.warnings());
    }
    if let Outcome::Key(rows) = &answer.outcome {
        if rows
            .iter()
            .any(|row| row.product == Product::DatacenterAzureEdition)
        {
            warnings.extend(
                rule("azure-edition-platform")
                    .map(|rule| format!("{} ({})", rule.text, rule.source)),
            );
        }
        if may_be_evaluation(&answer.identity) {
            warnings.push(
                "the clues do not say whether it is an evaluation copy; one must be converted first"
                    .to_owned(),
            );
        }
        warnings.extend(
            answer
                .identity
                .conflicts()
                .map(|conflict| conflict.to_string()),
        );
    }
    warnings
}

pub fn all_suggestions(asked: &Asked) -> Vec<String> {
    asked.clues.iter().flat_map(Held::suggestions).collect()
}
