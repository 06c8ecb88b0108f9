//! `convscope runs show RUN`: describes a run from its folder, with every measurement of its test set.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::super::Action;
use super::super::arguments::run_folder;
use super::super::failure::Failure;
use super::super::output::line;
use super::open;
use crate::runs::{DataIdentity, RunRecord, RunSummary, TestRecord};
use crate::training::Figure;

/// Show a run: network, data, epochs, best figures, and every measurement of its test set
#[derive(Debug, Args)]
pub struct ShowArguments {
    /// Folder of the run
    #[arg(value_name = "RUN", value_parser = run_folder)]
    run: PathBuf,
    /// Print one line of JSON, with every epoch
    #[arg(long)]
    json: bool,
}

impl Action for ShowArguments {
    fn run(self) -> Result<(), Failure> {
        let (summary, record) = open(&self.run)?;
        match self.json {
            true => line(&in_json(&summary, &record)),
            false => line(&in_words(&summary, &record)),
        }
    }
}

/// The data set whose test images were measured.
fn tested_on<'a>(
    record: &'a RunRecord,
    summary: &RunSummary,
    test: &TestRecord,
) -> &'a DataIdentity {
    if let Some(data) = record.data_called(&test.sha256) {
        return data;
    }
    let mut stretches = summary.stretches.iter();
    let stretch = stretches.find(|stretch| stretch.stretch == test.stretch);
    record.data_of_epoch(stretch.map_or(test.epoch.max(1), |stretch| stretch.from_epoch))
}

fn in_json(summary: &RunSummary, record: &RunRecord) -> String {
    let named = |mut told: Value, data: &DataIdentity| {
        told["data"] = json!(data.name);
        told["sha256"] = json!(data.sha256);
        told
    };
    let tests = record.tests.iter();
    let tests = tests.map(|test| named(json!(test), tested_on(record, summary, test)));
    let best = summary
        .best()
        .map(|best| named(json!(best), record.data_after(summary.history.len())));
    let mut told = json!(summary);
    told["tests"] = tests.collect();
    told["best"] = json!(best);
    told.to_string()
}

fn in_words(summary: &RunSummary, record: &RunRecord) -> String {
    let epochs = summary.history.len();
    let data = record.data_after(epochs);
    let tags: Vec<&str> = summary.notes.tags.iter().map(String::as_str).collect();
    let notes = [
        ("note", summary.notes.note.clone()),
        ("tags", tags.join(", ")),
    ];
    let mut rows: Vec<_> = notes
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect();
    rows.extend([
        ("network", summary.name.clone()),
        ("data", summary.data_in_words()),
        ("SHA-256", data.sha256.clone()),
        ("seed", record.seed.to_string()),
        ("epochs", format!("{epochs} of {}", summary.planned_epochs)),
        (
            "validated on",
            record.validation_of_epoch(epochs.max(1)).to_string(),
        ),
    ]);
    rows.extend(
        record
            .trained_images_in_words()
            .map(|text| ("trained on", text)),
    );
    let bests = Figure::compared()
        .into_iter()
        .filter_map(|(figure, heading)| {
            let best = figure.best_epoch(&summary.history)?;
            let value = (figure.of)(best)?;
            Some(format!("{heading} {value:.4} at epoch {}", best.epoch))
        });
    let bests: Vec<String> = bests.collect();
    if !bests.is_empty() {
        rows.push(("best", format!("{}, on {}", bests.join(", "), data.name)));
    }
    rows.extend(record.tests.iter().map(|test| {
        let text = format!(
            "accuracy {:.4}, loss {:.4} at epoch {} on {}: {}, {}",
            test.accuracy,
            test.loss,
            test.epoch,
            tested_on(record, summary, test).name,
            test.occasion.words(),
            test.measured
        );
        ("test set", text)
    }));
    if let Some(by) = &summary.trained_by {
        rows.push(("now", format!("training, {by}")));
    }
    let rows = rows
        .iter()
        .map(|(what, text)| format!("\n{what:<12}  {text}"));
    summary.title() + &rows.collect::<String>()
}
