//! One key, or why there is none.

use avma::catalog::keys::{self, KeyChannel, KeyRow, KeyUse};
use avma::identity::{Axis, ClueKind, Conflict, KeyAnswer};
use avma::{Answer as Reply, AnyRelease, Identity, Product, Products, Releases};

use crate::clues::Asked;

/// What is answered.
pub struct Answer {
    pub identity: Identity,
    pub outcome: Outcome,
}

/// One key, or the reason why there is none.
pub enum Outcome {
    /// The rows of everything that the guest may be; they have one key.
    Key(Vec<&'static KeyRow>),
    /// The clues contradict each other on something that the key depends on.
    Contradiction(Vec<Conflict>),
    /// An evaluation copy.
    ConvertFirst(Option<&'static KeyRow>),
    /// AVMA does not exist for it, by the rule with this id.
    Never(&'static str),
    /// No row for anything that it may be.
    NotDocumented,
    /// A release or product that is in no table.
    Unlisted,
    /// No clue was understood.
    NothingUnderstood,
    /// The candidates differ.
    Open(Vec<Candidate>),
    /// A system that the crate does not model: the published keys whose names hold the words that were
    /// asked.
    NotModelled(Vec<&'static KeyUse>),
}

impl Outcome {
    pub const fn slug(&self) -> &'static str {
        match self {
            Self::Key(_) => "key",
            Self::Contradiction(_) => "contradiction",
            Self::ConvertFirst(_) => "convert-first",
            Self::Never(_) => "never",
            Self::NotDocumented => "not-documented",
            Self::Unlisted => "unlisted",
            Self::NothingUnderstood => "nothing-understood",
            Self::Open(_) => "open",
            Self::NotModelled(_) => "not-modelled",
        }
    }
}

/// Releases of one product that share a row's key, or share that there is none.
pub struct Candidate {
    pub product: Product,
    pub releases: Vec<AnyRelease>,
    pub row: Option<&'static KeyRow>,
}

impl Answer {
    pub fn of(asked: &Asked) -> Self {
        let identity = asked.identity();
        Self {
            outcome: outcome(&identity, asked),
            identity,
        }
    }

    /// The row of the key to print.
    pub fn key(&self) -> Option<&'static KeyRow> {
        match &self.outcome {
            Outcome::Key(rows) => rows.first().copied(),
            _ => None,
        }
    }
}

fn outcome(identity: &Identity, asked: &Asked) -> Outcome {
    let channel = asked.channel;
    let conflicts: Vec<_> = identity
        .conflicts()
        .filter(|conflict| {
            matches!(
                conflict.about,
                Axis::Release | Axis::Product | Axis::Evaluation
            )
        })
        .collect();
    if !conflicts.is_empty() {
        return Outcome::Contradiction(conflicts);
    }
    let (releases, products) = (identity.releases(), identity.products());
    match identity.key(channel) {
        KeyAnswer::Key(_) => Outcome::Key(rows(releases, products, channel)),
        KeyAnswer::ConvertFirst(row) => Outcome::ConvertFirst(row),
        KeyAnswer::NotDocumented => match never(releases, products, channel) {
            Some(rule) => Outcome::Never(rule),
            None => Outcome::NotDocumented,
        },
        _ if releases.is(AnyRelease::Older) || products.is(Product::Client) => {
            let keys = keys::by_name(releases, products, channel);
            Outcome::NotModelled(named(keys, asked))
        }
        _ if releases.is(AnyRelease::Unlisted) || products.is(Product::Unlisted) => {
            Outcome::Unlisted
        }
        _ if releases.is_unknown() && products.is_unknown() => Outcome::NothingUnderstood,
        _ => Outcome::Open(candidates(releases, products, channel)),
    }
}

/// The keys of which one name holds every word that was asked. Words that no name has count only where
/// they are numbers: 2003 is another system, "Microsoft" is none.
fn named(keys: impl Iterator<Item = &'static KeyUse>, asked: &Asked) -> Vec<&'static KeyUse> {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '.');
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let keys: Vec<_> = keys.map(|key| (key, key.name().to_string())).collect();
    let of_names: Vec<_> = keys.iter().flat_map(|(_, name)| words(name)).collect();
    let names = [ClueKind::Caption, ClueKind::ImageName];
    let asked = asked.clues.iter().filter(|held| names.contains(&held.kind));
    let mut wanted: Vec<_> = asked.flat_map(|held| words(held.text())).collect();
    let is_number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || c == '.');
    wanted.retain(|word| is_number(word) || of_names.contains(word));
    if wanted.is_empty() {
        return Vec::new();
    }
    let holds = |name: &str| {
        let words = words(name);
        wanted.iter().all(|word| words.contains(word))
    };
    let found = keys
        .iter()
        .filter(|(_, names)| names.split("; ").any(holds));
    found.map(|(key, _)| *key).collect()
}

/// The rule by which AVMA is out of the question, whatever else the guest is.
fn never(releases: Releases, products: Products, channel: KeyChannel) -> Option<&'static str> {
    if products.is(Product::NotWindows) {
        return Some("guest-not-windows");
    }
    if products.is(Product::Nano) {
        return Some("guest-nano");
    }
    if channel != KeyChannel::Avma {
        return None;
    }
    if products.is(Product::Client) {
        Some("guest-client")
    } else if products.is(Product::Foundation) {
        Some("guest-foundation")
    } else if releases.iter().all(AnyRelease::is_before_avma) {
        Some("guest-too-old")
    } else {
        None
    }
}

fn row(release: AnyRelease, product: Product, channel: KeyChannel) -> Option<&'static KeyRow> {
    keys::key(release.release()?, product, channel)
}

fn rows(releases: Releases, products: Products, channel: KeyChannel) -> Vec<&'static KeyRow> {
    releases
        .iter()
        .flat_map(|release| products.iter().map(move |product| (release, product)))
        .filter_map(|(release, product)| row(release, product, channel))
        .collect()
}

fn candidates(releases: Releases, products: Products, channel: KeyChannel) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for product in products {
        for release in releases {
            let row = row(release, product, channel);
            let same = |other: &&mut Candidate| {
                other.product == product && other.row.map(|row| row.key) == row.map(|row| row.key)
            };
            match candidates.iter_mut().find(same) {
                Some(candidate) => candidate.releases.push(release),
                None => candidates.push(Candidate {
                    product,
                    releases: vec![release],
                    row,
                }),
            }
        }
    }
    candidates
}

/// What is not known and makes the candidates differ.
pub struct Deciding {
    /// Some product takes different keys in the releases that are possible.
    pub release: bool,
    /// Some release takes different keys for the products that are possible.
    pub product: bool,
    /// The possible releases share one build, so that the build cannot decide between them.
    pub one_build: bool,
}

/// Which further clue decides.
pub fn deciding(identity: &Identity, channel: KeyChannel) -> Deciding {
    let (releases, products) = (identity.releases(), identity.products());
    let key = |release, product| row(release, product, channel).map(|row| row.key);
    let differ = |mut keys: Vec<_>| {
        keys.dedup();
        keys.len() > 1
    };
    let build = |release: AnyRelease| release.release().map(avma::Release::build);
    let builds = releases.iter().map(build).collect();
    Deciding {
        release: products.iter().any(|product| {
            differ(
                releases
                    .iter()
                    .map(|release| key(release, product))
                    .collect(),
            )
        }),
        product: releases.iter().any(|release| {
            differ(
                products
                    .iter()
                    .map(|product| key(release, product))
                    .collect(),
            )
        }),
        one_build: !differ_builds(builds),
    }
}

fn differ_builds(mut builds: Vec<Option<u32>>) -> bool {
    builds.dedup();
    builds.len() > 1 || builds == [None]
}

/// The releases for which a key of this product is published, and the products of this release.
pub fn nearest(identity: &Identity, channel: KeyChannel) -> (Option<Releases>, Option<Products>) {
    let product = identity.products().known_element();
    let release = identity.releases().known_element();
    let products = release.and_then(|release| {
        Products::one_of(
            Product::ALL
                .iter()
                .copied()
                .filter(|product| row(release, *product, channel).is_some()),
        )
    });
    (
        product.and_then(|product| keys::releases_with_key(product, channel)),
        products,
    )
}

/// Whether it may be an evaluation copy, of which the clues say nothing.
pub fn may_be_evaluation(identity: &Identity) -> bool {
    identity.evaluation().contains(Reply::Yes)
}
