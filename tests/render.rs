//! The texts of plans: by hand, then what no text may do to its reader.

use avma::VmId;
use avma::assess::{FactName, Guest, Host, InstalledKey, MendedBy, Observation, RULES};
use avma::catalog::keys::{self, KeyChannel};
use avma::plan::{
    Action, Circumstances, Goal, Outcome, Phase, Plan, TargetEdition, TargetEditions, Unattend,
    UnattendError, Vm, WillShowUi, plan,
};
use avma::{
    Edition, Fact, HResult, HostLicense, Installation, LicenseChannel, LicenseStatus, Product,
    Release, YesNo,
};
use proptest::prelude::*;

#[path = "render/guests.rs"]
mod guests;
#[path = "render/offline.rs"]
mod offline;

use guests::{azure_edition, core};

/// 2022 Standard, an evaluation; the host not activated, Data Exchange off, the service not looked at.
fn evaluation() -> Plan {
    let mut host = Host::windows_server(Release::Ws2022, Product::Datacenter);
    host.evaluation = false.into();
    host.nested = false.into();
    host.pay_as_you_go = false.into();
    host.hyper_v_role = true.into();
    host.license = HostLicense::NotActivated.into();
    let mut guest = Guest::new(Release::Ws2022, Product::Standard);
    guest.evaluation = true.into();
    guest.data_exchange = false.into();
    guest.guest_service = YesNo::unknown();
    let mut circumstances = Circumstances::default();
    circumstances.installation = Installation::Full.into();
    circumstances.domain_controller = false.into();
    plan(
        &host.into(),
        &guest,
        &Observation::default(),
        &circumstances,
    )
}

/// The same guest, licensed edition, moved to Azure with its AVMA key.
fn azure() -> Plan {
    let mut observation = Observation::default();
    observation.key = InstalledKey::LastFive("78VHK".parse().unwrap());
    observation.channel = Some(LicenseChannel::Avma);
    observation.status = Some(LicenseStatus::Notification);
    observation.reason = Some(HResult::IA_PARENT_PARTITION_NOT_ACTIVATED);
    let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    plan(
        &Host::Azure,
        &guest,
        &observation,
        &Circumstances::default(),
    )
}

fn ready(host: Host, guest: Guest) -> Plan {
    let avma = Circumstances::new(Goal::Avma);
    plan(&host, &guest, &Observation::default(), &avma)
}

/// A script, whose lines end in CR and LF.
#[track_caller]
fn same(got: &impl ToString, wanted: &str) {
    same_text(got, &wanted.replace('\n', "\r\n"));
}

/// The first differing line is easier to read than two whole texts.
#[track_caller]
fn same_text(got: &impl ToString, wanted: &str) {
    let got = got.to_string();
    for (got, wanted) in got.lines().zip(wanted.lines()) {
        assert_eq!(got, wanted);
    }
    assert_eq!(got, wanted);
}

#[test]
fn slmgr_of_an_evaluation() {
    same(
        &evaluation().slmgr(),
        r"rem carry out the steps

rem == on the host ==
rem 1. the host administrator: activate the host by its own channel; in a cluster every node
rem 2. the host administrator: enable the Data Exchange integration service for the VM

rem == in the guest ==
rem 3. the guest administrator: start the service vmickvpexchange, if not done already
net start vmickvpexchange
if %errorlevel% neq 0 if %errorlevel% neq 2 exit /b %errorlevel%
rem 4. the guest administrator: see whether DISM lists ServerStandard as a target edition; go on only if it does, otherwise install the licensed edition afresh
DISM /Online /Get-CurrentEdition
DISM /Online /Get-TargetEditions

rem == in the guest, only if DISM lists the target edition ==
rem 5. the guest administrator: convert the evaluation to ServerStandard with the KMS client key VDYBN-27WPP-V4HQT-9VMD4-VMK7H; no AVMA key yet
rem    note: without /NoRestart DISM asks whether to restart, and a script waits there [issue #7679 of Microsoft's windowsserverdocs on the restart after /Set-Edition, 2024-01-16 (reported by third parties)]
DISM /Online /Set-Edition:ServerStandard /ProductKey:VDYBN-27WPP-V4HQT-9VMD4-VMK7H /AcceptEula /NoRestart
if %errorlevel% neq 0 if %errorlevel% neq 3010 exit /b %errorlevel%
rem 6. the guest administrator: restart the guest, which ends the conversion
shutdown /r /t 0
if %errorlevel% neq 0 exit /b %errorlevel%

rem == in the guest, after the restart ==
rem 7. the guest administrator: install the AVMA key YDFWN-MJ9JR-3DYRK-FXXRW-78VHK (Windows Server 2022 Standard)
cscript //nologo %windir%\system32\slmgr.vbs /ipk YDFWN-MJ9JR-3DYRK-FXXRW-78VHK
if %errorlevel% neq 0 exit /b %errorlevel%
rem 8. the guest administrator: read the licence: LicenseStatus is 1 and Description names VIRTUAL_MACHINE_ACTIVATION once AVMA has activated the guest
cscript //nologo %windir%\system32\slmgr.vbs /dlv
",
    );
}

#[test]
fn powershell_of_an_evaluation() {
    let id: VmId = "a1a1a1a1-0000-4000-8000-000000000001".parse().unwrap();
    same(
        &evaluation().powershell().vm(Vm::Id(id)),
        r#"# carry out the steps
$ErrorActionPreference = 'Stop'

# == on the host ==
# 1. the host administrator: activate the host by its own channel; in a cluster every node
# 2. the host administrator: enable the Data Exchange integration service for the VM
Get-VM -Id 'a1a1a1a1-0000-4000-8000-000000000001' | Get-VMIntegrationService | Where-Object Id -like '*2A34B1C2-FD73-4043-8A5B-DD2159BC743F' | Enable-VMIntegrationService

# == in the guest ==
# 3. the guest administrator: start the service vmickvpexchange, if not done already
Start-Service -Name vmickvpexchange
# 4. the guest administrator: see whether DISM lists ServerStandard as a target edition; go on only if it does, otherwise install the licensed edition afresh
DISM /Online /Get-CurrentEdition
DISM /Online /Get-TargetEditions

# == in the guest, only if DISM lists the target edition ==
# 5. the guest administrator: convert the evaluation to ServerStandard with the KMS client key VDYBN-27WPP-V4HQT-9VMD4-VMK7H; no AVMA key yet
#    note: without /NoRestart DISM asks whether to restart, and a script waits there [issue #7679 of Microsoft's windowsserverdocs on the restart after /Set-Edition, 2024-01-16 (reported by third parties)]
DISM /Online /Set-Edition:ServerStandard /ProductKey:VDYBN-27WPP-V4HQT-9VMD4-VMK7H /AcceptEula /NoRestart
if ($LASTEXITCODE -notin 0, 3010) { exit $LASTEXITCODE }
# 6. the guest administrator: restart the guest, which ends the conversion
Restart-Computer

# == in the guest, after the restart ==
# 7. the guest administrator: install the AVMA key YDFWN-MJ9JR-3DYRK-FXXRW-78VHK (Windows Server 2022 Standard)
Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName InstallProductKey -Arguments @{ ProductKey = 'YDFWN-MJ9JR-3DYRK-FXXRW-78VHK' }
Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName RefreshLicenseStatus
# 8. the guest administrator: read the licence: LicenseStatus is 1 and Description names VIRTUAL_MACHINE_ACTIVATION once AVMA has activated the guest
Get-CimInstance -ClassName SoftwareLicensingProduct -Filter 'ApplicationID="55c92734-d682-4d71-983e-d6ec3f16059f" AND PartialProductKey IS NOT NULL AND LicenseIsAddon=FALSE' | Select-Object Description, LicenseStatus, LicenseStatusReason, GracePeriodRemaining, PartialProductKey
"#,
    );
}

#[test]
fn dism_of_an_evaluation() {
    same(
        &evaluation().dism(),
        r"rem carry out the steps

rem == on the host ==
rem 1. the host administrator: activate the host by its own channel; in a cluster every node
rem 2. the host administrator: enable the Data Exchange integration service for the VM

rem == in the guest ==
rem 3. the guest administrator: start the service vmickvpexchange, if not done already
rem 4. the guest administrator: see whether DISM lists ServerStandard as a target edition; go on only if it does, otherwise install the licensed edition afresh
DISM /Online /Get-CurrentEdition
DISM /Online /Get-TargetEditions

rem == in the guest, only if DISM lists the target edition ==
rem 5. the guest administrator: convert the evaluation to ServerStandard with the KMS client key VDYBN-27WPP-V4HQT-9VMD4-VMK7H; no AVMA key yet
rem    note: without /NoRestart DISM asks whether to restart, and a script waits there [issue #7679 of Microsoft's windowsserverdocs on the restart after /Set-Edition, 2024-01-16 (reported by third parties)]
DISM /Online /Set-Edition:ServerStandard /ProductKey:VDYBN-27WPP-V4HQT-9VMD4-VMK7H /AcceptEula /NoRestart
if %errorlevel% neq 0 if %errorlevel% neq 3010 exit /b %errorlevel%
rem 6. the guest administrator: restart the guest, which ends the conversion

rem == in the guest, after the restart ==
rem 7. the guest administrator: install the AVMA key YDFWN-MJ9JR-3DYRK-FXXRW-78VHK (Windows Server 2022 Standard)
rem 8. the guest administrator: read the licence: LicenseStatus is 1 and Description names VIRTUAL_MACHINE_ACTIVATION once AVMA has activated the guest
",
    );
}

#[test]
fn one_phase_is_one_machine_and_moment() {
    same(
        &evaluation().slmgr().only(Phase::AfterRestart),
        r"rem carry out the steps

rem == in the guest, after the restart ==
rem 7. the guest administrator: install the AVMA key YDFWN-MJ9JR-3DYRK-FXXRW-78VHK (Windows Server 2022 Standard)
cscript //nologo %windir%\system32\slmgr.vbs /ipk YDFWN-MJ9JR-3DYRK-FXXRW-78VHK
if %errorlevel% neq 0 exit /b %errorlevel%
rem 8. the guest administrator: read the licence: LicenseStatus is 1 and Description names VIRTUAL_MACHINE_ACTIVATION once AVMA has activated the guest
cscript //nologo %windir%\system32\slmgr.vbs /dlv
",
    );
}

#[test]
fn azure_by_slmgr() {
    same(
        &azure().slmgr(),
        r#"rem AVMA is not possible here; go back to KMS
rem the guest runs in Azure, where AVMA is not supported (host-azure)
rem remedy: install the KMS client key (GVLK) with slmgr /ipk, then slmgr /ckms, slmgr /skms azkms.core.windows.net:1688 and slmgr /ato

rem == in the guest ==
rem 1. the guest administrator: install the KMS client key VDYBN-27WPP-V4HQT-9VMD4-VMK7H (Windows Server 2022 Standard) and activate by Azure's KMS
cscript //nologo %windir%\system32\slmgr.vbs /ipk VDYBN-27WPP-V4HQT-9VMD4-VMK7H
if %errorlevel% neq 0 exit /b %errorlevel%
cscript //nologo %windir%\system32\slmgr.vbs /ckms
if %errorlevel% neq 0 exit /b %errorlevel%
cscript //nologo %windir%\system32\slmgr.vbs /skms azkms.core.windows.net:1688
if %errorlevel% neq 0 exit /b %errorlevel%
cscript //nologo %windir%\system32\slmgr.vbs /ato
if %errorlevel% neq 0 exit /b %errorlevel%
rem 2. the guest administrator: look through the KVP items under the Guest key and remove by hand those that belong to the AVMA key; no item is publicly named; leave Parameters, Auto and External alone
reg query "HKLM\SOFTWARE\Microsoft\Virtual Machine\Guest"
"#,
    );
}

#[test]
fn azure_by_powershell() {
    same(
        &azure().powershell().only(Phase::Guest),
        r#"# AVMA is not possible here; go back to KMS
# the guest runs in Azure, where AVMA is not supported (host-azure)
# remedy: install the KMS client key (GVLK) with slmgr /ipk, then slmgr /ckms, slmgr /skms azkms.core.windows.net:1688 and slmgr /ato
$ErrorActionPreference = 'Stop'

# == in the guest ==
# 1. the guest administrator: install the KMS client key VDYBN-27WPP-V4HQT-9VMD4-VMK7H (Windows Server 2022 Standard) and activate by Azure's KMS
Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName InstallProductKey -Arguments @{ ProductKey = 'VDYBN-27WPP-V4HQT-9VMD4-VMK7H' }
Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName ClearKeyManagementServiceMachine
Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName SetKeyManagementServiceMachine -Arguments @{ MachineName = 'azkms.core.windows.net' }
Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName SetKeyManagementServicePort -Arguments @{ PortNumber = [uint32]1688 }
Get-CimInstance -ClassName SoftwareLicensingProduct -Filter 'ApplicationID="55c92734-d682-4d71-983e-d6ec3f16059f" AND PartialProductKey IS NOT NULL AND LicenseIsAddon=FALSE' | Invoke-CimMethod -MethodName Activate
Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName RefreshLicenseStatus
# 2. the guest administrator: look through the KVP items under the Guest key and remove by hand those that belong to the AVMA key; no item is publicly named; leave Parameters, Auto and External alone
Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Virtual Machine\Guest'
"#,
    );
}

#[test]
fn refusals_and_gaps_say_why() {
    let host = |product| Host::windows_server(Release::Ws2022, product).ready();
    let standard = Guest::new(Release::Ws2022, Product::Standard).ready();
    same(
        &ready(host(Product::Standard), standard).slmgr(),
        "rem AVMA is not possible here
rem the host is not Windows Server Datacenter (host-not-datacenter)
rem remedy: license and install Datacenter on the host, or activate the guest by another channel
",
    );
    // Only what decides: not what may be the case, nor what no text tells.
    let mut unknown_release = Host::windows_server(Release::Ws2022, Product::Standard);
    unknown_release.release = Fact::unknown();
    let essentials = Guest::new(Release::Ws2022, Product::Essentials).ready();
    assert_eq!(
        ready(unknown_release.ready(), essentials)
            .slmgr()
            .to_string(),
        ready(host(Product::Standard), standard).slmgr().to_string()
    );
    same(
        &ready(host(Product::Datacenter), essentials).powershell(),
        "# no text tells whether AVMA works here
# the published lists in this crate hold no AVMA key for the guest's release and edition (guest-key-undocumented)
# remedy: do not try a neighbour's key; activate the guest by KMS, MAK or retail key
",
    );
    let mut maybe = standard;
    maybe.evaluation = YesNo::unknown();
    same(
        &ready(host(Product::Datacenter), maybe).dism(),
        "rem not enough is known

rem == in the guest ==
rem 1. the guest administrator: find out whether the guest is an evaluation copy; then plan again
",
    );
    maybe.evaluation = true.into();
    same(
        &ready(host(Product::Datacenter), maybe).powershell(),
        "# not enough is known
$ErrorActionPreference = 'Stop'

# == in the guest ==
# 1. the guest administrator: find out whether the guest is a domain controller: ProductType of Win32_OperatingSystem is 2; then plan again
(Get-CimInstance -ClassName Win32_OperatingSystem).ProductType
# 2. the guest administrator: list the target editions that DISM offers, and see whether the installation is core: DISM's names end in Cor then; then plan again
DISM /Online /Get-CurrentEdition
DISM /Online /Get-TargetEditions
",
    );
}

/// What is kept needs no doubts written down: nothing is installed.
#[test]
fn a_plan_that_keeps_the_activation_is_short() {
    let mut observation = Observation::default();
    observation.key = InstalledKey::LastFive("78VHK".parse().unwrap());
    observation.channel = Some(LicenseChannel::Avma);
    observation.status = Some(LicenseStatus::Licensed);
    let mut guest = Guest::new(Release::Ws2022, Product::Standard);
    guest.guest_service = false.into();
    let kept = plan(
        &Host::Unknown,
        &guest,
        &observation,
        &Circumstances::default(),
    );
    same(
        &kept.slmgr(),
        "rem carry out the steps

rem == in the guest ==
rem 1. the guest administrator: start the service vmickvpexchange
net start vmickvpexchange
if %errorlevel% neq 0 if %errorlevel% neq 2 exit /b %errorlevel%
",
    );
}

#[test]
fn doubts_that_do_not_stop_the_plan_are_written_down() {
    let mut host = Host::windows_server(Release::Ws2022, Product::Datacenter);
    host.license = HostLicense::Licensed.into();
    host.hyper_v_role = true.into();
    host.evaluation = false.into();
    host.pay_as_you_go = false.into();
    let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    let text = ready(host.into(), guest).slmgr().to_string();
    assert!(text.contains(
        "rem not known: perhaps the host is itself a virtual machine, and no text says what its guests get (host-nested)\r\n"
    ));
}

/// The command that enables Data Exchange for a VM of this name.
fn enable(name: &str) -> String {
    let text = evaluation()
        .powershell()
        .vm(Vm::Name(name))
        .only(Phase::Host)
        .to_string();
    let line = text
        .lines()
        .find(|line| line.starts_with("Get-VM"))
        .unwrap();
    line.to_owned()
}

#[track_caller]
fn names(name: &str, expression: &str) {
    assert_eq!(
        enable(name),
        format!(
            "Get-VM | Where-Object {{ $_.Name -eq {expression} }} | Get-VMIntegrationService | Where-Object Id -like '*2A34B1C2-FD73-4043-8A5B-DD2159BC743F' | Enable-VMIntegrationService"
        )
    );
}

#[test]
fn names_of_vms_are_quoted() {
    names("web01", "'web01'");
    names("Ann's", "'Ann''s'");
    names("'; Stop-VM *; '", "'''; Stop-VM *; '''");
    names("$(Stop-VM *) `n \"", "'$(Stop-VM *) `n \"'");
    names("", "''");
    names("*", "'*'");
    // The four characters that PowerShell takes for single quotes.
    names(
        "a\u{2018}b\u{2019}\u{201A}\u{201B}",
        "('a' + [char]0x2018 + 'b' + [char]0x2019 + [char]0x201A + [char]0x201B)",
    );
    names("B\u{FC}ro 'A'", "('B' + [char]0x00FC + 'ro ''A''')");
    names(
        "a\r\nStop-VM *",
        "('a' + [char]0x000D + [char]0x000A + 'Stop-VM *')",
    );
    names(
        "\u{1F5A5}\0",
        "('' + [char]0xD83D + [char]0xDDA5 + [char]0x0000)",
    );
}

#[test]
fn without_a_vm_its_command_is_a_comment() {
    let text = evaluation().powershell().only(Phase::Host).to_string();
    assert!(
        text.lines()
            .filter(|line| !line.is_empty() && *line != "$ErrorActionPreference = 'Stop'")
            .all(|line| line.starts_with('#'))
    );
}

const FILE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<unattend xmlns="urn:schemas-microsoft-com:unattend">
  <settings pass="windowsPE">
    <component name="Microsoft-Windows-Setup" processorArchitecture="amd64"
               publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
      <UserData>
        <ProductKey>
          <Key>VDYBN-27WPP-V4HQT-9VMD4-VMK7H</Key>
          <WillShowUI>OnError</WillShowUI>
        </ProductKey>
      </UserData>
    </component>
  </settings>
  <settings pass="specialize">
    <component name="Microsoft-Windows-Shell-Setup" processorArchitecture="amd64"
               publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
      <ProductKey>YDFWN-MJ9JR-3DYRK-FXXRW-78VHK</ProductKey>
    </component>
  </settings>
</unattend>
"#;

#[test]
fn answer_files() {
    let plain = Unattend::for_guest(Release::Ws2022, Product::Standard).unwrap();
    let both = plain.selecting_image(WillShowUi::OnError).unwrap();
    same_text(&both, FILE);
    let (head, rest) = FILE.split_at(FILE.find("  <settings").unwrap());
    let (windows_pe, rest) = rest.split_at(rest.rfind("  <settings").unwrap());
    let (specialize, tail) = rest.split_at(rest.find("</unattend>").unwrap());
    same_text(&both.windows_pe().unwrap(), windows_pe);
    same_text(&both.specialize(), specialize);
    same_text(&plain, &[head, specialize, tail].concat());
    assert!(plain.windows_pe().is_none());
    assert_eq!(plain.key().key.to_string(), "YDFWN-MJ9JR-3DYRK-FXXRW-78VHK");
    for (ui, value) in [
        (WillShowUi::Always, "Always"),
        (WillShowUi::OnError, "OnError"),
        (WillShowUi::Never, "Never"),
    ] {
        let text = plain.selecting_image(ui).unwrap().to_string();
        assert!(text.contains(&format!("<WillShowUI>{value}</WillShowUI>")));
    }
}

#[test]
fn answer_files_exist_where_a_key_is_published() {
    for release in Release::ALL {
        for product in Product::ALL {
            let file = Unattend::for_guest(*release, *product);
            let row = keys::key(*release, *product, KeyChannel::Avma);
            match (file, row) {
                (Ok(file), Some(row)) => {
                    assert_eq!(file.key(), row);
                    assert!(file.selecting_image(WillShowUi::Never).is_ok());
                }
                (Err(error), None) => assert_eq!(
                    error,
                    UnattendError::NoKey {
                        release: *release,
                        product: *product,
                        channel: KeyChannel::Avma,
                    }
                ),
                other => panic!("{release} {product}: {other:?}"),
            }
        }
    }
    assert_eq!(
        Unattend::for_guest(Release::V20H2, Product::Standard)
            .unwrap_err()
            .to_string(),
        "no AVMA key is published for Windows Server, version 20H2 Standard"
    );
}

#[test]
fn a_plan_gives_an_answer_file_only_if_the_image_takes_the_key() {
    let host = Host::windows_server(Release::Ws2022, Product::Datacenter).ready();
    let guest = Guest::new(Release::Ws2022, Product::Standard).ready();
    let file = ready(host, guest).unattend().unwrap();
    assert_eq!(
        file,
        Unattend::for_guest(Release::Ws2022, Product::Standard).unwrap()
    );
    // 2019 and 1809 share the AVMA key, but not the key that selects the image.
    let both = Fact::one_of([Release::Ws2019.into(), Release::V1809.into()]).unwrap();
    let undecided = ready(host, Guest::new(both, Product::Standard).ready());
    assert_eq!(undecided.outcome(), Outcome::Steps);
    assert_eq!(undecided.unattend(), None);
    assert_eq!(evaluation().unattend(), None);
    assert_eq!(azure().unattend(), None);
}

#[cfg(feature = "xml")]
#[test]
fn answer_files_are_xml_without_an_empty_element() {
    // Of Azure Edition, which holds comments too.
    let file = Unattend::for_guest(Release::Ws2022, Product::DatacenterAzureEdition)
        .unwrap()
        .selecting_image(WillShowUi::Always)
        .unwrap()
        .to_string();
    let document = roxmltree::Document::parse(&file).unwrap();
    let root = document.root_element();
    assert_eq!(
        root.tag_name().namespace(),
        Some("urn:schemas-microsoft-com:unattend")
    );
    let passes: Vec<_> = root
        .children()
        .filter_map(|node| node.attribute("pass"))
        .collect();
    assert_eq!(passes, ["windowsPE", "specialize"]);
    for node in root.descendants().filter(roxmltree::Node::is_element) {
        assert!(node.has_children());
        if node.has_tag_name(("urn:schemas-microsoft-com:unattend", "component")) {
            assert_eq!(node.attribute("processorArchitecture"), Some("amd64"));
            assert_eq!(node.attribute("publicKeyToken"), Some("31bf3856ad364e35"));
            assert_eq!(node.attribute("language"), Some("neutral"));
            assert_eq!(node.attribute("versionScope"), Some("nonSxS"));
        }
    }
}

/// `rem` does not protect from everything: `%` is expanded, `^` may join lines.
#[test]
fn comments_hold_nothing_that_cmd_reads() {
    let harmless = |text: &str| {
        text.chars()
            .all(|c| matches!(c, ' '..='~') && !"%^&|<>!".contains(c))
    };
    for rule in RULES {
        assert!(harmless(rule.text) && harmless(rule.remedy), "{}", rule.id);
    }
    for code in HResult::KNOWN {
        for action in [
            Action::Wait { code: *code },
            Action::CheckHost { code: *code },
        ] {
            assert!(harmless(&action.to_string()), "{action}");
        }
    }
    for fact in FactName::ALL {
        let (first, missing) = (*fact, (*fact).into());
        let by = Action::FindOut { first, missing }.by();
        let of_guest = fact.as_str().starts_with("guest-");
        assert_eq!(of_guest, by == MendedBy::GuestAdministrator, "{fact}");
        assert!(harmless(&fact.to_string()), "{fact}");
    }
    let plans = [
        evaluation(),
        azure(),
        core(Release::Ws2022, Product::Standard, None),
        core(Release::Ws2022, Product::Datacenter, None),
        core(
            Release::Ws2022,
            Product::Standard,
            Some(TargetEditions::NONE),
        ),
        azure_edition(Release::Ws2022),
    ];
    for plan in plans {
        let text = plan.slmgr().to_string();
        for line in text.lines().filter(|line| line.starts_with("rem")) {
            assert!(harmless(line), "{line}");
        }
    }
}

#[test]
fn dism_names_of_all_targets() {
    let name = |edition, installation| TargetEdition::new(edition, installation).dism_name();
    let (full, core) = (Installation::Full, Installation::Core);
    assert_eq!(name(Edition::Datacenter, full), "ServerDatacenter");
    assert_eq!(name(Edition::Datacenter, core), "ServerDatacenterCor");
    assert_eq!(name(Edition::Standard, full), "ServerStandard");
    assert_eq!(name(Edition::Standard, core), "ServerStandardCor");
    assert_eq!(name(Edition::Essentials, full), "ServerSolution");
    assert_eq!(name(Edition::DatacenterAzureEdition, full), "ServerTurbine");
    assert_eq!(
        name(Edition::DatacenterAzureEdition, core),
        "ServerTurbineCor"
    );
}

#[test]
fn words_are_pinned() {
    let slugs: Vec<&str> = Outcome::ALL
        .iter()
        .map(|outcome| outcome.as_str())
        .collect();
    assert_eq!(
        slugs,
        [
            "steps",
            "already-done",
            "left-alone",
            "other-channel",
            "not-possible",
            "can-not-convert",
            "install-afresh",
            "not-documented",
            "not-enough-known"
        ]
    );
    assert_eq!("activated".parse(), Ok(Goal::Activated));
    assert_eq!("avma".parse(), Ok(Goal::Avma));
    let phases: Vec<&str> = Phase::ALL.iter().map(|phase| phase.as_str()).collect();
    assert_eq!(phases, ["host", "guest", "conversion", "after-restart"]);
}

/// What a PowerShell parser reads as the value of an expression of quoted strings and `[char]`s.
fn value_of(expression: &str) -> Option<String> {
    let inner = expression
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
        .unwrap_or(expression);
    let mut units = Vec::new();
    let mut rest = inner;
    loop {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let mut chars = quoted.char_indices().peekable();
            let end = loop {
                let (place, c) = chars.next()?;
                if c == '\'' && chars.next_if(|(_, next)| *next == '\'').is_none() {
                    break place;
                }
                units.push(u16::try_from(u32::from(c)).ok()?);
            };
            rest = &quoted[end + 1..];
        } else {
            let digits = rest.strip_prefix("[char]0x")?;
            units.push(u16::from_str_radix(digits.get(..4)?, 16).ok()?);
            rest = &digits[4..];
        }
        match rest.strip_prefix(" + ") {
            Some(next) => rest = next,
            None if rest.is_empty() => return String::from_utf16(&units).ok(),
            None => return None,
        }
    }
}

fn any_name() -> impl Strategy<Value = String> {
    let nasty = proptest::sample::select(vec![
        '\'', '"', '`', '$', '(', ')', '{', '}', ';', '|', '#', '\n', '\r', '\0', '\u{85}',
        '\u{2018}', '\u{2019}', '\u{201A}', '\u{201B}', '\u{2028}', '\u{411}', '*', '[', 'a',
    ]);
    prop_oneof![
        any::<String>(),
        proptest::collection::vec(nasty, 0..12).prop_map(String::from_iter),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_name_stays_one_value_on_one_line(name in any_name()) {
        let plan = evaluation();
        let text = plan.powershell().vm(Vm::Name(&name)).to_string();
        prop_assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\r' | b'\n')));
        prop_assert_eq!(text.lines().count(), plan.powershell().to_string().lines().count());
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            prop_assert!(line.matches('\'').count() % 2 == 0);
        }
        let line = enable(&name);
        let rest = line.strip_prefix("Get-VM | Where-Object { $_.Name -eq ").unwrap();
        let end = rest.rfind(" } | Get-VMIntegrationService").unwrap();
        prop_assert_eq!(value_of(&rest[..end]), Some(name));
    }
}
