//! What has a shape of its own in any text: HRESULTs and GUIDs.

use crate::hresult::HResult;
use crate::ids::VmId;

/// `0x` and this many digits.
const HRESULT_DIGITS: usize = 8;
/// A GUID without braces.
const GUID: usize = 36;

/// Every `0x` with exactly eight hexadecimal digits. Letters may run into it, digits may not.
pub(super) fn hresults(text: &str) -> impl Iterator<Item = HResult> + '_ {
    let bytes = text.as_bytes();
    text.match_indices('0').filter_map(move |(at, _)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        if before.is_some_and(u8::is_ascii_digit) || !matches!(bytes.get(at + 1), Some(b'x' | b'X'))
        {
            return None;
        }
        let digits = text.get(at + 2..at + 2 + HRESULT_DIGITS)?;
        let after = bytes.get(at + 2 + HRESULT_DIGITS);
        let delimited = !after.is_some_and(u8::is_ascii_hexdigit);
        // `from_str_radix` would take a sign.
        let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        (delimited && plain)
            .then(|| u32::from_str_radix(digits, 16).ok().map(HResult))
            .flatten()
    })
}

/// Every word that is a GUID. Neither letters, digits, hyphens nor underscores run into it: of a
/// longer row of groups nobody can tell which of them are the GUID.
pub(super) fn guids(text: &str) -> impl Iterator<Item = VmId> + '_ {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
        .filter(|word| word.len() == GUID)
        .filter_map(|word| word.parse().ok())
}
