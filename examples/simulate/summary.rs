//! What is told at the end: of every VM why it is not activated, and the assumptions of it all.

use avma::activation::Conclusion;
use avma::activation::guest::{Kind, Platform};
use avma::assess::{Can, Effect, Host, InstalledKey, Key, Observation, assess};

use crate::arguments::Setup;
use crate::machine::{Vm, place};
use crate::span;
use crate::tally::Why;
use crate::world::{Next, World};

/// An assumption: its name, its value, and what it is.
pub struct Assumption {
    pub name: String,
    pub value: String,
    pub note: &'static str,
}

/// What the run rests on that is not Microsoft's.
pub fn assumptions(setup: &Setup) -> Vec<Assumption> {
    let (guest, host) = (&setup.times.guest, &setup.times.host);
    let quality = &setup.quality;
    let throttle = host.throttle.map_or("none".to_owned(), |throttle| {
        format!(
            "{} in {}",
            throttle.requests,
            span::text(throttle.per.as_millis())
        )
    });
    let restarts = setup.restarts.map_or("none".to_owned(), |every| {
        format!("every {}", span::text(every))
    });
    let reply_timeout = span::text(guest.reply_timeout.as_millis());
    let (shortest, longest) = quality.delay;
    let delay = format!("{shortest} to {longest} ms");
    let rows = [
        (
            "reply-timeout",
            reply_timeout,
            "how long a guest waits for an answer",
        ),
        (
            "retry",
            span::delay(guest.retry),
            "from a failed attempt to the next",
        ),
        (
            "retry-throttled",
            span::delay(guest.throttled.or(guest.retry)),
            "from 0xC004FD00 to the next attempt",
        ),
        (
            "renewal",
            span::delay(guest.renewal),
            "from an activation to the next request",
        ),
        (
            "validity",
            span::delay(guest.validity),
            "how long an activation lasts",
        ),
        (
            "throttle",
            throttle,
            "requests that a host judges, the others get 0xC004FD00",
        ),
        (
            "restart",
            span::text(crate::world::RESTART),
            "how long a restart takes",
        ),
        ("restarts", restarts, "of every VM, beside the script"),
        (
            "loss",
            span::share(quality.loss),
            "messages on the wire that are lost",
        ),
        ("double", span::share(quality.double), "that arrive twice"),
        (
            "damage",
            span::share(quality.damage),
            "that arrive and cannot be read",
        ),
        (
            "delay",
            delay,
            "that a message takes; unequal delays reorder",
        ),
    ];
    rows.into_iter()
        .map(|(name, value, note)| Assumption {
            name: name.to_owned(),
            value,
            note,
        })
        .collect()
}

/// Why a VM is not activated, or not renewed: what it did last, and the rules that stand against it.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason {
    pub kind: Kind,
    pub last: Option<Conclusion>,
    /// What the key is for the guest.
    pub key: Key,
    /// What the rulebook says now, of the host on which the VM is.
    pub can: Can,
    /// The rules that certainly stand against it.
    pub rules: Vec<&'static str>,
}

impl Reason {
    pub fn of(vm: &Vm, world: &World<'_>) -> Self {
        let host = facts(vm, world);
        let mut guest = vm.state.guest();
        guest.data_exchange = vm.state.data_exchange().into();
        let mut observation = Observation::default();
        observation.key = vm
            .state
            .key()
            .map_or(InstalledKey::None, InstalledKey::LastFive);
        let assessment = assess(&host, &guest, &observation);
        // Where a rule forbids, that others leave it undocumented tells nothing more.
        let effect = match assessment.can() {
            Can::NotEligible => Some(Effect::Forbids),
            Can::NotDocumented => Some(Effect::LeavesUndocumented),
            _ => None,
        };
        Self {
            kind: vm.state.kind(),
            last: vm.state.last(),
            key: assessment.key(),
            can: assessment.can(),
            rules: assessment
                .findings()
                .filter(|finding| finding.certain && Some(finding.rule.effect) == effect)
                .map(|finding| finding.rule.id)
                .collect(),
        }
    }
}

/// What the VM runs on, as the rulebook wants it.
fn facts(vm: &Vm, world: &World<'_>) -> Host {
    match vm.state.platform() {
        Platform::Elsewhere => Host::OtherHypervisor,
        on @ Platform::HyperV(_) => place(on).map_or(Host::Unknown, |at| world.hosts[at].facts),
    }
}

/// Whether the end finds something to explain.
fn is_told(vm: &Vm) -> bool {
    !vm.state.is_activated() || vm.state.kind() == Kind::Unrenewed
}

/// VMs with one reason.
pub struct Group {
    pub reason: Reason,
    /// By their places.
    pub vms: Vec<usize>,
}

/// The VMs that are not activated, or not renewed, by reason; the largest group first.
pub fn groups(world: &World<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (at, vm) in world.vms.iter().enumerate().filter(|(_, vm)| is_told(vm)) {
        let reason = Reason::of(vm, world);
        match groups.iter_mut().find(|group| group.reason == reason) {
            Some(group) => group.vms.push(at),
            None => groups.push(Group {
                reason,
                vms: vec![at],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.vms.len()));
    groups
}

/// VMs by the kind of their state, in the order of the kinds.
pub fn kinds(world: &World<'_>) -> Vec<(Kind, usize)> {
    let count = |kind| {
        let of_kind = world.vms.iter().filter(|vm| vm.state.kind() == kind);
        of_kind.count()
    };
    let kinds = Kind::ALL.iter().map(|kind| (*kind, count(*kind)));
    kinds.filter(|(_, count)| *count > 0).collect()
}

/// How many VMs were at some time: activated, throttled, failed, not renewed.
pub fn ever(world: &World<'_>) -> [(&'static str, usize); 4] {
    let count = |was: fn(&Vm) -> bool| world.vms.iter().filter(|vm| was(vm)).count();
    [
        ("activated", count(|vm| vm.ever.activated)),
        ("throttled", count(|vm| vm.ever.throttled)),
        ("failed", count(|vm| vm.ever.failed)),
        ("unrenewed", count(|vm| vm.ever.unrenewed)),
    ]
}

/// What the script holds for after the end: lines, and deeds of lines that were begun.
pub fn not_played(world: &World<'_>) -> usize {
    let deed = |next: &&Next| matches!(next, Next::Line(_) | Next::Host(..) | Next::Vm(..));
    world.clock.left().filter(deed).count()
}

/// Milliseconds of VMs.
pub struct Hours {
    /// Running.
    pub activated: u64,
    /// Whether activated or not.
    pub off: u64,
    /// Running.
    pub not_activated: u64,
    /// Those not activated, by what kept them from it.
    pub why: Vec<(Why, u64)>,
}

impl Hours {
    pub fn of(world: &World<'_>) -> Self {
        let mut hours = Self {
            activated: 0,
            off: 0,
            not_activated: 0,
            why: Vec::new(),
        };
        for (why, spent) in world.tally.spent.sorted() {
            match why.kind {
                Kind::Off | Kind::OffActivated => hours.off += spent,
                Kind::Activated | Kind::Renewing | Kind::Unrenewed | Kind::BlockedActivated => {
                    hours.activated += spent;
                }
                _ => {
                    hours.not_activated += spent;
                    hours.why.push((*why, *spent));
                }
            }
        }
        hours
    }
}
