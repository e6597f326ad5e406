//! Exact evaluation of partial facts: the set of verdicts of all complete cases, without walking them.
//!
//! The facts that rules read together are walked, level by level and product by product, and all
//! releases of the guest at once; every other fact joins its own set of effects. See
//! [`table`](super::table).

use crate::assess::guest::Guest;
use crate::assess::table::{
    ALONE, ALWAYS, ANY_VALUE, Alone, CELLS, Effects, FORBIDDEN, GRIDS, Grid, LEVEL, MAY_MATTER,
    MOST, NONE, OF_FAMILY, PRODUCTS, READ_ALONE, REFUSING, RuleMask, SINGLE, UNDOCUMENTED, domain,
    facts_of,
};
use crate::catalog::hosts::sum::Host;
use crate::catalog::rule::{FACTS, FactName, FactNames, HostFamily};
use FactName as F;

/// Host and guest as one row of facts: for each fact its possibilities as bits.
#[derive(Clone, Copy)]
pub(crate) struct Facts([u32; FACTS]);

impl Facts {
    pub(crate) fn new(host: &Host, guest: &Guest) -> Self {
        let mut facts = Self(UNKNOWN);
        guest.each(|fact, bits| facts.set(fact, bits));
        facts.set(F::HostFamily, host.families().bits());
        host.each(|fact, bits| facts.set(fact, bits));
        facts
    }

    pub(crate) fn get(&self, fact: FactName) -> u32 {
        self.0.get(fact as usize).copied().unwrap_or_default()
    }

    pub(crate) fn set(&mut self, fact: FactName, bits: u32) {
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

    /// The possible rows of a family's table; the one row where nothing picks it.
    fn levels(&self, family: usize) -> u32 {
        match LEVEL.get(family) {
            Some(Some(fact)) => self.get(*fact),
            _ => 1,
        }
    }

    /// The effects of all complete cases: the exact set.
    pub(crate) fn effects(&self) -> Effects {
        let mut effects = 0;
        for family in self.families() {
            effects |= self.family_effects(family);
            if effects == EVERY_EFFECT {
                break;
            }
        }
        effects
    }

    fn family_effects(&self, family: usize) -> Effects {
        let together = self.together(family);
        ALONE
            .get(family)
            .map_or(together, |alone| join(together, self.effects_alone(alone)))
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

    /// The effects of the guest's release and product and of the level, with the facts that a rule asks
    /// for beside them.
    fn together(&self, family: usize) -> Effects {
        let Some(grid) = GRIDS.get(family) else {
            return 0;
        };
        // For every rule whether it asks for a fact at a value at which it fires, and surely or not.
        let (mut may_fire, mut surely) = (0_u32, 0_u32);
        for (at, rule) in grid.rules().enumerate() {
            if let Some((fact, fires)) = rule.and {
                let firing = Firing::of(self.get(fact), fires);
                may_fire |= u32::from(firing.can_fire) << at;
                surely |= u32::from(firing.can_fire && !firing.can_stay) << at;
            }
        }
        let releases = self.get(F::GuestRelease);
        // A rule that may stay silent leaves every effect and adds its own, wherever it may fire: so
        // for all cells at once. One that surely fires takes the others away: cell by cell.
        let (levels, products) = if surely == 0 {
            self.span(grid, family)
        } else {
            (self.levels(family), self.get(F::GuestProduct))
        };
        let mut effects = 0;
        for level in places(levels) {
            for product in places(products) {
                let Some(cell) = CELLS.get(grid.place(level, product)) else {
                    continue;
                };
                let mut left = releases;
                for at in places(may_fire) {
                    let inside = releases & cell.fires.get(at).map_or(0, |fires| fires.some);
                    effects |= u8::from(inside != 0) * FORBIDDEN;
                    if surely >> at & 1 == 1 {
                        left &= !inside;
                    }
                }
                effects |= cell.effects(left);
                if effects == EVERY_EFFECT {
                    return effects;
                }
            }
        }
        effects
    }

    /// The possible levels and products of a family's table, as places of a grid: what is not known at
    /// all is one place, that of all together.
    fn span(&self, grid: &Grid, family: usize) -> (u32, u32) {
        let grouped = |bits: u32, count: usize| {
            if bits.count_ones() as usize == count {
                1 << count
            } else {
                bits
            }
        };
        (
            grouped(self.levels(family), grid.levels()),
            grouped(self.get(F::GuestProduct), PRODUCTS),
        )
    }

    /// The rules that fire in some complete case, and those that fire in every one; `effects` are
    /// [those](Self::effects) of the facts.
    pub(crate) fn fired(&self, effects: Effects) -> (RuleMask, RuleMask) {
        self.fired_of(if effects == NONE {
            MAY_MATTER
        } else {
            RuleMask::MAX
        })
    }

    /// The rules that forbid in every complete case and have an HRESULT.
    pub(crate) fn refusing(&self) -> RuleMask {
        self.fired_of(REFUSING).1
    }

    /// [`fired`](Self::fired) for some rules.
    fn fired_of(&self, wanted: RuleMask) -> (RuleMask, RuleMask) {
        let (mut in_some, mut in_every, mut read) = (0, wanted, 0);
        for family in self.families() {
            let rules = at(&OF_FAMILY, family);
            in_some |= rules & wanted;
            in_every &= rules;
            read |= at(&READ_ALONE, family);
        }
        let (mut some, mut every) = self.fired_alone(read, wanted);
        some |= ALWAYS;
        every |= ALWAYS;
        let (mut can_fire, mut can_stay) = (0, 0);
        for family in self.families() {
            self.looped(family, &mut can_fire, &mut can_stay);
        }
        some |= can_fire;
        every |= can_fire & !can_stay;
        (some & in_some, every & in_every)
    }

    /// The rules of one fact each, over the facts that the possible families read.
    fn fired_alone(&self, read: u32, wanted: RuleMask) -> (RuleMask, RuleMask) {
        let (mut some, mut every) = (0, 0);
        for fact in places(read) {
            let (Some(rules), Some(bits)) = (SINGLE.get(fact), self.0.get(fact)) else {
                continue;
            };
            if at(&ANY_VALUE, fact) & wanted == 0 {
                continue;
            }
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

    /// The rules of a family that read several facts: those that can fire, and those that can stay
    /// silent.
    fn looped(&self, family: usize, can_fire: &mut RuleMask, can_stay: &mut RuleMask) {
        let Some(grid) = GRIDS.get(family) else {
            return;
        };
        let (levels, products) = self.span(grid, family);
        let releases = self.get(F::GuestRelease);
        let (mut some, mut all) = ([0; MOST], [u32::MAX; MOST]);
        for level in places(levels) {
            for product in places(products) {
                let Some(cell) = CELLS.get(grid.place(level, product)) else {
                    continue;
                };
                for ((some, all), fires) in some.iter_mut().zip(&mut all).zip(&cell.fires) {
                    *some |= fires.some;
                    *all &= fires.every;
                }
            }
        }
        for ((rule, some), all) in grid.rules().zip(some).zip(all) {
            let asked = rule.and.map_or(Firing::ALWAYS, |(fact, values)| {
                Firing::of(self.get(fact), values)
            });
            let fires = asked.can_fire && some & releases != 0;
            let stays = asked.can_stay || releases & !all != 0;
            *can_fire |= RuleMask::from(fires) << rule.place;
            *can_stay |= RuleMask::from(stays) << rule.place;
        }
    }

    /// Which facts are not known to a single value and belong to a family that is possible.
    pub(crate) fn open(&self, read: FactNames) -> Option<FactNames> {
        let families = self.families();
        let of_families = families.fold(0, |facts, family| {
            facts
                | HostFamily::ALL
                    .get(family)
                    .map_or(0, |family| facts_of(*family))
        });
        FactNames::one_of(
            read.iter()
                .filter(|fact| of_families & fact.bit() != 0 && self.get(*fact).count_ones() > 1),
        )
    }

    /// The fact among `missing` that settles the verdict for the largest share of its values; among
    /// equals the one that leaves fewer verdicts open, then the first in the order of facts.
    pub(crate) fn next_fact(&self, missing: FactNames) -> Option<FactName> {
        let mut best: Option<(FactName, (u32, u32, u32))> = None;
        for fact in missing {
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

/// The releases at which a rule of several facts may fire, by its row in the rulebook; 0 for a rule of
/// another form.
pub(crate) fn releases_of(rule: usize, family: usize, level: usize, product: usize) -> u32 {
    let Some(grid) = GRIDS.get(family) else {
        return 0;
    };
    let at = grid.rules().position(|looped| looped.place == rule);
    let cell = CELLS.get(grid.place(level, product));
    at.zip(cell)
        .and_then(|(at, cell)| cell.fires.get(at))
        .map_or(0, |fires| fires.some)
}

const EVERY_EFFECT: Effects = NONE | UNDOCUMENTED | FORBIDDEN;

/// Whether a rule can fire in some complete case, and whether it can stay silent in some.
#[derive(Clone, Copy)]
struct Firing {
    can_fire: bool,
    can_stay: bool,
}

impl Firing {
    const ALWAYS: Self = Self {
        can_fire: true,
        can_stay: false,
    };

    /// A rule that fires at `fires_at`, over the possibilities `bits`.
    const fn of(bits: u32, fires_at: u32) -> Self {
        Self {
            can_fire: bits & fires_at != 0,
            can_stay: bits & !fires_at != 0,
        }
    }
}

/// The places of the bits that are set.
pub(crate) fn places(mut bits: u32) -> impl Iterator<Item = usize> {
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
