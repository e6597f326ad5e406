//! How a guest describes its system to the host: the intrinsic key-value items.
//!
//! The guest's integration service writes them, nothing secures them, and they are there only while
//! the VM runs. Items that somebody in the guest wrote may have the same names; they are claims and
//! never describe the system.

use alloc::string::String;
use alloc::vec::Vec;

use crate::kvp::{Item, names};

macro_rules! system {
    ($( $(#[$row:meta])* $field:ident = $NAME:ident; )+) => {
        /// The system in a guest, by its intrinsic items (pool Auto, `Source` 2).
        ///
        /// Each value is kept as the guest wrote it; the methods read the numbers out of them.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct GuestSystem {
            $( $(#[$row])* pub $field: Option<String>, )+
            /// Intrinsic items of other names, and those of which there are several that differ.
            pub others: Vec<Item>,
        }

        impl GuestSystem {
            fn slot(&mut self, name: &str) -> Option<&mut Option<String>> {
                match name {
                    $( names::$NAME => Some(&mut self.$field), )+
                    _ => None,
                }
            }

            /// Whether no item was there at all.
            pub fn is_empty(&self) -> bool {
                self.others.is_empty() $( && self.$field.is_none() )+
            }
        }
    };
}

system! {
    /// `FullyQualifiedDomainName`; see [`host_name`](Self::host_name).
    fully_qualified_domain_name = FULLY_QUALIFIED_DOMAIN_NAME;
    /// `OSName`, as in `Windows Server 2022 Standard`.
    os_name = OS_NAME;
    /// `OSVersion`, as in `10.0.20348`.
    os_version = OS_VERSION;
    /// `OSMajorVersion`.
    os_major_version = OS_MAJOR_VERSION;
    /// `OSMinorVersion`.
    os_minor_version = OS_MINOR_VERSION;
    /// `OSBuildNumber`; see [`build`](Self::build).
    os_build_number = OS_BUILD_NUMBER;
    /// `OSEditionId`; see [`sku`](Self::sku).
    os_edition_id = OS_EDITION_ID;
    /// `OSPlatformId`; see [`is_windows`](Self::is_windows).
    os_platform_id = OS_PLATFORM_ID;
    /// `ProductType`; see [`product_type`](Self::product_type).
    product_type = PRODUCT_TYPE;
    /// `SuiteMask`; see [`suite_mask`](Self::suite_mask).
    suite_mask = SUITE_MASK;
    /// `CSDVersion`.
    csd_version = CSD_VERSION;
    /// `ServicePackMajor`.
    service_pack_major = SERVICE_PACK_MAJOR;
    /// `ServicePackMinor`.
    service_pack_minor = SERVICE_PACK_MINOR;
    /// `ProcessorArchitecture`: `9` on Windows, `x86_64` on Linux.
    processor_architecture = PROCESSOR_ARCHITECTURE;
    /// `IntegrationServicesVersion`.
    integration_services_version = INTEGRATION_SERVICES_VERSION;
    /// `NetworkAddressIPv4`, joined with `;`.
    network_address_ipv4 = NETWORK_ADDRESS_IPV4;
    /// `NetworkAddressIPv6`, joined with `;`.
    network_address_ipv6 = NETWORK_ADDRESS_IPV6;
    /// `RDPAddressIPv4`, joined with `;`.
    rdp_address_ipv4 = RDP_ADDRESS_IPV4;
    /// `RDPAddressIPv6`, joined with `;`.
    rdp_address_ipv6 = RDP_ADDRESS_IPV6;
}

/// An item of which there are two with different values; which one counts cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contradiction;

fn number(text: Option<&String>) -> Option<u32> {
    text?.trim().parse().ok()
}

impl GuestSystem {
    /// Takes an intrinsic item.
    ///
    /// # Errors
    ///
    /// A second item of the same name with another value. Both are then in
    /// [`others`](Self::others), and neither describes the system, so that their order cannot
    /// matter.
    pub fn take(&mut self, item: Item) -> Result<(), Contradiction> {
        let contradicted = self.others.iter().any(|other| other.name == item.name);
        let Some(slot) = self.slot(&item.name) else {
            self.others.push(item);
            return Ok(());
        };
        match slot {
            Some(data) if *data == item.data => Ok(()),
            None if !contradicted => {
                *slot = Some(item.data);
                Ok(())
            }
            _ => {
                let earlier = slot.take().map(|data| Item {
                    data,
                    ..item.clone()
                });
                self.others.extend(earlier);
                self.others.push(item);
                Err(Contradiction)
            }
        }
    }

    /// The computer's full name; `None` where it is empty, or where the guest could not look it up
    /// and left the error in its place.
    pub fn host_name(&self) -> Option<&str> {
        let name = self.fully_qualified_domain_name.as_deref()?.trim();
        (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
    }

    /// The build of a Windows guest; `None` for a kernel release such as `6.1.0`.
    pub fn build(&self) -> Option<u32> {
        number(self.os_build_number.as_ref())
    }

    /// The SKU number.
    pub fn sku(&self) -> Option<u32> {
        number(self.os_edition_id.as_ref())
    }

    /// 1 client, 2 domain controller, 3 server.
    pub fn product_type(&self) -> Option<u32> {
        number(self.product_type.as_ref())
    }

    /// Product suites; bit 0x80 is Datacenter.
    pub fn suite_mask(&self) -> Option<u32> {
        number(self.suite_mask.as_ref())
    }

    /// Whether the guest has items that only Windows writes.
    pub fn is_windows(&self) -> bool {
        self.os_platform_id.is_some() || self.os_edition_id.is_some() || self.product_type.is_some()
    }
}
