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
        actions
    }
}

/// An action that has to do with what all panes share alone.
fn on_lab(
    id: &'static str,
    key: char,
    name: &str,
    help: &str,
    does: impl Fn(&mut Lab) + 'static,
) -> Action<TrainPane> {
    Action::new(id, Key::char(key), name, help, move |_, lab| does(lab))
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
    on_lab("train.pause", ' ', name, help, steering::start_or_pause).blocked_by(blocked)
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
        on_lab(
            "train.stop",
            's',
            "stop",
            "end the training before its next batch; what it learned is kept",
            steering::stop,
        )
        .blocked_by(nothing_runs.clone()),
        on_lab(
            "train.stop_after_epoch",
            'S',
            after,
            help,
            steering::stop_after_epoch,
        )
        .blocked_by(nothing_runs.clone()),
        on_lab(
            "train.step",
            'n',
            "one batch",
            "train one batch, then pause",
            steering::step_once,
        )
        .blocked_by(nothing_runs),
        on_lab(
            "train.data",
            'd',
            "data",
            "train on another loaded set from the next batch on",
            steering::switch_data,
        )
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
        Some(run) if run.weights_reset => Some("the weights were reset".to_owned()),
        Some(run) if run.history.is_empty() => Some("no epoch is done yet".to_owned()),
        Some(_) => None,
    };
    let no_weights = match &lab.run {
        None => Some("nothing is trained yet, so the weights are fresh".to_owned()),
        Some(run) if run.weights_reset => Some("the weights are fresh already".to_owned()),
        Some(_) => stop_first(lab),
    };
    vec![
        on_lab("train.settings", 'e', name, help, |lab| {
            settings::open(lab, "epochs");
        }),
        on_lab(
            "train.batch_size",
            'b',
            "batch size",
            "open the settings at the batch size",
            |lab| settings::open(lab, "batch_size"),
        )
        .blocked_by(lab.recipe_blocked())
        .quiet(),
        on_lab(
            "train.runs",
            'o',
            "runs",
            "the runs so far: look at one, and go on with it",
            run_lists::open,
        )
        .blocked_by(no_folder(lab).or_else(|| stop_first(lab))),
        on_lab(
            "train.weights",
            'w',
            "weights",
            "where the next training's weights come from: the seed, an earlier run, or a training on another set first",
            run_lists::start_from,
        )
        .blocked_by(lab.recipe_blocked()),
        on_lab(
            "train.best",
            'r',
            "best epoch",
            "put the weights of the best epoch in place of the latest",
            |lab| lab.tell(Command::RestoreBest),
        )
        .blocked_by(no_epoch),
        on_lab(
            "train.reset",
            'R',
            "reset",
            "forget what was learned and start afresh from the seed; asks first, and the run folder stays",
            ask_reset,
        )
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
    let action = |id, key, name, help, does: fn(&mut TrainPane, &mut Lab)| {
        Action::new(id, Key::char(key), name, help, does)
    };
    vec![
        action(
            "train.compare",
            'c',
            "compare",
            "lay the curves of an earlier run under these",
            |pane, lab| run_lists::compare(pane, lab),
        )
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
        action(
            "train.smooth",
            'm',
            "smooth",
            "draw curves smoother, in three steps, and as they are again",
            |pane, lab| {
                pane.curves.smooth();
                lab.inform(match pane.curves.smoothing() {
                    0.0 => "Curves are drawn as they are.".to_owned(),
                    share => format!("Each point is drawn with {share} of the mean before it."),
                });
            },
        ),
        action(
            "train.logarithm",
            'y',
            log,
            "draw losses on a logarithmic scale, or on an even one again",
            |pane, _| pane.curves.is_log = !pane.curves.is_log,
        ),
        action(
            "train.fewer_epochs",
            '+',
            "fewer epochs",
            "look at half as many epochs, around the cursor or the latest",
            |pane, lab| {
                let planned = lab.run.as_ref().map_or(1, |run| run.facts.epochs);
                if !pane.curves.zoom_in(planned) {
                    lab.refuse("Fewer epochs would be no curve.");
                }
            },
        )
        .blocked_by(no_curve.clone()),
        action(
            "train.more_epochs",
            '-',
            "more epochs",
            "look at twice as many epochs",
            |pane, lab| {
                if !pane.curves.zoom_out() {
                    lab.refuse("All planned epochs are in sight.");
                }
            },
        )
        .blocked_by(no_curve),
        action(
            "train.zoom",
            'z',
            "zoom",
            "let the part with the focus fill the screen, and back",
            |_, lab| lab.zoomed = !lab.zoomed,
        ),
    ]
}
