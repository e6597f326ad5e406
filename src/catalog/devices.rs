//! The devices on a VM's bus that are said to be AVMA's.
//!
//! A guest that lacks their drivers, older than Windows Server 2012 R2 or not Windows Server, shows
//! them as unknown devices with a yellow mark. That means nothing for activation, and Microsoft says
//! that they can be ignored.
//!
//! Device Manager shows one device by two ids, as in `VMBUS\{3375baf4-…}` and `VMBUS\{4487b255-…}`:
//! its class and its instance.
//!
//! On `f8e65716-…` the sources disagree. Microsoft's article says that it is provided for AVMA, and
//! Linux names it so; four other sources call it Remote Desktop's control channel, and with it its
//! instance `99221fa0-…`. The table says both and decides nothing. It is no evidence that a host offers
//! AVMA; `3375baf4-…` is the one on which all agree.
//!
//! Sources: Microsoft's article KB2925727, Linux' `hyperv.h`, names of Windows' own drivers.

use crate::ids::VmId;
use crate::source::{
    HYPER_V_DEVICE_NAMES, KB2925727, LINUX_HYPERV, REMOTE_DESKTOP_CHANNEL, Source,
};

/// What one source calls a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceName {
    /// The name.
    pub name: &'static str,
    /// Whether the source says by it that the device is AVMA's.
    pub is_avma: bool,
    /// The source.
    pub source: Source,
}

/// A device on the bus of Hyper-V's virtual machines (VMBus).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Device {
    /// The id, of its class or of its instance. It is the id of no VM, but of the same form.
    pub id: VmId,
    /// What it is called, Microsoft's article first.
    pub names: &'static [DeviceName],
}

impl Device {
    /// Whether the sources disagree on what it is for.
    ///
    /// ```
    /// use avma::catalog::devices::device;
    ///
    /// let named = device("f8e65716-3cb3-4a06-9a60-1889c5cccab5".parse()?).unwrap();
    /// assert!(named.is_disputed());
    /// let activation = device("3375baf4-9e15-4b30-b765-67acb10d607b".parse()?).unwrap();
    /// assert!(!activation.is_disputed());
    /// # Ok::<(), avma::ids::VmIdError>(())
    /// ```
    pub fn is_disputed(&self) -> bool {
        self.names.iter().any(|name| name.is_avma) && self.names.iter().any(|name| !name.is_avma)
    }
}

const fn avma(name: &'static str, source: Source) -> DeviceName {
    DeviceName {
        name,
        is_avma: true,
        source,
    }
}

const fn other(name: &'static str, source: Source) -> DeviceName {
    DeviceName {
        name,
        is_avma: false,
        source,
    }
}

const PROVIDED: DeviceName = avma("provided for AVMA", KB2925727);

/// Every device of which a text says that it is AVMA's.
pub static DEVICES: &[Device] = &[
    Device {
        id: VmId(0x3375_baf4_9e15_4b30_b765_67ac_b10d_607b),
        names: &[
            PROVIDED,
            avma("HV_AVMA2_GUID", LINUX_HYPERV),
            avma(
                "Microsoft Hyper-V Activation Component",
                HYPER_V_DEVICE_NAMES,
            ),
        ],
    },
    Device {
        id: VmId(0x4487_b255_b88c_403f_bb51_d1f6_9cf1_7f87),
        names: &[PROVIDED],
    },
    Device {
        id: VmId(0xf8e6_5716_3cb3_4a06_9a60_1889_c5cc_cab5),
        names: &[
            PROVIDED,
            avma("HV_AVMA1_GUID", LINUX_HYPERV),
            other(
                "Microsoft Hyper-V Remote Desktop Control Channel",
                REMOTE_DESKTOP_CHANNEL,
            ),
        ],
    },
    Device {
        id: VmId(0x9922_1fa0_24ad_11e2_be98_001a_a01b_bf6e),
        names: &[
            PROVIDED,
            other(
                "the instance of the Remote Desktop control channel",
                REMOTE_DESKTOP_CHANNEL,
            ),
        ],
    },
];

/// The device of this id; `None` for one that is not in this table, such as those of storage or
/// network.
pub fn device(id: VmId) -> Option<&'static Device> {
    DEVICES.iter().find(|device| device.id == id)
}

/// The same by a hardware id, as Device Manager shows it.
///
/// ```
/// use avma::catalog::devices::by_hardware_id;
///
/// let unknown = by_hardware_id(r"VMBUS\{4487b255-b88c-403f-bb51-d1f69cf17f87}").unwrap();
/// assert_eq!(unknown.names[0].name, "provided for AVMA");
/// assert_eq!(by_hardware_id(r"ACPI\VMBus"), None);
/// ```
pub fn by_hardware_id(text: &str) -> Option<&'static Device> {
    const BUS: &str = "vmbus\\";
    let (bus, id) = text.trim().split_at_checked(BUS.len())?;
    let is_on_the_bus = bus.eq_ignore_ascii_case(BUS);
    device(id.parse().ok().filter(|_| is_on_the_bus)?)
}
