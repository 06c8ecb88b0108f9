//! The preview of augmentation for the image under the cursor: its settings, the form that edits them, and applying them.

use super::ViewPane;
use crate::data::AugmentSettings;
use crate::field::{SettingRow, Value, put, rows};
use crate::lab::{Action, Lab};
use crate::overlays::{Draft, Form};
use crate::ui::Key;
use crate::worker::{Command, Steering};

/// The pane draws its form beside the image.
impl Draft for AugmentSettings {
    fn settings(&self) -> Vec<SettingRow> {
        rows(self)
    }

    fn put(&mut self, path: &str, value: Value) {
        put(self, path, value);
    }

    fn actions(&self) -> Vec<Action<Form<Self>>> {
        vec![
            Form::step_values(),
            Form::step_fields(),
            Action::new(
                "augmentation.versions",
                Key::char('r'),
                "other versions",
                "show the versions of the next epochs",
                |_, lab| lab.then(|pane: &mut ViewPane, _| pane.new_versions()),
            ),
            Form::take("apply", "augment training images with these settings"),
            Form::cancel("discard the changes"),
        ]
    }

    fn accept(&self, lab: &mut Lab) -> Result<(), String> {
        take(*self, lab);
        Ok(())
    }
}

impl ViewPane {
    /// The settings that the preview shows: those being typed, else those of the run, else, where it does not augment, the usual
    /// ones to try.
    pub(super) fn previewed_augmentation(&self, lab: &Lab) -> AugmentSettings {
        match lab.overlay_of::<Form<AugmentSettings>>() {
            Some(form) => form.draft,
            None => lab.augmentation().unwrap_or_else(AugmentSettings::usual),
        }
    }

    pub(super) fn edit_augmentation(&mut self, lab: &mut Lab) {
        let form = Form::new(self.previewed_augmentation(lab));
        lab.open(form);
    }

    pub(super) fn new_versions(&mut self) {
        self.epoch += self.room.versions.max(1) as u64;
    }
}

/// Augments the training images of the active run, else of the next one, with these settings.
pub(super) fn take(settings: AugmentSettings, lab: &mut Lab) {
    let warning = lab
        .chosen_set()
        .and_then(|set| settings.warning(&set.class_names));
    let settings = (!settings.is_none()).then_some(settings);
    let when = if lab.active_run().is_some() {
        lab.steer_recipe(|recipe| recipe.augment = settings);
        lab.tell(Command::Steer(Steering::Augment(settings)));
        "from the next batch"
    } else {
        lab.preset.training.augment = settings;
        "in the next run"
    };
    let said = match settings {
        Some(_) => format!("Training images are augmented like this {when}"),
        None => format!("Training images are not augmented {when}"),
    };
    match warning {
        Some(warning) => lab.refuse(format!("{said}, but {warning}.")),
        None => lab.inform(format!("{said}.")),
    }
}
