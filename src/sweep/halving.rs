//! Successive halving: all settings train for a few epochs, the better part of them for more, until the best are trained to their end.
//!
//! After Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization" (2016). Which trials continue
//! depends on nothing but their figures, so it is the same whoever trained them, in which order and how often that was interrupted.

use serde::{Deserialize, Serialize};

use crate::training::{Best, EpochMetrics};

/// When the worse trials are stopped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Halving {
    /// Epochs before the first comparison.
    pub after: usize,
    /// The part that continues; the next comparison is after as many more times the epochs.
    #[serde(default = "half")]
    pub keep: f64,
    /// What is compared.
    #[serde(default)]
    pub by: Measure,
}

/// What trials are compared by: the best of all epochs so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The highest validation accuracy.
    #[default]
    ValAccuracy,
    /// The lowest validation loss.
    ValLoss,
}

impl Measure {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::ValAccuracy => "best validation accuracy",
            Self::ValLoss => "lowest validation loss",
        }
    }

    /// Whether more is better.
    pub fn is_higher_better(self) -> bool {
        self == Self::ValAccuracy
    }

    /// The figure of one epoch.
    pub fn of_epoch(self, epoch: &EpochMetrics) -> f64 {
        match self {
            Self::ValAccuracy => epoch.val_accuracy,
            Self::ValLoss => epoch.val_loss,
        }
    }

    /// The higher the better.
    pub fn score(self, best: &Best) -> f64 {
        match self {
            Self::ValAccuracy => best.val_accuracy,
            Self::ValLoss => -best.val_loss,
        }
    }

    /// The figure that a score was made of.
    pub fn of_score(self, score: f64) -> f64 {
        if self.is_higher_better() {
            score
        } else {
            -score
        }
    }
}

fn half() -> f64 {
    0.5
}

impl Halving {
    /// Checks that both values are in range.
    ///
    /// # Errors
    /// A sentence with the range.
    pub fn check(&self) -> Result<(), String> {
        if self.after == 0 {
            return Err("after: expected at least 1 epoch, got 0".to_owned());
        }
        match self.keep > 0.0 && self.keep < 1.0 {
            true => Ok(()),
            false => Err(format!(
                "keep: expected a number above 0 and below 1, got {}",
                self.keep
            )),
        }
    }

    /// The epochs after which trials are compared, of runs of at most `epochs` epochs.
    pub fn rungs(&self, epochs: usize) -> Vec<usize> {
        let mut rungs: Vec<usize> = Vec::new();
        let mut rung = self.after as f64;
        while rung < epochs as f64 {
            let whole = rung.round() as usize;
            if rungs.last() != Some(&whole) && whole < epochs {
                rungs.push(whole);
            }
            rung = (rung / self.keep).max(rung + 1.0);
        }
        rungs
    }

    /// How many of so many groups continue, at most.
    pub fn kept(&self, groups: usize) -> usize {
        let kept = (groups as f64 * self.keep).ceil() as usize;
        kept.clamp(1, groups.max(1))
    }

    /// Which of the groups continue, given the scores of each one's trials, the higher the better; `None` is a trial without figures, whose
    /// group comes last. A group's score is the mean over its trials, and of equal ones the earlier continues.
    pub fn survivors(&self, groups: &[Vec<Option<f64>>]) -> Vec<usize> {
        let mean = |scores: &Vec<Option<f64>>| {
            let sum: Option<f64> = scores.iter().copied().sum();
            sum.map(|sum| sum / scores.len() as f64)
        };
        let means: Vec<f64> = groups
            .iter()
            .map(|scores| mean(scores).filter(|mean| !mean.is_nan()))
            .map(|mean| mean.unwrap_or(f64::NEG_INFINITY))
            .collect();
        let mut order: Vec<usize> = (0..groups.len()).collect();
        order.sort_by(|&one, &other| means[other].total_cmp(&means[one]));
        order.truncate(self.kept(groups.len()));
        // Those without figures cannot continue, however few there are.
        order.retain(|&group| means[group] > f64::NEG_INFINITY);
        order.sort_unstable();
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn halving(after: usize, keep: f64) -> Halving {
        Halving {
            after,
            keep,
            by: Measure::default(),
        }
    }

    #[test]
    fn rungs_grow_by_what_is_kept_and_end_before_the_last_epoch() {
        assert_eq!(halving(2, 0.5).rungs(20), [2, 4, 8, 16]);
        assert_eq!(halving(1, 1.0 / 3.0).rungs(27), [1, 3, 9]);
        assert_eq!(halving(1, 0.9).rungs(5), [1, 2, 3, 4]);
        assert_eq!(halving(5, 0.5).rungs(5), [] as [usize; 0]);
    }

    #[test]
    fn the_better_part_continues_and_seeds_of_one_setting_together() {
        let groups = [
            vec![Some(0.9), Some(0.1)],
            vec![Some(0.6), Some(0.6)],
            vec![Some(0.7), Some(0.7)],
            vec![Some(1.0), None],
        ];
        assert_eq!(halving(1, 0.5).survivors(&groups), [1, 2]);
        assert_eq!(halving(1, 0.2).survivors(&groups), [2]);
        // Never all of them away, but those that failed.
        assert_eq!(halving(1, 0.9).survivors(&groups), [0, 1, 2]);
        let equal = vec![vec![Some(0.5)]; 4];
        assert_eq!(halving(1, 0.5).survivors(&equal), [0, 1]);
        assert_eq!(halving(1, 0.5).survivors(&[vec![None]]), [] as [usize; 0]);
    }

    #[test]
    fn ranges_are_checked() {
        for (after, keep, part) in [(0, 0.5, "after"), (1, 0.0, "keep"), (1, 1.0, "keep")] {
            let problem = halving(after, keep).check().unwrap_err();
            assert!(problem.starts_with(part), "{problem}");
        }
        assert_eq!(halving(1, 0.5).check(), Ok(()));
        assert!(halving(1, f64::NAN).check().is_err());
    }
}
