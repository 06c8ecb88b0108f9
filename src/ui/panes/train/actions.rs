//! What can be done on the Train pane now.

use crate::state::{Lab, Message, Phase, PickerKind, RunUse, TrainMessage};
use crate::ui::action::Action;
use crate::ui::keys::Key;

pub(super) fn actions(lab: &Lab) -> Vec<Action> {
    let mut actions = vec![start_or_pause(lab)];
    if lab.active_run().is_some() {
        actions.extend(steering(lab));
        actions.extend(preparing(lab));
    } else {
        actions.extend(preparing(lab));
        actions.extend(steering(lab));
    }
    actions.extend(curves(lab));
    actions
}

fn start_or_pause(lab: &Lab) -> Action {
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
    Action::new(Key::char(' '), name, help, Message::StartOrPause).blocked_by(blocked)
}

/// What changes the training under way.
fn steering(lab: &Lab) -> Vec<Action> {
    let nothing_runs = || match lab.active_run() {
        None => Some("no training runs".to_owned()),
        Some(run) => {
            (run.phase == Phase::Stopping).then(|| "the training is stopping already".into())
        }
    };
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
        Action::new(
            Key::char('s'),
            "stop",
            "end the training before its next batch; what it learned is kept",
            Message::Stop,
        )
        .blocked_by(nothing_runs()),
        training('S', after, help, TrainMessage::StopAfterEpoch).blocked_by(nothing_runs()),
        training(
            'n',
            "one batch",
            "train one batch, then pause",
            TrainMessage::StepOnce,
        )
        .blocked_by(nothing_runs()),
        Action::new(
            Key::char('d'),
            "data",
            "train on another loaded set from the next batch on",
            Message::Pick(PickerKind::SwitchData),
        )
        .blocked_by(nothing_runs().map(|nothing| {
            format!("{nothing}; the next one takes the set that is chosen on the Data pane")
        })),
    ]
}

/// What decides the next training, or is given to the one under way.
fn preparing(lab: &Lab) -> Vec<Action> {
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
        Some(_) => lab
            .is_training()
            .then(|| "stop the training first with s".to_owned()),
    };
    vec![
        training('e', name, help, TrainMessage::OpenSettings("epochs")),
        training(
            'b',
            "batch size",
            "open the settings at the batch size",
            TrainMessage::OpenSettings("batch_size"),
        )
        .blocked_by(lab.recipe_blocked())
        .quiet(),
        Action::new(
            Key::char('o'),
            "runs",
            "the runs so far: look at one, and go on with it",
            Message::Pick(PickerKind::Runs(RunUse::Open)),
        )
        .blocked_by(lab.runs_blocked(RunUse::Open)),
        Action::new(
            Key::char('w'),
            "weights",
            "where the next training's weights come from: the seed, an earlier run, or a training on another set first",
            Message::Pick(PickerKind::Runs(RunUse::StartFrom)),
        )
        .blocked_by(lab.recipe_blocked()),
        training(
            'r',
            "best epoch",
            "put the weights of the best epoch in place of the latest",
            TrainMessage::RestoreBest,
        )
        .blocked_by(no_epoch),
        training(
            'R',
            "reset",
            "forget what was learned and start afresh from the seed; asks first, and the run folder stays",
            TrainMessage::AskReset,
        )
        .blocked_by(no_weights),
    ]
}

/// How the curves are looked at.
fn curves(lab: &Lab) -> Vec<Action> {
    let no_curve = lab
        .run
        .as_ref()
        .is_none_or(|run| run.history.is_empty())
        .then(|| "no epoch is done yet".to_owned());
    let log = if lab.curves.is_log {
        "even losses"
    } else {
        "log losses"
    };
    vec![
        Action::new(
            Key::char('c'),
            "compare",
            "lay the curves of an earlier run under these",
            Message::Pick(PickerKind::Runs(RunUse::Compare)),
        )
        .blocked_by(lab.runs_blocked(RunUse::Compare)),
        Action::moves(
            "←→",
            "read values",
            "move a cursor over the epochs that reads the curves out",
        )
        .blocked_by(no_curve.clone()),
        training(
            'm',
            "smooth",
            "draw curves smoother, in three steps, and as they are again",
            TrainMessage::Smooth,
        ),
        training(
            'y',
            log,
            "draw losses on a logarithmic scale, or on an even one again",
            TrainMessage::ToggleLog,
        ),
        training(
            '+',
            "fewer epochs",
            "look at half as many epochs, around the cursor or the latest",
            TrainMessage::ZoomIn,
        )
        .blocked_by(no_curve.clone()),
        training(
            '-',
            "more epochs",
            "look at twice as many epochs",
            TrainMessage::ZoomOut,
        )
        .blocked_by(no_curve),
        Action::new(
            Key::char('z'),
            "zoom",
            "let the part with the focus fill the screen, and back",
            Message::Zoom,
        ),
    ]
}

fn training(key: char, name: &str, help: &str, message: TrainMessage) -> Action {
    Action::new(Key::char(key), name, help, Message::Training(message))
}
