//! The state of a cluster: by hand, and exactly over what is known against a walk over all cases.

use avma::Release::{V23H2, V1909, Ws2012, Ws2012R2, Ws2016, Ws2019, Ws2022, Ws2025};
use avma::assess::{Host, HostFamily};
use avma::catalog::hosts::{AzureLocalLicense, NAMED};
use avma::fleet::cluster::{Cluster, ClusterState, Node, Presence};
use avma::{AnyRelease, Possibility, Product, Release, Releases};

use crate::datacenter;
use ClusterState::{NotDocumented, Rolling, Undetermined, Uniform};

fn of(nodes: &[Node]) -> ClusterState {
    Cluster::new(nodes, &[]).unwrap().state()
}

fn of_releases(releases: &[Release]) -> ClusterState {
    let nodes: Vec<Node> = releases
        .iter()
        .map(|of| Node::new(datacenter(*of)))
        .collect();
    of(&nodes)
}

#[test]
fn by_hand() {
    assert_eq!(of_releases(&[]), Uniform);
    assert_eq!(of_releases(&[Ws2019, Ws2019]), Uniform);
    assert_eq!(of_releases(&[V1909, V1909]), Uniform);
    for pair in NAMED.windows(2) {
        assert_eq!(
            of_releases(&[pair[0], pair[1], pair[1]]),
            Rolling,
            "{pair:?}"
        );
        assert_eq!(of_releases(&[pair[1], pair[0]]), Rolling, "{pair:?}");
    }
    // Three releases, a release left out, one without a rolling upgrade, one of another channel.
    assert_eq!(of_releases(&[Ws2016, Ws2019, Ws2022]), NotDocumented);
    assert_eq!(of_releases(&[Ws2016, Ws2022]), NotDocumented);
    assert_eq!(of_releases(&[Ws2012, Ws2012R2]), NotDocumented);
    assert_eq!(of_releases(&[Ws2019, V1909]), NotDocumented);
    assert_eq!(of_releases(&[Ws2022, V23H2, Ws2025]), NotDocumented);

    let unknown = Node::not_collected();
    let known = Node::new(datacenter(Ws2019));
    assert_eq!(
        of(&[unknown]),
        Uniform,
        "whatever its release is, it is one"
    );
    assert_eq!(of(&[known, unknown]), Undetermined);
    // The cluster's own list of nodes tells builds.
    let build = |releases: Releases| unknown.of_release(releases);
    assert_eq!(
        of(&[known, build(Ws2022.into())]),
        Undetermined,
        "it may be Azure Local"
    );
    assert_eq!(of(&[known, build(Ws2025.into())]), NotDocumented);
    let third = Node::new(datacenter(Ws2022)).with_presence(Presence::Down);
    assert_eq!(of(&[known, third]), Rolling);
    assert_eq!(of(&[known, third, build(Ws2016.into())]), NotDocumented);
    // 17763 is 2019 or 1809, and neither goes with 2025.
    let either = Releases::from(Ws2019).union(Release::V1809.into());
    let host = Node::new(Host::windows_server(either, Product::Datacenter).into());
    assert_eq!(of(&[host, known]), Undetermined);
    assert_eq!(of(&[host, Node::new(datacenter(Ws2025))]), NotDocumented);
    // What holds several releases may hold two.
    let vague = Node::new(
        Host::windows_server(Releases::known(AnyRelease::Preview), Product::Datacenter).into(),
    );
    assert_eq!(of(&[vague, vague]), Undetermined);
    assert_eq!(of(&[vague, known]), NotDocumented);
    let other = Node::new(Host::from(HostFamily::OtherHypervisor));
    assert_eq!(of(&[other, other]), Undetermined);
    assert_eq!(of(&[other, known]), NotDocumented);
}

#[test]
fn keys_of_azure_local() {
    let node = |license| Node::new(Host::azure_local(license).ready());
    let (old, new) = (AzureLocalLicense::Key2022, AzureLocalLicense::Key2025);
    assert_eq!(of(&[node(old), node(old)]), Uniform);
    assert_eq!(of(&[node(old), node(new)]), NotDocumented);
    assert_eq!(
        of(&[node(old), Node::new(datacenter(Ws2022))]),
        NotDocumented
    );
    assert_eq!(
        of(&[node(old), Node::new(Host::from(HostFamily::AzureLocal))]),
        Undetermined
    );
    let too_old = node(AzureLocalLicense::KeyTooOld);
    assert_eq!(of(&[too_old, too_old]), Undetermined);
}

/// The states of complete releases, by counting them.
fn complete(releases: &[Release]) -> ClusterState {
    let mut distinct = releases.to_vec();
    distinct.sort_by_key(|release| release.index());
    distinct.dedup();
    let named = |release: &Release| NAMED.iter().position(|named| named == release);
    match distinct[..] {
        [_] => Uniform,
        [a, b] if named(&a).is_some() && named(&b) == named(&a).map(|a| a + 1) => Rolling,
        _ => NotDocumented,
    }
}

/// Every cluster of up to three nodes, each with any non-empty set of five releases.
#[test]
fn exactly_over_what_is_known() {
    let domain = [Ws2016, Ws2019, V1909, Ws2022, Ws2025];
    let sets: Vec<Vec<Release>> = (1_usize..32)
        .map(|bits| {
            let set = domain.iter().enumerate();
            set.filter(|(place, _)| bits >> place & 1 == 1)
                .map(|(_, release)| *release)
                .collect()
        })
        .collect();
    let node = |set: &[Release]| {
        let releases = Releases::one_of(set.iter().copied().map(AnyRelease::from)).unwrap();
        Node::new(Host::windows_server(releases, Product::Datacenter).ready())
    };
    let mut counts = [0; 4];
    for a in &sets {
        for b in &sets {
            for c in &sets {
                let cases = a.iter().flat_map(|a| {
                    let pairs = b.iter().map(move |b| (a, b));
                    pairs.flat_map(|(a, b)| c.iter().map(move |c| complete(&[*a, *b, *c])))
                });
                let mut states: Vec<ClusterState> = cases.collect();
                states.sort_by_key(|state| state.index());
                states.dedup();
                let expected = if states.len() == 1 {
                    states[0]
                } else {
                    Undetermined
                };
                let got = of(&[node(a), node(b), node(c)]);
                assert_eq!(got, expected, "{a:?} {b:?} {c:?}");
                counts[got.index() as usize] += 1;
            }
        }
    }
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
}
