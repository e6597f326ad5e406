//! Requests and answers come out as captured, byte for byte.

use avma::kvp::code::{AddressFamily, Flags, MessageType, Operation, Origin, Pool, status};
use avma::kvp::error::{NegotiationError, TextError, TextField, WriteError};
use avma::kvp::message::ip::{self, IpBlock, IpInfo, IpText, Ipv4, Ipv6};
use avma::kvp::message::{
    self, Answer, IpRequest, ItemRequest, Outcome, Pair, Reply, Request, Value, answer,
};
use avma::kvp::packet::{
    Envelope, NEGOTIATE_LEN, Offer, Own, Packet, Rule, Version, Versions, choose,
};

use crate::vectors::{all, bytes, exchanges};

const LINUX: Envelope = Envelope {
    versions: Versions::LINUX,
    transaction: 0,
};

/// The request encoded again, into a buffer that is not zero.
pub fn encoded(request: &Request<'_>, envelope: Envelope) -> Result<Vec<u8>, WriteError> {
    match request {
        Request::Item(request) => {
            let mut packet = [0xAA; message::LEN];
            request.encode(envelope, &mut packet)?;
            Ok(packet.to_vec())
        }
        Request::Ip(request) => {
            let mut packet = [0xAA; ip::LEN];
            request.encode(envelope, &mut packet)?;
            Ok(packet.to_vec())
        }
    }
}

#[test]
fn every_captured_request_is_encoded_to_its_bytes() {
    let mut met = [0; 6];
    for vector in all() {
        if vector.expect["type"] != MessageType::KVP.0 || !vector.file.ends_with(".request.bin") {
            continue;
        }
        let received = Request::decode(&vector.bytes).unwrap();
        let again = encoded(&received.message, received.header.envelope).unwrap();
        assert!(again == vector.bytes, "{}", vector.file);
        met[usize::from(received.message.operation().0)] += 1;
    }
    assert!(met.iter().all(|count| *count > 0), "{met:?}");
}

#[test]
fn requests_from_strings_are_the_captured_bytes() {
    let (pool, key) = (Pool::GUEST, "greeting".into());
    let cases = [
        ("get", ItemRequest::Get { pool, key }),
        ("delete", ItemRequest::Delete { pool, key }),
        (
            "set-ascii",
            ItemRequest::Set {
                pool,
                pair: Pair::new("greeting", "hello"),
            },
        ),
        (
            "set-unicode",
            ItemRequest::Set {
                pool,
                pair: Pair::new("grüße", "你好 😀"),
            },
        ),
        (
            "set-empty-value",
            ItemRequest::Set {
                pool: Pool::EXTERNAL,
                pair: Pair::new("empty", ""),
            },
        ),
        (
            "set-expand-type2",
            ItemRequest::Set {
                pool,
                pair: Pair::new("exp", Value::Expand("%PATH%".into())),
            },
        ),
        (
            "set-u64-type11",
            ItemRequest::Set {
                pool,
                pair: Pair::new("n64w", Value::U64(u64::MAX)),
            },
        ),
        (
            "enumerate-auto-9",
            ItemRequest::Enumerate {
                pool: Pool::AUTO,
                index: 9,
            },
        ),
    ];
    for (name, request) in cases {
        let mut packet = [0xAA; message::LEN];
        request.encode(LINUX, &mut packet).unwrap();
        assert!(
            packet[..] == bytes(&format!("vmbus/{name}.request.bin")),
            "{name}"
        );
    }
    let (longest_key, longest_value) = ("K".repeat(255), "V".repeat(1023));
    let pair = Pair::new(longest_key.as_str(), longest_value.as_str());
    let mut packet = [0xAA; message::LEN];
    let request = ItemRequest::Set {
        pool: Pool::EXTERNAL,
        pair,
    };
    request.encode(LINUX, &mut packet).unwrap();
    assert!(packet[..] == bytes("vmbus/set-max.request.bin"));
}

/// What the guest of a captured reply did.
fn outcome<'a>(reply: &Reply<'a>) -> Outcome<'a> {
    match reply.answer {
        _ if !reply.is_ok() => Outcome::Failed(reply.status),
        Answer::Get(Some(pair)) => Outcome::Value(pair.value),
        Answer::Enumerate {
            pair: Some(pair), ..
        } => Outcome::Pair(pair),
        Answer::GetIpInfo(Some(info)) => Outcome::Ip(info),
        _ => Outcome::Done,
    }
}

#[test]
fn answers_are_the_captured_replies() {
    // Where the guest did not follow the protocol. Both: the text is not UTF-8, so Linux fails, but
    // sends sizes of 0xffffffd6 and what it had converted all the same.
    let deviant = ["enumerate-guest-4", "enumerate-oddpool-1"];
    let mut met = Vec::new();
    let mut count = 0;
    for (name, mut packet, captured) in exchanges() {
        let Ok(received) = Request::decode(&packet) else {
            continue;
        };
        let asked = received.message.operation();
        let reply = Reply::decode(&captured, asked).unwrap();
        answer(&mut packet, &outcome(&reply)).unwrap();
        count += 1;
        if packet != captured {
            assert!(deviant.contains(&name.as_str()), "{name}");
            // What has meaning agrees all the same.
            let again = Reply::decode(&packet, asked).unwrap();
            assert_eq!(
                (again.header, again.answer),
                (reply.header, reply.answer),
                "{name}"
            );
            met.push(name);
        }
    }
    assert_eq!(met, deviant);
    assert!(count > 30, "{count}");
}

#[test]
fn negotiations_are_the_captured_ones() {
    // With no match Linux leaves the request's counts behind where versions belong.
    let deviant = ["negotiate-no-match", "negotiate-only-v5"];
    let mut met = Vec::new();
    let mut names = Vec::new();
    for (name, mut packet, captured) in exchanges() {
        let Ok(offer) = Offer::decode(&packet) else {
            continue;
        };
        let frameworks: Vec<Version> = offer.frameworks.iter().collect();
        let messages: Vec<Version> = offer.messages.iter().collect();
        let mut buffer = [0xAA; 256];
        let encoded = Offer::encode(&frameworks, &messages, 0, &mut buffer).unwrap();
        assert_eq!(encoded, packet, "{name}");

        let chosen = offer.choose(Own::LINUX, Rule::Exact);
        assert_eq!(Offer::decode_answer(&captured), Ok(chosen), "{name}");
        Offer::answer(&mut packet, chosen).unwrap();
        assert_eq!(Offer::decode_answer(&packet), Ok(chosen), "{name}");
        if packet != captured {
            packet[36..44].copy_from_slice(&captured[36..44]);
            assert_eq!(packet, captured, "{name}: more than the versions");
            met.push(name.clone());
        }
        names.push(name);
    }
    met.sort_unstable();
    assert_eq!(met, deviant);
    assert!(names.len() >= 4);
}

#[test]
fn rules_of_choice() {
    use Rule::{Exact, HighestNotAbove};
    let v = Version::new;
    let own = Own::LINUX.messages;
    for (offered, rule, wanted) in [
        (vec![v(3, 0), v(4, 0), v(5, 0)], Exact, Some(v(4, 0))),
        (
            vec![v(3, 0), v(4, 0), v(5, 0)],
            HighestNotAbove,
            Some(v(4, 0)),
        ),
        (vec![v(5, 0), v(3, 0)], Exact, Some(v(3, 0))),
        (vec![v(3, 5)], Exact, None),
        // The BSDs take versions that they have never heard of.
        (vec![v(3, 5), v(2, 9)], HighestNotAbove, Some(v(3, 5))),
        (vec![v(4, 1)], HighestNotAbove, None),
        (vec![], Exact, None),
        (vec![], HighestNotAbove, None),
    ] {
        assert_eq!(
            choose(offered.iter().copied(), own, rule),
            wanted,
            "{offered:?} {rule:?}"
        );
    }
    assert_eq!(choose([Version::V1], &[], HighestNotAbove), None);
    assert_eq!(choose([Version::V1], &[], Exact), None);
    // Both kinds have to match; Linux does not read more than 100 of a kind.
    for (file, exact, highest) in [
        ("hostile/negotiate-zero-frameworks.bin", None, None),
        ("hostile/negotiate-zero-messages.bin", None, None),
        (
            "hostile/negotiate-101-frameworks.bin",
            None,
            Some(Versions::LINUX),
        ),
    ] {
        let mut packet = bytes(file);
        let offer = Offer::decode(&packet).unwrap();
        assert_eq!(offer.choose(Own::LINUX, Exact), exact, "{file}");
        assert_eq!(offer.choose(Own::LINUX, HighestNotAbove), highest, "{file}");
        // Even the short ones can be declined.
        Offer::answer(&mut packet, None).unwrap();
        assert_eq!(Offer::decode_answer(&packet), Ok(None), "{file}");
    }
}

#[test]
fn negotiations_that_fail() {
    let request = bytes("vmbus/negotiate-windows-like.request.bin");
    let reply = bytes("vmbus/negotiate-windows-like.reply.bin");
    assert_eq!(
        Offer::decode_answer(&request),
        Err(NegotiationError::NotAnAnswer)
    );
    let mut failed = reply.clone();
    failed[20] = 1;
    assert!(matches!(
        Offer::decode_answer(&failed),
        Err(NegotiationError::Failed { .. })
    ));
    let mut uneven = reply.clone();
    uneven[30] = 0;
    assert_eq!(
        Offer::decode_answer(&uneven),
        Err(NegotiationError::NotOneEach {
            frameworks: 1,
            messages: 0
        })
    );
    assert_eq!(
        Offer::decode(&bytes("vmbus/get.request.bin")),
        Err(NegotiationError::MessageType {
            got: MessageType::KVP
        })
    );
    let mut short = [0; NEGOTIATE_LEN - 1];
    assert_eq!(
        Offer::answer(&mut short, Some(Versions::LINUX)),
        Err(NegotiationError::Buffer {
            needed: 44,
            got: 43
        })
    );
    assert_eq!(short, [0; NEGOTIATE_LEN - 1]);
    assert_eq!(
        Offer::encode(&[Version::V3], &[Version::V4], 0, &mut short),
        Err(NegotiationError::Buffer {
            needed: 44,
            got: 43
        })
    );
    let many = vec![Version::V1; 16_382];
    assert_eq!(
        Offer::encode(&many, &[], 0, &mut short),
        Err(NegotiationError::TooMany { got: 16_382 })
    );
}

/// Binary IP information with an address of each kind, pushed in an order that moves origins.
pub fn block() -> IpBlock {
    let mut block = IpBlock::new("{G}", avma::kvp::code::AddressFamily::BOTH, 1).unwrap();
    let v6 = |last: u16, origin| Ipv6 {
        address: [0x2001, 0xdb8, 0, 0, 0, 0, 0, last].into(),
        prefix: 64,
        origin,
    };
    let v4 = |last: u8, origin| Ipv4 {
        address: [192, 0, 2, last].into(),
        mask: [255, 255, 255, 0].into(),
        origin,
    };
    block.push_ipv6(v6(1, Origin::OTHER)).unwrap();
    block.push_ipv4(v4(1, Origin::STATIC)).unwrap();
    block.push_ipv6(v6(2, Origin(9))).unwrap();
    block.push_ipv4(v4(2, Origin::UNKNOWN)).unwrap();
    block.push_gateway([192, 0, 2, 254].into()).unwrap();
    block
        .push_dns(std::net::Ipv6Addr::LOCALHOST.into())
        .unwrap();
    block
}

#[test]
fn binary_ip_information_goes_both_ways() {
    let block = block();
    let envelope = Envelope {
        versions: Versions {
            framework: Version::V3,
            message: Version::V5,
        },
        transaction: 7,
    };
    let request = IpRequest::Get {
        pool: Pool::EXTERNAL,
        info: IpInfo::Binary(block.info()),
    };
    let mut packet = [0xAA; ip::LEN];
    request.encode(envelope, &mut packet).unwrap();
    // Header, operation, counts, origins at the places that openvmm has them.
    assert_eq!(packet[28..32], [4, 0, 0, 0]);
    assert_eq!(
        packet[32..56],
        [
            2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0
        ]
    );
    assert_eq!(packet[56..62], *b"{\0G\0}\0");
    assert_eq!(packet[312..314], [3, 1]);
    assert_eq!(packet[316..324], [192, 0, 2, 1, 192, 0, 2, 2]);
    assert_eq!(
        packet[32 + 3456..32 + 3456 + 10],
        [2, 0, 0, 0, 1, 0, 9, 0, 0, 0]
    );
    assert!(packet[32 + 3712..].iter().all(|byte| *byte == 0));

    let received = Request::decode(&packet).unwrap();
    assert_eq!(received.message, Request::Ip(request));
    assert_eq!(received.header.envelope, envelope);
    let info = block.info();
    let origins: Vec<u16> = info.ipv6().map(|entry| entry.origin.0).collect();
    assert_eq!(origins, [1, 9]);
    let origins: Vec<u16> = info.ipv4().map(|entry| entry.origin.0).collect();
    assert_eq!(origins, [2, 0]);

    // The guest's answer holds other addresses.
    let captured = bytes("hostile/ip5-both-counts-64.bin");
    let full = Reply::decode(&captured, Operation::GET_IP_INFO).unwrap();
    let Answer::GetIpInfo(Some(IpInfo::Binary(full))) = full.answer else {
        panic!();
    };
    answer(&mut packet, &Outcome::Ip(IpInfo::Binary(full))).unwrap();
    let reply = Reply::decode(&packet, Operation::GET_IP_INFO).unwrap();
    assert_eq!(reply.answer, Answer::GetIpInfo(Some(IpInfo::Binary(full))));
    assert_eq!(
        (reply.header.flags, reply.header.envelope),
        (Flags::ANSWER, envelope)
    );
    assert_ne!(full, info);
}

#[test]
fn lists_are_bounded_and_forms_belong_to_versions() {
    let mut block = block();
    let gateway: std::net::IpAddr = [192, 0, 2, 9].into();
    for _ in 1..5 {
        block.push_gateway(gateway).unwrap();
    }
    assert!(matches!(
        block.push_gateway(gateway),
        Err(WriteError::Full { allowed: 5, .. })
    ));
    assert_eq!(block.info().gateways().count(), 5);
    let entry = block.info().ipv4().next().unwrap();
    for _ in 2..64 {
        block.push_ipv4(entry).unwrap();
    }
    assert!(matches!(
        block.push_ipv4(entry),
        Err(WriteError::Full { allowed: 64, .. })
    ));
    assert_eq!(
        block.info().ipv6().map(|e| e.origin.0).collect::<Vec<_>>(),
        [1, 9]
    );

    let mut packet = [0xAA; ip::LEN];
    let binary = IpRequest::Set {
        pool: Pool::EXTERNAL,
        info: IpInfo::Binary(block.info()),
    };
    assert_eq!(
        binary.encode(LINUX, &mut packet),
        Err(WriteError::IpForm {
            version: Version::V4
        })
    );
    let text = IpInfo::Text(IpText::of_adapter("00:15:5D:01:02:03"));
    let text = IpRequest::Get {
        pool: Pool::EXTERNAL,
        info: text,
    };
    let v5 = Versions {
        framework: Version::V3,
        message: Version::V5,
    };
    assert_eq!(
        text.encode(v5.into(), &mut packet),
        Err(WriteError::IpForm {
            version: Version::V5
        })
    );
    assert_eq!(packet, [0xAA; ip::LEN], "a refusal changes nothing");
    text.encode(LINUX, &mut packet).unwrap();
    assert!(packet[..] == bytes("vmbus/get-ip-info.request.bin"));
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let long = "k".repeat(256);
    let pool = Pool::GUEST;
    let too_long = WriteError::Text {
        field: TextField::Key,
        fault: TextError::TooLong {
            needed: 514,
            allowed: 512,
        },
    };
    let mut packet = [0xAA; message::LEN];
    for request in [
        ItemRequest::Get {
            pool,
            key: long.as_str().into(),
        },
        ItemRequest::Delete {
            pool,
            key: long.as_str().into(),
        },
        ItemRequest::Set {
            pool,
            pair: Pair::new(long.as_str(), "v"),
        },
    ] {
        assert_eq!(request.encode(LINUX, &mut packet), Err(too_long));
    }
    let request = ItemRequest::Set {
        pool,
        pair: Pair::new("k", "a\0b"),
    };
    assert_eq!(
        request.encode(LINUX, &mut packet),
        Err(WriteError::Text {
            field: TextField::Value,
            fault: TextError::NulInside { at: 2 }
        })
    );
    assert_eq!(packet, [0xAA; message::LEN]);

    // Answers that do not belong to the operation, or do not fit.
    let enumerate = bytes("vmbus/enumerate-guest-0.request.bin");
    let value = "v".repeat(1024);
    for outcome in [
        Outcome::Done,
        Outcome::Failed(status::OK),
        Outcome::Value("v".into()),
        Outcome::Pair(Pair::new(long.as_str(), "v")),
        Outcome::Pair(Pair::new("k", value.as_str())),
        Outcome::Ip(IpInfo::Text(IpText::of_adapter(""))),
    ] {
        let mut packet = enumerate.clone();
        assert!(answer(&mut packet, &outcome).is_err(), "{outcome:?}");
        assert!(packet == enumerate, "{outcome:?}");
    }
    let mut cut = enumerate[..2607].to_vec();
    assert_eq!(
        answer(&mut cut, &Outcome::Pair(Pair::new("k", "v"))),
        Err(WriteError::Short {
            needed: 2608,
            got: 2607
        })
    );
    assert!(cut == enumerate[..2607]);
    assert_eq!(
        answer(&mut cut[..28], &Outcome::Done),
        Err(WriteError::Short {
            needed: 29,
            got: 28
        })
    );
    // A failure needs no room, and answers operations that nobody knows.
    let mut unknown = bytes("hostile/op-100-register1.bin");
    assert!(answer(&mut unknown, &Outcome::Done).is_err());
    answer(&mut unknown, &Outcome::Failed(status::NOT_SUPPORTED)).unwrap();
    assert_eq!(
        Packet::decode(&unknown).unwrap().header.status,
        status::NOT_SUPPORTED
    );
}

/// A ring pads to 8 bytes. An answer without versions is not longer than its pipe size, whatever lies
/// behind the packet.
#[test]
fn padding_is_not_a_part_of_a_negotiation_without_a_match() {
    for (frameworks, messages) in [(0, 0), (1, 0), (0, 1), (1, 1), (2, 3)] {
        let (frameworks, messages) = (vec![Version::V5; frameworks], vec![Version::V5; messages]);
        let mut buffer = [0xAA; 80];
        let len = Offer::encode(&frameworks, &messages, 0, &mut buffer)
            .unwrap()
            .len();
        for padded in len..=len + 8 {
            let mut packet = buffer[..padded].to_vec();
            Offer::answer(&mut packet, None).unwrap();
            assert_eq!(Offer::decode_answer(&packet), Ok(None), "{len} {padded}");
            assert_eq!(usize::from(packet[18]), (len - 28).min(16));
        }
    }
}

/// Only a lenient reader takes an adapter id of 128 units without a NUL. There is no room for one
/// that has its NUL: in either form it is refused, and not dropped.
#[test]
fn an_adapter_id_without_a_nul_is_not_dropped_in_silence() {
    let text = IpInfo::Text(IpText::of_adapter("a"));
    let block = IpBlock::new("a", AddressFamily::IPV4, 0).unwrap();
    let binary = IpInfo::Binary(block.info());
    for (info, version, id_at) in [(text, Version::V4, 2), (binary, Version::V5, 4 + 24)] {
        let mut envelope = LINUX;
        envelope.versions.message = version;
        let pool = Pool::EXTERNAL;
        let mut packet = [0xAA; ip::LEN];
        let request = IpRequest::Get { pool, info };
        request.encode(envelope, &mut packet).unwrap();
        let sound = packet;
        packet[28 + id_at..][..256].fill(b'k');
        let received = Request::lenient(&packet).unwrap();
        assert_eq!(received.tolerated, message::Tolerated::NO_NUL);
        let Request::Ip(request) = received.message else {
            panic!();
        };
        let refused = Err(WriteError::Text {
            field: TextField::AdapterId,
            fault: TextError::TooLong {
                needed: 258,
                allowed: 256,
            },
        });
        let mut again = sound;
        assert_eq!(request.encode(envelope, &mut again), refused);
        assert!(again == sound, "a failure changes nothing");
        let outcome = Outcome::Ip(*request.info());
        assert_eq!(answer(&mut again, &outcome), refused);
        assert!(again == sound, "a failure changes nothing");
    }
}

#[test]
fn a_packet_of_another_kind_is_not_answered() {
    let mut negotiation = bytes("vmbus/negotiate-windows-like.request.bin");
    let before = negotiation.clone();
    let got = MessageType::NEGOTIATE;
    let outcome = Outcome::Failed(status::FAIL);
    assert_eq!(
        answer(&mut negotiation, &outcome),
        Err(WriteError::MessageType { got })
    );
    assert!(negotiation == before);
    let mut get = bytes("vmbus/get.request.bin");
    let before = get.clone();
    let got = MessageType::KVP;
    let refused = Offer::answer(&mut get, Some(Versions::LINUX));
    assert_eq!(refused, Err(NegotiationError::MessageType { got }));
    assert!(get == before);
}
