//! The description of a setting in the line that declares it.

use std::ops::{Range, RangeInclusive};

use super::{Ends, Field, FieldKind, Notation, OFF_ON, Value};

/// The name and, if it is not given here, the help come from the line of the declaration.
impl Field {
    const fn new(kind: FieldKind) -> Self {
        Self {
            name: "",
            help: "",
            kind,
            required: false,
            optional: false,
            section: "",
            is_live: false,
            is_alone: false,
            label: "",
            is_proposed: false,
            is_addition: false,
        }
    }

    /// A whole number within the range, ends included.
    pub const fn whole(
        default: usize,
        range: RangeInclusive<usize>,
        steps: &'static [usize],
    ) -> Self {
        Self::new(FieldKind::Whole {
            default,
            least: *range.start(),
            most: *range.end(),
            steps,
        })
    }

    const fn bounded(
        default: f64,
        (least, most): (f64, f64),
        ends: Ends,
        steps: &'static [f64],
    ) -> Self {
        Self::new(FieldKind::Number {
            default,
            least,
            most,
            ends,
            steps,
        })
    }

    /// A number within `range`, upper end excluded.
    pub const fn number(default: f64, range: Range<f64>, steps: &'static [f64]) -> Self {
        Self::bounded(default, (range.start, range.end), Ends::Lower, steps)
    }

    /// A number within `range`, ends included.
    pub const fn span(default: f64, range: RangeInclusive<f64>, steps: &'static [f64]) -> Self {
        Self::bounded(default, (*range.start(), *range.end()), Ends::Both, steps)
    }

    /// A number within `range`, ends excluded.
    pub const fn between(default: f64, range: Range<f64>, steps: &'static [f64]) -> Self {
        Self::bounded(default, (range.start, range.end), Ends::None, steps)
    }

    /// One of `choices`, by default the first.
    pub const fn choice(choices: &'static [&'static str]) -> Self {
        Self::new(FieldKind::Choice {
            default: choices[0],
            choices,
        })
    }

    /// Off or on, by default off.
    pub const fn flag() -> Self {
        Self::choice(OFF_ON)
    }

    /// On by default.
    pub const fn on(self) -> Self {
        let kind = FieldKind::Choice {
            default: OFF_ON[1],
            choices: OFF_ON,
        };
        Self { kind, ..self }
    }

    /// The same with another default, of the kind's own type.
    pub fn with_default(self, value: &Value) -> Self {
        let mut kind = self.kind;
        match (&mut kind, value) {
            (FieldKind::Whole { default, .. }, Value::Whole(value)) => *default = *value,
            (FieldKind::Number { default, .. }, Value::Number(value)) => *default = *value,
            (FieldKind::Choice { default, .. }, Value::Choice(value)) => *default = value,
            _ => {}
        }
        Self { kind, ..self }
    }

    /// On in what a form adds, though off by default in a file.
    pub const fn proposed(mut self) -> Self {
        self.is_proposed = true;
        self
    }

    /// Added to a kind of which files exist: it is written only where it differs from its default.
    pub const fn added(mut self) -> Self {
        self.is_addition = true;
        self
    }

    /// A name or a path.
    pub const fn text() -> Self {
        Self::new(FieldKind::Text)
    }

    /// A text in a notation of its own.
    pub const fn written(notation: &'static Notation) -> Self {
        Self::new(FieldKind::Written(notation))
    }

    /// Settings of their own.
    pub const fn group() -> Self {
        Self::new(FieldKind::Group)
    }

    /// Sets its name in files, if that is not the name in the struct.
    pub const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// Sets its help, if several structs have it.
    pub const fn meaning(self, help: &'static str) -> Self {
        Self { help, ..self }
    }

    /// Sets its label in forms, if that is not its name in files.
    pub const fn labelled(self, label: &'static str) -> Self {
        Self { label, ..self }
    }

    /// It is required in a file.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// It can be off: its type is an `Option`.
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Sets its heading in forms.
    pub const fn under(self, section: &'static str) -> Self {
        Self { section, ..self }
    }

    /// It and the settings below it can be changed during a run.
    pub const fn live(mut self) -> Self {
        self.is_live = true;
        self
    }

    /// Forms show it without the settings below it.
    pub const fn alone(mut self) -> Self {
        self.is_alone = true;
        self
    }

    /// The description in a line of a declaration.
    #[doc(hidden)]
    pub const fn of_line(mut self, name: &'static str, help: &'static str) -> Self {
        if self.name.is_empty() {
            self.name = name;
        }
        let help = help.trim_ascii();
        if !help.is_empty() {
            self.help = help;
        }
        self
    }
}
