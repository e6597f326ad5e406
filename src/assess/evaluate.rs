//! Exact evaluation of the rulebook over partial facts.
//!
//! For facts F the verdict is the *set* of verdicts of all complete cases in F. Judging rule by rule
//! with three-valued logic would lose answers that are in fact determined; walking all cases would be
//! slow. The evaluation walks only the facts that rules read together and joins the rest.

use crate::assess::guest::Guest;
use crate::assess::host::{Host, HostEditions, HostFamilies, HostFamily};
use crate::assess::rules::FactName as F;
use crate::assess::rules::{FactName, FactNames};
use crate::assess::table::{
    ALONE, ALWAYS, AZURE_LOCAL, AZURE_LOCAL_CELLS, CONJUNCTIONS, EFFECT, Effects, FACTS, FORBIDDEN,
    FORBIDDING, GUEST, KEY_MISSING, KEY_MISSING_RELEASES, MATRIX_NO, MATRIX_NO_RELEASES, NONE,
    OF_FAMILY, RuleMask, SINGLE, UNDOCUMENTED, WINDOWS_SERVER, azure_local,
};
use crate::catalog::hosts::AzureLocalLicenses;
use crate::fact::YesNo;
use crate::license::HostLicenses;
use crate::product::Products;
use crate::release::Releases;

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
        let mut effects = self.looped_effects(family);
        for fact in places(at(&ALONE, family)) {
            effects = join(effects, self.effects_of_fact(family, fact));
        }
        effects
    }

    /// What the values of one fact do by themselves.
    fn effects_of_fact(&self, family: usize, fact: usize) -> Effects {
        let of_values = EFFECT.get(family).and_then(|facts| facts.get(fact));
        places(self.0.get(fact).copied().unwrap_or_default()).fold(0, |effects, value| {
            effects
                | of_values
                    .and_then(|values| values.get(value))
                    .unwrap_or(&NONE)
        })
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
                        let case = guest.and(azure_local(license, product)).effects(releases);
                        effects |= self.conjunctions(license, product, case);
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

    /// Joins the rules of several facts to a case of Azure Local whose looped facts are fixed.
    fn conjunctions(&self, license: usize, product: usize, mut case: Effects) -> Effects {
        for rule in &CONJUNCTIONS {
            let (mut can_fire, mut can_stay) = (true, false);
            for (fact, fires_at) in rule.facts {
                let bits = match fact {
                    F::AzureLocalLicense => 1 << license,
                    F::GuestProduct => 1 << product,
                    other => self.get(*other),
                };
                can_fire &= bits & fires_at != 0;
                can_stay |= bits & !fires_at != 0;
            }
            let fired = if rule.rule & FORBIDDING != 0 {
                FORBIDDEN
            } else {
                UNDOCUMENTED
            };
            case = join(
                case,
                (u8::from(can_stay) * NONE) | (u8::from(can_fire) * fired),
            );
        }
        case
    }

    /// The rules that fire in some complete case, and those that fire in every one.
    pub(crate) fn fired(&self) -> (RuleMask, RuleMask) {
        let (mut some, mut every) = self.fired_alone();
        let mut add = |rule: RuleMask, (can_fire, can_stay): (bool, bool)| {
            if can_fire {
                some |= rule;
                if !can_stay {
                    every |= rule;
                }
            }
        };
        add(ALWAYS, (true, false));
        add(KEY_MISSING, self.key_missing());
        add(MATRIX_NO, self.matrix_no());
        let families = self.get(F::HostFamily);
        if families >> HostFamily::AzureLocal as u32 & 1 == 1 {
            let (no, undocumented) = self.azure_local_cells();
            add(AZURE_LOCAL_CELLS.0, no);
            add(AZURE_LOCAL_CELLS.1, undocumented);
            for rule in &CONJUNCTIONS {
                let mut firing = (true, false);
                for (fact, fires_at) in rule.facts {
                    firing.0 &= self.get(*fact) & fires_at != 0;
                    firing.1 |= self.get(*fact) & !fires_at != 0;
                }
                add(rule.rule, firing);
            }
        }
        let (mut in_some, mut in_every) = (0, RuleMask::MAX);
        for family in self.families() {
            let rules = at(&OF_FAMILY, family);
            in_some |= rules;
            in_every &= rules;
        }
        (some & in_some, every & in_every)
    }

    /// The rules of one fact each.
    fn fired_alone(&self) -> (RuleMask, RuleMask) {
        let (mut some, mut every) = (0, 0);
        for (rules, bits) in SINGLE.iter().zip(&self.0) {
            let (mut in_some, mut in_every) = (0, RuleMask::MAX);
            for value in places(*bits) {
                let fired = at(rules, value);
                in_some |= fired;
                in_every &= fired;
            }
            some |= in_some;
            every |= in_every;
        }
        (some, every)
    }

    fn key_missing(&self) -> (bool, bool) {
        let releases = self.get(F::GuestRelease);
        any(places(self.get(F::GuestProduct)).map(|product| {
            let missing = at(&KEY_MISSING_RELEASES, product);
            (releases & missing != 0, releases & !missing != 0)
        }))
    }

    fn matrix_no(&self) -> (bool, bool) {
        let releases = self.get(F::GuestRelease);
        any(places(self.get(F::HostRelease)).map(|host| {
            let no = at(&MATRIX_NO_RELEASES, host);
            (releases & no != 0, releases & !no != 0)
        }))
    }

    fn azure_local_cells(&self) -> ((bool, bool), (bool, bool)) {
        let releases = self.get(F::GuestRelease);
        let (mut no, mut undocumented) = ((false, false), (false, false));
        for license in places(self.get(F::AzureLocalLicense)) {
            for product in places(self.get(F::GuestProduct)) {
                let (cells_no, cells_undocumented) = AZURE_LOCAL
                    .get(license)
                    .map(|products| at(products, product))
                    .unwrap_or_default();
                no.0 |= releases & cells_no != 0;
                no.1 |= releases & !cells_no != 0;
                undocumented.0 |= releases & cells_undocumented != 0;
                undocumented.1 |= releases & !cells_undocumented != 0;
            }
        }
        (no, undocumented)
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
    let mut bits = [YesNo::unknown().bits(); FACTS];
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    {
        bits[F::GuestRelease as usize] = Releases::unknown().bits();
        bits[F::GuestProduct as usize] = Products::unknown().bits();
        bits[F::HostFamily as usize] = HostFamilies::unknown().bits();
        bits[F::HostRelease as usize] = Releases::unknown().bits();
        bits[F::HostEdition as usize] = HostEditions::unknown().bits();
        bits[F::HostLicense as usize] = HostLicenses::unknown().bits();
        bits[F::AzureLocalLicense as usize] = AzureLocalLicenses::unknown().bits();
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

fn any(cases: impl Iterator<Item = (bool, bool)>) -> (bool, bool) {
    cases.fold((false, false), |sum, case| (sum.0 | case.0, sum.1 | case.1))
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
