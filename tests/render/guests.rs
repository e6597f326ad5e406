//! The texts for guests with conditions of their own: evaluations of Server Core, and Azure Edition.

use avma::catalog::hosts::AzureLocalLicense;

use crate::*;

/// An evaluation of Server Core, its installation and all else known.
pub(crate) fn core(release: Release, product: Product, listed: Option<TargetEditions>) -> Plan {
    let host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
    let mut guest = Guest::new(release, product).ready();
    guest.evaluation = true.into();
    let mut circumstances = Circumstances::default();
    circumstances.installation = Installation::Core.into();
    circumstances.domain_controller = false.into();
    circumstances.listed = listed;
    plan(&host, &guest, &Observation::default(), &circumstances)
}

#[test]
fn slmgr_of_a_standard_core_evaluation() {
    same(
        &core(Release::Ws2022, Product::Standard, None).slmgr(),
        r"rem carry out the steps

rem == in the guest ==
rem 1. the guest administrator: see whether DISM lists ServerDatacenterCor as a target edition; go on only if it does, otherwise install the licensed edition afresh
rem    note: DISM is reported to list ServerDatacenterCor alone for Standard Core, and nothing at all on some media [issues #1405, #6315 and #7017 of Microsoft's windowsserverdocs on Server Core evaluations, 2023-01-31 (reported by third parties)]
DISM /Online /Get-CurrentEdition
DISM /Online /Get-TargetEditions

rem == in the guest, only if DISM lists the target edition ==
rem 2. the guest administrator: convert the evaluation to ServerDatacenterCor with the KMS client key WX4NM-KYWYW-QJJR4-XV3QB-6VM33; no AVMA key yet
rem    note: the guest becomes Datacenter; only a fresh installation keeps it Standard [Microsoft: Upgrade and conversion options for Windows Server, 2025-08-18 (published by Microsoft)]
rem    note: without /NoRestart DISM asks whether to restart, and a script waits there [issue #7679 of Microsoft's windowsserverdocs on the restart after /Set-Edition, 2024-01-16 (reported by third parties)]
DISM /Online /Set-Edition:ServerDatacenterCor /ProductKey:WX4NM-KYWYW-QJJR4-XV3QB-6VM33 /AcceptEula /NoRestart
if %errorlevel% neq 0 if %errorlevel% neq 3010 exit /b %errorlevel%
rem 3. the guest administrator: restart the guest, which ends the conversion
shutdown /r /t 0
if %errorlevel% neq 0 exit /b %errorlevel%

rem == in the guest, after the restart ==
rem 4. the guest administrator: install the AVMA key W3GNR-8DDXR-2TFRP-H8P33-DV9BG (Windows Server 2022 Datacenter)
cscript //nologo %windir%\system32\slmgr.vbs /ipk W3GNR-8DDXR-2TFRP-H8P33-DV9BG
if %errorlevel% neq 0 exit /b %errorlevel%
rem 5. the guest administrator: read the licence: LicenseStatus is 1 and Description names VIRTUAL_MACHINE_ACTIVATION once AVMA has activated the guest
cscript //nologo %windir%\system32\slmgr.vbs /dlv
",
    );
}

#[test]
fn powershell_of_a_datacenter_core_evaluation() {
    same(
        &core(Release::Ws2019, Product::Datacenter, None)
            .powershell()
            .only(Phase::Guest),
        "# carry out the steps
$ErrorActionPreference = 'Stop'

# == in the guest ==
# 1. the guest administrator: see whether DISM lists ServerDatacenterCor as a target edition; go on only if it does, otherwise install the licensed edition afresh
#    note: Datacenter may become Datacenter only; this crate holds no report of what DISM lists for Datacenter Core [Microsoft: Upgrade and conversion options for Windows Server, 2025-08-18 (published by Microsoft)]
DISM /Online /Get-CurrentEdition
DISM /Online /Get-TargetEditions
",
    );
}

/// The texts hold no command then: nothing can be converted.
#[test]
fn a_fresh_installation_in_every_text() {
    let nothing = Some(TargetEditions::NONE);
    let plan = core(Release::Ws2016, Product::Standard, nothing);
    let text = "this evaluation needs a fresh installation

COMMENT == in the guest ==
COMMENT 1. the guest administrator: install the licensed edition afresh: DISM lists no edition that this evaluation may become; a domain controller hands its duties to another one before; then plan again
";
    let rem = format!("rem {}", text.replace("COMMENT", "rem"));
    same(&plan.slmgr(), &rem);
    same(&plan.dism(), &rem);
    let stop = "installation\n$ErrorActionPreference = 'Stop'\n\n#";
    let hash = text.replacen("installation\n\nCOMMENT", stop, 1);
    let hash = format!("# {}", hash.replace("COMMENT", "#"));
    same(&plan.powershell(), &hash);
    assert_eq!(plan.unattend(), None);
}

/// Azure Edition on Azure Local with Azure verification.
pub(crate) fn azure_edition(release: Release) -> Plan {
    let host = Host::azure_local(AzureLocalLicense::Subscription).ready();
    ready(
        host,
        Guest::new(release, Product::DatacenterAzureEdition).ready(),
    )
}

#[test]
fn azure_edition_says_what_else_the_guest_needs() {
    same(
        &azure_edition(Release::Ws2022).slmgr(),
        r"rem carry out the steps

rem == in the guest ==
rem 1. the guest administrator: install the AVMA key F7TB6-YKN8Y-FCC6R-KQ484-VMK3J (Windows Server 2022 Datacenter: Azure Edition)
rem    note: Azure Edition runs in virtual machines of generation 2 with Secure Boot only [Microsoft: Upgrade a VM to Azure Edition, 2022-12-01 (published by Microsoft)]
rem    note: Azure verification for VMs needs KB5036909 (2024-04-09) or later in a guest of 2022 [Microsoft: Azure verification for VMs, 2024-10-22 (published by Microsoft)]
cscript //nologo %windir%\system32\slmgr.vbs /ipk F7TB6-YKN8Y-FCC6R-KQ484-VMK3J
if %errorlevel% neq 0 exit /b %errorlevel%
rem 2. the guest administrator: read the licence: LicenseStatus is 1 and Description names VIRTUAL_MACHINE_ACTIVATION once AVMA has activated the guest
cscript //nologo %windir%\system32\slmgr.vbs /dlv
",
    );
    let file = azure_edition(Release::Ws2022).unattend().unwrap();
    same_text(
        &file.specialize(),
        r#"  <!-- Azure Edition runs in virtual machines of generation 2 with Secure Boot only [Microsoft: Upgrade a VM to Azure Edition, 2022-12-01 (published by Microsoft)] -->
  <!-- Azure verification for VMs needs KB5036909 (2024-04-09) or later in a guest of 2022 [Microsoft: Azure verification for VMs, 2024-10-22 (published by Microsoft)] -->
  <settings pass="specialize">
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64"
               publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
      <ProductKey>F7TB6-YKN8Y-FCC6R-KQ484-VMK3J</ProductKey>
    </component>
  </settings>
"#,
    );
    // The update is for 2022, and Azure itself needs no verification.
    let file = Unattend::for_guest(Release::Ws2025, Product::DatacenterAzureEdition).unwrap();
    assert_eq!(file.to_string().matches("<!--").count(), 1);
    let row = |release, product, channel| keys::key(release, product, channel).unwrap();
    let azure_edition = Product::DatacenterAzureEdition;
    let gvlk = row(Release::Ws2022, azure_edition, KeyChannel::Gvlk);
    let notes: Vec<_> = Action::ReplaceByGvlk { row: gvlk }.notes().collect();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].source, avma::source::AZURE_EDITION_UPGRADE);
    // No other edition needs it.
    for product in [Product::Standard, Product::Datacenter] {
        let row = row(Release::Ws2022, product, KeyChannel::Avma);
        assert_eq!(Action::InstallAvmaKey { row }.notes().count(), 0);
    }
}
