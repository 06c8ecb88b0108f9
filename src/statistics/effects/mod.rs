//! What the factors of a sweep do to its outcome.
//!
//! **Model.** The outcome of a trial is y = μ + Σ β(factor, its level) + error, with β = 0 for the reference level of every factor (the
//! first one that a trial has). β is estimated by ordinary least squares: β̂ = (X'X)⁻¹X'y with a column of ones and one 0/1 column for every
//! other level that was tried (treatment coding), by a Cholesky decomposition of X'X, whose entries are numbers of trials and hence
//! exact. Grid, random and incomplete designs are all fitted the same way; levels may have unequal numbers of trials. Source: Draper and
//! Smith 1998, "Applied Regression Analysis", third edition, chapters 5, 6 and 14.
//!
//! **What cannot be separated.** A column that is a sum of others (two factors that always change together, say) is left out. An effect
//! is then estimated only if it is the same whichever of them is left out; all others are named in [`Effects::inseparable`] and have no
//! estimate. A level such as "not set", which another factor implies, had better not be the reference.
//!
//! **Error term.** Chance is measured by the deviation s between trials of the same levels with other seeds, pooled over all
//! configurations: s² = Σ(y − ȳ)² / Σ(n − 1), if that has at least 5 degrees of freedom. Otherwise by the residual deviation of the fit,
//! s² = Σ(y − ŷ)² / (n − rank X), which interactions enlarge. Which of both it is depends on the design alone, not on the outcomes.
//! Where neither exists, or is zero to rounding, there are estimates and no intervals, tests or claims.
//!
//! **Intervals.** β̂ ± t₀.₉₇₅ · s · √((X'X)⁻¹ⱼⱼ), for each level by itself and not corrected for their number: of twenty, one misses the
//! truth on average. So a single interval without 0 is no claim.
//!
//! **Claims.** "This factor matters" ([`FactorEffect::matters`]) is an F test over all its levels: how much they lower the sum of squares
//! that all other factors leave, per degree of freedom, over s². The p values are corrected by [Holm's](super::holm) method for the
//! number of factors, so that a sweep in which nothing matters is claimed otherwise in at most 5 % of cases. "These two factors
//! interact" is the F test of all products of their columns, corrected likewise over all pairs that can be tested, as a family of its
//! own; against the residual of the fit that has those products too, where the residual is the error term. Source: Scheffé 1959, "The
//! Analysis of Variance", chapters 2 and 4.
//!
//! **Assumptions.** Errors are independent, about normal and as large for one configuration as for another. Diverged runs break the
//! last: leave them out, and say so. What a seed does to all configurations alike is part of the error here, so where all configurations
//! have the same seeds the intervals are wider than need be; with the seed as one more factor they are not. What is claimed of a main
//! effect where interactions matter is an average over the levels that were tried together.

mod best;
mod cholesky;
mod design;
mod fit;
#[cfg(test)]
mod honesty_tests;
mod interactions;
mod more;
mod report;
#[cfg(test)]
mod tests;
mod text;
mod variance;

use super::distributions::t_two_sided;
use super::{Interval, SIGNIFICANCE, holm};
pub use design::{Design, DesignError, Factor, Trial};
use fit::{Fit, Place};
pub use report::{
    BestConfiguration, Cell, Deviation, Effects, ErrorSource, ErrorTerm, Estimate, FTest,
    FactorEffect, Inseparable, Interaction, LevelEffect, MoreTrials, Uncertainty,
};
pub use text::{EffectText, EffectUnit};
use variance::{ErrorVariance, error_variance, within_configurations};

/// Outcomes less their mean, over their range: sums of squares neither overflow nor vanish.
struct Outcomes {
    values: Vec<f64>,
    scale: f64,
}

impl Outcomes {
    fn of(design: &Design) -> Self {
        let count = design.trials.len() as f64;
        let mean: f64 = design
            .trials
            .iter()
            .map(|(_, outcome)| outcome / count)
            .sum();
        let centred: Vec<f64> = design
            .trials
            .iter()
            .map(|(_, outcome)| outcome - mean)
            .collect();
        let largest = centred
            .iter()
            .fold(0.0f64, |max, value| max.max(value.abs()));
        // Equal outcomes differ from their mean by its rounding.
        if largest <= 4.0 * f64::EPSILON * mean.abs() {
            return Self {
                values: vec![0.0; centred.len()],
                scale: 1.0,
            };
        }
        Self {
            values: centred.iter().map(|value| value / largest).collect(),
            scale: largest,
        }
    }
}

impl Effects {
    /// Estimates what each factor of the design does to the outcome, of which a higher or a lower value is better.
    pub fn of(design: &Design, higher_is_better: bool) -> Self {
        let outcomes = Outcomes::of(design);
        let scale = outcomes.scale;
        let fit = Fit::of(design, &outcomes.values);
        let seed = within_configurations(design, &outcomes.values);
        let error = error_variance(seed, &fit);
        let mut factors: Vec<FactorEffect> = (0..design.factors.len())
            .filter_map(|factor| factor_effect(design, &fit, error.as_ref(), scale, factor))
            .collect();
        correct(&mut factors);
        let (mut interactions, interactions_tested) = match &error {
            Some(error) => interactions::interactions(design, &fit, error),
            None => (Vec::new(), 0),
        };
        for interaction in &mut interactions {
            interaction.strongest.departure *= scale;
        }
        let best = best::best(design, &outcomes, error.as_ref(), higher_is_better);
        Self {
            trials: design.trials.len(),
            repeated: design.repeated,
            configurations: design.configurations().len(),
            seed: seed.map(|seed| seed.scaled(scale)),
            residual: Deviation::of(fit.squares, fit.degrees).map(|rest| rest.scaled(scale)),
            error: error.map(|error| ErrorTerm {
                source: error.source,
                deviation: error.variance.sqrt() * scale,
                degrees: error.degrees,
            }),
            more_would_help: more::more_would_help(&factors),
            factors,
            interactions,
            interactions_tested,
            inseparable: inseparable(design, &fit),
            best,
        }
    }
}

/// Corrects the tests for the number of factors, and makes the claims.
fn correct(factors: &mut [FactorEffect]) {
    let tests = || factors.iter().filter_map(|factor| factor.test);
    let corrected = holm(&tests().map(|test| test.p).collect::<Vec<_>>());
    let tested = factors.iter_mut().filter(|factor| factor.test.is_some());
    for (factor, corrected_p) in tested.zip(corrected) {
        factor.matters = corrected_p < SIGNIFICANCE;
        factor.test = factor.test.map(|test| FTest {
            corrected_p,
            ..test
        });
    }
}

fn factor_effect(
    design: &Design,
    fit: &Fit,
    error: Option<&ErrorVariance>,
    scale: f64,
    factor: usize,
) -> Option<FactorEffect> {
    let Factor { name, levels } = &design.factors[factor];
    let counts = design.counts(factor);
    let reference = design.reference(factor)?;
    let tried = (0..levels.len()).filter(|level| fit.has_column(factor, *level));
    let effect = |level: usize| LevelEffect {
        level: levels[level].clone(),
        trials: counts[level],
        effect: fit
            .effect(factor, level)
            .map(|(value, factor)| Estimate::of(value, factor, error, scale)),
    };
    let (squares, degrees) = fit.beyond_others(factor);
    let untried = (0..levels.len()).filter(|level| counts[*level] == 0);
    Some(FactorEffect {
        name: name.clone(),
        reference: levels[reference].clone(),
        reference_trials: counts[reference],
        levels: tried.map(effect).collect(),
        untried: untried.map(|level| levels[level].clone()).collect(),
        test: error
            .filter(|_| degrees > 0)
            .map(|error| FTest::of(squares, degrees, error.variance, error.degrees)),
        matters: false,
    })
}

impl Estimate {
    /// The estimate of a scaled difference whose variance is the error's times `factor`.
    fn of(value: f64, factor: f64, error: Option<&ErrorVariance>, scale: f64) -> Self {
        let difference = value * scale;
        let uncertainty = error.map(|error| {
            let standard_error = (error.variance * factor).sqrt() * scale;
            Uncertainty {
                standard_error,
                degrees: error.degrees,
                interval: Interval::around(difference, standard_error, error.degrees),
                p: t_two_sided(difference / standard_error, error.degrees),
            }
        });
        Self {
            difference,
            uncertainty,
        }
    }
}

fn inseparable(design: &Design, fit: &Fit) -> Vec<Inseparable> {
    let named = |(factor, level): &Place| {
        let Factor { name, levels } = &design.factors[*factor];
        [name.clone(), levels[*level].clone()]
    };
    let dependent = fit.dependent.iter();
    dependent
        .map(|(place, others)| Inseparable {
            level: named(place),
            from: others.iter().map(named).collect(),
        })
        .collect()
}
