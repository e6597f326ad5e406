//! The VMBus form: packets, negotiation, the host that enumerates.

use std::net::IpAddr;

use avma::HResult;
use avma::kvp::code::{AddressFamily, Operation, Origin, Pool, ValueType, status};
use avma::kvp::error::WriteError;
use avma::kvp::host::{Enumeration, Limits, Step};
use avma::kvp::message::ip::{self, IpBlock, IpText, Ipv4, Ipv6};
use avma::kvp::message::{
    Answer, IpInfo, IpRequest, ItemRequest, LEN, Outcome, Pair, Reply, Request, Value, answer,
};
use avma::kvp::packet::{
    Envelope, LINUX_MAX_VERSIONS, Offer, Own, Packet, Rule, Version, Versions,
};

use crate::source::Source;
use crate::text::{fits_wide, texts};

/// The ways to make an input; the first byte takes one.
pub const KINDS: usize = 8;

pub fn vmbus(data: &[u8]) {
    let mut source = Source::new(data);
    match source.below(KINDS) {
        0 => judge(source.rest()),
        1 => damaged(&mut source),
        2 => items(&mut source),
        3 => ip_texts(&mut source),
        4 => ip_blocks(&mut source),
        5 => negotiation(&mut source),
        6 => enumeration(&mut source),
        _ => texts(&mut source),
    }
}

const OPERATIONS: [Operation; 8] = [
    Operation::GET,
    Operation::SET,
    Operation::DELETE,
    Operation::ENUMERATE,
    Operation::GET_IP_INFO,
    Operation::SET_IP_INFO,
    Operation(6),
    Operation(100),
];

fn encoded(request: &Request<'_>, envelope: Envelope) -> Result<Vec<u8>, WriteError> {
    match request {
        Request::Item(request) => {
            let mut packet = [0xA5; LEN];
            request.encode(envelope, &mut packet)?;
            Ok(packet.to_vec())
        }
        Request::Ip(request) => {
            let mut packet = [0xA5; ip::LEN];
            request.encode(envelope, &mut packet)?;
            Ok(packet.to_vec())
        }
    }
}

/// What holds of any bytes.
fn judge(bytes: &[u8]) {
    if let Ok(packet) = Packet::decode(bytes) {
        let lenient = Packet::lenient(bytes).unwrap();
        assert_eq!(packet.header, lenient.header);
        assert!(lenient.body.starts_with(packet.body));
        assert_eq!(packet.body.len(), usize::from(packet.header.body_size));
    }
    requests(bytes);
    for asked in OPERATIONS {
        replies(bytes, asked);
    }
    offers(bytes);
}

fn requests(bytes: &[u8]) {
    let (strict, lenient) = (Request::decode(bytes), Request::lenient(bytes));
    match (&strict, &lenient) {
        (Ok(strict), _) => {
            assert_eq!(Ok(strict), lenient.as_ref());
            assert!(strict.tolerated.is_nothing());
            let again = encoded(&strict.message, strict.header.envelope).unwrap();
            assert_eq!(Request::decode(&again).unwrap().message, strict.message);
            // No byte of the body is made up; what means nothing is 0. Only an empty text that came
            // without its NUL gets the size of one with it.
            for (at, (new, old)) in again.iter().zip(bytes).enumerate().skip(28) {
                let value_size = at == 40 && (*new, *old) == (2, 0);
                assert!(*new == 0 || new == old || value_size, "{at}");
            }
        }
        // What is looked over is named.
        (Err(fault), Ok(lenient)) => assert!(!lenient.tolerated.is_nothing(), "{fault}"),
        (Err(_), Err(fault)) => assert!(!fault.to_string().is_empty()),
    }
    let Ok(lenient) = lenient else { return };
    let _ = format!("{lenient:?}");
    if let Ok(again) = encoded(&lenient.message, lenient.header.envelope) {
        let second = Request::lenient(&again).unwrap();
        assert_eq!(second.message, lenient.message);
        assert_eq!(second.header.envelope, lenient.header.envelope);
        let third = encoded(&second.message, second.header.envelope).unwrap();
        assert!(third == again, "encoding what was decoded changes it");
    }
}

fn replies(bytes: &[u8], asked: Operation) {
    let (strict, lenient) = (Reply::decode(bytes, asked), Reply::lenient(bytes, asked));
    match (&strict, &lenient) {
        (Ok(strict), _) => {
            assert_eq!(Ok(strict), lenient.as_ref());
            assert!(strict.tolerated.is_nothing());
        }
        (Err(fault), Ok(lenient)) => assert!(!lenient.tolerated.is_nothing(), "{fault}"),
        (Err(_), Err(fault)) => assert!(!fault.to_string().is_empty()),
    }
    let Ok(reply) = lenient else { return };
    let _ = format!("{reply:?}");
    assert_eq!(reply.is_ok(), reply.status == status::OK);
    let envelope = reply.header.envelope;
    match reply.answer {
        Answer::Get(pair) | Answer::Set(pair) => assert_eq!(pair.is_some(), reply.is_ok()),
        Answer::Enumerate { index, pair } => {
            assert_eq!(pair.is_some(), reply.is_ok());
            let Some(pair) = pair else { return };
            // What one guest answered another one can.
            let pool = Pool::GUEST;
            let ask = Request::Item(ItemRequest::Enumerate { pool, index });
            let mut packet = encoded(&ask, envelope).unwrap();
            if answer(&mut packet, &Outcome::Pair(pair)).is_ok() {
                let second = Reply::lenient(&packet, asked).unwrap();
                assert_eq!(second.answer, reply.answer);
            }
        }
        Answer::Delete { key } => assert!(key.is_some() || !reply.is_ok()),
        Answer::GetIpInfo(info) | Answer::SetIpInfo(info) => {
            assert!(info.is_some() || !reply.is_ok());
            let Some(info) = info else { return };
            let pool = Pool::EXTERNAL;
            let ask = Request::Ip(IpRequest::Get { pool, info });
            let Ok(mut packet) = encoded(&ask, envelope) else {
                return;
            };
            answer(&mut packet, &Outcome::Ip(info)).unwrap();
            let second = Reply::lenient(&packet, Operation::GET_IP_INFO).unwrap();
            assert_eq!(second.answer, Answer::GetIpInfo(Some(info)));
        }
    }
}

fn offers(bytes: &[u8]) {
    let answered = Offer::decode_answer(bytes);
    let Ok(offer) = Offer::decode(bytes) else {
        assert!(answered.is_err());
        return;
    };
    assert!(36 + 4 * (offer.frameworks.len() + offer.messages.len()) <= bytes.len());
    for rule in [Rule::Exact, Rule::HighestNotAbove] {
        let chosen = offer.choose(Own::LINUX, rule);
        let mut packet = bytes.to_vec();
        Offer::answer(&mut packet, chosen).unwrap();
        assert_eq!(Offer::decode_answer(&packet), Ok(chosen));
    }
}

fn envelope(source: &mut Source<'_>) -> Envelope {
    let [framework, message] =
        [(); 2].map(|()| Version::new(u16::from(source.byte() % 8), u16::from(source.byte() % 2)));
    Envelope {
        versions: Versions { framework, message },
        transaction: source.byte(),
    }
}

/// What a value is made of.
struct Stuff<'a> {
    kind: usize,
    text: String,
    number: u64,
    bytes: &'a [u8],
}

impl<'a> Stuff<'a> {
    fn new(source: &mut Source<'a>) -> Self {
        Self {
            kind: source.below(6),
            text: source.text(1023),
            number: source.u64(),
            bytes: source.bytes(2050),
        }
    }

    fn value(&self) -> Value<'_> {
        let text = self.text.as_str().into();
        let low = u32::try_from(self.number & 0xFFFF_FFFF).unwrap();
        match self.kind {
            0 => Value::Text(text),
            1 => Value::Expand(text),
            2 => Value::U32(low),
            3 => Value::U64(self.number),
            4 => Value::UnixU64(self.number),
            _ => Value::Other {
                // Not one that has a form of its own.
                value_type: ValueType(low | 0x10),
                bytes: self.bytes,
            },
        }
    }

    fn fits(&self) -> bool {
        match self.kind {
            0 | 1 => fits_wide(&self.text, 2048),
            2..=4 => true,
            _ => self.bytes.len() <= 2048,
        }
    }

    fn is_strict(&self) -> bool {
        self.kind < 5
    }
}

/// A request of any shape, changed in places.
fn damaged(source: &mut Source<'_>) {
    let (envelope, key, stuff) = (envelope(source), source.text(255), Stuff::new(source));
    let (key, pool) = (key.as_str().into(), Pool(source.byte() % 5));
    let value = stuff.value();
    let list = source.text(40);
    let info = IpInfo::Text(IpText {
        addresses: list.as_str().into(),
        ..IpText::of_adapter(key)
    });
    let block = IpBlock::new("a", AddressFamily::BOTH, 1).unwrap();
    let request = match source.below(6) {
        0 => Request::Item(ItemRequest::Get { pool, key }),
        1 => Request::Item(ItemRequest::Set {
            pool,
            pair: Pair { key, value },
        }),
        2 => Request::Item(ItemRequest::Delete { pool, key }),
        3 => Request::Item(ItemRequest::Enumerate { pool, index: 3 }),
        4 => Request::Ip(IpRequest::Set { pool, info }),
        _ => {
            let info = IpInfo::Binary(block.info());
            Request::Ip(IpRequest::Get { pool, info })
        }
    };
    let Ok(mut packet) = encoded(&request, envelope) else {
        return;
    };
    match source.below(3) {
        0 => {}
        1 => drop(answer(&mut packet, &Outcome::Pair(Pair { key, value }))),
        _ => drop(answer(&mut packet, &Outcome::Done)),
    }
    source.damage(&mut packet);
    judge(&packet);
}

/// Requests about items, and their answers.
fn items(source: &mut Source<'_>) {
    let (envelope, pool) = (envelope(source), Pool(source.byte() % 6));
    let (text, stuff) = (source.text(255), Stuff::new(source));
    let key = text.as_str().into();
    let pair = Pair {
        key,
        value: stuff.value(),
    };
    let index = source.u32();
    let request = match source.below(4) {
        0 => ItemRequest::Get { pool, key },
        1 => ItemRequest::Set { pool, pair },
        2 => ItemRequest::Delete { pool, key },
        _ => ItemRequest::Enumerate { pool, index },
    };
    let asked = request.operation();
    let key_fits = fits_wide(&text, 512);
    let (fits, strict) = match asked {
        Operation::SET => (key_fits && stuff.fits(), stuff.is_strict()),
        Operation::ENUMERATE => (true, true),
        _ => (key_fits, true),
    };
    let mut packet = [0xA5; LEN];
    assert_eq!(request.encode(envelope, &mut packet).is_ok(), fits);
    if !fits {
        assert!(packet == [0xA5; LEN], "a failure changes nothing");
        return;
    }
    let received = Request::lenient(&packet).unwrap();
    assert_eq!(received.message, Request::Item(request));
    assert_eq!(received.header.envelope, envelope);
    let strict = strict && pool.is_exchanged();
    assert_eq!(received.tolerated.is_nothing(), strict);
    judge(&packet);
    answers(source, &packet, asked);
}

/// An answer comes back, and touches no byte of what it does not answer.
fn answers(source: &mut Source<'_>, packet: &[u8; LEN], asked: Operation) {
    let (text, stuff) = (source.text(255), Stuff::new(source));
    let pair = Pair {
        key: text.as_str().into(),
        value: stuff.value(),
    };
    let failed = HResult(source.u32());
    let outcome = match source.below(4) {
        0 => Outcome::Done,
        1 => Outcome::Failed(failed),
        2 => Outcome::Value(pair.value),
        _ => Outcome::Pair(pair),
    };
    let (answers, written) = match (asked, outcome) {
        (Operation::GET, Outcome::Value(_)) => (stuff.fits(), 32..2604),
        (Operation::ENUMERATE, Outcome::Pair(_)) => {
            (fits_wide(&text, 512) && stuff.fits(), 36..2608)
        }
        (Operation::SET | Operation::DELETE, Outcome::Done) => (true, 0..0),
        (_, Outcome::Failed(status)) => (status != status::OK, 0..0),
        _ => (false, 0..0),
    };
    let mut answered = *packet;
    assert_eq!(answer(&mut answered, &outcome).is_ok(), answers);
    if !answers {
        assert!(answered == *packet, "a failure changes nothing");
        return;
    }
    for (at, (old, new)) in packet.iter().zip(&answered).enumerate() {
        let head = matches!(at, 20..=23 | 25);
        assert!(old == new || head || written.contains(&at), "{at}");
    }
    let reply = Reply::lenient(&answered, asked).unwrap();
    match (outcome, reply.answer) {
        (Outcome::Failed(failed), _) => assert_eq!(reply.status, failed),
        (Outcome::Value(value), Answer::Get(Some(read))) => assert_eq!(read.value, value),
        (Outcome::Pair(pair), Answer::Enumerate { pair: read, .. }) => {
            assert_eq!(read, Some(pair));
        }
        (Outcome::Done, Answer::Set(_) | Answer::Delete { .. }) => assert!(reply.is_ok()),
        other => panic!("{other:?}"),
    }
    judge(&answered);
}

fn ip_texts(source: &mut Source<'_>) {
    let (envelope, pool) = (envelope(source), Pool(source.byte() % 6));
    let id = source.text(127);
    let lists = [1023, 1023, 511, 1023].map(|most| source.text(most));
    let [addresses, subnets, gateways, dns] = lists.each_ref().map(|list| list.as_str().into());
    let info = IpInfo::Text(IpText {
        adapter_id: id.as_str().into(),
        family: AddressFamily(source.byte()),
        dhcp: source.byte(),
        addresses,
        subnets,
        gateways,
        dns,
    });
    let fits = fits_wide(&id, 256)
        && lists
            .iter()
            .zip([2048, 2048, 1024, 2048])
            .all(|(list, bytes)| fits_wide(list, bytes))
        && envelope.versions.message < Version::V5;
    ip_info(info, envelope, pool, fits, source.flag());
}

/// Request and answer with IP information, of which `fits` tells whether it can be written.
fn ip_info(info: IpInfo<'_>, envelope: Envelope, pool: Pool, fits: bool, set: bool) {
    let request = if set {
        IpRequest::Set { pool, info }
    } else {
        IpRequest::Get { pool, info }
    };
    let mut packet = [0xA5; ip::LEN];
    assert_eq!(request.encode(envelope, &mut packet).is_ok(), fits);
    if !fits {
        assert!(packet == [0xA5; ip::LEN], "a failure changes nothing");
        return;
    }
    let received = Request::lenient(&packet).unwrap();
    assert_eq!(received.message, Request::Ip(request));
    assert_eq!(received.tolerated.is_nothing(), pool.is_exchanged());
    judge(&packet);
    let asked = request.operation();
    let outcome = Outcome::Ip(info);
    assert_eq!(answer(&mut packet, &outcome).is_ok(), !set);
    if !set {
        let reply = Reply::decode(&packet, asked).unwrap();
        assert_eq!(reply.answer, Answer::GetIpInfo(Some(info)));
    }
}

/// Binary IP information against lists of everything that was pushed.
fn ip_blocks(source: &mut Source<'_>) {
    let (envelope, id) = (envelope(source), source.text(127));
    let (family, dhcp) = (AddressFamily(source.byte()), source.byte());
    let made = IpBlock::new(id.as_str(), family, dhcp);
    assert_eq!(made.is_ok(), fits_wide(&id, 256));
    let Ok(mut block) = made else { return };
    let (mut ipv4, mut ipv6) = (Vec::new(), Vec::new());
    let mut gateways: [Vec<IpAddr>; 2] = Default::default();
    let mut dns: [Vec<IpAddr>; 2] = Default::default();
    let fill = source.below(80);
    for step in 0..fill {
        let number = source.u32() ^ u32::try_from(step).unwrap();
        let wide = u128::from(number) << 64 | u128::from(number);
        let origin = Origin(u16::try_from(number & 0xFFFF).unwrap());
        let address: IpAddr = if source.flag() {
            IpAddr::V6(wide.into())
        } else {
            IpAddr::V4(number.into())
        };
        let six = usize::from(address.is_ipv6());
        match (source.below(4), address) {
            (0, _) => {
                let pushed = block.push_gateway(address).is_ok();
                assert_eq!(pushed, gateways[six].len() < 5);
                gateways[six].extend(pushed.then_some(address));
            }
            (1, _) => {
                let pushed = block.push_dns(address).is_ok();
                assert_eq!(pushed, dns[six].len() < 64);
                dns[six].extend(pushed.then_some(address));
            }
            (_, IpAddr::V4(address)) => {
                let entry = Ipv4 {
                    address,
                    mask: (!number).into(),
                    origin,
                };
                let pushed = block.push_ipv4(entry).is_ok();
                assert_eq!(pushed, ipv4.len() < 64);
                ipv4.extend(pushed.then_some(entry));
            }
            (_, IpAddr::V6(address)) => {
                let entry = Ipv6 {
                    address,
                    prefix: number,
                    origin,
                };
                let pushed = block.push_ipv6(entry).is_ok();
                assert_eq!(pushed, ipv6.len() < 64);
                ipv6.extend(pushed.then_some(entry));
            }
        }
    }
    let info = block.info();
    assert_eq!(info.adapter_id(), id.as_str());
    assert_eq!((info.family(), info.dhcp()), (family, dhcp));
    assert!(info.ipv4().eq(ipv4));
    assert!(info.ipv6().eq(ipv6));
    assert!(info.gateways().eq(gateways.concat()));
    assert!(info.dns().eq(dns.concat()));
    let fits = envelope.versions.message >= Version::V5;
    let info = IpInfo::Binary(info);
    ip_info(info, envelope, Pool::EXTERNAL, fits, source.flag());
}

fn versions(source: &mut Source<'_>) -> Vec<Version> {
    let count = match source.below(8) {
        0 => 95 + source.below(10),
        _ => source.below(6),
    };
    let mut version = || Version::new(u16::from(source.byte() % 8), u16::from(source.byte() % 2));
    (0..count).map(|_| version()).collect()
}

/// What a guest takes of those offered, straight from the rules.
fn chosen(offered: &[Version], own: &[Version], rule: Rule) -> Option<Version> {
    match rule {
        Rule::Exact if offered.len() > LINUX_MAX_VERSIONS => None,
        Rule::Exact => own.iter().copied().find(|own| offered.contains(own)),
        Rule::HighestNotAbove => {
            let highest = own.iter().copied().max()?;
            offered.iter().copied().filter(|v| *v <= highest).max()
        }
    }
}

fn negotiation(source: &mut Source<'_>) {
    let [frameworks, messages, own_frameworks, own_messages] = [(); 4].map(|()| versions(source));
    let (transaction, room) = (source.byte(), source.below(1200));
    let needed = 36 + 4 * (frameworks.len() + messages.len());
    let mut buffer = vec![0xA5; room];
    let Ok(packet) = Offer::encode(&frameworks, &messages, transaction, &mut buffer) else {
        assert!(room < needed && buffer.iter().all(|byte| *byte == 0xA5));
        return;
    };
    assert_eq!(packet.len(), needed);
    let offer = Offer::decode(packet).unwrap();
    assert!(offer.frameworks.iter().eq(frameworks.iter().copied()));
    assert!(offer.messages.iter().eq(messages.iter().copied()));
    let own = Own {
        frameworks: &own_frameworks,
        messages: &own_messages,
    };
    let rule = if source.flag() {
        Rule::Exact
    } else {
        Rule::HighestNotAbove
    };
    let both = chosen(&frameworks, own.frameworks, rule)
        .zip(chosen(&messages, own.messages, rule))
        .map(|(framework, message)| Versions { framework, message });
    let both = both.filter(|_| {
        rule != Rule::Exact || frameworks.len().max(messages.len()) <= LINUX_MAX_VERSIONS
    });
    assert_eq!(offer.choose(own, rule), both);
    judge(packet);
    // Rings pad: the packet may be followed by what is none of it.
    let padded = (needed + source.below(9)).min(room);
    let packet = &mut buffer[..padded];
    Offer::answer(packet, both).unwrap();
    assert_eq!(Offer::decode_answer(packet), Ok(both));
    assert!(Offer::decode(packet).unwrap().frameworks.len() <= 1);
    judge(packet);
    source.damage(&mut buffer);
    judge(&buffer);
}

/// A guest that answers whatever it likes: the host ends all the same.
fn enumeration(source: &mut Source<'_>) {
    let limits = Limits {
        items: u32::from(source.byte() % 20),
        strays: u32::from(source.byte() % 20),
    };
    let (pool, lenient) = (Pool(source.byte()), source.flag());
    let mut packet = [0xA5; LEN];
    let start = Enumeration::within(limits, pool, envelope(source));
    let mut waiting = Some(start.ask(&mut packet));
    let (mut asked, mut strays) = (1, 0);
    while let Some(machine) = waiting.take() {
        let index = machine.index();
        assert_eq!(index + 1, asked);
        let mut bytes = packet.to_vec();
        let (key, value) = (source.text(255), source.text(1023));
        let outcome = match source.below(6) {
            0 => Outcome::Failed(HResult(source.u32())),
            1 => Outcome::Failed(status::NO_MORE_ITEMS),
            2 => Outcome::Done,
            _ => Outcome::Pair(Pair::new(key.as_str(), value.as_str())),
        };
        let sound = answer(&mut bytes, &outcome).is_ok();
        let whole = bytes.len();
        if source.below(3) == 0 {
            source.damage(&mut bytes);
        } else if let (true, Outcome::Pair(pair)) = (sound, outcome) {
            // A sound answer is an item, whichever reader takes it.
            let again = Reply::decode(&bytes, Operation::ENUMERATE).unwrap();
            let pair = Some(pair);
            assert_eq!(again.answer, Answer::Enumerate { index, pair });
        }
        assert!(bytes.len() <= whole);
        let step = if lenient {
            machine.reply_lenient(&bytes)
        } else {
            machine.reply(&bytes)
        };
        let next = match step {
            Step::Item {
                index: at, next, ..
            } => {
                assert_eq!(at, index);
                next
            }
            Step::Failed {
                index: at, skip, ..
            }
            | Step::Broken {
                index: at, skip, ..
            } => {
                assert_eq!(at, index);
                skip
            }
            Step::End { count } => {
                assert_eq!(count, index);
                None
            }
            Step::Stray { waiting: on, .. } => {
                strays += 1;
                assert_eq!(on.is_some(), strays <= limits.strays);
                waiting = on;
                continue;
            }
        };
        waiting = next.map(|machine| {
            asked += 1;
            machine.ask(&mut packet)
        });
        assert!(asked <= limits.items.max(1));
    }
}
