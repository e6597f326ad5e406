//! Every packet decodes, or is refused, as its index says.

use avma::kvp::code::{MessageType, Operation};
use avma::kvp::error::{IpList, MessageError, NegotiationError, PacketError, TextError, TextField};
use avma::kvp::message::ip::{IpInfo, IpText};
use avma::kvp::message::{Answer, IpRequest, ItemRequest, Pair, Reply, Request, Tolerated, Value};
use avma::kvp::packet::{Header, Offer, Packet, Version};
use serde_json::{Map, Value as Json, json};

use crate::vectors::{Vector, all};

type Fields = Map<String, Json>;

fn header(fields: &mut Fields, header: &Header) {
    let version = |version: Version| json!([version.major, version.minor]);
    let versions = header.envelope.versions;
    fields.insert("pipe_type".into(), json!(header.pipe_type));
    fields.insert("pipe_size".into(), json!(header.pipe_size));
    fields.insert("framework".into(), version(versions.framework));
    fields.insert("type".into(), json!(header.message_type.0));
    fields.insert("version".into(), version(versions.message));
    fields.insert("icmsgsize".into(), json!(header.body_size));
    let status = format!("0x{:08x}", header.status.0);
    fields.insert("status".into(), json!(status));
    let transaction = json!(header.envelope.transaction);
    fields.insert("transaction_id".into(), transaction);
    fields.insert("flags".into(), json!(header.flags.0));
}

fn pair(fields: &mut Fields, pair: &Pair<'_>) {
    let kind = pair.value.value_type().0;
    fields.insert("value_type".into(), json!(kind));
    fields.insert("key".into(), json!(pair.key.to_string()));
    match pair.value {
        Value::Text(text) | Value::Expand(text) => {
            fields.insert("value".into(), json!(text.to_string()));
        }
        Value::U32(number) => {
            fields.insert("value_u32".into(), json!(number));
        }
        Value::U64(number) | Value::UnixU64(number) => {
            fields.insert("value_u64".into(), json!(number.to_string()));
        }
        Value::Other { .. } => unreachable!("not from a strict reader"),
    }
}

fn ip(fields: &mut Fields, info: &IpInfo<'_>) {
    match info {
        IpInfo::Text(IpText {
            adapter_id,
            family,
            dhcp,
            addresses,
            subnets,
            gateways,
            dns,
        }) => {
            let texts = json!({
                "adapter_id": adapter_id.to_string(), "ip": addresses.to_string(),
                "subnet": subnets.to_string(), "gateway": gateways.to_string(),
                "dns": dns.to_string(), "address_family": family.0, "dhcp": dhcp,
            });
            fields.insert("ip".into(), texts);
        }
        IpInfo::Binary(info) => {
            let origins = info.ipv4().map(|entry| entry.origin.0);
            let origins = origins.chain(info.ipv6().map(|entry| entry.origin.0));
            let texts = |list: Vec<std::net::IpAddr>, v4: bool| -> Vec<String> {
                let list = list.iter().filter(|address| address.is_ipv4() == v4);
                list.map(ToString::to_string).collect()
            };
            let gateways = |v4| texts(info.gateways().collect(), v4);
            let dns = |v4| texts(info.dns().collect(), v4);
            let lists = json!({
                "adapter_id": info.adapter_id().to_string(),
                "address_family": info.family().0, "dhcp": info.dhcp(),
                "ipv4": info.ipv4().map(|e| e.address.to_string()).collect::<Vec<_>>(),
                "ipv6": info.ipv6().map(|e| e.address.to_string()).collect::<Vec<_>>(),
                "ipv4_subnets": info.ipv4().map(|e| e.mask.to_string()).collect::<Vec<_>>(),
                "ipv6_prefixes": info.ipv6().map(|e| e.prefix).collect::<Vec<_>>(),
                "ipv4_gateways": gateways(true), "ipv6_gateways": gateways(false),
                "ipv4_dns": dns(true), "ipv6_dns": dns(false),
                "origins": origins.collect::<Vec<_>>(),
            });
            fields.insert("ip_binary".into(), lists);
        }
    }
}

fn request(bytes: &[u8]) -> Result<Fields, MessageError> {
    let received = Request::decode(bytes)?;
    assert_eq!(received.tolerated, Tolerated::NOTHING);
    let mut fields = Fields::new();
    header(&mut fields, &received.header);
    fields.insert("op".into(), json!(received.message.operation().0));
    fields.insert("pool".into(), json!(received.message.pool().0));
    match &received.message {
        Request::Item(ItemRequest::Get { key, .. } | ItemRequest::Delete { key, .. }) => {
            fields.insert("key".into(), json!(key.to_string()));
        }
        Request::Item(ItemRequest::Set { pair: set, .. }) => pair(&mut fields, set),
        Request::Item(ItemRequest::Enumerate { index, .. }) => {
            fields.insert("index".into(), json!(index));
        }
        Request::Ip(IpRequest::Get { info, .. } | IpRequest::Set { info, .. }) => {
            ip(&mut fields, info);
        }
    }
    // Their value type means nothing and is not kept.
    if matches!(
        received.message.operation(),
        Operation::GET | Operation::ENUMERATE
    ) {
        fields.insert("value_type".into(), json!(0));
    }
    Ok(fields)
}

fn reply(bytes: &[u8], asked: Operation) -> Result<Fields, MessageError> {
    let reply = Reply::decode(bytes, asked)?;
    assert_eq!(reply.tolerated, Tolerated::NOTHING);
    let mut fields = Fields::new();
    header(&mut fields, &reply.header);
    fields.insert("op".into(), json!(reply.operation.0));
    fields.insert("pool".into(), json!(reply.pool.0));
    match reply.answer {
        Answer::Get(Some(read)) | Answer::Set(Some(read)) => pair(&mut fields, &read),
        Answer::Enumerate { index, pair: read } => {
            fields.insert("index".into(), json!(index));
            if let Some(read) = read {
                pair(&mut fields, &read);
            }
        }
        Answer::Delete { key: Some(key) } => {
            fields.insert("key".into(), json!(key.to_string()));
        }
        Answer::GetIpInfo(Some(info)) | Answer::SetIpInfo(Some(info)) => ip(&mut fields, &info),
        _ => {}
    }
    Ok(fields)
}

fn negotiation(bytes: &[u8]) -> Result<Fields, NegotiationError> {
    let offer = Offer::decode(bytes)?;
    let mut fields = Fields::new();
    header(&mut fields, &Packet::decode(bytes)?.header);
    let list = |versions: avma::kvp::packet::VersionList<'_>| -> Vec<[u16; 2]> {
        versions.iter().map(|v| [v.major, v.minor]).collect()
    };
    fields.insert(
        "negotiate".into(),
        json!({ "frameworks": list(offer.frameworks), "messages": list(offer.messages) }),
    );
    Ok(fields)
}

/// The words of the index for a fault.
fn word(fault: MessageError) -> String {
    match fault {
        MessageError::Packet(fault) => match fault {
            PacketError::Short { .. } => "shorter than 28 bytes".into(),
            PacketError::PipeType { .. } => "pipe type is not 1".into(),
            PacketError::PipeSizeBeyond { .. } => "pipe size does not fit the packet".into(),
            PacketError::BodySize { .. } => "icmsgsize beyond the packet".into(),
            other => other.to_string(),
        },
        MessageError::Body { needed: 4, .. } => "no KVP header".into(),
        MessageError::Body { .. } => "body too short".into(),
        MessageError::Operation { .. } => "unknown operation".into(),
        MessageError::Pool { .. } => "unknown pool".into(),
        MessageError::ValueType { .. } => "unknown value type".into(),
        MessageError::NumberSize { needed: 4, .. } => "u32 size".into(),
        MessageError::NumberSize { .. } => "u64 size".into(),
        MessageError::Text { field, fault } => {
            let fault = match fault {
                TextError::BeyondField { .. } => "size beyond the field",
                TextError::OddSize { .. } => "odd size",
                TextError::Nothing => "size 0",
                TextError::NoNul { .. } if matches!(field, TextField::Key | TextField::Value) => {
                    "no NUL at the end"
                }
                TextError::NoNul { .. } => "no NUL",
                TextError::NulInside { .. } => "NUL inside",
                TextError::Surrogate { .. } => "unpaired surrogate",
                other => panic!("{other}"),
            };
            format!("{field}: {fault}")
        }
        MessageError::Count { list, .. } => {
            let list = match list {
                IpList::Ipv4Addresses => "v4 addresses",
                IpList::Ipv6Addresses => "v6 addresses",
                IpList::Ipv4Gateways => "v4 gateways",
                IpList::Ipv6Gateways => "v6 gateways",
                IpList::Ipv4Dns => "v4 dns",
                IpList::Ipv6Dns => "v6 dns",
            };
            format!("{list}: count beyond the array")
        }
        other => other.to_string(),
    }
}

/// What was asked when a reply came: what the index says, or its operation.
pub fn asked(vector: &Vector) -> Option<Operation> {
    let expect = &vector.expect;
    let code = expect.get("asked_operation").or_else(|| {
        let is_reply = expect["flags"] == 5 && expect["type"] == MessageType::KVP.0;
        expect.get("op").filter(|_| is_reply)
    })?;
    Some(Operation(u8::try_from(code.as_u64().unwrap()).unwrap()))
}

/// Fields that a refusal leaves out, or that a reply's own bytes cannot be trusted with.
fn agree(file: &str, expect: &Json, got: &Fields) {
    let zeroed = expect.get("asked_operation").is_some();
    for (name, wanted) in expect.as_object().unwrap() {
        if name != "asked_operation" {
            assert_eq!(got.get(name), Some(wanted), "{file}: {name}");
        }
    }
    for name in got.keys() {
        assert!(
            zeroed || expect.get(name).is_some(),
            "{file}: {name} is not expected"
        );
    }
}

#[test]
fn every_packet_decodes_or_is_refused_as_the_index_says() {
    let mut refused = 0;
    for vector in all() {
        let file = &vector.file;
        let error = vector.expect.get("error");
        let negotiates = vector.expect["type"] == MessageType::NEGOTIATE.0;
        let read = if negotiates {
            negotiation(&vector.bytes).map_err(|fault| match fault {
                NegotiationError::Counts { .. } => "version counts beyond the message".to_owned(),
                other => other.to_string(),
            })
        } else {
            match asked(&vector) {
                Some(asked) => reply(&vector.bytes, asked).map_err(word),
                None => request(&vector.bytes).map_err(word),
            }
        };
        match (read, error) {
            (Ok(fields), None) => agree(file, &vector.expect, &fields),
            (Err(fault), Some(error)) => {
                assert_eq!(fault, *error, "{file}");
                refused += 1;
            }
            (read, error) => panic!("{file}: {read:?}, not {error:?}"),
        }
    }
    assert_eq!(refused, 50);
}

#[track_caller]
fn fault(file: &str) -> MessageError {
    Request::decode(&crate::vectors::bytes(file)).unwrap_err()
}

#[test]
fn faults_say_where_and_how_many() {
    let text = |field, fault| MessageError::Text { field, fault };
    let key = TextField::Key;
    let value = TextField::Value;
    assert_eq!(
        fault("hostile/truncated-2607.bin"),
        MessageError::Packet(PacketError::PipeSizeBeyond {
            needed: 2608,
            got: 2607
        })
    );
    assert_eq!(
        fault("hostile/icmsgsize-short-of-value.bin"),
        MessageError::Body {
            needed: 2576,
            got: 2575
        }
    );
    let beyond = TextError::BeyondField {
        size: 0x7FFF_FFFF,
        allowed: 512,
    };
    assert_eq!(fault("hostile/key-size-7fffffff.bin"), text(key, beyond));
    let beyond = TextError::BeyondField {
        size: u32::MAX,
        allowed: 2048,
    };
    assert_eq!(
        fault("hostile/value-size-ffffffff.bin"),
        text(value, beyond)
    );
    // The NUL inside: 28 headers, 4 + 12 before the key, then its place.
    let MessageError::Text {
        fault: TextError::NulInside { at },
        ..
    } = fault("hostile/key-nul-inside.bin")
    else {
        panic!();
    };
    let bytes = crate::vectors::bytes("hostile/key-nul-inside.bin");
    assert!(at > 44 && at < 44 + 512);
    assert_eq!(bytes[at..at + 2], [0, 0]);
    let MessageError::Text {
        fault: TextError::Surrogate { at },
        ..
    } = fault("hostile/value-swapped-surrogates.bin")
    else {
        panic!();
    };
    let bytes = crate::vectors::bytes("hostile/value-swapped-surrogates.bin");
    assert!(
        at >= 556 && bytes[at + 1] & 0xFC == 0xDC,
        "a low surrogate first"
    );
}

#[test]
fn a_reply_is_read_by_what_was_asked() {
    let bytes = crate::vectors::bytes("vmbus/enumerate-guest-1.reply.bin");
    let plain = Reply::decode(&bytes, Operation::ENUMERATE).unwrap();
    // OpenBSD: status 0 over operation, pool and pad of a good answer,
    let mut good = bytes.clone();
    good[28..32].copy_from_slice(&[0; 4]);
    let good = Reply::decode(&good, Operation::ENUMERATE).unwrap();
    assert_eq!(
        (good.answer, good.operation),
        (plain.answer, Operation::GET)
    );
    // HV_S_CONT over those of the last one: it still looks like ENUMERATE of pool 1.
    let mut last = bytes.clone();
    last[28..32].copy_from_slice(&0x8007_0103_u32.to_le_bytes());
    let last = Reply::decode(&last, Operation::ENUMERATE).unwrap();
    assert_eq!(last.status, avma::kvp::code::status::NO_MORE_ITEMS);
    assert_eq!(
        last.answer,
        Answer::Enumerate {
            index: 1,
            pair: None
        }
    );
    assert_eq!((last.operation, last.pool.0), (Operation::ENUMERATE, 1));
    // The header's own status goes first.
    let mut both = bytes;
    both[20..24].copy_from_slice(&0x8000_4005_u32.to_le_bytes());
    both[28..32].copy_from_slice(&0x8007_0103_u32.to_le_bytes());
    let both = Reply::decode(&both, Operation::ENUMERATE).unwrap();
    assert_eq!(both.status, avma::kvp::code::status::FAIL);
    assert!(!both.is_ok());
}
