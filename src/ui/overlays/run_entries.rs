//! The list of earlier runs: to open, to compare, to start from.

use super::super::format::{count, seconds};
use super::entries::Entry;
use crate::state::facts::{KNOWN_SETS, RunSummary};
use crate::state::{Lab, Message, RunUse, TrainMessage, WeightsFrom};

pub fn entries(lab: &Lab, to: RunUse) -> Vec<Entry> {
    let mut entries = match to {
        RunUse::Open => Vec::new(),
        RunUse::Compare => no_comparison(lab).into_iter().collect(),
        RunUse::StartFrom => other_weights(lab),
    };
    let runs = lab.runs.runs.iter().flatten();
    entries.extend(runs.map(|run| entry(lab, run, to)));
    entries
}

/// The run of an entry, for the preview.
pub fn run_of<'a>(lab: &'a Lab, entry: &Entry) -> Option<&'a RunSummary> {
    let mut runs = lab.runs.runs.iter().flatten();
    runs.find(|run| run.title() == entry.name)
}

/// A run's figures in a line, after who trains it.
pub fn figures(run: &RunSummary) -> String {
    let done = run.history.len();
    let best = run.best().map_or_else(String::new, |best| {
        format!("{:.4} at {} · ", best.val_accuracy, best.val_accuracy_epoch)
    });
    let test = run
        .latest_test()
        .map_or_else(String::new, |test| format!(" · test {:.4}", test.accuracy));
    let training = run
        .trained_by
        .as_ref()
        .map_or_else(String::new, |by| format!("training, {by} · "));
    let name = run.other_name();
    let name = name.map_or_else(String::new, |name| format!("{name} · "));
    format!(
        "{training}{name}{best}{} of {} epochs · {}{test}",
        count(done),
        count(run.planned_epochs),
        run.data
    )
}

/// How long a run took.
pub fn took(run: &RunSummary) -> String {
    let total: f64 = run.history.iter().map(|metrics| metrics.seconds).sum();
    format!("took {}", seconds(total))
}

fn entry(lab: &Lab, run: &RunSummary, to: RunUse) -> Entry {
    let folder = run.folder.clone();
    let message = match to {
        RunUse::Open => TrainMessage::OpenRun(folder),
        RunUse::Compare => TrainMessage::Compare(Some(folder)),
        RunUse::StartFrom => TrainMessage::TakeWeights(WeightsFrom::Run(folder)),
    };
    let present = lab.run.as_ref().and_then(|run| run.facts.folder.as_ref());
    let is_present = present.is_some_and(|folder| *folder == run.folder);
    let choice = match (&run.problem, to) {
        (Some(problem), _) => Err(problem.clone()),
        (None, RunUse::Compare) if run.history.is_empty() => {
            Err("no epoch is done in it".to_owned())
        }
        (None, RunUse::StartFrom) if run.history.is_empty() => {
            Err("no epoch is done in it, so it has no weights to start from".to_owned())
        }
        (None, RunUse::Compare) if is_present => Err("it is the run on the screen".to_owned()),
        (None, _) => Ok(Message::Training(message)),
    };
    Entry {
        group: "",
        keys: String::new(),
        name: run.title(),
        detail: match &run.problem {
            Some(problem) => format!("damaged: {problem}"),
            None => figures(run),
        },
        choice,
    }
}

fn no_comparison(lab: &Lab) -> Option<Entry> {
    lab.runs.compared.as_ref().map(|compared| Entry {
        group: "",
        keys: String::new(),
        name: "no comparison".to_owned(),
        detail: format!("take {} away again", compared.title()),
        choice: Ok(Message::Training(TrainMessage::Compare(None))),
    })
}

/// Weights that come from no run.
fn other_weights(lab: &Lab) -> Vec<Entry> {
    let entry = |name: String, detail: String, from| Entry {
        group: "",
        keys: String::new(),
        name,
        detail,
        choice: Ok(Message::Training(TrainMessage::TakeWeights(from))),
    };
    let chosen = lab.chosen_set().map(|set| set.name.as_str());
    let then = chosen.map_or_else(String::new, |set| format!(", then on {set} in one go"));
    let first = |title: &str, choice: &str| {
        entry(
            format!("first on {title}"),
            format!("pretrain on {title}{then}"),
            WeightsFrom::Pretrain(choice.to_owned()),
        )
    };
    let mut entries = vec![entry(
        "random weights".to_owned(),
        format!("start afresh, from seed {}", lab.preset.seed),
        WeightsFrom::Seed,
    )];
    let known = KNOWN_SETS.iter();
    let known = known.filter(|set| chosen != Some(set.title));
    entries.extend(known.map(|set| first(set.title, set.name)));
    let is_known = |name: &str| KNOWN_SETS.iter().any(|set| set.title == name);
    let loaded = lab.sets.iter();
    let loaded = loaded.filter(|set| chosen != Some(&set.name) && !is_known(&set.name));
    entries.extend(loaded.map(|set| first(&set.name, &set.name)));
    entries
}
