//! What a person sets (the recipe, layers, optimizers, explanations, tasks) as data: each setting is declared once, by
//! `settings!`, and struct, default, reading, writing, check, form, help and command-line option derive from that.

mod configured;
mod declare;
mod describe;
mod plain;
mod text_problem;
mod tree;
mod value;
mod word_or_map;

use std::fmt;

pub use configured::Configured;
pub(crate) use declare::{kinds, settings};
pub use plain::Plain;
pub(crate) use plain::choices;
pub(crate) use text_problem::unknown_key;
pub use text_problem::{TextProblem, nearest};
pub use tree::{
    Inner, InnerMut, Setting, SettingRow, Settings, called, missing, problem_of, put, rows,
};
pub use value::Value;
pub use word_or_map::word_or_map;

/// One kind out of a closed list, such as the layer type `conv2d`.
pub trait Kind: 'static {
    /// What the list is of, for messages: `layer`.
    const NOUN: &'static str;

    /// The whole list, in the order in which menus show it.
    fn all() -> &'static [&'static Self];

    /// As files write it.
    fn name(&self) -> &'static str;

    /// What a person configures, in the order in which files and forms show it.
    fn fields(&self) -> &'static [Field];

    /// The kind called `name`.
    fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().copied().find(|kind| kind.name() == name)
    }
}

/// What is known of a setting before it has a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// As in files: `filters`.
    pub name: &'static str,
    /// What it means, with its unit.
    pub help: &'static str,
    /// Which values it takes.
    pub kind: FieldKind,
    /// Whether a file must say it.
    pub required: bool,
    /// Whether it may be off, which is written 0 in a form and on the command line, and left out of a file.
    pub optional: bool,
    /// The heading that it and the settings below it stand under in a form.
    pub section: &'static str,
    /// Whether it and the settings below it can be changed while a training runs.
    pub is_live: bool,
    /// Whether forms show it without the settings below it.
    pub is_alone: bool,
    /// Whether it is on in what a form adds, though off where a file says nothing.
    pub is_proposed: bool,
    /// What forms call it, where that is not its name.
    label: &'static str,
}

/// What a setting may hold, and its default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// A whole number from `least` to `most`; `steps` are the values that quick keys go through.
    Whole {
        /// Where nothing is said.
        default: usize,
        /// It may be this.
        least: usize,
        /// It may be this too.
        most: usize,
        /// Rising, through which forms step.
        steps: &'static [usize],
    },
    /// A number between `least` and `most`, and these where they are included.
    Number {
        /// Where nothing is said.
        default: f64,
        /// The lower end.
        least: f64,
        /// The upper end.
        most: f64,
        /// Which ends it may be.
        ends: Ends,
        /// Rising, through which forms step.
        steps: &'static [f64],
    },
    /// One of several words.
    Choice {
        /// Where nothing is said.
        default: &'static str,
        /// In the order in which forms step through them.
        choices: &'static [&'static str],
    },
    /// A name or a path; where it is not required it may be empty.
    Text,
    /// Nothing of its own, only settings below it.
    Group,
}

/// Which ends of a range belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Both.
    Both,
    /// The lower one.
    Lower,
    /// Neither.
    None,
}

/// The choices of what is on or off.
pub const OFF_ON: &[&str] = &["off", "on"];

/// The one of [`OFF_ON`].
pub fn off_on(on: bool) -> &'static str {
    OFF_ON[usize::from(on)]
}

/// Why a setting does not take a value; its text names the setting, what it takes and what came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: expected {expected}, got {got}")]
pub struct FieldProblem {
    /// Its name.
    pub field: &'static str,
    /// What it takes, in words.
    pub expected: String,
    /// What was written instead, as it was.
    pub got: String,
}

impl FieldProblem {
    /// The problem of the setting at a path: `early_stopping: patience: expected …`.
    pub fn at(&self, path: &str) -> String {
        let Self { expected, got, .. } = self;
        format!(
            "{}: expected {expected}, got {got}",
            path.replace('.', ": ")
        )
    }
}

impl Field {
    /// What forms call it.
    pub fn label(&self) -> &'static str {
        if self.label.is_empty() {
            self.name
        } else {
            self.label
        }
    }

    /// The value with which a form opens, and that of a file that says nothing.
    pub fn default(&self) -> Value {
        match self.kind {
            _ if self.optional => Value::Off,
            FieldKind::Whole { default, .. } => Value::Whole(default),
            FieldKind::Number { default, .. } => Value::Number(default),
            FieldKind::Choice { default, .. } => Value::Choice(default),
            FieldKind::Text => Value::Text(String::new()),
            FieldKind::Group => Value::Off,
        }
    }

    /// Reads what a person typed.
    ///
    /// # Errors
    /// Where the setting does not take it.
    pub fn parse(&self, text: &str) -> Result<Value, FieldProblem> {
        match Value::typed(text) {
            _ if self.kind == FieldKind::Text => Ok(Value::Text(text.to_owned())),
            written
                if self.optional && (written.as_number() == Some(0.0) || text.trim() == "off") =>
            {
                Ok(Value::Off)
            }
            written => self.accept(&written),
        }
    }

    /// The next of the quick values after `value`, or before it where `up` is false; `value` itself where there is none. Choices go
    /// round.
    pub fn step(&self, value: &Value, up: bool) -> Value {
        let stepped = match (&self.kind, value) {
            (FieldKind::Whole { steps, .. }, Value::Whole(number)) => {
                Value::Whole(next(steps, *number, up))
            }
            (FieldKind::Whole { steps, .. }, Value::Off) => Value::Whole(next(steps, 0, up)),
            (FieldKind::Number { steps, .. }, Value::Number(number)) => {
                Value::Number(next(steps, *number, up))
            }
            (FieldKind::Number { steps, .. }, Value::Off) => Value::Number(next(steps, 0.0, up)),
            (FieldKind::Choice { choices, .. }, Value::Choice(choice)) => {
                let place = choices.iter().position(|known| known == choice);
                let step = if up { 1 } else { choices.len() - 1 };
                Value::Choice(choices[(place.unwrap_or(0) + step) % choices.len()])
            }
            (_, value) => value.clone(),
        };
        if self.optional && stepped.as_number() == Some(0.0) {
            return Value::Off;
        }
        stepped
    }

    /// The value, if this setting takes it.
    ///
    /// # Errors
    /// Where it does not.
    pub fn accept(&self, written: &Value) -> Result<Value, FieldProblem> {
        let value = match (self.kind, written) {
            (_, Value::Off) if self.optional => Some(Value::Off),
            (FieldKind::Whole { least, most, .. }, Value::Whole(number)) => {
                (least..=most).contains(number).then(|| written.clone())
            }
            (
                FieldKind::Number {
                    least, most, ends, ..
                },
                written,
            ) => written
                .as_number()
                .filter(|number| match ends {
                    Ends::Both => (least..=most).contains(number),
                    Ends::Lower => (least..most).contains(number),
                    Ends::None => (least..most).contains(number) && *number != least,
                })
                .map(Value::Number),
            (FieldKind::Choice { choices, .. }, written) => {
                let mut known = choices.iter();
                known
                    .find(|choice| match written {
                        Value::Text(text) => *choice == text,
                        Value::Choice(written) => *choice == written,
                        _ => false,
                    })
                    .map(|choice| Value::Choice(choice))
            }
            (FieldKind::Text, Value::Text(_)) => Some(written.clone()),
            (FieldKind::Text, Value::Off) => Some(Value::Text(String::new())),
            (FieldKind::Text, Value::Whole(_) | Value::Number(_)) => {
                Some(Value::Text(written.to_string()))
            }
            _ => None,
        };
        value.ok_or_else(|| FieldProblem {
            field: self.name,
            expected: self.kind.to_string(),
            got: match written {
                Value::Whole(_) | Value::Number(_) => written.to_string(),
                Value::Choice(_) | Value::Text(_) => format!("'{written}'"),
                Value::Off => "nothing".to_owned(),
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

/// What the setting takes, in words: `a whole number from 1 to 4096`.
impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole { least, most, .. } => write!(f, "a whole number from {least} to {most}"),
            Self::Number {
                least, most, ends, ..
            } => match ends {
                Ends::Both => write!(f, "a number from {least} to {most}"),
                Ends::Lower => write!(f, "a number of at least {least} and below {most}"),
                Ends::None => write!(f, "a number above {least} and below {most}"),
            },
            Self::Choice { choices, .. } => write!(f, "one of {}", choices.join(", ")),
            Self::Text => f.write_str("a name or a path"),
            Self::Group => f.write_str("its own settings"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optional_setting_is_switched_off_with_blanks_around_it_too() {
        let patience = Field::whole(10, 1..=100, &[5, 10]).optional();
        for text in ["off", " off ", "0", " 0 "] {
            assert_eq!(patience.parse(text), Ok(Value::Off), "{text}");
        }
        assert_eq!(patience.parse(" 7 "), Ok(Value::Whole(7)));
        assert!(patience.parse("offf").is_err());
    }

    #[test]
    fn quick_values_go_up_and_down_from_any_value() {
        let whole = Field::whole(8, 1..=100, &[8, 16, 32]);
        for (from, up, to) in [
            (8, true, 16),
            (20, true, 32),
            (20, false, 16),
            (32, true, 32),
            (90, false, 32),
            (3, false, 3),
        ] {
            assert_eq!(whole.step(&Value::Whole(from), up), Value::Whole(to));
        }
        let choice = Field::choice(&["a", "b", "c"]);
        for (from, up, to) in [("a", true, "b"), ("c", true, "a"), ("a", false, "c")] {
            assert_eq!(choice.step(&Value::Choice(from), up), Value::Choice(to));
        }
    }
}
