//! The rulebook compiled into masks: for every value of every fact the rules that it satisfies, and for
//! every cell of every family's table what it does.
//!
//! What makes an exact answer cheap, asserted at compile time: beside the guest's release and product
//! and the fact that picks the row of a family's table (its *level*), a rule reads at most one fact,
//! and that one is read by no other rule. So with the level and the product fixed the releases are
//! judged at once, by masks, and every other fact acts on its own: the sets of effects join without a
//! walk over their combinations.

use crate::assess::guest::Guest;
use crate::catalog::cell::{Because, Support};
use crate::catalog::hosts::windows_server::HostEditions;
use crate::catalog::hosts::{self, AzureLocalLicense, AzureLocalLicenses};
use crate::catalog::keys::{self, KeyChannel};
use crate::catalog::products::{Product, Products};
use crate::catalog::releases::{AnyRelease, Releases as ReleaseFact};
use crate::catalog::rule::{Effect, FACTS, FactName, HostFamilies, HostFamily, Rule, When};
use crate::catalog::rulebook::TABLE;
use crate::fact::{Possibility, YesNo};
use crate::license::HostLicenses;

/// A set of rules: bit `n` is row `n` of the table.
pub(crate) type RuleMask = u64;
const _: () = assert!(TABLE.len() <= 64);

/// How many values the domains have that tables are indexed by.
const RELEASES: usize = AnyRelease::ALL.len();
pub(crate) const PRODUCTS: usize = Product::ALL.len();
const FAMILIES: usize = HostFamily::ALL.len();
/// As many values as the largest domain has.
const VALUES: usize = larger(larger(RELEASES, AzureLocalLicense::ALL.len()), PRODUCTS);

const fn larger(one: usize, other: usize) -> usize {
    if one > other { one } else { other }
}

/// Every possibility of a fact, as bits.
pub(crate) const fn domain(fact: FactName) -> u32 {
    match fact {
        FactName::GuestRelease | FactName::HostRelease => ReleaseFact::unknown().bits(),
        FactName::GuestProduct => Products::unknown().bits(),
        FactName::HostFamily => HostFamilies::unknown().bits(),
        FactName::HostEdition => HostEditions::unknown().bits(),
        FactName::HostLicense => HostLicenses::unknown().bits(),
        FactName::AzureLocalLicense => AzureLocalLicenses::unknown().bits(),
        FactName::GuestEvaluation
        | FactName::DataExchange
        | FactName::GuestService
        | FactName::HostEvaluation
        | FactName::HyperVRole
        | FactName::Nested
        | FactName::PayAsYouGo
        | FactName::SoftwareAssurance
        | FactName::Synced
        | FactName::AzureVerification
        | FactName::BiosMarker => YesNo::unknown().bits(),
    }
}

/// The facts of the guest, and the family: they mean something whatever the host is.
pub(crate) const OF_ANY_HOST: u32 = Guest::FACTS | FactName::HostFamily.bit();

/// The facts that mean something for one family.
pub(crate) const fn facts_of(family: HostFamily) -> u32 {
    OF_ANY_HOST | hosts::family(family).facts
}

/// Bit `n` for every row of the table of which this is true.
macro_rules! rules_where {
    ($rule:ident => $is:expr) => {{
        let (mut mask, mut place) = (0, 0);
        #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
        while place < TABLE.len() {
            let $rule: &Rule = TABLE[place];
            if $is {
                mask |= 1 << place;
            }
            place += 1;
        }
        mask
    }};
}

/// The rules that forbid.
pub(crate) const FORBIDDING: RuleMask =
    rules_where!(rule => matches!(rule.effect, Effect::Forbids));
/// The rules that may matter: they change no answer.
pub(crate) const MAY_MATTER: RuleMask =
    rules_where!(rule => matches!(rule.effect, Effect::MayMatter));
/// The rules that forbid and name the HRESULT that a guest sees.
pub(crate) const REFUSING: RuleMask =
    rules_where!(rule => matches!(rule.effect, Effect::Forbids) && !rule.symptoms.is_empty());
/// The rules that a family alone decides.
pub(crate) const ALWAYS: RuleMask = rules_where!(rule => matches!(rule.when, When::Always));

/// The rules that speak of a family.
pub(crate) static OF_FAMILY: [RuleMask; FAMILIES] = RULES_OF;
const RULES_OF: [RuleMask; FAMILIES] = of_family();

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn of_family() -> [RuleMask; FAMILIES] {
    let mut masks = [0; FAMILIES];
    let mut family = 0;
    while family < FAMILIES {
        masks[family] = rules_where!(rule => rule.families.bits() >> family & 1 == 1);
        family += 1;
    }
    masks
}

/// `SINGLE[fact][value]`: the rules that read this fact alone and fire at this value.
pub(crate) static SINGLE: [[RuleMask; VALUES]; FACTS] = ONE_FACT;
const ONE_FACT: [[RuleMask; VALUES]; FACTS] = single();

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn single() -> [[RuleMask; VALUES]; FACTS] {
    let mut table = [[0; VALUES]; FACTS];
    let mut place = 0;
    while place < TABLE.len() {
        if let When::In(fact, values) = TABLE[place].when {
            assert!(values != 0, "a rule that cannot fire");
            assert!(
                values & domain(fact) == values,
                "a value outside the domain"
            );
            // A fact of which nothing is known makes no rule certain.
            assert!(values != domain(fact), "a rule that fires at every value");
            let mut value = 0;
            while value < VALUES {
                if values >> value & 1 == 1 {
                    table[fact as usize][value] |= 1 << place;
                }
                value += 1;
            }
        }
        place += 1;
    }
    table
}

/// For every fact the rules that read it alone, at whatever value they fire.
pub(crate) static ANY_VALUE: [RuleMask; FACTS] = {
    let mut table = [0; FACTS];
    let mut fact = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while fact < FACTS {
        table[fact] =
            rules_where!(rule => matches!(rule.when, When::In(of, _) if of as usize == fact));
        fact += 1;
    }
    table
};

/// For every family the facts that its rules read alone.
pub(crate) static READ_ALONE: [u32; FAMILIES] = {
    let mut table = [0; FAMILIES];
    let mut family = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while family < FAMILIES {
        let mut place = 0;
        while place < TABLE.len() {
            if let When::In(fact, _) = TABLE[place].when {
                if TABLE[place].families.bits() >> family & 1 == 1 {
                    table[family] |= fact.bit();
                }
            }
            place += 1;
        }
        family += 1;
    }
    table
};

/// The rules that no single fact decides: by the level of a family's table, the guest's product and its
/// release, and at most one fact more.
#[derive(Clone, Copy)]
pub(crate) struct Looped {
    /// Row of the rulebook.
    pub(crate) place: usize,
    /// The fact that it asks for beside, and the values at which it fires.
    pub(crate) and: Option<(FactName, u32)>,
}

const fn is_looped(rule: &Rule) -> bool {
    !matches!(rule.when, When::In(..) | When::Always)
}

/// The same as a set.
const LOOPED_MASK: RuleMask = rules_where!(rule => is_looped(rule));
const LOOPED: usize = LOOPED_MASK.count_ones() as usize;

/// Every one, in the order of the rulebook.
static LOOPED_RULES: [Looped; LOOPED] = SEVERAL;
const SEVERAL: [Looped; LOOPED] = looped();

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn looped() -> [Looped; LOOPED] {
    const NONE: Looped = Looped {
        place: 0,
        and: None,
    };
    let mut table = [NONE; LOOPED];
    let (mut count, mut place) = (0, 0);
    while place < TABLE.len() {
        if is_looped(TABLE[place]) {
            table[count] = Looped {
                place,
                and: match TABLE[place].when {
                    When::Both(_, and) | When::CellAnd(_, _, and) => Some(and),
                    _ => None,
                },
            };
            count += 1;
        }
        place += 1;
    }
    table
}

/// How many levels a family's table has; 1 where nothing picks a row.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn levels(family: usize) -> usize {
    match hosts::family(HostFamily::ALL[family]).level {
        Some(level) => domain(level).count_ones() as usize,
        None => 1,
    }
}

/// The fact that picks the row of a family's table.
pub(crate) static LEVEL: [Option<FactName>; FAMILIES] = {
    let mut table = [None; FAMILIES];
    let mut family = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while family < FAMILIES {
        table[family] = hosts::family(HostFamily::ALL[family]).level;
        family += 1;
    }
    table
};

/// The cells of one family in the flat table [`CELLS`]: a row a level and one more for all of them
/// together, and so for the products. So what is not known at all is one look-up, not a walk.
#[derive(Clone, Copy)]
pub(crate) struct Grid {
    start: usize,
    levels: usize,
    /// The rules that read several facts and speak of the family, by their places in [`LOOPED_RULES`];
    /// the rest is `LOOPED`.
    rules: [usize; MOST],
}

impl Grid {
    /// The place of a level and a product; the number of levels, of products, means all of them.
    pub(crate) const fn place(&self, level: usize, product: usize) -> usize {
        self.start + level * (PRODUCTS + 1) + product
    }

    /// The number of levels.
    pub(crate) const fn levels(&self) -> usize {
        self.levels
    }

    /// The rules that read several facts and speak of the family.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &'static Looped> {
        self.rules.iter().map_while(|at| LOOPED_RULES.get(*at))
    }
}

/// The most rules of several facts that speak of one family.
pub(crate) const MOST: usize = {
    let (mut most, mut family) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while family < FAMILIES {
        let rules = (RULES_OF[family] & LOOPED_MASK).count_ones() as usize;
        most = larger(most, rules);
        family += 1;
    }
    most
};

/// `GRIDS[family]`.
pub(crate) static GRIDS: [Grid; FAMILIES] = GRIDS_OF.0;
/// With the number of all cells.
const GRIDS_OF: ([Grid; FAMILIES], usize) = {
    const EMPTY: Grid = Grid {
        start: 0,
        levels: 0,
        rules: [LOOPED; MOST],
    };
    let mut grids = [EMPTY; FAMILIES];
    let (mut start, mut family) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while family < FAMILIES {
        let grid = &mut grids[family];
        (grid.start, grid.levels) = (start, levels(family));
        start += (grid.levels + 1) * (PRODUCTS + 1);
        let (mut count, mut at) = (0, 0);
        while at < LOOPED {
            if TABLE[SEVERAL[at].place].families.bits() >> family & 1 == 1 {
                grid.rules[count] = at;
                count += 1;
            }
            at += 1;
        }
        family += 1;
    }
    (grids, start)
};

/// Where a rule of several facts fires: at some of the cells, and at every one of them.
#[derive(Clone, Copy)]
pub(crate) struct Fires {
    /// The guest's releases (bits) at which it fires, or may fire where it asks for a fact beside.
    pub(crate) some: u32,
    /// Those at which it does so at every cell.
    pub(crate) every: u32,
}

/// A cell, or several together.
#[derive(Clone, Copy)]
pub(crate) struct Judged {
    /// What the rules say that ask for no fact beside level, product and release: for each effect the
    /// releases (bits) at which it is the case at some of the cells.
    none: u32,
    undocumented: u32,
    forbidden: u32,
    /// The rules of the grid, in their order.
    pub(crate) fires: [Fires; MOST],
}

impl Judged {
    /// The effects on a guest whose release is one of `releases`.
    pub(crate) const fn effects(&self, releases: u32) -> Effects {
        (((releases & self.none != 0) as u8) * NONE)
            | (((releases & self.undocumented != 0) as u8) * UNDOCUMENTED)
            | (((releases & self.forbidden != 0) as u8) * FORBIDDEN)
    }
}

/// The cells of all grids.
pub(crate) static CELLS: [Judged; GRIDS_OF.1] = judged();

#[expect(
    clippy::indexing_slicing,
    clippy::large_stack_arrays,
    reason = "evaluated at compile time"
)]
const fn judged() -> [Judged; GRIDS_OF.1] {
    const NOTHING: Judged = Judged {
        none: 0,
        undocumented: 0,
        forbidden: 0,
        fires: [Fires {
            some: 0,
            every: u32::MAX,
        }; MOST],
    };
    let mut table = [NOTHING; GRIDS_OF.1];
    let mut family = 0;
    while family < FAMILIES {
        let grid = &GRIDS_OF.0[family];
        let mut level = 0;
        while level < grid.levels {
            let mut product = 0;
            while product < PRODUCTS {
                let cell = judge(family, level, product);
                let mut group = 0;
                while group < 4 {
                    let place = grid.place(
                        if group & 1 == 0 { level } else { grid.levels },
                        if group & 2 == 0 { product } else { PRODUCTS },
                    );
                    let all = &mut table[place];
                    all.none |= cell.none;
                    all.undocumented |= cell.undocumented;
                    all.forbidden |= cell.forbidden;
                    let mut rule = 0;
                    while rule < MOST {
                        all.fires[rule].some |= cell.fires[rule].some;
                        all.fires[rule].every &= cell.fires[rule].every;
                        rule += 1;
                    }
                    group += 1;
                }
                product += 1;
            }
            level += 1;
        }
        family += 1;
    }
    table
}

/// One cell.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn judge(family: usize, level: usize, product: usize) -> Judged {
    let mut cell = Judged {
        none: 0,
        undocumented: 0,
        forbidden: 0,
        fires: [Fires { some: 0, every: 0 }; MOST],
    };
    let rules = &GRIDS_OF.0[family].rules;
    let mut at = 0;
    while at < MOST && rules[at] < LOOPED {
        let rule = TABLE[SEVERAL[rules[at]].place];
        let releases = releases(rule, family, level, product);
        cell.fires[at] = Fires {
            some: releases,
            every: releases,
        };
        at += 1;
    }
    let of_level = match hosts::family(HostFamily::ALL[family]).level {
        Some(fact) => ONE_FACT[fact as usize][level],
        None => 0,
    };
    let of_product = ONE_FACT[FactName::GuestProduct as usize][product];
    let mut release = 0;
    while release < RELEASES {
        let of_release = ONE_FACT[FactName::GuestRelease as usize][release];
        let mut fired = (ALWAYS | of_level | of_product | of_release) & RULES_OF[family];
        let mut at = 0;
        while at < MOST && rules[at] < LOOPED {
            let rule = SEVERAL[rules[at]];
            if rule.and.is_none() {
                fired |= (cell.fires[at].some as u64 >> release & 1) << rule.place;
            }
            at += 1;
        }
        match effect_of(fired) {
            FORBIDDEN => cell.forbidden |= 1 << release,
            UNDOCUMENTED => cell.undocumented |= 1 << release,
            _ => cell.none |= 1 << release,
        }
        release += 1;
    }
    cell
}

/// The releases at which one rule fires.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn releases(rule: &Rule, family: usize, level: usize, product: usize) -> u32 {
    let of = HostFamily::ALL[family];
    match rule.when {
        When::Always | When::In(..) => 0,
        When::Both((fact, values), _) => {
            let value = match (fact, hosts::family(of).level) {
                (FactName::GuestProduct, _) => product,
                (fact, Some(by)) if fact as u8 == by as u8 => level,
                _ => panic_of_both(),
            };
            if values >> value & 1 == 1 {
                ReleaseFact::unknown().bits()
            } else {
                0
            }
        }
        When::Cell(support, because) | When::CellAnd(support, because, _) => {
            cells(of, level, product, support, because)
        }
        When::GuestUnnamed => {
            let mut unnamed = !hosts::NAMED_BY_ANY.bits();
            // A release that other tables name and this one does not: its own rule, or this.
            if hosts::family(of).named != 0 && !has_rule_for_unnamed(of) {
                unnamed |= !hosts::family(of).named;
            }
            unnamed & ReleaseFact::unknown().bits() & !ReleaseFact::BEFORE_AVMA.bits()
        }
        When::KeyMissing => WITHOUT_KEY[product],
    }
}

#[expect(
    clippy::panic,
    reason = "evaluated at compile time: a rule of that form does not build"
)]
const fn panic_of_both() -> usize {
    panic!("the first fact of `Both` is the guest's product or the family's level")
}

/// The releases whose cells are of a kind. A release that no table names is the business of
/// [`When::GuestUnnamed`].
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn cells(
    family: HostFamily,
    level: usize,
    product: usize,
    support: Support,
    because: u32,
) -> u32 {
    let (mut releases, mut release) = (0, 0);
    while release < RELEASES {
        let guest = AnyRelease::ALL[release];
        if let Some(cell) = hosts::cell(family, level, guest, Product::ALL[product]) {
            let unnamed = matches!(cell.because, Because::Release) && !hosts::is_named(guest);
            if cell.support as u8 == support as u8 && cell.because.bit() & because != 0 && !unnamed
            {
                releases |= 1 << release;
            }
        }
        release += 1;
    }
    releases
}

/// Whether a rule speaks of the releases that a family's table does not name.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn has_rule_for_unnamed(family: HostFamily) -> bool {
    let mut place = 0;
    while place < TABLE.len() {
        if let When::Cell(Support::NotDocumented, because) = TABLE[place].when {
            if because & Because::Release.bit() != 0
                && TABLE[place].families.bits() >> family as u32 & 1 == 1
            {
                return true;
            }
        }
        place += 1;
    }
    false
}

const WITHOUT_KEY: [u32; PRODUCTS] = {
    let mut table = [0; PRODUCTS];
    let mut product = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while product < PRODUCTS {
        table[product] = key_missing(product);
        product += 1;
    }
    table
};

/// The releases for which no AVMA key of a product is published, unless a rule speaks of the product or
/// the release by itself.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn key_missing(product: usize) -> u32 {
    if ONE_FACT[FactName::GuestProduct as usize][product] != 0 {
        return 0;
    }
    let (mut releases, mut release) = (0, 0);
    while release < RELEASES {
        let of = AnyRelease::ALL[release];
        if !of.is_before_avma() && !keys::has_row(of, Product::ALL[product], KeyChannel::Avma) {
            releases |= 1 << release;
        }
        release += 1;
    }
    releases
}

/// A set of effects on the verdict, as bits: that a case is left alone, left undocumented, forbidden.
pub(crate) type Effects = u8;
/// No rule fires that decides.
pub(crate) const NONE: Effects = 1;
/// The worst that fires leaves undocumented.
pub(crate) const UNDOCUMENTED: Effects = 2;
/// A rule forbids.
pub(crate) const FORBIDDEN: Effects = 4;

const fn effect_of(fired: RuleMask) -> Effects {
    if fired & FORBIDDING != 0 {
        FORBIDDEN
    } else if fired & !MAY_MATTER != 0 {
        UNDOCUMENTED
    } else {
        NONE
    }
}

/// The facts that are judged together, level by level and product by product.
const TOGETHER: u32 = FactName::GuestRelease.bit()
    | FactName::GuestProduct.bit()
    | FactName::HostRelease.bit()
    | FactName::AzureLocalLicense.bit();

/// What the values of each fact do by themselves, for the facts that are not judged together; those
/// that a family does not read leave a case alone at every value.
pub(crate) struct Alone {
    /// `[fact]`: the values at which no rule fires.
    pub(crate) none: [u32; FACTS],
    /// `[fact]`: those at which the worst that fires leaves undocumented.
    pub(crate) undocumented: [u32; FACTS],
    /// `[fact]`: those at which a rule forbids.
    pub(crate) forbidden: [u32; FACTS],
}

/// `ALONE[family]`.
pub(crate) static ALONE: [Alone; FAMILIES] = alone();

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const fn alone() -> [Alone; FAMILIES] {
    const EMPTY: Alone = Alone {
        none: [0; FACTS],
        undocumented: [0; FACTS],
        forbidden: [0; FACTS],
    };
    let (single, rules) = (&ONE_FACT, &RULES_OF);
    let mut table = [EMPTY; FAMILIES];
    let mut family = 0;
    while family < FAMILIES {
        let mut fact = 0;
        while fact < FACTS {
            let together = TOGETHER >> fact & 1 == 1;
            let mut value = 0;
            while value < 32 {
                let effect = if together || value >= VALUES {
                    NONE
                } else {
                    effect_of(single[fact][value] & rules[family])
                };
                match effect {
                    FORBIDDEN => table[family].forbidden[fact] |= 1 << value,
                    UNDOCUMENTED => table[family].undocumented[fact] |= 1 << value,
                    _ => table[family].none[fact] |= 1 << value,
                }
                value += 1;
            }
            fact += 1;
        }
        family += 1;
    }
    table
}

// A cell is a rule: for every family, level, product and release the rulebook says what the cell says,
// with the other facts at values that raise no question. So a release that a table does not name is
// never eligible, and never forbidden by its age unless AVMA came later.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let product = Product::Datacenter as usize;
    let mut family = 0;
    while family < FAMILIES {
        let mut level = 0;
        while level < levels(family) {
            let mut release = 0;
            while release < RELEASES {
                let (of, guest) = (HostFamily::ALL[family], AnyRelease::ALL[release]);
                if let Some(cell) = hosts::cell(of, level, guest, Product::ALL[product]) {
                    let place = GRIDS_OF.0[family].place(level, product);
                    let says = CELLS[place].effects(1 << release);
                    assert!(match cell.support {
                        Support::Yes => says == NONE || WITHOUT_KEY[product] >> release & 1 == 1,
                        Support::No => says == FORBIDDEN,
                        Support::NotDocumented => says == UNDOCUMENTED || says == FORBIDDEN,
                    });
                }
                release += 1;
            }
            level += 1;
        }
        family += 1;
    }
};

// A rule that asks for a fact beside forbids, and no other rule reads that fact.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let (mut asked, mut at) = (TOGETHER, 0);
    while at < LOOPED {
        if let Some((fact, _)) = SEVERAL[at].and {
            assert!(asked & fact.bit() == 0, "two rules ask for one fact");
            assert!(FORBIDDING >> SEVERAL[at].place & 1 == 1);
            asked |= fact.bit();
        }
        at += 1;
    }
    let mut place = 0;
    while place < TABLE.len() {
        if let When::In(fact, _) = TABLE[place].when {
            let alone = fact.bit() & !TOGETHER;
            assert!(
                alone & asked == 0,
                "a fact that is asked for, and read alone"
            );
        }
        place += 1;
    }
};
