//! What a key should be where it stands.

use super::{Finding, What};
use crate::catalog::keys::{KeyChannel, KeyRow, KeyUse};
use crate::catalog::products::Products;
use crate::catalog::releases::Releases;
use crate::fact::{Answer, YesNo};
use crate::identity::{Identity, KeyAnswer, key_of};
use crate::word::words;

words! {
    /// What is wrong with a key where it stands.
    pub enum Fault ("fault of a key") {
        /// A published key whose symbols or form are damaged: `N69G4-B89J2-4G8F4-WWYCCJ464C`.
        Damaged = "damaged-key", "damaged key";
        /// A text that may be meant as a published key, to be confirmed by a person.
        PerhapsDamaged = "perhaps-damaged-key", "perhaps a damaged key";
        /// A KMS client key where an AVMA key belongs.
        GvlkForAvma = "gvlk-for-avma", "KMS client key in the place of an AVMA key";
        /// An AVMA key where a KMS client key belongs.
        AvmaForGvlk = "avma-for-gvlk", "AVMA key in the place of a KMS client key";
        /// A key of another release: the 2016 key on 2022.
        OtherRelease = "other-release", "key of another release";
        /// A key of another edition: the Datacenter key on Standard.
        OtherEdition = "other-edition", "key of another edition";
        /// An AVMA key on an evaluation copy, which refuses it until it is converted.
        Evaluation = "evaluation", "AVMA key on an evaluation copy";
        /// No key of the wanted channel is published for the system: AVMA on 2012, 2022 Essentials.
        NotDocumented = "not-documented", "no key is documented here";
        /// A key that is in none of the published lists in this crate: a MAK, a retail or OEM key, or one
        /// of a list that the crate lacks.
        Unlisted = "unlisted-key", "key in none of the published lists in this crate";
    }
}

impl Fault {
    /// Whether the key certainly does not do what it is there for. The others want a person's look.
    pub const fn is_certain(self) -> bool {
        !matches!(self, Self::PerhapsDamaged | Self::Unlisted)
    }
}

/// Which key belongs in a place, as far as it is known.
///
/// ```
/// use avma::catalog::keys::KeyChannel;
/// use avma::scan::{Fault, Verdict, Wanted, scan};
/// use avma::{Edition, Release};
///
/// let text = "ProductKey: WX4NM-KYWYW-QJJR4-XV3QB-6VM33";
/// let finding = scan(text).next().unwrap();
/// let wanted = Wanted {
///     releases: Release::Ws2022.into(),
///     products: Edition::Datacenter.into(),
///     channel: Some(KeyChannel::Avma),
///     ..Wanted::UNKNOWN
/// };
/// let judgement = wanted.judge(&finding);
/// assert_eq!(judgement.faults().collect::<Vec<_>>(), [Fault::GvlkForAvma]);
/// assert_eq!(judgement.should.unwrap().key.to_string(), "W3GNR-8DDXR-2TFRP-H8P33-DV9BG");
/// // Where nothing is known nothing is judged.
/// assert_eq!(Wanted::UNKNOWN.judge(&finding).verdict(), Verdict::NotJudged);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What the release may be.
    pub releases: Releases,
    /// What the product may be.
    pub products: Products,
    /// Whether it is an evaluation copy.
    pub evaluation: YesNo,
    /// What the key is for, if that is known.
    pub channel: Option<KeyChannel>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

impl From<&Identity> for Wanted {
    /// Any key of the system.
    fn from(identity: &Identity) -> Self {
        Self {
            releases: identity.releases(),
            products: identity.products(),
            evaluation: identity.evaluation(),
            channel: None,
        }
    }
}

/// What is said of a key where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Judgement {
    /// The key that should stand there, where that is known: the repaired one, or the wanted one. Beside
    /// [`Fault::Evaluation`] it is the one to install once the copy is converted, and beside
    /// [`Fault::Unlisted`] the one that is published for the system. A repaired key of a system that the
    /// crate does not model has no row: [`Finding::named`] gives it.
    pub should: Option<&'static KeyRow>,
    faults: u16,
    fits: bool,
}

words! {
    /// The outcome of a [`Judgement`].
    pub enum Verdict ("verdict of a key") {
        /// It is the key of the wanted system and channel, written as keys are written.
        Right = "right", "right";
        /// Something is wrong.
        Wrong = "wrong", "wrong";
        /// Not enough is known of the place, or of the systems of the key.
        NotJudged = "not-judged", "not judged";
        /// The key is in none of the published lists in this crate, so nothing is said against it.
        Unlisted = "unlisted", "unlisted";
    }
}

impl Judgement {
    /// What is wrong, in the order of [`Fault::ALL`].
    pub fn faults(self) -> impl Iterator<Item = Fault> {
        Fault::ALL
            .iter()
            .copied()
            .filter(move |fault| self.has(*fault))
    }

    /// Whether this is wrong.
    pub const fn has(self, fault: Fault) -> bool {
        self.faults & 1 << fault as u16 != 0
    }

    /// The outcome.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self { .. } if self.has(Fault::Unlisted) => Verdict::Unlisted,
            Self { faults: 1.., .. } => Verdict::Wrong,
            Self { fits: true, .. } => Verdict::Right,
            Self { .. } => Verdict::NotJudged,
        }
    }

    const fn add(&mut self, fault: Fault) {
        self.faults |= 1 << fault as u16;
    }
}

impl Wanted {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self {
        releases: Releases::unknown(),
        products: Products::unknown(),
        evaluation: YesNo::unknown(),
        channel: None,
    };

    /// What is known here, and of the rest what `other` knows.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            releases: self.releases.or(other.releases),
            products: self.products.or(other.products),
            evaluation: self.evaluation.or(other.evaluation),
            channel: self.channel.or(other.channel),
        }
    }

    /// Compares a key with the place.
    pub fn judge(&self, finding: &Finding) -> Judgement {
        let mut judgement = Judgement {
            should: None,
            faults: 0,
            fits: false,
        };
        match finding.what {
            What::Unlisted(_) => {
                judgement.add(Fault::Unlisted);
                if let Some(channel) = self.channel {
                    judgement.should = row(self.belonging(channel));
                }
            }
            What::Suggested { key, .. } => {
                judgement.add(Fault::PerhapsDamaged);
                let channel = self.channel.unwrap_or(key.channel);
                judgement.should = match self.key(channel) {
                    KeyAnswer::Key(row) => Some(row),
                    _ => key.rows().next(),
                };
            }
            What::Published(key) | What::Suffix(key) => self.compare(key, &mut judgement),
            What::Damaged { key, .. } => {
                self.compare(key, &mut judgement);
                if judgement.faults == 0 {
                    judgement.should = self.row_of(key);
                }
                judgement.add(Fault::Damaged);
            }
        }
        judgement
    }

    fn key(&self, channel: KeyChannel) -> KeyAnswer {
        key_of(self.releases, self.products, self.evaluation, channel)
    }

    /// The row of a key for the wanted release, or another one of it.
    fn row_of(&self, key: &'static KeyUse) -> Option<&'static KeyRow> {
        let fits = |row: &&KeyRow| self.releases.contains(row.release.into());
        key.rows().find(fits).or_else(|| key.rows().next())
    }

    /// A published key in this place.
    fn compare(&self, key: &'static KeyUse, judgement: &mut Judgement) {
        let other_release = self.releases.intersect(key.releases).is_none();
        let other_edition = !self.products.contains(key.product);
        let channel = self.channel.unwrap_or(key.channel);
        if other_release {
            judgement.add(Fault::OtherRelease);
        }
        if other_edition {
            judgement.add(Fault::OtherEdition);
        }
        match (channel, key.channel) {
            (KeyChannel::Avma, KeyChannel::Gvlk) => judgement.add(Fault::GvlkForAvma),
            (KeyChannel::Gvlk, KeyChannel::Avma) => judgement.add(Fault::AvmaForGvlk),
            _ => {}
        }
        // KMS client keys are what an evaluation copy is converted with.
        let evaluation = self.evaluation.is(Answer::Yes) && channel == KeyChannel::Avma;
        if evaluation {
            judgement.add(Fault::Evaluation);
        }
        if judgement.faults == 0 {
            // Which client Windows, or which copy of 2008, a system is the crate cannot tell.
            judgement.fits = key.is_modelled()
                && self.releases.is_subset(key.releases)
                && self.products.is_subset(key.product.into());
            return;
        }
        // What is not known of the system its own key tells, unless it is the key of another one.
        let system = if other_release || other_edition {
            *self
        } else {
            Self {
                releases: self
                    .releases
                    .intersect(key.releases)
                    .unwrap_or(key.releases),
                products: key.product.into(),
                ..*self
            }
        };
        system.demand(channel, judgement);
    }

    /// The key that belongs here.
    fn demand(&self, channel: KeyChannel, judgement: &mut Judgement) {
        let answer = self.belonging(channel);
        judgement.should = row(answer);
        if answer == KeyAnswer::NotDocumented {
            judgement.add(Fault::NotDocumented);
        }
    }

    /// What the key table says of this place. KMS client keys are for evaluation copies too.
    fn belonging(&self, channel: KeyChannel) -> KeyAnswer {
        let evaluation = match channel {
            KeyChannel::Avma => self.evaluation,
            KeyChannel::Gvlk => YesNo::unknown(),
        };
        key_of(self.releases, self.products, evaluation, channel)
    }
}

/// The row to install, perhaps after the conversion of an evaluation copy.
const fn row(answer: KeyAnswer) -> Option<&'static KeyRow> {
    match answer {
        KeyAnswer::Key(row) | KeyAnswer::ConvertFirst(Some(row)) => Some(row),
        _ => None,
    }
}
