//! The text of `cscript slmgr.vbs /dlv` and `/dli`, as a fallback where nobody can ask WMI.
//!
//! English labels only: what slmgr writes is translated, and a translated label is never guessed. Of a
//! text in another language the values are read that no translation touches and that are told by their
//! form: the licence's name, the channel's token, the last five of a published key, the reason, the id of
//! Windows, and the build. Its licence status and minutes stay unknown, and a fault says so.
//!
//! The licences become the same rows as WMI's, so that what is asked of
//! [`Licensing`] does not depend on how it was collected. Programs that print
//! the same lines in another order within a licence are read too.
//!
//! What a text cannot tell stays unknown. A date in a local format is not decided, nor is one
//! without its zone: slmgr prints local time. Which licences are shown depends on how slmgr was
//! asked, so a text without Windows' own licence in use does not say that no key is installed.
//!
//! ```
//! use avma::assess::Seen;
//! use avma::observe::slmgr::SlmgrText;
//!
//! let text = SlmgrText::read(
//!     "Name: Windows(R), ServerStandard edition\r\n\
//!      Description: Windows(R) Operating System, VIRTUAL_MACHINE_ACTIVATION channel\r\n\
//!      Partial Product Key: 78VHK\r\n\
//!      License Status: Licensed\r\n\
//!      Automatic VM activation expiration: 4321 minute(s) (4 day(s))\r\n",
//! );
//! assert_eq!(text.faults, []);
//! let observation = text.licensing.observation();
//! assert_eq!(observation.seen(), Seen::Avma);
//! assert_eq!(observation.minutes_left, Some(4321));
//! ```
//!
//! Source: the text of `slmgr.vbs`, and two ports of it that agree.

use alloc::string::String;
use alloc::vec::Vec;

use super::licensing::{Licensing, LicensingProduct, PartialKey};
use super::value::When;
use super::wmi::masked;
use crate::hresult::{HResult, HResultError};
use crate::license::{LicenseChannel, LicenseStatus};
use crate::product_key::LastFive;
use crate::time::Timestamp;

mod fault;
mod label;
mod untranslated;

pub use fault::{LineFault, SlmgrFault};
use label::{Label, Line};

/// What a text of slmgr holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlmgrText {
    /// `Software licensing service version`, of `/dlv` only, as in `10.0.20348.2340`.
    pub service_version: Option<String>,
    /// The build of Windows, by the service's version and the licence's Extended PID; `None` where they
    /// differ, in several outputs, and where two releases run files of one build: 18362 and 19041.
    pub build: Option<u32>,
    /// The licences. Where none of them is surely Windows' own and in use, one row counts as
    /// [`refused`](Licensing::refused): the one that is not shown.
    pub licensing: Licensing,
    /// What could not be read, by line.
    pub faults: Vec<LineFault>,
    /// The numbers of the lines, from 1, that no version of slmgr is known to write. They are passed
    /// over.
    pub not_understood: Vec<usize>,
}

impl SlmgrText {
    /// Reads a text; what cannot be read is a fault.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader {
            foreign: foreign(text),
            ..Reader::default()
        };
        for (index, line) in text.lines().enumerate() {
            reader.line(index + 1, line);
        }
        reader.finish()
    }

    /// Whether the text tells nothing of any licence.
    pub fn is_empty(&self) -> bool {
        self.licensing.without_key == 0
            && self.licensing.rows.iter().all(|row| {
                row.status_code.is_none()
                    && row.partial_key.last_five().is_none()
                    && row.channel().is_none()
            })
    }
}

/// Whether a text is one of slmgr's, whole or not, in whatever language: it has the line of the
/// service's version, or a channel's token behind a label.
///
/// A text in which slmgr says only that it failed is one too.
///
/// ```
/// use avma::observe::slmgr::is_slmgr;
///
/// assert!(is_slmgr("Beschreibung: Windows(R) Operating System, VOLUME_KMSCLIENT channel"));
/// assert!(is_slmgr("\r\nError: product not found.\r\n"));
/// assert!(!is_slmgr("Windows Server 2022: RETAILER\r\n"));
/// ```
pub fn is_slmgr(text: &str) -> bool {
    text.lines().any(|line| match Line::of(line) {
        Line::Of(Label::ServiceVersion, _) => true,
        Line::Of(Label::Error, value) => match error(value) {
            SlmgrFault::Failed(code) => code.0 >> 16 == LICENSING,
            fault => fault == SlmgrFault::ProductNotFound,
        },
        Line::Of(_, value) | Line::Labelled(value) => has_channel(value),
        Line::Known | Line::Other => false,
    })
}

/// The upper half of the licensing service's codes.
const LICENSING: u32 = 0xC004;

fn has_channel(text: &str) -> bool {
    LicenseChannel::from_description(text)
        .is_some_and(|channel| channel != LicenseChannel::Unlisted)
}

/// What a line of `Error: …` says.
fn error(value: &str) -> SlmgrFault {
    let value = value.trim_end_matches('.');
    if value.eq_ignore_ascii_case("product not found") {
        return SlmgrFault::ProductNotFound;
    }
    let code = value.split_whitespace().next().unwrap_or_default();
    hexadecimal(code.trim_end_matches([':', ',']))
        .map_or(SlmgrFault::FailedWithoutCode, SlmgrFault::Failed)
}

/// A code as slmgr writes it, always with `0x`.
fn hexadecimal(text: &str) -> Result<HResult, HResultError> {
    if text.starts_with("0x") || text.starts_with("0X") {
        text.parse()
    } else {
        Err(HResultError::NotANumber)
    }
}

/// A licence while it is read: its lines as they came.
struct Block<'t> {
    line: usize,
    values: Vec<(Label, usize, &'t str)>,
}

impl<'t> Block<'t> {
    fn has(&self, label: Label) -> bool {
        self.values.iter().any(|(of, ..)| *of == label)
    }

    /// The value of a label, with its line. Several that differ are a fault, and none.
    fn value(&self, label: Label, faults: &mut Vec<LineFault>) -> Option<(usize, &'t str)> {
        let mut values = self.values.iter().filter(|(of, ..)| *of == label);
        let (_, line, value) = *values.next()?;
        for (_, line, other) in values {
            if *other != value {
                faults.push(LineFault {
                    line: *line,
                    kind: SlmgrFault::Twice,
                });
                return None;
            }
        }
        Some((line, value))
    }

    /// Reads the value of a label; what cannot be read is a fault and none.
    fn field<T>(
        &self,
        label: Label,
        faults: &mut Vec<LineFault>,
        read: impl FnOnce(&str) -> Result<T, SlmgrFault>,
    ) -> Option<T> {
        let (line, value) = self.value(label, faults)?;
        match read(value) {
            Ok(field) => Some(field),
            Err(kind) => {
                faults.push(LineFault { line, kind });
                None
            }
        }
    }

    /// A text; none where slmgr says that there is none.
    fn text(&self, label: Label, faults: &mut Vec<LineFault>) -> Option<String> {
        let (_, value) = self.value(label, faults)?;
        (!is_not_available(value)).then(|| masked(value.into()))
    }

    fn when(&self, label: Label, faults: &mut Vec<LineFault>) -> When {
        self.value(label, faults)
            .map_or(When::Unknown, |(_, value)| date(value))
    }

    /// Whether a key is installed for it, in a text whose line on that may be in another language: only
    /// such a licence has a key's last five, a reason or a product id.
    fn is_surely_in_use(&self) -> bool {
        let of_a_key = [Label::PartialKey, Label::Reason, Label::ExtendedPid];
        self.values
            .iter()
            .any(|(label, _, value)| of_a_key.contains(label) && !value.is_empty())
    }

    /// The build of Windows in the product id.
    fn build(&self) -> Option<u32> {
        let of = |wanted| {
            let mut values = self.values.iter().filter(move |(of, ..)| *of == wanted);
            values.next().map(|(.., value)| *value)
        };
        of(Label::Name).and_then(untranslated::edition)?;
        of(Label::ExtendedPid).and_then(untranslated::build_of_pid)
    }

    fn row(&self, faults: &mut Vec<LineFault>) -> LicensingProduct {
        let name = self.text(Label::Name, faults);
        let edition = name.as_deref().and_then(untranslated::edition);
        LicensingProduct {
            // Any other name may be an add-on's, or Windows' in a form that is not known here.
            is_addon: edition.map(|_| false),
            license_family: edition.map(String::from),
            name,
            description: self.text(Label::Description, faults),
            application_id: self.field(Label::ApplicationId, faults, |value| {
                value.parse().map_err(SlmgrFault::NotAGuid)
            }),
            status_code: self
                .field(Label::LicenseStatus, faults, status)
                .map(LicenseStatus::code),
            reason: self.field(Label::Reason, faults, reason),
            grace_minutes: self.field(Label::Minutes, faults, minutes),
            partial_key: self.partial_key(faults),
            product_key_channel: self.text(Label::ProductKeyChannel, faults),
            evaluation_end: self.when(Label::EvaluationEnd, faults),
            iaid: self.text(Label::Iaid, faults),
            avma_host: self.text(Label::Host, faults),
            avma_last_activation: self.when(Label::ActivationTime, faults),
            avma_host_pid: self.text(Label::HostPid, faults),
        }
    }

    fn partial_key(&self, faults: &mut Vec<LineFault>) -> PartialKey {
        let Some((line, value)) = self.value(Label::PartialKey, faults) else {
            return PartialKey::NotCollected;
        };
        if value.is_empty() {
            return PartialKey::NoKey;
        }
        LastFive::parse(value).map_or_else(
            |_| {
                let bytes = value.len();
                faults.push(LineFault {
                    line,
                    kind: SlmgrFault::NotALastFive { bytes },
                });
                PartialKey::NotALastFive { bytes }
            },
            PartialKey::LastFive,
        )
    }
}

fn is_surely_windows(row: &LicensingProduct) -> bool {
    row.is_windows() && row.is_addon == Some(false)
}

fn is_not_available(value: &str) -> bool {
    value.is_empty() || value.eq_ignore_ascii_case("not available")
}

/// The English texts of `LicenseStatus`, 0 to 6.
fn status(value: &str) -> Result<LicenseStatus, SlmgrFault> {
    let value = value.trim_end_matches('.').to_ascii_lowercase();
    Ok(match value.as_str() {
        "unlicensed" => LicenseStatus::Unlicensed,
        "licensed" => LicenseStatus::Licensed,
        "initial grace period" => LicenseStatus::OobGrace,
        "additional grace period"
        | "additional grace period (kms license expired or hardware out of tolerance)" => {
            LicenseStatus::OotGrace
        }
        "non-genuine grace period" => LicenseStatus::NonGenuineGrace,
        "notification" => LicenseStatus::Notification,
        "extended grace period" => LicenseStatus::ExtendedGrace,
        _ => return Err(SlmgrFault::UnknownStatus),
    })
}

/// `0xC004FD02.`, `0xC004F200 (non-genuine).`, `0xC004F009 (grace time expired).`
fn reason(value: &str) -> Result<HResult, SlmgrFault> {
    let mut words = value.split(|c: char| !c.is_ascii_alphanumeric());
    hexadecimal(words.next().unwrap_or_default()).map_err(SlmgrFault::NotAReason)
}

const MINUTES_PER_DAY: u32 = 24 * 60;
const MINUTES: [&str; 2] = ["minute", "minutes"];
const DAYS: [&str; 2] = ["day", "days"];

/// `4321 minute(s) (4 day(s))`; the days are rounded up.
fn minutes(value: &str) -> Result<u32, SlmgrFault> {
    // VBScript's numbers have a sign, so that more than 2^31 minutes look like fewer than none.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c.is_whitespace() || "()".contains(c);
    if !value.trim_end_matches('.').chars().all(is_plain) {
        return Err(SlmgrFault::NotMinutes);
    }
    let words: Vec<&str> = value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("s"))
        .collect();
    let number = |text: &str| text.parse::<u32>().map_err(|_| SlmgrFault::NotMinutes);
    let is = |word: &str, units: [&str; 2]| units.iter().any(|u| u.eq_ignore_ascii_case(word));
    let (minutes, days) = match *words.as_slice() {
        [minutes, unit] if is(unit, MINUTES) => (number(minutes)?, None),
        [minutes, unit, days, day] if is(unit, MINUTES) && is(day, DAYS) => {
            (number(minutes)?, Some(number(days)?))
        }
        _ => return Err(SlmgrFault::NotMinutes),
    };
    match days {
        Some(days) if days != minutes.div_ceil(MINUTES_PER_DAY) => {
            Err(SlmgrFault::DaysDisagree { minutes, days })
        }
        _ => Ok(minutes),
    }
}

/// A date that says its zone, as in `2025-11-24 00:58:11 UTC` of other programs. slmgr's own is local
/// time in the user's format, so it stays a text.
fn date(value: &str) -> When {
    if is_not_available(value) {
        return When::Unknown;
    }
    let undecided = || When::Undecided(masked(value.into()));
    let utc = |text: &str| {
        let text = text.trim_end();
        // Programs differ in whether they print seconds.
        let with_seconds = alloc::format!("{text}:00Z");
        let text = alloc::format!("{text}Z");
        text.parse().or_else(|_| with_seconds.parse()).ok()
    };
    let time: Option<Timestamp> = match value.strip_suffix("UTC") {
        Some(text) => utc(text),
        None if value.ends_with('Z') => value.parse().ok(),
        None => None,
    };
    match time {
        Some(time) if time.is_never() => When::Never,
        Some(time) => When::At(time),
        None => undecided(),
    }
}

#[derive(Default)]
struct Reader<'t> {
    service_version: Option<&'t str>,
    blocks: Vec<Block<'t>>,
    faults: Vec<LineFault>,
    not_understood: Vec<usize>,
    /// The line by which the text is in another language.
    foreign: Option<usize>,
}

/// The first line with a channel's token behind a label that is not known, else with the name of
/// Windows' licence; `None` in a text with a licence status in English.
fn foreign(text: &str) -> Option<usize> {
    let (mut by_channel, mut by_name) = (None, None);
    for (line, number) in text.lines().zip(1..) {
        match Line::of(line) {
            Line::Of(Label::LicenseStatus, _) => return None,
            Line::Labelled(value) if has_channel(value) => {
                by_channel = by_channel.or(Some(number));
            }
            Line::Labelled(value) if untranslated::edition(value).is_some() => {
                by_name = by_name.or(Some(number));
            }
            _ => {}
        }
    }
    by_channel.or(by_name)
}

impl<'t> Reader<'t> {
    fn fault(&mut self, line: usize, kind: SlmgrFault) {
        self.faults.push(LineFault { line, kind });
    }

    fn line(&mut self, number: usize, line: &'t str) {
        match Line::of(line) {
            Line::Of(Label::ServiceVersion, value) => {
                if self.service_version.is_some() {
                    self.fault(number, SlmgrFault::SeveralOutputs);
                } else {
                    self.service_version = Some(value);
                }
            }
            Line::Of(Label::Error, value) => self.fault(number, error(value)),
            Line::Of(label, value) => self.value(number, label, value),
            Line::Known => {}
            Line::Labelled(value) if self.foreign.is_some() && self.untranslated(number, value) => {
            }
            Line::Labelled(_) | Line::Other => self.not_understood.push(number),
        }
    }

    /// Takes a value behind a label that is not known; false where its form says nothing here.
    fn untranslated(&mut self, line: usize, value: &'t str) -> bool {
        let Some(label) = untranslated::label_of(value) else {
            return false;
        };
        let block = self.blocks.last();
        let last = block.and_then(|block| block.values.last());
        let takes = match label {
            Label::Name | Label::Description => true,
            // Before the first licence; a transcript may hold others earlier.
            Label::ServiceVersion => {
                if block.is_none() {
                    self.service_version = Some(value);
                }
                return block.is_none();
            }
            // A KMS client shows its host's too, further down.
            Label::ExtendedPid => last.is_some_and(|(of, ..)| *of == Label::ApplicationId),
            _ => block.is_some(),
        };
        if takes {
            self.value(line, label, value);
        }
        takes
    }

    fn value(&mut self, line: usize, label: Label, value: &'t str) {
        let begins = match (label, self.blocks.last()) {
            (_, None) | (Label::Name, _) => true,
            // Where the name's label is translated and this one is not.
            (Label::Description, Some(block)) => block.has(Label::Description),
            _ => false,
        };
        if begins {
            let values = Vec::new();
            self.blocks.push(Block { line, values });
        }
        if let Some(block) = self.blocks.last_mut() {
            block.values.push((label, line, value));
        }
    }

    fn finish(self) -> SlmgrText {
        let mut faults = self.faults;
        let mut licensing = Licensing::default();
        let foreign = self.foreign;
        let fault = |line, kind| LineFault { line, kind };
        faults.extend(foreign.map(|line| fault(line, SlmgrFault::OtherLanguage)));
        for block in &self.blocks {
            let is_whole = block.has(Label::LicenseStatus) && block.has(Label::PartialKey);
            if !is_whole && foreign.is_none() {
                faults.push(fault(block.line, SlmgrFault::Incomplete));
            }
            if foreign.is_none() || block.is_surely_in_use() {
                licensing.push(block.row(&mut faults));
            } else {
                // It may be one that is shown and not in use.
                licensing.refused += 1;
            }
        }
        let windows = || licensing.rows.iter().filter(|row| is_surely_windows(row));
        let licenses = windows().count();
        let in_use = windows().any(|row| row.partial_key != PartialKey::NotCollected);
        if !in_use {
            licensing.refused += 1;
        }
        let first = self.blocks.first().map_or(1, |block| block.line);
        let whole = if licenses > 1 && licensing.windows_row().is_none() {
            Some(SlmgrFault::SeveralLicenses { licenses })
        } else if foreign.is_some() || licenses > 0 {
            None
        } else if !self.blocks.is_empty() {
            Some(SlmgrFault::NoWindows)
        } else {
            // What slmgr itself says of its failure says more.
            faults.is_empty().then_some(SlmgrFault::NoLicense)
        };
        faults.extend(whole.map(|kind| fault(first, kind)));
        faults.sort_by_key(|fault| fault.line);
        let several = faults
            .iter()
            .any(|fault| fault.kind == SlmgrFault::SeveralOutputs);
        let version = self
            .service_version
            .and_then(untranslated::build_of_version);
        let of_licenses = self.blocks.iter().filter_map(Block::build);
        let build = untranslated::build(version.into_iter().chain(of_licenses));
        SlmgrText {
            build: build.filter(|_| !several),
            service_version: self.service_version.map(|version| masked(version.into())),
            licensing,
            faults,
            not_understood: self.not_understood,
        }
    }
}
