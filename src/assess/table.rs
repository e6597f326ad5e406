//! The rulebook compiled into masks: for every value of every fact the rules that it satisfies.
//!
//! What makes an exact answer cheap, asserted at compile time: a rule that reads several facts reads
//! at most one outside [`LOOPED`]. So with the looped facts fixed, every other fact acts on its own,
//! and the sets of effects join without a walk over their combinations.

use crate::assess::host::{HostEditions, HostFamilies, HostFamily};
use crate::assess::rules::{Effect, FactName, FactNames, TABLE, When};
use crate::catalog::hosts::{self, AzureLocalLicense, AzureLocalLicenses, Support};
use crate::catalog::keys::{self, KeyChannel};
use crate::catalog::products::{Product, Products};
use crate::catalog::releases::AnyRelease;
use crate::fact::{Possibility, YesNo};
use crate::license::HostLicenses;

/// A set of rules: bit `n` is row `n` of the table.
pub(crate) type RuleMask = u64;
const _: () = assert!(TABLE.len() <= 64);

/// How many facts there are, and how many values the largest domain has.
pub(crate) const FACTS: usize = FactName::ALL.len();
const RELEASES: usize = AnyRelease::ALL.len();
const PRODUCTS: usize = Product::ALL.len();
const VALUES: usize = if RELEASES > PRODUCTS {
    RELEASES
} else {
    PRODUCTS
};

/// Every possibility of a fact, as bits.
pub(crate) const fn domain(fact: FactName) -> u32 {
    match fact {
        FactName::GuestRelease | FactName::HostRelease => {
            crate::catalog::releases::Releases::unknown().bits()
        }
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

/// The facts over whose values the evaluation loops, because rules read several of them together.
const LOOPED: FactNames = FactNames::from_bits(
    1 << FactName::GuestRelease as u32
        | 1 << FactName::GuestProduct as u32
        | 1 << FactName::HostFamily as u32
        | 1 << FactName::HostRelease as u32
        | 1 << FactName::AzureLocalLicense as u32,
);

/// The rules that forbid; the others leave undocumented.
pub(crate) const FORBIDDING: RuleMask = {
    let (mut mask, mut place) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        if matches!(TABLE[place].effect, Effect::Forbids) {
            mask |= 1 << place;
        }
        place += 1;
    }
    mask
};

/// The rules that forbid and name the HRESULT that a guest sees, with the facts that those of one fact
/// read.
pub(crate) const REFUSING: (RuleMask, u32) = {
    let (mut rules, mut facts, mut place) = (0, 0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        if FORBIDDING >> place & 1 == 1 && !TABLE[place].symptoms.is_empty() {
            rules |= 1 << place;
            if let When::In(fact, _) = TABLE[place].when {
                facts |= 1 << fact as u32;
            }
        }
        place += 1;
    }
    (rules, facts)
};

/// The rules that speak of a family.
pub(crate) static OF_FAMILY: [RuleMask; HostFamily::ALL.len()] = {
    let mut masks = [0; HostFamily::ALL.len()];
    let mut place = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        let mut family = 0;
        while family < masks.len() {
            if TABLE[place].families.bits() >> family & 1 == 1 {
                masks[family] |= 1 << place;
            }
            family += 1;
        }
        place += 1;
    }
    masks
};

/// The rules that a family alone decides.
pub(crate) const ALWAYS: RuleMask = select(Kind::Always);
/// The rules about the release and product of the guest for which no key is published.
pub(crate) const KEY_MISSING: RuleMask = select(Kind::KeyMissing);
/// The rules about the matrix.
pub(crate) const MATRIX_NO: RuleMask = select(Kind::MatrixNo);

#[derive(Clone, Copy)]
enum Kind {
    Always,
    KeyMissing,
    MatrixNo,
}

const fn select(kind: Kind) -> RuleMask {
    let (mut mask, mut place) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        let hit = matches!(
            (kind, TABLE[place].when),
            (Kind::Always, When::Always)
                | (Kind::KeyMissing, When::KeyMissing)
                | (Kind::MatrixNo, When::MatrixNo)
        );
        if hit {
            mask |= 1 << place;
        }
        place += 1;
    }
    mask
}

/// `SINGLE[fact][value]`: the rules that read this fact alone and fire at this value.
pub(crate) static SINGLE: [[RuleMask; VALUES]; FACTS] = {
    let mut table = [[0; VALUES]; FACTS];
    let mut place = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        if let When::In(fact, values) = TABLE[place].when {
            assert!(values != 0, "a rule that can not fire");
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
};

/// For every fact the rules that read it alone, at whatever value they fire.
pub(crate) static ANY_VALUE: [RuleMask; FACTS] = {
    let mut table = [0; FACTS];
    let mut fact = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while fact < FACTS {
        let mut value = 0;
        while value < VALUES {
            table[fact] |= SINGLE[fact][value];
            value += 1;
        }
        fact += 1;
    }
    table
};

// A fact of which nothing is known makes no rule certain.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let mut place = 0;
    while place < TABLE.len() {
        if let When::In(fact, values) = TABLE[place].when {
            assert!(
                values & domain(fact) == values,
                "a value outside the domain"
            );
            assert!(values != domain(fact), "a rule that fires at every value");
        }
        place += 1;
    }
};

/// For every family the facts that its rules read alone.
pub(crate) static READ_ALONE: [u32; HostFamily::ALL.len()] = {
    let mut table = [0; HostFamily::ALL.len()];
    let mut place = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        if let When::In(fact, _) = TABLE[place].when {
            let mut family = 0;
            while family < table.len() {
                if TABLE[place].families.bits() >> family & 1 == 1 {
                    table[family] |= 1 << fact as u32;
                }
                family += 1;
            }
        }
        place += 1;
    }
    table
};

/// The rules that read several facts which are each in a set, with what they ask for.
pub(crate) struct Conjunction {
    /// The rule.
    pub(crate) rule: RuleMask,
    /// What it asks for: a fact and the values at which it fires.
    pub(crate) facts: &'static [(FactName, u32)],
}

const CONJUNCTIONS_LEN: usize = {
    let (mut count, mut place) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        count += matches!(TABLE[place].when, When::All(_)) as usize;
        place += 1;
    }
    count
};

/// Every rule of several facts. All are rules of Azure Local, which the evaluation relies on.
pub(crate) static CONJUNCTIONS: [Conjunction; CONJUNCTIONS_LEN] = {
    const EMPTY: Conjunction = Conjunction {
        rule: 0,
        facts: &[],
    };
    let mut table = [EMPTY; CONJUNCTIONS_LEN];
    let (mut count, mut place) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        if let When::All(facts) = TABLE[place].when {
            assert!(TABLE[place].families.bits() == 1 << HostFamily::AzureLocal as u32);
            table[count] = Conjunction {
                rule: 1 << place,
                facts,
            };
            count += 1;
        }
        place += 1;
    }
    table
};

/// For every product the guest releases (bits) for which [`When::KeyMissing`] holds.
pub(crate) static KEY_MISSING_RELEASES: [u32; PRODUCTS] = {
    let mut table = [0; PRODUCTS];
    let mut product = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while product < PRODUCTS {
        let out_of_the_question = matches!(
            Product::ALL[product],
            Product::NotWindows | Product::Client | Product::Foundation
        );
        let mut release = 0;
        while release < RELEASES {
            let of = AnyRelease::ALL[release];
            if !out_of_the_question
                && !hosts::is_too_old(of)
                && !keys::has_row(of, Product::ALL[product], KeyChannel::Avma)
            {
                table[product] |= 1 << release;
            }
            release += 1;
        }
        product += 1;
    }
    table
};

/// For every host release the guest releases (bits) for which [`When::MatrixNo`] holds.
pub(crate) static MATRIX_NO_RELEASES: [u32; RELEASES] = {
    let mut table = [0; RELEASES];
    let mut host = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while host < RELEASES {
        let mut guest = 0;
        while guest < RELEASES {
            let (of, to) = (AnyRelease::ALL[host], AnyRelease::ALL[guest]);
            if hosts::is_named(of)
                && hosts::is_named(to)
                && matches!(hosts::windows_server(of, to).support, Support::No)
            {
                table[host] |= 1 << guest;
            }
            guest += 1;
        }
        host += 1;
    }
    table
};

/// `AZURE_LOCAL[licence][product]`: guest releases (bits) to which the Azure Local table says no, and
/// of which it says nothing.
pub(crate) static AZURE_LOCAL: [[(u32, u32); PRODUCTS]; AzureLocalLicense::ALL.len()] = {
    let mut table = [[(0, 0); PRODUCTS]; AzureLocalLicense::ALL.len()];
    let mut license = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while license < table.len() {
        let by = AzureLocalLicense::ALL[license];
        let grants = !matches!(by, AzureLocalLicense::None | AzureLocalLicense::KeyTooOld);
        let mut product = 0;
        while product < PRODUCTS {
            let mut release = 0;
            while release < RELEASES {
                let guest = AnyRelease::ALL[release];
                if grants && hosts::is_named(guest) {
                    match hosts::azure_local(by, guest, Product::ALL[product]).support {
                        Support::Yes => {}
                        Support::No => table[license][product].0 |= 1 << release,
                        Support::NotDocumented => table[license][product].1 |= 1 << release,
                    }
                }
                release += 1;
            }
            product += 1;
        }
        license += 1;
    }
    table
};

/// The rules that speak of a cell of the Azure Local table: no, and not documented.
pub(crate) const AZURE_LOCAL_CELLS: (RuleMask, RuleMask) = {
    let (mut no, mut undocumented, mut place) = (0, 0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while place < TABLE.len() {
        if let When::AzureLocalCell(support) = TABLE[place].when {
            match support {
                Support::No => no |= 1 << place,
                Support::NotDocumented => undocumented |= 1 << place,
                Support::Yes => {}
            }
        }
        place += 1;
    }
    // The evaluation takes the effects of these rules for granted.
    assert!(no & FORBIDDING == no && undocumented & FORBIDDING == 0);
    assert!(MATRIX_NO & FORBIDDING == MATRIX_NO && KEY_MISSING & FORBIDDING == 0);
    assert!(ALWAYS & FORBIDDING == ALWAYS);
    (no, undocumented)
};

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
const _: () = {
    let mut place = 0;
    while place < TABLE.len() {
        let rest = TABLE[place].reads().bits() & !LOOPED.bits();
        assert!(
            rest.count_ones() <= 1,
            "a rule reads two facts that are not looped over"
        );
        place += 1;
    }
};

/// A set of effects on the verdict, as bits: that a case is left alone, left undocumented, forbidden.
pub(crate) type Effects = u8;
/// No rule fires.
pub(crate) const NONE: Effects = 1;
/// The worst that fires leaves undocumented.
pub(crate) const UNDOCUMENTED: Effects = 2;
/// A rule forbids.
pub(crate) const FORBIDDEN: Effects = 4;

const fn effect_of(fired: RuleMask) -> Effects {
    if fired & FORBIDDING != 0 {
        FORBIDDEN
    } else if fired != 0 {
        UNDOCUMENTED
    } else {
        NONE
    }
}

/// `EFFECT[family][fact][value]`: what one value of one fact does by itself.
static EFFECT: [[[Effects; VALUES]; FACTS]; HostFamily::ALL.len()] = {
    let mut table = [[[NONE; VALUES]; FACTS]; HostFamily::ALL.len()];
    let mut family = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while family < table.len() {
        let mut fact = 0;
        while fact < FACTS {
            let mut value = 0;
            while value < VALUES {
                table[family][fact][value] = effect_of(SINGLE[fact][value] & OF_FAMILY[family]);
                value += 1;
            }
            fact += 1;
        }
        family += 1;
    }
    table
};

/// What the values of each fact do by themselves, for the facts over which the evaluation does not
/// loop; the others, and those that a family does not read, leave a case alone at every value.
pub(crate) struct Alone {
    /// `[fact]`: the values at which no rule fires.
    pub(crate) none: [u32; FACTS],
    /// `[fact]`: those at which the worst that fires leaves undocumented.
    pub(crate) undocumented: [u32; FACTS],
    /// `[fact]`: those at which a rule forbids.
    pub(crate) forbidden: [u32; FACTS],
}

/// `ALONE[family]`.
pub(crate) static ALONE: [Alone; HostFamily::ALL.len()] = {
    const EMPTY: Alone = Alone {
        none: [0; FACTS],
        undocumented: [0; FACTS],
        forbidden: [0; FACTS],
    };
    let mut table = [EMPTY; HostFamily::ALL.len()];
    let mut family = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while family < table.len() {
        let mut fact = 0;
        while fact < FACTS {
            let alone = READ_ALONE[family] & !LOOPED.bits() & 1 << fact != 0;
            if alone {
                let mut value = 0;
                while value < VALUES {
                    let values = match EFFECT[family][fact][value] {
                        FORBIDDEN => &mut table[family].forbidden,
                        UNDOCUMENTED => &mut table[family].undocumented,
                        _ => &mut table[family].none,
                    };
                    values[fact] |= 1 << value;
                    value += 1;
                }
            } else {
                table[family].none[fact] = u32::MAX;
            }
            fact += 1;
        }
        family += 1;
    }
    table
};

/// Guest releases (bits) that a case forbids or leaves undocumented.
#[derive(Clone, Copy)]
pub(crate) struct Releases {
    /// Forbidden.
    pub(crate) forbidden: u32,
    /// Undocumented, as far as not forbidden.
    pub(crate) undocumented: u32,
}

impl Releases {
    const NONE: Self = Self {
        forbidden: 0,
        undocumented: 0,
    };

    /// All of them, or none, by what one value of another fact does.
    const fn all(effect: Effects) -> Self {
        match effect {
            FORBIDDEN => Self {
                forbidden: u32::MAX,
                undocumented: 0,
            },
            UNDOCUMENTED => Self {
                forbidden: 0,
                undocumented: u32::MAX,
            },
            _ => Self::NONE,
        }
    }

    /// Both together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            forbidden: self.forbidden | other.forbidden,
            undocumented: self.undocumented | other.undocumented,
        }
    }

    /// What they do to a guest whose release is one of `releases`.
    pub(crate) fn effects(self, releases: u32) -> Effects {
        let rest = releases & !self.forbidden;
        (u8::from(rest & !self.undocumented != 0) * NONE)
            | (u8::from(rest & self.undocumented != 0) * UNDOCUMENTED)
            | (u8::from(releases & self.forbidden != 0) * FORBIDDEN)
    }
}

/// `GUEST[family][product]`: what the guest's rules say by release.
pub(crate) static GUEST: [[Releases; PRODUCTS]; HostFamily::ALL.len()] = {
    let mut table = [[Releases::NONE; PRODUCTS]; HostFamily::ALL.len()];
    let mut family = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while family < table.len() {
        let mut product = 0;
        while product < PRODUCTS {
            let of_product = EFFECT[family][FactName::GuestProduct as usize][product];
            let mut releases = Releases::all(of_product);
            releases.undocumented |= KEY_MISSING_RELEASES[product];
            let mut release = 0;
            while release < RELEASES {
                match EFFECT[family][FactName::GuestRelease as usize][release] {
                    FORBIDDEN => releases.forbidden |= 1 << release,
                    UNDOCUMENTED => releases.undocumented |= 1 << release,
                    _ => {}
                }
                release += 1;
            }
            table[family][product] = releases;
            product += 1;
        }
        family += 1;
    }
    table
};

/// `WINDOWS_SERVER[release]`: what the release of a Windows Server host says by guest release.
pub(crate) static WINDOWS_SERVER: [Releases; RELEASES] = {
    let mut table = [Releases::NONE; RELEASES];
    let family = HostFamily::WindowsServer as usize;
    let mut host = 0;
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while host < RELEASES {
        table[host] = Releases::all(EFFECT[family][FactName::HostRelease as usize][host]);
        table[host].forbidden |= MATRIX_NO_RELEASES[host];
        host += 1;
    }
    table
};

/// What the licence of an Azure Local host says by guest release, for a product.
#[expect(clippy::indexing_slicing, reason = "both are places in their domains")]
pub(crate) fn azure_local(license: usize, product: usize) -> Releases {
    let family = HostFamily::AzureLocal as usize;
    let (forbidden, undocumented) = AZURE_LOCAL[license][product];
    Releases::all(EFFECT[family][FactName::AzureLocalLicense as usize][license]).and(Releases {
        forbidden,
        undocumented,
    })
}
