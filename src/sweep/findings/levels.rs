//! The levels of a varied setting that effects are estimated for: its values, or groups of many numbers.

use std::collections::HashSet;

use crate::statistics::Factor;
use crate::sweep::trials::Trial;
use crate::sweep::varied::Varied;

/// Numbers of which there are more are compared in three groups of about the same size.
const MOST_NUMBERS: usize = 8;
const GROUPS: usize = 3;
/// The level of trials for which a condition leaves a setting unset.
const NOT_SET: &str = "not set";

/// A varied setting as a factor: its values, or groups of them.
pub(super) struct Levels {
    path: String,
    pub(super) factor: Factor,
    /// The last value of each group, if its numbers are grouped.
    bounds: Vec<f64>,
}

impl Levels {
    /// Of the varied setting with this index, as these trials have it.
    pub(super) fn of<'a>(
        varied: &Varied,
        index: usize,
        trials: impl Iterator<Item = &'a Trial>,
    ) -> Self {
        let path = varied.paths()[index].clone();
        let mut seen = HashSet::new();
        let mut has_unset = false;
        let mut texts: Vec<&str> = Vec::new();
        for trial in trials {
            match trial.setting(&path) {
                Some(value) if seen.insert(value) => texts.push(value),
                Some(_) => {}
                None => has_unset = true,
            }
        }
        let (mut levels, bounds) = levels(texts);
        // What another setting implies had better not be the reference.
        levels.extend(has_unset.then(|| NOT_SET.to_owned()));
        let name = varied.names()[index].clone();
        Self {
            path,
            factor: Factor { name, levels },
            bounds,
        }
    }

    /// Whether its numbers are compared in groups.
    pub(super) fn is_grouped(&self) -> bool {
        !self.bounds.is_empty()
    }

    /// The level of a trial.
    pub(super) fn of_trial(&self, trial: &Trial) -> String {
        let Some(value) = trial.setting(&self.path) else {
            return NOT_SET.to_owned();
        };
        match (self.bounds.is_empty(), value.parse::<f64>()) {
            (false, Ok(number)) => {
                let group = self.bounds.partition_point(|bound| *bound < number);
                self.factor.levels[group].clone()
            }
            _ => value.to_owned(),
        }
    }
}

/// The names of the levels, numbers by their size, and the last value of each if it is a group of numbers.
fn levels(texts: Vec<&str>) -> (Vec<String>, Vec<f64>) {
    let numbers = texts.iter().map(|text| Some((text.parse().ok()?, *text)));
    let numbers: Option<Vec<(f64, &str)>> = numbers.collect();
    let Some(mut numbers) = numbers else {
        return (texts.into_iter().map(str::to_owned).collect(), Vec::new());
    };
    numbers.sort_by(|one, other| one.0.total_cmp(&other.0));
    if numbers.len() <= MOST_NUMBERS {
        let texts = numbers.into_iter().map(|(_, text)| text.to_owned());
        return (texts.collect(), Vec::new());
    }
    let groups = numbers.chunks(numbers.len().div_ceil(GROUPS));
    let group = |group: &[(f64, &str)]| {
        let (first, last) = (group[0], group[group.len() - 1]);
        (format!("{} to {}", first.1, last.1), last.0)
    };
    groups.map(group).unzip()
}
