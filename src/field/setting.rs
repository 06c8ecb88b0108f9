//! Fields of a struct of settings: each with its place in it, so that one table gives ranges, arguments and forms.

use super::{Field, FieldKind, FieldProblem, Value, Written};

/// The choices of a field that is on or off.
pub const OFF_ON: FieldKind = FieldKind::Choice(&["off", "on"]);

/// A field of the settings `S`.
pub struct Setting<S> {
    pub field: Field,
    pub get: fn(&S) -> Value,
    /// Takes a value that the field accepted.
    pub set: fn(&mut S, Value),
}

/// The first of `settings` whose value in `held` its own field does not take.
pub fn problem_of<S>(settings: &[Setting<S>], held: &S) -> Option<FieldProblem> {
    settings.iter().find_map(|setting| {
        setting
            .field
            .accept(&Written::from((setting.get)(held)))
            .err()
    })
}

/// A single by its shortest decimal: what a file says and a form shows, not its digits in double precision.
impl From<f32> for Value {
    fn from(number: f32) -> Self {
        let decimal = number.to_string().parse();
        Self::Number(decimal.unwrap_or_else(|_| number.into()))
    }
}

/// One of [`OFF_ON`].
impl From<bool> for Value {
    fn from(on: bool) -> Self {
        Self::Choice(if on { "on" } else { "off" })
    }
}

impl Value {
    /// The number in a field that its kind declares as one, as a single.
    pub fn single(self) -> f32 {
        self.number() as f32
    }

    /// Whether a field of [`OFF_ON`] is on.
    pub fn is_on(self) -> bool {
        self.choice() == "on"
    }
}
