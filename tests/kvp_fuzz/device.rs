//! The messages of the Linux device, both ways.

use avma::HResult;
use avma::kvp::code::{AddressFamily, Operation, Pool};
use avma::kvp::device::{Answer, MESSAGE_LEN, Registered, Registration, ToDaemon, field, ip_text};
use avma::kvp::error::DeviceError;
use avma::kvp::message::ip::IpText;

use crate::source::Source;
use crate::text::{fits_narrow, texts};

/// The ways to make an input; the first byte takes one.
pub const KINDS: usize = 6;

pub fn device(data: &[u8]) {
    let mut source = Source::new(data);
    match source.below(KINDS) {
        0 => judge(source.rest()),
        1 => shaped(&mut source),
        2 => requests(&mut source),
        3 => answers(&mut source),
        4 => registrations(&mut source),
        _ => texts(&mut source),
    }
}

const PATTERN: [u8; MESSAGE_LEN] = [0xA5; MESSAGE_LEN];

/// What holds of any bytes.
fn judge(bytes: &[u8]) {
    let whole = bytes.len() == MESSAGE_LEN;
    match ToDaemon::decode(bytes) {
        Ok(request) => {
            assert!(whole);
            let _ = format!("{request:?}");
            let mut again = PATTERN;
            request.encode(&mut again).unwrap();
            assert_eq!(ToDaemon::decode(&again), Ok(request));
            meaningful(&request, bytes, &again);
            let mut third = PATTERN;
            ToDaemon::decode(&again)
                .unwrap()
                .encode(&mut third)
                .unwrap();
            assert!(third == again, "encoding what was decoded changes it");
        }
        Err(fault) => assert_eq!(matches!(fault, DeviceError::Length { .. }), !whole),
    }
    for asked in [0, 1, 2, 3, 4, 5, 6, 99, 100].map(Operation) {
        answer(bytes, asked);
    }
    let registration = Registration::decode(bytes);
    assert_eq!(registration.is_ok(), whole && matches!(bytes[0], 4 | 100));
    for registration in [Registration::Register, Registration::Register1] {
        let Ok(registered) = Registered::decode(bytes, registration) else {
            continue;
        };
        let mut again = PATTERN;
        registered.encode(&mut again).unwrap();
        assert_eq!(Registered::decode(&again, registration), Ok(registered));
    }
    if let Ok(ip) = ip_text(bytes) {
        let mut again = PATTERN;
        Answer::Ip(ip).encode(&mut again).unwrap();
        assert_eq!(ip_text(&again), Ok(ip));
    }
}

/// What was decoded is what lay there: the sizes are those of the texts, and no byte is made up.
fn meaningful(request: &ToDaemon<'_>, bytes: &[u8], again: &[u8]) {
    assert_eq!(again[0], bytes[0]);
    let sizes: &[usize] = match request {
        ToDaemon::Get { .. } => &[field::KEY_SIZE],
        ToDaemon::Set { .. } => &[field::KEY_SIZE, field::VALUE_SIZE],
        ToDaemon::Delete { .. } => &[field::DELETE_KEY_SIZE],
        _ => &[],
    };
    for at in sizes {
        assert_eq!(again[*at..at + 4], bytes[*at..at + 4], "{at}");
    }
    let same = |(new, old): (&u8, &u8)| *new == 0 || new == old;
    assert!(again.iter().zip(bytes).all(same));
}

fn answer(bytes: &[u8], asked: Operation) {
    let answer = match Answer::decode(bytes, asked) {
        Ok(answer) => answer,
        Err(fault) => {
            assert!(!fault.to_string().is_empty());
            return;
        }
    };
    assert!(bytes.len() == MESSAGE_LEN && asked.0 <= 5);
    let _ = format!("{answer:?}");
    let status = u32::from_le_bytes(bytes[..4].try_into().unwrap());
    assert_eq!(answer.status(), HResult(status));
    let mut again = PATTERN;
    answer.encode(&mut again).unwrap();
    assert_eq!(Answer::decode(&again, asked), Ok(answer));
    let mut third = PATTERN;
    answer.encode(&mut third).unwrap();
    assert!(third == again);
}

/// A message of zeroes with short texts in its fields, and sizes that may be right: any bytes would
/// hardly ever be one.
fn shaped(source: &mut Source<'_>) {
    let mut message = vec![0; MESSAGE_LEN];
    message[0] = source.byte() % 8;
    message[1] = source.byte() % 6;
    if source.flag() {
        message[2..4].copy_from_slice(&source.u16().to_le_bytes());
    }
    for at in [
        field::KEY,
        field::VALUE,
        field::DELETE_KEY,
        field::ENUMERATE_KEY,
        field::ENUMERATE_VALUE,
        field::ADAPTER_ID,
        field::ADDRESSES,
        field::DNS,
    ] {
        if source.flag() {
            continue;
        }
        let text = source.bytes(40);
        message[at..at + text.len()].copy_from_slice(text);
        if source.flag() {
            let nul = text.iter().position(|byte| *byte == 0);
            let size = u32::try_from(nul.unwrap_or(text.len()) + 1).unwrap();
            let size_at =
                source.pick(&[field::KEY_SIZE, field::VALUE_SIZE, field::DELETE_KEY_SIZE]);
            message[size_at..size_at + 4].copy_from_slice(&size.to_le_bytes());
        }
    }
    source.damage(&mut message);
    judge(&message);
}

/// The texts of IP information.
struct Lists {
    texts: [String; 5],
    family: AddressFamily,
    dhcp: u8,
}

impl Lists {
    fn new(source: &mut Source<'_>) -> Self {
        Self {
            texts: [255, 2047, 2047, 1023, 2047].map(|most| source.text(most)),
            family: AddressFamily(source.byte()),
            dhcp: source.byte(),
        }
    }

    fn ip(&self) -> IpText<'_> {
        let [adapter_id, addresses, subnets, gateways, dns] =
            self.texts.each_ref().map(|text| text.as_str().into());
        IpText {
            adapter_id,
            family: self.family,
            dhcp: self.dhcp,
            addresses,
            subnets,
            gateways,
            dns,
        }
    }

    fn fits(&self) -> bool {
        self.texts
            .iter()
            .zip([256, 2048, 2048, 1024, 2048])
            .all(|(text, bytes)| fits_narrow(text, bytes))
    }
}

fn requests(source: &mut Source<'_>) {
    let pool = Pool(source.byte() % 6);
    let (key, value) = (source.text(511), source.text(2047));
    let (kind, some, index) = (source.below(6), source.flag(), source.u32());
    let lists = Lists::new(source);
    let ip = lists.ip();
    let key_fits = fits_narrow(&key, 512);
    let key = key.as_str().into();
    let (request, fits) = match kind {
        0 => (ToDaemon::Get { pool, key }, key_fits),
        1 => {
            let fits = key_fits && (!some || fits_narrow(&value, 2048));
            let value = some.then(|| value.as_str().into());
            (ToDaemon::Set { pool, key, value }, fits)
        }
        2 => (ToDaemon::Delete { pool, key }, key_fits),
        3 => (ToDaemon::Enumerate { pool, index }, true),
        4 => {
            let request = ToDaemon::GetIpInfo {
                pool,
                adapter_id: ip.adapter_id,
                family: ip.family,
            };
            (request, fits_narrow(&lists.texts[0], 256))
        }
        _ => (ToDaemon::SetIpInfo { pool, ip }, lists.fits()),
    };
    let fits = fits && pool.is_exchanged();
    let mut message = PATTERN;
    assert_eq!(request.encode(&mut message).is_ok(), fits);
    if !fits {
        assert!(message == PATTERN, "a failure changes nothing");
        return;
    }
    assert_eq!(ToDaemon::decode(&message), Ok(request));
    judge(&message);
    let mut bytes = message.to_vec();
    source.damage(&mut bytes);
    judge(&bytes);
}

fn answers(source: &mut Source<'_>) {
    let (key, value) = (source.text(511), source.text(2047));
    let (kind, index, status) = (source.below(5), source.u32(), HResult(source.u32()));
    let lists = Lists::new(source);
    let value_fits = fits_narrow(&value, 2048);
    let (answer, asked, fits) = match kind {
        0 => (Answer::Failed(status), 0, status != HResult::OK),
        1 => (Answer::Done, 1 + source.byte() % 2, true),
        2 => (Answer::Value(value.as_str().into()), 0, value_fits),
        3 => {
            let item = Answer::Item {
                index,
                key: key.as_str().into(),
                value: value.as_str().into(),
            };
            (item, 3, value_fits && fits_narrow(&key, 512))
        }
        _ => (Answer::Ip(lists.ip()), 4, lists.fits()),
    };
    let mut message = PATTERN;
    assert_eq!(answer.encode(&mut message).is_ok(), fits);
    if !fits {
        assert!(message == PATTERN, "a failure changes nothing");
        return;
    }
    assert_eq!(Answer::decode(&message, Operation(asked)), Ok(answer));
    judge(&message);
}

fn registrations(source: &mut Source<'_>) {
    let registration = if source.flag() {
        Registration::Register
    } else {
        Registration::Register1
    };
    let mut message = PATTERN;
    registration.encode(&mut message);
    assert_eq!(Registration::decode(&message), Ok(registration));
    judge(&message);
    let version = source.text(511);
    let registered = Registered {
        registration,
        version: version.as_str().into(),
    };
    let mut message = PATTERN;
    let fits = fits_narrow(&version, 512);
    assert_eq!(registered.encode(&mut message).is_ok(), fits);
    if !fits {
        assert!(message == PATTERN, "a failure changes nothing");
        return;
    }
    assert_eq!(Registered::decode(&message, registration), Ok(registered));
    if registration == Registration::Register1 {
        let read = ToDaemon::decode(&message);
        assert_eq!(read, Ok(ToDaemon::Registered(registered)));
    }
    judge(&message);
}
