use avma::fleet::audit::Audit;

use super::*;

/// A cluster of these nodes whose VM may run on these owners; `None`: not collected.
fn cluster(nodes: &[&str], owners: Option<&[&str]>) -> Json {
    let nodes: Vec<Json> = nodes
        .iter()
        .map(|name| json!({ "Name": name, "State": 0 }))
        .collect();
    let mut group = json!({ "Name": "web01", "GroupType": 111, "OwnerNode": "HV01", "VmId": VM });
    if let Some(owners) = owners {
        group["PossibleOwner"] = json!(owners);
    }
    json!({ "Cluster": { "Name": "CLU1" }, "Node": nodes, "Group": [group] })
}

/// A node without a VM.
fn empty(name: &str, build: u32, sku: u32) -> Json {
    let mut host = host(name, build, sku, OTHER);
    host["VM"] = json!([]);
    host
}

/// The findings of the only cluster: rule, node, and whether it is about the VM.
#[track_caller]
fn risks(documents: &[Json]) -> Vec<(&'static str, String, bool)> {
    let fleet = fleet(documents);
    assert!(fleet.faults.is_empty(), "{:?}", fleet.faults);
    let audit = Audit::new(&fleet);
    let [cluster] = audit.clusters.as_slice() else {
        panic!("{} clusters", audit.clusters.len());
    };
    // What the cluster's line says of a VM the VM's own line says too.
    for risk in cluster.risks.iter().filter(|risk| risk.vm.is_some()) {
        let vm = &audit.vms[risk.vm.unwrap()];
        assert!(vm.findings().any(|finding| finding == risk.finding()));
    }
    let risks = cluster.risks.iter();
    risks
        .map(|risk| (risk.reason.rule.id, risk.node.clone(), risk.vm.is_some()))
        .collect()
}

fn of(rule: &'static str, node: &str, vm: bool) -> (&'static str, String, bool) {
    (rule, node.to_owned(), vm)
}

#[test]
fn a_fit_cluster_has_no_finding() {
    let documents = [
        host("HV01", 20348, 8, VM),
        empty("HV02", 20348, 8),
        guest(VM),
        cluster(&["HV01", "HV02"], Some(&[])),
    ];
    assert_eq!(risks(&documents), []);
}

#[test]
fn an_older_node_and_one_that_was_not_collected() {
    let documents = [
        host("HV01", 20348, 8, VM),
        empty("HV02", 17763, 8),
        guest(VM),
        cluster(&["HV01", "HV02", "HV03"], Some(&["HV01", "HV02", "HV03"])),
    ];
    assert_eq!(
        risks(&documents),
        [
            of("node-not-for-every-vm", "HV02", false),
            of("node-unknown", "HV03", false),
            of("possible-owner-loses-avma", "HV02", true),
            of("possible-owner-unknown", "HV03", true),
        ]
    );
}

/// An empty list of possible owners is every node.
#[test]
fn an_empty_list_of_owners_is_every_node() {
    let with = |owners| {
        risks(&[
            host("HV01", 20348, 8, VM),
            empty("HV02", 20348, 7),
            guest(VM),
            cluster(&["HV01", "HV02"], owners),
        ])
    };
    let no_host = of("node-no-avma-host", "HV02", false);
    assert_eq!(
        with(Some(&[])),
        [
            no_host.clone(),
            of("possible-owner-loses-avma", "HV02", true)
        ]
    );
    assert_eq!(with(Some(&["HV01"])), [no_host]);
}

/// What is not known of a node is not called an unfit one.
#[test]
fn a_node_of_which_too_little_is_known() {
    let mut vague = empty("HV02", 20348, 8);
    vague.as_object_mut().unwrap().remove("Licensing");
    let documents = [
        host("HV01", 20348, 8, VM),
        vague,
        guest(VM),
        cluster(&["HV01", "HV02"], Some(&["HV01", "HV02"])),
    ];
    assert_eq!(
        risks(&documents),
        [
            of("node-undetermined", "HV02", false),
            of("possible-owner-unknown", "HV02", true),
        ]
    );
}

#[test]
fn a_cluster_that_can_not_be_judged_says_so() {
    let names: Vec<String> = (0..65).map(|node| format!("N{node}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let fleet = fleet(&[host("HV01", 20348, 8, VM), cluster(&names, Some(&[]))]);
    let audit = Audit::new(&fleet);
    let error = audit.clusters[0].judged.as_ref().unwrap_err();
    assert!(error.to_string().contains("64"), "{error}");
    assert!(audit.clusters[0].risks.iter().all(|risk| risk.vm.is_some()));
    let mut findings = audit.vms[0].findings();
    assert!(findings.any(|finding| finding.rule == "possible-owner-unknown"));
}

#[test]
fn a_clustered_vm_without_its_cluster() {
    let mut alone = host("HV01", 20348, 8, VM);
    alone["VM"]["IsClustered"] = json!(true);
    let fleet = fleet(&[alone]);
    let audit = Audit::new(&fleet);
    let mut findings = audit.vms[0].findings();
    let open = findings.find(|finding| finding.rule == "possible-owner-unknown");
    assert!(!open.unwrap().certain);
}

/// Without the list of nodes there may be others: nothing is sure that they could change.
#[test]
fn nodes_that_were_not_listed_are_not_taken_for_none() {
    use avma::fleet::cluster::ClusterState;

    for list in [None, Some(json!([]))] {
        let mut of_group = cluster(&[], Some(&[]));
        match list {
            Some(list) => of_group["Node"] = list,
            None => _ = of_group.as_object_mut().unwrap().remove("Node"),
        }
        let documents = [host("HV01", 20348, 8, VM), guest(VM), of_group];
        let expected = [
            of("node-unknown", "", false),
            of("possible-owner-unknown", "", true),
        ];
        assert_eq!(risks(&documents), expected);
        let fleet = fleet(&documents);
        let audit = Audit::new(&fleet);
        let judged = audit.clusters[0].judged.as_ref().unwrap();
        assert_eq!(judged.cluster.state(), ClusterState::Undetermined);
        let (_, lost) = judged.cluster.losses().nodes().next().unwrap();
        assert_eq!((lost.lost, lost.open), (0, 1));
        let texts: Vec<&str> = audit.clusters[0]
            .risks
            .iter()
            .map(|risk| &*risk.reason.text)
            .collect();
        assert_eq!(
            texts,
            [
                "the cluster's list of nodes was not collected: there may be others than those that are known",
                "the cluster's list of nodes was not collected, so where else the VM may run is not known"
            ]
        );
    }
}

/// A host tells its own cluster, where the cluster does not tell its nodes.
#[test]
fn a_host_that_names_the_cluster_is_its_node() {
    let mut of_group = cluster(&[], Some(&[]));
    of_group.as_object_mut().unwrap().remove("Node");
    let mut other = empty("HV09", 17763, 8);
    other["Cluster"] = json!({ "Name": "CLU1" });
    let documents = [host("HV01", 20348, 8, VM), other, guest(VM), of_group];
    assert!(risks(&documents).contains(&of("possible-owner-loses-avma", "HV09", true)));
}
