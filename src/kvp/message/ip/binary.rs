//! IP information in binary form (message version 5.0): a block of 3712 bytes.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::super::code::{AddressFamily, Origin};
use super::super::super::error::{IpList, MessageError, TextField, WriteError};
use super::super::super::layout::{field_mut, part, put, u8_at, u32_at};
use super::super::super::text::Text;
use super::super::Tolerated;
use super::super::value::lenient_field;
use super::{ADAPTER_LEN, adapter_fault};

/// Where the fields are, from the block's begin.
mod field {
    pub(super) const COUNTS: usize = 0;
    pub(super) const ADAPTER_ID: usize = 24;
    pub(super) const FAMILY: usize = 280;
    pub(super) const DHCP: usize = 281;
    pub(super) const IPV4: usize = 284;
    pub(super) const IPV6: usize = 540;
    pub(super) const IPV4_SUBNETS: usize = 1564;
    pub(super) const IPV6_SUBNETS: usize = 1820;
    pub(super) const IPV4_GATEWAYS: usize = 2076;
    pub(super) const IPV6_GATEWAYS: usize = 2096;
    pub(super) const IPV4_DNS: usize = 2176;
    pub(super) const IPV6_DNS: usize = 2432;
    pub(super) const ORIGINS: usize = 3456;

    const _: () = assert!(COUNTS + 6 * 4 == ADAPTER_ID);
    const _: () = assert!(ADAPTER_ID + super::ADAPTER_LEN == FAMILY && DHCP + 1 + 2 == IPV4);
    const _: () = assert!(IPV4 + 64 * 4 == IPV6 && IPV6 + 64 * 16 == IPV4_SUBNETS);
    const _: () = assert!(IPV4_SUBNETS + 64 * 4 == IPV6_SUBNETS);
    const _: () = assert!(IPV6_SUBNETS + 64 * 4 == IPV4_GATEWAYS);
    const _: () = assert!(IPV4_GATEWAYS + 5 * 4 == IPV6_GATEWAYS);
    const _: () = assert!(IPV6_GATEWAYS + 5 * 16 == IPV4_DNS);
    const _: () = assert!(IPV4_DNS + 64 * 4 == IPV6_DNS && IPV6_DNS + 64 * 16 == ORIGINS);
    const _: () = assert!(ORIGINS + 128 * 2 == super::LEN);
}

/// Bytes of the block.
pub(super) const LEN: usize = 3712;

/// The lists in the order of their counts, with the entries that each can hold.
const LISTS: [(IpList, usize); 6] = [
    (IpList::Ipv4Addresses, 64),
    (IpList::Ipv6Addresses, 64),
    (IpList::Ipv4Gateways, 5),
    (IpList::Ipv6Gateways, 5),
    (IpList::Ipv4Dns, 64),
    (IpList::Ipv6Dns, 64),
];

/// The counts of the six lists.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Counts {
    ipv4: usize,
    ipv6: usize,
    ipv4_gateways: usize,
    ipv6_gateways: usize,
    ipv4_dns: usize,
    ipv6_dns: usize,
}

/// IP information in binary form, as it lies in a block: counts of at most 64 addresses, 5 gateways
/// and 64 DNS servers of either family, an adapter id, and the lists. Two are equal if all that has
/// meaning is.
#[derive(Clone, Copy)]
pub struct IpBinary<'a> {
    block: &'a [u8; LEN],
    adapter_id: Text<'a>,
    counts: Counts,
}

/// An IPv4 address of an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ipv4 {
    /// The address.
    pub address: Ipv4Addr,
    /// Its subnet mask.
    pub mask: Ipv4Addr,
    /// Where it comes from.
    pub origin: Origin,
}

/// An IPv6 address of an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ipv6 {
    /// The address.
    pub address: Ipv6Addr,
    /// The length of its prefix, in bits.
    pub prefix: u32,
    /// Where it comes from.
    pub origin: Origin,
}

/// A list of addresses of `N` bytes each.
#[derive(Clone)]
struct Addresses<'a, const N: usize>(&'a [u8]);

impl<const N: usize> Iterator for Addresses<'_, N> {
    type Item = [u8; N];

    fn next(&mut self) -> Option<[u8; N]> {
        let (entry, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*entry)
    }
}

impl<'a> IpBinary<'a> {
    /// Reads a block that begins `at` bytes into the packet.
    pub(super) fn read(block: &'a [u8; LEN], at: usize) -> Result<Self, MessageError> {
        let counts = counts_of(block);
        for ((got, (list, allowed)), place) in counts.into_iter().zip(LISTS).zip(0..) {
            if usize::try_from(got).is_ok_and(|got| got <= allowed) {
                continue;
            }
            return Err(MessageError::Count {
                at: at + field::COUNTS + 4 * place,
                list,
                got,
                allowed,
            });
        }
        let id = part::<{ field::ADAPTER_ID }, ADAPTER_LEN, _>(block);
        let adapter_id = Text::terminated(id).map_err(|fault| MessageError::Text {
            field: TextField::AdapterId,
            fault: fault.moved(at + field::ADAPTER_ID),
        })?;
        Ok(Self {
            block,
            adapter_id,
            counts: Counts::of(counts),
        })
    }

    /// Reads what there is: a count beyond its list is the list's length.
    pub(super) fn lenient(block: &'a [u8; LEN]) -> (Self, Tolerated) {
        let id = part::<{ field::ADAPTER_ID }, ADAPTER_LEN, _>(block);
        let (adapter_id, mut tolerated) = lenient_field(id);
        let counts = counts_of(block);
        let fits = |(got, (_, allowed)): (u32, (_, usize))| {
            usize::try_from(got).is_ok_and(|got| got <= allowed)
        };
        if !counts.into_iter().zip(LISTS).all(fits) {
            tolerated |= Tolerated::COUNT;
        }
        let info = Self {
            block,
            adapter_id,
            counts: Counts::of(counts),
        };
        (info, tolerated)
    }

    /// A MAC address in GET, a GUID in braces in SET.
    pub const fn adapter_id(&self) -> Text<'a> {
        self.adapter_id
    }

    /// Which addresses.
    pub const fn family(&self) -> AddressFamily {
        AddressFamily(u8_at::<{ field::FAMILY }, _>(self.block))
    }

    /// Not 0 if the adapter uses DHCP.
    pub const fn dhcp(&self) -> u8 {
        u8_at::<{ field::DHCP }, _>(self.block)
    }

    /// IPv4 addresses.
    pub fn ipv4(&self) -> impl Iterator<Item = Ipv4> + Clone + 'a {
        let masks = self.list::<4>(field::IPV4_SUBNETS, self.counts.ipv4);
        self.list::<4>(field::IPV4, self.counts.ipv4)
            .zip(masks)
            .zip(self.origins())
            .map(|((address, mask), origin)| Ipv4 {
                address: address.into(),
                mask: mask.into(),
                origin,
            })
    }

    /// IPv6 addresses.
    pub fn ipv6(&self) -> impl Iterator<Item = Ipv6> + Clone + 'a {
        let prefixes = self.list::<4>(field::IPV6_SUBNETS, self.counts.ipv6);
        self.list::<16>(field::IPV6, self.counts.ipv6)
            .zip(prefixes)
            .zip(self.origins().skip(self.counts.ipv4))
            .map(|((address, prefix), origin)| Ipv6 {
                address: address.into(),
                prefix: u32::from_le_bytes(prefix),
                origin,
            })
    }

    /// Gateways, those of IPv4 first.
    pub fn gateways(&self) -> impl Iterator<Item = IpAddr> + Clone + 'a {
        both(
            self.list(field::IPV4_GATEWAYS, self.counts.ipv4_gateways),
            self.list(field::IPV6_GATEWAYS, self.counts.ipv6_gateways),
        )
    }

    /// DNS servers, those of IPv4 first.
    pub fn dns(&self) -> impl Iterator<Item = IpAddr> + Clone + 'a {
        both(
            self.list(field::IPV4_DNS, self.counts.ipv4_dns),
            self.list(field::IPV6_DNS, self.counts.ipv6_dns),
        )
    }

    /// The origins of the IPv4 addresses, then without a gap those of the IPv6 ones.
    fn origins(&self) -> impl Iterator<Item = Origin> + Clone + 'a {
        self.list::<2>(field::ORIGINS, self.counts.ipv4 + self.counts.ipv6)
            .map(|origin| Origin(u16::from_le_bytes(origin)))
    }

    fn list<const N: usize>(&self, at: usize, count: usize) -> Addresses<'a, N> {
        Addresses(self.block.get(at..at + N * count).unwrap_or_default())
    }

    /// The bytes that have meaning in the lists, by where they begin.
    fn parts(&self) -> [(usize, usize); 9] {
        let counts = self.counts;
        [
            (field::IPV4, 4 * counts.ipv4),
            (field::IPV6, 16 * counts.ipv6),
            (field::IPV4_SUBNETS, 4 * counts.ipv4),
            (field::IPV6_SUBNETS, 4 * counts.ipv6),
            (field::IPV4_GATEWAYS, 4 * counts.ipv4_gateways),
            (field::IPV6_GATEWAYS, 16 * counts.ipv6_gateways),
            (field::IPV4_DNS, 4 * counts.ipv4_dns),
            (field::IPV6_DNS, 16 * counts.ipv6_dns),
            (field::ORIGINS, 2 * (counts.ipv4 + counts.ipv6)),
        ]
    }

    /// The size of the adapter id, if it can be written: a lenient reader takes one without a NUL,
    /// which fills its field whole.
    pub(super) fn id_size(&self) -> Result<usize, WriteError> {
        self.adapter_id
            .wide_size(ADAPTER_LEN)
            .map_err(adapter_fault)
    }

    /// Writes what has meaning into another block, with an adapter id of this
    /// [`size`](Self::id_size), and touches nothing else.
    pub(super) fn write(&self, id_size: usize, block: &mut [u8; LEN]) {
        put::<{ field::COUNTS }, 24, _>(block, self.counts.to_bytes());
        put::<{ field::FAMILY }, 2, _>(block, [self.family().0, self.dhcp()]);
        let room = field_mut::<{ field::ADAPTER_ID }, ADAPTER_LEN, _>(block);
        self.adapter_id.write_wide_sized(id_size, room);
        for (at, bytes) in self.parts() {
            let from = self.block.get(at..at + bytes).unwrap_or_default();
            if let Some(room) = block.get_mut(at..at + bytes) {
                room.copy_from_slice(from);
            }
        }
    }
}

impl Counts {
    /// None above what its list can hold.
    fn of(counts: [u32; 6]) -> Self {
        let mut bounded = [0; 6];
        for ((bounded, count), (_, allowed)) in bounded.iter_mut().zip(counts).zip(LISTS) {
            *bounded = usize::try_from(count).map_or(allowed, |count| count.min(allowed));
        }
        let [ipv4, ipv6, ipv4_gateways, ipv6_gateways, ipv4_dns, ipv6_dns] = bounded;
        Self {
            ipv4,
            ipv6,
            ipv4_gateways,
            ipv6_gateways,
            ipv4_dns,
            ipv6_dns,
        }
    }

    fn to_bytes(self) -> [u8; 24] {
        let counts = [
            self.ipv4,
            self.ipv6,
            self.ipv4_gateways,
            self.ipv6_gateways,
            self.ipv4_dns,
            self.ipv6_dns,
        ];
        let mut bytes = [0; 24];
        for (room, count) in bytes.chunks_exact_mut(4).zip(counts) {
            room.copy_from_slice(&super::value::number(count));
        }
        bytes
    }
}

fn counts_of(block: &[u8; LEN]) -> [u32; 6] {
    [
        u32_at::<0, _>(block),
        u32_at::<4, _>(block),
        u32_at::<8, _>(block),
        u32_at::<12, _>(block),
        u32_at::<16, _>(block),
        u32_at::<20, _>(block),
    ]
}

fn both<'a>(
    ipv4: Addresses<'a, 4>,
    ipv6: Addresses<'a, 16>,
) -> impl Iterator<Item = IpAddr> + Clone + 'a {
    ipv4.map(IpAddr::from).chain(ipv6.map(IpAddr::from))
}

impl PartialEq for IpBinary<'_> {
    fn eq(&self, other: &Self) -> bool {
        let same = |(at, bytes): (usize, usize)| {
            self.block.get(at..at + bytes) == other.block.get(at..at + bytes)
        };
        self.counts == other.counts
            && self.adapter_id == other.adapter_id
            && (self.family(), self.dhcp()) == (other.family(), other.dhcp())
            && self.parts().into_iter().all(same)
    }
}

impl Eq for IpBinary<'_> {}

/// A list for `Debug`.
struct List<I>(I);

impl<I: Iterator<Item: fmt::Debug> + Clone> fmt::Debug for List<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.clone()).finish()
    }
}

impl fmt::Debug for IpBinary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IpBinary")
            .field("adapter_id", &self.adapter_id)
            .field("family", &self.family())
            .field("dhcp", &self.dhcp())
            .field("ipv4", &List(self.ipv4()))
            .field("ipv6", &List(self.ipv6()))
            .field("gateways", &List(self.gateways()))
            .field("dns", &List(self.dns()))
            .finish()
    }
}

/// A block of IP information to be filled: 3712 bytes.
///
/// ```
/// use avma::kvp::code::{AddressFamily, Origin};
/// use avma::kvp::message::ip::{IpBlock, Ipv4};
///
/// let mut block = IpBlock::new("00:15:5D:01:02:03", AddressFamily::IPV4, 0)?;
/// block.push_ipv4(Ipv4 {
///     address: [192, 0, 2, 10].into(),
///     mask: [255, 255, 255, 0].into(),
///     origin: Origin::STATIC,
/// })?;
/// block.push_gateway([192, 0, 2, 1].into())?;
/// assert_eq!(block.info().ipv4().count(), 1);
/// # Ok::<(), avma::kvp::error::WriteError>(())
/// ```
#[derive(Clone)]
pub struct IpBlock {
    block: [u8; LEN],
    counts: Counts,
}

impl IpBlock {
    /// A block without addresses; what GET_IP_INFO asks with.
    ///
    /// # Errors
    ///
    /// An adapter id that does not fit (128 letters) or has a NUL inside.
    pub fn new<'a>(
        adapter_id: impl Into<Text<'a>>,
        family: AddressFamily,
        dhcp: u8,
    ) -> Result<Self, WriteError> {
        let mut block = [0; LEN];
        let id = field_mut::<{ field::ADAPTER_ID }, ADAPTER_LEN, _>(&mut block);
        adapter_id.into().write_wide(id).map_err(adapter_fault)?;
        put::<{ field::FAMILY }, 2, _>(&mut block, [family.0, dhcp]);
        Ok(Self {
            block,
            counts: Counts::of([0; 6]),
        })
    }

    /// What is in the block.
    pub fn info(&self) -> IpBinary<'_> {
        let id = part::<{ field::ADAPTER_ID }, ADAPTER_LEN, _>(&self.block);
        IpBinary {
            block: &self.block,
            adapter_id: Text::lenient(id).0,
            counts: self.counts,
        }
    }

    /// Adds an IPv4 address.
    ///
    /// # Errors
    ///
    /// A 65th one.
    pub fn push_ipv4(&mut self, entry: Ipv4) -> Result<(), WriteError> {
        let count = self.counts.ipv4;
        self.counts.ipv4 = grown(count, LISTS[0])?;
        self.set(field::IPV4, count, entry.address.octets());
        self.set(field::IPV4_SUBNETS, count, entry.mask.octets());
        // The origins of the IPv6 addresses follow those of the IPv4 ones: they move up by one.
        let ends = 2 * (count + self.counts.ipv6 + 1);
        let origins = field_mut::<{ field::ORIGINS }, { 2 * 128 }, _>(&mut self.block);
        if let Some(moved) = origins.get_mut(2 * count..ends) {
            moved.rotate_right(2);
        }
        self.set(field::ORIGINS, count, entry.origin.0.to_le_bytes());
        Ok(())
    }

    /// Adds an IPv6 address.
    ///
    /// # Errors
    ///
    /// A 65th one.
    pub fn push_ipv6(&mut self, entry: Ipv6) -> Result<(), WriteError> {
        let count = self.counts.ipv6;
        self.counts.ipv6 = grown(count, LISTS[1])?;
        self.set(field::IPV6, count, entry.address.octets());
        self.set(field::IPV6_SUBNETS, count, entry.prefix.to_le_bytes());
        let place = self.counts.ipv4 + count;
        self.set(field::ORIGINS, place, entry.origin.0.to_le_bytes());
        Ok(())
    }

    /// Adds a gateway.
    ///
    /// # Errors
    ///
    /// A sixth one of its family.
    pub fn push_gateway(&mut self, gateway: IpAddr) -> Result<(), WriteError> {
        match gateway {
            IpAddr::V4(address) => {
                let count = self.counts.ipv4_gateways;
                self.counts.ipv4_gateways = grown(count, LISTS[2])?;
                self.set(field::IPV4_GATEWAYS, count, address.octets());
            }
            IpAddr::V6(address) => {
                let count = self.counts.ipv6_gateways;
                self.counts.ipv6_gateways = grown(count, LISTS[3])?;
                self.set(field::IPV6_GATEWAYS, count, address.octets());
            }
        }
        Ok(())
    }

    /// Adds a DNS server.
    ///
    /// # Errors
    ///
    /// A 65th one of its family.
    pub fn push_dns(&mut self, server: IpAddr) -> Result<(), WriteError> {
        match server {
            IpAddr::V4(address) => {
                let count = self.counts.ipv4_dns;
                self.counts.ipv4_dns = grown(count, LISTS[4])?;
                self.set(field::IPV4_DNS, count, address.octets());
            }
            IpAddr::V6(address) => {
                let count = self.counts.ipv6_dns;
                self.counts.ipv6_dns = grown(count, LISTS[5])?;
                self.set(field::IPV6_DNS, count, address.octets());
            }
        }
        Ok(())
    }

    fn set<const N: usize>(&mut self, list: usize, place: usize, bytes: [u8; N]) {
        let at = list + N * place;
        if let Some(room) = self.block.get_mut(at..at + N) {
            room.copy_from_slice(&bytes);
        }
    }
}

impl fmt::Debug for IpBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.info().fmt(f)
    }
}

/// One more than `count`, if the list can hold it.
fn grown(count: usize, (list, allowed): (IpList, usize)) -> Result<usize, WriteError> {
    if count < allowed {
        Ok(count + 1)
    } else {
        Err(WriteError::Full { list, allowed })
    }
}
