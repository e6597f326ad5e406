//! The guest's key: what it is for the guest, shown by no more than its last five.

use avma::LastFive;
use avma::assess::{Guest, InstalledKey, Key};
use avma::repair::repair;
use serde_json::{Value, json};

/// Reads a whole key, its last five or `none`. No message repeats the text: it may be somebody's own key.
pub fn read(text: &str) -> Result<InstalledKey, String> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("none") {
        return Ok(InstalledKey::None);
    }
    if let Ok(last_five) = text.parse() {
        return Ok(InstalledKey::LastFive(last_five));
    }
    text.parse()
        .map(InstalledKey::Whole)
        .map_err(|fault| match repair(text).named() {
            Some(found) => format!(
                "the key is damaged ({fault}); it looks like the {} of {} that ends in {}",
                found.channel,
                found.product,
                found.key.last_five()
            ),
            None => format!("--key takes a whole key, its last five or none ({fault})"),
        })
}

fn last_five(key: InstalledKey) -> Option<LastFive> {
    match key {
        InstalledKey::None | InstalledKey::Unknown => None,
        InstalledKey::LastFive(last_five) => Some(last_five),
        InstalledKey::Whole(key) => Some(key.last_five()),
    }
}

/// `key: the one ending in VMK7H is a KMS client key (GVLK) for this guest …`.
pub fn text(key: InstalledKey, guest: &Guest) -> String {
    let answer = key.answer(guest);
    let Some(last_five) = last_five(key) else {
        return "key: none is installed".to_owned();
    };
    let of = key.published().map_or(String::new(), |found| {
        if found.is_modelled() {
            format!(
                " (published as {} of {}: {})",
                found.channel, found.product, found.releases
            )
        } else {
            format!(" (published as {} of {})", found.channel, found.name())
        }
    });
    let what = match answer {
        Key::Unknown => {
            "may be the right AVMA key; the guest's release and edition decide".to_owned()
        }
        Key::Unlisted => {
            format!("is {answer}: perhaps a MAK, a retail or OEM key")
        }
        _ => format!("is {answer} for this guest"),
    };
    format!("key: the one ending in {last_five} {what}{of}")
}

pub fn json(key: InstalledKey, guest: &Guest) -> Value {
    json!({
        "answer": key.answer(guest).as_str(),
        "last_five": last_five(key).map(|last_five| last_five.to_string()),
        "channel": key.published().map(|found| found.channel.as_str()),
        "product": key.published().map(|found| found.product.as_str()),
    })
}
