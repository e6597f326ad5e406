//! The text of slmgr as a document: the licence of one computer.

use alloc::format;

use super::{GuestRecord, Inventory};
use crate::observe::fault::{Fault, FaultKind};
use crate::observe::slmgr::SlmgrText;
use crate::observe::wmi::{OperatingSystem, masked};

impl Inventory {
    /// Reads the text of `slmgr.vbs /dlv` as the licence of a guest, and returns the document's
    /// number.
    ///
    /// The text names no computer, so the caller gives the computer's own name (`CSName`) where it is
    /// known. Without one it belongs to no VM, since whose it is cannot be told. What WMI says of the
    /// same guest comes first: a text fills in where the export has no licence, and is an earlier one
    /// where it has. The build of Windows in the text counts where there is no export.
    ///
    /// ```
    /// use avma::LicenseStatus;
    /// use avma::observe::inventory::Inventory;
    ///
    /// let mut inventory = Inventory::new();
    /// let text = "Name: Windows(R), ServerStandard edition\nPartial Product Key: 78VHK\n\
    ///             License Status: Licensed\n";
    /// inventory.add_slmgr(Some("WEB01"), text);
    /// let fleet = inventory.join();
    /// assert_eq!(fleet.vms[0].name(), Some("WEB01"));
    /// assert_eq!(fleet.vms[0].observation().status, Some(LicenseStatus::Licensed));
    /// ```
    pub fn add_slmgr(&mut self, name: Option<&str>, text: &str) -> usize {
        let document = self.documents;
        self.documents += 1;
        let text = SlmgrText::read(text);
        // A text that tells nothing is no export of a guest.
        if !text.is_empty() {
            self.records.guests.push(GuestRecord {
                document,
                computer_name: name.map(|name| masked(name.into())),
                operating_system: text.build.map(|build| OperatingSystem {
                    build_number: Some(build),
                    ..OperatingSystem::default()
                }),
                licensing: Some(text.licensing),
                is_slmgr: true,
                ..GuestRecord::default()
            });
        }
        let faults = text.faults.into_iter().map(|fault| Fault {
            document,
            place: format!("line {}", fault.line),
            kind: FaultKind::Slmgr(fault.kind),
        });
        self.records.faults.extend(faults);
        document
    }
}
