//! The form of the augmentation's settings; the preview shows what they do.

use crate::data::{AUGMENT_FIELDS, AugmentSettings};
use crate::field::Written;
use crate::state::{Edit, FieldForm};

/// The settings of augmentation while a person changes them.
#[derive(Clone, Debug, PartialEq)]
pub struct AugmentationForm {
    /// With the latest legal value of each field.
    pub settings: AugmentSettings,
    pub fields: FieldForm,
}

impl AugmentationForm {
    pub(in crate::state) fn new(settings: AugmentSettings) -> Self {
        Self {
            fields: FieldForm::new(AUGMENT_FIELDS.iter().zip(settings.values())),
            settings,
        }
    }

    pub(in crate::state) fn step_field(&mut self, steps: isize) {
        self.fields.step_field(steps);
    }

    pub(in crate::state) fn step_value(&mut self, up: bool) {
        self.fields.step_value(up);
        self.refresh();
    }

    pub(in crate::state) fn edit(&mut self, edit: &Edit) {
        self.fields.edit(edit);
        self.refresh();
    }

    fn refresh(&mut self) {
        for (position, row) in self.fields.rows.iter().enumerate() {
            let taken = self.settings.set(position, &Written::from(row.value));
            debug_assert!(taken.is_ok(), "a legal value is taken");
        }
    }
}
