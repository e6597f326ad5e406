//! VMBus messages and pool files: the codec against the textbook way (checked field reads, a
//! `Vec<u16>`, `String::from_utf16`; texts trimmed of NULs), and against filling or copying the same
//! packet, which no reader or writer of all of it could beat.

use avma::kvp::code::Pool;
use avma::kvp::message::{ItemRequest, LEN, Outcome, Pair, answer, field, value};
use avma::kvp::packet::{Envelope, HEADER_LEN, Versions};

fn main() {
    divan::main();
}

const ENVELOPE: Envelope = Envelope {
    versions: Versions::LINUX,
    transaction: 0,
};

/// Lengths of key and value, in characters.
const LENGTHS: [(usize, usize); 2] = [(6, 18), (53, 1000)];

fn texts((key, value): (usize, usize)) -> (String, String) {
    let text = |length| {
        "OSName-Windows Server "
            .chars()
            .cycle()
            .take(length)
            .collect()
    };
    (text(key), text(value))
}

/// The answer to ENUMERATE with such a pair.
fn reply(lengths: (usize, usize)) -> [u8; LEN] {
    let (key, value) = texts(lengths);
    let (pool, index) = (Pool::AUTO, 0);
    let mut packet = [0; LEN];
    ItemRequest::Enumerate { pool, index }
        .encode(ENVELOPE, &mut packet)
        .unwrap();
    answer(&mut packet, &Outcome::Pair(Pair::new(&*key, &*value))).unwrap();
    packet
}

mod enumerate_reply {
    use avma::kvp::code::Operation;
    use avma::kvp::message::{Answer, Reply};
    use divan::{Bencher, black_box};

    use super::{LENGTHS, reply, texts};

    #[divan::bench(args = LENGTHS)]
    fn decode(bencher: Bencher<'_, '_>, lengths: (usize, usize)) {
        let packet = reply(lengths);
        bencher.bench_local(|| {
            let reply = Reply::decode(black_box(&packet), Operation::ENUMERATE).unwrap();
            assert!(matches!(
                reply.answer,
                Answer::Enumerate { pair: Some(_), .. }
            ));
            reply.status
        });
    }

    #[divan::bench(args = LENGTHS)]
    fn textbook(bencher: Bencher<'_, '_>, lengths: (usize, usize)) {
        let packet = reply(lengths);
        let (key, value) = texts(lengths);
        assert_eq!(super::textbook(&packet), Some((key, value)));
        bencher.bench_local(|| super::textbook(black_box(&packet)).unwrap());
    }
}

mod packet {
    use avma::kvp::message::LEN;
    use divan::{Bencher, black_box};

    use super::{LENGTHS, reply};

    #[divan::bench]
    fn memset(bencher: Bencher<'_, '_>) {
        let mut packet = [0u8; LEN];
        bencher.bench_local(|| black_box(&mut packet).fill(black_box(0xAA)));
    }

    #[divan::bench]
    fn memcpy(bencher: Bencher<'_, '_>) {
        let (from, mut to) = (reply(LENGTHS[0]), [0; LEN]);
        bencher.bench_local(|| black_box(&mut to).copy_from_slice(black_box(&from)));
    }
}

mod short_set {
    use avma::kvp::code::Pool;
    use avma::kvp::message::{ItemRequest, LEN, Pair, Request};
    use divan::{Bencher, black_box};

    use super::ENVELOPE;

    #[divan::bench]
    fn encode(bencher: Bencher<'_, '_>) {
        let mut packet = [0xAA; LEN];
        bencher.bench_local(|| {
            ItemRequest::Set {
                pool: Pool::EXTERNAL,
                pair: Pair::new(black_box("OSName"), black_box("Windows Server 202")),
            }
            .encode(black_box(ENVELOPE), black_box(&mut packet))
            .unwrap();
        });
    }

    #[divan::bench]
    fn decode(bencher: Bencher<'_, '_>) {
        let mut packet = [0; LEN];
        let pair = Pair::new("OSName", "Windows Server 202");
        let pool = Pool::EXTERNAL;
        ItemRequest::Set { pool, pair }
            .encode(ENVELOPE, &mut packet)
            .unwrap();
        bencher.bench_local(|| Request::decode(black_box(&packet)).unwrap().header.status);
    }
}

mod pool_of_1_024_short_records {
    use avma::kvp::pool::{KEY_LEN, PoolFile, RECORD_LEN};
    use divan::counter::{BytesCount, ItemsCount};
    use divan::{Bencher, black_box};

    const RECORDS: usize = 1024;

    fn file() -> Vec<u8> {
        let mut bytes = Vec::with_capacity(RECORDS * RECORD_LEN);
        for index in 0..RECORDS {
            let mut record = [0; RECORD_LEN];
            let key = format!("key-{index:04}");
            let (head, tail) = record.split_at_mut(KEY_LEN);
            head[..key.len()].copy_from_slice(key.as_bytes());
            tail[..18].copy_from_slice(b"Windows Server 202");
            bytes.extend_from_slice(&record);
        }
        bytes
    }

    #[divan::bench]
    fn records(bencher: Bencher<'_, '_>) {
        let bytes = file();
        bencher.counter(ItemsCount::new(RECORDS)).bench_local(|| {
            let items = PoolFile::new(black_box(&bytes)).records();
            items
                .map(|record| {
                    let item = record.item().unwrap();
                    item.name.len() + item.data.len()
                })
                .sum::<usize>()
        });
    }

    /// Reads each field whole and trims the NULs, as most readers of these files do.
    #[divan::bench]
    fn trimming(bencher: Bencher<'_, '_>) {
        let bytes = file();
        bencher.counter(ItemsCount::new(RECORDS)).bench_local(|| {
            let mut total = 0;
            for record in black_box(&bytes).chunks_exact(RECORD_LEN) {
                let (key, value) = record.split_at(KEY_LEN);
                let text = |field| {
                    let text = String::from_utf8_lossy(field);
                    text.trim_end_matches('\0').to_owned()
                };
                total += text(key).len() + text(value).len();
            }
            total
        });
    }

    #[divan::bench]
    fn memcpy(bencher: Bencher<'_, '_>) {
        let bytes = file();
        let mut to = vec![0; bytes.len()];
        bencher
            .counter(BytesCount::of_slice(&bytes))
            .bench_local(|| black_box(&mut to).copy_from_slice(black_box(&bytes)));
    }
}

/// Key and value, read field by field.
fn textbook(packet: &[u8]) -> Option<(String, String)> {
    let body = packet.get(HEADER_LEN..)?;
    let u32_at = |at: usize| {
        let bytes = body.get(at..at + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
    };
    let block = field::ENUMERATE_BLOCK;
    let text = |at: usize, size: usize, allowed: usize| {
        if size > allowed || size % 2 != 0 {
            return None;
        }
        let bytes = body.get(block + at..block + at + size)?;
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|unit| u16::from_le_bytes([unit[0], unit[1]]))
            .collect();
        let text = String::from_utf16(&units).ok()?;
        Some(text.trim_end_matches('\0').to_owned())
    };
    let (key_size, value_size) = (
        u32_at(block + value::field::KEY_SIZE)?,
        u32_at(block + value::field::VALUE_SIZE)?,
    );
    let key = text(value::field::KEY, key_size, value::KEY_LEN)?;
    let value = text(value::field::VALUE, value_size, value::VALUE_LEN)?;
    Some((key, value))
}
