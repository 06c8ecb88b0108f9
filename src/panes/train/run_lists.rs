//! Lists of earlier runs: to open one, to compare with one, to start from the weights of one or from others.

use std::path::PathBuf;
use std::sync::Arc;

use super::{TrainPane, draw, settings};
use crate::data::KNOWN_SETS;
use crate::lab::Lab;
use crate::overlays::{Arrangement, Entry, List, ask_reset};
use crate::runs::RunSummary;
use crate::training::{Pretrain, Transfer};
use crate::ui::format::{count, seconds};
use crate::wording::counted;
use crate::worker::{Beside, Command, Desk, Question, Tell};

pub(super) fn open(lab: &mut Lab) {
    show("Open a run", lab, |_, runs| {
        let entries = runs.iter().map(|run| {
            let folder = run.folder.clone();
            entry(run, None, move |lab| {
                lab.inform(format!("Opening {} …", folder.display()));
                lab.tell(Command::OpenRun {
                    folder: folder.clone(),
                });
            })
        });
        entries.collect()
    });
}

/// Lists runs whose curves can be overlaid on the current ones.
pub(super) fn compare(pane: &TrainPane, lab: &mut Lab) {
    let compared = pane.compared.as_ref().map(|run| run.title());
    show("Compare with a run", lab, move |lab, runs| {
        let none = compared.iter().map(|title| {
            let detail = format!("remove {title} from the charts");
            Entry::new("no comparison", detail, |lab| put_under(None, lab))
        });
        let present = lab.run.as_ref().and_then(|run| run.facts.folder.as_ref());
        let runs = runs.iter().map(|run| {
            let refusal = if run.history.is_empty() {
                Some("no epoch is finished")
            } else {
                (present == Some(&run.folder)).then_some("it is the current run")
            };
            let chosen = Arc::clone(run);
            entry(run, refusal, move |lab| {
                put_under(Some(Arc::clone(&chosen)), lab);
            })
        });
        none.chain(runs).collect()
    });
}

fn put_under(run: Option<Arc<RunSummary>>, lab: &mut Lab) {
    lab.then(|pane: &mut TrainPane, _| pane.compared = run);
}

/// Lists the weights that the next run can start from.
pub(super) fn start_from(lab: &mut Lab) {
    show("Start the next run from", lab, |lab, runs| {
        let mut entries = other_weights(lab);
        entries.extend(runs.iter().map(|run| {
            let refusal = run
                .history
                .is_empty()
                .then_some("no epoch is finished, so there are no weights");
            let folder = run.folder.clone();
            entry(run, refusal, move |lab| {
                take_weights(lab, "frozen_layers", |before| Transfer {
                    from: Some(folder.clone()),
                    pretrain: None,
                    ..before
                });
            })
        }));
        entries
    });
}

fn other_weights(lab: &Lab) -> Vec<Entry> {
    let chosen = lab.chosen_set().map(|set| set.name.as_str());
    let then = chosen.map_or_else(String::new, |set| format!(", then on {set}"));
    let first = |title: &str, choice: &str| {
        let name = format!("pretrain on {title}");
        let choice = choice.to_owned();
        Entry::new(name, format!("train on {title} first{then}"), move |lab| {
            pretrain(lab, choice.clone());
        })
    };
    let fresh = format!("initial weights from seed {}", lab.preset.seed);
    let mut entries = vec![Entry::new("random weights", fresh, start_afresh)];
    let known = KNOWN_SETS.iter().filter(|set| {
        let mut known = lab.known_sets.iter();
        let is_missing = known.any(|known| known.name == set.name && !known.is_whole);
        chosen != Some(set.title) && !is_missing
    });
    entries.extend(known.map(|set| first(set.title, set.name)));
    // A loaded starter set is listed among the loaded ones.
    let starters = KNOWN_SETS.iter().filter(|set| {
        let name = set.starter_name();
        !lab.sets.iter().any(|set| set.is_all_of(&name))
    });
    entries
        .extend(starters.map(|set| first(&format!("{} starter", set.title), &set.starter_name())));
    let is_known = |name: &str| KNOWN_SETS.iter().any(|set| set.title == name);
    let loaded = lab.sets.iter();
    let loaded = loaded.filter(|set| chosen != Some(&set.name) && !is_known(&set.name));
    entries.extend(loaded.map(|set| first(&set.name, &set.name)));
    entries
}

fn start_afresh(lab: &mut Lab) {
    match lab.run_of_weights() {
        Some(_) => ask_reset(false, lab),
        None => {
            lab.preset.training.transfer = None;
            lab.inform("The next run starts from random weights.");
        }
    }
}

/// Pretrains on the set of this name or path.
fn pretrain(lab: &mut Lab, data: String) {
    let recipe = &lab.preset.training;
    let first = Pretrain {
        data,
        epochs: recipe.epochs,
        batch_size: None,
        augment: recipe.augment,
    };
    take_weights(lab, "pretrain_epochs", |before| Transfer {
        from: None,
        pretrain: Some(first),
        ..before
    });
}

/// Chooses other weights, and opens the settings at `setting`.
fn take_weights(lab: &mut Lab, setting: &str, from: impl FnOnce(Transfer) -> Transfer) {
    let mut recipe = lab.preset.training.clone();
    let before = recipe.transfer.take().unwrap_or_default();
    recipe.transfer = Some(from(before));
    settings::open_with(recipe, lab, setting);
}

/// Opens a list that `entries` makes of the runs; empty until they are read.
fn show(
    title: &'static str,
    lab: &mut Lab,
    entries: impl Fn(&Lab, &[Arc<RunSummary>]) -> Vec<Entry> + 'static,
) {
    let folder = lab.runs_folder.clone();
    let list = List::found(
        title,
        "Reading the runs …",
        folder.map(|folder| Runs { folder }),
        move |lab, runs| entries(lab, runs.map_or(&[], Vec::as_slice)),
    );
    let list = list.arranged(Arrangement::Below).size(110, Some(36));
    lab.open(list.nothing(|lab| match &lab.runs_folder {
        Some(folder) => (
            "No runs yet",
            format!("Every run is saved in {}.", folder.display()),
        ),
        None => ("Nothing to choose from", String::new()),
    }));
}

/// A run with its curves; one that cannot be read cannot be chosen.
fn entry(
    run: &Arc<RunSummary>,
    refusal: Option<&str>,
    choice: impl Fn(&mut Lab) + 'static,
) -> Entry {
    let detail = match &run.problem {
        Some(problem) => format!("damaged: {problem}"),
        None => figures(run),
    };
    let shown = Arc::clone(run);
    Entry::new(run.title(), detail, choice)
        .refused(run.problem.clone().or(refusal.map(str::to_owned)))
        .picture(move |_, area, buffer, theme| {
            let took = shown.history.iter().map(|metrics| metrics.seconds).sum();
            let title = format!("{} · took {}", shown.name, seconds(took));
            draw::draw_run_summary(&shown, &title, area, buffer, theme);
        })
}

/// A run's figures in a line, after the process that trains it.
fn figures(run: &RunSummary) -> String {
    let (done, planned) = (
        count(run.history.len()),
        counted(run.planned_epochs, "epoch"),
    );
    let best = run.best();
    let best = best.map(|best| format!("{:.4} at {}", best.val_accuracy, best.val_accuracy_epoch));
    let test = run.latest_test();
    let training = run.trained_by.as_ref();
    let parts = [
        training.map(|by| format!("training, {by}")),
        run.other_name().map(str::to_owned),
        (!run.notes.note.is_empty()).then(|| run.notes.note.clone()),
        best,
        Some(format!("{done} of {planned}")),
        Some(run.data.clone()),
        test.map(|test| format!("test {:.4}", test.accuracy)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runs {
    pub folder: PathBuf,
}

impl Question for Runs {
    /// The newest first.
    type Answer = Vec<Arc<RunSummary>>;
    type Lane = Beside;
    const PURPOSE: &'static str = "list the runs";

    fn find_out(self, _desk: &mut Desk, tell: &Tell<Self>) -> Result<(), String> {
        let runs = RunSummary::list(&self.folder).map_err(|error| error.to_string())?;
        tell.tell(runs.into_iter().map(Arc::new).collect());
        Ok(())
    }
}
