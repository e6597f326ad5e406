//! What if a node were upgraded, activated, added, removed, paused: another cluster, cheaply. Only a
//! host whose facts are new is assessed; the VMs are shared.

use alloc::vec::Vec;

use super::error::WhatIfError;
use super::{Cluster, MAX_NODES, Node, NodeId, Nodes, Owners, Placed, Presence};
use crate::assess::{Host, WindowsServerHost};
use crate::catalog::releases::Release;
use crate::license::HostLicense;

/// The host on another release, where no key of that release is in yet.
pub(super) fn upgraded(host: WindowsServerHost, release: Release) -> WindowsServerHost {
    WindowsServerHost {
        release: release.into(),
        license: HostLicense::NotActivated.into(),
        ..host
    }
}

/// The host with a key that is activated; so it is not licensed pay-as-you-go.
pub(super) fn activated(host: WindowsServerHost) -> WindowsServerHost {
    WindowsServerHost {
        license: HostLicense::Licensed.into(),
        pay_as_you_go: false.into(),
        ..host
    }
}

impl Cluster {
    /// What if the node were upgraded to a release. It is not activated then: an upgraded node is
    /// activated only when a key of its new release is in, which is [`activated`](Self::activated).
    /// Nothing else about it changes, its edition neither.
    ///
    /// # Errors
    ///
    /// A node that the cluster does not have, or that is not known to be a Windows Server host.
    pub fn upgraded(&self, node: NodeId, release: Release) -> Result<Self, WhatIfError> {
        self.with_windows_server(node, |host| upgraded(host, release))
    }

    /// What if the node were activated with a key of its release.
    ///
    /// # Errors
    ///
    /// As [`upgraded`](Self::upgraded).
    pub fn activated(&self, node: NodeId) -> Result<Self, WhatIfError> {
        self.with_windows_server(node, activated)
    }

    /// What if the node had other facts, or other presence: as after it was collected.
    ///
    /// # Errors
    ///
    /// A node that the cluster does not have.
    pub fn with_node(&self, id: NodeId, node: impl Into<Node>) -> Result<Self, WhatIfError> {
        self.get(id)?;
        let mut cluster = self.clone();
        cluster.put(id, node.into(), &mut |_, _, _| {});
        Ok(cluster)
    }

    /// What if the node were drained and paused.
    ///
    /// # Errors
    ///
    /// A node that the cluster does not have.
    pub fn paused(&self, node: NodeId) -> Result<Self, WhatIfError> {
        self.with_node(node, self.get(node)?.with_presence(Presence::Paused))
    }

    /// What if the node were resumed, or came up.
    ///
    /// # Errors
    ///
    /// A node that the cluster does not have.
    pub fn resumed(&self, node: NodeId) -> Result<Self, WhatIfError> {
        self.with_node(node, self.get(node)?.with_presence(Presence::Up))
    }

    /// What if another node were added, and its place: the first that no node ever had, and only where
    /// all 64 had one the first that is free.
    ///
    /// It is a possible owner of every VM that may run on all nodes, and of those of which the owners
    /// are not known it may be one.
    ///
    /// # Errors
    ///
    /// A cluster of 64 nodes.
    pub fn added(&self, node: impl Into<Node>) -> Result<(Self, NodeId), WhatIfError> {
        let place = if self.members.len() < MAX_NODES {
            Some(self.members.len())
        } else {
            self.members.iter().position(Option::is_none)
        };
        let id = place.and_then(NodeId::new).ok_or(WhatIfError::Full)?;
        let mut cluster = self.clone();
        cluster.put(id, node.into(), &mut |_, _, _| {});
        Ok((cluster, id))
    }

    /// What if the node were removed from the cluster. It is no possible owner any more; a VM that
    /// named no other has none left, and runs nowhere by what is known.
    ///
    /// # Errors
    ///
    /// A node that the cluster does not have.
    pub fn removed(&self, node: NodeId) -> Result<Self, WhatIfError> {
        self.get(node)?;
        let mut cluster = self.clone();
        if let Some(member) = cluster.members.get_mut(node.place()) {
            *member = None;
        }
        cluster.present.set(node, false);
        cluster.up.set(node, false);
        for answers in &mut cluster.answers {
            answers.set(node, None);
        }
        let names = |vm: &Placed| {
            let owns = matches!(vm.owners, Owners::Only(owners) if owners.contains(node));
            owns || vm.current == Some(node)
        };
        if cluster.vms.iter().any(names) {
            let left = cluster.vms.iter().map(|vm| Placed {
                owners: match vm.owners {
                    Owners::Only(owners) => Owners::Only(owners.without(Nodes::from(node))),
                    owners => owners,
                },
                current: vm.current.filter(|current| *current != node),
                ..*vm
            });
            cluster.vms = left.collect::<Vec<_>>().into();
        }
        Ok(cluster)
    }

    fn get(&self, node: NodeId) -> Result<&Node, WhatIfError> {
        self.node(node).ok_or(WhatIfError::NoSuchNode { node })
    }

    fn with_windows_server(
        &self,
        id: NodeId,
        change: impl FnOnce(WindowsServerHost) -> WindowsServerHost,
    ) -> Result<Self, WhatIfError> {
        let node = self.get(id)?;
        let Some(Host::WindowsServer(host)) = node.host else {
            return Err(WhatIfError::NotWindowsServer { node: id });
        };
        let host = Some(change(host).into());
        self.with_node(id, Node { host, ..*node })
    }
}
