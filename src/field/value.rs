//! The value of a setting, and how it is written.

use std::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// The value of a setting, or what was given instead.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number of at least 0.
    Whole(usize),
    /// Any other number.
    Number(f64),
    /// One of the setting's choices.
    Choice(&'static str),
    /// A name or a path.
    Text(String),
    /// An optional setting that is off.
    Off,
}

impl Value {
    /// Parses typed text: a number if it is one, else text.
    pub fn typed(text: &str) -> Self {
        let text = text.trim();
        (text.parse().map(Self::Whole))
            .or_else(|_| text.parse().map(Self::Number))
            .unwrap_or_else(|_| Self::Text(text.to_owned()))
    }

    /// The whole number in a setting that is declared as one.
    pub fn whole(&self) -> usize {
        match self {
            Self::Whole(number) => *number,
            other => unreachable!("the setting is declared a whole number and holds {other}"),
        }
    }

    /// The number in a setting that is declared as one.
    pub fn number(&self) -> f64 {
        match self {
            Self::Number(number) => *number,
            other => unreachable!("the setting is declared a number and holds {other}"),
        }
    }

    /// The choice in a setting that is declared as one.
    pub fn choice(&self) -> &'static str {
        match self {
            Self::Choice(choice) => choice,
            other => unreachable!("the setting is declared a choice and holds {other}"),
        }
    }

    /// The text in a setting that is declared as one.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            other => unreachable!("the setting is declared a text and holds {other}"),
        }
    }

    /// Any number.
    pub(super) fn as_number(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// As written in a file or typed; an optional number that is off is written 0.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Choice(choice) => choice.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Off => f.write_str("0"),
        }
    }
}

/// A list or a map is rejected unread: aliases in a hostile file could make it arbitrarily long.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl Visitor<'_> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a word, or true or false")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        let whole = usize::try_from(number).map(Value::Whole);
        Ok(whole.unwrap_or(Value::Number(number as f64)))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Value, E> {
        let whole = usize::try_from(number).map(Value::Whole);
        Ok(whole.unwrap_or(Value::Number(number as f64)))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_bool<E: de::Error>(self, on: bool) -> Result<Value, E> {
        Ok(Value::Choice(super::off_on(on)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Off)
    }
}
