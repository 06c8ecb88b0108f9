//! Runs that differ in the seed only, taken together.

use std::collections::BTreeMap;

use super::comparison::chart;
use crate::picture::{Chart, Column, Entry, Ground, Table};
use crate::runs::{RunDigest, RunSummary, accuracy_by_seed};
use crate::statistics::{Interval, Mean};
use crate::training::Figure;
use crate::wording::{counted, decimals};

/// Runs that differ in the seed only.
#[derive(Clone, Debug, PartialEq)]
pub struct SeedGroup<'a> {
    /// The network's name.
    pub name: &'a str,
    /// The numbers of its runs, from 1.
    pub numbers: Vec<usize>,
    /// The best validation accuracy by seed.
    pub accuracies: BTreeMap<u64, f64>,
}

/// Groups in the order of their first runs; a run without others is a group too.
pub fn seed_groups(digests: &[RunDigest]) -> Vec<SeedGroup<'_>> {
    let mut groups: Vec<(&str, SeedGroup<'_>)> = Vec::new();
    for (digest, number) in digests.iter().zip(1..) {
        let is_known = |group: &&mut (&str, SeedGroup<'_>)| {
            !digest.experiment.is_empty() && group.0 == digest.experiment
        };
        let group = match groups.iter_mut().find(is_known) {
            Some((_, group)) => group,
            None => {
                let group = SeedGroup {
                    name: &digest.name,
                    numbers: Vec::new(),
                    accuracies: BTreeMap::new(),
                };
                groups.push((&digest.experiment, group));
                &mut groups.last_mut().expect("it was pushed").1
            }
        };
        group.numbers.push(number);
    }
    let mut groups: Vec<SeedGroup<'_>> = groups.into_iter().map(|(_, group)| group).collect();
    for group in &mut groups {
        let runs = group.numbers.iter().map(|number| &digests[number - 1]);
        group.accuracies = accuracy_by_seed(runs);
    }
    groups
}

/// Whether any group has several seeds.
pub fn have_seeds(groups: &[SeedGroup<'_>]) -> bool {
    groups.iter().any(|group| group.accuracies.len() > 1)
}

/// Mean, deviation and interval of each group.
pub fn means(groups: &[SeedGroup<'_>]) -> Table {
    let columns = vec![
        Column::text("network"),
        Column::text("runs"),
        Column::number("seeds"),
        Column::number("mean"),
        Column::number("deviation"),
        Column::number("95 % interval"),
    ];
    let mut table = Table::new(
        "Best validation accuracy of runs that differ in the seed only: mean over the seeds, standard deviation, and the interval of the mean",
        columns,
    );
    table.rows.extend(groups.iter().map(|group| {
        let values: Vec<f64> = group.accuracies.values().copied().collect();
        let mean = Mean::of(&values).ok();
        let numbers: Vec<String> = group.numbers.iter().map(ToString::to_string).collect();
        let figure =
            |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| decimals(value, 4));
        vec![
            Entry::from(group.name),
            numbers.join(", ").into(),
            values.len().to_string().into(),
            figure(mean.map(|mean| mean.mean)).into(),
            figure(mean.and_then(|mean| mean.deviation)).into(),
            interval_in_words(mean.and_then(|mean| mean.interval)).into(),
        ]
    }));
    table
}

fn interval_in_words(interval: Option<Interval>) -> String {
    interval.map_or_else(
        || "–".to_owned(),
        |interval| format!("{:.4} to {:.4}", interval.low, interval.high),
    )
}

/// The mean of a figure over the epochs of each group, in a band of one standard deviation to both sides.
pub fn mean_curves(runs: &[&RunSummary], groups: &[SeedGroup<'_>], figure: &Figure) -> Chart {
    let mut curves = Vec::new();
    let mut bands = Vec::new();
    for group in groups {
        let members: Vec<&RunSummary> = group.numbers.iter().map(|at| runs[at - 1]).collect();
        let (points, band) = mean_curve(&members, figure);
        let name = match members[..] {
            [run] => run.title(),
            _ => format!(
                "{}, mean of {} ± standard deviation",
                group.name,
                counted(members.len(), "run")
            ),
        };
        curves.push((name, points));
        bands.push(band);
    }
    let name = figure.name.replace('_', " ");
    let mut chart = Chart {
        size: Chart::default().size,
        ..chart(&name, "epoch", figure.unit, &curves, Ground::Light)
    };
    for (series, band) in chart.series.iter_mut().zip(bands) {
        series.band = band;
    }
    chart
}

/// `[epoch, mean]`, and `[epoch, mean − deviation, mean + deviation]` where there are several runs.
fn mean_curve(runs: &[&RunSummary], figure: &Figure) -> (Vec<[f64; 2]>, Vec<[f64; 3]>) {
    let mut by_epoch: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    for epoch in runs.iter().flat_map(|run| &run.history) {
        let value = (figure.of)(epoch).filter(|value| value.is_finite());
        by_epoch.entry(epoch.epoch).or_default().extend(value);
    }
    let mut curve = (Vec::new(), Vec::new());
    for (epoch, values) in by_epoch {
        let (x, mean) = (epoch as f64, Mean::of(&values).ok());
        curve.0.push([x, mean.map_or(f64::NAN, |mean| mean.mean)]);
        if let Some((mean, deviation)) = mean.and_then(|mean| Some((mean.mean, mean.deviation?))) {
            curve.1.push([x, mean - deviation, mean + deviation]);
        }
    }
    curve
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::RunFolder;
    use crate::training::FIGURES;
    use serde_json::json;

    fn run(name: &str, accuracies: &[f64]) -> RunSummary {
        let folder = tempfile::tempdir().unwrap();
        let record = std::fs::write(folder.path().join("run.yaml"), "");
        record.unwrap();
        let mut run = RunSummary::of(&RunFolder::open(folder.path()).unwrap());
        run.name = name.to_owned();
        run.history = accuracies
            .iter()
            .zip(1..)
            .map(|(accuracy, epoch)| {
                let metrics = json!({
                    "epoch": epoch, "seconds": 1.0, "images_per_second": 1.0, "learning_rate": 1.0,
                    "loss": 1.0, "accuracy": 0.5, "val_loss": 1.0, "val_accuracy": accuracy, "changes": [],
                });
                serde_json::from_value(metrics).unwrap()
            })
            .collect();
        run
    }

    #[test]
    fn runs_that_differ_in_the_seed_only_are_one_curve_with_a_band() {
        let runs = [
            run("a", &[0.5, 0.7]),
            run("b", &[0.1]),
            run("a", &[0.7, 0.9, 0.8]),
        ];
        let digests: Vec<RunDigest> = runs
            .iter()
            .zip([1, 1, 2])
            .map(|(run, seed)| {
                let mut digest = RunDigest::new(run.clone(), None);
                digest.experiment.clone_from(&run.name);
                digest.seed = seed;
                digest
            })
            .collect();
        let groups = seed_groups(&digests);
        let numbers: Vec<&[usize]> = groups.iter().map(|group| &group.numbers[..]).collect();
        assert_eq!(numbers, [&[1, 3][..], &[2]]);
        assert!(have_seeds(&groups));
        let figure = FIGURES.iter().find(|figure| figure.name == "val_accuracy");
        let runs: Vec<&RunSummary> = runs.iter().collect();
        let chart = mean_curves(&runs, &groups, figure.unwrap());
        assert_eq!(chart.series.len(), 2);
        let [mean, alone] = &chart.series[..] else {
            panic!("{chart:?}")
        };
        let deviation = 0.02f64.sqrt();
        assert!((mean.points[0][1] - 0.6).abs() < 1e-12);
        assert!((mean.band[0][1] - (0.6 - deviation)).abs() < 1e-12);
        assert!((mean.band[0][2] - (0.6 + deviation)).abs() < 1e-12);
        // The third epoch is that of one run.
        assert_eq!((mean.points.len(), mean.band.len()), (3, 2));
        assert!(alone.band.is_empty());
        assert!(mean.name.starts_with("a, mean of 2 runs"), "{}", mean.name);
        let table = means(&groups);
        let texts = table.texts().concat().join(" ");
        assert!(texts.contains("0.8000"), "{texts}");
    }
}
