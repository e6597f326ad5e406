//! Key look-ups and repair beside a `HashMap` of strings, in one process.
//!
//! `cargo bench --bench keys`; compare the medians of neighbouring rows.

use std::collections::HashMap;
use std::hint::black_box;

use avma::catalog::keys::{self, KeyChannel, ROWS};
use avma::product_key::LastFive;
use avma::repair::repair;
use avma::{Product, ProductKey, Release};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

fn main() {
    divan::main();
}

/// Every question once, so that a branch predictor does not learn a single answer.
fn questions() -> Vec<(Release, Product, KeyChannel)> {
    ROWS.iter()
        .map(|row| (row.release, row.product, row.channel))
        .collect()
}

fn texts() -> Vec<String> {
    keys::published()
        .iter()
        .map(|key| key.key.to_string())
        .collect()
}

fn by_text() -> HashMap<String, usize> {
    texts().into_iter().zip(0..).collect()
}

#[divan::bench_group]
mod by_release_and_product {
    use super::{Bencher, HashMap, ItemsCount, ROWS, black_box, keys, questions};

    #[divan::bench]
    fn table(bencher: Bencher<'_, '_>) {
        let questions = questions();
        bencher
            .counter(ItemsCount::new(questions.len()))
            .bench_local(|| {
                for (release, product, channel) in &questions {
                    black_box(keys::key(
                        black_box(*release),
                        black_box(*product),
                        black_box(*channel),
                    ));
                }
            });
    }

    #[divan::bench]
    fn hash_map(bencher: Bencher<'_, '_>) {
        let map: HashMap<(String, String, String), String> = ROWS
            .iter()
            .map(|row| {
                let name = (
                    row.release.as_str().into(),
                    row.product.as_str().into(),
                    row.channel.as_str().into(),
                );
                (name, row.key.to_string())
            })
            .collect();
        let questions: Vec<_> = map.keys().cloned().collect();
        bencher
            .counter(ItemsCount::new(questions.len()))
            .bench_local(|| {
                for question in &questions {
                    black_box(map.get(black_box(question)));
                }
            });
    }
}

#[divan::bench_group]
mod by_last_five {
    use super::{Bencher, HashMap, ItemsCount, LastFive, black_box, keys, texts};

    #[divan::bench]
    fn table(bencher: Bencher<'_, '_>) {
        let asked: Vec<LastFive> = keys::published()
            .iter()
            .map(|key| key.key.last_five())
            .collect();
        bencher
            .counter(ItemsCount::new(asked.len()))
            .bench_local(|| {
                for last_five in &asked {
                    black_box(keys::identify_last_five(black_box(*last_five)));
                }
            });
    }

    #[divan::bench]
    fn hash_map(bencher: Bencher<'_, '_>) {
        let asked: Vec<String> = texts().iter().map(|text| text[24..].to_owned()).collect();
        let map: HashMap<String, usize> = asked.iter().cloned().zip(0..).collect();
        bencher
            .counter(ItemsCount::new(asked.len()))
            .bench_local(|| {
                for last_five in &asked {
                    black_box(map.get(black_box(last_five)));
                }
            });
    }
}

#[divan::bench_group]
mod by_25_symbols {
    use super::{Bencher, ItemsCount, ProductKey, black_box, by_text, keys, texts};

    #[divan::bench]
    fn identify(bencher: Bencher<'_, '_>) {
        let asked: Vec<ProductKey> = keys::published().iter().map(|key| *key.key.key()).collect();
        bencher
            .counter(ItemsCount::new(asked.len()))
            .bench_local(|| {
                for key in &asked {
                    black_box(keys::identify(black_box(key)));
                }
            });
    }

    #[divan::bench]
    fn parse_and_identify(bencher: Bencher<'_, '_>) {
        let asked = texts();
        bencher
            .counter(ItemsCount::new(asked.len()))
            .bench_local(|| {
                for text in &asked {
                    black_box(
                        ProductKey::parse(black_box(text))
                            .ok()
                            .as_ref()
                            .and_then(keys::identify),
                    );
                }
            });
    }

    #[divan::bench]
    fn hash_map(bencher: Bencher<'_, '_>) {
        let (asked, map) = (texts(), by_text());
        bencher
            .counter(ItemsCount::new(asked.len()))
            .bench_local(|| {
                for text in &asked {
                    black_box(map.get(black_box(text)));
                }
            });
    }
}

#[divan::bench_group]
mod repairing {
    use super::{Bencher, BytesCount, ItemsCount, black_box, by_text, repair, texts};

    #[divan::bench]
    fn intact(bencher: Bencher<'_, '_>) {
        repair_all(bencher, &texts());
    }

    #[divan::bench]
    fn one_wrong_symbol(bencher: Bencher<'_, '_>) {
        let damaged: Vec<String> = texts()
            .iter()
            .map(|text| format!("{}0{}", &text[..8], &text[9..]))
            .collect();
        repair_all(bencher, &damaged);
    }

    #[divan::bench]
    fn one_lost_symbol(bencher: Bencher<'_, '_>) {
        let damaged: Vec<String> = texts()
            .iter()
            .map(|text| format!("{}{}", &text[..8], &text[9..]))
            .collect();
        repair_all(bencher, &damaged);
    }

    /// What a program without this crate does: it finds intact keys only.
    #[divan::bench]
    fn hash_map_look_up(bencher: Bencher<'_, '_>) {
        let (asked, map) = (texts(), by_text());
        bencher
            .counter(ItemsCount::new(asked.len()))
            .bench_local(|| {
                for text in &asked {
                    black_box(map.get(black_box(text.as_str())));
                }
            });
    }

    fn repair_all(bencher: Bencher<'_, '_>, texts: &[String]) {
        bencher
            .counter(ItemsCount::new(texts.len()))
            .bench_local(|| {
                for text in texts {
                    black_box(repair(black_box(text)));
                }
            });
    }

    /// Text in which nothing is found, in bytes a second.
    #[divan::bench]
    fn source_text(bencher: Bencher<'_, '_>) {
        let text = include_str!("../src/catalog/releases.rs");
        bencher
            .counter(BytesCount::of_str(text))
            .bench_local(|| repair(black_box(text)));
    }

    /// The worst kind: every place may start a key.
    #[divan::bench]
    fn symbols_without_end(bencher: Bencher<'_, '_>) {
        let text = "B".repeat(10_000);
        bencher
            .counter(BytesCount::of_str(&text))
            .bench_local(|| repair(black_box(&text)));
    }
}
