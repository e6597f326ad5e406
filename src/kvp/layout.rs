//! Fields at fixed places of byte arrays: that they lie within is checked when the crate is built.

/// The `N` bytes at `AT`.
pub(super) const fn part<const AT: usize, const N: usize, const LEN: usize>(
    whole: &[u8; LEN],
) -> &[u8; N] {
    const { assert!(AT + N <= LEN) };
    // Never the other arms, by the assertion; the compiler sees that too.
    match whole.split_at_checked(AT) {
        Some((_, rest)) => match rest.first_chunk() {
            Some(part) => part,
            None => &[0; N],
        },
        None => &[0; N],
    }
}

/// The number of 16 bits at `AT`.
pub(super) const fn u16_at<const AT: usize, const LEN: usize>(whole: &[u8; LEN]) -> u16 {
    u16::from_le_bytes(*part::<AT, 2, LEN>(whole))
}

/// The number of 32 bits at `AT`.
pub(super) const fn u32_at<const AT: usize, const LEN: usize>(whole: &[u8; LEN]) -> u32 {
    u32::from_le_bytes(*part::<AT, 4, LEN>(whole))
}

/// The byte at `AT`.
pub(super) const fn u8_at<const AT: usize, const LEN: usize>(whole: &[u8; LEN]) -> u8 {
    let [byte] = *part::<AT, 1, LEN>(whole);
    byte
}

/// Writes `bytes` at `AT`.
pub(super) fn put<const AT: usize, const N: usize, const LEN: usize>(
    whole: &mut [u8; LEN],
    bytes: [u8; N],
) {
    const { assert!(AT + N <= LEN) };
    field_mut::<AT, N, LEN>(whole).copy_from_slice(&bytes);
}

/// The `N` bytes at `AT`, to be written.
pub(super) fn field_mut<const AT: usize, const N: usize, const LEN: usize>(
    whole: &mut [u8; LEN],
) -> &mut [u8] {
    const { assert!(AT + N <= LEN) };
    // Never empty, by the assertion.
    whole.get_mut(AT..AT + N).unwrap_or_default()
}
