//! Clusters: golden tables first, then every small cluster against a naive reading, then the laws.
#![cfg(feature = "fleet")]

mod collected;
mod golden;
mod laws;
mod naive;
mod small;
mod state;
mod upgrade;

use avma::assess::{Guest, Host, WindowsServerHost};
use avma::fleet::cluster::{Cluster, Node, NodeId, Nodes, Vm};
use avma::{HostLicense, Product, Release};

/// A Datacenter host that is ready.
fn datacenter(release: Release) -> Host {
    Host::windows_server(release, Product::Datacenter).ready()
}

/// A Datacenter host that is ready but for its licence.
fn with_license(release: Release, license: HostLicense) -> Host {
    let mut host: WindowsServerHost = Host::windows_server(release, Product::Datacenter);
    host.license = license.into();
    host.ready()
}

fn not_activated(release: Release) -> Host {
    with_license(release, HostLicense::NotActivated)
}

/// A Standard guest that is ready.
fn standard(release: Release) -> Guest {
    Guest::new(release, Product::Standard).ready()
}

fn vm(release: Release) -> Vm {
    Vm::new(standard(release))
}

fn node(place: usize) -> NodeId {
    NodeId::new(place).unwrap()
}

fn nodes(places: &[usize]) -> Nodes {
    places.iter().map(|place| node(*place)).collect()
}

fn cluster(hosts: &[Host], vms: &[Vm]) -> Cluster {
    let nodes: Vec<Node> = hosts.iter().copied().map(Node::new).collect();
    Cluster::new(&nodes, vms).unwrap()
}

fn steps(plan: &avma::fleet::cluster::RollingUpgrade) -> Vec<String> {
    plan.steps().iter().map(ToString::to_string).collect()
}
