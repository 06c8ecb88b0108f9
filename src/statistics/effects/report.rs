//! What is reported of a sweep: plain data.

use serde::Serialize;

use crate::statistics::Interval;
use crate::statistics::distributions::f_upper;

/// The effects of all factors of a sweep. All deviations and differences have the outcome's unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effects {
    /// Number of trials, without repeated ones.
    pub trials: usize,
    /// Trials that repeated the levels and the seed of another one, and were merged with it.
    pub repeated: usize,
    /// Number of different combinations of levels.
    pub configurations: usize,
    /// What the seed alone does; `None` if no configuration has two trials.
    pub seed: Option<Deviation>,
    /// What the main effects do not explain; `None` if there are no more trials than effects.
    pub residual: Option<Deviation>,
    /// What intervals and tests rest on; `None` if nothing measures chance, and then there are none.
    pub error: Option<ErrorTerm>,
    /// The factors, in the design's order.
    pub factors: Vec<FactorEffect>,
    /// The pairs of factors whose interaction is claimed, by their p values.
    pub interactions: Vec<Interaction>,
    /// Number of pairs that were tested.
    pub interactions_tested: usize,
    /// Levels whose effect cannot be separated from that of others.
    pub inseparable: Vec<Inseparable>,
    /// What more trials would do.
    pub more_would_help: Option<MoreTrials>,
    /// The best configuration and the next one; `None` if there is only one.
    pub best: Option<BestConfiguration>,
}

/// A standard deviation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Deviation {
    /// Its value.
    pub deviation: f64,
    /// Its degrees of freedom.
    pub degrees: usize,
}

impl Deviation {
    /// From a sum of squares; `None` without degrees of freedom.
    pub(super) fn of(squares: f64, degrees: usize) -> Option<Self> {
        (degrees > 0).then(|| Self {
            deviation: (squares / degrees as f64).sqrt(),
            degrees,
        })
    }

    /// In the outcome's unit.
    pub(super) fn scaled(self, scale: f64) -> Self {
        Self {
            deviation: self.deviation * scale,
            ..self
        }
    }
}

/// What an error term was measured from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ErrorSource {
    /// Trials of the same levels with other seeds.
    Seed,
    /// What the main effects do not explain.
    Residual,
}

/// The deviation of a single outcome by chance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ErrorTerm {
    /// What it was measured from.
    pub source: ErrorSource,
    /// Its value.
    pub deviation: f64,
    /// Its degrees of freedom.
    pub degrees: usize,
}

/// What a factor does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FactorEffect {
    /// Its name.
    pub name: String,
    /// The level that its effects are relative to.
    pub reference: String,
    /// Number of trials with that level.
    pub reference_trials: usize,
    /// Its other levels that were tried.
    pub levels: Vec<LevelEffect>,
    /// Its levels that no trial has.
    pub untried: Vec<String>,
    /// The test over all its levels; `None` if there is one level only, no error term, or nothing that other factors leave to it.
    pub test: Option<FTest>,
    /// Whether the test, corrected for the number of factors, claims that its level matters.
    pub matters: bool,
}

/// What a level does instead of the reference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LevelEffect {
    /// The level.
    pub level: String,
    /// Number of its trials.
    pub trials: usize,
    /// Its effect; `None` if it cannot be separated from others.
    pub effect: Option<Estimate>,
}

/// A difference of mean outcomes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Its value.
    pub difference: f64,
    /// How sure it is; `None` without an error term.
    pub uncertainty: Option<Uncertainty>,
}

/// How sure a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Uncertainty {
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom of the error term.
    pub degrees: usize,
    /// Its 95 % interval by Student's t, not corrected for the number of intervals.
    pub interval: Interval,
    /// Two-sided p value of "the difference is 0", not corrected either.
    pub p: f64,
}

/// An F test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct FTest {
    /// The mean square of what is tested over that of the error.
    pub f: f64,
    /// Degrees of freedom of what is tested.
    pub degrees: usize,
    /// Degrees of freedom of the error.
    pub error_degrees: usize,
    /// The probability of so large an F if nothing were there.
    pub p: f64,
    /// The same, corrected by Holm's method for the number of tests of its kind.
    pub corrected_p: f64,
}

impl FTest {
    /// Not corrected yet.
    pub(super) fn of(squares: f64, degrees: usize, variance: f64, error_degrees: usize) -> Self {
        let f = squares / degrees as f64 / variance;
        let p = f_upper(f, degrees, error_degrees);
        Self {
            f,
            degrees,
            error_degrees,
            p,
            corrected_p: p,
        }
    }
}

/// Two factors that do more, or less, together than the sum of what each does.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Interaction {
    /// Their names.
    pub factors: [String; 2],
    /// The test.
    pub test: FTest,
    /// Where the sum of both effects is off the most, in standard errors.
    pub strongest: Cell,
}

/// The trials of one level of each of two factors.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// The levels.
    pub levels: [String; 2],
    /// Number of trials.
    pub trials: usize,
    /// By how much their mean outcome exceeds what the main effects predict.
    pub departure: f64,
}

/// A level whose effect follows from those of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inseparable {
    /// Its factor and the level.
    pub level: [String; 2],
    /// The levels of other factors, or of its own, that cannot be separated from it: no trials distinguish them.
    pub from: Vec<[String; 2]>,
}

/// What it takes to know the largest effect better.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MoreTrials {
    /// The factor with the largest effect that has an interval.
    pub factor: String,
    /// Its level.
    pub level: String,
    /// Half of the interval's width now.
    pub half_width: f64,
    /// How many further trials of every level of the factor would halve that, if chance stays as large and the other factors are varied
    /// as before.
    pub trials_per_level: usize,
    /// The same for all levels of the factor together.
    pub trials: usize,
}

/// The configuration with the best mean outcome, and the next one.
///
/// The interval is that of two configurations chosen beforehand: ȳ₁ − ȳ₂ ± t₀.₉₇₅ · s · √(1/n₁ + 1/n₂). Although the two were chosen by
/// their outcomes, it serves for a claim: with equal numbers of trials, one that is not the best leads the next one by so much in at most
/// 5 % of cases. Source: Hung and Fithian 2019, "Rank verification for exponential families", Annals of Statistics 47. With unequal
/// numbers the third may be less surely worse than the second, so the claim asks for a lead over every other one. The means and the
/// difference themselves are flattered by the choice.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BestConfiguration {
    /// Its level of every factor.
    pub levels: Vec<String>,
    /// Its mean outcome.
    pub mean: f64,
    /// Number of its trials.
    pub trials: usize,
    /// The level of every factor of the second.
    pub second_levels: Vec<String>,
    /// The mean outcome of the second.
    pub second_mean: f64,
    /// Number of trials of the second.
    pub second_trials: usize,
    /// The mean of the best minus that of the second.
    pub difference: Estimate,
    /// Whether this interval, and that of the difference from every other configuration, excludes 0.
    pub distinguishable: bool,
}
