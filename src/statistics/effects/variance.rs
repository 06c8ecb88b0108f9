//! What chance does to an outcome: the error term.

use super::design::Design;
use super::fit::Fit;
use super::{Deviation, ErrorSource};

/// Degrees of freedom from replicates that suffice for an error term of their own: t₀.₉₇₅ is 2.57 with 5, and 1.96 with infinitely many.
const ENOUGH_REPLICATES: usize = 5;

/// Outcomes have been divided by their range, so a smaller variance is their rounding.
const ROUNDING: f64 = 1e-24;

/// Whether a variance is more than rounding.
pub(super) fn is_error(variance: f64) -> bool {
    variance > ROUNDING
}

/// The variance that everything is tested against.
#[derive(Clone, Copy, Debug)]
pub(super) struct ErrorVariance {
    pub(super) source: ErrorSource,
    pub(super) variance: f64,
    pub(super) degrees: usize,
}

/// What the seed alone does: the deviation within configurations, Σ (y − ȳ of its configuration)² / Σ (n − 1), pooled over them.
pub(super) fn within_configurations(design: &Design, outcomes: &[f64]) -> Option<Deviation> {
    let mut squares = 0.0;
    let mut degrees = 0;
    for trials in design.configurations().values() {
        let mean = trials.iter().map(|trial| outcomes[*trial]).sum::<f64>() / trials.len() as f64;
        squares += trials
            .iter()
            .map(|trial| (outcomes[*trial] - mean).powi(2))
            .sum::<f64>();
        degrees += trials.len() - 1;
    }
    Deviation::of(squares, degrees)
}

/// The error term: the seed's, if there are replicates enough; else what the fit leaves; `None` if neither is more than rounding.
pub(super) fn error_variance(seed: Option<Deviation>, fit: &Fit) -> Option<ErrorVariance> {
    let seed = seed.filter(|seed| seed.degrees >= ENOUGH_REPLICATES);
    let of = |source, deviation: Deviation| ErrorVariance {
        source,
        variance: deviation.deviation.powi(2),
        degrees: deviation.degrees,
    };
    let residual = Deviation::of(fit.squares, fit.degrees);
    [
        seed.map(|seed| of(ErrorSource::Seed, seed)),
        residual.map(|residual| of(ErrorSource::Residual, residual)),
    ]
    .into_iter()
    .flatten()
    .find(|error| is_error(error.variance))
}
