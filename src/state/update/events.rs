//! News from the worker; what belongs to an earlier run or request is ignored.

use super::super::lab::{Lab, Notice};
use super::super::run::{Phase, Run};
use super::{builder, choose_set, data, explaining, inside, leaving, pace, runs};
use crate::data::DatasetSummary;
use crate::worker::{Event, Outcome, Purpose, RunFacts, RunId};

pub(super) fn apply(lab: &mut Lab, event: Event) {
    match event {
        Event::DataLoaded { summary, seconds } => data_loaded(lab, summary, seconds),
        Event::Data(event) => data::told(lab, event),
        Event::Answered => {}
        Event::RunStarted(facts) => run_started(lab, *facts),
        Event::RunOpened(run) => runs::opened(lab, *run),
        Event::RunFollowed(run) => runs::followed(lab, *run),
        Event::Runs(runs) => lab.runs.runs = Some(runs),
        Event::Batch(progress) => {
            if let Some(run) = run_mut(lab, progress.run) {
                run.add_batch(progress);
            }
        }
        Event::Epoch { run, metrics } => {
            if let Some(run) = run_mut(lab, run) {
                run.history.push(metrics);
                run.changes.clear();
            }
        }
        Event::Confusion {
            run,
            epoch,
            table,
            measured_on,
            portion,
        } => {
            if let Some(run) = run_mut(lab, run) {
                run.confusion = Some((epoch, table));
                run.measured_on = measured_on;
                run.portion = portion;
            }
        }
        // The worker also pauses by itself, where it cannot save.
        Event::Paused { run } => set_phase(lab, run, Phase::Paused),
        Event::Resumed { run } => set_phase(lab, run, Phase::Training),
        Event::Changed {
            run,
            change,
            in_use,
            name,
            ..
        } => {
            if let Some(run) = run_mut(lab, run) {
                run.facts.name = name;
                run.in_use = in_use;
                run.changes.push(change.clone());
                lab.say(Notice::Information, format!("Changed: {change}."));
            }
        }
        Event::Tested { run, test } => {
            if let Some(run) = run_mut(lab, run) {
                run.test = Some(test);
                let text = format!(
                    "Test accuracy {:.4}, loss {:.4} on {}, with the weights of epoch {}.",
                    test.accuracy, test.loss, run.in_use.set.dataset, test.epoch
                );
                lab.say(Notice::Information, text);
            }
        }
        Event::RunEnded { run, outcome, .. } => {
            if let Some(run) = run_mut(lab, run) {
                run.phase = Phase::Ended(outcome.clone());
                run.trouble = None;
                say_ended(lab, &outcome);
            }
        }
        Event::FeatureMaps(maps) => inside::maps_came(lab, maps),
        Event::Origin(found) => inside::origin_came(lab, found),
        Event::Excited(excited) => inside::excited_came(lab, excited),
        Event::Health(health) => inside::health_came(lab, health),
        Event::Measured { request, pace } => pace::measured(lab, request, pace),
        Event::Presets(presets) => lab.builder.own_presets = presets,
        Event::PresetSaved { name, path } => {
            builder::saved(lab, &name);
            lab.say(
                Notice::Information,
                format!("Saved as {name}, in {}.", path.display()),
            );
        }
        Event::DraftFound(found) => lab.drafts.found = Some(found),
        Event::Explained(explained) => explaining::explained(lab, explained),
        Event::Marks(marks) => lab.corrections.came(marks),
        Event::Failed { what, message } => failed(lab, what, message),
    }
}

fn data_loaded(lab: &mut Lab, summary: DatasetSummary, seconds: f64) {
    lab.say(
        Notice::Information,
        format!("{} is loaded, in {seconds:.2} s.", summary.name),
    );
    lab.corrections.forget(&summary.name);
    let position = match lab.sets.iter().position(|set| set.name == summary.name) {
        Some(position) => {
            lab.sets[position] = summary;
            position
        }
        None => {
            lab.sets.push(summary);
            lab.sets.len() - 1
        }
    };
    choose_set(lab, position);
}

fn run_started(lab: &mut Lab, facts: RunFacts) {
    if lab
        .run
        .as_ref()
        .is_some_and(|run| run.facts.run >= facts.run)
    {
        return;
    }
    // One that nobody asked for follows the one before.
    let before = lab.run.as_ref().map(|run| run.lineage);
    let lineage = lab.starting.take().or(before);
    let lineage = lineage.unwrap_or_else(|| lab.builder.lineage());
    lab.started_version(facts.folder.is_some());
    lab.refusal = None;
    let mut run = Run::new(facts, lineage);
    // A training that goes on shows its latest losses too.
    if let Some(before) = lab.run.take()
        && before.facts.folder == run.facts.folder
        && !run.history.is_empty()
    {
        run.batch_losses = before.batch_losses;
        run.confusion = before.confusion;
        run.measured_on = before.measured_on;
        if run.confusion.is_some() {
            run.portion = before.portion;
        }
    }
    if let Some(note) = run.facts.notes.first() {
        lab.say(Notice::Information, format!("{note}."));
    }
    lab.run = Some(run);
}

/// The current run, if the news is about it.
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
        lab.say(
            Notice::Information,
            "The run's folder can be written again; the training goes on.",
        );
    }
}

fn say_ended(lab: &mut Lab, outcome: &Outcome) {
    let name = lab
        .run
        .as_ref()
        .map_or(String::new(), |run| run.facts.name.clone());
    match outcome {
        Outcome::Completed => lab.say(Notice::Information, format!("{name}: trained.")),
        Outcome::StoppedEarly { epochs } => lab.say(
            Notice::Information,
            format!("{name}: the validation loss no longer falls, stopped after {epochs} epochs."),
        ),
        Outcome::Stopped { epochs } => lab.say(
            Notice::Information,
            format!("{name}: stopped after {epochs} whole epochs."),
        ),
        Outcome::Failed { message } => lab.say(Notice::Error, format!("{name}: {message}")),
    }
}

fn failed(lab: &mut Lab, what: Purpose, message: String) {
    leaving::failed(lab, what);
    if what.is_training() && lab.starting.take().is_some() {
        lab.refusal = Some(message.clone());
    }
    if what == Purpose::SaveRun
        && let Some(run) = &mut lab.run
    {
        run.trouble = Some(message.clone());
    }
    lab.say(Notice::Error, format!("Could not {what}: {message}"));
}

pub fn worker_lost(lab: &mut Lab) {
    if lab.quitting {
        return;
    }
    lab.jobs.clear();
    lab.starting = None;
    let message = "the worker's thread has ended, so nothing can be loaded or trained any more; \
                   quit with q and start again"
        .to_owned();
    if let Some(run) = lab.run.as_mut().filter(|run| run.is_active()) {
        run.phase = Phase::Ended(Outcome::Failed {
            message: message.clone(),
        });
    }
    lab.say(Notice::Error, message);
}
