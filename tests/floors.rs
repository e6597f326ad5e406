//! The architecture: a file imports from floors below its own, never upward, never in a circle.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Floors from the ground up. A module imports only from lines above its own here (and from itself).
/// The wing `kvp` imports `hresult` only and is imported by `observe` only.
const FLOORS: &[&[&str]] = &[
    // ground: how facts and words are made
    &["fact"],
    &["word"],
    // 1: the words everyone uses
    &["product_key", "source", "hresult", "license", "ids", "time"],
    // 2: the published tables, then what is read from them
    &["catalog"],
    &["identity", "repair"],
    &["scan"],
    // 3: facts -> answers -> what to do
    &["assess"],
    &["plan"],
    // 4: what was collected -> facts
    &["observe"],
    // 5: the two state machines
    &["activation"],
    // 6: many VMs
    &["fleet"],
];
const WING: &str = "kvp";

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The modules that a file names by `crate::…`, comments aside.
fn imports(text: &str) -> Vec<String> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut modules = Vec::new();
    for (place, _) in code.match_indices("crate::") {
        if code[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[place + "crate::".len()..];
        assert!(
            !rest.starts_with('{'),
            "write one `use crate::…` a module, so that this test can read it"
        );
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        modules.push(rest[..end].to_owned());
    }
    modules
}

fn all() -> Vec<(String, String, Vec<String>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files
        .iter()
        .map(|path| {
            let name = path
                .strip_prefix(&root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            let module = name.split(['/', '.']).next().unwrap().to_owned();
            (
                name.clone(),
                module,
                imports(&fs::read_to_string(path).unwrap()),
            )
        })
        .collect()
}

#[test]
fn every_import_goes_down() {
    let floor: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(floor, modules)| modules.iter().map(move |module| (*module, floor)))
        .collect();
    let mut checked = 0;
    for (file, module, imports) in all() {
        if module == "lib" {
            continue;
        }
        for import in imports {
            if import == module {
                continue;
            }
            checked += 1;
            if module == WING {
                assert_eq!(import, "hresult", "{file}: the wing imports `hresult` only");
            } else if import == WING {
                assert_eq!(
                    module, "observe",
                    "{file}: only `observe` opens the door to the wing"
                );
            } else {
                let of = |name: &str| {
                    *floor
                        .get(name)
                        .unwrap_or_else(|| panic!("{file}: `{name}` has no floor"))
                };
                assert!(
                    of(&import) < of(&module),
                    "{file} imports `{import}` from above"
                );
            }
        }
    }
    assert!(checked > 20, "the test read no imports");
}

#[test]
fn every_file_is_one_noun_of_a_readable_size() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (file, ..) in all() {
        let lines = fs::read_to_string(root.join(&file))
            .unwrap()
            .lines()
            .count();
        assert!(lines <= 700, "{file} has {lines} lines");
        for word in ["utils", "common", "types", "prelude", "helpers"] {
            assert!(!file.contains(word), "{file}");
        }
    }
}
