//! Files and folders to an inventory: text, JSON documents, event XML, records.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use avma::fleet::ledger::SightingError;
use avma::observe::event::xml;
use avma::observe::fault::FaultKind;
use avma::observe::inventory::{Fleet, Inventory};
use avma::observe::slmgr::is_slmgr;
use avma::observe::text;
use avma::observe::value::Value;

use crate::history::{Days, History};
use crate::slmgr::{Names, Whose};

/// Something that could not be read, or was skipped.
pub struct InputFault {
    /// The file, as it was named.
    pub file: String,
    /// Where in the file; empty for the whole.
    pub place: String,
    /// What is wrong and what helps.
    pub message: String,
    /// Whether nothing was lost that an inventory is about.
    pub warning: bool,
}

/// What the files hold.
#[derive(Default)]
pub struct Input {
    inventory: Inventory,
    /// For each document of the inventory its file.
    files: Vec<String>,
    /// Texts of slmgr with their files: whose they are is known when all else is read.
    slmgr: Vec<(String, String)>,
    faults: Vec<InputFault>,
    read: usize,
}

/// What the files hold, put together.
pub struct Joined {
    pub fleet: Fleet,
    pub history: History,
    pub faults: Vec<InputFault>,
    pub files: usize,
}

/// Says from time to time how far it is, on a terminal.
struct Progress {
    shown: Instant,
    wanted: bool,
}

impl Progress {
    const EVERY: Duration = Duration::from_secs(1);

    fn step(&mut self, files: usize, of: usize, bytes: usize) {
        if self.wanted && self.shown.elapsed() >= Self::EVERY {
            let mut err = io::stderr();
            let _ = writeln!(err, "audit: read {files} of {of} files, {} MB", bytes >> 20);
            self.shown = Instant::now();
        }
    }
}

impl Input {
    /// Reads files, and folders to the bottom. Nothing stops it: what can not be read is a fault.
    pub fn read(paths: &[PathBuf], progress: bool) -> Self {
        let mut input = Self::default();
        let mut files = Vec::new();
        for path in paths {
            input.collect(path, path, &mut files);
        }
        let mut progress = Progress {
            shown: Instant::now(),
            wanted: progress,
        };
        let (count, mut bytes) = (files.len(), 0);
        for (done, (path, name)) in files.into_iter().enumerate() {
            match fs::read(&path) {
                Ok(content) => {
                    bytes += content.len();
                    input.file(name, &content);
                }
                Err(error) => input.fault(name, "", unreadable(&error)),
            }
            progress.step(done + 1, count, bytes);
        }
        input
    }

    /// The files below a path, by name, so that a report does not depend on the file system.
    fn collect(&mut self, root: &Path, path: &Path, files: &mut Vec<(PathBuf, String)>) {
        // Links below a folder are not followed; one that is named by the caller is.
        let kind = if root == path {
            fs::metadata(path)
        } else {
            fs::symlink_metadata(path)
        };
        let kind = match kind {
            Ok(kind) => kind,
            Err(error) => {
                self.fault(show(path), "", unreadable(&error));
                return;
            }
        };
        if kind.is_file() {
            files.push((path.to_owned(), show(path)));
        } else if !kind.is_dir() {
            // A link or a pipe within a folder is passed over; one that was asked for is not.
            if root == path {
                self.fault(show(path), "", "neither a file nor a folder".to_owned());
            }
        } else {
            match fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
                Ok(mut entries) => {
                    entries.sort_by_key(fs::DirEntry::file_name);
                    for entry in entries {
                        self.collect(root, &entry.path(), files);
                    }
                }
                Err(error) => self.fault(show(path), "", unreadable(&error)),
            }
        }
    }

    fn fault(&mut self, file: String, place: &str, message: String) {
        self.faults.push(InputFault {
            file,
            place: place.to_owned(),
            message,
            warning: false,
        });
    }

    fn file(&mut self, name: String, content: &[u8]) {
        self.read += 1;
        let text = match text::decode(content) {
            Ok(text) => text,
            Err(error) => return self.refuse(name, error),
        };
        if text.trim().is_empty() {
            return self.refuse(name, FaultKind::NoRows);
        }
        if let Some(what) = not_inventory(&text) {
            let message = format!(
                "{what}, skipped: this program reads inventories as JSON and events as XML"
            );
            return self.fault(name, "", message);
        }
        if is_markup(&text) {
            self.inventory.add_events(xml::events(&text));
            self.files.push(name);
            return;
        }
        if !text.trim_start().starts_with(['{', '[']) && is_slmgr(&text) {
            return self.slmgr.push((name, text.into_owned()));
        }
        let first = self.files.len();
        self.documents(name, &text);
        self.inventory.end_of_file(first);
    }

    fn documents(&mut self, name: String, text: &str) {
        for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            match document {
                Ok(document) => {
                    self.inventory.add(&document);
                    self.files.push(name.clone());
                }
                Err(error) if error.to_string().starts_with("recursion limit") => {
                    let message = "nested deeper than this program reads: collect with -Depth 6";
                    return self.fault(name, "", message.to_owned());
                }
                Err(error) => {
                    let (line, column) = (error.line(), error.column());
                    // The parser can not find its way again; what came before counts.
                    return self.refuse(name, FaultKind::NotJson { line, column });
                }
            }
        }
    }

    fn refuse(&mut self, name: String, kind: impl Into<FaultKind>) {
        self.inventory.refuse(kind);
        self.files.push(name);
    }

    /// Adds the texts of slmgr, each to the computer that its file is named after.
    fn take_slmgr(&mut self) {
        if self.slmgr.is_empty() {
            return;
        }
        let names = Names::of(&self.inventory.clone().join());
        for (file, text) in std::mem::take(&mut self.slmgr) {
            let name = match names.whose(&file) {
                Whose::Guest(name) => Some(name),
                Whose::Host => {
                    let message = "the text of slmgr of a host, skipped: a host's licence is read from its own export";
                    self.fault(file, "", message.to_owned());
                    continue;
                }
                Whose::NotKnown(message) => {
                    self.fault(file.clone(), "", message);
                    None
                }
            };
            self.inventory.add_slmgr(name, &text);
            self.files.push(file);
        }
    }

    /// The joined fleet with its history, every fault with its file, and how many files were read.
    pub fn join(mut self, days: Days) -> Result<Joined, SightingError> {
        self.take_slmgr();
        let mut history = History::new(&self.inventory, days)?;
        let fleet = self.inventory.join();
        history.join(&fleet)?;
        let mut faults = self.faults;
        for fault in &fleet.faults {
            faults.push(InputFault {
                file: self.files.get(fault.document).cloned().unwrap_or_default(),
                place: fault.place.clone(),
                message: fault.kind.to_string(),
                warning: fault.kind.is_warning(),
            });
        }
        Ok(Joined {
            fleet,
            history,
            faults,
            files: self.read,
        })
    }
}

fn unreadable(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "not found: look at the path".to_owned(),
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        _ => format!("can not be read: {error}"),
    }
}

/// The name of a file as the caller would find it, with `/` on every system.
fn show(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// What a text is that administrators hand in beside inventories.
fn not_inventory(text: &str) -> Option<&'static str> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let begins = |words: &[&str]| words.iter().any(|word| start.starts_with(word));
    if begins(&["Windows Registry Editor", "REGEDIT4"]) {
        Some("a registry export")
    } else {
        None
    }
}

/// Event XML, or XML of something else, which the reader of events refuses.
fn is_markup(text: &str) -> bool {
    text.trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('<')
}
