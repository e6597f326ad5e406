//! What no translation of slmgr's text touches, whatever label stands before it.
//!
//! Values come from the licensing service as they are: the name of a licence, the token of its channel,
//! the id of Windows, the last five of a key, codes, version and product id. A value is taken by its
//! form only where no other value of slmgr's text has that form.

use super::has_channel;
use super::label::Label;
use crate::catalog::keys::identify_last_five;
use crate::observe::licensing::WINDOWS;
use crate::product_key::LastFive;

/// What the value of a line is whose label is in another language; `None` for one whose form does not
/// tell.
pub(super) fn label_of(value: &str) -> Option<Label> {
    if edition(value).is_some() {
        Some(Label::Name)
    } else if has_channel(value) {
        Some(Label::Description)
    } else if value.parse() == Ok(WINDOWS) {
        Some(Label::ApplicationId)
    } else if build_of_pid(value).is_some() {
        Some(Label::ExtendedPid)
    } else if is_published(value) {
        Some(Label::PartialKey)
    } else if is_reason(value) {
        Some(Label::Reason)
    } else if build_of_version(value).is_some() {
        Some(Label::ServiceVersion)
    } else {
        None
    }
}

/// `ServerStandard` of `Windows(R), ServerStandard edition`, the name of Windows' own licence.
pub(super) fn edition(name: &str) -> Option<&str> {
    let edition = name
        .strip_prefix("Windows(R), ")?
        .strip_suffix(" edition")?;
    let is_one_word = edition.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!edition.is_empty() && is_one_word).then_some(edition)
}

/// The last five of a published key. Of any other the form is no sign: the name of a host may be five
/// such letters.
fn is_published(value: &str) -> bool {
    let is_upper = !value.bytes().any(|byte| byte.is_ascii_lowercase());
    let last_five = LastFive::parse(value).ok().filter(|_| is_upper);
    last_five.is_some_and(|key| identify_last_five(key).is_some())
}

/// `0xC004FD02.` or `0xC004F200 (…).`: slmgr ends the line of a reason so, and writes words behind the
/// code of an error.
fn is_reason(value: &str) -> bool {
    const DIGITS: usize = "0xC004F200".len();
    let Some((code, rest)) = value.split_at_checked(DIGITS) else {
        return false;
    };
    // Japanese and Chinese have other brackets and another full stop.
    let rest = rest.trim_end_matches(['.', '\u{3002}']).trim();
    let in_brackets = rest.starts_with(['(', '\u{FF08}']) && rest.ends_with([')', '\u{FF09}']);
    code.starts_with("0xC004")
        && super::hexadecimal(code).is_ok()
        && (rest.is_empty() || in_brackets)
}

/// Builds whose files are those of a later release too: 1909 runs those of 1903, and 20H2 those of 2004.
/// The version of a file does not tell them apart.
const SHARED: [u32; 2] = [18362, 19041];

/// 17763 of `10.0.17763.2028`. The version is that of the licensing service's file.
pub(super) fn build_of_version(version: &str) -> Option<u32> {
    let mut numbers = version.split('.').map(number);
    let (major, minor) = (numbers.next()??, numbers.next()??);
    let (build, _) = (numbers.next()??, numbers.next()??);
    let is_windows = matches!((major, minor), (10, 0) | (6, 0..=3));
    (is_windows && numbers.next().is_none()).then_some(build)
}

/// 17763 of the Extended PID `03612-04297-000-000000-03-1033-17763.0000-1862025`.
pub(super) fn build_of_pid(pid: &str) -> Option<u32> {
    const GROUPS: usize = 8;
    const BUILD: usize = 6;
    let mut build = None;
    let mut groups = 0;
    for (place, group) in pid.split('-').enumerate() {
        if place == BUILD {
            let (before, after) = group.split_once('.')?;
            number(after)?;
            build = number(before);
        } else {
            number(group)?;
        }
        groups = place + 1;
    }
    build.filter(|_| groups == GROUPS)
}

/// The build that all of these name; `None` where they differ, or where it is shared.
pub(super) fn build(named: impl Iterator<Item = u32>) -> Option<u32> {
    let mut builds = named;
    let first = builds.next()?;
    (builds.all(|build| build == first) && !SHARED.contains(&first)).then_some(first)
}

fn number(text: &str) -> Option<u32> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}
