//! Settings (of the recipe, layers, optimizers, explanations, tasks) as data: each setting is declared once, by `settings!`, and struct,
//! default, reading, writing, check, form, help and command-line option derive from that.

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
pub(crate) use configured::{FieldsRead, FieldsSeed, ends_here, kind_named};
pub(crate) use declare::{kinds, settings};
pub use plain::Plain;
pub(crate) use plain::choices;
pub use text_problem::{TextProblem, nearest};
pub(crate) use text_problem::{line_of_key, unknown_key};
pub use tree::{
    Inner, InnerMut, Setting, SettingRow, Settings, called, missing, problem_of, put, rows,
};
pub use value::Value;
pub use word_or_map::word_or_map;

/// One kind out of a closed list, such as the layer type `conv2d`.
pub trait Kind: 'static {
    /// The noun for one item of the list, for messages: `layer`.
    const NOUN: &'static str;

    /// The whole list, in menu order.
    fn all() -> &'static [&'static Self];

    /// Its name in files.
    fn name(&self) -> &'static str;

    /// Its settings, in the order in which files and forms show them.
    fn fields(&self) -> &'static [Field];

    /// The kind called `name`.
    fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().copied().find(|kind| kind.name() == name)
    }
}

/// The description of a setting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Field {
    /// Its name in files: `filters`.
    pub name: &'static str,
    /// Its meaning, with its unit.
    pub help: &'static str,
    /// The values that it accepts.
    pub kind: FieldKind,
    /// Whether it is required in a file.
    pub required: bool,
    /// Whether it can be off, which is written 0, or as its notation says, in a form and on the command line, and omitted from a file.
    pub optional: bool,
    /// The heading for it and the settings below it in a form.
    pub section: &'static str,
    /// Whether it and the settings below it can be changed during a run.
    pub is_live: bool,
    /// Whether forms show it without the settings below it.
    pub is_alone: bool,
    /// Whether it is on in what a form adds, though off by default in a file.
    pub is_proposed: bool,
    /// Whether it is written only where it differs from its default, so that what was written before it existed stays the same.
    pub is_addition: bool,
    /// Its label in forms, if that is not its name.
    label: &'static str,
}

/// The values that a setting accepts, and its default.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// A whole number from `least` to `most`; `steps` are its quick values.
    Whole {
        /// The default.
        default: usize,
        /// The smallest value.
        least: usize,
        /// The largest value.
        most: usize,
        /// The values that forms step through, ascending.
        steps: &'static [usize],
    },
    /// A number between `least` and `most`, with `ends` included or not.
    Number {
        /// The default.
        default: f64,
        /// The lower end.
        least: f64,
        /// The upper end.
        most: f64,
        /// Which ends are included.
        ends: Ends,
        /// The values that forms step through, ascending.
        steps: &'static [f64],
    },
    /// One of several words.
    Choice {
        /// The default.
        default: &'static str,
        /// The choices, in the order in which forms step through them.
        choices: &'static [&'static str],
    },
    /// A name or a path; it may be empty unless it is required.
    Text,
    /// A text in a notation of its own.
    Written(&'static Notation),
    /// Nothing of its own, only settings below it.
    Group,
}

/// A way to write a setting that is neither a number nor a choice.
#[derive(Debug)]
pub struct Notation {
    /// The texts that it accepts, in words.
    pub expected: &'static str,
    /// How it is written that an optional setting of this kind is off: `auto`.
    pub off: &'static str,
    /// Whether it accepts a text.
    pub reads: fn(&str) -> bool,
}

/// No two notations are described alike.
impl PartialEq for Notation {
    fn eq(&self, other: &Self) -> bool {
        self.expected == other.expected
    }
}

/// Which ends of a range are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Both.
    Both,
    /// The lower one.
    Lower,
    /// Neither.
    None,
}

/// The choices of a setting that is on or off.
pub const OFF_ON: &[&str] = &["off", "on"];

/// The choice of [`OFF_ON`].
pub fn off_on(on: bool) -> &'static str {
    OFF_ON[usize::from(on)]
}

/// Why a setting does not accept a value; the message names the setting, what was expected and what was got.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: expected {expected}, got {got}")]
pub struct FieldProblem {
    /// The name of the setting.
    pub field: &'static str,
    /// The values that it accepts, in words.
    pub expected: String,
    /// The value that was written instead.
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
    /// Its label in forms.
    pub fn label(&self) -> &'static str {
        if self.label.is_empty() {
            self.name
        } else {
            self.label
        }
    }

    /// The default value in forms and files.
    pub fn default(&self) -> Value {
        match self.kind {
            _ if self.optional => Value::Off,
            FieldKind::Whole { default, .. } => Value::Whole(default),
            FieldKind::Number { default, .. } => Value::Number(default),
            FieldKind::Choice { default, .. } => Value::Choice(default),
            FieldKind::Text | FieldKind::Written(_) => Value::Text(String::new()),
            FieldKind::Group => Value::Off,
        }
    }

    /// The value as forms show it.
    pub fn shown(&self, value: &Value) -> String {
        match (self.kind, value) {
            (FieldKind::Written(notation), Value::Off) => notation.off.to_owned(),
            _ => value.to_string(),
        }
    }

    /// Whether `text` switches it off.
    fn is_off(&self, text: &str) -> bool {
        let number = Value::typed(text).as_number();
        let is_word = match self.kind {
            FieldKind::Written(notation) => text.trim() == notation.off,
            _ => false,
        };
        self.optional && (number == Some(0.0) || text.trim() == "off" || is_word)
    }

    /// Parses typed text.
    ///
    /// # Errors
    /// If the setting does not accept it.
    pub fn parse(&self, text: &str) -> Result<Value, FieldProblem> {
        match Value::typed(text) {
            _ if self.kind == FieldKind::Text => Ok(Value::Text(text.to_owned())),
            _ if self.is_off(text) => Ok(Value::Off),
            _ if matches!(self.kind, FieldKind::Written(_)) => {
                self.accept(&Value::Text(text.trim().to_owned()))
            }
            written => self.accept(&written),
        }
    }

    /// The next quick value above `value`, or below it if `up` is false; `value` itself if there is none. Choices wrap around.
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

    /// Returns the value if this setting accepts it.
    ///
    /// # Errors
    /// If it does not.
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
                        Value::Text(text) => british(choice) == british(text),
                        Value::Choice(written) => *choice == written,
                        _ => false,
                    })
                    .map(|choice| Value::Choice(choice))
            }
            (FieldKind::Written(notation), Value::Text(text)) => {
                (notation.reads)(text).then(|| written.clone())
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

/// A choice in the British spelling, whichever of the two it is written in.
fn british(word: &str) -> String {
    word.replace("gray", "grey").replace("color", "colour")
}

/// The nearest of the ascending `steps` above or below `number`.
fn next<T: PartialOrd + Copy>(steps: &[T], number: T, up: bool) -> T {
    let found = if up {
        steps.iter().find(|step| **step > number)
    } else {
        steps.iter().rev().find(|step| **step < number)
    };
    found.copied().unwrap_or(number)
}

/// The accepted values in words: `a whole number from 1 to 4096`.
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
            Self::Written(notation) => f.write_str(notation.expected),
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
