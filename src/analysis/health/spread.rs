//! The spread of numbers: range, mean, standard deviation and histogram.

use serde::Serialize;

/// Bars of a histogram.
const BARS: usize = 32;

/// The spread of numbers. Numbers that are not finite are only counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// Number of finite numbers.
    pub count: usize,
    /// Number of infinities and NaNs.
    pub not_finite: usize,
    /// Smallest.
    pub least: f32,
    /// Largest.
    pub most: f32,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
    /// Share of numbers that are exactly 0.
    pub zeros: f64,
    /// Counts in 32 bars of equal width from `least` to `most`.
    pub histogram: Vec<usize>,
}

impl Spread {
    /// The spread of these numbers.
    pub fn of(numbers: &[f32]) -> Self {
        let finite = || numbers.iter().copied().filter(|value| value.is_finite());
        let (mut least, mut most) = (f32::INFINITY, f32::NEG_INFINITY);
        let (mut count, mut zeros, mut sum) = (0usize, 0usize, 0.0f64);
        for value in finite() {
            count += 1;
            zeros += usize::from(value == 0.0);
            least = least.min(value);
            most = most.max(value);
            sum += f64::from(value);
        }
        let not_finite = numbers.len() - count;
        if count == 0 {
            (least, most) = (0.0, 0.0);
        }
        let whole = count.max(1) as f64;
        let mean = sum / whole;
        let width = (f64::from(most) - f64::from(least)) / BARS as f64;
        let mut squares = 0.0;
        let mut histogram = vec![0; BARS];
        for value in finite() {
            squares += (f64::from(value) - mean).powi(2);
            // Where all numbers are equal: 0 / 0, which `as` makes the first bar.
            let bar = (f64::from(value) - f64::from(least)) / width;
            histogram[(bar as usize).min(BARS - 1)] += 1;
        }
        Self {
            count,
            not_finite,
            least,
            most,
            mean,
            deviation: (squares / whole).sqrt(),
            zeros: zeros as f64 / whole,
            histogram,
        }
    }

    /// Root mean square.
    pub fn size(&self) -> f64 {
        (self.mean * self.mean + self.deviation * self.deviation).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_from_the_numbers() {
        let spread = Spread::of(&[0.0, 4.0, f32::NAN, 8.0, 0.0, f32::INFINITY]);
        assert_eq!((spread.count, spread.not_finite), (4, 2));
        assert_eq!((spread.least, spread.most), (0.0, 8.0));
        assert_eq!((spread.mean, spread.zeros), (3.0, 0.5));
        assert!((spread.deviation - 11f64.sqrt()).abs() < 1e-12);
        assert!((spread.size() - 20f64.sqrt()).abs() < 1e-12);
        let mut histogram = vec![0; 32];
        (histogram[0], histogram[16], histogram[31]) = (2, 1, 1);
        assert_eq!(spread.histogram, histogram);
    }

    #[test]
    fn equal_numbers_and_none_have_a_spread() {
        let equal = Spread::of(&[2.0; 5]);
        assert_eq!(
            (equal.mean, equal.deviation, equal.histogram[0]),
            (2.0, 0.0, 5)
        );
        let none = Spread::of(&[]);
        assert_eq!((none.count, none.mean, none.least), (0, 0.0, 0.0));
    }
}
