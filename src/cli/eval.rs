//! `convscope eval RUN`: how good a run's network is on test images, and which training images it takes for mislabelled.

use clap::{ArgMatches, Args, Command, FromArgMatches};
use color_eyre::eyre::eyre;
use serde_json::json;
use std::path::PathBuf;

use super::Subcommand;
use super::failure::Failure;
use super::output::{line, thousands};
use super::suspects::SuspectArguments;
use super::trained::{SetArguments, Trained};
use crate::analysis::{ConfusionTable, Figures, predict};
use crate::data::Dataset;

pub static SUBCOMMAND: Subcommand = Subcommand {
    name: "eval",
    define,
    run,
};

#[derive(Debug, Args)]
struct EvalArguments {
    /// A run folder, as training leaves it under runs/
    run: PathBuf,
    #[command(flatten)]
    set: SetArguments,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    suspects: SuspectArguments,
}

fn define(command: Command) -> Command {
    EvalArguments::augment_args(command)
        .about("Evaluate a run's best weights on the test images of a data set")
}

fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let arguments = EvalArguments::from_arg_matches(matches)?;
    let mut trained = Trained::open(&arguments.run)?;
    let dataset = trained.dataset(&arguments.set)?;
    if arguments.suspects.count().is_some() {
        let suspects = &arguments.suspects;
        return suspects.list(&mut trained, &dataset, arguments.json);
    }
    let (objective, model) = (trained.objective, &mut trained.model);
    let predict = || predict(objective, model, dataset.test());
    let predictions = trained.pool.install(predict);
    let Some(figures) = Figures::of(&predictions) else {
        return Err(Failure::Input(eyre!("{} has no test images", dataset.name)));
    };
    let table = predictions.confusion();
    if arguments.json {
        line(&in_json(&trained, &dataset, &figures, &table).to_string())
    } else {
        line(&in_words(&trained, &dataset, &figures, &table))
    }
}

fn in_json(
    trained: &Trained,
    dataset: &Dataset,
    figures: &Figures,
    table: &ConfusionTable,
) -> serde_json::Value {
    let classes = 0..table.classes();
    let counts = |truth: usize| -> Vec<u32> {
        let predicted = 0..table.classes();
        predicted.map(|class| table.count(truth, class)).collect()
    };
    let per_class: Vec<_> = classes
        .clone()
        .map(|class| {
            json!({
                "name": dataset.class_names()[class],
                "precision": table.precision(class),
                "recall": table.recall(class),
                "f1": table.f1(class),
            })
        })
        .collect();
    let confusion: Vec<_> = classes.map(counts).collect();
    json!({
        "run": trained.run,
        "network": trained.record.preset.name,
        "epochs": trained.epochs,
        "batches": trained.steps,
        "trained_on": {"data": trained.trained_on.name, "sha256": trained.trained_on.sha256},
        "data": dataset.name,
        "sha256": dataset.identity(),
        "split": "test",
        "figures": figures,
        "classes": per_class,
        "confusion": confusion,
    })
}

/// What the loss holds beside the cross-entropy, as a remark on its line.
fn of_what(trained: &Trained) -> String {
    let smoothing = trained.objective.label_smoothing;
    let smoothing = (smoothing > 0.0).then(|| format!("labels smoothed by {smoothing}"));
    let penalty = trained.model.penalty();
    let penalty = (penalty > 0.0).then(|| format!("an L2 penalty of {penalty:.4}"));
    let parts: Vec<String> = smoothing.into_iter().chain(penalty).collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!("  (cross-entropy with {})", parts.join(" and ")),
    }
}

fn in_words(
    trained: &Trained,
    dataset: &Dataset,
    figures: &Figures,
    table: &ConfusionTable,
) -> String {
    let (low, high) = figures.accuracy_interval;
    let mut text = format!(
        "{} after {} on the test images of {}\n\
         accuracy           {:.4}  ({} of {} right; 95 % interval {low:.4} to {high:.4})\n\
         top-2 accuracy     {:.4}\n\
         loss               {:.4}{}\n\
         cross-entropy      {:.4}\n\
         calibration error  {:.4}\n",
        trained.record.preset.name,
        trained.moment(),
        dataset.name,
        figures.accuracy,
        thousands(figures.right),
        thousands(figures.images),
        figures.top2_accuracy,
        figures.loss,
        of_what(trained),
        figures.cross_entropy,
        figures.calibration_error,
    );
    let names = dataset.class_names();
    let lengths = names.iter().map(|name| name.chars().count());
    let width = lengths.max().unwrap_or(0).max("class".len());
    text += &format!(
        "\n{:>5}  {:width$}  {:>9}  {:>6}  {:>6}",
        "", "class", "precision", "recall", "F1"
    );
    for (class, name) in names.iter().enumerate() {
        let [precision, recall, f1] =
            [table.precision(class), table.recall(class), table.f1(class)]
                .map(|figure| figure.map_or("–".to_owned(), |figure| format!("{figure:.4}")));
        text += &format!("\n{class:>5}  {name:width$}  {precision:>9}  {recall:>6}  {f1:>6}");
    }
    text
}
