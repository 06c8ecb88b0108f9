//! `convscope eval RUN`: evaluates a run's network on test images, or lists suspect labels among the training images.

use clap::Args;
use color_eyre::eyre::eyre;
use serde_json::json;
use std::path::PathBuf;

use super::arguments::{ForceArgument, run_folder, whole};
use super::failure::Failure;
use super::output::{self, line, thousands};
use super::picture_files::PictureFiles;
use super::trained::{SetArguments, Trained};
use super::{Action, suspects};
use crate::analysis::{ConfusionTable, Figures, predict};
use crate::data::{Dataset, short_sha256};
use crate::report::confusion;

/// Evaluate a run's best weights on the test images of a data set
#[derive(Debug, Args)]
pub struct EvalArguments {
    /// Run folder, or its name in runs/
    #[arg(value_parser = run_folder)]
    run: PathBuf,
    #[command(flatten)]
    set: SetArguments,
    /// Print as JSON
    #[arg(long)]
    json: bool,
    /// List suspect labels instead: the N training images with the highest cross-entropy
    #[arg(long, value_name = "N", value_parser = whole::<usize>, conflicts_with_all = ["svg", "png", "tex"])]
    suspects: Option<usize>,
    /// Also write them to a corrections file that excludes them all; edit it, then pass it to train --corrections
    #[arg(long, alias = "write", value_name = "FILE", requires = "suspects")]
    out: Option<PathBuf>,
    #[command(flatten)]
    files: PictureFiles,
    #[command(flatten)]
    force: ForceArgument,
}

impl Action for EvalArguments {
    fn run(self) -> Result<(), Failure> {
        if let Some(file) = &self.out {
            self.force.check(file)?;
        }
        self.files.check(self.force)?;
        let mut trained = Trained::open(&self.run)?;
        let dataset = trained.dataset(&self.set)?;
        if let Some(count) = self.suspects {
            let file = self.out.as_deref();
            return suspects::list(&mut trained, &dataset, count, file, self.json);
        }
        let objective = trained.objective();
        let predictions = trained.compute(|model| predict(objective, model, dataset.test()));
        let Some(figures) = Figures::of(&predictions) else {
            return Err(Failure::Input(eyre!("{} has no test images", dataset.name)));
        };
        trained.note_test(&dataset, figures.loss, figures.accuracy);
        let table = predictions.confusion();
        if self.files.any() {
            let of = format!(
                "{} after {}, on the test images of {} (SHA-256 {}…)",
                trained.record.preset.name,
                trained.moment(),
                dataset.name,
                short_sha256(dataset.identity())
            );
            self.files
                .write_table(&confusion(&table, dataset.class_names(), &of))?;
        }
        match self.json {
            true => line(&in_json(&trained, &dataset, &figures, &table).to_string()),
            false => line(&in_words(&trained, &dataset, &figures, &table)),
        }
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
        let predicted = classes.clone();
        predicted.map(|class| table.count(truth, class)).collect()
    };
    let of_class = |class: usize| {
        json!({
            "name": dataset.class_names()[class],
            "precision": table.precision(class),
            "recall": table.recall(class),
            "f1": table.f1(class),
        })
    };
    let per_class: Vec<_> = classes.clone().map(of_class).collect();
    let confusion: Vec<_> = classes.clone().map(counts).collect();
    let told = json!({
        "batches": trained.about.steps,
        "trained_on": {"data": trained.trained_on.name, "sha256": trained.trained_on.sha256},
        "split": "test",
        "figures": figures,
        "classes": per_class,
        "confusion": confusion,
    });
    trained.in_json(&dataset.name, dataset.identity(), told)
}

/// The parts of the loss other than the cross-entropy, as a remark on its line.
fn of_what(trained: &Trained) -> String {
    let smoothing = trained.objective().label_smoothing;
    let smoothing = (smoothing > 0.0).then(|| format!("label smoothing {smoothing}"));
    let penalty = trained.model.penalty();
    let penalty = (penalty > 0.0).then(|| format!("L2 penalty {penalty:.4}"));
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
    let text = format!(
        "{} after {} on the test images of {}\n\
         run                {}\n\
         SHA-256            {}…\n\
         accuracy           {:.4}  ({} of {} correct; 95 % interval {low:.4} to {high:.4})\n\
         top-2 accuracy     {:.4}\n\
         loss               {:.4}{}\n\
         cross-entropy      {:.4}\n\
         calibration error  {:.4}\n",
        trained.record.preset.name,
        trained.moment(),
        dataset.name,
        trained.run.display(),
        short_sha256(dataset.identity()),
        figures.accuracy,
        thousands(figures.right),
        thousands(figures.images),
        figures.top2_accuracy,
        figures.loss,
        of_what(trained),
        figures.cross_entropy,
        figures.calibration_error,
    );
    let headings = ["     ", "class", "precision", "recall", "    F1"];
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    rows.extend((0..).zip(dataset.class_names()).map(|(class, name)| {
        let figures = [table.precision(class), table.recall(class), table.f1(class)];
        let figures = figures.map(|figure| figure.map_or("–".to_owned(), |f| format!("{f:.4}")));
        let named = [class.to_string(), name.clone()];
        named.into_iter().chain(figures).collect()
    }));
    text + "\n" + &output::table(&rows, |column| column == 1)
}
