//! Starting, pausing, steering and stopping a training, its settings, and how its curves are looked at.

use super::super::lab::{Lab, Notice};
use super::super::overlay::Overlay;
use super::super::pane_id::Part;
use super::super::run::Phase;
use super::super::training::{RecipeDraft, SettingsForm, TrainMessage};
use super::runs;
use crate::worker::{Command, Steering, TrainRequest};

pub(super) fn apply(lab: &mut Lab, message: TrainMessage, commands: &mut Vec<Command>) {
    match message {
        TrainMessage::OpenSettings(name) => open_settings(lab, name),
        TrainMessage::StepOnce => step_once(lab, commands),
        TrainMessage::StopAfterEpoch => {
            if let Some(run) = lab.active_run() {
                let stop = !run.in_use.stops_after_epoch;
                commands.push(Command::Steer(Steering::StopAfterEpoch(stop)));
            }
        }
        TrainMessage::RestoreBest => commands.push(Command::RestoreBest),
        TrainMessage::AskReset => lab.overlay = Some(Overlay::ConfirmReset),
        TrainMessage::SwitchData(name) => {
            lab.overlay = None;
            commands.push(Command::Steer(Steering::Dataset(name)));
        }
        TrainMessage::OpenRun(folder) => runs::open(lab, folder, commands),
        TrainMessage::CopyRun => runs::copy(lab, commands),
        TrainMessage::Compare(folder) => runs::compare(lab, folder),
        TrainMessage::TakeWeights(from) => runs::take_weights(lab, from),
        TrainMessage::Smooth => {
            lab.curves.smooth();
            let text = match lab.curves.smoothing() {
                0.0 => "Curves are drawn as they are.".to_owned(),
                share => format!("Each point is drawn with {share} of the mean before it."),
            };
            lab.say(Notice::Information, text);
        }
        TrainMessage::ToggleLog => lab.curves.is_log = !lab.curves.is_log,
        TrainMessage::ZoomIn => {
            let planned = lab.run.as_ref().map_or(1, |run| run.facts.epochs);
            if !lab.curves.zoom_in(planned) {
                lab.say(Notice::Refusal, "Fewer epochs would be no curve.");
            }
        }
        TrainMessage::ZoomOut => {
            if !lab.curves.zoom_out() {
                lab.say(Notice::Refusal, "All planned epochs are in sight.");
            }
        }
    }
}

pub(super) fn start_or_pause(lab: &mut Lab, commands: &mut Vec<Command>) {
    if let Some(run) = lab.run.as_mut().filter(|run| run.is_active()) {
        match run.phase {
            Phase::Training => {
                run.phase = Phase::Pausing;
                commands.push(Command::Pause);
            }
            // It goes on when the worker says so: it saves first what could not be saved before.
            Phase::Pausing | Phase::Paused => commands.push(Command::Resume),
            Phase::Stopping | Phase::Ended(_) => {}
        }
        return;
    }
    if let Some(reason) = lab.start_blocked() {
        lab.say(Notice::Refusal, reason);
        return;
    }
    if lab.taken().is_some() {
        lab.overlay = Some(Overlay::ConfirmCopy);
        return;
    }
    let Some(set) = lab.chosen_set() else { return };
    commands.push(if lab.goes_on() {
        Command::Continue {
            recipe: lab.preset.training.clone(),
            dataset: Some(set.name.clone()),
        }
    } else {
        Command::Train(TrainRequest {
            preset: lab.titled_preset(),
            dataset: set.name.clone(),
            runs_folder: lab.runs_folder.clone(),
            keep_weights: lab.run_of_weights().is_some(),
        })
    });
    lab.starting = Some(lab.builder.lineage());
    lab.starting_version();
    lab.refusal = None;
}

pub(super) fn stop(lab: &mut Lab, commands: &mut Vec<Command>) {
    if let Some(run) = lab.run.as_mut().filter(|run| run.is_active()) {
        run.phase = Phase::Stopping;
        commands.push(Command::Stop);
    }
}

/// Trains one batch; a training that runs pauses with it.
fn step_once(lab: &mut Lab, commands: &mut Vec<Command>) {
    if let Some(run) = lab.run.as_mut().filter(|run| run.is_active()) {
        if run.phase == Phase::Training {
            run.phase = Phase::Pausing;
        }
        commands.push(Command::StepOnce);
    }
}

fn open_settings(lab: &mut Lab, name: &str) {
    let mut recipe = lab.preset.training.clone();
    let running = lab.active_run();
    if let Some(run) = running {
        recipe = run.facts.recipe.clone();
        recipe.augment = run.in_use.augment;
        recipe.optimizer.set_learning_rate(run.in_use.learning_rate);
    }
    let name = if running.is_some() {
        "learning_rate"
    } else {
        name
    };
    let layers = lab.preset.layers.len();
    let draft = RecipeDraft::new(recipe, layers, running.is_some());
    let form = SettingsForm::new(draft).at(name);
    lab.overlay = Some(Overlay::Settings(Box::new(form)));
}

/// Takes the settings over: for the next training, or for the one that runs from its next batch on.
pub(super) fn take_settings(lab: &mut Lab, form: Box<SettingsForm>, commands: &mut Vec<Command>) {
    if let Some(reason) = form.refusal() {
        lab.overlay = Some(Overlay::Settings(form));
        lab.say(Notice::Refusal, reason);
        return;
    }
    let draft = form.draft;
    if !draft.is_live {
        lab.preset.training = draft.recipe;
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
    let rate = draft.recipe.optimizer.learning_rate();
    let augment = draft.recipe.augment;
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

impl Lab {
    /// Whether starting goes on with the training that ended last, because the network on the screen is its network, and nothing else
    /// was asked for since: new weights, or weights from elsewhere.
    pub fn goes_on(&self) -> bool {
        self.run_of_network().is_some_and(|run| {
            !run.is_active() && run.facts.recipe.transfer == self.preset.training.transfer
        })
    }

    /// Whether the curves have the arrows.
    pub fn is_on_curves(&self) -> bool {
        matches!(self.part(), Part::Accuracy | Part::Loss | Part::Progress)
    }
}
