//! A month's report as text.

use core::fmt;

use super::{Cores, CoresDue, CoresUnknown, Guests, HostKind, HostMonth, MonthReport, Vms};
use crate::catalog::mask::Masked;

/// A number with its noun, which has an `s` for any number but 1.
struct Count(u32, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}

impl fmt::Display for Vms {
    /// `5 VMs: 3 Windows Server, 1 other, 1 not known`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Count(self.all(), "VM").fmt(f)?;
        let mut separator = ": ";
        let of = [
            (self.server, "Windows Server"),
            (self.other, "other"),
            (self.unknown, "not known"),
        ];
        for (count, what) in of.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "{separator}{count} {what}")?;
            separator = ", ";
        }
        Ok(())
    }
}

impl fmt::Display for Cores {
    /// `32 cores due (2 processors, 32 cores)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} due ({})", Count(self.due, "core"), self.collected())
    }
}

impl Cores {
    fn collected(self) -> impl fmt::Display {
        Collected(self)
    }
}

/// `2 processors, 32 cores`.
struct Collected(Cores);

impl fmt::Display for Collected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(cores) = self;
        let processors = Count(cores.processors, "processor");
        write!(f, "{processors}, {}", Count(cores.physical, "core"))
    }
}

/// What licences count of a host, by its edition. Nothing is due where no Windows Server guest ran.
struct Counted {
    kind: HostKind,
    ran: Option<bool>,
    cores: Result<Cores, CoresUnknown>,
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nothing_due = self.ran == Some(false);
        let by_cores = matches!(self.kind, HostKind::Datacenter | HostKind::Unknown);
        f.write_str(match self.kind {
            HostKind::Datacenter => "Datacenter",
            HostKind::Standard if nothing_due => "Standard",
            HostKind::Standard => "Standard: one guest per licence, not judged here",
            HostKind::Other if nothing_due => "another edition",
            HostKind::Other => "another edition, not judged here",
            HostKind::Unknown if nothing_due => "edition not known",
            HostKind::Unknown => "edition not known; if it is Datacenter",
        })?;
        match self.cores {
            Ok(cores) if by_cores && !nothing_due => write!(f, ": {cores}"),
            Ok(cores) => write!(f, " ({})", cores.collected()),
            Err(unknown) if by_cores && !nothing_due => {
                write!(f, ": cores due not known ({unknown})")
            }
            Err(unknown) => write!(f, " ({unknown})"),
        }
    }
}

/// The hosts of an edition in one line, where there are any.
struct Line<'t>(HostKind, Option<bool>, &'t MonthReport<'t>);

impl fmt::Display for Line<'_> {
    /// `Standard hosts that ran Windows Server guests: 1 host, 5 guests seen started; one guest per
    /// licence, not judged here`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(kind, ran, report) = *self;
        f.write_str(match kind {
            HostKind::Datacenter => "Datacenter hosts",
            HostKind::Standard => "Standard hosts",
            HostKind::Other => "hosts of another edition",
            HostKind::Unknown => "hosts of an edition that is not known",
        })?;
        f.write_str(match ran {
            Some(_) => " that ran Windows Server guests: ",
            None => " that may have run Windows Server guests: ",
        })?;
        let (cores, guests) = (report.cores(kind, ran), report.guests(kind, ran));
        match kind {
            HostKind::Datacenter if ran.is_some() => cores.fmt(f),
            HostKind::Datacenter => write!(f, "{cores}, if they did"),
            HostKind::Unknown if ran.is_some() => write!(f, "{cores}, if they are Datacenter"),
            HostKind::Unknown => write!(f, "{cores}, if they did and are Datacenter"),
            HostKind::Standard => write!(f, "{guests}; one guest per licence, not judged here"),
            HostKind::Other => write!(f, "{guests}; not judged here"),
        }
    }
}

impl fmt::Display for Guests {
    /// `1 host, 5 guests seen started`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let guests = u32::try_from(self.guests).unwrap_or(u32::MAX);
        let (hosts, guests) = (Count(self.hosts, "host"), Count(guests, "guest"));
        write!(f, "{hosts}, {guests} seen started")
    }
}

impl fmt::Display for CoresDue {
    /// `3 hosts, 64 cores due, and those of 1 host whose cores are not known`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Count(self.hosts, "host").fmt(f)?;
        if self.hosts == 0 {
            return Ok(());
        }
        write!(f, ", {} cores due", self.cores)?;
        if self.hosts_without_cores > 0 {
            let hosts = Count(self.hosts_without_cores, "host");
            write!(f, ", and those of {hosts} whose cores are not known")?;
        }
        Ok(())
    }
}

impl fmt::Display for HostMonth<'_> {
    /// One line, as in `hv01: ran Windows Server guests (days 24-25); Datacenter: 32 cores due (2
    /// processors, 32 cores); started 5 VMs: 3 Windows Server, 2 not known; at most 4 on one day (2025-11-24)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", Masked(self.host.0))?;
        match self.ran_server() {
            Some(true) => write!(f, "ran Windows Server guests (days {})", self.server_days)?,
            Some(false) => f.write_str("ran no Windows Server guest that was seen")?,
            None => f.write_str("not known whether it ran Windows Server guests")?,
        }
        let counted = Counted {
            kind: self.kind(),
            ran: self.ran_server(),
            cores: self.cores,
        };
        write!(f, "; {counted}")?;
        if self.started.all() > 0 {
            write!(f, "; started {}", self.started)?;
        }
        if let Some(peak) = self.daily.peak() {
            write!(f, "; at most {} on one day ({})", peak.vms.all(), peak.day)?;
        }
        if self.not_started.all() > 0 {
            write!(f, "; not seen started {}", self.not_started)?;
        }
        if !self.event_days.is_empty() {
            write!(f, "; events 12310 without a VM (days {})", self.event_days)?;
        }
        let mut separator = "; may be the same host as ";
        for other in &self.may_be {
            write!(f, "{separator}{}", Masked(other.0))?;
            separator = ", ";
        }
        Ok(())
    }
}

impl fmt::Display for MonthReport<'_> {
    /// Lines without an indent are of the whole, lines of hosts and of VMs that moved have one of two
    /// blanks. No line end at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} (UTC), by what was seen", self.month)?;
        for ran in [Some(true), None] {
            for kind in HostKind::ALL {
                // What is due is said even where it is nothing.
                let due = (*kind, ran) == (HostKind::Datacenter, Some(true));
                if due || self.guests(*kind, ran).hosts > 0 {
                    writeln!(f, "{}", Line(*kind, ran, self))?;
                }
            }
        }
        match self.minimum_per_server {
            Some(minimum) => writeln!(f, "minimum per server: {}", Count(minimum, "core"))?,
            None => f.write_str("minimum per server: none given\n")?,
        }
        for host in &self.hosts {
            writeln!(f, "  {host}")?;
        }
        writeln!(f, "started: {}", self.started)?;
        if self.not_started.all() > 0 {
            writeln!(f, "not seen started: {}", self.not_started)?;
        }
        if let Some(peak) = self.daily.peak() {
            writeln!(f, "most on one day: {} ({})", peak.vms, peak.day)?;
        }
        f.write_str("activation, as it was seen last:")?;
        let seen = &self.activations;
        let mut separator = " ";
        let counts = [
            (seen.avma_host, "AVMA (borne out by the host)"),
            (seen.avma_guest, "AVMA (by the guest)"),
            (seen.avma_claimed, "AVMA (a claim)"),
            (seen.other, "another channel"),
            (seen.not_activated_guest, "not activated (by the guest)"),
            (seen.not_activated_claimed, "not activated (a claim)"),
            (seen.not_seen, "not seen"),
        ];
        for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
            write!(f, "{separator}{count} {what}")?;
            separator = ", ";
        }
        if separator == " " {
            f.write_str(" no VM")?;
        }
        let several = u32::try_from(self.moved.len()).unwrap_or(u32::MAX);
        write!(f, "\nseen on several hosts: {}", Count(several, "VM"))?;
        for moved in &self.moved {
            let at_least = Count(moved.at_least, "move");
            write!(f, "\n  {}: at least {at_least}", moved.vm)?;
            let mut separator = ": ";
            for host in &moved.hosts {
                write!(f, "{separator}{}", Masked(host.0))?;
                separator = ", ";
            }
        }
        Ok(())
    }
}
