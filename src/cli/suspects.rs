//! `convscope eval RUN --suspects N`: suspect labels, of the training images with the highest cross-entropy.

use std::path::Path;
use std::sync::Arc;

use color_eyre::eyre::eyre;
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde_json::json;

use super::failure::Failure;
use super::output::{self, line, note, thousands};
use super::trained::Trained;
use crate::analysis::{Gallery, Judgement, PredictionPass, Predictions};
use crate::data::{Corrections, Dataset, Mark};

/// Lists suspect labels among the training images of `dataset`, and writes them to a corrections `file`.
pub fn list(
    trained: &mut Trained,
    dataset: &Arc<Dataset>,
    count: usize,
    file: Option<&Path>,
    as_json: bool,
) -> Result<(), Failure> {
    let predictions = judge(trained, dataset);
    let suspects: Vec<Judgement> = Gallery::HighestLoss
        .select(&predictions)
        .into_iter()
        .take(count)
        .map(|index| predictions.judgement(index))
        .collect();
    if let Some(file) = file {
        write(dataset, &suspects, file)?;
    }
    match as_json {
        true => line(&in_json(trained, dataset, &suspects).to_string()),
        false => line(&in_words(trained, dataset, &suspects)),
    }
}

fn judge(trained: &mut Trained, dataset: &Dataset) -> Predictions {
    let split = dataset.original_train();
    let mut pass = PredictionPass::new(trained.objective(), &trained.model, split);
    let target = ProgressDrawTarget::stderr_with_hz(4);
    let bar = ProgressBar::with_draw_target(Some(pass.total() as u64), target);
    while !pass.is_finished() {
        trained.compute(|model| pass.advance(model, split));
        bar.set_position(pass.predictions().len() as u64);
    }
    bar.finish_and_clear();
    pass.into_predictions()
}

fn write(dataset: &Arc<Dataset>, suspects: &[Judgement], file: &Path) -> Result<(), Failure> {
    let marks = suspects.iter();
    let marks = marks
        .map(|suspect| (suspect.index as u32, Mark::LeftOut))
        .collect();
    let corrections = Corrections::new(dataset, &marks);
    corrections
        .write(file)
        .map_err(|reason| Failure::Failed(eyre!(reason)))?;
    note(&format!(
        "{}: {corrections}; remove the lines of images whose label is correct, then train with --corrections {}",
        file.display(),
        file.display()
    ));
    Ok(())
}

/// The probability of the predicted class.
fn probability(suspect: &Judgement) -> f32 {
    suspect.probabilities[usize::from(suspect.predicted)]
}

fn in_json(trained: &Trained, dataset: &Dataset, suspects: &[Judgement]) -> serde_json::Value {
    let names = dataset.class_names();
    let suspects: Vec<_> = suspects
        .iter()
        .map(|suspect| {
            json!({
                "image": suspect.index,
                "label": names[usize::from(suspect.label)],
                "predicted": names[usize::from(suspect.predicted)],
                "probability": probability(suspect),
                "cross_entropy": suspect.cross_entropy,
            })
        })
        .collect();
    let told = json!({
        "batches": trained.about.steps,
        "training_images": dataset.original_train().len(),
        "suspects": suspects,
    });
    trained.in_json(&dataset.name, dataset.identity(), told)
}

fn in_words(trained: &Trained, dataset: &Dataset, suspects: &[Judgement]) -> String {
    let names = dataset.class_names();
    let headings = [
        "   image",
        "label",
        "predicted",
        "probability",
        "cross-entropy",
    ];
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    rows.extend(suspects.iter().map(|suspect| {
        vec![
            suspect.index.to_string(),
            names[usize::from(suspect.label)].clone(),
            names[usize::from(suspect.predicted)].clone(),
            format!("{:.4}", probability(suspect)),
            format!("{:.4}", suspect.cross_entropy),
        ]
    }));
    format!(
        "{} after {} on the {} training images of {}, highest cross-entropy first\n{}",
        trained.record.preset.name,
        trained.moment(),
        thousands(dataset.original_train().len()),
        dataset.name,
        output::table(&rows, |column| [1, 2].contains(&column)),
    )
}
