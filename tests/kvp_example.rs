//! The example `kvp` on every vector of every form: its line of JSON is what the index says.
#![cfg(feature = "xml")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Where Cargo puts the examples: beside the directory of this executable.
fn example() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let profile = this.parent().and_then(Path::parent).unwrap();
    let path = profile
        .join("examples")
        .join(format!("kvp{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.exists(),
        "{} is not built: run `cargo build --examples`, or `cargo test` without --test",
        path.display()
    );
    path
}

fn run(arguments: &[&str]) -> (Option<i32>, Vec<Value>) {
    let output = Command::new(example())
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kvp"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    (output.status.code(), lines)
}

/// The request that a file answers.
fn request(folder: &Path, file: &str) -> Option<String> {
    let name = if file == "hostile/reply-kvp-header-zeroed.bin" {
        // It is an edited copy of this one's reply.
        "vmbus/enumerate-guest-1.request.bin".to_owned()
    } else if file.ends_with(".reply.bin") {
        file.replace(".reply.", ".request.")
    } else if file.ends_with(".from-daemon.bin") {
        file.replace(".from-daemon.", ".to-daemon.")
    } else {
        return None;
    };
    // The guest answered `timeout` long after its request; the packet of that is not there.
    folder.join(&name).exists().then_some(name)
}

fn refuses(expect: &Value) -> bool {
    match expect {
        Value::Object(fields) => fields.contains_key("error") || fields.values().any(refuses),
        Value::Array(all) => all.iter().any(refuses),
        _ => false,
    }
}

#[track_caller]
fn check(index: &str, below: &str, form: impl Fn(&str) -> &'static str) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kvp");
    let entries = fs::read_to_string(folder.join(index)).unwrap();
    let entries: Vec<Value> = serde_json::from_str(&entries).unwrap();
    let mut count = 0;
    for entry in &entries {
        let file = format!("{below}{}", entry["file"].as_str().unwrap());
        // No form of items: the file that the daemon writes for an adapter.
        let Some(expect) = entry.get("expect") else {
            continue;
        };
        let mut arguments = vec!["decode", "--json", "--form", form(&file)];
        let request = request(&folder, &file);
        if let Some(request) = &request {
            arguments.extend(["--request", request]);
        }
        arguments.push(&file);
        let (code, lines) = run(&arguments);
        assert_eq!(lines.as_slice(), std::slice::from_ref(expect), "{file}");
        assert_eq!(code, Some(if refuses(expect) { 2 } else { 0 }), "{file}");
        count += 1;
    }
    count
}

#[test]
fn vmbus_and_hostile() {
    assert!(check("vmbus.json", "", |_| "vmbus") > 100);
}

#[test]
fn device() {
    assert!(check("device.json", "chardev/", |_| "device") > 30);
}

#[test]
fn pool() {
    assert!(check("pool.json", "pool/", |_| "pool") > 5);
}

#[test]
fn wmi() {
    assert!(check("xml/expected.json", "xml/", |_| "wmi") > 16);
}

#[test]
fn registry() {
    assert_eq!(check("reg/expected.json", "reg/", |_| "registry"), 3);
}

/// Several files are several lines, in the order given.
#[test]
fn a_line_for_each_file() {
    let files = ["xml/not-xml.xml", "xml/guest-item.xml", "no-such-file"];
    let (code, lines) = run(&[&["decode", "--json", "--form", "wmi"], &files[..]].concat());
    assert_eq!((code, lines.len()), (Some(2), 3));
    assert_eq!(lines[0]["error"], "not XML");
    assert_eq!(lines[1]["name"], "Status");
    assert!(lines[2]["error"].is_string());
}

/// Whatever a file is taken for, it is read or refused.
#[test]
fn any_file_in_any_form_is_read_or_refused() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kvp");
    let mut files = Vec::new();
    for part in ["vmbus", "hostile", "chardev", "pool", "xml", "reg"] {
        for file in fs::read_dir(folder.join(part)).unwrap() {
            files.push(file.unwrap().path());
        }
    }
    for form in ["vmbus", "device", "pool", "wmi", "registry"] {
        for json in [&[][..], &["--json"]] {
            let output = Command::new(example())
                .args(["decode", "--form", form])
                .args(json)
                .args(&files)
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(2), "{form}: {output:?}");
            assert!(output.stderr.is_empty(), "{form}");
        }
    }
}

/// What a guest answers like OpenBSD names no operation: the place of a fault goes by what was asked.
#[test]
fn the_place_of_a_fault_goes_by_the_request() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/kvp/vmbus");
    let request = data.join("enumerate-guest-1.request.bin");
    let mut reply = fs::read(data.join("enumerate-guest-1.reply.bin")).unwrap();
    reply[28..30].fill(0);
    // An odd size of the key.
    reply[40..44].copy_from_slice(&7_u32.to_le_bytes());
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nameless.reply.bin");
    fs::write(&file, reply).unwrap();
    let output = Command::new(example())
        .args(["decode", "--form", "vmbus", "--request"])
        .args([&request, &file])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("error at byte 40"), "{text}");
}

#[test]
fn a_request_that_can_not_be_read_gives_a_line_for_each_file() {
    let file = "vmbus/get.reply.bin";
    let arguments = [
        "decode",
        "--form",
        "vmbus",
        "--json",
        "--request",
        "absent.bin",
    ];
    let (code, lines) = run(&[&arguments[..], &[file, file]].concat());
    assert_eq!((code, lines.len()), (Some(2), 2));
    assert!(lines.iter().all(refuses));
}

/// What counts is what an import leaves.
#[test]
fn a_deleted_registry_value_is_not_in_the_object() {
    let key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Virtual Machine\Guest";
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("deleted.reg");
    let text = format!("REGEDIT4\r\n\r\n[{key}]\r\n\"a\"=\"x\"\r\n\"b\"=\"y\"\r\n\"a\"=-\r\n");
    fs::write(&file, text).unwrap();
    let path = file.to_str().unwrap();
    let (code, lines) = run(&["decode", "--form", "registry", "--json", path]);
    assert_eq!(code, Some(0));
    let text = lines[0].to_string();
    assert!(
        text.contains("\"b\":\"y\"") && !text.contains("\"a\":"),
        "{text}"
    );
}
