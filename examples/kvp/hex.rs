//! The bytes around a place.

const ROW: usize = 16;

/// The row of 16 bytes that a place is in, with the one before and the one behind; the byte itself
/// in brackets. No letters: what is hidden in the values could be read there.
pub fn around(bytes: &[u8], at: usize) -> String {
    let row = at / ROW;
    let rows: Vec<String> = (row.saturating_sub(1)..=row + 1)
        .filter(|other| *other == row || other * ROW < bytes.len())
        .map(|row| line(bytes, row * ROW, at))
        .collect();
    rows.concat()
}

fn line(bytes: &[u8], start: usize, at: usize) -> String {
    let end = bytes.len().min(start + ROW);
    let row = bytes.get(start..end).unwrap_or_default();
    let mut cells: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
    if at >= end && at < start + ROW {
        cells.push("end".to_owned());
    }
    let mut text = format!("        {start:06x} ");
    for (place, cell) in (start..).zip(&cells) {
        let open = if place == at { "[" } else { " " };
        let close = if place == at { "]" } else { "" };
        // A bracket stands where a blank would.
        if place > start && place == at + 1 {
            text.push_str(cell);
        } else {
            text.extend([open, cell, close]);
        }
    }
    text.push('\n');
    text
}
