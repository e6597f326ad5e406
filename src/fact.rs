//! A fact is a set: what something *may* be, as a non-empty set over a small finite domain.
//!
//! Unknown is the whole domain, known is one element, and everything between is what several clues
//! leave open. Clues intersect, so their order cannot matter; alternatives unite. Everything that
//! the crate concludes is computed over such sets, so "not enough is known" comes out as itself and
//! never as a default.

use core::fmt;
use core::marker::PhantomData;

#[cfg(feature = "serde")]
mod form;

mod sealed {
    pub trait Sealed {}
}
#[cfg(feature = "serde")]
pub(crate) use form::is_unknown;
pub(crate) use sealed::Sealed;

/// An element of a finite domain of at most 32 possibilities.
///
/// Sealed: the domains are the crate's own words.
pub trait Possibility: Copy + Eq + Sealed + 'static {
    /// Every element, in the order of [`index`](Self::index).
    const ALL: &'static [Self];

    /// The element's place in [`ALL`](Self::ALL).
    fn index(self) -> u32;
}

/// A non-empty set of possibilities, kept as 32 bits.
///
/// ```
/// use avma::{Fact, Product, Products};
///
/// let sku_8 = Products::known(Product::Datacenter);
/// let caption = Products::known(Product::Standard);
/// assert_eq!(sku_8.intersect(caption), None); // a conflict
/// assert!(sku_8.union(caption).contains(Product::Standard));
/// assert_eq!(Products::unknown().known_element(), None);
/// assert_eq!(sku_8.known_element(), Some(Product::Datacenter));
/// ```
pub struct Fact<T> {
    bits: u32,
    domain: PhantomData<fn() -> T>,
}

impl<T> Fact<T> {
    /// For tables that are built at compile time; `bits` must not be empty.
    pub(crate) const fn from_bits(bits: u32) -> Self {
        Self {
            bits,
            domain: PhantomData,
        }
    }

    pub(crate) const fn bits(self) -> u32 {
        self.bits
    }
}

impl<T: Possibility> Fact<T> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a domain has at most 32 elements, as the assertion says"
    )]
    const DOMAIN: u32 = {
        assert!(!T::ALL.is_empty() && T::ALL.len() <= 32);
        u32::MAX >> (32 - T::ALL.len() as u32)
    };

    /// Nothing is known: every possibility of the domain.
    pub const fn unknown() -> Self {
        Self::from_bits(Self::DOMAIN)
    }

    /// Exactly this is the case.
    pub fn known(element: T) -> Self {
        Self::from_bits(1 << element.index())
    }

    /// One of these is the case; `None` for an empty iterator, since a fact is never empty.
    pub fn one_of(elements: impl IntoIterator<Item = T>) -> Option<Self> {
        let bits = elements
            .into_iter()
            .fold(0, |bits, element| bits | 1 << element.index());
        Self::non_empty(bits)
    }

    fn non_empty(bits: u32) -> Option<Self> {
        (bits != 0).then_some(Self::from_bits(bits))
    }

    /// Whether `element` is still possible.
    pub fn contains(self, element: T) -> bool {
        self.bits & 1 << element.index() != 0
    }

    /// Whether `element` is the only possibility.
    pub fn is(self, element: T) -> bool {
        self.bits == 1 << element.index()
    }

    /// Whether every possibility of `self` is one of `other`.
    pub const fn is_subset(self, other: Self) -> bool {
        self.bits & !other.bits == 0
    }

    /// Whether nothing is known.
    pub const fn is_unknown(self) -> bool {
        self.bits == Self::DOMAIN
    }

    /// The element, where only one is left.
    pub fn known_element(self) -> Option<T> {
        if self.len() == 1 {
            self.iter().next()
        } else {
            None
        }
    }

    /// How many possibilities are left: 1 to the size of the domain.
    #[expect(
        clippy::len_without_is_empty,
        reason = "a fact is never empty, that is its invariant"
    )]
    pub const fn len(self) -> u32 {
        self.bits.count_ones()
    }

    /// Both are right: what both allow, or `None` where they contradict each other.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::non_empty(self.bits & other.bits)
    }

    /// This fact where anything is known, else `other`: for what is taken for granted.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        if self.is_unknown() { other } else { self }
    }

    /// Either is right: what one or the other allows.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self::from_bits(self.bits | other.bits)
    }

    /// Anything but the elements of `other`; `None` where nothing is left.
    #[must_use]
    pub fn without(self, other: Self) -> Option<Self> {
        Self::non_empty(self.bits & !other.bits)
    }

    /// The possibilities, in the order of the domain.
    pub const fn iter(self) -> Iter<T> {
        Iter(self)
    }
}

impl<T: Possibility> IntoIterator for Fact<T> {
    type Item = T;
    type IntoIter = Iter<T>;

    fn into_iter(self) -> Iter<T> {
        self.iter()
    }
}

/// The possibilities of a fact, in the order of the domain.
#[derive(Clone)]
#[must_use = "an iterator does nothing until it is consumed"]
pub struct Iter<T>(Fact<T>);

impl<T: Possibility + fmt::Debug> fmt::Debug for Iter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<T: Possibility> Iterator for Iter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        let bits = self.0.bits;
        // What is left may be empty, unlike a fact.
        self.0.bits = bits & bits.wrapping_sub(1);
        let place = usize::try_from(bits.trailing_zeros()).ok()?;
        T::ALL.get(place).copied()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.0.bits.count_ones() as usize;
        (left, Some(left))
    }
}

impl<T: Possibility> ExactSizeIterator for Iter<T> {}
impl<T: Possibility> core::iter::FusedIterator for Iter<T> {}

impl<T> Clone for Fact<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Fact<T> {}

impl<T> PartialEq for Fact<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl<T> Eq for Fact<T> {}

impl<T> core::hash::Hash for Fact<T> {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.bits.hash(state);
    }
}

impl<T: Possibility> Default for Fact<T> {
    /// Nothing is known.
    fn default() -> Self {
        Self::unknown()
    }
}

impl<T: Possibility> From<T> for Fact<T> {
    fn from(element: T) -> Self {
        Self::known(element)
    }
}

impl<T: Possibility + fmt::Debug> fmt::Debug for Fact<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unknown() {
            f.write_str("unknown")
        } else {
            f.debug_set().entries(self.iter()).finish()
        }
    }
}

impl<T: Possibility + fmt::Display> fmt::Display for Fact<T> {
    /// `unknown`, the one element, or the elements with "or" between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_unknown() {
            return f.write_str("unknown");
        }
        for (place, element) in self.iter().enumerate() {
            if place > 0 {
                f.write_str(" or ")?;
            }
            element.fmt(f)?;
        }
        Ok(())
    }
}

/// A question with two answers, as the domain of a yes-or-no fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// It is not so.
    No,
    /// It is so.
    Yes,
}

impl Sealed for Answer {}
impl Possibility for Answer {
    const ALL: &'static [Self] = &[Self::No, Self::Yes];

    fn index(self) -> u32 {
        self as u32
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl Answer {
    /// The stable slug: `no`, `yes`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A yes-or-no fact: yes, no, or not known.
pub type YesNo = Fact<Answer>;

impl From<bool> for YesNo {
    fn from(yes: bool) -> Self {
        Self::known(yes.into())
    }
}

impl YesNo {
    /// `Some(true)`, `Some(false)`, or `None` where it is not known.
    pub fn as_bool(self) -> Option<bool> {
        self.known_element().map(|answer| answer == Answer::Yes)
    }
}

impl From<Option<bool>> for YesNo {
    fn from(answer: Option<bool>) -> Self {
        answer.map_or(Self::unknown(), Self::from)
    }
}
