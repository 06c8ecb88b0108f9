//! What a sweep tried: factors, levels, trials.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::statistics::mean::{LARGEST, is_usable};
use crate::wording::counted;

/// Columns of a fit, at most: one, and one more for each level beyond the first of each factor.
const MOST_COLUMNS: usize = 400;

/// Something that a sweep varies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Its name: `dropout`.
    pub name: String,
    /// Its levels in the order in which they are reported. Effects are relative to the first one that a trial has.
    pub levels: Vec<String>,
}

/// One run of a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Its level of every factor, in the factors' order.
    pub levels: Vec<String>,
    /// Its seed. Trials of the same levels and the same seed repeat one run and count once; without a seed each counts.
    pub seed: Option<String>,
    /// What came out: an accuracy in [0, 1], a loss, …
    pub outcome: f64,
}

/// Why trials are no design.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DesignError {
    /// There is no trial.
    #[error("effects need at least one trial; there is none")]
    NoTrial,
    /// A name stands for two things.
    #[error("{what} occurs twice; give each its own name")]
    Twice {
        /// The factor, or the level and its factor.
        what: String,
    },
    /// A trial has another number of levels than there are factors.
    #[error("trial {trial} has {} for {}; give it one of each", counted(*.got, "level"), counted(*.expected, "factor"))]
    Levels {
        /// Which trial, from 1.
        trial: usize,
        /// Number of its levels.
        got: usize,
        /// Number of factors.
        expected: usize,
    },
    /// A trial has a level that its factor has not.
    #[error("trial {trial}: {factor} has no level {level}; its levels are {levels}")]
    UnknownLevel {
        /// Which trial, from 1.
        trial: usize,
        /// The factor.
        factor: String,
        /// The level of the trial.
        level: String,
        /// The levels of the factor, with commas.
        levels: String,
    },
    /// An outcome cannot be reckoned with.
    #[error(
        "trial {trial} has the outcome {outcome}; effects need finite numbers of at most {LARGEST:e}, so leave the trial out and say so"
    )]
    NotFinite {
        /// Which trial, from 1.
        trial: usize,
        /// Its outcome.
        outcome: f64,
    },
    /// There are too many levels.
    #[error(
        "the factors have {columns} effects together, more than the {MOST_COLUMNS} that can be estimated; {factor} alone has {levels} levels, so put those into groups"
    )]
    TooManyLevels {
        /// Number of columns.
        columns: usize,
        /// The factor with the most levels.
        factor: String,
        /// Number of its levels.
        levels: usize,
    },
}

/// Checked factors and trials.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    pub(super) factors: Vec<Factor>,
    /// Level of each factor and outcome, trial by trial.
    pub(super) trials: Vec<(Vec<usize>, f64)>,
    /// Trials that repeated another one with its seed.
    pub(super) repeated: usize,
}

impl Design {
    /// Checks that every trial has a known level of every factor and a finite outcome, and merges those that repeat a run with its seed:
    /// the same run twice says nothing about chance, so the mean of their outcomes counts once.
    pub fn new(factors: Vec<Factor>, trials: &[Trial]) -> Result<Self, DesignError> {
        if trials.is_empty() {
            return Err(DesignError::NoTrial);
        }
        check_names(&factors)?;
        let numbers: Vec<HashMap<&str, usize>> = factors
            .iter()
            .map(|factor| (0..).zip(&factor.levels))
            .map(|levels| {
                levels
                    .map(|(number, level)| (level.as_str(), number))
                    .collect()
            })
            .collect();
        let mut coded: Vec<(Vec<usize>, f64, usize)> = Vec::with_capacity(trials.len());
        let mut seen = HashMap::new();
        for (index, trial) in trials.iter().enumerate() {
            let levels = code(index + 1, trial, &factors, &numbers)?;
            let place = match trial.seed.as_deref() {
                Some(seed) => *seen.entry((levels.clone(), seed)).or_insert(coded.len()),
                None => coded.len(),
            };
            match coded.get_mut(place) {
                Some((_, sum, count)) => {
                    *sum += trial.outcome;
                    *count += 1;
                }
                None => coded.push((levels, trial.outcome, 1)),
            }
        }
        let repeated = trials.len() - coded.len();
        let mean = |(levels, sum, count): (_, f64, usize)| (levels, sum / count as f64);
        let design = Self {
            factors,
            trials: coded.into_iter().map(mean).collect(),
            repeated,
        };
        design.check_columns()?;
        Ok(design)
    }

    /// How many trials have each level of a factor.
    pub(super) fn counts(&self, factor: usize) -> Vec<usize> {
        let mut counts = vec![0; self.factors[factor].levels.len()];
        for (levels, _) in &self.trials {
            counts[levels[factor]] += 1;
        }
        counts
    }

    /// The level that the effects of a factor are relative to: the first one that a trial has.
    pub(super) fn reference(&self, factor: usize) -> Option<usize> {
        self.counts(factor).iter().position(|count| *count > 0)
    }

    /// The trials of each configuration: their numbers, by their levels.
    pub(super) fn configurations(&self) -> BTreeMap<&[usize], Vec<usize>> {
        let mut configurations: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
        for (number, (levels, _)) in self.trials.iter().enumerate() {
            configurations.entry(levels).or_default().push(number);
        }
        configurations
    }

    fn check_columns(&self) -> Result<(), DesignError> {
        let observed = |factor| {
            self.counts(factor)
                .iter()
                .filter(|count| **count > 0)
                .count()
        };
        let observed: Vec<usize> = (0..self.factors.len()).map(observed).collect();
        let columns = observed.iter().map(|levels| levels - 1).sum();
        let most = (0..observed.len()).max_by_key(|factor| observed[*factor]);
        match most {
            Some(most) if columns >= MOST_COLUMNS => Err(DesignError::TooManyLevels {
                columns,
                factor: self.factors[most].name.clone(),
                levels: observed[most],
            }),
            _ => Ok(()),
        }
    }
}

/// The numbers of a trial's levels.
fn code(
    number: usize,
    trial: &Trial,
    factors: &[Factor],
    numbers: &[HashMap<&str, usize>],
) -> Result<Vec<usize>, DesignError> {
    if trial.levels.len() != factors.len() {
        return Err(DesignError::Levels {
            trial: number,
            got: trial.levels.len(),
            expected: factors.len(),
        });
    }
    if !is_usable(trial.outcome) {
        return Err(DesignError::NotFinite {
            trial: number,
            outcome: trial.outcome,
        });
    }
    let levels = trial.levels.iter().zip(factors.iter().zip(numbers));
    levels
        .map(|(level, (factor, numbers))| {
            let known = numbers.get(level.as_str()).copied();
            known.ok_or_else(|| DesignError::UnknownLevel {
                trial: number,
                factor: factor.name.clone(),
                level: level.clone(),
                levels: factor.levels.join(", "),
            })
        })
        .collect()
}

fn check_names(factors: &[Factor]) -> Result<(), DesignError> {
    let mut names = HashSet::new();
    for factor in factors {
        if !names.insert(&factor.name) {
            return Err(DesignError::Twice {
                what: format!("the factor {}", factor.name),
            });
        }
        let mut levels = HashSet::new();
        for level in &factor.levels {
            if !levels.insert(level) {
                return Err(DesignError::Twice {
                    what: format!("the level {level} of {}", factor.name),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(name: &str, levels: &[&str]) -> Factor {
        Factor {
            name: name.to_owned(),
            levels: levels.iter().map(|level| (*level).to_owned()).collect(),
        }
    }

    fn trial(levels: &[&str], seed: Option<&str>, outcome: f64) -> Trial {
        Trial {
            levels: levels.iter().map(|level| (*level).to_owned()).collect(),
            seed: seed.map(str::to_owned),
            outcome,
        }
    }

    #[test]
    fn the_same_run_twice_counts_once() {
        let trials = [
            trial(&["a"], Some("1"), 0.5),
            trial(&["a"], Some("2"), 0.7),
            trial(&["a"], Some("1"), 0.6),
            trial(&["a"], Some("1"), 0.7),
            trial(&["b"], Some("1"), 0.1),
            trial(&["b"], None, 0.2),
            trial(&["b"], None, 0.2),
        ];
        let design = Design::new(vec![factor("f", &["a", "b"])], &trials).unwrap();
        assert_eq!((design.trials.len(), design.repeated), (5, 2));
        assert!((design.trials[0].1 - 0.6).abs() < 1e-12);
        assert_eq!(design.counts(0), [2, 3]);
        assert_eq!(design.configurations()[[1].as_slice()], [2, 3, 4]);
    }

    #[test]
    fn what_is_no_design_is_named() {
        let two = || vec![factor("f", &["a", "b"]), factor("g", &["c"])];
        let said =
            |factors, trials: &[Trial]| Design::new(factors, trials).unwrap_err().to_string();
        assert!(said(two(), &[]).contains("at least one trial"));
        let message = said(
            two(),
            &[trial(&["a", "c"], None, 0.1), trial(&["b", "d"], None, 0.1)],
        );
        assert_eq!(message, "trial 2: g has no level d; its levels are c");
        let message = said(two(), &[trial(&["a"], None, 0.1)]);
        assert!(
            message.starts_with("trial 1 has 1 level for 2 factors"),
            "{message}"
        );
        let message = said(two(), &[trial(&["a", "c"], None, f64::INFINITY)]);
        assert!(
            message.starts_with("trial 1 has the outcome inf"),
            "{message}"
        );
        assert!(message.contains("at most 1e150"), "{message}");
        let twice = said(vec![factor("f", &["a", "a"])], &[trial(&["a"], None, 0.1)]);
        assert!(
            twice.starts_with("the level a of f occurs twice"),
            "{twice}"
        );
        let twice = said(
            vec![factor("f", &["a"]), factor("f", &["a"])],
            &[trial(&["a"], None, 0.1)],
        );
        assert!(twice.starts_with("the factor f occurs twice"), "{twice}");
        let names: Vec<String> = (0..500).map(|n| n.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let many: Vec<Trial> = names.iter().map(|n| trial(&[n], None, 0.1)).collect();
        let message = said(vec![factor("rate", &names)], &many);
        assert!(
            message.contains("499 effects") && message.contains("rate alone has 500"),
            "{message}"
        );
    }
}
