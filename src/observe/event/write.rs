//! The writer of event XML.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::{Display, Write};

use super::{Event, NotWritten, Part, Payload};
use crate::catalog::mask::Masked;
use crate::kvp::wmi::not_xml;
use crate::observe::value::When;
use crate::time::Timestamp;

/// The namespace of events.
const NAMESPACE: &str = "http://schemas.microsoft.com/win/2004/08/events/event";
/// 10000-01-01.
const AFTER_LAST: Timestamp = Timestamp(253_402_300_800_000);

impl Event {
    /// The event as XML: one line, with the elements, attributes and quotes of
    /// `EventLogRecord.ToXml()`. What the event does not have is left out.
    ///
    /// Reading what was written gives the event again, but for product keys of no published list:
    /// they are masked.
    ///
    /// # Errors
    ///
    /// A character that XML 1.0 has none for, as U+0001; a payload that was not collected or is not
    /// understood; a time in a local format or of a year that has not four digits.
    pub fn to_xml(&self) -> Result<String, NotWritten> {
        let mut out = Writer {
            text: format!("<Event xmlns='{NAMESPACE}'><System><Provider"),
        };
        out.attribute("Name", self.provider.as_deref())?;
        if let Some(guid) = self.provider_guid {
            out.put(format_args!(
                " Guid='{{{}}}'",
                guid.to_string().to_ascii_uppercase()
            ));
        }
        out.attribute("EventSourceName", self.source_name.as_deref())?;
        out.put("/><EventID");
        out.number_attribute("Qualifiers", self.qualifiers);
        out.put(format_args!(">{}</EventID>", self.id));
        out.number("Version", self.version);
        out.number("Level", self.level);
        out.number("Task", self.task);
        out.number("Opcode", self.opcode);
        if let Some(keywords) = self.keywords {
            out.put(format_args!("<Keywords>{keywords:#x}</Keywords>"));
        }
        if let Some(time) = self.system_time()? {
            out.put(format_args!("<TimeCreated SystemTime='{time}'/>"));
        }
        out.number("EventRecordID", self.record_id);
        out.put("<Correlation/>");
        if self.process_id.is_some() || self.thread_id.is_some() {
            out.put("<Execution");
            out.number_attribute("ProcessID", self.process_id);
            out.number_attribute("ThreadID", self.thread_id);
            out.put("/>");
        }
        out.element("Channel", self.channel.as_deref())?;
        out.element("Computer", self.computer.as_deref())?;
        out.put("<Security/></System>");
        self.write_payload(&mut out)?;
        if self.message.is_some() {
            out.put("<RenderingInfo>");
            out.element("Message", self.message.as_deref())?;
            out.put("</RenderingInfo>");
        }
        out.put("</Event>");
        Ok(out.text)
    }

    fn system_time(&self) -> Result<Option<String>, NotWritten> {
        match self.time {
            When::Unknown => Ok(None),
            When::Never => Ok(Some("1601-01-01T00:00:00.0000000Z".to_string())),
            When::At(time) if !time.is_never() && time < AFTER_LAST => {
                let seconds = time.to_string();
                let seconds = seconds.trim_end_matches('Z');
                // Windows writes units of 100 ns.
                let ms = time.0.rem_euclid(1000);
                Ok(Some(format!("{seconds}.{ms:03}0000Z")))
            }
            When::At(_) | When::Undecided(_) => Err(NotWritten::Time(self.id)),
        }
    }

    fn write_payload(&self, out: &mut Writer) -> Result<(), NotWritten> {
        let parts = match &self.payload {
            Payload::Parts(parts) => parts,
            Payload::NotCollected => return Err(NotWritten::NotCollected(self.id)),
            Payload::NotUnderstood(_) => return Err(NotWritten::NotUnderstood(self.id)),
        };
        out.put("<EventData>");
        for (place, part) in parts.iter().enumerate() {
            let of_part = |error| match error {
                NotWritten::Character { at, character, .. } => NotWritten::PayloadCharacter {
                    part: place,
                    at,
                    character,
                },
                other => other,
            };
            match part {
                Part::Data { name, text } => {
                    out.put("<Data");
                    out.attribute("Name", name.as_deref()).map_err(of_part)?;
                    out.put(">");
                    out.escaped("Data", text).map_err(of_part)?;
                    out.put("</Data>");
                }
                Part::Binary(digits) => out.element("Binary", Some(digits)).map_err(of_part)?,
            }
        }
        out.put("</EventData>");
        Ok(())
    }
}

struct Writer {
    text: String,
}

impl Writer {
    fn put(&mut self, what: impl Display) {
        // Writing to a text cannot fail.
        let _ = write!(self.text, "{what}");
    }

    fn number(&mut self, name: &str, number: Option<impl Display>) {
        if let Some(number) = number {
            self.put(format_args!("<{name}>{number}</{name}>"));
        }
    }

    fn number_attribute(&mut self, name: &str, number: Option<u32>) {
        if let Some(number) = number {
            self.put(format_args!(" {name}='{number}'"));
        }
    }

    fn attribute(&mut self, name: &'static str, text: Option<&str>) -> Result<(), NotWritten> {
        let Some(text) = text else { return Ok(()) };
        self.put(format_args!(" {name}='"));
        self.escaped(name, text)?;
        self.put("'");
        Ok(())
    }

    fn element(&mut self, name: &'static str, text: Option<&str>) -> Result<(), NotWritten> {
        let Some(text) = text else { return Ok(()) };
        self.put(format_args!("<{name}>"));
        self.escaped(name, text)?;
        self.put(format_args!("</{name}>"));
        Ok(())
    }

    /// The text with what is markup, in an element or between quotes, as a reference. A parser would
    /// turn a bare CR into a LF, and in an attribute each of them into a blank; and an event is one
    /// line.
    fn escaped(&mut self, what: &'static str, text: &str) -> Result<(), NotWritten> {
        if let Some((at, character)) = not_xml(text) {
            return Err(NotWritten::Character {
                what,
                at,
                character,
            });
        }
        let masked = Masked(text);
        let text = if masked.is_needed() {
            &masked.to_string()
        } else {
            text
        };
        for character in text.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '\'' => self.text.push_str("&apos;"),
                '\t' => self.text.push_str("&#9;"),
                '\n' => self.text.push_str("&#10;"),
                '\r' => self.text.push_str("&#13;"),
                other => self.text.push(other),
            }
        }
        Ok(())
    }
}
