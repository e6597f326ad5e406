//! Laws over arbitrary and over damaged packets.

use std::sync::LazyLock;

use avma::kvp::code::{AddressFamily, Operation, Pool, ValueType};
use avma::kvp::host::{Enumeration, Limits, Step};
use avma::kvp::message::ip::{IpInfo, IpText};
use avma::kvp::message::{
    Answer, IpRequest, ItemRequest, LEN, Outcome, Pair, Reply, Request, Tolerated, Value, answer,
};
use avma::kvp::packet::{Envelope, Offer, Version, Versions};
use avma::kvp::text::Text;
use proptest::prelude::*;

use crate::encoding::encoded;
use crate::golden::asked;
use crate::vectors::{Vector, all};

static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(all);

const OPERATIONS: [Operation; 7] = [
    Operation::GET,
    Operation::SET,
    Operation::DELETE,
    Operation::ENUMERATE,
    Operation::GET_IP_INFO,
    Operation::SET_IP_INFO,
    Operation(6),
];

/// Whatever the bytes: no panic, strict is a part of lenient, and says the same.
fn judge(bytes: &[u8]) {
    let (strict, lenient) = (Request::decode(bytes), Request::lenient(bytes));
    match (&strict, &lenient) {
        (Ok(strict), Ok(lenient)) => assert_eq!(strict, lenient),
        (Ok(_), Err(fault)) => panic!("strict takes it, lenient does not: {fault}"),
        // What is looked over is named.
        (Err(fault), Ok(lenient)) => assert!(!lenient.tolerated.is_nothing(), "{fault}"),
        (Err(_), Err(_)) => {}
    }
    if let Ok(lenient) = lenient {
        if let Ok(again) = encoded(&lenient.message, lenient.header.envelope) {
            // Encoding what was decoded is stable, and loses nothing that has meaning.
            let second = Request::lenient(&again).unwrap();
            assert_eq!(second.message, lenient.message);
            assert!(encoded(&second.message, second.header.envelope).unwrap() == again);
        }
    }
    for asked in OPERATIONS {
        match (Reply::decode(bytes, asked), Reply::lenient(bytes, asked)) {
            (Ok(strict), Ok(lenient)) => {
                assert_eq!(strict, lenient);
                let (Answer::Get(pair) | Answer::Set(pair) | Answer::Enumerate { pair, .. }) =
                    strict.answer
                else {
                    continue;
                };
                assert_eq!(pair.is_some(), strict.is_ok());
            }
            (Ok(_), Err(fault)) => panic!("strict takes it, lenient does not: {fault}"),
            (Err(fault), Ok(lenient)) => assert!(!lenient.tolerated.is_nothing(), "{fault}"),
            (Err(_), Err(_)) => {}
        }
    }
    let _ = Offer::decode_answer(bytes);
    if let Ok(offer) = Offer::decode(bytes) {
        assert!(4 * (offer.frameworks.len() + offer.messages.len()) <= bytes.len());
    }
}

#[test]
fn every_prefix_says_how_many_bytes_it_needs() {
    for vector in VECTORS.iter().filter(|v| v.expect.get("error").is_none()) {
        let whole = vector.bytes.len();
        for got in 0..whole {
            let prefix = &vector.bytes[..got];
            let needed = match asked(vector) {
                Some(asked) => Reply::decode(prefix, asked).unwrap_err().needed(),
                None => Request::decode(prefix).unwrap_err().needed(),
            };
            let wanted = if got < 28 { 28 } else { whole };
            assert_eq!(needed, Some(wanted), "{} {got}", vector.file);
        }
    }
}

#[test]
fn every_vector_is_judged_alike_by_both_readers() {
    for vector in VECTORS.iter() {
        judge(&vector.bytes);
    }
}

#[test]
fn what_each_hostile_packet_is_forgiven() {
    let tolerated = |file: &str| {
        let bytes = crate::vectors::bytes(&format!("hostile/{file}.bin"));
        Request::lenient(&bytes).unwrap().tolerated
    };
    for (file, wanted) in [
        ("pipe-type-0", Tolerated::PIPE),
        ("pipe-size-too-big", Tolerated::PIPE),
        ("icmsgsize-too-big", Tolerated::BODY_SIZE),
        ("icmsgsize-zero", Tolerated::BODY_SIZE),
        ("pool-255", Tolerated::POOL),
        ("key-size-0", Tolerated::TEXT_SIZE),
        ("key-size-odd", Tolerated::TEXT_SIZE),
        ("key-size-7fffffff", Tolerated::TEXT_SIZE),
        ("value-swapped-surrogates", Tolerated::SURROGATE),
        ("value-type-3-binary", Tolerated::VALUE_TYPE),
        ("u32-size-8", Tolerated::NUMBER_SIZE),
        ("ip-dns-no-nul", Tolerated::NO_NUL),
    ] {
        assert_eq!(tolerated(file), wanted, "{file}");
        assert_eq!(tolerated(file) | Tolerated::NOTHING, wanted);
        assert!(!wanted.is_nothing() && wanted.contains(wanted));
    }
    let bytes = crate::vectors::bytes("hostile/ip5-v6-addresses-65.bin");
    let reply = Reply::lenient(&bytes, Operation::GET_IP_INFO).unwrap();
    assert_eq!(reply.tolerated, Tolerated::COUNT);
    let Answer::GetIpInfo(Some(IpInfo::Binary(info))) = reply.answer else {
        panic!();
    };
    assert_eq!(info.ipv6().count(), 64);
    assert_eq!(
        format!("{:?}", Tolerated::PIPE | Tolerated::POOL),
        "PIPE | POOL"
    );
    assert_eq!(format!("{:?}", Tolerated::NOTHING), "NOTHING");
}

fn text(most: usize) -> impl Strategy<Value = String> {
    let short = proptest::collection::vec(any::<char>(), 0..12);
    let long = proptest::collection::vec(any::<char>(), 0..most / 2);
    let ascii = proptest::collection::vec(proptest::char::range('!', '~'), 0..=most);
    prop_oneof![3 => short, 1 => long, 2 => ascii]
        .prop_map(|chars| chars.into_iter().filter(|c| *c != '\0').collect())
}

#[derive(Clone, Debug)]
enum Kept {
    Text(String),
    Expand(String),
    U32(u32),
    U64(u64),
    UnixU64(u64),
}

impl Kept {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Text(text) => Value::Text(text.as_str().into()),
            Self::Expand(text) => Value::Expand(text.as_str().into()),
            Self::U32(number) => Value::U32(*number),
            Self::U64(number) => Value::U64(*number),
            Self::UnixU64(number) => Value::UnixU64(*number),
        }
    }
}

fn value() -> impl Strategy<Value = Kept> {
    prop_oneof![
        4 => text(1023).prop_map(Kept::Text),
        1 => text(1023).prop_map(Kept::Expand),
        1 => any::<u32>().prop_map(Kept::U32),
        1 => any::<u64>().prop_map(Kept::U64),
        1 => any::<u64>().prop_map(Kept::UnixU64),
    ]
}

fn envelope() -> impl Strategy<Value = Envelope> {
    any::<(u16, u16, u16, u8)>().prop_map(|(major, minor, message, transaction)| Envelope {
        versions: Versions {
            framework: Version::new(major, minor),
            message: Version::new(message % 5, minor),
        },
        transaction,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        judge(&bytes);
    }

    #[test]
    fn damaged_packets_are_judged(
        which in any::<prop::sample::Index>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        sizes in proptest::collection::vec((0..64_usize, any::<u8>()), 0..4),
        cut in proptest::option::weighted(0.1, any::<prop::sample::Index>()),
    ) {
        let mut bytes = which.get(&VECTORS).bytes.clone();
        for (place, byte) in sizes {
            if let Some(at) = bytes.get_mut(place) {
                *at = byte;
            }
        }
        if !bytes.is_empty() {
            for (place, byte) in damage {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        judge(&bytes);
    }

    #[test]
    fn item_requests_come_back(
        envelope in envelope(), pool in 0..4_u8, operation in 0..4_u8, index in any::<u32>(),
        key in text(255), kept in value(),
    ) {
        let (pool, text) = (Pool(pool), Text::from(key.as_str()));
        let request = match operation {
            0 => ItemRequest::Get { pool, key: text },
            1 => ItemRequest::Set { pool, pair: Pair { key: text, value: kept.value() } },
            2 => ItemRequest::Delete { pool, key: text },
            _ => ItemRequest::Enumerate { pool, index },
        };
        let mut packet = [0xAA; LEN];
        request.encode(envelope, &mut packet).unwrap();
        let received = Request::decode(&packet).unwrap();
        prop_assert_eq!(received.message, Request::Item(request));
        prop_assert_eq!(received.header.envelope, envelope);
        prop_assert!(encoded(&received.message, envelope).unwrap() == packet);

        // The answer touches no byte of what it does not answer.
        let before = packet;
        let (asked, pair) = (request.operation(), Pair { key: text, value: kept.value() });
        let (outcome, written) = match operation {
            0 => (Outcome::Value(pair.value), 32..2604),
            3 => (Outcome::Pair(pair), 36..2608),
            _ => (Outcome::Done, 0..0),
        };
        answer(&mut packet, &outcome).unwrap();
        let reply = Reply::decode(&packet, asked).unwrap();
        match reply.answer {
            Answer::Get(Some(read)) => prop_assert_eq!(read, pair),
            Answer::Enumerate { index: echo, pair: Some(read) } => {
                prop_assert_eq!((echo, read), (index, pair));
            }
            Answer::Set(Some(read)) => prop_assert_eq!(read, pair),
            Answer::Delete { key } => prop_assert_eq!(key, Some(text)),
            other => panic!("{other:?}"),
        }
        for (at, (old, new)) in before.iter().zip(&packet).enumerate() {
            prop_assert!(old == new || at == 25 || written.contains(&at), "{}", at);
        }
    }

    #[test]
    fn ip_requests_come_back(
        envelope in envelope(), id in text(127), lists in (text(300), text(300), text(300), text(300)),
        family in any::<u8>(), dhcp in any::<u8>(), set in any::<bool>(),
    ) {
        let info = IpInfo::Text(IpText {
            adapter_id: id.as_str().into(),
            family: AddressFamily(family),
            dhcp,
            addresses: lists.0.as_str().into(),
            subnets: lists.1.as_str().into(),
            gateways: lists.2.as_str().into(),
            dns: lists.3.as_str().into(),
        });
        let pool = Pool::EXTERNAL;
        let request = if set { IpRequest::Set { pool, info } } else { IpRequest::Get { pool, info } };
        let packet = encoded(&Request::Ip(request), envelope).unwrap();
        let received = Request::decode(&packet).unwrap();
        prop_assert_eq!(received.message, Request::Ip(request));
        let empty = IpInfo::Text(IpText::of_adapter(id.as_str()));
        let mut asked = encoded(&Request::Ip(IpRequest::Get { pool, info: empty }), envelope).unwrap();
        answer(&mut asked, &Outcome::Ip(info)).unwrap();
        let reply = Reply::decode(&asked, Operation::GET_IP_INFO).unwrap();
        prop_assert_eq!(reply.answer, Answer::GetIpInfo(Some(info)));
    }

    /// Pools, value types and statuses that no source names go through unchanged.
    #[test]
    fn unknown_codes_survive(
        pool in 4..=u8::MAX, code in any::<u32>(), bytes in proptest::collection::vec(any::<u8>(), 0..2048),
        status in 1..=u32::MAX,
    ) {
        prop_assume!(!ValueType::KNOWN.contains(&ValueType(code)));
        let value = Value::Other { value_type: ValueType(code), bytes: &bytes };
        let request = ItemRequest::Set { pool: Pool(pool), pair: Pair { key: "k".into(), value } };
        let mut packet = [0xAA; LEN];
        request.encode(Envelope::default(), &mut packet).unwrap();
        let received = Request::lenient(&packet).unwrap();
        prop_assert_eq!(received.message, Request::Item(request));
        prop_assert_eq!(received.tolerated, Tolerated::POOL | Tolerated::VALUE_TYPE);
        answer(&mut packet, &Outcome::Failed(avma::HResult(status))).unwrap();
        let reply = Reply::decode(&packet, Operation::SET).unwrap();
        prop_assert_eq!((reply.status.0, reply.pool.0), (status, pool));
    }

    /// Whatever a guest sends, the enumeration ends.
    #[test]
    fn an_enumeration_ends(
        packets in proptest::collection::vec(
            (any::<prop::sample::Index>(), 0..64_usize, any::<u8>()), 1..8),
        items in 0..20_u32, strays in 0..20_u32, lenient in any::<bool>(), follow in any::<bool>(),
    ) {
        let limits = Limits { items, strays };
        let mut packet = [0; LEN];
        let start = Enumeration::within(limits, Pool::GUEST, Versions::LINUX.into());
        let mut waiting = Some(start.ask(&mut packet));
        let mut steps = 0;
        let mut arriving = packets.iter().cycle();
        while let Some(machine) = waiting.take() {
            steps += 1;
            prop_assert!(steps <= items.max(1) + strays + 1);
            let (which, place, byte) = arriving.next().unwrap();
            let mut bytes = which.get(&VECTORS).bytes.clone();
            if let (true, Some(room)) = (follow, bytes.get_mut(32..36)) {
                room.copy_from_slice(&machine.index().to_le_bytes());
            }
            if let Some(at) = bytes.get_mut(*place) {
                *at = *byte;
            }
            let step = if lenient { machine.reply_lenient(&bytes) } else { machine.reply(&bytes) };
            let next = match step {
                Step::Item { next, .. } => next,
                Step::Failed { skip, .. } | Step::Broken { skip, .. } => skip,
                Step::End { .. } => None,
                Step::Stray { waiting: next, .. } => {
                    waiting = next;
                    continue;
                }
            };
            waiting = next.map(|machine| machine.ask(&mut packet));
        }
    }
}
