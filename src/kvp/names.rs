//! The names of the items that Windows and Linux exchange by themselves.
//!
//! All values are text, numbers too. Source: Microsoft's data exchange and WMI pages for the items
//! of Windows guests, the Linux daemon for those of Linux, three independent dumps of real guests
//! for the host description.

macro_rules! names {
    (
        $(#[$meta:meta])*
        pub const $ALL:ident;
        $( $(#[$row:meta])* $CONST:ident = $name:literal; )+
    ) => {
        $( $(#[$row])* pub const $CONST: &str = $name; )+

        $(#[$meta])*
        pub const $ALL: &[&str] = &[$($CONST),+];
    };
}

names! {
    /// The items that a Linux guest describes itself with, in the order of their index.
    pub const LINUX_INTRINSIC;
    /// The guest's full DNS name, as in `web01.example.test`. A failed look-up leaves
    /// `getaddrinfo failed: 0x… …` here.
    FULLY_QUALIFIED_DOMAIN_NAME = "FullyQualifiedDomainName";
    /// Version of the integration services: a Windows file version, or `3.1` on Linux.
    INTEGRATION_SERVICES_VERSION = "IntegrationServicesVersion";
    /// IPv4 addresses, joined with `;`.
    NETWORK_ADDRESS_IPV4 = "NetworkAddressIPv4";
    /// IPv6 addresses, joined with `;`.
    NETWORK_ADDRESS_IPV6 = "NetworkAddressIPv6";
    /// The build, as in `20348`; on Linux the kernel release.
    OS_BUILD_NUMBER = "OSBuildNumber";
    /// The registry's `ProductName`, as in `Windows Server 2022 Standard`; on Linux the distribution.
    OS_NAME = "OSName";
    /// Major version, as in `10`.
    OS_MAJOR_VERSION = "OSMajorVersion";
    /// Minor version, as in `0`.
    OS_MINOR_VERSION = "OSMinorVersion";
    /// Version, as in `10.0.20348`; on Linux the kernel release up to its first hyphen.
    OS_VERSION = "OSVersion";
    /// A number on Windows (`9` is x64, `12` is ARM64), `uname -m` on Linux (`x86_64`).
    PROCESSOR_ARCHITECTURE = "ProcessorArchitecture";
}

names! {
    /// The items that only Windows guests have.
    pub const WINDOWS_INTRINSIC;
    /// The service pack as text; empty where there is none.
    CSD_VERSION = "CSDVersion";
    /// The SKU number of `GetProductInfo`, as in `7` for Standard.
    OS_EDITION_ID = "OSEditionId";
    /// `2` a supported Windows, `1` an unsupported one.
    OS_PLATFORM_ID = "OSPlatformId";
    /// `1` client, `2` domain controller, `3` server.
    PRODUCT_TYPE = "ProductType";
    /// IPv4 addresses on which Remote Desktop listens, joined with `;`; empty without a listener.
    RDP_ADDRESS_IPV4 = "RDPAddressIPv4";
    /// IPv6 addresses on which Remote Desktop listens, joined with `;`.
    RDP_ADDRESS_IPV6 = "RDPAddressIPv6";
    /// Service pack, major number.
    SERVICE_PACK_MAJOR = "ServicePackMajor";
    /// Service pack, minor number.
    SERVICE_PACK_MINOR = "ServicePackMinor";
    /// Product suites as a bit mask in decimal; bit 0x80 is Datacenter.
    SUITE_MASK = "SuiteMask";
}

names! {
    /// Items of other guests, seen in the field.
    pub const OTHER_INTRINSIC;
    /// Name of a distribution.
    OS_DISTRIBUTION_NAME = "OSDistributionName";
    /// More on the distribution.
    OS_DISTRIBUTION_DATA = "OSDistributionData";
    /// Kernel version.
    OS_KERNEL_VERSION = "OSKernelVersion";
    /// Vendor of the system.
    OS_VENDOR = "OSVendor";
    /// Signature of the system.
    OS_SIGNATURE = "OSSignature";
}

names! {
    /// The items by which the host describes itself to the guest, in their order.
    ///
    /// A Windows guest finds them under `HKLM\SOFTWARE\Microsoft\Virtual Machine\Guest\Parameters`.
    /// None carries the host's build.
    pub const HOST_DESCRIPTION;
    /// DNS name of the host; in a cluster, of the node.
    HOST_NAME = "HostName";
    /// The host's SKU number.
    HOSTING_SYSTEM_EDITION_ID = "HostingSystemEditionId";
    /// How deeply the host itself is nested; `0` on hardware.
    HOSTING_SYSTEM_NESTED_LEVEL = "HostingSystemNestedLevel";
    /// Major version of the host, as in `10`.
    HOSTING_SYSTEM_OS_MAJOR = "HostingSystemOsMajor";
    /// Minor version of the host, as in `0`.
    HOSTING_SYSTEM_OS_MINOR = "HostingSystemOsMinor";
    /// Processor architecture of the host, a number as in `9` for x64.
    HOSTING_SYSTEM_PROCESSOR_ARCHITECTURE = "HostingSystemProcessorArchitecture";
    /// Deepest idle state of the host's processors.
    HOSTING_SYSTEM_PROCESSOR_IDLE_STATE_MAX = "HostingSystemProcessorIdleStateMax";
    /// Upper throttle of the host's processors, percent.
    HOSTING_SYSTEM_PROCESSOR_THROTTLE_MAX = "HostingSystemProcessorThrottleMax";
    /// Lower throttle of the host's processors, percent.
    HOSTING_SYSTEM_PROCESSOR_THROTTLE_MIN = "HostingSystemProcessorThrottleMin";
    /// Service pack of the host, major number.
    HOSTING_SYSTEM_SP_MAJOR = "HostingSystemSpMajor";
    /// Service pack of the host, minor number.
    HOSTING_SYSTEM_SP_MINOR = "HostingSystemSpMinor";
    /// NetBIOS name of the physical host.
    PHYSICAL_HOST_NAME = "PhysicalHostName";
    /// Full DNS name of the physical host.
    PHYSICAL_HOST_NAME_FULLY_QUALIFIED = "PhysicalHostNameFullyQualified";
    /// Whether the VM's memory is dynamic, `0` or `1`.
    VIRTUAL_MACHINE_DYNAMIC_MEMORY_BALANCING_ENABLED = "VirtualMachineDynamicMemoryBalancingEnabled";
    /// The VM's id: a GUID in upper case without braces.
    VIRTUAL_MACHINE_ID = "VirtualMachineId";
    /// The VM's name on its host.
    VIRTUAL_MACHINE_NAME = "VirtualMachineName";
}
