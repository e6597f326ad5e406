//! Messages of the Linux device.

use avma::HResult;
use avma::kvp::code::{AddressFamily, Operation, status};
use avma::kvp::device::{Answer, Registered, Registration, ToDaemon, field, ip_text};
use avma::kvp::error::{DeviceError, TextError, TextField};

use crate::decoded::Decoded;

pub fn decode(bytes: &[u8], request: Option<&[u8]>) -> Decoded {
    let mut decoded = Decoded::default();
    let Some(request) = request else {
        if bytes.first() == Some(&Registration::Register1.operation().0) {
            registration(&mut decoded, bytes);
        } else {
            asked(&mut decoded, bytes);
        }
        return decoded;
    };
    match ToDaemon::decode(request).map(|request| request.operation()) {
        Ok(operation) if operation == Registration::Register1.operation() => {
            registration(&mut decoded, bytes);
        }
        Ok(operation) => answered(&mut decoded, bytes, operation),
        Err(error) => decoded.refuse(
            0,
            "the request cannot be read",
            &format!("the request cannot be read: {error}"),
        ),
    }
    decoded
}

/// The daemon's registration, of which only the operation means anything, or the kernel's word to it,
/// which has the kernel's version.
fn registration(decoded: &mut Decoded, bytes: &[u8]) {
    if let Err(error) = Registration::decode(bytes) {
        refuse(decoded, &error);
        return;
    }
    let operation = Registration::Register1.operation();
    decoded.code(field::OPERATION, "op", operation.0, Some("REGISTER1"));
    match Registered::decode(bytes, Registration::Register1) {
        Ok(registered) if !registered.version.is_empty() => {
            decoded.number(field::POOL, "pool", bytes[field::POOL]);
            decoded.text_field(field::VERSION, "version", &registered.version.to_string());
        }
        _ => decoded.note("a daemon registers; the other bytes mean nothing"),
    }
}

/// What the kernel asks.
fn asked(decoded: &mut Decoded, bytes: &[u8]) {
    let read = match ToDaemon::decode(bytes) {
        Ok(read) => read,
        Err(error) => {
            refuse(decoded, &error);
            return;
        }
    };
    let operation = read.operation();
    decoded.code(field::OPERATION, "op", operation.0, operation.name());
    let pool = avma::kvp::code::Pool(bytes[field::POOL]);
    decoded.code(field::POOL, "pool", pool.0, pool.name());
    let number = |at: usize| {
        bytes
            .get(at..at + 4)
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u32::from_le_bytes)
    };
    match read {
        ToDaemon::Get { key, .. } | ToDaemon::Set { key, .. } => {
            decoded.number(field::VALUE_TYPE, "value_type", number(field::VALUE_TYPE));
            decoded.number(field::KEY_SIZE, "key_size", number(field::KEY_SIZE));
            decoded.number(field::VALUE_SIZE, "value_size", number(field::VALUE_SIZE));
            decoded.text_field(field::KEY, "key", &key.to_string());
            let value = match read {
                ToDaemon::Set { value, .. } => value,
                _ => None,
            };
            let value = value.map(|value| value.to_string()).unwrap_or_default();
            decoded.text_field(field::VALUE, "value", &value);
            if matches!(read, ToDaemon::Set { value: None, .. }) {
                decoded.note("no value: the host's type is not known to the kernel");
            }
        }
        ToDaemon::Delete { key, .. } => {
            decoded.number(
                field::DELETE_KEY_SIZE,
                "key_size",
                number(field::DELETE_KEY_SIZE),
            );
            decoded.text_field(field::DELETE_KEY, "key", &key.to_string());
        }
        ToDaemon::Enumerate { index, .. } => decoded.number(field::INDEX, "index", index),
        _ => ip(decoded, bytes),
    }
}

/// What the daemon answers.
fn answered(decoded: &mut Decoded, bytes: &[u8], operation: Operation) {
    let answer = match Answer::decode(bytes, operation) {
        Ok(answer) => answer,
        Err(error) => {
            refuse(decoded, &error);
            return;
        }
    };
    status_field(decoded, field::STATUS, answer.status());
    match answer {
        // The daemon copies nothing there; a value would be one of another daemon.
        Answer::Value(value) if !value.is_empty() => {
            decoded.text_field(field::VALUE, "value", &value.to_string());
        }
        Answer::Value(_) => decoded.note("an empty value, as the daemon gives for any key"),
        Answer::Item { index, key, value } => {
            decoded.number(field::INDEX, "index", index);
            decoded.text_field(field::ENUMERATE_KEY, "key", &key.to_string());
            decoded.text_field(field::ENUMERATE_VALUE, "value", &value.to_string());
        }
        Answer::Ip(_) => ip(decoded, bytes),
        Answer::Done if operation == Operation::SET_IP_INFO => {
            decoded.note("the lists as the daemon's parser left them");
            ip(decoded, bytes);
        }
        _ => {}
    }
}

fn ip(decoded: &mut Decoded, bytes: &[u8]) {
    let ip = match ip_text(bytes) {
        Ok(ip) => ip,
        Err(error) => {
            refuse(decoded, &error);
            return;
        }
    };
    decoded.text_field(field::ADAPTER_ID, "adapter_id", &ip.adapter_id.to_string());
    family_field(decoded, field::ADDRESS_FAMILY, ip.family);
    decoded.number(field::DHCP, "dhcp", ip.dhcp);
    decoded.text_field(field::ADDRESSES, "ip", &ip.addresses.to_string());
    decoded.text_field(field::SUBNETS, "subnet", &ip.subnets.to_string());
    decoded.text_field(field::GATEWAYS, "gateway", &ip.gateways.to_string());
    decoded.text_field(field::DNS, "dns", &ip.dns.to_string());
}

/// An address family, of either form.
pub fn family_field(decoded: &mut Decoded, at: usize, family: AddressFamily) {
    decoded.code(at, "address_family", family.0, family.name());
}

/// A status, of either form.
pub fn status_field(decoded: &mut Decoded, at: usize, code: HResult) {
    let name = status::symbol(code).map_or(String::new(), |symbol| format!(" {symbol}"));
    let hex = format!("{:#010x}", code.0);
    decoded.line(at, "status", format!("{hex}{name}"));
    decoded.insert("status", hex);
}

fn refuse(decoded: &mut Decoded, error: &DeviceError) {
    let (at, reason) = match *error {
        DeviceError::Length { needed, got } => (got.min(needed), "not 7432 bytes".to_owned()),
        DeviceError::Operation { at, .. } => (at, "unknown operation".to_owned()),
        DeviceError::Pool { at, .. } => (at, "unknown pool".to_owned()),
        DeviceError::Text { field, at, fault } => (
            fault_at(fault).unwrap_or(at),
            format!("{}: {}", text_name(field), fault_reason(fault, true)),
        ),
        _ => (0, error.to_string()),
    };
    decoded.refuse(at, &reason, &error.to_string());
}

/// What the field of a text is called.
pub const fn text_name(field: TextField) -> &'static str {
    match field {
        TextField::Key => "key",
        TextField::Value => "value",
        TextField::AdapterId => "adapter_id",
        TextField::Addresses => "ip",
        TextField::Subnets => "subnet",
        TextField::Gateways => "gateway",
        TextField::Dns => "dns",
        TextField::Version => "version",
    }
}

/// Where a text is wrong, if it says so.
pub const fn fault_at(fault: TextError) -> Option<usize> {
    match fault {
        TextError::NoNul { at }
        | TextError::NulInside { at }
        | TextError::Surrogate { at }
        | TextError::NotUtf8 { at } => Some(at),
        _ => None,
    }
}

/// What is wrong with a text, without numbers. A text whose size is declared has an end of its own.
pub const fn fault_reason(fault: TextError, sized: bool) -> &'static str {
    match fault {
        TextError::BeyondField { .. } => "size beyond the field",
        TextError::OddSize { .. } => "odd size",
        TextError::Nothing => "size 0",
        TextError::NoNul { .. } if sized => "no NUL at the end",
        TextError::NoNul { .. } => "no NUL",
        TextError::NulInside { .. } => "NUL inside",
        TextError::Surrogate { .. } => "unpaired surrogate",
        TextError::NotUtf8 { .. } => "not UTF-8",
        TextError::TooLong { .. } => "too long",
    }
}
