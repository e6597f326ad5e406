//! Mirrors of the classes that are collected, with the property names that they really have.
//!
//! Every property is optional: a collection may select fewer, and a value that cannot be read is a
//! fault and then missing. A missing property and `null` are both `None`; a text that is there and
//! empty is `Some("")`.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::code::{
    EnabledState, GroupState, GroupType, NodeState, OperationalStatus, ReplicationMode,
    ServiceStatus, VmState,
};
use super::fault::{Fault, FaultKind, Misread, Place};
use super::value::{Value, When};
use crate::catalog::mask::Masked;
use crate::hresult::HResult;
use crate::ids::VmId;

/// What a property can hold.
pub(crate) trait Field: Sized {
    fn field(value: &Value) -> Result<Option<Self>, Misread>;
}

/// A text as it is kept: a product key in it that is of no published list does not enter a record.
pub(crate) fn masked(text: Cow<'_, str>) -> String {
    if Masked(&text).is_needed() {
        Masked(&text).to_string()
    } else {
        text.into_owned()
    }
}

impl Field for String {
    fn field(value: &Value) -> Result<Option<Self>, Misread> {
        value.text().map(|text| text.map(masked))
    }
}

impl Field for bool {
    fn field(value: &Value) -> Result<Option<Self>, Misread> {
        value.boolean()
    }
}

macro_rules! number_fields {
    ($($Number:ident)+) => {
        $(
            impl Field for $Number {
                fn field(value: &Value) -> Result<Option<Self>, Misread> {
                    value
                        .integer()?
                        .map(|number| Self::try_from(number).map_err(|_| Misread::OutOfRange))
                        .transpose()
                }
            }
        )+
    };
}

number_fields! { u32 u64 }

impl Field for VmId {
    fn field(value: &Value) -> Result<Option<Self>, Misread> {
        value.guid()
    }
}

impl Field for HResult {
    fn field(value: &Value) -> Result<Option<Self>, Misread> {
        value.hresult()
    }
}

macro_rules! code_fields {
    ($($Code:ident)+) => {
        $(
            impl Field for $Code {
                fn field(value: &Value) -> Result<Option<Self>, Misread> {
                    Self::read(value)
                }
            }
        )+
    };
}

code_fields! {
    EnabledState GroupState GroupType NodeState OperationalStatus ReplicationMode ServiceStatus VmState
}

/// Reads one property of `object`; what cannot be read is a fault and then missing.
pub(crate) fn field<T: Field>(
    object: &Value,
    name: &str,
    place: Place<'_>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    match T::field(object.get(name)?) {
        Ok(field) => field,
        Err(misread) => {
            let place = place.property(name);
            faults.push(place.fault(unreadable(object.get(name), place, misread)));
            None
        }
    }
}

/// Reads a date.
pub(crate) fn when(object: &Value, name: &str, place: Place<'_>, faults: &mut Vec<Fault>) -> When {
    match object.get(name).map_or(Ok(When::Unknown), Value::when) {
        Ok(when) => when,
        Err(misread) => {
            let place = place.property(name);
            faults.push(place.fault(misread));
            When::Unknown
        }
    }
}

/// What is wrong with a value that is not what it should be: cut off, or just something else.
pub(crate) fn unreadable(value: Option<&Value>, place: Place<'_>, misread: Misread) -> FaultKind {
    if value.is_some_and(Value::is_cut_off) {
        // ConvertTo-Json counts the document as depth 0 and writes what lies deeper than `-Depth` as
        // text, so the first such text is one deeper than what was asked for.
        FaultKind::CutOff {
            depth: place.depth().saturating_sub(1),
        }
    } else {
        misread.into()
    }
}

/// The objects of a list, each with its place; anything else in it is a fault. Gives the number of
/// those.
pub(crate) fn objects<'v>(
    list: &'v Value,
    place: Place<'_>,
    faults: &mut Vec<Fault>,
    mut each: impl FnMut(&'v Value, Place<'_>, &mut Vec<Fault>),
) -> usize {
    let mut refused = 0;
    let bare = list.is_bare();
    for (index, element) in list.elements().enumerate() {
        let element_place = place.index(index);
        let place = if bare { place } else { element_place };
        match element {
            Value::Object(_) if only_in_cim_properties(element) => {
                refused += 1;
                faults.push(place.fault(FaultKind::RawCim));
            }
            Value::Object(_) => each(element, place, faults),
            Value::Null => {}
            _ => {
                refused += 1;
                faults.push(place.fault(unreadable(Some(element), place, Misread::NotAnObject)));
            }
        }
    }
    refused
}

/// Whether a CIM object has nothing beside the properties that every CIM object has.
pub(crate) fn only_in_cim_properties(object: &Value) -> bool {
    const NOISE: &[&str] = &[
        "CimClass",
        "CimInstanceProperties",
        "CimSystemProperties",
        "PSComputerName",
        "PSShowComputerName",
        "RunspaceId",
    ];
    object.has("CimInstanceProperties")
        && matches!(object, Value::Object(properties) if properties
            .iter()
            .all(|(name, _)| NOISE.iter().any(|noise| noise.eq_ignore_ascii_case(name))))
}

macro_rules! mirrors {
    ($(
        $(#[$meta:meta])*
        pub struct $Class:ident {
            $( $(#[$row:meta])* $field:ident: $Type:ty = $name:literal; )+
        }
    )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $Class {
            $( #[doc = concat!("`", $name, "`.")] $(#[$row])* pub $field: Option<$Type>, )+
        }

        impl $Class {
            /// Reads the object's properties; unknown ones are ignored.
            pub fn read(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
                Self { $( $field: field(object, $name, place, faults), )+ }
            }
        }
    )+ };
}

mirrors! {
    /// `Win32_OperatingSystem`.
    pub struct OperatingSystem {
        /// The computer's name, 15 characters at most.
        cs_name: String = "CSName";
        /// The product's name, in the language of Windows.
        caption: String = "Caption";
        /// The build, as in 20348.
        build_number: u32 = "BuildNumber";
        /// As in `10.0.20348`.
        version: String = "Version";
        /// The number of `GetProductInfo`.
        sku: u32 = "OperatingSystemSKU";
        /// 1 client, 2 domain controller, 3 server.
        product_type: u32 = "ProductType";
        /// Bit 0x80 is Datacenter.
        suite_mask: u32 = "SuiteMask";
    }

    /// `Win32_ComputerSystem`.
    pub struct ComputerSystem {
        /// The computer's name.
        name: String = "Name";
        /// The domain, or the workgroup.
        domain: String = "Domain";
        /// `Microsoft Corporation` in a Hyper-V VM.
        manufacturer: String = "Manufacturer";
        /// `Virtual Machine` in a Hyper-V VM.
        model: String = "Model";
        /// Whether a hypervisor runs beneath; true on a Hyper-V host too.
        hypervisor_present: bool = "HypervisorPresent";
    }

    /// `Win32_Processor`: one row a socket.
    pub struct Processor {
        /// As in `CPU0`.
        device_id: String = "DeviceID";
        /// Cores of this socket.
        cores: u32 = "NumberOfCores";
    }

    /// `Win32_SystemEnclosure`.
    pub struct Enclosure {
        /// A text of the firmware; in an Azure VM a fixed number.
        asset_tag: String = "SMBIOSAssetTag";
    }

    /// `Get-WindowsFeature`.
    pub struct Feature {
        /// Not localised, as in `Hyper-V`.
        name: String = "Name";
        /// Whether it is installed.
        installed: bool = "Installed";
    }

    /// `HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion`.
    pub struct CurrentVersion {
        /// As in `ServerStandard`, `ServerStandardEval`.
        edition_id: String = "EditionID";
        /// `Server`, `Server Core`, `Client`, `Nano Server`.
        installation_type: String = "InstallationType";
        /// As in `Windows Server 2022 Standard`.
        product_name: String = "ProductName";
        /// As in `21H2`.
        display_version: String = "DisplayVersion";
        /// As in `1809`; the older name of the same.
        release_id: String = "ReleaseId";
        /// The build, as text in the registry.
        current_build: u32 = "CurrentBuild";
        /// The update's number within the build.
        ubr: u32 = "UBR";
    }

    /// `Get-Service`.
    pub struct Service {
        /// As in `vmickvpexchange`.
        name: String = "Name";
        /// 4 is running.
        status: ServiceStatus = "Status";
    }

    /// `Get-VM`.
    pub struct VirtualMachine {
        /// The VM's name on its host; need not be the guest's.
        name: String = "Name";
        /// The VM's id.
        id: VmId = "VMId";
        /// 2 is running.
        state: VmState = "State";
        /// 1 or 2.
        generation: u32 = "Generation";
        /// The configuration version, as in `10.0`.
        version: String = "Version";
        /// Whether it is a cluster's.
        is_clustered: bool = "IsClustered";
        /// The host.
        computer_name: String = "ComputerName";
        /// 2 is a replica copy.
        replication_mode: ReplicationMode = "ReplicationMode";
    }

    /// `Get-VMIntegrationService`.
    pub struct IntegrationService {
        /// The VM's name.
        vm_name: String = "VMName";
        /// The VM's id.
        vm_id: VmId = "VMId";
        /// `Microsoft:<VM GUID>\<service GUID>`.
        id: String = "Id";
        /// The service's name, in the language of the host.
        name: String = "Name";
        /// Whether the host offers the service to the VM.
        enabled: bool = "Enabled";
        /// Says OK for a disabled service too.
        status: OperationalStatus = "PrimaryOperationalStatus";
        /// The status as text, in the language of the host.
        status_description: String = "PrimaryStatusDescription";
    }

    /// `HKLM:\SOFTWARE\Microsoft\Virtual Machine\Guest\Parameters`.
    pub struct GuestParameters {
        /// The VM's id, as its host writes it into the guest.
        vm_id: VmId = "VirtualMachineId";
        /// The VM's name on its host.
        vm_name: String = "VirtualMachineName";
        /// The host's name.
        host_name: String = "PhysicalHostName";
        /// The host's full name.
        host_fqdn: String = "PhysicalHostNameFullyQualified";
    }

    /// `Get-Cluster`.
    pub struct Cluster {
        /// The cluster's name.
        name: String = "Name";
        /// 8 is Windows Server 2012 R2, 9 2016, 10 2019, 11 2022, 12 2025.
        functional_level: u32 = "ClusterFunctionalLevel";
    }

    /// `Get-ClusterNode`.
    pub struct ClusterNode {
        /// The node's name.
        name: String = "Name";
        /// 0 is up.
        state: NodeState = "State";
        /// The build, as in 20348.
        build_number: u32 = "BuildNumber";
    }
}

/// `Get-ClusterGroup` of a virtual machine, with what its resource says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterGroup {
    /// Where in the document.
    pub place: String,
    /// `Name`.
    pub name: Option<String>,
    /// `GroupType`: 111 is a virtual machine.
    pub group_type: Option<GroupType>,
    /// `State`: 0 is online.
    pub state: Option<GroupState>,
    /// `OwnerNode`: the node on which it is now.
    pub owner_node: Option<String>,
    /// `VmId` of the group's resource.
    pub vm_id: Option<VmId>,
    /// `PossibleOwner`: the nodes on which it may be, all of them where the list is empty; `None`
    /// where they were not collected, or not all could be read.
    pub possible_owners: Option<Vec<String>>,
}

impl ClusterGroup {
    /// Reads the object's properties; unknown ones are ignored.
    pub fn read(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Self {
        Self {
            place: place.to_string(),
            name: field(object, "Name", place, faults),
            group_type: field(object, "GroupType", place, faults),
            state: field(object, "State", place, faults),
            owner_node: node_name(object.get("OwnerNode"), place.property("OwnerNode"), faults),
            vm_id: field(object, "VmId", place, faults),
            possible_owners: owners(object, place, faults),
        }
    }
}

/// The possible owners; `None` also where one of them cannot be read: without it the list would say
/// that the VM may not run there, and an empty one that it may run everywhere.
fn owners(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Option<Vec<String>> {
    let list = object.get("PossibleOwner")?;
    let place = place.property("PossibleOwner");
    let before = faults.len();
    let owners = list.elements().enumerate();
    let owners = owners
        .filter_map(|(index, owner)| node_name(Some(owner), place.index(index), faults))
        .collect();
    (faults.len() == before).then_some(owners)
}

/// A node's name: a text, or the object that stands for the node.
fn node_name(node: Option<&Value>, place: Place<'_>, faults: &mut Vec<Fault>) -> Option<String> {
    let node = node?;
    let name = node.get("Name").unwrap_or(node);
    let text = if name.is_cut_off() {
        Err(Misread::NotText)
    } else {
        String::field(name)
    };
    text.unwrap_or_else(|misread| {
        faults.push(place.fault(unreadable(Some(name), place, misread)));
        None
    })
}
