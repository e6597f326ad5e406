//! Limits, and long values in parts.

use avma::kvp::ItemRef;
use avma::kvp::error::{JoinError, LimitError};
use avma::kvp::limits::{Half, MAX_PARTS, Profile, Unit, check, pieces, split};

use crate::source::Source;

pub fn limits(source: &mut Source<'_>) {
    let profile = source.pick(Profile::ALL);
    let name = source.text(256);
    // Long enough for some parts, at times for too many.
    let value = match source.below(4) {
        0 => source.text(1023).repeat(source.below(6)),
        1 => source.text(40).repeat(source.below(1 << 12)),
        _ => source.text(1023),
    };
    for text in [&name, &value] {
        assert_eq!(Unit::Utf16.length(text), text.encode_utf16().count());
        assert_eq!(Unit::Utf8.length(text), text.len());
    }
    checked(&name, &value, profile);
    let parts = match split(&name, &value, profile) {
        Ok(parts) => parts,
        Err(fault) => {
            assert!(!fault.to_string().is_empty());
            return;
        }
    };
    let parts: Vec<_> = parts
        .map(|part| (part.number, part.name().to_string(), part.value))
        .collect();
    assert!(!parts.is_empty() && parts.len() <= MAX_PARTS);
    for (place, (number, name, value)) in parts.iter().enumerate() {
        assert_eq!(*number, place);
        assert_eq!(check(ItemRef::new(name, value), profile), Ok(()));
    }
    // No part could take a character of the next one.
    for two in parts.windows(2) {
        let next = two[1].2.chars().next().unwrap();
        let more = format!("{}{next}", two[0].2);
        assert!(check(ItemRef::new(&two[0].1, &more), profile).is_err());
    }

    let mut items: Vec<_> = parts
        .iter()
        .map(|(_, name, value)| ItemRef::new(name, value))
        .collect();
    joined(&name, &items, &value);
    if items.len() > 64 {
        return;
    }
    let turn = source.below(items.len());
    items.rotate_left(turn);
    items.insert(source.below(items.len()), ItemRef::new("other.0", "x"));
    if name != "other" {
        joined(&name, &items, &value);
        broken(source, &name, &items, parts.len());
    }
}

fn checked(name: &str, value: &str, profile: Profile) {
    let exceeds = |half, text: &str| {
        let limit = match half {
            Half::Key => profile.key(),
            Half::Value => profile.value(),
        };
        Unit::ALL.iter().any(|unit| {
            limit
                .allowed(*unit)
                .is_some_and(|most| unit.length(text) > most)
        })
    };
    match check(ItemRef::new(name, value), profile) {
        Ok(()) => {
            assert!(!name.is_empty() && !exceeds(Half::Key, name));
            assert!(!exceeds(Half::Value, value) && !format!("{name}{value}").contains('\0'));
        }
        Err(LimitError::TooLong {
            half,
            unit,
            needed,
            allowed,
        }) => {
            let text = if half == Half::Key { name } else { value };
            assert!(exceeds(half, text) && needed > allowed);
            assert_eq!(unit.length(text), needed);
        }
        Err(LimitError::EmptyKey) => assert!(name.is_empty()),
        Err(LimitError::Nul { half, at } | LimitError::NotXml { half, at, .. }) => {
            let text = if half == Half::Key { name } else { value };
            assert!(text.is_char_boundary(at) && at < text.len());
        }
        Err(fault) => panic!("{fault}"),
    }
}

fn joined(name: &str, items: &[ItemRef<'_>], wanted: &str) {
    let read = pieces(name, items, None).map(|all| all.collect::<String>());
    assert!(read.as_deref() == Ok(wanted), "{:?}", read.err());
}

/// A part too few, or one twice, is told.
fn broken(source: &mut Source<'_>, name: &str, items: &[ItemRef<'_>], parts: usize) {
    assert_eq!(
        pieces(name, items, Some(parts + 1)).err(),
        Some(JoinError::Missing { number: parts })
    );
    let number = source.below(parts);
    let key = format!("{name}.{number}");
    let twice = [items, &[ItemRef::new(&key, "again")]].concat();
    let fault = pieces(name, &twice, None).err();
    if parts < MAX_PARTS {
        assert_eq!(fault, Some(JoinError::Twice { number }));
    }
    let fewer: Vec<_> = items
        .iter()
        .copied()
        .filter(|item| item.name != key)
        .collect();
    let fault = pieces(name, &fewer, Some(parts)).err();
    let wanted = if parts == 1 {
        JoinError::None
    } else {
        JoinError::Missing { number }
    };
    assert_eq!(fault, Some(wanted));
}
