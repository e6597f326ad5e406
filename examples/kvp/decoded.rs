//! What was read of one file: fields in order, and what was refused.

use serde_json::{Map, Value, json};

use crate::hex;
use crate::output::shown;

/// The fields of a file, as lines for people and as JSON.
#[derive(Default)]
pub struct Decoded {
    lines: Vec<String>,
    object: Map<String, Value>,
    /// What the JSON is instead of the object.
    instead: Option<Value>,
    refused: bool,
    /// Faults and where they are; each is printed behind the lines that were there before.
    faults: Vec<(usize, usize)>,
}

impl Decoded {
    /// A file that could not be read at all.
    pub fn unread(fault: &str) -> Self {
        let mut decoded = Self::default();
        decoded.object.insert("error".into(), fault.into());
        decoded.refused = true;
        decoded
    }

    /// A line that is not in the JSON.
    pub fn line(&mut self, at: usize, name: &str, shown: impl AsRef<str>) {
        self.lines
            .push(format!("{at:>6}  {name:<15} {}\n", shown.as_ref()));
    }

    /// A remark, of no place.
    pub fn note(&mut self, text: &str) {
        self.lines.push(format!("        {text}\n"));
    }

    /// A field that is in the JSON alone.
    pub fn insert(&mut self, name: &str, value: impl Into<Value>) {
        self.object.insert(name.into(), value.into());
    }

    /// A number.
    pub fn number(&mut self, at: usize, name: &str, number: impl Into<u64>) {
        let number = number.into();
        self.line(at, name, number.to_string());
        self.insert(name, number);
    }

    /// A number that has a name.
    pub fn code(&mut self, at: usize, name: &str, number: impl Into<u64>, called: Option<&str>) {
        let number = number.into();
        self.line(
            at,
            name,
            match called {
                Some(called) => format!("{number} {called}"),
                None => number.to_string(),
            },
        );
        self.insert(name, number);
    }

    /// A text.
    pub fn text_field(&mut self, at: usize, name: &str, text: &str) {
        self.line(at, name, shown(text));
        self.insert(name, text);
    }

    /// The JSON is this and not the fields.
    pub fn set_json(&mut self, json: Value) {
        self.instead = Some(json);
    }

    /// Takes the fields out of the JSON so far, to be put below a name.
    pub fn take_object(&mut self) -> Map<String, Value> {
        std::mem::take(&mut self.object)
    }

    /// Something is refused: the first reason is that of the JSON.
    pub fn refuse(&mut self, at: usize, reason: &str, text: &str) {
        self.refuse_part(at, text);
        self.object.entry("error").or_insert_with(|| json!(reason));
    }

    /// Something is refused that the JSON tells in its own way.
    pub fn refuse_part(&mut self, at: usize, text: &str) {
        self.refused = true;
        // Most errors say their place themselves.
        let text = text.replacen(&format!("byte {at}: "), "", 1);
        self.lines.push(format!("error at byte {at}: {text}\n"));
        self.faults.push((self.lines.len(), at));
    }

    pub const fn is_refused(&self) -> bool {
        self.refused
    }

    pub fn json(self) -> Value {
        self.instead.unwrap_or(Value::Object(self.object))
    }

    /// The lines, with the bytes around each fault.
    pub fn text(&self, bytes: &[u8]) -> String {
        let mut faults = self.faults.iter().peekable();
        let mut text = String::new();
        for (count, line) in self.lines.iter().enumerate() {
            text += line;
            while let Some((_, at)) = faults.next_if(|(after, _)| *after == count + 1) {
                text += &hex::around(bytes, *at);
            }
        }
        text
    }
}
