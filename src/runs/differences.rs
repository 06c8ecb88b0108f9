//! The differences between runs: data, seed, version, settings, and the networks layer by layer.

use std::collections::BTreeSet;

use serde::Serialize;

use super::digest::RunDigest;
use crate::data::short_sha256;
use crate::network::align;

/// Something that is not equal in all runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// A setting's path in a file, or `data`, `seed`, `version`, or `layer`.
    pub what: String,
    /// The value in each run; `None` if a run has none.
    pub values: Vec<Option<String>>,
}

impl Difference {
    fn of<'a>(
        what: &str,
        runs: &[&'a RunDigest],
        value: impl Fn(&'a RunDigest) -> Option<String>,
    ) -> Option<Self> {
        let values: Vec<_> = runs.iter().map(|run| value(run)).collect();
        let is_same = values.windows(2).all(|pair| pair[0] == pair[1]);
        let what = what.to_owned();
        (!is_same).then_some(Self { what, values })
    }
}

/// All differences between the runs: network and data first, then the layers in their order, then the settings.
pub fn differences(runs: &[&RunDigest]) -> Vec<Difference> {
    let mut found: Vec<Difference> = [
        Difference::of("network", runs, |run| Some(run.name.clone())),
        Difference::of("data", runs, |run| {
            // Two sets may share a name.
            Some(format!("{} ({}…)", run.data, short_sha256(&run.sha256)))
        }),
        Difference::of("seed", runs, |run| Some(run.seed.to_string())),
        Difference::of("version", runs, |run| Some(run.version.clone())),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.extend(layers(runs));
    let paths: BTreeSet<&str> = runs
        .iter()
        .flat_map(|run| run.settings.keys())
        .map(String::as_str)
        // The data are compared by their content.
        .filter(|path| !path.starts_with("layers.") && *path != "data")
        .filter(|path| {
            let run = runs.iter().find(|run| run.settings.contains_key(*path));
            !run.is_some_and(|run| is_named_twice(run, path))
        })
        .collect();
    found.extend(
        paths
            .into_iter()
            .filter_map(|path| Difference::of(path, runs, |run| run.settings.get(path).cloned())),
    );
    found
}

/// Whether this is the longer name of a setting: `training.optimizer.adam.beta_1` of `training.optimizer.beta_1`.
fn is_named_twice(run: &RunDigest, path: &str) -> bool {
    let shorter = || {
        let (head, name) = path.rsplit_once('.')?;
        let (parent, kind) = head.rsplit_once('.')?;
        let is_kind = run.settings.get(parent).is_some_and(|value| value == kind);
        is_kind.then(|| format!("{parent}.{name}"))
    };
    shorter().is_some_and(|shorter| run.settings.contains_key(&shorter))
}

/// The layers that are not in all networks at the same place.
fn layers(runs: &[&RunDigest]) -> Vec<Difference> {
    // Each row is a layer, with the runs that have it.
    let mut rows: Vec<(&str, Vec<bool>)> = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        let layers = &run.layers;
        let places = align(rows.len(), layers.len(), |row, layer| {
            rows[row].0 == layers[layer]
        });
        // Removed layers come before the layers that replace them.
        let mut next = rows.len();
        let mut bounds: Vec<usize> = places
            .iter()
            .rev()
            .map(|place| {
                next = place.unwrap_or(next);
                next
            })
            .collect();
        bounds.reverse();
        let mut merged = Vec::new();
        let mut old = rows.into_iter().enumerate().peekable();
        for ((layer, place), bound) in layers.iter().zip(places).zip(bounds) {
            while let Some((_, row)) = old.next_if(|(index, _)| *index < bound) {
                merged.push(row);
            }
            let known = place.and_then(|_| old.next());
            let (text, mut has) =
                known.map_or_else(|| (layer.as_str(), vec![false; runs.len()]), |(_, row)| row);
            has[number] = true;
            merged.push((text, has));
        }
        merged.extend(old.map(|(_, row)| row));
        rows = merged;
    }
    let differing = rows
        .into_iter()
        .filter(|(_, has)| !has.iter().all(|has| *has));
    differing
        .map(|(text, has)| Difference {
            what: "layer".to_owned(),
            values: has.iter().map(|has| has.then(|| text.to_owned())).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::digest::testing::digest;
    use super::*;

    /// Each difference as `what: one | two | …`.
    fn told(runs: &[RunDigest]) -> Vec<String> {
        let runs: Vec<&RunDigest> = runs.iter().collect();
        let told = differences(&runs).into_iter().map(|difference| {
            let values = difference.values.iter();
            let values = values.map(|value| value.as_deref().unwrap_or("-"));
            format!(
                "{}: {}",
                difference.what,
                values.collect::<Vec<_>>().join(" | ")
            )
        });
        told.collect()
    }

    fn with_layers(seed: u64, layers: &[&str]) -> RunDigest {
        digest("net", |run| {
            run.seed = seed;
            run.layers = layers.iter().map(|&layer| layer.to_owned()).collect();
        })
    }

    #[test]
    fn only_what_differs_is_told() {
        let same = [with_layers(1, &["relu"]), with_layers(1, &["relu"])];
        assert_eq!(told(&same), [] as [&str; 0]);
        let seeds = [with_layers(1, &["relu"]), with_layers(2, &["relu"])];
        assert_eq!(told(&seeds), ["seed: 1 | 2"]);
    }

    #[test]
    fn networks_are_compared_layer_by_layer() {
        let runs = [
            with_layers(1, &["conv 1", "relu", "conv 2", "flatten"]),
            with_layers(1, &["conv 1", "batch_norm", "relu", "flatten"]),
            with_layers(1, &["conv 1", "batch_norm", "relu", "dropout", "flatten"]),
        ];
        assert_eq!(
            told(&runs),
            [
                "layer: - | batch_norm | batch_norm",
                "layer: conv 2 | - | -",
                "layer: - | - | dropout",
            ]
        );
    }

    #[test]
    fn a_setting_that_a_run_does_not_have_is_a_difference() {
        let set = |value: Option<&str>| {
            digest("net", |run| {
                if let Some(value) = value {
                    run.settings
                        .insert("training.augment.rotation".to_owned(), value.to_owned());
                }
            })
        };
        let runs = [set(Some("12")), set(None)];
        assert_eq!(told(&runs), ["training.augment.rotation: 12 | -"]);
        assert_eq!(told(&[set(None), set(None)]), [] as [&str; 0]);
    }

    #[test]
    fn a_setting_with_two_names_is_told_once() {
        let with = |rate: &str| {
            digest("net", |run| {
                for (path, value) in [
                    ("training.optimizer", "adam"),
                    ("training.optimizer.beta_1", rate),
                    ("training.optimizer.adam.beta_1", rate),
                    ("training.schedule.step.factor", rate),
                ] {
                    run.settings.insert(path.to_owned(), value.to_owned());
                }
            })
        };
        assert_eq!(
            told(&[with("0.8"), with("0.9")]),
            [
                "training.optimizer.beta_1: 0.8 | 0.9",
                "training.schedule.step.factor: 0.8 | 0.9",
            ]
        );
    }
}
