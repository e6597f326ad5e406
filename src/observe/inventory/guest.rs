//! What was collected inside a system: its operating system, its licence, its service.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Spot;
use crate::ids::{VmId, lower_case};
use crate::observe::code::ServiceStatus;
use crate::observe::fault::{Fault, FaultKind, Place};
use crate::observe::licensing::{Licensing, LicensingProduct};
use crate::observe::value::{Value, When};
use crate::observe::wmi::{
    self, ComputerSystem, CurrentVersion, Enclosure, GuestParameters, OperatingSystem, Service,
    field,
};

/// The export of a guest. A host that was collected as guests are comes as one too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuestRecord {
    /// The number of the document.
    pub document: usize,
    /// Where in the document; empty for the document itself.
    pub place: String,
    /// `Collected`.
    pub collected: When,
    /// `PSComputerName`, `__SERVER` or the server of a CIM object: the machine that was asked. With
    /// `Invoke-Command -VMName` it is the VM's name. Of slmgr's text the computer's own name, by
    /// whoever collected it.
    pub computer_name: Option<String>,
    /// `Win32_OperatingSystem`.
    pub operating_system: Option<OperatingSystem>,
    /// `Win32_ComputerSystem`.
    pub computer_system: Option<ComputerSystem>,
    /// The registry's `CurrentVersion`.
    pub current_version: Option<CurrentVersion>,
    /// `Win32_SystemEnclosure`.
    pub enclosure: Option<Enclosure>,
    /// The status of `vmickvpexchange`.
    pub service: Option<ServiceStatus>,
    /// `SoftwareLicensingProduct`; `None` where it was not collected, an empty one where no key is
    /// installed.
    pub licensing: Option<Licensing>,
    /// The registry's `Guest\Parameters`.
    pub parameters: Option<GuestParameters>,
    /// Whether this is the text of slmgr, which holds the licence and at most the build. Beside another export of the
    /// same guest it fills in a licence that this one lacks.
    pub is_slmgr: bool,
}

/// Blocks of a guest's document that are known by name, whatever they hold.
const BLOCKS: &[&str] = &[
    "OperatingSystem",
    "Win32_OperatingSystem",
    "Licensing",
    "SoftwareLicensingProduct",
    "CurrentVersion",
];

impl GuestRecord {
    pub(super) fn recognises(value: &Value) -> bool {
        BLOCKS.iter().any(|name| {
            value.get(name).is_some_and(|block| {
                !matches!(block, Value::Text(text) if !text.is_empty()) || block.is_cut_off()
            })
        })
    }

    /// Whether nothing is known of the system, its name apart.
    pub fn is_empty(&self) -> bool {
        self.operating_system.is_none()
            && self.computer_system.is_none()
            && self.current_version.is_none()
            && self.enclosure.is_none()
            && self.service.is_none()
            && self.licensing.is_none()
            && self.parameters.is_none()
    }

    /// The computer's own name.
    pub fn cs_name(&self) -> Option<&str> {
        let system = self.operating_system.as_ref();
        let computer = self.computer_system.as_ref();
        system
            .and_then(|system| system.cs_name.as_deref())
            .or_else(|| computer.and_then(|computer| computer.name.as_deref()))
            .or_else(|| self.computer_name.as_deref().filter(|_| self.is_slmgr))
            .filter(|name| !name.is_empty())
    }

    /// The name to show: the computer's own, or that of the machine that was asked.
    pub fn name(&self) -> Option<&str> {
        self.cs_name().or(self.computer_name.as_deref())
    }

    /// The domain, or the workgroup, of `Win32_ComputerSystem`.
    pub fn domain(&self) -> Option<&str> {
        let domain = self.computer_system.as_ref()?.domain.as_deref();
        domain.filter(|domain| !domain.is_empty())
    }

    /// The VM's id, where the guest knows it.
    pub fn vm_id(&self) -> Option<VmId> {
        self.parameters.as_ref()?.vm_id
    }

    /// The licence row of Windows itself.
    pub fn windows_row(&self) -> Option<&LicensingProduct> {
        self.licensing.as_ref()?.windows_row()
    }

    pub(super) fn read(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
        let mut guest = Self {
            place: place.to_string(),
            ..Self::default()
        };
        guest.absorb(object, place, faults);
        let Value::Object(properties) = object else {
            return guest;
        };
        // The block that holds the licence rows, where one does.
        let mut rows_at = None;
        for (name, value) in properties {
            let place = place.property(name);
            let is = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(name));
            if is(&["Licensing", "SoftwareLicensingProduct"]) {
                rows_at = Some(name.as_str());
                let licensing = guest.licensing.get_or_insert_default();
                licensing.take(value, place, faults);
            } else if value.elements().any(LicensingProduct::recognises) {
                // Under another name the rows may hold more than a licence.
                rows_at = rows_at.or(Some(name));
                let refused = wmi::objects(value, place, faults, |row, place, faults| {
                    guest.absorb(row, place, faults);
                });
                guest.licensing.get_or_insert_default().refused += refused;
            } else if is(&["OperatingSystem", "Win32_OperatingSystem"]) {
                wmi::objects(value, place, faults, |row, place, faults| {
                    guest.operating_system = Some(OperatingSystem::read(row, place, faults));
                });
            } else if is(&["CurrentVersion"]) {
                wmi::objects(value, place, faults, |row, place, faults| {
                    guest.current_version = Some(CurrentVersion::read(row, place, faults));
                });
            } else if is(&["ComputerSystem", "Win32_ComputerSystem"]) {
                wmi::objects(value, place, faults, |row, place, faults| {
                    guest.computer_system = Some(ComputerSystem::read(row, place, faults));
                });
            } else if is(&["Enclosure", "Win32_SystemEnclosure"]) {
                wmi::objects(value, place, faults, |row, place, faults| {
                    guest.enclosure = Some(Enclosure::read(row, place, faults));
                });
            } else if matches!(value, Value::Object(_) | Value::List(_)) {
                // Known by their properties, under whatever name.
                for (index, row) in value.elements().enumerate() {
                    let element = place.index(index);
                    let place = if value.is_bare() { place } else { element };
                    guest.absorb(row, place, faults);
                }
            }
        }
        match rows_at {
            Some(name) => guest.check(place.property(name), faults),
            None => guest.check(place, faults),
        }
        guest
    }

    /// Takes what a row says of the system.
    fn absorb(&mut self, row: &Value, place: Place<'_>, faults: &mut Vec<Fault>) {
        let any = |names: &[&str]| names.iter().any(|name| row.has(name));
        if is_system(row) {
            self.operating_system = Some(OperatingSystem::read(row, place, faults));
        }
        if LicensingProduct::recognises(row) {
            let licensing = self.licensing.get_or_insert_default();
            licensing.push(LicensingProduct::read(row, place, faults));
        }
        if any(&["EditionID", "InstallationType"]) {
            self.current_version = Some(CurrentVersion::read(row, place, faults));
        }
        if any(&["SMBIOSAssetTag"]) {
            self.enclosure = Some(Enclosure::read(row, place, faults));
        }
        if any(&["VirtualMachineId"]) {
            self.parameters = Some(GuestParameters::read(row, place, faults));
        }
        if any(&["HypervisorPresent", "Model"]) {
            self.computer_system = Some(ComputerSystem::read(row, place, faults));
        }
        if any(&["KvpServiceStatus"]) {
            self.service = field(row, "KvpServiceStatus", place, faults);
        } else if is_service(row) {
            self.service = Service::read(row, place, faults).status;
        }
        if self.computer_name.is_none() {
            self.computer_name = asked(row).map(Cow::into_owned);
        }
        if any(&["Collected"]) {
            self.collected = wmi::when(row, "Collected", place, faults);
        }
    }

    fn check(&self, place: Place<'_>, faults: &mut Vec<Fault>) {
        if let Some(licensing) = &self.licensing {
            licensing.check(place, faults);
        }
    }
}

fn is_system(row: &Value) -> bool {
    row.has("CSName")
        || row.has("OperatingSystemSKU")
        || row.has("Caption") && row.has("BuildNumber")
}

fn is_service(row: &Value) -> bool {
    row.has("Status")
        && matches!(row.get("Name").map(Value::scalar),
            Some(Value::Text(name)) if name.eq_ignore_ascii_case("vmickvpexchange"))
}

/// Whether the object is a row of a system by itself.
pub(super) fn is_row(row: &Value) -> bool {
    is_system(row)
        || is_service(row)
        || LicensingProduct::recognises(row)
        || [
            "EditionID",
            "SMBIOSAssetTag",
            "VirtualMachineId",
            "HypervisorPresent",
        ]
        .iter()
        .any(|name| row.has(name))
}

/// The machine that was asked for this row.
fn asked(row: &Value) -> Option<Cow<'_, str>> {
    let server = || row.get("CimSystemProperties")?.get("ServerName");
    [row.get("PSComputerName"), row.get("__SERVER"), server()]
        .into_iter()
        .flatten()
        .filter_map(|name| name.text().ok()?)
        .find(|name| !name.is_empty())
}

/// Rows of one list, put together by the machine that was asked.
pub(super) struct Systems<'v, 'p> {
    spot: Spot<'p>,
    /// By the machine's name in lower case; rows that name none are of one machine, the one on which
    /// the command ran.
    groups: BTreeMap<String, Vec<(&'v Value, usize)>>,
}

impl<'v, 'p> Systems<'v, 'p> {
    pub(super) fn new(spot: Spot<'p>) -> Self {
        Self {
            spot,
            groups: BTreeMap::new(),
        }
    }

    pub(super) fn push(&mut self, row: &'v Value, index: usize) {
        let name = lower_case(&asked(row).unwrap_or_default()).collect();
        self.groups.entry(name).or_default().push((row, index));
    }

    pub(super) fn finish(self, faults: &mut Vec<Fault>) -> Vec<GuestRecord> {
        let list = self.spot;
        let mut guests = Vec::new();
        for rows in self.groups.into_values() {
            let systems = rows.iter().filter(|(row, _)| is_system(row)).count();
            if systems <= 1 {
                guests.push(together(&rows, list, faults));
                continue;
            }
            // Several systems under one name: a row that is a whole system stands by itself, and
            // nobody can tell to which of them the others belong.
            let (whole, parts): (Vec<_>, Vec<_>) =
                rows.into_iter().partition(|(row, _)| is_system(row));
            for row in whole {
                guests.push(together(&[row], list, faults));
            }
            if !parts.is_empty() {
                faults.push(list.whole().fault(FaultKind::MixedSystems { systems }));
                let mut rest = together(&parts, list, faults);
                rest.computer_name = None;
                guests.push(rest);
            }
        }
        guests
    }
}

fn together(rows: &[(&Value, usize)], list: Spot<'_>, faults: &mut Vec<Fault>) -> GuestRecord {
    let mut guest = GuestRecord::default();
    if let Some((_, index)) = rows.first() {
        guest.place = list.of(*index).to_string();
    }
    for (row, index) in rows {
        guest.absorb(row, list.of(*index), faults);
    }
    guest.check(list.whole(), faults);
    guest
}
