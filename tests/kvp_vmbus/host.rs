//! The enumeration of a pool.

use avma::kvp::code::{Flags, MessageType, Pool, status};
use avma::kvp::error::MessageError;
use avma::kvp::host::{Enumeration, Limits, Step, Stray};
use avma::kvp::message::{LEN, Outcome, Pair, Tolerated, answer};
use avma::kvp::packet::{Envelope, Versions};

use crate::vectors::bytes;

fn envelope() -> Envelope {
    Versions::LINUX.into()
}

/// The captured pool of odd records: what a host sees that skips failures, and where another ends.
#[test]
fn the_captured_pool_is_enumerated() {
    let mut machine = Some(Enumeration::new(Pool::GUEST, envelope()));
    let mut packet = [0xAA; LEN];
    let mut keys = Vec::new();
    let mut failures = Vec::new();
    let mut end = None;
    while let Some(enumeration) = machine.take() {
        let waiting = enumeration.ask(&mut packet);
        let mut index = waiting.index();
        if index == 7 {
            // No capture of this one: as index 6, with its own index.
            index = 6;
        }
        let request = bytes(&format!("vmbus/enumerate-oddpool-{index}.request.bin"));
        let mut reply = bytes(&format!("vmbus/enumerate-oddpool-{index}.reply.bin"));
        if waiting.index() == index {
            assert!(packet[..] == request, "{index}");
        } else {
            reply[32] = 7;
        }
        match waiting.reply(&reply) {
            Step::Item {
                pair,
                next,
                tolerated,
                ..
            } => {
                assert_eq!(tolerated, Tolerated::NOTHING);
                keys.push(pair.key.to_string());
                machine = next;
            }
            Step::Failed {
                index,
                status,
                skip,
            } => {
                failures.push((index, status));
                machine = skip;
            }
            Step::End { count } => end = Some(count),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(keys.len(), 7);
    assert_eq!((keys[0].as_str(), keys[4].as_str()), ("ok", ""));
    assert_eq!(failures, [(1, status::FAIL)]);
    assert_eq!(end, Some(8));
}

fn waiting() -> (avma::kvp::host::Waiting, [u8; LEN]) {
    let mut packet = [0; LEN];
    let waiting = Enumeration::new(Pool::AUTO, envelope()).ask(&mut packet);
    let mut reply = packet;
    answer(&mut reply, &Outcome::Pair(Pair::new("OSName", "Debian"))).unwrap();
    (waiting, reply)
}

#[test]
fn packets_that_are_no_reply_are_dropped() {
    for (place, byte, wanted) in [
        (12, 1, Stray::MessageType(MessageType::HEARTBEAT)),
        (24, 9, Stray::Transaction(9)),
        (25, 3, Stray::Flags(Flags::ASK)),
        (32, 4, Stray::Index(4)),
    ] {
        let (machine, mut reply) = waiting();
        let good = reply;
        reply[place] = byte;
        let Step::Stray {
            reason,
            waiting: Some(machine),
        } = machine.reply(&reply)
        else {
            panic!("{wanted:?}");
        };
        assert_eq!(reason, wanted);
        // The reply itself is still taken.
        assert!(matches!(
            machine.reply(&good),
            Step::Item {
                index: 0,
                next: Some(_),
                ..
            }
        ));
    }
}

#[test]
fn a_broken_reply_can_be_skipped_or_read_leniently() {
    let (machine, mut reply) = waiting();
    reply[40] = 9;
    let Step::Broken {
        index: 0,
        fault: MessageError::Text { .. },
        skip: Some(next),
    } = machine.reply(&reply)
    else {
        panic!();
    };
    assert_eq!(next.index(), 1);
    let (machine, _) = waiting();
    let Step::Item {
        pair, tolerated, ..
    } = machine.reply_lenient(&reply)
    else {
        panic!();
    };
    assert_eq!(pair, Pair::new("OSName", "Debian"));
    assert_eq!(tolerated, Tolerated::TEXT_SIZE);
}

#[test]
fn it_ends_by_its_limits() {
    let limits = Limits {
        items: 3,
        strays: 2,
    };
    let mut machine = Some(Enumeration::within(limits, Pool::AUTO, envelope()));
    let (mut items, mut packet) = (0, [0; LEN]);
    while let Some(enumeration) = machine.take() {
        let waiting = enumeration.ask(&mut packet);
        answer(&mut packet, &Outcome::Pair(Pair::new("k", "v"))).unwrap();
        if let Step::Item { next, .. } = waiting.reply(&packet) {
            items += 1;
            machine = next;
        }
    }
    assert_eq!(items, 3);

    let mut stray = [0; LEN];
    let mut waiting = Some(Enumeration::within(limits, Pool::AUTO, envelope()).ask(&mut packet));
    stray.copy_from_slice(&packet);
    stray[12] = 1;
    let mut dropped = 0;
    while let Some(machine) = waiting.take() {
        let Step::Stray { waiting: next, .. } = machine.reply(&stray) else {
            panic!();
        };
        dropped += 1;
        waiting = next;
    }
    assert_eq!(dropped, 3);
}
