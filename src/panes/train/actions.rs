//! What can be done on the Train pane now.

use super::{TrainPane, run_lists, settings, steering};
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
                .help("put the cursor of the curves away, then show all epochs again")
                .does(|pane: &mut Self, _| pane.curves.back())
        }));
        actions
    }
}

fn start_or_pause(lab: &Lab) -> Action<TrainPane> {
    let (name, help, blocked) = match lab.active_run().map(|run| &run.phase) {
        Some(Phase::Training) => ("pause", "hold the training before its next batch", None),
        Some(Phase::Pausing | Phase::Paused) => ("go on", "go on with the training", None),
        Some(_) => (
            "start",
            "train the network on the chosen set",
            Some("the training is stopping".to_owned()),
        ),
        None if lab.taken().is_some() => (
            "copy",
            "copy the run, which another process trains, to a run of its own that can be trained on here; asks first",
            lab.start_blocked(),
        ),
        None if lab.goes_on() => (
            "train on",
            "go on where the training stands, on the chosen set and by the settings: to the end of its plan, or as many epochs more; \
             R first starts afresh",
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

/// What changes the training under way.
fn steering(lab: &Lab) -> Vec<Action<TrainPane>> {
    let nothing_runs = match lab.active_run() {
        None => Some("no training runs".to_owned()),
        Some(run) => {
            (run.phase == Phase::Stopping).then(|| "the training is stopping already".into())
        }
    };
    let no_other_set = nothing_runs.as_ref().map(|nothing| {
        format!("{nothing}; the next one takes the set that is chosen on the Data pane")
    });
    let stops = lab
        .active_run()
        .is_some_and(|run| run.in_use.stops_after_epoch);
    let (after, help) = if stops {
        ("don't stop", "let the training go on after this epoch")
    } else {
        (
            "stop after epoch",
            "end the training when this epoch is done",
        )
    };
    vec![
        Action::of("train.stop", 's', "stop")
            .help("end the training before its next batch; what it learned is kept")
            .does(|_, lab| steering::stop(lab))
            .blocked_by(nothing_runs.clone()),
        Action::of("train.stop_after_epoch", 'S', after)
            .help(help)
            .does(|_, lab| steering::stop_after_epoch(lab))
            .blocked_by(nothing_runs.clone()),
        Action::of("train.step", 'n', "one batch")
            .help("train one batch, then pause; where no training runs, the first one of a training that it starts")
            .does(|_, lab| steering::step_once(lab))
            .blocked_by(match lab.active_run() {
                Some(_) => nothing_runs,
                None => lab.start_blocked(),
            }),
        Action::of("train.data", 'd', "data")
            .help("train on another loaded set from the next batch on")
            .does(|_, lab| steering::switch_data(lab))
            .blocked_by(no_other_set),
    ]
}

/// What decides the next training, or is given to the one under way.
fn preparing(lab: &Lab) -> Vec<Action<TrainPane>> {
    let (name, help) = if lab.active_run().is_some() {
        (
            "change",
            "change learning rate and augmentation from the next batch on",
        )
    } else {
        (
            "settings",
            "epochs, batch size, optimizer, schedule, validation, augmentation and the rest",
        )
    };
    let no_epoch = match &lab.run {
        None => Some("nothing is trained yet".to_owned()),
        Some(run) if run.trained_by.is_some() => run.taken(),
        Some(run) if run.history.is_empty() => Some("no epoch is done yet".to_owned()),
        Some(run) if run.best().is_none() => {
            Some("no epoch counts as the best yet: batch norm was young after each".to_owned())
        }
        Some(_) => None,
    };
    let no_weights = match &lab.run {
        None => Some("nothing is trained yet, so the weights are fresh".to_owned()),
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
            .help("the runs so far: look at one, and go on with it")
            .does(|_, lab| run_lists::open(lab))
            .blocked_by(no_folder(lab).or_else(|| stop_first(lab))),
        Action::of("train.weights", 'w', "weights")
            .help(
                "where the next training's weights come from: the seed, an earlier run, or a \
                training on another set first",
            )
            .does(|_, lab| run_lists::start_from(lab))
            .blocked_by(lab.recipe_blocked()),
        Action::of("train.best", 'r', "best epoch")
            .help("put the weights of the best epoch in place of the latest")
            .does(|_, lab| lab.tell(Command::RestoreBest))
            .blocked_by(no_epoch),
        Action::of("train.reset", 'R', "reset")
            .help(
                "forget the run's weights, so that the next training starts afresh; asks first, and the \
                run folder stays",
            )
            .does(|_, lab| ask_reset(true, lab))
            .blocked_by(no_weights),
    ]
}

fn stop_first(lab: &Lab) -> Option<String> {
    lab.is_training()
        .then(|| "stop the training first with s".to_owned())
}

fn no_folder(lab: &Lab) -> Option<String> {
    lab.runs_folder
        .is_none()
        .then(|| "this lab keeps no run folders".to_owned())
}

/// How the curves are looked at.
fn curves(pane: &TrainPane, lab: &Lab) -> Vec<Action<TrainPane>> {
    let no_curve = lab
        .run
        .as_ref()
        .is_none_or(|run| run.history.is_empty())
        .then(|| "no epoch is done yet".to_owned());
    let log = if pane.curves.is_log {
        "even losses"
    } else {
        "log losses"
    };
    vec![
        Action::of("train.compare", 'c', "compare")
            .help("lay the curves of an earlier run under these")
            .does(|pane: &mut TrainPane, lab| run_lists::compare(pane, lab))
            .blocked_by(no_folder(lab)),
        Action::cursor(
            "train.cursor",
            "←→",
            "read values",
            "move a cursor over the epochs that reads the curves out",
            |pane: &mut TrainPane, lab, motion| {
                let epochs = lab.run.as_ref().map_or(0, |run| run.history.len());
                pane.curves.go(motion, epochs);
            },
        )
        .blocked_by(no_curve.clone()),
        Action::of("train.smooth", 'm', "smooth")
            .help("draw curves smoother, in three steps, and as they are again")
            .does(|pane: &mut TrainPane, lab| {
                pane.curves.smooth();
                lab.inform(match pane.curves.smoothing() {
                    0.0 => "Curves are drawn as they are.".to_owned(),
                    share => format!("Each point is drawn with {share} of the mean before it."),
                });
            }),
        Action::of("train.logarithm", 'y', log)
            .help("draw losses on a logarithmic scale, or on an even one again")
            .does(|pane: &mut TrainPane, _| pane.curves.is_log = !pane.curves.is_log),
        Action::of("train.fewer_epochs", '+', "fewer epochs")
            .help("look at half as many epochs, around the cursor or the latest")
            .does(|pane: &mut TrainPane, lab| {
                let planned = lab.run.as_ref().map_or(1, |run| run.facts.epochs);
                if !pane.curves.zoom_in(planned) {
                    lab.refuse("Fewer epochs would be no curve.");
                }
            })
            .blocked_by(no_curve.clone()),
        Action::of("train.more_epochs", '-', "more epochs")
            .help("look at twice as many epochs")
            .does(|pane: &mut TrainPane, lab| {
                if !pane.curves.zoom_out() {
                    lab.refuse("All planned epochs are in sight.");
                }
            })
            .blocked_by(no_curve),
        Action::of("train.zoom", 'z', "zoom")
            .help("let the part with the focus fill the screen, and back")
            .does(|_, lab| lab.zoomed = !lab.zoomed)
            .quiet(),
    ]
}
