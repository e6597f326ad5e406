//! From what was collected to what is known: hosts, guests and observations as the rulebook reads
//! them.
//!
//! Only what describes a system counts: Windows' own properties, and the intrinsic key-value items
//! that the guest's service writes. Items that somebody in the guest wrote are claims and are not
//! read here.

use super::code::ServiceStatus;
use super::inventory::{GuestRecord, HostRecord, VmRecord, VmRow};
use super::kvp::GuestSystem;
use super::licensing::{Licensing, LicensingProduct, PartialKey};
use super::wmi::{ComputerSystem, CurrentVersion, Enclosure, OperatingSystem};
use crate::assess::{Guest, Host, InstalledKey, Observation, WindowsServerHost};
use crate::fact::YesNo;
use crate::identity::{Clue, Identity};
use crate::license::{HostLicense, HostLicenses, LicenseChannel, LicenseStatus};

/// `SMBIOSAssetTag` of every Azure virtual machine.
pub const AZURE_ASSET_TAG: &str = "7783-7084-3265-9085-8269-3286-77";

/// By what a machine's firmware shows that it is virtual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Virtual {
    /// An Azure virtual machine, by its asset tag.
    Azure,
    /// A virtual machine of Hyper-V.
    HyperV,
    /// A virtual machine of another hypervisor.
    Other,
}

/// Makers and models of other hypervisors' virtual machines, in lower case (third-party knowledge).
const OTHER_HYPERVISORS: &[&str] = &[
    "vmware",
    "virtualbox",
    "innotek",
    "qemu",
    "kvm",
    "hvm domu",
    "xen",
    "bochs",
    "parallels",
    "nutanix",
    "google compute engine",
    "amazon ec2",
    "openstack",
    "rhev hypervisor",
    "ovirt",
    "bhyve",
];

fn contains(text: Option<&str>, word: &str) -> bool {
    let Some(text) = text else { return false };
    let (text, word) = (text.as_bytes(), word.as_bytes());
    text.windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word))
}

/// Whether a machine is virtual: `Ok(None)` for one that is not, `Err` where it can not be told.
fn virtual_machine(
    system: Option<&ComputerSystem>,
    enclosure: Option<&Enclosure>,
) -> Result<Option<Virtual>, ()> {
    if enclosure.and_then(|enclosure| enclosure.asset_tag.as_deref()) == Some(AZURE_ASSET_TAG) {
        return Ok(Some(Virtual::Azure));
    }
    let maker = system.and_then(|system| system.manufacturer.as_deref());
    let model = system.and_then(|system| system.model.as_deref());
    if contains(maker, "Microsoft Corporation") && contains(model, "Virtual Machine") {
        return Ok(Some(Virtual::HyperV));
    }
    let other = |word: &&str| contains(maker, word) || contains(model, word);
    if OTHER_HYPERVISORS.iter().any(other) {
        return Ok(Some(Virtual::Other));
    }
    if maker.is_some_and(|maker| !maker.is_empty()) && model.is_some_and(|model| !model.is_empty())
    {
        Ok(None)
    } else {
        Err(())
    }
}

fn system_clues(identity: Identity, system: Option<&OperatingSystem>) -> Identity {
    let Some(system) = system else {
        return identity;
    };
    [
        system.caption.as_deref().map(Clue::Caption),
        system.build_number.map(Clue::Build),
        system.version.as_deref().map(Clue::OsVersion),
        system.sku.map(Clue::Sku),
        system.product_type.map(Clue::ProductType),
        system.suite_mask.map(Clue::SuiteMask),
    ]
    .into_iter()
    .flatten()
    .fold(identity, Identity::with)
}

fn registry_clues(identity: Identity, version: Option<&CurrentVersion>) -> Identity {
    let Some(version) = version else {
        return identity;
    };
    [
        version.edition_id.as_deref().map(Clue::EditionId),
        version.product_name.as_deref().map(Clue::Caption),
        version
            .installation_type
            .as_deref()
            .map(Clue::InstallationType),
        version.current_build.map(Clue::Build),
    ]
    .into_iter()
    .flatten()
    .fold(identity, Identity::with)
}

fn license_clues(identity: Identity, licensing: Option<&Licensing>) -> Identity {
    licensing
        .and_then(Licensing::windows_row)
        .and_then(|row| row.license_family.as_deref())
        .map(Clue::LicenseFamily)
        .into_iter()
        .fold(identity, Identity::with)
}

fn kvp_clues(identity: Identity, system: Option<&GuestSystem>) -> Identity {
    let Some(system) = system else {
        return identity;
    };
    // A Linux guest's build and version are its kernel's.
    let windows = system.is_windows();
    [
        system.os_name.as_deref().map(Clue::Caption),
        system.build().filter(|_| windows).map(Clue::Build),
        system
            .os_version
            .as_deref()
            .filter(|_| windows)
            .map(Clue::OsVersion),
        system.sku().map(Clue::Sku),
        system.product_type().map(Clue::ProductType),
        system.suite_mask().map(Clue::SuiteMask),
    ]
    .into_iter()
    .flatten()
    .fold(identity, Identity::with)
}

/// Two sources of one fact: what both allow, or either where they contradict each other.
fn both(a: YesNo, b: YesNo) -> YesNo {
    a.intersect(b).unwrap_or(a.union(b))
}

/// An evaluation copy by its names or by the channel of its licence.
fn evaluation(identity: &Identity, licensing: Option<&Licensing>) -> YesNo {
    let row = licensing.and_then(Licensing::windows_row);
    let by_license = match row.and_then(LicensingProduct::channel) {
        None | Some(LicenseChannel::Unlisted) => YesNo::unknown(),
        Some(channel) => (channel == LicenseChannel::Evaluation).into(),
    };
    both(identity.evaluation(), by_license)
}

impl HostRecord {
    /// What the host is, by everything that was collected of it.
    pub fn identity(&self) -> Identity {
        let identity = system_clues(Identity::UNKNOWN, self.operating_system.as_ref());
        license_clues(identity, self.licensing.as_ref())
    }

    /// The host as the rulebook reads it. A virtual machine that is a host is nested, in Azure too.
    pub fn facts(&self) -> Host {
        let identity = self.identity();
        match Host::from(&identity) {
            Host::WindowsServer(host) => self.windows_server(&identity, host).into(),
            host => host,
        }
    }

    fn windows_server(&self, identity: &Identity, host: WindowsServerHost) -> WindowsServerHost {
        let nested = virtual_machine(self.computer_system.as_ref(), self.enclosure.as_ref());
        WindowsServerHost {
            evaluation: evaluation(identity, self.licensing.as_ref()),
            license: self.license(),
            hyper_v_role: match (self.hyper_v, &self.vms) {
                (Some(installed), _) => installed.into(),
                // `Get-VM` lists machines only where the role is.
                (None, Some(vms)) if !vms.is_empty() => true.into(),
                (None, _) => YesNo::unknown(),
            },
            nested: match nested {
                Ok(found) => found.is_some().into(),
                Err(()) => YesNo::unknown(),
            },
            pay_as_you_go: self.pay_as_you_go(),
            ..host
        }
    }

    /// What the licence of Windows itself may be. An empty list of rows with a key means that no key
    /// is installed, so Windows is not licensed.
    pub fn license(&self) -> HostLicenses {
        let Some(licensing) = &self.licensing else {
            return HostLicenses::unknown();
        };
        if licensing.rows.is_empty() {
            return HostLicense::NotActivated.into();
        }
        match licensing.windows_row() {
            Some(row) => match (row.status(), row.status_code) {
                (Some(status), _) => HostLicense::from(status).into(),
                (None, Some(_)) => HostLicense::Unlisted.into(),
                (None, None) => HostLicenses::unknown(),
            },
            None => HostLicenses::unknown(),
        }
    }

    /// A host whose licence came by MAK, KMS, OEM or retail is not licensed pay-as-you-go.
    fn pay_as_you_go(&self) -> YesNo {
        let row = self.licensing.as_ref().and_then(Licensing::windows_row);
        match row.and_then(LicensingProduct::channel) {
            Some(
                LicenseChannel::Mak
                | LicenseChannel::KmsClient
                | LicenseChannel::KmsHost
                | LicenseChannel::Oem
                | LicenseChannel::Retail,
            ) => false.into(),
            _ => YesNo::unknown(),
        }
    }
}

impl GuestRecord {
    /// What the guest is, by its own export.
    pub fn identity(&self) -> Identity {
        self.add_to(Identity::UNKNOWN)
    }

    fn add_to(&self, identity: Identity) -> Identity {
        let identity = system_clues(identity, self.operating_system.as_ref());
        let identity = registry_clues(identity, self.current_version.as_ref());
        license_clues(identity, self.licensing.as_ref())
    }

    /// What its licence row shows.
    pub fn observation(&self) -> Observation {
        let mut observation = Observation::default();
        let Some(licensing) = &self.licensing else {
            return observation;
        };
        if licensing.rows.is_empty() {
            // No key is installed for any row, and Windows without a key is unlicensed.
            observation.key = InstalledKey::None;
            observation.status = Some(LicenseStatus::Unlicensed);
            return observation;
        }
        let Some(row) = licensing.windows_row() else {
            return observation;
        };
        observation.key = match row.partial_key {
            PartialKey::LastFive(last_five) => InstalledKey::LastFive(last_five),
            PartialKey::NoKey => InstalledKey::None,
            PartialKey::NotCollected | PartialKey::NotALastFive { .. } => InstalledKey::Unknown,
        };
        observation.channel = row.channel();
        observation.status = row.status();
        observation.reason = row.reason;
        observation.minutes_left = row.grace_minutes;
        observation
    }

    /// By what its firmware shows that it is virtual; `None` where it shows nothing of the kind.
    pub fn virtual_machine(&self) -> Option<Virtual> {
        virtual_machine(self.computer_system.as_ref(), self.enclosure.as_ref())
            .ok()
            .flatten()
    }

    /// The host by what the guest shows of it, for a guest whose host was not collected.
    pub fn platform(&self) -> Host {
        match self.virtual_machine() {
            Some(Virtual::Azure) => Host::Azure,
            Some(Virtual::Other) => Host::OtherHypervisor,
            Some(Virtual::HyperV) => Host::Unknown,
            None => {
                let system = self.computer_system.as_ref();
                match system.and_then(|system| system.hypervisor_present) {
                    // A physical machine: nothing is there that could activate it.
                    Some(false) => Host::OtherHypervisor,
                    _ => Host::Unknown,
                }
            }
        }
    }
}

impl VmRow {
    /// What the guest is, by its key-value items and its own export together.
    pub fn identity(&self) -> Identity {
        let system = self.vm.as_ref().and_then(VmRecord::system);
        let identity = kvp_clues(Identity::UNKNOWN, system);
        match &self.guest {
            Some(guest) => guest.add_to(identity),
            None => identity,
        }
    }

    /// The guest as the rulebook reads it.
    pub fn facts(&self) -> Guest {
        let identity = self.identity();
        let licensing = self
            .guest
            .as_ref()
            .and_then(|guest| guest.licensing.as_ref());
        let mut facts = Guest::from(&identity);
        facts.evaluation = evaluation(&identity, licensing);
        let vm = self.vm.as_ref();
        facts.data_exchange = vm.and_then(VmRecord::data_exchange_on).into();
        // Intrinsic items are written by the guest's service, so it runs where there are some.
        let by_items = match vm.and_then(VmRecord::system) {
            Some(system) if !system.is_empty() => true.into(),
            _ => YesNo::unknown(),
        };
        let by_export = match self.guest.as_ref().and_then(|guest| guest.service) {
            Some(ServiceStatus::RUNNING) => true.into(),
            Some(ServiceStatus::STOPPED) => false.into(),
            _ => YesNo::unknown(),
        };
        facts.guest_service = both(by_items, by_export);
        facts
    }

    /// What the guest's own export shows of its licence; nothing where there is no export.
    pub fn observation(&self) -> Observation {
        self.guest
            .as_ref()
            .map(GuestRecord::observation)
            .unwrap_or_default()
    }

    /// Whether anything was seen of the guest's system: key-value items or its own export.
    pub fn guest_was_seen(&self) -> bool {
        let system = self.vm.as_ref().and_then(VmRecord::system);
        self.guest.is_some() || system.is_some_and(|system| !system.is_empty())
    }
}
