//! Two networks on the same images.

use serde::Serialize;

use super::distributions::fair_coin_two_sided;
use super::{Interval, SIGNIFICANCE, wilson_interval};

/// Why two networks cannot be compared image by image.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairsError {
    /// There is no image.
    #[error("comparing two networks needs at least one image; there is none")]
    NoImage,
    /// They did not classify the same images.
    #[error(
        "predictions for {first} and {second} images cannot be paired; evaluate both on the same images, in the same order"
    )]
    Unpaired {
        /// How many the first classified.
        first: usize,
        /// How many the second did.
        second: usize,
    },
}

/// The comparison of two networks, or any other two that classify, on the same images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct McNemar {
    /// Number of images n.
    pub images: usize,
    /// Images that both got right, a.
    pub both_right: usize,
    /// Images that only the first got right, b.
    pub only_first_right: usize,
    /// Images that only the second got right, c.
    pub only_second_right: usize,
    /// Accuracy of the first minus accuracy of the second: (b − c) / n.
    pub difference: f64,
    /// The 95 % interval of the difference by Newcombe's method 10.
    pub interval: Interval,
    /// Two-sided p value of "both are equally accurate": exact, hence never too small, and larger than need be for few b + c.
    pub p: f64,
}

impl McNemar {
    /// What the p value says of the difference.
    pub fn verdict(&self) -> &'static str {
        match self.p < SIGNIFICANCE {
            true => "the difference is more than chance",
            false => "the difference may be chance",
        }
    }

    /// Compares by which images each got right.
    ///
    /// **Test.** If both are equally accurate, each image on which only one is right is as likely the first's as the second's, so b is
    /// binomial with b + c tosses of a fair coin: p = min(1, 2 · P(X ≤ min(b, c))). Sources: McNemar 1947, "Note on the sampling error of the
    /// difference between correlated proportions or percentages", Psychometrika 12; the exact form, with the example in the tests:
    /// Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91.
    ///
    /// **Interval.** With the [Wilson intervals](wilson_interval) (l₁, u₁) and (l₂, u₂) of both accuracies p₁ and p₂, and their
    /// correlation φ:
    ///
    /// ```text
    /// low  = p₁ − p₂ − √((p₁ − l₁)² − 2φ (p₁ − l₁)(u₂ − p₂) + (u₂ − p₂)²)
    /// high = p₁ − p₂ + √((u₁ − p₁)² − 2φ (u₁ − p₁)(p₂ − l₂) + (p₂ − l₂)²)
    /// φ    = m / √((a + b)(c + d)(a + c)(b + d)), 0 where that is 0 / 0,
    /// m    = ad − bc, where it is positive less n / 2 but at least 0
    /// ```
    ///
    /// Source: Newcombe 1998, "Improved confidence intervals for the difference between binomial proportions based on paired data",
    /// Statistics in Medicine 17, method 10. It stays within [−1, 1] and has a width even where b = c = 0. Test and interval are two
    /// methods: near 5 % one may find a difference that the other does not.
    pub fn of(first: &[bool], second: &[bool]) -> Result<Self, PairsError> {
        if first.len() != second.len() {
            return Err(PairsError::Unpaired {
                first: first.len(),
                second: second.len(),
            });
        }
        if first.is_empty() {
            return Err(PairsError::NoImage);
        }
        let count = |pair: (bool, bool)| {
            let pairs = first.iter().copied().zip(second.iter().copied());
            pairs.filter(|these| *these == pair).count()
        };
        Ok(Self::of_counts(
            count((true, true)),
            count((true, false)),
            count((false, true)),
            count((false, false)),
        ))
    }

    /// The comparison of `a` images that both got right, `b` only the first, `c` only the second, `d` neither; at least one.
    fn of_counts(a: usize, b: usize, c: usize, d: usize) -> Self {
        let images = a + b + c + d;
        let n = images as f64;
        let (first, second) = ((a + b) as f64 / n, (a + c) as f64 / n);
        let difference = (b as f64 - c as f64) / n;
        let ((low1, high1), (low2, high2)) = (
            wilson_interval(a + b, images),
            wilson_interval(a + c, images),
        );
        let phi = correlation([a, b, c, d].map(|count| count as f64));
        let side = |x: f64, y: f64| (x * x - 2.0 * phi * x * y + y * y).max(0.0).sqrt();
        Self {
            images,
            both_right: a,
            only_first_right: b,
            only_second_right: c,
            difference,
            interval: Interval {
                low: difference - side(first - low1, high2 - second),
                high: difference + side(high1 - first, second - low2),
            },
            p: fair_coin_two_sided(b.min(c) as u64, (b + c) as u64),
        }
    }
}

/// Newcombe's φ: with its continuity correction where it is positive.
fn correlation([a, b, c, d]: [f64; 4]) -> f64 {
    let product = (a + b) * (c + d) * (a + c) * (b + d);
    if product == 0.0 {
        return 0.0;
    }
    let excess = a * d - b * c;
    let excess = match excess > 0.0 {
        true => (excess - (a + b + c + d) / 2.0).max(0.0),
        false => excess,
    };
    excess / product.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::SIGNIFICANCE;
    use crate::statistics::test_support::{Normal, assert_close, at_most_5_percent};

    #[test]
    fn published_examples_come_out_as_published() {
        // Fagerland, Lydersen and Laake: airway hyper-responsiveness before and after stem cell transplantation (Bentur et al. 2009);
        // p in BMC Medical Research Methodology 13:91 (2013), interval in Statistics in Medicine 33 (2014), "square-and-add".
        let airways = McNemar::of_counts(1, 1, 7, 12);
        assert_close(airways.p, 0.0703, 5e-4);
        assert_close(airways.difference, -0.286, 1e-3);
        assert!((airways.interval.low - -0.507).abs() < 5e-4, "{airways:?}");
        assert!((airways.interval.high - -0.026).abs() < 5e-4, "{airways:?}");
        // Newcombe 1998, method 10.
        let newcombe = McNemar::of_counts(36, 12, 2, 0);
        assert!(
            (newcombe.interval.low - 0.0569).abs() < 5e-5,
            "{newcombe:?}"
        );
        assert!(
            (newcombe.interval.high - 0.3404).abs() < 5e-5,
            "{newcombe:?}"
        );
    }

    #[test]
    fn images_are_counted_and_the_order_only_turns_the_sign() {
        let first = [true, true, true, false, true, false];
        let second = [true, false, false, true, true, false];
        let one = McNemar::of(&first, &second).unwrap();
        let counts = (
            one.images,
            one.both_right,
            one.only_first_right,
            one.only_second_right,
        );
        assert_eq!(counts, (6, 2, 2, 1));
        let other = McNemar::of(&second, &first).unwrap();
        assert_eq!((one.difference, one.p), (-other.difference, other.p));
        assert_close(one.interval.low, -other.interval.high, 1e-12);
        assert_close(one.interval.high, -other.interval.low, 1e-12);
    }

    #[test]
    fn two_that_never_differ_are_no_different_and_not_surely_equal() {
        let same = McNemar::of(&[true; 100], &[true; 100]).unwrap();
        assert_eq!((same.difference, same.p), (0.0, 1.0));
        assert!(same.interval.low < -0.01 && same.interval.high > 0.01);
        assert!(same.interval.low > -0.1, "{same:?}");
        assert_eq!(McNemar::of(&[], &[]), Err(PairsError::NoImage));
        let message = McNemar::of(&[true], &[]).unwrap_err().to_string();
        assert!(
            message.starts_with("predictions for 1 and 0 images"),
            "{message}"
        );
    }

    /// Exactly, not by simulation: over all b of every b + c.
    #[test]
    fn the_test_is_wrong_in_at_most_5_of_100_cases_whatever_the_number_of_images() {
        for tosses in 0..=300u64 {
            let mut probability = 0.5f64.powi(tosses as i32);
            let mut wrong = 0.0;
            for b in 0..=tosses {
                if fair_coin_two_sided(b.min(tosses - b), tosses) < SIGNIFICANCE {
                    wrong += probability;
                }
                probability *= (tosses - b) as f64 / (b + 1) as f64;
            }
            assert!(wrong <= SIGNIFICANCE, "{tosses}: {wrong}");
            assert!(tosses < 200 || wrong > 0.03, "{tosses}: {wrong}");
        }
    }

    /// Images of which some are hard for both, as in practice: right answers are correlated.
    #[test]
    fn simulated_networks_are_judged_honestly() {
        let mut normal = Normal::new(3);
        let mut wrong = 0;
        let mut covered = 0;
        let mut found = 0;
        for _ in 0..1_000 {
            let mut pair = |shift: f64| {
                let answers = (0..400).map(|_| {
                    let ease = 1.2 + normal.draw();
                    let first = ease + 0.7 * normal.draw() > 0.0;
                    (first, ease + shift + 0.7 * normal.draw() > 0.0)
                });
                let (first, second): (Vec<bool>, Vec<bool>) = answers.unzip();
                McNemar::of(&first, &second).unwrap()
            };
            let equal = pair(0.0);
            wrong += usize::from(equal.p < SIGNIFICANCE);
            covered += usize::from(equal.interval.contains(0.0));
            found += usize::from(pair(-0.5).p < SIGNIFICANCE);
        }
        assert!(at_most_5_percent(wrong, 1_000), "{wrong}");
        assert!((930..=970).contains(&covered), "{covered}");
        assert!(found > 900, "{found}");
    }
}
