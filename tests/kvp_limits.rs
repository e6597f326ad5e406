//! How long keys and values may be by profile, and numbered parts.
#![cfg(feature = "alloc")]

use avma::kvp::error::{JoinError, LimitError};
use avma::kvp::limits::{Half, Limit, MAX_PARTS, Profile, Unit, check, join, pieces, split};
use avma::kvp::pool::PoolFile;
use avma::kvp::{Item, ItemRef};
use proptest::prelude::*;

/// The limits as they are published: (profile, key units, key bytes, value units, value bytes).
type Row = (Profile, [Option<usize>; 4]);
const PUBLISHED: &[Row] = &[
    (Profile::Wire, [Some(255), None, Some(1023), None]),
    (Profile::Wmi, [Some(1024), None, Some(1024), None]),
    (Profile::HostOnly, [Some(255), None, Some(8191), None]),
    (
        Profile::LinuxToHost,
        [Some(254), Some(511), Some(1022), Some(2047)],
    ),
    (
        Profile::HostToLinux,
        [Some(255), Some(511), Some(1023), Some(2047)],
    ),
    (
        Profile::Azure,
        [Some(254), Some(511), Some(1022), Some(1023)],
    ),
    (
        Profile::Libhvee,
        [Some(255), Some(511), Some(1023), Some(990)],
    ),
    (Profile::SafeEverywhere, [None, Some(254), None, Some(990)]),
];

const NAMES: &[&str] = &[
    "wire",
    "wmi",
    "host-only",
    "linux-to-host",
    "host-to-linux",
    "azure",
    "libhvee",
    "safe-everywhere",
];

fn row(profile: Profile) -> [Option<usize>; 4] {
    let (key, value) = (profile.key(), profile.value());
    [key.utf16, key.utf8, value.utf16, value.utf8]
}

fn ascii(limit: Limit) -> usize {
    limit.utf16.into_iter().chain(limit.utf8).min().unwrap()
}

#[test]
fn profiles_have_the_published_limits() {
    assert_eq!(Profile::ALL.len(), PUBLISHED.len());
    for ((profile, (wanted, limits)), name) in Profile::ALL.iter().zip(PUBLISHED).zip(NAMES) {
        assert_eq!(profile, wanted);
        assert_eq!(row(*profile), *limits, "{profile}");
        assert_eq!(profile.to_string(), *name);
    }
    let items = Profile::ALL.iter().filter_map(|profile| profile.items());
    assert_eq!(items.collect::<Vec<_>>(), [128, 128, 128]);
}

#[test]
fn the_longest_ascii_item_fits_and_one_more_does_not() {
    for &profile in Profile::ALL {
        let (key, value) = (ascii(profile.key()), ascii(profile.value()));
        let (name, data) = ("k".repeat(key + 1), "v".repeat(value + 1));
        let item = ItemRef::new(&name[1..], &data[1..]);
        assert_eq!(check(item, profile), Ok(()), "{profile}");
        for (half, item, allowed) in [
            (Half::Key, ItemRef::new(&name, &data), key),
            (Half::Value, ItemRef::new(&name[1..], &data), value),
        ] {
            let Err(LimitError::TooLong {
                half: got,
                needed,
                allowed: limit,
                ..
            }) = check(item, profile)
            else {
                panic!("{profile}");
            };
            assert_eq!(
                (got, needed, limit),
                (half, allowed + 1, allowed),
                "{profile}"
            );
        }
    }
}

#[test]
fn lengths_count_in_the_units_of_the_profile() {
    let cjk = "你".repeat(254);
    let long = |unit, needed, allowed| {
        let half = Half::Key;
        Err(LimitError::TooLong {
            half,
            unit,
            needed,
            allowed,
        })
    };
    let item = ItemRef::new(&cjk, "");
    assert_eq!(check(item, Profile::Wire), Ok(()));
    assert_eq!(
        check(item, Profile::LinuxToHost),
        long(Unit::Utf8, 762, 511)
    );
    assert_eq!(
        check(item, Profile::SafeEverywhere),
        long(Unit::Utf8, 762, 254)
    );
    let pairs = "😀".repeat(128);
    let item = ItemRef::new(&pairs, "");
    assert_eq!(check(item, Profile::Wire), long(Unit::Utf16, 256, 255));
    assert_eq!(check(item, Profile::Wmi), Ok(()));
    let error = check(item, Profile::Wire).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the key has 256 UTF-16 units, 255 are allowed"
    );
}

#[test]
fn empty_keys_and_inner_nuls_are_refused_everywhere() {
    for &profile in Profile::ALL {
        let refused =
            |name: &str, data: &str| check(ItemRef::new(name, data), profile).unwrap_err();
        assert_eq!(refused("", "v"), LimitError::EmptyKey);
        assert_eq!(
            refused("ä\0", "v"),
            LimitError::Nul {
                half: Half::Key,
                at: 2
            }
        );
        assert_eq!(
            refused("k", "\0"),
            LimitError::Nul {
                half: Half::Value,
                at: 0
            }
        );
        assert_eq!(check(ItemRef::new("k", ""), profile), Ok(()));
    }
}

#[test]
fn characters_that_xml_lacks_are_refused_where_the_way_is_xml() {
    let xml = [
        Profile::Wmi,
        Profile::HostOnly,
        Profile::Libhvee,
        Profile::SafeEverywhere,
    ];
    for &profile in Profile::ALL {
        for c in ['\u{1}', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            let data = format!("ä{c}");
            let half = Half::Value;
            let wanted = if xml.contains(&profile) {
                Err(LimitError::NotXml { half, at: 2, c })
            } else {
                Ok(())
            };
            assert_eq!(
                check(ItemRef::new("k", &data), profile),
                wanted,
                "{profile}"
            );
            let refused = split("k", &data, profile).err();
            assert_eq!(refused, wanted.err(), "{profile}");
        }
        let data = "\t\r\n \u{7F}\u{FFFD}\u{10000}\u{10FFFF}";
        assert_eq!(check(ItemRef::new("k", data), profile), Ok(()), "{profile}");
    }
    let error = check(ItemRef::new("\u{1}", ""), Profile::Wmi).unwrap_err();
    let shown = error.to_string();
    assert_eq!(
        shown,
        r"the key has '\u{1}' at byte 0, which XML does not have"
    );
}

#[test]
fn what_the_linux_profile_allows_fits_a_record() {
    let (key, value) = ("ä".repeat(254), "ä".repeat(1022));
    assert_eq!(
        check(ItemRef::new(&key, &value), Profile::LinuxToHost),
        Ok(())
    );
    assert!(PoolFile::default().append(&key, &value).is_ok());
}

fn names_and_lengths(name: &str, value: &str, profile: Profile) -> Vec<(String, usize)> {
    split(name, value, profile)
        .unwrap()
        .map(|part| (part.name().to_string(), part.value.len()))
        .collect()
}

#[test]
fn parts_are_numbered_from_0_and_end_between_characters() {
    let one = |value: &str| names_and_lengths("n", value, Profile::Libhvee);
    assert_eq!(one(""), [("n.0".into(), 0)]);
    assert_eq!(one("short"), [("n.0".into(), 5)]);
    assert_eq!(one(&"x".repeat(990)), [("n.0".into(), 990)]);
    assert_eq!(
        one(&"x".repeat(991)),
        [("n.0".into(), 990), ("n.1".into(), 1)]
    );
    // 989 bytes and a character of 4.
    let edge = "x".repeat(989) + "😀";
    assert_eq!(one(&edge), [("n.0".into(), 989), ("n.1".into(), 4)]);
    // A pair of 2 units where one is left.
    let edge = "x".repeat(1022) + "😀";
    let parts = names_and_lengths("n", &edge, Profile::Wire);
    assert_eq!(parts, [("n.0".into(), 1022), ("n.1".into(), 4)]);
}

#[test]
fn the_number_counts_towards_the_key() {
    let name = "k".repeat(252);
    assert_eq!(
        names_and_lengths(&name, "v", Profile::SafeEverywhere).len(),
        1
    );
    let ten = "v".repeat(990 * 10);
    assert_eq!(
        names_and_lengths(&name, &ten, Profile::SafeEverywhere).len(),
        10
    );
    let eleven = "v".repeat(990 * 10 + 1);
    let (half, unit) = (Half::Key, Unit::Utf8);
    let wanted = LimitError::TooLong {
        half,
        unit,
        needed: 255,
        allowed: 254,
    };
    assert_eq!(
        split(&name, &eleven, Profile::SafeEverywhere).err(),
        Some(wanted)
    );
    assert_eq!(
        split("", "v", Profile::Wire).err(),
        Some(LimitError::EmptyKey)
    );
    let nul = LimitError::Nul {
        half: Half::Value,
        at: 1,
    };
    assert_eq!(split("k", "v\0", Profile::Wire).err(), Some(nul));

    let most = "v".repeat(990 * MAX_PARTS + 1);
    assert_eq!(
        split("k", &most[1..], Profile::Libhvee).unwrap().count(),
        MAX_PARTS
    );
    let (needed, allowed) = (MAX_PARTS + 1, MAX_PARTS);
    let wanted = LimitError::TooManyParts { needed, allowed };
    assert_eq!(split("k", &most, Profile::Libhvee).err(), Some(wanted));
}

#[test]
fn values_are_joined_only_when_complete() {
    let of = |names: &[&'static str]| {
        names
            .iter()
            .map(|name| ItemRef::new(name, name))
            .collect::<Vec<_>>()
    };
    let joined = |names: &[&'static str], parts| join("c", &of(names), parts);
    assert_eq!(joined(&["c.0"], None).as_deref(), Ok("c.0"));
    assert_eq!(
        joined(&["c.2", "x", "c.0", "c.1"], None).as_deref(),
        Ok("c.0c.1c.2")
    );
    // Other names.
    let others = [
        "c", "c.", "c.x", "c.00", "c.01", "c.+1", "c.-1", "cc.1", "C.1", "c.1.1", "c.1 ",
    ];
    assert_eq!(joined(&others, None), Err(JoinError::None));
    assert_eq!(
        joined(&[&others[..], &["c.0"]].concat(), None).as_deref(),
        Ok("c.0")
    );

    let missing = |number| Err(JoinError::Missing { number });
    assert_eq!(joined(&["c.1"], None), missing(0));
    assert_eq!(joined(&["c.0", "c.2"], None), missing(1));
    assert_eq!(joined(&["c.0", "c.99999999999999999999"], None), missing(1));
    assert_eq!(joined(&["c.0", "c.1"], Some(3)), missing(2));
    assert_eq!(joined(&["c.0", "c.1"], Some(2)).as_deref(), Ok("c.0c.1"));
    assert_eq!(
        joined(&["c.0", "c.1"], Some(1)),
        Err(JoinError::TooMany { got: 2, allowed: 1 })
    );
    assert_eq!(
        joined(&["c.0", "c.1", "c.1"], None),
        Err(JoinError::Twice { number: 1 })
    );
    assert_eq!(
        joined(&["c.0", "c.0", "c.2"], None),
        Err(JoinError::Twice { number: 0 })
    );
    assert_eq!(joined(&[], Some(0)), Err(JoinError::None));
}

#[test]
fn too_many_parts_are_refused() {
    let names: Vec<_> = (0..=MAX_PARTS)
        .map(|number| format!("c.{number}"))
        .collect();
    let items: Vec<_> = names.iter().map(|name| ItemRef::new(name, "")).collect();
    let (got, allowed) = (MAX_PARTS + 1, MAX_PARTS);
    assert_eq!(
        join("c", &items, None),
        Err(JoinError::TooMany { got, allowed })
    );
    let reversed: Vec<_> = items[..MAX_PARTS].iter().rev().copied().collect();
    assert_eq!(join("c", &reversed, None).as_deref(), Ok(""));
}

#[test]
fn items_are_borrowed_and_owned() {
    let item = ItemRef::new("name", "data").with_source(ItemRef::GUEST);
    let owned = item.to_item();
    assert_eq!(
        owned,
        Item {
            name: "name".into(),
            data: "data".into(),
            source: Some(Item::GUEST)
        }
    );
    assert_eq!(ItemRef::from(&owned), item);
    assert_eq!(Item::from(item), owned);
    let shown = r#"name: "name", data: "data", source: Some(1) }"#;
    assert_eq!(format!("{item:?}"), format!("ItemRef {{ {shown}"));
    assert_eq!(format!("{owned:?}"), format!("Item {{ {shown}"));
}

#[test]
fn debug_shows_no_product_key() {
    let key = "RHTBY-VWY6D-QJRJ9-JGQ3X-Q2289";
    let item = ItemRef::new("key", key);
    let items = [ItemRef::new("key.0", key)];
    let parts = split("key", key, Profile::Wire).unwrap();
    let part = parts.clone().next().unwrap();
    let pieces = pieces("key", &items, None).unwrap();
    let shown = format!(
        "{item:?} {items:?} {parts:?} {part:?} {:?} {pieces:?}",
        part.name()
    );
    assert!(!shown.contains("RHTBY"), "{shown}");
}

fn profile() -> impl Strategy<Value = Profile> {
    proptest::sample::select(Profile::ALL)
}

/// The naive count: does each half encode into its limits?
fn fits(text: &str, limit: Limit) -> bool {
    let units = text.encode_utf16().count();
    let bytes: usize = text.chars().map(char::len_utf8).sum();
    limit.utf16.is_none_or(|most| units <= most) && limit.utf8.is_none_or(|most| bytes <= most)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn check_agrees_with_a_naive_count(
        name in prop_oneof!["\\PC{1,600}", "[a-cä😀]{200,280}", "a{1,1100}"],
        data in prop_oneof!["\\PC{0,600}", "[a-cä😀]{400,1100}", "a{0,2100}"],
        profile in profile(),
    ) {
        let wanted = fits(&name, profile.key()) && fits(&data, profile.value());
        let checked = check(ItemRef::new(&name, &data), profile);
        prop_assert_eq!(checked.is_ok(), wanted);
        if let Err(error) = checked {
            let LimitError::TooLong { half, unit, needed, allowed } = error else { panic!("{error}") };
            let text = if half == Half::Key { &name } else { &data };
            let count = if unit == Unit::Utf16 { text.encode_utf16().count() } else { text.len() };
            prop_assert!(needed == count && count > allowed);
        }
        if check(ItemRef::new(&name, &data), Profile::SafeEverywhere).is_ok() {
            prop_assert_eq!(checked, Ok(()));
        }
    }

    #[test]
    fn lengths_are_those_of_the_encodings(text in "\\PC{0,60}") {
        prop_assert_eq!(Unit::Utf16.length(&text), text.encode_utf16().count());
        prop_assert_eq!(Unit::Utf8.length(&text), text.len());
    }

    #[test]
    fn joining_gives_back_what_was_split(
        value in prop_oneof!["\\PC{0,3000}", "[a-cä你😀]{0,3000}", "a{0,9000}"],
        profile in profile(),
        seed in any::<proptest::sample::Index>(),
    ) {
        let parts = split("name", &value, profile).unwrap();
        let owned: Vec<_> = parts.map(|part| part.to_item()).collect();
        for (number, item) in owned.iter().enumerate() {
            prop_assert_eq!(check(item.as_item_ref(), profile), Ok(()));
            prop_assert_eq!(&item.name, &format!("name.{number}"));
            // As long as allowed: the next character would be too much.
            if let Some(next) = owned.get(number + 1) {
                let longer = item.data.clone() + &next.data[..next.data.chars().next().unwrap().len_utf8()];
                prop_assert!(!fits(&longer, profile.value()));
            }
        }
        let mut items: Vec<_> = owned.iter().map(Item::as_item_ref).collect();
        let turn = seed.index(items.len());
        items.rotate_left(turn);
        let joined = join("name", &items, None);
        prop_assert_eq!(joined.as_deref(), Ok(value.as_str()));
        // Without any one part but the last, it is not complete; with the count, without any.
        let lost = items.remove(seed.index(items.len()));
        prop_assert!(join("name", &items, Some(owned.len())).is_err());
        if lost.name != format!("name.{}", owned.len() - 1) {
            prop_assert!(join("name", &items, None).is_err());
        }
    }
}

/// Parts in reverse order among many other items: linear, where each part once looked through all.
#[test]
fn a_joined_value_out_of_order_among_many_items() {
    let keys: Vec<String> = (0..MAX_PARTS)
        .rev()
        .map(|number| format!("c.{number}"))
        .chain((0..60_000).map(|number| format!("c.x{number}")))
        .collect();
    let items: Vec<_> = keys.iter().map(|key| ItemRef::new(key, key)).collect();
    let parts: Vec<String> = (0..MAX_PARTS).map(|number| format!("c.{number}")).collect();
    assert_eq!(join("c", &items, None), Ok(parts.concat()));
    let twice = [&items[..], &[items[5], items[9]]].concat();
    let lowest = MAX_PARTS - 1 - 9;
    assert_eq!(
        join("c", &twice[2..], None),
        Err(JoinError::Twice { number: lowest })
    );
}
