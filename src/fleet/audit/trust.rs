//! How far what was seen of an activation can be trusted, whatever the guests' key-value items say.
//!
//! Items can be forged, and they reach further than what they say: they decide to which VM an export
//! belongs, and a forged one can contradict what forbids an activation, so that it is undetermined
//! and no longer forbidden. So the trust is the lower one of two: of the rows as they were joined,
//! and of the same export as if no item had been collected.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::case::Case;
use super::host::HostLine;
use crate::assess::{Assessment, Seen, Trust};
use crate::ids::{VmId, lower_case};
use crate::observe::facts::Virtual;
use crate::observe::inventory::{Fleet, GuestRecord, KvpExchange, VmRecord, VmRow};

/// The VMs that hosts list, to be found by what no item of a guest changes.
pub(super) struct Listed {
    by_name: BTreeMap<String, Vec<usize>>,
    by_id: BTreeMap<VmId, usize>,
}

fn key(name: &str) -> String {
    lower_case(name).collect()
}

fn lower(a: Trust, b: Trust) -> Trust {
    // The enum has the best first.
    if a as u8 > b as u8 { a } else { b }
}

impl Listed {
    pub(super) fn of(fleet: &Fleet) -> Self {
        let mut listed = Self {
            by_name: BTreeMap::new(),
            by_id: BTreeMap::new(),
        };
        for (place, row) in fleet.vms.iter().enumerate() {
            let Some(vm) = row.vm.as_ref().filter(|_| row.host.is_some()) else {
                continue;
            };
            if let Some(name) = vm.name() {
                listed.by_name.entry(key(name)).or_default().push(place);
            }
            if let Some(id) = vm.machine.id {
                listed.by_id.insert(id, place);
            }
        }
        listed
    }

    /// The VM to which an export belongs by its id, or else by the only VM of its name.
    fn whose(&self, guest: &GuestRecord, fleet: &Fleet) -> Option<usize> {
        let id = guest.vm_id();
        if let Some(place) = id.and_then(|id| self.by_id.get(&id)) {
            return Some(*place);
        }
        if !matches!(guest.virtual_machine(), None | Some(Virtual::HyperV)) {
            return None;
        }
        let mut only = None;
        for name in [guest.computer_name.as_deref(), guest.cs_name()] {
            let named = name.and_then(|name| self.by_name.get(&key(name)));
            for place in named.into_iter().flatten() {
                // Another id is another VM, whatever its name.
                let known = fleet.vms.get(*place).and_then(|row| row.vm.as_ref());
                if id.is_some() && known.is_some_and(|vm| vm.machine.id.is_some()) {
                    continue;
                }
                if only.is_some_and(|other| other != *place) {
                    return None;
                }
                only = Some(*place);
            }
        }
        only
    }

    /// The trust in what was seen of the row in this place.
    pub(super) fn trust(
        &self,
        place: usize,
        assessment: &Assessment,
        fleet: &Fleet,
        hosts: &[HostLine<'_>],
    ) -> Option<Trust> {
        let row = fleet.vms.get(place)?;
        let as_joined = fleet.trust(row, assessment)?;
        // The rules have no say in any other activation, and neither have records.
        let Some(guest) = row
            .guest
            .as_ref()
            .filter(|_| assessment.seen() == Seen::Avma)
        else {
            return Some(as_joined);
        };
        let whose = self.whose(guest, fleet);
        let of = whose.and_then(|place| fleet.vms.get(place));
        let bare = without_items(of, guest);
        let host = bare.host.and_then(|place| hosts.get(place));
        let alone = Case::of(&bare, host.map(|line| &line.host)).assess();
        let alone = fleet.trust(&bare, &alone).unwrap_or(as_joined);
        let trust = lower(as_joined, alone);
        Some(if whose == Some(place) {
            trust
        } else {
            // A record of this VM bears out nothing of an export whose VM is not known otherwise.
            lower(trust, Trust::Guest)
        })
    }
}

/// The row of an export without any item.
fn without_items(of: Option<&VmRow>, guest: &GuestRecord) -> VmRow {
    let bare = |vm: &VmRecord| VmRecord {
        machine: vm.machine.clone(),
        data_exchange: vm.data_exchange.clone(),
        // What the host itself says of the exchange.
        kvp: vm.kvp.as_ref().map(|kvp| KvpExchange {
            vm_id: kvp.vm_id,
            enabled_state: kvp.enabled_state,
            operational_status: kvp.operational_status.clone(),
            ..KvpExchange::default()
        }),
    };
    VmRow {
        host: of.and_then(|row| row.host),
        vm: of.and_then(|row| row.vm.as_ref()).map(bare),
        guest: Some(guest.clone()),
        host_events: of.map_or_else(Vec::new, |row| row.host_events.clone()),
        ..VmRow::default()
    }
}
