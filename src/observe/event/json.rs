//! Events as `Get-WinEvent | ConvertTo-Json` writes them.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use super::{Event, EventId, Part, Payload};
use crate::observe::fault::{Fault, FaultKind, Misread, Place};
use crate::observe::value::Value;
use crate::observe::wmi::{Field, field, masked, unreadable, when};

/// Whether an object is an event, wherever it stands.
pub(in crate::observe) fn is_event(value: &Value) -> bool {
    value.has("ProviderName")
        && ["RecordId", "LogName", "Id"]
            .iter()
            .any(|name| value.has(name))
}

/// `Keywords` as .NET has them: 64 bits with a sign.
struct Keywords(u64);

impl Field for Keywords {
    fn field(value: &Value) -> Result<Option<Self>, Misread> {
        let Some(number) = value.integer()? else {
            return Ok(None);
        };
        let bits = match i64::try_from(number) {
            Ok(number) => Ok(u64::from_le_bytes(number.to_le_bytes())),
            Err(_) => u64::try_from(number).map_err(|_| Misread::OutOfRange),
        };
        bits.map(|bits| Some(Self(bits)))
    }
}

impl Event {
    /// Reads one object of `Get-WinEvent`; unknown properties are ignored.
    ///
    /// `None` is a fault: an object without `Id`. A property that cannot be read is a fault and then
    /// missing. `Properties` that are cut off at the nesting depth, or that hold anything else than
    /// objects with a `Value`, leave the payload [`NotCollected`](Payload::NotCollected).
    ///
    /// ```
    /// # #[cfg(feature = "serde")] {
    /// use avma::observe::event::{Event, Side};
    /// use avma::observe::fault::Place;
    /// use avma::observe::value::Value;
    ///
    /// let event: Value = serde_json::from_str(
    ///     r#"{"Id":12310,"ProviderName":"Microsoft-Windows-Security-SPP","Properties":[{"Value":"0x00000000"}]}"#,
    /// )?;
    /// let event = Event::from_value(&event, Place::DOCUMENT, &mut Vec::new()).unwrap();
    /// assert_eq!(event.side(), Some(Side::Host));
    /// assert!(event.payload.texts().eq(["0x00000000"]));
    /// # }
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn from_value(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Option<Self> {
        let before = faults.len();
        let Some(id) = field(object, "Id", place, faults) else {
            if faults.len() == before {
                faults.push(place.fault(FaultKind::EventWithoutId));
            }
            return None;
        };
        Some(Self {
            id: EventId(id),
            provider: field(object, "ProviderName", place, faults),
            provider_guid: field(object, "ProviderId", place, faults),
            source_name: None,
            qualifiers: field(object, "Qualifiers", place, faults),
            version: field(object, "Version", place, faults),
            level: field(object, "Level", place, faults),
            task: field(object, "Task", place, faults),
            opcode: field(object, "Opcode", place, faults),
            keywords: field(object, "Keywords", place, faults).map(|Keywords(bits)| bits),
            time: when(object, "TimeCreated", place, faults),
            record_id: field(object, "RecordId", place, faults),
            process_id: field(object, "ProcessId", place, faults),
            thread_id: field(object, "ThreadId", place, faults),
            channel: field(object, "LogName", place, faults),
            computer: field(object, "MachineName", place, faults),
            payload: payload(object, place, faults),
            message: field(object, "Message", place, faults),
        })
    }
}

fn payload(object: &Value, place: Place<'_>, faults: &mut Vec<Fault>) -> Payload {
    const NAME: &str = "Properties";
    // `null` may stand for what the command that collected it did not know.
    let Some(list) = object.get(NAME).filter(|list| **list != Value::Null) else {
        return Payload::NotCollected;
    };
    let place = place.property(NAME);
    let bare = list.is_bare();
    let mut parts = Vec::new();
    for (index, element) in list.elements().enumerate() {
        let element_place = place.index(index);
        let place = if bare { place } else { element_place };
        match part(element, place) {
            Ok(part) => parts.push(part),
            Err(fault) => {
                faults.push(fault);
                return Payload::NotCollected;
            }
        }
    }
    Payload::Parts(parts)
}

fn part(element: &Value, place: Place<'_>) -> Result<Part, Fault> {
    let value = match element {
        Value::Object(_) => element.get("Value"),
        // A list of texts, or their types, is what the depth left: where one of them ends cannot
        // be told.
        Value::Text(_) => {
            let depth = place.depth().saturating_sub(1);
            return Err(place.fault(FaultKind::CutOff { depth }));
        }
        _ => None,
    };
    let Some(value) = value else {
        return Err(place.fault(Misread::NotAnObject));
    };
    let place = place.property("Value");
    if value.is_cut_off() {
        return Err(place.fault(unreadable(Some(value), place, Misread::NotText)));
    }
    // The bytes of `Binary` come as numbers.
    if !value.is_bare() {
        let digits = bytes(value).map_err(|misread| place.fault(misread))?;
        return Ok(Part::Binary(digits));
    }
    match value.text() {
        Ok(text) => Ok(Part::data(masked(text.unwrap_or_default()))),
        Err(misread) => Err(place.fault(misread)),
    }
}

fn bytes(list: &Value) -> Result<String, Misread> {
    let mut digits = String::new();
    for element in list.elements() {
        let number = element.integer()?.ok_or(Misread::NotANumber)?;
        let byte = u8::try_from(number).map_err(|_| Misread::OutOfRange)?;
        // Writing to a text cannot fail.
        let _ = write!(digits, "{byte:02X}");
    }
    Ok(digits)
}
