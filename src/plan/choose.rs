//! How the steps are chosen.

use crate::assess::{
    Assessment, FactName, FactNames, Guest, Host, HostFamily, Key, Observation, RULES, Rule, Seen,
    Verdict, assess, domain,
};
use crate::catalog::keys::{self, KeyChannel, KeyRow};
use crate::catalog::products::Products;
use crate::catalog::releases::Releases;
use crate::catalog::rule::When;
use crate::catalog::rulebook::TABLE;
use crate::fact::YesNo;
use crate::hresult::HResult;
use crate::license::LicenseChannel;
use crate::plan::conversion::{Conversion, TargetEditions, conversion};
use crate::plan::steps::{Action, Candidate, Steps};
use crate::plan::{Circumstances, Goal, Outcome, Plan};

/// What is planned for: the facts as they are, and as they will be once the conditions that an
/// administrator sets are set.
pub(crate) struct Case<'a> {
    guest: Guest,
    observation: &'a Observation,
    circumstances: &'a Circumstances,
    host_mends: [Candidate; MENDS],
    /// What an evaluation becomes, where that is settled.
    conversion: Option<Conversion>,
    mended_guest: Guest,
    mended: Assessment,
    azure: bool,
}

impl<'a> Case<'a> {
    pub(crate) fn new(
        host: &Host,
        guest: &Guest,
        observation: &'a Observation,
        circumstances: &'a Circumstances,
    ) -> Self {
        let guest = Guest {
            evaluation: evaluation(guest, observation),
            ..*guest
        };
        let (mended_host, host_mends) = mend(host, &guest);
        let conversion = is(guest.evaluation, true)
            .then(|| conversion_of(&guest, circumstances))
            .flatten();
        let mended_guest = Guest {
            // A conversion may change the edition, and with it the right key and what is documented.
            product: match conversion {
                Some(Conversion::To(target)) => target.edition.into(),
                _ => guest.product,
            },
            data_exchange: true.into(),
            guest_service: true.into(),
            // An evaluation can be converted. Whether it is one cannot be set.
            evaluation: if is(guest.evaluation, true) {
                false.into()
            } else {
                guest.evaluation
            },
            ..guest
        };
        Self {
            guest,
            observation,
            circumstances,
            host_mends,
            conversion,
            mended_guest,
            mended: assess(&mended_host, &mended_guest, observation),
            azure: matches!(host, Host::Azure),
        }
    }

    pub(crate) fn plan(self) -> Plan {
        let (outcome, steps) = self.choose();
        Plan {
            outcome,
            steps,
            mended: self.mended,
            release: self.guest.release,
        }
    }

    fn choose(&self) -> (Outcome, Steps) {
        let seen = self.observation.seen();
        let wants_avma = self.circumstances.goal == Goal::Avma;
        // A licence of another channel is not related to AVMA, wherever the guest runs.
        if matches!(seen, Seen::Other(_)) && !wants_avma {
            return (Outcome::LeftAlone, Steps::NONE);
        }
        let verdicts = self.mended.verdicts();
        if verdicts.is(Verdict::NotEligible) {
            return self.refuse();
        }
        let key = self.mended.key();
        if seen == Seen::Avma && matches!(key, Key::Right | Key::Unknown) {
            return self.keep();
        }
        if verdicts.is(Verdict::NotDocumented) {
            return (Outcome::NotDocumented, Steps::NONE);
        }
        // What may come out as "no text tells" does not stop a plan, what may come out as no does.
        if verdicts.contains(Verdict::NotEligible) {
            return not_enough(self.missing_for_verdict());
        }
        let converts = is(self.guest.evaluation, true);
        // Another channel's licence would be overwritten unseen. An evaluation has none.
        if seen == Seen::Unknown && key != Key::None && !converts && !wants_avma {
            return not_enough(Some(Action::ReadLicense));
        }
        if converts {
            return self.convert();
        }
        match agreed(&self.guest, KeyChannel::Avma) {
            Some(row) => self.steps([None; 3], row),
            None => not_enough(self.missing_for_key(KeyChannel::Avma)),
        }
    }

    /// AVMA is not possible. In Azure an AVMA key is replaced, as Microsoft's page says.
    fn refuse(&self) -> (Outcome, Steps) {
        let installed = self.observation.key.published();
        let holds_avma_key = self.observation.channel == Some(LicenseChannel::Avma)
            || installed.is_some_and(|found| found.channel == KeyChannel::Avma);
        if !self.azure || !holds_avma_key {
            return (Outcome::NotPossible, Steps::NONE);
        }
        match agreed(&self.guest, KeyChannel::Gvlk) {
            Some(row) => (
                Outcome::OtherChannel,
                Steps::of([
                    certainly(Action::ReplaceByGvlk { row }),
                    certainly(Action::ListKvpItems),
                ]),
            ),
            None => match self.missing_for_key(KeyChannel::Gvlk) {
                Some(find_out) => not_enough(Some(find_out)),
                None => (Outcome::NotPossible, Steps::NONE),
            },
        }
    }

    /// AVMA has activated the guest: only what is certainly wrong endangers that.
    fn keep(&self) -> (Outcome, Steps) {
        let [a, b, c] = self.host_mends;
        let (exchange, service) = self.guest_mends();
        let steps = Steps::of(
            [a, b, c, exchange, service].map(|mend| mend.filter(|(_, certain)| *certain)),
        );
        if steps.is_empty() {
            (Outcome::AlreadyDone, steps)
        } else {
            (Outcome::Steps, steps)
        }
    }

    /// The way of an evaluation, or why it cannot go it, or not yet.
    fn convert(&self) -> (Outcome, Steps) {
        if self.conversion == Some(Conversion::InstallAfresh) {
            let afresh = certainly(Action::InstallAfresh);
            return (Outcome::InstallAfresh, Steps::of([afresh]));
        }
        // The keys are those of the edition that the guest becomes.
        let Some(row) = agreed(&self.mended_guest, KeyChannel::Avma) else {
            return not_enough(self.missing_for_key(KeyChannel::Avma));
        };
        let domain_controller = self.circumstances.domain_controller;
        if is(domain_controller, true) {
            let demote = certainly(Action::DemoteDomainController);
            return (Outcome::CanNotConvert, Steps::of([demote]));
        }
        let Some(gvlk) = agreed(&self.mended_guest, KeyChannel::Gvlk) else {
            return not_enough(self.missing_for_key(KeyChannel::Gvlk));
        };
        let list_targets = certainly(Action::ListTargetEditions);
        match (self.conversion, self.guest.product.edition()) {
            (Some(Conversion::NotDocumented), _) => {
                let ask_dism = list_targets.filter(|_| self.circumstances.listed.is_none());
                (Outcome::NotDocumented, Steps::of([ask_dism]))
            }
            (Some(Conversion::To(target)), Some(from)) if is(domain_controller, false) => {
                let conversion = [
                    certainly(Action::CheckTargetEdition { from, target }),
                    certainly(Action::ConvertEdition { from, target, gvlk }),
                    certainly(Action::Restart),
                ];
                self.steps(conversion, row)
            }
            (settled, _) => {
                let is_settled = matches!(settled, Some(Conversion::To(_)));
                let steps = Steps::of([
                    unset(domain_controller, false, Action::CheckDomainController)
                        .and_then(|(check, _)| certainly(check)),
                    list_targets.filter(|_| !is_settled),
                ]);
                (Outcome::NotEnoughKnown, steps)
            }
        }
    }

    /// The whole way, host first.
    fn steps(&self, conversion: [Candidate; 3], row: &'static KeyRow) -> (Outcome, Steps) {
        let [a, b, c] = self.host_mends;
        let (exchange, service) = self.guest_mends();
        let [check_target, convert, restart] = conversion;
        let host_is_at_fault = self
            .host_mends
            .iter()
            .flatten()
            .any(|(_, certain)| *certain);
        let reason = self.observation.seen().reason();
        // Under another key the reason says nothing about this host.
        let reason = reason.filter(|_| matches!(self.mended.key(), Key::Right | Key::Unknown));
        let (check, wait) = match reason {
            Some(code @ HResult::IA_THROTTLE_LIMIT_EXCEEDED) => (None, Some(Action::Wait { code })),
            Some(
                code @ (HResult::IA_INVALID_VIRTUALIZATION_PLATFORM
                | HResult::IA_PARENT_PARTITION_NOT_ACTIVATED
                | HResult::IA_ID_MISMATCH),
            ) if !host_is_at_fault => (Some(Action::CheckHost { code }), None),
            _ => (None, None),
        };
        let steps = Steps::of([
            a,
            b,
            c,
            check.and_then(certainly),
            exchange,
            service,
            check_target,
            convert,
            restart,
            wait.and_then(certainly),
            certainly(Action::InstallAvmaKey { row }),
            certainly(Action::ReadLicense),
        ]);
        (Outcome::Steps, steps)
    }

    fn guest_mends(&self) -> (Candidate, Candidate) {
        (
            unset(self.guest.data_exchange, true, Action::EnableDataExchange),
            unset(self.guest.guest_service, true, Action::StartGuestService),
        )
    }

    fn missing_for_verdict(&self) -> Option<Action> {
        let (first, missing) = (self.mended.next_fact()?, self.mended.missing()?);
        if !missing.contains(FactName::HostFamily) {
            return Some(Action::FindOut { first, missing });
        }
        // What else to ask of the host depends on what kind of host it is.
        let of_any_host = FactNames::one_of([
            FactName::GuestRelease,
            FactName::GuestProduct,
            FactName::GuestEvaluation,
            FactName::HostFamily,
        ])?;
        // The first is among them: while the kind is open, nothing else about the host settles anything.
        let missing = missing.intersect(of_any_host)?;
        Some(Action::FindOut { first, missing })
    }

    /// Which of release and product keep the key open; `None` where both are known, so that the row
    /// does not exist.
    fn missing_for_key(&self, channel: KeyChannel) -> Option<Action> {
        let Guest {
            release, product, ..
        } = self.mended_guest;
        let open = [
            (FactName::GuestRelease, release.len() > 1),
            (FactName::GuestProduct, product.len() > 1),
        ];
        let missing =
            FactNames::one_of(open.iter().filter(|(_, open)| *open).map(|(fact, _)| *fact))?;
        let product_settles = product
            .iter()
            .all(|product| agreed_key(release, product.into(), channel).is_some());
        let first = if product_settles || release.len() == 1 {
            FactName::GuestProduct
        } else {
            FactName::GuestRelease
        };
        Some(Action::FindOut { first, missing })
    }
}

/// Whether the guest is an evaluation, by its own fact and by its licence row.
fn evaluation(guest: &Guest, observation: &Observation) -> YesNo {
    let seen = match observation.channel {
        Some(LicenseChannel::Evaluation) => YesNo::from(true),
        Some(LicenseChannel::Unlisted) | None => match observation.key.published() {
            Some(found) if found.channel == KeyChannel::Avma => false.into(),
            _ => YesNo::unknown(),
        },
        Some(_) => false.into(),
    };
    // Contradicting clues: either may be right.
    guest.evaluation.intersect(seen).unwrap_or_default()
}

/// What the evaluation becomes; `None` where that depends on what is not known, as full or core.
fn conversion_of(guest: &Guest, circumstances: &Circumstances) -> Option<Conversion> {
    let edition = guest.product.edition()?;
    let listed = circumstances.listed;
    // DISM's names tell full from core too.
    let by_list = listed.and_then(TargetEditions::installation);
    let installations = circumstances
        .installation
        .or(by_list.map_or(circumstances.installation, Into::into));
    let mut each = installations
        .iter()
        .map(|installation| conversion(guest.release, edition, installation, listed));
    let first = each.next()?;
    each.all(|other| other == first).then_some(first)
}

/// The most steps that the rules of one family have.
const MENDS: usize = {
    let (mut most, mut family) = (0, 0);
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
    while family < HostFamily::ALL.len() {
        let (mut count, mut place) = (0, 0);
        while place < TABLE.len() {
            let rule = TABLE[place];
            count += (rule.step.is_some() && rule.families().bits() >> family & 1 == 1) as usize;
            place += 1;
        }
        if count > most {
            most = count;
        }
        family += 1;
    }
    most
};

/// The host once its administrator has set what can be set, and the steps to it: those of the rules of
/// its family that fire, or may fire.
fn mend(host: &Host, guest: &Guest) -> (Host, [Candidate; MENDS]) {
    let (mut mended, mut mends) = (*host, [None; MENDS]);
    let mut slots = mends.iter_mut();
    let families = host.families();
    let of_family = |rule: &&&'static Rule| families.is_subset(rule.families());
    for rule in RULES.iter().filter(of_family) {
        let Some(step) = rule.step else {
            continue;
        };
        // A step of a rule that reads a fact of the guest too is needed for such guests only.
        let (condition, fact, fires) = match rule.when {
            When::In(fact, _) => (
                None,
                fact,
                RULES
                    .iter()
                    .filter(of_family)
                    .fold(0, |fires, rule| match rule.when {
                        When::In(of, values) if of == fact => fires | values,
                        _ => fires,
                    }),
            ),
            When::Both(condition, (fact, values)) => (Some(condition), fact, values),
            _ => continue,
        };
        let (mut may, mut surely) = (true, true);
        if let Some((of, values)) = condition {
            let bits = bits_of(guest, of);
            (may, surely) = (bits & values != 0, bits & !values == 0);
        }
        let mut bits = 0;
        host.each(|of, of_host| {
            if of == fact {
                bits = of_host;
            }
        });
        let certain = surely && bits & !fires == 0;
        if bits & fires == 0 || !may || step.only_if_certain && !certain {
            continue;
        }
        if let Some(slot) = slots.next() {
            *slot = Some((Action::MendHost { rule }, certain));
        }
        mended.set(fact, domain(fact) & !fires);
    }
    (mended, mends)
}

/// The possibilities of a fact of the guest.
fn bits_of(guest: &Guest, fact: FactName) -> u32 {
    let mut bits = domain(fact);
    guest.each(|of, of_guest| {
        if of == fact {
            bits = of_guest;
        }
    });
    bits
}

/// The key on which all candidates for the guest agree.
fn agreed(guest: &Guest, channel: KeyChannel) -> Option<&'static KeyRow> {
    agreed_key(guest.release, guest.product, channel)
}

fn agreed_key(
    releases: Releases,
    products: Products,
    channel: KeyChannel,
) -> Option<&'static KeyRow> {
    let mut agreed: Option<&'static KeyRow> = None;
    for release in releases {
        for product in products {
            let row = keys::key(release.release()?, product, channel)?;
            match agreed {
                Some(first) if first.key != row.key => return None,
                Some(_) => {}
                None => agreed = Some(row),
            }
        }
    }
    agreed
}

/// A step to `wanted`: certain where the condition is known to be otherwise, not certain where it is
/// not known, none where it is met.
fn unset(condition: YesNo, wanted: bool, action: Action) -> Candidate {
    (!is(condition, wanted)).then_some((action, condition.len() == 1))
}

#[expect(clippy::unnecessary_wraps, reason = "a candidate like the others")]
fn certainly(action: Action) -> Candidate {
    Some((action, true))
}

fn is(fact: YesNo, answer: bool) -> bool {
    fact.is(answer.into())
}

/// The plan that only finds out.
fn not_enough(find_out: Option<Action>) -> (Outcome, Steps) {
    (
        Outcome::NotEnoughKnown,
        Steps::of([find_out.and_then(certainly)]),
    )
}
