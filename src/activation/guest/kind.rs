//! The kinds of states of a guest.

use crate::word::words;

words! {
    /// What kind of state a guest is in.
    pub enum Kind ("guest state") {
        /// The VM is off and was not activated.
        Off = "off", "off";
        /// The VM is off; its activation has not ended.
        OffActivated = "off-activated", "off, activated";
        /// It runs without a product key.
        NoKey = "no-key", "no key";
        /// It runs with a key by which AVMA does not activate it: of another channel, or the AVMA key
        /// of another release or edition.
        OtherKey = "other-key", "another key";
        /// It runs with an AVMA key; without Data Exchange nothing is asked.
        Blocked = "blocked", "Data Exchange off";
        /// The same with an activation that has not ended.
        BlockedActivated = "blocked-activated", "Data Exchange off, activated";
        /// Ready to ask, for want of an occasion or until the retry.
        Waiting = "waiting", "waiting";
        /// A request is out.
        Requesting = "requesting", "requesting";
        /// The host answered that it has too many requests: pending, not failed.
        Throttled = "throttled", "throttled";
        /// The last attempt failed.
        Failed = "failed", "failed";
        /// The activation has ended.
        Expired = "expired", "expired";
        /// Activated.
        Activated = "activated", "activated";
        /// Activated, and a request is out.
        Renewing = "renewing", "activated, requesting";
        /// Activated; the last attempt to renew failed or was throttled.
        Unrenewed = "unrenewed", "activated, not renewed";
    }
}
