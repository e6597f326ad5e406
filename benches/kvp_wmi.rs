//! One item in CIM-XML: the reader and the writer against the bare parse of the same text by
//! roxmltree (its tree, nothing looked up) and by quick-xml (its events, nothing unescaped).

use std::fmt::Write;

use avma::kvp::wmi::{self, DataItem};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// The items: as Microsoft's sample shows them, all on one line, with escapes, and a long value.
const ITEMS: [(&str, &str); 4] = [
    (
        "pretty",
        include_str!("../tests/data/kvp/xml/intrinsic-osversion.xml"),
    ),
    ("escaped", include_str!("../tests/data/kvp/xml/escaped.xml")),
    ("one-line", ONE_LINE),
    ("long", ""),
];

const ONE_LINE: &str = "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Caption\" PROPAGATED=\"true\" TYPE=\"string\"></PROPERTY><PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>10.0.20348</VALUE></PROPERTY><PROPERTY NAME=\"Description\" PROPAGATED=\"true\" TYPE=\"string\"></PROPERTY><PROPERTY NAME=\"ElementName\" PROPAGATED=\"true\" TYPE=\"string\"></PROPERTY><PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>OSVersion</VALUE></PROPERTY><PROPERTY NAME=\"Source\" TYPE=\"uint16\"><VALUE>2</VALUE></PROPERTY></INSTANCE>";

const NAMES: [&str; 4] = ["pretty", "escaped", "one-line", "long"];

fn text(name: &str) -> String {
    if name == "long" {
        return ONE_LINE.replace("10.0.20348", &"long value ".repeat(90));
    }
    let item = ITEMS.iter().find(|(this, _)| *this == name);
    item.map_or("", |(_, text)| text).to_owned()
}

#[divan::bench(args = NAMES)]
fn avma_item(bencher: Bencher<'_, '_>, name: &str) {
    let text = text(name);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| wmi::item(black_box(&text)).unwrap());
}

#[divan::bench(args = NAMES)]
fn roxmltree_bare(bencher: Bencher<'_, '_>, name: &str) {
    let text = text(name);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        roxmltree::Document::parse(black_box(&text))
            .unwrap()
            .root()
            .is_root()
    });
}

#[divan::bench(args = NAMES)]
fn quick_xml_events(bencher: Bencher<'_, '_>, name: &str) {
    let text = text(name);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let mut reader = quick_xml::Reader::from_str(black_box(&text));
        let mut events = 0_usize;
        while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {
            events += 1;
        }
        events
    });
}

/// Into a text that has room already.
#[divan::bench(args = NAMES)]
fn avma_write(bencher: Bencher<'_, '_>, name: &str) {
    let item = wmi::item(&text(name)).unwrap();
    let mut out = String::with_capacity(16 * 1024);
    bencher.bench_local(|| {
        out.clear();
        let item = DataItem::try_from(black_box(&item)).unwrap();
        write!(out, "{item}").unwrap();
        out.len()
    });
}
