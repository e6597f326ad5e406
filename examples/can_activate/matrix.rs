//! The tables of hosts and guests, with the source of every cell.

use avma::catalog::hosts::{self, AzureLocalLicense, Cell, NAMED, Support};
use avma::catalog::keys::{self, KeyChannel};
use avma::{Product, Release, Source};
use serde_json::{Value, json};

use crate::output::source_json;

/// A column of the table of Azure Local, where one edition stands apart.
struct Guest {
    release: Release,
    product: Product,
}

impl Guest {
    fn title(&self) -> String {
        let year = year(self.release);
        match self.product {
            Product::DatacenterAzureEdition => format!("{year} Azure Ed."),
            _ => year,
        }
    }
}

/// The edition that stands for all but Azure Edition: each table speaks of it.
const PLAIN: Product = Product::Datacenter;

fn guests_of_azure_local() -> Vec<Guest> {
    let azure_edition = Product::DatacenterAzureEdition;
    let has_key =
        |release: &&Release| keys::key(**release, azure_edition, KeyChannel::Avma).is_some();
    let guest = |product| {
        move |release: &Release| Guest {
            release: *release,
            product,
        }
    };
    let plain = NAMED.iter().map(guest(PLAIN));
    plain
        .chain(NAMED.iter().filter(has_key).map(guest(azure_edition)))
        .collect()
}

/// The name without its "Windows Server".
fn year(release: Release) -> String {
    let name = release.to_string();
    name.strip_prefix("Windows Server ")
        .map_or(name.clone(), str::to_owned)
}

/// The sources of all cells, numbered in the order in which they are first seen.
#[derive(Default)]
struct Legend(Vec<Source>);

impl Legend {
    fn mark(&mut self, cell: Cell) -> String {
        let place = self.0.iter().position(|source| *source == cell.source);
        let place = place.unwrap_or_else(|| {
            self.0.push(cell.source);
            self.0.len() - 1
        });
        let word = match cell.support {
            Support::Yes => "yes",
            Support::No => "no",
            _ => "?",
        };
        format!("{word} [{}]", place + 1)
    }
}

/// The three tables and their legend.
pub fn text() -> String {
    let mut legend = Legend::default();
    let years: Vec<String> = NAMED.iter().map(|release| year(*release)).collect();
    let windows_server = NAMED.iter().map(|host| {
        let cells = NAMED.iter().map(|guest| {
            legend.mark(hosts::windows_server(
                (*host).into(),
                (*guest).into(),
                PLAIN,
            ))
        });
        (year(*host), cells.collect())
    });
    let mut text = table(
        "Windows Server Datacenter hosts (activated, Hyper-V role installed)",
        &years,
        windows_server.collect(),
    );
    text += &azure_local(&mut legend);
    let marker = NAMED
        .iter()
        .map(|guest| legend.mark(hosts::azure_stack_hub((*guest).into(), PLAIN)))
        .collect();
    text += &table(
        "Azure Stack Hub hosts",
        &years,
        vec![("OEM's marker in the BIOS".to_owned(), marker)],
    );
    text += "\
? = not documented: neither yes nor no.
What is older than AVMA (2012 and before) is never host or guest. Releases without a column
(those of the Semi-Annual and the Annual Channel) are not documented as host or as guest,
though some have AVMA keys. Editions without an AVMA key are not documented. \"Azure Ed.\" by
host key needs Software Assurance as well, and always Azure verification for VMs. \"oem\" speaks
of Datacenter guests; of other editions it is not documented.

Sources
";
    let sources = legend.0.iter().enumerate();
    text.extend(sources.map(|(place, source)| format!("[{}] {source}\n", place + 1)));
    text
}

fn azure_local(legend: &mut Legend) -> String {
    let guests = guests_of_azure_local();
    let rows = AzureLocalLicense::ALL.iter().map(|license| {
        let cells = guests.iter().map(|guest| {
            legend.mark(hosts::azure_local(
                *license,
                guest.release.into(),
                guest.product,
            ))
        });
        (license.as_str().to_owned(), cells.collect())
    });
    let rows = rows.collect();
    let titles: Vec<String> = guests.iter().map(Guest::title).collect();
    table(
        "Azure Local hosts (Azure Stack HCI), by Windows Server Datacenter key or subscription",
        &titles,
        rows,
    )
}

fn table(title: &str, guests: &[String], rows: Vec<(String, Vec<String>)>) -> String {
    const CELL: usize = 9;
    let corner = "host \\ guest";
    let first = rows
        .iter()
        .map(|(name, _)| name.len())
        .chain([corner.len()])
        .max()
        .unwrap_or_default();
    let line = |name: &str, cells: &[String]| {
        let mut line = format!("{name:first$}");
        line.extend(cells.iter().map(|cell| format!("  {cell:CELL$}")));
        line.trim_end().to_owned() + "\n"
    };
    let mut text = format!("{title}\n{}", line(corner, guests));
    for (name, cells) in rows {
        text += &line(&name, &cells);
    }
    text + "\n"
}

/// The same as JSON, a list of cells to each table.
pub fn json() -> Value {
    let cell = |cell: Cell, mut object: Value| {
        object["support"] = cell.support.as_str().into();
        object["source"] = source_json(&cell.source);
        object
    };
    let windows_server = NAMED.iter().flat_map(|host| {
        NAMED.iter().map(|guest| {
            cell(
                hosts::windows_server((*host).into(), (*guest).into(), PLAIN),
                json!({ "host": host.as_str(), "guest": guest.as_str() }),
            )
        })
    });
    let azure_local = AzureLocalLicense::ALL.iter().flat_map(|license| {
        guests_of_azure_local().into_iter().map(|guest| {
            let azure_edition = guest.product == Product::DatacenterAzureEdition;
            cell(
                hosts::azure_local(*license, guest.release.into(), guest.product),
                json!({
                    "license": license.as_str(),
                    "guest": guest.release.as_str(),
                    "azure_edition": azure_edition,
                }),
            )
        })
    });
    let azure_stack_hub = NAMED.iter().map(|guest| {
        cell(
            hosts::azure_stack_hub((*guest).into(), PLAIN),
            json!({ "guest": guest.as_str() }),
        )
    });
    json!({
        "windows_server": windows_server.collect::<Vec<_>>(),
        "azure_local": azure_local.collect::<Vec<_>>(),
        "azure_stack_hub": azure_stack_hub.collect::<Vec<_>>(),
    })
}
