//! A hypervisor that is not Hyper-V, or none: AVMA never works there. It has no facts and no table.

use crate::catalog::rule::{Effect, HostFamily, MendedBy, Rule, When, family};
use crate::hresult::HResult;
use crate::source::AVMA_ARTICLE;

pub(crate) const RULES: [Rule; 1] = [Rule {
    id: "host-not-hyper-v",
    text: "the host is not Microsoft Hyper-V; AVMA does not work with other virtualization technologies",
    remedy: "run the guest on Hyper-V, or activate it by KMS, MAK or retail key",
    source: AVMA_ARTICLE,
    effect: Effect::Forbids,
    mended_by: MendedBy::Nobody,
    symptoms: &[HResult::IA_INVALID_VIRTUALIZATION_PLATFORM],
    families: family(HostFamily::OtherHypervisor),
    when: When::Always,
    step: None,
    level: None,
}];
