//! The Azure public cloud: AVMA never works there. It has no facts and no table.

use crate::catalog::rule::{Effect, HostFamily, MendedBy, Rule, When, family};
use crate::hresult::HResult;
use crate::source::AZURE_VM;

pub(crate) const RULES: [Rule; 1] = [Rule {
    id: "host-azure",
    text: "the guest runs in Azure, where AVMA is not supported",
    remedy: "install the KMS client key (GVLK) with slmgr /ipk, then slmgr /ckms, slmgr /skms azkms.core.windows.net:1688 and slmgr /ato",
    source: AZURE_VM,
    effect: Effect::Forbids,
    mended_by: MendedBy::Nobody,
    symptoms: &[
        HResult::IA_PARENT_PARTITION_NOT_ACTIVATED,
        HResult::IA_INVALID_VIRTUALIZATION_PLATFORM,
    ],
    families: family(HostFamily::Azure),
    when: When::Always,
    step: None,
    level: None,
}];
