//! Whose text of slmgr a file is: it names no computer, so the file's name has to.

use std::collections::BTreeMap;

use avma::HostName;
use avma::observe::inventory::{Fleet, VmRow};
use avma::observe::kvp::GuestSystem;

/// How many computers of a fleet have a name, by its first label in lower case.
pub struct Names {
    guests: BTreeMap<String, usize>,
    hosts: Vec<String>,
}

/// Whose text a file is.
pub enum Whose<'a> {
    /// The guest of this name.
    Guest(&'a str),
    /// A host, whose licence its own export tells.
    Host,
    /// Nobody's, or that of several; why and what helps.
    NotKnown(String),
}

fn label(name: &str) -> String {
    HostName(name).first_label().as_str().to_lowercase()
}

impl Names {
    pub fn of(fleet: &Fleet) -> Self {
        let mut guests = BTreeMap::new();
        for row in &fleet.vms {
            for name in names(row) {
                *guests.entry(name).or_default() += 1;
            }
        }
        let hosts = fleet.hosts.iter().filter_map(|host| host.name());
        Self {
            guests,
            hosts: hosts.map(label).collect(),
        }
    }

    /// By the part of a file's name before the first dot.
    pub fn whose<'a>(&self, file: &'a str) -> Whose<'a> {
        let name = file.rsplit('/').next().unwrap_or(file);
        let name = name.split('.').next().unwrap_or(name);
        let (key, cure) = (
            label(name),
            "name the file after the computer, as in web01.slmgr.txt",
        );
        match self.guests.get(&key) {
            Some(1) => Whose::Guest(name),
            None if self.hosts.contains(&key) => Whose::Host,
            None => Whose::NotKnown(format!(
                "the text of slmgr names no computer, and no VM or guest here is named {name}: {cure}"
            )),
            Some(several) => Whose::NotKnown(format!(
                "the text of slmgr names no computer, and {several} VMs or guests here are named {name}: {cure}"
            )),
        }
    }
}

/// The names of a row's guest, each once: on its host, of its system, of its export.
fn names(row: &VmRow) -> Vec<String> {
    let vm = row.vm.as_ref().and_then(|vm| vm.name());
    let system = row.system().and_then(GuestSystem::host_name);
    let guest = row.guest.as_ref().and_then(|guest| guest.name());
    let mut names: Vec<String> = [vm, system, guest]
        .into_iter()
        .flatten()
        .map(label)
        .collect();
    names.sort();
    names.dedup();
    names
}
