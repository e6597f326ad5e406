//! The table of one channel: every published key with what it is for.

use avma::Source;
use avma::catalog::keys::{KeyChannel, published};
use serde_json::{Value, json};

use crate::output::source_json;

/// A line a key, then the texts that publish them.
pub fn text(channel: KeyChannel) -> String {
    let keys = || published().iter().filter(move |key| key.channel == channel);
    let mut sources: Vec<Source> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for key in keys() {
        let place = sources.iter().position(|source| *source == key.source());
        let place = place.unwrap_or_else(|| {
            sources.push(key.source());
            sources.len() - 1
        });
        lines.push(format!("{}  {} [{}]", key.key, key.name(), place + 1));
    }
    lines.push(String::new());
    let numbered = sources.iter().enumerate();
    lines.extend(numbered.map(|(place, source)| format!("[{}] {source}", place + 1)));
    lines.join("\n") + "\n"
}

pub fn json(channel: KeyChannel) -> Value {
    let keys = published().iter().filter(|key| key.channel == channel);
    json!({
        "channel": channel.as_str(),
        "keys": keys.map(|key| json!({
            "key": key.key.to_string(),
            "name": key.name().to_string(),
            "product": key.is_modelled().then(|| key.product.as_str()),
            "releases": if key.is_modelled() {
                key.releases.iter().map(|release| release.as_str()).collect()
            } else {
                Value::Null
            },
            "source": source_json(&key.source()),
        })).collect::<Vec<_>>(),
    })
}
