//! Files and folders to an inventory: text, JSON documents, event XML, records.

use std::fs;
use std::path::PathBuf;

use avma::encoding;
use avma::fleet::ledger::SightingError;
use avma::observe::event::xml;
use avma::observe::fault::FaultKind;
use avma::observe::inventory::{Fleet, Inventory};
use avma::observe::slmgr::is_slmgr;
use avma::observe::value::Value;

use crate::history::{Days, History};
use crate::input::{Paths, Progress, unreadable};
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

impl Input {
    /// Reads files, and folders to the bottom. Nothing stops it: what cannot be read is a fault.
    pub fn read(paths: &[PathBuf], progress: bool) -> Self {
        let mut input = Self::default();
        let found = Paths::below(paths);
        for (path, message) in found.faults {
            input.fault(path, "", message);
        }
        let mut progress = Progress::of("audit", progress);
        let (count, mut bytes) = (found.files.len(), 0);
        for (done, (path, name)) in found.files.into_iter().enumerate() {
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
        let text = match encoding::decode(content) {
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
                    // The parser cannot find its way again; what came before counts.
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
