//! The guest's key: what it is for the guest, shown by no more than its last five.

use avma::assess::{Guest, InstalledKey, Key};
use avma::catalog::keys::{self, KeyUse};
use avma::repair::repair;
use avma::{LastFive, ProductKey};
use serde_json::{Value, json};

/// A key as it is held.
#[derive(Clone, Copy)]
pub enum HeldKey {
    None,
    LastFive(LastFive),
    Whole(ProductKey),
}

impl HeldKey {
    /// Reads a whole key, its last five or `none`. No message repeats the text: it may be a secret.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("none") {
            return Ok(Self::None);
        }
        if let Ok(last_five) = text.parse() {
            return Ok(Self::LastFive(last_five));
        }
        match text.parse() {
            Ok(key) => Ok(Self::Whole(key)),
            Err(fault) => Err(match repair(text).named() {
                Some(found) => format!(
                    "the key is damaged ({fault}); it looks like the {} of {} that ends in {}",
                    found.channel,
                    found.product,
                    found.key.last_five()
                ),
                None => format!("--key takes a whole key, its last five or none ({fault})"),
            }),
        }
    }

    pub fn installed(self) -> InstalledKey {
        match self {
            Self::None => InstalledKey::None,
            Self::LastFive(last_five) => InstalledKey::LastFive(last_five),
            Self::Whole(key) => InstalledKey::LastFive(key.last_five()),
        }
    }

    /// What it is for the guest. A whole key tells more than its last five: one that is not published
    /// may end like one that is.
    pub fn answer(self, guest: &Guest) -> Key {
        match self {
            Self::Whole(key) if keys::identify(&key).is_none() => Key::Private,
            _ => self.installed().answer(guest),
        }
    }

    fn published(self) -> Option<&'static KeyUse> {
        match self {
            Self::Whole(key) => keys::identify(&key),
            _ => self.installed().published(),
        }
    }

    fn last_five(self) -> Option<LastFive> {
        match self {
            Self::None => None,
            Self::LastFive(last_five) => Some(last_five),
            Self::Whole(key) => Some(key.last_five()),
        }
    }

    /// `key: the one ending in VMK7H is a KMS client key (GVLK) for this guest …`.
    pub fn text(self, guest: &Guest) -> String {
        let answer = self.answer(guest);
        let Some(last_five) = self.last_five() else {
            return "key: none is installed".to_owned();
        };
        let of = self.published().map_or(String::new(), |found| {
            format!(
                " (published as {} of {}: {})",
                found.channel, found.product, found.releases
            )
        });
        let what = match answer {
            Key::Unknown => {
                "may be the right AVMA key; the guest's release and edition decide".to_owned()
            }
            Key::Private => {
                format!("is {answer}: a MAK, retail, OEM or private key, not an AVMA key")
            }
            _ => format!("is {answer} for this guest"),
        };
        format!("key: the one ending in {last_five} {what}{of}")
    }

    pub fn json(self, guest: &Guest) -> Value {
        json!({
            "answer": self.answer(guest).as_str(),
            "last_five": self.last_five().map(|last_five| last_five.to_string()),
            "channel": self.published().map(|found| found.channel.as_str()),
            "product": self.published().map(|found| found.product.as_str()),
        })
    }
}
