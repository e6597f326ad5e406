//! The text of slmgr: any text, and lines of slmgr in any order.

use avma::observe::inventory::Inventory;
use avma::observe::slmgr::{SlmgrText, is_slmgr};

use crate::source::Source;

/// The ways to make an input; the first byte takes one.
pub const KINDS: usize = 2;

/// Well-formed, published nowhere.
const PLANTED: &str = "FMT4H-4RD6P-M48YH-6YDK2-QXPNK";

const PIECES: &[&str] = &[
    "\n",
    "\r\n",
    "\nName: Windows(R), ServerStandard edition\n",
    "\nName: ",
    "\nDescription: Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel\n",
    "\nDescription: VOLUME_MAK",
    "\nApplication ID: 55c92734-d682-4d71-983e-d6ec3f16059f\n",
    "\nApplication ID: ",
    "\nPartial Product Key: 78VHK\n",
    "\nPartial Product Key: ",
    "\nThis license is not in use.\n",
    "\nLicense Status: Licensed\n",
    "\nLicense Status: Notification\n",
    "\nLicense Status: ",
    "\nNotification Reason: 0xC004FD02.\n",
    "\nNotification Reason: 0x",
    "\nAutomatic VM activation expiration: 4321 minute(s) (4 day(s))\n",
    "\nTime remaining: ",
    "4321",
    " minute(s) (",
    " day(s))",
    "\nGuest IAID: ",
    "\nHost machine name: HV01\n",
    "\nActivation time: 2025-11-24 00:58:11 UTC\n",
    "\nActivation time: 11/24/2025 1:58:11 AM\n",
    "\nHost Digital PID2: Not Available\n",
    "\nSoftware licensing service version: 10.0.20348\n",
    "\nError: product not found.\n",
    "\nError: 0xC004F014 x\n",
    "\nBeschreibung: VOLUME_KMSCLIENT\n",
    "\u{FF1A}",
    PLANTED,
];

pub fn slmgr(data: &[u8]) {
    let mut source = Source::new(data);
    let text = if source.below(KINDS) == 0 {
        String::from_utf8_lossy(source.rest()).into_owned()
    } else {
        source.mixture(PIECES)
    };
    let _ = is_slmgr(&text);
    let read = SlmgrText::read(&text);
    // A text never says that no key is installed: it may be of another licence.
    assert!(!read.licensing.has_no_key());
    let lines = text.lines().count();
    let within = |line: &usize| (1..=lines.max(1)).contains(line);
    assert!(read.faults.iter().all(|fault| within(&fault.line)));
    assert!(read.faults.is_sorted_by_key(|fault| fault.line));
    assert!(read.not_understood.iter().all(within));
    assert!(read.not_understood.is_sorted_by(|a, b| a < b));
    assert!(!format!("{read:?}").contains(PLANTED));
    // Silence is a fault.
    let known = read.licensing.windows_row().is_some();
    assert!(known || !read.faults.is_empty());
    if read.is_empty() {
        assert_eq!(read.licensing.observation().status, None);
    }

    let others = [
        text.replace('\n', "\r\n"),
        format!("{text}\nShiny: new line"),
        format!("\u{FEFF}{text}"),
    ];
    for other in others {
        assert_eq!(SlmgrText::read(&other).licensing, read.licensing);
    }

    let mut inventory = Inventory::new();
    inventory.add_slmgr(Some("WEB01"), &text);
    let fleet = inventory.join();
    assert_eq!(fleet.vms.len(), usize::from(!read.is_empty()));
    assert_eq!(fleet.faults.len(), read.faults.len());
    for row in &fleet.vms {
        assert_eq!(row.activation(), read.licensing.activation());
    }
}
