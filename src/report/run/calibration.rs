//! How well a network's confidence matches its accuracy.

use super::{Inspected, RunPart};
use crate::picture::{Chart, Column, Entry, Ground, Pattern, Series, Table};
use crate::report::document::{Block, Drawing, Section};
use crate::wording::{decimals, thousands};

pub(super) fn section(run: &RunPart, inspected: &Inspected) -> Section {
    let of = run.of_test_images(inspected);
    let figures = &inspected.figures;
    let error = decimals(figures.calibration_error, 4);
    let said = match confidence(inspected) - figures.accuracy {
        gap if gap > 0.01 => "it is too sure of itself",
        gap if gap < -0.01 => "it is less sure than it could be",
        _ => "on average it is as sure as it may be",
    };
    let text = format!(
        "The mean confidence is {} and the accuracy {}: {said}. The calibration error, the mean gap between both over the bars, is {error}.",
        decimals(confidence(inspected), 4),
        decimals(figures.accuracy, 4)
    );
    let drawing = Drawing::new(
        format!("Accuracy over confidence; calibration error {error}"),
        format!(
            "Accuracy of predictions by their confidence, in 15 bars; on the dashed line both are equal; {of}"
        ),
        |ground| chart(inspected, ground).picture(),
    );
    let blocks = vec![
        Block::Text(text),
        Block::Drawings(vec![drawing]),
        Block::Folded(
            "The bars as a table".to_owned(),
            vec![Block::Table(table(inspected))],
        ),
    ];
    Section::new("Calibration", blocks)
}

/// The mean confidence of all predictions.
fn confidence(inspected: &Inspected) -> f64 {
    let bars = inspected.figures.calibration.iter();
    let sum: f64 = bars.map(|bar| bar.confidence * bar.images as f64).sum();
    sum / inspected.figures.images as f64
}

fn chart(inspected: &Inspected, ground: Ground) -> Chart {
    let bars = inspected.figures.calibration.iter();
    let bars = bars.filter(|bar| bar.images > 0);
    let points = bars.map(|bar| [bar.confidence, bar.accuracy]).collect();
    let equal = Series {
        color: 6,
        pattern: Pattern::Dashed,
        ..Series::new(0, "equal", vec![[0.0, 0.0], [1.0, 1.0]])
    };
    Chart {
        x_label: "confidence".to_owned(),
        y_label: "accuracy".to_owned(),
        series: vec![equal, Series::new(0, "network", points)],
        y_limits: [0.0, 1.0],
        size: [330.0, 240.0],
        ground,
        ..Chart::default()
    }
}

fn table(inspected: &Inspected) -> Table {
    let columns = ["confidence", "images", "mean confidence", "accuracy"];
    let mut table = Table::new("", columns.map(Column::number).to_vec());
    let bars = inspected.figures.calibration.iter();
    table
        .rows
        .extend(bars.filter(|bar| bar.images > 0).map(|bar| {
            vec![
                Entry::from(format!("{:.3} to {:.3}", bar.from, bar.to)),
                thousands(bar.images).into(),
                decimals(bar.confidence, 4).into(),
                decimals(bar.accuracy, 4).into(),
            ]
        }));
    table
}
