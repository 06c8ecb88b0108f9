//! The epochs of a run: curves and table.

use super::RunPart;
use crate::picture::{Column, Entry, Table};
use crate::report::comparison::chart;
use crate::report::document::{Block, Drawing, Section};
use crate::training::{EpochMetrics, FIGURES, Figure, Unit};
use crate::wording::{counted, decimals};

/// Rows of the table of epochs; of more, every second, third, … is left out.
const MOST_ROWS: usize = 200;

pub(super) fn section(run: &RunPart) -> Section {
    let summary = &run.summary;
    if summary.history.is_empty() {
        let text = "No epoch is finished yet.".to_owned();
        return Section::new("Curves", vec![Block::Text(text)]);
    }
    let has_values = |figure: &&Figure| {
        summary
            .history
            .iter()
            .any(|epoch| (figure.of)(epoch).is_some())
    };
    let of_unit = |unit: Unit| -> Vec<&Figure> {
        let figures = FIGURES.iter().filter(|figure| figure.unit == unit);
        figures.filter(has_values).collect()
    };
    let mut drawings = vec![
        drawing(run, "accuracy", &of_unit(Unit::Share)),
        drawing(run, "loss", &of_unit(Unit::Nats)),
    ];
    // Numbers without a unit have nothing in common.
    let alone = of_unit(Unit::Plain)
        .into_iter()
        .filter(|figure| changes(figure, run));
    drawings.extend(alone.map(|figure| drawing(run, figure.title, &[figure])));
    let blocks = vec![
        Block::Drawings(drawings),
        Block::Folded(
            format!("The figures of {}", counted(summary.history.len(), "epoch")),
            vec![Block::Table(table(run))],
        ),
    ];
    Section::new("Curves", blocks)
}

/// Whether the figure changes from epoch to epoch: a curve that does not tells nothing.
fn changes(figure: &Figure, run: &RunPart) -> bool {
    let mut values = run.summary.history.iter().filter_map(figure.of);
    let first = values.next();
    values.any(|value| Some(value) != first)
}

fn drawing(run: &RunPart, name: &str, figures: &[&Figure]) -> Drawing {
    let summary = &run.summary;
    let curves: Vec<(String, Vec<[f64; 2]>)> = figures
        .iter()
        .map(|figure| {
            let title = match figures.len() {
                1 => String::new(),
                _ => figure.title.to_owned(),
            };
            (title, points(&summary.history, figure))
        })
        .collect();
    let last = summary.history.last().map(|last| {
        let values = figures.iter().filter_map(|figure| {
            Some(format!(
                "{} {}",
                figure.title,
                decimals((figure.of)(last)?, 4)
            ))
        });
        values.collect::<Vec<_>>().join(", ")
    });
    let last = last.unwrap_or_default();
    let epochs = counted(summary.history.len(), "epoch");
    let validation = run.record.validation_of_epoch(summary.history.len());
    Drawing::new(
        format!("{name} over {epochs}; at the end {last}"),
        format!(
            "{}: {name} over {epochs} on {}; validated on {validation}. At the end: {last}.",
            run.record.preset.name,
            run.sets_in_words()
        ),
        |ground| chart(name, "epoch", figures[0].unit, &curves, ground).picture(),
    )
}

/// The values of a figure, with a gap between stretches of epochs that were measured on different images.
fn points(history: &[EpochMetrics], figure: &Figure) -> Vec<[f64; 2]> {
    let stretches = history.chunk_by(|one, next| one.stretch == next.stretch);
    let parts: Vec<Vec<[f64; 2]>> = stretches
        .map(|stretch| {
            let points = stretch.iter();
            let points =
                points.map(|epoch| [epoch.epoch as f64, (figure.of)(epoch).unwrap_or(f64::NAN)]);
            points.collect()
        })
        .collect();
    parts.join(&[f64::NAN; 2])
}

fn table(run: &RunPart) -> Table {
    let history = &run.summary.history;
    let figures: Vec<&Figure> = FIGURES
        .iter()
        .filter(|figure| history.iter().any(|epoch| (figure.of)(epoch).is_some()))
        .collect();
    let every = history.len().div_ceil(MOST_ROWS).max(1);
    let caption = match every {
        1 => String::new(),
        every => {
            format!("; every {every}th epoch and the last, `convscope runs export` writes all")
        }
    };
    let caption = format!(
        "{} on {}{caption}",
        run.record.preset.name,
        run.sets_in_words()
    );
    let mut columns = vec![Column::number("epoch")];
    columns.extend(
        figures
            .iter()
            .map(|figure| Column::number(figure.name.replace('_', " "))),
    );
    let mut table = Table::new(caption, columns);
    let last = history.len().saturating_sub(1);
    let shown = history.iter().enumerate();
    let shown = shown.filter(|(index, _)| index % every == 0 || *index == last);
    table.rows.extend(shown.map(|(_, epoch)| {
        let number = Entry::from(epoch.epoch.to_string());
        let values = figures.iter().map(|figure| {
            let value = (figure.of)(epoch).map(|value| match figure.unit {
                Unit::Seconds | Unit::ImagesPerSecond => decimals(value, 1),
                Unit::Plain => format!("{value:.3e}"),
                Unit::Share | Unit::Nats => decimals(value, 4),
            });
            Entry::from(value.unwrap_or_default())
        });
        std::iter::once(number).chain(values).collect()
    }));
    table
}
