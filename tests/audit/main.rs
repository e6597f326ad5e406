//! The audit as library functions: verdicts from facts, flags from inventories, settings.
#![cfg(all(feature = "serde", feature = "xml", feature = "fleet"))]

use avma::observe::inventory::{Fleet, Inventory};
use serde_json::{Value as Json, json};

mod cluster;
mod flags;
mod host_key;
mod key_advice;
mod reported;
mod settings;
mod verdicts;
mod words;

const VM: &str = "a1a1a1a1-0000-4000-8000-000000000001";
const OTHER: &str = "a1a1a1a1-0000-4000-8000-000000000002";

fn fleet(documents: &[Json]) -> Fleet {
    let mut inventory = Inventory::new();
    for document in documents {
        inventory.add(&serde_json::from_value(document.clone()).unwrap());
    }
    inventory.join()
}

/// A host, licensed by MAK, with one VM that runs.
fn host(name: &str, build: u32, sku: u32, vm: &str) -> Json {
    json!({
        "OperatingSystem": { "CSName": name, "BuildNumber": build, "OperatingSystemSKU": sku },
        "ComputerSystem": { "Manufacturer": "Example Hardware", "Model": "Rack 2S" },
        "Feature": { "Name": "Hyper-V", "Installed": true },
        "Licensing": [{ "Description": "Windows(R) Operating System, VOLUME_MAK channel",
            "LicenseIsAddon": false, "LicenseStatus": 1, "PartialProductKey": "7XK2C" }],
        "VM": { "Name": "web01", "VMId": vm, "State": 2 },
    })
}

/// A guest of 2022 Standard that says that AVMA activated it.
fn guest(vm: &str) -> Json {
    json!({
        "OperatingSystem": { "CSName": "WEB01", "BuildNumber": 20348, "OperatingSystemSKU": 7 },
        "Parameters": { "VirtualMachineId": vm },
        "Licensing": [{ "Description": "Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel",
            "LicenseIsAddon": false, "LicenseStatus": 1, "PartialProductKey": "78VHK",
            "GracePeriodRemaining": 4321 }],
    })
}
