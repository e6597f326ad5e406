//! Texts that `Debug`, which ends up in logs, does not show.

/// Whether letters and digits stand as in a product key: 25 in a row, hyphens aside, or in five groups
/// of five with one to three other characters between them, also where other letters run into the
/// first or the last. Rather too often than too seldom: which keys are published is not known here.
pub(super) fn may_hold_a_key(text: impl Iterator<Item = char>) -> bool {
    const SYMBOLS: usize = 25;
    const GROUP: usize = 5;
    const GROUPS_BEFORE_THE_LAST: usize = 4;
    const SEPARATORS: usize = 3;
    let (mut row, mut word, mut groups, mut between) = (0, 0, 0, 0);
    for c in text {
        if c.is_ascii_alphanumeric() {
            if between > SEPARATORS {
                groups = 0;
            }
            between = 0;
            row += 1;
            word += 1;
            if row >= SYMBOLS || groups >= GROUPS_BEFORE_THE_LAST && word >= GROUP {
                return true;
            }
            continue;
        }
        groups = match word {
            0 => groups,
            GROUP => groups + 1,
            1..GROUP => 0,
            // The end of a longer word may be the first group.
            _ => 1,
        };
        word = 0;
        between += 1;
        if c != '-' {
            row = 0;
        }
    }
    false
}
