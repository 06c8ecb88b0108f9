//! Settings while a person changes them: the one form of the screen, whatever the settings are of.

use super::line_input::{Edit, LineInput};
use crate::analysis::explain::Method;
use crate::data::AugmentSettings;
use crate::field::{Configured, FieldKind, Kind, SettingRow, Value, put, rows};

/// What a form changes.
pub trait Draft {
    /// The settings that it has as it stands.
    fn settings(&self) -> Vec<SettingRow>;

    /// Gives the setting at `path` a value that its description accepted.
    fn put(&mut self, path: &str, value: Value);

    /// Sees to what follows from a change; says what does not go together, though each setting is legal.
    fn settle(&mut self) -> Option<String> {
        None
    }
}

/// A layer's or a method's fields.
impl<K: Kind> Draft for Configured<K> {
    fn settings(&self) -> Vec<SettingRow> {
        rows(self)
    }

    fn put(&mut self, path: &str, value: Value) {
        put(self, path, value);
    }
}

impl Draft for AugmentSettings {
    fn settings(&self) -> Vec<SettingRow> {
        rows(self)
    }

    fn put(&mut self, path: &str, value: Value) {
        put(self, path, value);
    }
}

pub type MethodForm = Form<Method>;

/// The View pane's preview follows it.
pub type AugmentationForm = Form<AugmentSettings>;

/// Settings with the text that is typed into them and a cursor over them.
#[derive(Clone, Debug, PartialEq)]
pub struct Form<D> {
    /// With the latest legal value of each setting.
    pub draft: D,
    pub rows: Vec<FormRow>,
    /// The row that gets the keys.
    pub cursor: usize,
    /// What does not go together, or why it was not accepted.
    pub problem: Option<String>,
    /// Whether the next character replaces the row's text.
    is_fresh: bool,
}

/// One setting of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct FormRow {
    /// With the latest legal value.
    pub setting: SettingRow,
    pub input: LineInput,
    /// Why the text is not legal.
    pub problem: Option<String>,
}

impl FormRow {
    fn new(setting: SettingRow) -> Self {
        Self {
            input: LineInput::new(setting.value.to_string()),
            setting,
            problem: None,
        }
    }

    /// Whether it is a name or a path, through which arrows move the cursor.
    pub fn is_text(&self) -> bool {
        self.setting.field.kind == FieldKind::Text
    }

    /// What it means and takes.
    pub fn about(&self) -> String {
        let field = self.setting.field;
        match field.kind {
            FieldKind::Text if field.required => field.help.to_owned(),
            FieldKind::Text => format!("{}; may be empty", field.help),
            kind => format!("{}: {kind}", field.help),
        }
    }
}

impl<D: Draft> Form<D> {
    /// With the cursor on the first setting.
    pub fn new(mut draft: D) -> Self {
        Self {
            problem: draft.settle(),
            rows: draft.settings().into_iter().map(FormRow::new).collect(),
            draft,
            cursor: 0,
            is_fresh: true,
        }
    }

    /// With the cursor on the setting that is called so, where there is one.
    pub(super) fn at(mut self, name: &str) -> Self {
        let mut rows = self.rows.iter();
        self.cursor = rows
            .position(|row| row.setting.field.label() == name)
            .unwrap_or(0);
        self
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&FormRow> {
        self.rows.get(self.cursor)
    }

    /// The first text that is not legal.
    pub fn illegal(&self) -> Option<String> {
        self.rows.iter().find_map(|row| row.problem.clone())
    }

    /// Why the form cannot be accepted as it is.
    pub fn refusal(&self) -> Option<String> {
        self.illegal().or_else(|| self.problem.clone())
    }

    fn take(&mut self, value: Value) {
        let Some(row) = self.rows.get_mut(self.cursor) else {
            return;
        };
        (row.setting.value, row.problem) = (value.clone(), None);
        let path = row.setting.path.clone();
        self.draft.put(&path, value);
        // Another optimizer, for one, has other settings.
        let now = self.draft.settings();
        let paths = self.rows.iter().map(|row| &row.setting.path);
        if !paths.eq(now.iter().map(|setting| &setting.path)) {
            self.rows = now.into_iter().map(FormRow::new).collect();
            self.is_fresh = true;
        }
        self.problem = self.draft.settle();
    }

    fn put(&mut self, value: Value) {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            row.input = LineInput::new(value.to_string());
        }
        self.is_fresh = true;
        self.take(value);
    }
}

/// What keys do in an open form, whatever it changes.
pub trait Typing {
    /// Goes so many rows down, around the end.
    fn step_field(&mut self, steps: isize);

    /// Takes the next quick value, from the latest legal one; in a text the cursor moves.
    fn step_value(&mut self, up: bool);

    fn edit(&mut self, edit: &Edit);
}

impl<D: Draft> Typing for Form<D> {
    fn step_field(&mut self, steps: isize) {
        let count = self.rows.len().max(1) as isize;
        self.cursor = (self.cursor as isize + steps).rem_euclid(count) as usize;
        self.is_fresh = true;
    }

    fn step_value(&mut self, up: bool) {
        match self.rows.get_mut(self.cursor) {
            Some(row) if row.is_text() => {
                row.input.apply(if up { &Edit::Right } else { &Edit::Left })
            }
            Some(row) => {
                let value = row.setting.field.step(&row.setting.value, up);
                self.put(value);
            }
            None => {}
        }
    }

    fn edit(&mut self, edit: &Edit) {
        let Some(row) = self.rows.get_mut(self.cursor) else {
            return;
        };
        if let FieldKind::Choice { choices, .. } = row.setting.field.kind {
            // A letter takes the next choice that begins with it.
            if let Edit::Insert(letter) = edit {
                let mut known = choices.iter();
                let at = known.position(|choice| Value::Choice(choice) == row.setting.value);
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
        let replaces = self.is_fresh && !row.is_text();
        if replaces && matches!(edit, Edit::Insert(_) | Edit::Paste(_)) {
            row.input = LineInput::default();
        }
        self.is_fresh = false;
        row.input.apply(edit);
        match row.setting.field.parse(row.input.text()) {
            Ok(value) => self.take(value),
            Err(problem) => row.problem = Some(problem.to_string()),
        }
    }
}
