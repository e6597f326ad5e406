//! What a step puts out: a short list without allocation.

/// The outputs of a step, in the order in which they are to be carried out. At most `N`; each machine
/// says why its steps never have more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Outputs<T, const N: usize>([Option<T>; N]);

impl<T: Copy, const N: usize> Outputs<T, N> {
    /// The most that a step can put out.
    pub const MAX: usize = N;

    pub(crate) const fn new() -> Self {
        Self([None; N])
    }

    /// Appends an output. The machine's own bound keeps this from being one too many; that no output
    /// is lost is tested over all states and inputs.
    pub(crate) fn push(&mut self, output: T) {
        let free = self.0.iter_mut().find(|place| place.is_none());
        debug_assert!(free.is_some(), "more outputs than the machine can have");
        if let Some(place) = free {
            *place = Some(output);
        }
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = T> + '_ {
        self.0.iter().copied().flatten()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

impl<T, const N: usize> IntoIterator for Outputs<T, N> {
    type Item = T;
    type IntoIter = core::iter::Flatten<core::array::IntoIter<Option<T>, N>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().flatten()
    }
}
