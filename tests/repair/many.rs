//! The sets of keys behind `repair`, for 256 made-up keys: more than the crate has, and more than a word.

use crate::hits::{Counts, Hits, Keys, words_for};

const KEYS: usize = 256;
const WORDS: usize = words_for(KEYS);

/// Made-up keys, by the places of their symbols in the alphabet.
const fn made_up() -> [[u8; 25]; KEYS] {
    let mut keys = [[0; 25]; KEYS];
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut key = 0;
    while key < KEYS {
        let mut place = 0;
        while place < 25 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            keys[key][place] = (state % 25) as u8;
            place += 1;
        }
        key += 1;
    }
    keys
}

static TABLE: [[u8; 25]; KEYS] = made_up();
static HITS: Hits<WORDS> = Hits::of(&made_up());

fn counted(window: &[u8]) -> Counts<WORDS> {
    let mut counts = Counts::ZERO;
    for (place, rank) in window.iter().enumerate() {
        counts.add(HITS.at(*rank, place));
    }
    counts
}

fn with_hits(window: &[u8], least: usize) -> Vec<usize> {
    let hits = |key: &[u8; 25]| key.iter().zip(window).filter(|(a, b)| a == b).count();
    (0..KEYS)
        .filter(|place| hits(&TABLE[*place]) >= least)
        .collect()
}

#[test]
fn a_word_holds_64_keys() {
    assert_eq!(
        [1, 64, 65, 95, 128, 129, 256, 257].map(words_for),
        [1, 1, 2, 2, 2, 3, 4, 5]
    );
}

#[test]
fn hits_are_those_of_the_table() {
    for rank in 0..=25_u8 {
        for place in 0..25 {
            let has = |key: &usize| TABLE[*key].get(place) == Some(&rank);
            let expected: Vec<usize> = (0..KEYS).filter(has).collect();
            let found: Vec<usize> = HITS.at(rank, place).places().collect();
            assert_eq!(found, expected, "{rank} {place}");
        }
    }
    assert!(HITS.at(25, 0).is_empty() && HITS.at(0, 25).is_empty() && HITS.at(99, 0).is_empty());
}

/// Every key with any number of its symbols changed, to those of its neighbour in the table.
#[test]
fn every_key_is_counted() {
    for key in 0..KEYS {
        let other = &TABLE[(key + 1) % KEYS];
        for changed in 0..=25 {
            let mut window = TABLE[key];
            window[..changed].copy_from_slice(&other[..changed]);
            let counts = counted(&window);
            let of = |found: Keys<WORDS>| found.places().collect::<Vec<_>>();
            assert_eq!(
                of(counts.at_least_16()),
                with_hits(&window, 16),
                "{key} {changed}"
            );
            assert_eq!(
                of(counts.at_least_21()),
                with_hits(&window, 21),
                "{key} {changed}"
            );
        }
    }
}

#[test]
fn sets_join_and_meet() {
    let (a, b) = (HITS.at(3, 7), HITS.at(4, 8));
    let of = |found: Keys<WORDS>| found.places().collect::<Vec<_>>();
    let both: Vec<usize> = of(a)
        .into_iter()
        .filter(|key| of(b).contains(key))
        .collect();
    assert_eq!(of(a.and(b)), both);
    let mut either = of(a);
    either.extend(of(b));
    either.sort_unstable();
    either.dedup();
    assert_eq!(of(a.or(b)), either);
    assert_eq!(of(Keys::<WORDS>::ALL).len(), KEYS);
    assert!(Keys::<WORDS>::NONE.is_empty() && !a.is_empty());
    assert_eq!(a.and(Keys::ALL), a);
}
