//! A document as a tree, and what PowerShell makes of values on the way into JSON.
//!
//! The same property comes as a number, as text, as an object with `value`, as a list of one. The
//! accessors undo that once, so that no reader of a class has to. Property names compare without
//! case, and order means nothing.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::fault::Misread;
use crate::catalog::mask::Masked;
use crate::hresult::HResult;
use crate::ids::VmId;
use crate::time::Timestamp;

/// A number without loss: integers stay integers, beyond 2^53 too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number, as in `36028797018963968` or `-1073414910`.
    Integer(i128),
    /// Any other.
    Float(f64),
}

/// A JSON value, owned. Deserialise one from any self-describing format.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// # use avma::observe::value::Value;
/// let document: Value = serde_json::from_str(r#"{"value":2,"Value":"Running"}"#)?;
/// assert_eq!(document.integer(), Ok(Some(2)));
/// # }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object. All properties in their order, those too that differ in case only.
    Object(Vec<(String, Value)>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(Number::Integer(number.into()))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        i64::from(number).into()
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    /// A list.
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

impl<'a, T: Into<Value>, const N: usize> From<[(&'a str, T); N]> for Value {
    /// An object.
    ///
    /// ```
    /// use avma::observe::value::Value;
    ///
    /// let row = Value::from([("Name", Value::from("web01")), ("State", 2_u32.into())]);
    /// assert_eq!(row.get("state").unwrap().integer(), Ok(Some(2)));
    /// ```
    fn from(properties: [(&'a str, T); N]) -> Self {
        let properties = properties.into_iter();
        Self::Object(
            properties
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}

/// A date, with the ways in which there is none told apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum When {
    /// The property is missing or null: it was not asked, or there is nothing to tell.
    #[default]
    Unknown,
    /// Windows' "never": file time 0, in any time zone.
    Never,
    /// A time.
    At(Timestamp),
    /// A text in a local format, as in `11/24/2025`; which part is the month cannot be decided.
    Undecided(String),
}

impl fmt::Debug for Value {
    /// Product keys of no published list are masked: a document may hold anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(yes) => yes.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => Masked(text).fmt(f),
            Self::List(list) => f.debug_list().entries(list).finish(),
            Self::Object(properties) => {
                let entries = properties.iter().map(|(name, value)| (Masked(name), value));
                f.debug_map().entries(entries).finish()
            }
        }
    }
}

impl When {
    /// The time, where it is one.
    pub const fn at(&self) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(*time),
            _ => None,
        }
    }
}

/// What an object becomes beyond `-Depth`: its type's name instead of its content.
const TYPE_NAMES: &[&str] = &[
    "System.Object[]",
    "System.String[]",
    "System.Collections.",
    "System.Management.",
    "System.Diagnostics.Eventing.",
    "Microsoft.Management.",
    "Microsoft.HyperV.",
    "Microsoft.FailoverClusters.",
    "Deserialized.",
];

impl Value {
    /// The property of this name, compared without case. Where two differ in case only, the one
    /// that is written as asked.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let Self::Object(properties) = self else {
            return None;
        };
        let mut found = None;
        for (key, value) in properties {
            if key == name {
                return Some(value);
            }
            if found.is_none() && key.eq_ignore_ascii_case(name) {
                found = Some(value);
            }
        }
        found
    }

    /// Whether there is a property of this name, whatever it holds.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether this is `null`, or the empty object that Windows PowerShell 5.1 writes for the result
    /// of a command that gave none.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Object(properties) => properties.is_empty(),
            _ => false,
        }
    }

    /// Whether this is what an object or a list becomes beyond the nesting depth: `@{Name=HV01}` or
    /// the name of a .NET type.
    pub fn is_cut_off(&self) -> bool {
        matches!(self, Self::Text(text)
            if text.starts_with("@{") && text.ends_with('}')
                || TYPE_NAMES.iter().any(|name| text.starts_with(name)))
    }

    /// The elements where a list is asked for, whatever it became: an array, `{"value":[…],"Count":n}`,
    /// one bare object or text, or nothing at all for `null` and for the empty text that an empty
    /// array becomes at the nesting depth.
    pub fn elements(&self) -> impl Iterator<Item = &Value> {
        let (list, bare): (&[Value], _) = match self {
            Self::List(list) => (list, None),
            Self::Text(text) if text.is_empty() => (&[], None),
            _ if self.is_nothing() => (&[], None),
            _ => match self.wrapped_list() {
                Some(list) => (list, None),
                None => (&[], Some(self)),
            },
        };
        list.iter().chain(bare)
    }

    /// Whether [`elements`](Self::elements) gives this value itself, because it is no list.
    pub fn is_bare(&self) -> bool {
        !matches!(self, Self::List(_)) && self.wrapped_list().is_none()
    }

    /// The list of `{"value":[…],"Count":n}`: exactly these two properties.
    pub fn wrapped_list(&self) -> Option<&[Value]> {
        match self {
            Self::Object(properties) if properties.len() == 2 && self.has("Count") => {
                match self.get("value") {
                    Some(Self::List(list)) => Some(list),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The scalar within: itself, the `value` of an enumeration, date or string that PowerShell
    /// wrote as an object, or the element of a list of one.
    pub fn scalar(&self) -> &Value {
        match self {
            Self::Object(_) => match self.get("value") {
                Some(inner) if !matches!(inner, Self::Object(_) | Self::List(_)) => inner,
                _ => self,
            },
            Self::List(list) => match list.as_slice() {
                [only] if !matches!(only, Self::List(_)) => only.scalar(),
                _ => self,
            },
            _ => self,
        }
    }

    /// The text; `None` for `null`. Numbers and booleans become text, `System.Version` objects a
    /// version.
    ///
    /// # Errors
    ///
    /// A list, or any other object.
    pub fn text(&self) -> Result<Option<Cow<'_, str>>, Misread> {
        match self.scalar() {
            Self::Text(text) => Ok(Some(Cow::Borrowed(text))),
            Self::Bool(true) => Ok(Some(Cow::Borrowed("True"))),
            Self::Bool(false) => Ok(Some(Cow::Borrowed("False"))),
            Self::Number(Number::Integer(number)) => Ok(Some(Cow::Owned(number.to_string()))),
            Self::Number(Number::Float(number)) => Ok(Some(Cow::Owned(number.to_string()))),
            other if other.is_nothing() => Ok(None),
            other => match other.version() {
                Some(version) => Ok(Some(Cow::Owned(version))),
                None => Err(Misread::NotText),
            },
        }
    }

    /// `10.0` or `10.0.20348.2340` of a `System.Version` object; -1 stands for a part that is not
    /// given.
    fn version(&self) -> Option<String> {
        let part = |name| self.get(name)?.integer().ok()?;
        let mut version = format!("{}.{}", part("Major")?, part("Minor")?);
        for name in ["Build", "Revision"] {
            match part(name) {
                Some(number) if number >= 0 => {
                    version.push('.');
                    version.push_str(&number.to_string());
                }
                _ => break,
            }
        }
        Some(version)
    }

    /// The whole number, also of a text; `None` for `null` and `""`.
    ///
    /// # Errors
    ///
    /// Any other text, a fraction, a boolean, a list, an object.
    pub fn integer(&self) -> Result<Option<i128>, Misread> {
        match self.scalar() {
            Self::Number(Number::Integer(number)) => Ok(Some(*number)),
            Self::Number(Number::Float(number)) => whole(*number).map(Some),
            Self::Text(text) if text.trim().is_empty() => Ok(None),
            Self::Text(text) => text
                .trim()
                .parse()
                .map(Some)
                .map_err(|_| Misread::NotANumber),
            other if other.is_nothing() => Ok(None),
            _ => Err(Misread::NotANumber),
        }
    }

    /// The boolean, also of `"True"`, `"false"`, 0 and 1; `None` for `null` and `""`.
    ///
    /// # Errors
    ///
    /// Any other text or number, a list, an object.
    pub fn boolean(&self) -> Result<Option<bool>, Misread> {
        match self.scalar() {
            Self::Bool(answer) => Ok(Some(*answer)),
            Self::Number(Number::Integer(0)) => Ok(Some(false)),
            Self::Number(Number::Integer(1)) => Ok(Some(true)),
            Self::Text(text) => match text.trim() {
                "" => Ok(None),
                "0" => Ok(Some(false)),
                "1" => Ok(Some(true)),
                text if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
                text if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
                _ => Err(Misread::NotABoolean),
            },
            other if other.is_nothing() => Ok(None),
            _ => Err(Misread::NotABoolean),
        }
    }

    /// The GUID, in either case, with braces or without; `None` for `null` and `""`.
    ///
    /// # Errors
    ///
    /// Any other text, a number, a list, an object.
    pub fn guid(&self) -> Result<Option<VmId>, Misread> {
        match self.text()?.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(Misread::NotAGuid),
        }
    }

    /// The HRESULT, unsigned, signed or in hexadecimal; `None` for `null` and `""`.
    ///
    /// # Errors
    ///
    /// Any other text, a number of more than 32 bits, a list, an object.
    pub fn hresult(&self) -> Result<Option<HResult>, Misread> {
        match self.text()?.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(Misread::NotAnHResult),
        }
    }

    /// The date, in any of the forms that PowerShell and WMI write.
    ///
    /// # Errors
    ///
    /// A boolean, a list, an object without a date in it.
    pub fn when(&self) -> Result<When, Misread> {
        match self.scalar() {
            Self::Text(text) => Ok(match text.trim().parse::<Timestamp>() {
                Ok(time) if time.is_never() => When::Never,
                Ok(time) => When::At(time),
                Err(_) if text.trim().is_empty() => When::Unknown,
                Err(_) => When::Undecided(super::wmi::masked(text.as_str().into())),
            }),
            other if other.is_nothing() => Ok(When::Unknown),
            _ => Err(Misread::NotADate),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::float_cmp,
    reason = "compared after the way there and back: what is lost is refused"
)]
fn whole(number: f64) -> Result<i128, Misread> {
    let integer = number as i128;
    if integer as f64 == number {
        Ok(integer)
    } else {
        Err(Misread::NotANumber)
    }
}

#[cfg(feature = "serde")]
mod tree {
    //! How a tree is built. Nesting is bounded, so that reading and dropping one cannot exhaust the
    //! stack.

    use super::{Number, String, ToString, Value, Vec};
    use core::fmt;
    use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

    const MAX_DEPTH: usize = 128;
    /// A length that a format announces is trusted only so far.
    const MAX_RESERVE: usize = 1024;

    #[derive(Clone, Copy)]
    struct Node {
        depth: usize,
    }

    impl Node {
        fn child<E: Error>(self) -> Result<Self, E> {
            if self.depth == MAX_DEPTH {
                return Err(E::custom("more than 128 levels"));
            }
            Ok(Self {
                depth: self.depth + 1,
            })
        }
    }

    impl<'de> serde::Deserialize<'de> for Value {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Node { depth: 0 }.deserialize(deserializer)
        }
    }

    impl<'de> DeserializeSeed<'de> for Node {
        type Value = Value;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
            deserializer.deserialize_any(self)
        }
    }

    impl<'de> Visitor<'de> for Node {
        type Value = Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }

        fn visit_unit<E: Error>(self) -> Result<Value, E> {
            Ok(Value::Null)
        }

        fn visit_none<E: Error>(self) -> Result<Value, E> {
            Ok(Value::Null)
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
            self.deserialize(deserializer)
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<Value, D::Error> {
            self.child()?.deserialize(deserializer)
        }

        fn visit_bool<E: Error>(self, answer: bool) -> Result<Value, E> {
            Ok(Value::Bool(answer))
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
            self.visit_i128(number.into())
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
            self.visit_i128(number.into())
        }

        fn visit_i128<E: Error>(self, number: i128) -> Result<Value, E> {
            Ok(Value::Number(Number::Integer(number)))
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
            Ok(Value::Number(Number::Float(number)))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
            Ok(Value::Text(text.to_string()))
        }

        fn visit_string<E: Error>(self, text: String) -> Result<Value, E> {
            Ok(Value::Text(text))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
            let mut elements = Vec::with_capacity(list.size_hint().unwrap_or(0).min(MAX_RESERVE));
            let child = self.child()?;
            while let Some(element) = list.next_element_seed(child)? {
                elements.push(element);
            }
            Ok(Value::List(elements))
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
            let mut properties = Vec::with_capacity(map.size_hint().unwrap_or(0).min(MAX_RESERVE));
            let child = self.child()?;
            while let Some(name) = map.next_key::<String>()? {
                properties.push((name, map.next_value_seed(child)?));
            }
            Ok(Value::Object(properties))
        }
    }
}
