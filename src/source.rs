//! Where a row, a cell or a rule comes from, and how good that is.

use crate::word::words;

words! {
    /// How well a statement is supported, best first.
    pub enum Evidence ("evidence grade") {
        /// Microsoft's own text.
        Published = "published", "published by Microsoft";
        /// Copies of Microsoft's text that agree letter for letter.
        Republished = "republished", "agreeing copies of Microsoft's text";
        /// Third parties only.
        Reported = "reported", "reported by third parties";
        /// A conclusion from the other statements.
        Inferred = "inferred", "inferred";
    }
}

/// A text that a statement rests on.
///
/// A later text that drops a row does not revoke it; the date shows which text said so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Source {
    /// The title, with the section where that helps.
    pub title: &'static str,
    /// The date of the text, `YYYY-MM-DD`, as much of it as is known, or `undated`.
    pub dated: &'static str,
    /// What the statement is worth.
    pub evidence: Evidence,
}

impl Source {
    pub(crate) const fn published(title: &'static str, dated: &'static str) -> Self {
        Self {
            title,
            dated,
            evidence: Evidence::Published,
        }
    }

    /// The same text as support of another grade.
    pub(crate) const fn graded(self, evidence: Evidence) -> Self {
        Self { evidence, ..self }
    }
}

impl core::fmt::Display for Source {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}, {} ({})", self.title, self.dated, self.evidence)
    }
}

/// The article that the crate models: keys, matrix, requirements, notifications.
pub const AVMA_ARTICLE: Source = Source::published(
    "Microsoft: Automatic Virtual Machine Activation in Windows Server",
    "2023-09-19",
);
/// The same page with the keys of Windows Server 2025, known from copies of it.
pub const AVMA_ARTICLE_2025: Source = Source {
    title: "Microsoft: Automatic Virtual Machine Activation in Windows Server, section Windows Server 2025",
    dated: "2024-11",
    evidence: Evidence::Republished,
};
/// Microsoft's list of KMS client setup keys. Its text of 2023-09-05 has those of 2008 to 2022 already.
pub const KMS_KEYS: Source = Source::published(
    "Microsoft: Key Management Services (KMS) client activation and product keys",
    "2024-10-01",
);
/// Lists of KMS client setup keys that third parties keep: for Azure's own edition and 23H2.
pub const KMS_KEYS_THIRD_PARTY: Source = Source {
    title: "third-party lists of KMS client setup keys",
    dated: "undated",
    evidence: Evidence::Reported,
};
/// Posts of 2013 to 2016 on what AVMA does not cover.
pub const AVMA_POSTS: Source = Source {
    title: "posts on AVMA of 2012 R2 and 2016 (Ask the Core Team, Altaro, woshub)",
    dated: "2013-11-13",
    evidence: Evidence::Reported,
};
/// Third-party statements on what a Windows Server 2025 host activates.
pub const HOST_2025_REPORTS: Source = Source {
    title: "third-party statements on Windows Server 2025 hosts",
    dated: "undated",
    evidence: Evidence::Reported,
};
/// Azure Stack HCI and Azure Local: activating Windows Server VMs.
pub const AZURE_LOCAL: Source = Source::published(
    "Microsoft: Activate Windows Server VMs on Azure Local",
    "2026-06-29",
);
/// The edition of that page that still named 2012 R2 and Azure Edition guests.
pub const AZURE_LOCAL_2023: Source = Source::published(
    "Microsoft: Activate Windows Server VMs on Azure Stack HCI",
    "2023-08-02",
);
/// DISM's commands for editions, of a running system and of offline images.
pub const DISM_EDITIONS: Source = Source::published(
    "Microsoft: DISM Windows Edition-Servicing Command-Line Options",
    "2013-10-20",
);
/// Where Azure Edition may run.
pub const AZURE_EDITION: Source = Source::published(
    "Microsoft: Deploy Windows Server Azure Edition VMs",
    "2023-11-13",
);
/// The later text on Azure Edition: a host key of 2025 with Software Assurance.
pub const AZURE_EDITION_2024: Source = Source::published(
    "Microsoft: Deploy Windows Server Azure Edition VMs",
    "2024-10-22",
);
/// The licence that comes with the hardware of Azure Local.
pub const AZURE_LOCAL_OEM: Source =
    Source::published("Microsoft: Azure Local OEM license", "2025-04-29");
/// Windows Server that is paid by the hour through Azure Arc.
pub const PAY_AS_YOU_GO: Source =
    Source::published("Microsoft: Windows Server Pay-as-you-go", "2025-06-27");
/// Nano Server as host and as guest.
pub const NANO_SERVER: Source = Source::published("Microsoft: Install Nano Server", "2017-09-06");
/// Azure Stack Hub's Windows Server FAQ.
pub const AZURE_STACK_HUB: Source = Source::published(
    "Microsoft: Windows Server in Azure Stack Hub Marketplace FAQ",
    "2019-08-23",
);
/// The readme of a third-party tool for Azure Stack Hub.
pub const AZURE_STACK_HUB_2025: Source = Source {
    title: "third-party readme on Windows Server 2025 in Azure Stack Hub",
    dated: "2025",
    evidence: Evidence::Reported,
};
/// AVMA keys in Azure virtual machines.
pub const AZURE_VM: Source = Source::published(
    "Microsoft: Error 0xC004FD01 or 0xC004FD02 when you activate an Azure Windows virtual machine",
    "2024-01-24",
);
/// Upgrades and conversions between editions.
pub const CONVERSION: Source = Source::published(
    "Microsoft: Upgrade and conversion options for Windows Server",
    "2025-08-18",
);
/// Reports by users of evaluation copies.
pub const EVALUATION_REPORTS: Source = Source {
    title: "user reports on AVMA keys in evaluation copies",
    dated: "undated",
    evidence: Evidence::Reported,
};
/// How the nodes of a failover cluster are upgraded: one release at a time, node by node.
pub const CLUSTER_UPGRADE: Source = Source::published(
    "Microsoft: Upgrade a Windows Server failover cluster with a cluster OS rolling upgrade",
    "undated",
);
/// What Data Exchange needs on both sides.
pub const DATA_EXCHANGE: Source = Source::published(
    "Microsoft: Hyper-V integration services, Data Exchange",
    "2025-10-27",
);
/// The unattend reference.
pub const UNATTEND: Source = Source::published(
    "Microsoft: Unattended Windows Setup Reference, ProductKey",
    "undated",
);
/// The SDK header with the activation HRESULTs.
pub const SLERROR: Source = Source::published("Windows SDK: slerror.h", "undated");
/// The SDK header with the general HRESULTs.
pub const WINERROR: Source = Source::published("Windows SDK: winerror.h", "undated");
/// What Microsoft explains of some thirty activation codes.
pub const ACTIVATION_CODES: Source = Source::published(
    "Microsoft: Resolve Windows activation error codes",
    "2023-08-24",
);
/// A licence store that is damaged.
pub const EUL_CONSUMPTION: Source = Source::published(
    "Microsoft: Error 0xC004E015 (SL_E_EUL_CONSUMPTION_FAILED) when you activate Windows",
    "2024-02-22",
);
/// An attempt that timed out in Azure.
pub const AZURE_TIMEOUT: Source = Source::published(
    "Microsoft: Error 0x800705B4 when you activate an Azure Windows virtual machine",
    "2024-03-14",
);
/// The codes of an upgrade by Setup.
pub const UPGRADE: Source = Source::published(
    "Microsoft: Windows upgrade, resolution procedures",
    "undated",
);
/// What is said of a code that the crate lacks: others may explain it.
pub const CODE_TABLE: Source = Source {
    title: "this crate's table of codes",
    dated: "2026-12",
    evidence: Evidence::Inferred,
};
/// What is said of a release or an edition that the crate has no row for: others may know of it.
pub const CRATE_TABLES: Source = Source {
    title: "this crate's tables",
    dated: "2026-12",
    evidence: Evidence::Inferred,
};
/// What follows from the absence of any statement.
pub const NO_STATEMENT: Source = Source {
    title: "no published text speaks of it",
    dated: "2026-11",
    evidence: Evidence::Inferred,
};
/// What DISM lists for evaluations of Server Core.
pub const CORE_EVALUATION_REPORTS: Source = Source {
    title: "issues #1405, #6315 and #7017 of Microsoft's windowsserverdocs on Server Core evaluations",
    dated: "2023-01-31",
    evidence: Evidence::Reported,
};
/// The question that DISM asks after `/Set-Edition`.
pub const SET_EDITION_ASKS: Source = Source {
    title: "issue #7679 of Microsoft's windowsserverdocs on the restart after /Set-Edition",
    dated: "2024-01-16",
    evidence: Evidence::Reported,
};
/// What a virtual machine needs for Azure Edition.
pub const AZURE_EDITION_UPGRADE: Source =
    Source::published("Microsoft: Upgrade a VM to Azure Edition", "2022-12-01");
/// What a guest needs for Azure verification.
pub const AZURE_VERIFICATION: Source =
    Source::published("Microsoft: Azure verification for VMs", "2024-10-22");
/// Which devices on a VM's bus are provided for AVMA.
pub const KB2925727: Source = Source::published(
    "Microsoft: Unknown Device (VMBUS) appears in Device manager in Virtual Machine (KB2925727)",
    "2023-12-26",
);
/// The names that Linux gives to devices of Hyper-V.
pub const LINUX_HYPERV: Source = Source {
    title: "Linux: include/linux/hyperv.h",
    dated: "undated",
    evidence: Evidence::Reported,
};
/// Device names as third parties read them out of Windows.
pub const HYPER_V_DEVICE_NAMES: Source = Source {
    title: "third-party tables of Hyper-V's device names",
    dated: "undated",
    evidence: Evidence::Reported,
};
/// Who calls a device Remote Desktop's that others call AVMA's.
pub const REMOTE_DESKTOP_CHANNEL: Source = Source {
    title: "names in Windows 8's wvmic.inf, a table of device names, MacHyperVSupport, and analyses of rdpcorets.dll",
    dated: "undated",
    evidence: Evidence::Reported,
};
/// The licence terms of hosters, known from third parties that quote them.
pub const SPUR_QUOTES: Source = Source {
    title: "third parties quoting the Services Provider Use Rights (altariscloud.com, samexpert.com)",
    dated: "undated",
    evidence: Evidence::Reported,
};
