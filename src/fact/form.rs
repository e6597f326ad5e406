//! The serialised form of a fact: nothing, a word, or a list of words.

use core::fmt;
use core::marker::PhantomData;

use serde::de::value::StrDeserializer;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::{Answer, Fact, Possibility};

impl<T: Possibility + Serialize> Serialize for Fact<T> {
    /// Nothing where nothing is known (in a record the field is absent), the word where one possibility
    /// is left, a list otherwise.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.known_element() {
            _ if self.is_unknown() => serializer.serialize_none(),
            Some(element) => element.serialize(serializer),
            None => serializer.collect_seq(self.iter()),
        }
    }
}

impl<'de, T: Possibility + Deserialize<'de>> Deserialize<'de> for Fact<T> {
    /// From nothing, a word or a list of words that is not empty; in self-describing formats only.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FactVisitor(PhantomData))
    }
}

/// For fields that are absent where nothing is known.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
pub(crate) fn is_unknown<T: Possibility>(fact: &Fact<T>) -> bool {
    fact.is_unknown()
}

struct FactVisitor<T>(PhantomData<T>);

impl<'de, T: Possibility + Deserialize<'de>> Visitor<'de> for FactVisitor<T> {
    type Value = Fact<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word, a list of words, or nothing")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Fact::unknown())
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Fact::unknown())
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Self::Value, E> {
        // JSON's own words for yes and no; of any other domain an error names the words.
        self.visit_str(Answer::from(yes).as_str())
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Self::Value, E> {
        T::deserialize(StrDeserializer::new(word)).map(Fact::known)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut words: A) -> Result<Self::Value, A::Error> {
        let mut fact: Option<Fact<T>> = None;
        while let Some(word) = words.next_element()? {
            let word = Fact::known(word);
            fact = Some(fact.map_or(word, |others| others.union(word)));
        }
        fact.ok_or_else(|| A::Error::invalid_length(0, &"at least one word"))
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WORDS: &[&str] = &["no", "yes"];
        struct AnswerVisitor;
        impl Visitor<'_> for AnswerVisitor {
            type Value = Answer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("yes or no")
            }

            fn visit_bool<E: Error>(self, yes: bool) -> Result<Answer, E> {
                Ok(yes.into())
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<Answer, E> {
                let mut answers = Answer::ALL.iter();
                let answer = answers.find(|answer| word.eq_ignore_ascii_case(answer.as_str()));
                answer
                    .copied()
                    .ok_or_else(|| E::unknown_variant(word, WORDS))
            }
        }
        deserializer.deserialize_any(AnswerVisitor)
    }
}
