//! How the crate's words are made: one table row gives the variant, its slug, the name that people
//! know, and so `Display`, `as_str`, `FromStr` and the serde form.

/// A text that is none of the words of an enum.
///
/// ```
/// let error = "2021".parse::<avma::Release>().unwrap_err();
/// assert!(error.to_string().starts_with("unknown release, expected one of 2008-r2, 2012, 2012-r2,"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what}, expected one of {}", Listed(expected))]
pub struct UnknownWord {
    /// What was asked for, as in "unknown release".
    pub what: &'static str,
    /// The slugs that exist.
    pub expected: &'static [&'static str],
}

struct Listed<'a>(&'a [&'static str]);

impl core::fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (place, word) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(", ")?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

/// `pub enum Name ("what") { Variant = "slug", "Name that people know" [, "alias"]*; … }`
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $Enum:ident ($what:tt) {
            $( $(#[$row:meta])* $Variant:ident = $slug:tt, $name:tt $(, $alias:tt)* ; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::EnumString)]
        #[strum(ascii_case_insensitive, parse_err_ty = $crate::word::UnknownWord, parse_err_fn = Self::unknown_word)]
        #[non_exhaustive]
        pub enum $Enum {
            $(
                $(#[$row])*
                #[strum(serialize = $slug, serialize = $name $(, serialize = $alias)*)]
                $Variant,
            )+
        }

        impl $Enum {
            /// Every one, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// The stable slug; also the serde form and what [`FromStr`](core::str::FromStr) takes
            /// (which takes the name too, in any case of letters).
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$Variant => $slug),+ }
            }

            fn unknown_word(_: &str) -> $crate::word::UnknownWord {
                $crate::word::UnknownWord { what: $what, expected: &[$($slug),+] }
            }
        }

        const _: () = {
            impl $crate::fact::Sealed for $Enum {}
            impl $crate::fact::Possibility for $Enum {
                const ALL: &'static [Self] = Self::ALL;

                fn index(self) -> u32 {
                    self as u32
                }
            }

            impl core::fmt::Display for $Enum {
                /// The name that people know.
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    f.pad(match self { $(Self::$Variant => $name),+ })
                }
            }

            #[cfg(feature = "serde")]
            impl serde::Serialize for $Enum {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.serialize_str(self.as_str())
                }
            }

            $crate::word::from_text!($Enum, concat!("a word for the ", $what));
        };
    };
}
pub(crate) use words;

/// `Deserialize` by `FromStr`, for types whose serialised form is a text.
macro_rules! from_text {
    ($Type:ty, $what:expr) => {
        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $Type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Visitor;
                impl serde::de::Visitor<'_> for Visitor {
                    type Value = $Type;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str($what)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$Type, E> {
                        text.parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_str(Visitor)
            }
        }
    };
}
pub(crate) use from_text;

/// `Serialize` by `Display`.
macro_rules! to_text {
    ($Type:ty) => {
        #[cfg(feature = "serde")]
        impl serde::Serialize for $Type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}
pub(crate) use to_text;
