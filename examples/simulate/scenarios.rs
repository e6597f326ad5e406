//! The scenarios. To add one, add a row: its script is a list of times and of what happens then.

use std::num::NonZeroU32;

use avma::Product::{Datacenter, Essentials, Standard};
use avma::Release::{Ws2012R2, Ws2016, Ws2019, Ws2022};
use avma::activation::{guest, host};
use avma::time::Delay;

use crate::scenario::Deed::{
    AvmaKey, DataExchange, KmsKey, MoveElsewhere, MoveHome, MoveOn, MoveTo, Restart, Start, Stop,
};
use crate::scenario::HostDeed::{Activate, Drain, Lapse, Return};
use crate::scenario::Vms::{Every, One, Share};
use crate::scenario::{Line, Node, Scenario, Times, What};
use crate::wire::Quality;

/// What a scenario does not set otherwise. Nobody publishes any of these; they are round numbers.
const TIMES: Times = Times {
    guest: guest::Config {
        reply_timeout: Delay::MINUTE,
        retry: Delay::from_secs(15 * 60),
        throttled: Delay::from_secs(2 * 60),
        renewal: Delay::from_secs(8 * 60 * 60),
        validity: Some(Delay::DAY),
    },
    host: host::Config {
        throttle: throttle(30),
    },
};

/// So many requests a minute.
const fn throttle(requests: u32) -> Option<host::Throttle> {
    match NonZeroU32::new(requests) {
        Some(requests) => Some(host::Throttle {
            requests,
            per: Delay::MINUTE,
        }),
        None => None,
    }
}

/// For the scenarios in which attempts fail for hours: fewer of them, so that the log can be read.
const SLOW_RETRY: Times = Times {
    guest: guest::Config {
        retry: Delay::from_secs(4 * 60 * 60),
        ..TIMES.guest
    },
    ..TIMES
};

/// The scenario without a name on the command line.
pub const DEFAULT: &str = "day";

pub static SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "day",
        about: "a day in a cluster: boots, restarts, moves, a drained node, a switch, a key",
        nodes: &[Node::new(Ws2022)],
        hosts: 4,
        guests: &[
            (Ws2022, Standard),
            (Ws2019, Standard),
            (Ws2022, Datacenter),
            (Ws2016, Standard),
        ],
        vms: 200,
        hours: 24,
        times: TIMES,
        wire: Quality::ORDINARY,
        script: &[
            Line::vms(0, 0, Every, AvmaKey),
            Line::vms(6, 0, Share(30), Start).within(30),
            Line::vms(7, 30, Every, Start).within(60),
            Line::vms(9, 0, Share(10), Restart).within(480),
            Line::vms(10, 0, Share(10), MoveOn).within(360),
            Line::vms(11, 0, One(17), DataExchange(false)),
            Line::host(13, 0, 2, Drain).within(20),
            Line::host(14, 0, 2, Return).within(20),
            Line::vms(15, 0, One(17), DataExchange(true)),
            Line::vms(15, 30, One(42), KmsKey),
            Line::vms(20, 0, Share(20), Stop).within(120),
        ],
    },
    Scenario {
        name: "first-boot",
        about: "one VM on one host: the key goes in before the first start",
        nodes: &[Node::new(Ws2022)],
        hosts: 1,
        guests: &[(Ws2022, Standard)],
        vms: 1,
        hours: 24,
        times: TIMES,
        wire: Quality::CALM,
        script: &[
            Line::vms(0, 0, Every, AvmaKey),
            Line::vms(8, 0, Every, Start),
        ],
    },
    Scenario {
        name: "boot-storm",
        about: "many VMs start within minutes, more than the hosts answer",
        nodes: &[Node::new(Ws2022)],
        hosts: 2,
        guests: &[(Ws2022, Standard), (Ws2019, Datacenter)],
        vms: 120,
        hours: 2,
        times: Times {
            host: host::Config {
                throttle: throttle(10),
            },
            ..TIMES
        },
        wire: Quality::ORDINARY,
        script: &[
            Line::vms(0, 0, Every, AvmaKey),
            Line::vms(0, 30, Every, Start).within(3),
        ],
    },
    Scenario {
        name: "rolling-migration",
        about: "node by node the VMs move away, running, and back",
        nodes: &[Node::new(Ws2022)],
        hosts: 4,
        guests: &[(Ws2022, Standard), (Ws2016, Datacenter)],
        vms: 40,
        hours: 24,
        times: TIMES,
        wire: Quality::ORDINARY,
        script: &[
            Line::vms(0, 0, Every, AvmaKey),
            Line::vms(8, 0, Every, Start).within(10),
            Line::new(10, 0, What::Roll(60)).within(10),
        ],
    },
    Scenario {
        name: "host-lapse",
        about: "a host is no longer activated for more than a day",
        nodes: &[Node::new(Ws2022)],
        hosts: 1,
        guests: &[(Ws2022, Standard), (Ws2019, Standard)],
        vms: 2,
        hours: 72,
        times: SLOW_RETRY,
        wire: Quality::CALM,
        script: &[
            Line::vms(0, 0, Every, AvmaKey),
            Line::vms(8, 0, Every, Start).within(10),
            Line::host(12, 0, 1, Lapse),
            Line::vms(24 + 12, 0, One(2), Restart),
            Line::host(48, 0, 1, Activate),
        ],
    },
    Scenario {
        name: "key-replaced",
        about: "AVMA key, KMS client key, AVMA key; the report is withdrawn in between",
        nodes: &[Node::new(Ws2022)],
        hosts: 1,
        guests: &[(Ws2022, Standard), (Ws2019, Standard)],
        vms: 2,
        hours: 24,
        times: TIMES,
        wire: Quality::CALM,
        script: &[
            Line::vms(0, 0, Every, AvmaKey),
            Line::vms(8, 0, Every, Start).within(10),
            Line::vms(10, 0, One(1), KmsKey),
            Line::vms(12, 0, One(1), AvmaKey),
            Line::vms(14, 0, One(2), KmsKey),
        ],
    },
    Scenario {
        name: "data-exchange-off",
        about: "Data Exchange is off at the start, in between, and for too long",
        nodes: &[Node::new(Ws2022)],
        hosts: 1,
        guests: &[(Ws2022, Standard)],
        vms: 3,
        hours: 48,
        times: TIMES,
        wire: Quality::CALM,
        script: &[
            Line::vms(0, 0, Every, AvmaKey),
            // The first is off before it starts: it waits for its retry when it is on again.
            Line::vms(7, 0, One(1), DataExchange(false)),
            Line::vms(8, 0, Every, Start),
            Line::vms(10, 0, One(1), DataExchange(true)),
            // The second is activated and misses a renewal.
            Line::vms(12, 0, One(2), DataExchange(false)),
            Line::vms(20, 0, One(2), DataExchange(true)),
            // The third stays off until its activation has ended.
            Line::vms(12, 0, One(3), DataExchange(false)),
        ],
    },
    Scenario {
        name: "older-host",
        about: "VMs move to a host older than some of the guests, and back",
        nodes: &[Node::new(Ws2022), Node::new(Ws2019).empty()],
        hosts: 2,
        guests: &[(Ws2022, Standard), (Ws2022, Datacenter), (Ws2019, Standard)],
        vms: 3,
        hours: 24,
        times: SLOW_RETRY,
        wire: Quality::CALM,
        script: &[
            Line::vms(0, 0, Every, AvmaKey),
            // The second starts for the first time on the older host.
            Line::vms(7, 0, One(2), MoveTo(2)),
            Line::vms(8, 0, Every, Start),
            Line::vms(10, 0, One(1), MoveTo(2)),
            Line::vms(10, 0, One(3), MoveTo(2)),
            Line::vms(11, 0, One(1), Restart),
            Line::vms(11, 0, One(3), Restart),
            Line::vms(18, 0, Every, MoveHome),
        ],
    },
    Scenario {
        name: "mixed-cluster",
        about: "nodes of 2019 and 2022, one not activated, one an evaluation; guests of 2012 R2 to 2022",
        nodes: &[
            Node::new(Ws2022),
            Node::new(Ws2019),
            Node::new(Ws2022).not_activated(),
            Node::new(Ws2019).evaluation(),
        ],
        hosts: 4,
        guests: &[
            (Ws2022, Standard),
            (Ws2022, Datacenter),
            (Ws2019, Standard),
            (Ws2019, Datacenter),
            (Ws2016, Essentials),
            (Ws2012R2, Standard),
            (Ws2016, Datacenter),
        ],
        vms: 14,
        hours: 24,
        times: SLOW_RETRY,
        wire: Quality::CALM,
        script: &[
            Line::vms(0, 0, Every, AvmaKey),
            Line::vms(8, 0, Every, Start).within(10),
            // Activated ones, and one that is not.
            Line::vms(10, 0, One(1), MoveElsewhere),
            Line::vms(11, 0, One(7), MoveElsewhere),
            Line::vms(12, 0, One(3), MoveTo(1)),
            Line::vms(14, 0, One(5), MoveTo(3)),
        ],
    },
];
