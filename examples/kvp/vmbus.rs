//! Packets of VMBus.

use std::net::IpAddr;

use avma::kvp::code::{Flags, MessageType, Operation, Pool};
use avma::kvp::error::{IpList, MessageError, NegotiationError, PacketError, TextField};
use avma::kvp::message::ip::{self, IpBinary, IpText};
use avma::kvp::message::{
    Answer, IpInfo, ItemRequest, Pair, Reply, Request, Value, field as body, value,
};
use avma::kvp::packet::{Offer, Packet, Version, VersionList, field};
use avma::kvp::text::Text;
use serde_json::json;

use crate::decoded::Decoded;
use crate::device::{family_field, fault_at, fault_reason, status_field, text_name};
use crate::output::shown;

pub fn decode(bytes: &[u8], request: Option<&[u8]>) -> Decoded {
    let mut decoded = Decoded::default();
    let packet = match Packet::decode(bytes) {
        Ok(packet) => packet,
        Err(error) => {
            refuse(&mut decoded, None, &error.into());
            return decoded;
        }
    };
    header(&mut decoded, &packet);
    match packet.header.message_type {
        MessageType::NEGOTIATE => negotiation(&mut decoded, bytes, &packet),
        _ => message(&mut decoded, bytes, &packet, request),
    }
    decoded
}

fn header(decoded: &mut Decoded, packet: &Packet<'_>) {
    let header = &packet.header;
    let envelope = header.envelope;
    decoded.number(field::PIPE_TYPE, "pipe_type", header.pipe_type);
    decoded.number(field::PIPE_SIZE, "pipe_size", header.pipe_size);
    version_field(
        decoded,
        field::FRAMEWORK,
        "framework",
        envelope.versions.framework,
    );
    let message_type = header.message_type;
    decoded.code(
        field::MESSAGE_TYPE,
        "type",
        message_type.0,
        message_type.name(),
    );
    version_field(
        decoded,
        field::VERSION,
        "version",
        envelope.versions.message,
    );
    decoded.number(field::BODY_SIZE, "icmsgsize", header.body_size);
    status_field(decoded, field::STATUS, header.status);
    decoded.number(field::TRANSACTION, "transaction_id", envelope.transaction);
    let flags = if header.flags == Flags::ANSWER {
        "answer"
    } else {
        "request"
    };
    decoded.code(field::FLAGS, "flags", header.flags.0, Some(flags));
}

fn version_field(decoded: &mut Decoded, at: usize, name: &str, version: Version) {
    decoded.line(at, name, version.to_string());
    decoded.insert(name, json!([version.major, version.minor]));
}

fn negotiation(decoded: &mut Decoded, bytes: &[u8], packet: &Packet<'_>) {
    match Offer::of(packet) {
        Ok(offer) => {
            let text = |list: VersionList<'_>| {
                let list: Vec<_> = list.iter().map(|version| version.to_string()).collect();
                if list.is_empty() {
                    "none".to_owned()
                } else {
                    list.join(", ")
                }
            };
            let numbers = |list: VersionList<'_>| -> Vec<_> {
                list.iter()
                    .map(|version| [version.major, version.minor])
                    .collect()
            };
            let versions = field::BODY + 8;
            decoded.line(versions, "frameworks", text(offer.frameworks));
            let messages = versions + 4 * offer.frameworks.len();
            decoded.line(messages, "messages", text(offer.messages));
            decoded.insert(
                "negotiate",
                json!({
                    "frameworks": numbers(offer.frameworks),
                    "messages": numbers(offer.messages),
                }),
            );
        }
        Err(error @ NegotiationError::Counts { .. }) => decoded.refuse(
            field::BODY,
            "version counts beyond the message",
            &error.to_string(),
        ),
        Err(error) => decoded.refuse(bytes.len(), &error.to_string(), &error.to_string()),
    }
}

fn message(decoded: &mut Decoded, bytes: &[u8], packet: &Packet<'_>, request: Option<&[u8]>) {
    let own = packet.body.first().copied().map(Operation);
    let asked = match request.map(Request::lenient) {
        Some(Ok(request)) => Some(request.message.operation()),
        Some(Err(error)) => {
            let text = format!("the request cannot be read: {error}");
            decoded.refuse(0, "the request cannot be read", &text);
            return;
        }
        None if packet.header.flags == Flags::ANSWER => own,
        None => None,
    };
    if asked != own && asked.is_some() {
        // The answer's own operation and pool are not worth telling.
        decoded.take_object();
        if let Some(asked) = asked {
            decoded.insert("asked_operation", asked.0);
            decoded.note(&format!("read as the answer to {asked}"));
        }
    } else if let [operation, pool, _, _, ..] = *packet.body {
        if packet.header.message_type == MessageType::KVP {
            let (operation, pool) = (Operation(operation), Pool(pool));
            let at = field::BODY;
            decoded.code(at + body::OPERATION, "op", operation.0, operation.name());
            decoded.code(at + body::POOL, "pool", pool.0, pool.name());
        }
    }
    let read = match asked {
        Some(asked) => Reply::decode(bytes, asked).map(|reply| {
            if reply.status != reply.header.status {
                decoded.note("a status lies over operation, pool and pad");
                status_field(decoded, field::BODY, reply.status);
            } else if asked != own.unwrap_or(asked) {
                decoded.insert("status", format!("{:#010x}", reply.status.0));
            }
            answer(decoded, reply.answer);
        }),
        None => {
            Request::decode(bytes).map(|received| question(decoded, received.message, packet.body))
        }
    };
    if let Err(error) = read {
        before_fault(decoded, packet.body, own, asked, &error);
        refuse(decoded, asked.or(own), &error);
    }
}

fn question(decoded: &mut Decoded, request: Request<'_>, bytes: &[u8]) {
    match request {
        Request::Item(ItemRequest::Get { key, .. }) => {
            let block = field::BODY + body::VALUE_BLOCK;
            value_type(decoded, block, number(bytes, body::VALUE_BLOCK));
            decoded.text_field(block + value::field::KEY, "key", &key.to_string());
        }
        Request::Item(ItemRequest::Set { pair: item, .. }) => {
            pair(decoded, field::BODY + body::VALUE_BLOCK, &item);
        }
        Request::Item(ItemRequest::Delete { key, .. }) => {
            delete(decoded, key);
        }
        Request::Item(ItemRequest::Enumerate { index, .. }) => {
            decoded.number(field::BODY + body::INDEX, "index", index);
            let block = field::BODY + body::ENUMERATE_BLOCK;
            value_type(decoded, block, number(bytes, body::ENUMERATE_BLOCK));
        }
        Request::Ip(request) => addresses(decoded, request.info()),
    }
}

fn answer(decoded: &mut Decoded, answer: Answer<'_>) {
    match answer {
        Answer::Get(Some(item)) | Answer::Set(Some(item)) => {
            pair(decoded, field::BODY + body::VALUE_BLOCK, &item);
        }
        Answer::Delete { key: Some(key) } => delete(decoded, key),
        Answer::Enumerate { index, pair: item } => {
            decoded.number(field::BODY + body::INDEX, "index", index);
            if let Some(item) = item {
                pair(decoded, field::BODY + body::ENUMERATE_BLOCK, &item);
            }
        }
        Answer::GetIpInfo(Some(info)) | Answer::SetIpInfo(Some(info)) => addresses(decoded, &info),
        _ => {}
    }
}

fn delete(decoded: &mut Decoded, key: Text<'_>) {
    let at = field::BODY + body::DELETE_KEY;
    decoded.text_field(at, "key", &key.to_string());
}

fn value_type(decoded: &mut Decoded, block: usize, number: u32) {
    let at = block + value::field::VALUE_TYPE;
    let name = avma::kvp::code::ValueType(number).name();
    decoded.code(at, "value_type", number, name);
}

fn pair(decoded: &mut Decoded, block: usize, pair: &Pair<'_>) {
    value_type(decoded, block, pair.value.value_type().0);
    decoded.text_field(block + value::field::KEY, "key", &pair.key.to_string());
    let at = block + value::field::VALUE;
    match pair.value {
        Value::U32(number) => decoded.number(at, "value_u32", number),
        Value::U64(number) | Value::UnixU64(number) => {
            decoded.line(at, "value_u64", number.to_string());
            decoded.insert("value_u64", number.to_string());
        }
        Value::Text(text) | Value::Expand(text) => {
            decoded.text_field(at, "value", &text.to_string());
        }
        Value::Other { bytes, .. } => decoded.line(at, "value", format!("{} bytes", bytes.len())),
    }
}

fn addresses(decoded: &mut Decoded, info: &IpInfo<'_>) {
    let outer = decoded.take_object();
    let name = match info {
        IpInfo::Text(info) => {
            texts(decoded, info);
            "ip"
        }
        IpInfo::Binary(info) => {
            binary(decoded, info);
            "ip_binary"
        }
    };
    let inner = decoded.take_object();
    for (name, value) in outer {
        decoded.insert(&name, value);
    }
    decoded.insert(name, inner);
}

fn texts(decoded: &mut Decoded, info: &IpText<'_>) {
    let base = field::BODY;
    decoded.text_field(
        base + ip::field::ADAPTER_ID,
        "adapter_id",
        &info.adapter_id.to_string(),
    );
    family_field(decoded, base + ip::field::FAMILY, info.family);
    decoded.number(base + ip::field::DHCP, "dhcp", info.dhcp);
    for (at, name, list) in [
        (ip::field::ADDRESSES, "ip", info.addresses),
        (ip::field::SUBNETS, "subnet", info.subnets),
        (ip::field::GATEWAYS, "gateway", info.gateways),
        (ip::field::DNS, "dns", info.dns),
    ] {
        decoded.text_field(base + at, name, &list.to_string());
    }
}

/// Where the fields are, from the begin of the binary block.
mod block {
    pub const ADAPTER_ID: usize = 24;
    pub const FAMILY: usize = 280;
    pub const DHCP: usize = 281;
    pub const IPV4: usize = 284;
    pub const IPV6: usize = 540;
    pub const IPV4_SUBNETS: usize = 1564;
    pub const IPV6_PREFIXES: usize = 1820;
    pub const IPV4_GATEWAYS: usize = 2076;
    pub const IPV6_GATEWAYS: usize = 2096;
    pub const IPV4_DNS: usize = 2176;
    pub const IPV6_DNS: usize = 2432;
    pub const ORIGINS: usize = 3456;
}

fn binary(decoded: &mut Decoded, info: &IpBinary<'_>) {
    let base = field::BODY + ip::field::BINARY;
    let id = info.adapter_id().to_string();
    decoded.text_field(base + block::ADAPTER_ID, "adapter_id", &id);
    family_field(decoded, base + block::FAMILY, info.family());
    decoded.number(base + block::DHCP, "dhcp", info.dhcp());
    let mut list = |at: usize, name: &str, entries: Vec<String>| {
        decoded.line(base + at, name, entries.join(", "));
        decoded.insert(name, entries);
    };
    let of = |all: Vec<IpAddr>, v4: bool| -> Vec<String> {
        let family = all.into_iter().filter(|address| address.is_ipv4() == v4);
        family.map(|address| address.to_string()).collect()
    };
    let (gateways, dns): (Vec<_>, Vec<_>) = (info.gateways().collect(), info.dns().collect());
    let ipv4 = || info.ipv4();
    let ipv6 = || info.ipv6();
    let addresses = ipv4().map(|entry| entry.address.to_string()).collect();
    list(block::IPV4, "ipv4", addresses);
    let addresses = ipv6().map(|entry| entry.address.to_string()).collect();
    list(block::IPV6, "ipv6", addresses);
    let masks = ipv4().map(|entry| entry.mask.to_string()).collect();
    list(block::IPV4_SUBNETS, "ipv4_subnets", masks);
    list(
        block::IPV4_GATEWAYS,
        "ipv4_gateways",
        of(gateways.clone(), true),
    );
    list(block::IPV6_GATEWAYS, "ipv6_gateways", of(gateways, false));
    list(block::IPV4_DNS, "ipv4_dns", of(dns.clone(), true));
    list(block::IPV6_DNS, "ipv6_dns", of(dns, false));
    let prefixes: Vec<u32> = ipv6().map(|entry| entry.prefix).collect();
    decoded.line(
        base + block::IPV6_PREFIXES,
        "ipv6_prefixes",
        join(&prefixes),
    );
    decoded.insert("ipv6_prefixes", prefixes);
    let origins: Vec<u16> = ipv4()
        .map(|entry| entry.origin.0)
        .chain(ipv6().map(|entry| entry.origin.0))
        .collect();
    decoded.line(base + block::ORIGINS, "origins", join(&origins));
    decoded.insert("origins", origins);
}

fn join<T: ToString>(numbers: &[T]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(", ")
}

/// The four bytes at a place of the body; 0 where it is too short.
fn number(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u32::from_le_bytes)
}

/// The fields that lie before the one at fault, as far as they are sound.
fn before_fault(
    decoded: &mut Decoded,
    bytes: &[u8],
    own: Option<Operation>,
    asked: Option<Operation>,
    error: &MessageError,
) {
    let in_block = matches!(
        error,
        MessageError::Text {
            field: TextField::Key | TextField::Value,
            ..
        } | MessageError::ValueType { .. }
            | MessageError::NumberSize { .. }
    );
    let block = match asked.or(own) {
        Some(Operation::GET | Operation::SET) if in_block => body::VALUE_BLOCK,
        Some(Operation::ENUMERATE) if in_block => {
            let index = number(bytes, body::INDEX);
            decoded.number(field::BODY + body::INDEX, "index", index);
            body::ENUMERATE_BLOCK
        }
        _ => return,
    };
    let kind = number(bytes, block + value::field::VALUE_TYPE);
    value_type(decoded, field::BODY + block, kind);
    let size = number(bytes, block + value::field::KEY_SIZE);
    let key = block + value::field::KEY;
    let room = bytes.get(key..key + value::KEY_LEN).unwrap_or_default();
    match Text::sized(room, size) {
        Ok(text) if !text.is_empty() || size > 0 => {
            let text = text.to_string();
            decoded.line(field::BODY + key, "key", shown(&text));
            decoded.insert("key", text);
        }
        _ => {}
    }
}

fn refuse(decoded: &mut Decoded, operation: Option<Operation>, error: &MessageError) {
    let block = match operation {
        Some(Operation::ENUMERATE) => field::BODY + body::ENUMERATE_BLOCK,
        _ => field::BODY + body::VALUE_BLOCK,
    };
    let (at, reason) = match *error {
        MessageError::Packet(error) => packet_reason(error),
        MessageError::MessageType { .. } => (field::MESSAGE_TYPE, "not KVP".to_owned()),
        MessageError::NotARequest => (field::FLAGS, "not a request".to_owned()),
        MessageError::Body { needed: 4, .. } => (field::BODY_SIZE, "no KVP header".to_owned()),
        MessageError::Body { .. } => (field::BODY_SIZE, "body too short".to_owned()),
        MessageError::Operation { .. } => (field::BODY, "unknown operation".to_owned()),
        MessageError::Pool { .. } => (field::BODY + body::POOL, "unknown pool".to_owned()),
        MessageError::Text { field: text, fault } => {
            let sized = matches!(text, TextField::Key | TextField::Value);
            let size = match text {
                TextField::Value => block + value::field::VALUE_SIZE,
                _ if operation == Some(Operation::DELETE) => field::BODY + body::DELETE_KEY_SIZE,
                _ => block + value::field::KEY_SIZE,
            };
            (
                fault_at(fault).unwrap_or(size),
                format!("{}: {}", text_name(text), fault_reason(fault, sized)),
            )
        }
        MessageError::ValueType { at, .. } => (at, "unknown value type".to_owned()),
        MessageError::NumberSize { at, needed, .. } => (at, format!("u{} size", 8 * needed)),
        MessageError::Count { at, list, .. } => {
            let list = match list {
                IpList::Ipv4Addresses => "v4 addresses",
                IpList::Ipv6Addresses => "v6 addresses",
                IpList::Ipv4Gateways => "v4 gateways",
                IpList::Ipv6Gateways => "v6 gateways",
                IpList::Ipv4Dns => "v4 dns",
                IpList::Ipv6Dns => "v6 dns",
            };
            (at, format!("{list}: count beyond the array"))
        }
    };
    decoded.refuse(at, &reason, &error.to_string());
}

fn packet_reason(error: PacketError) -> (usize, String) {
    let (at, reason) = match error {
        PacketError::Short { got, .. } => (got, "shorter than 28 bytes"),
        PacketError::PipeType { .. } => (field::PIPE_TYPE, "pipe type is not 1"),
        PacketError::PipeSizeBeyond { .. } | PacketError::PipeSizeBelow { .. } => {
            (field::PIPE_SIZE, "pipe size does not fit the packet")
        }
        PacketError::BodySize { .. } => (field::BODY_SIZE, "icmsgsize beyond the packet"),
        PacketError::Flags { .. } => (field::FLAGS, "unknown flags"),
    };
    (at, reason.to_owned())
}
