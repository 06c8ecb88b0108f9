//! The form of the training's settings.

use crate::state::Edit;
use crate::state::field_form::FieldForm;
use crate::training::{Recipe, Setting};

/// A recipe while a person changes it.
#[derive(Clone, Debug)]
pub struct SettingsForm {
    /// With the latest legal value of each figure.
    pub draft: Recipe,
    /// What each of the fields is.
    pub settings: Vec<Setting>,
    pub fields: FieldForm,
    /// Whether it holds only what a training that runs can be given.
    pub is_live: bool,
    /// What does not go together, though each figure is legal.
    pub problem: Option<String>,
    /// Layers of the network.
    layers: usize,
}

impl SettingsForm {
    /// The figures of `recipe`, for a network of so many layers, with the cursor on the one called `name`.
    pub(in crate::state) fn new(recipe: Recipe, layers: usize, is_live: bool, name: &str) -> Self {
        let mut form = Self {
            draft: recipe,
            settings: Vec::new(),
            fields: FieldForm::default(),
            is_live,
            problem: None,
            layers,
        };
        form.lay_out();
        let named = |setting: &Setting| setting.field.name == name;
        form.fields
            .go_to(form.settings.iter().position(named).unwrap_or(0));
        form
    }

    pub(in crate::state) fn step_field(&mut self, steps: isize) {
        self.fields.step_field(steps);
    }

    pub(in crate::state) fn step_value(&mut self, up: bool) {
        self.fields.step_value(up);
        self.take();
    }

    pub(in crate::state) fn edit(&mut self, edit: &Edit) {
        self.fields.edit(edit);
        self.take();
    }

    /// Why the form cannot be accepted as it is.
    pub fn refusal(&self) -> Option<&str> {
        let illegal = self.fields.problem().map(|(_, problem)| problem);
        illegal.or(self.problem.as_deref())
    }

    /// Takes the figure under the cursor over; another optimizer, for one, has other figures.
    fn take(&mut self) {
        let at = self.fields.cursor;
        let (Some(setting), Some(row)) = (self.settings.get(at), self.fields.rows.get(at)) else {
            return;
        };
        self.draft.put(setting, row.value);
        let now = self.of_draft();
        let is_as_before = now.len() == self.settings.len()
            && now
                .iter()
                .zip(&self.settings)
                .all(|(now, before)| std::ptr::eq(now.field, before.field));
        if is_as_before {
            self.settings = now;
            self.check();
        } else {
            self.lay_out();
            self.fields.go_to(at);
        }
    }

    fn of_draft(&self) -> Vec<Setting> {
        let mut settings = self.draft.settings();
        settings.retain(|setting| !self.is_live || setting.is_live());
        settings
    }

    fn lay_out(&mut self) {
        self.settings = self.of_draft();
        let fields = self.settings.iter();
        self.fields = FieldForm::new(fields.map(|setting| (setting.field, setting.value)));
        self.check();
    }

    fn check(&mut self) {
        self.problem = self.draft.check(self.layers).err();
    }
}

impl PartialEq for SettingsForm {
    fn eq(&self, other: &Self) -> bool {
        (&self.draft, &self.fields, self.is_live) == (&other.draft, &other.fields, other.is_live)
    }
}
