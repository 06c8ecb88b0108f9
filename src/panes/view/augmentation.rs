//! What augmentation makes of the image under the cursor: which settings are tried, the form that changes them, and taking them.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ViewPane;
use crate::data::{AUGMENT_FIELDS, AugmentSettings};
use crate::field::Written;
use crate::lab::{Action, Edit, HasActions, Lab, Overlay};
use crate::state::FieldForm;
use crate::ui::Key;
use crate::ui::field_form::field_moves;
use crate::ui::theme::Theme;
use crate::worker::{Command, Steering};

/// The settings of augmentation while a person changes them; the pane draws them beside its image.
#[derive(Clone, Debug, PartialEq)]
pub struct AugmentationForm {
    /// With the latest legal value of each field.
    pub settings: AugmentSettings,
    pub fields: FieldForm,
}

impl AugmentationForm {
    pub(super) fn new(settings: AugmentSettings) -> Self {
        Self {
            fields: FieldForm::new(AUGMENT_FIELDS.iter().zip(settings.values())),
            settings,
        }
    }

    fn refresh(&mut self) {
        for (position, row) in self.fields.rows.iter().enumerate() {
            let taken = self.settings.set(position, &Written::from(row.value));
            debug_assert!(taken.is_ok(), "a legal value is taken");
        }
    }

    fn take(&mut self, lab: &mut Lab) {
        if let Some((_, problem)) = self.fields.problem() {
            return lab.refuse(problem);
        }
        let settings = self.settings;
        lab.close();
        take(settings, lab);
    }
}

impl HasActions for AugmentationForm {
    fn actions(&self, _lab: &Lab) -> Vec<Action<Self>> {
        let [values, fields] = field_moves(
            |form: &mut Self, steps| form.fields.step_field(steps),
            |form, up| {
                form.fields.step_value(up);
                form.refresh();
            },
        );
        vec![
            values,
            fields,
            Action::new(
                "augmentation.versions",
                Key::char('r'),
                "other versions",
                "what the next epochs of the training would make of the image",
                |_, lab| lab.then(|pane: &mut ViewPane, _| pane.new_versions()),
            ),
            Action::new(
                "augmentation.take",
                Key::code(KeyCode::Enter),
                "take",
                "let the training change its images with these settings",
                Self::take,
            ),
            Action::new(
                "augmentation.cancel",
                Key::code(KeyCode::Esc),
                "cancel",
                "leave the settings as they were",
                |_, lab| lab.close(),
            ),
        ]
    }
}

impl Overlay for AugmentationForm {
    fn edit(&mut self, edit: &Edit, _lab: &mut Lab) -> bool {
        self.fields.edit(edit);
        self.refresh();
        true
    }

    fn draw(&self, _lab: &Lab, _area: Rect, _buffer: &mut Buffer, _theme: &Theme) {}
}

impl ViewPane {
    /// The settings that the preview shows: those being typed, else those of the training, else, where it changes no image, the usual
    /// ones to try.
    pub(super) fn previewed_augmentation(&self, lab: &Lab) -> AugmentSettings {
        match lab.overlay_of::<AugmentationForm>() {
            Some(form) => form.settings,
            None => lab.augmentation().unwrap_or_else(AugmentSettings::usual),
        }
    }

    pub(super) fn edit_augmentation(&mut self, lab: &mut Lab) {
        let form = AugmentationForm::new(self.previewed_augmentation(lab));
        lab.open(form);
    }

    pub(super) fn new_versions(&mut self) {
        self.epoch += self.room.versions.max(1) as u64;
    }

    pub(super) fn take_augmentation(&mut self, lab: &mut Lab) {
        take(self.previewed_augmentation(lab), lab);
    }
}

/// Lets the training change its images with these settings: the one that runs, else the next.
fn take(settings: AugmentSettings, lab: &mut Lab) {
    let warning = lab
        .chosen_set()
        .and_then(|set| settings.warning(&set.class_names));
    let settings = (!settings.is_none()).then_some(settings);
    let is_training = lab.active_run().is_some();
    if !is_training {
        lab.preset.training.augment = settings;
    } else if lab.run_of_network().is_some() {
        // What a training is changed to by hand is what it goes on with after its end.
        lab.steer_recipe(|recipe| recipe.augment = settings);
    }
    let when = if is_training {
        lab.tell(Command::Steer(Steering::Augment(settings)));
        "from the next batch on"
    } else {
        "when training starts"
    };
    let said = match settings {
        Some(_) => format!("Training changes its images like this {when}"),
        None => format!("Training takes its images as they are {when}"),
    };
    match warning {
        Some(warning) => lab.refuse(format!("{said}; but {warning}.")),
        None => lab.inform(format!("{said}.")),
    }
}
