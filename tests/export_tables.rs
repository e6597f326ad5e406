//! The copies that `export_tables` writes, read back and held against the catalog row by row.

#![cfg(feature = "alloc")]

#[path = "../examples/export_tables/check.rs"]
mod check;
#[path = "../examples/export_tables/copy.rs"]
mod copy;
#[path = "../examples/export_tables/form.rs"]
#[expect(dead_code, reason = "no command line is read here")]
mod form;
#[path = "../examples/export_tables/json.rs"]
mod json;
#[path = "../examples/export_tables/kql.rs"]
mod kql;
#[path = "../examples/output/mod.rs"]
#[expect(dead_code, reason = "only messages are made here")]
mod output;
#[path = "../examples/export_tables/powershell.rs"]
mod powershell;
#[path = "../examples/export_tables/separated.rs"]
mod separated;
#[path = "../examples/export_tables/table.rs"]
mod table;
#[path = "../examples/export_tables/token.rs"]
mod token;

use std::collections::BTreeSet;

use avma::Product::{Datacenter, DatacenterAzureEdition};
use avma::catalog::hosts::{self, AzureLocalLicense};
use avma::catalog::keys;
use avma::{Release, Source};
use check::Checked;
use form::Form;
use proptest::prelude::*;
use serde_json::Value;
use table::{Table, Which};

const FORMS: [Form; 4] = [Form::Json, Form::Csv, Form::Kql, Form::PowerShell];

/// Of the canonical text, made from the JSON form by Python's `json` and `hashlib`. A row that is changed
/// or added changes one of them, and CHANGELOG says so under "Data".
const DIGESTS: [(Which, &str); 2] = [
    (
        Which::Keys,
        "26d38271fe180774937fc02a1fd5499b91cc444814d10f5a7cf0a4872751955e",
    ),
    (
        Which::Hosts,
        "726a4194acd14575a47db1feed8388235b1029e02df83a9cbce39476b5003fb9",
    ),
];

/// What the golden file of a command says was printed.
macro_rules! printed {
    ($case:literal) => {{
        let golden = include_str!(concat!("data/examples/export_tables/", $case, ".txt"));
        let golden = golden.replace("\r\n", "\n");
        let start = golden.find("--- stdout\n").expect("a text") + "--- stdout\n".len();
        let end = golden.rfind("--- stderr\n").expect("a text");
        golden[start..end].to_owned()
    }};
}

/// A cell of a JSON row as text, number or not.
fn text(row: &Value, name: &str) -> String {
    match &row[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => panic!("{name}: {other}"),
    }
}

fn json_rows(text: &str) -> Vec<Value> {
    let copy: Value = serde_json::from_str(text).expect("JSON");
    copy["rows"].as_array().expect("rows").clone()
}

/// The rows of a CSV file by a reader that others wrote.
fn csv_rows(text: &str) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().expect("a head").clone();
    let row = |record: Result<csv::StringRecord, csv::Error>| {
        let record = record.expect("a record");
        let fields = names.iter().zip(&record);
        fields
            .map(|(name, field)| (name.to_owned(), field.into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    reader.records().map(row).collect()
}

fn assert_source(row: &Value, source: &Source) {
    assert_eq!(text(row, "source"), source.title);
    assert_eq!(text(row, "dated"), source.dated);
    assert_eq!(text(row, "evidence"), source.evidence.as_str());
}

#[test]
fn json_and_csv_hold_every_key() {
    for rows in [
        json_rows(&printed!("keys-json")),
        csv_rows(&printed!("keys-csv")),
    ] {
        assert_eq!(rows.len(), keys::ROWS.len());
        for (row, right) in rows.iter().zip(keys::ROWS) {
            assert_eq!(text(row, "release").parse(), Ok(right.release));
            assert_eq!(text(row, "build"), right.release.build().to_string());
            assert_eq!(text(row, "product").parse(), Ok(right.product));
            assert_eq!(text(row, "channel").parse(), Ok(right.channel));
            assert_eq!(text(row, "key"), right.key.to_string());
            assert_source(row, &right.source);
        }
    }
}

#[test]
fn json_and_csv_hold_every_cell_of_the_host_tables() {
    let releases = Release::ALL.len();
    for rows in [
        json_rows(&printed!("hosts-json")),
        csv_rows(&printed!("hosts-csv")),
    ] {
        let mut seen = BTreeSet::new();
        for row in &rows {
            let (family, host) = (text(row, "family"), text(row, "host"));
            let guest: Release = text(row, "guest").parse().expect("a release");
            let product = match text(row, "guest_product").as_str() {
                "except-azure-edition" => Datacenter,
                product => product.parse().expect("a product"),
            };
            if host == AzureLocalLicense::Oem.as_str() {
                assert_ne!(text(row, "guest_product"), "except-azure-edition");
            }
            let cell = match family.as_str() {
                "windows-server" => {
                    let host: Release = host.parse().expect("a release");
                    hosts::windows_server(host.into(), guest.into(), product)
                }
                "azure-local" => {
                    let license: AzureLocalLicense = host.parse().expect("a licence");
                    hosts::azure_local(license, guest.into(), product)
                }
                "azure-stack-hub" => hosts::azure_stack_hub(guest.into(), product),
                other => panic!("{other}"),
            };
            assert_eq!(text(row, "support"), cell.support.as_str());
            assert_source(row, &cell.source);
            // What a table does not speak of is not put into its mouth.
            assert!(product != DatacenterAzureEdition || family == "azure-local");
            assert!(seen.insert((family, host, guest.as_str(), product.as_str())));
        }
        let licenses = AzureLocalLicense::ALL.len();
        assert_eq!(
            seen.len(),
            releases * releases + 2 * licenses * releases + releases
        );
    }
}

/// What "except-azure-edition" says: one cell for every other product. The OEM licence names Datacenter
/// guests, so its rows are of Datacenter.
#[test]
fn azure_edition_alone_differs_by_product() {
    for &license in AzureLocalLicense::ALL {
        for &guest in Release::ALL {
            let cell = |product| hosts::azure_local(license, guest.into(), product);
            for &product in avma::Product::ALL {
                let is_named = product == Datacenter || license != AzureLocalLicense::Oem;
                if product != DatacenterAzureEdition && is_named {
                    assert_eq!(cell(product), cell(Datacenter));
                }
            }
        }
    }
}

#[test]
fn one_digest_in_every_form() {
    for (which, digest) in DIGESTS {
        let table = Table::of(which);
        assert_eq!(table.digest(), digest);
        for form in FORMS {
            let copy = copy::read(&form.write(&table)).expect("a copy");
            let mut stamp = copy::Stamp::of(&table);
            if form == Form::Csv {
                // Its columns tell which table it is.
                stamp.table = None;
            }
            assert_eq!(copy.stamp, stamp, "{form:?}");
            assert_eq!(copy.table().expect("a table"), table, "{form:?}");
            assert!(Checked::of(&copy).expect("a table").is_right(), "{form:?}");
        }
    }
}

/// Without a byte order mark Windows PowerShell takes a script for the code page's, Excel a CSV file.
#[test]
fn every_form_is_ascii() {
    for which in Which::ALL {
        for form in FORMS {
            assert!(
                form.write(&Table::of(which)).is_ascii(),
                "{which:?} {form:?}"
            );
        }
    }
}

#[test]
fn dated_by_the_newest_source() {
    assert_eq!(Table::of(Which::Keys).dated(), "2024-11");
    let mut table = Table::of(Which::Keys);
    table.rows.retain(|row| row[0] != "2025");
    assert_eq!(table.dated(), "2024-10-01");
    table.rows.retain(|row| row[3] == "avma");
    assert_eq!(table.dated(), "2023-09-19");
    let mut table = Table::of(Which::Keys);
    table.rows.retain(|row| row[7] == "reported");
    assert!(!table.rows.is_empty());
    assert_eq!(table.dated(), "undated");
}

#[test]
fn quoting_by_hand() {
    let text = "it's \"so\" \\ \u{2019}\t\n";
    assert_eq!(
        powershell::quoted(text),
        "'it''s \"so\" \\ \u{2019}\u{2019}\t\n'"
    );
    assert_eq!(
        kql::quoted(text),
        "\"it's \\\"so\\\" \\\\ \u{2019}\\u0009\\u000a\""
    );
}

fn message(copy: &str) -> (bool, String) {
    let checked = Checked::of(&copy::read(copy).expect("a copy")).expect("a table");
    (checked.is_right(), checked.to_string())
}

/// Every field of a copy counts: one that is changed is noticed, in each form, and named.
#[test]
fn a_changed_field_is_named() {
    for which in Which::ALL {
        let table = Table::of(which);
        for form in FORMS {
            let written = form.write(&table);
            for (column, place) in which.columns().iter().zip(0..) {
                let mut copy = copy::read(&written).expect("a copy");
                let field = copy.rows[7]
                    .iter_mut()
                    .find(|(name, _)| name == column.name);
                "0".clone_into(&mut field.expect("a field").1);
                let mut changed = table.clone();
                "0".clone_into(&mut changed.rows[7][place]);
                assert_ne!(changed.digest(), table.digest());
                let checked = Checked::of(&copy).expect("a table");
                assert!(!checked.is_right());
                let message = checked.to_string();
                assert!(message.contains("CHANGED"), "{message}");
                assert!(message.contains(&changed.digest()), "{message}");
                assert!(message.contains("\n    row 8, "), "{message}");
            }
        }
    }
}

#[test]
fn rows_that_are_missing_doubled_or_moved_are_named() {
    let table = Table::of(Which::Keys);
    let of = |rows: Vec<Vec<String>>| {
        let which = Which::Keys;
        message(&Form::Kql.write(&Table { which, rows }))
    };
    let mut rows = table.rows.clone();
    rows.remove(5);
    let (is_right, text) = of(rows);
    assert!(
        !is_right && text.contains("    2022 standard avma: the copy has no such row\n"),
        "{text}"
    );
    // It is as it was stamped: the table has changed since, not the copy.
    assert!(!text.contains("CHANGED"), "{text}");
    let mut rows = table.rows.clone();
    rows.push(rows[5].clone());
    let (is_right, text) = of(rows);
    assert!(
        !is_right && text.contains("row 69, 2022 standard avma: stands there twice"),
        "{text}"
    );
    let mut rows = table.rows.clone();
    rows.swap(0, 1);
    let (is_right, text) = of(rows);
    assert!(
        !is_right && text.contains("the rows are the same, in another order"),
        "{text}"
    );
}

#[test]
fn a_stamp_that_is_not_the_rows_is_noticed() {
    for form in FORMS {
        let written = form.write(&Table::of(Which::Keys));
        let digest = Table::of(Which::Keys).digest();
        let (is_right, text) = message(&written.replace(&digest, &"0".repeat(64)));
        assert!(!is_right && text.contains("CHANGED"), "{text}");
    }
    let written = Form::Kql.write(&Table::of(Which::Keys));
    let (is_right, text) = message(&written.replace("// dated: 2024-11", "// dated: 2026-11"));
    let says = "it says dated 2026-11, the newest source of its rows is of 2024-11";
    assert!(!is_right && text.contains(says), "{text}");
    let (is_right, text) = message(&written.replace("// sha256: ", "// "));
    assert!(!is_right && text.contains("NO DIGEST"), "{text}");
}

/// A text cut off anywhere is refused or noticed, and never a panic.
#[test]
fn a_copy_cut_off_is_never_right() {
    let table = Table {
        which: Which::Keys,
        rows: Table::of(Which::Keys).rows[..3].to_vec(),
    };
    for form in FORMS {
        let written = form.write(&table);
        let whole = copy::read(&written).expect("a copy");
        for end in 0..written.len() {
            if let Ok(copy) = copy::read(&written[..end]) {
                // What follows the last row of a datatable carries nothing.
                let is_whole = copy == whole;
                assert!(
                    is_whole || !copy.table().is_ok_and(|t| t == table),
                    "{form:?} {end}"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever stands in a field, it comes back as it was, in every form.
    #[test]
    fn any_text_comes_back(fields in proptest::collection::vec("\\PC{0,12}|[\"'\\\\,\\n\\r\\t#/{}\\[\\]=@\u{2018}-\u{201b}\u{0}]{0,12}", 8)) {
        let mut table = Table { which: Which::Hosts, rows: vec![fields; 2] };
        table.rows[1].reverse();
        for row in &mut table.rows {
            // The stamp repeats it in a line of comment.
            "2024-11".clone_into(&mut row[6]);
        }
        for form in FORMS {
            let copy = copy::read(&form.write(&table)).expect("a copy");
            prop_assert_eq!(&copy.table().expect("a table"), &table, "{:?}", form);
        }
    }

    /// Two tables with one digest are one table.
    #[test]
    fn canonical_is_injective(
        one in proptest::collection::vec(proptest::collection::vec("[a\\t\\n\\\\]{0,2}", 8), 0..3),
        other in proptest::collection::vec(proptest::collection::vec("[a\\t\\n\\\\]{0,2}", 8), 0..3),
    ) {
        let table = |rows: &Vec<Vec<String>>| Table { which: Which::Hosts, rows: rows.clone() };
        prop_assert_eq!(one == other, table(&one).canonical() == table(&other).canonical());
    }

    /// No text makes the readers panic.
    #[test]
    fn readers_survive(text in "(\\{|//|#|let |a,)?[\"'\\\\,\\n\u{2019}(){}\\[\\]=@a0u: ]{0,40}") {
        if let Ok(copy) = copy::read(&text) {
            let _ = Checked::of(&copy).map(|checked| checked.to_string());
        }
    }
}

/// What PowerShell would make of a text is not what stands there.
#[test]
fn a_copy_with_code_behind_a_text_is_not_read() {
    let copy = powershell::write(&Table::of(Which::Keys));
    assert!(copy::read(&copy).is_ok());
    for code in [".Replace('Y', 'Z')", " + 'Z'", " -f 'Z'"] {
        let changed = copy.replacen("VCH67'", &format!("VCH67'{code}"), 1);
        assert_ne!(changed, copy);
        assert!(copy::read(&changed).is_err(), "{code}");
    }
}
