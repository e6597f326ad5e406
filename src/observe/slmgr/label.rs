//! The lines that slmgr writes, by what stands before the colon.
//!
//! The labels are English. What stands behind one that no table here has may still be told by its form:
//! see [`untranslated`](super::untranslated).

/// A label whose value is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    ServiceVersion,
    Error,
    Name,
    Description,
    ApplicationId,
    ExtendedPid,
    ProductKeyChannel,
    /// Empty for a licence that is not in use.
    PartialKey,
    LicenseStatus,
    Reason,
    /// The minutes that are left, under whichever of four labels.
    Minutes,
    EvaluationEnd,
    Iaid,
    Host,
    ActivationTime,
    HostPid,
}

const LABELS: &[(&str, Label)] = &[
    ("Software licensing service version", Label::ServiceVersion),
    ("Error", Label::Error),
    ("Name", Label::Name),
    ("Description", Label::Description),
    ("Application ID", Label::ApplicationId),
    ("Extended PID", Label::ExtendedPid),
    ("Product Key Channel", Label::ProductKeyChannel),
    ("Partial Product Key", Label::PartialKey),
    ("License Status", Label::LicenseStatus),
    ("Notification Reason", Label::Reason),
    ("Automatic VM activation expiration", Label::Minutes),
    ("Timebased activation expiration", Label::Minutes),
    ("Volume activation expiration", Label::Minutes),
    ("Time remaining", Label::Minutes),
    ("Evaluation End Date", Label::EvaluationEnd),
    ("Guest IAID", Label::Iaid),
    ("Host machine name", Label::Host),
    ("Activation time", Label::ActivationTime),
    ("Host Digital PID2", Label::HostPid),
];

/// Labels and headings that slmgr writes and nothing here needs; those of KMS clients and hosts, of
/// Active Directory and of tokens too.
const KNOWN: &[&str] = &[
    "Activation ID",
    "Installation ID",
    "Processor Certificate URL",
    "Machine Certificate URL",
    "Use License URL",
    "Product Key Certificate URL",
    "Validation URL",
    "Remaining Windows rearm count",
    "Remaining SKU rearm count",
    "Remaining App rearm count",
    "Trusted time",
    "Most recent activation information",
    "Automatic VM Activation client information",
    "Key Management Service client information",
    "Client Machine ID (CMID)",
    "Registered KMS machine name",
    "Registered KMS SRV record lookup domain",
    "KMS machine name from DNS",
    "DNS auto-discovery",
    "KMS machine IP address",
    "KMS machine extended PID",
    "Configured Activation Type",
    "Activation interval",
    "Renewal interval",
    "KMS host caching is enabled",
    "KMS host caching is disabled",
    "Key Management Service is enabled on this machine",
    "Current count",
    "Listening on Port",
    "KMS priority",
    "DNS publishing enabled",
    "DNS publishing disabled",
    "Key Management Service cumulative requests received from clients",
    "Total requests received",
    "Failed requests received",
    "Requests with License Status Unlicensed",
    "Requests with License Status Licensed",
    "Requests with License Status Initial grace period",
    "Requests with License Status License expired or Hardware out of tolerance",
    "Requests with License Status Non-genuine grace period",
    "Requests with License Status Notification",
    "AD Activation client information",
    "Activation Object name",
    "AO DN",
    "AO extended PID",
    "AO activation ID",
    "Token-based Activation information",
    "License ID (ILID)",
    "Version ID (ILvID)",
    "Grant Number",
    "Certificate Thumbprint",
    "Additional Information",
    "Warning",
];

/// How lines begin that slmgr, or the script host before it, writes without a label.
const BEGINNINGS: &[&str] = &[
    "Microsoft (R) Windows Script Host Version",
    "Copyright (C) Microsoft Corporation",
    "Please use slmgr.vbs /ato to activate",
    "This system is configured for Token-based activation only",
    "Processing the license for",
];

const NOT_IN_USE: &str = "This license is not in use";

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    /// A label whose value is read, and the value.
    Of(Label, &'t str),
    /// An empty line, or one that nothing here needs.
    Known,
    /// A label that is not known, and what is behind it.
    Labelled(&'t str),
    /// Any other.
    Other,
}

impl<'t> Line<'t> {
    pub(super) fn of(line: &'t str) -> Self {
        let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        let is = |known: &str, text: &str| known.eq_ignore_ascii_case(text);
        let begins = |beginning: &&str| {
            let head = line.get(..beginning.len());
            head.is_some_and(|head| is(beginning, head))
        };
        let sentence = line.trim_end_matches('.');
        if line.is_empty() || BEGINNINGS.iter().any(begins) {
            return Self::Known;
        }
        if is(NOT_IN_USE, sentence) {
            return Self::Of(Label::PartialKey, "");
        }
        // Some languages write another colon.
        let (label, value) = match line.split_once([':', '\u{FF1A}']) {
            Some((label, value)) => (label.trim_end(), Some(value.trim_start())),
            None => (sentence, None),
        };
        let found = LABELS.iter().find(|(known, _)| is(known, label));
        match (found, value) {
            (Some((_, label)), Some(value)) => Self::Of(*label, value),
            _ if KNOWN.iter().any(|known| is(known, label)) => Self::Known,
            (_, Some(value)) => Self::Labelled(value),
            (_, None) => Self::Other,
        }
    }
}
