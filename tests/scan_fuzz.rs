//! The body of the fuzz target of `scan` (`tests/fuzz`), run shortly and always alike: over the samples
//! of the example, each also cut and with single bytes changed, and over bytes that are pulled out of a
//! generator.

#[path = "kvp_fuzz/drive.rs"]
mod drive;
#[path = "scan_fuzz/scan.rs"]
mod scan;
#[path = "kvp_fuzz/source.rs"]
mod source;

#[test]
fn scan_laws() {
    let files = [
        &include_bytes!("../examples/data/keys/deploy.ps1")[..],
        include_bytes!("../examples/data/keys/group_vars.yml"),
        include_bytes!("../examples/data/keys/notes.md"),
        include_bytes!("../examples/data/keys/unattend.xml"),
    ];
    drive::damaged(scan::any_text, &files.map(<[u8]>::to_vec), 200);
    drive::made(scan::any_text, scan::KINDS, 1000);
}
