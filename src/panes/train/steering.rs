//! Starting, pausing and steering a training, the sets that it can change to, and the questions before a run that another process trains
//! is copied to a run of its own.

use crossterm::event::KeyCode;

use crate::data::DatasetSummary;
use crate::lab::{Action, Lab, Phase, Run};
use crate::overlays::{Confirm, Entry, List};
use crate::ui::format::count;
use crate::wording::counted;
use crate::worker::{Command, Steering};

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

/// Trains one batch; a training that runs pauses with it, and where none does, one begins.
pub(super) fn step_once(lab: &mut Lab) {
    match lab.taken() {
        Some(_) => ask_copy(lab),
        None => lab.train_one_batch(),
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
    let (has, is_on) = (set.class_names.len(), set.name == run.in_use.set.dataset);
    match set.shape == input {
        false => Some(format!(
            "its images are {}, and the network takes {input}",
            set.shape
        )),
        true if has != classes => Some(format!(
            "it has {has} classes, and the network tells {classes} apart"
        )),
        true => is_on.then(|| "the training is on this set".to_owned()),
    }
}

fn ask_copy(lab: &mut Lab) {
    let copy = Action::of("copy.take", 'y', "copy")
        .help("copy the run as it stands to a run of its own, and open that")
        .does(|_, lab| copy_run(lab));
    let watch = Action::of("copy.watch", 'n', "watch on")
        .or(KeyCode::Esc)
        .help("copy nothing; the run is followed as it goes on");
    lab.open(Confirm {
        title: "Copy the run?",
        size: (64, 9),
        text: Box::new(|lab| {
            let taken = lab.taken().unwrap_or_default();
            let epochs = lab.run.as_ref().map_or(0, |run| run.history.len());
            let epochs = counted(epochs, "epoch");
            format!(
                "{taken}, and a run has one writer: it can be watched here, and not trained. A copy of it after {epochs} can."
            )
        }),
        answers: vec![(copy, "copy it and open the copy"), (watch, "watch it")],
        hint: "y copies the run, n or Esc watches it on.",
        stands: |lab| lab.taken().is_some(),
    });
}

fn copy_run(lab: &mut Lab) {
    let run = lab.run.as_ref();
    if let Some(folder) = run.and_then(|run| run.facts.folder.clone()) {
        lab.inform(format!("Copying {} …", folder.display()));
        lab.tell(Command::CopyRun { folder });
    }
}
