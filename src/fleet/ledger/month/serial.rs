//! A month's report as serde writes it. It is written only: what it states can be made again from
//! the ledger.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use super::{COUNTED_BY, Cores, Daily, HostKind, HostMonth, MonthReport, Moved, Peak};
use crate::catalog::mask::Masked;
use crate::ids::HostName;

fn shown(names: &[HostName<'_>]) -> Vec<String> {
    names
        .iter()
        .map(|name| Masked(name.0).to_string())
        .collect()
}

impl Serialize for Peak {
    /// `{"day":"2025-11-24","vms":{"server":3,"other":0,"unknown":1}}`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Peak", 2)?;
        map.serialize_field("day", &self.day.to_string())?;
        map.serialize_field("vms", &self.vms)?;
        map.end()
    }
}

impl Serialize for Daily {
    /// The days on which any was seen, as [`Peak`]s.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let seen = self.iter().filter(|(_, vms)| vms.all() > 0);
        serializer.collect_seq(seen.map(|(day, vms)| Peak { day, vms }))
    }
}

impl Serialize for HostMonth<'_> {
    /// `cores_due` is null where it is not known, and `cores_unknown` says why; it is null too where
    /// `edition` is not `datacenter`. `cores_counted` holds the same cores whatever the edition.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let cores = self.cores.ok();
        let mut map = serializer.serialize_struct("HostMonth", 17)?;
        map.serialize_field("host", &Masked(self.host.0).to_string())?;
        map.serialize_field("may_be", &shown(&self.may_be))?;
        map.serialize_field("ran_server", &self.ran_server())?;
        map.serialize_field("processors", &cores.map(|cores: Cores| cores.processors))?;
        map.serialize_field("cores", &cores.map(|cores| cores.physical))?;
        map.serialize_field("cores_due", &self.cores_due())?;
        map.serialize_field("cores_unknown", &self.cores.err())?;
        map.serialize_field("edition", &self.kind())?;
        map.serialize_field("cores_counted", &cores.map(|cores| cores.due))?;
        map.serialize_field("started", &self.started)?;
        map.serialize_field("not_started", &self.not_started)?;
        map.serialize_field("days", &self.days)?;
        map.serialize_field("server_days", &self.server_days)?;
        map.serialize_field("event_days", &self.event_days)?;
        map.serialize_field("peak", &self.daily.peak())?;
        map.serialize_field("daily", &self.daily)?;
        map.serialize_field("trust", &self.trust)?;
        map.end()
    }
}

impl Serialize for Moved<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("Moved", 3)?;
        map.serialize_field("vm", &self.vm)?;
        map.serialize_field("hosts", &shown(&self.hosts))?;
        map.serialize_field("at_least", &self.at_least)?;
        map.end()
    }
}

/// The hosts of an edition: those that ran a Windows Server guest, and those of which that is not known.
#[derive(Serialize)]
struct Both<T> {
    ran: T,
    open: T,
}

struct ByEdition<'m>(&'m MonthReport<'m>);

impl Serialize for ByEdition<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(HostKind::ALL.len()))?;
        for kind in HostKind::ALL {
            match kind {
                HostKind::Datacenter | HostKind::Unknown => {
                    let of = |ran| self.0.cores(*kind, ran);
                    let both = Both {
                        ran: of(Some(true)),
                        open: of(None),
                    };
                    map.serialize_entry(kind, &both)?;
                }
                HostKind::Standard | HostKind::Other => {
                    let of = |ran| self.0.guests(*kind, ran);
                    let both = Both {
                        ran: of(Some(true)),
                        open: of(None),
                    };
                    map.serialize_entry(kind, &both)?;
                }
            }
        }
        map.end()
    }
}

impl Serialize for MonthReport<'_> {
    /// `cores_due` and `cores_open` are of Datacenter hosts. `by_edition` holds every host
    /// that ran a Windows Server guest or may have, once; the cores of `unknown` are due if these hosts are
    /// Datacenter.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_struct("MonthReport", 13)?;
        map.serialize_field("month", &self.month.to_string())?;
        map.serialize_field("minimum_per_server", &self.minimum_per_server)?;
        map.serialize_field("cores_due", &self.cores_due())?;
        map.serialize_field("cores_open", &self.cores_open())?;
        map.serialize_field("by_edition", &ByEdition(self))?;
        map.serialize_field("counted_by", &COUNTED_BY)?;
        map.serialize_field("hosts", &self.hosts)?;
        map.serialize_field("started", &self.started)?;
        map.serialize_field("not_started", &self.not_started)?;
        map.serialize_field("peak", &self.daily.peak())?;
        map.serialize_field("daily", &self.daily)?;
        map.serialize_field("activations", &self.activations)?;
        map.serialize_field("moved", &self.moved)?;
        map.end()
    }
}
