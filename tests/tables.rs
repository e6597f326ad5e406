//! The catalog against the article, transcribed a second time as text, cell by cell.

mod reference;

use std::collections::BTreeSet;

use avma::assess::{
    AzureStackHubHost, Guest, Host, HostEdition, Verdict, WindowsServerHost, verdicts,
};
use avma::catalog::hosts::{self, AzureLocalLicense, Because, Cell, Support};
use avma::catalog::keys::{self, ExchangeError, KeyChannel, exchange, key};
use avma::{AnyRelease, Evidence, Possibility, Product, ProductKey, Products, Release, Releases};

const ARTICLE: &str = include_str!("data/article-2023-09-19.txt");

fn release(text: &str) -> Release {
    text.parse()
        .unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

fn cells(line: &str) -> Vec<&str> {
    line.trim()
        .trim_matches('|')
        .split('|')
        .map(str::trim)
        .collect()
}

#[test]
fn the_matrix_is_the_article_s() {
    let mut lines = ARTICLE
        .lines()
        .skip_while(|line| !line.starts_with("| Server host"));
    let guests: Vec<Release> = cells(lines.next().unwrap())[1..]
        .iter()
        .map(|head| release(head.trim_end_matches(" guest VM")))
        .collect();
    assert_eq!(guests.len(), 4);
    let rows: Vec<_> = lines
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert_eq!(rows.len(), 4);
    for row in rows {
        let row = cells(row);
        let host = release(row[0]);
        for (guest, mark) in guests.iter().zip(&row[1..]) {
            let cell = hosts::windows_server(host.into(), (*guest).into(), Product::Standard);
            let said = if *mark == "X" {
                Support::Yes
            } else {
                Support::No
            };
            assert_eq!(cell.support, said, "{host} hosting {guest}");
            assert_eq!(cell.source.evidence, Evidence::Published);
            assert_eq!(cell.source.dated, "2023-09-19");
        }
    }
}

#[test]
fn the_keys_are_the_article_s_and_no_row_is_missing() {
    let mut of: Vec<Release> = Vec::new();
    let mut seen = BTreeSet::new();
    for line in ARTICLE.lines() {
        if let Some(rest) =
            line.strip_prefix("The following AVMA keys can be used for Windows Server")
        {
            let list = rest
                .trim_end_matches(':')
                .replace(", versions", "")
                .replace(", version", "");
            of = list
                .split([' ', ','])
                .filter(|word| !word.is_empty() && *word != "and" && *word != "R2")
                .map(|word| release(if list.contains("R2") { "2012-r2" } else { word }))
                .collect();
        } else if line.starts_with('|') && !of.is_empty() {
            let row = cells(line);
            if row[0] == "Edition" || row[0].starts_with("--") {
                continue;
            }
            let product: Product = row[0].replace("<br/>", " ").parse().unwrap();
            for release in &of {
                let found = key(*release, product, KeyChannel::Avma)
                    .unwrap_or_else(|| panic!("no row for {release} {product}"));
                assert_eq!(found.key.to_string(), row[1], "{release} {product}");
                assert_eq!(found.source.dated, "2023-09-19");
                assert_eq!(found.source.evidence, Evidence::Published);
                assert!(seen.insert((release.as_str(), product.as_str())));
            }
        }
    }
    // 2022: 3, 2019: 3, 1909/1903/1809: 6, 1803/1709: 4, 2016: 3, 2012 R2: 3.
    assert_eq!(seen.len(), 22);
    let beside: Vec<_> = keys::rows(KeyChannel::Avma)
        .filter(|row| !seen.contains(&(row.release.as_str(), row.product.as_str())))
        .map(|row| {
            (
                row.release.as_str(),
                row.product.as_str(),
                row.source.evidence,
            )
        })
        .collect();
    // The article ends with 2022; the keys of 2025 are known from copies of its later text.
    assert_eq!(
        beside,
        [
            ("2025", "datacenter", Evidence::Republished),
            ("2025", "datacenter-azure-edition", Evidence::Republished),
            ("2025", "standard", Evidence::Republished),
        ]
    );
}

/// Every key of the facts, by hand: release, product, AVMA key or `-`, GVLK or `-`.
const KEYS: &str = "
2025    datacenter               YQB4H-NKHHJ-Q6K4R-4VMY6-VCH67 D764K-2NDRG-47T6Q-P8T8W-YP6DF
2025    datacenter-azure-edition 6NMQ9-T38WF-6MFGM-QYGYM-88J4F XGN3F-F394H-FD2MY-PP6FD-8MCRC
2025    standard                 WWVGQ-PNHV9-B89P4-8GGM9-9HPQ4 TVRH6-WHNXV-R9WG3-9XRFY-MY832
2025    azure-server             -                             FCNV3-279Q9-BQB46-FTKXX-9HPRH
2022    datacenter               W3GNR-8DDXR-2TFRP-H8P33-DV9BG WX4NM-KYWYW-QJJR4-XV3QB-6VM33
2022    datacenter-azure-edition F7TB6-YKN8Y-FCC6R-KQ484-VMK3J NTBV8-9K7Q8-V27C6-M2BTV-KHMXV
2022    standard                 YDFWN-MJ9JR-3DYRK-FXXRW-78VHK VDYBN-27WPP-V4HQT-9VMD4-VMK7H
2022    azure-server             -                             6N379-GGTMK-23C6M-XVVTC-CKFRQ
23h2    datacenter               -                             WX4NM-KYWYW-QJJR4-XV3QB-6VM33
20h2    datacenter               -                             6NMRW-2C8FM-D24W7-TQWMY-CWH2D
20h2    standard                 -                             N2KJX-J94YW-TQVFB-DG9YT-724CC
2004    datacenter               -                             6NMRW-2C8FM-D24W7-TQWMY-CWH2D
2004    standard                 -                             N2KJX-J94YW-TQVFB-DG9YT-724CC
1909    datacenter               H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW 6NMRW-2C8FM-D24W7-TQWMY-CWH2D
1909    standard                 TNK62-RXVTB-4P47B-2D623-4GF74 N2KJX-J94YW-TQVFB-DG9YT-724CC
1903    datacenter               H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW 6NMRW-2C8FM-D24W7-TQWMY-CWH2D
1903    standard                 TNK62-RXVTB-4P47B-2D623-4GF74 N2KJX-J94YW-TQVFB-DG9YT-724CC
1809    datacenter               H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW 6NMRW-2C8FM-D24W7-TQWMY-CWH2D
1809    standard                 TNK62-RXVTB-4P47B-2D623-4GF74 N2KJX-J94YW-TQVFB-DG9YT-724CC
2019    datacenter               H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW WMDGN-G9PQG-XVVXX-R3X43-63DFG
2019    standard                 TNK62-RXVTB-4P47B-2D623-4GF74 N69G4-B89J2-4G8F4-WWYCC-J464C
2019    essentials               2CTP7-NHT64-BP62M-FV6GG-HFV28 WVDHN-86M7X-466P6-VHXV7-YY726
1803    datacenter               TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J 2HXDN-KRXHB-GPYC7-YCKFJ-7FVDG
1803    standard                 C3RCX-M6NRP-6CXC9-TW2F2-4RHYD PTXN8-JFHJM-4WC78-MPCBR-9W4KR
1709    datacenter               TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J 6Y6KB-N82V8-D8CQV-23MJW-BWTG6
1709    standard                 C3RCX-M6NRP-6CXC9-TW2F2-4RHYD DPCNP-XQFKJ-BJF7R-FRC8D-GF6G4
2016    datacenter               TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J CB7KF-BWN84-R7R2Y-793K2-8XDDG
2016    standard                 C3RCX-M6NRP-6CXC9-TW2F2-4RHYD WC2BQ-8NRM3-FDDYY-2BFGV-KHKQY
2016    essentials               B4YNW-62DX9-W8V6M-82649-MHBKQ JCKRF-N37P4-C2D82-9YXRT-4M63B
2012-r2 datacenter               Y4TGP-NPTV9-HTC2H-7MGQ3-DV4TW W3GGN-FT8W3-Y4M27-J84CP-Q3VJ9
2012-r2 standard                 DBGBW-NPF86-BJVTX-K3WKJ-MTB6V D2N9P-3P6X9-2R39C-7RTCD-MDVJX
2012-r2 essentials               K2XGM-NMBT3-2R6Q8-WF2FK-P36R2 KNC87-3J2TX-XB4WP-VCPJV-M4FWM
2012    datacenter               -                             48HP8-DN98B-MYWDG-T2DCC-8W83P
2012    standard                 -                             XC9B7-NBPP2-83J2H-RHMBY-92BT4
2012    essentials               -                             HTDQM-NBMMG-KGYDT-2DTKT-J2MPV
2012    multipoint-standard      -                             HM7DN-YVMH3-46JC3-XYTG7-CYQJJ
2012    multipoint-premium       -                             XNH6W-2V9GX-RGJ4K-Y8X6F-QGJ2G
2008-r2 datacenter               -                             74YFP-3QFB3-KQT8W-PMXWJ-7M648
2008-r2 standard                 -                             YC6KT-GKW9T-YTKYR-T4X34-R7VHC
2008-r2 enterprise               -                             489J6-VHDMP-X63PK-3K798-CPX3Y
2008-r2 web                      -                             6TPJF-RBVHG-WBW2R-86QPH-6RTM4
2008-r2 hpc                      -                             TT8MH-CG224-D3D7Q-498W2-9QCTX
2008-r2 itanium                  -                             GT63C-RJFQ3-4GMB6-BRFB9-CB83V
";

#[test]
fn every_release_and_product_has_the_key_of_the_facts_or_none() {
    let mut rows = 0;
    for of in Release::ALL {
        for product in Product::ALL {
            let line = KEYS.lines().find(|line| {
                let mut words = line.split_whitespace();
                words.next() == Some(of.as_str()) && words.next() == Some(product.as_str())
            });
            let expected: Vec<&str> = match line {
                Some(line) => line.split_whitespace().skip(2).collect(),
                None => vec!["-", "-"],
            };
            for (channel, expected) in [KeyChannel::Avma, KeyChannel::Gvlk].iter().zip(expected) {
                let found = key(*of, *product, *channel);
                rows += usize::from(found.is_some());
                let text = found.map_or("-".to_owned(), |row| row.key.to_string());
                assert_eq!(text, expected, "{of} {product} {channel}");
                if let Some(row) = found {
                    assert_eq!(
                        (row.release, row.product, row.channel),
                        (*of, *product, *channel)
                    );
                }
            }
        }
    }
    assert_eq!(rows, keys::ROWS.len());
    assert_eq!((keys::ROWS.len(), keys::published().len()), (68, 95));
}

#[test]
fn evidence_of_the_key_rows() {
    for row in keys::ROWS {
        let expected = match (row.channel, row.release, row.product) {
            (KeyChannel::Avma, Release::Ws2025, _) => Evidence::Republished,
            (KeyChannel::Avma, _, _) => Evidence::Published,
            (_, Release::V23H2, _) | (_, _, Product::AzureServer) => Evidence::Reported,
            (_, _, _) => Evidence::Published,
        };
        assert_eq!(row.source.evidence, expected, "{row:?}");
    }
}

#[test]
fn published_keys_are_told_by_25_symbols_and_by_the_last_five() {
    for found in keys::published() {
        let text = found.key.to_string();
        let parsed = ProductKey::parse(&text).unwrap();
        assert_eq!(keys::identify(&parsed), Some(found));
        assert_eq!(keys::identify_last_five(parsed.last_five()), Some(found));
        let rows: Vec<_> = keys::ROWS
            .iter()
            .filter(|row| row.key == found.key)
            .collect();
        assert_eq!(found.rows().collect::<Vec<_>>(), rows);
        let releases = Releases::one_of(rows.iter().map(|row| AnyRelease::Release(row.release)));
        if found.is_modelled() {
            assert_eq!(Some(found.releases), releases);
        } else {
            assert_eq!(releases, None);
        }
        for row in rows {
            assert_eq!((row.product, row.channel), (found.product, found.channel));
        }
    }
    // The last five of a published key with another beginning: the suffix names it, the key does not.
    let other = ProductKey::parse("BBBBB-BBBBB-BBBBB-BBBBN-DV9BG").unwrap();
    assert_eq!(keys::identify(&other), None);
    assert!(keys::identify_last_five(other.last_five()).is_some());
}

/// AVMA keys first, the newest release first, in the order of the products.
#[test]
fn the_order_of_the_rows() {
    let place = |row: &keys::KeyRow| {
        let release = Release::ALL
            .iter()
            .position(|release| *release == row.release);
        (row.channel as u8, std::cmp::Reverse(release))
    };
    assert!(keys::ROWS.is_sorted_by_key(place));
    let names = keys::ROWS.iter().take(3).map(|row| row.product.as_str());
    let names: Vec<_> = names.collect();
    assert_eq!(
        names,
        ["datacenter", "datacenter-azure-edition", "standard"]
    );
}

#[test]
fn keys_are_exchanged_where_the_answer_is_one_key() {
    for of in Release::ALL {
        for product in Product::ALL {
            let both = [KeyChannel::Avma, KeyChannel::Gvlk].map(|c| key(*of, *product, c));
            for (from, to) in [(both[0], both[1]), (both[1], both[0])] {
                let Some(from) = from else { continue };
                let answer = exchange(from.key.key(), (*of).into(), (*product).into());
                match to {
                    Some(row) => assert_eq!(answer, Ok(row)),
                    None => assert!(
                        matches!(answer, Err(ExchangeError::NoRow { .. })),
                        "{of} {product}"
                    ),
                }
            }
        }
    }
}

#[test]
fn an_exchange_that_is_not_one_key_is_refused() {
    let parse = |text| ProductKey::parse(text).unwrap();
    let (unknown, any) = (Releases::unknown(), Products::unknown());
    let build_17763 = Releases::from(Release::Ws2019).union(Release::V1809.into());
    let avma_2019 = parse("TNK62-RXVTB-4P47B-2D623-4GF74");
    let exchange_2019 = |releases, products| exchange(&avma_2019, releases, products);
    assert!(matches!(
        exchange_2019(build_17763, any),
        Err(ExchangeError::Ambiguous { releases }) if releases == build_17763
    ));
    assert_eq!(
        exchange_2019(Release::V1809.into(), Product::Standard.into())
            .unwrap()
            .key
            .to_string(),
        "N2KJX-J94YW-TQVFB-DG9YT-724CC"
    );
    // 1809 to 1909 share both keys, so the release need not be known further.
    let sac = Releases::from(Release::V1903).union(Release::V1909.into());
    assert!(exchange_2019(sac, any).is_ok());
    // Nothing known: the key itself serves 2019 and the channel, whose GVLKs differ.
    assert!(matches!(
        exchange_2019(unknown, any),
        Err(ExchangeError::Ambiguous { .. })
    ));
    for (releases, products) in [
        (Releases::from(Release::Ws2022), any),
        (Release::Ws2019.into(), Product::Datacenter.into()),
    ] {
        assert!(matches!(
            exchange_2019(releases, products),
            Err(ExchangeError::OtherSystem {
                product: Product::Standard,
                ..
            })
        ));
    }
    let either = Products::from(Product::Standard).union(Product::Datacenter.into());
    for (releases, products) in [
        (
            Releases::from(Release::Ws2019).union(Release::Ws2022.into()),
            any,
        ),
        (Release::Ws2019.into(), either),
    ] {
        assert!(matches!(
            exchange_2019(releases, products),
            Err(ExchangeError::PerhapsOtherSystem {
                product: Product::Standard,
                ..
            })
        ));
    }
    let gvlk = parse("WX4NM-KYWYW-QJJR4-XV3QB-6VM33");
    assert!(matches!(
        exchange(&gvlk, unknown, any),
        Err(ExchangeError::NoRow { wanted: KeyChannel::Avma, releases, .. })
            if releases == Release::V23H2.into()
    ));
    assert_eq!(
        exchange(&parse("BBBBB-BBBBB-BBBBB-BBBBN-DV9BG"), unknown, any),
        Err(ExchangeError::Unlisted)
    );
    let error = exchange_2019(Release::Ws2022.into(), any).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the key belongs to Standard of Windows Server 2019 or ")
    );
}

/// Host families beside Windows Server, as the facts' table has them.
#[test]
fn azure_local_and_azure_stack_hub_cells() {
    use avma::catalog::hosts::AzureLocalLicense as L;
    let licenses = [L::Key2019, L::Key2022, L::Key2025, L::Subscription];
    let table = [
        ("2012-r2", "yyoy", "2023-08-02"),
        ("2016", "yyyy", "2026-06-29"),
        ("2019", "yyyy", "2026-06-29"),
        ("2022", "nyyy", "2026-06-29"),
        ("2025", "nnyy", "2026-06-29"),
    ];
    for (guest, marks, dated) in table {
        for (license, mark) in licenses.iter().zip(marks.chars()) {
            let cell = hosts::azure_local(*license, release(guest).into(), Product::Standard);
            let (support, dated) = match mark {
                'y' => (Support::Yes, dated),
                'n' => (Support::No, dated),
                _ => (Support::NotDocumented, "2026-11"),
            };
            assert_eq!(
                (cell.support, cell.source.dated),
                (support, dated),
                "{license} {guest}"
            );
        }
    }
    for (license, mark) in licenses.iter().zip("yyyy".chars()) {
        let cell = hosts::azure_local(
            *license,
            Release::Ws2022.into(),
            Product::DatacenterAzureEdition,
        );
        let support = if mark == 'y' {
            Support::Yes
        } else {
            Support::NotDocumented
        };
        assert_eq!(cell.support, support, "{license}");
    }
    for license in [L::None, L::KeyTooOld] {
        let cell = hosts::azure_local(license, Release::Ws2016.into(), Product::Standard);
        assert_eq!(cell.support, Support::No);
    }
    // "2012/R2" of the 2022 and 2023 pages: no AVMA key exists for 2012.
    let cell = hosts::azure_local(L::Subscription, Release::Ws2012.into(), Product::Standard);
    assert_eq!(cell.support, Support::No);
    for (guest, support) in [
        ("2012", Support::No),
        ("2012-r2", Support::Yes),
        ("2016", Support::Yes),
        ("2019", Support::NotDocumented),
        ("2022", Support::NotDocumented),
        ("2025", Support::No),
        ("1809", Support::NotDocumented),
    ] {
        assert_eq!(
            hosts::azure_stack_hub(release(guest).into(), Product::Standard).support,
            support,
            "{guest}"
        );
    }
}

#[test]
fn the_2025_row_rests_on_reports_and_one_inference() {
    for guest in hosts::NAMED {
        let cell = hosts::windows_server(Release::Ws2025.into(), guest.into(), Product::Standard);
        assert_eq!(cell.support, Support::Yes);
        let evidence = match guest {
            Release::Ws2012R2 => Evidence::Inferred,
            _ => Evidence::Reported,
        };
        assert_eq!(cell.source.evidence, evidence, "{guest}");
        if guest != Release::Ws2025 {
            let cell =
                hosts::windows_server(guest.into(), Release::Ws2025.into(), Product::Standard);
            assert_eq!(
                (cell.support, cell.source.evidence),
                (Support::No, Evidence::Reported)
            );
        }
    }
}

#[test]
fn releases_that_no_table_names_are_not_documented() {
    for of in AnyRelease::ALL {
        let named = of
            .release()
            .is_some_and(|release| hosts::NAMED.contains(&release));
        assert_eq!(hosts::is_named(*of), named);
        let old = matches!(
            of,
            AnyRelease::Older | AnyRelease::Release(Release::Ws2012 | Release::Ws2008R2)
        );
        assert_eq!(of.is_before_avma(), old);
        let as_host =
            hosts::windows_server(*of, Release::Ws2012R2.into(), Product::Standard).support;
        let as_guest =
            hosts::windows_server(Release::Ws2025.into(), *of, Product::Standard).support;
        let expected = match (named, old) {
            (true, _) => Support::Yes,
            (_, true) => Support::No,
            _ => Support::NotDocumented,
        };
        assert_eq!((as_host, as_guest), (expected, expected), "{of}");
    }
}

/// A host of a family with everything in order, at every level of its table.
fn hosts_in_order() -> Vec<(Host, Level)> {
    let mut hosts = Vec::new();
    for release in AnyRelease::ALL {
        let mut host = WindowsServerHost::default();
        host.release = (*release).into();
        host.edition = HostEdition::Datacenter.into();
        hosts.push((host.ready(), Level::WindowsServer(*release)));
    }
    for license in AzureLocalLicense::ALL {
        let mut host = Host::azure_local(*license);
        host.software_assurance = true.into();
        hosts.push((host.ready(), Level::AzureLocal(*license)));
    }
    let mut hub = AzureStackHubHost::default();
    hub.bios_marker = true.into();
    hosts.push((hub.into(), Level::AzureStackHub));
    hosts.push((Host::Azure, Level::None));
    hosts.push((Host::OtherHypervisor, Level::None));
    hosts
}

#[derive(Clone, Copy, Debug)]
enum Level {
    WindowsServer(AnyRelease),
    AzureLocal(AzureLocalLicense),
    AzureStackHub,
    None,
}

impl Level {
    fn cell(self, guest: AnyRelease, product: Product) -> Option<Cell> {
        match self {
            Self::WindowsServer(host) => Some(hosts::windows_server(host, guest, product)),
            Self::AzureLocal(license) => Some(hosts::azure_local(license, guest, product)),
            Self::AzureStackHub => Some(hosts::azure_stack_hub(guest, product)),
            Self::None => None,
        }
    }

    /// What the transcribed tables say; `None` where they have no such row or column.
    fn says(self, guest: AnyRelease, product: Product) -> Option<reference::Says> {
        match self {
            Self::WindowsServer(host) => reference::windows_server(host, guest),
            Self::AzureLocal(license) => reference::azure_local(license, guest, product),
            Self::AzureStackHub => reference::azure_stack_hub(guest),
            Self::None => None,
        }
    }
}

/// Every family, every row of its table, every release and "unlisted": what the table says is what the
/// rulebook says, and the other way round; and the table says what the sources say. A release that a
/// table does not name is never eligible, and never "not eligible" unless AVMA came later.
#[test]
fn a_cell_is_the_rule_for_every_family_and_release() {
    use reference::Says;
    let mut compared = 0;
    for (host, level) in hosts_in_order() {
        for guest in AnyRelease::ALL {
            for product in [
                Product::Datacenter,
                Product::Standard,
                Product::DatacenterAzureEdition,
            ] {
                let of = format!("{level:?} {guest} {product}");
                let facts = Guest::new(Releases::known(*guest), product).ready();
                let verdict = verdicts(&host, &facts)
                    .known_element()
                    .expect("complete facts");
                let Some(cell) = level.cell(*guest, product) else {
                    assert_eq!(verdict, Verdict::NotEligible, "{of}");
                    continue;
                };
                let has_key = guest
                    .release()
                    .is_some_and(|release| keys::key(release, product, KeyChannel::Avma).is_some());
                // From the table to the rulebook.
                match cell.support {
                    Support::Yes if has_key => assert_eq!(verdict, Verdict::Eligible, "{of}"),
                    Support::Yes => assert_eq!(verdict, Verdict::NotDocumented, "{of}"),
                    Support::No => assert_eq!(verdict, Verdict::NotEligible, "{of}"),
                    _ => assert!(
                        verdict == Verdict::NotDocumented || guest.is_before_avma(),
                        "{of}"
                    ),
                }
                // And back.
                match verdict {
                    Verdict::Eligible => assert_eq!(cell.support, Support::Yes, "{of}"),
                    Verdict::NotEligible => assert!(
                        cell.support == Support::No || guest.is_before_avma(),
                        "{of}"
                    ),
                    _ => assert!(cell.support != Support::No, "{of}"),
                }
                // From the sources to both.
                match level.says(*guest, product) {
                    Some(Says::No) => assert_eq!(verdict, Verdict::NotEligible, "{of}"),
                    Some(_) => {}
                    None => {
                        assert_ne!(verdict, Verdict::Eligible, "{of}");
                        let host_is_none = cell.because == Because::Host
                            || matches!(level, Level::WindowsServer(host) if host.is_before_avma());
                        assert!(
                            verdict == Verdict::NotDocumented
                                || reference::too_old(*guest)
                                || host_is_none,
                            "{of}"
                        );
                    }
                }
                compared += 1;
            }
        }
    }
    // 18 host releases, 7 licences and the marker, by 18 guest releases and 3 editions.
    assert_eq!(compared, (18 + 7 + 1) * 18 * 3);
}
