//! How many more trials would halve an interval.

use super::{FactorEffect, LevelEffect, MoreTrials, Uncertainty};
use crate::statistics::distributions::t_quantile;

/// How many further trials of every level of its factor would halve the interval of the largest effect; `None` if none has an interval.
///
/// With m more trials of each of k levels, the variance of the difference of two levels with n₁ and n₂ trials falls in the proportion
/// (1/(n₁ + m) + 1/(n₂ + m)) / (1/n₁ + 1/n₂), and the error term gains k·m degrees of freedom. For large and equal n that is m = 3n.
pub(super) fn more_would_help(factors: &[FactorEffect]) -> Option<MoreTrials> {
    let known = factors.iter().flat_map(|factor| {
        let levels = factor.levels.iter();
        levels.filter_map(move |level| {
            let estimate = level.effect?;
            Some((factor, level, estimate.difference, estimate.uncertainty?))
        })
    });
    let (factor, level, _, uncertainty) = known.max_by(|a, b| a.2.abs().total_cmp(&b.2.abs()))?;
    let trials_per_level = further_trials(factor, level, &uncertainty);
    Some(MoreTrials {
        factor: factor.name.clone(),
        level: level.level.clone(),
        half_width: uncertainty.interval.half_width(),
        trials_per_level,
        trials: trials_per_level * (factor.levels.len() + 1),
    })
}

fn further_trials(factor: &FactorEffect, level: &LevelEffect, now: &Uncertainty) -> usize {
    let levels = factor.levels.len() + 1;
    let (one, other) = (factor.reference_trials as f64, level.trials as f64);
    let width = |more: usize| {
        let of_two = |more: f64| 1.0 / (one + more) + 1.0 / (other + more);
        let variance = of_two(more as f64) / of_two(0.0);
        t_quantile(now.degrees + levels * more) * variance.sqrt()
    };
    let enough = |more: usize| width(more) <= width(0) / 2.0;
    let mut most = 1;
    while !enough(most) {
        most *= 2;
    }
    let mut too_few = most / 2;
    while most - too_few > 1 {
        let middle = too_few + (most - too_few) / 2;
        if enough(middle) {
            most = middle;
        } else {
            too_few = middle;
        }
    }
    most
}
