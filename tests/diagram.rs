//! The picture beside the table is of the table as it is: it carries the digest of the Graphviz text.

#[path = "../examples/diagram/dot.rs"]
mod dot;
#[path = "../examples/diagram/table.rs"]
mod table;

use avma::activation::guest::Kind;

const TABLE: &str = include_str!("../src/activation/transitions.md");
const PICTURE: &str = include_str!("../src/activation/guest.svg");

#[test]
fn the_picture_is_of_this_table() {
    let digest = dot::digest(&dot::guest(TABLE));
    assert!(
        PICTURE.contains(&format!("<!-- {digest} -->")),
        "src/activation/guest.svg is of another table; `diagram --help` says how to draw it again"
    );
    // Graphviz writes hyphens as references.
    let picture = PICTURE.replace("&#45;", "-");
    for kind in Kind::ALL {
        assert!(
            picture.contains(&format!(">{}</text>", kind.as_str())),
            "{kind}"
        );
    }
}

#[test]
fn another_table_has_another_digest() {
    let text = TABLE.replace(
        "| stop | others | | off | - |",
        "| stop | others | | no-key | - |",
    );
    assert_ne!(text, TABLE);
    let (here, there) = (dot::guest(TABLE), dot::guest(&text));
    assert!(here.contains("\"others\" -> \"off\""));
    assert!(!there.contains("\"others\" -> \"off\""));
    assert_ne!(dot::digest(&here), dot::digest(&there));
}

#[test]
fn every_state_can_be_left_and_reached() {
    let text = dot::guest(TABLE);
    for kind in Kind::ALL {
        let slug = kind.as_str();
        if *kind != Kind::Off {
            let reached = text.lines().any(|line| {
                line.contains(&format!("-> \"{slug}\""))
                    && !line.starts_with(&format!("  \"{slug}\""))
            });
            assert!(reached, "{slug}");
        }
        assert!(text.contains(&format!("  \"{slug}\" ->")), "{slug}");
    }
}
