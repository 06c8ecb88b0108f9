//! What is most important of a run.

use super::RunPart;
use crate::report::document::{Block, KeyFigure};
use crate::training::Portion;
use crate::wording::{counted, decimals, seconds, thousands};

pub(super) fn blocks(run: &RunPart) -> Vec<Block> {
    let (summary, record) = (&run.summary, &run.record);
    let mut blocks = Vec::new();
    let said = [&record.preset.description, &summary.notes.note];
    let said = said.into_iter().filter(|text| !text.is_empty());
    blocks.extend(said.map(Block::text));
    blocks.push(Block::Figures(key_figures(run)));
    match &run.inspected {
        Ok(inspected) => blocks.extend(inspected.remark.clone().map(Block::Remark)),
        Err(reason) => blocks.push(Block::Remark(format!(
            "What needs the network's weights or the images of its data set is left out: {reason}."
        ))),
    }
    let epochs = summary.history.len();
    let validation = record.validation_of_epoch(epochs.max(1));
    if validation.portion() == Portion::Test {
        blocks.push(Block::text(
            "The best epoch was chosen by its accuracy on the test images, so that accuracy is optimistic for other images.",
        ));
    }
    blocks.push(Block::Facts(facts(run)));
    blocks
}

fn key_figures(run: &RunPart) -> Vec<KeyFigure> {
    let (summary, record) = (&run.summary, &run.record);
    let mut figures = Vec::new();
    let mut add = |name, value, of| figures.push(KeyFigure { name, value, of });
    if let Ok(inspected) = &run.inspected {
        let of = &inspected.figures;
        let (low, high) = of.accuracy_interval;
        add(
            "test accuracy",
            decimals(of.accuracy, 4),
            format!(
                "{} of {} of {} after {}; 95 % interval {low:.4} to {high:.4}",
                thousands(of.right),
                counted(of.images, "test image"),
                inspected.dataset.name,
                inspected.moment
            ),
        );
        add(
            "calibration error",
            decimals(of.calibration_error, 4),
            "mean gap between confidence and accuracy on the same images".to_owned(),
        );
    } else if let Some(test) = summary.latest_test() {
        add(
            "test accuracy",
            decimals(test.accuracy, 4),
            format!("epoch {}, measured at the end of the run", test.epoch),
        );
    }
    if let Some(best) = summary.best() {
        let epoch = best.val_accuracy_epoch;
        let validation = record.validation_of_epoch(epoch);
        add(
            "best validation accuracy",
            decimals(best.val_accuracy, 4),
            format!("epoch {epoch}, on {validation}"),
        );
    }
    let spent: f64 = summary.history.iter().map(|epoch| epoch.seconds).sum();
    add(
        "epochs",
        thousands(summary.history.len()),
        format!(
            "of {}, in {}",
            thousands(summary.planned_epochs),
            seconds(spent)
        ),
    );
    add(
        "parameters",
        thousands(crate::network::NetworkSummary::new(&record.preset.network()).parameters),
        "weights that training sets, and statistics that it measures".to_owned(),
    );
    figures
}

fn facts(run: &RunPart) -> Vec<(String, String)> {
    let (summary, record) = (&run.summary, &run.record);
    let epochs = summary.history.len();
    let tags: Vec<&str> = summary.notes.tags.iter().map(String::as_str).collect();
    let mut facts = vec![
        ("network", record.preset.name.clone()),
        ("data", summary.data_in_words()),
        (
            "SHA-256 of the data",
            record.data_after(epochs).sha256.clone(),
        ),
        (
            "trained on",
            record.trained_images_in_words().unwrap_or_default(),
        ),
        (
            "validated on",
            record.validation_of_epoch(epochs.max(1)).to_string(),
        ),
        (
            "started",
            record.started.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        ),
        ("seed", record.seed.to_string()),
        ("convscope", record.version.clone()),
        ("run", summary.title()),
        ("tags", tags.join(", ")),
    ];
    if let Some(published) = record
        .published()
        .and_then(|figures| figures.best_val_accuracy)
    {
        facts.push(("published accuracy", decimals(published, 4)));
    }
    let named = facts.into_iter().filter(|(_, value)| !value.is_empty());
    named
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
