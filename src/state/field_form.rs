//! Described fields while a person fills them in: what the forms of layers and of the training's settings share.

use crate::field::{Field, FieldKind, Value};
use crate::state::{Edit, LineInput};

/// Fields with the text that is typed into them and a cursor over them.
#[derive(Clone, Debug, Default)]
pub struct FieldForm {
    pub rows: Vec<FieldRow>,
    /// The field that gets the keys.
    pub cursor: usize,
    /// Whether the next character replaces the field's text.
    is_fresh: bool,
}

/// One field of a form.
#[derive(Clone, Debug)]
pub struct FieldRow {
    pub field: &'static Field,
    /// The latest legal value.
    pub value: Value,
    pub input: LineInput,
    /// Why the text is not legal.
    pub problem: Option<String>,
}

impl FieldForm {
    pub fn new(fields: impl IntoIterator<Item = (&'static Field, Value)>) -> Self {
        let rows = fields.into_iter().map(|(field, value)| FieldRow {
            field,
            value,
            input: LineInput::new(value.to_string()),
            problem: None,
        });
        Self {
            rows: rows.collect(),
            cursor: 0,
            is_fresh: true,
        }
    }

    /// The field under the cursor.
    pub fn current(&self) -> Option<&FieldRow> {
        self.rows.get(self.cursor)
    }

    /// The first text that is not legal: its position, and why.
    pub fn problem(&self) -> Option<(usize, &str)> {
        let mut rows = self.rows.iter().enumerate();
        rows.find_map(|(position, row)| Some((position, row.problem.as_deref()?)))
    }

    pub fn go_to(&mut self, position: usize) {
        self.cursor = position.min(self.rows.len().saturating_sub(1));
        self.is_fresh = true;
    }

    /// Goes so many fields down, around the end.
    pub fn step_field(&mut self, steps: isize) {
        let count = self.rows.len().max(1) as isize;
        self.go_to((self.cursor as isize + steps).rem_euclid(count) as usize);
    }

    /// Takes the next quick value, from the latest legal one.
    pub fn step_value(&mut self, up: bool) {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            let value = row.field.step(row.value, up);
            self.put(value);
        }
    }

    pub fn edit(&mut self, edit: &Edit) {
        let Some(row) = self.rows.get_mut(self.cursor) else {
            return;
        };
        if let FieldKind::Choice(choices) = row.field.kind {
            // A letter takes the next choice that begins with it.
            if let Edit::Insert(letter) = edit {
                let mut known = choices.iter();
                let at = known.position(|choice| Value::Choice(choice) == row.value);
                let first = at.map_or(0, |at| at + 1);
                let next = (first..first + choices.len())
                    .map(|at| choices[at % choices.len()])
                    .find(|choice| choice.starts_with(*letter));
                if let Some(choice) = next {
                    self.put(Value::Choice(choice));
                }
            }
            return;
        }
        if self.is_fresh && matches!(edit, Edit::Insert(_) | Edit::Paste(_)) {
            row.input = LineInput::default();
        }
        self.is_fresh = false;
        row.input.apply(edit);
        match row.field.parse(row.input.text()) {
            Ok(value) => (row.value, row.problem) = (value, None),
            Err(problem) => row.problem = Some(problem.to_string()),
        }
    }

    fn put(&mut self, value: Value) {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            row.value = value;
            row.input = LineInput::new(value.to_string());
            row.problem = None;
        }
        self.is_fresh = true;
    }
}

impl PartialEq for FieldForm {
    fn eq(&self, other: &Self) -> bool {
        (self.cursor, self.is_fresh, &self.rows) == (other.cursor, other.is_fresh, &other.rows)
    }
}

impl PartialEq for FieldRow {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.field, other.field)
            && (self.value, &self.input, &self.problem)
                == (other.value, &other.input, &other.problem)
    }
}
