//! Things a person configures (layers, optimizers) as data: a list of kinds, each with described fields, from which
//! parser, form, help and tests derive.

mod configured;
mod setting;
mod text_problem;

use std::fmt;

pub use configured::Configured;
use serde::{Deserialize, Serialize};
pub use setting::{OFF_ON, Setting, problem_of};
pub use text_problem::{TextProblem, nearest};

/// One kind out of a closed list, such as the layer type `conv2d`.
pub trait Kind: 'static {
    /// What the list is of, for messages: `layer`.
    const NOUN: &'static str;

    /// The whole list, in the order in which menus show it.
    fn all() -> &'static [&'static Self];

    /// As files write it.
    fn name(&self) -> &'static str;

    fn fields(&self) -> &'static [Field];

    /// The kind called `name`.
    fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().copied().find(|kind| kind.name() == name)
    }
}

/// One field of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// As in network files: `filters`.
    pub name: &'static str,
    /// What it means, with its unit.
    pub help: &'static str,
    pub kind: FieldKind,
    /// The value with which a form opens, and that of a file that says nothing.
    pub default: Value,
    /// Whether a file must say it.
    pub required: bool,
}

/// What a field may hold.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// A whole number from `least` to `most`; `steps` are the values that quick keys go through.
    Whole {
        least: usize,
        most: usize,
        steps: &'static [usize],
    },
    /// A number of at least `least` and below `below`.
    Number {
        least: f64,
        below: f64,
        steps: &'static [f64],
    },
    /// A number from `least` to `most`.
    Span {
        least: f64,
        most: f64,
        steps: &'static [f64],
    },
    Choice(&'static [&'static str]),
}

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Whole(usize),
    Number(f64),
    /// One of the field's choices.
    Choice(&'static str),
}

/// What came where a field's value was expected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Written {
    Whole(u64),
    Number(f64),
    Text(String),
}

/// Why a field does not take a value; its text names the field, what it takes and what came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: expected {expected}, got {got}")]
pub struct FieldProblem {
    pub field: &'static str,
    pub expected: String,
    pub got: String,
}

impl Field {
    /// Reads what a person typed in a form.
    pub fn parse(&self, text: &str) -> Result<Value, FieldProblem> {
        let text = text.trim();
        let written = if let Ok(number) = text.parse() {
            Written::Whole(number)
        } else if let Ok(number) = text.parse() {
            Written::Number(number)
        } else {
            Written::Text(text.to_owned())
        };
        self.accept(&written)
    }

    /// The next of the quick values after `value`, or before it where `up` is false; `value` itself where there is none. Choices go
    /// round.
    pub fn step(&self, value: Value, up: bool) -> Value {
        match (&self.kind, value) {
            (FieldKind::Whole { steps, .. }, Value::Whole(number)) => {
                Value::Whole(next(steps, number, up))
            }
            (
                FieldKind::Number { steps, .. } | FieldKind::Span { steps, .. },
                Value::Number(number),
            ) => Value::Number(next(steps, number, up)),
            (FieldKind::Choice(choices), Value::Choice(choice)) => {
                let place = choices.iter().position(|known| *known == choice);
                let step = if up { 1 } else { choices.len() - 1 };
                Value::Choice(choices[(place.unwrap_or(0) + step) % choices.len()])
            }
            (_, value) => value,
        }
    }

    /// The value, if this field takes it.
    pub fn accept(&self, written: &Written) -> Result<Value, FieldProblem> {
        let value = match (&self.kind, written) {
            (&FieldKind::Whole { least, most, .. }, &Written::Whole(number)) => {
                usize::try_from(number)
                    .ok()
                    .filter(|number| (least..=most).contains(number))
                    .map(Value::Whole)
            }
            (&FieldKind::Number { least, below, .. }, written) => written
                .number()
                .filter(|number| (least..below).contains(number))
                .map(Value::Number),
            (&FieldKind::Span { least, most, .. }, written) => written
                .number()
                .filter(|number| (least..=most).contains(number))
                .map(Value::Number),
            (FieldKind::Choice(choices), Written::Text(text)) => choices
                .iter()
                .find(|choice| *choice == text)
                .map(|choice| Value::Choice(choice)),
            _ => None,
        };
        value.ok_or_else(|| FieldProblem {
            field: self.name,
            expected: self.kind.to_string(),
            got: match written {
                Written::Whole(number) => number.to_string(),
                Written::Number(number) => number.to_string(),
                Written::Text(text) => format!("'{text}'"),
            },
        })
    }
}

/// The nearest of `steps`, which rise, above or below `number`.
fn next<T: PartialOrd + Copy>(steps: &[T], number: T, up: bool) -> T {
    let found = if up {
        steps.iter().find(|step| **step > number)
    } else {
        steps.iter().rev().find(|step| **step < number)
    };
    found.copied().unwrap_or(number)
}

/// What the field takes, in words: `a whole number from 1 to 4096`.
impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { least, most, .. } => write!(f, "a whole number from {least} to {most}"),
            Self::Number { least, below, .. } => {
                write!(f, "a number of at least {least} and below {below}")
            }
            Self::Span { least, most, .. } => write!(f, "a number from {least} to {most}"),
            Self::Choice(choices) => write!(f, "one of {}", choices.join(", ")),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Choice(choice) => choice.fmt(f),
        }
    }
}

impl From<Value> for Written {
    fn from(value: Value) -> Self {
        match value {
            Value::Whole(number) => Self::Whole(number as u64),
            Value::Number(number) => Self::Number(number),
            Value::Choice(choice) => Self::Text(choice.to_owned()),
        }
    }
}

impl Written {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(*number as f64),
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
        }
    }
}

impl Value {
    /// The whole number in a field that its kind declares as one.
    pub fn whole(self) -> usize {
        match self {
            Self::Whole(number) => number,
            other => unreachable!("the field is declared a whole number and holds {other}"),
        }
    }

    /// The number in a field that its kind declares as one.
    pub fn number(self) -> f64 {
        match self {
            Self::Number(number) => number,
            other => unreachable!("the field is declared a number and holds {other}"),
        }
    }

    /// The choice in a field that its kind declares as one.
    pub fn choice(self) -> &'static str {
        match self {
            Self::Choice(choice) => choice,
            other => unreachable!("the field is declared a choice and holds {other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind, default: Value) -> Field {
        Field {
            name: "test",
            help: "for tests",
            kind,
            default,
            required: false,
        }
    }

    #[test]
    fn quick_values_go_up_and_down_from_any_value() {
        let kind = FieldKind::Whole {
            least: 1,
            most: 100,
            steps: &[8, 16, 32],
        };
        let whole = field(kind, Value::Whole(8));
        for (from, up, to) in [
            (8, true, 16),
            (20, true, 32),
            (20, false, 16),
            (32, true, 32),
            (90, false, 32),
            (3, false, 3),
        ] {
            assert_eq!(whole.step(Value::Whole(from), up), Value::Whole(to));
        }
        let choice = field(FieldKind::Choice(&["a", "b", "c"]), Value::Choice("a"));
        for (from, up, to) in [("a", true, "b"), ("c", true, "a"), ("a", false, "c")] {
            assert_eq!(choice.step(Value::Choice(from), up), Value::Choice(to));
        }
    }
}
