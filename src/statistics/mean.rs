//! The mean of a sample, and of the differences of two.

use serde::Serialize;

use super::distributions::{t_quantile, t_two_sided};

/// A 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// The interval of an estimate from its standard error: t₀.₉₇₅ standard errors to both sides. At least one degree of freedom.
    pub(super) fn around(estimate: f64, standard_error: f64, degrees: usize) -> Self {
        let half = t_quantile(degrees) * standard_error;
        Self {
            low: estimate - half,
            high: estimate + half,
        }
    }

    /// Half of its width: what stands after ±.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Whether the value lies in it, ends included.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// Why a sample cannot be summarised.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SampleError {
    /// There is no value.
    #[error("a mean needs at least one value; there is none")]
    Empty,
    /// A value cannot be reckoned with.
    #[error(
        "value {position} is {value}; a mean needs finite numbers of at most 1e150, so leave it out and say so"
    )]
    NotFinite {
        /// Which one, from 1.
        position: usize,
        /// What it is.
        value: f64,
    },
    /// The samples are no pairs.
    #[error(
        "{first} and {second} values cannot be paired; compare runs of the same seeds, in the same order"
    )]
    Unpaired {
        /// How many values the first sample has.
        first: usize,
        /// How many the second has.
        second: usize,
    },
}

/// The magnitude up to which squares can be summed without overflow.
pub(super) const LARGEST: f64 = 1e150;

/// The mean of a sample, with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Mean {
    /// Number of values n.
    pub count: usize,
    /// x̄ = Σx / n.
    pub mean: f64,
    /// s = √(Σ(x − x̄)² / (n − 1)); `None` for a single value.
    pub deviation: Option<f64>,
    /// x̄ ± t₀.₉₇₅(n − 1) · s / √n. `None` for a single value, and where all values are equal: those measure no error.
    pub interval: Option<Interval>,
}

impl Mean {
    /// Summarises the values, which are taken to be independent and about normally distributed.
    ///
    /// Source: Student 1908, "The probable error of a mean", Biometrika 6.
    pub fn of(values: &[f64]) -> Result<Self, SampleError> {
        if values.is_empty() {
            return Err(SampleError::Empty);
        }
        if let Some(at) = values.iter().position(|value| !is_usable(*value)) {
            return Err(SampleError::NotFinite {
                position: at + 1,
                value: values[at],
            });
        }
        let count = values.len();
        let rough = values.iter().sum::<f64>() / count as f64;
        // Once more, since the first sum was rounded: equal values then have exactly their own mean.
        let mean = rough + values.iter().map(|value| value - rough).sum::<f64>() / count as f64;
        let deviation = (count > 1).then(|| {
            let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
            (squares / (count - 1) as f64).sqrt()
        });
        let error = deviation.filter(|deviation| *deviation > rounding(values));
        let interval =
            error.map(|error| Interval::around(mean, error / (count as f64).sqrt(), count - 1));
        Ok(Self {
            count,
            mean,
            deviation,
            interval,
        })
    }
}

pub(super) fn is_usable(value: f64) -> bool {
    value.is_finite() && value.abs() <= LARGEST
}

/// The deviation that values of this size can have from rounding alone.
fn rounding(values: &[f64]) -> f64 {
    let largest = values
        .iter()
        .fold(0.0f64, |max, value| max.max(value.abs()));
    4.0 * f64::EPSILON * largest
}

/// The mean of the differences `first − second` of two samples of the same seeds.
///
/// What a seed does to both alike cancels, so the interval is narrower than that of two independent samples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PairedDifference {
    /// The differences, summarised.
    pub difference: Mean,
    /// Two-sided p value of "the mean difference is 0", by Student's t with n − 1 degrees of freedom; `None` without an interval.
    pub p: Option<f64>,
}

impl PairedDifference {
    /// Compares the samples value by value.
    pub fn of(first: &[f64], second: &[f64]) -> Result<Self, SampleError> {
        if first.len() != second.len() {
            return Err(SampleError::Unpaired {
                first: first.len(),
                second: second.len(),
            });
        }
        // Each on its own first, so that the message names a value that the caller knows.
        Mean::of(first)?;
        Mean::of(second)?;
        let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
        let mut difference = Mean::of(&differences)?;
        // Equal differences of rounded numbers are equal to within the rounding of those.
        let noise = rounding(first).max(rounding(second));
        if difference
            .deviation
            .is_some_and(|deviation| deviation <= noise)
        {
            difference.interval = None;
        }
        let p = difference.interval.and(difference.deviation).map(|error| {
            let t = difference.mean / (error / (difference.count as f64).sqrt());
            t_two_sided(t, difference.count - 1)
        });
        Ok(Self { difference, p })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::test_support::{Normal, assert_close};

    /// The extra hours of sleep under two drugs. Source: Cushny and Peebles 1905, by Student 1908; R's data set `sleep`.
    const FIRST: [f64; 10] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    const SECOND: [f64; 10] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    #[test]
    fn the_sleep_of_students_paper_comes_out_as_published() {
        let first = Mean::of(&FIRST).unwrap();
        assert_close(first.mean, 0.75, 1e-12);
        assert_close(first.deviation.unwrap(), 1.789_010, 1e-6);
        // R 4: t.test(extra ~ group, data = sleep, paired = TRUE)
        let paired = PairedDifference::of(&SECOND, &FIRST).unwrap();
        assert_close(paired.difference.mean, 1.58, 1e-12);
        assert_close(paired.p.unwrap(), 0.002_833, 2e-4);
        let interval = paired.difference.interval.unwrap();
        assert_close(interval.low, 0.700_114_2, 1e-7);
        assert_close(interval.high, 2.459_885_8, 1e-7);
        assert_close(interval.half_width(), 0.879_885_8, 1e-7);
        assert!(interval.contains(1.0) && !interval.contains(0.7));
    }

    #[test]
    fn a_single_value_and_equal_values_have_no_interval() {
        let one = Mean::of(&[0.9]).unwrap();
        assert_eq!(
            (one.count, one.mean, one.deviation, one.interval),
            (1, 0.9, None, None)
        );
        let equal = Mean::of(&[0.1; 7]).unwrap();
        assert_eq!((equal.mean, equal.interval), (0.1, None));
        let shifted = PairedDifference::of(&[0.3, 0.9], &[0.2, 0.8]).unwrap();
        assert_eq!((shifted.difference.interval, shifted.p), (None, None));
        assert_eq!(PairedDifference::of(&[0.3], &[0.2]).unwrap().p, None);
    }

    #[test]
    fn what_is_no_sample_is_named() {
        let said = |result: Result<Mean, SampleError>| result.unwrap_err().to_string();
        assert!(said(Mean::of(&[])).contains("at least one value"));
        assert!(said(Mean::of(&[1.0, f64::NAN])).starts_with("value 2 is NaN"));
        assert!(Mean::of(&[1e151]).is_err());
        let unpaired = PairedDifference::of(&[1.0], &[1.0, 2.0]).unwrap_err();
        assert!(unpaired.to_string().starts_with("1 and 2 values"));
    }

    #[test]
    fn intervals_cover_the_mean_in_95_of_100_cases() {
        let mut normal = Normal::new(1);
        for count in [2, 3, 5, 20] {
            let covered = (0..1_000)
                .filter(|_| {
                    let values: Vec<f64> = (0..count).map(|_| 0.9 + 0.01 * normal.draw()).collect();
                    Mean::of(&values).unwrap().interval.unwrap().contains(0.9)
                })
                .count();
            assert!((930..=970).contains(&covered), "{count} values: {covered}");
        }
    }

    #[test]
    fn pairs_cover_their_difference_whatever_the_seeds_do_to_both() {
        let mut normal = Normal::new(2);
        let mut covered = 0;
        for _ in 0..1_000 {
            let shared: Vec<f64> = (0..5).map(|_| normal.draw()).collect();
            let first: Vec<f64> = shared.iter().map(|s| s + 0.1 * normal.draw()).collect();
            let second: Vec<f64> = shared
                .iter()
                .map(|s| s - 0.3 + 0.1 * normal.draw())
                .collect();
            let paired = PairedDifference::of(&first, &second).unwrap();
            let interval = paired.difference.interval.unwrap();
            assert_eq!(!interval.contains(0.0), paired.p.unwrap() < 0.05);
            covered += usize::from(interval.contains(0.3));
        }
        assert!((930..=970).contains(&covered), "{covered}");
    }
}
