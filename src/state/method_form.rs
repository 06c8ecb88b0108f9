//! The form of an explaining method's settings.

use crate::analysis::explain::Method;
use crate::field::{Kind, Written};
use crate::ui::{Edit, LineInput};

/// A method's settings while they are changed.
#[derive(Clone, Debug, PartialEq)]
pub struct MethodForm {
    /// With the latest legal value of each field.
    pub method: Method,
    /// The text of each field.
    pub inputs: Vec<LineInput>,
    /// The field that gets the keys.
    pub cursor: usize,
    /// Whether the next character replaces the field's text.
    is_fresh: bool,
    /// The first field whose text is not legal, and why.
    pub problem: Option<(usize, String)>,
}

impl MethodForm {
    pub fn new(method: Method) -> Self {
        let values = method.values().iter();
        Self {
            inputs: values
                .map(|value| LineInput::new(value.to_string()))
                .collect(),
            method,
            cursor: 0,
            is_fresh: true,
            problem: None,
        }
    }

    pub(super) fn step_field(&mut self, steps: isize) {
        let count = self.inputs.len().max(1) as isize;
        self.cursor = (self.cursor as isize + steps).rem_euclid(count) as usize;
        self.is_fresh = true;
    }

    /// Takes the next usual value, from the latest legal one.
    pub(super) fn step_value(&mut self, up: bool) {
        if let Some(field) = self.method.kind().fields().get(self.cursor) {
            let value = field.step(self.method.values()[self.cursor], up);
            self.inputs[self.cursor] = LineInput::new(value.to_string());
            self.is_fresh = true;
            self.read();
        }
    }

    pub(super) fn edit(&mut self, edit: &Edit) {
        let Some(input) = self.inputs.get_mut(self.cursor) else {
            return;
        };
        if self.is_fresh && matches!(edit, Edit::Insert(_) | Edit::Paste(_)) {
            *input = LineInput::default();
        }
        self.is_fresh = false;
        input.apply(edit);
        self.read();
    }

    fn read(&mut self) {
        self.problem = None;
        let fields = self.method.kind().fields();
        for (position, (field, input)) in fields.iter().zip(&self.inputs).enumerate() {
            let read = field.parse(input.text()).and_then(|value| {
                let written = Written::from(value);
                self.method.set(position, &written)
            });
            if let Err(problem) = read
                && self.problem.is_none()
            {
                self.problem = Some((position, problem.to_string()));
            }
        }
    }
}
