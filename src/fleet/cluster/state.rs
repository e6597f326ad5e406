//! Which releases a cluster runs, and whether such a cluster is documented.

use super::{Cluster, Node};
use crate::assess::Host;
use crate::catalog::hosts::{AzureLocalLicense, AzureLocalLicenses, NAMED};
use crate::catalog::releases::{AnyRelease, Release};
use crate::fact::Possibility;
use crate::word::words;

words! {
    /// The state of a cluster by the releases of its nodes. Whatever it is, VMs are judged node by
    /// node.
    ///
    /// Sources: [`CLUSTER_UPGRADE`](crate::source::CLUSTER_UPGRADE), by which a cluster goes one release
    /// at a time; for Azure Local [`AZURE_LOCAL`](crate::source::AZURE_LOCAL), by which all nodes use
    /// keys of the same release.
    pub enum ClusterState ("cluster state") {
        /// All nodes run one release; on Azure Local, have the same key release or subscription.
        Uniform = "uniform", "one release";
        /// Two long-term releases, one the next of the other: within a rolling upgrade.
        Rolling = "rolling", "two adjacent releases, as within a rolling upgrade";
        /// Three releases, two that are not adjacent, different families of hosts, different keys.
        NotDocumented = "not-documented", "not a documented cluster state";
        /// It depends on what is not known of the nodes.
        Undetermined = "undetermined", "undetermined";
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a handful")]
const LOCAL: u32 = AnyRelease::ALL.len() as u32;
#[expect(clippy::cast_possible_truncation, reason = "a handful")]
const OTHER: u32 = LOCAL + AzureLocalLicense::ALL.len() as u32;

/// What a node may be, as bits: a release of Windows Server, a licence of Azure Local, another family.
fn kinds(node: &Node) -> u64 {
    let other = |place: u32| 1 << (OTHER + place);
    match node.facts() {
        Host::WindowsServer(host) => u64::from(host.release.bits()),
        Host::AzureLocal(host) => u64::from(host.license.bits()) << LOCAL,
        Host::AzureStackHub(_) => other(0),
        Host::Azure => other(1),
        Host::OtherHypervisor => other(2),
        Host::Unknown => {
            u64::from(node.release.bits())
                | u64::from(AzureLocalLicenses::unknown().bits()) << LOCAL
                | other(0)
                | other(1)
                | other(2)
        }
    }
}

/// The pairs of adjacent long-term releases, as bits.
fn adjacent() -> impl Iterator<Item = u64> {
    let bit = |release: Release| 1_u64 << release as u32;
    NAMED
        .iter()
        .zip(NAMED.iter().skip(1))
        .map(move |(from, to)| bit(*from) | bit(*to))
}

/// Kinds that hold several: two nodes of one of them may differ.
const SEVERAL: u64 = 1 << AnyRelease::Older.place()
    | 1 << AnyRelease::Preview.place()
    | 1 << AnyRelease::Unlisted.place()
    | 1 << (LOCAL + AzureLocalLicense::KeyTooOld as u32)
    | 0b111 << OTHER;

/// With which kinds one kind surely makes a documented cluster.
fn compatible(kind: u64) -> u64 {
    adjacent()
        .filter(|pair| pair & kind != 0)
        .fold(kind & !SEVERAL, |all, pair| all | pair)
}

fn bits(mut set: u64) -> impl Iterator<Item = u64> {
    core::iter::from_fn(move || {
        let bit = set & set.wrapping_neg();
        set &= !bit;
        (bit != 0).then_some(bit)
    })
}

impl Cluster {
    /// The state of the cluster, exactly over what is known: determined where every case that the
    /// facts leave open gives the same. Nodes that are not up count too.
    ///
    /// A cluster without nodes is uniform.
    pub fn state(&self) -> ClusterState {
        let kinds = || {
            self.members
                .iter()
                .flatten()
                .map(|member| kinds(&member.node))
        };
        let uniform = kinds().fold(u64::MAX, |all, one| all & one) != 0;
        // All are of the pair, and not all have to be the same one: one node takes the one release
        // and another node the other.
        let rolling = adjacent().any(|pair| {
            let of = |kind| kinds().filter(move |one| one & kind != 0).count();
            let all = kinds().all(|one| one & pair != 0);
            let (count, mut ends) = (kinds().count(), bits(pair));
            let (a, b) = (ends.next().map_or(0, of), ends.next().map_or(0, of));
            all && a > 0 && b > 0 && count > 1
        });
        // Three different kinds always hold two that do not go together, so pairs suffice.
        let not_documented = kinds().enumerate().any(|(place, one)| {
            let refused = bits(one).fold(0, |refused, kind| refused | !compatible(kind));
            kinds().skip(place + 1).any(|other| other & refused != 0)
        });
        match (uniform, rolling, not_documented) {
            (true, false, false) => ClusterState::Uniform,
            (false, true, false) => ClusterState::Rolling,
            (false, false, true) => ClusterState::NotDocumented,
            _ => ClusterState::Undetermined,
        }
    }
}
