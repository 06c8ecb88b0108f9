//! The levels of a varied setting that effects are estimated for: its values, or groups of many numbers.

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
        mut trials: impl Iterator<Item = &'a Trial> + Clone,
    ) -> Self {
        let path = varied.paths()[index].clone();
        let (mut levels, bounds) = levels(&varied.distinct(index, trials.clone()));
        // What another setting implies had better not be the reference.
        let has_unset = trials.any(|trial| trial.setting(&path).is_none());
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

/// The names of the levels of these values, and the last value of each if it is a group of numbers.
fn levels(texts: &[&str]) -> (Vec<String>, Vec<f64>) {
    let numbers: Option<Vec<f64>> = texts.iter().map(|text| text.parse().ok()).collect();
    let Some(numbers) = numbers.filter(|numbers| numbers.len() > MOST_NUMBERS) else {
        return (
            texts.iter().map(|text| (*text).to_owned()).collect(),
            Vec::new(),
        );
    };
    let size = numbers.len().div_ceil(GROUPS);
    let group = |(texts, numbers): (&[&str], &[f64])| {
        let last = texts.len() - 1;
        (format!("{} to {}", texts[0], texts[last]), numbers[last])
    };
    texts
        .chunks(size)
        .zip(numbers.chunks(size))
        .map(group)
        .unzip()
}
