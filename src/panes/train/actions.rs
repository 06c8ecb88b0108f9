//! The actions of the Train pane.

use super::{TrainPane, run_lists, runs, settings, steering, sweeps, vary};
use crate::lab::{Action, HasActions, Lab, Phase};
use crate::overlays::ask_reset;
use crate::ui::Key;
use crate::worker::Command;

impl HasActions for TrainPane {
    fn actions(&self, lab: &Lab) -> Vec<Action<Self>> {
        let mut actions = vec![start_or_pause(lab)];
        if lab.active_run().is_some() {
            actions.extend(steering(lab));
            actions.extend(preparing(lab));
        } else {
            actions.extend(preparing(lab));
            actions.extend(steering(lab));
        }
        actions.extend(curves(self, lab));
        actions.extend(self.curves.way_out().map(|to| {
            Action::of("train.back", Key::ESCAPE, to)
                .help("hide the cursor of the curves, then show all epochs")
                .does(|pane: &mut Self, _| pane.curves.back())
        }));
        actions
    }
}

fn start_or_pause(lab: &Lab) -> Action<TrainPane> {
    let (name, help, blocked) = match lab.active_run().map(|run| &run.phase) {
        Some(Phase::Training) => ("pause", "pause before the next batch", None),
        Some(Phase::Pausing | Phase::Paused) => ("resume", "resume training", None),
        Some(_) => (
            "start",
            "train the network on the chosen set",
            Some("the run is stopping".to_owned()),
        ),
        None if lab.taken().is_some() => (
            "copy",
            "copy the run that another process is training to a new run that can be trained here; asks first",
            lab.start_blocked(),
        ),
        None if lab.goes_on() => (
            "continue",
            "continue training from the current weights with the chosen set and settings: to the planned end, or for as many epochs again; \
             press R first to start from scratch",
            lab.start_blocked(),
        ),
        None => (
            "start",
            "train the network on the chosen set",
            lab.start_blocked(),
        ),
    };
    Action::of("train.pause", ' ', name)
        .help(help)
        .does(|_, lab| steering::start_or_pause(lab))
        .blocked_by(blocked)
        .first()
}

/// Actions on the active run.
fn steering(lab: &Lab) -> Vec<Action<TrainPane>> {
    let nothing_runs = match lab.active_run() {
        None => Some("nothing is training".to_owned()),
        Some(run) => (run.phase == Phase::Stopping).then(|| "the run is already stopping".into()),
    };
    let no_other_set = nothing_runs
        .as_ref()
        .map(|nothing| format!("{nothing}; the next run uses the set chosen on the Data pane"));
    let stops = lab
        .active_run()
        .is_some_and(|run| run.in_use.stops_after_epoch);
    let (after, help) = if stops {
        ("don't stop", "keep training after this epoch")
    } else {
        ("stop after epoch", "stop training at the end of this epoch")
    };
    vec![
        Action::of("train.stop", 's', "stop")
            .help("stop training before the next batch; the weights are kept")
            .does(|_, lab| steering::stop(lab))
            .blocked_by(nothing_runs.clone()),
        Action::of("train.stop_after_epoch", 'S', after)
            .help(help)
            .does(|_, lab| steering::stop_after_epoch(lab))
            .blocked_by(nothing_runs.clone()),
        Action::of("train.step", 'n', "one batch")
            .help("train one batch, then pause; starts a run if none is active")
            .does(|_, lab| steering::step_once(lab))
            .blocked_by(match lab.active_run() {
                Some(_) => nothing_runs,
                None => lab.start_blocked(),
            }),
        Action::of("train.data", 'd', "data")
            .help("switch to another loaded set at the next batch")
            .does(|_, lab| steering::switch_data(lab))
            .blocked_by(no_other_set),
    ]
}

/// Actions that prepare the next run, or change the settings of the active one.
fn preparing(lab: &Lab) -> Vec<Action<TrainPane>> {
    let (name, help) = if lab.active_run().is_some() {
        (
            "change",
            "change the learning rate and augmentation from the next batch on",
        )
    } else {
        (
            "settings",
            "edit epochs, batch size, optimizer, schedule, validation, augmentation and more",
        )
    };
    let no_epoch = match &lab.run {
        None => Some("nothing is trained yet".to_owned()),
        Some(run) if run.trained_by.is_some() => run.taken(),
        Some(run) if run.history.is_empty() => Some("no epoch is finished yet".to_owned()),
        Some(run) if run.best().is_none() => {
            Some("no best epoch yet: batch norm was young after every epoch".to_owned())
        }
        Some(_) => None,
    };
    let no_weights = match &lab.run {
        None => Some("nothing is trained yet: the weights are the initial ones".to_owned()),
        Some(_) => stop_first(lab),
    };
    vec![
        Action::of("train.settings", 'e', name)
            .help(help)
            .does(|_, lab| {
                settings::open(lab, "epochs");
            }),
        Action::of("train.batch_size", 'b', "batch size")
            .help("open the settings at the batch size")
            .does(|_, lab| settings::open(lab, "batch_size"))
            .blocked_by(lab.recipe_blocked())
            .quiet(),
        Action::of("train.runs", 'o', "runs")
            .help("list the runs: open, compare, rename, tag, archive or delete them")
            .does(|_, lab| runs::open(lab))
            .blocked_by(no_folder(lab).or_else(|| stop_first(lab))),
        Action::of("train.vary", 'v', "vary")
            .help("vary a setting: train a sweep of this preset with several values and seeds, beside the lab")
            .does(|_, lab| vary::open(lab, None))
            .blocked_by(vary::blocked(lab)),
        Action::of("train.seeds", 'V', "more seeds")
            .help("train the same with further seeds, as a sweep beside the lab")
            .does(|_, lab| vary::open_seeds(lab))
            .blocked_by(vary::blocked(lab)),
        Action::of("train.sweeps", 'O', "sweeps")
            .help("list the sweeps: what each setting does, the trials, the best network")
            .does(|_, lab| sweeps::list(lab)),
        Action::of("train.weights", 'w', "weights")
            .help(
                "choose the weights that the next run starts from: random, from an earlier run, or \
                pretrained on another set",
            )
            .does(|_, lab| run_lists::start_from(lab))
            .blocked_by(lab.recipe_blocked()),
        Action::of("train.best", 'r', "best epoch")
            .help("replace the latest weights with those of the best epoch")
            .does(|_, lab| lab.tell(Command::RestoreBest))
            .blocked_by(no_epoch),
        Action::of("train.reset", 'R', "reset")
            .help("reset to initial weights for the next run; asks first and keeps the run folder")
            .does(|_, lab| ask_reset(true, lab))
            .blocked_by(no_weights),
    ]
}

fn stop_first(lab: &Lab) -> Option<String> {
    lab.is_training()
        .then(|| "stop the run with s first".to_owned())
}

fn no_folder(lab: &Lab) -> Option<String> {
    lab.runs_folder
        .is_none()
        .then(|| "this session keeps no run folders".to_owned())
}

/// Actions on the curves.
fn curves(pane: &TrainPane, lab: &Lab) -> Vec<Action<TrainPane>> {
    let no_curve = lab
        .run
        .as_ref()
        .is_none_or(|run| run.history.is_empty())
        .then(|| "no epoch is finished yet".to_owned());
    let log = if pane.curves.is_log {
        "linear axis"
    } else {
        "log axis"
    };
    vec![
        Action::of("train.compare", 'c', "compare")
            .help("overlay the curves of an earlier run")
            .does(|pane: &mut TrainPane, lab| run_lists::compare(pane, lab))
            .blocked_by(no_folder(lab)),
        Action::cursor(
            "train.cursor",
            "←→",
            "read values",
            "move a cursor over the epochs to read values",
            |pane: &mut TrainPane, lab, motion| {
                let epochs = lab.run.as_ref().map_or(0, |run| run.history.len());
                pane.curves.go(motion, epochs);
            },
        )
        .blocked_by(no_curve.clone()),
        Action::of("train.smooth", 'm', "smooth")
            .help("smooth the curves in three steps, then not at all")
            .does(|pane: &mut TrainPane, lab| {
                pane.curves.smooth();
                lab.inform(match pane.curves.smoothing() {
                    0.0 => "Smoothing off.".to_owned(),
                    share => format!("Smoothing {share}: exponential moving average."),
                });
            }),
        Action::of("train.logarithm", 'y', log)
            .help("switch the loss between a linear and a logarithmic axis")
            .does(|pane: &mut TrainPane, _| pane.curves.is_log = !pane.curves.is_log),
        Action::of("train.fewer_epochs", '+', "zoom in")
            .help("show half as many epochs, around the cursor or the latest")
            .does(|pane: &mut TrainPane, lab| {
                let planned = lab.run.as_ref().map_or(1, |run| run.facts.epochs);
                if !pane.curves.zoom_in(planned) {
                    lab.refuse("The curves are fully zoomed in.");
                }
            })
            .blocked_by(no_curve.clone()),
        Action::of("train.more_epochs", '-', "zoom out")
            .help("show twice as many epochs")
            .does(|pane: &mut TrainPane, lab| {
                if !pane.curves.zoom_out() {
                    lab.refuse("All planned epochs are shown.");
                }
            })
            .blocked_by(no_curve),
        Action::of("train.zoom", 'z', "zoom")
            .help("enlarge the focused part to the full screen, and back")
            .does(|_, lab| lab.zoomed = !lab.zoomed)
            .quiet(),
    ]
}
