//! What the tests of the machines begin with.

use avma::activation::guest::Platform;
use avma::assess::Guest;
use avma::catalog::products::Products;
use avma::time::Delay;
use avma::{HostId, LastFive, Product, Release, VmId};

pub const TABLE: &str = include_str!("../../src/activation/transitions.md");
pub const VM: VmId = VmId(0xA1);
pub const HOST: HostId = HostId(1);
pub const OTHER_HOST: HostId = HostId(2);
pub const ON_HOST: Platform = Platform::HyperV(HOST);

/// Standard or Datacenter, so that two AVMA keys may be right.
pub fn guest() -> Guest {
    let products = Products::one_of([Product::Standard, Product::Datacenter]).unwrap();
    Guest::new(Release::Ws2022, products).ready()
}

pub fn key(text: &str) -> LastFive {
    text.parse().unwrap()
}

pub fn delay(ms: u64) -> Option<Delay> {
    Delay::from_millis(ms)
}

/// The AVMA keys of 2022 Standard and Datacenter.
pub const AVMA: [&str; 2] = ["78VHK", "DV9BG"];
pub const OTHERS: [&str; 3] = [
    "VMK7H", // a KMS client key
    "WMBMW", // AVMA, of another release
    "7XK2C", // not published
];
