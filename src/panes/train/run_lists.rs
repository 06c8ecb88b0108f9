//! Lists of earlier runs: to compare with one, to start from the weights of one or from others.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use super::{ListRuns, ReadRuns, TrainPane, draw, settings};
use crate::data::KNOWN_SETS;
use crate::lab::Lab;
use crate::overlays::{Arrangement, Entry, List, ask_reset};
use crate::runs::RunDigest;
use crate::training::{Pretrain, Transfer};
use crate::ui::format::{count, seconds};
use crate::wording::counted;
use crate::worker::Asked;

/// Lists runs whose curves can be overlaid on the current ones.
pub(super) fn compare(pane: &TrainPane, lab: &mut Lab) {
    let compared = pane.compared.as_ref().map(|run| run.title());
    show("Compare with a run", lab, move |lab, runs, pictures| {
        let none = compared.iter().map(|title| {
            let detail = format!("remove {title} from the charts");
            Entry::new("no comparison", detail, |lab| put_under(None, lab))
        });
        let present = lab.run.as_ref().and_then(|run| run.facts.folder.as_ref());
        let runs = runs.iter().map(|run| {
            let refusal = if run.epochs == 0 {
                Some("no epoch is finished")
            } else {
                (present == Some(&run.folder)).then_some("it is the current run")
            };
            let folder = run.folder.clone();
            entry(run, refusal, pictures, move |lab| {
                put_under(Some(folder.clone()), lab);
            })
        });
        none.chain(runs).collect()
    });
}

fn put_under(run: Option<PathBuf>, lab: &mut Lab) {
    lab.then(|pane: &mut TrainPane, lab| pane.compare_with(run, lab));
}

/// Lists the weights that the next run can start from.
pub(super) fn start_from(lab: &mut Lab) {
    show("Start the next run from", lab, |lab, runs, pictures| {
        let mut entries = other_weights(lab);
        entries.extend(runs.iter().map(|run| {
            let refusal =
                (run.epochs == 0).then_some("no epoch is finished, so there are no weights");
            let folder = run.folder.clone();
            entry(run, refusal, pictures, move |lab| {
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
        let place = lab.known_sets.iter().find(|known| known.name == set.name);
        // Without a starter set there may be nothing to train on.
        let is_here = place.map_or(set.has_starter, |known| known.is_whole);
        chosen != Some(set.title) && is_here
    });
    entries.extend(known.map(|set| first(set.title, set.name)));
    // A loaded starter set is listed among the loaded ones.
    let starters = KNOWN_SETS.iter().filter(|set| {
        let name = set.starter_name();
        set.has_starter && !lab.sets.iter().any(|set| set.is_all_of(&name))
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
    entries: impl Fn(&Lab, &[RunDigest], &Pictures) -> Vec<Entry> + 'static,
) {
    let folder = lab.runs_folder.clone();
    let pictures = Pictures::default();
    let list = List::found(
        title,
        "Reading the runs …",
        folder.map(|folder| ListRuns {
            folder,
            deleted: false,
            version: 0,
        }),
        move |lab, runs| entries(lab, runs.map_or(&[], |runs| runs.as_slice()), &pictures),
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

/// Reads the curves of the run under the cursor.
type Pictures = Rc<RefCell<Asked<ReadRuns>>>;

/// A run with its curves; one that cannot be read cannot be chosen.
fn entry(
    run: &RunDigest,
    refusal: Option<&str>,
    pictures: &Pictures,
    choice: impl Fn(&mut Lab) + 'static,
) -> Entry {
    let detail = match &run.problem {
        Some(problem) => format!("damaged: {problem}"),
        None => figures(run),
    };
    let title = format!("{} · took {}", run.name, seconds(run.seconds));
    let (asking, shown) = (Rc::clone(pictures), Rc::clone(pictures));
    let (folder, picture) = (run.folder.clone(), run.folder.clone());
    Entry::new(run.title(), detail, choice)
        .refused(run.problem.clone().or(refusal.map(str::to_owned)))
        .asking(move |lab| {
            let question = ReadRuns {
                folders: vec![folder.clone()],
            };
            asking.borrow_mut().want(Some(question), &mut lab.out);
        })
        .picture(move |_, area, buffer, theme| {
            let read = shown.borrow();
            let mut runs = read.answer().into_iter().flatten();
            if let Some(run) = runs.find(|run| run.folder == picture) {
                draw::draw_run_summary(run, &title, area, buffer, theme);
            }
        })
}

/// A run's figures in a line, after the process that trains it.
fn figures(run: &RunDigest) -> String {
    let (done, planned) = (count(run.epochs), counted(run.planned_epochs, "epoch"));
    let best = run.best;
    let best = best.map(|best| format!("{:.4} at {}", best.val_accuracy, best.val_accuracy_epoch));
    let test = run.test;
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
