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
mod rules;
mod table;

pub(crate) use assessment::judge;
pub use assessment::{
    Assessment, Can, Finding, Verdict, Verdicts, assess, can, next_fact, refusal, verdicts,
};
pub use guest::Guest;
pub use host::{
    AzureLocalHost, AzureStackHubHost, Host, HostEdition, HostEditions, HostFamilies, HostFamily,
    WindowsServerHost,
};
pub use observed::{InstalledKey, Key, Observation, Seen, Trust};
pub use rules::{Effect, FactName, FactNames, MendedBy, RULES, Rule, rule};
