//! The form of the training's settings: opened, changed, taken over.

use super::super::lab::{Lab, Notice};
use super::super::overlay::OldOverlay as Overlay;
use super::super::training::{SettingsForm, TrainMessage};
use crate::worker::{Command, Steering};

pub(super) fn apply(lab: &mut Lab, message: TrainMessage) {
    if let Some(Overlay::Settings(form)) = &mut lab.old_overlay {
        match message {
            TrainMessage::StepField(steps) => form.step_field(steps),
            TrainMessage::StepValue { up } => form.step_value(up),
        }
    }
}

impl Lab {
    /// Opens the form of the settings with the cursor on the figure of this name; while a training runs, the form of what can be changed
    /// in it.
    pub fn open_settings(&mut self, name: &str) {
        let mut recipe = self.preset.training.clone();
        let running = self.active_run();
        if let Some(run) = running {
            recipe = run.facts.recipe.clone();
            recipe.augment = run.in_use.augment;
            recipe.optimizer.set_learning_rate(run.in_use.learning_rate);
        }
        let is_live = running.is_some();
        let name = if is_live { "learning_rate" } else { name };
        let layers = self.preset.layers.len();
        let form = SettingsForm::new(recipe, layers, is_live, name);
        self.old_overlay = Some(Overlay::Settings(Box::new(form)));
    }
}

/// Takes the settings over: for the next training, or for the one that runs from its next batch on.
pub(super) fn take_settings(lab: &mut Lab, form: Box<SettingsForm>, commands: &mut Vec<Command>) {
    if let Some(reason) = form.refusal() {
        let reason = reason.to_owned();
        lab.old_overlay = Some(Overlay::Settings(form));
        lab.say(Notice::Refusal, reason);
        return;
    }
    if !form.is_live {
        lab.preset.training = form.draft;
        lab.refusal = None;
        return;
    }
    let Some(run) = lab.active_run() else {
        lab.say(
            Notice::Refusal,
            "The training has ended meanwhile, so nothing was changed in it.",
        );
        return;
    };
    let is_of_network = lab.run_of_network().is_some();
    let is_alone = run.facts.then.is_none();
    let rate = form.draft.optimizer.learning_rate();
    let augment = form.draft.augment;
    if rate != run.in_use.learning_rate {
        commands.push(Command::Steer(Steering::LearningRate(rate)));
    }
    if augment != run.in_use.augment {
        commands.push(Command::Steer(Steering::Augment(augment)));
    }
    if is_of_network && is_alone && !commands.is_empty() {
        // What it is changed to by hand is what it goes on with after its end.
        lab.steer_recipe(|recipe| {
            recipe.optimizer.set_learning_rate(rate);
            recipe.augment = augment;
        });
    }
}
