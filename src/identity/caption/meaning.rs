//! What all the words of a text say together.

use super::super::reading::{Reading, SEMI_ANNUAL};
use super::super::vocabulary::{Word as W, Words};
use super::{Caption, Named};
use crate::catalog::products::{Installation, Installations, Product, Products};
use crate::catalog::releases::{AnyRelease, Release, Releases};
use crate::fact::{Answer, Fact, YesNo};

/// The releases that share their build with one of these.
fn of_same_build(releases: Releases) -> Releases {
    let same = |release: Release| {
        let builds = release.builds();
        releases
            .iter()
            .any(|of| of.release().is_some_and(|of| of.builds() == builds))
    };
    Releases::such_that(same).map_or(releases, |found| found.union(releases))
}

/// Products whose own editions are named like products: "Storage Server Standard".
const FAMILIES: [Products; 5] = [
    Products::of(&[Product::Storage]),
    Products::of(&[Product::MultiPointStandard, Product::MultiPointPremium]),
    Products::of(&[Product::Nano]),
    Products::of(&[Product::Itanium]),
    Products::of(&[Product::Hpc]),
];

impl Caption {
    pub(in crate::identity) fn finish(mut self) -> Reading {
        self.end_year();
        let words = self.words;
        let windows = words.any(Words::of(&[W::Windows, W::HyperVServer, W::AzureLocal]));
        let named = windows || words.has(W::Server) || self.flag.is_some();
        if !named && words.has(W::UnknownFirst) {
            // A name of something: of another system, or of nothing that is known here. Behind a
            // release an unknown word costs no more than itself.
            return self.not_windows();
        }
        if !windows && words.any(Words::of(&[W::NotWindows, W::OtherProduct, W::SomeServer])) {
            return self.not_windows();
        }
        let client_edition = words.any(Words::of(&[W::IoT, W::ClientEdition]))
            && words.has(W::Enterprise)
            && !words.has(W::Server);
        // "Windows IoT Enterprise LTSC 2024": the year is that of a client.
        if words.has(W::Client) || (windows && client_edition) {
            return if words.has(W::Server) || self.flag.is_some() {
                Reading::NOTHING
            } else {
                self.client()
            };
        }
        let named = self.product();
        let reading = Reading {
            releases: self.releases(),
            products: named.unwrap_or_else(|| {
                if words.has(W::Windows) && words.has(W::Server) {
                    Reading::server().products
                } else {
                    Fact::unknown()
                }
            }),
            evaluation: self.evaluation(named.is_some()),
            installation: self.installation(),
            ..Reading::NOTHING
        };
        let reading = match self.flag {
            Some(flag) => Reading {
                // The flag of a Semi-Annual image beats the year, which names its code base.
                releases: reading.releases,
                ..reading.and(flag)
            },
            None => reading,
        };
        if words.has(W::IoT) {
            reading.noted("Windows Server IoT is the same system under other licence terms")
        } else {
            reading
        }
    }

    fn not_windows(&self) -> Reading {
        if self.words.has(W::NotWindows) {
            Reading {
                products: Product::NotWindows.into(),
                ..Reading::NOTHING
            }
        } else if self.words.has(W::OtherProduct) {
            Reading::unlisted()
        } else {
            Reading::NOTHING
        }
    }

    fn client(&self) -> Reading {
        const EDITIONS: Words = Words::of(&[W::Enterprise, W::ClientEdition, W::Home]);
        Reading {
            products: Product::Client.into(),
            evaluation: if self.words.has(W::Evaluation) {
                Answer::Yes.into()
            } else if self.words.any(EDITIONS) {
                Answer::No.into()
            } else {
                Fact::unknown()
            },
            ..Reading::NOTHING
        }
    }

    /// The product that the words name; `None` where they name none or several.
    fn product(&self) -> Option<Products> {
        let words = self.words;
        if words.has(W::AzureLocal) {
            return Some(Product::AzureLocal.into());
        }
        if words.has(W::HyperVServer) {
            return Some(Product::HyperVServer.into());
        }
        let of_rows = |product| self.products.is_some_and(|named| named.contains(product));
        let small_business = words.has(W::Small) && words.has(W::Business);
        // "Standard", "Enterprise" and "Workgroup" are editions of theirs.
        for family in FAMILIES {
            if self.products.is_some_and(|named| family.is_subset(named)) {
                return Some(
                    match (
                        family.contains(Product::MultiPointStandard),
                        words.has(W::Premium),
                    ) {
                        (true, true) => Product::MultiPointPremium.into(),
                        (true, false) if of_rows(Product::Standard) => {
                            Product::MultiPointStandard.into()
                        }
                        _ => family,
                    },
                );
            }
        }
        if small_business {
            return Some(Product::OtherServer.into());
        }
        let mut named = Named::Nothing;
        for product in self.products.iter().flat_map(|products| products.iter()) {
            named.also(Fact::known(product));
        }
        if words.has(W::Enterprise) {
            named.also(Product::Enterprise.into());
        }
        if words.has(W::Server) && words.has(W::Home) {
            named.also(Product::OtherServer.into());
        }
        let named = match named {
            Named::Nothing => None,
            Named::One(products) => Some(products),
            Named::Several => return None,
        };
        if !words.has(W::Azure) {
            return named;
        }
        // "Azure Edition" qualifies Datacenter, and no other edition. "Azure" alone may also tell
        // where the machine runs.
        Some(match named {
            Some(products) if products.is(Product::Datacenter) => {
                if words.has(W::Edition) {
                    Product::DatacenterAzureEdition.into()
                } else {
                    products.union(Product::DatacenterAzureEdition.into())
                }
            }
            Some(_) => Product::Unlisted.into(),
            None if words.has(W::Edition) => Product::DatacenterAzureEdition.into(),
            None if words.has(W::Core) => Product::AzureServer.into(),
            None => Products::of(&[Product::DatacenterAzureEdition, Product::AzureServer]),
        })
    }

    fn releases(&self) -> Releases {
        // Its versions and years are Azure Local's own.
        if self.words.has(W::AzureLocal) {
            return Fact::unknown();
        }
        if self.words.has(W::Preview) {
            return AnyRelease::Preview.into();
        }
        // The name that a hypervisor gives to a release and all that came after it.
        if self.words.has(W::OrLater) {
            return Fact::unknown();
        }
        let channel = self.words.has(W::Annual);
        let flag = self.flag.map(|flag| flag.releases);
        let semi_annual_flag =
            flag.filter(|releases| !releases.is_unknown() && !releases.contains(AnyRelease::Older));
        let named = match (self.years, self.versions) {
            // A year beside a version of a channel is the label of the code base.
            (Named::One(_), Named::One(version)) if channel || semi_annual_flag.is_some() => {
                Some(version)
            }
            (Named::One(_), Named::Nothing) if semi_annual_flag.is_some() => None,
            // 1809 is also the version of 2019.
            (Named::One(year), Named::One(version)) => {
                (year.is_subset(of_same_build(version))).then_some(year)
            }
            (Named::Nothing, Named::One(version)) if self.release_ids && !channel => {
                Some(of_same_build(version))
            }
            (Named::One(one), Named::Nothing) | (Named::Nothing, Named::One(one)) => Some(one),
            (Named::Nothing, Named::Nothing) if channel && self.words.has(W::Semi) => {
                Some(SEMI_ANNUAL)
            }
            _ => None,
        };
        match (named, flag) {
            (None, None) => Fact::unknown(),
            (Some(named), None) => named,
            (None, Some(flag)) => flag,
            (Some(named), Some(flag)) => named.intersect(flag).unwrap_or(named),
        }
    }

    fn evaluation(&self, named: bool) -> YesNo {
        let words = self.words;
        if words.has(W::Evaluation) {
            return Answer::Yes.into();
        }
        // Neither has ever had an evaluation copy of another name.
        if words.any(Words::of(&[W::AzureLocal, W::HyperVServer])) {
            return Answer::No.into();
        }
        // A whole name would say "Evaluation", and a name with a word that is not understood may say
        // it in another language. Keys of tables, names of previews and image flags are no whole names.
        let whole = words.has(W::Blank) && words.any(Words::of(&[W::Windows, W::Server]));
        let understood = !words.any(Words::of(&[W::Preview, W::Unknown]));
        if named && whole && self.flag.is_none() && understood {
            return Answer::No.into();
        }
        Fact::unknown()
    }

    fn installation(&self) -> Installations {
        let words = self.words;
        let core = words.any(Words::of(&[W::Core, W::AzureLocal, W::HyperVServer]));
        let both = |one, other| words.has(one) && words.has(other);
        let full = words.any(Words::of(&[W::Gui, W::DesktopExperience]))
            || both(W::Desktop, W::Experience)
            || both(W::Experiencia, W::Escritorio)
            || both(W::DesktopJa, W::ExperienceJa);
        match (core, full) {
            (true, false) => Installation::Core.into(),
            (false, true) => Installation::Full.into(),
            _ => Fact::unknown(),
        }
    }
}
