//! The keys against the published list (`data/kms-client-keys.tsv`) and the article, both ways.

use std::collections::BTreeSet;

use avma::catalog::keys::{self, KeyChannel, KeyUse};
use avma::source::{AVMA_ARTICLE, AVMA_ARTICLE_2025, KMS_KEYS, KMS_KEYS_THIRD_PARTY};
use avma::{AnyRelease, Clue, Identity, Possibility, Product, ProductKey, Products, Releases};

const LIST: &str = include_str!("data/kms-client-keys.tsv");

/// The keys that the list has not: AVMA keys, and those of Azure's own edition.
const BESIDE: &str = "
YQB4H-NKHHJ-Q6K4R-4VMY6-VCH67 6NMQ9-T38WF-6MFGM-QYGYM-88J4F WWVGQ-PNHV9-B89P4-8GGM9-9HPQ4
W3GNR-8DDXR-2TFRP-H8P33-DV9BG F7TB6-YKN8Y-FCC6R-KQ484-VMK3J YDFWN-MJ9JR-3DYRK-FXXRW-78VHK
H3RNG-8C32Q-Q8FRX-6TDXV-WMBMW TNK62-RXVTB-4P47B-2D623-4GF74 2CTP7-NHT64-BP62M-FV6GG-HFV28
TMJ3Y-NTRTM-FJYXT-T22BY-CWG3J C3RCX-M6NRP-6CXC9-TW2F2-4RHYD B4YNW-62DX9-W8V6M-82649-MHBKQ
Y4TGP-NPTV9-HTC2H-7MGQ3-DV4TW DBGBW-NPF86-BJVTX-K3WKJ-MTB6V K2XGM-NMBT3-2R6Q8-WF2FK-P36R2
FCNV3-279Q9-BQB46-FTKXX-9HPRH 6N379-GGTMK-23C6M-XVVTC-CKFRQ
";

/// Name and key of each line of the list.
fn list() -> impl Iterator<Item = (&'static str, &'static str)> {
    LIST.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once('\t').expect("a name and a key"))
}

#[track_caller]
fn known(text: &str) -> &'static KeyUse {
    let key = ProductKey::parse(text).expect("a key");
    keys::identify(&key).unwrap_or_else(|| panic!("{text} is not known"))
}

#[test]
fn the_table_holds_the_list_and_the_article_and_nothing_else() {
    let listed: BTreeSet<&str> = list().map(|(_, key)| key).collect();
    let beside: BTreeSet<&str> = BESIDE.split_whitespace().collect();
    assert_eq!((listed.len(), beside.len()), (78, 17));
    let all: BTreeSet<String> = listed.union(&beside).map(|key| (*key).to_owned()).collect();
    let table: BTreeSet<String> = keys::published()
        .iter()
        .map(|key| key.key.to_string())
        .collect();
    assert_eq!(table, all);
    assert_eq!(keys::published().len(), 95);
}

#[test]
fn every_line_of_the_list_is_what_its_name_says() {
    let (mut modelled, mut by_name) = (0, 0);
    for (name, text) in list() {
        let key = known(text);
        assert_eq!(key.channel, KeyChannel::Gvlk, "{name}");
        assert_eq!(key.source(), KMS_KEYS, "{name}");
        let server = name.contains("Server");
        assert_eq!(key.product == Product::Client, !server, "{name}");
        let is_2008 = name.contains("2008") && !name.contains("2008 R2");
        assert_eq!(key.is_modelled(), server && !is_2008, "{name}");
        if !key.is_modelled() {
            by_name += 1;
            assert_eq!(key.name().to_string(), name);
            assert_eq!(key.rows().count(), 0);
            let releases = if server {
                AnyRelease::Older.into()
            } else {
                Releases::unknown()
            };
            assert_eq!(key.releases, releases, "{name}");
            continue;
        }
        modelled += 1;
        // "Windows Server, versions 20H2, 2004, 1909, 1903, 1809 Standard" is five systems.
        let systems: Vec<String> = match name.strip_prefix("Windows Server, versions ") {
            Some(rest) => {
                let (versions, edition) = rest.rsplit_once(' ').expect("an edition");
                let versions = versions.split(", ");
                versions
                    .map(|version| format!("Windows Server, version {version} {edition}"))
                    .collect()
            }
            None => vec![name.to_owned()],
        };
        let mut covered = Vec::new();
        for system in &systems {
            let identity = Identity::from_clues([Clue::Caption(system)]);
            let row = identity.gvlk().row().unwrap_or_else(|| panic!("{system}"));
            assert_eq!(
                (row.key.to_string().as_str(), row.source),
                (text, KMS_KEYS),
                "{system}"
            );
            covered.push(row.release);
        }
        let beside = key.rows().filter(|row| !covered.contains(&row.release));
        let beside: Vec<_> = beside
            .map(|row| (row.release.as_str(), row.source))
            .collect();
        // The list says nothing of 23H2.
        let expected: &[_] = if name == "Windows Server 2022 Datacenter" {
            &[("23h2", KMS_KEYS_THIRD_PARTY)]
        } else {
            &[]
        };
        assert_eq!(beside, expected, "{name}");
        assert_eq!(key.rows().count(), covered.len() + beside.len(), "{name}");
    }
    assert_eq!((modelled, by_name), (78 - 9 - 37, 9 + 37));
}

#[test]
fn sources_of_the_keys_beside_the_list() {
    for text in BESIDE.split_whitespace() {
        let key = known(text);
        let source = match (
            key.channel,
            key.releases.release().map(avma::Release::as_str),
        ) {
            (KeyChannel::Gvlk, _) => KMS_KEYS_THIRD_PARTY,
            (KeyChannel::Avma, Some("2025")) => AVMA_ARTICLE_2025,
            _ => AVMA_ARTICLE,
        };
        assert_eq!(key.source(), source, "{text}");
        assert!(key.rows().all(|row| row.source == source), "{text}");
        assert_eq!(
            key.product == Product::AzureServer,
            key.channel == KeyChannel::Gvlk
        );
    }
    assert_eq!(
        (KMS_KEYS.dated, KMS_KEYS.evidence.as_str()),
        ("2024-10-01", "published")
    );
}

#[test]
fn names_of_modelled_keys_are_made_of_their_rows() {
    for (text, name) in [
        (
            "W3GNR-8DDXR-2TFRP-H8P33-DV9BG",
            "Windows Server 2022 Datacenter",
        ),
        (
            "C3RCX-M6NRP-6CXC9-TW2F2-4RHYD",
            "Windows Server 2016 Standard; Windows Server, version 1803 Standard; \
             Windows Server, version 1709 Standard",
        ),
        (
            "WX4NM-KYWYW-QJJR4-XV3QB-6VM33",
            "Windows Server 2022 Datacenter; Windows Server, version 23H2 Datacenter",
        ),
        (
            "489J6-VHDMP-X63PK-3K798-CPX3Y",
            "Windows Server 2008 R2 Enterprise",
        ),
        (
            "GT63C-RJFQ3-4GMB6-BRFB9-CB83V",
            "Windows Server 2008 R2 for Itanium-based Systems",
        ),
        (
            "HM7DN-YVMH3-46JC3-XYTG7-CYQJJ",
            "Windows Server 2012 MultiPoint Standard",
        ),
    ] {
        assert_eq!(known(text).name().to_string(), name);
    }
}

/// Keys of Windows 8, Server 2012 and later hold exactly one `N`, older ones none.
#[test]
fn the_n_tells_the_generation() {
    for key in keys::published() {
        let name = key.name().to_string();
        let old = ["2008", "Windows 7", "Windows Vista"];
        let old = old.iter().any(|old| name.contains(old));
        assert_eq!(key.key.key().count_n(), usize::from(!old), "{name}");
    }
}

/// Levenshtein's distance.
fn edits(one: &[u8], other: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, a) in one.iter().enumerate() {
        let mut diagonal = place;
        row[0] = place + 1;
        for (column, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

/// What repair relies on: up to 8 changes, and up to 8 edits, have one nearest key.
#[test]
fn any_two_keys_are_17_changes_and_17_edits_apart() {
    let (mut changes, mut moved) = (u32::MAX, usize::MAX);
    let mut nearest = Vec::new();
    for (place, a) in keys::published().iter().enumerate() {
        assert_eq!(a.key.key().distance(a.key.key()), 0);
        for b in &keys::published()[place + 1..] {
            let distance = a.key.key().distance(b.key.key());
            if distance < changes {
                nearest.clear();
            }
            if distance <= changes {
                changes = distance;
                nearest.push([a.name().to_string(), b.name().to_string()]);
            }
            moved = moved.min(edits(a.key.key().symbols(), b.key.key().symbols()));
            assert_ne!(a.key.last_five(), b.key.last_five());
        }
    }
    assert_eq!((changes, moved), (17, 17));
    assert_eq!(
        nearest,
        [[
            "Windows Server 2016 Essentials",
            "Windows 11 Enterprise G; Windows 10 Enterprise G"
        ]]
    );
}

/// Systems outside of the crate: "not known from here" for KMS client keys, and no AVMA key at all.
#[test]
fn keys_that_are_told_by_name_are_no_row_and_no_absence() {
    use avma::identity::KeyAnswer;
    for caption in [
        "Windows 10 Pro",
        "Windows 7 Enterprise",
        "Windows Server 2008 Standard",
    ] {
        let identity = Identity::from_clues([Clue::Caption(caption)]);
        assert_eq!(identity.gvlk(), KeyAnswer::Open, "{caption}");
        assert_eq!(identity.avma_key(), KeyAnswer::NotDocumented, "{caption}");
    }
    let linux = Identity::from_clues([Clue::Caption("Ubuntu 24.04 LTS")]);
    assert_eq!(linux.gvlk(), KeyAnswer::NotDocumented);
    let count = |releases, products| keys::by_name(releases, products, KeyChannel::Gvlk).count();
    assert_eq!(count(Releases::unknown(), Product::Client.into()), 37);
    let older = AnyRelease::Older.into();
    assert_eq!(count(older, Products::unknown()), 9 + 37);
    assert_eq!(count(older, Product::Standard.into()), 2);
    assert_eq!(count(older, Product::Foundation.into()), 0);
    for release in AnyRelease::ALL {
        for product in Product::ALL {
            let avma = keys::by_name((*release).into(), (*product).into(), KeyChannel::Avma);
            assert_eq!(avma.count(), 0);
        }
    }
}
