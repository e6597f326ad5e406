//! The architecture: a file imports from floors below its own, never upward, never in a circle.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use avma::Release;

/// Floors from the ground up. A module imports only from lines above its own here (and from itself).
/// The wing `kvp` imports `hresult` only and is imported by `observe` only.
const FLOORS: &[&[&str]] = &[
    // ground: how facts and words are made
    &["fact"],
    &["word"],
    // 1: the words everyone uses
    &[
        "product_key",
        "source",
        "hresult",
        "license",
        "ids",
        "time",
        "encoding",
    ],
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

/// The text of a file without its comments, string by string: first what is code, then what is quoted.
fn code_and_strings(text: &str) -> (String, String) {
    let (mut code, mut strings) = (String::new(), String::new());
    for line in text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
    {
        // A string that goes on in the next line ends there with a quote of its own, so that the parts
        // of a line alternate; what a line continues is taken for code, which is searched as well.
        for (place, part) in line.split('"').enumerate() {
            let of = if place % 2 == 1 {
                &mut strings
            } else {
                &mut code
            };
            of.push_str(part);
            of.push('\n');
        }
    }
    (code, strings)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
}

/// One row, one truth: the next release is a row, its keys, and a row and a column of the host tables.
/// So no other file names a single release, neither as a value nor in a text.
#[test]
fn no_release_is_named_outside_its_row_its_keys_and_the_host_tables() {
    const HOMES: [&str; 5] = [
        "catalog/releases.rs",
        // The channels of keys and their examples; the rows.
        "catalog/keys.rs",
        "catalog/keys/table.rs",
        "catalog/hosts/",
        // Titles and dates of texts.
        "source.rs",
    ];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let variants: Vec<String> = Release::ALL
        .iter()
        .map(|release| format!("{release:?}"))
        .collect();
    let names: Vec<&str> = Release::ALL
        .iter()
        .map(|release| release.as_str().trim_end_matches("-r2"))
        .collect();
    let mut found = Vec::new();
    let mut homes = 0;
    for file in files {
        let name = file
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let text = fs::read_to_string(&file).unwrap();
        let (code, strings) = code_and_strings(&text);
        let variant = words(&code).find(|word| variants.iter().any(|variant| variant == word));
        let quoted = strings
            .lines()
            .filter(|line| !line.contains("://"))
            .flat_map(words)
            .find(|word| names.contains(word));
        if HOMES.iter().any(|home| name.starts_with(home)) {
            homes += usize::from(variant.is_some());
            continue;
        }
        for word in [variant, quoted].into_iter().flatten() {
            found.push(format!("{name}: {word}"));
        }
    }
    assert_eq!(found, Vec::<String>::new());
    assert!(homes >= 4, "the search finds what it looks for");
}
