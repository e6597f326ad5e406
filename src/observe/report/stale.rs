//! What of a guest's own pool is stale once its key is of another channel.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::version;
use crate::kvp::ItemRef;
use crate::observe::watch::KeyMove;
use crate::observe::wmi::masked;
use crate::plan::Action;

/// What to do with the items of a guest's own pool after its key was replaced.
///
/// Microsoft's article asks for the KVP data to be removed when an AVMA key gives way to one of
/// another channel, and names no item. So only what this crate wrote is deleted by its name; the rest
/// is for a person to look through. Items of other pools are never part of it: `Parameters`, `Auto`
/// and `External` are left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stale<'a> {
    /// Names of items to delete: this crate's own.
    pub remove: Vec<&'a str>,
    /// Names of items that a person decides on; keys of no published list are masked.
    pub for_a_person: Vec<String>,
}

impl Stale<'_> {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.remove.is_empty() && self.for_a_person.is_empty()
    }

    /// The step for a person, in the words of a plan; `None` where there is nothing to look through.
    pub fn action(&self) -> Option<Action> {
        (!self.for_a_person.is_empty()).then_some(Action::ListKvpItems)
    }
}

/// What is stale among the items of a guest's own pool, by how its key was replaced.
///
/// Where an AVMA key gave way to another channel's: this crate's reports are removed, and all else is
/// listed for a person. Where the channel of a key is not known everything is listed and nothing is
/// removed. In any other case nothing is stale; a report under an old AVMA key is written anew. Items
/// whose `Source` says that they are of another pool are passed over.
///
/// ```
/// use avma::kvp::ItemRef;
/// use avma::observe::report::{NAME, stale};
/// use avma::observe::watch::KeyMove;
///
/// let items = [ItemRef::new(NAME, ""), ItemRef::new("Status", "Ready")];
/// let found = stale(KeyMove::FromAvma, items);
/// assert_eq!(found.remove, [NAME]);
/// assert_eq!(found.for_a_person, ["Status"]);
/// assert!(found.action().unwrap().to_string().contains("Guest key"));
/// assert!(stale(KeyMove::OtherAvma, items).is_empty());
/// ```
pub fn stale<'a, T: Into<ItemRef<'a>>>(
    how: KeyMove,
    items: impl IntoIterator<Item = T>,
) -> Stale<'a> {
    let mut stale = Stale::default();
    let may_remove = match how {
        KeyMove::FromAvma => true,
        KeyMove::Unknown => false,
        KeyMove::OtherAvma | KeyMove::ToAvma | KeyMove::Other => return stale,
    };
    let mut seen = BTreeSet::new();
    for item in items {
        let item: ItemRef<'a> = item.into();
        if item.source.is_some_and(|source| source != ItemRef::GUEST) {
            continue;
        }
        // A name may be there twice; whoever deletes by name deletes both.
        if !seen.insert(item.name) {
            continue;
        }
        if may_remove && version(item.name).is_some() {
            stale.remove.push(item.name);
        } else {
            stale.for_a_person.push(masked(item.name.into()));
        }
    }
    stale
}
