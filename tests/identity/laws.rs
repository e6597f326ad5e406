//! Laws over any clues, in any order.

use avma::catalog::keys::{self, KeyChannel};
use avma::catalog::releases::AnyRelease;
use avma::identity::{Axis, KeyAnswer, Reading, sku_from_text};
use avma::{Answer, Clue, Identity, Product};
use proptest::prelude::*;

/// A clue that can be owned by a strategy.
#[derive(Clone, Debug)]
enum Owned {
    Text(usize, String),
    Number(usize, u32),
}

impl Owned {
    fn clue(&self) -> Clue<'_> {
        match self {
            Self::Text(kind, text) => match kind {
                0 => Clue::Caption(text),
                1 => Clue::EditionId(text),
                2 => Clue::ImageName(text),
                3 => Clue::OsVersion(text),
                4 => Clue::LicenseFamily(text),
                _ => Clue::InstallationType(text),
            },
            Self::Number(kind, number) => match kind {
                0 => Clue::Sku(*number),
                1 => Clue::Build(*number),
                2 => Clue::ProductType(*number),
                _ => Clue::SuiteMask(*number),
            },
        }
    }
}

/// Texts of the words that the readers know, with and without blanks, and any text.
fn text() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "Windows",
        "Server",
        "SERVER",
        "2012",
        "R2",
        "2016",
        "2019",
        "2022",
        "1809",
        "20H2",
        "10",
        "10.0.17763",
        "6.3",
        "Datacenter",
        "Standard",
        "Essentials",
        "Azure",
        "Edition",
        "Stack",
        "HCI",
        "Hyper-V",
        "Eval",
        "Evaluation",
        "Core",
        "Cor",
        "ACor",
        "Nano",
        "Preview",
        "Linux",
        "Desktop Experience",
        " ",
        " ",
        "/",
        "-",
        "Semi-Annual",
        "version",
        "ServerTurbine",
        "Client",
        "桌面体验",
        "Ｓ",
        "\u{FFFD}",
    ];
    prop_oneof![
        6 => prop::collection::vec(prop::sample::select(PIECES), 0..8).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn owned() -> impl Strategy<Value = Owned> {
    let number = prop_oneof![
        Just(8),
        Just(7),
        Just(50),
        Just(80),
        Just(145),
        Just(1),
        Just(3),
        Just(2),
        Just(17763),
        Just(20348),
        Just(14393),
        Just(19045),
        Just(400),
        Just(272),
        0..500_u32,
        any::<u32>()
    ];
    prop_oneof![
        (0..6_usize, text()).prop_map(|(kind, text)| Owned::Text(kind, text)),
        (0..4_usize, number).prop_map(|(kind, number)| Owned::Number(kind, number)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn order_and_repetition_do_not_matter(
        (clues, places) in prop::collection::vec(owned(), 1..6).prop_flat_map(|clues| {
            let places: Vec<usize> = (0..clues.len()).chain(0..clues.len()).collect();
            (Just(clues), Just(places).prop_shuffle())
        }),
    ) {
        let once: Identity = clues.iter().map(Owned::clue).collect();
        let shuffled: Identity = places.iter().map(|place| clues[*place].clue()).collect();
        prop_assert_eq!(once, shuffled);
    }

    #[test]
    fn a_clue_more_never_widens_what_is_not_contradicted(clues in prop::collection::vec(owned(), 1..5), more in owned()) {
        let before: Identity = clues.iter().map(Owned::clue).collect();
        let after = before.with(more.clue());
        let torn: Vec<Axis> = after.conflicts().map(|conflict| conflict.about).collect();
        // The edition in the name of Nano Server gives way to a number or an id that says Nano: see
        // `nano_server_is_known_by_its_number`.
        let is_nano = after.products().is(Product::Nano);
        for conflict in before.conflicts() {
            prop_assert!(is_nano && conflict.about == Axis::Product || torn.contains(&conflict.about), "a conflict does not go away");
        }
        let reading: Reading = more.clue().read();
        let subset = [
            (Axis::Release, after.releases().is_subset(before.releases()) && after.releases().is_subset(reading.releases)),
            (Axis::Product, after.products().is_subset(before.products()) && after.products().is_subset(reading.products)),
            (Axis::Evaluation, after.evaluation().is_subset(before.evaluation())),
            (Axis::Installation, after.installation().is_subset(before.installation())),
            (Axis::DomainController, after.domain_controller().is_subset(before.domain_controller())),
        ];
        for (axis, holds) in subset {
            let gives_way = is_nano && axis == Axis::Product;
            prop_assert!(holds || gives_way || torn.contains(&axis), "{}", axis);
        }
    }

    #[test]
    fn every_text_has_a_reading_and_no_fact_is_empty(text in text(), number in any::<u32>()) {
        for clue in (0..6).map(|kind| Owned::Text(kind, text.clone())).chain((0..4).map(|kind| Owned::Number(kind, number))) {
            let reading = clue.clue().read();
            prop_assert!(reading.releases.len() > 0 && reading.products.len() > 0);
            prop_assert!(reading.evaluation.len() > 0 && reading.installation.len() > 0);
            prop_assert_eq!(Identity::from_clues([clue.clue()]).conflicts().count(), 0);
            let _ = sku_from_text(&text);
        }
    }

    /// The answer about keys is the table's, cell by cell, over all that is possible.
    #[test]
    fn documented_is_what_all_candidates_say(clues in prop::collection::vec(owned(), 0..4)) {
        let identity: Identity = clues.iter().map(Owned::clue).collect();
        let evaluation = identity.evaluation().is(Answer::Yes);
        let mut keys = Vec::new();
        for release in identity.releases() {
            for product in identity.products() {
                keys.push(release.release().and_then(|release| keys::key(release, product, KeyChannel::Avma)));
            }
        }
        match identity.avma_key_documented() {
            Some(true) => prop_assert!(!evaluation && keys.iter().all(Option::is_some)),
            Some(false) => prop_assert!(evaluation || keys.iter().all(Option::is_none)),
            None => prop_assert!(!evaluation && !keys.iter().all(Option::is_some)),
        }
        if let KeyAnswer::Key(row) | KeyAnswer::ConvertFirst(Some(row)) = identity.avma_key() {
            prop_assert!(keys.iter().all(|candidate| candidate.is_some_and(|candidate| candidate.key == row.key)));
            prop_assert!(identity.releases().contains(AnyRelease::Release(row.release)));
        }
    }
}
