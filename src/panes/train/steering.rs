//! Starting, pausing and steering a training, and the sets that it can change to.

use super::questions::ask_copy;
use crate::data::DatasetSummary;
use crate::lab::{Lab, Phase, Run};
use crate::overlays::{Entry, List};
use crate::ui::format::count;
use crate::worker::{Command, Steering};

/// Starts a training, or pauses or resumes the one that runs.
pub(super) fn start_or_pause(lab: &mut Lab) {
    if let Some(run) = lab.active_run_mut() {
        match run.phase {
            Phase::Training => {
                run.phase = Phase::Pausing;
                lab.tell(Command::Pause);
            }
            // It goes on when the worker says so: it saves first what could not be saved before.
            Phase::Pausing | Phase::Paused => lab.tell(Command::Resume),
            Phase::Stopping | Phase::Ended(_) => {}
        }
    } else if lab.taken().is_some() {
        ask_copy(lab);
    } else {
        lab.train();
    }
}

pub(super) fn stop(lab: &mut Lab) {
    if let Some(run) = lab.active_run_mut() {
        run.phase = Phase::Stopping;
        lab.tell(Command::Stop);
    }
}

/// Stops at the end of the epoch under way, or no longer does.
pub(super) fn stop_after_epoch(lab: &mut Lab) {
    if let Some(run) = lab.active_run() {
        let stop = !run.in_use.stops_after_epoch;
        lab.tell(Command::Steer(Steering::StopAfterEpoch(stop)));
    }
}

/// Trains one batch; a training that runs pauses with it.
pub(super) fn step_once(lab: &mut Lab) {
    if let Some(run) = lab.active_run_mut() {
        if run.phase == Phase::Training {
            run.phase = Phase::Pausing;
        }
        lab.tell(Command::StepOnce);
    }
}

/// The loaded sets, to train on from the next batch on.
pub(super) fn switch_data(lab: &mut Lab) {
    let list = List::new("Train on which set from the next batch on?", |lab: &Lab| {
        let run = lab.run.iter();
        run.flat_map(|run| lab.sets.iter().map(|set| switch_to(set, run)))
            .collect()
    });
    lab.open(list.size(76, None));
}

fn switch_to(set: &DatasetSummary, run: &Run) -> Entry {
    let refusal = misfit(set, run);
    let detail = match &refusal {
        None => format!("{} training images", count(set.train_len())),
        Some(reason) => reason.clone(),
    };
    let name = set.name.clone();
    Entry::new(&set.name, detail, move |lab| {
        lab.tell(Command::Steer(Steering::Dataset(name.clone())));
    })
    .refused(refusal)
}

/// Why the run cannot change to the set.
fn misfit(set: &DatasetSummary, run: &Run) -> Option<String> {
    let (input, classes) = (run.facts.network.input, run.facts.network.classes);
    if set.shape != input {
        Some(format!(
            "its images are {}, and the network takes {input}",
            set.shape
        ))
    } else if set.class_names.len() != classes {
        Some(format!(
            "it has {} classes, and the network tells {classes} apart",
            set.class_names.len()
        ))
    } else {
        (set.name == run.in_use.set.dataset).then(|| "the training is on this set".to_owned())
    }
}
