//! What the trials of a sweep differ in.

use std::collections::HashSet;

use super::trials::{Trial, short};

/// The settings whose values are not the same in all trials, in the order in which they are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Varied {
    paths: Vec<String>,
    names: Vec<String>,
    /// Whether seeds differ too.
    pub has_seeds: bool,
}

impl Varied {
    /// Of these trials.
    pub fn of<'a>(trials: impl Iterator<Item = &'a Trial> + Clone) -> Self {
        let mut paths: Vec<&str> = Vec::new();
        let mut known = HashSet::new();
        for (path, _) in trials.clone().flat_map(|trial| &trial.settings) {
            if known.insert(path.as_str()) {
                paths.push(path);
            }
        }
        paths.retain(|path| differs(trials.clone().map(|trial| trial.setting(path))));
        let short: Vec<&str> = paths.iter().map(|path| short(path)).collect();
        let names = short.iter().zip(&paths);
        // Two of one name are told by their whole paths.
        let is_unique = |name: &&str| short.iter().filter(|one| *one == name).count() == 1;
        Self {
            names: names
                .map(|(name, path)| match is_unique(name) {
                    true => (*name).to_owned(),
                    false => (*path).to_owned(),
                })
                .collect(),
            paths: paths.into_iter().map(str::to_owned).collect(),
            has_seeds: differs(trials.map(|trial| trial.seed)),
        }
    }

    /// Their paths in a preset.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// A short name for each, no two of them alike.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The value of each in a trial; `None` where a condition leaves it unset.
    pub fn values<'a>(&'a self, trial: &'a Trial) -> impl Iterator<Item = Option<&'a str>> {
        self.paths.iter().map(|path| trial.setting(path))
    }

    /// The different values of the setting with this index: numbers by their size, others in the order of their first trials.
    pub fn distinct<'a>(
        &self,
        index: usize,
        trials: impl Iterator<Item = &'a Trial>,
    ) -> Vec<&'a str> {
        let path = &self.paths[index];
        let mut seen = HashSet::new();
        let values = trials.filter_map(|trial| trial.setting(path));
        let mut values: Vec<&str> = values.filter(|value| seen.insert(*value)).collect();
        let numbers = values.iter().map(|text| Some((text.parse().ok()?, *text)));
        let numbers: Option<Vec<(f64, &str)>> = numbers.collect();
        if let Some(mut numbers) = numbers {
            numbers.sort_by(|one, other| one.0.total_cmp(&other.0));
            values = numbers.into_iter().map(|(_, text)| text).collect();
        }
        values
    }
}

fn differs<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    let first = values.next();
    values.any(|value| Some(&value) != first.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(settings: &[(&str, &str)], seed: u64) -> Trial {
        let settings = settings.iter();
        Trial {
            number: 1,
            combination: 1,
            settings: settings
                .map(|(path, value)| ((*path).to_owned(), (*value).to_owned()))
                .collect(),
            seed,
            epochs: 1,
            tested: false,
            pretrained: false,
        }
    }

    #[test]
    fn what_is_equal_everywhere_is_left_out_and_names_are_unique() {
        let trials = [
            trial(
                &[("layers.1.dropout.rate", "0"), ("training.epochs", "3")],
                1,
            ),
            trial(
                &[
                    ("layers.1.dropout.rate", "0.5"),
                    ("training.epochs", "3"),
                    ("training.optimizer.adam.beta1", "0.8"),
                    ("training.optimizer.lion.beta1", "0.9"),
                ],
                1,
            ),
        ];
        let varied = Varied::of(trials.iter());
        let names = [
            "1.dropout.rate",
            "training.optimizer.adam.beta1",
            "training.optimizer.lion.beta1",
        ];
        assert_eq!(varied.names(), names);
        assert!(!varied.has_seeds);
        let values: Vec<_> = varied.values(&trials[0]).collect();
        assert_eq!(values, [Some("0"), None, None]);
        let path = |values: [&str; 4]| {
            let trials = values.map(|value| trial(&[("training.x", value)], 1));
            let varied = Varied::of(trials.iter());
            let distinct = varied.distinct(0, trials.iter());
            distinct.join(" ")
        };
        assert_eq!(path(["10", "9", "1e1", "9"]), "9 10 1e1");
        assert_eq!(path(["b", "2", "a", "b"]), "b 2 a");
        let seeds = [trial(&[], 1), trial(&[], 2)];
        assert!(Varied::of(seeds.iter()).has_seeds);
        assert_eq!(Varied::of([].iter()), Varied::default());
    }
}
