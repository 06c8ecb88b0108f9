//! Earlier runs: opened, compared, and started from.

use std::path::PathBuf;

use super::super::lab::{Lab, Notice};
use super::super::overlay::Overlay;
use super::super::pane_id::PaneId;
use super::super::run::{Phase, Run};
use super::super::training::{RecipeDraft, RunUse, SettingsForm, WeightsFrom};
use super::builder::record_opened;
use super::{choose_set, show};
use crate::training::{Pretrain, Transfer};
use crate::worker::{Command, OpenedRun};

pub(super) fn list(lab: &mut Lab, commands: &mut Vec<Command>) {
    match &lab.runs_folder {
        Some(folder) => commands.push(Command::ListRuns {
            folder: folder.clone(),
        }),
        None => lab.runs.runs = Some(Vec::new()),
    }
}

pub(super) fn open(lab: &mut Lab, folder: PathBuf, commands: &mut Vec<Command>) {
    lab.overlay = None;
    lab.say(
        Notice::Information,
        format!("Opening {} …", folder.display()),
    );
    commands.push(Command::OpenRun { folder });
}

/// Shows an opened run with its network, its set and its curves.
pub(super) fn opened(lab: &mut Lab, opened: OpenedRun) {
    let OpenedRun {
        facts,
        preset,
        chosen,
        outcome,
        trained_by,
        table,
        measured_on,
        test,
    } = opened;
    let (done, planned) = (facts.history.len(), facts.epochs);
    let name = facts
        .folder
        .as_ref()
        .map_or_else(|| facts.name.clone(), |folder| folder.display().to_string());
    record_opened(lab, preset);
    let set = lab.sets.iter().position(|set| set.name == chosen);
    if let Some(position) = set.filter(|position| lab.chosen != Some(*position)) {
        choose_set(lab, position);
    }
    let mut run = Run::new(facts, lab.builder.lineage());
    run.confusion = table.map(|table| (done, table));
    run.measured_on = measured_on;
    run.test = test;
    run.phase = Phase::Ended(outcome);
    run.trained_by = trained_by;
    let taken = run.taken();
    lab.gallery = Default::default();
    lab.cursors.confusion = (0, 0);
    lab.curves = Default::default();
    lab.refusal = None;
    lab.run = Some(run);
    show(lab, PaneId::Train);
    if let Some(taken) = taken {
        let text = format!(
            "{taken}: {done} of {planned} epochs are done, and it is followed as it goes on. Space copies it to a run of its own."
        );
        return lab.say(Notice::Information, text);
    }
    let next = if done < planned {
        "Space goes on to its end"
    } else {
        "Space trains on"
    };
    lab.say(
        Notice::Information,
        format!("{name}: {done} of {planned} epochs are done. {next}; u on the Network pane brings the network before back."),
    );
}

/// Shows what another process has done in the run on the screen.
pub(super) fn followed(lab: &mut Lab, followed: OpenedRun) {
    let OpenedRun {
        facts,
        outcome,
        trained_by,
        table,
        measured_on,
        test,
        // The person goes on looking at the network and the set that are on the screen.
        preset: _,
        chosen: _,
    } = followed;
    let Some(run) = lab.run.as_mut().filter(|run| run.facts.run == facts.run) else {
        return;
    };
    run.history.clone_from(&facts.history);
    run.in_use.clone_from(&facts.in_use);
    run.facts = facts;
    run.measured_on = measured_on;
    run.test = test;
    if let Some(table) = table {
        run.confusion = Some((run.history.len(), table));
    }
    run.phase = Phase::Ended(outcome);
    let before = std::mem::replace(&mut run.trained_by, trained_by);
    let text = match (before, run.taken()) {
        (None, Some(taken)) => format!("{taken}: it is followed as it goes on."),
        (Some(by), None) => format!(
            "{} is no longer trained by {by}: {} of {} epochs are done.",
            run.facts.name,
            run.history.len(),
            run.facts.epochs
        ),
        _ => return,
    };
    if matches!(lab.overlay, Some(Overlay::ConfirmCopy)) && lab.taken().is_none() {
        lab.overlay = None;
    }
    lab.say(Notice::Information, text);
}

pub(super) fn copy(lab: &mut Lab, commands: &mut Vec<Command>) {
    lab.overlay = None;
    let run = lab.run.as_ref();
    if let Some(folder) = run.and_then(|run| run.facts.folder.clone()) {
        let text = format!("Copying {} …", folder.display());
        lab.say(Notice::Information, text);
        commands.push(Command::CopyRun { folder });
    }
}

pub(super) fn compare(lab: &mut Lab, folder: Option<PathBuf>) {
    lab.overlay = None;
    lab.runs.compared = folder.and_then(|folder| lab.runs.run(&folder).cloned());
}

/// Decides where the next training's weights come from, and opens the settings at what else there is to say of it.
pub(super) fn take_weights(lab: &mut Lab, from: WeightsFrom) {
    lab.overlay = None;
    let recipe = &mut lab.preset.training;
    let before = recipe.transfer.take().unwrap_or_default();
    let at = match from {
        WeightsFrom::Seed => {
            if lab.run_of_weights().is_some() {
                lab.overlay = Some(Overlay::ConfirmReset);
            } else {
                lab.say(
                    Notice::Information,
                    "The next training starts from random weights.",
                );
            }
            return;
        }
        WeightsFrom::Pretrain(data) => {
            recipe.transfer = Some(Transfer {
                from: None,
                pretrain: Some(Pretrain {
                    data,
                    epochs: recipe.epochs,
                    batch_size: None,
                    augment: recipe.augment,
                }),
                ..before
            });
            "pretrain_epochs"
        }
        WeightsFrom::Run(folder) => {
            recipe.transfer = Some(Transfer {
                from: Some(folder),
                pretrain: None,
                ..before
            });
            "frozen_layers"
        }
    };
    let layers = lab.preset.layers.len();
    let draft = RecipeDraft::new(lab.preset.training.clone(), layers, false);
    let form = SettingsForm::new(draft).at(at);
    lab.overlay = Some(Overlay::Settings(Box::new(form)));
}

impl Lab {
    /// Why the training of the network on the screen cannot go on here: another process trains its run.
    pub fn taken(&self) -> Option<String> {
        let run = self.run.as_ref().filter(|_| self.goes_on())?;
        run.taken()
    }

    /// Why no run can be chosen for this now.
    pub fn runs_blocked(&self, to: RunUse) -> Option<String> {
        if self.runs_folder.is_none() {
            return Some("this lab keeps no run folders".to_owned());
        }
        (to != RunUse::Compare && self.is_training())
            .then(|| "stop the training first with s".to_owned())
    }
}
