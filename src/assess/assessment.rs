//! The three answers about a host and a guest, with every finding.

use core::fmt;

use crate::assess::evaluate::{Facts, places, releases_of};
use crate::assess::guest::Guest;
use crate::assess::observed::{Key, Observation, Seen, Trust};
use crate::assess::presumed::Presumed;
use crate::assess::table::{MAY_MATTER, OF_ANY_HOST, RuleMask};
use crate::assess::verdict::{Can, Verdict, Verdicts, verdicts_of};
use crate::catalog::cell::{Cell, Support};
use crate::catalog::hosts;
use crate::catalog::hosts::sum::Host;
use crate::catalog::products::Product;
use crate::catalog::releases::AnyRelease;
use crate::catalog::rule::{Effect, FactName, FactNames, HostFamily, MendedBy, Rule, When};
use crate::catalog::rulebook::RULES;
use crate::fact::Possibility;
use crate::hresult::HResult;
use crate::source::{CRATE_TABLES, Source};

/// The verdicts of all complete cases that the facts leave open: exactly those.
pub fn verdicts(host: &Host, guest: &Guest) -> Verdicts {
    verdicts_of(Facts::new(host, guest).effects())
}

/// Can this host activate this guest? No key is involved.
pub fn can(host: &Host, guest: &Guest) -> Can {
    verdicts(host, guest).into()
}

/// The HRESULT of a host that does not activate the guest: that of the first rule which certainly
/// forbids and has one as a symptom. `None` where no rule certainly forbids, or none of them has one.
///
/// ```
/// use avma::assess::{Guest, Host, refusal};
/// use avma::{HResult, Product, Release};
///
/// let host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
/// let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
/// assert_eq!(refusal(&host, &guest), Some(HResult::IA_ID_MISMATCH));
/// ```
///
/// The link from rule to code is Microsoft's only where the code's own text says it; for the rest it
/// is inferred.
pub fn refusal(host: &Host, guest: &Guest) -> Option<HResult> {
    code(Facts::new(host, guest).refusing())
}

/// [`can`] with the [`refusal`] where it is no, in one go.
pub(crate) fn judge(host: &Host, guest: &Guest) -> (Can, Option<HResult>) {
    let facts = Facts::new(host, guest);
    let can = verdicts_of(facts.effects()).into();
    let code = match can {
        Can::NotEligible => code(facts.refusing()),
        _ => None,
    };
    (can, code)
}

/// The HRESULT of the first rule.
fn code(refusing: RuleMask) -> Option<HResult> {
    in_mask(refusing).find_map(|rule| rule.symptoms.first().copied())
}

/// The fact to find out next: the one that settles the answer for the largest share of its values.
///
/// `None` where the answer is settled.
///
/// ```
/// use avma::assess::{next_fact, FactName, Guest, Host};
/// use avma::{Product, Release};
///
/// let host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
/// let mut guest = Guest::new(Release::Ws2019, Product::Standard).ready();
/// assert_eq!(next_fact(&host, &guest), None);
/// guest.data_exchange = Default::default();
/// assert_eq!(next_fact(&host, &guest), Some(FactName::DataExchange));
/// ```
pub fn next_fact(host: &Host, guest: &Guest) -> Option<FactName> {
    let facts = Facts::new(host, guest);
    facts.next_fact(missing(&facts)?)
}

fn missing(facts: &Facts) -> Option<FactNames> {
    let effects = facts.effects();
    if effects.count_ones() == 1 {
        return None;
    }
    let (some, every) = facts.fired(effects);
    let family = FactNames::known(FactName::HostFamily);
    let read = in_mask(some & !every & !MAY_MATTER)
        .map(Rule::reads)
        .reduce(FactNames::union)?;
    let open = facts.open(read.union(family))?;
    if open.contains(FactName::HostFamily) {
        // What else to ask about the host depends on its family.
        return open.intersect(FactNames::from_bits(OF_ANY_HOST));
    }
    Some(open)
}

fn in_mask(mask: RuleMask) -> impl Iterator<Item = &'static Rule> {
    rows(mask).map(|(_, rule)| rule)
}

/// Each rule with its row.
fn rows(mut mask: RuleMask) -> impl Iterator<Item = (usize, &'static Rule)> {
    core::iter::from_fn(move || {
        let place = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        Some((place, *RULES.get(place)?))
    })
}

/// A rule that fires in every complete case, or in some.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Whether it fires whatever the unknown facts are. Never of a rule that only
    /// [may matter](Effect::MayMatter).
    pub certain: bool,
    /// The text that it rests on here: the rule's, or that of the table cell in question.
    pub source: Source,
}

/// Everything that `assess` says about a host and a guest.
#[derive(Clone)]
#[must_use = "an answer does nothing by itself"]
pub struct Assessment {
    host: Host,
    guest: Guest,
    observation: Observation,
    verdicts: Verdicts,
    some: RuleMask,
    every: RuleMask,
}

/// The three answers: can the host activate the guest, what is its key, what was seen.
///
/// ```
/// use avma::assess::{assess, Can, Guest, Host, Key, Observation};
/// use avma::{Product, Release};
///
/// let host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
/// let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
/// let assessment = assess(&host, &guest, &Observation::default());
/// assert_eq!(assessment.can(), Can::NotEligible);
/// let finding = assessment.findings().next().unwrap();
/// assert_eq!(finding.rule.id, "guest-newer-than-host");
/// assert!(finding.certain);
/// assert_eq!(assessment.key(), Key::Unknown);
/// ```
pub fn assess(host: &Host, guest: &Guest, observation: &Observation) -> Assessment {
    let facts = Facts::new(host, guest);
    let effects = facts.effects();
    let (some, every) = facts.fired(effects);
    Assessment {
        host: *host,
        guest: *guest,
        observation: *observation,
        verdicts: verdicts_of(effects),
        some,
        every,
    }
}

impl Assessment {
    /// Can the host activate the guest?
    pub fn can(&self) -> Can {
        self.verdicts.into()
    }

    /// The verdicts that are still possible.
    pub const fn verdicts(&self) -> Verdicts {
        self.verdicts
    }

    /// What the installed key is for the guest.
    pub fn key(&self) -> Key {
        self.observation.key.answer(&self.guest)
    }

    /// What was seen of the activation.
    pub fn seen(&self) -> Seen {
        self.observation.seen()
    }

    /// Every rule that fires or may fire: the [`certain`](Self::certain) ones first, then the
    /// [`possible`](Self::possible) ones, each in the order of the rulebook.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.certain().chain(self.possible())
    }

    /// The rules that fire whatever the unknown facts are, in the order of the rulebook.
    ///
    /// Of a guest of which nothing is known there are none: "the guest is not Windows" is
    /// [`possible`](Self::possible) there, as much as anything else.
    pub fn certain(&self) -> impl Iterator<Item = Finding> {
        rows(self.every & !MAY_MATTER).map(self.finding(true))
    }

    /// The rules that fire for some values of the unknown facts, in the order of the rulebook; of the
    /// rules that only [may matter](Effect::MayMatter) those that fire whatever the unknown facts are.
    pub fn possible(&self) -> impl Iterator<Item = Finding> {
        let open = self.some & !self.every & !MAY_MATTER | self.every & MAY_MATTER;
        rows(open).map(self.finding(false))
    }

    fn finding(&self, certain: bool) -> impl Fn((usize, &'static Rule)) -> Finding {
        move |(row, rule)| Finding {
            rule,
            certain,
            source: self.source_of(row, rule),
        }
    }

    /// The finding to show where one is enough: what certainly stands in the way. A rule that forbids
    /// comes before one that leaves the answer undocumented; what no administrator can mend before
    /// what the host's administrator can, and that before what the guest's can.
    ///
    /// `None` where nothing certainly stands in the way: the answer is yes, or it depends on facts that
    /// are [`missing`](Self::missing).
    ///
    /// ```
    /// use avma::assess::{Guest, Host, Observation, assess};
    /// use avma::{Product, Release};
    ///
    /// let host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
    /// let mut guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    /// guest.data_exchange = false.into();
    /// let answer = assess(&host, &guest, &Observation::default());
    /// // Data Exchange is off too, but to switch it on would not help here.
    /// assert_eq!(answer.leading().unwrap().rule.id, "guest-newer-than-host");
    ///
    /// let unknown = assess(&host, &Guest::unknown(), &Observation::default());
    /// assert!(unknown.leading().is_none());
    /// ```
    pub fn leading(&self) -> Option<Finding> {
        self.certain().min_by_key(|finding| {
            let rule = finding.rule;
            let by_administrator = match rule.mended_by {
                MendedBy::Nobody | MendedBy::LicenseBuyer => 0_u8,
                MendedBy::HostAdministrator => 1,
                MendedBy::GuestAdministrator => 2,
            };
            (rule.effect != Effect::Forbids, by_administrator)
        })
    }

    /// Whether every certain rule that forbids can be mended by an administrator, and by whom first:
    /// the host's before the guest's, since without the host nothing can be tried in the guest.
    ///
    /// `None` where no rule certainly forbids, or one cannot be mended by either.
    pub fn mended_by(&self) -> Option<MendedBy> {
        let mut first = None;
        for rule in in_mask(self.every) {
            if rule.effect != Effect::Forbids {
                continue;
            }
            match (rule.mended_by, first) {
                (MendedBy::HostAdministrator, _) => first = Some(MendedBy::HostAdministrator),
                (MendedBy::GuestAdministrator, None) => first = Some(MendedBy::GuestAdministrator),
                (MendedBy::GuestAdministrator, Some(_)) => {}
                (MendedBy::Nobody | MendedBy::LicenseBuyer, _) => return None,
            }
        }
        first
    }

    /// The facts that are not known and could change the answer; `None` where it is settled.
    pub fn missing(&self) -> Option<FactNames> {
        missing(&Facts::new(&self.host, &self.guest))
    }

    /// The answer presuming the usual value of facts that are rarely otherwise, and what was presumed.
    ///
    /// ```
    /// use avma::assess::{Can, Guest, Host, Observation, assess};
    /// use avma::{Product, Release};
    ///
    /// let Host::WindowsServer(mut host) =
    ///     Host::windows_server(Release::Ws2022, Product::Datacenter).ready()
    /// else {
    ///     unreachable!()
    /// };
    /// host.nested = Default::default();
    /// let guest = Guest::new(Release::Ws2019, Product::Standard).ready();
    /// let answer = assess(&host.into(), &guest, &Observation::default());
    /// assert_eq!(answer.can(), Can::Undetermined);
    /// let presumed = answer.presumed();
    /// assert_eq!(presumed.can(), Can::Eligible);
    /// let texts: Vec<_> = presumed.presumptions().map(|row| row.text).collect();
    /// assert_eq!(texts, ["the host is not itself a virtual machine"]);
    /// ```
    pub fn presumed(&self) -> Presumed {
        let facts = Facts::new(&self.host, &self.guest);
        Presumed::of(facts, missing(&facts))
    }

    /// The fact to find out next; see [`next_fact`].
    pub fn next_fact(&self) -> Option<FactName> {
        next_fact(&self.host, &self.guest)
    }

    /// The rules of which an HRESULT is a symptom and that fire, or may fire, here.
    ///
    /// The link from rule to code is Microsoft's only where the code's own text says it; for the rest
    /// it is inferred.
    pub fn explain(&self, code: HResult) -> impl Iterator<Item = Finding> {
        self.findings()
            .filter(move |finding| finding.rule.symptoms.contains(&code))
    }

    /// What a yes rests on: of the cells of the host's table that are possible and say yes, the one
    /// with the weakest evidence. `None` where no case is eligible, or the family has no table.
    pub fn basis(&self) -> Option<Cell> {
        let possible = self.verdicts.contains(Verdict::Eligible);
        self.weakest(Support::Yes, u32::MAX, |_, _, _| hosts::NAMED_BY_ANY.bits())
            .filter(|_| possible)
    }

    /// How far what was seen can be trusted, coming from the guest's own licence row: a guest that
    /// says AVMA activated it where the rules surely forbid that only claims so. A record of the
    /// host would be better; the caller knows whether there is one. `None` where nothing was seen.
    pub fn trust(&self) -> Option<Trust> {
        match self.seen() {
            Seen::Unknown => None,
            Seen::Avma if self.can() == Can::NotEligible => Some(Trust::Claimed),
            _ => Some(Trust::Guest),
        }
    }

    fn source_of(&self, row: usize, rule: &'static Rule) -> Source {
        let (When::Cell(support, because) | When::CellAnd(support, because, _)) = rule.when else {
            return if self.is_about_the_unlisted(rule.when) {
                CRATE_TABLES
            } else {
                rule.source
            };
        };
        let speaks_of = |family, level, product: Product| {
            releases_of(row, family as usize, level, product as usize)
        };
        self.weakest(support, because, speaks_of)
            .map_or(rule.source, |cell| cell.source)
    }

    /// Whether a rule that reads the tables speaks of a release or an edition without a row. Then it is
    /// this crate that lacks it, and what other texts say is not known.
    fn is_about_the_unlisted(&self, when: When) -> bool {
        match when {
            When::GuestUnnamed => self.guest.release.is(AnyRelease::Unlisted),
            When::KeyMissing => {
                self.guest.release.is(AnyRelease::Unlisted)
                    || self.guest.product.is(Product::Unlisted)
            }
            When::In(FactName::HostRelease, _) => {
                matches!(self.host, Host::WindowsServer(host) if host.release.is(AnyRelease::Unlisted))
            }
            _ => false,
        }
    }

    /// Of the possible cells that say so for one of these reasons, the one with the weakest evidence;
    /// of those only at the releases (bits) that `of` names.
    fn weakest(
        &self,
        support: Support,
        because: u32,
        of: impl Fn(HostFamily, usize, Product) -> u32,
    ) -> Option<Cell> {
        let family = self.host.families().known_element()?;
        let by = hosts::family(family).level;
        let mut levels = 1;
        self.host.each(|fact, bits| {
            if Some(fact) == by {
                levels = bits;
            }
        });
        let worst = hosts::weakest_evidence(family, support, because);
        let mut weakest: Option<Cell> = None;
        for level in places(levels) {
            for product in hosts::distinct(self.guest.product) {
                let releases = self.guest.release.bits() & of(family, level, product);
                for guest in places(releases).filter_map(|place| AnyRelease::ALL.get(place)) {
                    let Some(cell) = hosts::cell(family, level, *guest, product) else {
                        continue;
                    };
                    let weaker = weakest
                        .is_none_or(|old| cell.source.evidence as u8 > old.source.evidence as u8);
                    if cell.support == support && cell.because.bit() & because != 0 && weaker {
                        weakest = Some(cell);
                        if cell.source.evidence as u8 == worst {
                            return weakest;
                        }
                    }
                }
            }
        }
        weakest
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Assessment {
    /// The answers, every finding, what is missing, and the fact to find out next.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        struct Findings<'a>(&'a Assessment);
        impl serde::Serialize for Findings<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.findings())
            }
        }
        struct Names(Option<FactNames>);
        impl serde::Serialize for Names {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.iter().flat_map(|names| names.iter()))
            }
        }
        let mut answer = serializer.serialize_struct("Assessment", 7)?;
        answer.serialize_field("can", &self.can())?;
        answer.serialize_field("key", &self.key())?;
        answer.serialize_field("seen", self.seen().as_str())?;
        answer.serialize_field("basis", &self.basis())?;
        answer.serialize_field("findings", &Findings(self))?;
        answer.serialize_field("missing", &Names(self.missing()))?;
        answer.serialize_field("next_fact", &self.next_fact())?;
        answer.end()
    }
}

impl fmt::Debug for Assessment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assessment")
            .field("can", &self.can())
            .field("key", &self.key())
            .field("seen", &self.seen())
            .field("host", &self.host)
            .field("guest", &self.guest)
            .finish_non_exhaustive()
    }
}
