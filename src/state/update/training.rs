//! Starting, pausing and stopping a training.

use super::super::lab::{Lab, Notice};
use super::super::run::Phase;
use crate::worker::{Command, TrainRequest};

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
    let Some(set) = lab.chosen_set() else { return };
    commands.push(Command::Train(TrainRequest {
        preset: lab.preset.clone(),
        dataset: set.name.clone(),
        runs_folder: lab.runs_folder.clone(),
        keep_weights: lab.run_of_weights().is_some(),
    }));
    lab.starting = Some(lab.builder.lineage());
    lab.refusal = None;
}

pub(super) fn stop(lab: &mut Lab, commands: &mut Vec<Command>) {
    if let Some(run) = lab.run.as_mut().filter(|run| run.is_active()) {
        run.phase = Phase::Stopping;
        commands.push(Command::Stop);
    }
}
