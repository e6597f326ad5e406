//! Exact evaluation of the rulebook over partial facts.
//!
//! For facts F the verdict is the *set* of verdicts of all complete cases in F. Judging rule by rule
//! with three-valued logic would lose answers that are in fact determined; walking all cases would be
//! slow. The evaluation walks only the facts that rules read together and joins the rest.

use crate::assess::guest::Guest;
use crate::assess::host::{Host, HostFamily};
use crate::assess::rules::FactName as F;
use crate::assess::rules::{FactName, FactNames};
use crate::assess::table::{
    ALONE, ALWAYS, ANY_VALUE, AZURE_LOCAL, AZURE_LOCAL_CELLS, Alone, CONJUNCTIONS, Effects, FACTS,
    FORBIDDEN, FORBIDDING, GUEST, KEY_MISSING, KEY_MISSING_RELEASES, MATRIX_NO, MATRIX_NO_RELEASES,
    NONE, OF_FAMILY, READ_ALONE, REFUSING, RuleMask, SINGLE, UNDOCUMENTED, WINDOWS_SERVER,
    azure_local, domain,
};

/// Host and guest as one row of facts: for each fact its possibilities as bits.
#[derive(Clone, Copy)]
pub(crate) struct Facts([u32; FACTS]);

impl Facts {
    pub(crate) fn new(host: &Host, guest: &Guest) -> Self {
        let mut facts = Self(UNKNOWN);
        facts.set(F::GuestRelease, guest.release.bits());
        facts.set(F::GuestProduct, guest.product.bits());
        facts.set(F::GuestEvaluation, guest.evaluation.bits());
        facts.set(F::DataExchange, guest.data_exchange.bits());
        facts.set(F::GuestService, guest.guest_service.bits());
        facts.set(F::HostFamily, host.families().bits());
        match host {
            Host::WindowsServer(host) => {
                facts.set(F::HostRelease, host.release.bits());
                facts.set(F::HostEdition, host.edition.bits());
                facts.set(F::HostEvaluation, host.evaluation.bits());
                facts.set(F::HostLicense, host.license.bits());
                facts.set(F::HyperVRole, host.hyper_v_role.bits());
                facts.set(F::Nested, host.nested.bits());
                facts.set(F::PayAsYouGo, host.pay_as_you_go.bits());
            }
            Host::AzureLocal(host) => {
                facts.set(F::AzureLocalLicense, host.license.bits());
                facts.set(F::SoftwareAssurance, host.software_assurance.bits());
                facts.set(F::Synced, host.synced.bits());
                facts.set(F::AzureVerification, host.azure_verification.bits());
            }
            Host::AzureStackHub(host) => facts.set(F::BiosMarker, host.bios_marker.bits()),
            Host::Azure | Host::OtherHypervisor | Host::Unknown => {}
        }
        facts
    }

    pub(crate) fn get(&self, fact: FactName) -> u32 {
        self.0.get(fact as usize).copied().unwrap_or_default()
    }

    fn set(&mut self, fact: FactName, bits: u32) {
        if let Some(place) = self.0.get_mut(fact as usize) {
            *place = bits;
        }
    }

    fn with(mut self, fact: FactName, bits: u32) -> Self {
        self.set(fact, bits);
        self
    }

    fn families(&self) -> impl Iterator<Item = usize> {
        places(self.get(F::HostFamily))
    }

    /// The effects of all complete cases: the exact set.
    pub(crate) fn effects(&self) -> Effects {
        let mut effects = 0;
        for family in self.families() {
            effects |= self.family_effects(family);
            if effects == NONE | UNDOCUMENTED | FORBIDDEN {
                break;
            }
        }
        effects
    }

    fn family_effects(&self, family: usize) -> Effects {
        let looped = self.looped_effects(family);
        ALONE
            .get(family)
            .map_or(looped, |alone| join(looped, self.effects_alone(alone)))
    }

    /// What the facts do that no rule reads together with another: all their effects joined. A case is
    /// left alone if every fact can leave it so, and undocumented if none needs to forbid.
    fn effects_alone(&self, alone: &Alone) -> Effects {
        let (mut none, mut not_forbidden, mut undocumented, mut forbidden) =
            (true, true, false, false);
        let values = alone.none.iter().zip(&alone.undocumented);
        for ((bits, values), forbid) in self.0.iter().zip(values).zip(&alone.forbidden) {
            none &= bits & values.0 != 0;
            not_forbidden &= bits & (values.0 | values.1) != 0;
            undocumented |= bits & values.1 != 0;
            forbidden |= bits & forbid != 0;
        }
        (u8::from(none) * NONE)
            | (u8::from(not_forbidden & undocumented) * UNDOCUMENTED)
            | (u8::from(forbidden) * FORBIDDEN)
    }

    /// The effects of the facts that rules read together.
    fn looped_effects(&self, family: usize) -> Effects {
        let releases = self.get(F::GuestRelease);
        let of_guest = GUEST.get(family);
        let mut effects = 0;
        for product in places(self.get(F::GuestProduct)) {
            let Some(guest) = of_guest.and_then(|guest| guest.get(product)) else {
                continue;
            };
            match HostFamily::ALL.get(family) {
                Some(HostFamily::WindowsServer) => {
                    for host in places(self.get(F::HostRelease)) {
                        if let Some(host) = WINDOWS_SERVER.get(host) {
                            effects |= guest.and(*host).effects(releases);
                        }
                    }
                }
                Some(HostFamily::AzureLocal) => {
                    for license in places(self.get(F::AzureLocalLicense)) {
                        let case = guest.and(azure_local(license, product));
                        if self.conjunction_may_fire(license, product) {
                            for release in places(releases) {
                                let effect = case.effects(1 << release);
                                effects |= self.conjunctions(license, product, release, effect);
                            }
                        } else {
                            effects |= case.effects(releases);
                        }
                    }
                }
                Some(HostFamily::AzureStackHub) => effects |= guest.effects(releases),
                // The family decides, whatever the guest is.
                _ => effects |= FORBIDDEN,
            }
            if effects == NONE | UNDOCUMENTED | FORBIDDEN {
                break;
            }
        }
        effects
    }

    /// Whether a rule of several facts speaks of this licence and product at all.
    fn conjunction_may_fire(&self, license: usize, product: usize) -> bool {
        let fixed = self
            .with(F::AzureLocalLicense, 1 << license)
            .with(F::GuestProduct, 1 << product);
        CONJUNCTIONS
            .iter()
            .any(|rule| fixed.conjunction(rule.facts).can_fire)
    }

    /// Joins the rules of several facts to a case of Azure Local whose looped facts are fixed.
    fn conjunctions(
        &self,
        license: usize,
        product: usize,
        release: usize,
        mut case: Effects,
    ) -> Effects {
        let fixed = self
            .with(F::AzureLocalLicense, 1 << license)
            .with(F::GuestProduct, 1 << product)
            .with(F::GuestRelease, 1 << release);
        for rule in &CONJUNCTIONS {
            let firing = fixed.conjunction(rule.facts);
            let effect = if rule.rule & FORBIDDING != 0 {
                FORBIDDEN
            } else {
                UNDOCUMENTED
            };
            case = join(
                case,
                (u8::from(firing.can_stay) * NONE) | (u8::from(firing.can_fire) * effect),
            );
        }
        case
    }

    /// The rules that fire in some complete case, and those that fire in every one.
    pub(crate) fn fired(&self) -> (RuleMask, RuleMask) {
        self.fired_of(RuleMask::MAX, u32::MAX)
    }

    /// The rules that forbid in every complete case and have an HRESULT.
    pub(crate) fn refusing(&self) -> RuleMask {
        let (rules, facts) = REFUSING;
        self.fired_of(rules, facts).1
    }

    /// [`fired`](Self::fired) for some rules, of which those that read one fact read one of `facts`.
    fn fired_of(&self, wanted: RuleMask, facts: u32) -> (RuleMask, RuleMask) {
        let (mut in_some, mut in_every, mut read) = (0, wanted, 0);
        for family in self.families() {
            let rules = at(&OF_FAMILY, family);
            in_some |= rules & wanted;
            in_every &= rules;
            read |= at(&READ_ALONE, family);
        }
        let (mut some, mut every) = self.fired_alone(read & facts);
        let mut add = |rule: RuleMask, firing: Firing| {
            if firing.can_fire {
                some |= rule;
                if !firing.can_stay {
                    every |= rule;
                }
            }
        };
        let always = Firing {
            can_fire: true,
            can_stay: false,
        };
        add(ALWAYS, always);
        if in_some & KEY_MISSING != 0 {
            add(KEY_MISSING, self.key_missing());
        }
        if in_some & MATRIX_NO != 0 {
            add(MATRIX_NO, self.matrix_no());
        }
        if in_some & (AZURE_LOCAL_CELLS.0 | AZURE_LOCAL_CELLS.1) != 0 {
            add(AZURE_LOCAL_CELLS.0, self.azure_local_cells(|cells| cells.0));
            add(AZURE_LOCAL_CELLS.1, self.azure_local_cells(|cells| cells.1));
            for rule in &CONJUNCTIONS {
                add(rule.rule, self.conjunction(rule.facts));
            }
        }
        (some & in_some, every & in_every)
    }

    /// The rules of one fact each, over the facts that the possible families read.
    fn fired_alone(&self, read: u32) -> (RuleMask, RuleMask) {
        let (mut some, mut every) = (0, 0);
        for fact in places(read) {
            let (Some(rules), Some(bits)) = (SINGLE.get(fact), self.0.get(fact)) else {
                continue;
            };
            let (mut in_some, mut in_every) = (0, RuleMask::MAX);
            if bits.count_ones() > 1 && UNKNOWN.get(fact) == Some(bits) {
                // The whole domain: no rule fires at every value (asserted with the table).
                (in_some, in_every) = (at(&ANY_VALUE, fact), 0);
            } else {
                for value in places(*bits) {
                    let fired = at(rules, value);
                    in_some |= fired;
                    in_every &= fired;
                }
            }
            some |= in_some;
            every |= in_every;
        }
        (some, every)
    }

    fn key_missing(&self) -> Firing {
        let releases = self.get(F::GuestRelease);
        Firing::any(
            places(self.get(F::GuestProduct))
                .map(|product| Firing::of(releases, at(&KEY_MISSING_RELEASES, product))),
        )
    }

    fn matrix_no(&self) -> Firing {
        let releases = self.get(F::GuestRelease);
        Firing::any(
            places(self.get(F::HostRelease))
                .map(|host| Firing::of(releases, at(&MATRIX_NO_RELEASES, host))),
        )
    }

    /// The cells of the Azure Local table that say no, or nothing, as `cell` picks them.
    fn azure_local_cells(&self, cell: impl Fn((u32, u32)) -> u32) -> Firing {
        let releases = self.get(F::GuestRelease);
        let cell = &cell;
        Firing::any(places(self.get(F::AzureLocalLicense)).flat_map(|license| {
            let products = AZURE_LOCAL.get(license);
            places(self.get(F::GuestProduct)).map(move |product| {
                let cells = products.map(|products| at(products, product));
                Firing::of(releases, cell(cells.unwrap_or_default()))
            })
        }))
    }

    fn conjunction(&self, facts: &[(FactName, u32)]) -> Firing {
        let mut firing = Firing {
            can_fire: true,
            can_stay: false,
        };
        for (fact, fires_at) in facts {
            let one = Firing::of(self.get(*fact), *fires_at);
            firing.can_fire &= one.can_fire;
            firing.can_stay |= one.can_stay;
        }
        firing
    }

    /// Which facts are not known to a single value and belong to a family that is possible.
    pub(crate) fn open(&self, read: FactNames) -> Option<FactNames> {
        FactNames::one_of(read.iter().filter(|fact| self.get(*fact).count_ones() > 1))
    }

    /// The fact among `missing` that settles the verdict for the largest share of its values; among
    /// equals the one that leaves fewer verdicts open, then the first in the order of facts.
    pub(crate) fn next_fact(&self, missing: FactNames) -> Option<FactName> {
        let mut best: Option<(FactName, (u32, u32, u32))> = None;
        for fact in missing.iter() {
            let bits = self.get(fact);
            let (mut settled, mut left) = (0, 0);
            for value in places(bits) {
                let verdicts = self.with(fact, 1 << value).effects().count_ones();
                settled += u32::from(verdicts == 1);
                left += verdicts;
            }
            let count = bits.count_ones();
            let better = best.is_none_or(|(_, (best_settled, best_left, best_count))| {
                // Shares as cross products, so that no division rounds.
                let share = settled * best_count;
                let best_share = best_settled * count;
                share > best_share || (share == best_share && left * best_count < best_left * count)
            });
            if better {
                best = Some((fact, (settled, left, count)));
            }
        }
        best.map(|(fact, _)| fact)
    }
}

/// Every possibility of every fact.
const UNKNOWN: [u32; FACTS] = {
    let mut bits = [0; FACTS];
    let mut place = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < FACTS {
        bits[place] = domain(FactName::ALL[place]);
        place += 1;
    }
    bits
};

/// The verdict of a case is the worst that any fact does to it.
const fn join(a: Effects, b: Effects) -> Effects {
    let mut joined = a & b & NONE | (a | b) & FORBIDDEN;
    if a & UNDOCUMENTED != 0 && b & (NONE | UNDOCUMENTED) != 0
        || b & UNDOCUMENTED != 0 && a & (NONE | UNDOCUMENTED) != 0
    {
        joined |= UNDOCUMENTED;
    }
    joined
}

/// Whether a rule can fire in some complete case, and whether it can stay silent in some.
#[derive(Clone, Copy)]
struct Firing {
    can_fire: bool,
    can_stay: bool,
}

impl Firing {
    /// A rule that fires at `fires_at`, over the possibilities `bits`.
    const fn of(bits: u32, fires_at: u32) -> Self {
        Self {
            can_fire: bits & fires_at != 0,
            can_stay: bits & !fires_at != 0,
        }
    }

    /// Over alternatives; stops as soon as both are possible.
    fn any(mut alternatives: impl Iterator<Item = Self>) -> Self {
        let mut all = Self {
            can_fire: false,
            can_stay: false,
        };
        while !(all.can_fire && all.can_stay) {
            let Some(one) = alternatives.next() else {
                break;
            };
            all.can_fire |= one.can_fire;
            all.can_stay |= one.can_stay;
        }
        all
    }
}

/// The places of the bits that are set.
fn places(mut bits: u32) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        (bits != 0).then(|| {
            let place = bits.trailing_zeros();
            bits &= bits - 1;
            place as usize
        })
    })
}

fn at<T: Copy + Default>(table: &[T], place: usize) -> T {
    table.get(place).copied().unwrap_or_default()
}
