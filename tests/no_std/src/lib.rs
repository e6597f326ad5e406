//! Links `avma` with default features off and brings its own panic handler. If the standard library
//! crept in anywhere below, there would be two of them and rustc would stop with E0152.
#![no_std]

use avma::assess::{Can, Guest, Host, can};
use avma::kvp::message::{self, ItemRequest, Request};
use avma::{Product, Release};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// Something that really uses the crate: 1 if a 2022 Datacenter host activates a 2019 Standard guest.
#[unsafe(no_mangle)]
pub extern "C" fn avma_eligible() -> u32 {
    let host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
    let guest = Guest::new(Release::Ws2019, Product::Standard).ready();
    u32::from(can(&host, &guest) == Can::Eligible)
}

/// The codec both ways: the number of UTF-16 units in the value of a SET packet, or 0 for any other.
#[unsafe(no_mangle)]
pub extern "C" fn avma_value_units(packet: &[u8; message::LEN]) -> usize {
    match Request::decode(packet).map(|received| received.message) {
        Ok(Request::Item(ItemRequest::Set { pair, .. })) => {
            pair.value.text().map_or(0, |text| text.units_len())
        }
        _ => 0,
    }
}

/// An allocator that has no memory: enough to link.
#[cfg(feature = "all")]
mod no_memory {
    use core::alloc::{GlobalAlloc, Layout};

    struct NoMemory;

    // SAFETY: it hands out nothing, so it can break no promise about what it handed out.
    unsafe impl GlobalAlloc for NoMemory {
        unsafe fn alloc(&self, _: Layout) -> *mut u8 {
            core::ptr::null_mut()
        }

        unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
    }

    #[global_allocator]
    static ALLOCATOR: NoMemory = NoMemory;
}
