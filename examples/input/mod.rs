//! Files and folders that a tool is given.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What lies below the paths of a caller.
#[derive(Default)]
pub struct Paths {
    /// Each file, and as it is shown.
    pub files: Vec<(PathBuf, String)>,
    /// What cannot be read, as it is shown, and why.
    pub faults: Vec<(String, String)>,
}

impl Paths {
    /// Files, and folders to the bottom.
    pub fn below(paths: &[PathBuf]) -> Self {
        let mut found = Self::default();
        for path in paths {
            found.collect(path, path);
        }
        found
    }

    /// The files below a path, by name, so that a report does not depend on the file system.
    fn collect(&mut self, root: &Path, path: &Path) {
        // Links below a folder are not followed; one that is named by the caller is.
        let kind = if root == path {
            fs::metadata(path)
        } else {
            fs::symlink_metadata(path)
        };
        let kind = match kind {
            Ok(kind) => kind,
            Err(error) => return self.fault(path, unreadable(&error)),
        };
        if kind.is_file() {
            self.files.push((path.to_owned(), show(path)));
        } else if !kind.is_dir() {
            // A link or a pipe within a folder is passed over; one that was asked for is not.
            if root == path {
                self.fault(path, "neither a file nor a folder".to_owned());
            }
        } else {
            match fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
                Ok(mut entries) => {
                    entries.sort_by_key(fs::DirEntry::file_name);
                    for entry in entries {
                        self.collect(root, &entry.path());
                    }
                }
                Err(error) => self.fault(path, unreadable(&error)),
            }
        }
    }

    fn fault(&mut self, path: &Path, message: String) {
        self.faults.push((show(path), message));
    }
}

pub fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "not found: look at the path".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("cannot be read: {error}"),
    }
}

/// The name of a file as the caller would find it, with `/` on every system.
fn show(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// Says from time to time how far a tool is.
pub struct Progress {
    tool: &'static str,
    shown: Instant,
    wanted: bool,
}

impl Progress {
    const EVERY: Duration = Duration::from_secs(1);

    pub fn of(tool: &'static str, wanted: bool) -> Self {
        Self {
            tool,
            shown: Instant::now(),
            wanted,
        }
    }

    pub fn step(&mut self, files: usize, of: usize, bytes: usize) {
        if self.wanted && self.shown.elapsed() >= Self::EVERY {
            let (tool, megabytes) = (self.tool, bytes >> 20);
            let mut err = io::stderr();
            let _ = writeln!(err, "{tool}: read {files} of {of} files, {megabytes} MB");
            self.shown = Instant::now();
        }
    }
}
