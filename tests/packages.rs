//! The packages: few at run time, none that asks for a newer Rust than the crate promises.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--all-features",
            "--locked",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo prints JSON")
}

fn version(text: &str) -> (u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

#[test]
fn run_time_packages_are_few_and_fit_the_minimum_rust_version() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let id_of = |name: &str| {
        packages.iter().find(|p| p["name"] == name).unwrap()["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let own = packages.iter().find(|p| p["name"] == "avma").unwrap();
    let promised = version(own["rust_version"].as_str().unwrap());
    assert_eq!(promised, (1, 85));
    // Everything that is reached without development requirements.
    let mut reached = BTreeSet::new();
    let mut open = vec![id_of("avma")];
    while let Some(id) = open.pop() {
        if !reached.insert(id.clone()) {
            continue;
        }
        let node = nodes.iter().find(|node| node["id"] == id.as_str()).unwrap();
        for dep in node["deps"].as_array().unwrap() {
            let run_time = dep["dep_kinds"]
                .as_array()
                .unwrap()
                .iter()
                .any(|kind| kind["kind"].is_null());
            if run_time {
                open.push(dep["pkg"].as_str().unwrap().to_owned());
            }
        }
    }
    let mut names = BTreeSet::new();
    for package in packages
        .iter()
        .filter(|p| reached.contains(p["id"].as_str().unwrap()))
    {
        let name = package["name"].as_str().unwrap();
        names.insert(name);
        if let Some(needs) = package["rust_version"].as_str() {
            assert!(version(needs) <= promised, "{name} asks for Rust {needs}");
        }
    }
    let direct: BTreeSet<&str> = own["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        direct,
        BTreeSet::from(["crc", "roxmltree", "serde", "strum", "thiserror"])
    );
    assert!(names.contains("roxmltree") && names.contains("thiserror"));
}
