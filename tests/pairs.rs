//! The answer for every pair of releases and products, against the table in `data/pairs.txt`.

use avma::assess::{
    AzureStackHubHost, Can, Guest, Host, HostEdition, HostFamily, WindowsServerHost, can,
};
use avma::catalog::hosts::AzureLocalLicense;
use avma::{AnyRelease, Possibility, Product, Release};

const PAIRS: &str = include_str!("data/pairs.txt");

fn any_release(word: &str) -> AnyRelease {
    match word {
        "older" => AnyRelease::Older,
        "preview" => AnyRelease::Preview,
        "unlisted" => AnyRelease::Unlisted,
        word => AnyRelease::Release(word.parse::<Release>().unwrap()),
    }
}

fn host(family: &str, row: &str) -> Host {
    let (family, rest) = family.split_once(' ').unwrap_or((family, ""));
    match family {
        "windows-server" => {
            let edition: HostEdition = rest.parse().unwrap();
            let mut host: WindowsServerHost =
                Host::windows_server(any_release(row), Product::Datacenter);
            host.edition = edition.into();
            host.ready()
        }
        "azure-local" => {
            let mut host = Host::azure_local(row.parse::<AzureLocalLicense>().unwrap());
            host.software_assurance = (rest == "with-software-assurance").into();
            host.ready()
        }
        "azure-stack-hub" => {
            let mut host = AzureStackHubHost::default();
            host.bios_marker = true.into();
            host.into()
        }
        family => family.parse::<HostFamily>().unwrap().into(),
    }
}

#[test]
fn every_pair_of_releases_and_products_has_its_written_answer() {
    let mut count = 0;
    for block in PAIRS
        .split("\n\n")
        .filter(|block| block.starts_with("host "))
    {
        let mut lines = block.lines();
        let family = lines.next().unwrap().strip_prefix("host ").unwrap();
        let products: Vec<Product> = lines
            .next()
            .unwrap()
            .split_whitespace()
            .skip(1)
            .map(|word| word.parse().unwrap())
            .collect();
        let columns: Vec<AnyRelease> = lines
            .next()
            .unwrap()
            .split_whitespace()
            .map(any_release)
            .collect();
        assert_eq!(columns, AnyRelease::ALL);
        for line in lines {
            let mut words = line.split_whitespace();
            let row = words.next().unwrap();
            let host = host(family, row);
            for (release, mark) in columns.iter().zip(words) {
                let expected = match mark {
                    "Y" => Can::Eligible,
                    "n" => Can::NotEligible,
                    "?" => Can::NotDocumented,
                    other => panic!("a mark {other:?} in the table"),
                };
                for product in &products {
                    let guest = Guest::new(*release, *product).ready();
                    let said = can(&host, &guest);
                    assert_eq!(said, expected, "{family} {row}: {release}, {product}");
                    count += 1;
                }
            }
        }
    }
    // Hosts: 18 releases x 5 editions, 7 Azure Local licences with and without Software Assurance,
    // and three families of one row; guests: 18 releases x 21 products.
    assert_eq!(count, (18 * 5 + 7 * 2 + 3) * 18 * Product::ALL.len());
}
