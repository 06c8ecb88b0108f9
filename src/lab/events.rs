//! How the worker's events change the state that all panes share; events of an earlier run are ignored.

use super::run::{Phase, Run};
use super::{Lab, Notice, PaneId, RUN, TerminalWish};
use crate::training::EpochMetrics;
use crate::ui::format::count;
use crate::wording::{are, counted, decimals};
use crate::worker::{BatchProgress, Event, OpenedRun, Outcome, Purpose, RunFacts, RunId};

pub fn hear(lab: &mut Lab, event: &Event) {
    match event {
        Event::DataLoaded { summary, seconds } => lab.take_set(summary.clone(), *seconds),
        Event::Recognized { name, names } => lab.recognize_set(name, names),
        Event::Reading(reading) => lab.reading.clone_from(reading),
        Event::Renamed { from, to } => lab.rename_set(from, to),
        Event::Unloaded { name } => lab.forget_set(name),
        Event::Marks(marks) => lab.corrections.came(marks.clone()),
        Event::DraftFound(found) => lab.drafts.found = Some(found.clone()),
        Event::RunStarted(facts) => started(lab, facts),
        Event::RunOpened(opened) => self::opened(lab, opened),
        Event::RunFollowed(followed) => self::followed(lab, followed),
        Event::Batch(progress) => {
            if let Some(run) = run_mut(lab, progress.run) {
                run.add_batch(progress.clone());
                say_stepped(lab, progress);
            }
        }
        Event::Epoch { run, metrics } => {
            if let Some(run) = run_mut(lab, *run) {
                run.history.push(metrics.clone());
                run.changes.clear();
                say_measured(lab, metrics);
            }
        }
        Event::Confusion {
            run,
            epoch,
            table,
            measured_on,
            portion,
        } => {
            if let Some(run) = run_mut(lab, *run) {
                run.confusion = Some((*epoch, table.clone()));
                run.measured_on.clone_from(measured_on);
                run.portion = *portion;
            }
        }
        // The worker also pauses automatically if it cannot save.
        Event::Paused { run } => set_phase(lab, *run, Phase::Paused),
        Event::Resumed { run } => set_phase(lab, *run, Phase::Training),
        Event::Changed {
            run,
            change,
            in_use,
            name,
            ..
        } => {
            if let Some(run) = run_mut(lab, *run) {
                run.facts.name.clone_from(name);
                run.in_use.clone_from(in_use);
                run.changes.push(change.clone());
                run.changes_by_hand += 1;
                lab.inform(format!("Changed: {change}."));
            }
        }
        Event::Tested { run, test } => {
            if let Some(run) = run_mut(lab, *run) {
                run.test = Some(*test);
                let text = format!(
                    "Test accuracy {:.4}, loss {:.4} on {}, with the weights of epoch {}.",
                    test.accuracy, test.loss, run.in_use.set.dataset, test.epoch
                );
                lab.inform(text);
            }
        }
        Event::RunEnded { run, outcome, .. } => {
            if let Some(run) = run_mut(lab, *run) {
                run.phase = Phase::Ended(outcome.clone());
                run.trouble = None;
                let name = run.facts.name.clone();
                announce(lab, &name, outcome);
                say_ended(lab, &name, outcome);
            }
        }
        Event::Failed { what, message } => failed(lab, *what, message),
        // Received by whoever asked.
        Event::Answered => {}
    }
}

/// The worker thread has ended, and with it the run.
pub fn lose_worker(lab: &mut Lab) {
    if lab.quitting {
        return;
    }
    (lab.starting, lab.reading) = (None, None);
    let message = "the worker thread has ended: nothing can be loaded or trained any more; \
                   quit with q and restart convscope"
        .to_owned();
    if let Some(run) = lab.active_run_mut() {
        run.phase = Phase::Ended(Outcome::Failed {
            message: message.clone(),
        });
    }
    lab.say(Notice::Error, message);
}

fn started(lab: &mut Lab, facts: &RunFacts) {
    let before = lab.run.as_ref();
    if before.is_some_and(|run| run.facts.run >= facts.run) {
        return;
    }
    // A run that nobody asked for continues the lineage of the one before.
    let before = before.map(|run| run.lineage);
    let lineage = lab.starting.take().or(before);
    let lineage = lineage.unwrap_or(lab.history.lineage);
    lab.started_version(facts.folder.is_some());
    if let Some(folder) = &facts.folder {
        lab.leaves(RUN, folder.clone());
    }
    let mut run = Run::new(facts.clone(), lineage);
    // A run that is resumed shows its latest losses too.
    if let Some(before) = lab.run.take()
        && before.facts.folder == run.facts.folder
        && !run.history.is_empty()
    {
        run.batches = before.batches;
        run.confusion = before.confusion;
        run.measured_on = before.measured_on;
        if run.confusion.is_some() {
            run.portion = before.portion;
        }
    }
    if let Some(note) = run.facts.notes.first() {
        lab.inform(format!("{note}."));
    }
    (lab.refusal, lab.run) = (None, Some(run));
}

/// Shows an opened run with its network, set and curves.
fn opened(lab: &mut Lab, opened: &OpenedRun) {
    let facts = &opened.facts;
    lab.record_opened(opened.preset.clone());
    let set = lab.sets.iter().position(|set| set.name == opened.chosen);
    if let Some(position) = set.filter(|position| lab.chosen != Some(*position)) {
        lab.choose_set(position);
    }
    let mut run = Run::new(facts.clone(), lab.history.lineage);
    run.take_opened(opened);
    let (taken, place) = (run.taken(), run.place());
    (lab.refusal, lab.run) = (None, Some(run));
    lab.show(PaneId::Train);
    let (done, planned) = (facts.history.len(), facts.epochs);
    let epochs = format!("{done} of {} {} done", counted(planned, "epoch"), are(done));
    if let Some(taken) = taken {
        return lab.inform(format!(
            "{taken}: {epochs}. This screen follows it; Space copies it to a new run."
        ));
    }
    lab.inform(format!(
        "{place}: {epochs}. Space continues it; u on the Network pane restores the previous network."
    ));
}

/// Shows the progress of the run on the screen in another process; the network and the set on the screen stay.
fn followed(lab: &mut Lab, followed: &OpenedRun) {
    let Some(run) = run_mut(lab, followed.facts.run) else {
        return;
    };
    let before = run.trained_by.take();
    run.facts.clone_from(&followed.facts);
    run.history.clone_from(&followed.facts.history);
    run.in_use.clone_from(&followed.facts.in_use);
    run.take_opened(followed);
    let text = match (before, run.taken()) {
        (None, Some(taken)) => format!("{taken}; this screen follows it."),
        (Some(by), None) => format!(
            "{} is no longer trained by {by}: {} of {} {} done.",
            run.facts.name,
            run.history.len(),
            counted(run.facts.epochs, "epoch"),
            are(run.history.len())
        ),
        _ => return,
    };
    lab.inform(text);
}

/// The current run, if it has this id.
fn run_mut(lab: &mut Lab, run: RunId) -> Option<&mut Run> {
    lab.run.as_mut().filter(|current| current.facts.run == run)
}

fn set_phase(lab: &mut Lab, run: RunId, phase: Phase) {
    let Some(run) = run_mut(lab, run) else { return };
    let is_mended = phase == Phase::Training && run.trouble.take().is_some();
    if !matches!(run.phase, Phase::Stopping | Phase::Ended(_)) {
        run.phase = phase;
    }
    if is_mended {
        lab.inform("The run folder is writable again; training continues.");
    }
}

/// Reports the result of the single batch that was asked for.
fn say_stepped(lab: &mut Lab, progress: &BatchProgress) {
    // One of those before it may still be on its way.
    let is_paused = lab
        .run
        .as_ref()
        .is_some_and(|run| run.phase == Phase::Paused);
    if !is_paused || !std::mem::take(&mut lab.is_stepping) {
        return;
    }
    let Some(figures) = progress.latest.last() else {
        return;
    };
    lab.inform(format!(
        "Trained batch {} of {} of epoch {}: loss {}, accuracy {}. n trains the next one, Space resumes.",
        count(progress.batch),
        count(progress.batches),
        progress.epoch,
        decimals(figures.loss, 4),
        decimals(figures.accuracy, 4),
    ));
}

/// Reports the validation after an epoch's last batch, which is a single step of its own.
fn say_measured(lab: &mut Lab, metrics: &EpochMetrics) {
    let is_paused = lab
        .run
        .as_ref()
        .is_some_and(|run| run.phase == Phase::Paused);
    if is_paused && std::mem::take(&mut lab.is_stepping) {
        lab.inform(format!(
            "Measured epoch {}: validation loss {}, accuracy {}. n trains the next batch, Space resumes.",
            metrics.epoch,
            decimals(metrics.val_loss, 4),
            decimals(metrics.val_accuracy, 4),
        ));
    }
}

/// Has the terminal notify the user that a long run has ended without being stopped.
fn announce(lab: &mut Lab, name: &str, outcome: &Outcome) {
    let Some(run) = &lab.run else { return };
    let is_long = lab
        .announced_after
        .is_some_and(|least| run.seconds_here() >= least);
    let best = run.best();
    let best = best.map_or_else(String::new, |best| {
        format!(", best {}", decimals(best.val_accuracy, 4))
    });
    let ended = match outcome {
        Outcome::Completed | Outcome::StoppedEarly { .. } => format!("finished{best}"),
        Outcome::Failed { .. } => "the run failed".to_owned(),
        Outcome::Stopped { .. } => return,
    };
    // The first of two runs is followed by the second.
    let is_last = run.facts.then.is_none() || matches!(outcome, Outcome::Failed { .. });
    if is_long && is_last {
        lab.terminal_wish = Some(TerminalWish::Announce(format!("{name}: {ended}")));
    }
}

fn say_ended(lab: &mut Lab, name: &str, outcome: &Outcome) {
    let text = match outcome {
        Outcome::Completed => "finished.".to_owned(),
        Outcome::StoppedEarly { epochs } => {
            let epochs = counted(*epochs, "epoch");
            format!("stopped early after {epochs}: the validation loss no longer falls.")
        }
        Outcome::Stopped { epochs } => {
            format!("stopped after {}.", counted(*epochs, "whole epoch"))
        }
        Outcome::Failed { message } => {
            return lab.say(Notice::Error, format!("{name}: {message}"));
        }
    };
    lab.inform(format!("{name}: {text}"));
}

fn failed(lab: &mut Lab, what: Purpose, message: &str) {
    if what.is_training() && lab.starting.take().is_some() {
        lab.refusal = Some(message.to_owned());
    }
    if what == Purpose::SaveRun
        && let Some(run) = &mut lab.run
    {
        run.trouble = Some(message.to_owned());
    }
    lab.say(Notice::Error, format!("Could not {what}: {message}"));
}
