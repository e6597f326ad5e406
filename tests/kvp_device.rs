//! Messages of the Linux character device: the vectors of `tests/data/kvp/chardev`, then the laws.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use avma::HResult;
use avma::kvp::code::{AddressFamily, Operation, Pool, status};
use avma::kvp::device::{Answer, MESSAGE_LEN, Registered, Registration, ToDaemon, field, ip_text};
use avma::kvp::error::{DeviceError, TextError, TextField};
use avma::kvp::message::ip::IpText;
use avma::kvp::text::Text;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

type Message = [u8; MESSAGE_LEN];

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kvp")
}

fn read(file: &str) -> Message {
    let bytes = fs::read(data().join("chardev").join(file)).unwrap();
    bytes.try_into().unwrap()
}

fn size(text: Text<'_>) -> usize {
    text.utf8_len() + 1
}

fn ip_json(ip: &IpText<'_>) -> Value {
    json!({
        "adapter_id": ip.adapter_id.to_string(),
        "address_family": ip.family.0,
        "dhcp": ip.dhcp,
        "ip": ip.addresses.to_string(),
        "subnet": ip.subnets.to_string(),
        "gateway": ip.gateways.to_string(),
        "dns": ip.dns.to_string(),
    })
}

/// A message of the kernel in the shape of the index.
fn to_daemon_json(message: &Message) -> Value {
    let decoded = ToDaemon::decode(message).unwrap();
    let mut got = match decoded {
        ToDaemon::Registered(registered) => {
            json!({ "pool": 0, "version": registered.version.to_string() })
        }
        ToDaemon::Get { pool, key } => json!({
            "pool": pool.0, "value_type": 0, "key_size": size(key), "value_size": 0,
            "key": key.to_string(), "value": "",
        }),
        ToDaemon::Set { pool, key, value } => json!({
            "pool": pool.0, "value_type": 0, "key_size": size(key),
            "value_size": value.map_or(0, size),
            "key": key.to_string(), "value": value.unwrap_or_default().to_string(),
        }),
        ToDaemon::Delete { pool, key } => {
            json!({ "pool": pool.0, "key_size": size(key), "key": key.to_string() })
        }
        ToDaemon::Enumerate { pool, index } => json!({ "pool": pool.0, "index": index }),
        ToDaemon::GetIpInfo {
            pool,
            adapter_id,
            family,
        } => {
            let mut ip = ip_json(&ip_text(message).unwrap());
            assert_eq!(ip["adapter_id"], adapter_id.to_string());
            assert_eq!(ip["address_family"], family.0);
            ip["pool"] = pool.0.into();
            ip
        }
        ToDaemon::SetIpInfo { pool, ip } => {
            let mut ip = ip_json(&ip);
            ip["pool"] = pool.0.into();
            ip
        }
        other => panic!("{other:?}"),
    };
    got["op"] = decoded.operation().0.into();
    got
}

/// An answer of the daemon in the shape of the index.
fn from_daemon_json(message: &Message, asked: Operation) -> Value {
    let answer = Answer::decode(message, asked).unwrap();
    let mut got = match answer {
        Answer::Item { index, key, value } => {
            json!({ "index": index, "key": key.to_string(), "value": value.to_string() })
        }
        Answer::Ip(ip) => ip_json(&ip),
        // The fields mean nothing, but the index tells them.
        Answer::Done if asked == Operation::SET_IP_INFO => ip_json(&ip_text(message).unwrap()),
        _ => Value::Object(Map::new()),
    };
    got["status"] = format!("0x{:08x}", answer.status().0).into();
    got
}

fn index() -> Vec<Value> {
    let index = fs::read_to_string(data().join("device.json")).unwrap();
    serde_json::from_str(&index).unwrap()
}

/// The operation that a file `NAME.from-daemon.bin` answers.
fn asked(file: &str) -> Operation {
    let request = read(&file.replace(".from-daemon.", ".to-daemon."));
    ToDaemon::decode(&request).unwrap().operation()
}

#[test]
fn every_vector_decodes_as_expected() {
    let mut met = BTreeSet::new();
    for entry in index() {
        let file = entry["file"].as_str().unwrap();
        met.insert(file.to_owned());
        let message = read(file);
        assert_eq!(message.len(), entry["bytes"], "{file}");
        let got = if file == "register1.from-daemon.bin" {
            let registration = Registration::decode(&message).unwrap();
            assert_eq!(registration, Registration::Register1);
            json!({ "op": registration.operation().0 })
        } else if file.contains(".to-daemon.") {
            to_daemon_json(&message)
        } else {
            from_daemon_json(&message, asked(file))
        };
        assert_eq!(got, entry["expect"], "{file}");
    }
    for file in fs::read_dir(data().join("chardev")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        assert!(met.contains(&name), "{name}");
    }
    assert_eq!(met.len(), 34);
}

#[test]
fn messages_of_the_kernel_encode_to_the_captured_bytes() {
    for entry in index() {
        let file = entry["file"].as_str().unwrap();
        if !file.contains(".to-daemon.") {
            continue;
        }
        let captured = read(file);
        let mut message = [0xAA; MESSAGE_LEN];
        ToDaemon::decode(&captured)
            .unwrap()
            .encode(&mut message)
            .unwrap();
        assert!(message == captured, "{file}");
    }
    let mut message = [0xAA; MESSAGE_LEN];
    Registration::Register1.encode(&mut message);
    assert!(message == read("register1.from-daemon.bin"));
}

#[test]
fn answers_encode_to_the_captured_bytes_that_mean_something() {
    let mut compared = 0;
    for entry in index() {
        let file = entry["file"].as_str().unwrap();
        if !file.contains(".from-daemon.") || file.starts_with("register1") {
            continue;
        }
        let captured = read(file);
        let asked = asked(file);
        let answer = Answer::decode(&captured, asked).unwrap();
        let mut message = [0xAA; MESSAGE_LEN];
        answer.encode(&mut message).unwrap();
        assert_eq!(Answer::decode(&message, asked), Ok(answer), "{file}");

        let texts: &[(usize, Text<'_>)] = match &answer {
            Answer::Item { key, value, .. } => &[
                (field::ENUMERATE_KEY, *key),
                (field::ENUMERATE_VALUE, *value),
            ],
            Answer::Value(value) => &[(field::VALUE, *value)],
            Answer::Ip(ip) => {
                let flags = field::ADDRESS_FAMILY..field::ADDRESSES;
                assert_eq!(message[flags.clone()], captured[flags], "{file}");
                &[
                    (field::ADAPTER_ID, ip.adapter_id),
                    (field::ADDRESSES, ip.addresses),
                    (field::SUBNETS, ip.subnets),
                    (field::GATEWAYS, ip.gateways),
                    (field::DNS, ip.dns),
                ]
            }
            _ => &[],
        };
        assert_eq!(message[..4], captured[..4], "{file}");
        for &(at, text) in texts {
            let bytes = at..at + size(text);
            assert_eq!(message[bytes.clone()], captured[bytes], "{file} at {at}");
            compared += 1;
        }
    }
    assert_eq!(compared, 12);
}

#[test]
fn an_answer_is_read_by_what_was_asked() {
    let gone = read("get-missing.from-daemon.bin");
    // By itself it is an ENUMERATE of pool 1, whose index is 0.
    let by_itself = ToDaemon::decode(&gone).unwrap();
    assert_eq!(
        by_itself,
        ToDaemon::Enumerate {
            pool: Pool::GUEST,
            index: 0
        }
    );
    let answer = Answer::decode(&gone, Operation::GET).unwrap();
    assert_eq!(answer, Answer::Failed(status::NO_MORE_ITEMS));

    // And a good answer is a GET without a key.
    let fault = DeviceError::Text {
        field: TextField::Key,
        at: 16,
        fault: TextError::Nothing,
    };
    assert_eq!(ToDaemon::decode(&[0; MESSAGE_LEN]), Err(fault));
    assert_eq!(
        Answer::decode(&[0; MESSAGE_LEN], Operation::SET),
        Ok(Answer::Done)
    );
}

#[test]
fn a_registration_by_4_is_told_apart_by_who_asked() {
    let mut message = [0xAA; MESSAGE_LEN];
    Registration::Register.encode(&mut message);
    assert_eq!(message[..2], [4, 0]);
    assert_eq!(Registration::decode(&message), Ok(Registration::Register));
    message[1..].fill(0x55);
    assert_eq!(Registration::decode(&message), Ok(Registration::Register));

    let word = Registered {
        registration: Registration::Register,
        version: "3.1".into(),
    };
    word.encode(&mut message).unwrap();
    assert_eq!(
        Registered::decode(&message, Registration::Register),
        Ok(word)
    );
    let wanted = ToDaemon::GetIpInfo {
        pool: Pool::EXTERNAL,
        adapter_id: "3.1".into(),
        family: AddressFamily::NONE,
    };
    assert_eq!(ToDaemon::decode(&message), Ok(wanted));
    let other = DeviceError::Operation { at: 0, got: 4 };
    assert_eq!(
        Registered::decode(&message, Registration::Register1),
        Err(other)
    );
    message[0] = 5;
    let other = DeviceError::Operation { at: 0, got: 5 };
    assert_eq!(Registration::decode(&message), Err(other));
}

fn set(key: &str, value: &str) -> Message {
    let mut message = [0xAA; MESSAGE_LEN];
    let (key, value) = (key.into(), Some(value.into()));
    let set = ToDaemon::Set {
        pool: Pool::GUEST,
        key,
        value,
    };
    set.encode(&mut message).unwrap();
    message
}

#[test]
fn sizes_end_with_the_first_nul_of_their_text() {
    let check = |at: usize, bytes: &[u8], text, place, fault| {
        let mut message = set("key", "value");
        message[at..at + bytes.len()].copy_from_slice(bytes);
        let wanted = DeviceError::Text {
            field: text,
            at: place,
            fault,
        };
        assert_eq!(ToDaemon::decode(&message), Err(wanted));
    };
    let (key, value) = (TextField::Key, TextField::Value);
    check(8, &[0], key, 16, TextError::Nothing);
    check(8, &[3], key, 16, TextError::NoNul { at: 19 });
    check(8, &[5], key, 16, TextError::NulInside { at: 19 });
    let beyond = |size, allowed| TextError::BeyondField { size, allowed };
    check(8, &513_u32.to_le_bytes(), key, 16, beyond(513, 512));
    check(12, &[0xFF; 4], value, 528, beyond(u32::MAX, 2048));
    check(12, &[5], value, 528, TextError::NoNul { at: 533 });
    check(16, b"k\0y", key, 16, TextError::NulInside { at: 17 });
    check(528, b"v\xC3", value, 528, TextError::NotUtf8 { at: 529 });
    let mut full = set("key", "value");
    full[16..528].fill(b'k');
    full[8..12].copy_from_slice(&512_u32.to_le_bytes());
    let fault = TextError::NoNul { at: 528 };
    assert_eq!(
        ToDaemon::decode(&full),
        Err(DeviceError::Text {
            field: key,
            at: 16,
            fault
        })
    );
}

#[test]
fn a_value_of_a_type_that_the_kernel_does_not_know_is_none() {
    let message = read("set-u64-type11.to-daemon.bin");
    let Ok(ToDaemon::Set { value, .. }) = ToDaemon::decode(&message) else {
        panic!();
    };
    assert_eq!(value, None);
    let message = read("set-empty-value.to-daemon.bin");
    let Ok(ToDaemon::Set { value, .. }) = ToDaemon::decode(&message) else {
        panic!();
    };
    assert_eq!(value, Some(Text::default()));
}

#[test]
fn pools_and_operations_that_do_not_travel_are_refused() {
    for got in 0..=255 {
        let mut message = set("key", "value");
        message[1] = got;
        match ToDaemon::decode(&message) {
            Ok(ToDaemon::Set { pool, .. }) => assert!(pool.0 == got && got < 4),
            other => assert_eq!(other, Err(DeviceError::Pool { at: 1, got })),
        }
        message[1] = 0;
        message[0] = got;
        let decoded = ToDaemon::decode(&message);
        if got > 5 && got != 100 {
            assert_eq!(decoded, Err(DeviceError::Operation { at: 0, got }));
            let answer = Answer::decode(&message, Operation(got));
            assert_eq!(answer, Err(DeviceError::NoAnswer { got }));
        }
    }
    let enumerate = ToDaemon::Enumerate {
        pool: Pool(4),
        index: 0,
    };
    let refused = DeviceError::Pool { at: 1, got: 4 };
    assert_eq!(enumerate.encode(&mut [0; MESSAGE_LEN]), Err(refused));
    let answer = Answer::decode(&[1; MESSAGE_LEN], Operation(100));
    assert_eq!(answer, Err(DeviceError::NoAnswer { got: 100 }));
    let failure = Answer::Failed(HResult::OK).encode(&mut [0; MESSAGE_LEN]);
    assert_eq!(failure, Err(DeviceError::NotAFailure));
}

#[test]
fn what_does_not_fit_is_refused_with_its_size() {
    let refused = |key: &str, value: &str| {
        let (key, value) = (key.into(), Some(value.into()));
        let set = ToDaemon::Set {
            pool: Pool::GUEST,
            key,
            value,
        };
        let mut message = [0xAA; MESSAGE_LEN];
        let error = set.encode(&mut message).unwrap_err();
        assert!(message == [0xAA; MESSAGE_LEN]);
        error
    };
    let long = |needed, allowed| TextError::TooLong { needed, allowed };
    let error = |field, at, fault| DeviceError::Text { field, at, fault };
    let (key, value) = (TextField::Key, TextField::Value);
    assert_eq!(
        refused(&"k".repeat(512), ""),
        error(key, 16, long(513, 512))
    );
    assert_eq!(
        refused("k", &"v".repeat(2048)),
        error(value, 528, long(2049, 2048))
    );
    assert_eq!(
        refused("k", "v\0"),
        error(value, 528, TextError::NulInside { at: 1 })
    );
    assert!(set(&"k".repeat(511), &"v".repeat(2047))[527..529] == [0, b'v']);
    assert_eq!(
        refused(&"k".repeat(512), "").to_string(),
        "key, a field at byte 16: the text needs 513 bytes with its NUL, the field has 512"
    );
}

#[test]
fn texts_of_the_wire_go_over_as_utf_8() {
    let wide: Vec<u8> = "grüße 😀\0"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let size = u32::try_from(wide.len()).unwrap();
    let key = Text::sized(&wide, size).unwrap();
    let mut message = [0xAA; MESSAGE_LEN];
    ToDaemon::Delete {
        pool: Pool::GUEST,
        key,
    }
    .encode(&mut message)
    .unwrap();
    assert!(message[8..].starts_with("grüße 😀\0".as_bytes()));
    assert_eq!(message[4], 13);

    let (half, _) = Text::lenient(b"a\0\0\xD8");
    let refused = ToDaemon::Delete {
        pool: Pool::GUEST,
        key: half,
    }
    .encode(&mut message);
    let fault = TextError::Surrogate { at: 2 };
    assert_eq!(
        refused,
        Err(DeviceError::Text {
            field: TextField::Key,
            at: 8,
            fault
        })
    );
}

#[test]
fn debug_shows_no_product_key() {
    let message = set("key", "RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289");
    let shown = format!("{:?}", ToDaemon::decode(&message).unwrap());
    assert!(
        !shown.contains("RHTBY") && shown.contains("\"key\""),
        "{shown}"
    );
    let shown = format!("{:?}", Answer::decode(&message[..], Operation::SET));
    assert!(!shown.contains("RHTBY"), "{shown}");
}

#[test]
fn every_proper_prefix_says_how_many_bytes_it_needs() {
    let message = read("get-ip-info.from-daemon.bin");
    let needed = MESSAGE_LEN;
    for got in 0..MESSAGE_LEN {
        let prefix = &message[..got];
        let wanted = DeviceError::Length { needed, got };
        assert_eq!(ToDaemon::decode(prefix), Err(wanted));
        assert_eq!(Answer::decode(prefix, Operation::GET_IP_INFO), Err(wanted));
        assert_eq!(ip_text(prefix), Err(wanted));
        assert_eq!(Registration::decode(prefix), Err(wanted));
        assert_eq!(
            Registered::decode(prefix, Registration::Register),
            Err(wanted)
        );
    }
    let longer = [0; MESSAGE_LEN + 1];
    let wanted = DeviceError::Length {
        needed,
        got: needed + 1,
    };
    assert_eq!(ToDaemon::decode(&longer), Err(wanted));
}

/// Any bytes, zeroed for the most part, so that texts end somewhere.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let edits = proptest::collection::vec((0..MESSAGE_LEN, any::<u8>()), 0..20);
    let head = proptest::collection::vec(0..7_u8, 24);
    (head, edits).prop_map(|(head, edits)| {
        let mut message = vec![0; MESSAGE_LEN];
        message[..24].copy_from_slice(&head);
        for at in [2, 3, 9, 10, 11, 13, 14, 15] {
            message[at] = 0;
        }
        for (at, byte) in edits {
            message[at] = byte;
        }
        message
    })
}

fn text(max: usize) -> impl Strategy<Value = String> {
    prop_oneof!["[a-zä-ü😀]{0,9}", "\\PC{0,700}", "a{0,2100}"].prop_map(move |mut text: String| {
        while text.len() >= max {
            text.pop();
        }
        text
    })
}

fn texts() -> impl Strategy<Value = [String; 7]> {
    let (key, value) = (text(field::KEY_LEN), text(field::VALUE_LEN));
    let (adapter, gateways) = (text(field::ADAPTER_ID_LEN), text(field::GATEWAYS_LEN));
    let list = || text(field::ADDRESSES_LEN);
    (key, value, adapter, list(), list(), gateways, list())
        .prop_map(|(a, b, c, d, e, f, g)| [a, b, c, d, e, f, g])
}

fn ip(texts: &[String; 7], family: u8, dhcp: u8) -> IpText<'_> {
    let text = |index: usize| Text::from(texts[index].as_str());
    IpText {
        adapter_id: text(2),
        family: AddressFamily(family),
        dhcp,
        addresses: text(3),
        subnets: text(4),
        gateways: text(5),
        dns: text(6),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused_and_come_back(bytes in prop_oneof![
        message(),
        proptest::collection::vec(any::<u8>(), 0..40),
        proptest::collection::vec(any::<u8>(), MESSAGE_LEN),
    ], asked in 0..7_u8) {
        let asked = Operation(asked);
        let mut first = [0xAA; MESSAGE_LEN];
        let mut second = [0x55; MESSAGE_LEN];
        if let Ok(read) = ToDaemon::decode(&bytes) {
            read.encode(&mut first).unwrap();
            let again = ToDaemon::decode(&first).unwrap();
            prop_assert_eq!(again, read);
            again.encode(&mut second).unwrap();
            prop_assert!(first == second);
        }
        if let Ok(read) = Answer::decode(&bytes, asked) {
            read.encode(&mut first).unwrap();
            let again = Answer::decode(&first, asked).unwrap();
            prop_assert_eq!(again, read);
            again.encode(&mut second).unwrap();
            prop_assert!(first == second);
        }
        let _ = (Registration::decode(&bytes), ip_text(&bytes));
        let _ = Registered::decode(&bytes, Registration::Register);
    }

    #[test]
    fn what_is_written_is_read(texts in texts(), pool in 0..4_u8, index: u32, family: u8, dhcp: u8, failure in 1..=u32::MAX) {
        let pool = Pool(pool);
        let [key, value, ..] = [0, 1, 2].map(|index| Text::from(texts[index].as_str()));
        let ip = ip(&texts, family, dhcp);
        let mut message = [0xAA; MESSAGE_LEN];
        for ask in [
            ToDaemon::Get { pool, key },
            ToDaemon::Set { pool, key, value: Some(value) },
            ToDaemon::Set { pool, key, value: None },
            ToDaemon::Delete { pool, key },
            ToDaemon::Enumerate { pool, index },
            ToDaemon::GetIpInfo { pool, adapter_id: ip.adapter_id, family: ip.family },
            ToDaemon::SetIpInfo { pool, ip },
            ToDaemon::Registered(Registered { registration: Registration::Register1, version: key }),
        ] {
            ask.encode(&mut message).unwrap();
            prop_assert_eq!(ToDaemon::decode(&message), Ok(ask));
            message.fill(0xAA);
        }
        for (asked, answer) in [
            (Operation::GET, Answer::Value(value)),
            (Operation::SET, Answer::Done),
            (Operation::DELETE, Answer::Done),
            (Operation::ENUMERATE, Answer::Item { index, key, value }),
            (Operation::GET_IP_INFO, Answer::Ip(ip)),
            (Operation::SET_IP_INFO, Answer::Done),
            (Operation::ENUMERATE, Answer::Failed(HResult(failure))),
        ] {
            answer.encode(&mut message).unwrap();
            prop_assert_eq!(Answer::decode(&message, asked), Ok(answer));
            message.fill(0xAA);
        }
    }
}
