//! Statistics for the comparison of runs: means over seeds, two networks on the same images, the effects of factors in a sweep.
//!
//! Plain numbers in, plain data out: nothing here knows a run, a network or a file. Intervals are at 95 %, claims at 5 %, and what cannot
//! be computed is `None`, never NaN.
//!
//! | question | answer | method |
//! |---|---|---|
//! | what is the accuracy of this network on other images? | [`wilson_interval`] | score interval of a share |
//! | what is the mean over seeds? | [`Mean`] | Student's t |
//! | do two networks differ, over the same seeds? | [`PairedDifference`] | Student's t of the differences |
//! | do two networks differ, on the same images? | [`McNemar`] | exact binomial test, Newcombe's interval |
//! | which factors of a sweep matter, and how much? | [`Effects`] | least squares, F tests, Holm's correction |
//!
//! The distribution functions are those of the crate `statrs`.

mod distributions;
mod effects;
mod holm;
mod mcnemar;
mod mean;
#[cfg(test)]
mod test_support;
mod wilson;

pub use effects::{
    BestConfiguration, Cell, Design, DesignError, Deviation, EffectText, EffectUnit, Effects,
    ErrorSource, ErrorTerm, Estimate, FTest, Factor, FactorEffect, Inseparable, Interaction,
    LevelEffect, MoreTrials, Trial, Uncertainty,
};
pub use holm::holm;
pub use mcnemar::{McNemar, PairsError};
pub use mean::{Interval, Mean, PairedDifference, SampleError};
pub use wilson::wilson_interval;

/// The p value below which an effect is claimed.
pub const SIGNIFICANCE: f64 = 0.05;

/// A p value in words, `p = 0.042`; a small one is a bound, since none is 0.
pub fn p_in_words(p: f64) -> String {
    match p < 0.001 {
        true => "p < 0.001".to_owned(),
        false => format!("p = {p:.3}"),
    }
}
