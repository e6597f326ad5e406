//! What could not be read, where it stands, and how to collect it again.

use alloc::string::{String, ToString};
use core::fmt;

use super::event::EventError;
use super::slmgr::SlmgrFault;
use crate::catalog::mask::Masked;
use crate::encoding::TextError;
use crate::hresult::HResultError;
use crate::ids::VmIdError;
use crate::kvp::error::WmiItemError;

/// A place within a document while it is read, as in `Cluster.Node[0]`.
///
/// A chain on the stack; it becomes text only where a fault is reported.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Document,
    Property(&'a str),
    Index(usize),
}

impl Place<'_> {
    /// The document itself.
    pub const DOCUMENT: Place<'static> = Place {
        parent: None,
        step: Step::Document,
    };

    /// A property of the object at this place.
    pub const fn property<'b>(&'b self, name: &'b str) -> Place<'b> {
        Place {
            parent: Some(self),
            step: Step::Property(name),
        }
    }

    /// An element of the list at this place, from 0.
    pub const fn index(&self, index: usize) -> Place<'_> {
        Place {
            parent: Some(self),
            step: Step::Index(index),
        }
    }

    /// How many steps lie between the document and this place.
    pub fn depth(&self) -> usize {
        self.parent.map_or(0, |parent| parent.depth() + 1)
    }

    /// Reports what is wrong at this place.
    pub fn fault(&self, kind: impl Into<FaultKind>) -> Fault {
        Fault {
            document: 0,
            place: self.to_string(),
            kind: kind.into(),
        }
    }
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}

impl fmt::Display for Place<'_> {
    /// `Cluster.Node[0]`; the empty text for the document itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.step {
            Step::Document => Ok(()),
            Step::Property(name) => {
                if self
                    .parent
                    .is_some_and(|parent| !matches!(parent.step, Step::Document))
                {
                    f.write_str(".")?;
                }
                // A property may be named by anything, a key of no published list too.
                Masked(name).fmt(f)
            }
            Step::Index(index) => write!(f, "[{index}]"),
        }
    }
}

/// Why one value is not what its property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Misread {
    /// A list or an object where a text stands.
    #[error("not a text")]
    NotText,
    /// As in `"sixteen"`.
    #[error("not a whole number")]
    NotANumber,
    /// As in a build of -1.
    #[error("a number that this property cannot hold")]
    OutOfRange,
    /// As in `"perhaps"`.
    #[error("neither true nor false")]
    NotABoolean,
    /// A name of an enumeration that is in no table, as in `"Frobnicating"`.
    #[error("neither a number nor a known name of this enumeration")]
    UnknownName,
    /// As in `"a1a1"`.
    #[error("not a GUID: {0}")]
    NotAGuid(VmIdError),
    /// As in `"FD02h"`.
    #[error("not an HRESULT: {0}")]
    NotAnHResult(HResultError),
    /// A list or an object where a date stands.
    #[error("not a date")]
    NotADate,
    /// A list or a text where an object stands.
    #[error("not an object with properties")]
    NotAnObject,
}

/// What is wrong, and what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// An empty pipeline wrote nothing, as in a file of 0 bytes. A warning.
    #[error("no rows: the command that wrote this found nothing")]
    NoRows,
    /// The bytes are no text.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The text is no JSON; the caller's parser says where.
    #[error("not JSON at line {line}, column {column}: collect again with ConvertTo-Json -Depth 6")]
    NotJson {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Cut off at PowerShell's nesting depth, as in `@{Name=HV01; State=Up}`.
    #[error("cut off at depth {depth}, collect again with -Depth 6")]
    CutOff {
        /// The depth that was used, as `ConvertTo-Json` counts it (2 is its default).
        depth: usize,
    },
    /// A CIM object whose values are only within `CimInstanceProperties`.
    #[error(
        "the values are only in CimInstanceProperties: add Select-Object with the properties before ConvertTo-Json"
    )]
    RawCim,
    /// A value that is not what its property holds.
    #[error("{0}")]
    Misread(#[from] Misread),
    /// A key-value item that cannot be read.
    #[error("key-value item: {0}")]
    KvpItem(#[from] WmiItemError),
    /// The same intrinsic item twice with different values; neither counts.
    #[error("the same key-value item twice with different values, neither is used")]
    KvpTwice,
    /// Key-value items are CIM-XML, and this build has no reader for it.
    #[error("key-value items are not read: this program was built without the feature xml")]
    KvpNotRead,
    /// A partial product key that is not the last five characters of one. The text is not kept.
    #[error("not the last five characters of a product key, but {bytes} bytes; not kept")]
    NotALastFive {
        /// The length of the text.
        bytes: usize,
    },
    /// Several rows that could be Windows' own licence; none is used.
    #[error(
        "{rows} licence rows with a key could be Windows itself: add ApplicationID and LicenseIsAddon to Select-Object"
    )]
    SeveralLicenses {
        /// How many.
        rows: usize,
    },
    /// An event that cannot be read; the others are.
    #[error("event: {0}")]
    Event(#[from] EventError),
    /// Events are XML here, and this build has no reader for it.
    #[error("events are not read: this program was built without the feature xml")]
    EventsNotRead,
    /// An event as JSON without its number; it is not used.
    #[error("an event without Id, not used: add Id to Select-Object")]
    EventWithoutId,
    /// An event with a number of AVMA's, of which nothing says whose it is; it is not used.
    #[error("an event without its provider, not used: add ProviderName to Select-Object")]
    EventWithoutProvider,
    /// The same event (computer, number, time) with another payload; none of them is used.
    #[error("the same event as another one, with another payload; neither is used")]
    EventContradicts,
    /// A line of slmgr's text.
    #[error(transparent)]
    Slmgr(#[from] SlmgrFault),
    /// No known block, as in the JSON of another program.
    #[error("no known block: neither a host, a guest, a cluster, licence rows nor key-value items")]
    UnknownBlock,
    /// Rows that may belong to several systems, as in two operating systems without a computer name.
    #[error("rows of {systems} systems without a computer name: export each system by itself")]
    MixedSystems {
        /// How many operating systems there are.
        systems: usize,
    },
    /// A guest export that could belong to several VMs; it is not joined.
    #[error(
        "could be any of {candidates} VMs, not joined: add VirtualMachineId of HKLM:\\SOFTWARE\\Microsoft\\Virtual Machine\\Guest\\Parameters to the export"
    )]
    SeveralVms {
        /// How many VMs fit.
        candidates: usize,
    },
    /// A guest export that names a VM to which the export of another computer belongs already.
    #[error("names a VM that the export of another computer belongs to, not joined")]
    VmTaken,
    /// A cluster group without a VM's id, whose name is not that of exactly one clustered VM on the
    /// cluster's nodes.
    #[error(
        "a group without VmId whose name {candidates} clustered VMs of the nodes have, not joined: add VmId of Get-ClusterParameter to the group"
    )]
    GroupWithoutVm {
        /// How many VMs fit.
        candidates: usize,
    },
}

impl FaultKind {
    /// Whether nothing was lost: a command found nothing, and said so.
    pub const fn is_warning(&self) -> bool {
        matches!(self, Self::NoRows)
    }
}

/// Something that could not be read. The rest of the document is read all the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// The document: its number in the order in which an
    /// [`Inventory`](super::inventory::Inventory) was given them, from 0.
    pub document: usize,
    /// Where in the document, as in `Cluster.Node[0]`; empty for the document as a whole.
    pub place: String,
    /// What is wrong, and what helps.
    pub kind: FaultKind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            self.kind.fmt(f)
        } else {
            write!(f, "{}: {}", self.place, self.kind)
        }
    }
}
