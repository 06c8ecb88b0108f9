//! What a setting holds, and how it is written.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// The value of a setting, or what came where one was expected.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    Whole(usize),
    Number(f64),
    /// One of the setting's choices.
    Choice(&'static str),
    Text(String),
    /// An optional setting that is off.
    Off,
}

impl Value {
    /// What a person typed: a number where it is one, else text.
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

/// As a file or a person writes it; an optional number that is off is written 0.
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

/// From a number, a word, or true or false.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Flag(bool),
            Whole(usize),
            Number(f64),
            Text(String),
            Nothing(()),
        }
        Written::deserialize(deserializer).map(|written| match written {
            Written::Flag(on) => Self::Choice(super::off_on(on)),
            Written::Whole(number) => Self::Whole(number),
            Written::Number(number) => Self::Number(number),
            Written::Text(text) => Self::Text(text),
            Written::Nothing(()) => Self::Off,
        })
    }
}
