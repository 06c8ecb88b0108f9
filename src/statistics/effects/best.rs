//! Whether the best configuration is truly the best.

use super::design::Design;
use super::variance::ErrorVariance;
use super::{BestConfiguration, Estimate, Outcomes};
use crate::statistics::distributions::t_quantile;

/// A configuration's levels, its mean scaled outcome, and its trials.
type Configuration<'a> = (&'a [usize], f64, Vec<usize>);

/// The best configuration and the second.
pub(super) fn best(
    design: &Design,
    outcomes: &Outcomes,
    error: Option<&ErrorVariance>,
    higher_is_better: bool,
) -> Option<BestConfiguration> {
    let mut configurations: Vec<Configuration> = design
        .configurations()
        .into_iter()
        .map(|(levels, trials)| {
            let sum: f64 = trials.iter().map(|trial| outcomes.values[*trial]).sum();
            (levels, sum / trials.len() as f64, trials)
        })
        .collect();
    // Equal means stay in the order of their levels.
    configurations.sort_by(|one, other| match higher_is_better {
        true => other.1.total_cmp(&one.1),
        false => one.1.total_cmp(&other.1),
    });
    let [first, second, ..] = configurations.as_slice() else {
        return None;
    };
    let share = |configuration: &Configuration| 1.0 / configuration.2.len() as f64;
    let factor = |rival: &Configuration| share(first) + share(rival);
    // Half of the interval of a difference whose factor is 1.
    let unit = error.map(|error| t_quantile(error.degrees) * error.variance.sqrt());
    let is_distinct = |rival: &Configuration| {
        let half = unit.map(|unit| unit * factor(rival).sqrt());
        half.is_some_and(|half| (first.1 - rival.1).abs() > half)
    };
    let names = |(levels, _, _): &Configuration| {
        let named = design.factors.iter().zip(*levels);
        named
            .map(|(factor, level)| factor.levels[*level].clone())
            .collect()
    };
    let mean = |(_, _, trials): &Configuration| {
        let outcomes = trials.iter().map(|trial| design.trials[*trial].1);
        outcomes.sum::<f64>() / trials.len() as f64
    };
    Some(BestConfiguration {
        levels: names(first),
        mean: mean(first),
        trials: first.2.len(),
        second_levels: names(second),
        second_mean: mean(second),
        second_trials: second.2.len(),
        difference: Estimate::of(first.1 - second.1, factor(second), error, outcomes.scale),
        distinguishable: configurations[1..].iter().all(is_distinct),
    })
}
