//! A plan as PowerShell.

use core::fmt::{self, Write};

use crate::ids::VmId;
use crate::plan::dism::Image;
use crate::plan::script::{self, DATA_EXCHANGE_ID, Dialect, Lines, Quoted};
use crate::plan::steps::{Action, Phase};
use crate::plan::{Plan, dism};

/// Which VM the commands on the host are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vm<'a> {
    /// By its name; several VMs may have it. Any text is safe, wildcards and line breaks included.
    Name(&'a str),
    /// By its id.
    Id(VmId),
}

/// A plan as PowerShell with CIM cmdlets, without VBScript: for Windows PowerShell 5.1 and PowerShell 7.
///
/// The script is pure ASCII, so that it reads the same in every code page; other characters of a VM's
/// name are written as numbers. Its lines end in CR and LF, and it stops at the first command that
/// fails. A name is compared, not matched: `Get-VM -Name` would take `*` in it for
/// a wildcard. Without a VM the commands that need one stay comments.
///
/// ```
/// use avma::assess::{Guest, Host, Observation};
/// use avma::plan::{Circumstances, Goal, Phase, Vm, plan};
/// use avma::{Product, Release};
///
/// let host = Host::windows_server(Release::Ws2019, Product::Datacenter).ready();
/// let mut guest = Guest::new(Release::Ws2016, Product::Standard).ready();
/// guest.data_exchange = false.into();
/// let avma = Circumstances::new(Goal::Avma);
/// let plan = plan(&host, &guest, &Observation::default(), &avma);
/// let script = plan.powershell().vm(Vm::Name("Ann's")).only(Phase::Host).to_string();
/// assert!(script.contains("Where-Object { $_.Name -eq 'Ann''s' } | Get-VMIntegrationService"));
/// ```
///
/// Source: WMI's `SoftwareLicensingService` and `SoftwareLicensingProduct`, the Hyper-V module, and the
/// id of the Data Exchange service, whose name is localised.
#[derive(Clone, Copy, Debug)]
#[must_use = "a text that is not written does nothing"]
pub struct PowerShell<'a> {
    plan: &'a Plan,
    only: Option<Phase>,
    vm: Option<Vm<'a>>,
}

impl<'a> PowerShell<'a> {
    /// The whole plan, to be read.
    pub const fn new(plan: &'a Plan) -> Self {
        Self {
            plan,
            only: None,
            vm: None,
        }
    }

    /// One phase, to be run.
    pub const fn only(self, phase: Phase) -> Self {
        Self {
            only: Some(phase),
            ..self
        }
    }

    /// For this VM.
    pub const fn vm(self, vm: Vm<'a>) -> Self {
        Self {
            vm: Some(vm),
            ..self
        }
    }
}

impl fmt::Display for PowerShell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        script::write(f, self, self.plan, self.only)
    }
}

/// The row of Windows itself: add-ons hold keys too.
const WINDOWS_ROW: &str = "Get-CimInstance -ClassName SoftwareLicensingProduct -Filter \
    'ApplicationID=\"55c92734-d682-4d71-983e-d6ec3f16059f\" AND PartialProductKey IS NOT NULL \
    AND LicenseIsAddon=FALSE'";

/// Calls a method of the licensing service.
fn call(out: &mut Lines<'_>, method: &str, arguments: fmt::Arguments<'_>) -> fmt::Result {
    writeln!(
        out,
        "Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName {method}{arguments}"
    )
}

impl Dialect for PowerShell<'_> {
    const COMMENT: &'static str = "#";
    const PROLOGUE: &'static str = "$ErrorActionPreference = 'Stop'\n";

    fn commands(&self, out: &mut Lines<'_>, action: Action) -> fmt::Result {
        match action {
            Action::EnableDataExchange => {
                match self.vm {
                    Some(Vm::Name(name)) => write!(
                        out,
                        "Get-VM | Where-Object {{ $_.Name -eq {} }}",
                        Quoted(name)
                    )?,
                    Some(Vm::Id(id)) => write!(out, "Get-VM -Id '{id}'")?,
                    None => write!(out, "# Get-VM -Id (the id of the VM)")?,
                }
                writeln!(
                    out,
                    " | Get-VMIntegrationService | Where-Object Id -like '*{DATA_EXCHANGE_ID}' | Enable-VMIntegrationService"
                )
            }
            Action::StartGuestService => writeln!(out, "Start-Service -Name vmickvpexchange"),
            Action::ListTargetEditions | Action::CheckTargetEdition { .. } => {
                dism::write_target_editions(out, Image::Online)
            }
            Action::ConvertEdition { target, gvlk, .. } => {
                writeln!(out, "{}", target.set_edition(gvlk))?;
                // A program that fails is no error of PowerShell.
                writeln!(
                    out,
                    "if ($LASTEXITCODE -notin 0, {}) {{ exit $LASTEXITCODE }}",
                    dism::RESTART_NEEDED
                )
            }
            Action::Restart => writeln!(out, "Restart-Computer"),
            Action::InstallAvmaKey { row } => {
                call(
                    out,
                    "InstallProductKey",
                    format_args!(" -Arguments @{{ ProductKey = '{}' }}", row.key),
                )?;
                call(out, "RefreshLicenseStatus", format_args!(""))
            }
            Action::ReplaceByGvlk { row } => {
                call(
                    out,
                    "InstallProductKey",
                    format_args!(" -Arguments @{{ ProductKey = '{}' }}", row.key),
                )?;
                call(out, "ClearKeyManagementServiceMachine", format_args!(""))?;
                call(
                    out,
                    "SetKeyManagementServiceMachine",
                    format_args!(" -Arguments @{{ MachineName = 'azkms.core.windows.net' }}"),
                )?;
                call(
                    out,
                    "SetKeyManagementServicePort",
                    format_args!(" -Arguments @{{ PortNumber = [uint32]1688 }}"),
                )?;
                writeln!(out, "{WINDOWS_ROW} | Invoke-CimMethod -MethodName Activate")?;
                call(out, "RefreshLicenseStatus", format_args!(""))
            }
            Action::ListKvpItems => writeln!(
                out,
                r"Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Virtual Machine\Guest'"
            ),
            Action::CheckDomainController => writeln!(
                out,
                "(Get-CimInstance -ClassName Win32_OperatingSystem).ProductType"
            ),
            Action::ReadLicense => writeln!(
                out,
                "{WINDOWS_ROW} | Select-Object Description, LicenseStatus, LicenseStatusReason, GracePeriodRemaining, PartialProductKey"
            ),
            _ => Ok(()),
        }
    }
}
