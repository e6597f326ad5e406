//! A table of the catalog as rows of text, with its date and its digest.

use avma::assess::HostFamily;
use avma::catalog::hosts::{self, AzureLocalLicense, Cell};
use avma::catalog::keys;
use avma::{Product, Release};
use sha2::{Digest, Sha256};

use crate::output::shown;

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Keys,
    Hosts,
}

impl Which {
    pub const ALL: [Self; 2] = [Self::Keys, Self::Hosts];

    pub fn name(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Hosts => "hosts",
        }
    }

    pub fn read(word: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|table| table.name() == word);
        found.ok_or_else(|| format!("{} is no table: keys or hosts", shown(word)))
    }

    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Keys => KEYS,
            Self::Hosts => HOSTS,
        }
    }

    /// The columns that name a row: no two rows agree in all of them.
    pub fn naming_columns(self) -> &'static [&'static str] {
        match self {
            Self::Keys => &["release", "product", "channel"],
            Self::Hosts => &["family", "host", "guest", "guest_product"],
        }
    }
}

/// A column: its name, and whether it holds numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub is_number: bool,
}

const fn text(name: &'static str) -> Column {
    Column {
        name,
        is_number: false,
    }
}

const KEYS: &[Column] = &[
    text("release"),
    Column {
        name: "build",
        is_number: true,
    },
    text("product"),
    text("channel"),
    text("key"),
    text("source"),
    text("dated"),
    text("evidence"),
];

const HOSTS: &[Column] = &[
    text("family"),
    text("host"),
    text("guest"),
    text("guest_product"),
    text("support"),
    text("source"),
    text("dated"),
    text("evidence"),
];

/// Every product but Azure Edition, for which Azure Local's table has words of its own.
const OTHER_PRODUCTS: &str = "except-azure-edition";

/// What stands in a field of `dated` where no date is known.
const UNDATED: &str = "undated";

/// A table: each row has a field for each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub which: Which,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// As this version of the crate has it.
    pub fn of(which: Which) -> Self {
        let rows = match which {
            Which::Keys => key_rows(),
            Which::Hosts => host_rows(),
        };
        Self { which, rows }
    }

    /// The version of the crate that writes it.
    pub fn version() -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// The newest date among the sources of the rows, as far as it is known: `2024-11`.
    pub fn dated(&self) -> &str {
        let place = self.which.columns().iter().position(|c| c.name == "dated");
        let dates = self.rows.iter().filter_map(|row| row.get(place?));
        // Dates are ISO 8601, so their order as text is that in time.
        let newest = dates.filter(|date| *date != UNDATED).max();
        newest.map_or(UNDATED, String::as_str)
    }

    /// The text that the digest is made of.
    pub fn canonical(&self) -> String {
        let names = self.which.columns().iter().map(|column| column.name);
        let mut text = names.collect::<Vec<_>>().join("\t") + "\n";
        for row in &self.rows {
            let fields = row.iter().map(|field| escaped(field));
            text += &(fields.collect::<Vec<_>>().join("\t") + "\n");
        }
        text
    }

    /// SHA-256 of the canonical text, in hexadecimal.
    pub fn digest(&self) -> String {
        format!("{:x}", Sha256::digest(self.canonical()))
    }
}

/// A field that cannot be taken for two. No field of the catalog needs it; one of a copy may.
fn escaped(field: &str) -> String {
    let field = field.replace('\\', "\\\\").replace('\t', "\\t");
    field.replace('\n', "\\n").replace('\r', "\\r")
}

fn key_rows() -> Vec<Vec<String>> {
    let rows = keys::ROWS.iter().map(|row| {
        vec![
            row.release.as_str().to_owned(),
            row.release.build().to_string(),
            row.product.as_str().to_owned(),
            row.channel.as_str().to_owned(),
            row.key.to_string(),
            row.source.title.to_owned(),
            row.source.dated.to_owned(),
            row.source.evidence.as_str().to_owned(),
        ]
    });
    rows.collect()
}

/// Every cell, those that say "not documented" too: a row that is absent could be taken for either.
fn host_rows() -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut add = |family: HostFamily, host: &str, guest: Release, product: &str, cell: Cell| {
        let fields = [
            family.as_str(),
            host,
            guest.as_str(),
            product,
            cell.support.as_str(),
            cell.source.title,
            cell.source.dated,
            cell.source.evidence.as_str(),
        ];
        rows.push(fields.map(str::to_owned).to_vec());
    };
    for &host in Release::ALL {
        for &guest in Release::ALL {
            let cell = hosts::windows_server(host.into(), guest.into(), Product::Datacenter);
            let family = HostFamily::WindowsServer;
            add(family, host.as_str(), guest, OTHER_PRODUCTS, cell);
        }
    }
    let azure_edition = Product::DatacenterAzureEdition;
    for &license in AzureLocalLicense::ALL {
        for &guest in Release::ALL {
            let cell = |product| hosts::azure_local(license, guest.into(), product);
            let (family, host) = (HostFamily::AzureLocal, license.as_str());
            // The OEM licence's page speaks of Datacenter guests only.
            let products = match license {
                AzureLocalLicense::Oem => Product::Datacenter.as_str(),
                _ => OTHER_PRODUCTS,
            };
            add(family, host, guest, products, cell(Product::Datacenter));
            let product = azure_edition.as_str();
            add(family, host, guest, product, cell(azure_edition));
        }
    }
    for &guest in Release::ALL {
        let cell = hosts::azure_stack_hub(guest.into(), Product::Datacenter);
        add(HostFamily::AzureStackHub, "", guest, OTHER_PRODUCTS, cell);
    }
    rows
}
