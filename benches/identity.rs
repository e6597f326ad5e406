//! A caption to an identity, against an ordered list of regular expressions that does the same job:
//! compiled beforehand, the first match of each group wins.

use avma::{Clue, Identity};
use divan::{Bencher, black_box};
use regex::Regex;

fn main() {
    divan::main();
}

const CAPTIONS: &[&str] = &[
    "Microsoft Windows Server 2012 R2 Datacenter",
    "Microsoft Windows Server 2012 R2 Standard Evaluation",
    "Windows Server 2016 Standard",
    "Microsoft Windows Server 2016 Datacenter Evaluation",
    "Microsoft Windows Server 2019 Standard",
    "Windows Server 2019 Essentials",
    "Microsoft Windows Server 2022 Datacenter",
    "Windows Server 2022 Datacenter: Azure Edition",
    "Windows Server 2025 Standard",
    "Windows Server, version 1809 Datacenter",
    "Windows Server 23H2 Datacenter",
    "Microsoft Hyper-V Server 2016",
    "Microsoft Azure Stack HCI",
    "Windows Storage Server 2016 Standard",
    "Microsoft Windows 10 Enterprise 2016 LTSB",
    "Ubuntu 22.04.3 LTS",
];

/// The releases, the more special ones first.
const RELEASES: &[(&str, &str)] = &[
    (r"(?i)\b(?:preview|vnext|insider)\b", "preview"),
    (r"(?i)server.*2012\s*r2", "2012-r2"),
    (r"(?i)server.*2012", "2012"),
    (r"(?i)server.*\b1709\b", "1709"),
    (r"(?i)server.*\b1803\b", "1803"),
    (r"(?i)server.*\b1809\b", "1809"),
    (r"(?i)server.*\b1903\b", "1903"),
    (r"(?i)server.*\b1909\b", "1909"),
    (r"(?i)server.*\b2004\b", "2004"),
    (r"(?i)server.*\b20h2\b", "20h2"),
    (r"(?i)server.*\b23h2\b", "23h2"),
    (r"(?i)server.*2016", "2016"),
    (r"(?i)server.*2019", "2019"),
    (r"(?i)server.*2022", "2022"),
    (r"(?i)server.*2025", "2025"),
    (r"(?i)server.*20(?:0\d|11)", "older"),
];

/// The products, those whose names hold an edition's name first.
const PRODUCTS: &[(&str, &str)] = &[
    (
        r"(?i)\b(?:linux|ubuntu|debian|centos|rhel|red hat|fedora|suse|rocky|alma|freebsd|openbsd)\b",
        "not-windows",
    ),
    (r"(?i)azure (?:stack hci|local)", "azure-local"),
    (r"(?i)windows\s*(?:7|8|8\.1|10|11|xp|vista)\b", "client"),
    (r"(?i)hyper-v server", "hyper-v-server"),
    (r"(?i)\bstorage\b", "storage"),
    (r"(?i)multipoint", "multipoint"),
    (r"(?i)\bnano\b", "nano"),
    (
        r"(?i)small business|\b(?:enterprise|web|hpc|itanium)\b",
        "other-server",
    ),
    (
        r"(?i)datacenter:?\s*azure|azure\s*(?:edition|datacenter)",
        "datacenter-azure-edition",
    ),
    (r"(?i)datacenter", "datacenter"),
    (r"(?i)standard", "standard"),
    (r"(?i)essentials", "essentials"),
    (r"(?i)foundation", "foundation"),
];

struct Patterns {
    releases: Vec<(Regex, &'static str)>,
    products: Vec<(Regex, &'static str)>,
    evaluation: Regex,
    core: Regex,
    full: Regex,
}

type Found = (Option<&'static str>, Option<&'static str>, bool, bool, bool);

impl Patterns {
    fn compile() -> Self {
        let compile = |list: &[(&str, &'static str)]| -> Vec<(Regex, &'static str)> {
            list.iter()
                .map(|(pattern, name)| (Regex::new(pattern).unwrap(), *name))
                .collect()
        };
        Self {
            releases: compile(RELEASES),
            products: compile(PRODUCTS),
            evaluation: Regex::new(r"(?i)\beval(?:uation)?\b").unwrap(),
            core: Regex::new(r"(?i)\bcore\b").unwrap(),
            full: Regex::new(r"(?i)desktop experience|\bgui\b").unwrap(),
        }
    }

    fn find(&self, caption: &str) -> Found {
        let first = |list: &[(Regex, &'static str)]| {
            list.iter()
                .find(|(pattern, _)| pattern.is_match(caption))
                .map(|(_, name)| *name)
        };
        (
            first(&self.releases),
            first(&self.products),
            self.evaluation.is_match(caption),
            self.core.is_match(caption),
            self.full.is_match(caption),
        )
    }
}

/// Both sides must give the same release and product, or the comparison means nothing.
fn check(patterns: &Patterns) {
    for caption in CAPTIONS {
        let (release, product, evaluation, ..) = patterns.find(caption);
        let identity = Identity::from_clues([Clue::Caption(caption)]);
        let found = identity.products().known_element();
        assert_eq!(found.map(avma::Product::as_str), product, "{caption}");
        assert_eq!(
            identity.release().map(avma::Release::as_str),
            release,
            "{caption}"
        );
        let says_evaluation = identity.evaluation().as_bool() == Some(true);
        assert_eq!(says_evaluation, evaluation, "{caption}");
    }
}

#[divan::bench]
fn identity(bencher: Bencher<'_, '_>) {
    bencher
        .counter(divan::counter::ItemsCount::new(CAPTIONS.len()))
        .bench(|| {
            for caption in CAPTIONS {
                black_box(Identity::from_clues([Clue::Caption(black_box(caption))]));
            }
        });
}

#[divan::bench]
fn list_of_regular_expressions(bencher: Bencher<'_, '_>) {
    let patterns = Patterns::compile();
    check(&patterns);
    bencher
        .counter(divan::counter::ItemsCount::new(CAPTIONS.len()))
        .bench(|| {
            for caption in CAPTIONS {
                black_box(patterns.find(black_box(caption)));
            }
        });
}
