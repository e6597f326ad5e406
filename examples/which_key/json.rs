//! The answer as one JSON object.

use avma::catalog::keys::{KeyRow, KeyUse};
use avma::{AnyRelease, Fact, Possibility, Product, Products, Releases};
use serde_json::{Value, json};

use crate::answer::{Answer, Candidate, Outcome, nearest};
use crate::clues::Asked;
use crate::output::source_json;
use crate::report::{all_suggestions, ask, sources, warnings, why};

/// The object; the fields are there in every case.
pub fn object(asked: &Asked, answer: &Answer) -> Value {
    let identity = &answer.identity;
    let (rows, candidates): (&[&KeyRow], &[Candidate]) = match &answer.outcome {
        Outcome::Key(rows) => (rows, &[]),
        Outcome::Open(candidates) => (&[], candidates),
        _ => (&[], &[]),
    };
    let named: &[&KeyUse] = match &answer.outcome {
        Outcome::NotModelled(keys) => keys,
        _ => &[],
    };
    let open = matches!(answer.outcome, Outcome::Open(_));
    json!({
        "answer": answer.outcome.slug(),
        "channel": asked.channel.as_str(),
        "key": answer.key().map(|row| row.key.to_string()),
        "sources": sources(rows).iter().map(source_json).collect::<Vec<_>>(),
        "why": answer.key().is_none().then(|| why(asked, answer)),
        "releases": releases_json(identity.releases()),
        "products": products_json(identity.products()),
        "evaluation": identity.evaluation().as_bool(),
        "clues": asked.clues.iter().map(|held| {
            let reading = held.clue().read();
            json!({
                "kind": held.kind.as_str(),
                "releases": releases_json(reading.releases),
                "products": products_json(reading.products),
                "evaluation": reading.evaluation.as_bool(),
            })
        }).collect::<Vec<_>>(),
        "candidates": candidates.iter().map(|candidate| json!({
            "product": candidate.product.as_str(),
            "releases": candidate.releases.iter().map(|r| r.as_str()).collect::<Vec<_>>(),
            "key": candidate.row.map(|row| row.key.to_string()),
        })).chain(named.iter().map(|key| json!({
            "product": key.product.as_str(),
            "releases": releases_json(key.releases),
            "key": key.key.to_string(),
            "name": key.name().to_string(),
        }))).collect::<Vec<_>>(),
        "ask": if open { ask(asked, identity) } else { Vec::new() }
            .into_iter().map(|(clue, _)| clue).collect::<Vec<_>>(),
        "nearest": nearest_json(asked, answer),
        "warnings": warnings(asked, answer),
        "suggestions": all_suggestions(asked),
    })
}

fn nearest_json(asked: &Asked, answer: &Answer) -> Value {
    if !matches!(answer.outcome, Outcome::NotDocumented) {
        return Value::Null;
    }
    let (releases, products) = nearest(&answer.identity, asked.channel);
    json!({
        "releases_of_product": releases.map(releases_json),
        "products_of_release": products.map(products_json),
    })
}

fn releases_json(releases: Releases) -> Value {
    fact_json(releases, |release: AnyRelease| release.as_str().into())
}

fn products_json(products: Products) -> Value {
    fact_json(products, |product: Product| product.as_str().into())
}

/// A fact as JSON: what it may be, or null where nothing is known.
fn fact_json<T: Possibility>(fact: Fact<T>, slug: impl Fn(T) -> Value) -> Value {
    if fact.is_unknown() {
        Value::Null
    } else {
        fact.iter().map(slug).collect()
    }
}
