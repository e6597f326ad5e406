//! What is said of a VM in one word.

use std::str::FromStr;

macro_rules! verdicts {
    ($( $(#[$doc:meta])* $Verdict:ident = $slug:literal; )+) => {
        /// What is to be said of a VM; the order is that of the report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Verdict { $( $(#[$doc])* $Verdict, )+ }

        impl Verdict {
            pub const ALL: &'static [Self] = &[$(Self::$Verdict),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Verdict => $slug),+ }
            }
        }
    };
}

verdicts! {
    /// Not Windows, client Windows, or a replica copy.
    OutOfScope = "out-of-scope";
    /// Seen activated by AVMA.
    ActivatedAvma = "activated-avma";
    /// Seen activated by another channel.
    ActivatedOther = "activated-other";
    /// Not enough is known of the guest.
    NoData = "no-data";
    /// A rule forbids it that no administrator can mend.
    NotEligible = "not-eligible";
    /// The host's administrator must act first.
    FixHost = "fix-host";
    /// The guest's administrator must act.
    FixGuest = "fix-guest";
    /// No text tells.
    NotDocumented = "not-documented";
    /// It should come by itself.
    Pending = "pending";
    /// Nothing stands in the way.
    Ready = "ready";
}

impl FromStr for Verdict {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|verdict| verdict.as_str() == text);
        found.copied().ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|verdict| verdict.as_str()).collect();
            format!("no verdict {text:?}; there are {}", all.join(", "))
        })
    }
}
