//! The diagram as Graphviz text, drawn from the table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use avma::activation::guest::Kind;

use crate::table::{self, Row};

/// A node that stands for every state that no other row of the input names.
const OTHERS: &str = "others";

/// Whether the row changes nothing: there is no arrow for it.
fn is_ignored(row: &Row) -> bool {
    row.outputs
        .iter()
        .any(|output| output.starts_with("ignored"))
        || row.next == "=" && row.outputs.is_empty()
}

/// What stands beside an arrow: the input, and the request or event that goes out.
fn label(row: &Row) -> String {
    let shown = |output: &&String| output.as_str() == "request" || output.starts_with("log ");
    let mut label = row.input.clone();
    if let Some(output) = row.outputs.iter().find(shown) {
        let _ = write!(label, " / {output}");
    }
    label
}

fn color(kind: Kind) -> &'static str {
    match kind {
        Kind::OffActivated
        | Kind::BlockedActivated
        | Kind::Activated
        | Kind::Renewing
        | Kind::Unrenewed => "#d9f0d9",
        Kind::Failed | Kind::Expired => "#f6dcdc",
        _ => "#f4f4f4",
    }
}

/// The diagram of the guest, from the text of the table.
pub fn guest(text: &str) -> String {
    let mut rows = table::rows(text, "Guest: inputs");
    rows.extend(table::rows(text, "Guest: what is due"));
    dot(&rows)
}

/// What the picture carries, so that one of an earlier table is noticed.
pub fn digest(text: &str) -> String {
    let digest = crc::Crc::<u64>::new(&crc::CRC_64_XZ).checksum(text.as_bytes());
    format!("crc-64/xz {digest:016x}")
}

/// Every row that changes something, arrows between the same two states put together.
fn dot(rows: &[Row]) -> String {
    let mut arrows = BTreeMap::<(&str, &str), Vec<String>>::new();
    for row in rows.iter().filter(|row| !is_ignored(row)) {
        for state in &row.states {
            let next = if row.next == "=" { state } else { &row.next };
            let labels = arrows.entry((state, next)).or_default();
            let label = label(row);
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
    }
    let mut text = String::from(
        "digraph guest {\n  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", \
         fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=9];\n",
    );
    for kind in Kind::ALL {
        let (slug, color) = (kind.as_str(), color(*kind));
        let _ = writeln!(text, "  \"{slug}\" [fillcolor=\"{color}\"];");
    }
    let _ = writeln!(
        text,
        "  \"{OTHERS}\" [label=\"every other state\", style=dashed];"
    );
    for ((from, to), labels) in arrows {
        let labels = labels.join("\\n");
        let _ = writeln!(text, "  \"{from}\" -> \"{to}\" [label=\"{labels}\"];");
    }
    text.push_str("}\n");
    text
}
