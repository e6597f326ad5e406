//! From what was collected to what is known: hosts, guests and observations as the rulebook reads
//! them.
//!
//! Only what describes a system counts: Windows' own properties, and the intrinsic key-value items
//! that the guest's service writes. Items that somebody in the guest wrote are claims and are not
//! read here.

use super::activation::Activation;
use super::code::ServiceStatus;
use super::inventory::{Fleet, GuestRecord, HostRecord, VmRecord, VmRow};
use super::kvp::GuestSystem;
use super::licensing::{Licensing, LicensingProduct};
use super::wmi::{ComputerSystem, CurrentVersion, Enclosure, OperatingSystem};
use crate::assess::{Assessment, Guest, Host, Observation, WindowsServerHost, assess};
use crate::catalog::keys::{KeyChannel, KeyUse, identify_last_five};
use crate::fact::YesNo;
use crate::identity::{Axis, Clue, Identity};
use crate::license::{HostLicense, HostLicenses, LicenseChannel};

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

/// An AVMA key in a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostAvmaKey {
    /// Which one; `None` where its last five are not known, or in none of the published lists in this
    /// crate.
    pub published: Option<&'static KeyUse>,
    /// Whether the channel says so; else the last five alone do.
    pub by_channel: bool,
}

/// Makers that make nothing but virtual machines, whatever the model (third-party knowledge).
const MAKERS_OF_VMS: &[&str] = &[
    "VMware",
    "innotek",
    "QEMU",
    "Xen",
    "Parallels",
    "Bochs",
    "oVirt",
    "Red Hat",
    "OpenStack",
];

/// Models of virtual machines, whoever their maker says that it is (third-party knowledge).
const MODELS_OF_VMS: &[&str] = &[
    "VMware",
    "VirtualBox",
    "Standard PC (i440FX",
    "Standard PC (Q35",
    "KVM",
    "HVM domU",
    "Parallels",
    "Bochs",
    "BHYVE",
    "Google Compute Engine",
    "OpenStack",
    "RHEV Hypervisor",
    "oVirt",
];

fn contains(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    text.windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word))
}

/// Whether the text begins with the word and not with a longer one: `VMware7,1` with `VMware`, but
/// not `Xenon` with `Xen`.
fn begins(text: &str, word: &str) -> bool {
    text.split_at_checked(word.len())
        .is_some_and(|(head, rest)| {
            head.eq_ignore_ascii_case(word) && !rest.starts_with(char::is_alphabetic)
        })
}

/// Whether maker and model are of another hypervisor's virtual machine. An unknown one is empty.
///
/// Some makers sell both machines and virtual machines, so neither is judged without the other:
/// Nutanix builds the `NX-3060-G7` and runs `AHV`, Amazon lets out the `m5.metal` and the `m5.large`.
fn is_other_hypervisor(maker: &str, model: &str) -> bool {
    MAKERS_OF_VMS.iter().any(|word| begins(maker, word))
        || MODELS_OF_VMS.iter().any(|word| begins(model, word))
        || begins(maker, "Nutanix") && begins(model, "AHV")
        || begins(maker, "Amazon EC2") && !model.is_empty() && !contains(model, ".metal")
}

/// Whether a machine is virtual: `Ok(None)` for one that is not, `Err` where it cannot be told.
fn virtual_machine(
    system: Option<&ComputerSystem>,
    enclosure: Option<&Enclosure>,
) -> Result<Option<Virtual>, ()> {
    if enclosure.and_then(|enclosure| enclosure.asset_tag.as_deref()) == Some(AZURE_ASSET_TAG) {
        return Ok(Some(Virtual::Azure));
    }
    let maker = system.and_then(|system| system.manufacturer.as_deref());
    let model = system.and_then(|system| system.model.as_deref());
    let (maker, model) = (maker.map_or("", str::trim), model.map_or("", str::trim));
    if contains(maker, "Microsoft Corporation") && contains(model, "Virtual Machine") {
        Ok(Some(Virtual::HyperV))
    } else if is_other_hypervisor(maker, model) {
        Ok(Some(Virtual::Other))
    } else if maker.is_empty() || model.is_empty() {
        Err(())
    } else {
        Ok(None)
    }
}

fn system_clues(system: Option<&OperatingSystem>) -> impl Iterator<Item = Clue<'_>> {
    let clues = system.into_iter().flat_map(|system| {
        [
            system.caption.as_deref().map(Clue::Caption),
            system.build_number.map(Clue::Build),
            system.version.as_deref().map(Clue::OsVersion),
            system.sku.map(Clue::Sku),
            system.product_type.map(Clue::ProductType),
            system.suite_mask.map(Clue::SuiteMask),
        ]
    });
    clues.flatten()
}

fn registry_clues(version: Option<&CurrentVersion>) -> impl Iterator<Item = Clue<'_>> {
    let clues = version.into_iter().flat_map(|version| {
        let installation = version.installation_type.as_deref();
        [
            version.edition_id.as_deref().map(Clue::EditionId),
            version.product_name.as_deref().map(Clue::Caption),
            installation.map(Clue::InstallationType),
            version.current_build.map(Clue::Build),
        ]
    });
    clues.flatten()
}

fn license_clues(licensing: Option<&Licensing>) -> impl Iterator<Item = Clue<'_>> {
    licensing
        .and_then(Licensing::windows_row)
        .and_then(|row| row.license_family.as_deref())
        .map(Clue::LicenseFamily)
        .into_iter()
}

fn kvp_clues(system: Option<&GuestSystem>) -> impl Iterator<Item = Clue<'_>> {
    let clues = system.into_iter().flat_map(|system| {
        // A Linux guest's build and version are its kernel's.
        let windows = system.is_windows();
        let version = system.os_version.as_deref().filter(|_| windows);
        [
            system.os_name.as_deref().map(Clue::Caption),
            system.build().filter(|_| windows).map(Clue::Build),
            version.map(Clue::OsVersion),
            system.sku().map(Clue::Sku),
            system.product_type().map(Clue::ProductType),
            system.suite_mask().map(Clue::SuiteMask),
        ]
    });
    clues.flatten()
}

/// An evaluation copy by the channel of the licence.
fn evaluation_by_channel(licensing: Option<&Licensing>) -> YesNo {
    let row = licensing.and_then(Licensing::windows_row);
    match row.and_then(LicensingProduct::channel) {
        None | Some(LicenseChannel::Unlisted) => YesNo::unknown(),
        Some(channel) => (channel == LicenseChannel::Evaluation).into(),
    }
}

/// An evaluation copy by what the system itself says. Its licence counts where the system is silent:
/// another key makes no other system of it. A system that contradicts itself is not silent.
fn evaluation(system: &Identity, licensing: Option<&Licensing>) -> YesNo {
    let known = system.evaluation();
    if system
        .conflicts()
        .any(|conflict| conflict.about == Axis::Evaluation)
    {
        return known;
    }
    let by_family = Identity::from_clues(license_clues(licensing)).evaluation();
    known.or(by_family).or(evaluation_by_channel(licensing))
}

/// Whether the licence is of an evaluation copy and the system is none, or the other way round.
fn license_contradicts(system: &Identity, licensing: Option<&Licensing>) -> bool {
    let known = system.evaluation();
    let by_family = Identity::from_clues(license_clues(licensing)).evaluation();
    let by_channel = evaluation_by_channel(licensing);
    let differ = |a: YesNo, b: YesNo| a.intersect(b).is_none();
    differ(known, by_family) || differ(known, by_channel) || differ(by_family, by_channel)
}

impl GuestSystem {
    /// What the system is, by its items alone.
    pub fn identity(&self) -> Identity {
        Identity::from_clues(kvp_clues(Some(self)))
    }
}

impl HostRecord {
    /// What the host is, by everything that was collected of it.
    pub fn identity(&self) -> Identity {
        let system = system_clues(self.operating_system.as_ref());
        Identity::from_clues(system.chain(license_clues(self.licensing.as_ref())))
    }

    /// Without what the licence tells.
    fn system_identity(&self) -> Identity {
        Identity::from_clues(system_clues(self.operating_system.as_ref()))
    }

    /// Whether the licence says that Windows is an evaluation copy and the system says that it is
    /// none, or the other way round. [`facts`](Self::facts) go by the system.
    pub fn license_contradicts_identity(&self) -> bool {
        license_contradicts(&self.system_identity(), self.licensing.as_ref())
    }

    /// The host as the rulebook reads it. A virtual machine that is a host is nested, in Azure too,
    /// and a host that AVMA itself activated is one.
    pub fn facts(&self) -> Host {
        let identity = self.identity();
        match Host::from(&identity) {
            Host::WindowsServer(host) => self.windows_server(host).into(),
            host => host,
        }
    }

    fn windows_server(&self, host: WindowsServerHost) -> WindowsServerHost {
        let nested = self.firmware();
        WindowsServerHost {
            evaluation: evaluation(&self.system_identity(), self.licensing.as_ref()),
            license: self.license(),
            hyper_v_role: match (self.hyper_v, &self.vms) {
                (Some(installed), _) => installed.into(),
                // `Get-VM` lists machines only where the role is.
                (None, Some(vms)) if !vms.is_empty() => true.into(),
                (None, _) => YesNo::unknown(),
            },
            nested: match nested {
                // AVMA activates virtual machines only, whatever the firmware says.
                _ if self.is_activated_by_avma() => true.into(),
                Ok(found) => found.is_some().into(),
                Err(()) => YesNo::unknown(),
            },
            pay_as_you_go: self.pay_as_you_go(),
            ..host
        }
    }

    /// What the licence of Windows itself may be. An empty list of rows with a key, or one of add-ons
    /// only, means that Windows has no key, so it is not licensed; see
    /// [`has_no_key`](Licensing::has_no_key).
    pub fn license(&self) -> HostLicenses {
        let Some(licensing) = &self.licensing else {
            return HostLicenses::unknown();
        };
        if licensing.has_no_key() {
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

    /// By what the host's own licence shows an AVMA key: by the channel, or where that is not known by
    /// the last five of a published key. `None` where it shows none.
    ///
    /// Such a key is for guests. In a host it activates nothing, unless the host is itself a guest of
    /// AVMA ([`is_activated_by_avma`](Self::is_activated_by_avma)).
    pub fn avma_key(&self) -> Option<HostAvmaKey> {
        let row = self.licensing.as_ref()?.windows_row()?;
        let last_five = row.partial_key.last_five();
        let published = last_five.and_then(identify_last_five);
        let published = published.filter(|key| key.channel == KeyChannel::Avma);
        match row.channel() {
            Some(LicenseChannel::Avma) => Some(HostAvmaKey {
                published,
                by_channel: true,
            }),
            None | Some(LicenseChannel::Unlisted) => published.map(|key| HostAvmaKey {
                published: Some(key),
                by_channel: false,
            }),
            // A private key may end as a published one does; the channel says that it is one.
            Some(_) => None,
        }
    }

    /// Whether the host's own licence came by AVMA, so that the host is itself a virtual machine on an
    /// AVMA host. By the channel: five symbols alone do not say so.
    pub fn is_activated_by_avma(&self) -> bool {
        self.avma_key().is_some_and(|key| key.by_channel)
            && self.license().is(HostLicense::Licensed)
    }

    /// By what its firmware shows that the host is virtual, as of a guest.
    pub(crate) fn firmware(&self) -> Result<Option<Virtual>, ()> {
        virtual_machine(self.computer_system.as_ref(), self.enclosure.as_ref())
    }

    /// A host whose licence came by MAK, KMS, OEM or retail is not licensed pay-as-you-go, nor is one
    /// that holds an AVMA key.
    fn pay_as_you_go(&self) -> YesNo {
        if self.avma_key().is_some() {
            return false.into();
        }
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
        let licensing = self.licensing.as_ref();
        Identity::from_clues(self.system_clues().chain(license_clues(licensing)))
    }

    fn system_clues(&self) -> impl Iterator<Item = Clue<'_>> {
        let system = system_clues(self.operating_system.as_ref());
        system.chain(registry_clues(self.current_version.as_ref()))
    }

    /// What its licence row shows.
    pub fn observation(&self) -> Observation {
        self.activation().observation
    }

    /// What its licence row shows, with the host and the time of the last activation.
    pub fn activation(&self) -> Activation {
        self.licensing
            .as_ref()
            .map(Licensing::activation)
            .unwrap_or_default()
    }

    /// By what its firmware shows that it is virtual; `None` where it shows nothing of the kind.
    pub fn virtual_machine(&self) -> Option<Virtual> {
        self.firmware().ok().flatten()
    }

    /// The same, with a physical machine (`Ok(None)`) told from one of which it is not known.
    pub(super) fn firmware(&self) -> Result<Option<Virtual>, ()> {
        virtual_machine(self.computer_system.as_ref(), self.enclosure.as_ref())
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

impl Fleet {
    /// The host of a row, as the rulebook reads it; where it was not collected, what the guest's own
    /// export shows of it ([`GuestRecord::platform`]).
    pub fn host_of(&self, row: &VmRow) -> Host {
        let host = row.host.and_then(|place| self.hosts.get(place));
        let platform = || {
            row.guest
                .as_ref()
                .map_or(Host::Unknown, GuestRecord::platform)
        };
        host.map_or_else(platform, HostRecord::facts)
    }

    /// The three answers about a row: can its host activate it, what is its key, what was seen.
    pub fn assess(&self, row: &VmRow) -> Assessment {
        assess(&self.host_of(row), &row.facts(), &row.observation())
    }
}

impl VmRow {
    /// What the guest is, by its key-value items and its own export together.
    ///
    /// Items that only an earlier sighting shows ([`system`](Self::system)) count where the export
    /// does not say what the system is: it may have been upgraded since.
    pub fn identity(&self) -> Identity {
        Identity::from_clues(self.system_clues().chain(license_clues(self.licensing())))
    }

    /// Without what the licence tells.
    fn system_identity(&self) -> Identity {
        Identity::from_clues(self.system_clues())
    }

    fn system_clues(&self) -> impl Iterator<Item = Clue<'_>> {
        let exported = || self.guest.iter().flat_map(GuestRecord::system_clues);
        let system = if Identity::from_clues(exported()) == Identity::UNKNOWN {
            self.system()
        } else {
            self.vm.as_ref().and_then(VmRecord::system)
        };
        kvp_clues(system).chain(exported())
    }

    fn licensing(&self) -> Option<&Licensing> {
        self.guest.as_ref()?.licensing.as_ref()
    }

    /// Whether the licence in the guest's export says that it is an evaluation copy and its system
    /// says that it is none, or the other way round. [`facts`](Self::facts) go by the system: an
    /// evaluation copy that claims the AVMA channel stays one.
    pub fn license_contradicts_identity(&self) -> bool {
        license_contradicts(&self.system_identity(), self.licensing())
    }

    /// The guest as the rulebook reads it.
    pub fn facts(&self) -> Guest {
        let mut facts = Guest::from(&self.identity());
        facts.evaluation = evaluation(&self.system_identity(), self.licensing());
        let vm = self.vm.as_ref();
        facts.data_exchange = vm.and_then(VmRecord::data_exchange_on).into();
        // Intrinsic items are written by the guest's service, so it has run where there are some. A
        // status that says so itself comes first: items outlive the service.
        let by_items = vm.and_then(VmRecord::system).map(|_| true);
        let by_export = match self.guest.as_ref().and_then(|guest| guest.service) {
            Some(ServiceStatus::RUNNING) => true.into(),
            Some(ServiceStatus::STOPPED) => false.into(),
            _ => YesNo::unknown(),
        };
        facts.guest_service = by_export.or(by_items.into());
        facts
    }

    /// What the guest's own export shows of its licence; nothing where there is no export.
    pub fn observation(&self) -> Observation {
        self.guest
            .as_ref()
            .map(GuestRecord::observation)
            .unwrap_or_default()
    }

    /// The same, with the host and the time of the last activation.
    pub fn activation(&self) -> Activation {
        self.guest
            .as_ref()
            .map(GuestRecord::activation)
            .unwrap_or_default()
    }

    /// Whether anything was seen of the guest's system: key-value items, of an earlier sighting too,
    /// or its own export.
    pub fn guest_was_seen(&self) -> bool {
        self.guest.is_some() || self.system().is_some()
    }
}
