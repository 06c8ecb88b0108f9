//! What the tests of this module share: normal numbers from a fixed seed, and how far a count of wrong claims may be off by chance.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use statrs::distribution::{Binomial, DiscreteCDF};

use super::SIGNIFICANCE;

/// Fails unless the value is the expected one, to within this share of it.
#[track_caller]
pub(super) fn assert_close(got: f64, expected: f64, share: f64) {
    let error = (got - expected).abs();
    assert!(
        error <= share * expected.abs(),
        "{got}, expected {expected}"
    );
}

/// Whether so many wrong claims agree with a test that is wrong in at most 5 % of cases: no more than such a test exceeds once in a
/// thousand simulations.
pub(super) fn at_most_5_percent(wrong: usize, cases: usize) -> bool {
    let count = Binomial::new(SIGNIFICANCE, cases as u64).unwrap();
    (wrong as u64) <= count.inverse_cdf(0.999)
}

/// Whether so many wrong claims agree with a test that is wrong in just 5 % of cases: a test that never claims anything is not honest but
/// useless.
pub(super) fn about_5_percent(wrong: usize, cases: usize) -> bool {
    let count = Binomial::new(SIGNIFICANCE, cases as u64).unwrap();
    at_most_5_percent(wrong, cases) && (wrong as u64) >= count.inverse_cdf(0.001)
}

/// Random numbers.
pub(super) struct Normal(Pcg64);

impl Normal {
    pub(super) fn new(seed: u64) -> Self {
        Self(Pcg64::seed_from_u64(seed))
    }

    /// Standard normal, by Box and Muller.
    pub(super) fn draw(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.0.random::<f64>()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.0.random::<f64>()).cos()
    }

    /// One of `0..count`, the first ones oftener than the last.
    pub(super) fn skewed(&mut self, count: usize) -> usize {
        let share = self.0.random::<f64>().powf(1.5);
        ((share * count as f64) as usize).min(count - 1)
    }
}
