//! Laws of the reader over any text and any lines.

use avma::assess::Observation;
use avma::observe::slmgr::{LineFault, SlmgrFault, SlmgrText, is_slmgr};
use proptest::prelude::*;

const FOREIGN_NAME: &str = "Nom : Windows(R), ServerStandard edition";

const PIECES: &[&str] = &[
    "Name: Windows(R), ServerStandard edition",
    "Name: other",
    "Description: x VIRTUAL_MACHINE_ACTIVATION channel",
    "Description: x VOLUME_MAK channel",
    "Application ID: 55c92734-d682-4d71-983e-d6ec3f16059f",
    "Partial Product Key: 78VHK",
    "Partial Product Key: DV9BG",
    "This license is not in use.",
    "License Status: Licensed",
    "License Status: Notification",
    "License Status: ?",
    "Notification Reason: 0xC004FD02.",
    "Automatic VM activation expiration: 4321 minute(s) (4 day(s))",
    "Time remaining: 4321 minute(s) (3 day(s))",
    "Guest IAID: x",
    "Host machine name: HV01",
    "Error: product not found.",
    "Beschreibung: VOLUME_MAK",
    FOREIGN_NAME,
    "x: 78VHK",
    "x: 0xC004FD02.",
    "x: 55c92734-d682-4d71-983e-d6ec3f16059f",
    "x: 03612-04297-000-000000-03-1033-17763.0000-1862025",
    "x: 10.0.17763.1",
    "Software licensing service version: 1",
    "",
    ":",
    "\u{FF1A}",
];

proptest! {
    #[test]
    fn any_text_is_read(text in any::<String>()) {
        let read = SlmgrText::read(&text);
        prop_assert!(!read.licensing.has_no_key());
        let _ = is_slmgr(&text);
    }

    #[test]
    fn any_lines_are_read(lines in prop::collection::vec(prop::sample::select(PIECES), 0..30)) {
        let text = lines.join("\n");
        let read = SlmgrText::read(&text);
        prop_assert!(!read.licensing.has_no_key());
        let count = lines.len().max(1);
        prop_assert!(read.faults.iter().all(|fault| (1..=count).contains(&fault.line)));
        prop_assert!(read.faults.is_sorted_by_key(|fault| fault.line));
        // Not a word on Windows without Windows' own licence.
        if !lines.contains(&PIECES[0]) && !lines.contains(&FOREIGN_NAME) {
            prop_assert_eq!(read.licensing.observation(), Observation::default());
        }
        // In another language the status stays unknown.
        let is_foreign = |fault: &LineFault| fault.kind == SlmgrFault::OtherLanguage;
        if read.faults.iter().any(is_foreign) {
            prop_assert_eq!(read.licensing.observation().status, None);
            prop_assert!(!lines.iter().any(|line| line.starts_with("License Status")));
        }
        // Nothing is known without a fault, a key or a status.
        prop_assert!(!read.faults.is_empty() || read.licensing.windows_row().is_some());
    }

    /// Behind the name the lines of a licence may stand in any order.
    #[test]
    fn the_order_of_lines_within_a_licence_does_not_matter(
        order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let lines = [
            "Description: Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel",
            "Application ID: 55c92734-d682-4d71-983e-d6ec3f16059f",
            "Partial Product Key: 78VHK",
            "License Status: Licensed",
            "Automatic VM activation expiration: 4321 minute(s) (4 day(s))",
            "Guest IAID: EXAMPLE-IAID-0001",
            "    Host machine name: HV01",
        ];
        let text = |order: &[usize]| {
            let lines: Vec<_> = order.iter().map(|place| lines[*place]).collect();
            let block = format!("Name: Windows(R), ServerStandard edition\n{}\n", lines.join("\n\n"));
            format!("Name: Add-on\nPartial Product Key: 7XK2C\nLicense Status: Licensed\n{block}")
        };
        let (read, wanted) = (text(&order), text(&[0, 1, 2, 3, 4, 5, 6]));
        prop_assert_eq!(SlmgrText::read(&read), SlmgrText::read(&wanted));
    }
}
