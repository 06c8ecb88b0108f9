//! Values written in YAML as a word, such as `off`, or as a map of settings.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

use super::off_on;

/// Reads a word that `word` knows (true and false are the words on and off), or a map. `expected` describes both in messages.
///
/// # Errors
/// If it is another word, or a map that is not an `M`.
pub fn word_or_map<'de, D: Deserializer<'de>, M: Deserialize<'de>, T: From<M>>(
    deserializer: D,
    expected: &'static str,
    word: fn(&str) -> Option<T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(WordOrMap {
        expected,
        word,
        map: PhantomData::<M>,
    })
}

struct WordOrMap<M, T> {
    expected: &'static str,
    word: fn(&str) -> Option<T>,
    map: PhantomData<M>,
}

impl<'de, M: Deserialize<'de>, T: From<M>> Visitor<'de> for WordOrMap<M, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_bool<E: de::Error>(self, on: bool) -> Result<T, E> {
        (self.word)(off_on(on)).ok_or_else(|| E::invalid_type(de::Unexpected::Bool(on), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.word)(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        M::deserialize(MapAccessDeserializer::new(map)).map(T::from)
    }
}
