//! Starts, pauses and steers a run, switches its data set, and asks before a run that another process trains is copied to a new run.

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
            // It resumes when the worker says so: the worker first saves what could not be saved before.
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

/// Toggles stopping at the end of the current epoch.
pub(super) fn stop_after_epoch(lab: &mut Lab) {
    if let Some(run) = lab.active_run() {
        let stop = !run.in_use.stops_after_epoch;
        lab.tell(Command::Steer(Steering::StopAfterEpoch(stop)));
    }
}

/// Trains one batch and pauses the active run; starts a run if none is active.
pub(super) fn step_once(lab: &mut Lab) {
    match lab.taken() {
        Some(_) => ask_copy(lab),
        None => lab.train_one_batch(),
    }
}

/// Lists the loaded sets to switch to at the next batch.
pub(super) fn switch_data(lab: &mut Lab) {
    let list = List::new("Switch the data set at the next batch", |lab: &Lab| {
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

/// Why the run cannot switch to the set.
fn misfit(set: &DatasetSummary, run: &Run) -> Option<String> {
    let (input, classes) = (run.facts.network.input, run.facts.network.classes);
    let (has, is_on) = (set.class_names.len(), set.name == run.in_use.set.dataset);
    match set.shape == input {
        false => Some(format!(
            "its images are {}, but the network expects {input}",
            set.shape
        )),
        true if has != classes => Some(format!(
            "it has {has} classes, but the network has {classes}"
        )),
        true => is_on.then(|| "already training on this set".to_owned()),
    }
}

fn ask_copy(lab: &mut Lab) {
    let copy = Action::of("copy.take", 'y', "copy")
        .help("copy the run so far to a new run, and open the copy")
        .does(|_, lab| copy_run(lab));
    let watch = Action::of("copy.watch", 'n', "watch")
        .or(KeyCode::Esc)
        .help("do not copy; keep following the run");
    lab.open(Confirm {
        title: "Copy the run?",
        size: (64, 9),
        text: Box::new(|lab| {
            let taken = lab.taken().unwrap_or_default();
            let epochs = lab.run.as_ref().map_or(0, |run| run.history.len());
            let epochs = counted(epochs, "epoch");
            format!(
                "{taken}. Only one process can train a run: watch it here, or copy its state after {epochs} and train that."
            )
        }),
        answers: vec![(copy, "copy and open it"), (watch, "keep watching")],
        hint: "y copies the run, n or Esc keeps watching it.",
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
