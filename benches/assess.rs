//! Assessment against one look-up in a `HashMap` of strings, in one process.

use std::collections::HashMap;

use avma::assess::{Assessment, Guest, Host, Observation, assess, can, next_fact};
use avma::catalog::keys;
use avma::{Product, Release};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// The naive table: key text to row, as scripts keep it.
#[divan::bench]
fn hash_map_look_up(bencher: Bencher<'_, '_>) {
    let table: HashMap<String, usize> = keys::ROWS
        .iter()
        .enumerate()
        .map(|(place, row)| (row.key.to_string(), place))
        .collect();
    let text = String::from("W3GNR-8DDXR-2TFRP-H8P33-DV9BG");
    bencher.bench_local(|| *black_box(&table).get(black_box(&text)).unwrap());
}

fn with_findings(assessment: &Assessment) -> usize {
    assessment
        .findings()
        .map(|finding| finding.rule.id.len() + usize::from(finding.certain))
        .sum()
}

fn plain() -> (Host, Guest) {
    (
        Host::windows_server(Release::Ws2022, Product::Datacenter).ready(),
        Guest::new(Release::Ws2019, Product::Standard).ready(),
    )
}

#[divan::bench]
fn complete_facts_eligible(bencher: Bencher<'_, '_>) {
    let (host, guest) = plain();
    bencher.bench_local(|| {
        let assessment = assess(black_box(&host), black_box(&guest), &Observation::default());
        (assessment.can(), with_findings(&assessment))
    });
}

#[divan::bench]
fn complete_facts_with_two_findings(bencher: Bencher<'_, '_>) {
    let (host, mut guest) = plain();
    guest.release = Release::Ws2025.into();
    guest.data_exchange = false.into();
    bencher.bench_local(|| {
        let assessment = assess(black_box(&host), black_box(&guest), &Observation::default());
        (assessment.can(), with_findings(&assessment))
    });
}

#[divan::bench]
fn complete_facts_can_alone(bencher: Bencher<'_, '_>) {
    let (host, guest) = plain();
    bencher.bench_local(|| can(black_box(&host), black_box(&guest)));
}

#[divan::bench]
fn nothing_known(bencher: Bencher<'_, '_>) {
    let (host, guest) = (Host::Unknown, Guest::unknown());
    bencher.bench_local(|| {
        let assessment = assess(black_box(&host), black_box(&guest), &Observation::default());
        (assessment.can(), with_findings(&assessment))
    });
}

#[divan::bench]
fn windows_server_host_nothing_else_known(bencher: Bencher<'_, '_>) {
    let (host, guest) = (
        Host::from(avma::assess::HostFamily::WindowsServer),
        Guest::unknown(),
    );
    bencher.bench_local(|| {
        let assessment = assess(black_box(&host), black_box(&guest), &Observation::default());
        (assessment.can(), with_findings(&assessment))
    });
}

#[divan::bench]
fn next_fact_of_nothing_known(bencher: Bencher<'_, '_>) {
    let (host, guest) = (Host::Unknown, Guest::unknown());
    bencher.bench_local(|| next_fact(black_box(&host), black_box(&guest)));
}
