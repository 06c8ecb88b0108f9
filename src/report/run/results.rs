//! How well a run's network predicts: figures, classes, confusion matrix.

use super::{Inspected, RunPart};
use crate::analysis::ConfusionTable;
use crate::picture::{Column, Entry, Table, Tint};
use crate::report::document::{Block, Gallery, Raster, Section, Tile};
use crate::shape::Shape;
use crate::wording::{counted, decimals, thousands};

/// A matrix of more classes is an image, and its largest entries a table.
const MOST_CLASSES: usize = 20;
/// Rows of that table.
const MOST_PAIRS: usize = 20;
/// The colours of right and wrong predictions.
const RIGHT: usize = 0;
const WRONG: usize = 1;

/// A section for each part; only the recorded matrix where the test images are missing.
pub(super) fn section(run: &RunPart) -> Vec<Section> {
    let Ok(inspected) = &run.inspected else {
        let recorded = run.recorded.iter().map(|recorded| {
            let epochs = run.summary.history.len();
            let data = run.record.data_after(epochs);
            let of = format!(
                "{} after epoch {epochs}, on the {} images of {} (SHA-256 {}…), as the run recorded it",
                run.record.preset.name,
                run.record.validation_of_epoch(epochs).portion().word(),
                data.name,
                crate::data::short_sha256(&data.sha256)
            );
            let names: Vec<String> = match data.class_names.len() == recorded.classes() {
                true => data.class_names.clone(),
                false => (0..recorded.classes()).map(|class| class.to_string()).collect(),
            };
            Section::new("Confusion matrix", matrix(recorded, &names, &of))
        });
        return recorded.collect();
    };
    let of = run.of_test_images(inspected);
    let table = inspected.predictions.confusion();
    let names = inspected.dataset.class_names();
    vec![
        Section::new("Results", results(inspected, &of)),
        Section::new("Confusion matrix", matrix(&table, names, &of)),
    ]
}

fn results(inspected: &Inspected, of: &str) -> Vec<Block> {
    let figures = &inspected.figures;
    let (low, high) = figures.accuracy_interval;
    let facts = [
        (
            "accuracy",
            format!(
                "{} ({} of {} correct; 95 % interval {low:.4} to {high:.4})",
                decimals(figures.accuracy, 4),
                thousands(figures.right),
                thousands(figures.images)
            ),
        ),
        ("top-2 accuracy", decimals(figures.top2_accuracy, 4)),
        ("loss", decimals(figures.loss, 4)),
        ("cross-entropy", decimals(figures.cross_entropy, 4)),
        ("calibration error", decimals(figures.calibration_error, 4)),
    ];
    let facts = facts.map(|(name, value)| (name.to_owned(), value));
    let classes = per_class(inspected);
    vec![
        Block::Text(format!("{of}:")),
        Block::Facts(facts.to_vec()),
        match inspected.dataset.classes() > MOST_CLASSES {
            true => Block::Folded(
                "Figures of each class".to_owned(),
                vec![Block::Table(classes)],
            ),
            false => Block::Table(classes),
        },
    ]
}

fn per_class(inspected: &Inspected) -> Table {
    let table = inspected.predictions.confusion();
    let mut found = Table::new(
        "Precision: how many of the images predicted as a class are of it. Recall: how many of its images are predicted as it.",
        vec![
            Column::text("class"),
            Column::number("images"),
            Column::number("precision"),
            Column::number("recall"),
            Column::number("F1"),
        ],
    );
    found.rows.extend((0..table.classes()).map(|class| {
        let figures = [table.precision(class), table.recall(class), table.f1(class)];
        let figures =
            figures.map(|figure| figure.map_or("–".to_owned(), |figure| decimals(figure, 4)));
        let images = thousands(table.row_total(class));
        let named = [Entry::from(inspected.class(class)), images.into()];
        named.into_iter().chain(figures.map(Entry::from)).collect()
    }));
    found
}

fn matrix(table: &ConfusionTable, names: &[String], of: &str) -> Vec<Block> {
    let most = most_confused(table);
    let said = most.first().map(|(truth, predicted, count)| {
        Block::Text(format!(
            "Most often, {} is predicted as {}: {} of {}.",
            names[*truth],
            names[*predicted],
            thousands(*count),
            counted(table.row_total(*truth), "image")
        ))
    });
    let mut blocks: Vec<Block> = said.into_iter().collect();
    if table.classes() <= MOST_CLASSES {
        blocks.push(Block::Table(confusion(table, names, of)));
        return blocks;
    }
    let classes = table.classes();
    blocks.push(Block::Gallery(Gallery {
        caption: format!("True classes from top to bottom, predicted ones from left to right, brighter for a larger part of the class; {of}"),
        tiles: vec![Tile {
            image: as_image(table),
            alt: format!("Confusion matrix of {}", counted(classes, "class")),
            lines: Vec::new(),
        }],
        width: 480,
    }));
    let columns = vec![
        Column::text("true class"),
        Column::text("predicted class"),
        Column::number("images"),
    ];
    let mut pairs = Table::new(format!("The most frequent confusions; {of}"), columns);
    pairs.rows.extend(
        most.iter()
            .take(MOST_PAIRS)
            .map(|(truth, predicted, count)| {
                [
                    names[*truth].clone(),
                    names[*predicted].clone(),
                    thousands(*count),
                ]
                .map(Entry::from)
                .to_vec()
            }),
    );
    if !most.is_empty() {
        blocks.push(Block::Table(pairs));
    }
    blocks
}

/// Pairs of a true and another predicted class with the number of images, the most frequent first.
pub(super) fn most_confused(table: &ConfusionTable) -> Vec<(usize, usize, u32)> {
    let classes = 0..table.classes();
    let pairs = classes
        .clone()
        .flat_map(|truth| classes.clone().map(move |predicted| (truth, predicted)));
    let counts = pairs.map(|(truth, predicted)| (truth, predicted, table.count(truth, predicted)));
    let mut wrong: Vec<_> = counts
        .filter(|(truth, predicted, count)| truth != predicted && *count > 0)
        .collect();
    wrong.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
    wrong
}

/// The confusion matrix with a row for each true class; `of` says whose predictions for which images.
pub fn confusion(table: &ConfusionTable, names: &[String], of: &str) -> Table {
    let mut columns = vec![Column::text("true class")];
    columns.extend(names.iter().map(Column::number));
    columns.push(Column::number("recall"));
    let mut found = Table::new(
        format!("Images of each true class by their predicted class; {of}"),
        columns,
    );
    found.rows.extend((0..table.classes()).map(|truth| {
        let all = table.row_total(truth).max(1);
        let counts = (0..table.classes()).map(|predicted| {
            let count = table.count(truth, predicted);
            let is_right = truth == predicted;
            let text = match count {
                0 => "·".to_owned(),
                count => thousands(count),
            };
            Entry {
                tint: Some(Tint {
                    color: if is_right { RIGHT } else { WRONG },
                    share: (count as f32 / all as f32).sqrt(),
                }),
                ..Entry::from(text).bold(is_right)
            }
        });
        let recall = table
            .recall(truth)
            .map_or("–".to_owned(), |recall| decimals(recall, 4));
        let named = std::iter::once(Entry::from(names[truth].as_str()));
        named.chain(counts).chain([recall.into()]).collect()
    }));
    found
}

/// A pixel for each entry: the square root of its part of the row, so that few images are seen too.
fn as_image(table: &ConfusionTable) -> Raster {
    let classes = table.classes();
    let levels = (0..classes * classes).map(|at| {
        let (truth, predicted) = (at / classes, at % classes);
        let all = f64::from(table.row_total(truth).max(1));
        (255.0 * (f64::from(table.count(truth, predicted)) / all).sqrt()).round() as u8
    });
    Raster {
        shape: Shape::new(classes, classes, 1),
        levels: levels.collect(),
    }
}
