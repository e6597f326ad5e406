//! The examples, run as people run them: whole output and exit code against golden files.
//!
//! A case is a file `tests/data/examples/EXAMPLE/CASE.txt`. Its first line is the command, `$ EXAMPLE
//! ARGUMENTS…`, with double quotes around an argument that holds blanks. The exit code and both texts
//! follow. A new case needs the first line only; `UPDATE_GOLDEN=1` writes the rest, to be read before
//! it is kept.
//!
//! `cargo test` builds the examples. `cargo test --test examples` does not: `cargo build --examples`
//! goes before it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A key that is not published, in the cases that show that no such key is printed.
const PLANTED: [&str; 5] = ["RHTBY", "VWY6D", "QJRJ9", "JGQ3X", "Q2289"];

/// Where Cargo puts the examples: beside the directory of this executable.
fn example(name: &str) -> PathBuf {
    let this = std::env::current_exe().expect("the path of this executable");
    let profile = this.parent().and_then(Path::parent).expect("target/debug");
    let path = profile
        .join("examples")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "{} is not built: run `cargo build --examples`, or `cargo test` without --test",
        path.display()
    );
    path
}

/// The words of a command line; double quotes hold a word together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    assert!(!quoted, "a quote is left open: {line}");
    words.extend(word);
    words
}

/// What a run of the command gives, in the form of the golden files.
fn run(example_name: &str, command: &str) -> String {
    let mut words = words(command).into_iter();
    assert_eq!(words.next().as_deref(), Some(example_name), "{command}");
    let output = Command::new(example(example_name))
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("the example runs");
    // The sample fleet is named by where it lies, which is not the same everywhere.
    let root = env!("CARGO_MANIFEST_DIR").replace('\\', "/") + "/";
    let text = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).expect("UTF-8");
        text.replace(&root, "")
    };
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    for text in [&stdout, &stderr] {
        assert!(
            !PLANTED[..4].iter().any(|group| text.contains(group)),
            "{command} printed a key that is not published"
        );
        assert!(!text.contains("panicked"), "{command}: {text}");
    }
    format!(
        "$ {command}\nexit: {}\n--- stdout\n{stdout}--- stderr\n{stderr}",
        output
            .status
            .code()
            .map_or("signal".to_owned(), |code| code.to_string())
    )
}

fn sorted(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("the directory of cases");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

fn stem(path: &Path) -> &str {
    path.file_stem()
        .and_then(|name| name.to_str())
        .expect("a name in UTF-8")
}

/// Whether the features are on that an example needs.
fn is_built(example: &str) -> bool {
    match example {
        // It reads inventories.
        "audit" => cfg!(all(feature = "serde", feature = "xml", feature = "fleet")),
        // It reads items in CIM-XML.
        "kvp" => cfg!(feature = "xml"),
        // They read the encodings of PowerShell.
        "export_tables" | "scan_keys" | "which_key" => cfg!(feature = "alloc"),
        _ => true,
    }
}

#[test]
fn golden() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/examples");
    let (mut count, mut differences) = (0, String::new());
    let runs = |path: &&PathBuf| path.is_dir() && is_built(stem(path));
    for directory in sorted(&root).iter().filter(runs) {
        for case in sorted(directory) {
            count += 1;
            let golden = fs::read_to_string(&case).expect("a case in UTF-8");
            let golden = golden.replace("\r\n", "\n");
            let command = golden
                .lines()
                .next()
                .and_then(|line| line.strip_prefix("$ "));
            let command = command.unwrap_or_else(|| panic!("{}: no command", case.display()));
            let got = run(stem(directory), command);
            if got == golden {
                continue;
            }
            if update {
                fs::write(&case, got).expect("the case is writable");
            } else {
                differences += &difference(&case, &golden, &got);
            }
        }
    }
    assert!(count > 0, "no cases under {}", root.display());
    assert!(
        differences.is_empty(),
        "{differences}\nUPDATE_GOLDEN=1 writes what the examples print now"
    );
}

/// The first line that differs, then what was printed.
fn difference(case: &Path, golden: &str, got: &str) -> String {
    let place = golden
        .lines()
        .zip(got.lines())
        .take_while(|(one, other)| one == other)
        .count();
    let line = |text: &str| text.lines().nth(place).unwrap_or("(the end)").to_owned();
    format!(
        "{}:{}\n  golden: {}\n  printed: {}\n",
        case.display(),
        place + 1,
        line(golden),
        line(got)
    )
}

/// The examples that this build has.
fn names() -> impl Iterator<Item = &'static str> {
    let all = [
        "which_key",
        "can_activate",
        "audit",
        "kvp",
        "diagram",
        "simulate",
        "export_tables",
        "scan_keys",
    ];
    all.into_iter().filter(|name| is_built(name))
}

/// A reader that goes away early, as `head` does, is no fault and no panic.
#[test]
fn closed_pipe() {
    for name in names() {
        let mut child = Command::new(example(name))
            .arg("--help")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the example runs");
        drop(child.stdout.take());
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .expect("a pipe")
            .read_to_string(&mut stderr)
            .expect("UTF-8");
        let status = child.wait().expect("an exit code");
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{name}");
    }
}

/// An argument that is no Unicode text is a usage error.
#[cfg(unix)]
#[test]
fn argument_that_is_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    // A path need not be text, so these take one.
    for name in names().filter(|name| !["audit", "kvp", "scan_keys"].contains(name)) {
        let output = Command::new(example(name))
            .arg(OsStr::from_bytes(b"Windows \xff\xfe"))
            .output()
            .expect("the example runs");
        assert_eq!(output.status.code(), Some(64), "{name}");
        assert!(output.stdout.is_empty(), "{name}");
    }
}
