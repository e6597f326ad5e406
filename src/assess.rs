//! Can this host activate this guest, is its key right, and what was seen: with every reason.
//!
//! [`assess`] takes a [`Host`], a [`Guest`] and an [`Observation`], each as far as it is known, and
//! gives three answers. **Can** follows from the rulebook ([`RULES`]) alone, no key involved. **Key**
//! says what the installed key is for this guest. **Seen** says what the guest's licence row shows. A
//! guest that is licensed by KMS, MAK, retail or OEM is never called blocked: that is another answer.
//!
//! The law: for complete facts the verdict is *not eligible* if any rule forbids, else *not
//! documented* if any rule leaves it undocumented, else *eligible*. For partial facts the verdict is
//! the exact set of verdicts over all complete cases; more than one is *undetermined*.

mod assessment;
mod evaluate;
mod guest;
mod host;
mod observed;
mod presumed;
mod table;
mod verdict;

pub use crate::catalog::hosts::azure_local::AzureLocalHost;
pub use crate::catalog::hosts::azure_stack_hub::AzureStackHubHost;
pub use crate::catalog::hosts::sum::Host;
pub use crate::catalog::hosts::windows_server::{HostEdition, HostEditions, WindowsServerHost};
pub use crate::catalog::rule::{
    Effect, FactName, FactNames, HostFamilies, HostFamily, MendedBy, Rule,
};
pub use crate::catalog::rulebook::{RULES, rule};
pub(crate) use assessment::judge;
pub use assessment::{Assessment, Finding, assess, can, next_fact, refusal, verdicts};
pub use guest::Guest;
pub use observed::{InstalledKey, Key, Observation, Seen, Trust};
pub use presumed::{PRESUMPTIONS, Presumed, Presumption};
pub use verdict::{Can, Verdict, Verdicts};
