//! Several runs beside each other: best figures, curves, what differs, and whether that is more than chance.

use std::collections::BTreeSet;

use super::document::{Block, Drawing, Section};
use super::paired;
use super::run::RunPart;
use super::seeds::{have_seeds, mean_curves, seed_groups};
use crate::picture::{Chart, Column, Entry, Ground, Series, Table};
use crate::runs::{Difference, RunDigest, RunSummary, differences};
use crate::training::{FIGURES, Figure, Unit};
use crate::wording::{counted, decimals, seconds, thousands};

/// Of so many runs at most, each has a column of its own in the table of what differs; more are rows.
const MOST_COLUMNS: usize = 5;
/// The size of a chart in points, so that two are beside each other on a page.
const SIZE: [f32; 2] = [350.0, 240.0];

/// The section that compares runs.
pub(super) fn comparison(runs: &[RunPart]) -> Section {
    let digests: Vec<RunDigest> = runs
        .iter()
        .map(|run| RunDigest::new(run.summary.clone(), Some(&run.record)))
        .collect();
    let found = differences(&digests.iter().collect::<Vec<_>>());
    let mut blocks = vec![Block::Table(overview(runs))];
    let drawings = ["val_accuracy", "val_loss"].into_iter().filter_map(|name| {
        let figure = FIGURES.iter().find(|figure| figure.name == name)?;
        Some(drawing(runs, &digests, figure))
    });
    blocks.push(Block::Drawings(drawings.collect()));
    let mut parts = vec![Section::new(
        "What differs",
        vec![differs(runs.len(), &found)],
    )];
    let chance = paired::blocks(runs, &digests);
    if !chance.is_empty() {
        parts.push(Section::new("More than chance?", chance));
    }
    Section {
        title: "Comparison".to_owned(),
        blocks,
        parts,
        ..Section::default()
    }
}

fn overview(runs: &[RunPart]) -> Table {
    let sets = sets(runs);
    let mut columns = vec![
        Column::number(""),
        Column::text("run"),
        Column::number("seed"),
        Column::number("accuracy"),
        Column::number("loss"),
        Column::number("test"),
        Column::number("parameters"),
        Column::number("time"),
    ];
    // What is the same for all is said once.
    let on = match sets.len() {
        1 => format!(" on {}", sets.first().map_or("", String::as_str)),
        _ => {
            columns.push(Column::text("data"));
            String::new()
        }
    };
    let mut table = Table::new(
        format!(
            "Each run{on}: the best accuracy and loss on its validation images, each with its epoch, and the accuracy of its best weights on \
             the test images"
        ),
        columns,
    );
    let accuracies = runs
        .iter()
        .filter_map(|run| Some(run.summary.best()?.val_accuracy));
    let highest = accuracies.reduce(f64::max);
    table.rows.extend(runs.iter().zip(1..).map(|(run, number)| {
        let (summary, best) = (&run.summary, run.summary.best());
        let of = |text: fn(crate::training::Best) -> String| best.map_or_else(String::new, text);
        let test = match &run.inspected {
            Ok(inspected) => Some(inspected.figures.accuracy),
            Err(_) => summary.latest_test().map(|test| test.accuracy),
        };
        let spent: f64 = summary.history.iter().map(|epoch| epoch.seconds).sum();
        let network = crate::network::NetworkSummary::new(&run.record.preset.network());
        let accuracy =
            of(|best| format!("{:.4} at {}", best.val_accuracy, best.val_accuracy_epoch));
        let is_highest = best.map(|best| best.val_accuracy) == highest;
        let mut row = vec![
            Entry::from(number.to_string()),
            summary.title().into(),
            run.record.seed.to_string().into(),
            Entry::from(accuracy).bold(is_highest),
            of(|best| format!("{:.4} at {}", best.val_loss, best.val_loss_epoch)).into(),
            test.map_or_else(String::new, |test| decimals(test, 4))
                .into(),
            thousands(network.parameters).into(),
            seconds(spent).into(),
        ];
        row.extend((sets.len() > 1).then(|| Entry::from(run.sets_in_words())));
        row
    }));
    table
}

/// The curves of all runs; those that differ in the seed only are one.
fn drawing(runs: &[RunPart], digests: &[RunDigest], figure: &Figure) -> Drawing {
    let name = figure.name.replace('_', " ");
    let alt = format!("{name} of {} over their epochs", counted(runs.len(), "run"));
    let sets: Vec<String> = sets(runs).into_iter().collect();
    let caption = format!("{name} over the epochs, on {}", sets.join("; and on "));
    let summaries: Vec<&RunSummary> = runs.iter().map(|run| &run.summary).collect();
    let groups = seed_groups(digests);
    let chart = match have_seeds(&groups) {
        true => mean_curves(&summaries, &groups, figure),
        false => curves(&summaries, figure, false),
    };
    Drawing::new(alt, caption, |ground| {
        let chart = Chart {
            ground,
            size: SIZE,
            ..chart.clone()
        };
        chart.picture()
    })
}

/// The sets that the runs were measured on.
fn sets(runs: &[RunPart]) -> BTreeSet<String> {
    runs.iter().map(RunPart::sets_in_words).collect()
}

/// The curves of a figure over the epochs of each run, or over its training time.
pub fn curves(runs: &[&RunSummary], figure: &Figure, by_time: bool) -> Chart {
    let curves = runs.iter().map(|run| {
        let mut spent = 0.0;
        let points = run.history.iter().map(|epoch| {
            spent += epoch.seconds;
            let x = if by_time { spent } else { epoch.epoch as f64 };
            [x, (figure.of)(epoch).unwrap_or(f64::NAN)]
        });
        (run.title(), points.collect())
    });
    let curves: Vec<_> = curves.collect();
    let x_label = if by_time { "seconds" } else { "epoch" };
    Chart {
        size: Chart::default().size,
        ..chart(
            &figure.name.replace('_', " "),
            x_label,
            figure.unit,
            &curves,
            Ground::Light,
        )
    }
}

/// A chart of curves with their names.
pub(super) fn chart(
    name: &str,
    x_label: &str,
    unit: Unit,
    curves: &[(String, Vec<[f64; 2]>)],
    ground: Ground,
) -> Chart {
    let series = curves.iter().enumerate();
    let series = series.map(|(index, (name, points))| Series::new(index, name, points.clone()));
    Chart {
        x_label: x_label.to_owned(),
        y_label: name.to_owned(),
        series: series.collect(),
        y_limits: match unit {
            Unit::Share => [0.0, 1.0],
            _ => [0.0, f64::INFINITY],
        },
        size: SIZE,
        ground,
        ..Chart::default()
    }
}

fn differs(runs: usize, found: &[Difference]) -> Block {
    if found.is_empty() {
        return Block::text("Nothing: network, data, seed, version and settings are the same.");
    }
    let table = differing(found, runs);
    if runs <= MOST_COLUMNS {
        return Block::Table(table);
    }
    // With a row for each run.
    let mut turned = Table::new("", vec![Column::number("run")]);
    turned
        .columns
        .extend(found.iter().map(|one| Column::text(one.what.as_str())));
    turned.rows.extend((0..runs).map(|run| {
        let number = Entry::from((run + 1).to_string());
        let values = table.rows.iter().map(|row| row[run + 1].clone());
        std::iter::once(number).chain(values).collect()
    }));
    Block::Table(turned)
}

/// The headings of columns for so many runs.
fn numbered(first: &str, runs: usize, of: fn(String) -> Column) -> Vec<Column> {
    let numbers = (1..=runs).map(|number| of(number.to_string()));
    std::iter::once(Column::text(first))
        .chain(numbers)
        .collect()
}

/// What is not equal in all of so many runs: a row for each difference, a column for each run.
pub fn differing(found: &[Difference], runs: usize) -> Table {
    let mut table = Table::new("", numbered("differs", runs, Column::text));
    table.rows.extend(found.iter().map(|difference| {
        let values = difference.values.iter();
        let values = values.map(|value| Entry::from(value.as_deref().unwrap_or("–")));
        let what = Entry::from(difference.what.as_str());
        std::iter::once(what).chain(values).collect()
    }));
    table
}

/// The best value of each figure of each run, with its epoch: a row for each figure, a column for each run.
pub fn best(runs: &[RunSummary]) -> Table {
    let mut table = Table::new("", numbered("best", runs.len(), Column::number));
    let mut add = |name: &str, cell: &dyn Fn(&RunSummary) -> String| {
        let cells = runs.iter().map(|run| Entry::from(cell(run)));
        table
            .rows
            .push(std::iter::once(Entry::from(name)).chain(cells).collect());
    };
    for (compared, heading) in Figure::compared() {
        add(heading, &|run| {
            let epoch = compared.best_epoch(&run.history);
            let value = epoch.and_then(|epoch| Some(((compared.of)(epoch)?, epoch.epoch)));
            value.map_or_else(String::new, |(value, epoch)| {
                format!("{value:.4} at {epoch}")
            })
        });
    }
    add("test", &|run| {
        let test = run.latest_test();
        test.map_or_else(String::new, |test| format!("{:.4}", test.accuracy))
    });
    add("epochs", &|run| {
        format!("{} of {}", run.history.len(), run.planned_epochs)
    });
    add("seconds", &|run| {
        let seconds: f64 = run.history.iter().map(|epoch| epoch.seconds).sum();
        format!("{seconds:.1}")
    });
    table
}
